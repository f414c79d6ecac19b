//! How far people who judged the same claims agree: percent agreement, Cohen's kappa, Krippendorff's alpha, Gwet's AC1.
//!
//! A unit is what was judged (a claim); each rater gave it one label or none. All four measures take nominal labels, any
//! number of raters and missing labels. They answer different questions, so all are told: kappa falls where one label
//! prevails although people agree, AC1 does not; alpha treats raters as drawn from one pool, kappa as the two that they are.
//!
//! | measure | source |
//! | --- | --- |
//! | percent | pairs of raters that agree, mean over units: Fleiss 1971, doi 10.1037/h0031619, its P; for missing labels Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed. |
//! | kappa | Cohen 1960, doi 10.1177/001316446002000104; for more than two raters the mean over pairs, Light 1971, doi 10.1037/h0031643 |
//! | alpha | Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; 2013, Content Analysis, 3rd ed., chapter 12 |
//! | AC1 | Gwet 2008, doi 10.1348/000711006X126600; for missing labels Gwet 2014 |
//!
//! Where a measure is not defined it is absent and [`Undefined`] says why; it is never NaN and never made up. Equal units
//! give equal figures, whatever their order. Checked against published examples and against krippendorff, scikit-learn and
//! irrCAC (`training/agreement/reference.py`). Distances between labels (weighted kappa, AC2) are left out: verdicts have
//! no order.

mod calibration;
mod grouping;
mod interval;
mod measure;
mod table;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use calibration::{Calibration, Difference, LabelFigures, calibration};
pub use grouping::{By, Question, report};

use measure::Values;
use table::Table;

/// What was judged, and what each rater said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// A name to find it by, as `r-3f9a1c04be77/c1`.
    pub name: String,
    /// When it was judged last.
    pub at: Timestamp,
    /// The label that each rater gave.
    pub labels: BTreeMap<String, String>,
    /// The error codes that each rater marked; a rater who gave a label and is not here marked none.
    pub errors: BTreeMap<String, BTreeSet<String>>,
}

/// Why a measure is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Undefined {
    /// Nobody judged anything.
    NoUnits,
    /// Nothing was judged by two people.
    NothingShared,
    /// Everybody gave one and the same label, so that agreement by chance is certain and says nothing.
    OneLabel,
}

impl Undefined {
    /// The reason in words.
    pub fn reason(self) -> &'static str {
        match self {
            Undefined::NoUnits => "nothing has been judged yet",
            Undefined::NothingShared => "nothing has been judged by two people",
            Undefined::OneLabel => "only one label was given, so chance alone would agree as often",
        }
    }
}

/// How far raters agree. Measures are fractions: 1 is full agreement; 0 for the three that correct for chance is what
/// chance would give.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Agreement {
    /// Units that two or more raters judged.
    pub units: u64,
    /// Raters who judged anything.
    pub raters: usize,
    /// Share of pairs of raters that agree, mean over units.
    pub percent: Option<f64>,
    /// Cohen's kappa; for more than two raters the mean over the pairs for which it is defined.
    pub cohen_kappa: Option<f64>,
    /// Pairs of raters that `cohen_kappa` is the mean of.
    pub kappa_pairs: usize,
    /// Krippendorff's alpha for nominal data.
    pub krippendorff_alpha: Option<f64>,
    /// Gwet's AC1. It depends on how many labels could be given, not only on those that were.
    pub gwet_ac1: Option<f64>,
    /// 95 % intervals.
    pub ci95: Intervals,
    /// Why a measure is absent, by its name.
    pub undefined: BTreeMap<String, Undefined>,
}

/// 95 % intervals, `[low, high]`, by a percentile bootstrap over units with a fixed seed. Absent with fewer than ten shared
/// units, where every draw gives the same value, and where more than one draw in twenty gives none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Intervals {
    /// Of the share of pairs that agree.
    pub percent: Option<[f64; 2]>,
    /// Of kappa.
    pub cohen_kappa: Option<[f64; 2]>,
    /// Of alpha.
    pub krippendorff_alpha: Option<[f64; 2]>,
    /// Of AC1.
    pub gwet_ac1: Option<[f64; 2]>,
}

/// What one person said against what another said, in numbers of units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Confusion {
    /// Who the rows are: a rater, `reviewer`, or `first` for the one of each pair whose id sorts first.
    pub first: String,
    /// Who the columns are: a rater, the gold set, or `second`.
    pub second: String,
    /// The labels of rows and columns.
    pub labels: Vec<String>,
    /// A row a label of the first, a column a label of the second.
    pub rows: Vec<Vec<u64>>,
}

/// Agreement within one label, error code, pair or week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Group {
    /// The label, the code, `r1 · r2`, or the ISO week as `2026-W47` (UTC).
    #[schema(example = "r1 · r2")]
    pub name: String,
    /// How far they agree.
    #[serde(flatten)]
    pub agreement: Agreement,
    /// For a pair, what the two said.
    pub confusion: Option<Confusion>,
}

/// Agreement over all units and in groups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// How far they agree, all together.
    #[serde(flatten)]
    pub agreement: Agreement,
    /// What each two said, summed over pairs.
    pub confusion: Confusion,
    /// The parts that were asked for.
    pub groups: Vec<Group>,
}

/// Measures the agreement on `units`. `scale` names the labels that could be given, in the order of the confusion matrix;
/// labels that were given besides are added, and with an empty scale those that were given are the scale.
pub fn measure(units: &[Unit], scale: &[String]) -> Agreement {
    let table = Table::new(units, scale);
    let draws = interval::draws(table.labelled());
    agreement(&table, Some(draws))
}

/// `draws` is absent where units are not what was sampled, so that an interval would be too narrow.
fn agreement(table: &Table, draws: Option<usize>) -> Agreement {
    let Values { percent, kappa, alpha, ac1, kappa_pairs } = measure::values(table, &table.weights);
    let named = [("percent", percent), ("cohen_kappa", kappa), ("krippendorff_alpha", alpha), ("gwet_ac1", ac1)];
    Agreement {
        units: table.shared(),
        raters: table.raters,
        percent: percent.ok(),
        cohen_kappa: kappa.ok(),
        kappa_pairs,
        krippendorff_alpha: alpha.ok(),
        gwet_ac1: ac1.ok(),
        ci95: draws.map(|draws| interval::intervals(table, draws)).unwrap_or_default(),
        undefined: named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.err()?))).collect(),
    }
}

fn confusion(table: &Table, first: &str, second: &str) -> Confusion {
    Confusion {
        first: first.to_owned(),
        second: second.to_owned(),
        labels: table.labels.clone(),
        rows: table.confusion(),
    }
}
