//! A claim or a passage as the signals see it: sentences of words, with clauses, negations and explained short forms.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::lists;
use super::words::{Word, Words, is_digit, stem};

/// Words of a sentence that are read.
pub(super) const LONGEST_SENTENCE: usize = 200;
/// Sentences of a passage that are read.
pub(super) const MOST_SENTENCES: usize = 60;
/// How many words a negation reaches.
const SCOPE: usize = 6;
/// Characters before a bracket in which a long form is looked for.
const BEFORE: usize = 120;

/// Sentences of words, each distinct word once.
pub(super) struct Text {
    /// Distinct words.
    pub(super) words: Vec<Arc<Word>>,
    pub(super) sentences: Vec<Sentence>,
    /// Short forms that are explained in brackets, with the stems of the long form's words.
    pub(super) shorts: Shorts,
}

/// Short forms in lower case without hyphens, each with stems of its long form.
pub(super) type Shorts = Vec<(String, BTreeSet<String>)>;

/// A sentence.
pub(super) struct Sentence {
    /// As it is read: composed, contractions written out.
    pub(super) raw: String,
    /// Its words, by their place in [`Text::words`].
    pub(super) tokens: Vec<usize>,
    /// Whether a mark that ends a clause stands before each word.
    pub(super) cut: Vec<bool>,
    /// Words as they are written that are names or the like; see [`is_entity`].
    pub(super) entity: Vec<bool>,
}

impl Text {
    /// Reads sentences; words are kept for the next text if `keep` says so.
    pub(super) fn read<'a>(sentences: impl Iterator<Item = &'a str>, keep: bool) -> Text {
        let mut text = Text { words: Vec::new(), sentences: Vec::new(), shorts: Vec::new() };
        let mut lower = Vec::new();
        for sentence in sentences.take(MOST_SENTENCES) {
            let raw = plain(sentence);
            if raw.contains('(') {
                add_short_forms(&raw, &mut text.shorts);
            }
            let (words, cut) = tokens(&raw);
            let entity = words.iter().enumerate().map(|(at, word)| is_entity(word, at)).collect();
            let first = lower.len();
            lower.extend(words.iter().map(|word| word.to_lowercase()));
            let tokens = (first..lower.len()).collect();
            if first < lower.len() {
                text.sentences.push(Sentence { raw, tokens, cut, entity });
            }
        }
        text.number_words(&lower, keep);
        text
    }

    /// Gives equal words one place.
    fn number_words(&mut self, lower: &[String], keep: bool) {
        let mut places: HashMap<&str, usize> = HashMap::with_capacity(lower.len());
        let mut distinct: Vec<&str> = Vec::with_capacity(lower.len());
        for sentence in &mut self.sentences {
            for token in &mut sentence.tokens {
                let Some(word) = lower.get(*token) else { continue };
                *token = *places.entry(word).or_insert_with(|| {
                    distinct.push(word);
                    distinct.len() - 1
                });
            }
        }
        self.words = Words::embedded().read(&distinct, keep);
    }

    /// The words of a sentence in their order.
    pub(super) fn of(&self, sentence: &Sentence) -> Vec<&Word> {
        sentence.tokens.iter().filter_map(|token| self.words.get(*token).map(|word| &**word)).collect()
    }
}

impl Sentence {
    /// Which words stand under a negation: up to six after it, to the end of the clause; a second one turns it back.
    pub(super) fn negated(&self, words: &[&Word]) -> Vec<bool> {
        let mut negated = vec![false; words.len()];
        for at in words.iter().enumerate().filter(|(_, word)| word.cue).map(|(at, _)| at) {
            for to in at + 1..(at + 1 + SCOPE).min(words.len()) {
                if self.cut[to] || words[to].boundary {
                    break;
                }
                negated[to] ^= true;
            }
        }
        negated
    }

    /// The number of the clause that each word stands in.
    pub(super) fn clauses(&self, words: &[&Word]) -> Vec<usize> {
        let mut clause = 0;
        let begins = words.iter().zip(&self.cut).map(|(word, cut)| word.boundary || *cut);
        begins
            .map(|begins| {
                clause += usize::from(begins);
                clause
            })
            .collect()
    }
}

/// The sentences of a passage: lines, and within a line where a full stop after a word is followed by a capital.
pub(super) fn sentences(passage: &str) -> impl Iterator<Item = &str> {
    passage.split('\n').flat_map(|line| Sentences { rest: line }).filter(|sentence| !sentence.trim().is_empty())
}

/// A line that is cut into sentences.
struct Sentences<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Sentences<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let bytes = self.rest.as_bytes();
        let ends = |at: usize| {
            let before = at.checked_sub(2).and_then(|from| bytes.get(from..at));
            before.is_some_and(|before| {
                let is_word = matches!(before[0], b'a'..=b'z' | b'0'..=b'9' | b')' | b']' | b'%');
                is_word && matches!(before[1], b'.' | b'!' | b'?')
            })
        };
        let mut at = 0;
        while let Some(blank) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b' ')) {
            let begin = at + blank;
            let blanks = bytes.iter().skip(begin).take_while(|byte| **byte == b' ').count();
            at = begin + blanks;
            if ends(begin) && bytes.get(at).is_some_and(u8::is_ascii_uppercase) {
                // Both places stand beside a blank, and so between characters.
                let (sentence, rest) = (self.rest.get(..begin)?, self.rest.get(at..)?);
                self.rest = rest;
                return Some(sentence);
            }
        }
        Some(std::mem::take(&mut self.rest))
    }
}

/// A text with compatible characters composed, one form of apostrophe and hyphen, and "not" written out.
fn plain(text: &str) -> String {
    let text: Cow<'_, str> = if text.is_ascii() {
        text.into()
    } else {
        let one = |c: char| match c {
            '’' => '\'',
            '‐' | '–' => '-',
            c => c,
        };
        text.nfkc().map(one).collect::<String>().into()
    };
    if !text.contains('\'') {
        return text.into_owned();
    }
    let text = text.replace("can't", "cannot");
    let mut out = String::with_capacity(text.len() + 8);
    let mut parts = text.split("n't").peekable();
    while let Some(part) = parts.next() {
        out.push_str(part);
        if let Some(next) = parts.peek() {
            let goes_on = next.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '_');
            out.push_str(if goes_on { "n't" } else { " not" });
        }
    }
    out
}

/// Words, and whether a mark that ends a clause stands before each. A word is letters, a number with its decimals and per
/// cent, or letters with digits ("COVID-19", "IL-6"); other signs part words.
fn tokens(text: &str) -> (Vec<&str>, Vec<bool>) {
    let (mut words, mut cuts, mut cut, mut at) = (Vec::new(), Vec::new(), true, 0);
    while words.len() < LONGEST_SENTENCE {
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
        let end = if is_digit(c) {
            number_end(text, at)
        } else if c.is_alphanumeric() {
            word_end(text, at)
        } else {
            cut |= matches!(c, ',' | ';' | ':' | '.' | '(' | ')');
            at += c.len_utf8();
            continue;
        };
        words.extend(text.get(at..end));
        cuts.push(cut);
        (cut, at) = (false, end);
    }
    (words, cuts)
}

/// Where what holds of every character from a place on ends.
fn while_end(text: &str, at: usize, holds: impl Fn(char) -> bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.find(|c| !holds(c)).unwrap_or(rest.len())
}

fn number_end(text: &str, begin: usize) -> usize {
    let mut end = while_end(text, begin, is_digit);
    loop {
        let next = text.as_bytes().get(end);
        let decimals = while_end(text, end + 1, is_digit);
        if !matches!(next, Some(b'.' | b',')) || decimals == end + 1 {
            return end + usize::from(next == Some(&b'%'));
        }
        end = decimals;
    }
}

fn word_end(text: &str, begin: usize) -> usize {
    let mut end = while_end(text, begin, |c| c.is_alphanumeric() && !is_digit(c));
    loop {
        let digits = end + usize::from(text.as_bytes().get(end) == Some(&b'-'));
        if !text.as_bytes().get(digits).is_some_and(u8::is_ascii_digit) {
            return end;
        }
        end = while_end(text, digits, char::is_alphanumeric);
    }
}

/// Whether a word, as it is written, is likely a name: with a digit, two capitals, or a capital within the sentence.
fn is_entity(word: &str, at: usize) -> bool {
    let first = word.chars().next().is_some_and(char::is_uppercase);
    word.contains(is_digit) || (at > 0 && first) || word.chars().filter(|c| c.is_uppercase()).count() > 1
}

/// Adds what a text explains as "long form (SHORT)".
fn add_short_forms(raw: &str, shorts: &mut Shorts) {
    for (bracket, _) in raw.match_indices('(') {
        let Some((short, letters)) = raw.get(bracket + 1..).and_then(short_form) else { continue };
        let key = short.to_lowercase().replace('-', "").trim_end_matches('s').to_owned();
        if shorts.iter().any(|(known, _)| *known == key) {
            continue;
        }
        if let Some(stems) = raw.get(..bracket).and_then(|before| long_form(before, &letters)) {
            shorts.push((key, stems));
        }
    }
}

/// The short form that a bracket holds, with its letters: 2 to 10 characters, two of them capitals.
fn short_form(inside: &str) -> Option<(&str, Vec<char>)> {
    let inside = inside.trim_start();
    let end = inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))?;
    let (short, after) = inside.split_at_checked(end)?;
    let is_closed = after.trim_start().starts_with([',', ';', ')']);
    let begins = short.starts_with(|c: char| c.is_ascii_alphabetic());
    if !(is_closed && begins && (2..=10).contains(&short.len())) {
        return None;
    }
    let bare = short.trim_end_matches('s');
    let letters: Vec<char> = bare.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    let capitals = short.chars().filter(char::is_ascii_uppercase).count();
    (letters.len() >= 2 && capitals >= 2).then_some((short, letters))
}

/// Stems of the shortest run of words before a bracket that begins with the short form's first letter and holds its
/// letters in their order.
fn long_form(before: &str, letters: &[char]) -> Option<BTreeSet<String>> {
    let begin = before.char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    let lower = before.get(begin..)?.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let words = words.get(words.len().saturating_sub(letters.len() + 4)..)?;
    let first = *letters.first()?;
    let run = (0..words.len())
        .rev()
        .filter_map(|begin| words.get(begin..))
        .find(|run| run.first().is_some_and(|word| word.starts_with(first)) && holds_in_order(run, letters))?;
    let kept = run.iter().filter(|word| !lists::is_stop(word));
    Some(kept.map(|word| if word.len() > 3 { stem_of(word) } else { (*word).to_owned() }).collect())
}

/// The stem of a word of a long form, where number words are words.
fn stem_of(word: &str) -> String {
    if lists::digits(word).is_some() { word.to_owned() } else { stem(word) }
}

/// Whether letters stand in order within some words, and six in ten of them begin one.
fn holds_in_order(words: &[&str], letters: &[char]) -> bool {
    let joined = words.concat();
    let mut rest = joined.as_str();
    for letter in letters {
        match rest.split_once(*letter) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    let begun = letters.iter().filter(|letter| words.iter().any(|word| word.starts_with(**letter))).count();
    5 * begun >= 3 * letters.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_numbers_or_both() {
        let check = |text: &str, expected: &str| assert_eq!(tokens(text).0.join("|"), expected, "{text}");
        check("COVID-19, IL-6 and p53.", "COVID-19|IL-6|and|p53");
        check("5mg or 2.5% of 1,200, not 3.", "5|mg|or|2.5%|of|1,200|not|3");
        check("a_b-c", "a|b|c");
        check("IL-17A-2 x-", "IL-17A-2|x");
        check("", "");
        assert_eq!(tokens("one, two (three) four").1, [true, true, true, true]);
        assert_eq!(tokens("one two-three").1, [true, false, false]);
        assert_eq!(tokens(&"x ".repeat(999)).0.len(), LONGEST_SENTENCE);
    }

    #[test]
    fn contractions_are_written_out() {
        let check = |text: &str, expected: &str| assert_eq!(plain(text), expected, "{text}");
        check("It can't and doesn’t.", "It cannot and does not.");
        check("n'thing isn't", "n'thing is not");
        check("CO₂ 5–6", "CO2 5-6");
    }

    #[test]
    fn sentences_end_at_lines_and_full_stops() {
        let check = |text: &str, expected: &[&str]| assert_eq!(sentences(text).collect::<Vec<_>>(), expected, "{text}");
        check("One two. Three (e.g. four).  Five\n\n Six", &["One two.", "Three (e.g. four).", "Five", " Six"]);
        check("P. aeruginosa grows. 5 did not.", &["P. aeruginosa grows. 5 did not."]);
        check("É. É é. É. A", &["É. É é. É. A"]);
        check(" ", &[]);
    }

    #[test]
    fn short_forms_are_read_where_they_are_explained() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let mut found = Vec::new();
            add_short_forms(text, &mut found);
            let found: Vec<(String, String)> = found
                .into_iter()
                .map(|(short, stems)| (short, stems.into_iter().collect::<Vec<_>>().join(" ")))
                .collect();
            let expected: Vec<(String, String)> =
                expected.iter().map(|(short, stems)| ((*short).to_owned(), (*stems).to_owned())).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("C-reactive protein (CRP) levels", &[("crp", "c protein reactiv")]);
        check("the tumour necrosis factor (TNF; high)", &[("tnf", "factor necrosi tumour")]);
        check("selective serotonin reuptake inhibitors (SSRIs)", &[("ssri", "inhibitor reuptak select serotonin")]);
        check("was high (see below) and (N = 4) (AB", &[]);
        check("(TNF)", &[]);
        check("肝肝 (TNF)", &[]);
    }

    #[test]
    fn a_negation_reaches_to_the_end_of_its_clause() {
        let text = Text::read(["It does not raise the risk, but lowers the cost"].into_iter(), false);
        let sentence = &text.sentences[0];
        let words = text.of(sentence);
        let negated = sentence.negated(&words);
        let found: Vec<&str> = words.iter().zip(&negated).filter(|(_, n)| **n).map(|(word, _)| &*word.lower).collect();
        assert_eq!(found, ["raise", "the", "risk"]);
        assert_eq!(sentence.clauses(&words), [1, 1, 1, 1, 1, 1, 2, 2, 2, 2]);
    }
}
