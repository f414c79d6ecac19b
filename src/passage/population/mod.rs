//! Whom a passage is about, where the document states it in a form that can be read without guessing.
//!
//! A statement that names two ages, both sexes or a population only to except it is left alone: which of them its
//! advice is for is the reader's to say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde::{Deserialize, Serialize};

use crate::language::pattern;

/// Youngest and oldest age in years, both included, `None` where open.
pub type Ages = (Option<u8>, Option<u8>);

/// People whom a statement covers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// In the document's words.
    pub words: Option<String>,
    /// Ages in years.
    pub age: Option<Ages>,
    /// `female` or `male`.
    pub sex: Option<String>,
    /// Conditions that the person must have.
    pub conditions: Vec<String>,
}

/// The population that a block's attributes state.
pub(super) fn read(attributes: Option<&BTreeMap<String, String>>) -> Option<Population> {
    let attributes = attributes?;
    let population = Population {
        words: attributes.get("population").cloned(),
        age: attributes.get("age").and_then(|text| ages(text)),
        sex: attributes.get("sex").map(|sex| sex.trim().to_lowercase()).filter(|sex| sex == "female" || sex == "male"),
        conditions: attributes
            .get("conditions")
            .map(|list| list.split(';').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect())
            .unwrap_or_default(),
    };
    (population != Population::default()).then_some(population)
}

/// Reads `40 to 70`, `65 or older`, `over 75`, `under 18`; `years` may follow.
fn ages(text: &str) -> Option<Ages> {
    let text = text.to_lowercase().replace(['–', '-'], " to ");
    let numbers: Vec<u8> = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match numbers.as_slice() {
        [low, high] if low <= high => Some((Some(*low), Some(*high))),
        [one] if says(&["or older", "and older", "at least", "≥", "or over", "and over"]) => Some((Some(*one), None)),
        [one] if says(&["over", "older than", "above", ">"]) => Some((one.checked_add(1), None)),
        [one] if says(&["or younger", "and younger", "up to", "≤"]) => Some((None, Some(*one))),
        [one] if says(&["under", "younger than", "below", "<"]) => Some((None, one.checked_sub(1))),
        _ => None,
    }
}

/// An age interval beside the people it is said of.
static AGES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:
        (?:(?P<m1>\d{1,2})\ (?:months?|weeks?)\ (?:of\ age\ )?(?:through|to|–|-)\ ?(?P<m2>\d{1,2})\ years)
        |(?:aged?|ages|between\ the\ ages\ of|between)\ (?:from\ |between\ )?(?P<a1>\d{1,3})(?:\ years)?(?:\ (?:to|through|and|until)\ |\ ?[–-]{1,2}\ ?)(?P<a2>\d{1,3})\ (?:years\b|(?P<sp>who|with|at|should|and|,))
        |(?P<b1>\d{1,3})(?:\ (?:to|through)\ |\ ?[–-]{1,2}\ ?)(?P<b2>\d{1,3})[\ -]years?(?:[\ -]old|\ of\ age)
        |(?:aged?\ |adults?\ |persons?\ |people\ |patients?\ |women\ |men\ |children\ |adolescents\ |individuals\ )(?:who\ are\ )?(?:aged?\ )?(?P<c>≥|>|≤|<|at\ least|over|under|older\ than|younger\ than|above|below)\ ?(?P<c1>\d{1,3})(?:\ years\b|\b)
        |(?:aged?\ |ages\ |adults?\ |persons?\ |people\ |patients?\ |women\ |men\ |children\ |adolescents\ )(?:aged?\ )?(?P<d1>\d{1,3})(?:\ years)?(?:\ of\ age)?\ (?:and|or)\ (?P<d>older|over|above|younger)
        |(?P<e1>\d{1,3})\ years(?:\ of\ age)?\ (?:and|or)\ (?P<e>older|younger)
        )",
    )
});
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:[.,]?\d|\s?(?:%|months?|weeks?|days?|hours?|h\b|kg|g\b|mg|ml|cm|mm|wk|mo\b|lb|pounds?|minutes?|min\b|°|mmHg|cells|copies))",
    )
});
static ANY_AGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:aged?|ages|older than|younger than)\b[^.;]{0,12}\d|\d+[- ](?:years?|months?|weeks?)[- ](?:old|of age)\b",
    )
});
/// What a statement excepts is not whom it is about.
static EXCEPTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:except|excluding|other than|unless|but not|not including|does not apply|apart from|unlike|compared (?:with|to)|rather than|who are not|are not|is not|not)\b[^.;]*|\bnon-?pregnant\b)",
    )
});
static FEMALE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:wom[ae]n|females?|girls?)\b"));
static MALE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:m[ae]n|males?|boys?)\b"));
/// Somebody else in the same statement: whom the advice is for cannot be told by a word.
static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:child(?:ren)?|infants?|newborns?|neonates?|bab(?:y|ies)|mothers?|fathers?|famil(?:y|ies)|caregivers?|partners?|companions?|adults|persons?|people|especially|particularly|including|such as|e\.g\.|or those)\b",
    )
});
static PREGNANT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:pregnant|during pregnancy|in pregnancy|pregnancies)\b"));
static LACTATING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:lactating|lactation|breast-?feeding|nursing mothers?)\b"));
static ABOUT_WOMEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:in|for|to|among|that|all|offer|screen|give|women|if|when|pregnant|lactating|breast-?feeding)\b[^.;,]{0,60}\b(?:pregnant|lactating|breast-?feeding) (?:wom[ae]n|people|persons?|patients?|mothers?)|^(?:all |most )?(?:pregnant|lactating|breast-?feeding) (?:wom[ae]n|people|persons?|patients?|mothers?)",
    )
});

/// Whom the words of a recommendation name; `None` where that cannot be told without guessing.
pub(super) fn in_words(text: &str) -> Option<Population> {
    // Whom a statement is for stands in its first sentence; what follows speaks of others, too.
    let first = crate::language::sentences(text).into_iter().next().and_then(|range| text.get(range));
    let text = first.unwrap_or(text);
    let plain = EXCEPTED.replace_all(text, " ");
    let (age, words) = only_age(text, &plain).unzip();
    let population = Population { words, age, sex: sex(text, &plain), conditions: conditions(text, &plain) };
    (population != Population::default()).then_some(population)
}

/// The one age interval of a text, with its words.
fn only_age(text: &str, plain: &str) -> Option<(Ages, String)> {
    let mut found = AGES.captures_iter(plain);
    let first = found.next()?;
    let age = interval(&first)?;
    // "≥ 6 months", "over 40 kg": a figure without its unit is years only where no other unit follows.
    let other_unit = first.get(0).and_then(|whole| plain.get(whole.end()..)).is_some_and(|after| UNIT.is_match(after));
    if other_unit && !first[0].contains("year") {
        return None;
    }
    let rest = AGES.replace_all(text, " ");
    if found.any(|other| interval(&other) != Some(age)) || ANY_AGE.is_match(&rest) || EXCEPTED.is_match(text) {
        return None;
    }
    let words = first[0].trim_end_matches(|c: char| c == ',' || c.is_whitespace());
    let words = first.name("sp").map_or(words, |after| words.strip_suffix(after.as_str()).unwrap_or(words)).trim();
    Some((age, words.to_owned()))
}

fn interval(found: &Captures<'_>) -> Option<Ages> {
    let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<u8>().ok()).filter(|age| *age <= 120);
    if found.name("m1").is_some() {
        // Years are what is kept; the words keep the months.
        return Some((Some(0), Some(number("m2")?)));
    }
    for (low, high) in [("a1", "a2"), ("b1", "b2")] {
        if found.name(low).is_some() {
            let (low, high) = (number(low)?, number(high)?);
            return (low <= high).then_some((Some(low), Some(high)));
        }
    }
    if let (Some(word), Some(_)) = (found.name("c"), found.name("c1")) {
        let age = number("c1")?;
        return match word.as_str().to_lowercase().as_str() {
            "≥" | "at least" => Some((Some(age), None)),
            ">" | "over" | "older than" | "above" => Some((age.checked_add(1), None)),
            "≤" => Some((None, Some(age))),
            _ => Some((None, Some(age.checked_sub(1)?))),
        };
    }
    let (age, word) = number("d1").zip(found.name("d")).or_else(|| number("e1").zip(found.name("e")))?;
    let younger = word.as_str().eq_ignore_ascii_case("younger");
    Some(if younger { (None, Some(age)) } else { (Some(age), None) })
}

fn sex(text: &str, plain: &str) -> Option<String> {
    if OTHERS.is_match(text) {
        return None;
    }
    match (FEMALE.is_match(text), MALE.is_match(text)) {
        (true, false) => FEMALE.is_match(plain).then(|| "female".to_owned()),
        (false, true) => MALE.is_match(plain).then(|| "male".to_owned()),
        _ => None,
    }
}

fn conditions(text: &str, plain: &str) -> Vec<String> {
    let named: BTreeSet<&str> = [(&PREGNANT, "pregnant"), (&LACTATING, "breastfeeding")]
        .into_iter()
        .filter(|(form, _)| form.is_match(text))
        .map(|(_, name)| name)
        .collect();
    // "Pregnant or breastfeeding women": a person need not be both.
    if OTHERS.is_match(text) {
        return Vec::new();
    }
    match named.into_iter().collect::<Vec<_>>().as_slice() {
        [one] if ABOUT_WOMEN.is_match(plain) => vec![(*one).to_owned()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
