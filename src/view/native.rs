//! Section 4's object: the answer to one or many claims.

use serde::Serialize;
use utoipa::ToSchema;

use super::SpanView;
use super::citation::reader_link;
use super::document::DocumentView;
use super::passage::{LocatorView, PassageView};
use super::trace::TraceView;
use crate::appraise::Difference;
use crate::appraise::hint::Hint;
use crate::evidence::{Conflict, Coverage, Evidence, Flag, Ranked};
use crate::index::{Manifest, Snapshot};
use crate::passage::{Passage, PassageId};
use crate::retrieve::Reason;

/// Name of this shape.
pub const SCHEMA: &str = "evidence/1";

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EvidenceResponse {
    /// Name of this shape.
    #[schema(example = "evidence/1")]
    pub schema: &'static str,
    /// The snapshot that answered.
    pub snapshot: SnapshotView,
    /// The engine that answered.
    pub engine: EngineView,
    /// One result a claim, in the order of the request.
    pub results: Vec<ResultView>,
}

/// The snapshot that answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SnapshotView {
    /// Its id.
    pub id: String,
    /// Digest of the corpus it was built from.
    pub corpus_sha256: String,
    /// When it was built.
    pub built_at: String,
}

/// The engine that answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EngineView {
    /// The program's version.
    pub version: String,
    /// How passages are ranked.
    #[schema(example = "static")]
    pub ranker: &'static str,
    /// Digest of everything that decides how documents are read, cut and indexed, and how claims are answered.
    pub config_sha256: String,
}

impl EvidenceResponse {
    /// An answer of this snapshot.
    pub fn new(snapshot: &Snapshot, results: Vec<ResultView>) -> EvidenceResponse {
        let engine = snapshot.engine();
        EvidenceResponse {
            schema: SCHEMA,
            snapshot: SnapshotView::of(snapshot.manifest()),
            engine: EngineView {
                version: engine.version.clone(),
                ranker: engine.ranker.name(),
                config_sha256: engine.config_sha256.clone(),
            },
            results,
        }
    }
}

impl SnapshotView {
    /// The outside form of a manifest.
    pub fn of(manifest: &Manifest) -> SnapshotView {
        SnapshotView {
            id: manifest.id.to_string(),
            corpus_sha256: manifest.corpus_sha256.clone(),
            built_at: manifest.built_at.clone(),
        }
    }
}

/// One line of a stream: a result that says by itself what answered.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LineView {
    /// Name of this shape.
    #[schema(example = "evidence/1")]
    pub schema: &'static str,
    /// The snapshot that answered.
    pub snapshot: SnapshotView,
    /// The engine that answered.
    pub engine: EngineView,
    /// The result.
    #[serde(flatten)]
    pub result: ResultView,
}

impl LineView {
    /// A result of this snapshot.
    pub fn new(snapshot: &Snapshot, result: ResultView) -> LineView {
        let EvidenceResponse { schema, snapshot, engine, .. } = EvidenceResponse::new(snapshot, Vec::new());
        LineView { schema, snapshot, engine, result }
    }
}

/// The answer to one claim. `status`, `coverage` and `conflict` stay apart: no evidence is never success.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ResultView {
    /// The caller's id, where one was given.
    pub id: Option<String>,
    /// The claim, as it was sent.
    pub claim: Option<String>,
    /// `ok`, `no_evidence` (no passages) or `error`.
    #[schema(example = "ok")]
    pub status: &'static str,
    /// `addressed`, `partly`, `not_addressed` or `out_of_scope`; `null` on an error.
    #[schema(example = "addressed")]
    pub coverage: Option<&'static str>,
    /// Whether guidelines in force of different bodies were found to disagree about the claim. Most that do are not found:
    /// `false` is no agreement.
    pub conflict: bool,
    /// Which of them, and why they probably differ, at most 3, those within one country first; nothing is averaged, and which is
    /// right is not said. Each passage named is among `passages` or `counter`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<ConflictView>,
    /// Milliseconds that the search took; the one field that differs between equal requests.
    pub took_ms: f64,
    /// Passages, best first.
    pub passages: Vec<EvidenceView>,
    /// Passages in force that are not among `passages`: those of a disagreement always; where asked for (`include`: `counter`) up
    /// to 3 that differ from the claim in a number or a direction, or probably from what another guideline says.
    pub counter: Vec<EvidenceView>,
    /// Where asked for (`include`: `others`) the best passage in force of each body of which none is given above, where it is about the
    /// claim; at most 4. They may agree or not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<EvidenceView>,
    /// What was searched, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceView>,
    /// What went wrong (RFC 9457), where `status` is `error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub error: Option<serde_json::Value>,
}

/// One passage of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EvidenceView {
    /// The passage.
    #[serde(flatten)]
    pub passage: PassageView,
    /// Its place in the answer, from 1.
    pub rank: usize,
    /// Its score, rounded to 4 decimals; comparable within one answer only.
    pub score: f64,
    /// The sentences that share most with the claim, as code points of the quotation.
    pub rationale: Vec<SpanView>,
    /// The machine's reading of the passage against the claim; `null` where it is not sure enough to speak, and where the
    /// request wants no hints.
    pub hint: Option<HintView>,
    /// Why it needs a second look.
    pub flags: Vec<FlagView>,
    /// Why it ranks where it does.
    pub why: Vec<WhyView>,
    /// The edition that replaced it, where none of that edition's passages fits the claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Replacement>,
    /// Passages that say the same in the same words on other pages or in other documents; this one is the best located.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub duplicates: Vec<DuplicateView>,
    /// The stored text around it, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<ContextView>,
}

/// A passage that says the same as the one it is listed under.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DuplicateView {
    /// Its id.
    #[schema(example = "uspstf-breast-screening@2024#p-3f9a1c")]
    pub id: String,
    /// Title of its edition.
    pub title: Option<String>,
    /// Where it stands.
    pub locator: LocatorView,
    /// Groundline's reader, at the passage.
    pub reader: String,
}

/// A machine's reading of one passage against one claim. Never a verdict.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HintView {
    /// `supports`, `contradicts` or `neutral`.
    pub stance: &'static str,
    /// How often such a hint is right, 0 to 1; rounded to 2 decimals.
    pub confidence: f64,
}

impl From<Hint> for HintView {
    fn from(hint: Hint) -> HintView {
        HintView { stance: hint.stance.name(), confidence: (f64::from(hint.confidence) * 100.0).round() / 100.0 }
    }
}

/// Two passages in force that disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConflictView {
    /// Their ids; the one that more likely supports the claim first.
    pub passages: [String; 2],
    /// Whose they are, in the same order.
    pub sides: [SideView; 2],
    /// Why they probably differ: `jurisdiction` (they are for different countries) or `real`.
    #[schema(example = "jurisdiction")]
    pub cause: &'static str,
    /// What differs, in words.
    pub message: String,
}

/// Whose advice one side of a disagreement is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SideView {
    /// Its publisher.
    pub publisher: Option<String>,
    /// Year of its edition.
    #[schema(example = 2024)]
    pub year: Option<i16>,
    /// Where it is in force.
    #[schema(example = "US")]
    pub jurisdiction: Option<String>,
}

impl ConflictView {
    fn of(snapshot: &Snapshot, conflict: &Conflict) -> ConflictView {
        let side = |id: &PassageId| {
            let facts = snapshot.entry(id.version()).map(|entry| &entry.facts);
            SideView {
                publisher: facts.and_then(|facts| facts.publisher.clone()),
                year: facts.and_then(|facts| facts.published).map(|date| date.year()),
                jurisdiction: facts.and_then(|facts| facts.jurisdiction.clone()),
            }
        };
        ConflictView {
            passages: conflict.passages.clone().map(|id| id.to_string()),
            sides: [side(&conflict.passages[0]), side(&conflict.passages[1])],
            cause: conflict.cause.name(),
            message: conflict.reason.clone(),
        }
    }
}

/// Why a passage needs a second look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct FlagView {
    /// Of the passage: `superseded`, `retired` or `low_trust_page`. Of the pair of claim and passage: `quantity_mismatch`,
    /// `unit_mismatch`, `population_mismatch`, `direction_mismatch`, `grade_mismatch` or `jurisdiction`.
    #[schema(example = "population_mismatch")]
    pub kind: &'static str,
    /// Which detail differs: a role of numbers (`dose`, `target`), a field of people (`age`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "age")]
    pub field: Option<String>,
    /// The claim's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "over 40")]
    pub claim: Option<String>,
    /// The passage's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "65 to 75")]
    pub evidence: Option<String>,
    /// In words.
    pub message: String,
    /// The edition that replaced it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<String>,
}

impl From<&Difference> for FlagView {
    fn from(one: &Difference) -> FlagView {
        FlagView {
            kind: one.kind.name(),
            field: one.field.clone(),
            claim: Some(one.claim.clone()),
            evidence: Some(one.evidence.clone()),
            message: one.reason.clone(),
            superseded_by: None,
        }
    }
}

impl From<&Flag> for FlagView {
    fn from(flag: &Flag) -> FlagView {
        match flag {
            Flag::Superseded(by) => {
                let by = by.as_ref().map(ToString::to_string);
                let message = match &by {
                    Some(by) => format!("superseded by {by}"),
                    None => "superseded by a newer edition that the corpus does not name".to_owned(),
                };
                FlagView { kind: "superseded", message, superseded_by: by, ..FlagView::default() }
            }
            Flag::Retired => {
                let message = "withdrawn without a successor".to_owned();
                FlagView { kind: "retired", message, ..FlagView::default() }
            }
            Flag::LowTrustPage => {
                let message = "the page could not be read in full: compare with the original".to_owned();
                FlagView { kind: "low_trust_page", message, ..FlagView::default() }
            }
        }
    }
}

/// One reason for a rank.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct WhyView {
    /// `term`, `heading`, `expansion`, `quantity` or `recommendation`.
    #[schema(example = "term")]
    pub kind: &'static str,
    /// The word or number, as the claim has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The claim's words that others stand for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The words that stand for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What says that they may: `correction` (of a typing error), `parted` or `joined` (words run together, torn apart),
    /// or what the lexicon has: `abbreviation`, `brand`, `synonym`, `class` or `lay`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<&'static str>,
}

impl From<&Reason> for WhyView {
    fn from(reason: &Reason) -> WhyView {
        let named = |kind, text: &String| WhyView { kind, text: Some(text.clone()), ..WhyView::default() };
        match reason {
            Reason::Term(text) => named("term", text),
            Reason::Heading(text) => named("heading", text),
            Reason::Expansion { from, to, by } => {
                let (from, to) = (Some(from.clone()), Some(to.clone()));
                WhyView { kind: "expansion", text: None, from, to, by: Some(by.name()) }
            }
            Reason::Quantity(text) => named("quantity", text),
            Reason::Recommendation => WhyView { kind: "recommendation", ..WhyView::default() },
        }
    }
}

/// The edition that replaced a passage's own.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Replacement {
    /// That edition.
    pub document: DocumentView,
}

/// The stored text around a passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContextView {
    /// Before it.
    pub before: String,
    /// After it.
    pub after: String,
}

impl ResultView {
    /// The outside form of an answer.
    pub fn of(snapshot: &Snapshot, id: Option<String>, claim: &str, evidence: &Evidence, took_ms: f64) -> ResultView {
        let ranked = evidence.passages.iter().enumerate();
        let counter = evidence.counter.iter().enumerate();
        let others = evidence.others.iter().enumerate();
        ResultView {
            id,
            claim: Some(claim.to_owned()),
            status: if evidence.passages.is_empty() { "no_evidence" } else { "ok" },
            coverage: Some(coverage(evidence.coverage)),
            conflict: !evidence.conflicts.is_empty(),
            conflicts: evidence.conflicts.iter().map(|one| ConflictView::of(snapshot, one)).collect(),
            took_ms: (took_ms * 1000.0).round() / 1000.0,
            passages: ranked.map(|(at, ranked)| EvidenceView::of(snapshot, at + 1, ranked)).collect(),
            counter: counter.map(|(at, ranked)| EvidenceView::of(snapshot, at + 1, ranked)).collect(),
            others: others.map(|(at, ranked)| EvidenceView::of(snapshot, at + 1, ranked)).collect(),
            trace: evidence.trace.as_ref().map(TraceView::from),
            error: None,
        }
    }

    /// The outside form of an item that could not be answered; `problem` is an RFC 9457 object.
    pub fn failed(id: Option<String>, claim: Option<String>, problem: serde_json::Value) -> ResultView {
        ResultView {
            id,
            claim,
            status: "error",
            coverage: None,
            conflict: false,
            conflicts: Vec::new(),
            took_ms: 0.0,
            passages: Vec::new(),
            counter: Vec::new(),
            others: Vec::new(),
            trace: None,
            error: Some(problem),
        }
    }
}

impl DuplicateView {
    fn of(snapshot: &Snapshot, passage: &Passage) -> DuplicateView {
        let facts = snapshot.entry(passage.id.version()).map(|entry| &entry.facts);
        DuplicateView {
            id: passage.id.to_string(),
            title: facts.and_then(|facts| facts.title.clone()),
            locator: LocatorView::of(passage),
            reader: reader_link(&passage.id),
        }
    }
}

impl EvidenceView {
    fn of(snapshot: &Snapshot, rank: usize, ranked: &Ranked) -> EvidenceView {
        let replacement = ranked.replacement.as_ref().and_then(|(id, standing)| {
            let facts = &snapshot.entry(id)?.facts;
            Some(Replacement { document: DocumentView::with(snapshot, facts, standing) })
        });
        let differences = ranked.appraisal.differences.iter().map(FlagView::from);
        let flags = ranked.flags.iter().map(FlagView::from).chain(differences);
        EvidenceView {
            passage: PassageView::of(snapshot, &ranked.found.passage, &ranked.standing),
            rank,
            score: (ranked.found.score * 10_000.0).round() / 10_000.0,
            rationale: ranked.rationale.iter().map(|span| SpanView::from(*span)).collect(),
            hint: ranked.appraisal.hint.map(HintView::from),
            flags: flags.collect(),
            why: ranked.why.iter().map(WhyView::from).collect(),
            replacement,
            duplicates: ranked.duplicates.iter().map(|passage| DuplicateView::of(snapshot, passage)).collect(),
            context: ranked
                .context
                .as_ref()
                .map(|(before, after)| ContextView { before: before.clone(), after: after.clone() }),
        }
    }
}

fn coverage(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::Addressed => "addressed",
        Coverage::Partly => "partly",
        Coverage::NotAddressed => "not_addressed",
        Coverage::OutOfScope => "out_of_scope",
    }
}
