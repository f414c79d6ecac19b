//! What the passages mean for the claim, and which speak against it.

use std::collections::{BTreeMap, BTreeSet};

use super::disagreement::{self, Candidate, Conflict};
use super::{Error, Ranked, Scope, coverage};
use crate::appraise::company::{self, Company};
use crate::appraise::disagreement::Disagreement;
use crate::appraise::hint::{Signals, Stance};
use crate::appraise::{Appraisal, Asked, Held, Kind, Subject};
use crate::claim::Claim;
use crate::corpus::VersionFacts;
use crate::index::Snapshot;
use crate::passage::PassageId;
use crate::retrieve::Found;

/// Passages in force that are looked at for speaking against the claim, best first.
const LOOKED_AT: usize = 12;
/// Most passages given as speaking against a claim.
const MOST_COUNTER: usize = 3;

/// Holds passages against one claim.
pub(super) struct Judge<'a> {
    snapshot: &'a Snapshot,
    asked: Asked,
    /// The first passages, best first, beside which all are read.
    first: Vec<(PassageId, Held)>,
    company: Company,
}

impl<'a> Judge<'a> {
    /// A judge of passages beside the first ones that were found for the claim and are in force, best first.
    pub(super) fn new<'f>(
        snapshot: &'a Snapshot,
        claim: &Claim,
        in_force: impl Iterator<Item = &'f Found>,
    ) -> Judge<'a> {
        let judge = Judge { snapshot, asked: Asked::of(claim), first: Vec::new(), company: Company::default() };
        let held = |one: &Found| Some((one.passage.id.clone(), judge.asked.hold(&judge.subject(one)?)));
        let first: Vec<(PassageId, Held)> = in_force.take(company::FIRST).filter_map(held).collect();
        let company = Company::of(first.iter().map(|(id, held)| (id, &held.signals)));
        Judge { first, company, ..judge }
    }

    /// What a passage means for the claim.
    pub(super) fn appraise(&self, found: &Found) -> Appraisal {
        let known = self.first.iter().find(|(id, _)| *id == found.passage.id).map(|(_, held)| held.clone());
        let held = known.or_else(|| self.subject(found).map(|subject| self.asked.hold(&subject)));
        held.map(|held| held.appraise(&self.company)).unwrap_or_default()
    }

    /// The signals of the first passages, best first.
    pub(super) fn first(&self) -> impl Iterator<Item = (&PassageId, &Signals)> {
        self.first.iter().map(|(id, held)| (id, &held.signals))
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

    /// The disagreements among the passages in force, with those of their passages that are not shown; after these what speaks
    /// against the claim or probably against another passage.
    pub(super) fn against(
        &self,
        scope: &Scope,
        found: &[Found],
        shown: &[Ranked],
    ) -> Result<(Vec<Ranked>, Vec<Conflict>), Error> {
        let known: BTreeMap<&PassageId, &Appraisal> =
            shown.iter().map(|ranked| (&ranked.found.passage.id, &ranked.appraisal)).collect();
        let in_force: Vec<&Found> =
            found.iter().filter(|one| scope.is_current(self.snapshot, one.passage.id.version())).collect();
        let about = |one: &Found| self.subject(one).map_or(0.0, |subject| subject.about);
        let sides = disagreement::taking_part(in_force.iter().map(|one| (*one, about(one))));
        let looked_at = in_force.iter().take(LOOKED_AT).chain(&sides);
        let appraised: BTreeMap<&PassageId, Appraisal> = looked_at
            .map(|one| {
                (&one.passage.id, known.get(&one.passage.id).map_or_else(|| self.appraise(one), |&one| one.clone()))
            })
            .collect();
        let candidates = sides.iter().filter_map(|one| self.candidate(one, appraised.get(&one.passage.id)?));
        let candidates: Vec<Candidate<'_>> = candidates.collect();
        let pairs = disagreement::pairs(self.snapshot, &self.asked, &candidates)?;
        let conflicts = disagreement::told(self.snapshot, &candidates, &pairs);
        let in_conflict = |id: &PassageId| conflicts.iter().any(|conflict| conflict.passages.contains(id));
        let suspected: BTreeSet<&PassageId> = pairs
            .iter()
            .filter(|(.., pair)| pair.is_suspected())
            .flat_map(|(at, to, _)| [at, to].map(|at| &candidates[*at].found.passage.id))
            .collect();
        let order = |id: &PassageId, appraisal: &Appraisal| match () {
            () if in_conflict(id) => Some(0),
            () if speaks_against(appraisal) => Some(1),
            () => suspected.contains(id).then_some(2),
        };
        let hidden = in_force.into_iter().filter_map(|one| {
            let appraisal = appraised.get(&one.passage.id).filter(|_| !known.contains_key(&one.passage.id))?;
            Some((order(&one.passage.id, appraisal)?, one))
        });
        let mut counter: Vec<(usize, &Found)> = hidden.collect();
        counter.sort_by_key(|(order, _)| *order);
        let ranked = |(_, one): (usize, &Found)| {
            let standing = scope.standing(self.snapshot, one.passage.id.version());
            let appraisal = appraised.get(&one.passage.id).cloned().unwrap_or_default();
            Ranked { appraisal, ..Ranked::new(one.clone(), standing) }
        };
        let most = MOST_COUNTER.max(counter.iter().filter(|(order, _)| *order == 0).count());
        Ok((counter.into_iter().take(most).map(ranked).collect(), conflicts))
    }

    fn candidate<'f>(&self, found: &'f Found, appraisal: &'f Appraisal) -> Option<Candidate<'f>>
    where
        'a: 'f,
    {
        Some(Candidate { found, subject: self.subject(found)?, appraisal })
    }

    /// What two passages say otherwise about the claim, wherever they rank.
    pub(super) fn between(&self, one: &Found, other: &Found) -> Result<Option<Disagreement>, Error> {
        let appraisals = [one, other].map(|found| self.appraise(found));
        let candidates = [one, other].into_iter().zip(&appraisals);
        let candidates = candidates.filter_map(|(found, appraisal)| self.candidate(found, appraisal));
        let candidates: Vec<Candidate<'_>> = candidates.collect();
        Ok(disagreement::pairs(self.snapshot, &self.asked, &candidates)?.into_iter().next().map(|(.., found)| found))
    }

    /// Every pair that is held against each other among the passages found, with what was found of it.
    pub(super) fn held(
        &self,
        scope: &Scope,
        found: &[Found],
    ) -> Result<Vec<(PassageId, PassageId, Disagreement)>, Error> {
        let in_force = found.iter().filter(|one| scope.is_current(self.snapshot, one.passage.id.version()));
        let about = |one: &Found| self.subject(one).map_or(0.0, |subject| subject.about);
        let sides = disagreement::taking_part(in_force.map(|one| (one, about(one))));
        let appraisals: Vec<Appraisal> = sides.iter().map(|one| self.appraise(one)).collect();
        let candidates = sides.iter().zip(&appraisals);
        let candidates = candidates.filter_map(|(found, appraisal)| self.candidate(found, appraisal));
        let candidates: Vec<Candidate<'_>> = candidates.collect();
        let pairs = disagreement::pairs(self.snapshot, &self.asked, &candidates)?;
        let id = |at: usize| candidates[at].found.passage.id.clone();
        Ok(pairs.into_iter().map(|(at, to, found)| (id(at), id(to), found)).collect())
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
