//! Publishing: a build that is killed at any moment leaves the old snapshot or the new one, whole, and nothing between.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use groundline::corpus::Corpus;
use groundline::document;
use groundline::index::{Manifest, SnapshotId, Store};
use groundline::ingest;

use crate::support::{command, copy, fixture_corpus, folder, read_here, run_in, stderr, stdout};

#[test]
fn a_killed_build_leaves_the_old_snapshot_or_the_new_one() {
    let folder = folder();
    let corpus = folder.path().join("corpus");
    copy(&fixture_corpus(), &corpus);
    assert_eq!(run_in(folder.path(), &["index", "build"]).status.code(), Some(0));
    let whole = build_time(folder.path(), &corpus);
    let (mut old, mut new) = (0, 0);
    for kill in 0..24u32 {
        let before = active(folder.path());
        change(&corpus, &format!("kill{kill}"));
        let mut build = command(folder.path(), &["index", "build"]);
        build.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let mut child = build.spawn().expect("the program starts");
        // The last ones are left to end by themselves, however slow the machine is now.
        if kill < 22 {
            std::thread::sleep(whole * kill / 22);
            // It may have ended already: then there is nothing left to kill.
            let _ = child.kill();
        }
        child.wait().expect("it ended");
        let after = active(folder.path());
        let side = if after == before { &mut old } else { &mut new };
        *side += 1;
        let store = Store::new(folder.path().join("index"));
        store.active().expect("the active snapshot is whole");
    }
    println!("{old} builds were killed before, {new} after they had published");
    assert!(old > 0 && new > 0, "old {old}, new {new}: the kills did not reach both sides");
    let last = run_in(folder.path(), &["index", "build"]);
    assert_eq!(last.status.code(), Some(0), "{}", stderr(&last));
    let left: Vec<String> = names(&folder.path().join("index/snapshots"));
    assert!(left.iter().all(|name| !name.starts_with('.')), "{left:?}");
    let asked = run_in(folder.path(), &["check", "quinsulfate kill23"]);
    assert!(stdout(&asked).contains("kill23"), "{}", stdout(&asked));
}

#[test]
fn a_second_build_waits_for_nobody_and_says_so() {
    let folder = folder();
    let root = folder.path().join("index");
    fs::create_dir_all(&root).expect("a folder");
    let lock = fs::File::create(root.join(".lock")).expect("a lock file");
    lock.lock().expect("locked");
    let corpus = fixture_corpus();
    let output = run_in(folder.path(), &["index", "build", "--corpus", corpus.to_str().expect("a path")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("another build is at work in index"), "{}", stderr(&output));
}

#[test]
fn an_older_snapshot_can_be_made_active_again() {
    let folder = folder();
    let corpus = folder.path().join("corpus");
    copy(&fixture_corpus(), &corpus);
    run_in(folder.path(), &["index", "build"]);
    let first = active(folder.path());
    change(&corpus, "later");
    run_in(folder.path(), &["index", "build"]);
    assert_ne!(first, active(folder.path()));
    assert_eq!(run_in(folder.path(), &["index", "activate", &first]).status.code(), Some(0));
    assert_eq!(first, active(folder.path()));
    let unknown = run_in(folder.path(), &["index", "activate", "0123456789abcdef"]);
    assert!(stderr(&unknown).contains("there is no snapshot 0123456789abcdef in index"), "{}", stderr(&unknown));
}

#[test]
fn a_snapshot_of_another_engine_is_refused_in_plain_words() {
    let folder = folder();
    let corpus = fixture_corpus();
    run_in(folder.path(), &["index", "build", "--corpus", corpus.to_str().expect("a path")]);
    let snapshots = folder.path().join("index/snapshots");
    let here = snapshots.join(active(folder.path()));
    let text = fs::read_to_string(here.join("MANIFEST.json")).expect("a manifest");
    let mut manifest: Manifest = serde_json::from_str(&text).expect("JSON");
    manifest.engine.config_sha256 = "0".repeat(64);
    manifest.id = SnapshotId::of(&manifest.corpus_sha256, &manifest.engine);
    fs::write(here.join("MANIFEST.json"), serde_json::to_vec(&manifest).expect("JSON")).expect("written");
    fs::rename(&here, snapshots.join(manifest.id.as_str())).expect("renamed");
    fs::write(folder.path().join("index/active"), manifest.id.as_str()).expect("written");
    let asked = run_in(folder.path(), &["check", "quinsulfate"]);
    assert_eq!(asked.status.code(), Some(1));
    assert!(stderr(&asked).contains("was built by another edition of this program"), "{}", stderr(&asked));
    let activated = run_in(folder.path(), &["index", "activate", manifest.id.as_str()]);
    assert_eq!(activated.status.code(), Some(1), "{}", stdout(&activated));
}

#[test]
fn a_document_that_bad_luck_kept_out_is_read_again() {
    let folder = folder();
    let corpus = Corpus::open(&[fixture_corpus()]).expect("a corpus");
    let store = Store::new(folder.path());
    let unlucky = |_, _: &mut (dyn Read + Send)| Err(document::Error::Stopped("no memory today".to_owned()));
    let first = ingest::build(&corpus, &store, 1, &unlucky, &mut |_, _, _| {}).expect("published");
    assert_eq!(first.manifest.passages, 0);
    let second = ingest::build(&corpus, &store, 1, &read_here, &mut |_, _, _| {}).expect("published");
    assert!(!second.reused && second.manifest.passages > 0);
    let third = ingest::build(&corpus, &store, 1, &read_here, &mut |_, _, _| {}).expect("published");
    assert!(third.reused);
}

fn active(folder: &Path) -> String {
    fs::read_to_string(folder.join("index/active")).expect("a pointer").trim().to_owned()
}

/// How long a build takes here and now.
fn build_time(folder: &Path, corpus: &Path) -> Duration {
    change(corpus, "timing");
    let started = Instant::now();
    run_in(folder, &["index", "build"]);
    started.elapsed()
}

fn change(corpus: &Path, word: &str) {
    let text = format!(
        "# Note\n\n{}",
        format!("Quinsulfate is named here beside the word {word}, and nothing else is said. ").repeat(6)
    );
    fs::write(corpus.join("note.md"), text).expect("written");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}
