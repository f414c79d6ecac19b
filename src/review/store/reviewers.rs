//! People who judge.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rows::{at_most, moment};
use super::{Error, Store};
use crate::review::ADJUDICATED;
use crate::review::record::Reviewer;

/// Most profiles of one file.
const MOST: i64 = 1_000;
/// Longest id, in characters.
const LONGEST_ID: usize = 40;

/// A person who judges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Short id, `[a-z0-9-]{1,40}`.
    pub id: String,
    /// What they are called.
    pub name: String,
    /// `physician`, `pharmacist`, `nurse`, `editor` or what the team calls it.
    pub role: String,
    /// Since when.
    pub created_at: Timestamp,
}

impl Profile {
    /// As a verdict names them.
    pub fn reviewer(&self) -> Reviewer {
        Reviewer { id: self.id.clone(), role: self.role.clone() }
    }
}

/// A profile to make.
#[derive(Clone, Debug, Default)]
pub struct NewReviewer {
    /// Short id; made of the name where not given.
    pub id: Option<String>,
    /// What they are called, at most 120 characters.
    pub name: String,
    /// What they are, at most 60 characters.
    pub role: String,
}

impl Store {
    /// Everybody who has a profile, in the order of their names.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub fn reviewers(&self) -> Result<Vec<Profile>, Error> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT * FROM reviewers ORDER BY lower(name), id")?;
            let rows = statement.query_map([], raw)?.collect::<Result<Vec<_>, _>>()?;
            rows.into_iter().map(profile).collect()
        })
    }

    /// One of them.
    ///
    /// # Errors
    /// [`Error::Missing`] where nobody has this id.
    pub fn reviewer(&self, id: &str) -> Result<Profile, Error> {
        self.read(|connection| by_id(connection, id))
    }

    /// Makes a profile.
    ///
    /// # Errors
    /// [`Error::Field`] where a value does not fit or the id is taken.
    pub fn add_reviewer(&self, new: &NewReviewer) -> Result<Profile, Error> {
        let name = line("/name", &new.name, 120)?;
        let role = line("/role", &new.role, 60)?;
        if let Some(id) = &new.id {
            check_id(id)?;
        }
        let now = self.now();
        self.write(|transaction| {
            let known: i64 = transaction.query_row("SELECT count(*) FROM reviewers", [], |row| row.get(0))?;
            if known >= MOST {
                return Err(Error::field("", format!("there are {known} profiles, and no more than {MOST} are kept")));
            }
            let id = match &new.id {
                Some(id) if is_taken(transaction, id)? => {
                    return Err(Error::field("/id", format!("`{id}` is taken; choose another id")));
                }
                Some(id) => id.clone(),
                None => free_id(transaction, &name)?,
            };
            transaction.execute(
                "INSERT INTO reviewers (id, name, role, created_at) VALUES (?1, ?2, ?3, ?4)",
                params![id, name, role, now],
            )?;
            by_id(transaction, &id)
        })
    }
}

/// The profile of this id.
pub(super) fn by_id(connection: &Connection, id: &str) -> Result<Profile, Error> {
    let mut statement = connection.prepare_cached("SELECT * FROM reviewers WHERE id = ?1")?;
    let found = statement.query_row([id], raw).optional()?;
    found.map(profile).ok_or_else(|| Error::missing("reviewer", id))?
}

/// Whether somebody has this id, or nobody may have it.
fn is_taken(connection: &Connection, id: &str) -> Result<bool, Error> {
    Ok(id == ADJUDICATED
        || connection.query_row("SELECT EXISTS (SELECT 1 FROM reviewers WHERE id = ?1)", [id], |row| row.get(0))?)
}

fn raw(row: &Row<'_>) -> Result<(String, String, String, i64), rusqlite::Error> {
    Ok((row.get("id")?, row.get("name")?, row.get("role")?, row.get("created_at")?))
}

fn profile((id, name, role, created_at): (String, String, String, i64)) -> Result<Profile, Error> {
    Ok(Profile { id, name, role, created_at: moment(created_at)? })
}

/// A text on one line that is not empty.
fn line(pointer: &str, text: &str, most: usize) -> Result<String, Error> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return Err(Error::field(pointer, "the text is empty"));
    }
    if line.chars().any(char::is_control) {
        return Err(Error::field(pointer, "the text holds control characters"));
    }
    at_most(pointer, &line, most)?;
    Ok(line)
}

fn check_id(id: &str) -> Result<(), Error> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || id.len() > LONGEST_ID || !id.chars().all(plain) {
        return Err(Error::field("/id", "an id has 1 to 40 characters: a to z, 0 to 9 and -"));
    }
    Ok(())
}

/// An id made of the name, with a number where somebody has it already.
fn free_id(connection: &Connection, name: &str) -> Result<String, Error> {
    let mut base = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            base.push(c);
        } else if !base.is_empty() && !base.ends_with('-') {
            base.push('-');
        }
    }
    // Room for a number.
    base.truncate(LONGEST_ID - 5);
    let base = match base.trim_end_matches('-') {
        "" => "reviewer",
        base => base,
    };
    for number in 1..=MOST + 1 {
        let id = if number == 1 { base.to_owned() } else { format!("{base}-{number}") };
        if !is_taken(connection, &id)? {
            return Ok(id);
        }
    }
    Err(Error::field("/name", "no id could be made of this name; give one"))
}
