//! A body to a file: bounded in decoded bytes and in time, whole or known not to be.

use std::fs::File;
use std::io::{self, Read, Write};

use flate2::read::GzDecoder;

use super::Error;
use super::client::{Deadline, told_of_body};
use super::session::{Answer, header};
use super::target::Target;

/// What came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Came {
    /// Length in all, with the part that lay there before.
    pub(super) bytes: u64,
    /// Whether the transfer itself said where its end is; where it did not, an early end looks like the end.
    pub(super) has_end: bool,
}

/// Counts what passes.
struct Counted<R> {
    inner: R,
    count: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count += read as u64;
        Ok(read)
    }
}

/// The encoding of an answer's body; `identity` where none is named.
pub(super) fn encoding(answer: &Answer) -> String {
    let named = header(answer.response.headers(), "content-encoding").unwrap_or_default().trim().to_ascii_lowercase();
    if named.is_empty() { "identity".to_owned() } else { named }
}

/// Writes an answer's body behind the `already` bytes of a file; nothing beyond `limit` is ever written. `told` hears how
/// many bytes lie there by now.
pub(super) fn receive(
    answer: Answer,
    file: &mut File,
    already: u64,
    limit: u64,
    told: &mut dyn FnMut(u64),
) -> Result<Came, Error> {
    let encoding = encoding(&answer);
    let headers = answer.response.headers();
    let declared = header(headers, "content-length").and_then(|value| value.trim().parse::<u64>().ok());
    let chunked =
        header(headers, "transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
    if declared.is_some_and(|declared| already.saturating_add(declared) > limit) {
        return Err(Error::TooLarge { limit });
    }
    let Answer { response, from, until } = answer;
    let mut raw = Counted { inner: response.into_body().into_reader(), count: 0 };
    let copied = match encoding.as_str() {
        "identity" => copy(&mut raw, file, (already, limit), until, told),
        "gzip" | "x-gzip" => copy(&mut GzDecoder::new(&mut raw), file, (already, limit), until, told),
        _ => return Err(Error::Encoding(encoding)),
    };
    let bytes = copied.map_err(|error| error.told(&from, until, declared, raw.count))?;
    if let Some(declared) = declared.filter(|declared| encoding == "identity" && *declared != raw.count) {
        return Err(Error::Truncated { declared: declared.to_string(), got: raw.count });
    }
    Ok(Came { bytes, has_end: declared.is_some() || chunked || encoding != "identity" })
}

/// What went wrong while copying, and on which side.
enum Broken {
    Ours(Error),
    Reading(io::Error),
}

impl Broken {
    fn told(self, from: &Target, until: Deadline, declared: Option<u64>, got: u64) -> Error {
        match self {
            Broken::Ours(error) => error,
            Broken::Reading(error) => {
                let inner = ureq::Error::from(error);
                if let ureq::Error::Io(io) = &inner
                    && io.kind() == io::ErrorKind::UnexpectedEof
                {
                    let declared = declared.map_or("an unknown number of".to_owned(), |bytes| bytes.to_string());
                    return Error::Truncated { declared, got };
                }
                told_of_body(inner.into_io(), from, until)
            }
        }
    }
}

fn copy(
    from: &mut dyn Read,
    to: &mut File,
    (already, limit): (u64, u64),
    until: Deadline,
    told: &mut dyn FnMut(u64),
) -> Result<u64, Broken> {
    let (mut buffer, mut total) = (vec![0; 64 << 10], already);
    loop {
        until.left().map_err(Broken::Ours)?;
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Broken::Reading(error)),
        };
        total += read as u64;
        if total > limit {
            return Err(Broken::Ours(Error::TooLarge { limit }));
        }
        to.write_all(&buffer[..read])
            .map_err(|error| Broken::Ours(Error::Record(format!("cannot be kept: {error}"))))?;
        told(total);
    }
}
