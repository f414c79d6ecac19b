//! Finds the columns of a page and puts its stretches of text into reading order.
//!
//! Looks for a gutter that as many neighbouring rows as possible leave free, reads what stands above it, left of it,
//! right of it and below it, and does the same with each of these. Tables, which have gutters too, are told from columns
//! by their short pieces. What the rows mean is [`super::paragraphs`]'s.

use super::words::{STRETCH_GAP, Stretch};

/// Stretches at one height, from left to right.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) stretches: Vec<Stretch>,
    pub(super) y: f64,
    pub(super) size: f64,
}

impl Row {
    pub(super) fn x0(&self) -> f64 {
        self.stretches.iter().map(|stretch| stretch.x0).fold(f64::INFINITY, f64::min)
    }

    pub(super) fn x1(&self) -> f64 {
        self.stretches.iter().map(|stretch| stretch.x1).fold(f64::NEG_INFINITY, f64::max)
    }
}

/// Rows that are read one after the other.
pub(super) type Column = Vec<Row>;

/// The page's columns in reading order.
pub(super) fn columns(stretches: Vec<Stretch>) -> Vec<Column> {
    let mut found = Vec::new();
    split(rows(stretches), 0, &mut found);
    found
}

/// Groups stretches by height, from the top.
pub(super) fn rows(mut stretches: Vec<Stretch>) -> Vec<Row> {
    stretches.sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x0.total_cmp(&b.x0)));
    let mut rows: Vec<Row> = Vec::new();
    for stretch in stretches {
        match rows.last_mut() {
            Some(row) if row.y - stretch.y < 0.35 * row.size.min(stretch.size) => {
                if stretch.size > row.size {
                    row.size = stretch.size;
                }
                row.stretches.push(stretch);
            }
            // A raised number on its own: it belongs to the row whose baseline comes next.
            _ => rows.push(Row { y: stretch.y, size: stretch.size, stretches: vec![stretch] }),
        }
    }
    for row in &mut rows {
        row.stretches.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        join_neighbours(&mut row.stretches);
    }
    rows
}

/// Joins stretches that the file drew apart but that stand beside each other.
fn join_neighbours(stretches: &mut Vec<Stretch>) {
    let mut joined: Vec<Stretch> = Vec::with_capacity(stretches.len());
    for stretch in stretches.drain(..) {
        match joined.last_mut() {
            Some(last)
                if last.table.is_none()
                    && stretch.table.is_none()
                    && stretch.x0 - last.x1 < STRETCH_GAP * last.size.max(stretch.size) =>
            {
                last.x1 = last.x1.max(stretch.x1);
                if stretch.size > last.size {
                    (last.y, last.size) = (stretch.y, stretch.size);
                }
                last.words.extend(stretch.words);
            }
            _ => joined.push(stretch),
        }
    }
    *stretches = joined;
}

/// Columns within columns, to this depth.
const DEEPEST_SPLIT: usize = 8;

fn split(rows: Vec<Row>, depth: usize, found: &mut Vec<Column>) {
    let gutter = if depth < DEEPEST_SPLIT { best_gutter(&rows) } else { None };
    let Some(gutter) = gutter else {
        if !rows.is_empty() {
            found.push(rows);
        }
        return;
    };
    let (mut above, mut left, mut right, mut below) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (index, row) in rows.into_iter().enumerate() {
        if index < gutter.first {
            above.push(row);
        } else if index > gutter.last {
            below.push(row);
        } else {
            let (l, r): (Vec<_>, Vec<_>) = row.stretches.into_iter().partition(|stretch| stretch.x0 < gutter.x);
            left.extend(l);
            right.extend(r);
        }
    }
    split(above, depth + 1, found);
    // Rows are made anew: the two sides need not stand at the same heights.
    split(self::rows(left), depth + 1, found);
    split(self::rows(right), depth + 1, found);
    split(below, depth + 1, found);
}

/// A vertical band that the rows from `first` to `last` leave free.
#[derive(Clone, Copy, Debug)]
struct Gutter {
    x: f64,
    first: usize,
    last: usize,
    /// Rows on the side that has fewer.
    rows: usize,
    width: f64,
}

/// Rows that each side of a gutter must have.
const FEWEST_ROWS: usize = 3;
/// Characters that the pieces on each side of a gutter have on average; cells of tables have fewer.
const PROSE_CHARACTERS: f64 = 20.0;

fn best_gutter(rows: &[Row]) -> Option<Gutter> {
    if rows.len() < FEWEST_ROWS {
        return None;
    }
    let left = rows.iter().map(Row::x0).fold(f64::INFINITY, f64::min);
    let right = rows.iter().map(Row::x1).fold(f64::NEG_INFINITY, f64::max);
    let width = right - left;
    if width.is_nan() || width <= 60.0 {
        return None;
    }
    let mut best: Option<Gutter> = None;
    let step = (width / 200.0).max(2.0);
    let mut x = left + width * 0.1;
    while x < right - width * 0.1 {
        for candidate in runs(rows, x) {
            let better = best.is_none_or(|best| (candidate.rows, candidate.width) > (best.rows, best.width));
            if better && separates_prose(rows, &candidate) {
                best = Some(candidate);
            }
        }
        x += step;
    }
    best.map(|gutter| without_heading_below(rows, without_title_above(rows, gutter)))
}

/// The runs of rows that do not cross `x`, where both sides have enough rows.
fn runs(rows: &[Row], x: f64) -> Vec<Gutter> {
    let mut found = Vec::new();
    let mut first = 0;
    while first < rows.len() {
        let Some(run) = run_from(rows, x, first) else {
            first += 1;
            continue;
        };
        first = run.last + 1;
        if run.rows >= FEWEST_ROWS {
            found.push(run);
        }
    }
    found
}

fn run_from(rows: &[Row], x: f64, first: usize) -> Option<Gutter> {
    let (mut lefts, mut rights, mut last) = (0, 0, None);
    let (mut left_edge, mut right_edge, mut size) = (f64::NEG_INFINITY, f64::INFINITY, 0.0f64);
    for (index, row) in rows.iter().enumerate().skip(first) {
        if row.stretches.iter().any(|stretch| stretch.x0 < x && stretch.x1 > x) {
            break;
        }
        let (mut on_left, mut on_right) = (false, false);
        for stretch in &row.stretches {
            if stretch.x1 <= x {
                left_edge = left_edge.max(stretch.x1);
                on_left = true;
            } else {
                right_edge = right_edge.min(stretch.x0);
                on_right = true;
            }
        }
        size = size.max(row.size);
        lefts += usize::from(on_left);
        rights += usize::from(on_right);
        last = Some(index);
    }
    let rows = lefts.min(rights);
    last.map(|last| Gutter { x, first, last, rows, width: right_edge - left_edge })
}

/// Whether both sides of a gutter are running text.
fn separates_prose(rows: &[Row], gutter: &Gutter) -> bool {
    let mut pieces = [0usize; 2];
    let mut characters = [0usize; 2];
    let mut size = 0.0;
    for row in rows.iter().take(gutter.last + 1).skip(gutter.first) {
        size += row.size;
        for stretch in &row.stretches {
            let side = usize::from(stretch.x0 >= gutter.x);
            pieces[side] += 1;
            characters[side] += stretch.characters();
        }
    }
    let mean_size = size / (gutter.last + 1 - gutter.first) as f64;
    let prose = |side: usize| characters[side] as f64 >= PROSE_CHARACTERS * pieces[side] as f64;
    gutter.width >= 0.8 * mean_size && prose(0) && prose(1)
}

/// A title in larger type above one of the columns belongs to both.
fn without_title_above(rows: &[Row], mut gutter: Gutter) -> Gutter {
    let inside = rows.get(gutter.first..=gutter.last).unwrap_or_default();
    let one_sided = |row: &&Row| row.x1() <= gutter.x || row.x0() >= gutter.x;
    let titles = inside.iter().take_while(one_sided).take(4).count();
    let Some(first_below) = inside.get(titles) else { return gutter };
    if inside.iter().take(titles).all(|row| row.size > 1.3 * first_below.size) {
        gutter.first += titles;
    }
    gutter
}

/// A heading under both columns, at the left, is not part of the left column.
fn without_heading_below(rows: &[Row], mut gutter: Gutter) -> Gutter {
    let inside = rows.get(gutter.first..=gutter.last).unwrap_or_default();
    if gutter.last + 1 >= rows.len() {
        return gutter;
    }
    let left_only = inside.iter().rev().take_while(|row| row.x1() <= gutter.x).count();
    let start = inside.len() - left_only;
    for index in start.max(1)..inside.len() {
        let (Some(above), Some(row)) = (inside.get(index - 1), inside.get(index)) else { continue };
        if above.y - row.y > 1.7 * row.size.max(above.size) {
            gutter.last = gutter.first + index - 1;
            break;
        }
    }
    gutter
}

#[cfg(test)]
mod tests {
    use super::super::words::{Word, stretches};
    use super::*;

    fn word(text: &str, x: f64, y: f64) -> Word {
        let x1 = x + text.len() as f64 * 5.0;
        Word { text: text.to_owned(), x0: x, x1, y, size: 10.0, bold: false, tint: 0, spaced: false, marked: None }
    }

    fn read(words: Vec<Word>) -> Vec<String> {
        let text = |row: &Row| row.stretches.iter().map(|s| s.words[0].text.clone()).collect::<Vec<_>>().join("|");
        columns(stretches(words)).iter().flatten().map(text).collect()
    }

    #[test]
    fn two_columns_under_a_wide_heading() {
        let mut words = vec![word("A-heading-over-both-columns-which-is-wide-enough", 80.0, 700.0)];
        for line in 0..4 {
            let y = 660.0 - 12.0 * f64::from(line);
            words.push(word(&format!("left-column-line-number-{line}"), 50.0, y));
            words.push(word(&format!("right-column-line-number-{line}"), 320.0, y));
        }
        let read = read(words);
        assert!(read[0].starts_with("A-heading"));
        assert!(read[1..5].iter().all(|line| line.starts_with("left")), "{read:?}");
        assert!(read[5..].iter().all(|line| line.starts_with("right")), "{read:?}");
    }

    #[test]
    fn rows_of_a_table_stay_together() {
        let mut words = Vec::new();
        for line in 0..4 {
            let y = 660.0 - 12.0 * f64::from(line);
            words.push(word("cell", 50.0, y));
            words.push(word("12.5", 220.0, y));
            words.push(word("30.1", 420.0, y));
        }
        assert_eq!(read(words), ["cell|12.5|30.1"; 4]);
    }
}
