//! What belongs to one statement: the sentence, item, row or box that recommends, with its grade and its conditions.
//!
//! Running text is cut so that the sentence that recommends stands alone; a grade printed on a line of its own goes to
//! the statement that it is printed with. Joining of prose and the cutting of long blocks are [`super::cut`]'s.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::cut::{Piece, count_words, introducing};
use super::recommendation::{self, LONGEST, Setting};
use super::{grade, report};
use crate::document::{Block, BlockKind, Document, Section};
use crate::language::{pattern, sentences};
use crate::span::Text;

/// A sentence that limits the statement before it.
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:this (?:recommendation|advice|statement|guidance) (?:applies|does not apply|is (?:applicable|not applicable|limited|intended)|is not intended|requires|excludes|includes|covers)|it (?:applies|does not apply) |exceptions?\b\s*(?::|are|is|include)|exclusions?:|(?:except|unless)\b|\((?:strong|weak|conditional|grade|recommendation|category|cor\b|class|[ABC]I{1,3}\)|[12][A-D]\)))",
    )
});

/// The label of a template's words to the clinician.
static TEMPLATE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\[(?:clinical comments?|section prompt)\b"));

/// Words up to which a paragraph of nothing but advice under one grade is one statement.
const GRADED_WHOLE: usize = 120;

/// The units of one section, in reading order: each is one statement, or a stretch of what only informs.
pub(super) fn units<'a>(document: &Document, section: &'a Section, publisher: Option<&str>) -> Vec<Piece<'a>> {
    let silent = report::elsewhere(&section.path);
    let mut found = Vec::new();
    for (at, block) in section.blocks.iter().enumerate() {
        let mut piece = Piece::of(document, block);
        let lead = piece.lead.map(|lead| document.text.slice_clamped(lead));
        let setting = Setting { path: &section.path, lead, publisher };
        let text = document.text.slice_clamped(block.span);
        let whole = !block.attributes.is_empty();
        piece.mark = !whole && grade::only(text).is_some();
        if whole || piece.mark || silent || matches!(block.kind, BlockKind::Caption) {
            found.push(piece);
            continue;
        }
        let graded_next = section.blocks.get(at + 1).is_some_and(|next| {
            matches!(next.kind, BlockKind::Paragraph | BlockKind::Boxed)
                && grade::only(document.text.slice_clamped(next.span)).is_some()
        });
        found.extend(statements(piece, block, text, &setting, graded_next));
    }
    with_marks(document, with_items(document, found))
}

/// One block as statements and prose.
fn statements<'a>(
    mut piece: Piece<'a>,
    block: &'a Block,
    text: &str,
    setting: &Setting<'_>,
    graded_next: bool,
) -> Vec<Piece<'a>> {
    let short = piece.words <= LONGEST;
    piece.advice = short
        && match &block.kind {
            BlockKind::TableRow { .. } => recommendation::row_advises(text, setting),
            BlockKind::ListItem { .. } => recommendation::item_advises(text, setting) || graded(text, setting),
            BlockKind::Boxed => recommendation::item_advises(text, setting) || graded(text, setting),
            BlockKind::Caption => false,
            BlockKind::Paragraph | BlockKind::Footnote => {
                (recommendation::numbered(text) && recommendation::item_advises(text, setting))
                    || ((graded_next || grade::closes(text))
                        && piece.words <= GRADED_WHOLE
                        && only_advice(text, setting))
            }
        };
    let divisible = match &block.kind {
        BlockKind::Paragraph | BlockKind::Footnote => true,
        BlockKind::ListItem { .. } | BlockKind::Boxed => !short,
        BlockKind::TableRow { .. } | BlockKind::Caption => false,
    };
    if piece.advice || !divisible { vec![piece] } else { by_sentence(&piece, text, setting) }
}

/// Whether a statement ends with its grade and is not a report: "Annual foot examination. (Strong recommendation)".
fn graded(text: &str, setting: &Setting<'_>) -> bool {
    grade::closes(text) && !report::informs(text, setting)
}

fn only_advice(text: &str, setting: &Setting<'_>) -> bool {
    let mut said = sentences(text).into_iter().filter_map(|range| text.get(range)).peekable();
    said.peek().is_some_and(|first| recommendation::advises(first, setting))
        && said.all(|one| recommendation::advises(one, setting) || CONDITION.is_match(one))
}

/// A paragraph cut so that each sentence that recommends stands alone, with its grade and its conditions.
fn by_sentence<'a>(piece: &Piece<'a>, text: &str, setting: &Setting<'_>) -> Vec<Piece<'a>> {
    let mut groups: Vec<(Range<usize>, bool)> = Vec::new();
    let template = TEMPLATE.is_match(text);
    for range in sayings(text) {
        let Some(one) = text.get(range.clone()) else { continue };
        let said = if template && !one.contains('[') { one.trim_end_matches(']') } else { one };
        let advice = recommendation::advises(said, setting) && count_words(one) <= LONGEST;
        match groups.last_mut() {
            Some((last, true)) if belongs(one) => last.end = range.end,
            Some((last, false)) if !advice => last.end = range.end,
            _ => groups.push((range, advice)),
        }
    }
    if !groups.iter().any(|(_, advice)| *advice) {
        return vec![piece.clone()];
    }
    // Converted once: a stranger's paragraph may be as long as the file.
    let stored = Text::from(text.to_owned());
    let span_of = |range: Range<usize>| stored.span_of(range).map(|span| span.shifted(piece.span.start()));
    let mut found: Vec<Piece<'a>> = Vec::new();
    let mut before: Option<Range<usize>> = None;
    for (range, advice) in groups {
        let Some(span) = span_of(range.clone()) else { continue };
        let words = count_words(text.get(range.clone()).unwrap_or_default());
        // Cut out of its paragraph, a statement that leans on the sentence before it is read with it.
        let lead = before.filter(|_| advice && text.get(range.clone()).is_some_and(leans)).and_then(|range| {
            let last = sentences(text.get(range.clone())?).pop()?;
            span_of(range.start + last.start..range.start + last.end)
        });
        let lead = lead.or(piece.lead);
        found.push(Piece { span, words, advice, lead, ..piece.clone() });
        before = Some(range);
    }
    found
}

/// The sentences of a text, each bracketed text of a template by itself.
fn sayings(text: &str) -> Vec<Range<usize>> {
    if !text.starts_with('[') {
        return sentences(text);
    }
    let seams = text.match_indices("] [").map(|(at, _)| at + 1);
    let mut from = 0;
    let mut found = Vec::new();
    for to in seams.chain([text.len()]) {
        let part = text.get(from..to).unwrap_or_default();
        found.extend(sentences(part).into_iter().map(|range| from + range.start..from + range.end));
        from = to;
    }
    found
}

/// Whether a sentence belongs to the statement before it: its grade, or whom it does not cover.
pub(super) fn belongs(text: &str) -> bool {
    CONDITION.is_match(text) || grade::only(text).is_some()
}

/// Whether a sentence points back to the one before it: "These patients should be referred."
fn leans(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().trim_end_matches(',').to_lowercase();
    ["this", "these", "those", "they", "it", "such", "however", "therefore", "thus", "instead", "otherwise"]
        .contains(&first.as_str())
}

/// Which side of a grade's own line its statement stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// Gives each grade that stands on a line of its own to its statement.
///
/// Publishers print it after the statement or before it, and the same way throughout a section. Where both readings
/// fit, only the one whose statements all say who recommends counts; a line that could be a neighbour's stays alone.
fn with_marks<'a>(document: &Document, pieces: Vec<Piece<'a>>) -> Vec<Piece<'a>> {
    let Some(side) = side(document, &pieces) else { return pieces };
    let mut done: Vec<Piece<'a>> = Vec::new();
    for piece in pieces {
        match done.last_mut() {
            Some(last) if side == Side::Before && piece.mark && open(last) => {
                last.join(piece);
                last.graded = true;
            }
            Some(mark) if side == Side::After && mark.mark && open(&piece) => {
                mark.join(piece);
                (mark.mark, mark.advice, mark.graded) = (false, true, true);
            }
            _ => done.push(piece),
        }
    }
    done
}

/// Whether a piece can take a grade.
fn open(piece: &Piece<'_>) -> bool {
    piece.advice && !piece.mark && !piece.graded
}

/// The side on which the statements of a section's grades stand; `None` where that cannot be told.
fn side(document: &Document, pieces: &[Piece<'_>]) -> Option<Side> {
    let marks: Vec<usize> = (0..pieces.len()).filter(|at| pieces.get(*at).is_some_and(|piece| piece.mark)).collect();
    let before = |at: &usize| at.checked_sub(1).and_then(|at| pieces.get(at)).filter(|piece| open(piece));
    let after = |at: &usize| pieces.get(at + 1).filter(|piece| open(piece));
    let spoken = |piece: &Piece<'_>| {
        let text = document.text.slice_clamped(piece.span);
        piece.whole() && (recommendation::spoken(text) > 0 || recommendation::numbered(text))
    };
    if marks.is_empty() {
        return None;
    }
    match (marks.iter().all(|at| before(at).is_some()), marks.iter().all(|at| after(at).is_some())) {
        (true, false) => marks.iter().all(|at| before(at).is_some_and(Piece::whole)).then_some(Side::Before),
        (false, true) => Some(Side::After),
        (false, false) => None,
        (true, true) => {
            let said = |side: &dyn Fn(&usize) -> bool| marks.iter().all(side);
            match (said(&|at| before(at).is_some_and(spoken)), said(&|at| after(at).is_some_and(spoken))) {
                (true, false) => Some(Side::Before),
                (false, true) => Some(Side::After),
                _ => None,
            }
        }
    }
}

/// Keeps an introduction that recommends together with the items that only say when, or to whom.
fn with_items<'a>(document: &Document, pieces: Vec<Piece<'a>>) -> Vec<Piece<'a>> {
    let mut done: Vec<Piece<'a>> = Vec::new();
    let mut pieces = pieces.into_iter().peekable();
    while let Some(mut piece) = pieces.next() {
        let end = piece.blocks.last().map(|block| (block.span, introducing(document, block.span)));
        let of_list = |item: &Piece<'_>| {
            let Some(BlockKind::ListItem { intro: Some(intro), .. }) = item.first().map(|block| &block.kind) else {
                return false;
            };
            end.is_some_and(|(block, _)| block == *intro)
        };
        let introduces = piece.advice && end.is_some_and(|(block, _)| piece.span.end() == block.end());
        if introduces && pieces.peek().is_some_and(&of_list) {
            let items: Vec<Piece<'a>> = std::iter::from_fn(|| pieces.next_if(|item| of_list(item))).collect();
            let words: usize = items.iter().map(|item| item.words).sum();
            // A grade under the list grades all of it.
            let graded = pieces.peek().is_some_and(|next| next.mark) && piece.words + words <= LONGEST;
            if items.iter().any(|item| item.advice) && !graded {
                // The items are the statements; the introduction says nothing without them.
                let said = document.text.slice_clamped(piece.span).trim_end();
                piece.advice = !(said.ends_with(':') && recommendation::left_open(said));
                done.push(piece);
                done.extend(items);
            } else if piece.words + words <= LONGEST {
                items.into_iter().for_each(|item| piece.join(item));
                done.push(piece);
            } else {
                // Too long for one: each item keeps the introduction, and with it what is recommended.
                done.push(piece);
                done.extend(items);
            }
            continue;
        }
        done.push(piece);
    }
    done
}
