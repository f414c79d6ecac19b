//! Claims of a review: found, made by hand, cut, joined, resized, taken out.
//!
//! A claim that anybody has judged keeps its span and its words: an edit takes it out and makes a new one. Ids are never
//! used again.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::reviews::{is_open, response, touch};
use super::rows::{at_most, count, integer, name, word};
use super::{Error, MOST_CLAIMS, NewClaim, Store};
use crate::review::digest::sha256;
use crate::review::edit;
use crate::review::record::{ClaimOrigin, Private, ReviewClaim};
use crate::span::{Span, Text};

/// Longest form of a claim that can stand alone, in code points.
const LONGEST_CLAIM: usize = 4_000;
/// Longest context of a claim, in code points.
const LONGEST_CONTEXT: usize = 20_000;
/// Most claims of a review with those that were taken out.
const MOST_EVER: i64 = 5_000;

/// A span of the response that becomes a claim.
#[derive(Clone, Debug, Default)]
pub struct NewSpan {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The form that can stand alone; the words themselves where not given.
    pub claim: Option<Private>,
    /// What stands around it.
    pub context: Option<Private>,
}

/// What changes of a claim; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ClaimEdit {
    /// First code point.
    pub start: Option<usize>,
    /// One past the last.
    pub end: Option<usize>,
    /// The form that can stand alone.
    pub claim: Option<Private>,
    /// What stands around it.
    pub context: Option<Private>,
}

/// How far the claims of a review have been judged.
pub(super) struct Tally {
    /// Claims that are worth checking and not taken out.
    pub(super) worth: usize,
    /// Those that the one who asks has decided.
    pub(super) decided: usize,
    /// Those that anybody has.
    pub(super) decided_by_anybody: usize,
    /// Those for which a third opinion is wanted.
    pub(super) asking: usize,
    /// Who has given a verdict.
    pub(super) judges: Vec<String>,
}

impl Store {
    /// Makes a claim of a span by hand.
    ///
    /// # Errors
    /// [`Error::Field`] where the span does not lie in the response, holds no words, or is a claim already;
    /// [`Error::Missing`], [`Error::Erased`].
    pub fn add_claim(&self, review: &str, span: &NewSpan) -> Result<ReviewClaim, Error> {
        let now = self.now();
        self.write(|transaction| {
            let text = response(transaction, review)?;
            let claim = by_hand(transaction, review, &text, span, true)?;
            touch(transaction, review, now)?;
            Ok(claim)
        })
    }

    /// Changes a claim. Where it has a verdict, it is taken out and a new one stands in its place.
    ///
    /// # Errors
    /// As [`Store::add_claim`].
    pub fn edit_claim(&self, review: &str, id: &str, edit: &ClaimEdit) -> Result<ReviewClaim, Error> {
        let now = self.now();
        self.write(|transaction| {
            let text = response(transaction, review)?;
            let old = live(transaction, review, id)?;
            let changed = changed(&text, &old, edit)?;
            if same(&changed, &old) {
                return Ok(old);
            }
            touch(transaction, review, now)?;
            if is_judged(transaction, review, id)? {
                set_removed(transaction, review, id, true)?;
                return insert(transaction, review, &text, &changed);
            }
            free(transaction, review, Span::new(changed.start, changed.end), Some(id))?;
            rewrite(transaction, review, &text, id, &changed)?;
            by_id(transaction, review, id)
        })
    }

    /// Takes a claim out; its verdicts stay. Once more does nothing.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Erased`].
    pub fn remove_claim(&self, review: &str, id: &str) -> Result<ReviewClaim, Error> {
        self.set_claim(review, id, true)
    }

    /// Puts a claim that was taken out back. Once more does nothing.
    ///
    /// # Errors
    /// [`Error::Field`] where another claim has its span by now; [`Error::Missing`], [`Error::Erased`].
    pub fn restore_claim(&self, review: &str, id: &str) -> Result<ReviewClaim, Error> {
        self.set_claim(review, id, false)
    }

    fn set_claim(&self, review: &str, id: &str, removed: bool) -> Result<ReviewClaim, Error> {
        let now = self.now();
        self.write(|transaction| {
            is_open(transaction, review)?;
            let claim = by_id(transaction, review, id)?;
            if claim.removed == removed {
                return Ok(claim);
            }
            if !removed {
                room(transaction, review)?;
                free(transaction, review, Span::new(claim.start, claim.end), Some(id))?;
            }
            set_removed(transaction, review, id, removed)?;
            touch(transaction, review, now)?;
            by_id(transaction, review, id)
        })
    }

    /// Cuts a claim at code points of the response. The parts are new claims; the whole is taken out.
    ///
    /// # Errors
    /// [`Error::Field`] where a cut does not lie within the claim or a part holds no words; [`Error::Missing`],
    /// [`Error::Erased`].
    pub fn split_claim(&self, review: &str, id: &str, at: &[usize]) -> Result<Vec<ReviewClaim>, Error> {
        let now = self.now();
        self.write(|transaction| {
            let text = response(transaction, review)?;
            let whole = live(transaction, review, id)?;
            let parts = edit::cut(&text, Span::new(whole.start, whole.end), at)
                .map_err(|error| Error::field("/at", error.to_string()))?;
            set_removed(transaction, review, id, true)?;
            touch(transaction, review, now)?;
            let part = |span: Span| {
                let context = Some(whole.context.clone());
                let span = NewSpan { start: span.start(), end: span.end(), claim: None, context };
                by_hand(transaction, review, &text, &span, whole.checkworthy)
            };
            parts.into_iter().map(part).collect()
        })
    }

    /// Joins claims to one that reaches from the first to the last; they are taken out.
    ///
    /// # Errors
    /// [`Error::Field`] for fewer than two, or a claim named twice; [`Error::Missing`], [`Error::Erased`].
    pub fn merge_claims(&self, review: &str, ids: &[String]) -> Result<ReviewClaim, Error> {
        let now = self.now();
        if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() || ids.len() < 2 {
            return Err(Error::field("/claims", "name two or more claims, each once"));
        }
        self.write(|transaction| {
            let text = response(transaction, review)?;
            let mut parts = Vec::new();
            for id in ids {
                parts.push(live(transaction, review, id)?);
                set_removed(transaction, review, id, true)?;
            }
            parts.sort_by_key(|part| (part.start, part.end));
            let spans: Vec<Span> = parts.iter().map(|part| Span::new(part.start, part.end)).collect();
            let whole = edit::join(&text, &spans).map_err(|error| Error::field("/claims", error.to_string()))?;
            let context = parts.first().map(|part| part.context.clone());
            touch(transaction, review, now)?;
            let span = NewSpan { start: whole.start(), end: whole.end(), claim: None, context };
            by_hand(transaction, review, &text, &span, true)
        })
    }
}

/// The claims of a review in the order of the response; those taken out last.
pub(super) fn of(connection: &Connection, review: &str) -> Result<Vec<ReviewClaim>, Error> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM claims WHERE review = ?1 ORDER BY removed, \"start\", \"end\", number")?;
    let mut rows = statement.query([review])?;
    let mut claims = Vec::new();
    while let Some(row) = rows.next()? {
        claims.push(claim(row)?);
    }
    Ok(claims)
}

/// One claim, taken out or not.
pub(super) fn by_id(connection: &Connection, review: &str, id: &str) -> Result<ReviewClaim, Error> {
    let mut statement = connection.prepare_cached("SELECT * FROM claims WHERE review = ?1 AND id = ?2")?;
    let mut rows = statement.query([review, id])?;
    rows.next()?.map_or_else(|| Err(Error::missing("claim", id)), claim)
}

/// One claim that is not taken out.
pub(super) fn live(connection: &Connection, review: &str, id: &str) -> Result<ReviewClaim, Error> {
    let claim = by_id(connection, review, id)?;
    match claim.removed {
        false => Ok(claim),
        true => Err(Error::field("", format!("claim `{id}` has been taken out; put it back first"))),
    }
}

/// Makes a claim of a response.
pub(super) fn insert(
    transaction: &Transaction<'_>,
    review: &str,
    text: &Text,
    new: &NewClaim,
) -> Result<ReviewClaim, Error> {
    let span = edit::span(text, new.start, new.end).map_err(|error| spanning(&error))?;
    room(transaction, review)?;
    free(transaction, review, span, None)?;
    let mut next = transaction
        .prepare_cached("UPDATE reviews SET next_claim = next_claim + 1 WHERE id = ?1 RETURNING next_claim - 1")?;
    let number: i64 = next.query_row([review], |row| row.get(0))?;
    if number > MOST_EVER {
        return Err(Error::field("", format!("the review has had {MOST_EVER} claims, and no more are kept")));
    }
    let id = format!("c{number}");
    let words = text.slice_clamped(span);
    let standing = standing_alone(words, new.claim.as_ref())?;
    let context = context(new.context.as_ref())?;
    let mut statement = transaction.prepare_cached(
        "INSERT INTO claims (review, id, number, \"start\", \"end\", text, claim, context, sha256, origin, checkworthy) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    statement.execute(params![
        review,
        id,
        number,
        integer(span.start()),
        integer(span.end()),
        words,
        standing,
        context,
        sha256(words),
        name(&new.origin),
        new.checkworthy
    ])?;
    by_id(transaction, review, &id)
}

/// How far the claims of a review have been judged; without sight of the others' verdicts unless `all`.
pub(super) fn tally(connection: &Connection, review: &str, reviewer: Option<&str>, all: bool) -> Result<Tally, Error> {
    let mut worth =
        connection.prepare_cached("SELECT id FROM claims WHERE review = ?1 AND checkworthy AND NOT removed")?;
    let worth: BTreeSet<String> = worth.query_map([review], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut latest = connection.prepare_cached(
        "SELECT claim, reviewer, verdict IS NOT NULL, asks FROM verdicts WHERE review = ?1 \
         AND NOT EXISTS (SELECT 1 FROM verdicts AS later WHERE later.previous = verdicts.id)",
    )?;
    let mut rows = latest.query([review])?;
    let (mut own, mut anybody, mut asking) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut judges = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let (claim, judge): (String, String) = (row.get(0)?, row.get(1)?);
        let (decided, asks): (bool, bool) = (row.get(2)?, row.get(3)?);
        let mine = reviewer == Some(judge.as_str());
        if asks && (all || mine) {
            asking.insert(claim.clone());
        }
        if decided && worth.contains(&claim) {
            if mine {
                own.insert(claim.clone());
            }
            anybody.insert(claim);
        }
        judges.insert(judge);
    }
    Ok(Tally {
        worth: worth.len(),
        decided: own.len(),
        decided_by_anybody: anybody.len(),
        asking: asking.len(),
        judges: judges.into_iter().collect(),
    })
}

fn by_hand(
    transaction: &Transaction<'_>,
    review: &str,
    text: &Text,
    span: &NewSpan,
    checkworthy: bool,
) -> Result<ReviewClaim, Error> {
    let new = NewClaim {
        start: span.start,
        end: span.end,
        claim: span.claim.clone(),
        context: span.context.clone(),
        origin: ClaimOrigin::Hand,
        checkworthy,
    };
    insert(transaction, review, text, &new)
}

/// The claim as it becomes by an edit. Where its span moves, its words alone can stand for it until others are given.
fn changed(text: &Text, old: &ReviewClaim, edit: &ClaimEdit) -> Result<NewClaim, Error> {
    let span = edit::span(text, edit.start.unwrap_or(old.start), edit.end.unwrap_or(old.end))
        .map_err(|error| spanning(&error))?;
    let moved = (span.start(), span.end()) != (old.start, old.end);
    let kept = (!moved).then(|| old.claim.clone());
    let claim = edit.claim.clone().filter(|claim| !claim.is_blank()).or(kept);
    let standing = standing_alone(text.slice_clamped(span), claim.as_ref())?;
    Ok(NewClaim {
        start: span.start(),
        end: span.end(),
        claim: Some(Private(standing)),
        context: Some(edit.context.clone().unwrap_or_else(|| old.context.clone())),
        origin: ClaimOrigin::Hand,
        checkworthy: true,
    })
}

fn same(new: &NewClaim, old: &ReviewClaim) -> bool {
    (new.start, new.end) == (old.start, old.end)
        && new.claim.as_ref() == Some(&old.claim)
        && new.context.as_ref() == Some(&old.context)
}

fn rewrite(transaction: &Transaction<'_>, review: &str, text: &Text, id: &str, new: &NewClaim) -> Result<(), Error> {
    let words = text.slice_clamped(Span::new(new.start, new.end));
    let standing = standing_alone(words, new.claim.as_ref())?;
    let context = context(new.context.as_ref())?;
    let mut statement = transaction.prepare_cached(
        "UPDATE claims SET \"start\" = ?3, \"end\" = ?4, text = ?5, claim = ?6, context = ?7, sha256 = ?8, origin = ?9, \
         checkworthy = ?10 WHERE review = ?1 AND id = ?2",
    )?;
    statement.execute(params![
        review,
        id,
        integer(new.start),
        integer(new.end),
        words,
        standing,
        context,
        sha256(words),
        name(&new.origin),
        new.checkworthy
    ])?;
    Ok(())
}

fn standing_alone(words: &str, claim: Option<&Private>) -> Result<String, Error> {
    let given = claim.map(|claim| claim.as_str().trim()).filter(|claim| !claim.is_empty());
    if let Some(claim) = given {
        // A claim that is its own words may be as long as these.
        if claim != words {
            at_most("/claim", claim, LONGEST_CLAIM)?;
        }
        return Ok(claim.to_owned());
    }
    Ok(words.to_owned())
}

fn context(context: Option<&Private>) -> Result<String, Error> {
    let context = context.map(|context| context.as_str().trim()).unwrap_or_default();
    at_most("/context", context, LONGEST_CONTEXT)?;
    Ok(context.to_owned())
}

/// Refuses where the review has as many claims as one may have.
fn room(connection: &Connection, review: &str) -> Result<(), Error> {
    let mut statement = connection.prepare_cached("SELECT count(*) FROM claims WHERE review = ?1 AND NOT removed")?;
    let have: i64 = statement.query_row([review], |row| row.get(0))?;
    match have < integer(MOST_CLAIMS) {
        true => Ok(()),
        false => {
            Err(Error::field("", format!("the review has {have} claims, and no more than {MOST_CLAIMS} are kept")))
        }
    }
}

/// Refuses a span that another claim has, as two verdicts on the same words would both be right.
fn free(connection: &Connection, review: &str, span: Span, but: Option<&str>) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM claims WHERE review = ?1 AND \"start\" = ?2 AND \"end\" = ?3 AND NOT removed AND id IS NOT ?4",
    )?;
    let (start, end) = (integer(span.start()), integer(span.end()));
    let taken: Option<String> = statement.query_row(params![review, start, end, but], |row| row.get(0)).optional()?;
    match taken {
        None => Ok(()),
        Some(id) => Err(Error::field("/start", format!("these words are claim `{id}` already"))),
    }
}

fn is_judged(connection: &Connection, review: &str, id: &str) -> Result<bool, Error> {
    let mut statement =
        connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM verdicts WHERE review = ?1 AND claim = ?2)")?;
    Ok(statement.query_row([review, id], |row| row.get(0))?)
}

fn set_removed(transaction: &Transaction<'_>, review: &str, id: &str, removed: bool) -> Result<(), Error> {
    let mut statement = transaction.prepare_cached("UPDATE claims SET removed = ?3 WHERE review = ?1 AND id = ?2")?;
    statement.execute(params![review, id, removed])?;
    Ok(())
}

fn spanning(error: &edit::Error) -> Error {
    let pointer = match error {
        edit::Error::Outside { .. } => "/end",
        _ => "/start",
    };
    Error::field(pointer, error.to_string())
}

fn claim(row: &Row<'_>) -> Result<ReviewClaim, Error> {
    let origin: String = row.get("origin")?;
    Ok(ReviewClaim {
        id: row.get("id")?,
        start: count(row, "start")?,
        end: count(row, "end")?,
        unit: "codepoint".to_owned(),
        text: Private(row.get("text")?),
        claim: Private(row.get("claim")?),
        context: Private(row.get("context")?),
        sha256: row.get("sha256")?,
        origin: word("the origin of a claim", &origin)?,
        checkworthy: row.get("checkworthy")?,
        removed: row.get("removed")?,
    })
}
