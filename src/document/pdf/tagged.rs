//! Takes tagged tables out of a page's words, where the words stand as the tags say.
//!
//! A table is left to be read as it stands on the page where its rows do not follow each other from top to bottom, its
//! cells from left to right, or where much stands within it that the tags do not know.

use std::collections::BTreeMap;

use pdf_extract::ObjectId;

use super::grid::{Cell, Grid, cell_lines};
use super::structure::{Structure, TaggedTable};
use super::words::{PageWords, Word};

/// Takes the page's tagged tables.
pub(super) fn take_tagged_tables(page: &mut PageWords, id: Option<ObjectId>, structure: &Structure) -> Vec<Grid> {
    let Some(id) = id.filter(|_| !structure.tables.is_empty()) else { return Vec::new() };
    let cell_of = |word: &Word| structure.cells.get(&(id, word.marked?)).copied();
    let mut tables: BTreeMap<usize, BTreeMap<usize, Vec<Word>>> = BTreeMap::new();
    for word in &page.words {
        if let Some((table, cell)) = cell_of(word) {
            tables.entry(table).or_default().entry(cell).or_default().push(word.clone());
        }
    }
    let mut grids = Vec::new();
    for (number, cells) in tables {
        let Some(table) = structure.tables.get(number) else { continue };
        if let Some(grid) = checked_grid(table, number, cells, &page.words) {
            page.words.retain(|word| cell_of(word).is_none_or(|(table, _)| table != number));
            grids.push(grid);
        }
    }
    grids
}

/// Left, bottom, right and top of words.
fn bounds<'a>(words: impl Iterator<Item = &'a Word>) -> [f64; 4] {
    let empty = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    words.fold(empty, |[left, bottom, right, top], word| {
        [left.min(word.x0), bottom.min(word.y), right.max(word.x1), top.max(word.y + 0.7 * word.size)]
    })
}

fn checked_grid(table: &TaggedTable, number: usize, cells: BTreeMap<usize, Vec<Word>>, page: &[Word]) -> Option<Grid> {
    if table.columns < 2 || table.rows < 2 || !stands_as_tagged(table, &cells) {
        return None;
    }
    let [left, bottom, right, top] = bounds(cells.values().flatten());
    let inside = page.iter().filter(|word| word.x0 >= left && word.x1 <= right && word.y >= bottom && word.y <= top);
    let known: usize = cells.values().map(Vec::len).sum();
    if inside.count() * 10 > known * 11 + 20 {
        return None;
    }
    let mut lefts = vec![f64::INFINITY; table.columns];
    for (cell, words) in &cells {
        let cell = table.cells.get(*cell)?;
        let slot = lefts.get_mut(cell.column)?;
        *slot = slot.min(bounds(words.iter())[0]);
    }
    let usual = usual_width(&table.widths);
    let ranges = column_ranges(table, usual, &cells);
    let mut rows: Vec<Vec<Cell>> = vec![vec![Cell::default(); table.columns]; table.rows];
    let first_number = 1;
    for (index, words) in cells {
        let cell = table.cells.get(index)?;
        let [cell_left, _, cell_right, _] = bounds(words.iter());
        let lines = cell_lines(words);
        // A row unlike the others leaves out how many columns its cells span, or counts some twice: then the page tells.
        let odd = table.widths.get(cell.row).is_some_and(|width| *width != usual);
        let (from, count) = match columns_over(&ranges, cell_left, cell_right) {
            Some(place) if odd || misplaced(&ranges, cell.column, cell_left, cell_right) => place,
            _ => (cell.column, cell.columns),
        };
        let mut placed = false;
        for row in rows.iter_mut().skip(cell.row).take(cell.rows) {
            for place in row.iter_mut().skip(from).take(count).filter(|place| place.lines.is_empty()) {
                *place = Cell { lines: lines.clone(), number: index + first_number };
                placed = true;
            }
        }
        if !placed {
            // Words are worth more than their place.
            rows.get_mut(cell.row)?.get_mut(from)?.lines.extend(lines);
        }
    }
    let filled = |row: &Vec<Cell>| row.iter().any(|cell| !cell.lines.is_empty());
    let heads = rows.iter().take(table.heads).filter(|row| filled(row)).count();
    rows.retain(filled);
    let used =
        rows.iter().filter_map(|row| row.iter().rposition(|cell| !cell.lines.is_empty())).max().map_or(0, |at| at + 1);
    rows.iter_mut().for_each(|row| row.truncate(used));
    lefts.truncate(used);
    let lefts = lefts.into_iter().map(|x| if x.is_finite() { x } else { left }).collect();
    (!rows.is_empty()).then_some(Grid { rows, lefts, top, right, tagged: Some((number, heads)) })
}

/// The number of places that most rows have.
fn usual_width(widths: &[usize]) -> usize {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    widths.iter().for_each(|width| *counts.entry(*width).or_default() += 1);
    counts.into_iter().max_by_key(|(width, count)| (*count, *width)).map_or(0, |(width, _)| width)
}

/// Where each column's words stand in the rows that have all their cells.
fn column_ranges(table: &TaggedTable, usual: usize, cells: &BTreeMap<usize, Vec<Word>>) -> Vec<Option<(f64, f64)>> {
    let mut sides: Vec<(Vec<f64>, Vec<f64>)> = vec![Default::default(); usual];
    for (index, words) in cells {
        let Some(cell) = table.cells.get(*index) else { continue };
        let complete = table.widths.get(cell.row).is_some_and(|width| *width == usual);
        if let Some((lefts, rights)) = sides.get_mut(cell.column).filter(|_| complete && cell.columns == 1) {
            let [left, _, right, _] = bounds(words.iter());
            lefts.push(left);
            rights.push(right);
        }
    }
    sides.into_iter().map(|(lefts, rights)| median(lefts).zip(median(rights))).collect()
}

/// Whether words stand clear of the column that they are tagged to be in.
fn misplaced(ranges: &[Option<(f64, f64)>], column: usize, left: f64, right: f64) -> bool {
    ranges.get(column).copied().flatten().is_some_and(|(from, to)| right < from || to < left)
}

fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied()
}

/// The columns that words stand over, as the first and their number; `None` where a column's place is not known.
fn columns_over(ranges: &[Option<(f64, f64)>], left: f64, right: f64) -> Option<(usize, usize)> {
    let mut over = Vec::new();
    for (column, range) in ranges.iter().enumerate() {
        let (from, to) = (*range)?;
        let shared = right.min(to) - left.max(from);
        if shared > 0.25 * (to - from).min(right - left) {
            over.push(column);
        }
    }
    let (first, last) = (over.first()?, over.last()?);
    Some((*first, last - first + 1))
}

/// Whether rows follow each other down the page and cells along their rows, but for a few.
fn stands_as_tagged(table: &TaggedTable, cells: &BTreeMap<usize, Vec<Word>>) -> bool {
    let placed: Vec<_> =
        cells.iter().filter_map(|(index, words)| Some((table.cells.get(*index)?, bounds(words.iter())))).collect();
    let (mut pairs, mut wrong) = (0, 0);
    for pair in placed.windows(2) {
        let [(before, [before_left, before_bottom, ..]), (after, [after_left, _, _, after_top])] = pair else {
            continue;
        };
        pairs += 1;
        let in_place = if before.row == after.row {
            after_left >= before_left
        } else {
            // A cell that spans rows reaches below the next row's top.
            after_top <= before_bottom || before.rows > 1 || after_left < before_left
        };
        wrong += usize::from(!in_place);
    }
    wrong * 10 <= pairs
}
