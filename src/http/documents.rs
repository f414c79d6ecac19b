//! What the corpus holds: `GET /v1/documents`, `/v1/documents/{id}` and `/v1/snapshots`.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use jiff::civil::Date;
use serde::Serialize;

use super::problem::{Kind, Problem};
use super::query::Parameters;
use super::{Service, reply};
use crate::corpus::{DocumentId, Standing, Status, VersionId};
use crate::index::{Entry, Snapshot};
use crate::view;
use crate::view::citation::original_url;
use crate::view::document::{DocumentView, ReadingView, SnapshotSummary};
use crate::view::request::{CurrencyName, StatusName, TierName};

/// Most versions of one page of the list.
const MOST_DOCUMENTS: usize = 1000;
/// Versions of a page where no number is asked for.
const DOCUMENTS: usize = 100;

/// Names of currencies.
const CURRENCIES: [&str; 7] =
    ["confirmed", "update_in_progress", "living", "draft", "withdrawn", "legally_contested", "unknown"];

/// The corpus, a page at a time.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct DocumentList {
    /// Versions, ordered by document and edition.
    documents: Vec<DocumentView>,
    /// Address of the next page; `null` on the last.
    #[schema(example = "/v1/documents?limit=100&after=uspstf-breast-screening%402024")]
    next: Option<String>,
}

/// One version of a document, how its reading went, and the document's other editions.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct DocumentDetail {
    /// The version.
    #[serde(flatten)]
    document: DocumentView,
    /// Where its PDF is, as it was indexed: where the licence lets it be shown whole, and whether or not the file is still there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1/documents/board-dropsy@2026/original")]
    original_url: Option<String>,
    /// How its reading went.
    reading: ReadingView,
    /// All editions that are in the corpus, this one among them.
    versions: Vec<DocumentView>,
}

/// The snapshots of the index folder.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SnapshotList {
    /// The newest first.
    snapshots: Vec<SnapshotSummary>,
}

/// The `as_of` parameter.
pub(super) fn day(parameters: &Parameters) -> Result<Option<Date>, Problem> {
    let wrong = |_| Problem::field("/as_of", "is not valid: expected a day such as 2026-01-15");
    parameters.one("as_of")?.map(str::parse).transpose().map_err(wrong)
}

/// What a caller wants to see of the corpus.
struct Wanted {
    publisher: Vec<String>,
    jurisdiction: Vec<String>,
    pack: Vec<String>,
    status: Vec<String>,
    currency: Vec<String>,
    tier: Vec<String>,
    year_min: Option<i16>,
    as_of: Option<Date>,
    after: Option<VersionId>,
    limit: usize,
}

impl Wanted {
    const PARAMETERS: [&'static str; 10] =
        ["limit", "after", "publisher", "jurisdiction", "pack", "status", "currency", "tier", "year_min", "as_of"];

    fn read(parameters: &Parameters) -> Result<Wanted, Problem> {
        let limit = number(parameters, "limit", 1, MOST_DOCUMENTS as i64)?;
        let year_min = number(parameters, "year_min", 0, 9999)?;
        let after = parameters.one("after")?.map(str::parse).transpose();
        Ok(Wanted {
            publisher: parameters.all("publisher").map(str::to_owned).collect(),
            jurisdiction: parameters.all("jurisdiction").map(str::to_owned).collect(),
            pack: parameters.all("pack").map(str::to_owned).collect(),
            status: among(parameters, "status", &["current", "superseded", "retired"])?,
            currency: among(parameters, "currency", &CURRENCIES)?,
            tier: among(parameters, "tier", &["primary", "digest"])?,
            year_min: year_min.and_then(|year| i16::try_from(year).ok()),
            as_of: day(parameters)?,
            after: after.map_err(|_| Problem::field("/after", "is not valid: expected document@version"))?,
            limit: limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(DOCUMENTS),
        })
    }

    fn admits(&self, entry: &Entry, standing: &Standing) -> bool {
        let facts = &entry.facts;
        let one_of = |wanted: &[String], value: Option<&str>| {
            wanted.is_empty() || value.is_some_and(|value| wanted.iter().any(|one| one.eq_ignore_ascii_case(value)))
        };
        standing.in_force
            && self.after.as_ref().is_none_or(|after| facts.id > *after)
            && one_of(&self.publisher, facts.publisher.as_deref())
            && one_of(&self.jurisdiction, facts.jurisdiction.as_deref())
            && one_of(&self.pack, facts.pack.as_deref())
            && one_of(&self.status, Some(view::status(standing.status)))
            && one_of(&self.currency, standing.currency.map(view::currency))
            && one_of(&self.tier, Some(view::tier(facts.tier)))
            && self.year_min.is_none_or(|year| facts.published.is_some_and(|published| published.year() >= year))
    }
}

pub(super) fn number(parameters: &Parameters, name: &str, low: i64, high: i64) -> Result<Option<i64>, Problem> {
    let Some(text) = parameters.one(name)? else { return Ok(None) };
    match text.parse() {
        Ok(number) if (low..=high).contains(&number) => Ok(Some(number)),
        _ => Err(Problem::field(format!("/{name}"), format!("is not valid: expected {low} to {high}"))),
    }
}

fn among(parameters: &Parameters, name: &str, known: &[&str]) -> Result<Vec<String>, Problem> {
    let given: Vec<String> = parameters.all(name).map(str::to_owned).collect();
    if given.iter().all(|one| known.contains(&one.as_str())) {
        return Ok(given);
    }
    Err(Problem::field(format!("/{name}"), format!("is not valid: expected {}", known.join(" or "))))
}

/// The documents of the active snapshot, one entry a version.
#[utoipa::path(
    get,
    path = "/v1/documents",
    tag = "corpus",
    params(
        ("limit" = Option<u32>, Query, description = "Versions a page", minimum = 1, maximum = 1000, example = 100),
        ("after" = Option<String>, Query, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,119}@[A-Za-z0-9][A-Za-z0-9._-]{0,119}$", description = "The version after which the page begins; `next` has it"),
        ("publisher" = Option<Vec<String>>, Query, description = "Publishers, compared without regard to case"),
        ("jurisdiction" = Option<Vec<String>>, Query, description = "Jurisdictions"),
        ("pack" = Option<Vec<String>>, Query, description = "Packs"),
        ("status" = Option<Vec<StatusName>>, Query, description = "Statuses on that day"),
        ("currency" = Option<Vec<CurrencyName>>, Query, description = "How far the status can be trusted on that day"),
        ("tier" = Option<Vec<TierName>>, Query, description = "Tiers"),
        ("year_min" = Option<i16>, Query, description = "Earliest year of publication", minimum = 0, maximum = 9999),
        ("as_of" = Option<String>, Query, format = Date, description = "The day on which editions are judged", example = "2026-01-15"),
    ),
    responses((status = 200, description = "A page of the list", body = DocumentList))
)]
pub(super) async fn list(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let wanted = Wanted::read(&Parameters::read(request.uri(), &Wanted::PARAMETERS)?)?;
    let place = service.gate.admit()?;
    let snapshot = service.snapshot().await?;
    let headers = request.headers().clone();
    let query = request.uri().query().unwrap_or_default().to_owned();
    place.run(move || reply::json_of_snapshot(&snapshot, &headers, &page(&snapshot, &wanted, &query))).await?
}

fn page(snapshot: &Snapshot, wanted: &Wanted, query: &str) -> DocumentList {
    let mut found = snapshot.entries().filter_map(|entry| {
        let standing = snapshot.catalogue().standing(&entry.facts.id, wanted.as_of);
        wanted.admits(entry, &standing).then_some((entry, standing))
    });
    let mut last = None;
    let mut documents = Vec::new();
    for (entry, standing) in found.by_ref().take(wanted.limit) {
        last = Some(&entry.facts.id);
        documents.push(DocumentView::with(snapshot, &entry.facts, &standing));
    }
    let next = last.filter(|_| found.next().is_some()).map(|last| next_page(query, last));
    DocumentList { documents, next }
}

/// The same query, after `last`. An id has no character but `@` that a query would not hold as it is.
fn next_page(query: &str, last: &VersionId) -> String {
    let kept = query.split('&').filter(|part| !part.is_empty() && !part.starts_with("after="));
    let after = format!("after={}", last.to_string().replace('@', "%40"));
    let parts: Vec<&str> = kept.chain([after.as_str()]).collect();
    format!("/v1/documents?{}", parts.join("&"))
}

/// One document: the edition in force on the day, or the one that the id names.
#[utoipa::path(
    get,
    path = "/v1/documents/{id}",
    tag = "corpus",
    params(
        ("id" = String, Path, description = "A document or one of its versions", example = "uspstf-breast-screening"),
        ("as_of" = Option<String>, Query, format = Date, description = "The day on which editions are judged", example = "2026-01-15"),
    ),
    responses((status = 200, description = "The document", body = DocumentDetail))
)]
pub(super) async fn show(
    State(service): State<Service>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let day = day(&Parameters::read(request.uri(), &["as_of"])?)?;
    let id = id.map(|Path(id)| id).unwrap_or_default();
    let place = service.gate.admit()?;
    let snapshot = service.snapshot().await?;
    let headers = request.headers().clone();
    place
        .run(move || {
            let entry = find(&snapshot, &id, day)?;
            reply::json_of_snapshot(&snapshot, &headers, &detail(&snapshot, entry, day))
        })
        .await?
}

fn detail(snapshot: &Snapshot, entry: &Entry, day: Option<Date>) -> DocumentDetail {
    let document = entry.facts.id.document();
    let versions = snapshot.entries().filter(|other| other.facts.id.document() == document);
    DocumentDetail {
        document: DocumentView::of(snapshot, &entry.facts, day),
        original_url: original_url(entry, None),
        reading: ReadingView::from(entry),
        versions: versions.map(|version| DocumentView::of(snapshot, &version.facts, day)).collect(),
    }
}

/// The version with this id, or of the document with this id the edition in force on the day.
pub(super) fn find<'a>(snapshot: &'a Snapshot, id: &str, day: Option<Date>) -> Result<&'a Entry, Problem> {
    let unknown = |detail: &str| Problem::new(Kind::NotFound, detail);
    if let Ok(version) = id.parse::<VersionId>() {
        return snapshot.entry(&version).ok_or_else(|| unknown("No version of this snapshot has this id."));
    }
    let document = id.parse::<DocumentId>().ok();
    let mut editions =
        snapshot.entries().filter(|entry| document.as_ref() == Some(entry.facts.id.document())).peekable();
    if editions.peek().is_none() {
        return Err(unknown("No document of this snapshot has this id."));
    }
    let rank = |entry: &&Entry| {
        let standing = snapshot.catalogue().standing(&entry.facts.id, day);
        let current = standing.status == Status::Current;
        standing.in_force.then(|| (current, entry.facts.published.map(|date| date.first_day()), entry.facts.id.clone()))
    };
    let in_force = editions.filter_map(|entry| rank(&entry).map(|rank| (rank, entry)));
    let best = in_force.max_by(|(a, _), (b, _)| a.cmp(b)).map(|(_, entry)| entry);
    best.ok_or_else(|| unknown("No edition of this document was published by that day."))
}

/// The snapshots that can be asked or compared, and which one is active.
#[utoipa::path(
    get,
    path = "/v1/snapshots",
    tag = "corpus",
    responses((status = 200, description = "The snapshots", body = SnapshotList))
)]
pub(super) async fn snapshots(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    Parameters::read(request.uri(), &[])?;
    let headers = request.headers().clone();
    let store = Arc::clone(&service.store);
    let place = service.gate.admit()?;
    place
        .run(move || {
            let active = store.active().ok().map(|snapshot| snapshot.manifest().id.clone());
            let found = store.list().map_err(Problem::internal)?;
            // One without a readable manifest cannot be asked; `groundline index verify` names it.
            let readable = found.into_iter().filter_map(|listed| listed.manifest.ok());
            let snapshots =
                readable.map(|manifest| SnapshotSummary::of(&manifest, active.as_ref() == Some(&manifest.id)));
            reply::json_tagged(&headers, reply::json_bytes(&SnapshotList { snapshots: snapshots.collect() })?)
        })
        .await?
}
