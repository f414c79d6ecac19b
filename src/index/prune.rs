//! Frees what is not needed: old snapshots, what builds that were killed left behind, and kept vectors of encoders that no
//! snapshot names any more.
//!
//! Kept whatever happens: the active snapshot, the one that a rollback goes back to, pinned ones, and any that a process
//! has open. A snapshot goes by one rename, so it is there whole or not at all. Files that other snapshots share lose one
//! name and no byte.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::held::Held;
use super::manifest::sync_folder;
use super::{Error, SnapshotId, Store, cache};

/// Why a snapshot stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// It is the active one.
    Active,
    /// A rollback goes back to it.
    RollbackTarget,
    /// Somebody pinned it.
    Pinned,
    /// A process reads from it.
    Open,
    /// It is among the newest.
    Recent,
}

impl Needed {
    /// The reason in words.
    pub fn reason(self) -> &'static str {
        match self {
            Needed::Active => "active",
            Needed::RollbackTarget => "rollback goes back to it",
            Needed::Pinned => "pinned",
            Needed::Open => "a running process has it open",
            Needed::Recent => "among the newest",
        }
    }
}

/// What pruning did, or would do.
#[derive(Debug, Default)]
pub struct Pruned {
    /// Snapshots that went.
    pub removed: Vec<SnapshotId>,
    /// Snapshots that stayed, and why.
    pub kept: Vec<(SnapshotId, Needed)>,
    /// Folders that builds left behind, and those of vectors that no snapshot has an encoder for.
    pub leftovers: Vec<String>,
    /// Bytes that no name leads to any more.
    pub bytes: u64,
}

impl Store {
    /// Removes all but the `keep` newest snapshots and those that are needed; with `dry` nothing is touched.
    ///
    /// # Errors
    /// [`Error`] where a build is at work, or a file cannot be removed.
    pub fn prune(&self, keep: usize, dry: bool) -> Result<Pruned, Error> {
        if !self.snapshots().is_dir() {
            return Ok(Pruned::default());
        }
        let _lock = self.lock()?;
        let mut pruned = Pruned::default();
        let mut going: Vec<(SnapshotId, Option<Held>)> = Vec::new();
        let protected = self.protected()?;
        for (at, listed) in self.list()?.into_iter().enumerate() {
            let id = listed.id;
            let recent = (at < keep && listed.manifest.is_ok()).then_some(Needed::Recent);
            if let Some(why) = protected.get(&id).copied().or(recent) {
                pruned.kept.push((id, why));
                continue;
            }
            let folder = self.folder_of(&id);
            let held = Held::alone(&folder);
            // Without a manifest nobody can have opened it.
            if held.is_none() && folder.join(super::manifest::MANIFEST).exists() {
                pruned.kept.push((id, Needed::Open));
                continue;
            }
            // Whoever pins it holds it meanwhile, so what is pinned by now shows.
            if self.pins()?.contains_key(&id) {
                pruned.kept.push((id, Needed::Pinned));
                continue;
            }
            going.push((id, held));
        }
        let staying =
            pruned.kept.iter().filter_map(|(id, _)| self.manifest(id).ok()).flat_map(|one| one.engine.encoders);
        let caches = self.unused_caches(&staying.map(|one| cache::folder_name(&one.name, &one.sha256)).collect())?;
        let mut leftovers = self.left_behind(false)?;
        leftovers.extend(caches.iter().cloned());
        let folders = going.iter().map(|(id, _)| self.folder_of(id)).chain(leftovers.iter().cloned());
        pruned.bytes = freed(&folders.collect::<Vec<_>>())?;
        let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
        pruned.leftovers = leftovers.iter().filter_map(name).collect();
        for (id, held) in going {
            if !dry {
                self.remove(&id)?;
            }
            drop(held);
            pruned.removed.push(id);
        }
        if !dry {
            for folder in &caches {
                fs::remove_dir_all(folder).map_err(Error::written(folder))?;
            }
            self.sweep()?;
            sync_folder(&self.snapshots())?;
        }
        Ok(pruned)
    }

    /// Folders of kept vectors by whose encoder no snapshot in `used` was made.
    fn unused_caches(&self, used: &BTreeSet<String>) -> Result<Vec<PathBuf>, Error> {
        let root = self.root().join(cache::FOLDER);
        if !root.is_dir() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for entry in fs::read_dir(&root).map_err(Error::read(&root))? {
            let entry = entry.map_err(Error::read(&root))?;
            if !used.contains(entry.file_name().to_string_lossy().as_ref()) && entry.path().is_dir() {
                found.push(entry.path());
            }
        }
        found.sort();
        Ok(found)
    }

    /// What must never go, whatever is asked for.
    fn protected(&self) -> Result<BTreeMap<SnapshotId, Needed>, Error> {
        let mut found = BTreeMap::new();
        found.extend(self.pins()?.into_keys().map(|id| (id, Needed::Pinned)));
        found.extend(self.rollback_target()?.map(|id| (id, Needed::RollbackTarget)));
        match self.active_id() {
            Ok(id) => found.insert(id, Needed::Active),
            Err(Error::NoSnapshot(_)) => None,
            // A pointer that cannot be read protects nothing by name: then nothing may go.
            Err(error) => return Err(error),
        };
        Ok(found)
    }

    fn remove(&self, id: &SnapshotId) -> Result<(), Error> {
        let gone = self.snapshots().join(format!(".pruned-{id}"));
        if gone.exists() {
            fs::remove_dir_all(&gone).map_err(Error::written(&gone))?;
        }
        let folder = self.folder_of(id);
        fs::rename(&folder, &gone).map_err(Error::written(&folder))?;
        fs::remove_dir_all(&gone).map_err(Error::written(&gone))
    }
}

/// Bytes of the files to which no name outside these folders leads.
fn freed(folders: &[PathBuf]) -> Result<u64, Error> {
    let mut names: BTreeMap<(u64, u64), u64> = BTreeMap::new();
    let mut files = BTreeSet::new();
    for folder in folders {
        walk(folder, &mut |file| {
            let inode = (file.dev(), file.ino());
            *names.entry(inode).or_default() += 1;
            files.insert((inode, file.nlink(), file.len()));
        })?;
    }
    Ok(files.iter().filter(|(inode, links, _)| names.get(inode) == Some(links)).map(|(_, _, bytes)| bytes).sum())
}

fn walk(folder: &Path, take: &mut dyn FnMut(&fs::Metadata)) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(Error::read(folder))? {
        let entry = entry.map_err(Error::read(folder))?;
        let data = entry.metadata().map_err(Error::read(entry.path()))?;
        if data.is_dir() {
            walk(&entry.path(), take)?;
        } else {
            take(&data);
        }
    }
    Ok(())
}
