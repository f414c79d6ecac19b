//! Does a passage support a claim, contradict it, or leave it open? Probabilities, with what moved them.
//!
//! Read off words, their stems, their vectors in the static table and a table of opposites, by two small boosted models:
//! no network, and a tenth of a millisecond. It does not see who is better than whom, which of two outcomes a direction
//! belongs to, or whether numbers and populations differ; those are compared elsewhere, and whoever decides that a hint is
//! given must ask them too. How it is fitted and how often it is right: `training/README.md`.

mod lists;
mod model;
mod opposites;
mod pair;
mod reading;
mod signals;
mod text;
mod words;

pub use reading::Reading;
pub use signals::{COUNT, NAMES, Signals, signals};

use model::Model;
use words::Words;

/// What a passage may mean for a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stance {
    /// It says what the claim says.
    Supports,
    /// It says the contrary.
    Contradicts,
    /// It does not settle the claim.
    Neutral,
}

impl Stance {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Stance::Supports => "supports",
            Stance::Contradicts => "contradicts",
            Stance::Neutral => "neutral",
        }
    }
}

/// How likely each stance is; adds to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opinion {
    /// Probability that the passage supports the claim.
    pub supports: f64,
    /// Probability that it contradicts the claim.
    pub contradicts: f64,
    /// Probability that it does not settle the claim.
    pub neutral: f64,
}

impl Opinion {
    /// Of a pair of which nothing is known.
    pub const SILENT: Opinion = Opinion { supports: 0.0, contradicts: 0.0, neutral: 1.0 };

    /// The likeliest stance and its probability; of equals the first.
    pub fn likeliest(&self) -> (Stance, f64) {
        let (stance, sure) = self.likelier_side();
        if self.neutral > sure { (Stance::Neutral, self.neutral) } else { (stance, sure) }
    }

    /// The likelier of `supports` and `contradicts`.
    fn likelier_side(&self) -> (Stance, f64) {
        if self.contradicts > self.supports {
            (Stance::Contradicts, self.contradicts)
        } else {
            (Stance::Supports, self.supports)
        }
    }
}

/// From which probability on a side may be told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Least probability of `supports`.
    pub supports: f64,
    /// Least probability of `contradicts`; above 1 where none is sure enough.
    pub contradicts: f64,
}

impl Thresholds {
    /// The least confidences from which on hints of each side were right 0.80 of the time on SciFact train and on
    /// Check-COVID train, the higher of the two, by models that saw neither the claim nor its document (five-fold
    /// cross-validation, `training/stance/fit.py --table main`): 0.87 and 0.82 of all hints.
    pub const RIGHT_80: Thresholds = Thresholds { supports: 0.713, contradicts: 0.7175 };
    /// The same for 0.90: 0.95 on SciFact and 0.88 on Check-COVID, where the hints are too few to be sure.
    pub const RIGHT_90: Thresholds = Thresholds { supports: 0.8251, contradicts: 0.7837 };

    /// The side that is sure enough, with its probability; `None` where neither is.
    pub fn side(&self, opinion: &Opinion) -> Option<(Stance, f64)> {
        let (stance, sure) = opinion.likelier_side();
        let least = if stance == Stance::Supports { self.supports } else { self.contradicts };
        (sure >= least).then_some((stance, sure))
    }
}

/// What moved one of the models.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cause {
    /// The feature, as in [`NAMES`].
    pub name: &'static str,
    /// What it tells, in plain words.
    pub told: &'static str,
    /// Its value for this pair.
    pub value: f64,
    /// By how much it moved the log odds, from what they are on average.
    pub moved: f64,
}

/// Why an opinion is what it is: the few features that moved it most.
#[derive(Clone, Debug, PartialEq)]
pub struct Reasons {
    /// Towards (above 0) or away from the passage settling the claim.
    pub settles: Vec<Cause>,
    /// Towards (above 0) contradiction or towards support, if it settles it.
    pub contradicts: Vec<Cause>,
}

/// Says what passages mean for a claim: [`Classifier`], or a model that reads sentences.
pub trait Judge: Send + Sync {
    /// The opinion on one passage, whose title is empty where there is none.
    fn opinion(&self, claim: &Reading, title: &str, passage: &str) -> Opinion;
}

/// The judge that is part of the program. Equal texts get equal opinions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Classifier;

impl Judge for Classifier {
    fn opinion(&self, claim: &Reading, title: &str, passage: &str) -> Opinion {
        match (Classifier::model(), signals(claim, title, passage)) {
            (Some(model), Some(signals)) => model.opinion(&signals),
            _ => Opinion::SILENT,
        }
    }
}

impl Classifier {
    /// Why the opinion is what it is; `None` where nothing was measured.
    pub fn reasons(&self, claim: &Reading, title: &str, passage: &str) -> Option<Reasons> {
        Some(Classifier::model()?.reasons(&signals(claim, title, passage)?))
    }

    /// The models, where the table of vectors that they were fitted to can be used as well.
    fn model() -> Option<&'static Model> {
        Model::embedded().filter(|_| Words::embedded().is_usable())
    }
}

#[cfg(test)]
mod tests;
