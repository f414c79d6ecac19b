//! The text index as ranking sees it: passages by row, and for each term the rows that hold it.
//!
//! A snapshot has one part, whose passages lie in the order of their ids; so a passage is named by its row, a version is a
//! range of rows, and equal scores in the order of rows are in the order of ids.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, InvertedIndexReader, SegmentReader, TERMINATED, Term};

use super::near::Spelling;
use super::schema::TRAITS;
use super::{Entry, Error, Fields, Traits};
use crate::corpus::VersionId;

/// Saturation of a term's frequency, and how far a passage's length counts (Robertson and Zaragoza 2009). The library's
/// own values: others did not pay on public sets.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// A field that is searched by terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Title, headings, introduction and words together.
    Flat,
    /// The document's title.
    Title,
    /// The headings above the passage and what introduces it.
    Heading,
    /// Numbers with units.
    Quantity,
}

/// The lists of one snapshot.
pub struct Lists {
    flat: List,
    title: List,
    heading: List,
    quantity: List,
    pub(super) spelling: Spelling,
    traits: Vec<Traits>,
    rows: BTreeMap<VersionId, Range<u32>>,
    /// First row of each version that has passages, in order.
    starts: Vec<(u32, VersionId)>,
}

impl std::fmt::Debug for Lists {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lists").field("passages", &self.traits.len()).finish_non_exhaustive()
    }
}

/// One field.
struct List {
    field: Field,
    terms: Arc<InvertedIndexReader>,
    lengths: FieldNormReader,
    /// What a passage's length adds to a frequency of 1 before it saturates, by the code of its length.
    slack: Box<[f32; 256]>,
}

impl Lists {
    /// Opens the lists of a snapshot's one part; `None` where it has no passages.
    ///
    /// # Errors
    /// [`Error`] where the index cannot be read; a text that says what does not fit where the index and the catalogue
    /// disagree.
    pub(super) fn open<'a>(
        reader: Option<&SegmentReader>,
        fields: Fields,
        entries: impl Iterator<Item = &'a Entry>,
    ) -> Result<Result<Option<Lists>, String>, Error> {
        let Some(reader) = reader else { return Ok(Ok(None)) };
        let (mut rows, mut starts, mut next) = (BTreeMap::new(), Vec::new(), 0_u32);
        for entry in entries.filter(|entry| entry.passages() > 0) {
            let end = next.saturating_add(u32::try_from(entry.passages()).unwrap_or(u32::MAX));
            rows.insert(entry.facts.id.clone(), next..end);
            starts.push((next, entry.facts.id.clone()));
            next = end;
        }
        if next != reader.max_doc() {
            return Ok(Err(format!("its catalogue counts {next} passages and its index {}", reader.max_doc())));
        }
        let column = reader.fast_fields().u64(TRAITS)?;
        let traits = (0..next).map(|row| Traits::unpacked(column.first(row).unwrap_or_default())).collect();
        Ok(Ok(Some(Lists {
            flat: List::open(reader, fields.flat)?,
            title: List::open(reader, fields.title)?,
            heading: List::open(reader, fields.heading)?,
            quantity: List::open(reader, fields.quantity)?,
            spelling: Spelling::open(reader, fields.spelling)?,
            traits,
            rows,
            starts,
        })))
    }

    /// Number of passages; rows are below it.
    pub fn passages(&self) -> usize {
        self.traits.len()
    }

    /// What a passage is.
    pub fn traits(&self, row: u32) -> Option<Traits> {
        self.traits.get(row as usize).copied()
    }

    /// The rows of a version; empty where it has no passages.
    pub fn rows(&self, version: &VersionId) -> Range<u32> {
        self.rows.get(version).cloned().unwrap_or(0..0)
    }

    /// The version whose passage stands in a row.
    pub fn version(&self, row: u32) -> Option<&VersionId> {
        let at = self.starts.partition_point(|(start, _)| *start <= row).checked_sub(1)?;
        self.starts.get(at).map(|(_, id)| id)
    }

    /// Number of the version whose passage stands in a row, in the order of versions.
    pub fn version_number(&self, row: u32) -> usize {
        self.starts.partition_point(|(start, _)| *start <= row).saturating_sub(1)
    }

    /// In how many passages a term stands.
    ///
    /// # Errors
    /// [`Error`] where the index cannot be read.
    pub fn frequency(&self, part: Part, term: &str) -> Result<u32, Error> {
        let list = self.list(part);
        let info = list.terms.get_term_info(&Term::from_field_text(list.field, term));
        Ok(info.map_err(tantivy::TantivyError::from)?.map_or(0, |info| info.doc_freq))
    }

    /// Inverse document frequency as BM25 has it, of a term that stands in so many passages.
    pub fn rarity(&self, frequency: u32) -> f32 {
        let (all, frequency) = (self.traits.len() as f64, f64::from(frequency));
        ((1.0 + (all - frequency + 0.5) / (frequency + 0.5)).ln()) as f32
    }

    /// Calls `take` with each row that holds a term, and what the term is worth there: its saturated frequency, 0 to 2.2,
    /// before its rarity. In the order of rows.
    ///
    /// # Errors
    /// [`Error`] where the index cannot be read.
    pub fn each(&self, part: Part, term: &str, mut take: impl FnMut(usize, f32)) -> Result<(), Error> {
        let list = self.list(part);
        let Some(mut postings) = list.postings(term)? else { return Ok(()) };
        let mut row = postings.doc();
        while row != TERMINATED {
            take(row as usize, list.worth(row, postings.term_freq()));
            row = postings.advance();
        }
        Ok(())
    }

    /// How often a term stands in each of some rows, which are in order.
    ///
    /// # Errors
    /// [`Error`] where the index cannot be read.
    pub fn among(&self, part: Part, term: &str, rows: &[u32], mut take: impl FnMut(usize, u32)) -> Result<(), Error> {
        let Some(mut postings) = self.list(part).postings(term)? else { return Ok(()) };
        for (at, row) in rows.iter().enumerate() {
            if postings.doc() < *row {
                postings.seek(*row);
            }
            if postings.doc() == *row {
                take(at, postings.term_freq());
            }
        }
        Ok(())
    }

    fn list(&self, part: Part) -> &List {
        match part {
            Part::Flat => &self.flat,
            Part::Title => &self.title,
            Part::Heading => &self.heading,
            Part::Quantity => &self.quantity,
        }
    }
}

impl List {
    fn open(reader: &SegmentReader, field: Field) -> Result<List, Error> {
        let terms = reader.inverted_index(field)?;
        let lengths = reader.get_fieldnorms_reader(field)?;
        let mean = terms.total_num_tokens() as f32 / reader.max_doc().max(1) as f32;
        let mut slack = Box::new([0.0; 256]);
        for (code, slack) in (0..=u8::MAX).zip(slack.iter_mut()) {
            let length = FieldNormReader::id_to_fieldnorm(code) as f32;
            *slack = K1 * (1.0 - B + B * length / mean.max(1.0));
        }
        Ok(List { field, terms, lengths, slack })
    }

    fn postings(&self, term: &str) -> Result<Option<SegmentPostings>, Error> {
        let term = Term::from_field_text(self.field, term);
        let read = self.terms.read_postings(&term, IndexRecordOption::WithFreqs);
        Ok(read.map_err(tantivy::TantivyError::from)?)
    }

    fn worth(&self, row: u32, frequency: u32) -> f32 {
        let slack = self.slack[usize::from(self.lengths.fieldnorm_id(row))];
        let frequency = frequency as f32;
        frequency * (1.0 + K1) / (frequency + slack)
    }
}
