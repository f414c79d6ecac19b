//! One rater against a gold set, as an onboarding round needs it: how often right, on which labels, and where not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::grouping::{By, Question, report};
use super::{Agreement, Confusion, Unit};

/// How a rater compares with the gold set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Calibration {
    /// Units that both labelled.
    pub units: usize,
    /// Units of the gold set that the rater has not labelled.
    pub missing: usize,
    /// Units with the same label.
    pub right: usize,
    /// Their share; absent without units.
    pub accuracy: Option<f64>,
    /// By label, in the order of the scale.
    pub labels: Vec<LabelFigures>,
    /// Units with another label than the gold one, by name.
    pub differing: Vec<Difference>,
    /// The measures of agreement of the two, with intervals.
    pub agreement: Agreement,
    /// What the rater said (rows) against the gold set (columns).
    pub confusion: Confusion,
}

/// How one label was used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LabelFigures {
    /// The label.
    pub label: String,
    /// Units that have it in the gold set.
    pub gold: u64,
    /// Units that the rater gave it.
    pub given: u64,
    /// Units where both did.
    pub right: u64,
    /// Of those given it, the share that is right; absent where it was not given.
    pub precision: Option<f64>,
    /// Of those that have it, the share that was given it; absent where none has it.
    pub recall: Option<f64>,
}

/// A unit on which the rater and the gold set differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Difference {
    /// The unit's name.
    pub unit: String,
    /// The gold label.
    pub gold: String,
    /// What the rater gave.
    pub given: String,
}

/// Compares `rater` with `gold`, both raters of `units`; `scale` as in [`super::measure`].
pub fn calibration(units: &[Unit], gold: &str, rater: &str, scale: &[String]) -> Calibration {
    let of_gold = || units.iter().filter_map(|unit| Some((unit, unit.labels.get(gold)?)));
    let both: Vec<Unit> = of_gold().filter_map(|(unit, _)| only(unit, gold, rater)).collect();
    let mut differing: Vec<Difference> =
        of_gold().filter_map(|(unit, gold)| difference(unit, gold, unit.labels.get(rater)?)).collect();
    differing.sort_by(|a, b| a.unit.cmp(&b.unit));
    let right = both.len() - differing.len();
    let question = Question { by: By::All, gold: Some(gold.to_owned()), scale: scale.to_vec() };
    let report = report(&both, &question);
    let confusion = Confusion { first: rater.to_owned(), ..report.confusion };
    Calibration {
        units: both.len(),
        missing: of_gold().count() - both.len(),
        right,
        accuracy: share(right as u64, both.len() as u64),
        labels: figures(&confusion),
        differing,
        agreement: report.agreement,
        confusion,
    }
}

fn only(unit: &Unit, gold: &str, rater: &str) -> Option<Unit> {
    let mut labels = BTreeMap::new();
    for name in [gold, rater] {
        labels.insert(name.to_owned(), unit.labels.get(name)?.clone());
    }
    Some(Unit { name: unit.name.clone(), at: unit.at, labels, errors: BTreeMap::new() })
}

fn difference(unit: &Unit, gold: &str, given: &str) -> Option<Difference> {
    (gold != given).then(|| Difference { unit: unit.name.clone(), gold: gold.to_owned(), given: given.to_owned() })
}

fn figures(confusion: &Confusion) -> Vec<LabelFigures> {
    let figures = confusion.labels.iter().zip(&confusion.rows).enumerate().map(|(at, (label, row))| {
        let of = |row: &Vec<u64>| row.get(at).copied().unwrap_or(0);
        let (gold, given, right) = (confusion.rows.iter().map(of).sum(), row.iter().sum(), of(row));
        let (precision, recall) = (share(right, given), share(right, gold));
        LabelFigures { label: label.clone(), gold, given, right, precision, recall }
    });
    figures.collect()
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
