//! Takes out what belongs to the pages and not to the text: running heads and feet, page numbers, tables of contents.
//!
//! Footnotes are text and stay.

use std::collections::HashMap;
use std::rc::Rc;

use super::grid::Grid;
use super::lines::Line;

/// The lines of a page, by columns in reading order.
#[derive(Clone, Debug, Default)]
pub(super) struct PageLines {
    pub(super) columns: Vec<Vec<Line>>,
    pub(super) height: f64,
    /// Tables, by the numbers that stand for them in the lines.
    pub(super) tables: Vec<Rc<Grid>>,
}

/// Part of the page's height at the top and at the bottom where heads and feet stand.
const ZONE: f64 = 0.13;

/// Places of one text that are compared.
const MOST_PLACES: usize = 4_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Zone {
    Top,
    Bottom,
}

/// Removes running heads, running feet and page numbers.
pub(super) fn drop_running_heads(pages: &mut [PageLines]) {
    let mut seen: HashMap<(Zone, String), Vec<(usize, f64)>> = HashMap::new();
    for (index, page) in pages.iter().enumerate() {
        for line in page.columns.iter().flatten() {
            if let Some(zone) = zone(line, page.height) {
                let places = seen.entry((zone, normalised(&line.text))).or_default();
                if places.len() < MOST_PLACES {
                    places.push((index, line.y));
                }
            }
        }
    }
    let repeated = |zone: Zone, line: &Line, outermost: bool| {
        let Some(places) = seen.get(&(zone, normalised(&line.text))) else { return false };
        let same_height = places.iter().filter(|(_, y)| (y - line.y).abs() < 6.0);
        let mut pages: Vec<usize> = same_height.map(|(page, _)| *page).collect();
        pages.dedup();
        pages.len() >= 3 || (outermost && pages.len() == 2)
    };
    for page in pages.iter_mut() {
        let height = page.height;
        let ys = || page.columns.iter().flatten().map(|line| line.y);
        let (top, bottom) = (ys().fold(0.0, f64::max), ys().fold(f64::INFINITY, f64::min));
        for column in &mut page.columns {
            column.retain(|line| {
                let Some(zone) = zone(line, height) else { return true };
                let outermost = line.y >= top - 1.0 || line.y <= bottom + 1.0;
                !(repeated(zone, line, outermost) || (outermost && is_page_number(&line.text)))
            });
        }
        page.columns.retain(|column| !column.is_empty());
    }
}

fn zone(line: &Line, height: f64) -> Option<Zone> {
    if !line.tables.is_empty() {
        None
    } else if line.y > height * (1.0 - ZONE) {
        Some(Zone::Top)
    } else if line.y < height * ZONE {
        Some(Zone::Bottom)
    } else {
        None
    }
}

/// The line's words with every number made the same.
fn normalised(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if is_roman(word) {
            out.push('#');
            continue;
        }
        for c in word.chars() {
            match c {
                '0'..='9' if out.ends_with('#') => {}
                '0'..='9' => out.push('#'),
                _ => out.extend(c.to_lowercase()),
            }
        }
    }
    out
}

fn is_roman(word: &str) -> bool {
    word.len() <= 6 && word.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l'))
}

fn is_page_number(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| matches!(c, '-' | '–' | '—' | '|' | '[' | ']' | ' '));
    let bare = bare.strip_prefix("Page ").unwrap_or(bare);
    is_roman(bare) && !bare.is_empty() || (bare.len() <= 4 && bare.parse::<u16>().is_ok())
}

/// Lines with leaders to page numbers that make a page part of a table of contents.
const FEWEST_CONTENTS_LINES: usize = 3;

/// Removes the lines of tables of contents, and leaders from other lines.
pub(super) fn drop_contents_lines(pages: &mut [PageLines]) {
    for page in pages {
        let contents = page.columns.iter().flatten().filter(|line| is_contents_line(&line.text)).count();
        let leaders = page.columns.iter().flatten().filter(|line| leader(&line.text).is_some()).count();
        let is_contents = contents >= FEWEST_CONTENTS_LINES && contents * 10 >= leaders * 6;
        for column in &mut page.columns {
            if is_contents {
                column.retain(|line| !is_contents_line(&line.text));
            }
            column.iter_mut().for_each(drop_leader);
        }
        page.columns.retain(|column| !column.is_empty());
    }
}

/// Removes leaders within a line.
pub(super) fn drop_leader(line: &mut Line) {
    if leader(&line.text).is_none() {
        return;
    }
    let without = |text: &str| {
        let mut text = text.to_owned();
        while let Some((start, end)) = leader(&text) {
            text.replace_range(start..end, " ");
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    line.text = without(&line.text);
    for piece in &mut line.pieces {
        piece.text = without(&piece.text);
    }
}

/// Whether a line ends in a leader and a page number.
fn is_contents_line(text: &str) -> bool {
    let Some((start, end)) = leader(text) else { return false };
    let number = text.get(end..).unwrap_or_default().trim();
    let numbered = number.is_empty() || is_roman(number) || (number.len() <= 4 && number.parse::<u16>().is_ok());
    numbered && start > 0
}

/// Where a run of dots, or of one unknown sign, stands that leads the eye along the line.
fn leader(text: &str) -> Option<(usize, usize)> {
    let mut run: Option<(usize, char, usize)> = None;
    for (at, c) in text.char_indices() {
        let dots = |c: char| matches!(c, '.' | '…' | '·' | '\u{fffd}' | '_' | '\u{f8ff}');
        run = match run {
            Some((start, leading, count)) if c == leading => Some((start, leading, count + 1)),
            Some(run) if c == ' ' => Some(run),
            ended => {
                if let Some(found) = long_enough(ended, at) {
                    return Some(found);
                }
                dots(c).then_some((at, c, 1))
            }
        };
    }
    long_enough(run, text.len())
}

fn long_enough(run: Option<(usize, char, usize)>, end: usize) -> Option<(usize, usize)> {
    run.filter(|(_, leading, count)| *count >= if *leading == '…' { 3 } else { 5 }).map(|(start, ..)| (start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_lines_are_told_from_table_rows() {
        assert!(is_contents_line("3.1 Treatment ............... 12"));
        assert!(is_contents_line("Foreword . . . . . . . . . . vii"));
        assert!(!is_contents_line("18–39 ............... 1,444 23.4 (20.1–26.9)"));
        assert!(!is_contents_line("It was so. It was 12"));
    }

    #[test]
    fn numbers_do_not_make_heads_differ() {
        assert_eq!(normalised("WHO Guideline  | 12"), normalised("WHO guideline | 7"));
        assert_eq!(normalised("Page xii"), "page #");
    }
}
