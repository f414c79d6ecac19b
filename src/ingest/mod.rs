//! The editors' path on one screen: from a corpus on disk to a snapshot that can be asked.
//!
//! corpus → document → passage → index. Reading is done side by side, writing by one hand and in the order of version
//! ids, so that the same corpus gives the same snapshot with any number of threads. A document that cannot be read is one
//! rejected document, named with its reason.

mod backlog;
mod lint;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use sha2::{Digest, Sha256};

use crate::corpus::{Corpus, Format, Version, hex};
use crate::document::{self, Document};
use crate::index::{self, Entry, Manifest, Reading, Store, Writer};
use crate::passage::{self, Passage, PassageKind};

use backlog::Backlog;
pub use lint::lint;

/// How one document's content is read: in a child process in the program, in place in tests.
pub type ReadContent<'a> = dyn Fn(Format, &mut (dyn Read + Send)) -> Result<Document, document::Error> + Sync + 'a;

/// Told after each document: how many of how many are done, and which one it was.
pub type Progress<'a> = dyn FnMut(usize, usize, &Version) + 'a;

/// What came of a build.
#[derive(Debug)]
pub struct Outcome {
    /// The snapshot's manifest; it is now the active one.
    pub manifest: Manifest,
    /// Whether the same snapshot was there already.
    pub reused: bool,
}

/// Builds the snapshot of a corpus and makes it active.
///
/// # Errors
/// [`index::Error`] where the index folder cannot be written. Documents that cannot be read are no error: the
/// snapshot's entries say which they are and why.
pub fn build(
    corpus: &Corpus,
    store: &Store,
    threads: usize,
    read: &ReadContent<'_>,
    progress: &mut Progress<'_>,
) -> Result<Outcome, index::Error> {
    let published = store.build(&corpus.digest(), |writer| fill(corpus, writer, threads.max(1), read, progress))?;
    Ok(Outcome { manifest: published.manifest, reused: published.reused })
}

/// One version, read and cut.
struct Prepared {
    entry: Entry,
    document: Option<Document>,
    passages: Vec<Passage>,
}

impl Prepared {
    /// Roughly how many bytes it holds: its text, and that again in its passages.
    fn weight(&self) -> usize {
        let text = self.document.as_ref().map_or(0, |document| document.text.as_str().len());
        2 * text + self.passages.len() * size_of::<Passage>()
    }
}

/// A file that is fingerprinted while it is read.
struct Fingerprinted {
    file: File,
    hasher: Sha256,
}

impl Fingerprinted {
    /// The digest of the whole file, whether or not all of it was wanted.
    fn finish(mut self) -> std::io::Result<String> {
        std::io::copy(&mut self, &mut std::io::sink())?;
        Ok(hex(&self.hasher.finalize()))
    }
}

impl Read for Fingerprinted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.hasher.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

fn fill(
    corpus: &Corpus,
    writer: &mut Writer,
    threads: usize,
    read: &ReadContent<'_>,
    progress: &mut Progress<'_>,
) -> Result<(), index::Error> {
    let next = AtomicUsize::new(0);
    let versions = &corpus.versions;
    let backlog = Backlog::default();
    std::thread::scope(|scope| {
        // However writing ends, nobody goes on waiting for room.
        let _closing = backlog.closing();
        let (sender, receiver) = sync_channel(threads);
        for _ in 0..threads.min(versions.len().max(1)) {
            let (sender, next, backlog) = (sender.clone(), &next, &backlog);
            scope.spawn(move || {
                backlog.wait_for_room();
                while let Some((at, version)) = take(versions, next) {
                    let prepared = prepare(version, read);
                    backlog.add(prepared.weight());
                    // The receiver is gone only when writing failed; there is nobody left to read for.
                    if sender.send((at, prepared)).is_err() {
                        break;
                    }
                    backlog.wait_for_room();
                }
            });
        }
        drop(sender);
        let mut waiting: BTreeMap<usize, Prepared> = BTreeMap::new();
        let mut written = 0;
        let mut read_so_far = 0;
        for (at, prepared) in receiver {
            read_so_far += 1;
            progress(read_so_far, versions.len(), &versions[at]);
            waiting.insert(at, prepared);
            while let Some(prepared) = waiting.remove(&written) {
                let weight = prepared.weight();
                writer.add(prepared.entry, prepared.document.as_ref(), &prepared.passages)?;
                backlog.remove(weight);
                written += 1;
            }
        }
        Ok(())
    })
}

fn take<'a>(versions: &'a [Version], next: &AtomicUsize) -> Option<(usize, &'a Version)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    versions.get(at).map(|version| (at, version))
}

fn prepare(version: &Version, read: &ReadContent<'_>) -> Prepared {
    let rejected = |reason: String, passing: bool| Prepared {
        entry: Entry { facts: version.facts.clone(), reading: Some(Reading::Rejected { reason, passing }) },
        document: None,
        passages: Vec::new(),
    };
    if let Some(reason) = &version.rejected {
        return rejected(reason.clone(), false);
    }
    let (format, file) = match version.open() {
        Ok(Some(content)) => content,
        Ok(None) => {
            let entry = Entry { facts: version.facts.clone(), reading: None };
            return Prepared { entry, document: None, passages: Vec::new() };
        }
        Err(error) => return rejected(format!("the file cannot be read: {error}"), true),
    };
    let mut content = Fingerprinted { file, hasher: Sha256::new() };
    let document = read(format, &mut content);
    // The file may have changed since the corpus was opened; what is published must be what was fingerprinted.
    match content.finish() {
        Err(error) => return rejected(format!("the file cannot be read: {error}"), true),
        Ok(sha256) if version.facts.sha256.as_ref().is_some_and(|expected| *expected != sha256) => {
            return rejected("the file changed while the index was built".to_owned(), true);
        }
        Ok(_) => {}
    }
    let document = match document {
        Ok(document) => document,
        Err(error) => {
            let passing = matches!(error, document::Error::Stopped(_));
            return rejected(error.to_string(), passing);
        }
    };
    // A fault in cutting is one rejected document too.
    let cut = std::panic::catch_unwind(AssertUnwindSafe(|| passage::passages(&document, &version.facts)));
    let Ok(passages) = cut else { return rejected("its text could not be cut into passages".to_owned(), false) };
    if passages.is_empty() {
        return rejected("no passages were found in its text".to_owned(), false);
    }
    let recommendations = passages.iter().filter(|passage| passage.kind == PassageKind::Recommendation).count();
    let reading = Reading::Read {
        reader: document.reader.clone(),
        title: document.title.clone(),
        characters: document.text.len(),
        pages: document.pages.len(),
        passages: passages.len(),
        recommendations,
        defects: document.defects.clone(),
    };
    let entry = Entry { facts: version.facts.clone(), reading: Some(reading) };
    Prepared { entry, document: Some(document), passages }
}
