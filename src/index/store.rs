//! The index folder: snapshots side by side, one of them active, published so that a crash leaves old or new.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::held::Held;
use super::manifest::{MANIFEST, record_files, sync_folder, write_synced};
use super::{
    Act, Activation, EncoderRecord, Encoding, Engine, Entry, Error, FORMAT, Manifest, Pin, Ranker, Ranking, Reading,
    Snapshot, SnapshotId, Tally, Writer, cache, history, pins,
};
use crate::lexicon::Lexicon;

/// What a snapshot is called while a new one takes its name.
const OLD: &str = ".old-";

/// An index folder, and the snapshot in use.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    ranking: Ranking,
    lexicon: Arc<Lexicon>,
    /// Where costly vectors are kept; `None` for below the index folder.
    caches: Option<PathBuf>,
    tally: Arc<Tally>,
    in_use: RwLock<Option<Arc<Snapshot>>>,
}

/// A snapshot that [`Store::build`] made or found.
#[derive(Debug)]
pub struct Published {
    /// Its manifest.
    pub manifest: Manifest,
    /// Whether it was there already.
    pub reused: bool,
    /// Its versions with the outcome of their reading, ordered by id.
    pub entries: Vec<Entry>,
}

/// A snapshot that is there, and its manifest or why that cannot be read.
#[derive(Debug)]
pub struct Listed {
    /// Its name.
    pub id: SnapshotId,
    /// Its manifest.
    pub manifest: Result<Manifest, Error>,
}

impl Store {
    /// Opens an index folder, which need not exist yet. Its snapshots are ranked by words and numbers.
    pub fn new(root: impl Into<PathBuf>) -> Store {
        Store {
            root: root.into(),
            ranking: Ranking::lexical(),
            lexicon: Lexicon::embedded(),
            caches: None,
            tally: Arc::default(),
            in_use: RwLock::new(None),
        }
    }

    /// The same with another ranking for the snapshots that are built or opened from now on.
    #[must_use]
    pub fn ranked(self, ranking: Ranking) -> Store {
        Store { ranking, ..self }
    }

    /// The same, whose snapshots are asked with this lexicon.
    #[must_use]
    pub fn asked_with(self, lexicon: Arc<Lexicon>) -> Store {
        Store { lexicon, ..self }
    }

    /// The same, whose costly vectors are kept in another folder than one below the index folder.
    #[must_use]
    pub fn caching_in(self, folder: PathBuf) -> Store {
        Store { caches: Some(folder), ..self }
    }

    /// How far the vectors of a build are.
    pub fn tally(&self) -> Arc<Tally> {
        Arc::clone(&self.tally)
    }

    /// The index folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn snapshots(&self) -> PathBuf {
        self.root.join("snapshots")
    }

    pub(super) fn folder_of(&self, id: &SnapshotId) -> PathBuf {
        self.snapshots().join(id.as_str())
    }

    /// Name of the active snapshot, as the pointer on disk says.
    ///
    /// # Errors
    /// [`Error::NoSnapshot`] where there is none yet.
    pub fn active_id(&self) -> Result<SnapshotId, Error> {
        let path = self.root.join("active");
        match fs::read_to_string(&path) {
            Ok(text) => text.trim().parse().map_err(|reason| Error::Damaged { id: "active".to_owned(), reason }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Error::NoSnapshot(self.root.clone())),
            Err(source) => Err(Error::Io { path, action: "read", source }),
        }
    }

    /// The snapshot in use, where one is open already; touches no file.
    pub fn in_use(&self) -> Option<Arc<Snapshot>> {
        self.in_use.read().ok()?.clone()
    }

    /// The snapshot in use: opened and verified on the first call, and anew after [`Store::reload`].
    ///
    /// # Errors
    /// [`Error`] where there is none or it cannot be trusted.
    pub fn active(&self) -> Result<Arc<Snapshot>, Error> {
        if let Ok(guard) = self.in_use.read()
            && let Some(snapshot) = guard.as_ref()
        {
            return Ok(Arc::clone(snapshot));
        }
        self.reload()
    }

    /// Opens what the pointer names, and uses it from now on; requests under way keep the snapshot that they hold.
    ///
    /// # Errors
    /// [`Error`] where it cannot be opened; the one in use then stays.
    pub fn reload(&self) -> Result<Arc<Snapshot>, Error> {
        let id = self.active_id()?;
        let same = |snapshot: &Arc<Snapshot>| snapshot.manifest().id == id && snapshot.is_in_place();
        if let Some(snapshot) = self.in_use().filter(same) {
            return Ok(snapshot);
        }
        let snapshot = match self.open(&id) {
            // Another one may have become active, and this one been pruned, since the pointer was read.
            Err(error) if self.active_id()? == id => return Err(error),
            Err(_) => Arc::new(self.open(&self.active_id()?)?),
            Ok(snapshot) => Arc::new(snapshot),
        };
        if let Ok(mut guard) = self.in_use.write() {
            *guard = Some(Arc::clone(&snapshot));
        }
        Ok(snapshot)
    }

    /// Opens one snapshot after checking every byte of it.
    ///
    /// # Errors
    /// [`Error`] where it does not exist, has another form, or differs from its manifest.
    pub fn open(&self, id: &SnapshotId) -> Result<Snapshot, Error> {
        self.manifest(id)?.check_engine()?;
        self.open_ranked(id, &self.ranking)
    }

    /// Opens one snapshot whichever engine built it: its passages can be read, but not searched by this engine's terms.
    ///
    /// # Errors
    /// As [`Store::open`], another engine aside.
    pub fn open_to_compare(&self, id: &SnapshotId) -> Result<Snapshot, Error> {
        self.open_ranked(id, &Ranking::lexical())
    }

    fn open_ranked(&self, id: &SnapshotId, ranking: &Ranking) -> Result<Snapshot, Error> {
        let folder = self.existing(id)?;
        let Some(held) = Held::shared(&folder)? else { return Err(self.unknown(id)) };
        let manifest = Manifest::read(&folder, id)?;
        if let Some(first) = manifest.differences(&folder)?.into_iter().next() {
            return Err(Error::Damaged { id: id.to_string(), reason: first });
        }
        Snapshot::open(&folder, held, manifest, ranking, Arc::clone(&self.lexicon))
    }

    /// All snapshots with their manifests, the newest first; one without a readable manifest gives its error.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder cannot be listed.
    pub fn list(&self) -> Result<Vec<Listed>, Error> {
        let folder = self.snapshots();
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for entry in fs::read_dir(&folder).map_err(Error::read(&folder))? {
            let entry = entry.map_err(Error::read(&folder))?;
            if let Ok(id) = entry.file_name().to_string_lossy().parse::<SnapshotId>() {
                let manifest = Manifest::read(&entry.path(), &id);
                found.push(Listed { id, manifest });
            }
        }
        let built_at =
            |one: &Listed| one.manifest.as_ref().map(|manifest| manifest.built_at.clone()).unwrap_or_default();
        found.sort_by(|a, b| built_at(b).cmp(&built_at(a)).then_with(|| a.id.cmp(&b.id)));
        Ok(found)
    }

    /// A snapshot's manifest.
    ///
    /// # Errors
    /// [`Error`] where it does not exist or has no readable manifest.
    pub fn manifest(&self, id: &SnapshotId) -> Result<Manifest, Error> {
        Manifest::read(&self.existing(id)?, id)
    }

    /// Compares every byte of a snapshot with its manifest; each difference is a sentence.
    ///
    /// # Errors
    /// [`Error`] where the manifest itself cannot be read.
    pub fn verify(&self, id: &SnapshotId) -> Result<Vec<String>, Error> {
        let folder = self.existing(id)?;
        Manifest::read(&folder, id)?.differences(&folder)
    }

    /// Makes a snapshot the active one; the record says that `editor` asked for it, where somebody did over HTTP.
    ///
    /// # Errors
    /// [`Error`] where it does not exist, differs from its manifest, or the pointer cannot be written.
    pub fn activate(&self, id: &SnapshotId, editor: Option<&str>) -> Result<(), Error> {
        self.existing(id)?;
        let _lock = self.lock()?;
        self.put_in_use(id, Act::Activate, editor)
    }

    /// Goes back to the snapshot that was active before; as "undo" does, the second time in a row goes one step further.
    ///
    /// # Errors
    /// [`Error::NothingBefore`] where the record knows of none; as [`Store::activate`] otherwise.
    pub fn rollback(&self, editor: Option<&str>) -> Result<SnapshotId, Error> {
        let _lock = self.lock()?;
        let id = self.rollback_target()?.ok_or_else(|| Error::NothingBefore(self.root.clone()))?;
        self.put_in_use(&id, Act::Rollback, editor)?;
        Ok(id)
    }

    /// What a rollback would go back to.
    ///
    /// # Errors
    /// [`Error`] where the pointer or the record of activations cannot be read.
    pub fn rollback_target(&self) -> Result<Option<SnapshotId>, Error> {
        match self.active_id() {
            Ok(active) => Ok(history::target(&history::read(&self.root, Some(&active))?, &active)),
            Err(Error::NoSnapshot(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The activations that took effect, the oldest first.
    ///
    /// # Errors
    /// [`Error::Io`] where the record cannot be read.
    pub fn history(&self) -> Result<Vec<Activation>, Error> {
        history::read(&self.root, self.active_id().ok().as_ref())
    }

    /// Keeps a snapshot from being pruned.
    ///
    /// # Errors
    /// [`Error`] where it does not exist or the pin cannot be written.
    pub fn pin(&self, id: &SnapshotId, note: Option<String>) -> Result<Pin, Error> {
        // Held meanwhile, so that it is not pruned just now; without the lock, which a build may have for minutes.
        let Some(_held) = Held::shared(&self.existing(id)?)? else { return Err(self.unknown(id)) };
        pins::set(&self.root, id, note)
    }

    /// Lets a snapshot be pruned again; `false` where it was not pinned.
    ///
    /// # Errors
    /// [`Error::Io`] where the pin cannot be removed.
    pub fn unpin(&self, id: &SnapshotId) -> Result<bool, Error> {
        pins::remove(&self.root, id)
    }

    /// The pinned snapshots.
    ///
    /// # Errors
    /// [`Error::Io`] where the pins cannot be listed.
    pub fn pins(&self) -> Result<BTreeMap<SnapshotId, Pin>, Error> {
        pins::all(&self.root)
    }

    fn put_in_use(&self, id: &SnapshotId, act: Act, editor: Option<&str>) -> Result<(), Error> {
        self.manifest(id)?.check_engine()?;
        if let Some(first) = self.verify(id)?.into_iter().next() {
            return Err(Error::Damaged { id: id.to_string(), reason: first });
        }
        self.point_to(id, act, editor)
    }

    /// Builds the snapshot of a corpus digest, publishes it and makes it active; an intact one that exists is used.
    ///
    /// It is built for the store's ranker; where that is whatever a snapshot was built for, for that of the active one,
    /// and without one for [`Ranker::Static`].
    ///
    /// `fill` adds the versions, and may keep from [`Writer::base`] what has not changed. With `fresh` nothing that is
    /// there is used; `editor` is as in [`Store::activate`]. Publishing: every file is on the disk before the manifest, the manifest before the rename, the
    /// rename before the pointer, and the pointer before this returns.
    ///
    /// # Errors
    /// [`Error`] where files cannot be written or another build is at work; whatever `fill` reports.
    pub fn build<E: From<Error>>(
        &self,
        corpus_sha256: &str,
        fresh: bool,
        editor: Option<&str>,
        fill: impl FnOnce(&mut Writer) -> Result<(), E>,
    ) -> Result<Published, E> {
        let ranker = self.ranker();
        let encoders = self.ranking.encoders(ranker)?;
        let engine = Engine::of(ranker, encoders.iter().map(|one| EncoderRecord::of(one.as_ref())).collect());
        let id = SnapshotId::of(corpus_sha256, &engine);
        let snapshots = self.snapshots();
        fs::create_dir_all(&snapshots).map_err(Error::written(&snapshots))?;
        let _lock = self.lock()?;
        self.sweep()?;
        let folder = self.folder_of(&id);
        if !fresh
            && folder.exists()
            && let Some(snapshot) = self.reusable(&id)
        {
            self.point_to(&id, Act::Build, editor)?;
            let entries = snapshot.entries().cloned().collect();
            return Ok(Published { manifest: snapshot.manifest().clone(), reused: true, entries });
        }
        let base = if fresh { None } else { self.base()? };
        let building = snapshots.join(format!(".building-{id}"));
        fs::create_dir(&building).map_err(Error::written(&building))?;
        let caches = self.caches.clone().unwrap_or_else(|| self.root.join(cache::FOLDER));
        let encoding = Encoding::new(encoders, Some(&caches), self.tally());
        let mut writer = Writer::create(&building, base, encoding)?;
        fill(&mut writer)?;
        let written = writer.finish()?;
        let entries = written.entries;
        let manifest = Manifest {
            format: FORMAT,
            id: id.clone(),
            built_at: history::now(),
            corpus_sha256: corpus_sha256.to_owned(),
            engine,
            parent: self.parent_of(&id),
            versions: entries.iter().filter(|entry| entry.passages() > 0).count(),
            passages: entries.iter().map(Entry::passages).sum(),
            files: record_files(&building, written.known)?,
        };
        let json = serde_json::to_vec_pretty(&manifest).map_err(Error::from)?;
        for name in Writer::folders(encoders.len()) {
            sync_folder(&building.join(name))?;
        }
        write_synced(&building.join(MANIFEST), &json)?;
        sync_folder(&building)?;
        self.publish(&building, &folder)?;
        self.point_to(&id, Act::Build, editor)?;
        self.sweep()?;
        Ok(Published { manifest, reused: false, entries })
    }

    /// The ranker that a snapshot is built for.
    fn ranker(&self) -> Ranker {
        let active = || self.manifest(&self.active_id().ok()?).ok();
        let built = || active().map_or(Ranker::Static, |manifest| manifest.engine.ranker);
        self.ranking.asked().unwrap_or_else(built)
    }

    /// The snapshot that is active while one is built; that of the old one where it is built in its own place.
    fn parent_of(&self, id: &SnapshotId) -> Option<SnapshotId> {
        let active = self.active_id().ok()?;
        if active == *id { self.manifest(id).ok()?.parent } else { Some(active) }
    }

    /// Gives a whole new snapshot its name. One of that name that is there (damaged, or with documents that could not be
    /// read that day) changes places with it in one step where the file system can do that.
    fn publish(&self, building: &Path, folder: &Path) -> Result<(), Error> {
        if folder.exists() && renameat_with(CWD, building, CWD, folder, RenameFlags::EXCHANGE).is_err() {
            let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let old = self.snapshots().join(format!("{OLD}{name}"));
            fs::rename(folder, &old).map_err(Error::written(&old))?;
        }
        if !folder.exists() {
            fs::rename(building, folder).map_err(Error::written(folder))?;
        }
        sync_folder(&self.snapshots())
    }

    /// A snapshot to keep unchanged text from: the active one, else the newest that this engine built and that is whole.
    fn base(&self) -> Result<Option<Arc<Snapshot>>, Error> {
        let active = self.active_id().ok();
        let mut candidates = self.list()?;
        candidates.retain(|one| one.manifest.as_ref().is_ok_and(|manifest| manifest.check_engine().is_ok()));
        candidates.sort_by_key(|one| active.as_ref() != Some(&one.id));
        Ok(candidates.into_iter().find_map(|one| self.open_to_compare(&one.id).ok()).map(Arc::new))
    }

    /// An existing snapshot that is whole, and holds no document that only bad luck kept out.
    fn reusable(&self, id: &SnapshotId) -> Option<Snapshot> {
        let unlucky = |entry: &Entry| matches!(entry.reading, Some(Reading::Rejected { passing: true, .. }));
        self.open(id).ok().filter(|snapshot| !snapshot.entries().any(unlucky))
    }

    /// Replaces the pointer in one rename, once the record of activations knows of it.
    fn point_to(&self, id: &SnapshotId, act: Act, editor: Option<&str>) -> Result<(), Error> {
        let before = self.active_id().ok();
        if before.as_ref() == Some(id) {
            return Ok(());
        }
        history::add(&self.root, id, before, act, editor)?;
        let (pointer, next) = (self.root.join("active"), self.root.join(".active-next"));
        write_synced(&next, format!("{id}\n").as_bytes())?;
        fs::rename(&next, &pointer).map_err(Error::written(&pointer))?;
        sync_folder(&self.root)
    }

    fn existing(&self, id: &SnapshotId) -> Result<PathBuf, Error> {
        let folder = self.folder_of(id);
        if folder.is_dir() { Ok(folder) } else { Err(self.unknown(id)) }
    }

    fn unknown(&self, id: &SnapshotId) -> Error {
        Error::UnknownSnapshot { id: id.to_string(), folder: self.root.clone() }
    }

    /// One build at a time; the lock goes with the file handle, so a killed build leaves none behind.
    ///
    /// Another thread that starts a process holds a copy of every handle for a moment, ended locks included: a lock that is
    /// taken is asked for again for half a second before it is believed.
    pub(super) fn lock(&self) -> Result<fs::File, Error> {
        let path = self.root.join(".lock");
        let file = fs::File::create(&path).map_err(Error::written(&path))?;
        for _ in 0..20 {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(fs::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(25)),
                Err(fs::TryLockError::Error(source)) => return Err(Error::Io { path, action: "written", source }),
            }
        }
        Err(Error::Busy(self.root.clone()))
    }

    /// Removes what a build that was killed left behind.
    pub(super) fn sweep(&self) -> Result<(), Error> {
        for path in self.left_behind(true)? {
            let own = self.own_name(&path).filter(|own| !own.exists());
            match own {
                // Moved aside for a new one that never came.
                Some(own) => fs::rename(&path, &own).map_err(Error::written(&own))?,
                None => fs::remove_dir_all(&path).map_err(Error::written(&path))?,
            }
        }
        Ok(())
    }

    /// Folders that no snapshot's name leads to; with `aside` also those that lost their name to none.
    pub(super) fn left_behind(&self, aside: bool) -> Result<Vec<PathBuf>, Error> {
        let folder = self.snapshots();
        let mut found = Vec::new();
        for entry in fs::read_dir(&folder).map_err(Error::read(&folder))? {
            let path = entry.map_err(Error::read(&folder))?.path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_dir() && hidden && (aside || self.own_name(&path).is_none_or(|own| own.exists())) {
                found.push(path);
            }
        }
        found.sort();
        Ok(found)
    }

    /// The name that a folder had before it was moved aside.
    fn own_name(&self, path: &Path) -> Option<PathBuf> {
        let name = path.file_name()?.to_str()?;
        Some(self.snapshots().join(name.strip_prefix(OLD)?))
    }
}
