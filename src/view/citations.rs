//! A response's citations, checked: what `POST /v1/citations/check` takes and answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::document::DocumentView;
use super::native::{EngineView, EvidenceResponse, FlagView, HintView, SnapshotView};
use super::passage::PassageView;
use crate::corpus::Day;
use crate::evidence::Coverage;
use crate::evidence::citations::{Checked, Citations, Linked, Remark};
use crate::index::Snapshot;

/// Name of this shape.
pub const SCHEMA: &str = "citations/1";

/// A response whose citations are to be checked.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CitationsRequest {
    /// The response, 1 to 200,000 characters; Markdown is read.
    #[schema(
        example = "Men aged 55 to 69 should decide for themselves (USPSTF, 2018).",
        min_length = 1,
        max_length = 200_000,
        pattern = "\\S"
    )]
    pub text: String,
    /// The day on which editions are judged.
    #[schema(value_type = Option<String>, format = Date, example = "2026-01-15")]
    pub as_of: Option<jiff::civil::Date>,
}

/// The citations of a response, checked.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CitationsResponse {
    /// Name of this shape.
    #[schema(example = "citations/1")]
    pub schema: &'static str,
    /// The snapshot that answered.
    pub snapshot: SnapshotView,
    /// The engine that answered.
    pub engine: EngineView,
    /// The citations, in the order of the text; they do not overlap.
    pub citations: Vec<CitationView>,
}

/// One citation.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
pub struct CitationView {
    /// Its name: `r1`, `r2`, … in the order of the text.
    #[schema(example = "r1")]
    pub id: String,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Always `codepoint`.
    #[schema(example = "codepoint")]
    pub unit: &'static str,
    /// Its words: exactly the substring of the text from `start` to `end`.
    pub text: String,
    /// How it is written: `url`, `link`, `doi`, `pmid`, `guideline`, `authors` or `reference` (an entry of a list).
    #[schema(example = "guideline")]
    pub kind: &'static str,
    /// The bodies that it names, by their abbreviations.
    #[schema(example = json!(["USPSTF"]))]
    pub bodies: Vec<&'static str>,
    /// The years that it names.
    pub years: Vec<i16>,
    /// The DOI that it gives.
    pub doi: Option<String>,
    /// The PMID or PMC number that it gives.
    pub pmid: Option<String>,
    /// The body's own number, `NG136`.
    pub code: Option<String>,
    /// The address that it gives.
    pub url: Option<String>,
    /// `known`, `unknown` (not held here; that says nothing about whether it exists) or `ambiguous` (one of `documents`).
    #[schema(example = "known")]
    pub known: &'static str,
    /// What that was told by: `doi`, `pmid`, `code`, `url`, `name`, or `statement` (what it is cited for).
    pub by: Option<&'static str>,
    /// The versions that it may mean, at most 10.
    pub documents: Vec<LinkedView>,
    /// `current`, `superseded` or `retired`; `null` where which edition is meant is not known.
    #[schema(example = "current")]
    pub status: Option<&'static str>,
    /// The edition that replaced it.
    pub superseded_by: Option<String>,
    /// The statement that it is given for.
    pub statement: Option<CitedStatementView>,
    /// Whether the cited document speaks of that statement: `addressed` (a passage is about just this; whether it supports it
    /// is for a person to say), `not_addressed`, `differs` (in a detail that `flags` name) or `not_checked`.
    #[schema(example = "addressed")]
    pub says: &'static str,
    /// How far the passage covers the statement: `addressed`, `partly`, `not_addressed`; `null` where nothing was read.
    pub coverage: Option<&'static str>,
    /// The passage of the cited document that speaks of it most.
    pub passage: Option<PassageView>,
    /// The machine's reading of that passage; never a verdict.
    pub hint: Option<HintView>,
    /// Why it needs a second look: flags of passages, and `edition_not_named`, `other_edition`, `not_held`.
    pub flags: Vec<FlagView>,
}

impl std::fmt::Debug for CitationView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CitationView({} {}..{} {} {})", self.id, self.start, self.end, self.kind, self.known)
    }
}

/// A version that a citation may mean.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LinkedView {
    /// The version.
    #[schema(example = "uspstf-prostate@2018")]
    pub id: String,
    /// `current`, `superseded` or `retired`, on the day of the request.
    pub status: &'static str,
    /// The edition that replaced it.
    pub superseded_by: Option<String>,
    /// The document; `null` where the corpus only names it.
    pub document: Option<DocumentView>,
}

/// The statement that a citation is given for.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CitedStatementView {
    /// Its name in the split of the same text: `c1`, `c2`, …
    #[schema(example = "c1")]
    pub id: String,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Always `codepoint`.
    #[schema(example = "codepoint")]
    pub unit: &'static str,
    /// Its words.
    pub text: String,
}

impl std::fmt::Debug for CitedStatementView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CitedStatementView({} {}..{})", self.id, self.start, self.end)
    }
}

impl CitationsResponse {
    /// The outside form of checked citations, judged on `day`.
    pub fn of(snapshot: &Snapshot, citations: &Citations, day: impl Into<Day>) -> CitationsResponse {
        let day = day.into();
        let EvidenceResponse { snapshot: from, engine, .. } = EvidenceResponse::new(snapshot, Vec::new());
        let views = citations.checked.iter().enumerate();
        let citations = views.map(|(at, one)| CitationView::of(snapshot, citations, at, one, day)).collect();
        CitationsResponse { schema: SCHEMA, snapshot: from, engine, citations }
    }
}

impl CitationView {
    fn of(snapshot: &Snapshot, all: &Citations, at: usize, one: &Checked, day: Day) -> CitationView {
        let named = &one.cited.named;
        let passage = one.passage.as_ref();
        CitationView {
            id: format!("r{}", at + 1),
            start: one.cited.span.start(),
            end: one.cited.span.end(),
            unit: "codepoint",
            text: one.cited.text.clone(),
            kind: one.cited.kind.name(),
            bodies: named.bodies.iter().map(|body| body.key).collect(),
            years: named.years.clone(),
            doi: named.doi.clone(),
            pmid: named.pmid.clone(),
            code: named.code.clone(),
            url: named.url.clone(),
            known: one.known.name(),
            by: one.by.map(crate::evidence::citations::By::name),
            documents: one.documents.iter().map(|linked| LinkedView::of(snapshot, linked, day)).collect(),
            status: one.status.map(super::status),
            superseded_by: one.superseded_by.as_ref().map(ToString::to_string),
            statement: one.statement.and_then(|at| CitedStatementView::of(all, at)),
            says: one.says.name(),
            coverage: one.coverage.map(coverage),
            passage: passage.map(|ranked| PassageView::of(snapshot, &ranked.found.passage, &ranked.standing)),
            hint: passage.and_then(|ranked| ranked.appraisal.hint).map(HintView::from),
            flags: flags(one),
        }
    }
}

impl LinkedView {
    fn of(snapshot: &Snapshot, linked: &Linked, day: Day) -> LinkedView {
        LinkedView {
            id: linked.id.to_string(),
            status: super::status(linked.standing.status),
            superseded_by: linked.standing.successor.as_ref().map(ToString::to_string),
            document: snapshot.entry(&linked.id).map(|entry| DocumentView::of(snapshot, &entry.facts, day)),
        }
    }
}

impl CitedStatementView {
    fn of(all: &Citations, at: usize) -> Option<CitedStatementView> {
        let statement = all.statements.get(at)?;
        let (start, end) = (statement.span().start(), statement.span().end());
        let (id, text) = (super::claims::name(at), statement.text().to_owned());
        Some(CitedStatementView { id, start, end, unit: "codepoint", text })
    }
}

/// What is said of a citation before what is said of the passage.
fn flags(one: &Checked) -> Vec<FlagView> {
    let remark = |remark: &Remark| {
        let message = match remark {
            Remark::EditionNotNamed => "no edition is named, and several are held: the one in force was read",
            Remark::OtherEdition => "the edition that is named is not held; other editions of the document are listed",
            Remark::NotHeld => "the corpus names this edition and does not hold its text",
        };
        FlagView { kind: remark.name(), message: message.to_owned(), ..FlagView::default() }
    };
    let remarks = one.remarks.iter().map(remark);
    let superseded = one.superseded_by.as_ref().map(|by| FlagView {
        kind: "superseded",
        message: format!("the cited edition was superseded by {by}"),
        superseded_by: Some(by.to_string()),
        ..FlagView::default()
    });
    let retired = one.status.filter(|status| *status == crate::corpus::Status::Retired).map(|_| FlagView {
        kind: "retired",
        message: "the cited document was withdrawn without a successor".to_owned(),
        ..FlagView::default()
    });
    let differences = one.passage.iter().flat_map(|ranked| ranked.appraisal.differences.iter().map(FlagView::from));
    remarks.chain(superseded).chain(retired).chain(differences).collect()
}

fn coverage(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::Addressed => "addressed",
        Coverage::Partly => "partly",
        Coverage::NotAddressed => "not_addressed",
        Coverage::OutOfScope => "out_of_scope",
    }
}
