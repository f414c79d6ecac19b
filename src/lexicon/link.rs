//! Rows as links: from a name, in whichever of its columns it stands, to other words.

use std::collections::{BTreeMap, BTreeSet};

use super::Kind;
use super::hash::Map;
use super::matcher::{By, Match, Names};
use super::ordinary::is_ordinary;
use super::row::{Fact, Region, Relation, Row};

/// What separates the ingredients of a combination.
const JOINT: &str = " + ";
/// Most other names of one thing that are followed.
const MOST_NAMES: usize = 12;
/// Most lay words or abbreviations kept for one clinical name; no claim gets more than a few of them.
const MOST_BACK: usize = 8;
/// Most brands kept for one generic name, those of the United States first: guidelines rarely name any.
const MOST_BRANDS: usize = 2;

/// How it is decided whether a link holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It is one of an abbreviation's senses.
    Sense,
    /// It is one of a brand's products.
    Product,
    /// It holds where the row's context does.
    Guarded,
}

/// One way from a name to other words.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) to: Box<str>,
    pub(super) kind: Kind,
    pub(super) weight: f32,
    pub(super) role: Role,
    /// Number of its row.
    pub(super) row: u32,
    /// Whether the name counts only as the row prints it, since in lower case it is an ordinary word.
    pub(super) as_printed: bool,
}

/// All links, and the names that lead to them.
#[derive(Debug, Default)]
pub(super) struct Links {
    all: Vec<Link>,
    pub(super) names: Names,
}

impl Links {
    pub(super) fn of(rows: &[Row]) -> Links {
        let mut links = Links::default();
        links.all.reserve(4 * rows.len());
        links.names.reserve(4 * rows.len());
        let drugs = Drugs::of(rows);
        let senses = senses(rows);
        let mut back: Vec<Back<'_>> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let row_number = at as u32;
            match &row.fact {
                Fact::Abbreviation { short, long, .. } => {
                    let as_printed = by_print(short);
                    let link = |to, weight| Link {
                        to,
                        kind: Kind::Abbreviation,
                        weight,
                        role: Role::Sense,
                        row: row_number,
                        as_printed,
                    };
                    links.add(short, By::Writing, link(long.clone(), 0.8));
                    // In the index there is no case: "ALL" would be "all".
                    // One word says it well enough: "treatment" needs no "Tx".
                    if !as_printed && long.contains([' ', '-']) {
                        let sole = senses.get(&short.to_lowercase()).is_none_or(|senses| senses.len() == 1);
                        back.push((
                            0,
                            long,
                            short.clone(),
                            Kind::Abbreviation,
                            if sole { 0.5 } else { 0.3 },
                            row_number,
                        ));
                    }
                }
                Fact::Drug { name, relation, target, region } => {
                    drug(&mut links, &mut back, &drugs, (row_number, name, *relation, target, region));
                }
                Fact::Lay { lay, clinical } => {
                    for (at, (to, weight)) in clinical.iter().zip([0.7, 0.6, 0.5, 0.4]).enumerate() {
                        links.plain(lay, to, Kind::Lay, weight, row_number);
                        if row.context.is_empty() {
                            back.push((at + 1, to, lay.clone(), Kind::Lay, 0.35, row_number));
                        }
                    }
                }
                Fact::Same { names } => {
                    for from in names {
                        for to in names.iter().filter(|to| *to != from) {
                            links.plain(from, to, Kind::Synonym, 0.8, row_number);
                        }
                    }
                }
                Fact::OneWay { from, to } => {
                    for to in to {
                        links.plain(from, to, Kind::Synonym, 0.8, row_number);
                    }
                }
            }
        }
        links.add_back(back);
        links.names.seal();
        links
    }

    pub(super) fn link(&self, number: u32) -> &Link {
        &self.all[number as usize]
    }

    /// Numbers of the links to which a name leads.
    pub(super) fn links_of(&self, found: Match) -> impl Iterator<Item = u32> + '_ {
        self.names.links(found).iter().copied()
    }

    fn add(&mut self, name: &str, by: By, link: Link) {
        let number = self.all.len() as u32;
        self.all.push(link);
        self.names.add(name, by, number);
    }

    fn plain(&mut self, from: &str, to: &str, kind: Kind, weight: f32, row: u32) {
        let link = Link { to: to.into(), kind, weight, role: Role::Guarded, row, as_printed: false };
        self.add(from, By::Inflection, link);
    }

    /// Links from the second column to the first: of many, those where the name is the most usual equivalent.
    fn add_back(&mut self, mut back: Vec<Back<'_>>) {
        back.sort_by_key(|(rank, ..)| *rank);
        let mut counts: Map<(&str, Kind), usize> = Map::default();
        counts.reserve(back.len());
        for (_, from, to, kind, weight, row) in back {
            let count = counts.entry((from, kind)).or_default();
            *count += 1;
            if *count <= if kind == Kind::Brand { MOST_BRANDS } else { MOST_BACK } {
                // The clinical name says itself what is meant; the row's context is for the other direction.
                let link = Link { to, kind, weight, role: Role::Guarded, row, as_printed: false };
                let number = self.all.len() as u32;
                self.all.push(link);
                self.names.add(from, By::Inflection, number);
            }
        }
    }
}

/// A link from the second column to the first: rank, from, to, kind, weight, row.
type Back<'a> = (usize, &'a str, Box<str>, Kind, f32, u32);

/// Whether a name counts only as printed: an ordinary word in lower case, or a single letter.
fn by_print(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.chars().count() == 1 || is_ordinary(&lower)
}

/// Distinct senses of each abbreviation, by its lower case.
pub(super) fn senses(rows: &[Row]) -> Map<String, BTreeSet<String>> {
    let mut found: Map<String, BTreeSet<String>> = Map::default();
    for row in rows {
        if let Fact::Abbreviation { short, long, .. } = &row.fact {
            found.entry(short.to_lowercase()).or_default().insert(long.to_lowercase());
        }
    }
    found
}

/// What is known of drugs across rows.
struct Drugs<'a> {
    /// Names of one substance or of one class.
    groups: Map<&'a str, Vec<&'a str>>,
    classes: Map<&'a str, Vec<&'a str>>,
    /// Products of each brand.
    products: Map<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Drugs<'a> {
    fn of(rows: &'a [Row]) -> Drugs<'a> {
        let mut same: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut drugs = Drugs { groups: Map::default(), classes: Map::default(), products: Map::default() };
        for row in rows {
            let Fact::Drug { name, relation, target, .. } = &row.fact else { continue };
            match relation {
                Relation::SameAs | Relation::ClassSameAs => {
                    same.entry(name).or_default().push(target);
                    same.entry(target).or_default().push(name);
                }
                Relation::MemberOf => drugs.classes.entry(name).or_default().push(target),
                Relation::BrandOf => {
                    drugs.products.entry(name).or_default().insert(target);
                }
            }
        }
        for start in same.keys() {
            let mut group = vec![*start];
            let mut at = 0;
            while at < group.len() && group.len() < MOST_NAMES {
                for next in &same[group[at]] {
                    if !group.contains(next) {
                        group.push(next);
                    }
                }
                at += 1;
            }
            group.remove(0);
            drugs.groups.insert(start, group);
        }
        drugs
    }

    fn others(&self, name: &str) -> &[&'a str] {
        self.groups.get(name).map_or(&[], Vec::as_slice)
    }

    /// Classes of a substance, also those recorded under another of its names.
    fn classes(&self, name: &str) -> Vec<&'a str> {
        let mut found: Vec<&str> = Vec::new();
        for name in [name].into_iter().chain(self.others(name).iter().copied()) {
            for class in self.classes.get(name).map_or(&[][..], Vec::as_slice) {
                if !found.contains(class) {
                    found.push(class);
                }
            }
        }
        found
    }
}

fn drug<'a>(
    links: &mut Links,
    back: &mut Vec<Back<'a>>,
    drugs: &Drugs<'a>,
    (row, name, relation, target, region): (u32, &'a str, Relation, &'a str, &[Region]),
) {
    match relation {
        Relation::BrandOf => {
            let as_printed = by_print(name);
            let product =
                |to: &str, kind, weight| Link { to: to.into(), kind, weight, role: Role::Product, row, as_printed };
            links.add(name, By::Writing, product(target, Kind::Brand, 0.9));
            if target.contains(JOINT) {
                for part in target.split(JOINT) {
                    links.add(name, By::Writing, product(part, Kind::Brand, 0.4));
                }
                return;
            }
            for other in drugs.others(target) {
                links.add(name, By::Writing, product(other, Kind::Brand, 0.85));
            }
            for class in drugs.classes(target) {
                links.add(name, By::Writing, product(class, Kind::Class, 0.3));
            }
            if !as_printed && drugs.products.get(name).is_none_or(|products| products.len() == 1) {
                let here = region.is_empty() || region.contains(&Region::Us);
                back.push((usize::from(!here), target, name.into(), Kind::Brand, 0.3, row));
            }
        }
        Relation::SameAs | Relation::ClassSameAs => {
            let (weight, further) = if relation == Relation::SameAs { (0.9, 0.85) } else { (0.8, 0.75) };
            links.plain(name, target, Kind::Synonym, weight, row);
            links.plain(target, name, Kind::Synonym, weight, row);
            // Names of one thing are equal, so a name that two rows join to the same third one is no second step.
            for other in drugs.others(target).iter().filter(|other| **other != name) {
                links.plain(name, other, Kind::Synonym, further, row);
            }
        }
        Relation::MemberOf => {
            for name in [name].into_iter().chain(drugs.others(name).iter().copied()) {
                links.plain(name, target, Kind::Class, 0.35, row);
            }
        }
    }
}
