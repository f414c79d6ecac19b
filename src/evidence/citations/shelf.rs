//! The documents of a snapshot as citations name them.
//!
//! A year is an edition's own where its name has one ("Standards of Care 2025" appeared in 2024); where it appeared later
//! than its name says, that year will do as well. Editions that the corpus names and does not hold stand here too, under what is
//! known of the document that replaced them.

use std::collections::{BTreeMap, BTreeSet};

use super::By;
use crate::claim::citation::{Body, Cited, Kind, Named};
use crate::corpus::{VersionFacts, VersionId};
use crate::index::Snapshot;
use crate::language;

/// One version as citations name it.
struct Book {
    publisher: String,
    /// The year of its name, and that of its appearance where that is later.
    years: Vec<i16>,
    url: Option<String>,
    doi: Option<String>,
    pmid: Option<String>,
    code: Option<String>,
    /// Terms of its title.
    title: BTreeSet<String>,
    /// Terms of title, topics and id.
    words: BTreeSet<String>,
    /// The version by which the chain of its editions is known.
    chain: usize,
    /// The same of its edition.
    edition: usize,
}

/// Whether a book is one of those that are looked for.
type Fits<'a> = &'a dyn Fn(&Book) -> bool;

/// All versions that can be cited.
pub(super) struct Shelf {
    books: BTreeMap<VersionId, Book>,
    /// How many books have a term.
    common: BTreeMap<String, usize>,
}

/// Share of a citation's topic that a document must be about, by the weight of its terms.
const TOPIC: f32 = 0.6;
/// Share of a title that an entry or a link must have.
const TITLE: f32 = 0.7;
/// Within this much of the best share two documents fit alike.
const ALIKE: f32 = 0.05;
/// Terms that tell no guideline from another.
const EMPTY: &[&str] = &[
    "guideline",
    "guidelin",
    "recommendation",
    "recommend",
    "statement",
    "clinical",
    "clinic",
    "practice",
    "practic",
    "update",
    "updat",
    "focused",
    "focus",
    "focuse",
    "report",
    "position",
    "consensus",
    "latest",
    "current",
    "joint",
    "force",
    "task",
    "management",
    "manag",
    "adult",
    "patient",
    "people",
    "person",
    "official",
    "evidence",
    "based",
    "new",
    "executive",
    "summary",
    "jama",
    "the",
];

impl Shelf {
    pub(super) fn of(snapshot: &Snapshot) -> Shelf {
        let mut books: BTreeMap<VersionId, Book> = BTreeMap::new();
        for entry in snapshot.entries() {
            books.insert(entry.facts.id.clone(), Book::of(&entry.facts));
        }
        for entry in snapshot.entries() {
            for old in &entry.facts.supersedes {
                if !books.contains_key(old) {
                    books.insert(old.clone(), Book::named(old, &entry.facts));
                }
            }
        }
        let mut shelf = Shelf { common: BTreeMap::new(), books };
        shelf.number(snapshot);
        for book in shelf.books.values() {
            for word in &book.words {
                *shelf.common.entry(word.clone()).or_default() += 1;
            }
        }
        shelf
    }

    /// Gives editions of one document the same number, and forms of one edition.
    fn number(&mut self, snapshot: &Snapshot) {
        let ids: Vec<VersionId> = self.books.keys().cloned().collect();
        let place: BTreeMap<&VersionId, usize> = ids.iter().enumerate().map(|(at, id)| (id, at)).collect();
        let (mut chains, mut editions) = (Groups::new(ids.len()), Groups::new(ids.len()));
        let mut documents = BTreeMap::new();
        for (at, id) in ids.iter().enumerate() {
            chains.join(*documents.entry(id.document()).or_insert(at), at);
            let catalogue = snapshot.catalogue();
            let same = catalogue.same_edition(id).filter_map(|other| place.get(other));
            for other in same {
                editions.join(*other, at);
                chains.join(*other, at);
            }
            for old in catalogue.predecessors(id).into_iter().filter_map(|old| place.get(old)) {
                chains.join(*old, at);
            }
        }
        for (at, book) in self.books.values_mut().enumerate() {
            (book.chain, book.edition) = (chains.of(at), editions.of(at));
        }
    }

    /// The versions that what a citation gives to be followed leads to.
    pub(super) fn by_address(&self, named: &Named) -> Option<(By, Vec<VersionId>)> {
        let url = named.url.as_deref().and_then(address);
        let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
        let ways: [(By, Fits<'_>); 4] = [
            (By::Doi, &|book| same(&book.doi, &named.doi)),
            (By::Pmid, &|book| same(&book.pmid, &named.pmid)),
            (By::Code, &|book| same(&book.code, &named.code)),
            (By::Url, &|book| same(&book.url, &url)),
        ];
        ways.into_iter().find_map(|(by, fits)| {
            let versions: Vec<VersionId> = self.all(fits);
            (!versions.is_empty()).then_some((by, versions))
        })
    }

    /// The versions that one of these bodies published; where some are by more of them, those alone.
    pub(super) fn by_bodies(&self, bodies: &[&'static Body]) -> Vec<VersionId> {
        let of = |book: &Book| bodies.iter().filter(|body| book.publisher.contains(body.publisher)).count();
        let most = self.books.values().map(of).max().unwrap_or_default();
        if most == 0 { Vec::new() } else { self.all(&|book| of(book) == most) }
    }

    /// Of these versions those of one of the years; all of them where no year is named.
    pub(super) fn of_years(&self, versions: &[VersionId], years: &[i16]) -> Vec<VersionId> {
        if years.is_empty() {
            return versions.to_vec();
        }
        let of = |id: &&VersionId, most: usize| {
            self.books.get(*id).is_some_and(|book| book.years.iter().take(most).any(|year| years.contains(year)))
        };
        let own: Vec<VersionId> = versions.iter().filter(|id| of(id, 1)).cloned().collect();
        if own.is_empty() { versions.iter().filter(|id| of(id, 2)).cloned().collect() } else { own }
    }

    /// Whether a citation has words that tell a topic.
    pub(super) fn has_topic(&self, cited: &Cited) -> bool {
        !topic(cited).is_empty()
    }

    /// Of these versions those that a citation's words fit best, where they fit any.
    pub(super) fn by_topic(&self, among: &[VersionId], cited: &Cited) -> Vec<VersionId> {
        let asked = topic(cited);
        if asked.is_empty() {
            return Vec::new();
        }
        // A title may have words of a body's name.
        let said = terms(&cited.named.words);
        let whole = matches!(cited.kind, Kind::Entry | Kind::Link);
        let shares = among.iter().filter_map(|id| {
            let book = self.books.get(id)?;
            let (phrase, title) = (self.share(&asked, &book.words), self.share(&book.title, &said));
            let named = whole && title >= TITLE;
            // A whole title settles it, whatever else an entry says.
            (named || phrase >= TOPIC).then_some((id, [if named { 1.0 } else { phrase }, title]))
        });
        // Of two that are about as much of it, the one that is about less besides.
        let alike = best(best(shares.collect(), 0), 1);
        let alike: Vec<VersionId> = alike.into_iter().map(|(id, _)| id.clone()).collect();
        if !self.is_one(&alike) {
            return alike;
        }
        // Editions of one document differ in their titles: all of them may be meant.
        let chain = alike.first().and_then(|id| self.books.get(id)).map(|book| book.chain);
        among.iter().filter(|id| self.books.get(*id).map(|book| book.chain) == chain).cloned().collect()
    }

    /// Weight of the terms that are in both, of those in the first.
    fn share(&self, of: &BTreeSet<String>, within: &BTreeSet<String>) -> f32 {
        let weight = |term: &String| {
            let count = self.common.get(term).copied().unwrap_or(1).max(1);
            #[expect(clippy::cast_precision_loss, reason = "numbers of documents are small")]
            let rarity = (1.0 + self.books.len() as f32 / count as f32).ln();
            rarity
        };
        let all: f32 = of.iter().map(weight).sum();
        let both: f32 = of.intersection(within).map(weight).sum();
        if all > 0.0 { both / all } else { 0.0 }
    }

    /// Whether these versions are editions of one document.
    pub(super) fn is_one(&self, versions: &[VersionId]) -> bool {
        self.is_same(versions, |book| book.chain)
    }

    /// Whether these versions hold one edition.
    pub(super) fn is_one_edition(&self, versions: &[VersionId]) -> bool {
        self.is_same(versions, |book| book.edition)
    }

    fn is_same(&self, versions: &[VersionId], number: impl Fn(&Book) -> usize) -> bool {
        let numbers: BTreeSet<Option<usize>> = versions.iter().map(|id| self.books.get(id).map(&number)).collect();
        numbers.len() == 1 && !numbers.contains(&None)
    }

    fn all(&self, fits: Fits<'_>) -> Vec<VersionId> {
        self.books.iter().filter(|(_, book)| fits(book)).map(|(id, _)| id.clone()).collect()
    }
}

impl Book {
    fn of(facts: &VersionFacts) -> Book {
        let follow = facts.url.as_deref().map(Named::of_url).unwrap_or_default();
        let title = terms(facts.title.as_deref().unwrap_or_default());
        let id = facts.id.document().as_str().replace(['-', '_', '.'], " ");
        let mut words = terms(&format!("{} {id}", facts.topics.join(" ")));
        words.extend(title.iter().cloned());
        let appeared = facts.published.map(|published| published.year());
        let mut years: Vec<i16> = year(facts.id.version()).or(appeared).into_iter().collect();
        years.extend(appeared.filter(|appeared| years.first().is_some_and(|own| appeared > own)));
        Book {
            publisher: facts.publisher.as_deref().unwrap_or_default().to_lowercase(),
            years,
            url: facts.url.as_deref().and_then(address),
            doi: follow.doi,
            pmid: follow.pmid,
            code: follow.code,
            title,
            words,
            chain: 0,
            edition: 0,
        }
    }

    /// An edition of which the corpus knows what replaced it, and nothing else.
    fn named(id: &VersionId, successor: &VersionFacts) -> Book {
        let years = year(id.version()).into_iter().collect();
        Book { years, url: None, doi: None, pmid: None, code: None, ..Book::of(successor) }
    }
}

/// Those whose share is alike to the best.
fn best(shares: Vec<(&VersionId, [f32; 2])>, which: usize) -> Vec<(&VersionId, [f32; 2])> {
    let share = |one: &(&VersionId, [f32; 2])| one.1.get(which).copied().unwrap_or_default();
    let most = shares.iter().map(share).fold(0.0, f32::max);
    shares.into_iter().filter(|one| share(one) >= most - ALIKE).collect()
}

/// The year with which an edition's name begins.
fn year(version: &str) -> Option<i16> {
    let digits = version.get(..4).filter(|start| start.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok().filter(|year| (1950..2050).contains(year))
}

/// The terms that tell what a text is about.
fn terms(text: &str) -> BTreeSet<String> {
    let all = language::terms(text).into_iter().map(|term| term.text);
    all.filter(|term| !EMPTY.contains(&term.as_str()) && year(term).is_none() && !language::is_stop_word(term))
        .collect()
}

/// The terms of a citation's words without those of its bodies.
fn topic(cited: &Cited) -> BTreeSet<String> {
    let named = &cited.named;
    let mut asked = terms(&named.words);
    for body in &named.bodies {
        // The name of a work that stands for a body is a title.
        let names = body.names.iter().filter(|name| !name.starts_with('+'));
        for name in names.chain([&body.key]) {
            for term in terms(name) {
                asked.remove(&term);
            }
        }
    }
    asked
}

/// An address in the form in which two are compared; `None` where it is the door of a site and leads to no one document.
fn address(url: &str) -> Option<String> {
    let url = url.split('#').next()?.to_ascii_lowercase();
    let url = url.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let url = url.split("?utm_").next()?.trim_end_matches('/');
    let (_, path) = url.split_once('/')?;
    let last = path.rsplit('/').next()?;
    let telling = last.contains(|c: char| c.is_ascii_digit())
        || last.matches(['-', '_']).count() >= 2
        || path.contains("recommendation/");
    telling.then(|| url.to_owned())
}

/// Numbers that stand for groups.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Groups {
        Groups((0..count).collect())
    }

    fn of(&self, mut at: usize) -> usize {
        while let Some(next) = self.0.get(at).filter(|next| **next != at) {
            at = *next;
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        if let Some(place) = self.0.get_mut(one.max(other)) {
            *place = one.min(other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_their_dress() {
        let a = address(
            "https://www.uspreventiveservicestaskforce.org/uspstf/recommendation/abdominal-aortic-aneurysm-screening/",
        );
        let b = address(
            "http://uspreventiveservicestaskforce.org/uspstf/recommendation/abdominal-aortic-aneurysm-screening#a",
        );
        assert!(a.is_some() && a == b);
        for door in ["https://goldcopd.org/", "https://www.who.int/publications", "https://ginasthma.org/reports/"] {
            assert_eq!(address(door), None, "{door}");
        }
    }

    #[test]
    fn groups_join_whatever_the_order() {
        let mut groups = Groups::new(5);
        groups.join(3, 4);
        groups.join(1, 3);
        groups.join(4, 1);
        assert_eq!((0..5).map(|at| groups.of(at)).collect::<Vec<_>>(), [0, 1, 2, 1, 1]);
    }

    #[test]
    fn the_name_of_an_edition_gives_its_year() {
        assert_eq!(
            ["2025", "2026-03-16", "2025-2030", "undated", "v2"].map(year),
            [Some(2025), Some(2026), Some(2025), None, None]
        );
    }
}
