//! One answer in the shapes that hosts expect (`?view=`), and the tools that a model is offered.
//!
//! Pure functions of the native shape: no index is asked, no clock is read, so equal answers give equal bytes. What a shape
//! has no field for is said in words, in every shape alike ([`words`]): that an edition was replaced, that a result has no
//! evidence, that a hint is a machine's. No result vanishes because nothing was found for it.

mod anthropic;
mod langchain;
mod openai;
mod references;
#[cfg(test)]
mod sample;
pub mod tools;
mod trec;
mod webannotation;
mod words;

use serde_json::Value;

use super::native::{EvidenceResponse, EvidenceView, ResultView};

/// Why an answer has no such form.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is no JSON.
    #[error("the answer could not be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// The shape in which an answer leaves the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Section 4's object.
    #[default]
    Native,
    /// `search_result` content blocks of Anthropic's Messages API, for a user turn or a tool's result.
    Anthropic,
    /// A message of OpenAI's Responses API with `url_citation` annotations.
    OpenAi,
    /// LangChain's `Document`s.
    LangChain,
    /// A TREC run.
    Trec,
    /// CSL-JSON.
    Csl,
    /// BibTeX.
    BibTex,
    /// RIS.
    Ris,
    /// W3C Web Annotations, as JSON-LD.
    WebAnnotation,
}

impl View {
    /// All of them, in the order of the contract.
    pub const ALL: [View; 9] = [
        View::Native,
        View::Anthropic,
        View::OpenAi,
        View::LangChain,
        View::Trec,
        View::Csl,
        View::BibTex,
        View::Ris,
        View::WebAnnotation,
    ];

    /// Its name in requests.
    pub fn name(self) -> &'static str {
        match self {
            View::Native => "native",
            View::Anthropic => "anthropic",
            View::OpenAi => "openai",
            View::LangChain => "langchain",
            View::Trec => "trec",
            View::Csl => "csl",
            View::BibTex => "bibtex",
            View::Ris => "ris",
            View::WebAnnotation => "webannotation",
        }
    }

    /// The view of this name.
    pub fn named(name: &str) -> Option<View> {
        View::ALL.into_iter().find(|view| view.name() == name)
    }

    /// What it is sent as.
    pub fn content_type(self) -> &'static str {
        match self {
            View::Native | View::Anthropic | View::OpenAi | View::LangChain => "application/json",
            View::Trec => "text/plain; charset=utf-8",
            View::Csl => "application/vnd.citationstyles.csl+json",
            View::BibTex => "application/x-bibtex; charset=utf-8",
            View::Ris => "application/x-research-info-systems; charset=utf-8",
            View::WebAnnotation => "application/ld+json; profile=\"http://www.w3.org/ns/anno.jsonld\"",
        }
    }
}

/// An answer in one of the shapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// What it is sent as.
    pub content_type: &'static str,
    /// Its bytes, UTF-8.
    pub bytes: Vec<u8>,
}

/// An answer in the shape that a host expects.
///
/// # Errors
/// [`Error::Json`] where the answer cannot be written as JSON, which no answer of this program is.
pub fn render(view: View, answer: &EvidenceResponse) -> Result<Rendered, Error> {
    let json = |value: Value| serde_json::to_vec(&value);
    let bytes = match view {
        View::Native => serde_json::to_vec(answer)?,
        View::Anthropic => json(anthropic::blocks(answer))?,
        View::OpenAi => json(openai::message(answer))?,
        View::LangChain => json(langchain::documents(answer))?,
        View::Trec => trec::run(answer).into_bytes(),
        View::Csl => json(references::csl(answer))?,
        View::BibTex => references::bibtex(answer).into_bytes(),
        View::Ris => references::ris(answer).into_bytes(),
        View::WebAnnotation => json(webannotation::page(answer))?,
    };
    Ok(Rendered { content_type: view.content_type(), bytes })
}

/// Why a passage is in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// It was found for the claim.
    Passage,
    /// It differs from the claim, and such passages were asked for.
    Counter,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Role::Passage => "passage",
            Role::Counter => "counter",
        }
    }
}

/// The passages of a result, those that were found before those that differ.
fn shown(result: &ResultView) -> impl Iterator<Item = (Role, &EvidenceView)> {
    let found = result.passages.iter().map(|one| (Role::Passage, one));
    found.chain(result.counter.iter().map(|one| (Role::Counter, one)))
}

/// The name of a result: the caller's id, else `c1`, `c2`, … by its place.
fn name(at: usize, result: &ResultView) -> String {
    match result.id.as_deref() {
        Some(id) if !id.trim().is_empty() => id.to_owned(),
        _ => super::claims::name(at),
    }
}

/// The publisher's page where there is one, else Groundline's reader, relative to the service.
fn link(one: &EvidenceView) -> &str {
    one.passage.links.source.as_deref().unwrap_or(&one.passage.links.reader)
}
