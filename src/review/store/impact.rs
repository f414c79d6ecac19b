//! Verdicts to look at again, because what they rest on has changed in the snapshot in use.
//!
//! The store knows no index: what has become of a version or a passage is asked of the caller.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::rows::json;
use super::verdicts::{COLUMNS, record, version_of};
use super::{Error, Store};
use crate::review::record::{Pin, Verdict, VerdictRecord};

/// What has become of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing replaced it.
    InForce,
    /// Another edition replaced it, which may not be known by name.
    Superseded(Option<String>),
    /// It was withdrawn without a successor.
    Retired,
    /// The snapshot does not hold it.
    Gone,
}

/// The snapshot in use, as far as verdicts rest on it.
pub trait InUse {
    /// What has become of a version, `uspstf-aaa@2019`.
    fn standing(&self, version: &str) -> Standing;

    /// SHA-256 of a passage's words, in hexadecimal; `None` where there is no such passage.
    fn passage_sha256(&self, passage: &str) -> Option<String>;

    /// The passage of the version `by` that now says what this one said, for this claim.
    fn replacement(&self, passage: &str, by: &str, claim: &str) -> Option<ReplacingPassage>;
}

/// A passage that took the place of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReplacingPassage {
    /// Its id.
    #[schema(example = "uspstf-aaa@2025#rec-1")]
    pub passage: String,
    /// The reader, at the passage.
    pub reader: String,
}

/// Why a verdict has to be looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The edition has been replaced.
    Superseded,
    /// The edition has been withdrawn.
    Retired,
    /// The passage's words are others.
    Changed,
    /// The edition or the passage is no longer there.
    Gone,
}

/// A verdict to look at again, and the pinned passage because of which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Impact {
    /// The review.
    pub review: String,
    /// The claim within it.
    pub claim: String,
    /// The verdict.
    pub verdict_id: String,
    /// Who gave it.
    pub reviewer: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The passage that it rests on.
    pub passage: String,
    /// The edition that replaced the passage's, where it is known.
    pub superseded_by: Option<String>,
    /// What has changed.
    pub reason: Reason,
    /// The passage that now stands in its place, where one was found.
    pub replacement: Option<ReplacingPassage>,
}

impl Store {
    /// The verdicts to look at again, the newest first, a row for each pinned passage that has changed since.
    ///
    /// Latest verdicts alone, on claims that were neither taken out nor erased. A verdict that was given in the knowledge
    /// that an edition was replaced or withdrawn is not listed for that: `outdated` says so itself, and of the others the
    /// evidence tells what was known.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Damaged`].
    pub fn impact(&self, in_use: &impl InUse) -> Result<Vec<Impact>, Error> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT claims.claim AS words, {COLUMNS} JOIN reviews ON reviews.id = verdicts.review \
                 JOIN claims ON claims.review = verdicts.review AND claims.id = verdicts.claim \
                 WHERE NOT claims.removed AND reviews.erased_at IS NULL AND verdicts.verdict IS NOT NULL \
                 AND NOT EXISTS (SELECT 1 FROM verdicts AS later WHERE later.previous = verdicts.id) \
                 ORDER BY verdicts.seq DESC"
            ))?;
            let mut rows = statement.query([])?;
            let mut look = Look { in_use, standings: BTreeMap::new() };
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let words: String = row.get("words")?;
                let verdict = record(row)?;
                for pin in &verdict.evidence {
                    found.extend(look.at(connection, &verdict, pin, &words)?);
                }
            }
            Ok(found)
        })
    }
}

struct Look<'a, I> {
    in_use: &'a I,
    /// Many verdicts rest on few versions.
    standings: BTreeMap<String, Standing>,
}

impl<I: InUse> Look<'_, I> {
    fn at(
        &mut self,
        connection: &Connection,
        verdict: &VerdictRecord,
        pin: &Pin,
        words: &str,
    ) -> Result<Option<Impact>, Error> {
        let version = version_of(&pin.passage).unwrap_or_default();
        let standing =
            self.standings.entry(version.to_owned()).or_insert_with(|| self.in_use.standing(version)).clone();
        let (reason, by) = match standing {
            Standing::Gone => (Reason::Gone, None),
            Standing::Superseded(_) | Standing::Retired if knew(connection, verdict, pin)? => return Ok(None),
            Standing::Superseded(by) => (Reason::Superseded, by),
            Standing::Retired => (Reason::Retired, None),
            Standing::InForce => match self.in_use.passage_sha256(&pin.passage) {
                None => (Reason::Gone, None),
                Some(now) if now != pin.passage_sha256 => (Reason::Changed, None),
                Some(_) => return Ok(None),
            },
        };
        let replacement = by.as_deref().and_then(|by| self.in_use.replacement(&pin.passage, by, words));
        Ok(Some(Impact {
            review: verdict.review.clone(),
            claim: verdict.claim.clone(),
            verdict_id: verdict.id.clone(),
            reviewer: verdict.reviewer.id.clone(),
            at: verdict.at,
            passage: pin.passage.clone(),
            superseded_by: by,
            reason,
            replacement,
        }))
    }
}

/// Whether the reviewer knew that the pinned passage's edition was no longer in force.
fn knew(connection: &Connection, verdict: &VerdictRecord, pin: &Pin) -> Result<bool, Error> {
    if verdict.verdict == Some(Verdict::Outdated) {
        return Ok(true);
    }
    let mut statement = connection.prepare_cached(
        "SELECT result FROM evidence WHERE review = ?1 AND claim = ?2 AND json_extract(snapshot, '$.id') = ?3",
    )?;
    let mut rows = statement.query(params![verdict.review, verdict.claim, verdict.snapshot])?;
    while let Some(row) = rows.next()? {
        let result: Value = json("kept evidence", &row.get::<_, String>("result")?)?;
        let shown = ["passages", "counter"].into_iter().filter_map(|list| result.get(list)?.as_array()).flatten();
        let status = |passage: &Value| passage.pointer("/document/status").and_then(Value::as_str).map(str::to_owned);
        let mut pinned = shown.filter(|one| one.get("id").and_then(Value::as_str) == Some(pin.passage.as_str()));
        if pinned.any(|one| matches!(status(one).as_deref(), Some("superseded" | "retired"))) {
            return Ok(true);
        }
    }
    Ok(false)
}
