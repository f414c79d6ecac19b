//! Snapshots that come and go: diff, rollback, pins, pruning, and a service that goes on answering all the while.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use groundline::corpus::Corpus;
use groundline::http::Settings;
use groundline::index::{Needed, SnapshotId, Store};
use groundline::ingest;
use serde_json::{Value, json};

use crate::support::{Running, copy, fixture_corpus, folder, read_here, run_in, stderr, stdout};

fn text(word: &str) -> String {
    let filler = "Nothing is said in this line, which is here so that the text is long enough. ".repeat(4);
    format!(
        "# Advice\n\nRecommendation 1: We recommend quinsulfate {word} for adults aged 40 to 59 years.\n\n# More\n\n{filler}"
    )
}

/// Builds the snapshot in which the note says `word`.
#[track_caller]
fn build(corpus: &Path, store: &Store, word: &str) -> SnapshotId {
    fs::write(corpus.join("note.md"), text(word)).expect("written");
    fs::write(corpus.join("note.toml"), "id = \"note\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\n").expect("written");
    let corpus = Corpus::open(&[corpus.to_owned()]).expect("a corpus");
    ingest::build(&corpus, store, 2, &read_here, &mut |_, _, _| {}).expect("published").manifest.id
}

fn ids(names: &[&SnapshotId]) -> Vec<SnapshotId> {
    let mut ids: Vec<SnapshotId> = names.iter().map(|id| (*id).clone()).collect();
    ids.sort();
    ids
}

/// What pruning keeps and why, what it removes.
#[track_caller]
fn prune(store: &Store, keep: usize, removed: &[&SnapshotId], kept: &[(&SnapshotId, Needed)]) -> u64 {
    for dry in [true, false] {
        let mut pruned = store.prune(keep, dry).expect("pruned");
        pruned.removed.sort();
        assert_eq!(pruned.removed, ids(removed), "dry: {dry}");
        let found: BTreeMap<_, _> = pruned.kept.iter().map(|(id, why)| (id, why.reason())).collect();
        let expected: BTreeMap<_, _> = kept.iter().map(|(id, why)| (*id, why.reason())).collect();
        assert_eq!(found, expected, "dry: {dry}");
        assert_eq!(removed.iter().any(|id| store.manifest(id).is_err()), !dry && !removed.is_empty());
        if !dry {
            return pruned.bytes;
        }
    }
    0
}

#[test]
fn pruning_leaves_what_is_needed_and_harms_none_of_it() {
    let folder = folder();
    let (corpus, store) = (folder.path().join("corpus"), Store::new(folder.path().join("index")));
    copy(&fixture_corpus(), &corpus);
    let [a, b, c, d, e] = ["alder", "birch", "cedar", "elm", "fir"].map(|word| build(&corpus, &store, word));
    store.pin(&a, Some("review 7".to_owned())).expect("pinned");
    let open = store.open(&b).expect("intact");
    let (back, active) = ((&d, Needed::RollbackTarget), (&e, Needed::Active));
    let left = store.root().join("snapshots/.building-0123456789abcdef");
    fs::create_dir(&left).expect("a folder");
    fs::write(left.join("half"), [0; 5000]).expect("written");
    let size =
        |id: &SnapshotId| -> u64 { store.manifest(id).expect("there").files.values().map(|file| file.bytes).sum() };
    let whole = size(&c);
    let bytes = prune(&store, 0, &[&c], &[(&a, Needed::Pinned), (&b, Needed::Open), back, active]);
    // What is shared with others goes on being there, so less is freed than the snapshot holds.
    assert!(bytes > 5000 && bytes < whole + 5000, "{bytes} freed; the snapshot holds {whole}, some of it shared");
    assert!(!left.exists());
    let note = "note@1".parse().expect("an id");
    assert!(open.document(&note).expect("intact").expect("a document").text.as_str().contains("birch"));
    drop(open);
    assert!(store.unpin(&a).expect("unpinned"));
    prune(&store, 0, &[&a, &b], &[back, active]);
    for id in [&d, &e] {
        assert_eq!(store.verify(id).expect("a manifest"), Vec::<String>::new());
        let snapshot = store.open(id).expect("intact");
        for entry in snapshot.entries().filter(|entry| entry.passages() > 0) {
            assert!(snapshot.document(&entry.facts.id).expect("intact").is_some());
        }
    }
    assert_eq!(store.rollback(None).expect("back"), d);
    prune(&store, 2, &[], &[(&e, Needed::Recent), (&d, Needed::Active)]);
    prune(&store, 0, &[&e], &[(&d, Needed::Active)]);
}

#[test]
fn what_was_moved_aside_for_a_snapshot_that_never_came_is_put_back() {
    let folder = folder();
    let (corpus, store) = (folder.path().join("corpus"), Store::new(folder.path().join("index")));
    copy(&fixture_corpus(), &corpus);
    let a = build(&corpus, &store, "alder");
    let snapshots = store.root().join("snapshots");
    fs::rename(snapshots.join(a.as_str()), snapshots.join(format!(".old-{a}"))).expect("moved aside");
    store.prune(3, false).expect("pruned");
    assert_eq!(store.active().expect("intact").manifest().id, a);
}

#[test]
fn the_commands_tell_what_they_did() {
    let folder = folder();
    let corpus = folder.path().join("corpus");
    copy(&fixture_corpus(), &corpus);
    let store = Store::new(folder.path().join("index"));
    let [a, b] = ["alder", "birch"].map(|word| build(&corpus, &store, word));
    let told = |arguments: &[&str], code: i32| {
        let output = run_in(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        (serde_json::from_str::<Value>(&stdout(&output)).unwrap_or_default(), stderr(&output), stdout(&output))
    };
    let (diff, ..) = told(&["index", "diff", "--json"], 0);
    assert_eq!((diff["before"].as_str(), diff["after"].as_str()), (Some(a.as_str()), Some(b.as_str())));
    assert_eq!(diff["counts"], json!({"appeared": 0, "vanished": 0, "changed": 1, "moved": 0}), "{diff:#}");
    assert_eq!(diff["documents"][0]["id"], "note@1");
    assert_eq!(diff["documents"][0]["changed"][0]["differs"], json!(["words"]));
    assert!(told(&["index", "diff"], 0).2.contains("birch"));
    let (same, ..) = told(&["index", "diff", a.as_str(), a.as_str(), "--json"], 0);
    assert_eq!(same["documents"], json!([]));
    assert!(told(&["index", "diff", "0123456789abcdef"], 1).1.contains("there is no snapshot 0123456789abcdef"));
    assert!(told(&["index", "diff", "x"], 2).1.contains("no snapshot id"));
    assert_eq!(told(&["index", "pin", a.as_str(), "--note", "review 7", "--json"], 0).0["pin"]["note"], "review 7");
    assert!(told(&["index", "list"], 0).2.contains("pinned: review 7"));
    assert_eq!(told(&["index", "rollback", "--json"], 0).0, json!({"active": a, "before": b}));
    assert!(told(&["index", "rollback"], 1).1.contains("no snapshot was active in index before"));
    let (history, ..) = told(&["index", "history", "--json"], 0);
    let acts: Vec<&str> =
        history["activations"].as_array().expect("a list").iter().filter_map(|one| one["act"].as_str()).collect();
    assert_eq!(acts, ["rollback", "build", "build"], "{history:#}");
    assert!(history["activations"][0]["by"].as_str().is_some_and(|by| !by.is_empty()));
    let (pruned, ..) = told(&["index", "prune", "--keep", "0", "--dry-run", "--json"], 0);
    assert_eq!(pruned["removed"], json!([b]), "{pruned:#}");
    told(&["index", "unpin", a.as_str()], 0);
    assert!(told(&["index", "unpin", a.as_str()], 1).1.contains("has no pin in index"));
    assert!(told(&["index", "prune", "--keep", "0"], 0).2.contains("1 snapshots removed"));
    assert_eq!(store.list().expect("a list").len(), 1);
}

/// The words that each snapshot's note says.
type Known = Mutex<BTreeMap<String, String>>;

/// Asks in three ways, and fails where an answer is not of the snapshot that it names.
#[track_caller]
fn ask(running: &Running, known: &Known, seen: &Known) {
    let claim = "quinsulfate for adults aged 40 to 59 years";
    let body = json!({"items": [{"claim": claim}, {"claim": claim}], "k": 20, "include": ["context"]});
    let line = format!("{}\n", json!({"claim": claim, "k": 20}));
    let answers = [
        running.post("/v1/evidence", body.to_string()),
        running.request("POST", "/v1/evidence", &[("content-type", "application/x-ndjson")], line),
    ];
    for answer in answers {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let answer = answer.json();
        let snapshot = answer["snapshot"]["id"].as_str().expect("an id").to_owned();
        let words = known.lock().unwrap_or_else(PoisonError::into_inner).get(&snapshot).cloned();
        let words = words.unwrap_or_else(|| panic!("{snapshot} was never built"));
        let results = answer["results"].as_array().cloned().unwrap_or_else(|| vec![answer.clone()]);
        for result in results {
            let passages = result["passages"].as_array().unwrap_or_else(|| panic!("{result:#}"));
            let note = passages.iter().find(|passage| passage["document"]["id"] == "note");
            let quote = note.and_then(|note| note["quote"].as_str()).unwrap_or_else(|| panic!("{result:#}"));
            assert!(quote.contains(&format!("quinsulfate {words} ")), "{snapshot} says {words}: {quote}");
        }
        seen.lock().unwrap_or_else(PoisonError::into_inner).insert(snapshot, words);
    }
    let page = running.get("/r/note@1");
    assert_eq!(page.status, 200, "{}", page.text());
}

#[test]
fn a_running_service_answers_every_request_while_snapshots_come_and_go() {
    let folder = folder();
    let (corpus, index) = (folder.path().join("corpus"), folder.path().join("index"));
    copy(&fixture_corpus(), &corpus);
    let store = Store::new(&index);
    let (known, seen): (Known, Known) = Default::default();
    let publish = |word: &str| {
        // Known before it is published: ids follow from the corpus alone.
        let scratch = Store::new(folder.path().join(format!("scratch-{word}")));
        let id = build(&corpus, &scratch, word);
        known.lock().expect("no panic").insert(id.to_string(), word.to_owned());
        assert_eq!(build(&corpus, &store, word), id);
        id
    };
    let first = publish("alder");
    let settings = Settings { follow: Duration::from_millis(10), ..Settings::default() };
    let running = Running::over(&index, settings, 100);
    let (ended, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let askers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    while !ended.load(Ordering::Relaxed) {
                        ask(&running, &known, &seen);
                        asked.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        let turn = || {
            // Each snapshot is in use for some requests, however slow the machine.
            let (before, begun) = (asked.load(Ordering::Relaxed), Instant::now());
            while asked.load(Ordering::Relaxed) < before + 6 && begun.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        let churn = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for word in ["birch", "cedar", "elm", "fir", "hazel"] {
                let id = publish(word);
                turn();
                let back = store.rollback(None).expect("back");
                turn();
                store.activate(&id, None).expect("still there");
                store.prune(0, false).expect("pruned");
                turn();
                assert_ne!(back, id);
            }
        }));
        ended.store(true, Ordering::Relaxed);
        for asker in askers {
            if let Err(panic) = asker.join() {
                std::panic::resume_unwind(panic);
            }
        }
        if let Err(panic) = churn {
            std::panic::resume_unwind(panic);
        }
    });
    assert!(seen.lock().expect("no panic").len() >= 5, "{seen:?}: the service did not follow");
    assert!(store.manifest(&first).is_err(), "the first snapshot was pruned long ago");
}
