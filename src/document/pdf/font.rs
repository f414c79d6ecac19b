//! Turns a font's character codes into text and widths, with pdf-extract as the judge of encodings.
//!
//! pdf-extract reads whole pages, gives up on the page where it meets one odd font, and passes over text in nested
//! drawings. So each font is put, alone, on a page of its own that shows every code once, and what pdf-extract says of
//! each code is kept: a font that it cannot read costs that font's glyphs and nothing else, and each font is read once
//! a document instead of once a page. Where glyphs stand is [`super::content`]'s.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use pdf_extract::{Dictionary, Document, MediaBox, Object, ObjectId, OutputDev, OutputError, Stream, Transform};

use super::file::{as_dictionary, number, resolve, stream_bytes};
use super::predefined::Predefined;
use super::signs::Signs;
use crate::document::{Builder, DefectKind};

/// What stands for a glyph whose character is not known.
pub(super) const UNKNOWN: &str = "\u{fffd}";

/// One character code of a font, as shown.
#[derive(Clone, Debug)]
pub(super) struct Code {
    /// The text that it stands for.
    pub(super) text: Rc<str>,
    /// Width in text space for a font of size 1.
    pub(super) width: f64,
}

/// A font, read as far as its codes are used.
#[derive(Debug)]
pub(super) struct Font {
    /// A document that holds this font and nothing else; `None` where the font could not be read.
    specimen: Option<Document>,
    /// What was found for each block of 256 codes.
    blocks: HashMap<u32, Vec<Code>>,
    /// Bytes for each code, unless the encoding is predefined.
    code_bytes: usize,
    predefined: Option<Predefined>,
    /// Whether the font sets its characters one under the other.
    pub(super) vertical: bool,
    /// Whether the font's name or weight says that it is bold.
    pub(super) bold: bool,
    /// Whether the font holds pictures of signs rather than letters.
    signs: Signs,
    /// What pdf-extract's widths must be multiplied by.
    width_scale: f64,
    /// Codes that were shown as each digit.
    digit_codes: [Vec<u32>; 10],
}

/// Codes for one digit that are too many: a font may hold one for tables, one for text and a raised one.
const SAME_DIGIT: usize = 4;

impl Font {
    /// Reads the font's dictionary.
    pub(super) fn new(document: &Document, dictionary: &Dictionary) -> Font {
        let subtype = name(document, dictionary, b"Subtype");
        let composite = subtype == "Type0";
        let code_bytes = if composite { code_bytes(document, dictionary) } else { 1 };
        let width_scale = if subtype == "Type3" { type3_scale(document, dictionary) } else { 1.0 };
        let encoding = if composite { name(document, dictionary, b"Encoding") } else { String::new() };
        let mut specimen = specimen(document, dictionary);
        if !composite && names_all_codes(document, dictionary) {
            drop_font_programs(&mut specimen);
        }
        Font {
            specimen: Some(specimen),
            blocks: HashMap::new(),
            code_bytes,
            predefined: Predefined::named(&encoding).filter(|_| !dictionary.has(b"ToUnicode")),
            vertical: encoding.ends_with("-V"),
            bold: is_bold(document, dictionary),
            signs: Signs::of(&name(document, dictionary, b"BaseFont"), dictionary.has(b"ToUnicode")),
            width_scale,
            digit_codes: Default::default(),
        }
    }

    /// Notes that a code was shown as this text.
    pub(super) fn note_shown(&mut self, code: u32, text: &str) {
        let [byte @ b'0'..=b'9'] = text.as_bytes() else { return };
        if let Some(codes) = self.digit_codes.get_mut(usize::from(byte - b'0'))
            && codes.len() < SAME_DIGIT
            && !codes.contains(&code)
        {
            codes.push(code);
        }
    }

    /// Whether so many codes were shown as one digit that the font's map cannot be trusted.
    pub(super) fn doubtful_digits(&self) -> bool {
        self.digit_codes.iter().any(|codes| codes.len() >= SAME_DIGIT)
    }

    /// Bytes of the first code of a string.
    pub(super) fn code_length(&self, bytes: &[u8]) -> usize {
        self.predefined.map_or(self.code_bytes, |predefined| predefined.length(bytes))
    }

    /// What a code stands for.
    pub(super) fn code(&mut self, code: u32) -> Code {
        if let Some(predefined) = self.predefined {
            let width = if code > 0xff { 1.0 } else { 0.5 };
            return Code { text: predefined.text(code).map_or(UNKNOWN.into(), Into::into), width };
        }
        let block = code >> 8;
        if !self.blocks.contains_key(&block) {
            let codes = self.read_block(block);
            self.blocks.insert(block, codes);
        }
        let found = self.blocks.get(&block).and_then(|codes| codes.get((code & 0xff) as usize));
        found.cloned().unwrap_or_else(|| Code { text: UNKNOWN.into(), width: 0.5 })
    }

    fn read_block(&mut self, block: u32) -> Vec<Code> {
        let content = every_code(block, self.code_bytes);
        let mut shown = None;
        // The font as it is; without its font program; without its map to Unicode.
        for attempt in 0..3 {
            let Some(specimen) = &mut self.specimen else { break };
            match attempt {
                0 => {}
                1 => drop_font_programs(specimen),
                _ => drop_unicode_map(specimen),
            }
            set_content(specimen, content.clone());
            shown = show(specimen);
            if shown.is_some() {
                break;
            }
        }
        if shown.is_none() {
            self.specimen = None;
        }
        let unknown = || Code { text: UNKNOWN.into(), width: 0.5 };
        let mut codes = vec![unknown(); 256];
        for (code, shown) in codes.iter_mut().zip(shown.unwrap_or_default()) {
            if let Some((text, width)) = shown {
                *code = self.judged(&text, width);
            }
        }
        codes
    }

    /// Replaces texts that are certainly not what the glyph shows.
    fn judged(&self, text: &str, width: f64) -> Code {
        let width = if width.is_finite() { width * self.width_scale } else { 0.5 };
        let mut characters = text.chars();
        let single = characters.next().filter(|_| characters.next().is_none());
        let sign = single.and_then(|c| self.signs.sign(c));
        let text = match sign {
            Some(sign) => sign,
            None if text.is_empty() || text.contains('\0') => UNKNOWN,
            None => text,
        };
        Code { text: text.into(), width }
    }
}

/// Tells the builder which pages show digits of fonts whose map cannot be trusted.
pub(super) fn note_doubtful(shown: &[(usize, Rc<RefCell<Font>>)], builder: &mut Builder) {
    let mut told = BTreeSet::new();
    for (page, font) in shown {
        if font.borrow().doubtful_digits() && told.insert(*page) {
            let reason = "a font shows different glyphs as the same digit; the page's numbers may be wrong";
            builder.defect(DefectKind::UnknownGlyphs, Some(*page), reason);
        }
    }
}

fn is_bold(document: &Document, dictionary: &Dictionary) -> bool {
    let mut base = name(document, dictionary, b"BaseFont").to_lowercase();
    // Subset names lead with six arbitrary letters.
    if base.as_bytes().get(6) == Some(&b'+') {
        base = base.get(7..).unwrap_or_default().to_owned();
    }
    if ["bold", "black", "heavy", "-bd", "demi", "blk"].iter().any(|weight| base.contains(weight)) {
        return true;
    }
    let descendant = resolve(document, dictionary.get(b"DescendantFonts").ok())
        .and_then(|array| array.as_array().ok()?.first())
        .and_then(|object| as_dictionary(document, object));
    let descriptor = descendant.unwrap_or(dictionary).get(b"FontDescriptor").ok();
    let descriptor = descriptor.and_then(|object| as_dictionary(document, object));
    let weight = descriptor.and_then(|descriptor| number(resolve(document, descriptor.get(b"FontWeight").ok())?));
    weight.is_some_and(|weight| weight >= 600.0)
}

fn name(document: &Document, dictionary: &Dictionary, key: &[u8]) -> String {
    let object = resolve(document, dictionary.get(key).ok());
    let bytes = object.and_then(|object| object.as_name().ok()).unwrap_or_default();
    String::from_utf8_lossy(bytes).into_owned()
}

/// Widths of a Type 3 font are in units that the font chooses; pdf-extract takes thousandths for granted.
fn type3_scale(document: &Document, dictionary: &Dictionary) -> f64 {
    let matrix = resolve(document, dictionary.get(b"FontMatrix").ok()).and_then(|matrix| matrix.as_array().ok());
    let unit = matrix.and_then(|matrix| number(resolve(document, matrix.first())?));
    unit.filter(|unit| *unit > 0.0).map_or(1.0, |unit| unit * 1000.0)
}

/// Bytes for each code of a composite font: two, unless its own map says otherwise.
fn code_bytes(document: &Document, dictionary: &Dictionary) -> usize {
    let Some(Object::Stream(stream)) = resolve(document, dictionary.get(b"Encoding").ok()) else { return 2 };
    let map = stream_bytes(stream);
    let map = String::from_utf8_lossy(&map);
    let range = map.split("begincodespacerange").nth(1).and_then(|rest| rest.split('<').nth(1));
    let digits = range.and_then(|rest| rest.split('>').next()).map_or(4, |digits| digits.trim().len());
    (digits / 2).clamp(1, 4)
}

/// Objects that a font may consist of; more than that is an attack.
const MOST_FONT_OBJECTS: usize = 5_000;
const PAGE: ObjectId = (1, 0);
const CONTENT: ObjectId = (2, 0);
const FONT: ObjectId = (3, 0);

/// A document with one page, whose only resource is this font.
fn specimen(document: &Document, font: &Dictionary) -> Document {
    let mut copy = Copy { from: document, to: Document::new(), next: 10, copied: HashMap::new() };
    let mut font = copy.dictionary(font, 0);
    make_readable(&mut font, &copy.to);
    let mut specimen = copy.to;
    specimen.objects.values_mut().for_each(spell_out_widths);
    specimen.objects.insert(FONT, Object::Dictionary(font));
    let reference = |id| Object::Reference(id);
    let fonts = Dictionary::from_iter([("F", reference(FONT))]);
    let resources = Dictionary::from_iter([("Font", Object::Dictionary(fonts))]);
    let sides = [0, 0, 1000, 1000].map(Object::Integer).to_vec();
    let page = Dictionary::from_iter([
        ("Type", Object::Name(b"Page".to_vec())),
        ("Resources", Object::Dictionary(resources)),
        ("MediaBox", Object::Array(sides)),
        ("Contents", reference(CONTENT)),
    ]);
    let tree = Dictionary::from_iter([
        ("Type", Object::Name(b"Pages".to_vec())),
        ("Kids", Object::Array(vec![reference(PAGE)])),
        ("Count", Object::Integer(1)),
    ]);
    let catalog = Dictionary::from_iter([("Type", Object::Name(b"Catalog".to_vec())), ("Pages", reference((4, 0)))]);
    specimen.objects.insert(PAGE, Object::Dictionary(page));
    specimen.objects.insert((4, 0), Object::Dictionary(tree));
    specimen.objects.insert((5, 0), Object::Dictionary(catalog));
    specimen.trailer.set("Root", reference((5, 0)));
    specimen
}

/// Copies a font's objects, without font programs that pdf-extract would unpack for nothing.
struct Copy<'a> {
    from: &'a Document,
    to: Document,
    next: u32,
    copied: HashMap<ObjectId, ObjectId>,
}

impl Copy<'_> {
    fn object(&mut self, object: &Object, depth: usize) -> Object {
        if depth > 12 || self.copied.len() > MOST_FONT_OBJECTS {
            return Object::Null;
        }
        match object {
            Object::Reference(id) => self.reference(*id, depth),
            Object::Array(array) => Object::Array(array.iter().map(|object| self.object(object, depth + 1)).collect()),
            Object::Dictionary(dictionary) => Object::Dictionary(self.dictionary(dictionary, depth + 1)),
            Object::Stream(stream) => {
                let mut copy = Stream::new(Dictionary::new(), stream.content.clone());
                copy.dict = self.dictionary(&stream.dict, depth + 1);
                Object::Stream(copy)
            }
            other => other.clone(),
        }
    }

    fn reference(&mut self, id: ObjectId, depth: usize) -> Object {
        if let Some(copy) = self.copied.get(&id) {
            return Object::Reference(*copy);
        }
        let Ok(object) = self.from.get_object(id) else { return Object::Null };
        let copy_id = (self.next, 0);
        self.next += 1;
        self.copied.insert(id, copy_id);
        let copy = self.object(object, depth + 1);
        self.to.objects.insert(copy_id, copy);
        Object::Reference(copy_id)
    }

    fn dictionary(&mut self, dictionary: &Dictionary, depth: usize) -> Dictionary {
        let mut copy = Dictionary::new();
        for (key, value) in dictionary.iter() {
            if !matches!(key.as_slice(), b"FontFile2" | b"Parent" | b"CharProcs" | b"Resources" | b"CIDToGIDMap") {
                copy.set(key.clone(), self.object(value, depth + 1));
            }
        }
        copy
    }
}

/// Whether the font's encoding gives every code its glyph's name.
///
/// Such an encoding overrules the one in the font program, which pdf-extract puts first: "5" became "≥" by it.
fn names_all_codes(document: &Document, font: &Dictionary) -> bool {
    match resolve(document, font.get(b"Encoding").ok()) {
        Some(Object::Name(_)) => true,
        Some(Object::Dictionary(table)) => table.has(b"BaseEncoding"),
        _ => false,
    }
}

/// Changes what pdf-extract is known to stumble over, without changing what it means.
fn make_readable(font: &mut Dictionary, objects: &Document) {
    let encoding = resolve(objects, font.get(b"Encoding").ok());
    let composite = name(objects, font, b"Subtype") == "Type0";
    let known: [&[u8]; 3] = [b"WinAnsiEncoding", b"MacRomanEncoding", b"MacExpertEncoding"];
    match encoding {
        Some(Object::Name(encoding)) if !composite && !known.contains(&encoding.as_slice()) => {
            font.remove(b"Encoding");
        }
        _ => {}
    }
    let sign_font = matches!(name(objects, font, b"BaseFont").as_str(), "Symbol" | "ZapfDingbats");
    if sign_font && !composite && !font.has(b"Widths") {
        // Its own table for these fonts lacks names, and looking them up ends the reading.
        font.remove(b"Encoding");
        font.set("FirstChar", Object::Integer(0));
        font.set("LastChar", Object::Integer(255));
        font.set("Widths", Object::Array(vec![Object::Integer(600); 256]));
    }
    if !composite && font.has(b"ToUnicode") && !font.has(b"Encoding") {
        // A code that the map lacks would end the reading; this names such codes unknown instead.
        let mut differences = vec![Object::Integer(0)];
        differences.extend((0..256).map(|_| Object::Name(b"apple".to_vec())));
        let table = Dictionary::from_iter([("Differences", Object::Array(differences))]);
        font.set("Encoding", Object::Dictionary(table));
    }
}

/// pdf-extract misreads widths that are given for a range of codes: they are written out one by one.
fn spell_out_widths(object: &mut Object) {
    let Object::Dictionary(font) = object else { return };
    let Some(Object::Array(widths)) = font.get(b"W").ok().filter(|_| font.has(b"CIDSystemInfo")) else { return };
    let mut spelled = Vec::new();
    let mut rest = widths.as_slice();
    loop {
        rest = match rest {
            [first, Object::Array(each), after @ ..] => {
                spelled.extend([first.clone(), Object::Array(each.clone())]);
                after
            }
            [Object::Integer(first), Object::Integer(last), width, after @ ..] => {
                let count = usize::try_from(last - first + 1).unwrap_or(0).min(0x1_0000);
                spelled.extend([Object::Integer(*first), Object::Array(vec![width.clone(); count])]);
                after
            }
            _ => break,
        };
    }
    font.set("W", Object::Array(spelled));
}

fn drop_font_programs(specimen: &mut Document) {
    for object in specimen.objects.values_mut() {
        let Object::Dictionary(dictionary) = object else { continue };
        dictionary.remove(b"FontFile");
        dictionary.remove(b"FontFile3");
        if let Ok(Object::Dictionary(descriptor)) = dictionary.get_mut(b"FontDescriptor") {
            descriptor.remove(b"FontFile");
            descriptor.remove(b"FontFile3");
        }
    }
}

fn drop_unicode_map(specimen: &mut Document) {
    if let Some(Object::Dictionary(font)) = specimen.objects.get_mut(&FONT) {
        font.remove(b"ToUnicode");
    }
}

fn set_content(specimen: &mut Document, content: Vec<u8>) {
    specimen.objects.insert(CONTENT, Object::Stream(Stream::new(Dictionary::new(), content)));
}

/// A content stream that shows each code of a block once, each as a string of its own.
fn every_code(block: u32, code_bytes: usize) -> Vec<u8> {
    use std::fmt::Write as _;
    let mut content = String::from("BT /F 1 Tf\n");
    for low in 0..256 {
        let width = code_bytes * 2;
        let written = writeln!(content, "<{:0width$x}> Tj", (block << 8) | low);
        debug_assert!(written.is_ok(), "writing to a string does not fail");
    }
    content.push_str("ET\n");
    content.into_bytes()
}

/// What pdf-extract says of each string of the specimen's page; `None` where it gives up.
fn show(specimen: &Document) -> Option<Vec<Option<(String, f64)>>> {
    let mut shown = Shown { codes: Vec::with_capacity(256) };
    let outcome = catch_unwind(AssertUnwindSafe(|| pdf_extract::output_doc_page(specimen, &mut shown, 1).is_ok()));
    matches!(outcome, Ok(true)).then_some(shown.codes)
}

struct Shown {
    codes: Vec<Option<(String, f64)>>,
}

impl OutputDev for Shown {
    fn begin_page(&mut self, _: u32, _: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(&mut self, _: &Transform, width: f64, _: f64, _: f64, text: &str) -> Result<(), OutputError> {
        if let Some(last) = self.codes.last_mut() {
            match last {
                Some((before, _)) => before.push_str(text),
                None => *last = Some((text.to_owned(), width)),
            }
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.codes.push(None);
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
