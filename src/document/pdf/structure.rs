//! Reads the structure that a tagged file declares: which marked content is a heading, and which a cell of which table.
//!
//! Two of three guidelines are tagged, because accessibility rules ask for it, and no ruling tells cells apart as well
//! as their author. Tags are taken at their word for headings and tables only, and for tables only where the words
//! stand as the tags say ([`super::tagged`]); reading order and paragraphs always come from the page.

use std::collections::{HashMap, HashSet};

use pdf_extract::{Dictionary, Document, Object, ObjectId};

use super::file::{as_dictionary, resolve};

/// Marked content: the page that it stands on, and its number there.
pub(super) type Marked = (ObjectId, i64);

/// What the tags say.
#[derive(Debug, Default)]
pub(super) struct Structure {
    /// Levels of headings, by their content.
    pub(super) headings: HashMap<Marked, u8>,
    /// All tables of the document.
    pub(super) tables: Vec<TaggedTable>,
    /// The table, and its cell, that content stands in.
    pub(super) cells: HashMap<Marked, (usize, usize)>,
}

/// A table as tagged.
#[derive(Debug, Default)]
pub(super) struct TaggedTable {
    pub(super) cells: Vec<TaggedCell>,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Rows at the top of which all cells are heads.
    pub(super) heads: usize,
    /// Places that the cells of each row take, those from rows above included.
    pub(super) widths: Vec<usize>,
}

/// A cell and the places that it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TaggedCell {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    head: bool,
}

/// Elements beyond which the tree is not read on.
const MOST_ELEMENTS: usize = 1_000_000;
/// Nesting of elements.
const DEEPEST_ELEMENT: usize = 100;
/// Places that a cell can span.
const WIDEST_SPAN: i64 = 60;

/// Reads the structure tree; empty where there is none.
pub(super) fn structure(document: &Document) -> Structure {
    let root =
        document.catalog().ok().and_then(|catalog| as_dictionary(document, catalog.get(b"StructTreeRoot").ok()?));
    let Some(root) = root else { return Structure::default() };
    let roles = root.get(b"RoleMap").ok().and_then(|roles| as_dictionary(document, roles));
    let mut walk = Walk { document, roles, seen: HashSet::new(), elements: 0, found: Structure::default() };
    if let Ok(kids) = root.get(b"K") {
        walk.kids(kids, &Context::default(), 0);
    }
    walk.found.tables.iter_mut().for_each(TaggedTable::count_heads);
    walk.found
}

/// Where in the tree the walk stands.
#[derive(Clone, Default)]
struct Context {
    page: Option<ObjectId>,
    heading: Option<u8>,
    /// The table, and the cell in it.
    table: Option<usize>,
    cell: Option<usize>,
}

struct Walk<'a> {
    document: &'a Document,
    roles: Option<&'a Dictionary>,
    seen: HashSet<ObjectId>,
    elements: usize,
    found: Structure,
}

impl Walk<'_> {
    fn kids(&mut self, kids: &Object, context: &Context, depth: usize) {
        self.elements += 1;
        if depth > DEEPEST_ELEMENT || self.elements > MOST_ELEMENTS {
            return;
        }
        if let Object::Reference(id) = kids
            && !self.seen.insert(*id)
        {
            return;
        }
        match resolve(self.document, Some(kids)) {
            Some(Object::Array(array)) => array.iter().for_each(|kid| self.kids(kid, context, depth + 1)),
            Some(Object::Integer(number)) => self.content(*number, context.page, context),
            Some(Object::Dictionary(dictionary)) => self.dictionary(dictionary, context, depth),
            _ => {}
        }
    }

    fn dictionary(&mut self, dictionary: &Dictionary, context: &Context, depth: usize) {
        let page = dictionary.get(b"Pg").ok().and_then(|page| page.as_reference().ok()).or(context.page);
        if let Some(Object::Integer(number)) = resolve(self.document, dictionary.get(b"MCID").ok()) {
            self.content(*number, page, context);
        } else if let Ok(kids) = dictionary.get(b"K") {
            let inner = self.enter(dictionary, page, context);
            self.kids(kids, &inner, depth + 1);
        } else {
            // An empty cell still takes its place.
            self.enter(dictionary, page, context);
        }
    }

    fn enter(&mut self, element: &Dictionary, page: Option<ObjectId>, context: &Context) -> Context {
        let mut inner = Context { page, ..context.clone() };
        let role = self.role(element);
        match role.as_slice() {
            // A table in a cell is part of that cell.
            b"Table" if context.table.is_none() => {
                self.found.tables.push(TaggedTable::default());
                inner.table = Some(self.found.tables.len() - 1);
            }
            b"TR" if context.cell.is_none() => {
                if let Some(table) = context.table.and_then(|table| self.found.tables.get_mut(table)) {
                    table.rows += 1;
                }
            }
            b"TH" | b"TD" if context.cell.is_none() => {
                let (rows, columns) = (self.span(element, b"RowSpan"), self.span(element, b"ColSpan"));
                if let Some(table) = context.table.and_then(|table| self.found.tables.get_mut(table)) {
                    inner.cell = table.add_cell(rows, columns, role == b"TH");
                }
            }
            b"Title" | b"H" => inner.heading = Some(1),
            [b'H', level @ b'1'..=b'6'] => inner.heading = Some(level - b'0'),
            _ => {}
        }
        inner
    }

    /// The standard role of an element, through the file's own names for roles.
    fn role(&self, element: &Dictionary) -> Vec<u8> {
        let mut role = element.get(b"S").and_then(Object::as_name).unwrap_or_default().to_vec();
        for _ in 0..4 {
            let mapped = self.roles.and_then(|roles| resolve(self.document, roles.get(&role).ok())?.as_name().ok());
            match mapped {
                Some(mapped) if mapped != role => role = mapped.to_vec(),
                _ => break,
            }
        }
        role
    }

    fn span(&self, element: &Dictionary, key: &[u8]) -> usize {
        let attributes = resolve(self.document, element.get(b"A").ok());
        let one = |object: &Object| {
            let dictionary = as_dictionary(self.document, object)?;
            resolve(self.document, dictionary.get(key).ok())?.as_i64().ok()
        };
        let span = match attributes {
            Some(Object::Array(array)) => array.iter().find_map(one),
            Some(object) => one(object),
            None => None,
        };
        usize::try_from(span.unwrap_or(1).clamp(1, WIDEST_SPAN)).unwrap_or(1)
    }

    fn content(&mut self, number: i64, page: Option<ObjectId>, context: &Context) {
        let Some(page) = page else { return };
        if let Some(cell) = context.table.zip(context.cell) {
            self.found.cells.insert((page, number), cell);
        } else if let Some(level) = context.heading {
            self.found.headings.insert((page, number), level);
        }
    }
}

impl TaggedTable {
    /// Puts a cell into the first free place of the last row.
    fn add_cell(&mut self, rows: usize, columns: usize, head: bool) -> Option<usize> {
        let row = self.rows.checked_sub(1)?;
        let mut column = 0;
        // Cells of rows above that reach down to this row; only the last rows can.
        for cell in self.cells.iter().rev().take(400).filter(|cell| cell.row + cell.rows > row) {
            column = column.max(if cell.row == row { cell.column + cell.columns } else { 0 });
        }
        while let Some(above) = self.cells.iter().rev().take(400).find(|cell| {
            cell.row < row && cell.row + cell.rows > row && cell.column <= column && column < cell.column + cell.columns
        }) {
            column = above.column + above.columns;
        }
        self.columns = self.columns.max(column + columns);
        self.widths.resize(self.rows, 0);
        if let Some(width) = self.widths.last_mut() {
            *width = column + columns;
        }
        self.cells.push(TaggedCell { row, column, rows, columns, head });
        Some(self.cells.len() - 1)
    }

    fn count_heads(&mut self) {
        let body = self.cells.iter().find(|cell| !cell.head).map_or(0, |cell| cell.row);
        self.heads = if body < self.rows { body } else { 0 };
    }
}
