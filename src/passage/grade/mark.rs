//! Tells words that are a grade and nothing else, on a line of their own or in the brackets that close a statement.

use std::sync::LazyLock;

use regex::Regex;

use crate::language::pattern;

/// Everything that a grade's own line is made of.
static PARTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[(\[](?:new|updated|published|reviewed|amended)[^)\]]*[)\]]|\bwhere there was (?:no )?relevant research\b|\b(?:very low|low|moderate|high)(?:[- ]+(?:to|or)[- ]+(?:very low|low|moderate|high))?(?:[- ]+(?:certainty|quality))?(?: (?:of|in)(?: the)?)?(?: evidence)?(?: of effects?)?\b|\b(?:strong|conditional|weak)\b|\brecommendations?\b|\b(?:for|against)\b(?: (?:the |either the )?(?:intervention|option|comparison))?|\b(?:strength|certainty|quality|grade|class|level|category|rating)(?: (?:of|in)(?: the)?)?(?: (?:recommendations?|evidence))?(?: of effects?)?\s*:?|\b(?:COR|LOE)\b:?|\b(?:1|2a|2b|3|I|IIa|IIb|III|B-N?R|C-LD|C-EO|[A-E]-?I{1,3}|[12][A-D]|[A-D])\b|\b(?:no benefit|harm)\b|\b(?:evidence )?type:? ?[1-4]\b|\b(?:I )?statement\b|\bgood practice (?:statement|point)s?\b|\bneither for nor against\b|\b(?:reviewed|new-replaced|new-added|amended|not changed|deleted|not reviewed)\b|\b(?:based on )?expert (?:consensus|opinion)\b|\b(?:based on|with|evidence|or|and|GDG|consensus|ungraded|certainty)\b|[⊕⨁◯○⊝⊖〇]+",
    )
});
/// What at least one of the parts must be.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:strong|conditional|weak)[ -]+(?:recommendations?|for|against)\b|\b(?:strength|certainty|quality|grade|class|level|category)(?: of (?:the )?(?:recommendations?|evidence)|\s*:)\s*:?\s*\S|\b(?:COR|LOE)\b|\bgrade:? [A-DI]\b|\b[A-D] recommendation\b|\bI statement\b|\bgood practice (?:statement|point)\b|\bneither for nor against\b|[⊕⨁]|^\W*[A-E]-?I{1,3}\W*$|^\W*[12][A-D]\W*$|\brecommendation (?:category|\w+ certainty)|(?:strong|conditional|weak)[,;] ?(?:very low|low|moderate|high)",
    )
});

/// Words up to which a line can be a grade.
const LONGEST: usize = 30;

/// The text where it is a grade and nothing else.
pub(in crate::passage) fn only(text: &str) -> Option<&str> {
    let text = text.trim();
    if text.split_whitespace().count() > LONGEST || !NAMED.is_match(text) {
        return None;
    }
    let rest = PARTS.replace_all(text, "");
    // "Strong recommendation" in a table of contents has a page number after it; "Recommendations" is a heading.
    (!rest.chars().any(char::is_alphanumeric)).then_some(text)
}

/// Whether a statement closes with its grade in brackets: "… every year. (Strong recommendation, low certainty)".
pub(in crate::passage) fn closes(text: &str) -> bool {
    let text = text.trim_end_matches([' ', '.', '*', '†']);
    let Some(inner) = text.strip_suffix([')', ']']) else { return false };
    let Some(open) = inner.rfind(['(', '[']) else { return false };
    let statement = inner.get(..open).unwrap_or_default();
    let words = statement.split_whitespace().count();
    let mark = inner.get(open + 1..).unwrap_or_default();
    words >= 3 && mark.contains(' ') && only(mark).is_some()
}
