//! What a candidate shares with the claim, and what that is worth.

use std::collections::BTreeSet;

use super::{Found, Reason, Search};
use crate::corpus::VersionId;
use crate::index::Hit;
use crate::language;
use crate::passage::{Passage, PassageKind};
use crate::quantity;
use crate::span::{Span, span_of};

/// Fewest candidates that are weighed.
const FEWEST: usize = 50;
/// What a recommendation gains over running text that says as much.
const RECOMMENDATION: f64 = 1.08;
/// What a caption or a note loses.
const NOTE: f64 = 0.9;
/// Words below which a passage says too little to settle anything, and what it loses.
const FEWEST_WORDS: usize = 6;
const BRIEF: f64 = 0.75;
/// Weight of the share of the claim that a passage covers, beside its BM25 score.
const COVERAGE: f64 = 0.5;

/// How much of a claim a passage covers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Overlap {
    /// Share of the claim's rarity (sum of inverse document frequencies) that stands in the passage or above it, 0 to 1.
    pub share: f64,
    /// Share of the claim's words, 0 to 1.
    pub terms: f64,
}

/// How many candidates to weigh for an answer of this length.
pub(super) fn candidates(limit: usize) -> usize {
    limit.saturating_add(limit / 2).max(FEWEST)
}

/// Weighs one candidate.
pub(super) fn weigh(search: &Search, hit: Hit, title_of: &dyn Fn(&VersionId) -> String) -> Found {
    let passage = hit.passage;
    let inside = search.wanted.in_text(passage.text());
    let above = above(search, &passage, &title_of(passage.id.version()));
    let mut why = Vec::new();
    for asked in &search.asked {
        let here = inside.contains(asked.term.as_str());
        if here || above.contains(asked.term.as_str()) {
            let surface = asked.surface.clone();
            let reason = if here { Reason::Term(surface) } else { Reason::Heading(surface) };
            if !why.contains(&reason) {
                why.push(reason);
            }
        }
    }
    let overlap = overlap(search, |term| inside.contains(term) || above.contains(term));
    if !search.quantities.is_empty() {
        let exact: BTreeSet<String> = quantity::tokens(passage.text()).into_iter().collect();
        let same = search.quantities.iter().filter(|token| exact.contains(*token));
        why.extend(same.map(|token| Reason::Quantity(token.clone())));
    }
    let kind = match passage.kind {
        PassageKind::Recommendation => {
            why.push(Reason::Recommendation);
            RECOMMENDATION
        }
        PassageKind::Note => NOTE,
        _ => 1.0,
    };
    let brief = if passage.text().split_whitespace().nth(FEWEST_WORDS - 1).is_none() { BRIEF } else { 1.0 };
    let score = f64::from(hit.score) * kind * brief * (1.0 - COVERAGE + COVERAGE * overlap.share);
    Found { passage, score, overlap, why }
}

/// How much of the claim is held, a word counted once in whichever of its forms.
fn overlap(search: &Search, held: impl Fn(&str) -> bool) -> Overlap {
    let (mut covered, mut total, mut matched, mut words) = (0.0, 0.0, 0usize, 0usize);
    for forms in search.asked.chunk_by(|a, b| a.position == b.position) {
        let rarity = forms.iter().filter(|form| form.known).map(|form| form.idf).fold(0.0, f64::max);
        let rarity = if rarity > 0.0 { rarity } else { forms.iter().map(|form| form.idf).fold(0.0, f64::max) };
        let present = forms.iter().filter(|form| held(&form.term)).map(|form| form.idf).fold(0.0, f64::max);
        total += rarity;
        covered += present.min(rarity);
        words += 1;
        matched += usize::from(present > 0.0);
    }
    if words == 0 {
        return Overlap::default();
    }
    Overlap { share: if total > 0.0 { covered / total } else { 0.0 }, terms: matched as f64 / words as f64 }
}

/// Terms of the claim in the title, the headings and what introduces a passage.
fn above<'a>(search: &'a Search, passage: &Passage, title: &str) -> BTreeSet<&'a str> {
    let mut found = search.wanted.in_text(title);
    for heading in passage.path.iter().chain(&passage.lead) {
        found.extend(search.wanted.in_text(heading));
    }
    found
}

/// The sentence of a passage that shares most with the claim, as a span within its words; nothing where none does.
pub fn rationale(search: &Search, text: &str) -> Vec<Span> {
    let mut best: Option<(f64, Span)> = None;
    for range in language::sentences(text) {
        let Some(sentence) = text.get(range.clone()) else { continue };
        let words = search.wanted.in_text(sentence);
        let shared: f64 =
            search.asked.iter().filter(|asked| words.contains(asked.term.as_str())).map(|asked| asked.idf).sum();
        let better = best.as_ref().is_none_or(|(most, _)| shared > *most);
        if shared > 0.0
            && better
            && let Some(span) = span_of(text, range)
        {
            best = Some((shared, span));
        }
    }
    best.map(|(_, span)| vec![span]).unwrap_or_default()
}
