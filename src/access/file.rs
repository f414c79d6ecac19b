//! The file of tokens: replaced whole, by one program at a time, and read again when it has changed.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::token::{Lifetime, Record, Secret, State};
use super::{Error, Scopes};

/// Name of the file within the data folder.
const NAME: &str = "tokens.json";
/// Its form; a newer one is refused.
const FORMAT: u32 = 1;
/// Largest file that is read, in bytes.
const MOST_BYTES: u64 = 4 << 20;
/// Most tokens.
const MOST: usize = 5_000;
/// Longest name of a token, in characters.
const LONGEST_NAME: usize = 100;
/// How long a token that has ended is still listed.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 90);

/// The tokens of a data folder.
#[derive(Clone, Debug)]
pub struct Tokens {
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    format: u32,
    tokens: Vec<Record>,
}

impl Tokens {
    /// The tokens of this data folder, which need not exist yet.
    pub fn of(folder: impl Into<PathBuf>) -> Tokens {
        Tokens { folder: folder.into() }
    }

    /// The file.
    pub fn path(&self) -> PathBuf {
        self.folder.join(NAME)
    }

    /// Every token that is remembered, the oldest first.
    ///
    /// # Errors
    /// [`Error`] where the file cannot be read.
    pub fn list(&self) -> Result<Vec<Record>, Error> {
        Ok(self.read()?.1)
    }

    /// Makes a token; it is shown here and never again.
    ///
    /// # Errors
    /// [`Error`] where the name is none, or the file cannot be written.
    pub fn create(
        &self,
        scopes: Scopes,
        name: Option<&str>,
        lifetime: Lifetime,
        now: Timestamp,
    ) -> Result<(Secret, Record), Error> {
        let good = |name: &str| {
            !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control)
        };
        if !name.is_none_or(good) {
            return Err(Error::Name(LONGEST_NAME));
        }
        let (secret, record) = Record::new(scopes, name, lifetime, now)?;
        self.change(now, |records| {
            if records.len() >= MOST {
                return Err(Error::TooMany(MOST));
            }
            records.push(record.clone());
            Ok(())
        })?;
        Ok((secret, record))
    }

    /// Ends a token at once; one that was ended before stays as it was.
    ///
    /// # Errors
    /// [`Error::Unknown`] where no token has this id.
    pub fn revoke(&self, id: &str, now: Timestamp) -> Result<Record, Error> {
        self.change(now, |records| {
            let unknown = || Error::Unknown(id.chars().take(40).collect());
            let record = records.iter_mut().find(|record| record.id == id).ok_or_else(unknown)?;
            record.revoked_at.get_or_insert(now);
            Ok(record.clone())
        })
    }

    /// Changes the file as one step; two programs do so one after the other.
    fn change<T>(&self, now: Timestamp, change: impl FnOnce(&mut Vec<Record>) -> Result<T, Error>) -> Result<T, Error> {
        let written = |path: &Path| {
            let path = path.to_owned();
            move |source| Error::Io { path, source }
        };
        let folder = &self.folder;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(written(folder))?;
        let lock_path = folder.join("tokens.lock");
        let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&lock_path);
        let lock = lock.map_err(written(&lock_path))?;
        lock.lock().map_err(written(&lock_path))?;
        let (_, mut records) = self.read()?;
        let changed = change(&mut records)?;
        // One stays, however old, for as long as nothing is valid: an empty file would open the door.
        let recent = |record: &Record| {
            let end = record.revoked_at.or(record.expires_at);
            record.state(now) == State::Valid || end.is_none_or(|end| now.duration_since(end) < REMEMBERED)
        };
        let last = records.last().cloned();
        records.retain(recent);
        if records.is_empty() {
            records.extend(last);
        }
        let path = self.path();
        let mut bytes = serde_json::to_vec_pretty(&Form { format: FORMAT, tokens: records })
            .map_err(|error| Error::Damaged { path: path.clone(), reason: error.to_string() })?;
        bytes.push(b'\n');
        replace(folder, &path, &bytes).map_err(written(&path))?;
        Ok(changed)
    }

    /// The records, and what tells this state of the file from others.
    fn read(&self) -> Result<(Option<Stamp>, Vec<Record>), Error> {
        let path = self.path();
        let io = |source| Error::Io { path: path.clone(), source };
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((None, Vec::new())),
            Err(error) => return Err(io(error)),
        };
        let metadata = file.metadata().map_err(io)?;
        if metadata.mode() & 0o022 != 0 {
            return Err(Error::Exposed(path));
        }
        let damaged = |reason: &str| Error::Damaged { path: path.clone(), reason: reason.to_owned() };
        let mut bytes = Vec::new();
        let read = file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(io)?;
        if read as u64 > MOST_BYTES {
            return Err(damaged("it is too large"));
        }
        let form: Form = serde_json::from_slice(&bytes).map_err(|error| damaged(&error.to_string()))?;
        if form.format != FORMAT {
            return Err(damaged(&format!("its form is {}, this program knows {FORMAT}", form.format)));
        }
        Ok((Some(Stamp::of(&metadata)), form.tokens))
    }
}

/// Writes beside and renames over, so that a crash leaves the old file or the new one.
fn replace(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // Made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    File::open(folder)?.sync_all()
}

/// Tells one state of the file from another: each change is a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    file: (u64, u64),
    bytes: u64,
    written: (i64, i64),
    changed: (i64, i64),
    mode: u32,
}

impl Stamp {
    fn of(metadata: &fs::Metadata) -> Stamp {
        Stamp {
            file: (metadata.dev(), metadata.ino()),
            bytes: metadata.len(),
            written: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            mode: metadata.mode(),
        }
    }
}

/// The file as it was last read.
#[derive(Debug, Default)]
pub(super) struct Read {
    stamp: Option<Stamp>,
    records: Arc<Vec<Record>>,
}

impl Read {
    /// The records as the file has them now: one look at its metadata, and a new reading where that differs.
    pub(super) fn records(&mut self, tokens: &Tokens) -> Result<Arc<Vec<Record>>, Error> {
        let path = tokens.path();
        let now = match fs::metadata(&path) {
            Ok(metadata) => Some(Stamp::of(&metadata)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(source) => return Err(Error::Io { path, source }),
        };
        if now != self.stamp {
            // Forgotten first: where reading fails, the old records must not come back with the next request.
            *self = Read::default();
            let (stamp, records) = tokens.read()?;
            *self = Read { stamp, records: Arc::new(records) };
        }
        Ok(Arc::clone(&self.records))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Scope;

    #[test]
    fn two_programs_at_once_lose_no_token() {
        let folder = tempfile::tempdir().expect("a folder");
        let now = Timestamp::now();
        std::thread::scope(|threads| {
            for _ in 0..4 {
                let tokens = Tokens::of(folder.path());
                threads.spawn(move || {
                    for _ in 0..10 {
                        tokens.create(Scopes::of([Scope::Read]), None, Lifetime::Hours(1), now).expect("made");
                    }
                });
            }
        });
        assert_eq!(Tokens::of(folder.path()).list().expect("readable").len(), 40);
    }

    #[test]
    fn what_ended_long_ago_is_forgotten_but_the_door_stays_shut() {
        let folder = tempfile::tempdir().expect("a folder");
        let tokens = Tokens::of(folder.path());
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        let make = |now| tokens.create(Scopes::of([Scope::Read]), None, Lifetime::Hours(1), now).expect("made").1;
        let (old, new) = (make(start), make(start + SignedDuration::from_hours(24 * 80)));
        assert_eq!(tokens.list().expect("readable").len(), 2);
        let later = start + SignedDuration::from_hours(24 * 400);
        tokens.revoke(&new.id, later).expect("revoked");
        let left = tokens.list().expect("readable");
        assert_eq!(left.iter().map(|record| &record.id).collect::<Vec<_>>(), [&new.id], "{}", old.id);
        assert!(matches!(tokens.revoke(&old.id, later), Err(Error::Unknown(_))));
    }

    #[test]
    fn names_are_names() {
        let tokens = Tokens::of(tempfile::tempdir().expect("a folder").path());
        for name in ["", " ", "a\nb", &"x".repeat(101)] {
            let made = tokens.create(Scopes::of([Scope::Read]), Some(name), Lifetime::Unlimited, Timestamp::now());
            assert!(matches!(made, Err(Error::Name(_))), "{name:?}");
        }
    }
}
