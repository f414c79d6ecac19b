//! Zip archives of strangers: bounded in entries, in unpacked bytes and in how much one byte may become.
//!
//! Entries are stored, deflated or, as Inspect writes them, compressed by Zstandard in one or more frames.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use flate2::Crc;
use ruzstd::decoding::StreamingDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::{Error, limits};

/// How every zip file with an entry begins.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";

/// An open archive, and how much may still be unpacked from it.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

impl<'a> Archive<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Archive<'a>, Error> {
        // Counted before the directory is read, because each entry of it is kept.
        if bytes.windows(4).filter(|four| *four == b"PK\x01\x02").take(limits::ENTRIES + 1).count() > limits::ENTRIES {
            return Err(Error::Archive("it has too many entries"));
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Error::Archive("it is damaged, or no zip file"))?;
        if zip.len() > limits::ENTRIES {
            return Err(Error::Archive("it has too many entries"));
        }
        Ok(Archive { zip, left: limits::UNPACKED_BYTES })
    }

    /// The entries' names, in the order of the directory. One that is not UTF-8 is left out.
    pub(super) fn names(&self) -> Vec<String> {
        self.zip.file_names().filter_map(Result::ok).map(|name| name.into_owned()).collect()
    }

    /// What an entry holds; `None` where there is none of that name.
    pub(super) fn entry(&mut self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some(at) = self.zip.index_for_name(name) else { return Ok(None) };
        let (method, size, packed_size, crc) = {
            let raw = self.zip.by_index_raw(at).map_err(|_| Error::Archive("an entry is damaged"))?;
            if raw.encrypted() {
                return Err(Error::Archive("an entry is encrypted"));
            }
            (raw.compression(), raw.size(), raw.compressed_size(), raw.crc32())
        };
        // Sizes are claims of the archive: they refuse early, and the reading below holds to the limit whatever they say.
        let bomb = size > limits::RATIO_FROM && size / packed_size.max(1) > limits::RATIO;
        if size > self.left || bomb {
            return Err(Error::Archive("an entry unpacks to too much"));
        }
        let unpacked = match method {
            CompressionMethod::Stored | CompressionMethod::Deflated => self.plain(at, size),
            CompressionMethod::ZSTD => self.zstandard(at, size, crc),
            _ => Err(Error::Archive("an entry is compressed in a way that is not read")),
        }?;
        self.left = self.left.saturating_sub(unpacked.len() as u64);
        Ok(Some(unpacked))
    }

    fn plain(&mut self, at: usize, size: u64) -> Result<Vec<u8>, Error> {
        let entry = self.zip.by_index(at).map_err(|_| Error::Archive("an entry is damaged"))?;
        let mut unpacked = Vec::new();
        entry.take(size + 1).read_to_end(&mut unpacked).map_err(|_| Error::Archive("an entry is damaged"))?;
        sized(unpacked, size)
    }

    fn zstandard(&mut self, at: usize, size: u64, crc: u32) -> Result<Vec<u8>, Error> {
        let damaged = || Error::Archive("an entry is damaged");
        let mut packed = Vec::new();
        self.zip.by_index_raw(at).map_err(|_| damaged())?.read_to_end(&mut packed).map_err(|_| damaged())?;
        // The decoder is not ours; should a stranger's bytes make it panic, that is one damaged entry.
        let unpacked =
            catch_unwind(AssertUnwindSafe(|| frames(&packed, size))).map_err(|_| damaged())?.ok_or_else(damaged)?;
        let unpacked = sized(unpacked, size)?;
        let mut sum = Crc::new();
        sum.update(&unpacked);
        if sum.sum() == crc { Ok(unpacked) } else { Err(damaged()) }
    }
}

/// All frames, one after the other, up to one byte more than `size`.
fn frames(mut packed: &[u8], size: u64) -> Option<Vec<u8>> {
    let mut unpacked = Vec::new();
    for _ in 0..limits::FRAMES {
        if packed.is_empty() || unpacked.len() as u64 > size {
            break;
        }
        let decoder = StreamingDecoder::new(&mut packed).ok()?;
        let left = (size + 1).saturating_sub(unpacked.len() as u64);
        decoder.take(left).read_to_end(&mut unpacked).ok()?;
    }
    Some(unpacked)
}

fn sized(unpacked: Vec<u8>, size: u64) -> Result<Vec<u8>, Error> {
    if unpacked.len() as u64 == size {
        Ok(unpacked)
    } else {
        Err(Error::Archive("an entry has another size than it says"))
    }
}
