//! Counts the digits that a page draws, by a walk of its own over the page's instructions.
//!
//! Knows nothing of places, words or columns, and asks the font's own map rather than the reader's: what it counts and
//! what reading has found must agree, or one of them is wrong. Codes of fonts that do not say what they stand for are
//! counted apart.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use pdf_extract::{Dictionary, Document, Object, ObjectId};

use super::codemap::CodeMap;
use super::digits::Digits;
use super::file::{PageSource, as_dictionary, resolve, stream_bytes};
use super::scan::{Scanner, Token};

/// What a page draws.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) digits: Digits,
    /// Codes of which the font does not say what they stand for.
    pub(super) unknown: usize,
}

/// Maps that were read, by the object that defines the font.
pub(super) type CodeMaps = HashMap<ObjectId, Rc<CodeMap>>;

/// Tokens of one page, nested drawings included.
const MOST_TOKENS: usize = 20_000_000;
/// Bytes of nested drawings of one page.
const MOST_FORM_BYTES: usize = 64 << 20;
/// Drawings within drawings.
const DEEPEST_FORM: usize = 16;

/// Walks over the page's instructions.
pub(super) fn tally(document: &Document, page: &PageSource, bytes: &[u8], maps: &mut CodeMaps) -> Tally {
    let mut walk = Walk { document, maps, tally: Tally::default(), tokens: 0, form_bytes: 0, depth: 0, font: None };
    walk.run(bytes, &page.resources);
    walk.tally
}

struct Walk<'a, 'm> {
    document: &'a Document,
    maps: &'m mut CodeMaps,
    tally: Tally,
    tokens: usize,
    form_bytes: usize,
    depth: usize,
    font: Option<Rc<CodeMap>>,
}

impl Walk<'_, '_> {
    fn run(&mut self, bytes: &[u8], resources: &Dictionary) {
        let mut saved = Vec::new();
        let (mut name, mut texts): (&[u8], Vec<Vec<u8>>) = (b"", Vec::new());
        let mut scanner = Scanner::new(bytes);
        while let Some(token) = scanner.next() {
            self.tokens += 1;
            if self.tokens > MOST_TOKENS {
                return;
            }
            let operator = match token {
                Token::Name(found) => {
                    name = found;
                    continue;
                }
                Token::Text(text) => {
                    texts.push(text);
                    continue;
                }
                Token::Word(word) => word,
                _ => continue,
            };
            match operator {
                b"q" if saved.len() < 512 => saved.push(self.font.clone()),
                b"Q" => {
                    if let Some(font) = saved.pop() {
                        self.font = font;
                    }
                }
                b"Tf" => self.set_font(named(self.document, resources, b"Font", name)),
                b"gs" => self.set_state(named(self.document, resources, b"ExtGState", name)),
                b"Tj" | b"TJ" | b"'" | b"\"" => texts.iter().for_each(|text| self.count(text)),
                b"Do" => self.draw(named(self.document, resources, b"XObject", name), resources),
                b"BI" => scanner.skip_picture(),
                _ => {}
            }
            texts.clear();
        }
    }

    fn set_font(&mut self, font: Option<&Object>) {
        let document = self.document;
        self.font = font.and_then(|font| {
            let dictionary = as_dictionary(document, font)?;
            let read = || Rc::new(CodeMap::new(document, dictionary));
            Some(match font {
                Object::Reference(id) => self.maps.entry(*id).or_insert_with(read).clone(),
                _ => read(),
            })
        });
    }

    fn set_state(&mut self, state: Option<&Object>) {
        let state = state.and_then(|state| as_dictionary(self.document, state));
        let font = state.and_then(|state| resolve(self.document, state.get(b"Font").ok())?.as_array().ok()?.first());
        if font.is_some() {
            self.set_font(font);
        }
    }

    fn count(&mut self, text: &[u8]) {
        let Some(map) = &self.font else { return };
        for code in text.chunks(map.code_bytes()) {
            match map.digits(code.iter().fold(0, |code, byte| (code << 8) | u32::from(*byte))) {
                Some(digits) => digits.iter().for_each(|digit| self.tally.digits.add(*digit)),
                None => self.tally.unknown += 1,
            }
        }
    }

    fn draw(&mut self, object: Option<&Object>, resources: &Dictionary) {
        let Some(Object::Stream(stream)) = resolve(self.document, object) else { return };
        let is_form = stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Form");
        if !is_form || self.depth >= DEEPEST_FORM || self.form_bytes > MOST_FORM_BYTES {
            return;
        }
        let own = stream.dict.get(b"Resources").ok().and_then(|object| as_dictionary(self.document, object));
        let bytes = stream_bytes(stream);
        self.form_bytes += bytes.len();
        self.depth += 1;
        let font = self.font.clone();
        self.run(&bytes, own.unwrap_or(resources));
        self.font = font;
        self.depth -= 1;
    }
}

/// A resource by its kind and name.
fn named<'d>(document: &'d Document, resources: &'d Dictionary, kind: &[u8], name: &[u8]) -> Option<&'d Object> {
    as_dictionary(document, resources.get(kind).ok()?)?.get(&unescaped(name)).ok()
}

/// A name with its escapes undone: `#20` is a space.
pub(super) fn unescaped(name: &[u8]) -> Cow<'_, [u8]> {
    if !name.contains(&b'#') {
        return Cow::Borrowed(name);
    }
    let mut out = Vec::with_capacity(name.len());
    let mut rest = name;
    while let [byte, after @ ..] = rest {
        let hex = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        let code = hex(0).zip(hex(1)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        match code.filter(|_| *byte == b'#') {
            Some(code) => {
                out.push(code);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*byte);
                rest = after;
            }
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(content: &str, font: &[(&str, Object)]) -> Tally {
        let document = Document::new();
        let name = |name: &str| Object::Name(name.as_bytes().to_vec());
        let mut dictionary = Dictionary::from_iter([("Type", name("Font")), ("Subtype", name("Type1"))]);
        font.iter().for_each(|(key, value)| dictionary.set(*key, value.clone()));
        let fonts = Dictionary::from_iter([("F", Object::Dictionary(dictionary))]);
        let resources = Dictionary::from_iter([("Font", Object::Dictionary(fonts))]);
        let source = PageSource {
            id: None,
            dictionary: Dictionary::new(),
            resources,
            view: [0.0, 0.0, 600.0, 800.0],
            quarter_turns: 0,
            missing: false,
        };
        tally(&document, &source, content.as_bytes(), &mut CodeMaps::new())
    }

    fn check(content: &str, font: &[(&str, Object)], expected: &str, unknown: usize) {
        let found = page(content, font);
        assert_eq!((found.digits, found.unknown), (Digits::of(expected), unknown), "{content}");
    }

    #[test]
    fn digits_of_every_text_operator_are_counted() {
        let plain = [("Encoding", Object::Name(b"WinAnsiEncoding".to_vec()))];
        check("/F 1 Tf (250 mg) Tj [(1) -20 (4)] TJ (7)' 1 2 (8)\"", &plain, "2501478", 0);
        check("(5) Tj /F 1 Tf", &plain, "", 0);
        check("q /F 1 Tf (5) Tj Q (6) Tj BI ID (7) Tj EI", &plain, "5", 0);
        check("/Span <</ActualText (99)>> BDC /F 1 Tf (5) Tj EMC", &plain, "5", 0);
    }

    #[test]
    fn names_of_glyphs_say_what_codes_are() {
        let named = |names: &[&str]| {
            let mut differences = vec![Object::Integer(48)];
            differences.extend(names.iter().map(|name| Object::Name(name.as_bytes().to_vec())));
            let table = Dictionary::from_iter([("Differences", Object::Array(differences))]);
            [("Encoding", Object::Dictionary(table))]
        };
        check("/F 1 Tf (0123) Tj", &named(&["seven", "A", "uni0035"]), "753", 0);
        check("/F 1 Tf (012) Tj", &named(&["g17", "a49"]), "2", 2);
    }
}
