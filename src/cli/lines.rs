//! `groundline check --jsonl`: a file of claims of any size, answered in order on every core, in constant memory.
//!
//! One thread reads, as many as there are cores search, and this one writes. A line takes a ticket when it is read and
//! gives it back when its answer has been written, so nothing runs ahead of a slow claim or a slow pipe by more than a few
//! lines. A bad line is one line with an error; its neighbours never notice.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Deserialize;
use serde_json::{Value, json};

use super::check::{self, Source};
use super::resume::{self, Answered};
use super::{Done, Failure, output, table};
use crate::evidence::Options;
use crate::view::answer;
use crate::view::native::{LineView, ResultView};
use crate::view::request::LineRequest;

/// Longest line, in bytes.
pub(super) const LONGEST_LINE: u64 = 64 << 10;
/// Lines under way for each thread.
const AHEAD: usize = 32;

/// Where the answers go, and in which form.
pub(super) struct Wanted<'a> {
    /// The file of claims; `-` for standard input.
    pub(super) claims: &'a Path,
    /// Rows for spreadsheets instead of JSON lines.
    pub(super) csv: bool,
    /// A file to go on with, instead of standard output.
    pub(super) resume: Option<&'a Path>,
}

/// A line as it was read.
struct Job {
    /// Its place among those that are answered, from 0.
    place: u64,
    /// Its number in the file, from 1.
    number: u64,
    /// Its bytes with the line feed; `None` where it is too long.
    line: Option<Vec<u8>>,
    /// How much of the input was read with it.
    read: u64,
}

/// What becomes of a line.
struct Outcome {
    place: u64,
    number: u64,
    read: u64,
    text: Vec<u8>,
    /// Why it was rejected.
    rejected: Option<String>,
}

/// Answers the lines of a file.
pub(super) fn run(from: Source, wanted: &Wanted<'_>, options: &Options) -> Result<Done, Failure> {
    let (input, size) = open(wanted.claims)?;
    let mut input = Input { lines: input, number: 0, read: 0 };
    let answered = match wanted.resume {
        Some(path) => resume::check(path, &mut input, &from.snapshot.manifest().id.to_string())?,
        None => Answered { out: None, lines: 0, rejected: 0 },
    };
    if answered.lines > 0 {
        output::talk(&format!("groundline: {} lines are answered already", HumanCount(answered.lines)));
    }
    let mut out: Box<dyn Write> = match answered.out {
        Some(file) => Box::new(std::io::BufWriter::new(file)),
        None => Box::new(std::io::BufWriter::new(std::io::stdout().lock())),
    };
    if wanted.csv {
        out.write_all(table::HEAD.as_bytes())?;
    }
    let bar = bar(size, input.read);
    let write = if wanted.csv { table::rows } else { json_line };
    let mut outcomes = start(Arc::new(from), Arc::new(options.clone()), input, write)?;
    let rejected = finish(&mut outcomes, &mut out, &bar, wanted.claims)?;
    out.flush()?;
    bar.finish_and_clear();
    Ok(if rejected + answered.rejected == 0 { Done::Fully } else { Done::WithRejects })
}

fn open(path: &Path) -> Result<(Box<dyn BufRead + Send>, Option<u64>), Failure> {
    if path.as_os_str() == "-" {
        return Ok((Box::new(BufReader::new(std::io::stdin())), None));
    }
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()));
    let file = file.map_err(Failure::Usage)?;
    let size = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
    Ok((Box::new(BufReader::new(file)), size))
}

/// The lines of the input, one at a time.
pub(super) struct Input {
    lines: Box<dyn BufRead + Send>,
    /// Of the last line that was read, from 1.
    pub(super) number: u64,
    read: u64,
}

impl Input {
    /// The next line that is not blank, with its line feed; `Some(None)` for one that is too long.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Option<Vec<u8>>>> {
        loop {
            let mut line = Vec::new();
            let read = self.lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            self.read += read as u64;
            if !line.ends_with(b"\n") && read as u64 == LONGEST_LINE {
                self.skip()?;
                return Ok(Some(None));
            }
            if !line.trim_ascii().is_empty() {
                return Ok(Some(Some(line)));
            }
        }
    }

    /// Passes over the rest of a line without keeping it.
    fn skip(&mut self) -> std::io::Result<()> {
        loop {
            let buffer = self.lines.fill_buf()?;
            let (used, end) = match buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            };
            self.lines.consume(used);
            self.read += used as u64;
            if end {
                return Ok(());
            }
        }
    }
}

/// What the threads give back, and the tickets that lines hold.
struct Outcomes {
    finished: Receiver<Result<Outcome, Failure>>,
    tickets: Receiver<()>,
}

/// Starts the threads. They end with the input, or when nobody listens any more.
fn start(
    from: Arc<Source>,
    options: Arc<Options>,
    input: Input,
    write: fn(&Source, ResultView) -> serde_json::Result<Vec<u8>>,
) -> Result<Outcomes, Failure> {
    let threads = thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let (take, tickets) = sync_channel(threads * AHEAD);
    let (jobs, queue) = sync_channel(threads * AHEAD);
    // Holds whatever has a ticket, so that no thread waits to give its answer away.
    let (finish, finished) = sync_channel(threads * AHEAD + threads);
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..threads {
        let (from, options, queue, finish) =
            (Arc::clone(&from), Arc::clone(&options), Arc::clone(&queue), finish.clone());
        thread::Builder::new()
            .name("search".to_owned())
            .spawn(move || work(&from, &options, &queue, &finish, write))
            .context("a thread cannot be started")?;
    }
    let reader = move || read(input, &take, &jobs, &finish);
    thread::Builder::new().name("reader".to_owned()).spawn(reader).context("a thread cannot be started")?;
    Ok(Outcomes { finished, tickets })
}

fn read(
    mut input: Input,
    tickets: &SyncSender<()>,
    jobs: &SyncSender<Job>,
    finished: &SyncSender<Result<Outcome, Failure>>,
) {
    let mut place = 0;
    loop {
        let line = match input.next() {
            Ok(Some(line)) => line,
            Ok(None) => return,
            Err(error) => {
                let failed = anyhow::Error::new(error).context("the claims cannot be read");
                let _ = finished.send(Err(Failure::Failed(failed)));
                return;
            }
        };
        let job = Job { place, number: input.number, line, read: input.read };
        place += 1;
        if tickets.send(()).is_err() || jobs.send(job).is_err() {
            return;
        }
    }
}

fn work(
    from: &Source,
    options: &Options,
    queue: &Mutex<Receiver<Job>>,
    finished: &SyncSender<Result<Outcome, Failure>>,
    write: fn(&Source, ResultView) -> serde_json::Result<Vec<u8>>,
) {
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { place, number, line, read }) = job else { return };
        let answered = || -> Result<Outcome, Failure> {
            let (result, rejected) = match one(from, line.as_deref(), options)? {
                Ok(result) => (result, None),
                Err((id, detail)) => (failed(id, &detail), Some(detail)),
            };
            Ok(Outcome { place, number, read, text: write(from, result)?, rejected })
        };
        // A fault of ours in one claim must not end a run of a million.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(answered)).unwrap_or_else(|_| {
            let detail = "the search failed";
            let text = write(from, failed(None, detail))?;
            Ok(Outcome { place, number, read, text, rejected: Some(detail.to_owned()) })
        });
        if finished.send(outcome).is_err() {
            return;
        }
    }
}

/// Writes the outcomes in the order of their lines; the number of rejected ones.
fn finish(outcomes: &mut Outcomes, out: &mut dyn Write, bar: &ProgressBar, name: &Path) -> Result<u64, Failure> {
    let mut waiting = BTreeMap::new();
    let (mut rejected, mut written, started) = (0, 0_u64, Instant::now());
    loop {
        let outcome = match outcomes.finished.try_recv() {
            Ok(outcome) => outcome?,
            Err(_) => {
                // Nothing is ready: whoever reads our output gets what there is.
                out.flush()?;
                match outcomes.finished.recv() {
                    Ok(outcome) => outcome?,
                    Err(_) => break,
                }
            }
        };
        waiting.insert(outcome.place, outcome);
        while let Some(outcome) = waiting.remove(&written) {
            out.write_all(&outcome.text)?;
            if let Some(detail) = &outcome.rejected {
                rejected += 1;
                bar.suspend(|| output::talk(&format!("groundline: {}:{}: {detail}", name.display(), outcome.number)));
            }
            written += 1;
            let _ = outcomes.tickets.recv();
            if written.is_multiple_of(64) {
                bar.set_position(outcome.read);
                bar.set_message(rate(written, started.elapsed()));
            }
        }
    }
    Ok(rejected)
}

/// The answer to one line, or what of it can be given back and why it is rejected.
fn one(from: &Source, line: Option<&[u8]>, defaults: &Options) -> Result<Result<ResultView, Rejected>, Failure> {
    let Some(line) = line else {
        return Ok(Err((None, format!("the line is longer than {} KiB", LONGEST_LINE >> 10))));
    };
    let request: LineRequest = match serde_json::from_slice(line) {
        Ok(request) => request,
        // The parser's own words may repeat what was sent, and that is nobody's business.
        Err(error) => {
            let what = match error.classify() {
                serde_json::error::Category::Data => "a field is missing, unknown or of the wrong type",
                _ if !answer::half_pairs(line).is_empty() => answer::NO_CHARACTER,
                _ => "not JSON",
            };
            return Ok(Err((id_of(line), format!("{what} (column {})", error.column()))));
        }
    };
    let (item, options) = request.split(defaults);
    let id = item.id.clone();
    let claim = match item.to_claim() {
        Ok(claim) => claim,
        Err(error) => return Ok(Err((id, error.to_string()))),
    };
    match check::answer(from, id.clone(), &claim, &options) {
        Ok(result) => Ok(Ok(result)),
        Err(Failure::Usage(error)) => Ok(Err((id, error.to_string()))),
        Err(failure) => Err(failure),
    }
}

/// The id of a rejected line, if there is one, and why it was rejected.
type Rejected = (Option<String>, String);

/// The id of a line that is JSON and no request. Nothing else of it is read: it may hold what no string can.
pub(super) fn id_of(line: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Head {
        id: Option<Value>,
    }
    // The library would also read the fields of an object from an array.
    line.trim_ascii_start().strip_prefix(b"{")?;
    serde_json::from_slice::<Head>(line).ok()?.id?.as_str().map(str::to_owned)
}

fn failed(id: Option<String>, detail: &str) -> ResultView {
    let problem = json!({"type": "about:blank", "title": "Invalid item", "status": 422, "detail": detail});
    ResultView::failed(id, None, problem)
}

/// A result as a line that says by itself what answered: the same that a stream over HTTP gives.
fn json_line(from: &Source, result: ResultView) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(&LineView::new(&from.snapshot, result))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Progress on a terminal: by bytes where the size is known, with claims a second.
fn bar(size: Option<u64>, read: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::stderr());
    let form = if size.is_some() { "{bar:32} {percent} % {msg}, {eta} left" } else { "{spinner} {msg}" };
    if let Ok(style) = ProgressStyle::with_template(form) {
        bar.set_style(style);
    }
    bar.set_position(read);
    bar.reset_eta();
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}

#[expect(clippy::cast_precision_loss, reason = "a rate for a person")]
fn rate(claims: u64, took: Duration) -> String {
    let seconds = took.as_secs_f64();
    let rate = if seconds > 0.0 { claims as f64 / seconds } else { 0.0 };
    format!("{} claims, {rate:.0} a second", HumanCount(claims))
}
