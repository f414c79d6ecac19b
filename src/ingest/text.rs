//! One version or file by itself, read and cut as a build would: what an editor sees before it is added or compared.

use std::fs::File;
use std::io;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

use super::ReadContent;
use crate::corpus::edit::SidecarText;
use crate::corpus::{DocumentId, Format, IdError, Version, VersionFacts, VersionId, sha256_of};
use crate::document::{self, Document};
use crate::passage::{self, Passage, PassageKind};

/// A version that was read.
#[derive(Clone, Debug)]
pub struct Text {
    /// What is known of it.
    pub facts: VersionFacts,
    /// What was read.
    pub document: Document,
    /// What of it can be cited; never empty.
    pub passages: Vec<Passage>,
}

/// Why a version or a file has no text to show.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// Its sidecar is at fault.
    #[error("{id} is not read: {reason}")]
    Rejected {
        /// The version.
        id: VersionId,
        /// Why.
        reason: String,
    },
    /// There is a link and no text.
    #[error("{0} holds no text here: it is a source with a link alone")]
    LinkAlone(VersionId),
    /// The file's ending is none that is read.
    #[error("{}: files that are read end in .html .pdf .xml .md or .txt", .0.display())]
    Format(PathBuf),
    /// The file cannot be opened or read.
    #[error("{what} cannot be read: {source}")]
    Io {
        /// The version or file.
        what: String,
        /// What the system said.
        source: io::Error,
    },
    /// No id can be made for it.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The reader refused it.
    #[error("{what}: {source}")]
    Reader {
        /// The version or file.
        what: String,
        /// Why.
        source: document::Error,
    },
    /// It was read, and the program failed to cut it.
    #[error("{0}: its text could not be cut into passages")]
    Uncut(String),
    /// It was read, and holds nothing that can be cited.
    #[error("{0}: no passages were found in its text")]
    Empty(String),
}

impl Text {
    /// Number of passages that recommend.
    pub fn recommendations(&self) -> usize {
        self.passages.iter().filter(|passage| passage.kind == PassageKind::Recommendation).count()
    }

    /// Reads a version of the corpus.
    ///
    /// # Errors
    /// [`Unread`] names the version and says why it cannot be read.
    pub fn of_version(read: &ReadContent<'_>, version: &Version) -> Result<Text, Unread> {
        let id = &version.facts.id;
        if let Some(reason) = &version.rejected {
            return Err(Unread::Rejected { id: id.clone(), reason: reason.clone() });
        }
        let opened = version.open().map_err(|source| Unread::Io { what: id.to_string(), source })?;
        let Some((format, mut file)) = opened else { return Err(Unread::LinkAlone(id.clone())) };
        cut(read, format, &mut file, version.facts.clone(), id.to_string())
    }

    /// Reads a file that is in no corpus, or not yet. Whose grades it prints is told by the sidecar beside it, else it is
    /// taken to be as `like`.
    ///
    /// # Errors
    /// [`Unread`] names the file and says why it cannot be read.
    pub fn of_file(read: &ReadContent<'_>, path: &Path, like: Option<&VersionFacts>) -> Result<Text, Unread> {
        let what = path.display().to_string();
        let format = Format::of(path).ok_or_else(|| Unread::Format(path.to_owned()))?;
        let io = |source| Unread::Io { what: what.clone(), source };
        let mut file = File::open(path).map_err(io)?;
        let sha256 = sha256_of(path).map_err(io)?;
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
        cut(read, format, &mut file, facts, what)
    }
}

fn cut(
    read: &ReadContent<'_>,
    format: Format,
    file: &mut File,
    facts: VersionFacts,
    what: String,
) -> Result<Text, Unread> {
    let document = match read(format, file) {
        Ok(document) => document,
        Err(source) => return Err(Unread::Reader { what, source }),
    };
    // A fault in cutting is this document's, as it is in a build.
    let passages = std::panic::catch_unwind(AssertUnwindSafe(|| passage::passages(&document, &facts)));
    let Ok(passages) = passages else { return Err(Unread::Uncut(what)) };
    if passages.is_empty() { Err(Unread::Empty(what)) } else { Ok(Text { facts, document, passages }) }
}
