//! Groups the lines of a page into paragraphs, list items and rows of tables, by how the lines are set.
//!
//! A break is deliberate where the next word would still have fitted; together with gaps, indents, type and list marks
//! that tells where one paragraph ends. Which paragraphs are headings is [`super::outline`]'s.

use std::rc::Rc;

use super::furniture::PageLines;
use super::grid::Grid;
use super::ink::Tint;
use super::joining::{Lexicon, append_line};
use super::lines::Line;
use super::outline::{Body, LARGER};
use super::role::Role;
use super::tagging::Tag;

/// What a group of lines is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    Heading(u8),
    Item { number: Option<String> },
    Row,
    Caption,
    Footnote,
    Table(Rc<Grid>),
}

/// Lines that belong together.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) kind: Kind,
    pub(super) lines: Vec<Line>,
    pub(super) page: usize,
    /// The page on which the group ends.
    pub(super) last_page: usize,
    /// The column on its page, in reading order.
    pub(super) column: usize,
    /// Space above the group, in parts of the type size; large at the top of a column.
    pub(super) gap: f64,
}

impl Group {
    /// Size of the group's first line.
    pub(super) fn size(&self) -> f64 {
        self.lines.first().map_or(1.0, |line| line.size)
    }

    /// All lines are bold.
    pub(super) fn bold(&self) -> bool {
        self.lines.iter().all(|line| line.bold)
    }

    /// The colour of all lines.
    pub(super) fn tint(&self) -> Option<Tint> {
        let first = self.lines.first()?.tint;
        first.filter(|_| self.lines.iter().all(|line| line.tint == first))
    }

    /// The text of all lines, without the list mark.
    pub(super) fn text(&self, lexicon: &Lexicon) -> String {
        let mut text = String::new();
        for (index, line) in self.lines.iter().enumerate() {
            let mut next = line.text.as_str();
            if index == 0 && matches!(self.kind, Kind::Item { .. }) {
                next = mark(line).map_or(next, |mark| next.get(mark.length..).unwrap_or(next));
            }
            append_line(&mut text, next, lexicon);
        }
        text
    }

    /// Takes the sign off the first line, where it leads no item of a list.
    pub(super) fn drop_sign(&mut self) {
        if let Some(line) = self.lines.first_mut()
            && let Some(ListMark { number: None, length, .. }) = mark(line)
        {
            line.text = line.text.get(length..).unwrap_or_default().trim_start().to_owned();
        }
    }

    /// What the file's structure says of the group.
    pub(super) fn tag(&self) -> Option<Tag> {
        self.lines.first()?.tag
    }

    /// The last line's text.
    pub(super) fn ending(&self) -> &str {
        self.lines.last().map_or("", |line| line.text.as_str())
    }
}

/// A bullet or number at the start of a list item.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ListMark {
    pub(super) number: Option<String>,
    /// Bytes of the line's text that the mark takes.
    length: usize,
    /// Such marks also start ordinary lines.
    doubtful: bool,
}

/// Gap behind a mark that shows that it stands on its own, in parts of the type size.
const MARK_GAP: f64 = 0.55;

/// The list mark at the line's start.
pub(super) fn mark(line: &Line) -> Option<ListMark> {
    let first = line.text.chars().next()?;
    let rest = |length: usize| line.text.get(length..).is_some_and(|rest| rest.chars().any(char::is_alphanumeric));
    let bracket = first == '[' && !line.text.starts_with("[ ");
    let drawn_twice = first == 'o' && line.text.chars().nth(1).is_some_and(is_bullet);
    if is_bullet(first) && !bracket || drawn_twice {
        // Some programs draw a mark twice.
        let skipped = usize::from(drawn_twice);
        let after = line.text.get(skipped..).unwrap_or_default();
        let length = skipped + after.find(|c: char| !is_bullet(c) && c != ' ').unwrap_or(first.len_utf8());
        return rest(length).then_some(ListMark { number: None, length, doubtful: false });
    }
    let word = line.text.split(' ').next()?;
    let set_apart = line.first_gap > MARK_GAP && line.first == word;
    if matches!(word, "-" | "–" | "—" | "o" | "*" | "·" | "#" | "§") && set_apart && rest(word.len()) {
        return Some(ListMark { number: None, length: word.len(), doubtful: false });
    }
    let number = word.trim_start_matches('(').trim_end_matches(['.', ')', ':']);
    let closed = word.ends_with([')', '.']) && word.len() > number.len();
    let counted = !number.is_empty() && number.len() <= 2 && number.chars().all(|c| c.is_ascii_digit());
    let lettered = number.len() == 1 && number.chars().all(|c| c.is_ascii_alphabetic());
    let roman = number.len() <= 4 && !number.is_empty() && number.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    if !(closed && (counted || lettered || roman) && rest(word.len())) {
        return None;
    }
    // "A. Smith" at a line's start is no mark unless it stands apart.
    if word.starts_with(|c: char| c.is_uppercase()) && word.ends_with('.') && !set_apart {
        return None;
    }
    Some(ListMark { number: Some(number.to_owned()), length: word.len(), doubtful: !set_apart })
}

/// Signs that start list items.
pub(super) fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '•' | '●'
            | '○'
            | '◦'
            | '▪'
            | '■'
            | '□'
            | '▫'
            | '◆'
            | '◇'
            | '►'
            | '▶'
            | '➢'
            | '➤'
            | '‣'
            | '⁃'
            | '∙'
            | '✓'
            | '✔'
            | '☐'
            | '☑'
            | '☒'
            | '❖'
            | '◊'
            | '→'
            | '»'
            | '›'
            | '['
    )
}

/// Groups the lines of one page's columns.
pub(super) fn group(page: &PageLines, index: usize, body: Body) -> Vec<Group> {
    group_columns(&page.columns, &page.tables, index, body)
}

/// Groups the lines of columns that belong to a page.
pub(super) fn group_columns(columns: &[Vec<Line>], tables: &[Rc<Grid>], page: usize, body: Body) -> Vec<Group> {
    let mut groups = Vec::new();
    for (column, lines) in columns.iter().enumerate() {
        let spacing = usual_spacing(lines);
        let tabular: Vec<bool> = (0..lines.len()).map(|index| is_tabular(lines, index)).collect();
        let mut open: Option<Group> = None;
        for (index, line) in lines.iter().enumerate() {
            let setting = Setting { spacing, right: right_edge(lines, index), body };
            let before = index.checked_sub(1).and_then(|before| lines.get(before));
            let before = before.or_else(|| column_above(columns, column, line));
            let gap = before.map(|before| before.y - line.y);
            let whole = line.tag.is_some_and(|tag| tag.holds_together());
            let row =
                if whole { is_row_of_blocks(columns, column) } else { tabular.get(index).copied().unwrap_or(false) };
            if !line.tables.is_empty() {
                groups.extend(open.take());
                let tables = line.tables.iter().filter_map(|table| tables.get(*table));
                groups.extend(tables.map(|table| table_group(table, line, page, column)));
            }
            if line.text.is_empty() {
                continue;
            }
            if let Some(group) = &mut open
                && !row
                && group.kind != Kind::Row
                && !starts_group(group, line, &setting)
            {
                group.lines.push(line.clone());
                continue;
            }
            groups.extend(open.take());
            let kind = if row { Kind::Row } else { kind(line) };
            let gap = gap.filter(|gap| *gap >= 0.0).map_or(9.0, |gap| gap / line.size);
            open = Some(Group { kind, lines: vec![line.clone()], page, last_page: page, column, gap });
        }
        groups.extend(open);
    }
    groups
}

/// Whether a block is one line of several pieces, and so is the one before or after it, in line with it.
///
/// A list of abbreviations is often a paragraph each, its parts held apart by a tabulator.
fn is_row_of_blocks(columns: &[Vec<Line>], column: usize) -> bool {
    let line = |column: usize| match columns.get(column)?.as_slice() {
        [line] if line.pieces.len() == 2 && mark(line).is_none() && is_entry(line) => Some(line),
        _ => None,
    };
    let Some(own) = line(column) else { return false };
    let beside = |other: Option<&Line>| {
        other.is_some_and(|other| (other.y - own.y).abs() < 3.5 * own.size && aligned(own, other))
    };
    beside(line(column + 1)) || beside(column.checked_sub(1).and_then(line))
}

/// Whether a line is a short term and, after a gap, what stands to it.
fn is_entry(line: &Line) -> bool {
    line.pieces.first().is_some_and(|term| term.text.split_whitespace().count() <= 3)
}

/// What a group is that begins with a line.
fn kind(line: &Line) -> Kind {
    let mark = mark(line);
    match line.tag.filter(Tag::holds_together).map(|tag| tag.role) {
        Some(Role::Item) => Kind::Item { number: mark.and_then(|mark| mark.number) },
        Some(Role::Caption) => Kind::Caption,
        Some(Role::Footnote) => Kind::Footnote,
        Some(Role::Heading(_)) => Kind::Text,
        _ => mark.map_or(Kind::Text, |mark| Kind::Item { number: mark.number }),
    }
}

/// The last line of the block before, where the page is read by its tags and that block stands above.
fn column_above<'a>(columns: &'a [Vec<Line>], column: usize, line: &Line) -> Option<&'a Line> {
    line.tag.filter(|tag| tag.trusted)?;
    let last = columns.get(column.checked_sub(1)?)?.last()?;
    (last.tables.is_empty() && last.x0 < line.x1 && line.x0 < last.x1).then_some(last)
}

fn table_group(table: &Rc<Grid>, line: &Line, page: usize, column: usize) -> Group {
    let place = Line { x0: line.x0, x1: line.x1, y: line.y, size: line.size, ..Line::default() };
    Group { kind: Kind::Table(Rc::clone(table)), lines: vec![place], page, last_page: page, column, gap: 9.0 }
}

/// How the lines around are set.
struct Setting {
    /// Usual distance of baselines, in parts of the type size.
    spacing: f64,
    /// How far lines of this size reach to the right here.
    right: f64,
    body: Body,
}

/// The most frequent distance of baselines in a column, in parts of the type size.
fn usual_spacing(lines: &[Line]) -> f64 {
    let mut counts = [0usize; 60];
    for pair in lines.windows(2) {
        let [above, below] = pair else { continue };
        let spacing = (above.y - below.y) / below.size;
        let same_size = (above.size / below.size - 1.0).abs() < 0.06;
        if same_size && (0.8..3.0).contains(&spacing) {
            // Twentieths of the type size.
            if let Some(count) = counts.get_mut((spacing * 20.0) as usize) {
                *count += 1;
            }
        }
    }
    let most = counts.iter().enumerate().rev().max_by_key(|(_, count)| **count);
    most.filter(|(_, count)| **count >= 2).map_or(1.25, |(index, _)| (index as f64 + 0.5) / 20.0)
}

/// Lines above and below that tell how far a line may reach.
const NEIGHBOURS: usize = 6;

fn right_edge(lines: &[Line], index: usize) -> f64 {
    let from = index.saturating_sub(NEIGHBOURS);
    let near = lines.iter().skip(from).take(2 * NEIGHBOURS);
    let size = lines.get(index).map_or(1.0, |line| line.size);
    near.filter(|line| (line.size / size - 1.0).abs() < 0.1).map(|line| line.x1).fold(f64::NEG_INFINITY, f64::max)
}

/// Whether a line is one of several rows of cells.
fn is_tabular(lines: &[Line], index: usize) -> bool {
    let cells = |line: &Line| {
        let marked = mark(line).is_some() || line.pieces.first().is_some_and(|piece| piece.text.chars().count() <= 5);
        let single_number = line.pieces.len() == 2 && marked;
        if single_number { 1 } else { line.pieces.len() }
    };
    let Some(line) = lines.get(index).filter(|line| cells(line) >= 2) else { return false };
    let near = |other: Option<&Line>| {
        other.is_some_and(|other| {
            cells(other) >= 2 && (other.y - line.y).abs() < 3.5 * line.size && aligned(line, other)
        })
    };
    cells(line) >= 3 || near(lines.get(index + 1)) || near(index.checked_sub(1).and_then(|before| lines.get(before)))
}

/// Whether two rows have a cell, after the first, that starts, ends or is centred at the same place.
fn aligned(a: &Line, b: &Line) -> bool {
    let near = |x: f64, y: f64| (x - y).abs() < 0.4 * a.size;
    a.pieces.iter().skip(1).any(|cell| {
        b.pieces.iter().skip(1).any(|other| {
            near(cell.x0, other.x0) || near(cell.x1, other.x1) || near(cell.x0 + cell.x1, other.x0 + other.x1)
        })
    })
}

/// Whether a line begins something new after an open group.
fn starts_group(group: &Group, line: &Line, setting: &Setting) -> bool {
    let Some(above) = group.lines.last() else { return true };
    if line.tag.is_some_and(|tag| tag.holds_together()) {
        return begins_within_block(above, line, setting);
    }
    let gap = (above.y - line.y) / line.size.max(above.size);
    let finished = is_finished(&above.text);
    let goes_on = !finished && (line.text.starts_with(char::is_lowercase) || is_left_hanging(&above.text));
    if above.tag != line.tag {
        return true;
    }
    if gap < 0.0 || (line.size / above.size - 1.0).abs() > 0.08 && !(goes_on && gap < 2.0) {
        return true;
    }
    // A line that is full goes on over a slightly larger gap (a raised number, a tall sign).
    let full = !next_would_fit(above, line, setting);
    let wide = setting.spacing * 1.4;
    if gap > wide && !(goes_on && full && gap < wide * 1.6) {
        return true;
    }
    if let Some(mark) = mark(line)
        && (!mark.doubtful || finished || !full || matches!(group.kind, Kind::Item { number: Some(_) }))
    {
        return true;
    }
    if above.bold != line.bold && !goes_on && (!full || finished) {
        return true;
    }
    // Lines of a heading are broken where it looks best.
    let title = line.size >= LARGER * setting.body.size || group.bold() && line.bold || is_capitals(&above.text);
    let same_weight = above.bold == line.bold && is_capitals(&above.text) == is_capitals(&line.text);
    if title && same_weight && !finished && gap < 1.1 * setting.spacing.max(1.3) && group.lines.len() < 4 {
        return false;
    }
    if !full && !goes_on && (finished || starts_sentence(&line.text)) {
        return true;
    }
    finished && is_indented_anew(group, above, line)
}

/// Whether a block of the file's structure holds more than one paragraph: a sign of a list, or a wide gap after a sentence.
fn begins_within_block(above: &Line, line: &Line, setting: &Setting) -> bool {
    let gap = (above.y - line.y) / line.size.max(above.size);
    let listed = mark(line).is_some_and(|mark| !mark.doubtful && mark.number.is_none());
    listed || gap > 2.2 * setting.spacing.max(1.2) && is_finished(&above.text)
}

/// Whether a finished line is followed by one that stands further in or out, as the first line of a paragraph does.
fn is_indented_anew(group: &Group, above: &Line, line: &Line) -> bool {
    let indent = 0.8 * line.size;
    let hanging = matches!(group.kind, Kind::Item { .. }) && group.lines.len() == 1;
    if hanging {
        return line.x0 < above.x0 - indent || (line.x0 - above.second_x0).abs() > indent && line.x0 <= above.x0 + 1.0;
    }
    (line.x0 - above.x0).abs() > indent && group.lines.len() > 1 || line.x0 > above.x0 + indent
}

/// Whether the first word of the next line would have fitted on the line above it.
fn next_would_fit(above: &Line, next: &Line, setting: &Setting) -> bool {
    above.x1 + next.first_width + 0.8 * above.size < setting.right
}

/// Whether a text ends as a sentence or an introduction does.
pub(super) fn is_finished(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| {
        matches!(c, ')' | ']' | '”' | '"' | '’' | '\'' | '*' | '†' | '‡' | '⁰'..='⁹' | '¹' | '²' | '³' | ',' | '–')
    });
    let text = if text.is_empty() { return true } else { text };
    // A comma before a raised number is no end, one after it is part of the list of numbers.
    text.ends_with(['.', ':', '?', '!', ';'])
}

/// Whether a text ends in a word, a comma or a hyphen after which something must come.
pub(super) fn is_left_hanging(text: &str) -> bool {
    let text = text.trim_end();
    if text.ends_with([',', '-', '\u{2010}', '\u{ad}', '–', '/', '(']) {
        return true;
    }
    let last = text.rsplit(' ').next().unwrap_or_default().to_lowercase();
    matches!(
        last.as_str(),
        "a" | "an"
            | "and"
            | "as"
            | "at"
            | "be"
            | "but"
            | "by"
            | "for"
            | "from"
            | "in"
            | "into"
            | "is"
            | "of"
            | "on"
            | "or"
            | "than"
            | "that"
            | "the"
            | "their"
            | "to"
            | "was"
            | "were"
            | "which"
            | "who"
            | "with"
            | "are"
            | "not"
            | "≥"
            | "≤"
    )
}

fn is_capitals(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(|c| !c.is_lowercase())
}

fn starts_sentence(text: &str) -> bool {
    text.chars().find(|c| c.is_alphanumeric()).is_none_or(|c| c.is_uppercase() || c.is_ascii_digit())
}
