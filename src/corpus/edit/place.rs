//! Which pack's folder an editor means.

use std::path::{Path, PathBuf};

use super::Corpus;
use super::add::CANDIDATES;

/// The pack where nobody names one.
const LOCAL: &str = "local";

/// The folder of the pack that an editor at the command line means: a pack's name, a folder, or a name for a new pack in
/// `root`; where nothing is named, the pack in which the file waits, else as [`pack_named`] has it.
pub fn pack_folder(corpus: &Corpus, root: &Path, named: Option<&str>, file: &Path) -> PathBuf {
    let Some(named) = named else { return waiting_in(file).unwrap_or_else(|| pack_named(corpus, root, None)) };
    let folder = Path::new(named);
    let known = corpus.packs.iter().any(|pack| pack.name.as_deref() == Some(named));
    if !known && (folder.is_dir() || folder.components().count() > 1) {
        return folder.to_owned();
    }
    pack_named(corpus, root, Some(named))
}

/// The folder of the pack with this name, which is new in `root` where the corpus has none of it. Without a name: `root`
/// where that is one pack or a folder of bare files (a pack inside it would hide those), else `local` in it.
///
/// The name becomes a part of a path: a caller who has it from outside checks it first.
pub fn pack_named(corpus: &Corpus, root: &Path, named: Option<&str>) -> PathBuf {
    let Some(named) = named else {
        let bare = corpus.packs.iter().any(|pack| pack.name.is_none() && pack.folder == root);
        return if bare || root.join("pack.toml").is_file() { root.to_owned() } else { root.join(LOCAL) };
    };
    let known = corpus.packs.iter().find(|pack| pack.name.as_deref() == Some(named));
    known.map_or_else(|| root.join(named), |pack| pack.folder.clone())
}

/// The pack in which a fetched file waits for an editor.
fn waiting_in(file: &Path) -> Option<PathBuf> {
    let candidates = file.parent().filter(|parent| parent.file_name().is_some_and(|name| name == CANDIDATES))?;
    candidates.parent().filter(|pack| pack.join("pack.toml").is_file()).map(Path::to_owned)
}
