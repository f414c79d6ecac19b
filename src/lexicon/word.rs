//! Words of a claim and of a row, as the lexicon compares them.
//!
//! Abbreviations and brands are compared as written, case aside; everything else by what its inflections share, British
//! spelling read as American.

use std::borrow::Cow;
use std::ops::Range;

use super::spelling;
use crate::language;

/// Longest word that is looked up, in bytes.
const LONGEST: usize = 60;

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// Its letters and digits in lower case; dots within (`b.i.d.`) and apostrophes are dropped, and so is `'s`.
    pub(super) lower: String,
}

/// The words of a text. Hyphens and slashes part words; dots between single letters do not.
pub(super) fn words(text: &str) -> Vec<Word> {
    if let Some(plain) = plain_words(text) {
        return plain;
    }
    let mut found = Vec::new();
    let mut start: Option<usize> = None;
    let mut previous = ' ';
    let mut letters = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let mut after = chars.clone();
        let next = after.next().map_or(' ', |(_, next)| next);
        let second = after.next().map_or(' ', |(_, second)| second);
        let inner = start.is_some()
            && match c {
                '\'' | '’' => previous.is_alphabetic() && next.is_alphabetic(),
                '.' if previous.is_alphabetic() => letters == 1 && next.is_alphabetic() && !second.is_alphanumeric(),
                '.' | ',' => previous.is_ascii_digit() && next.is_ascii_digit(),
                _ => false,
            };
        if c.is_alphanumeric() {
            start.get_or_insert(at);
            letters = if previous.is_alphanumeric() { 2 } else { 1 };
        } else if !inner && let Some(from) = start.take() {
            push(&mut found, text, from..at);
        }
        previous = c;
    }
    if let Some(from) = start {
        push(&mut found, text, from..text.len());
    }
    found
}

/// The same for letters of ASCII with blanks and hyphens alone, which most names are.
fn plain_words(text: &str) -> Option<Vec<Word>> {
    if text.len() > LONGEST || !text.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'-')) {
        return None;
    }
    let mut found = Vec::with_capacity(4);
    let mut from = 0;
    for piece in text.split([' ', '-']) {
        if !piece.is_empty() {
            found.push(Word { range: from..from + piece.len(), lower: piece.to_ascii_lowercase() });
        }
        from += piece.len() + 1;
    }
    Some(found)
}

fn push(found: &mut Vec<Word>, text: &str, range: Range<usize>) {
    let raw = text.get(range.clone()).unwrap_or_default();
    if raw.len() > LONGEST {
        // Holds the place, so that the words around it do not become neighbours.
        found.push(Word { range, lower: String::new() });
        return;
    }
    let raw = raw.strip_suffix("'s").or_else(|| raw.strip_suffix("’s")).unwrap_or(raw);
    let numeric = raw.bytes().any(|byte| byte.is_ascii_digit());
    let kept = |c: &char| c.is_alphanumeric() || (*c == '.' && numeric);
    let lower = raw.chars().filter(kept).flat_map(char::to_lowercase).collect();
    found.push(Word { range, lower });
}

/// The stem of one word.
pub(super) fn stem(word: &str) -> String {
    language::terms(word).into_iter().next().map(|term| term.text).unwrap_or_default()
}

/// What the inflections of one word share, and two words of one root do not: "vomiting" is "vomit", and "alcoholism" is not
/// "alcohol". A stemmer joins too much for that, and reading the whole lexicon with one would take too long.
pub(super) fn key(word: &str) -> Cow<'_, str> {
    if !word.is_ascii() {
        // Accents and Greek letters, as search terms have them.
        return Cow::Owned(inflected(&stem(word)).into_owned());
    }
    inflected(spelling::american(word).unwrap_or(word))
}

fn inflected(word: &str) -> Cow<'_, str> {
    if word.len() <= 3 || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return Cow::Borrowed(word);
    }
    let vowel = |root: &str| root.len() > 2 && root.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let root = match word.strip_suffix('s') {
        Some(root) if word.len() > 4 && root.ends_with("ie") => {
            return Cow::Owned(format!("{}y", &root[..root.len() - 2]));
        }
        Some(root) if root.ends_with(['s', 'u', 'i']) => word,
        Some(root) => root,
        None => word,
    };
    let root = match root.strip_suffix("ied") {
        Some(root) if root.len() > 2 => return Cow::Owned(format!("{root}y")),
        _ => root,
    };
    let bare = ["ing", "ed"]
        .into_iter()
        .find_map(|ending| root.strip_suffix(ending))
        .filter(|bare| vowel(bare) && !root.ends_with("eed"));
    let root = match bare.map(str::as_bytes) {
        // "stopped", not "swelling"
        Some([.., a, b]) if a == b && !b"lsz".contains(b) => &root[..bare.map_or(0, str::len) - 1],
        Some(_) => bare.unwrap_or(root),
        None => root,
    };
    // "diagnosis" and "diagnoses", "breathe" and "breathing", "reflexes" and "boxes"; not "hives" and "HIV".
    let root = root.strip_suffix("is").filter(|root| root.len() > 4).unwrap_or(root);
    let silent = root.len() > 5 || ["xe", "che", "she", "sse"].into_iter().any(|ending| root.ends_with(ending));
    Cow::Borrowed(root.strip_suffix('e').filter(|_| silent).unwrap_or(root))
}

/// Whether two words that follow each other can belong to one name: no sentence and no list ends between them.
pub(super) fn adjoin(text: &str, left: &Word, right: &Word) -> bool {
    let gap = text.get(left.range.end..right.range.start).unwrap_or_default();
    let brief = left.lower.chars().count() <= 2 && left.lower.chars().all(char::is_alphabetic);
    if gap.len() > 8 {
        return false;
    }
    let spaced = gap.chars().any(char::is_whitespace);
    gap.chars().enumerate().all(|(at, c)| match c {
        '-' | '/' | '+' | '&' | '®' | '™' | '\'' | '’' | '\u{2010}'..='\u{2013}' => true,
        // "C. diff", "St. John's wort"
        '.' => at == 0 && brief,
        // "25(OH)D"
        '(' | ')' => !spaced,
        other => other.is_whitespace() && other != '\n',
    })
}

/// Whether nothing but a hyphen stands between two words.
pub(super) fn hyphenated(text: &str, left: &Word, right: &Word) -> bool {
    matches!(text.get(left.range.end..right.range.start), Some("-" | "\u{2010}" | "\u{2011}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = words(text).into_iter().map(|word| word.lower).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn a_text_is_cut_into_words() {
        check("Take it b.i.d. with food.", &["take", "it", "bid", "with", "food"]);
        check("C.diff or C. diff in the U.S.", &["c", "diff", "or", "c", "diff", "in", "the", "us"]);
        check("GLP-1 RA, HbA1c 7.5 %", &["glp", "1", "ra", "hba1c", "7.5"]);
        check("Alzheimer’s and Crohn's; don't", &["alzheimer", "and", "crohn", "dont"]);
        check("end.Next 25(OH)D", &["end", "next", "25", "oh", "d"]);
        check("long-term Follow up", &["long", "term", "follow", "up"]);
        check("-  -", &[]);
        check(&"x".repeat(5_000), &[""]);
    }

    #[test]
    fn inflections_share_a_key_and_other_words_do_not() {
        let check = |a: &str, b: &str, expected: bool| assert_eq!(key(a) == key(b), expected, "{a} {b}");
        check("infections", "infection", true);
        check("screening", "screen", true);
        check("stopped", "stop", true);
        check("swellings", "swelling", true);
        check("swelling", "swell", true);
        check("biopsies", "biopsy", true);
        check("diagnoses", "diagnosis", true);
        check("reflexes", "reflex", true);
        check("viruses", "virus", true);
        check("oedema", "edema", true);
        check("haemorrhages", "hemorrhage", true);
        check("Sjögren", "sjogren", true);
        check("bleed", "bleeds", true);
        check("bleeding", "bleed", true);
        check("boxes", "box", true);
        check("breathing", "breathe", true);
        check("hives", "HIV", false);
        check("testes", "test", false);
        check("thing", "th", false);
        check("diabetic", "diabetes", false);
        check("vomiting", "vomit", true);
        check("comorbidities", "comorbidity", true);
        check("alcoholism", "alcohol", false);
        check("alcoholic", "alcoholism", false);
        check("organization", "organ", false);
    }

    #[test]
    fn names_do_not_cross_sentences() {
        let check = |text: &str, expected: bool| {
            let words = words(text);
            assert_eq!(adjoin(text, &words[0], &words[1]), expected, "{text:?}");
        };
        check("heart attack", true);
        check("heart-attack", true);
        check("heart. Attack", false);
        check("heart, attack", false);
        check("heart (attack)", false);
        check("C. diff", true);
        check("N/V", true);
        check("heart\n\nattack", false);
    }
}
