//! At which place of an answer is what settles the claim?
//!
//! A passage that stands for others in the same words is at that place what they are: whoever reads it has read them.

use std::collections::{BTreeMap, BTreeSet};

use super::Grade;
use crate::eval::retrieval::discounted;
use crate::passage::PassageId;

/// Words above which a passage does not count as a hit.
const LONGEST: usize = 300;
/// Places of which gain is counted.
const GAINS: usize = 10;

/// What a ranking is worth for a claim whose passages are known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Graded {
    /// First place of a passage that settles the claim; of one that helps, where none is known to settle it.
    pub(super) rank: Option<usize>,
    /// nDCG of the first ten.
    pub(super) ndcg: f64,
}

/// Scores a ranking: the passages of each place, the shown one and those folded into it.
///
/// A place gains what its best passage gains, once. Passages that share a place count once in the ideal ranking as well:
/// no answer could have shown them at two.
pub(super) fn graded(places: &[Vec<&PassageId>], gold: &BTreeMap<PassageId, Grade>) -> Graded {
    let best = gold.values().copied().max().unwrap_or(Grade::Settles);
    let mut left: BTreeSet<&PassageId> = gold.keys().collect();
    let mut ideal = Vec::new();
    let (mut gains, mut rank) = (Vec::new(), None);
    for (at, place) in places.iter().enumerate() {
        let grade = place.iter().filter_map(|id| gold.get(id)).copied().max();
        gains.push(grade.map_or(0.0, Grade::gain));
        if let Some(grade) = grade {
            ideal.push(grade.gain());
            left.retain(|id| !place.contains(id));
            if grade == best && rank.is_none() {
                rank = Some(at + 1);
            }
        }
    }
    ideal.extend(left.into_iter().filter_map(|id| gold.get(id)).map(|grade| grade.gain()));
    ideal.sort_by(|a, b| b.total_cmp(a));
    let most = discounted(&ideal, GAINS);
    Graded { rank, ndcg: if most > 0.0 { discounted(&gains, GAINS) / most } else { 0.0 } }
}

/// Whether a passage holds the words, or lies within them.
pub(super) fn settles(passage: &str, supporting: &str) -> bool {
    if passage.split_whitespace().count() > LONGEST {
        return false;
    }
    let (passage, supporting) = (words(passage), words(supporting));
    let common: usize =
        supporting.iter().map(|(word, count)| passage.get(word).map_or(0, |there| *there.min(count))).sum();
    let size = |words: &BTreeMap<String, usize>| words.values().sum::<usize>().max(1);
    common as f64 >= 0.6 * size(&supporting) as f64 || common as f64 >= 0.8 * size(&passage) as f64
}

fn words(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_lowercase()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places are parted by blanks and folded passages by `+`; gold is `name:grade`.
    fn check(places: &str, gold: &str, rank: Option<usize>, ndcg: f64) {
        let id = |name: &str| format!("d@1#{name}").parse::<PassageId>().expect("an id");
        let shown: Vec<Vec<PassageId>> =
            places.split_whitespace().map(|place| place.split('+').map(id).collect()).collect();
        let gold: BTreeMap<PassageId, Grade> = gold
            .split_whitespace()
            .filter_map(|one| one.split_once(':'))
            .map(|(name, grade)| (id(name), if grade == "2" { Grade::Settles } else { Grade::Helps }))
            .collect();
        let found = graded(&shown.iter().map(|place| place.iter().collect()).collect::<Vec<_>>(), &gold);
        assert_eq!(found.rank, rank, "{places}");
        assert!((found.ndcg - ndcg).abs() < 1e-12, "{places}: {} instead of {ndcg}", found.ndcg);
    }

    #[test]
    fn gain_is_linear_and_discounted_by_place() {
        let at = |place: usize| 1.0 / ((place + 1) as f64).log2();
        check("a b c", "a:2", Some(1), 1.0);
        check("b c a", "a:2", Some(3), at(3));
        check("b c", "a:2", None, 0.0);
        check("", "a:2", None, 0.0);
        check("b a", "a:2 b:1", Some(2), (1.0 + 2.0 * at(2)) / (2.0 + at(2)));
        check("b x a", "a:2 b:1 c:2", Some(3), (1.0 + 2.0 * at(3)) / (2.0 + 2.0 * at(2) + at(3)));
        // A place beyond ten has a rank and no gain.
        check("1 2 3 4 5 6 7 8 9 10 a", "a:2", Some(11), 0.0);
        // Of more than ten, ten make the ideal.
        let many: String = (0..12).map(|at| format!("g{at}:2 ")).collect();
        let shown: String = (0..10).map(|at| format!("g{at} ")).collect();
        check(&shown, &many, Some(1), 1.0);
    }

    #[test]
    fn where_none_settles_what_helps_is_a_hit() {
        check("x a", "a:1", Some(2), 1.0 / 3.0_f64.log2());
        check("b a", "a:2 b:1 c:1", Some(2), (1.0 + 2.0 / 3.0_f64.log2()) / (2.0 + 1.0 / 3.0_f64.log2() + 0.5));
    }

    #[test]
    fn a_folded_passage_is_found_where_it_was_folded() {
        check("x+a b", "a:2", Some(1), 1.0);
        // Twins at one place are one passage, of the ideal too; the better of two grades counts.
        check("a+b", "a:2 b:2", Some(1), 1.0);
        check("a+b c", "a:1 b:2 c:2", Some(1), 1.0);
        // Twins at two places are two.
        let half = 1.0 / 3.0_f64.log2();
        check("a x b", "a:2 b:2", Some(1), (2.0 + 1.0) / (2.0 + 2.0 * half));
    }

    #[test]
    fn a_hit_holds_the_words_or_lies_within_them() {
        assert!(settles("WHO suggests a follow up every 3–6 months. More words.", "a follow up every 3–6 months"));
        assert!(settles("every 3–6 months", "WHO suggests a follow up every 3–6 months for patients under control"));
        assert!(!settles(
            "WHO suggests treatment for patients",
            "a follow up every 3–6 months for those under control"
        ));
        assert!(!settles(&"word ".repeat(301), "word"));
    }
}
