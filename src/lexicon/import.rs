//! Reads an institution's own vocabulary: OBO, Solr synonyms, or our own form; bounded, a line at a time.

use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::row::{Fact, Place, Row};
use super::tsv::{MOST_WORDS, Table};
use super::{obo, solr};
use crate::corpus::{Fault, hex};

/// Largest file, in bytes.
pub const LARGEST: u64 = 64 << 20;
/// Longest line, in bytes; a longer one is passed over.
pub(super) const LONGEST_LINE: usize = 64 << 10;
/// Most rows of one file.
const MOST_ROWS: usize = 300_000;
/// Most faults that are told one by one.
const MOST_FAULTS: usize = 200;
/// Most names that one entry joins.
pub(super) const MOST_NAMES: usize = 64;
/// Longest name, in bytes.
const LONGEST_NAME: usize = 200;

/// Why a file cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its ending says nothing.
    #[error("{} is no lexicon: the name ends in .obo, .txt (Solr synonyms) or .tsv", .0.display())]
    Ending(PathBuf),
    /// It is too large.
    #[error("{} is larger than {} MiB", .0.display(), LARGEST >> 20)]
    TooLarge(PathBuf),
    /// It has too many rows.
    #[error("{} has more than {MOST_ROWS} rows", .0.display())]
    TooMany(PathBuf),
    /// The first line of a table is no header of ours.
    #[error("{}:1: {reason}", .path.display())]
    Header {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The system refused.
    #[error("{} cannot be read: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The forms that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Open Biological and Biomedical Ontologies, format 1.2 and 1.4: names and exact synonyms.
    Obo,
    /// Solr's and Lucene's synonym file.
    Solr,
    /// The project's own tables; the header says which.
    Table,
}

impl Form {
    /// The form of a file by its ending.
    ///
    /// # Errors
    /// [`Error::Ending`] for any other.
    pub fn of(path: &Path) -> Result<Form, Error> {
        match path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("obo") => Ok(Form::Obo),
            Some("txt") => Ok(Form::Solr),
            Some("tsv") => Ok(Form::Table),
            _ => Err(Error::Ending(path.to_owned())),
        }
    }
}

/// An institution's file, read.
#[derive(Clone, Debug)]
pub struct Import {
    /// The file.
    pub path: PathBuf,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Lines that gave no row, each with why.
    pub faults: Vec<Fault>,
    /// Digest of its bytes.
    pub sha256: String,
}

impl Import {
    /// Reads a file from `input`; `path` names it and tells its form.
    ///
    /// # Errors
    /// [`Error`] where nothing of it can be used. A bad line is a fault, and the others are used.
    pub fn read(path: &Path, input: impl BufRead) -> Result<Import, Error> {
        let form = Form::of(path)?;
        let mut lines = Lines::new(path, input);
        let mut sink = Sink::new(path);
        match form {
            Form::Obo => obo::read(&mut lines, &mut sink)?,
            Form::Solr => solr::read(&mut lines, &mut sink)?,
            Form::Table => table(&mut lines, &mut sink)?,
        }
        let sha256 = hex(&lines.hasher.finalize());
        let faults = sink.faults();
        Ok(Import { path: path.to_owned(), rows: sink.rows, faults, sha256 })
    }
}

fn table(lines: &mut Lines<'_, impl BufRead>, sink: &mut Sink<'_>) -> Result<(), Error> {
    let header = match lines.next()? {
        Some(Line { text: Ok(text), .. }) => Table::of(text),
        Some(Line { text: Err(reason), .. }) => Err(reason),
        None => Err("the file is empty".to_owned()),
    };
    let table = header.map_err(|reason| Error::Header { path: sink.path.to_owned(), reason })?;
    while let Some(Line { number, text }) = lines.next()? {
        match text {
            Ok("") => {}
            Ok(text) => match table.row(text, Place { file: 0, line: number }) {
                Ok(row) => sink.push(row)?,
                Err(reason) => sink.fault(number, reason),
            },
            Err(reason) => sink.fault(number, reason),
        }
    }
    Ok(())
}

/// One line of a file: its text, or why it cannot be used.
pub(super) struct Line<'a> {
    pub(super) number: usize,
    pub(super) text: Result<&'a str, String>,
}

/// The lines of a file, none held longer than it is allowed to be.
pub(super) struct Lines<'p, R> {
    path: &'p Path,
    input: R,
    line: Vec<u8>,
    number: usize,
    bytes: u64,
    hasher: Sha256,
}

impl<'p, R: BufRead> Lines<'p, R> {
    fn new(path: &'p Path, input: R) -> Lines<'p, R> {
        Lines { path, input, line: Vec::new(), number: 0, bytes: 0, hasher: Sha256::new() }
    }

    /// The next line, without its end.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, Error> {
        self.line.clear();
        let (mut length, mut ended) = (0usize, false);
        while !ended {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(source) => return Err(Error::Io { path: self.path.to_owned(), source }),
            };
            if buffer.is_empty() {
                break;
            }
            let used = match buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => at + 1,
                None => buffer.len(),
            };
            ended = buffer[used - 1] == b'\n';
            length += used;
            if length <= LONGEST_LINE {
                self.line.extend_from_slice(&buffer[..used]);
            }
            self.hasher.update(&buffer[..used]);
            self.bytes += used as u64;
            self.input.consume(used);
            if self.bytes > LARGEST {
                return Err(Error::TooLarge(self.path.to_owned()));
            }
        }
        if length == 0 {
            return Ok(None);
        }
        self.number += 1;
        let text = if length > LONGEST_LINE {
            Err(format!("the line has {length} bytes, more than {} KiB", LONGEST_LINE >> 10))
        } else {
            let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            std::str::from_utf8(line).map_err(|error| format!("no UTF-8 from byte {}", error.valid_up_to() + 1))
        };
        Ok(Some(Line { number: self.number, text }))
    }
}

/// Takes rows and faults.
pub(super) struct Sink<'p> {
    path: &'p Path,
    rows: Vec<Row>,
    faults: Vec<Fault>,
    /// Faults that are only counted.
    more: usize,
}

impl<'p> Sink<'p> {
    fn new(path: &'p Path) -> Sink<'p> {
        Sink { path, rows: Vec::new(), faults: Vec::new(), more: 0 }
    }

    /// Takes a fact of a line.
    pub(super) fn fact(&mut self, line: usize, fact: Fact) -> Result<(), Error> {
        self.push(Row { place: Place { file: 0, line }, fact, context: Box::default(), source: Box::default() })
    }

    pub(super) fn push(&mut self, row: Row) -> Result<(), Error> {
        if self.rows.len() >= MOST_ROWS {
            return Err(Error::TooMany(self.path.to_owned()));
        }
        self.rows.push(row);
        Ok(())
    }

    /// Takes a fault of a line.
    pub(super) fn fault(&mut self, line: usize, message: String) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Fault { path: self.path.to_owned(), line: Some(line), message });
        } else {
            self.more += 1;
        }
    }

    fn faults(&mut self) -> Vec<Fault> {
        if self.more > 0 {
            let message = format!("{} further lines are wrong", self.more);
            self.faults.push(Fault { path: self.path.to_owned(), line: None, message });
        }
        std::mem::take(&mut self.faults)
    }
}

/// A name that can be looked for, or why not.
pub(super) fn name(text: &str) -> Result<Box<str>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("a name is empty".to_owned());
    }
    if text.len() > LONGEST_NAME || text.split_whitespace().nth(MOST_WORDS).is_some() {
        return Err(format!("a name is longer than {MOST_WORDS} words or {LONGEST_NAME} bytes"));
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(format!("a name has no letter or digit: {text:?}"));
    }
    Ok(text.into())
}
