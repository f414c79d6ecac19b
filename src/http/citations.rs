//! `POST /v1/citations/check`: the citations that a response itself gave.

use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;

use super::body::{self, LARGEST_BATCH};
use super::evidence::object;
use super::problem::Problem;
use super::query::Parameters;
use super::{Service, reply};
use crate::evidence::citations;
use crate::view::citations::{CitationsRequest, CitationsResponse};

/// Checks the citations that a response gives: guidelines by name and year, links, DOIs, PMIDs.
///
/// For each: whether this corpus holds the document (`known`; several that fit are listed, none is guessed), whether its
/// edition is in force or what replaced it, and whether a passage of it speaks about the statement that cites it (`says`).
/// `unknown` says that the corpus does not hold it, not that it was made up. Limits: 200,000 characters, a body of 4 MiB.
#[utoipa::path(
    post,
    path = "/v1/citations/check",
    tag = "evidence",
    request_body(content = CitationsRequest, example = json!({"text": "Men aged 55 to 69 should decide for themselves (USPSTF, 2018)."})),
    responses((status = 200, description = "The citations", body = CitationsResponse))
)]
pub(super) async fn check(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (parts, given) = request.into_parts();
    Parameters::read(&parts.uri, &[])?;
    body::json_only(&parts.headers)?;
    let received = body::read(&parts, given, LARGEST_BATCH, service.settings.timeouts.body, &service.budget).await?;
    let snapshot = service.snapshot().await?;
    let place = service.gate.admit_batch().await?;
    let bytes = place
        .run(move || {
            let asked: CitationsRequest = object("", body::parse::<Value>(received.bytes())?)?;
            let found = citations::citations(&snapshot, &asked.text, asked.as_of);
            let found = found.map_err(|error| match error {
                citations::Error::Text(error) => Problem::field("/text", format!("is not taken: {error}")),
                other => Problem::internal(other),
            })?;
            reply::json_bytes(&CitationsResponse::of(&snapshot, &found, asked.as_of))
        })
        .await??;
    reply::json(bytes, &service.answers)
}
