//! Whether the service lives, whether it can answer, and its counters. Nothing here says anything about a claim.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;

use super::{Problem, Service};

/// The service's state.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Health {
    /// `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// The active snapshot, where one is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "0123456789abcdef")]
    snapshot: Option<String>,
}

/// The process runs and answers.
#[utoipa::path(get, path = "/healthz", tag = "service", responses((status = 200, description = "It does", body = Health)))]
pub(super) async fn alive() -> Json<Health> {
    Json(Health { status: "ok", snapshot: None })
}

/// A snapshot is open, so claims can be checked.
#[utoipa::path(get, path = "/readyz", tag = "service", responses((status = 200, description = "It is", body = Health)))]
pub(super) async fn ready(State(service): State<Service>) -> Result<Json<Health>, Problem> {
    let snapshot = service.snapshot().await?;
    Ok(Json(Health { status: "ok", snapshot: Some(snapshot.manifest().id.to_string()) }))
}

/// Counters as Prometheus text.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "service",
    responses((status = 200, description = "The counters", body = String, content_type = "text/plain"))
)]
pub(super) async fn metrics(State(service): State<Service>) -> impl IntoResponse {
    let snapshot = service.snapshot().await.ok().map(|snapshot| snapshot.manifest().id.to_string());
    let text = service.metrics.text(snapshot.as_deref());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}
