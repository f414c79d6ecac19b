//! Answers: JSON with its caching, bodies that keep their place in the queue until they are sent, and bodies that grow.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::body::{Frame, SizeHint};
use serde::Serialize;
use tokio::sync::mpsc;

use super::problem::Problem;
use super::work::Admitted;
use crate::index::Snapshot;

/// JSON text of an answer.
pub(super) fn json_bytes(answer: &impl Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(answer).map_err(Problem::internal)
}

/// A finished JSON answer that keeps its call's place until it has been sent, so that large answers to slow readers
/// are as bounded in number as searches are.
pub(super) fn json_held(bytes: Vec<u8>, place: Admitted) -> Response {
    let body = Body::new(Held { bytes: Some(Bytes::from(bytes)), _place: place });
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
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

/// A body in one piece, with the place of the call that made it.
struct Held {
    bytes: Option<Bytes>,
    _place: Admitted,
}

impl hyper::body::Body for Held {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
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
