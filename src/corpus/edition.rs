//! Which editions replaced which, and so what is current on a given day.
//!
//! Order comes from edges that an editor confirmed (`supersedes`, `superseded_by`), never from dates: the newest page is
//! not always the one in force. A date is only asked whether an edition was out yet on the day of an `as_of` request.
//!
//! One edition may stand in the corpus twice: a digest and the guideline itself (`same_edition`). What replaced the one
//! replaced the other.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::currency::{Currency, currency};
use super::{Day, Fault, Status, VersionFacts, VersionId};

/// All versions of a corpus by id, with the edges between them.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    versions: BTreeMap<VersionId, VersionFacts>,
    /// Successors of each version, from both ends' statements; a successor need not be in the corpus.
    successors: BTreeMap<VersionId, BTreeSet<VersionId>>,
    /// Versions that hold the same edition, each with itself; only where there are several.
    editions: BTreeMap<VersionId, BTreeSet<VersionId>>,
    /// Where each version stands as the corpus is; every claim asks this of every version.
    now: BTreeMap<VersionId, Settled>,
}

/// A version's status, and the newest edition that replaces it.
type Settled = (Status, Option<VersionId>);

/// Where a version stands on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its status on that day.
    pub status: Status,
    /// The newest edition that replaces it on that day, directly or through others.
    pub successor: Option<VersionId>,
    /// Whether it was published by then; unknown dates count as published.
    pub in_force: bool,
    /// How far the status can be trusted on that day; `None` for a superseded version.
    pub currency: Option<Currency>,
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
        let editions = joined(&versions);
        let mut catalogue = Catalogue { versions, successors, editions, now: BTreeMap::new() };
        catalogue.now = catalogue.versions.keys().map(|id| (id.clone(), catalogue.settled(id, None))).collect();
        catalogue
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
        let replaced = |new: &BTreeSet<VersionId>| self.edition(id).any(|one| new.contains(one));
        self.successors.iter().filter(|(_, new)| replaced(new)).map(|(old, _)| old).collect()
    }

    /// The other versions that hold the same edition, ordered by id.
    pub fn same_edition(&self, id: &VersionId) -> impl Iterator<Item = &VersionId> {
        self.editions.get(id).into_iter().flatten().filter(move |other| *other != id)
    }

    /// The version and those that hold the same edition.
    fn edition<'a>(&'a self, id: &'a VersionId) -> impl Iterator<Item = &'a VersionId> {
        let several = self.editions.get(id);
        several.into_iter().flatten().chain(several.is_none().then_some(id))
    }

    /// What replaces the edition that `id` holds, directly.
    fn replacements<'a>(&'a self, id: &'a VersionId) -> impl Iterator<Item = &'a VersionId> {
        self.edition(id).filter_map(|one| self.successors.get(one)).flatten()
    }

    /// Where a version stands on a day.
    pub fn standing(&self, id: &VersionId, day: impl Into<Day>) -> Standing {
        let day = day.into();
        let facts = self.versions.get(id);
        let in_force = facts.is_none_or(|facts| is_out(facts, day.cut()));
        let known = if day.cut().is_none() { self.now.get(id).cloned() } else { None };
        let (status, successor) = known.unwrap_or_else(|| self.settled(id, day.cut()));
        let currency = facts.and_then(|facts| currency(facts, status, day.date()));
        Standing { status, successor, in_force, currency }
    }

    /// The status alone of a version on a day, and whether it was published by then: much cheaper than [`Self::standing`].
    pub fn status(&self, id: &VersionId, day: impl Into<Day>) -> (Status, bool) {
        let cut = day.into().cut();
        let in_force = self.versions.get(id).is_none_or(|facts| is_out(facts, cut));
        let known = self.now.get(id).filter(|_| cut.is_none()).map(|(status, _)| *status);
        (known.unwrap_or_else(|| self.settled(id, cut).0), in_force)
    }

    fn settled(&self, id: &VersionId, cut: Option<Date>) -> Settled {
        match self.newest_successor(id, cut) {
            Some(successor) => (Status::Superseded, Some(successor)),
            None => (self.declared(id, cut), None),
        }
    }

    /// What is said of an edition that nothing in the corpus replaces.
    fn declared(&self, id: &VersionId, cut: Option<Date>) -> Status {
        let said = |status| {
            let mut held = self.edition(id).filter_map(|one| self.versions.get(one));
            held.any(|facts| facts.declared_status == Some(status))
        };
        if said(Status::Retired) {
            Status::Retired
        } else if said(Status::Superseded) && (cut.is_none() || self.replacements(id).next().is_none()) {
            // Said to be superseded, by nobody knows what: true today; on an earlier day the edges decide.
            Status::Superseded
        } else {
            Status::Current
        }
    }

    /// Follows the edges to the end of the chain; the last edition that the corpus holds wins over one it only names.
    fn newest_successor(&self, id: &VersionId, cut: Option<Date>) -> Option<VersionId> {
        let mut seen: BTreeSet<&VersionId> = self.edition(id).collect();
        let (mut at, mut best) = (id, None);
        while let Some(next) = self.direct_successor(at, cut, &seen) {
            seen.extend(self.edition(next));
            if self.versions.contains_key(next) || best.is_none() {
                best = Some(next);
            }
            at = next;
        }
        best.cloned()
    }

    /// Every version of every edition that replaces the one `id` holds, on a day, directly or through others.
    pub fn descendants(&self, id: &VersionId, day: impl Into<Day>) -> BTreeSet<VersionId> {
        let cut = day.into().cut();
        let own: BTreeSet<&VersionId> = self.edition(id).collect();
        let mut found: BTreeSet<&VersionId> = BTreeSet::new();
        let mut open = vec![id];
        while let Some(at) = open.pop() {
            for next in self.replacements(at) {
                if !own.contains(next) && self.is_out(next, cut) && found.insert(next) {
                    found.extend(self.edition(next));
                    open.push(next);
                }
            }
        }
        found.into_iter().cloned().collect()
    }

    fn direct_successor<'a>(
        &'a self,
        id: &'a VersionId,
        cut: Option<Date>,
        seen: &BTreeSet<&VersionId>,
    ) -> Option<&'a VersionId> {
        let candidates = self.replacements(id).filter(|new| !seen.contains(new) && self.is_out(new, cut));
        // Of one edition in two forms the one that bears the old one's name is named.
        candidates.max_by_key(|new| (self.versions.contains_key(*new), new.document() == id.document(), *new))
    }

    /// Whether a version had been published by then. One that is named but not held has an unknown date: a day before
    /// today cannot rule it out.
    fn is_out(&self, id: &VersionId, cut: Option<Date>) -> bool {
        self.versions.get(id).is_none_or(|facts| is_out(facts, cut))
    }

    /// Edges that contradict each other or the declared status, as faults of `path_of` the version.
    pub fn faults(&self, path_of: impl Fn(&VersionId) -> std::path::PathBuf) -> Vec<Fault> {
        let mut faults = Vec::new();
        for facts in self.versions.values() {
            let id = &facts.id;
            let successor = self.newest_successor(id, None);
            let message = if self.in_circle(id) {
                format!("{id} supersedes itself through other editions: remove one of the edges")
            } else if let (Some(Status::Current), Some(new)) = (facts.declared_status, &successor) {
                format!("{id} says status = \"current\", but {new} supersedes it: write status = \"superseded\"")
            } else {
                continue;
            };
            faults.push(Fault { path: path_of(id), line: None, message });
        }
        faults
    }

    fn in_circle(&self, id: &VersionId) -> bool {
        let own: BTreeSet<&VersionId> = self.edition(id).collect();
        let mut seen: BTreeSet<&VersionId> = BTreeSet::new();
        let mut open: Vec<&VersionId> = self.replacements(id).collect();
        while let Some(next) = open.pop() {
            if own.contains(next) {
                return true;
            }
            if seen.insert(next) {
                open.extend(self.replacements(next));
            }
        }
        false
    }
}

/// The versions that hold the same edition, from either end's statements.
fn joined(versions: &BTreeMap<VersionId, VersionFacts>) -> BTreeMap<VersionId, BTreeSet<VersionId>> {
    let mut editions: BTreeMap<VersionId, BTreeSet<VersionId>> = BTreeMap::new();
    for facts in versions.values() {
        // A version that is only named holds no text and replaces nothing.
        for other in facts.same_edition.iter().filter(|other| versions.contains_key(*other)) {
            let mut all = BTreeSet::from([facts.id.clone(), other.clone()]);
            for one in [&facts.id, other] {
                all.extend(editions.get(one).into_iter().flatten().cloned());
            }
            for one in &all {
                editions.insert(one.clone(), all.clone());
            }
        }
    }
    editions
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
    fn what_replaced_a_digest_replaced_the_guideline_itself() {
        let same = |mut facts: VersionFacts, other: &str| {
            facts.same_edition = vec![other.parse().expect("a good id")];
            facts
        };
        let catalogue = Catalogue::new([
            version("a@1", "2009", &[]),
            same(version("a-full@1", "2009", &[]), "a@1"),
            version("a@2", "2016", &["a@1"]),
            same(version("a-full@2", "2016", &[]), "a@2"),
        ]);
        assert_eq!(standing(&catalogue, "a-full@1", None), (Status::Superseded, Some("a@2".to_owned()), true));
        assert_eq!(standing(&catalogue, "a-full@2", None), (Status::Current, None, true));
        let names = |ids: BTreeSet<VersionId>| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(names(catalogue.descendants(&"a-full@1".parse().expect("an id"), None)), "a@2 a-full@2");
        assert_eq!(catalogue.faults(|_| "x".into()), []);
        let both = Catalogue::new([
            version("a@1", "2009", &[]),
            version("a@2", "2016", &["a@1"]),
            same(version("a-full@2", "2016", &["a@1"]), "a@2"),
        ]);
        assert_eq!(standing(&both, "a@1", None).1.as_deref(), Some("a@2"));
        let contradiction =
            Catalogue::new([version("a@1", "2009", &[]), same(version("a@2", "2016", &["a@1"]), "a@1")]);
        assert_eq!(contradiction.faults(|_| "x".into()).len(), 2);
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
