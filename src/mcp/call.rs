//! What a call asks, and its answer.
//!
//! Arguments that are not valid, and passages that do not exist, are answers of the tool in plain words, so that a model
//! reads them and can do better; they repeat nothing of what was sent. Claims are searched one by one, each when a core is
//! free, so that a large call holds up nobody by more than one search.

use std::sync::Arc;

use rmcp::model::{CallToolResult, ContentBlock};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::sync::oneshot;

use super::tools::{
    FOUND, FetchAnswer, FetchArguments, Found, MOST_ITEMS, MOST_PASSAGES, Metadata, Name, SearchAnswer, SearchArguments,
};
use super::{Error, Place, Server, text, wire};
use crate::evidence::Options;
use crate::index::Snapshot;
use crate::passage::PassageId;
use crate::view::answer::{self, Named, answer, read};
use crate::view::native::{EvidenceResponse, ResultView};
use crate::view::passage::PassageView;
use crate::view::request::{ItemRequest, OptionsRequest};

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    /// It cannot be answered now.
    #[error(transparent)]
    Unready(#[from] Error),
    /// It cannot be answered at all, or only by a fault of ours.
    #[error(transparent)]
    Request(#[from] answer::Error),
    /// No passage has the id.
    #[error("No passage of this snapshot has this id. Ids are document@version#part, as search gives them.")]
    NoSuchPassage,
}

/// Answers a call of a tool; a refusal is an answer too.
pub(super) async fn call(server: &Server, name: Name, arguments: Map<String, Value>) -> CallToolResult {
    let answered = match name {
        Name::Search => search(server, arguments).await,
        Name::Fetch => fetch(server, arguments).await,
        Name::CheckClaims => check_claims(server, arguments).await,
    };
    answered.unwrap_or_else(|refusal| CallToolResult::error(vec![ContentBlock::text(told(&refusal))]))
}

/// A refusal in words; the cause of a fault of ours is for the log alone.
fn told(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Request(answer::Error::Index(error)) => {
            tracing::error!(%error, "a tool call failed");
            Error::Failed.to_string()
        }
        Refusal::Request(answer::Error::Field { pointer, detail }) => {
            let field = if pointer.is_empty() { "The arguments" } else { pointer };
            format!("{field}: {detail}")
        }
        other => other.to_string(),
    }
}

/// The arguments of a call, or what of them stands beside the items.
fn arguments<T: DeserializeOwned>(arguments: Map<String, Value>) -> Result<T, answer::Error> {
    let value = Value::Object(arguments);
    if wire::holds_no_text(&value) {
        return Err(answer::Error::field("", answer::NO_CHARACTER));
    }
    read("", value)
}

async fn search(server: &Server, given: Map<String, Value>) -> Result<CallToolResult, Refusal> {
    let SearchArguments { query } = arguments(given)?;
    let item = ItemRequest { claim: query, ..ItemRequest::default() };
    let options = Options { k: FOUND, hints: false, ..Options::default() };
    let place = server.0.searches.admit(false).await?;
    let snapshot = server.snapshot().await?;
    let server = server.clone();
    let answered = run(place.as_ref(), move || {
        let result = answer(&snapshot, &server.0.gaps, "", &item, &options).map_err(as_query)?;
        let results = result.passages.iter().map(|passage| server.found(&passage.passage)).collect();
        Ok(as_json(&SearchAnswer { results, coverage: result.coverage }))
    });
    answered.await?
}

/// What is wrong with a claim, said of the field that it came in.
fn as_query(error: answer::Error) -> answer::Error {
    match error {
        answer::Error::Field { pointer, detail } if pointer == "/claim" => answer::Error::field("/query", detail),
        other => other,
    }
}

async fn fetch(server: &Server, given: Map<String, Value>) -> Result<CallToolResult, Refusal> {
    let FetchArguments { id } = arguments(given)?;
    let id: PassageId = id.parse().map_err(|_| Refusal::NoSuchPassage)?;
    let place = server.0.searches.admit(false).await?;
    let snapshot = server.snapshot().await?;
    let server = server.clone();
    let answered = run(place.as_ref(), move || {
        let passage = snapshot.passage(&id).map_err(answer::Error::from)?.ok_or(Refusal::NoSuchPassage)?;
        let standing = snapshot.catalogue().standing(id.version(), None);
        let view = PassageView::of(&snapshot, &passage, &standing);
        Ok(as_json(&server.fetched(&snapshot, &view)))
    });
    answered.await?
}

async fn check_claims(server: &Server, mut given: Map<String, Value>) -> Result<CallToolResult, Refusal> {
    let items = match given.remove("items") {
        Some(Value::Array(items)) => items,
        Some(_) => return Err(answer::Error::field("/items", "is not valid: expected an array").into()),
        None => return Err(answer::Error::field("", "items is missing: give an array of claims").into()),
    };
    let options: OptionsRequest = arguments(given)?;
    let options: Options = options.into();
    bounded(items.len(), options.k)?;
    let place = server.0.searches.admit(true).await?;
    let snapshot = server.snapshot().await?;
    options.check(&snapshot).map_err(|error| answer::Error::of_options("", &options, error))?;
    let options = Arc::new(options);
    let mut results = Vec::with_capacity(items.len());
    for (at, item) in items.into_iter().enumerate() {
        results.push(one(server, place.as_ref(), &snapshot, &options, at, item).await?);
    }
    let answered = run(place.as_ref(), move || {
        let answer = EvidenceResponse::new(&snapshot, results);
        let mut result = as_json(&answer);
        // Words for the model that reads it, a third of the length of the same as JSON.
        result.content = vec![ContentBlock::text(text::evidence(&answer))];
        result
    });
    Ok(answered.await?)
}

/// Whether a call of so many claims, with so many passages each, is answered.
fn bounded(items: usize, k: usize) -> Result<(), answer::Error> {
    if items == 0 || items > MOST_ITEMS {
        return Err(answer::Error::field("/items", format!("has {items} items: send 1 to {MOST_ITEMS}")));
    }
    if items.saturating_mul(k) > MOST_PASSAGES {
        let detail =
            format!("is too large: {items} claims with {k} passages each are more than {MOST_PASSAGES} passages");
        return Err(answer::Error::field("/k", detail));
    }
    Ok(())
}

/// The result of one item; what is wrong with it is its own result and nobody else's.
///
/// # Errors
/// Where nothing is searched any more.
async fn one(
    server: &Server,
    place: &dyn Place,
    snapshot: &Arc<Snapshot>,
    options: &Arc<Options>,
    at: usize,
    item: Value,
) -> Result<ResultView, Error> {
    let mut named = Named::of(&item);
    if wire::holds_no_text(&item) {
        // What cannot be given back as it was sent is not given back.
        let whole = |text: &String| !wire::holds_no_text(&Value::String(text.clone()));
        named = Named { id: named.id.filter(whole), claim: named.claim.filter(whole) };
        let base = format!("/items/{at}");
        return Ok(named.failed(answer::Error::field(&base, answer::NO_CHARACTER).object(&format!("#{base}"))));
    }
    let lost = named.clone();
    let (server, snapshot, options) = (server.clone(), Arc::clone(snapshot), Arc::clone(options));
    let done = run(place, move || {
        let base = format!("/items/{at}");
        let answered =
            read::<ItemRequest>(&base, item).and_then(|item| answer(&snapshot, &server.0.gaps, &base, &item, &options));
        answered.unwrap_or_else(|error| {
            if let answer::Error::Index(cause) = &error {
                tracing::error!(%cause, "an item failed");
            }
            named.failed(error.object(&format!("#{base}")))
        })
    });
    match done.await {
        // The item's own doing: the others are answered.
        Err(Error::Failed) => Ok(lost.failed(answer::internal(&format!("#/items/{at}")))),
        other => other,
    }
}

/// Runs one piece of work where searches run. Work that nobody waits for any more is not begun.
async fn run<T: Send + 'static>(place: &dyn Place, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let (done, result) = oneshot::channel();
    let job = Box::new(move || {
        if !done.is_closed() {
            let _ = done.send(work());
        }
    });
    place.run(job).await?;
    result.await.map_err(|_| Error::Failed)
}

/// An answer as structured content, and as the same JSON in text: what chat connectors read.
fn as_json(answer: &impl Serialize) -> CallToolResult {
    // Plain data with names for keys: it always has a JSON form.
    CallToolResult::structured(serde_json::to_value(answer).unwrap_or_default())
}

impl Server {
    fn found(&self, passage: &PassageView) -> Found {
        Found { id: passage.id.clone(), title: text::title(passage), url: self.link(passage) }
    }

    /// The publisher's page at the passage, or else the reader's.
    fn link(&self, passage: &PassageView) -> String {
        passage.links.source.clone().unwrap_or_else(|| self.reader(passage))
    }

    /// Groundline's own reader: whole where this server knows its address, else from the root of whichever serves it.
    fn reader(&self, passage: &PassageView) -> String {
        format!("{}{}", self.0.address, passage.links.reader)
    }

    fn fetched(&self, snapshot: &Snapshot, passage: &PassageView) -> FetchAnswer {
        let document = &passage.document;
        let page = passage.locator.page.as_ref();
        let metadata = Metadata {
            trust: "untrusted".to_owned(),
            intended_use: text::INTENDED_USE.to_owned(),
            quote: passage.quote.clone(),
            quote_sha256: passage.quote_sha256.clone(),
            document: document.id.clone(),
            version: document.version.clone(),
            status: document.status.to_owned(),
            superseded_by: document.superseded_by.clone(),
            caution: document.caution.clone(),
            publisher: document.publisher.clone(),
            published: document.published.clone(),
            jurisdiction: document.jurisdiction.clone(),
            tier: document.tier.to_owned(),
            section: section(passage),
            page: page.map(|page| page.label.clone().unwrap_or_else(|| (page.index + 1).to_string())),
            grade: passage.grade.as_ref().map(text::grade),
            direction: passage.direction.map(str::to_owned),
            population: passage.population.as_ref().and_then(text::population),
            citation: passage.citation.clone(),
            reader: self.reader(passage),
            licence: document.licence.clone(),
            snapshot: snapshot.manifest().id.to_string(),
        };
        FetchAnswer {
            id: passage.id.clone(),
            title: text::title(passage),
            text: text::passage(passage, &metadata),
            url: self.link(passage),
            metadata,
        }
    }
}

fn section(passage: &PassageView) -> Option<String> {
    let headings = &passage.locator.section;
    (!headings.is_empty()).then(|| text::one_line(&headings.join(" > ")))
}
