//! What the passages mean for the claim, which speak against it, and whether guidelines in force disagree.
//!
//! Two passages disagree where one supports the claim by a hint and another in force contradicts it by a hint. Hints that
//! contradict are not given yet, so no disagreement is found yet either: holding numbers and directions of passages
//! against the claim, or against each other, was wrong for two of three (`docs/measurements.md`), and was left out.
//! Nothing is averaged, and which side is right is not asked.

use std::collections::BTreeMap;

use super::{Ranked, Scope, coverage};
use crate::appraise::hint::Stance;
use crate::appraise::{Appraisal, Asked, Kind, Subject};
use crate::claim::Claim;
use crate::corpus::VersionFacts;
use crate::index::Snapshot;
use crate::passage::PassageId;
use crate::retrieve::Found;

/// Passages in force that are looked at for disagreement, best first.
const LOOKED_AT: usize = 12;
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
        let in_force = |one: &&Found| scope.is_current(self.snapshot, one.passage.id.version());
        let shown: BTreeMap<&PassageId, &Appraisal> =
            shown.iter().map(|ranked| (&ranked.found.passage.id, &ranked.appraisal)).collect();
        let appraised =
            |one: &Found| shown.get(&one.passage.id).map_or_else(|| self.appraise(one), |&known| known.clone());
        let looked_at: Vec<(&Found, Appraisal)> =
            found.iter().filter(in_force).take(LOOKED_AT).map(|one| (one, appraised(one))).collect();
        let conflict = self.disagreement(&looked_at);
        let other_side = |id: &PassageId| conflict.as_ref().is_some_and(|conflict| conflict.passages.contains(id));
        let counter = looked_at.into_iter().filter(|(one, appraisal)| {
            let id = &one.passage.id;
            !shown.contains_key(id) && (speaks_against(appraisal) || other_side(id))
        });
        let ranked = |(one, appraisal): (&Found, Appraisal)| {
            let standing = scope.standing(self.snapshot, one.passage.id.version());
            Ranked { appraisal, ..Ranked::new(one.clone(), standing) }
        };
        (counter.take(MOST_COUNTER).map(ranked).collect(), conflict)
    }

    /// One passage supports the claim, one of another document contradicts it, and both are surely about it.
    fn disagreement(&self, passages: &[(&Found, Appraisal)]) -> Option<Conflict> {
        let about = |found: &Found| self.subject(found).is_some_and(|subject| subject.about >= ABOUT);
        let surely: Vec<_> = passages.iter().filter(|(found, _)| about(found)).collect();
        let of = |wanted: Stance| surely.iter().filter(move |(_, one)| stance(one) == Some(wanted));
        let pairs = of(Stance::Supports).flat_map(|one| of(Stance::Contradicts).map(move |other| (one, other)));
        let (one, other) = pairs.into_iter().find(|(one, other)| others(one.0, other.0))?;
        let reason = other.1.differences.first().map(|difference| difference.reason.clone());
        let reason = reason.unwrap_or_else(|| "one supports the claim, the other contradicts it".to_owned());
        Some(self.conflict(one.0, other.0, reason))
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

/// Whether a passage says otherwise of the same people: by a hint, or in a number or a direction.
fn speaks_against(appraisal: &Appraisal) -> bool {
    let has = |kinds: &[Kind]| appraisal.differences.iter().any(|one| kinds.contains(&one.kind));
    stance(appraisal) == Some(Stance::Contradicts)
        || (has(&[Kind::Quantity, Kind::Direction]) && !has(&[Kind::Population, Kind::Unit]))
}

/// Whether two passages are of different documents.
fn others(one: &Found, other: &Found) -> bool {
    one.passage.id.version().document() != other.passage.id.version().document()
}
