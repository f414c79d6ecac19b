//! An opened snapshot: what it holds, and how a query reaches it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::collector::TopDocs;
use tantivy::query::{Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, Index, IndexReader, ReloadPolicy, Searcher, TantivyDocument, Term};

use super::held::Held;
use super::manifest::{record_of, sync_file};
use super::recent::Recent;
use super::sealed::Sealed;
use super::vectors::{self, Meaning};
use super::{EncoderRecord, Engine, Error, Fields, FileRecord, Lists, Manifest, Ranking};
use crate::corpus::{Catalogue, VersionFacts, VersionId};
use crate::document::{Defect, Document};
use crate::lexicon::Lexicon;
use crate::meaning::{Encoder, Matrix};
use crate::passage::{Passage, PassageId};

/// One version in a snapshot, and how its reading went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What is known of the version.
    pub facts: VersionFacts,
    /// How its reading went; `None` for a source whose text is not stored.
    pub reading: Option<Reading>,
}

impl Entry {
    /// Number of passages that can be cited.
    pub fn passages(&self) -> usize {
        match &self.reading {
            Some(Reading::Read { passages, .. }) => *passages,
            _ => 0,
        }
    }

    /// Its title: the sidecar's, else the document's own, else none.
    pub(super) fn title(&self) -> &str {
        let own = match &self.reading {
            Some(Reading::Read { title, .. }) => title.as_deref(),
            _ => None,
        };
        self.facts.title.as_deref().or(own).unwrap_or_default()
    }
}

/// The outcome of reading one version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Reading {
    /// It was read, perhaps not in full.
    Read {
        /// The reader's name.
        reader: String,
        /// The title that the document itself carries.
        title: Option<String>,
        /// Length of the stored text in code points.
        characters: usize,
        /// Number of pages; 0 for formats without pages.
        pages: usize,
        /// Number of passages.
        passages: usize,
        /// Number of passages that recommend.
        recommendations: usize,
        /// What could not be read.
        defects: Vec<Defect>,
    },
    /// It was not read, and nothing of it can be cited.
    Rejected {
        /// Why.
        reason: String,
        /// Whether another day may see it read: the reader was stopped, the file could not be opened.
        #[serde(default)]
        passing: bool,
    },
}

/// A passage that a query found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The passage.
    pub passage: Passage,
    /// Its score.
    pub score: f32,
    /// Its number in the text index, which is its row among the vectors.
    pub row: u32,
}

/// The stored text of one version, as a file of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFile {
    path: PathBuf,
    record: FileRecord,
}

impl TextFile {
    /// Gives the file a second name, or copies it where the file system has no such thing. A published file is never
    /// changed, so two snapshots can share one; removing either leaves the other's name.
    pub(super) fn keep_as(&self, path: &Path) -> Result<FileRecord, Error> {
        if fs::hard_link(&self.path, path).is_err() {
            fs::copy(&self.path, path).map_err(Error::written(path))?;
            sync_file(path)?;
        }
        Ok(self.record.clone())
    }
}

/// A snapshot, open for searching. Immutable; every answer names it.
///
/// Texts of documents are read when they are asked for, so an open snapshot holds its folder: see [`Held`].
pub struct Snapshot {
    manifest: Manifest,
    held: Held,
    folder: PathBuf,
    catalogue: Catalogue,
    entries: BTreeMap<VersionId, Entry>,
    fields: Fields,
    reader: IndexReader,
    lists: Option<Lists>,
    lexicon: Arc<Lexicon>,
    engine: Engine,
    meanings: Vec<Meaning>,
    recent: Recent,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("id", &self.manifest.id).finish_non_exhaustive()
    }
}

impl Snapshot {
    /// Opens what was verified, to be ranked as `ranking` says and asked with a lexicon.
    pub(super) fn open(
        folder: &Path,
        held: Held,
        manifest: Manifest,
        ranking: &Ranking,
        lexicon: Arc<Lexicon>,
    ) -> Result<Snapshot, Error> {
        let ranker = ranking.ranker(manifest.engine.ranker);
        if ranker > manifest.engine.ranker {
            let (id, built) = (manifest.id.to_string(), manifest.engine.ranker);
            return Err(Error::NoVectors { id, built, asked: ranker });
        }
        let encoders = ranking.encoders(ranker)?;
        let records = encoders.iter().map(|encoder| EncoderRecord::of(encoder.as_ref())).collect();
        let engine = Engine::of(ranker, records).with_lexicon(&lexicon);
        let meaning = |encoder: &Arc<dyn Encoder>| {
            let matrix = vectors::read(folder, &manifest, encoder.as_ref())?;
            Ok(Meaning { encoder: Arc::clone(encoder), matrix })
        };
        let meanings: Vec<Meaning> = encoders.iter().map(meaning).collect::<Result<_, Error>>()?;
        let path = folder.join("catalogue.json");
        let bytes = fs::read(&path).map_err(Error::read(&path))?;
        let entries: Vec<Entry> = serde_json::from_slice(&bytes)?;
        let catalogue = Catalogue::new(entries.iter().map(|entry| entry.facts.clone()));
        let entries = entries.into_iter().map(|entry| (entry.facts.id.clone(), entry)).collect();
        let index = Index::open(Sealed::open(&folder.join("text"))?)?;
        let (schema, fields) = Fields::schema();
        if index.schema() != schema {
            return Err(Error::Damaged {
                id: manifest.id.to_string(),
                reason: "the text index has other fields".to_owned(),
            });
        }
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let damaged = |reason: String| Error::Damaged { id: manifest.id.to_string(), reason };
        let searcher = reader.searcher();
        let parts = searcher.segment_readers();
        let lists = Lists::open(parts.first(), fields, BTreeMap::values(&entries))?.map_err(damaged)?;
        // A passage's number in the text index is its row: the index has one part, and none of it is deleted.
        let numbers = lists.as_ref().map_or(0, Lists::passages);
        if parts.len() > 1 || numbers != manifest.passages {
            let count = parts.len();
            return Err(damaged(format!(
                "the text index has {count} parts and {numbers} passages, not one and {}",
                manifest.passages
            )));
        }
        let folder = folder.to_owned();
        let recent = Recent::default();
        Ok(Snapshot {
            manifest,
            held,
            folder,
            catalogue,
            entries,
            fields,
            reader,
            lists,
            lexicon,
            engine,
            meanings,
            recent,
        })
    }

    /// Whether its folder is still the one that was opened: a snapshot that was damaged, or lacked a document that only
    /// bad luck kept out, is built anew under its own name.
    pub(super) fn is_in_place(&self) -> bool {
        self.held.is_of(&self.folder)
    }

    /// What it is made of.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What answers from it: the engine that built it, or one that uses less of it, with an institution's lexicon where
    /// there is one.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What may stand for words of a claim.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The vectors of its passages by each encoder that the ranker uses, the embedded one first.
    pub fn meanings(&self) -> &[Meaning] {
        &self.meanings
    }

    /// The vectors that an encoder made of its passages, whether or not its ranker uses them.
    pub(super) fn vectors_of(&self, encoder: &dyn Encoder) -> Result<Matrix, Error> {
        vectors::read(&self.folder, &self.manifest, encoder)
    }

    /// Its versions and the edges between them.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Its versions with the outcome of their reading, ordered by id.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// One version.
    pub fn entry(&self, id: &VersionId) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// Handles of the index's fields.
    pub fn fields(&self) -> Fields {
        self.fields
    }

    /// A view of the text index.
    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// The best `limit` passages for a query; equal scores in the order of passage ids.
    ///
    /// # Errors
    /// [`Error`] where the index or a stored record cannot be read.
    pub fn search(&self, query: &dyn Query, limit: usize) -> Result<Vec<Hit>, Error> {
        let searcher = self.searcher();
        let found = searcher.search(query, &TopDocs::with_limit(limit.max(1)).order_by_score())?;
        found
            .into_iter()
            .map(|(score, address)| {
                Ok(Hit { passage: self.record(&searcher.doc(address)?)?, score, row: address.doc_id })
            })
            .collect()
    }

    /// Its passages by term; `None` where it has no passages.
    pub fn lists(&self) -> Option<&Lists> {
        self.lists.as_ref()
    }

    /// The passages of some rows, in their order.
    ///
    /// # Errors
    /// [`Error`] where a stored record cannot be read.
    pub fn in_rows(&self, rows: &[u32]) -> Result<Vec<Arc<Passage>>, Error> {
        let searcher = self.searcher();
        self.recent.of(rows, |row| self.record(&searcher.doc(DocAddress::new(0, row))?))
    }

    /// The passage with this id.
    ///
    /// # Errors
    /// [`Error`] where the index or the stored record cannot be read.
    pub fn passage(&self, id: &PassageId) -> Result<Option<Passage>, Error> {
        let term = Term::from_field_text(self.fields.id, &id.to_string());
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        Ok(self.search(&query, 1)?.into_iter().next().map(|hit| hit.passage))
    }

    /// All passages of a version, in reading order.
    ///
    /// # Errors
    /// [`Error`] where the index or a stored record cannot be read.
    pub fn passages(&self, id: &VersionId) -> Result<Vec<Passage>, Error> {
        let count = self.entry(id).map_or(0, Entry::passages);
        let term = Term::from_field_text(self.fields.version, &id.to_string());
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let mut passages: Vec<Passage> = self.search(&query, count)?.into_iter().map(|hit| hit.passage).collect();
        passages.sort_by_key(Passage::span);
        Ok(passages)
    }

    /// The stored text of a version; `None` where the corpus holds none.
    ///
    /// # Errors
    /// [`Error`] where the file cannot be read or is no longer what was published.
    pub fn document(&self, id: &VersionId) -> Result<Option<Document>, Error> {
        if self.entry(id).is_none_or(|entry| entry.passages() == 0) {
            return Ok(None);
        }
        let Some(file) = self.text_file(id) else { return Ok(None) };
        let bytes = fs::read(&file.path).map_err(Error::read(&file.path))?;
        // Opening checked every byte, but that may be weeks ago.
        if record_of(&bytes) != file.record {
            let reason = format!("documents/{id}.json was changed");
            return Err(Error::Damaged { id: self.manifest.id.to_string(), reason });
        }
        Ok(Some(serde_json::from_slice(&bytes)?))
    }

    /// The file with the stored text of a version; `None` where the corpus holds none.
    pub fn text_file(&self, id: &VersionId) -> Option<TextFile> {
        let name = format!("documents/{id}.json");
        let record = self.manifest.files.get(&name)?.clone();
        Some(TextFile { path: self.folder.join(name), record })
    }

    fn record(&self, stored: &TantivyDocument) -> Result<Passage, Error> {
        let bytes = stored.get_first(self.fields.record).and_then(|value| value.as_bytes()).unwrap_or_default();
        Ok(serde_json::from_slice(bytes)?)
    }
}
