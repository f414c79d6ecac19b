//! Hands the groups of a document to the builder, page by page, tables with their heads and captions.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use super::grid::{Cell, Grid};
use super::joining::{Lexicon, append_line};
use super::outline::Body;
use super::paragraphs::{Group, Kind, group_columns};
use crate::document::{BlockKind, Builder, Table};
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
    texts: Vec<String>,
}

/// Characters beyond which a cell is written as paragraphs after its row.
const LONG_CELL: usize = 700;
/// Characters beyond which a cell is no head.
const LONGEST_HEAD: usize = 250;
/// Characters beyond which a cell that spans rows is no label.
const LONG_LABEL: usize = 150;

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
                self.intro = None;
                self.builder.heading(*level, &text);
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
        let (caption, heads) = self.caption_and_heads(grid);
        self.table_caption = match (self.table_caption.take(), caption) {
            (Some(before), Some(title)) => Some(format!("{before} {title}")),
            (before, title) => before.or(title),
        };
        let head = if heads > 0 { self.head_texts(grid, heads) } else { self.head_from_before(grid, page) };
        let tagged = grid.tagged.map(|(number, _)| number);
        self.head = Some(Head { page, lefts: grid.lefts.clone(), tagged, texts: head.clone() });
        let mut table = Table { caption: self.table_caption.take(), head, ..Table::default() };
        let (mut written, mut spanned) = (HashSet::new(), HashSet::new());
        for row in grid.rows.iter().skip(heads) {
            let mut texts: Vec<String> = row.iter().map(|cell| self.cell_text(cell)).collect();
            // Heads that are repeated within the table.
            if texts == table.head {
                continue;
            }
            blank_repeated(row, &mut texts, &mut spanned);
            let is_long = |text: &String| text.chars().count() > LONG_CELL;
            let long: Vec<&Cell> =
                row.iter().zip(&texts).filter(|(_, text)| is_long(text)).map(|(cell, _)| cell).collect();
            texts.iter_mut().filter(|text| is_long(text)).for_each(String::clear);
            table.rows.push(texts);
            if long.is_empty() {
                continue;
            }
            self.builder.table(&table);
            (table.caption, table.rows) = (None, Vec::new());
            for cell in long.into_iter().filter(|cell| written.insert(cell.number)) {
                let groups = group_columns(std::slice::from_ref(&cell.lines), &[], page, self.body);
                groups.iter().for_each(|group| self.group(group));
            }
        }
        self.builder.table(&table);
    }

    fn cell_text(&self, cell: &Cell) -> String {
        let mut text = String::new();
        cell.lines.iter().for_each(|line| append_line(&mut text, &line.text, self.lexicon));
        text
    }

    /// The table's title, where its first row is one wide head, and the number of its head rows.
    fn caption_and_heads(&self, grid: &Grid) -> (Option<String>, usize) {
        let heads = match grid.tagged {
            Some((_, heads)) if heads > 0 && heads < grid.rows.len() => heads,
            _ => head_rows(grid),
        };
        let head_cells = grid.rows.iter().take(heads).flatten();
        let longest = head_cells.map(|cell| self.cell_text(cell).chars().count()).max().unwrap_or(0);
        // A grid of boxes can be tagged as heads throughout.
        if heads == 0 || longest > LONGEST_HEAD {
            return (None, 0);
        }
        let titles = grid.rows.iter().take(heads).take_while(|row| is_one_cell(row)).filter_map(|row| row.first());
        let titles: Vec<String> = titles.map(|cell| self.cell_text(cell)).collect();
        (Some(titles.join(" ")).filter(|title| !title.is_empty()), heads)
    }

    /// The heads of the columns, where several rows make them from the top down.
    fn head_texts(&self, grid: &Grid, heads: usize) -> Vec<String> {
        (0..grid.lefts.len())
            .map(|column| {
                let mut parts: Vec<(usize, String)> = Vec::new();
                let heads = grid.rows.iter().take(heads).skip_while(|row| is_one_cell(row));
                for cell in heads.filter_map(|row| row.get(column)) {
                    if parts.last().is_none_or(|(number, _)| *number != cell.number) {
                        parts.push((cell.number, self.cell_text(cell)));
                    }
                }
                parts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
            })
            .collect()
    }

    /// The heads of the table that stood on the page before, where this one goes on with it.
    fn head_from_before(&self, grid: &Grid, page: usize) -> Vec<String> {
        let Some(head) = &self.head else { return Vec::new() };
        let alike = match grid.tagged {
            Some((number, _)) => head.tagged == Some(number),
            None => head.lefts.iter().zip(&grid.lefts).all(|(a, b)| (a - b).abs() < 8.0),
        };
        let same_columns = head.lefts.len() == grid.lefts.len();
        if page == head.page + 1 && alike && same_columns { head.texts.clone() } else { Vec::new() }
    }
}

/// Whether one cell takes the whole row.
fn is_one_cell(row: &[Cell]) -> bool {
    row.len() > 1 && row.iter().all(|cell| row.first().is_some_and(|first| first.number == cell.number))
}

/// Blanks a long text that spans rows in all rows but the first; a short one is a label that each row needs.
fn blank_repeated(row: &[Cell], texts: &mut [String], spanned: &mut HashSet<usize>) {
    let before = spanned.clone();
    for (cell, text) in row.iter().zip(texts) {
        if before.contains(&cell.number) && text.chars().count() > LONG_LABEL {
            text.clear();
        }
        spanned.insert(cell.number);
    }
}

/// Rows at the top that are heads: all their words are bold, and those of later rows are not.
fn head_rows(grid: &Grid) -> usize {
    let bold = |row: &Vec<Cell>| {
        let mut lines = row.iter().flat_map(|cell| &cell.lines).peekable();
        lines.peek().is_some() && lines.all(|line| line.bold)
    };
    let heads = grid.rows.iter().take_while(|row| bold(row)).count();
    if heads < grid.rows.len() && heads <= 3 { heads } else { 0 }
}
