//! Holds a snapshot's folder while somebody reads from it, so that pruning leaves it alone.
//!
//! A reader has a shared lock on the snapshot's manifest, which needs no right to write and goes with the process,
//! however that ends; who removes a snapshot must first have the same lock alone. Where a file system knows no locks,
//! reading goes on without, and nothing is removed.

use std::fs::{File, TryLockError};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use super::Error;
use super::manifest::MANIFEST;

/// How often a lock that is taken is asked for, with [`PAUSE`] between: a process that is being started holds a copy of
/// every handle for a moment, ended locks included.
const TRIES: usize = 20;
const PAUSE: Duration = Duration::from_millis(25);

/// Asks for a lock until it is there, or half a second is over; `false` where it is not there then.
pub(super) fn wait_for(mut ask: impl FnMut() -> Result<(), TryLockError>) -> bool {
    for _ in 0..TRIES {
        match ask() {
            Ok(()) => return true,
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            Err(TryLockError::Error(_)) => return false,
        }
    }
    false
}

/// A lock that ends when it is dropped.
#[derive(Debug)]
pub(super) struct Held(File);

impl Held {
    /// Holds a snapshot for reading; `None` where it is being removed.
    ///
    /// # Errors
    /// [`Error::Io`] where it has no manifest that can be opened.
    pub(super) fn shared(folder: &Path) -> Result<Option<Held>, Error> {
        let path = folder.join(MANIFEST);
        for _ in 0..TRIES {
            let file = File::open(&path).map_err(Error::read(&path))?;
            let locked = file.try_lock_shared();
            let held = Held(file);
            // Between opening and locking the folder may have been removed, or replaced by a new one of the same name.
            match locked {
                Err(TryLockError::WouldBlock) => {}
                _ if held.is_of(folder) => return Ok(Some(held)),
                _ => {}
            }
            std::thread::sleep(PAUSE);
        }
        Ok(None)
    }

    /// Has a snapshot alone, so that it can be removed; `None` where it is read from, or where that cannot be told.
    pub(super) fn alone(folder: &Path) -> Option<Held> {
        let file = File::open(folder.join(MANIFEST)).ok()?;
        wait_for(|| file.try_lock()).then_some(Held(file))
    }

    /// Whether a folder's manifest is the file that is held.
    pub(super) fn is_of(&self, folder: &Path) -> bool {
        let there = std::fs::metadata(folder.join(MANIFEST));
        let (Ok(there), Ok(held)) = (there, self.0.metadata()) else { return false };
        (there.dev(), there.ino()) == (held.dev(), held.ino())
    }
}
