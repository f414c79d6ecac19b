//! Bytes to text for the formats that do not fix their character set.
//!
//! Order of trust: a byte order mark, the pattern of zero bytes that UTF-16 leaves, well-formed UTF-8, what the file
//! declares, and at last windows-1252. A declaration is not trusted against the bytes: pages that say "utf-8" and hold
//! windows-1252 are common. No statistical guessing of languages.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Builder, DefectKind};

/// Bytes at the start of a file in which a declaration is looked for.
const HEAD: usize = 8192;

/// What the bytes say, and what an editor should know about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    /// The text, without NUL characters and byte order mark.
    pub(super) text: String,
    /// Why the text may be wrong.
    pub(super) doubt: Option<String>,
}

impl Decoded {
    /// The text, after its doubt was recorded as a defect.
    pub(super) fn report(self, builder: &mut Builder) -> String {
        if let Some(doubt) = self.doubt {
            builder.defect(DefectKind::Encoding, None, doubt);
        }
        self.text
    }
}

/// Decodes bytes; `declared` is the character set that the file names.
pub(super) fn decode(bytes: &[u8], declared: Option<&'static Encoding>) -> Decoded {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return decode_as(encoding, bytes.get(length..).unwrap_or_default());
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return decode_as(encoding, bytes);
    }
    if declared.is_some_and(|encoding| !encoding.is_ascii_compatible()) && bytes.contains(&0x1b) {
        // ISO-2022-JP is made of ASCII bytes, so it would pass for UTF-8.
        return decode_as(declared.unwrap_or(UTF_8), bytes);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return decode_as(UTF_8, bytes);
    }
    match declared.filter(|encoding| encoding.is_ascii_compatible() && *encoding != UTF_8) {
        Some(encoding) => decode_as(encoding, bytes),
        None => decode_broken(bytes, declared.is_some()),
    }
}

/// The character set named in `<meta charset>` or `<meta http-equiv>`, or in an XML declaration.
pub(super) fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: Vec<u8> = bytes.iter().take(HEAD).map(u8::to_ascii_lowercase).collect();
    let label = if head.starts_with(b"<?xml") { after(&head, b"encoding") } else { None };
    Encoding::for_label(label.or_else(|| in_meta(&head))?)
}

/// What the first `<meta>` element that names a character set names; scripts and links name those of other files.
fn in_meta(head: &[u8]) -> Option<&[u8]> {
    let starts = head.windows(5).enumerate().filter(|(_, window)| *window == b"<meta").map(|(at, _)| at);
    starts.filter_map(|at| head.get(at..)).find_map(|rest| {
        let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
        after(rest.get(..end)?, b"charset")
    })
}

/// The value that follows `name` and an equals sign.
fn after<'a>(head: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let at = head.windows(name.len()).position(|window| window == name)?;
    let rest = head.get(at + name.len()..)?;
    let is_padding = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'');
    let start = rest.iter().position(|byte| !is_padding(byte))?;
    let value = rest.get(start..)?;
    let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.');
    let end = value.iter().position(|byte| !is_label(byte)).unwrap_or(value.len());
    value.get(..end)
}

/// UTF-16 text in Latin letters has a zero in every second byte.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(1024) & !1)?;
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    if pairs < 8 {
        None
    } else if even * 3 > pairs * 2 && odd * 10 < pairs {
        Some(UTF_16BE)
    } else if odd * 3 > pairs * 2 && even * 10 < pairs {
        Some(UTF_16LE)
    } else {
        None
    }
}

/// Bytes that are not UTF-8 and name no other character set.
fn decode_broken(bytes: &[u8], was_declared: bool) -> Decoded {
    let (mut faults, mut multibyte) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        multibyte += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    // UTF-8 sequences do not come about by chance: where they prevail, the rest is damage.
    if multibyte > faults {
        return decode_as(UTF_8, bytes);
    }
    let mut decoded = decode_as(WINDOWS_1252, bytes);
    if was_declared {
        let doubt = format!("{faults} places are not UTF-8 as declared; the file was read as windows-1252");
        decoded.doubt.get_or_insert(doubt);
    }
    decoded
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, faulty) = encoding.decode_without_bom_handling(bytes);
    let doubt = faulty.then(|| {
        let lost = text.chars().filter(|c| *c == '\u{fffd}').count();
        format!("{lost} places are not {} and could not be read", encoding.name())
    });
    let mut text = text.into_owned();
    if text.contains('\0') {
        text.retain(|c| c != '\0');
    }
    Decoded { text, doubt }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str, doubtful: bool) {
        let decoded = decode(bytes, declared(bytes));
        assert_eq!((decoded.text.as_str(), decoded.doubt.is_some()), (expected, doubtful), "{bytes:?}");
    }

    #[test]
    fn utf8_is_utf8_whatever_is_declared() {
        check("≥ 5 µg".as_bytes(), "≥ 5 µg", false);
        check("<meta charset=latin1>≥ 5".as_bytes(), "<meta charset=latin1>≥ 5", false);
        check(b"\xef\xbb\xbfmark", "mark", false);
    }

    #[test]
    fn utf16_with_and_without_a_mark() {
        check(b"\xff\xfea\0b\0", "ab", false);
        let big: Vec<u8> = "<html> ≥ 90 mg of it</html>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&big, "<html> ≥ 90 mg of it</html>", false);
    }

    #[test]
    fn a_wrong_declaration_falls_back_to_windows_1252() {
        check(b"<meta charset=\"utf-8\">5 \xb5g", "<meta charset=\"utf-8\">5 µg", true);
        check(b"38 \xb0C \x96 hot", "38 °C – hot", false);
    }

    #[test]
    fn a_declared_set_is_used() {
        let bytes = b"<meta http-equiv=Content-Type content=\"text/html; charset=Shift_JIS\">\x8c\x8c";
        assert!(decode(bytes, declared(bytes)).text.ends_with('血'));
        check(
            b"<?xml version='1.0' encoding='iso-8859-2'?>\xb1",
            "<?xml version='1.0' encoding='iso-8859-2'?>ą",
            false,
        );
    }

    #[test]
    fn the_character_set_of_a_script_is_not_that_of_the_page() {
        let bytes = b"<script charset='utf-8'></script><meta name=x><META charset=Shift_JIS>\x8c\x8c";
        assert!(decode(bytes, declared(bytes)).text.ends_with('血'));
        assert_eq!(declared(b"<p>the charset=utf-8 of it"), None);
    }

    #[test]
    fn single_damaged_bytes_in_utf8_are_said_and_the_rest_is_kept() {
        check("≥≥≥ \u{0}a".as_bytes(), "≥≥≥ a", false);
        check(b"\xe2\x89\xa5\xe2\x89\xa5 \xff", "≥≥ \u{fffd}", true);
    }
}
