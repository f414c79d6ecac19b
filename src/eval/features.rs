//! What the second stage measures, written out: the model's training data.

use std::path::Path;

use serde::Serialize;

use super::retrieval::Collection;
use super::{Error, claims};
use crate::claim::Claim;
use crate::index::{Snapshot, Store};
use crate::retrieve::{self, Among, Candidate, Search};

/// Passages let through by the first stage at least; what an answer of five is chosen from.
const LIMIT: usize = 45;

/// One claim with its candidates.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The claim's id.
    pub id: String,
    /// Its candidates, in the order of the index.
    pub candidates: Vec<Measured>,
}

/// One candidate.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// The passage, or the data set's document.
    pub id: String,
    /// Its features, in the order of [`retrieve::NAMES`].
    pub features: Vec<f32>,
}

/// Measures the candidates of each claim of a TSV whose first two columns are `id` and `claim`.
///
/// # Errors
/// [`Error`] where the file or the snapshot cannot be read.
pub fn of_claims(snapshot: &Snapshot, path: &Path, take: &mut dyn FnMut(Line)) -> Result<(), Error> {
    for (id, claim) in claims::named(path)? {
        let Ok(claim) = Claim::new(&claim) else { continue };
        let candidates = retrieve::candidates(snapshot, &Search::of(snapshot, &claim)?, Among::All, LIMIT)?;
        let rows: Vec<u32> = candidates.iter().map(|one| one.row).collect();
        let ids = snapshot.in_rows(&rows)?.into_iter().map(|passage| passage.id.to_string());
        let measured = |(id, one): (String, Candidate)| Measured { id, features: one.features.to_vec() };
        take(Line { id, candidates: ids.zip(candidates).map(measured).collect() });
    }
    Ok(())
}

/// Measures the candidates of each judged query of a data set in the BEIR layout.
///
/// # Errors
/// [`Error`] names the file that is missing or wrong.
pub fn of_dataset(dataset: &Path, split: &str, store: &Store, take: &mut dyn FnMut(Line)) -> Result<(), Error> {
    let collection = Collection::open(dataset, split, store)?;
    for (query, _) in collection.judged() {
        let Ok(claim) = Claim::new(&query.text) else { continue };
        let snapshot = &collection.snapshot;
        let candidates = retrieve::candidates(snapshot, &Search::of(snapshot, &claim)?, Among::All, LIMIT)?;
        let id = |one: &Candidate| collection.name(one.row).to_owned();
        let measured = |one: Candidate| Measured { id: id(&one), features: one.features.to_vec() };
        take(Line { id: query.id.clone(), candidates: candidates.into_iter().map(measured).collect() });
    }
    Ok(())
}
