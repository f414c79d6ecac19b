//! A claim and a snapshot to ranked passages, each with the reasons why.
//!
//! Three stages. The first weighs every passage by the claim's words and by its meaning; the second measures the best few
//! hundred from the index's lists; the third reads the best fifty. A learned model ranks after each of the last two. Claim text never reaches a query parser. What a passage *means* for a claim
//! is not asked here, and neither is which edition is in force.

mod features;
mod model;
mod query;
mod reading;
mod reasons;
mod recall;
mod spelling;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::claim::Claim;
use crate::corpus::VersionId;
use crate::index::{Error, Lists, Snapshot};
use crate::passage::Passage;

pub use features::{COUNT, Candidate, Features, NAMES, Overlap};
pub use model::Model;
pub use query::{Alternative, Asked, Origin, Search};
pub use reading::Reading;
pub use reasons::{Reason, rationale};

/// Fewest passages that the first stage lets through by words, and as many again by meaning.
const FEWEST: usize = 150;

/// Most passages that the third stage reads.
const MOST_READ: usize = 50;

/// A passage that was found for a claim.
#[derive(Clone, Debug)]
pub struct Found {
    /// The passage.
    pub passage: Passage,
    /// Its score; higher is better, comparable within one answer only.
    pub score: f64,
    /// What it shares with the claim.
    pub overlap: Overlap,
    /// What was measured of it.
    pub features: Features,
    /// What was read of it; zeros where it stands too low to be read.
    pub reading: Reading,
    /// Why it ranks where it does.
    pub why: Vec<Reason>,
}

impl Found {
    /// What each feature adds to its score, by name.
    pub fn explained(&self, snapshot: &Snapshot) -> Vec<(&'static str, f32)> {
        Model::of(snapshot.engine().ranker).explained(&self.features, &self.reading)
    }
}

/// Ranked passages for a claim, best first; equal scores in the order of passage ids.
///
/// `versions` bounds the search to these versions; `None` searches all.
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn search(
    snapshot: &Snapshot,
    search: &Search,
    versions: Option<&BTreeSet<VersionId>>,
    limit: usize,
) -> Result<Vec<Found>, Error> {
    let model = Model::of(snapshot.engine().ranker);
    let mut placed: Vec<(f64, Candidate)> = candidates(snapshot, search, versions, limit)?
        .into_iter()
        .map(|candidate| (model.before_reading(&candidate.features), candidate))
        .collect();
    placed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.row.cmp(&b.1.row)));
    placed.truncate(limit.max(MOST_READ));
    let rows: Vec<u32> = placed.iter().map(|(_, candidate)| candidate.row).collect();
    let mut found: Vec<Found> = Vec::with_capacity(placed.len());
    for (passage, (score, candidate)) in snapshot.in_rows(&rows)?.into_iter().zip(placed) {
        let Candidate { features, overlap, .. } = candidate;
        found.push(Found { passage, score, overlap, features, reading: Reading::default(), why: Vec::new() });
    }
    let unread = found.split_off(found.len().min(MOST_READ));
    for one in &mut found {
        one.reading = reading::read(snapshot, search, one.passage.text());
        one.score = model.score(&one.features, &one.reading);
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.passage.id.cmp(&b.passage.id)));
    below(&mut found, unread);
    found.truncate(limit);
    for one in &mut found {
        one.why = reasons::why(snapshot, search, &one.passage);
    }
    Ok(found)
}

/// Puts what was not read below what was, in its own order.
fn below(found: &mut Vec<Found>, unread: Vec<Found>) {
    let Some((lowest, highest)) = found.last().map(|one| one.score).zip(unread.first().map(|one| one.score)) else {
        return;
    };
    found.extend(unread.into_iter().map(|one| Found { score: lowest * one.score / highest, ..one }));
}

/// The passages that the first stage lets through, measured, in the order of the index.
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn candidates(
    snapshot: &Snapshot,
    search: &Search,
    versions: Option<&BTreeSet<VersionId>>,
    limit: usize,
) -> Result<Vec<Candidate>, Error> {
    let Some(lists) = snapshot.lists().filter(|_| !search.is_empty()) else { return Ok(Vec::new()) };
    let within = within(lists, versions);
    let words = recall::by_words(lists, search)?;
    let limit = limit.saturating_add(limit / 2).max(FEWEST);
    let mut rows = recall::best(&words, &within, limit);
    let similar: Vec<Vec<f32>> = snapshot
        .meanings()
        .iter()
        .zip(&search.vectors)
        .map(|(meaning, query)| recall::by_meaning(lists, &meaning.matrix, query, &within))
        .collect();
    for similar in &similar {
        rows.extend(recall::best(similar, &within, limit));
    }
    rows.sort_unstable();
    rows.dedup();
    let meaning = |which: usize| similar.get(which).map(Vec::as_slice);
    let stage = features::Stage { words: &words, meanings: [meaning(0), meaning(1)] };
    features::measured(lists, search, &stage, &rows)
}

/// The rows of these versions; of all where there is no bound.
fn within(lists: &Lists, versions: Option<&BTreeSet<VersionId>>) -> Vec<Range<u32>> {
    match versions {
        None => vec![0..u32::try_from(lists.passages()).unwrap_or(u32::MAX)],
        // Rows are in the order of versions, and so is the set.
        Some(versions) => versions.iter().map(|id| lists.rows(id)).collect(),
    }
}

/// A passage's row with everything that is measured and read of it: what the model is trained on.
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn measured(snapshot: &Snapshot, claim: &Claim, limit: usize) -> Result<Vec<(Passage, u32, Vec<f32>)>, Error> {
    let search = Search::of(snapshot, claim)?;
    let candidates = candidates(snapshot, &search, None, limit)?;
    let rows: Vec<u32> = candidates.iter().map(|one| one.row).collect();
    let measured = |(passage, one): (Passage, Candidate)| {
        let reading = reading::read(snapshot, &search, passage.text());
        (passage, one.row, one.features.into_iter().chain(reading).collect())
    };
    Ok(snapshot.in_rows(&rows)?.into_iter().zip(candidates).map(measured).collect())
}
