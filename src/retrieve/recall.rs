//! The first stage: every passage weighed by the claim's words and by its meaning, cheaply; the best go on.
//!
//! Terms are taken one after another over all of their passages. For claims, which have a dozen terms and more, that takes
//! less time than leaving passages out by bounds, and it gives every passage its score, whichever way it was found.

use std::ops::Range;

use super::query::{Search, Unit};
use crate::index::{Error, Lists, Part};
use crate::meaning::Matrix;

/// Weights of the fields, beside 1 for the flat one. Chosen on SciFact's train split.
const TITLE: f32 = 0.3;
const HEADING: f32 = 0.2;
/// Weight of a number that stands with the same unit in both.
const QUANTITY: f32 = 0.5;
/// Weight of a term that stands only in what was said around the claim.
const CONTEXT: f32 = 0.2;

/// The score of each passage by words alone, in the order of rows: BM25 over the weighted fields, of each unit of the claim
/// its own words or the best of what may stand for them.
pub(super) fn by_words(lists: &Lists, search: &Search) -> Result<Vec<f32>, Error> {
    let mut total = vec![0.0; lists.passages()];
    let mut scratch = Scratch::default();
    for unit in &search.units {
        if unit.alternatives.is_empty() {
            for asked in search.asked[unit.own.clone()].iter().filter(|asked| asked.known) {
                add_term(lists, &asked.term, unit.weight, &mut |row, worth| total[row] += worth)?;
            }
        } else {
            scratch.add_unit(lists, search, unit, &mut total)?;
        }
    }
    for term in &search.context {
        add(lists, Part::Flat, term, CONTEXT, &mut |row, worth| total[row] += worth)?;
    }
    for token in &search.quantities {
        add(lists, Part::Quantity, token, QUANTITY, &mut |row, worth| total[row] += worth)?;
    }
    Ok(total)
}

/// Adds what a term is worth in all fields.
fn add_term(lists: &Lists, term: &str, weight: f32, take: &mut impl FnMut(usize, f32)) -> Result<(), Error> {
    add(lists, Part::Flat, term, weight, take)?;
    add(lists, Part::Title, term, weight * TITLE, take)?;
    add(lists, Part::Heading, term, weight * HEADING, take)
}

fn add(lists: &Lists, part: Part, term: &str, weight: f32, take: &mut impl FnMut(usize, f32)) -> Result<(), Error> {
    let frequency = lists.frequency(part, term)?;
    if frequency == 0 {
        return Ok(());
    }
    let weight = weight * lists.rarity(frequency);
    lists.each(part, term, |row, worth| take(row, weight * worth))
}

/// The similarity of each passage to the claim, in the order of rows, by one of the snapshot's meanings; 0 outside of
/// `within`.
pub(super) fn by_meaning(lists: &Lists, matrix: &Matrix, query: &[f32], within: &[Range<u32>]) -> Vec<f32> {
    let mut similar = vec![0.0; lists.passages()];
    let probe = matrix.probe(query);
    for range in within {
        let rows = range.start as usize..range.end as usize;
        for (row, similar) in range.clone().zip(similar.get_mut(rows).unwrap_or_default()) {
            *similar = probe.similarity(row);
        }
    }
    similar
}

/// Room for one unit: what each passage gets by its own words, by one alternative, and by the best so far.
#[derive(Default)]
struct Scratch {
    best: Vec<f32>,
    one: Vec<f32>,
    touched: Vec<usize>,
}

impl Scratch {
    fn add_unit(&mut self, lists: &Lists, search: &Search, unit: &Unit, total: &mut [f32]) -> Result<(), Error> {
        self.best.resize(total.len(), 0.0);
        self.one.resize(total.len(), 0.0);
        let own = &search.asked[unit.own.clone()];
        let (best, touched) = (&mut self.best, &mut self.touched);
        for asked in own.iter().filter(|asked| asked.known) {
            add_term(lists, &asked.term, 1.0, &mut |row, worth| {
                if best[row] == 0.0 {
                    touched.push(row);
                }
                best[row] += worth;
            })?;
        }
        let rarity: f32 = own.iter().map(|asked| asked.idf).sum();
        for other in &unit.alternatives {
            let others: f32 = other.terms.iter().map(|(_, idf)| idf).sum();
            // What stands for a word is never worth more than the word.
            let weight = other.weight * (rarity / others.max(f32::EPSILON)).min(1.0);
            let (one, mut rows) = (&mut self.one, Vec::new());
            for (term, _) in &other.terms {
                add_term(lists, term, weight, &mut |row, worth| {
                    if one[row] == 0.0 {
                        rows.push(row);
                    }
                    one[row] += worth;
                })?;
            }
            for row in rows {
                if self.best[row] == 0.0 {
                    self.touched.push(row);
                }
                self.best[row] = self.best[row].max(self.one[row]);
                self.one[row] = 0.0;
            }
        }
        for row in self.touched.drain(..) {
            total[row] += std::mem::take(&mut self.best[row]);
        }
        Ok(())
    }
}

/// The rows of the best scores above 0 within some ranges of rows, best first; equal ones in the order of rows.
pub(super) fn best(scores: &[f32], within: &[Range<u32>], limit: usize) -> Vec<u32> {
    let limit = limit.max(1);
    let better = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    let mut kept: Vec<(f32, u32)> = Vec::with_capacity(2 * limit);
    let mut bar = 0.0;
    for range in within {
        for row in range.clone() {
            let score = scores.get(row as usize).copied().unwrap_or_default();
            if score > bar {
                kept.push((score, row));
                if kept.len() == 2 * limit {
                    kept.select_nth_unstable_by(limit - 1, better);
                    kept.truncate(limit);
                    bar = kept[limit - 1].0;
                }
            }
        }
    }
    kept.sort_unstable_by(better);
    kept.truncate(limit);
    kept.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_rows_are_found_wherever_they_stand() {
        let scores: Vec<f32> = (0..1000).map(|at| ((at * 7919) % 1000) as f32).collect();
        let parts = [0..400, 400..1000];
        for limit in [1, 2, 7, 100, 999, 5000] {
            let mut expected: Vec<u32> = (0..1000).filter(|row| scores[*row as usize] > 0.0).collect();
            expected.sort_by(|a, b| scores[*b as usize].total_cmp(&scores[*a as usize]).then(a.cmp(b)));
            expected.truncate(limit);
            assert_eq!(best(&scores, &parts, limit), expected, "{limit}");
        }
        assert_eq!(best(&scores, &[10..20, 30..40], 1000).len(), 20);
        assert_eq!(best(&[1.0, 1.0, 1.0], &[0..2, 2..3], 2), [0, 1]);
        assert!(best(&[0.0; 9], &[0..5, 5..9], 3).is_empty());
    }
}
