//! What a claim asks for: its words, how rare each is, what else may stand for them, and its numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{spelling, topic};
use crate::claim::Claim;
use crate::index::{Error, Lists, Part, Snapshot};
use crate::language::{self, Wanted};
use crate::lexicon::{self, Lexicon};
use crate::meaning::QueryVector;
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
    /// Whether it is taken for a typing error, and what was meant is known; its rarity is then that of what was meant.
    pub corrected: bool,
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
    /// What says that they may stand for them.
    pub origin: Origin,
}

/// What says that other words may stand for a claim's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// No passage has the claim's word, and the other is written much like it.
    Correction,
    /// No passage has the claim's word, and it is two words run together.
    Parted,
    /// Two words of the claim are one word elsewhere.
    Joined,
    /// The lexicon.
    Lexicon(lexicon::Kind),
}

impl Origin {
    /// Its name in an answer.
    pub fn name(self) -> &'static str {
        match self {
            Origin::Correction => "correction",
            Origin::Parted => "parted",
            Origin::Joined => "joined",
            Origin::Lexicon(lexicon::Kind::Abbreviation) => "abbreviation",
            Origin::Lexicon(lexicon::Kind::Brand) => "brand",
            Origin::Lexicon(lexicon::Kind::Synonym) => "synonym",
            Origin::Lexicon(lexicon::Kind::Class) => "class",
            Origin::Lexicon(lexicon::Kind::Lay) => "lay",
        }
    }

    /// Whether the claim's own word is taken for a slip of the pen.
    fn is_slip(self) -> bool {
        matches!(self, Origin::Correction | Origin::Parted)
    }
}

/// Words of a claim that belong together, and what may stand for them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unit {
    /// Its terms, by place in [`Search::asked`].
    pub(super) own: Range<usize>,
    pub(super) alternatives: Vec<Alternative>,
    /// What its own words weigh: 1, and less where they stand only in the context.
    pub(super) weight: f32,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Search {
    /// Terms of the claim, in the order of the claim, and last those of its context that tell what it is about.
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
    /// The claim's vector by each encoder of the snapshot, in the order of [`Snapshot::meanings`].
    pub vectors: Vec<Vec<f32>>,
    /// The text that they were made of: the claim with slips of the pen put right.
    spoken: String,
}

impl Search {
    /// Reads a claim against the term statistics of a snapshot.
    ///
    /// # Errors
    /// [`Error`] where the index cannot be read.
    pub fn of(snapshot: &Snapshot, claim: &Claim) -> Result<Search, Error> {
        let mut seen = BTreeSet::new();
        let mut asked = Vec::new();
        let text = language::unmarked(claim.text());
        for term in language::asked_terms(&text) {
            if !seen.insert(term.text.clone()) {
                continue;
            }
            let (idf, known) = rarity(snapshot.lists(), &term.text)?;
            let surface = claim.text().get(term.range.clone()).unwrap_or_default().to_owned();
            let (position, range) = (term.position, term.range);
            asked.push(Asked { term: term.text, surface, idf, known, corrected: false, position, range });
        }
        rarest(&mut asked);
        let mut context = claim.context().map(|context| context_terms(context, &seen)).unwrap_or_default();
        let mut quantities = quantity::tokens(&text);
        quantities.sort();
        quantities.dedup();
        quantities.truncate(MOST_TERMS);
        let lexicon = snapshot.lexicon();
        let mut others = others(snapshot.lists(), lexicon, &text, claim.context())?;
        if let Some(lists) = snapshot.lists() {
            let corrections = spelling::corrections(lists, lexicon, &text, &asked)?;
            take_corrections(&mut asked, &corrections);
            others.extend(corrections);
            others.extend(spelling::joined(lists, &text, &asked)?);
        }
        let spoken = as_meant(&text, &others);
        let alternatives = others.iter().map(|(_, other)| other);
        let carried = topic::carried(snapshot.lists(), claim.text(), claim.context(), &asked, alternatives)?;
        let mut units = units(&asked, others);
        for topic in carried {
            context.retain(|term| *term != topic.term);
            units.push(Unit { own: asked.len()..asked.len() + 1, alternatives: Vec::new(), weight: topic::WEIGHT });
            asked.push(topic);
        }
        let alternatives = units.iter().flat_map(|unit| &unit.alternatives).flat_map(|other| &other.terms);
        let wanted = asked.iter().map(|asked| &asked.term).chain(alternatives.map(|(term, _)| term));
        let wanted = Wanted::new(wanted.cloned());
        let groups = Groups::named_in(&text, claim.context());
        let vectors = snapshot.meanings().iter().map(|meaning| meaning.encoder.query(&spoken));
        let vectors = vectors.collect::<Result<_, _>>()?;
        Ok(Search { asked, units, context, quantities, wanted, groups, vectors, spoken })
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.asked.iter().all(|asked| !asked.known) && self.alternatives().next().is_none()
    }

    /// The terms as one line, for the trail of what was searched.
    pub fn line(&self) -> String {
        let terms = self.asked.iter().map(|asked| asked.term.as_str());
        terms.chain(self.quantities.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
    }

    /// The vectors that took a model to make, so that the search can be run again where the model is not.
    pub fn kept_vectors(&self, snapshot: &Snapshot) -> Vec<QueryVector> {
        let made = snapshot.meanings().iter().zip(&self.vectors);
        let costly = made.filter(|(meaning, _)| meaning.encoder.is_costly());
        costly
            .map(|(meaning, vector)| QueryVector::of(meaning.encoder.as_ref(), &self.spoken, vector.clone()))
            .collect()
    }

    /// Every alternative, in the order of the claim.
    pub fn alternatives(&self) -> impl Iterator<Item = &Alternative> {
        self.units.iter().flat_map(|unit| &unit.alternatives)
    }
}

/// A claim with what is taken for a slip of the pen put right: an encoder makes nothing of a word that it does not know.
fn as_meant(text: &str, others: &[(Range<usize>, Alternative)]) -> String {
    let mut slips: Vec<_> = others.iter().filter(|(_, other)| other.origin.is_slip()).collect();
    slips.sort_by_key(|(range, _)| range.start);
    let (mut meant, mut from) = (String::with_capacity(text.len()), 0);
    for (range, other) in slips {
        // Of two corrections of one word the first stands.
        if let Some(before) = text.get(from..range.start) {
            meant.push_str(before);
            meant.push_str(&other.words);
            from = range.end;
        }
    }
    meant.push_str(text.get(from..).unwrap_or_default());
    once(&meant)
}

/// A text whose sentences stand there once each: what is said forty times means no more.
fn once(text: &str) -> String {
    let mut seen = BTreeSet::new();
    let sentences = language::sentences(text).into_iter().filter_map(|range| text.get(range));
    sentences.filter(|sentence| seen.insert(sentence.trim())).collect::<Vec<_>>().join(" ")
}

/// Words that are taken for others are as rare as those.
fn take_corrections(asked: &mut [Asked], corrections: &[(Range<usize>, Alternative)]) {
    for (range, other) in corrections.iter().filter(|(_, other)| other.origin.is_slip()) {
        let idf: f32 = other.terms.iter().map(|(_, idf)| idf).sum();
        for one in asked.iter_mut().filter(|one| one.range == *range) {
            one.idf = if one.corrected { one.idf.max(idf) } else { idf };
            one.corrected = true;
        }
    }
}

/// How rare a term is, and whether any passage holds it.
pub(super) fn rarity(lists: Option<&Lists>, term: &str) -> Result<(f32, bool), Error> {
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

/// What the lexicon says may stand for words of a claim, each with the bytes of the claim that it stands for; what no
/// passage holds any word of is left out.
fn others(
    lists: Option<&Lists>,
    lexicon: &Lexicon,
    text: &str,
    context: Option<&str>,
) -> Result<Vec<(Range<usize>, Alternative)>, Error> {
    let mut found = Vec::new();
    for expansion in lexicon.expand(text, context) {
        let (mut terms, mut known) = (Vec::new(), false);
        for term in expansion.terms {
            let (idf, held) = rarity(lists, &term)?;
            known |= held;
            terms.push((term, idf));
        }
        if known {
            let (surface, words, weight) = (expansion.surface, expansion.to, expansion.weight);
            let origin = Origin::Lexicon(expansion.kind);
            found.push((expansion.from, Alternative { surface, words, terms, weight, origin }));
        }
    }
    Ok(found)
}

/// Parts the terms of a claim: words that others stand for together, and every other word by itself.
fn units(asked: &[Asked], others: Vec<(Range<usize>, Alternative)>) -> Vec<Unit> {
    let mut taken: Vec<(Range<usize>, Vec<Alternative>)> = Vec::new();
    for (from, other) in others {
        match taken.iter_mut().find(|(range, _)| range.start < from.end && from.start < range.end) {
            Some((range, alternatives)) if *range == from => alternatives.push(other),
            // Stretches that cross are not joined: the first one, which is the longest, holds.
            Some(_) => {}
            None => taken.push((from, vec![other])),
        }
    }
    let mut units: Vec<Unit> = Vec::new();
    let mut start = 0;
    while let Some(first) = asked.get(start) {
        let stretch =
            taken.iter_mut().find(|(range, _)| range.start <= first.range.start && first.range.end <= range.end);
        let (within, alternatives) = match stretch {
            Some((range, alternatives)) => {
                let within = asked[start..].iter().take_while(|one| one.range.end <= range.end).count();
                (within, std::mem::take(alternatives))
            }
            None => (asked[start..].iter().take_while(|one| one.position == first.position).count(), Vec::new()),
        };
        let end = start + within.max(1);
        units.push(Unit { own: start..end, alternatives, weight: 1.0 });
        start = end;
    }
    units
}

/// The most frequent terms of the context that the claim itself does not have.
fn context_terms(context: &str, claim: &BTreeSet<String>) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for term in language::asked_terms(&language::unmarked(context)) {
        if !claim.contains(&term.text) {
            *counts.entry(term.text).or_default() += 1;
        }
    }
    let mut terms: Vec<(String, usize)> = counts.into_iter().collect();
    terms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    terms.into_iter().take(MOST_TERMS / 2).map(|(term, _)| term).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(words: &str) -> Vec<Asked> {
        let terms = language::terms(words).into_iter();
        let asked = |term: language::Term| Asked {
            surface: words[term.range.clone()].to_owned(),
            term: term.text,
            idf: 1.0,
            known: true,
            corrected: false,
            position: term.position,
            range: term.range,
        };
        terms.map(asked).collect()
    }

    fn check(words: &str, others: &[(Range<usize>, &str)], expected: &[(Range<usize>, usize)]) {
        let others = others.iter().map(|(from, words)| {
            let (words, origin) = ((*words).to_owned(), Origin::Joined);
            let other = Alternative { surface: String::new(), words, terms: vec![], weight: 0.5, origin };
            (from.clone(), other)
        });
        let units = units(&asked(words), others.collect());
        let found: Vec<_> = units.into_iter().map(|unit| (unit.own, unit.alternatives.len())).collect();
        assert_eq!(found, expected, "{words}");
    }

    #[test]
    fn words_that_others_stand_for_are_one_unit() {
        check("aspirin prevents strokes", &[], &[(0..1, 0), (1..2, 0), (2..3, 0)]);
        check("il-6 inhibitors", &[], &[(0..3, 0), (3..4, 0)]);
        check("heart attack risk", &[(0..12, "infarction"), (0..12, "MI")], &[(0..2, 2), (2..3, 0)]);
        check("old heart attack", &[(4..16, "infarction"), (10..16, "raid")], &[(0..1, 0), (1..3, 1)]);
    }
}
