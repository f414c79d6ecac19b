//! `GET /v1/passages/{id}`: one passage by its id, as a citation names it.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use serde::Serialize;

use super::documents::day;
use super::problem::{Kind, Problem};
use super::query::Parameters;
use super::{Service, reply};
use crate::passage::PassageId;
use crate::view::citation::original_url;
use crate::view::passage::PassageView;

/// One passage.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PassageDetail {
    /// The passage.
    #[serde(flatten)]
    passage: PassageView,
    /// Its edition's PDF as it was indexed, at the page where the passage stands: where the licence lets it be shown whole,
    /// and whether or not the file is still there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1/documents/board-dropsy@2026/original#page=12")]
    original_url: Option<String>,
}

/// One passage, with everything that locates and qualifies it.
///
/// The id is percent-encoded: `#` is written `%23`.
#[utoipa::path(
    get,
    path = "/v1/passages/{id}",
    tag = "corpus",
    params(
        ("id" = String, Path, description = "Its id", example = "uspstf-breast-screening@2024#rec-1"),
        ("as_of" = Option<String>, Query, format = Date, description = "The day on which its edition is judged", example = "2026-01-15"),
    ),
    responses((status = 200, description = "The passage", body = PassageDetail))
)]
pub(super) async fn show(
    State(service): State<Service>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let day = day(&Parameters::read(request.uri(), &["as_of"])?)?;
    let unknown = || {
        let detail = "No passage of this snapshot has this id. Ids are document@version#part, with %23 for the #.";
        Problem::new(Kind::NotFound, detail)
    };
    let id: PassageId = id.ok().and_then(|Path(id)| id.parse().ok()).ok_or_else(unknown)?;
    let place = service.gate.admit()?;
    let snapshot = service.snapshot().await?;
    let headers = request.headers().clone();
    place
        .run(move || {
            let passage = snapshot.passage(&id).map_err(Problem::internal)?.ok_or_else(unknown)?;
            let standing = snapshot.catalogue().standing(id.version(), day);
            let entry = snapshot.entry(id.version());
            let detail = PassageDetail {
                original_url: entry.and_then(|entry| original_url(entry, passage.page.as_ref())),
                passage: PassageView::of(&snapshot, &passage, &standing),
            };
            reply::json_of_snapshot(&snapshot, &headers, &detail)
        })
        .await?
}
