//! What editors do to a corpus: editions added, replaced, withdrawn, checked. Each is one audited change of sidecars.
//!
//! A change is planned on the sidecars' own text, and the new text is checked as the corpus reader checks it: a [`Plan`],
//! which can be looked at. Made, it is handed to [`super::history`], which writes all of it or nothing.

mod add;
mod attach;
mod log;
mod place;
mod plan;
mod sidecar;
mod standing;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::history::{self, Action, Actor, Bytes, Change, Done, Replacement};
use super::sidecar::check as check_sidecar;
use super::{Corpus, DocumentId, Fault, Version, VersionId, sha256_of};

pub use add::{Adding, Addition, Offer, add};
pub use log::{Logged, events, tag};
pub use place::{pack_folder, pack_named};
pub use plan::Plan;
pub use sidecar::{SidecarText, kind as notice_kind};
pub use standing::{Superseded, checked, notice, retire, supersede};

/// Why a change is refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing of the corpus has this id.
    #[error("there is no {id} in the corpus{}", instead(near))]
    Unknown {
        /// The id.
        id: String,
        /// What the corpus has instead.
        near: Vec<String>,
    },
    /// It would say what is not so, or what is said already.
    #[error("{0}")]
    Refused(String),
    /// The sidecar is not TOML, so nothing can be changed in it.
    #[error("{path}: {reason}", path = path.display())]
    Sidecar {
        /// The sidecar.
        path: PathBuf,
        /// What is wrong, with the line.
        reason: String,
    },
    /// The changed sidecar would be rejected.
    #[error("the sidecar would be rejected: {}", told(.0))]
    Faults(Vec<Fault>),
    /// A file cannot be read.
    #[error("{path} cannot be read: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The log or a file could not be written.
    #[error(transparent)]
    History(#[from] history::Error),
}

fn instead(near: &[String]) -> String {
    match near {
        [] => "; `groundline corpus list` shows what there is".to_owned(),
        near => format!("; there is {}", near.join(", ")),
    }
}

fn told(faults: &[Fault]) -> String {
    faults.iter().map(|fault| fault.message.clone()).collect::<Vec<_>>().join("; ")
}

impl Error {
    fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_owned();
        move |source| Error::Io { path, source }
    }

    /// Nothing of the corpus has this id; names what is like it.
    pub fn unknown(corpus: &Corpus, id: &str) -> Error {
        let document = id.split('@').next().unwrap_or(id);
        let of_document = |version: &&Version| version.facts.id.document().as_str() == document;
        let like = |version: &&Version| {
            let name = version.facts.id.document().as_str();
            name.starts_with(document) || document.starts_with(name)
        };
        let names = |all: Vec<&Version>| all.into_iter().take(6).map(|version| version.facts.id.to_string()).collect();
        let mut near: Vec<String> = names(corpus.versions.iter().filter(of_document).collect());
        if near.is_empty() {
            near = names(corpus.versions.iter().filter(like).collect());
        }
        Error::Unknown { id: id.chars().take(260).collect(), near }
    }
}

/// The version with this id.
///
/// # Errors
/// [`Error::Unknown`].
pub fn find<'a>(corpus: &'a Corpus, id: &VersionId) -> Result<&'a Version, Error> {
    let found = corpus.versions.iter().find(|version| version.facts.id == *id);
    found.ok_or_else(|| Error::unknown(corpus, &id.to_string()))
}

/// The versions that `id` names: one, or all editions of a document.
///
/// # Errors
/// [`Error::Unknown`].
pub fn find_all<'a>(corpus: &'a Corpus, id: &str) -> Result<Vec<&'a Version>, Error> {
    let version = id.parse::<VersionId>().ok();
    let document = id.parse::<DocumentId>().ok();
    let wanted =
        |one: &&Version| version.as_ref() == Some(&one.facts.id) || document.as_ref() == Some(one.facts.id.document());
    let found: Vec<&Version> = corpus.versions.iter().filter(wanted).collect();
    if found.is_empty() { Err(Error::unknown(corpus, id)) } else { Ok(found) }
}

/// A version's sidecar, open for changes.
struct Open<'a> {
    version: &'a Version,
    folder: PathBuf,
    name: String,
    before: Option<String>,
    faults_before: usize,
    text: SidecarText,
}

impl<'a> Open<'a> {
    /// Opens a version's sidecar; a bare file gets one that names it as it has been named.
    fn of(version: &'a Version) -> Result<Open<'a>, Error> {
        let at = version.sidecar.clone().or_else(|| version.content.as_ref().map(|path| path.with_extension("toml")));
        let path = at.unwrap_or_default();
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let source = match &version.sidecar {
            Some(path) => fs::read_to_string(path).map_err(Error::io(path))?,
            None => String::new(),
        };
        let reason = |reason| Error::Sidecar { path: path.clone(), reason };
        let mut text = SidecarText::open(&source).map_err(reason)?;
        let before = version.sidecar.is_some().then(|| digest(source.as_bytes()));
        if before.is_none() {
            text.set("id", version.facts.id.document().as_str());
            text.set("version", version.facts.id.version());
        }
        let faults_before = if before.is_some() { faults(version, &path, &source).len() } else { 0 };
        Ok(Open { version, folder, name, before, faults_before, text })
    }

    /// The change that writes what the sidecar has become, or `None` where it is as it was.
    fn change(self, action: Action, detail: Map<String, Value>) -> Result<Option<(PathBuf, Change)>, Error> {
        let after = self.text.text();
        if self.before.as_deref() == Some(digest(after.as_bytes()).as_str()) {
            return Ok(None);
        }
        let found = faults(self.version, &self.folder.join(&self.name), &after);
        if found.len() > self.faults_before {
            return Err(Error::Faults(found));
        }
        let sidecar = Replacement { name: self.name, before: self.before, after: Bytes::Of(after.into_bytes()) };
        let version = self.version.facts.id.clone();
        let content = untouched_content(self.version)?;
        Ok(Some((self.folder, Change { action, version, detail, sidecar: Some(sidecar), content })))
    }
}

/// A version's content, named in an event that leaves it as it is.
fn untouched_content(version: &Version) -> Result<Option<Replacement>, Error> {
    let Some(path) = &version.content else { return Ok(None) };
    let sha256 = Some(sha256_of(path).map_err(Error::io(path))?);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Some(Replacement { name, before: sha256.clone(), after: Bytes::Nothing { sha256 } }))
}

/// What the corpus reader finds wrong with a sidecar's text.
fn faults(version: &Version, path: &Path, source: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let sha256 = version.content.as_ref().and(version.facts.sha256.as_deref());
    check_sidecar(path, source, &stem, sha256, &mut faults);
    faults
}

fn digest(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    super::hex(&Sha256::digest(bytes))
}

/// Keys and texts as an event's detail; those without a text are left out.
fn detail<const N: usize>(parts: [(&str, Option<String>); N]) -> Map<String, Value> {
    let told = parts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Value::String(text?))));
    told.collect()
}

#[cfg(test)]
mod tests;
