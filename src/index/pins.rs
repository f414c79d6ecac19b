//! Pins: a snapshot with a pin is never pruned. A pin is a file in the index folder, named like the snapshot.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::history::{account, now};
use super::manifest::{sync_folder, write_synced};
use super::{Error, SnapshotId};

/// Why a snapshot must stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pin {
    /// Since when, UTC, ISO 8601.
    pub at: String,
    /// The account that set it.
    pub by: String,
    /// What for.
    pub note: Option<String>,
}

fn folder(root: &Path) -> PathBuf {
    root.join("pins")
}

/// Pins a snapshot; a pin that is there is replaced. Two who pin the same one at once do not get in each other's way.
pub(super) fn set(root: &Path, id: &SnapshotId, note: Option<String>) -> Result<Pin, Error> {
    let folder = folder(root);
    fs::create_dir_all(&folder).map_err(Error::written(&folder))?;
    let pin = Pin { at: now(), by: account(), note };
    let path = folder.join(id.as_str());
    let next = tempfile::NamedTempFile::new_in(&folder).map_err(Error::written(&folder))?;
    write_synced(next.path(), &serde_json::to_vec(&pin)?)?;
    next.persist(&path).map_err(|error| Error::written(&path)(error.error))?;
    sync_folder(&folder)?;
    Ok(pin)
}

/// Removes a pin; `false` where there was none.
pub(super) fn remove(root: &Path, id: &SnapshotId) -> Result<bool, Error> {
    let path = folder(root).join(id.as_str());
    match fs::remove_file(&path) {
        Ok(()) => sync_folder(&folder(root)).map(|()| true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::written(&path)(error)),
    }
}

/// All pins. One whose words cannot be read pins all the same.
pub(super) fn all(root: &Path) -> Result<BTreeMap<SnapshotId, Pin>, Error> {
    let folder = folder(root);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(Error::read(&folder)(error)),
    };
    let mut pins = BTreeMap::new();
    for entry in entries {
        let entry = entry.map_err(Error::read(&folder))?;
        if let Ok(id) = entry.file_name().to_string_lossy().parse::<SnapshotId>() {
            let pin = fs::read(entry.path()).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
            pins.insert(id, pin.unwrap_or_default());
        }
    }
    Ok(pins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_can_be_pinned_by_many_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let id: SnapshotId = "0123456789abcdef".parse().expect("an id");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..20).for_each(|_| drop(set(folder.path(), &id, None).expect("pinned"))));
            }
        });
        assert_eq!(all(folder.path()).expect("readable").into_keys().collect::<Vec<_>>(), [id]);
        let files = fs::read_dir(folder.path().join("pins")).expect("the folder").count();
        assert_eq!(files, 1, "nothing is left behind");
    }
}
