//! Which snapshot was active when: one line an activation, only ever added to.
//!
//! The pointer alone says what is active. A line is on the disk before the pointer moves, so a crash between the two
//! leaves a line about something that never happened; such a line shows in what comes after it, and is passed over.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Error, SnapshotId};

/// Name of the record within the index folder.
const FILE: &str = "activations.jsonl";
/// Most bytes that are read back, from the end: tens of thousands of activations.
const MOST: u64 = 8 << 20;

/// One activation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activation {
    /// When, UTC, ISO 8601.
    pub at: String,
    /// The snapshot that became the active one.
    pub snapshot: SnapshotId,
    /// The one that was active before.
    pub before: Option<SnapshotId>,
    /// What did it.
    pub act: Act,
    /// The account that ran it.
    pub by: String,
    /// Who asked that account for it over HTTP: the name of a token or a profile, or one that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub editor: Option<String>,
}

/// What makes a snapshot the active one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A build.
    Build,
    /// Somebody named it.
    Activate,
    /// Somebody went back.
    Rollback,
}

impl Act {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Act::Build => "build",
            Act::Activate => "activate",
            Act::Rollback => "rollback",
        }
    }
}

/// The present, as it is written in records.
pub(super) fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The account that runs this program: its name as the environment has it, else its number.
pub(super) fn account() -> String {
    let named = ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty()));
    named.unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()))
}

/// Adds a line and brings it to the disk.
pub(super) fn add(
    root: &Path,
    snapshot: &SnapshotId,
    before: Option<SnapshotId>,
    act: Act,
    editor: Option<&str>,
) -> Result<(), Error> {
    let path = root.join(FILE);
    let editor = editor.map(str::to_owned);
    let line = Activation { at: now(), snapshot: snapshot.clone(), before, act, by: account(), editor };
    let mut text = serde_json::to_string(&line)?;
    text.push('\n');
    let mut file =
        fs::OpenOptions::new().read(true).append(true).create(true).open(&path).map_err(Error::written(&path))?;
    if !ends_a_line(&mut file).map_err(Error::read(&path))? {
        // A crash cut the last line off; it stays as it is.
        text.insert(0, '\n');
    }
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(Error::written(&path))
}

fn ends_a_line(file: &mut fs::File) -> std::io::Result<bool> {
    use std::io::{Seek, SeekFrom};
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// The activations that took effect, the oldest first.
pub(super) fn read(root: &Path, active: Option<&SnapshotId>) -> Result<Vec<Activation>, Error> {
    let path = root.join(FILE);
    let text = match super::tail(&path, MOST) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::read(&path)(error)),
    };
    Ok(effective(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect(), active))
}

/// A line took effect where the next one starts from its snapshot, and the last where its snapshot is active.
fn effective(mut lines: Vec<Activation>, active: Option<&SnapshotId>) -> Vec<Activation> {
    let mut after = active.cloned();
    let mut kept = Vec::new();
    while let Some(line) = lines.pop() {
        if after.as_ref() == Some(&line.snapshot) {
            after.clone_from(&line.before);
            kept.push(line);
        }
    }
    kept.reverse();
    kept
}

/// What a rollback goes back to: as "undo" does, the second one in a row goes one step further.
pub(super) fn target(history: &[Activation], active: &SnapshotId) -> Option<SnapshotId> {
    let mut trail: Vec<&SnapshotId> = Vec::new();
    for line in history {
        if trail.is_empty() {
            trail.extend(&line.before);
        }
        let before = trail.iter().rposition(|id| **id == line.snapshot);
        match before.filter(|_| line.act == Act::Rollback) {
            Some(at) => trail.truncate(at + 1),
            None => trail.push(&line.snapshot),
        }
    }
    if trail.last() == Some(&active) {
        trail.pop();
    }
    trail.pop().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: char) -> SnapshotId {
        name.to_string().repeat(16).parse().expect("an id")
    }

    /// Lines such as `a>b` (build), `a<b` (rollback from a to b); `.` for nothing before.
    fn lines(text: &str) -> Vec<Activation> {
        let line = |word: &str| {
            let letters: Vec<char> = word.chars().collect();
            let act = if letters[1] == '<' { Act::Rollback } else { Act::Build };
            let before = (letters[0] != '.').then(|| id(letters[0]));
            Activation { at: String::new(), snapshot: id(letters[2]), before, act, by: String::new(), editor: None }
        };
        text.split_whitespace().map(line).collect()
    }

    fn check(record: &str, active: char, effect: usize, back: Option<char>) {
        let history = effective(lines(record), Some(&id(active)));
        assert_eq!(history.len(), effect, "{record}: {history:?}");
        assert_eq!(target(&history, &id(active)), back.map(id), "{record}");
    }

    #[test]
    fn rollback_goes_back_step_by_step() {
        check("", 'a', 0, None);
        check(".>a", 'a', 1, None);
        check(".>a a>b", 'b', 2, Some('a'));
        check(".>a a>b b>c", 'c', 3, Some('b'));
        check(".>a a>b b>c c<b", 'b', 4, Some('a'));
        check(".>a a>b b>c c<b b<a", 'a', 5, None);
        check(".>a a>b b>c c<b b>d", 'd', 5, Some('b'));
        check(".>a a>b b>a", 'a', 3, Some('b'));
        check(".>a a>b b>a a<b", 'b', 4, Some('a'));
        // The record may begin later than the index.
        check("a>b", 'b', 1, Some('a'));
    }

    #[test]
    fn what_a_crash_kept_from_happening_does_not_count() {
        check(".>a a>b", 'a', 1, None);
        check(".>a a>b a>c", 'c', 2, Some('a'));
        check(".>a a>b a>b", 'b', 2, Some('a'));
        check(".>a a>b b<a", 'b', 2, Some('a'));
    }

    #[test]
    fn a_line_that_was_cut_off_is_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        add(folder.path(), &id('a'), None, Act::Build, None).expect("written");
        let path = folder.path().join(FILE);
        let mut file = fs::OpenOptions::new().append(true).open(&path).expect("the record");
        file.write_all(b"{\"at\":\"2026-").expect("written");
        add(folder.path(), &id('b'), Some(id('a')), Act::Activate, Some("anna")).expect("written");
        let history = read(folder.path(), Some(&id('b'))).expect("readable");
        let seen: Vec<&SnapshotId> = history.iter().map(|line| &line.snapshot).collect();
        assert_eq!(seen, [&id('a'), &id('b')]);
        let editors: Vec<Option<&str>> = history.iter().map(|line| line.editor.as_deref()).collect();
        assert_eq!(editors, [None, Some("anna")]);
        assert_eq!(fs::read_to_string(&path).expect("readable").lines().count(), 3);
    }
}
