//! The vectors of a snapshot's passages: one file an encoder, one row a passage.
//!
//! A passage's row is its number in the text index, which has one part and holds the passages in the order of their ids.
//! So a search by words and one by meaning name passages alike, and no list of ids is kept twice.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::manifest::{record_of, write_synced};
use super::{EncoderRecord, Error, FileRecord, Manifest};
use crate::meaning::{Encoder, Matrix};
use crate::passage::Passage;

/// Folder of the files within a snapshot.
pub(super) const FOLDER: &str = "vectors";

/// The vectors of one encoder in an open snapshot.
#[derive(Debug)]
pub struct Meaning {
    /// Makes the vectors of what is asked.
    pub encoder: Arc<dyn Encoder>,
    /// The passages' vectors; a passage's row is its number in the text index.
    pub matrix: Matrix,
}

/// Name of an encoder's file within a snapshot.
pub(super) fn file_name(encoder: &str) -> String {
    format!("{FOLDER}/{encoder}.bin")
}

/// What stands above a passage, the outermost first. A heading that repeats the title says nothing more.
pub(super) fn context<'a>(title: &'a str, passage: &'a Passage) -> Vec<&'a str> {
    let headings = passage.path.iter().map(String::as_str).filter(|heading| *heading != title);
    let all = std::iter::once(title).chain(headings).chain(passage.lead.as_deref());
    all.filter(|text| !text.is_empty()).collect()
}

/// Writes the vectors of one encoder below a snapshot's folder; the name and record of the file.
pub(super) fn write(folder: &Path, encoder: &dyn Encoder, matrix: &Matrix) -> Result<(String, FileRecord), Error> {
    let name = file_name(encoder.name());
    let bytes = matrix.to_bytes();
    write_synced(&folder.join(&name), &bytes)?;
    Ok((name, record_of(&bytes)))
}

/// Reads the vectors that an encoder made of a snapshot's passages.
pub(super) fn read(folder: &Path, manifest: &Manifest, encoder: &dyn Encoder) -> Result<Matrix, Error> {
    let record = manifest.engine.encoders.iter().find(|record| record.name == encoder.name());
    if record.is_none_or(|record| *record != EncoderRecord::of(encoder)) {
        let (id, encoder) = (manifest.id.to_string(), encoder.name().to_owned());
        return Err(Error::OtherEncoder { id, encoder, ranker: manifest.engine.ranker });
    }
    let name = file_name(encoder.name());
    let damaged = |reason: String| Error::Damaged { id: manifest.id.to_string(), reason: format!("{name}: {reason}") };
    let path = folder.join(&name);
    let bytes = fs::read(&path).map_err(Error::read(&path))?;
    let matrix = Matrix::from_bytes(&bytes).map_err(|error| damaged(error.to_string()))?;
    if matrix.dimensions() != encoder.dimensions() {
        return Err(damaged(format!("{} dimensions instead of {}", matrix.dimensions(), encoder.dimensions())));
    }
    if matrix.len() != manifest.passages {
        return Err(damaged(format!("{} vectors for {} passages", matrix.len(), manifest.passages)));
    }
    Ok(matrix)
}
