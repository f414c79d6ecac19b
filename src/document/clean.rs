//! Brings text of any origin to one form, once, before any offset is counted.
//!
//! Canonical composition (NFC) and not compatibility composition: superscripts, fractions and "≥" carry meaning in a
//! dose or a threshold. What a reader cannot see (zero-width characters, bidirectional controls, tag characters) is
//! removed and counted, because it is how instructions are hidden in documents.

use unicode_normalization::UnicodeNormalization;

/// Text in stored form, and how many invisible characters were taken out of it.
///
/// White space of every kind becomes one space, typographic ligatures are spelled out, soft hyphens and control
/// characters go. The result is trimmed.
pub fn clean(raw: &str) -> (String, usize) {
    let mut hidden = 0;
    let mut out = String::with_capacity(raw.len());
    for c in raw.nfc() {
        match c {
            _ if c.is_whitespace() => push_space(&mut out),
            // Break points, and the choice between a sign and its picture.
            '\u{ad}' | '\u{fe0e}' | '\u{fe0f}' => {}
            _ if is_invisible(c) => hidden += 1,
            _ if c.is_control() => {}
            '\u{fb00}'..='\u{fb06}' => out.push_str(ligature(c)),
            _ => out.push(c),
        }
    }
    while out.ends_with(' ') {
        out.pop();
    }
    (out, hidden)
}

fn push_space(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Characters without ink that change or hide what is read.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}'
        | '\u{feff}' | '\u{e0000}'..='\u{e0fff}' | '\u{180e}' | '\u{61c}' | '\u{34f}' | '\u{115f}' | '\u{1160}'
        | '\u{3164}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{fe00}'..='\u{fe0d}' | '\u{2065}')
}

fn ligature(c: char) -> &'static str {
    match c {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        _ => "st",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: &str, hidden: usize) {
        assert_eq!(clean(raw), (expected.to_owned(), hidden), "{raw:?}");
    }

    #[test]
    fn white_space_ligatures_and_soft_hyphens() {
        check("  a\u{a0}b\n\tc ", "a b c", 0);
        check("e\u{fb03}cacy of hyper\u{ad}tension", "efficacy of hypertension", 0);
        check("", "", 0);
    }

    #[test]
    fn meaning_bearing_forms_stay() {
        check("10⁹/L ≥ ½ µg", "10⁹/L ≥ ½ µg", 0);
        check("re\u{301}sume\u{301}", "résumé", 0);
    }

    #[test]
    fn invisible_characters_are_removed_and_counted() {
        check("do\u{200b} not\u{202e} give\u{e0041}", "do not give", 3);
        check("a\u{3164}b\u{34f}c\u{e0101}d\u{61c}e\u{fe00}", "abcde", 5);
        check("©\u{fe0f} 5 mg", "© 5 mg", 0);
    }
}
