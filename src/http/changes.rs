//! `GET /v1/changes`: what became of the corpus from one snapshot to the next.
//!
//! The index folder's record says which snapshot was active when; neighbours are compared document by document. A
//! snapshot that is no longer kept is passed over, and the answer says so: what came and went in it cannot be told.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Kind, Problem};
use super::query::Parameters;
use super::{Service, reply};
use crate::corpus::{Status, VersionId};
use crate::index::{Activation, DocumentDifference, Error, Manifest, Snapshot, SnapshotId, Store, difference};
use crate::view;
use crate::view::native::SnapshotView;

/// Most steps of one answer: beyond them the oldest are taken together.
const MOST_STEPS: usize = 64;
/// Comparisons that are remembered; they never change.
const REMEMBERED: usize = 256;

/// What changed, step by step.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChangesView {
    /// The snapshot that the first step is compared with; `null` for an empty corpus.
    #[schema(example = "0123456789abcdef")]
    since: Option<String>,
    /// The snapshot in use.
    snapshot: SnapshotView,
    /// Whether every snapshot between the two could be compared. Where not, what came and went in between is not told, and
    /// changes stand at the next snapshot that is kept.
    complete: bool,
    /// The snapshots that became active since, the oldest first.
    steps: Vec<StepView>,
    /// The changes, in the order of the steps, then by document.
    changes: Vec<ChangeView>,
}

/// A snapshot that became active.
#[derive(Debug, Serialize, ToSchema)]
struct StepView {
    /// The snapshot.
    #[schema(example = "0123456789abcdef")]
    snapshot: String,
    /// When it became active, UTC.
    #[schema(example = "2026-01-15T09:30:00Z")]
    at: String,
    /// `build`, `activate` or `rollback`.
    #[schema(example = "build")]
    act: &'static str,
    /// Whether it was built from another corpus than the one before.
    corpus_changed: bool,
    /// Whether another engine reads or ranks.
    engine_changed: bool,
}

/// What became of one version.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ChangeView {
    /// `added`, `removed`, `superseded`, `retired`, `reinstated`, `changed` (its record or its text), or `reread` (the same
    /// file, read otherwise by another engine).
    #[schema(example = "superseded")]
    kind: &'static str,
    /// When that took effect here, UTC.
    #[schema(example = "2026-01-15T09:30:00Z")]
    at: String,
    /// The snapshot in which it did.
    snapshot: String,
    /// The version.
    #[schema(example = "uspstf-aaa@2014")]
    version: String,
    /// Its title.
    title: Option<String>,
    /// Its status from then on: `current`, `superseded` or `retired`; `null` where it was removed.
    #[schema(example = "superseded")]
    status: Option<&'static str>,
    /// The edition that replaces it.
    #[schema(example = "uspstf-aaa@2019")]
    superseded_by: Option<String>,
    /// Its passages.
    passages: PassagesView,
}

/// How many passages differ. One whose id stays and whose words differ breaks every pin of it.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
struct PassagesView {
    /// New ones.
    appeared: usize,
    /// Gone.
    vanished: usize,
    /// Under the same id with other words, or read otherwise.
    changed: usize,
    /// The same words under another id, heading or page.
    moved: usize,
}

/// A step that was compared, without its time.
type Compared = Arc<Vec<ChangeView>>;

/// Comparisons of pairs of snapshots, remembered.
#[derive(Debug)]
pub(super) struct Changes {
    pairs: Mutex<HashMap<(Option<SnapshotId>, SnapshotId), Compared>>,
    /// One comparison at a time: it reads every passage of two snapshots.
    one: tokio::sync::Semaphore,
}

impl Default for Changes {
    fn default() -> Changes {
        Changes { pairs: Mutex::default(), one: tokio::sync::Semaphore::new(1) }
    }
}

/// What became of the corpus since a snapshot or a day: documents added, superseded, retired, changed and removed.
///
/// `since` is the id of a snapshot, a day (`2026-01-15`) or a time (`2026-01-15T09:30:00Z`); without it everything is told
/// from the first snapshot that is kept. The `ETag` changes when the answer does.
#[utoipa::path(
    get,
    path = "/v1/changes",
    tag = "corpus",
    params(("since" = Option<String>, Query, description = "A snapshot's id, a day or a time", max_length = 40, example = "2026-01-15")),
    responses((status = 200, description = "The changes", body = ChangesView))
)]
pub(super) async fn list(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let parameters = Parameters::read(request.uri(), &["since"])?;
    let since = parameters.one("since")?.map(Since::read).transpose()?;
    let snapshot = service.snapshot().await?;
    let headers = request.headers().clone();
    let _turn = service.changes.one.acquire().await.map_err(Problem::internal)?;
    let (store, changes) = (Arc::clone(&service.store), Arc::clone(&service.changes));
    let answer = tokio::task::spawn_blocking(move || changes.since(&store, snapshot.manifest(), since.as_ref()));
    reply::json_tagged(&headers, reply::json_bytes(&answer.await.map_err(Problem::internal)??)?)
}

/// From where on changes are wanted.
enum Since {
    Snapshot(SnapshotId),
    Time(Timestamp),
}

impl Since {
    fn read(text: &str) -> Result<Since, Problem> {
        let day = || text.parse::<Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|day| day.timestamp());
        // A day's name is also a prefix of a time's, never of a snapshot's.
        if let Some(time) = text.parse::<Timestamp>().ok().or_else(day) {
            return Ok(Since::Time(time));
        }
        let wrong = || Problem::field("/since", "is not valid: expected a snapshot's id, a day or a time in UTC");
        text.parse().map(Since::Snapshot).map_err(|_| wrong())
    }
}

impl Changes {
    fn since(&self, store: &Store, active: &Manifest, since: Option<&Since>) -> Result<ChangesView, Problem> {
        let history = store.history().map_err(Problem::internal)?;
        let (base, steps) = chain(&history, active, since)?;
        if let Some(base) = &base
            && store.manifest(base).is_err()
        {
            let detail = "That snapshot is no longer kept, so nothing can be compared with it. Ask without `since`.";
            return Err(Problem::new(Kind::NotFound, detail));
        }
        let mut view = ChangesView {
            since: base.as_ref().map(ToString::to_string),
            snapshot: SnapshotView::of(active),
            complete: true,
            steps: Vec::new(),
            changes: Vec::new(),
        };
        let passed = steps.len().saturating_sub(MOST_STEPS);
        view.complete = passed == 0;
        let mut before = base;
        for step in steps.iter().skip(passed) {
            let Ok(manifest) = store.manifest(&step.snapshot) else {
                view.complete = false;
                continue;
            };
            let earlier = before.as_ref().and_then(|id| store.manifest(id).ok());
            view.steps.push(StepView {
                snapshot: step.snapshot.to_string(),
                at: step.at.clone(),
                act: step.act.name(),
                corpus_changed: earlier.as_ref().is_none_or(|one| one.corpus_sha256 != manifest.corpus_sha256),
                engine_changed: earlier.as_ref().is_some_and(|one| one.engine != manifest.engine),
            });
            let compared = self.compared(store, before.as_ref(), &step.snapshot).map_err(Problem::internal)?;
            view.changes.extend(compared.iter().cloned().map(|change| ChangeView { at: step.at.clone(), ..change }));
            before = Some(step.snapshot.clone());
        }
        Ok(view)
    }

    fn compared(&self, store: &Store, before: Option<&SnapshotId>, after: &SnapshotId) -> Result<Compared, Error> {
        let pair = (before.cloned(), after.clone());
        if let Some(known) = self.pairs.lock().unwrap_or_else(PoisonError::into_inner).get(&pair) {
            return Ok(Arc::clone(known));
        }
        let before = before.map(|id| store.open_to_compare(id)).transpose()?;
        let compared = Arc::new(compare(before.as_ref(), &store.open_to_compare(after)?)?);
        let mut pairs = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        if pairs.len() >= REMEMBERED {
            pairs.clear();
        }
        pairs.insert(pair, Arc::clone(&compared));
        Ok(compared)
    }
}

/// The snapshot to begin with, and the activations after it. An index without a record has its active snapshot alone.
fn chain(
    history: &[Activation],
    active: &Manifest,
    since: Option<&Since>,
) -> Result<(Option<SnapshotId>, Vec<Activation>), Problem> {
    let only = || {
        let at = active.built_at.clone();
        let act = crate::index::Act::Build;
        vec![Activation { at, snapshot: active.id.clone(), before: None, act, by: String::new(), editor: None }]
    };
    let history = if history.is_empty() { only() } else { history.to_vec() };
    let time = |step: &Activation| step.at.parse::<Timestamp>().unwrap_or(Timestamp::MIN);
    let from = match since {
        None => 0,
        Some(Since::Time(since)) => history.iter().take_while(|step| time(step) < *since).count(),
        Some(Since::Snapshot(id)) => match history.iter().rposition(|step| step.snapshot == *id) {
            Some(at) => at + 1,
            None if history.first().and_then(|step| step.before.as_ref()) == Some(id) => 0,
            None => {
                let detail = "No snapshot of this id was ever active here. `/v1/snapshots` lists those that are kept.";
                return Err(Problem::new(Kind::NotFound, detail));
            }
        },
    };
    let before = match since {
        Some(Since::Snapshot(id)) => Some(id.clone()),
        _ => from.checked_sub(1).and_then(|at| history.get(at)).map(|step| step.snapshot.clone()),
    };
    Ok((before, history.into_iter().skip(from).collect()))
}

fn compare(before: Option<&Snapshot>, after: &Snapshot) -> Result<Vec<ChangeView>, Error> {
    let found = before.map(|before| difference(before, after)).transpose()?.unwrap_or_default();
    let differences: BTreeMap<&VersionId, &DocumentDifference> =
        found.documents.iter().map(|document| (&document.id, document)).collect();
    let earlier = before.into_iter().flat_map(Snapshot::entries);
    let ids: BTreeSet<&VersionId> = earlier.chain(after.entries()).map(|entry| &entry.facts.id).collect();
    let changes = ids.into_iter().filter_map(|id| change(before, after, id, differences.get(id).copied()));
    Ok(changes.collect())
}

fn change(
    before: Option<&Snapshot>,
    after: &Snapshot,
    id: &VersionId,
    difference: Option<&DocumentDifference>,
) -> Option<ChangeView> {
    let old = before.and_then(|before| before.entry(id));
    let new = after.entry(id);
    let status = |snapshot: &Snapshot| snapshot.catalogue().standing(id, None).status;
    let was = before.filter(|_| old.is_some()).map(status);
    let standing = new.map(|_| after.catalogue().standing(id, None));
    let is = standing.as_ref().map(|standing| standing.status);
    let kind = match (was, is) {
        (None, None) => return None,
        (None, Some(_)) => "added",
        (Some(_), None) => "removed",
        (Some(was), Some(is)) if was != is => match is {
            Status::Superseded => "superseded",
            Status::Retired => "retired",
            Status::Current => "reinstated",
        },
        _ => {
            let same_file = old.map(|entry| &entry.facts) == new.map(|entry| &entry.facts);
            if difference.is_none() {
                return None;
            } else if same_file {
                "reread"
            } else {
                "changed"
            }
        }
    };
    let count = |of: fn(&DocumentDifference) -> usize| difference.map_or(0, of);
    // Without a snapshot before nothing was compared, and everything is new.
    let appeared = match (before, new) {
        (None, Some(entry)) => entry.passages(),
        _ => count(|one| one.appeared.len()),
    };
    Some(ChangeView {
        kind,
        at: String::new(),
        snapshot: after.manifest().id.to_string(),
        version: id.to_string(),
        title: new.or(old).and_then(|entry| entry.facts.title.clone()),
        status: is.map(view::status),
        superseded_by: standing.and_then(|standing| standing.successor).map(|successor| successor.to_string()),
        passages: PassagesView {
            appeared,
            vanished: count(|one| one.vanished.len()),
            changed: count(|one| one.changed.len()),
            moved: count(|one| one.moved.len()),
        },
    })
}
