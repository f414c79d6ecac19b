//! What the logs of all packs say together, and the tag that tells one state of a corpus from another.

use sha2::{Digest, Sha256};

use super::history::{self, Event};
use super::{Corpus, DocumentId, Error, VersionId};
use crate::corpus::{Pack, hex};

/// An event, and the pack whose log has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The event.
    pub event: Event,
}

/// What the logs of all packs say about a document or a version, or about everything, in the order of time.
///
/// # Errors
/// [`Error::Unknown`] where `id` is neither a document's nor a version's; [`Error::History`] where a log is damaged or
/// cannot be read.
pub fn events<'a>(corpus: &'a Corpus, id: Option<&str>) -> Result<Vec<Logged<'a>>, Error> {
    let version = id.and_then(|id| id.parse::<VersionId>().ok());
    let document = id.and_then(|id| id.parse::<DocumentId>().ok());
    if id.is_some() && version.is_none() && document.is_none() {
        return Err(Error::unknown(corpus, id.unwrap_or_default()));
    }
    let wanted = |event: &Event| {
        id.is_none() || version.as_ref() == Some(&event.version) || document.as_ref() == Some(event.version.document())
    };
    let mut found = Vec::new();
    for pack in &corpus.packs {
        let events = history::read(&pack.folder)?.into_iter().filter(wanted);
        found.extend(events.map(|event| Logged { pack, event }));
    }
    found.sort_by_key(|logged| logged.event.at);
    Ok(found)
}

/// A tag of the corpus as it is: 32 hexadecimal digits over its bytes and the heads of its logs. It changes with every
/// change of content or sidecar, logged or not, and with every event.
///
/// # Errors
/// [`Error::History`] where the head of a log cannot be read.
pub fn tag(corpus: &Corpus) -> Result<String, Error> {
    let mut hasher = Sha256::new();
    hasher.update(corpus.digest().as_bytes());
    for pack in &corpus.packs {
        hasher.update([0]);
        hasher.update(history::head(&pack.folder)?.unwrap_or_default());
    }
    let mut tag = hex(&hasher.finalize());
    tag.truncate(32);
    Ok(tag)
}
