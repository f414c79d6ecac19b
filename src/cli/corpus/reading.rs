//! What editors' commands read: one version or file, in a process of its own, cut as a build cuts it.

use std::fs::File;
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};

use crate::cli::{Failure, usage};
use crate::corpus::edit::SidecarText;
use crate::corpus::{DocumentId, Format, Version, VersionFacts, VersionId, sha256_of};
use crate::document::{ChildReader, Document};
use crate::passage::{self, Passage, PassageKind};

/// A version that was read.
pub(super) struct Text {
    pub(super) facts: VersionFacts,
    pub(super) document: Document,
    pub(super) passages: Vec<Passage>,
}

impl Text {
    /// Number of passages that recommend.
    pub(super) fn recommendations(&self) -> usize {
        self.passages.iter().filter(|passage| passage.kind == PassageKind::Recommendation).count()
    }

    /// How it reads, as JSON.
    pub(super) fn json(&self) -> Value {
        let defects: Vec<String> = self.document.defects.iter().map(ToString::to_string).collect();
        json!({
            "title": self.document.title, "pages": self.document.pages.len(), "characters": self.document.text.len(),
            "passages": self.passages.len(), "recommendations": self.recommendations(), "defects": defects,
        })
    }

    /// How it reads, in a line, and a line a defect.
    pub(super) fn told(&self) -> String {
        let pages = self.document.pages.len();
        let pages = if pages > 0 { format!("{pages} pages, ") } else { String::new() };
        let recommendations = self.recommendations();
        let mut out = format!(
            "read: {pages}{} passages, {recommendations} of them recommendations, {} defects\n",
            self.passages.len(),
            self.document.defects.len()
        );
        for defect in self.document.defects.iter().take(12) {
            out.push_str(&format!("      {defect}\n"));
        }
        if let more @ 1.. = self.document.defects.len().saturating_sub(12) {
            out.push_str(&format!("      and {more} more (--json lists all)\n"));
        }
        out
    }
}

/// Reads a version of the corpus.
///
/// # Errors
/// A failure that names the version and why it cannot be read.
pub(super) fn read_version(child: &ChildReader, version: &Version) -> Result<Text, Failure> {
    let id = &version.facts.id;
    if let Some(reason) = &version.rejected {
        return Err(usage(anyhow::anyhow!("{id} is not read: {reason}")));
    }
    let opened = version.open().with_context(|| format!("{id} cannot be opened"))?;
    let Some((format, mut file)) = opened else {
        return Err(usage(anyhow::anyhow!("{id} holds no text here: it is a source with a link alone")));
    };
    cut(child, format, &mut file, version.facts.clone())
        .map_err(|reason| Failure::Failed(reason.context(id.to_string())))
}

/// Reads a file that is in no corpus, or not yet. Whose grades it prints is told by the sidecar beside it, else it is
/// taken to be as `like`.
///
/// # Errors
/// A failure that names the file and why it cannot be read.
pub(super) fn read_file(child: &ChildReader, path: &Path, like: Option<&VersionFacts>) -> Result<Text, Failure> {
    let shown = path.display();
    let format = Format::of(path)
        .ok_or_else(|| usage(anyhow::anyhow!("{shown}: files that are read end in .html .pdf .xml .md or .txt")))?;
    let mut file = File::open(path).with_context(|| format!("{shown} cannot be opened"))?;
    let sha256 = sha256_of(path).with_context(|| format!("{shown} cannot be read"))?;
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let document = DocumentId::from_stem(&stem).or_else(|_| "file".parse())?;
    let version: String = sha256.chars().take(12).collect();
    let beside = std::fs::read_to_string(path.with_extension("toml")).ok();
    let beside = beside.and_then(|source| SidecarText::open(&source).ok());
    let told = |key: &str| beside.as_ref().and_then(|sidecar| sidecar.get(key)).map(str::to_owned);
    let facts = VersionFacts {
        sha256: Some(sha256),
        title: told("title"),
        publisher: told("publisher").or_else(|| like?.publisher.clone()),
        published: told("published").and_then(|day| day.parse().ok()),
        grade_system: told("grade_system").or_else(|| like?.grade_system.clone()),
        ..VersionFacts::bare(VersionId::new(document, &version)?)
    };
    cut(child, format, &mut file, facts).map_err(|reason| Failure::Failed(reason.context(shown.to_string())))
}

fn cut(child: &ChildReader, format: Format, file: &mut File, facts: VersionFacts) -> anyhow::Result<Text> {
    let document = child.read(format, file)?;
    let passages = passage::passages(&document, &facts);
    anyhow::ensure!(!passages.is_empty(), "no passages were found in its text");
    Ok(Text { facts, document, passages })
}
