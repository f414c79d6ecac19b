//! Whether the corpus speaks about a claim: how likely it is that one of the first passages is about just this.
//!
//! A logistic model over what was measured of each passage, its weights and thresholds fitted by
//! `training/rank/coverage.py` and kept in `coverage.json`. It is asked of the first passages in force, however many the
//! request wants, so `k` changes nothing. Of features only those count that mean the same for every claim.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::Coverage;
use crate::index::Ranker;
use crate::retrieve::{Features, NAMES};

/// Passages in force that are looked at.
pub(super) const FIRST: usize = 5;

/// Probability from which a passage is worth a look where another body is asked for.
const ABOUT_AT_ALL: f32 = 0.06;

/// The model of one ranker.
#[derive(Debug, Deserialize)]
pub(super) struct Model {
    /// A weight for some of the features, by name.
    weights: BTreeMap<String, f32>,
    intercept: f32,
    /// Probability from which a claim counts as addressed in part.
    partly: f32,
    /// Probability from which it counts as addressed.
    addressed: f32,
}

impl Model {
    /// The model of a ranker; `None` says that the corpus speaks about nothing, which a test keeps from happening.
    pub(super) fn of(ranker: Ranker) -> Option<&'static Model> {
        static MODELS: OnceLock<BTreeMap<Ranker, Model>> = OnceLock::new();
        let models = MODELS.get_or_init(|| serde_json::from_str(include_str!("coverage.json")).unwrap_or_default());
        // What ranks by a network has the embedded table's similarity, too.
        models.get(&ranker).or_else(|| models.get(&Ranker::Static))
    }

    /// How likely a passage is about just what the claim says, 0 to 1.
    pub(super) fn probability(&self, features: &Features) -> f32 {
        let weight = |name: &str| self.weights.get(name).copied().unwrap_or_default();
        let margin = NAMES.iter().zip(features).map(|(name, value)| weight(name) * value).sum::<f32>();
        1.0 / (1.0 + (-(margin + self.intercept)).exp())
    }

    /// Whether a passage may be about the claim.
    pub(super) fn is_about(&self, features: &Features) -> bool {
        self.probability(features) >= ABOUT_AT_ALL
    }

    /// What the likeliest of the first passages says of the corpus.
    pub(super) fn judged<'a>(&self, first: impl Iterator<Item = &'a Features>) -> Coverage {
        let best = first.take(FIRST).map(|features| self.probability(features)).fold(0.0, f32::max);
        if best >= self.addressed {
            Coverage::Addressed
        } else if best >= self.partly {
            Coverage::Partly
        } else {
            Coverage::NotAddressed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retrieve::COUNT;

    #[test]
    fn every_ranker_has_a_model_of_known_features() {
        for ranker in [Ranker::Lexical, Ranker::Static, Ranker::Hybrid] {
            let model = Model::of(ranker).expect("a model");
            assert!(model.weights.keys().all(|name| NAMES.contains(&name.as_str())), "{ranker}");
            assert!(model.partly < model.addressed, "{ranker}");
        }
    }

    #[test]
    fn what_shares_nothing_with_a_claim_is_not_about_it() {
        let model = Model::of(Ranker::Static).expect("a model");
        assert_eq!(model.judged([[0.0; COUNT]].iter()), Coverage::NotAddressed);
        assert_eq!(model.judged(std::iter::empty()), Coverage::NotAddressed);
        let whole =
            NAMES.map(
                |name| if ["words", "share", "share_of_rare", "inside", "meaning"].contains(&name) { 1.0 } else { 0.0 },
            );
        assert_eq!(model.judged([[0.0; COUNT], whole].iter()), Coverage::Addressed);
        // Only the first few count.
        let late = [[0.0; COUNT], [0.0; COUNT], [0.0; COUNT], [0.0; COUNT], [0.0; COUNT], whole];
        assert_eq!(model.judged(late.iter()), Coverage::NotAddressed);
    }
}
