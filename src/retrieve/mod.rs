//! A claim and a snapshot to ranked passages, and the reasons why.
//!
//! Two stages. The first weighs every passage by the claim's words and by its meaning; the second measures the best few
//! hundred from the index's lists and ranks them by a learned model. Reading the best fifty sentence by sentence was tried
//! as a third, and did not pay. Claim text never reaches a query parser. What a passage *means* for a claim
//! is not asked here, and neither is which edition is in force.

mod features;
mod model;
mod query;
mod reasons;
mod recall;
mod spelling;
mod topic;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::claim::Claim;
use crate::corpus::VersionId;
use crate::index::{Error, Lists, Snapshot};
use crate::passage::Passage;

pub use features::{COUNT, Candidate, Features, NAMES, Overlap};
pub use model::Model;
pub use query::{Alternative, Asked, Origin, Search};
pub use reasons::{Reason, rationale, why};

/// Fewest passages that the first stage lets through by words, and as many again by meaning.
const FEWEST: usize = 150;

/// A passage that was found for a claim.
#[derive(Clone, Debug)]
pub struct Found {
    /// The passage.
    pub passage: Arc<Passage>,
    /// Its score; higher is better, comparable within one answer only.
    pub score: f64,
    /// What it shares with the claim.
    pub overlap: Overlap,
    /// What was measured of it.
    pub features: Features,
}

impl Found {
    /// What each feature adds to its score, by name.
    pub fn explained(&self, snapshot: &Snapshot) -> Vec<(&'static str, f32)> {
        Model::of(snapshot.engine().ranker).explained(&self.features)
    }
}

/// A passage's row in the index, its score, and what was measured.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The passage, by its row.
    pub candidate: Candidate,
    /// Its score; higher is better, comparable within one answer only.
    pub score: f64,
}

/// Which passages a search may give.
#[derive(Clone, Copy, Debug)]
pub enum Among<'a> {
    /// Every one.
    All,
    /// Those of these versions, with the scores that they have among all: to leave out what would not have been shown
    /// changes nothing.
    Of(&'a BTreeSet<VersionId>),
    /// Those of these versions, measured as though there were no others.
    Alone(&'a BTreeSet<VersionId>),
}

/// Ranked passages for a claim, best first; equal scores in the order of passage ids.
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn search(snapshot: &Snapshot, search: &Search, among: Among<'_>, limit: usize) -> Result<Vec<Found>, Error> {
    let placed = placed(snapshot, search, among, limit)?;
    let rows: Vec<u32> = placed.iter().map(|one| one.candidate.row).collect();
    let passages = snapshot.in_rows(&rows)?;
    let found = passages.into_iter().zip(placed).map(|(passage, Placed { candidate, score })| Found {
        passage,
        score,
        overlap: candidate.overlap,
        features: candidate.features,
    });
    Ok(found.collect())
}

/// The same without reading the passages.
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn placed(snapshot: &Snapshot, search: &Search, among: Among<'_>, limit: usize) -> Result<Vec<Placed>, Error> {
    let model = Model::of(snapshot.engine().ranker);
    let score = |candidate: Candidate| Placed { score: model.score(&candidate.features), candidate };
    let mut placed: Vec<Placed> = candidates(snapshot, search, among, limit)?.into_iter().map(score).collect();
    placed.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.candidate.row.cmp(&b.candidate.row)));
    placed.truncate(limit);
    Ok(placed)
}

/// The passages that the first stage lets through, measured, in the order of the index.
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn candidates(
    snapshot: &Snapshot,
    search: &Search,
    among: Among<'_>,
    limit: usize,
) -> Result<Vec<Candidate>, Error> {
    let Some(lists) = snapshot.lists().filter(|_| !search.is_empty()) else { return Ok(Vec::new()) };
    let words = recall::by_words(lists, search)?;
    let limit = limit.saturating_add(limit / 2).max(FEWEST);
    let (within, beside) = (within(lists, among), beside(lists, among));
    let similar: Vec<Vec<f32>> = snapshot
        .meanings()
        .iter()
        .zip(&search.vectors)
        .map(|(meaning, query)| recall::by_meaning(lists, &meaning.matrix, query, &beside))
        .collect();
    let best = |within: &[Range<u32>]| {
        let scores = std::iter::once(&words).chain(&similar);
        let mut rows: Vec<u32> = scores.flat_map(|scores| recall::best(scores, within, limit)).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    };
    let pool = best(&beside);
    let rows = if within == beside { pool.clone() } else { best(&within) };
    let meaning = |which: usize| similar.get(which).map(Vec::as_slice);
    let stage = features::Stage { words: &words, meanings: [meaning(0), meaning(1)], pool: &pool };
    features::measured(lists, search, &stage, &rows)
}

/// The rows that may be given.
fn within(lists: &Lists, among: Among<'_>) -> Vec<Range<u32>> {
    match among {
        Among::All => lists.all().to_vec(),
        // Rows are in the order of versions, and so is the set.
        Among::Of(versions) | Among::Alone(versions) => versions.iter().map(|id| lists.rows(id)).collect(),
    }
}

/// The rows beside which those are measured.
fn beside(lists: &Lists, among: Among<'_>) -> Vec<Range<u32>> {
    match among {
        Among::All | Among::Of(_) => lists.all().to_vec(),
        Among::Alone(_) => within(lists, among),
    }
}

/// Reads a claim and ranks, over all versions: see [`placed`].
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn ask(snapshot: &Snapshot, claim: &Claim, limit: usize) -> Result<Vec<Placed>, Error> {
    placed(snapshot, &Search::of(snapshot, claim)?, Among::All, limit)
}
