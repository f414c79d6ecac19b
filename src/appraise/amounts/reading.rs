//! A text's amounts, each with what is needed to hold it against another text's.

use std::fmt;
use std::ops::Range;

use crate::claim::Claim;
use crate::quantity::{Amount, Comparator, Dimension, Kind, Measure, Token, TokenKind, amounts};

use super::context::{self, Context, Key};
use super::subject::{self, Subject};
use super::use_of::Words;
use crate::appraise::Role;

/// A text read for comparison. Holds the text: its `Debug` form gives lengths alone.
#[derive(Clone)]
pub struct Reading {
    text: String,
    pub(super) items: Vec<Item>,
    /// Keys of all its words and its headings' words, sorted.
    words: Vec<Key>,
    /// Keys of the words of the text alone, sorted.
    own: Vec<Key>,
    /// Keys of its abbreviations and names with digits: HPV, SGLT2.
    names: Vec<Name>,
    /// First letters of its words in lower case, which spell what another text abbreviates.
    initials: String,
}

/// An abbreviation or a name with digits.
#[derive(Clone)]
struct Name {
    key: Key,
    /// Its letters in lower case, where it is of letters alone.
    letters: String,
}

/// One number; a pair such as 140/90 gives two.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) role: Role,
    pub(super) subject: Option<Subject>,
    pub(super) kind: Kind,
    /// The second number of a pair.
    pub(super) second: bool,
    /// As printed, in `unit`.
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) comparator: Comparator,
    /// Printed before a range: "up to 40 to 60".
    pub(super) said: Comparator,
    pub(super) open: bool,
    pub(super) loose: bool,
    pub(super) begins: bool,
    /// Which sentence of the text it stands in.
    pub(super) sentence: usize,
    pub(super) rough: bool,
    /// Printed, or going without saying.
    pub(super) unit: Option<Measure>,
    pub(super) base: Base,
    /// What is given in a day, where how often is said: in base units.
    pub(super) daily: Option<(f64, f64)>,
    /// Whether that is printed as a total: "80 mg/kg/day".
    pub(super) daily_total: bool,
    pub(super) context: Context,
    /// What is counted.
    pub(super) noun: Option<Key>,
    /// The amount in brackets that says this one in another unit, or the other way round.
    pub(super) twin: Option<usize>,
    /// Bytes of its words.
    pub(super) words: Range<usize>,
}

/// A number in the unit in which it is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Base {
    pub(super) low: f64,
    pub(super) high: f64,
    /// Half of the worth of the last printed digit.
    pub(super) half: f64,
    pub(super) class: Class,
    /// Brought here by a factor of the analyte, or between unit systems: both sides are rounded.
    pub(super) rounded: bool,
    pub(super) calendar: bool,
}

/// Numbers of one class can be subtracted from each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Class {
    dimension: Option<Dimension>,
    /// Of a quotient what stands above the line: milligrams a kilogram are no percentage.
    top: Option<Dimension>,
    /// The unit's code where it has no dimension: percent is not pack-years.
    bare: &'static str,
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reading({} bytes, {} amounts)", self.text.len(), self.items.len())
    }
}

impl Reading {
    /// Reads a claim's statement. What was said around it is not held against a passage.
    pub fn of_claim(claim: &Claim) -> Reading {
        Reading::of_passage(claim.text(), &[])
    }

    /// Reads a passage under its headings, the outermost first.
    pub fn of_passage(text: &str, headings: &[&str]) -> Reading {
        let read = amounts(text);
        let words = Words::of(text, &read.tokens);
        let keys: Vec<Option<Key>> =
            read.tokens.iter().zip(&words.cues).map(|(token, cues)| context::key(text, token, *cues)).collect();
        let mut items = Vec::with_capacity(read.amounts.len() + 4);
        for (at, amount) in read.amounts.iter().enumerate() {
            let beside = context::neighbours(&read.tokens, &read.amounts, at);
            let around = context::around(&keys, &read.tokens, amount.tokens.start, amount.tokens.end, beside);
            let first = items.len();
            let listed = items.last().map(|item: &Item| item.role).filter(|_| words.lists(&read.amounts, at));
            items.extend(items_of(&words, &read.amounts, at, around, listed));
            if let Some(twin) = twin_of(&words, &read.amounts, at).filter(|_| items.len() == first + 1 && first > 0) {
                debug_assert!(twin < at);
                items[first].twin = Some(first - 1);
                items[first - 1].twin = Some(first);
            }
        }
        let named = read.tokens.iter().zip(&keys).filter(|(token, _)| is_name(text, token));
        let names =
            named.filter_map(|(token, key)| Some(Name { key: (*key)?, letters: letters(text, token) })).collect();
        let words_alone = read.tokens.iter().filter(|token| token.kind == TokenKind::Word);
        let initials = words_alone.filter_map(|token| text.get(token.start..)?.chars().next());
        let initials = initials.flat_map(char::to_lowercase).collect();
        let mut own: Vec<Key> = keys.into_iter().flatten().collect();
        own.sort_unstable();
        own.dedup();
        let mut all = own.clone();
        for heading in headings {
            let tokens = crate::quantity::tokenise(heading);
            all.extend(
                tokens.iter().filter_map(|token| context::key(heading, token, super::super::role::cues(token.key))),
            );
        }
        all.sort_unstable();
        all.dedup();
        Reading { text: text.to_owned(), items, words: all, own, names, initials }
    }

    /// How many numbers it holds that could be compared.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The share of this text's own words that the other text or its headings hold, 0 to 1.
    pub(super) fn topic_shared(&self, other: &Reading) -> f32 {
        let shared = self.own.iter().filter(|key| other.words.binary_search(key).is_ok()).count();
        shared as f32 / self.own.len().max(1) as f32
    }

    /// Whether the other text, or its headings, hold none of the abbreviations and names of this one: it speaks of
    /// something else.
    pub(super) fn names_missing_in(&self, other: &Reading) -> bool {
        let spelled = |name: &Name| name.letters.len() > 1 && other.initials.contains(&name.letters);
        let held = |name: &Name| other.words.binary_search(&name.key).is_ok() || spelled(name);
        !self.names.is_empty() && !self.names.iter().any(held)
    }

    /// The one age of a sentence; `None` where it has none or several.
    pub(super) fn age_of(&self, sentence: usize) -> Option<&Item> {
        let mut ages = self.items.iter().filter(|item| item.sentence == sentence && item.role == Role::AgeBound);
        ages.next().filter(|_| ages.next().is_none())
    }

    /// The words of an item.
    pub(super) fn printed(&self, item: &Item) -> &str {
        self.text.get(item.words.clone()).unwrap_or_default().trim()
    }

    /// Role, subject and words of each number, for tests and traces of a reader's work.
    pub fn amounts(&self) -> impl Iterator<Item = (Role, Option<Subject>, &str)> {
        self.items.iter().map(|item| (item.role, item.subject, self.printed(item)))
    }
}

/// Whether a token is an abbreviation or a name with digits.
fn is_name(text: &str, token: &Token) -> bool {
    let word = text.get(token.start..token.end).unwrap_or_default();
    match token.kind {
        TokenKind::Name => word.starts_with(char::is_alphabetic),
        TokenKind::Word => word.len() >= 2 && word.chars().all(char::is_uppercase),
        _ => false,
    }
}

/// The letters of an abbreviation in lower case; none where digits are among them.
fn letters(text: &str, token: &Token) -> String {
    let word = text.get(token.start..token.end).unwrap_or_default();
    if token.kind == TokenKind::Word { word.to_lowercase() } else { String::new() }
}

/// The amount before this one, where this one stands in brackets right after it.
fn twin_of(words: &Words<'_>, all: &[Amount], at: usize) -> Option<usize> {
    let (one, other) = (all.get(at.checked_sub(1)?)?, all.get(at)?);
    let open = other.tokens.start.checked_sub(1)?;
    let opens = open == one.tokens.end && words.tokens.get(open).is_some_and(|token| token.is('('));
    (opens && one.unit.is_some() && other.unit.is_some()).then_some(at - 1)
}

/// The items of one amount: two of a pair.
fn items_of(words: &Words<'_>, all: &[Amount], at: usize, context: Context, listed: Option<Role>) -> Vec<Item> {
    let amount = &all[at];
    let subject = words.subject(amount);
    // "at age 11 or 12 years": the second is what the first is.
    let role = words.role(amount, subject);
    let role = listed.filter(|listed| *listed == Role::AgeBound && role == Role::Duration).unwrap_or(role);
    let noun = words.noun(amount.tokens.end).and_then(|noun| words.tokens.get(noun));
    let noun = noun.and_then(|token| words.text.get(token.start..token.end)).map(subject::counted);
    let plain = Item {
        role,
        subject: narrowed(subject, amount),
        kind: amount.kind,
        second: false,
        low: amount.low,
        high: amount.high,
        comparator: amount.comparator,
        said: amount.said,
        open: amount.open,
        loose: amount.loose,
        begins: amount.begins,
        sentence: words.sentence(amount.tokens.start),
        rough: amount.rough,
        unit: amount.unit,
        base: Base::of(amount.low, amount.high, amount, role, subject),
        daily: daily(words, all, at),
        daily_total: all.get(at + 1).is_some_and(|next| next.kind == Kind::Total),
        context,
        noun: noun.filter(|_| role == Role::Count),
        twin: None,
        words: amount.range.clone(),
    };
    let plain = Item { unit: plain.unit.or_else(|| unsaid(&plain)), ..plain };
    let Some((low, high)) = amount.over else { return vec![plain] };
    let pressure = matches!(subject, Some(Subject::BloodPressure | Subject::Systolic | Subject::Diastolic));
    let (first, second) =
        if pressure { (Some(Subject::Systolic), Some(Subject::Diastolic)) } else { (subject, subject) };
    let base = Base::of(low, high, amount, role, second);
    let other = Item { subject: second, second: !pressure, low, high, base, ..plain.clone() };
    vec![Item { subject: first, ..plain }, other]
}

/// A single pressure of 100 and more is systolic, whatever the words leave out.
fn narrowed(subject: Option<Subject>, amount: &Amount) -> Option<Subject> {
    let high = subject == Some(Subject::BloodPressure)
        && amount.low >= 100.0
        && amount.unit.is_none_or(|unit| unit.code() == "mm[Hg]");
    if high { Some(Subject::Systolic) } else { subject }
}

/// The unit that goes without saying.
fn unsaid(item: &Item) -> Option<Measure> {
    if item.role == Role::AgeBound {
        return Measure::named("a");
    }
    let unit = match item.subject? {
        Subject::Systolic | Subject::Diastolic | Subject::BloodPressure | Subject::MeanPressure => {
            Measure::named("mm[Hg]")
        }
        Subject::BodyMassIndex => Measure::named("kg/m2"),
        Subject::FiltrationRate => Measure::named("mL/min"),
        subject => subject.analyte()?.unsaid(item.low),
    };
    unit.filter(|_| item.role != Role::Count)
}

impl Base {
    fn of(low: f64, high: f64, amount: &Amount, role: Role, subject: Option<Subject>) -> Base {
        let analyte = subject.and_then(Subject::analyte).filter(|_| role != Role::Count);
        let said = amount.unit.or_else(|| match subject {
            _ if role == Role::Count => None,
            _ if role == Role::AgeBound => Measure::named("a"),
            Some(Subject::Systolic | Subject::Diastolic | Subject::BloodPressure | Subject::MeanPressure) => {
                Measure::named("mm[Hg]")
            }
            Some(Subject::BodyMassIndex) => Measure::named("kg/m2"),
            Some(Subject::FiltrationRate) => Measure::named("mL/min"),
            _ => analyte.and_then(|analyte| analyte.unsaid(low)),
        });
        let Some(unit) = said else {
            let class = Class { dimension: None, top: None, bare: if amount.kind == Kind::Ratio { ":" } else { "" } };
            return Base { low, high, half: amount.half, class, rounded: false, calendar: false };
        };
        if let Some(converted) = analyte.and_then(|analyte| analyte.convert(low, unit)) {
            let high =
                analyte.and_then(|analyte| analyte.convert(high, unit)).map_or(converted.value, |high| high.value);
            let (class, half) = (Class::of(converted.unit), amount.half * converted.factor.abs());
            let scale = converted.unit.factor();
            let (low, high) = (converted.value * scale, high * scale);
            return Base { low, high, half: half * scale, class, rounded: true, calendar: false };
        }
        // Between the metric system and another, printed values are rounded on both sides.
        let rounded =
            matches!(unit.code(), "[degF]" | "[lb_av]" | "[oz_av]" | "[in_i]" | "[ft_i]" | "kPa" | "kJ" | "cm[H2O]");
        Base {
            low: unit.in_base(low),
            high: unit.in_base(high),
            half: amount.half * unit.factor(),
            class: Class::of(unit),
            rounded,
            calendar: unit.is_calendar(),
        }
    }
}

impl Class {
    fn of(unit: Measure) -> Class {
        let bare = if unit.is_bare() && unit.code() != "1" { unit.code() } else { "" };
        Class { dimension: Some(unit.dimension()), top: unit.top_dimension(), bare }
    }
}

/// What is given in a day: a dose and how often, or a total for a time. `None` where how often is not said.
fn daily(words: &Words<'_>, all: &[Amount], at: usize) -> Option<(f64, f64)> {
    let dose = &all[at];
    let unit = dose.unit.filter(|unit| unit.is_dose() && dose.kind == Kind::Measured)?;
    let next = all
        .get(at + 1..)?
        .iter()
        .take(3)
        .find(|next| next.kind != Kind::Measured || next.unit.is_some_and(Measure::is_dose))?;
    let near = next.tokens.start <= dose.tokens.end + 6 && next.kind != Kind::Measured && next.kind != Kind::Ratio;
    let sentence = words.tokens.get(dose.tokens.end..next.tokens.start.max(dose.tokens.end))?;
    if !near || sentence.iter().any(|token| token.fresh) {
        return None;
    }
    let days = next.unit.map(|unit| (unit.in_base(next.low), unit.in_base(next.high)))?;
    (days.0 > 0.0).then(|| (unit.in_base(dose.low) / days.1, unit.in_base(dose.high) / days.0))
}
