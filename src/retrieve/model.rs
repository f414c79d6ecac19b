//! The learned model: a weighted sum of features, its weights fitted by `training/rank` and kept in `model.json`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::features::{COUNT, Features, NAMES};
use super::reading::{self, Reading};
use crate::index::Ranker;

/// Weights of one ranker: for the second stage, and for the third with what was read beside them.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    second: Features,
    third: (Features, Reading),
}

/// The file.
#[derive(Deserialize)]
struct File {
    features: Vec<String>,
    reading: Vec<String>,
    #[serde(flatten)]
    rankers: BTreeMap<Ranker, Weights>,
}

#[derive(Deserialize)]
struct Weights {
    second: Vec<f32>,
    third: Vec<f32>,
    reading: Vec<f32>,
}

impl Model {
    /// The model of a ranker.
    pub fn of(ranker: Ranker) -> &'static Model {
        static MODELS: OnceLock<BTreeMap<Ranker, Model>> = OnceLock::new();
        static WORDS: Model = Model::words_alone();
        let models = MODELS.get_or_init(|| Model::read(include_str!("model.json")).unwrap_or_default());
        models.get(&ranker).unwrap_or(&WORDS)
    }

    fn read(text: &str) -> Result<BTreeMap<Ranker, Model>, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if file.features != NAMES || file.reading != reading::NAMES {
            return Err("other features than the program's".to_owned());
        }
        let model = |(ranker, found): (Ranker, Weights)| {
            let wrong = |what: &str| format!("{ranker}: not as many weights as features ({what})");
            let second = found.second.try_into().map_err(|_| wrong("second"))?;
            let third = found.third.try_into().map_err(|_| wrong("third"))?;
            let reading = found.reading.try_into().map_err(|_| wrong("reading"))?;
            Ok((ranker, Model { second, third: (third, reading) }))
        };
        file.rankers.into_iter().map(model).collect()
    }

    /// What is left where the file does not fit, which a test keeps from happening.
    const fn words_alone() -> Model {
        let mut weights = [0.0; COUNT];
        weights[0] = 1.0;
        Model { second: weights, third: (weights, [0.0; reading::COUNT]) }
    }

    /// What a passage scores before it is read: above 0, higher is better.
    pub(super) fn before_reading(&self, features: &Features) -> f64 {
        positive(sum(&self.second, features))
    }

    /// What it scores once it is read; not comparable with the score before.
    pub(super) fn score(&self, features: &Features, reading: &Reading) -> f64 {
        positive(sum(&self.third.0, features) + sum(&self.third.1, reading))
    }

    /// What each feature adds to the score of a passage that was read, by name; those that add nothing left out.
    pub fn explained(&self, features: &Features, reading: &Reading) -> Vec<(&'static str, f32)> {
        let features = NAMES.into_iter().zip(self.third.0.iter().zip(features));
        let reading = reading::NAMES.into_iter().zip(self.third.1.iter().zip(reading));
        let parts = features.chain(reading).map(|(name, (weight, value))| (name, weight * value));
        parts.filter(|(_, part)| *part != 0.0).collect()
    }
}

fn sum(weights: &[f32], values: &[f32]) -> f32 {
    weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
}

/// Softplus keeps the order and makes every score positive, so that a share of it is less than it.
fn positive(sum: f32) -> f64 {
    let sum = f64::from(sum);
    if sum > 30.0 { sum } else { sum.exp().ln_1p() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_fits_the_program() {
        let models = Model::read(include_str!("model.json")).expect("models");
        for ranker in Ranker::ALL {
            assert_ne!(models[&ranker], Model::words_alone(), "{ranker}");
        }
        assert!(Model::read("{\"features\":[],\"reading\":[]}").is_err());
    }

    #[test]
    fn scores_are_positive_and_keep_the_order_of_sums() {
        assert!(0.0 < positive(-50.0) && positive(-50.0) < positive(0.0));
        assert!(positive(0.0) < positive(29.9) && positive(29.9) < positive(31.0));
    }
}
