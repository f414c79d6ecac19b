//! The hint: one reading of a passage against a claim, drawn from all signals, or none.
//!
//! Two multinomial logistic models. The first weighs the [signals](NAMES) of the pair alone (`hint.json`); the second weighs what
//! that gives with what the passage is beside the others found for the claim ([`super::company`], `company.json`). Both are fitted by
//! `training/stance/hint.py` on pairs that people labelled. Below its threshold the hint says nothing, and it never says that a
//! passage supports a claim of which a detail differs. It is a hint: the verdict is a person's.

use std::sync::LazyLock;

use serde::Deserialize;

use super::company::{self, Measures};
pub use super::signals::{COUNT, NAMES, Signals};
pub use super::stance::Stance;

/// A stance that the machine is sure enough of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hint {
    /// Which way the passage points.
    pub stance: Stance,
    /// How often such a hint is right, 0 to 1.
    pub confidence: f32,
}

/// `hint.json`: of the pair alone.
#[derive(Debug, Deserialize)]
struct Alone {
    signals: Vec<String>,
    supports: Weights,
    contradicts: Weights,
}

/// `company.json`: of the pair and what stands beside it.
#[derive(Debug, Deserialize)]
struct Together {
    measures: Vec<String>,
    supports: Weights,
    contradicts: Weights,
    /// Probabilities from which a hint is given.
    threshold: Threshold,
}

#[derive(Debug, Deserialize)]
struct Weights {
    weights: Vec<f32>,
    intercept: f32,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Threshold {
    supports: f32,
    contradicts: f32,
    neutral: f32,
    /// Probability of a contradiction from which a difference that is not sure by itself is told.
    suspected: f32,
    /// The same of contradiction against support alone.
    against: f32,
    /// Probability of a contradiction from which a direction is told.
    turned: f32,
    /// Probability of a contradiction from which a number that differs for sure is told: below it is that of another matter.
    told: f32,
}

impl Weights {
    fn fits(&self, count: usize) -> bool {
        self.weights.len() == count
    }

    fn margin(&self, values: &[f32]) -> f32 {
        self.weights.iter().zip(values).map(|(weight, value)| weight * value).sum::<f32>() + self.intercept
    }
}

static ALONE: LazyLock<Option<Alone>> = LazyLock::new(|| {
    let model: Option<Alone> = serde_json::from_str(include_str!("hint.json")).ok();
    model.filter(|model| model.signals == NAMES && model.supports.fits(COUNT) && model.contradicts.fits(COUNT))
});
static TOGETHER: LazyLock<Option<Together>> = LazyLock::new(|| {
    let model: Option<Together> = serde_json::from_str(include_str!("company.json")).ok();
    let fits = |one: &Weights| one.fits(company::COUNT);
    model.filter(|model| model.measures == company::NAMES && fits(&model.supports) && fits(&model.contradicts))
});

/// How far the pair alone speaks for the claim, and how far against it, beside not settling it: log-odds.
///
/// Where the model does not fit the program, which a test keeps from happening, nothing is settled.
pub fn margins(signals: &Signals) -> [f32; 2] {
    let Some(model) = ALONE.as_ref() else { return [f32::MIN; 2] };
    [model.supports.margin(&signals.0), model.contradicts.margin(&signals.0)]
}

/// Probabilities that the passage supports the claim, contradicts it, or does not settle it, by the pair alone; they add to 1.
pub fn alone(signals: &Signals) -> [f32; 3] {
    probabilities(margins(signals))
}

/// The same by the pair and what stands beside it.
pub fn together(measures: &Measures) -> [f32; 3] {
    let Some(model) = TOGETHER.as_ref() else { return [0.0, 0.0, 1.0] };
    probabilities([model.supports.margin(&measures.0), model.contradicts.margin(&measures.0)])
}

fn probabilities([supports, contradicts]: [f32; 2]) -> [f32; 3] {
    let margins = [supports, contradicts, 0.0];
    let most = margins.iter().copied().fold(f32::MIN, f32::max);
    let powers = margins.map(|margin| (margin - most).exp());
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// Whether a passage of these chances so likely contradicts the claim that a difference which is not sure by itself is told.
pub fn suspects([supports, contradicts, _]: [f32; 3]) -> bool {
    let Some(Threshold { suspected, against, .. }) = threshold() else { return false };
    contradicts >= suspected && contradicts >= against * (supports + contradicts)
}

/// Whether a contradiction is likely enough to say that it lies in the direction.
pub fn turns([_, contradicts, _]: [f32; 3]) -> bool {
    threshold().is_some_and(|threshold| contradicts >= threshold.turned)
}

/// Whether a number that surely differs is one of the same matter.
pub fn tells([_, contradicts, _]: [f32; 3]) -> bool {
    threshold().is_none_or(|threshold| contradicts >= threshold.told)
}

/// The hint for these chances, where one is sure enough; `differs` says that a detail of the claim was found to differ.
pub fn hint([supports, contradicts, neutral]: [f32; 3], differs: bool) -> Option<Hint> {
    let threshold = threshold()?;
    let given = |stance, confidence: f32, from: f32| (confidence >= from).then_some(Hint { stance, confidence });
    given(Stance::Supports, supports, threshold.supports)
        .filter(|_| !differs)
        .or_else(|| given(Stance::Contradicts, contradicts, threshold.contradicts))
        .or_else(|| given(Stance::Neutral, neutral, threshold.neutral))
}

fn threshold() -> Option<Threshold> {
    TOGETHER.as_ref().map(|model| model.threshold)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appraise::company::Company;
    use crate::passage::PassageId;

    /// Chances of a passage that was found alone.
    fn chances(signals: &Signals) -> [f32; 3] {
        let id: PassageId = "one@2020#rec-1".parse().expect("an id");
        together(&Company::of([(&id, signals)].into_iter()).measures(&id, signals))
    }

    #[test]
    fn the_models_fit_the_program() {
        assert!(ALONE.is_some());
        let Threshold { supports, contradicts, neutral, told, .. } = threshold().expect("a model of these measures");
        assert!([supports, contradicts, neutral].iter().all(|from| (0.5..=1.0).contains(from)));
        assert!((0.0..0.5).contains(&told));
    }

    #[test]
    fn a_contradiction_is_suspected_where_it_is_much_likelier_than_support() {
        let of = |turned: f32| {
            Signals(NAMES.map(|name| match name {
                "about" | "share" | "shared_by_all" => 1.0,
                "opposed" | "turned" | "turned_advice" | "turned_near" | "claimed_denied" => turned,
                "accords" | "straight_near" => 1.0 - turned,
                _ => 0.0,
            }))
        };
        assert!(suspects(chances(&of(1.0))) && !suspects(chances(&of(0.0))) && !suspects([0.0, 0.0, 1.0]));
    }

    #[test]
    fn probabilities_add_to_one_and_no_detail_that_differs_is_supported() {
        let sure = Signals(NAMES.map(|name| match name {
            "settles" | "about" => 4.0,
            "against" => -4.0,
            "share" | "shared_by_all" | "straight_near" | "accords" | "amount_agrees" | "recommends" => 1.0,
            _ => 0.0,
        }));
        let found = chances(&sure);
        assert!((found.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert_eq!(hint(found, false).map(|hint| hint.stance), Some(Stance::Supports));
        assert_ne!(hint(found, true).map(|hint| hint.stance), Some(Stance::Supports));
        let nothing = NAMES.map(|name| if name == "settles" || name == "about" { -4.0 } else { 0.0 });
        assert_ne!(hint(chances(&Signals(nothing)), false).map(|hint| hint.stance), Some(Stance::Supports));
    }
}
