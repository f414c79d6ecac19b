//! The command line as a process: exit codes, clear errors, data on standard output.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{fixture_corpus, folder, run_in, stderr, stdout};

fn check(arguments: &[&str], code: i32, message: &str) {
    let folder = folder();
    let corpus = fixture_corpus();
    let mut all: Vec<&str> = arguments.to_vec();
    if !arguments.contains(&"--corpus") {
        all.extend(["--corpus", corpus.to_str().expect("a path")]);
    }
    let output = run_in(folder.path(), &all);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
    assert!(stderr(&output).contains(message), "{arguments:?}: {}", stderr(&output));
    assert_eq!(stdout(&output), "", "{arguments:?}: data beside an error");
}

#[test]
fn bad_input_is_named_with_what_to_do() {
    check(&["check", ""], 2, "the claim is empty");
    check(&["check", &"a".repeat(5_000)], 2, "more than 4000");
    check(&["check", "marsh fever", "-k", "0"], 2, "k is 0: ask for 1 to 100");
    check(&["check", "marsh fever", "-k", "10000"], 2, "k is 10000: ask for 1 to 100");
    check(
        &["check", "marsh fever", "--pack", "nope"],
        2,
        "there is no pack \"nope\" in this snapshot; it holds fixture",
    );
    check(&["check", "marsh fever", "--as-of", "yesterday"], 2, "yesterday");
    check(&["check", "marsh fever", "--status", "old"], 2, "current, superseded or retired");
    check(&["check", "marsh fever", "--corpus", "/nonexistent"], 2, "there is no corpus folder /nonexistent");
    check(&["check", "marsh fever", "--ranker", "magic"], 2, "[possible values: lexical, static, hybrid]");
    check(&["check", "--jsonl", "/nonexistent.jsonl"], 2, "/nonexistent.jsonl cannot be read");
    check(&["eval", "claims", "--claims", "/nonexistent.tsv"], 2, "/nonexistent.tsv cannot be read");
    check(&["eval", "reading", "--gold", "/nonexistent"], 2, "/nonexistent cannot be read");
}

#[test]
fn check_builds_the_index_by_itself_and_answers() {
    let folder = folder();
    let corpus = fixture_corpus();
    let corpus = corpus.to_str().expect("a path");
    let output = run_in(
        folder.path(),
        &["check", "Adults with marsh fever take quinsulfate twice daily", "--corpus", corpus, "--json"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["schema"], "evidence/1");
    let passages = answer["results"][0]["passages"].as_array().expect("passages");
    assert!(passages[0]["quote"].as_str().expect("a quote").contains("quinsulfate 100 mg once daily"), "{answer:#}");
    // The second time there is a snapshot, and the corpus need not be named.
    let again = run_in(folder.path(), &["check", "Adults with marsh fever take quinsulfate twice daily"]);
    assert!(stdout(&again).contains("quinsulfate 100 mg once daily"), "{}", stdout(&again));
    assert!(stdout(&again).contains("not for patient care"));
}

#[test]
fn editions_without_a_date_are_told_apart() {
    let place = folder();
    let pack = place.path().join("pack");
    fs::create_dir(&pack).expect("a folder");
    for (version, dose) in [("first", "100 mg"), ("second", "200 mg")] {
        let about = "Fen ache is a pain of both knees that comes after a day in a boat. ".repeat(4);
        let advice = format!("Adults with fen ache should take reedamol {dose} once daily for seven days.");
        let text = format!("# Fen ache\n\n{about}\n\n## Treatment\n\n{advice}\n");
        fs::write(pack.join(format!("fen-{version}.md")), text).expect("written");
        let sidecar = format!("id = \"fen-ache\"\nversion = \"{version}\"\npublisher = \"Fen Board\"\n");
        fs::write(pack.join(format!("fen-{version}.toml")), sidecar).expect("written");
    }
    let answer =
        stdout(&run_in(place.path(), &["check", "Adults with fen ache take reedamol once daily.", "--corpus", "pack"]));
    for version in ["Fen Board · edition first", "Fen Board · edition second"] {
        assert!(answer.contains(version), "{version}: {answer}");
    }
}

#[test]
fn an_empty_list_of_impact_names_the_reviews_that_were_looked_at() {
    let place = folder();
    let corpus = fixture_corpus();
    let corpus = corpus.to_str().expect("a path");
    let output = run_in(place.path(), &["review", "impact", "--data", "mine", "--corpus", corpus]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), ""), "{}", stderr(&output));
    assert!(stderr(&output).contains("mine/reviews.sqlite"), "{}", stderr(&output));
}

#[test]
fn a_file_of_claims_is_answered_line_by_line_and_a_bad_line_harms_no_other() {
    let folder = folder();
    let lines = [
        r#"{"id":"a","claim":"marsh fever treatment","k":1}"#,
        r#"{"id":"b","claim":""}"#,
        "not json",
        r#"{"id":"c","claim":"reed cough","unknown":1}"#,
        r#"{"id":"d","claim":"reed cough screening"}"#,
        r#"{"id":"f","claim":"half a pair \ud800"}"#,
    ];
    let mut bytes = lines.join("\n").into_bytes();
    bytes.extend(b"\n\xff\xfe\n");
    bytes.extend(format!("{{\"claim\":\"{}\"}}\n", "x".repeat(1_000_000)).into_bytes());
    bytes.extend(b"{\"id\":\"e\",\"claim\":\"fen rash\"}\n");
    fs::write(folder.path().join("claims.jsonl"), bytes).expect("written");
    let corpus = fixture_corpus();
    let output = run_in(
        folder.path(),
        &["check", "--jsonl", "claims.jsonl", "--corpus", corpus.to_str().expect("a path"), "--json"],
    );
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let answers: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let told: Vec<(&str, &str)> = answers
        .iter()
        .map(|answer| (answer["id"].as_str().unwrap_or("-"), answer["status"].as_str().unwrap_or("-")))
        .collect();
    let expected = [
        ("a", "ok"),
        ("b", "error"),
        ("-", "error"),
        ("c", "error"),
        ("d", "ok"),
        ("f", "error"),
        ("-", "error"),
        ("-", "error"),
        ("e", "ok"),
    ];
    assert_eq!(told, expected);
    assert!(answers.iter().all(|answer| answer["snapshot"]["id"].is_string() && answer["schema"] == "evidence/1"));
    assert_eq!(answers[0]["passages"].as_array().map(Vec::len), Some(1));
}

#[test]
fn index_commands_tell_what_there_is() {
    let folder = folder();
    let corpus = fixture_corpus();
    let corpus = corpus.to_str().expect("a path");
    let none = run_in(folder.path(), &["index", "show"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(
        stderr(&none).contains("there is no index in index yet: run `groundline index build`"),
        "{}",
        stderr(&none)
    );
    let built = run_in(folder.path(), &["index", "build", "--corpus", corpus, "--json"]);
    assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
    let built: Value = serde_json::from_slice(&built.stdout).expect("JSON");
    assert_eq!(built["reused"], false);
    // Which protections a reader gets is the system's to say; that it was asked is ours.
    assert!(built["confinement"]["system_calls"].is_boolean(), "{built}");
    let again = run_in(folder.path(), &["index", "build", "--corpus", corpus, "--json"]);
    let again: Value = serde_json::from_slice(&again.stdout).expect("JSON");
    assert_eq!((&again["reused"], &again["snapshot"]["id"]), (&Value::Bool(true), &built["snapshot"]["id"]));
    let shown = run_in(folder.path(), &["index", "show"]);
    assert!(stdout(&shown).contains("marsh-fever@2024"), "{}", stdout(&shown));
    assert!(stdout(&shown).contains("link only"), "{}", stdout(&shown));
    let listed = run_in(folder.path(), &["index", "list"]);
    assert!(stdout(&listed).starts_with("* "), "{}", stdout(&listed));
    assert_eq!(run_in(folder.path(), &["index", "verify"]).status.code(), Some(0));
}

#[test]
fn a_changed_byte_is_found_and_never_served() {
    let folder = folder();
    let corpus = fixture_corpus();
    let corpus = corpus.to_str().expect("a path");
    run_in(folder.path(), &["index", "build", "--corpus", corpus]);
    let document = find(&folder.path().join("index"), "marsh-fever@2024.json");
    let text = fs::read_to_string(&document).expect("a stored document");
    fs::write(&document, text.replace("100 mg once", "900 mg once")).expect("written");
    let verified = run_in(folder.path(), &["index", "verify"]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(stdout(&verified).contains("documents/marsh-fever@2024.json was changed"), "{}", stdout(&verified));
    let asked = run_in(folder.path(), &["check", "quinsulfate"]);
    assert_eq!(asked.status.code(), Some(1));
    assert!(stderr(&asked).contains("is damaged (documents/marsh-fever@2024.json was changed)"), "{}", stderr(&asked));
    let rebuilt = run_in(folder.path(), &["index", "build", "--corpus", corpus]);
    assert_eq!(rebuilt.status.code(), Some(0), "{}", stderr(&rebuilt));
    assert_eq!(run_in(folder.path(), &["check", "quinsulfate"]).status.code(), Some(0));
}

#[test]
fn an_index_of_another_format_is_refused_in_plain_words() {
    let folder = folder();
    let corpus = fixture_corpus();
    run_in(folder.path(), &["index", "build", "--corpus", corpus.to_str().expect("a path")]);
    let manifest = find(&folder.path().join("index"), "MANIFEST.json");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    let own = groundline::index::FORMAT;
    let other = text.replacen(&format!("\"format\": {own}"), "\"format\": 99", 1);
    assert_ne!(other, text);
    fs::write(&manifest, other).expect("written");
    let asked = run_in(folder.path(), &["check", "quinsulfate"]);
    assert_eq!(asked.status.code(), Some(1));
    let told = format!("has index format 99, and this program reads format {own}");
    assert!(stderr(&asked).contains(&told), "{}", stderr(&asked));
}

#[test]
fn a_broken_document_is_one_rejected_document() {
    let folder = folder();
    let corpus = folder.path().join("papers");
    fs::create_dir(&corpus).expect("a folder");
    fs::write(corpus.join("broken.pdf"), b"%PDF-1.4\nthis is no PDF at all").expect("written");
    fs::write(corpus.join("named.pdf"), b"<html><p>really a page</p></html>").expect("written");
    fs::write(corpus.join("short.txt"), b"Too short to be a guideline.").expect("written");
    let text = "Adults with marsh fever should rest until the fever is gone and drink enough water. ".repeat(5);
    fs::write(corpus.join("good.txt"), text).expect("written");
    let built = run_in(folder.path(), &["index", "build", "--corpus", "papers", "--json"]);
    assert_eq!(built.status.code(), Some(3), "{}", stderr(&built));
    let told = stderr(&built);
    assert!(told.contains("broken@") && told.contains("named@") && told.contains("short@"), "{told}");
    assert!(told.contains("the content is not PDF"), "{told}");
    assert!(told.contains("no usable text"), "{told}");
    let answer: Value = serde_json::from_slice(&built.stdout).expect("JSON");
    assert_eq!((&answer["snapshot"]["versions"], answer["rejected"].as_array().map(Vec::len)), (&1.into(), Some(3)));
}

#[test]
fn a_fault_in_a_sidecar_keeps_the_text_out_and_not_its_edges() {
    let folder = folder();
    let corpus = folder.path().join("papers");
    fs::create_dir(&corpus).expect("a folder");
    let text = |word: &str| {
        format!("Adults with {word} should rest until the fever is gone and drink enough water. ").repeat(5)
    };
    fs::write(corpus.join("old.txt"), text("marsh fever of old")).expect("written");
    fs::write(corpus.join("old.toml"), "id = \"g\"\nversion = \"1\"").expect("written");
    fs::write(corpus.join("new.txt"), text("marsh fever secret")).expect("written");
    let sidecar = "id = \"g\"\nversion = \"2\"\nsupersedes = [\"g@1\"]\ntext_storage = \"link-only\"\n";
    fs::write(corpus.join("new.toml"), sidecar).expect("written");
    let output = run_in(folder.path(), &["check", "marsh fever rest", "--corpus", "papers", "--json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let passages = answer["results"][0]["passages"].as_array().expect("passages");
    assert!(stderr(&output).contains("new.toml:4: `text_storage`"), "{}", stderr(&output));
    assert!(!stdout(&output).contains("secret"), "{answer:#}");
    assert_eq!(passages[0]["flags"][0]["kind"], "superseded", "{answer:#}");
    assert_eq!(passages[0]["replacement"]["document"]["version"], "2");
}

#[test]
fn an_index_folder_that_cannot_be_written_is_named_with_what_to_do() {
    let folder = folder();
    fs::write(folder.path().join("occupied"), "a file where the folder should be").expect("written");
    let corpus = fixture_corpus();
    let arguments = ["index", "build", "--corpus", corpus.to_str().expect("a path"), "--index", "occupied/index"];
    let output = run_in(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(1));
    let told = stderr(&output);
    assert!(told.contains("occupied/index/snapshots) cannot be written") && told.contains("with --index"), "{told}");
}

#[test]
fn a_published_snapshot_is_read_where_nothing_can_be_written() {
    let folder = folder();
    let corpus = fixture_corpus();
    run_in(folder.path(), &["index", "build", "--corpus", corpus.to_str().expect("a path")]);
    // Root may write there all the same: the program itself must leave it alone.
    let mode = |mode: u32| {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(folder.path().join("index"), permissions).expect("changed");
    };
    mode(0o555);
    let before = fingerprint(folder.path());
    assert_eq!(run_in(folder.path(), &["check", "quinsulfate"]).status.code(), Some(0));
    assert_eq!(before, fingerprint(folder.path()), "reading wrote something");
    mode(0o755);
}

#[test]
fn lint_finds_nothing_wrong_with_the_fixtures() {
    let folder = folder();
    let corpus = fixture_corpus();
    let output = run_in(folder.path(), &["corpus", "lint", "--corpus", corpus.to_str().expect("a path")]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
}

#[test]
fn lint_finds_nothing_wrong_with_the_starter() {
    let folder = folder();
    let starter = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/starter");
    let output = run_in(folder.path(), &["corpus", "lint", "--corpus", starter.to_str().expect("a path")]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
}

/// Gold over the fixture `marsh-fever-2024.md`: what a person finds there, and in each split one thing that is not there.
const GOLD: &str = r#"
document = "marsh-fever-2024"
file = "marsh-fever-2024.md"
sha256 = "SHA256"

[[page]]
section = "Treatment"
split = "dev"
headings = [{ level = 2, text = "Treatment" }, { level = 2, text = "A heading of nobody" }]
order = [{ first = "Treatment", last = "Treatment" }, { first = "We recommend quinsulfate", last = "moderate-certainty evidence)." }]
[[page.recommendation]]
first = "We recommend quinsulfate"
last = "with marsh fever"
direction = "for"
grade = "strong recommendation, moderate-certainty evidence"
system = "GRADE"
code = "strong"
certainty = "moderate"
[[page.recommendation]]
first = "We recommend against quinsulfate"
last = "the unborn child"
direction = "against"
grade = "strong recommendation, low-certainty evidence"
system = "GRADE"
code = "strong"
certainty = "low"

[[page]]
section = "Doses by weight"
split = "held"
headings = [{ level = 2, text = "Doses by weight" }]
order = [{ first = "Doses by weight", last = "Doses by weight" }]
[[page.row]]
heads = ["Weight", "Dose", "Interval"]
cells = ["40 to 59 kg", "75 mg", "every 24 hours"]
[[page.row]]
heads = ["Weight", "Dose", "Interval"]
cells = ["a secret of the held page", "7 mg", "every 24 hours"]
"#;

#[test]
fn reading_is_measured_against_gold_and_held_pages_are_never_shown() {
    let (folder, corpus) = (folder(), fixture_corpus());
    let gold = folder.path().join("gold");
    fs::create_dir(&gold).expect("a folder");
    let sha256 = groundline::corpus::sha256_of(&corpus.join("marsh-fever-2024.md")).expect("a fixture");
    fs::write(gold.join("marsh-fever-2024.toml"), GOLD.replace("SHA256", &sha256)).expect("written");
    let corpus = corpus.to_str().expect("a path");
    let arguments = ["eval", "reading", "--gold", "gold", "--corpus", corpus, "--details"];
    let text = run_in(folder.path(), &arguments);
    assert_eq!(text.status.code(), Some(0), "{}", stderr(&text));
    let shown = stdout(&text);
    let misses: Vec<&str> = shown.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(misses, ["marsh-fever-2024 § Treatment heading missed: A heading of nobody"], "{shown}");
    let json = run_in(folder.path(), &[&arguments[..], &["--json"]].concat());
    let report: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let value = |split: &str, figure: &str| report["by_split"][split][figure]["value"].as_f64();
    assert_eq!(value("dev", "recommendation_recall"), Some(1.0), "{report:#}");
    assert_eq!(value("dev", "recommendation_precision"), Some(1.0));
    assert_eq!(value("dev", "grade"), Some(1.0));
    assert_eq!((value("dev", "table_rows"), value("held", "table_rows")), (None, Some(0.5)));
    assert_eq!(value("all", "reading_order"), Some(1.0));
    assert!(!stdout(&json).contains("secret"), "a held page is shown");

    // Another file, and one that is not there: neither is measured, both are named.
    fs::write(gold.join("marsh-fever-2024.toml"), GOLD.replace("SHA256", "00")).expect("written");
    fs::write(gold.join("no-such.toml"), GOLD.replace("marsh-fever-2024", "no-such")).expect("written");
    let skipped = run_in(folder.path(), &arguments);
    assert_eq!(skipped.status.code(), Some(3), "{}", stderr(&skipped));
    assert!(stderr(&skipped).contains("marsh-fever-2024 is skipped: it is not the file that was looked at"));
    assert!(stderr(&skipped).contains("no-such is skipped: it is not in the corpus"));
    assert!(stdout(&skipped).contains("0 documents, 2 skipped"), "{}", stdout(&skipped));
}

#[test]
fn completions_and_the_manual_are_printed() {
    let folder = folder();
    assert!(stdout(&run_in(folder.path(), &["completions", "bash"])).contains("groundline"));
    assert!(stdout(&run_in(folder.path(), &["man"])).contains(".TH groundline"));
}

/// Names, sizes and times of everything below a folder.
fn fingerprint(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).expect("a folder") {
            let path = entry.expect("an entry").path();
            let data = fs::metadata(&path).expect("its data");
            found.push(format!("{} {} {:?}", path.display(), data.len(), data.modified().expect("a time")));
            if path.is_dir() {
                open.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The first file with this name below a folder.
fn find(folder: &Path, name: &str) -> std::path::PathBuf {
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().is_some_and(|found| found == name) {
                return path;
            }
        }
    }
    panic!("{name} is nowhere below {}", folder.display());
}
