//! The statements of a response: what `/v1/claims/split` answers, and what `/v1/check` puts beside its results.

use serde::Serialize;
use utoipa::ToSchema;

use super::native::{EngineView, EvidenceResponse, ResultView, SnapshotView};
use crate::claim::Statement;
use crate::index::Snapshot;

/// The statements of a response, in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClaimsView {
    /// The statements; they do not overlap.
    pub claims: Vec<StatementView>,
}

/// One statement of a response.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatementView {
    /// Its name: `c1`, `c2`, … in the order of the text.
    #[schema(example = "c1")]
    pub id: String,
    /// Its words: exactly the substring of the text from `start` to `end`.
    pub text: String,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Always `codepoint`.
    #[schema(example = "codepoint")]
    pub unit: &'static str,
    /// Whether it says something that can be looked up.
    pub checkworthy: bool,
    /// What it is: `claim`, or why it is none: `label`, `introduction`, `question`, `courtesy`, `meta`, `disclaimer`,
    /// `referral`, `hedge`, `offer` or `reference`.
    #[schema(example = "claim")]
    pub kind: &'static str,
    /// The same, able to stand alone: joined with the introduction of its list, its heading, its table's heads, or with
    /// the name that a pronoun stands for, where that is safe; without marks of emphasis and citation.
    pub claim: String,
}

impl std::fmt::Debug for StatementView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StatementView({} {}..{} {})", self.id, self.start, self.end, self.kind)
    }
}

/// The name of a statement by its place, from 0.
pub fn name(at: usize) -> String {
    format!("c{}", at + 1)
}

impl ClaimsView {
    /// The outside form of a split.
    pub fn of(statements: &[Statement]) -> ClaimsView {
        let view = |(at, statement): (usize, &Statement)| StatementView {
            id: name(at),
            text: statement.text().to_owned(),
            start: statement.span().start(),
            end: statement.span().end(),
            unit: "codepoint",
            checkworthy: statement.is_checkworthy(),
            kind: statement.worth().name(),
            claim: statement.claim().to_owned(),
        };
        ClaimsView { claims: statements.iter().enumerate().map(view).collect() }
    }
}

/// The answer to a whole response: its statements, and the results of those that were searched, under the same ids.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CheckResponse {
    /// Name of this shape.
    #[schema(example = "evidence/1")]
    pub schema: &'static str,
    /// The snapshot that answered.
    pub snapshot: SnapshotView,
    /// The engine that answered.
    pub engine: EngineView,
    /// The statements of the text.
    pub claims: Vec<StatementView>,
    /// One result a statement that was searched, in the order of the text; `id` is the statement's, `claim` its stand-alone
    /// form, which is what was searched.
    pub results: Vec<ResultView>,
}

impl CheckResponse {
    /// An answer of this snapshot.
    pub fn new(snapshot: &Snapshot, statements: &[Statement], results: Vec<ResultView>) -> CheckResponse {
        let EvidenceResponse { schema, snapshot, engine, results } = EvidenceResponse::new(snapshot, results);
        CheckResponse { schema, snapshot, engine, claims: ClaimsView::of(statements).claims, results }
    }
}
