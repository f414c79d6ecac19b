//! Which editions replaced which, and so what is current on a given day.
//!
//! Order comes from edges that an editor confirmed (`supersedes`, `superseded_by`), never from dates: the newest page is
//! not always the one in force. A date is only asked whether an edition was out yet on the day of an `as_of` request.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Fault, Status, VersionFacts, VersionId};

/// All versions of a corpus by id, with the edges between them.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    versions: BTreeMap<VersionId, VersionFacts>,
    /// Successors of each version, from both ends' statements; a successor need not be in the corpus.
    successors: BTreeMap<VersionId, BTreeSet<VersionId>>,
}

/// Where a version stands on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its status on that day.
    pub status: Status,
    /// The newest edition that replaces it on that day, directly or through others.
    pub successor: Option<VersionId>,
    /// Whether it was published by then; unknown dates count as published.
    pub in_force: bool,
}

impl Catalogue {
    /// Collects versions and joins the edges that either end states.
    pub fn new(versions: impl IntoIterator<Item = VersionFacts>) -> Catalogue {
        let versions: BTreeMap<_, _> = versions.into_iter().map(|facts| (facts.id.clone(), facts)).collect();
        let mut successors: BTreeMap<VersionId, BTreeSet<VersionId>> = BTreeMap::new();
        for facts in versions.values() {
            for old in &facts.supersedes {
                successors.entry(old.clone()).or_default().insert(facts.id.clone());
            }
            if let Some(new) = &facts.superseded_by {
                successors.entry(facts.id.clone()).or_default().insert(new.clone());
            }
        }
        Catalogue { versions, successors }
    }

    /// All versions, ordered by id.
    pub fn versions(&self) -> impl Iterator<Item = &VersionFacts> {
        self.versions.values()
    }

    /// One version.
    pub fn get(&self, id: &VersionId) -> Option<&VersionFacts> {
        self.versions.get(id)
    }

    /// Versions that `id` replaces, directly.
    pub fn predecessors(&self, id: &VersionId) -> Vec<&VersionId> {
        self.successors.iter().filter(|(_, new)| new.contains(id)).map(|(old, _)| old).collect()
    }

    /// Where a version stands on `day`, or today's state of the corpus without one.
    pub fn standing(&self, id: &VersionId, day: Option<Date>) -> Standing {
        let facts = self.versions.get(id);
        let in_force = facts.is_none_or(|facts| is_out(facts, day));
        let successor = self.newest_successor(id, day);
        let declared = facts.and_then(|facts| facts.declared_status);
        let status = match (&successor, declared) {
            (Some(_), _) => Status::Superseded,
            (None, Some(Status::Retired)) => Status::Retired,
            // Said to be superseded, by nobody knows what: true today; on an earlier day the edges decide.
            (None, Some(Status::Superseded))
                if day.is_none() || self.successors.get(id).is_none_or(BTreeSet::is_empty) =>
            {
                Status::Superseded
            }
            _ => Status::Current,
        };
        Standing { status, successor, in_force }
    }

    /// Follows the edges to the end of the chain; the last edition that the corpus holds wins over one it only names.
    fn newest_successor(&self, id: &VersionId, day: Option<Date>) -> Option<VersionId> {
        let mut seen = BTreeSet::from([id.clone()]);
        let (mut at, mut best) = (id.clone(), None);
        while let Some(next) = self.direct_successor(&at, day, &seen) {
            seen.insert(next.clone());
            let held = self.versions.contains_key(&next);
            if held || best.is_none() {
                best = Some(next.clone());
            }
            at = next;
        }
        best
    }

    /// Every edition that replaces `id` on `day`, directly or through others.
    pub fn descendants(&self, id: &VersionId, day: Option<Date>) -> BTreeSet<VersionId> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&VersionId> = vec![id];
        while let Some(at) = open.pop() {
            for next in self.successors.get(at).into_iter().flatten() {
                let out = self.versions.get(next).is_none_or(|facts| is_out(facts, day));
                if out && next != id && found.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        found
    }

    fn direct_successor(&self, id: &VersionId, day: Option<Date>, seen: &BTreeSet<VersionId>) -> Option<VersionId> {
        let out = |new: &&VersionId| match self.versions.get(*new) {
            Some(facts) => is_out(facts, day),
            // Named but not held: its date is unknown, so an `as_of` day before today cannot rule it out.
            None => true,
        };
        let candidates = self.successors.get(id)?.iter().filter(|new| !seen.contains(*new)).filter(out);
        candidates.max_by_key(|new| (self.versions.contains_key(*new), *new)).cloned()
    }

    /// Edges that contradict each other or the declared status, as faults of `path_of` the version.
    pub fn faults(&self, path_of: impl Fn(&VersionId) -> std::path::PathBuf) -> Vec<Fault> {
        let mut faults = Vec::new();
        for facts in self.versions.values() {
            let id = &facts.id;
            let standing = self.standing(id, None);
            if self.in_circle(id) {
                let message = format!("{id} supersedes itself through other editions: remove one of the edges");
                faults.push(Fault { path: path_of(id), line: None, message });
            } else if let (Status::Superseded, Some(Status::Current), Some(new)) =
                (standing.status, facts.declared_status, &standing.successor)
            {
                let message =
                    format!("{id} says status = \"current\", but {new} supersedes it: write status = \"superseded\"");
                faults.push(Fault { path: path_of(id), line: None, message });
            }
        }
        faults
    }

    fn in_circle(&self, id: &VersionId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&VersionId> = self.successors.get(id).into_iter().flatten().collect();
        while let Some(next) = open.pop() {
            if next == id {
                return true;
            }
            if seen.insert(next) {
                open.extend(self.successors.get(next).into_iter().flatten());
            }
        }
        false
    }
}

fn is_out(facts: &VersionFacts, day: Option<Date>) -> bool {
    match (facts.published, day) {
        (Some(published), Some(day)) => published.first_day() <= day,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn version(id: &str, published: &str, supersedes: &[&str]) -> VersionFacts {
        let parse = |id: &str| id.parse::<VersionId>().expect("a good id");
        VersionFacts {
            published: published.parse().ok(),
            supersedes: supersedes.iter().map(|id| parse(id)).collect(),
            ..VersionFacts::bare(parse(id))
        }
    }

    fn standing(catalogue: &Catalogue, id: &str, day: Option<Date>) -> (Status, Option<String>, bool) {
        let standing = catalogue.standing(&id.parse().expect("a good id"), day);
        (standing.status, standing.successor.map(|id| id.to_string()), standing.in_force)
    }

    #[test]
    fn a_chain_ends_at_its_newest_edition() {
        let all =
            [version("a@1", "2009", &[]), version("a@2", "2016", &["a@1"]), version("a@3", "2022-04-26", &["a@2"])];
        let catalogue = Catalogue::new(all);
        assert_eq!(standing(&catalogue, "a@1", None), (Status::Superseded, Some("a@3".to_owned()), true));
        assert_eq!(standing(&catalogue, "a@3", None), (Status::Current, None, true));
    }

    #[test]
    fn a_day_decides_what_was_out() {
        let catalogue = Catalogue::new([version("a@2", "2016", &[]), version("a@3", "2022-04-26", &["a@2"])]);
        let before = Some(date(2022, 4, 25));
        assert_eq!(standing(&catalogue, "a@2", before), (Status::Current, None, true));
        assert_eq!(standing(&catalogue, "a@3", before), (Status::Current, None, false));
        assert_eq!(standing(&catalogue, "a@2", Some(date(2022, 4, 26))).0, Status::Superseded);
    }

    #[test]
    fn dates_alone_never_order_editions() {
        let catalogue = Catalogue::new([version("a@1", "2009", &[]), version("a@2", "2016", &[])]);
        assert_eq!(standing(&catalogue, "a@1", None).0, Status::Current);
    }

    #[test]
    fn a_circle_ends_and_is_a_fault() {
        let catalogue = Catalogue::new([version("a@1", "2009", &["a@2"]), version("a@2", "2016", &["a@1"])]);
        assert_eq!(standing(&catalogue, "a@1", None).0, Status::Superseded);
        assert_eq!(catalogue.faults(|_| "x".into()).len(), 2);
    }

    #[test]
    fn a_successor_outside_the_corpus_is_still_named() {
        let mut old = version("a@1", "2009", &[]);
        old.superseded_by = "a@2".parse().ok();
        let catalogue = Catalogue::new([old]);
        assert_eq!(standing(&catalogue, "a@1", None), (Status::Superseded, Some("a@2".to_owned()), true));
    }
}
