//! What a claim is about where it does not say so: "A test of cure is not needed" under a heading that names the disease.
//!
//! A topic word is one that names guidelines: it stands in the titles of few, and seldom elsewhere. Only a claim that has none
//! of its own takes those of what was said nearest before it, and they never weigh as much as its own words.

use std::collections::BTreeSet;

use super::query::{Alternative, Asked, rarity};
use crate::index::{Error, Lists, Part};
use crate::language;

/// What a carried word weighs beside a word of the claim. Chosen on the dev half of `tests/claims/carried.tsv`.
pub(super) const WEIGHT: f32 = 0.75;
/// Most words that are carried.
const MOST: usize = 6;
/// Largest share of all passages whose titles hold a topic word: "screening" and "disease" name no guideline.
const COMMONEST: f32 = 0.055;
/// Smallest share of the passages with a topic word that have it in their title: "blood" is spoken of everywhere.
const TITLED: f32 = 0.5;

/// The topic words that a claim takes from its context, each as a term that is asked for; none where it has its own, or where
/// nothing else of it is known.
pub(super) fn carried<'a>(
    lists: Option<&Lists>,
    claim: &str,
    context: Option<&str>,
    asked: &[Asked],
    others: impl Iterator<Item = &'a Alternative>,
) -> Result<Vec<Asked>, Error> {
    let (Some(lists), Some(context)) = (lists, context) else { return Ok(Vec::new()) };
    if !asked.iter().any(|one| one.known) {
        return Ok(Vec::new());
    }
    let alternatives = others.flat_map(|other| &other.terms).map(|(term, _)| term);
    for term in asked.iter().map(|one| &one.term).chain(alternatives) {
        if is_topic(lists, term)? {
            return Ok(Vec::new());
        }
    }
    for sentence in nearest_first(claim, context) {
        let found = topics(lists, sentence)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// The sentences of a context before the claim, the nearest first; all of them where the claim does not stand in it.
fn nearest_first<'c>(claim: &str, context: &'c str) -> Vec<&'c str> {
    // A form that stands alone begins in other words than the sentence that it was made of.
    let half = claim.char_indices().map(|(at, _)| at).find(|at| 2 * at >= claim.len()).unwrap_or_default();
    let tails = [Some(claim), claim.rsplit_once(": ").map(|(_, said)| said), claim.get(half..)];
    let at = tails.into_iter().flatten().filter(|tail| !tail.is_empty()).find_map(|tail| context.find(tail));
    let before = at.and_then(|at| context.get(..at)).unwrap_or(context);
    let lines = before.lines();
    let sentences = lines.flat_map(|line| language::sentences(line).into_iter().filter_map(|range| line.get(range)));
    let mut sentences: Vec<&str> = sentences.collect();
    sentences.reverse();
    sentences
}

/// The topic words of a sentence.
fn topics(lists: &Lists, sentence: &str) -> Result<Vec<Asked>, Error> {
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    let sentence = language::unmarked(sentence);
    for term in language::asked_terms(&sentence) {
        if found.len() == MOST || !is_topic(lists, &term.text)? || !seen.insert(term.text.clone()) {
            continue;
        }
        let (idf, known) = rarity(Some(lists), &term.text)?;
        let surface = sentence.get(term.range).unwrap_or_default().to_owned();
        // Its bytes are none of the claim, and it stands for a word of its own.
        let (range, position) = (0..0, usize::MAX - found.len());
        found.push(Asked { term: term.text, surface, idf: idf * WEIGHT, known, corrected: false, position, range });
    }
    Ok(found)
}

/// Whether a term names guidelines.
fn is_topic(lists: &Lists, term: &str) -> Result<bool, Error> {
    let titled = lists.frequency(Part::Title, term)? as f32;
    if titled == 0.0 || term.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(false);
    }
    let anywhere = lists.frequency(Part::Flat, term)? as f32;
    Ok(titled <= COMMONEST * lists.passages() as f32 && titled >= TITLED * anywhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_last_before_the_claim_comes_first() {
        let context = "Gout?\nFlares\nGout is common. Give colchicine. Start low. Then go slow.";
        assert_eq!(
            nearest_first("Start low.", context),
            ["Give colchicine.", "Gout is common.", "Flares", "Gout?"],
            "what follows it is left out"
        );
        assert_eq!(nearest_first("Something else.", "One. Two."), ["Two.", "One."]);
        assert_eq!(nearest_first("Gout: Start low.", context).len(), 4);
        assert_eq!(nearest_first("Colchicine is started slowly: Start low.", context).len(), 4);
        // What is left of its own sentence counts as said before it.
        assert_eq!(nearest_first("Flares then go slow.", context)[..2], ["The", "Start low."]);
    }
}
