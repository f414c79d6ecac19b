//! The fixture that `training/stance/fixture.py` writes, and what must hold of every opinion.

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::*;

/// Pairs with the features and probabilities that the training code gave.
const FIXTURE: &str = include_str!("fixture.jsonl");

#[derive(Deserialize)]
struct Line {
    claim: String,
    evidence: String,
    features: BTreeMap<String, f64>,
    opinion: [f64; 3],
}

fn fixture() -> Vec<Line> {
    FIXTURE.lines().map(|line| serde_json::from_str(line).expect("a line of the fixture")).collect()
}

#[test]
fn every_feature_is_what_the_models_were_fitted_to() {
    let mut wrong = Vec::new();
    for line in fixture() {
        assert_eq!(line.features.len(), COUNT);
        let found = signals(&Reading::of_claim(&line.claim), "", &line.evidence).expect("signals");
        for (name, expected) in &line.features {
            let value = found.get(name).expect("a feature of the program");
            if (value - expected).abs() > 1e-4 {
                wrong.push(format!("{}: {name} is {value:.5}, not {expected:.5}", line.claim));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_probability_is_what_the_models_gave() {
    let lines = fixture();
    assert!(lines.len() >= 12);
    for line in lines {
        let found = Classifier.opinion(&Reading::of_claim(&line.claim), "", &line.evidence);
        let all = [found.supports, found.contradicts, found.neutral];
        let near = all.iter().zip(line.opinion).all(|(found, expected)| (found - expected).abs() < 1e-3);
        assert!(near, "{}: {found:?}, not {:?}", line.claim, line.opinion);
        assert!((all.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}

#[test]
fn opposite_claims_get_opposite_opinions() {
    let evidence =
        "Low-dose aspirin reduced the risk of pre-eclampsia in women at high risk. Bleeding was not increased.";
    let of = |claim: &str| Classifier.opinion(&Reading::of_claim(claim), "", evidence);
    let (lowers, raises) = (
        of("Low-dose aspirin lowers the risk of pre-eclampsia."),
        of("Low-dose aspirin raises the risk of pre-eclampsia."),
    );
    assert!(lowers.supports > lowers.contradicts, "{lowers:?}");
    assert!(raises.contradicts > raises.supports, "{raises:?}");
}

#[test]
fn a_title_counts_as_the_first_sentence() {
    let claim = Reading::of_claim("An eye examination is due every 2 years.");
    let (title, passage) = ("Screening for retinopathy", "An eye examination is recommended every 1 to 2 years.");
    let joined = format!("{title}\n{passage}");
    assert_eq!(Classifier.opinion(&claim, title, passage), Classifier.opinion(&claim, "", &joined));
}

#[test]
fn nothing_is_said_of_nothing() {
    for (claim, passage) in [("", "Aspirin helps."), ("Aspirin helps.", ""), ("?", "!")] {
        assert_eq!(Classifier.opinion(&Reading::of_claim(claim), "", passage), Opinion::SILENT);
        assert_eq!(Classifier.reasons(&Reading::of_claim(claim), "", passage), None);
    }
}

#[test]
fn reasons_name_what_moved_the_opinion() {
    let claim = Reading::of_claim("Vitamin D prevents fractures.");
    let reasons =
        Classifier.reasons(&claim, "", "We found no association between vitamin D and fractures.").expect("reasons");
    let first = reasons.contradicts.first().expect("a cause");
    assert!(first.moved > 0.0 && first.told.contains("no effect"), "{reasons:?}");
    assert!(!reasons.settles.is_empty());
}

#[test]
fn a_side_is_told_from_its_threshold_on() {
    let cut = Thresholds { supports: 0.7, contradicts: 0.8 };
    let side = |supports: f64, contradicts: f64| {
        let opinion = Opinion { supports, contradicts, neutral: 1.0 - supports - contradicts };
        (cut.side(&opinion).map(|(stance, _)| stance), opinion.likeliest().0)
    };
    assert_eq!(side(0.7, 0.1), (Some(Stance::Supports), Stance::Supports));
    assert_eq!(side(0.69, 0.1), (None, Stance::Supports));
    assert_eq!(side(0.1, 0.75), (None, Stance::Contradicts));
    assert_eq!(side(0.1, 0.8), (Some(Stance::Contradicts), Stance::Contradicts));
    assert_eq!(side(0.3, 0.3), (None, Stance::Neutral));
}

#[test]
fn strange_texts_are_read_without_harm() {
    let strange = [
        "\u{0}",
        "(((((",
        "n't n't",
        "\u{202e}abc (XY",
        "5,,,.%",
        "é. É. (É",
        "a-1-2-3--",
        "肝 (GAN) 肝",
        "\u{fffd}\u{301}'",
    ];
    for claim in strange {
        for passage in strange {
            let found = Classifier.opinion(&Reading::of_claim(claim), passage, passage);
            assert!((found.supports + found.contradicts + found.neutral - 1.0).abs() < 1e-9);
        }
    }
}

#[test]
fn the_thresholds_are_those_of_the_fitted_models() {
    #[derive(Deserialize)]
    struct File {
        thresholds: BTreeMap<String, (f64, f64)>,
    }
    let file: File = serde_json::from_str(include_str!("model.json")).expect("the models");
    for (target, cut) in [("0.8", Thresholds::RIGHT_80), ("0.9", Thresholds::RIGHT_90)] {
        assert_eq!(file.thresholds.get(target), Some(&(cut.supports, cut.contradicts)), "right {target} of the time");
    }
}

#[test]
fn the_card_is_of_these_files() {
    let card = include_str!("CARD.md");
    for (name, text) in [
        ("`model.json`", include_str!("model.json")),
        ("`fixture.jsonl`", FIXTURE),
        ("`../opposites.tsv`", include_str!("../opposites.tsv")),
    ] {
        let sum = crate::corpus::hex(&Sha256::digest(text));
        assert!(card.contains(&format!("| {name} | `{sum}` |")), "the card has another sum of {name} than {sum}");
    }
}
