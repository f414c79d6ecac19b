//! What a measurement found of each claim or query, and the mean of each figure with its interval.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::bootstrap_grouped;
use crate::corpus::hex;
use crate::index::Snapshot;

/// A figure that every claim or query has by itself, and whose mean is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Figure {
    /// Whether what settles the claim is first.
    Hit1,
    /// Whether it is among the first five.
    Recall5,
    /// Whether it is among the first ten.
    Recall10,
    /// Whether it is among the first twenty.
    Recall20,
    /// Share of the relevant documents among the first hundred.
    Recall100,
    /// Normalised discounted cumulative gain of the first ten, with linear gain and log2 discount as in trec_eval.
    Ndcg10,
    /// Reciprocal rank within the twenty that were asked for.
    Mrr,
    /// Reciprocal rank within the first ten.
    Mrr10,
    /// Of claims without an answer: whether they count as addressed nevertheless.
    Addressed,
    /// Of claims with an answer: whether they count as not addressed, or as out of scope, nevertheless.
    NotAddressed,
}

impl Figure {
    /// All of them, in the order in which they are told.
    pub const ALL: [Figure; 10] = [
        Figure::Hit1,
        Figure::Recall5,
        Figure::Recall10,
        Figure::Recall20,
        Figure::Recall100,
        Figure::Ndcg10,
        Figure::Mrr,
        Figure::Mrr10,
        Figure::Addressed,
        Figure::NotAddressed,
    ];

    /// Its name in print and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Figure::Hit1 => "hit@1",
            Figure::Recall5 => "recall@5",
            Figure::Recall10 => "recall@10",
            Figure::Recall20 => "recall@20",
            Figure::Recall100 => "recall@100",
            Figure::Ndcg10 => "ndcg@10",
            Figure::Mrr => "mrr",
            Figure::Mrr10 => "mrr@10",
            Figure::Addressed => "addressed",
            Figure::NotAddressed => "not_addressed",
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Figure {
    type Err = String;

    fn from_str(name: &str) -> Result<Figure, String> {
        let found = Figure::ALL.into_iter().find(|figure| figure.name() == name);
        found.ok_or_else(|| format!("{name:?} is no figure of this program"))
    }
}

impl TryFrom<String> for Figure {
    type Error = String;

    fn try_from(name: String) -> Result<Figure, String> {
        name.parse()
    }
}

impl From<Figure> for String {
    fn from(figure: Figure) -> String {
        figure.name().to_owned()
    }
}

/// What was found of one claim or query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// The claim of which this is another form; forms of one claim are drawn together, as they rise and fall together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Digest of what was asked and of what counts as right: see [`asked`].
    pub asked: String,
    /// Rank of the first hit, from 1.
    pub rank: Option<usize>,
    /// What was shown first.
    pub first: Option<String>,
    /// The figures that it has.
    pub figures: BTreeMap<Figure, f64>,
}

impl Row {
    /// What is drawn whole when intervals are computed.
    pub(super) fn unit(&self) -> &str {
        self.of.as_deref().unwrap_or(&self.id)
    }
}

/// A digest by which two runs tell that a claim, or what settles it, has changed under the same id.
pub(super) fn asked<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    let mut digest = hex(&hasher.finalize());
    digest.truncate(16);
    digest
}

/// What answered: part of every saved row, so that a figure is never without what it is a figure of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// The snapshot's name.
    pub snapshot: String,
    /// The program's version and the digest of how it reads and ranks.
    pub engine: String,
    /// How it ranks.
    pub ranker: String,
}

impl Maker {
    /// Whatever answers from this snapshot.
    pub fn of(snapshot: &Snapshot) -> Maker {
        let engine = snapshot.engine();
        Maker {
            snapshot: snapshot.manifest().id.to_string(),
            engine: format!("{} {}", engine.version, engine.config_sha256),
            ranker: engine.ranker.to_string(),
        }
    }
}

/// The mean of one figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The figure.
    pub figure: Figure,
    /// Number of rows that have it.
    pub n: usize,
    /// The mean over these.
    pub mean: f64,
    /// Its 95 % bootstrap interval.
    pub interval: (f64, f64),
}

/// The mean of every figure that some row has.
pub fn summaries(rows: &[Row]) -> Vec<Summary> {
    Figure::ALL.into_iter().filter_map(|figure| summary(rows, figure)).collect()
}

/// The mean of one figure over the rows that have it; `None` where none has.
pub fn summary(rows: &[Row], figure: Figure) -> Option<Summary> {
    let values: Vec<(&str, f64)> =
        rows.iter().filter_map(|row| Some((row.unit(), *row.figures.get(&figure)?))).collect();
    if values.is_empty() {
        return None;
    }
    let n = values.len();
    let mean = values.iter().map(|(_, value)| value).sum::<f64>() / n as f64;
    Some(Summary { figure, n, mean, interval: bootstrap_grouped(&grouped(values)) })
}

/// Sum and number of the values of each unit, in the order in which units first appear.
pub(super) fn grouped<'a>(values: impl IntoIterator<Item = (&'a str, f64)>) -> Vec<(f64, usize)> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sums: Vec<(f64, usize)> = Vec::new();
    for (unit, value) in values {
        let at = *places.entry(unit).or_insert(sums.len());
        match sums.get_mut(at) {
            Some(sum) => *sum = (sum.0 + value, sum.1 + 1),
            None => sums.push((value, 1)),
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::bootstrap;

    fn row(id: &str, of: Option<&str>, value: f64) -> Row {
        Row {
            id: id.to_owned(),
            of: of.map(str::to_owned),
            asked: String::new(),
            rank: None,
            first: None,
            figures: [(Figure::Mrr, value)].into(),
        }
    }

    #[test]
    fn names_are_read_back() {
        for figure in Figure::ALL {
            assert_eq!(figure.name().parse(), Ok(figure));
            assert_eq!(serde_json::to_string(&figure).expect("JSON"), format!("{:?}", figure.name()));
        }
        assert!("hit@2".parse::<Figure>().is_err());
    }

    #[test]
    fn the_mean_is_over_rows_and_the_interval_over_claims() {
        let alone: Vec<Row> = (0..40).map(|at| row(&format!("r{at}"), None, f64::from(at % 2))).collect();
        let found = summary(&alone, Figure::Mrr).expect("a mean");
        let values: Vec<f64> = (0..40).map(|at| f64::from(at % 2)).collect();
        assert_eq!((found.n, found.mean, found.interval), (40, 0.5, bootstrap(&values)));
        // Ten forms of each of four claims rise and fall together: what is drawn is four claims, and little is known.
        let forms: Vec<Row> =
            (0..40).map(|at| row(&format!("r{at}"), Some(&format!("c{}", at % 4)), f64::from(at % 2))).collect();
        let together = summary(&forms, Figure::Mrr).expect("a mean");
        assert_eq!((together.n, together.mean), (40, 0.5));
        assert!(together.interval.0 <= 0.01 && together.interval.1 >= 0.99, "{together:?}");
        assert_eq!(summary(&alone, Figure::Hit1), None);
        assert_eq!(summaries(&alone).len(), 1);
    }

    #[test]
    fn another_claim_or_another_gold_has_another_digest() {
        assert_eq!(asked(["a", "b"]), asked(["a", "b"]));
        assert_ne!(asked(["a", "b"]), asked(["a", "c"]));
        assert_ne!(asked(["a", "b"]), asked(["ab", ""]));
    }
}
