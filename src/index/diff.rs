//! What differs between two snapshots, passage by passage.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Error, Snapshot};
use crate::corpus::VersionId;
use crate::passage::Passage;

/// What differs between two snapshots.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Versions with a difference, ordered by id.
    pub documents: Vec<DocumentDifference>,
    /// Number of versions without one.
    pub unchanged: usize,
}

/// What differs between two readings of one version.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentDifference {
    /// The version.
    pub id: VersionId,
    /// Whether the first snapshot has it.
    pub before: bool,
    /// Whether the second snapshot has it.
    pub after: bool,
    /// Whether what is known of it beside its text differs: its sidecar, or how its reading went.
    pub facts: bool,
    /// Passages that the second snapshot alone has, in reading order.
    pub appeared: Vec<Passage>,
    /// Passages that the first snapshot alone has, in reading order.
    pub vanished: Vec<Passage>,
    /// Passages of the same id with other words, or read in another way: before and after.
    pub changed: Vec<(Passage, Passage)>,
    /// Passages with the same words elsewhere.
    pub moved: Vec<Moved>,
}

/// The same words under another id, heading or page.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// Where they stood.
    pub before: Passage,
    /// Where they stand.
    pub after: Passage,
}

/// Compares two snapshots.
///
/// # Errors
/// [`Error`] where a snapshot cannot be read.
pub fn difference(before: &Snapshot, after: &Snapshot) -> Result<Difference, Error> {
    let ids: BTreeSet<&VersionId> = before.entries().chain(after.entries()).map(|entry| &entry.facts.id).collect();
    let mut found = Difference::default();
    for id in ids {
        match of_version(before, after, id)? {
            Some(document) => found.documents.push(document),
            None => found.unchanged += 1,
        }
    }
    Ok(found)
}

fn of_version(before: &Snapshot, after: &Snapshot, id: &VersionId) -> Result<Option<DocumentDifference>, Error> {
    let (old, new) = (before.entry(id), after.entry(id));
    let mut found = compare(id, before.passages(id)?, after.passages(id)?);
    found.before = old.is_some();
    found.after = new.is_some();
    let facts = |entry: &Entry| (entry.facts.clone(), entry.reading.clone());
    found.facts = old.is_some() && new.is_some() && old.map(facts) != new.map(facts);
    let same = found.before == found.after
        && !found.facts
        && found.appeared.is_empty()
        && found.vanished.is_empty()
        && found.changed.is_empty()
        && found.moved.is_empty();
    Ok((!same).then_some(found))
}

fn compare(id: &VersionId, before: Vec<Passage>, after: Vec<Passage>) -> DocumentDifference {
    let mut found = DocumentDifference {
        id: id.clone(),
        before: true,
        after: true,
        facts: false,
        appeared: Vec::new(),
        vanished: Vec::new(),
        changed: Vec::new(),
        moved: Vec::new(),
    };
    let mut old: BTreeMap<String, Passage> =
        before.into_iter().map(|passage| (passage.id.to_string(), passage)).collect();
    for new in after {
        match old.remove(&new.id.to_string()) {
            None => found.appeared.push(new),
            Some(old) if is_restated(&old, &new) => found.changed.push((old, new)),
            Some(old) if place(&old) != place(&new) => found.moved.push(Moved { before: old, after: new }),
            Some(_) => {}
        }
    }
    found.vanished = old.into_values().collect();
    found.vanished.sort_by_key(Passage::span);
    pair(&mut found);
    found
}

/// Whether the words differ, or what was read of them.
fn is_restated(old: &Passage, new: &Passage) -> bool {
    let (mut old, new) = (old.clone(), new);
    // Where it stands is another question.
    old.quote.clone_from(&if old.text() == new.text() { new.quote.clone() } else { return true });
    old.path.clone_from(&new.path);
    old.page.clone_from(&new.page);
    old.anchor.clone_from(&new.anchor);
    old.place.clone_from(&new.place);
    old != *new
}

/// Where a person would look for it: headings and page, not the count of characters before it.
fn place(passage: &Passage) -> impl PartialEq {
    (passage.path.clone(), passage.page.clone(), passage.place.clone())
}

/// What vanished under one id and appeared under another with the same words has moved.
fn pair(found: &mut DocumentDifference) {
    let mut vanished = std::mem::take(&mut found.vanished);
    for new in std::mem::take(&mut found.appeared) {
        match vanished.iter().position(|old| old.text() == new.text()) {
            Some(at) => found.moved.push(Moved { before: vanished.remove(at), after: new }),
            None => found.appeared.push(new),
        }
    }
    found.vanished = vanished;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::VersionFacts;
    use crate::document::{self, Limits};
    use crate::passage::passages;

    fn cut(text: &str) -> Vec<Passage> {
        let filler = "This line is here so that the document is long enough to be read as one. ".repeat(4);
        let text = format!("{text}\n\n# End\n\n{filler}");
        let document = document::read(crate::corpus::Format::Markdown, text.as_bytes(), &Limits::default());
        passages(&document.expect("a document"), &VersionFacts::bare("a@1".parse().expect("an id")))
    }

    /// Numbers of passages that appeared, vanished, changed and moved.
    fn check(before: &str, after: &str, expected: [usize; 4]) {
        let found = compare(&"a@1".parse().expect("an id"), cut(before), cut(after));
        let counts = [found.appeared.len(), found.vanished.len(), found.changed.len(), found.moved.len()];
        assert_eq!(counts, expected, "{before:?} to {after:?}: {found:#?}");
    }

    #[test]
    fn passages_appear_vanish_change_and_move() {
        let (one, two) = ("# Diet\n\nEat less salt every day.", "# Sleep\n\nSleep for seven hours.");
        check(one, one, [0, 0, 0, 0]);
        check(one, &format!("{one}\n\nDrink some water too."), [1, 0, 0, 0]);
        check(&format!("{one}\n\n{two}"), one, [0, 1, 0, 0]);
        check(one, "# Diet\n\nEat less sugar every day.", [1, 1, 0, 0]);
        check(one, "# Food\n\nEat less salt every day.", [0, 0, 0, 1]);
        check(&format!("{one}\n\n{two}"), &format!("{two}\n\n{one}"), [0, 0, 0, 0]);
        let numbered = "# Advice\n\nRecommendation 1: We recommend aspirin for adults aged 40 to 59 years.";
        check(numbered, &numbered.replace("40", "50"), [0, 0, 1, 0]);
    }
}
