//! Takes named members out of a ZIP file, each bounded and compared; nothing else of the file is read.
//!
//! Only what packages need: stored or deflated members, one disk, no encryption, no ZIP64 (PKWARE APPNOTE 6.3.10,
//! sections 4.3.7, 4.3.12 and 4.3.16).

use std::io::{Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;

use super::Member;

/// Length of the record at the end, without its comment.
const END: usize = 22;
/// Longest comment after it.
const COMMENT: u64 = 65_535;
/// Longest list of members that is read.
const LONGEST_LIST: u32 = 8 << 20;
/// Length of a member's row in the list, and of its header, without names and extras.
const ROW: usize = 46;
const HEADER: usize = 30;

/// A member as the list has it.
struct Listed {
    deflated: bool,
    compressed: u32,
    /// Where its header lies.
    at: u32,
}

/// The content of one member, `folder/name` within the file.
pub(super) fn take<F: Read + Seek>(file: &mut F, folder: &str, member: &Member) -> Result<Vec<u8>, String> {
    let name = format!("{folder}/{}", member.name);
    let wrong = |reason: String| format!("{name}: {reason}");
    let listed = find(&list(file)?, &name, member.bytes)?;
    let mut header = [0; HEADER];
    let unreadable = |error: std::io::Error| wrong(error.to_string());
    file.seek(SeekFrom::Start(u64::from(listed.at))).map_err(unreadable)?;
    file.read_exact(&mut header).map_err(unreadable)?;
    if !header.starts_with(b"PK\x03\x04") {
        return Err(wrong("its header is not where the list says".to_owned()));
    }
    let skipped = i64::from(short(&header, 26)) + i64::from(short(&header, 28));
    file.seek(SeekFrom::Current(skipped)).map_err(unreadable)?;
    let content = file.take(u64::from(listed.compressed));
    let mut bytes = Vec::new();
    // One byte more than there should be, so that more is noticed.
    let read = if listed.deflated {
        DeflateDecoder::new(content).take(member.bytes + 1).read_to_end(&mut bytes)
    } else {
        content.take(member.bytes + 1).read_to_end(&mut bytes)
    };
    read.map_err(unreadable)?;
    member.check(&bytes).map_err(wrong)?;
    Ok(bytes)
}

/// The list of members, from the end of the file.
fn list<F: Read + Seek>(file: &mut F) -> Result<Vec<u8>, String> {
    let unreadable = |error: std::io::Error| error.to_string();
    let length = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
    let begin = length.saturating_sub(END as u64 + COMMENT);
    file.seek(SeekFrom::Start(begin)).map_err(unreadable)?;
    let mut tail = Vec::new();
    file.by_ref().take(length - begin).read_to_end(&mut tail).map_err(unreadable)?;
    let last = tail.len().checked_sub(END).ok_or("it is too short for a ZIP file")?;
    let found = (0..=last).rev().find_map(|at| tail.get(at..at + END).filter(|end| end.starts_with(b"PK\x05\x06")));
    let end = found.ok_or("it is no ZIP file")?;
    let (bytes, at) = (long(end, 12), long(end, 16));
    if at == u32::MAX || bytes > LONGEST_LIST {
        return Err("its list of members is too long".to_owned());
    }
    file.seek(SeekFrom::Start(u64::from(at))).map_err(unreadable)?;
    let mut list = vec![0; usize::try_from(bytes).unwrap_or_default()];
    file.read_exact(&mut list).map_err(unreadable)?;
    Ok(list)
}

/// The one member of a name; two of one name are none.
fn find(mut list: &[u8], name: &str, bytes: u64) -> Result<Listed, String> {
    let mut found = None;
    while let Some((row, rest)) = list.split_at_checked(ROW) {
        let own = usize::from(short(row, 28));
        let more = own + usize::from(short(row, 30)) + usize::from(short(row, 32));
        if !row.starts_with(b"PK\x01\x02") || rest.len() < more {
            return Err("its list of members is damaged".to_owned());
        }
        if rest.get(..own) == Some(name.as_bytes()) && found.replace(row).is_some() {
            return Err(format!("{name} is in it twice"));
        }
        list = rest.get(more..).unwrap_or_default();
    }
    let row = found.ok_or_else(|| format!("{name} is not in it"))?;
    let (flags, method, unpacked) = (short(row, 8), short(row, 10), long(row, 24));
    if flags & 1 != 0 || !matches!(method, 0 | 8) {
        return Err(format!("{name} is encrypted, or packed in another way than deflate"));
    }
    if u64::from(unpacked) != bytes {
        return Err(format!("{name} has {unpacked} bytes instead of {bytes}"));
    }
    Ok(Listed { deflated: method == 8, compressed: long(row, 20), at: long(row, 42) })
}

fn short(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|two| two.try_into().ok()).map_or(0, u16::from_le_bytes)
}

fn long(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes)
}
