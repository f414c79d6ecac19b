//! Joins what columns and pages have cut, and hands the document to the builder.

use std::collections::BTreeMap;

use super::joining::Lexicon;
use super::paragraphs::{Group, Kind, is_finished};
use crate::document::{BlockKind, Builder};
use crate::span::Span;

/// Joins paragraphs and list items whose sentence goes on in the next column or on the next page.
pub(super) fn join_broken(groups: Vec<Group>) -> Vec<Group> {
    let mut joined: Vec<Group> = Vec::with_capacity(groups.len());
    // Where the text that may go on stands; footnotes and captions after it do not end it.
    let mut open: Option<usize> = None;
    for group in groups {
        if matches!(group.kind, Kind::Footnote | Kind::Caption) {
            joined.push(group);
            continue;
        }
        if let Some(before) = open.and_then(|index| joined.get_mut(index))
            && goes_on(before, &group)
        {
            before.lines.extend(group.lines);
            // The end is now on the later page: the next break is looked for from there.
            (before.column, before.gap) = (group.column, before.gap);
            continue;
        }
        open = matches!(group.kind, Kind::Text | Kind::Item { .. }).then_some(joined.len());
        joined.push(group);
    }
    joined
}

/// Whether `after` is the rest of `before`, cut off by the end of a column or page.
fn goes_on(before: &Group, after: &Group) -> bool {
    let apart = before.page != after.page || before.column != after.column;
    let near = after.page.saturating_sub(before.page) <= 1 + before.lines.len() / 30;
    let same_type = (before.size() / after.size() - 1.0).abs() < 0.06 && before.bold() == after.bold();
    if !(apart && near && same_type) || after.kind != Kind::Text || is_finished(before.ending()) {
        return false;
    }
    let next = after.lines.first().map_or("", |line| line.text.as_str());
    next.starts_with(|c: char| c.is_lowercase() || c == '(') || is_left_hanging(before.ending())
}

/// Whether a text ends in a word, a comma or a hyphen after which something must come.
fn is_left_hanging(text: &str) -> bool {
    let text = text.trim_end();
    if text.ends_with([',', '-', '\u{2010}', '\u{ad}', '–', '/', '(']) {
        return true;
    }
    let last = text.rsplit(' ').next().unwrap_or_default();
    matches!(
        last,
        "a" | "an"
            | "and"
            | "as"
            | "at"
            | "be"
            | "but"
            | "by"
            | "for"
            | "from"
            | "in"
            | "into"
            | "is"
            | "of"
            | "on"
            | "or"
            | "than"
            | "that"
            | "the"
            | "their"
            | "to"
            | "was"
            | "were"
            | "which"
            | "who"
            | "with"
            | "are"
            | "not"
            | "≥"
            | "≤"
    )
}

/// Writes the groups page by page.
pub(super) fn write(
    (groups, lexicon): &(Vec<Group>, Lexicon),
    labels: &BTreeMap<usize, String>,
    pages: usize,
    builder: &mut Builder,
) {
    let mut next_page = 0;
    let mut intro: Option<Span> = None;
    for group in groups {
        while next_page <= group.page {
            builder.page(next_page, labels.get(&next_page).cloned());
            next_page += 1;
        }
        let text = group.text(lexicon);
        match &group.kind {
            Kind::Heading(level) => {
                intro = None;
                builder.heading(*level, &text);
            }
            Kind::Item { number } => {
                builder.list_item(number.as_deref(), intro, &text);
            }
            Kind::Text => {
                let span = builder.paragraph(&text);
                intro = span.filter(|_| text.trim_end().ends_with(':'));
            }
            Kind::Row => write_row(group, builder),
            Kind::Caption => {
                builder.block(BlockKind::Caption, &text, BTreeMap::new());
            }
            Kind::Footnote => {
                builder.block(BlockKind::Footnote, &text, BTreeMap::new());
            }
        }
    }
    for page in next_page..pages {
        builder.page(page, labels.get(&page).cloned());
    }
}

/// A row of cells, as it stands on the page.
fn write_row(group: &Group, builder: &mut Builder) {
    for line in &group.lines {
        let cells = line.pieces.iter().map(|piece| piece.text.trim());
        let text = cells.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" | ");
        builder.block(BlockKind::TableRow { caption: None }, &text, BTreeMap::new());
    }
}
