//! Why the store refuses.

use std::path::PathBuf;

use super::drafts::Draft;
use crate::review::record::VerdictRecord;

/// Why something could not be kept or read. What a person reads of it holds no text of a review.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file or its folder cannot be used.
    #[error("the reviews in {path} cannot be opened: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is something else.
    #[error("{path} holds no reviews: {why}")]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// What speaks against it.
        why: String,
    },
    /// The file was written by a newer program.
    #[error(
        "{path} was written by a newer Groundline (form {found}, this one knows up to {known}): update the program, or name \
         another file"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The form that it has.
        found: i64,
        /// The newest form that this program knows.
        known: i64,
    },
    /// There is no such thing.
    #[error("there is no {what} `{id}`")]
    Missing {
        /// `review`, `claim`, `reviewer` or `assignment`.
        what: &'static str,
        /// What was asked for.
        id: String,
    },
    /// A value cannot be kept.
    #[error("{detail}")]
    Field {
        /// JSON pointer (RFC 6901) to it.
        pointer: String,
        /// What is wrong, and what would be right.
        detail: String,
    },
    /// Another verdict of the same reviewer on the same claim came first.
    #[error("you have given another verdict on this claim meanwhile")]
    Stale {
        /// It; `None` where there is none yet and one was named.
        current: Option<Box<VerdictRecord>>,
    },
    /// Another save of the same draft came first.
    #[error("this draft was saved somewhere else meanwhile")]
    StaleDraft {
        /// It; `None` where it was thrown away.
        current: Option<Draft>,
        /// The version to name in the next save.
        version: u64,
    },
    /// The review's texts are gone, so nothing about it can be changed.
    #[error("review `{0}` has been erased")]
    Erased(String),
    /// The reviewer may not see this before they have submitted.
    #[error("the reviews of the others are shown once you have submitted yours")]
    Hidden,
    /// The database failed.
    #[error("the reviews could not be read or written: {0}")]
    Database(#[from] rusqlite::Error),
    /// What stands in the file is not what was written.
    #[error("the file of reviews is damaged at {at}: {why}")]
    Damaged {
        /// Where.
        at: String,
        /// Why.
        why: String,
    },
}

impl Error {
    /// A value at `pointer` that cannot be kept.
    pub(super) fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Error {
        Error::Field { pointer: pointer.into(), detail: detail.into() }
    }

    /// Something that is not there.
    pub(super) fn missing(what: &'static str, id: &str) -> Error {
        Error::Missing { what, id: id.to_owned() }
    }
}
