//! Assembles the stored text: readers say what they found in reading order, the builder keeps spans, pages and paths.

use std::collections::BTreeMap;

use super::{Block, BlockKind, Defect, DefectKind, Document, Limits, Page, Section, clean};
use crate::span::Span;

/// Collects a [`Document`] from headings, paragraphs, list items and tables in reading order.
///
/// Reference lists are left out here, for all formats: a heading such as "References" silences everything up to the
/// next heading of its own level or above.
#[derive(Debug)]
pub struct Builder {
    document: Document,
    text: String,
    /// Code points in `text`.
    length: usize,
    blocks: usize,
    limits: Limits,
    /// Levels of the headings in the current path.
    levels: Vec<u8>,
    /// The reference list that is being left out.
    silence: Option<Silence>,
    anchor: Option<String>,
    hidden: usize,
    /// Text of reference lists that was left out, with its page.
    left_out: Vec<(Option<usize>, String)>,
    unknown: BTreeMap<Option<usize>, usize>,
    truncated: bool,
}

impl Builder {
    /// Starts an empty document; `reader` is the reader's name.
    pub fn new(reader: &str, limits: &Limits) -> Builder {
        Builder {
            document: Document { reader: reader.to_owned(), sections: vec![Section::default()], ..Document::default() },
            text: String::new(),
            length: 0,
            blocks: 0,
            limits: *limits,
            levels: Vec::new(),
            silence: None,
            anchor: None,
            hidden: 0,
            left_out: Vec::new(),
            unknown: BTreeMap::new(),
            truncated: false,
        }
    }

    /// Sets the title that the document itself carries; the first one stays.
    pub fn title(&mut self, raw: &str) {
        let (title, _) = clean(raw);
        if self.document.title.is_none() && !title.is_empty() {
            self.document.title = Some(title);
        }
    }

    /// What follows stands on this page.
    pub fn page(&mut self, index: usize, label: Option<String>) {
        if let Some(silence) = &mut self.silence
            && !silence.doubtful.is_empty()
        {
            return silence.doubtful.push(Doubtful::Page(index, label));
        }
        let start = if self.text.is_empty() { 0 } else { self.length + 2 };
        self.document.pages.push(Page { index, label, start });
    }

    /// Remembers a fragment identifier for the next block or heading.
    pub fn anchor(&mut self, id: &str) {
        if !id.is_empty() && id.len() <= 200 {
            self.anchor = Some(id.to_owned());
        }
    }

    /// Opens a section; `level` counts from 1, the outermost.
    pub fn heading(&mut self, level: u8, raw: &str) {
        let text = self.cleaned(raw);
        if text.is_empty() {
            return;
        }
        if self.silence.as_ref().is_some_and(|silence| level <= silence.level) {
            self.end_silence();
        }
        if let Some(silence) = &mut self.silence {
            return silence.doubtful.push(Doubtful::Heading(level, text, self.anchor.take()));
        }
        if is_reference_heading(&text) {
            self.anchor = None;
            let page = self.document.pages.last().map(|page| page.index);
            self.leave_out(BlockKind::Paragraph, text);
            self.silence = Some(Silence { level, page, swallowed: 0, doubtful: Vec::new() });
            return;
        }
        while self.levels.last().is_some_and(|last| *last >= level) {
            self.levels.pop();
        }
        let mut path = self.document.sections.last().map(|section| section.path.clone()).unwrap_or_default();
        path.truncate(self.levels.len());
        path.push(text.clone());
        self.levels.push(level);
        let heading = self.write(&text);
        let anchor = self.anchor.take();
        self.document.sections.push(Section { path, heading, anchor, blocks: Vec::new() });
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, raw: &str) -> Option<Span> {
        self.block(BlockKind::Paragraph, raw, BTreeMap::new())
    }

    /// Adds a list item; `intro` is the span of the sentence that introduces the list.
    pub fn list_item(&mut self, number: Option<&str>, intro: Option<Span>, raw: &str) -> Option<Span> {
        let number = number.map(str::to_owned);
        self.block(BlockKind::ListItem { number, intro }, raw, BTreeMap::new())
    }

    /// Adds a block of any kind with the attributes that the document states about it.
    ///
    /// Returns where it stands, or `None` where nothing was left of it or it belongs to a reference list.
    pub fn block(&mut self, kind: BlockKind, raw: &str, attributes: BTreeMap<String, String>) -> Option<Span> {
        let text = self.cleaned(raw);
        if text.is_empty() {
            return None;
        }
        if self.silence.is_some() {
            self.hold_back(kind, text, attributes);
            return None;
        }
        let span = self.write(&text)?;
        let anchor = self.anchor.take();
        let block = Block { kind, span, anchor, attributes };
        if let Some(section) = self.document.sections.last_mut() {
            section.blocks.push(block);
        }
        Some(span)
    }

    /// Adds a table whose rows are written out already.
    pub fn lines(&mut self, caption: Option<&str>, rows: &[String], notes: &[String]) {
        let caption = caption.and_then(|raw| self.block(BlockKind::Caption, raw, BTreeMap::new()));
        for row in rows {
            self.block(BlockKind::TableRow { caption }, row, BTreeMap::new());
        }
        for note in notes {
            self.block(BlockKind::Footnote, note, BTreeMap::new());
        }
    }

    /// Whether a reference list is being left out.
    pub fn is_silenced(&self) -> bool {
        self.silence.is_some()
    }

    /// Ends a reference list before the next heading; what follows belongs to the section around the list.
    pub fn resume(&mut self) {
        let Some(silence) = &mut self.silence else { return };
        // The reader knows where the list ended, so what was held back belonged to it.
        silence.swallowed += silence.blocks();
        let (level, held) = (silence.level, std::mem::take(&mut silence.doubtful));
        self.pages(held);
        self.end_silence();
        self.leave(level, true);
    }

    /// Ends the sections of a level and below; what follows belongs to the section around them, in a part of its own
    /// where `always` says so or a section ended.
    pub fn leave(&mut self, level: u8, always: bool) {
        let before = self.levels.len();
        self.levels.retain(|open| *open < level);
        if self.silence.is_none() && (always || self.levels.len() < before) {
            let mut path = self.document.sections.last().map(|section| section.path.clone()).unwrap_or_default();
            path.truncate(self.levels.len());
            self.document.sections.push(Section { path, ..Section::default() });
        }
    }

    /// Records what could not be read.
    pub fn defect(&mut self, kind: DefectKind, page: Option<usize>, detail: impl Into<String>) {
        self.document.defects.push(Defect { kind, page, detail: detail.into() });
    }

    /// Counts hidden characters that a reader removed before the builder saw them.
    pub fn hidden(&mut self, characters: usize) {
        self.hidden += characters;
    }

    /// Closes the document.
    pub fn finish(mut self) -> Document {
        self.end_silence();
        if self.hidden > 0 {
            let detail = format!("{} hidden characters were removed", self.hidden);
            self.defect(DefectKind::HiddenText, None, detail);
        }
        for (page, count) in std::mem::take(&mut self.unknown) {
            self.defect(DefectKind::UnknownGlyphs, page, format!("{count} characters could not be identified"));
        }
        if self.truncated {
            let detail = format!("the text was cut off after {} characters", self.length);
            self.defect(DefectKind::Truncated, None, detail);
        }
        self.document.text = self.text.into();
        let length = self.document.text.len();
        for page in &mut self.document.pages {
            page.start = page.start.min(length);
        }
        self.document.sections.retain(|section| section.heading.is_some() || !section.blocks.is_empty());
        self.document
    }

    fn cleaned(&mut self, raw: &str) -> String {
        let (text, hidden) = clean(raw);
        self.hidden += hidden;
        let unknown = text.chars().filter(|c| *c == '\u{fffd}' || ('\u{e000}'..='\u{f8ff}').contains(c)).count();
        if unknown > 0 {
            let page = self.document.pages.last().map(|page| page.index);
            *self.unknown.entry(page).or_default() += unknown;
        }
        text
    }

    fn write(&mut self, text: &str) -> Option<Span> {
        let length = text.chars().count();
        if self.length + length > self.limits.characters || self.blocks >= self.limits.blocks {
            self.truncated = true;
            return None;
        }
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
            self.length += 2;
        }
        let span = Span::new(self.length, self.length + length);
        self.text.push_str(text);
        self.length += length;
        self.blocks += 1;
        Some(span)
    }

    /// Takes a block under a reference heading: a citation is left out, and so is what little stands between two of them.
    fn hold_back(&mut self, kind: BlockKind, text: String, attributes: BTreeMap<String, String>) {
        let Some(silence) = &mut self.silence else { return };
        // It belongs to this block, whatever becomes of it.
        let anchor = self.anchor.take();
        if looks_like_citation(&text) {
            silence.swallowed += 1 + silence.blocks();
            let pages = std::mem::take(&mut silence.doubtful);
            self.pages(pages);
            return self.leave_out(kind, text);
        }
        silence.doubtful.push(Doubtful::Block(kind, text, attributes, anchor));
        if silence.blocks() >= MOST_DOUBTFUL {
            self.end_silence();
        }
    }

    /// Ends a reference list. What was held back in doubt is text after all: losing advice is worse than keeping a citation.
    fn end_silence(&mut self) {
        let Some(silence) = self.silence.take() else { return };
        if silence.swallowed > 0 {
            let detail = format!("a reference list of {} blocks was left out", silence.swallowed);
            self.defect(DefectKind::References, silence.page, detail);
        }
        // The anchor at hand belongs to what comes after the list.
        let next = self.anchor.take();
        for held in silence.doubtful {
            match held {
                Doubtful::Heading(level, text, anchor) => {
                    self.anchor = anchor;
                    self.heading(level, &text);
                }
                Doubtful::Page(index, label) => self.page(index, label),
                Doubtful::Block(kind, text, attributes, anchor) => {
                    self.anchor = anchor;
                    self.block(kind, &text, attributes);
                }
            }
        }
        self.anchor = next;
    }

    /// Turns the pages that were held back, and drops the rest.
    fn pages(&mut self, held: Vec<Doubtful>) {
        for one in held {
            match one {
                Doubtful::Page(index, label) => self.page(index, label),
                Doubtful::Heading(_, text, _) => self.leave_out(BlockKind::Paragraph, text),
                Doubtful::Block(kind, text, ..) => self.leave_out(kind, text),
            }
        }
    }

    fn leave_out(&mut self, kind: BlockKind, mut text: String) {
        let page = self.document.pages.last().map(|page| page.index);
        if let BlockKind::ListItem { number: Some(number), .. } = kind {
            text.insert(0, ' ');
            text.insert_str(0, &number);
        }
        self.left_out.push((page, text));
    }

    /// What was left out of reference lists so far, each text with the index of its page.
    pub fn take_left_out(&mut self) -> Vec<(Option<usize>, String)> {
        std::mem::take(&mut self.left_out)
    }
}

/// Blocks in a row without a sign of a citation after which a reference list is over.
const MOST_DOUBTFUL: usize = 4;

/// A reference list that is being left out.
#[derive(Debug)]
struct Silence {
    /// Level of the heading that opened it.
    level: u8,
    /// Page on which it begins.
    page: Option<usize>,
    /// Blocks left out so far.
    swallowed: usize,
    /// What came since the last citation, in order.
    doubtful: Vec<Doubtful>,
}

impl Silence {
    fn blocks(&self) -> usize {
        self.doubtful.iter().filter(|held| matches!(held, Doubtful::Block(..))).count()
    }
}

/// Something under a reference heading that may not belong to the list.
#[derive(Debug)]
enum Doubtful {
    Heading(u8, String, Option<String>),
    Page(usize, Option<String>),
    Block(BlockKind, String, BTreeMap<String, String>, Option<String>),
}

/// Whether a block bears a sign of a citation: a year, a link, an "et al."
fn looks_like_citation(text: &str) -> bool {
    let digits: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    let year = digits.iter().any(|run| run.len() == 4 && (run.starts_with("19") || run.starts_with("20")));
    year || ["http", "doi", "et al", "www."].iter().any(|sign| text.contains(sign))
}

/// Whether a heading opens a list of references.
pub(super) fn is_reference_heading(heading: &str) -> bool {
    let plain: String = heading.chars().filter(|c| c.is_alphabetic() || *c == ' ').collect();
    let plain = plain.trim().to_lowercase();
    matches!(
        plain.as_str(),
        "references"
            | "reference"
            | "reference list"
            | "references cited"
            | "literature cited"
            | "bibliography"
            | "works cited"
            | "bibliographyreferences"
            | "cited literature"
            | "endnotes"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builder() -> Builder {
        Builder::new("test/1", &Limits::default())
    }

    fn texts(document: &Document) -> Vec<(Vec<String>, String)> {
        let mut found = Vec::new();
        for section in &document.sections {
            for block in &section.blocks {
                let text = document.text.slice(block.span).unwrap_or_default().to_owned();
                found.push((section.path.clone(), text));
            }
        }
        found
    }

    #[test]
    fn heading_paths_follow_the_levels() {
        let mut b = builder();
        b.paragraph("before");
        b.heading(1, "A");
        b.heading(3, "deep");
        b.paragraph("one");
        b.heading(2, "B");
        b.paragraph("two");
        b.heading(1, "C");
        b.paragraph("three");
        let paths: Vec<String> =
            texts(&b.finish()).into_iter().map(|(path, text)| path.join("/") + ">" + &text).collect();
        assert_eq!(paths, [">before", "A/deep>one", "A/B>two", "C>three"]);
    }

    #[test]
    fn anchors_of_a_reference_list_go_with_it() {
        let mut b = builder();
        b.anchor("refs");
        b.heading(2, "References");
        b.anchor("r1");
        b.paragraph("Smith 2001");
        b.anchor("late");
        b.paragraph("Ask for help early.");
        b.anchor("next");
        b.heading(2, "Advice");
        b.paragraph("Do this.");
        let document = b.finish();
        let anchors: Vec<_> = document
            .sections
            .iter()
            .flat_map(|section| {
                std::iter::once(&section.anchor).chain(section.blocks.iter().map(|block| &block.anchor))
            })
            .map(|anchor| anchor.as_deref().unwrap_or("-"))
            .collect();
        assert_eq!(anchors, ["-", "late", "next", "-"]);
    }

    #[test]
    fn a_reference_list_is_left_out_and_said_so() {
        let mut b = builder();
        b.heading(1, "Advice");
        b.paragraph("Do this.");
        b.heading(2, "8. References");
        b.paragraph("Smith 2001");
        b.paragraph("a line of its own");
        b.heading(3, "Old ones");
        b.paragraph("Jones 1999");
        b.heading(2, "Annex");
        b.paragraph("Last.");
        let document = b.finish();
        assert_eq!(document.text.as_str(), "Advice\n\nDo this.\n\nAnnex\n\nLast.");
        assert_eq!(document.defects.len(), 1);
        assert_eq!(document.defects[0].kind, DefectKind::References);
    }

    #[test]
    fn text_after_a_reference_list_is_kept_though_no_heading_ends_it() {
        let mut b = builder();
        b.page(0, None);
        b.heading(1, "References");
        b.paragraph("Smith 2001");
        b.page(1, None);
        b.heading(2, "Checklist");
        for n in 0..5 {
            b.paragraph(&format!("Is item {n} in place?"));
        }
        let document = b.finish();
        assert!(document.text.as_str().starts_with("Checklist\n\nIs item 0 in place?"), "{}", document.text.as_str());
        assert_eq!(document.sections[0].blocks.len(), 5);
        assert_eq!(document.page_at(0).map(|page| page.index), Some(1));
        assert_eq!(document.defects[0].detail, "a reference list of 1 blocks was left out");
    }

    #[test]
    fn text_beyond_the_limit_is_cut_off_and_said_so() {
        let mut b = Builder::new("test/1", &Limits { characters: 10, ..Limits::default() });
        b.paragraph("12345678");
        b.paragraph("too much");
        let document = b.finish();
        assert_eq!(document.text.as_str(), "12345678");
        assert_eq!(document.defects[0].kind, DefectKind::Truncated);
    }

    #[test]
    fn a_page_is_found_by_its_text() {
        let mut b = builder();
        b.page(0, Some("i".to_owned()));
        b.paragraph("first");
        b.page(1, None);
        b.page(2, Some("2".to_owned()));
        b.paragraph("second");
        let document = b.finish();
        assert_eq!(document.page_at(2).map(|page| page.index), Some(0));
        assert_eq!(document.page_at(8).map(|page| page.index), Some(2));
    }
}
