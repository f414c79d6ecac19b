//! Turns the cells of a markup table into lines that can be read alone.
//!
//! Row and column spans are laid out on a grid; what leads a column is repeated in every line, and so is the label of a
//! group of rows ("Sex", then "Male" and "Female"). Where a table does not say which rows are its head, bold or
//! differently styled first rows are taken for it. No layout tables here: whether a table holds data is the reader's
//! to decide.

use std::rc::Rc;

/// Columns beyond which a table is cut off; an absurd span reaches no further than the widest row.
const WIDEST: usize = 200;
/// Words that one line may hold before it is divided.
const LONGEST_LINE: usize = 220;
/// Words that the label of a group of rows may hold.
const LONGEST_LABEL: usize = 12;

/// One cell as it stands in the source.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    /// Its text.
    pub(super) text: String,
    /// Rows that it covers; 0 for all that follow.
    pub(super) rows: usize,
    /// Columns that it covers.
    pub(super) columns: usize,
    /// Whether the markup calls it a head.
    pub(super) head: bool,
    /// Whether all of its text is bold.
    pub(super) strong: bool,
    /// The bold text that it begins with.
    pub(super) lead: Option<String>,
    /// How it is styled, as far as the markup names it.
    pub(super) style: String,
}

/// A table written out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// Caption or title.
    pub(super) caption: Option<String>,
    /// One line a row (more where a row is long), each cell led by its column's head.
    pub(super) lines: Vec<String>,
    /// Notes under the table.
    pub(super) notes: Vec<String>,
}

/// A place on the grid: the cell that covers it, and whether the cell begins in this column.
#[derive(Clone, Debug, Default)]
struct Place {
    cell: Rc<Cell>,
    begins: bool,
    /// Columns that the cell covers from here.
    width: usize,
}

/// Writes a table out; `head` is the number of rows that the markup puts into the head.
pub(super) fn write(caption: Option<String>, rows: Vec<Vec<Cell>>, head: usize, notes: Vec<String>) -> Written {
    let mut rows = lay_out(rows);
    let mut written = Written { caption, lines: Vec::new(), notes };
    let blank = |row: &Vec<Place>| row.iter().all(|place| place.cell.text.trim().is_empty());
    let mut head = head - rows.iter().take(head).filter(|row| blank(row)).count();
    rows.retain(|row| !blank(row));
    let titles = rows.iter().take_while(|row| across(row).is_some() && row.len() > 1).count();
    if titles == 1 && written.caption.is_none() && rows.len() > 2 && is_title_of_all(&rows) {
        written.caption = across(&rows.remove(0)).map(str::to_owned);
        head = head.saturating_sub(1);
    }
    let head = count_head(&rows, head);
    let labels = heads(&rows, head);
    take_notes(&mut rows, head, &mut written.notes);
    let (top, body) = rows.split_at(head.min(rows.len()));
    write_body(written.caption.as_deref(), top, body, &labels, &mut written.lines);
    written
}

/// Whether the first row titles the whole table: where a row like it stands further down, each names the rows under it.
fn is_title_of_all(rows: &[Vec<Place>]) -> bool {
    let Some((first, rest)) = rows.split_first() else { return false };
    let Some((title, cell)) = across(first).zip(first.first().map(|place| &place.cell)) else { return false };
    let like = |row: &Vec<Place>| {
        let other = row.first().map(|place| &place.cell);
        let looks = |cell: &Cell| (cell.head, cell.strong, outer_style(&cell.style).to_owned());
        let peer = |other: &Rc<Cell>| looks(other) == looks(cell);
        across(row).is_some_and(|text| !is_note(text)) && other.is_some_and(peer)
    };
    is_table_title(title) || !rest.iter().take(rest.len().saturating_sub(1)).any(like)
}

/// The style of a cell and of the paragraph in it, without that of a mark within the text.
fn outer_style(style: &str) -> &str {
    style.match_indices('/').nth(1).map_or(style, |(end, _)| style.get(..end).unwrap_or(style))
}

fn write_body(
    caption: Option<&str>,
    head: &[Vec<Place>],
    body: &[Vec<Place>],
    labels: &[String],
    lines: &mut Vec<String>,
) {
    let mut group: Option<(&str, bool)> = None;
    let mut stem: Option<&str> = None;
    let mut name: Option<&str> = None;
    let named = names_stand_out(body);
    for (at, row) in body.iter().enumerate() {
        // A table that goes on over the page repeats its title and its head.
        let again = |title: &str| is_table_title(title) && caption.is_some_and(|caption| same_label(caption, title));
        if head.iter().any(|top| is_same(top, row)) || across(row).is_some_and(again) {
            group = group.filter(|_| across(row).is_none());
            continue;
        }
        if let Some(label) = group_label(row, body.get(at + 1)) {
            // A group without rows was a row after all.
            lines.extend(group.filter(|(_, used)| !used).map(|(label, _)| label.to_owned()));
            (group, stem, name) = (Some((label, false)), None, None);
            continue;
        }
        group = group.map(|(label, _)| (label, true));
        let own = row.first().map(|place| place.cell.text.trim()).filter(|text| !text.is_empty());
        let lead = group.map(|(label, _)| label);
        if let Some(note) = across(row).filter(|text| row.len() > 1 && is_remark(text)) {
            // A note within a table is about the row before it.
            let above = name.filter(|name| stem.is_some_and(|stem| !stem.starts_with(name)));
            let parts: Vec<&str> = lead.into_iter().chain(above).chain(stem).chain([note]).collect();
            lines.push(parts.join(" | "));
            continue;
        }
        // A row that leaves its first cell empty goes on about what the row before is about.
        let leading = row.first().and_then(|place| place.cell.lead.as_deref()).filter(|_| named);
        let above = if own.is_none() { stem } else { name.filter(|_| leading.is_none() && across(row).is_none()) };
        write_line(lead, above, labels, row, lines);
        (stem, name) = (own.or(stem), leading.or(name));
    }
    lines.extend(group.filter(|(_, used)| !used).map(|(label, _)| label.to_owned()));
}

/// Whether two titles name one table: "TABLE 2. Doses" and "TABLE 2. (Continued)".
fn same_label(one: &str, other: &str) -> bool {
    let label = |title: &str| {
        title
            .split_whitespace()
            .take(2)
            .map(|word| word.trim_end_matches(['.', ':']).to_lowercase())
            .collect::<Vec<_>>()
    };
    label(one) == label(other)
}

/// Whether most rows begin with a name in bold, so that the others go on about the name above them.
fn names_stand_out(body: &[Vec<Place>]) -> bool {
    let led = body.iter().filter(|row| row.first().is_some_and(|place| place.cell.lead.is_some())).count();
    led * 2 >= body.len() && led < body.len()
}

fn is_same(one: &[Place], other: &[Place]) -> bool {
    one.iter().map(|place| place.cell.text.trim()).eq(other.iter().map(|place| place.cell.text.trim()))
}

/// Places every cell on the grid, all rows of one width.
fn lay_out(source: Vec<Vec<Cell>>) -> Vec<Vec<Place>> {
    let width = source.iter().map(|row| row.len() + row.iter().filter(|cell| cell.columns > 1).count());
    let declared = source.iter().map(|row| row.iter().map(|cell| cell.columns.clamp(1, WIDEST)).sum::<usize>());
    // The median row is believed about spans, the narrowest count of cells is the least.
    let mut sums: Vec<usize> = declared.collect();
    sums.sort_unstable();
    let usual = sums.get(sums.len() / 2).copied().unwrap_or(0);
    let widest = width.max().unwrap_or(0).max(usual).min(WIDEST);
    let total = source.len();
    let mut pending: Vec<(usize, Place)> = vec![(0, Place::default()); widest];
    let mut grid = Vec::with_capacity(total);
    for (at, cells) in source.into_iter().enumerate() {
        let mut row: Vec<Place> = Vec::with_capacity(widest);
        let mut cells = cells.into_iter();
        while row.len() < widest {
            if let Some((left, place)) = pending.get_mut(row.len()).filter(|(left, _)| *left > 0) {
                *left -= 1;
                row.push(place.clone());
                continue;
            }
            let Some(cell) = cells.next() else {
                row.push(Place { begins: true, width: 1, ..Place::default() });
                continue;
            };
            let free = (row.len()..widest).take_while(|c| pending.get(*c).is_some_and(|(left, _)| *left == 0)).count();
            let columns = cell.columns.clamp(1, free.max(1));
            let below = if cell.rows == 0 { total } else { cell.rows.saturating_sub(1).min(total - at - 1) };
            let cell = Rc::new(cell);
            for offset in 0..columns {
                let place = Place { cell: Rc::clone(&cell), begins: offset == 0, width: columns - offset };
                if let Some(slot) = pending.get_mut(row.len()) {
                    *slot = (below, place.clone());
                }
                row.push(place);
            }
        }
        grid.push(row);
    }
    grid
}

/// The text of a row that is one cell over all columns, or one cell and nothing else.
fn across(row: &[Place]) -> Option<&str> {
    let mut filled = row.iter().filter(|place| place.begins && !place.cell.text.trim().is_empty());
    let only = filled
        .next()
        .filter(|place| Rc::ptr_eq(&place.cell, &row.first().map_or_else(Rc::default, |p| Rc::clone(&p.cell))));
    match filled.next() {
        None => only.map(|place| place.cell.text.trim()),
        Some(_) => None,
    }
}

/// A row that names the rows after it.
///
/// A wrong name would put one drug's dose under another, so the label must be short, no remark, and no peer of the
/// names in the rows that follow.
fn group_label<'a>(row: &'a [Place], next: Option<&Vec<Place>>) -> Option<&'a str> {
    let label = across(row).filter(|_| row.len() > 1)?;
    let cell = &row.first()?.cell;
    let below = next?.first().map(|place| &place.cell)?;
    let remark = is_note(label) || label.ends_with(['.', ';']) || label.to_lowercase().contains("(see ");
    let peer = cell.strong == below.strong && cell.head == below.head && cell.style == below.style && cell.columns < 2;
    // Heads are bold by themselves, so that among them bold type says nothing.
    let bold = cell.strong && !(cell.head && cell.columns > 1);
    let outranked = below.strong && (bold || words(label) > 8);
    (words(label) <= LONGEST_LABEL && cell.rows == 1 && !remark && !outranked && (!peer || row.len() > 2))
        .then_some(label)
}

/// How many rows lead the columns.
fn count_head(rows: &[Vec<Place>], declared: usize) -> usize {
    let most = rows.len().saturating_sub(1);
    let marked = marked_rows(rows);
    let mut count = if declared > 0 { declared } else { marked };
    let Some(first) = rows.first() else { return 0 };
    if count == 0 && rows.len() > 1 && (is_bold_head(first) && !all_strong(rows) || is_styled_apart(rows)) {
        count = 1;
    }
    if declared == 0 {
        count += stub_rows(rows, count);
    }
    if count == 1 && declared == 0 {
        // A head cell that covers several rows makes all of them the head.
        count = first.iter().map(|place| place.cell.rows.clamp(1, 4)).max().unwrap_or(1);
    }
    count.min(most)
}

/// Rows at the top that the markup calls heads. After a row of column heads, one over all columns names the rows below.
fn marked_rows(rows: &[Vec<Place>]) -> usize {
    let is_head = |row: &&Vec<Place>| is_filled(row, |cell| cell.head);
    let names = |row: &&Vec<Place>| across(row).is_none();
    let over = rows.iter().take_while(is_head).take_while(|row| !names(row)).count();
    over + rows.iter().skip(over).take_while(is_head).take_while(names).count()
}

/// Rows at the top, after the first `skip`, that lead the columns but leave the first one empty.
fn stub_rows(rows: &[Vec<Place>], skip: usize) -> usize {
    let is_stub = |row: &&Vec<Place>| {
        let empty = |place: &Place| place.cell.text.trim().is_empty();
        row.len() > 1
            && row.first().is_some_and(empty)
            && row.iter().any(|place| !empty(place))
            && across(row).is_none()
    };
    let count = rows.iter().skip(skip).take_while(is_stub).count();
    // Where all rows leave it empty, it is no column of labels.
    if count > 4 || skip + count >= rows.len() { 0 } else { count }
}

/// Whether a row is bold and heads columns, not the rows below it.
fn is_bold_head(row: &[Place]) -> bool {
    is_filled(row, |cell| cell.strong) && (row.len() == 1 || across(row).is_none())
}

fn all_strong(rows: &[Vec<Place>]) -> bool {
    rows.iter().all(|row| is_filled(row, |cell| cell.strong))
}

/// Whether at least two cells hold text and all that do pass the test.
fn is_filled(row: &[Place], test: impl Fn(&Cell) -> bool) -> bool {
    let mut filled = row.iter().filter(|place| place.begins && !place.cell.text.trim().is_empty()).peekable();
    filled.peek().is_some() && filled.all(|place| test(&place.cell))
}

/// Whether the cells of the first row are short, and styled unlike most rows that follow or repeated by one of them.
fn is_styled_apart(rows: &[Vec<Place>]) -> bool {
    let Some((first, rest)) = rows.split_first() else { return false };
    let short = first.iter().all(|place| words(&place.cell.text) <= 12);
    if !short || first.len() < 2 || across(first).is_some() {
        return false;
    }
    let apart = |row: &&Vec<Place>| first.iter().zip(row.iter()).all(|(a, b)| a.cell.style != b.cell.style);
    let different = rest.iter().filter(apart).count();
    different * 5 >= rest.len() * 4 && different > 0 || rest.iter().skip(1).any(|row| is_same(first, row))
}

/// What leads each column, from all rows of the head.
fn heads(rows: &[Vec<Place>], count: usize) -> Vec<String> {
    let width = rows.first().map_or(0, Vec::len);
    let mut labels = vec![String::new(); width];
    for row in rows.iter().take(count) {
        for (label, place) in labels.iter_mut().zip(row) {
            let text = place.cell.text.trim();
            // A head over many columns is said once, or it would drown what stands in them.
            let repeats = !place.begins && place.cell.columns.min(width) > 3;
            if !text.is_empty() && !label.ends_with(text) && !repeats {
                let gap = if label.is_empty() { "" } else { " " };
                *label = format!("{label}{gap}{text}");
            }
        }
    }
    labels
}

/// Rows at the end that run over all columns are notes.
fn take_notes(rows: &mut Vec<Vec<Place>>, head: usize, notes: &mut Vec<String>) {
    let mut taken = Vec::new();
    while rows.len() > head + 1
        && let Some(text) = rows.last().filter(|row| row.len() > 1).and_then(|row| across(row))
        && is_note(text)
    {
        taken.push(text.to_owned());
        rows.pop();
    }
    taken.reverse();
    notes.splice(0..0, taken);
}

fn is_note(text: &str) -> bool {
    is_remark(text) || words(text) > 12
}

/// Whether a text begins as a note does.
fn is_remark(text: &str) -> bool {
    let lower = text.to_lowercase();
    let marked = text.starts_with(['*', '†', '‡', '§', '¶', '#', '¹', '²', '³', 'ª']);
    let named = ["note", "abbreviation", "source", "adapted", "footnote"].iter().any(|word| lower.starts_with(word));
    marked || named
}

fn write_line(group: Option<&str>, stem: Option<&str>, labels: &[String], row: &[Place], lines: &mut Vec<String>) {
    let mut cells: Vec<String> = group.map(str::to_owned).into_iter().collect();
    if let Some(stem) = stem {
        cells.push(led(labels.first().map_or("", String::as_str), stem));
    }
    let whole = row.len() > 1 && across(row).is_some();
    for (column, place) in row.iter().enumerate() {
        let text = place.cell.text.trim();
        if !place.begins || text.is_empty() {
            continue;
        }
        let label = span_label(labels.get(column..(column + place.width).min(labels.len())).unwrap_or_default());
        cells.push(led(if whole { "" } else { &label }, text));
    }
    divide(cells, group.is_some(), lines);
}

/// A cell's text, led by what leads its column.
fn led(label: &str, text: &str) -> String {
    let label = label.trim().trim_end_matches(':');
    if label.is_empty() || label == text { text.to_owned() } else { format!("{label}: {text}") }
}

/// What leads a cell that covers several columns: the head they share, or all of them.
fn span_label(labels: &[String]) -> String {
    let mut distinct: Vec<&str> = labels.iter().map(|label| label.trim()).filter(|label| !label.is_empty()).collect();
    distinct.dedup();
    // A cell over most of the table is a remark that belongs to none of the columns.
    if distinct.len() > 3 { String::new() } else { distinct.join(" / ") }
}

/// Writes a row as one line, or as several that each begin with the row's first cell.
fn divide(cells: Vec<String>, grouped: bool, lines: &mut Vec<String>) {
    let whole: usize = cells.iter().map(|cell| words(cell)).sum();
    let lead_length = (1 + usize::from(grouped)).min(cells.len().saturating_sub(1));
    let lead: Vec<&str> = cells.iter().take(lead_length).map(String::as_str).collect();
    let lead_words: usize = lead.iter().map(|cell| words(cell)).sum();
    if whole <= LONGEST_LINE || lead_words > 40 {
        if !cells.is_empty() {
            lines.push(cells.join(" | "));
        }
        return;
    }
    let mut line: Vec<&str> = lead.clone();
    let mut length = lead_words;
    for cell in cells.iter().skip(lead_length) {
        let count = words(cell);
        if line.len() > lead.len() && length + count > LONGEST_LINE {
            lines.push(line.join(" | "));
            line.clone_from(&lead);
            length = lead_words;
        }
        line.push(cell);
        length += count;
    }
    lines.push(line.join(" | "));
}

/// Whether a text names a table or figure: `TABLE 2. Doses`, `Figure. Course of treatment`.
pub(super) fn is_table_title(text: &str) -> bool {
    let word: String = text.chars().take_while(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    let rest = text.get(word.len()..).unwrap_or_default().trim_start();
    let named = matches!(word.as_str(), "table" | "figure" | "fig" | "box" | "exhibit");
    named && (rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ':')) || is_lettered(rest))
}

/// `A1. Doses`, `S2`, but not `A quick guide`.
fn is_lettered(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.next().is_some_and(|c| c.is_ascii_uppercase())
        && chars.next().is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | ':'))
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cfg(test)]
mod tests;
