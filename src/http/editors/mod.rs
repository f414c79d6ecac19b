//! `/v1/corpus…`, `/v1/jobs…` and which snapshot answers: what editors do, thin over what the command line does too.
//!
//! Reading order: [`asked`] (who, and in which state of the corpus), [`look`] (what is there), [`change`] and [`add`] (each
//! a plan that is shown or made), [`build`] (one at a time, on a thread of its own), [`jobs`] (what became of builds),
//! [`follow`] (the same as it happens), [`activate`]. What may be changed, and how it is logged, is decided by
//! [`crate::corpus::edit`]; what is built by [`crate::ingest`].
//!
//! Nothing from outside becomes a path: files are named by ids, packs by names, and both are checked.

pub(super) mod activate;
pub(super) mod add;
mod asked;
pub(super) mod build;
pub(super) mod change;
mod follow;
pub(super) mod jobs;
pub(super) mod look;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};

use super::problem::{FieldFault, Kind, Problem};
use super::{Service, reply};
use crate::corpus::{Corpus, Error as CorpusError, edit, history};
use crate::ingest::SharedRead;
use crate::view::corpus::{LintView, place, without_folders};

pub(super) use add::LARGEST_DOCUMENT;
use jobs::Jobs;

/// The corpus that this service's editors change.
pub struct Editors {
    folders: Vec<PathBuf>,
    read: SharedRead,
    /// Whether somebody without a token may change it: where nobody but this machine reaches the service.
    anonymous: bool,
    /// Changes are planned and made one after the other, so that none is planned on what another is about to write.
    turn: Mutex<()>,
    /// What was found wrong last, and in which state of the corpus.
    linted: Mutex<Option<(String, LintView)>>,
    jobs: Jobs,
}

impl fmt::Debug for Editors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Editors").field("folders", &self.folders).finish_non_exhaustive()
    }
}

impl Editors {
    /// Over corpus folders, of which the first takes new packs, with the way in which documents are read. Without a token
    /// nobody changes anything unless `anonymous` says so.
    pub fn new(folders: Vec<PathBuf>, read: SharedRead, anonymous: bool) -> Editors {
        let (turn, linted) = (Mutex::default(), Mutex::default());
        Editors { folders, read, anonymous, turn, linted, jobs: Jobs::default() }
    }

    /// The corpus folders.
    pub(super) fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The corpus as it lies on the disk, and the tag of its state. There need not be one yet.
    fn open(&self) -> Result<(Corpus, String), Problem> {
        let corpus = match Corpus::open(&self.folders) {
            Ok(corpus) => corpus,
            Err(CorpusError::Missing(_) | CorpusError::Nothing(_)) if self.folders.len() == 1 => Corpus::default(),
            Err(CorpusError::Unreadable { source, .. }) => return Err(Problem::internal(source)),
            Err(error) => {
                let detail = "One of the corpus folders of this service is missing or empty.";
                return Err(Problem::new(Kind::Refused, detail).because(error));
            }
        };
        let tag = edit::tag(&corpus).map_err(|error| refused(&corpus, error))?;
        Ok((corpus, tag))
    }
}

impl Service {
    /// The corpus of this service's editors, where it has any.
    fn editors(&self) -> Result<&Arc<Editors>, Problem> {
        let none = || Problem::new(Kind::NotFound, "This service has no corpus that can be edited.");
        self.editors.as_ref().ok_or_else(none)
    }

    /// Runs `work` off the runtime's threads; it counts among its caller's calls. It ends also where the caller has gone.
    async fn edit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Editors) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let editors = Arc::clone(self.editors()?);
        let place = self.gate.admit()?;
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work(&editors)
        });
        done.await.map_err(Problem::internal)?
    }
}

/// The routes of this group.
pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/v1/corpus", get(look::corpus))
        .route("/v1/corpus/history", get(look::history))
        .route("/v1/corpus/lint", get(look::lint))
        .route("/v1/corpus/gaps", get(look::gaps))
        .route("/v1/corpus/documents", post(add::add))
        .route("/v1/corpus/supersede", post(change::supersede))
        .route("/v1/corpus/retire", post(change::retire))
        .route("/v1/corpus/checked", post(change::checked))
        .route("/v1/corpus/notices", post(change::notice))
        .route("/v1/corpus/builds", post(build::begin))
        .route("/v1/jobs", get(jobs::list))
        .route("/v1/jobs/{id}", get(jobs::show))
        .route("/v1/snapshots/rollback", post(activate::rollback))
        .route("/v1/snapshots/{id}/activate", post(activate::activate))
}

/// An answer about the corpus in the state of this tag.
fn tagged(
    service: &Service,
    status: StatusCode,
    tag: &str,
    answer: &impl serde::Serialize,
) -> Result<Response, Problem> {
    let mut response = reply::json(reply::json_bytes(answer)?, &service.answers)?;
    *response.status_mut() = status;
    response.headers_mut().insert(header::ETAG, etag(tag)?);
    Ok(response)
}

fn etag(tag: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(&format!("\"{tag}\"")).map_err(Problem::internal)
}

/// Why a change is refused, as a problem that tells no folder of this machine.
fn refused(corpus: &Corpus, error: edit::Error) -> Problem {
    match error {
        edit::Error::Unknown { id, near } => {
            let near = if near.is_empty() { String::new() } else { format!("; there is {}", near.join(", ")) };
            Problem::new(Kind::NotFound, format!("There is no {id} in the corpus{near}."))
        }
        edit::Error::Refused(reason) => Problem::new(Kind::Refused, without_folders(corpus, &reason)),
        edit::Error::Faults(faults) => {
            let field = |fault: &crate::corpus::Fault| FieldFault {
                pointer: pointer(&fault.message),
                detail: without_folders(corpus, &fault.message),
            };
            Problem::fields(faults.iter().map(field).collect())
        }
        edit::Error::Sidecar { path, reason } => {
            Problem::new(Kind::Refused, format!("{}: {reason}", place(corpus, &path)))
        }
        edit::Error::Io { .. } => Problem::internal(error),
        edit::Error::History(error) => unlogged(error),
    }
}

/// The field that a sidecar's fault begins with.
fn pointer(message: &str) -> String {
    let key = message.strip_prefix('`').and_then(|rest| rest.split('`').next());
    key.map(|key| format!("/{key}")).unwrap_or_default()
}

fn unlogged(error: history::Error) -> Problem {
    let (kind, detail) = match &error {
        history::Error::Busy(_) => (Kind::Busy, "Another program is changing this pack. Try again in a moment."),
        history::Error::Meanwhile { .. } => {
            (Kind::Conflict, "A file of the corpus was changed meanwhile; nothing was written. Look and try again.")
        }
        history::Error::Damaged { .. } => (
            Kind::Refused,
            "The log of a pack is damaged, so nothing was written. `GET /v1/corpus/history` names the damage.",
        ),
        history::Error::TooLarge { .. } => (Kind::Refused, "The log of a pack, or this change, is too large."),
        history::Error::Io { action: "written", .. } => {
            (Kind::Refused, "This service may not write to that pack. The server's log says why.")
        }
        _ => return Problem::internal(error),
    };
    Problem::new(kind, detail).because(error)
}
