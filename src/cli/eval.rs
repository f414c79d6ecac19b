//! `groundline eval`: how good the answers are.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use serde_json::json;

use super::{
    Done, Failure, Where, claims, conflicts, hints, output, reading, retrieval, settings, stance, statements, usage,
};
use crate::eval::{self, features};
use crate::index::{Ranker, Ranking, Store};

#[derive(Subcommand)]
pub(super) enum Eval {
    /// Is the passage that settles a claim among the first?
    Claims(claims::Claims),
    /// Are guidelines that disagree about a claim told apart from those that do not?
    Conflicts(conflicts::Conflicts),
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
    /// Are the hints right that are given for labelled pairs of a claim and a passage?
    Hints(hints::Hints),
    /// Is everything read that a person finds on the page?
    Reading(reading::Reading),
    /// Ranking on a public set in the BEIR layout
    Retrieval(retrieval::Retrieval),
    /// Are the claims of a response found, and only these?
    Split(statements::Statements),
    /// Does a text support or contradict a claim? On labelled pairs
    Stance(stance::Stance),
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
            Eval::Claims(claims) => claims.run(json),
            Eval::Conflicts(conflicts) => conflicts.run(json),
            Eval::Features { claims, dataset, split, place } => {
                run_features(claims.as_deref(), dataset.as_deref(), split, place)
            }
            Eval::Hints(hints) => hints.run(json),
            Eval::Reading(reading) => reading.run(json),
            Eval::Retrieval(retrieval) => retrieval.run(json),
            Eval::Split(statements) => statements.run(json),
            Eval::Stance(stance) => stance.run(json),
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
pub(super) fn store_in(scratch: &std::path::Path, ranking: &super::Ranking) -> Result<Store, Failure> {
    let ranker = ranking.wanted()?.unwrap_or(Ranker::Static);
    let store = Store::new(scratch).ranked(Ranking::new(Some(ranker), ranking.encoders(ranker)?));
    Ok(match settings::vectors_cache() {
        Some(folder) => store.caching_in(folder),
        None => store,
    })
}
