//! Lines of text as they are read: rows of a column with their words joined, raised numbers written as such.
//!
//! Takes line numbers in the margin of drafts out before they can be read as numbers of the text.

use super::columns::Row;
use super::content::Rule;
use super::ink::Tint;
use super::paragraphs::is_bullet;
use super::tagging::Tag;
use super::words::{Stretch, Word};

/// A line of text.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) text: String,
    /// The line's text by pieces that wide gaps part, with their left and right ends.
    pub(super) pieces: Vec<Piece>,
    pub(super) x0: f64,
    pub(super) x1: f64,
    pub(super) y: f64,
    /// Size of most of the line's characters.
    pub(super) size: f64,
    /// All words are bold.
    pub(super) bold: bool,
    /// The colour of all its words.
    pub(super) tint: Option<Tint>,
    /// The first word, which may be a list mark.
    pub(super) first: String,
    /// Where the second word starts.
    pub(super) second_x0: f64,
    /// Gap after the first word, in parts of the type size.
    pub(super) first_gap: f64,
    /// Width of the first word.
    pub(super) first_width: f64,
    pub(super) marked: Option<i64>,
    /// What the file's structure says of the line.
    pub(super) tag: Option<Tag>,
    /// A ruling runs under the whole line and no further.
    pub(super) underlined: bool,
    /// Numbers of the tables that stand here.
    pub(super) tables: Vec<usize>,
}

/// A part of a line that wide gaps set apart, such as a table's cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) x0: f64,
    pub(super) x1: f64,
}

/// Gap between two pieces of a line, in parts of the type size.
const PIECE_GAP: f64 = 1.6;

impl Line {
    /// Reads a row.
    pub(super) fn new(row: &Row) -> Line {
        let mut words: Vec<&Word> = row.stretches.iter().flat_map(|stretch| &stretch.words).collect();
        // Bullets are often drawn after their line.
        words.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        let size = if words.is_empty() { row.size } else { main_size(&words) };
        let baseline = words.iter().find(|word| (word.size / size - 1.0).abs() < 0.06).map_or(row.y, |word| word.y);
        let mut line = Line { x0: row.x0(), x1: row.x1(), y: baseline, size, bold: true, ..Line::default() };
        line.tables = row.stretches.iter().filter_map(|stretch| stretch.table).collect();
        for word in &words {
            line.add_word(word, baseline);
        }
        let letters = |bold: bool| -> usize {
            words.iter().filter(|word| word.bold == bold).map(|word| word.text.chars().count()).sum()
        };
        line.bold = letters(true) > 0 && letters(true) > 8 * letters(false);
        line.text = line.pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join(" ");
        line.tint = words.first().map(|word| word.tint).filter(|tint| words.iter().all(|word| word.tint == *tint));
        line.marked = words.first().and_then(|word| word.marked);
        line.note_first_word(&words);
        line
    }

    fn add_word(&mut self, word: &Word, baseline: f64) {
        let size = self.size;
        if self.pieces.last().is_none_or(|last| word.x0 - last.x1 > PIECE_GAP * size) {
            self.pieces.push(Piece { text: String::new(), x0: word.x0, x1: word.x0 });
        }
        let Some(piece) = self.pieces.last_mut() else { return };
        let glued = !word.spaced && word.x0 - piece.x1 < 0.15 * word.size.max(0.8 * size);
        if !piece.text.is_empty() && !glued {
            piece.text.push(' ');
        }
        match raised(word, size, baseline) {
            Some(text) => piece.text.push_str(&text),
            None => piece.text.push_str(&word.text),
        }
        piece.x1 = piece.x1.max(word.x1);
    }

    fn note_first_word(&mut self, words: &[&Word]) {
        let Some(first) = words.first() else { return };
        self.first = first.text.clone();
        self.first_width = first.x1 - first.x0;
        if let Some(second) = words.get(1) {
            self.second_x0 = second.x0;
            self.first_gap = (second.x0 - first.x1) / self.size;
        }
    }
}

/// The size in which most characters are set.
fn main_size(words: &[&Word]) -> f64 {
    let mut sizes: Vec<(f64, usize)> = Vec::new();
    for word in words {
        let characters = word.text.chars().count();
        match sizes.iter_mut().find(|(size, _)| (size / word.size - 1.0).abs() < 0.04) {
            Some((_, count)) => *count += characters,
            None => sizes.push((word.size, characters)),
        }
    }
    sizes.into_iter().max_by_key(|(_, count)| *count).map_or(1.0, |(size, _)| size)
}

/// A small raised number in raised digits: "10⁹" is not "109", and "care.¹²" does not end in a number.
fn raised(word: &Word, size: f64, baseline: f64) -> Option<String> {
    let small = word.size < 0.85 * size;
    let lifted = word.y - baseline;
    if !small || lifted < 0.15 * size || lifted > 0.8 * size {
        return None;
    }
    let digits = word.text.chars().any(|c| c.is_ascii_digit());
    digits.then(|| word.text.chars().map(raised_character).collect::<Option<String>>())?
}

fn raised_character(c: char) -> Option<char> {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    match c {
        '0'..='9' => DIGITS.get((c as u32 - '0' as u32) as usize).copied(),
        '-' | '−' => Some('⁻'),
        '+' => Some('⁺'),
        ',' | '–' | ';' | ' ' | '*' => Some(c),
        _ => None,
    }
}

/// The lines of a row: one, unless each piece of it is a list item of its own.
pub(super) fn lines(row: &Row) -> Vec<Line> {
    let starts_item =
        |stretch: &Stretch| stretch.words.first().and_then(|word| word.text.chars().next()).is_some_and(is_bullet);
    let items = row.stretches.iter().filter(|stretch| starts_item(stretch)).count();
    if items < 2 || !row.stretches.first().is_some_and(starts_item) {
        return vec![Line::new(row)];
    }
    let mut rows: Vec<Row> = Vec::new();
    for stretch in &row.stretches {
        match rows.last_mut() {
            Some(row) if !starts_item(stretch) => row.stretches.push(stretch.clone()),
            _ => rows.push(Row { stretches: vec![stretch.clone()], ..row.clone() }),
        }
    }
    rows.iter().map(Line::new).collect()
}

/// Removes the page's own number where it stands beside all text.
pub(super) fn drop_margin_page_number(words: &mut Vec<Word>, label: &str) {
    let others = || words.iter().filter(|word| word.text != label);
    let left = others().map(|word| word.x0).fold(f64::INFINITY, f64::min);
    let right = others().map(|word| word.x1).fold(f64::NEG_INFINITY, f64::max);
    words.retain(|word| word.text != label || (word.x1 > left && word.x0 < right));
}

/// Line numbers that a column must have to be taken for such.
const FEWEST_LINE_NUMBERS: usize = 5;

/// Removes the numbers that count lines in the left or right margin.
pub(super) fn drop_line_numbers(words: &mut Vec<Word>) {
    let number = |word: &Word| word.text.parse::<u32>().ok().filter(|_| word.text.len() <= 5);
    let is_number: Vec<Option<u32>> = words.iter().map(number).collect();
    let other = || words.iter().zip(&is_number).filter(|(_, number)| number.is_none()).map(|(word, _)| word);
    let left = other().map(|word| word.x0).fold(f64::INFINITY, f64::min);
    let right = other().map(|word| word.x1).fold(f64::NEG_INFINITY, f64::max);
    let in_margin = |word: &Word| word.x1 < left || word.x0 > right;
    let mut found: Vec<(f64, u32, usize)> = Vec::new();
    for (index, (word, number)) in words.iter().zip(&is_number).enumerate() {
        if let Some(number) = number
            && in_margin(word)
        {
            found.push((word.y, *number, index));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let step = |pair: &[(f64, u32, usize)]| pair.first().zip(pair.get(1)).map(|(a, b)| i64::from(b.1) - i64::from(a.1));
    let regular = found.windows(2).filter(|pair| matches!(step(pair), Some(1 | 2 | 5 | 10))).count();
    if found.len() < FEWEST_LINE_NUMBERS || regular * 10 < (found.len() - 1) * 8 {
        return;
    }
    let mut index = 0;
    let numbers: std::collections::HashSet<usize> = found.into_iter().map(|(_, _, index)| index).collect();
    words.retain(|_| {
        index += 1;
        !numbers.contains(&(index - 1))
    });
}

/// Characters up to which it matters whether a line is underlined.
const LONGEST_UNDERLINED: usize = 80;

/// Notes which short lines have a ruling under all of them.
pub(super) fn mark_underlined<'a>(lines: impl Iterator<Item = &'a mut Line>, rules: &[Rule]) {
    let mut level: Vec<&Rule> = rules.iter().filter(|rule| rule.y1 - rule.y0 < 2.0).collect();
    level.sort_by(|a, b| a.y0.total_cmp(&b.y0));
    for line in lines.filter(|line| line.text.len() <= LONGEST_UNDERLINED) {
        let (low, high) = (line.y - 0.35 * line.size, line.y + 0.02 * line.size);
        let from = level.partition_point(|rule| rule.y0 < low);
        let near = level.iter().skip(from).take_while(|rule| rule.y0 <= high);
        let slack = 0.8 * line.size;
        let under = near.filter(|rule| rule.x0 > line.x0 - slack && rule.x1 < line.x1 + slack);
        let length: f64 = under.map(|rule| rule.x1 - rule.x0).sum();
        line.underlined = length > 0.85 * (line.x1 - line.x0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, x0: f64, y: f64, size: f64) -> Word {
        let x1 = x0 + text.len() as f64 * size / 2.0;
        Word { text: text.to_owned(), x0, x1, y, size, bold: false, tint: 0, spaced: false, marked: None }
    }

    fn line(words: Vec<Word>) -> String {
        let stretches = super::super::words::stretches(words);
        let (y, size) = stretches.first().map_or((0.0, 1.0), |stretch| (stretch.y, stretch.size));
        Line::new(&Row { stretches, y, size }).text
    }

    #[test]
    fn raised_digits_stay_raised() {
        assert_eq!(
            line(vec![word("10", 0.0, 100.0, 10.0), word("9", 10.0, 104.0, 6.0), word("/L", 13.1, 100.0, 10.0)]),
            "10⁹/L"
        );
        assert_eq!(line(vec![word("CO", 0.0, 100.0, 10.0), word("2", 10.0, 98.0, 6.0)]), "CO2");
    }

    #[test]
    fn line_numbers_of_a_draft_go_and_numbers_of_the_text_stay() {
        let mut words: Vec<Word> =
            (0..6).map(|n| word(&(n + 10).to_string(), 20.0, 700.0 - f64::from(n) * 12.0, 10.0)).collect();
        words.push(word("5", 60.0, 700.0, 10.0));
        words.push(word("mg", 50.0, 688.0, 10.0));
        drop_line_numbers(&mut words);
        assert_eq!(words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), ["5", "mg"]);
    }
}
