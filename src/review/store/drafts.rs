//! What a reviewer has begun and not decided, kept so that nothing typed is lost.
//!
//! Each save names the version that it is based on. A draft that was thrown away keeps its number, so that a tab which does
//! not know of it cannot save over what came later.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

use super::reviews::is_open;
use super::rows::{json, moment, text};
use super::{Error, Store, claims, reviewers};

/// Largest draft, in bytes of JSON.
pub const LARGEST_DRAFT: usize = 32 * 1024;

/// A form that was begun.
#[derive(Clone, PartialEq)]
pub struct Draft {
    /// Rises with each save.
    pub version: u64,
    /// The form, as the page keeps it.
    pub body: Value,
    /// When it was saved.
    pub at: Timestamp,
}

/// The form may hold a patient's data: it is never logged.
impl std::fmt::Debug for Draft {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Draft(version {})", self.version)
    }
}

/// That a form was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its version now.
    pub version: u64,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Saves a form that is based on `version`; 0 where there was none.
    ///
    /// # Errors
    /// [`Error::StaleDraft`] where another save came first, [`Error::Field`] where it is too large, [`Error::Missing`],
    /// [`Error::Erased`].
    pub fn save_draft(
        &self,
        review: &str,
        claim: &str,
        reviewer: &str,
        version: u64,
        body: &Value,
    ) -> Result<Saved, Error> {
        let body = text("/body", body)?;
        if body.len() > LARGEST_DRAFT {
            return Err(Error::field(
                "/body",
                format!("the draft has {} bytes, more than {LARGEST_DRAFT}", body.len()),
            ));
        }
        let now = self.now();
        self.write(|transaction| {
            is_open(transaction, review)?;
            claims::by_id(transaction, review, claim)?;
            reviewers::by_id(transaction, reviewer)?;
            let kept = kept(transaction, review, claim, reviewer)?;
            let next = kept.based_on(version)? + 1;
            let mut statement = transaction.prepare_cached(
                "INSERT INTO drafts (review, claim, reviewer, version, body, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                 ON CONFLICT DO UPDATE SET version = excluded.version, body = excluded.body, at = excluded.at",
            )?;
            statement.execute(params![review, claim, reviewer, signed(next), body, now])?;
            Ok(Saved { version: next, at: moment(now)? })
        })
    }

    /// Throws a draft away. Where there is none nothing happens.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such review.
    pub fn delete_draft(&self, review: &str, claim: &str, reviewer: &str) -> Result<(), Error> {
        let now = self.now();
        self.write(|transaction| {
            match is_open(transaction, review) {
                // An erasure threw it away.
                Err(Error::Erased(_)) => return Ok(()),
                other => other?,
            }
            let mut statement = transaction.prepare_cached(
                "UPDATE drafts SET version = version + 1, body = NULL, at = ?4 \
                 WHERE review = ?1 AND claim = ?2 AND reviewer = ?3 AND body IS NOT NULL",
            )?;
            statement.execute(params![review, claim, reviewer, now])?;
            Ok(())
        })
    }
}

/// A reviewer's drafts in a review, by claim.
pub(super) fn of(connection: &Connection, review: &str, reviewer: &str) -> Result<BTreeMap<String, Draft>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT claim, version, body, at FROM drafts WHERE review = ?1 AND reviewer = ?2 AND body IS NOT NULL",
    )?;
    let mut rows = statement.query([review, reviewer])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        if let Some(draft) = Kept::of(row)?.draft {
            found.insert(row.get("claim")?, draft);
        }
    }
    Ok(found)
}

/// What the file has of a draft.
#[derive(Default)]
struct Kept {
    version: u64,
    /// `None` where there was none, or it was thrown away.
    draft: Option<Draft>,
}

impl Kept {
    fn of(row: &Row<'_>) -> Result<Kept, Error> {
        let version = u64::try_from(row.get::<_, i64>("version")?).unwrap_or(0);
        let body: Option<String> = row.get("body")?;
        let at = moment(row.get("at")?)?;
        let draft = match body {
            Some(body) => Some(Draft { version, body: json("a draft", &body)?, at }),
            None => None,
        };
        Ok(Kept { version, draft })
    }

    /// The version that a save goes on from, where it knows of all that is kept.
    fn based_on(self, version: u64) -> Result<u64, Error> {
        let anew = self.draft.is_none() && version == 0;
        match version == self.version || anew {
            true => Ok(self.version),
            false => Err(Error::StaleDraft { current: self.draft, version: self.version }),
        }
    }
}

fn kept(connection: &Connection, review: &str, claim: &str, reviewer: &str) -> Result<Kept, Error> {
    let mut statement = connection
        .prepare_cached("SELECT version, body, at FROM drafts WHERE review = ?1 AND claim = ?2 AND reviewer = ?3")?;
    let found = statement.query_row([review, claim, reviewer], |row| Ok(Kept::of(row))).optional()?;
    found.unwrap_or_else(|| Ok(Kept::default()))
}

fn signed(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}
