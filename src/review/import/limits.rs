//! What an import may cost. Each number is the most that is taken in.

/// Bytes of a file.
pub const FILE_BYTES: usize = 64 << 20;
/// Bytes of all entries of an archive that are read, unpacked.
pub const UNPACKED_BYTES: u64 = 256 << 20;
/// Entries of an archive.
pub const ENTRIES: usize = 20_000;
/// Unpacked bytes for each packed byte of an entry; what repeats itself more is no log.
pub const RATIO: u64 = 500;
/// Unpacked bytes below which the ratio is not looked at.
pub const RATIO_FROM: u64 = 1 << 20;
/// Zstandard frames of one entry; Inspect begins a frame every 200 MiB.
pub const FRAMES: usize = 64;
/// Samples of a file, taken in or rejected.
pub const SAMPLES: usize = 20_000;
/// Code points of a response, and of a prompt.
pub const TEXT_CHARACTERS: usize = 200_000;
/// Claims of one response.
pub const CLAIMS: usize = 500;
/// Characters of a title, a model's name and an id.
pub const LINE_CHARACTERS: usize = 200;
/// Levels of JSON within JSON; the parser's own limit is 128.
pub const DEPTH: usize = 64;
/// What one response's metadata may weigh (`collect::weight`).
pub const METADATA: usize = 256 << 10;
/// What all metadata of a file may weigh.
pub const METADATA_IN_ALL: usize = 64 << 20;
