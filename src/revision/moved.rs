//! Sentences of running text that both versions have, word for word, in passages that were cut at other places.
//!
//! A paragraph that grows is cut elsewhere, and its last sentence begins the next passage. Its numbers neither went nor came.

use std::collections::BTreeSet;
use std::ops::Range;

use super::words::folded;
use crate::language::sentences;
use crate::passage::Passage;

/// The sentences of one version.
#[derive(Debug, Default)]
pub(super) struct Sentences {
    /// Of each compared passage: where each stands in it, and how it is compared.
    of_passage: Vec<Vec<(Range<usize>, String)>>,
    /// Of all passages of the version, whatever they are.
    all: BTreeSet<String>,
}

impl Sentences {
    /// Reads the passages that are compared, and all passages of their version.
    pub(super) fn of(compared: &[&Passage], all: &[Passage]) -> Sentences {
        let cut = |text: &str| -> Vec<(Range<usize>, String)> {
            let known = |range: Range<usize>| Some((range.clone(), folded(text.get(range)?)));
            sentences(text).into_iter().filter_map(known).collect()
        };
        Sentences {
            of_passage: compared.iter().map(|passage| cut(passage.text())).collect(),
            all: all.iter().flat_map(|passage| cut(passage.text())).map(|(_, folded)| folded).collect(),
        }
    }

    /// The text of a passage without the sentences that the other version has elsewhere: next to its `partner`, or, where
    /// it has none, anywhere.
    pub(super) fn staying(&self, at: usize, text: &str, other: &Sentences, partner: Option<usize>) -> String {
        let has = |at: Option<usize>, sentence: &str| {
            let passage = at.and_then(|at| other.of_passage.get(at));
            passage.is_some_and(|sentences| sentences.iter().any(|(_, known)| known == sentence))
        };
        let moved = |sentence: &str| match partner {
            Some(at) => {
                !has(Some(at), sentence) && (has(at.checked_sub(1), sentence) || has(at.checked_add(1), sentence))
            }
            None => other.all.contains(sentence),
        };
        let own = self.of_passage.get(at).into_iter().flatten();
        let kept = own.filter(|(_, sentence)| !moved(sentence)).filter_map(|(range, _)| text.get(range.clone()));
        kept.collect::<Vec<_>>().join(" ")
    }
}
