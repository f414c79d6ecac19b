//! What leaves the desk: reviews with their evidence in the formats that others read.
//!
//! Everything starts from a [`Bundle`] and is pure: the same bundle gives the same bytes. [`artifact`] is the whole of it,
//! to be kept and replayed ([`replay`]); [`report`] is the document that a customer is sent; the rest are formats of other
//! tools. Passages come from the stored evidence, never from an index, so that an export says what was on the
//! screen. The machine's hints stay where they were, inside the stored evidence: no format shows one as a verdict.
//!
//! The texts of an erased review are empty; formats that are made of texts leave it out, [`csv`] and [`artifact`] keep its
//! labels and hashes.

pub mod artifact;
pub mod csv;
pub mod healthbench;
pub mod inspect;
pub mod labelstudio;
pub mod provenance;
pub mod replay;
pub mod report;
pub mod trec;
pub mod webannotation;
pub mod works;

mod format;
mod judged;
mod shown;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::review::record::{EvidenceRecord, PinRole, Review, Severity};
pub use format::{Format, render};
pub(crate) use judged::{Judged, Lookup, Outcome};
pub(crate) use shown::Shown;
pub(crate) use words::Words;

/// What the program is for, as every export states it.
pub use crate::view::INTENDED_USE;

/// What is exported: reviews, the evidence that their verdicts were given on, and the words in use.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    /// The reviews, in the order that exports keep.
    pub reviews: Vec<Review>,
    /// What was answered while they were judged.
    pub evidence: Vec<EvidenceRecord>,
    /// The taxonomy and the rubric, in the shape of `GET /v1/taxonomy`.
    pub taxonomy: Value,
    /// When the export was asked for.
    pub made_at: Timestamp,
    /// The program that makes it.
    pub program: Program,
    /// What reviewers are called, by their id; an id that is not here stands for itself.
    #[serde(default)]
    pub people: BTreeMap<String, String>,
}

impl fmt::Debug for Bundle {
    /// Counts alone: stored evidence repeats the words of claims.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[{} reviews, {} searches]", self.reviews.len(), self.evidence.len())
    }
}

impl Bundle {
    /// What somebody who judged one of the reviews is called; nobody else's name leaves the desk.
    pub fn named(mut self, people: impl IntoIterator<Item = (String, String)>) -> Bundle {
        let verdicts = self.reviews.iter().flat_map(|review| &review.verdicts).map(|one| &one.reviewer.id);
        let rated = self.reviews.iter().flat_map(|review| &review.assessments).map(|one| &one.reviewer.id);
        let judges: BTreeSet<&String> = verdicts.chain(rated).collect();
        let named = |(id, name): &(String, String)| judges.contains(id) && !name.trim().is_empty();
        self.people = people.into_iter().filter(named).collect();
        self
    }

    /// What a reviewer is called.
    pub(crate) fn called<'a>(&'a self, id: &'a str) -> &'a str {
        self.people.get(id).map_or(id, String::as_str)
    }
}

/// The program that made an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Its version.
    pub version: String,
}

/// Name of a pin's role, as it is written outside.
pub(crate) fn role(role: PinRole) -> &'static str {
    match role {
        PinRole::Supports => "supports",
        PinRole::Contradicts => "contradicts",
        PinRole::Context => "context",
    }
}

/// Name of a severity, as it is written outside.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Minor => "minor",
        Severity::Major => "major",
        Severity::Critical => "critical",
    }
}

/// SHA-256 of the bytes, in hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write;

    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The name of a thing of this export among all things of the web (RFC 8141 in form; the namespace is not registered).
///
/// Anything but letters, digits and `-._~@` within a part is percent-encoded, so that no part reads as two.
pub(crate) fn urn(parts: &[&str]) -> String {
    let mut name = String::from("urn:x-groundline");
    for part in parts {
        name.push(':');
        for byte in part.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
                name.push(char::from(byte));
            } else {
                use std::fmt::Write;
                let _ = write!(name, "%{byte:02X}");
            }
        }
    }
    name
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The hand-made bundle that all formats are tried on: two reviewers who differ and an adjudicator, a verdict taken
    /// back, replaced guidance, a claim that nothing addresses, letters beyond the basic plane, and an erased review.
    pub(crate) fn bundle() -> Bundle {
        serde_json::from_str(include_str!("../../tests/fixtures/export/bundle.json")).unwrap()
    }

    #[test]
    fn names_cannot_be_confused() {
        assert_eq!(urn(&["passage", "a@1#rec-1"]), "urn:x-groundline:passage:a@1%23rec-1");
        assert_ne!(urn(&["a:b"]), urn(&["a", "b"]));
    }
}
