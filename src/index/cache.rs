//! Vectors that took long to make, kept by what they were made of, so that none is made twice.
//!
//! One file an encoder below the index folder: records of one length, written to its end one by one as they come, so that
//! what a build that was ended had computed is there for the next. Each record has its own checksum. Whatever is not as it
//! should be counts as not there: nothing depends on the cache but time.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::meaning::{Encoder, Matrix};

/// Folder of the caches within an index folder.
pub(super) const FOLDER: &str = "vectors-cache";
/// The file within an encoder's folder.
const FILE: &str = "rows.bin";
/// Bytes of a checksum: the first of a SHA-256.
const CHECK: usize = 8;
/// Largest file that is read or written on; a larger one is begun anew. Enough for a million passages.
const LARGEST: u64 = 512 << 20;

/// What a vector was made of.
pub(super) type Key = [u8; 32];

/// The kept vectors of one encoder.
#[derive(Debug)]
pub(super) struct Cache {
    known: Mutex<HashMap<Key, Box<[u8]>>>,
    /// `None` where another process writes, or nobody may: then nothing is added.
    file: Option<Mutex<File>>,
}

/// Name of an encoder's folder below the caches.
pub(super) fn folder_name(name: &str, sha256: &str) -> String {
    format!("{name}-{}", sha256.get(..16).unwrap_or(sha256))
}

/// The key of a passage's vector.
pub(super) fn key(encoder: &dyn Encoder, context: &[&str], text: &str) -> Key {
    let mut hasher = Sha256::new();
    hasher.update(encoder.digest());
    for part in context.iter().copied().chain([text]) {
        // With its length, so that no two inputs look alike.
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

impl Cache {
    /// Opens an encoder's cache below `root`. What cannot be read or written is no cache, and is said in the log.
    pub(super) fn open(root: &Path, encoder: &dyn Encoder) -> Cache {
        let folder = root.join(folder_name(encoder.name(), encoder.digest()));
        let path = folder.join(FILE);
        let mut cache = Cache { known: Mutex::default(), file: None };
        let opened =
            fs::create_dir_all(&folder).and_then(|()| File::options().read(true).append(true).create(true).open(&path));
        let mut file = match opened {
            Ok(file) => file,
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "vectors are not kept");
                return cache;
            }
        };
        let Some(length) = record_length(encoder.dimensions()) else { return cache };
        let own = file.try_lock().is_ok();
        let mut bytes = Vec::new();
        let whole = file.metadata().is_ok_and(|data| data.len() <= LARGEST)
            && Read::by_ref(&mut file).take(LARGEST).read_to_end(&mut bytes).is_ok();
        if !whole {
            bytes.clear();
        }
        let (records, rest) = bytes.split_at(bytes.len() - bytes.len() % length);
        cache.known = Mutex::new(records.chunks_exact(length).filter_map(checked).collect());
        // A record that was cut short would put all that follow out of step.
        let usable = rest.is_empty() && whole || own && file.set_len(records.len() as u64).is_ok();
        cache.file = (own && usable).then(|| Mutex::new(file));
        cache
    }

    /// The vector of a key, as a matrix of one row.
    pub(super) fn find(&self, key: &Key, dimensions: usize) -> Option<Matrix> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let matrix = Matrix::from_bytes(known.get(key)?).ok()?;
        (matrix.len() == 1 && matrix.dimensions() == dimensions).then_some(matrix)
    }

    /// Keeps a vector, a matrix of one row.
    pub(super) fn keep(&self, key: Key, row: &Matrix) {
        let bytes = row.to_bytes();
        let mut record = Vec::with_capacity(key.len() + bytes.len() + CHECK);
        record.extend_from_slice(&key);
        record.extend_from_slice(&bytes);
        record.extend_from_slice(&checksum(&record));
        if let Some(file) = &self.file {
            // In one go, so that a record is there whole but for a crash. What cannot be kept is computed again.
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(error) = file.write_all(&record) {
                tracing::warn!(%error, "a vector was not kept");
            }
        }
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key, bytes.into());
    }
}

/// Bytes of a record: the key, a matrix of one row, the checksum.
fn record_length(dimensions: usize) -> Option<usize> {
    let mut row = Matrix::new(dimensions).ok()?;
    row.push(&vec![0.0; dimensions]).ok()?;
    Some(size_of::<Key>() + row.to_bytes().len() + CHECK)
}

fn checksum(bytes: &[u8]) -> [u8; CHECK] {
    Sha256::digest(bytes).first_chunk().copied().unwrap_or_default()
}

/// The key and the row of a record that is as it was written.
fn checked(record: &[u8]) -> Option<(Key, Box<[u8]>)> {
    let (content, check) = record.split_last_chunk::<CHECK>()?;
    let (key, row) = content.split_first_chunk::<32>()?;
    (checksum(content) == *check).then(|| (*key, row.into()))
}
