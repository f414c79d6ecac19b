//! A text as lower-case words in the singular, with where each stands, for readers that look at a word's neighbours.
//!
//! One pass, bounded by the length of the text; nothing here knows what a word means.

use std::ops::Range;
use std::sync::LazyLock;

use crate::quantity::{KeyMap, key_of, number_word};

/// A word, a number or a mark of a text.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    /// In lower case (ASCII), in the singular where the ending is plain; a mark as itself.
    pub(super) word: &'a str,
    /// As it is written, in lower case.
    pub(super) written: &'a str,
    /// Bytes of the text.
    pub(super) range: Range<usize>,
    /// Its value, where it is written in digits or is a number word.
    pub(super) number: Option<f64>,
    /// Whether it is written in capitals (digits aside).
    pub(super) capitals: bool,
    /// Whether a hyphen or a dash stands between it and the token before.
    pub(super) joined: bool,
    /// Number of the sentence or clause that it stands in.
    pub(super) sentence: usize,
}

impl Token<'_> {
    /// Whether it is one of these words, in the singular.
    pub(super) fn is(&self, words: &[&str]) -> bool {
        words.contains(&self.word)
    }

    /// Whether it is a number written in digits or words.
    pub(super) fn is_number(&self) -> bool {
        self.number.is_some()
    }
}

/// Words whose singular is no matter of an ending, and two whose ending is no plural.
const SINGULAR: &[(&str, &str)] = &[
    ("women", "woman"),
    ("men", "man"),
    ("children", "child"),
    ("persons", "person"),
    ("babies", "baby"),
    ("pregnancies", "pregnancy"),
    ("deliveries", "delivery"),
    ("therapies", "therapy"),
    ("diagnoses", "diagnosis"),
    ("allergies", "allergy"),
    ("surgeries", "surgery"),
    ("families", "family"),
    ("facilities", "facility"),
    ("kidneys", "kidney"),
    ("aids", "aids"),
    ("does", "does"),
    ("unless", "unless"),
];

/// Endings in "s" that are no plural.
const NO_PLURAL: &[&str] = &["ss", "us", "is", "as", "os"];

fn singular(word: &str) -> &str {
    if let Some((_, one)) = SINGULAR.iter().find(|(many, _)| *many == word) {
        return one;
    }
    let plural = word.len() > 3 && word.ends_with('s') && !NO_PLURAL.iter().any(|ending| word.ends_with(ending));
    if plural { word.strip_suffix('s').unwrap_or(word) } else { word }
}

/// Words of one sort, by their hashes: a text is held against a dozen such lists word by word.
pub(super) type WordList = LazyLock<KeyMap<()>>;

/// The words of a list that are parted by spaces.
pub(super) fn words(list: &str) -> KeyMap<()> {
    list.split(' ').map(|word| (key_of(word), ())).collect()
}

/// Whether a list holds a word.
pub(super) fn among(list: &KeyMap<()>, word: &str) -> bool {
    list.contains_key(&key_of(word))
}

/// Cuts a text; `lower` is the same text in ASCII lower case, so that bytes stay where they are.
pub(super) fn tokens<'a>(text: &str, lower: &'a str) -> Vec<Token<'a>> {
    let mut cut = Cut { text, lower, found: Vec::with_capacity(lower.len() / 5), joined: false, sentence: 0 };
    let mut at = 0;
    while let Some(character) = lower.get(at..).and_then(|rest| rest.chars().next()) {
        at = cut.step(at, character);
    }
    cut.found
}

struct Cut<'t, 'a> {
    text: &'t str,
    lower: &'a str,
    found: Vec<Token<'a>>,
    joined: bool,
    sentence: usize,
}

impl Cut<'_, '_> {
    /// Takes what begins at a byte; gives where the next begins.
    fn step(&mut self, at: usize, character: char) -> usize {
        let next = at + character.len_utf8();
        match character {
            '0'..='9' => self.number(at),
            c if c.is_alphanumeric() => self.word(at),
            '-' | '–' | '—' | '‑' | '−' | '‐' => {
                self.joined = true;
                next
            }
            '.' | '?' | '!' => {
                self.stop(at, next);
                next
            }
            ';' | '\n' => {
                self.mark(at, next);
                self.sentence += 1;
                next
            }
            '<' | '>' if self.lower.get(next..).is_some_and(|rest| rest.starts_with('=')) => {
                self.mark(at, next + 1);
                next + 1
            }
            '<' | '>' | '≥' | '≤' | '⩾' | '⩽' | '+' | '%' | '/' | ',' | ':' | '(' | ')' | '=' => {
                self.mark(at, next);
                next
            }
            c => {
                if !c.is_whitespace() {
                    self.joined = false;
                }
                next
            }
        }
    }

    /// A full stop ends a sentence where white space and a capital follow, or nothing; "e.g. one" goes on.
    fn stop(&mut self, at: usize, next: usize) {
        let rest = self.text.get(next..).unwrap_or_default();
        let ahead = rest.trim_start();
        let ends = ahead.is_empty()
            || rest.starts_with(char::is_whitespace) && ahead.starts_with(|c: char| !c.is_lowercase() && c != ',');
        if ends {
            self.mark(at, next);
            self.sentence += 1;
        }
    }

    fn mark(&mut self, at: usize, end: usize) {
        self.push(at, end, None);
        self.joined = false;
    }

    fn number(&mut self, at: usize) -> usize {
        let bytes = self.lower.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let mut end = at;
        while digit(end) {
            end += 1;
        }
        let thousand =
            |end: usize| bytes.get(end) == Some(&b',') && (1..=3).all(|ahead| digit(end + ahead)) && !digit(end + 4);
        let mut digits = self.lower.get(at..end).unwrap_or_default().to_owned();
        if end - at <= 3 && thousand(end) {
            digits.push_str(self.lower.get(end + 1..end + 4).unwrap_or_default());
            end += 4;
        }
        if bytes.get(end) == Some(&b'.') && digit(end + 1) {
            let from = end;
            end += 1;
            while digit(end) {
                end += 1;
            }
            digits.push_str(self.lower.get(from..end).unwrap_or_default());
        }
        // Twelve digits are no age and no filtration rate; a longer run is somebody's serial number.
        let value = if digits.len() <= 12 { digits.parse().ok() } else { None };
        self.push(at, end, value);
        end
    }

    fn word(&mut self, at: usize) -> usize {
        let rest = self.lower.get(at..).unwrap_or_default();
        let length = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let end = at + length;
        let word = rest.get(..length).unwrap_or_default();
        // "Zero" is written of risks and of tolerance; an age of zero is written in months or days.
        let number = number_word(word).filter(|number| *number > 0.0);
        if let Some(ones) = number.filter(|number| *number < 10.0)
            && self.joined
            && let Some(tens) = self.found.last_mut().filter(|last| number_word(last.word).is_some())
            && let Some(value) = tens.number.filter(|number| *number >= 20.0)
        {
            // "sixty-five" is one number.
            tens.number = Some(value + ones);
            tens.range.end = end;
            self.joined = false;
            return end;
        }
        self.push(at, end, number);
        // "don't", "patient's": what follows the apostrophe is no word of its own.
        let after = rest.get(length..).unwrap_or_default();
        let Some(tail) = after.strip_prefix(['\'', '’']) else { return end };
        let ending = tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len());
        let skipped = after.len() - tail.len() + ending;
        match tail.get(..ending) {
            Some("t") => {
                // The negation of the verb.
                self.joined = false;
                self.push_as(end..end + skipped, "not", None);
                end + skipped
            }
            Some("s" | "d" | "ll" | "ve" | "re" | "m") => end + skipped,
            _ => end,
        }
    }

    fn push(&mut self, at: usize, end: usize, number: Option<f64>) {
        let lower = self.lower;
        let written = lower.get(at..end).unwrap_or_default();
        let value = number;
        let capitals = value.is_none()
            && self.text.get(at..end).is_some_and(|text| {
                text.len() > 1
                    && text.chars().any(char::is_alphabetic)
                    // "GDMs", "COPDers": what is small at the end does not take the capitals away.
                    && text.chars().filter(|c| c.is_alphabetic()).take(2).all(char::is_uppercase)
            });
        let token = Token {
            word: singular(written),
            written,
            range: at..end,
            number: value,
            capitals,
            joined: std::mem::take(&mut self.joined),
            sentence: self.sentence,
        };
        self.found.push(token);
    }

    fn push_as(&mut self, range: Range<usize>, word: &'static str, number: Option<f64>) {
        let sentence = self.sentence;
        self.found.push(Token { word, written: word, range, number, capitals: false, joined: false, sentence });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let lower = text.to_ascii_lowercase();
        tokens(text, &lower).iter().map(|token| token.word.to_owned()).collect()
    }

    #[test]
    fn words_numbers_and_marks() {
        assert_eq!(words("Women aged 50–74 years."), ["woman", "aged", "50", "74", "year", "."]);
        assert_eq!(words("a 65F on HD, eGFR >= 7.5"), ["a", "65", "f", "on", "hd", ",", "egfr", ">=", "7.5"]);
        assert_eq!(words("Don't give, e.g. to kids"), ["don", "not", "give", ",", "e", "g", "to", "kid"]);
        assert_eq!(words("Crohn's"), ["crohn"]);
        assert_eq!(words("1,000 people"), ["1,000", "people"]);
        assert_eq!(words("ä–µg ≥65"), ["ä", "µg", "≥", "65"]);
    }

    #[test]
    fn sentences_and_joins() {
        let text = "Non-dialysis CKD. Screen; stop";
        let lower = text.to_ascii_lowercase();
        let found = tokens(text, &lower);
        assert_eq!(found.iter().map(|token| token.sentence).collect::<Vec<_>>(), [0, 0, 0, 0, 1, 1, 2]);
        assert!(found[1].joined && found[2].capitals && !found[2].joined);
    }

    #[test]
    fn a_hostile_text_is_read_to_its_end() {
        for text in ["", "’", "'", "İİ", &"9".repeat(5_000), &"a'".repeat(5_000), "\u{301}\u{200f}x"] {
            let lower = text.to_ascii_lowercase();
            assert!(tokens(text, &lower).iter().all(|token| text.get(token.range.clone()).is_some()));
        }
    }
}
