//! The hand-made gold: one TOML file a document, strictly read.
//!
//! The form is told in `tests/fixtures/reading/README.md`. A key that is not in it is an error and not ignored: a gold
//! that says less than its author meant would measure a reader wrongly. All faults of all files are found in one pass,
//! each with its file, line and page.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::super::Error;
use super::words::words;
use crate::corpus::{Fault, Format};
use crate::passage::Direction;

/// Grade systems that gold may name.
const SYSTEMS: [&str; 9] = ["GRADE", "USPSTF", "ACC/AHA", "ESC", "VA/DoD", "HHS", "ADA", "ACIP", "CDC"];

/// Which pages a figure is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Looked at while the reader is changed.
    Dev,
    /// Never looked at: what they hold is counted and not shown.
    Held,
}

impl Split {
    /// Its name in gold files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Split::Dev => "dev",
            Split::Held => "held",
        }
    }

    /// The split with this name.
    pub fn named(name: &str) -> Option<Split> {
        [Split::Dev, Split::Held].into_iter().find(|split| split.name() == name)
    }
}

/// What a careful reader found in one document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldDocument {
    /// The content file's stem.
    pub document: String,
    /// The content file.
    pub file: String,
    /// SHA-256 of the file that was looked at.
    pub sha256: String,
    /// Pages, in the order in which they were looked at.
    #[serde(rename = "page")]
    pub pages: Vec<GoldPage>,
}

/// One page of a PDF, or one section of a document without pages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldPage {
    /// Index of the page, from 0.
    pub index: Option<usize>,
    /// Heading that opens the section; empty for what stands before the first.
    pub section: Option<String>,
    #[serde(rename = "label")]
    _label: Option<String>,
    /// Whether it may be looked at.
    pub split: Split,
    #[serde(rename = "notes")]
    _notes: Option<String>,
    /// Headings in reading order.
    #[serde(default)]
    pub headings: Vec<GoldHeading>,
    /// Blocks in reading order.
    #[serde(default)]
    pub order: Vec<Anchor>,
    /// Statements that recommend.
    #[serde(default, rename = "recommendation")]
    pub recommendations: Vec<GoldRecommendation>,
    /// Rows of tables.
    #[serde(default, rename = "row")]
    pub rows: Vec<GoldRow>,
}

impl fmt::Display for GoldPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.index, &self.section) {
            (Some(index), _) => write!(f, "p.{index}"),
            (None, Some(section)) if section.is_empty() => f.write_str("§ (before the first heading)"),
            (None, section) => write!(f, "§ {}", section.as_deref().unwrap_or_default()),
        }
    }
}

/// A heading as printed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldHeading {
    /// Its depth, from 1; only the order of depths counts.
    pub level: usize,
    /// Its words.
    pub text: String,
    /// It opens a list of cited literature.
    #[serde(default)]
    reference: bool,
}

/// First and last words of a block.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// What it begins with.
    pub first: String,
    /// What it ends with.
    pub last: String,
    /// It is part of a list of cited literature.
    #[serde(default)]
    reference: bool,
}

/// A statement that recommends.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldRecommendation {
    #[serde(rename = "number")]
    pub(super) _number: Option<String>,
    /// What it begins with.
    pub first: String,
    /// What it ends with, without the grade.
    pub last: String,
    /// Which way it points.
    pub direction: Direction,
    /// Its grade as printed.
    pub grade: Option<String>,
    /// The grade's system; absent for a grade that is of none of the known systems.
    pub system: Option<String>,
    /// The letter or word that stands for the grade.
    pub code: Option<String>,
    /// Certainty of the evidence, where printed.
    pub certainty: Option<String>,
}

/// A row of a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldRow {
    #[serde(rename = "table")]
    pub(super) _table: Option<String>,
    /// The head over each cell; empty where none stands.
    pub heads: Vec<String>,
    /// The cells.
    pub cells: Vec<String>,
}

/// Reads every `.toml` of a folder, ordered by name.
///
/// # Errors
/// [`Error`] where the folder or a file cannot be read, holds nothing, or is not in the form; every fault is named with
/// its file and page.
pub fn read(folder: &Path) -> Result<Vec<GoldDocument>, Error> {
    let unreadable = |path: &Path, source| Error::Unreadable { path: path.to_owned(), source };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|source| unreadable(folder, source))? {
        paths.push(entry.map_err(|source| unreadable(folder, source))?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    let (mut documents, mut faults) = (Vec::new(), Vec::new());
    for path in &paths {
        let source = std::fs::read_to_string(path).map_err(|source| unreadable(path, source))?;
        match parse(path, &source) {
            Ok(document) => documents.push(document),
            Err(found) => faults.extend(found),
        }
    }
    match (faults.is_empty(), documents.is_empty()) {
        (false, _) => Err(Error::Form(faults)),
        (true, true) => Err(Error::Nothing(folder.to_owned())),
        (true, false) => Ok(documents),
    }
}

fn parse(path: &Path, source: &str) -> Result<GoldDocument, Vec<Fault>> {
    let mut document: GoldDocument = toml::from_str(source).map_err(|error| {
        let before = error.span().and_then(|span| source.get(..span.start)).unwrap_or_default();
        let page = page_around(source, before.len()).map(|page| format!("page {page}: ")).unwrap_or_default();
        let line = error.span().map(|_| before.matches('\n').count() + 1);
        vec![Fault { path: path.to_owned(), line, message: format!("{page}{}", error.message()) }]
    })?;
    // Lists of cited literature are left out of the stored text on purpose.
    for page in &mut document.pages {
        page.headings.retain(|heading| !heading.reference);
        page.order.retain(|anchor| !anchor.reference);
    }
    let mut faults = Vec::new();
    let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    for (named, what) in [(stem(path), "this file"), (stem(Path::new(&document.file)), "`file`")] {
        if named.as_deref() != Some(document.document.as_str()) {
            let message = format!("`document` is {:?}, which is not the stem of {what}", document.document);
            faults.push(Fault { path: path.to_owned(), line: None, message });
        }
    }
    let paged = Format::of(Path::new(&document.file)) == Some(Format::Pdf);
    let lines = source.lines().enumerate().filter(|(_, line)| opens_page(line)).map(|(at, _)| at + 1);
    let mut lines = lines.collect::<Vec<_>>().into_iter();
    for page in &document.pages {
        let line = lines.next();
        faults.extend(faults_of(page, paged).into_iter().map(|message| {
            let message = format!("page {page}: {message}");
            Fault { path: path.to_owned(), line, message }
        }));
    }
    if faults.is_empty() { Ok(document) } else { Err(faults) }
}

fn opens_page(line: &str) -> bool {
    line.trim_start().starts_with("[[page]]")
}

/// The page within whose table a byte of the source stands, as far as the source names it.
fn page_around(source: &str, byte: usize) -> Option<String> {
    // To the end of the byte's line: the fault may be in the line that opens the page.
    let end = source.get(byte..).and_then(|rest| rest.find('\n')).map_or(source.len(), |at| byte + at);
    let start = source.get(..end)?.rfind("[[page]]")?;
    let own = source.get(start..)?.lines().skip(1).take_while(|line| !opens_page(line));
    let names = |line: &&str| line.trim_start().starts_with("index") || line.trim_start().starts_with("section");
    let line = own.into_iter().find(names)?;
    let (key, value) = line.split_once('=')?;
    let value = value.split('#').next().unwrap_or_default().trim();
    Some(if key.trim() == "index" { format!("p.{value}") } else { format!("§ {}", value.trim_matches('"')) })
}

/// What is wrong with a page, in words that hold none of its text: it may be a held one.
fn faults_of(page: &GoldPage, paged: bool) -> Vec<String> {
    let mut faults = Vec::new();
    if page.index.is_some() != paged || page.section.is_some() == paged {
        faults.push(if paged { "a PDF's page has `index`" } else { "a part has `section`" }.to_owned());
    }
    for (at, heading) in page.headings.iter().enumerate() {
        if words(&heading.text).is_empty() || heading.level == 0 {
            faults.push(format!("heading {} has no words or level 0", at + 1));
        }
    }
    for (at, anchor) in page.order.iter().enumerate() {
        if words(&anchor.first).is_empty() || words(&anchor.last).is_empty() {
            faults.push(format!("block {} has no words at one end", at + 1));
        }
    }
    for (at, one) in page.recommendations.iter().enumerate() {
        faults.extend(faults_of_recommendation(one).map(|fault| format!("recommendation {}: {fault}", at + 1)));
    }
    for (at, row) in page.rows.iter().enumerate() {
        let (heads, cells) = (row.heads.len(), row.cells.len());
        if heads != cells {
            faults.push(format!("row {} has {heads} heads and {cells} cells", at + 1));
        }
        if row.cells.iter().all(|cell| words(cell).is_empty()) {
            faults.push(format!("row {} holds no words", at + 1));
        }
    }
    faults
}

fn faults_of_recommendation(gold: &GoldRecommendation) -> impl Iterator<Item = String> {
    let system = gold.system.as_deref().filter(|system| !SYSTEMS.contains(system));
    let faults = [
        (words(&gold.first).is_empty() || words(&gold.last).is_empty()).then(|| "no words at one end".to_owned()),
        (gold.code.is_some() != gold.system.is_some()).then(|| "`system` and `code` stand together".to_owned()),
        (gold.grade.is_none() && (gold.code.is_some() || gold.certainty.is_some()))
            .then(|| "`code` or `certainty` without `grade`".to_owned()),
        system.map(|system| format!("system {system:?} is none of {}", SYSTEMS.join(", "))),
    ];
    faults.into_iter().flatten()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const HEAD: &str = "document = \"a-1\"\nfile = \"a-1.pdf\"\nsha256 = \"00\"\n";

    /// A page of gold from its keys.
    pub(in crate::eval::reading) fn page(keys: &str) -> GoldPage {
        let place = if keys.contains("section =") { "" } else { "index = 3\n" };
        toml::from_str(&format!("split = \"dev\"\n{place}{keys}")).expect("a page of gold")
    }

    fn check(pages: &str, expected: &str) {
        let found = match parse(Path::new("a-1.toml"), &format!("{HEAD}{pages}")) {
            Ok(document) => format!("{} pages", document.pages.len()),
            Err(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        };
        assert!(found.starts_with(expected), "{pages}\n{found}");
    }

    #[test]
    fn a_page_in_the_form_is_read() {
        check(
            "[[page]]\nindex = 3\nlabel = \"1\"\nsplit = \"held\"\nnotes = \"n\"\nheadings = [{level=1, text=\"A\"}]\n\
             order = [{first=\"A\", last=\"A\"}]\n[[page.recommendation]]\nnumber=\"1\"\nfirst=\"We\"\nlast=\"it\"\n\
             direction=\"insufficient\"\ngrade=\"AI\"\nsystem=\"HHS\"\ncode=\"AI\"\n[[page.row]]\nheads=[\"\"]\ncells=[\"x\"]\n",
            "1 pages",
        );
    }

    #[test]
    fn a_fault_is_named_with_file_line_and_page() {
        check(
            "[[page]]\nindex = 11\nsplit = \"dev\"\nlabels = \"3\"\n",
            "a-1.toml:7: page p.11: unknown field `labels`",
        );
        check("[[page]]\nindex = 11\nsplit = \"both\"\n", "a-1.toml:6: page p.11: unknown variant `both`");
        check("[[page]]\nindex = 11\n", "a-1.toml:4: page p.11: missing field `split`");
        check("[[page]]\nsection = \"X\"\nsplit = \"dev\"\n", "a-1.toml:4: page § X: a PDF's page has `index`");
        let row = |keys: &str| format!("[[page]]\nindex = 1\nsplit = \"dev\"\n[[page.row]]\n{keys}\n");
        check(&row("heads=[]\ncells=[\"x\"]"), "a-1.toml:4: page p.1: row 1 has 0 heads and 1 cells");
        let statement = |keys: &str| {
            format!(
                "[[page]]\nindex = 1\nsplit = \"dev\"\n[[page.recommendation]]\nfirst=\"We\"\nlast=\"it\"\ndirection=\"for\"\n{keys}\n"
            )
        };
        check(
            &statement("grade=\"A\"\ncode=\"A\""),
            "a-1.toml:4: page p.1: recommendation 1: `system` and `code` stand together",
        );
        check(
            &statement("grade=\"A\"\nsystem=\"NICE\"\ncode=\"A\""),
            "a-1.toml:4: page p.1: recommendation 1: system \"NICE\" is none of GRADE",
        );
        check(&statement("certainty=\"low\""), "a-1.toml:4: page p.1: recommendation 1: `code` or `certainty` without");
    }

    #[test]
    fn a_file_of_another_document_is_refused() {
        let source = HEAD.replace("a-1.pdf", "b.pdf") + "[[page]]\nindex = 1\nsplit = \"dev\"\n";
        let faults = parse(Path::new("c.toml"), &source).expect_err("another document");
        assert_eq!(faults.len(), 2, "{faults:?}");
    }

    #[test]
    fn a_missing_folder_and_an_empty_one_are_errors() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(matches!(read(&folder.path().join("nowhere")), Err(Error::Unreadable { .. })));
        assert!(matches!(read(folder.path()), Err(Error::Nothing(_))));
    }
}
