//! `POST /v1/evidence`: one claim, a batch, or a stream of claims, each answered with its evidence.
//!
//! What is wrong with the call as a whole is a problem; what is wrong with one item of a batch is that item's result.
//! Streams are read and written by [`super::stream`]; what one line says is decided here.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

use super::body::{self, LARGEST_BATCH, LARGEST_BODY, Media};
use super::problem::{Kind, Problem, ProblemBody};
use super::query::Parameters;
use super::work::Admitted;
use super::{Service, reply, stream};
use crate::claim::{self, LONGEST};
use crate::evidence::{self, Options};
use crate::index::Snapshot;
use crate::view::native::{EvidenceResponse, LineView, ResultView};
use crate::view::request::{FiltersRequest, IncludeRequest, ItemRequest, LineRequest, MOST_ITEMS, OptionsRequest};

/// Longest id that a caller may give an item, in code points.
const LONGEST_ID: usize = 200;

/// Many claims with the same options.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BatchRequest {
    /// The claims. One that is not valid gets a result with `status` `error`; the others are answered.
    #[schema(value_type = Vec<ItemRequest>, min_items = 1, max_items = 50)]
    items: Vec<Value>,
    /// How many passages a claim.
    #[schema(minimum = 1, maximum = 100, default = 5)]
    k: Option<usize>,
    /// The day on which editions are judged.
    #[schema(value_type = Option<String>, format = Date, example = "2026-01-15")]
    as_of: Option<jiff::civil::Date>,
    /// Packs to search; all where empty.
    #[serde(default)]
    packs: Vec<String>,
    /// Bounds on documents.
    #[serde(default)]
    filters: FiltersRequest,
    /// What else to give.
    #[serde(default)]
    include: Vec<IncludeRequest>,
}

/// One claim, or many.
#[derive(utoipa::ToSchema)]
#[schema(as = EvidenceRequest)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "describes the body; which of the two it is shows in its keys, so that faults name fields"
)]
pub(super) enum EvidenceRequest {
    /// One claim.
    One(LineRequest),
    /// Many.
    Many(BatchRequest),
}

/// A call, read and found good as a whole.
enum Call {
    One(LineRequest),
    Many(Vec<Value>, Options),
}

/// Ranked, located, verbatim guideline passages for each claim.
///
/// Send one claim (`{"claim":"…"}`), up to 50 (`{"items":[…]}`), or `application/x-ndjson` with one item a line and no
/// bound on their number: each line out is one result, in order, sent at once. `status`, `coverage` and `conflict` say
/// different things: no evidence is never success. The same request against the same snapshot gives the same bytes,
/// `took_ms` aside. Limits: a claim 4,000 characters, a context 20,000, a body with one claim 256 KiB, a batch 4 MiB, a
/// line 64 KiB.
#[utoipa::path(
    post,
    path = "/v1/evidence",
    tag = "evidence",
    params(("view" = Option<String>, Query, description = "Shape of the answer: `native`", example = "native")),
    request_body(content(
        (EvidenceRequest = "application/json", example = json!({"claim": "Women should be screened for breast cancer every two years from 40.", "k": 3})),
        (LineRequest = "application/x-ndjson", example = "{\"id\":\"a1:c1\",\"claim\":\"Screening starts at 40.\",\"k\":3}\n"),
    )),
    responses((status = 200, description = "The evidence", content(
        (EvidenceResponse = "application/json"),
        (LineView = "application/x-ndjson"),
    )))
)]
pub(super) async fn gather(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    view(&Parameters::read(&parts.uri, &["view"])?)?;
    if body::media(&parts.headers)? == Media::Ndjson {
        let place = service.gate.admit_stream()?;
        let snapshot = service.snapshot().await?;
        return Ok(stream::answer(&service, place, snapshot, body));
    }
    let received = body::read(&parts, body, LARGEST_BATCH, service.settings.timeouts.body, &service.budget).await?;
    let call = read(received.bytes())?;
    let snapshot = service.snapshot().await?;
    let bytes = match call {
        Call::One(line) => one(&service.gate.admit()?, &snapshot, line).await?,
        Call::Many(items, options) => {
            options.check(&snapshot).map_err(|error| fault("", &options, error))?;
            many(&service.gate.admit_batch().await?, &snapshot, items, options).await?
        }
    };
    reply::json(bytes, &service.answers)
}

fn view(parameters: &Parameters) -> Result<(), Problem> {
    match parameters.one("view")? {
        None | Some("native") => Ok(()),
        Some(_) => Err(Problem::field("/view", "is not valid: expected native")),
    }
}

fn read(bytes: &[u8]) -> Result<Call, Problem> {
    let value: Value = body::parse(bytes)?;
    let Value::Object(fields) = &value else { return Err(Problem::field("", "is not valid: expected an object")) };
    if !fields.contains_key("items") {
        if bytes.len() > LARGEST_BODY {
            let detail = format!("A body with one claim may have at most {LARGEST_BODY} bytes.");
            return Err(Problem::new(Kind::TooLarge, detail));
        }
        return Ok(Call::One(object("", value)?));
    }
    if fields.contains_key("claim") {
        return Err(Problem::field("/claim", "stands beside items: send one or the other"));
    }
    let batch: BatchRequest = object("", value)?;
    let count = batch.items.len();
    if count == 0 || count > MOST_ITEMS {
        let detail = format!("has {count} items: send 1 to {MOST_ITEMS}, or a stream of application/x-ndjson");
        return Err(Problem::field("/items", detail));
    }
    let BatchRequest { items, k, as_of, packs, filters, include } = batch;
    Ok(Call::Many(items, OptionsRequest { k, as_of, packs, filters, include }.into()))
}

/// Reads an object; the library would also take its values as an array.
fn object<T: serde::de::DeserializeOwned>(base: &str, value: Value) -> Result<T, Problem> {
    if !value.is_object() {
        return Err(Problem::field(base, "is not valid: expected an object"));
    }
    for name in ["patient", "filters"] {
        if value.get(name).is_some_and(Value::is_array) {
            return Err(Problem::field(format!("{base}/{name}"), "is not valid: expected an object"));
        }
    }
    body::from_value(base, value)
}

async fn one(place: &Admitted, snapshot: &Arc<Snapshot>, line: LineRequest) -> Result<Vec<u8>, Problem> {
    let (item, options) = line.split(&Options::default());
    let snapshot = Arc::clone(snapshot);
    place
        .run(move || {
            let result = answer(&snapshot, "", &item, &options)?;
            reply::json_bytes(&EvidenceResponse::new(snapshot.manifest(), vec![result]))
        })
        .await?
}

async fn many(
    place: &Admitted,
    snapshot: &Arc<Snapshot>,
    items: Vec<Value>,
    options: Options,
) -> Result<Vec<u8>, Problem> {
    let options = Arc::new(options);
    let head = reply::json_bytes(&EvidenceResponse::new(snapshot.manifest(), Vec::new()))?;
    // The list is the answer's last field: results are put in as text, which is a third of what they are as objects.
    let mut bytes =
        head.strip_suffix(b"]}").ok_or_else(|| Problem::internal("an answer ends in its results"))?.to_vec();
    for (at, value) in items.into_iter().enumerate() {
        let (snapshot, options) = (Arc::clone(snapshot), Arc::clone(&options));
        let done = place.run(move || {
            let base = format!("/items/{at}");
            let named = Named::of(&value);
            let answered = object(&base, value).and_then(|item: ItemRequest| answer(&snapshot, &base, &item, &options));
            reply::json_bytes(&answered.unwrap_or_else(|problem| named.failed(&problem, &format!("#{base}"))))
        });
        let result = match done.await {
            Ok(result) => result?,
            Err(panicked) => reply::json_bytes(&Named::default().failed(&panicked, &format!("#/items/{at}")))?,
        };
        if at > 0 {
            bytes.push(b',');
        }
        bytes.extend(result);
    }
    bytes.extend(b"]}");
    Ok(bytes)
}

/// The answer to one line of a stream, as the line that goes out.
pub(super) fn line(snapshot: &Snapshot, at: u64, text: Result<&[u8], Problem>) -> Vec<u8> {
    let instance = format!("#/lines/{at}");
    let mut named = Named::default();
    let result = text.and_then(body::parse::<Value>).and_then(|value| {
        named = Named::of(&value);
        let (item, options) = object::<LineRequest>("", value)?.split(&Options::default());
        answer(snapshot, "", &item, &options)
    });
    let result = result.unwrap_or_else(|problem| named.failed(&problem, &instance));
    let mut bytes = reply::json_bytes(&LineView::new(snapshot.manifest(), result)).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Gathers the evidence of one item that stands at `base` in the body.
fn answer(snapshot: &Snapshot, base: &str, item: &ItemRequest, options: &Options) -> Result<ResultView, Problem> {
    if item.id.as_ref().is_some_and(|id| id.chars().count() > LONGEST_ID) {
        return Err(Problem::field(format!("{base}/id"), format!("is longer than {LONGEST_ID} characters")));
    }
    let claim = item.to_claim().map_err(|error| {
        let name = if matches!(error, claim::Error::ContextTooLong(_)) { "context" } else { "claim" };
        Problem::field(format!("{base}/{name}"), error.to_string())
    })?;
    let started = Instant::now();
    let evidence = evidence::gather(snapshot, &claim, options).map_err(|error| fault(base, options, error))?;
    let took_ms = started.elapsed().as_secs_f64() * 1000.0;
    Ok(ResultView::of(snapshot, item.id.clone(), claim.text(), &evidence, took_ms))
}

fn fault(base: &str, options: &Options, error: evidence::Error) -> Problem {
    match error {
        evidence::Error::K(_) => {
            Problem::field(format!("{base}/k"), format!("is not valid: expected 1 to {}", evidence::MOST_PASSAGES))
        }
        evidence::Error::UnknownPack { name, known } => {
            let at = options.packs.iter().position(|pack| *pack == name).unwrap_or_default();
            Problem::field(format!("{base}/packs/{at}"), format!("is no pack of this snapshot, which holds {known}"))
        }
        evidence::Error::Index(error) => Problem::internal(error),
    }
}

/// What of an item can be given back when it fails.
#[derive(Default)]
struct Named {
    id: Option<String>,
    claim: Option<String>,
}

impl Named {
    fn of(value: &Value) -> Named {
        let text = |name: &str, longest: usize| {
            let text = value.get(name).and_then(Value::as_str)?;
            (text.chars().count() <= longest).then(|| text.to_owned())
        };
        Named { id: text("id", LONGEST_ID), claim: text("claim", LONGEST) }
    }

    fn failed(self, problem: &Problem, instance: &str) -> ResultView {
        if let Some(cause) = problem.cause() {
            tracing::error!(cause, "an item failed");
        }
        let body: ProblemBody = problem.body(instance);
        ResultView::failed(self.id, self.claim, serde_json::to_value(body).unwrap_or_default())
    }
}
