//! How well responses are split: against statements that a careful reader marked.
//!
//! Gold is a folder of pairs: `NAME.md`, the response, and `NAME.tsv`, its statements with the columns `start end
//! checkworthy text note` (offsets in code points, half-open; line ends and tabs in `text` escaped). The part of a name
//! before its first hyphen says which half it belongs to; misses are told of the half `dev` alone, so that the others
//! stay unseen.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Error, bootstrap_share};
use crate::claim;
use crate::span::{Span, Text};

/// The columns of a file of statements.
const HEADER: [&str; 5] = ["start", "end", "checkworthy", "text", "note"];
/// The half whose misses are told.
const SHOWN: &str = "dev";
/// Intersection over union from which two spans are the same statement.
const SAME: f64 = 0.5;

/// One statement that a reader marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoldStatement {
    /// Where it stands.
    pub span: Span,
    /// Whether it is a claim.
    pub checkworthy: bool,
}

/// One response with its statements. Its text may be anybody's: it is not printed by `Debug`.
#[derive(Clone)]
pub struct GoldResponse {
    /// The file's stem.
    pub name: String,
    /// The response.
    pub text: String,
    /// What was marked, in the order of the text.
    pub statements: Vec<GoldStatement>,
}

impl std::fmt::Debug for GoldResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GoldResponse({}, {} statements)", self.name, self.statements.len())
    }
}

impl GoldResponse {
    /// The half that it belongs to.
    pub fn half(&self) -> &str {
        self.name.split('-').next().unwrap_or_default()
    }
}

/// Reads a folder of gold, in the order of the names.
///
/// # Errors
/// [`Error`] names the file and line: offsets that do not give the text beside them are errors.
pub fn read(folder: &Path) -> Result<Vec<GoldResponse>, Error> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Unreadable { path, source }
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        paths.push(entry.map_err(unreadable(folder))?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "tsv"));
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let response = path.with_extension("md");
        let text = fs::read_to_string(&response).map_err(unreadable(&response))?;
        let table = fs::read_to_string(&path).map_err(unreadable(&path))?;
        let statements = statements(&path, &table, &Text::from(text.clone()))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        found.push(GoldResponse { name, text, statements });
    }
    if found.is_empty() { Err(Error::Nothing(folder.to_owned())) } else { Ok(found) }
}

fn statements(path: &Path, table: &str, text: &Text) -> Result<Vec<GoldStatement>, Error> {
    let mut found: Vec<GoldStatement> = Vec::new();
    for (at, line) in table.lines().enumerate() {
        let fault = |reason: String| Error::Line { path: path.to_owned(), line: at + 1, reason };
        let cells: Vec<&str> = line.split('\t').collect();
        if at == 0 {
            if cells != HEADER {
                return Err(fault(format!("the header is not, parted by tabs: {}", HEADER.join(" "))));
            }
            continue;
        }
        let [start, end, checkworthy, words, ..] = cells.as_slice() else {
            return Err(fault(format!("{} columns, not {}", cells.len(), HEADER.len())));
        };
        let number = |cell: &str| cell.parse::<usize>().map_err(|_| fault("an offset is no number".to_owned()));
        let span = Span::new(number(start)?, number(end)?);
        let checkworthy = match *checkworthy {
            "yes" => true,
            "no" => false,
            _ => return Err(fault("checkworthy is neither yes nor no".to_owned())),
        };
        if text.slice(span) != Some(unescaped(words).as_str()) || span.is_empty() {
            return Err(fault("the offsets do not give the text beside them".to_owned()));
        }
        if found.last().is_some_and(|last| last.span.end() > span.start()) {
            return Err(fault("the statement begins before the last one ends".to_owned()));
        }
        found.push(GoldStatement { span, checkworthy });
    }
    Ok(found)
}

fn unescaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut chars = words.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('r')) => out.push('\r'),
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some(other)) => out.push(other),
            (c, _) => out.push(c),
        }
    }
    out
}

/// A share of counted things.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Share {
    /// Hits and chances of each response.
    units: Vec<(usize, usize)>,
}

impl Share {
    /// Hits of all responses.
    pub fn hits(&self) -> usize {
        self.units.iter().map(|unit| unit.0).sum()
    }

    /// Chances of all responses.
    pub fn of(&self) -> usize {
        self.units.iter().map(|unit| unit.1).sum()
    }

    /// The share, `None` without chances.
    pub fn value(&self) -> Option<f64> {
        let of = self.of();
        (of > 0).then(|| self.hits() as f64 / of as f64)
    }

    /// Its 95 % bootstrap interval over responses.
    pub fn interval(&self) -> (f64, f64) {
        bootstrap_share(&self.units)
    }
}

/// What was measured of one half.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Its responses.
    pub responses: usize,
    /// Gold claims of which a statement taken for a claim is the same: intersection over union of at least one half, in
    /// characters that are no white space.
    pub found: Share,
    /// Gold claims whose span is one of these to the character.
    pub exact: Share,
    /// Gold statements that are no claims of which at least half was taken for claims.
    pub taken: Share,
    /// Statements taken for claims that are the same as a gold claim.
    pub right: Share,
    /// Statements whose words are not the text at their span: always 0.
    pub displaced: usize,
    /// What was missed and what was taken wrongly, in words; of the half `dev` alone.
    pub misses: Vec<String>,
}

/// Measures each half, and all of them together under `all`.
///
/// # Errors
/// [`Error::Line`] where a response cannot be split.
pub fn measure(gold: &[GoldResponse]) -> Result<BTreeMap<String, Report>, Error> {
    let mut reports: BTreeMap<String, Report> = BTreeMap::new();
    for response in gold {
        let split = claim::split(&response.text).map_err(|error| Error::Line {
            path: PathBuf::from(&response.name),
            line: 1,
            reason: error.to_string(),
        })?;
        for half in [response.half(), "all"] {
            reports.entry(half.to_owned()).or_default().add(response, &split, half == SHOWN);
        }
    }
    Ok(reports)
}

impl Report {
    fn add(&mut self, gold: &GoldResponse, split: &[claim::Statement], shown: bool) {
        let text = Text::from(gold.text.clone());
        let ink = Ink::of(&gold.text);
        let taken: Vec<Span> = split.iter().filter(|one| one.is_checkworthy()).map(claim::Statement::span).collect();
        let claims: Vec<Span> = gold.statements.iter().filter(|one| one.checkworthy).map(|one| one.span).collect();
        let others: Vec<Span> = gold.statements.iter().filter(|one| !one.checkworthy).map(|one| one.span).collect();
        let same = |span: Span, among: &[Span]| among.iter().any(|other| ink.overlap(span, *other) >= SAME);
        let wrong =
            |span: Span| 2 * taken.iter().map(|other| ink.shared(span, *other)).sum::<usize>() >= ink.within(span);
        let count = |of: &[Span], hit: &dyn Fn(Span) -> bool| (of.iter().filter(|span| hit(**span)).count(), of.len());
        self.responses += 1;
        self.found.units.push(count(&claims, &|span| same(span, &taken)));
        self.exact.units.push(count(&claims, &|span| taken.contains(&span)));
        self.taken.units.push(count(&others, &|span| wrong(span)));
        self.right.units.push(count(&taken, &|span| same(span, &claims)));
        self.displaced += split.iter().filter(|one| text.slice(one.span()) != Some(one.text())).count();
        if shown {
            let said = |what: &str, span: &Span| format!("{}: {what}: {}", gold.name, text.slice_clamped(*span));
            self.misses.extend(claims.iter().filter(|span| !same(**span, &taken)).map(|span| said("missed", span)));
            self.misses.extend(others.iter().filter(|span| wrong(**span)).map(|span| said("taken", span)));
            self.misses.extend(taken.iter().filter(|span| !same(**span, &claims)).map(|span| said("other", span)));
            let bounds = claims.iter().filter(|span| same(**span, &taken) && !taken.contains(span));
            self.misses.extend(bounds.map(|span| said("bounds", span)));
        }
    }
}

/// How many characters up to each code point are no white space.
struct Ink(Vec<usize>);

impl Ink {
    fn of(text: &str) -> Ink {
        let mut sums = vec![0];
        let mut sum = 0;
        for c in text.chars() {
            sum += usize::from(!c.is_whitespace());
            sums.push(sum);
        }
        Ink(sums)
    }

    fn within(&self, span: Span) -> usize {
        let at = |point: usize| self.0.get(point).or(self.0.last()).copied().unwrap_or(0);
        at(span.end()) - at(span.start())
    }

    fn shared(&self, one: Span, other: Span) -> usize {
        let (start, end) = (one.start().max(other.start()), one.end().min(other.end()));
        if start < end { self.within(Span::new(start, end)) } else { 0 }
    }

    /// Intersection over union.
    fn overlap(&self, one: Span, other: Span) -> f64 {
        let shared = self.shared(one, other);
        let union = self.within(one) + self.within(other) - shared;
        if union == 0 { 0.0 } else { shared as f64 / union as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gold(text: &str, marked: &[(&str, bool)]) -> GoldResponse {
        let statements = marked.iter().map(|(words, checkworthy)| {
            let at = text.find(words).expect("the words stand in the text");
            let span = crate::span::span_of(text, at..at + words.len()).expect("a span");
            GoldStatement { span, checkworthy: *checkworthy }
        });
        GoldResponse { name: "dev-x".to_owned(), text: text.to_owned(), statements: statements.collect() }
    }

    #[test]
    fn claims_found_and_not_claims_taken_are_counted() {
        let text = "Hello there! Aspirin lowers fever. Statins lower LDL cholesterol.";
        let marked = [
            ("Hello there!", false),
            ("Aspirin lowers", true),
            ("Statins lower LDL cholesterol.", true),
            ("fever.", false),
        ];
        let mut marked = gold(text, &marked);
        marked.statements.sort_by_key(|one| one.span);
        let report = measure(&[marked]).expect("measured").remove("dev").expect("a half");
        assert_eq!((report.found.hits(), report.found.of()), (2, 2), "half of the characters are enough");
        assert_eq!((report.exact.hits(), report.taken.hits(), report.taken.of()), (1, 1, 2));
        assert_eq!((report.right.value(), report.displaced), (Some(1.0), 0));
    }

    #[test]
    fn gold_that_does_not_fit_its_text_is_an_error() {
        let text = Text::from("a\tb.\r\nc".to_owned());
        let read = |rows: &str| statements(Path::new("x.tsv"), &format!("{}\n{rows}", HEADER.join("\t")), &text);
        assert_eq!(read("0\t4\tyes\ta\\tb.\t\n6\t7\tno\tc\tnote\n").map(|rows| rows.len()).ok(), Some(2));
        for bad in [
            "0\t3\tyes\ta\\tb.\t",
            "0\t4\tmaybe\ta\\tb.\t",
            "0\tx\tyes\ta\t",
            "6\t7\tno\tc\t\n0\t1\tno\ta\t",
            "0\t0\tno\t\t",
        ] {
            assert!(matches!(read(bad), Err(Error::Line { .. })), "{bad}");
        }
    }
}
