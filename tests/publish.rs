//! Publishing: a build that is killed at any moment leaves the old snapshot or the new one, whole, and nothing between.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use groundline::index::Store;

use crate::support::{command, fixture_corpus, folder, run_in, stderr, stdout};

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
        std::thread::sleep(whole * kill / 22);
        // It may have ended by itself: then there is nothing left to kill.
        let _ = child.kill();
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

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for name in names(from) {
        fs::copy(from.join(&name), to.join(&name)).expect("copied");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}
