//! Tells headings, captions and footnotes from running text, by how they are set against the body of the document.
//!
//! Rather misses a heading than cuts a passage in two: a heading must be short, must not end like a sentence, and must
//! be set apart by size, weight or capitals.

use std::collections::HashMap;

use super::bookmarks::Bookmark;
use super::furniture::PageLines;
use super::ink::Tint;
use super::joining::Lexicon;
use super::paragraphs::{Group, Kind, is_finished, is_left_hanging};
use super::role::Role;
use super::tagging::Tag;

/// What most of the document is set in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body {
    pub(super) size: f64,
    /// So much of the text is bold that weight means nothing.
    pub(super) bold: bool,
    /// The colour of most of the text.
    pub(super) tint: Tint,
}

/// Finds the size that most characters are set in.
pub(super) fn body(pages: &[PageLines]) -> Body {
    let mut sizes: HashMap<i64, usize> = HashMap::new();
    let mut tints: HashMap<Tint, usize> = HashMap::new();
    let (mut bold, mut all) = (0, 0);
    for line in pages.iter().flat_map(|page| page.columns.iter().flatten()) {
        let characters = line.text.chars().count();
        *sizes.entry(half_points(line.size)).or_default() += characters;
        all += characters;
        *tints.entry(line.tint.unwrap_or_default()).or_default() += characters;
        bold += if line.bold { characters } else { 0 };
    }
    let most = sizes.into_iter().max_by_key(|(size, count)| (*count, *size));
    let tint = tints.into_iter().max_by_key(|(tint, count)| (*count, *tint)).map_or(0, |(tint, _)| tint);
    Body { size: most.map_or(10.0, |(size, _)| size as f64 / 2.0), bold: bold * 5 > all * 2, tint }
}

fn half_points(size: f64) -> i64 {
    (size * 2.0).round() as i64
}

/// Marks headings, captions and footnotes.
pub(super) fn mark_outline(groups: &mut [Group], body: Body, lexicon: &Lexicon) {
    mark_footnotes(groups, body);
    let deepest = deepest_tagged_level(groups);
    let styles: Vec<Option<Style>> = (0..groups.len()).map(|index| heading_style(groups, index, body)).collect();
    let mut ranks: Vec<Style> = styles.iter().flatten().copied().collect();
    ranks.sort_by(|a, b| b.cmp(a));
    ranks.dedup();
    let mut numbering = Numbering::default();
    let mut references: Option<u8> = None;
    let mut levels_of_styles: HashMap<Style, u8> = HashMap::new();
    for (group, style) in groups.iter().zip(&styles) {
        if let Some((level, style)) = tagged_level(group).zip(*style) {
            levels_of_styles.entry(style).or_insert(level);
        }
    }
    for (group, style) in groups.iter_mut().zip(&styles) {
        let tagged = tagged_level(group);
        if is_tagged_heading(group) || style.is_some() {
            let text = group.text(lexicon);
            let style = style.unwrap_or_else(|| Style::of(group, &text));
            let mut by_style = |style: &Style| match deepest {
                Some(deepest) => level_of_style(style, &levels_of_styles)
                    .unwrap_or_else(|| deepest + 1 + rank_among_unknown(style, &ranks, &levels_of_styles)),
                None => {
                    let rank = ranks.iter().position(|rank| rank == style).unwrap_or(0);
                    numbering.level(&text, u8::try_from(rank + 1).unwrap_or(u8::MAX).min(DEEPEST_LEVEL))
                }
            };
            let level = tagged.unwrap_or_else(|| by_style(&style)).min(DEEPEST_LEVEL);
            // What follows a list of references is not part of it, however small its heading is.
            let level = level.min(references.unwrap_or(DEEPEST_LEVEL));
            references = is_references(&text).then_some(level);
            group.drop_sign();
            group.kind = Kind::Heading(level);
        } else if matches!(group.kind, Kind::Text) && is_caption(group) {
            group.kind = Kind::Caption;
        }
    }
}

/// How many styles without a level of their own are set larger than this one.
fn rank_among_unknown(style: &Style, ranks: &[Style], levels: &HashMap<Style, u8>) -> u8 {
    let larger = ranks.iter().take_while(|other| *other != style).filter(|other| !levels.contains_key(other));
    u8::try_from(larger.count()).unwrap_or(DEEPEST_LEVEL)
}

/// Marks the groups that the file's bookmarks name on their pages as headings of the bookmarks' levels.
///
/// Where a page is tagged with headings, its tags know better.
pub(super) fn mark_bookmarked(groups: &mut [Group], bookmarks: &[Bookmark], lexicon: &Lexicon) {
    let plain =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let mut levels: HashMap<(usize, String), u8> = HashMap::new();
    for bookmark in bookmarks {
        let title = plain(&bookmark.title);
        if let Some(page) = bookmark.page.filter(|_| title.chars().count() >= FEWEST_LETTERS) {
            levels.entry((page, title)).or_insert(bookmark.level);
        }
    }
    if levels.is_empty() {
        return;
    }
    for group in groups.iter_mut().filter(|group| group.lines.len() <= MOST_HEADING_LINES && !is_tagged_heading(group))
    {
        if !matches!(group.kind, Kind::Text | Kind::Item { number: Some(_) }) {
            continue;
        }
        let whole: String = group.lines.iter().map(|line| plain(&line.text)).collect();
        let found = levels.get(&(group.page, whole)).or_else(|| levels.get(&(group.page, plain(&group.text(lexicon)))));
        let Some(level) = found.copied() else { continue };
        for line in &mut group.lines {
            line.tag = Some(Tag { element: usize::MAX, role: Role::Heading(Some(level)), trusted: false });
        }
    }
}

/// Letters and digits that a bookmark's title has at least, to be known again.
const FEWEST_LETTERS: usize = 4;
/// Lines that a heading has at most.
const MOST_HEADING_LINES: usize = 4;

/// Joins headings that were parted at a line's end, where the first cannot be whole.
pub(super) fn join_parted_headings(groups: Vec<Group>) -> Vec<Group> {
    let mut joined: Vec<Group> = Vec::with_capacity(groups.len());
    for group in groups {
        if let Some(before) = joined.last_mut()
            && before.kind == group.kind
            && matches!(group.kind, Kind::Heading(_))
            && before.page == group.page
            && group.gap < 2.5
            && (before.size() / group.size() - 1.0).abs() < 0.06
            && is_left_hanging(before.ending())
        {
            before.lines.extend(group.lines);
        } else {
            joined.push(group);
        }
    }
    joined
}

const DEEPEST_LEVEL: u8 = 6;
/// Characters beyond which a tagged heading is not believed.
const LONGEST_TAGGED_HEADING: usize = 300;

/// The level that the file's structure gives a group.
fn tagged_level(group: &Group) -> Option<u8> {
    match group.tag()?.role {
        Role::Heading(level) if is_tagged_heading(group) => level,
        _ => None,
    }
}

fn is_tagged_heading(group: &Group) -> bool {
    let characters: usize = group.lines.iter().map(|line| line.text.chars().count()).sum();
    group.tag().is_some_and(|tag| matches!(tag.role, Role::Heading(_))) && characters <= LONGEST_TAGGED_HEADING
}

/// The level of headings set as this one; one that is set larger than all others is of the first level.
fn level_of_style(style: &Style, levels: &HashMap<Style, u8>) -> Option<u8> {
    let largest = || levels.keys().all(|other| other < style).then_some(1);
    levels.get(style).copied().or_else(largest)
}

/// The deepest level of headings that the file's structure gives, if it gives enough of them to be of use.
fn deepest_tagged_level(groups: &[Group]) -> Option<u8> {
    let levels: Vec<u8> = groups.iter().filter_map(tagged_level).collect();
    let pages = groups.last().map_or(0, |group| group.page + 1);
    if levels.len() >= 3.max(pages / 8) { levels.into_iter().max() } else { None }
}

/// The title as printed: the largest heading of the first page, if it is much larger than the text.
pub(super) fn printed_title(groups: &[Group], body: Body, lexicon: &Lexicon) -> Option<String> {
    let first_page = groups.iter().take_while(|group| group.page == 0);
    let headings = first_page.filter(|group| matches!(group.kind, Kind::Heading(_)) && group.size() > 1.3 * body.size);
    let largest = headings.reduce(|a, b| if b.size() > a.size() { b } else { a })?;
    Some(largest.text(lexicon))
}

/// Whether a heading opens a list of references.
fn is_references(heading: &str) -> bool {
    let letters: String = heading.chars().filter(|c| c.is_alphabetic()).collect();
    matches!(
        letters.to_lowercase().as_str(),
        "references" | "reference" | "bibliography" | "endnotes" | "literaturecited" | "workscited" | "referencelist"
    )
}

/// How a heading is set; larger styles are higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Style {
    half_points: i64,
    capitals: bool,
    bold: bool,
}

impl Style {
    fn of(group: &Group, text: &str) -> Style {
        let capitals = text.chars().filter(|c| c.is_alphabetic()).all(|c| !c.is_lowercase());
        Style { half_points: half_points(group.size()), capitals, bold: group.bold() }
    }
}

/// How much larger than the body a heading's type is at least.
pub(super) const LARGER: f64 = 1.12;

fn heading_style(groups: &[Group], index: usize, body: Body) -> Option<Style> {
    let group = groups.get(index)?;
    let text = group.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
    let before = groups.get(index.wrapping_sub(1));
    let item = |group: Option<&Group>| group.is_some_and(|group| matches!(group.kind, Kind::Item { .. }));
    let in_list = item(before) || item(groups.get(index + 1));
    let fits = match group.kind {
        Kind::Text | Kind::Item { number: Some(_) } => true,
        // A sign before a heading, where no list is; a section number set as that of a list.
        Kind::Item { number: None } => group.bold() && (!in_list || numbering_depth(&text) > 1),
        _ => false,
    };
    if !fits || group.lines.len() > 4 {
        return None;
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let characters = text.chars().count();
    let underlined = group.lines.len() == 1 && group.lines.iter().all(|line| line.underlined);
    let ends_like_text = is_finished(&text) && !text.trim_end().ends_with('?') && !(underlined && text.ends_with(':'))
        || text.trim_end().ends_with(',');
    if letters < 3 || letters * 2 < characters || characters > 200 || ends_like_text || is_caption(group) {
        return None;
    }
    let starts_well = text.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| c.is_uppercase() || c.is_numeric());
    let style = Style::of(group, &text);
    let (size, bold, capitals) = (group.size(), style.bold, style.capitals);
    let set_apart = group.gap > 1.3 || starts_column(group, before);
    if size >= LARGER * body.size {
        return (starts_well && set_apart).then_some(style);
    }
    let tint = group.tint().filter(|tint| *tint != body.tint);
    let weighty = bold && !body.bold || capitals && letters >= 6 || underlined || tint.is_some();
    let short = characters <= 120 && group.lines.len() <= 2;
    let at_least_body = size >= 0.95 * body.size;
    let leads = groups.get(index + 1).is_some_and(|next| {
        let lighter = tint.is_some() && next.tint() != tint
            || tint.is_none() && !next.bold()
            || next.size() > size * 1.02
            || matches!(next.kind, Kind::Item { number: Some(_) });
        matches!(next.kind, Kind::Text | Kind::Item { .. }) && (lighter || capitals && !is_capitals(next))
            || next.page != group.page
    });
    (weighty && short && at_least_body && starts_well && set_apart && leads).then_some(style)
}

fn is_capitals(group: &Group) -> bool {
    group.lines.iter().all(|line| line.text.chars().filter(|c| c.is_alphabetic()).all(|c| !c.is_lowercase()))
}

/// Whether a group is the first of its column; blocks of a tagged page tell by the space above them alone.
fn starts_column(group: &Group, before: Option<&Group>) -> bool {
    let tagged = group.tag().is_some_and(|tag| tag.trusted);
    before.is_none_or(|before| before.page != group.page || before.column != group.column && !tagged)
}

/// Keeps the levels of numbered headings in step with their numbers.
#[derive(Default)]
struct Numbering {
    /// Level of the last heading of each depth: "3" has depth 1, "3.1" depth 2.
    levels: Vec<u8>,
}

impl Numbering {
    fn level(&mut self, text: &str, by_style: u8) -> u8 {
        let depth = numbering_depth(text);
        if depth == 0 {
            return by_style;
        }
        let above = self.levels.get(..depth.saturating_sub(1)).unwrap_or_default().last().copied();
        let level = by_style.max(above.map_or(1, |above| above + 1)).min(DEEPEST_LEVEL);
        self.levels.truncate(depth - 1);
        while self.levels.len() < depth {
            self.levels.push(level);
        }
        level
    }
}

/// Numbers in a heading's number: 2 for "3.1 Title", 0 for none.
pub(super) fn numbering_depth(text: &str) -> usize {
    let Some(first) = text.split_whitespace().next() else { return 0 };
    let parts: Vec<&str> = first.trim_end_matches('.').split('.').collect();
    let numbers =
        parts.iter().all(|part| !part.is_empty() && part.len() <= 2 && part.chars().all(|c| c.is_ascii_digit()));
    if numbers { parts.len().min(5) } else { 0 }
}

/// Whether a group is the caption of a table, figure or box.
fn is_caption(group: &Group) -> bool {
    let Some(first) = group.lines.first() else { return false };
    let mut words = first.text.split_whitespace();
    let label = words.next().unwrap_or_default().to_lowercase();
    if !matches!(label.as_str(), "table" | "figure" | "fig." | "box" | "exhibit" | "chart") || group.lines.len() > 4 {
        return false;
    }
    let number = words.next().unwrap_or_default();
    let bare = number.trim_end_matches(['.', ':', '–', ')']);
    let counted = !bare.is_empty()
        && bare.len() <= 6
        && bare.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
        && (bare.chars().any(|c| c.is_ascii_digit()) || bare.len() == 1);
    let next = words.next().unwrap_or_default();
    let titled =
        number.len() > bare.len() || next.is_empty() || next.starts_with(|c: char| c.is_uppercase() || c == '–');
    counted && titled
}

/// How much smaller than the body a footnote is at least.
const SMALLER: f64 = 0.93;

/// Marks the small print at the foot of each page, where it is led by a mark.
fn mark_footnotes(groups: &mut [Group], body: Body) {
    let mut end = groups.len();
    while end > 0 {
        let page = groups.get(end - 1).map_or(0, |group| group.page);
        let start = groups.iter().take(end).rposition(|group| group.page != page).map_or(0, |before| before + 1);
        for index in (start..end).rev() {
            let Some(group) = groups.get_mut(index) else { break };
            let small = group.size() < SMALLER * body.size;
            if !small || !matches!(group.kind, Kind::Text | Kind::Item { .. }) {
                break;
            }
            if has_note_mark(group) {
                group.kind = Kind::Footnote;
            }
        }
        end = start;
    }
}

fn has_note_mark(group: &Group) -> bool {
    let first = group.lines.first().map_or("", |line| line.text.as_str());
    if first.chars().filter(|c| c.is_alphabetic()).count() < 3 {
        return false;
    }
    let sign =
        first.chars().next().is_some_and(|c| matches!(c, '*' | '†' | '‡' | '§' | '¶' | '¹' | '²' | '³' | '⁰'..='⁹'));
    let number = first.split_whitespace().next().unwrap_or_default();
    let counted = number.len() <= 2 && number.chars().all(|c| c.is_ascii_digit()) && !number.is_empty();
    let lettered = number.len() == 1 && number.chars().all(|c| c.is_ascii_lowercase());
    sign || counted || lettered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_headings_have_depths() {
        assert_eq!(
            ["3 Methods", "3.1. Search", "A title", "2021 update", "1.2.3 x"].map(numbering_depth),
            [1, 2, 0, 0, 3]
        );
    }

    #[test]
    fn levels_follow_the_numbers() {
        let mut numbering = Numbering::default();
        let levels = [("1 A", 2), ("1.1 B", 2), ("Note", 4), ("1.2 C", 3), ("2 D", 2)];
        assert_eq!(levels.map(|(text, style)| numbering.level(text, style)), [2, 3, 4, 3, 2]);
    }
}
