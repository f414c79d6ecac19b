//! Classes of recommendation: ACC/AHA's (COR with LOE) and ESC's (roman class with level).

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Direction, Grade, Scales, grade};
use crate::language::pattern;

static CLASS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:COR|class of recommendation|class)\s*:?\s*(1|2a|2b|3|I|IIa|IIb|III)\b(?:\s*[:(]?\s*(no benefit|harm)\)?)?(?:[\s,;(/|]*(?:LOE|level of evidence|level)\s*:?\s*(A|B(?:-N?R)?|C(?:-(?:LD|EO))?)\b)?",
    )
});
/// The level in a cell before the class.
static LEVEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:LOE|level of evidence|level)\s*:?\s*(A|B(?:-N?R)?|C(?:-(?:LD|EO))?)\s*(?:\||$)")
});
static CLASS_OF_SOMETHING_ELSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:NYHA|Killip|CCS|Child|Child-Pugh|functional|WHO|ASA|pregnancy)[\s(-]*class|class \S+ (?:antiarrhythmic|drug|agent|obesity|device|symptom|heart|angina|laser|recall)",
    )
});

/// A match with the word before it and the word after it.
fn around<'a>(text: &'a str, found: &Captures<'_>) -> &'a str {
    let Some(whole) = found.get(0) else { return "" };
    let before = text.get(..whole.start()).unwrap_or_default().trim_end();
    let start = before.rfind(' ').map_or(0, |at| at + 1);
    let after = text.get(whole.end()..).unwrap_or_default();
    let skipped = after.len() - after.trim_start().len();
    let end = after.trim_start().find(' ').map_or(text.len(), |at| whole.end() + skipped + at);
    text.get(start..end).unwrap_or_default()
}

/// Source: ACC/AHA class of recommendation and level of evidence, 2019 form; ESC prints roman classes.
pub(super) fn read(text: &str, scales: &Scales) -> Option<Grade> {
    let known = match scales.declared() {
        Some("ACC/AHA") => Some("ACC/AHA"),
        Some("ESC") => Some("ESC"),
        Some(_) => return None,
        None => ["ACC/AHA", "ESC"].into_iter().find(|system| scales.has(system)),
    };
    // "NYHA class III" and "class III antiarrhythmic" are no grades; one with its level of evidence is surely one.
    let gradelike = |found: &Captures<'_>| !CLASS_OF_SOMETHING_ELSE.is_match(around(text, found));
    let mut all: Vec<Captures<'_>> = CLASS.captures_iter(text).filter(gradelike).collect();
    all.sort_by_key(|found| found.get(3).is_none());
    let level = |found: &Captures<'_>| {
        let beside = found.get(3).map(|level| level.as_str());
        let row = || LEVEL.captures(text).filter(|_| text.contains(" | ")).and_then(|level| level.get(1));
        beside.or_else(|| row().map(|level| level.as_str())).map(str::to_uppercase)
    };
    let found = all.first()?;
    if all.iter().any(|other| level(other).is_some() && !other[1].eq_ignore_ascii_case(&found[1])) {
        return None;
    }
    let level = level(found);
    // "class 3" of something else: without a known system the level of evidence must be printed too.
    let named = found.get(0).is_some_and(|whole| whole.as_str().to_uppercase().starts_with("COR"));
    if known.is_none() && (level.is_none() || !named) {
        return None;
    }
    let class = &found[1];
    let mut read = grade(known.unwrap_or("ACC/AHA"), format!("COR {class}"), &found[0]);
    if known == Some("ESC") {
        read.code = format!("Class {class}");
    }
    read.strength = found.get(2).map(|m| m.as_str().to_lowercase());
    read.certainty = level.map(|level| format!("LOE {level}"));
    let against = matches!(class, "3" | "III" | "iii");
    read.direction = Some(if against { Direction::Against } else { Direction::For });
    Some(read)
}
