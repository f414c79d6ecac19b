//! A change that was planned and checked, and is not made yet: what a dry run shows.

use std::path::PathBuf;

use super::Error;
use super::history::{self, Actor, Change, Done};

/// Changes of packs, each with its pack's folder. Nothing is written until [`Plan::make`].
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "nothing is written until it is made"]
pub struct Plan {
    changes: Vec<(PathBuf, Change)>,
    notes: Vec<String>,
}

impl Plan {
    pub(super) fn of(changes: Vec<(PathBuf, Change)>, notes: Vec<String>) -> Plan {
        Plan { changes, notes }
    }

    /// The changes in the order in which they are made, each with its pack's folder.
    pub fn changes(&self) -> &[(PathBuf, Change)] {
        &self.changes
    }

    /// What an editor should know: an edition that is only named, an edge that was there.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Makes the changes: all of them or none. A file that has changed since they were planned refuses them.
    ///
    /// # Errors
    /// [`Error::History`]; then nothing was written.
    pub fn make(self, actor: &Actor) -> Result<Done, Error> {
        let mut packs: Vec<(PathBuf, Vec<Change>)> = Vec::new();
        for (folder, change) in self.changes {
            match packs.iter_mut().find(|(other, _)| *other == folder) {
                Some((_, all)) => all.push(change),
                None => packs.push((folder, vec![change])),
            }
        }
        Ok(history::commit(actor, packs)?)
    }
}
