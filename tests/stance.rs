//! `groundline eval stance` as a user sees it, and how often the classifier is right on a public set.
//!
//! The floors are far enough below the measured figures (`src/appraise/stance/CARD.md`) to catch a fault, and not to hold
//! a figure in place.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::read::GzDecoder;
use groundline::appraise::stance::Classifier;
use groundline::eval::stance::measure;
use serde_json::{Value, json};

use crate::support::{folder, run_in, shared, stderr, stdout};

const EVIDENCE: &str = "Low-dose aspirin reduced the risk of pre-eclampsia in women at high risk.";

/// Three sound lines, and some that are none.
fn pairs(bad: &[&str]) -> String {
    let pair = |claim: &str, label: &str| json!({"claim": claim, "evidence": EVIDENCE, "label": label}).to_string();
    let mut lines = vec![
        pair("Low-dose aspirin lowers the risk of pre-eclampsia.", "SUPPORT"),
        pair("Low-dose aspirin raises the risk of pre-eclampsia.", "CONTRADICT"),
        pair("Influenza vaccines are given every year.", "NEI"),
    ];
    lines.extend(bad.iter().map(|line| (*line).to_owned()));
    lines.join("\n")
}

#[test]
fn the_figures_come_in_the_contract_s_shape() {
    let folder = folder();
    fs::write(folder.path().join("pairs.jsonl"), pairs(&[])).expect("written");
    let output = run_in(folder.path(), &["eval", "stance", "--dataset", "pairs.jsonl", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&report["n"], &report["accuracy"], &report["macro_f1"]), (&json!(3), &json!(1.0), &json!(1.0)));
    assert!(report["ece"].as_f64().is_some_and(|ece| (0.0..=1.0).contains(&ece)), "{report:#}");
    assert_eq!(report["confusion"]["CONTRADICT"], json!({"SUPPORT": 0, "CONTRADICT": 1, "NEI": 0}));
    assert_eq!(report["baselines"]["majority"]["f1"], json!({"SUPPORT": 0.5, "CONTRADICT": 0.0, "NEI": 0.0}));
    assert_eq!(report["hints"][0]["chosen_for"], json!(0.8));
    let text = stdout(&run_in(folder.path(), &["eval", "stance", "--dataset", "pairs.jsonl"]));
    for part in ["3 pairs", "classifier", "majority", "lexical overlap", "95 % intervals", "hints at 0.90"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn bad_lines_are_named_and_never_shown() {
    let folder = folder();
    let bad =
        ["{\"claim\": \"a secret\"}", "a secret", "{\"claim\": \"a secret\", \"evidence\": \"b\", \"label\": \"yes\"}"];
    fs::write(folder.path().join("pairs.jsonl"), pairs(&bad)).expect("written");
    let output = run_in(folder.path(), &["eval", "stance", "--dataset", "pairs.jsonl", "--json"]);
    assert_eq!(output.status.code(), Some(3));
    let (talk, data) = (stderr(&output), stdout(&output));
    for line in [4, 5, 6] {
        assert!(talk.contains(&format!("pairs.jsonl:{line} is left out: ")), "{talk}");
    }
    assert!(!talk.contains("secret") && !data.contains("secret"), "{talk}");
    for (content, message) in [("", "holds nothing to measure"), ("no JSON", "pairs.jsonl:1: no JSON")] {
        fs::write(folder.path().join("pairs.jsonl"), content).expect("written");
        let output = run_in(folder.path(), &["eval", "stance", "--dataset", "pairs.jsonl"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
    let output = run_in(folder.path(), &["eval", "stance", "--dataset", "nowhere.jsonl"]);
    assert_eq!(output.status.code(), Some(2));
}

/// SciFact's dev claims with each abstract that they cite; NEI where annotators found no evidence in it.
fn scifact_dev(data: &Path) -> String {
    let claims = fs::read_to_string(data.join("claims_dev.jsonl")).expect("claims");
    let corpus = fs::File::open(data.join("original/corpus_sentences.jsonl.gz")).expect("abstracts");
    let mut text = String::new();
    GzDecoder::new(BufReader::new(corpus)).read_to_string(&mut text).expect("a whole file");
    let read = |line: &str| serde_json::from_str::<Value>(line).expect("a line of SciFact");
    let abstracts: BTreeMap<u64, Value> =
        text.lines().map(read).map(|one| (one["doc_id"].as_u64().expect("a number"), one)).collect();
    let mut lines = String::new();
    for claim in claims.lines().map(read) {
        for cited in claim["cited_doc_ids"].as_array().expect("a list") {
            let id = cited.as_u64().expect("a number");
            let label = claim["evidence"][id.to_string()][0]["label"].as_str().unwrap_or("NEI");
            let sentences = abstracts[&id]["abstract"].as_array().expect("sentences");
            let evidence: Vec<&str> = sentences.iter().filter_map(Value::as_str).map(str::trim).collect();
            let line = json!({
                "claim": claim["claim"], "title": abstracts[&id]["title"], "evidence": evidence.join("\n"), "label": label,
            });
            let _ = writeln!(lines, "{line}");
        }
    }
    lines
}

#[test]
fn scifact_s_claims_are_read_as_well_as_the_card_says() {
    let Some(data) = shared("data/scifact") else { return };
    let folder = folder();
    let path = folder.path().join("dev.jsonl");
    fs::write(&path, scifact_dev(&data)).expect("written");
    let report = measure(&path, &Classifier).expect("a report");
    assert!(report.n > 300 && report.rejected.is_empty(), "{report:?}");
    assert!(report.labels.macro_f1 >= 0.62, "{report:?}");
    let (given, right) = report.hints[0].counts[0];
    assert!(given >= 40 && right * 10 >= given * 8, "{report:?}");
    let best_baseline = report.baselines.iter().map(|(_, figures)| figures.macro_f1).fold(0.0, f64::max);
    assert!(report.labels.macro_f1 > best_baseline + 0.1, "{report:?}");
}
