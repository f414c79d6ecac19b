//! Changing a pack: files staged, events written, the head moved, files put in place, in this order.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{Timestamp, Unit};
use serde_json::{Map, json};

use super::chain::{Head, Inspected, digest, digest_of, inspect, latest};
use super::{
    Action, Actor, Bytes, Change, Digests, Error, Event, HEAD, LOG, LONGEST_LINE, MOST_BYTES, PENDING, Part,
    Replacement, pending, within,
};
use crate::corpus::Format;

/// Longest name of a person in the log, in characters.
const LONGEST_NAME: usize = 200;

/// What came of a change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Done {
    /// The events, as they stand in the logs.
    pub events: Vec<Event>,
    /// What an earlier crash had left and was put in order first, a sentence each.
    pub repaired: Vec<String>,
}

/// Makes changes in one pack: all of them, or none.
///
/// # Errors
/// [`Error`]; then no file was changed and no event counts.
pub fn append(folder: &Path, actor: &Actor, changes: Vec<Change>) -> Result<Done, Error> {
    commit(actor, vec![(folder.to_owned(), changes)])
}

/// Makes changes in several packs: all of them, or none. Between two packs' logs a crash can fall; what the first had is
/// then in place, and [`super::verify`] shows nothing amiss: a command that changes several packs says so in `detail`.
///
/// # Errors
/// [`Error`]; then no file was changed, and events that counted already are undone by further events.
pub fn commit(actor: &Actor, packs: Vec<(PathBuf, Vec<Change>)>) -> Result<Done, Error> {
    let mut done = Done::default();
    let mut held = hold(packs)?;
    for (pack, _) in &mut held {
        done.repaired.extend(pack.put_in_order()?);
    }
    let mut staged: Vec<(Pack, Vec<Change>, Vec<PathBuf>)> = Vec::new();
    for (mut pack, changes) in held {
        match pack.stage(changes) {
            Ok((changes, files)) => staged.push((pack, changes, files)),
            Err(error) => {
                staged.iter().for_each(|(_, _, files)| discard(files));
                return Err(error);
            }
        }
    }
    for at in 0..staged.len() {
        let written = staged.get_mut(at).map(|(pack, changes, _)| pack.write_events(actor, changes));
        match written {
            Some(Ok(events)) => done.events.extend(events),
            None => {}
            Some(Err(error)) => return Err(undo(staged, at, actor, error)),
        }
    }
    for (pack, _, files) in &staged {
        place(&pack.folder, files)?;
    }
    Ok(done)
}

/// Puts in order what a crash left in a pack; each thing done is a sentence. Every change does so first.
///
/// # Errors
/// [`Error::Damaged`] where the log was tampered with, [`Error::Io`] where the disk refuses.
pub fn recover(folder: &Path) -> Result<Vec<String>, Error> {
    if digest_of(&folder.join(LOG))?.is_none() {
        return Ok(Vec::new());
    }
    Pack::hold(folder)?.put_in_order()
}

/// Locks every pack, in the order of their paths so that two commands cannot wait for each other.
fn hold(packs: Vec<(PathBuf, Vec<Change>)>) -> Result<Vec<(Pack, Vec<Change>)>, Error> {
    let mut merged: Vec<(PathBuf, Vec<Change>)> = Vec::new();
    for (folder, changes) in packs {
        let folder = folder.canonicalize().map_err(Error::read(&folder))?;
        match merged.iter_mut().find(|(other, _)| *other == folder) {
            Some((_, all)) => all.extend(changes),
            None => merged.push((folder, changes)),
        }
    }
    merged.sort_by(|(a, _), (b, _)| a.cmp(b));
    merged.into_iter().map(|(folder, changes)| Ok((Pack::hold(&folder)?, changes))).collect()
}

/// A pack whose log nobody else changes as long as this lives.
pub(super) struct Pack {
    pub(super) folder: PathBuf,
    log: File,
    pub(super) inspected: Inspected,
}

impl Pack {
    /// Locks a pack; the lock goes with the file handle, so a killed command leaves none behind.
    pub(super) fn hold(folder: &Path) -> Result<Pack, Error> {
        let path = folder.join(LOG);
        let log = File::options().read(true).append(true).create(true).open(&path).map_err(Error::written(&path))?;
        let mut tries = 0;
        loop {
            match log.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if tries < 200 => std::thread::sleep(Duration::from_millis(25)),
                Err(TryLockError::WouldBlock) => return Err(Error::Busy(folder.to_owned())),
                Err(TryLockError::Error(source)) => return Err(Error::written(&path)(source)),
            }
            tries += 1;
        }
        let inspected = inspect(folder)?;
        Ok(Pack { folder: folder.to_owned(), log, inspected })
    }

    /// Ends what a crash interrupted: forwards where its events are whole, backwards where they are not.
    pub(super) fn put_in_order(&mut self) -> Result<Vec<String>, Error> {
        if let Some(first) = self.inspected.damage.first() {
            return Err(Error::Damaged { folder: self.folder.clone(), first: first.clone() });
        }
        let mut done = Vec::new();
        if self.inspected.rest {
            self.cut_back(self.inspected.good_bytes)?;
            self.inspected.rest = false;
            done.push(format!("{LOG}: the rest of a change that was interrupted was cut off"));
        }
        if !self.inspected.uncounted.is_empty() {
            let uncounted = std::mem::take(&mut self.inspected.uncounted);
            self.inspected.events.extend(uncounted);
            self.write_head()?;
            done.push(format!("{HEAD}: the last change is counted now"));
        }
        self.inspected.unfinished.clear();
        done.extend(self.place_logged()?);
        for stray in strays(&self.folder)? {
            discard(&[stray]);
        }
        Ok(done)
    }

    /// Puts files in place that events name and a crash left beside.
    fn place_logged(&self) -> Result<Vec<String>, Error> {
        let mut done = Vec::new();
        for (name, logged) in latest(&self.inspected).0 {
            let path = within(&self.folder, name)?;
            let beside = pending(&path);
            let staged = digest_of(&beside)?;
            if staged.is_none() || staged.as_deref() != logged.after {
                continue;
            }
            let actual = digest_of(&path)?;
            let seq = logged.event.seq;
            if actual.as_deref() == logged.before {
                place(&self.folder, &[path])?;
                done.push(format!("{name}: the change of event {seq} was completed"));
            } else if actual.as_deref() != logged.after {
                done.push(format!("{name}: the change of event {seq} is lost, for the file was changed since"));
            }
        }
        Ok(done)
    }

    /// Writes the new bytes beside the old. A sidecar that was changed outside the log since its last event gets an event
    /// that says so. Returns the changes and the files that are to be replaced.
    pub(super) fn stage(&mut self, changes: Vec<Change>) -> Result<(Vec<Change>, Vec<PathBuf>), Error> {
        let mut files = Vec::new();
        let staged = self.stage_all(&changes, &mut files);
        if let Err(error) = staged {
            discard(&files);
            return Err(error);
        }
        let known = latest(&self.inspected).0;
        let mut all = Vec::new();
        for change in changes {
            let outside = change.sidecar.as_ref().filter(|sidecar| {
                known.get(sidecar.name.as_str()).is_some_and(|logged| logged.after != sidecar.before.as_deref())
            });
            if let Some(sidecar) = outside {
                all.push(seen_outside(&change, sidecar, known.get(sidecar.name.as_str()).and_then(|one| one.after)));
            }
            all.push(change);
        }
        Ok((all, files))
    }

    fn stage_all(&self, changes: &[Change], files: &mut Vec<PathBuf>) -> Result<(), Error> {
        // Content before sidecar: a sidecar never stands for a moment without what it speaks of.
        let replacements = |change: &Change| [change.content.clone(), change.sidecar.clone()].into_iter().flatten();
        for replacement in changes.iter().flat_map(replacements) {
            let path = within(&self.folder, &replacement.name)?;
            let actual = digest_of(&path)?;
            let meanwhile = |what| Err(Error::Meanwhile { path: path.clone(), what });
            match (&actual, &replacement.before) {
                (actual, before) if actual == before => {}
                (Some(_), None) => return meanwhile("is there already"),
                (None, _) => return meanwhile("is gone"),
                (Some(_), Some(_)) => return meanwhile("was changed meanwhile"),
            }
            if !matches!(replacement.after, Bytes::Nothing { .. }) {
                let beside = pending(&path);
                files.push(path);
                stage_one(&beside, &replacement.after)?;
            }
        }
        Ok(())
    }

    /// Appends the events and counts them.
    pub(super) fn write_events(&mut self, actor: &Actor, changes: &[Change]) -> Result<Vec<Event>, Error> {
        let before = (self.inspected.good_bytes, self.inspected.last.clone(), self.inspected.events.len());
        let written = self.write_lines(actor, changes).and_then(|events| {
            self.inspected.events.extend(events.iter().cloned());
            self.write_head().map(|()| events)
        });
        if written.is_err() {
            // Lines that are not counted are cut off by the next change too, where the disk refuses even this.
            let _ = self.cut_back(before.0);
            (self.inspected.good_bytes, self.inspected.last) = (before.0, before.1);
            self.inspected.events.truncate(before.2);
        }
        written
    }

    /// Appends the lines of one change in one write, synced.
    pub(super) fn write_lines(&mut self, actor: &Actor, changes: &[Change]) -> Result<Vec<Event>, Error> {
        let (mut events, mut bytes) = (Vec::new(), Vec::new());
        let path = self.folder.join(LOG);
        let of = changes.len() as u64;
        for (nth, change) in (1..).zip(changes) {
            let event = Event {
                seq: (self.inspected.events.len() + events.len() + 1) as u64,
                part: (of > 1).then_some(Part { nth, of }),
                prev: self.inspected.last.clone(),
                ..event_of(actor, change)
            };
            let line = serde_json::to_vec(&event)?;
            if line.len() > LONGEST_LINE {
                let what = format!("an event of {} bytes, and {LONGEST_LINE} are allowed", line.len());
                return Err(Error::TooLarge { path, what });
            }
            self.inspected.last = digest(&line);
            bytes.extend(line);
            bytes.push(b'\n');
            events.push(event);
        }
        if self.inspected.good_bytes + bytes.len() as u64 > MOST_BYTES {
            return Err(Error::TooLarge { path, what: format!("the log is full at {MOST_BYTES} bytes") });
        }
        self.log.write_all(&bytes).and_then(|()| self.log.sync_data()).map_err(Error::written(&path))?;
        self.inspected.good_bytes += bytes.len() as u64;
        // The name of a new log must outlive a crash as its lines do.
        sync_folder(&self.folder)?;
        Ok(events)
    }

    /// Says that the lines written so far count.
    fn write_head(&self) -> Result<(), Error> {
        let head = Head { count: self.inspected.events.len() as u64, sha256: self.inspected.last.clone() };
        let mut json = serde_json::to_vec(&head)?;
        json.push(b'\n');
        let (path, next) = (self.folder.join(HEAD), self.folder.join(format!("{HEAD}.next")));
        write_synced(&next, &json)?;
        fs::rename(&next, &path).map_err(Error::written(&path))?;
        sync_folder(&self.folder)
    }

    fn cut_back(&self, bytes: u64) -> Result<(), Error> {
        let path = self.folder.join(LOG);
        self.log.set_len(bytes).and_then(|()| self.log.sync_data()).map_err(Error::written(&path))
    }
}

fn event_of(actor: &Actor, change: &Change) -> Event {
    let by: String = actor.by.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_NAME).collect();
    let (sidecar, sidecar_sha256) = match &change.sidecar {
        Some(sidecar) => {
            let after = sidecar.after.sha256();
            (Some(sidecar.name.clone()), Digests { before: sidecar.before.clone(), after })
        }
        None => (None, Digests::default()),
    };
    Event {
        seq: 0,
        at: actor.at.round(Unit::Second).unwrap_or(Timestamp::UNIX_EPOCH),
        by: by.trim().to_owned(),
        action: change.action,
        version: change.version.clone(),
        detail: change.detail.clone(),
        sidecar,
        sidecar_sha256,
        content: change.content.as_ref().map(|content| content.name.clone()),
        content_sha256: change.content.as_ref().and_then(|content| content.after.sha256()),
        part: None,
        prev: String::new(),
    }
}

impl Bytes {
    fn sha256(&self) -> Option<String> {
        match self {
            Bytes::Of(bytes) => Some(digest(bytes)),
            Bytes::CopyOf { sha256, .. } => Some(sha256.clone()),
            Bytes::Nothing { sha256 } => sha256.clone(),
        }
    }
}

/// The event that says that a sidecar was changed outside the log.
fn seen_outside(change: &Change, sidecar: &Replacement, logged: Option<&str>) -> Change {
    let after = Bytes::Nothing { sha256: sidecar.before.clone() };
    let detail = Map::from_iter([("found".to_owned(), json!("changed outside the log"))]);
    let sidecar = Replacement { name: sidecar.name.clone(), before: logged.map(str::to_owned), after };
    let version = change.version.clone();
    Change { action: Action::Amend, version, detail, sidecar: Some(sidecar), content: None }
}

/// Takes back what counted already, where a later pack could not be changed; gives the error to report.
fn undo(mut staged: Vec<(Pack, Vec<Change>, Vec<PathBuf>)>, failed: usize, actor: &Actor, error: Error) -> Error {
    staged.iter().for_each(|(_, _, files)| discard(files));
    let mut first = error;
    for (pack, changes, _) in staged.iter_mut().take(failed) {
        let back: Vec<Change> = changes.iter().rev().map(|change| undone(change, &first)).collect();
        if let Err(second) = pack.write_events(actor, &back) {
            let folder = pack.folder.clone();
            first = Error::Half { folder, first: Box::new(first), second: Box::new(second) };
        }
    }
    first
}

fn undone(change: &Change, reason: &Error) -> Change {
    let back = |replacement: &Replacement| Replacement {
        name: replacement.name.clone(),
        before: replacement.after.sha256(),
        after: Bytes::Nothing { sha256: replacement.before.clone() },
    };
    let detail = [("undoes", json!(change.action)), ("because", json!(reason.to_string()))];
    Change {
        action: Action::Amend,
        version: change.version.clone(),
        detail: detail.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        sidecar: change.sidecar.as_ref().map(back),
        content: change.content.as_ref().map(back),
    }
}

fn stage_one(beside: &Path, bytes: &Bytes) -> Result<(), Error> {
    if let Some(parent) = beside.parent() {
        fs::create_dir_all(parent).map_err(Error::written(parent))?;
    }
    match bytes {
        Bytes::Of(bytes) => write_synced(beside, bytes),
        Bytes::CopyOf { path, sha256 } => {
            fs::copy(path, beside).map_err(Error::written(beside))?;
            File::open(beside).and_then(|file| file.sync_all()).map_err(Error::written(beside))?;
            if digest_of(beside)?.as_deref() == Some(sha256) {
                Ok(())
            } else {
                Err(Error::Meanwhile { path: path.clone(), what: "was changed while it was copied" })
            }
        }
        Bytes::Nothing { .. } => Ok(()),
    }
}

/// Replaces files by what is staged beside them, each in one rename.
pub(super) fn place(folder: &Path, files: &[PathBuf]) -> Result<(), Error> {
    for path in files {
        fs::rename(pending(path), path).map_err(Error::written(path))?;
        if let Some(parent) = path.parent() {
            sync_folder(parent)?;
        }
    }
    sync_folder(folder)
}

/// Removes what is staged; what cannot be removed is removed by the next change.
fn discard(files: &[PathBuf]) {
    for path in files {
        let beside = if path.as_os_str().to_string_lossy().ends_with(PENDING) { path.clone() } else { pending(path) };
        let _ = fs::remove_file(beside);
    }
}

/// Staged files in a pack and in the folders of it that no event speaks of.
fn strays(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), true)];
    while let Some((at, descend)) = open.pop() {
        let entries = match fs::read_dir(&at) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(Error::read(&at)(error)),
        };
        for entry in entries {
            let path = entry.map_err(Error::read(&at))?.path();
            if descend && path.is_dir() && !path.is_symlink() {
                open.push((path, false));
            } else if path.to_str().and_then(|name| name.strip_suffix(PENDING)).is_some_and(is_of_a_pack) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// Whether a name is a sidecar's or a content file's: nothing else is ever staged.
fn is_of_a_pack(name: &str) -> bool {
    Format::of(Path::new(name)).is_some() || name.ends_with(".toml")
}

/// Writes a file and brings it to the disk.
fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = File::create(path).map_err(Error::written(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::written(path))
}

/// Brings a folder's list of names to the disk.
fn sync_folder(path: &Path) -> Result<(), Error> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(Error::written(path))
}
