//! The manifest: what a snapshot is, and the SHA-256 of every byte in it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Engine, Error, SnapshotId};
use crate::corpus::{hex, sha256_of, side_by_side};

/// Name of the manifest within a snapshot.
pub(super) const MANIFEST: &str = "MANIFEST.json";

/// One file of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its size.
    pub bytes: u64,
    /// Its digest, in hexadecimal.
    pub sha256: String,
}

/// What a snapshot is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Form of the files, see [`super::FORMAT`].
    pub format: u32,
    /// The snapshot's own name.
    pub id: SnapshotId,
    /// When it was built, UTC, ISO 8601.
    pub built_at: String,
    /// Digest of the corpus it was built from.
    pub corpus_sha256: String,
    /// What built it.
    pub engine: Engine,
    /// The snapshot that was active before.
    pub parent: Option<SnapshotId>,
    /// Number of versions with text.
    pub versions: usize,
    /// Number of passages.
    pub passages: usize,
    /// Every other file, by path within the snapshot.
    pub files: BTreeMap<String, FileRecord>,
}

impl Manifest {
    /// Reads a snapshot's manifest.
    pub(super) fn read(folder: &Path, id: &SnapshotId) -> Result<Manifest, Error> {
        /// The part of every form that says which form it is.
        #[derive(Deserialize)]
        struct Form {
            format: u32,
        }
        let path = folder.join(MANIFEST);
        let bytes = fs::read(&path).map_err(Error::read(&path))?;
        let damaged = |reason: String| Error::Damaged { id: id.to_string(), reason };
        let form: Form = serde_json::from_slice(&bytes).map_err(|error| damaged(format!("{MANIFEST}: {error}")))?;
        if form.format != super::FORMAT {
            return Err(Error::OtherFormat { id: id.to_string(), found: form.format });
        }
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|error| damaged(format!("{MANIFEST}: {error}")))?;
        if manifest.id != *id || SnapshotId::of(&manifest.corpus_sha256, &manifest.engine) != *id {
            return Err(damaged(format!("{MANIFEST} does not belong to this snapshot")));
        }
        Ok(manifest)
    }

    /// Whether this program may search it: terms are made by the engine that asks, so it must be the one that indexed.
    pub(super) fn check_engine(&self) -> Result<(), Error> {
        if self.engine.is_of_this_program() {
            return Ok(());
        }
        Err(Error::OtherEngine { id: self.id.to_string(), version: self.engine.version.clone() })
    }

    /// Everything that differs between the files and the manifest: changed, missing, or added.
    pub(super) fn differences(&self, folder: &Path) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let present = files_below(folder)?;
        let mut to_hash = Vec::new();
        for (name, record) in &self.files {
            match fs::metadata(folder.join(name)) {
                Err(_) => found.push(format!("{name} is missing")),
                Ok(data) if data.len() != record.bytes => {
                    found.push(format!("{name} has {} bytes instead of {}", data.len(), record.bytes));
                }
                Ok(_) => to_hash.push((name, record)),
            }
        }
        let changed = side_by_side(&to_hash, |(name, record)| {
            let path = folder.join(name);
            let actual = sha256_of(&path).map_err(Error::read(&path))?;
            Ok((actual != record.sha256).then(|| format!("{name} was changed")))
        });
        let changed = changed.into_iter().collect::<Result<Vec<_>, Error>>()?;
        found.extend(changed.into_iter().flatten());
        // What a file manager leaves behind begins with a dot and is never read.
        let hidden = |name: &str| name.rsplit('/').next().is_some_and(|file| file.starts_with('.'));
        let extra = present.iter().filter(|name| *name != MANIFEST && !hidden(name) && !self.files.contains_key(*name));
        found.extend(extra.map(|name| format!("{name} does not belong here")));
        Ok(found)
    }
}

/// The record of a file with these bytes.
pub(super) fn record_of(bytes: &[u8]) -> FileRecord {
    FileRecord { bytes: bytes.len() as u64, sha256: hex(&Sha256::digest(bytes)) }
}

/// Digests of every file below a folder, each file brought to the disk; those in `known` are there already.
pub(super) fn record_files(
    folder: &Path,
    mut known: BTreeMap<String, FileRecord>,
) -> Result<BTreeMap<String, FileRecord>, Error> {
    let others: Vec<String> = files_below(folder)?.into_iter().filter(|name| !known.contains_key(name)).collect();
    let records = side_by_side(&others, |name| {
        let path = folder.join(name);
        sync_file(&path)?;
        let bytes = fs::metadata(&path).map_err(Error::read(&path))?.len();
        Ok(FileRecord { bytes, sha256: sha256_of(&path).map_err(Error::read(&path))? })
    });
    let records = records.into_iter().collect::<Result<Vec<_>, Error>>()?;
    known.extend(others.into_iter().zip(records));
    Ok(known)
}

/// Paths of all files below a folder, relative to it, with `/` between the parts.
fn files_below(folder: &Path) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).map_err(Error::read(&at))? {
            let path = entry.map_err(Error::read(&at))?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(relative) = path.strip_prefix(folder) {
                let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
                found.push(parts.join("/"));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Writes a file and brings it to the disk.
pub(super) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = fs::File::create(path).map_err(Error::written(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::written(path))
}

/// Brings a file that was written to the disk.
pub(super) fn sync_file(path: &Path) -> Result<(), Error> {
    fs::File::open(path).and_then(|file| file.sync_all()).map_err(Error::written(path))
}

/// Brings a folder's list of names to the disk; a file is safe only once its name is.
pub(super) fn sync_folder(path: &Path) -> Result<(), Error> {
    fs::File::open(path).and_then(|folder| folder.sync_all()).map_err(Error::written(path))
}
