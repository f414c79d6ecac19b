//! What is there: packs, logs, faults, gaps. The corpus as it lies on the disk, not the snapshot that answers.

use std::sync::TryLockError;

use axum::extract::{Request, State};
use axum::response::Response;
use jiff::civil::Date;

use super::refused;
use crate::corpus::{Corpus, DocumentId, VersionId, edit, history};
use crate::http::documents::number;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Parameters;
use crate::http::{Service, reply};
use crate::index::Gaps;
use crate::ingest;
use crate::view::corpus::{CorpusView, FaultView, GapsView, HistoryView, LintView, LogView};

/// Most events of a page.
const MOST_EVENTS: i64 = 1_000;
/// Events of a page where no number is asked for.
const EVENTS: usize = 100;
/// Seconds after which whoever finds the digests being read is to come back.
const BUSY: u32 = 5;

/// The packs with their licence terms, how much they hold, and what is wrong with sidecars.
///
/// The `ETag` names the state of content, sidecars and logs; a change takes it as `If-Match`.
#[utoipa::path(
    get,
    path = "/v1/corpus",
    tag = "editors",
    responses((status = 200, description = "The corpus", body = CorpusView, headers(("ETag" = String, description = "The state of the corpus"))))
)]
pub(in super::super) async fn corpus(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    Parameters::read(request.uri(), &[])?;
    let view = service.edit(|editors| {
        let _turn = editors.turn();
        let (corpus, tag) = editors.open()?;
        Ok(CorpusView::of(&corpus, &tag))
    });
    let view = view.await?;
    reply::marked(request.headers(), &view.tag, reply::json_bytes(&view)?)
}

/// Who changed what, the oldest first, and whether the logs are whole.
///
/// Every line of each pack's log is checked against its chain, and the files against their last events. A log that is
/// damaged gives no events: what it says is not to be believed.
#[utoipa::path(
    get,
    path = "/v1/corpus/history",
    tag = "editors",
    params(
        ("id" = Option<String>, Query, max_length = 241, description = "A document, or a version as document@version", example = "uspstf-aaa"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "Events a page; 100 where not given"),
        ("after" = Option<u32>, Query, minimum = 0, description = "How many events the page passes over; `next` has it"),
    ),
    responses((status = 200, description = "The logs", body = HistoryView))
)]
pub(in super::super) async fn history(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let parameters = Parameters::read(request.uri(), &["id", "limit", "after"])?;
    let id = parameters.one("id")?.map(str::to_owned);
    if id.as_ref().is_some_and(|id| id.parse::<VersionId>().is_err() && id.parse::<DocumentId>().is_err()) {
        return Err(Problem::field("/id", "is not valid: expected a document or document@version"));
    }
    let size = |number: Option<i64>, usual| number.and_then(|one| usize::try_from(one).ok()).unwrap_or(usual);
    let limit = size(number(&parameters, "limit", 1, MOST_EVENTS)?, EVENTS);
    let after = size(number(&parameters, "after", 0, i64::from(u32::MAX))?, 0);
    let view = service.edit(move |editors| {
        let _turn = editors.turn();
        let (corpus, _) = editors.open()?;
        told(corpus, id.as_deref(), after, limit)
    });
    reply::json(reply::json_bytes(&view.await?)?, &service.answers)
}

fn told(mut corpus: Corpus, id: Option<&str>, after: usize, limit: usize) -> Result<HistoryView, Problem> {
    let mut logs = Vec::new();
    for pack in &corpus.packs {
        let report = history::verify(&pack.folder).map_err(|error| refused(&corpus, error.into()))?;
        logs.push((LogView::of(pack, report), pack.folder.clone()));
    }
    corpus.packs.retain(|pack| logs.iter().any(|(log, folder)| *folder == pack.folder && log.damage.is_empty()));
    let events = edit::events(&corpus, id).map_err(|error| refused(&corpus, error))?;
    if let Some(id) = id.filter(|_| events.is_empty()) {
        edit::find_all(&corpus, id).map_err(|error| refused(&corpus, error))?;
    }
    let page = events.get(after.min(events.len())..).unwrap_or_default();
    let next = page.get(limit..).filter(|rest| !rest.is_empty()).map(|_| {
        // An id has no character but `@` that a query would not hold as it is.
        let id = id.map(|id| format!("&id={}", id.replace('@', "%40"))).unwrap_or_default();
        format!("/v1/corpus/history?limit={limit}&after={}{id}", after + limit)
    });
    let page = page.get(..limit).unwrap_or(page);
    Ok(HistoryView::of(logs.into_iter().map(|(log, _)| log).collect(), page, next))
}

/// What is wrong with packs, sidecars, edges between editions and the form of digests.
///
/// Digests are read for it, which may take a minute, for one call at a time (503 for others); the answer is kept until the
/// corpus changes.
#[utoipa::path(
    get,
    path = "/v1/corpus/lint",
    tag = "editors",
    responses((status = 200, description = "The faults", body = LintView, headers(("ETag" = String, description = "The state of the corpus"))))
)]
pub(in super::super) async fn lint(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    Parameters::read(request.uri(), &[])?;
    let found = service.edit(|editors| {
        let mut linted = match editors.linted.try_lock() {
            Ok(linted) => linted,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                let detail = "The digests are being read for somebody else's call. Try again in a moment.";
                return Err(Problem::new(Kind::Busy, detail).retry_after(BUSY));
            }
        };
        let (corpus, tag) = {
            let _turn = editors.turn();
            editors.open()?
        };
        if let Some((_, view)) = linted.as_ref().filter(|(of, _)| *of == tag) {
            return Ok((tag, view.clone()));
        }
        let faults = ingest::lint(&corpus, &*editors.read);
        let view = LintView { versions: corpus.versions.len(), faults: FaultView::all(&corpus, &faults) };
        *linted = Some((tag.clone(), view.clone()));
        Ok((tag, view))
    });
    let (tag, view) = found.await?;
    reply::marked(request.headers(), &tag, reply::json_bytes(&view)?)
}

/// How many claims were asked and found nothing, by day and snapshot.
///
/// Counts alone: where the operator had the texts of such claims kept, they are for the account that runs the program
/// (`groundline corpus gaps`), and never leave here.
#[utoipa::path(
    get,
    path = "/v1/corpus/gaps",
    tag = "editors",
    params(("since" = Option<String>, Query, format = Date, description = "Only from this day on", example = "2026-01-15")),
    responses((status = 200, description = "The counts", body = GapsView))
)]
pub(in super::super) async fn gaps(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let parameters = Parameters::read(request.uri(), &["since"])?;
    let wrong = |_| Problem::field("/since", "is not valid: expected a day such as 2026-01-15");
    let since = parameters.one("since")?.map(|day| day.parse::<Date>().map_err(wrong)).transpose()?;
    let root = service.store.root().to_owned();
    let view = service.edit(move |_| {
        let gaps = Gaps::read(&root, since);
        gaps.map(|gaps| GapsView::of(&gaps))
            .map_err(|error| Problem::new(Kind::Internal, "The record of gaps cannot be read.").because(error))
    });
    reply::json(reply::json_bytes(&view.await?)?, &service.answers)
}
