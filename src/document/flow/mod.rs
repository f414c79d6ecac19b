//! Turns the run of pieces that a markup reader found into sections and blocks.
//!
//! What HTML, XML and Markdown have in common lives here: bold paragraphs that serve as headings, bullets typed by hand,
//! captions before their tables, sentences that introduce lists, menus made of links, and where a reference list ends.
//! Nothing here knows elements or syntax.

mod gather;
mod notice;
mod recognise;

use std::collections::BTreeMap;

use super::grid::{Written, is_table_title};
use super::inline::{Links, Run};
use super::{BlockKind, Builder};
use crate::span::Span;

pub(super) use gather::{CellText, Gathered, defined};

/// Words beyond which a heading is taken for a paragraph that was marked up as one.
const LONGEST_HEADING: usize = 45;

/// What a piece is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A heading of a level, 1 the outermost.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// Text in a box.
    Boxed,
    /// An item; `list` tells apart lists that touch, `depth` counts from 0.
    Item {
        /// The outermost list that the item belongs to.
        list: usize,
        /// Lists around the item's own.
        depth: usize,
        /// The number, where items are numbered.
        number: Option<String>,
    },
    /// Caption of a table or figure.
    Caption,
    /// Footnote.
    Note,
    /// A table.
    Table(Written),
    /// Here begins a part with headings of its own: a box, or what a click unfolds.
    Opening,
    /// Here it ends; headings of this level and below do not reach further.
    Closing(u8),
}

/// A piece of a document in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// What it is.
    pub(super) kind: Kind,
    /// Its text; of a table, nothing.
    pub(super) run: Run,
    /// Fragment identifier at its place.
    pub(super) anchor: Option<String>,
    /// What the document states about it.
    pub(super) attributes: BTreeMap<String, String>,
}

impl Piece {
    /// A piece without anchor and attributes.
    pub(super) fn new(kind: Kind, run: Run) -> Piece {
        Piece { kind, run, anchor: None, attributes: BTreeMap::new() }
    }

    /// The piece without its text.
    fn clone_frame(&self) -> Piece {
        let (kind, anchor, attributes) = (self.kind.clone(), self.anchor.clone(), self.attributes.clone());
        Piece { kind, run: Run::default(), anchor, attributes }
    }

    fn text(&self) -> &str {
        self.run.text.trim()
    }

    fn words(&self) -> usize {
        self.run.text.split_whitespace().count()
    }

    fn list(&self) -> Option<usize> {
        match self.kind {
            Kind::Item { list, .. } => Some(list),
            _ => None,
        }
    }
}

/// Writes pieces in reading order.
pub(super) fn write(mut pieces: Vec<Piece>, builder: &mut Builder) {
    pieces.retain(|piece| !notice::is_notice(piece));
    let pieces = name_captions(recognise::recognise(without_menus(pieces)));
    let mut writer = Writer { builder, before: None, parents: Vec::new(), list: None, listed: false };
    for piece in pieces {
        writer.write(piece);
    }
}

/// Drops menus, ways back to the top and pieces without a letter.
fn without_menus(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    // What stands before a page's only top heading and is nothing but a link leads away from the page.
    let mut tops = pieces.iter().enumerate().filter(|(_, piece)| piece.kind == Kind::Heading(1)).map(|(at, _)| at);
    let top = tops.next().filter(|_| tops.next().is_none()).unwrap_or(0);
    let within = pieces
        .into_iter()
        .enumerate()
        .filter(|(at, piece)| *at >= top || piece.list().is_some() || piece.run.links == Links::Part);
    let mut pieces = within.map(|(_, piece)| piece).peekable();
    while let Some(piece) = pieces.next() {
        let Some(list) = piece.list() else {
            if is_readable(&piece) && !is_way_back(&piece) {
                kept.push(piece);
            }
            continue;
        };
        let mut items = vec![piece];
        while let Some(item) = pieces.next_if(|next| next.list() == Some(list)) {
            items.push(item);
        }
        items.retain(is_readable);
        if is_menu(&items, kept.last()) {
            while kept.pop_if(|title| is_menu_title(title)).is_some() {}
        } else {
            kept.append(&mut items);
        }
    }
    kept
}

fn is_readable(piece: &Piece) -> bool {
    matches!(piece.kind, Kind::Table(_) | Kind::Opening | Kind::Closing(_))
        || piece.run.text.chars().any(char::is_alphanumeric)
}

/// A paragraph that is nothing but a link to a place on the same page, or several links in a line.
fn is_way_back(piece: &Piece) -> bool {
    let in_page = piece.run.links == Links::InPage && piece.words() <= 12;
    let bar = piece.run.links != Links::Part && piece.run.text.matches('|').count() >= 2;
    matches!(piece.kind, Kind::Paragraph | Kind::Boxed) && (in_page || bar)
}

/// A list of links: a table of contents, or a menu. A sentence that introduces the list saves it.
fn is_menu(items: &[Piece], before: Option<&Piece>) -> bool {
    let all_in_page = items.iter().all(|item| item.run.links == Links::InPage);
    let all_links = items.iter().all(|item| item.run.links != Links::Part);
    let words: usize = items.iter().map(Piece::words).sum();
    let introduced = before.is_some_and(|piece| piece.text().ends_with(':'));
    let sentences = items.iter().any(|item| item.text().ends_with(['.', ';', ',']));
    items.len() >= 3 && (all_in_page || all_links && !introduced && !sentences && words <= items.len() * 8)
        || !items.is_empty() && all_in_page && before.is_some_and(|title| is_contents_title(title.text()))
}

fn is_menu_title(piece: &Piece) -> bool {
    let heading = matches!(piece.kind, Kind::Heading(_));
    is_contents_title(piece.text()) || heading && piece.run.links != Links::Part
}

fn is_contents_title(text: &str) -> bool {
    let plain = text.trim_end_matches(':').to_lowercase();
    matches!(
        plain.as_str(),
        "contents"
            | "table of contents"
            | "on this page"
            | "in this article"
            | "in this section"
            | "on this topic"
            | "page contents"
            | "jump to"
            | "in this guideline"
            | "sections"
            | "menu"
            | "navigation"
    )
}

/// Whether a text begins with the sign of a footnote.
pub(super) fn is_marked_note(text: &str) -> bool {
    text.trim_start().starts_with(['*', '†', '‡', '§', '¶', '¹', '²', '³', '⁴', '⁵'])
}

/// Gives the caption that stands right before a table to the table.
fn name_captions(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut named: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut pieces = pieces.into_iter().peekable();
    while let Some(mut piece) = pieces.next() {
        if let Kind::Table(table) = &mut piece.kind
            && table.caption.is_none()
            && let Some(title) = named.pop_if(|last| is_title_of_next(last))
        {
            piece.anchor = title.anchor.or(piece.anchor);
            table.caption = Some(title.run.text);
        }
        let leads = pieces.peek().is_some_and(|next| matches!(next.kind, Kind::Table(_)));
        if !leads
            && is_title_of_last(&piece, named.last())
            && let Some(Piece { kind: Kind::Table(table), .. }) = named.last_mut()
        {
            table.caption = Some(piece.run.text);
            continue;
        }
        named.push(piece);
    }
    named
}

/// Whether a caption stands below the table that it names: it says so, and the table has none above.
fn is_title_of_last(piece: &Piece, last: Option<&Piece>) -> bool {
    let bare = |last: &Piece| matches!(&last.kind, Kind::Table(table) if table.caption.is_none());
    let text = piece.text();
    let table = text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("table"));
    piece.kind == Kind::Caption && table && is_table_title(text) && last.is_some_and(bare)
}

fn is_title_of_next(piece: &Piece) -> bool {
    match piece.kind {
        Kind::Caption => true,
        Kind::Paragraph => is_table_title(piece.text()) && piece.words() <= LONGEST_HEADING,
        _ => false,
    }
}

struct Writer<'a> {
    builder: &'a mut Builder,
    /// The block before, where its sentence is left open and may introduce a list.
    before: Option<Span>,
    /// What introduces the items of each depth.
    parents: Vec<Option<Span>>,
    /// The list of the piece before.
    list: Option<usize>,
    /// Whether the reference list at hand has had items.
    listed: bool,
}

impl Writer<'_> {
    fn write(&mut self, piece: Piece) {
        match piece.kind {
            Kind::Opening => return,
            Kind::Closing(level) if !self.builder.is_silenced() => return self.builder.leave(level, false),
            Kind::Closing(_) => return,
            _ => self.end_references(&piece),
        }
        let list = piece.list();
        if let Some(anchor) = &piece.anchor {
            self.builder.anchor(anchor);
        }
        match &piece.kind {
            Kind::Heading(level) => self.heading(*level, piece.text()),
            Kind::Item { depth, number, .. } => self.item(list, *depth, number.as_deref(), &piece),
            Kind::Table(table) => {
                self.builder.lines(table.caption.as_deref(), &table.lines, &table.notes);
                self.before = None;
            }
            Kind::Paragraph => self.block(BlockKind::Paragraph, &piece),
            Kind::Boxed => self.block(BlockKind::Boxed, &piece),
            Kind::Caption => self.block(BlockKind::Caption, &piece),
            Kind::Note => self.block(BlockKind::Footnote, &piece),
            Kind::Opening | Kind::Closing(_) => {}
        }
        // A paragraph within an item does not end the list.
        if list.is_some() || matches!(piece.kind, Kind::Heading(_)) {
            self.list = list;
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        self.builder.heading(level, text);
        self.before = None;
        self.listed = false;
    }

    fn block(&mut self, kind: BlockKind, piece: &Piece) {
        let introduces = matches!(kind, BlockKind::Paragraph | BlockKind::Boxed) && is_open(piece.text());
        let span = self.builder.block(kind, &piece.run.text, piece.attributes.clone());
        self.before = span.filter(|_| introduces).map(|span| last_sentence(piece.text(), span));
    }

    fn item(&mut self, list: Option<usize>, depth: usize, number: Option<&str>, piece: &Piece) {
        if self.list != list || self.parents.is_empty() {
            self.parents = vec![self.before];
        }
        self.parents.truncate(depth + 1);
        while self.parents.len() <= depth {
            self.parents.push(self.parents.last().copied().flatten());
        }
        let intro = self.parents.get(depth).copied().flatten();
        let kind = BlockKind::ListItem { number: number.map(str::to_owned), intro };
        let span = self.builder.block(kind, &piece.run.text, piece.attributes.clone());
        // Items below this one belong to it, whether or not it ends with a colon.
        self.parents.push(span.or(intro));
        self.before = span.filter(|_| piece.text().ends_with(':'));
    }

    /// A list of references ends where something else begins; what follows belongs to the text again.
    fn end_references(&mut self, piece: &Piece) {
        if !self.builder.is_silenced() {
            self.listed = false;
            return;
        }
        match piece.kind {
            Kind::Item { .. } => self.listed = true,
            Kind::Heading(_) => {}
            Kind::Table(_) | Kind::Caption => self.builder.resume(),
            Kind::Paragraph | Kind::Boxed | Kind::Note if self.listed => self.builder.resume(),
            _ => {}
        }
    }
}

/// Whether a sentence is left open, so that a list after it completes it.
fn is_open(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with(':') || text.ends_with([',', '—', '–', '-']) || text.ends_with(char::is_alphanumeric)
}

/// The last sentence of a long paragraph; all of a short one.
fn last_sentence(text: &str, span: Span) -> Span {
    if text.split_whitespace().count() <= 60 {
        return span;
    }
    let (clean, _) = super::clean(text);
    let start = clean.rmatch_indices(". ").map(|(at, _)| at + 2).find(|at| clean.len() - at > 20);
    let before = start.and_then(|at| clean.get(..at)).map_or(0, |before| before.chars().count());
    Span::new(span.start() + before, span.end())
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::*;

    fn piece(kind: Kind, text: &str) -> Piece {
        let (strong, text) = text.strip_prefix('*').map_or((false, text), |rest| (true, rest));
        let (links, text) = text.strip_prefix('#').map_or((Links::Part, text), |rest| (Links::InPage, rest));
        Piece::new(kind, Run { text: text.to_owned(), strong, links, size: 0 })
    }

    /// `h2 text`, `p text`, `li text`, `li2 text` (nested), a line each.
    fn check(source: &str, expected: &str) {
        let mut lists = 0;
        let pieces = source.lines().map(|line| {
            let (tag, text) = line.split_once(' ').unwrap_or((line, ""));
            let depth = usize::from(tag == "li2");
            lists += usize::from(!tag.starts_with("li"));
            let kind = match tag {
                "p" => Kind::Paragraph,
                "li" | "li2" => Kind::Item { list: lists, depth, number: None },
                "table" => Kind::Table(Written { lines: vec![text.to_owned()], ..Written::default() }),
                heading => Kind::Heading(heading.trim_start_matches('h').parse().unwrap_or(1)),
            };
            piece(kind, text)
        });
        let mut builder = Builder::new("test/1", &Limits::default());
        write(pieces.collect(), &mut builder);
        assert_eq!(super::super::outline::outline(&builder.finish()), expected, "{source}");
    }

    #[test]
    fn bold_paragraphs_are_headings_below_the_last_one() {
        check("h1 A\np *Dose\np five", "A/Dose | p | five");
        check("h1 A\np *Never do this.\np five", "A | p | Never do this.\nA | p | five");
        check("p *Give one of:\nli a", " | p | Give one of:\n | li (Give one of:) | a");
    }

    #[test]
    fn a_heading_that_is_said_twice_is_written_once() {
        check("h1 A\nh2 Guide\np *GUIDE\np five", "A/Guide | p | five");
    }

    #[test]
    fn a_number_as_heading_belongs_to_the_statement_under_it() {
        check("h2 Feet\nh3 1.3.2\np Refer.\np More.", "Feet | p | 1.3.2 Refer.\nFeet | p | More.");
        check("h2 2\np Refer.", "2 | p | Refer.");
        check("h2 1.3\nh3 Feet\np Refer.", "1.3/Feet | p | Refer.");
    }

    #[test]
    fn an_open_sentence_introduces_the_list() {
        check(
            "p for adults who\nli work\nli2 here\np End.\nli x",
            " | p | for adults who\n | li (for adults who) | work\n | li (work) | here\n | p | End.\n | li | x",
        );
    }

    #[test]
    fn a_paragraph_within_a_list_does_not_end_it() {
        let item = |text: &str| piece(Kind::Item { list: 1, depth: 0, number: None }, text);
        let pieces =
            vec![piece(Kind::Paragraph, "Any of:"), item("a"), piece(Kind::Paragraph, "With food."), item("b")];
        let mut builder = Builder::new("test/1", &Limits::default());
        write(pieces, &mut builder);
        let expected = " | p | Any of:\n | li (Any of:) | a\n | p | With food.\n | li (Any of:) | b";
        assert_eq!(super::super::outline::outline(&builder.finish()), expected);
    }

    #[test]
    fn typed_bullets_are_items() {
        check("p Any of:\np • a\np • b", " | p | Any of:\n | li (Any of:) | a\n | li (Any of:) | b");
    }

    #[test]
    fn contents_and_ways_back_are_left_out() {
        check("p Contents\nli #A\nli #B\nli #C\nh1 A\np Text.\np #Top", "A | p | Text.");
        check(
            "p One of:\nli a\nli b\nli c",
            " | p | One of:\n | li (One of:) | a\n | li (One of:) | b\n | li (One of:) | c",
        );
    }

    #[test]
    fn text_after_a_reference_list_is_text_again() {
        check("h1 A\nh2 B\nh3 References\nli Smith 2001\np *5. Vaccine\nli now", "A/B/5. Vaccine | li | now");
        check("h1 A\nh2 References\nli Smith 2001\np A note.", "A | p | A note.");
        check(
            "h1 A\nh2 References\np Smith 2001\np *Table 1. Doses\ntable x | 5",
            "A | caption | Table 1. Doses\nA | row (Table 1. Doses) | x | 5",
        );
    }
}
