//! Streams of claims: lines in, lines out, in order, each flushed at once, in constant memory.
//!
//! A few lines a core are under way where they are there already, so that no core rests while the first of them takes long;
//! answers leave in the order of the lines.
//! Reading runs ahead of answering by a bounded number of bytes, because many clients send everything before they read
//! anything. Beyond that bound the client is not read until it takes its results. What one line says and what is
//! answered is [`super::evidence`]'s.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::Instant;

use super::listener::Timeouts;
use super::problem::{Kind, Problem};
use super::work::Admitted;
use super::{Service, Source, body, evidence, reply};

/// Longest line, in bytes.
pub(super) const LONGEST_LINE: usize = 64 * 1024;
/// How far reading may run ahead of answering, in bytes.
const READ_AHEAD: usize = 4 * 1024 * 1024;
/// What a line takes of that beside its own bytes.
const OVERHEAD: usize = 128;
/// Finished lines that may wait for the client.
const WRITTEN_AHEAD: usize = 4;

/// A line, or what is wrong with it, with its share of the read-ahead.
struct Line {
    text: Result<Vec<u8>, Problem>,
    _share: Option<OwnedSemaphorePermit>,
}

/// Answers the lines of `body` as they come.
pub(super) fn answer(service: &Service, place: Admitted, from: Source, body: Body) -> Response {
    // Bounded by the bytes of the lines in it.
    let (read, lines) = mpsc::unbounded_channel();
    let (written, results) = mpsc::channel(WRITTEN_AHEAD);
    let reader = Reader {
        lines: read,
        ahead: Arc::new(Semaphore::new(READ_AHEAD)),
        line: Vec::new(),
        too_long: false,
        begun: None,
        rested: Instant::now(),
        any: false,
    };
    tokio::spawn(reader.run(body, service.settings.timeouts));
    tokio::spawn(answer_lines(place, from, lines, written));
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::new(reply::Growing(results))).into_response()
}

/// Ends when the lines end or the client is gone.
async fn answer_lines(
    place: Admitted,
    from: Source,
    mut lines: mpsc::UnboundedReceiver<Line>,
    written: mpsc::Sender<Bytes>,
) {
    let (mut begun, mut count) = (0, 0_u64);
    let mut under_way = VecDeque::with_capacity(place.at_once());
    let mut begin = |line: Line| {
        let (from, at) = (from.clone(), begun);
        begun += 1;
        place.begin(move || {
            let text = line.text.as_ref().map(Vec::as_slice).map_err(Problem::clone);
            evidence::line(&from, at, text)
        })
    };
    loop {
        while under_way.len() < place.at_once()
            && let Ok(line) = lines.try_recv()
        {
            under_way.push_back(begin(line));
        }
        let next = match under_way.pop_front() {
            Some(next) => next,
            None => match lines.recv().await {
                Some(line) => begin(line),
                None => break,
            },
        };
        // A search that panics is its own line's error.
        let bytes = next.result().await.unwrap_or_else(|problem| evidence::line(&from, count, Err(problem)));
        if written.send(Bytes::from(bytes)).await.is_err() {
            break;
        }
        count += 1;
    }
    tracing::info!(lines = count, "stream ended");
}

/// Cuts a body into lines.
struct Reader {
    lines: mpsc::UnboundedSender<Line>,
    ahead: Arc<Semaphore>,
    line: Vec<u8>,
    /// The line is over its bound: the rest of it is passed over.
    too_long: bool,
    /// When the first bytes of the line came that are not blank.
    begun: Option<Instant>,
    /// Since when nothing but blank lines has come.
    rested: Instant,
    /// A whole line has been here.
    any: bool,
}

/// The other side is gone: nobody waits for more lines.
struct Gone;

impl Reader {
    async fn run(mut self, mut body: Body, timeouts: Timeouts) {
        loop {
            let data = match body::next_data(&mut body, self.deadline(timeouts)).await {
                Ok(Some(data)) => data,
                Ok(None) => break,
                Err(problem) => {
                    let _ = self.lines.send(Line { text: Err(problem), _share: None });
                    return;
                }
            };
            let rested = self.rested;
            if self.take(&data).await.is_err() {
                return;
            }
            // Blank bytes that are always there would never be waited for, and so never be too late.
            let only_blank = self.begun.is_none() && self.rested == rested;
            if only_blank && Instant::now() >= self.deadline(timeouts) {
                let problem = Problem::new(Kind::TooSlow, "No line arrived in time.");
                let _ = self.lines.send(Line { text: Err(problem), _share: None });
                return;
            }
        }
        if !self.line.is_empty() || self.too_long {
            let _ = self.end_line().await;
        }
    }

    /// A line that has begun must end soon; between lines a client may rest, once it has shown that it sends any.
    /// Blank lines give no more time: with them a client could hold its place for ever.
    fn deadline(&self, timeouts: Timeouts) -> Instant {
        match self.begun {
            Some(begun) => begun + timeouts.body,
            None => self.rested + if self.any { timeouts.rest } else { timeouts.body },
        }
    }

    async fn take(&mut self, data: &[u8]) -> Result<(), Gone> {
        let mut rest = data;
        while let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = rest.split_at(at);
            self.extend(line);
            self.end_line().await?;
            rest = after.get(1..).unwrap_or_default();
        }
        self.extend(rest);
        Ok(())
    }

    fn extend(&mut self, bytes: &[u8]) {
        if !bytes.trim_ascii().is_empty() {
            self.begun.get_or_insert_with(Instant::now);
        }
        self.too_long |= self.line.len() + bytes.len() > LONGEST_LINE;
        if self.too_long {
            self.line = Vec::new();
        } else {
            self.line.extend_from_slice(bytes);
        }
    }

    async fn end_line(&mut self) -> Result<(), Gone> {
        let line = std::mem::take(&mut self.line);
        let too_long = std::mem::take(&mut self.too_long);
        self.begun = None;
        if line.trim_ascii().is_empty() && !too_long {
            return Ok(());
        }
        self.any = true;
        let text = if too_long {
            Err(Problem::new(Kind::TooLarge, format!("A line may have at most {LONGEST_LINE} bytes.")))
        } else {
            Ok(line)
        };
        let size = u32::try_from(text.as_ref().map_or(0, Vec::len) + OVERHEAD).unwrap_or(u32::MAX);
        // Waits here until the answers have caught up.
        let share = Arc::clone(&self.ahead).acquire_many_owned(size).await.map_err(|_| Gone)?;
        self.rested = Instant::now();
        self.lines.send(Line { text, _share: Some(share) }).map_err(|_| Gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn blank_lines_give_no_more_time() {
        let short = Duration::from_millis(300);
        let timeouts = Timeouts { body: short, rest: 2 * short, ..Timeouts::default() };
        for pause in [Duration::ZERO, Duration::from_millis(10)] {
            let (pieces, body) = mpsc::channel(1);
            let (read, mut lines) = mpsc::unbounded_channel();
            let reader = Reader {
                lines: read,
                ahead: Arc::new(Semaphore::new(READ_AHEAD)),
                line: Vec::new(),
                too_long: false,
                begun: None,
                rested: Instant::now(),
                any: false,
            };
            tokio::spawn(reader.run(Body::new(reply::Growing(body)), timeouts));
            let started = Instant::now();
            assert!(pieces.send(Bytes::from_static(b"{}\n")).await.is_ok());
            while pieces.send(Bytes::from_static(b"\n \r\n ")).await.is_ok() {
                assert!(started.elapsed() < Duration::from_secs(20), "blank lines hold the stream");
                tokio::time::sleep(pause).await;
            }
            assert!(lines.recv().await.is_some_and(|line| line.text.is_ok()));
            let end = lines.recv().await.expect("a last line");
            assert_eq!(end.text.expect_err("too slow").kind(), Kind::TooSlow);
            assert!(lines.recv().await.is_none());
        }
    }
}
