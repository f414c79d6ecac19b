//! Two readings side by side: which fields cannot both hold.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::field::{FEMALE, Field, Kinds, diabetes, menopause, pregnancy, risk};
use super::gestation::weeks_of_kinds;
use super::interval::Interval;
use super::measure::{kinds_of_rate, rate_of_kinds};
use super::object::may_be_same;
use super::summary::Reading;
use super::{People, Source, Statement, Words};
use crate::language::pattern;

/// One field in which a claim and a passage are about different people.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// The field.
    pub field: Field,
    /// How the claim, its context or the request says it.
    pub claim: Words,
    /// How the passage or its document says it.
    pub evidence: Words,
    /// Why they do not fit.
    pub cause: Cause,
}

/// Why two populations do not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nobody can be both.
    Apart,
    /// The claim gives as a rule for more people what the passage says of fewer.
    Wider,
    /// The passage or its document leaves out whom the claim names.
    LeftOut,
}

/// A text that somebody is named in, and whether it speaks against what it is about.
#[derive(Clone, Copy, Debug)]
pub struct Pointed<'a> {
    /// The text.
    pub text: &'a str,
    /// Whether it says not to.
    pub against: bool,
}

/// What limits a rule to those who are named next.
static ONLY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(\bnot )?\b(?:only|solely|exclusively)\b[^.;!?\n]{0,60}$"));

impl Mismatch {
    /// Whether one side says "only" of whom it names and the other says not to for those who are left.
    ///
    /// "Only if the eGFR is above 45" and "not below 45" are one rule said twice, and of the same people.
    pub fn is_one_rule(&self, claim: Pointed<'_>, passage: Pointed<'_>) -> bool {
        let only = |text: &str, words: &Words| {
            let before = text.get(..words.range.start).filter(|_| words.source == Source::Text);
            before.and_then(|before| ONLY.captures(before)).is_some_and(|found| found.get(1).is_none())
        };
        self.cause == Cause::Apart
            && (only(claim.text, &self.claim) && passage.against || only(passage.text, &self.evidence) && claim.against)
    }

    /// The reason in plain words, with the words of both sides.
    pub fn reason(&self) -> String {
        let (field, claim, evidence) = (self.field.name(), &self.claim.text, &self.evidence.text);
        match self.cause {
            Cause::Apart => {
                format!("{field} differs: the claim is about \"{claim}\", the passage about \"{evidence}\"")
            }
            Cause::Wider => {
                format!("{field} is wider: the claim says \"{claim}\", the passage speaks of \"{evidence}\" alone")
            }
            Cause::LeftOut => format!(
                "{field} is left out: the claim is about \"{claim}\", which the passage excludes (\"{evidence}\")"
            ),
        }
    }
}

/// The fields in which a claim and a passage state people who cannot be the same; a field is told once.
pub fn mismatches(claim: &People, passage: &People) -> Vec<Mismatch> {
    let mut found: Vec<Mismatch> = Vec::new();
    for field in Field::ALL {
        if matches!(field, Field::Age | Field::Sex)
            && (is_of_mother_and_baby(claim, passage) || is_of_mother_and_baby(passage, claim))
        {
            continue;
        }
        let (said, stated) = (Seen::of(claim, field), Seen::of(passage, field));
        let pairs = said.iter().flat_map(|said| stated.iter().map(move |stated| (said, stated)));
        // The same words are of the same people, whatever else the passage names beside them.
        let pairs = pairs.filter(|(said, stated)| !said.words.text.eq_ignore_ascii_case(&stated.words.text));
        let apart = pairs.filter_map(|(said, stated)| Some((said, stated, said.against(stated, field)?))).next();
        if let Some((said, stated, cause)) = apart {
            tell(&mut found, Mismatch { field, claim: said.words.clone(), evidence: stated.words.clone(), cause });
        }
    }
    for group in passage.left_out.iter().filter(|group| !names(passage, group)) {
        if let Some(one) = left_out(claim, group) {
            tell(&mut found, one);
        }
    }
    found
}

/// Years up to which a child is spoken of together with its mother.
const BABY: f64 = 3.0;

/// Whether one side speaks of a mother and the other of babies: what is done for the one is done for the other.
fn is_of_mother_and_baby(mother: &People, baby: &People) -> bool {
    let mother = mother.said.get(&Field::Pregnancy).is_some_and(|said| match said.reading {
        Reading::Kinds(kinds) => kinds & (pregnancy::NEITHER | pregnancy::PLANNING) == 0,
        Reading::Intervals(_) => false,
    });
    mother
        && baby.said.get(&Field::Age).is_some_and(|said| match &said.reading {
            Reading::Intervals(intervals) => intervals.iter().all(|interval| interval.wide.1 <= BABY),
            Reading::Kinds(_) => false,
        })
}

fn tell(found: &mut Vec<Mismatch>, one: Mismatch) {
    if !found.iter().any(|told| told.field.name() == one.field.name()) {
        found.push(one);
    }
}

/// Whether a passage's own words are about a group that its document leaves out: then it is about them all the same.
fn names(passage: &People, group: &[(Field, Statement)]) -> bool {
    let own = |(field, out): &(Field, Statement)| {
        passage.said.get(field).is_some_and(|said| {
            matches!(said.words.source, Source::Text | Source::Stated | Source::Heading)
                && out.words.source == Source::Exclusion
                && holds(&out.reading, &said.reading)
        })
    };
    group.iter().all(own)
}

/// A group that the passage leaves out, where the claim names people of it in every field that makes it.
fn left_out(claim: &People, group: &[(Field, Statement)]) -> Option<Mismatch> {
    let named = |(field, out): &(Field, Statement)| {
        Seen::of(claim, *field).into_iter().find(|said| holds(&out.reading, &said.reading))
    };
    // Of several words for one field ("immunocompromised, such as with HIV") one is enough.
    let first = |at: usize| {
        let field = group[at].0;
        let fits = named(&group[at]).is_some();
        !group
            .iter()
            .enumerate()
            .any(|(other, one)| one.0 == field && other != at && named(one).is_some() && (!fits || other < at))
    };
    let group: Vec<&(Field, Statement)> = (0..group.len()).filter(|at| first(*at)).map(|at| &group[at]).collect();
    let all: Vec<(Field, Seen<'_>, &Statement)> =
        group.iter().map(|one| Some((one.0, named(one)?, &one.1))).collect::<Option<Vec<_>>>()?;
    // "Women who are pregnant": the field that makes the difference is told, not the noun.
    let said = |noun: bool| {
        all.iter().find(|(field, said, _)| !said.implied && matches!(field, Field::Age | Field::Sex) == noun)
    };
    let (field, said, out) = said(false).or_else(|| said(true))?;
    Some(Mismatch { field: *field, claim: said.words.clone(), evidence: out.words.clone(), cause: Cause::LeftOut })
}

/// Whether everybody of the second reading is among those of the first.
pub(super) fn holds(wide: &Reading, narrow: &Reading) -> bool {
    match (wide, narrow) {
        (Reading::Kinds(wide), Reading::Kinds(narrow)) => narrow & !wide == 0,
        (Reading::Intervals(wide), Reading::Intervals(narrow)) => {
            narrow.iter().all(|narrow| wide.iter().any(|wide| narrow.within(wide)))
        }
        _ => false,
    }
}

/// Whom both readings name; `None` where nobody can be both, or where intervals do not lie within each other.
pub(super) fn both(one: &Reading, other: &Reading) -> Option<Reading> {
    match (one, other) {
        (Reading::Kinds(one), Reading::Kinds(other)) => (one & other != 0).then_some(Reading::Kinds(one & other)),
        _ if holds(one, other) => Some(other.clone()),
        _ => None,
    }
}

/// What is known of a field: stated, or following from another that is.
struct Seen<'a> {
    reading: Cow<'a, Reading>,
    words: &'a Words,
    object: &'a str,
    all: bool,
    implied: bool,
}

impl<'a> Seen<'a> {
    /// What is stated of a field, and what follows from others where no number says more.
    fn of(people: &'a People, field: Field) -> Vec<Seen<'a>> {
        let stated = people.said.get(&field).map(|said| {
            let (reading, object) = (Cow::Borrowed(&said.reading), said.object.0.as_str());
            Seen { reading, words: &said.words, object, all: said.all, implied: false }
        });
        let printed = stated.as_ref().is_some_and(|stated| match stated.reading.as_ref() {
            Reading::Intervals(intervals) => intervals.iter().all(|interval| interval.printed),
            Reading::Kinds(_) => true,
        });
        let mut all: Vec<Seen<'a>> = stated.into_iter().collect();
        if !printed {
            all.extend(sources(field).iter().filter_map(|from| {
                let said = people.said.get(from)?;
                let reading = Cow::Owned(implied(*from, said, field)?);
                Some(Seen { reading, words: &said.words, object: said.object.0.as_str(), all: false, implied: true })
            }));
        }
        all
    }

    fn against(&self, stated: &Seen<'_>, field: Field) -> Option<Cause> {
        // What only follows on both sides is told where it is said.
        if self.implied && stated.implied || !may_be_same(self.object, stated.object) {
            return None;
        }
        match (self.reading.as_ref(), stated.reading.as_ref()) {
            (Reading::Kinds(one), Reading::Kinds(other)) => (one & other == 0).then_some(Cause::Apart),
            (Reading::Intervals(one), Reading::Intervals(other)) => {
                if one.iter().all(|one| other.iter().all(|other| one.apart(other))) {
                    return Some(Cause::Apart);
                }
                (field == Field::Age && self.is_wider(one, other)).then_some(Cause::Wider)
            }
            _ => None,
        }
    }

    /// A claim that gives its own bound as the rule ("over 40", "all adults") and reaches beyond what the passage says.
    ///
    /// Only a stated end counts: "adults over 50" leaves the upper end open as people do, and is not wider than "50 to 75".
    fn is_wider(&self, claim: &[Interval], passage: &[Interval]) -> bool {
        let ([claim], true) = (claim, passage.iter().all(|interval| interval.printed)) else { return false };
        let low = passage.iter().map(|interval| interval.wide.0).fold(f64::INFINITY, f64::min);
        let high = passage.iter().map(|interval| interval.wide.1).fold(0.0, f64::max);
        let below = (claim.stated.0 || self.all) && claim.wide.0 < low - SLACK;
        // "under 18" of what is said of 6 to 17 leaves the lower end open in the same way.
        let above = claim.stated.1 && claim.stated.0 && claim.wide.1 > high + SLACK;
        below && (claim.printed || self.all) || above
    }
}

/// Years by which two bounds may differ and mean the same ("over 65", "65 or older").
const SLACK: f64 = 1.5;

/// Fields from which a field may follow.
fn sources(field: Field) -> &'static [Field] {
    match field {
        Field::Age => &[Field::Pregnancy, Field::Menopause],
        Field::Sex => &[Field::Pregnancy, Field::Menopause],
        Field::Pregnancy => &[Field::Diabetes, Field::Menopause],
        Field::Gestation => &[Field::Pregnancy],
        Field::Kidney => &[Field::Filtration],
        Field::Filtration => &[Field::Kidney],
        Field::TenYearRisk => &[Field::Risk],
        _ => &[],
    }
}

/// What follows for `field` from what is said of another.
fn implied(from: Field, said: &Statement, field: Field) -> Option<Reading> {
    let years = |low: f64, high: f64| Some(Reading::Intervals(vec![Interval::meant((low, high), (low, high))]));
    match (from, &said.reading, field) {
        (Field::Pregnancy, Reading::Kinds(kinds), Field::Gestation) => {
            weeks_of_kinds(*kinds).map(|weeks| Reading::Intervals(vec![weeks]))
        }
        (Field::Pregnancy, Reading::Kinds(kinds), _) if kinds & pregnancy::NEITHER == 0 => match field {
            Field::Sex => Some(Reading::Kinds(FEMALE)),
            // From the youngest mothers to pregnancy by donated eggs; advice for a mother is advice for her baby, too.
            Field::Age => {
                let of = |low: f64, high: f64| Interval::meant((low, high), (low, high));
                Some(Reading::Intervals(vec![of(0.0, BABY), of(10.0, 56.0)]))
            }
            _ => None,
        },
        (Field::Menopause, _, Field::Sex) => Some(Reading::Kinds(FEMALE)),
        (Field::Menopause, Reading::Kinds(menopause::AFTER), Field::Age) => years(35.0, f64::INFINITY),
        (Field::Menopause, Reading::Kinds(menopause::AFTER), Field::Pregnancy) => {
            Some(Reading::Kinds(pregnancy::NEITHER))
        }
        (Field::Diabetes, Reading::Kinds(diabetes::GESTATIONAL), Field::Pregnancy) => {
            Some(Reading::Kinds(pregnancy::PREGNANT))
        }
        (Field::Filtration, Reading::Intervals(rates), Field::Kidney) => {
            Some(Reading::Kinds(rates.iter().fold(0, |all, rate| all | kinds_of_rate(rate))))
        }
        (Field::Kidney, Reading::Kinds(kinds), Field::Filtration) => {
            rate_of_kinds(*kinds).map(|rate| Reading::Intervals(vec![rate]))
        }
        (Field::Risk, Reading::Kinds(kinds), Field::TenYearRisk) => {
            ten_year(*kinds).map(|risk| Reading::Intervals(vec![risk]))
        }
        _ => None,
    }
}

/// The 10-year cardiovascular risk that a band stands for: low below 5 %, borderline 5 to below 7.5, intermediate to below 20, high
/// from 20 (ACC/AHA 2019 primary prevention guideline), soft by what other bodies call low and high (10 %).
fn ten_year(band: Kinds) -> Option<Interval> {
    let ends = match band {
        risk::LOW => (0.0, 10.0),
        risk::MIDDLE => (5.0, 20.0),
        _ if band & (risk::LOW | risk::MIDDLE) == 0 => (10.0, f64::INFINITY),
        risk::INCREASED => (5.0, f64::INFINITY),
        _ => return None,
    };
    Some(Interval::meant(ends, ends))
}
