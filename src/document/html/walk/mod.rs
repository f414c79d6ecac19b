//! Walks the main content of a page in document order and cuts it into pieces.
//!
//! The walk keeps its own stack, because pages nest elements a hundred thousand deep. What an element means for the text
//! around it (bold, a link, a list item) is a [`Mark`] that lasts until the element closes.

mod blocks;

use ego_tree::{NodeId, NodeRef, Tree};
use scraper::Node;
use scraper::node::Element;

use super::super::Limits;
use super::super::flow::{CellText, Gathered, Kind, Piece};
use super::super::inline::{Inline, Run, Style};
use super::content::{self, Verdict};
use super::hidden::{self, Cause, Hidden};
use super::marks::{self, Named};
use super::survey::Survey;
use super::table;

/// Tables within cells of tables that are still read as tables.
const DEEPEST_TABLE: usize = 3;
/// Characters that a box may hold; larger ones are page layout.
const LARGEST_BOX: usize = 3000;

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Pieces in reading order.
    pub(super) pieces: Vec<Piece>,
    /// What a reader of the page cannot see.
    pub(super) hidden: Hidden,
    /// Reference lists that were left out.
    pub(super) references: usize,
}

/// Walks the main content of a page.
pub(super) fn walk(tree: &Tree<Node>, survey: &Survey, limits: &Limits) -> Walked {
    let mut walker = Walker::new(survey, limits, survey.size(tree.root().id()).text, 0);
    let page: usize = tree.root().children().map(|child| survey.size(child.id()).text).sum();
    walker.page = page;
    if let Some(root) = tree.get(content::root(tree, survey)) {
        walker.run(root);
    }
    Walked { pieces: walker.gathered.pieces, hidden: walker.hidden, references: walker.references }
}

/// What an element changes until it closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Strong,
    Link,
    InPage,
    Boxed,
    Pre,
    Notes,
    Pointing,
    Frame,
    List,
    Block,
    Apart,
    Font,
    Part,
}

/// What the text of the innermost such element becomes.
#[derive(Clone, Debug)]
enum Frame {
    Heading(u8),
    Caption,
    Note,
    Term,
    Item { number: Option<String>, piece: Option<usize> },
}

struct Walker<'a> {
    survey: &'a Survey,
    limits: &'a Limits,
    /// Characters on the page.
    page: usize,
    /// Data tables around this walk.
    tables: usize,
    gathered: Gathered,
    hidden: Hidden,
    references: usize,
    inline: Inline,
    marks: Vec<(NodeId, Mark)>,
    /// How many marks of each kind hold.
    counts: [usize; 7],
    /// Sizes of the letters that open elements set.
    sizes: Vec<u8>,
    frames: Vec<Frame>,
    /// A term that waits for its definition, and the one that the last definition had.
    term: Option<Run>,
    defined: Option<Run>,
}

impl<'a> Walker<'a> {
    fn new(survey: &'a Survey, limits: &'a Limits, page: usize, tables: usize) -> Walker<'a> {
        Walker {
            survey,
            limits,
            page,
            tables,
            gathered: Gathered::default(),
            hidden: Hidden::default(),
            references: 0,
            inline: Inline::default(),
            marks: Vec::new(),
            counts: [0; 7],
            sizes: Vec::new(),
            frames: Vec::new(),
            term: None,
            defined: None,
        }
    }

    fn run(&mut self, root: NodeRef<'_, Node>) {
        let mut next = Some(root);
        while let Some(node) = next {
            let entered = self.open(node);
            if entered && let Some(child) = node.first_child() {
                next = Some(child);
                continue;
            }
            if entered {
                self.close(node);
            }
            next = self.after(node, root.id());
        }
        self.flush();
        self.end_term();
    }

    /// The node after this one and its content; closes what ends in between.
    fn after<'n>(&mut self, node: NodeRef<'n, Node>, root: NodeId) -> Option<NodeRef<'n, Node>> {
        let mut node = node;
        loop {
            if node.id() == root {
                return None;
            }
            if let Some(sibling) = node.next_sibling() {
                return Some(sibling);
            }
            node = node.parent()?;
            self.close(node);
        }
    }

    /// Takes in a node; `true` where its content is to be walked.
    fn open(&mut self, node: NodeRef<'_, Node>) -> bool {
        if let Some(text) = node.value().as_text() {
            self.text(text);
            return false;
        }
        if let Some(comment) = node.value().as_comment() {
            if hidden::is_prose(comment) {
                self.hidden.add(Cause::Unrendered, node);
            }
            return false;
        }
        let Some(element) = node.value().as_element() else { return true };
        match content::verdict(node, element, self.survey, self.page) {
            Verdict::Keep => {}
            Verdict::Drop => return self.skip(element),
            Verdict::Hidden(cause) => {
                self.hidden.add(cause, node);
                return self.skip(element);
            }
            Verdict::References => {
                self.references += 1;
                return self.skip(element);
            }
        }
        if marks::is_block(element.name()) {
            self.flush();
            self.marks.push((node.id(), Mark::Block));
        }
        self.note_anchor(element);
        self.enter(node, element)
    }

    fn skip(&mut self, element: &Element) -> bool {
        if marks::is_block(element.name()) {
            self.flush();
        }
        false
    }

    fn enter(&mut self, node: NodeRef<'_, Node>, element: &Element) -> bool {
        let id = node.id();
        if let Some(raised) = marks::raised(node, element) {
            return !self.raised_or_lowered(node, raised);
        }
        match element.name() {
            "br" => {
                if self.inline.line_break() {
                    self.flush();
                }
                return false;
            }
            "a" => return self.enter_link(node, element),
            "table" if self.tables < DEEPEST_TABLE && table::is_data(element, &self.survey.table(id)) => {
                self.data_table(node);
                // The block mark was set although nothing will close it.
                self.marks.pop();
                return false;
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = element.name().bytes().last().map_or(6, |digit| digit.saturating_sub(b'0'));
                self.frame(id, Frame::Heading(level));
            }
            "figcaption" | "caption" => self.frame(id, Frame::Caption),
            "ul" | "ol" | "dir" | "dl" => self.enter_list(id, element),
            "li" => self.enter_item(id, element),
            "dt" => {
                self.defined = None;
                self.frame(id, Frame::Term);
            }
            "dd" => {
                // A further definition is of the same term.
                self.term = self.term.take().or(self.defined.take());
                self.frame(id, Frame::Item { number: None, piece: None });
            }
            "pre" => self.mark(id, Mark::Pre),
            "blockquote" => self.mark_box(id),
            "aside" => self.enter_box(id),
            "details" => self.enter_part(id),
            _ => self.enter_named(id, element),
        }
        if marks::is_bold(element) {
            self.mark(id, Mark::Strong);
        }
        true
    }

    /// An element whose class says what it is.
    fn enter_named(&mut self, id: NodeId, element: &Element) {
        if !marks::is_block(element.name()) {
            if marks::stands_apart(element) {
                self.inline.keep_apart();
                self.marks.push((id, Mark::Apart));
            }
            if let Some(size) = marks::font_size(element) {
                self.sizes.push(size);
                self.marks.push((id, Mark::Font));
            }
            return;
        }
        if element.attr("id").is_some_and(|id| self.survey.controlled.contains(id)) {
            self.enter_part(id);
        }
        let short = self.survey.size(id).text <= 300;
        match marks::named(element) {
            Some(Named::Heading(level)) if short => self.frame(id, Frame::Heading(level)),
            Some(Named::Caption) if short => self.frame(id, Frame::Caption),
            Some(Named::Note) if element.name() == "p" => self.frame(id, Frame::Note),
            Some(Named::Note) => self.enter_notes(id),
            Some(Named::Box) => self.enter_box(id),
            _ => {}
        }
    }

    fn enter_box(&mut self, id: NodeId) {
        if self.survey.size(id).text <= LARGEST_BOX {
            if !self.holds(Mark::Boxed) {
                self.enter_part(id);
            }
            self.mark(id, Mark::Boxed);
        }
    }

    /// A quotation is boxed too, but old pages indent with it, and a heading in it may lead what follows.
    fn mark_box(&mut self, id: NodeId) {
        if self.survey.size(id).text <= LARGEST_BOX {
            self.mark(id, Mark::Boxed);
        }
    }

    /// A part whose headings end with it; a cell is one anyway.
    fn enter_part(&mut self, id: NodeId) {
        if self.tables == 0 && self.frames.is_empty() {
            self.gathered.part(Kind::Opening);
            self.marks.push((id, Mark::Part));
        }
    }

    /// The notes of a table or page; what is larger than notes are is the page itself, with notes somewhere in it.
    fn enter_notes(&mut self, id: NodeId) {
        let size = self.survey.size(id).text;
        if size <= LARGEST_BOX && size * 3 <= self.page {
            self.mark(id, Mark::Notes);
        }
    }

    fn enter_link(&mut self, node: NodeRef<'_, Node>, element: &Element) -> bool {
        let Some(target) = element.attr("href") else { return true };
        let in_page = target.starts_with('#');
        if (in_page || marks::is_note_link(element)) && marks::is_reference_link(node, element) {
            self.inline.mark();
            return false;
        }
        if in_page && marks::is_way_back(node) {
            return false;
        }
        self.mark(node.id(), Mark::Link);
        if in_page {
            self.mark(node.id(), Mark::InPage);
        } else if target.contains('#') {
            self.mark(node.id(), Mark::Pointing);
        }
        true
    }

    fn enter_list(&mut self, id: NodeId, element: &Element) {
        if element.name() != "dl" {
            self.end_term();
        }
        let start = element.attr("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
        let print = element.attr("type").and_then(|print| print.chars().next()).unwrap_or('1');
        self.gathered.open_list((element.name() == "ol").then_some((start, print)));
        self.marks.push((id, Mark::List));
        if marks::named(element) == Some(Named::Note) {
            self.enter_notes(id);
        }
    }

    fn enter_item(&mut self, id: NodeId, element: &Element) {
        let given = element.attr("value").and_then(|value| value.trim().parse().ok());
        let number = self.gathered.next_number(given);
        self.frame(id, Frame::Item { number, piece: None });
    }

    fn frame(&mut self, id: NodeId, frame: Frame) {
        self.frames.push(frame);
        self.marks.push((id, Mark::Frame));
    }

    fn mark(&mut self, id: NodeId, mark: Mark) {
        self.marks.push((id, mark));
        if let Some(count) = self.counts.get_mut(mark as usize) {
            *count += 1;
        }
    }

    fn holds(&self, mark: Mark) -> bool {
        self.counts.get(mark as usize).is_some_and(|count| *count > 0)
    }

    fn close(&mut self, node: NodeRef<'_, Node>) {
        while let Some((_, mark)) = self.marks.pop_if(|(id, _)| *id == node.id()) {
            match mark {
                Mark::Frame => {
                    self.flush();
                    self.frames.pop();
                }
                Mark::List => {
                    self.flush();
                    self.end_term();
                    self.gathered.close_list();
                    self.defined = None;
                }
                Mark::Block => self.flush(),
                Mark::Pre => {
                    self.flush_lines();
                    self.release(mark);
                }
                Mark::Apart => self.inline.keep_apart(),
                Mark::Font => {
                    self.sizes.pop();
                }
                Mark::Part => {
                    self.flush();
                    self.end_term();
                    self.gathered.part(Kind::Closing(0));
                }
                Mark::Boxed | Mark::Notes => {
                    self.flush();
                    self.release(mark);
                }
                Mark::Strong | Mark::Link | Mark::InPage | Mark::Pointing => self.release(mark),
            }
        }
    }

    fn release(&mut self, mark: Mark) {
        if let Some(count) = self.counts.get_mut(mark as usize) {
            *count = count.saturating_sub(1);
        }
    }

    fn style(&self) -> Style {
        let [strong, link, in_page] = [Mark::Strong, Mark::Link, Mark::InPage].map(|mark| self.holds(mark));
        Style { strong, link, in_page, size: self.sizes.last().copied().unwrap_or_default() }
    }

    fn text(&mut self, text: &str) {
        let style = self.style();
        if !self.holds(Mark::Pre) {
            return self.inline.push(text, style);
        }
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.inline.line_break();
            }
            self.inline.push(line, style);
        }
    }

    /// Reads a short superscript or subscript; `false` where it is too large to be one.
    fn raised_or_lowered(&mut self, node: NodeRef<'_, Node>, raised: bool) -> bool {
        let Some((text, linked)) = marks::short_text(node) else { return false };
        let style = self.style();
        if raised {
            self.inline.superscript(&text, linked || self.holds(Mark::InPage) || self.holds(Mark::Pointing), style);
        } else {
            self.inline.subscript(&text, style);
        }
        true
    }

    fn note_anchor(&mut self, element: &Element) {
        // Inline elements get identifiers from programs that write pages; only a bare anchor among them is meant.
        let anchor = element.name() == "a" && (element.attr("href").is_none() || element.attr("name").is_some());
        let named = element.attr("name").filter(|_| anchor);
        let id = element.attr("id").filter(|_| anchor || marks::is_block(element.name()));
        if let Some(id) = id.or(named) {
            self.gathered.anchor = Some(id.to_owned());
        }
    }

    fn data_table(&mut self, node: NodeRef<'_, Node>) {
        let (mut hidden, mut notes) = (Hidden::default(), Vec::new());
        let (survey, limits, page, tables) = (self.survey, self.limits, self.page, self.tables + 1);
        let mut written = table::read(node, |part| {
            let element = part.value().as_element()?;
            let frame = table::is_frame(element);
            if let Some(cause) = hidden::cause(part, element, survey) {
                hidden.add(cause, part);
                // A cell keeps its place.
                return (!frame).then(CellText::default);
            }
            if frame {
                return Some(CellText::default());
            }
            let mut walker = Walker::new(survey, limits, page, tables);
            walker.run(part);
            hidden.join(walker.hidden);
            notes.append(&mut walker.gathered.take_notes());
            Some(walker.gathered.on_one_line())
        });
        self.hidden.join(hidden);
        written.notes.append(&mut notes);
        self.push(Kind::Table(written), Run::default());
    }
}
