//! The hint: one reading of a passage against a claim, drawn from all signals, or none.
//!
//! A multinomial logistic model over the [signals](NAMES), its weights and thresholds fitted by `training/stance/hint.py`
//! on pairs that people labelled and kept in `hint.json`. Below its threshold it says nothing, and it never says that a
//! passage supports a claim of which a detail differs. It is a hint: the verdict is a person's.

use std::sync::LazyLock;

use serde::Deserialize;

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

/// `hint.json`.
#[derive(Debug, Deserialize)]
struct Model {
    signals: Vec<String>,
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
}

static MODEL: LazyLock<Option<Model>> = LazyLock::new(|| {
    let model: Option<Model> = serde_json::from_str(include_str!("hint.json")).ok();
    let fits = |one: &Weights| one.weights.len() == COUNT;
    model.filter(|model| model.signals == NAMES && fits(&model.supports) && fits(&model.contradicts))
});

/// Probabilities that the passage supports the claim, contradicts it, or does not settle it; they add to 1.
///
/// Where the model does not fit the program, which a test keeps from happening, nothing is settled.
pub fn probabilities(signals: &Signals) -> [f32; 3] {
    let Some(model) = MODEL.as_ref() else { return [0.0, 0.0, 1.0] };
    let margin = |one: &Weights| one.weights.iter().zip(&signals.0).map(|(w, v)| w * v).sum::<f32>() + one.intercept;
    let margins = [margin(&model.supports), margin(&model.contradicts), 0.0];
    let most = margins.iter().copied().fold(f32::MIN, f32::max);
    let powers = margins.map(|margin| (margin - most).exp());
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// Whether the passage so likely contradicts the claim that a difference which is not sure by itself is told.
pub fn suspects(signals: &Signals) -> bool {
    let [supports, contradicts, _] = probabilities(signals);
    let Some(Threshold { suspected, against, .. }) = MODEL.as_ref().map(|model| model.threshold) else { return false };
    contradicts >= suspected && contradicts >= against * (supports + contradicts)
}

/// The hint for these signals, where one is sure enough; `differs` says that a detail of the claim was found to differ.
pub fn hint(signals: &Signals, differs: bool) -> Option<Hint> {
    let threshold = MODEL.as_ref()?.threshold;
    let [supports, contradicts, neutral] = probabilities(signals);
    let given = |stance, confidence: f32, from: f32| (confidence >= from).then_some(Hint { stance, confidence });
    given(Stance::Supports, supports, threshold.supports)
        .filter(|_| !differs)
        .or_else(|| given(Stance::Contradicts, contradicts, threshold.contradicts))
        .or_else(|| given(Stance::Neutral, neutral, threshold.neutral))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_fits_the_program() {
        let model = MODEL.as_ref().expect("a model of these signals");
        let Threshold { supports, contradicts, neutral, .. } = model.threshold;
        assert!([supports, contradicts, neutral].iter().all(|from| (0.5..=1.0).contains(from)));
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
        assert!(suspects(&of(1.0)) && !suspects(&of(0.0)) && !suspects(&Signals::default()));
    }

    #[test]
    fn probabilities_add_to_one_and_no_detail_that_differs_is_supported() {
        let sure = Signals(NAMES.map(|name| match name {
            "settles" | "about" => 4.0,
            "against" => -4.0,
            "share" | "shared_by_all" | "straight_near" | "accords" | "amount_agrees" | "recommends" => 1.0,
            _ => 0.0,
        }));
        assert!((probabilities(&sure).iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert_eq!(hint(&sure, false).map(|hint| hint.stance), Some(Stance::Supports));
        assert_ne!(hint(&sure, true).map(|hint| hint.stance), Some(Stance::Supports));
        let nothing = NAMES.map(|name| if name == "settles" || name == "about" { -4.0 } else { 0.0 });
        let nothing = Signals(nothing);
        assert_ne!(hint(&nothing, false).map(|hint| hint.stance), Some(Stance::Supports));
    }
}
