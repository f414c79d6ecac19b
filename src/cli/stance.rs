//! `groundline eval stance`: how often the reading of a text against a claim is right.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::eval::failure;
use super::{Done, Failure, output};
use crate::appraise::stance::Classifier;
use crate::eval::stance::{self, Confusion, Figures, Hints, LABELS, Report};

#[derive(Args)]
pub(super) struct Stance {
    /// JSON lines `{"claim","evidence","label"}`, label SUPPORT, CONTRADICT or NEI, and `title` where there is one
    #[arg(long, value_name = "FILE")]
    dataset: PathBuf,
}

impl Stance {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let report = stance::measure(&self.dataset, &Classifier).map_err(failure)?;
        for (line, reason) in &report.rejected {
            output::talk(&format!("groundline: {}:{line} is left out: {reason}", self.dataset.display()));
        }
        if json {
            output::json(&as_json(&report))?;
        } else {
            output::text(&as_text(&report))?;
        }
        Ok(if report.rejected.is_empty() { Done::Fully } else { Done::WithRejects })
    }
}

fn as_json(report: &Report) -> Value {
    let mut object = Map::new();
    object.insert("n".to_owned(), json!(report.n));
    object.extend(figures_json(&report.labels));
    object.insert("ece".to_owned(), json!(report.ece));
    let [accuracy, macro_f1] = report.intervals;
    object.insert("interval".to_owned(), json!({"accuracy": accuracy, "macro_f1": macro_f1}));
    object.insert("hints".to_owned(), report.hints.iter().map(hints_json).collect());
    let baselines = report.baselines.iter().map(|(name, figures)| ((*name).to_owned(), figures_json(figures).into()));
    object.insert("baselines".to_owned(), Value::Object(baselines.collect()));
    object.into()
}

fn figures_json(figures: &Figures) -> Map<String, Value> {
    let f1 = LABELS.iter().zip(figures.f1).map(|((name, _), f1)| ((*name).to_owned(), json!(f1)));
    Map::from_iter([
        ("accuracy".to_owned(), json!(figures.accuracy)),
        ("macro_f1".to_owned(), json!(figures.macro_f1)),
        ("f1".to_owned(), Value::Object(f1.collect())),
        ("confusion".to_owned(), confusion_json(&figures.confusion)),
    ])
}

/// Gold labels, and under each how often every label was given.
fn confusion_json(confusion: &Confusion) -> Value {
    let named = |row: &[usize; 3]| -> Value {
        Value::Object(LABELS.iter().zip(row).map(|((name, _), count)| ((*name).to_owned(), json!(count))).collect())
    };
    Value::Object(LABELS.iter().zip(confusion).map(|((name, _), row)| ((*name).to_owned(), named(row))).collect())
}

fn hints_json(hints: &Hints) -> Value {
    let counts = |(given, right): (usize, usize)| json!({"given": given, "right": right});
    json!({
        "chosen_for": hints.chosen_for,
        "thresholds": {"supports": hints.thresholds.supports, "contradicts": hints.thresholds.contradicts},
        "given": hints.counts[0].0,
        "right": hints.counts[0].1,
        "interval": hints.interval,
        "supports": counts(hints.counts[1]),
        "contradicts": counts(hints.counts[2]),
        "macro_f1_silent_is_nei": hints.macro_f1,
    })
}

fn as_text(report: &Report) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} pairs    calibration error {:.3}\n", report.n, report.ece);
    let _ =
        writeln!(out, "{:<18}{:>9}{:>10}{:>10}{:>13}{:>7}", "", "accuracy", "macro-F1", "SUPPORT", "CONTRADICT", "NEI");
    let own = [("classifier", report.labels.clone())];
    for (name, figures) in own.iter().chain(&report.baselines) {
        let [supports, contradicts, neutral] = figures.f1;
        let (accuracy, macro_f1) = (figures.accuracy, figures.macro_f1);
        let _ =
            writeln!(out, "{name:<18}{accuracy:>9.3}{macro_f1:>10.3}{supports:>10.3}{contradicts:>13.3}{neutral:>7.3}");
    }
    let [accuracy, macro_f1] = report.intervals;
    let _ = writeln!(out, "\n95 % intervals     accuracy {}, macro-F1 {}", range(accuracy), range(macro_f1));
    let _ = writeln!(out, "\n{:<18}{:>9}{:>13}{:>7}", "gold, then given", "SUPPORT", "CONTRADICT", "NEI");
    for ((name, _), row) in LABELS.iter().zip(report.labels.confusion) {
        let _ = writeln!(out, "{name:<18}{:>9}{:>13}{:>7}", row[0], row[1], row[2]);
    }
    out.push('\n');
    for hints in &report.hints {
        let _ = writeln!(out, "{}", hints_text(hints, report.n));
    }
    out
}

fn hints_text(hints: &Hints, n: usize) -> String {
    let share = |(given, right): (usize, usize)| match given {
        0 => "none".to_owned(),
        given => format!("{right} of {given} right ({:.3})", right as f64 / given as f64),
    };
    let [all, supports, contradicts] = hints.counts.map(share);
    let (given, right) = (hints.counts[0].0 as f64 / n.max(1) as f64, hints.chosen_for);
    let interval = if hints.counts[0].0 > 0 { format!(", {}", range(hints.interval)) } else { String::new() };
    let silent = hints.macro_f1;
    format!(
        "hints at {right:.2}      {all}{interval}; given for {given:.3} of the pairs; supports: {supports}; contradicts: {contradicts}; \
         macro-F1 with silence as NEI {silent:.3}"
    )
}

fn range((low, high): (f64, f64)) -> String {
    format!("{low:.3} to {high:.3}")
}
