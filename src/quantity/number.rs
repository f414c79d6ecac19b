//! Finds numbers, ranges and pairs in running text.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::numeral::number_word;
use super::{Comparator, Quantity, Unit};

/// Numbers as people write them. Longer runs of digits are identifiers, not amounts.
const NUMBER: &str = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,7}(?:[.·]\d{1,6})?|\.\d{1,6})";
/// Number words as snapshots that are built already were read with: more of them would be other terms.
const WORD: &str = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|twenty-four|twenty|thirty|forty|fifty|sixty|ninety)";
const UNIT: &str = r"(?:mg\s?/\s?kg\s?/\s?d(?:ay)?|mg\s?/\s?kg|m[c]g\s?/\s?kg|[µμu]g\s?/\s?kg|mg\s+per\s+kilo(?:gram)?|mg\s+per\s+kg|mg\s?/\s?d[lL]|mg\s?/\s?[lL]|mg\s?/\s?g|mg\s?/\s?mmol|g\s?/\s?d[lL]|mmol\s?/\s?mol|mmol\s?/\s?[lL]|[µμu]mol\s?/\s?[lL]|ng\s?/\s?m[lL]|nmol\s?/\s?[lL]|mmol|kg\s?/\s?m[2²]|m[lL]\s?/\s?min(?:\s?/\s?1\.73\s?m[2²])?|mm\s?[Hh]g|kilo(?:gram(?:me)?)?s?|kgs?|milligrams?|mgs?|micrograms?|mcg|[µμu]g|grams?|gm|m[lL]|millilit(?:re|er)s?|lit(?:re|er)s?|cm|centimet(?:re|er)s?|mm|IU|MME(?:/d(?:ay)?)?|units?|METs?|pack[- ]years?|%|per\s?cent(?:age)?|°\s?C|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|years?[- ]old|years?|yrs?|[gLhd])";

static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"(?ix)
        (?P<before>(?:≥|≤|<=|>=|<|>|at\s+least|at\s+most|no\s+more\s+than|not\s+more\s+than|no\s+less\s+than|not\s+less\s+than|more\s+than|less\s+than|fewer\s+than|greater\s+than|up\s+to|over|above|under|below|older\s+than|younger\s+than|exceed(?:s|ing)?)\s*)?
        (?P<low>{NUMBER}|\b{WORD}\b)
        (?:\s?(?P<unit1>{UNIT}))?
        (?:
            (?:\s?/\s?|\s+over\s+)(?P<over>\d{{2,3}})\b
          | \s?(?:-|–|—|\bto\b|\band\b)\s?(?P<high>{NUMBER}|\b{WORD}\b)
        )?
        (?:[\s-]?(?P<unit2>{UNIT}))?
        (?P<after>\s*(?:or|and)\s+(?:older|over|above|more|greater|higher|younger|under|below|less|fewer|lower))?"
    ))
});

/// Digits and word ends are those of ASCII, which keeps the tables small and quick.
#[expect(clippy::expect_used, reason = "the pattern is a constant; the tests of this module compile it")]
fn compile(constant: &str) -> Regex {
    let ascii = constant.replace(r"\d", "[0-9]").replace(r"\b", r"(?-u:\b)");
    Regex::new(&ascii).expect("a constant pattern is well formed")
}

pub(super) fn scan(text: &str) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(captures) = QUANTITY.captures_at(text, from) {
        let whole = captures.get(0).map_or(from..from, |m| m.range());
        let low = captures.name("low").map_or(whole.clone(), |m| m.range());
        // A digit that belongs to a word ("B12", "IL-6", "1.2.3") is a name, not an amount.
        if belongs_to_word(text, &low) {
            from = low.end;
            continue;
        }
        let (quantity, end) = read(text, &captures);
        found.extend(quantity);
        from = end.max(whole.start + 1);
        while !text.is_char_boundary(from) {
            from += 1;
        }
    }
    found
}

/// The quantity of one match and where reading goes on.
fn read(text: &str, captures: &regex::Captures<'_>) -> (Option<Quantity>, usize) {
    let part = |name: &str| captures.name(name).map(|m| (m.as_str(), m.range()));
    let Some((low_text, low_range)) = part("low") else { return (None, text.len()) };
    let Some(low) = value(low_text) else { return (None, low_range.end) };
    let mut end = low_range.end;
    let mut unit = None;
    let mut take_unit = |found: Option<(&str, Range<usize>)>, end: &mut usize| {
        if let Some((spelling, range)) = found
            && ends_word(text, range.end)
            && let Some(named) = Unit::named(spelling)
        {
            *end = range.end;
            unit = Some(named);
        }
    };
    take_unit(part("unit1"), &mut end);
    let over = part("over").and_then(|(over, range)| {
        end = end.max(range.end);
        over.parse::<f64>().ok()
    });
    let high = part("high").and_then(|(high, range)| {
        let value = value(high)?;
        let joined_by_and = text.get(low_range.end..range.start).is_some_and(|between| between.contains("and"));
        // "between 40 and 75" is a range, "2016 and 2024" is two numbers.
        let range_like = value > low && ends_number(text, range.end) && (!joined_by_and || part("unit2").is_some());
        range_like.then(|| {
            end = end.max(range.end);
            value
        })
    });
    let second = part("unit2").filter(|(_, range)| high.is_some() || over.is_some() || range.start <= end + 1);
    take_unit(second, &mut end);
    let after = part("after").filter(|(_, range)| range.start <= end + 1);
    let comparator = comparator(part("before").map(|(words, _)| words), after.as_ref().map(|(words, _)| *words));
    let spelled_alone = low_text.starts_with(|c: char| c.is_alphabetic()) && unit.is_none();
    let start = part("before").map_or(low_range.start, |(_, range)| range.start);
    let quantity = Quantity { low, high: high.unwrap_or(low), over, comparator, unit, range: start..end };
    ((!spelled_alone).then_some(quantity), end)
}

fn value(text: &str) -> Option<f64> {
    let lower = text.to_lowercase();
    let (tens, ones) = lower.split_once('-').unzip();
    if let Some(value) = number_word(tens.unwrap_or(&lower)) {
        return Some(value + ones.and_then(number_word).unwrap_or_default());
    }
    lower.replace(',', "").replace('·', ".").parse().ok()
}

fn comparator(before: Option<&str>, after: Option<&str>) -> Comparator {
    let before = before.unwrap_or_default().trim().to_lowercase();
    let says = |words: &[&str]| words.contains(&before.split_whitespace().collect::<Vec<_>>().join(" ").as_str());
    if says(&["≥", ">=", "at least", "no less than", "not less than"]) {
        return Comparator::AtLeast;
    }
    if says(&["≤", "<=", "at most", "no more than", "not more than", "up to"]) {
        return Comparator::AtMost;
    }
    match after.map(str::to_lowercase) {
        Some(after)
            if ["older", "over", "above", "more", "greater", "higher"].iter().any(|word| after.ends_with(word)) =>
        {
            return Comparator::AtLeast;
        }
        Some(_) => return Comparator::AtMost,
        None => {}
    }
    if before.is_empty() {
        Comparator::Equal
    } else if says(&["<", "less than", "fewer than", "under", "below", "younger than"]) {
        Comparator::Less
    } else {
        Comparator::More
    }
}

fn belongs_to_word(text: &str, range: &Range<usize>) -> bool {
    let mut before = text.get(..range.start).unwrap_or_default().chars().rev();
    match before.next() {
        Some(c) if c.is_alphanumeric() || c == '.' => true,
        Some('-' | '\u{2010}' | '\u{2011}') => before.next().is_some_and(char::is_alphabetic),
        _ => {
            // A run of digits longer than any amount.
            let digits = text.get(range.end..).unwrap_or_default().chars().next();
            digits.is_some_and(|c| c.is_ascii_digit())
        }
    }
}

fn ends_word(text: &str, end: usize) -> bool {
    !text.get(end..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphanumeric)
}

fn ends_number(text: &str, end: usize) -> bool {
    !text.get(end..).and_then(|rest| rest.chars().next()).is_some_and(|c| c.is_ascii_digit())
}
