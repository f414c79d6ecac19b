//! Snapshots: immutable indexes on disk, one of them active.
//!
//! A snapshot is named by what went in (corpus and engine digests), holds a manifest with the SHA-256 of every file, and
//! is published so that a crash at any point leaves either the old state or the new one. Building one from a corpus is
//! [`crate::ingest`]'s path; searching one is [`crate::retrieve`]'s.

mod again;
mod cache;
mod diff;
mod encoding;
mod engine;
mod gaps;
mod held;
mod history;
mod lists;
mod manifest;
mod near;
mod original;
mod pins;
mod prune;
mod recent;
mod schema;
mod sealed;
mod snapshot;
mod store;
mod traits;
mod vectors;
mod writer;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::corpus::hex;
use crate::meaning;

pub use again::Entries;
pub use diff::{Difference, DocumentDifference, Moved, difference};
pub use encoding::{Encoding, Progress, Tally};
pub use engine::{EncoderRecord, Engine, Ranker, Ranking};
pub use gaps::{Asked, Counts, Ending, Gaps, Recorder};
pub use history::{Act, Activation};
pub use lists::{Lists, Part};
pub use manifest::{FileRecord, Manifest};
pub use near::Near;
pub use original::{NoOriginal, Original};
pub use pins::Pin;
pub use prune::{Needed, Pruned};
pub use schema::Fields;
pub use snapshot::{Entry, Hit, Reading, Snapshot, TextFile};
pub use store::{Listed, Published, Store};
pub use traits::Traits;
pub use vectors::Meaning;
pub use writer::{Sheet, Stored, Writer};

/// Number of the on-disk form; a snapshot of another form is refused, never guessed at.
pub const FORMAT: u32 = 3;

/// Name of a snapshot: 16 hexadecimal digits computed from what went in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SnapshotId(String);

impl SnapshotId {
    /// The id of the snapshot that an engine builds from a corpus.
    pub fn of(corpus_sha256: &str, engine: &Engine) -> SnapshotId {
        let mut hasher = Sha256::new();
        hasher.update(corpus_sha256.as_bytes());
        hasher.update(b"\n");
        hasher.update(engine.config_sha256.as_bytes());
        let mut id = hex(&hasher.finalize());
        id.truncate(16);
        SnapshotId(id)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SnapshotId {
    type Err = String;

    fn from_str(text: &str) -> Result<SnapshotId, String> {
        let good = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if good {
            Ok(SnapshotId(text.to_owned()))
        } else {
            Err(format!("{text:?} is no snapshot id: 16 hexadecimal digits"))
        }
    }
}

impl TryFrom<String> for SnapshotId {
    type Error = String;

    fn try_from(text: String) -> Result<SnapshotId, String> {
        text.parse()
    }
}

impl From<SnapshotId> for String {
    fn from(id: SnapshotId) -> String {
        id.0
    }
}

impl fmt::Display for SnapshotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What can go wrong with an index folder.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no active snapshot.
    #[error("there is no index in {0} yet: run `groundline index build`")]
    NoSnapshot(PathBuf),
    /// A snapshot that was asked for does not exist.
    #[error("there is no snapshot {id} in {folder}: `groundline index list` shows those that exist")]
    UnknownSnapshot {
        /// The snapshot.
        id: String,
        /// The index folder.
        folder: PathBuf,
    },
    /// There is nothing to go back to.
    #[error(
        "no snapshot was active in {0} before the present one: `groundline index activate ID` takes any that `groundline index list` shows"
    )]
    NothingBefore(PathBuf),
    /// The snapshot was built in another form.
    #[error(
        "snapshot {id} has index format {found}, and this program reads format {FORMAT}: run `groundline index build` to build it anew"
    )]
    OtherFormat {
        /// The snapshot.
        id: String,
        /// Its format.
        found: u32,
    },
    /// The snapshot was built by a program that reads or ranks in another way.
    #[error(
        "snapshot {id} was built by another edition of this program ({version}, which reads or ranks in another way): run `groundline index build` to build it anew"
    )]
    OtherEngine {
        /// The snapshot.
        id: String,
        /// The version that built it.
        version: String,
    },
    /// A ranker was asked for that the snapshot has no vectors for.
    #[error(
        "snapshot {id} was built for {built} ranking and has no vectors for {asked} ranking: run `groundline index build --ranker {asked}`, or ask with `--ranker {built}`"
    )]
    NoVectors {
        /// The snapshot.
        id: String,
        /// What it was built for.
        built: Ranker,
        /// What was asked for.
        asked: Ranker,
    },
    /// The snapshot's vectors were made by another edition of an encoder.
    #[error(
        "the vectors of snapshot {id} were made by another edition of {encoder}, or none were: run `groundline index build --ranker {ranker}` to make them anew"
    )]
    OtherEncoder {
        /// The snapshot.
        id: String,
        /// Name of the encoder.
        encoder: String,
        /// What the snapshot was built for.
        ranker: Ranker,
    },
    /// A ranker was asked for whose encoder is not there.
    #[error(
        "{0} ranking needs an installed model: run `groundline models install bge-small-en-v1.5`, or choose `--ranker static`"
    )]
    NoEncoder(Ranker),
    /// A passage or a claim could not be encoded.
    #[error(transparent)]
    Meaning(#[from] meaning::Error),
    /// A file is missing or differs from the manifest.
    #[error("snapshot {id} is damaged ({reason}): run `groundline index build` to build it anew")]
    Damaged {
        /// The snapshot.
        id: String,
        /// The first file that is wrong, and how.
        reason: String,
    },
    /// The file system refused.
    #[error("the index ({path}) cannot be {action}: {source}{}", what_to_do(action))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried: `read`, `written`.
        action: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process is building.
    #[error("another build is at work in {0}: wait for it to end")]
    Busy(PathBuf),
    /// The search library failed.
    #[error("the full-text index failed: {0}")]
    Tantivy(#[from] tantivy::TantivyError),
    /// A stored record could not be read back.
    #[error("a stored record is unreadable: {0}")]
    Record(#[from] serde_json::Error),
}

/// The last bytes of a file as text, at most `most` of them, beginning at the beginning of a line.
fn tail(path: &std::path::Path, most: u64) -> std::io::Result<String> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = std::fs::File::open(path)?;
    let skipped = file.metadata()?.len().saturating_sub(most);
    file.seek(SeekFrom::Start(skipped))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    if skipped > 0 {
        let whole = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        bytes.drain(..whole);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn what_to_do(action: &str) -> &'static str {
    if action == "written" { "; name a folder that can be written to with --index" } else { "" }
}

impl Error {
    fn read(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        move |source| Error::Io { path, action: "read", source }
    }

    fn written(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        move |source| Error::Io { path, action: "written", source }
    }
}
