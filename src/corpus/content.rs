//! The content file of a version, found again in the corpus folders by its name and by the digest of its bytes.
//!
//! A snapshot outlives the folders that it was built from: files are moved, replaced, taken away. What is given out as a
//! version's file is the bytes that were indexed, or nothing.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use sha2::{Digest, Sha256};

use super::hex;
use super::pack::pack_folders;

/// Why a content file is not to be had, the less telling before the more telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Lost {
    /// None of the corpus folders is there.
    #[error("none of the corpus folders is there")]
    NoFolder,
    /// No pack has a file with its name.
    #[error("no pack has a file with its name")]
    Missing,
    /// The name is a link to a place outside the corpus folder.
    #[error("its name is a link that leads out of the corpus folder")]
    Outside,
    /// The system does not let it be read.
    #[error("it cannot be read: {0}")]
    Unreadable(io::ErrorKind),
    /// It is larger than what is wanted.
    #[error("it is larger than what is read")]
    TooLarge,
    /// Its bytes are others.
    #[error("its bytes are not those that were indexed")]
    Changed,
}

/// The bytes of the file with this name, in any pack of the folders, whose SHA-256 (lower-case hexadecimal) is this one.
///
/// At most `largest` bytes are read of any file. A link within a corpus folder is followed, one that leads out of it never.
///
/// # Errors
/// [`Lost`], the most telling of what stood in the way.
pub fn content(folders: &[PathBuf], name: &str, sha256: &str, largest: u64) -> Result<Vec<u8>, Lost> {
    let mut lost = Lost::NoFolder;
    for folder in folders {
        let Ok(root) = folder.canonicalize() else { continue };
        lost = lost.max(Lost::Missing);
        for pack in pack_folders(&root).unwrap_or_default() {
            match read(&root, &pack, name, largest) {
                Ok(bytes) if hex(&Sha256::digest(&bytes)) == sha256 => return Ok(bytes),
                Ok(_) => lost = lost.max(Lost::Changed),
                Err(reason) => lost = lost.max(reason),
            }
        }
    }
    Err(lost)
}

fn read(root: &Path, pack: &Path, name: &str, largest: u64) -> Result<Vec<u8>, Lost> {
    // A name is no path: it comes from the snapshot, and an index folder may be somebody else's.
    if Path::new(name).file_name() != Some(name.as_ref()) {
        return Err(Lost::Missing);
    }
    let path = pack.join(name).canonicalize().map_err(why)?;
    if !path.starts_with(root) {
        return Err(Lost::Outside);
    }
    // Links are resolved by now, so that one more was put there since; and a pipe is not waited for.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(&path, flags, Mode::empty()).map_err(|error| why(error.into()))?);
    let data = file.metadata().map_err(why)?;
    if !data.is_file() {
        return Err(Lost::Missing);
    }
    let size = data.len();
    if size > largest {
        return Err(Lost::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(size).read_to_end(&mut bytes).map_err(why)?;
    Ok(bytes)
}

fn why(error: io::Error) -> Lost {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Lost::Missing,
        kind => Lost::Unreadable(kind),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    const WORDS: &[u8] = b"the words that were indexed";

    fn digest() -> String {
        hex(&Sha256::digest(WORDS))
    }

    /// A folder of two packs, the second with the file.
    fn corpus() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for pack in ["a", "b", "no-pack"] {
            fs::create_dir_all(folder.path().join("corpus").join(pack)).expect("a folder");
        }
        for pack in ["a", "b"] {
            fs::write(folder.path().join("corpus").join(pack).join("pack.toml"), "").expect("written");
        }
        fs::write(folder.path().join("corpus/b/x.pdf"), WORDS).expect("written");
        folder
    }

    fn found(folder: &Path, name: &str) -> Result<Vec<u8>, Lost> {
        content(&[folder.join("absent"), folder.join("corpus")], name, &digest(), 100)
    }

    #[test]
    fn bytes_are_found_by_name_and_digest() {
        let folder = corpus();
        let at = |name: &str| folder.path().join("corpus").join(name);
        assert_eq!(found(folder.path(), "x.pdf").as_deref(), Ok(WORDS));
        fs::write(at("a/x.pdf"), "another edition under the same name").expect("written");
        assert_eq!(found(folder.path(), "x.pdf").as_deref(), Ok(WORDS), "the other pack's is passed over");
        fs::write(at("b/x.pdf"), "changed").expect("written");
        assert_eq!(found(folder.path(), "x.pdf"), Err(Lost::Changed));
        fs::write(at("b/x.pdf"), [b'x'; 101]).expect("written");
        fs::remove_file(at("a/x.pdf")).expect("removed");
        assert_eq!(found(folder.path(), "x.pdf"), Err(Lost::TooLarge));
        fs::remove_file(at("b/x.pdf")).expect("removed");
        fs::write(at("no-pack/x.pdf"), WORDS).expect("written");
        assert_eq!(found(folder.path(), "x.pdf"), Err(Lost::Missing), "only packs are looked through");
        assert_eq!(content(&[at("absent")], "x.pdf", &digest(), 100), Err(Lost::NoFolder));
        let bare = content(&[at("no-pack")], "x.pdf", &digest(), 100);
        assert_eq!(bare.as_deref(), Ok(WORDS), "a bare folder is a pack by itself");
    }

    #[test]
    fn no_name_and_no_link_leads_out() {
        let folder = corpus();
        let at = |name: &str| folder.path().join("corpus").join(name);
        fs::write(folder.path().join("secret.pdf"), WORDS).expect("written");
        for name in ["../b/x.pdf", "../../secret.pdf", "/etc/passwd", "..", ".", "", "x.pdf/", "a\0b"] {
            assert!(matches!(found(folder.path(), name), Err(Lost::Missing | Lost::Unreadable(_))), "{name:?}");
        }
        symlink(folder.path().join("secret.pdf"), at("a/out.pdf")).expect("a link");
        assert_eq!(found(folder.path(), "out.pdf"), Err(Lost::Outside));
        symlink("../b/x.pdf", at("a/in.pdf")).expect("a link");
        assert_eq!(found(folder.path(), "in.pdf").as_deref(), Ok(WORDS));
        symlink("nowhere", at("a/broken.pdf")).expect("a link");
        assert_eq!(found(folder.path(), "broken.pdf"), Err(Lost::Missing));
        fs::create_dir(at("a/folder.pdf")).expect("a folder");
        assert_eq!(found(folder.path(), "folder.pdf"), Err(Lost::Missing));
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = corpus();
        let path = folder.path().join("corpus/a/pipe.pdf");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo");
        assert_eq!(found(folder.path(), "pipe.pdf"), Err(Lost::Missing));
    }
}
