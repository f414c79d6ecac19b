//! Hints and flags on labelled pairs of a claim and a passage of the corpus.
//!
//! A pair's label says what a careful reader of the passage alone would say of the claim. What is measured is how often a hint
//! is given, how often it is right, and how well its confidence is meant.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::{Error, bootstrap, mean};
use crate::appraise::hint::{NAMES, Signals, Stance};
use crate::claim::{Claim, Patient};
use crate::evidence::{self, InCompany};
use crate::index::Snapshot;
use crate::passage::{Passage, PassageId};

/// A labelled pair.
#[derive(Clone, Deserialize)]
pub struct Pair {
    /// Its id.
    pub id: String,
    /// The claim.
    pub claim: String,
    /// The passage's id.
    pub passage: String,
    /// `SUPPORT`, `CONTRADICT` or `NEI`.
    pub label: Label,
    /// The person whom the claim is about.
    #[serde(default)]
    pub patient: Option<Person>,
}

/// The person of a pair.
#[derive(Clone, Deserialize)]
pub struct Person {
    /// Age in years.
    pub age: Option<u8>,
    /// Sex.
    pub sex: Option<String>,
    /// Conditions.
    #[serde(default)]
    pub conditions: Vec<String>,
}

/// What a careful reader says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Label {
    /// The claim is right.
    Support,
    /// The claim is wrong, or wrong in a detail.
    Contradict,
    /// The passage does not settle it.
    Nei,
}

impl Label {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Label::Support => "SUPPORT",
            Label::Contradict => "CONTRADICT",
            Label::Nei => "NEI",
        }
    }

    fn of(stance: Stance) -> Label {
        match stance {
            Stance::Supports => Label::Support,
            Stance::Contradicts => Label::Contradict,
            Stance::Neutral => Label::Nei,
        }
    }
}

/// A pair with what was found of it.
pub struct Appraised {
    /// The pair.
    pub pair: Pair,
    /// The passage.
    pub passage: Passage,
    /// What the passage means for the claim; `None` where it shares nothing with it.
    pub found: Option<InCompany>,
}

impl Appraised {
    /// Signals by name, in their order.
    pub fn signals(&self) -> Vec<(&'static str, f32)> {
        named(&self.found.as_ref().map(|found| found.appraisal.signals).unwrap_or_default())
    }

    /// The same of each passage beside it, best first, with its id.
    pub fn company(&self) -> Vec<(&PassageId, Vec<(&'static str, f32)>)> {
        let first = self.found.iter().flat_map(|found| &found.first);
        first.map(|(id, signals)| (id, named(signals))).collect()
    }
}

fn named(signals: &Signals) -> Vec<(&'static str, f32)> {
    NAMES.into_iter().zip(signals.0).collect()
}

/// Appraises the pairs of a JSONL file against a snapshot.
///
/// # Errors
/// [`Error`] names the file, or the line that is no pair of this snapshot.
pub fn appraised(snapshot: &Snapshot, path: &Path) -> Result<Vec<Appraised>, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let mut all = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |reason: String| Error::Line { path: path.to_owned(), line: at + 1, reason };
        let pair: Pair = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
        let passage: PassageId =
            pair.passage.parse().map_err(|_| wrong(format!("{:?} is no passage", pair.passage)))?;
        let mut claim = Claim::new(&pair.claim).map_err(|error| wrong(error.to_string()))?;
        if let Some(person) = pair.patient.clone() {
            claim = claim.with_patient(Patient { age: person.age, sex: person.sex, conditions: person.conditions });
        }
        let Some(quoted) = snapshot.passage(&passage)? else {
            return Err(wrong(format!("the snapshot has no passage {passage}")));
        };
        let found = evidence::appraise(snapshot, &claim, &passage)?;
        all.push(Appraised { pair, passage: quoted, found });
    }
    if all.is_empty() {
        return Err(Error::Nothing(path.to_owned()));
    }
    Ok(all)
}

/// Figures over pairs.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Number of pairs.
    pub n: usize,
    /// For each label: pairs of it, hints given of its stance, and those that are right.
    pub of: BTreeMap<Label, [usize; 3]>,
    /// Share of the given hints that say supports or contradicts and are right, with its 95 % interval.
    pub right: (f64, (f64, f64)),
    /// Share of pairs whose likeliest stance is right.
    pub accuracy: f64,
    /// Expected calibration error of the likeliest stance, ten bins.
    pub ece: f64,
    /// Flags given, by kind, on pairs of each label.
    pub flags: BTreeMap<&'static str, BTreeMap<Label, usize>>,
}

/// Counts.
pub fn figures(all: &[Appraised]) -> Figures {
    let mut figures = Figures { n: all.len(), ..Figures::default() };
    let (mut right, mut likeliest) = (Vec::new(), Vec::new());
    for Appraised { pair, found, .. } in all {
        figures.of.entry(pair.label).or_default()[0] += 1;
        let Some(InCompany { appraisal, .. }) = found else { continue };
        for difference in &appraisal.differences {
            *figures.flags.entry(difference.kind.name()).or_default().entry(pair.label).or_default() += 1;
        }
        let chances = appraisal.chances;
        let best = (0..3).max_by(|a, b| chances[*a].total_cmp(&chances[*b])).unwrap_or(2);
        let label = [Label::Support, Label::Contradict, Label::Nei][best];
        likeliest.push((f64::from(chances[best]), label == pair.label));
        let Some(hint) = appraisal.hint else { continue };
        let said = Label::of(hint.stance);
        let counts = figures.of.entry(said).or_default();
        counts[1] += 1;
        counts[2] += usize::from(said == pair.label);
        if said != Label::Nei {
            right.push(f64::from(u8::from(said == pair.label)));
        }
    }
    figures.right = (mean(&right), bootstrap(&right));
    figures.accuracy = mean(&likeliest.iter().map(|(_, right)| f64::from(u8::from(*right))).collect::<Vec<_>>());
    figures.ece = calibration(&likeliest);
    figures
}

/// Expected calibration error over ten bins of equal width (Guo et al. 2017).
fn calibration(all: &[(f64, bool)]) -> f64 {
    let mut bins = [(0.0, 0.0, 0usize); 10];
    for (chance, right) in all {
        let bin = &mut bins[((chance * 10.0) as usize).min(9)];
        *bin = (bin.0 + chance, bin.1 + f64::from(u8::from(*right)), bin.2 + 1);
    }
    let total = all.len().max(1) as f64;
    bins.iter().filter(|bin| bin.2 > 0).map(|bin| (bin.0 - bin.1).abs() / total).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_as_often_as_it_is_right_is_calibrated() {
        let honest: Vec<(f64, bool)> = (0..10).map(|at| (0.75, at % 4 != 0)).collect();
        assert!(calibration(&honest) < 0.06);
        assert!(calibration(&[(0.95, false), (0.95, false)]) > 0.9);
        assert_eq!(calibration(&[]), 0.0);
    }
}
