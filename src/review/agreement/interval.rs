//! 95 % intervals: the percentile bootstrap over units (Efron and Tibshirani 1993, chapter 13), always from one seed.
//!
//! Units are what was sampled, so units are drawn anew, each with all its labels. An interval that would only look like
//! knowledge is not given: from few units, where every draw gives the same value, or where many draws give none.

use super::measure::{Values, values};
use super::table::Table;
use super::{Intervals, Undefined};

/// Draws, where there is time for them.
pub(super) const DRAWS: usize = 1000;
/// Draws that a percentile at 2.5 % needs at least.
const FEWEST_DRAWS: usize = 200;
/// Units that are drawn in one report, over all its groups: about a second's worth.
const UNITS_IN_ALL: u64 = 200_000_000;
/// Shared units below which no interval is given.
const FEWEST_UNITS: u64 = 10;
/// Share of draws that must give a value.
const MOST_DEFINED: f64 = 0.95;

/// How many draws to make, where a report draws from `units` in all its groups.
pub(super) fn draws(units: u64) -> usize {
    usize::try_from(UNITS_IN_ALL / units.max(1)).unwrap_or(DRAWS).clamp(FEWEST_DRAWS, DRAWS)
}

/// The intervals of the table's four measures.
pub(super) fn intervals(table: &Table, draws: usize) -> Intervals {
    if table.shared() < FEWEST_UNITS {
        return Intervals::default();
    }
    let drawn: Vec<Values> = Draws::new(table).take(draws).map(|weights| values(table, &weights)).collect();
    let of = |pick: fn(&Values) -> Result<f64, Undefined>| interval(drawn.iter().map(pick));
    Intervals {
        percent: of(|values| values.percent),
        cohen_kappa: of(|values| values.kappa),
        krippendorff_alpha: of(|values| values.alpha),
        gwet_ac1: of(|values| values.ac1),
    }
}

fn interval(drawn: impl ExactSizeIterator<Item = Result<f64, Undefined>>) -> Option<[f64; 2]> {
    let made = drawn.len();
    let mut defined: Vec<f64> = drawn.filter_map(Result::ok).collect();
    defined.sort_by(f64::total_cmp);
    let (first, last) = (defined.first()?, defined.last()?);
    if (defined.len() as f64) < MOST_DEFINED * made as f64 || first == last {
        return None;
    }
    Some([percentile(&defined, 0.025), percentile(&defined, 0.975)])
}

/// The value at `share` of the way through `sorted`, between two neighbours where it falls between them (Hyndman and Fan
/// 1996, type 7).
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len().saturating_sub(1)) as f64;
    let below = at.floor() as usize;
    let value = |at: usize| sorted.get(at.min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN);
    value(below) + (value(below + 1) - value(below)) * (at - at.floor())
}

/// Resamples of a table: as many units as it has, drawn with replacement, as weights of its patterns.
struct Draws {
    /// The pattern of each unit.
    of_unit: Vec<usize>,
    patterns: usize,
    random: SplitMix,
}

impl Draws {
    fn new(table: &Table) -> Draws {
        let of_unit = table
            .weights
            .iter()
            .enumerate()
            .flat_map(|(pattern, weight)| std::iter::repeat_n(pattern, usize::try_from(*weight).unwrap_or(0)))
            .collect();
        Draws { of_unit, patterns: table.patterns.len(), random: SplitMix(0) }
    }
}

impl Iterator for Draws {
    type Item = Vec<u64>;

    fn next(&mut self) -> Option<Vec<u64>> {
        let mut weights = vec![0; self.patterns];
        for _ in 0..self.of_unit.len() {
            let unit = self.random.below(self.of_unit.len());
            let pattern = self.of_unit.get(unit).copied()?;
            *weights.get_mut(pattern)? += 1;
        }
        Some(weights)
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195): equal tables have equal intervals, on every machine.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is above 0.
    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_the_published_one() {
        // First values from seed 0, as other implementations give them.
        let mut random = SplitMix(0);
        let first = [random.next(), random.next(), random.next()];
        assert_eq!(first, [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]);
    }

    #[test]
    fn percentiles_lie_between_neighbours() {
        let sorted = [0.0, 1.0, 2.0, 3.0];
        for (share, expected) in [(0.0, 0.0), (0.5, 1.5), (0.25, 0.75), (1.0, 3.0)] {
            assert!((percentile(&sorted, share) - expected).abs() < 1e-12, "{share}");
        }
    }

    #[test]
    fn large_reports_draw_less_often_and_never_too_seldom() {
        assert_eq!([draws(0), draws(200_000), draws(400_000), draws(u64::MAX)], [1000, 1000, 500, 200]);
    }
}
