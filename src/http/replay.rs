//! A request that comes twice: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).
//!
//! A caller who heard no answer can ask again with the same key and gets the same bytes, without a second search, for a
//! day and as long as there is room. Of a request only a digest is kept; answers may hold claims, so they are kept in
//! memory, never on disk, and a snapshot that has changed makes an old one worthless. A key that comes with another
//! request is a mistake of the caller's and is told so.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use sha2::{Digest, Sha256};

use super::body::{self, LARGEST_BATCH, Media};
use super::limits::Caller;
use super::problem::{Kind, Problem};
use super::{Service, reply};

/// The request's header.
pub(super) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The answer's header, where it is one that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Longest key, in characters.
const LONGEST_KEY: usize = 255;
/// How long an answer is kept.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// Largest answer that is kept, in bytes; a larger one is searched again, to the same passages.
const LARGEST: usize = 8 * 1024 * 1024;
/// What an entry takes beside its answer.
const OVERHEAD: usize = 1024;

/// Whose key, for which call.
type Name = (Caller, String, String);

/// What is known of a key.
struct Entry {
    number: u64,
    request: [u8; 32],
    snapshot: String,
    begun: Instant,
    /// `None` while the first request is being answered.
    answer: Option<Answer>,
}

#[derive(Clone)]
struct Answer {
    kind: Option<HeaderValue>,
    bytes: Bytes,
}

#[derive(Default)]
struct Kept {
    entries: HashMap<Name, Entry>,
    /// In the order in which they came; some may be gone or have come again since.
    order: VecDeque<(u64, Name)>,
    next: u64,
    size: usize,
}

/// The answers that are kept.
pub(super) struct Replays {
    memory: usize,
    kept: Mutex<Kept>,
}

impl std::fmt::Debug for Replays {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kept = self.locked();
        write!(f, "Replays({} entries, {} bytes)", kept.entries.len(), kept.size)
    }
}

/// What a key means for a request.
enum Found {
    /// It is new: the number of its entry.
    New(u64),
    Answered(Answer),
    InFlight,
    OtherRequest,
}

impl Kept {
    fn remove(&mut self, name: &Name) {
        if let Some(entry) = self.entries.remove(name) {
            self.size = self.size.saturating_sub(size_of(&entry));
        }
    }

    /// Makes room for `more` bytes by forgetting the oldest; also whatever is too old.
    fn make_room(&mut self, more: usize, memory: usize, now: Instant) {
        while let Some((number, name)) = self.order.front().cloned() {
            let entry = self.entries.get(&name).filter(|entry| entry.number == number);
            let old = entry.is_none_or(|entry| now.saturating_duration_since(entry.begun) >= KEPT);
            if !old && self.size + more <= memory {
                return;
            }
            if entry.is_some() {
                self.remove(&name);
            }
            self.order.pop_front();
        }
    }
}

fn size_of(entry: &Entry) -> usize {
    OVERHEAD + entry.answer.as_ref().map_or(0, |answer| answer.bytes.len())
}

impl Replays {
    /// Keeps answers of so many bytes together.
    pub(super) fn new(memory: usize) -> Replays {
        Replays { memory, kept: Mutex::default() }
    }

    fn locked(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, name: &Name, request: [u8; 32], snapshot: &str, now: Instant) -> Found {
        let mut kept = self.locked();
        kept.make_room(OVERHEAD, self.memory, now);
        if let Some(entry) = kept.entries.get(name) {
            match &entry.answer {
                _ if entry.request != request => return Found::OtherRequest,
                None => return Found::InFlight,
                Some(answer) if entry.snapshot == snapshot => return Found::Answered(answer.clone()),
                // Another snapshot answers now: what the old one said is not repeated.
                Some(_) => kept.remove(name),
            }
        }
        let number = kept.next;
        kept.next += 1;
        let entry = Entry { number, request, snapshot: snapshot.to_owned(), begun: now, answer: None };
        kept.entries.insert(name.clone(), entry);
        kept.order.push_back((number, name.clone()));
        kept.size += OVERHEAD;
        Found::New(number)
    }

    fn keep(&self, name: &Name, number: u64, answer: Answer, now: Instant) {
        let mut kept = self.locked();
        let size = answer.bytes.len();
        if size > LARGEST.min(self.memory) {
            kept.remove(name);
            return;
        }
        kept.make_room(size, self.memory, now);
        // It may have been forgotten in between, by itself even.
        if let Some(entry) = kept.entries.get_mut(name).filter(|entry| entry.number == number) {
            entry.answer = Some(answer);
            kept.size += size;
        }
    }

    fn forget(&self, name: &Name, number: u64) {
        let mut kept = self.locked();
        if kept.entries.get(name).is_some_and(|entry| entry.number == number) {
            kept.remove(name);
        }
    }
}

/// An entry whose answer is awaited: forgotten where none comes, be it that the caller went away.
struct Awaited<'a> {
    replays: &'a Replays,
    name: &'a Name,
    number: u64,
    kept: bool,
}

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        if !self.kept {
            self.replays.forget(self.name, self.number);
        }
    }
}

/// Wraps the calls whose answers are kept; without the header it changes nothing.
pub(super) async fn replay(State(service): State<Service>, request: Request, next: Next) -> Response {
    if !request.headers().contains_key(&KEY) {
        return next.run(request).await;
    }
    replayed(&service, request, next).await.unwrap_or_else(Problem::into_response)
}

async fn replayed(service: &Service, request: Request, next: Next) -> Result<Response, Problem> {
    let key = key(request.headers())?;
    let (parts, received) = request.into_parts();
    if body::media(&parts.headers)? == Media::Ndjson {
        return Err(Problem::new(Kind::BadRequest, "A stream is not kept: send it without Idempotency-Key."));
    }
    let received = body::read(&parts, received, LARGEST_BATCH, service.settings.timeouts.body, &service.budget).await?;
    let mut digest = Sha256::new();
    digest.update(parts.uri.query().unwrap_or_default());
    digest.update([0]);
    digest.update(received.bytes());
    let snapshot = service.snapshot().await?.manifest().id.to_string();
    let caller = parts.extensions.get::<Caller>().cloned().unwrap_or(Caller::Nobody);
    let name = (caller, parts.uri.path().to_owned(), key);
    let number = match service.replays.begin(&name, digest.finalize().into(), &snapshot, Instant::now()) {
        Found::New(number) => number,
        Found::Answered(answer) => return again(service, answer),
        Found::InFlight => {
            return Err(Problem::new(Kind::InFlight, "The first request with this key is still being answered."));
        }
        Found::OtherRequest => {
            let detail = "This Idempotency-Key came before with another request. Use a new key for a new request.";
            return Err(Problem::new(Kind::KeyReused, detail));
        }
    };
    let mut awaited = Awaited { replays: &service.replays, name: &name, number, kept: false };
    let response = next.run(Request::from_parts(parts, Body::from(received.into_bytes()))).await;
    let small = response.body().size_hint().upper().is_some_and(|size| size <= LARGEST as u64);
    if response.status() != StatusCode::OK || !small {
        return Ok(response);
    }
    let (parts, answered) = response.into_parts();
    let bytes = answered.collect().await.map_err(Problem::internal)?.to_bytes();
    // An answer of another snapshot than the one that was looked up must not stand for it.
    if service.snapshot().await?.manifest().id.to_string() == snapshot {
        let kind = parts.headers.get(header::CONTENT_TYPE).cloned();
        service.replays.keep(&name, number, Answer { kind, bytes: bytes.clone() }, Instant::now());
        awaited.kept = true;
    }
    Ok(Response::from_parts(parts, reply::body(bytes, &service.answers)?))
}

fn again(service: &Service, answer: Answer) -> Result<Response, Problem> {
    let mut response = reply::body(answer.bytes, &service.answers)?.into_response();
    if let Some(kind) = answer.kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// The key: a string of structured fields (in quotation marks), or the bare characters that many clients send.
fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let wrong = || {
        let detail = format!("Idempotency-Key is one key of 1 to {LONGEST_KEY} visible ASCII characters.");
        Problem::new(Kind::BadRequest, detail)
    };
    let mut given = headers.get_all(&KEY).iter();
    let (Some(value), None) = (given.next(), given.next()) else { return Err(wrong()) };
    let text = value.to_str().map_err(|_| wrong())?.trim();
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let good = !bare.is_empty() && bare.len() <= LONGEST_KEY && bare.bytes().all(|byte| byte.is_ascii_graphic());
    if good { Ok(bare.to_owned()) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(key: &str) -> Name {
        (Caller::Nobody, "/v1/evidence".to_owned(), key.to_owned())
    }

    fn answer(bytes: usize) -> Answer {
        Answer { kind: None, bytes: Bytes::from(vec![b'x'; bytes]) }
    }

    fn new(found: &Found) -> u64 {
        match found {
            Found::New(number) => *number,
            _ => panic!("known already"),
        }
    }

    #[test]
    fn a_key_stands_for_one_request_on_one_snapshot() {
        let replays = Replays::new(1 << 20);
        let now = Instant::now();
        let number = new(&replays.begin(&name("a"), [1; 32], "s1", now));
        assert!(matches!(replays.begin(&name("a"), [1; 32], "s1", now), Found::InFlight));
        assert!(matches!(replays.begin(&name("a"), [2; 32], "s1", now), Found::OtherRequest));
        replays.keep(&name("a"), number, answer(10), now);
        assert!(
            matches!(replays.begin(&name("a"), [1; 32], "s1", now), Found::Answered(answer) if answer.bytes.len() == 10)
        );
        assert!(matches!(replays.begin(&name("a"), [2; 32], "s1", now), Found::OtherRequest));
        let other = (Caller::Token("t".into()), "/v1/evidence".to_owned(), "a".to_owned());
        new(&replays.begin(&other, [2; 32], "s1", now));
        let again = new(&replays.begin(&name("a"), [1; 32], "s2", now));
        replays.forget(&name("a"), number);
        assert!(matches!(replays.begin(&name("a"), [1; 32], "s2", now), Found::InFlight), "the newer entry stays");
        replays.forget(&name("a"), again);
        new(&replays.begin(&name("a"), [3; 32], "s2", now));
        let later = now + KEPT;
        new(&replays.begin(&name("a"), [4; 32], "s2", later));
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_go_first() {
        let memory = 100 * OVERHEAD;
        let replays = Replays::new(memory);
        let now = Instant::now();
        for at in 0..1_000 {
            let name = name(&at.to_string());
            let number = new(&replays.begin(&name, [1; 32], "s", now));
            replays.keep(&name, number, answer(3 * OVERHEAD), now);
            assert!(replays.locked().size <= memory);
        }
        let kept = replays.locked();
        assert!(kept.order.len() <= 100 && kept.entries.len() >= 20, "{} {}", kept.order.len(), kept.entries.len());
        let sizes: usize = kept.entries.values().map(size_of).sum();
        assert_eq!(sizes, kept.size);
        assert!(kept.entries.contains_key(&name("999")) && !kept.entries.contains_key(&name("900")));
        drop(kept);
        let number = new(&replays.begin(&name("large"), [1; 32], "s", now));
        replays.keep(&name("large"), number, answer(2 * memory), now);
        new(&replays.begin(&name("large"), [1; 32], "s", now));
    }

    #[test]
    fn keys_are_read_as_the_draft_and_as_clients_write_them() {
        let read = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(KEY, HeaderValue::from_static(value));
            }
            key(&headers).ok()
        };
        assert_eq!(read(&["\"8e03978e-40d5\""]).as_deref(), Some("8e03978e-40d5"));
        assert_eq!(read(&["8e03978e-40d5"]).as_deref(), Some("8e03978e-40d5"));
        for wrong in [&[""][..], &["\"\""], &["a b"], &["a", "b"]] {
            assert!(read(wrong).is_none(), "{wrong:?}");
        }
    }
}
