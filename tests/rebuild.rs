//! Building again: what has not changed is not read again, and nobody can tell from the snapshot.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use groundline::claim::Claim;
use groundline::corpus::Corpus;
use groundline::document;
use groundline::evidence::{self, Options};
use groundline::index::{Snapshot, Store};
use groundline::ingest::{self, Outcome, Plan};

use crate::support::{copy, fixture_corpus, folder, read_here, run_in, stderr, stdout, store};

/// Builds, and counts what was read by what the reader saw, not by what the build says.
#[track_caller]
fn build(corpus: &Path, store: &Store, threads: usize, fresh: bool) -> (Outcome, usize) {
    let reads = AtomicUsize::new(0);
    let corpus = Corpus::open(&[corpus.to_owned()]).expect("a corpus");
    let outcome = ingest::build_as(
        Plan { threads, fresh, editor: None },
        &corpus,
        store,
        &|format, content| {
            reads.fetch_add(1, Ordering::Relaxed);
            read_here(format, content)
        },
        &mut |_, _, _| {},
    );
    (outcome.expect("a snapshot"), reads.into_inner())
}

/// The bytes of a snapshot's files, by name.
fn bytes(store: &Store, outcome: &Outcome) -> BTreeMap<String, Vec<u8>> {
    let root = store.root().join("snapshots").join(outcome.manifest.id.as_str());
    outcome.manifest.files.keys().map(|name| (name.clone(), fs::read(root.join(name)).expect("a file"))).collect()
}

/// Every file of two snapshots of the same corpus is equal; they lie in different index folders.
#[track_caller]
fn assert_equal(one: (&Store, &Outcome), two: (&Store, &Outcome), what: &str) {
    assert_eq!(one.1.manifest.id, two.1.manifest.id, "{what}");
    assert_eq!(one.1.manifest.files, two.1.manifest.files, "{what}");
    let (a, b) = (bytes(one.0, one.1), bytes(two.0, two.1));
    for kind in ["text/", "documents/", "vectors/"] {
        assert!(a.keys().any(|name| name.starts_with(kind)), "{what}: {kind}");
    }
    for (name, bytes) in &a {
        assert!(Some(bytes) == b.get(name), "{what}: {name} differs");
    }
    assert_eq!(a.len(), b.len(), "{what}");
}

fn answers(snapshot: &Snapshot) -> Vec<String> {
    let claims = ["quinsulfate is given for marsh fever", "adults aged 40 to 59", "screening every two years"];
    let answer = |claim: &&str| {
        let claim = Claim::new(claim).expect("a claim");
        let evidence = evidence::gather(snapshot, &claim, &Options { k: 50, ..Options::default() }).expect("an answer");
        format!("{:?} {:?}", evidence.passages, evidence.coverage)
    };
    claims.iter().map(answer).collect()
}

/// A copy of the fixture corpus with three documents that the test may change.
fn corpus(at: &Path) {
    copy(&fixture_corpus(), at);
    for (name, word) in [("aa-one", "alder"), ("mm-two", "birch"), ("zz-three", "cedar")] {
        fs::write(at.join(format!("{name}.md")), text(word)).expect("written");
        fs::write(at.join(format!("{name}.toml")), sidecar(name, "")).expect("written");
    }
}

fn text(word: &str) -> String {
    let filler = format!("The {word} is named here, and nothing else is said about it in this line. ").repeat(5);
    format!("# Advice on {word}\n\nWe recommend {word} for adults aged 40 to 59 years (Grade B).\n\n{filler}")
}

fn sidecar(name: &str, more: &str) -> String {
    format!("id = \"{name}\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\n{more}")
}

#[test]
fn an_incremental_build_publishes_what_a_full_build_would() {
    let folder = folder();
    let (corpus_folder, index) = (folder.path().join("corpus"), store(folder.path().join("index")));
    corpus(&corpus_folder);
    let (first, all) = build(&corpus_folder, &index, 2, false);
    assert_eq!((first.read, first.kept), (all, 0));
    assert!(all > 5, "{all}");
    let at = |name: &str| corpus_folder.join(name);
    let write = |name: &str, text: String| fs::write(corpus_folder.join(name), text).expect("written");
    // What each change costs: documents that must be read. The rejected ones of the fixtures are read every time.
    let rejected = index
        .open(&first.manifest.id)
        .expect("intact")
        .entries()
        .filter(|e| e.reading.is_some() && e.passages() == 0)
        .count();
    type Step<'a> = (&'static str, usize, Box<dyn Fn() + 'a>);
    let steps: Vec<Step<'_>> = vec![
        ("other words in the middle", 1, Box::new(|| write("mm-two.md", text("rowan")))),
        ("other words in the first", 1, Box::new(|| write("aa-one.md", text("hazel")))),
        ("other words in the last", 1, Box::new(|| write("zz-three.md", text("maple")))),
        ("another title", 0, Box::new(|| write("mm-two.toml", sidecar("mm-two", "title = \"Of trees\"\n")))),
        (
            "a publisher and a date, which grades depend on",
            0,
            Box::new(|| {
                write(
                    "mm-two.toml",
                    sidecar("mm-two", "publisher = \"USPSTF\"\npublished = \"2009\"\ngrade_system = \"USPSTF\"\n"),
                );
            }),
        ),
        ("another id", 0, Box::new(|| write("mm-two.toml", sidecar("mn-two", "")))),
        (
            "another file name",
            0,
            Box::new(|| {
                fs::rename(at("mm-two.md"), at("mo-two.md")).expect("renamed");
                fs::rename(at("mm-two.toml"), at("mo-two.toml")).expect("renamed");
            }),
        ),
        ("another format", 1, Box::new(|| fs::rename(at("mo-two.md"), at("mo-two.txt")).expect("renamed"))),
        (
            "a copy under another id",
            0,
            Box::new(|| {
                fs::copy(at("aa-one.md"), at("copy.md")).expect("copied");
                write("copy.toml", sidecar("copy", ""));
            }),
        ),
        (
            "two that change places",
            0,
            Box::new(|| {
                let (one, three) =
                    (fs::read(at("aa-one.md")).expect("read"), fs::read(at("zz-three.md")).expect("read"));
                fs::write(at("aa-one.md"), three).expect("written");
                fs::write(at("zz-three.md"), one).expect("written");
            }),
        ),
        (
            "one less",
            0,
            Box::new(|| {
                fs::remove_file(at("aa-one.md")).expect("removed");
                fs::remove_file(at("aa-one.toml")).expect("removed");
            }),
        ),
        ("a faulty sidecar", 0, Box::new(|| write("copy.toml", sidecar("copy", "colour = 3\n")))),
        ("the fault mended", 0, Box::new(|| write("copy.toml", sidecar("copy", "")))),
    ];
    for (at, (what, reads, change)) in steps.iter().enumerate() {
        change();
        let (outcome, read) = build(&corpus_folder, &index, 2, false);
        if !outcome.reused {
            assert_eq!(read, reads + rejected, "{what}");
            assert_eq!(outcome.read, read, "{what}");
            assert!(outcome.kept > 0, "{what}");
        }
        let other = store(folder.path().join(format!("index{at}")));
        let (full, all) = build(&corpus_folder, &other, 1, true);
        assert_eq!(full.kept, 0);
        assert!(all > 5);
        assert_equal((&index, &outcome), (&other, &full), what);
        let snapshots = [&index, &other].map(|store| store.open(&outcome.manifest.id).expect("intact"));
        assert_eq!(answers(&snapshots[0]), answers(&snapshots[1]), "{what}");
        assert!(answers(&snapshots[0])[1].contains("PassageId"), "the claims find something");
    }
}

#[test]
fn the_same_corpus_gives_the_same_bytes_in_any_folder_and_with_any_number_of_threads() {
    let folder = folder();
    let (here, there) = (folder.path().join("here"), folder.path().join("far/away/there"));
    corpus(&here);
    corpus(&there);
    let one = store(folder.path().join("one"));
    let (first, _) = build(&here, &one, 1, false);
    for (corpus, threads) in [(&here, 7), (&there, 1), (&there, 3)] {
        let two = store(folder.path().join(format!("two{threads}{}", corpus == &here)));
        let (second, _) = build(corpus, &two, threads, false);
        assert_equal((&one, &first), (&two, &second), &format!("{} with {threads} threads", corpus.display()));
    }
}

#[test]
fn nothing_is_kept_from_a_damaged_snapshot() {
    let folder = folder();
    let (corpus_folder, index) = (folder.path().join("corpus"), store(folder.path().join("index")));
    corpus(&corpus_folder);
    let (first, all) = build(&corpus_folder, &index, 2, false);
    let rotten = index.root().join("snapshots").join(first.manifest.id.as_str()).join("documents/zz-three@1.json");
    let mut bytes = fs::read(&rotten).expect("a document");
    let last = bytes.len() - 20;
    bytes[last] ^= 1;
    fs::write(&rotten, bytes).expect("written");
    fs::write(corpus_folder.join("aa-one.md"), text("hazel")).expect("written");
    let (second, read) = build(&corpus_folder, &index, 2, false);
    assert_eq!((read, second.kept), (all, 0));
    assert_eq!(index.verify(&second.manifest.id).expect("a manifest"), Vec::<String>::new());
}

#[test]
fn a_text_that_rots_under_an_open_snapshot_is_not_served() {
    let folder = folder();
    let (corpus_folder, index) = (folder.path().join("corpus"), store(folder.path().join("index")));
    corpus(&corpus_folder);
    build(&corpus_folder, &index, 2, false);
    let snapshot = index.active().expect("intact");
    let id = "zz-three@1".parse().expect("an id");
    assert!(snapshot.document(&id).expect("intact").is_some());
    let path = index.root().join("snapshots").join(snapshot.manifest().id.as_str()).join("documents/zz-three@1.json");
    let text = fs::read_to_string(&path).expect("a document").replace("40 to 59", "40 to 69");
    fs::write(&path, text).expect("written");
    let told = snapshot.document(&id).expect_err("it was changed").to_string();
    assert!(told.contains("documents/zz-three@1.json was changed"), "{told}");
}

#[test]
fn what_bad_luck_kept_out_is_read_again_and_a_running_service_takes_it() {
    let folder = folder();
    let (corpus_folder, index) = (folder.path().join("corpus"), store(folder.path().join("index")));
    corpus(&corpus_folder);
    let unlucky = |format, content: &mut (dyn Read + Send)| {
        let document = read_here(format, content)?;
        if document.text.as_str().contains("birch") {
            return Err(document::Error::Stopped("no memory today".to_owned()));
        }
        Ok(document)
    };
    let opened = Corpus::open(std::slice::from_ref(&corpus_folder)).expect("a corpus");
    let first = ingest::build(&opened, &index, 2, &unlucky, &mut |_, _, _| {}).expect("published");
    let following = store(index.root());
    let id = "mm-two@1".parse().expect("an id");
    let passages = |snapshot: &Snapshot| snapshot.passages(&id).expect("readable").len();
    let old = following.active().expect("intact");
    assert_eq!(passages(&old), 0);
    let (second, _) = build(&corpus_folder, &index, 2, false);
    assert_eq!(first.manifest.id, second.manifest.id);
    assert!(!second.reused && second.kept > 0, "{second:?}");
    assert!(passages(&following.reload().expect("intact")) > 0);
    assert_eq!(passages(&old), 0, "who holds the old one goes on with it");
}

#[test]
fn the_command_says_how_many_were_read() {
    let folder = folder();
    corpus(&folder.path().join("corpus"));
    let told = |arguments: &[&str]| {
        let output = run_in(folder.path(), arguments);
        assert!(matches!(output.status.code(), Some(0 | 3)), "{}", stderr(&output));
        let answer: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        (answer["documents_read"].as_u64().expect("a number"), answer["documents_kept"].as_u64().expect("a number"))
    };
    let (all, kept) = told(&["index", "build", "--json"]);
    assert_eq!(kept, 0);
    fs::write(folder.path().join("corpus/mm-two.md"), text("rowan")).expect("written");
    let (read, kept) = told(&["index", "build", "--json"]);
    assert!(read < all && read + kept == all, "{read} read, {kept} kept of {all}");
    assert_eq!(told(&["index", "build", "--fresh", "--json"]), (all, 0));
    fs::write(folder.path().join("corpus/mm-two.md"), text("yew")).expect("written");
    let output = run_in(folder.path(), &["index", "build"]);
    assert!(stdout(&output).contains(&format!("({read} read, {kept} unchanged and kept)")), "{}", stdout(&output));
}
