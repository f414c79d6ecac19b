//! Citations that a reader must look up: a guideline by its body with a year, a title or a code; authors with a year.
//!
//! A body's name alone is no citation: it needs a year beside it, a word such as "guideline", a word that says that it
//! has spoken ("recommends", "according to"), or brackets of its own.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::bodies::{BODIES, Body, Mention};
use super::{Atom, Kind, Named};
use crate::language::pattern;

static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:19[5-9]|20[0-4])\d\b"));
static YEAR_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:\b[Ii]n )?\b(?P<y>(?:19[5-9]|20[0-4])\d)(?:,? the| joint| updated| revised| current| new| US| U\.S\.| focused update of the)?\s+$",
    )
});
static YEAR_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:\s*[(\[]\s*(?P<a>(?:19[5-9]|20[0-4])\d)\s*[)\]]|\s*,?\s*[(\[]?(?P<b>(?:19[5-9]|20[0-4])\d)\b)")
});
/// What makes a number of four digits an amount.
static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:mg|mcg|µg|g|iu|ml|kcal|kj|units?|steps|participants|patients|people|women|men|adults|children|cases)\b",
    )
});
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:\s+(?i:clinical )?(?i:guideline|guidance))?\s*[(\[]?(?P<code>(?:NG|CG|TA|QS|PH|DG|HST|IPG|MTG)\s?\d{1,4})\b[)\]]?",
    )
});
static LONE_CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:NG|CG)\s?\d{1,3}\b"));
const WORK: &str = r"(?i:clinical practice guidelines?|practice guidelines?|practice bulletins?|practice parameters?|guidelines?|standards of (?:medical )?care(?: in diabetes)?|recommendation statements?|position (?:paper|statement)s?|consensus (?:report|statement)s?|scientific statements?|focused updates?|recommendations?|statements?|guidance|reports?|strategy|immuni[sz]ation schedules?|schedules?|safety communications?|drug safety updates?|criteria|advisory|handbook|fact sheets?|campaign)";
static WORK_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^(?P<topic>(?:\s+[\p{{L}}\d’'/&\-]+){{0,10}}?)\s+(?P<work>{WORK})\b(?:\s+(?:on|for|of|about|regarding|to)\s+(?P<tail>[\p{{L}}\d’'/&\-]+(?:\s+[\p{{L}}\d’'/&\-]+){{0,11}}?)(?P<stop>\s*[(\[,.;:)\]]|\s+(?i:recommends?|recommended|advises?|suggests?|states?|says?|and|that|which|published|from)\b|\s*$))?"
    ))
});
/// Work words of which a plain one says that a body has spoken, and no more.
static SPEAKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s+(?:(?:also|currently|now|still|strongly|generally|explicitly|therefore|both|has|have|had|does not|do not)\s+){0,3}(?:recommend(?:s|ed|ing)?|advis(?:es?|ed)|suggest(?:s|ed)?|states?|stated|says?|said|endors(?:es?|ed)|defin(?:es?|ed)|conclud(?:es?|ed)|not(?:es|ed)|found|finds?|issued|published|updated|warn(?:s|ed)?|gives?|gave|assign(?:s|ed)|urges?|prefers?|favou?rs?|discourages?|considers?)\b",
    )
});
static SPOKEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:according to|as per|\bper|based on|in line with|consistent with|(?:recommended|endorsed|published|issued|defined|advised|suggested|updated|released) by|(?:guidelines?|guidance|recommendations?|statements?|advice|data|report) (?:from|by|of)|sources?\s?:\**|\bsee|\bvia|reference:|following) (?:both )?(?:the )?(?:(?:latest|current|updated|recent|newest|(?:19|20)\d\d) )*$",
    )
});
/// Words of a phrase that make a sentence of it, so that it is no title.
const VERBS: &[&str] = &[
    "recommends",
    "recommend",
    "recommended",
    "advises",
    "advise",
    "suggests",
    "suggest",
    "states",
    "says",
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "had",
    "and",
    "or",
    "but",
    "that",
    "which",
    "who",
    "with",
    "published",
    "issued",
    "updated",
    "released",
    "in",
    "by",
    "from",
    "not",
    "no",
    "does",
    "do",
    "should",
    "may",
    "gives",
    "gave",
    "as",
];
static AUTHORS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<et>\p{Lu}[\p{L}’'\-]+,? et al\.?,?\s*[(\[]?(?P<a>(?:19[5-9]|20[0-4])\d)[a-z]?\b[)\]]?)|[(;]\s*(?:(?:see|e\.g\.),? )?(?P<in>\p{Lu}\p{Ll}[\p{L}’'\-]+(?: (?:and|&) \p{Lu}\p{Ll}[\p{L}’'\-]+)?,? (?P<b>(?:19[5-9]|20[0-4])\d)[a-z]?)\s*[);,]|(?P<two>\p{Lu}\p{Ll}[\p{L}’'\-]+ (?:and|&) \p{Lu}\p{Ll}[\p{L}’'\-]+ [(\[](?P<c>(?:19[5-9]|20[0-4])\d)[a-z]?[)\]])",
    )
});
/// Capitals before a year that are nobody's name.
const NOBODY: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Sept",
    "Oct",
    "Nov",
    "Dec",
    "Updated",
    "Since",
    "Before",
    "After",
    "Published",
    "Reviewed",
    "Revised",
    "Version",
    "Edition",
    "Update",
    "In",
    "As",
    "Effective",
    "Retired",
    "Guideline",
    "Guidelines",
    "Spring",
    "Summer",
    "Autumn",
    "Fall",
    "Winter",
    "Until",
    "From",
];
/// A guideline of a body that is not known by name: capitals and a year.
static STRANGER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\b(?P<a>(?:19[5-9]|20[0-4])\d)\s+(?P<one>(?:\p{{Lu}}[\p{{L}}&/\-]*\s+){{1,6}}(?:\p{{Ll}}[\p{{L}}\-]*\s+){{0,5}}?{WORK})\b|(?P<two>(?:\p{{Lu}}[\p{{L}}&/\-]*\s+){{1,6}}(?:\p{{Ll}}[\p{{L}}\-]*\s+){{0,5}}?{WORK}),?\s*[(\[](?P<b>(?:19[5-9]|20[0-4])\d)[)\]]"
    ))
});

/// How far around a name is looked, in bytes.
const BEFORE: usize = 64;
const AFTER: usize = 240;

/// The years of a text.
pub(super) fn years(text: &str) -> Vec<i16> {
    let mut years: Vec<i16> = Vec::new();
    for found in YEAR.find_iter(text) {
        years.extend(found.as_str().parse::<i16>().ok().filter(|year| !years.contains(year)));
    }
    years
}

/// The guidelines and authors of a text.
pub(super) fn atoms(text: &str, mentions: &[Mention]) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = mentions.iter().filter_map(|mention| guideline(text, mention)).collect();
    atoms.extend(LONE_CODE.find_iter(text).map(|found| {
        let code = Some(found.as_str().replace(' ', ""));
        let named = Named { code, bodies: nice().into_iter().collect(), ..Named::default() };
        Atom::new(found.range(), Kind::Guideline, named)
    }));
    atoms.extend(AUTHORS.captures_iter(text).filter_map(|found| authors(&found, mentions)));
    atoms.extend(STRANGER.captures_iter(text).filter_map(|found| stranger(&found, mentions)));
    atoms
}

fn nice() -> Option<&'static Body> {
    BODIES.iter().find(|body| body.key == "NICE")
}

/// A guideline around the name of its body, where there is one.
fn guideline(text: &str, mention: &Mention) -> Option<Atom> {
    let before = tail(text, mention.range.start, BEFORE);
    let mut range = mention.range.clone();
    let mut named = Named { bodies: mention.bodies.clone(), ..Named::default() };
    if mention.work {
        named.words = text.get(range.clone())?.to_owned();
    }
    let mut is_one = mention.work;
    let mut lead = before;
    if let Some(found) = YEAR_BEFORE.captures(before) {
        let year = found.name("y")?;
        named.years = years(year.as_str());
        range.start = mention.range.start - (before.len() - year.start());
        lead = before.get(..year.start())?;
        is_one = true;
    }
    is_one |= follow(text, &mut range, &mut named);
    let after = head(text, range.end, AFTER);
    let bracketed = lead.ends_with(['(', '[']) && after.starts_with([')', ']', ';']);
    is_one |= bracketed || SPOKEN.is_match(lead) || SPEAKS.is_match(after);
    is_one.then(|| Atom::new(range, Kind::Guideline, named))
}

/// Takes what follows a name and belongs to it: a code, a year, a title, a year after that. Whether there was any.
fn follow(text: &str, range: &mut Range<usize>, named: &mut Named) -> bool {
    let mut rest = head(text, range.end, AFTER);
    let mut taken = 0;
    let own = ["'s", "’s", "'", "’"].iter().find(|own| rest.starts_with(**own) && !rest.starts_with("'t"));
    if let Some(own) = own {
        rest = rest.get(own.len()..).unwrap_or_default();
        taken += own.len();
    }
    let mut any = false;
    if named.bodies.iter().any(|body| body.key == "NICE")
        && let Some(found) = CODE.captures(rest)
    {
        named.code = Some(found["code"].replace(' ', ""));
        (any, taken, rest) = passed(&found, taken, rest);
    }
    if let Some(found) = year_after(rest, named) {
        (any, taken, rest) = passed(&found, taken, rest);
    }
    if let Some(found) = WORK_AFTER.captures(rest).filter(|found| is_title(&found["topic"])) {
        // What stops a tail is not a part of it.
        let stop = found.name("stop").map_or(0, |stop| stop.len());
        let length = found.get(0).map_or(0, |whole| whole.len()) - stop;
        let words = rest.get(..length).unwrap_or_default();
        named.words = format!("{} {}", named.words, words.trim()).trim().to_owned();
        taken += length;
        rest = rest.get(length..).unwrap_or_default();
        any = true;
        if let Some(found) = year_after(rest, named) {
            (any, taken, _) = passed(&found, taken, rest);
        }
    }
    if any {
        range.end += taken;
    }
    any
}

fn passed<'t>(found: &regex::Captures<'_>, taken: usize, rest: &'t str) -> (bool, usize, &'t str) {
    let length = found.get(0).map_or(0, |whole| whole.len());
    (true, taken + length, rest.get(length..).unwrap_or_default())
}

fn year_after<'t>(rest: &'t str, named: &mut Named) -> Option<regex::Captures<'t>> {
    let found = YEAR_AFTER.captures(rest)?;
    let year = found.name("a").or_else(|| found.name("b"))?;
    if AMOUNT.is_match(rest.get(year.end()..)?) {
        return None;
    }
    named.years.extend(years(year.as_str()));
    named.years.dedup();
    Some(found)
}

/// Whether words between a body and "guideline" are a title.
fn is_title(topic: &str) -> bool {
    !topic.split_whitespace().any(|word| VERBS.contains(&word.to_lowercase().as_str()))
}

fn authors(found: &regex::Captures<'_>, mentions: &[Mention]) -> Option<Atom> {
    let whole = found.name("et").or_else(|| found.name("in")).or_else(|| found.name("two"))?;
    let first = whole.as_str().split([' ', ',']).next()?;
    let of_body = mentions.iter().any(|mention| mention.range.start < whole.end() && whole.start() < mention.range.end);
    if NOBODY.contains(&first) || of_body || first.chars().filter(|c| c.is_uppercase()).count() > 2 {
        return None;
    }
    let named = Named { years: years(whole.as_str()), ..Named::default() };
    Some(Atom::new(whole.range(), Kind::Authors, named))
}

fn stranger(found: &regex::Captures<'_>, mentions: &[Mention]) -> Option<Atom> {
    let whole = found.get(0)?;
    if mentions.iter().any(|mention| mention.range.start < whole.end() && whole.start() < mention.range.end) {
        return None;
    }
    let words = found.name("one").or_else(|| found.name("two"))?;
    if !is_title(words.as_str()) {
        return None;
    }
    let named = Named { years: years(whole.as_str()), words: words.as_str().to_owned(), ..Named::default() };
    Some(Atom::new(whole.range(), Kind::Guideline, named))
}

/// Up to so many bytes before a place, within its line.
fn tail(text: &str, at: usize, most: usize) -> &str {
    let mut from = at.saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let part = text.get(from..at).unwrap_or_default();
    part.rsplit('\n').next().unwrap_or_default()
}

/// Up to so many bytes after a place, within its line.
fn head(text: &str, at: usize, most: usize) -> &str {
    let mut to = at.saturating_add(most).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    let part = text.get(at..to).unwrap_or_default();
    part.split('\n').next().unwrap_or_default()
}
