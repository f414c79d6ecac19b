//! The table of opposites, `opposites.tsv`: pairs of words of which one says the contrary of the other.
//!
//! A pair has a kind, and in all kinds but `other` the words of the left column share a side: "raise" and "improve" can
//! so be compared with "lower", though no line of the table joins them.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::language::english_stem;

/// In which way the words of a pair are opposites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// More against less.
    Direction,
    /// Much against little.
    Degree,
    /// Good against bad.
    Benefit,
    /// Linked against not linked.
    Relation,
    /// For against against.
    Advice,
}

impl Kind {
    /// `None` of a kind whose pairs have no side.
    fn named(name: &str) -> Option<Kind> {
        Some(match name {
            "direction" => Kind::Direction,
            "degree" => Kind::Degree,
            "benefit" => Kind::Benefit,
            "relation" => Kind::Relation,
            "advice" => Kind::Advice,
            _ => return None,
        })
    }
}

/// A stem's sides, 1 for the left column and -1 for the right, by kind in the order of the table.
pub(super) type Signs = Vec<(Kind, i8)>;

/// The table by stems.
#[derive(Debug, Default)]
pub(super) struct Opposites {
    /// Each stem that stands in the table, with its number.
    numbers: HashMap<String, u16>,
    /// By number; a stem that stands on both sides of a kind has no sign in it.
    signs: Vec<Signs>,
    /// Numbers of the stems of each pair, in both orders.
    pairs: HashSet<(u16, u16)>,
}

impl Opposites {
    /// The table that is part of the program.
    pub(super) fn embedded() -> &'static Opposites {
        static TABLE: OnceLock<Opposites> = OnceLock::new();
        TABLE.get_or_init(|| Opposites::parse(include_str!("../opposites.tsv")))
    }

    /// Reads lines `kind left right` below a header; other lines are left out, which a test keeps from happening.
    fn parse(text: &str) -> Opposites {
        let mut table = Opposites::default();
        let mut votes: Vec<Vec<(Kind, Vec<i8>)>> = Vec::new();
        for line in text.lines().skip(1) {
            let mut cells = line.split('\t');
            let (Some(kind), Some(left), Some(right)) = (cells.next(), cells.next(), cells.next()) else { continue };
            let (left, right) = (table.number(left), table.number(right));
            table.pairs.extend([(left, right), (right, left)]);
            votes.resize(table.numbers.len(), Vec::new());
            let Some(kind) = Kind::named(kind) else { continue };
            for (number, side) in [(left, 1), (right, -1)] {
                let Some(kinds) = votes.get_mut(usize::from(number)) else { continue };
                match kinds.iter_mut().find(|(one, _)| *one == kind) {
                    Some((_, sides)) => sides.push(side),
                    None => kinds.push((kind, vec![side])),
                }
            }
        }
        let agreed = |(kind, sides): &(Kind, Vec<i8>)| {
            let first = *sides.first()?;
            sides.iter().all(|side| *side == first).then_some((*kind, first))
        };
        table.signs = votes.iter().map(|kinds| kinds.iter().filter_map(agreed).collect()).collect();
        table
    }

    fn number(&mut self, word: &str) -> u16 {
        let next = u16::try_from(self.numbers.len()).unwrap_or(u16::MAX);
        *self.numbers.entry(english_stem(word)).or_insert(next)
    }

    /// The number of a stem that stands in the table.
    pub(super) fn find(&self, stem: &str) -> Option<u16> {
        self.numbers.get(stem).copied()
    }

    /// The sides of a stem, by its number.
    pub(super) fn signs(&self, number: u16) -> &[(Kind, i8)] {
        self.signs.get(usize::from(number)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether the table has two stems as a pair.
    pub(super) fn is_pair(&self, one: u16, other: u16) -> bool {
        self.pairs.contains(&(one, other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let text = include_str!("../opposites.tsv");
        assert_eq!(text.lines().next(), Some("kind\tleft\tright"));
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            assert!(cells.len() == 3 && cells.iter().all(|cell| !cell.is_empty()), "{line:?}");
            assert!(Kind::named(cells[0]).is_some() || cells[0] == "other", "{line:?}");
        }
        assert!(Opposites::embedded().pairs.len() > 900);
    }

    #[test]
    fn words_have_the_side_of_their_column() {
        let table = Opposites::embedded();
        let sign = |word: &str, kind: Kind| {
            let signs = table.signs(table.find(&english_stem(word)).expect("in the table"));
            signs.iter().find(|(one, _)| *one == kind).map(|(_, side)| *side)
        };
        assert_eq!((sign("increases", Kind::Direction), sign("lowered", Kind::Direction)), (Some(1), Some(-1)));
        let number = |word: &str| table.find(&english_stem(word)).expect("in the table");
        assert!(table.is_pair(number("increase"), number("decrease")));
        assert!(!table.is_pair(number("increase"), number("raise")));
        assert_eq!(table.find("aspirin"), None);
    }

    #[test]
    fn a_stem_on_both_sides_has_no_sign() {
        let table = Opposites::parse("kind\tleft\tright\ndirection\tup\tdown\ndirection\tdown\tflat\nbenefit\tup\tbad");
        let signs = |word: &str| table.signs(table.find(word).expect("in the table"));
        assert_eq!(signs("up"), [(Kind::Direction, 1), (Kind::Benefit, 1)]);
        assert_eq!(signs("down"), []);
        assert!(table.is_pair(table.find("flat").expect("there"), table.find("down").expect("there")));
    }
}
