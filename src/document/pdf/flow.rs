//! Joins what the ends of columns and pages have cut.

use super::paragraphs::{Group, Kind, is_finished, is_left_hanging};

/// Joins paragraphs and list items whose sentence goes on in the next column or on the next page.
pub(super) fn join_broken(groups: Vec<Group>) -> Vec<Group> {
    let mut joined: Vec<Group> = Vec::with_capacity(groups.len());
    // Where the text that may go on stands; footnotes and captions after it do not end it.
    let mut open: Option<usize> = None;
    for group in groups {
        if let Some(begun) = begun_overleaf(&joined, &group).and_then(|index| joined.get_mut(index)) {
            begun.lines.extend(group.lines);
            (begun.last_page, begun.column) = (group.page, group.column);
            continue;
        }
        if matches!(group.kind, Kind::Footnote | Kind::Caption) {
            joined.push(group);
            continue;
        }
        if let Some(before) = open.and_then(|index| joined.get_mut(index))
            && goes_on(before, &group)
        {
            before.lines.extend(group.lines);
            (before.last_page, before.column) = (group.page, group.column);
            continue;
        }
        open = matches!(group.kind, Kind::Text | Kind::Item { .. }).then_some(joined.len());
        joined.push(group);
    }
    joined
}

/// Groups before a page's first within which a block that goes on is looked for.
const NEAR: usize = 40;

/// The group of the page before that is the beginning of the same block of the file's structure.
fn begun_overleaf(joined: &[Group], group: &Group) -> Option<usize> {
    let tag = group.tag().filter(|tag| tag.holds_together())?;
    if matches!(group.kind, Kind::Table(_) | Kind::Row) {
        return None;
    }
    let from = joined.len().saturating_sub(NEAR);
    let same = |before: &Group| before.tag() == Some(tag) && before.last_page + 1 == group.page;
    joined.iter().skip(from).rposition(same).map(|at| from + at)
}

/// Whether `after` is the rest of `before`, cut off by the end of a column or page.
fn goes_on(before: &Group, after: &Group) -> bool {
    if let (Some(tag), Some(next)) = (before.tag(), after.tag())
        && tag.trusted
        && next.trusted
    {
        // Blocks of one page are parted as the file parts them.
        if before.last_page == after.page {
            return false;
        }
    }
    let apart = before.last_page != after.page || before.column != after.column;
    let near = after.page.saturating_sub(before.last_page) <= 1;
    let same_type = (before.size() / after.size() - 1.0).abs() < 0.06 && before.bold() == after.bold();
    if !(apart && near && same_type) || after.kind != Kind::Text || is_finished(before.ending()) {
        return false;
    }
    let next = after.lines.first().map_or("", |line| line.text.as_str());
    next.starts_with(|c: char| c.is_lowercase() || c == '(') || is_left_hanging(before.ending())
}
