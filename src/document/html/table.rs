//! Tells tables that hold data from tables that lay a page out, and reads the first kind.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

use super::super::flow::CellText;
use super::super::grid::{self, Cell, Written};
use super::survey::TableSize;

/// Characters in one cell that make an unmarked table of few rows a layout.
const LONG_CELL: usize = 1500;
/// Characters in one cell that make any unmarked table a layout.
const PAGE_IN_A_CELL: usize = 6000;

/// Whether a table holds data rather than a page layout.
pub(super) fn is_data(element: &Element, size: &TableSize) -> bool {
    let marked = size.declared || size.heads > 0;
    if matches!(element.attr("role"), Some("presentation" | "none")) || size.columns < 2 || size.cells < 3 {
        return false;
    }
    if marked {
        return size.rows > 1 || size.heads == 0;
    }
    size.rows > 1
        && size.headings == 0
        && (size.nested == 0 || size.columns > 2 && size.nested * 10 < size.cells)
        && size.longest <= PAGE_IN_A_CELL
        && (size.longest <= LONG_CELL || size.rows > 3)
}

/// Whether an element of a table only holds rows or cells.
pub(super) fn is_frame(element: &Element) -> bool {
    matches!(element.name(), "tr" | "thead" | "tbody" | "tfoot")
}

/// Reads a data table; `read` gives the text of a cell or caption, nothing of a frame, `None` of what is not shown.
pub(super) fn read(table: NodeRef<'_, Node>, mut read: impl FnMut(NodeRef<'_, Node>) -> Option<CellText>) -> Written {
    let (mut rows, mut last, mut head, mut caption) = (Vec::new(), Vec::new(), 0, None);
    let mut notes = Vec::new();
    for part in table.children() {
        if name(part) == "caption" {
            caption = caption.or(read(part).map(|cell| cell.text).filter(|text| !text.trim().is_empty()));
            continue;
        }
        if name(part) == "tr" {
            rows.extend(read_row(part, &mut read));
            continue;
        }
        if part.value().is_element() && read(part).is_none() {
            continue;
        }
        let found = part.children().filter_map(|row| read_row(row, &mut read));
        match name(part) {
            "thead" => {
                let before = rows.len();
                rows.extend(found);
                head += rows.len() - before;
            }
            "tfoot" => last.extend(found),
            _ => rows.extend(found),
        }
    }
    // A foot of one cell is a note; one of several cells may hold totals.
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
    for row in last {
        match row.as_slice() {
            [only] if widest > 1 => notes.push(only.text.clone()),
            _ => rows.push(row),
        }
    }
    notes.retain(|note| !note.trim().is_empty());
    grid::write(caption, rows, head, notes)
}

fn read_row(row: NodeRef<'_, Node>, read: &mut impl FnMut(NodeRef<'_, Node>) -> Option<CellText>) -> Option<Vec<Cell>> {
    if name(row) != "tr" || read(row).is_none() {
        return None;
    }
    let cells: Vec<Cell> =
        row.children().filter(|cell| matches!(name(*cell), "td" | "th")).filter_map(|node| cell(node, read)).collect();
    (!cells.is_empty()).then_some(cells)
}

fn cell(node: NodeRef<'_, Node>, read: &mut impl FnMut(NodeRef<'_, Node>) -> Option<CellText>) -> Option<Cell> {
    let element = node.value().as_element()?;
    let CellText { text, strong, lead } = read(node)?;
    let span = |attribute: &str| element.attr(attribute).and_then(|value| value.trim().parse::<usize>().ok());
    Some(Cell {
        text,
        rows: span("rowspan").unwrap_or(1),
        columns: span("colspan").unwrap_or(1),
        head: element.name() == "th",
        strong,
        lead,
        style: style(node),
    })
}

/// The classes of a cell and of the first elements in it: heads without `<th>` are told by them.
fn style(cell: NodeRef<'_, Node>) -> String {
    let mut style = String::new();
    let mut node = Some(cell);
    for _ in 0..4 {
        let Some(element) = node.and_then(|node| node.value().as_element()) else { break };
        style.push_str(element.attr("class").unwrap_or_default());
        style.push_str(element.attr("bgcolor").unwrap_or_default());
        style.push('/');
        node = node.and_then(|node| node.children().find(|child| child.value().is_element()));
    }
    style
}

fn name(node: NodeRef<'_, Node>) -> &str {
    node.value().as_element().map_or("", Element::name)
}
