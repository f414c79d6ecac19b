//! What the reader made of one page of gold: its words, headings, passages and rows.
//!
//! Which part of the stored text that is, is decided here and nowhere else; nothing is compared yet.

use super::gold::GoldPage;
use super::words::words;
use crate::document::{Block, BlockKind, Document};
use crate::passage::{Passage, PassageKind};
use crate::span::Span;

/// A page's part of the stored text, in code points.
///
/// A page of a PDF reaches from its first code point to the next page's, extended in front by the last block that begins
/// before it: text joined across pages stands where it begins. A section reaches from the heading with the gold's words to
/// the next heading of the same or a higher level; its depth is the length of its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Extent {
    /// Where the block begins that may continue on the page.
    front: usize,
    start: usize,
    end: usize,
}

/// A heading that was found.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) text: String,
    pub(super) words: Vec<String>,
    pub(super) depth: usize,
}

/// A passage that begins on the page or in what extends it in front.
#[derive(Debug)]
pub(super) struct Statement<'a> {
    pub(super) passage: &'a Passage,
    pub(super) words: Vec<String>,
    /// Its first word's place among the page's.
    pub(super) at: usize,
    /// Whether it begins on the page itself.
    pub(super) own: bool,
}

impl Statement<'_> {
    pub(super) fn recommends(&self) -> bool {
        self.passage.kind == PassageKind::Recommendation
    }
}

/// What the reader found on a page.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    pub(super) words: Vec<String>,
    pub(super) headings: Vec<Heading>,
    pub(super) statements: Vec<Statement<'a>>,
    pub(super) rows: Vec<&'a str>,
}

/// What the reader made of a page, or `None` where the document has no such page or section.
pub(super) fn find<'a>(document: &'a Document, passages: &'a [Passage], gold: &GoldPage) -> Option<Found<'a>> {
    let extent = match (gold.index, &gold.section) {
        (Some(index), _) => page(document, index)?,
        (None, Some(heading)) => section(document, heading)?,
        (None, None) => return None,
    };
    let text = |from: usize, to: usize| document.text.slice_clamped(Span::new(from, to));
    let within = |span: Span| extent.front <= span.start() && span.start() < extent.end;
    let own = |span: Span| extent.start <= span.start() && span.start() < extent.end;
    let headings = document.sections.iter().filter_map(|section| {
        let span = section.heading.filter(|span| own(*span))?;
        let text = text(span.start(), span.end()).to_owned();
        Some(Heading { words: words(&text), text, depth: section.path.len() })
    });
    let statements = passages.iter().filter(|passage| within(passage.span())).map(|passage| Statement {
        passage,
        words: words(passage.text()),
        at: words(text(extent.front, passage.span().start())).len(),
        own: own(passage.span()),
    });
    let row = |block: &&Block| matches!(block.kind, BlockKind::TableRow { .. }) && within(block.span);
    let rows = blocks(document).filter(row).map(|block| document.text.slice_clamped(block.span));
    Some(Found {
        words: words(text(extent.front, extent.end)),
        headings: headings.collect(),
        statements: statements.collect(),
        rows: rows.collect(),
    })
}

fn blocks(document: &Document) -> impl Iterator<Item = &Block> {
    document.sections.iter().flat_map(|section| &section.blocks)
}

fn page(document: &Document, index: usize) -> Option<Extent> {
    let at = document.pages.iter().position(|page| page.index == index)?;
    let start = document.pages.get(at)?.start;
    let end = document.pages.get(at + 1).map_or(document.text.len(), |next| next.start);
    let before = blocks(document).map(|block| block.span.start()).filter(|begins| *begins < start).max();
    Some(Extent { front: before.unwrap_or(start), start, end })
}

fn section(document: &Document, heading: &str) -> Option<Extent> {
    let length = document.text.len();
    let starts = |section: &crate::document::Section| {
        section.heading.or_else(|| section.blocks.first().map(|block| block.span)).map(Span::start)
    };
    if heading.is_empty() {
        let end = document.sections.iter().find_map(|section| section.heading).map_or(length, Span::start);
        return Some(Extent { front: 0, start: 0, end });
    }
    let wanted = words(heading);
    let opens = |section: &crate::document::Section| section.path.last().is_some_and(|own| words(own) == wanted);
    let at = document.sections.iter().position(opens)?;
    let opening = document.sections.get(at)?;
    let start = starts(opening)?;
    let mut after = document.sections.iter().skip(at + 1).filter(|other| other.path.len() <= opening.path.len());
    // A section may be parted in two under one heading; only a heading ends it.
    let end = after.find_map(|other| other.heading).map_or(length, Span::start);
    Some(Extent { front: start, start, end })
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::gold::tests::page as gold;
    use super::*;
    use crate::corpus::VersionFacts;
    use crate::document::{Page, Section};
    use crate::passage::passages;
    use crate::span::Text;

    /// A document from lines: `# heading`, `## heading`, `| row`, `--- page`, anything else a paragraph.
    pub(in crate::eval::reading) fn document(lines: &str) -> Document {
        let mut document = Document::default();
        let (mut text, mut path) = (String::new(), Vec::<String>::new());
        let mut sections = vec![Section::default()];
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if line == "---" {
                let index = document.pages.len();
                let start = if text.is_empty() { 0 } else { text.chars().count() + 2 };
                document.pages.push(Page { index, label: None, start });
                continue;
            }
            let depth = line.chars().take_while(|c| *c == '#').count();
            let row = line.starts_with("| ");
            let own = line.trim_start_matches(['#', '|', ' ']);
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            let start = text.chars().count();
            text.push_str(own);
            let span = Span::new(start, start + own.chars().count());
            if depth > 0 {
                path.truncate(depth - 1);
                path.push(own.to_owned());
                sections.push(Section { path: path.clone(), heading: Some(span), ..Section::default() });
                continue;
            }
            let kind = if row { BlockKind::TableRow { caption: None } } else { BlockKind::Paragraph };
            let block = Block { kind, span, anchor: None, attributes: Default::default() };
            sections.last_mut().expect("a section").blocks.push(block);
        }
        document.text = Text::from(text);
        document.sections = sections;
        document
    }

    pub(in crate::eval::reading) fn cut(document: &Document) -> Vec<Passage> {
        passages(document, &VersionFacts::bare("a@1".parse().expect("an id")))
    }

    const PAGED: &str =
        "---\n# One\nFirst page text.\nText that goes on\n---\n## Two\nSecond page.\n| a | b\n---\n# Three";

    fn check(lines: &str, place: &str, words: &str, headings: &[&str]) {
        let document = document(lines);
        let passages = cut(&document);
        let found = find(&document, &passages, &gold(place)).expect("the page");
        assert_eq!(found.words.join(" "), words, "{place}");
        assert_eq!(found.headings.iter().map(|heading| heading.text.as_str()).collect::<Vec<_>>(), headings, "{place}");
    }

    #[test]
    fn a_page_is_extended_by_the_block_that_may_continue_on_it() {
        let three = format!("---\n---\n---\n{PAGED}");
        check(&three, "", "one first page text text that goes on", &["One"]);
        let four = format!("---\n---\n{PAGED}");
        check(&four, "", "text that goes on two second page a b", &["Two"]);
        let document = document(PAGED);
        assert!(find(&document, &[], &gold("")).is_none(), "there is no page 3");
    }

    #[test]
    fn a_section_ends_at_the_next_heading_of_its_level() {
        let lines = "Before.\n# One\nUnder one.\n## Two – a\nUnder two.\n### Three\nDeep.\n## Four\nNo.";
        check(lines, "section = \"\"", "before", &[]);
        check(lines, "section = \"TWO - A\"", "two a under two three deep", &["Two – a", "Three"]);
        check(lines, "section = \"Four\"", "four no", &["Four"]);
        let document = document(lines);
        assert!(find(&document, &[], &gold("section = \"Five\"")).is_none());
    }
}
