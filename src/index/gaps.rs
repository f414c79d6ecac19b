//! Gaps: how many claims were asked and found nothing, by day and snapshot, without their text.
//!
//! An editor learns from it what the corpus lacks. A request only adds to a few counters in memory; a thread of its own
//! writes them every few seconds and at the end. The text of claims, which may hold health data, is kept only where the
//! operator asked for just that; then it stands in a file of its own that its owner alone can read.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{Error, SnapshotId, held};

/// Name of the file of counts within the index folder: lines of JSON, each to be added to the others.
const COUNTS: &str = "gaps.jsonl";
/// Name of the file of texts, where there is one.
const TEXTS: &str = "gap-claims.jsonl";
/// Size at which the lines of counts are added up into one a day and snapshot.
const MOST_COUNTS: u64 = 1 << 20;
/// Days and snapshots that are kept when lines are added up, the newest.
const MOST_ROWS: usize = 4_000;
/// Size at which the older half of the texts goes.
const MOST_TEXTS: u64 = 4 << 20;
/// Code points of a claim that are kept.
const LONGEST: usize = 500;
/// Texts that wait for being written; more are counted and not kept.
const MOST_WAITING: usize = 1_000;
/// How often what was counted is written.
const PAUSE: Duration = Duration::from_secs(3);

/// How the search for a claim ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The corpus speaks about it, at least in part.
    Addressed,
    /// Passages share words with it and no more.
    NotAddressed,
    /// There was no passage to show.
    NoEvidence,
    /// None of its topic words occurs in the corpus.
    OutOfScope,
}

/// How many claims were asked, and how many of them ended in a gap; each claim counts under one ending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Claims that were answered.
    pub asked: u64,
    /// Passages shared words with the claim and no more.
    pub not_addressed: u64,
    /// There was no passage to show.
    pub no_evidence: u64,
    /// None of the claim's topic words occurs in the corpus.
    pub out_of_scope: u64,
}

impl Counts {
    fn count(&mut self, ending: Ending) {
        self.asked += 1;
        match ending {
            Ending::Addressed => {}
            Ending::NotAddressed => self.not_addressed += 1,
            Ending::NoEvidence => self.no_evidence += 1,
            Ending::OutOfScope => self.out_of_scope += 1,
        }
    }

    /// Adds others to these.
    pub fn add(&mut self, other: &Counts) {
        self.asked += other.asked;
        self.not_addressed += other.not_addressed;
        self.no_evidence += other.no_evidence;
        self.out_of_scope += other.out_of_scope;
    }
}

/// A claim that found nothing, where its text was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The day, UTC.
    pub day: Date,
    /// The snapshot that was asked.
    pub snapshot: SnapshotId,
    /// How the search ended.
    pub ending: Ending,
    /// The claim; cut off where it is longer than 500 code points.
    pub claim: String,
}

#[derive(Serialize, Deserialize)]
struct Row {
    day: Date,
    snapshot: SnapshotId,
    #[serde(flatten)]
    counts: Counts,
}

/// What was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Counts by day and snapshot.
    pub counts: BTreeMap<(Date, SnapshotId), Counts>,
    /// The claims themselves, the oldest first, where they were kept.
    pub claims: Vec<Asked>,
}

impl Gaps {
    /// What an index folder's record holds from a day on.
    ///
    /// # Errors
    /// [`Error::Io`] where the record is there and cannot be read.
    pub fn read(root: &Path, since: Option<Date>) -> Result<Gaps, Error> {
        let recent = |day: Date| since.is_none_or(|since| day >= since);
        let mut counts = sums(&lines(&root.join(COUNTS), 4 * MOST_COUNTS)?);
        counts.retain(|(day, _), _| recent(*day));
        let mut claims: Vec<Asked> = parsed(&lines(&root.join(TEXTS), 2 * MOST_TEXTS)?).collect();
        claims.retain(|claim| recent(claim.day));
        Ok(Gaps { counts, claims })
    }
}

fn lines(path: &Path, most: u64) -> Result<String, Error> {
    match super::tail(path, most) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        other => other.map_err(Error::read(path)),
    }
}

/// The lines that can be read; one that a crash cut off is passed over.
fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> impl Iterator<Item = T> {
    text.lines().filter_map(|line| serde_json::from_str(line).ok())
}

fn sums(text: &str) -> BTreeMap<(Date, SnapshotId), Counts> {
    let mut sums: BTreeMap<_, Counts> = BTreeMap::new();
    for Row { day, snapshot, counts } in parsed(text) {
        sums.entry((day, snapshot)).or_default().add(&counts);
    }
    sums
}

/// Counts claims; what it holds is written every few seconds, and when it is dropped.
#[derive(Debug)]
pub struct Recorder {
    shared: Arc<Shared>,
    keep_texts: bool,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    root: PathBuf,
    waiting: Mutex<Waiting>,
    ended: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    counts: BTreeMap<(Date, SnapshotId), Counts>,
    claims: Vec<Asked>,
    ended: bool,
}

impl Recorder {
    /// Starts counting for an index folder; with `keep_texts` the claims that find nothing are kept too.
    pub fn start(root: &Path, keep_texts: bool) -> Recorder {
        let shared = Arc::new(Shared { root: root.to_owned(), waiting: Mutex::default(), ended: Condvar::new() });
        let writes = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("gaps".to_owned()).spawn(move || writes.run());
        if let Err(error) = &thread {
            tracing::warn!(%error, "gaps are not written before the end");
        }
        Recorder { shared, keep_texts, thread: thread.ok() }
    }

    /// Counts one claim; touches no file.
    pub fn record(&self, snapshot: &SnapshotId, claim: &str, ending: Ending) {
        let day = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let mut waiting = self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.counts.entry((day, snapshot.clone())).or_default().count(ending);
        if self.keep_texts && ending != Ending::Addressed && waiting.claims.len() < MOST_WAITING {
            let claim = claim.chars().take(LONGEST).collect();
            waiting.claims.push(Asked { day, snapshot: snapshot.clone(), ending, claim });
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).ended = true;
        self.shared.ended.notify_all();
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(())) => {}
            _ => self.shared.write(),
        }
    }
}

impl Shared {
    fn run(&self) {
        loop {
            let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let waited = self.ended.wait_timeout_while(waiting, PAUSE, |waiting| !waiting.ended);
            let ended = waited.unwrap_or_else(PoisonError::into_inner).0.ended;
            self.write();
            if ended {
                return;
            }
        }
    }

    /// Writes what has been counted since the last time. A folder that cannot be written to costs the counts, never an
    /// answer.
    fn write(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = std::mem::take(&mut waiting.counts);
        let claims = std::mem::take(&mut waiting.claims);
        drop(waiting);
        let writable = fs::metadata(&self.root).is_ok_and(|data| data.is_dir() && !data.permissions().readonly());
        if counts.is_empty() || !writable {
            return;
        }
        if let Err(error) = self.add(counts, claims) {
            // The path and what the system said; never what was counted.
            tracing::debug!(%error, "gaps could not be written");
        }
    }

    fn add(&self, counts: BTreeMap<(Date, SnapshotId), Counts>, claims: Vec<Asked>) -> Result<(), Error> {
        // Several processes may count for one index. A lock that cannot be had is no reason to wait for ever: the lines
        // are added all the same, and only a file that has grown too large is left for the next time.
        let path = self.root.join(".gaps-lock");
        let lock = fs::File::create(&path).map_err(Error::written(&path))?;
        let alone = held::wait_for(|| lock.try_lock());
        let rows = counts.into_iter().map(|((day, snapshot), counts)| Row { day, snapshot, counts });
        append(&self.root.join(COUNTS), rows, alone.then_some(MOST_COUNTS), 0o644, |text| {
            let rows = sums(text).into_iter().rev().take(MOST_ROWS).rev();
            encoded(rows.map(|((day, snapshot), counts)| Row { day, snapshot, counts }))
        })?;
        append(&self.root.join(TEXTS), claims.into_iter(), alone.then_some(MOST_TEXTS), 0o600, |text| {
            let half = text.len() / 2;
            let end = text.bytes().skip(half).position(|byte| byte == b'\n');
            Ok(end.and_then(|at| text.get(half + at + 1..)).unwrap_or_default().to_owned())
        })
    }
}

fn encoded<T: Serialize>(rows: impl Iterator<Item = T>) -> Result<String, Error> {
    let mut text = String::new();
    for row in rows {
        text.push_str(&serde_json::to_string(&row)?);
        text.push('\n');
    }
    Ok(text)
}

/// Adds lines to a file; one that has grown too large is first replaced by what `shrink` makes of it.
fn append<T: Serialize>(
    path: &Path,
    rows: impl Iterator<Item = T>,
    most: Option<u64>,
    mode: u32,
    shrink: impl FnOnce(&str) -> Result<String, Error>,
) -> Result<(), Error> {
    let text = encoded(rows)?;
    if text.is_empty() {
        return Ok(());
    }
    let open = |path: &Path| fs::OpenOptions::new().append(true).create(true).mode(mode).open(path);
    if let Some(most) = most.filter(|most| fs::metadata(path).is_ok_and(|data| data.len() > *most)) {
        let next = path.with_extension("next");
        let _ = fs::remove_file(&next);
        let shrunk = shrink(&lines(path, 4 * most)?)?;
        open(&next).and_then(|mut file| file.write_all(shrunk.as_bytes())).map_err(Error::written(&next))?;
        fs::rename(&next, path).map_err(Error::written(path))?;
    }
    // One write a time: lines of another process never stand within ours.
    open(path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(Error::written(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn id(name: char) -> SnapshotId {
        name.to_string().repeat(16).parse().expect("an id")
    }

    const ENDINGS: [Ending; 4] = [Ending::Addressed, Ending::NotAddressed, Ending::NoEvidence, Ending::OutOfScope];

    fn ask(root: &Path, keep: bool) {
        let recorder = Recorder::start(root, keep);
        for ending in ENDINGS {
            recorder.record(&id('a'), &format!("canary {ending:?}"), ending);
        }
        recorder.record(&id('b'), "canary", Ending::Addressed);
    }

    fn files(root: &Path) -> Vec<(String, String)> {
        let entries = fs::read_dir(root).expect("a folder").map(|entry| entry.expect("an entry").path());
        let named = |path: PathBuf| {
            let text = fs::read_to_string(&path).expect("text");
            (path.file_name().expect("a name").to_string_lossy().into_owned(), text)
        };
        entries.map(named).collect()
    }

    #[test]
    fn claims_are_counted_and_their_text_is_not_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        ask(folder.path(), false);
        ask(folder.path(), false);
        let gaps = Gaps::read(folder.path(), None).expect("readable");
        let counts: Vec<Counts> = gaps.counts.values().copied().collect();
        assert_eq!(counts.len(), 2, "{gaps:?}");
        assert_eq!(counts[0], Counts { asked: 8, not_addressed: 2, no_evidence: 2, out_of_scope: 2 });
        assert_eq!(counts[1], Counts { asked: 2, ..Counts::default() });
        assert!(gaps.claims.is_empty());
        assert!(files(folder.path()).iter().all(|(_, text)| !text.contains("canary")));
        let tomorrow = Timestamp::now().to_zoned(TimeZone::UTC).date().tomorrow().expect("a day");
        assert_eq!(Gaps::read(folder.path(), Some(tomorrow)).expect("readable"), Gaps::default());
    }

    #[test]
    fn with_the_operators_word_claims_that_found_nothing_are_kept_for_their_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        ask(folder.path(), true);
        let gaps = Gaps::read(folder.path(), None).expect("readable");
        let kept: Vec<&str> = gaps.claims.iter().map(|asked| asked.claim.as_str()).collect();
        assert_eq!(kept, ["canary NotAddressed", "canary NoEvidence", "canary OutOfScope"]);
        let mode = fs::metadata(folder.path().join(TEXTS)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let recorder = Recorder::start(folder.path(), true);
        recorder.record(&id('a'), &"ä".repeat(LONGEST + 1), Ending::NoEvidence);
        drop(recorder);
        let gaps = Gaps::read(folder.path(), None).expect("readable");
        assert_eq!(gaps.claims.last().expect("a claim").claim.chars().count(), LONGEST);
    }

    #[test]
    fn files_stay_bounded() {
        let folder = tempfile::tempdir().expect("a folder");
        let line = "{\"day\":\"2026-01-02\",\"snapshot\":\"aaaaaaaaaaaaaaaa\",\"asked\":3,\"no_evidence\":1}\n";
        let many = usize::try_from(MOST_COUNTS).expect("small") / line.len() + 1;
        fs::write(folder.path().join(COUNTS), line.repeat(many)).expect("written");
        let claim = Asked {
            day: "2026-01-02".parse().expect("a day"),
            snapshot: id('a'),
            ending: Ending::NoEvidence,
            claim: "x".repeat(400),
        };
        let text = encoded(std::iter::once(claim)).expect("a line");
        fs::write(folder.path().join(TEXTS), text.repeat(usize::try_from(MOST_TEXTS).expect("small") / text.len() + 1))
            .expect("written");
        ask(folder.path(), true);
        let size = |name: &str| fs::metadata(folder.path().join(name)).expect("a file").len();
        assert!(size(COUNTS) < 1_000, "{}", size(COUNTS));
        assert!(size(TEXTS) < MOST_TEXTS * 6 / 10, "{}", size(TEXTS));
        let gaps = Gaps::read(folder.path(), None).expect("readable");
        let first = gaps.counts.values().next().expect("a count");
        assert_eq!((first.asked, first.no_evidence), (3 * many as u64, many as u64));
        assert_eq!(gaps.claims.last().expect("a claim").claim, "canary OutOfScope");
    }

    #[test]
    fn a_folder_that_is_not_there_is_not_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("none");
        ask(&root, true);
        assert!(!root.exists());
    }
}
