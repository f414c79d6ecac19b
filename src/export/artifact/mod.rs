//! The artifact: reviews with everything that they rest on in one zip file (contract, section 6), to be kept, sent and
//! replayed.
//!
//! `manifest.json` names every other file with its size and SHA-256; reading checks them all, so that a changed byte is
//! named by its file. That shows accidents and careless edits. It is no signature: whoever can write the whole file can
//! compute every digest anew. Files are stored, not compressed, in a fixed order and with a fixed time: equal bundles
//! give equal bytes, whatever version of a compressor is at hand.

mod read;
mod write;

pub use read::read;
pub use write::write;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Bundle, Program};
use crate::review::record::{Assignment, EvidenceRecord, Private, Response, Review, ReviewClaim};

/// Name of the shape of the manifest.
pub const SCHEMA: &str = "artifact/1";

/// Most bytes that an artifact may have, packed or unpacked.
pub const MOST_BYTES: u64 = 512 << 20;

/// How often larger a file may be than its packed form, beyond the first megabyte.
pub const MOST_RATIO: u64 = 200;

const MANIFEST: &str = "manifest.json";

/// The files beside the manifest, in the order of the zip: name, and what is in it.
const FILES: [(&str, &str); 8] = [
    ("responses.jsonl", "One response a line, with its review and who was asked to judge it"),
    ("claims.jsonl", "One claim a line: a span of a response"),
    ("evidence.jsonl", "One search a line: the request and what was answered"),
    ("verdicts.jsonl", "One verdict a line, oldest first; none is ever changed"),
    ("assessments.jsonl", "One set of answers to the rubric a line"),
    ("taxonomy.json", "Verdicts, error codes and rubric in use"),
    ("prov.jsonld", "Who made what from what (W3C PROV-O)"),
    ("report.html", "The report, to read and print"),
];

/// Why an artifact cannot be written or read. No variant holds words of a response or a claim.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The zip could not be written.
    #[error("the artifact cannot be written: {0}")]
    Write(String),
    /// A record could not be put into JSON.
    #[error("{file} cannot be written as JSON")]
    Json {
        /// The file that it was for.
        file: &'static str,
    },
    /// The bytes are no zip file.
    #[error("this is no artifact: {0}")]
    NotZip(String),
    /// Something is larger than is read.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// What.
        what: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// A file of the artifact cannot be unpacked.
    #[error("{file} cannot be unpacked")]
    Damaged {
        /// Which.
        file: String,
    },
    /// A file that an artifact has is absent.
    #[error("{file} is missing")]
    Missing {
        /// Which.
        file: String,
    },
    /// There is a file that no artifact has, or one twice.
    #[error("{file} does not belong into an artifact, or is there twice")]
    Unexpected {
        /// Which; bounded.
        file: String,
    },
    /// A file is not what the manifest says.
    #[error("{file} was changed: its SHA-256 is {found}, the manifest says {told}")]
    Changed {
        /// Which.
        file: String,
        /// Digest of its bytes, in hex.
        found: String,
        /// Digest that the manifest has.
        told: String,
    },
    /// The manifest is of another shape.
    #[error("the manifest has the schema {found:?}; this program reads {SCHEMA:?}")]
    Schema {
        /// What it says; bounded.
        found: String,
    },
    /// A line is not what it should be.
    #[error("{file}, line {line}: {reason}")]
    Line {
        /// The file.
        file: &'static str,
        /// The line, from 1.
        line: usize,
        /// Why, without words of the line.
        reason: String,
    },
}

/// What an artifact holds and what it was made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Name of this shape, `artifact/1`.
    pub schema: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// The program that made it.
    pub program: Program,
    /// What those who judged are called, by their id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub people: BTreeMap<String, String>,
    /// What it is for.
    pub intended_use: String,
    /// The taxonomy in use, `name/version`.
    pub taxonomy: Option<String>,
    /// The rubric in use, `name/version`.
    pub rubric: Option<String>,
    /// The snapshots that answered, `{id, corpus_sha256}`, each once.
    pub snapshots: Vec<Value>,
    /// The engines that answered, `{version, ranker, config_sha256}`, each once.
    pub engines: Vec<Value>,
    /// How much there is of what.
    pub counts: Counts,
    /// The other files.
    pub files: Vec<FileEntry>,
}

/// How much there is of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Responses, which is reviews.
    pub responses: usize,
    /// Claims, those that were taken out included.
    pub claims: usize,
    /// Searches.
    pub evidence: usize,
    /// Verdicts, those that were replaced included.
    pub verdicts: usize,
    /// Sets of answers to the rubric.
    pub assessments: usize,
}

/// A file of the artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// What is in it.
    pub what: String,
}

/// An artifact that was read, and whose digests all hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Artifact {
    /// The manifest.
    pub manifest: Manifest,
    /// Its reviews and evidence.
    pub bundle: Bundle,
}

impl Artifact {
    /// The reviews, as they can be brought into a store again.
    pub fn reviews(&self) -> &[Review] {
        &self.bundle.reviews
    }
}

/// A line of `responses.jsonl`: a review without what stands in the other files.
#[derive(Serialize, Deserialize)]
struct ResponseLine {
    review: String,
    schema: String,
    title: Private,
    created_at: Timestamp,
    erased_at: Option<Timestamp>,
    response: Response,
    assignments: Vec<Assignment>,
}

/// A line of `claims.jsonl`.
#[derive(Serialize, Deserialize)]
struct ClaimLine {
    review: String,
    #[serde(flatten)]
    claim: ReviewClaim,
}

impl Counts {
    fn of(bundle: &Bundle) -> Counts {
        let sum = |count: fn(&Review) -> usize| bundle.reviews.iter().map(count).sum();
        Counts {
            responses: bundle.reviews.len(),
            claims: sum(|review| review.claims.len()),
            evidence: bundle.evidence.len(),
            verdicts: sum(|review| review.verdicts.len()),
            assessments: sum(|review| review.assessments.len()),
        }
    }
}

/// What is told of the search engines and snapshots, each once, in the order of the evidence.
fn distinct(records: &[EvidenceRecord], part: fn(&EvidenceRecord) -> &Value) -> Vec<Value> {
    let mut seen: Vec<Value> = Vec::new();
    for record in records {
        if !seen.contains(part(record)) {
            seen.push(part(record).clone());
        }
    }
    seen
}

#[cfg(test)]
mod tests;
