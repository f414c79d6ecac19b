//! Bytes as text, by lines, and files that are one response as they stand.

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::Error;
use super::collect::{Collector, Reason, Sample};

/// The text of a file: UTF-8, or UTF-16 that says so by its byte order mark. Nothing is guessed, because a wrong guess
/// changes what a reviewer reads.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            let rest = bytes.get(mark..).unwrap_or_default();
            encoding.decode_without_bom_handling_and_without_replacement(rest).ok_or(Error::NotText)?
        }
        None => Cow::Borrowed(std::str::from_utf8(bytes).map_err(|_| Error::NotText)?),
    };
    if text.contains('\0') { Err(Error::NotText) } else { Ok(text) }
}

/// The lines that are not blank, each with its number from 1. One that is not UTF-8 harms no other.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, Result<&str, Reason>)> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let numbered = bytes.split(|byte| *byte == b'\n').enumerate().map(|(at, line)| (at + 1, line.trim_ascii()));
    let filled = numbered.filter(|(_, line)| !line.is_empty());
    filled.map(|(at, line)| (at, std::str::from_utf8(line).map_err(|_| Reason::from("the line is not UTF-8"))))
}

/// Takes the whole file as one response.
pub(super) fn read(bytes: &[u8], collector: &mut Collector) -> Result<(), Error> {
    let text = decoded(bytes)?;
    // Line ends of Windows would count in every offset.
    let text = text.replace("\r\n", "\n");
    collector.take(|| "line 1".to_owned(), Ok(Sample { text, ..Sample::default() }));
    Ok(())
}
