//! One version's bytes, read into text with structure.
//!
//! Each format has one [`Reader`]; all of them speak to the [`Builder`], which normalises the text once and keeps what
//! every passage later needs: heading path, page, anchor, and the span of each block in the stored text. Reading never
//! fails whole where a part can be had: what could not be read becomes a [`Defect`] that an editor sees.
//!
//! Left out on purpose: what a block *means* (recommendation, grade) is [`crate::passage`]'s; navigation, running heads
//! and reference lists are not text of the guideline and never get in.

mod answer;
mod builder;
mod charset;
mod child;
mod clean;
mod confine;
mod flow;
mod grid;
mod html;
mod inline;
mod markdown;
mod numbering;
#[cfg(test)]
mod outline;
mod pdf;
mod plain;
mod quarantine;
mod signs;
mod xml;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::corpus::Format;
use crate::span::{Span, Text};

pub use builder::Builder;
pub use child::{ChildReader, serve_child};
pub use clean::clean;
pub use confine::Confinement;

/// One version as read: its stored text and where everything stands in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Name and edition of the reader, e.g. `html/1`; part of the engine digest.
    pub reader: String,
    /// The title that the document itself carries.
    pub title: Option<String>,
    /// The stored text: every block's text in reading order, blocks parted by a blank line.
    pub text: Text,
    /// Sections in reading order.
    pub sections: Vec<Section>,
    /// Pages in order; empty for formats without pages.
    pub pages: Vec<Page>,
    /// What could not be read, and what was left out.
    pub defects: Vec<Defect>,
    /// Text that was left out on purpose, each with its page index: for measuring the reader, and never stored.
    #[serde(skip)]
    pub left_out: Vec<(usize, String)>,
}

impl Document {
    /// The page on which a code point of the stored text stands.
    pub fn page_at(&self, point: usize) -> Option<&Page> {
        let after = self.pages.partition_point(|page| page.start <= point);
        self.pages.get(after.checked_sub(1)?)
    }
}

/// A run of blocks under one heading.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Headings from the outermost to this section's own; empty before the first heading.
    pub path: Vec<String>,
    /// Where this section's own heading stands in the stored text.
    pub heading: Option<Span>,
    /// Fragment identifier of the heading in the source page.
    pub anchor: Option<String>,
    /// Blocks in reading order.
    pub blocks: Vec<Block>,
}

/// A paragraph, list item or table row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// What the block is.
    pub kind: BlockKind,
    /// Where it stands in the stored text.
    pub span: Span,
    /// Fragment identifier at or before the block, nearer than the section's.
    pub anchor: Option<String>,
    /// Attributes that the document states about the block (digests: grade, population, locator), names in lower case.
    pub attributes: BTreeMap<String, String>,
}

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// Text set apart by the publisher as a statement of its own (a box, a labelled recommendation).
    Boxed,
    /// One item of a list; `intro` is the sentence that introduces the list.
    ListItem {
        /// Printed number, where the list is numbered.
        number: Option<String>,
        /// Where the introducing sentence stands.
        intro: Option<Span>,
    },
    /// One row of a table, each cell led by its column's head.
    TableRow {
        /// The table's caption.
        caption: Option<Span>,
    },
    /// Caption of a table or figure.
    Caption,
    /// A footnote or table note.
    Footnote,
}

/// A page of a paged document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Position in the file, from 0.
    pub index: usize,
    /// The label printed or declared for the page, e.g. `xii`.
    pub label: Option<String>,
    /// First code point of the stored text on this page.
    pub start: usize,
}

/// Something that could not be read, or was left out, with the place where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// What kind of thing happened.
    pub kind: DefectKind,
    /// Page index from 0, where the defect belongs to one page.
    pub page: Option<usize>,
    /// The reason, in words for an editor.
    pub detail: String,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.page {
            Some(page) => write!(f, "page {}: {}", page + 1, self.detail),
            None => f.write_str(&self.detail),
        }
    }
}

/// Kinds of [`Defect`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DefectKind {
    /// A page that yielded no text (a picture, a blank page).
    EmptyPage,
    /// A page whose reading failed; its text is missing.
    FailedPage,
    /// Glyphs without a known character.
    UnknownGlyphs,
    /// Characters that a reader cannot see were removed (zero width, bidirectional controls, tags, hidden elements).
    HiddenText,
    /// Bytes that the declared character set cannot hold.
    Encoding,
    /// A reference list was left out.
    References,
    /// Something larger than a limit was cut off.
    Truncated,
    /// Numbers that stand on the page are not in the text that was read.
    LostText,
    /// Ink that may be text could not be read: pictures, letters drawn as outlines.
    UnreadInk,
    /// Running heads, page numbers and tables of contents were left out on purpose.
    Furniture,
    /// The file was damaged and had to be rebuilt; parts may be missing.
    Repaired,
}

impl DefectKind {
    /// Whether what stands on the defect's page is to be trusted less.
    pub fn costs_trust(self) -> bool {
        matches!(
            self,
            DefectKind::UnknownGlyphs | DefectKind::FailedPage | DefectKind::LostText | DefectKind::UnreadInk
        )
    }
}

/// Why a version was not read at all.
#[derive(Debug, thiserror::Error, Serialize, Deserialize)]
pub enum Error {
    /// The bytes are not what the file's ending says.
    #[error("the content is not {expected}: {reason}")]
    WrongFormat {
        /// The format that was expected.
        expected: Format,
        /// What was found instead.
        reason: String,
    },
    /// The file is damaged beyond reading.
    #[error("the {format} file cannot be read: {reason}")]
    Damaged {
        /// The format.
        format: Format,
        /// What the parser said.
        reason: String,
    },
    /// The file is protected by a password.
    #[error("the file is encrypted and needs a password")]
    Encrypted,
    /// The file is larger than a limit.
    #[error("{what} is {found}, more than the limit of {limit}")]
    TooLarge {
        /// What was counted.
        what: String,
        /// How many there are.
        found: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// Its text is longer than a limit; a part of a guideline must not pass for the whole.
    #[error("the document is too long to be kept whole: {0}")]
    TooLong(String),
    /// There is nothing to cite.
    #[error("no usable text: {0}")]
    Empty(String),
    /// The reader took too long, used too much memory or died.
    #[error("the reader was stopped: {0}")]
    Stopped(String),
}

/// Bounds on what one document may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Pages of a paged document.
    pub pages: usize,
    /// Characters of stored text.
    pub characters: usize,
    /// Bytes of stored text; less than four a character, so that the whole answer of a reader child stays bounded.
    pub text_bytes: usize,
    /// Blocks of stored text.
    pub blocks: usize,
    /// Nesting depth of elements or lists.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        // Twice and eight times what the longest real document needs: 56 reports in one file, 1.9 million characters and
        // 5,200 blocks.
        let (characters, blocks) = (4 << 20, 40_000);
        Limits { bytes: 64 << 20, pages: 3_000, characters, text_bytes: 6 << 20, blocks, depth: 256 }
    }
}

/// Reads one format.
pub trait Reader {
    /// Name and edition, e.g. `html/1`; changing how text comes out means a new edition.
    fn name(&self) -> &'static str;

    /// Reads `bytes` into a document.
    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Document, Error>;
}

/// What a page of a PDF is read by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Basis {
    /// The file's own structure where it has one that fits the page, the layout elsewhere.
    #[default]
    Tags,
    /// The layout alone: for measuring what the structure is worth.
    Layout,
}

/// The reader of a format.
pub fn reader(format: Format, basis: Basis) -> &'static dyn Reader {
    match format {
        Format::Html => &html::Html,
        Format::Pdf if basis == Basis::Layout => &pdf::Pdf { by_tags: false },
        Format::Pdf => &pdf::Pdf { by_tags: true },
        Format::Xml => &xml::Xml,
        Format::Markdown => &markdown::Markdown,
        Format::Plain => &plain::Plain,
    }
}

/// Names of all readers in a fixed order, for the engine digest.
pub fn reader_names() -> Vec<&'static str> {
    [Format::Html, Format::Pdf, Format::Xml, Format::Markdown, Format::Plain]
        .map(|format| reader(format, Basis::default()).name())
        .to_vec()
}

/// Reads one version's bytes and refuses what holds nothing to cite, and what cannot be kept whole.
///
/// # Errors
/// [`Error`] names the reason. A document with fewer than 200 characters, or with text on fewer than half of its pages,
/// is [`Error::Empty`]: published, it would pass for a guideline that says nothing.
pub fn read(format: Format, bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
    read_by(Basis::default(), format, bytes, limits)
}

fn read_by(basis: Basis, format: Format, bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
    if bytes.len() > limits.bytes {
        return Err(too_large("the file's size in bytes", bytes.len(), limits.bytes));
    }
    if bytes.is_empty() {
        return Err(Error::Empty("the file has no bytes".to_owned()));
    }
    let document = reader(format, basis).read(bytes, limits)?;
    quarantine::check(&document, limits)?;
    Ok(document)
}

fn too_large(what: &str, found: usize, limit: usize) -> Error {
    Error::TooLarge { what: what.to_owned(), found, limit }
}
