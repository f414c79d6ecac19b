//! Writes one snapshot's files into a folder of its own; publishing it is the store's act.
//!
//! Equal input gives equal bytes: passages go in by one hand and in the order of their ids, the parts of the text index
//! are joined in that order, and the one part that is left bears a fixed name where the library draws a random one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::indexer::{NoMergePolicy, UserOperation};
use tantivy::schema::Value;
use tantivy::schema::document::CompactDocValue;
use tantivy::{Index, IndexWriter, SegmentReader, TantivyDocument};

use super::manifest::{FileRecord, record_of, write_synced};
use super::schema::{Terms, Words, register};
use super::{Encoding, Entry, Error, Fields, Snapshot, TextFile, vectors};
use crate::document::Document;
use crate::meaning::Matrix;
use crate::passage::{Passage, PassageId};

/// Bytes of memory at which the library would begin a new part of the text index by itself: more than a part ever takes.
const MEMORY: usize = 1 << 30;
/// Bytes of terms after which a part is ended. How much memory a part takes depends on the order of its terms; where it
/// ends must depend on what is indexed alone. Half a million passages make one part, which nothing has to be joined to.
const PART_BYTES: usize = 256 << 20;
/// Name of the one part of the text index: `groundline` in ASCII.
const PART: &str = "67726f756e646c696e65000000000000";
/// The text index's own list of its parts.
const PARTS: &str = "meta.json";
/// What the library keeps beside its parts and no reader needs: locks, and what it may delete.
const TRACES: [&str; 3] = [".tantivy-writer.lock", ".tantivy-meta.lock", ".managed.json"];

/// Where the stored text of a version comes from.
#[derive(Debug)]
pub enum Stored<'a> {
    /// It was read.
    Read(&'a Document),
    /// Another snapshot has it.
    Kept(TextFile),
}

/// One version, ready to be written: sheets are made side by side, and written by one hand.
#[derive(Debug)]
pub struct Sheet {
    entry: Entry,
    text: Option<Text>,
    passages: Vec<TantivyDocument>,
    /// The passages' vectors, in their order, by each encoder.
    vectors: Vec<Matrix>,
}

#[derive(Debug)]
enum Text {
    Json(Vec<u8>),
    Kept(TextFile),
}

impl Sheet {
    /// A version: its catalogue entry, its text, and its passages, which are written in the order of their ids, so that
    /// the order of entries in the index breaks ties between equal scores. `encoding` is that of the [`Writer`].
    ///
    /// # Errors
    /// [`Error::Record`] where a record cannot be written as JSON, [`Error::Meaning`] where a passage cannot be encoded.
    pub fn new(
        entry: Entry,
        stored: Option<Stored<'_>>,
        passages: &[Passage],
        encoding: &Encoding,
    ) -> Result<Sheet, Error> {
        let title = entry.title();
        let mut words = Words::default();
        let terms = Terms::with(title, &mut words);
        let (_, fields) = Fields::schema();
        let mut ordered: Vec<&Passage> = passages.iter().collect();
        ordered.sort_by(|a, b| a.id.cmp(&b.id));
        let encoded = encoding.encoders().enumerate().map(|(at, _)| encoding.matrix(at, title, &ordered));
        let vectors = encoded.collect::<Result<_, _>>()?;
        let passages = ordered.iter().map(|passage| fields.entry(passage, title, &terms, &mut words));
        let mut passages: Vec<TantivyDocument> = passages.collect::<Result<_, _>>()?;
        if let Some(first) = passages.first_mut() {
            first.add_text(fields.spelling, words.lines());
        }
        let text = match stored {
            Some(Stored::Read(document)) => Some(Text::Json(serde_json::to_vec(document)?)),
            Some(Stored::Kept(file)) => Some(Text::Kept(file)),
            None => None,
        };
        Ok(Sheet { entry, text, passages, vectors })
    }

    /// Roughly how many bytes it holds.
    pub fn weight(&self) -> usize {
        let text = match &self.text {
            Some(Text::Json(bytes)) => bytes.len(),
            _ => 0,
        };
        // A passage is there as its record and as its terms.
        let vectors: usize = self.vectors.iter().map(Matrix::size).sum();
        text + vectors + self.size(|value| value.as_bytes().map_or(0, <[u8]>::len) + value.as_str().map_or(0, str::len))
    }

    fn size(&self, of: impl Fn(CompactDocValue<'_>) -> usize) -> usize {
        self.passages.iter().flat_map(TantivyDocument::field_values).map(|(_, value)| of(value)).sum()
    }

    /// A version as an earlier snapshot has it.
    pub(super) fn again(entry: Entry, text: TextFile, passages: Vec<TantivyDocument>, vectors: Vec<Matrix>) -> Sheet {
        Sheet { entry, text: Some(Text::Kept(text)), passages, vectors }
    }
}

/// Collects passages and documents; one thread writes, so that equal input gives equal order.
pub struct Writer {
    folder: PathBuf,
    fields: Fields,
    tantivy: IndexWriter,
    entries: Vec<Entry>,
    base: Option<Arc<Snapshot>>,
    known: BTreeMap<String, FileRecord>,
    encoding: Arc<Encoding>,
    /// The vectors of all passages so far, by each encoder.
    vectors: Vec<Matrix>,
    /// Bytes of terms in the part that is being written, and how many end it.
    part: (usize, usize),
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("folder", &self.folder).field("entries", &self.entries.len()).finish()
    }
}

/// What a writer has written.
pub(super) struct Written {
    /// The versions, in their order.
    pub(super) entries: Vec<Entry>,
    /// Digests of files that are on the disk already.
    pub(super) known: BTreeMap<String, FileRecord>,
}

impl Writer {
    /// Starts a snapshot in an empty folder, with vectors of each encoder of `encoding`; what has not changed since `base` may be
    /// taken from there.
    pub(super) fn create(folder: &Path, base: Option<Arc<Snapshot>>, encoding: Encoding) -> Result<Writer, Error> {
        let (schema, fields) = Fields::schema();
        for name in Writer::folders(encoding.encoders().count()) {
            let path = folder.join(name);
            fs::create_dir_all(&path).map_err(Error::written(&path))?;
        }
        let index = Index::create_in_dir(folder.join("text"), schema)?;
        register(&index);
        let tantivy: IndexWriter = index.writer_with_num_threads(1, MEMORY)?;
        tantivy.set_merge_policy(Box::new(NoMergePolicy));
        let (entries, known, part) = (Vec::new(), BTreeMap::new(), (0, PART_BYTES));
        let vectors = encoding.encoders().map(|encoder| Matrix::new(encoder.dimensions())).collect::<Result<_, _>>()?;
        let (folder, encoding) = (folder.to_owned(), Arc::new(encoding));
        Ok(Writer { folder, fields, tantivy, entries, base, known, encoding, vectors, part })
    }

    /// Folders within a snapshot.
    pub(super) fn folders(encoders: usize) -> impl Iterator<Item = &'static str> {
        ["text", "documents"].into_iter().chain((encoders > 0).then_some(vectors::FOLDER))
    }

    /// The encoders whose vectors the snapshot gets.
    pub fn encoding(&self) -> Arc<Encoding> {
        Arc::clone(&self.encoding)
    }

    /// A snapshot of the same engine, every byte of it checked, from which unchanged text may be kept.
    pub fn base(&self) -> Option<Arc<Snapshot>> {
        self.base.clone()
    }

    /// Adds a version. Versions are added in the order of their ids.
    ///
    /// # Errors
    /// [`Error`] where a file cannot be written.
    pub fn add(&mut self, sheet: Sheet) -> Result<(), Error> {
        self.part.0 += sheet.size(|value| value.as_str().map_or(0, str::len));
        for (all, own) in self.vectors.iter_mut().zip(&sheet.vectors) {
            all.append(own)?;
        }
        if !sheet.passages.is_empty() {
            // In one go: handing over each by itself takes longer than indexing it.
            self.tantivy.run(sheet.passages.into_iter().map(UserOperation::Add))?;
        }
        if self.part.0 >= self.part.1 {
            self.tantivy.commit()?;
            self.part.0 = 0;
        }
        if let Some(text) = sheet.text {
            let name = format!("documents/{}.json", sheet.entry.facts.id);
            let path = self.folder.join(&name);
            let record = match text {
                Text::Json(bytes) => {
                    write_synced(&path, &bytes)?;
                    record_of(&bytes)
                }
                Text::Kept(file) => file.keep_as(&path)?,
            };
            self.known.insert(name, record);
        }
        self.entries.push(sheet.entry);
        Ok(())
    }

    /// Writes what is left.
    pub(super) fn finish(mut self) -> Result<Written, Error> {
        self.tantivy.commit()?;
        let parts = in_order(self.tantivy.index(), self.fields)?;
        if parts.len() > 1 {
            self.tantivy.merge(&parts).wait()?;
        }
        self.tantivy.garbage_collect_files().wait()?;
        self.tantivy.wait_merging_threads()?;
        settle(&self.folder.join("text"))?;
        for (encoder, matrix) in self.encoding.encoders().zip(&self.vectors) {
            let (name, record) = vectors::write(&self.folder, encoder.as_ref(), matrix)?;
            self.known.insert(name, record);
        }
        write_synced(&self.folder.join("catalogue.json"), &serde_json::to_vec_pretty(&self.entries)?)?;
        Ok(Written { entries: self.entries, known: self.known })
    }
}

/// The parts of the text index by their first passage: the library itself lists them in no order.
fn in_order(index: &Index, fields: Fields) -> Result<Vec<SegmentId>, Error> {
    let mut parts: Vec<(PassageId, SegmentId)> = Vec::new();
    // One by one: a reader of the whole index watches its folder from a thread of its own, and locks it now and then.
    for part in index.searchable_segments()? {
        let part = SegmentReader::open(&part)?;
        let store = part.get_store_reader(1).map_err(tantivy::TantivyError::from)?;
        let first: TantivyDocument = store.get(0)?;
        let record = first.get_first(fields.record).and_then(|value| value.as_bytes()).unwrap_or_default();
        let passage: Passage = serde_json::from_slice(record)?;
        parts.push((passage.id, part.segment_id()));
    }
    parts.sort();
    Ok(parts.into_iter().map(|(_, id)| id).collect())
}

/// Gives the one part its fixed name, and removes what no reader needs.
fn settle(folder: &Path) -> Result<(), Error> {
    for name in TRACES {
        let path = folder.join(name);
        if path.exists() {
            fs::remove_file(&path).map_err(Error::written(&path))?;
        }
    }
    let path = folder.join(PARTS);
    let mut list: serde_json::Value = serde_json::from_slice(&fs::read(&path).map_err(Error::read(&path))?)?;
    let named = |name: &str| SegmentId::from_uuid_string(name).ok();
    let part = list.pointer_mut("/segments/0/segment_id");
    let Some((part, new)) = part.zip(named(PART)) else { return Ok(()) };
    if let Some(old) = part.as_str().and_then(named) {
        rename_part(folder, &old.uuid_string())?;
    }
    *part = serde_json::to_value(new)?;
    write_synced(&path, &serde_json::to_vec_pretty(&list)?)
}

fn rename_part(folder: &Path, old: &str) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(Error::read(folder))? {
        let path = entry.map_err(Error::read(folder))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if let Some(ending) = name.strip_prefix(old) {
            let new = folder.join(format!("{PART}{ending}"));
            fs::rename(&path, &new).map_err(Error::written(&new))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Builder, Limits};
    use crate::passage::passage_of_whole;

    fn none() -> Encoding {
        Encoding::new(&[], None, Arc::default())
    }

    fn passage(version: &str) -> Passage {
        let mut builder = Builder::new("test/1", &Limits::default());
        builder.paragraph(&format!("What {version} says."));
        passage_of_whole(&builder.finish(), &version.parse().expect("an id")).expect("a passage")
    }

    /// However many parts the index was written in, one is left, with a fixed name and its passages in order.
    #[test]
    fn parts_are_joined_in_the_order_of_passages() {
        let ids: Vec<String> = (0..12).map(|at| format!("d{at:02}@1")).collect();
        for ends in [1, 60, PART_BYTES] {
            let folder = tempfile::tempdir().expect("a folder");
            let mut writer = Writer::create(folder.path(), None, none()).expect("a writer");
            writer.part.1 = ends;
            for id in &ids {
                let entry =
                    Entry { facts: crate::corpus::VersionFacts::bare(id.parse().expect("an id")), reading: None };
                writer.add(Sheet::new(entry, None, &[passage(id)], &none()).expect("a sheet")).expect("added");
            }
            let parts = writer.tantivy.index().searchable_segments().expect("parts").len();
            assert_eq!(parts > 1, ends < PART_BYTES, "{ends}: {parts}");
            writer.finish().expect("finished");
            let index = Index::open_in_dir(folder.path().join("text")).expect("an index");
            let searcher = index.reader().expect("a reader").searcher();
            let [part] = searcher.segment_readers() else { panic!("{} parts", searcher.segment_readers().len()) };
            assert_eq!(part.segment_id().uuid_string(), PART);
            let record = Fields::schema().1.record;
            let store = part.get_store_reader(1).expect("a store");
            let found: Vec<String> = store
                .iter::<TantivyDocument>(None)
                .map(|stored| {
                    let stored = stored.expect("a document");
                    let bytes = stored.get_first(record).and_then(|value| value.as_bytes()).expect("a record");
                    let passage: Passage = serde_json::from_slice(bytes).expect("a passage");
                    passage.id.version().to_string()
                })
                .collect();
            assert_eq!(found, ids, "{ends}");
        }
    }
}
