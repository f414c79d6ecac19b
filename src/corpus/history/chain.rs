//! Reading the log back, and finding what was done to it.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Error, Event, HEAD, LOG, LONGEST_LINE, MOST_BYTES, pending, within};
use crate::corpus::{hex, sha256_of};

/// Where fetched files wait for an editor.
const CANDIDATES: &str = "candidates/";

/// How many lines count, and the digest of the last of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub(super) count: u64,
    pub(super) sha256: String,
}

/// What a log's `prev` says where there is no line before.
pub(super) fn zeros() -> String {
    "0".repeat(64)
}

pub(super) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// What [`verify`] found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Number of events that count.
    pub events: usize,
    /// What was done to the log: lines changed, removed, inserted, moved or cut off.
    pub damage: Vec<String>,
    /// Files that are not what the log says they became.
    pub outside: Vec<String>,
    /// What a crash left; the next change in the pack puts it in order.
    pub unfinished: Vec<String>,
}

impl Report {
    /// Whether the log is whole and agrees with the files.
    pub fn is_sound(&self) -> bool {
        self.damage.is_empty() && self.outside.is_empty()
    }
}

/// A log as it lies on the disk.
#[derive(Debug, Default)]
pub(super) struct Inspected {
    /// Events that count, in order; lines that are no events are left out and are in `damage`.
    pub(super) events: Vec<Event>,
    /// Events behind the head that belong to one whole change: they count as soon as the head says so.
    pub(super) uncounted: Vec<Event>,
    /// Bytes of the lines that count and of `uncounted`; what stands behind them was never finished.
    pub(super) good_bytes: u64,
    /// Digest of the last of these lines.
    pub(super) last: String,
    pub(super) damage: Vec<String>,
    pub(super) unfinished: Vec<String>,
    /// Whether bytes follow the good ones.
    pub(super) rest: bool,
}

impl Inspected {
    /// Every event that counts or is about to.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.events.iter().chain(&self.uncounted)
    }
}

/// One line, with what is known of it by itself.
struct Line<'a> {
    bytes: &'a [u8],
    digest: String,
    event: Result<Event, String>,
}

impl Line<'_> {
    fn seq(&self) -> Option<u64> {
        self.event.as_ref().ok().map(|event| event.seq)
    }
}

/// Reads the events of a pack's folder, in order; none where there is no log.
///
/// # Errors
/// [`Error::Damaged`] where the chain does not hold, [`Error::Io`] and [`Error::TooLarge`] where it cannot be read.
pub fn read(folder: &Path) -> Result<Vec<Event>, Error> {
    let inspected = inspect(folder)?;
    match inspected.damage.first() {
        Some(first) => Err(Error::Damaged { folder: folder.to_owned(), first: first.clone() }),
        None => Ok(inspected.events.into_iter().chain(inspected.uncounted).collect()),
    }
}

/// Walks a pack's log and compares it with the files that it names.
///
/// # Errors
/// [`Error::Io`] and [`Error::TooLarge`] where files cannot be read. What is wrong with the log is in the report.
pub fn verify(folder: &Path) -> Result<Report, Error> {
    let inspected = inspect(folder)?;
    let mut report = Report {
        events: inspected.events.len(),
        damage: inspected.damage.clone(),
        unfinished: inspected.unfinished.clone(),
        ..Report::default()
    };
    compare_files(folder, &inspected, &mut report)?;
    Ok(report)
}

/// The head of a pack's log as it lies on the disk: how many lines count, and the last one's digest. `None` where there is
/// no log yet.
///
/// # Errors
/// [`Error::Io`] and [`Error::TooLarge`] where it cannot be read.
pub fn head(folder: &Path) -> Result<Option<Vec<u8>>, Error> {
    read_bounded(&folder.join(HEAD))
}

fn read_bounded(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::read(path)(error)),
    };
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(Error::read(path))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::TooLarge { path: path.to_owned(), what: format!("more than {MOST_BYTES} bytes") });
    }
    Ok(Some(bytes))
}

pub(super) fn inspect(folder: &Path) -> Result<Inspected, Error> {
    let bytes = read_bounded(&folder.join(LOG))?;
    let head = read_bounded(&folder.join(HEAD))?;
    let mut found = Inspected { last: zeros(), ..Inspected::default() };
    let head = match head.as_deref().map(serde_json::from_slice::<Head>) {
        None => None,
        Some(Ok(head)) => Some(head),
        Some(Err(error)) => {
            found.damage.push(format!("{HEAD} cannot be read: {error}"));
            return Ok(found);
        }
    };
    let bytes = match (bytes, &head) {
        (Some(bytes), _) => bytes,
        (None, None) => return Ok(found),
        (None, Some(head)) => {
            found.damage.push(format!("{LOG} is gone; {HEAD} counts {} events", head.count));
            return Ok(found);
        }
    };
    let (lines, torn) = split(&bytes);
    let count = head.as_ref().map_or(0, |head| usize::try_from(head.count).unwrap_or(usize::MAX));
    let last = head.as_ref().and_then(|head| lines.iter().rposition(|line| line.digest == head.sha256));
    if last.is_none() && count > lines.len() {
        let missing = count - lines.len();
        let verb = if missing == 1 { "is" } else { "are" };
        found.damage.push(format!("{} at the end of {LOG} {verb} missing", lines_named(missing)));
    }
    let expected = head.as_ref().filter(|_| count <= lines.len() || last.is_some()).map(|head| head.sha256.clone());
    let counted = lines.get(..last.map_or(count.min(lines.len()), |last| last + 1)).unwrap_or_default();
    walk(counted, expected, &mut found.damage);
    if found.damage.is_empty() && counted.len() != count {
        found.damage.push(format!("{HEAD} counts {count} events, and its last one is line {}", counted.len()));
    }
    let sound = found.damage.is_empty();
    tail(&lines, counted.len(), torn, &mut found);
    if head.is_none() && sound && !found.damage.is_empty() {
        found.damage = vec![format!("{HEAD} is missing, and {LOG} has {}", lines_named(lines.len()))];
    }
    found.events = counted.iter().filter_map(|line| line.event.as_ref().ok().cloned()).collect();
    Ok(found)
}

/// Whole lines, and the bytes after the last line feed.
fn split(bytes: &[u8]) -> (Vec<Line<'_>>, usize) {
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let (whole, torn) = bytes.split_at(end);
    let lines = whole.split_inclusive(|byte| *byte == b'\n').map(|line| {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let event = match line.len() {
            0..=LONGEST_LINE => serde_json::from_slice(line).map_err(|error| error.to_string()),
            _ => Err(format!("is longer than {LONGEST_LINE} bytes")),
        };
        Line { bytes: line, digest: digest(line), event }
    });
    (lines.collect(), torn.len())
}

fn lines_named(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

/// From the last line, whose digest the head tells, backwards: each line that is whole vouches for the one before it.
fn walk(lines: &[Line<'_>], last: Option<String>, damage: &mut Vec<String>) {
    let places: HashMap<&str, usize> = lines.iter().enumerate().map(|(at, line)| (line.digest.as_str(), at)).collect();
    let mut expected = last;
    let mut found = Vec::new();
    let mut at = lines.len();
    while let Some(line) = at.checked_sub(1).and_then(|index| lines.get(index)) {
        let number = at;
        at -= 1;
        if let Some(wanted) = expected.as_deref().filter(|wanted| *wanted != line.digest) {
            let moved = places.get(wanted).copied().filter(|place| *place < at);
            if let Some(place) = moved {
                let (from, to) = (place + 2, number);
                found.push(match from == to {
                    true => format!("line {to} does not belong there: it was inserted or moved"),
                    false => format!("lines {from} to {to} do not belong there: they were inserted or moved"),
                });
                at = place + 1;
                continue;
            }
            // It stands further down, among lines that are named already: go on with the one before it.
            let behind = places.get(wanted).copied().filter(|place| *place > at).and_then(|place| lines.get(place));
            if let Some(event) = behind.and_then(|line| line.event.as_ref().ok()) {
                expected = Some(event.prev.clone());
                at = number;
                continue;
            }
            found.push(broken(lines, number));
        } else if let Err(reason) = &line.event {
            found.push(format!("line {number} is no event: {reason}"));
        }
        expected = line.event.as_ref().ok().map(|event| event.prev.clone());
        if number == 1 && expected.as_deref().is_some_and(|prev| prev != zeros()) {
            found.push("the first line names a line before it: lines at the beginning are missing".to_owned());
        }
    }
    found.reverse();
    damage.extend(found);
    // The chain holds only what was written; numbers out of order in an intact chain were written by another program.
    if damage.is_empty() {
        let wrong = lines.iter().enumerate().find(|(at, line)| line.seq() != Some(*at as u64 + 1));
        damage.extend(wrong.map(|(at, _)| format!("line {} has another number in `seq`", at + 1)));
    }
}

/// What happened where line `number` is not the one that the line after it, or the head, names.
fn broken(lines: &[Line<'_>], number: usize) -> String {
    let line = lines.get(number - 1);
    let next = lines.get(number);
    match (line.and_then(Line::seq), next.and_then(Line::seq)) {
        (Some(seq), Some(after)) if seq + 1 < after => {
            let missing = usize::try_from(after - seq - 1).unwrap_or(usize::MAX);
            let verb = if missing == 1 { "is" } else { "are" };
            format!("between lines {number} and {} {} {verb} missing", number + 1, lines_named(missing))
        }
        _ => match line.map(|line| &line.event) {
            Some(Err(reason)) => format!("line {number} was changed: it is no event any more ({reason})"),
            _ => format!("line {number} was changed after it was written"),
        },
    }
}

/// What stands behind the lines that count: one whole change, or what a crash left of one.
fn tail(lines: &[Line<'_>], count: usize, torn: usize, found: &mut Inspected) {
    let size = |lines: &[Line<'_>]| lines.iter().map(|line| line.bytes.len() as u64 + 1).sum::<u64>();
    found.good_bytes = size(lines.get(..count).unwrap_or_default());
    found.last = lines.get(..count).and_then(<[_]>::last).map_or_else(zeros, |line| line.digest.clone());
    let behind = lines.get(count..).unwrap_or_default();
    if torn > 0 {
        found.rest = true;
        found.unfinished.push(format!("the last line is torn ({torn} bytes): its writing was interrupted"));
    }
    if behind.is_empty() {
        return;
    }
    let mut last = found.last.clone();
    let mut events = Vec::new();
    for (nth, line) in behind.iter().enumerate() {
        let number = count + nth + 1;
        let part = nth as u64 + 1;
        let fits = |event: &&Event| {
            let whole = event.part.map_or(part == 1 && behind.len() == 1, |p| p.nth == part && p.of >= part);
            event.prev == last && event.seq == number as u64 && whole
        };
        let event = match &line.event {
            Ok(event) if fits(&event) => event,
            Ok(_) => return found.damage.push(format!("line {number} stands behind the last that {HEAD} counts")),
            // What a power cut leaves of blocks that were never written.
            Err(_) => {
                found.rest = true;
                return found.unfinished.push(format!("line {number} is no event: its writing was interrupted"));
            }
        };
        events.push(event.clone());
        last.clone_from(&line.digest);
    }
    let of = events.first().and_then(|event| event.part).map_or(1, |part| part.of);
    if events.len() as u64 == of && torn == 0 {
        let counted = lines_named(events.len());
        found.unfinished.push(format!("{counted} at the end are not counted in {HEAD} yet"));
        found.good_bytes += size(behind);
        found.last = last;
        found.uncounted = events;
    } else {
        found.rest = true;
        let written = lines_named(events.len());
        found.unfinished.push(format!("of a change of {of} lines, {written} were written: the change was interrupted"));
    }
}

/// The state of a file as the log tells it.
pub(super) struct Logged<'a> {
    /// The last event about it.
    pub(super) event: &'a Event,
    /// Its digest before that.
    pub(super) before: Option<&'a str>,
    /// Its digest since.
    pub(super) after: Option<&'a str>,
}

/// The last state of every file that the log names, and where two events about a sidecar do not meet.
pub(super) fn latest(inspected: &Inspected) -> (BTreeMap<&str, Logged<'_>>, Vec<String>) {
    let mut files: BTreeMap<&str, Logged<'_>> = BTreeMap::new();
    let mut gaps = Vec::new();
    for event in inspected.all() {
        if let Some(name) = event.sidecar.as_deref() {
            let (before, after) = (event.sidecar_sha256.before.as_deref(), event.sidecar_sha256.after.as_deref());
            if files.get(name).is_some_and(|logged| logged.after != before) {
                gaps.push(format!("{name} was changed outside the log before event {}", event.seq));
            }
            files.insert(name, Logged { event, before, after });
        }
        if let Some(name) = event.content.as_deref() {
            let before = files.get(name).and_then(|logged| logged.after);
            files.insert(name, Logged { event, before, after: event.content_sha256.as_deref() });
        }
    }
    (files, gaps)
}

fn compare_files(folder: &Path, inspected: &Inspected, report: &mut Report) -> Result<(), Error> {
    let (files, gaps) = latest(inspected);
    report.outside.extend(gaps);
    for (name, logged) in files {
        let path = match within(folder, name) {
            Ok(path) => path,
            Err(error) => {
                report.damage.push(format!("event {}: {error}", logged.event.seq));
                continue;
            }
        };
        let actual = digest_of(&path)?;
        if actual.as_deref() == logged.after {
            continue;
        }
        let staged = digest_of(&pending(&path))?;
        let Event { seq, action, version, .. } = logged.event;
        if staged.is_some() && staged.as_deref() == logged.after && actual.as_deref() == logged.before {
            report.unfinished.push(format!("{name} is not in place yet (event {seq}, {action} of {version})"));
        } else if actual.is_none() && name.starts_with(CANDIDATES) {
            // An editor takes a candidate or throws it away.
        } else if actual.is_none() {
            report.outside.push(format!("{name} is gone (last in event {seq}, {action} of {version})"));
        } else {
            report
                .outside
                .push(format!("{name} was changed outside the log after event {seq} ({action} of {version})"));
        }
    }
    Ok(())
}

/// A file's digest; `None` where there is no file.
pub(super) fn digest_of(path: &Path) -> Result<Option<String>, Error> {
    match sha256_of(path) {
        Ok(digest) => Ok(Some(digest)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::read(path)(error)),
    }
}
