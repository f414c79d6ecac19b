//! `groundline eval`: how good the answers are.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::settings::Lexicons;
use super::{Done, Failure, Where, output, reading, settings, usage};
use crate::eval::{self, bootstrap, claims, features, retrieval};
use crate::index::{Ranker, Ranking, Store};

#[derive(Subcommand)]
pub(super) enum Eval {
    /// Is the passage that settles a claim among the first?
    Claims {
        /// TSV: id claim file location supporting_text stance
        #[arg(long, value_name = "FILE")]
        claims: PathBuf,
        /// Show each claim's rank
        #[arg(long)]
        each: bool,
        #[command(flatten)]
        lexicons: Lexicons,
        #[command(flatten)]
        place: Where,
    },
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
        #[command(flatten)]
        lexicons: Lexicons,
        #[command(flatten)]
        ranking: super::Ranking,
    },
}

pub(super) fn failure(error: eval::Error) -> Failure {
    match error {
        eval::Error::Index(_) | eval::Error::Evidence(_) => Failure::Failed(error.into()),
        input => usage(input),
    }
}

impl Eval {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        match self {
            Eval::Claims { claims, each, lexicons, place } => run_claims(claims, *each, lexicons, place, json),
            Eval::Features { claims, dataset, split, place } => {
                run_features(claims.as_deref(), dataset.as_deref(), split, place)
            }
            Eval::Reading(reading) => reading.run(json),
            Eval::Retrieval { dataset, split, run, lexicons, ranking } => {
                run_retrieval(dataset, split, run.as_deref(), lexicons, ranking, json)
            }
        }
    }
}

fn run_claims(
    path: &std::path::Path,
    each: bool,
    lexicons: &Lexicons,
    place: &Where,
    json: bool,
) -> Result<Done, Failure> {
    let gold = claims::read(path).map_err(failure)?;
    let folders = place.folders()?;
    let store = folders.answering()?.asked_with(lexicons.open()?.0);
    let snapshot = folders.snapshot(&store)?;
    let report = claims::measure(&snapshot, &gold).map_err(failure)?;
    for id in &report.missing {
        output::talk(&format!("groundline: the file of claim {id} is in no document of this snapshot"));
    }
    let interval = |depth: usize| bootstrap(&report.hits(depth));
    if json {
        let each: Vec<_> =
            report.outcomes.iter().map(|one| json!({"id": one.id, "rank": one.rank, "first": one.first})).collect();
        return output::json(&json!({
            "n": report.outcomes.len(), "hit@1": report.recall(1), "recall@5": report.recall(5), "recall@20": report.recall(20),
            "mrr": report.mrr(), "hit@1_ci95": interval(1), "recall@5_ci95": interval(5),
            "hint": {"given": 0, "right": 0}, "ranker": snapshot.engine().ranker, "snapshot": snapshot.manifest().id, "claims": each,
        }));
    }
    let mut out = String::new();
    if each {
        for one in &report.outcomes {
            let rank = one.rank.map_or("  –".to_owned(), |rank| format!("{rank:>3}"));
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(out, "{:<8} {rank}  {}", one.id, one.first.as_deref().unwrap_or("no passage"));
        }
    }
    let line = |name: &str, depth: usize| {
        let (low, high) = interval(depth);
        format!("{name:<10} {:.3}  (95 % interval {low:.3} to {high:.3})\n", report.recall(depth))
    };
    let _ = write!(out, "claims     {}\n{}{}", report.outcomes.len(), line("hit@1", 1), line("recall@5", 5));
    let _ = writeln!(out, "{}mrr@20     {:.3}", line("recall@20", 20), report.mrr());
    output::text(&out)
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
        let store = store_in(scratch.path(), &place.ranking)?;
        features::of_dataset(dataset, split, &store, &mut take).map_err(failure)?;
    } else if let Some(path) = claims {
        let folders = place.folders()?;
        let snapshot = folders.snapshot(&folders.answering()?)?;
        features::of_claims(&snapshot, path, &mut take).map_err(failure)?;
    }
    output::text(&out)
}

/// An index folder for a data set, which is built for the ranker that was named or for the embedded one.
fn store_in(scratch: &std::path::Path, ranking: &super::Ranking) -> Result<Store, Failure> {
    let ranker = ranking.wanted()?.unwrap_or(Ranker::Static);
    let store = Store::new(scratch).ranked(Ranking::new(Some(ranker), ranking.encoders(ranker)?));
    Ok(match settings::vectors_cache() {
        Some(folder) => store.caching_in(folder),
        None => store,
    })
}

fn run_retrieval(
    dataset: &std::path::Path,
    split: &str,
    run: Option<&std::path::Path>,
    lexicons: &Lexicons,
    ranking: &super::Ranking,
    json: bool,
) -> Result<Done, Failure> {
    let scratch = tempfile::tempdir().context("no temporary folder can be made")?;
    let store = store_in(scratch.path(), ranking)?.asked_with(lexicons.open()?.0);
    let ranker = ranking.wanted()?.unwrap_or(Ranker::Static);
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("indexing {spinner} {left}") {
        bar.set_style(style.with_key("left", settings::time_left(store.tally())));
    }
    bar.enable_steady_tick(Duration::from_millis(500));
    let report = retrieval::measure(dataset, split, &store).map_err(failure);
    bar.finish_and_clear();
    let report = report?;
    if let Some(path) = run {
        let lines: String = report
            .run
            .iter()
            .map(|line| format!("{} Q0 {} {} {:.6} groundline\n", line.query, line.document, line.rank, line.score))
            .collect();
        std::fs::write(path, lines).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    let (p50, p99) = (report.percentile(50), report.percentile(99));
    let name = dataset.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if json {
        return output::json(&json!({
            "dataset": name, "split": split, "ranker": ranker, "queries": report.queries, "ndcg@10": report.ndcg_at_10(),
            "ndcg@10_ci95": bootstrap(&report.ndcg), "recall@100": report.recall_at_100(), "mrr@10": report.mrr_at_10(),
            "ms_per_query": {"p50": p50, "p99": p99},
        }));
    }
    let (low, high) = bootstrap(&report.ndcg);
    output::text(&format!(
        "{name} {split}, {} queries, {ranker}\nndcg@10    {:.4}  (95 % interval {low:.4} to {high:.4})\nrecall@100 {:.4}\nmrr@10     {:.4}\n\
         ms a query {p50:.2} (p50), {p99:.2} (p99)\n",
        report.queries,
        report.ndcg_at_10(),
        report.recall_at_100(),
        report.mrr_at_10()
    ))
}
