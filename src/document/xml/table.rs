//! Reads the rows of a table, in the HTML model (`tr`, `td`) or the CALS model (`Row`, `entry`).

use roxmltree::Node;

use super::super::flow::CellText;
use super::super::grid::{self, Cell, Written};

/// Reads a table; `read` gives the text of a cell or caption.
pub(super) fn read(table: Node<'_, '_>, mut read: impl FnMut(Node<'_, '_>) -> CellText) -> Written {
    let (mut rows, mut last, mut head, mut caption) = (Vec::new(), Vec::new(), 0, None);
    for part in table.children().filter(Node::is_element) {
        let found = part.children().filter(|row| is_row(*row));
        match part.tag_name().name() {
            "caption" | "title" => caption = Some(read(part).text).filter(|text| !text.trim().is_empty()),
            "thead" | "THead" => {
                rows.extend(found.map(|row| read_row(row, &mut read)));
                head = rows.len();
            }
            "tfoot" | "TFoot" => last.extend(found.map(|row| read_row(row, &mut read))),
            "tgroup" => rows.extend(part.descendants().filter(|row| is_row(*row)).map(|row| read_row(row, &mut read))),
            _ if is_row(part) => rows.push(read_row(part, &mut read)),
            _ => rows.extend(found.map(|row| read_row(row, &mut read))),
        }
    }
    rows.append(&mut last);
    grid::write(caption, rows, head, Vec::new())
}

fn is_row(node: Node<'_, '_>) -> bool {
    matches!(node.tag_name().name(), "tr" | "Row" | "row")
}

fn read_row(row: Node<'_, '_>, read: &mut impl FnMut(Node<'_, '_>) -> CellText) -> Vec<Cell> {
    let cells = row.children().filter(|cell| matches!(cell.tag_name().name(), "td" | "th" | "entry"));
    cells.map(|node| cell(node, read(node))).collect()
}

fn cell(node: Node<'_, '_>, CellText { text, strong, .. }: CellText) -> Cell {
    let number = |names: [&str; 2]| {
        names.iter().find_map(|name| node.attribute(*name)).and_then(|value| value.trim().parse::<usize>().ok())
    };
    let more = number(["MoreRows", "morerows"]).map(|more| more.saturating_add(1));
    let rows = more.or(number(["rowspan", "rowspan"])).unwrap_or(1);
    let columns = named_span(node).or(number(["colspan", "colspan"])).unwrap_or(1);
    Cell { text, rows, columns, head: node.tag_name().name() == "th", strong, ..Cell::default() }
}

/// The columns from `NameSt` to `NameEnd`, counted by the numbers in their names or by the column specifications.
fn named_span(entry: Node<'_, '_>) -> Option<usize> {
    let attribute = |names: [&str; 2]| names.iter().find_map(|name| entry.attribute(*name));
    let (start, end) = (attribute(["NameSt", "namest"])?, attribute(["NameEnd", "nameend"])?);
    let group = entry.ancestors().take(4).find(|node| matches!(node.tag_name().name(), "TGroup" | "tgroup"))?;
    let specification = |node: &Node<'_, '_>| matches!(node.tag_name().name(), "ColSpec" | "colspec");
    let names: Vec<&str> = group
        .children()
        .filter(specification)
        .filter_map(|spec| spec.attribute("ColName").or(spec.attribute("colname")))
        .collect();
    let place = |name: &str| names.iter().position(|known| *known == name).or_else(|| digits(name));
    let (start, end) = (place(start)?, place(end)?);
    Some(end.checked_sub(start)?.min(200) + 1)
}

fn digits(name: &str) -> Option<usize> {
    name.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()
}
