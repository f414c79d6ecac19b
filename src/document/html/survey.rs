//! Measures a page once, so that the walk can decide about an element without looking into it.
//!
//! One pass in document order gives for every element how much text it holds and how much of that is link text, and for
//! every table what it is made of. Decides nothing.

use std::collections::{HashMap, HashSet};

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef, Tree};
use scraper::Node;

use super::hidden;
use super::style::Sheet;

/// Elements that one control may show and hide.
const MOST_CONTROLLED: usize = 64;

/// What one element holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// Characters of text, white space aside.
    pub(super) text: usize,
    /// How many of them are link text.
    pub(super) linked: usize,
    /// Whether a top heading is inside.
    pub(super) titled: bool,
}

/// What a table's own rows and cells are, nested tables aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TableSize {
    /// Rows.
    pub(super) rows: usize,
    /// Cells with text.
    pub(super) cells: usize,
    /// Most cells with text in one row.
    pub(super) columns: usize,
    /// Head cells with text.
    pub(super) heads: usize,
    /// Headings within cells.
    pub(super) headings: usize,
    /// Tables with text within cells.
    pub(super) nested: usize,
    /// Whether it has a caption or a table head.
    pub(super) declared: bool,
    /// Characters of the longest cell.
    pub(super) longest: usize,
}

/// The measurements of a page.
#[derive(Debug, Default)]
pub(super) struct Survey {
    sizes: HashMap<NodeId, Size>,
    tables: HashMap<NodeId, TableSize>,
    /// Identifiers, and classes with a dot before them, of elements that a control on the page shows and hides.
    pub(super) controlled: HashSet<String>,
    /// The style sheets within the page.
    pub(super) sheet: Sheet,
    /// Characters in navigation, page headers and footers.
    pub(super) site: usize,
    /// The bodies of the page, by the way they are marked: `<main>`, then `<article>`.
    pub(super) mains: Vec<NodeId>,
    /// Articles outside each other.
    pub(super) articles: Vec<NodeId>,
    /// Elements called `content`, `main-content` and the like.
    pub(super) named: Vec<NodeId>,
}

impl Survey {
    /// Measures a page.
    pub(super) fn of(tree: &Tree<Node>) -> Survey {
        let mut pass = Pass::default();
        for edge in tree.root().traverse() {
            match edge {
                Edge::Open(node) => pass.open(node),
                Edge::Close(node) => pass.close(node),
            }
        }
        pass.survey.sheet = hidden::sheet(tree);
        pass.survey
    }

    /// What an element holds.
    pub(super) fn size(&self, id: NodeId) -> Size {
        self.sizes.get(&id).copied().unwrap_or_default()
    }

    /// What a table is made of.
    pub(super) fn table(&self, id: NodeId) -> TableSize {
        self.tables.get(&id).copied().unwrap_or_default()
    }
}

/// The state of the pass: counters that run through the document.
#[derive(Default)]
struct Pass {
    survey: Survey,
    text: usize,
    linked: usize,
    titles: usize,
    links: usize,
    /// Depth of elements whose text is never shown.
    muted: usize,
    /// Depth of `<main>` and `<article>`.
    within: [usize; 3],
    /// Depth of elements of the site around the text.
    site: usize,
    /// Open tables: the table, and the cells with text in its current row.
    open: Vec<(NodeId, TableSize, usize)>,
    /// Counters at the opening of each open element.
    marks: Vec<(usize, usize, usize)>,
}

impl Pass {
    fn open(&mut self, node: NodeRef<'_, Node>) {
        if let Some(text) = node.value().as_text()
            && self.muted == 0
        {
            let count = text.chars().filter(|c| !c.is_whitespace()).count();
            self.text += count;
            self.linked += if self.links > 0 { count } else { 0 };
        }
        let Some(element) = node.value().as_element() else { return };
        self.marks.push((self.text, self.linked, self.titles));
        match element.name() {
            "script" | "style" | "noscript" | "template" | "head" => self.muted += 1,
            "a" if element.attr("href").is_some() => self.links += 1,
            "h1" => self.titles += 1,
            "table" => self.open.push((node.id(), TableSize::default(), 0)),
            "nav" | "header" | "footer" | "aside" => self.site += 1,
            "tr" => self.row(),
            "caption" | "thead" => self.table(|table| table.declared = true),
            _ => {}
        }
        if matches!(element.name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
            self.table(|table| table.headings += 1);
        }
        if let Some(class) = main_class(element)
            && let Some(depth) = self.within.get_mut(class)
        {
            *depth += 1;
            if *depth == 1 {
                match class {
                    0 => self.survey.mains.push(node.id()),
                    1 => self.survey.articles.push(node.id()),
                    _ => self.survey.named.push(node.id()),
                }
            }
        }
        self.survey.controlled.extend(controls(element));
    }

    fn close(&mut self, node: NodeRef<'_, Node>) {
        let Some(element) = node.value().as_element() else { return };
        let (text, linked, titles) = self.marks.pop().unwrap_or_default();
        let size = Size { text: self.text - text, linked: self.linked - linked, titled: self.titles > titles };
        self.survey.sizes.insert(node.id(), size);
        match element.name() {
            "script" | "style" | "noscript" | "template" | "head" => self.muted = self.muted.saturating_sub(1),
            "a" if element.attr("href").is_some() => self.links = self.links.saturating_sub(1),
            "td" | "th" if size.text > 0 => self.cell(element.name() == "th", size.text),
            "table" => self.end_table(size),
            "nav" | "header" | "footer" | "aside" => {
                self.site = self.site.saturating_sub(1);
                self.survey.site += if self.site == 0 && self.within == [0; 3] { size.text } else { 0 };
            }
            _ => {}
        }
        if let Some(depth) = main_class(element).and_then(|class| self.within.get_mut(class)) {
            *depth = depth.saturating_sub(1);
        }
    }

    fn table(&mut self, change: impl FnOnce(&mut TableSize)) {
        if let Some((_, table, _)) = self.open.last_mut() {
            change(table);
        }
    }

    fn row(&mut self) {
        if let Some((_, table, in_row)) = self.open.last_mut() {
            table.rows += 1;
            *in_row = 0;
        }
    }

    fn cell(&mut self, head: bool, text: usize) {
        if let Some((_, table, in_row)) = self.open.last_mut() {
            table.cells += 1;
            table.heads += usize::from(head);
            *in_row += 1;
            table.columns = table.columns.max(*in_row);
            table.longest = table.longest.max(text);
        }
    }

    fn end_table(&mut self, size: Size) {
        if let Some((id, table, _)) = self.open.pop() {
            self.survey.tables.insert(id, table);
            if size.text > 0 {
                self.table(|outer| outer.nested += 1);
            }
        }
    }
}

/// What a control shows and hides: by attributes for it, as the target of a link that is a tab or button, or as a word
/// in quotes that a click hands to a script.
fn controls(element: &scraper::node::Element) -> Vec<String> {
    let named = ["aria-controls", "data-target", "data-bs-target"].into_iter().filter_map(|name| element.attr(name));
    let button = matches!(element.attr("role"), Some("tab" | "button"))
        || ["data-toggle", "data-bs-toggle", "aria-expanded"].iter().any(|name| element.attr(name).is_some());
    let link = element.attr("href").filter(|href| button && href.len() > 1 && href.starts_with('#'));
    let plain = |name: &str| name.trim_start_matches('#').to_owned();
    let mut found: Vec<String> =
        named.chain(link).flat_map(str::split_ascii_whitespace).take(MOST_CONTROLLED).map(plain).collect();
    let script = element.attr("href").filter(|href| href.trim_start().starts_with("javascript:"));
    for script in [element.attr("onclick"), script].into_iter().flatten().filter(|script| script.len() <= 400) {
        found.extend(script.split(['\'', '"']).skip(1).step_by(2).map(plain));
    }
    found
}

/// Which kind of main content an element claims to be: 0 main, 1 article, 2 by name.
fn main_class(element: &scraper::node::Element) -> Option<usize> {
    match (element.name(), element.attr("role")) {
        ("main", _) | (_, Some("main")) => return Some(0),
        ("article", _) | (_, Some("article")) => return Some(1),
        ("body" | "html", _) => return None,
        _ => {}
    }
    let id = element.attr("id")?.to_ascii_lowercase().replace('_', "-");
    let named = matches!(
        id.as_str(),
        "content"
            | "main"
            | "main-content"
            | "maincontent"
            | "content-main"
            | "contentmain"
            | "page-content"
            | "mw-content-text"
            | "bodycontent"
            | "article"
            | "article-content"
    );
    named.then_some(2)
}
