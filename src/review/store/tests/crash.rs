//! A process that dies in the middle of a write leaves the log whole.

use std::env;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::*;

/// Names the file in the child, and how it ends.
const FILE: &str = "GROUNDLINE_TEST_REVIEWS";
const END: &str = "GROUNDLINE_TEST_END";

/// What the child does; without its variables it is no test.
#[test]
fn child() {
    let (Ok(path), Ok(end)) = (env::var(FILE), env::var(END)) else { return };
    let store = Store::open(Path::new(&path)).expect("the store");
    let (reviews, _) = store.reviews(&Page::default(), None).expect("reviews");
    let review = &reviews[0].id;
    let mut last = store.latest_verdict(review, "c1", "ann").expect("a verdict");
    if end == "abort" {
        let refused: Result<(), Error> = store.write(|one| {
            one.execute("UPDATE reviews SET changed_at = 0", [])?;
            // Past what stays in memory, so that half a transaction is on the disk.
            one.execute_batch("PRAGMA cache_spill = 1; PRAGMA cache_size = 10")?;
            for at in 0..2000 {
                let body = format!("{{\"review\":\"{review}\",\"claim\":\"c2\",\"reviewer\":{{\"id\":\"ben\"}},\"task\":\"first\",\"needs_adjudication\":false,\"previous\":{},\"pad\":\"{}\"}}", if at == 0 { "null".to_owned() } else { format!("\"id{}\"", at - 1) }, "x".repeat(500));
                one.execute("INSERT INTO verdicts (id, record) VALUES (?1, ?2)", [format!("id{at}"), body])?;
            }
            std::process::abort()
        });
        panic!("still alive: {refused:?}");
    }
    loop {
        let previous = last.map(|one| one.id);
        last =
            Some(store.add_verdict(review, "c1", "ann", &NewVerdict { previous, ..supported() }).expect("a verdict"));
    }
}

/// Runs the child until it ends, or kills it after a while.
fn run(desk: &Desk, end: &str, after: Option<Duration>) -> ExitStatus {
    let name = module_path!().split_once("::").expect("a path").1.to_owned() + "::child";
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.args(["--exact", &name, "--nocapture"]).env(FILE, desk.path()).env(END, end);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a child");
    if let Some(after) = after {
        thread::sleep(after);
        child.kill().expect("the child");
    }
    child.wait().expect("the child")
}

#[test]
fn half_a_write_is_no_write() {
    let desk = desk();
    let review = desk.review();
    desk.give(&review.id, "c1", "ann", contradicted());
    let before = desk.store.review(&review.id).expect("the review");
    assert!(!run(&desk, "abort", None).success());
    let wal = std::fs::metadata(desk.folder.path().join("reviews.db-wal")).map_or(0, |facts| facts.len());
    assert!(wal > 500_000, "the child wrote nothing that could have been taken for a write: {wal} bytes");
    let again = Store::open(&desk.path()).expect("the store");
    assert_eq!(again.review(&review.id).expect("the review"), before);
    assert!(again.verify().expect("an account").is_whole());
    again.add_verdict(&review.id, "c2", "ben", &contradicted()).expect("a verdict");
}

#[test]
fn a_process_that_is_killed_loses_no_verdict_that_it_was_told_of() {
    let desk = desk();
    let review = desk.review();
    let started = Instant::now();
    let mut kept = 0;
    for round in 0..6 {
        // Until it has written something, however slow the machine is.
        while desk.store.review(&review.id).expect("the review").verdicts.len() == kept
            && started.elapsed() < Duration::from_secs(60)
        {
            assert!(!run(&desk, "loop", Some(Duration::from_millis(60 + 17 * round))).success());
        }
        let verified = desk.verify().expect("an account");
        assert!(verified.is_whole() && verified.verdicts > kept, "{verified:?}");
        kept = verified.verdicts;
    }
}
