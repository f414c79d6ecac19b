//! `groundline eval split`: how well responses are split into statements.
//!
//! Of responses outside the half `dev` figures are printed and nothing else, with `--details` too.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::eval::failure;
use super::{Done, Failure, output};
use crate::eval::split::{self, Report, Share};

#[derive(Args)]
pub(super) struct Statements {
    /// Folder of gold: NAME.md with NAME.tsv beside it
    #[arg(long, value_name = "DIR")]
    gold: PathBuf,
    /// Show every miss of the half `dev`, a line each
    #[arg(long)]
    details: bool,
}

impl Statements {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let reports = split::measure(&split::read(&self.gold).map_err(failure)?).map_err(failure)?;
        if json {
            let halves: Map<String, Value> =
                reports.iter().map(|(half, report)| (half.clone(), self.as_json(report))).collect();
            return output::json(&halves);
        }
        output::text(&self.as_text(&reports))
    }

    fn as_json(&self, report: &Report) -> Value {
        let mut object = Map::new();
        object.insert("responses".to_owned(), json!(report.responses));
        for (name, share) in figures(report) {
            let value =
                json!({"value": share.value(), "n": share.of(), "ci95": share.value().map(|_| share.interval())});
            object.insert(name.to_owned(), value);
        }
        object.insert("displaced".to_owned(), json!(report.displaced));
        if self.details {
            object.insert("misses".to_owned(), json!(report.misses));
        }
        Value::Object(object)
    }

    fn as_text(&self, reports: &BTreeMap<String, Report>) -> String {
        let mut out = String::new();
        for (half, report) in reports {
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(out, "{half}, {} responses, {} displaced spans", report.responses, report.displaced);
            for (name, share) in figures(report) {
                let (low, high) = share.interval();
                let value = share.value().map_or("–".to_owned(), |value| format!("{value:.3} ({low:.3}–{high:.3})"));
                let _ = writeln!(out, "  {name:<18} {value} n={}", share.of());
            }
            for miss in report.misses.iter().filter(|_| self.details) {
                let _ = writeln!(out, "  {}", miss.replace(['\n', '\r'], " "));
            }
        }
        out
    }
}

/// The figures with their names.
fn figures(report: &Report) -> [(&'static str, &Share); 4] {
    [
        ("claims_found", &report.found),
        ("exact_spans", &report.exact),
        ("not_claims_taken", &report.taken),
        ("taken_are_claims", &report.right),
    ]
}
