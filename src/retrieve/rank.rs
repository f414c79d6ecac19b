//! What a candidate shares with the claim, and what that is worth.

use std::collections::BTreeSet;

use super::{Asked, Found, Reason, Search};
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
    /// The same without the claim's numbers: a passage with another dose is about the claim all the same.
    pub topic: f64,
}

/// How many candidates to weigh for an answer of this length.
pub(super) fn candidates(limit: usize) -> usize {
    limit.saturating_add(limit / 2).max(FEWEST)
}

/// Weighs one candidate.
pub(super) fn weigh(search: &Search, hit: Hit, title_of: &dyn Fn(&VersionId) -> String) -> Found {
    let passage = hit.passage;
    let inside = search.wanted.in_text(passage.text());
    let title = title_of(passage.id.version());
    let above = above(search, &passage, &title);
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
    let population = passage.population.as_ref().and_then(|population| population.words.as_deref()).unwrap_or_default();
    let group = search.pregnancy.weight(&title, population);
    let score = f64::from(hit.score) * kind * brief * group * (1.0 - COVERAGE + COVERAGE * overlap.share);
    Found { passage, score, overlap, why }
}

/// How much of the claim is held, a word counted once in whichever of its forms.
fn overlap(search: &Search, held: impl Fn(&str) -> bool) -> Overlap {
    let (mut all, mut topic) = (Share::default(), Share::default());
    for forms in search.asked.chunk_by(|a, b| a.position == b.position) {
        let most = |wanted: &dyn Fn(&Asked) -> bool| {
            forms.iter().filter(|form| wanted(form)).map(|form| form.idf).fold(0.0, f64::max)
        };
        let known = most(&|form| form.known);
        let rarity = if known > 0.0 { known } else { most(&|_| true) };
        let present = most(&|form| held(&form.term)).min(rarity);
        all.add(present, rarity);
        if forms.iter().any(|form| !is_number(&form.term)) {
            topic.add(present, rarity);
        }
    }
    let share = all.of();
    Overlap { share, topic: if topic.total > 0.0 { topic.of() } else { share } }
}

fn is_number(term: &str) -> bool {
    term.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// A part of a whole.
#[derive(Default)]
struct Share {
    part: f64,
    total: f64,
}

impl Share {
    fn add(&mut self, part: f64, total: f64) {
        self.part += part;
        self.total += total;
    }

    fn of(&self) -> f64 {
        if self.total > 0.0 { self.part / self.total } else { 0.0 }
    }
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
