//! The two boosted models, which `training/stance` fits and `model.json` holds: does the passage settle the claim, and if
//! it does, does it contradict.
//!
//! Each is a sum of small trees, whose log odds are then calibrated: P(supports) = r (1 − c), P(contradicts) = r c,
//! P(neutral) = 1 − r. What a feature moved is the change of a tree's expectation at its splits, summed over the trees.

use std::sync::OnceLock;

use serde::Deserialize;

use super::signals::{COUNT, NAMES, Signals};
use super::{Cause, Opinion, Reasons};

/// Causes that are told of each model.
const TOLD: usize = 4;

/// The file.
#[derive(Deserialize)]
struct File {
    features: Vec<String>,
    relevance: Part,
    polarity: Part,
}

/// One model in the file.
#[derive(Deserialize)]
struct Part {
    /// Factor and summand of its log odds.
    calibration: (f64, f64),
    /// Nodes of each tree, the root first: `[value]` of a leaf, otherwise `[value, feature, threshold, left, right]` with
    /// the places of what follows.
    trees: Vec<Vec<Vec<f64>>>,
}

/// Both models.
#[derive(Debug)]
pub(super) struct Model {
    relevance: Boosted,
    polarity: Boosted,
}

/// A calibrated sum of trees.
#[derive(Debug)]
struct Boosted {
    calibration: (f64, f64),
    /// The nodes of all trees after each other: together, and small, as every opinion walks through all of them.
    nodes: Vec<Node>,
    /// Where each tree begins.
    roots: Vec<usize>,
}

#[derive(Debug)]
struct Node {
    /// What a tree adds to the log odds here; of an inner node the expectation of what follows.
    value: f32,
    /// Left where the feature is at most this.
    threshold: f32,
    feature: u8,
    /// How far behind this node the next one stands, to the left and to the right; 0 of a leaf.
    left: u8,
    right: u8,
}

impl Model {
    /// The models that are part of the program; `None` if their file is not in its form, which a test keeps from happening.
    pub(super) fn embedded() -> Option<&'static Model> {
        static MODEL: OnceLock<Option<Model>> = OnceLock::new();
        MODEL.get_or_init(|| Model::read(include_str!("model.json")).ok()).as_ref()
    }

    fn read(text: &str) -> Result<Model, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if !file.features.iter().map(String::as_str).eq(NAMES.iter().map(|(name, _)| *name)) {
            return Err("other features than the program's".to_owned());
        }
        Ok(Model { relevance: Boosted::of(file.relevance)?, polarity: Boosted::of(file.polarity)? })
    }

    /// The probabilities that a passage supports a claim, contradicts it, or does not settle it.
    pub(super) fn opinion(&self, signals: &Signals) -> Opinion {
        let (settles, contradicts) = (self.relevance.probability(signals), self.polarity.probability(signals));
        Opinion { supports: settles * (1.0 - contradicts), contradicts: settles * contradicts, neutral: 1.0 - settles }
    }

    /// What moved the opinion most.
    pub(super) fn reasons(&self, signals: &Signals) -> Reasons {
        Reasons { settles: self.relevance.causes(signals), contradicts: self.polarity.causes(signals) }
    }
}

impl Boosted {
    fn of(part: Part) -> Result<Boosted, String> {
        let (mut nodes, mut roots) = (Vec::new(), Vec::new());
        for (at, tree) in part.trees.iter().enumerate() {
            let read = |(place, node): (usize, &Vec<f64>)| Node::of(node, place, tree.len());
            let read: Option<Vec<Node>> = tree.iter().enumerate().map(read).collect();
            roots.push(nodes.len());
            nodes.extend(read.filter(|read| !read.is_empty()).ok_or_else(|| format!("tree {at} is not in its form"))?);
        }
        Ok(Boosted { calibration: part.calibration, nodes, roots })
    }

    fn probability(&self, signals: &Signals) -> f64 {
        let raw: f64 = self.roots.iter().map(|root| self.walk(*root, signals, |_, _| ())).sum();
        1.0 / (1.0 + (-(self.calibration.0 * raw + self.calibration.1)).exp())
    }

    /// The value of the leaf that a tree leads to; `on_the_way` is called with each feature asked and what its answer added.
    fn walk(&self, root: usize, signals: &Signals, mut on_the_way: impl FnMut(usize, f64)) -> f64 {
        let mut at = root;
        loop {
            let node = &self.nodes[at];
            if node.left == 0 {
                return f64::from(node.value);
            }
            let feature = usize::from(node.feature);
            let goes_left = signals.0[feature] <= f64::from(node.threshold);
            at += usize::from(if goes_left { node.left } else { node.right });
            on_the_way(feature, f64::from(self.nodes[at].value) - f64::from(node.value));
        }
    }

    /// The features that moved the log odds most, the strongest first.
    fn causes(&self, signals: &Signals) -> Vec<Cause> {
        let mut moved = [0.0; COUNT];
        for root in &self.roots {
            self.walk(*root, signals, |feature, by| moved[feature] += by * self.calibration.0);
        }
        let mut causes: Vec<Cause> = NAMES
            .iter()
            .zip(moved.iter().zip(&signals.0))
            .map(|((name, told), (moved, value))| Cause { name, told, value: *value, moved: *moved })
            .filter(|cause| cause.moved != 0.0)
            .collect();
        causes.sort_by(|a, b| b.moved.abs().total_cmp(&a.moved.abs()));
        causes.truncate(TOLD);
        causes
    }
}

impl Node {
    /// Reads a node; what follows it must stand after it, so that every walk ends.
    fn of(node: &[f64], place: usize, len: usize) -> Option<Node> {
        let whole = |value: f64| (value.fract() == 0.0 && (0.0..1e6).contains(&value)).then_some(value as usize);
        let behind = |value: f64| {
            let next = whole(value).filter(|next| place < *next && *next < len)?;
            u8::try_from(next - place).ok()
        };
        Some(match node {
            [value] => Node { value: *value as f32, threshold: 0.0, feature: 0, left: 0, right: 0 },
            [value, feature, threshold, left, right] => Node {
                value: *value as f32,
                threshold: *threshold as f32,
                feature: u8::try_from(whole(*feature).filter(|feature| *feature < COUNT)?).ok()?,
                left: behind(*left)?,
                right: behind(*right)?,
            },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model of one tree, which asks `null3_xor` (place 12), and of one leaf.
    fn text(tree: &str) -> String {
        let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
        let part = |tree: &str| format!("{{\"calibration\": [2.0, 0.5], \"trees\": [{tree}]}}");
        let features = serde_json::to_string(&names).expect("JSON");
        format!("{{\"features\": {features}, \"relevance\": {}, \"polarity\": {}}}", part(tree), part("[[0.0]]"))
    }

    #[test]
    fn trees_add_up_and_are_calibrated() {
        let model = Model::read(&text("[[0.1, 12, 0.5, 1, 2], [-1.0], [1.0]], [[0.25]]")).expect("a model");
        let of = |value: f64| {
            let mut signals = Signals([0.0; COUNT]);
            signals.0[12] = value;
            (model.opinion(&signals), model.reasons(&signals))
        };
        let (low, high) = (of(0.5), of(0.6));
        let odds = |opinion: &Opinion| ((1.0 - opinion.neutral) / opinion.neutral).ln();
        assert!((odds(&low.0) + 1.0).abs() < 1e-6 && (odds(&high.0) - 3.0).abs() < 1e-6);
        let sum = high.0.supports + high.0.contradicts + high.0.neutral;
        assert!((sum - 1.0).abs() < 1e-12);
        let cause = &high.1.settles[0];
        assert!(cause.name == "null3_xor" && (cause.moved - 1.8).abs() < 1e-6 && cause.value == 0.6);
        assert!(high.1.settles.len() == 1 && high.1.contradicts.is_empty());
    }

    #[test]
    fn a_wrong_file_is_refused() {
        let check = |tree: &str| assert!(Model::read(&text(tree)).is_err(), "{tree}");
        check("[]");
        check("[[0.1, 12, 0.5, 0, 1], [1.0]]");
        check("[[0.1, 12, 0.5, 1, 2], [1.0]]");
        check("[[0.1, 31, 0.5, 1, 1], [1.0]]");
        check("[[0.1, 0.5, 0.5, 1, 1], [1.0]]");
        check("[[0.1, 1]]");
        assert!(Model::read(&text("[[1.0]]").replace("mean_soft", "other")).is_err());
        assert!(Model::read("").is_err());
    }

    #[test]
    fn the_embedded_models_are_read() {
        let model = Model::embedded().expect("model.json is in its form");
        assert!(model.relevance.roots.len() > 10 && model.polarity.roots.len() > 10);
    }
}
