//! Units and labels as numbers: units that were labelled alike are one pattern, with how many there are of it.
//!
//! Every measure is a sum over units, so it is computed from patterns and weights; a resample of the bootstrap is the same
//! patterns with other weights. A few hundred patterns stand for ten thousand units.

use std::collections::{BTreeMap, BTreeSet};

use super::Unit;

/// What units that were labelled alike have in common.
#[derive(Debug)]
pub(super) struct Pattern {
    /// How many gave each label.
    pub(super) counts: Vec<u64>,
    /// How many gave one at all.
    pub(super) given: u64,
    /// What each pair of raters said: the pair's number, the first one's label, the second one's.
    pub(super) pairs: Vec<(usize, usize, usize)>,
}

/// All labels of all raters.
#[derive(Debug)]
pub(super) struct Table {
    /// The labels, those of the scale first and in its order, then any other that was given.
    pub(super) labels: Vec<String>,
    /// The pairs of raters that share a unit.
    pub(super) pairs: Vec<(String, String)>,
    /// Raters that labelled anything.
    pub(super) raters: usize,
    pub(super) patterns: Vec<Pattern>,
    /// How many units follow each pattern.
    pub(super) weights: Vec<u64>,
}

impl Table {
    /// Counts what was said of `units`; one without a label is left out. `scale` holds the labels that could be given.
    pub(super) fn new(units: &[Unit], scale: &[String]) -> Table {
        let labels = labels(units, scale);
        let of_label: BTreeMap<&str, usize> =
            labels.iter().enumerate().map(|(at, label)| (label.as_str(), at)).collect();
        let raters: BTreeSet<&str> = units.iter().flat_map(|unit| unit.labels.keys().map(String::as_str)).collect();
        let of_rater: BTreeMap<&str, usize> = raters.iter().enumerate().map(|(at, rater)| (*rater, at)).collect();
        let mut alike: BTreeMap<Vec<(usize, usize)>, u64> = BTreeMap::new();
        for unit in units {
            let said: Vec<(usize, usize)> = unit
                .labels
                .iter()
                .filter_map(|(rater, label)| Some((*of_rater.get(rater.as_str())?, *of_label.get(label.as_str())?)))
                .collect();
            if !said.is_empty() {
                *alike.entry(said).or_default() += 1;
            }
        }
        let shared: BTreeSet<(usize, usize)> =
            alike.keys().flat_map(|said| both(said).map(|(a, b)| (a.0, b.0))).collect();
        let of_pair: BTreeMap<(usize, usize), usize> =
            shared.iter().enumerate().map(|(at, pair)| (*pair, at)).collect();
        let patterns = alike.keys().map(|said| Pattern::new(said, labels.len(), &of_pair)).collect();
        let names: Vec<&str> = raters.into_iter().collect();
        let name = |at: usize| names.get(at).copied().unwrap_or_default().to_owned();
        Table {
            pairs: shared.into_iter().map(|(a, b)| (name(a), name(b))).collect(),
            raters: names.len(),
            patterns,
            weights: alike.into_values().collect(),
            labels,
        }
    }

    /// Units with a label.
    pub(super) fn labelled(&self) -> u64 {
        self.weights.iter().sum()
    }

    /// Units with two labels or more.
    pub(super) fn shared(&self) -> u64 {
        self.patterns.iter().zip(&self.weights).filter(|(pattern, _)| pattern.given > 1).map(|(_, weight)| weight).sum()
    }

    /// What the two of each pair said, first × second, summed over pairs.
    pub(super) fn confusion(&self) -> Vec<Vec<u64>> {
        let mut rows = vec![vec![0; self.labels.len()]; self.labels.len()];
        for (pattern, weight) in self.patterns.iter().zip(&self.weights) {
            for (_, first, second) in &pattern.pairs {
                if let Some(cell) = rows.get_mut(*first).and_then(|row| row.get_mut(*second)) {
                    *cell += weight;
                }
            }
        }
        rows
    }
}

impl Pattern {
    fn new(said: &[(usize, usize)], labels: usize, of_pair: &BTreeMap<(usize, usize), usize>) -> Pattern {
        let mut counts = vec![0; labels];
        for (_, label) in said {
            if let Some(count) = counts.get_mut(*label) {
                *count += 1;
            }
        }
        let pairs = both(said).filter_map(|(a, b)| Some((*of_pair.get(&(a.0, b.0))?, a.1, b.1))).collect();
        Pattern { counts, given: said.len() as u64, pairs }
    }
}

/// Every two of `said`, in its order.
fn both(said: &[(usize, usize)]) -> impl Iterator<Item = ((usize, usize), (usize, usize))> {
    said.iter().enumerate().flat_map(|(at, first)| said.iter().skip(at + 1).map(move |second| (*first, *second)))
}

fn labels(units: &[Unit], scale: &[String]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    let mut known = BTreeSet::new();
    let given: BTreeSet<&String> = units.iter().flat_map(|unit| unit.labels.values()).collect();
    for label in scale.iter().chain(given) {
        if known.insert(label.clone()) {
            labels.push(label.clone());
        }
    }
    labels
}
