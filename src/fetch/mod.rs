//! Fetches guidelines from their publishers: only what their licence allows, only from public addresses, politely.
//!
//! [`plan`] says which versions are due and which are refused ([`Selection`], the licence gate), [`run`] fetches them one
//! by one. What may be reached is a [`Policy`]; the program has the strict one. What is asked for is checked three times:
//! as written (`target`), by the publisher's host (the sidecar's `url` and the pack's `hosts`), and at the moment of the
//! connection by address (`address`). Redirects are new addresses and go the same way.
//!
//! First content is put beside its sidecar. Content that differs later never replaces it: it becomes a candidate edition,
//! which no build reads, for an editor to compare and take in. Each document's outcome is on disk before the next is
//! asked for, so a run that was ended goes on where it was.
//!
//! What is no guideline, but a file that the program knows by its digest, is had by [`pinned`] from a host that is fixed.

mod address;
mod body;
mod client;
mod error;
mod keep;
mod kind;
mod pinned;
mod plan;
mod policy;
mod robots;
mod session;
mod state;
mod target;
mod transfer;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde_json::{Map, json};

use crate::corpus::history::Actor;
use crate::corpus::{Format, VersionId, sha256_of};
use keep::Content;
use session::Session;
use state::{Latest, Place};
use transfer::{Got, Transfer};

pub use client::USER_AGENT;
pub use error::Error;
pub use keep::CANDIDATES;
pub use pinned::{Pinned, pinned};
pub use plan::{Job, Planned, Selection, SelectionError, Step, plan};
pub use policy::{Limits, Lookup, Policy};

/// Reads a content file as text, to tell a changed page from a page that is only written anew; `None` where it cannot.
pub type ReadText<'a> = &'a dyn Fn(Format, &Path) -> Option<String>;

/// What became of one version.
#[derive(Debug)]
pub enum Outcome {
    /// Its first content is beside its sidecar.
    Fetched {
        /// The content.
        path: PathBuf,
        /// Its SHA-256, in hexadecimal.
        sha256: String,
        /// Its length.
        bytes: u64,
    },
    /// The publisher has nothing else.
    Unchanged {
        /// How that is known.
        how: &'static str,
    },
    /// The publisher has something else, which waits for an editor.
    Candidate {
        /// The new content.
        path: PathBuf,
        /// Its SHA-256, in hexadecimal.
        sha256: String,
        /// Whether it lay there already.
        waiting: bool,
    },
    /// It was not fetched: a rule of ours, or something failed ([`Error::is_refusal`]).
    Not(Error),
}

/// Fetches what was planned, one document after the other; `told` hears of each as soon as its outcome is on disk.
pub fn run(
    planned: Vec<Planned<'_>>,
    policy: Policy,
    actor: &Actor,
    read_text: ReadText<'_>,
    told: &mut dyn FnMut(Told<'_>),
) -> Vec<(VersionId, Outcome)> {
    let mut session = Session::new(policy);
    let mut locks: BTreeMap<PathBuf, Result<File, String>> = BTreeMap::new();
    let mut outcomes = Vec::new();
    for Planned { version, step } in planned {
        let outcome = match step {
            Step::NotDue(_) => continue,
            Step::Refused(error) => Outcome::Not(error),
            Step::Fetch(job) | Step::Check(job) => {
                told(Told::Asking(&job.id));
                let lock = locks
                    .entry(job.folder.clone())
                    .or_insert_with(|| Place::lock(&job.folder).map_err(|error| error.to_string()));
                match lock {
                    Ok(_) => one(&mut session, &job, actor, read_text).unwrap_or_else(Outcome::Not),
                    Err(reason) => Outcome::Not(Error::Record(reason.clone())),
                }
            }
        };
        told(Told::Done(&version.facts.id, &outcome));
        outcomes.push((version.facts.id.clone(), outcome));
    }
    outcomes
}

/// How far a run is.
#[derive(Debug)]
pub enum Told<'a> {
    /// This version's publisher is asked.
    Asking(&'a VersionId),
    /// This version is done.
    Done(&'a VersionId, &'a Outcome),
}

fn one(session: &mut Session, job: &Job, actor: &Actor, read_text: ReadText<'_>) -> Result<Outcome, Error> {
    let place = Place::new(&job.folder, &job.stem);
    place.prepare()?;
    let mut state = place.read(job.url());
    // Validators ask "anything newer than this?", which is a question only while "this" is here.
    let stored = job.content.as_ref().map(|(_, _, sha256)| sha256);
    let here = |latest: &Latest| {
        let is_stored = stored.is_some() && (stored == Some(&latest.sha256) || stored == latest.reads_as.as_ref());
        is_stored || keep::waiting(job, &latest.sha256).is_some()
    };
    let conditional = state.latest.as_ref().is_some_and(here);
    let policy = session.policy().clone();
    let mut transfer = Transfer { job, policy: &policy, place: &place, state: &mut state, conditional };
    match session.get(&job.target, &job.hosts, &mut transfer)? {
        Got::Same => same(job, state.latest.unwrap_or_default(), actor),
        Got::Whole { validators, content_type, from, came } => {
            let part = place.part();
            let kept = whole(job, &part, content_type.as_deref(), &from, came, actor, read_text);
            // Whatever became of it, these bytes are no part any more.
            place.drop_part();
            state.part = None;
            let (outcome, sha256, reads_as) = match kept {
                Ok(kept) => kept,
                Err(error) => {
                    place.write(&state)?;
                    return Err(error);
                }
            };
            state.latest = Some(Latest { sha256, reads_as, validators });
            place.write(&state)?;
            Ok(outcome)
        }
    }
}

/// The server says that it has nothing newer than the newest that it gave.
fn same(job: &Job, latest: Latest, actor: &Actor) -> Result<Outcome, Error> {
    if let Some(path) = keep::waiting(job, &latest.sha256) {
        return Ok(Outcome::Candidate { path, sha256: latest.sha256, waiting: true });
    }
    let how = "the server says so";
    let stored = job.content.as_ref().map(|(_, _, sha256)| sha256.as_str()).unwrap_or_default();
    keep::checked(job, stored, Map::from_iter([("how".to_owned(), json!(how))]), actor)?;
    Ok(Outcome::Unchanged { how })
}

/// Decides what a whole file is: first content, the same again, or a candidate. Returns also its digest, and the stored
/// content that it reads as.
fn whole(
    job: &Job,
    part: &Path,
    content_type: Option<&str>,
    from: &str,
    came: body::Came,
    actor: &Actor,
    read_text: ReadText<'_>,
) -> Result<(Outcome, String, Option<String>), Error> {
    let (head, tail) = ends(part, came.bytes)?;
    let format = kind::decide(job.expected, content_type, &head)?;
    if format == Format::Pdf && !came.has_end && !tail.windows(5).any(|window| window == b"%%EOF") {
        return Err(Error::Truncated { declared: "an unknown number of".to_owned(), got: came.bytes });
    }
    let sha256 = sha256_of(part).map_err(Error::at(part))?;
    let content = Content { path: part, sha256: &sha256, format, from };
    let unchanged = |how, reads_as| {
        let stored = job.content.as_ref().map_or(sha256.as_str(), |(_, _, stored)| stored);
        keep::checked(job, stored, Map::from_iter([("how".to_owned(), json!(how))]), actor)?;
        Ok((Outcome::Unchanged { how }, sha256.clone(), reads_as))
    };
    match &job.content {
        None if job.declared.as_ref().is_none_or(|declared| declared.eq_ignore_ascii_case(&sha256)) => {
            let path = keep::first(job, &content, actor)?;
            Ok((Outcome::Fetched { path, sha256: sha256.clone(), bytes: came.bytes }, sha256, None))
        }
        Some((_, _, stored)) if *stored == sha256 => unchanged("the same bytes", None),
        Some((path, stored_format, stored))
            if *stored_format == format && reads_the_same(path, part, format, read_text) =>
        {
            unchanged("other bytes, the same text", Some(stored.clone()))
        }
        _ => {
            let (path, waiting) = keep::candidate(job, &content, actor)?;
            Ok((Outcome::Candidate { path, sha256: sha256.clone(), waiting }, sha256, None))
        }
    }
}

fn reads_the_same(stored: &Path, new: &Path, format: Format, read_text: ReadText<'_>) -> bool {
    match (read_text(format, stored), read_text(format, new)) {
        (Some(stored), Some(new)) => !stored.trim().is_empty() && stored == new,
        _ => false,
    }
}

/// The first bytes of a file and its last KiB.
fn ends(path: &Path, length: u64) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let read = || -> std::io::Result<(Vec<u8>, Vec<u8>)> {
        let (mut head, mut tail) = (Vec::new(), Vec::new());
        let mut file = File::open(path)?;
        Read::by_ref(&mut file).take(kind::HEAD as u64).read_to_end(&mut head)?;
        file.seek(SeekFrom::Start(length.saturating_sub(1_024)))?;
        file.take(1_024).read_to_end(&mut tail)?;
        Ok((head, tail))
    };
    read().map_err(Error::at(path))
}
