//! Which edition speaks: own words before a summary, the new before the old, one of several equal passages, and how far a
//! status can be trusted.

use std::fs;
use std::path::Path;

use groundline::claim::Claim;
use groundline::corpus::{Currency, Day, Status};
use groundline::evidence::{self, Evidence, Options};
use groundline::index::Snapshot;
use groundline::view::native::ResultView;

use crate::support::{folder, snapshot_of};

/// Words that make a document long enough to be published.
const FILL: &str = "Fever of the marsh is an invented illness, and these guidelines exist to be read by tests alone. People \
                    with marsh fever rest in a dry room, drink enough, and are seen again after a week by the same nurse.";

struct Source<'a> {
    id: &'a str,
    sidecar: &'a str,
    text: &'a str,
}

fn corpus_of(folder: &Path, sources: &[Source]) -> Snapshot {
    let corpus = folder.join("corpus");
    fs::create_dir_all(&corpus).expect("a folder");
    for Source { id, sidecar, text } in sources {
        let (document, version) = id.split_once('@').expect("a version");
        let file = |ending: &str| corpus.join(format!("{}.{ending}", id.replace('@', "-")));
        let facts = format!("id = \"{document}\"\nversion = \"{version}\"\ntitle = \"{document}\"\n{sidecar}\n");
        fs::write(file("toml"), facts).expect("written");
        fs::write(file("md"), format!("# {document}\n\n{text}\n\n## About\n\n{FILL}\n")).expect("written");
    }
    snapshot_of(&corpus, &folder.join("index"), 2).1
}

fn ask(snapshot: &Snapshot, claim: &str, k: usize) -> Evidence {
    let options = Options { k, ..Options::default() };
    evidence::gather(snapshot, &Claim::new(claim).expect("a claim"), &options).expect("an answer")
}

fn versions(answer: &Evidence) -> Vec<String> {
    answer.passages.iter().map(|ranked| ranked.found.passage.id.version().to_string()).collect()
}

const DIGEST: &str = "tier = \"digest\"";
const RULE: &str = "## Treatment\n\nAdults with marsh fever are given quinsulfate 200 mg twice a day for 7 days, unless they are pregnant.";
const SUMMARY: &str = "## Recommendations\n\n1. Give adults with marsh fever quinsulfate 200 mg twice a day for 7 days.\n   - Grade: A\n   - Direction: for\n   - Population: adults\n   - Locator: Treatment\n";

#[test]
fn the_guidelines_own_words_stand_above_a_summary_of_them() {
    let folder = folder();
    let sources = [
        Source { id: "marsh@2020", sidecar: DIGEST, text: SUMMARY },
        Source { id: "marsh-full@2020", sidecar: "same_edition = [\"marsh@2020\"]", text: RULE },
    ];
    let snapshot = corpus_of(folder.path(), &sources);
    // Words that only the summary has: found first, it still gives way.
    let claim = "give adults with marsh fever quinsulfate";
    for k in 1..5 {
        assert_eq!(versions(&ask(&snapshot, claim, k))[0], "marsh-full@2020", "k = {k}");
    }
    let all = versions(&ask(&snapshot, claim, 9));
    let summary = all.iter().position(|id| id == "marsh@2020").expect("the summary is shown too");
    assert!(all.iter().skip(summary).all(|id| id == "marsh@2020"), "{all:?}");
}

#[test]
fn what_replaced_a_summary_replaced_the_guideline() {
    let folder = folder();
    let newer = RULE.replace("200 mg", "100 mg");
    let sources = [
        Source { id: "marsh@2020", sidecar: DIGEST, text: SUMMARY },
        Source { id: "marsh-full@2020", sidecar: "same_edition = [\"marsh@2020\"]", text: RULE },
        Source { id: "marsh@2025", sidecar: "supersedes = [\"marsh@2020\"]", text: &newer },
    ];
    let snapshot = corpus_of(folder.path(), &sources);
    for k in 1..9 {
        let answer = ask(&snapshot, "quinsulfate 200 mg twice a day for adults with marsh fever", k);
        assert_eq!(versions(&answer)[0], "marsh@2025", "k = {k}");
        for ranked in &answer.passages[1..] {
            let old = ranked.found.passage.id.version().version() == "2020";
            assert_eq!(old, ranked.standing.status == Status::Superseded, "{}", ranked.found.passage.id);
        }
    }
}

#[test]
fn the_same_rule_in_two_documents_is_one_passage() {
    let folder = folder();
    let other_dose = RULE.replace("200 mg", "250 mg");
    let sources = [
        Source { id: "hospital@1", sidecar: "", text: RULE },
        Source { id: "reprint@1", sidecar: "", text: RULE },
        Source { id: "variant@1", sidecar: "", text: &other_dose },
    ];
    let snapshot = corpus_of(folder.path(), &sources);
    let answer = ask(&snapshot, "quinsulfate 200 mg twice a day for 7 days unless pregnant", 5);
    let rules: Vec<_> =
        answer.passages.iter().filter(|ranked| ranked.found.passage.text().contains("quinsulfate")).collect();
    assert_eq!(rules.len(), 2, "{:?}", versions(&answer));
    let folded: Vec<String> = rules[0].duplicates.iter().map(|passage| passage.id.version().to_string()).collect();
    assert_eq!(
        (rules[0].found.passage.id.version().to_string().as_str(), folded),
        ("hospital@1", vec!["reprint@1".to_owned()])
    );
    assert!(rules[1].duplicates.is_empty(), "another dose is another rule");
    let shown = serde_json::to_value(ResultView::of(&snapshot, None, "x", &answer, 0.0)).expect("JSON");
    assert!(shown["passages"][0]["duplicates"][0]["id"].as_str().is_some_and(|id| id.starts_with("reprint@1#")));
}

#[test]
fn an_old_edition_in_the_same_words_is_not_folded_into_the_new() {
    let folder = folder();
    let sources = [
        Source { id: "marsh@2020", sidecar: "", text: RULE },
        Source { id: "marsh@2025", sidecar: "supersedes = [\"marsh@2020\"]", text: RULE },
    ];
    let snapshot = corpus_of(folder.path(), &sources);
    let answer = ask(&snapshot, "quinsulfate 200 mg twice a day", 5);
    assert!(answer.passages.iter().all(|ranked| ranked.duplicates.is_empty()));
    let rules = answer.passages.iter().filter(|ranked| ranked.found.passage.text().contains("quinsulfate"));
    let rules: Vec<String> = rules.map(|ranked| ranked.found.passage.id.version().to_string()).collect();
    assert_eq!(rules, ["marsh@2025", "marsh@2020"]);
}

#[test]
fn a_status_that_nobody_checked_lately_says_so() {
    let folder = folder();
    let sources = [
        Source { id: "fresh@1", sidecar: "last_checked = 2026-01-10\ncadence = \"P1M\"", text: RULE },
        Source { id: "unseen@1", sidecar: "", text: RULE },
        Source {
            id: "argued@1",
            sidecar: "last_checked = 2026-01-10\n[[notices]]\nkind = \"legally_contested\"\nsince = 2026-01-20",
            text: RULE,
        },
    ];
    let snapshot = corpus_of(folder.path(), &sources);
    let currency = |id: &str, day: i8| {
        let day = Day::standing_on(jiff::civil::date(2026, 2, day));
        snapshot.catalogue().standing(&id.parse().expect("an id"), day).currency
    };
    assert_eq!(currency("fresh@1", 10), Some(Currency::Confirmed));
    assert_eq!(currency("fresh@1", 11), Some(Currency::Unknown));
    assert_eq!(currency("unseen@1", 1), Some(Currency::Unknown));
    assert_eq!(currency("argued@1", 1), Some(Currency::LegallyContested));
    let mut options = Options { k: 9, ..Options::default() };
    options.as_of = Some(jiff::civil::date(2026, 1, 15));
    let answer =
        evidence::gather(&snapshot, &Claim::new("quinsulfate").expect("a claim"), &options).expect("an answer");
    let shown = serde_json::to_value(ResultView::of(&snapshot, None, "x", &answer, 0.0)).expect("JSON");
    let passages = shown["passages"].as_array().expect("passages");
    assert!(!passages.is_empty());
    for passage in passages {
        let (id, currency) = (&passage["document"]["id"], &passage["document"]["currency"]);
        let expected = if id == "unseen" { "unknown" } else { "confirmed" };
        assert_eq!(currency, expected, "{id}");
        assert_eq!(passage["document"]["caution"].is_string(), id == "unseen", "{id}");
    }
}
