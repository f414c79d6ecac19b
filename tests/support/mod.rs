//! What tests share: the program as a process, a small corpus, and folders of their own.

pub(crate) mod browser;
mod encoder;
pub(crate) mod pdf;
pub(crate) mod publisher;
mod service;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use groundline::corpus::{Corpus, Format};
use groundline::document::{self, Document, Limits};
use groundline::index::{Ranking, Snapshot, Store};
use groundline::ingest;
use groundline::meaning::StaticEncoder;

pub(crate) use encoder::Hashing;
pub(crate) use service::{Answer, Running, quick, until_closed};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_groundline");

/// The fixture corpus: invented guidelines, each showing one difficulty.
pub(crate) fn fixture_corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/corpus")
}

/// The real documents and data sets beside the project, or `None` where they are absent, which is said.
#[expect(clippy::print_stdout, reason = "absence is said, not hidden")]
pub(crate) fn shared(part: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(part);
    if path.exists() {
        return Some(path);
    }
    println!("absent: ../shared/{part}; this test measured nothing");
    None
}

/// A folder of its own, removed afterwards.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Copies the files of a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
    }
}

/// Runs the program in a folder, with nothing of the caller's settings.
pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("the program starts")
}

/// Runs the program in a folder with something on its standard input.
pub(crate) fn piped(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command(folder, arguments);
    let mut child =
        child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut open = child.stdin.take().expect("standard input");
    open.write_all(input).expect("the program reads");
    drop(open);
    child.wait_with_output().expect("the program ends")
}

/// The program as a command in a folder, with nothing of the caller's settings.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    // No model that a user has installed, and nothing left in the user's folders.
    command.env("XDG_DATA_HOME", folder.join("data-home")).env("XDG_CACHE_HOME", folder.join("cache-home"));
    for name in [
        "GROUNDLINE_CORPUS",
        "GROUNDLINE_DATA",
        "GROUNDLINE_EDITOR",
        "GROUNDLINE_INDEX",
        "GROUNDLINE_LISTEN",
        "GROUNDLINE_LOG",
        "GROUNDLINE_MODELS",
        "GROUNDLINE_RANKER",
    ] {
        command.env_remove(name);
    }
    command
}

/// What a command printed as data.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a command told a person.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Reads a document in place.
pub(crate) fn read_here(format: Format, content: &mut (dyn Read + Send)) -> Result<Document, document::Error> {
    let mut bytes = Vec::new();
    content.read_to_end(&mut bytes).expect("a readable file");
    document::read(format, &bytes, &Limits::default())
}

/// A store as the program has it where nothing is said about ranking.
pub(crate) fn store(index: impl Into<PathBuf>) -> Store {
    Store::new(index).ranked(Ranking::new(None, vec![StaticEncoder::embedded().expect("the table")]))
}

/// A snapshot of some corpus folders, read in place, in a store of its own.
pub(crate) fn snapshot_of(corpus: &Path, index: &Path, threads: usize) -> (Store, Snapshot) {
    let corpus = Corpus::open(&[corpus.to_owned()]).expect("a corpus");
    let store = store(index);
    let outcome = ingest::build(&corpus, &store, threads, &read_here, &mut |_, _, _| {}).expect("a snapshot");
    let snapshot = store.open(&outcome.manifest.id).expect("an intact snapshot");
    (store, snapshot)
}
