//! What may be quoted: packs of document versions, each with its status and its licence.
//!
//! A corpus is read from folders (contract, section 2): `pack.toml` names a pack, a sidecar beside each content file
//! says what the file is. Every fault of every sidecar is found in one pass. What the content *says* is
//! [`crate::document`]'s business; this module opens content files only to fingerprint them, and to give one out as it is.

mod content;
mod currency;
mod date;
pub mod edit;
mod edition;
pub mod history;
mod id;
mod pack;
mod parallel;
mod sidecar;

use std::fmt;
use std::path::{Path, PathBuf};

pub use content::{Lost, content};
pub use currency::{Cadence, Currency, Notice, NoticeKind, confirmed_until, currency};
pub use date::{Day, PartialDate};
pub use edition::{Catalogue, Standing};
pub use id::{DocumentId, IdError, VersionId};
pub use pack::{Corpus, Error, Pack, hex, sha256_of};
pub(crate) use parallel::side_by_side;
pub use sidecar::{Version, VersionFacts};

/// Formats that are read, by the ending of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Format {
    /// `.html`, `.htm`
    Html,
    /// `.pdf`
    Pdf,
    /// `.xml`: JATS, structured product labels, PDQ
    Xml,
    /// `.md`
    Markdown,
    /// `.txt`
    Plain,
}

impl Format {
    /// The format of a file with this name, or `None` for a file that is left alone.
    pub fn of(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "html" | "htm" => Format::Html,
            "pdf" => Format::Pdf,
            "xml" => Format::Xml,
            "md" => Format::Markdown,
            "txt" => Format::Plain,
            _ => return None,
        })
    }

    /// Short name, as file endings have it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Html => "html",
            Format::Pdf => "pdf",
            Format::Xml => "xml",
            Format::Markdown => "md",
            Format::Plain => "txt",
        }
    }

    /// The format with this short name.
    pub fn named(name: &str) -> Option<Format> {
        Format::of(Path::new(&format!("x.{name}")))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Html => "HTML",
            Format::Pdf => "PDF",
            Format::Xml => "XML",
            Format::Markdown => "Markdown",
            Format::Plain => "text",
        })
    }
}

/// How much of a version's text may be kept and shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextStorage {
    /// All of it.
    #[default]
    Full,
    /// Single quotations.
    Quote,
    /// None: only what the sidecar says and the link.
    LinkOnly,
}

/// Whose words a version holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// The guideline's own text.
    #[default]
    Primary,
    /// Our own-words summary that cites it.
    Digest,
}

/// Where a version stands in its document's history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In force as far as the corpus knows.
    #[default]
    Current,
    /// Replaced by a newer edition.
    Superseded,
    /// Withdrawn without a successor.
    Retired,
}

/// Something wrong with one input, with the place where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file.
    pub path: PathBuf,
    /// Line in it, from 1.
    pub line: Option<usize>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)
    }
}
