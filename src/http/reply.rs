//! Answers: JSON with its caching, large bodies that count until they are sent, and bodies that grow.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::body::{Frame, SizeHint};
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::body::Budget;
use super::problem::Problem;
use crate::index::Snapshot;

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
    let share = if bytes.len() > SMALL { Some(budget.take(bytes.len())?) } else { None };
    let body = Body::new(Held { bytes: Bytes::from(bytes), _share: share });
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// A JSON answer that is the same for as long as the snapshot is: 304 where the caller has it already.
pub(super) fn json_of_snapshot(
    snapshot: &Snapshot,
    request: &HeaderMap,
    answer: &impl Serialize,
) -> Result<Response, Problem> {
    let tag = format!("\"{}-{}\"", snapshot.manifest().id, env!("CARGO_PKG_VERSION"));
    let mut response = if has(request, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], json_bytes(answer)?).into_response()
    };
    let tag = HeaderValue::from_str(&tag).map_err(Problem::internal)?;
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}

fn has(request: &HeaderMap, tag: &str) -> bool {
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
