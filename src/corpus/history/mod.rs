//! The pack's audit log: who changed what, when, and from which bytes to which.
//!
//! `history.jsonl` in the pack's folder holds one event a line and is only ever appended to. Each line names the SHA-256
//! of the line before it, and `history.head` says how many lines count and what the last one's digest is, so that a line
//! that is changed, removed, inserted, moved or cut off is found and named ([`verify`]).
//!
//! A change of files is written ahead ([`commit`]): the new bytes are staged beside the old (`<name>.pending`), then the
//! events, then the head, and only then is each file replaced in one rename. The head is what makes events count. A crash
//! before the events are whole leaves the old files and no event; a crash after leaves events whose files the next command
//! puts in place. [`verify`] names either state.
//!
//! The chain has no key: it shows accident and careless edits, and it shows a rewritten past to whoever kept an earlier
//! head (a repository, a backup). Whoever can write the folder can write a new chain.

mod chain;
mod commit;

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::VersionId;

pub use chain::{Report, head, read, verify};
pub use commit::{Done, append, commit, recover};

/// Name of the log within a pack's folder.
pub const LOG: &str = "history.jsonl";
/// Name of the file that says how many lines count.
pub const HEAD: &str = "history.head";
/// Ending of a file that is about to replace the one it is named after.
const PENDING: &str = ".pending";
/// Largest log that is read, in bytes.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// Longest event, in bytes.
const LONGEST_LINE: usize = 256 * 1024;

/// What was done to a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It was put into the pack.
    Add,
    /// An edge between it and another edition was confirmed.
    Supersede,
    /// It was withdrawn without a successor.
    Retire,
    /// It was compared with the publisher's page.
    Check,
    /// Its content was fetched from the publisher.
    Fetch,
    /// A changed file was fetched and laid aside for an editor.
    Candidate,
    /// What its publisher says about it was recorded.
    Notice,
    /// Its sidecar was changed in another way, or outside the program.
    Amend,
}

impl Action {
    /// The word in the log.
    pub fn name(self) -> &'static str {
        match self {
            Action::Add => "add",
            Action::Supersede => "supersede",
            Action::Retire => "retire",
            Action::Check => "check",
            Action::Fetch => "fetch",
            Action::Candidate => "candidate",
            Action::Notice => "notice",
            Action::Amend => "amend",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A file's SHA-256 around an event, in hexadecimal; `None` where there was no file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digests {
    /// Before it.
    pub before: Option<String>,
    /// After it.
    pub after: Option<String>,
}

/// Which of how many lines that count together or not at all, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Which.
    pub nth: u64,
    /// Of how many.
    pub of: u64,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Its number, from 1.
    pub seq: u64,
    /// When, UTC, whole seconds.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What.
    pub action: Action,
    /// To which version.
    pub version: VersionId,
    /// More about it: the other edition, a reason, a file's name.
    pub detail: Map<String, Value>,
    /// The sidecar's path within the pack, with `/` between its parts; `None` where no sidecar was touched.
    pub sidecar: Option<String>,
    /// The sidecar's digest around it.
    pub sidecar_sha256: Digests,
    /// The content's path within the pack.
    pub content: Option<String>,
    /// The content's digest after it.
    pub content_sha256: Option<String>,
    /// Which of the lines of one change; `None` where it is the only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// SHA-256 of the bytes of the line before, without its line feed; 64 zeros in the first.
    pub prev: String,
}

/// New bytes for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bytes {
    /// These.
    Of(Vec<u8>),
    /// Those of another file, with the SHA-256 that it must have.
    CopyOf {
        /// The file.
        path: PathBuf,
        /// Its digest, in hexadecimal.
        sha256: String,
    },
    /// None are written: the event tells what the file is already, or that there is none.
    Nothing {
        /// Its digest, in hexadecimal.
        sha256: Option<String>,
    },
}

/// A file that a change puts in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Its path within the pack, with `/` between its parts.
    pub name: String,
    /// SHA-256 of what it must be when the change is made; `None` where it must not exist. Anything else is refused, so
    /// that two editors at once cannot undo each other.
    pub before: Option<String>,
    /// What it becomes.
    pub after: Bytes,
}

/// A change to one version: the event, less what the log itself knows, and the files.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What is done.
    pub action: Action,
    /// To which version.
    pub version: VersionId,
    /// More about it.
    pub detail: Map<String, Value>,
    /// The sidecar, where it is written.
    pub sidecar: Option<Replacement>,
    /// The content, where it is written.
    pub content: Option<Replacement>,
}

/// Who acts, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// A name.
    pub by: String,
    /// The time; whole seconds are kept.
    pub at: Timestamp,
}

/// Why a log cannot be read or a change not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system refused.
    #[error("{path} cannot be {action}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried: `read`, `written`.
        action: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The log is not what was written.
    #[error(
        "the history of {} is damaged: {first}. Nothing was written. `groundline corpus history --verify` names every \
         damage; bring {LOG} and {HEAD} back from a copy", folder.display()
    )]
    Damaged {
        /// The pack's folder.
        folder: PathBuf,
        /// The first damage.
        first: String,
    },
    /// Another command holds the log.
    #[error("another command is changing {}: wait for it to end", .0.display())]
    Busy(PathBuf),
    /// A file is not what the change was made for.
    #[error("{} {what}: nothing was written; look at it and try again", path.display())]
    Meanwhile {
        /// The file.
        path: PathBuf,
        /// How it differs.
        what: &'static str,
    },
    /// A name leads out of the pack, or is none.
    #[error("{0:?} is no file name within a pack")]
    Name(String),
    /// The log or an event has outgrown what is read back.
    #[error("{} is too large: {what}", path.display())]
    TooLarge {
        /// The log.
        path: PathBuf,
        /// What is too large, with its limit.
        what: String,
    },
    /// An event could not be written as JSON.
    #[error("an event could not be written: {0}")]
    Event(#[from] serde_json::Error),
    /// A change in several packs could be made in some of them only.
    #[error("{first}; what was changed before in {} could not be undone: {second}", folder.display())]
    Half {
        /// The pack that was changed.
        folder: PathBuf,
        /// What stopped the change.
        first: Box<Error>,
        /// What stopped the undoing.
        second: Box<Error>,
    },
}

impl Error {
    fn read(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_owned();
        move |source| Error::Io { path, action: "read", source }
    }

    fn written(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_owned();
        move |source| Error::Io { path, action: "written", source }
    }
}

/// Joins a pack's folder and a name from its log; a log is a stranger's bytes, so a name must stay within the pack.
fn within(folder: &Path, name: &str) -> Result<PathBuf, Error> {
    let part_is_good = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', '\0']);
    if name.len() <= 1000 && name.split('/').all(part_is_good) {
        Ok(name.split('/').fold(folder.to_owned(), |path, part| path.join(part)))
    } else {
        Err(Error::Name(name.chars().take(200).collect()))
    }
}

/// Where the bytes lie that are about to replace a file.
fn pending(path: &Path) -> PathBuf {
    let mut name = path.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
    name.push(PENDING);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests;
