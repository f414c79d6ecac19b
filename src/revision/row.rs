//! A table row as its cells: what leads each column, what stands in it, and what the row is about.
//!
//! Numbers of a row are compared cell by cell. As one text, a start dose that takes the value of the old maximum would pass
//! for no change of either.

use super::numbers::{self, NumberChange};
use super::words::folded;

/// What stands between the cells of a stored row.
const SEAM: &str = " | ";
/// Most words of what leads a column; more is a sentence with a colon in it.
const LONGEST_HEAD: usize = 12;
/// Cells above which a row is compared as one text.
const MOST_CELLS: usize = 100;
/// Cells that may say what a row is about: the first, and the next one where the first only groups ("Adults").
const NAMING: usize = 2;

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell<'a> {
    /// What leads its column; empty where nothing does.
    head: &'a str,
    /// What stands in it.
    value: &'a str,
    /// Both.
    whole: &'a str,
}

/// Whether a text is a row of more than one cell.
pub(super) fn is_row(text: &str) -> bool {
    text.contains(SEAM)
}

fn cells(text: &str) -> Vec<Cell<'_>> {
    let led = |head: &str| (1..=LONGEST_HEAD).contains(&head.split_whitespace().count());
    text.split(SEAM)
        .map(|whole| match whole.split_once(": ").filter(|(head, _)| led(head)) {
            Some((head, value)) => Cell { head: head.trim(), value: value.trim(), whole },
            None => Cell { head: "", value: whole.trim(), whole },
        })
        .collect()
}

/// What stands in a row without what leads its columns: every row of a table has that.
pub(super) fn values(text: &str) -> String {
    cells(text).iter().map(|cell| cell.value).collect::<Vec<_>>().join(" ")
}

/// What a row is about: its first cell, and the next where that has no digit.
pub(super) fn name(text: &str) -> String {
    let digit = |cell: &Cell<'_>| cell.value.chars().any(char::is_numeric);
    let cells = cells(text);
    let (first, next) = cells.split_at(1.min(cells.len()));
    let next = next.iter().take(NAMING - 1).filter(|cell| !digit(cell));
    first.iter().chain(next).map(|cell| cell.value).collect::<Vec<_>>().join(" ")
}

/// The numbers of two forms of a row that are not the same, cell by cell, each led by what leads its column.
pub(super) fn changes(old: &str, new: &str) -> Vec<NumberChange> {
    let (mut old_cells, mut new_cells) = (cells(old), cells(new));
    if old_cells.len() > MOST_CELLS || new_cells.len() > MOST_CELLS {
        return numbers::changes(old, new);
    }
    take_pairs(&mut old_cells, &mut new_cells, |a, b| folded(a.whole) == folded(b.whole));
    let same_head = |a: &Cell<'_>, b: &Cell<'_>| !a.head.is_empty() && folded(a.head) == folded(b.head);
    let mut found = Vec::new();
    for (a, b) in take_pairs(&mut old_cells, &mut new_cells, same_head) {
        let led = |change: NumberChange| NumberChange { says: format!("{}: {}", b.head, change.says), ..change };
        found.extend(numbers::changes(a.value, b.value).into_iter().map(led));
    }
    if old_cells.len() == new_cells.len() {
        // Nothing leads these columns, or something else than before: their order alone says which is which.
        let pairs = old_cells.iter().zip(&new_cells);
        found.extend(pairs.flat_map(|(a, b)| numbers::changes(a.whole, b.whole)));
    } else {
        let joined = |cells: &[Cell<'_>]| cells.iter().map(|cell| cell.whole).collect::<Vec<_>>().join(SEAM);
        found.extend(numbers::changes(&joined(&old_cells), &joined(&new_cells)));
    }
    found
}

/// Takes out of both lists the cells that belong together, in the order of the old list; each cell once.
fn take_pairs<'o, 'n>(
    old: &mut Vec<Cell<'o>>,
    new: &mut Vec<Cell<'n>>,
    together: impl Fn(&Cell<'o>, &Cell<'n>) -> bool,
) -> Vec<(Cell<'o>, Cell<'n>)> {
    let mut pairs = Vec::new();
    old.retain(|cell| match new.iter().position(|other| together(cell, other)) {
        Some(at) => {
            pairs.push((*cell, new.remove(at)));
            false
        }
        None => true,
    });
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str, expected: &[&str]) {
        let said: Vec<String> = changes(old, new).into_iter().map(|change| change.says).collect();
        assert_eq!(said, expected, "{old:?} and {new:?}");
    }

    #[test]
    fn numbers_are_compared_within_their_column() {
        check(
            "Drug: lisinopril | Start: 5 mg | Most: 40 mg",
            "Drug: lisinopril | Start: 10 mg | Most: 40 mg",
            &["Start: 5 mg → 10 mg"],
        );
        // As one text, 5 mg would be in both.
        check(
            "Drug: x | Start: 5 mg | Most: 40 mg",
            "Drug: x | Start: 10 mg | Most: 5 mg",
            &["Start: 5 mg → 10 mg", "Most: 40 mg → 5 mg"],
        );
        check("Child | 250 mg | 7 days", "Child | 500 mg | 7 days", &["250 mg → 500 mg"]);
        check("Drug: x | Dose (mg): 5", "Drug: x | Dose (mg): 10", &["Dose (mg): 5 → 10"]);
    }

    #[test]
    fn columns_come_go_and_are_led_otherwise() {
        check("A | Start: 5 mg", "A | Start: 5 mg | Most: 40 mg", &["40 mg is new"]);
        check("A | Start: 5 mg | Most: 40 mg", "A | Most: 40 mg", &["5 mg is gone"]);
        check("A | 2 to 5 years: 250 mg", "A | 2 to 6 years: 250 mg", &["5 years → 6 years"]);
        check("A | Most: 40 mg | Start: 5 mg", "A | Start: 5 mg | Most: 40 mg", &[]);
    }

    #[test]
    fn a_row_is_about_its_first_words() {
        assert_eq!(name("Drug: Amoxicillin | Dose: 250 mg | By: mouth"), "Amoxicillin");
        assert_eq!(name("Adults | Drug: Amoxicillin | Dose: 250 mg"), "Adults Amoxicillin");
        assert_eq!(name("5 to 10 kg | 1 tablet"), "5 to 10 kg");
        assert_eq!(values("Drug: Amoxicillin | Dose: 250 mg"), "Amoxicillin 250 mg");
        assert_eq!(name(""), "");
    }

    #[test]
    fn a_row_of_very_many_cells_ends() {
        let row = |cell: &str| vec![cell; MOST_CELLS + 50].join(SEAM);
        assert!(!changes(&row("1 mg"), &row("2 mg")).is_empty());
    }
}
