//! Whether guidelines in force disagree about a claim, and which.
//!
//! Passages in force that are about the claim are held against each other where they are of different bodies, a few of them and
//! only where a first look finds something that could differ. Of two bodies one pair is told, the likeliest. Nothing is
//! averaged, and which side is right is not asked.

use std::collections::{BTreeMap, BTreeSet};

use super::{Error, coverage};
use crate::appraise::disagreement::{self, Disagreement, Near, Side};
use crate::appraise::{Appraisal, Asked, Subject, hint};
use crate::claim::Claim;
use crate::corpus::{VersionFacts, VersionId};
use crate::index::Snapshot;
use crate::passage::PassageId;
use crate::retrieve::{self, Among, Features, Found, NAMES, Search};

/// Passages that are held against each other at most: pairs of them cost what pairs with the claim cost, twice.
const MOST_SIDES: usize = 6;
/// Passages of one document among them.
const OF_ONE_DOCUMENT: usize = 2;
/// Probability of being about the claim from which a passage takes part.
const ABOUT: f32 = 0.1;
/// Most disagreements told of one claim.
const MOST_TOLD: usize = 3;
/// Passages measured for one sentence: all of the documents that take part.
const MOST_MEASURED: usize = 1_000;
/// What stands for no country: a body of the world disagrees with a country's whatever its place.
const INTERNATIONAL: &str = "INT";

/// Two passages in force that disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The one that more likely supports the claim first.
    pub passages: [PassageId; 2],
    /// Why they probably differ.
    pub cause: Cause,
    /// What differs, in plain words.
    pub reason: String,
}

/// Why two guidelines probably differ. That one is much older was tried as a cause, and was wrong three times in four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// They are for different countries.
    Jurisdiction,
    /// They disagree.
    Real,
}

impl Cause {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Cause::Jurisdiction => "jurisdiction",
            Cause::Real => "real",
        }
    }

    /// The likely cause between two documents.
    pub fn between(one: &VersionFacts, other: &VersionFacts) -> Cause {
        let place = |facts: &VersionFacts| facts.jurisdiction.clone().filter(|place| place != INTERNATIONAL);
        match place(one).zip(place(other)) {
            Some((one, other)) if one != other => Cause::Jurisdiction,
            _ => Cause::Real,
        }
    }
}

/// A passage that may take part: as it was found, and what it means for the claim.
pub(super) struct Candidate<'a> {
    pub(super) found: &'a Found,
    pub(super) subject: Subject<'a>,
    pub(super) appraisal: &'a Appraisal,
}

/// Two passages by their places among the candidates, and what was found of them.
pub(super) type Pair = (usize, usize, Disagreement);

/// Each pair of candidates that was held against each other.
pub(super) fn pairs(snapshot: &Snapshot, asked: &Asked, all: &[Candidate<'_>]) -> Result<Vec<Pair>, Error> {
    let sides = all.iter().map(|one| Side::of(asked, one.subject, near(snapshot, &one.found.features), one.appraisal));
    let sides: Vec<Option<Side<'_>>> = sides.collect();
    let body = |at: usize| version(snapshot, all.get(at)?.found);
    let mut wanted = Vec::new();
    for (at, one) in sides.iter().enumerate() {
        for (to, other) in sides.iter().enumerate().skip(at + 1) {
            let (Some(one), Some(other)) = (one, other) else { continue };
            let apart = body(at).zip(body(to)).is_some_and(|(one, other)| of_other_bodies(one, other));
            if apart && disagreement::worth_a_look(one, other) {
                wanted.push((at, to));
            }
        }
    }
    let read = |at: usize| sides.get(at).and_then(Option::as_ref);
    let used: BTreeSet<usize> = wanted.iter().flat_map(|(at, to)| [*at, *to]).collect();
    let versions: BTreeSet<VersionId> =
        used.iter().filter_map(|at| Some(all.get(*at)?.found.passage.id.version().clone())).collect();
    let mut measured: BTreeMap<usize, Vec<Found>> = BTreeMap::new();
    for at in used {
        let Some(claim) = read(at).and_then(|side| Claim::new(side.sentence()).ok()) else { continue };
        let search = Search::of(snapshot, &claim)?;
        measured.insert(at, retrieve::search(snapshot, &search, Among::Alone(&versions), MOST_MEASURED)?);
    }
    let beside = |at: usize, to: usize| {
        let id = &all.get(to)?.found.passage.id;
        let found = measured.get(&at)?.iter().find(|one| one.passage.id == *id)?;
        Some(near(snapshot, &found.features))
    };
    let compared = wanted.into_iter().filter_map(|(at, to)| {
        let between = [beside(at, to), beside(to, at)].map(Option::unwrap_or_default);
        Some((at, to, disagreement::compare(asked, read(at)?, read(to)?, between)))
    });
    Ok(compared.collect())
}

/// The candidates that are looked at, best first: those about the claim, and not too many of one document.
pub(super) fn taking_part<'a>(about: impl Iterator<Item = (&'a Found, f32)>) -> Vec<&'a Found> {
    let mut of = BTreeMap::<String, usize>::new();
    let mut few = |found: &Found| {
        let count = of.entry(found.passage.id.version().document().to_string()).or_default();
        *count += 1;
        *count <= OF_ONE_DOCUMENT
    };
    about
        .filter(|(_, about)| *about >= ABOUT)
        .map(|(found, _)| found)
        .filter(|found| few(found))
        .take(MOST_SIDES)
        .collect()
}

/// The disagreements that are sure enough, the likeliest of each two bodies: those within one place first, then by places.
pub(super) fn told(snapshot: &Snapshot, all: &[Candidate<'_>], pairs: &[Pair]) -> Vec<Conflict> {
    let mut sure: Vec<&Pair> = pairs.iter().filter(|(.., one)| one.is_told()).collect();
    sure.sort_by(|one, other| other.2.likelihood.total_cmp(&one.2.likelihood));
    let mut bodies = BTreeSet::new();
    let mut told = Vec::new();
    for (at, to, found) in sure {
        let (Some(one), Some(other)) = (all.get(*at), all.get(*to)) else { continue };
        let (Some(facts), Some(others)) = (version(snapshot, one.found), version(snapshot, other.found)) else {
            continue;
        };
        let mut names = [facts, others].map(|facts| facts.publisher.clone().unwrap_or_else(|| facts.id.to_string()));
        names.sort();
        if !bodies.insert(names) {
            continue;
        }
        let mut places = [facts, others].map(|facts| facts.jurisdiction.clone());
        places.sort();
        let for_it = |side: &Candidate<'_>| {
            let [supports, contradicts, _] = hint::alone(&side.appraisal.signals);
            supports - contradicts
        };
        let ordered = if for_it(other) > for_it(one) { [other, one] } else { [one, other] };
        let passages = ordered.map(|side| side.found.passage.id.clone());
        let conflict = Conflict { passages, cause: Cause::between(facts, others), reason: found.reason.clone() };
        told.push((places[0] != places[1], places, conflict));
    }
    told.truncate(MOST_TOLD);
    told.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
    told.into_iter().map(|(.., conflict)| conflict).collect()
}

/// What ranking measured of a passage, as far as a comparison of passages takes it.
fn near(snapshot: &Snapshot, features: &Features) -> Near {
    let value = |name: &str| {
        let at = NAMES.iter().position(|one| *one == name);
        at.and_then(|at| features.get(at)).copied().unwrap_or_default()
    };
    let about = coverage::Model::of(snapshot.engine().ranker).map(|model| model.probability(features));
    Near { about: about.unwrap_or_default(), rarest: value("rarest") }
}

fn version<'a>(snapshot: &'a Snapshot, found: &Found) -> Option<&'a VersionFacts> {
    snapshot.entry(found.passage.id.version()).map(|entry| &entry.facts)
}

/// Whether two versions are of different documents, and no body has a part in both.
fn of_other_bodies(one: &VersionFacts, other: &VersionFacts) -> bool {
    one.id.document() != other.id.document() && bodies(one).is_disjoint(&bodies(other))
}

/// The names of the bodies that publish a version, in lower case.
pub(super) fn bodies(facts: &VersionFacts) -> BTreeSet<String> {
    let names = facts.publisher.as_deref().unwrap_or_default();
    names.split('/').map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect()
}
