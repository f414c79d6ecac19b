//! `GET /v1/documents/{id}/diff`: what a new version of a document says otherwise than the old one.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;

use super::problem::{FieldFault, Kind, Problem};
use super::query::Parameters;
use super::{Service, reply};
use crate::corpus::{DocumentId, VersionId};
use crate::index::{Entry, Snapshot};
use crate::revision;
use crate::view::revision::DiffView;

/// Two versions of a document, compared statement by statement.
///
/// Recommendations, facts of digests and rows of tables are paired by wording, place and printed number; of other passages those
/// are listed in which a number changed, came or went. It compares texts; it does not judge which changes matter.
#[utoipa::path(
    get,
    path = "/v1/documents/{id}/diff",
    tag = "corpus",
    params(
        ("id" = String, Path, description = "The document", example = "uspstf-breast-screening"),
        ("from" = String, Query, description = "The old version: its name, or document@version where the document was renamed", example = "2016"),
        ("to" = String, Query, description = "The new version", example = "2024"),
    ),
    responses((status = 200, description = "The comparison", body = DiffView))
)]
pub(super) async fn show(
    State(service): State<Service>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let unknown = || Problem::new(Kind::NotFound, "No document of this snapshot has this id.");
    let parameters = Parameters::read(request.uri(), &["from", "to"])?;
    let document: DocumentId = id.ok().and_then(|Path(id)| id.parse().ok()).ok_or_else(unknown)?;
    let mut faults = Vec::new();
    let from = version(&parameters, "from", &document, &mut faults)?;
    let to = version(&parameters, "to", &document, &mut faults)?;
    let (Some(from), Some(to)) = (from, to) else { return Err(Problem::fields(faults)) };
    let place = service.gate.admit()?;
    let snapshot = service.snapshot().await?;
    let headers = request.headers().clone();
    place
        .run(move || {
            if !snapshot.entries().any(|entry| entry.facts.id.document() == &document) {
                return Err(unknown());
            }
            let (old, new) = (readable(&snapshot, "from", &from)?, readable(&snapshot, "to", &to)?);
            let passages = |entry: &Entry| snapshot.passages(&entry.facts.id).map_err(Problem::internal);
            let (before, after) = (passages(old)?, passages(new)?);
            let diff = DiffView::of(&old.facts, &new.facts, &revision::compare(&before, &after));
            reply::json_of_snapshot(&snapshot, &headers, &diff)
        })
        .await?
}

/// A version that a parameter names; a missing or malformed one is a fault, so that a caller sees all at once.
fn version(
    parameters: &Parameters,
    name: &str,
    document: &DocumentId,
    faults: &mut Vec<FieldFault>,
) -> Result<Option<VersionId>, Problem> {
    let found = parameters.one(name)?.map(|text| match text.contains('@') {
        true => text.parse(),
        false => VersionId::new(document.clone(), text),
    });
    let detail = match found {
        Some(Ok(id)) => return Ok(Some(id)),
        Some(Err(_)) => "is not valid: expected a version such as 2024",
        None => "is missing: name a version such as 2024",
    };
    faults.push(FieldFault { pointer: format!("/{name}"), detail: detail.to_owned() });
    Ok(None)
}

/// A version whose passages are in the snapshot.
fn readable<'a>(snapshot: &'a Snapshot, name: &str, id: &VersionId) -> Result<&'a Entry, Problem> {
    let Some(entry) = snapshot.entry(id) else {
        return Err(Problem::field(
            format!("/{name}"),
            "names no version of this snapshot; GET /v1/documents/{id} lists them",
        ));
    };
    if entry.passages() == 0 {
        return Err(Problem::field(format!("/{name}"), "names a version whose text is not in this snapshot"));
    }
    Ok(entry)
}
