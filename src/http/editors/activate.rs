//! Which snapshot answers: another one that is kept, or the one before.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::author;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Parameters;
use crate::http::{Service, reply};
use crate::index::{Error, SnapshotId, Store};

/// Which snapshot answers now.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct ActivatedView {
    /// The snapshot that answers from now on.
    #[schema(example = "0123456789abcdef")]
    active: String,
    /// The one that did before; `null` where there was none.
    #[schema(example = "fedcba9876543210")]
    before: Option<String>,
    /// Where it says what changed.
    #[schema(example = "/v1/changes?since=fedcba9876543210")]
    changes: String,
}

/// Makes a kept snapshot the one that answers.
///
/// Requests under way end on the one they began with.
#[utoipa::path(
    post,
    path = "/v1/snapshots/{id}/activate",
    tag = "editors",
    params(
        ("id" = String, Path, description = "The snapshot", example = "0123456789abcdef"),
        ("by" = Option<String>, Query, max_length = 200, description = "Who wants it, where the service wants no token and no profile is picked", example = "anna"),
    ),
    responses((status = 200, description = "It answers now", body = ActivatedView))
)]
pub(in super::super) async fn activate(
    State(service): State<Service>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let id = id.ok().and_then(|Path(id)| id.parse::<SnapshotId>().ok()).ok_or_else(unknown)?;
    switch(&service, request, move |store, by| store.activate(&id, Some(by)).map(|()| id)).await
}

/// Goes back to the snapshot that answered before; a second time in a row goes one step further.
#[utoipa::path(
    post,
    path = "/v1/snapshots/rollback",
    tag = "editors",
    params(("by" = Option<String>, Query, max_length = 200, description = "Who wants it, where the service wants no token and no profile is picked", example = "anna")),
    responses((status = 200, description = "It answers now", body = ActivatedView))
)]
pub(in super::super) async fn rollback(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    switch(&service, request, |store, by| store.rollback(Some(by))).await
}

async fn switch(
    service: &Service,
    request: Request,
    work: impl FnOnce(&Store, &str) -> Result<SnapshotId, Error> + Send + 'static,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let parameters = Parameters::read(&parts.uri, &["by"])?;
    let by = author(service, &parts, parameters.one("by")?).await?;
    let store = Arc::clone(&service.store);
    let view = service.edit(move |_| {
        let before = store.active_id().ok();
        let active = work(&store, &by).map_err(refused)?;
        store.reload().map_err(refused)?;
        tracing::info!(by, snapshot = %active, "another snapshot answers");
        let since = before.as_ref().filter(|before| **before != active);
        Ok(ActivatedView {
            changes: since.map_or_else(|| "/v1/changes".to_owned(), |since| format!("/v1/changes?since={since}")),
            before: before.map(|before| before.to_string()),
            active: active.to_string(),
        })
    });
    reply::json(reply::json_bytes(&view.await?)?, &service.answers)
}

fn unknown() -> Problem {
    Problem::new(Kind::NotFound, "There is no such snapshot. `/v1/snapshots` lists those that are kept.")
}

fn refused(error: Error) -> Problem {
    let (kind, detail) = match &error {
        Error::UnknownSnapshot { .. } => return unknown(),
        Error::NothingBefore(_) | Error::NoSnapshot(_) => {
            (Kind::Refused, "No snapshot was active before the present one.".to_owned())
        }
        Error::Busy(_) => (Kind::Busy, "A build is at work. Try again when it has ended.".to_owned()),
        Error::OtherFormat { .. }
        | Error::OtherEngine { .. }
        | Error::NoVectors { .. }
        | Error::OtherEncoder { .. }
        | Error::NoEncoder(_)
        | Error::Damaged { .. } => (Kind::Refused, error.to_string()),
        _ => return Problem::internal(error),
    };
    Problem::new(kind, detail).because(error)
}
