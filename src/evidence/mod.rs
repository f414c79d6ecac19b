//! The reviewers' path on one screen: from a claim to its evidence.
//!
//! claim → retrieve → duplicates → editions → coverage → appraisal. The snapshot is taken once and kept; the answer names it. What an
//! old edition says never stands above what replaced it, a summary never above the guideline's own words, and nothing
//! found is never dressed up as agreement.

mod appraisal;
pub mod citations;
mod coverage;
mod disagreement;
mod duplicates;
mod editions;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use crate::appraise::Appraisal;
use crate::appraise::disagreement::Disagreement;
use crate::appraise::hint::Signals;
use crate::claim::Claim;
use crate::corpus::{Day, Standing, Status, TextStorage, Tier, VersionFacts, VersionId};
use crate::index::{Error as IndexError, Snapshot};
use crate::meaning::QueryVector;
use crate::passage::{Passage, PassageId};
use crate::retrieve::{self, Among, Found, Reason, Search};
use crate::span::Span;
use appraisal::Judge;

pub use disagreement::{Cause, Conflict};

/// Most passages of one answer.
pub const MOST_PASSAGES: usize = 100;

/// What bounds an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// How many passages, 1 to [`MOST_PASSAGES`].
    pub k: usize,
    /// The day on which editions are judged; today's state of the corpus where not given.
    pub as_of: Option<Date>,
    /// Packs to search; all where empty.
    pub packs: Vec<String>,
    /// Bounds on documents.
    pub filters: Filters,
    /// What else to give.
    pub include: Include,
    /// Whether to say what the passages mean for the claim; a blind review does without.
    pub hints: bool,
}

impl Default for Options {
    fn default() -> Options {
        let (filters, include) = (Filters::default(), Include::default());
        Options { k: 5, as_of: None, packs: Vec::new(), filters, include, hints: true }
    }
}

impl Options {
    /// Whether a snapshot can be asked with these options; [`gather`] checks by itself.
    ///
    /// # Errors
    /// [`Error::K`] and [`Error::UnknownPack`].
    pub fn check(&self, snapshot: &Snapshot) -> Result<(), Error> {
        if self.k == 0 || self.k > MOST_PASSAGES {
            return Err(Error::K(self.k));
        }
        if self.packs.is_empty() {
            return Ok(());
        }
        let known: BTreeSet<&str> = snapshot.entries().filter_map(|entry| entry.facts.pack.as_deref()).collect();
        let Some(name) = self.packs.iter().find(|name| !known.contains(name.as_str())) else { return Ok(()) };
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        let known = if known.is_empty() { "no packs".to_owned() } else { known };
        Err(Error::UnknownPack { name: name.clone(), known })
    }
}

/// Bounds on documents; an empty list bounds nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Publishers, compared without regard to case.
    pub publisher: Vec<String>,
    /// Earliest year of publication.
    pub year_min: Option<i16>,
    /// Statuses on the day of the request.
    pub status: Vec<Status>,
    /// Jurisdictions.
    pub jurisdiction: Vec<String>,
    /// Tiers.
    pub tier: Vec<Tier>,
}

/// What to give beside the passages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Include {
    /// The text around each passage.
    pub context: bool,
    /// Passages that speak against the claim.
    pub counter: bool,
    /// What other bodies say about it.
    pub others: bool,
    /// What was searched.
    pub trace: bool,
}

/// Whether the corpus speaks about the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// A passage is about just this.
    Addressed,
    /// A passage is about a part of it.
    Partly,
    /// Passages share words with it and no more.
    NotAddressed,
    /// None of its topic words occurs in the corpus.
    OutOfScope,
}

/// Why a passage needs a second look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flag {
    /// A newer edition replaced the document; the edition where it is known.
    Superseded(Option<VersionId>),
    /// The document was withdrawn without a successor.
    Retired,
    /// The page could not be read in full.
    LowTrustPage,
}

/// One passage of an answer.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// The passage and its score.
    pub found: Found,
    /// Why it ranks where it does.
    pub why: Vec<Reason>,
    /// The sentences that share most with the claim, as spans within the quotation.
    pub rationale: Vec<Span>,
    /// Where its version stands on the day of the request.
    pub standing: Standing,
    /// Why it needs a second look.
    pub flags: Vec<Flag>,
    /// The edition that replaced it and where that stands, where it is in the corpus and none of its passages fits the
    /// claim.
    pub replacement: Option<(VersionId, Standing)>,
    /// What it means for the claim, where hints are wanted.
    pub appraisal: Appraisal,
    /// Passages that say the same in the same words elsewhere, in reading order of their ids.
    pub duplicates: Vec<Arc<Passage>>,
    /// The stored text before and after it, where asked for.
    pub context: Option<(String, String)>,
}

/// The answer for one claim.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Passages, best first; at most `k`.
    pub passages: Vec<Ranked>,
    /// Whether the corpus speaks about the claim.
    pub coverage: Coverage,
    /// Passages in force that speak against the claim, or probably disagree with another one, and are not shown.
    pub counter: Vec<Ranked>,
    /// The best passage in force of each body of which nothing is shown, where that is about the claim; at most [`MOST_OTHERS`].
    pub others: Vec<Ranked>,
    /// Guidelines in force that disagree.
    pub conflicts: Vec<Conflict>,
    /// What was searched, where asked for.
    pub trace: Option<Trace>,
}

/// The trail of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The terms that were looked for, a line a search.
    pub queries: Vec<String>,
    /// Number of versions that were searched.
    pub documents_considered: usize,
    /// For each passage of the answer what each feature adds to its score, by name.
    pub ranking: Vec<(PassageId, Vec<(&'static str, f32)>)>,
    /// The claim's vectors that took an installed model to make.
    pub vectors: Vec<QueryVector>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `k` is out of range.
    #[error("k is {0}: ask for 1 to {MOST_PASSAGES} passages")]
    K(usize),
    /// A pack does not exist.
    #[error("there is no pack {name:?} in this snapshot; it holds {known}")]
    UnknownPack {
        /// The pack that was asked for.
        name: String,
        /// The packs that there are.
        known: String,
    },
    /// The snapshot could not be read.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// Most other bodies of one answer.
pub const MOST_OTHERS: usize = 4;

/// What a passage of a superseded or retired version loses in score: the advice in force comes first.
const NOT_CURRENT: f64 = 0.85;
/// Passages ranked beyond those asked for: editions move some of them down, and duplicates are folded.
const SPARE: usize = 40;
/// Most passages ranked for one answer, however many of them say the same.
const MOST_RANKED: usize = 1_000;

/// Ranked, located, verbatim passages for a claim.
///
/// # Errors
/// [`Error`] where an option is out of range or names nothing, or the snapshot cannot be read.
pub fn gather(snapshot: &Snapshot, claim: &Claim, options: &Options) -> Result<Evidence, Error> {
    options.check(snapshot)?;
    let scope = Scope::of(snapshot, options);
    let search = Search::of(snapshot, claim)?;
    let (found, mut duplicates) = ranked(snapshot, &search, &scope, options.k)?;
    let mut passages = editions::settled(snapshot, &search, &scope, &found, options.k)?;
    let coverage = covered(snapshot, &search, &scope, &found);
    for ranked in &mut passages {
        ranked.duplicates = duplicates.remove(&ranked.found.passage.id).unwrap_or_default();
        explain(snapshot, &search, ranked);
        if options.include.context {
            ranked.context = context(snapshot, ranked)?;
        }
    }
    let (mut counter, mut conflicts) = (Vec::new(), Vec::new());
    let judge = options.hints.then(|| Judge::new(snapshot, claim, scope.in_force(snapshot, &found)));
    if let Some(judge) = &judge {
        for ranked in &mut passages {
            ranked.appraisal = judge.appraise(&ranked.found);
        }
        // Passages that are held against each other cost more than those of the answer: that is for who wants the other side.
        if options.include.counter {
            (counter, conflicts) = judge.against(&scope, &found, &passages)?;
        }
    }
    let mut others = Vec::new();
    if options.include.others {
        let shown = passages.iter().chain(&counter).map(|ranked| &ranked.found);
        others = of_other_bodies(snapshot, &scope, &found, shown);
    }
    if let Some(judge) = &judge {
        for ranked in &mut others {
            ranked.appraisal = judge.appraise(&ranked.found);
        }
    }
    for ranked in counter.iter_mut().chain(&mut others) {
        explain(snapshot, &search, ranked);
    }
    let explained = |ranked: &Ranked| (ranked.found.passage.id.clone(), ranked.found.explained(snapshot));
    let trace = options.include.trace.then(|| Trace {
        queries: vec![search.line()],
        documents_considered: scope.considered,
        ranking: passages.iter().map(explained).collect(),
        vectors: search.kept_vectors(snapshot),
    });
    Ok(Evidence { passages, coverage, counter, others, conflicts, trace })
}

/// The best passage in force of each body of which none is shown yet, if it is about the claim.
fn of_other_bodies<'a>(
    snapshot: &Snapshot,
    scope: &Scope,
    found: &[Found],
    shown: impl Iterator<Item = &'a Found>,
) -> Vec<Ranked> {
    let Some(model) = coverage::Model::of(snapshot.engine().ranker) else { return Vec::new() };
    let of = |one: &Found| snapshot.entry(one.passage.id.version()).map(|entry| disagreement::bodies(&entry.facts));
    let mut seen: BTreeSet<String> = shown.filter_map(of).flatten().collect();
    let mut best = Vec::new();
    for one in scope.in_force(snapshot, found).filter(|one| model.is_about(&one.features)) {
        let bodies = of(one).unwrap_or_default();
        if best.len() < MOST_OTHERS && !bodies.is_empty() && bodies.is_disjoint(&seen) {
            seen.extend(bodies);
            best.push(Ranked::new(one.clone(), scope.standing(snapshot, one.passage.id.version())));
        }
    }
    best
}

/// Says why a passage stands here, and which of its sentences shares most with the claim; only of what leaves the program,
/// because it takes longer than ranking.
fn explain(snapshot: &Snapshot, search: &Search, ranked: &mut Ranked) {
    ranked.why = retrieve::why(snapshot, search, &ranked.found.passage);
    ranked.rationale = retrieve::rationale(search, ranked.found.passage.text());
}

/// What one passage means for a claim, wherever it ranks, and the signals of the first passages beside which it was read;
/// `None` where there is no such passage, or it shares nothing with the claim.
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn appraise(snapshot: &Snapshot, claim: &Claim, passage: &PassageId) -> Result<Option<InCompany>, Error> {
    let version = BTreeSet::from([passage.version().clone()]);
    let search = Search::of(snapshot, claim)?;
    let found = retrieve::search(snapshot, &search, Among::Alone(&version), MOST_RANKED)?;
    let Some(one) = found.iter().find(|one| one.passage.id == *passage) else { return Ok(None) };
    let options = Options::default();
    let scope = Scope::of(snapshot, &options);
    let (first, _) = ranked(snapshot, &search, &scope, options.k)?;
    let judge = Judge::new(snapshot, claim, scope.in_force(snapshot, &first));
    let first = judge.first().map(|(id, signals)| (id.clone(), *signals)).collect();
    Ok(Some(InCompany { appraisal: judge.appraise(one), first }))
}

/// What a passage means for a claim, and beside which others it was read.
#[derive(Clone, Debug, Default)]
pub struct InCompany {
    /// What it means.
    pub appraisal: Appraisal,
    /// The first passages in force, best first, with their signals.
    pub first: Vec<(PassageId, Signals)>,
}

/// What two passages say otherwise about one claim, wherever they rank; `None` where they are of one body, share nothing with the
/// claim, or nothing in them could differ.
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn disagreement(
    snapshot: &Snapshot,
    claim: &Claim,
    [one, other]: [&PassageId; 2],
) -> Result<Option<Disagreement>, Error> {
    let versions = BTreeSet::from([one.version().clone(), other.version().clone()]);
    let search = Search::of(snapshot, claim)?;
    let found = retrieve::search(snapshot, &search, Among::Alone(&versions), MOST_RANKED)?;
    let of = |id: &PassageId| found.iter().find(|one| one.passage.id == *id);
    let Some((one, other)) = of(one).zip(of(other)) else { return Ok(None) };
    Judge::new(snapshot, claim, std::iter::empty()).between(one, other)
}

/// Every two passages that are held against each other for one claim, with what was found of them, told or not.
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn held_together(snapshot: &Snapshot, claim: &Claim) -> Result<Vec<(PassageId, PassageId, Disagreement)>, Error> {
    let options = Options::default();
    let scope = Scope::of(snapshot, &options);
    let (found, _) = ranked(snapshot, &Search::of(snapshot, claim)?, &scope, options.k)?;
    Judge::new(snapshot, claim, std::iter::empty()).held(&scope, &found)
}

/// At least `k` different passages where there are so many, best first, and what each stands for besides itself.
fn ranked(
    snapshot: &Snapshot,
    search: &Search,
    scope: &Scope,
    k: usize,
) -> Result<(Vec<Found>, duplicates::Folded), Error> {
    let mut limit = k + SPARE;
    loop {
        let mut found = retrieve::search(snapshot, search, scope.among(), limit)?;
        let all = found.len() < limit;
        for one in &mut found {
            if !scope.is_current(snapshot, one.passage.id.version()) {
                one.score *= NOT_CURRENT;
            }
            // As scores leave the program: what looks equal is ordered by id.
            one.score = (one.score * 10_000.0).round() / 10_000.0;
        }
        best_first(&mut found);
        let (kept, folded) = duplicates::fold(snapshot, scope, found);
        if all || kept.len() >= k || limit >= MOST_RANKED {
            return Ok((kept, folded));
        }
        limit = (2 * limit).min(MOST_RANKED);
    }
}

fn best_first(found: &mut [Found]) {
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.passage.id.cmp(&b.passage.id)));
}

/// The versions that a request may be answered from.
struct Scope {
    day: Day,
    /// `None` where nothing is left out.
    searched: Option<BTreeSet<VersionId>>,
    considered: usize,
    /// Whether nothing but a status leaves anything out.
    by_status: bool,
}

impl Scope {
    fn of(snapshot: &Snapshot, options: &Options) -> Scope {
        let citable = || snapshot.entries().filter(|entry| entry.passages() > 0);
        let by_status = options.packs.is_empty()
            && options.as_of.is_none()
            && options.filters == Filters { status: options.filters.status.clone(), ..Filters::default() };
        let mut scope = Scope { day: options.as_of.into(), searched: None, considered: 0, by_status };
        if options.packs.is_empty() && options.filters == Filters::default() && options.as_of.is_none() {
            // Nothing is asked for that could leave a version out.
            return Scope { considered: citable().count(), ..scope };
        }
        let admitted: Vec<&VersionId> = citable()
            .filter(|entry| {
                let (status, in_force) = scope.status(snapshot, &entry.facts.id);
                in_force && admits(options, &entry.facts, status)
            })
            .map(|entry| &entry.facts.id)
            .collect();
        scope.considered = admitted.len();
        scope.searched = (admitted.len() < citable().count()).then(|| admitted.into_iter().cloned().collect());
        scope
    }

    /// What is searched. What a status leaves out still measures the rest, which so keeps its order; bodies, packs, years or a day
    /// that are asked for are looked at as though there were no others.
    fn among(&self) -> Among<'_> {
        match &self.searched {
            None => Among::All,
            Some(searched) if self.by_status => Among::Of(searched),
            Some(searched) => Among::Alone(searched),
        }
    }

    /// Whether a version may be answered from.
    fn admits(&self, id: &VersionId) -> bool {
        self.searched.as_ref().is_none_or(|searched| searched.contains(id))
    }

    fn standing(&self, snapshot: &Snapshot, id: &VersionId) -> Standing {
        snapshot.catalogue().standing(id, self.day)
    }

    /// A version's status, and whether it was published by then.
    fn status(&self, snapshot: &Snapshot, id: &VersionId) -> (Status, bool) {
        snapshot.catalogue().status(id, self.day)
    }

    /// Those found whose versions are in force, in their order.
    fn in_force<'f>(&self, snapshot: &Snapshot, found: &'f [Found]) -> impl Iterator<Item = &'f Found> {
        found.iter().filter(|one| self.is_current(snapshot, one.passage.id.version()))
    }

    fn is_current(&self, snapshot: &Snapshot, id: &VersionId) -> bool {
        self.status(snapshot, id).0 == Status::Current
    }
}

fn admits(options: &Options, facts: &VersionFacts, status: Status) -> bool {
    let filters = &options.filters;
    let one_of = |wanted: &[String], value: Option<&str>| {
        wanted.is_empty() || value.is_some_and(|value| wanted.iter().any(|one| one.eq_ignore_ascii_case(value)))
    };
    (options.packs.is_empty() || facts.pack.as_ref().is_some_and(|pack| options.packs.contains(pack)))
        && one_of(&filters.publisher, facts.publisher.as_deref())
        && one_of(&filters.jurisdiction, facts.jurisdiction.as_deref())
        && filters.year_min.is_none_or(|year| facts.published.is_some_and(|published| published.year() >= year))
        && (filters.status.is_empty() || filters.status.contains(&status))
        && (filters.tier.is_empty() || filters.tier.contains(&facts.tier))
}

impl Ranked {
    fn new(found: Found, standing: Standing) -> Ranked {
        let mut flags = Vec::new();
        match standing.status {
            Status::Current => {}
            Status::Superseded => flags.push(Flag::Superseded(standing.successor.clone())),
            Status::Retired => flags.push(Flag::Retired),
        }
        if found.passage.low_trust {
            flags.push(Flag::LowTrustPage);
        }
        Ranked {
            found,
            why: Vec::new(),
            rationale: Vec::new(),
            standing,
            flags,
            appraisal: Appraisal::default(),
            replacement: None,
            duplicates: Vec::new(),
            context: None,
        }
    }
}

/// What the corpus says of a claim: advice that was withdrawn addresses nothing.
fn covered(snapshot: &Snapshot, search: &Search, scope: &Scope, found: &[Found]) -> Coverage {
    if search.is_empty() {
        return Coverage::OutOfScope;
    }
    let first = scope.in_force(snapshot, found).map(|one| &one.features);
    coverage::Model::of(snapshot.engine().ranker).map_or(Coverage::NotAddressed, |model| model.judged(first))
}

/// Code points of stored text given on either side of a passage.
const CONTEXT: usize = 400;

fn context(snapshot: &Snapshot, ranked: &Ranked) -> Result<Option<(String, String)>, Error> {
    let version = ranked.found.passage.id.version();
    // A licence that allows quotations does not allow what stands around them.
    if snapshot.entry(version).is_none_or(|entry| entry.facts.text_storage != TextStorage::Full) {
        return Ok(None);
    }
    let Some(document) = snapshot.document(version)? else { return Ok(None) };
    let span = ranked.found.passage.span();
    let before = Span::new(span.start().saturating_sub(CONTEXT), span.start());
    let after = Span::new(span.end(), span.end() + CONTEXT);
    Ok(Some((document.text.slice_clamped(before).to_owned(), document.text.slice_clamped(after).to_owned())))
}
