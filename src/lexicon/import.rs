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

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor, Read};

    use super::*;

    fn read(name: &str, text: &str) -> Result<Import, Error> {
        Import::read(Path::new(name), Cursor::new(text.as_bytes().to_vec()))
    }

    /// Rows as words, then faults.
    fn check(name: &str, text: &str, rows: &[&str], faults: &[&str]) {
        let import = read(name, text).expect("a file that can be used");
        let told = |row: &Row| match &row.fact {
            Fact::Abbreviation { short, long, .. } => format!("{short} is {long}"),
            Fact::Lay { lay, clinical } => format!("{lay} lay {}", clinical.join("|")),
            Fact::Same { names } => names.join(" = "),
            Fact::OneWay { from, to } => format!("{from} > {}", to.join("|")),
            Fact::Drug { name, target, .. } => format!("{name} drug {target}"),
        };
        assert_eq!(import.rows.iter().map(told).collect::<Vec<_>>(), rows, "{name}");
        assert_eq!(import.faults.iter().map(ToString::to_string).collect::<Vec<_>>(), faults, "{name}");
    }

    #[test]
    fn an_ontology_gives_exact_synonyms() {
        let text = "format-version: 1.4\nname: not a term\n\n[Term]\nid: X:1\nname: Marsh fever\n\
            synonym: \"Bog \\\"ache\\\"\" EXACT layperson [X:2, \"a source\"]\nsynonym: \"MF\" EXACT ABBREVIATION []\n\
            synonym: \"Febris paludis\" EXACT []\nsynonym: \"Fever\" BROAD []\nsynonym: \"marsh fever\" EXACT []\n\n\
            [Term]\nid: X:3\nname: Gone\nsynonym: \"Away\" EXACT []\nis_obsolete: true\n\n\
            [Typedef]\nid: part_of\nname: part of\nsynonym: \"piece of\" EXACT []\n";
        check(
            "a.obo",
            text,
            &["Bog \"ache\" lay Marsh fever", "MF is Marsh fever", "Marsh fever = Febris paludis"],
            &[],
        );
    }

    #[test]
    fn bad_lines_are_named_and_the_others_used() {
        check(
            "a.txt",
            "a, b\nalone\n# c\nx => y\n",
            &["a = b", "x > y"],
            &["a.txt:2: one name alone stands for nothing: `a, b` or `a => b`"],
        );
        check(
            "a.obo",
            "[Term]\nname: A1\nsynonym: B1 EXACT\nsynonym: \"C1\n",
            &[],
            &["a.obo:3: a synonym is not in quotes", "a.obo:4: a synonym's quotes are not closed"],
        );
        check("a.obo", "hello\n", &[], &["a.obo:1: no [Term] in this file: is it OBO?"]);
        check(
            "a.tsv",
            "lay\tclinical\tcontext\tsource\nwomb\tuterus\t\tlocal\nwomb\n",
            &["womb lay uterus"],
            &["a.tsv:3: 1 columns instead of the 4 of `lay clinical context source`"],
        );
    }

    #[test]
    fn a_file_that_is_no_lexicon_is_refused() {
        let check = |name: &str, text: &str, expected: &str| {
            assert_eq!(read(name, text).expect_err("an error").to_string(), expected);
        };
        check("a.csv", "", "a.csv is no lexicon: the name ends in .obo, .txt (Solr synonyms) or .tsv");
        check("a.tsv", "", "a.tsv:1: the file is empty");
        check("a.tsv", "british\tamerican\tsource\n", "a.tsv:1: spelling variants are built in and cannot be added to");
        assert!(
            read("a.tsv", "a\tb\n")
                .expect_err("an error")
                .to_string()
                .starts_with("a.tsv:1: the first line is none of")
        );
    }

    #[test]
    fn hostile_files_cost_little_and_are_told() {
        let bytes = |bytes: Vec<u8>| Import::read(Path::new("a.txt"), Cursor::new(bytes)).expect("a file");
        let import = bytes(b"a, b\n\xff\xfe, c\nd, e\n".to_vec());
        assert_eq!((import.rows.len(), import.faults.len()), (2, 1));
        assert_eq!(import.faults[0].to_string(), "a.txt:2: no UTF-8 from byte 1");
        // A line of a hundred megabytes, and one that just fits the file.
        let endless = |length: u64| BufReader::new(io::repeat(b'a').take(length).chain(&b"\nx, y\n"[..]));
        let error = Import::read(Path::new("a.txt"), endless(100 << 20)).expect_err("too large");
        assert_eq!(error.to_string(), "a.txt is larger than 64 MiB");
        let import = Import::read(Path::new("a.txt"), endless(60 << 20)).expect("a file");
        assert_eq!(import.rows.len(), 1);
        assert_eq!(import.faults[0].to_string(), "a.txt:1: the line has 62914561 bytes, more than 64 KiB");
        // A million synonyms of one term.
        let mut text = "[Term]\nname: A1\n".to_owned();
        (0..1_000_000).for_each(|at| text.push_str(&format!("synonym: \"n{at}\" EXACT []\n")));
        let import = read("a.obo", &text).expect("a file");
        assert_eq!(import.rows.len(), MOST_NAMES);
        assert_eq!(import.faults.len(), 1);
        assert_eq!(
            import.faults[0].to_string(),
            format!("a.obo:{}: more than 64 synonyms of one term", MOST_NAMES + 3)
        );
        // Faults are counted once there are many, and rows are bounded.
        let import = read("a.txt", &"alone\n".repeat(1_000)).expect("a file");
        assert_eq!(import.faults.len(), MOST_FAULTS + 1);
        assert_eq!(import.faults[MOST_FAULTS].to_string(), "a.txt: 800 further lines are wrong");
        let error = read("a.txt", &"a, b\n".repeat(MOST_ROWS + 1)).expect_err("too many");
        assert_eq!(error.to_string(), "a.txt has more than 300000 rows");
    }

    #[test]
    fn names_that_chain_do_not_grow() {
        let mut text = String::new();
        (0..5_000).for_each(|at| text.push_str(&format!("word{at}, word{}\n", at + 1)));
        let lexicon = super::super::Lexicon::with(vec![read("a.txt", &text).expect("a file")]);
        assert_eq!(lexicon.expand("word7", None).len(), 2);
        // One word, many meanings.
        let many: String = (0..5_000).map(|at| format!("hub, spoke{at}\n")).collect();
        let lexicon = super::super::Lexicon::with(vec![read("a.txt", &many).expect("a file")]);
        assert_eq!(lexicon.expand("hub", None).len(), super::super::MOST_OF_A_SURFACE);
    }
}
