//! `groundline eval hints`: are the hints right that are given for labelled pairs?

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::eval::failure;
use super::{Done, Failure, Where, output};
use crate::eval::hints::{self, Appraised, Figures};

#[derive(Args)]
pub(super) struct Hints {
    /// JSONL with id, claim, passage and label (SUPPORT, CONTRADICT or NEI) of each pair
    #[arg(long, value_name = "FILE")]
    pairs: PathBuf,
    /// Write each pair's signals and label instead, and the signals of the passages beside it, one pair a line: what the hint is
    /// fitted on
    #[arg(long)]
    signals: bool,
    /// Write each pair instead with its passage's words and what was found of it, one pair a line: for reading
    #[arg(long, conflicts_with = "signals")]
    details: bool,
    #[command(flatten)]
    place: Where,
}

impl Hints {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let folders = self.place.folders()?;
        let snapshot = folders.snapshot(&folders.answering()?)?;
        let all = hints::appraised(&snapshot, &self.pairs).map_err(failure)?;
        if self.signals {
            return output::text(&lines(&all));
        }
        if self.details {
            return output::text(&all.iter().map(|one| detailed(one).to_string() + "\n").collect::<String>());
        }
        let figures = hints::figures(&all);
        if json { output::json(&object(&figures)) } else { output::text(&page(&figures)) }
    }
}

fn lines(all: &[Appraised]) -> String {
    let line = |one: &Appraised| {
        let Appraised { pair, .. } = one;
        let signals = named(one.signals());
        let company = one.company().into_iter();
        let company: Vec<_> =
            company.map(|(id, signals)| json!({"passage": id.to_string(), "signals": named(signals)})).collect();
        let (claim, passage, label) = (&pair.claim, &pair.passage, pair.label.name());
        let pair = &pair.id;
        json!({"id": pair, "claim": claim, "passage": passage, "label": label, "signals": signals, "company": company})
            .to_string()
    };
    all.iter().map(|one| line(one) + "\n").collect()
}

fn named(signals: Vec<(&'static str, f32)>) -> serde_json::Map<String, serde_json::Value> {
    signals.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect()
}

/// A pair as somebody reads it who wants to know why something was flagged, or was not.
fn detailed(one: &Appraised) -> serde_json::Value {
    let Appraised { pair, passage, found } = one;
    let appraisal = found.clone().unwrap_or_default().appraisal;
    let flags = appraisal.differences.iter().map(|one| json!({"flag": one.kind.name(), "reason": one.reason}));
    let stated = passage.grade.as_ref().and_then(|grade| grade.direction).or(passage.direction);
    json!({
        "id": pair.id,
        "label": pair.label.name(),
        "claim": pair.claim,
        "passage": pair.passage,
        "path": passage.path,
        "lead": passage.lead,
        "text": passage.text(),
        "direction": stated,
        "flags": flags.collect::<Vec<_>>(),
        "hint": appraisal.hint.map(|hint| hint.stance.name()),
        "chances": appraisal.chances,
        "signals": named(one.signals()),
    })
}

fn object(figures: &Figures) -> serde_json::Value {
    let of = figures.of.iter().map(|(label, [pairs, given, right])| {
        (label.name().to_owned(), json!({"pairs": pairs, "given": given, "right": right}))
    });
    let flags = figures.flags.iter().map(|(kind, of)| {
        let of = of.iter().map(|(label, count)| (label.name().to_owned(), json!(count)));
        ((*kind).to_owned(), json!(of.collect::<serde_json::Map<_, _>>()))
    });
    json!({
        "n": figures.n,
        "accuracy": figures.accuracy,
        "ece": figures.ece,
        "right": figures.right.0,
        "right_interval": figures.right.1,
        "labels": of.collect::<serde_json::Map<_, _>>(),
        "flags": flags.collect::<serde_json::Map<_, _>>(),
    })
}

fn page(figures: &Figures) -> String {
    let mut out = String::new();
    let (right, (low, high)) = figures.right;
    let _ = writeln!(
        out,
        "{} pairs; likeliest stance right {:.3}, calibration error {:.3}",
        figures.n, figures.accuracy, figures.ece
    );
    let _ = writeln!(out, "hints that support or contradict: right {right:.3} ({low:.3} to {high:.3})");
    for (label, [pairs, given, right]) in &figures.of {
        let _ = writeln!(out, "  {:10} {pairs:5} pairs; {given:4} hints given, {right} right", label.name());
    }
    for (kind, of) in &figures.flags {
        let counts: Vec<String> = of.iter().map(|(label, count)| format!("{} {count}", label.name())).collect();
        let _ = writeln!(out, "  {kind:22} {}", counts.join(", "));
    }
    out
}
