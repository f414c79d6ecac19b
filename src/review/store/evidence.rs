//! The evidence that verdicts were given on, as it was answered.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, params};
use serde_json::Value;

use super::rows::{json, text};
use super::{Error, Store};
use crate::review::digest::sha256;
use crate::review::record::{EvidenceRecord, Private, Trail};

/// Most passages that a trail names.
pub(super) const MOST_SHOWN: usize = 200;

/// Largest request and largest result, in bytes of JSON.
const LARGEST: usize = 4 * 1024 * 1024;

/// An answer to be kept: the parts of a response of `POST /v1/evidence` to one claim.
#[derive(Clone)]
pub struct NewEvidence {
    /// `{id, corpus_sha256}`.
    pub snapshot: Value,
    /// `{version, ranker, config_sha256}`.
    pub engine: Value,
    /// The request.
    pub request: Value,
    /// Its result; `took_ms` is left out.
    pub result: Value,
}

/// It holds the claim's words: it is never logged.
impl std::fmt::Debug for NewEvidence {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("NewEvidence")
    }
}

impl Store {
    /// The evidence that was kept for a review, in the order of the verdicts that were given on it.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn evidence(&self, review: &str) -> Result<Vec<EvidenceRecord>, Error> {
        self.read(|connection| {
            super::reviews::exists(connection, review)?;
            of(connection, review)
        })
    }
}

/// What was searched before somebody said that nothing speaks about a claim: the passages of all answers, each once in the
/// order in which they were met, and what the last one said of coverage.
pub fn trail_of(searches: Vec<String>, results: &[&Value]) -> Trail {
    let considered = |result: &&Value| result.pointer("/trace/documents_considered").and_then(Value::as_u64);
    let considered = results.iter().filter_map(considered).max().unwrap_or(0);
    let lists = results.iter().flat_map(|result| ["passages", "counter"].map(|list| result.get(list)));
    let mut seen = BTreeSet::new();
    let shown = lists.flatten().filter_map(Value::as_array).flatten();
    let passages = shown.filter_map(|passage| passage.get("id")?.as_str()).filter(|id| seen.insert(*id));
    Trail {
        searches: searches.into_iter().map(Private).collect(),
        documents_considered: usize::try_from(considered).unwrap_or(usize::MAX),
        coverage: results.last().and_then(|result| result.get("coverage")?.as_str()).map(str::to_owned),
        passages: passages.map(str::to_owned).take(MOST_SHOWN).collect(),
    }
}

pub(super) fn of(connection: &Connection, review: &str) -> Result<Vec<EvidenceRecord>, Error> {
    let mut statement = connection.prepare_cached("SELECT * FROM evidence WHERE review = ?1 ORDER BY seq")?;
    let mut rows = statement.query([review])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let column = |name: &str| -> Result<Value, Error> { json("kept evidence", &row.get::<_, String>(name)?) };
        found.push(EvidenceRecord {
            review: review.to_owned(),
            claim: row.get("claim")?,
            snapshot: column("snapshot")?,
            engine: column("engine")?,
            request: column("request")?,
            result: column("result")?,
            sha256: row.get("sha256")?,
        });
    }
    Ok(found)
}

/// Keeps an answer; one that is kept already is not kept twice.
pub(super) fn keep(transaction: &Transaction<'_>, review: &str, claim: &str, new: &NewEvidence) -> Result<(), Error> {
    let mut result = new.result.clone();
    if let Some(object) = result.as_object_mut() {
        // Not `remove`, which would change the order of the rest.
        object.shift_remove("took_ms");
    }
    let (request, result) = (text("/request", &new.request)?, text("/request", &result)?);
    if request.len().max(result.len()) > LARGEST {
        return Err(Error::field("/request", format!("the request or its answer has more than {LARGEST} bytes")));
    }
    let (snapshot, engine) = (text("/request", &new.snapshot)?, text("/request", &new.engine)?);
    transaction.execute(
        "INSERT INTO evidence (review, claim, snapshot, engine, request, result, sha256) \
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM evidence \
         WHERE review = ?1 AND claim = ?2 AND snapshot = ?3 AND engine = ?4 AND request = ?5 AND sha256 = ?7)",
        params![review, claim, snapshot, engine, request, result, sha256(&result)],
    )?;
    Ok(())
}
