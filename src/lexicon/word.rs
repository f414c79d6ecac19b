//! Words of a claim and of a row, as the lexicon compares them.
//!
//! Abbreviations and brands are compared as written, case aside; everything else by its stem, which is
//! [`crate::language`]'s, so that spelling variants fall together here as they do in the index.

use std::ops::Range;

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
        check(&"x".repeat(5_000), &[""]);
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
