//! Finds ruled tables: lines and edges of filled boxes that make a grid, and the words in its cells.
//!
//! Takes a grid for a table only where it has two rows and two columns, most of its cells hold words and hardly any
//! word crosses a ruling; frames round text and the gridlines of charts are not tables. Tables without rulings are left
//! to [`super::paragraphs`], which keeps each visual row together.

use super::columns::columns;
use super::furniture::drop_leader;
use super::lines::Line;
use super::rulings::{Component, Ruling, Rulings, SNAP, Sets};
use super::words::{PageWords, Stretch, Word, stretches};

/// A table: rows of cells of lines. A cell that spans rows or columns stands in each of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Grid {
    pub(super) rows: Vec<Vec<Cell>>,
    /// Left ends of the columns, by which a table is known again on the next page.
    pub(super) lefts: Vec<f64>,
    pub(super) top: f64,
    pub(super) right: f64,
    /// Number of the table in the file's structure, and how many rows are heads by it.
    pub(super) tagged: Option<(usize, usize)>,
}

/// A cell's lines in reading order.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) lines: Vec<Line>,
    /// Cells with the same number are one cell that spans several places.
    pub(super) number: usize,
}

impl PartialEq for Cell {
    fn eq(&self, other: &Cell) -> bool {
        self.number == other.number
    }
}

impl Grid {
    /// A stand-in for the table among the page's stretches, so that it is read in its place.
    pub(super) fn stand_in(&self, index: usize) -> Stretch {
        let x0 = self.lefts.first().copied().unwrap_or_default();
        Stretch { x0, x1: self.right, y: self.top - 8.0, size: 10.0, words: Vec::new(), table: Some(index) }
    }
}

/// Takes the ruled tables out of the page's words.
///
/// Not where tables of the file's structure were taken already: what is left there are captions and notes.
pub(super) fn take_tables(page: &mut PageWords, taken: &[Grid]) -> Vec<Grid> {
    let rulings = Rulings::new(page);
    let mut grids = Vec::new();
    for component in rulings.components() {
        let Some(bounds) = component.bounds().filter(|bounds| !holds_table(*bounds, taken)) else { continue };
        if let Some(grid) = component.grid(&page.words, bounds) {
            page.words.retain(|word| !holds(bounds, word));
            grids.push(grid);
        }
    }
    grids
}

/// Whether a table that was taken before stands within bounds.
fn holds_table([left, bottom, right, top]: [f64; 4], taken: &[Grid]) -> bool {
    taken.iter().any(|grid| {
        let from = grid.lefts.first().copied().unwrap_or_default();
        let beside = from > right || grid.right < left;
        !beside && grid.top - SNAP <= top && grid.top - SNAP > bottom
    })
}

/// Largest numbers of rows and columns.
const MOST_ROWS: usize = 250;
const MOST_COLUMNS: usize = 40;

impl Component {
    /// Whether a side is drawn in part: then these are boxes of several widths, such as shaded paragraphs.
    fn is_half_drawn(&self, side: f64, bottom: f64, top: f64) -> bool {
        let drawn = self.vertical.iter().filter(|ruling| (ruling.at - side).abs() < SNAP);
        let part = drawn.map(|ruling| ruling.to - ruling.from).sum::<f64>() / (top - bottom);
        part > 0.1 && part < 0.85
    }

    fn grid(&self, words: &[Word], bounds: [f64; 4]) -> Option<Grid> {
        let [left, bottom, right, top] = bounds;
        let inside: Vec<&Word> = words.iter().filter(|word| holds(bounds, word)).collect();
        let edges = distinct(self.vertical.iter().map(|ruling| ruling.at), left, right);
        let by_text = edges.len() <= 2;
        let edges = if by_text { text_gaps(&inside, left, right) } else { edges };
        let mut heights = distinct(self.horizontal.iter().map(|ruling| ruling.at), bottom, top);
        heights.reverse();
        if by_text && heights.len() < 4 || edges.len() < 3 || edges.len() > MOST_COLUMNS || inside.len() < 4 {
            return None;
        }
        let across = |ruling: &&Ruling| ruling.to - ruling.from > 0.8 * (right - left);
        let across = self.horizontal.iter().filter(across).count();
        // Rows shaded in turn draw half of each side, too; rulings between them all tell.
        let half_drawn = [left, right].into_iter().any(|side| self.is_half_drawn(side, bottom, top));
        let fewest = match (by_text, half_drawn) {
            (true, true) => 4,
            (true, false) => 3,
            (false, true) => 4,
            (false, false) => 2,
        };
        if across < fewest {
            return None;
        }
        let heights = if heights.len() < 6 && by_text {
            with_text_rows(&heights, &inside, edges.get(1).copied()?)
        } else {
            heights
        };
        if heights.len() < 3 || heights.len() > MOST_ROWS {
            return None;
        }
        let places = Places { edges, heights, component: self, by_text };
        // Where shading alone draws the sides, running text between two rules is no row.
        places.fill(&inside).filter(|grid| !(half_drawn && holds_prose(grid)))
    }
}

/// Characters beyond which a cell over the whole row is running text.
const LONGEST_WIDE_CELL: usize = 250;

fn holds_prose(grid: &Grid) -> bool {
    grid.rows.iter().filter(|row| row.iter().all(|cell| Some(cell) == row.first())).any(|row| {
        let lines = row.iter().take(1).flat_map(|cell| &cell.lines);
        lines.map(|line| line.text.chars().count()).sum::<usize>() > LONGEST_WIDE_CELL
    })
}

fn holds([left, bottom, right, top]: [f64; 4], word: &Word) -> bool {
    let (x, y) = middle(word);
    left < x && x < right && bottom < y && y < top
}

/// The point of a word by which it belongs to a cell.
fn middle(word: &Word) -> (f64, f64) {
    (f64::midpoint(word.x0, word.x1), word.y + 0.3 * word.size)
}

/// Distinct places in ascending order, with both ends.
fn distinct(places: impl Iterator<Item = f64>, low: f64, high: f64) -> Vec<f64> {
    let mut places: Vec<f64> = places.chain([low, high]).collect();
    places.sort_by(f64::total_cmp);
    places.dedup_by(|b, a| *b - *a < SNAP);
    places
}

/// Column edges where no ruling gives them: bands that (nearly) no line of text enters.
fn text_gaps(words: &[&Word], left: f64, right: f64) -> Vec<f64> {
    let width = (right - left).ceil().clamp(1.0, 5_000.0) as usize;
    let mut entered: Vec<Vec<i64>> = vec![Vec::new(); width];
    for word in words {
        let (from, to) = ((word.x0 - left).max(0.0) as usize, (word.x1 - left).max(0.0) as usize);
        let line = (word.y / 3.0).round() as i64;
        for lines in entered.iter_mut().take(to + 1).skip(from) {
            if lines.last() != Some(&line) && lines.len() < 64 {
                lines.push(line);
            }
        }
    }
    let size = words.iter().map(|word| word.size).fold(0.0, f64::max);
    let lines: std::collections::BTreeSet<i64> = words.iter().map(|word| (word.y / 3.0).round() as i64).collect();
    let allowed = lines.len() / 10;
    let mut edges = vec![left];
    let mut free_from: Option<usize> = None;
    for (x, lines) in entered.iter().enumerate() {
        if lines.len() <= allowed {
            free_from.get_or_insert(x);
        } else if let Some(from) = free_from.take()
            && from > 0
            && (x - from) as f64 > (0.7 * size).max(5.0)
        {
            edges.push(left + f64::midpoint(from as f64, x as f64));
        }
    }
    edges.push(right);
    edges
}

/// Splits bands that hold several rows of text without rulings between them: a row begins where the first column does.
fn with_text_rows(heights: &[f64], words: &[&Word], first_edge: f64) -> Vec<f64> {
    let mut out = heights.to_vec();
    for band in heights.windows(2) {
        let [top, bottom] = band else { continue };
        let mut starts: Vec<&&Word> = words
            .iter()
            .filter(|word| middle(word).1 < *top && middle(word).1 > *bottom && middle(word).0 < first_edge)
            .collect();
        starts.sort_by(|a, b| b.y.total_cmp(&a.y));
        starts.dedup_by(|b, a| (a.y - b.y).abs() < 0.5 * a.size);
        let gaps: Vec<f64> = starts.windows(2).filter_map(|pair| Some(pair.first()?.y - pair.get(1)?.y)).collect();
        let least = gaps.iter().copied().fold(f64::INFINITY, f64::min);
        let most = gaps.iter().copied().fold(0.0, f64::max);
        for pair in starts.windows(2) {
            let [above, below] = pair else { continue };
            // Labels that wrap stand closer to each other than labels of two rows.
            if most < 1.3 * least || above.y - below.y > 1.25 * least {
                out.push(below.y + 0.9 * below.size);
            }
        }
    }
    out.sort_by(|a, b| b.total_cmp(a));
    out.dedup_by(|b, a| *a - *b < SNAP);
    out
}

/// The places of a grid: columns between edges, rows between heights.
struct Places<'a> {
    /// From left to right.
    edges: Vec<f64>,
    /// From top to bottom.
    heights: Vec<f64>,
    component: &'a Component,
    by_text: bool,
}

impl Places<'_> {
    fn columns(&self) -> usize {
        self.edges.len() - 1
    }

    fn rows(&self) -> usize {
        self.heights.len() - 1
    }

    fn fill(&self, words: &[&Word]) -> Option<Grid> {
        let (columns, rows) = (self.columns(), self.rows());
        let mut sets = self.spans(words);
        let mut contents: Vec<Vec<Word>> = vec![Vec::new(); columns * rows];
        let mut crossing = 0;
        for word in words {
            let place = self.place(word)?;
            let cell = sets.find(place);
            let (column, row) = (place % columns, place / columns);
            let left_of = column.checked_sub(1).map(|before| (before, self.edges.get(column)));
            let right_of = (column + 1 < columns).then(|| (column + 1, self.edges.get(column + 1)));
            let crosses = |neighbour: Option<(usize, Option<&f64>)>, sets: &mut Sets| {
                neighbour.is_some_and(|(other, edge)| {
                    let edge = edge.copied().unwrap_or(f64::NEG_INFINITY);
                    word.x0 < edge - 2.0 && word.x1 > edge + 2.0 && sets.find(row * columns + other) != cell
                })
            };
            crossing += usize::from(crosses(left_of, &mut sets) || crosses(right_of, &mut sets));
            contents.get_mut(cell)?.push((*word).clone());
        }
        let cells: std::collections::BTreeSet<usize> = (0..columns * rows).map(|place| sets.find(place)).collect();
        let filled = cells.iter().filter(|cell| contents.get(**cell).is_some_and(|words| !words.is_empty())).count();
        if crossing * 20 > words.len() || filled * 2 < cells.len() || filled < 4 {
            return None;
        }
        let read: Vec<Vec<Line>> = contents.into_iter().map(cell_lines).collect();
        let characters = |lines: &Vec<Line>| lines.iter().map(|line| line.text.chars().count()).sum::<usize>();
        if self.by_text && read.iter().any(|lines| characters(lines) > 600) {
            return None;
        }
        self.assembled(&read, &mut sets)
    }

    fn assembled(&self, read: &[Vec<Line>], sets: &mut Sets) -> Option<Grid> {
        let columns = self.columns();
        let cell = |place: usize, sets: &mut Sets| {
            let number = sets.find(place);
            Cell { lines: read.get(number).cloned().unwrap_or_default(), number }
        };
        let mut rows: Vec<Vec<Cell>> = (0..self.rows())
            .map(|row| (0..columns).map(|column| cell(row * columns + column, sets)).collect())
            .collect();
        rows.retain(|row: &Vec<Cell>| row.iter().any(|cell| !cell.lines.is_empty()));
        // Rows that only repeat the cells of the row above come from rulings that stop short.
        rows.dedup_by(|below, above| below == above);
        let used: Vec<bool> = (0..columns).map(|column| used(&rows, column)).collect();
        let mut lefts = self.edges.clone();
        lefts.truncate(columns);
        let keep = |index: usize| used.get(index).copied().unwrap_or(false);
        let lefts: Vec<f64> = lefts.into_iter().enumerate().filter(|(index, _)| keep(*index)).map(|(_, x)| x).collect();
        for row in &mut rows {
            *row = row.drain(..).enumerate().filter(|(index, _)| keep(*index)).map(|(_, cell)| cell).collect();
        }
        let several = rows.iter().filter(|row| has_several_cells(row)).count();
        if several < 2 || several * 5 < rows.len() * 2 {
            return None;
        }
        let right = self.edges.last().copied()?;
        (rows.len() >= 2 && lefts.len() >= 2).then_some(Grid {
            rows,
            lefts,
            top: *self.heights.first()?,
            right,
            tagged: None,
        })
    }

    /// The number of the place where a word stands.
    fn place(&self, word: &Word) -> Option<usize> {
        let (x, y) = middle(word);
        let column = self.edges.iter().skip(1).position(|edge| x < *edge)?;
        let row = self.heights.iter().skip(1).position(|height| y > *height)?;
        Some(row * self.columns() + column)
    }

    /// Joins places that no ruling parts.
    fn spans(&self, words: &[&Word]) -> Sets {
        let (columns, rows) = (self.columns(), self.rows());
        let mut sets = Sets::new(columns * rows);
        for row in 0..rows {
            for column in 0..columns {
                let place = row * columns + column;
                if column + 1 < columns && !self.parted_from_right(row, column, words) {
                    sets.join(place, place + 1);
                }
                if row + 1 < rows && !self.parted_from_below(row, column) {
                    sets.join(place, place + columns);
                }
            }
        }
        sets
    }

    fn parted_from_right(&self, row: usize, column: usize, words: &[&Word]) -> bool {
        let (Some(edge), Some(top), Some(bottom)) =
            (self.edges.get(column + 1), self.heights.get(row), self.heights.get(row + 1))
        else {
            return true;
        };
        if self.by_text {
            return !words.iter().any(|word| {
                let y = middle(word).1;
                y < *top && y > *bottom && word.x0 < edge - 1.0 && word.x1 > edge + 1.0
            });
        }
        covered(&self.component.vertical, *edge, *bottom, *top) || parted_by_words(words, *edge, *bottom, *top)
    }

    fn parted_from_below(&self, row: usize, column: usize) -> bool {
        let (Some(height), Some(left), Some(right)) =
            (self.heights.get(row + 1), self.edges.get(column), self.edges.get(column + 1))
        else {
            return true;
        };
        let ruled = self.component.horizontal.iter().any(|ruling| (ruling.at - height).abs() < SNAP);
        // A height that comes from the text parts all columns.
        !ruled || covered(&self.component.horizontal, *height, *left, *right)
    }
}

/// Whether a column of white runs through a row, with words on both sides of it.
fn parted_by_words(words: &[&Word], edge: f64, bottom: f64, top: f64) -> bool {
    let row = words.iter().filter(|word| middle(word).1 > bottom && middle(word).1 < top);
    let (mut left, mut right, mut size) = (f64::NEG_INFINITY, f64::INFINITY, 0.0f64);
    for word in row {
        size = size.max(word.size);
        if middle(word).0 < edge {
            left = left.max(word.x1);
        } else {
            right = right.min(word.x0);
        }
    }
    left.is_finite() && right.is_finite() && right - left > 0.5 * size
}

/// Whether rulings at a place cover at least half of a range.
fn covered(rulings: &[Ruling], at: f64, from: f64, to: f64) -> bool {
    let here = rulings.iter().filter(|ruling| (ruling.at - at).abs() < SNAP);
    let length: f64 = here.map(|ruling| (ruling.to.min(to) - ruling.from.max(from)).max(0.0)).sum();
    length * 2.0 >= to - from
}

/// Whether a row has words in more than one cell, a bullet not counted.
fn has_several_cells(row: &[Cell]) -> bool {
    let has_words = |cell: &&Cell| cell.lines.iter().any(|line| line.text.chars().any(char::is_alphanumeric));
    let numbers: std::collections::BTreeSet<usize> = row.iter().filter(has_words).map(|cell| cell.number).collect();
    numbers.len() > 1
}

/// Whether a column has a cell of its own with words in it.
fn used(rows: &[Vec<Cell>], column: usize) -> bool {
    rows.iter().any(|row| {
        let Some(cell) = row.get(column) else { return false };
        let before = column.checked_sub(1).and_then(|before| row.get(before));
        !cell.lines.is_empty() && before.is_none_or(|before| before.number != cell.number)
    })
}

pub(super) fn cell_lines(words: Vec<Word>) -> Vec<Line> {
    let mut lines: Vec<Line> = columns(stretches(words)).iter().flatten().map(Line::new).collect();
    lines.iter_mut().for_each(drop_leader);
    lines
}
