//! How good the answers are, measured: ranking on public sets, the right passage for a claim on real guidelines, what a
//! passage means for a claim on labelled pairs, splitting of responses, and reading against what a person found on their pages.
//!
//! Figures only; a figure that nobody saw is not written down anywhere else.

pub mod claims;
pub mod compare;
pub mod conflicts;
pub mod features;
pub mod figures;
pub mod hints;
mod random;
pub mod reading;
pub mod retrieval;
pub mod saved;
pub mod split;
pub mod stance;

/// Why a measurement cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file is missing or unreadable.
    #[error("{path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line of a file is not what it should be.
    #[error("{path}:{line}: {reason}")]
    Line {
        /// The file.
        path: std::path::PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// Files are not in their form.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Form(Vec<crate::corpus::Fault>),
    /// There is nothing to measure.
    #[error("{0} holds nothing to measure")]
    Nothing(std::path::PathBuf),
    /// Two runs measured different things.
    #[error("the saved run is of the other kind: one of the two is of claims, the other of a public set's queries")]
    OtherMeasure,
    /// Two runs have no claim in common.
    #[error("the saved run has none of these claims, or each with other words or another gold: nothing to compare")]
    NoCommon,
    /// The index failed.
    #[error(transparent)]
    Index(#[from] crate::index::Error),
    /// A claim could not be asked.
    #[error(transparent)]
    Evidence(#[from] crate::evidence::Error),
}

/// The mean of some figures; 0 of none.
fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// The 95 % bootstrap interval of a mean: 2.5th and 97.5th percentile of the means of 1,000 resamples.
///
/// Resampling uses a fixed sequence, so that equal figures give equal intervals.
pub fn bootstrap(values: &[f64]) -> (f64, f64) {
    resampled(values, |sample| sample.iter().copied().sum::<f64>() / sample.len() as f64)
}

/// The same interval of a share of summed counts, `(hits, chances)` of each unit that is drawn whole, a page say.
///
/// Units without chances are left out: they say nothing about the share.
pub fn bootstrap_share(units: &[(usize, usize)]) -> (f64, f64) {
    let units: Vec<(usize, usize)> = units.iter().copied().filter(|(_, of)| *of > 0).collect();
    resampled(&units, |sample| {
        let (hits, of) = sample.iter().fold((0, 0), |(hits, of), unit| (hits + unit.0, of + unit.1));
        hits as f64 / of as f64
    })
}

/// The same interval of a mean over values that are drawn in groups: sum and number of the values of each.
pub(crate) fn bootstrap_grouped(groups: &[(f64, usize)]) -> (f64, f64) {
    let groups: Vec<(f64, usize)> = groups.iter().copied().filter(|(_, number)| *number > 0).collect();
    resampled(&groups, |sample| {
        let (sum, number) = sample.iter().fold((0.0, 0), |(sum, number), group| (sum + group.0, number + group.1));
        sum / number as f64
    })
}

/// The 2.5th and 97.5th percentile of a figure over 1,000 resamples; zeros of nothing.
fn resampled<T>(units: &[T], figure: impl Fn(&[&T]) -> f64) -> (f64, f64) {
    const RESAMPLES: usize = 1_000;
    if units.is_empty() {
        return (0.0, 0.0);
    }
    let mut random = random::Random::new();
    let mut figures: Vec<f64> = (0..RESAMPLES)
        .map(|_| figure(&(0..units.len()).map(|_| &units[random.below(units.len())]).collect::<Vec<_>>()))
        .collect();
    figures.sort_by(f64::total_cmp);
    (figures[RESAMPLES / 40], figures[RESAMPLES - 1 - RESAMPLES / 40])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_holds_the_mean_and_repeats() {
        let values: Vec<f64> = (0..200).map(|n| f64::from(n % 2)).collect();
        let (low, high) = bootstrap(&values);
        assert!(low < 0.5 && 0.5 < high && high - low < 0.2, "{low} {high}");
        assert_eq!((low, high), bootstrap(&values));
        assert_eq!(bootstrap(&[]), (0.0, 0.0));
        assert_eq!(bootstrap(&[1.0]), (1.0, 1.0));
    }

    #[test]
    fn a_share_is_drawn_by_units_and_weighed_by_their_chances() {
        let even: Vec<(usize, usize)> = (0..200).map(|n| (n % 2, 1)).collect();
        let values: Vec<f64> = (0..200).map(|n| f64::from(n % 2)).collect();
        assert_eq!(bootstrap_share(&even), bootstrap(&values));
        // The mean of these units' shares is 0.1; the share of all is 0.5.
        let mut uneven = vec![(0, 1); 9];
        uneven.extend([(9, 9), (0, 0)]);
        let (low, high) = bootstrap_share(&uneven);
        assert!(low < 0.5 && 0.5 < high && high > 0.6, "{low} {high}");
        assert_eq!(bootstrap_share(&[(0, 0)]), (0.0, 0.0));
    }
}
