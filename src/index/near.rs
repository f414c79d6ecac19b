//! Words of the passages that are written much like another: what a typing error may have been meant to be.

use std::sync::Arc;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::{InvertedIndexReader, SegmentReader, Term};

use super::{Error, Lists};

/// Most words that one search gives: beyond this many a word is like too much to say what was meant.
const MOST: usize = 200;

/// The words of a snapshot as they are written.
pub(super) struct Spelling {
    field: Field,
    words: Arc<InvertedIndexReader>,
}

/// A word of the passages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// The word, in lower case.
    pub word: String,
    /// In how many versions it stands.
    pub versions: u32,
}

impl Spelling {
    pub(super) fn open(reader: &SegmentReader, field: Field) -> Result<Spelling, Error> {
        Ok(Spelling { field, words: reader.inverted_index(field)? })
    }
}

impl Lists {
    /// In how many versions a word stands as it is written here, in lower case; none for words too short or too long to
    /// be told from others.
    ///
    /// # Errors
    /// [`Error`] where the index cannot be read.
    pub fn written(&self, word: &str) -> Result<u32, Error> {
        let term = Term::from_field_text(self.spelling.field, word);
        let info = self.spelling.words.get_term_info(&term).map_err(tantivy::TantivyError::from)?;
        Ok(info.map_or(0, |info| info.doc_freq))
    }

    /// The words at most so many typing errors away (1 or 2: a letter too much, too few, another, or two neighbours
    /// exchanged), in the order of the alphabet.
    ///
    /// # Errors
    /// [`Error`] where the index cannot be read.
    pub fn near(&self, word: &str, errors: u8) -> Result<Vec<Near>, Error> {
        let term = Term::from_field_text(self.spelling.field, word);
        let automaton = FuzzyTermQuery::new(term, errors.min(2), true).automaton()?;
        let search = self.spelling.words.terms().search(automaton).into_stream();
        let mut stream = search.map_err(tantivy::TantivyError::from)?;
        let mut found = Vec::new();
        while found.len() < MOST && stream.advance() {
            if let Ok(word) = std::str::from_utf8(stream.key()) {
                found.push(Near { word: word.to_owned(), versions: stream.value().doc_freq });
            }
        }
        Ok(found)
    }
}
