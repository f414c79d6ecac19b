//! The numbers of a claim against those of a passage: which is whose counterpart, and what follows.
//!
//! Among the passage's numbers of the same role, class of unit and subject, a counterpart is one whose surroundings are as
//! near to the claim's as any. A number that is wrong is one that agrees with no counterpart; where it agrees with a number
//! that clearly belongs to another number of the claim (two doses exchanged) that is no agreement.

use super::counterpart::{Standing, ages_apart, daily_agrees, standing};
use super::reading::{Item, Reading};
use super::{Doubt, Finding, Outcome};
use crate::appraise::Role;
use crate::appraise::role::Kinship;
use crate::quantity::{Comparator, Kind};

/// Numbers of a claim above which no more are looked at.
const MOST_OF_CLAIM: usize = 40;
/// Numbers of a passage above which no more are looked at; a passage of 250 words holds fewer.
const MOST_OF_PASSAGE: usize = 120;

/// How near the surroundings of two counterparts are at least, and how much of the claim's words the passage holds.
const LEAST_NEAR: f32 = 0.22;
const LEAST_TOPIC: f32 = 0.34;
/// How many times longer an interval may be than a frequency and still be held against it.
const MOST_APART: f64 = 31.0;
/// Surroundings that are almost the same words.
const NEAR: f32 = 0.6;
/// Surroundings that can only be of one and the same statement.
const SAME: f32 = 0.75;
/// What one named subject in one role adds to the nearness of a doubt: a target of systolic pressure is one whatever the words.
const SAME_SUBJECT: f32 = 0.25;
/// Surroundings that are as near as each other, for choosing among counterparts.
const EQUALLY: f32 = 0.12;

/// One number of the passage that may be a counterpart.
#[derive(Clone, Copy)]
struct Candidate {
    at: usize,
    nearness: f32,
    standing: Standing,
    kinship: Kinship,
}

/// How much further away a counterpart may be and still be as near as the best: the nearer that one, the less.
fn margin(best: f32) -> f32 {
    EQUALLY.min(0.02 + (1.0 - best).max(0.0))
}

/// Holds each number of the claim against its counterparts in the passage.
///
/// Gives a finding for each number that has one and of which something can be said, in the claim's order.
pub fn compare(claim: &Reading, passage: &Reading) -> Vec<Finding> {
    let topic = if claim.names_missing_in(passage) { 0.0 } else { claim.topic_shared(passage) };
    let rows: Vec<Vec<Candidate>> = claim
        .items
        .iter()
        .take(MOST_OF_CLAIM)
        .map(|item| candidates(item, passage, |one, other| one.comparable(other)))
        .collect();
    let mut findings: Vec<Finding> = Vec::new();
    for (at, item) in claim.items.iter().take(MOST_OF_CLAIM).enumerate() {
        let Some((outcome, counterpart)) = judge(&rows, at, item, (claim, passage), topic) else { continue };
        let Some(counterpart) = passage.items.get(counterpart) else { continue };
        let finding = finding(outcome, (claim, item), (passage, counterpart));
        // A pair of which both numbers differ is one finding.
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    findings
}

/// The number of the claim that the passage most likely says otherwise, where [`compare`] finds its words too different to say
/// so: roles need be of one kind alone, and surroundings only be nearer than those of any other number.
///
/// `None` where each number of the claim is agreed with, or stands beside nothing of its kind.
pub fn doubt(claim: &Reading, passage: &Reading) -> Option<Doubt> {
    let doubts = claim.items.iter().take(MOST_OF_CLAIM).filter_map(|item| doubt_of(claim, item, passage));
    doubts.max_by(|one, other| one.nearness.total_cmp(&other.nearness))
}

/// The number of one statement that another says otherwise in the same role and of the same subject, the nearest first;
/// `None` where numbers of that role agree.
pub fn apart(one: &Reading, other: &Reading) -> Option<Doubt> {
    let found = one.items.iter().take(MOST_OF_CLAIM).filter_map(|item| apart_of(one, item, other));
    found.max_by(|one, other| one.nearness.total_cmp(&other.nearness))
}

fn apart_of(one: &Reading, item: &Item, other: &Reading) -> Option<Doubt> {
    let same = |one: Role, other: Role| match one.comparable(other) {
        Kinship::Same => Kinship::Same,
        _ => Kinship::None,
    };
    let mut row = if item.kind == Kind::Total { Vec::new() } else { candidates(item, other, same) };
    // "From 45" and "until 75" bound one and the same age from two sides.
    let above = |item: &Item| matches!(item.comparator, Comparator::More | Comparator::AtLeast);
    let below = |item: &Item| matches!(item.comparator, Comparator::Less | Comparator::AtMost);
    let side = |item: &Item| (item.begins, above(item), below(item));
    let held = |found: &Item| {
        found.subject.is_some() == item.subject.is_some() && (item.role != Role::AgeBound || side(found) == side(item))
    };
    row.retain(|candidate| other.items.get(candidate.at).is_some_and(held));
    if row.iter().any(|candidate| candidate.standing == Standing::Agrees) {
        return None;
    }
    row.retain(|candidate| matches!(candidate.standing, Standing::Differs | Standing::Apart | Standing::Unsaid));
    let best = row.into_iter().max_by(|one, other| one.nearness.total_cmp(&other.nearness))?;
    let found = other.items.get(best.at)?;
    let finding = finding(Outcome::QuantityMismatch, (one, item), (other, found));
    Some(Doubt { finding, nearness: best.nearness.clamp(0.01, 1.0) })
}

fn doubt_of(claim: &Reading, item: &Item, passage: &Reading) -> Option<Doubt> {
    if item.kind == Kind::Total {
        return None;
    }
    let row = candidates(item, passage, |one, other| one.akin(other));
    if row.iter().any(|candidate| candidate.standing == Standing::Agrees) {
        return None;
    }
    let best = row.iter().max_by(|one, other| one.nearness.total_cmp(&other.nearness).then(other.at.cmp(&one.at)))?;
    let other = passage.items.get(best.at)?;
    let outcome = match best.standing {
        Standing::Differs | Standing::Apart => Outcome::QuantityMismatch,
        Standing::OtherUnit => Outcome::UnitMismatch,
        // "Starts at 45" gives a rule, which "at age 50" breaks, though 50 is past 45.
        Standing::Unsaid if item.begins && item.role == Role::AgeBound && other.low == other.high => {
            Outcome::QuantityMismatch
        }
        Standing::Agrees | Standing::Opposed | Standing::Inside | Standing::Unsaid => return None,
    };
    let known = item.subject.is_some() && other.subject.is_some() && item.role == other.role;
    let nearness = (best.nearness.max(0.0) + if known { SAME_SUBJECT } else { 0.0 }).min(1.0);
    Some(Doubt { finding: finding(outcome, (claim, item), (passage, other)), nearness })
}

fn finding(outcome: Outcome, (claim, item): (&Reading, &Item), (passage, other): (&Reading, &Item)) -> Finding {
    let above = |item: &Item| matches!(item.comparator, Comparator::More | Comparator::AtLeast);
    let below = |item: &Item| matches!(item.comparator, Comparator::Less | Comparator::AtMost);
    let sides = above(item) && below(other) || below(item) && above(other);
    Finding {
        outcome,
        role: item.role,
        claim: claim.printed(item).to_owned(),
        evidence: passage.printed(other).to_owned(),
        two_sides: sides && item.low == other.low && item.unit == other.unit,
    }
}

/// The numbers of the passage that could be this one's counterparts, by what their roles are to each other.
fn candidates(item: &Item, passage: &Reading, kin: impl Fn(Role, Role) -> Kinship) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (at, other) in passage.items.iter().take(MOST_OF_PASSAGE).enumerate() {
        let kinship = kin(item.role, other.role);
        if kinship == Kinship::None
            || item.second != other.second
            || !subjects_meet(item, other)
            || !nouns_meet(item, other)
        {
            continue;
        }
        // A dose to begin with may be another than the one that is gone on with.
        let starts = item.role == Role::Dose && item.begins != other.begins;
        let standing = standing(item, other);
        if item.base.class != other.base.class && standing != Standing::OtherUnit {
            continue;
        }
        let near = item.context.share_in(&other.context);
        // Ages within ages are no difference, unless the whole statement is the passage's own: then they are its rule.
        let standing = match standing {
            Standing::Differs if starts => Standing::Unsaid,
            Standing::Inside if near >= NEAR => Standing::Differs,
            Standing::Inside => Standing::Agrees,
            Standing::Apart if near >= SAME => Standing::Differs,
            Standing::Apart => Standing::Unsaid,
            other => other,
        };
        // A frequency and an interval meet where the words leave open which it is, not where a day meets a year.
        let far = !(1.0 / MOST_APART..=MOST_APART).contains(&(item.base.low / other.base.low));
        if kinship == Kinship::Near && item.kind == Kind::Period && far {
            continue;
        }
        if kinship == Kinship::ByUnit && (standing != Standing::OtherUnit || near < NEAR) {
            continue;
        }
        let nearness = if kinship == Kinship::Near { near - EQUALLY } else { near };
        found.push(Candidate { at, nearness, standing, kinship });
    }
    drop_coarser_twins(item, passage, &mut found);
    found
}

/// Of an amount printed in two units only the one in the claim's own unit is compared: the other is rounded.
fn drop_coarser_twins(item: &Item, passage: &Reading, found: &mut Vec<Candidate>) {
    let own = |at: usize| passage.items.get(at).is_some_and(|other| other.unit == item.unit);
    let held: Vec<usize> = found.iter().map(|candidate| candidate.at).collect();
    found.retain(|candidate| {
        let twin = passage.items.get(candidate.at).and_then(|other| other.twin);
        !twin.is_some_and(|twin| own(twin) && !own(candidate.at) && held.contains(&twin))
    });
}

fn subjects_meet(one: &Item, other: &Item) -> bool {
    match (one.subject, other.subject) {
        (Some(one), Some(other)) => one.meets(other),
        _ => true,
    }
}

fn nouns_meet(one: &Item, other: &Item) -> bool {
    one.role != Role::Count || (one.noun.is_some() && one.noun == other.noun)
}

/// What is said of one number of the claim, and of which number of the passage.
fn judge(
    rows: &[Vec<Candidate>],
    at: usize,
    item: &Item,
    (claim, passage): (&Reading, &Reading),
    topic: f32,
) -> Option<(Outcome, usize)> {
    let row = rows.get(at)?;
    let best = row.iter().max_by(|one, other| one.nearness.total_cmp(&other.nearness).then(other.at.cmp(&one.at)))?;
    let margin = margin(best.nearness);
    let level = |candidate: &&Candidate| candidate.nearness >= best.nearness - margin;
    let agreeing = row.iter().filter(|candidate| candidate.standing == Standing::Agrees);
    if let Some(agreeing) = agreeing.max_by(|one, other| one.nearness.total_cmp(&other.nearness)) {
        let belongs_elsewhere = best.nearness >= NEAR && !level(&agreeing) && is_of_another(rows, at, agreeing, margin);
        if !belongs_elsewhere {
            return Some((Outcome::Agrees, agreeing.at));
        }
    }
    let least = if best.kinship == Kinship::Near { NEAR - EQUALLY } else { LEAST_NEAR };
    if best.nearness < least || topic < LEAST_TOPIC {
        return None;
    }
    let counterparts: Vec<&Candidate> = row.iter().filter(level).collect();
    if counterparts.iter().any(|candidate| candidate.standing == Standing::Unsaid) {
        return None;
    }
    // Several counterparts that say different things: which is meant is not known, unless the words are all but the same.
    let value = |candidate: &Candidate| passage.items.get(candidate.at).map(|item| (item.base.low, item.base.high));
    // The claim's number stands elsewhere in the passage, for something else as it seems: too near to call it wrong.
    let printed = (item.base.low, item.base.high);
    let same = |other: &Item| match item.low < item.high {
        true => (other.base.low, other.base.high) == printed,
        false => other.base.low == printed.0 || other.base.high == printed.0,
    };
    let elsewhere = || passage.items.iter().any(|other| other.base.class == item.base.class && same(other));
    let counterpart = passage.items.get(best.at)?;
    if best.nearness < NEAR
        && ((value(best) != Some(printed) && elsewhere()) || other_people(claim, item, passage, counterpart))
    {
        return None;
    }
    let several = counterparts.iter().any(|candidate| value(candidate) != value(best));
    if several && best.nearness < NEAR {
        return None;
    }
    if best.standing == Standing::Differs && one_daily_amount(claim, at, passage, best.at) {
        return None;
    }
    match best.standing {
        Standing::Differs => Some((Outcome::QuantityMismatch, best.at)),
        Standing::Opposed if best.nearness >= NEAR => Some((Outcome::QuantityMismatch, best.at)),
        Standing::OtherUnit => Some((Outcome::UnitMismatch, best.at)),
        _ => None,
    }
}

/// Whether two frequencies part one and the same daily amount: "1,000 mg daily in two doses", "500 mg twice daily".
fn one_daily_amount(claim: &Reading, at: usize, passage: &Reading, other: usize) -> bool {
    let period = |reading: &Reading, at: usize| reading.items.get(at).is_some_and(|item| item.kind == Kind::Period);
    let one = at.checked_sub(1).and_then(|at| claim.items.get(at));
    let other_dose = other.checked_sub(1).and_then(|at| passage.items.get(at));
    period(claim, at)
        && period(passage, other)
        && one.zip(other_dose).is_some_and(|(one, other)| daily_agrees(one, other))
}

/// Whether the sentences of two numbers speak of people of other ages.
fn other_people(claim: &Reading, item: &Item, passage: &Reading, counterpart: &Item) -> bool {
    let ages = claim.age_of(item.sentence).zip(passage.age_of(counterpart.sentence));
    ages.is_some_and(|(one, other)| ages_apart(one, other))
}

/// Whether a number of the passage is clearly nearer to another number of the claim than to this one.
fn is_of_another(rows: &[Vec<Candidate>], at: usize, candidate: &Candidate, margin: f32) -> bool {
    rows.iter().enumerate().filter(|(other, _)| *other != at).any(|(_, row)| {
        row.iter().any(|other| other.at == candidate.at && other.nearness >= candidate.nearness + margin)
    })
}
