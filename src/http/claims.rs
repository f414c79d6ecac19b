//! `POST /v1/claims/split`: the statements of a response, with their offsets; no snapshot is asked.

use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;

use super::body::{self, LARGEST_BATCH};
use super::evidence::object;
use super::problem::Problem;
use super::query::Parameters;
use super::{Service, reply};
use crate::claim::{self, Statement};
use crate::view::claims::ClaimsView;
use crate::view::request::SplitRequest;

/// The statements of a response, each with the form in which it can stand alone, and whether it is worth checking.
///
/// The text is read as Markdown; plain text is Markdown without marks. Sentences, list items and table rows become
/// statements, in the order of the text and without overlap; code is left out, unless the whole text is one fenced
/// block. `text` is exactly the substring from `start` to `end`, in code points. Headings, questions, courtesies,
/// advice to see a doctor without a condition and the like have `checkworthy` `false` and say in `kind` what they are.
/// The rules are for English. Limits: 200,000 characters, 500 statements, a body of 4 MiB; beyond these the text is
/// refused, never cut.
#[utoipa::path(
    post,
    path = "/v1/claims/split",
    tag = "evidence",
    request_body(content = SplitRequest, example = json!({"text": "Hello! Aspirin lowers fever. It should not be used in children."})),
    responses((status = 200, description = "The statements", body = ClaimsView))
)]
pub(super) async fn split(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    Parameters::read(&parts.uri, &[])?;
    body::json_only(&parts.headers)?;
    let received = body::read(&parts, body, LARGEST_BATCH, service.settings.timeouts.body, &service.budget).await?;
    let place = service.gate.admit()?;
    let bytes = place
        .run(move || {
            let SplitRequest { text } = object("", body::parse::<Value>(received.bytes())?)?;
            reply::json_bytes(&ClaimsView::of(&statements(&text)?))
        })
        .await??;
    reply::json(bytes, &service.answers)
}

/// Splits the text of a request.
pub(super) fn statements(text: &str) -> Result<Vec<Statement>, Problem> {
    claim::split(text).map_err(|error| Problem::field("/text", format!("is not taken: {error}")))
}
