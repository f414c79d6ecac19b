//! A file of responses, in a format that people already have, to responses that can be reviewed.
//!
//! [`read`] takes bytes and gives [`Imported`]; it touches no file and keeps nothing. One broken sample is one
//! [`Rejected`] with its place and why; the rest comes in. Everything is bounded ([`limits`]), because the bytes are a
//! stranger's, and no reason or error repeats a word of them, because they may hold a patient's data.
//!
//! | format | what a sample is | its id |
//! | --- | --- | --- |
//! | text, Markdown | the file | none |
//! | chat | a conversation: its last assistant turn is the response, what stands before is the prompt | `id` |
//! | CSV, TSV | a row; columns by name | `id` |
//! | Inspect | a sample of one epoch | the sample's id; `epoch`, `uuid` and `eval_id` are metadata, for writing scores back |
//! | lm-eval | a document of `--log_samples`, once for each repeat | `doc_id` |
//! | promptfoo | a test of one prompt and provider | `id` |
//! | HealthBench | a conversation with its completions; rubrics are metadata | `prompt_id` |
//! | artifact | a review of our own | `review` |

mod archive;
mod artifact;
mod chat;
mod collect;
mod detect;
mod healthbench;
mod inspect;
mod json;
pub mod limits;
mod lm_eval;
mod promptfoo;
mod table;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::record::{Origin, Private};
use collect::Collector;

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// To be found out from the name and the content.
    Auto,
    /// Plain text: the whole file is one response.
    Text,
    /// Markdown: the whole file is one response.
    Markdown,
    /// Chat messages as JSON or JSON lines, of OpenAI's or Anthropic's shape, or objects with a prompt and a response.
    Chat,
    /// Comma-, tab- or semicolon-separated values with a header.
    Csv,
    /// A log of Inspect, `.eval` or `.json`.
    Inspect,
    /// What lm-eval writes with `--log_samples`.
    LmEval,
    /// What promptfoo writes with `--output FILE.json`.
    Promptfoo,
    /// HealthBench's JSON lines.
    HealthBench,
    /// Our own artifact, or its `responses.jsonl`.
    Artifact,
}

impl Format {
    /// All of them, with their names outside.
    pub const NAMES: [(Format, &'static str); 10] = [
        (Format::Auto, "auto"),
        (Format::Text, "text"),
        (Format::Markdown, "markdown"),
        (Format::Chat, "chat"),
        (Format::Csv, "csv"),
        (Format::Inspect, "inspect"),
        (Format::LmEval, "lm-eval"),
        (Format::Promptfoo, "promptfoo"),
        (Format::HealthBench, "healthbench"),
        (Format::Artifact, "artifact"),
    ];

    /// Its name outside, which is also the `kind` of an [`Origin`].
    pub fn name(self) -> &'static str {
        Format::NAMES.iter().find(|(format, _)| *format == self).map_or("auto", |(_, name)| name)
    }
}

impl FromStr for Format {
    type Err = ();

    fn from_str(name: &str) -> Result<Format, ()> {
        Format::NAMES.iter().find(|(_, known)| *known == name).map(|(format, _)| *format).ok_or(())
    }
}

/// What a file gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The format that it was read as; never [`Format::Auto`].
    pub format: Format,
    /// Responses, in the order of the file.
    pub responses: Vec<NewResponse>,
    /// Samples that were left out, in the order of the file.
    pub rejected: Vec<Rejected>,
}

/// A response that can be made a review.
#[derive(Clone, PartialEq)]
pub struct NewResponse {
    /// A line to know it by: the file's own, else the prompt's or the response's first words.
    pub title: Private,
    /// The response.
    pub text: Private,
    /// What was asked, where known. Of several messages each follows its role's name.
    pub prompt: Option<Private>,
    /// The model, where known.
    pub model: Option<String>,
    /// Where it came from.
    pub origin: Origin,
    /// What the file said besides; what was too large for it is named in `left_out`.
    pub metadata: BTreeMap<String, Value>,
    /// Claims that the file already had.
    pub claims: Vec<ImportedClaim>,
}

impl fmt::Debug for NewResponse {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Titles of our making and metadata repeat the text.
        out.debug_struct("NewResponse")
            .field("text", &self.text)
            .field("prompt", &self.prompt)
            .field("kind", &self.origin.kind)
            .field("metadata", &self.metadata.len())
            .field("claims", &self.claims.len())
            .finish_non_exhaustive()
    }
}

/// A claim of an imported response: a span of its text, in code points, whose words are `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedClaim {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The span's words, exactly.
    pub text: Private,
    /// The same, able to stand alone.
    pub claim: Private,
    /// What stands around it.
    pub context: Private,
    /// Whether it was held worth checking.
    pub checkworthy: bool,
}

/// A sample that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Where it stands, as `line 3` or `sample 12, epoch 1`.
    pub at: String,
    /// Why, in words that repeat nothing of the file.
    pub reason: String,
}

/// Why a file could not be read at all.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// More bytes than are read.
    #[error("the file has {bytes} bytes; at most {limit} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The most that is read.
        limit: usize,
    },
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Bytes that are no text.
    #[error("the file is not text in UTF-8 or UTF-16")]
    NotText,
    /// Not JSON where it must be.
    #[error("the file is not JSON (line {line}, column {column})")]
    NotJson {
        /// Line of the first fault, from 1.
        line: usize,
        /// Column of the first fault, from 1.
        column: usize,
    },
    /// JSON or a table of another shape than the format's.
    #[error("the file is not of the shape of {format}: {expected}")]
    Shape {
        /// The format's name.
        format: &'static str,
        /// What was looked for.
        expected: &'static str,
    },
    /// A zip archive that cannot be read, or must not be.
    #[error("the archive cannot be read: {0}")]
    Archive(&'static str),
    /// No format fits.
    #[error("it cannot be told what kind of file this is; name the format")]
    Unknown,
}

/// Reads a file of responses. `name` is the file's name; only its last part is kept, and its ending helps
/// [`Format::Auto`], which the answer replaces by what was found.
///
/// # Errors
///
/// Where nothing of the file can be read. A single broken sample is in [`Imported::rejected`] instead.
pub fn read(name: &str, bytes: &[u8], format: Format) -> Result<Imported, Error> {
    if bytes.len() > limits::FILE_BYTES {
        return Err(Error::TooLarge { bytes: bytes.len(), limit: limits::FILE_BYTES });
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::Empty);
    }
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let format = match format {
        Format::Auto => detect::format(name, bytes)?,
        named => named,
    };
    let mut collector = Collector::new(name, format);
    match format {
        Format::Auto => return Err(Error::Unknown),
        Format::Text | Format::Markdown => text::read(bytes, &mut collector)?,
        Format::Chat => chat::read(bytes, &mut collector)?,
        Format::Csv => table::read(name, bytes, &mut collector)?,
        Format::Inspect => inspect::read(bytes, &mut collector)?,
        Format::LmEval => lm_eval::read(name, bytes, &mut collector)?,
        Format::Promptfoo => promptfoo::read(bytes, &mut collector)?,
        Format::HealthBench => healthbench::read(bytes, &mut collector)?,
        Format::Artifact => artifact::read(bytes, &mut collector)?,
    }
    Ok(collector.finish())
}
