//! Lists of references: their entries, and the marks in the text that lead to them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::named::years;
use crate::language::pattern;

/// One entry of a list.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its number, or its name as a footnote.
    pub(super) label: Option<String>,
    /// Where it stands, without the label.
    pub(super) range: Range<usize>,
    /// Its words without addresses.
    pub(super) words: String,
    pub(super) years: Vec<i16>,
}

/// A mark that leads to an entry.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) label: String,
    /// Where it stands.
    pub(super) at: usize,
}

static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:#{1,6}\s*)?[*_]*(?:key |selected |main )?(?:references?|sources?|citations?|bibliography|works cited|literature|further reading|footnotes)(?: cited| used)?[*_]*\s*:?\s*[*_]*\s*$",
    )
});
static ANY_HEADING: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(?:#{1,6}\s|\*\*[^*]{1,80}\*\*:?\s*$)"));
static LISTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:[-*•–+]\s+)?(?:\[\^?(?P<a>\w{1,8})\]:?|(?P<b>\d{1,3})[.)]|(?P<bare>)(?:[-*•–+]\s+)?)\s*(?P<body>\S.*?)\s*$",
    )
});
/// A footnote, or an entry outside a list.
static FOOTNOTE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s{0,3}\[(?P<caret>\^?)(?P<a>\w{1,8})\](?P<colon>:?)\s+(?P<body>\S.*?)\s*$"));
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)https?://\S+|\bwww\.\S+|\bdoi:?\s*10\.\S+|\b10\.\d{4,9}/\S+"));
static MARK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\[\^?(?P<n>\w{1,8}(?:\s?[,;–\-]\s?\^?\w{1,8}){0,9})\]|(?P<s>[¹²³⁰⁴-⁹]+)"));

/// Widest range that a mark of the form `[3-9]` stands for.
const WIDEST: u16 = 40;

/// The entries of the lists of a text.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut at = 0;
    let mut within = false;
    let (mut seen, mut gap) = (false, false);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let words = line.trim_end();
        if HEADING.is_match(words) {
            (within, seen, gap) = (true, false, false);
        } else if within && ANY_HEADING.is_match(words) {
            within = false;
        } else if words.trim().is_empty() {
            gap = within && seen;
        } else if let Some(entry) = entry(words, start, within, gap) {
            entries.push(entry);
            (seen, gap) = (true, false);
        } else {
            within = false;
        }
    }
    entries
}

/// A line as an entry of a list, or as a footnote.
fn entry(line: &str, start: usize, within: bool, gap: bool) -> Option<Entry> {
    let (label, body) = if let Some(found) = FOOTNOTE.captures(line) {
        let body = found.name("body")?;
        // "[1] Some text" outside a list is an entry where it looks like one.
        let sure =
            within || (!found["caret"].is_empty() && !found["colon"].is_empty()) || looks_like_one(body.as_str());
        if !sure {
            return None;
        }
        (Some(found["a"].to_owned()), body)
    } else {
        if !within {
            return None;
        }
        let found = LISTED.captures(line)?;
        let body = found.name("body")?;
        let label = found.name("a").or_else(|| found.name("b")).map(|label| label.as_str().to_owned());
        let marked = label.is_some() || line.trim_start().starts_with(['-', '*', '•', '–', '+']);
        // What is not marked must look like an entry; after the list's first empty line it must hold an address.
        if !marked && (!looks_like_one(body.as_str()) || gap && !ADDRESS.is_match(body.as_str())) {
            return None;
        }
        (label, body)
    };
    let words = ADDRESS.replace_all(body.as_str(), "").into_owned();
    let range = start + body.start()..start + body.end();
    body.as_str().chars().any(char::is_alphanumeric).then(|| Entry { label, range, years: years(&words), words })
}

fn looks_like_one(body: &str) -> bool {
    ADDRESS.is_match(body) || !years(body).is_empty()
}

/// The marks of a text outside its lists.
pub(super) fn marks(text: &str, entries: &[Entry]) -> Vec<Mark> {
    let mut marks = Vec::new();
    if entries.iter().all(|entry| entry.label.is_none()) {
        return marks;
    }
    for found in MARK.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let listed = entries.partition_point(|entry| entry.range.end <= whole.start());
        let inside = entries.get(listed).is_some_and(|entry| label_starts(text, entry) <= whole.start());
        let address = text.get(whole.end()..).is_some_and(|rest| rest.starts_with('('));
        if inside || address {
            continue;
        }
        let labels = match (found.name("n"), found.name("s")) {
            (Some(labels), _) => expanded(labels.as_str()),
            (_, Some(raised)) => vec![lowered(raised.as_str())],
            _ => Vec::new(),
        };
        marks.extend(labels.into_iter().map(|label| Mark { label, at: whole.start() }));
    }
    marks
}

/// Where the line of an entry begins.
fn label_starts(text: &str, entry: &Entry) -> usize {
    text.get(..entry.range.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
}

/// `1, 3-5` as its numbers.
fn expanded(labels: &str) -> Vec<String> {
    let mut all = Vec::new();
    for part in labels.split([',', ';']).map(|part| part.trim().trim_start_matches('^')) {
        let ends = part.split_once(['-', '–']).and_then(|(first, last)| Some((number(first)?, number(last)?)));
        match ends {
            Some((first, last)) if first <= last && last - first <= WIDEST => {
                all.extend((first..=last).map(|number| number.to_string()));
            }
            _ => all.push(part.to_owned()),
        }
    }
    all
}

fn number(text: &str) -> Option<u16> {
    text.trim().trim_start_matches('^').parse().ok()
}

/// Raised digits as plain ones.
fn lowered(raised: &str) -> String {
    let digit =
        |c| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|one| one == c).and_then(|at| char::from_digit(u32::try_from(at).ok()?, 10));
    raised.chars().filter_map(digit).collect()
}
