//! Request bodies: bounded in size, in time and in memory, and read into types with every fault named by its field.
//!
//! Error texts name fields and what was expected, never the value that was sent: claims may hold health data.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header, request::Parts};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::problem::{Kind, Problem};
use crate::view::answer;

/// Largest body of a JSON call with one claim or one text, in bytes.
pub const LARGEST_BODY: usize = 256 * 1024;
/// Largest body of a JSON call with many items, in bytes.
pub const LARGEST_BATCH: usize = 4 * 1024 * 1024;
/// How much of a body that is too large is read and forgotten, so that the client hears the answer.
const DRAINED: usize = 32 * 1024 * 1024;

/// The forms of body that calls take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/json`: one value.
    Json,
    /// `application/x-ndjson`: one value a line.
    Ndjson,
}

/// Memory that all bodies, or all large answers, together may take.
#[derive(Clone, Debug)]
pub struct Budget(Arc<Semaphore>);

impl Budget {
    /// A budget of this many bytes.
    pub fn new(bytes: usize) -> Budget {
        Budget(Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))))
    }

    /// Takes `bytes` until the permit is dropped.
    pub(super) fn take(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
        let permits = u32::try_from(bytes).unwrap_or(u32::MAX);
        let full = |_| Problem::new(Kind::Busy, "Too many large requests or answers at once. Try again in a moment.");
        Arc::clone(&self.0).try_acquire_many_owned(permits).map_err(full)
    }
}

/// A body that was read, and its place in the budget.
#[derive(Debug)]
pub struct Received {
    bytes: Vec<u8>,
    _held: Option<OwnedSemaphorePermit>,
}

impl Received {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes alone: their place in the budget is given back.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// The form that a request says its body has.
///
/// # Errors
/// [`Kind::UnsupportedMediaType`] for anything that calls do not take.
pub fn media(headers: &HeaderMap) -> Result<Media, Problem> {
    let wrong = |detail: &str| Err(Problem::new(Kind::UnsupportedMediaType, detail));
    if headers.get(header::CONTENT_ENCODING).is_some_and(|value| value != "identity") {
        return wrong("Send the body without Content-Encoding.");
    }
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = declared.split(';').map(str::trim);
    let media = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "application/json" => Media::Json,
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Media::Ndjson,
        _ => return wrong("Send application/json, or application/x-ndjson where the call streams."),
    };
    let charset = parts.find_map(|part| part.to_ascii_lowercase().strip_prefix("charset=").map(str::to_owned));
    match charset.as_deref().map(|charset| charset.trim_matches('"')) {
        None | Some("utf-8" | "utf8" | "us-ascii") => Ok(media),
        Some(_) => wrong("Send the body in UTF-8."),
    }
}

/// Wants a JSON body: for calls that do not stream.
///
/// # Errors
/// [`Kind::UnsupportedMediaType`] for anything else.
pub fn json_only(headers: &HeaderMap) -> Result<(), Problem> {
    match media(headers)? {
        Media::Json => Ok(()),
        Media::Ndjson => {
            Err(Problem::new(Kind::UnsupportedMediaType, "This call does not stream: send application/json."))
        }
    }
}

/// Reads a whole body of at most `largest` bytes within `time`.
///
/// # Errors
/// [`Kind::TooLarge`], [`Kind::TooSlow`], [`Kind::Busy`] where the budget is spent, [`Kind::BadRequest`] where the
/// body breaks off.
pub async fn read(
    parts: &Parts,
    mut body: Body,
    largest: usize,
    time: Duration,
    budget: &Budget,
) -> Result<Received, Problem> {
    let deadline = Instant::now() + time;
    let too_large = || Problem::new(Kind::TooLarge, format!("The body may have at most {largest} bytes."));
    let declared =
        parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|declared| declared > largest) {
        // A client that waits for "100 Continue" hears the answer before it sends anything.
        if !parts.headers.contains_key(header::EXPECT) {
            drain(body, deadline).await;
        }
        return Err(too_large());
    }
    let mut received = Received { bytes: Vec::new(), _held: None };
    while let Some(data) = next_data(&mut body, deadline).await? {
        if received.bytes.len() + data.len() > largest {
            drain(body, deadline).await;
            return Err(too_large());
        }
        let more = budget.take(data.len())?;
        match &mut received._held {
            Some(held) => held.merge(more),
            none => *none = Some(more),
        }
        received.bytes.extend_from_slice(&data);
    }
    Ok(received)
}

/// The next piece of a body, `None` at its end.
pub(super) async fn next_data(body: &mut Body, deadline: Instant) -> Result<Option<Bytes>, Problem> {
    loop {
        let Ok(frame) = timeout_at(deadline, body.frame()).await else {
            return Err(Problem::new(Kind::TooSlow, "The body did not arrive in time."));
        };
        match frame {
            None => return Ok(None),
            // Trailers carry nothing that calls use.
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
            Some(Err(error)) => {
                return Err(Problem::new(Kind::BadRequest, "The body breaks off or is badly framed.").because(error));
            }
        }
    }
}

async fn drain(mut body: Body, deadline: Instant) {
    let mut left = DRAINED;
    while let Ok(Some(data)) = next_data(&mut body, deadline).await {
        left = left.saturating_sub(data.len());
        if left == 0 {
            return;
        }
    }
}

/// Reads JSON text into a type.
///
/// # Errors
/// [`Kind::NotJson`] with the place, or [`Kind::Invalid`] with the field.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Problem::new(Kind::NotJson, format!("Byte {} is not UTF-8.", error.valid_up_to())))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        if error.inner().classify() == serde_json::error::Category::Data {
            answer::fault("", error.path(), error.inner()).into()
        } else {
            not_json(error.inner())
        }
    })?;
    json.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> Problem {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        _ => "it cannot be read",
    };
    Problem::new(Kind::NotJson, format!("As JSON, {what} at line {}, column {}.", error.line(), error.column()))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Call {
        #[serde(default)]
        _k: Option<u8>,
        _items: Vec<Item>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Item {
        _claim: String,
    }

    fn fault_of(text: &str) -> (Kind, String, String) {
        let problem = parse::<Call>(text.as_bytes()).expect_err("a fault");
        let body = problem.body("x");
        let field = body.errors.first();
        let (pointer, detail) = field.map_or((String::new(), body.detail), |f| (f.pointer.clone(), f.detail.clone()));
        (problem.kind(), pointer, detail)
    }

    #[test]
    fn each_fault_names_its_field() {
        for (text, pointer) in [
            (r#"{"_items":[{"_claim":1}]}"#, "/_items/0/_claim"),
            (r#"{"_items":[{"_claim":"a"},{"_claim":null}]}"#, "/_items/1/_claim"),
            (r#"{"_items":[{"_claim":"a","x/y":1}]}"#, "/_items/0/x~1y"),
            (r#"{"_items":[{}]}"#, "/_items/0"),
            (r#"{"_k":300,"_items":[]}"#, "/_k"),
            (r#"{"_items":{}}"#, "/_items"),
            (r#"[1]"#, ""),
        ] {
            let (kind, found, detail) = fault_of(text);
            assert_eq!((kind, found.as_str()), (Kind::Invalid, pointer), "{text}: {detail}");
        }
    }

    #[test]
    fn what_was_sent_is_not_repeated() {
        for text in [
            r#"{"_items":"my own illness"}"#,
            r#"{"_k":"my own illness, expected x","_items":[]}"#,
            r#"{"_items":["my own illness"]}"#,
        ] {
            let (_, _, detail) = fault_of(text);
            assert!(!detail.contains("illness") && !detail.is_empty(), "{detail}");
        }
    }

    #[test]
    fn what_was_sent_cannot_pass_for_what_was_expected() {
        for found in [
            "was expected HIV positive at line 3",
            "x, expected HIV positive",
            "x\", expected HIV positive at line 3 column 4",
            "unknown field `x`, expected HIV positive",
            "missing field `HIV positive`",
        ] {
            for value in [
                serde_json::json!({"_k": found, "_items": []}),
                serde_json::json!({"_items": found}),
                serde_json::json!({"_items": [found]}),
                serde_json::json!({"_items": [{"_claim": {"a": found}}]}),
            ] {
                let read = parse::<Call>(value.to_string().as_bytes()).expect_err("a fault").body("x");
                let held = Problem::from(answer::read::<Call>("", value).expect_err("a fault")).body("x");
                for body in [read, held] {
                    let text = serde_json::to_string(&body).expect("JSON");
                    assert!(!text.contains("HIV") && body.detail.contains("is not valid: expected "), "{text}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_json_is_said_to_be_none() {
        for text in ["", "{", "nonsense", "{\"_items\":[]} x", "\u{1}", "{\"_items\":[\"\\ud800\"]}"] {
            assert_eq!(fault_of(text).0, Kind::NotJson, "{text:?}");
        }
        assert_eq!(parse::<Call>(b"\xff\xfe").expect_err("no text").kind(), Kind::NotJson);
        assert_eq!(parse::<Value>("[".repeat(10_000).as_bytes()).expect_err("too deep").kind(), Kind::NotJson);
    }

    #[test]
    fn declared_types_are_read_leniently_and_refused_plainly() {
        let declared = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, axum::http::HeaderValue::from_static(value));
            media(&headers).ok()
        };
        assert_eq!(declared("Application/JSON; charset=UTF-8"), Some(Media::Json));
        assert_eq!(declared("application/x-ndjson"), Some(Media::Ndjson));
        for other in ["text/plain", "application/json; charset=latin1", "", "application/jsonx"] {
            assert_eq!(declared(other), None, "{other}");
        }
    }
}
