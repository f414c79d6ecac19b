//! What a passage is called: the version that it stands in, and a part that survives changes elsewhere in the text.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{cut, recommendation};
use crate::corpus::{IdError, VersionId, hex};
use crate::document::{Block, BlockKind, Section};

/// A passage of one version: `uspstf-aaa@2019#rec-1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PassageId {
    pub(super) version: VersionId,
    pub(super) part: String,
}

impl PassageId {
    /// The version that the passage stands in.
    pub fn version(&self) -> &VersionId {
        &self.version
    }

    /// The part after `#`: `rec-1` for a numbered recommendation, otherwise `p-` and a digest of heading path and text.
    pub fn part(&self) -> &str {
        &self.part
    }
}

/// Why a string names no passage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassageIdError {
    /// The part before `#` is no version.
    #[error(transparent)]
    Version(#[from] IdError),
    /// There is no proper part after `#`.
    #[error("{0:?} is no passage id: write document@version#part")]
    Part(String),
}

impl FromStr for PassageId {
    type Err = PassageIdError;

    fn from_str(text: &str) -> Result<PassageId, PassageIdError> {
        let fault = || PassageIdError::Part(text.chars().take(200).collect());
        let (version, part) = text.split_once('#').ok_or_else(fault)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if part.is_empty() || part.len() > 80 || !part.chars().all(allowed) {
            return Err(fault());
        }
        Ok(PassageId { version: version.parse()?, part: part.to_owned() })
    }
}

impl TryFrom<String> for PassageId {
    type Error = PassageIdError;

    fn try_from(text: String) -> Result<PassageId, PassageIdError> {
        text.parse()
    }
}

impl From<PassageId> for String {
    fn from(id: PassageId) -> String {
        id.to_string()
    }
}

impl fmt::Display for PassageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.version, self.part)
    }
}

/// The id's last part: the printed number of a recommendation where it is the first with it, a digest otherwise.
///
/// `None` for the same words under the same headings with the same introduction: that is one passage. An equal row of
/// another table, or an equal item of another list, is a passage of its own.
pub(super) fn part(
    section: &Section,
    piece: &cut::Piece<'_>,
    text: &str,
    lead: &str,
    stated: bool,
    seen: &mut BTreeMap<String, String>,
) -> Option<String> {
    let number = match piece.first() {
        Some(Block { kind: BlockKind::ListItem { number: Some(number), .. }, .. }) if stated => Some(number.clone()),
        _ => recommendation::printed_number(text, section.path.last().map(String::as_str)),
    };
    let numbered = number.map(|number| format!("rec-{number}")).filter(|part| !seen.contains_key(part));
    let part = match numbered {
        Some(part) => part,
        None => {
            let plain = digest(section, text, "")?;
            match seen.get(&plain) {
                Some(other) if other == lead => return None,
                Some(_) => digest(section, text, lead).filter(|part| !seen.contains_key(part))?,
                None => plain,
            }
        }
    };
    seen.insert(part.clone(), lead.to_owned());
    Some(part)
}

/// `p-` and ten hexadecimal digits over headings, words and, where needed to tell two apart, the introduction.
fn digest(section: &Section, text: &str, lead: &str) -> Option<String> {
    let mut hasher = Sha256::new();
    for heading in &section.path {
        hasher.update(heading.as_bytes());
        hasher.update(b"\n");
    }
    hasher.update([0]);
    hasher.update(text.as_bytes());
    if !lead.is_empty() {
        hasher.update([0]);
        hasher.update(lead.as_bytes());
    }
    Some(format!("p-{}", hex(&hasher.finalize()).get(..10)?))
}
