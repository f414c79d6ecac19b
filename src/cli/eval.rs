//! `groundline eval`: how good the answers are.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use serde_json::{Map, Value, json};

use super::runs::{self, Saving};
use super::{Done, Failure, Ranking, Where, claims, output, reading, usage};
use crate::eval::retrieval::{Collection, Report, Timing, percentile};
use crate::eval::saved::{Comparison, Measure};
use crate::eval::{self, features};

#[derive(Subcommand)]
pub(super) enum Eval {
    /// Is the passage that settles a claim among the first?
    Claims(claims::Claims),
    /// Write what ranking measures of each claim's candidates, one claim a line: what the model is trained on
    Features {
        /// TSV whose first two columns are id and claim, asked of the corpus
        #[arg(long, value_name = "FILE", conflicts_with = "dataset", required_unless_present = "dataset")]
        claims: Option<PathBuf>,
        /// A folder in the BEIR layout instead
        #[arg(long, value_name = "DIR")]
        dataset: Option<PathBuf>,
        /// The split of that folder
        #[arg(long, default_value = "train")]
        split: String,
        #[command(flatten)]
        place: Where,
    },
    /// Is everything read that a person finds on the page?
    Reading(reading::Reading),
    /// Ranking on a public set in the BEIR layout
    Retrieval {
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
        ranking: Ranking,
    },
}

/// Documents that are asked for where asking is timed.
const TOP: usize = 10;

pub(super) fn failure(error: eval::Error) -> Failure {
    match error {
        eval::Error::Index(_) | eval::Error::Evidence(_) => Failure::Failed(error.into()),
        input => usage(input),
    }
}

impl Eval {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        match self {
            Eval::Claims(claims) => claims.run(json),
            Eval::Features { claims, dataset, split, place } => {
                run_features(claims.as_deref(), dataset.as_deref(), split, place)
            }
            Eval::Reading(reading) => reading.run(json),
            Eval::Retrieval { dataset, split, run, rounds, saving, ranking: _ } => {
                run_retrieval(dataset, split, run.as_deref(), *rounds, saving, json)
            }
        }
    }
}

fn run_features(
    claims: Option<&std::path::Path>,
    dataset: Option<&std::path::Path>,
    split: &str,
    place: &Where,
) -> Result<Done, Failure> {
    let mut out = String::new();
    let mut take = |line: features::Line| {
        let _ = writeln!(out, "{}", json!(line));
    };
    if let Some(dataset) = dataset {
        let scratch = tempfile::tempdir().context("no temporary folder can be made")?;
        features::of_dataset(dataset, split, scratch.path(), &mut take).map_err(failure)?;
    } else if let Some(path) = claims {
        let folders = place.folders()?;
        let snapshot = folders.snapshot(&folders.store())?;
        features::of_claims(&snapshot, path, &mut take).map_err(failure)?;
    }
    output::text(&out)
}

fn run_retrieval(
    dataset: &std::path::Path,
    split: &str,
    run: Option<&std::path::Path>,
    rounds: usize,
    saving: &Saving,
    json: bool,
) -> Result<Done, Failure> {
    let before = saving.before()?;
    let scratch = tempfile::tempdir().context("no temporary folder can be made")?;
    let collection = Collection::open(dataset, split, scratch.path()).map_err(failure)?;
    let report = collection.measure().map_err(failure)?;
    if report.queries == 0 {
        return Err(failure(eval::Error::Nothing(dataset.to_owned())));
    }
    if let Some(path) = run {
        let lines: String = report
            .run
            .iter()
            .map(|line| format!("{} Q0 {} {} {:.6} groundline\n", line.query, line.document, line.rank, line.score))
            .collect();
        std::fs::write(path, lines).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    let comparison = saving.settle(Measure::Retrieval, report.maker.clone(), report.rows.clone(), before.as_ref())?;
    let timing = if rounds > 0 { Some(collection.time(TOP, rounds).map_err(failure)?) } else { None };
    let name = dataset.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let measured = Measured { name, split, report, timing, comparison };
    if json { output::json(&measured.as_json()) } else { output::text(&measured.as_text()) }
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
        let mut out = format!("{name} {split}, {} queries\n{}", report.queries, runs::as_text(&report.rows));
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(out, "{:<13} {}", "ms a query", times(&report.millis));
        if let Some(timing) = &self.timing {
            let _ = writeln!(out, "{:<13} {}, warm, {} best", "ms again", times(&timing.millis), timing.top);
        }
        out + &self.comparison.as_ref().map(runs::comparison_text).unwrap_or_default()
    }
}
