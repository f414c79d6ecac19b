//! Opens the file: encryption, page tree, page labels and the title that the file declares.
//!
//! Walks the page tree itself, because pdf-extract follows `/Parent` for ever where a page is its own ancestor. What
//! stands on a page is [`super::content`]'s.

use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};

use super::repair;
use crate::corpus::Format;
use crate::document::{Error, Limits};

/// A page with what it inherits from the page tree.
#[derive(Clone, Debug)]
pub(super) struct PageSource {
    /// The page's object, by which the structure tree names it.
    pub(super) id: Option<ObjectId>,
    /// The page's own dictionary.
    pub(super) dictionary: Dictionary,
    /// Resources of the page or of the nearest ancestor that has some.
    pub(super) resources: Dictionary,
    /// The visible part of the page: left, bottom, right, top.
    pub(super) view: [f64; 4],
    /// Clockwise rotation in quarter turns.
    pub(super) quarter_turns: u8,
    /// The page tree names the page and the file does not hold it.
    pub(super) missing: bool,
}

/// A file whose pages are known.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: Document,
    pub(super) sources: Vec<PageSource>,
    /// Why the file had to be repaired, in words for an editor.
    pub(super) repaired: Option<String>,
}

/// Opens the file, decrypts it where the empty password is enough, and finds its pages; a damaged file is repaired.
pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Opened, Error> {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    if !head.windows(5).any(|window| window == b"%PDF-") {
        let reason = "no %PDF- mark in the first 1,024 bytes".to_owned();
        return Err(Error::WrongFormat { expected: Format::Pdf, reason });
    }
    let opened = load(bytes).and_then(|file| Ok((pages(&file, limits)?, file)));
    let error = match opened {
        Ok((sources, file)) if !lacks_content(&file, &sources) => return Ok(Opened { file, sources, repaired: None }),
        Ok((sources, file)) => return Ok(repaired_or_not(bytes, file, sources, limits)),
        Err(error @ (Error::Encrypted | Error::TooLarge { .. })) => return Err(error),
        Err(error) => error,
    };
    match rebuilt(bytes, limits) {
        Some((Ok(sources), file)) => Ok(Opened { file, sources, repaired: Some(repaired_because(&error.to_string())) }),
        Some((Err(error @ Error::TooLarge { .. }), _)) => Err(error),
        _ => Err(beyond_repair(error)),
    }
}

/// Tells an editor what the parser's words mean: where the parts of the file are is not known.
fn beyond_repair(error: Error) -> Error {
    match error {
        Error::Damaged { format, reason } => Error::Damaged {
            format,
            reason: format!(
                "it is cut off or damaged, and its pages were not found by looking for them either ({reason})"
            ),
        },
        other => other,
    }
}

fn repaired_because(reason: &str) -> String {
    format!("the file was damaged and had to be repaired; parts of it may be missing ({reason})")
}

/// The file with a new table of objects.
fn rebuilt(bytes: &[u8], limits: &Limits) -> Option<(Result<Vec<PageSource>, Error>, Document)> {
    let mut file = load(&repair::rewritten(bytes)?).ok()?;
    repair::find_catalogue(&mut file);
    Some((pages(&file, limits), file))
}

/// Whether a page names content that the file does not hold where its table says.
fn lacks_content(file: &Document, sources: &[PageSource]) -> bool {
    sources.iter().any(|page| match page.dictionary.get(b"Contents") {
        Ok(contents @ Object::Reference(_)) => resolve(file, Some(contents)).is_none(),
        _ => false,
    })
}

/// The repaired file where it holds more of its pages' content than the file as it is.
fn repaired_or_not(bytes: &[u8], file: Document, sources: Vec<PageSource>, limits: &Limits) -> Opened {
    match rebuilt(bytes, limits) {
        Some((Ok(found), other)) if found.len() >= sources.len() && !lacks_content(&other, &found) => {
            let reason = repaired_because("the content of pages was not found");
            Opened { file: other, sources: found, repaired: Some(reason) }
        }
        _ => Opened { file, sources, repaired: None },
    }
}

fn load(bytes: &[u8]) -> Result<Document, Error> {
    let loaded = catch_unwind(AssertUnwindSafe(|| Document::load_mem(bytes)));
    let document = match loaded {
        Err(panic) => return Err(damaged(panic_reason(&*panic))),
        Ok(Err(pdf_extract::Error::InvalidPassword | pdf_extract::Error::Decryption(_))) => {
            return Err(Error::Encrypted);
        }
        Ok(Err(reason)) => return Err(damaged(reason.to_string())),
        Ok(Ok(document)) => document,
    };
    decrypted(document)
}

fn decrypted(mut document: Document) -> Result<Document, Error> {
    if !document.is_encrypted() {
        return Ok(document);
    }
    match catch_unwind(AssertUnwindSafe(|| document.decrypt("").is_ok())) {
        Ok(true) => Ok(document),
        _ => Err(Error::Encrypted),
    }
}

/// An error for a file that cannot be read.
pub(super) fn damaged(reason: impl Into<String>) -> Error {
    Error::Damaged { format: Format::Pdf, reason: reason.into() }
}

/// The words with which the code panicked.
pub(super) fn panic_reason(panic: &(dyn std::any::Any + Send)) -> String {
    let reason = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    reason.unwrap_or("the parser gave up").chars().take(200).collect()
}

/// All pages in order.
fn pages(document: &Document, limits: &Limits) -> Result<Vec<PageSource>, Error> {
    let root = document
        .catalog()
        .and_then(|catalog| catalog.get(b"Pages"))
        .map_err(|reason| damaged(format!("no page tree: {reason}")))?;
    let mut walk =
        PageWalk { document, seen: HashSet::new(), pages: Vec::new(), limit: limits.pages, depth: limits.depth };
    walk.visit(root, &Inherited::default(), 0);
    match walk.pages.len() {
        _ if walk.pages.iter().all(|page| page.missing) => Err(damaged("no pages")),
        found if found > limits.pages => {
            Err(Error::TooLarge { what: "the number of pages".to_owned(), found, limit: limits.pages })
        }
        _ => Ok(walk.pages),
    }
}

#[derive(Clone, Debug, Default)]
struct Inherited {
    resources: Option<Dictionary>,
    media_box: Option<[f64; 4]>,
    crop_box: Option<[f64; 4]>,
    rotation: i64,
}

struct PageWalk<'a> {
    document: &'a Document,
    seen: HashSet<ObjectId>,
    pages: Vec<PageSource>,
    limit: usize,
    depth: usize,
}

impl PageWalk<'_> {
    fn visit(&mut self, node: &Object, from_above: &Inherited, depth: usize) {
        if let Object::Reference(id) = node
            && !self.seen.insert(*id)
        {
            return;
        }
        // One page more than allowed is enough to know that there are too many.
        if depth > self.depth || self.pages.len() > self.limit {
            return;
        }
        let Some(dictionary) = as_dictionary(self.document, node) else {
            // It keeps its place, or all later pages would get wrong numbers.
            let source = page_source(node.as_reference().ok(), &Dictionary::new(), from_above.clone());
            return self.pages.push(PageSource { missing: true, ..source });
        };
        let inherited = self.inherit(dictionary, from_above);
        match resolve(self.document, dictionary.get(b"Kids").ok()) {
            Some(Object::Array(kids)) => kids.iter().for_each(|kid| self.visit(kid, &inherited, depth + 1)),
            _ => self.pages.push(page_source(node.as_reference().ok(), dictionary, inherited)),
        }
    }

    fn inherit(&self, dictionary: &Dictionary, above: &Inherited) -> Inherited {
        let document = self.document;
        let resources = dictionary.get(b"Resources").ok().and_then(|object| as_dictionary(document, object)).cloned();
        let rotation = resolve(document, dictionary.get(b"Rotate").ok()).and_then(|object| object.as_i64().ok());
        Inherited {
            resources: resources.or_else(|| above.resources.clone()),
            media_box: rectangle(document, dictionary, b"MediaBox").or(above.media_box),
            crop_box: rectangle(document, dictionary, b"CropBox").or(above.crop_box),
            rotation: rotation.unwrap_or(above.rotation),
        }
    }
}

/// US Letter, what readers assume where no box is given.
const DEFAULT_BOX: [f64; 4] = [0.0, 0.0, 612.0, 792.0];

fn page_source(id: Option<ObjectId>, dictionary: &Dictionary, inherited: Inherited) -> PageSource {
    PageSource {
        id,
        dictionary: dictionary.clone(),
        resources: inherited.resources.unwrap_or_default(),
        view: inherited.crop_box.or(inherited.media_box).unwrap_or(DEFAULT_BOX),
        quarter_turns: u8::try_from(inherited.rotation.div_euclid(90).rem_euclid(4)).unwrap_or(0),
        missing: false,
    }
}

fn rectangle(document: &Document, dictionary: &Dictionary, key: &[u8]) -> Option<[f64; 4]> {
    let array = resolve(document, dictionary.get(key).ok())?.as_array().ok()?;
    let numbers: Vec<f64> = array.iter().filter_map(|object| number(resolve(document, Some(object))?)).collect();
    let [a, b, c, d] = <[f64; 4]>::try_from(numbers).ok()?;
    let found = [a.min(c), b.min(d), a.max(c), b.max(d)];
    (found[2] - found[0] > 1.0 && found[3] - found[1] > 1.0).then_some(found)
}

/// The object behind a reference.
pub(super) fn resolve<'a>(document: &'a Document, object: Option<&'a Object>) -> Option<&'a Object> {
    document.dereference(object?).ok().map(|(_, object)| object)
}

/// The dictionary behind a reference, of a stream also.
pub(super) fn as_dictionary<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    match resolve(document, Some(object))? {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

/// A number of either kind, if it is one that can be reckoned with.
pub(super) fn number(object: &Object) -> Option<f64> {
    match object {
        Object::Integer(integer) => Some(*integer as f64),
        Object::Real(real) => Some(f64::from(*real)).filter(|real| real.is_finite()),
        _ => None,
    }
}

/// Bytes that one stream may unpack to.
const MOST_STREAM: u64 = 32 << 20;

/// A stream's bytes without its filters; as they are where the filters fail, cut off where there is no end of them.
pub(super) fn stream_bytes(stream: &Stream) -> Vec<u8> {
    let Ok(filters) = stream.filters() else { return stream.content.clone() };
    if filters == [b"FlateDecode"]
        && !stream.dict.has(b"DecodeParms")
        && let Some(bytes) = inflated(&stream.content)
    {
        return bytes;
    }
    stream.decompressed_content().unwrap_or_else(|_| stream.content.clone())
}

fn inflated(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    flate2::read::ZlibDecoder::new(bytes).take(MOST_STREAM).read_to_end(&mut out).ok()?;
    Some(out)
}

/// The page's content streams, joined.
pub(super) fn page_content(document: &Document, page: &PageSource) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut add = |object: &Object| {
        if let Some(Object::Stream(stream)) = resolve(document, Some(object)) {
            bytes.extend(stream_bytes(stream));
            bytes.push(b'\n');
        }
    };
    if let Ok(contents) = page.dictionary.get(b"Contents") {
        match resolve(document, Some(contents)) {
            Some(Object::Array(parts)) => parts.iter().for_each(&mut add),
            _ => add(contents),
        }
    }
    bytes
}

/// The title in the file's information dictionary, unless a program put it there.
pub(super) fn declared_title(document: &Document) -> Option<String> {
    let info = as_dictionary(document, document.trailer.get(b"Info").ok()?)?;
    let title = resolve(document, info.get(b"Title").ok())?;
    let title = pdf_extract::decode_text_string(title).ok()?;
    let title = title.trim().trim_matches('\0');
    let lower = title.to_lowercase();
    let made_by_program = lower.starts_with("microsoft word")
        || lower.starts_with("microsoft powerpoint")
        || lower.contains("untitled")
        || [".doc", ".docx", ".pdf", ".indd", ".qxd", ".ppt", ".pptx", ".rtf"].iter().any(|end| lower.ends_with(end));
    let words = title.split_whitespace().count();
    (words >= 2 && !made_by_program && !title.contains('\u{fffd}')).then(|| title.to_owned())
}

/// Labels of the pages as the catalogue declares them, by page index; empty where it declares none.
pub(super) fn page_labels(document: &Document, pages: usize) -> BTreeMap<usize, String> {
    let mut ranges = BTreeMap::new();
    if let Ok(labels) = document.catalog().and_then(|catalog| catalog.get(b"PageLabels")) {
        collect_label_ranges(document, labels, &mut ranges, 0);
    }
    let mut labels = BTreeMap::new();
    for (from, range) in &ranges {
        let to = ranges.range(from + 1..).next().map_or(pages, |(next, _)| *next).min(pages);
        for page in *from..to {
            labels.insert(page, range.label(page - from));
        }
    }
    labels.retain(|_, label| !label.is_empty());
    labels
}

struct LabelRange {
    prefix: String,
    style: Option<u8>,
    start: usize,
}

impl LabelRange {
    fn label(&self, offset: usize) -> String {
        let number = self.start.saturating_add(offset);
        let counted = match self.style {
            Some(b'D') => number.to_string(),
            Some(b'r') => roman(number),
            Some(b'R') => roman(number).to_uppercase(),
            Some(b'a') => letters(number),
            Some(b'A') => letters(number).to_uppercase(),
            _ => String::new(),
        };
        format!("{}{counted}", self.prefix)
    }
}

/// Reads a number tree of label ranges; nesting deeper than any real file's is left out.
fn collect_label_ranges(document: &Document, node: &Object, ranges: &mut BTreeMap<usize, LabelRange>, depth: usize) {
    let Some(dictionary) = as_dictionary(document, node).filter(|_| depth < 8) else { return };
    if let Some(Object::Array(kids)) = resolve(document, dictionary.get(b"Kids").ok()) {
        for kid in kids.iter().take(1000) {
            collect_label_ranges(document, kid, ranges, depth + 1);
        }
    }
    let Some(Object::Array(pairs)) = resolve(document, dictionary.get(b"Nums").ok()) else { return };
    for pair in pairs.chunks_exact(2) {
        let [first, range] = pair else { continue };
        let first = first.as_i64().ok().and_then(|first| usize::try_from(first).ok());
        let Some((first, range)) = first.zip(as_dictionary(document, range)) else { continue };
        ranges.insert(first, label_range(document, range));
    }
}

fn label_range(document: &Document, range: &Dictionary) -> LabelRange {
    let prefix =
        resolve(document, range.get(b"P").ok()).and_then(|prefix| pdf_extract::decode_text_string(prefix).ok());
    let style = resolve(document, range.get(b"S").ok()).and_then(|style| style.as_name().ok());
    let start = resolve(document, range.get(b"St").ok()).and_then(|start| start.as_i64().ok());
    LabelRange {
        prefix: prefix.unwrap_or_default(),
        style: style.and_then(|style| style.first().copied()),
        start: start.and_then(|start| usize::try_from(start).ok()).unwrap_or(1),
    }
}

/// Roman numerals up to a few thousand; beyond, arabic.
fn roman(mut number: usize) -> String {
    if number == 0 || number >= 5000 {
        return number.to_string();
    }
    const VALUES: [(usize, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut out = String::new();
    for (value, numeral) in VALUES {
        while number >= value {
            out.push_str(numeral);
            number -= value;
        }
    }
    out
}

/// a to z, then aa to zz, as the format defines it.
fn letters(number: usize) -> String {
    let Some(index) = number.checked_sub(1) else { return String::new() };
    let letter = char::from(b'a' + u8::try_from(index % 26).unwrap_or(0));
    std::iter::repeat_n(letter, (index / 26 + 1).min(40)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_in_letters_and_numerals() {
        assert_eq!([1, 4, 14, 49].map(roman), ["i", "iv", "xiv", "xlix"]);
        assert_eq!([1, 26, 27, 53].map(letters), ["a", "z", "aa", "aaa"]);
    }
}
