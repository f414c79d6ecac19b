//! Cuts a text into the pieces that a vocabulary knows, as BERT's uncased tokenizer does.
//!
//! Control characters are dropped, accents stripped, letters put in lower case; a punctuation mark and a Chinese character
//! are words of their own; each word is then covered by the longest pieces from its left, of which all but the first are
//! listed with `##` in front. A word that cannot be covered is not known as a whole. (Devlin et al. 2019; Wu et al. 2016.)

use std::borrow::Cow;
use std::collections::HashMap;

use unicode_normalization::char::decompose_canonical;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::Error;

/// Words and pieces of a text that are read; what comes after is left out.
pub const MOST_PIECES: usize = 512;
/// Code points of the longest word that is looked at, as in BERT.
const LONGEST_WORD: usize = 100;
/// What marks a piece that continues a word, in the vocabulary.
const CONTINUES: &str = "##";

/// A vocabulary of pieces; each is named by its line, from 0.
#[derive(Debug)]
pub struct WordPiece {
    /// Pieces that begin a word.
    first: HashMap<Cow<'static, str>, u32>,
    /// Pieces that continue one, without their mark.
    rest: HashMap<Cow<'static, str>, u32>,
    /// What a word that cannot be covered is given as; `None` where it is left out.
    unknown: Option<u32>,
    /// Bytes of the longest piece.
    longest: usize,
    /// Number of pieces.
    len: usize,
}

impl WordPiece {
    /// Reads a vocabulary, one piece a line.
    ///
    /// # Errors
    /// [`Error::Table`] where a line is empty or repeats another.
    pub fn parse(vocabulary: &'static str) -> Result<WordPiece, Error> {
        WordPiece::of(vocabulary.lines().map(Cow::Borrowed))
    }

    /// A vocabulary of these pieces in their order.
    ///
    /// # Errors
    /// [`Error::Table`] where a piece is empty or repeats another.
    pub fn of(vocabulary: impl Iterator<Item = Cow<'static, str>>) -> Result<WordPiece, Error> {
        let room = vocabulary.size_hint().0;
        let (first, rest) = (HashMap::with_capacity(room), HashMap::new());
        let mut pieces = WordPiece { first, rest, unknown: None, longest: 0, len: 0 };
        for line in vocabulary {
            let row = pieces.len;
            let wrong = |what: &str| Error::Table(format!("line {} of the vocabulary {what}", row + 1));
            let begin = if line.len() > CONTINUES.len() && line.starts_with(CONTINUES) { CONTINUES.len() } else { 0 };
            let piece = match line {
                Cow::Borrowed(line) => Cow::Borrowed(line.get(begin..).unwrap_or_default()),
                Cow::Owned(line) => Cow::Owned(line.get(begin..).unwrap_or_default().to_owned()),
            };
            if piece.is_empty() {
                return Err(wrong("is empty"));
            }
            let named = u32::try_from(row).map_err(|_| wrong("is one too many"))?;
            pieces.longest = pieces.longest.max(piece.len());
            let known = if begin > 0 { &mut pieces.rest } else { &mut pieces.first };
            if known.contains_key(&piece) {
                let mark = if begin > 0 { CONTINUES } else { "" };
                return Err(wrong(&format!("repeats {:?}", format!("{mark}{piece}"))));
            }
            known.insert(piece, named);
            pieces.len += 1;
        }
        Ok(pieces)
    }

    /// The same, where a word that cannot be covered is given as this piece rather than left out.
    #[must_use]
    pub fn giving_unknown(self, piece: u32) -> WordPiece {
        WordPiece { unknown: Some(piece), ..self }
    }

    /// The number of a piece that begins a word, or is a mark of its own such as `[CLS]`.
    pub fn number(&self, piece: &str) -> Option<u32> {
        self.first.get(piece).copied()
    }

    /// Number of pieces.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no pieces.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Calls `take` with each piece of some texts, which are read as if a blank stood between them.
    ///
    /// An unknown word counts as one piece towards the most that are read, so that no text takes long.
    pub fn each(&self, texts: &[&str], take: impl FnMut(u32)) {
        let mut cutter = Cutter { pieces: self, word: String::new(), found: Vec::new(), room: MOST_PIECES, take };
        for text in texts {
            for c in text.chars() {
                if cutter.room == 0 {
                    return;
                }
                cutter.read(c);
            }
            cutter.end_word();
        }
    }
}

/// A text on its way through a vocabulary.
struct Cutter<'a, F> {
    pieces: &'a WordPiece,
    /// The word that is being read.
    word: String,
    /// Its pieces.
    found: Vec<u32>,
    /// Pieces that may still be given.
    room: usize,
    take: F,
}

impl<F: FnMut(u32)> Cutter<'_, F> {
    fn read(&mut self, c: char) {
        if c.is_ascii() {
            match c {
                ' ' | '\t' | '\n' | '\r' => self.end_word(),
                _ if c.is_ascii_control() => {}
                _ => self.add(c.to_ascii_lowercase()),
            }
            return;
        }
        if c == '\u{fffd}' || is_control(c) {
            return;
        }
        if c.is_whitespace() {
            self.end_word();
        } else if is_chinese(c) {
            self.end_word();
            self.letters(c);
            self.end_word();
        } else {
            self.letters(c);
        }
    }

    /// A character without its accents, in lower case.
    fn letters(&mut self, c: char) {
        decompose_canonical(c, |part| {
            if part.is_ascii() || part.general_category() != GeneralCategory::NonspacingMark {
                part.to_lowercase().for_each(|letter| self.add(letter));
            }
        });
    }

    fn add(&mut self, letter: char) {
        if is_punctuation(letter) {
            self.end_word();
            self.word.push(letter);
            self.end_word();
        } else {
            self.word.push(letter);
        }
    }

    fn end_word(&mut self) {
        if self.word.is_empty() || self.room == 0 {
            self.word.clear();
            return;
        }
        self.found.clear();
        if !self.cover() {
            self.found.clear();
            match self.pieces.unknown {
                Some(unknown) => self.found.push(unknown),
                None => self.room -= 1,
            }
        }
        for piece in self.found.drain(..).take(self.room) {
            self.room -= 1;
            (self.take)(piece);
        }
        self.word.clear();
    }

    /// Covers the word with pieces; `false` where that cannot be done.
    fn cover(&mut self) -> bool {
        let word = self.word.as_str();
        if word.len() > LONGEST_WORD && word.chars().nth(LONGEST_WORD).is_some() {
            return false;
        }
        let mut at = 0;
        while at < word.len() {
            let known = if at == 0 { &self.pieces.first } else { &self.pieces.rest };
            let furthest = word.len().min(at.saturating_add(self.pieces.longest));
            let longest = (at + 1..=furthest).rev().find_map(|end| Some((end, *known.get(word.get(at..end)?)?)));
            let Some((end, piece)) = longest else { return false };
            self.found.push(piece);
            at = end;
        }
        true
    }
}

/// Characters that are dropped: those that format, and those of private use. Unassigned ones stay, as letters.
fn is_control(c: char) -> bool {
    use GeneralCategory::{Control, Format, PrivateUse};
    matches!(c.general_category(), Control | Format | PrivateUse)
}

/// What BERT takes for punctuation: that of Unicode, and every ASCII sign that is neither a letter nor a digit.
fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    c.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// The blocks of unified Chinese characters, as BERT lists them.
fn is_chinese(c: char) -> bool {
    matches!(u32::from(c),
        0x4e00..=0x9fff | 0x3400..=0x4dbf | 0x2_0000..=0x2_a6df | 0x2_a700..=0x2_b73f | 0x2_b740..=0x2_b81f
        | 0x2_b820..=0x2_ceaf | 0xf900..=0xfaff | 0x2_f800..=0x2_fa1f)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOCABULARY: &str = "[UNK]\nmet\n##form\n##in\nmetformin\nthe\n##s\n,\n-\n≥\n40\n##0\nmg\na\n1\n##c\nnaive\n肝\n“\n##met\nμ\nσ\nx\n##x";

    fn check(text: &str, expected: &str) {
        let pieces = WordPiece::parse(VOCABULARY).expect("a vocabulary");
        let lines: Vec<&str> = VOCABULARY.lines().collect();
        let mut found = Vec::new();
        pieces.each(&[text], |row| found.push(lines[row as usize]));
        assert_eq!(found.join(" "), expected, "{text:?}");
    }

    #[test]
    fn words_are_covered_by_the_longest_pieces() {
        check("", "");
        check("Metformin", "metformin");
        check("METFORMIN,the", "metformin , the");
        check("metforms", "met ##form ##s");
        check("a\u{a0}1\u{200b}c\u{7}\u{fffd}", "a 1 ##c");
    }

    #[test]
    fn unknown_words_are_left_out_whole() {
        check("metformq the", "the");
        check("q", "");
        check("##in", "");
        check("[UNK]", "");
    }

    #[test]
    fn unknown_words_are_given_where_a_network_was_taught_so() {
        let pieces = WordPiece::parse(VOCABULARY).expect("a vocabulary");
        let unknown = pieces.number("[UNK]").expect("a piece");
        let pieces = pieces.giving_unknown(unknown);
        let of = |text: &str| {
            let mut found = Vec::new();
            pieces.each(&[text], |piece| found.push(piece));
            found
        };
        assert_eq!(of("metformq the"), [unknown, 5]);
        assert_eq!(of(&"q ".repeat(600)), [unknown; MOST_PIECES]);
        assert!(of("").is_empty());
        assert_eq!(pieces.number("##form"), None);
    }

    #[test]
    fn letters_lose_case_and_accents() {
        check("Naïve NAI\u{308}VE", "naive naive");
        check("Σ Μ µ", "σ μ");
    }

    #[test]
    fn marks_and_chinese_characters_stand_alone() {
        check("“400mg”", "“");
        check("“400” mg-the", "“ 40 ##0 mg - the");
        check("≥40", "");
        check("≥ 40", "≥ 40");
        check("a肝a", "a 肝 a");
    }

    #[test]
    fn a_text_is_read_to_a_bound() {
        let pieces = WordPiece::parse(VOCABULARY).expect("a vocabulary");
        let count = |texts: &[&str]| {
            let mut found = 0;
            pieces.each(texts, |_| found += 1);
            found
        };
        assert_eq!(count(&[&"the ".repeat(511), "mg mg mg"]), MOST_PIECES);
        assert_eq!(count(&[&"unknown ".repeat(511), "mg mg mg"]), 1);
        assert_eq!(count(&[&"metforms ".repeat(400)]), MOST_PIECES);
        assert_eq!((count(&[&"x".repeat(100)]), count(&[&"x".repeat(101)])), (100, 0));
        assert_eq!(count(&["met", "form"]), 1, "texts do not run together");
    }

    #[test]
    fn a_wrong_vocabulary_is_refused() {
        let check = |vocabulary: &'static str, expected: &str| {
            let error = WordPiece::parse(vocabulary).expect_err("refused").to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("a\n\nb", "line 2 of the vocabulary is empty");
        check("a\n##b\n##b", "line 3 of the vocabulary repeats \"##b\"");
        assert_eq!(WordPiece::parse("##\n##b\nb").expect("pieces").len(), 3);
    }
}
