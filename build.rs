//! Fingerprints the code that turns bytes into an index, and claims into evidence.
//!
//! A snapshot is named by its corpus and by the engine that read it. A version number that a person must remember to raise
//! would sooner or later let two different readings share one name, so the fingerprint is taken of the sources themselves.

use std::fs;
use std::path::{Path, PathBuf};

/// What decides how a document is read, cut and indexed, and how a claim is answered.
const PARTS: &[&str] = &[
    "Cargo.lock",
    "src/span.rs",
    "src/corpus",
    "src/document",
    "src/passage",
    "src/quantity",
    "src/language",
    "src/lexicon",
    "lexicon/abbreviations.tsv",
    "lexicon/drugs.tsv",
    "lexicon/lay.tsv",
    "lexicon/ordinary.txt",
    "lexicon/spelling.tsv",
    "src/meaning",
    "models/static",
    "src/index/again.rs",
    "src/index/lists.rs",
    "src/index/schema.rs",
    "src/index/traits.rs",
    "src/index/vectors.rs",
    "src/index/writer.rs",
    "src/ingest",
    "src/claim",
    "src/appraise",
    "src/retrieve",
    "src/evidence",
];

fn main() {
    let mut files = Vec::new();
    for part in PARTS {
        // What is not there would be left out in silence.
        assert!(Path::new(part).exists(), "{part} decides how documents are read or claims answered, and is not there");
        println!("cargo::rerun-if-changed={part}");
        collect(Path::new(part), &mut files);
    }
    files.sort();
    // FNV-1a: the build needs a fingerprint, not a defence against forgery.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for file in files.iter().filter(|file| !file.ends_with("tests.rs")) {
        let content = fs::read(file).unwrap_or_default();
        for byte in file.to_string_lossy().bytes().chain(content).filter(|byte| *byte != b'\r') {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("cargo::rustc-env=GROUNDLINE_READING_FINGERPRINT={hash:016x}");
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_owned());
    }
    let Ok(entries) = fs::read_dir(path) else { return };
    for entry in entries.flatten() {
        collect(&entry.path(), files);
    }
}
