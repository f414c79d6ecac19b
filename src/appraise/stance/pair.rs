//! One sentence beside the claim: which words meet, and whether they agree.

use std::ops::Range;

use super::opposites::{Kind, Opposites};
use super::reading::{REACH, Reading, product, sum};
use super::text::{Sentence, Shorts, Text};
use super::words::{Word, side};

/// Similarity from which on words say something of each other.
const FLOOR: f32 = 0.3;
/// Similarity from which on two words are taken for the same thing.
const MEETS: f32 = 0.55;
/// Similarity from which on a word counts as the same.
const SAME: f32 = 0.999;
/// Similarity of a short form and a word of its long form.
const EXPLAINED: f32 = 0.95;

/// How alike each row of the claim and each distinct word of a passage are, rows after each other.
pub(super) struct Alike {
    columns: usize,
    values: Vec<f32>,
}

impl Alike {
    /// 1 for equal stems; otherwise the cosine of content words, 0 where either is a number.
    pub(super) fn of(claim: &Reading, passage: &Text) -> Alike {
        let columns = passage.words.len();
        let mut values = Vec::with_capacity(claim.rows.len() * columns);
        for row in &claim.rows {
            let Some(mine) = claim.word(row.word) else { continue };
            values.extend(passage.words.iter().map(|theirs| alike(mine, theirs)));
        }
        Alike { columns, values }
    }

    /// The values of a row of the claim.
    pub(super) fn row(&self, row: usize) -> &[f32] {
        self.values.get(row * self.columns..(row + 1) * self.columns).unwrap_or_default()
    }

    /// The same beside one sentence, where a short form also meets the words of its long form.
    fn beside(&self, claim: &Reading, shorts: &Shorts, tokens: &[usize], words: &[&Word]) -> Vec<Vec<f32>> {
        let part = |row: usize| {
            let values = self.row(row);
            tokens.iter().map(|token| values.get(*token).copied().unwrap_or_default()).collect()
        };
        let mut rows: Vec<Vec<f32>> = (0..claim.rows.len()).map(part).collect();
        for (short, stems) in shorts {
            let here = places(words, |word| word.is_short_form(short));
            let there = if here.is_empty() { places(words, |word| stems.contains(&*word.stem)) } else { Vec::new() };
            let mut found: Vec<&str> = there.iter().map(|at| &*words[*at].stem).collect();
            found.sort_unstable();
            found.dedup();
            for (row, values) in claim.rows.iter().zip(&mut rows) {
                let Some(mine) = claim.word(row.word) else { continue };
                if stems.contains(&*mine.stem) {
                    here.iter().for_each(|at| values[*at] = values[*at].max(EXPLAINED));
                }
                if 2 * found.len() > stems.len() && mine.is_short_form(short) {
                    there.iter().for_each(|at| values[*at] = EXPLAINED);
                }
            }
        }
        rows
    }
}

fn alike(mine: &Word, theirs: &Word) -> f32 {
    if mine.is_same(theirs) {
        1.0
    } else if !theirs.content || mine.number || theirs.number {
        0.0
    } else {
        mine.near(theirs)
    }
}

fn places(words: &[&Word], holds: impl Fn(&Word) -> bool) -> Vec<usize> {
    words.iter().enumerate().filter(|(_, word)| holds(word)).map(|(at, _)| at).collect()
}

/// A sentence beside the claim.
pub(super) struct Pair<'a> {
    claim: &'a Reading,
    pub(super) sentence: &'a Sentence,
    words: Vec<&'a Word>,
    /// Rows of the claim by words of the sentence.
    alike: Vec<Vec<f32>>,
    /// The best of each row.
    pub(super) best: Vec<f32>,
    /// Share of the claim's weight that stands in the sentence word for word.
    pub(super) exact: f64,
    /// The same with similar words counted by how similar they are.
    pub(super) soft: f64,
    /// How likely the sentence is the one that settles the claim.
    pub(super) relevance: f64,
    /// Whether it has a word by which findings are told.
    pub(super) finding: bool,
}

impl<'a> Pair<'a> {
    /// Compares the claim with a sentence of a passage.
    pub(super) fn new(
        claim: &'a Reading,
        passage: &'a Text,
        sentence: &'a Sentence,
        alike: &Alike,
        shorts: &Shorts,
    ) -> Pair<'a> {
        let words = passage.of(sentence);
        let alike = alike.beside(claim, shorts, &sentence.tokens, &words);
        let best: Vec<f32> = alike.iter().map(|values| values.iter().copied().fold(0.0, f32::max)).collect();
        let (vector, length) = sum(words.iter().copied());
        let lengths = claim.vector.1 * length;
        let cosine = if lengths > 0.0 { product(&claim.vector.0, &vector) / lengths } else { 0.0 };
        let (exact, soft) = (exact(claim, &best), soft(claim, &best));
        let finding = words.iter().any(|word| word.finding);
        let told = f64::from(u8::from(finding)) - f64::from(u8::from(words.iter().any(|word| word.purpose)));
        let relevance = 0.8 * soft + 0.2 * cosine + 0.1 * told;
        Pair { claim, sentence, words, alike, best, exact, soft, relevance, finding }
    }

    /// Which word of the sentence meets each row best; the first of equals.
    fn meeting(&self) -> Vec<usize> {
        let place = |(values, best): (&Vec<f32>, &f32)| values.iter().position(|value| value == best).unwrap_or(0);
        self.alike.iter().zip(&self.best).map(place).collect()
    }

    /// Agreement and conflict of the claim's words that have an opposite.
    pub(super) fn polarity(&self) -> Polarity {
        let negated = self.sentence.negated(&self.words);
        let clauses = self.sentence.clauses(&self.words);
        let theirs: Vec<(usize, Vec<f64>)> = places(&self.words, |word| word.opposite.is_some())
            .into_iter()
            .map(|at| (at, self.held_around(at, &clauses)))
            .collect();
        let mut polarity = Polarity::default();
        for signed in &self.claim.signed {
            let Some(mine) = self.claim.word(signed.word) else { continue };
            let mut strongest: Option<(f64, f64, Meeting)> = None;
            for (at, held) in &theirs {
                let flip = if signed.negated == negated[*at] { 1.0 } else { -1.0 };
                let Some((value, meeting, factor)) = meeting(mine, self.words[*at], flip) else { continue };
                let inner: f64 = held.iter().zip(&signed.around).map(|(held, around)| held * around).sum();
                let near = if signed.total > 0.0 { inner / signed.total * factor } else { 0.0 };
                if near > strongest.as_ref().map_or(0.0, |(near, ..)| *near) {
                    strongest = Some((near, value * near, meeting));
                }
            }
            if let Some((near, value, meeting)) = strongest {
                polarity.add(mine, near, value, meeting);
            }
        }
        polarity
    }

    /// How much of each row stands around a word of the sentence: nearer words count more, and a clause boundary in
    /// between counts as four words.
    fn held_around(&self, at: usize, clauses: &[usize]) -> Vec<f64> {
        let reach = |(place, clause): (usize, &usize)| {
            let away = place.abs_diff(at) + 4 * clause.abs_diff(clauses[at]);
            if place == at { 0.0 } else { (-(away.saturating_sub(2) as f64) / REACH).exp() }
        };
        let reach: Vec<f64> = clauses.iter().enumerate().map(reach).collect();
        let held = |values: &Vec<f32>| {
            values.iter().zip(&reach).map(|(value, reach)| f64::from(*value) * reach).fold(0.0, f64::max)
        };
        self.alike.iter().map(held).collect()
    }

    /// Whether claim and sentence turn a statement round equally often, even or odd: 1 where they do, -1 where not, 0 where
    /// either says no direction. For the part of the sentence that the claim's words stand in, and for the clause that
    /// holds most of the claim.
    pub(super) fn parity(&self) -> (f64, f64) {
        let Some(mine) = self.claim.turned else { return (0.0, 0.0) };
        let of = |range: Range<usize>| {
            let part = self.words.get(range).unwrap_or_default();
            if !part.iter().any(|word| word.directed) {
                return 0.0;
            }
            let turned = part.iter().filter(|word| word.turns).count() % 2 == 1;
            if turned == mine { 1.0 } else { -1.0 }
        };
        (of(self.part()), of(self.clause()))
    }

    /// From the first to the last word that meets one of the claim, wider by three.
    fn part(&self) -> Range<usize> {
        let strong = self.meeting().into_iter().zip(&self.best).filter(|(_, best)| **best > MEETS).map(|(at, _)| at);
        let (first, last) = strong.fold((usize::MAX, 0), |(first, last), at| (first.min(at), last.max(at)));
        if first == usize::MAX {
            return 0..self.words.len();
        }
        first.saturating_sub(3)..(last + 4).min(self.words.len())
    }

    /// One to three clauses in a row that hold most of the claim, shorter ones first.
    fn clause(&self) -> Range<usize> {
        let begins = |at: &usize| *at == 0 || self.sentence.cut[*at] || self.words[*at].boundary;
        let mut edges: Vec<usize> = (0..self.words.len()).filter(begins).collect();
        edges.push(self.words.len());
        // What each clause holds of each row, so that runs of clauses need no second look at the words.
        let clauses: Vec<Vec<f32>> = edges.windows(2).map(|edge| self.held_in(edge[0]..edge[1])).collect();
        let (mut most, mut chosen) = (-1.0, 0..self.words.len());
        for first in 0..clauses.len() {
            let mut held = vec![0.0_f32; self.alike.len()];
            for last in first..clauses.len().min(first + 3) {
                held.iter_mut().zip(&clauses[last]).for_each(|(held, more)| *held = held.max(*more));
                let run = edges[first]..edges[last + 1];
                let weighed = self.claim.rows.iter().zip(&held);
                let share: f64 = weighed.map(|(row, held)| f64::from((held - FLOOR).max(0.0)) * row.weight).sum();
                let value = share / self.claim.total - 0.004 * run.len() as f64;
                if value > most {
                    (most, chosen) = (value, run);
                }
            }
        }
        chosen
    }

    fn held_in(&self, range: Range<usize>) -> Vec<f32> {
        let most = |values: &Vec<f32>| values[range.clone()].iter().copied().fold(0.0, f32::max);
        self.alike.iter().map(most).collect()
    }

    /// How the claim's words and those that meet them are negated.
    pub(super) fn negation(&self) -> Negation {
        let negated = self.sentence.negated(&self.words);
        let (mut total, mut found) = (0.0, Negation::default());
        for ((row, best), at) in self.claim.rows.iter().zip(&self.best).zip(self.meeting()) {
            if *best <= MEETS {
                continue;
            }
            let weight = f64::from(*best) * row.weight;
            total += weight;
            let theirs = negated.get(at).copied().unwrap_or_default();
            if row.negated != theirs {
                found.one += weight;
                found.most = found.most.max(weight / self.claim.heaviest);
            } else if theirs {
                found.both += weight;
            }
        }
        let total = if total > 0.0 { total } else { 1.0 };
        Negation { one: found.one / total, both: found.both / total, most: found.most }
    }
}

/// Share of the claim's weight that is found word for word.
pub(super) fn exact(claim: &Reading, best: &[f32]) -> f64 {
    let found = claim.rows.iter().zip(best).filter(|(_, best)| **best >= SAME);
    found.map(|(row, _)| row.weight).sum::<f64>() / claim.total
}

/// The same with similar words counted by how similar they are.
pub(super) fn soft(claim: &Reading, best: &[f32]) -> f64 {
    let share = |best: f32| f64::from((best - FLOOR).max(0.0) / (1.0 - FLOOR));
    claim.rows.iter().zip(best).map(|(row, best)| share(*best) * row.weight).sum::<f64>() / claim.total
}

/// Shares of the claim's aligned weight by how they are negated.
#[derive(Default)]
pub(super) struct Negation {
    /// On one side alone.
    pub(super) one: f64,
    /// On both.
    pub(super) both: f64,
    /// The heaviest word that is on one side alone, by the claim's heaviest.
    pub(super) most: f64,
}

/// In which way two words with opposites meet.
#[derive(Clone, Copy, PartialEq)]
enum Meeting {
    /// They have one stem.
    Same,
    /// The table has them as a pair.
    Pair,
    /// They have a side in a kind.
    Kind,
}

/// 1 where two words say the same and -1 where the contrary, how they meet, and how much that counts.
fn meeting(mine: &Word, theirs: &Word, flip: f64) -> Option<(f64, Meeting, f64)> {
    if mine.is_same(theirs) {
        return Some((flip, Meeting::Same, 1.0));
    }
    if Opposites::embedded().is_pair(mine.opposite?, theirs.opposite?) {
        return Some((-flip, Meeting::Pair, 1.0));
    }
    let comparable = |one: Kind, other: Kind| {
        one == other || matches!((one, other), (Kind::Direction, Kind::Degree) | (Kind::Degree, Kind::Direction))
    };
    let both = mine.signs.iter().flat_map(|one| theirs.signs.iter().map(move |other| (one, other)));
    let ((kind, one), (other_kind, other)) =
        both.into_iter().find(|((one, _), (other, _))| comparable(*one, *other))?;
    let factor = if kind == other_kind { 0.9 } else { 0.6 };
    Some((f64::from(one * other) * flip, Meeting::Kind, factor))
}

/// Sums over the claim's words that have an opposite.
#[derive(Default)]
pub(super) struct Polarity {
    pub(super) agree: f64,
    pub(super) conflict: f64,
    pub(super) conflict_most: f64,
    /// Signed values of words of direction.
    pub(super) direction: f64,
    /// Signed values of words that the table has as a pair.
    pub(super) explicit: f64,
    /// The greatest agreement and conflict of one word of direction.
    pub(super) direction_agrees: f64,
    pub(super) direction_conflicts: f64,
}

impl Polarity {
    pub(super) fn net(&self) -> f64 {
        self.agree - self.conflict
    }

    fn add(&mut self, mine: &Word, near: f64, value: f64, meeting: Meeting) {
        let agrees = value > 0.0;
        if agrees {
            self.agree += near;
        } else {
            self.conflict += near;
            self.conflict_most = self.conflict_most.max(near);
        }
        let is_direction = side(&mine.signs, Kind::Direction) != 0;
        if is_direction {
            self.direction += value;
        }
        if meeting == Meeting::Pair {
            self.explicit += value;
        }
        // An equal stem that is negated on one side alone is a conflict of negation, not of direction.
        if is_direction && (agrees || meeting != Meeting::Same) {
            let most = if agrees { &mut self.direction_agrees } else { &mut self.direction_conflicts };
            *most = most.max(near);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::sentences;
    use super::*;

    fn with<T>(claim: &str, passage: &str, look: impl FnOnce(&Pair<'_>) -> T) -> T {
        let (claim, passage) = (Reading::of_claim(claim), Text::read(sentences(passage), false));
        let alike = Alike::of(&claim, &passage);
        look(&Pair::new(&claim, &passage, &passage.sentences[0], &alike, &passage.shorts))
    }

    #[test]
    fn opposites_conflict_and_equals_agree() {
        let polarity = |claim: &str, text: &str| with(claim, text, |pair| pair.polarity());
        let agrees = polarity("Aspirin lowers the risk of stroke", "Aspirin reduces the risk of stroke");
        assert!(agrees.agree > 0.5 && agrees.conflict == 0.0 && agrees.direction_agrees > 0.5);
        let conflicts = polarity("Aspirin raises the risk of stroke", "Aspirin lowers the risk of stroke");
        assert!(conflicts.conflict > 0.5 && conflicts.direction_conflicts > 0.5 && conflicts.explicit < 0.0);
        let negated = polarity("Aspirin lowers the risk of stroke", "Aspirin does not lower the risk of stroke");
        assert!(negated.conflict > 0.5 && negated.direction_conflicts == 0.0);
    }

    #[test]
    fn turns_are_counted_modulo_two() {
        let parity = |claim: &str, text: &str| with(claim, text, |pair| pair.parity());
        assert_eq!(parity("Aspirin lowers risk", "Aspirin did not increase risk"), (1.0, 1.0));
        assert_eq!(parity("Aspirin lowers risk", "Aspirin increased risk"), (-1.0, -1.0));
        assert_eq!(parity("Aspirin is a drug", "Aspirin increased risk"), (0.0, 0.0));
    }

    #[test]
    fn a_short_form_meets_its_long_form() {
        let exact = with("CRP is high", "C-reactive protein (CRP) is high", |pair| pair.exact);
        assert_eq!(exact, 1.0);
        let (claim, text) = ("C-reactive protein is high", "High C-reactive protein (CRP). CRP was high");
        let (claim, passage) = (Reading::of_claim(claim), Text::read(sentences(text), false));
        let alike = Alike::of(&claim, &passage);
        let last = passage.sentences.last().expect("a sentence");
        let with_short = Pair::new(&claim, &passage, last, &alike, &passage.shorts);
        let without = Pair::new(&claim, &passage, last, &alike, &Shorts::new());
        assert!(with_short.soft > without.soft + 0.3, "{} {}", with_short.soft, without.soft);
    }

    #[test]
    fn a_negation_on_one_side_alone_is_told_from_one_on_both() {
        let negation = |claim: &str, text: &str| with(claim, text, |pair| pair.negation());
        let one = negation("Aspirin prevents stroke", "Aspirin does not prevent stroke");
        assert!(one.one > 0.3 && one.both == 0.0 && one.most > 0.3);
        let both = negation("Aspirin does not prevent stroke", "Aspirin does not prevent stroke");
        assert!(both.one == 0.0 && both.both > 0.3);
    }
}
