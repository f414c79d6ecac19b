//! A snapshot of the corpus as it is: built on a thread of its own, one at a time, and in use when it is whole.
//!
//! The thread is not the runtime's: a service that is told to stop does not wait for it. A build that is cut off leaves the
//! snapshot before it in use, and the next one sweeps up.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::Editors;
use super::asked::author;
use super::jobs::{BuiltView, Job, JobView, RejectedDocument};
use crate::http::problem::{Kind, Problem};
use crate::http::query::Parameters;
use crate::http::{Service, reply};
use crate::index::{self, Reading, Store};
use crate::ingest::{self, Outcome, Plan};
use crate::view::document::SnapshotSummary;

/// Begins to build a snapshot of the corpus; it answers as soon as it is whole.
///
/// Documents that have not changed are taken from the snapshot before, unless everything is to be `fresh`. A document that
/// cannot be read is one rejected document. The answer's `Location` is the job; while one is running, another is refused
/// with 409, and `Location` and `current` are the running one.
#[utoipa::path(
    post,
    path = "/v1/corpus/builds",
    tag = "editors",
    params(
        ("fresh" = Option<bool>, Query, description = "Read every document again"),
        ("by" = Option<String>, Query, max_length = 200, description = "Who builds, where the service wants no token and no profile is picked", example = "anna"),
    ),
    responses((status = 202, description = "It has begun", body = JobView, headers(("Location" = String, description = "The job"))))
)]
pub(in super::super) async fn begin(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let parameters = Parameters::read(&parts.uri, &["fresh", "by"])?;
    let fresh = match parameters.one("fresh")? {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Problem::field("/fresh", "is not valid: expected true or false")),
    };
    let by = author(&service, &parts, parameters.one("by")?).await?;
    let editors = Arc::clone(service.editors()?);
    let job = editors.jobs.begin(by.clone()).map_err(|running| at_work(&running))?;
    let store = Arc::clone(&service.store);
    // Half of the cores: claims are answered meanwhile.
    let threads = (service.settings.cores / 2).max(1);
    let at_work = Arc::clone(&job);
    let thread = std::thread::Builder::new().name("build".to_owned()).spawn(move || {
        let plan = Plan { threads, fresh, editor: Some(&by) };
        run(&editors, &store, &at_work, plan);
    });
    if let Err(error) = thread {
        job.end(Err("a thread could not be started".to_owned()));
        return Err(Problem::internal(error));
    }
    let mut response = reply::json(reply::json_bytes(&job.view())?, &service.answers)?;
    *response.status_mut() = StatusCode::ACCEPTED;
    response.headers_mut().insert(header::LOCATION, location(&job)?);
    Ok(response)
}

fn location(job: &Job) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(&job.address()).map_err(Problem::internal)
}

fn at_work(running: &Job) -> Problem {
    let problem = Problem::new(Kind::Refused, "A build is at work already; it comes with this.");
    let problem = problem.with_current(serde_json::to_value(running.view()).unwrap_or_default());
    match location(running) {
        Ok(location) => problem.with_header(header::LOCATION, location),
        Err(other) => other,
    }
}

/// Builds, and ends the job whatever happens.
fn run(editors: &Editors, store: &Store, job: &Job, plan: Plan<'_>) {
    let built = catch_unwind(AssertUnwindSafe(|| build(editors, store, job, plan)));
    let outcome = built.unwrap_or_else(|_| Err("the build failed; the server's log says where".to_owned()));
    match &outcome {
        Ok(built) => tracing::info!(job = job.id(), snapshot = built.snapshot.id, "a snapshot was built"),
        Err(reason) => tracing::warn!(job = job.id(), reason, "a build failed"),
    }
    job.end(outcome);
}

fn build(editors: &Editors, store: &Store, job: &Job, plan: Plan<'_>) -> Result<BuiltView, String> {
    let corpus = {
        let _turn = editors.turn();
        editors.open().map_err(|problem| problem.body("").detail)?.0
    };
    if corpus.versions.is_empty() {
        return Err("the corpus is empty: add a document first".to_owned());
    }
    let before = store.active_id().ok();
    job.reading(corpus.versions.len());
    let outcome = ingest::build_as(plan, &corpus, store, &*editors.read, &mut |done, of, _| job.read(done, of));
    let outcome = outcome.map_err(|error| reason(&error))?;
    // Others would see it within seconds; whoever waits for the job asks at once.
    store.reload().map_err(|error| reason(&error))?;
    Ok(view(outcome, before.as_ref()))
}

/// Why a build failed, without a folder of this machine.
fn reason(error: &index::Error) -> String {
    match error {
        index::Error::Busy(_) => {
            "another program is building into the same index: try again when it has ended".to_owned()
        }
        index::Error::Io { path, action, source } => {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            tracing::error!(error = %error, "the index folder fails");
            format!("the index ({name}) cannot be {action}: {source}")
        }
        other => other.to_string(),
    }
}

fn view(outcome: Outcome, before: Option<&index::SnapshotId>) -> BuiltView {
    let rejected = outcome.entries.iter().filter_map(|entry| match &entry.reading {
        Some(Reading::Rejected { reason, .. }) => {
            Some(RejectedDocument { version: entry.facts.id.to_string(), reason: reason.clone() })
        }
        _ => None,
    });
    let since = before.filter(|before| **before != outcome.manifest.id);
    BuiltView {
        snapshot: SnapshotSummary::of(&outcome.manifest, true),
        reused: outcome.reused,
        read: outcome.read,
        kept: outcome.kept,
        rejected: rejected.collect(),
        changes: since.map_or_else(|| "/v1/changes".to_owned(), |since| format!("/v1/changes?since={since}")),
        impact: "/v1/impact",
    }
}
