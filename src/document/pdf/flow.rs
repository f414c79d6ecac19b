//! Joins what the ends of columns and pages have cut.

use super::paragraphs::{Group, Kind, is_finished};

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
