//! A claim, read once for all the passages that it is compared with.

use std::fmt;

use super::lists;
use super::text::{Shorts, Text};
use super::words::{ONE, Word};

/// Distance in words over which nearness falls to a third.
pub(super) const REACH: f64 = 6.0;

/// A claim as the signals see it. Its words are not kept beyond it, and it is not shown in logs.
pub struct Reading {
    claim: String,
    text: Text,
    /// The claim's words that weigh something, in their order: the rows of every comparison.
    pub(super) rows: Vec<Row>,
    /// Sum of their weights; 1 where there are none.
    pub(super) total: f64,
    /// The heaviest of them; 1 where there are none.
    pub(super) heaviest: f64,
    /// Words that stand in the table of opposites.
    pub(super) signed: Vec<Signed>,
    /// Sum of the weighted vectors, and its length.
    pub(super) vector: (Vec<f32>, f64),
    /// Whether an odd number of its words turn a statement round; `None` where none says a direction.
    pub(super) turned: Option<bool>,
    /// Whether it says that something has no effect.
    pub(super) says_no_effect: bool,
}

/// A word of the claim that weighs something.
pub(super) struct Row {
    /// Its place in [`Text::words`] of the claim.
    pub(super) word: usize,
    pub(super) weight: f64,
    pub(super) negated: bool,
    /// Whether it is a name or the like.
    pub(super) entity: bool,
}

/// A word of the claim that has an opposite.
pub(super) struct Signed {
    /// Its place in [`Text::words`] of the claim.
    pub(super) word: usize,
    pub(super) negated: bool,
    /// How much each row counts for what stands around it: nearer ones more, itself not; and their sum.
    pub(super) around: Vec<f64>,
    pub(super) total: f64,
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (bytes, words) = (self.claim.len(), self.rows.len());
        f.debug_struct("Reading").field("bytes", &bytes).field("words", &words).finish_non_exhaustive()
    }
}

impl Reading {
    /// Reads a claim; of a long one the first 200 words.
    pub fn of_claim(claim: &str) -> Reading {
        let text = Text::read(std::iter::once(claim), false);
        let mut reading = Reading {
            claim: claim.to_owned(),
            rows: Vec::new(),
            total: 1.0,
            heaviest: 1.0,
            signed: Vec::new(),
            vector: (Vec::new(), 0.0),
            turned: None,
            says_no_effect: false,
            text,
        };
        reading.settle();
        reading
    }

    /// The claim, for a judge that reads it in its own way.
    pub fn claim(&self) -> &str {
        &self.claim
    }

    /// Fills in what follows from the words.
    fn settle(&mut self) {
        let Some(sentence) = self.text.sentences.first() else { return };
        let words = self.text.of(sentence);
        let negated = sentence.negated(&words);
        let weighty = || words.iter().enumerate().filter(|(_, word)| word.weight > 0.0);
        let places: Vec<usize> = weighty().map(|(at, _)| at).collect();
        let row = |(at, word): (usize, &&Word)| Row {
            word: sentence.tokens[at],
            weight: word.weight,
            negated: negated[at],
            entity: sentence.entity[at],
        };
        let rows: Vec<Row> = weighty().map(row).collect();
        let signed = words.iter().enumerate().filter(|(_, word)| word.opposite.is_some()).map(|(at, _)| {
            let share = |(row, place): (&Row, &usize)| match place.abs_diff(at) {
                0 => 0.0,
                away => row.weight * (-(away as f64) / REACH).exp(),
            };
            let around: Vec<f64> = rows.iter().zip(&places).map(share).collect();
            Signed { word: sentence.tokens[at], negated: negated[at], total: around.iter().sum(), around }
        });
        self.signed = signed.collect();
        if !rows.is_empty() {
            self.total = rows.iter().map(|row| row.weight).sum();
            self.heaviest = rows.iter().map(|row| row.weight).fold(0.0, f64::max);
        }
        self.vector = sum(words.iter().copied());
        let turns = words.iter().filter(|word| word.turns).count();
        self.turned = words.iter().any(|word| word.directed).then_some(turns % 2 == 1);
        self.says_no_effect = lists::says_no_effect(&sentence.raw);
        self.rows = rows;
    }

    /// A word of the claim by its place.
    pub(super) fn word(&self, place: usize) -> Option<&Word> {
        self.text.words.get(place).map(|word| &**word)
    }

    /// Short forms that the claim itself explains.
    pub(super) fn shorts(&self) -> &Shorts {
        &self.text.shorts
    }
}

/// The sum of weighted vectors, and its length.
pub(super) fn sum<'a>(words: impl Iterator<Item = &'a Word>) -> (Vec<f32>, f64) {
    let mut sum: Vec<f32> = Vec::new();
    for word in words.filter(|word| word.content && !word.unit.is_empty()) {
        sum.resize(word.unit.len(), 0.0);
        let factor = word.weight as f32 / ONE;
        for (sum, component) in sum.iter_mut().zip(&word.unit) {
            *sum += f32::from(*component) * factor;
        }
    }
    let length = product(&sum, &sum).sqrt();
    (sum, length)
}

/// The inner product of two vectors, in a fixed order of additions.
pub(super) fn product(a: &[f32], b: &[f32]) -> f64 {
    const LANES: usize = 8;
    let mut lanes = [0.0_f32; LANES];
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += a * b;
        }
    }
    let whole = a.len().min(b.len()) / LANES * LANES;
    let rest: f32 = a.iter().zip(b).skip(whole).map(|(a, b)| a * b).sum();
    f64::from(lanes.iter().sum::<f32>() + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_not_shown() {
        let shown = format!("{:?}", Reading::of_claim("Mrs Smith takes aspirin."));
        assert_eq!(shown, "Reading { bytes: 24, words: 4, .. }");
    }

    #[test]
    fn a_claim_without_words_is_read() {
        for claim in ["", " ", "the of and", "(((", "\u{0}\u{301}"] {
            let reading = Reading::of_claim(claim);
            assert!(reading.rows.is_empty() && reading.total == 1.0 && reading.turned.is_none(), "{claim:?}");
        }
        assert_eq!(Reading::of_claim(&"aspirin ".repeat(5_000)).rows.len(), 200);
    }

    #[test]
    fn products_take_every_component() {
        let vector: Vec<f32> = (0..19).map(|n| n as f32).collect();
        assert_eq!(product(&vector, &vector), 2_109.0);
    }
}
