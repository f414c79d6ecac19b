//! `groundline lexicon` as a process, and an institution's own words in an answer.

use std::fs;

use serde_json::Value;

use crate::support::{fixture_corpus, folder, run_in, stderr, stdout};

/// Runs a command in a folder with this file in it.
fn with_file(name: &str, text: &str, arguments: &[&str]) -> std::process::Output {
    let folder = folder();
    fs::write(folder.path().join(name), text).expect("a file");
    run_in(folder.path(), arguments)
}

fn json(output: &std::process::Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

#[test]
fn the_built_in_tables_are_in_order() {
    let output = run_in(folder().path(), &["lexicon", "lint", "--json"]);
    let report = json(&output);
    assert_eq!(report["faults"], serde_json::json!([]));
    assert!(report["rows"].as_u64().expect("a number") > 5_000);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn lint_names_each_fault() {
    let check = |name: &str, text: &str, code: i32, fault: &str| {
        let output = with_file(name, text, &["lexicon", "lint", name]);
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        assert!(stdout(&output).contains(fault) || stderr(&output).contains(fault), "{fault}: {}", stderr(&output));
    };
    let lay = "lay\tclinical\tcontext\tsource\n";
    check("a.tsv", &format!("{lay}womb\tuterus\t\tlocal\n"), 0, "1 rows, 0 faults");
    check("a.tsv", &format!("{lay}womb\tuterus\t\tnobody\n"), 3, "a.tsv:2: there is no source \"nobody\"");
    check("a.txt", "womb, uterus\nalone\n", 3, "a.txt:2: one name alone stands for nothing");
    check("a.obo", "[Term]\nname: A\nsynonym: B\n", 3, "a.obo:3: a synonym is not in quotes");
    check("a.csv", "", 2, "a.csv is no lexicon");
    let output = run_in(folder().path(), &["lexicon", "lint", "none.tsv"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("none.tsv cannot be read"));
}

#[test]
fn explain_tells_what_is_taken_and_what_is_not() {
    let folder = folder();
    let explain = |arguments: &[&str]| {
        let all: Vec<&str> = ["lexicon", "explain"].into_iter().chain(arguments.iter().copied()).collect();
        run_in(folder.path(), &all)
    };
    let output = explain(&["heart attack"]);
    assert!(stdout(&output).contains("+ myocardial infarction (lay, 0.70)"), "{}", stdout(&output));
    assert!(stdout(&output).contains("lexicon/lay.tsv:"), "{}", stdout(&output));
    let found = json(&explain(&["all", "--json"]));
    let rows = found["terms"][0]["found"][0]["rows"].as_array().expect("rows");
    assert!(rows.iter().all(|row| row["taken"] == false), "{found:#}");
    let taken = |context: &str| {
        let found = json(&explain(&["MS", "--json", "--context", context]));
        let rows = found["terms"][0]["found"][0]["rows"].as_array().expect("rows").clone();
        rows.iter().filter(|row| row["taken"] == true).map(|row| row["to"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(taken("relapsing disease with new lesions on MRI"), ["\"multiple sclerosis\""]);
    assert_eq!(taken("a murmur, the valve was narrowed"), ["\"mitral stenosis\""]);
    let output = explain(&["qqqq"]);
    assert_eq!((stdout(&output).as_str(), output.status.code()), ("", Some(0)));
    assert!(stderr(&output).contains("no row for \"qqqq\""));
    assert_eq!(explain(&[""]).status.code(), Some(2));
    assert_eq!(explain(&[&"a".repeat(5_000)]).status.code(), Some(2));
}

#[test]
fn an_institutions_words_find_passages_and_change_the_engine() {
    let folder = folder();
    let corpus = fixture_corpus();
    let corpus = corpus.to_str().expect("a path");
    fs::write(folder.path().join("ours.txt"), "zubberole => quinsulfate\nalone\n").expect("a file");
    let ask = |extra: &[&str]| {
        let all: Vec<&str> = ["check", "zubberole twice daily", "--corpus", corpus, "--json"]
            .into_iter()
            .chain(extra.iter().copied())
            .collect();
        run_in(folder.path(), &all)
    };
    let plain = ask(&[]);
    assert_eq!(plain.status.code(), Some(0), "{}", stderr(&plain));
    let with = ask(&["--lexicon", "ours.txt"]);
    assert_eq!(with.status.code(), Some(3), "{}", stderr(&with));
    assert!(stderr(&with).contains("ours.txt:2: one name alone stands for nothing"), "{}", stderr(&with));
    let (plain, with) = (json(&plain), json(&with));
    assert_ne!(plain["engine"]["config_sha256"], with["engine"]["config_sha256"]);
    assert_eq!(plain["snapshot"]["id"], with["snapshot"]["id"], "the index is the same");
    let why = with["results"][0]["passages"][0]["why"].to_string();
    assert!(why.contains(r#""from":"zubberole","to":"quinsulfate""#), "{with:#}");
    let none = ask(&["--lexicon", "none.txt"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(stderr(&none).contains("none.txt cannot be read"));
}
