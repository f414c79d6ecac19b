//! An editor's day: a file is added, replaces an edition, and is what answers; every change is in the log.

use std::fs;
use std::path::{Path, PathBuf};

use groundline::corpus::history::{HEAD, LOG};
use groundline::http::Settings;
use serde_json::Value;

use crate::support::pdf::pdf_of;
use crate::support::{Running, folder, run_in, shared, stderr, stdout};

const STARTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/starter");

/// Runs a command that must succeed, and gives what it printed.
fn done(place: &Path, arguments: &[&str]) -> String {
    let output = run_in(place, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}{}", stdout(&output), stderr(&output));
    stdout(&output)
}

/// Runs a command that must be refused with this exit code, and gives what it told.
fn refused(place: &Path, arguments: &[&str], code: i32) -> String {
    let output = run_in(place, arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}{}", stdout(&output), stderr(&output));
    stderr(&output)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// A two-column PDF: one of the real guidelines where they are, one that is written here otherwise.
fn two_columns(place: &Path) -> PathBuf {
    let file = place.join("dropsy-guide.pdf");
    match shared("guidelines/cdc-opioid-prescribing-summary-2022.pdf") {
        Some(real) => fs::copy(real, &file).map(drop).expect("a copy"),
        None => fs::write(&file, written_pdf()).expect("written"),
    }
    file
}

/// One page in two columns of prose.
pub(crate) fn written_pdf() -> Vec<u8> {
    let sentence = [
        "Clinicians should treat adults with",
        "dropsy with rest and low salt intake.",
        "Adults aged 40 years or older should",
        "be weighed every week at home, and a",
        "gain of 2 kg in 3 days should be told",
        "to the clinic on the same day.",
    ];
    let mut page = String::from("BT /F1 10 Tf\n");
    for (column, x) in [(0, 60), (1, 320)] {
        for line in 0..30 {
            let words = sentence[(line + column) % sentence.len()];
            page.push_str(&format!("1 0 0 1 {x} {} Tm ({words}) Tj\n", 720 - 14 * line));
        }
    }
    page.push_str("ET\n");
    pdf_of(&[page])
}

/// A corpus with one edition, whose words nothing else has.
pub(crate) fn old_edition(place: &Path) {
    let pack = place.join("corpus/mine");
    fs::create_dir_all(&pack).expect("a folder");
    fs::write(pack.join("pack.toml"), "name = \"mine\"\n").expect("written");
    let words = "Clinicians should treat adults with zebrapox with mustard wraps for 7 days.";
    let rest = "Zebrapox is an invented disease that this guideline speaks about at some length. ".repeat(4);
    fs::write(pack.join("zebrapox-2010.txt"), format!("Zebrapox\n\n{words}\n\n{rest}\n")).expect("written");
    let sidecar = "# kept since the beginning\nid = \"zebrapox\"\nversion = \"2010\"\ntitle = \"Zebrapox\"\n";
    fs::write(pack.join("zebrapox-2010.toml"), sidecar).expect("written");
}

#[test]
fn a_pdf_is_added_replaces_an_edition_and_answers() {
    let place = folder();
    old_edition(place.path());
    let pdf = two_columns(place.path());
    let arguments = [
        "--json",
        "corpus",
        "add",
        pdf.to_str().expect("a path"),
        "--pack",
        "mine",
        "--id",
        "zebrapox",
        "--version",
        "2020",
        "--publisher",
        "Board",
        "--url",
        "https://example.org/z",
        "--supersedes",
        "zebrapox@2010",
        "--by",
        "anna",
    ];
    let added = json(&done(place.path(), &arguments));
    assert_eq!(added["id"], "zebrapox");
    assert!(added["read"]["passages"].as_u64().is_some_and(|count| count > 0), "{added}");
    assert!(added["missing"].as_array().is_some_and(|all| all.contains(&"licence".into())), "{added}");
    let old = fs::read_to_string(place.path().join("corpus/mine/zebrapox-2010.toml")).expect("a sidecar");
    assert!(
        old.starts_with("# kept since the beginning\n") && old.contains("superseded_by = \"zebrapox@2020\""),
        "{old}"
    );
    done(place.path(), &["index", "build"]);
    let answer = json(&done(place.path(), &["--json", "check", "Zebrapox is treated with mustard wraps for 7 days."]));
    let passages = answer["results"][0]["passages"].as_array().expect("passages");
    let flagged = passages.iter().filter(|passage| passage["document"]["version"] == "2010");
    for passage in flagged.clone() {
        assert_eq!(passage["document"]["superseded_by"], "zebrapox@2020");
        assert!(passage["flags"].as_array().is_some_and(|flags| flags.iter().any(|flag| flag["kind"] == "superseded")));
    }
    assert!(flagged.count() > 0, "{answer}");
    assert!(done(place.path(), &["corpus", "lint"]).is_empty());
    let history = json(&done(place.path(), &["--json", "corpus", "history", "zebrapox"]));
    let actions: Vec<&str> =
        history["events"].as_array().expect("events").iter().filter_map(|event| event["action"].as_str()).collect();
    assert_eq!(actions, ["add", "supersede"]);
    assert_eq!(history["events"][0]["by"], "anna");
    done(place.path(), &["corpus", "history", "--verify"]);
    let shown = done(place.path(), &["corpus", "show", "zebrapox"]);
    assert!(shown.contains("[zebrapox@2010] → zebrapox@2020") && shown.contains("currency"), "{shown}");
}

#[test]
fn what_cannot_be_read_is_not_added() {
    let place = folder();
    for (name, content, expected) in [
        ("empty.pdf", &b""[..], 2),
        ("broken.pdf", &b"%PDF-1.7\nnothing more"[..], 1),
        ("short.txt", &b"word"[..], 1),
        ("deck.pptx", &b"PK"[..], 2),
    ] {
        fs::write(place.path().join(name), content).expect("written");
        let told = refused(place.path(), &["corpus", "add", name], expected);
        assert!(told.contains(name), "{told}");
    }
    assert!(refused(place.path(), &["corpus", "add", "absent.pdf"], 2).contains("absent.pdf"));
    assert!(!place.path().join("corpus").exists());
}

#[test]
fn a_fresh_machine_gets_a_pack_of_its_own() {
    let place = folder();
    let text = format!("# Mumps care\n\n{}", "Adults with mumps should rest for 5 days and drink enough. ".repeat(8));
    fs::write(place.path().join("mumps-2021.md"), text).expect("written");
    let told = done(place.path(), &["corpus", "add", "mumps-2021.md"]);
    assert!(told.contains("added mumps@2021") && told.contains("next: groundline index build"), "{told}");
    assert!(place.path().join("corpus/local/pack.toml").is_file());
    assert!(refused(place.path(), &["corpus", "add", "mumps-2021.md"], 2).contains("already"));
    done(place.path(), &["corpus", "checked", "mumps@2021", "--by", "bo"]);
    done(place.path(), &["corpus", "notice", "mumps@2021", "update_in_progress", "--since", "2026-01-01"]);
    refused(place.path(), &["corpus", "supersede", "mumps@2021", "mumps@2021"], 2);
    done(place.path(), &["corpus", "retire", "mumps@2021", "--reason", "withdrawn"]);
    let history = done(place.path(), &["corpus", "history", "mumps@2021"]);
    assert_eq!(history.lines().count(), 4, "{history}");
    let sidecar = fs::read_to_string(place.path().join("corpus/local/mumps-2021.toml")).expect("a sidecar");
    assert!(sidecar.contains("status = \"retired\"") && sidecar.contains("kind = \"update_in_progress\""), "{sidecar}");
}

#[test]
fn the_log_tells_what_was_done_to_it() {
    let place = folder();
    old_edition(place.path());
    let pack = place.path().join("corpus/mine");
    for _ in 0..3 {
        done(place.path(), &["corpus", "checked", "zebrapox@2010", "--by", "anna"]);
    }
    let good = fs::read_to_string(pack.join(LOG)).expect("a log");
    let verify = ["corpus", "history", "--verify"];
    let said = |code: i32| {
        let output = run_in(place.path(), &verify);
        assert_eq!(output.status.code(), Some(code), "{}{}", stdout(&output), stderr(&output));
        stdout(&output)
    };
    assert!(said(0).contains("3 events, sound"));
    fs::write(pack.join(LOG), good.replacen("anna", "bert", 1)).expect("written");
    assert!(said(1).contains("damage: line 1 was changed"));
    assert!(refused(place.path(), &["corpus", "retire", "zebrapox@2010"], 1).contains("is damaged"));
    let short: String = good.split_inclusive('\n').take(2).collect();
    fs::write(pack.join(LOG), &short).expect("written");
    assert!(said(1).contains("1 line at the end of history.jsonl is missing"));
    // A crash after the third line and before the head: the next command counts it.
    fs::write(pack.join(LOG), &short).expect("written");
    fs::remove_file(pack.join(HEAD)).expect("removed");
    assert!(said(1).contains("history.head is missing"));
    fs::write(pack.join(LOG), &good).expect("written");
    assert!(said(1).contains("history.head is missing"));
    let old_head = {
        use sha2::{Digest, Sha256};
        let line = good.lines().nth(1).expect("a second line");
        format!("{{\"count\":2,\"sha256\":\"{}\"}}\n", groundline::corpus::hex(&Sha256::digest(line.as_bytes())))
    };
    fs::write(pack.join(HEAD), old_head).expect("written");
    assert!(said(0).contains("unfinished: 1 line at the end are not counted"));
    done(place.path(), &["corpus", "checked", "zebrapox@2010"]);
    assert!(said(0).contains("4 events, sound"));
    fs::write(pack.join("zebrapox-2010.toml"), "id = \"zebrapox\"\nversion = \"2010\"\n").expect("written");
    assert!(said(1).contains("zebrapox-2010.toml was changed outside the log"));
}

#[test]
fn editions_are_compared_by_recommendations_here_and_over_http() {
    let place = folder();
    let arguments =
        ["corpus", "diff", "uspstf-breast-screening@2016", "uspstf-breast-screening@2024", "--corpus", STARTER];
    let told = done(place.path(), &arguments);
    assert!(told.contains("5 → 3 recommendations: 2 changed, 0 added, 2 removed, 1 unchanged"), "{told}");
    assert!(told.contains("50 years → 40 years"), "{told}");
    let here = json(&done(place.path(), &[&["--json"][..], &arguments[..]].concat()));
    let candidate = place.path().join("candidate.md");
    fs::copy(Path::new(STARTER).join("uspstf-breast-screening-2024.md"), &candidate).expect("a copy");
    let file = ["--json", "corpus", "diff", arguments[2], "candidate.md", "--corpus", STARTER];
    let before_adding = json(&done(place.path(), &file));
    assert_eq!(before_adding["recommendations"], here["recommendations"]);
    refused(place.path(), &["corpus", "diff", "nothing@1", "candidate.md", "--corpus", STARTER], 2);

    done(place.path(), &["index", "build", "--corpus", STARTER, "--index", "index"]);
    let service = Running::over(&place.path().join("index"), Settings::default(), 20);
    let answer = service.get("/v1/documents/uspstf-breast-screening/diff?from=2016&to=2024");
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json(), here);
    for (path, expected, named) in [
        ("/v1/documents/uspstf-breast-screening/diff?from=2016", 422, "/to"),
        ("/v1/documents/uspstf-breast-screening/diff?from=1999&to=2024", 422, "/from"),
        ("/v1/documents/uspstf-breast-screening/diff?from=2016&to=2024&x=1", 422, "/x"),
        ("/v1/documents/nothing/diff?from=2016&to=2024", 404, "document"),
    ] {
        let answer = service.get(path);
        assert_eq!(answer.status, expected, "{path}: {}", answer.text());
        assert!(answer.text().contains(named), "{path}: {}", answer.text());
    }
}

#[test]
fn a_dose_that_changed_in_a_table_or_in_running_text_is_told() {
    let place = folder();
    let text = |dose: &str, days: &str| {
        format!(
            "# Reed fever\n\n## Treatment\n\nTable 1. Doses by mouth\n\n| Medicine | First dose | Highest dose |\n|---|---|---|\n\
             | Reedamol | {dose} | 40 mg |\n| Sedgeine | 10 mg | 40 mg |\n\n## Course\n\nThe fever lasts for about {days} in \
             most people, and those who walk barefoot through the reeds have it for longer than others do.\n\n## Spread\n\n\
             It is carried by small insects that live on the leaves of reeds and are seen from the first warm day on.\n"
        )
    };
    fs::write(place.path().join("old.md"), text("5 mg", "7 days")).expect("written");
    let new = text("15 mg", "10 days").replace("small insects", "very small insects");
    fs::write(place.path().join("new.md"), new).expect("written");
    let told = done(place.path(), &["corpus", "diff", "old.md", "new.md"]);
    for line in [
        "2 → 2 table rows: 1 changed, 0 added, 0 removed, 1 unchanged",
        "§ Treatment · Table 1. Doses by mouth",
        "number    First dose: 5 mg → 15 mg",
        // The third is the title of the table.
        "3 → 3 other passages: 2 changed, 0 added, 0 removed, 1 unchanged",
        "number    7 days → 10 days",
        "1 more passage differs, in no number: --all shows them",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(!told.contains("Sedgeine") && !told.contains("insects"), "{told}");
    assert!(done(place.path(), &["corpus", "diff", "old.md", "new.md", "--all"]).contains("insects"));
    let seen = json(&done(place.path(), &["--json", "corpus", "diff", "old.md", "new.md"]));
    let kinds: Vec<&str> =
        seen["changes"].as_array().expect("changes").iter().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!((kinds, &seen["table_rows"]["changed"]), (vec!["table_row", "passage"], &Value::from(1)));
    assert_eq!(seen["changes"][0]["new"]["table"], "Table 1. Doses by mouth");
}

#[test]
fn a_file_saved_by_hand_finds_the_sidecar_that_waits_for_it() {
    let folder = folder();
    let corpus = folder.path().join("corpus/public");
    fs::create_dir_all(&corpus).expect("a folder");
    fs::write(corpus.join("pack.toml"), "name = \"public\"\n").expect("written");
    let sidecar = "# kept by hand\nid = \"marsh\"\nversion = \"2020\"\ntitle = \"Marsh fever\"\nlicence = \"public domain\"\n\
                   url = \"https://health.example/marsh\"\n";
    fs::write(corpus.join("marsh-2020.toml"), sidecar).expect("written");
    let linked = sidecar.replace("marsh", "fen").replace("Marsh", "Fen") + "text_storage = \"link_only\"\n";
    fs::write(corpus.join("fen-2020.toml"), linked).expect("written");
    let words =
        "Adults with marsh fever are given quinsulfate 200 mg twice a day for 7 days, unless they are pregnant. ";
    fs::write(folder.path().join("saved.md"), format!("# Marsh fever\n\n{}", words.repeat(4))).expect("written");
    let add = |url: &str| run_in(folder.path(), &["corpus", "add", "saved.md", "--url", url, "--by", "an editor"]);
    let refused = add("https://health.example/fen");
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("keeps its text out"), "{}", stderr(&refused));
    let added = add("https://health.example/marsh");
    assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
    assert!(stdout(&added).contains("added marsh@2020 to"), "{}", stdout(&added));
    let record = fs::read_to_string(corpus.join("marsh-2020.toml")).expect("a sidecar");
    assert!(
        record.starts_with("# kept by hand\n") && record.contains("sha256 = ") && record.contains("retrieved_at = ")
    );
    assert!(corpus.join("marsh-2020.md").is_file());
    let verified = run_in(folder.path(), &["corpus", "history", "--verify"]);
    assert_eq!(verified.status.code(), Some(0), "{}", stdout(&verified));
    assert_eq!(run_in(folder.path(), &["index", "build"]).status.code(), Some(0));
    let asked = run_in(folder.path(), &["check", "quinsulfate for marsh fever"]);
    assert!(stdout(&asked).contains("quinsulfate 200 mg"), "{}", stdout(&asked));
}
