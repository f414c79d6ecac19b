//! Which versions have an original that may be shown: the PDF that was indexed, page by page as its publisher set it.
//!
//! Decided by what the snapshot knows and by nothing else: whether the file still lies where it lay is asked of the corpus
//! folders when somebody wants to see it, so that answers do not change with the disk.

use std::path::Path;

use super::{Entry, Reading};
use crate::corpus::{Format, TextStorage};

/// The file of which a version was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Original<'a> {
    /// Its name, without a folder.
    pub file: &'a str,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: &'a str,
}

/// Why a version has no original that may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoOriginal {
    /// Its licence keeps its text out, or lets it be quoted only.
    Licence,
    /// No file of it was read: none is stored, or it was rejected, for its sidecar's faults or its own.
    NotRead,
    /// The file has no pages.
    NotPdf,
}

impl Entry {
    /// The PDF of which the version was read.
    ///
    /// # Errors
    /// [`NoOriginal`], where it has none or none may be shown.
    pub fn original(&self) -> Result<Original<'_>, NoOriginal> {
        if self.facts.text_storage != TextStorage::Full {
            return Err(NoOriginal::Licence);
        }
        let read = matches!(self.reading, Some(Reading::Read { .. }));
        let named = self.facts.file.as_deref().zip(self.facts.sha256.as_deref()).filter(|_| read);
        let (file, sha256) = named.ok_or(NoOriginal::NotRead)?;
        match Format::of(Path::new(file)) {
            Some(Format::Pdf) => Ok(Original { file, sha256 }),
            _ => Err(NoOriginal::NotPdf),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::VersionFacts;

    fn entry(file: &str, text_storage: TextStorage) -> Entry {
        let facts = VersionFacts {
            file: Some(file.to_owned()),
            sha256: Some("ab".to_owned()),
            text_storage,
            ..VersionFacts::bare("a@1".parse().expect("an id"))
        };
        let reading = Reading::Read {
            reader: "pdf".to_owned(),
            title: None,
            characters: 1,
            pages: 1,
            passages: 1,
            recommendations: 0,
            defects: Vec::new(),
        };
        Entry { facts, reading: Some(reading) }
    }

    #[test]
    fn only_a_pdf_that_was_read_and_may_be_shown_whole() {
        assert_eq!(entry("a.PDF", TextStorage::Full).original(), Ok(Original { file: "a.PDF", sha256: "ab" }));
        assert_eq!(entry("a.html", TextStorage::Full).original(), Err(NoOriginal::NotPdf));
        for kept in [TextStorage::Quote, TextStorage::LinkOnly] {
            assert_eq!(entry("a.pdf", kept).original(), Err(NoOriginal::Licence));
        }
        let rejected = Reading::Rejected { reason: "its sidecar has 1 faults".to_owned(), passing: false };
        let whole = entry("a.pdf", TextStorage::Full);
        for reading in [None, Some(rejected)] {
            assert_eq!(Entry { reading, ..whole.clone() }.original(), Err(NoOriginal::NotRead));
        }
        let mut unnamed = whole;
        unnamed.facts.sha256 = None;
        assert_eq!(unnamed.original(), Err(NoOriginal::NotRead), "what cannot be compared is not shown");
    }
}
