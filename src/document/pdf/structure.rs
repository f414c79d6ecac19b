//! Reads the structure that a tagged file declares: which marked content makes a paragraph, a heading, a list item, a
//! caption, a note or a cell of which table, and in which order they are read.
//!
//! Two of three guidelines are tagged, because accessibility rules ask for it, and no rule of layout tells blocks apart
//! as well as their author. Whether the tags fit what stands on a page is judged there: for tables in
//! [`super::tagged`], for everything else in [`super::tagging`].

use std::collections::{HashMap, HashSet};

use pdf_extract::{Dictionary, Document, Object, ObjectId};

use super::file::{as_dictionary, resolve};
use super::role::{Role, role};

/// Marked content: the page that it stands on, and its number there.
pub(super) type Marked = (ObjectId, i64);

/// What the tags say.
#[derive(Debug, Default)]
pub(super) struct Structure {
    /// Blocks of the document in reading order.
    elements: Vec<Element>,
    /// The block that content belongs to.
    content: HashMap<Marked, usize>,
    /// All tables of the document.
    pub(super) tables: Vec<TaggedTable>,
    /// The table, and its cell, that content stands in.
    pub(super) cells: HashMap<Marked, (usize, usize)>,
    /// Hyphens that only a line's end called for.
    pub(super) soft_hyphens: HashSet<Marked>,
}

impl Structure {
    /// The block that content belongs to, and what it is.
    pub(super) fn block(&self, marked: Marked) -> Option<(usize, Role)> {
        let place = *self.content.get(&marked)?;
        let element = self.elements.get(place)?;
        // The cells of a row are read together; a table of one column is a frame round its paragraphs.
        match element.table.and_then(|table| self.tables.get(table)) {
            Some(table) if table.columns > 1 => Some((table.element, Role::Layout)),
            _ => Some((place, element.role)),
        }
    }
}

/// A block as tagged.
#[derive(Clone, Copy, Debug)]
struct Element {
    role: Role,
    /// The table that it stands in.
    table: Option<usize>,
}

/// A table as tagged.
#[derive(Debug, Default)]
pub(super) struct TaggedTable {
    /// Its place among the document's blocks.
    pub(super) element: usize,
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
    let mut walk = Walk { document, roles, seen: HashSet::new(), visited: 0, found: Structure::default() };
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
    /// The block that content belongs to here.
    element: Option<usize>,
    /// The block is a list item, whose first paragraph is the item itself.
    item_alone: bool,
    /// The table, and the cell in it.
    table: Option<usize>,
    cell: Option<usize>,
    soft_hyphen: bool,
}

struct Walk<'a> {
    document: &'a Document,
    roles: Option<&'a Dictionary>,
    seen: HashSet<ObjectId>,
    visited: usize,
    found: Structure,
}

impl Walk<'_> {
    fn kids(&mut self, kids: &Object, context: &Context, depth: usize) {
        self.visited += 1;
        if depth > DEEPEST_ELEMENT || self.visited > MOST_ELEMENTS {
            return;
        }
        if let Object::Reference(id) = kids
            && !self.seen.insert(*id)
        {
            return;
        }
        match resolve(self.document, Some(kids)) {
            Some(Object::Array(array)) => self.array(array, context, depth),
            Some(Object::Integer(number)) => self.content(*number, context.page, context),
            Some(Object::Dictionary(dictionary)) => self.dictionary(dictionary, context, depth),
            _ => {}
        }
    }

    fn array(&mut self, array: &[Object], context: &Context, depth: usize) {
        let mut context = context.clone();
        for kid in array {
            self.kids(kid, &context, depth + 1);
            // Only the first paragraph of a list item is the item itself.
            context.item_alone &= !self.is_paragraph(kid);
        }
    }

    fn is_paragraph(&self, kid: &Object) -> bool {
        let element = as_dictionary(self.document, kid).filter(|element| element.get(b"MCID").is_err());
        element.is_some_and(|element| matches!(self.standard_role(element).as_slice(), b"P" | b"LBody"))
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
        inner.soft_hyphen |= self.is_soft_hyphen(element);
        let standard = self.standard_role(element);
        match standard.as_slice() {
            // A table in a cell is part of that cell.
            b"Table" | b"TR" | b"TH" | b"TD" if context.cell.is_some() => {}
            b"Table" if context.table.is_none() => {
                let place = self.block(Role::Layout, None);
                self.found.tables.push(TaggedTable { element: place, ..TaggedTable::default() });
                inner.table = Some(self.found.tables.len() - 1);
                inner.element = Some(place);
            }
            b"TR" => {
                if let Some(table) = context.table.and_then(|table| self.found.tables.get_mut(table)) {
                    table.rows += 1;
                }
            }
            b"TH" | b"TD" => {
                let (rows, columns) = (self.span(element, b"RowSpan"), self.span(element, b"ColSpan"));
                if let Some(table) = context.table.and_then(|table| self.found.tables.get_mut(table)) {
                    inner.cell = table.add_cell(rows, columns, standard == b"TH");
                }
                inner.element = Some(self.block(Role::Text, context.table));
            }
            b"P" if context.item_alone => {
                inner.item_alone = false;
                let place = context.element.and_then(|place| self.found.elements.get_mut(place));
                // Numbered headings are often made as numbered items.
                if let (Some(item), Some(heading @ Role::Heading(_))) =
                    (place, role(&standard, style_name(element), false))
                {
                    item.role = heading;
                }
            }
            _ => {
                if let Some(role) = role(&standard, style_name(element), context.element.is_none()) {
                    inner.element = Some(self.block(role, context.table));
                    inner.item_alone = role == Role::Item;
                }
            }
        }
        inner
    }

    fn block(&mut self, role: Role, table: Option<usize>) -> usize {
        self.found.elements.push(Element { role, table });
        self.found.elements.len() - 1
    }

    /// The standard role of an element, through the file's own names for roles.
    fn standard_role(&self, element: &Dictionary) -> Vec<u8> {
        let mut role = style_name(element).to_vec();
        for _ in 0..4 {
            let mapped = self.roles.and_then(|roles| resolve(self.document, roles.get(&role).ok())?.as_name().ok());
            match mapped {
                Some(mapped) if mapped != role => role = mapped.to_vec(),
                _ => break,
            }
        }
        role
    }

    fn is_soft_hyphen(&self, element: &Dictionary) -> bool {
        let text = element.get(b"ActualText").ok().and_then(|text| resolve(self.document, Some(text)));
        text.and_then(|text| pdf_extract::decode_text_string(text).ok()).is_some_and(|text| text == "\u{ad}")
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
        let marked = (page, number);
        if let Some(cell) = context.table.zip(context.cell) {
            self.found.cells.insert(marked, cell);
        }
        if let Some(element) = context.element {
            self.found.content.insert(marked, element);
        }
        if context.soft_hyphen {
            self.found.soft_hyphens.insert(marked);
        }
    }
}

/// The name that the file gives to what an element is.
fn style_name(element: &Dictionary) -> &[u8] {
    element.get(b"S").and_then(Object::as_name).unwrap_or_default()
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
