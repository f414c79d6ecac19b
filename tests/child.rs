//! The reader child: the same text as reading in place, and whatever a child does, the parent goes on.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use groundline::corpus::{Corpus, Format};
use groundline::document::{self, ChildReader, Limits};
use groundline::index::Store;
use groundline::ingest;

use crate::support::{PROGRAM, fixture_corpus, folder, read_here};

#[test]
fn a_child_reads_what_reading_in_place_reads() {
    let child = ChildReader::new(PROGRAM);
    for (name, format) in [("fen-rash-2010.html", Format::Html), ("marsh-fever-2024.md", Format::Markdown)] {
        let bytes = fs::read(fixture_corpus().join(name)).expect("a fixture");
        let here = document::read(format, &bytes, &Limits::default()).expect("readable");
        assert_eq!(child.read(format, &mut bytes.as_slice()).expect("readable"), here, "{name}");
    }
}

#[test]
fn a_child_reports_why_a_file_is_refused() {
    let child = ChildReader::new(PROGRAM);
    let here = document::read(Format::Pdf, b"%PDF-1.7 nothing", &Limits::default()).expect_err("broken").to_string();
    assert_eq!(refusal(&child, Format::Pdf, b"%PDF-1.7 nothing"), here);
    assert_eq!(refusal(&child, Format::Html, b""), "no usable text: the file has no bytes");
}

#[test]
fn a_child_that_hangs_is_ended_in_time() {
    let (_folder, program) = script("sleep 60");
    let started = Instant::now();
    let child = ChildReader::new(program).with_wall(Duration::from_millis(200));
    assert_eq!(refusal(&child, Format::Html, b"<p>x"), "the reader was stopped: it took longer than 0.2 seconds");
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn what_a_child_leaves_behind_keeps_nobody_waiting() {
    // A descendant holds both pipes open after the child itself has ended.
    for commands in ["sleep 60 & exit 0", "sleep 60 & exit 1"] {
        let (_folder, program) = script(commands);
        let started = Instant::now();
        let child = ChildReader::new(program).with_wall(Duration::from_secs(5));
        refusal(&child, Format::Html, &vec![b'x'; 1 << 20]);
        assert!(started.elapsed() < Duration::from_secs(20), "{commands}");
    }
}

#[test]
fn a_child_that_dies_or_babbles_is_one_refused_document() {
    for (commands, reason) in [
        ("exit 3", "it gave up on the file"),
        ("kill -SEGV $$", "it ran out of stack"),
        ("kill -ABRT $$", "it needed more than"),
        ("kill -XCPU $$", "seconds of processor time"),
        ("kill -KILL $$", "it was killed from outside"),
        ("kill -SYS $$", "it did something that a reader may not do"),
        ("echo no answer", "its answer is broken"),
        ("cat /dev/zero", "its answer is longer than 12 MiB"),
        ("printf '\\036document\\n'; cat /dev/zero", "its answer is longer than 12 MiB"),
    ] {
        let (_folder, program) = script(commands);
        let started = Instant::now();
        let error = refusal(&ChildReader::new(program), Format::Html, &vec![b'x'; 1 << 20]);
        assert!(error.contains(reason), "{commands}: {error}");
        assert!(started.elapsed() < Duration::from_secs(20), "{commands}");
    }
    let missing = refusal(&ChildReader::new("/nonexistent/reader"), Format::Html, b"x");
    assert!(missing.contains("/nonexistent/reader could not be started"), "{missing}");
}

#[test]
fn a_library_that_prints_is_not_taken_for_the_answer() {
    let (_folder, program) = script(&format!("echo 'Unicode mismatch'; exec {PROGRAM} \"$@\""));
    let bytes = fs::read(fixture_corpus().join("fen-rash-2010.html")).expect("a fixture");
    assert!(ChildReader::new(program).read(Format::Html, &mut bytes.as_slice()).is_ok());
}

#[test]
fn a_file_that_cannot_be_read_to_its_end_is_refused() {
    struct Failing(usize);
    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            buffer[0] = b'x';
            if self.0 < 3_000 { Ok(1) } else { Err(std::io::Error::other("the disk is gone")) }
        }
    }
    let error = ChildReader::new(PROGRAM).read(Format::Plain, &mut Failing(0)).expect_err("refused").to_string();
    assert_eq!(error, "the reader was stopped: the file could not be read");
}

#[test]
fn memory_without_end_ends_the_child_and_nothing_else() {
    let nodes = "<p>x".repeat(15 << 20);
    let error = refusal(&ChildReader::new(PROGRAM), Format::Html, nodes.as_bytes());
    assert!(error.contains("it needed more than 512 MiB of memory"), "{error}");
}

#[test]
fn a_paged_document_has_at_most_three_thousand_pages() {
    let child = ChildReader::new(PROGRAM);
    let error = refusal(&child, Format::Pdf, &blank_pages(3_001));
    assert_eq!(error, "the number of pages is 3001, more than the limit of 3000");
    let error = refusal(&child, Format::Pdf, &blank_pages(3_000));
    assert_eq!(error, "no usable text: 0 characters were found, fewer than 200");
}

#[cfg(target_os = "linux")]
#[test]
fn the_program_confines_itself_before_it_reads() {
    if !has_filters() {
        return;
    }
    let mut child = waiting_child();
    let process = PathBuf::from(format!("/proc/{}", child.id()));
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(process.join(file)).unwrap_or_default();
        text.lines().find_map(|line| line.strip_prefix(name).map(|rest| rest.trim().to_owned())).unwrap_or_default()
    };
    // The list of system calls comes last; then the rest is in force.
    until("the child confines itself", || filters(&process) > filters(Path::new("/proc/self")));
    assert_eq!(field("status", "NoNewPrivs:"), "1");
    for (limit, expected) in [
        ("Max address space", "536870912 536870912"),
        ("Max cpu time", "20 21"),
        ("Max core file size", "0 0"),
        ("Max file size", "0 0"),
        ("Max open files", "0 0"),
        ("Max processes", "0 0"),
    ] {
        let found: Vec<String> = field("limits", limit).split_whitespace().take(2).map(str::to_owned).collect();
        assert_eq!(found.join(" "), expected, "{limit}");
    }
    child.kill().expect("killed");
    child.wait().expect("collected");
}

#[cfg(target_os = "linux")]
#[test]
fn the_first_child_tells_how_it_was_confined() {
    let child = ChildReader::new(PROGRAM);
    let clone = child.clone();
    assert_eq!(clone.confinement(), None);
    refusal(&child, Format::Html, b"");
    let confinement = clone.confinement().expect("told to all clones");
    assert!(confinement.dies_with_parent, "{confinement}");
    assert_eq!(confinement.system_calls, has_filters(), "{confinement}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_child_dies_with_its_parent() {
    // A shell stands for the server: it starts a child as the server does, and is killed. Our end of the pipe stays
    // open, so the child would wait for ever.
    let mut shell = Command::new("sh")
        .args(["-c", "exec 3<&0; \"$0\" read-document html $$ <&3 & echo $!; wait", PROGRAM])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let _open = shell.stdin.take();
    let mut line = Vec::new();
    let mut output = shell.stdout.take().expect("a pipe");
    while line.last() != Some(&b'\n') {
        let mut byte = [0];
        output.read_exact(&mut byte).expect("the child's number");
        line.push(byte[0]);
    }
    let child = Path::new("/proc").join(String::from_utf8_lossy(&line).trim());
    let state = || fs::read_to_string(child.join("status")).unwrap_or_default();
    // Its last descriptor limit comes after the wish to die with the parent.
    let limits = || fs::read_to_string(child.join("limits")).unwrap_or_default();
    until("the child confines itself", || limits().lines().any(|line| line.starts_with("Max processes             0")));
    shell.kill().expect("killed");
    shell.wait().expect("collected");
    until("the child is gone", || !child.exists() || state().contains("State:\tZ"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_child_whose_parent_is_gone_does_not_begin() {
    let output = Command::new(PROGRAM).args(["read-document", "html", "4294967"]).stdin(Stdio::null()).output();
    assert_eq!(output.expect("starts").status.code(), Some(1));
    // And the parent that a child is told is the one that it has.
    let (folder, program) = script("echo $3 $PPID > \"$0.parent\"");
    refusal(&ChildReader::new(program), Format::Html, b"x");
    let told = fs::read_to_string(folder.path().join("reader.parent")).expect("told");
    let (expected, actual) = told.trim().split_once(' ').expect("two numbers");
    assert_eq!(expected, actual);
}

#[test]
fn a_hanging_document_holds_up_no_other() {
    let folder = folder();
    let source = fs::read_to_string(fixture_corpus().join("marsh-fever-2024.md")).expect("a fixture");
    for n in 0..8 {
        // The first in order is the one that hangs.
        let text = if n == 0 { format!("{source}\n\nHANGS\n") } else { format!("{source}\n\nNumber {n}.\n") };
        fs::write(folder.path().join(format!("doc-{n}.md")), text).expect("written");
    }
    let corpus = Corpus::open(&[folder.path().to_owned()]).expect("a corpus");
    let (others, all_read) = channel();
    let (others, all_read) = (Mutex::new(others), Mutex::new(all_read));
    let read = |format, content: &mut (dyn Read + Send)| {
        let document = read_here(format, content)?;
        if document.text.as_str().contains("HANGS") {
            // Hangs until all others were read: a pool that waited for it would never end.
            for _ in 0..7 {
                let one = all_read.lock().expect("no panic").recv_timeout(Duration::from_secs(20));
                one.expect("the others are read meanwhile");
            }
        } else {
            others.lock().expect("no panic").send(()).expect("somebody listens");
        }
        Ok(document)
    };
    let outcome = ingest::build(&corpus, &Store::new(folder.path().join("index")), 2, &read, &mut |_, _, _| {});
    assert_eq!(outcome.expect("a snapshot").manifest.versions, 8);
}

fn refusal(child: &ChildReader, format: Format, mut bytes: &[u8]) -> String {
    child.read(format, &mut bytes).expect_err("refused").to_string()
}

/// A child of the program that waits for its file.
#[cfg(target_os = "linux")]
fn waiting_child() -> Child {
    Command::new(PROGRAM)
        .args(["read-document", "html", &std::process::id().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("starts")
}

/// How many lists of system calls hold for a process: a container may have put one on this one too.
#[cfg(target_os = "linux")]
fn filters(process: &Path) -> Option<u32> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("Seccomp_filters:"))?.trim().parse().ok()
}

/// Whether the kernel has them; that it has not is said.
#[cfg(target_os = "linux")]
#[expect(clippy::print_stdout, reason = "absence is said, not hidden")]
fn has_filters() -> bool {
    let has = filters(Path::new("/proc/self")).is_some();
    if !has {
        println!("absent: seccomp; what it forbids was not tried");
    }
    has
}

#[cfg(target_os = "linux")]
fn until(what: &str, mut is: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is() {
        assert!(started.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A PDF of so many pages with nothing on them.
fn blank_pages(count: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..count).map(|n| format!("{} 0 R", n + 3)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {count}/Kids[{}]>>", kids.join(" ")),
    ];
    objects.extend((0..count).map(|_| "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>".to_owned()));
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1).expect("written");
    }
    let start = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).expect("written");
    for offset in &offsets {
        writeln!(file, "{offset:010} 00000 n ").expect("written");
    }
    write!(file, "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).expect("written");
    file
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
