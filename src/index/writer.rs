//! Writes one snapshot's files into a folder of its own; publishing it is the store's act.

use std::fs;
use std::path::{Path, PathBuf};

use tantivy::indexer::NoMergePolicy;
use tantivy::{Index, IndexWriter};

use super::manifest::write_synced;
use super::{Entry, Error, Fields};
use crate::document::Document;
use crate::passage::Passage;

/// Bytes of memory for building the inverted index.
const MEMORY: usize = 128 << 20;

/// Collects passages and documents; one thread writes, so that equal input gives equal order.
pub struct Writer {
    folder: PathBuf,
    fields: Fields,
    tantivy: IndexWriter,
    entries: Vec<Entry>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("folder", &self.folder).field("entries", &self.entries.len()).finish()
    }
}

impl Writer {
    /// Starts a snapshot in an empty folder.
    pub(super) fn create(folder: &Path) -> Result<Writer, Error> {
        let (schema, fields) = Fields::schema();
        for name in ["text", "documents"] {
            let path = folder.join(name);
            fs::create_dir_all(&path).map_err(Error::written(&path))?;
        }
        let index = Index::create_in_dir(folder.join("text"), schema)?;
        let tantivy: IndexWriter = index.writer_with_num_threads(1, MEMORY)?;
        tantivy.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Writer { folder: folder.to_owned(), fields, tantivy, entries: Vec::new() })
    }

    /// Adds a version: its catalogue entry, its text, and its passages.
    ///
    /// Versions are added in the order of their ids. Passages are written in the order of theirs, so that the order of
    /// entries in the index breaks ties between equal scores.
    ///
    /// # Errors
    /// [`Error`] where a file cannot be written.
    pub fn add(&mut self, entry: Entry, document: Option<&Document>, passages: &[Passage]) -> Result<(), Error> {
        let title = entry.facts.title.clone().or_else(|| document.and_then(|document| document.title.clone()));
        let title = title.unwrap_or_default();
        let mut ordered: Vec<&Passage> = passages.iter().collect();
        ordered.sort_by(|a, b| a.id.cmp(&b.id));
        for passage in ordered {
            self.tantivy.add_document(self.fields.entry(passage, &title)?)?;
        }
        if let Some(document) = document {
            let path = self.folder.join("documents").join(format!("{}.json", entry.facts.id));
            write_synced(&path, &serde_json::to_vec(document)?)?;
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Writes what is left and gives back the folder, every file on the disk.
    pub(super) fn finish(mut self) -> Result<(PathBuf, Vec<Entry>), Error> {
        self.tantivy.commit()?;
        let segments = self.tantivy.index().searchable_segment_ids()?;
        if segments.len() > 1 {
            self.tantivy.merge(&segments).wait()?;
        }
        self.tantivy.garbage_collect_files().wait()?;
        self.tantivy.wait_merging_threads()?;
        for lock in [".tantivy-writer.lock", ".tantivy-meta.lock"] {
            let path = self.folder.join("text").join(lock);
            if path.exists() {
                fs::remove_file(&path).map_err(Error::written(&path))?;
            }
        }
        write_synced(&self.folder.join("catalogue.json"), &serde_json::to_vec_pretty(&self.entries)?)?;
        Ok((self.folder, self.entries))
    }
}
