//! Who judges a review, and what each may see of it.
//!
//! A reviewer sees nothing of the others' verdicts, assessments and drafts before they have submitted their own: whoever has
//! read another's verdict can no longer give an independent one. Drafts of others are never shown.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};

use super::drafts::{self, Draft};
use super::reviews::{is_open, touch, whole};
use super::rows::{moment, moment_of, name, word};
use super::{Error, Store, reviewers};
use crate::review::record::{Assignment, Review, ReviewClaim, Task, VerdictRecord};

/// Somebody is asked to judge.
#[derive(Clone, Debug)]
pub struct NewAssignment {
    /// Who.
    pub reviewer: String,
    /// What for.
    pub task: Task,
    /// Whether hints stay hidden until a verdict is given; for a second review unless said otherwise.
    pub blind: Option<bool>,
}

/// How much somebody sees of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Everybody's verdicts.
    All,
    /// Their own.
    Own,
}

/// A review as one person may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Visible {
    /// The review; what is hidden is left out.
    pub review: Review,
    /// When somebody last changed it.
    pub changed_at: Timestamp,
    /// How much of it this is.
    pub sight: Sight,
    /// Their part in it.
    pub you: Option<Assignment>,
    /// What they have begun and not decided, by claim.
    pub drafts: BTreeMap<String, Draft>,
}

/// Two or more reviews side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjudication {
    /// Who was asked.
    pub assignments: Vec<Assignment>,
    /// The claims; those on which reviewers differ first, then those for which somebody asks, then the rest.
    pub claims: Vec<SideBySide>,
}

/// One claim with what each reviewer decided of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SideBySide {
    /// The claim.
    pub claim: ReviewClaim,
    /// Each reviewer's latest verdict, in the order of their ids; none where it was taken back.
    pub verdicts: Vec<VerdictRecord>,
    /// The adjudicator's.
    pub decision: Option<VerdictRecord>,
    /// Whether all reviewers decided the same.
    pub agree: bool,
}

impl Store {
    /// Asks somebody to judge. Asked once more for the same, they keep their part.
    ///
    /// # Errors
    /// [`Error::Field`] where they have the other review already; [`Error::Missing`], [`Error::Erased`].
    pub fn assign(&self, review: &str, new: &NewAssignment) -> Result<Assignment, Error> {
        let blind = new.blind.unwrap_or(new.task == Task::Second);
        let now = self.now();
        self.write(|transaction| {
            is_open(transaction, review)?;
            reviewers::by_id(transaction, &new.reviewer)?;
            let theirs = parts(of(transaction, review)?, &new.reviewer);
            if let Some(part) = theirs.iter().find(|part| is_review(part.task) && is_review(new.task)) {
                if part.task != new.task {
                    let detail = format!("`{}` has the {} review already", new.reviewer, name(&part.task));
                    return Err(Error::field("/task", detail));
                }
                if new.blind.is_none_or(|blind| blind == part.blind) || part.submitted_at.is_some() {
                    return Ok(part.clone());
                }
            }
            keep(transaction, review, &new.reviewer, new.task, blind, now)?;
            touch(transaction, review, now)?;
            one(transaction, review, &new.reviewer, new.task)
        })
    }

    /// Says that a reviewer is done; from then on they see the others' verdicts. Said once more, it stays as it was. Who was
    /// not asked and has given a verdict gets the part that nobody has.
    ///
    /// # Errors
    /// [`Error::Missing`] where they have no part in the review; [`Error::Erased`].
    pub fn submit(&self, review: &str, reviewer: &str) -> Result<Assignment, Error> {
        let now = self.now();
        self.write(|transaction| {
            is_open(transaction, review)?;
            reviewers::by_id(transaction, reviewer)?;
            let all = of(transaction, review)?;
            let part = match part(&all, reviewer) {
                Some(part) if part.submitted_at.is_some() => return Ok(part.clone()),
                Some(part) => part.task,
                None if has_judged(transaction, review, reviewer)? => {
                    let first = all.iter().any(|part| part.task == Task::First);
                    let task = if first { Task::Second } else { Task::First };
                    keep(transaction, review, reviewer, task, false, now)?;
                    task
                }
                None => return Err(Error::missing("part in the review for", reviewer)),
            };
            transaction.execute(
                "UPDATE assignments SET submitted_at = max(?4, assigned_at), \
                 submitted_seq = (SELECT coalesce(max(seq), 0) FROM verdicts) \
                 WHERE review = ?1 AND reviewer = ?2 AND task = ?3",
                params![review, reviewer, name(&part), now],
            )?;
            touch(transaction, review, now)?;
            one(transaction, review, reviewer, part)
        })
    }

    /// A review as somebody may see it; `None` is somebody who is not signed in.
    ///
    /// While they have a review of their own to submit, they see their own verdicts alone. Who was asked to adjudicate, or
    /// was not asked at all, sees the verdicts once those who were asked have submitted theirs, and always where nobody was.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn visible_to(&self, review: &str, reviewer: Option<&str>) -> Result<Visible, Error> {
        self.read(|connection| {
            let mut seen = whole(connection, review)?;
            let sight = sight(&seen.assignments, reviewer);
            if sight == Sight::Own {
                seen.verdicts.retain(|verdict| Some(verdict.reviewer.id.as_str()) == reviewer);
                seen.assessments.retain(|one| Some(one.reviewer.id.as_str()) == reviewer);
            }
            let changed =
                connection.query_row("SELECT changed_at FROM reviews WHERE id = ?1", [review], |row| row.get(0))?;
            Ok(Visible {
                you: reviewer.and_then(|reviewer| part(&seen.assignments, reviewer)).cloned(),
                drafts: reviewer.map(|id| drafts::of(connection, review, id)).transpose()?.unwrap_or_default(),
                changed_at: moment(changed)?,
                review: seen,
                sight,
            })
        })
    }

    /// The reviews of a response side by side, for who decides where they differ.
    ///
    /// # Errors
    /// [`Error::Hidden`] where this person may not see all verdicts yet; [`Error::Missing`].
    pub fn adjudication(&self, review: &str, reviewer: Option<&str>) -> Result<Adjudication, Error> {
        let whole = self.read(|connection| whole(connection, review))?;
        if sight(&whole.assignments, reviewer) == Sight::Own {
            return Err(Error::Hidden);
        }
        let mut claims: Vec<SideBySide> = whole
            .claims
            .into_iter()
            .filter(|claim| !claim.removed)
            .map(|claim| side_by_side(claim, &whole.verdicts))
            .collect();
        // Stable: within each the order of the response stays.
        claims.sort_by_key(|one| (one.agree, !one.verdicts.iter().any(|verdict| verdict.needs_adjudication)));
        Ok(Adjudication { assignments: whole.assignments, claims })
    }
}

/// How much somebody sees of a review in which these take part.
pub(super) fn sight(assignments: &[Assignment], reviewer: Option<&str>) -> Sight {
    let mine = |part: &&Assignment| Some(part.reviewer.as_str()) == reviewer;
    let pending = |part: &Assignment| part.submitted_at.is_none();
    let mut own = assignments.iter().filter(mine);
    let sees = match own.clone().next() {
        // Their own review first.
        Some(_) if own.clone().any(|part| is_review(part.task) && pending(part)) => false,
        Some(_) if own.any(|part| is_review(part.task)) => true,
        Some(_) => !assignments.iter().any(|part| !mine(&part) && is_review(part.task) && pending(part)),
        None => !assignments.iter().any(pending),
    };
    if sees { Sight::All } else { Sight::Own }
}

/// Everybody's part in a review, in the order in which they were asked.
pub(super) fn of(connection: &Connection, review: &str) -> Result<Vec<Assignment>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT reviewer, task, blind, assigned_at, submitted_at FROM assignments WHERE review = ?1 \
         ORDER BY assigned_at, rowid",
    )?;
    let mut rows = statement.query([review])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let task: String = row.get("task")?;
        found.push(Assignment {
            reviewer: row.get("reviewer")?,
            task: word("the task of an assignment", &task)?,
            blind: row.get("blind")?,
            assigned_at: moment(row.get("assigned_at")?)?,
            submitted_at: moment_of(row.get("submitted_at")?)?,
        });
    }
    Ok(found)
}

/// What somebody has to do next: their open review, then their open adjudication, then what they did last.
pub(super) fn part<'a>(assignments: &'a [Assignment], reviewer: &str) -> Option<&'a Assignment> {
    let theirs = || assignments.iter().filter(|part| part.reviewer == reviewer);
    let open = || theirs().filter(|part| part.submitted_at.is_none());
    open().find(|part| is_review(part.task)).or_else(|| open().next()).or_else(|| theirs().next_back())
}

/// Whether somebody judges, rather than deciding between those who did.
pub(super) fn is_review(task: Task) -> bool {
    task != Task::Adjudicate
}

fn parts(assignments: Vec<Assignment>, reviewer: &str) -> Vec<Assignment> {
    assignments.into_iter().filter(|part| part.reviewer == reviewer).collect()
}

fn one(connection: &Connection, review: &str, reviewer: &str, task: Task) -> Result<Assignment, Error> {
    let found = parts(of(connection, review)?, reviewer).into_iter().find(|part| part.task == task);
    found.ok_or_else(|| Error::missing("part in the review for", reviewer))
}

fn keep(
    transaction: &Transaction<'_>,
    review: &str,
    reviewer: &str,
    task: Task,
    blind: bool,
    now: i64,
) -> Result<(), Error> {
    transaction.execute(
        "INSERT INTO assignments (review, reviewer, task, blind, assigned_at) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (review, reviewer, task) DO UPDATE SET blind = excluded.blind",
        params![review, reviewer, name(&task), blind, now],
    )?;
    Ok(())
}

fn has_judged(connection: &Connection, review: &str, reviewer: &str) -> Result<bool, Error> {
    let mut statement =
        connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM verdicts WHERE review = ?1 AND reviewer = ?2)")?;
    Ok(statement.query_row([review, reviewer], |row| row.get(0))?)
}

fn side_by_side(claim: ReviewClaim, verdicts: &[VerdictRecord]) -> SideBySide {
    let mut latest: BTreeMap<&str, &VerdictRecord> = BTreeMap::new();
    let mut decision = None;
    for verdict in verdicts.iter().filter(|verdict| verdict.claim == claim.id) {
        if is_review(verdict.task) {
            latest.insert(&verdict.reviewer.id, verdict);
        } else {
            decision = Some(verdict);
        }
    }
    let verdicts: Vec<VerdictRecord> =
        latest.into_values().filter(|verdict| verdict.verdict.is_some()).cloned().collect();
    let agree = verdicts.windows(2).all(|two| matches!(two, [one, other] if one.verdict == other.verdict));
    SideBySide { claim, verdicts, decision: decision.filter(|one| one.verdict.is_some()).cloned(), agree }
}
