//! What an earlier snapshot has of a version already.
//!
//! A document is a function of its bytes, its format and the reader; passages are one of the document and of what the
//! sidecar says. The earlier snapshot was made by the same engine and every byte of it was checked when it was opened, so
//! equal bytes and an equal format give an equal document, and with equal facts equal passages. Nothing else is assumed:
//! where any fact differs, the text is cut again. What was rejected is always read again.

use std::collections::BTreeMap;
use std::path::Path;

use crate::corpus::{Format, TextStorage, Version, VersionFacts};
use crate::document::Document;
use crate::index::{Encoding, Entries, Entry, Error, Reading, Sheet, Snapshot, TextFile};

/// An earlier snapshot, by the content of its documents.
pub(super) struct Unchanged<'a> {
    snapshot: &'a Snapshot,
    entries: Entries<'a>,
    by_content: BTreeMap<(&'a str, Format), &'a Entry>,
}

/// What can be taken over.
pub(super) enum Found {
    /// All of it.
    Whole(Box<Sheet>),
    /// The text, which must be cut anew.
    Text(TextFile, Box<Document>),
}

impl<'a> Unchanged<'a> {
    /// What it has for a snapshot with the vectors of `encoding`.
    ///
    /// # Errors
    /// [`Error`] where the snapshot's index cannot be read.
    pub(super) fn of(snapshot: &'a Snapshot, encoding: &'a Encoding) -> Result<Unchanged<'a>, Error> {
        let read = snapshot.entries().filter(|entry| is_read(entry));
        let by_content = read.filter_map(|entry| Some((content(&entry.facts)?, entry))).collect();
        Ok(Unchanged { snapshot, entries: Entries::of(snapshot, encoding)?, by_content })
    }

    /// What the snapshot has of a version; `None` where its content must be read.
    pub(super) fn find(&self, version: &Version) -> Option<Found> {
        let stored = version.content.is_some() && version.facts.text_storage != TextStorage::LinkOnly;
        let key = content(&version.facts).filter(|_| stored)?;
        // Its own entry first: another version may hold the same bytes.
        let id = &version.facts.id;
        if self.snapshot.entry(id).is_some_and(|own| own.facts == version.facts && is_read(own)) {
            return self.entries.sheet(id).ok()?.map(Box::new).map(Found::Whole);
        }
        let entry = self.by_content.get(&key)?;
        let document = self.snapshot.document(&entry.facts.id).ok()??;
        Some(Found::Text(self.snapshot.text_file(&entry.facts.id)?, Box::new(document)))
    }
}

fn is_read(entry: &Entry) -> bool {
    matches!(entry.reading, Some(Reading::Read { .. }))
}

/// What decides how a version's content is read: its bytes, and the format that the file's name gives.
fn content(facts: &VersionFacts) -> Option<(&str, Format)> {
    Some((facts.sha256.as_deref()?, Format::of(Path::new(facts.file.as_deref()?))?))
}
