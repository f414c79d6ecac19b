//! A claim and a snapshot to ranked passages, each with the reasons why.
//!
//! The query is built in code from the claim's terms; claim text never reaches a query parser. What a passage *means* for
//! a claim is not asked here, and neither is which edition is in force.

mod query;
mod rank;
mod scope;

use std::collections::BTreeSet;

use crate::claim::Claim;
use crate::corpus::VersionId;
use crate::index::{Error, Snapshot};
use crate::passage::Passage;

pub use query::{Asked, Search};
pub use rank::{Overlap, rationale};

/// A passage that was found for a claim.
#[derive(Clone, Debug)]
pub struct Found {
    /// The passage.
    pub passage: Passage,
    /// Its score; higher is better, comparable within one answer only.
    pub score: f64,
    /// What it shares with the claim.
    pub overlap: Overlap,
    /// Why it ranks where it does.
    pub why: Vec<Reason>,
}

/// One reason for a rank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A word of the claim stands in the passage; as written in the claim.
    Term(String),
    /// A word of the claim stands only in the title or the headings above the passage.
    Heading(String),
    /// A number with its unit is the same in both.
    Quantity(String),
    /// The passage recommends.
    Recommendation,
}

/// Ranked passages for a claim, best first; equal scores in the order of passage ids.
///
/// `versions` bounds the search to these versions; `None` searches all.
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn search(
    snapshot: &Snapshot,
    claim: &Claim,
    versions: Option<&BTreeSet<VersionId>>,
    limit: usize,
) -> Result<Vec<Found>, Error> {
    let search = Search::of(snapshot, claim)?;
    search_as(snapshot, &search, versions, limit)
}

/// The same for a search that was prepared before, so that a second look costs no second reading of the claim.
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn search_as(
    snapshot: &Snapshot,
    search: &Search,
    versions: Option<&BTreeSet<VersionId>>,
    limit: usize,
) -> Result<Vec<Found>, Error> {
    if search.is_empty() || versions.is_some_and(BTreeSet::is_empty) {
        return Ok(Vec::new());
    }
    let query = search.query(snapshot.fields(), versions);
    let hits = snapshot.search(query.as_ref(), rank::candidates(limit))?;
    let titles = |id: &VersionId| snapshot.entry(id).and_then(|entry| entry.facts.title.clone()).unwrap_or_default();
    let mut found: Vec<Found> = hits.into_iter().map(|hit| rank::weigh(search, hit, &titles)).collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.passage.id.cmp(&b.passage.id)));
    found.truncate(limit);
    Ok(found)
}
