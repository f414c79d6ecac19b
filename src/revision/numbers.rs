//! Which numbers of a statement changed, each named with its unit.

use crate::quantity::{Comparator, Quantity, number_word, quantities};

/// Words that count like a number: "twice daily" is half of a dose.
const COUNTING: [&str; 8] = ["once", "twice", "thrice", "half", "quarter", "double", "dozen", "hundred"];

/// A number that changed, came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberChange {
    /// As the old version prints it, with its unit; `None` where it came.
    pub old: Option<String>,
    /// As the new version prints it; `None` where it went.
    pub new: Option<String>,
    /// The change in one line: of a range only the end that moved, `50 years → 40 years`.
    pub says: String,
}

/// A number with what it is compared by, and how it is shown.
struct Number {
    quantity: Quantity,
    key: Key,
    shown: String,
    /// Its unit as printed, or the word after it.
    unit: String,
}

/// Low end, high end, second of a pair, base unit, bound: equal amounts have equal keys however they are written.
type Key = (String, String, Option<String>, &'static str, Comparator);

/// The numbers of two wordings that are not the same, in the order of the old wording, then of the new.
pub(super) fn changes(old: &str, new: &str) -> Vec<NumberChange> {
    let (mut old, mut new) = (numbers(old), numbers(new));
    old.retain(|number| match new.iter().position(|other| other.key == number.key) {
        Some(at) => {
            new.remove(at);
            false
        }
        None => true,
    });
    let mut found = Vec::new();
    for number in old {
        let same_kind = |other: &Number| other.key.3 == number.key.3 && other.key.2.is_some() == number.key.2.is_some();
        let same_word = |other: &Number| same_kind(other) && (!number.key.3.is_empty() || other.unit == number.unit);
        let partner = new.iter().position(|other| same_word(other) && is_range(other) == is_range(&number));
        let partner = partner.or_else(|| new.iter().position(same_word));
        found.push(match partner.map(|at| new.remove(at)) {
            Some(other) => {
                let says = says(&number, &other);
                NumberChange { old: Some(number.shown), new: Some(other.shown), says }
            }
            None => {
                let says = format!("{} is gone", number.shown);
                NumberChange { old: Some(number.shown), new: None, says }
            }
        });
    }
    found.extend(new.into_iter().map(|number| {
        let says = format!("{} is new", number.shown);
        NumberChange { old: None, new: Some(number.shown), says }
    }));
    found
}

/// Everything of a text that is a figure, in digits or in words, ordered: also what is no amount to [`changes`], such as
/// "two tablets", "½" and "twice". Calendar years are left out.
pub(super) fn figures(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower
        .split(|c: char| c.is_whitespace() || c == '-')
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let figure = |word: &str| {
        let year = word.parse().is_ok_and(|value: u32| (1900..2100).contains(&value));
        !year && (word.contains(char::is_numeric) || number_word(word).is_some() || COUNTING.contains(&word))
    };
    let mut found: Vec<String> = words.filter(|word| figure(word)).map(str::to_owned).collect();
    found.sort();
    found
}

fn is_range(number: &Number) -> bool {
    number.quantity.low != number.quantity.high
}

fn says(old: &Number, new: &Number) -> String {
    let (a, b) = (&old.quantity, &new.quantity);
    let moved = match (a.low == b.low, a.high == b.high) {
        _ if !is_range(old) || !is_range(new) || a.unit != b.unit => None,
        (false, true) => Some((a.low, b.low)),
        (true, false) => Some((a.high, b.high)),
        _ => None,
    };
    match moved {
        Some((from, to)) => {
            let unit = if old.unit.is_empty() { String::new() } else { format!(" {}", old.unit) };
            format!("{}{unit} → {}{unit}", plain(from), plain(to))
        }
        None => format!("{} → {}", old.shown, new.shown),
    }
}

fn numbers(text: &str) -> Vec<Number> {
    let all = quantities(text).into_iter().filter(|quantity| !is_calendar_year(quantity));
    all.filter_map(|quantity| {
        let printed = text.get(quantity.range.clone())?.trim();
        let unit = match quantity.unit {
            Some(_) => printed.trim_start_matches(|c: char| !c.is_ascii_digit()),
            None => "",
        };
        let unit = unit.rsplit(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
        let mut unit = unit.trim_matches(|c: char| c.is_whitespace() || c == '-').to_owned();
        // "seven days" has no digit to end at.
        if let Some(named) = quantity.unit.filter(|_| unit.is_empty()) {
            unit = named.to_string();
        }
        let mut shown = printed.to_owned();
        if quantity.unit.is_none() {
            let after = text.get(quantity.range.end..).unwrap_or_default();
            let word =
                after.strip_prefix(' ').map(|rest| rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or(""));
            if let Some(word) = word.filter(|word| !word.is_empty()) {
                unit = word.to_lowercase();
                shown = format!("{printed} {word}");
            }
        }
        let (low, base) = in_base(&quantity, quantity.low);
        let key = (low, in_base(&quantity, quantity.high).0, quantity.over.map(plain), base, quantity.comparator);
        shown = format!("{}{shown}", bound(&quantity, printed));
        Some(Number { quantity, key, shown, unit })
    })
    .collect()
}

/// The sign of a bound that stands outside of the printed number.
fn bound(quantity: &Quantity, printed: &str) -> &'static str {
    if !printed.starts_with(|c: char| c.is_ascii_digit()) {
        return "";
    }
    match quantity.comparator {
        Comparator::Less => "< ",
        Comparator::AtMost => "≤ ",
        Comparator::Equal => "",
        Comparator::AtLeast => "≥ ",
        Comparator::More => "> ",
    }
}

fn in_base(quantity: &Quantity, value: f64) -> (String, &'static str) {
    match quantity.unit {
        Some(unit) => {
            let (value, base) = unit.in_base(value);
            (plain(value), base)
        }
        None => (plain(value), ""),
    }
}

/// A year of the calendar names an edition or a study; it measures nothing.
fn is_calendar_year(quantity: &Quantity) -> bool {
    let year = |value: f64| (1900.0..2100.0).contains(&value) && value.fract() == 0.0;
    quantity.unit.is_none() && quantity.over.is_none() && year(quantity.low) && year(quantity.high)
}

/// A number without trailing zeros.
fn plain(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str, expected: &[&str]) {
        let said: Vec<String> = changes(old, new).into_iter().map(|change| change.says).collect();
        assert_eq!(said, expected, "{old:?} and {new:?}");
    }

    #[test]
    fn a_changed_number_is_named_with_its_unit() {
        check("women aged 50 to 74 years", "women aged 40 to 74 years", &["50 years → 40 years"]);
        check("adults aged 40 to 75 years", "adults aged 40 to 70 years", &["75 years → 70 years"]);
        check("take 75 mg daily", "take 81 mg daily", &["75 mg → 81 mg"]);
        check("a goal under 140/90 mm Hg", "a goal under 130/80 mm Hg", &["under 140/90 mm Hg → under 130/80 mm Hg"]);
        check("give 2 doses", "give 3 doses", &["2 doses → 3 doses"]);
    }

    #[test]
    fn numbers_come_and_go() {
        check("for 7 days", "for a while", &["7 days is gone"]);
        check("treat", "treat for 7 days", &["7 days is new"]);
        check("75 mg for 7 days", "for 10 days at 75 mg", &["7 days → 10 days"]);
    }

    #[test]
    fn the_same_amount_in_other_words_is_no_change() {
        check("for 4 weeks", "for 28 days", &[]);
        check("0.1 g", "100 mg", &[]);
        check("in 2016 and 2024", "in 2022", &[]);
        check("75 to 100 mg", "75-100 mg", &[]);
    }

    #[test]
    fn every_figure_counts_and_no_year_does() {
        let differ = |a: &str, b: &str| figures(a) != figures(b);
        assert!(
            differ("two tablets", "three tablets") && differ("½ tablet", "¼ tablet") && differ("once", "twice daily")
        );
        assert!(differ("5–10 mg", "5–20 mg") && differ("stage 3a", "stage 3b"));
        assert!(!differ("In 2016, give 5 mg.", "Give 5 mg (2024).") && !differ("rest", "rest well"));
    }

    #[test]
    fn a_changed_bound_is_a_change() {
        assert_eq!(changes("65 years or older", "older than 65 years").len(), 1);
    }
}
