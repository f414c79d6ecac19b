//! MCP over Streamable HTTP at `/mcp`: a call a request, answered as JSON.
//!
//! There are no sessions: each request stands alone, so nothing is kept for clients that never come back. Who may call, and
//! the headers of answers, are the guard's business, under which the service puts this router. Here are the bounds on
//! bodies and on calls at once; errors are JSON-RPC's, in the form that clients read.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http_body_util::BodyExt;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::Server;
use super::wire::{self, Fault};

/// How much of a body that is too large is read and forgotten, so that the client hears the answer.
const DRAINED: usize = 32 * 1024 * 1024;
/// What the SDK wants to be told; answers are JSON all the same.
const BOTH_FORMS: HeaderValue = HeaderValue::from_static("application/json, text/event-stream");

/// What one caller, and all callers together, may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long a body may take to arrive.
    pub body: Duration,
    /// Calls at once, each from its first byte to the last byte of its answer; more are answered 503.
    pub calls: usize,
}

/// The route `/mcp`, to be put under the service's guard.
pub fn router(server: Server, bounds: Bounds) -> Router {
    // Whose names are answered is decided by the guard, for all routes.
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_sse_keep_alive(None)
        .with_max_request_body_bytes(wire::LARGEST)
        .disable_allowed_hosts();
    let sdk = StreamableHttpService::new(move || Ok(server.clone()), Arc::new(NeverSessionManager::default()), config);
    let calls = Arc::new(Semaphore::new(bounds.calls.clamp(1, Semaphore::MAX_PERMITS)));
    Router::new().route("/mcp", post(answer)).with_state(Entry { sdk, calls, body: bounds.body })
}

/// What the route needs.
#[derive(Clone)]
struct Entry {
    sdk: StreamableHttpService<Server, NeverSessionManager>,
    calls: Arc<Semaphore>,
    body: Duration,
}

async fn answer(State(entry): State<Entry>, request: Request) -> Response {
    let Ok(place) = Arc::clone(&entry.calls).try_acquire_owned() else {
        let mut response = refused(StatusCode::SERVICE_UNAVAILABLE, Fault::Busy, None);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(1));
        return response;
    };
    match asked(request, entry.body).await {
        Ok((request, bytes)) => held(answered(&entry, request, &bytes).await, place),
        Err(response) => response,
    }
}

/// The SDK's answer; where it cannot read a message that is JSON, the error says so in the form that clients read.
async fn answered(entry: &Entry, request: Request, bytes: &[u8]) -> Response {
    let response = entry.sdk.handle(request).await;
    if response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return refused(StatusCode::BAD_REQUEST, Fault::NotAMessage, wire::id_of(bytes));
    }
    response.map(Body::new)
}

/// A request whose body has been read and looked at, and that body.
///
/// # Errors
/// The answer to one that is not passed on.
async fn asked(request: Request, time: Duration) -> Result<(Request, axum::body::Bytes), Response> {
    let (mut parts, body) = request.into_parts();
    if !is_json(&parts.headers) {
        let text = "Send application/json without Content-Encoding.\n";
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, text).into_response());
    }
    let bytes = read(body, Instant::now() + time).await.map_err(|fault| {
        let status = match fault {
            Fault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Fault::TooSlow => StatusCode::REQUEST_TIMEOUT,
            _ => StatusCode::BAD_REQUEST,
        };
        refused(status, fault, None)
    })?;
    let readable = wire::check(&bytes).map_err(|fault| {
        let id = if fault == Fault::NotJson { None } else { wire::id_of(&bytes) };
        let status = if fault == Fault::TooLarge { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
        refused(status, fault, id)
    })?;
    let bytes = match readable {
        Cow::Borrowed(_) => bytes,
        Cow::Owned(mended) => mended.into(),
    };
    if takes_json(&parts.headers) {
        parts.headers.insert(header::ACCEPT, BOTH_FORMS);
    }
    let request = Request::from_parts(parts, Body::from(bytes.clone()));
    Ok((request, bytes))
}

fn is_json(headers: &HeaderMap) -> bool {
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|value| value == "identity");
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = declared.split(';').next().unwrap_or_default().trim();
    plain && media.eq_ignore_ascii_case("application/json")
}

/// Whether a client takes JSON; one that says nothing takes anything (RFC 9110, section 12.5.1).
fn takes_json(headers: &HeaderMap) -> bool {
    let Some(accept) = headers.get(header::ACCEPT) else { return true };
    let accept = accept.to_str().unwrap_or_default().to_ascii_lowercase();
    ["application/json", "application/*", "*/*"].iter().any(|form| accept.contains(form))
}

/// Reads a whole body until `deadline`.
async fn read(mut body: Body, deadline: Instant) -> Result<axum::body::Bytes, Fault> {
    let (mut bytes, mut length) = (Vec::new(), 0_usize);
    while let Some(frame) = timeout_at(deadline, body.frame()).await.map_err(|_| Fault::TooSlow)? {
        // A body that breaks off is no JSON; nobody is there to hear it.
        let Ok(data) = frame.map_err(|_| Fault::NotJson)?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length <= wire::LARGEST {
            bytes.extend_from_slice(&data);
        } else if length > DRAINED {
            break;
        }
    }
    if length > wire::LARGEST { Err(Fault::TooLarge) } else { Ok(bytes.into()) }
}

fn refused(status: StatusCode, fault: Fault, id: Option<serde_json::Value>) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], fault.answer(id)).into_response()
}

/// An answer that keeps its place until it has been sent, so that slow readers of large answers cannot fill the memory.
fn held(response: Response, place: OwnedSemaphorePermit) -> Response {
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _place = &place;
            frame
        }))
    })
}
