//! The recommendations of the starter corpus as statements, and the even draw that changes are chosen by.

use std::path::Path;

/// One recommendation as its digest prints it.
pub(super) struct Statement {
    pub(super) document: String,
    pub(super) title: String,
    pub(super) text: String,
}

impl Statement {
    /// Which half of the documents it belongs to.
    pub(super) fn half(&self) -> usize {
        usize::from(hash(self.document.as_bytes()) & 1 == 1)
    }
}

/// The names of the halves.
pub(super) const HALVES: [&str; 2] = ["dev", "report"];

/// Every numbered recommendation, in the order of files and numbers.
pub(super) fn statements() -> Vec<Statement> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/starter");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("corpus/starter").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "md") && path.with_extension("toml").exists());
    files.sort();
    let mut found = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a digest");
        let document = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let title = text.lines().next().unwrap_or_default().trim_start_matches("# ").to_owned();
        let numbered = text.lines().filter_map(|line| {
            let (number, statement) = line.split_once(". ")?;
            number.bytes().all(|digit| digit.is_ascii_digit()).then(|| statement.trim().to_owned())
        });
        found.extend(numbered.map(|text| Statement { document: document.clone(), title: title.clone(), text }));
    }
    found
}

/// FNV-1a.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A draw below `of` that depends on a text and a number alone.
pub(super) fn draw(text: &str, salt: u64, of: usize) -> usize {
    let mixed = (hash(text.as_bytes()) ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    usize::try_from((mixed >> 33) % of.max(1) as u64).unwrap_or_default()
}
