//! Takes the index entries of an earlier snapshot apart, so that those of unchanged versions can be written again.
//!
//! Making the terms of a passage is most of what indexing it costs. The earlier index has them: turned round, its lists of
//! passages by term are lists of terms by passage. Their order within a passage is lost and counts for nothing, because
//! the index holds how often a term occurs and not where; so what is written from them is, byte for byte, what the text
//! would give.

use std::sync::Arc;

use serde::Deserialize;
use tantivy::columnar::Column;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, TantivyDocument, Term};

use super::schema::TRAITS;
use super::{Encoding, Error, Sheet, Snapshot};
use crate::corpus::VersionId;
use crate::meaning::Matrix;
use crate::passage::Passage;

/// A snapshot's entries, taken apart.
pub struct Entries<'a> {
    snapshot: &'a Snapshot,
    /// `None` where it has no passages.
    part: Option<Part>,
    /// The vectors in this one by each encoder of the snapshot that is being written, where there are any.
    vectors: Vec<Option<Matrix>>,
    encoding: &'a Encoding,
}

struct Part {
    /// The one part of its index.
    reader: SegmentReader,
    versions: Arc<InvertedIndexReader>,
    flat: Terms,
    title: Terms,
    heading: Terms,
    quantity: Terms,
    spelling: Terms,
    traits: Column<u64>,
}

/// The terms of one field.
struct Terms {
    /// Each term with the end of its line.
    lines: Vec<String>,
    /// Passage after passage its terms, by their place in `lines`, and how often they occur.
    found: Vec<(u32, u32)>,
    /// Where each passage's terms end in `found`.
    ends: Vec<usize>,
}

impl<'a> Entries<'a> {
    /// Reads the whole index of a snapshot, to be written again with the vectors of `encoding`.
    ///
    /// # Errors
    /// [`Error`] where it cannot be read.
    pub fn of(snapshot: &'a Snapshot, encoding: &'a Encoding) -> Result<Entries<'a>, Error> {
        // Vectors of another encoder of that name, or none: they are made anew.
        let vectors = encoding.encoders().map(|encoder| snapshot.vectors_of(encoder.as_ref()).ok()).collect();
        let searcher = snapshot.searcher();
        let Some(reader) = searcher.segment_readers().first().cloned() else {
            return Ok(Entries { snapshot, part: None, vectors, encoding });
        };
        let fields = snapshot.fields();
        let (flat, [title, heading, quantity, spelling]) = std::thread::scope(|scope| {
            let others = [fields.title, fields.heading, fields.quantity, fields.spelling];
            let reader = &reader;
            let others = others.map(|field| scope.spawn(move || Terms::of(reader, field)));
            let flat = Terms::of(reader, fields.flat);
            // A panic in a thread is a panic here.
            (flat, others.map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))))
        });
        let versions = reader.inverted_index(fields.version)?;
        let (title, heading, quantity, spelling) = (title?, heading?, quantity?, spelling?);
        let traits = reader.fast_fields().u64(TRAITS)?;
        let part = Part { versions, flat: flat?, title, heading, quantity, spelling, traits, reader };
        Ok(Entries { snapshot, part: Some(part), vectors, encoding })
    }

    /// A version as it was written; `None` where the snapshot has no text of it.
    ///
    /// # Errors
    /// [`Error`] where an entry cannot be read.
    pub fn sheet(&self, id: &VersionId) -> Result<Option<Sheet>, Error> {
        let found = self.snapshot.entry(id).zip(self.snapshot.text_file(id)).zip(self.part.as_ref());
        let Some(((entry, text), part)) = found else { return Ok(None) };
        let store = part.reader.get_store_reader(1).map_err(tantivy::TantivyError::from)?;
        let fields = self.snapshot.fields();
        let rows = part.passages(fields.version, id)?;
        // A version of which passages are missing is not taken over.
        if rows.len() != entry.passages() {
            return Ok(None);
        }
        let (mut passages, mut records) = (Vec::new(), Vec::new());
        for at in rows.iter().copied() {
            /// The part of a record that is not in any other field.
            #[derive(Deserialize)]
            struct Named {
                id: String,
            }
            let stored: TantivyDocument = store.get(at)?;
            let record = stored.get_first(fields.record).and_then(|value| value.as_bytes()).unwrap_or_default();
            let named: Named = serde_json::from_slice(record)?;
            let mut passage = TantivyDocument::default();
            passage.add_text(fields.id, named.id);
            passage.add_text(fields.version, id.to_string());
            passage.add_text(fields.flat, part.flat.of_passage(at));
            passage.add_text(fields.title, part.title.of_passage(at));
            passage.add_text(fields.heading, part.heading.of_passage(at));
            passage.add_text(fields.quantity, part.quantity.of_passage(at));
            passage.add_u64(fields.traits, part.traits.first(at).unwrap_or_default());
            passage.add_bytes(fields.record, record);
            let spelling = part.spelling.of_passage(at);
            if !spelling.is_empty() {
                passage.add_text(fields.spelling, spelling);
            }
            if self.vectors.iter().any(Option::is_none) {
                records.push(serde_json::from_slice::<Passage>(record)?);
            }
            passages.push(passage);
        }
        let records: Vec<&Passage> = records.iter().collect();
        let vectors = self.vectors.iter().enumerate().map(|(at, known)| match known {
            Some(known) => {
                let mut matrix = Matrix::new(known.dimensions())?;
                matrix.take_over(known, rows.iter().copied())?;
                Ok(matrix)
            }
            None => self.encoding.matrix(at, entry.title(), &records),
        });
        let vectors = vectors.collect::<Result<Vec<Matrix>, Error>>()?;
        Ok(Some(Sheet::again(entry.clone(), text, passages, vectors)))
    }
}

impl Part {
    /// The passages of a version, in the order in which they were written.
    fn passages(&self, field: Field, id: &VersionId) -> Result<Vec<DocId>, Error> {
        let term = Term::from_field_text(field, &id.to_string());
        let postings = self.versions.read_postings(&term, IndexRecordOption::Basic);
        let Some(mut postings) = postings.map_err(tantivy::TantivyError::from)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        while postings.doc() != TERMINATED {
            found.push(postings.doc());
            postings.advance();
        }
        Ok(found)
    }
}

impl Terms {
    fn of(reader: &SegmentReader, field: Field) -> Result<Terms, Error> {
        let index = reader.inverted_index(field)?;
        let mut lines = Vec::new();
        let mut ends = vec![0; usize::try_from(reader.max_doc()).unwrap_or(usize::MAX)];
        // Twice: first how many terms each passage has, then which, each into the place that is kept for it.
        each(&index, IndexRecordOption::Basic, |term, postings| {
            lines.push(format!("{}\n", String::from_utf8_lossy(term)));
            while let Some(count) = usize::try_from(postings.doc()).ok().and_then(|at| ends.get_mut(at)) {
                *count += 1;
                postings.advance();
            }
        })?;
        let mut sum = 0;
        for end in &mut ends {
            // For now where the passage's terms begin; each that is put there moves it on.
            sum += std::mem::replace(end, sum);
        }
        let mut found = vec![(0, 0); sum];
        let mut place = 0;
        each(&index, IndexRecordOption::WithFreqs, |_, postings| {
            while let Some(next) = usize::try_from(postings.doc()).ok().and_then(|at| ends.get_mut(at)) {
                if let Some(free) = found.get_mut(*next) {
                    *free = (place, postings.term_freq());
                }
                *next += 1;
                postings.advance();
            }
            place += 1;
        })?;
        Ok(Terms { lines, found, ends })
    }

    /// The terms of a passage, each as often as it occurs, each ended by the end of a line.
    fn of_passage(&self, at: DocId) -> String {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let begin = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let passage = self.ends.get(at).and_then(|end| self.found.get(begin..*end)).unwrap_or_default();
        let lines = passage.iter().flat_map(|(place, times)| {
            let line = usize::try_from(*place).ok().and_then(|place| self.lines.get(place));
            (0..*times).map(move |_| line.map_or("", String::as_str))
        });
        let mut text = String::with_capacity(lines.clone().map(str::len).sum());
        text.extend(lines);
        text
    }
}

/// Calls `take` with each term of a field and its passages, which end where the number of passages does.
fn each(
    index: &InvertedIndexReader,
    option: IndexRecordOption,
    mut take: impl FnMut(&[u8], &mut SegmentPostings),
) -> Result<(), Error> {
    let mut stream = index.terms().stream().map_err(tantivy::TantivyError::from)?;
    while let Some((term, info)) = stream.next() {
        let read = index.read_postings_from_terminfo(info, option);
        take(term, &mut read.map_err(tantivy::TantivyError::from)?);
    }
    Ok(())
}
