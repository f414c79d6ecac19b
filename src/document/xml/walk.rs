//! Walks a document in any dialect and cuts it into pieces.
//!
//! The walk keeps its own stack, so that depth costs memory and not the program's life.

use roxmltree::{Node, NodeId};

use super::super::Limits;
use super::super::flow::{self, Gathered, Kind, Piece};
use super::super::inline::{Inline, Run, Style};
use super::Dialect;
use super::role::Role;
use super::table;

/// Characters beyond which raised text is no mark or exponent.
const LONGEST_RAISED: usize = 40;
/// Tables within cells of tables that are still read as tables.
const DEEPEST_TABLE: usize = 3;

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Title of the document.
    pub(super) title: Option<String>,
    /// Pieces in reading order.
    pub(super) pieces: Vec<Piece>,
    /// Reference lists that were left out.
    pub(super) references: usize,
}

/// Walks a document.
pub(super) fn walk(root: Node<'_, '_>, dialect: Dialect, limits: &Limits) -> Walked {
    let mut walker = Walker::new(dialect, limits, 0);
    walker.run(root);
    Walked { title: walker.title, pieces: walker.gathered.pieces, references: walker.references }
}

/// An open element that matters.
#[derive(Debug)]
struct Open {
    id: NodeId,
    role: Role,
    /// Of an item: its number, and its piece once it has text.
    number: Option<String>,
    piece: Option<usize>,
}

/// A label that waits for the text that it stands before.
#[derive(Debug)]
struct Label {
    text: String,
    /// The element that the label belongs to; at its end the label is text of its own.
    owner: Option<NodeId>,
}

struct Walker<'a> {
    dialect: Dialect,
    limits: &'a Limits,
    tables: usize,
    gathered: Gathered,
    title: Option<String>,
    references: usize,
    inline: Inline,
    open: Vec<Open>,
    /// Open sections, bold elements and boxes.
    sections: usize,
    bold: usize,
    boxes: usize,
    notes: usize,
    label: Option<Label>,
    term: Option<Run>,
    titled: bool,
}

impl<'a> Walker<'a> {
    fn new(dialect: Dialect, limits: &'a Limits, tables: usize) -> Walker<'a> {
        Walker {
            dialect,
            limits,
            tables,
            gathered: Gathered::default(),
            title: None,
            references: 0,
            inline: Inline::default(),
            open: Vec::new(),
            sections: 0,
            bold: 0,
            boxes: 0,
            notes: 0,
            label: None,
            term: None,
            titled: false,
        }
    }

    fn run(&mut self, root: Node<'_, '_>) {
        let mut next = Some(root);
        while let Some(node) = next {
            let entered = self.enter(node, node.id() == root.id());
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
    }

    fn after<'n, 'i>(&mut self, node: Node<'n, 'i>, root: NodeId) -> Option<Node<'n, 'i>> {
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

    fn enter(&mut self, node: Node<'_, '_>, is_root: bool) -> bool {
        if let Some(text) = node.text().filter(|_| node.is_text()) {
            self.inline.push(text, self.style());
            return false;
        }
        if !node.is_element() {
            return node.is_root();
        }
        // The root of a walk is read whatever it is: a cell within a table, a caption.
        let role = if is_root { Role::Block } else { (self.dialect)(node) };
        match role {
            Role::Inline => return true,
            Role::Skip => return false,
            Role::References => {
                self.references += 1;
                return false;
            }
            Role::Mark => {
                self.inline.mark();
                return false;
            }
            Role::Raised | Role::Lowered => return !self.raised_or_lowered(node, role),
            Role::Break => {
                if self.inline.line_break() && !self.gathers() {
                    self.flush();
                }
                return false;
            }
            Role::Table if self.tables < DEEPEST_TABLE => {
                self.flush();
                self.table(node);
                return false;
            }
            Role::Bold => self.bold += 1,
            _ => self.enter_block(node, role),
        }
        let number = if role == Role::Item { self.gathered.next_number(None) } else { None };
        self.open.push(Open { id: node.id(), role, number, piece: None });
        true
    }

    fn enter_block(&mut self, node: Node<'_, '_>, role: Role) {
        if self.gathers() {
            self.inline.part(false);
        } else {
            self.flush();
        }
        let id = node.attribute("id").or_else(|| node.attribute("ID"));
        self.gathered.anchor = id.map(str::to_owned).or(self.gathered.anchor.take());
        match role {
            Role::Section => self.sections += 1,
            Role::Coded(name) => {
                self.sections += 1;
                self.section_title(Run { text: name.to_owned(), ..Run::default() }, None);
            }
            Role::Boxed => {
                if self.boxes == 0 && self.tables == 0 {
                    self.gathered.part(Kind::Opening);
                }
                self.boxes += 1;
            }
            Role::Note => self.notes += 1,
            Role::List(print) => self.gathered.open_list(print.map(|print| (1, print))),
            _ => {}
        }
    }

    fn close(&mut self, node: Node<'_, '_>) {
        let Some(Open { role, .. }) = self.open.last().filter(|open| open.id == node.id()) else { return };
        let role = *role;
        if role == Role::Bold {
            self.bold -= 1;
            self.open.pop();
            return;
        }
        let inner = self.open.iter().rev().skip(1).take(8).any(|open| gathers(open.role));
        if inner {
            self.inline.part(false);
        } else {
            self.flush();
        }
        self.open.pop();
        self.end_label(node.id());
        match role {
            Role::Section | Role::Coded(_) => self.sections -= 1,
            Role::Boxed => {
                self.boxes -= 1;
                if self.boxes == 0 && self.tables == 0 {
                    self.gathered.part(Kind::Closing(0));
                }
            }
            Role::Note => self.notes -= 1,
            Role::List(_) => self.gathered.close_list(),
            _ => {}
        }
    }

    /// Whether an element is open that takes all of its text as one.
    fn gathers(&self) -> bool {
        self.open.iter().rev().take(8).any(|open| gathers(open.role))
    }

    fn style(&self) -> Style {
        Style { strong: self.bold > 0, ..Style::default() }
    }

    fn raised_or_lowered(&mut self, node: Node<'_, '_>, role: Role) -> bool {
        let text: String = node.descendants().filter(Node::is_text).filter_map(|text| text.text()).take(20).collect();
        if text.len() > LONGEST_RAISED {
            return false;
        }
        let linked = node.descendants().take(40).any(|inner| inner.is_element() && (self.dialect)(inner) == Role::Mark);
        let style = self.style();
        match role {
            Role::Raised => self.inline.superscript(&text, linked, style),
            _ => self.inline.subscript(&text, style),
        }
        true
    }

    fn table(&mut self, node: Node<'_, '_>) {
        let (dialect, limits, tables) = (self.dialect, self.limits, self.tables + 1);
        let mut notes = Vec::new();
        let mut written = table::read(node, |cell| {
            let mut walker = Walker::new(dialect, limits, tables);
            walker.run(cell);
            notes.append(&mut walker.gathered.take_notes());
            walker.gathered.on_one_line()
        });
        written.notes.append(&mut notes);
        // A table without a caption is named by its label.
        written.caption = written.caption.or_else(|| self.label.take().map(|label| label.text));
        if !written.lines.is_empty() || written.caption.is_some() {
            self.push(Kind::Table(written), Run::default());
        }
    }

    /// Ends the block at hand.
    fn flush(&mut self) {
        let blank = self.inline.is_blank();
        let run = self.inline.take();
        if blank {
            return;
        }
        let outer = self.open.iter().rev().map(|open| open.role);
        let innermost = outer
            .filter(|role| !matches!(role, Role::Paragraph | Role::Block | Role::Bold))
            .take(2)
            .collect::<Vec<_>>();
        match innermost.first() {
            Some(Role::DocumentTitle) => self.document_title(&run),
            Some(Role::Title) => self.section_title(run, innermost.get(1).copied()),
            Some(Role::Label) => self.start_label(run.text.trim().to_owned()),
            Some(Role::Term) => self.term = Some(run),
            Some(Role::Caption | Role::Figure) => {
                let run = self.labelled(run, ". ");
                self.push(Kind::Caption, run);
            }
            Some(Role::Item) => self.flush_item(run),
            _ if self.notes > 0 => {
                let run = self.labelled(run, " ");
                self.push(Kind::Note, run);
            }
            _ => {
                let run = self.led_by_label(run);
                self.push(if self.boxes > 0 { Kind::Boxed } else { Kind::Paragraph }, run);
            }
        }
    }

    fn start_label(&mut self, text: String) {
        let owner = self.open.iter().rev().find(|open| open.role != Role::Label && open.role != Role::Bold);
        self.label = Some(Label { text, owner: owner.map(|open| open.id) });
    }

    /// A label that found no text before the end of what it belongs to.
    fn end_label(&mut self, id: NodeId) {
        if let Some(label) = self.label.take_if(|label| label.owner == Some(id))
            && label.text.contains(char::is_alphabetic)
        {
            let kind = if self.boxes > 0 { Kind::Boxed } else { Kind::Paragraph };
            self.push(kind, Run { text: label.text, ..Run::default() });
        }
    }

    /// The part of the title that names the document; labels open theirs with a phrase about their highlights.
    fn document_title(&mut self, run: &Run) {
        let mut lines = run.text.split('\n').map(str::trim).filter(|line| !line.is_empty());
        let first = run.text.split('\n').next().unwrap_or_default().trim();
        let title = lines.find(|line| !line.starts_with("These highlights do not")).unwrap_or(first).to_owned();
        self.title.get_or_insert_with(|| title.clone());
        self.titled = true;
        self.push(Kind::Heading(1), Run { text: title, ..Run::default() });
    }

    fn section_title(&mut self, run: Run, within: Option<Role>) {
        let run = self.labelled(run, " ");
        if matches!(within, None | Some(Role::Section | Role::Coded(_))) {
            let depth = self.sections.max(1) + usize::from(self.titled);
            let level = u8::try_from(depth.min(self.limits.depth)).unwrap_or(u8::MAX);
            self.push(Kind::Heading(level), run);
        } else {
            self.push(Kind::Paragraph, Run { strong: true, ..run });
        }
    }

    /// A paragraph with the label before it, which is said as it stands.
    fn led_by_label(&mut self, run: Run) -> Run {
        let Some(Label { text, .. }) = self.label.take() else { return run };
        // "Recommendation 1" is no part of the sentence after it; a number or sign needs no stop.
        let stop = if text.contains(char::is_alphabetic) && text.ends_with(char::is_alphanumeric) { "." } else { "" };
        Run { text: format!("{text}{stop} {}", run.text.trim_start()), strong: false, ..run }
    }

    fn labelled(&mut self, run: Run, gap: &str) -> Run {
        match self.label.take() {
            Some(label) => {
                Run { text: format!("{}{gap}{}", label.text.trim_end_matches('.'), run.text.trim_start()), ..run }
            }
            None => run,
        }
    }

    fn flush_item(&mut self, run: Run) {
        let label = self.label.take();
        let term = self.term.take();
        let Some(item) = self.open.iter_mut().rev().find(|open| open.role == Role::Item) else { return };
        if let Some(own) = item.piece {
            return self.gathered.go_on_with_item(own, run);
        }
        let printed = label.map(|label| label.text.trim_matches(['.', '(', ')', ' ']).to_owned());
        let number = printed.filter(|label| label.contains(char::is_alphanumeric)).or(item.number.clone());
        let run = term.map_or(run.clone(), |term| flow::defined(&term, &run));
        item.piece = Some(self.gathered.begin_item(number, run, self.limits.depth));
    }

    fn push(&mut self, kind: Kind, run: Run) {
        self.gathered.push(kind, run);
    }
}

fn gathers(role: Role) -> bool {
    matches!(role, Role::Title | Role::DocumentTitle | Role::Label | Role::Caption | Role::Term)
}
