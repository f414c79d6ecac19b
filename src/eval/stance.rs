//! How often the classifier's reading of a text against a claim is right, on sets that people labelled.
//!
//! Two things are measured apart: the likeliest label of every pair, and the hints that would be given, which are silent
//! where the classifier is not sure. Two baselines stand beside them: the label that the file has most, and the share of
//! the claim's words that the evidence has.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::Deserialize;

use super::{Error, mean, resampled};
use crate::appraise::stance::{self, Judge, Opinion, Reading, Stance, Thresholds};

/// Most bytes of a line.
const LONGEST_LINE: u64 = 1 << 20;
/// Parts of equal width in which confidence is compared with what is right.
const BINS: usize = 10;
/// Share of the claim's weight from which on the baseline of overlap says SUPPORT, and NEI below: that of the best macro-F1
/// on SciFact train (`training/stance/fit.py --table baselines`).
const OVERLAP: f64 = 0.6;

/// The labels, in the order of every table.
pub const LABELS: [(&str, Stance); 3] =
    [("SUPPORT", Stance::Supports), ("CONTRADICT", Stance::Contradicts), ("NEI", Stance::Neutral)];

/// Gold labels (rows) by labels that were given (columns), in the order of [`LABELS`].
pub type Confusion = [[usize; 3]; 3];

/// A line of the file.
#[derive(Deserialize)]
struct Line {
    claim: String,
    evidence: String,
    label: String,
    #[serde(default)]
    title: Option<String>,
}

/// What was measured.
#[derive(Clone, Debug)]
pub struct Report {
    /// Number of pairs.
    pub n: usize,
    /// The likeliest label of every pair.
    pub labels: Figures,
    /// 95 % bootstrap intervals of its accuracy and macro-F1.
    pub intervals: [(f64, f64); 2],
    /// Expected calibration error of the likeliest label, over ten bins of equal width.
    pub ece: f64,
    /// Hints by thresholds.
    pub hints: Vec<Hints>,
    /// Baselines by name.
    pub baselines: Vec<(&'static str, Figures)>,
    /// Lines that were left out, from 1, and why.
    pub rejected: Vec<(usize, String)>,
}

/// Figures of one way to give labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Share of pairs with the right label.
    pub accuracy: f64,
    /// Mean of the labels' F1.
    pub macro_f1: f64,
    /// F1 of each label; 0 of one that is neither gold nor given.
    pub f1: [f64; 3],
    /// Gold labels by given ones.
    pub confusion: Confusion,
}

/// The hints that would be given at some thresholds, of words alone: numbers, people and directions may silence more.
#[derive(Clone, Debug)]
pub struct Hints {
    /// How often they were right where the thresholds were chosen.
    pub chosen_for: f64,
    /// The thresholds.
    pub thresholds: Thresholds,
    /// Hints given and right: of all, that support, that contradict.
    pub counts: [(usize, usize); 3],
    /// 95 % bootstrap interval of the share that is right.
    pub interval: (f64, f64),
    /// Macro-F1 with NEI where no hint is given.
    pub macro_f1: f64,
}

/// A pair that was judged.
struct Judged {
    gold: usize,
    opinion: Opinion,
    overlap: f64,
}

/// Measures a judge on a file of JSON lines `{"claim","evidence","label"}`, and `title` where there is one.
///
/// # Errors
/// [`Error`] where the file cannot be read or no line of it is a labelled pair.
pub fn measure(path: &Path, judge: &dyn Judge) -> Result<Report, Error> {
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    let mut reader = BufReader::new(File::open(path).map_err(unreadable)?);
    let (mut pairs, mut rejected) = (Vec::new(), Vec::new());
    for number in 1.. {
        let mut line = Vec::new();
        let read = (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        if !line.ends_with(b"\n") && read as u64 == LONGEST_LINE {
            rejected.push((number, format!("the line is longer than {LONGEST_LINE} bytes")));
            reader.skip_until(b'\n').map_err(unreadable)?;
        } else if !line.trim_ascii().is_empty() {
            match judged(&line, judge) {
                Ok(pair) => pairs.push(pair),
                Err(reason) => rejected.push((number, reason)),
            }
        }
    }
    if pairs.is_empty() {
        return Err(match rejected.into_iter().next() {
            Some((line, reason)) => Error::Line { path: path.to_owned(), line, reason },
            None => Error::Nothing(path.to_owned()),
        });
    }
    Ok(report(&pairs, rejected))
}

/// Reads a line and judges its pair. Faults name places and fields, never the text.
fn judged(line: &[u8], judge: &dyn Judge) -> Result<Judged, String> {
    let line: Line = serde_json::from_slice(line).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => {
            "no object with claim, evidence and label, each a string (title may be one too)".to_owned()
        }
        _ => format!("no JSON: column {}", error.column()),
    })?;
    let known = LABELS.iter().position(|(name, _)| *name == line.label);
    let gold = known.ok_or("the label is not SUPPORT, CONTRADICT or NEI")?;
    if line.claim.trim().is_empty() || line.evidence.trim().is_empty() {
        return Err("the claim or the evidence is empty".to_owned());
    }
    let (claim, title) = (Reading::of_claim(&line.claim), line.title.unwrap_or_default());
    let overlap = stance::signals(&claim, &title, &line.evidence).and_then(|signals| signals.get("exact_all"));
    let opinion = judge.opinion(&claim, &title, &line.evidence);
    Ok(Judged { gold, opinion, overlap: overlap.unwrap_or_default() })
}

fn report(pairs: &[Judged], rejected: Vec<(usize, String)>) -> Report {
    let given: Vec<(usize, usize)> = pairs.iter().map(|pair| (pair.gold, label(pair.opinion.likeliest().0))).collect();
    let intervals = [Figures::accuracy as fn(&Confusion) -> f64, macro_f1]
        .map(|figure| resampled(&given, |sample| figure(&confusion(sample.iter().copied()))));
    let count = |label: usize| pairs.iter().filter(|pair| pair.gold == label).count();
    let most = (0..3).rev().max_by_key(|label| count(*label)).unwrap_or_default();
    let majority: Vec<(usize, usize)> = pairs.iter().map(|pair| (pair.gold, most)).collect();
    let overlap: Vec<(usize, usize)> =
        pairs.iter().map(|pair| (pair.gold, if pair.overlap >= OVERLAP { 0 } else { 2 })).collect();
    Report {
        n: pairs.len(),
        labels: Figures::of(&given),
        intervals,
        ece: ece(pairs),
        hints: [(0.80, Thresholds::RIGHT_80), (0.90, Thresholds::RIGHT_90)]
            .map(|(right, cut)| hints(pairs, right, cut))
            .to_vec(),
        baselines: vec![("majority", Figures::of(&majority)), ("lexical overlap", Figures::of(&overlap))],
        rejected,
    }
}

/// The place of a stance in [`LABELS`].
fn label(stance: Stance) -> usize {
    LABELS.iter().position(|(_, one)| *one == stance).unwrap_or_default()
}

fn hints(pairs: &[Judged], chosen_for: f64, thresholds: Thresholds) -> Hints {
    let side = |pair: &Judged| thresholds.side(&pair.opinion).map(|(stance, _)| label(stance));
    let told: Vec<(usize, usize)> = pairs.iter().filter_map(|pair| Some((pair.gold, side(pair)?))).collect();
    let counts = |of: &[usize]| {
        let mine = || told.iter().filter(|(_, side)| of.contains(side));
        (mine().count(), mine().filter(|(gold, side)| gold == side).count())
    };
    let right: Vec<f64> = told.iter().map(|(gold, side)| if gold == side { 1.0 } else { 0.0 }).collect();
    let all: Vec<(usize, usize)> = pairs.iter().map(|pair| (pair.gold, side(pair).unwrap_or(2))).collect();
    Hints {
        chosen_for,
        thresholds,
        counts: [counts(&[0, 1]), counts(&[0]), counts(&[1])],
        interval: super::bootstrap(&right),
        macro_f1: Figures::of(&all).macro_f1,
    }
}

impl Figures {
    fn of(given: &[(usize, usize)]) -> Figures {
        let confusion = confusion(given.iter());
        Figures {
            accuracy: Figures::accuracy(&confusion),
            macro_f1: macro_f1(&confusion),
            f1: f1(&confusion),
            confusion,
        }
    }

    fn accuracy(confusion: &Confusion) -> f64 {
        let right: usize = (0..3).map(|label| confusion[label][label]).sum();
        right as f64 / confusion.iter().flatten().sum::<usize>().max(1) as f64
    }
}

fn confusion<'a>(given: impl Iterator<Item = &'a (usize, usize)>) -> Confusion {
    let mut confusion = Confusion::default();
    for (gold, label) in given {
        confusion[*gold][*label] += 1;
    }
    confusion
}

/// F1 of each label: twice the right ones by those that are gold and those that were given.
fn f1(confusion: &Confusion) -> [f64; 3] {
    [0, 1, 2].map(|label| {
        let gold: usize = confusion[label].iter().sum();
        let given: usize = confusion.iter().map(|row| row[label]).sum();
        2.0 * confusion[label][label] as f64 / (gold + given).max(1) as f64
    })
}

fn macro_f1(confusion: &Confusion) -> f64 {
    mean(&f1(confusion))
}

/// The mean distance of confidence and share of right labels, over bins of confidence by their number of pairs.
fn ece(pairs: &[Judged]) -> f64 {
    let mut bins = [(0.0, 0.0); BINS];
    for pair in pairs {
        let (stance, sure) = pair.opinion.likeliest();
        let bin = &mut bins[((sure * BINS as f64) as usize).min(BINS - 1)];
        let right = f64::from(u8::from(label(stance) == pair.gold));
        *bin = (bin.0 + sure, bin.1 + right);
    }
    bins.iter().map(|(sure, right)| (sure - right).abs()).sum::<f64>() / pairs.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appraise::stance::Classifier;

    /// Says what the passage's first word asks for, with the certainty that it names.
    struct Told;

    impl Judge for Told {
        fn opinion(&self, _: &Reading, _: &str, passage: &str) -> Opinion {
            let mut parts = passage.split(' ');
            let sure: f64 = parts.next_back().and_then(|part| part.parse().ok()).unwrap_or_default();
            let rest = (1.0 - sure) / 2.0;
            match parts.next() {
                Some("S") => Opinion { supports: sure, contradicts: rest, neutral: rest },
                Some("C") => Opinion { supports: rest, contradicts: sure, neutral: rest },
                _ => Opinion { supports: rest, contradicts: rest, neutral: sure },
            }
        }
    }

    fn of(lines: &str, judge: &dyn Judge) -> Result<Report, Error> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("pairs.jsonl");
        std::fs::write(&path, lines).expect("written");
        measure(&path, judge)
    }

    fn line(claim: &str, evidence: &str, label: &str) -> String {
        format!("{{\"claim\": \"{claim}\", \"evidence\": \"{evidence}\", \"label\": \"{label}\"}}\n")
    }

    #[test]
    fn labels_hints_and_calibration_are_counted() {
        let pairs = [("S 0.95", "SUPPORT"), ("S 0.95", "CONTRADICT"), ("C 0.95", "CONTRADICT"), ("N 0.75", "NEI")];
        let lines: String = pairs.iter().map(|(evidence, label)| line("aspirin helps", evidence, label)).collect();
        let report = of(&lines, &Told).expect("a report");
        assert_eq!((report.n, report.labels.accuracy), (4, 0.75));
        assert_eq!(report.labels.confusion, [[1, 0, 0], [1, 1, 0], [0, 0, 1]]);
        let third = 2.0 / 3.0;
        assert!((report.labels.macro_f1 - (third + third + 1.0) / 3.0).abs() < 1e-9);
        // Three pairs at .95, of which two are right, and one at .75 that is.
        assert!((report.ece - ((3.0 * 0.95 - 2.0) + 0.25) / 4.0).abs() < 1e-9, "{}", report.ece);
        let first = &report.hints[0];
        assert_eq!(first.counts, [(3, 2), (2, 1), (1, 1)]);
        assert!(report.intervals.iter().all(|(low, high)| low < high));
        let majority = &report.baselines[0];
        assert_eq!((majority.0, majority.1.accuracy, majority.1.f1[1]), ("majority", 0.5, third));
    }

    #[test]
    fn lines_that_are_no_pairs_are_named() {
        let lines = [
            line("aspirin helps", "S 0.9", "SUPPORT"),
            "\n".to_owned(),
            "{\"claim\": \"secret\"}\n".to_owned(),
            line("aspirin helps", "S 0.9", "support"),
            "{\"claim\": \n".to_owned(),
            line(" ", "S 0.9", "NEI"),
            format!("{}\n", "x".repeat(LONGEST_LINE as usize + 5)),
            line("aspirin helps", "N 0.9", "NEI"),
        ];
        let report = of(&lines.concat(), &Told).expect("a report");
        assert_eq!(report.n, 2);
        let numbers: Vec<usize> = report.rejected.iter().map(|(line, _)| *line).collect();
        assert_eq!(numbers, [3, 4, 5, 6, 7]);
        assert!(report.rejected.iter().all(|(_, reason)| !reason.contains("secret")), "{:?}", report.rejected);
    }

    #[test]
    fn a_file_without_pairs_is_refused() {
        assert!(matches!(of("\n", &Told), Err(Error::Nothing(_))));
        assert!(matches!(of("no\n", &Told), Err(Error::Line { line: 1, .. })));
        assert!(matches!(measure(Path::new("/nonexistent"), &Told), Err(Error::Unreadable { .. })));
    }

    #[test]
    fn overlap_is_a_baseline_of_words_alone() {
        let (same, other) = ("Aspirin lowers the risk of stroke.", "Vaccines are given to children.");
        let lines = [line(same, same, "SUPPORT"), line(same, other, "NEI")].concat();
        let report = of(&lines, &Classifier).expect("a report");
        assert_eq!((report.baselines[1].0, report.baselines[1].1.accuracy), ("lexical overlap", 1.0));
    }
}
