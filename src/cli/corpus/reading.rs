//! What editors' commands show of one version or file: how it reads.

use std::path::Path;

use serde_json::{Value, json};

use crate::cli::{Failure, usage};
use crate::corpus::{Version, VersionFacts};
use crate::document::ChildReader;
use crate::ingest::{Text, Unread};

/// How it reads, as JSON.
pub(super) fn as_json(text: &Text) -> Value {
    let defects: Vec<String> = text.document.defects.iter().map(ToString::to_string).collect();
    json!({
        "title": text.document.title, "pages": text.document.pages.len(), "characters": text.document.text.len(),
        "passages": text.passages.len(), "recommendations": text.recommendations(), "defects": defects,
    })
}

/// How it reads, in a line, and a line a defect.
pub(super) fn told(text: &Text) -> String {
    let pages = text.document.pages.len();
    let pages = if pages > 0 { format!("{pages} pages, ") } else { String::new() };
    let recommendations = text.recommendations();
    let mut out = format!(
        "read: {pages}{} passages, {recommendations} of them recommendations, {} defects\n",
        text.passages.len(),
        text.document.defects.len()
    );
    for defect in text.document.defects.iter().take(12) {
        out.push_str(&format!("      {defect}\n"));
    }
    if let more @ 1.. = text.document.defects.len().saturating_sub(12) {
        out.push_str(&format!("      and {more} more (--json lists all)\n"));
    }
    out
}

/// Reads a version of the corpus, in a process of its own.
///
/// # Errors
/// A failure that names the version and why it cannot be read.
pub(super) fn read_version(child: &ChildReader, version: &Version) -> Result<Text, Failure> {
    Text::of_version(&|format, content| child.read(format, content), version).map_err(failure)
}

/// Reads a file that is in no corpus, or not yet, in a process of its own; [`Text::of_file`] tells about `like`.
///
/// # Errors
/// A failure that names the file and why it cannot be read.
pub(super) fn read_file(child: &ChildReader, path: &Path, like: Option<&VersionFacts>) -> Result<Text, Failure> {
    Text::of_file(&|format, content| child.read(format, content), path, like).map_err(failure)
}

/// What was named wrongly is usage; what the file or the disk did is failure.
fn failure(error: Unread) -> Failure {
    match error {
        Unread::Rejected { .. } | Unread::LinkAlone(_) | Unread::Format(_) => usage(error),
        other => Failure::Failed(other.into()),
    }
}
