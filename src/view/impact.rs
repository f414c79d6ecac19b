//! The snapshot in use as the review store asks about it: which verdicts rest on what has changed.

use sha2::{Digest, Sha256};

use super::citation::reader_link;
use crate::claim::Claim;
use crate::corpus::{Status, VersionId, hex};
use crate::evidence::{self, Options};
use crate::index::Snapshot;
use crate::passage::PassageId;
use crate::review::store::{InUse, ReplacingPassage, Standing};

/// Passages among which the replacement's best one is looked for.
const LOOKED_AT: usize = 20;

/// A snapshot, asked what has become of editions and passages.
#[derive(Clone, Copy, Debug)]
pub struct SnapshotInUse<'a>(pub &'a Snapshot);

impl InUse for SnapshotInUse<'_> {
    fn standing(&self, version: &str) -> Standing {
        let SnapshotInUse(snapshot) = self;
        let known = version.parse::<VersionId>().ok().filter(|id| snapshot.entry(id).is_some());
        let Some(id) = known else { return Standing::Gone };
        let standing = snapshot.catalogue().standing(&id, None::<jiff::civil::Date>);
        match standing.status {
            Status::Current => Standing::InForce,
            Status::Superseded => Standing::Superseded(standing.successor.map(|by| by.to_string())),
            Status::Retired => Standing::Retired,
        }
    }

    fn passage_sha256(&self, passage: &str) -> Option<String> {
        let id: PassageId = passage.parse().ok()?;
        let found = self.0.passage(&id).ok()??;
        Some(hex(&Sha256::digest(found.text().as_bytes())))
    }

    fn replacement(&self, _: &str, by: &str, claim: &str) -> Option<ReplacingPassage> {
        let claim = Claim::new(claim).ok()?;
        let options = Options { k: LOOKED_AT, hints: false, ..Options::default() };
        let found = evidence::gather(self.0, &claim, &options).ok()?;
        let best = found.passages.into_iter().find(|one| one.found.passage.id.version().to_string() == by)?;
        let id = &best.found.passage.id;
        Some(ReplacingPassage { passage: id.to_string(), reader: reader_link(id) })
    }
}
