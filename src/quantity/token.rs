//! Text to words, numbers and signs, in one pass: what the reader of amounts works on.
//!
//! A digit that belongs to a name ("B12", "IL-6", "1.2.3") is part of the name. Nothing is kept of a word but where it
//! stands and a hash of its lower-case letters, so that every later question is one comparison of numbers.

/// What one piece of text is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TokenKind {
    /// Letters.
    Word,
    /// Digits, read; `half` is half of the last printed digit's worth.
    Number {
        /// Its value.
        value: f64,
        /// Half of the worth of its last printed digit: 0.5 for `7`, 0.05 for `7.0`.
        half: f64,
    },
    /// Letters with digits, dotted numbers, runs of digits longer than any amount: a name.
    Name,
    /// Any other sign, dashes brought to `-` (an em dash stays).
    Sign(char),
}

/// One piece of text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// What it is.
    pub kind: TokenKind,
    /// Hash of the lower-case letters of a word or name, else 0.
    pub key: u64,
    /// Whether no white space stands before it.
    pub glued: bool,
    /// Whether a line or a sentence ended before it.
    pub fresh: bool,
}

impl Token {
    /// Whether it is this sign.
    pub fn is(&self, sign: char) -> bool {
        self.kind == TokenKind::Sign(sign)
    }
}

/// Tokens above which a text is read no further: far more than any passage holds.
const MOST: usize = 40_000;

/// The hash of a word, its letters taken as lower case (FNV-1a, 64 bits).
pub const fn key_of(word: &str) -> u64 {
    let bytes = word.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at].to_ascii_lowercase() as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

/// Cuts a text into tokens, at most [`MOST`].
pub fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader { text, at: 0, found: Vec::with_capacity(text.len() / 5 + 4), fresh: true };
    while reader.found.len() < MOST && reader.step() {}
    reader.found
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    found: Vec<Token>,
    fresh: bool,
}

impl Reader<'_> {
    /// Reads one token or one run of white space; false at the end.
    fn step(&mut self) -> bool {
        let Some(c) = self.peek(0) else { return false };
        if c.is_whitespace() {
            self.at += c.len_utf8();
            self.fresh |= matches!(c, '\n' | '\r');
            return true;
        }
        let naked = c == '.' && self.digit_at(1) && !self.follows_word();
        if c.is_ascii_digit() || naked {
            self.number();
        } else if c.is_alphanumeric() {
            self.word();
        } else {
            let sign = match c {
                '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
                '\u{2264}' | '\u{2a7d}' => '≤',
                '\u{2265}' | '\u{2a7e}' => '≥',
                c => c,
            };
            let glued = self.glued();
            self.push(c.len_utf8(), TokenKind::Sign(sign), 0, glued);
            // A full stop before white space and a capital ends a sentence; so do its kin.
            let ends = matches!(c, '.' | '?' | '!') && self.peek(0).is_none_or(char::is_whitespace);
            self.fresh |= ends && self.next_is_capital();
        }
        true
    }

    fn peek(&self, by: usize) -> Option<char> {
        self.text.get(self.at + by..).and_then(|rest| rest.chars().next())
    }

    fn digit_at(&self, by: usize) -> bool {
        self.text.as_bytes().get(self.at + by).is_some_and(u8::is_ascii_digit)
    }

    fn next_is_capital(&self) -> bool {
        let next = self.text.get(self.at..).and_then(|rest| rest.trim_start().chars().next());
        next.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
    }

    fn glued(&self) -> bool {
        self.found.last().is_some_and(|last| last.end == self.at)
    }

    fn follows_word(&self) -> bool {
        self.glued() && self.found.last().is_some_and(|last| !matches!(last.kind, TokenKind::Sign(_)))
    }

    fn push(&mut self, length: usize, kind: TokenKind, key: u64, glued: bool) {
        let (start, end) = (self.at, self.at + length);
        self.found.push(Token { start, end, kind, key, glued, fresh: std::mem::take(&mut self.fresh) });
        self.at = end;
    }

    /// Letters, and digits among them.
    fn word(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut length = 0;
        let mut digits = false;
        for c in rest.chars() {
            if !c.is_alphanumeric() {
                break;
            }
            digits |= c.is_ascii_digit();
            length += c.len_utf8();
        }
        let word = &rest[..length];
        let ascii = word.is_ascii();
        // The micro sign and the Greek letter are one letter to a reader.
        let key = if ascii { key_of(word) } else { key_of(&word.to_lowercase().replace('μ', "µ")) };
        let glued = self.glued();
        self.push(length, if digits { TokenKind::Name } else { TokenKind::Word }, key, glued);
    }

    /// Digits with thousands separators and decimals.
    fn number(&mut self) {
        let glued = self.glued();
        let bytes = self.text.as_bytes();
        let start = self.at;
        let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let first = digits(start);
        let mut end = start + first;
        let mut value = read(bytes, start, end);
        let mut name = first > 7;
        // 1,000 or 1 000 (with a space that does not break): groups of three after one to three digits.
        if (1..=3).contains(&first) {
            while let Some(separator) = separator(self.text, end).filter(|length| digits(end + length) == 3) {
                value = value * 1000.0 + read(bytes, end + separator, end + separator + 3);
                end += separator + 3;
            }
        }
        let mut half = 0.5;
        let point = self.text[end..].chars().next().filter(|c| matches!(c, '.' | '·')).map_or(0, char::len_utf8);
        // "0,5 mg" is a decimal comma: no list of amounts begins with nought.
        let comma = usize::from(point == 0 && first == 1 && bytes[start] == b'0' && bytes.get(end) == Some(&b','));
        let point = point.max(comma);
        let decimals = if point > 0 { digits(end + point) } else { 0 };
        if decimals > 0 && decimals <= 6 {
            let scale = 10f64.powi(i32::try_from(decimals).unwrap_or(0));
            value = (value * scale + read(bytes, end + point, end + point + decimals)) / scale;
            half /= scale;
            end += point + decimals;
        }
        // 1.2.3 is a section, a date or an address.
        while bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
            name = true;
            end += 1 + digits(end + 1);
        }
        let kind = if name || self.names(glued) { TokenKind::Name } else { TokenKind::Number { value, half } };
        self.push(end - start, kind, 0, glued);
    }

    /// Whether a hyphen or a point ties the number to a word before it: "IL-6", "COVID-19".
    fn names(&self, glued: bool) -> bool {
        let [.., word, tie] = self.found.as_slice() else { return false };
        // "E11.9"
        if glued && tie.glued && tie.is('.') && word.kind == TokenKind::Name {
            return true;
        }
        let tied =
            glued && tie.glued && tie.is('-') && self.text[tie.start..].starts_with(['-', '\u{2010}', '\u{2011}']);
        tied && matches!(word.kind, TokenKind::Word | TokenKind::Name) && !is_numeral_tie(word.key)
    }
}

/// Words that a hyphen ties to a number without making a name of it.
fn is_numeral_tie(key: u64) -> bool {
    const TIES: [u64; 6] =
        [key_of("to"), key_of("age"), key_of("every"), key_of("least"), key_of("than"), key_of("over")];
    TIES.contains(&key)
}

/// The length of a thousands separator at this place.
fn separator(text: &str, at: usize) -> Option<usize> {
    match text.get(at..)?.chars().next()? {
        c @ (',' | '\u{a0}' | '\u{2009}' | '\u{202f}') => Some(c.len_utf8()),
        _ => None,
    }
}

fn read(bytes: &[u8], from: usize, to: usize) -> f64 {
    bytes[from..to].iter().fold(0.0, |value, digit| value * 10.0 + f64::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<f64> {
        let values = tokens(text).into_iter().map(|token| match token.kind {
            TokenKind::Number { value, .. } => Some(value),
            _ => None,
        });
        values.flatten().collect()
    }

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!(numbers("1,000 and 10 000 and 2·5"), [1000.0, 10.0, 0.0, 2.5]);
        assert_eq!(numbers("10\u{a0}000 and 1\u{202f}500"), [10_000.0, 1500.0]);
        assert_eq!(numbers(".5 mg, 0.5 mg, 0,5 mg, 5.0"), [0.5, 0.5, 0.5, 5.0]);
        assert_eq!(numbers("1,5 mg"), [1.0, 5.0]);
        assert_eq!(numbers("500mg, 75–100"), [500.0, 75.0, 100.0]);
    }

    #[test]
    fn names_hold_no_numbers() {
        assert_eq!(numbers("B12, IL-6, COVID-19, P2Y12, PHQ-9, T4, 1.2.3, 123456789"), [0.0; 0]);
        assert_eq!(numbers(&"9".repeat(100_000)), [0.0; 0]);
    }

    #[test]
    fn the_two_letters_for_micro_are_one() {
        assert_eq!(tokens("µg")[0].key, tokens("μg")[0].key);
        assert_eq!(tokens("MG")[0].key, key_of("mg"));
    }
}
