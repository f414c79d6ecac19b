//! Disagreement of two passages about a claim: on labelled triples, and over the passages that a claim finds.

use std::path::Path;

use serde::Deserialize;

use super::Error;
use crate::appraise::disagreement::{Disagreement, NAMES};
use crate::claim::Claim;
use crate::evidence;
use crate::index::Snapshot;
use crate::passage::PassageId;

/// A claim with two passages; where these are not named, all that are held against each other for it are asked for.
#[derive(Clone, Deserialize)]
pub struct Triple {
    /// Its id.
    pub id: String,
    /// The claim.
    pub claim: String,
    /// Ids of the two passages.
    #[serde(default)]
    pub passages: Option<[String; 2]>,
    /// Whether they disagree, where a person said so.
    #[serde(default)]
    pub conflict: Option<bool>,
}

/// Two passages held against each other for a claim.
pub struct Held {
    /// Id of the triple.
    pub id: String,
    /// The claim.
    pub claim: String,
    /// Ids of the passages.
    pub passages: [String; 2],
    /// Whether they disagree, where a person said so.
    pub conflict: Option<bool>,
    /// What was found; `None` where they were passed over.
    pub found: Option<Disagreement>,
}

impl Held {
    /// Measures by name, in their order; none of what was passed over.
    pub fn measures(&self) -> Vec<(&'static str, f32)> {
        self.found.iter().flat_map(|found| NAMES.into_iter().zip(found.measures.0)).collect()
    }

    /// Whether a disagreement is told.
    pub fn is_told(&self) -> bool {
        self.found.as_ref().is_some_and(Disagreement::is_told)
    }
}

/// Holds the passages of a JSONL file's lines against each other.
///
/// # Errors
/// [`Error`] names the file, or the line that is no triple.
pub fn held(snapshot: &Snapshot, path: &Path) -> Result<Vec<Held>, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let mut all = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |reason: String| Error::Line { path: path.to_owned(), line: at + 1, reason };
        let triple: Triple = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
        let claim = Claim::new(&triple.claim).map_err(|error| wrong(error.to_string()))?;
        let row = |passages: [String; 2], found| Held {
            id: triple.id.clone(),
            claim: triple.claim.clone(),
            passages,
            conflict: triple.conflict,
            found,
        };
        let Some(named) = &triple.passages else {
            let found = evidence::held_together(snapshot, &claim)?;
            all.extend(found.into_iter().map(|(a, b, found)| row([a.to_string(), b.to_string()], Some(found))));
            continue;
        };
        let id = |name: &String| name.parse::<PassageId>().map_err(|_| wrong(format!("{name:?} is no passage")));
        let found = evidence::disagreement(snapshot, &claim, [&id(&named[0])?, &id(&named[1])?])?;
        all.push(row(named.clone(), found));
    }
    if all.is_empty() {
        return Err(Error::Nothing(path.to_owned()));
    }
    Ok(all)
}

/// How many triples of each label there are, and of how many a disagreement is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Triples that disagree, and those told.
    pub conflicts: [usize; 2],
    /// Triples that do not, and those told all the same.
    pub others: [usize; 2],
    /// Triples without a label, and those told.
    pub unlabelled: [usize; 2],
}

/// Counts.
pub fn figures(all: &[Held]) -> Figures {
    let mut figures = Figures::default();
    for one in all {
        let counts = match one.conflict {
            Some(true) => &mut figures.conflicts,
            Some(false) => &mut figures.others,
            None => &mut figures.unlabelled,
        };
        counts[0] += 1;
        counts[1] += usize::from(one.is_told());
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_passed_over_is_not_told() {
        let held = |conflict| Held {
            id: String::new(),
            claim: String::new(),
            passages: [String::new(), String::new()],
            conflict,
            found: None,
        };
        let figures = figures(&[held(Some(true)), held(Some(false)), held(None)]);
        assert_eq!(figures, Figures { conflicts: [1, 0], others: [1, 0], unlabelled: [1, 0] });
        assert!(held(None).measures().is_empty());
    }
}
