//! The outside shapes (contract, section 4): what leaves the program, and what comes in.
//!
//! Domain types carry no JSON; these do, so that changing a domain type cannot change the contract unseen. Every shape
//! describes itself for the OpenAPI document.

pub mod answer;
pub mod bibliography;
pub mod citation;
pub mod citations;
pub mod claims;
pub mod corpus;
pub mod document;
pub mod editing;
pub mod hosts;
pub mod impact;
pub mod native;
pub mod passage;
pub mod reader;
pub mod request;
pub mod review;
pub mod revision;
pub mod trace;

use serde::Serialize;
use utoipa::ToSchema;

use crate::corpus::{Currency, NoticeKind, Status, TextStorage, Tier};
use crate::evidence::{Coverage, Evidence};
use crate::index::Ending;
use crate::passage::Direction;
use crate::span::Span;

/// What the program is for; every surface says it.
pub const INTENDED_USE: &str = "Decision support for evaluating model answers, not for patient care.";

/// A range of code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SpanView {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Always `codepoint`.
    #[schema(example = "codepoint")]
    pub unit: &'static str,
}

impl From<Span> for SpanView {
    fn from(span: Span) -> SpanView {
        SpanView { start: span.start(), end: span.end(), unit: "codepoint" }
    }
}

/// Name of a status, as it is written outside.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Current => "current",
        Status::Superseded => "superseded",
        Status::Retired => "retired",
    }
}

/// Name of a currency, as it is written outside.
pub fn currency(currency: Currency) -> &'static str {
    match currency {
        Currency::Confirmed => "confirmed",
        Currency::UpdateInProgress => "update_in_progress",
        Currency::Living => "living",
        Currency::Draft => "draft",
        Currency::Withdrawn => "withdrawn",
        Currency::LegallyContested => "legally_contested",
        Currency::Unknown => "unknown",
    }
}

/// Name of what a notice says, as it is written outside.
pub fn notice(kind: NoticeKind) -> &'static str {
    currency(match kind {
        NoticeKind::UpdateInProgress => Currency::UpdateInProgress,
        NoticeKind::Living => Currency::Living,
        NoticeKind::Draft => Currency::Draft,
        NoticeKind::LegallyContested => Currency::LegallyContested,
    })
}

/// Name of a tier, as it is written outside.
pub fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Primary => "primary",
        Tier::Digest => "digest",
    }
}

/// Name of a storage rule, as it is written outside.
pub fn text_storage(storage: TextStorage) -> &'static str {
    match storage {
        TextStorage::Full => "full",
        TextStorage::Quote => "quote",
        TextStorage::LinkOnly => "link_only",
    }
}

/// Name of a direction, as it is written outside.
pub fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::For => "for",
        Direction::Against => "against",
        Direction::Either => "either",
        Direction::Insufficient => "insufficient",
    }
}

/// What an answer counts as where gaps are counted: under the plainest of the things that can be said of it.
pub fn ending(evidence: &Evidence) -> Ending {
    match evidence.coverage {
        Coverage::OutOfScope => Ending::OutOfScope,
        _ if evidence.passages.is_empty() => Ending::NoEvidence,
        Coverage::NotAddressed => Ending::NotAddressed,
        Coverage::Addressed | Coverage::Partly => Ending::Addressed,
    }
}
