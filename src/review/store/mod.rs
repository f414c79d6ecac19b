//! Where reviews are kept: one SQLite file, shared by every way in.
//!
//! # What holds
//!
//! - **Verdicts are a log.** A verdict is never changed: its id is the SHA-256 of what it says ([`crate::review::digest`]), a
//!   later one names the one that it replaces, triggers refuse every change, and [`Store::verify`] computes all of it again.
//! - **Two tabs do not destroy each other's work.** A verdict names its predecessor and a draft its version; who comes
//!   second is told what came first ([`Error::Stale`], [`Error::StaleDraft`]).
//! - **Reviewers do not see each other's verdicts** before they have submitted their own ([`Store::visible_to`]).
//! - **Erasing erases.** [`Store::erase`] takes every text of a review out of the file's bytes; hashes, labels and pins stay.
//!
//! # How
//!
//! WAL, one connection that writes (a mutex before it) and a few that read, each write one transaction that is on the disk
//! when the call returns. All calls block: a service runs them beside its own threads. Texts of reviews are neither logged
//! nor part of an error's words.

mod agreement;
mod assessments;
mod assignments;
mod claims;
mod connections;
mod drafts;
mod erase;
mod error;
mod evidence;
mod impact;
mod migrations;
mod reviewers;
mod reviews;
mod rows;
#[cfg(test)]
mod tests;
mod verdicts;
mod verify;

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction};

use super::taxonomy::Taxonomy;
use connections::Connections;

pub use agreement::{Label, Unit};
pub use assessments::NewAssessment;
pub use assignments::{Adjudication, NewAssignment, SideBySide, Sight, Visible};
pub use claims::{ClaimEdit, NewSpan};
pub use drafts::{Draft, LARGEST_DRAFT, Saved};
pub use error::Error;
pub use evidence::{NewEvidence, trail_of};
pub use impact::{Impact, InUse, Reason, ReplacingPassage, Standing};
pub use reviewers::{NewReviewer, Profile};
pub use reviews::{NewClaim, NewReview, Page, State, Summary};
pub use verdicts::NewVerdict;
pub use verify::Verified;

/// Longest response and longest prompt, in code points.
pub const LONGEST_RESPONSE: usize = 200_000;
/// Most claims of a review that are not taken out.
pub const MOST_CLAIMS: usize = 500;
/// Longest field of feedback and longest remark, in code points.
pub const LONGEST_FEEDBACK: usize = 8_000;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The reviews in one file. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    connections: Connections,
    clock: Arc<dyn Clock>,
    taxonomy: Arc<Taxonomy>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Store").field("path", &self.inner.connections.path()).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the file, or makes it, under the program's own taxonomy. It is readable for its owner alone.
    ///
    /// # Errors
    /// [`Error::File`] where the file or its folder cannot be used, [`Error::NotOurs`] where it is something else,
    /// [`Error::Newer`] where a newer program wrote it, [`Error::Database`] where the database fails.
    pub fn open(path: &Path) -> Result<Store, Error> {
        Store::open_with(path, Taxonomy::embedded(), Arc::new(SystemClock))
    }

    /// The same under a team's taxonomy and by a clock of the caller's.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(path: &Path, taxonomy: Arc<Taxonomy>, clock: Arc<dyn Clock>) -> Result<Store, Error> {
        let connections = Connections::open(path)?;
        let store = Store { inner: Arc::new(Inner { connections, clock, taxonomy }) };
        store.finish_erasing()?;
        Ok(store)
    }

    /// What an operator should know of the file, in sentences; nothing is the rule.
    pub fn notes(&self) -> &[String] {
        self.inner.connections.notes()
    }

    /// The taxonomy that new verdicts are given under.
    pub fn taxonomy(&self) -> &Arc<Taxonomy> {
        &self.inner.taxonomy
    }

    /// Now, to the millisecond: what is kept of a time.
    fn now(&self) -> i64 {
        self.inner.clock.now().as_millisecond()
    }

    /// Runs what reads, over one unmoving state of the file.
    fn read<T>(&self, run: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        self.inner.connections.read(run)
    }

    /// Runs what writes, whole or not at all.
    fn write<T>(&self, run: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.inner.connections.write(run)
    }
}
