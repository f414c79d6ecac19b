//! Reviews as wholes: made, listed, read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::Value;

use super::assignments::{self, Sight};
use super::rows::{at_most, json, moment, moment_of, text as to_text};
use super::{Error, LONGEST_RESPONSE, MOST_CLAIMS, Store, assessments, claims, verdicts};
use crate::review::digest::sha256;
use crate::review::record::{ClaimOrigin, Origin, Private, Response, Review, SCHEMA};
use crate::span::Text;

/// Largest metadata of a response, in bytes of JSON.
const LARGEST_METADATA: usize = 1024 * 1024;
/// Longest title, in code points.
const LONGEST_TITLE: usize = 300;
/// How much of a response is its title where none was given, in code points.
const TITLE_WORDS: usize = 80;
/// Most reviews on one page of the list.
const MOST_ON_A_PAGE: usize = 200;

/// A response to judge.
#[derive(Clone, Debug, Default)]
pub struct NewReview {
    /// The response, 1 to [`LONGEST_RESPONSE`] code points.
    pub text: Private,
    /// A line to know it by.
    pub title: Option<Private>,
    /// What the model was asked.
    pub prompt: Option<Private>,
    /// The model.
    pub model: Option<String>,
    /// Where it came from.
    pub source: Origin,
    /// What else is known of it.
    pub metadata: BTreeMap<String, Value>,
    /// Its claims, as far as they are known.
    pub claims: Vec<NewClaim>,
}

/// A claim of a response to judge.
#[derive(Clone, Debug)]
pub struct NewClaim {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The form that can stand alone; the words themselves where not given.
    pub claim: Option<Private>,
    /// What stands around it.
    pub context: Option<Private>,
    /// Where it came from.
    pub origin: ClaimOrigin,
    /// Whether it is worth checking.
    pub checkworthy: bool,
}

/// How far a review has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Somebody has still to submit; where nobody was asked, a claim has no verdict yet.
    Open,
    /// Neither.
    Done,
    /// Its texts are gone.
    Erased,
}

/// Which part of the list is wanted.
#[derive(Clone, Debug)]
pub struct Page {
    /// How many, 1 to 200.
    pub limit: usize,
    /// The last review of the page before.
    pub after: Option<String>,
    /// Those alone that have come so far.
    pub state: Option<State>,
}

impl Default for Page {
    fn default() -> Page {
        Page { limit: 50, after: None, state: None }
    }
}

/// A review in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Private,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody last changed it.
    pub changed_at: Timestamp,
    /// How far it has come.
    pub state: State,
    /// Claims that are worth checking and not taken out.
    pub claims: usize,
    /// Those of them that the one who asks has decided; that anybody has, where nobody is signed in.
    pub decided: usize,
    /// Who was asked to judge it, or has.
    pub reviewers: Vec<String>,
    /// Claims for which somebody asks for a third opinion, as far as the one who asks may know.
    pub needs_adjudication: usize,
    /// Where it came from.
    pub source: Origin,
}

impl Store {
    /// Keeps a response with its claims.
    ///
    /// # Errors
    /// [`Error::Field`] where a text is too long or a claim does not lie in the response.
    pub fn create(&self, new: &NewReview) -> Result<Review, Error> {
        check(new)?;
        let text = Text::from(new.text.as_str().to_owned());
        let title = title(new);
        let metadata = to_text("/metadata", &new.metadata)?;
        if metadata.len() > LARGEST_METADATA {
            return Err(Error::field("/metadata", format!("the metadata have more than {LARGEST_METADATA} bytes")));
        }
        let now = self.now();
        self.write(|transaction| {
            let id = free_id(transaction)?;
            let prompt = new.prompt.as_ref().filter(|prompt| !prompt.is_blank()).map(Private::as_str);
            transaction.execute(
                "INSERT INTO reviews (id, title, text, sha256, prompt, model, source_kind, source_name, source_id, metadata, \
                 created_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)",
                params![
                    id, title, new.text.as_str(), sha256(new.text.as_str()), prompt, new.model, new.source.kind,
                    new.source.name, new.source.id, metadata, now
                ],
            )?;
            for (at, claim) in new.claims.iter().enumerate() {
                claims::insert(transaction, &id, &text, claim).map_err(|error| within(error, at))?;
            }
            whole(transaction, &id)
        })
    }

    /// A review with all that is kept of it. What one reviewer may see of it is [`Store::visible_to`].
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn review(&self, id: &str) -> Result<Review, Error> {
        self.read(|connection| whole(connection, id))
    }

    /// A page of the list, newest first, and the `after` of the next one, as `reviewer` may see it.
    ///
    /// # Errors
    /// [`Error::Field`] where `after` is no review.
    pub fn reviews(&self, page: &Page, reviewer: Option<&str>) -> Result<(Vec<Summary>, Option<String>), Error> {
        let limit = page.limit.clamp(1, MOST_ON_A_PAGE);
        self.read(|connection| {
            let before = match &page.after {
                None => i64::MAX,
                Some(id) => connection
                    .query_row("SELECT seq FROM reviews WHERE id = ?1", [id], |row| row.get(0))
                    .optional()?
                    .ok_or_else(|| Error::field("/after", format!("there is no review `{id}` to go on from")))?,
            };
            let mut statement = connection.prepare_cached(
                "SELECT id, title, source_kind, source_name, source_id, created_at, changed_at, erased_at FROM reviews \
                 WHERE seq < ?1 ORDER BY seq DESC",
            )?;
            let mut rows = statement.query([before])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let summary = summary(connection, row, reviewer)?;
                if page.state.is_some_and(|state| state != summary.state) {
                    continue;
                }
                if found.len() == limit {
                    let next = found.last().map(|last: &Summary| last.id.clone());
                    return Ok((found, next));
                }
                found.push(summary);
            }
            Ok((found, None))
        })
    }
}

/// A review with all that is kept of it.
pub(super) fn whole(connection: &Connection, id: &str) -> Result<Review, Error> {
    let mut review = bare(connection, id)?;
    review.claims = claims::of(connection, id)?;
    review.assignments = assignments::of(connection, id)?;
    review.verdicts = verdicts::of(connection, id)?;
    review.assessments = assessments::of(connection, id)?;
    Ok(review)
}

/// The response alone.
fn bare(connection: &Connection, id: &str) -> Result<Review, Error> {
    let mut statement = connection.prepare_cached("SELECT * FROM reviews WHERE id = ?1")?;
    let mut rows = statement.query([id])?;
    let row = rows.next()?.ok_or_else(|| Error::missing("review", id))?;
    let metadata: String = row.get("metadata")?;
    Ok(Review {
        schema: SCHEMA.to_owned(),
        id: id.to_owned(),
        title: Private(row.get("title")?),
        created_at: moment(row.get("created_at")?)?,
        erased_at: moment_of(row.get("erased_at")?)?,
        response: Response {
            text: Private(row.get("text")?),
            sha256: row.get("sha256")?,
            prompt: row.get::<_, Option<String>>("prompt")?.map(Private),
            model: row.get("model")?,
            source: origin(row)?,
            metadata: json("metadata", &metadata)?,
        },
        claims: Vec::new(),
        assignments: Vec::new(),
        verdicts: Vec::new(),
        assessments: Vec::new(),
    })
}

/// The text of a response that can still be changed.
pub(super) fn response(connection: &Connection, id: &str) -> Result<Text, Error> {
    let mut statement = connection.prepare_cached("SELECT text, erased_at FROM reviews WHERE id = ?1")?;
    let found: Option<(String, Option<i64>)> =
        statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match found {
        None => Err(Error::missing("review", id)),
        Some((_, Some(_))) => Err(Error::Erased(id.to_owned())),
        Some((text, None)) => Ok(Text::from(text)),
    }
}

/// Refuses where there is no such review.
pub(super) fn exists(connection: &Connection, id: &str) -> Result<(), Error> {
    match is_open(connection, id) {
        Err(Error::Erased(_)) => Ok(()),
        other => other,
    }
}

/// Refuses where the review is missing or erased.
pub(super) fn is_open(connection: &Connection, id: &str) -> Result<(), Error> {
    let mut statement = connection.prepare_cached("SELECT erased_at FROM reviews WHERE id = ?1")?;
    match statement.query_row([id], |row| row.get::<_, Option<i64>>(0)).optional()? {
        None => Err(Error::missing("review", id)),
        Some(Some(_)) => Err(Error::Erased(id.to_owned())),
        Some(None) => Ok(()),
    }
}

/// Notes that somebody changed something.
pub(super) fn touch(transaction: &Transaction<'_>, id: &str, now: i64) -> Result<(), Error> {
    let mut statement =
        transaction.prepare_cached("UPDATE reviews SET changed_at = max(changed_at, ?2) WHERE id = ?1")?;
    statement.execute(params![id, now])?;
    Ok(())
}

fn origin(row: &Row<'_>) -> Result<Origin, rusqlite::Error> {
    Ok(Origin { kind: row.get("source_kind")?, name: row.get("source_name")?, id: row.get("source_id")? })
}

fn check(new: &NewReview) -> Result<(), Error> {
    at_most("/text", new.text.as_str(), LONGEST_RESPONSE)?;
    if new.text.is_blank() {
        return Err(Error::field("/text", "there is no text to judge"));
    }
    let texts = [("/title", &new.title, LONGEST_TITLE), ("/prompt", &new.prompt, LONGEST_RESPONSE)];
    for (pointer, text, most) in texts {
        text.iter().try_for_each(|text| at_most(pointer, text.as_str(), most))?;
    }
    at_most("/model", new.model.as_deref().unwrap_or_default(), 200)?;
    at_most("/source/kind", &new.source.kind, 40)?;
    at_most("/source/name", new.source.name.as_deref().unwrap_or_default(), 300)?;
    at_most("/source/id", new.source.id.as_deref().unwrap_or_default(), 300)?;
    if new.claims.len() > MOST_CLAIMS {
        let detail = format!("there are {} claims, more than {MOST_CLAIMS}", new.claims.len());
        return Err(Error::field("/claims", detail));
    }
    Ok(())
}

/// The title that was given, or the response's first words.
fn title(new: &NewReview) -> String {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let given = new.title.as_ref().map(|title| line(title.as_str())).filter(|title| !title.is_empty());
    given.unwrap_or_else(|| {
        // A heading that opens the response, else the first claim: answers begin with greetings and with praise.
        let first = new.text.as_str().lines().find(|line| line.chars().any(char::is_alphanumeric)).unwrap_or_default();
        let claims = new.claims.iter().filter(|claim| claim.checkworthy);
        let claim = claims.min_by_key(|claim| claim.start).filter(|_| !first.trim_start().starts_with('#'));
        let head: String = match claim {
            Some(claim) => {
                new.text.as_str().chars().skip(claim.start).take(claim.end.saturating_sub(claim.start)).collect()
            }
            None => first.to_owned(),
        };
        let head: String = head.chars().take(TITLE_WORDS * 4).collect();
        let words = line(unsigned(&head).trim_matches(['#', '-', '>', '|', ' ']));
        if words.chars().count() <= TITLE_WORDS {
            return words;
        }
        let cut: String = words.chars().take(TITLE_WORDS).collect();
        format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(before, _)| before))
    })
}

/// The words without the signs of Markdown around them; a star or a bar within a word or a number is part of it.
fn unsigned(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        let escapes = letter == '\\' && next.is_ascii_punctuation();
        let sign = matches!(letter, '*' | '_' | '`') && !(before.is_alphanumeric() && next.is_alphanumeric());
        if escapes {
            out.extend(letters.next());
        } else if !sign {
            out.push(letter);
        }
        before = letter;
    }
    out
}

/// `r-` and 12 hex digits that no review has.
fn free_id(transaction: &Transaction<'_>) -> Result<String, Error> {
    loop {
        // SQLite's generator is seeded by the system.
        let id: String = transaction.query_row("SELECT 'r-' || lower(hex(randomblob(6)))", [], |row| row.get(0))?;
        let mut taken = transaction.prepare_cached("SELECT EXISTS (SELECT 1 FROM reviews WHERE id = ?1)")?;
        if !taken.query_row([&id], |row| row.get::<_, bool>(0))? {
            return Ok(id);
        }
    }
}

/// The error of one claim of a new review, with its place.
fn within(error: Error, at: usize) -> Error {
    match error {
        Error::Field { pointer, detail } => Error::Field { pointer: format!("/claims/{at}{pointer}"), detail },
        other => other,
    }
}

fn summary(connection: &Connection, row: &Row<'_>, reviewer: Option<&str>) -> Result<Summary, Error> {
    let id: String = row.get("id")?;
    let parts = assignments::of(connection, &id)?;
    let all = assignments::sight(&parts, reviewer) == Sight::All;
    let tally = claims::tally(connection, &id, reviewer, all)?;
    let erased = row.get::<_, Option<i64>>("erased_at")?.is_some();
    let submitted = parts.iter().all(|part| part.submitted_at.is_some());
    let judged = tally.worth > 0 && tally.decided_by_anybody == tally.worth;
    let state = match erased {
        true => State::Erased,
        false if (!parts.is_empty() && submitted) || (parts.is_empty() && judged) => State::Done,
        false => State::Open,
    };
    let mut reviewers: Vec<String> = parts.into_iter().map(|part| part.reviewer).chain(tally.judges).collect();
    reviewers.sort();
    reviewers.dedup();
    Ok(Summary {
        title: Private(row.get("title")?),
        created_at: moment(row.get("created_at")?)?,
        changed_at: moment(row.get("changed_at")?)?,
        state,
        claims: tally.worth,
        decided: if reviewer.is_some() { tally.decided } else { tally.decided_by_anybody },
        reviewers,
        needs_adjudication: tally.asking,
        source: origin(row)?,
        id,
    })
}
