//! The reviewers' path on one screen: from a claim to its evidence.
//!
//! claim → retrieve → editions → coverage. The snapshot is taken once and kept; the answer names it. What an old edition
//! says never stands above what replaced it, and nothing found is never dressed up as agreement.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::claim::Claim;
use crate::corpus::{Standing, Status, TextStorage, Tier, VersionFacts, VersionId};
use crate::index::{Error as IndexError, Snapshot};
use crate::retrieve::{self, Found, Search};
use crate::span::Span;

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
}

impl Default for Options {
    fn default() -> Options {
        Options { k: 5, as_of: None, packs: Vec::new(), filters: Filters::default(), include: Include::default() }
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
    /// The passage, its score and its reasons.
    pub found: Found,
    /// The sentences that share most with the claim, as spans within the quotation.
    pub rationale: Vec<Span>,
    /// Where its version stands on the day of the request.
    pub standing: Standing,
    /// Why it needs a second look.
    pub flags: Vec<Flag>,
    /// The edition that replaced it and where that stands, where it is in the corpus and none of its passages fits the
    /// claim.
    pub replacement: Option<(VersionId, Standing)>,
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
    /// What was searched, where asked for.
    pub trace: Option<Trace>,
}

/// The trail of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The terms that were looked for, a line a search.
    pub queries: Vec<String>,
    /// Number of versions that were searched.
    pub documents_considered: usize,
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

/// Share of a claim's topic words, by rarity, in one passage from which it counts as addressed, and as partly addressed.
///
/// Chosen beforehand, then checked on claims whose answer is, or is not, in the corpus: see `docs/measurements.md`.
const ADDRESSED: f64 = 0.6;
const PARTLY: f64 = 0.4;
/// What a passage of a superseded or retired version loses in score: the advice in force comes first.
const NOT_CURRENT: f64 = 0.85;
/// Passages ranked beyond those asked for: editions move some of them down.
const SPARE: usize = 40;
/// Share of a claim that the replacement's best passage must cover to be shown in place of the old one's.
const FITS: f64 = 0.2;

/// Ranked, located, verbatim passages for a claim.
///
/// # Errors
/// [`Error`] where an option is out of range or names nothing, or the snapshot cannot be read.
pub fn gather(snapshot: &Snapshot, claim: &Claim, options: &Options) -> Result<Evidence, Error> {
    options.check(snapshot)?;
    let scope = Scope::of(snapshot, options)?;
    let search = Search::of(snapshot, claim)?;
    let mut found = retrieve::search_as(snapshot, &search, scope.searched.as_ref(), options.k + SPARE)?;
    for one in &mut found {
        if scope.standing(snapshot, one.passage.id.version()).status != Status::Current {
            one.score *= NOT_CURRENT;
        }
        // As scores leave the program: what looks equal is ordered by id.
        one.score = (one.score * 10_000.0).round() / 10_000.0;
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.passage.id.cmp(&b.passage.id)));
    let mut passages = editions(snapshot, &search, &scope, found, options.k)?;
    let coverage = coverage(&search, &passages);
    for ranked in &mut passages {
        ranked.rationale = retrieve::rationale(&search, ranked.found.passage.text());
        if options.include.context {
            ranked.context = context(snapshot, ranked)?;
        }
    }
    let trace =
        options.include.trace.then(|| Trace { queries: vec![search.line()], documents_considered: scope.considered });
    Ok(Evidence { passages, coverage, trace })
}

/// The versions that a request may be answered from.
struct Scope {
    day: Option<Date>,
    /// `None` where nothing is left out.
    searched: Option<BTreeSet<VersionId>>,
    considered: usize,
}

impl Scope {
    fn of(snapshot: &Snapshot, options: &Options) -> Result<Scope, Error> {
        let citable: Vec<_> = snapshot.entries().filter(|entry| entry.passages() > 0).collect();
        let mut scope = Scope { day: options.as_of, searched: None, considered: 0 };
        let admitted: BTreeSet<VersionId> = citable
            .iter()
            .filter(|entry| {
                let standing = scope.standing(snapshot, &entry.facts.id);
                standing.in_force && admits(options, &entry.facts, standing.status)
            })
            .map(|entry| entry.facts.id.clone())
            .collect();
        scope.considered = admitted.len();
        scope.searched = (admitted.len() < citable.len()).then_some(admitted);
        Ok(scope)
    }

    fn standing(&self, snapshot: &Snapshot, id: &VersionId) -> Standing {
        snapshot.catalogue().standing(id, self.day)
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

/// Puts what replaced an edition above it, flags what is not current, and keeps the best `k`.
fn editions(
    snapshot: &Snapshot,
    search: &Search,
    scope: &Scope,
    found: Vec<Found>,
    k: usize,
) -> Result<Vec<Ranked>, Error> {
    let mut answer: Vec<Ranked> = Vec::new();
    let mut shown = BTreeSet::new();
    for one in &found {
        if answer.len() >= k {
            break;
        }
        if shown.contains(&one.passage.id) {
            continue;
        }
        let standing = scope.standing(snapshot, one.passage.id.version());
        let mut ranked = Ranked::new(one.clone(), standing);
        if let Some(successor) = ranked.standing.successor.clone() {
            // The successor is looked for outside the request's filters: hiding what replaced an edition would serve the
            // edition as current.
            match best_of(snapshot, search, &successor, &found)? {
                Some(mut best) => {
                    best.score = best.score.max(one.score);
                    if shown.insert(best.passage.id.clone()) {
                        let standing = scope.standing(snapshot, &successor);
                        answer.push(Ranked::new(best, standing));
                    }
                    if answer.len() >= k {
                        break;
                    }
                }
                None if snapshot.entry(&successor).is_some() => {
                    let standing = scope.standing(snapshot, &successor);
                    ranked.replacement = Some((successor, standing));
                }
                None => {}
            }
        }
        shown.insert(one.passage.id.clone());
        answer.push(ranked);
    }
    Ok(newest_first(snapshot, scope, answer))
}

/// Moves every passage of an edition above those of the editions that it replaced, and leaves the rest as it is.
fn newest_first(snapshot: &Snapshot, scope: &Scope, answer: Vec<Ranked>) -> Vec<Ranked> {
    let versions: Vec<VersionId> = answer.iter().map(|ranked| ranked.found.passage.id.version().clone()).collect();
    let newer: Vec<BTreeSet<VersionId>> =
        versions.iter().map(|id| snapshot.catalogue().descendants(id, scope.day)).collect();
    let mut left: Vec<Option<Ranked>> = answer.into_iter().map(Some).collect();
    let mut order = Vec::with_capacity(left.len());
    for at in 0..left.len() {
        if left[at].is_none() {
            continue;
        }
        // The descendants of a version include those of its descendants, so one look ahead is enough; among themselves
        // the newer ones have fewer.
        let mut above: Vec<usize> = (at + 1..left.len())
            .filter(|later| left[*later].is_some() && newer[at].contains(&versions[*later]))
            .collect();
        above.sort_by_key(|later| (newer[*later].len(), *later));
        order.extend(above.into_iter().filter_map(|later| left[later].take()));
        order.extend(left[at].take());
    }
    order
}

/// The best passage of one version for a claim, if any fits.
fn best_of(snapshot: &Snapshot, search: &Search, version: &VersionId, found: &[Found]) -> Result<Option<Found>, Error> {
    if snapshot.entry(version).is_none_or(|entry| entry.passages() == 0) {
        return Ok(None);
    }
    let fitting = |one: &&Found| one.passage.id.version() == version && one.overlap.topic >= FITS;
    if let Some(already) = found.iter().find(fitting) {
        return Ok(Some(already.clone()));
    }
    let only = BTreeSet::from([version.clone()]);
    let best = retrieve::search_as(snapshot, search, Some(&only), 1)?.into_iter().next();
    Ok(best.filter(|one| one.overlap.topic >= FITS))
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
        Ranked { found, rationale: Vec::new(), standing, flags, replacement: None, context: None }
    }
}

/// What the shown passages in force cover: advice that was withdrawn addresses nothing.
fn coverage(search: &Search, passages: &[Ranked]) -> Coverage {
    if search.is_empty() {
        return Coverage::OutOfScope;
    }
    let in_force = passages.iter().filter(|ranked| ranked.standing.status == Status::Current);
    let best = in_force.map(|ranked| ranked.found.overlap.topic).fold(0.0, f64::max);
    if best >= ADDRESSED {
        Coverage::Addressed
    } else if best >= PARTLY {
        Coverage::Partly
    } else {
        Coverage::NotAddressed
    }
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
