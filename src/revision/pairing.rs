//! Which statement of the new version is which of the old.
//!
//! Two statements are as alike as their words: the terms they share, each weighing the more the fewer statements have it
//! (topic words count, "recommend" does not), a number half, for numbers are what a revision changes. To that come the
//! place (heading, locator, population) and, least, the printed number, since inserted recommendations shift all numbers
//! behind them. The most alike are paired first and each statement once; what is less alike than the kind asks for is not
//! paired.
//!
//! A table row is compared by what stands in its cells, since what leads its columns is in every row, and by what it is about:
//! two drugs with the same dose are two rows, and no row is said to have changed into another drug's.
//!
//! This is greedy where an optimal assignment would maximise the sum: an editor can follow "these two were the most
//! alike", and a pair never depends on statements that have nothing to do with it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::row;
use super::words::folded;
use crate::language::{is_stop_word, terms};
use crate::passage::{Passage, PassageKind};

/// Most statements of one kind and version that are compared.
pub(super) const MOST: usize = 6000;
/// Least likeness that is told of a statement without a counterpart.
const LEAST_NEAR: f64 = 0.25;
/// Shares of words, place and printed number in the likeness.
const SHARES: (f64, f64, f64) = (0.75, 0.17, 0.08);
/// Share of what a row is about.
const NAME_SHARE: f64 = 0.2;
/// What two rows must have in common of what they are about, to be one.
const LEAST_NAME: f64 = 0.5;
/// Most candidates of one statement: of rows that are all alike, those in its own place come first.
const CANDIDATES: usize = 64;
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
    terms: Terms,
    /// Of a row of a table, the same of what it is about.
    name: Option<Terms>,
    place: BTreeSet<String>,
    part: String,
    folded: String,
}

type Terms = BTreeMap<String, f64>;

impl Card {
    fn of(passage: &Passage) -> Card {
        let heading = passage.path.last().map(String::as_str).unwrap_or_default();
        let population = passage.population.as_ref().and_then(|population| population.words.as_deref());
        let is_row = passage.kind == PassageKind::TableRow && row::is_row(passage.text());
        let caption = passage.lead.as_deref().filter(|_| is_row);
        let place = [Some(heading), caption, passage.place.as_deref(), population];
        let place = place.into_iter().flatten().flat_map(topic).map(|(term, _)| term);
        Card {
            terms: if is_row { topic(&row::values(passage.text())).collect() } else { topic(passage.text()).collect() },
            name: is_row.then(|| topic(&row::name(passage.text())).collect()),
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

/// Pairs statements that are at least as alike as `least`, each list in reading order.
pub(super) fn pair(old: &[&Passage], new: &[&Passage], least: f64) -> Pairing {
    let old: Vec<Card> = old.iter().map(|passage| Card::of(passage)).collect();
    let new: Vec<Card> = new.iter().map(|passage| Card::of(passage)).collect();
    let mut likely = likely(&old, &new);
    likely.extend(alike_word_for_word(&old, &new));
    likely.sort_by(|one, other| order(one, other, (old.len(), new.len())));
    let mut pairing =
        Pairing { of_new: vec![None; new.len()], near_old: vec![None; old.len()], near_new: vec![None; new.len()] };
    let mut taken = vec![false; old.len()];
    for ((a, b), likeness) in likely {
        let (Some(taken), Some(partner)) = (taken.get_mut(a), pairing.of_new.get_mut(b)) else { continue };
        if likeness >= least && !*taken && partner.is_none() {
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

/// Two statements by their places in both lists, and how alike they are.
type Likely = ((usize, usize), f64);

/// The most alike first; of pairs that are equally alike, those in the same place of both lists.
fn order(one: &Likely, other: &Likely, lengths: (usize, usize)) -> Ordering {
    let distance = |(a, b): (usize, usize)| (a * lengths.1.max(1)).abs_diff(b * lengths.0.max(1));
    let by_place = || distance(one.0).cmp(&distance(other.0)).then(one.0.cmp(&other.0));
    other.1.total_cmp(&one.1).then_with(by_place)
}

/// Statements with the same words, in the order of both lists: some have only words that are everywhere.
fn alike_word_for_word(old: &[Card], new: &[Card]) -> Vec<Likely> {
    let mut places: BTreeMap<&str, VecDeque<usize>> = BTreeMap::new();
    for (at, card) in new.iter().enumerate() {
        places.entry(&card.folded).or_default().push_back(at);
    }
    let same = |(at, card): (usize, &Card)| Some(((at, places.get_mut(card.folded.as_str())?.pop_front()?), 1.0));
    old.iter().enumerate().filter_map(same).collect()
}

/// The pairs that share a term and are alike enough to be told, the best few of each old statement.
fn likely(old: &[Card], new: &[Card]) -> Vec<Likely> {
    let mut holders: BTreeMap<&str, (usize, Vec<usize>)> = BTreeMap::new();
    for card in old {
        card.terms.keys().for_each(|term| holders.entry(term).or_default().0 += 1);
    }
    for (at, card) in new.iter().enumerate() {
        card.terms.keys().for_each(|term| holders.entry(term).or_default().1.push(at));
    }
    let all = (old.len() + new.len()) as f64;
    let weight = |term: &str, share: f64| {
        let held = holders.get(term).map_or(1, |(in_old, in_new)| in_old + in_new.len());
        share * (1.0 + all / held as f64).ln()
    };
    let sum = |card: &Card| card.terms.iter().map(|(term, share)| weight(term, *share)).sum::<f64>();
    let sums: Vec<f64> = new.iter().map(sum).collect();
    let mut found = Vec::new();
    // What the old statement at hand has in common with each new one, and with which it has anything.
    let (mut common, mut touched) = (vec![0.0; new.len()], Vec::new());
    for (a, card) in old.iter().enumerate() {
        for (term, share) in &card.terms {
            let Some((in_old, in_new)) = holders.get(term.as_str()) else { continue };
            if in_old * in_new.len() > COMMONEST {
                continue;
            }
            let weight = weight(term, *share);
            for b in in_new {
                let Some(slot) = common.get_mut(*b) else { continue };
                if *slot == 0.0 {
                    touched.push(*b);
                }
                *slot += weight;
            }
        }
        let own = sum(card);
        let alike = touched.drain(..).filter_map(|b| {
            let words = 2.0 * std::mem::take(common.get_mut(b)?) / (own + sums.get(b)?);
            Some(((a, b), together(card, new.get(b)?, words)))
        });
        let mut alike: Vec<Likely> = alike.filter(|(_, likeness)| *likeness >= LEAST_NEAR).collect();
        alike.sort_by(|one, other| order(one, other, (old.len(), new.len())));
        alike.truncate(CANDIDATES);
        found.extend(alike);
    }
    found
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
    if let (Some(before), Some(after)) = (&old.name, &new.name) {
        let alike = shared(before, after);
        if alike <= LEAST_NAME {
            return 0.0;
        }
        sum += NAME_SHARE * alike;
        shares += NAME_SHARE;
    }
    if old.numbered() && new.numbered() {
        sum += of_number * f64::from(u8::from(old.part == new.part));
        shares += of_number;
    }
    // Words alone decide whether two statements are one at all: a shared heading makes no pair.
    (sum / shares).min(0.999) * f64::from(u8::from(words >= 0.2))
}

/// How much of two sets of terms is in both, of 1; of two empty ones, all.
fn shared(one: &Terms, other: &Terms) -> f64 {
    let sum = one.values().chain(other.values()).sum::<f64>();
    let common: f64 = one.iter().filter(|(term, _)| other.contains_key(*term)).map(|(_, share)| share).sum();
    if sum > 0.0 { 2.0 * common / sum } else { 1.0 }
}
