//! Reads Markdown: our digests, and web pages that were converted to it.
//!
//! A digest's attributes (`Grade: B` in a nested list) become attributes of the statement above them, and are no text.
//! Raw HTML and pictures are left out; superscripts written as HTML or between carets are kept.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::flow::{self, Kind, Piece};
use super::grid::{self, Cell};
use super::inline::{Inline, Run, Style};
use super::signs::{split_raised, without_signs};
use super::{Builder, Document, Error, Limits, Reader, charset, plain};
use crate::corpus::Format;

/// Characters that one list item may gather from several paragraphs.
const LONGEST_ITEM: usize = 1200;

/// What a digest may state about a statement.
const ATTRIBUTES: [&str; 10] =
    ["grade", "certainty", "strength", "direction", "population", "age", "sex", "conditions", "locator", "source"];

/// Reads Markdown.
pub(super) struct Markdown;

impl Reader for Markdown {
    fn name(&self) -> &'static str {
        "markdown/2"
    }

    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
        if bytes.trim_ascii_start().starts_with(b"%PDF-") {
            return Err(Error::WrongFormat {
                expected: Format::Markdown,
                reason: "it begins as a PDF file does".to_owned(),
            });
        }
        let mut builder = Builder::new(self.name(), limits);
        let text = charset::decode(bytes, None).report(&mut builder);
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_HEADING_ATTRIBUTES
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        let mut cutter = Cutter { depth: limits.depth, ..Cutter::default() };
        for event in Parser::new_ext(&text, options) {
            cutter.take(event);
        }
        cutter.flush();
        if let Some(title) = cutter.pieces.iter().find(|piece| piece.kind == Kind::Heading(1)) {
            builder.title(&title.run.text);
        }
        flow::write(cutter.pieces, &mut builder);
        Ok(builder.finish())
    }
}

/// An open list.
#[derive(Debug)]
struct List {
    /// The outermost list around it.
    outermost: usize,
    /// The number of the next item, where items are numbered.
    next: Option<u64>,
}

/// An open item: its number, and its piece once it has text.
#[derive(Debug)]
struct Item {
    number: Option<String>,
    piece: Option<usize>,
}

#[derive(Debug, Default)]
struct Cutter {
    pieces: Vec<Piece>,
    inline: Inline,
    depth: usize,
    lists: Vec<List>,
    lists_seen: usize,
    items: Vec<Item>,
    heading: Option<u8>,
    /// How many bold, link, in-page link, picture, quotation and note elements are open.
    strong: usize,
    links: Vec<bool>,
    pictures: usize,
    quotes: usize,
    notes: usize,
    /// Collects a code block, a metadata block (thrown away) or raised text.
    code: Option<String>,
    metadata: bool,
    raised: Option<(bool, String)>,
    rows: Vec<Vec<Cell>>,
    anchor: Option<String>,
}

impl Cutter {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => match &mut self.raised {
                Some((_, raised)) => raised.push_str(&text),
                None => self.inline.push(&text, self.style()),
            },
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.line_break(),
            Event::InlineHtml(tag) => self.tag(&tag),
            Event::FootnoteReference(_) => self.inline.mark(),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, id, .. } => {
                self.flush();
                self.heading = Some(rank(level));
                self.anchor = id.map(|id| id.to_string());
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes += 1;
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.code = Some(String::new());
            }
            Tag::List(first) => self.start_list(first),
            Tag::Item => self.start_item(),
            Tag::FootnoteDefinition(_) => {
                self.flush();
                self.notes += 1;
            }
            Tag::Table(_) => {
                self.flush();
                self.rows.clear();
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::Strong => self.strong += 1,
            Tag::Link { dest_url, .. } => self.links.push(dest_url.starts_with('#')),
            Tag::Image { .. } => self.pictures += 1,
            Tag::MetadataBlock(_) => self.metadata = true,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.flush(),
            TagEnd::Heading(_) => {
                self.flush();
                self.heading = None;
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::Item => self.end_item(),
            TagEnd::FootnoteDefinition => {
                self.flush();
                self.notes = self.notes.saturating_sub(1);
            }
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Table => self.end_table(),
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Link => {
                self.links.pop();
            }
            TagEnd::Image => self.pictures = self.pictures.saturating_sub(1),
            TagEnd::MetadataBlock(_) => self.metadata = false,
            _ => {}
        }
    }

    fn style(&self) -> Style {
        let in_page = self.links.last().copied().unwrap_or(false);
        Style { strong: self.strong > 0, link: !self.links.is_empty(), in_page, size: 0 }
    }

    fn text(&mut self, text: &str) {
        if self.metadata || self.pictures > 0 {
            return;
        }
        if let Some(code) = &mut self.code {
            return code.push_str(text);
        }
        if let Some((_, raised)) = &mut self.raised {
            return raised.push_str(text);
        }
        let style = self.style();
        let mut rest = text;
        while let Some((before, raised, after)) = split_raised(rest) {
            self.inline.push(before, style);
            self.inline.superscript(raised, false, style);
            rest = after;
        }
        self.inline.push(rest, style);
    }

    fn line_break(&mut self) {
        if let Some((_, raised)) = &mut self.raised {
            return raised.push(' ');
        }
        if self.inline.line_break() {
            self.flush();
        }
    }

    /// Raw HTML within a line: only what raises, lowers or breaks text means something.
    fn tag(&mut self, tag: &str) {
        let tag = tag.trim_start_matches('<');
        let (closes, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
        match (name.to_ascii_lowercase().as_str(), closes) {
            (name @ ("sup" | "sub"), false) => {
                self.end_raised();
                self.raised = Some((name == "sup", String::new()));
            }
            ("sup" | "sub", true) => self.end_raised(),
            ("br", _) => self.line_break(),
            _ => {}
        }
    }

    /// Ends raised or lowered text.
    fn end_raised(&mut self) {
        let style = self.style();
        match self.raised.take() {
            Some((true, text)) => self.inline.superscript(&text, false, style),
            Some((false, text)) => self.inline.subscript(&text, style),
            None => {}
        }
    }

    /// Puts back what was raised and never lowered again within its block: nobody knows where it should have ended.
    fn put_back(&mut self) {
        let Some((raised, text)) = self.raised.take() else { return };
        let style = self.style();
        if raised && self.inline.ends_in_digit() && text.starts_with(|c: char| c.is_ascii_digit()) {
            // "10" and "9/L" must not become "109/L".
            self.inline.push("^", style);
        }
        self.inline.push(&text, style);
    }

    fn start_list(&mut self, first: Option<u64>) {
        self.flush();
        self.lists_seen += usize::from(self.lists.is_empty());
        let outermost = self.lists.last().map_or(self.lists_seen, |list| list.outermost);
        self.lists.push(List { outermost, next: first });
    }

    fn start_item(&mut self) {
        self.flush();
        let number = self.lists.last_mut().and_then(|list| list.next.as_mut()).map(|next| {
            let this = *next;
            *next = this.saturating_add(1);
            this.to_string()
        });
        self.items.push(Item { number, piece: None });
    }

    fn end_item(&mut self) {
        self.flush();
        let Some(Item { piece: Some(own), .. }) = self.items.pop() else { return };
        if self.lists.len() != 1 {
            return;
        }
        let attributes = self.pieces.get(own + 1..).and_then(read_attributes);
        if let (Some(attributes), Some(piece)) = (attributes, self.pieces.get_mut(own)) {
            piece.attributes = attributes;
            self.pieces.truncate(own + 1);
        }
    }

    fn end_code(&mut self) {
        let text = self.code.take().unwrap_or_default();
        for mut piece in plain::pieces(&text) {
            if matches!(piece.kind, Kind::Heading(_)) {
                piece.kind = Kind::Paragraph;
            }
            self.pieces.push(piece);
        }
    }

    fn end_cell(&mut self) {
        self.put_back();
        let Run { text, strong, .. } = without_signs(self.inline.take());
        if let Some(row) = self.rows.last_mut() {
            row.push(Cell { text, rows: 1, columns: 1, strong, ..Cell::default() });
        }
    }

    fn end_table(&mut self) {
        let table = grid::write(None, std::mem::take(&mut self.rows), 1, Vec::new());
        self.pieces.push(Piece::new(Kind::Table(table), Run::default()));
    }

    /// Ends the block at hand.
    fn flush(&mut self) {
        self.put_back();
        let blank = self.inline.is_blank();
        let run = without_signs(self.inline.take());
        if blank {
            return;
        }
        let kind = match self.heading {
            Some(level) => Kind::Heading(level),
            None if self.notes > 0 => Kind::Note,
            None if !self.items.is_empty() => return self.flush_item(run),
            None if self.quotes > 0 => Kind::Boxed,
            None => Kind::Paragraph,
        };
        self.push(kind, run);
    }

    fn flush_item(&mut self, run: Run) {
        let last = self.pieces.len().checked_sub(1);
        let depth = self.lists.len().saturating_sub(1).min(self.depth);
        let list = self.lists.last().map_or(self.lists_seen, |list| list.outermost);
        let Some(item) = self.items.last_mut() else { return };
        match (item.piece, self.pieces.last_mut()) {
            (Some(own), Some(piece)) if Some(own) == last && piece.run.text.len() + run.text.len() <= LONGEST_ITEM => {
                piece.run.text = format!("{} {}", piece.run.text.trim_end(), run.text.trim_start());
                piece.run.strong &= run.strong;
            }
            (Some(_), _) => self.push(Kind::Paragraph, run),
            (None, _) => {
                item.piece = Some(last.map_or(0, |last| last + 1));
                let number = item.number.clone();
                self.push(Kind::Item { list, depth, number }, run);
            }
        }
    }

    fn push(&mut self, kind: Kind, run: Run) {
        let mut piece = Piece::new(kind, run);
        piece.anchor = self.anchor.take();
        self.pieces.push(piece);
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

/// The attributes that a run of nested items states, where all of them do.
fn read_attributes(items: &[Piece]) -> Option<BTreeMap<String, String>> {
    let mut attributes = BTreeMap::new();
    for piece in items {
        let Kind::Item { depth: 1, .. } = piece.kind else { return None };
        let (name, value) = piece.run.text.split_once(':')?;
        let name = name.trim().to_lowercase();
        if !ATTRIBUTES.contains(&name.as_str()) {
            return None;
        }
        let (value, _) = super::clean(value);
        attributes.insert(name, value);
    }
    (!attributes.is_empty()).then_some(attributes)
}

#[cfg(test)]
mod tests {
    use super::super::outline::outline;
    use super::*;

    fn check(input: &str, expected: &str) {
        let document = Markdown.read(input.as_bytes(), &Limits::default()).expect("Markdown is always read");
        assert_eq!(outline(&document), expected, "{input}");
    }

    #[test]
    fn a_digest_statement_carries_its_attributes() {
        check(
            "# Screening\n\n## Recommendations\n\n3. Screen adults.\n   - Grade: B\n   - Locator: Table 1: row 2\n\n4. Do not screen.\n   - Grade: D\n",
            "Screening/Recommendations | li 3 | Screen adults. [grade: B] [locator: Table 1: row 2]\nScreening/Recommendations | li 4 | Do not screen. [grade: D]",
        );
    }

    #[test]
    fn a_nested_list_that_is_no_attributes_stays() {
        check(
            "- Give one of:\n  - Grade: B\n  - aspirin\n",
            " | li | Give one of:\n | li (Give one of:) | Grade: B\n | li (Give one of:) | aspirin",
        );
    }

    #[test]
    fn front_matter_pictures_and_html_are_left_out() {
        check(
            "---\ntitle: x\n---\n\nText ![alt](a.png) here.\n\n<div>raw</div>\n\nMore<!-- c -->.",
            " | p | Text here.\n | p | More.",
        );
    }

    #[test]
    fn links_become_their_text() {
        check("See [the guide](http://x.org) now.", " | p | See the guide now.");
    }

    #[test]
    fn raised_text_stays_raised() {
        check("Under 10<sup>9</sup>/L or 10^9^/L, MD^1^; more.", " | p | Under 10⁹/L or 10⁹/L, MD; more.");
        check("Over 10^9/L and 10^6/L.", " | p | Over 10^9/L and 10^6/L.");
        check("Under 10<sup class=\"x\">9</sup>/L, CO<SUB >2</SUB>.", " | p | Under 10⁹/L, CO2.");
    }

    #[test]
    fn raised_text_without_an_end_is_kept() {
        check(
            "Under 10<sup>9/L stop it.\n\nNever give `x` again.",
            " | p | Under 10^9/L stop it.\n | p | Never give x again.",
        );
        check("- Give a<sub>b now\n- Then stop", " | li | Give ab now\n | li | Then stop");
        check("| a | b |\n| - | - |\n| x<sup>long one | 5 mg |\n", " | row | a: xlong one | b: 5 mg");
        check("Take x<sub>in<sup>of it</sup> all</sub> now.", " | p | Take xinof it all now.");
    }

    #[test]
    fn stray_signs_of_emphasis_are_no_text() {
        check("Give 40 _µ_g/mL of PHE_Suicide_Guide.", " | p | Give 40 µg/mL of PHE_Suicide_Guide.");
        check(
            "__FIGURE 1. Doses by age__1\n\n1_Division of Doses_",
            " | caption | FIGURE 1. Doses by age1\n | p | 1Division of Doses",
        );
    }

    #[test]
    fn tables_with_a_title_row_and_bold_heads() {
        check(
            "| __TABLE. Doses__ | |\n| --- | --- |\n| __Drug__ | __Dose__ |\n| a | 5 mg |\n| \\* Adapted from others who wrote it. | |\n",
            " | caption | TABLE. Doses\n | row (TABLE. Doses) | Drug: a | Dose: 5 mg\n | note | * Adapted from others who wrote it.",
        );
    }

    #[test]
    fn quotations_are_boxes_and_code_is_paragraphs() {
        check("> Give it.\n\n    5 mg daily\n", " | box | Give it.\n | p | 5 mg daily");
    }

    #[test]
    fn deep_nesting_is_harmless() {
        let deep = format!("{}x", "> ".repeat(20_000));
        assert!(Markdown.read(deep.as_bytes(), &Limits::default()).is_ok());
        let lists: String = (0..500).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect();
        assert!(Markdown.read(lists.as_bytes(), &Limits::default()).is_ok());
    }
}
