//! Where a statement prints numbers, found by plain patterns, and the changes that are made there.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use regex::Regex;

use super::corpus::draw;

/// Units that the patterns know. What they do not know is left as it is.
const UNITS: &str = r"mg/kg/day|mg/kg|mg/dL|mg/g|mmol/L|mg|mcg|micrograms|g/dL|g/L|g|mL/kg|mL/min|mL|mm Hg|mmHg|years|year|months|month|weeks|week|days|day|hours|minutes|kg/m2|pack-years|IU|ng/mL|cm|%|MME";

static SITE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = format!(
        r"(?P<low>\d+(?:,\d{{3}})*(?:\.\d+)?)(?:(?P<join> to | through |–)(?P<high>\d+(?:,\d{{3}})*(?:\.\d+)?))?(?:/(?P<over>\d+))?(?P<gap>[ -]?)(?P<unit>{UNITS})(?P<end>[^A-Za-z0-9/]|$)"
    );
    Regex::new(&pattern).expect("a pattern")
});
static DIGITS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d+(?:,\d{3})*(?:\.\d+)?").expect("a pattern"));
/// Results of studies, dates of editions, and horizons: not what a recommendation asks for.
static APART: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)confidence|\bCI\b|ratio \d|trial|stud(y|ies)|sensitivity|prevalence|incidence|mortality|lifetime|reduc(ed|es|tion)|\bby about\b|median|on average|percentile").expect("a pattern")
});

/// A pattern, compiled once.
pub(super) fn cached(pattern: &'static str) -> Regex {
    static KNOWN: LazyLock<Mutex<HashMap<&'static str, Regex>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().expect("no test panics while it holds this");
    known.entry(pattern).or_insert_with(|| Regex::new(pattern).expect("a pattern")).clone()
}

/// A number of a statement with its unit, as bytes of the statement.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) low: std::ops::Range<usize>,
    pub(super) high: Option<std::ops::Range<usize>>,
    pub(super) over: Option<std::ops::Range<usize>>,
    pub(super) gap: std::ops::Range<usize>,
    pub(super) unit: std::ops::Range<usize>,
}

/// The numbers with units of a statement that is no report of a study.
pub(super) fn sites(text: &str) -> Vec<Site> {
    if APART.is_match(text) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(captures) = SITE.captures_at(text, from) {
        let part = |name: &str| captures.name(name).map(|part| part.range());
        let (Some(low), Some(gap), Some(unit)) = (part("low"), part("gap"), part("unit")) else { break };
        from = unit.end;
        // "2.5" read from its 5, "COVID-19 years", "1.73 m2".
        let before = text[..low.start].chars().next_back();
        if before.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '.' | ',' | '-' | '–' | '/' | ':'))) {
            found.push(Site { low, high: part("high"), over: part("over"), gap, unit });
        }
    }
    found
}

/// Every number that a text prints.
pub(super) fn printed(text: &str) -> Vec<f64> {
    DIGITS.find_iter(text).filter_map(|number| value(number.as_str())).collect()
}

pub(super) fn value(text: &str) -> Option<f64> {
    text.replace(',', "").parse().ok()
}

/// The text with one piece of it replaced.
pub(super) fn replaced(text: &str, at: &std::ops::Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..at.start], &text[at.end..])
}

/// A number as the text around it prints numbers: as many decimals, no more than needed.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The statement with the value at one site changed; never to a number that it prints elsewhere.
pub(super) fn with_value(text: &str, site: &Site, salt: u64) -> Option<String> {
    let high = site.high.clone().filter(|_| draw(text, salt + 7, 2) == 1);
    let at = high.clone().unwrap_or(site.low.clone());
    let old = value(&text[at.clone()])?;
    let factors = [0.5, 0.8, 1.25, 1.5, 2.0, 3.0];
    let taken = printed(text);
    let fits = |new: f64| {
        let order = match (&site.high, &high) {
            (Some(other), None) => value(&text[other.clone()]).is_some_and(|other| new < other),
            (Some(_), Some(_)) => value(&text[site.low.clone()]).is_some_and(|low| new > low),
            _ => true,
        };
        order && new > 0.0 && new != old && !taken.contains(&new)
    };
    let first = draw(text, salt, factors.len());
    let new = (0..factors.len())
        .map(|turn| factors[(first + turn) % factors.len()])
        .map(|factor| rounded(old, factor))
        .find(|new| fits(*new))?;
    Some(replaced(text, &at, &number(new)))
}

fn rounded(old: f64, factor: f64) -> f64 {
    let scale = if old.fract() == 0.0 { 1.0 } else { 10.0 };
    let new = (old * factor * scale).round() / scale;
    // A number of one may only grow.
    if new == old { old + 1.0 / scale } else { new }
}

/// The statement with every end at one site ten times as high, or a tenth.
pub(super) fn tenfold(text: &str, site: &Site, salt: u64) -> Option<String> {
    let factor = if draw(text, salt, 2) == 0 { 10.0 } else { 0.1 };
    let mut changed = text.to_owned();
    for at in [site.over.clone(), site.high.clone(), Some(site.low.clone())].into_iter().flatten() {
        let new = value(&text[at.clone()])? * factor;
        changed = replaced(&changed, &at, &number(new));
    }
    let taken = printed(text);
    let clear = !taken.contains(&(value(&text[site.low.clone()])? * factor));
    clear.then_some(changed)
}

/// Units with another of which the number would be another amount.
const WRONG: &[(&str, &str)] = &[
    ("mg", "mcg"),
    ("mg", "g"),
    ("mcg", "mg"),
    ("micrograms", "mg"),
    ("g", "mg"),
    ("mg/kg", "mcg/kg"),
    ("mg/kg/day", "g/kg/day"),
    ("mg/dL", "mmol/L"),
    ("mmol/L", "mg/dL"),
    ("g/dL", "g/L"),
    ("years", "months"),
    ("years", "weeks"),
    ("year", "month"),
    ("months", "years"),
    ("months", "days"),
    ("weeks", "months"),
    ("weeks", "days"),
    ("days", "weeks"),
    ("days", "hours"),
    ("hours", "days"),
    ("hours", "minutes"),
    ("minutes", "hours"),
    ("mm Hg", "kPa"),
    ("mmHg", "kPa"),
    ("cm", "mm"),
    ("mL", "L"),
    ("IU", "mg"),
];

/// The statement with the unit at one site exchanged.
pub(super) fn with_unit(text: &str, site: &Site, salt: u64) -> Option<String> {
    let fitting: Vec<&str> =
        WRONG.iter().filter(|(from, _)| *from == &text[site.unit.clone()]).map(|(_, to)| *to).collect();
    let to = fitting.get(draw(text, salt, fitting.len()))?;
    Some(replaced(text, &site.unit, to))
}

/// Units of mass whose exchange is an error of a thousand times.
pub(super) fn is_mass(unit: &str) -> bool {
    matches!(unit, "mg" | "mcg" | "micrograms" | "g" | "mg/kg" | "mg/kg/day" | "g/dL")
}

/// One amount in another unit: from, to, factor.
const OTHER_UNITS: &[(&str, &str, f64)] = &[
    ("mg", "g", 0.001),
    ("mg", "mcg", 1000.0),
    ("mg", "µg", 1000.0),
    ("mcg", "mg", 0.001),
    ("micrograms", "µg", 1.0),
    ("mcg", "μg", 1.0),
    ("g", "mg", 1000.0),
    ("g/dL", "g/L", 10.0),
    ("mg/kg", "mcg/kg", 1000.0),
    ("years", "months", 12.0),
    ("years", "yrs", 1.0),
    ("months", "mo", 1.0),
    ("weeks", "days", 7.0),
    ("days", "hours", 24.0),
    ("hours", "h", 1.0),
    ("hours", "minutes", 60.0),
    ("%", " percent", 1.0),
    ("%", " per cent", 1.0),
    ("mmHg", "mm Hg", 1.0),
    ("mm Hg", "mmHg", 1.0),
    ("kg/m2", "kg/m²", 1.0),
    ("mL/min", "ml/min", 1.0),
    ("cm", "mm", 10.0),
    ("mL", "millilitres", 1.0),
    ("minutes", "min", 1.0),
];

/// Substances: a word of the statement, the unit, the other unit, factor, decimals that laboratories print.
const BY_ANALYTE: &[(&str, &str, &str, f64, usize)] = &[
    ("glucose", "mg/dL", "mmol/L", 1.0 / 18.016, 1),
    ("LDL", "mg/dL", "mmol/L", 1.0 / 38.67, 2),
    ("triglyceride", "mg/dL", "mmol/L", 1.0 / 88.57, 2),
    ("creatinine of", "mg/dL", "µmol/L", 88.42, 0),
    ("urate", "mg/dL", "µmol/L", 59.48, 0),
];

/// The statement with one amount in another unit, and nothing else changed.
pub(super) fn in_other_unit(text: &str, site: &Site, salt: u64) -> Option<String> {
    let unit = &text[site.unit.clone()];
    // "10-year risk" and "3-month course" keep their form.
    if &text[site.gap.clone()] == "-" {
        return None;
    }
    let analyte =
        BY_ANALYTE.iter().find(|(word, from, ..)| *from == unit && text.contains(word) && !text.contains('('));
    let fitting: Vec<_> = OTHER_UNITS.iter().filter(|(from, ..)| *from == unit).collect();
    let (to, factor, decimals) = match (analyte, fitting.get(draw(text, salt, fitting.len()))) {
        (Some((_, _, to, factor, decimals)), _) => (*to, *factor, *decimals),
        (None, Some((_, to, factor))) => (*to, *factor, 6),
        (None, None) => return None,
    };
    // A month has no fixed number of days, so only whole steps are taken; "a 1 year" reads like nothing.
    let mut changed = replaced(text, &site.unit, to);
    for at in [site.over.clone(), site.high.clone(), Some(site.low.clone())].into_iter().flatten() {
        let scale = 10f64.powi(i32::try_from(decimals).ok()?);
        let new = (value(&text[at.clone()])? * factor * scale).round() / scale;
        if new < 0.001 {
            return None;
        }
        changed = replaced(&changed, &at, &number(new));
    }
    Some(changed)
}

const NUMERALS: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Other spellings of the same: pattern, what stands in its place.
const SPELLINGS: &[(&str, &str)] = &[
    (r"\bat least (\d)", "≥ $1"),
    (r"\bat least (\d)", "a minimum of $1"),
    (r"(\d+) years or older", "at least $1 years"),
    (r"(\d+) years or older", "$1 years of age and up"),
    (r"(\d+) to (\d+) years", "$1–$2 years"),
    (r"aged (\d+) to (\d+) years", "aged between $1 and $2 years"),
    (r"(\d+) to (\d+) mg", "$1-$2 mg"),
    (r"every 2 years", "every other year"),
    (r"every 2 years", "biennially"),
    (r"every year", "annually"),
    (r"once a year", "yearly"),
    (r"\bannually", "every 12 months"),
    (r"twice daily", "2 times a day"),
    (r"twice daily", "BID"),
    (r"three times daily", "every 8 hours"),
    (r"\bdaily", "every day"),
    (r"once weekly", "once a week"),
    (r"\bweekly", "every week"),
    (r"every 6 months", "twice a year"),
    (r"every 3 months", "quarterly"),
    (r"every 12 hours", "q12h"),
    (r"every 8 hours", "q8h"),
    (r"below (\d)", "< $1"),
    (r"less than (\d)", "<$1"),
    (r"more than (\d)", "greater than $1"),
    (r" (\d+)% or (?:more|greater|higher)", " at least $1 %"),
    (r"(\d+)/(\d+) mm ?Hg", "$1 over $2 mmHg"),
    (r"no more than (\d)", "at most $1"),
    (r"up to (\d)", "no more than $1"),
    (r" (\d+) or more ", " at least $1 "),
];

/// The statement with one amount spelled in another way, for each way that fits.
pub(super) fn respelled(text: &str) -> Vec<String> {
    if APART.is_match(text) {
        return Vec::new();
    }
    let mut found: Vec<String> = SPELLINGS
        .iter()
        .map(|(pattern, by)| cached(pattern).replace(text, *by).into_owned())
        .filter(|changed| changed != text)
        .collect();
    for site in sites(text) {
        let spelled = value(&text[site.low.clone()])
            .filter(|value| site.high.is_none() && site.over.is_none() && value.fract() == 0.0);
        let word = spelled
            .and_then(|value| NUMERALS.iter().enumerate().find(|(at, _)| *at as f64 == value).map(|(_, word)| *word));
        found.extend(word.filter(|_| &text[site.gap.clone()] == " ").map(|word| replaced(text, &site.low, word)));
    }
    found
}

/// A bound changed: pattern, what stands in its place. The number stands in the pattern, so that a bound is meant.
const BOUNDS: &[(&str, &str)] = &[
    (r"\bat least (\d)", "at most $1"),
    (r"\bat least (\d)", "less than $1"),
    (r"(\d[\w./% ]*?) or older", "$1 or younger"),
    (r"(\d+ years) or older", "older than $1"),
    (r"(\d[\w./% ]*?) or more", "$1 or less"),
    (r"(\d+(?:\.\d+)? ?[\w/%]+) or more", "more than $1"),
    (r"(\d[\w./% ]*?) or (?:higher|greater|above)", "$1 or lower"),
    (r"(\d[\w./% ]*?) or longer", "$1 or shorter"),
    (r"\bbelow (\d)", "above $1"),
    (r"\bless than (\d)", "more than $1"),
    (r"([^o]) more than (\d)", "$1 less than $2"),
    (r"([^o]) more than (\d)", "$1 at most $2"),
    (r"\bfewer than (\d)", "more than $1"),
    (r"\byounger than (\d)", "older than $1"),
    (r"\bolder than (\d)", "younger than $1"),
    (r"\babove (\d)", "below $1"),
    (r"\bup to (\d)", "at least $1"),
    (r"\bno more than (\d)", "no less than $1"),
    (r"\blonger than (\d)", "shorter than $1"),
    (r"\bwithin (\d+ (?:hours|days|weeks|months))", "more than $1"),
];

/// The statement with one bound changed, for each that it has.
pub(super) fn with_bound(text: &str) -> Vec<String> {
    if APART.is_match(text) {
        return Vec::new();
    }
    let changed = BOUNDS.iter().map(|(pattern, by)| cached(pattern).replace(text, *by).into_owned());
    changed.filter(|changed| changed != text).collect()
}

/// What a number of another role reads like, and the pattern of statements that already hold such a number.
pub(super) const INTRUDERS: &[(&str, &str)] = &[
    ("The course lasts 17 days.", r"day|week|month|hour|year"),
    ("The dose is 333 mg.", r"mg|mcg|\bg\b|IU|microgram|mL"),
    ("This holds for people aged 33 years or older.", r"year|month|\bage"),
    ("Repeat it every 11 months.", r"month|year|week|day|annual"),
    ("The 10-year risk must be 33% or greater.", r"%|percent|year"),
    ("The smoking history is 44 pack-years.", r"pack-year"),
    ("Keep the systolic blood pressure below 111 mmHg.", r"mm ?Hg|pressure"),
    ("The body mass index must be 44 kg/m2 or more.", r"kg|BMI|weight"),
    ("Give 9 doses.", r"(?i)dose|shot|injection|\b(one|two|three|four)\b"),
    ("The eGFR must be above 13 mL/min/1.73 m2.", r"mL"),
];
