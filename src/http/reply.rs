//! Answers: JSON with its caching, large bodies that count until they are sent, and bodies that grow.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::body::{Frame, SizeHint};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::body::Budget;
use super::problem::Problem;
use crate::index::Snapshot;
use crate::view::hosts::Rendered;

/// Answers up to this size are not counted: they fit into the connection's own buffers.
const SMALL: usize = 256 * 1024;
/// How much of an answer is handed over at once.
const PIECE: usize = 64 * 1024;

/// JSON text of an answer.
pub(super) fn json_bytes(answer: &impl Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(answer).map_err(Problem::internal)
}

/// A finished JSON answer; a large one holds its share of `budget` until it has been sent, so that many slow readers of
/// large answers cannot fill the memory.
pub(super) fn json(bytes: Vec<u8>, budget: &Budget) -> Result<Response, Problem> {
    rendered(Rendered { content_type: "application/json", bytes }, budget)
}

/// The same in another form.
pub(super) fn rendered(answer: Rendered, budget: &Budget) -> Result<Response, Problem> {
    let Rendered { content_type, bytes } = answer;
    Ok(([(header::CONTENT_TYPE, content_type)], body(Bytes::from(bytes), budget)?).into_response())
}

/// The body of a finished answer, counted likewise.
pub(super) fn body(bytes: Bytes, budget: &Budget) -> Result<Body, Problem> {
    let share = if bytes.len() > SMALL { Some(budget.take(bytes.len())?) } else { None };
    Ok(Body::new(Held { bytes, _share: share }))
}

/// The body of an answer whose share of a budget was taken before it was made; what it does not need is given back.
pub(super) fn held(bytes: Vec<u8>, mut share: OwnedSemaphorePermit) -> Body {
    let unneeded = share.num_permits().saturating_sub(bytes.len());
    drop(share.split(unneeded));
    Body::new(Held { bytes: Bytes::from(bytes), _share: Some(share) })
}

/// A small JSON answer with a strong tag over its bytes: 304 where the caller has it already.
pub(super) fn json_tagged(request: &HeaderMap, bytes: Vec<u8>) -> Result<Response, Problem> {
    tagged(request, "application/json", bytes.into())
}

/// A JSON answer of which `tag` tells all: 304 where the caller has it already.
pub(super) fn marked(request: &HeaderMap, tag: &str, bytes: Vec<u8>) -> Result<Response, Problem> {
    with_tag(request, &format!("\"{tag}\""), "application/json", bytes.into())
}

/// The same for any kind of text, with a tag over its bytes.
pub(super) fn tagged(request: &HeaderMap, kind: &'static str, bytes: Bytes) -> Result<Response, Problem> {
    let digest = crate::corpus::hex(&Sha256::digest(&bytes));
    let tag = format!("\"{}\"", digest.get(..32).unwrap_or_default());
    with_tag(request, &tag, kind, bytes)
}

fn with_tag(request: &HeaderMap, tag: &str, kind: &'static str, bytes: Bytes) -> Result<Response, Problem> {
    let mut response = if has(request, tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, kind)], bytes).into_response()
    };
    response.headers_mut().insert(header::ETAG, HeaderValue::from_str(tag).map_err(Problem::internal)?);
    Ok(response)
}

/// A JSON answer that is the same for as long as the snapshot is: 304 where the caller has it already.
pub(super) fn json_of_snapshot(
    snapshot: &Snapshot,
    request: &HeaderMap,
    answer: &impl Serialize,
) -> Result<Response, Problem> {
    // The day belongs to it: without `as_of` editions are judged on the day of the request.
    let day = jiff::Timestamp::now().strftime("%Y%m%d").to_string();
    let tag = format!("\"{}-{}-{day}\"", snapshot.manifest().id, env!("CARGO_PKG_VERSION"));
    let mut response = if has(request, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], json_bytes(answer)?).into_response()
    };
    let tag = HeaderValue::from_str(&tag).map_err(Problem::internal)?;
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}

/// Whether the caller has what bears this tag already.
pub(super) fn has(request: &HeaderMap, tag: &str) -> bool {
    let given = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    given.flat_map(|value| value.split(',')).any(|one| {
        let one = one.trim();
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    })
}

/// A body that is handed over in pieces, the next one when the one before has been written.
struct Held {
    bytes: Bytes,
    _share: Option<OwnedSemaphorePermit>,
}

impl hyper::body::Body for Held {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.bytes.is_empty() {
            return Poll::Ready(None);
        }
        let size = PIECE.min(self.bytes.len());
        let piece = self.bytes.split_to(size);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}

/// A body whose pieces are sent as they are made.
pub(super) struct Growing(pub(super) mpsc::Receiver<Bytes>);

impl hyper::body::Body for Growing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|bytes| Ok(Frame::data(bytes))))
    }
}
