//! Names of documents and of their versions.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest document id or version, in bytes: ids stand in URLs, file names and citations.
const LONGEST: usize = 120;

/// Why a string is no id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no {what}: use 1 to {LONGEST} of the characters a-z, A-Z, 0-9, dot, hyphen and underscore, starting with a letter or digit"
)]
pub struct IdError {
    what: &'static str,
    text: String,
}

fn check(what: &'static str, text: &str) -> Result<String, IdError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if starts_well && text.len() <= LONGEST && text.chars().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err(IdError { what, text: text.chars().take(LONGEST).collect() })
    }
}

/// A document: one guideline over all of its editions, e.g. `uspstf-aaa`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentId(String);

impl DocumentId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id that a file without a sidecar gets: its stem, with other characters turned into hyphens.
    pub fn from_stem(stem: &str) -> Result<DocumentId, IdError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let mut id: String = stem.chars().map(|c| if allowed(c) { c } else { '-' }).collect();
        id.truncate(LONGEST);
        check("document id", id.trim_start_matches(['-', '.', '_'])).map(DocumentId)
    }
}

impl FromStr for DocumentId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<DocumentId, IdError> {
        check("document id", text).map(DocumentId)
    }
}

impl TryFrom<String> for DocumentId {
    type Error = IdError;

    fn try_from(text: String) -> Result<DocumentId, IdError> {
        text.parse()
    }
}

impl From<DocumentId> for String {
    fn from(id: DocumentId) -> String {
        id.0
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One published edition of a document, written `uspstf-aaa@2019`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VersionId {
    document: DocumentId,
    version: String,
}

impl VersionId {
    /// Joins a document and the name of its edition.
    ///
    /// # Errors
    /// [`IdError`] where `version` has characters that an id may not have.
    pub fn new(document: DocumentId, version: &str) -> Result<VersionId, IdError> {
        Ok(VersionId { document, version: check("version", version)? })
    }

    /// The document.
    pub fn document(&self) -> &DocumentId {
        &self.document
    }

    /// The edition's name within the document, e.g. `2019`.
    pub fn version(&self) -> &str {
        &self.version
    }
}

impl FromStr for VersionId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<VersionId, IdError> {
        match text.split_once('@') {
            Some((document, version)) => VersionId::new(document.parse()?, version),
            None => Err(IdError { what: "version id (document@version)", text: text.chars().take(LONGEST).collect() }),
        }
    }
}

impl TryFrom<String> for VersionId {
    type Error = IdError;

    fn try_from(text: String) -> Result<VersionId, IdError> {
        text.parse()
    }
}

impl From<VersionId> for String {
    fn from(id: VersionId) -> String {
        id.to_string()
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.document, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_safe_in_urls_and_file_names() {
        for good in ["uspstf-aaa", "a", "2021.rules_x", "WHO-2"] {
            assert_eq!(good.parse::<DocumentId>().map(|id| id.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", ".", "../x", "a/b", "a@b", "a#b", "é", "a b", "-a", "a\0", &"a".repeat(121)] {
            assert!(bad.parse::<DocumentId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_version_id_reads_back() {
        let id: VersionId = "uspstf-aaa@2019".parse().expect("a good id");
        assert_eq!((id.document().as_str(), id.version()), ("uspstf-aaa", "2019"));
        assert_eq!(id.to_string(), "uspstf-aaa@2019");
        assert!("uspstf-aaa".parse::<VersionId>().is_err());
        assert!("a@b@c".parse::<VersionId>().is_err());
    }

    #[test]
    fn a_stem_becomes_an_id() {
        assert_eq!(DocumentId::from_stem("My guide (v2)").map(String::from), Ok("My-guide--v2-".to_owned()));
        assert!(DocumentId::from_stem("...").is_err());
    }
}
