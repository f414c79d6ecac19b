//! The difference between two runs over the same claims: its interval, and how likely chance alone makes one so large.
//!
//! The test is Fisher's paired randomisation test (Smucker, Allan, Carterette 2007: it and the bootstrap agree with the
//! t-test on retrieval, the sign and Wilcoxon tests do not). If the two were alike, each claim's difference could as well
//! have had the other sign; so signs are drawn anew, and the p-value is the share of draws whose mean is at least as far from zero.

use super::figures::grouped;
use super::{bootstrap_grouped, random::Random};

/// Draws where there are too many differences to try all signs.
const DRAWS: usize = 10_000;
/// Most differences whose signs are all tried.
const EXACT: usize = 12;

/// One figure of one claim, in both runs.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// What is drawn whole: the claim, for several forms of one claim too.
    pub unit: &'a str,
    /// The figure in the earlier run, or of the plain form.
    pub before: f64,
    /// The figure in this run, or of the changed form.
    pub now: f64,
}

/// Figures that lie no further apart are the same: one that was written and read again may differ in its last digit.
const SAME: f64 = 1e-9;

impl Pair<'_> {
    fn change(&self) -> f64 {
        let change = self.now - self.before;
        if change.abs() <= SAME { 0.0 } else { change }
    }
}

/// What changed in one figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Number of pairs.
    pub n: usize,
    /// Mean before.
    pub before: f64,
    /// Mean now.
    pub now: f64,
    /// 95 % bootstrap interval of the mean difference.
    pub interval: (f64, f64),
    /// p-value of the paired randomisation test, of both sides.
    pub p: f64,
}

impl Difference {
    /// What changed; `None` without pairs.
    pub fn of(pairs: &[Pair<'_>]) -> Option<Difference> {
        if pairs.is_empty() {
            return None;
        }
        let mean = |value: fn(&Pair<'_>) -> f64| pairs.iter().map(value).sum::<f64>() / pairs.len() as f64;
        let units = grouped(pairs.iter().map(|pair| (pair.unit, pair.change())));
        let sums: Vec<f64> = units.iter().map(|(sum, _)| *sum).collect();
        Some(Difference {
            n: pairs.len(),
            before: mean(|pair| pair.before),
            now: mean(|pair| pair.now),
            interval: bootstrap_grouped(&units),
            p: randomisation(&sums),
        })
    }

    /// The mean difference.
    pub fn change(&self) -> f64 {
        self.now - self.before
    }
}

/// p-value of both sides: of all ways to give the differences signs, or of 10,000 of them and the observed one, the share
/// whose sum is at least as far from zero as the observed. 1 where nothing differs.
///
/// Differences of zero have no sign, so that only the others are counted when all ways are tried (12 at most).
pub fn randomisation(differences: &[f64]) -> f64 {
    let differing: Vec<f64> = differences.iter().copied().filter(|one| *one != 0.0).collect();
    let observed = differing.iter().sum::<f64>().abs();
    // Sums of the same numbers in another order may differ in their last digits.
    let bar = observed - 1e-9 * differing.iter().map(|one| one.abs()).sum::<f64>();
    let far = |kept: &dyn Fn(usize) -> bool| {
        let signed = differing.iter().enumerate().map(|(at, one)| if kept(at) { *one } else { -one });
        usize::from(signed.sum::<f64>().abs() >= bar)
    };
    if differing.len() <= EXACT {
        let ways = 1_usize << differing.len();
        let count: usize = (0..ways).map(|way| far(&|at| way >> at & 1 == 1)).sum();
        return count as f64 / ways as f64;
    }
    let mut random = Random::new();
    let mut bits = vec![0_u64; differing.len().div_ceil(64)];
    let mut count = 0;
    for _ in 0..DRAWS {
        bits.fill_with(|| random.next());
        count += far(&|at| bits[at / 64] >> (at % 64) & 1 == 1);
    }
    // The observed signs are one of the draws (Phipson and Smyth 2010): chance is never ruled out altogether.
    (count + 1) as f64 / (DRAWS + 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(differences: &[f64], expected: f64) {
        let found = randomisation(differences);
        assert!((found - expected).abs() < 1e-12, "{differences:?}: {found}, not {expected}");
        let turned: Vec<f64> = differences.iter().map(|one| -one).collect();
        assert_eq!(randomisation(&turned), found, "{differences:?}: the other side differs");
    }

    #[test]
    fn few_differences_are_tried_in_all_ways() {
        check(&[], 1.0);
        check(&[0.0; 40], 1.0);
        check(&[0.5], 1.0);
        // Of 4 ways (±1 ±1) the two with equal signs are as far from zero.
        check(&[1.0, 1.0], 0.5);
        check(&[1.0, -1.0], 1.0);
        // Of 8 ways: sums ±6, ±4, ±4, ±2; six are at least 4 from zero.
        check(&[1.0, -1.0, 4.0, 0.0], 0.75);
        check(&[1.0, 2.0, 3.0], 2.0 / 8.0);
        check(&[0.1, 0.2, -0.3], 1.0);
        check(&[1.0; 12], 2.0 / 4096.0);
        // Zeros change nothing, however many.
        let mut padded = vec![0.0; 300];
        padded.extend([1.0; 12]);
        check(&padded, 2.0 / 4096.0);
    }

    #[test]
    fn many_differences_are_drawn() {
        // Of 2^20 ways two are as far from zero: no draw comes near.
        check(&[1.0; 20], 1.0 / 10_001.0);
        let even: Vec<f64> = (0..200).map(|at| if at % 2 == 0 { 0.25 } else { -0.25 }).collect();
        check(&even, 1.0);
        // 13 signs: the sum of 13 ones is at least 5 from zero in 1,093 × 2 / 8,192 of all ways.
        let mut some = vec![1.0; 9];
        some.extend([-1.0; 4]);
        let found = randomisation(&some);
        assert!((found - 2_186.0 / 8_192.0).abs() < 0.02, "{found}");
        // The same again: drawn from the same sequence.
        assert_eq!(randomisation(&some), found);
    }

    fn pairs(values: &[(&'static str, f64, f64)]) -> Vec<Pair<'static>> {
        values.iter().map(|(unit, before, now)| Pair { unit, before: *before, now: *now }).collect()
    }

    #[test]
    fn a_difference_has_means_an_interval_and_a_chance() {
        assert_eq!(Difference::of(&[]), None);
        let found = Difference::of(&pairs(&[("a", 0.0, 1.0), ("b", 0.5, 1.0), ("c", 1.0, 1.0), ("d", 0.0, 0.5)]));
        let found = found.expect("a difference");
        assert_eq!((found.n, found.before, found.now, found.change()), (4, 0.375, 0.875, 0.5));
        // Differences 1, ½, 0, ½: of 8 ways two are as far from zero.
        assert_eq!(found.p, 0.25);
        assert!(found.interval.0 > 0.0 && found.interval.1 <= 1.0, "{found:?}");
        let same = Difference::of(&pairs(&[("a", 0.3, 0.3), ("b", 0.5, 0.5)])).expect("a difference");
        assert_eq!((same.change(), same.interval, same.p), (0.0, (0.0, 0.0), 1.0));
    }

    #[test]
    fn a_last_digit_is_no_difference() {
        let rounded = pairs(&[("a", 1.0 / 3.0, 1.0 / 3.0 + 1e-16), ("b", 0.7, 0.7 + 1e-15), ("c", 0.1, 0.1 - 1e-16)]);
        let found = Difference::of(&rounded).expect("a difference");
        assert_eq!((found.interval, found.p), ((0.0, 0.0), 1.0));
    }

    #[test]
    fn two_forms_of_one_claim_are_one_coin() {
        let apart = Difference::of(&pairs(&[("a", 0.0, 1.0), ("b", 0.0, 1.0), ("c", 0.0, 1.0), ("d", 0.0, 1.0)]));
        let paired = Difference::of(&pairs(&[("a", 0.0, 1.0), ("a", 0.0, 1.0), ("b", 0.0, 1.0), ("b", 0.0, 1.0)]));
        let (apart, paired) = (apart.expect("a difference"), paired.expect("a difference"));
        assert_eq!((apart.p, paired.p), (2.0 / 16.0, 2.0 / 4.0));
        assert_eq!((apart.n, paired.n, paired.change()), (4, 4, 1.0));
    }
}
