//! What a new version of a document says otherwise than the old one.
//!
//! Statements (recommendations, the facts of a digest, the rows of tables) of two versions are paired, see [`pairing`], and
//! each pair is compared: wording, printed grade, direction, population, and the numbers with their units. Running text is
//! compared for the sake of its numbers, so that a dose that changed outside of a recommendation is seen. What this says is
//! about the two texts; whether a change matters is the editor's to judge.

mod moved;
mod numbers;
mod pairing;
mod row;
mod words;

use serde::Serialize;

use crate::passage::{Direction, Grade, Passage, PassageId, PassageKind};
use moved::Sentences;

pub use numbers::NumberChange;
pub use words::{Op, Piece};

/// What a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatementKind {
    /// It recommends.
    Recommendation,
    /// A fact of a digest.
    Fact,
    /// A row of a table that does not recommend.
    TableRow,
    /// Any other passage: running text, a list, a note.
    Passage,
}

impl StatementKind {
    /// All of them, in the order in which they are told.
    pub const ALL: [StatementKind; 4] =
        [StatementKind::Recommendation, StatementKind::Fact, StatementKind::TableRow, StatementKind::Passage];

    /// Whether a passage is of this kind. A fact is what a digest gives a place in the original without recommending.
    fn holds(self, passage: &Passage) -> bool {
        let kind = match passage.kind {
            PassageKind::Recommendation => StatementKind::Recommendation,
            _ if passage.place.is_some() => StatementKind::Fact,
            PassageKind::TableRow => StatementKind::TableRow,
            PassageKind::Paragraph | PassageKind::List | PassageKind::Note => StatementKind::Passage,
        };
        kind == self
    }

    /// Least likeness of a pair. Running text shares many words with its neighbours, and its numbers are not held against
    /// those of a paragraph that only resembles it.
    fn least_likeness(self) -> f64 {
        if self == StatementKind::Passage { 0.5 } else { 0.34 }
    }
}

/// What happened to a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// Both have it, otherwise.
    Changed,
    /// Both have it, alike.
    Unchanged,
}

/// One way in which the two forms of a statement differ.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// The words, old and new in one row.
    Wording(Vec<Piece>),
    /// The printed grade.
    Grade {
        /// As the old version prints it.
        old: Option<Box<Grade>>,
        /// As the new version prints it.
        new: Option<Box<Grade>>,
    },
    /// A number.
    Number(NumberChange),
    /// Which way it points.
    Direction {
        /// In the old version.
        old: Option<Direction>,
        /// In the new version.
        new: Option<Direction>,
    },
    /// Whom it is about, where either version states it apart.
    Population {
        /// In the old version's words.
        old: Option<String>,
        /// In the new version's words.
        new: Option<String>,
    },
}

/// The statement of the other version that is most like one without a counterpart.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// Its passage.
    pub id: PassageId,
    /// How alike they are, of 1.
    pub likeness: f64,
}

/// One statement of either version or of both.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<'a> {
    /// What the statement is.
    pub kind: StatementKind,
    /// What happened to it.
    pub fate: Fate,
    /// Its form in the old version.
    pub old: Option<&'a Passage>,
    /// Its form in the new version.
    pub new: Option<&'a Passage>,
    /// How alike the two forms are, of 1; `None` where there is one form only.
    pub likeness: Option<f64>,
    /// How they differ.
    pub differences: Vec<Difference>,
    /// For a statement without a counterpart: the most like one of the other version, which is another's counterpart.
    /// Where editors joined or split recommendations, it says into which.
    pub nearest: Option<Nearest>,
    /// Whether an editor has to look at it. Of running text that is where a number changed, came or went; of everything else,
    /// where anything did.
    pub of_note: bool,
}

/// How many statements had which fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Counts {
    /// Statements of the old version.
    pub old: usize,
    /// Statements of the new version.
    pub new: usize,
    /// Only in the new version.
    pub added: usize,
    /// Only in the old version.
    pub removed: usize,
    /// In both, otherwise.
    pub changed: usize,
    /// In both, alike.
    pub unchanged: usize,
}

/// Two versions compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision<'a> {
    /// Every statement once, kind by kind: in the new version's order, a removed one after what stood before it.
    pub changes: Vec<Change<'a>>,
    /// Whether there were more statements than are compared ([`pairing::MOST`] of a kind and version).
    pub cut_short: bool,
}

impl Revision<'_> {
    /// How many statements of a kind had which fate.
    pub fn counts(&self, kind: StatementKind) -> Counts {
        let mut counts = Counts::default();
        for change in self.changes.iter().filter(|change| change.kind == kind) {
            counts.old += usize::from(change.old.is_some());
            counts.new += usize::from(change.new.is_some());
            match change.fate {
                Fate::Added => counts.added += 1,
                Fate::Removed => counts.removed += 1,
                Fate::Changed => counts.changed += 1,
                Fate::Unchanged => counts.unchanged += 1,
            }
        }
        counts
    }
}

/// Compares the passages of two versions, each in reading order.
pub fn compare<'a>(old: &'a [Passage], new: &'a [Passage]) -> Revision<'a> {
    let mut revision = Revision { changes: Vec::new(), cut_short: false };
    for kind in StatementKind::ALL {
        let (of_old, of_new) = (statements(old, kind), statements(new, kind));
        revision.cut_short |= of_old.len() > pairing::MOST || of_new.len() > pairing::MOST;
        let (of_old, of_new) = (first(&of_old), first(&of_new));
        let mut changes = changes(kind, of_old, of_new);
        if kind == StatementKind::Passage {
            only_numbers_of_note(&mut changes, &Sentences::of(of_old, old), &Sentences::of(of_new, new));
        }
        revision.changes.extend(changes.into_iter().map(|placed| placed.change));
    }
    revision
}

fn statements(passages: &[Passage], kind: StatementKind) -> Vec<&Passage> {
    passages.iter().filter(|passage| kind.holds(passage)).collect()
}

fn first<'s, 'a>(statements: &'s [&'a Passage]) -> &'s [&'a Passage] {
    statements.get(..pairing::MOST).unwrap_or(statements)
}

/// A statement with its places in the lists of both versions.
struct Placed<'a> {
    old: Option<usize>,
    new: Option<usize>,
    change: Change<'a>,
}

/// Leaves of the numbers of running text those that did not only move into the next passage.
fn only_numbers_of_note(changes: &mut [Placed<'_>], old: &Sentences, new: &Sentences) {
    for Placed { old: at_old, new: at_new, change } in changes {
        if change.fate == Fate::Unchanged {
            continue;
        }
        let staying = |own: &Sentences, at: Option<usize>, passage: Option<&Passage>, other: &Sentences, partner| {
            at.zip(passage).map_or_else(String::new, |(at, passage)| own.staying(at, passage.text(), other, partner))
        };
        let before = staying(old, *at_old, change.old, new, *at_new);
        let after = staying(new, *at_new, change.new, old, *at_old);
        if change.fate == Fate::Changed {
            change.differences.retain(|difference| !matches!(difference, Difference::Number(_)));
            let numbers = numbers::changes(&before, &after).into_iter().map(Difference::Number);
            change.differences.splice(..0, numbers);
        }
        change.of_note = numbers::figures(&before) != numbers::figures(&after)
            || change.differences.iter().any(|difference| matches!(difference, Difference::Number(_)));
    }
}

/// The statements of a kind in both versions, in the new version's order.
fn changes<'a>(kind: StatementKind, old: &[&'a Passage], new: &[&'a Passage]) -> Vec<Placed<'a>> {
    let pairing = pairing::pair(old, new, kind.least_likeness());
    let nearest = |of: Option<(usize, f64)>, among: &[&Passage]| {
        let (at, likeness) = of?;
        among.get(at).map(|passage| Nearest { id: passage.id.clone(), likeness })
    };
    let mut placed = Vec::new();
    let mut partner_of_old = vec![None; old.len()];
    for (at, passage) in new.iter().copied().enumerate() {
        let Some((partner, likeness)) = pairing.of_new.get(at).copied().flatten() else {
            let nearest = nearest(pairing.near_new.get(at).copied().flatten(), old);
            let change = Change { nearest, new: Some(passage), ..alone(kind, Fate::Added) };
            placed.push(((Some(at), 0), Placed { old: None, new: Some(at), change }));
            continue;
        };
        let Some(former) = old.get(partner).copied() else { continue };
        if let Some(slot) = partner_of_old.get_mut(partner) {
            *slot = Some(at);
        }
        let differences = differences(former, passage);
        let fate = if differences.is_empty() { Fate::Unchanged } else { Fate::Changed };
        let likeness = Some(likeness);
        let of_note = fate == Fate::Changed;
        let change =
            Change { old: Some(former), new: Some(passage), likeness, differences, of_note, ..alone(kind, fate) };
        placed.push(((Some(at), 0), Placed { old: Some(partner), new: Some(at), change }));
    }
    let mut after = None;
    for (at, passage) in old.iter().copied().enumerate() {
        if let Some(partner) = partner_of_old.get(at).copied().flatten() {
            after = Some(partner);
            continue;
        }
        let nearest = nearest(pairing.near_old.get(at).copied().flatten(), new);
        let change = Change { nearest, old: Some(passage), ..alone(kind, Fate::Removed) };
        placed.push(((after, at + 1), Placed { old: Some(at), new: None, change }));
    }
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, placed)| placed).collect()
}

fn alone(kind: StatementKind, fate: Fate) -> Change<'static> {
    let (old, new, likeness, nearest) = (None, None, None, None);
    Change { kind, fate, old, new, likeness, differences: Vec::new(), nearest, of_note: true }
}

/// Every way in which two forms of a statement differ; what an editor looks at first comes first.
fn differences(old: &Passage, new: &Passage) -> Vec<Difference> {
    let mut found = Vec::new();
    if old.direction != new.direction {
        found.push(Difference::Direction { old: old.direction, new: new.direction });
    }
    if !same_grade(old.grade.as_ref(), new.grade.as_ref()) {
        found.push(Difference::Grade { old: old.grade.clone().map(Box::new), new: new.grade.clone().map(Box::new) });
    }
    let rows = row::is_row(old.text()) && row::is_row(new.text());
    let numbers = if rows { row::changes } else { numbers::changes };
    found.extend(numbers(old.text(), new.text()).into_iter().map(Difference::Number));
    let (before, after) = (population(old), population(new));
    let differ = before.map(words::folded) != after.map(words::folded);
    if differ && (stands_apart(old) || stands_apart(new)) {
        found.push(Difference::Population { old: before.map(str::to_owned), new: after.map(str::to_owned) });
    }
    if words::folded(old.text()) != words::folded(new.text()) {
        found.push(Difference::Wording(words::difference(old.text(), new.text())));
    }
    found
}

/// Whether two printed grades say the same. What a grade implies for the direction is compared on its own.
fn same_grade(old: Option<&Grade>, new: Option<&Grade>) -> bool {
    let told = |grade: &Grade| {
        [grade.system.as_deref(), Some(&grade.code), grade.strength.as_deref(), grade.certainty.as_deref()]
            .map(|part| part.map(words::folded))
    };
    old.map(told) == new.map(told)
}

fn population(passage: &Passage) -> Option<&str> {
    passage.population.as_ref()?.words.as_deref()
}

/// Whether a population is stated beside the statement, and not in its words: those are compared as words.
fn stands_apart(passage: &Passage) -> bool {
    population(passage).is_some_and(|words| !passage.text().contains(words))
}

#[cfg(test)]
mod tests;
