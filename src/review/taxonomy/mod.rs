//! What a reviewer can say: the verdicts, error codes, severities and harms, the rubric for a whole answer, and the guide.
//!
//! They are files, so that a team can word them as it works. The program's own are compiled in; [`Taxonomy::read`] takes a
//! folder's instead, each file checked whole and every fault told with its line. Which five verdicts and three severities
//! exist is not a matter of wording: they are [`Verdict`] and [`Severity`], and every file has exactly these.

mod read;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde::Serialize;
use utoipa::ToSchema;

use super::record::{Severity, Verdict};
use crate::corpus::Fault;

/// The program's own files, with the names under which their faults are told.
const OWN: [(&str, &str); 3] = [
    ("taxonomy/groundline-1.toml", include_str!("groundline-1.toml")),
    ("taxonomy/groundline-answer-1.toml", include_str!("groundline-answer-1.toml")),
    ("taxonomy/guide-1.toml", include_str!("guide-1.toml")),
];
/// Largest file of a team, in bytes.
pub const LARGEST: u64 = 256 * 1024;
/// Most TOML files in a team's folder.
pub const MOST_FILES: usize = 16;

/// Why a team's files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder or a file in it cannot be read.
    #[error("{path} cannot be read: {source}")]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is no TOML file in the folder.
    #[error("{0} holds no .toml file: put a taxonomy, a rubric or a guide there, or leave the option out")]
    Nothing(PathBuf),
    /// Something is wrong with the files.
    #[error("{}", told(.0))]
    Wrong(Vec<Fault>),
}

fn told(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// All that a reviewer can say, and what it means. Its JSON is the answer of `GET /v1/taxonomy`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Taxonomy {
    /// `name/version`; every verdict names it.
    #[schema(example = "groundline/1")]
    pub id: String,
    /// The five verdicts, in the order of their keys.
    pub verdicts: Vec<VerdictMeaning>,
    /// The error codes, by group.
    pub errors: Vec<ErrorCode>,
    /// The severities, the mildest first.
    pub severities: Vec<Named>,
    /// What harm can be.
    pub harm: HarmAxes,
    /// The questions for a whole answer.
    pub rubric: Rubric,
    /// How to judge, in short sections.
    pub guide: Vec<Section>,
}

/// A verdict and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VerdictMeaning {
    /// Its name in records.
    #[schema(value_type = String, example = "contradicted")]
    pub name: Verdict,
    /// What people read.
    pub label: String,
    /// The key that gives it.
    #[schema(example = "2")]
    pub key: String,
    /// One sentence.
    pub meaning: String,
    /// What has to come with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
}

/// A kind of error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorCode {
    /// Its name in records.
    #[schema(example = "WRONG_THRESHOLD")]
    pub code: String,
    /// What people read.
    pub label: String,
    /// One sentence.
    pub meaning: String,
    /// What it stands under.
    #[schema(example = "numbers")]
    pub group: String,
    /// A case of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
}

/// A name with what people read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Named {
    /// Its name in records.
    pub name: String,
    /// What people read.
    pub label: String,
    /// One sentence, where the label needs one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
}

/// How bad a harm would be, and how likely.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct HarmAxes {
    /// How bad, the mildest first.
    pub extent: Vec<Named>,
    /// How likely, the least first.
    pub likelihood: Vec<Named>,
}

/// Questions for a whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Rubric {
    /// `name/version`; every assessment names it.
    #[schema(example = "groundline-answer/1")]
    pub id: String,
    /// The questions.
    pub items: Vec<Item>,
}

/// One question for a whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Item {
    /// Its name in assessments.
    #[schema(example = "accuracy")]
    pub id: String,
    /// What people read.
    pub label: String,
    /// The question.
    pub question: String,
    /// The answers, the worst first.
    pub scale: Vec<Point>,
}

/// One answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Point {
    /// From 1.
    pub value: u8,
    /// What it means.
    pub label: String,
}

/// A section of the guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// Its text, one paragraph.
    pub text: String,
}

impl Taxonomy {
    /// The program's own.
    #[expect(clippy::expect_used, reason = "the files are compiled in, and a test reads them")]
    pub fn embedded() -> Arc<Taxonomy> {
        static EMBEDDED: OnceLock<Arc<Taxonomy>> = OnceLock::new();
        let read = || Arc::new(read::assemble(&read::own()).expect("the program's own taxonomy"));
        Arc::clone(EMBEDDED.get_or_init(read))
    }

    /// A folder's files, each of which says by its first key what it is: `kind = "taxonomy"`, `"rubric"` or `"guide"`. For
    /// a kind that the folder lacks the program's own stands in.
    ///
    /// # Errors
    /// [`Error`] where the folder cannot be read, holds no TOML file, or something is wrong in one: all faults at once, each
    /// with its line.
    pub fn read(folder: &Path) -> Result<Taxonomy, Error> {
        read::folder(folder)
    }

    /// The error code of this name.
    pub fn error(&self, code: &str) -> Option<&ErrorCode> {
        self.errors.iter().find(|one| one.code == code)
    }

    /// Whether harm can be so bad.
    pub fn has_extent(&self, name: &str) -> bool {
        self.harm.extent.iter().any(|one| one.name == name)
    }

    /// Whether harm can be so likely.
    pub fn has_likelihood(&self, name: &str) -> bool {
        self.harm.likelihood.iter().any(|one| one.name == name)
    }
}

impl Rubric {
    /// The question of this name.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|one| one.id == id)
    }
}

impl Severity {
    /// All of them, the mildest first.
    pub const ALL: [Severity; 3] = [Severity::Minor, Severity::Major, Severity::Critical];

    /// Its name outside.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Minor => "minor",
            Severity::Major => "major",
            Severity::Critical => "critical",
        }
    }
}
