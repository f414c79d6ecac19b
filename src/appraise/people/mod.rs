//! Whom a claim and a passage are about, and where that cannot be the same people.
//!
//! Each side is read once into [`People`]: what its words say of age, sex, pregnancy, kidneys and the other fields, each with the
//! words that say it. [`mismatches`] names the fields that both sides state and that cannot both hold. What one side
//! leaves open is never a mismatch, and nothing here leaves a passage out: it is a flag on the pair.
//!
//! Where a word names a topic ("screening for diabetes", "to prevent a stroke") it is said of nobody, and where a text speaks
//! of several groups its fields say no more than what all of them share: a missing flag costs less than a false one.

mod age;
mod bound;
mod compare;
mod field;
mod frame;
mod gestation;
mod interval;
mod measure;
mod mention;
mod object;
mod summary;
mod token;
mod vocabulary;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::claim::{Claim, Patient};
use crate::language::pattern;
use crate::passage::Population;

pub use compare::{Mismatch, Pointed, mismatches};
pub use field::Field;
pub use interval::Interval;

use field::{FEMALE, Kinds, MALE};
use mention::Manner;
use summary::{Reading, Said, Summary, summary, summary_of_first};

/// Bytes of a claim's context that are read: whom a question is about stands near its beginning.
const CONTEXT: usize = 4_000;
/// Bytes of one part of a passage (its words, a heading, a scope) that are read.
const PART: usize = 20_000;
/// Most conditions of a patient that are read.
const CONDITIONS: usize = 100;

/// Where words were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The claim, or the passage's quotation.
    Text,
    /// What was said around the claim.
    Context,
    /// The person of the request.
    Patient,
    /// The population that the document states for the passage.
    Stated,
    /// A heading above the passage, or what introduces it.
    Heading,
    /// The scope or the title of the document.
    Document,
    /// A sentence on whom the passage or its document does not cover.
    Exclusion,
}

/// Words from which something was read.
///
/// They may hold patient data: the `Debug` form gives their length alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Where they stand.
    pub source: Source,
    /// Bytes of the text that they stand in; of its own words where the request gives a person.
    pub range: Range<usize>,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({:?}, {} bytes)", self.source, self.text.len())
    }
}

/// What is said of one field.
#[derive(Clone, Debug, PartialEq)]
struct Statement {
    reading: Reading,
    words: Words,
    /// What a risk is of; empty where not said.
    object: Object,
    /// "all adults"
    all: bool,
}

impl Statement {
    /// Whether it names fewer kinds than another.
    fn narrows(&self, known: &Statement) -> bool {
        matches!((&known.reading, &self.reading), (Reading::Kinds(known), Reading::Kinds(new)) if new & !known == 0 && new != known)
    }
}

/// What a risk is of. It is a claim's words, so it is not shown.
#[derive(Clone, Default, PartialEq, Eq)]
struct Object(String);

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Object({} bytes)", self.0.len())
    }
}

/// Whom a text is about, and whom it leaves out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct People {
    said: BTreeMap<Field, Statement>,
    left_out: Vec<Vec<(Field, Statement)>>,
}

/// A passage, as far as it says whom it is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// Its quotation.
    pub text: &'a str,
    /// Headings above it, the outermost first.
    pub path: &'a [String],
    /// What introduces it.
    pub lead: Option<&'a str>,
    /// What the document states, or what its words say beyond doubt.
    pub population: Option<&'a Population>,
    /// Sentences on whom it does not cover, its own and the document's.
    pub exclusions: &'a [String],
    /// Whom the document says that it is about, as its sidecar states it.
    pub scope: Option<&'a str>,
    /// The text of the document's scope section, read for whom it leaves out alone: what else it says is of the document.
    pub limits: &'a [&'a str],
    /// Title of the document.
    pub title: Option<&'a str>,
}

/// An age that is named as one, or a number of two digits or three after a word of bounds, with no unit behind it.
static MAY_BE_AGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bage[ds]?\s+(?:of\s+)?\d{2,3}\b|\b(?:between|from|until|till|up to|at|over|under|above|below|after|before|past|by|beyond)\s+\d{2,3}(?:\s*(?:and|to|[-–])\s*\d{2,3})?(?:\s*$|\s*[,.;:)]|\s+(?:and|or|the|it|is|are|should|in|for|to|every|with|without|years?)\b)",
    )
});

impl People {
    /// Whom a claim is about: its own words first, then what was said around it, then the person of the request.
    ///
    /// A person within what the claim names narrows it ("adults", of somebody aged 30); one outside of it does not replace it.
    pub fn of_claim(claim: &Claim) -> People {
        let mut people = People::default();
        people.add(claim.text(), Source::Text, summary(claim.text(), Manner::Free));
        // Whom the claim excepts is not whom it is about, and neither a reason to flag.
        people.left_out.clear();
        if let Some(context) = claim.context() {
            let context = head(context, CONTEXT);
            let mut read = summary(context, Manner::Free);
            read.left_out.clear();
            // "Between 76 and 85 it is an individual decision", "starts at age 50": the claim has its own age, if it does not
            // say that it is one of people.
            if MAY_BE_AGE.is_match(claim.text()) {
                read.said.remove(&Field::Age);
            }
            people.add(context, Source::Context, read);
        }
        if let Some(patient) = claim.patient() {
            for (field, statement) in of_patient(patient) {
                people.narrow(field, statement);
            }
        }
        people
    }

    /// Whom a passage is about: what is stated for it, then its words, then the headings above it, then its document.
    pub fn of_passage(about: &About<'_>) -> People {
        let mut people = People::default();
        if let Some(population) = about.population {
            people.stated(population);
        }
        let text = head(about.text, PART);
        people.add(text, Source::Text, summary_of_first(text, Manner::Free));
        for heading in about.lead.into_iter().chain(about.path.iter().rev().map(String::as_str)) {
            let heading = head(heading, PART);
            people.add(heading, Source::Heading, summary(heading, Manner::Heading));
        }
        if let Some(scope) = about.scope {
            let scope = head(scope, PART);
            people.add(scope, Source::Document, summary_of_first(scope, Manner::Group));
        }
        if let Some(title) = about.title {
            let title = head(title, PART);
            people.add(title, Source::Document, summary(title, Manner::Heading));
        }
        if let Some(title) = about.title.filter(|title| is_screening(title)) {
            people.without_symptoms(title);
        }
        for limit in about.limits {
            let limit = head(limit, PART);
            people.leave_out(limit, Source::Exclusion, summary(limit, Manner::Group).left_out);
        }
        for sentence in about.exclusions {
            let sentence = head(sentence, PART);
            let read = summary(sentence, Manner::Group);
            people.leave_out(sentence, Source::Exclusion, read.left_out);
        }
        people
    }

    /// The words with which a field is stated, where it is.
    pub fn words(&self, field: Field) -> Option<&Words> {
        self.said.get(&field).map(|statement| &statement.words)
    }

    /// The fields that are stated, and the words that state them.
    pub fn stated_fields(&self) -> impl Iterator<Item = (Field, &Words)> {
        self.said.iter().map(|(field, statement)| (*field, &statement.words))
    }

    /// Whether nothing is said of anybody.
    pub fn is_empty(&self) -> bool {
        self.said.is_empty() && self.left_out.is_empty()
    }

    /// Adds what a text says of fields that are still open.
    fn add(&mut self, text: &str, source: Source, read: Summary) {
        for (field, said) in read.said {
            let new = statement(text, source, said);
            match self.said.get(&field) {
                // What is stated for a passage is a rough summary of its words: where these say less, they are meant.
                Some(known)
                    if known.words.source != Source::Stated || source != Source::Text || !new.narrows(known) => {}
                _ => {
                    self.said.insert(field, new);
                }
            }
        }
        self.leave_out(text, source, read.left_out);
    }

    fn leave_out(&mut self, text: &str, source: Source, groups: Vec<Vec<(Field, Said)>>) {
        let stated = |group: Vec<(Field, Said)>| {
            group.into_iter().map(|(field, said)| (field, statement(text, source, said))).collect()
        };
        self.left_out.extend(groups.into_iter().map(stated));
    }

    /// What the document states: its words say more than the attributes do (months, stages), where they say it in numbers.
    fn stated(&mut self, population: &Population) {
        let words = head(population.words.as_deref().unwrap_or_default(), PART);
        self.add(words, Source::Stated, summary(words, Manner::Group));
        let printed = self.said.get(&Field::Age).is_some_and(|age| match &age.reading {
            Reading::Intervals(intervals) => intervals.iter().any(|interval| interval.printed),
            Reading::Kinds(_) => false,
        });
        if let Some((low, high)) = population.age.filter(|_| !printed) {
            let interval = Interval::printed(low.map(f64::from), high.map(|high| f64::from(high) + 1.0));
            let words = own(&years(low, high), Source::Stated);
            let reading = Reading::Intervals(vec![interval]);
            self.said.insert(Field::Age, Statement { reading, words, object: Object::default(), all: false });
        }
        if let Some(kinds) = population.sex.as_deref().and_then(sex) {
            let named = population.sex.clone().unwrap_or_default();
            let words =
                self.said.get(&Field::Sex).map_or_else(|| own(&named, Source::Stated), |said| said.words.clone());
            let reading = Reading::Kinds(kinds);
            self.said.insert(Field::Sex, Statement { reading, words, object: Object::default(), all: false });
        }
        for condition in population.conditions.iter().take(CONDITIONS) {
            let condition = head(condition, PART);
            self.add(condition, Source::Stated, summary(condition, Manner::Group));
        }
    }

    /// Screening is for people without signs and symptoms; a document on nothing else says so in its title.
    fn without_symptoms(&mut self, title: &str) {
        let reading = Reading::Kinds(field::symptoms::NONE);
        let words = own(head(title, PART), Source::Document);
        let statement = Statement { reading, words, object: Object::default(), all: false };
        self.said.entry(Field::Symptoms).or_insert(statement);
    }

    /// Takes a fact about the person where the field is open, or where the claim names a wider group that holds it.
    fn narrow(&mut self, field: Field, statement: Statement) {
        let takes = self.said.get(&field).is_none_or(|named| compare::holds(&named.reading, &statement.reading));
        if takes {
            self.said.insert(field, statement);
        }
    }
}

/// Whether a title names screening and nothing that is done for the sick.
fn is_screening(title: &str) -> bool {
    let title = title.to_lowercase();
    title.contains("screening")
        && !["diagnos", "manage", "treat", "evaluat", "care", "guidelines for", "surveillance"]
            .iter()
            .any(|word| title.contains(word))
}

/// Kinds of sex that a word for it names; `None` for any other word.
fn sex(word: &str) -> Option<Kinds> {
    match word.trim().to_lowercase().as_str() {
        "female" | "f" | "woman" | "girl" => Some(FEMALE),
        "male" | "m" | "man" | "boy" => Some(MALE),
        _ => None,
    }
}

fn of_patient(patient: &Patient) -> BTreeMap<Field, Statement> {
    let mut found = People::default();
    if let Some(age) = patient.age {
        let interval = Interval::printed(Some(f64::from(age)), Some(f64::from(age) + 1.0));
        let reading = Reading::Intervals(vec![interval]);
        let words = own(&format!("{age} years"), Source::Patient);
        found.said.insert(Field::Age, Statement { reading, words, object: Object::default(), all: false });
    }
    if let Some((word, kinds)) = patient.sex.as_deref().and_then(|word| Some((word, sex(word)?))) {
        let statement = Statement {
            reading: Reading::Kinds(kinds),
            words: own(word, Source::Patient),
            object: Object::default(),
            all: false,
        };
        found.said.insert(Field::Sex, statement);
    }
    let mut read: BTreeMap<Field, Statement> = found.said;
    for condition in patient.conditions.iter().take(CONDITIONS) {
        let condition = head(condition, PART);
        for (field, said) in summary(condition, Manner::Record).said {
            let new = statement(condition, Source::Patient, said);
            let both = read.get(&field).map(|known| compare::both(&known.reading, &new.reading));
            match both {
                // Of two facts that do not fit together the first is kept.
                Some(None) => {}
                // "diabetes" and "type 1 diabetes", "hepatitis" and "no fibrosis": who is meant is both.
                Some(Some(reading)) => {
                    read.insert(field, Statement { reading, ..new });
                }
                None => {
                    read.insert(field, new);
                }
            }
        }
    }
    read
}

fn statement(text: &str, source: Source, said: Said) -> Statement {
    let words = Words { text: text.get(said.range.clone()).unwrap_or_default().to_owned(), source, range: said.range };
    Statement { reading: said.reading, words, object: Object(said.object), all: said.all }
}

fn own(text: &str, source: Source) -> Words {
    Words { text: text.to_owned(), source, range: 0..text.len() }
}

fn years(low: Option<u8>, high: Option<u8>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("{low} or older"),
        (None, Some(high)) => format!("{high} or younger"),
        (None, None) => String::new(),
    }
}

/// The beginning of a text, at most `bytes` long, cut between two characters.
fn head(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
