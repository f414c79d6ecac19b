//! Hands the groups of a document to the builder, page by page, tables with their heads and captions.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use super::cells::cells;
use super::grid::{Cell, Grid};
use super::joining::{Lexicon, append_line};
use super::outline::{Body, numbering_depth};
use super::paragraphs::{Group, Kind, group_columns};
use crate::document::{BlockKind, Builder, grid};
use crate::span::Span;

/// Writes groups in reading order.
pub(super) struct Writer<'a> {
    builder: &'a mut Builder,
    lexicon: &'a Lexicon,
    body: Body,
    labels: BTreeMap<usize, String>,
    next_page: usize,
    /// The sentence that introduces the list items to come.
    intro: Option<Span>,
    /// The caption that was written last, with nothing but rows after it.
    caption: Option<Span>,
    /// The caption of the table to come.
    table_caption: Option<String>,
    /// Where the last table's columns stood, and their heads, for a table that goes on overleaf.
    head: Option<Head>,
}

/// The heads of a table, and where it stood.
struct Head {
    page: usize,
    lefts: Vec<f64>,
    tagged: Option<usize>,
    rows: Vec<Vec<grid::Cell>>,
}

/// Characters beyond which a cell is written as paragraphs after its row.
const LONG_CELL: usize = 700;

impl<'a> Writer<'a> {
    pub(super) fn new(
        builder: &'a mut Builder,
        lexicon: &'a Lexicon,
        body: Body,
        labels: BTreeMap<usize, String>,
    ) -> Writer<'a> {
        Writer {
            builder,
            lexicon,
            body,
            labels,
            next_page: 0,
            intro: None,
            caption: None,
            table_caption: None,
            head: None,
        }
    }

    /// Writes all groups, and the pages on which nothing stands.
    pub(super) fn write(mut self, groups: &[Group], pages: usize) {
        for (index, group) in groups.iter().enumerate() {
            self.turn_to(group.page + 1);
            let next = groups.get(index + 1).map(|next| &next.kind);
            if group.kind == Kind::Caption && matches!(next, Some(Kind::Table(_))) {
                self.table_caption = Some(group.text(self.lexicon));
            } else {
                self.group(group);
            }
        }
        self.turn_to(pages);
    }

    fn turn_to(&mut self, end: usize) {
        while self.next_page < end {
            self.builder.page(self.next_page, self.labels.get(&self.next_page).cloned());
            self.next_page += 1;
        }
    }

    fn group(&mut self, group: &Group) {
        let text = group.text(self.lexicon);
        let caption = self.caption.take();
        match &group.kind {
            Kind::Heading(level) => {
                self.group_heading(*level, &text);
            }
            Kind::Item { number } => {
                self.builder.list_item(number.as_deref(), self.intro, &text);
            }
            Kind::Text => {
                let span = self.builder.paragraph(&text);
                self.intro = span.filter(|_| text.trim_end().ends_with(':'));
            }
            Kind::Row => {
                self.caption = caption;
                self.visual_row(group);
            }
            Kind::Table(grid) => {
                self.table(grid, group.page);
            }
            Kind::Caption => self.caption = self.builder.block(BlockKind::Caption, &text, BTreeMap::new()),
            Kind::Footnote => {
                self.builder.block(BlockKind::Footnote, &text, BTreeMap::new());
            }
        }
    }

    /// A row of cells, as it stands on the page.
    fn visual_row(&mut self, group: &Group) {
        for line in &group.lines {
            let cells: Vec<&str> =
                line.pieces.iter().map(|piece| piece.text.trim()).filter(|text| !text.is_empty()).collect();
            self.builder.block(BlockKind::TableRow { caption: self.caption }, &cells.join(" | "), BTreeMap::new());
        }
    }

    fn table(&mut self, grid: &Rc<Grid>, page: usize) {
        let mut texts: Vec<Vec<String>> =
            grid.rows.iter().map(|row| row.iter().map(|cell| self.cell_text(cell)).collect()).collect();
        let long: Vec<Vec<&Cell>> =
            grid.rows.iter().zip(&mut texts).map(|(row, texts)| long_cells(row, texts)).collect();
        let ends: Vec<bool> = long.iter().map(|long| !long.is_empty()).collect();
        let (mut rows, mut heads) = cells(grid, &mut texts, &ends);
        let head =
            if heads > 0 { rows.iter().take(heads).cloned().collect() } else { self.head_from_before(grid, page) };
        if heads == 0 {
            heads = head.len();
            rows.splice(0..0, head.iter().cloned());
        }
        let tagged = grid.tagged.map(|(number, _)| number);
        self.head = Some(Head { page, lefts: grid.lefts.clone(), tagged, rows: head.clone() });
        let repeated = rows.len() - grid.rows.len();
        let mut part: Vec<Vec<grid::Cell>> = Vec::new();
        let mut written = HashSet::new();
        for (at, row) in rows.into_iter().enumerate() {
            part.push(row);
            let Some(long) = at.checked_sub(repeated).and_then(|at| long.get(at)).filter(|long| !long.is_empty())
            else {
                continue;
            };
            self.write_part(std::mem::replace(&mut part, head.clone()), heads);
            for cell in long.iter().filter(|cell| written.insert(cell.number)) {
                let groups = group_columns(std::slice::from_ref(&cell.lines), &[], page, self.body);
                groups.iter().for_each(|group| self.group(group));
            }
        }
        if part.len() > heads {
            self.write_part(part, heads);
        }
    }

    /// Writes a table's title as the section heading that it is by its number: "3.2.1 Small cysts".
    fn heading_over_table(&mut self, title: &str) -> bool {
        let depth = numbering_depth(title);
        if depth > 1 {
            self.group_heading(u8::try_from(depth).unwrap_or(u8::MAX), title);
        }
        depth > 1
    }

    fn group_heading(&mut self, level: u8, text: &str) {
        self.intro = None;
        self.builder.heading(level, text);
    }

    /// Writes rows of a table under its heads.
    fn write_part(&mut self, rows: Vec<Vec<grid::Cell>>, heads: usize) {
        let written = grid::write(None, rows, heads, Vec::new());
        let title = written.caption.filter(|title| !self.heading_over_table(title));
        let caption = match (self.table_caption.take(), title) {
            (Some(before), Some(title)) => Some(format!("{before} {title}")),
            (before, title) => before.or(title),
        };
        self.builder.lines(caption.as_deref(), &written.lines, &written.notes);
    }

    fn cell_text(&self, cell: &Cell) -> String {
        let mut text = String::new();
        cell.lines.iter().for_each(|line| append_line(&mut text, &line.text, self.lexicon));
        text
    }

    /// The heads of the table that stood on the page before, where this one goes on with it.
    fn head_from_before(&self, grid: &Grid, page: usize) -> Vec<Vec<grid::Cell>> {
        let Some(head) = &self.head else { return Vec::new() };
        let alike = match grid.tagged {
            Some((number, _)) => head.tagged == Some(number),
            None => head.lefts.iter().zip(&grid.lefts).all(|(a, b)| (a - b).abs() < 8.0),
        };
        let same_columns = head.lefts.len() == grid.lefts.len();
        if page == head.page + 1 && alike && same_columns { head.rows.clone() } else { Vec::new() }
    }
}

/// Takes the long cells out of a row: they are written after it, in paragraphs of their own.
fn long_cells<'c>(row: &'c [Cell], texts: &mut [String]) -> Vec<&'c Cell> {
    let is_long = |text: &String| text.chars().count() > LONG_CELL;
    let long = row.iter().zip(texts.iter()).filter(|(_, text)| is_long(text)).map(|(cell, _)| cell).collect();
    texts.iter_mut().filter(|text| is_long(text)).for_each(String::clear);
    long
}
