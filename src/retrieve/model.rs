//! The learned model: a weighted sum of features, its weights fitted by `training/rank` and kept in `model.json`.

use std::sync::OnceLock;

use serde::Deserialize;

use super::features::{COUNT, Features, NAMES};

/// Weights of one ranker.
#[derive(Clone, Debug)]
pub struct Model {
    weights: Features,
    bias: f32,
}

/// The file.
#[derive(Deserialize)]
struct File {
    features: Vec<String>,
    lexical: Weights,
}

#[derive(Deserialize)]
struct Weights {
    bias: f32,
    weights: Vec<f32>,
}

impl Model {
    /// The model for words alone.
    pub(super) fn lexical() -> &'static Model {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| Model::read(include_str!("model.json")).unwrap_or_else(|_| Model::words_alone()))
    }

    fn read(text: &str) -> Result<Model, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if file.features != NAMES {
            return Err("other features than the program's".to_owned());
        }
        let weights = file.lexical.weights.try_into().map_err(|_| format!("not {COUNT} weights"))?;
        Ok(Model { weights, bias: file.lexical.bias })
    }

    /// What is left where the file does not fit, which a test keeps from happening.
    fn words_alone() -> Model {
        let mut weights = [0.0; COUNT];
        weights[0] = 1.0;
        Model { weights, bias: 0.0 }
    }

    /// What a passage scores: above 0, higher is better.
    pub(super) fn score(&self, features: &Features) -> f64 {
        let sum: f32 = self.weights.iter().zip(features).map(|(weight, value)| weight * value).sum();
        // Softplus keeps the order and makes every score positive, so that a share of it is less than it.
        let sum = f64::from(sum + self.bias);
        if sum > 30.0 { sum } else { sum.exp().ln_1p() }
    }

    /// What each feature adds, by name; those that add nothing left out.
    pub fn explained(&self, features: &Features) -> Vec<(&'static str, f32)> {
        let parts = NAMES.into_iter().zip(self.weights.iter().zip(features));
        parts.map(|(name, (weight, value))| (name, weight * value)).filter(|(_, part)| *part != 0.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_fits_the_program() {
        let model = Model::read(include_str!("model.json")).expect("a model");
        assert!(model.weights.iter().any(|weight| *weight != 0.0));
        assert!(Model::read("{\"features\":[],\"lexical\":{\"bias\":0,\"weights\":[]}}").is_err());
    }

    #[test]
    fn scores_are_positive_and_keep_the_order_of_sums() {
        let model = Model::words_alone();
        let of = |value: f32| {
            let mut features = [0.0; COUNT];
            features[0] = value;
            model.score(&features)
        };
        assert!(0.0 < of(-50.0) && of(-50.0) < of(0.0) && of(0.0) < of(29.9) && of(29.9) < of(31.0));
    }
}
