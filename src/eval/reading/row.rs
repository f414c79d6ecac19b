//! Whether a row of gold stands in a row that was read.
//!
//! A read row is segments parted by ` | `; a head leads its cell as `Head: cell`. Nothing else is known of a table here.

use super::gold::GoldRow;
use super::words::{common, position, words};

/// A cell of gold as words.
struct Cell {
    shown: String,
    head: Vec<String>,
    words: Vec<String>,
}

/// A row of gold as words, its empty cells left out.
pub(super) struct Wanted {
    cells: Vec<Cell>,
}

/// How near a read row comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Nearness {
    /// Cells that stand in it, in any order and under any head.
    cells: usize,
    /// Cells that are led by their head, too.
    led: usize,
    /// Words that stand in it.
    words: usize,
}

impl Wanted {
    /// The row's cells that are not empty, each with the last part of its head: what stands over it nearest.
    pub(super) fn of(gold: &GoldRow) -> Wanted {
        let cell = |(head, cell): (&String, &String)| Cell {
            shown: if head.is_empty() { cell.clone() } else { format!("{head}: {cell}") },
            head: words(head.rsplit(" / ").next().unwrap_or_default()),
            words: words(cell),
        };
        Wanted { cells: gold.heads.iter().zip(&gold.cells).map(cell).filter(|cell| !cell.words.is_empty()).collect() }
    }

    /// The row on one line.
    pub(super) fn shown(&self) -> String {
        self.cells.iter().map(|cell| cell.shown.as_str()).collect::<Vec<_>>().join(" | ")
    }

    /// Whether `row` holds all cells, in order, each in a segment of its own that begins with the cell's words (a cell
    /// longer than the gold's anchor need only begin with it) and, where the gold gives a head, is led by one that
    /// contains the head's words. Equal neighbours under heads of their own are one cell that spans their columns, and
    /// may be written once, led by all their heads.
    pub(super) fn is_in(&self, row: &str) -> bool {
        let segments: Vec<&str> = row.split(" | ").collect();
        let mut from = 0;
        let mut seek = |found: &dyn Fn(&str) -> bool| {
            let at = segments.iter().skip(from).position(|segment| found(segment));
            from += at.map_or(0, |at| at + 1);
            at.is_some()
        };
        self.cells.chunk_by(|a, b| a.words == b.words && !a.head.is_empty() && !b.head.is_empty()).all(|equal| {
            equal.len() > 1 && seek(&|segment| equal.iter().all(|cell| cell.is_in(segment, true)))
                || equal.iter().all(|cell| seek(&|segment| cell.is_in(segment, true)))
        })
    }

    pub(super) fn nearness(&self, row: &str) -> Nearness {
        let all: Vec<String> = self.cells.iter().flat_map(|cell| cell.words.iter().cloned()).collect();
        let cells = |headed| self.cells.iter().filter(|cell| cell.is_among(row, headed)).count();
        Nearness { cells: cells(false), led: cells(true), words: common(&all, &words(row)) }
    }

    /// What keeps a read row from being this one.
    pub(super) fn lacks(&self, row: &str) -> String {
        let lost: Vec<&str> =
            self.cells.iter().filter(|cell| !cell.is_among(row, false)).map(|cell| cell.shown.as_str()).collect();
        let unled = self.cells.iter().filter(|cell| cell.is_among(row, false) && !cell.is_among(row, true));
        let unled: Vec<&str> = unled.map(|cell| cell.shown.as_str()).collect();
        match (lost.is_empty(), unled.is_empty()) {
            (false, _) => format!("lacks {}", lost.join(" | ")),
            (true, false) => format!("without its head {}", unled.join(" | ")),
            (true, true) => "in another order".to_owned(),
        }
    }
}

impl Cell {
    fn is_among(&self, row: &str, headed: bool) -> bool {
        row.split(" | ").any(|segment| self.is_in(segment, headed))
    }

    /// Heads and cells may themselves hold a colon, so every colon may be the one that parts them.
    fn is_in(&self, segment: &str, headed: bool) -> bool {
        let parted = segment.match_indices(": ").map(|(at, colon)| (at, at + colon.len()));
        std::iter::once((0, 0)).chain(parted).any(|(end, start)| {
            let (head, cell) = (segment.get(..end).unwrap_or_default(), segment.get(start..).unwrap_or_default());
            let led = !headed || self.head.is_empty() || position(&words(head), &self.head, 0).is_some();
            led && words(cell).starts_with(&self.words)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(heads: &[&str], cells: &[&str]) -> Wanted {
        let own = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        Wanted::of(&GoldRow { _table: None, heads: own(heads), cells: own(cells) })
    }

    fn check(heads: &[&str], cells: &[&str], found: &str, expected: bool) {
        assert_eq!(row(heads, cells).is_in(found), expected, "{heads:?} {cells:?} in {found}");
    }

    #[test]
    fn a_row_is_right_with_all_cells_in_order_under_their_heads() {
        let (heads, cells) = (["Group", "Dose / Max"], ["Adults", "500 mg"]);
        check(&heads, &cells, "Group: Adults | Dose Max: 500 mg twice daily", true);
        check(&heads, &cells, "Oral | Group: adults | Other: x | Max: 500 mg", true);
        check(&heads, &cells, "Max: 500 mg | Group: Adults", false);
        check(&heads, &cells, "Group: Adults | Dose Start: 500 mg", false);
        check(&heads, &cells, "Group: Adults | 500 mg", false);
        check(&heads, &cells, "Group: Adults | Max: 1500 mg", false);
        check(&heads, &cells, "Group: Adults 500 mg", false);
    }

    #[test]
    fn empty_cells_and_empty_heads_ask_for_nothing() {
        check(&["", "Dose", ""], &["Adults", "", "5 mg"], "Adults | Other: 5 mg", true);
        check(&["Note: see", ""], &["Adults", "5: 1"], "Note: see: Adults | Ratio: x: 5: 1", true);
    }

    #[test]
    fn cells_that_were_joined_are_not_two() {
        check(&["", ""], &["2", "2"], "2 2", false);
        check(&["", ""], &["2", "2"], "2 | 2", true);
    }

    #[test]
    fn a_cell_over_several_columns_may_be_written_once() {
        check(&["A", "B"], &["2 mg", "2 mg"], "A / B: 2 mg", true);
        check(&["A", "B"], &["2 mg", "2 mg"], "A: 2 mg | B: 2 mg", true);
        check(&["A", "B"], &["2 mg", "2 mg"], "A: 2 mg", false);
    }

    #[test]
    fn the_nearest_row_holds_most_cells() {
        let wanted = row(&["A", "B"], &["Adults", "500 mg"]);
        let rows = ["B: 500 mg | C: Adults", "Adults | B: 400 mg", "x"];
        assert_eq!(rows.map(|row| wanted.nearness(row).cells), [2, 1, 0]);
        assert!(wanted.nearness(rows[1]) > wanted.nearness("Adults | B: 4"));
        assert_eq!(wanted.lacks(rows[1]), "lacks B: 500 mg");
        assert_eq!(wanted.lacks(rows[0]), "without its head A: Adults");
        assert_eq!(wanted.lacks("B: 500 mg | A: Adults"), "in another order");
    }
}
