//! What `eval claims` and `eval retrieval` share: figures with their intervals, a saved run, and the comparison with one.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde_json::{Map, Value, json};

use super::eval::failure;
use super::{Failure, output};
use crate::eval::compare::Difference;
use crate::eval::figures::{Figure, Maker, Row, summaries};
use crate::eval::saved::{Comparison, Measure, Run};

/// Ids that are named where many are missing.
const NAMED: usize = 20;

#[derive(Args)]
pub(super) struct Saving {
    /// Write the figures of each claim, a JSON line each
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Compare with a run that was saved: difference, 95 % interval, p-value of a paired randomisation test
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
}

impl Saving {
    /// The saved run that is to be compared with, read before the work begins.
    pub(super) fn before(&self) -> Result<Option<Run>, Failure> {
        self.against.as_deref().map(|path| Run::read(path).map_err(failure)).transpose()
    }

    /// Saves this run and compares it, each where asked for.
    pub(super) fn settle(
        &self,
        measure: Measure,
        maker: Maker,
        rows: Vec<Row>,
        before: Option<&Run>,
    ) -> Result<Option<Comparison>, Failure> {
        let run = Run { measure, maker, rows };
        if let Some(path) = &self.save {
            let lines = run.to_lines()?;
            std::fs::write(path, lines).with_context(|| format!("{} cannot be written", path.display()))?;
        }
        let comparison = before.map(|before| run.against(before).map_err(failure)).transpose()?;
        if let Some(comparison) = &comparison {
            tell(comparison);
        }
        Ok(comparison)
    }
}

/// Says what two runs do not share.
fn tell(comparison: &Comparison) {
    for (ids, what) in [
        (&comparison.only_now, "in this run alone"),
        (&comparison.only_before, "in the saved run alone"),
        (&comparison.changed, "in both, with other words or another gold, and not compared"),
    ] {
        if !ids.is_empty() {
            output::talk(&format!("groundline: {}: {what}: {}", ids.len(), some(ids)));
        }
    }
}

/// The first ids of a list.
pub(super) fn some(ids: &[String]) -> String {
    let shown = ids.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = ids.len().saturating_sub(NAMED);
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

/// Every figure with its interval, a line each.
pub(super) fn as_text(rows: &[Row]) -> String {
    let mut out = String::new();
    for summary in summaries(rows) {
        let (low, high) = summary.interval;
        let of = if summary.n == rows.len() { String::new() } else { format!(", of {}", summary.n) };
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(out, "{:<13} {:.4}  (95 % interval {low:.4} to {high:.4}{of})", summary.figure, summary.mean);
    }
    out
}

/// The same as members of an object: `hit@1` and `hit@1_ci95`; those that not every claim has with `…_n`.
pub(super) fn as_json(rows: &[Row]) -> Map<String, Value> {
    let mut object = Map::new();
    for summary in summaries(rows) {
        object.insert(summary.figure.to_string(), json!(summary.mean));
        object.insert(format!("{}_ci95", summary.figure), json!(summary.interval));
        if summary.n != rows.len() {
            object.insert(format!("{}_n", summary.figure), json!(summary.n));
        }
    }
    object
}

/// Differences as a table.
pub(super) fn differences_text(heads: [&str; 2], differences: &[(Figure, Difference)]) -> String {
    let mut out = format!("{:<13} {:>8} {:>8} {:>8}  95 % interval       p\n", "", heads[0], heads[1], "change");
    for (figure, one) in differences {
        let (low, high) = one.interval;
        let _ = writeln!(
            out,
            "{figure:<13} {:>8.4} {:>8.4} {:>+8.4}  {low:+.4} to {high:+.4}  {:.4}",
            one.before,
            one.now,
            one.change(),
            one.p
        );
    }
    out
}

/// Differences as an object, by figure.
pub(super) fn differences_json(heads: [&str; 2], differences: &[(Figure, Difference)]) -> Value {
    let one = |(figure, one): &(Figure, Difference)| {
        let value = json!({
            "n": one.n, heads[0]: one.before, heads[1]: one.now, "difference": one.change(),
            "difference_ci95": one.interval, "p": one.p,
        });
        (figure.to_string(), value)
    };
    Value::Object(differences.iter().map(one).collect())
}

/// A comparison with a saved run.
pub(super) fn comparison_text(comparison: &Comparison) -> String {
    let Maker { snapshot, ranker, .. } = &comparison.before;
    let head = format!("\nagainst the saved run (snapshot {snapshot}, {ranker}), {} compared\n", comparison.compared);
    head + &differences_text(["before", "now"], &comparison.figures)
}

/// The same in JSON.
pub(super) fn comparison_json(comparison: &Comparison) -> Value {
    json!({
        "before": comparison.before, "compared": comparison.compared, "only_now": comparison.only_now,
        "only_before": comparison.only_before, "changed": comparison.changed,
        "figures": differences_json(["before", "now"], &comparison.figures),
    })
}
