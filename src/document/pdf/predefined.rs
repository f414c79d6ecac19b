//! Reads codes of East Asian fonts that name one of the predefined encodings instead of carrying a map of their own.
//!
//! Such codes are those of an old character set, so the decoder of that character set says what they mean. Encodings by
//! glyph number (`Identity-H`) say nothing about characters and are not read here.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_16BE};

/// A predefined encoding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Predefined {
    encoding: &'static Encoding,
}

impl Predefined {
    /// The encoding of this name, e.g. `90ms-RKSJ-H`.
    pub(super) fn named(name: &str) -> Option<Predefined> {
        const SIGNS: [(&str, &Encoding); 10] = [
            ("RKSJ", SHIFT_JIS),
            ("KSC", EUC_KR),
            ("GBK", GB18030),
            ("GB-EUC", GB18030),
            ("GBpc-EUC", GB18030),
            ("B5", BIG5),
            ("UCS2", UTF_16BE),
            ("UTF16", UTF_16BE),
            ("EUC-H", EUC_JP),
            ("EUC-V", EUC_JP),
        ];
        // UniKS and the like are Unicode, whatever else the name holds.
        let unicode = name.starts_with("Uni");
        let fits =
            |(sign, encoding): &&(&str, &'static Encoding)| name.contains(sign) && (*encoding == UTF_16BE) == unicode;
        SIGNS.iter().find(fits).map(|(_, encoding)| Predefined { encoding })
    }

    /// Bytes of the first code.
    pub(super) fn length(self, bytes: &[u8]) -> usize {
        let lead = bytes.first().copied().unwrap_or(0);
        let double = match self.encoding {
            encoding if encoding == UTF_16BE => true,
            encoding if encoding == SHIFT_JIS => matches!(lead, 0x81..=0x9f | 0xe0..=0xfc),
            encoding if encoding == EUC_JP => lead == 0x8e || lead >= 0xa1,
            _ => lead >= 0x81,
        };
        if double { 2 } else { 1 }
    }

    /// The text of one code; `None` where the character set has none.
    pub(super) fn text(self, code: u32) -> Option<String> {
        let bytes = code.to_be_bytes();
        let used = if code > 0xff || self.encoding == UTF_16BE { bytes.get(2..) } else { bytes.get(3..) };
        let text = self.encoding.decode_without_bom_handling_and_without_replacement(used?)?;
        Some(text.into_owned()).filter(|text| !text.is_empty() && !text.contains('\0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_character_sets() {
        let check = |name: &str, bytes: &[u8], length: usize, text: &str| {
            let found = Predefined::named(name).expect("a known name");
            let code = bytes[..length].iter().fold(0, |code, byte| (code << 8) | u32::from(*byte));
            assert_eq!((found.length(bytes), found.text(code).as_deref()), (length, Some(text)), "{name}");
        };
        check("90ms-RKSJ-H", b"\x82\xb1\x82", 2, "こ");
        check("90ms-RKSJ-V", b"5\x82", 1, "5");
        check("EUC-H", b"\xa4\xb3", 2, "こ");
        check("GBK-EUC-H", b"\xd6\xd0", 2, "中");
        check("ETen-B5-H", b"\xa4\xa4", 2, "中");
        check("KSCms-UHC-H", b"\xc7\xd1", 2, "한");
        check("UniJIS-UCS2-H", b"\x30\x53", 2, "こ");
        check("UniKS-UTF16-H", b"\xd5\x5c", 2, "한");
    }

    #[test]
    fn glyph_numbers_say_nothing() {
        for name in ["Identity-H", "Identity-V", "", "Adobe-Japan1-2"] {
            assert_eq!(Predefined::named(name), None, "{name}");
        }
    }
}
