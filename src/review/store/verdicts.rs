//! The log of verdicts.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::assignments::{self, Sight, is_review, part, sight};
use super::evidence::MOST_SHOWN;
use super::reviews::{is_open, touch};
use super::rows::{at_most, json, moment, name, text};
use super::{Error, LONGEST_FEEDBACK, NewEvidence, Store, claims, evidence, reviewers};
use crate::review::digest::{feedback_sha256, sha256, verdict_body};
use crate::review::record::{Assignment, ErrorMark, Feedback, Harm, Pin, Private, Task, Trail, Verdict, VerdictRecord};
use crate::review::taxonomy::Taxonomy;

/// Most passages of one verdict.
const MOST_PINS: usize = 20;
/// Most error codes of one verdict.
const MOST_ERRORS: usize = 20;
/// Most searches that a trail keeps.
const MOST_SEARCHES: usize = 50;
/// Longest search, in code points.
const LONGEST_SEARCH: usize = 4_000;
/// Longest id of a passage or a snapshot, in code points.
const LONGEST_ID: usize = 300;
/// Longest time that a claim can have been looked at, in seconds: a week.
const LONGEST_LOOK: u32 = 7 * 24 * 60 * 60;

/// A decision, to be kept. That its pins are what the snapshot holds is for the caller to see to.
#[derive(Clone, Debug, Default)]
pub struct NewVerdict {
    /// What was decided; `None` takes the last one back.
    pub verdict: Option<Verdict>,
    /// The reviewer's latest verdict on the claim, which this one replaces.
    pub previous: Option<String>,
    /// As what the reviewer decides; their part in the review where not given.
    pub task: Option<Task>,
    /// The snapshot that was looked at.
    pub snapshot: String,
    /// The passages that it rests on.
    pub evidence: Vec<Pin>,
    /// What was searched; kept with `not_addressed` alone.
    pub trail: Option<Trail>,
    /// What is wrong with the claim.
    pub errors: Vec<ErrorMark>,
    /// What it could do to a patient.
    pub harm: Option<Harm>,
    /// For the model's team.
    pub feedback: Option<Feedback>,
    /// How long the claim was looked at, in seconds.
    pub seconds: u32,
    /// Whether hints were hidden.
    pub blind: bool,
    /// Whether a third opinion is wanted.
    pub needs_adjudication: bool,
    /// The answers that were read, in their order; the last was on the screen.
    pub shown: Vec<NewEvidence>,
}

impl Store {
    /// Adds a verdict to the log, with the evidence that it was given on.
    ///
    /// # Errors
    /// [`Error::Stale`] where `previous` is not the reviewer's latest verdict on the claim, [`Error::Field`] where something
    /// is missing or unknown, [`Error::Hidden`] where somebody adjudicates what they may not see yet; [`Error::Missing`],
    /// [`Error::Erased`].
    pub fn add_verdict(
        &self,
        review: &str,
        claim: &str,
        reviewer: &str,
        new: &NewVerdict,
    ) -> Result<VerdictRecord, Error> {
        check(new, self.taxonomy())?;
        let now = self.now();
        self.write(|transaction| {
            is_open(transaction, review)?;
            claims::live(transaction, review, claim)?;
            let profile = reviewers::by_id(transaction, reviewer)?;
            let latest = latest(transaction, review, claim, reviewer)?;
            if latest.as_ref().map(|latest| &latest.id) != new.previous.as_ref() {
                return Err(Error::Stale { current: latest.map(Box::new) });
            }
            let task = task(&assignments::of(transaction, review)?, reviewer, new.task)?;
            let feedback =
                new.feedback.clone().filter(|one| ![&one.what, &one.why, &one.fix].iter().all(|text| text.is_blank()));
            // A clock that was set back does not turn the log round.
            let at = latest.map_or(now, |latest| now.max(latest.at.as_millisecond()));
            let mut record = VerdictRecord {
                id: String::new(),
                review: review.to_owned(),
                claim: claim.to_owned(),
                task,
                verdict: new.verdict,
                reviewer: profile.reviewer(),
                snapshot: new.snapshot.clone(),
                at: moment(at)?,
                previous: new.previous.clone(),
                evidence: new.evidence.clone(),
                trail: new.trail.clone().filter(|_| new.verdict == Some(Verdict::NotAddressed)),
                errors: new.errors.clone(),
                harm: new.harm.clone(),
                feedback_sha256: feedback.as_ref().map(feedback_sha256),
                feedback,
                seconds: new.seconds,
                blind: new.blind,
                needs_adjudication: new.needs_adjudication,
                taxonomy: self.taxonomy().id.clone(),
            };
            append(transaction, &mut record)?;
            for shown in &new.shown {
                evidence::keep(transaction, review, claim, shown)?;
            }
            touch(transaction, review, now)?;
            Ok(record)
        })
    }

    /// The reviewer's latest verdict on a claim.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub fn latest_verdict(&self, review: &str, claim: &str, reviewer: &str) -> Result<Option<VerdictRecord>, Error> {
        self.read(|connection| latest(connection, review, claim, reviewer))
    }
}

/// The columns that [`record`] reads.
pub(super) const COLUMNS: &str = "verdicts.id AS id, record, feedback, searches FROM verdicts \
     LEFT JOIN verdict_texts ON verdict_texts.verdict = verdicts.id";

/// Every verdict of a review, oldest first.
pub(super) fn of(connection: &Connection, review: &str) -> Result<Vec<VerdictRecord>, Error> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE review = ?1 ORDER BY seq"))?;
    let mut rows = statement.query([review])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(record(row)?);
    }
    Ok(found)
}

/// A row of [`COLUMNS`] as a record, with its texts where they are still kept.
pub(super) fn record(row: &Row<'_>) -> Result<VerdictRecord, Error> {
    let id: String = row.get("id")?;
    let body: String = row.get("record")?;
    let mut verdict: VerdictRecord = json("a verdict", &with_id(&body, &id))?;
    if let Some(feedback) = row.get::<_, Option<String>>("feedback")? {
        verdict.feedback = Some(json("the feedback of a verdict", &feedback)?);
    }
    if let (Some(trail), Some(searches)) = (&mut verdict.trail, row.get::<_, Option<String>>("searches")?) {
        trail.searches = json("the searches of a verdict", &searches)?;
    }
    Ok(verdict)
}

/// The kept JSON with the id that it has.
fn with_id(body: &str, id: &str) -> String {
    match body.strip_prefix('{') {
        Some(rest) => format!("{{\"id\":\"{id}\",{rest}"),
        None => String::new(),
    }
}

fn latest(connection: &Connection, review: &str, claim: &str, reviewer: &str) -> Result<Option<VerdictRecord>, Error> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} WHERE review = ?1 AND claim = ?2 AND reviewer = ?3 ORDER BY seq DESC LIMIT 1"
    ))?;
    let found = statement.query_row([review, claim, reviewer], |row| Ok(record(row))).optional()?;
    found.transpose()
}

/// Writes the record under the id that it has by what it says, its texts beside it.
fn append(transaction: &Transaction<'_>, record: &mut VerdictRecord) -> Result<(), Error> {
    let body = verdict_body(record);
    record.id = sha256(&body);
    let mut line = transaction.prepare_cached("INSERT INTO verdicts (id, record) VALUES (?1, ?2)")?;
    line.execute(params![record.id, body])?;
    let searches: Option<&Vec<Private>> = record.trail.as_ref().map(|trail| &trail.searches);
    if record.feedback.is_none() && searches.is_none() {
        return Ok(());
    }
    let feedback = record.feedback.as_ref().map(|feedback| text("/feedback", feedback)).transpose()?;
    let searches = searches.map(|searches| text("/searches", searches)).transpose()?;
    let mut texts =
        transaction.prepare_cached("INSERT INTO verdict_texts (verdict, feedback, searches) VALUES (?1, ?2, ?3)")?;
    texts.execute(params![record.id, feedback, searches])?;
    Ok(())
}

/// As what somebody decides.
fn task(assignments: &[Assignment], reviewer: &str, asked: Option<Task>) -> Result<Task, Error> {
    let mine = part(assignments, reviewer).map(|part| part.task);
    let task = asked.or(mine).unwrap_or(Task::First);
    if task == Task::Adjudicate {
        return match sight(assignments, Some(reviewer)) {
            Sight::All => Ok(task),
            Sight::Own => Err(Error::Hidden),
        };
    }
    let review = assignments.iter().find(|part| part.reviewer == reviewer && is_review(part.task));
    match review.filter(|part| part.task != task) {
        Some(part) => Err(Error::field("/task", format!("your part is the {} review", name(&part.task)))),
        None => Ok(task),
    }
}

fn check(new: &NewVerdict, taxonomy: &Taxonomy) -> Result<(), Error> {
    if new.snapshot.trim().is_empty() {
        return Err(Error::field("/snapshot", "a verdict names the snapshot that was looked at"));
    }
    at_most("/snapshot", &new.snapshot, LONGEST_ID)?;
    if new.seconds > LONGEST_LOOK {
        return Err(Error::field("/seconds", format!("no claim is looked at for more than {LONGEST_LOOK} seconds")));
    }
    check_grounds(new)?;
    check_pins(&new.evidence)?;
    check_errors(&new.errors, taxonomy)?;
    if let Some(harm) = &new.harm {
        let unknown = |axis: &str| Error::field(format!("/harm/{axis}"), "the taxonomy has no such name");
        if !taxonomy.has_extent(&harm.extent) {
            return Err(unknown("extent"));
        }
        if !taxonomy.has_likelihood(&harm.likelihood) {
            return Err(unknown("likelihood"));
        }
    }
    if let Some(Feedback { what, why, fix }) = &new.feedback {
        for (field, text) in [("what", what), ("why", why), ("fix", fix)] {
            at_most(&format!("/feedback/{field}"), text.as_str(), LONGEST_FEEDBACK)?;
        }
    }
    Ok(())
}

/// What each verdict needs: a passage, a search, or an earlier verdict.
fn check_grounds(new: &NewVerdict) -> Result<(), Error> {
    match new.verdict {
        None if new.previous.is_none() => Err(Error::field("/verdict", "there is no verdict to take back")),
        None => Ok(()),
        Some(Verdict::NotAddressed) => check_trail(new.trail.as_ref()),
        Some(verdict) if new.evidence.is_empty() => {
            Err(Error::field("/evidence", format!("`{}` rests on a passage: pin one", verdict.name())))
        }
        Some(_) => Ok(()),
    }
}

fn check_trail(trail: Option<&Trail>) -> Result<(), Error> {
    let Some(trail) = trail.filter(|trail| trail.searches.iter().any(|search| !search.is_blank())) else {
        return Err(Error::field("/searches", "`not_addressed` rests on a search: search at least once"));
    };
    if trail.searches.len() > MOST_SEARCHES {
        return Err(Error::field("/searches", format!("more than {MOST_SEARCHES} searches")));
    }
    for (at, search) in trail.searches.iter().enumerate() {
        at_most(&format!("/searches/{at}"), search.as_str(), LONGEST_SEARCH)?;
    }
    if trail.passages.len() > MOST_SHOWN {
        return Err(Error::field("/searches", format!("more than {MOST_SHOWN} passages were shown")));
    }
    trail.passages.iter().try_for_each(|passage| at_most("/searches", passage, LONGEST_ID))?;
    at_most("/searches", trail.coverage.as_deref().unwrap_or_default(), 40)
}

fn check_pins(pins: &[Pin]) -> Result<(), Error> {
    if pins.len() > MOST_PINS {
        return Err(Error::field("/evidence", format!("more than {MOST_PINS} passages")));
    }
    let mut seen = BTreeSet::new();
    for (at, pin) in pins.iter().enumerate() {
        let pointer = |field: &str| format!("/evidence/{at}/{field}");
        at_most(&pointer("passage"), &pin.passage, LONGEST_ID)?;
        if version_of(&pin.passage).is_none() || pin.passage.contains(char::is_whitespace) {
            return Err(Error::field(pointer("passage"), "this is no passage: document@version#part"));
        }
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if pin.passage_sha256.len() != 64 || !pin.passage_sha256.bytes().all(digit) {
            return Err(Error::field(
                pointer("passage_sha256"),
                "this is no SHA-256 (64 digits, 0 to 9 and a to f): send the `quote_sha256` that the passage came with",
            ));
        }
        if !seen.insert(&pin.passage) {
            return Err(Error::field(pointer("passage"), "this passage is pinned twice"));
        }
    }
    Ok(())
}

/// The version of a passage's id.
pub(super) fn version_of(passage: &str) -> Option<&str> {
    let (version, part) = passage.split_once('#')?;
    let (document, edition) = version.split_once('@')?;
    (!document.is_empty() && !edition.is_empty() && !part.is_empty()).then_some(version)
}

fn check_errors(errors: &[ErrorMark], taxonomy: &Taxonomy) -> Result<(), Error> {
    if errors.len() > MOST_ERRORS {
        return Err(Error::field("/errors", format!("more than {MOST_ERRORS} error codes")));
    }
    let mut seen = BTreeSet::new();
    for (at, mark) in errors.iter().enumerate() {
        let pointer = format!("/errors/{at}/code");
        if taxonomy.error(&mark.code).is_none() {
            return Err(Error::field(pointer, format!("the taxonomy {} has no such code", taxonomy.id)));
        }
        if !seen.insert(&mark.code) {
            return Err(Error::field(pointer, "this code is given twice"));
        }
    }
    Ok(())
}
