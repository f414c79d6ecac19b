//! Artifacts: the same bytes each time, everything back again, and every changed byte seen.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::*;
use crate::export::sha256_hex;
use crate::export::tests::bundle;

fn packed(bundle: &Bundle) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    write(bundle, &mut out).unwrap();
    out.into_inner()
}

fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let file = |at: usize, archive: &mut ZipArchive<_>| {
        let mut entry = archive.by_index(at).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        (entry.name().unwrap().into_owned(), content)
    };
    (0..archive.len()).map(|at| file(at, &mut archive)).collect()
}

fn zipped(files: &[(String, Vec<u8>)], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// An artifact with a file edited and the manifest's digests computed anew.
fn forged(edit: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut files: Vec<_> =
        unpacked(&packed(&bundle())).into_iter().map(|(name, content)| (name.clone(), edit(&name, content))).collect();
    let mut manifest: Manifest = serde_json::from_slice(&files[0].1).unwrap();
    for (entry, (_, content)) in manifest.files.iter_mut().zip(&files[1..]) {
        entry.sha256 = sha256_hex(content);
        entry.bytes = content.len() as u64;
    }
    files[0].1 = serde_json::to_vec(&manifest).unwrap();
    zipped(&files, CompressionMethod::Stored)
}

fn replaced(content: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(content).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

#[test]
fn the_same_bundle_gives_the_same_bytes_and_comes_back() {
    let bundle = bundle();
    let bytes = packed(&bundle);
    assert_eq!(bytes, packed(&bundle));
    let artifact = read(&bytes).unwrap();
    assert_eq!(artifact.bundle, bundle);
    assert_eq!(artifact.reviews(), bundle.reviews);
    assert_eq!(bytes, packed(&artifact.bundle), "read and written again");
    assert_eq!(artifact.manifest.counts, Counts { responses: 2, claims: 8, evidence: 6, verdicts: 13, assessments: 1 });
    assert_eq!(artifact.manifest.intended_use, crate::export::INTENDED_USE);
    let names: Vec<String> = unpacked(&bytes).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names[0], "manifest.json");
    assert_eq!(names[1..], FILES.map(|(name, _)| name.to_owned()));
}

#[test]
fn an_artifact_that_was_packed_again_by_another_tool_is_read() {
    let files = unpacked(&packed(&bundle()));
    assert_eq!(read(&zipped(&files, CompressionMethod::Deflated)).unwrap().bundle, bundle());
}

#[test]
fn a_changed_byte_is_named_by_its_file() {
    let files = unpacked(&packed(&bundle()));
    for at in 1..files.len() {
        let mut files = files.clone();
        let middle = files[at].1.len() / 2;
        files[at].1[middle] ^= 1;
        match read(&zipped(&files, CompressionMethod::Stored)) {
            Err(Error::Changed { file, .. }) => assert_eq!(file, files[at].0),
            other => panic!("{}: {:?}", files[at].0, other.map(|_| ())),
        }
        let gone: Vec<_> = files.iter().filter(|(name, _)| *name != files[at].0).cloned().collect();
        assert!(
            matches!(read(&zipped(&gone, CompressionMethod::Stored)), Err(Error::Missing { file }) if file == files[at].0)
        );
    }
}

#[test]
fn records_are_held_against_their_own_digests() {
    let at = |name: &str, from: &'static str, to: &'static str| {
        let bytes = forged(|file, content| if file == name { replaced(content, from, to) } else { content });
        read(&bytes).map(|_| ()).unwrap_err().to_string()
    };
    assert_eq!(
        at("verdicts.jsonl", "\"verdict\":\"contradicted\"", "\"verdict\":\"supported\""),
        "verdicts.jsonl, line 1: its id does not follow from what it says"
    );
    assert_eq!(
        at("evidence.jsonl", "\"quote\":\"", "\"quote\":\"Not "),
        "evidence.jsonl, line 1: the result does not have the digest that is told"
    );
    assert_eq!(
        at("responses.jsonl", "\"text\":\"", "\"text\":\"Not "),
        "responses.jsonl, line 1: the text does not have the digest that is told"
    );
    assert_eq!(
        at("claims.jsonl", "\"review\":\"r-", "\"review\":\"x-"),
        "claims.jsonl, line 1: responses.jsonl has no such review"
    );
    assert_eq!(at("claims.jsonl", "codepoint", "utf16"), "claims.jsonl, line 1: the unit is not `codepoint`");
    assert_eq!(
        at("manifest.json", "artifact/1", "artifact/2"),
        "the manifest has the schema \"artifact/2\"; this program reads \"artifact/1\""
    );
}

#[test]
fn messages_repeat_no_words_of_the_records() {
    let bytes = forged(|file, content| match file {
        "claims.jsonl" => replaced(content, "\"start\":", "\"start\":\"Mrs Smith, 61\",\"s\":"),
        _ => content,
    });
    let message = read(&bytes).map(|_| ()).unwrap_err().to_string();
    assert!(
        message.starts_with("claims.jsonl, line 1: not of the expected shape") && !message.contains("Smith"),
        "{message}"
    );
}

#[test]
fn strange_files_are_refused() {
    let files = unpacked(&packed(&bundle()));
    let with = |name: &str, content: Vec<u8>| {
        let mut files = files.clone();
        files.push((name.to_owned(), content));
        read(&zipped(&files, CompressionMethod::Deflated)).map(|_| ())
    };
    assert!(matches!(with("../../etc/passwd", Vec::new()), Err(Error::Unexpected { .. })));
    assert!(matches!(with("notes.txt", Vec::new()), Err(Error::Unexpected { file }) if file == "notes.txt"));
    for bytes in [&b""[..], b"PK", b"not a zip file at all", &[0; 4096]] {
        assert!(matches!(read(bytes), Err(Error::NotZip(_))));
    }
}

#[test]
fn a_file_that_swells_is_not_unpacked() {
    let mut files = unpacked(&packed(&bundle()));
    files[1].1 = vec![b' '; 8 << 20];
    let bytes = zipped(&files, CompressionMethod::Deflated);
    assert!(bytes.len() < 1 << 20);
    assert!(matches!(read(&bytes), Err(Error::TooLarge { what, .. }) if what == "responses.jsonl"));
}

#[test]
fn cut_and_flipped_bytes_never_panic() {
    let bytes = packed(&bundle());
    for at in (0..bytes.len()).step_by(bytes.len() / 60 + 1) {
        assert!(read(&bytes[..at]).is_err());
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x55;
        // Some bytes of a zip file carry no meaning: what is read then is what was written.
        if let Ok(artifact) = read(&flipped) {
            assert_eq!(artifact.bundle, bundle());
        }
    }
}

#[test]
fn more_searches_for_a_claim_than_are_read_are_refused() {
    let mut bundle = bundle();
    let one = bundle.evidence[0].clone();
    bundle.evidence.extend(std::iter::repeat_n(one, 199));
    assert_eq!(read(&packed(&bundle)).unwrap().manifest.counts.evidence, 205);
    bundle.evidence.push(bundle.evidence[0].clone());
    let message = read(&packed(&bundle)).map(|_| ()).unwrap_err().to_string();
    assert_eq!(message, "evidence.jsonl, line 206: more passages, or more searches for one claim, than are read");
}
