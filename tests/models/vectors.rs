//! Costly vectors: made once, kept, never trusted where the file is damaged, and dropped when nothing needs them.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use groundline::corpus::Corpus;
use groundline::index::{Ranker, Ranking, Store};
use groundline::ingest;
use groundline::meaning::{Encoder, Error as MeaningError, StaticEncoder};

use super::digest;
use crate::support::{Hashing, fixture_corpus, folder, read_here};

/// An encoder that is costly, and counts how often it is asked; from a number of passages on it fails.
#[derive(Debug)]
struct Slow {
    inner: Arc<dyn Encoder>,
    digest: &'static str,
    asked: AtomicUsize,
    most: usize,
}

impl Slow {
    fn new(edition: u64, most: usize) -> Arc<Slow> {
        let digest = digest(&edition.to_le_bytes());
        Arc::new(Slow { inner: Hashing::shared("dense", 48, edition), digest, asked: AtomicUsize::new(0), most })
    }

    fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

impl Encoder for Slow {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn digest(&self) -> &str {
        self.digest
    }

    fn dimensions(&self) -> usize {
        self.inner.dimensions()
    }

    fn is_costly(&self) -> bool {
        true
    }

    fn passage(&self, context: &[&str], text: &str) -> Result<Vec<f32>, MeaningError> {
        if self.asked.fetch_add(1, Ordering::SeqCst) >= self.most {
            let (encoder, reason) = ("dense".to_owned(), "the machine was switched off".to_owned());
            return Err(MeaningError::Encoding { encoder, reason });
        }
        self.inner.passage(context, text)
    }

    fn query(&self, text: &str) -> Result<Vec<f32>, MeaningError> {
        self.inner.query(text)
    }
}

/// Builds a hybrid snapshot of the fixture corpus anew; the bytes of its dense vectors.
fn build(index: &Path, encoder: &Arc<Slow>) -> Result<Vec<u8>, groundline::index::Error> {
    let embedded: Arc<dyn Encoder> = StaticEncoder::embedded().expect("the table");
    let dense: Arc<dyn Encoder> = encoder.clone();
    let store = Store::new(index).ranked(Ranking::new(Some(Ranker::Hybrid), vec![embedded, dense]));
    let corpus = Corpus::open(&[fixture_corpus()]).expect("a corpus");
    let plan = ingest::Plan { threads: 2, fresh: true, editor: None };
    let outcome = ingest::build_as(plan, &corpus, &store, &read_here, &mut |_, _, _| {})?;
    let folder = index.join("snapshots").join(outcome.manifest.id.as_str());
    Ok(fs::read(folder.join("vectors/dense.bin")).expect("vectors"))
}

/// The one file of kept vectors below an index.
fn cache_file(index: &Path) -> std::path::PathBuf {
    let mut folders = fs::read_dir(index.join("vectors-cache")).expect("a cache");
    folders.next().expect("one").expect("an entry").path().join("rows.bin")
}

#[test]
fn costly_vectors_are_made_once_and_a_damaged_cache_is_never_trusted() {
    let folder = folder();
    let index = folder.path().join("index");
    let encoder = Slow::new(1, usize::MAX);
    let first = build(&index, &encoder).expect("built");
    let all = encoder.asked();
    assert!(all > 10, "{all}");
    assert!(build(&index, &encoder).expect("built") == first);
    assert_eq!(encoder.asked(), 0);
    let path = cache_file(&index);
    let whole = fs::read(&path).expect("a cache");
    let length = whole.len() / all;
    assert_eq!(whole.len(), length * all, "a record a passage");
    // How many are made again after the file was changed.
    let check = |bytes: Vec<u8>, again: usize| {
        fs::write(&path, bytes).expect("written");
        assert!(build(&index, &encoder).expect("built") == first);
        assert_eq!(encoder.asked(), again);
        assert!(build(&index, &encoder).expect("built") == first);
        assert_eq!(encoder.asked(), 0, "what was made again is kept again");
    };
    let changed = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    for at in [0, 31, 32, 60, length - 1] {
        check(changed(2 * length + at), 1);
    }
    check(whole[..whole.len() - 1].to_vec(), 1);
    check(whole[..length + 5].to_vec(), all - 1);
    check(whole[1..].to_vec(), all);
    check(Vec::new(), all);
    check(b"nothing of the kind".repeat(1000), all);
    // Another edition has a cache of its own.
    let other = Slow::new(2, usize::MAX);
    assert!(build(&index, &other).expect("built") != first);
    assert_eq!(other.asked(), all);
}

#[test]
fn what_an_ended_build_had_made_is_there_for_the_next() {
    let folder = folder();
    let index = folder.path().join("index");
    let broken = Slow::new(1, 7);
    let told = build(&index, &broken).expect_err("ended").to_string();
    assert!(told.contains("the machine was switched off"), "{told}");
    let encoder = Slow::new(1, usize::MAX);
    build(&index, &encoder).expect("built");
    let rest = encoder.asked();
    let other = folder.path().join("other");
    build(&other, &encoder).expect("built");
    assert_eq!(encoder.asked(), rest + 7);
}

#[test]
fn a_cache_that_cannot_be_written_costs_time_and_nothing_else() {
    let folder = folder();
    let (index, other) = (folder.path().join("index"), folder.path().join("other"));
    let encoder = Slow::new(1, usize::MAX);
    fs::create_dir(&index).expect("a folder");
    fs::write(index.join("vectors-cache"), "in the way").expect("written");
    let first = build(&index, &encoder).expect("built");
    assert!(encoder.asked() > 0);
    assert!(build(&index, &encoder).expect("built") == first && encoder.asked() > 0);
    assert!(build(&other, &encoder).expect("built") == first);
}

#[test]
fn pruning_drops_the_vectors_that_no_snapshot_has_an_encoder_for() {
    let folder = folder();
    build(folder.path(), &Slow::new(1, usize::MAX)).expect("built");
    build(folder.path(), &Slow::new(2, usize::MAX)).expect("built");
    let caches = || fs::read_dir(folder.path().join("vectors-cache")).expect("caches").count();
    let store = Store::new(folder.path());
    assert_eq!((caches(), store.prune(5, false).expect("pruned").leftovers.len()), (2, 0));
    fs::create_dir(folder.path().join("vectors-cache/dense-of-old")).expect("a folder");
    assert_eq!(store.prune(5, true).expect("told").leftovers, ["dense-of-old"]);
    assert_eq!(caches(), 3);
    store.prune(5, false).expect("pruned");
    assert_eq!(caches(), 2);
}
