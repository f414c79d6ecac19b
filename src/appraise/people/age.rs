//! Ages in numbers: only where the words say that a number is an age.
//!
//! A length of time ("for 5 years", "over 10 years"), a dose, a gestational age and the age at some event ("diagnosed
//! before 50") are none, and a starting age said as a rule ("begin at 45") is a number to compare, not a person.

use std::ops::Range;

use super::bound::{Bound, Said, bound};
use super::interval::Interval;
use super::token::Token;

/// Nobody is older.
const OLDEST: f64 = 120.0;

/// Who may stand right before an age.
const PERSONS: &[&str] = &[
    "adult",
    "people",
    "person",
    "patient",
    "woman",
    "man",
    "child",
    "adolescent",
    "infant",
    "individual",
    "anyone",
    "everyone",
    "those",
    "female",
    "male",
    "boy",
    "girl",
    "kid",
    "folk",
    "guy",
    "baby",
    "teenager",
    "senior",
    "toddler",
    "somebody",
    "someone",
    "smoker",
    "anybody",
    "everybody",
    "youth",
    "octogenarian",
    "newborn",
    "citizen",
    "resident",
];
/// Of these, the ones whose age may be told in months.
const CHILDREN: &[&str] =
    &["child", "infant", "kid", "baby", "toddler", "boy", "girl", "newborn", "those", "anyone", "everyone"];

/// A number that is followed by one of these is no age.
const OTHER_UNITS: &[&str] = &[
    "%",
    "percent",
    "mg",
    "kg",
    "g",
    "ml",
    "mcg",
    "mm",
    "cm",
    "hour",
    "h",
    "minute",
    "min",
    "mmhg",
    "lb",
    "pound",
    "unit",
    "iu",
    "cell",
    "point",
    "drink",
    "cigarette",
    "time",
    "dose",
    "gram",
    "pack",
    "bmi",
    "copy",
    "/",
    "mmol",
    "cup",
    "inch",
    "beat",
    "kilo",
    "kilogram",
    "session",
    "visit",
    "serving",
    "step",
    "degree",
    "percentile",
];
/// Ages at some event, not of the person now.
const EVENTS: &[&str] = &[
    "diagnosed",
    "diagnosis",
    "onset",
    "gestational",
    "died",
    "death",
    "relative",
    "menopause",
    "quit",
    "menarche",
    "occurred",
    "developed",
    "family",
    "born",
    "corrected",
    "bone",
    "parent",
    "sibling",
    "mother",
    "father",
];

/// An age with the tokens that it was read from.
pub(super) struct Age {
    pub(super) interval: Interval,
    pub(super) tokens: Range<usize>,
}

/// Every age of a text.
pub(super) fn ages(cut: &[Token<'_>]) -> Vec<Age> {
    let mut found: Vec<Age> = Vec::new();
    let mut at = 0;
    while at < cut.len() {
        let age = decade(cut, at).or_else(|| cut[at].is_number().then(|| numbered(cut, at)).flatten());
        at = age.as_ref().map_or(at + 1, |age| age.tokens.end.max(at + 1));
        found.extend(age);
    }
    found
}

fn numbered(cut: &[Token<'_>], at: usize) -> Option<Age> {
    if let Some(age) = tens(cut, at) {
        return Some(age);
    }
    let mut read = bound(cut, at)?;
    let explicit = explicit(cut, &mut read);
    if explicit.is_none() && !beside_person(cut, &read) {
        return None;
    }
    let first = explicit.unwrap_or(read.from);
    let how = before_age(cut, &mut read, first)?;
    let interval = interval(&read, how)?;
    // The unit belongs to the words.
    let unit = read.units.0.is_some() && read.to == read.number + 1;
    Some(Age { interval, tokens: read.from..read.to + usize::from(unit) })
}

/// "thirty-something"
const TENS: &[(&str, f64)] = &[
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("seventy", 70.0),
    ("eighty", 80.0),
];

/// "in her fifties", "in their 70s", "eighties".
fn decade(cut: &[Token<'_>], at: usize) -> Option<Age> {
    const DECADES: &[(&str, f64)] = &[
        ("twenties", 20.0),
        ("thirties", 30.0),
        ("forties", 40.0),
        ("fifties", 50.0),
        ("sixties", 60.0),
        ("seventies", 70.0),
        ("eighties", 80.0),
        ("nineties", 90.0),
    ];
    let word = cut.get(at)?.written;
    if let Some(start) = TENS.iter().find(|(name, _)| *name == word).map(|(_, start)| *start) {
        let something = cut.get(at + 1).is_some_and(|token| token.joined && token.word == "something");
        return something
            .then(|| Age { interval: Interval::printed(Some(start), Some(start + 10.0)), tokens: at..at + 2 });
    }
    if word == "octogenarian" || word == "octogenarians" {
        return Some(Age { interval: Interval::printed(Some(80.0), Some(90.0)), tokens: at..at + 1 });
    }
    let start = DECADES.iter().find(|(name, _)| *name == word)?.1;
    of_decade(cut, at, at + 1, start)
}

/// "70s", with "in" and whose before it; "over-65s", "under 5s".
fn tens(cut: &[Token<'_>], at: usize) -> Option<Age> {
    let (number, ending) = (cut.get(at)?, cut.get(at + 1)?);
    if ending.written != "s" || ending.range.start != number.range.end {
        return None;
    }
    let value = number.number.filter(|value| *value <= OLDEST)?;
    let mut read = bound(cut, at)?;
    if read.said == Said::Compared {
        read.to = at + 2;
        let (low, high) = read.ends(1.0);
        return Some(Age { interval: Interval::printed(low, high), tokens: read.from..read.to });
    }
    (value % 10.0 == 0.0 && (20.0..=90.0).contains(&value)).then_some(())?;
    of_decade(cut, at, at + 2, value)
}

fn of_decade(cut: &[Token<'_>], at: usize, to: usize, start: f64) -> Option<Age> {
    let back = |back: usize| at.checked_sub(back).and_then(|at| cut.get(at)).map_or("", |token| token.word);
    let part = matches!(back(1), "early" | "mid" | "late");
    let whose = back(if part { 2 } else { 1 });
    let whose = matches!(whose, "his" | "her" | "their" | "your" | "my" | "our" | "in");
    let ends = match back(1) {
        "early" => (start, start + 4.0),
        "mid" => (start + 3.0, start + 7.0),
        "late" => (start + 6.0, start + 10.0),
        _ => (start, start + 10.0),
    };
    whose.then(|| Age { interval: Interval::printed(Some(ends.0), Some(ends.1)), tokens: at..to })
}

/// Whether the words around a number say outright that it is an age; where so, the first token that says it.
fn explicit(cut: &[Token<'_>], read: &mut Bound) -> Option<usize> {
    let word = |at: usize| cut.get(at).map_or("", |token| token.word);
    let after = read.number + 1;
    // "65-year-old", "65 years of age", "65 yo", "65 y/o", "65F"
    let old = if read.units.0.is_some() { after + 1 } else { after };
    let says = match (word(after), word(old), word(old + 1)) {
        ("yo", ..) => Some(after + 1),
        ("y", "/", "o") => Some(after + 3),
        (_, "old", _) => Some(old + 1),
        (_, "of", "age") => Some(old + 2),
        ("f" | "m", ..) if adjacent(cut, read.number) => Some(after),
        _ => None,
    };
    if let Some(end) = says {
        read.to = read.to.max(end);
        return Some(read.from);
    }
    if read.said == Said::Aged {
        return Some(read.from);
    }
    if plainly_placed(cut, read) {
        return Some(read.from);
    }
    // "aged 50", "ages between 50 and 74", "age of 50"
    let mut at = read.from;
    for _ in 0..4 {
        at = at.checked_sub(1)?;
        match word(at) {
            "between" | "from" | "of" | "the" | "is" | "at" | "only" | "about" | "around" | ":" | "was" | "="
            | "or" | "and" => {}
            "age" | "aged" if word(at + 1) != "and" && word(at + 1) != "or" => return Some(at),
            _ => return None,
        }
    }
    None
}

/// "a woman of 48", "At 38, screening is advised", "is suggested at 55."
fn plainly_placed(cut: &[Token<'_>], read: &Bound) -> bool {
    let back = |back: usize| read.from.checked_sub(back).and_then(|at| cut.get(at)).map_or("", |token| token.word);
    let next = cut.get(read.to).map_or(".", |token| token.word);
    let value = read.low.unwrap_or(0.0);
    let plain =
        read.said == Said::Point && value.fract() == 0.0 && (2.0..=110.0).contains(&value) && read.units.0.is_none();
    let of_person = back(1) == "of" && PERSONS.contains(&back(2)) && !OTHER_UNITS.contains(&next);
    let first = read.from < 2 || cut.get(read.from - 2).is_some_and(|token| token.is(&[".", "?", ";"]));
    let ends = matches!(next, "." | "," | ";" | "?");
    let said = [
        "suggested",
        "recommended",
        "advised",
        "screened",
        "vaccinated",
        "offered",
        "given",
        "indicated",
        "appropriate",
    ];
    plain && (of_person || back(1) == "at" && ends && (value >= 18.0) && (first || said.contains(&back(2))))
}

/// Whether the token after a number is written onto it.
fn adjacent(cut: &[Token<'_>], number: usize) -> bool {
    match (cut.get(number), cut.get(number + 1)) {
        (Some(one), Some(next)) => one.range.end == next.range.start,
        _ => false,
    }
}

/// "adults 45 to 75", "women over 40", "infants under 6 months": somebody right before, and no other unit after.
fn beside_person(cut: &[Token<'_>], read: &Bound) -> bool {
    let word = |at: usize| cut.get(at).map_or("", |token| token.word);
    let next = word(read.number + 1);
    if OTHER_UNITS.contains(&next)
        || read.said == Said::Point
        || word(read.to) == "/"
        || OTHER_UNITS.contains(&word(read.to))
    {
        return false;
    }
    let mut at = read.from;
    let mut person = "";
    for _ in 0..3 {
        let Some(back) = at.checked_sub(1) else { break };
        at = back;
        match word(at) {
            "who" | "are" | "is" | "from" | "between" | "you" | "(" | "," | "in" if read.said != Said::Point => {}
            found => {
                person = found;
                break;
            }
        }
    }
    let year = read.units.0.is_none_or(|unit| unit == 1.0) && read.units.1.is_none_or(|unit| unit == 1.0);
    let whom = if year { PERSONS } else { CHILDREN };
    // "if you are over 65" names nobody but the reader.
    let reader = year && word(read.from.saturating_sub(1)) == "are" && word(read.from.saturating_sub(2)) == "you";
    let later = ["after", "following", "post", "since", "ago", "later", "apart", "earlier", "from", "before"];
    let end = if read.units.0.is_some() { read.number + 2 } else { read.number + 1 };
    (whom.contains(&person) || reader) && !later.contains(&word(end))
}

/// What the words before "age" make of a number.
enum How {
    /// As it is.
    Plain,
    /// "after age 75", "from age 45"
    From,
    /// "before age 40", "until age 75"
    Until,
}

/// Reads "after", "before", "at" before an age; `None` where the age is that of an event, or a rule's number.
fn before_age(cut: &[Token<'_>], read: &mut Bound, first: usize) -> Option<How> {
    let word = |at: Option<usize>| at.and_then(|at| cut.get(at)).map_or("", |token| token.word);
    let back = |back: usize| first.checked_sub(back);
    let sentence = cut.get(first)?.sentence;
    let left = cut.get(first.saturating_sub(4)..first).unwrap_or_default();
    if left.iter().any(|token| token.sentence == sentence && EVENTS.contains(&token.word)) {
        return None;
    }
    read.from = first.min(read.from);
    if read.said != Said::Point || !matches!(word(Some(first)), "age" | "aged") {
        return Some(How::Plain);
    }
    match word(back(1)) {
        "after" | "past" | "beyond" | "from" => Some(How::From),
        "before" | "until" | "till" | "through" => Some(How::Until),
        // "by age 6" is a date; "starting at age 45" and "screening to age 75" are numbers of a rule.
        "by" | "to" | "till'" | "since" => None,
        "at" if ["start", "begin", "starting", "beginning", "start", "initiate", "initiated", "started"]
            .contains(&word(back(2))) =>
        {
            None
        }
        _ => Some(How::Plain),
    }
}

fn interval(read: &Bound, how: How) -> Option<Interval> {
    let high_unit = read.units.0.unwrap_or(1.0);
    let low_unit = read.units.1.unwrap_or(high_unit);
    let (low, high) = (read.low, read.high);
    if low.or(high).is_none_or(|value| value * low_unit > OLDEST) || high.is_some_and(|high| high * high_unit > OLDEST)
    {
        return None;
    }
    let low = low.map(|low| (if read.above { low + 1.0 } else { low }) * low_unit);
    let high = high.map(|high| (if read.below { high } else { high + 1.0 }) * high_unit);
    let ends = match how {
        How::Plain => (low, high),
        How::From => (low, None),
        How::Until => (None, high),
    };
    let ordered = ends.0.unwrap_or(0.0) < ends.1.unwrap_or(f64::INFINITY);
    ordered.then(|| Interval::printed(ends.0, ends.1))
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    fn check(text: &str, expected: &[(f64, f64)]) {
        let lower = text.to_ascii_lowercase();
        let found: Vec<(f64, f64)> = ages(&tokens(text, &lower)).iter().map(|age| age.interval.wide).collect();
        assert_eq!(found.len(), expected.len(), "{text}: {found:?}");
        for (found, expected) in found.iter().zip(expected) {
            let near = |one: f64, other: f64| one == other || (one - other).abs() < 0.01;
            assert!(near(found.0, expected.0) && near(found.1, expected.1), "{text}: {found:?}");
        }
    }

    const END: f64 = f64::INFINITY;

    #[test]
    fn ages_as_people_write_them() {
        check("adults aged 40 to 75 years", &[(40.0, 76.0)]);
        check("Women 50–74 should", &[(50.0, 75.0)]);
        check("a 65-year-old man", &[(65.0, 66.0)]);
        check("a 65 y/o man", &[(65.0, 66.0)]);
        check("a 72yo woman", &[(72.0, 73.0)]);
        check("65F with chest pain", &[(65.0, 66.0)]);
        check("a sixty-five-year-old", &[(65.0, 66.0)]);
        check("people over 65", &[(66.0, END)]);
        check("over-65s", &[(66.0, END)]);
        check("65 and older", &[(65.0, END)]);
        check("Adults 75+ need it", &[(75.0, END)]);
        check("if you are over 50", &[(51.0, END)]);
        check("in her fifties", &[(50.0, 60.0)]);
        check("people in their late 70s", &[(76.0, 80.0)]);
        check("infants 6 to 12 months", &[(0.5, 13.0 / 12.0)]);
        check("children under 6 months", &[(0.0, 0.5)]);
        check("6 months through 17 years of age", &[(0.5, 18.0)]);
        check("a 9-month-old", &[(0.75, 10.0 / 12.0)]);
        check("children younger than 2 years", &[(0.0, 2.0)]);
        check("before age 40", &[(0.0, 41.0)]);
        check("from age 45", &[(45.0, END)]);
        check("men between the ages of 55 and 69", &[(55.0, 70.0)]);
        check("men between 55 and 69", &[(55.0, 70.0)]);
        check("people aged 70 years or older", &[(70.0, END)]);
        check("persons aged ≥65 years", &[(65.0, END)]);
    }

    #[test]
    fn other_numbers_are_no_ages() {
        for text in [
            "for 5 years",
            "every 2 years",
            "women 5 years after menopause",
            "at 24 to 28 weeks of gestation",
            "diagnosed before age 50",
            "a relative with cancer before age 60",
            "people with a BMI over 30",
            "adults over 130/80 mm Hg",
            "smoked 20 pack-years",
            "over 10 years",
            "children under 15 kg",
            "screening starts at age 45",
            "100 to 200 mg",
            "within 15 years",
            "gestational age 34 weeks",
            "menopause before age 45",
            "patients with 2 or more risk factors",
        ] {
            check(text, &[]);
        }
    }
}
