//! Numbers with units, in one written form, so that "75 to 100 mg", "75–100mg" and "75-100 mg" meet in the index.
//!
//! What is read here is the number, its unit and its comparator. What a number *means* (a dose, a threshold, an age) and
//! whether two of them agree is left to the appraisal of a claim.

mod number;
mod unit;

use std::ops::Range;

pub use unit::Unit;

/// How a number bounds what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparator {
    /// `<`, under, below, less than
    Less,
    /// `≤`, up to, at most
    AtMost,
    /// nothing said
    Equal,
    /// `≥`, at least, or older
    AtLeast,
    /// `>`, over, more than
    More,
}

/// One number or range as it stands in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number, or the lower end of a range.
    pub low: f64,
    /// The upper end of a range; equal to `low` for a single number.
    pub high: f64,
    /// The second number of a pair such as `140/90`.
    pub over: Option<f64>,
    /// How it bounds.
    pub comparator: Comparator,
    /// Its unit, where one is written.
    pub unit: Option<Unit>,
    /// Bytes of the text that it was read from, unit included.
    pub range: Range<usize>,
}

/// Reads every quantity of a text, in order.
pub fn quantities(text: &str) -> Vec<Quantity> {
    number::scan(text)
}

/// Index tokens of every quantity in a text: `140/90`, `75mg`, `75-100mg`, `7%`, `65a`.
///
/// Durations also give their length in days (`4wk` and `28d` share `28d`), masses their value in milligrams, so that one
/// amount written in two units is one token. A number without a unit gives no token: its bare digits are a word already.
pub fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for quantity in quantities(text) {
        if let Some(over) = quantity.over {
            found.push(format!("{}/{}", plain(quantity.low), plain(over)));
        }
        let Some(unit) = quantity.unit else { continue };
        let ends = if quantity.low == quantity.high { vec![quantity.low] } else { vec![quantity.low, quantity.high] };
        for end in ends {
            let (value, base) = unit.in_base(end);
            found.push(format!("{}{base}", plain(value)));
        }
    }
    found
}

/// A number without trailing zeros, at most six decimals.
fn plain(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(tokens(text), expected, "{text:?}");
    }

    #[test]
    fn one_amount_has_one_token_however_it_is_written() {
        for text in ["75–100 mg daily", "75 to 100 mg", "75-100mg", "0.075 to 0.1 g", "75 mg to 100 mg"] {
            check(text, &["75mg", "100mg"]);
        }
        for text in ["7 %", "7%", "7.0 percent", "seven percent", "7 per cent"] {
            check(text, &["7%"]);
        }
        for text in ["28 days", "4 weeks", "four weeks", "28-day"] {
            check(text, &["28d"]);
        }
        for text in ["100 mcg", "100 µg", "100 μg", "0.1 mg", "100 micrograms"] {
            check(text, &["0.1mg"]);
        }
    }

    #[test]
    fn pairs_and_thresholds() {
        check("a goal under 140/90 mm Hg", &["140/90", "140mm[Hg]"]);
        check("under 140 over 90", &["140/90"]);
        check("≥ 140 mmHg", &["140mm[Hg]"]);
        check("126 mg/dL (7.0 mmol/L)", &["126mg/dL", "7mmol/L"]);
        check("0.6 mg per kilo", &["0.6mg/kg"]);
    }

    #[test]
    fn comparators_are_kept() {
        let found = |text: &str| quantities(text).first().map(|q| (q.low, q.comparator));
        assert_eq!(found("at least 65 years"), Some((65.0, Comparator::AtLeast)));
        assert_eq!(found("65 years or older"), Some((65.0, Comparator::AtLeast)));
        assert_eq!(found("< 130 mmHg"), Some((130.0, Comparator::Less)));
        assert_eq!(found("no more than 5 g"), Some((5.0, Comparator::AtMost)));
        assert_eq!(found("over 40 years"), Some((40.0, Comparator::More)));
    }

    #[test]
    fn what_is_no_quantity_gives_no_token() {
        check("COVID-19, IL-6, B12 and T4", &[]);
        check("", &[]);
        check("in 2016 and 2024", &[]);
        check(&"9".repeat(400), &[]);
    }
}
