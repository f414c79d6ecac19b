//! Grades in words: GRADE's strength with its certainty, and VA/DoD's.

use std::sync::LazyLock;

use regex::Regex;

use super::{Direction, Grade, grade};
use crate::language::pattern;

static STRENGTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?P<s>strong|conditional|weak)[ -]+recommendations?(?:[\s,:–—-]+(?P<d>for|against)\b)?|(?:strength(?: of (?:the )?recommendation)?|recommendation strength|recommendation|grade)\s*(?:[:|–—]|is)\s*(?P<l>strong|conditional|weak)\b(?:[\s,]+(?P<e>for|against)\b)?|(?P<t>strong|conditional|weak)[;,]\s*(?:very low|low|moderate|high)[- ](?:certainty|quality))",
    )
});
static CERTAINTY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?P<a>very low|low|moderate|high)(?:[- ]*(?:to|or)[- ]+(?P<b>very low|low|moderate|high))?[\s-]+(?:certainty|quality)\b(?:\s+(?:of\s+)?(?:the\s+)?evidence\b)?|(?:certainty|quality)(?: (?:of|in))?(?: the)?(?: evidence)?(?: of effects)?\s*[:|–—]\s*(?P<c>very low|low|moderate|high)\b|(?:recommendations?(?: (?:for|against))?)[\s,;:–—(-]+(?:based on |with )?(?P<e>very low|low|moderate|high)(?:\s+(?:to|or)\s+(?P<f>very low|low|moderate|high))?\s*(?:[)\],;.]|$|evidence))",
    )
});
static RESEARCH_ONLY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)[\[(]\s*(?:use )?only in research(?: settings)?\b[^\])]{0,80}[\])]"));
static SYMBOLS: LazyLock<Regex> = LazyLock::new(|| pattern(r"[⊕⨁]{1,4}[◯○⊝⊖O〇]{0,3}"));
static VA_DOD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:[(\[|]\s*|^|\n)(?P<s>strong|weak)\s+(?P<d>for|against)\s*(?:[|)\],;]|$|\n)|(?:[(\[|]\s*|^|\n)(?P<n>neither for nor against)\s*(?:[|)\],;]|$|\n)",
    )
});

/// Systems whose grades are strong or conditional; elsewhere "strong recommendation" is no grade of the system.
const WORDED: [&str; 4] = ["GRADE", "VA/DoD", "CDC-GRADE", "ACIP"];

/// Source: GRADE Handbook, strength of recommendation and certainty of evidence.
pub(super) fn strength_and_certainty(text: &str, declared: Option<&str>) -> Option<Grade> {
    if declared.is_some_and(|system| !WORDED.contains(&system)) {
        return None;
    }
    let printed: Vec<regex::Captures<'_>> = STRENGTH.captures_iter(text).collect();
    let strength = |found: &regex::Captures<'_>| {
        ["s", "l", "t"].iter().find_map(|name| found.name(name)).map(|m| m.as_str().to_lowercase())
    };
    let first = strength(printed.first()?)?;
    // Two grades in one passage: which goes with which words cannot be told.
    if printed.iter().any(|other| strength(other).is_some_and(|other| other != first)) {
        return None;
    }
    let toward = |found: &regex::Captures<'_>| {
        found.name("d").or_else(|| found.name("e")).and_then(|m| Direction::named(m.as_str()))
    };
    let direction = one(printed.iter().filter_map(toward)).ok()?;
    let near: Vec<(String, usize, usize)> =
        printed.iter().filter_map(|found| certainty(text, found.get(0)?.start(), found.get(0)?.end())).collect();
    let certainty = one(near.iter().map(|(level, _, _)| level.clone())).unwrap_or_default();
    let whole = printed.first()?.get(0)?;
    let (start, end) = near.first().map_or((whole.start(), whole.end()), |(_, start, end)| (*start, *end));
    let mut read = grade(declared.unwrap_or("GRADE"), first.clone(), text.get(start..end).unwrap_or_default());
    read.direction = direction;
    read.strength = Some(first);
    read.certainty = certainty;
    Some(read)
}

/// GRADE's recommendation of an intervention in research and nowhere else.
pub(super) fn research_only(text: &str, declared: Option<&str>) -> Option<Grade> {
    let found = RESEARCH_ONLY.find(text).filter(|_| declared.is_none_or(|system| WORDED.contains(&system)))?;
    let mut read = grade(declared.unwrap_or("GRADE"), "only in research", found.as_str());
    read.direction = Some(Direction::Insufficient);
    read.strength = Some("only in research".to_owned());
    read.certainty = certainty(text, found.start(), found.end()).map(|(level, _, _)| level);
    Some(read)
}

/// The one value of several prints, `Err` where they differ.
fn one<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Result<Option<T>, ()> {
    let Some(first) = values.next() else { return Ok(None) };
    if values.all(|other| other == first) { Ok(Some(first)) } else { Err(()) }
}

/// Characters after the strength within which its certainty is printed.
const NEAR: usize = 120;

/// The certainty printed with a strength, with where the words of both begin and end.
fn certainty(text: &str, start: usize, end: usize) -> Option<(String, usize, usize)> {
    let rest = text.get(start..)?;
    let strength = text.get(start..end)?.chars().count();
    let near: String = rest.chars().take(strength + NEAR).collect();
    // What follows the next strength is that one's.
    let until = STRENGTH.find_iter(&near).nth(1).map_or(near.len(), |next| next.start());
    let near = near.get(..until)?;
    if let Some(found) = CERTAINTY.captures(near) {
        let first = ["a", "c", "e"].iter().find_map(|name| found.name(name))?.as_str().to_lowercase();
        let second = ["b", "f"].iter().find_map(|name| found.name(name)).map(|two| two.as_str().to_lowercase());
        let level = second.map_or(first.clone(), |second| format!("{first} to {second}"));
        return Some((level, start, start + found.get(0)?.end()));
    }
    let symbols = SYMBOLS.find(near).filter(|found| found.as_str().chars().count() == 4)?;
    let level = match symbols.as_str().chars().filter(|c| matches!(c, '⊕' | '⨁')).count() {
        4 => "high",
        3 => "moderate",
        2 => "low",
        _ => "very low",
    };
    Some((level.to_owned(), start, start + symbols.end()))
}

/// Source: VA/DoD clinical practice guidelines, strength and category of recommendations.
pub(super) fn va_dod(text: &str) -> Option<Grade> {
    if super::several(&VA_DOD, text) {
        return None;
    }
    let found = VA_DOD.captures(text)?;
    let strength = found.name("s").map(|m| m.as_str().to_lowercase());
    let words = match (&strength, found.name("d")) {
        (Some(strength), Some(direction)) => format!("{strength} {}", direction.as_str().to_lowercase()),
        _ => "neither for nor against".to_owned(),
    };
    let mut read = grade("VA/DoD", words, found[0].trim().trim_matches(['(', ')', '[', ']', '|', ',', ';', '\n']));
    read.strength = strength;
    read.direction = match found.name("d") {
        Some(direction) => Direction::named(direction.as_str()),
        None => Some(Direction::Either),
    };
    Some(read)
}
