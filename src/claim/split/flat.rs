//! The visible words of a block, each knowing where in the response it came from.
//!
//! Marks of emphasis, link targets, entities and tags are no words, but a statement must be an exact substring of what was
//! pasted. So words are gathered here beside their source, and a range of them becomes a range of the source again.
//! All offsets are bytes; [`crate::span`] turns them into code points once, at the end.

use std::ops::Range;

/// A stretch of visible text and the source it was read from.
#[derive(Clone, Debug)]
struct Segment {
    /// Where it begins in the visible text.
    at: usize,
    source: Range<usize>,
    /// Whether the source has the same bytes; else the stretch stands for its source as a whole (`&lt;` for `<`).
    same: bool,
}

/// What surrounds some words: emphasis, a link.
#[derive(Clone, Debug)]
pub(super) struct Element {
    /// Its words.
    pub(super) words: Range<usize>,
    /// Whether it is bold.
    pub(super) strong: bool,
    /// Whether it is a link.
    pub(super) link: bool,
}

/// The visible text of one block.
#[derive(Clone, Debug, Default)]
pub(super) struct Flat {
    text: String,
    segments: Vec<Segment>,
    /// In the order in which they begin.
    elements: Vec<Element>,
    /// Offsets of line ends that the writer meant (`<br>`, two spaces), in order.
    breaks: Vec<usize>,
}

impl Flat {
    /// The visible text. Line ends of the source are line ends here.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The visible text of a range, empty where the range is none of this text's.
    pub(super) fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Whether the line end at this offset was meant.
    pub(super) fn is_break(&self, at: usize) -> bool {
        self.breaks.binary_search(&at).is_ok()
    }

    /// Adds visible text read from `source`; `whole` is the response.
    pub(super) fn push(&mut self, text: &str, source: Range<usize>, whole: &str) {
        if text.is_empty() {
            return;
        }
        let same = whole.get(source.clone()).is_some_and(|written| written == text);
        self.segments.push(Segment { at: self.text.len(), source, same });
        self.text.push_str(text);
    }

    /// Adds a line end; `meant` where the writer asked for it.
    pub(super) fn line_end(&mut self, source: Range<usize>, meant: bool) {
        if meant {
            self.breaks.push(self.text.len());
        }
        self.segments.push(Segment { at: self.text.len(), source, same: false });
        self.text.push('\n');
    }

    /// Opens an element; give the number to [`Flat::close`].
    pub(super) fn open(&mut self, strong: bool, link: bool) -> usize {
        let at = self.text.len();
        self.elements.push(Element { words: at..at, strong, link });
        self.elements.len() - 1
    }

    /// Closes an element.
    pub(super) fn close(&mut self, element: usize) {
        let end = self.text.len();
        if let Some(element) = self.elements.get_mut(element) {
            element.words.end = end;
        }
    }

    /// The elements that begin within a range of the words.
    pub(super) fn elements_in(&self, words: &Range<usize>) -> impl Iterator<Item = &Element> {
        let from = self.elements.partition_point(|element| element.words.start < words.start);
        let end = words.end;
        self.elements.iter().skip(from).take_while(move |element| element.words.start < end)
    }

    /// The source of a range of words, from the first word to the last: marks around them are left out, marks between them
    /// are part of it. `None` of no words.
    pub(super) fn source_of(&self, words: &Range<usize>) -> Option<Range<usize>> {
        if words.is_empty() || words.end > self.text.len() {
            return None;
        }
        let first = self.segment_at(words.start)?;
        let last = self.segment_at(words.end - 1)?;
        let start = if first.same { first.source.start + (words.start - first.at) } else { first.source.start };
        let end = if last.same { last.source.start + (words.end - last.at) } else { last.source.end };
        Some(start..end.max(start))
    }

    fn segment_at(&self, at: usize) -> Option<&Segment> {
        let after = self.segments.partition_point(|segment| segment.at <= at);
        self.segments.get(after.checked_sub(1)?)
    }
}
