//! Takes out what belongs to the pages and not to the text: running heads and feet, page numbers, tables of contents.
//!
//! Footnotes are text and stay.

use std::collections::HashMap;
use std::rc::Rc;

use super::grid::Grid;
use super::lines::Line;
use super::role::Role;
use super::tagging::Tag;

/// The lines of a page, by columns in reading order.
#[derive(Clone, Debug, Default)]
pub(super) struct PageLines {
    pub(super) columns: Vec<Vec<Line>>,
    pub(super) height: f64,
    /// The page's label.
    pub(super) label: String,
    /// The file says itself what is furniture here, so that what it tags as text is text.
    pub(super) declared: bool,
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

/// A line that another page may repeat.
struct Place {
    page: usize,
    y: f64,
    numbers: Vec<i64>,
}

/// Removes running heads, running feet and page numbers.
///
/// Only a number that counts pages may differ between them: "250 mg" and "500 mg" at the head of two pages are doses.
pub(super) fn drop_running_heads(pages: &mut [PageLines]) {
    let labels: Vec<Option<i64>> = pages.iter().map(|page| label_number(&page.label)).collect();
    let mut seen: HashMap<(Zone, String), Vec<Place>> = HashMap::new();
    let mut bare: Vec<(usize, i64)> = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        for line in page.columns.iter().flatten() {
            if let Some(zone) = zone(line, page.height) {
                let (words, numbers) = normalised(&line.text);
                let places = seen.entry((zone, words)).or_default();
                if places.len() < MOST_PLACES {
                    places.push(Place { page: index, y: line.y, numbers });
                }
                bare.extend(page_number(&line.text).map(|number| (index, number)));
            }
        }
    }
    let counts = |page: usize, number: i64| labels.get(page).copied().flatten() == Some(number);
    // How far the numbers that stand alone are ahead of the pages, and on how many pages they are so.
    let mut ahead: HashMap<i64, Vec<usize>> = HashMap::new();
    for (page, number) in bare {
        let pages = ahead.entry(number - page as i64).or_default();
        if pages.last() != Some(&page) {
            pages.push(page);
        }
    }
    let is_page_number = |page: usize, text: &str| {
        page_number(text).is_some_and(|number| {
            counts(page, number) || ahead.get(&(number - page as i64)).is_some_and(|pages| pages.len() >= 2)
        })
    };
    let repeated = |zone: Zone, page: usize, line: &Line, outermost: bool| {
        let (words, numbers) = normalised(&line.text);
        let Some(places) = seen.get(&(zone, words)) else { return false };
        let same = |place: &&Place| {
            (place.y - line.y).abs() < 6.0
                && numbers.iter().zip(&place.numbers).all(|(here, there)| {
                    here == there
                        || there - here == place.page as i64 - page as i64
                        || (counts(page, *here) && counts(place.page, *there))
                })
        };
        let mut pages: Vec<usize> = places.iter().filter(same).map(|place| place.page).collect();
        pages.dedup();
        pages.len() >= 3 || (outermost && pages.len() == 2)
    };
    for (index, page) in pages.iter_mut().enumerate() {
        let (height, declared) = (page.height, page.declared);
        let ys = || page.columns.iter().flatten().map(|line| line.y);
        let (top, bottom) = (ys().fold(0.0, f64::max), ys().fold(f64::INFINITY, f64::min));
        for column in &mut page.columns {
            column.retain(|line| {
                let Some(zone) = zone(line, height) else { return true };
                let heading = |tag: &Tag| matches!(tag.role, Role::Heading(_));
                let text = line.tag.is_some_and(|tag| tag.trusted && (declared || heading(&tag)));
                let outermost = line.y >= top - 1.0 || line.y <= bottom + 1.0;
                !(!text && repeated(zone, index, line, outermost) || (outermost && is_page_number(index, &line.text)))
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

/// The line's words with every number made the same, and the numbers.
fn normalised(text: &str) -> (String, Vec<i64>) {
    let (mut out, mut numbers) = (String::new(), Vec::new());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if is_roman(word) {
            out.push('#');
            numbers.push(roman_value(word));
            continue;
        }
        let mut number: Option<i64> = None;
        for c in word.chars() {
            if let Some(digit) = c.to_digit(10) {
                if number.is_none() {
                    out.push('#');
                }
                // Longer than any number of a page, and short enough to be reckoned with.
                number = Some((number.unwrap_or(0) * 10 + i64::from(digit)) % 1_000_000_000_000);
            } else {
                numbers.extend(number.take());
                out.extend(c.to_lowercase());
            }
        }
        numbers.extend(number);
    }
    (out, numbers)
}

fn is_roman(word: &str) -> bool {
    word.len() <= 6 && word.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l'))
}

fn roman_value(word: &str) -> i64 {
    let value = |c: char| match c {
        'i' => 1,
        'v' => 5,
        'x' => 10,
        _ => 50,
    };
    let (mut sum, mut largest) = (0, 0);
    for value in word.chars().rev().map(value) {
        largest = largest.max(value);
        sum += if value < largest { -value } else { value };
    }
    sum
}

/// The number that a line consists of, if it could be a page's.
fn page_number(text: &str) -> Option<i64> {
    let bare = text.trim_matches(|c: char| matches!(c, '-' | '–' | '—' | '|' | '[' | ']' | ' '));
    let bare = bare.strip_prefix("Page ").unwrap_or(bare);
    if is_roman(bare) && !bare.is_empty() {
        return Some(roman_value(bare));
    }
    bare.parse::<u16>().ok().filter(|_| bare.len() <= 4).map(i64::from)
}

/// The last number in a page's label.
fn label_number(label: &str) -> Option<i64> {
    normalised(&label.to_lowercase()).1.pop()
}

/// Lines with leaders to page numbers that make a page part of a table of contents.
const FEWEST_CONTENTS_LINES: usize = 3;
/// Lines for each of which one number may be smaller than the one before it: another list begins there.
const LINES_FOR_A_DECREASE: usize = 8;
/// Pages by which a table of contents may count further than the file's pages do.
const MISSING_PAGES: i64 = 10;

/// Removes the lines of tables of contents, and leaders from other lines.
///
/// Leaders also lead from a drug to its dose; only numbers that can be pages, in the order of pages, make contents.
pub(super) fn drop_contents_lines(pages: &mut [PageLines]) {
    let last = pages.iter().filter_map(|page| label_number(&page.label)).max().unwrap_or(0);
    let last = last.max(pages.len() as i64) + MISSING_PAGES;
    for page in pages {
        for column in &mut page.columns {
            column.retain(|line| !line.tag.is_some_and(|tag| tag.trusted && tag.role == Role::Contents));
        }
        let lines = || page.columns.iter().flatten();
        let all = lines().filter(|line| contents_line(&line.text).is_some()).count();
        let fits = |text: &str| contents_line(text).is_some_and(|number| number.is_none_or(|number| number <= last));
        let contents = lines().filter(|line| fits(&line.text)).count();
        // Among many lines in order, a number that is too large is a mistake of the contents.
        let long = contents >= LINES_FOR_A_DECREASE && contents * 2 >= all;
        let leaders = lines().filter(|line| leader(&line.text).is_some()).count();
        let numbers: Vec<i64> = lines().filter_map(|line| contents_line(&line.text).flatten()).collect();
        let decreases = numbers.windows(2).filter(|pair| pair.first() > pair.last()).count();
        let is_contents = contents >= FEWEST_CONTENTS_LINES
            && contents * 10 >= leaders * 6
            && decreases * LINES_FOR_A_DECREASE <= numbers.len();
        for column in &mut page.columns {
            if is_contents {
                column.retain(|line| !(fits(&line.text) || long && contents_line(&line.text).is_some()));
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

/// Whether a line ends in a leader and what could be a page number, and the number where it is in digits.
fn contents_line(text: &str) -> Option<Option<i64>> {
    let (_, end) = leader(text).filter(|(start, _)| *start > 0)?;
    let number = text.get(end..).unwrap_or_default().trim();
    if is_roman(number) {
        return Some(None);
    }
    number.parse::<u16>().ok().filter(|_| number.len() <= 4).map(|number| Some(i64::from(number)))
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

    fn page(label: usize, lines: &[(f64, &str)]) -> PageLines {
        let line = |(y, text): &(f64, &str)| Line { y: *y, text: (*text).to_owned(), ..Line::default() };
        let columns = vec![lines.iter().map(line).collect()];
        PageLines { columns, height: 800.0, label: label.to_string(), ..PageLines::default() }
    }

    fn texts(pages: &[PageLines]) -> Vec<&str> {
        pages.iter().flat_map(|page| page.columns.iter().flatten()).map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn contents_lines_are_told_from_table_rows() {
        assert_eq!(contents_line("3.1 Treatment ............... 12"), Some(Some(12)));
        assert_eq!(contents_line("Foreword . . . . . . . . . . vii"), Some(None));
        assert_eq!(contents_line("18–39 ............... 1,444 23.4 (20.1–26.9)"), None);
        assert_eq!(contents_line("It was so. It was 12"), None);
    }

    #[test]
    fn contents_go_and_doses_behind_leaders_stay() {
        let contents = [(600.0, "Scope ........ 1"), (580.0, "Dose ........ 4"), (560.0, "Notes ........ 4")];
        let mut pages = vec![page(1, &contents)];
        drop_contents_lines(&mut pages);
        assert!(texts(&pages).is_empty());
        for doses in [["500", "250", "750"], ["250", "500", "750"]] {
            let lines = doses.map(|dose| format!("Drug ........ {dose}"));
            let mut pages = vec![page(1, &[(600.0, &lines[0]), (580.0, &lines[1]), (560.0, &lines[2])])];
            drop_contents_lines(&mut pages);
            assert_eq!(texts(&pages), doses.map(|dose| format!("Drug {dose}")));
        }
    }

    #[test]
    fn only_numbers_that_count_pages_may_differ_in_heads() {
        let heads = ["Guideline 9 | 41", "Guideline 9 | 42", "Guideline 9 | 43"];
        let doses = ["Adult dose: 250 mg", "Adult dose: 500 mg", "Adult dose: 40 mg"];
        let mut pages: Vec<PageLines> =
            (0..3).map(|at| page(at + 1, &[(780.0, heads[at]), (760.0, doses[at]), (400.0, "Text.")])).collect();
        drop_running_heads(&mut pages);
        assert_eq!(texts(&pages), [doses[0], "Text.", doses[1], "Text.", doses[2], "Text."]);
    }

    #[test]
    fn a_number_alone_is_a_page_number_where_it_counts_pages() {
        let mut pages = vec![
            page(1, &[(400.0, "Text."), (30.0, "1207")]),
            page(2, &[(400.0, "Text."), (30.0, "250")]),
            page(3, &[(400.0, "Text."), (30.0, "1209")]),
            page(4, &[(400.0, "Text."), (30.0, "4")]),
        ];
        drop_running_heads(&mut pages);
        assert_eq!(texts(&pages), ["Text.", "Text.", "250", "Text.", "Text."]);
    }

    #[test]
    fn numbers_do_not_make_heads_differ() {
        assert_eq!(normalised("WHO Guideline  | 12").0, normalised("WHO guideline | 7").0);
        assert_eq!(normalised("Page xiv"), ("page #".to_owned(), vec![14]));
        assert_eq!(normalised("#5, 3.25"), ("##, #.#".to_owned(), vec![5, 3, 25]));
    }
}
