//! Why a passage stands where it does, in words that a reviewer can check.

use std::collections::BTreeSet;

use super::query::{Origin, Search};
use crate::index::Snapshot;
use crate::language;
use crate::passage::{Passage, PassageKind};
use crate::quantity;
use crate::span::{Span, span_of};

/// One reason for a rank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A word of the claim stands in the passage; as written in the claim.
    Term(String),
    /// A word of the claim stands only in the title or the headings above the passage.
    Heading(String),
    /// Other words stand there for words of the claim.
    Expansion {
        /// The claim's words.
        from: String,
        /// The passage's words.
        to: String,
        /// What says that they may stand for the claim's.
        by: Origin,
    },
    /// A number with its unit is the same in both.
    Quantity(String),
    /// The passage recommends.
    Recommendation,
}

/// What a passage shares with a claim.
pub fn why(snapshot: &Snapshot, search: &Search, passage: &Passage) -> Vec<Reason> {
    let inside = search.wanted.in_text(passage.text());
    let above = above(snapshot, search, passage);
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
    for other in search.alternatives() {
        let stands = |(term, _): &(String, f32)| inside.contains(term.as_str()) || above.contains(term.as_str());
        if other.terms.iter().all(stands) {
            why.push(Reason::Expansion { from: other.surface.clone(), to: other.words.clone(), by: other.origin });
        }
    }
    if !search.quantities.is_empty() {
        let exact: BTreeSet<String> = quantity::tokens(passage.text()).into_iter().collect();
        let same = search.quantities.iter().filter(|token| exact.contains(*token));
        why.extend(same.map(|token| Reason::Quantity(token.clone())));
    }
    if passage.kind == PassageKind::Recommendation {
        why.push(Reason::Recommendation);
    }
    why
}

/// Terms of the claim in the title, the headings and what introduces a passage.
fn above<'a>(snapshot: &Snapshot, search: &'a Search, passage: &Passage) -> BTreeSet<&'a str> {
    let title = snapshot.entry(passage.id.version()).and_then(|entry| entry.facts.title.as_deref());
    let mut found = search.wanted.in_text(title.unwrap_or_default());
    for heading in passage.path.iter().chain(&passage.lead) {
        found.extend(search.wanted.in_text(heading));
    }
    found
}

/// The sentence of a passage that shares most with the claim, as a span within its words; nothing where none does.
pub fn rationale(search: &Search, text: &str) -> Vec<Span> {
    let mut best: Option<(f32, Span)> = None;
    for range in language::sentences(text) {
        let Some(sentence) = text.get(range.clone()) else { continue };
        let words = search.wanted.in_text(sentence);
        let own = search.asked.iter().map(|asked| (asked.term.as_str(), asked.idf));
        let others = search
            .alternatives()
            .flat_map(|other| other.terms.iter().map(|(term, idf)| (term.as_str(), other.weight * idf)));
        let shared: f32 = own.chain(others).filter(|(term, _)| words.contains(term)).map(|(_, idf)| idf).sum();
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
