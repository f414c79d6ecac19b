//! What became of builds: kept in memory, the last ones, each with the events that followers are told.
//!
//! A service that starts anew knows none of them; the snapshots and the record of activations tell what was built.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::{Timestamp, Unit};
use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use super::follow;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Parameters;
use crate::http::{Service, reply};
use crate::view::document::SnapshotSummary;

/// Jobs that are kept, the newest.
const MOST_JOBS: usize = 50;

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(in super::super) struct ProgressView {
    /// `opening` (the corpus is looked through), `reading` (documents), `publishing` (the snapshot is written), `ended`.
    #[schema(example = "reading")]
    pub(super) stage: &'static str,
    /// Documents that are done.
    pub(super) done: usize,
    /// Documents in all; 0 before the corpus was looked through.
    pub(super) of: usize,
}

/// A document that is not in the snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(in super::super) struct RejectedDocument {
    /// The version.
    #[schema(example = "board-dropsy@2026")]
    pub(super) version: String,
    /// Why.
    #[schema(example = "no passages were found in its text")]
    pub(super) reason: String,
}

/// What a build made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(in super::super) struct BuiltView {
    /// The snapshot that answers from now on.
    pub(super) snapshot: SnapshotSummary,
    /// Whether the same snapshot was there already.
    pub(super) reused: bool,
    /// Documents that were read.
    pub(super) read: usize,
    /// Documents whose text was taken from the snapshot before.
    pub(super) kept: usize,
    /// Documents that are not in it, each with why.
    pub(super) rejected: Vec<RejectedDocument>,
    /// Where it says what changed.
    #[schema(example = "/v1/changes?since=0123456789abcdef")]
    pub(super) changes: String,
    /// Where it says which verdicts rest on what was replaced.
    #[schema(example = "/v1/impact")]
    pub(super) impact: &'static str,
}

/// A job as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(in super::super) struct JobView {
    /// Its id.
    #[schema(example = "b-5f0c2a91-1")]
    id: String,
    /// What it does: `build`.
    #[schema(example = "build")]
    kind: &'static str,
    /// `running`, `done` or `failed`.
    #[schema(example = "running")]
    state: &'static str,
    /// Who began it.
    #[schema(example = "anna")]
    by: String,
    /// When it began, UTC.
    #[schema(example = "2026-01-15T09:30:00Z")]
    began_at: String,
    /// When it ended.
    ended_at: Option<String>,
    /// How far it is.
    progress: ProgressView,
    /// What it made, where it is done.
    result: Option<BuiltView>,
    /// Why it failed; the snapshot that was in use still answers.
    reason: Option<String>,
}

/// The jobs that are kept.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct JobList {
    /// The newest first.
    jobs: Vec<JobView>,
}

/// One thing that followers are told.
#[derive(Debug)]
struct Told {
    name: &'static str,
    data: String,
}

#[derive(Debug)]
struct Now {
    progress: ProgressView,
    ended_at: Option<Timestamp>,
    outcome: Option<Result<BuiltView, String>>,
    /// Bounded: one event a stage and at most one a percent.
    told: Vec<Told>,
}

/// A build, under way or ended.
#[derive(Debug)]
pub(in super::super) struct Job {
    id: String,
    by: String,
    began_at: Timestamp,
    now: Mutex<Now>,
    /// How many events there are, for those who wait for the next.
    changed: watch::Sender<usize>,
}

impl Job {
    fn new(id: String, by: String) -> Job {
        let progress = ProgressView { stage: "opening", done: 0, of: 0 };
        let now = Now { progress, ended_at: None, outcome: None, told: Vec::new() };
        let began_at = seconds(Timestamp::now());
        let job = Job { id, by, began_at, now: Mutex::new(now), changed: watch::Sender::new(0) };
        job.tell_progress(&mut job.now());
        job
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    fn is_running(&self) -> bool {
        self.now().outcome.is_none()
    }

    /// Where it is to be found.
    pub(super) fn address(&self) -> String {
        format!("/v1/jobs/{}", self.id)
    }

    /// The documents of the corpus are known.
    pub(super) fn reading(&self, of: usize) {
        let mut now = self.now();
        now.progress = ProgressView { stage: "reading", done: 0, of };
        self.tell_progress(&mut now);
    }

    /// So many documents are done; told once a percent.
    pub(super) fn read(&self, done: usize, of: usize) {
        let mut now = self.now();
        let percent = |done: usize| done.saturating_mul(100).checked_div(of).unwrap_or(100);
        let told = percent(done) != percent(now.progress.done) || done == of;
        now.progress = ProgressView { stage: if done == of { "publishing" } else { "reading" }, done, of };
        if told {
            self.tell_progress(&mut now);
        }
    }

    /// It has ended.
    pub(super) fn end(&self, outcome: Result<BuiltView, String>) {
        let name = if outcome.is_ok() { "done" } else { "failed" };
        {
            let mut now = self.now();
            now.progress.stage = "ended";
            now.ended_at = Some(seconds(Timestamp::now()));
            now.outcome = Some(outcome);
        }
        let view = self.view();
        self.tell(&mut self.now(), name, &view);
    }

    fn tell_progress(&self, now: &mut Now) {
        let progress = now.progress.clone();
        self.tell(now, "progress", &progress);
    }

    fn tell(&self, now: &mut Now, name: &'static str, data: &impl Serialize) {
        // Plain data cannot fail to be written as JSON; JSON has no line feeds of its own.
        let data = serde_json::to_string(data).unwrap_or_default();
        now.told.push(Told { name, data });
        self.changed.send_replace(now.told.len());
    }

    /// A job as it is now.
    pub(super) fn view(&self) -> JobView {
        let now = self.now();
        let (state, result, reason) = match &now.outcome {
            None => ("running", None, None),
            Some(Ok(built)) => ("done", Some(built.clone()), None),
            Some(Err(reason)) => ("failed", None, Some(reason.clone())),
        };
        JobView {
            id: self.id.clone(),
            kind: "build",
            state,
            by: self.by.clone(),
            began_at: self.began_at.to_string(),
            ended_at: now.ended_at.map(|at| at.to_string()),
            progress: now.progress.clone(),
            result,
            reason,
        }
    }

    /// The events after the first `seen`, as server-sent events, and whether they are the last.
    pub(super) fn events(&self, seen: usize) -> (Vec<String>, bool) {
        let now = self.now();
        let event = |(at, told): (usize, &Told)| {
            format!("id: {}\nevent: {}\ndata: {}\n\n", seen + at + 1, told.name, told.data)
        };
        let ended = now.told.last().is_some_and(|last| last.name != "progress");
        (now.told.iter().skip(seen).enumerate().map(event).collect(), ended)
    }

    /// Tells when there are more events.
    pub(super) fn changes(&self) -> watch::Receiver<usize> {
        self.changed.subscribe()
    }
}

fn seconds(at: Timestamp) -> Timestamp {
    at.round(Unit::Second).unwrap_or(at)
}

/// The jobs of this run of the service.
#[derive(Debug)]
pub(super) struct Jobs {
    /// Tells this run's ids from those of another.
    run: u32,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    begun: u32,
    jobs: VecDeque<Arc<Job>>,
}

impl Default for Jobs {
    fn default() -> Jobs {
        // Random by way of the standard library's hash keys: an id needs to differ, not to be secret.
        let [_, _, _, _, run @ ..] = RandomState::new().hash_one("jobs").to_be_bytes();
        Jobs { run: u32::from_be_bytes(run), kept: Mutex::default() }
    }
}

impl Jobs {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new job, or the one that is running.
    pub(super) fn begin(&self, by: String) -> Result<Arc<Job>, Arc<Job>> {
        let mut kept = self.kept();
        if let Some(running) = kept.jobs.iter().find(|job| job.is_running()) {
            return Err(Arc::clone(running));
        }
        kept.begun += 1;
        let job = Arc::new(Job::new(format!("b-{:08x}-{}", self.run, kept.begun), by));
        kept.jobs.push_front(Arc::clone(&job));
        kept.jobs.truncate(MOST_JOBS);
        Ok(job)
    }

    fn find(&self, id: &str) -> Option<Arc<Job>> {
        self.kept().jobs.iter().find(|job| job.id == id).cloned()
    }
}

/// The builds of this run of the service, the newest first; the last 50 are kept.
#[utoipa::path(get, path = "/v1/jobs", tag = "editors", responses((status = 200, description = "The jobs", body = JobList)))]
pub(in super::super) async fn list(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    Parameters::read(request.uri(), &[])?;
    let jobs: Vec<Arc<Job>> = service.editors()?.jobs.kept().jobs.iter().cloned().collect();
    let list = JobList { jobs: jobs.iter().map(|job| job.view()).collect() };
    fresh(reply::json(reply::json_bytes(&list)?, &service.answers)?)
}

/// A job as it is now, or as it goes on.
///
/// With `Accept: text/event-stream` the answer stays open: events `progress` (`stage`, `done`, `of`), and at the end `done`
/// or `failed` with the whole job. `Last-Event-ID` goes on after that event; where there is nothing after it and never will
/// be, the answer is 204. A comment comes every 15 seconds where nothing else does.
#[utoipa::path(
    get,
    path = "/v1/jobs/{id}",
    tag = "editors",
    params(
        ("id" = String, Path, description = "The job", example = "b-5f0c2a91-1"),
        ("Last-Event-ID" = Option<u32>, Header, description = "The last event that was received"),
    ),
    responses(
        (status = 200, description = "The job", content((JobView = "application/json"), (String = "text/event-stream"))),
        (status = 204, description = "No event comes after that one"),
    )
)]
pub(in super::super) async fn show(
    State(service): State<Service>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    Parameters::read(request.uri(), &[])?;
    let unknown =
        || Problem::new(Kind::NotFound, "No job of this run of the service has this id, or it is kept no more.");
    let id = id.map(|Path(id)| id).unwrap_or_default();
    let job = service.editors()?.jobs.find(&id).ok_or_else(unknown)?;
    let headers = request.headers();
    if !wants_events(headers) {
        return fresh(reply::json(reply::json_bytes(&job.view())?, &service.answers)?);
    }
    let seen = match headers.get("last-event-id").map(|value| value.to_str().ok()?.trim().parse::<u32>().ok()) {
        None => 0,
        Some(Some(seen)) => usize::try_from(seen).unwrap_or(usize::MAX),
        Some(None) => return Err(Problem::field("/Last-Event-ID", "is not valid: expected the id of an event")),
    };
    if let (events, true) = job.events(seen)
        && events.is_empty()
    {
        return fresh(StatusCode::NO_CONTENT.into_response());
    }
    fresh(follow::answer(job, seen, service.gate.admit_stream()?))
}

fn wants_events(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|value| value.split(','))
        .any(|one| one.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/event-stream")))
}

/// An answer that changes while one looks.
fn fresh(mut response: Response) -> Result<Response, Problem> {
    response.headers_mut().insert(header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_job_runs_at_a_time_and_the_last_are_kept() {
        let jobs = Jobs::default();
        let mut first = None;
        for at in 0..MOST_JOBS + 10 {
            let job = jobs.begin("anna".to_owned()).expect("none runs");
            let running = jobs.begin("bo".to_owned()).expect_err("one runs");
            assert_eq!(running.id(), job.id());
            assert_eq!(jobs.find(job.id()).map(|one| one.view().state), Some("running"));
            job.end(Err("a test wants it".to_owned()));
            if at == 0 {
                first = Some(job.id().to_owned());
            }
        }
        assert_eq!(jobs.kept().jobs.len(), MOST_JOBS);
        assert!(jobs.find(&first.expect("an id")).is_none());
    }

    #[test]
    fn events_are_numbered_bounded_and_end() {
        let job = Job::new("b-1".to_owned(), "anna".to_owned());
        job.reading(10_000);
        (1..=10_000).for_each(|done| job.read(done, 10_000));
        let (events, ended) = job.events(0);
        assert!(!ended && events.len() <= 104, "{}", events.len());
        assert!(events[0].starts_with("id: 1\nevent: progress\ndata: {\"stage\":\"opening\""), "{}", events[0]);
        assert!(events[events.len() - 1].contains("\"stage\":\"publishing\",\"done\":10000,\"of\":10000"));
        job.end(Err("a reason\nof two lines".to_owned()));
        let (rest, ended) = job.events(events.len());
        assert!(ended && rest.len() == 1);
        assert!(rest[0].starts_with(&format!("id: {}\nevent: failed\ndata: {{", events.len() + 1)), "{}", rest[0]);
        assert_eq!(rest[0].matches('\n').count(), 4, "a reason breaks no frame: {}", rest[0]);
        assert!(job.events(usize::MAX).0.is_empty());
    }
}
