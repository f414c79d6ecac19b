//! Reads a response as Markdown into blocks of visible words that know what stands over them.
//!
//! Plain text is Markdown without marks. What Markdown has no sign for and models write all the same (lines that begin
//! with "•", "Label: value" lines, `<br>`, bold lines as headings) is told apart in [`super::lines`]. No claims are made of
//! code, unless the whole response is fenced; indented text is taken for text, as models indent it by accident.

use std::ops::Range;
use std::rc::Rc;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::flat::Flat;
use super::html;
use super::lines;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A heading of this level; 7 is a bold or bare line that stands like one.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// A list item's words.
    Item,
    /// The head of a table.
    TableHead,
    /// A row of a table.
    Row,
}

/// A run of visible words: a paragraph, an item, a table row.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// One run of words; of a table row, one a cell.
    pub(super) runs: Vec<Run>,
    /// The heading that it stands under.
    pub(super) heading: Option<usize>,
    /// The block that introduces it: what stands before a list, the item around a nested one, the head of a table.
    pub(super) lead: Option<usize>,
}

/// A range of the words of a text.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) flat: Rc<Flat>,
    pub(super) words: Range<usize>,
}

impl Run {
    /// The words.
    pub(super) fn text(&self) -> &str {
        self.flat.slice(&self.words)
    }
}

impl Block {
    /// The words of a block that is no table row.
    pub(super) fn text(&self) -> &str {
        self.runs.first().map(Run::text).unwrap_or_default()
    }
}

/// Blocks beyond which a text is not read on: no response of the largest size that can be checked has as many.
const MOST_BLOCKS: usize = 20_000;

/// Reads a whole response.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut reader = Reader::new(text);
    match fenced(text) {
        Some(inner) => reader.read(inner),
        None => reader.read(0..text.len()),
    }
    reader.blocks
}

/// What is within the fence where a response is one fenced block and nothing else.
fn fenced(text: &str) -> Option<Range<usize>> {
    let (mut depth, mut fences, mut inner) = (0usize, 0usize, None::<Range<usize>>);
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) if depth == 0 && fences == 0 => {
                (depth, fences) = (1, 1);
            }
            Event::End(TagEnd::CodeBlock) => depth = 0,
            Event::Text(_) if depth == 1 => {
                inner = Some(inner.map_or(range.clone(), |inner| inner.start..range.end));
            }
            _ => return None,
        }
    }
    inner
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS | Options::ENABLE_GFM
}

/// An open list.
struct List {
    /// What introduces it.
    lead: Option<usize>,
}

struct Reader<'t> {
    whole: &'t str,
    /// Whether a block of raw HTML is being read.
    nested: bool,
    blocks: Vec<Block>,
    flat: Flat,
    open: Vec<usize>,
    lists: Vec<List>,
    /// Open headings: level and block.
    headings: Vec<(u8, usize)>,
    level: Option<u8>,
    /// The block before, where it may introduce what follows.
    before: Option<usize>,
    /// The first block of each open item.
    items: Vec<Option<usize>>,
    cells: Vec<Run>,
    table_lead: Option<usize>,
    table_head: Option<usize>,
    code: Option<bool>,
    pictures: usize,
    notes: usize,
    html: Option<Range<usize>>,
}

impl<'t> Reader<'t> {
    fn new(whole: &'t str) -> Reader<'t> {
        Reader {
            whole,
            nested: false,
            blocks: Vec::new(),
            flat: Flat::default(),
            open: Vec::new(),
            lists: Vec::new(),
            headings: Vec::new(),
            level: None,
            before: None,
            items: Vec::new(),
            cells: Vec::new(),
            table_lead: None,
            table_head: None,
            code: None,
            pictures: 0,
            notes: 0,
            html: None,
        }
    }

    fn read(&mut self, range: Range<usize>) {
        let whole = self.whole;
        let Some(part) = whole.get(range.clone()) else { return };
        for (event, at) in Parser::new_ext(part, options()).into_offset_iter() {
            if self.blocks.len() >= MOST_BLOCKS {
                break;
            }
            self.take(event, at.start + range.start..at.end + range.start);
        }
        self.flush();
    }

    fn take(&mut self, event: Event<'_>, at: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, at),
            Event::Code(code) => self.inline_code(&code, at),
            Event::SoftBreak => self.flat.line_end(at, false),
            Event::HardBreak => self.flat.line_end(at, true),
            Event::InlineHtml(tag) if html::breaks_line(&tag) => self.flat.line_end(at, true),
            Event::Html(_) => {
                let from = self.html.as_ref().map_or(at.start, |html| html.start);
                self.html = Some(from..at.end);
            }
            Event::Rule => self.before = None,
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.level = Some(rank(*level));
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                self.code = Some(matches!(kind, CodeBlockKind::Fenced(_)));
            }
            Tag::List(_) => {
                self.flush();
                self.lists.push(List { lead: self.before });
            }
            Tag::Item => {
                self.flush();
                self.before = None;
                self.items.push(None);
            }
            Tag::Table(_) => {
                self.flush();
                self.table_lead = self.before;
                self.table_head = None;
            }
            Tag::TableHead | Tag::TableRow => self.cells.clear(),
            Tag::BlockQuote(_) => self.flush(),
            Tag::FootnoteDefinition(_) => {
                self.flush();
                self.notes += 1;
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = None;
            }
            Tag::Image { .. } => self.pictures += 1,
            Tag::Strong => self.element(true, false),
            Tag::Link { .. } => self.element(false, true),
            Tag::Emphasis | Tag::Strikethrough => self.element(false, false),
            _ => {}
        }
    }

    fn element(&mut self, strong: bool, link: bool) {
        let element = self.flat.open(strong, link);
        self.open.push(element);
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::BlockQuote(_) => self.flush(),
            TagEnd::FootnoteDefinition => {
                self.flush();
                self.notes = self.notes.saturating_sub(1);
            }
            TagEnd::Heading(_) => {
                self.flush();
                self.level = None;
            }
            TagEnd::CodeBlock => {
                self.flush();
                if self.code.take() == Some(true) {
                    self.before = None;
                }
            }
            TagEnd::HtmlBlock => self.end_html(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                self.before = None;
            }
            TagEnd::Item => {
                self.flush();
                self.items.pop();
                self.before = None;
            }
            TagEnd::TableCell => self.end_cell(),
            TagEnd::TableHead => self.end_row(Kind::TableHead),
            TagEnd::TableRow => self.end_row(Kind::Row),
            TagEnd::Table => self.before = None,
            TagEnd::Image => self.pictures = self.pictures.saturating_sub(1),
            TagEnd::Strong | TagEnd::Link | TagEnd::Emphasis | TagEnd::Strikethrough => {
                if let Some(element) = self.open.pop() {
                    self.flat.close(element);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, at: Range<usize>) {
        if self.pictures > 0 || self.code == Some(true) {
            return;
        }
        self.flat.push(text, at, self.whole);
    }

    fn inline_code(&mut self, code: &str, at: Range<usize>) {
        if self.pictures > 0 {
            return;
        }
        let written = self.whole.get(at.clone()).unwrap_or_default();
        let inner = written.find(code).map_or(at.clone(), |from| at.start + from..at.start + from + code.len());
        self.flat.push(code, inner, self.whole);
    }

    /// Reads what stands between the tags of a block of raw HTML, once; HTML found within that is left alone.
    fn end_html(&mut self) {
        let Some(range) = self.html.take() else { return };
        if self.nested {
            return;
        }
        self.nested = true;
        let pieces = html::texts(self.whole.get(range.clone()).unwrap_or_default());
        for piece in pieces {
            let piece = range.start + piece.start..range.start + piece.end;
            let text = self.whole.get(piece.clone()).unwrap_or_default();
            match html::gaps(text).as_slice() {
                // No tag is left: a line of Markdown after a `<br>`.
                [all] if all.len() == text.len() => self.read(piece),
                gaps => {
                    for gap in gaps {
                        let words = text.get(gap.clone()).unwrap_or_default();
                        self.flat.push(words, piece.start + gap.start..piece.start + gap.end, self.whole);
                    }
                    self.flush();
                }
            }
        }
        self.nested = false;
    }

    fn end_cell(&mut self) {
        self.open.clear();
        let flat = Rc::new(std::mem::take(&mut self.flat));
        let words = 0..flat.text().len();
        self.cells.push(Run { flat, words });
    }

    fn end_row(&mut self, kind: Kind) {
        let runs = std::mem::take(&mut self.cells);
        let lead = if kind == Kind::Row { self.table_head } else { self.table_lead };
        self.push(kind, runs, lead);
        if kind == Kind::TableHead {
            self.table_head = self.blocks.len().checked_sub(1);
        }
    }

    fn push(&mut self, kind: Kind, runs: Vec<Run>, lead: Option<usize>) -> usize {
        // A footnote stands under no heading: it only comes last.
        let heading = self.headings.last().filter(|_| self.notes == 0).map(|(_, block)| *block);
        self.blocks.push(Block { kind, runs, heading, lead });
        self.blocks.len() - 1
    }

    /// Ends the words at hand: they are a heading, a paragraph or an item, or several where their lines say so.
    fn flush(&mut self) {
        self.open.clear();
        let flat = std::mem::take(&mut self.flat);
        if flat.text().trim().is_empty() {
            return;
        }
        let flat = Rc::new(flat);
        if let Some(level) = self.level {
            let words = 0..flat.text().len();
            return self.push_heading(level, Run { flat, words });
        }
        let in_list = !self.lists.is_empty();
        // What introduces the lines that begin with a bullet of no list.
        let mut lead = self.before;
        // The last line with the first bullet of these lines: those with another are its own.
        let mut parent: Option<(char, usize)> = None;
        for line in lines::of(&flat) {
            let run = Run { flat: Rc::clone(&flat), words: line.words };
            if in_list {
                self.push_item(run, line.bullet, &mut lead);
            } else if line.bullet {
                let over = parent.filter(|(sign, _)| line.sign.is_some_and(|own| own != *sign));
                let block = self.push(Kind::Item, vec![run], over.map(|(_, block)| block).or(lead));
                if let Some(sign) = line.sign.filter(|_| over.is_none()) {
                    parent = Some((sign, block));
                }
                // "• Call for help if:" may stand over a list of its own.
                if lines::introduces(self.blocks.get(block)) {
                    self.before = Some(block);
                }
            } else if lines::is_heading(&run) {
                self.push_heading(7, run);
                lead = self.before;
            } else {
                let lead_of_this = self.before.filter(|before| lines::introduces(self.blocks.get(*before)));
                let block = self.push(Kind::Paragraph, vec![run], lead_of_this);
                self.before = Some(block);
                lead = self.before;
            }
        }
    }

    /// An item's first words have the list's introduction; later ones, and bulleted lines in it, have the item.
    fn push_item(&mut self, run: Run, bullet: bool, lead: &mut Option<usize>) {
        let first = self.items.last().copied().flatten();
        let over = match first {
            None => self.lists.last().and_then(|list| list.lead),
            Some(_) if bullet => *lead,
            Some(first) => Some(first),
        };
        let block = self.push(Kind::Item, vec![run], over);
        if first.is_none()
            && let Some(item) = self.items.last_mut()
        {
            *item = Some(block);
        }
        if !bullet {
            self.before = Some(block);
            *lead = Some(block);
        }
    }

    fn push_heading(&mut self, level: u8, run: Run) {
        self.headings.retain(|(open, _)| *open < level);
        let block = self.push(Kind::Heading(level), vec![run], None);
        self.headings.push((level, block));
        self.before = None;
    }
}

fn rank(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
