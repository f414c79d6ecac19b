//! The four measures, each a function of patterns and their weights.

use super::Undefined;
use super::table::{Pattern, Table};

/// What one way of weighting the patterns gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Values {
    pub(super) percent: Result<f64, Undefined>,
    pub(super) kappa: Result<f64, Undefined>,
    pub(super) alpha: Result<f64, Undefined>,
    pub(super) ac1: Result<f64, Undefined>,
    /// Pairs of raters whose kappa is defined.
    pub(super) kappa_pairs: usize,
}

/// Computes all four; `weights` holds a number of units for each pattern of the table.
pub(super) fn values(table: &Table, weights: &[u64]) -> Values {
    let sums = Sums::new(table, weights);
    let (kappa, kappa_pairs) = kappa(table, weights, &sums);
    Values { percent: sums.percent(), kappa, alpha: sums.alpha(), ac1: sums.ac1(), kappa_pairs }
}

/// What percent agreement, alpha and AC1 are made of. `n` below is the number of labels that a unit got.
struct Sums {
    /// Units with a label.
    units: u64,
    /// Units with two or more.
    shared: u64,
    /// Over shared units, the share of pairs that agree.
    agreeing: f64,
    /// Over shared units, (n² − Σ n_c²) / (n − 1): the coincidences off the diagonal.
    off_diagonal: f64,
    /// Labels in shared units, of each kind.
    shared_labels: Vec<u64>,
    /// Over all units, the share of its labels that are of each kind.
    shares: Vec<f64>,
}

impl Sums {
    fn new(table: &Table, weights: &[u64]) -> Sums {
        let labels = table.labels.len();
        let mut sums = Sums {
            units: 0,
            shared: 0,
            agreeing: 0.0,
            off_diagonal: 0.0,
            shared_labels: vec![0; labels],
            shares: vec![0.0; labels],
        };
        for (pattern, weight) in table.patterns.iter().zip(weights).filter(|(_, weight)| **weight > 0) {
            sums.add(pattern, *weight);
        }
        sums
    }

    fn add(&mut self, pattern: &Pattern, weight: u64) {
        let (n, times) = (pattern.given as f64, weight as f64);
        self.units += weight;
        for (share, count) in self.shares.iter_mut().zip(&pattern.counts) {
            *share += times * *count as f64 / n;
        }
        if pattern.given < 2 {
            return;
        }
        let squares: u64 = pattern.counts.iter().map(|count| count * count).sum();
        let squares = squares as f64;
        self.shared += weight;
        self.agreeing += times * (squares - n) / (n * (n - 1.0));
        self.off_diagonal += times * (n * n - squares) / (n - 1.0);
        for (sum, count) in self.shared_labels.iter_mut().zip(&pattern.counts) {
            *sum += weight * count;
        }
    }

    fn absent(&self) -> Result<(), Undefined> {
        match (self.units, self.shared) {
            (0, _) => Err(Undefined::NoUnits),
            (_, 0) => Err(Undefined::NothingShared),
            _ => Ok(()),
        }
    }

    /// The mean over shared units of the share of pairs that agree (Fleiss 1971, its P; each unit counts once).
    fn percent(&self) -> Result<f64, Undefined> {
        self.absent()?;
        Ok(self.agreeing / self.shared as f64)
    }

    /// 1 − observed over expected disagreement, by the coincidence matrix of nominal data.
    fn alpha(&self) -> Result<f64, Undefined> {
        self.absent()?;
        let n: u64 = self.shared_labels.iter().sum();
        let squares: u64 = self.shared_labels.iter().map(|sum| sum * sum).sum();
        let expected = n * n - squares;
        if expected == 0 {
            return Err(Undefined::OneLabel);
        }
        Ok(1.0 - (n - 1) as f64 * self.off_diagonal / expected as f64)
    }

    /// (p_a − p_e) / (1 − p_e), where p_e = Σ π_c (1 − π_c) / (q − 1) over the q labels of the scale.
    fn ac1(&self) -> Result<f64, Undefined> {
        let observed = self.percent()?;
        let scale = self.shares.len();
        if scale < 2 {
            return Err(Undefined::OneLabel);
        }
        let share = |sum: &f64| sum / self.units as f64;
        let spread: f64 = self.shares.iter().map(share).map(|share| share * (1.0 - share)).sum();
        let expected = spread / (scale - 1) as f64;
        // At most 1/q, so that the divisor is never 0.
        Ok((observed - expected) / (1.0 - expected))
    }
}

/// The mean over pairs of raters of their kappa, and how many pairs it is the mean of.
fn kappa(table: &Table, weights: &[u64], sums: &Sums) -> (Result<f64, Undefined>, usize) {
    if let Err(why) = sums.absent() {
        return (Err(why), 0);
    }
    let labels = table.labels.len();
    let mut pairs: Vec<Cells> = table.pairs.iter().map(|_| Cells::new(labels)).collect();
    for (pattern, weight) in table.patterns.iter().zip(weights).filter(|(_, weight)| **weight > 0) {
        for (pair, first, second) in &pattern.pairs {
            if let Some(cells) = pairs.get_mut(*pair) {
                cells.add(*first, *second, *weight);
            }
        }
    }
    let defined: Vec<f64> = pairs.iter().filter_map(Cells::kappa).collect();
    match defined.len() {
        0 => (Err(Undefined::OneLabel), 0),
        n => (Ok(defined.iter().sum::<f64>() / n as f64), n),
    }
}

/// What kappa needs of a pair's table: its margins and its diagonal.
struct Cells {
    n: u64,
    agreed: u64,
    first: Vec<u64>,
    second: Vec<u64>,
}

impl Cells {
    fn new(labels: usize) -> Cells {
        Cells { n: 0, agreed: 0, first: vec![0; labels], second: vec![0; labels] }
    }

    fn add(&mut self, first: usize, second: usize, weight: u64) {
        self.n += weight;
        self.agreed += if first == second { weight } else { 0 };
        for (margin, label) in [(&mut self.first, first), (&mut self.second, second)] {
            if let Some(sum) = margin.get_mut(label) {
                *sum += weight;
            }
        }
    }

    /// `None` where the two share no unit, or where both gave one and the same label throughout (0 / 0).
    fn kappa(&self) -> Option<f64> {
        let all = self.n * self.n;
        let by_chance: u64 = self.first.iter().zip(&self.second).map(|(a, b)| a * b).sum();
        let divisor = all - by_chance;
        (divisor > 0).then(|| {
            let excess = (self.n * self.agreed) as f64 - by_chance as f64;
            excess / divisor as f64
        })
    }
}
