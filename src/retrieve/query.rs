//! What a claim asks for: its words, how rare each is, what else may stand for them, and its numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::claim::Claim;
use crate::index::{Error, Lists, Part, Snapshot};
use crate::language::{self, Wanted, is_stop_word};
use crate::passage::Groups;
use crate::quantity;

/// Most distinct terms of one query; of a longer text the rarest count.
const MOST_TERMS: usize = 64;

/// One term of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The form that is searched for.
    pub term: String,
    /// The claim's own spelling.
    pub surface: String,
    /// Inverse document frequency (BM25's form), over all passages.
    pub idf: f32,
    /// Whether any passage holds it.
    pub known: bool,
    /// Word of the claim that this term stands for; a compound's joined form stands for its parts too.
    pub position: usize,
    /// Bytes of the claim.
    pub range: Range<usize>,
}

/// Other words that may stand for some of a claim's.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// The claim's own words.
    pub surface: String,
    /// The words that may stand for them.
    pub words: String,
    /// Their terms with their inverse document frequencies.
    pub terms: Vec<(String, f32)>,
    /// How nearly they mean the same, above 0 and below 1: never as much as the claim's own words.
    pub weight: f32,
}

/// Words of a claim that belong together, and what may stand for them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unit {
    /// Its terms, by place in [`Search::asked`].
    pub(super) own: Range<usize>,
    pub(super) alternatives: Vec<Alternative>,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Search {
    /// Terms of the claim, in the order of the claim.
    pub asked: Vec<Asked>,
    /// All of them again, parted into what belongs together.
    pub(super) units: Vec<Unit>,
    /// Terms that stand only in the context.
    pub(super) context: Vec<String>,
    /// Exact tokens of the claim's numbers.
    pub quantities: Vec<String>,
    /// The claim's terms and their alternatives, ready to be looked for in a text.
    pub(super) wanted: Wanted,
    /// Groups of people whom the claim names.
    pub(super) groups: Groups,
}

impl Search {
    /// Reads a claim against the term statistics of a snapshot.
    ///
    /// # Errors
    /// [`Error`] where the index cannot be read.
    pub fn of(snapshot: &Snapshot, claim: &Claim) -> Result<Search, Error> {
        let mut seen = BTreeSet::new();
        let mut asked = Vec::new();
        for term in language::terms(claim.text()) {
            if is_stop_word(&term.text) || !seen.insert(term.text.clone()) {
                continue;
            }
            let (idf, known) = rarity(snapshot.lists(), &term.text)?;
            let surface = claim.text().get(term.range.clone()).unwrap_or_default().to_owned();
            asked.push(Asked { term: term.text, surface, idf, known, position: term.position, range: term.range });
        }
        rarest(&mut asked);
        let context = claim.context().map(|context| context_terms(context, &seen)).unwrap_or_default();
        let mut quantities = quantity::tokens(claim.text());
        quantities.sort();
        quantities.dedup();
        quantities.truncate(MOST_TERMS);
        let units = units(&asked);
        let alternatives = units.iter().flat_map(|unit| &unit.alternatives).flat_map(|other| &other.terms);
        let wanted = asked.iter().map(|asked| &asked.term).chain(alternatives.map(|(term, _)| term));
        let wanted = Wanted::new(wanted.cloned());
        let groups = Groups::named_in(claim.text(), claim.context());
        Ok(Search { asked, units, context, quantities, wanted, groups })
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.asked.iter().all(|asked| !asked.known)
    }

    /// The terms as one line, for the trail of what was searched.
    pub fn line(&self) -> String {
        let terms = self.asked.iter().map(|asked| asked.term.as_str());
        terms.chain(self.quantities.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
    }

    /// Every alternative, in the order of the claim.
    pub(super) fn alternatives(&self) -> impl Iterator<Item = &Alternative> {
        self.units.iter().flat_map(|unit| &unit.alternatives)
    }
}

/// How rare a term is, and whether any passage holds it.
fn rarity(lists: Option<&Lists>, term: &str) -> Result<(f32, bool), Error> {
    let Some(lists) = lists else { return Ok((0.0, false)) };
    let frequency = lists.frequency(Part::Flat, term)?;
    Ok((lists.rarity(frequency), frequency > 0))
}

/// Keeps the rarest terms, in the order of the claim.
fn rarest(asked: &mut Vec<Asked>) {
    if asked.len() <= MOST_TERMS {
        return;
    }
    let mut order: Vec<usize> = (0..asked.len()).collect();
    order.sort_by(|a, b| asked[*b].idf.total_cmp(&asked[*a].idf).then(a.cmp(b)));
    let keep: BTreeSet<usize> = order.into_iter().take(MOST_TERMS).collect();
    let mut at = 0;
    asked.retain(|_| {
        at += 1;
        keep.contains(&(at - 1))
    });
}

/// Each word by itself.
fn units(asked: &[Asked]) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut start = 0;
    for forms in asked.chunk_by(|a, b| a.position == b.position) {
        units.push(Unit { own: start..start + forms.len(), alternatives: Vec::new() });
        start += forms.len();
    }
    units
}

/// The most frequent terms of the context that the claim itself does not have.
fn context_terms(context: &str, claim: &BTreeSet<String>) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for term in language::terms(context) {
        if !is_stop_word(&term.text) && !claim.contains(&term.text) {
            *counts.entry(term.text).or_default() += 1;
        }
    }
    let mut terms: Vec<(String, usize)> = counts.into_iter().collect();
    terms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    terms.into_iter().take(MOST_TERMS / 2).map(|(term, _)| term).collect()
}
