//! Amounts in every way that people write them.

use super::*;

/// One line for an amount: bound, number or range, second number, unit.
fn shown(amount: &Amount) -> String {
    let number = |value: f64| plain((value * 1e4).round() / 1e4);
    let sign = match amount.comparator {
        Comparator::Less => "<",
        Comparator::AtMost => "≤",
        Comparator::Equal => "",
        Comparator::AtLeast => "≥",
        Comparator::More => ">",
    };
    let mut text = format!("{sign}{}", number(amount.low));
    if amount.is_range() {
        text.push_str(&format!("-{}", number(amount.high)));
    }
    if let Some((low, high)) = amount.over {
        text.push_str(&format!("/{}", number(low)));
        if high > low {
            text.push_str(&format!("-{}", number(high)));
        }
    }
    if let Some(unit) = amount.unit {
        text.push_str(&format!(" {unit}"));
    }
    match amount.kind {
        Kind::Measured => text,
        Kind::Period => format!("every {text}"),
        Kind::Total => format!("per {text}"),
        Kind::Ratio => format!("ratio {text}"),
    }
}

fn check(text: &str, expected: &[&str]) {
    let found: Vec<String> = amounts(text).amounts.iter().map(shown).collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn numbers_and_units() {
    check("500mg", &["500 mg"]);
    check("500 mg, 1.5 g and .5 mg", &["500 mg", "1.5 g", "0.5 mg"]);
    check("five hundred milligrams", &["500 mg"]);
    check("1,000 mg or 10,000 IU", &["1000 mg", "10000 [iU]"]);
    check("81-mg tablet", &["81 mg"]);
    for micro in ["100 µg", "100 μg", "100 mcg", "100 ug", "100 micrograms"] {
        check(micro, &["100 ug"]);
    }
    check("0,5 mg", &["0.5 mg"]);
    check("1.0 mg", &["1 mg"]);
    check("0.6 mg per kilo", &["0.6 mg/kg"]);
    check("5 mg/kg", &["5 mg/kg"]);
    check("0.5 mg/kg/d", &["0.5 mg/kg", "per 1 d"]);
    check("80 to 90 mg/kg/day", &["80-90 mg/kg", "per 1 d"]);
    check("2 mg per kg per day", &["2 mg/kg", "per 1 d"]);
    check("20 mg a day", &["20 mg", "per 1 d"]);
    check("eGFR of 60 mL/min/1.73 m2", &["60 mL/min"]);
    check("BMI of 30 kg/m²", &["30 kg/m2"]);
    check("150 × 10^9/L", &["150 10*9/L"]);
    check("50,000 cells/mm3 or 50,000/µL", &["50000 1/mm3", "50000 1/uL"]);
    check("20 pack-years", &["20 a{pack}"]);
    check("39 °C (102.2 °F) or higher", &["≥39 Cel", "≥102.2 [degF]"]);
    check("101 degrees Fahrenheit", &["101 [degF]"]);
    check("126 mg/dL (7.0 mmol/L)", &["126 mg/dL", "7 mmol/L"]);
}

#[test]
fn numerals() {
    check("a dozen visits", &["12"]);
    check("a couple of days", &["2 d"]);
    check("several days", &[]);
    check("twenty-four hours", &["24 h"]);
    check("half an hour", &["0.5 h"]);
    check("half of patients", &["50 %"]);
    check("a quarter of the dose", &["25 %"]);
    check("two thirds of adults", &["66.6667 %"]);
    check("one in five adults", &["20 %"]);
    check("1 in 10", &["10 %"]);
    check("one hundred and twenty mmHg", &["120 mm[Hg]"]);
    check("two doses", &["2"]);
    check("1½ tablets", &["1.5"]);
}

#[test]
fn bounds() {
    check("at least 65 years", &["≥65 a"]);
    check("65 years or older", &["≥65 a"]);
    check("65 years of age or older", &["≥65 a"]);
    check("over 65", &[">65"]);
    check("over the age of 65", &[">65"]);
    check("65+", &["≥65"]);
    check("aged 65 and up", &["≥65"]);
    check("≥ 140 mm Hg", &["≥140 mm[Hg]"]);
    check(">= 140 and <=90", &["≥140", "≤90"]);
    check("no more than 4 g", &["≤4 g"]);
    check("not more than 4 g", &["≤4 g"]);
    check("no less than 4 g", &["≥4 g"]);
    check("up to 12 weeks", &["≤12 wk"]);
    check("fewer than 3 doses", &["<3"]);
    check("within 4.5 hours", &["≤4.5 h"]);
    check("should not exceed 4 g", &["≤4 g"]);
    check("greater than or equal to 140", &["≥140"]);
    check("below 130/80 mmHg", &["<130/80 mm[Hg]"]);
    check("younger than 8 months", &["<8 mo"]);
    check("starts at 45", &["≥45"]);
    check("through age 26", &["≤26"]);
    check("10% or greater", &["≥10 %"]);
    check("1% to less than 2%", &["1-2 %"]);
    check("126 mg/dL (7.0 mmol/L) or higher", &["≥126 mg/dL", "≥7 mmol/L"]);
}

#[test]
fn ranges_and_pairs() {
    check("75–100 mg", &["75-100 mg"]);
    check("75 mg to 100 mg", &["75-100 mg"]);
    check("between 40 and 75 years", &["40-75 a"]);
    check("from 40 to 74", &["40-74"]);
    check("6 months through 12 years", &["6-144 mo"]);
    check("2 or 3 doses", &["2-3"]);
    check("36 0/7 to 37 6/7 weeks", &["36-37 wk"]);
    check("at 0 and 6 months", &["0 mo", "6 mo"]);
    check("37 ± 0.5 °C", &["36.5-37.5 Cel"]);
    check("130/80", &["130/80"]);
    check("130 over 80", &["130/80"]);
    check("120-129/70-79 mmHg", &["120-129/70-79 mm[Hg]"]);
    check("30:2", &["ratio 15"]);
    check("1:1,000", &["ratio 0.001"]);
}

#[test]
fn periods() {
    check("every 3–5 years", &["every 3-5 a"]);
    check("annually", &["every 1 a"]);
    check("every other year", &["every 2 a"]);
    check("biennial mammography", &["every 2 a"]);
    check("once a week", &["every 1 wk"]);
    check("twice daily", &["every 0.5 d"]);
    check("2 times a day", &["every 0.5 d"]);
    check("three times a week", &["every 0.3333 wk"]);
    check("once every 3 months", &["every 3 mo"]);
    for eight in ["q8h", "t.i.d.", "TID", "3 times a day", "every 8 hours"] {
        let found = amounts(eight).amounts;
        let unit = found[0].unit.expect("a unit");
        assert!((unit.in_base(found[0].low) - 1.0 / 3.0).abs() < 1e-9, "{eight}");
    }
    check("q.i.d.", &["every 6 h"]);
    check("5-yearly", &["every 5 a"]);
    check("at 5-year intervals", &["every 5 a"]);
    check("at least annually", &["every ≤1 a"]);
    check("at least once a year", &["every ≤1 a"]);
    check("two drinks a day", &["2", "every 1 d"]);
    check("every 3 months or more often", &["every ≤3 mo"]);
}

#[test]
fn what_is_no_quantity() {
    check("B12, IL-6, COVID-19, P2Y12, T4", &[]);
    check("in 2016 and 2024", &[]);
    check("January 5, 2026", &[]);
    check("Section 6.3.1, Table 2, stage 3 and grade 2 to 3", &[]);
    check("call 911 or text 988", &[]);
    check("as shown [12, 14] before", &[]);
    check("ICD E11.9", &[]);
    check("in the 90s", &[]);
    check("1. Screen adults", &[]);
    check("20-valent vaccine", &[]);
    check(&"9".repeat(400), &[]);
    check("", &[]);
}

#[test]
fn reading_ends_and_never_panics() {
    for piece in
        ["1 ", "1-", "one ", "every ", "1 in ", "at least ", "/", "1/", "½", "1.", "µ", "≥", "10^", "q8", "a.b.", "("]
    {
        let text = piece.repeat(3_000);
        assert!(amounts(&text).amounts.len() <= 1_000, "{piece}");
    }
    for a in [
        "1", "one", "every", "%", "(", "/", "to", "mg", "½", "x", "×", "10", "^", "9", "-", "±", "a", "of", "µg",
        "\u{301}",
    ] {
        for b in
            ["2", "two", "year", "/", "per", "or", "more", "in", "half", "day", "times", "≥", "°", "C", ".", ":", "\n"]
        {
            for c in ["3", "to", "less", "than", "", "older", "an", "hour", "kg", "+", ")"] {
                for text in [format!("{a} {b} {c}"), format!("{a}{b}{c}")] {
                    for amount in amounts(&text).amounts {
                        assert!(text.get(amount.range.clone()).is_some(), "{text:?} {:?}", amount.range);
                    }
                }
            }
        }
    }
}
