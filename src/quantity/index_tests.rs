//! What built snapshots hold of numbers, which must stay as it is.

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
