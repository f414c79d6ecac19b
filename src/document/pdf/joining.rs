//! Joins lines to running text, undoing the hyphens that only the line's end called for.

use std::collections::HashMap;

/// How often each word stands in the document away from line ends.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: HashMap<String, u32>,
}

impl Lexicon {
    /// Counts the words of a line, but for the last, which may be cut.
    pub(super) fn add_line(&mut self, text: &str) {
        let mut words = text.split_whitespace().peekable();
        while let Some(word) = words.next() {
            if words.peek().is_some() || !ends_with_hyphen(word) {
                let word = bare(word);
                if word.chars().count() > 1 {
                    *self.words.entry(word).or_default() += 1;
                }
            }
        }
    }

    fn count(&self, word: &str) -> u32 {
        self.words.get(word).copied().unwrap_or(0)
    }
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().replace('\u{2010}', "-")
}

fn ends_with_hyphen(text: &str) -> bool {
    text.ends_with(['-', '\u{2010}', '\u{ad}', '\u{2}'])
}

/// First parts that are joined to other words by a hyphen more often than not.
const PREFIXES: [&str; 34] = [
    "low",
    "high",
    "long",
    "short",
    "self",
    "well",
    "non",
    "evidence",
    "first",
    "second",
    "third",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "follow",
    "cost",
    "half",
    "full",
    "part",
    "health",
    "all",
    "risk",
    "drug",
    "dose",
    "age",
    "population",
    "community",
    "hospital",
    "once",
    "point",
    "multi",
];

/// First parts that are words of their own but are written together with what follows.
const WRITTEN_TOGETHER: [&str; 16] = [
    "over", "under", "with", "any", "some", "every", "through", "there", "where", "here", "back", "inter", "never",
    "more", "what", "mean",
];

/// Appends the next line to a text.
pub(super) fn append_line(text: &mut String, next: &str, lexicon: &Lexicon) {
    let next = next.trim_start();
    if text.is_empty() || next.is_empty() {
        text.push_str(next);
        return;
    }
    if text.ends_with(['\u{ad}', '\u{2}']) {
        text.pop();
        text.push_str(next);
        return;
    }
    if text.ends_with(['-', '\u{2010}']) {
        join_hyphenated(text, next, lexicon);
        return;
    }
    // A range or an alternative that the line's end has cut: "2011–" "2012", "and/" "or".
    let mut ends = text.chars().rev();
    let (last, before) = (ends.next(), ends.next());
    let cut = matches!(last, Some('–' | '/')) && before.is_some_and(char::is_alphanumeric);
    if !cut || !next.starts_with(char::is_alphanumeric) {
        text.push(' ');
    }
    text.push_str(next);
}

fn join_hyphenated(text: &mut String, next: &str, lexicon: &Lexicon) {
    let stem = text.trim_end_matches(['-', '\u{2010}']);
    let first =
        stem.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '/' | '"' | '“')).next().unwrap_or_default();
    let next_word = next.split_whitespace().next().unwrap_or_default();
    if first.is_empty() || matches!(next_word, "and" | "or" | "to" | "and/or") {
        // A dash that stands alone, or "short- and long-term".
        text.push(' ');
    } else if next.starts_with(char::is_lowercase) && first.chars().all(|c| c.is_alphabetic() || c == '-') {
        let second: String = next.chars().take_while(|c| c.is_alphabetic() || *c == '-' || *c == '\u{2010}').collect();
        if !keeps_hyphen(first, &second, lexicon) {
            text.truncate(stem.len());
        }
    }
    text.push_str(next);
}

/// Whether the hyphen is part of the word, by how the document writes the word elsewhere.
fn keeps_hyphen(first: &str, second: &str, lexicon: &Lexicon) -> bool {
    let (first, second) = (bare(first), bare(second));
    let (joined, hyphenated) =
        (lexicon.count(&format!("{first}{second}")), lexicon.count(&format!("{first}-{second}")));
    if joined != hyphenated {
        return hyphenated > joined;
    }
    if first.contains('-') {
        // "evidence-based-" is rare, "state-of-the-" is not; the rest of a compound is a word of its own.
        return lexicon.count(&second) > 0;
    }
    if WRITTEN_TOGETHER.contains(&first.as_str()) {
        return false;
    }
    PREFIXES.contains(&first.as_str()) || (first.len() > 3 && lexicon.count(&first) > 1 && lexicon.count(&second) > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], elsewhere: &str, expected: &str) {
        let mut lexicon = Lexicon::default();
        lexicon.add_line(elsewhere);
        let mut text = String::new();
        for line in lines {
            append_line(&mut text, line, &lexicon);
        }
        assert_eq!(text, expected);
    }

    #[test]
    fn hyphens_of_the_line_end_go_and_others_stay() {
        check(&["treat hyper-", "tension"], "", "treat hypertension");
        check(&["give low-", "dose aspirin"], "", "give low-dose aspirin");
        check(&["in COVID-", "19 patients"], "", "in COVID-19 patients");
        check(&["follow-", "up"], "", "follow-up");
        check(&["a guide-", "line"], "the guide line", "a guideline");
        check(&["the over-", "view"], "over over view view of", "the overview");
        check(&["the re-", "treatment"], "re-treatment is", "the re-treatment");
        check(&["short-", "and long-term"], "", "short- and long-term");
        check(&["soft\u{ad}", "ware"], "", "software");
    }

    #[test]
    fn ranges_and_alternatives_are_not_parted() {
        check(&["in 2011–", "2012 and/", "or later –", "or never"], "", "in 2011–2012 and/or later – or never");
    }
}
