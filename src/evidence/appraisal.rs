//! What the passages mean for the claim, which speak against it, and whether guidelines in force disagree.
//!
//! Two passages disagree where one supports the claim and another contradicts it, or where their own numbers or directions
//! stand against each other and nothing says that they are about different people. Each body speaks by its edition in
//! force alone; nothing is averaged, and which of them is right is not asked.

use std::collections::BTreeSet;

use super::{Ranked, Scope, coverage};
use crate::appraise::hint::Stance;
use crate::appraise::{Appraisal, Asked, Kind, Subject};
use crate::claim::Claim;
use crate::corpus::{Status, VersionFacts};
use crate::index::Snapshot;
use crate::passage::PassageId;
use crate::retrieve::Found;

/// Passages in force that are looked at for disagreement, best first.
const LOOKED_AT: usize = 12;
/// Of these, those that are held against each other.
const HELD: usize = 6;
/// Probability of being about the claim from which a passage takes part in a disagreement.
const ABOUT: f32 = 0.5;
/// Most passages given as speaking against a claim.
const MOST_COUNTER: usize = 3;

/// Two passages in force that disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The one that stands nearer to the claim first.
    pub passages: [PassageId; 2],
    /// Why they probably differ.
    pub cause: Cause,
    /// What differs, in plain words.
    pub reason: String,
}

/// Why two guidelines probably differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// One is five years older or more.
    Edition,
    /// They are for different countries.
    Jurisdiction,
    /// They disagree.
    Real,
}

impl Cause {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Cause::Edition => "edition",
            Cause::Jurisdiction => "jurisdiction",
            Cause::Real => "real",
        }
    }
}

/// Years between two editions of different bodies from which their age is the likely cause.
const YEARS_APART: i16 = 5;

/// Holds passages against one claim.
pub(super) struct Judge<'a> {
    snapshot: &'a Snapshot,
    asked: Asked,
}

impl<'a> Judge<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, claim: &Claim) -> Judge<'a> {
        Judge { snapshot, asked: Asked::of(claim) }
    }

    /// What a passage means for the claim.
    pub(super) fn appraise(&self, found: &Found) -> Appraisal {
        self.subject(found).map(|subject| self.asked.appraise(&subject)).unwrap_or_default()
    }

    fn subject<'f>(&self, found: &'f Found) -> Option<Subject<'f>>
    where
        'a: 'f,
    {
        let snapshot: &'a Snapshot = self.snapshot;
        let facts: &'a VersionFacts = &snapshot.entry(found.passage.id.version())?.facts;
        let about = coverage::Model::of(snapshot.engine().ranker).map(|model| model.probability(&found.features));
        Some(Subject {
            passage: &found.passage,
            title: facts.title.as_deref(),
            scope: facts.population.as_deref(),
            publisher: facts.publisher.as_deref(),
            jurisdiction: facts.jurisdiction.as_deref(),
            about: about.unwrap_or_default(),
        })
    }

    /// Passages in force that speak against the claim and are not shown, and the first disagreement among those in force.
    pub(super) fn against(&self, scope: &Scope, found: &[Found], shown: &[Ranked]) -> (Vec<Ranked>, Option<Conflict>) {
        let in_force = |one: &&Found| scope.standing(self.snapshot, one.passage.id.version()).status == Status::Current;
        let looked_at: Vec<(&Found, Appraisal)> =
            found.iter().filter(in_force).take(LOOKED_AT).map(|one| (one, self.appraise(one))).collect();
        let conflict = self.by_hints(&looked_at).or_else(|| self.by_details(&looked_at));
        let shown: BTreeSet<&PassageId> = shown.iter().map(|ranked| &ranked.found.passage.id).collect();
        let other_side = |id: &PassageId| conflict.as_ref().is_some_and(|conflict| conflict.passages.contains(id));
        let counter = looked_at.into_iter().filter(|(one, appraisal)| {
            let id = &one.passage.id;
            !shown.contains(id) && (stance(appraisal) == Some(Stance::Contradicts) || other_side(id))
        });
        let ranked = |(one, appraisal): (&Found, Appraisal)| {
            let standing = scope.standing(self.snapshot, one.passage.id.version());
            Ranked { appraisal, ..Ranked::new(one.clone(), standing) }
        };
        (counter.take(MOST_COUNTER).map(ranked).collect(), conflict)
    }

    /// One passage supports the claim, one of another document contradicts it.
    fn by_hints(&self, passages: &[(&Found, Appraisal)]) -> Option<Conflict> {
        let first = |wanted: Stance| passages.iter().filter(move |(_, one)| stance(one) == Some(wanted));
        let pairs = first(Stance::Supports).flat_map(|one| first(Stance::Contradicts).map(move |other| (one, other)));
        let (one, other) = pairs.into_iter().find(|(one, other)| others(one.0, other.0))?;
        let reason = other.1.differences.first().map(|difference| difference.reason.clone());
        Some(self.conflict(
            one.0,
            other.0,
            reason.unwrap_or_else(|| "one supports the claim, the other contradicts it".to_owned()),
        ))
    }

    /// What two passages say stands against each other.
    fn by_details(&self, passages: &[(&Found, Appraisal)]) -> Option<Conflict> {
        let subjects: Vec<(&Found, Subject<'_>)> = passages
            .iter()
            .filter_map(|(found, _)| Some((*found, self.subject(found)?)))
            .filter(|(_, subject)| subject.about >= ABOUT)
            .take(HELD)
            .collect();
        for (at, (one, _)) in subjects.iter().enumerate() {
            let Ok(claim) = Claim::new(one.passage.text()) else { continue };
            let asked = Asked::of(&claim);
            for (other, subject) in
                subjects.get(at + 1..).unwrap_or_default().iter().filter(|(other, _)| others(one, other))
            {
                let differences = asked.appraise(subject).differences;
                let told = |kinds: &[Kind]| differences.iter().find(|difference| kinds.contains(&difference.kind));
                if told(&[Kind::Population, Kind::Unit]).is_some() {
                    continue;
                }
                if let Some(difference) = told(&[Kind::Quantity, Kind::Direction]) {
                    let reason = difference
                        .reason
                        .replace("the claim", "one")
                        .replace("claim", "one")
                        .replace("the passage", "the other")
                        .replace("passage", "the other");
                    return Some(self.conflict(one, other, reason));
                }
            }
        }
        None
    }

    fn conflict(&self, one: &Found, other: &Found, reason: String) -> Conflict {
        let facts = |found: &Found| self.snapshot.entry(found.passage.id.version()).map(|entry| &entry.facts);
        let place = |found: &Found| facts(found).and_then(|facts| facts.jurisdiction.clone());
        let year = |found: &Found| facts(found).and_then(|facts| facts.published).map(|date| date.year());
        let cause = if place(one).zip(place(other)).is_some_and(|(one, other)| one != other) {
            Cause::Jurisdiction
        } else if year(one).zip(year(other)).is_some_and(|(one, other)| (one - other).abs() >= YEARS_APART) {
            Cause::Edition
        } else {
            Cause::Real
        };
        Conflict { passages: [one.passage.id.clone(), other.passage.id.clone()], cause, reason }
    }
}

fn stance(appraisal: &Appraisal) -> Option<Stance> {
    appraisal.hint.map(|hint| hint.stance)
}

/// Whether two passages are of different documents.
fn others(one: &Found, other: &Found) -> bool {
    one.passage.id.version().document() != other.passage.id.version().document()
}
