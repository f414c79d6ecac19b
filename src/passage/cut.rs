//! Where one passage ends and the next begins.
//!
//! Blocks are the natural seams. Long ones are cut between sentences, short neighbours are joined, a list stays with the
//! sentence that introduces it, and a statement that recommends ([`super::units`]) is never joined to anything.

use crate::document::{Block, BlockKind, Document, Section};
use crate::language::sentences;
use crate::span::Span;

use super::units;

/// Words above which a block is cut between sentences.
const LONGEST: usize = 180;
/// Words that a cut aims at.
const CUT: usize = 130;
/// Words below which a block is joined to its neighbour.
const SHORT: usize = 25;
/// Words up to which neighbours are joined.
const JOINED: usize = 110;

/// One passage to be: a contiguous range of the stored text and the blocks in it.
#[derive(Clone, Debug)]
pub(super) struct Piece<'a> {
    pub(super) span: Span,
    pub(super) blocks: Vec<&'a Block>,
    /// What introduces it: a list's introduction, a table's caption.
    pub(super) lead: Option<Span>,
    pub(super) words: usize,
    /// Whether it recommends.
    pub(super) advice: bool,
    /// Whether it is a grade and nothing else.
    pub(super) mark: bool,
    /// Whether a grade from a line of its own was joined to it.
    pub(super) graded: bool,
}

impl<'a> Piece<'a> {
    pub(super) fn first(&self) -> Option<&'a Block> {
        self.blocks.first().copied()
    }

    /// Whether it is all of its blocks, not a sentence of one.
    pub(super) fn whole(&self) -> bool {
        let (first, last) = (self.blocks.first(), self.blocks.last());
        let whole = first.zip(last).map(|(first, last)| first.span.cover(last.span));
        whole == Some(self.span)
    }

    pub(super) fn of(document: &Document, block: &'a Block) -> Piece<'a> {
        let lead = match &block.kind {
            BlockKind::ListItem { intro, .. } => *intro,
            BlockKind::TableRow { caption } => *caption,
            _ => None,
        };
        let words = count_words(document.text.slice_clamped(block.span));
        let lead = lead.map(|lead| introducing(document, lead));
        Piece { span: block.span, blocks: vec![block], lead, words, advice: false, mark: false, graded: false }
    }

    pub(super) fn join(&mut self, other: Piece<'a>) {
        self.span = self.span.cover(other.span);
        self.blocks.extend(other.blocks);
        self.words += other.words;
    }
}

/// The pieces of one section, in reading order; `publisher` is who speaks.
pub(super) fn pieces<'a>(document: &Document, section: &'a Section, publisher: Option<&str>) -> Vec<Piece<'a>> {
    let mut done: Vec<Piece<'a>> = Vec::new();
    for piece in units::units(document, section, publisher) {
        if piece.words > LONGEST {
            done.extend(split(document, &piece));
            continue;
        }
        match done.last_mut() {
            Some(last) if joins(last, &piece) => last.join(piece),
            _ => done.push(piece),
        }
    }
    done
}

fn joins(last: &Piece<'_>, next: &Piece<'_>) -> bool {
    let (Some(a), Some(b)) = (last.blocks.last(), next.first()) else { return false };
    if last.words + next.words > JOINED || !a.attributes.is_empty() || !b.attributes.is_empty() {
        return false;
    }
    if last.advice || next.advice || last.mark || next.mark {
        return false;
    }
    // A list stays with its introduction, and its items together.
    let (from, to) = (&a.kind, &b.kind);
    let list = match (from, to) {
        (_, BlockKind::ListItem { intro: Some(intro), .. }) if *intro == a.span => true,
        (BlockKind::ListItem { intro: x, .. }, BlockKind::ListItem { intro: y, .. }) => x == y,
        _ => false,
    };
    if list {
        return true;
    }
    let prose = matches!(from, BlockKind::Paragraph) && matches!(to, BlockKind::Paragraph);
    prose && (last.words < SHORT || next.words < SHORT)
}

/// Words up to which an introduction is kept whole.
const LONGEST_LEAD: usize = 40;

/// The part of a paragraph that introduces what follows it: all of a short one, the last sentence of a longer one.
pub(super) fn introducing(document: &Document, intro: Span) -> Span {
    let text = document.text.slice_clamped(intro);
    if count_words(text) <= LONGEST_LEAD {
        return intro;
    }
    let last = sentences(text).pop().and_then(|range| crate::span::span_of(text, range));
    last.map_or(intro, |last| last.shifted(intro.start()))
}

/// Cuts a long block between sentences; a single longer sentence is cut between words as a last resort.
fn split<'a>(document: &Document, piece: &Piece<'a>) -> Vec<Piece<'a>> {
    let text = document.text.slice_clamped(piece.span);
    let total = piece.words;
    let parts = total.div_ceil(CUT + 20).max(2);
    let goal = total.div_ceil(parts);
    let mut cuts: Vec<(usize, usize, usize)> = Vec::new();
    for range in sentences(text).into_iter().flat_map(|range| cut_sentence(text, range)) {
        let words = count_words(text.get(range.clone()).unwrap_or_default());
        match cuts.last_mut() {
            Some((_, end, sum)) if *sum + words <= goal || (*sum + words / 2) < goal && *sum + words <= LONGEST => {
                *end = range.end;
                *sum += words;
            }
            _ => cuts.push((range.start, range.end, words)),
        }
    }
    let span_of = |(start, end, words): (usize, usize, usize)| {
        let within = crate::span::span_of(text, start..end)?;
        let span = within.shifted(piece.span.start());
        Some(Piece { span, words, ..piece.clone() })
    };
    cuts.into_iter().filter_map(span_of).collect()
}

/// A sentence longer than a passage may be is cut at spaces.
fn cut_sentence(text: &str, range: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    let Some(sentence) = text.get(range.clone()) else { return Vec::new() };
    if count_words(sentence) <= LONGEST {
        return vec![range];
    }
    let mut cuts = Vec::new();
    let (mut start, mut words) = (0, 0);
    for (at, _) in sentence.match_indices(' ') {
        words += 1;
        if words == CUT {
            cuts.push(range.start + start..range.start + at);
            (start, words) = (at + 1, 0);
        }
    }
    cuts.push(range.start + start..range.end);
    cuts
}

pub(super) fn count_words(text: &str) -> usize {
    text.split_whitespace().count()
}
