//! Two numbers held against each other: the same, another, or not to be said.
//!
//! Ends are compared exactly. Where a unit was converted by a factor that is not a round one (an analyte's molar mass,
//! Fahrenheit, pounds) each printed value stands for itself ± half of its last digit, and the wider of the two holds.
//! Months and years are spans of the calendar: against days and weeks they agree within 9 %, so that a month is 28 to 31
//! days and twelve weeks are three months.

use crate::quantity::{Comparator, Kind};

use super::reading::Item;
use crate::appraise::Role;

/// How a number of the claim stands to one of the passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Equal, or the claim's lies within the passage's.
    Agrees,
    /// Another number.
    Differs,
    /// Another bound on the same side of nothing: complementary statements look like this, so only near-identical
    /// surroundings make a difference of it.
    Opposed,
    /// Ages within the passage's ages, none of their ends one of the passage's.
    Inside,
    /// Ages of which none is one of the passage's: other people, whom the passage may say nothing of.
    Apart,
    /// The same number in a unit of another size or kind.
    OtherUnit,
    /// Neither.
    Unsaid,
}

/// The oldest that people are, in years.
const OLDEST: f64 = 120.0;
const DAYS_A_YEAR: f64 = 366.0;

/// How far calendar units may be from days and weeks.
const CALENDAR: f64 = 0.09;

/// How the claim's number stands to the passage's.
pub(super) fn standing(claim: &Item, passage: &Item) -> Standing {
    if claim.base.class != passage.base.class {
        return if other_unit(claim, passage) { Standing::OtherUnit } else { Standing::Unsaid };
    }
    let found = intervals(claim, passage);
    let found = if found == Standing::Differs && of_others(claim, passage) { Standing::Apart } else { found };
    if found == Standing::Agrees || daily_agrees(claim, passage) {
        return Standing::Agrees;
    }
    // A total for a day says nothing of how often; and where the daily amounts may be one, single doses are not compared.
    if parted_day(claim, passage) || daily_overlap(claim, passage) {
        return Standing::Unsaid;
    }
    let wrong_unit =
        matches!(found, Standing::Differs | Standing::Opposed | Standing::Apart) && other_unit(claim, passage);
    if wrong_unit { Standing::OtherUnit } else { found }
}

/// The printed number is the same and the unit is not: another dimension, or ten times another, or another unit of time.
fn other_unit(claim: &Item, passage: &Item) -> bool {
    let (Some(one), Some(other)) = (claim.unit, passage.unit) else { return false };
    let printed = claim.low == passage.low && claim.high == passage.high;
    if !printed || one == other {
        return false;
    }
    let ratio = one.factor() / other.factor();
    let sized = !(0.1 + 1e-9..10.0 - 1e-9).contains(&ratio) || (one.is_time() && other.is_time());
    one.dimension() != other.dimension() || sized
}

/// Equal totals a day: "500 mg twice daily" and "1,000 mg a day in two doses".
pub(super) fn daily_agrees(claim: &Item, passage: &Item) -> bool {
    let (Some(one), Some(other)) = (claim.daily, passage.daily) else { return false };
    let same = |a: f64, b: f64| (a - b).abs() <= 1e-6 * a.abs().max(b.abs());
    claim.comparator == passage.comparator && same(one.0, other.0) && same(one.1, other.1)
}

/// A day's total against several times a day.
fn parted_day(claim: &Item, passage: &Item) -> bool {
    let kinds = [claim.kind, passage.kind];
    let short = claim.base.high <= 1.0 + 1e-9 && passage.base.high <= 1.0 + 1e-9;
    kinds.contains(&Kind::Total) && kinds.contains(&Kind::Period) && short
}

/// Daily amounts of which one is printed as a single dose and how often, the other as a total, that meet.
fn daily_overlap(claim: &Item, passage: &Item) -> bool {
    let (Some(one), Some(other)) = (claim.daily, passage.daily) else { return false };
    claim.daily_total != passage.daily_total && one.0 <= other.1 * (1.0 + 1e-9) && other.0 <= one.1 * (1.0 + 1e-9)
}

/// How close two printed values must be to be one.
fn tolerance(claim: &Item, passage: &Item, value: f64) -> f64 {
    let exact = 1e-9 * value.abs().max(1e-12);
    let differing = claim.unit != passage.unit;
    if claim.base.calendar != passage.base.calendar && differing {
        return CALENDAR * value.abs();
    }
    let rounded = (claim.base.rounded || passage.base.rounded) && differing;
    let printed = claim.base.half.max(passage.base.half);
    // Periods said as times in a span are quotients: a third of a week has no last digit.
    let quotient = if claim.kind == Kind::Period { 0.01 * value.abs() } else { 0.0 };
    // "About 75" is 75 give or take its last digit.
    let rough = if claim.rough || passage.rough { printed } else { 0.0 };
    let nominal = if nominal_ratio(claim, passage) { 0.14 * value.abs() } else { 0.0 };
    exact.max(quotient).max(rough).max(nominal).max(if rounded { printed * 1.02 } else { 0.0 })
}

/// Albumin to creatinine: guidelines print 30 mg/g as 3 mg/mmol, although it is 3.4.
fn nominal_ratio(claim: &Item, passage: &Item) -> bool {
    claim.subject == Some(super::Subject::AlbuminCreatinine)
        && claim.unit != passage.unit
        && passage.subject == claim.subject
}

/// An end of what a number allows.
#[derive(Clone, Copy)]
struct Ends {
    low: Option<f64>,
    high: Option<f64>,
}

fn ends(item: &Item) -> Ends {
    let (low, high) = (item.base.low, item.base.high);
    match item.comparator {
        Comparator::Equal => Ends { low: Some(low), high: Some(high) },
        Comparator::AtLeast | Comparator::More => Ends { low: Some(low), high: None },
        Comparator::AtMost | Comparator::Less => Ends { low: None, high: Some(high) },
    }
}

/// Whether a claim names people of whom none is of the passage's ages. "Starts at 50" names no people but a rule, and
/// nobody is older than [`OLDEST`]: that is a slip of the pen.
fn of_others(claim: &Item, passage: &Item) -> bool {
    let people = claim.role == Role::AgeBound && !claim.begins && claim.base.high <= OLDEST * DAYS_A_YEAR;
    people && ages_apart(claim, passage)
}

fn overlap(one: Ends, other: Ends) -> bool {
    let under = |low: Option<f64>, high: Option<f64>| low.zip(high).is_none_or(|(low, high)| low <= high);
    under(one.low, other.high) && under(other.low, one.high)
}

/// Whether two ages have none in common.
pub(super) fn ages_apart(one: &Item, other: &Item) -> bool {
    !overlap(ends(one), ends(other))
}

fn is_point(item: &Item) -> bool {
    item.comparator == Comparator::Equal && item.low == item.high
}

fn intervals(claim: &Item, passage: &Item) -> Standing {
    let value = claim.base.low.abs().max(passage.base.low.abs());
    let same = |a: f64, b: f64| (a - b).abs() <= tolerance(claim, passage, value.max(a.abs()).max(b.abs()));
    let (one, other) = (ends(claim), ends(passage));
    if is_point(claim) || is_point(passage) {
        return point(claim, passage, one, other, same);
    }
    match (one.low, one.high, other.low, other.high) {
        (Some(a), Some(b), Some(c), Some(d)) => {
            let (low, high) = (same(a, c), same(b, d));
            match () {
                () if low && high && claim.open == passage.open && !opposed(claim, passage) => Standing::Agrees,
                // Whom it may concern: people of 50 to 70 are among those of 45 to 75. One who prints one end as the
                // passage does and the other not is giving its rule, wrongly.
                () if claim.role == Role::AgeBound && a > c && b < d && !low && !high => Standing::Inside,
                () => Standing::Differs,
            }
        }
        (Some(a), None, Some(c), None) => bounded(same(a, c), a > c, claim, passage),
        (None, Some(b), None, Some(d)) => bounded(same(b, d), b < d, claim, passage),
        // A range against a bound on one side: the same end, or what the bound takes in.
        (Some(a), Some(_), Some(c), None) => within(same(a, c) || a > c),
        (Some(_), Some(b), None, Some(d)) => within(same(b, d) || b < d),
        // A bound on one side against a range: the end that is said is right, the other left out.
        (Some(a), None, Some(c), Some(_)) => {
            if same(a, c) {
                Standing::Unsaid
            } else {
                Standing::Differs
            }
        }
        (None, Some(b), Some(_), Some(d)) => {
            if same(b, d) {
                Standing::Unsaid
            } else {
                Standing::Differs
            }
        }
        _ => Standing::Opposed,
    }
}

/// Two ranges with opposite bounds before them: "at least 1 to 6 months", "at most 1 to 6 months".
fn opposed(claim: &Item, passage: &Item) -> bool {
    let side = |comparator| match comparator {
        Comparator::Equal => 0,
        Comparator::AtLeast | Comparator::More => 1,
        Comparator::AtMost | Comparator::Less => -1,
    };
    side(claim.said) * side(passage.said) < 0
}

/// Two bounds on the same side.
fn bounded(same: bool, inside: bool, claim: &Item, passage: &Item) -> Standing {
    // People over 75 are among those from 55; "screening starts at 50" gives a rule.
    let concerned = claim.role == Role::AgeBound && inside && !claim.begins;
    if !same {
        return if concerned { Standing::Inside } else { Standing::Differs };
    }
    // "Over 65" is said of people of 65 too; in print "older than 65" and "65 or older" are two rules. Of other numbers
    // "below 10 %" may be meant as either, so where one side is so worded nothing is said.
    let loose = claim.loose || passage.loose;
    match claim.comparator == passage.comparator {
        true => Standing::Agrees,
        false if loose && claim.role == Role::AgeBound => Standing::Agrees,
        false if loose => Standing::Unsaid,
        false => Standing::Differs,
    }
}

fn within(inside: bool) -> Standing {
    if inside { Standing::Unsaid } else { Standing::Differs }
}

/// One of the two is a single number: equal to an end, or within what the other allows.
fn point(claim: &Item, passage: &Item, one: Ends, other: Ends, same: impl Fn(f64, f64) -> bool) -> Standing {
    let (point, ends) = if is_point(claim) { (claim.base.low, other) } else { (passage.base.low, one) };
    let at_end = ends.low.is_some_and(|low| same(point, low)) || ends.high.is_some_and(|high| same(point, high));
    let inside = ends.low.is_none_or(|low| point >= low) && ends.high.is_none_or(|high| point <= high);
    match () {
        // A bound left out is no other number.
        () if at_end => Standing::Agrees,
        () if is_point(claim) && is_point(passage) => Standing::Differs,
        // Within a range, or an age that a bound takes in. "Five years" is no agreement with "a year or longer".
        () if is_point(claim) && inside && (passage.low < passage.high || claim.role == Role::AgeBound) => {
            Standing::Agrees
        }
        // Within an open bound, or the claim is wider than the passage.
        () if inside => Standing::Unsaid,
        () => Standing::Differs,
    }
}
