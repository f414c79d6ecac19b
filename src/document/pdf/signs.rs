//! Names the signs of fonts that hold pictures instead of letters: bullets, ticks, arrows, Greek letters.
//!
//! Keeps to the codes that carry meaning in a guideline; all other pictures are bullets.

use super::font::UNKNOWN;

/// Whether a font holds pictures of signs, and in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signs {
    /// Letters, or signs with known characters.
    No,
    /// Adobe's Symbol, whose codes are not those of letters.
    Symbol,
    /// Bullets, ticks and arrows: Wingdings and its like.
    Dingbats,
    /// The same in Adobe's order.
    Zapf,
}

impl Signs {
    /// The kind of a font of this name; `mapped` where it brings a map to Unicode.
    pub(super) fn of(base: &str, mapped: bool) -> Signs {
        let base = base.to_lowercase();
        match base.as_str() {
            _ if base.contains("zapfdingbats") && !mapped => Signs::Zapf,
            _ if base.contains("wingdings") || base.contains("webdings") => Signs::Dingbats,
            _ if base.contains("symbol") && !base.contains("segoe") && !mapped => Signs::Symbol,
            _ => Signs::No,
        }
    }

    /// What a code shows that was taken for this letter, where that is another thing.
    pub(super) fn sign(self, c: char) -> Option<&'static str> {
        match self {
            Signs::No if ('\u{f020}'..='\u{f0ff}').contains(&c) => symbol((c as u32 & 0xff) as u8).or(Some("•")),
            Signs::Symbol => code_of(c).and_then(symbol),
            Signs::Zapf if c != ' ' => Some(code_of(c).map_or("•", zapf_dingbat)),
            Signs::Dingbats if c != ' ' => Some(code_of(c).map_or("•", dingbat)),
            _ => None,
        }
    }
}

/// The byte that a character of a sign font was encoded as, where the encoding was taken for that of letters.
fn code_of(c: char) -> Option<u8> {
    match c as u32 {
        code @ (0x20..=0xff | 0xf020..=0xf0ff) => u8::try_from(code & 0xff).ok(),
        _ => None,
    }
}

/// Adobe Symbol, the codes that carry meaning in a guideline.
fn symbol(code: u8) -> Option<&'static str> {
    Some(match code {
        0x44 => "Δ",
        0x57 => "Ω",
        0x61 => "α",
        0x62 => "β",
        0x64 => "δ",
        0x65 => "ε",
        0x67 => "γ",
        0x6b => "κ",
        0x6c => "λ",
        0x6d => "µ",
        0x71 => "θ",
        0x73 => "σ",
        0x63 => "χ",
        0xa0 | 0x20 => " ",
        0xa3 => "≤",
        0xa5 => "∞",
        0xab => "↔",
        0xac => "←",
        0xad => "↑",
        0xae => "→",
        0xaf => "↓",
        0xb0 => "°",
        0xb1 => "±",
        0xb3 => "≥",
        0xb4 => "×",
        0xb7 | 0xa7 | 0xa8 => "•",
        0xb8 => "÷",
        0xb9 => "≠",
        0xba => "≡",
        0xbb => "≈",
        0xd0 => "∠",
        0xd2 | 0xe2 => "®",
        0xd3 | 0xe3 => "©",
        0xd4 | 0xe4 => "™",
        0xd5 => "∏",
        0xd6 => "√",
        0xe5 => "∑",
        0x2d => "−",
        0x21 | 0x23 | 0x25 | 0x26 | 0x28..=0x3f | 0x5b | 0x5d | 0x7b..=0x7d => ascii(code),
        _ => return None,
    })
}

fn ascii(code: u8) -> &'static str {
    const PRINTABLE: &str =
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
    let at = usize::from(code.saturating_sub(0x20));
    PRINTABLE.get(at..=at).unwrap_or(UNKNOWN)
}

/// Wingdings and its like: ticks, boxes and arrows; everything else there is a bullet.
fn dingbat(code: u8) -> &'static str {
    match code {
        0x6f | 0x71 | 0x72 | 0xa8 => "☐",
        0xfb | 0xfd => "☒",
        0xfc => "✓",
        0xfe => "☑",
        0xe0 | 0xe8 | 0xf0 => "→",
        _ => "•",
    }
}

/// Zapf Dingbats.
fn zapf_dingbat(code: u8) -> &'static str {
    match code {
        0x33 | 0x34 => "✓",
        0x35..=0x38 => "✗",
        0x6f..=0x72 => "☐",
        0xd4..=0xfe => "→",
        _ => "•",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_told_by_the_font_that_shows_them() {
        let check = |font: &str, mapped, c, expected: Option<&str>| {
            assert_eq!(Signs::of(font, mapped).sign(c), expected, "{font} {c}");
        };
        check("Symbol", false, '\u{b3}', Some("≥"));
        check("ABCDEF+Wingdings-Regular", false, '\u{fc}', Some("✓"));
        check("ZapfDingbats", false, '4', Some("✓"));
        check("ZapfDingbats", true, '4', None);
        check("Arial", false, '\u{f0a3}', Some("≤"));
        check("Arial", false, '5', None);
    }
}
