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
use crate::index::{Entry, Reading, Snapshot, TextFile};
use crate::passage::Passage;

/// An earlier snapshot, by the content of its documents.
pub(super) struct Unchanged<'a> {
    snapshot: &'a Snapshot,
    by_content: BTreeMap<(&'a str, Format), &'a Entry>,
}

/// What can be taken over.
pub(super) enum Found {
    /// All of it.
    Passages {
        /// The stored text.
        text: TextFile,
        /// How its reading went.
        reading: Reading,
        /// Its passages.
        passages: Vec<Passage>,
    },
    /// The text, which must be cut anew.
    Text {
        /// The stored text.
        text: TextFile,
        /// The same, read back.
        document: Box<Document>,
    },
}

impl<'a> Unchanged<'a> {
    pub(super) fn of(snapshot: &'a Snapshot) -> Unchanged<'a> {
        let read = snapshot.entries().filter(|entry| matches!(entry.reading, Some(Reading::Read { .. })));
        let by_content = read.filter_map(|entry| Some((content(&entry.facts)?, entry))).collect();
        Unchanged { snapshot, by_content }
    }

    /// What the snapshot has of a version; `None` where its content must be read.
    pub(super) fn find(&self, version: &Version) -> Option<Found> {
        let stored = version.content.is_some() && version.facts.text_storage != TextStorage::LinkOnly;
        let key = content(&version.facts).filter(|_| stored)?;
        // Its own entry first: another version may hold the same bytes.
        let own = self.snapshot.entry(&version.facts.id).filter(|own| own.facts == version.facts);
        if let Some((own, reading @ Reading::Read { passages: count, .. })) =
            own.and_then(|own| own.reading.as_ref().map(|reading| (own, reading)))
        {
            let passages = self.snapshot.passages(&own.facts.id).ok()?;
            let text = self.snapshot.text_file(&own.facts.id)?;
            let whole = passages.len() == *count;
            return whole.then(|| Found::Passages { text, reading: reading.clone(), passages });
        }
        let entry = self.by_content.get(&key)?;
        let document = self.snapshot.document(&entry.facts.id).ok()??;
        Some(Found::Text { text: self.snapshot.text_file(&entry.facts.id)?, document: Box::new(document) })
    }
}

/// What decides how a version's content is read: its bytes, and the format that the file's name gives.
fn content(facts: &VersionFacts) -> Option<(&str, Format)> {
    Some((facts.sha256.as_deref()?, Format::of(Path::new(facts.file.as_deref()?))?))
}
