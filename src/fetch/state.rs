//! What is remembered between runs: a server's validators, a part that came, a candidate that waits.
//!
//! It lies in `<pack>/.fetch/`, one file a version, beside a part that has not come whole. Nothing of it is needed: a
//! lost or damaged file costs one more download.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Error;

/// Folder of this module in a pack; the corpus reader leaves it alone.
const FOLDER: &str = ".fetch";
/// Longest state file that is read.
const MOST: u64 = 64 << 10;

/// What is remembered of one version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    /// The address that all this is about; another one makes it void.
    pub(super) url: String,
    /// The newest content that the server gave.
    pub(super) latest: Option<Latest>,
    /// What is known of the part that lies beside this file.
    pub(super) part: Option<Validators>,
}

/// The newest content that a server gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Latest {
    /// SHA-256 of its bytes.
    pub(super) sha256: String,
    /// The stored content (its SHA-256) that reads the same although its bytes differ.
    pub(super) reads_as: Option<String>,
    /// How to ask whether it is still the newest.
    pub(super) validators: Validators,
}

/// What a server gives to recognise content by (RFC 9110 section 8.8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Validators {
    /// `ETag`.
    pub(super) etag: Option<String>,
    /// `Last-Modified`.
    pub(super) last_modified: Option<String>,
}

impl Validators {
    /// Headers that ask for content only where it is not this.
    pub(super) fn if_changed(&self) -> Vec<(&'static str, String)> {
        let etag = self.etag.iter().map(|etag| ("if-none-match", etag.clone()));
        etag.chain(self.last_modified.iter().map(|date| ("if-modified-since", date.clone()))).collect()
    }

    /// The value that proves that a part and its rest are of the same bytes; a weak tag does not.
    pub(super) fn strong(&self) -> Option<&str> {
        match &self.etag {
            Some(etag) if !etag.starts_with("W/") => Some(etag),
            Some(_) => None,
            None => self.last_modified.as_deref(),
        }
    }
}

/// Where one version's state lies.
#[derive(Clone, Debug)]
pub(super) struct Place {
    folder: PathBuf,
    stem: String,
}

impl Place {
    /// The place of the version whose sidecar has this stem, in this pack's folder.
    pub(super) fn new(pack: &Path, stem: &str) -> Place {
        Place { folder: pack.join(FOLDER), stem: stem.to_owned() }
    }

    fn file(&self) -> PathBuf {
        self.folder.join(format!("{}.json", self.stem))
    }

    /// Where a part lies.
    pub(super) fn part(&self) -> PathBuf {
        self.folder.join(format!("{}.part", self.stem))
    }

    /// Whether anything is remembered: whether this version was fetched before.
    pub(super) fn exists(&self) -> bool {
        self.file().is_file()
    }

    /// What is remembered of this address.
    pub(super) fn read(&self, url: &str) -> State {
        let read = || -> io::Result<State> {
            let mut text = String::new();
            fs::File::open(self.file())?.take(MOST).read_to_string(&mut text)?;
            serde_json::from_str(&text).map_err(io::Error::other)
        };
        let fresh = State { url: url.to_owned(), ..State::default() };
        read().ok().filter(|state| state.url == url).unwrap_or(fresh)
    }

    /// Makes the folder; a link in its place is refused, for a pack may be a stranger's.
    pub(super) fn prepare(&self) -> Result<(), Error> {
        own_folder(&self.folder)?;
        for file in [self.file(), self.part()] {
            if fs::symlink_metadata(&file).is_ok_and(|found| !found.is_file()) {
                return Err(Error::at(&file)(io::Error::other("is no plain file")));
            }
        }
        Ok(())
    }

    /// Writes it, whole or not at all.
    pub(super) fn write(&self, state: &State) -> Result<(), Error> {
        let path = self.file();
        let bytes = serde_json::to_vec_pretty(state).map_err(|error| Error::at(&path)(error.into()))?;
        write_whole(&path, &bytes)
    }

    /// Length of the part, in bytes.
    pub(super) fn part_length(&self) -> u64 {
        fs::metadata(self.part()).map(|found| found.len()).unwrap_or_default()
    }

    /// Forgets the part.
    pub(super) fn drop_part(&self) {
        // What cannot be removed is overwritten by the next part.
        let _ = fs::remove_file(self.part());
    }

    /// Keeps other runs out of this pack while the result lives.
    pub(super) fn lock(pack: &Path) -> Result<fs::File, Error> {
        let folder = pack.join(FOLDER);
        own_folder(&folder)?;
        let path = folder.join("lock");
        if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
            return Err(Error::at(&path)(io::Error::other("is no plain file")));
        }
        let file = fs::File::options().create(true).append(true).open(&path).map_err(Error::at(&path))?;
        file.try_lock().map_err(|_| {
            Error::Record(format!("another `corpus fetch` is at work in {}: wait until it is done", pack.display()))
        })?;
        Ok(file)
    }
}

/// Makes a folder, or finds it; a link in its place is refused.
pub(super) fn own_folder(folder: &Path) -> Result<(), Error> {
    match fs::symlink_metadata(folder) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(Error::at(folder)(io::Error::other("is no folder of its own"))),
        Err(_) => fs::create_dir(folder).map_err(Error::at(folder)),
    }
}

/// Writes a file by way of a temporary one beside it, safe from a crash.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        sync_folder(folder)
    };
    write().map_err(Error::at(path))
}

/// Makes the names in a folder safe from a crash.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_for_the_same_address_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::new(folder.path(), "a");
        place.prepare().expect("a folder of its own");
        assert!(!place.exists());
        let latest = Latest { sha256: "00".to_owned(), ..Latest::default() };
        let state = State { url: "https://x.org/a".to_owned(), latest: Some(latest), part: None };
        place.write(&state).expect("written");
        assert_eq!(place.read("https://x.org/a"), state);
        assert_eq!(place.read("https://x.org/b").latest, None);
        fs::write(place.file(), "{").expect("written");
        assert_eq!(place.read("https://x.org/a").latest, None);
    }

    #[test]
    fn only_strong_validators_join_parts() {
        let check = |etag: Option<&str>, date: Option<&str>, expected: Option<&str>| {
            let validators = Validators { etag: etag.map(str::to_owned), last_modified: date.map(str::to_owned) };
            assert_eq!(validators.strong(), expected);
        };
        check(Some("\"a\""), Some("d"), Some("\"a\""));
        check(Some("W/\"a\""), Some("d"), None);
        check(None, Some("d"), Some("d"));
        check(None, None, None);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_place_of_the_folder_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let elsewhere = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join(FOLDER)).expect("a link");
        assert!(Place::new(folder.path(), "a").prepare().is_err());
        assert!(Place::lock(folder.path()).is_err());
    }

    #[test]
    fn two_runs_do_not_share_a_pack() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Place::lock(folder.path()).expect("a lock");
        assert!(Place::lock(folder.path()).is_err_and(|error| error.to_string().contains("another")));
        drop(first);
        Place::lock(folder.path()).expect("a lock again");
    }
}
