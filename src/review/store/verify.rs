//! Whether the file holds what was written: every digest is computed again and every chain followed.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row};

use super::verdicts::{COLUMNS, record};
use super::{Error, Store};
use crate::review::digest::{feedback_sha256, sha256, verdict_body};
use crate::review::record::VerdictRecord;
use crate::span::{Span, Text};

/// Most faults that are told.
const MOST_FAULTS: usize = 100;

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Reviews.
    pub reviews: usize,
    /// Claims.
    pub claims: usize,
    /// Verdicts.
    pub verdicts: usize,
    /// What is wrong, in sentences that hold no text of a review; at most 100.
    pub faults: Vec<String>,
}

impl Verified {
    /// Whether nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, fault: String) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }
}

/// Who judged which claim of which review: what a chain is of.
type Chain = (String, String, String);

impl Store {
    /// Computes every id and digest again and follows every chain of verdicts.
    ///
    /// It finds what was changed by accident or in passing. Whoever may write the file may also compute all digests anew.
    ///
    /// # Errors
    /// [`Error::Database`] where the file cannot be read. What is wrong in it is told in the result.
    pub fn verify(&self) -> Result<Verified, Error> {
        self.read(|connection| {
            let mut found = Verified::default();
            sound(connection, &mut found)?;
            let erased = reviews(connection, &mut found)?;
            log(connection, &erased, &mut found)?;
            evidence(connection, &erased, &mut found)?;
            Ok(found)
        })
    }
}

/// The database by its own account.
fn sound(connection: &Connection, found: &mut Verified) -> Result<(), Error> {
    let mut statement = connection.prepare("PRAGMA integrity_check(10)")?;
    let told: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for fault in told.iter().filter(|fault| *fault != "ok") {
        found.fault(format!("the database is damaged: {fault}"));
    }
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let mut orphans: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    orphans.sort();
    for table in orphans {
        found.fault(format!("a row of {table} belongs to nothing"));
    }
    Ok(())
}

/// Responses and claims; returns the erased reviews.
fn reviews(connection: &Connection, found: &mut Verified) -> Result<BTreeSet<String>, Error> {
    let mut erased = BTreeSet::new();
    let mut statement = connection.prepare("SELECT id, text, sha256, erased_at IS NOT NULL AS erased FROM reviews")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, text): (String, String) = (row.get("id")?, row.get("text")?);
        let gone: bool = row.get("erased")?;
        found.reviews += 1;
        if gone != text.is_empty() || (!gone && sha256(&text) != row.get::<_, String>("sha256")?) {
            found.fault(format!("review {id}: the response is not the one that was kept"));
        }
        claims(connection, &id, gone, &Text::from(text), found)?;
        if gone {
            erased.insert(id);
        }
    }
    Ok(erased)
}

fn claims(
    connection: &Connection,
    review: &str,
    erased: bool,
    response: &Text,
    found: &mut Verified,
) -> Result<(), Error> {
    for claim in super::claims::of(connection, review)? {
        found.claims += 1;
        let words = claim.text.as_str();
        let cut = response.slice(Span::new(claim.start, claim.end));
        let right = match erased {
            true => words.is_empty(),
            false => sha256(words) == claim.sha256 && cut == Some(words),
        };
        if !right {
            found.fault(format!("review {review}, claim {}: its words are not those of its span", claim.id));
        }
    }
    Ok(())
}

fn log(connection: &Connection, erased: &BTreeSet<String>, found: &mut Verified) -> Result<(), Error> {
    let mut statement = connection.prepare(&format!("SELECT seq, {COLUMNS} ORDER BY seq"))?;
    let mut rows = statement.query([])?;
    let mut latest: BTreeMap<Chain, String> = BTreeMap::new();
    let mut last = 0;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get("seq")?;
        if seq != last + 1 {
            found.fault(format!("verdicts {} to {} of the log are missing", last + 1, seq - 1));
        }
        last = seq;
        found.verdicts += 1;
        let Ok(verdict) = record(row) else {
            found.fault(format!("verdict {seq} of the log cannot be read"));
            continue;
        };
        line(row, &verdict, erased.contains(&verdict.review), found)?;
        let chain = (verdict.review.clone(), verdict.claim.clone(), verdict.reviewer.id.clone());
        if latest.get(&chain) != verdict.previous.as_ref() {
            found.fault(format!("verdict {}: it does not follow the verdict that it names", verdict.id));
        }
        latest.insert(chain, verdict.id);
    }
    let counted = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'verdicts'";
    let counted: i64 = connection.query_row(counted, [], |row| row.get(0))?;
    if counted > last {
        found.fault(format!("verdicts {} to {counted} of the log are missing", last + 1));
    }
    Ok(())
}

/// One line of the log: its id, and its texts.
fn line(row: &Row<'_>, verdict: &VerdictRecord, erased: bool, found: &mut Verified) -> Result<(), Error> {
    let id = &verdict.id;
    let body: String = row.get("record")?;
    if sha256(&body) != *id {
        found.fault(format!("verdict {id}: it is not what its id was computed from"));
        return Ok(());
    }
    // The body once more, from the record with the texts that are kept: digests of other texts would differ.
    if verdict_body(verdict) != body {
        found.fault(format!("verdict {id}: its searches are not those that it was given on"));
    }
    if verdict.feedback.as_ref().map(feedback_sha256) != verdict.feedback_sha256
        && !(erased && verdict.feedback.is_none())
    {
        found.fault(format!("verdict {id}: its feedback is not the one that was given"));
    }
    let searched = row.get::<_, Option<String>>("searches")?.is_some();
    if !erased && verdict.trail.is_some() && !searched {
        found.fault(format!("verdict {id}: its searches are missing"));
    }
    if erased && (verdict.feedback.is_some() || searched) {
        found.fault(format!("verdict {id}: its texts were to be erased"));
    }
    Ok(())
}

fn evidence(connection: &Connection, erased: &BTreeSet<String>, found: &mut Verified) -> Result<(), Error> {
    let mut statement = connection.prepare("SELECT seq, review, result, sha256 FROM evidence ORDER BY seq")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (seq, review): (i64, String) = (row.get("seq")?, row.get("review")?);
        let result: String = row.get("result")?;
        if !erased.contains(&review) && sha256(&result) != row.get::<_, String>("sha256")? {
            found.fault(format!("review {review}: evidence {seq} is not what was answered"));
        }
    }
    Ok(())
}
