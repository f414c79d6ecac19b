//! What a review is made of: the response, its claims, and what people decided of them.
//!
//! These are records: they are kept, exported and read back years later, so each is written as it leaves the program
//! (contract, section 6) and derives its JSON here. Texts that may hold a patient's data are [`Private`].

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Name of the shape of a review.
pub const SCHEMA: &str = "review/1";

/// A text that may hold a patient's data: it is shown and exported, never logged. Its `Debug` tells the length alone.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct Private(pub String);

impl Private {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[{} bytes]", self.0.len())
    }
}

impl<T: Into<String>> From<T> for Private {
    fn from(text: T) -> Private {
        Private(text.into())
    }
}

/// A response, its claims, who judges them and what was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Review {
    /// Name of this shape, `review/1`.
    pub schema: String,
    /// Its id: `r-` and 12 hex digits.
    #[schema(example = "r-3f9a1c04be77")]
    pub id: String,
    /// A line to know it by; the response's first words where none was given.
    pub title: Private,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When its texts were erased; hashes stay.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub erased_at: Option<Timestamp>,
    /// What is judged.
    pub response: Response,
    /// Its claims, in the order of the response; removed ones last.
    pub claims: Vec<ReviewClaim>,
    /// Who judges it.
    pub assignments: Vec<Assignment>,
    /// Every verdict ever given, oldest first; one that replaces another names it in `previous`.
    pub verdicts: Vec<VerdictRecord>,
    /// Answers to the rubric, oldest first.
    pub assessments: Vec<Assessment>,
}

/// A model's response and where it came from.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Response {
    /// The text; empty once erased.
    pub text: Private,
    /// SHA-256 of its UTF-8 bytes, in hex; stays when the text is erased.
    pub sha256: String,
    /// The prompt, where known.
    pub prompt: Option<Private>,
    /// The model, where known.
    pub model: Option<String>,
    /// Where it came from.
    pub source: Origin,
    /// What the importing file said besides, as JSON.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub metadata: BTreeMap<String, Value>,
}

impl fmt::Debug for Response {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What a file said besides may repeat the text.
        let Response { text, sha256, prompt, model, source, metadata } = self;
        let (kind, metadata) = (&source.kind, metadata.len());
        write!(out, "Response({text:?}, {sha256}, prompt {prompt:?}, {model:?}, {kind}, {metadata} more)")
    }
}

/// Where a response came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Origin {
    /// `paste`, `text`, `markdown`, `chat`, `csv`, `inspect`, `lm-eval`, `promptfoo`, `healthbench` or `artifact`.
    #[schema(example = "inspect")]
    pub kind: String,
    /// The file's name, without folders.
    pub name: Option<String>,
    /// The id that the file gives to the sample, for writing verdicts back.
    pub id: Option<String>,
}

/// Where a claim came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimOrigin {
    /// Found by `split`.
    Suggested,
    /// Made, cut or joined by hand.
    Hand,
    /// In the imported file.
    Imported,
}

/// One claim: a span of the response. Once it has a verdict its span no longer changes; an edit makes a new claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReviewClaim {
    /// Its id within the review, `c1`; never used again.
    #[schema(example = "c1")]
    pub id: String,
    /// First code point of the span.
    pub start: usize,
    /// One past its last code point.
    pub end: usize,
    /// Always `codepoint`.
    #[schema(example = "codepoint")]
    pub unit: String,
    /// The span's words, exactly.
    pub text: Private,
    /// The same, able to stand alone: what is searched.
    pub claim: Private,
    /// What stands around it (headings, the paragraph), searched as context.
    pub context: Private,
    /// SHA-256 of `text`, in hex; stays when the text is erased.
    pub sha256: String,
    /// Where it came from.
    pub origin: ClaimOrigin,
    /// Whether `split` holds it worth checking; `true` for claims made by hand.
    pub checkworthy: bool,
    /// Whether it was taken out (it stays for its verdicts).
    #[serde(default)]
    pub removed: bool,
}

/// A person who judges.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Reviewer {
    /// Short id, `[a-z0-9-]{1,40}`.
    #[schema(example = "r7")]
    pub id: String,
    /// `physician`, `pharmacist`, `nurse`, `editor` or what the team calls it.
    #[schema(example = "pharmacist")]
    pub role: String,
}

/// What a person was asked to do with a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// The first review.
    First,
    /// A further one, which sees nothing of the others; blind by default.
    Second,
    /// Deciding where reviews differ.
    Adjudicate,
}

/// One person's part in a review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Assignment {
    /// Who.
    pub reviewer: String,
    /// What for.
    pub task: Task,
    /// Whether hints, flags of the pair and counter-evidence stay hidden until a verdict is given.
    pub blind: bool,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub assigned_at: Timestamp,
    /// When they said that they were done; then others' verdicts are shown to them.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub submitted_at: Option<Timestamp>,
}

/// What a person decided of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Guidelines in force say so.
    Supported,
    /// Guidelines in force say otherwise.
    Contradicted,
    /// Some of it is so.
    Partly,
    /// Nothing in the corpus speaks about it.
    NotAddressed,
    /// It was so in an edition that has been replaced.
    Outdated,
}

impl Verdict {
    /// All of them, in the order of the keys 1 to 5.
    pub const ALL: [Verdict; 5] =
        [Verdict::Supported, Verdict::Contradicted, Verdict::Partly, Verdict::NotAddressed, Verdict::Outdated];

    /// Its name outside.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Supported => "supported",
            Verdict::Contradicted => "contradicted",
            Verdict::Partly => "partly",
            Verdict::NotAddressed => "not_addressed",
            Verdict::Outdated => "outdated",
        }
    }
}

/// One line of the log of verdicts. Its `id` is computed from all the rest, so that none can be changed unseen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct VerdictRecord {
    /// SHA-256 over the record's canonical JSON (RFC 8785) without `id` and `feedback`, whose digest stands in
    /// `feedback_sha256`, and with the trail's searches as their digest, in hex: it can be computed again when the texts are
    /// erased.
    pub id: String,
    /// The review.
    pub review: String,
    /// The claim within it.
    pub claim: String,
    /// Whether a reviewer judged or an adjudicator decided.
    pub task: Task,
    /// What was decided; `null` where an earlier verdict was taken back.
    pub verdict: Option<Verdict>,
    /// Who decided.
    pub reviewer: Reviewer,
    /// The snapshot that was looked at.
    pub snapshot: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The verdict of the same person on the same claim that this one replaces.
    pub previous: Option<String>,
    /// The passages it rests on. A verdict other than `not_addressed` and `null` has one.
    #[serde(default)]
    pub evidence: Vec<Pin>,
    /// What was searched, where the verdict is `not_addressed`.
    pub trail: Option<Trail>,
    /// What is wrong with the claim, by the codes of the taxonomy.
    #[serde(default)]
    pub errors: Vec<ErrorMark>,
    /// What it could do to a patient.
    pub harm: Option<Harm>,
    /// For the model's team.
    pub feedback: Option<Feedback>,
    /// SHA-256 of the feedback's canonical JSON, in hex; stays when the texts are erased.
    pub feedback_sha256: Option<String>,
    /// How long the claim was looked at, in seconds.
    pub seconds: u32,
    /// Whether hints were hidden while it was decided.
    pub blind: bool,
    /// Whether the reviewer asks for a third opinion.
    #[serde(default)]
    pub needs_adjudication: bool,
    /// The taxonomy in use, `name/version`.
    #[schema(example = "groundline/1")]
    pub taxonomy: String,
}

/// A passage that a verdict rests on, with the digest of its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pin {
    /// Its id.
    #[schema(example = "uspstf-aaa@2019#rec-1")]
    pub passage: String,
    /// `quote_sha256` of the passage as it was shown.
    pub passage_sha256: String,
    /// What it does for the claim.
    pub role: PinRole,
}

/// What a pinned passage does for the claim, as the reviewer sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PinRole {
    /// It says the same.
    Supports,
    /// It says otherwise.
    Contradicts,
    /// It is needed to understand the matter.
    Context,
}

/// What was searched before a reviewer said that nothing speaks about the claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Trail {
    /// The claims or key words that were searched, as they were sent; once erased, one text, `sha256:` and their digest.
    pub searches: Vec<Private>,
    /// Editions that were searched.
    pub documents_considered: usize,
    /// What the last search said of coverage.
    pub coverage: Option<String>,
    /// The passages that were shown.
    pub passages: Vec<String>,
}

/// One error of the claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorMark {
    /// A code of the taxonomy.
    #[schema(example = "WRONG_THRESHOLD")]
    pub code: String,
    /// How bad.
    pub severity: Severity,
}

/// How bad an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It changes nothing that is done.
    Minor,
    /// It can change what is done.
    Major,
    /// It can hurt a patient.
    Critical,
}

/// What a claim could do to a patient, in the two axes of Med-PaLM (doi 10.1038/s41586-023-06291-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Harm {
    /// `none`, `mild`, `moderate`, `severe` or `death`.
    #[schema(example = "moderate")]
    pub extent: String,
    /// `low`, `medium` or `high`.
    #[schema(example = "low")]
    pub likelihood: String,
}

/// Feedback that a model's team can use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Feedback {
    /// What is wrong.
    pub what: Private,
    /// Why, with the passage.
    pub why: Private,
    /// How to put it right.
    pub fix: Private,
}

/// Answers to the rubric for the whole response, by one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Assessment {
    /// The review.
    pub review: String,
    /// Who.
    pub reviewer: Reviewer,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The rubric, `name/version`.
    #[schema(example = "groundline-answer/1")]
    pub rubric: String,
    /// Ratings by item id: 1 to the item's highest; `null` for "does not apply".
    pub ratings: BTreeMap<String, Option<u8>>,
    /// A remark.
    pub note: Option<Private>,
}

/// The evidence that a verdict was given on, as it was answered: what a replay compares.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EvidenceRecord {
    /// The review.
    pub review: String,
    /// The claim within it.
    pub claim: String,
    /// The snapshot that answered: `{id, corpus_sha256}`.
    #[schema(value_type = Object)]
    pub snapshot: Value,
    /// The engine that answered: `{version, ranker, config_sha256}`.
    #[schema(value_type = Object)]
    pub engine: Value,
    /// The request, as a body of `POST /v1/evidence` with one claim.
    #[schema(value_type = Object)]
    pub request: Value,
    /// Its result without `took_ms`.
    #[schema(value_type = Object)]
    pub result: Value,
    /// SHA-256 of the result's bytes as compact JSON in the order that they were answered in, in hex.
    pub sha256: String,
}

impl fmt::Debug for EvidenceRecord {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Request and result repeat the claim.
        write!(out, "EvidenceRecord({} {}, {})", self.review, self.claim, self.sha256)
    }
}
