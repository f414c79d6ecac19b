//! What people paste with a claim and do not mean: marks of HTML and Markdown, addresses, numbers of references.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::pattern;

/// Each of these with what it is replaced by: see [`plain`]. Comparators look like tags ("<130 and >80"), so a tag is what
/// has the name of one.
static MARKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?imx)
        (?P<entity>&(?:\#[0-9]{2,6}|\#x[0-9a-f]{2,5}|[a-z]{2,6}[0-9]{0,2});)
        | </?(?:a|abbr|b|blockquote|br|cite|code|div|em|h[1-6]|hr|i|li|mark|ol|p|pre|s|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]{0,300})?\s?/?>
        | \]\([^()\s]{0,500}\)
        | https?://[^\s<>()\[\]]+
        | \[\^?[0-9]{1,3}(?:\s?[,–-]\s?[0-9]{1,3}){0,9}\]
        | ^\s{0,3}(?:[0-9]{1,2}[.)]|\#{1,6}|[-*+>])\s",
    )
});

/// The same text without marks, byte for byte in place: what stands at an offset here stands there in the text as given.
pub fn unmarked(text: &str) -> Cow<'_, str> {
    // Almost every claim is plain.
    if !text.contains(['&', '<', '[', ']', ':', '#', '*', '+', '>', '-', '.', ')']) {
        return Cow::Borrowed(text);
    }
    MARKS.replace_all(text, |found: &Captures<'_>| {
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        found.name("entity").map_or_else(|| " ".repeat(whole.len()), |entity| plain(entity.as_str()))
    })
}

/// The character that an entity stands for, filled up to the entity's length: by what nobody sees where it is a letter or
/// an apostrophe, so that its word stays one, by spaces otherwise. An entity that is not known stays.
fn plain(entity: &str) -> String {
    let Some(c) = named(entity.trim_matches(['&', ';'])) else { return entity.to_owned() };
    let mut out = String::from(c);
    let Some(mut left) = entity.len().checked_sub(out.len()) else { return entity.to_owned() };
    if (c.is_alphanumeric() || c == '’') && left != 1 {
        if left % 2 == 1 {
            out.push('\u{200b}');
            left -= 3;
        }
        out.extend(std::iter::repeat_n('\u{ad}', left / 2));
    } else {
        out.extend(std::iter::repeat_n(' ', left));
    }
    out
}

fn named(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| !c.is_control());
    }
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "le" => '≤',
        "ge" => '≥',
        "amp" => '&',
        "nbsp" | "thinsp" | "ensp" | "emsp" => ' ',
        "quot" => '"',
        "apos" | "rsquo" | "lsquo" => '’',
        "ldquo" | "rdquo" => '”',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "shy" => '\u{ad}',
        "deg" => '°',
        "plusmn" => '±',
        "times" => '×',
        "micro" | "mu" => 'µ',
        "alpha" => 'α',
        "beta" => 'β',
        "gamma" => 'γ',
        "delta" => 'δ',
        "kappa" => 'κ',
        "omega" => 'ω',
        "sup2" => '²',
        "sup3" => '³',
        "frac12" => '½',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "eacute" => 'é',
        "egrave" => 'è',
        "aacute" => 'á',
        "oacute" => 'ó',
        "iacute" => 'í',
        "ccedil" => 'ç',
        "ntilde" => 'ñ',
        _ => return None,
    })
}

/// Whether a text is written in capitals throughout, so that they say nothing of a word. A lone acronym or two is not.
pub fn is_all_capitals(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    letters > 12 && text.split_whitespace().count() > 2 && !text.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::terms;
    use crate::quantity;

    fn check(text: &str, expected: &[&str]) {
        let plain = unmarked(text);
        assert_eq!(plain.len(), text.len(), "{text:?}: {plain:?}");
        let found = terms(&plain);
        let forms: Vec<&str> = found.iter().map(|term| term.text.as_str()).collect();
        assert_eq!(forms, expected, "{text:?}: {plain:?}");
        for term in found {
            assert!(text.get(term.range.clone()).is_some(), "{text:?}: {:?} parts a character", term.range);
        }
    }

    #[test]
    fn marks_are_no_words() {
        check("<p>Take <b>aspirin</b>.<br/></p>", &["take", "aspirin"]);
        check("**Aspirin** [daily](https://example.org/a?b=c) is _safe_", &["aspirin", "daili", "is", "safe"]);
        check("See https://example.org/guideline.html now", &["see", "now"]);
        check("Aspirin helps [12] and harms [3, 5–7].", &["aspirin", "help", "and", "harm"]);
        check("1. Aspirin\n2) Statins\n- Diet\n# Rest", &["aspirin", "statin", "diet", "rest"]);
        check("plain words", &["plain", "word"]);
    }

    #[test]
    fn entities_are_what_they_stand_for() {
        check("Sj&ouml;gren&rsquo;s &amp; Beh&ccedil;et", &["sjogren", "behcet"]);
        check("5&nbsp;&micro;g of &#946;-carotene", &["5", "ug", "of", "beta", "caroten", "betacaroten"]);
        check("BP &lt; 130 &#x3c; &unknown;", &["bp", "130", "unknown"]);
        check("&#0; &#1114112; &;", &["0", "1114112"]);
        let tokens = |text: &str| quantity::quantities(&unmarked(text)).into_iter().map(|one| one.comparator).collect();
        let found: Vec<quantity::Comparator> = tokens("keep it &lt; 130 mmHg, age &ge; 65 years");
        assert_eq!(found, [quantity::Comparator::Less, quantity::Comparator::AtLeast]);
    }

    #[test]
    fn comparators_and_amounts_stay() {
        for text in ["BP <130 and >80", "a < b > c", "5 mg", "age 40-75 (men)", "1.5 mg; 2 g", "ratio [a] & [b]"] {
            assert_eq!(unmarked(text), text);
        }
    }

    #[test]
    fn hostile_marks_take_no_longer_than_their_length() {
        for unit in ["<", "&", "[1", "](", "&#", "<b "] {
            let text = unit.repeat(4_000);
            assert_eq!(unmarked(&text).len(), text.len());
        }
    }

    #[test]
    fn capitals_throughout_say_nothing() {
        assert!(is_all_capitals("ASPIRIN PREVENTS STROKE."));
        assert!(!is_all_capitals("HIV AIDS"));
        assert!(!is_all_capitals("IMMUNOTHERAPY TNBC"));
        assert!(!is_all_capitals("Aspirin prevents stroke"));
        assert!(!is_all_capitals("140/90"));
    }
}
