//! Folders to packs to versions.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Catalogue, DocumentId, Fault, Format, Version, VersionFacts, VersionId, side_by_side, sidecar};

/// The file that makes a folder a pack.
const PACK: &str = "pack.toml";

/// A set of documents under one licence regime.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pack {
    /// Its name: the folder's, or what `pack.toml` says. `None` for a bare folder.
    pub name: Option<String>,
    /// A line for people.
    pub title: Option<String>,
    /// The licence terms in short.
    pub licence: Option<String>,
    /// Hosts that content may be fetched from, beside those of each version's own `url`.
    pub hosts: Vec<String>,
    /// The folder.
    pub folder: PathBuf,
}

/// Everything that was found in the given folders.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// Packs in the order given.
    pub packs: Vec<Pack>,
    /// Versions, ordered by id.
    pub versions: Vec<Version>,
    /// What was rejected, and what is doubtful, each with its place.
    pub faults: Vec<Fault>,
}

/// Why a corpus cannot be opened at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder does not exist.
    #[error("there is no corpus folder {0}: name an existing one with --corpus")]
    Missing(PathBuf),
    /// The path is a file.
    #[error("{0} is a file: --corpus takes a pack or a folder of packs")]
    NotAFolder(PathBuf),
    /// The folder cannot be listed.
    #[error("the corpus folder {path} cannot be read: {source}")]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is nothing in it.
    #[error("{0} holds no documents (.html .pdf .xml .md .txt) and no packs")]
    Nothing(PathBuf),
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    name: Option<String>,
    title: Option<String>,
    licence: Option<String>,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(rename = "description")]
    _description: Option<String>,
    #[serde(rename = "url")]
    _url: Option<String>,
}

impl Corpus {
    /// Reads the given folders, each a pack, a folder of packs, or a folder of bare files.
    ///
    /// # Errors
    /// [`Error`] where a folder is missing, unreadable or empty. Anything wrong with a single version is a fault in the
    /// result, and that version is left out.
    pub fn open(folders: &[PathBuf]) -> Result<Corpus, Error> {
        let mut corpus = Corpus::default();
        for folder in folders {
            corpus.open_folder(folder)?;
        }
        corpus.reject_duplicates();
        let paths: BTreeMap<VersionId, PathBuf> = corpus
            .versions
            .iter()
            .filter_map(|version| {
                Some((version.facts.id.clone(), version.sidecar.clone().or(version.content.clone())?))
            })
            .collect();
        corpus.faults.extend(corpus.catalogue().faults(|id| paths.get(id).cloned().unwrap_or_default()));
        Ok(corpus)
    }

    /// The versions and the edges between them.
    pub fn catalogue(&self) -> Catalogue {
        Catalogue::new(self.versions.iter().map(|version| version.facts.clone()))
    }

    /// SHA-256 over every version's id and bytes, in hexadecimal: equal corpora have equal digests, wherever they lie.
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        for version in &self.versions {
            hasher.update(version.facts.id.to_string().as_bytes());
            hasher.update([0]);
            hasher.update(version.facts.pack.as_deref().unwrap_or_default().as_bytes());
            hasher.update([0]);
            hasher.update(version.digest.as_bytes());
            hasher.update(b"\n");
        }
        hex(&hasher.finalize())
    }

    fn open_folder(&mut self, folder: &Path) -> Result<(), Error> {
        if !folder.exists() {
            return Err(Error::Missing(folder.to_owned()));
        }
        if !folder.is_dir() {
            return Err(Error::NotAFolder(folder.to_owned()));
        }
        let before = (self.versions.len(), self.faults.len());
        for pack in pack_folders(folder)? {
            if pack.join(PACK).is_file() {
                self.open_pack(&pack)?;
            } else {
                self.read_folder(&pack, None)?;
                self.packs.push(Pack { folder: pack, ..Pack::default() });
            }
        }
        if before == (self.versions.len(), self.faults.len()) {
            return Err(Error::Nothing(folder.to_owned()));
        }
        Ok(())
    }

    fn open_pack(&mut self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(PACK);
        let source = fs::read_to_string(&path).map_err(|source| Error::Unreadable { path: path.clone(), source })?;
        let named = folder.file_name().map(|name| name.to_string_lossy().into_owned());
        let file: PackFile = match toml::from_str(&source) {
            Ok(file) => file,
            Err(error) => {
                let line =
                    error.span().and_then(|span| source.get(..span.start)).map(|text| text.matches('\n').count() + 1);
                self.faults.push(Fault { path, line, message: error.message().to_owned() });
                PackFile::default()
            }
        };
        let pack = Pack {
            name: file.name.or(named),
            title: file.title,
            licence: file.licence,
            hosts: file.hosts,
            folder: folder.to_owned(),
        };
        self.read_folder(folder, Some(&pack))?;
        self.packs.push(pack);
        Ok(())
    }

    fn read_folder(&mut self, folder: &Path, pack: Option<&Pack>) -> Result<(), Error> {
        let mut stems: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for path in list(folder)? {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let sidecar = path.extension().is_some_and(|ending| ending == "toml") && name != PACK;
            let content =
                Format::of(&path).is_some() && !name.eq_ignore_ascii_case("README.md") && !name.starts_with('.');
            if path.is_file() && (sidecar || content) {
                let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                stems.entry(stem).or_default().push(path);
            }
        }
        let contents: Vec<&PathBuf> = stems.values().flatten().filter(|path| Format::of(path).is_some()).collect();
        let digests = side_by_side(&contents, |path| sha256_of(path));
        let mut digests: BTreeMap<PathBuf, _> = contents.into_iter().cloned().zip(digests).collect();
        for (stem, files) in stems {
            let (sidecars, contents): (Vec<_>, Vec<_>) = files.into_iter().partition(|path| Format::of(path).is_none());
            if let [_, second, ..] = contents.as_slice() {
                let message = format!("two content files share the stem {stem:?}: rename one");
                self.faults.push(Fault { path: second.clone(), line: None, message });
                continue;
            }
            let content = contents.into_iter().next();
            let digest = content.as_ref().and_then(|content| digests.remove(content));
            self.read_version(&stem, sidecars.into_iter().next(), content.zip(digest), pack);
        }
        Ok(())
    }

    /// `content` comes with its digest, or why it cannot be read.
    fn read_version(
        &mut self,
        stem: &str,
        sidecar: Option<PathBuf>,
        content: Option<(PathBuf, std::io::Result<String>)>,
        pack: Option<&Pack>,
    ) {
        let (content, digest) = content.unzip();
        let content_sha256 = match digest.transpose() {
            Ok(digest) => digest,
            Err(error) => {
                let path = content.unwrap_or_default();
                return self.faults.push(Fault { path, line: None, message: format!("cannot be read: {error}") });
            }
        };
        let source = match sidecar.as_deref().map(fs::read_to_string).transpose() {
            Ok(source) => source.unwrap_or_default(),
            Err(error) => {
                let path = sidecar.unwrap_or_default();
                return self.faults.push(Fault { path, line: None, message: format!("cannot be read: {error}") });
            }
        };
        let faults_before = self.faults.len();
        let facts = match &sidecar {
            Some(path) => sidecar::check(path, &source, stem, content_sha256.as_deref(), &mut self.faults),
            None => self.bare_version(stem, content.as_deref(), content_sha256.as_deref()),
        };
        let Some(mut facts) = facts else { return };
        facts.pack = pack.and_then(|pack| pack.name.clone());
        facts.file = content.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        facts.licence = facts.licence.or_else(|| pack.and_then(|pack| pack.licence.clone()));
        if content.is_none() && facts.url.is_none() {
            let message = "neither content beside it nor a `url` to fetch it from".to_owned();
            self.faults.push(Fault { path: sidecar.clone().unwrap_or_default(), line: None, message });
        }
        let faults = self.faults.len() - faults_before;
        let rejected = (faults > 0).then(|| format!("its sidecar has {faults} faults"));
        let mut hasher = Sha256::new();
        hasher.update(source.as_bytes());
        hasher.update([0]);
        hasher.update(content_sha256.unwrap_or_default().as_bytes());
        // What the sidecar does not say but an answer does: the format that reads it, the file's name, the pack's licence.
        let format = content.as_deref().and_then(Format::of);
        for part in [format.map(Format::name), facts.file.as_deref(), facts.licence.as_deref()] {
            hasher.update([0]);
            hasher.update(part.unwrap_or_default().as_bytes());
        }
        let digest = hex(&hasher.finalize());
        self.versions.push(Version { facts, content, format, sidecar, digest, rejected });
    }

    fn bare_version(&mut self, stem: &str, content: Option<&Path>, sha256: Option<&str>) -> Option<VersionFacts> {
        let id = DocumentId::from_stem(stem).and_then(|document| {
            let version: String = sha256.unwrap_or_default().chars().take(12).collect();
            VersionId::new(document, &version)
        });
        match id {
            Ok(id) => Some(VersionFacts { sha256: sha256.map(str::to_owned), ..VersionFacts::bare(id) }),
            Err(error) => {
                let path = content.map(Path::to_owned).unwrap_or_default();
                self.faults.push(Fault { path, line: None, message: error.to_string() });
                None
            }
        }
    }

    fn reject_duplicates(&mut self) {
        self.versions.sort_by(|a, b| a.facts.id.cmp(&b.facts.id));
        let faults = &mut self.faults;
        self.versions.dedup_by(|second, first| {
            let same = second.facts.id == first.facts.id;
            if same {
                let place = |version: &Version| version.sidecar.clone().or(version.content.clone()).unwrap_or_default();
                let message = format!("{} is already in {}", second.facts.id, place(first).display());
                faults.push(Fault { path: place(second), line: None, message });
            }
            same
        });
    }
}

/// The packs of a folder: itself, those in it, or itself as a folder of bare files.
pub(super) fn pack_folders(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    if folder.join(PACK).is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    let packs: Vec<PathBuf> = list(folder)?.into_iter().filter(|path| path.join(PACK).is_file()).collect();
    Ok(if packs.is_empty() { vec![folder.to_owned()] } else { packs })
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |source| Error::Unreadable { path: folder.to_owned(), source };
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let mut paths =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    paths.sort();
    Ok(paths)
}

/// SHA-256 of a file's bytes, in hexadecimal.
///
/// # Errors
/// Whatever the system says when the file cannot be read.
pub fn sha256_of(path: &Path) -> std::io::Result<String> {
    let mut file = fs::File::open(path)?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, content) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, content).expect("a written file");
        }
        folder
    }

    fn open(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let folder = folder(files);
        let corpus = Corpus::open(&[folder.path().to_owned()]).expect("a corpus");
        let served = corpus.versions.iter().filter(|version| version.rejected.is_none());
        let ids = served.map(|version| version.facts.id.to_string()).collect();
        let place = format!("{}/", folder.path().display());
        (ids, corpus.faults.iter().map(|fault| fault.to_string().replace(&place, "")).collect())
    }

    #[test]
    fn a_bare_folder_is_named_by_its_files() {
        let (ids, faults) = open(&[("a.md", "text"), ("README.md", "no"), ("b.docx", "no"), ("c.html", "<p>x")]);
        assert_eq!(ids, ["a@982d9e3eb996", "c@bebcbe06a9c5"].map(str::to_owned).to_vec(), "{faults:?}");
        assert!(faults.is_empty());
    }

    #[test]
    fn packs_are_found_in_a_folder_of_packs() {
        let files =
            [("p/pack.toml", "name = \"one\""), ("p/a.md", "x"), ("p/a.toml", "version = \"1\""), ("loose.md", "x")];
        let folder = folder(&files);
        let corpus = Corpus::open(&[folder.path().to_owned()]).expect("a corpus");
        assert_eq!(corpus.versions.len(), 1);
        assert_eq!(corpus.versions[0].facts.pack.as_deref(), Some("one"));
    }

    #[test]
    fn one_bad_version_does_not_hide_the_others() {
        let files =
            [("a.md", "x"), ("a.toml", "tier = 3\nversion = \"1\""), ("b.toml", "version = \"1\""), ("c.md", "y")];
        let (ids, faults) = open(&files);
        assert_eq!(ids.len(), 1, "{ids:?}");
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].starts_with("a.toml:1: `tier`"), "{faults:?}");
        assert!(faults[1].starts_with("b.toml: neither content"), "{faults:?}");
    }

    #[test]
    fn a_rejected_successor_still_supersedes() {
        let files = [
            ("a1.md", "x"),
            ("a1.toml", "id = \"a\"\nversion = \"1\""),
            ("a2.md", "y"),
            ("a2.toml", "id = \"a\"\nversion = \"2\"\nsupersedes = [\"a@1\"]\nsha256 = \"ffff\""),
        ];
        let folder = folder(&files);
        let corpus = Corpus::open(&[folder.path().to_owned()]).expect("a corpus");
        let standing = corpus.catalogue().standing(&"a@1".parse().expect("an id"), None);
        assert_eq!(standing.status, crate::corpus::Status::Superseded);
        assert!(corpus.versions[1].rejected.is_some());
    }

    #[test]
    fn the_same_version_twice_is_rejected_once() {
        let files = [
            ("a.md", "x"),
            ("a.toml", "id = \"d\"\nversion = \"1\""),
            ("b.md", "y"),
            ("b.toml", "id = \"d\"\nversion = \"1\""),
        ];
        let (ids, faults) = open(&files);
        assert_eq!(ids, ["d@1"]);
        assert!(faults[0].contains("is already in"), "{faults:?}");
    }

    #[test]
    fn missing_and_empty_folders_are_named() {
        assert!(matches!(Corpus::open(&["/nonexistent/x".into()]), Err(Error::Missing(_))));
        let empty = folder(&[("note.docx", "")]);
        assert!(matches!(Corpus::open(&[empty.path().to_owned()]), Err(Error::Nothing(_))));
    }

    #[test]
    fn the_digest_changes_with_any_byte_and_not_with_the_place() {
        let digest = |content: &str| {
            let folder = folder(&[("a.md", content)]);
            Corpus::open(&[folder.path().to_owned()]).expect("a corpus").digest()
        };
        assert_eq!(digest("one"), digest("one"));
        assert_ne!(digest("one"), digest("two"));
    }
}
