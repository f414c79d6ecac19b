//! Files made to break a reader, read from beside the project where they are, and those that their generator writes.
//!
//! Whatever the file: the parent lives and stays small, the answer comes in time, and what is refused has a reason.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use groundline::corpus::Format;
use groundline::document::ChildReader;
use serde_json::Value;

use crate::support::{PROGRAM, command, fixture_corpus, folder, shared};

/// What no file may exceed, from the start of its child to its answer.
const LONGEST: Duration = Duration::from_secs(30);

/// What the parent may need for all of them beyond what it needs for one small file, in KiB.
const GROWTH: u64 = 32 << 10;

/// Characters below which a published document would be silently empty.
const FEWEST: usize = 200;

#[test]
fn every_hostile_file_is_read_or_refused_in_time() {
    let folder = folder();
    let files = hostile_files(folder.path());
    let child = ChildReader::new(PROGRAM);
    let waiting = Mutex::new(files.iter());
    let rows = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(path) = { waiting.lock().expect("no panic").next() } {
                    let row = outcome(&child, path);
                    rows.lock().expect("no panic").push(row);
                }
            });
        }
    });
    let mut rows = rows.into_inner().expect("no panic");
    rows.sort();
    for (name, seconds, told) in &rows {
        println!("{name:<44} {seconds:>6} s  {told}");
    }
    assert_eq!(rows.len(), files.len());
    println!("{} files, {} refused", rows.len(), rows.iter().filter(|row| row.2.starts_with("refused")).count());
}

/// Name, seconds, and what came of it.
fn outcome(child: &ChildReader, path: &Path) -> (String, String, String) {
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    let format = Format::of(path).expect("a known ending");
    let mut file = fs::File::open(path).expect("a readable file");
    let started = Instant::now();
    let read = child.read(format, &mut file);
    let took = started.elapsed();
    assert!(took < LONGEST, "{name} took {took:?}");
    let told = match read {
        Ok(document) => {
            assert!(document.text.len() >= FEWEST, "{name}: published with next to no text");
            format!("read: {} characters, {} pages", document.text.len(), document.pages.len())
        }
        Err(error) => {
            let reason = error.to_string();
            // A sentence for an editor, not the bare name of a signal or an empty string.
            assert!(reason.split_whitespace().count() >= 4, "{name}: {reason:?}");
            format!("refused: {reason}")
        }
    };
    (name, format!("{:.1}", took.as_secs_f32()), told)
}

#[cfg(target_os = "linux")]
#[test]
fn hostile_files_neither_end_the_parent_nor_make_it_large() {
    let (hostile, small) = (folder(), folder());
    let files = hostile_files(hostile.path());
    for path in files.iter().filter(|path| path.parent() != Some(hostile.path())) {
        fs::copy(path, hostile.path().join(path.file_name().expect("a name"))).expect("copied");
    }
    fs::copy(fixture_corpus().join("marsh-fever-2024.md"), small.path().join("one.md")).expect("copied");
    let (least, answer) = peak(small.path());
    assert_eq!(answer["snapshot"]["versions"], 1, "{answer}");
    let (most, answer) = peak(hostile.path());
    let refused = answer["rejected"].as_array().expect("a list");
    println!(
        "peak of the parent: {least} KiB for one small file, {most} KiB for {} hostile ones of which {} were refused",
        files.len(),
        refused.len()
    );
    assert_eq!(refused.len() as u64 + answer["snapshot"]["versions"].as_u64().expect("a number"), files.len() as u64);
    assert!(refused.iter().all(|one| one["reason"].as_str().is_some_and(|reason| !reason.is_empty())));
    assert!(most <= least + GROWTH, "{most} KiB, {} more than for one small file", most - least);
}

/// Builds an index of a folder, and returns the parent's greatest resident size in KiB with what it printed.
#[cfg(target_os = "linux")]
fn peak(corpus: &Path) -> (u64, Value) {
    let folder = folder();
    let corpus = corpus.to_str().expect("a path");
    let mut build = command(folder.path(), &["index", "build", "--json", "--corpus", corpus])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let mut output = build.stdout.take().expect("a pipe");
    let printed = std::thread::spawn(move || {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut output, &mut text).map(|_| text)
    });
    let status = format!("/proc/{}/status", build.id());
    let mut peak = 0;
    let ended = loop {
        // The kernel keeps the peak itself, so only the last moments before the end can be missed.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let kibibytes = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        peak = peak.max(kibibytes.and_then(|number| number.trim().parse().ok()).unwrap_or_default());
        if let Some(ended) = build.try_wait().expect("a status") {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(matches!(ended.code(), Some(0 | 3)), "{ended}");
    let printed = printed.join().expect("no panic").expect("text");
    (peak, serde_json::from_str(&printed).expect("JSON"))
}

/// The stored files and the generated ones, the latter written to `folder`.
fn hostile_files(folder: &Path) -> Vec<PathBuf> {
    let Some(bad) = shared("bad-inputs") else { return Vec::new() };
    let mut files: Vec<PathBuf> = ["pdf", "html"].iter().flat_map(|kind| listed(&bad.join(kind))).collect();
    generate(&bad.join("html/gen_big.py"), folder);
    files.extend(listed(folder));
    files.retain(|path| Format::of(path).is_some());
    files
}

/// Runs the generator; where it cannot run that is said, and is a failure in continuous integration.
#[expect(clippy::print_stdout, reason = "absence is said, not hidden")]
fn generate(generator: &Path, folder: &Path) {
    match Command::new("python3").arg(generator).arg(folder).stdout(Stdio::null()).status() {
        Ok(status) => assert!(status.success(), "{} failed", generator.display()),
        Err(error) => {
            assert!(std::env::var("CI").map_or(true, |ci| ci != "true"), "python3 cannot be started: {error}");
            println!("absent: python3 ({error}); the generated files were not tried");
        }
    }
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    found.sort();
    found
}
