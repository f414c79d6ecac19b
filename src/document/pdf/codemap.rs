//! Says which digits a font's codes stand for, by the font's own words: its map to Unicode, or the names of its glyphs.
//!
//! The second opinion to [`super::font`]: it never looks into font programs, and says so where nothing else would help.

use std::collections::HashMap;

use pdf_extract::{Dictionary, Document, Object};

use super::file::{as_dictionary, resolve, stream_bytes};
use super::scan::{Scanner, Token};

/// What a font says of its codes.
#[derive(Debug)]
pub(super) struct CodeMap {
    code_bytes: usize,
    kind: Kind,
    /// Digits of the codes that the map to Unicode names; none for a letter.
    mapped: HashMap<u32, Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Codes mean what ASCII says, unless the map says otherwise.
    Plain,
    /// Codes mean what the map says and nothing else.
    Mapped,
    /// Arrows and ticks: none of its codes is a digit.
    Signs,
}

/// Codes that a map spells out.
const MOST_CODES: usize = 70_000;

impl CodeMap {
    /// Reads what the font's dictionary says.
    pub(super) fn new(document: &Document, font: &Dictionary) -> CodeMap {
        let composite = is_name(document, font, b"Subtype", b"Type0");
        let mut map = CodeMap { code_bytes: if composite { 2 } else { 1 }, kind: Kind::Mapped, mapped: HashMap::new() };
        if is_sign_font(document, font) {
            map.kind = Kind::Signs;
            return map;
        }
        if composite {
            if let Some(Object::Stream(encoding)) = resolve(document, font.get(b"Encoding").ok()) {
                map.code_bytes = code_bytes(&stream_bytes(encoding)).unwrap_or(2);
            }
        } else {
            map.read_encoding(document, font);
        }
        if let Some(Object::Stream(unicode)) = resolve(document, font.get(b"ToUnicode").ok()) {
            map.read_unicode_map(&stream_bytes(unicode));
        }
        map
    }

    /// Bytes for each code.
    pub(super) fn code_bytes(&self) -> usize {
        self.code_bytes
    }

    /// The digits that a code stands for; `None` where the font does not say.
    pub(super) fn digits(&self, code: u32) -> Option<&[u8]> {
        const ASCII: [u8; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        if self.kind == Kind::Signs {
            return Some(&[]);
        }
        match (self.mapped.get(&code), self.kind) {
            (Some(digits), _) => Some(digits).filter(|digits| digits.first() != Some(&UNSAID)).map(Vec::as_slice),
            (None, Kind::Plain) => match code.checked_sub(0x30).and_then(|digit| usize::try_from(digit).ok()) {
                Some(digit @ 0..=9) => ASCII.get(digit..=digit),
                _ => Some(&[]),
            },
            (None, _) => None,
        }
    }

    fn read_encoding(&mut self, document: &Document, font: &Dictionary) {
        let program = resolve(document, font.get(b"FontDescriptor").ok())
            .and_then(|object| as_dictionary(document, object))
            .is_some_and(|descriptor| descriptor.has(b"FontFile") || descriptor.has(b"FontFile3"));
        let encoding = resolve(document, font.get(b"Encoding").ok());
        // The encoding that a font program brings along is known to nobody but itself.
        let own = program || is_name(document, font, b"Subtype", b"Type3");
        let says = |table: &Dictionary| table.has(b"BaseEncoding");
        self.kind = match encoding {
            Some(Object::Name(_)) => Kind::Plain,
            Some(Object::Dictionary(table)) if says(table) || !own => Kind::Plain,
            None if !own => Kind::Plain,
            _ => Kind::Mapped,
        };
        let Some(Object::Dictionary(table)) = encoding else { return };
        let Some(Object::Array(differences)) = resolve(document, table.get(b"Differences").ok()) else { return };
        let mut code = 0;
        for item in differences.iter().take(MOST_CODES) {
            match item {
                Object::Integer(first) => code = u32::try_from(*first).unwrap_or(0),
                Object::Name(name) => {
                    self.mapped.insert(code, named_digits(name));
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
    }

    fn read_unicode_map(&mut self, map: &[u8]) {
        let mut texts: Vec<Vec<u8>> = Vec::new();
        // Where an array of single targets began.
        let mut listed: Option<usize> = None;
        for token in Scanner::new(map) {
            match token {
                Token::Text(text) => texts.push(text),
                Token::ArrayStart => listed = Some(texts.len()),
                Token::ArrayEnd => {
                    self.add_list(&texts, listed.take());
                    texts.clear();
                }
                Token::Word(b"endbfchar") => {
                    texts.chunks_exact(2).for_each(|pair| {
                        if let [code, target] = pair {
                            self.add(number(code), decoded(target));
                        }
                    });
                    texts.clear();
                }
                Token::Word(b"endbfrange") => {
                    texts.chunks_exact(3).for_each(|range| {
                        if let [first, last, target] = range {
                            self.add_range(number(first), number(last), target);
                        }
                    });
                    texts.clear();
                }
                Token::Word(_) => texts.clear(),
                _ => {}
            }
            if texts.len() > MOST_CODES {
                return;
            }
        }
    }

    /// A range whose targets are listed one by one; ranges before it in the same block go on by counting.
    fn add_list(&mut self, texts: &[Vec<u8>], from: Option<usize>) {
        let Some((before, targets)) = from.and_then(|from| texts.split_at_checked(from)) else { return };
        let (ranges, own) = before.split_at_checked(before.len().saturating_sub(2)).unwrap_or_default();
        for range in ranges.chunks_exact(3) {
            if let [first, last, target] = range {
                self.add_range(number(first), number(last), target);
            }
        }
        let Some(first) = own.first() else { return };
        for (code, target) in (number(first)..).zip(targets) {
            self.add(code, decoded(target));
        }
    }

    fn add_range(&mut self, first: u32, last: u32, target: &[u8]) {
        let start = decoded(target);
        let mut before: Vec<char> = start.chars().collect();
        let Some(counting) = before.pop() else { return };
        for code in first..=last.min(first.saturating_add(0xffff)) {
            let Some(c) = char::from_u32((counting as u32).saturating_add(code - first)) else { continue };
            self.add(code, before.iter().copied().chain([c]).collect());
        }
    }

    fn add(&mut self, code: u32, text: String) {
        if self.mapped.len() < MOST_CODES {
            let digits = text.chars().filter_map(|c| u8::try_from(c.to_digit(10)?).ok()).collect();
            self.mapped.insert(code, digits);
        }
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |code, byte| (code << 8) | u32::from(*byte))
}

/// UTF-16, the most significant byte first.
fn decoded(bytes: &[u8]) -> String {
    let units: Vec<u16> = match bytes {
        [one] => vec![u16::from(*one)],
        _ => {
            bytes.chunks_exact(2).map(|pair| pair.iter().fold(0, |unit, byte| (unit << 8) | u16::from(*byte))).collect()
        }
    };
    String::from_utf16_lossy(&units)
}

/// Bytes for each code, as a composite font's own encoding says.
fn code_bytes(map: &[u8]) -> Option<usize> {
    let mut last = None;
    for token in Scanner::new(map) {
        match token {
            Token::Word(b"begincodespacerange") => last = None,
            Token::Text(text) => last = last.or(Some(text.len())),
            Token::Word(b"endcodespacerange") => return last.map(|bytes| bytes.clamp(1, 4)),
            _ => {}
        }
    }
    None
}

/// Stands for a name that says nothing, such as `g17`.
const UNSAID: u8 = 0xff;

/// The digits that a glyph's name stands for.
fn named_digits(name: &[u8]) -> Vec<u8> {
    const NAMES: [&[u8]; 10] =
        [b"zero", b"one", b"two", b"three", b"four", b"five", b"six", b"seven", b"eight", b"nine"];
    // What follows a dot is the drawing's style.
    let bare = name.split(|byte| *byte == b'.').next().unwrap_or_default();
    if let Some(digit) = NAMES.iter().position(|digit| *digit == bare) {
        return u8::try_from(digit).into_iter().collect();
    }
    let code = bare.strip_prefix(b"uni").and_then(|hex| u32::from_str_radix(str::from_utf8(hex).ok()?, 16).ok());
    if let Some(c) = code.and_then(char::from_u32) {
        return c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()).into_iter().collect();
    }
    if bare.iter().any(u8::is_ascii_digit) { vec![UNSAID] } else { Vec::new() }
}

fn is_name(document: &Document, dictionary: &Dictionary, key: &[u8], expected: &[u8]) -> bool {
    resolve(document, dictionary.get(key).ok()).and_then(|name| name.as_name().ok()) == Some(expected)
}

fn is_sign_font(document: &Document, font: &Dictionary) -> bool {
    let base = resolve(document, font.get(b"BaseFont").ok()).and_then(|name| name.as_name().ok()).unwrap_or_default();
    let base = String::from_utf8_lossy(base).to_lowercase();
    ["wingdings", "webdings", "zapfdingbats"].iter().any(|signs| base.contains(signs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(map: &str, code: u32, expected: Option<&[u8]>) {
        let mut read = CodeMap { code_bytes: 2, kind: Kind::Mapped, mapped: HashMap::new() };
        read.read_unicode_map(map.as_bytes());
        assert_eq!(read.digits(code), expected, "{map}: {code}");
    }

    #[test]
    fn maps_to_unicode_name_single_codes_ranges_and_lists() {
        check("1 beginbfchar <0003> <0035> <0004> <0041> endbfchar", 3, Some(&[5]));
        check("1 beginbfchar <0003> <0035> <0004> <0041> endbfchar", 4, Some(&[]));
        check("1 beginbfchar <0003> <0035> endbfchar", 5, None);
        check("2 beginbfrange <0010> <0019> <0030> <0041> <0042> <0031> endbfrange", 0x17, Some(&[7]));
        check("1 beginbfrange <01> <02> <0030> <10> <11> [<0038> <00310032>] endbfrange", 0x11, Some(&[1, 2]));
        check("1 beginbfrange <01> <02> <0030> <10> <11> [<0038> <0031>] endbfrange", 0x02, Some(&[1]));
    }

    #[test]
    fn a_range_without_end_is_bounded() {
        check("1 beginbfrange <0000> <ffffffff> <0030> endbfrange", 5, Some(&[5]));
        check("1 beginbfrange <0000> <ffffffff> <0030> endbfrange", 0x2_0000, None);
    }
}
