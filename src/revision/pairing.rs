//! Which statement of the new version is which of the old.
//!
//! Two statements are as alike as their words: the terms they share, each weighing the more the fewer statements have it
//! (topic words count, "recommend" does not), a number half, for numbers are what a revision changes. To that come the
//! place (heading, locator, population) and, least, the printed number, since inserted recommendations shift all numbers
//! behind them. The most alike are paired first and each statement once; below [`LEAST`] nothing is paired.
//!
//! This is greedy where an optimal assignment would maximise the sum: an editor can follow "these two were the most
//! alike", and a pair never depends on statements that have nothing to do with it.

use std::collections::{BTreeMap, BTreeSet};

use super::words::folded;
use crate::language::{is_stop_word, terms};
use crate::passage::Passage;

/// Most statements of one kind and version that are compared.
pub(super) const MOST: usize = 3000;
/// Least likeness of a pair.
const LEAST: f64 = 0.34;
/// Least likeness that is told of a statement without a counterpart.
const LEAST_NEAR: f64 = 0.25;
/// Shares of words, place and printed number in the likeness.
const SHARES: (f64, f64, f64) = (0.75, 0.17, 0.08);
/// Most pairs of statements that one term may bring together; a term that is everywhere tells nothing.
const COMMONEST: usize = 200_000;

/// For each statement its partner and their likeness; for those without one, the most like of the other version.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    pub(super) of_new: Vec<Option<(usize, f64)>>,
    pub(super) near_old: Vec<Option<(usize, f64)>>,
    pub(super) near_new: Vec<Option<(usize, f64)>>,
}

/// What of a statement is compared.
struct Card {
    /// Distinct terms, with the share that each counts.
    terms: BTreeMap<String, f64>,
    place: BTreeSet<String>,
    part: String,
    folded: String,
}

impl Card {
    fn of(passage: &Passage) -> Card {
        let heading = passage.path.last().map(String::as_str).unwrap_or_default();
        let population = passage.population.as_ref().and_then(|population| population.words.as_deref());
        let place = [Some(heading), passage.place.as_deref(), population];
        let place = place.into_iter().flatten().flat_map(topic).map(|(term, _)| term);
        Card {
            terms: topic(passage.text()).collect(),
            place: place.collect(),
            part: passage.id.part().to_owned(),
            folded: folded(passage.text()),
        }
    }

    fn numbered(&self) -> bool {
        self.part.starts_with("rec-")
    }
}

/// The terms of a text that carry a topic, with the share that each counts.
fn topic(text: &str) -> impl Iterator<Item = (String, f64)> {
    let all = terms(text).into_iter().filter(|term| !is_stop_word(&term.text));
    all.map(|term| {
        let share = if term.text.bytes().any(|byte| byte.is_ascii_digit()) { 0.5 } else { 1.0 };
        (term.text, share)
    })
}

/// Pairs statements, each list in reading order.
pub(super) fn pair(old: &[&Passage], new: &[&Passage]) -> Pairing {
    let old: Vec<Card> = old.iter().map(|passage| Card::of(passage)).collect();
    let new: Vec<Card> = new.iter().map(|passage| Card::of(passage)).collect();
    let mut likely = likely(&old, &new);
    // Of pairs that are equally alike, those in the same place of both lists come first.
    let distance = |(a, b): (usize, usize)| (a * new.len().max(1)).abs_diff(b * old.len().max(1));
    likely.sort_by(|(a, x), (b, y)| y.total_cmp(x).then_with(|| distance(*a).cmp(&distance(*b))).then(a.cmp(b)));
    let mut pairing =
        Pairing { of_new: vec![None; new.len()], near_old: vec![None; old.len()], near_new: vec![None; new.len()] };
    let mut taken = vec![false; old.len()];
    for ((a, b), likeness) in likely {
        let (Some(taken), Some(partner)) = (taken.get_mut(a), pairing.of_new.get_mut(b)) else { continue };
        if likeness >= LEAST && !*taken && partner.is_none() {
            (*taken, *partner) = (true, Some((a, likeness)));
        }
        for (near, at, other) in [(&mut pairing.near_old, a, b), (&mut pairing.near_new, b, a)] {
            if let Some(slot) = near.get_mut(at).filter(|slot| slot.is_none() && likeness >= LEAST_NEAR) {
                *slot = Some((other, likeness));
            }
        }
    }
    pairing
}

/// Every pair that shares a term, with its likeness.
fn likely(old: &[Card], new: &[Card]) -> Vec<((usize, usize), f64)> {
    let mut holders: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, card) in old.iter().enumerate() {
        card.terms.keys().for_each(|term| holders.entry(term).or_default().0.push(at));
    }
    for (at, card) in new.iter().enumerate() {
        card.terms.keys().for_each(|term| holders.entry(term).or_default().1.push(at));
    }
    let all = (old.len() + new.len()) as f64;
    let weight = |term: &str, share: f64| {
        let held = holders.get(term).map_or(1, |(a, b)| a.len() + b.len());
        share * (1.0 + all / held as f64).ln()
    };
    let sum = |card: &Card| card.terms.iter().map(|(term, share)| weight(term, *share)).sum::<f64>();
    let (sums_old, sums_new): (Vec<f64>, Vec<f64>) = (old.iter().map(sum).collect(), new.iter().map(sum).collect());
    let mut shared: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (term, (in_old, in_new)) in &holders {
        if in_old.len() * in_new.len() > COMMONEST {
            continue;
        }
        let share = in_old.first().and_then(|at| old.get(*at)).and_then(|card| card.terms.get(*term));
        let weight = weight(term, share.copied().unwrap_or(1.0));
        for a in in_old {
            for b in in_new {
                *shared.entry((*a, *b)).or_default() += weight;
            }
        }
    }
    let likeness = |((a, b), common): ((usize, usize), f64)| {
        let (first, second) = (old.get(a)?, new.get(b)?);
        let words = 2.0 * common / (sums_old.get(a)? + sums_new.get(b)?);
        Some(((a, b), together(first, second, words)))
    };
    shared.into_iter().filter_map(likeness).collect()
}

/// Words, place and printed number in one figure of at most 1; what neither side has is left out of the sum.
fn together(old: &Card, new: &Card, words: f64) -> f64 {
    if old.folded == new.folded {
        return 1.0;
    }
    let (of_words, of_place, of_number) = SHARES;
    let (mut sum, mut shares) = (of_words * words, of_words);
    if !old.place.is_empty() && !new.place.is_empty() {
        let common = old.place.intersection(&new.place).count();
        sum += of_place * 2.0 * common as f64 / (old.place.len() + new.place.len()) as f64;
        shares += of_place;
    }
    if old.numbered() && new.numbered() {
        sum += of_number * f64::from(u8::from(old.part == new.part));
        shares += of_number;
    }
    // Words alone decide whether two statements are one at all: a shared heading makes no pair.
    (sum / shares).min(0.999) * f64::from(u8::from(words >= 0.2))
}
