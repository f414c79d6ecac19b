//! The editors' path on one screen: from a corpus on disk to a snapshot that can be asked.
//!
//! corpus → document → passage → index. Reading is done side by side, writing by one hand and in the order of version
//! ids, so that the same corpus gives the same snapshot with any number of threads. A document that cannot be read is one
//! rejected document, named with its reason. What has not changed since an earlier snapshot is taken from there, so that
//! a build costs what changed; the index itself is written anew, and comes out as if all had been read.

mod backlog;
mod lint;
mod text;
mod unchanged;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use sha2::{Digest, Sha256};

use crate::corpus::{Corpus, Format, Version, hex};
use crate::document::{self, Document};
use crate::index::{self, Encoding, Entry, Manifest, Reading, Sheet, Store, Stored, TextFile, Writer};
use crate::passage::{self, Passage, PassageKind};

use backlog::Backlog;
pub use lint::lint;
pub use text::{Text, Unread};
use unchanged::{Found, Unchanged};

/// How one document's content is read: in a child process in the program, in place in tests.
pub type ReadContent<'a> = dyn Fn(Format, &mut (dyn Read + Send)) -> Result<Document, document::Error> + Sync + 'a;

/// The same, for a surface that keeps it.
pub type SharedRead = Arc<dyn Fn(Format, &mut (dyn Read + Send)) -> Result<Document, document::Error> + Send + Sync>;

/// Told after each document: how many of how many are done, and which one it was.
pub type Progress<'a> = dyn FnMut(usize, usize, &Version) + 'a;

/// How a build goes about it.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// Documents that are read at once.
    pub threads: usize,
    /// Whether everything is read, whatever an earlier snapshot has.
    pub fresh: bool,
    /// Who asked for it over HTTP, for the record of activations.
    pub editor: Option<&'a str>,
}

/// What came of a build.
#[derive(Debug)]
pub struct Outcome {
    /// The snapshot's manifest; it is now the active one.
    pub manifest: Manifest,
    /// Whether the same snapshot was there already.
    pub reused: bool,
    /// Number of documents that were read.
    pub read: usize,
    /// Number of documents whose text was taken from an earlier snapshot.
    pub kept: usize,
    /// Its versions with the outcome of their reading, ordered by id.
    pub entries: Vec<Entry>,
}

/// Builds the snapshot of a corpus and makes it active; what has not changed is not read again.
///
/// # Errors
/// As [`build_as`].
pub fn build(
    corpus: &Corpus,
    store: &Store,
    threads: usize,
    read: &ReadContent<'_>,
    progress: &mut Progress<'_>,
) -> Result<Outcome, index::Error> {
    build_as(Plan { threads, fresh: false, editor: None }, corpus, store, read, progress)
}

/// The same, as planned.
///
/// # Errors
/// [`index::Error`] where the index folder cannot be written. Documents that cannot be read are no error: the
/// snapshot's entries say which they are and why.
pub fn build_as(
    plan: Plan<'_>,
    corpus: &Corpus,
    store: &Store,
    read: &ReadContent<'_>,
    progress: &mut Progress<'_>,
) -> Result<Outcome, index::Error> {
    let mut tally = Tally::default();
    let published = store.build(&corpus.digest(), plan.fresh, plan.editor, |writer| {
        tally = fill(corpus, writer, plan.threads.max(1), read, progress)?;
        Ok::<(), index::Error>(())
    })?;
    let kept = if published.reused { published.manifest.versions } else { tally.kept };
    let index::Published { manifest, reused, entries } = published;
    Ok(Outcome { manifest, reused, read: tally.read, kept, entries })
}

/// How many documents came from where.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    read: usize,
    kept: usize,
}

/// One version, read and cut.
struct Prepared {
    entry: Entry,
    text: Source,
    passages: Vec<Passage>,
}

/// Where a version's text comes from.
enum Source {
    /// There is none: no text is stored, or its sidecar is at fault.
    Nowhere,
    /// It was read, and perhaps rejected.
    Read(Option<Box<Document>>),
    /// An earlier snapshot has it.
    Kept(TextFile),
}

impl Prepared {
    fn sheet(self, encoding: &Encoding) -> Result<Sheet, index::Error> {
        let stored = match self.text {
            Source::Nowhere | Source::Read(None) => None,
            Source::Read(Some(ref document)) => Some(Stored::Read(document)),
            Source::Kept(file) => Some(Stored::Kept(file)),
        };
        Sheet::new(self.entry, stored, &self.passages, encoding)
    }
}

/// A version on its way to the writer.
struct Ready {
    sheet: Result<Sheet, index::Error>,
    tally: Tally,
    /// Roughly how many bytes it holds.
    weight: usize,
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
) -> Result<Tally, index::Error> {
    let next = AtomicUsize::new(0);
    let versions = &corpus.versions;
    let base = writer.base();
    let encoding = writer.encoding();
    let unchanged = base.as_deref().map(|base| Unchanged::of(base, &encoding)).transpose()?;
    let backlog = Backlog::default();
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        // However writing ends, nobody goes on waiting for room.
        let _closing = backlog.closing();
        let (sender, receiver) = sync_channel(threads);
        for _ in 0..threads.min(versions.len().max(1)) {
            let (sender, next, backlog, unchanged) = (sender.clone(), &next, &backlog, unchanged.as_ref());
            let encoding = &encoding;
            scope.spawn(move || {
                backlog.wait_for_room();
                while let Some((at, version)) = take(versions, next) {
                    let ready = ready(version, unchanged, encoding, read);
                    backlog.add(ready.weight);
                    // The receiver is gone only when writing failed; there is nobody left to read for.
                    if sender.send((at, ready)).is_err() {
                        break;
                    }
                    backlog.wait_for_room();
                }
            });
        }
        drop(sender);
        let mut waiting: BTreeMap<usize, Ready> = BTreeMap::new();
        let mut written = 0;
        let mut done = 0;
        for (at, ready) in receiver {
            done += 1;
            tally.read += ready.tally.read;
            tally.kept += ready.tally.kept;
            progress(done, versions.len(), &versions[at]);
            waiting.insert(at, ready);
            while let Some(ready) = waiting.remove(&written) {
                writer.add(ready.sheet?)?;
                backlog.remove(ready.weight);
                written += 1;
            }
        }
        Ok(tally)
    })
}

fn take<'a>(versions: &'a [Version], next: &AtomicUsize) -> Option<(usize, &'a Version)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    versions.get(at).map(|version| (at, version))
}

/// One version for the writer: taken over whole, cut again, or read.
fn ready(version: &Version, unchanged: Option<&Unchanged<'_>>, encoding: &Encoding, read: &ReadContent<'_>) -> Ready {
    let found = match &version.rejected {
        Some(_) => None,
        None => unchanged.and_then(|unchanged| unchanged.find(version)),
    };
    let prepared = match found {
        Some(Found::Whole(sheet)) => {
            let weight = sheet.weight();
            return Ready { sheet: Ok(*sheet), tally: Tally { read: 0, kept: 1 }, weight };
        }
        Some(Found::Text(text, document)) => cut(version, *document, Some(text)),
        None => prepare(version, read),
    };
    let tally = prepared.tally();
    let sheet = prepared.sheet(encoding);
    let weight = sheet.as_ref().map_or(0, Sheet::weight);
    Ready { sheet, tally, weight }
}

fn prepare(version: &Version, read: &ReadContent<'_>) -> Prepared {
    if let Some(reason) = &version.rejected {
        return Prepared::rejected(version, Source::Nowhere, reason.clone(), false);
    }
    match read_content(version, read) {
        Ok(Some(document)) => cut(version, document, None),
        Ok(None) => {
            let entry = Entry { facts: version.facts.clone(), reading: None };
            Prepared { entry, text: Source::Nowhere, passages: Vec::new() }
        }
        Err((reason, passing)) => Prepared::rejected(version, Source::Read(None), reason, passing),
    }
}

/// The document; `None` where no text is stored; why there is none, and whether another day may see it read.
fn read_content(version: &Version, read: &ReadContent<'_>) -> Result<Option<Document>, (String, bool)> {
    let unreadable = |error: std::io::Error| (format!("the file cannot be read: {error}"), true);
    let Some((format, file)) = version.open().map_err(unreadable)? else { return Ok(None) };
    let mut content = Fingerprinted { file, hasher: Sha256::new() };
    let document = read(format, &mut content);
    // The file may have changed since the corpus was opened; what is published must be what was fingerprinted.
    let sha256 = content.finish().map_err(unreadable)?;
    if version.facts.sha256.as_ref().is_some_and(|expected| *expected != sha256) {
        return Err(("the file changed while the index was built".to_owned(), true));
    }
    document.map(Some).map_err(|error| (error.to_string(), matches!(error, document::Error::Stopped(_))))
}

/// Cuts a document into passages; one without any is rejected. `kept` is the file that holds it already, if one does.
fn cut(version: &Version, document: Document, kept: Option<TextFile>) -> Prepared {
    let rejected = |reason: &str| Prepared::rejected(version, Source::Read(None), reason.to_owned(), false);
    // A fault in cutting is one rejected document too.
    let cut = std::panic::catch_unwind(AssertUnwindSafe(|| passage::passages(&document, &version.facts)));
    let Ok(passages) = cut else { return rejected("its text could not be cut into passages") };
    if passages.is_empty() {
        return rejected("no passages were found in its text");
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
    let text = kept.map_or_else(|| Source::Read(Some(Box::new(document))), Source::Kept);
    Prepared { entry, text, passages }
}

impl Prepared {
    fn rejected(version: &Version, text: Source, reason: String, passing: bool) -> Prepared {
        let reading = Some(Reading::Rejected { reason, passing });
        Prepared { entry: Entry { facts: version.facts.clone(), reading }, text, passages: Vec::new() }
    }

    fn tally(&self) -> Tally {
        match self.text {
            Source::Nowhere => Tally::default(),
            Source::Read(_) => Tally { read: 1, kept: 0 },
            Source::Kept(_) => Tally { read: 0, kept: 1 },
        }
    }
}
