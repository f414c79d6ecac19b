//! The learned model: a weighted sum of features, its weights fitted by `training/rank` and kept in `model.json`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::features::{COUNT, Features, NAMES};
use crate::index::Ranker;

/// Weights of one ranker.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    weights: Features,
}

/// The file.
#[derive(Deserialize)]
struct File {
    features: Vec<String>,
    #[serde(flatten)]
    rankers: BTreeMap<Ranker, Vec<f32>>,
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
        if file.features != NAMES {
            return Err("other features than the program's".to_owned());
        }
        let model = |(ranker, weights): (Ranker, Vec<f32>)| {
            let weights = weights.try_into().map_err(|_| format!("{ranker}: not {COUNT} weights"))?;
            Ok((ranker, Model { weights }))
        };
        file.rankers.into_iter().map(model).collect()
    }

    /// What is left where the file does not fit, which a test keeps from happening.
    const fn words_alone() -> Model {
        let mut weights = [0.0; COUNT];
        weights[0] = 1.0;
        Model { weights }
    }

    /// What a passage scores: above 0, higher is better.
    pub(super) fn score(&self, features: &Features) -> f64 {
        positive(self.weights.iter().zip(features).map(|(weight, value)| weight * value).sum())
    }

    /// What each feature adds, by name; those that add nothing left out.
    pub fn explained(&self, features: &Features) -> Vec<(&'static str, f32)> {
        let parts = NAMES.into_iter().zip(self.weights.iter().zip(features));
        parts.map(|(name, (weight, value))| (name, weight * value)).filter(|(_, part)| *part != 0.0).collect()
    }
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
        assert!(Model::read("{\"features\":[],\"lexical\":[]}").is_err());
    }

    #[test]
    fn scores_are_positive_and_keep_the_order_of_sums() {
        assert!(0.0 < positive(-50.0) && positive(-50.0) < positive(0.0));
        assert!(positive(0.0) < positive(29.9) && positive(29.9) < positive(31.0));
    }
}
