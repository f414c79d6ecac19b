//! `POST /v1/evidence`: one claim, a batch, or a stream of claims, each answered with its evidence.
//!
//! What is wrong with the call as a whole is a problem; what is wrong with one item of a batch is that item's result.
//! Streams are read and written by [`super::stream`], bodies are taken apart by [`super::envelope`]; what one item or line says is
//! decided here.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::body::{self, LARGEST_BATCH, LARGEST_BODY, Media};
use super::envelope::{Envelope, Form, Outline};
use super::problem::{Kind, Problem};
use super::query::Parameters;
use super::work::Admitted;
use super::{Service, Source, reply, stream};
use crate::evidence::{self, Options};
use crate::view::answer::{self, Named};
use crate::view::hosts::{self, Rendered, View};
use crate::view::native::{EvidenceResponse, LineView, ResultView};
use crate::view::request::{FiltersRequest, IncludeRequest, ItemRequest, LineRequest, MOST_ITEMS, OptionsRequest};

/// Many claims with the same options.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BatchRequest {
    /// The claims. One that is not valid gets a result with `status` `error`; the others are answered.
    #[schema(value_type = Vec<ItemRequest>, min_items = 1, max_items = 50)]
    #[expect(dead_code, reason = "a name and a description: the items themselves are read one by one")]
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
    /// Whether to say what the passages mean for the claim (hints, flags of the pair, disagreement).
    #[schema(default = true)]
    hints: Option<bool>,
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
    params(("view" = Option<String>, Query, description = "Shape of the answer: `native`, `anthropic` (`search_result` blocks), `openai` (`url_citation`), `langchain` (documents), `trec` (a run), `csl`, `bibtex`, `ris` or `webannotation`; a stream is `native`", example = "native")),
    request_body(content(
        (EvidenceRequest = "application/json", example = json!({"claim": "Women should be screened for breast cancer every two years from 40.", "k": 3})),
        (LineRequest = "application/x-ndjson", example = "{\"id\":\"a1:c1\",\"claim\":\"Screening starts at 40.\",\"k\":3}\n"),
    )),
    responses((status = 200, description = "The evidence", content(
        (EvidenceResponse = "application/json"),
        (LineView = "application/x-ndjson"),
        (String = "text/plain"),
        (Vec<serde_json::Value> = "application/vnd.citationstyles.csl+json"),
        (String = "application/x-bibtex"),
        (String = "application/x-research-info-systems"),
        (serde_json::Value = "application/ld+json"),
    )))
)]
pub(super) async fn gather(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let view = view(&Parameters::read(&parts.uri, &["view"])?)?;
    if body::media(&parts.headers)? == Media::Ndjson {
        if view != View::Native {
            return Err(Problem::field("/view", "is not valid for a stream: expected native"));
        }
        let place = service.gate.admit_stream()?;
        let from = service.source().await?;
        return Ok(stream::answer(&service, place, from, body));
    }
    let received = body::read(&parts, body, LARGEST_BATCH, service.settings.timeouts.body, &service.budget).await?;
    let many_claims = is_batch(received.bytes())?;
    let from = service.source().await?;
    let answer = if many_claims {
        // The place first: what is read out of the body is held only by batches at work.
        let place = service.gate.admit_batch().await?;
        let (items, options) = batch(received.bytes())?;
        options.check(&from.snapshot).map_err(|error| fault("", &options, error))?;
        many(&place, &from, items, options, view).await?
    } else {
        let place = service.gate.admit()?;
        one(&place, &from, object("", body::parse(received.bytes())?)?, view).await?
    };
    reply::rendered(answer, &service.answers)
}

/// The shape that is wanted of the answer.
pub(super) fn view(parameters: &Parameters) -> Result<View, Problem> {
    let Some(name) = parameters.one("view")? else { return Ok(View::Native) };
    View::named(name).ok_or_else(|| {
        let known = View::ALL.map(View::name).join(", ");
        Problem::field("/view", format!("is not valid: expected one of {known}"))
    })
}

/// Whether a body has many claims; what cannot be either form is refused here.
fn is_batch(bytes: &[u8]) -> Result<bool, Problem> {
    let form: Form = body::parse(bytes)?;
    if !form.object {
        return Err(Problem::field("", "is not valid: expected an object"));
    }
    if form.items && form.claim {
        return Err(Problem::field("/claim", "stands beside items: send one or the other"));
    }
    if !form.items && bytes.len() > LARGEST_BODY {
        let detail = format!("A body with one claim may have at most {LARGEST_BODY} bytes.");
        return Err(Problem::new(Kind::TooLarge, detail));
    }
    Ok(form.items)
}

/// The items of a batch, each still text, and what holds for all of them.
fn batch(bytes: &[u8]) -> Result<(Vec<Box<RawValue>>, Options), Problem> {
    let Envelope { items, others, others_size } = body::parse(bytes)?;
    if items.count == 0 || items.count > MOST_ITEMS {
        let detail = format!("has {} items: send 1 to {MOST_ITEMS}, or a stream of application/x-ndjson", items.count);
        return Err(Problem::field("/items", detail));
    }
    if others_size > LARGEST_BODY {
        let detail = format!("What stands beside the items may have at most {LARGEST_BODY} bytes.");
        return Err(Problem::new(Kind::TooLarge, detail));
    }
    let mut fields = Map::new();
    for (name, value) in others {
        fields.insert(name, body::parse(value.get().as_bytes())?);
    }
    // Keeps its name among the known fields; the items themselves are read one by one.
    fields.insert("items".to_owned(), Value::Array(Vec::new()));
    let BatchRequest { items: _, k, as_of, packs, filters, include, hints } = object("", Value::Object(fields))?;
    Ok((items.first, OptionsRequest { k, as_of, packs, filters, include, hints }.into()))
}

/// Reads one item of a batch, and what of it can be given back when it fails.
fn item(base: &str, raw: &RawValue) -> (Named, Result<ItemRequest, Problem>) {
    let text = raw.get();
    if text.len() > LARGEST_BODY {
        let Outline { named, largest, .. } = serde_json::from_str(text).unwrap_or_default();
        let at = largest.map_or_else(|| base.to_owned(), |name| format!("{base}/{}", answer::escaped(&name)));
        let detail = format!("is too long: an item may have at most {LARGEST_BODY} bytes");
        return (named, Err(Problem::field(at, detail)));
    }
    match body::parse::<Value>(text.as_bytes()) {
        Ok(value) => (Named::of(&value), object(base, value)),
        Err(problem) => {
            let (named, problem) = unread(base, text.as_bytes(), problem);
            (named, Err(problem))
        }
    }
}

/// What is wrong with an item that cannot be read, in words that fit, and its id where that can be told.
fn unread(base: &str, text: &[u8], problem: Problem) -> (Named, Problem) {
    if answer::half_pairs(text).is_empty() {
        return (Named::default(), problem);
    }
    let Outline { named, .. } = serde_json::from_slice(text).unwrap_or_default();
    (named, Problem::field(base, answer::NO_CHARACTER))
}

/// Reads an object that stands at `base` in the body.
pub(super) fn object<T: serde::de::DeserializeOwned>(base: &str, value: Value) -> Result<T, Problem> {
    Ok(answer::read(base, value)?)
}

async fn one(place: &Admitted, from: &Source, line: LineRequest, view: View) -> Result<Rendered, Problem> {
    let (item, options) = line.split(&Options::default());
    let from = from.clone();
    place
        .run(move || {
            let result = answer(&from, "", &item, &options)?;
            hosts::render(view, &EvidenceResponse::new(&from.snapshot, vec![result])).map_err(Problem::internal)
        })
        .await?
}

async fn many(
    place: &Admitted,
    from: &Source,
    items: Vec<Box<RawValue>>,
    options: Options,
    view: View,
) -> Result<Rendered, Problem> {
    let options = Arc::new(options);
    let (mut joined, mut results) = (Joined::begin(from)?, Vec::new());
    let pieces = items.into_iter().enumerate().map(|(at, raw)| {
        let (source, options) = (from.clone(), Arc::clone(&options));
        move || {
            let base = format!("/items/{at}");
            let (named, item) = item(&base, &raw);
            let answered = item.and_then(|item| answer(&source, &base, &item, &options));
            let result = answered.unwrap_or_else(|problem| failed(named, &problem, &format!("#{base}")));
            // Written where it was made: a result as text is a third of what it is as objects.
            if view == View::Native {
                reply::json_bytes(&result).map(Made::Text)
            } else {
                Ok(Made::Result(Box::new(result)))
            }
        }
    });
    let take = |at, done: Result<Result<Made, Problem>, Problem>| {
        match done {
            Ok(made) => match made? {
                Made::Text(text) => joined.add(&text),
                Made::Result(result) => results.push(*result),
            },
            Err(panicked) => {
                let result = failed(Named::default(), &panicked, &format!("#/items/{at}"));
                if view == View::Native { joined.add(&reply::json_bytes(&result)?) } else { results.push(result) }
            }
        }
        Ok(())
    };
    place.in_order(pieces, take).await?;
    if view == View::Native {
        return Ok(Rendered { content_type: view.content_type(), bytes: joined.end() });
    }
    let snapshot = Arc::clone(&from.snapshot);
    let render = move || hosts::render(view, &EvidenceResponse::new(&snapshot, results)).map_err(Problem::internal);
    place.run(render).await?
}

/// One result of a batch, as far as it can be made where it was searched.
enum Made {
    Text(Vec<u8>),
    Result(Box<ResultView>),
}

/// An answer whose results are put in as text, one after the other: the list is its last field.
struct Joined {
    bytes: Vec<u8>,
    any: bool,
}

impl Joined {
    fn begin(from: &Source) -> Result<Joined, Problem> {
        let mut bytes = reply::json_bytes(&EvidenceResponse::new(&from.snapshot, Vec::new()))?;
        if !bytes.ends_with(b"]}") {
            return Err(Problem::internal("an answer ends in its results"));
        }
        bytes.truncate(bytes.len() - 2);
        Ok(Joined { bytes, any: false })
    }

    fn add(&mut self, result: &[u8]) {
        if std::mem::replace(&mut self.any, true) {
            self.bytes.push(b',');
        }
        self.bytes.extend(result);
    }

    fn end(mut self) -> Vec<u8> {
        self.bytes.extend(b"]}");
        self.bytes
    }
}

/// The answer to one line of a stream, as the line that goes out.
pub(super) fn line(from: &Source, at: u64, text: Result<&[u8], Problem>) -> Vec<u8> {
    let instance = format!("#/lines/{at}");
    let mut named = Named::default();
    let mut value = |text: &[u8]| {
        body::parse::<Value>(text).map_err(|problem| {
            let (outlined, problem) = unread("", text, problem);
            named = outlined;
            problem
        })
    };
    let value = text.and_then(&mut value);
    let result = value.and_then(|value| {
        named = Named::of(&value);
        let (item, options) = object::<LineRequest>("", value)?.split(&Options::default());
        answer(from, "", &item, &options)
    });
    let result = result.unwrap_or_else(|problem| failed(named, &problem, &instance));
    let mut bytes = reply::json_bytes(&LineView::new(&from.snapshot, result)).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Gathers the evidence of one item that stands at `base` in the body.
pub(super) fn answer(from: &Source, base: &str, item: &ItemRequest, options: &Options) -> Result<ResultView, Problem> {
    Ok(answer::answer(&from.snapshot, &from.gaps, base, item, options)?)
}

/// An option that the snapshot cannot be asked with, as the field at `base` that asked for it.
pub(super) fn fault(base: &str, options: &Options, error: evidence::Error) -> Problem {
    answer::Error::of_options(base, options, error).into()
}

impl From<answer::Error> for Problem {
    fn from(error: answer::Error) -> Problem {
        match error {
            answer::Error::Field { pointer, detail } => Problem::field(pointer, detail),
            answer::Error::Index(error) => Problem::internal(error),
        }
    }
}

/// The result of an item that has none, by what of it can be given back.
pub(super) fn failed(named: Named, problem: &Problem, instance: &str) -> ResultView {
    if let Some(cause) = problem.cause() {
        tracing::error!(cause, "an item failed");
    }
    named.failed(serde_json::to_value(problem.body(instance)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> super::super::problem::ProblemBody {
        match batch(text.as_bytes()) {
            Err(problem) => problem.body("x"),
            Ok(_) => panic!("accepted"),
        }
    }

    #[test]
    fn items_are_counted_before_they_are_read() {
        let many = format!(r#"{{"items":[{}0]}}"#, "0,".repeat(2_000_000));
        assert!(is_batch(many.as_bytes()).is_ok_and(|many| many));
        let problem = refused(&many);
        assert_eq!(problem.errors[0].pointer, "/items");
        assert!(problem.errors[0].detail.starts_with("has 2000001 items"), "{:?}", problem.errors);
        let beside = format!(r#"{{"items":[0],"k":[{}0]}}"#, "0,".repeat(1_000_000));
        assert_eq!(refused(&beside).status, 413);
        assert_eq!(refused(r#"{"items":[0],"colour":1}"#).errors[0].pointer, "/colour");
        assert_eq!(refused(r#"{"items":7}"#).errors[0].pointer, "/items");
        let Ok((items, options)) = batch(br#"{"items":[1, {"claim":"x"}],"k":7}"#) else { panic!("refused") };
        assert_eq!((items[1].get(), options.k), (r#"{"claim":"x"}"#, 7));
    }

    #[test]
    fn an_item_with_half_a_surrogate_pair_is_named_and_harms_no_neighbour() {
        let body = br#"{"items":[{"id":"a","claim":"Rest."},{"id":"b","claim":"\ud800"},{"\udc00":1}]}"#;
        assert!(is_batch(body).is_ok_and(|many| many));
        let Ok((items, _)) = batch(body) else { panic!("refused") };
        let read: Vec<(Named, Result<ItemRequest, Problem>)> = items.iter().map(|raw| item("/items/1", raw)).collect();
        let ids: Vec<Option<&str>> = read.iter().map(|(named, _)| named.id.as_deref()).collect();
        assert_eq!(ids, [Some("a"), Some("b"), None]);
        assert!(read[0].1.is_ok());
        for (_, read) in read.into_iter().skip(1) {
            let body = read.err().expect("a problem").body("x");
            assert_eq!((body.status, body.errors[0].detail.as_str()), (422, answer::NO_CHARACTER));
        }
    }

    #[test]
    fn an_item_that_is_too_large_is_not_read_but_named() {
        let raw = |text: String| RawValue::from_string(text).expect("JSON");
        let conditions = format!("[{}0]", "0,".repeat(LARGEST_BODY));
        let text = format!(r#"{{"id":"a1","claim":"Rest.","patient":{{"conditions":{conditions}}}}}"#);
        let (named, read) = item("/items/3", &raw(text));
        assert_eq!(named.id.as_deref(), Some("a1"));
        assert_eq!(read.err().expect("a problem").body("x").errors[0].pointer, "/items/3/patient");
        let (_, read) = item("/items/3", &raw(conditions));
        assert_eq!(read.err().expect("a problem").body("x").errors[0].pointer, "/items/3");
    }
}
