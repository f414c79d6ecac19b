//! Hands a table found on a page to [`crate::document::grid`], which writes the tables of all formats.
//!
//! A page does not say which rows are heads as markup does: they are what the file's structure calls so, else bold rows
//! at the top, else words over columns of numbers. What rows and labels mean is the grid's.

use super::grid::{Cell, Grid};
use crate::document::grid;

/// Characters beyond which a cell is no head.
const LONGEST_HEAD: usize = 250;
/// Head rows beyond which the top of a table is taken for data.
const MOST_HEAD_ROWS: usize = 3;
/// Characters beyond which a cell that spans rows is no label that each of them needs.
const LONG_LABEL: usize = 150;

/// A table's cells with their spans, and how many rows are title and heads.
///
/// `ends`: rows after which the table is written in another part; a cell that spans rows begins anew there.
pub(super) fn cells(grid: &Grid, texts: &mut [Vec<String>], ends: &[bool]) -> (Vec<Vec<grid::Cell>>, usize) {
    let heads = head_rows(grid, texts);
    (heads + 1..grid.rows.len()).for_each(|row| join_result_row(grid, texts, heads, row));
    let texts = &*texts;
    let mut rows: Vec<Vec<grid::Cell>> = (0..grid.rows.len()).map(|row| row_cells(grid, texts, ends, row)).collect();
    for row in 0..heads.saturating_sub(1) {
        let (above, below) = rows.split_at_mut(row + 1);
        if let (Some(above), Some(below)) = (above.last_mut(), below.first()) {
            reach_over_heads(above, below);
        }
    }
    (rows, heads)
}

/// Joins a row that holds nothing but one cell under two or more columns to the row above it.
///
/// Summaries of findings write the difference between two groups so, beneath their results.
fn join_result_row(grid: &Grid, texts: &mut [Vec<String>], heads: usize, row: usize) {
    let Some((cells, own)) = grid.rows.get(row).zip(texts.get(row)) else { return };
    let filled: Vec<usize> = own.iter().enumerate().filter(|(_, text)| !text.is_empty()).map(|(at, _)| at).collect();
    let (Some(first), Some(last)) = (filled.first().copied(), filled.last().copied()) else { return };
    let number = |column: usize| cells.get(column).map(|cell| cell.number);
    let one = first > 0 && last > first && filled.iter().all(|column| number(*column) == number(first));
    let above = |column: usize| texts.get(row - 1).and_then(|above| above.get(column)).filter(|text| !text.is_empty());
    let distinct = (first..=last).all(|column| above(column).is_some()) && above(first) != above(last);
    if !one || !distinct || own.get(first).is_none_or(|text| text.chars().count() > LONG_LABEL) {
        return;
    }
    let head =
        |column: usize| heads.checked_sub(1).and_then(|row| texts.get(row)?.get(column)).map_or("", String::as_str);
    let named: Vec<&str> = (first..=last).map(head).filter(|head| !head.is_empty()).collect();
    let text = own.get(first).cloned().unwrap_or_default();
    let led = if named.is_empty() { text } else { format!("{}: {text}", named.join(" / ")) };
    if let Some(cell) = texts.get_mut(row - 1).and_then(|above| above.get_mut(last)) {
        *cell = format!("{cell} | {led}");
    }
    texts.get_mut(row).into_iter().flatten().for_each(String::clear);
}

fn row_cells(grid: &Grid, texts: &[Vec<String>], ends: &[bool], row: usize) -> Vec<grid::Cell> {
    let (Some(cells), Some(row_texts)) = (grid.rows.get(row), texts.get(row)) else { return Vec::new() };
    let ended = |row: usize| ends.get(row) == Some(&true);
    let above = row.checked_sub(1).filter(|above| !ended(*above)).and_then(|above| grid.rows.get(above));
    let part = (row..grid.rows.len()).position(ended).map_or(grid.rows.len(), |length| length + 1);
    let mut found: Vec<grid::Cell> = Vec::new();
    for (column, (cell, text)) in cells.iter().zip(row_texts).enumerate() {
        let same = |other: Option<&Cell>| !text.is_empty() && other.is_some_and(|other| other.number == cell.number);
        let long = text.chars().count() > LONG_LABEL;
        if same(column.checked_sub(1).and_then(|left| cells.get(left))) {
            if let Some(last) = found.last_mut().filter(|last| last.columns > 0) {
                last.columns += 1;
            }
            continue;
        }
        if same(above.and_then(|above| above.get(column))) {
            if !long {
                continue;
            }
            // A long text stands in its first row only.
            found.push(grid::Cell { rows: 1, columns: 1, ..grid::Cell::default() });
            continue;
        }
        let reach = |row: &Vec<Cell>| same(row.get(column));
        let rows =
            if long { 1 } else { grid.rows.iter().skip(row).take(part).take_while(|row| reach(row)).count().max(1) };
        let strong = !cell.lines.is_empty() && cell.lines.iter().all(|line| line.bold);
        found.push(grid::Cell { text: text.clone(), rows, columns: 1, strong, ..grid::Cell::default() });
    }
    found
}

/// A head with nothing beside it and heads below reaches over them.
fn reach_over_heads(above: &mut Vec<grid::Cell>, below: &[grid::Cell]) {
    let plain = |row: &[grid::Cell]| row.iter().all(|cell| cell.columns == 1 && cell.rows == 1);
    if !plain(above) || !plain(below) || above.len() != below.len() {
        return;
    }
    let mut joined: Vec<grid::Cell> = Vec::new();
    for (column, (cell, under)) in above.drain(..).zip(below).enumerate() {
        match joined.last_mut() {
            Some(last) if column > 1 && cell.text.is_empty() && !last.text.is_empty() && !under.text.is_empty() => {
                last.columns += 1;
            }
            _ => joined.push(cell),
        }
    }
    *above = joined;
}

/// Rows at the top that hold the title and the heads; 0 where there are none.
fn head_rows(grid: &Grid, texts: &[Vec<String>]) -> usize {
    let declared = match grid.tagged {
        Some((_, heads)) if heads > 0 && heads < grid.rows.len() => heads,
        _ => bold_rows(grid),
    };
    let titles = grid.rows.iter().take_while(|row| is_one_cell(row)).count();
    let mut rows = if declared > titles { declared } else { titles + rows_over_numbers(texts, titles) };
    if rows == titles && declared == 0 {
        return 0;
    }
    while rows < MOST_HEAD_ROWS && continues_heads(grid.rows.get(rows), texts.get(rows)) {
        rows += 1;
    }
    let longest = texts.iter().take(rows).flatten().map(|text| text.chars().count()).max().unwrap_or(0);
    // A grid of boxes can be tagged as heads throughout.
    if rows >= grid.rows.len() || longest > LONGEST_HEAD { 0 } else { rows }
}

/// Whether one cell takes the whole row.
fn is_one_cell(row: &[Cell]) -> bool {
    row.len() > 1 && row.iter().all(|cell| row.first().is_some_and(|first| first.number == cell.number))
}

/// Rows at the top that are heads: all their words are bold, and those of later rows are not.
fn bold_rows(grid: &Grid) -> usize {
    let bold = |row: &Vec<Cell>| {
        let mut lines = row.iter().flat_map(|cell| &cell.lines).peekable();
        lines.peek().is_some() && lines.all(|line| line.bold)
    };
    let heads = grid.rows.iter().take_while(|row| bold(row)).count();
    if heads < grid.rows.len() && heads <= MOST_HEAD_ROWS { heads } else { 0 }
}

/// Whether a row under the heads is one more: empty where the row labels stand, and bold or a few words.
fn continues_heads(row: Option<&Vec<Cell>>, texts: Option<&Vec<String>>) -> bool {
    let (Some(row), Some(texts)) = (row, texts) else { return false };
    let filled = || texts.iter().filter(|text| !text.is_empty());
    let unlabelled = texts.first().is_some_and(String::is_empty);
    let bold = row.iter().flat_map(|cell| &cell.lines).all(|line| line.bold);
    let named = filled().all(|text| !starts_with_number(text) && text.chars().count() < 25);
    unlabelled && filled().count() >= 2 && (bold || named)
}

/// 1 where the row after the titles names columns that hold numbers.
fn rows_over_numbers(texts: &[Vec<String>], titles: usize) -> usize {
    let Some(first) = texts.get(titles) else { return 0 };
    let named = first.len() > 1 && first.iter().skip(1).all(|text| !text.is_empty() && !starts_with_number(text));
    let several = |row: &&Vec<String>| row.iter().any(|text| Some(text) != row.first());
    let rows = || texts.iter().skip(titles + 1).filter(several);
    let below = || rows().flat_map(|row| row.iter().skip(1)).filter(|text| !text.is_empty());
    let numbers = below().filter(|text| starts_with_number(text)).count();
    usize::from(named && texts.len() > titles + 2 && numbers * 3 > below().count() * 2)
}

fn starts_with_number(text: &str) -> bool {
    text.trim_start_matches(['<', '>', '≥', '≤', '±', '−', '-', '(', '~', '†', '*', ' '])
        .starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::pdf::lines::Line;

    /// A grid of texts; `*` leads bold ones, `=` repeats the cell to the left, `^` the one above.
    fn grid_of(rows: &[&[&str]]) -> (Grid, Vec<Vec<String>>) {
        let mut grid = Grid::default();
        let (mut texts, mut number) = (Vec::<Vec<String>>::new(), 0);
        for row in rows {
            let (mut cells, mut row_texts): (Vec<Cell>, Vec<String>) = (Vec::new(), Vec::new());
            for (column, text) in row.iter().enumerate() {
                if *text == "=" {
                    cells.push(cells.last().expect("a cell").clone());
                    row_texts.push(row_texts.last().expect("a text").clone());
                } else if *text == "^" {
                    cells.push(grid.rows.last().expect("a row")[column].clone());
                    row_texts.push(texts.last().expect("a row")[column].clone());
                } else {
                    number += 1;
                    let (bold, text) = (text.starts_with('*'), text.trim_start_matches('*').to_owned());
                    let lines = vec![Line { text: text.clone(), bold, ..Line::default() }];
                    cells.push(Cell { lines: if text.is_empty() { Vec::new() } else { lines }, number });
                    row_texts.push(text);
                }
            }
            grid.rows.push(cells);
            texts.push(row_texts);
        }
        (grid, texts)
    }

    fn check(rows: &[&[&str]], expected: &[&str]) {
        let (grid, mut texts) = grid_of(rows);
        let (cells, heads) = cells(&grid, &mut texts, &[]);
        let written = grid::write(None, cells, heads, Vec::new());
        let mut found: Vec<String> = written.caption.map(|caption| format!("caption {caption}")).into_iter().collect();
        found.extend(written.lines);
        found.extend(written.notes.into_iter().map(|note| format!("note {note}")));
        assert_eq!(found, expected);
    }

    #[test]
    fn bold_rows_are_heads() {
        check(&[&["*Drug", "*Dose"], &["a", "1 mg"]], &["Drug: a | Dose: 1 mg"]);
        check(&[&["a", "b"], &["c", "d"]], &["a | b", "c | d"]);
    }

    #[test]
    fn words_over_numbers_are_heads_under_a_title() {
        check(
            &[
                &["*Table of it", "=", "="],
                &["Age", "Share", "Error"],
                &["Men", "", ""],
                &["18–39", "23.4", "1.1"],
                &["40–59", "52.5", "1.2"],
                &["SOURCE: a survey", "=", "="],
            ],
            &[
                "caption Table of it",
                "Men | Age: 18–39 | Share: 23.4 | Error: 1.1",
                "Men | Age: 40–59 | Share: 52.5 | Error: 1.2",
                "note SOURCE: a survey",
            ],
        );
    }

    #[test]
    fn a_head_reaches_over_the_heads_below_it() {
        check(
            &[&["*Outcome", "*Rate", ""], &["", "*mild", "*severe"], &["death", "1", "2"]],
            &["Outcome: death | Rate mild: 1 | Rate severe: 2"],
        );
    }

    #[test]
    fn a_spanning_cell_begins_anew_in_the_next_part() {
        let (grid, mut texts) = grid_of(&[&["*A", "*B"], &["x", "1"], &["^", "2"]]);
        let (cells, _) = cells(&grid, &mut texts, &[false, true, false]);
        let shown: Vec<Vec<&str>> =
            cells.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect();
        assert_eq!(shown, [vec!["A", "B"], vec!["x", "1"], vec!["x", "2"]]);
    }

    #[test]
    fn a_difference_beneath_two_results_belongs_to_their_row() {
        check(
            &[
                &["*Outcome", "*Control", "*Drug", "*Certainty"],
                &["death", "5", "2", "low"],
                &["", "3 fewer", "=", ""],
                &["pain", "9", "8", ""],
                &["", "", "again", ""],
            ],
            &[
                "Outcome: death | Control: 5 | Drug: 2 | Control / Drug: 3 fewer | Certainty: low",
                "Outcome: pain | Control: 9 | Drug: 8",
                "Outcome: pain | Drug: again",
            ],
        );
    }

    #[test]
    fn a_label_over_rows_is_said_in_each() {
        check(
            &[&["*Drug", "*Age", "*Dose"], &["a", "child", "1 mg"], &["^", "adult", "2 mg"]],
            &["Drug: a | Age: child | Dose: 1 mg", "Drug: a | Age: adult | Dose: 2 mg"],
        );
    }
}
