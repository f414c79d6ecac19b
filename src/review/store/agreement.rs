//! What reviewers decided, as statistics of agreement take it in.
//!
//! A verdict counts as it stood when its reviewer submitted: what is changed afterwards is changed with sight of the others,
//! and would make agreement look better than it is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::Row;

use super::assignments::is_review;
use super::rows::moment;
use super::{Error, Store, verdicts};
use crate::review::record::{ErrorMark, Reviewer, Task, Verdict, VerdictRecord};

/// One claim that was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// The review.
    pub review: String,
    /// The claim within it.
    pub claim: String,
    /// When the review was made.
    pub at: Timestamp,
    /// One label a reviewer, in the order of their ids.
    pub labels: Vec<Label>,
    /// What an adjudicator decided: the mark to measure reviewers against.
    pub gold: Option<Verdict>,
}

/// What one reviewer decided of one claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Who.
    pub reviewer: Reviewer,
    /// What.
    pub verdict: Verdict,
    /// When.
    pub at: Timestamp,
    /// Which errors they marked.
    pub errors: Vec<ErrorMark>,
    /// How long they looked at it, in seconds.
    pub seconds: u32,
    /// Whether hints were hidden from them.
    pub blind: bool,
    /// The first review or a further one.
    pub task: Task,
    /// Whether it is theirs to stay: they have submitted it, or were not asked for one that they would have to submit.
    pub submitted: bool,
}

impl Store {
    /// Every claim that somebody has judged and that was not taken out, by review and claim in the order in which they were
    /// made, with each reviewer's latest verdict up to their submission.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Damaged`].
    pub fn agreement_units(&self) -> Result<Vec<Unit>, Error> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT EXISTS (SELECT 1 FROM assignments WHERE assignments.review = verdicts.review \
                  AND assignments.reviewer = verdicts.reviewer AND assignments.task <> 'adjudicate' \
                  AND assignments.submitted_at IS NULL) AS pending, reviews.seq AS review_seq, claims.number AS number, reviews.created_at AS created_at, \
                 (SELECT min(submitted_seq) FROM assignments WHERE assignments.review = verdicts.review \
                  AND assignments.reviewer = verdicts.reviewer AND assignments.task <> 'adjudicate') AS submitted_seq, \
                 verdicts.seq AS seq, {} JOIN reviews ON reviews.id = verdicts.review \
                 JOIN claims ON claims.review = verdicts.review AND claims.id = verdicts.claim \
                 WHERE NOT claims.removed ORDER BY verdicts.seq",
                verdicts::COLUMNS
            ))?;
            let mut rows = statement.query([])?;
            let mut units: BTreeMap<(i64, i64), Gathered> = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let place = (row.get("review_seq")?, row.get("number")?);
                let verdict = verdicts::record(row)?;
                let created = moment(row.get("created_at")?)?;
                let unit = units.entry(place).or_insert_with(|| Gathered::new(&verdict, created));
                unit.take(row, verdict)?;
            }
            Ok(units.into_values().map(Gathered::unit).filter(|unit| !unit.labels.is_empty()).collect())
        })
    }
}

/// A claim's verdicts so far, each reviewer's last one.
struct Gathered {
    review: String,
    claim: String,
    at: Timestamp,
    latest: BTreeMap<String, (VerdictRecord, bool)>,
    decision: Option<Verdict>,
}

impl Gathered {
    fn new(verdict: &VerdictRecord, at: Timestamp) -> Gathered {
        let (review, claim) = (verdict.review.clone(), verdict.claim.clone());
        Gathered { review, claim, at, latest: BTreeMap::new(), decision: None }
    }

    fn take(&mut self, row: &Row<'_>, verdict: VerdictRecord) -> Result<(), Error> {
        if !is_review(verdict.task) {
            self.decision = verdict.verdict;
            return Ok(());
        }
        let submitted: Option<i64> = row.get("submitted_seq")?;
        let seq: i64 = row.get("seq")?;
        if submitted.is_none_or(|last| seq <= last) {
            let pending: bool = row.get("pending")?;
            self.latest.insert(verdict.reviewer.id.clone(), (verdict, !pending));
        }
        Ok(())
    }

    fn unit(self) -> Unit {
        let label = |(verdict, submitted): (VerdictRecord, bool)| {
            Some(Label {
                verdict: verdict.verdict?,
                reviewer: verdict.reviewer,
                at: verdict.at,
                errors: verdict.errors,
                seconds: verdict.seconds,
                blind: verdict.blind,
                task: verdict.task,
                submitted,
            })
        };
        Unit {
            review: self.review,
            claim: self.claim,
            at: self.at,
            labels: self.latest.into_values().filter_map(label).collect(),
            gold: self.decision,
        }
    }
}
