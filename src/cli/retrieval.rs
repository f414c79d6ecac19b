//! `groundline eval retrieval`: ranking on a public set.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde_json::{Map, Value, json};

use super::eval::{failure, store_in};
use super::runs::{self, Saving};
use super::settings::Lexicons;
use super::{Done, Failure, Ranking, output, settings};
use crate::eval::Error;
use crate::eval::retrieval::{Collection, Report, RunLine, Timing, percentile};
use crate::eval::saved::{Comparison, Measure};

/// Documents that are asked for where asking is timed.
const TOP: usize = 10;

#[derive(Args)]
pub(super) struct Retrieval {
    /// Folder with corpus.jsonl[.gz], queries.jsonl, qrels/
    #[arg(long, value_name = "DIR")]
    dataset: PathBuf,
    /// The split whose judgements are used
    #[arg(long, default_value = "test")]
    split: String,
    /// Write the ranking as a TREC run
    #[arg(long, value_name = "FILE")]
    run: Option<PathBuf>,
    /// Then ask each query again for the ten best, once for warmth and so many times that are timed
    #[arg(long, value_name = "N", default_value_t = 0)]
    rounds: usize,
    #[command(flatten)]
    saving: Saving,
    #[command(flatten)]
    lexicons: Lexicons,
    #[command(flatten)]
    ranking: Ranking,
}

impl Retrieval {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let before = self.saving.before()?;
        let scratch = tempfile::tempdir().context("no temporary folder can be made")?;
        let store = store_in(scratch.path(), &self.ranking)?.asked_with(self.lexicons.open()?.0);
        let bar = settings::indexing_bar(&store);
        let collection = Collection::open(&self.dataset, &self.split, &store).map_err(failure);
        bar.finish_and_clear();
        let collection = collection?;
        let report = collection.measure().map_err(failure)?;
        if report.queries == 0 {
            return Err(failure(Error::Nothing(self.dataset.clone())));
        }
        self.write_run(&report)?;
        let (maker, rows) = (report.maker.clone(), report.rows.clone());
        let comparison = self.saving.settle(Measure::Retrieval, maker, rows, before.as_ref())?;
        let timed = (self.rounds > 0).then(|| collection.time(TOP, self.rounds));
        let timing = timed.transpose().map_err(failure)?;
        let name = self.dataset.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let measured = Measured { name, split: &self.split, report, timing, comparison };
        if json { output::json(&measured.as_json()) } else { output::text(&measured.as_text()) }
    }

    fn write_run(&self, report: &Report) -> Result<(), Failure> {
        let Some(path) = &self.run else { return Ok(()) };
        let line = |line: &RunLine| {
            format!("{} Q0 {} {} {:.6} groundline\n", line.query, line.document, line.rank, line.score)
        };
        let lines: String = report.run.iter().map(line).collect();
        std::fs::write(path, lines).with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(())
    }
}

/// What was measured on a public set.
struct Measured<'a> {
    name: String,
    split: &'a str,
    report: Report,
    timing: Option<Timing>,
    comparison: Option<Comparison>,
}

impl Measured<'_> {
    fn as_json(&self) -> Map<String, Value> {
        let times = |millis: &[f64]| json!({"p50": percentile(millis, 50), "p99": percentile(millis, 99)});
        let mut object = Map::new();
        object.insert("dataset".to_owned(), json!(self.name));
        object.insert("split".to_owned(), json!(self.split));
        object.insert("ranker".to_owned(), json!(self.report.maker.ranker));
        object.insert("queries".to_owned(), json!(self.report.queries));
        object.extend(runs::as_json(&self.report.rows));
        object.insert("ms_per_query".to_owned(), times(&self.report.millis));
        if let Some(timing) = &self.timing {
            let mut again = times(&timing.millis);
            again["top"] = json!(timing.top);
            again["rounds"] = json!(timing.rounds);
            object.insert("ms_per_query_again".to_owned(), again);
        }
        if let Some(comparison) = &self.comparison {
            object.insert("against".to_owned(), runs::comparison_json(comparison));
        }
        object
    }

    fn as_text(&self) -> String {
        let times = |millis: &[f64]| {
            let (p50, p99) = (percentile(millis, 50), percentile(millis, 99));
            format!("{p50:.3} (p50), {p99:.3} (p99)")
        };
        let (name, split, report) = (&self.name, self.split, &self.report);
        let mut out = format!(
            "{name} {split}, {} queries, {}\n{}",
            report.queries,
            report.maker.ranker,
            runs::as_text(&report.rows)
        );
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(out, "{:<13} {}", "ms a query", times(&report.millis));
        if let Some(timing) = &self.timing {
            let _ = writeln!(out, "{:<13} {}, warm, {} best", "ms again", times(&timing.millis), timing.top);
        }
        out + &self.comparison.as_ref().map(runs::comparison_text).unwrap_or_default()
    }
}
