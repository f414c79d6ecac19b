//! Gathers pieces while a markup reader walks its document: lists and their numbers, items of several paragraphs, terms
//! with what defines them, the anchor at hand, and the pieces of a table cell on one line.
//!
//! Which element opens or ends any of these is the reader's to say.

use super::super::inline::{Inline, Run, Style};
use super::super::numbering;
use super::{Kind, Piece};

/// Characters that one list item may gather from several paragraphs.
const LONGEST_ITEM: usize = 800;

/// Pieces in reading order, and the lists open at the end of them.
#[derive(Debug, Default)]
pub(in crate::document) struct Gathered {
    /// The pieces so far.
    pub(in crate::document) pieces: Vec<Piece>,
    /// Fragment identifier for the next piece.
    pub(in crate::document) anchor: Option<String>,
    lists: Vec<List>,
    lists_seen: usize,
}

/// An open list.
#[derive(Debug)]
struct List {
    /// The outermost list around it.
    outermost: usize,
    /// The number of the next item and how it is printed, where items are numbered.
    next: Option<(i64, char)>,
}

/// Text of a table cell or caption on one line.
#[derive(Debug, Default)]
pub(in crate::document) struct CellText {
    /// Its text.
    pub(in crate::document) text: String,
    /// Whether all of it is bold.
    pub(in crate::document) strong: bool,
    /// Its first paragraphs, as far as they are bold.
    pub(in crate::document) lead: Option<String>,
}

impl Gathered {
    /// Opens a list; `next` is the first number and how it is printed.
    pub(in crate::document) fn open_list(&mut self, next: Option<(i64, char)>) {
        self.lists_seen += usize::from(self.lists.is_empty());
        let outermost = self.lists.last().map_or(self.lists_seen, |list| list.outermost);
        self.lists.push(List { outermost, next });
    }

    /// Closes the innermost list.
    pub(in crate::document) fn close_list(&mut self) {
        self.lists.pop();
    }

    /// The number of the item that begins here; `given` where the markup states it.
    pub(in crate::document) fn next_number(&mut self, given: Option<i64>) -> Option<String> {
        let (next, print) = self.lists.last_mut()?.next.as_mut()?;
        let this = given.unwrap_or(*next);
        *next = this.saturating_add(1);
        Some(numbering::print(this, *print))
    }

    /// Adds a piece.
    pub(in crate::document) fn push(&mut self, kind: Kind, run: Run) {
        let mut piece = Piece::new(kind, run);
        piece.anchor = self.anchor.take();
        self.pieces.push(piece);
    }

    /// Begins or ends a part with headings of its own.
    pub(in crate::document) fn part(&mut self, kind: Kind) {
        self.pieces.push(Piece::new(kind, Run::default()));
    }

    /// Adds the first paragraph of an item and says which piece it is; `deepest` bounds its depth.
    pub(in crate::document) fn begin_item(&mut self, number: Option<String>, run: Run, deepest: usize) -> usize {
        let depth = self.lists.len().saturating_sub(1).min(deepest);
        let list = self.lists.last().map_or(self.lists_seen, |list| list.outermost);
        self.push(Kind::Item { list, depth, number }, run);
        self.pieces.len().saturating_sub(1)
    }

    /// Adds a further paragraph of the item that is piece `own`: to the item while nothing stands between them.
    pub(in crate::document) fn go_on_with_item(&mut self, own: usize, run: Run) {
        let last = self.pieces.len().checked_sub(1);
        if last == Some(own)
            && let Some(item) = self.pieces.last_mut()
            && item.run.text.len() + run.text.len() <= LONGEST_ITEM
        {
            item.run.text = format!("{} {}", item.run.text.trim_end(), run.text.trim_start());
            item.run.strong &= run.strong;
            item.run.links = if item.run.links == run.links { run.links } else { Default::default() };
            return;
        }
        self.push(Kind::Paragraph, run);
    }

    /// Takes out the notes that stand within other text: those of a cell belong under its table.
    pub(in crate::document) fn take_notes(&mut self) -> Vec<String> {
        if self.pieces.iter().all(|piece| piece.kind == Kind::Note) {
            return Vec::new();
        }
        let notes = self.pieces.extract_if(.., |piece| piece.kind == Kind::Note);
        notes.map(|piece| piece.run.text).collect()
    }

    /// The pieces of a cell on one line; items are parted by semicolons.
    pub(in crate::document) fn on_one_line(&self) -> CellText {
        let mut line = Inline::default();
        let strong = !self.pieces.is_empty() && self.pieces.iter().all(|piece| piece.run.strong);
        let mut item_before = false;
        for piece in &self.pieces {
            let item = matches!(piece.kind, Kind::Item { .. });
            line.part(item && item_before);
            line.push(&piece.run.text, Style::default());
            if let Kind::Table(table) = &piece.kind {
                line.push(&table.lines.join("; "), Style::default());
            }
            item_before = item;
        }
        let bold = self.pieces.iter().take_while(|piece| piece.run.strong).map(|piece| piece.run.text.trim());
        let lead = Some(bold.collect::<Vec<_>>().join(" ")).filter(|lead| !lead.is_empty());
        CellText { text: line.take().text, strong, lead }
    }
}

/// A definition, led by its term.
pub(in crate::document) fn defined(term: &Run, definition: &Run) -> Run {
    let name = term.text.trim().trim_end_matches(':');
    let text = format!("{name}: {}", definition.text.trim_start());
    Run { text, strong: false, links: definition.links, size: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> Run {
        Run { text: text.to_owned(), ..Run::default() }
    }

    #[test]
    fn numbers_go_on_after_a_given_one() {
        let mut gathered = Gathered::default();
        assert_eq!(gathered.next_number(None), None);
        gathered.open_list(Some((1, 'a')));
        assert_eq!(gathered.next_number(Some(3)).as_deref(), Some("c"));
        assert_eq!(gathered.next_number(None).as_deref(), Some("d"));
    }

    #[test]
    fn a_paragraph_belongs_to_its_item_while_nothing_stands_between() {
        let mut gathered = Gathered::default();
        gathered.open_list(None);
        let own = gathered.begin_item(None, run("One."), 9);
        gathered.go_on_with_item(own, run("Two."));
        assert_eq!(gathered.pieces[own].run.text, "One. Two.");
        gathered.begin_item(None, run("Other."), 9);
        gathered.go_on_with_item(own, run("Three."));
        assert_eq!(gathered.pieces.last().map(|piece| &piece.kind), Some(&Kind::Paragraph));
    }

    #[test]
    fn items_of_a_cell_are_parted() {
        let mut gathered = Gathered::default();
        gathered.push(Kind::Paragraph, Run { strong: true, ..run("Doses") });
        gathered.open_list(None);
        gathered.begin_item(None, run("5 mg"), 9);
        gathered.begin_item(None, run("10 mg"), 9);
        let cell = gathered.on_one_line();
        assert_eq!((cell.text.as_str(), cell.lead.as_deref()), ("Doses 5 mg; 10 mg", Some("Doses")));
    }
}
