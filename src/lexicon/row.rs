//! One row of the lexicon: a fact about words, and where it is written.

use serde::Serialize;

/// Where a row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Number of its file among those of its lexicon.
    pub file: usize,
    /// Line, from 1.
    pub line: usize,
}

/// A fact about words, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it stands.
    pub place: Place,
    /// What it says.
    pub fact: Fact,
    /// The cell of its context words, joined by `|`; empty where it always holds.
    pub(super) context: Box<str>,
    /// The cell of its sources' keys, joined by `|`.
    pub(super) source: Box<str>,
}

impl Row {
    pub(super) fn in_file(mut self, file: usize) -> Row {
        self.place.file = file;
        self
    }

    /// Words one of which must stand nearby for it to hold; none where it always holds.
    pub fn context(&self) -> impl Iterator<Item = &str> {
        values(&self.context)
    }

    /// Keys of the sources against which it was checked.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        values(&self.source)
    }

    /// The words that the row is about: its first column.
    pub fn name(&self) -> &str {
        match &self.fact {
            Fact::Abbreviation { short, .. } => short,
            Fact::Drug { name, .. } => name,
            Fact::Lay { lay, .. } => lay,
            Fact::Same { names } => names.first().map_or("", |name| name),
            Fact::OneWay { from, .. } => from,
        }
    }
}

fn values(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').filter(|value| !value.is_empty())
}

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// `MI` is short for `myocardial infarction`.
    Abbreviation {
        /// The abbreviation, as printed.
        short: Box<str>,
        /// Its words.
        long: Box<str>,
        /// Whether this is its sense where nothing nearby speaks for another.
        common: bool,
    },
    /// What a drug's name stands for.
    Drug {
        /// The name.
        name: Box<str>,
        /// How the two are related.
        relation: Relation,
        /// The other name; ingredients of a combination are joined by ` + `.
        target: Box<str>,
        /// Where it holds; nowhere in particular where empty.
        region: Vec<Region>,
    },
    /// What a patient writes, and what a guideline writes.
    Lay {
        /// The lay words.
        lay: Box<str>,
        /// Clinical words, the most usual first.
        clinical: Vec<Box<str>>,
    },
    /// Names of one thing (an institution's file).
    Same {
        /// The names, two or more.
        names: Vec<Box<str>>,
    },
    /// Words that stand for others, and not the other way round (an institution's file).
    OneWay {
        /// The words.
        from: Box<str>,
        /// What they stand for.
        to: Vec<Box<str>>,
    },
}

/// How a drug's name and another are related.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// A brand of this generic.
    BrandOf,
    /// Another name of this substance.
    SameAs,
    /// A drug of this class.
    MemberOf,
    /// Another name of this class.
    ClassSameAs,
}

impl Relation {
    /// The relation as files write it.
    pub fn name(self) -> &'static str {
        match self {
            Relation::BrandOf => "brand_of",
            Relation::SameAs => "same_as",
            Relation::MemberOf => "member_of",
            Relation::ClassSameAs => "class_same_as",
        }
    }

    pub(super) fn named(name: &str) -> Option<Relation> {
        [Relation::BrandOf, Relation::SameAs, Relation::MemberOf, Relation::ClassSameAs]
            .into_iter()
            .find(|relation| relation.name() == name)
    }
}

/// Where a brand is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Region {
    /// The United States.
    #[serde(rename = "US")]
    Us,
    /// The United Kingdom.
    #[serde(rename = "UK")]
    Uk,
    /// The European Union.
    #[serde(rename = "EU")]
    Eu,
    /// Canada.
    #[serde(rename = "CA")]
    Ca,
    /// Australia.
    #[serde(rename = "AU")]
    Au,
}

impl Region {
    /// All of them, in the order in which files list them.
    pub const ALL: [Region; 5] = [Region::Us, Region::Uk, Region::Eu, Region::Ca, Region::Au];

    /// The region as files write it.
    pub fn name(self) -> &'static str {
        match self {
            Region::Us => "US",
            Region::Uk => "UK",
            Region::Eu => "EU",
            Region::Ca => "CA",
            Region::Au => "AU",
        }
    }

    pub(super) fn named(name: &str) -> Option<Region> {
        Region::ALL.into_iter().find(|region| region.name() == name)
    }

    /// Words that name the region in a claim or around it, as they are written there.
    pub(super) fn words(self) -> &'static [&'static str] {
        match self {
            Region::Us => &["US", "USA", "U.S.", "America", "American", "FDA"],
            Region::Uk => {
                &["UK", "U.K.", "Britain", "British", "England", "Scotland", "Wales", "NHS", "NICE", "BNF", "MHRA"]
            }
            Region::Eu => &["EU", "Europe", "European", "EMA"],
            Region::Ca => &["Canada", "Canadian"],
            Region::Au => &["Australia", "Australian", "TGA"],
        }
    }
}
