//! Rebuilds a file whose table of objects is lost: finds the objects by their own heads and writes them out anew.
//!
//! Works on bytes alone, in one pass and without looking into streams, so that it costs what reading the file costs.
//! Objects that are cut off are kept as far as they go; whether pages are whole is not known here.

use std::collections::BTreeMap;

use pdf_extract::{Dictionary, Document, Object, ObjectId};

/// Objects that are kept.
const MOST_OBJECTS: usize = 400_000;
/// Bytes of an object's own text in which a stream may begin.
const LONGEST_HEAD: usize = 1 << 20;

/// The same file with a table of objects that fits, or `None` where it holds no objects.
pub(super) fn rewritten(bytes: &[u8]) -> Option<Vec<u8>> {
    let objects = found(bytes);
    if objects.is_empty() {
        return None;
    }
    let mut out = Vec::with_capacity(bytes.len() + objects.len() * 24 + 1024);
    out.extend(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
    let mut table = Vec::with_capacity(objects.len());
    for (id, body) in &objects {
        table.push((*id, out.len()));
        out.extend(format!("{} {} obj\n", id.0, id.1).bytes());
        write_object(body, &mut out);
    }
    let start = out.len();
    out.extend(b"xref\n0 1\n0000000000 65535 f \n");
    for ((number, generation), offset) in table {
        out.extend(format!("{number} 1\n{offset:010} {generation:05} n \n").bytes());
    }
    let size = objects.keys().next_back().map_or(1, |(number, _)| u64::from(*number) + 1);
    out.extend(format!("trailer\n<< /Size {size} ").bytes());
    for key in ["Root", "Encrypt", "Info"] {
        if let Some((number, generation)) = last_reference(bytes, key) {
            out.extend(format!("/{key} {number} {generation} R ").bytes());
        }
    }
    if let Some(id) = last_id(bytes) {
        out.extend(b"/ID ");
        out.extend(id);
    }
    out.extend(format!(" >>\nstartxref\n{start}\n%%EOF\n").bytes());
    Some(out)
}

/// An object's bytes after `N G obj`, without `endobj`.
struct Body<'a> {
    head: &'a [u8],
    stream: Option<&'a [u8]>,
}

/// All objects; of several with one number the last, as later changes are appended.
fn found(bytes: &[u8]) -> BTreeMap<ObjectId, Body<'_>> {
    let mut objects = BTreeMap::new();
    let mut at = 0;
    while let Some((id, from)) = next_head(bytes, at) {
        let rest = bytes.get(from..).unwrap_or_default();
        let (body, length) = body(rest);
        at = from + length.max(1);
        objects.insert(id, body);
        if objects.len() >= MOST_OBJECTS {
            break;
        }
    }
    objects
}

/// The next `N G obj` at or after `at`, and where its body begins.
fn next_head(bytes: &[u8], mut at: usize) -> Option<(ObjectId, usize)> {
    loop {
        let rest = bytes.get(at..)?;
        let place = at + position(rest, b"obj")?;
        at = place + 3;
        let before = bytes.get(place.saturating_sub(24)..place).unwrap_or_default();
        if let Some(id) = trailing_id(before) {
            return Some((id, at));
        }
    }
}

/// The two numbers at the end of `N G `.
fn trailing_id(before: &[u8]) -> Option<ObjectId> {
    let text = str::from_utf8(before.trim_ascii_end()).ok().or_else(|| {
        let start = before.iter().rposition(|byte| !byte.is_ascii()).map_or(0, |at| at + 1);
        str::from_utf8(before.get(start..)?.trim_ascii_end()).ok()
    })?;
    let mut words = text.rsplit(|c: char| c.is_ascii_whitespace()).filter(|word| !word.is_empty());
    let generation = words.next()?.parse().ok()?;
    let number = words.next()?;
    // Where a line end was lost the number touches the word before it.
    let digits = number.trim_start_matches(|c: char| !c.is_ascii_digit());
    let number = digits.parse().ok().filter(|number| *number > 0)?;
    Some((number, generation))
}

/// An object's body at the start of `rest`, and its length.
fn body(rest: &[u8]) -> (Body<'_>, usize) {
    let near = rest.get(..rest.len().min(LONGEST_HEAD)).unwrap_or_default();
    let end = position(near, b"endobj");
    let next = next_head(near, 0).map(|((number, generation), from)| {
        let digits = format!("{number} {generation} obj").len();
        from.saturating_sub(digits)
    });
    let head_end = [end, next].into_iter().flatten().min().unwrap_or(near.len());
    let stream = position(near.get(..head_end).unwrap_or_default(), b"stream");
    let Some(stream) = stream else {
        return (Body { head: rest.get(..head_end).unwrap_or_default(), stream: None }, head_end);
    };
    let after = rest.get(stream + 6..).unwrap_or_default();
    let line_end = match after {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    let data = after.get(line_end..).unwrap_or_default();
    let length = position(data, b"endstream").unwrap_or(data.len());
    let head = rest.get(..stream).unwrap_or_default();
    (Body { head, stream: data.get(..length) }, stream + 6 + line_end + length)
}

fn write_object(body: &Body<'_>, out: &mut Vec<u8>) {
    let head = body.head.trim_ascii();
    match body.stream {
        None => out.extend(head),
        Some(data) => {
            // The length that the file states is as doubtful as its table.
            let dictionary = head.strip_suffix(b">>").unwrap_or(head);
            let data = declared(dictionary, data).unwrap_or_else(|| without_line_end(data));
            out.extend(dictionary);
            out.extend(format!(" /Length {} >>\nstream\n", data.len()).bytes());
            out.extend(data);
            out.extend(b"\nendstream");
        }
    }
    out.extend(b"\nendobj\n");
}

/// The data cut to the length that the dictionary states, where that is near enough to the length found.
fn declared<'a>(dictionary: &[u8], data: &'a [u8]) -> Option<&'a [u8]> {
    let at = rposition(dictionary, b"/Length")? + b"/Length".len();
    let text = str::from_utf8(dictionary.get(at..dictionary.len().min(at + 24))?).ok()?.trim_start();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = text.get(digits.len()..)?.trim_start();
    // `12 0 R` is a reference.
    let length: usize = digits.parse().ok().filter(|_| !rest.starts_with(|c: char| c.is_ascii_digit()))?;
    let spare = data.len().checked_sub(length)?;
    (spare <= 2).then(|| data.get(..length))?
}

fn without_line_end(data: &[u8]) -> &[u8] {
    let data = data.strip_suffix(b"\n").unwrap_or(data);
    data.strip_suffix(b"\r").unwrap_or(data)
}

/// The last `/Key N G R`.
fn last_reference(bytes: &[u8], key: &str) -> Option<ObjectId> {
    let mut end = bytes.len();
    let name = format!("/{key}");
    // A few places are enough: other keys may begin alike.
    for _ in 0..16 {
        let at = rposition(bytes.get(..end)?, name.as_bytes())?;
        let from = at + name.len();
        let after = bytes.get(from..bytes.len().min(from + 32)).unwrap_or_default();
        let mut words = after.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let mut number = || words.next().and_then(|word| str::from_utf8(word).ok()?.parse::<u32>().ok());
        if let (Some(number), Some(generation)) = (number(), number())
            && after.first().is_some_and(u8::is_ascii_whitespace)
        {
            return Some((number, u16::try_from(generation).ok()?));
        }
        end = at;
    }
    None
}

/// The last `/ID [...]`, which decrypting needs.
fn last_id(bytes: &[u8]) -> Option<&[u8]> {
    let at = rposition(bytes, b"/ID")? + 3;
    let after = bytes.get(at..bytes.len().min(at + 400))?;
    let open = after.iter().position(|byte| *byte == b'[').filter(|open| *open < 4)?;
    let close = position(after, b"]")?;
    after.get(open..=close)
}

/// Gives a document without a catalogue the one that its objects speak of, or one made from its pages.
pub(super) fn find_catalogue(document: &mut Document) {
    let is_kind = |object: &Object, kind: &[u8]| match object {
        Object::Dictionary(dictionary) => {
            dictionary.get(b"Type").and_then(Object::as_name).is_ok_and(|found| found == kind)
        }
        _ => false,
    };
    let of_kind = |document: &Document, kind: &[u8]| -> Vec<ObjectId> {
        document.objects.iter().filter(|(_, object)| is_kind(object, kind)).map(|(id, _)| *id).collect()
    };
    if document.catalog().is_ok_and(|catalog| catalog.has(b"Pages")) {
        return;
    }
    if let Some(catalogue) = of_kind(document, b"Catalog").pop() {
        document.trailer.set("Root", Object::Reference(catalogue));
        if document.catalog().and_then(|catalog| catalog.get_deref(b"Pages", document)).is_ok() {
            return;
        }
    }
    let kids: Vec<Object> = of_kind(document, b"Page").into_iter().map(Object::Reference).collect();
    if kids.is_empty() {
        return;
    }
    let name = |name: &str| Object::Name(name.as_bytes().to_vec());
    let tree = Dictionary::from_iter([("Type", name("Pages")), ("Kids", Object::Array(kids))]);
    let tree = document.add_object(tree);
    let catalogue = Dictionary::from_iter([("Type", name("Catalog")), ("Pages", Object::Reference(tree))]);
    let catalogue = document.add_object(catalogue);
    document.trailer.set("Root", Object::Reference(catalogue));
}

fn position(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| *byte == first)?;
        if bytes.get(at..).is_some_and(|rest| rest.starts_with(what)) {
            return Some(at);
        }
        from = at + 1;
    }
}

fn rposition(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj << /Type /Pages /Kids [3 0 R] \
                        /Count 1 >> endobj\n3 0 obj << /Type /Page /Parent 2 0 R /Contents 4 0 R >> endobj\n4 0 obj << \
                        /Length 999 >> stream\nBT (9 0 obj) Tj ET\nendstream endobj\n";

    fn load(bytes: &[u8]) -> Document {
        let mut document = Document::load_mem(&rewritten(bytes).expect("objects")).expect("a table that fits");
        find_catalogue(&mut document);
        document
    }

    #[test]
    fn objects_are_found_without_a_table() {
        let document = load(FILE.as_bytes());
        assert_eq!(document.get_pages().len(), 1);
        let content = document.get_object((4, 0)).and_then(Object::as_stream).expect("the stream");
        assert_eq!(content.content, b"BT (9 0 obj) Tj ET");
    }

    #[test]
    fn a_file_cut_off_within_a_stream_keeps_what_came_before() {
        let cut = FILE.find("Tj ET").expect("the text");
        let document = load(&FILE.as_bytes()[..cut]);
        let content = document.get_object((4, 0)).and_then(Object::as_stream).expect("the stream");
        assert_eq!(content.content, b"BT (9 0 obj) ");
    }

    #[test]
    fn pages_without_a_catalogue_get_one() {
        let from = FILE.find("3 0 obj").expect("the page");
        assert_eq!(load(&FILE.as_bytes()[from..]).get_pages().len(), 1);
    }

    #[test]
    fn the_last_of_two_objects_with_one_number_counts() {
        let file = format!("{FILE}4 0 obj << /Length 2 >> stream\nBT\nendstream endobj\n/Root 1 0 R");
        let document = load(file.as_bytes());
        let content = document.get_object((4, 0)).and_then(Object::as_stream).expect("the stream");
        assert_eq!(content.content, b"BT");
    }

    #[test]
    fn bytes_without_objects_stay_unread() {
        for bytes in [&b""[..], b"obj", b"1 obj", b"%PDF-1.4 nothing", b"x y obj"] {
            assert!(rewritten(bytes).is_none(), "{bytes:?}");
        }
    }
}
