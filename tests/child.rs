//! The reader child: the same text as reading in place, and whatever a child does, the parent goes on.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use groundline::corpus::Format;
use groundline::document::{self, ChildReader, Limits};

use crate::support::{PROGRAM, fixture_corpus, folder};

#[test]
fn a_child_reads_what_reading_in_place_reads() {
    let child = ChildReader::new(PROGRAM);
    for (name, format) in [("fen-rash-2010.html", Format::Html), ("marsh-fever-2024.md", Format::Markdown)] {
        let bytes = fs::read(fixture_corpus().join(name)).expect("a fixture");
        let here = document::read(format, &bytes, &Limits::default()).expect("readable");
        assert_eq!(child.read(format, &bytes).expect("readable"), here, "{name}");
    }
}

#[test]
fn a_child_reports_why_a_file_is_refused() {
    let child = ChildReader::new(PROGRAM);
    let here = document::read(Format::Pdf, b"%PDF-1.7 nothing", &Limits::default()).expect_err("broken").to_string();
    assert_eq!(child.read(Format::Pdf, b"%PDF-1.7 nothing").expect_err("broken").to_string(), here);
    let empty = child.read(Format::Html, b"").expect_err("empty").to_string();
    assert_eq!(empty, "no usable text: the file has no bytes");
}

#[test]
fn a_child_that_hangs_is_ended_in_time() {
    let (_folder, program) = script("sleep 60");
    let started = Instant::now();
    let child = ChildReader::new(program).with_wall(Duration::from_millis(200));
    let error = child.read(Format::Html, b"<p>x").expect_err("stopped").to_string();
    assert_eq!(error, "the reader was stopped: it took longer than 0.2 seconds");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_child_that_dies_or_babbles_is_one_refused_document() {
    for (commands, reason) in [
        ("exit 3", "it gave up on the file"),
        ("kill -SEGV $$", "it ran out of stack"),
        ("kill -ABRT $$", "it needed more than"),
        ("kill -XCPU $$", "seconds of processor time"),
        ("echo no JSON", "its answer is broken"),
    ] {
        let (_folder, program) = script(commands);
        let error =
            ChildReader::new(program).read(Format::Html, &vec![b'x'; 1 << 20]).expect_err("stopped").to_string();
        assert!(error.contains(reason), "{commands}: {error}");
    }
    let missing = ChildReader::new("/nonexistent/reader").read(Format::Html, b"x").expect_err("no program").to_string();
    assert!(missing.contains("/nonexistent/reader could not be started"), "{missing}");
}

#[test]
fn a_library_that_prints_is_not_taken_for_the_answer() {
    let (_folder, program) = script(&format!("echo 'Unicode mismatch'; exec {PROGRAM} \"$@\""));
    let bytes = fs::read(fixture_corpus().join("fen-rash-2010.html")).expect("a fixture");
    assert!(ChildReader::new(program).read(Format::Html, &bytes).is_ok());
}

/// A program of its own that runs some shell commands.
///
/// Another process writes the file that is run: were it open for writing here, even for a moment, a child that another
/// test starts right then would inherit the handle, and starting the program would fail as "text file busy".
fn script(commands: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = folder();
    let (text, path) = (folder.path().join("reader.sh"), folder.path().join("reader"));
    fs::write(&text, format!("#!/bin/sh\nPATH=/bin:/usr/bin\n{commands}\n")).expect("written");
    let installed = Command::new("install").args(["-m", "755"]).args([&text, &path]).status().expect("starts");
    assert!(installed.success());
    (folder, path)
}
