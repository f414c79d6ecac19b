//! The citations that a response itself gives: guidelines by body and year, links, DOIs, PMIDs, authors with a year, entries
//! of a reference list; each with what it names and the statements that it is given for.
//!
//! `address` finds what a machine can follow, `named` what a reader must look up, `entries` the lists at the end and the
//! marks that lead to them; here they are joined where they are one citation, and tied to [`super::split()`]'s statements.
//! Everything is a pass with patterns of the `regex` crate, which never goes back, so time is linear in the text. Whether a
//! cited document is held, in force, or says so is not asked here. The rules are for English.

mod address;
pub mod bodies;
mod entries;
mod named;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::split::{self, Statement, split};
use crate::span::{Span, Text};
pub use bodies::Body;

/// Most citations of one response.
pub const MOST_CITATIONS: usize = 300;

/// Why a response's citations cannot be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It cannot be split into statements.
    #[error(transparent)]
    Split(#[from] split::Error),
    /// It gives too many.
    #[error("the text gives more than {MOST_CITATIONS} citations: send it in parts")]
    TooMany,
}

/// How a citation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A bare address.
    Url,
    /// Words with an address behind them, as Markdown has it.
    Link,
    /// A digital object identifier.
    Doi,
    /// A number of PubMed or PubMed Central.
    Pmid,
    /// A guideline by its body, year, title or code: `2017 ACC/AHA hypertension guideline`, `NICE NG136`.
    Guideline,
    /// Authors and a year: `(Smith et al., 2019)`.
    Authors,
    /// An entry of a list of references.
    Entry,
}

impl Kind {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Url => "url",
            Kind::Link => "link",
            Kind::Doi => "doi",
            Kind::Pmid => "pmid",
            Kind::Guideline => "guideline",
            Kind::Authors => "authors",
            Kind::Entry => "reference",
        }
    }
}

/// What a citation names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The bodies, as far as they are known, in the order of the text.
    pub bodies: Vec<&'static Body>,
    /// Years, in the order of the text.
    pub years: Vec<i16>,
    /// Words of a title or a topic, as written; empty where there are none.
    pub words: String,
    /// The DOI, in lower case, from `10.`.
    pub doi: Option<String>,
    /// The PMID, or the PMC number with its letters.
    pub pmid: Option<String>,
    /// A body's own number: `NG136`.
    pub code: Option<String>,
    /// The address.
    pub url: Option<String>,
}

impl Named {
    /// What an address names by itself: a DOI, a PMID, a body's number.
    pub fn of_url(url: &str) -> Named {
        address::of_url(url)
    }
}

/// One citation of a response.
///
/// Its words stand in a response, which may hold patient data: its `Debug` form gives places alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Cited {
    /// Where it stands, in code points.
    pub span: Span,
    /// Its words: the substring of the response at its span.
    pub text: String,
    /// How it is written.
    pub kind: Kind,
    /// What it names.
    pub named: Named,
    /// The statements that it is given for, by their place in [`Found::statements`], in the order of the text.
    pub statements: Vec<usize>,
}

impl std::fmt::Debug for Cited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cited({:?}, {:?})", self.span, self.kind)
    }
}

/// A response's statements and citations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The statements, in the order of the text.
    pub statements: Vec<Statement>,
    /// The citations, in the order of the text; they do not overlap.
    pub cited: Vec<Cited>,
}

/// The citations of a response.
///
/// # Errors
/// [`Error`] where the text is too long, or gives too much.
pub fn find(text: &str) -> Result<Found, Error> {
    let statements = split(text)?;
    let whole = Text::from(text.to_owned());
    let entries = entries::entries(text);
    let mentions = bodies::mentions(text);
    let mut atoms = address::atoms(text);
    atoms.extend(named::atoms(text, &mentions));
    let mut atoms = joined(text, atoms, &entries);
    if atoms.len() > MOST_CITATIONS {
        return Err(Error::TooMany);
    }
    for atom in atoms.iter_mut().filter(|atom| matches!(atom.kind, Kind::Entry | Kind::Link)) {
        atom.publish(&mentions);
    }
    let marks = entries::marks(text, &entries);
    let places = Places::of(&whole, &statements);
    let cited = atoms.into_iter().filter_map(|atom| {
        let span = whole.span_of(atom.range.clone())?;
        let given_for = match atom.entry.and_then(|at| entries.get(at)) {
            Some(entry) => {
                let mine = marks.iter().filter(|mark| entry.label.as_deref() == Some(mark.label.as_str()));
                let mut all: Vec<usize> = mine.filter_map(|mark| places.before(mark.at)).collect();
                all.sort_unstable();
                all.dedup();
                all
            }
            None => places.around(&atom.range).into_iter().collect(),
        };
        let text = text.get(atom.range)?.to_owned();
        Some(Cited { span, text, kind: atom.kind, named: atom.named, statements: given_for })
    });
    let cited = cited.collect();
    Ok(Found { statements, cited })
}

/// A citation at hand, by bytes.
#[derive(Clone, Debug)]
struct Atom {
    range: Range<usize>,
    kind: Kind,
    named: Named,
    /// The entry of a list that it is, by its place.
    entry: Option<usize>,
}

impl Atom {
    fn new(range: Range<usize>, kind: Kind, named: Named) -> Atom {
        Atom { range, kind, named, entry: None }
    }
}

/// Atoms in the order of the text: what lies within another, or follows it as a part of the same citation, is joined to it.
fn joined(text: &str, mut atoms: Vec<Atom>, entries: &[entries::Entry]) -> Vec<Atom> {
    for (at, entry) in entries.iter().enumerate() {
        let named = Named { words: entry.words.clone(), years: entry.years.clone(), ..Named::default() };
        atoms.push(Atom { range: entry.range.clone(), kind: Kind::Entry, named, entry: Some(at) });
    }
    // Of two that begin together the longer comes first, and takes the other in.
    atoms.sort_by_key(|atom| (atom.range.start, std::cmp::Reverse(atom.range.end), atom.kind as u8));
    let mut all: Vec<Atom> = Vec::new();
    for atom in atoms {
        match all.last_mut() {
            Some(last) if atom.range.start < last.range.end || follows(text, last, &atom) => last.take(atom),
            _ => all.push(atom),
        }
    }
    all
}

/// Whether a citation goes on with what follows: `(ADA 2024, https://…)`, `doi:…. PMID: …`.
fn follows(text: &str, first: &Atom, second: &Atom) -> bool {
    let between = text.get(first.range.end..second.range.start).unwrap_or("\n");
    let near =
        between.len() <= 4 && between.chars().all(|c| matches!(c, ' ' | ',' | ':' | '.' | '(' | '–' | '—' | '-'));
    let address = matches!(second.kind, Kind::Url | Kind::Doi | Kind::Pmid);
    let open = match first.kind {
        Kind::Guideline | Kind::Authors => true,
        Kind::Doi | Kind::Pmid => matches!(second.kind, Kind::Doi | Kind::Pmid),
        _ => false,
    };
    // A full stop between a guideline and an address ends the sentence that names it.
    near && address && open && (!between.contains('.') || matches!(first.kind, Kind::Doi | Kind::Pmid))
}

impl Atom {
    /// Adds the bodies that an entry or a link names anywhere: there a name needs nothing beside it.
    fn publish(&mut self, mentions: &[bodies::Mention]) {
        let first = mentions.partition_point(|mention| mention.range.end <= self.range.start);
        let inside = mentions.iter().skip(first).take_while(|mention| mention.range.start < self.range.end);
        for body in inside.flat_map(|mention| mention.bodies.iter().copied()) {
            if !self.named.bodies.contains(&body) {
                self.named.bodies.push(body);
            }
        }
    }

    /// Takes in another that is a part of the same citation.
    fn take(&mut self, other: Atom) {
        self.range.end = self.range.end.max(other.range.end);
        let (own, new) = (&mut self.named, other.named);
        for body in new.bodies {
            if !own.bodies.contains(&body) {
                own.bodies.push(body);
            }
        }
        for year in new.years {
            if !own.years.contains(&year) {
                own.years.push(year);
            }
        }
        if own.words.is_empty() {
            own.words = new.words;
        }
        own.doi = own.doi.take().or(new.doi);
        own.pmid = own.pmid.take().or(new.pmid);
        own.code = own.code.take().or(new.code);
        own.url = own.url.take().or(new.url);
    }
}

/// Where statements stand, in bytes.
struct Places<'s> {
    ranges: Vec<(Range<usize>, &'s Statement)>,
}

impl<'s> Places<'s> {
    fn of(whole: &Text, statements: &'s [Statement]) -> Places<'s> {
        let mut ranges = Vec::with_capacity(statements.len());
        for statement in statements {
            // Spans are of this text, and statements are cut from it.
            let start = whole.slice_clamped(Span::new(0, statement.span().start())).len();
            ranges.push((start..start + statement.text().len(), statement));
        }
        Places { ranges }
    }

    /// The statement that a citation stands in; where that says nothing itself ("Source: …"), the one before it.
    fn around(&self, range: &Range<usize>) -> Option<usize> {
        let at = self.ranges.partition_point(|(own, _)| own.start < range.end).checked_sub(1)?;
        let (own, statement) = self.ranges.get(at)?;
        let words = own.len().saturating_sub(range.len().min(own.len()));
        let inside = own.end > range.start;
        // A statement that is little more than the citation is not what it is given for.
        if inside && statement.is_checkworthy() && words >= FEWEST_BYTES {
            return Some(at);
        }
        let from = if inside { at.checked_sub(1)? } else { at };
        self.checkworthy_before(from)
    }

    /// The statement that ends before a mark, or around it.
    fn before(&self, byte: usize) -> Option<usize> {
        let at = self.ranges.partition_point(|(own, _)| own.start < byte).checked_sub(1)?;
        self.checkworthy_before(at)
    }

    fn checkworthy_before(&self, from: usize) -> Option<usize> {
        let nearest = (from.saturating_sub(FURTHEST)..=from).rev();
        nearest.into_iter().find(|at| self.ranges.get(*at).is_some_and(|(_, statement)| statement.is_checkworthy()))
    }
}

/// Bytes that a statement has beside its citation.
const FEWEST_BYTES: usize = 12;
/// How many statements back one is looked for that a citation may be given for.
const FURTHEST: usize = 2;
