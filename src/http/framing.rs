//! Strict request framing, so that nobody in front of the service reads another request out of the bytes than it does.
//!
//! The HTTP library repairs what it can (`Content-Length` beside `Transfer-Encoding`, doubled lengths, bare line
//! feeds); repairs are how requests are smuggled. [`Strict`] follows the bytes as they are read and spoils the first
//! one that breaks the framing, so that the library answers 400 and closes. It also ends a write that makes no
//! progress. It judges framing only: methods, paths and header values are left to others.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// What is remembered of a line: enough for the two headers that frame a body, and for a chunk's size.
const REMEMBERED: usize = 128;

/// Where in the request the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before the request line.
    Start,
    /// In the request line.
    RequestLine,
    /// In the headers.
    Header,
    /// In a body of known length.
    Body(u64),
    /// In the line that gives a chunk's size.
    ChunkSize,
    /// In a chunk, its closing line break included.
    Chunk(u64),
    /// After the last chunk.
    Trailer,
    /// A fault was found: nothing more is passed on.
    Refused,
}

/// Follows the framing of the requests on one connection.
#[derive(Debug)]
pub(super) struct Framing {
    place: Place,
    line: Vec<u8>,
    line_length: usize,
    last: u8,
    length: Option<u64>,
    chunked: bool,
}

impl Framing {
    pub(super) fn new() -> Framing {
        Framing {
            place: Place::Start,
            line: Vec::with_capacity(REMEMBERED),
            line_length: 0,
            last: 0,
            length: None,
            chunked: false,
        }
    }

    /// Whether a fault was found.
    pub(super) fn refused(&self) -> bool {
        self.place == Place::Refused
    }

    /// Follows `bytes`; gives the position of the byte that breaks the framing, if one does.
    pub(super) fn follow(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if let Place::Body(left) | Place::Chunk(left) = self.place {
                at += self.skip(left, bytes.len() - at);
                continue;
            }
            if !self.line_byte(byte) {
                self.place = Place::Refused;
                return Some(at);
            }
            at += 1;
        }
        None
    }

    /// Passes over as much of a body as there is.
    fn skip(&mut self, left: u64, available: usize) -> usize {
        let step = usize::try_from(left).unwrap_or(usize::MAX).min(available);
        let left = left - step as u64;
        self.place = match self.place {
            Place::Body(_) if left == 0 => Place::Start,
            Place::Body(_) => Place::Body(left),
            _ if left == 0 => Place::ChunkSize,
            _ => Place::Chunk(left),
        };
        step
    }

    /// Takes one byte of a line; false where it breaks the framing.
    fn line_byte(&mut self, byte: u8) -> bool {
        if byte != b'\n' {
            let folds = self.line_length == 0 && matches!(byte, b' ' | b'\t');
            // A carriage return that no line feed follows is read as a line end by some and as a blank by others.
            if self.last == b'\r' || folds || byte == 0 || self.place == Place::Refused {
                return false;
            }
            if self.line.len() < REMEMBERED {
                self.line.push(byte);
            }
            self.line_length += 1;
            self.last = byte;
            if self.place == Place::Start {
                self.place = if byte == b'\r' { Place::Start } else { Place::RequestLine };
            }
            return true;
        }
        if self.last != b'\r' {
            return false;
        }
        let line = std::mem::take(&mut self.line);
        let whole = self.line_length == line.len();
        let good = self.line_ends(line.strip_suffix(b"\r").unwrap_or(&line), whole);
        self.line = line;
        self.line.clear();
        (self.line_length, self.last) = (0, 0);
        good
    }

    fn line_ends(&mut self, line: &[u8], whole: bool) -> bool {
        match self.place {
            // Blank lines between requests are allowed.
            Place::Start => true,
            Place::RequestLine => {
                self.place = Place::Header;
                (self.length, self.chunked) = (None, false);
                true
            }
            Place::Header if line.is_empty() => {
                self.place = match (self.chunked, self.length) {
                    (true, _) => Place::ChunkSize,
                    (false, Some(length)) if length > 0 => Place::Body(length),
                    _ => Place::Start,
                };
                true
            }
            Place::Header => self.header(line, whole),
            Place::ChunkSize => whole && self.chunk_size(line),
            Place::Trailer => {
                if line.is_empty() {
                    self.place = Place::Start;
                }
                true
            }
            Place::Body(_) | Place::Chunk(_) | Place::Refused => false,
        }
    }

    fn header(&mut self, line: &[u8], whole: bool) -> bool {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return !whole };
        let (name, value) = line.split_at(colon);
        if name.is_empty() || name.iter().any(|byte| !byte.is_ascii_graphic()) {
            return false;
        }
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if name.eq_ignore_ascii_case(b"content-length") {
            let length = decimal(value).filter(|_| whole && self.length.is_none() && !self.chunked);
            self.length = length;
            return length.is_some();
        }
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            let fresh = self.length.is_none() && !self.chunked;
            self.chunked = true;
            return whole && fresh && value.eq_ignore_ascii_case(b"chunked");
        }
        true
    }

    fn chunk_size(&mut self, line: &[u8]) -> bool {
        // Extensions after `;` mean nothing to us, but they end where the line ends.
        let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
        let Some(size) = hexadecimal(digits.trim_ascii_end()) else { return false };
        self.place = if size == 0 { Place::Trailer } else { Place::Chunk(size.saturating_add(2)) };
        true
    }
}

fn decimal(text: &[u8]) -> Option<u64> {
    let digits = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(text).ok().filter(|_| digits)?.parse().ok()
}

fn hexadecimal(text: &[u8]) -> Option<u64> {
    let digits = !text.is_empty() && text.iter().all(u8::is_ascii_hexdigit);
    u64::from_str_radix(std::str::from_utf8(text).ok().filter(|_| digits)?, 16).ok()
}

/// A connection whose requests are framed strictly and whose writes make progress.
#[derive(Debug)]
pub(super) struct Strict<S> {
    inner: S,
    framing: Framing,
    write_timeout: Duration,
    /// Runs while a write waits for the peer.
    stalled: Option<Pin<Box<Sleep>>>,
    /// Runs while the peer is given time to hear why it is refused.
    lingering: Option<Pin<Box<Sleep>>>,
}

/// How long a refused client may go on sending before the connection is reset.
const LINGER: Duration = Duration::from_secs(1);

impl<S> Strict<S> {
    pub(super) fn new(inner: S, write_timeout: Duration) -> Strict<S> {
        Strict { inner, framing: Framing::new(), write_timeout, stalled: None, lingering: None }
    }

    /// Reads what the peer still sends, and forgets it, until it stops or the time is up.
    fn linger(&mut self, cx: &mut Context<'_>) -> Poll<()>
    where
        S: AsyncRead + Unpin,
    {
        let timer = self.lingering.get_or_insert_with(|| Box::pin(sleep(LINGER)));
        let mut rest = [0; 4096];
        while timer.as_mut().poll(cx).is_pending() {
            let mut buf = ReadBuf::new(&mut rest);
            match Pin::new(&mut self.inner).poll_read(cx, &mut buf) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) if !buf.filled().is_empty() => {}
                Poll::Ready(_) => break,
            }
        }
        Poll::Ready(())
    }

    /// Lets a write through, or ends the connection once the peer has taken nothing for too long.
    fn watch<T>(&mut self, cx: &mut Context<'_>, write: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if write.is_ready() {
            self.stalled = None;
            return write;
        }
        let timeout = self.write_timeout;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(timeout)));
        match stalled.as_mut().poll(cx) {
            Poll::Ready(()) => {
                stalled.as_mut().reset(Instant::now() + timeout);
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client does not read its answer")))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Strict<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.framing.refused() {
            // The end, as far as the library is concerned: it has what it needs to answer 400.
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let read = Pin::new(&mut this.inner).poll_read(cx, buf);
        if buf.filled().len() > before {
            // A client that still sends is alive: some send everything before they read anything.
            this.stalled = None;
        }
        let fault = this.framing.follow(buf.filled().get(before..).unwrap_or_default());
        if let Some(at) = fault.map(|at| before + at) {
            buf.set_filled(at);
            // No grammar allows this byte here, in a head or in a chunk's size.
            buf.put_slice(&[0]);
        }
        read
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Strict<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let write = Pin::new(&mut this.inner).poll_write(cx, buf);
        this.watch(cx, write)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let write = Pin::new(&mut this.inner).poll_write_vectored(cx, bufs);
        this.watch(cx, write)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flush = Pin::new(&mut this.inner).poll_flush(cx);
        this.watch(cx, flush)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.lingering.is_none() {
            match Pin::new(&mut this.inner).poll_shutdown(cx) {
                Poll::Ready(Ok(())) => {}
                other => return other,
            }
        }
        // Closing with unread bytes would reset the connection, and a reset takes the answer with it.
        if this.framing.place == Place::Start || this.linger(cx).is_ready() {
            Poll::Ready(Ok(()))
        } else {
            Poll::Pending
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "POST / HTTP/1.1\r\nHost: a\r\n";

    /// Follows the text in one piece and byte by byte, and wants the same answer.
    fn accepts(text: &str) -> bool {
        let whole = Framing::new().follow(text.as_bytes()).is_none();
        let mut slowly = Framing::new();
        let bytewise = text.bytes().all(|byte| slowly.follow(&[byte]).is_none());
        assert_eq!(whole, bytewise, "{text:?}");
        whole
    }

    #[test]
    fn well_framed_requests_pass_one_after_the_other() {
        for rest in [
            "\r\n",
            "Content-Length: 3\r\n\r\na\nb",
            "content-length:0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n3\r\na\nb\r\n0\r\n\r\n",
            "Transfer-Encoding: Chunked\r\n\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n",
        ] {
            assert!(accepts(&format!("{HEAD}{rest}{HEAD}{rest}\r\n{HEAD}{rest}")), "{rest:?}");
        }
    }

    #[test]
    fn ambiguous_framing_is_refused() {
        for rest in [
            "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
            "Content-Length: 3\r\nContent-Length: 3\r\n\r\n",
            "Content-Length: 3, 3\r\n\r\n",
            "Content-Length: +3\r\n\r\n",
            "Content-Length: 0x3\r\n\r\n",
            "Content-Length:\r\n\r\n",
            "Content-Length: 99999999999999999999999\r\n\r\n",
            "Content-Length : 3\r\n\r\n",
            "Transfer-Encoding: gzip, chunked\r\n\r\n",
            "Transfer-Encoding: chunked, chunked\r\n\r\n",
            "Transfer-Encoding: xchunked\r\n\r\n",
            "Transfer-Encoding : chunked\r\n\r\n",
            " folded: x\r\n\r\n",
            "X: y\r\n\tfolded\r\n\r\n",
            "X: y\n\r\n",
            "X: a\rb\r\n\r\n",
            "no colon\r\n\r\n",
            "\n",
            "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n 3\r\nabc\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n\r\n",
        ] {
            assert!(!accepts(&format!("{HEAD}{rest}")), "{rest:?}");
        }
    }

    #[test]
    fn a_length_never_overflows() {
        assert!(accepts(&format!("{HEAD}Content-Length: {}\r\n\r\nabc", u64::MAX)));
        assert!(accepts(&format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{:x}\r\nabc", u64::MAX)));
    }
}
