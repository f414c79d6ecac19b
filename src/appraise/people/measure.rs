//! Measured bounds that say who is meant: filtration rate, 10-year risk, CD4 cells, CKD stages.

use std::ops::Range;

use super::bound::bound;
use super::field::{Field, Kinds, immunity, kidney, liver};
use super::interval::Interval;
use super::token::Token;

/// What was measured, with the tokens that it was read from.
pub(super) struct Measured {
    pub(super) field: Field,
    pub(super) interval: Option<Interval>,
    pub(super) kinds: Kinds,
    pub(super) tokens: Range<usize>,
}

/// Every measure of a text.
pub(super) fn measures(cut: &[Token<'_>]) -> Vec<Measured> {
    let mut found: Vec<Measured> = Vec::new();
    for (at, token) in cut.iter().enumerate() {
        // "G3 to G5" is read at its first word.
        if found.last().is_some_and(|last| last.tokens.contains(&at)) {
            continue;
        }
        match token.word {
            "egfr" | "gfr" | "crcl" | "clcr" => found.extend(filtration(cut, at, at)),
            "clearance" if word(cut, at.checked_sub(1)) == "creatinine" => found.extend(filtration(cut, at - 1, at)),
            "filtration" if word(cut, at.checked_sub(1)) == "glomerular" => found.extend(filtration(cut, at - 1, at)),
            "liver" | "kidney" | "renal" | "hepatic" | "lft" => found.extend(organ(cut, at)),
            "cd4" => found.extend(cells(cut, at)),
            "risk" | "chance" => found.extend(ten_years(cut, at)),
            "stage" | "ckd" => found.extend(stage(cut, at)),
            word if fibrosis_grade(word).is_some() => found.extend(fibrosis(cut, at)),
            word if word.starts_with('g') && word.len() <= 3 => found.extend(stage(cut, at)),
            _ => {}
        }
    }
    found
}

fn word<'a>(cut: &[Token<'a>], at: Option<usize>) -> &'a str {
    at.and_then(|at| cut.get(at)).map_or("", |token| token.word)
}

/// Words that may stand between a measure's name and its number.
const FILLERS: &[&str] = &[
    "of",
    "is",
    "was",
    "=",
    ":",
    "(",
    "a",
    "an",
    "at",
    "fall",
    "drop",
    "level",
    "value",
    "has",
    "been",
    "remain",
    "stay",
    "fell",
    "rate",
    "between",
    "from",
    "below",
    "above",
    "under",
    "over",
    "less",
    "more",
    "than",
    "greater",
    "or",
    "equal",
    "to",
    "≥",
    "≤",
    "<",
    ">",
    ">=",
    "<=",
    "least",
    "most",
    "no",
    "not",
    "lower",
    "higher",
    "count",
    "cell",
    "only",
    "around",
    "about",
    "dropped",
    ",",
    "are",
    "egfr",
    "crcl",
    "with",
    "just",
    "estimated",
    "risk",
    "when",
    "decrease",
    "up",
];

/// The number that a measure's name leads to.
fn number_after(cut: &[Token<'_>], after: usize) -> Option<usize> {
    for ahead in 1..=7 {
        let token = cut.get(after + ahead)?;
        if token.is_number() {
            return Some(after + ahead);
        }
        if !FILLERS.contains(&token.word) {
            return None;
        }
    }
    None
}

fn filtration(cut: &[Token<'_>], first: usize, last: usize) -> Option<Measured> {
    let left = cut.get(first.saturating_sub(3)..first).unwrap_or_default();
    if left.iter().any(|token| {
        token.is(&[
            "decline",
            "drop",
            "fall",
            "decrease",
            "reduction",
            "slope",
            "change",
            "loss",
            "rise",
            "improvement",
        ])
    }) {
        return None;
    }
    let at = number_after(cut, last)?;
    let read = bound(cut, at)?;
    // A fall by 30 % is no rate, and neither is "every 3 months".
    let next = word(cut, Some(read.number + 1));
    if matches!(next, "%" | "percent" | "month" | "year" | "week" | "day" | "time") {
        return None;
    }
    let (low, high) = read.ends(if read.above { f64::EPSILON } else { 1.0 });
    let interval = Interval::printed(low, high);
    Some(Measured { field: Field::Filtration, interval: Some(interval), kinds: 0, tokens: first..read.to })
}

/// Rates of each stage (KDIGO 2012 and 2024), mL/min/1.73 m2.
const RATES: &[(Kinds, f64, f64)] = &[
    (kidney::G1, 90.0, f64::INFINITY),
    (kidney::G2, 60.0, 90.0),
    (kidney::G3A, 45.0, 60.0),
    (kidney::G3B, 30.0, 45.0),
    (kidney::G4, 15.0, 30.0),
    (kidney::G5 | kidney::DIALYSIS, 0.0, 15.0),
    // A kidney transplant may work at any rate.
    (kidney::TRANSPLANT, 0.0, f64::INFINITY),
    (kidney::HEALTHY, 60.0, f64::INFINITY),
];

/// The kinds whose rates an interval touches.
pub(super) fn kinds_of_rate(interval: &Interval) -> Kinds {
    // From 90 on a rate by itself is no disease: stage 1 needs a marker of damage beside it (KDIGO).
    if interval.wide.0 >= 90.0 {
        return kidney::HEALTHY;
    }
    let touches = |low: f64, high: f64| interval.wide.0 < high && low < interval.wide.1;
    RATES.iter().filter(|(_, low, high)| touches(*low, *high)).fold(0, |all, (kinds, ..)| all | kinds)
}

/// The rates that some kinds have, where they say one: "CKD" alone does not.
pub(super) fn rate_of_kinds(kinds: Kinds) -> Option<Interval> {
    if kinds & (kidney::HEALTHY | kidney::TRANSPLANT) == 0 && kinds & kidney::DISEASE != 0 {
        let rows: Vec<_> = RATES.iter().filter(|(kind, ..)| kind & kinds != 0).collect();
        let low = rows.iter().map(|row| row.1).fold(f64::INFINITY, f64::min);
        let high = rows.iter().map(|row| row.2).fold(0.0, f64::max);
        return Some(Interval::meant((low, high), (low, high)));
    }
    (kinds == kidney::HEALTHY).then(|| Interval::meant((60.0, f64::INFINITY), (60.0, f64::INFINITY)))
}

/// "CKD stage 4", "stage 3a to 5", "G4", "CKD G3–G5"; another disease's stage is told by what stands before it.
fn stage(cut: &[Token<'_>], at: usize) -> Option<Measured> {
    let letter = !cut.get(at)?.is(&["stage", "ckd"]);
    // "CKD stage 4" is read at its stage, and "CKD 4 years ago" is none.
    if word(cut, Some(at)) == "ckd"
        && matches!(word(cut, Some(at + 2)), "year" | "month" | "week" | "day" | "time" | "patient" | "trial")
    {
        return None;
    }
    let near = cut.get(at.saturating_sub(6)..(at + 8).min(cut.len()))?;
    let kidney = near.iter().any(|token| token.is(&["ckd", "kidney", "renal", "nephropathy", "albuminuria"]));
    let (low, next) = grade_at(cut, if letter { at } else { at + 1 })?;
    if !kidney && (!letter || low == 0)
        || near.iter().any(|token| token.is(&["cancer", "hypertension", "cirrhosis", "fibrosis", "pressure", "lung"]))
    {
        return None;
    }
    let mut kinds = low;
    let mut end = next;
    if kinds == 0 {
        return None;
    }
    let through = matches!(word(cut, Some(next)), "to" | "through" | "or" | "and" | "/");
    let joined = cut.get(next).is_some_and(|token| token.joined);
    if let Some((high, after)) = grade_at(cut, if through { next + 1 } else { next }).filter(|_| through || joined) {
        kinds = if matches!(word(cut, Some(next)), "or" | "and" | "/") { low | high } else { between(low, high) };
        end = after;
    }
    let higher = matches!(
        (word(cut, Some(end)), word(cut, Some(end + 1))),
        ("or" | "and", "higher" | "above" | "worse" | "greater" | "later")
    );
    if higher {
        kinds = between(low, kidney::FAILURE);
        end += 2;
    }
    Some(Measured { field: Field::Kidney, interval: None, kinds, tokens: at..end })
}

/// The stage that stands at a token ("G3a", "3a", "3 a", "4"), and the token after it.
fn grade_at(cut: &[Token<'_>], at: usize) -> Option<(Kinds, usize)> {
    let token = cut.get(at)?;
    let written = token.written.strip_prefix('g').unwrap_or(token.written);
    let half = |kinds: Kinds| match word(cut, Some(at + 1)) {
        "a" if written == "3" && adjacent(cut, at) => (kidney::G3A, at + 2),
        "b" if written == "3" && adjacent(cut, at) => (kidney::G3B, at + 2),
        _ => (kinds, at + 1),
    };
    Some(match written {
        "1" => (kidney::G1, at + 1),
        "2" => (kidney::G2, at + 1),
        "3" | "three" | "iii" => half(kidney::G3),
        "3a" => (kidney::G3A, at + 1),
        "3b" => (kidney::G3B, at + 1),
        "4" | "four" | "iv" => (kidney::G4, at + 1),
        "5" | "five" => (kidney::FAILURE, at + 1),
        "5d" => (kidney::DIALYSIS, at + 1),
        _ => return None,
    })
}

fn adjacent(cut: &[Token<'_>], at: usize) -> bool {
    matches!((cut.get(at), cut.get(at + 1)), (Some(one), Some(next)) if one.range.end == next.range.start)
}

/// All stages from one to another; stages stand in order, a bit each.
fn between(low: Kinds, high: Kinds) -> Kinds {
    let from = low.trailing_zeros();
    let to = Kinds::BITS - high.leading_zeros();
    (from..to).fold(0, |all, bit| all | 1 << bit) & !kidney::TRANSPLANT | low | high
}

/// "kidneys that work well", "liver function is quite normal", "his liver is not sound".
fn organ(cut: &[Token<'_>], at: usize) -> Option<Measured> {
    const BETWEEN: &[&str] = &[
        "function",
        "test",
        "is",
        "are",
        "was",
        "were",
        "work",
        "enzyme",
        "that",
        "which",
        "perfectly",
        "entirely",
        "quite",
        "still",
        "completely",
        "fully",
        "very",
        "and",
        "blood",
        "tests",
        "look",
        "looks",
        "seem",
        "stay",
        "remain",
    ];
    let sentence = cut.get(at)?.sentence;
    let mut not = false;
    let mut verb = false;
    for ahead in 1..=6 {
        let token = cut.get(at + ahead).filter(|token| token.sentence == sentence)?;
        let sound = match token.word {
            "normal" | "normally" | "well" | "fine" | "healthy" | "sound" | "intact" | "good" if verb => true,
            "poor" | "poorly" | "impaired" | "reduced" | "damaged" | "weak" | "bad" | "badly" | "failing"
            | "abnormal"
                if verb =>
            {
                false
            }
            "not" => {
                not = true;
                continue;
            }
            word if BETWEEN.contains(&word) => {
                verb |= matches!(
                    word,
                    "is" | "are" | "was" | "were" | "work" | "look" | "looks" | "seem" | "stay" | "remain"
                ) || word == "function" && token.written == "functions";
                continue;
            }
            _ => return None,
        };
        let (field, ill) = match cut.get(at)?.word {
            "liver" | "hepatic" | "lft" => (Field::Liver, liver::DISEASE),
            _ => (Field::Kidney, kidney::DISEASE),
        };
        // The first kind of both fields is health.
        let kinds = if sound != not { 1 } else { ill };
        return Some(Measured { field, interval: None, kinds, tokens: at..at + ahead + 1 });
    }
    None
}

/// What a grade of fibrosis means: F0 none, F1 little, F2 significant, F3 advanced, F4 cirrhosis (METAVIR).
fn fibrosis_grade(word: &str) -> Option<Kinds> {
    Some(match word {
        "f0" => liver::HEALTHY | liver::MILD,
        "f1" => liver::MILD,
        "f2" | "f3" => liver::FIBROSIS,
        "f4" => liver::CIRRHOSIS,
        _ => return None,
    })
}

/// "F0 fibrosis", "F2 or higher", "F3 to F4", of a text on the liver.
fn fibrosis(cut: &[Token<'_>], at: usize) -> Option<Measured> {
    const ON_LIVER: &[&str] =
        &["fibrosis", "liver", "hepatic", "hepatitis", "cirrhosis", "metavir", "scarring", "mash", "nash"];
    const GRADES: [&str; 5] = ["f0", "f1", "f2", "f3", "f4"];
    if !cut.iter().any(|token| token.is(ON_LIVER)) {
        return None;
    }
    let first = GRADES.iter().position(|grade| *grade == word(cut, Some(at)))?;
    let through = matches!(word(cut, Some(at + 1)), "to" | "through" | "or" | "and" | "/");
    let second = at + if through { 2 } else { 1 };
    let last = GRADES.iter().position(|grade| *grade == word(cut, Some(second)));
    let more = matches!(word(cut, Some(at + 2)), "higher" | "more" | "above" | "worse" | "greater" | "beyond")
        || word(cut, Some(at + 1)) == "+"
        || matches!(word(cut, at.checked_sub(1)), "≥" | ">=" | "least");
    let less = matches!(word(cut, Some(at + 2)), "lower" | "less" | "below") || word(cut, at.checked_sub(1)) == "<";
    let (range, end) = match last {
        Some(last) => (first.min(last)..=last.max(first), second + 1),
        None if more => (first..=4, at + 1),
        None if less => (0..=first, at + 1),
        None => (first..=first, at + 1),
    };
    let kinds = GRADES[range].iter().filter_map(|grade| fibrosis_grade(grade)).fold(0, |all, kinds| all | kinds);
    Some(Measured { field: Field::Liver, interval: None, kinds, tokens: at..end })
}

/// "10-year risk of at least 10 %", "a 7.5% 10-year risk", "a PREVENT risk of 4 %", "with a 20 % risk".
///
/// Without "10-year" the number must stand right at the risk, so that "lowers the risk by 20 %" is none.
fn ten_years(cut: &[Token<'_>], at: usize) -> Option<Measured> {
    let sentence = cut.get(at)?.sentence;
    let from = at.saturating_sub(7);
    let here = |place: &usize| cut.get(*place).is_some_and(|token| token.sentence == sentence && token.is_number());
    let percent = |number: usize| (1..=2).any(|ahead| matches!(word(cut, Some(number + ahead)), "%" | "percent"));
    let ten = (from..at)
        .rev()
        .find(|ten| here(ten) && cut[*ten].number == Some(10.0) && matches!(word(cut, Some(*ten + 1)), "year" | "yr"));
    // "a risk of 25 % over ten years"
    let later = (at + 1..(at + 13).min(cut.len()))
        .any(|ten| here(&ten) && cut[ten].number == Some(10.0) && matches!(word(cut, Some(ten + 1)), "year" | "yr"));
    let score = later || (from..at).any(|place| cut[place].is(SCORES)) || BANDS.contains(&word(cut, at.checked_sub(1)));
    let right = || match ten {
        Some(_) => (at + 1..(at + 10).min(cut.len())).find(here),
        None => number_after(cut, at).filter(|_| score || is_measured_risk(cut, at)),
    };
    let left = || match ten {
        Some(ten) => (from.saturating_sub(4)..ten).rev().find(here),
        None => (at.saturating_sub(4)..at).rev().find(here).filter(|_| later || is_measured_risk(cut, at)),
    };
    let number = right().filter(|number| percent(*number)).or_else(|| left().filter(|number| percent(*number)))?;
    let read = bound(cut, number)?;
    if !percent(read.number) && !percent(number) {
        return None;
    }
    let (low, high) = read.ends(1e-6);
    let tokens = read.from.min(ten.unwrap_or(at)).min(at)..read.to.max(at + 1);
    Some(Measured { field: Field::TenYearRisk, interval: Some(Interval::printed(low, high)), kinds: 0, tokens })
}

/// Whose risk in percent is that of 10 years, where no other time is said.
const SCORES: &[&str] = &[
    "prevent",
    "ascvd",
    "cardiovascular",
    "cvd",
    "calculated",
    "estimated",
    "predicted",
    "score2",
    "qrisk",
    "framingham",
];
const BANDS: &[&str] = &["borderline", "intermediate", "low", "high"];

/// "with a 20 % risk", "at 5 % risk": a state, not an effect.
fn is_measured_risk(cut: &[Token<'_>], at: usize) -> bool {
    let left = cut.get(at.saturating_sub(9)..at).unwrap_or_default();
    left.iter().any(|token| token.is(&["with", "at", "have", "has", "whose", "her", "his", "their", "if"]))
        && !left.iter().any(|token| token.is(&["lower", "reduce", "by", "reduction", "cut", "relative"]))
}

/// "CD4 below 200".
fn cells(cut: &[Token<'_>], at: usize) -> Option<Measured> {
    let number = number_after(cut, at)?;
    let read = bound(cut, number)?;
    let (low, high) = read.ends(1.0);
    let kinds = match (low.unwrap_or(0.0), high.unwrap_or(f64::INFINITY)) {
        (_, high) if high <= 201.0 => immunity::HIV_LOW,
        (low, _) if low >= 200.0 => immunity::HIV_HIGH,
        _ => return None,
    };
    Some(Measured { field: Field::Immunity, interval: None, kinds, tokens: at..read.to })
}
