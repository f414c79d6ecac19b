//! The third stage: what only a passage's own words tell, read for the few that may be shown.
//!
//! A long passage can hold every word of a claim and say nothing of it in any one sentence. So sentences are looked at one
//! by one: how much of the claim one of them covers, how near it comes in meaning, and whether the claim's neighbouring
//! words are neighbours there.

use super::features::share;
use super::query::Search;
use crate::index::Snapshot;
use crate::language;

/// Names of what is read, in order.
pub(super) const NAMES: [&str; COUNT] = ["sentence", "sentence_meaning", "pairs"];
/// How many there are.
pub(super) const COUNT: usize = 3;

/// What is read of one passage, in the order of [`NAMES`].
pub type Reading = [f32; COUNT];

/// Most sentences of a passage that are looked at; more stand only in what was no running text.
const MOST_SENTENCES: usize = 40;
/// Words between two that still count as neighbours.
const NEAR: usize = 2;

/// Reads one passage for a claim.
pub(super) fn read(snapshot: &Snapshot, search: &Search, text: &str) -> Reading {
    let total: f32 = search.asked.iter().map(|asked| asked.idf).sum();
    let meaning = snapshot.meanings().first().zip(search.vectors.first());
    let (mut most, mut nearest, mut pairs) = (0.0_f32, 0.0_f32, 0.0_f32);
    for range in language::sentences(text).into_iter().take(MOST_SENTENCES) {
        let Some(sentence) = text.get(range) else { continue };
        let places = search.wanted.places_in(sentence);
        most = most.max(covered(search, &places));
        pairs = pairs.max(neighbours(search, &places));
        // A sentence that shares no word can still mean the same; one of a word or two means nothing by itself.
        if let Some((meaning, query)) = meaning
            && let Ok(vector) = meaning.encoder.query(sentence)
        {
            nearest = nearest.max(crate::meaning::cosine(&vector, query));
        }
    }
    [share(most, total), nearest, pairs]
}

/// Sum of the rarities of the claim's terms that stand in a sentence, by themselves or by what may stand for them.
fn covered(search: &Search, places: &[(&str, usize)]) -> f32 {
    let stands = |term: &str| places.iter().any(|(found, _)| *found == term);
    let mut sum = 0.0;
    for unit in &search.units {
        let own = &search.asked[unit.own.clone()];
        let held: f32 = own.iter().filter(|asked| stands(&asked.term)).map(|asked| asked.idf).sum();
        let rarity: f32 = own.iter().map(|asked| asked.idf).sum();
        let other = unit.alternatives.iter().filter(|other| other.terms.iter().all(|(term, _)| stands(term)));
        sum += other.map(|other| other.weight * rarity).fold(held, f32::max);
    }
    sum
}

/// Share of the claim's neighbouring terms that are neighbours in a sentence, in the same order, by their rarity.
fn neighbours(search: &Search, places: &[(&str, usize)]) -> f32 {
    let (mut together, mut all) = (0.0, 0.0);
    for pair in search.asked.windows(2) {
        let [first, second] = pair else { continue };
        if first.position == second.position {
            continue;
        }
        let weight = first.idf.min(second.idf);
        all += weight;
        let follows =
            |at: usize| places.iter().any(|(term, to)| *term == second.term && at < *to && *to <= at + 1 + NEAR);
        if places.iter().any(|(term, at)| *term == first.term && follows(*at)) {
            together += weight;
        }
    }
    share(together, all)
}
