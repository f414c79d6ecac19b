//! Lines within one paragraph: which line ends part statements, and which lines stand like headings.
//!
//! Markdown folds lines into paragraphs, because people wrap at the margin. Models do not: they write lists with "•" and
//! "Label: value" lines. A line end is taken for one that was meant where the line could have held the next word.

use std::ops::Range;

use super::clause::{self, Shape, Words, listed};
use super::flat::Flat;
use super::markdown::{Block, Kind, Run};

/// Signs that begin a line of a list that Markdown does not know.
const BULLETS: &[char] = &[
    '•', '◦', '▪', '▫', '‣', '·', '●', '○', '■', '□', '➤', '➢', '►', '▶', '✓', '✔', '✅', '☑', '❌', '✗', '✘', '🚫',
    '⛔', '⚠', '👉', '🔹', '🔸', '→', '⁃', '∙',
];
/// Dashes begin a line of a list only where the line before has ended.
const DASHES: &[char] = &['–', '—', '-', '*'];
/// Signs that say something themselves and stay with the words.
const TELLING: &[char] = &['✓', '✔', '✅', '☑', '❌', '✗', '✘', '🚫', '⛔'];
/// Lines shorter than this are never wrapped ones.
const NARROW: usize = 40;
/// Lines longer than this are never wrapped ones: people wrap at 72 to 80.
const WIDE: usize = 96;
/// Words after which a line cannot end.
static DANGLING: Words =
    Words::new(|| listed("a an the and or of to with for in on at by your than from but not is are be as if when"));
/// Longest heading without a mark, in words, and in bytes.
const HEADING: (usize, usize) = (14, 110);
/// Longest label before a colon, in bytes.
const LONGEST_LABEL: usize = 60;

/// A line that stands alone.
pub(super) struct Line {
    pub(super) words: Range<usize>,
    /// Whether it began with a bullet, or follows a line that introduces it.
    pub(super) bullet: bool,
    /// Its bullet: equal ones are of one list.
    pub(super) sign: Option<char>,
}

/// The lines of a paragraph that stand alone, without bullets and the space around them; wrapped lines stay together.
pub(super) fn of(flat: &Flat) -> Vec<Line> {
    let text = flat.text();
    let rows: Vec<Range<usize>> = rows(text);
    let widest = rows.iter().map(|row| text.get(row.clone()).map_or(0, width)).max().unwrap_or(0);
    // Where several lines have labels, the others are lines of the same list.
    let labelled = rows.iter().filter(|row| text.get((*row).clone()).and_then(label).is_some()).count() >= 2;
    // One line that begins with a picture is decorated; several are a list.
    let pictured = rows.iter().filter(|row| text.get((*row).clone()).is_some_and(is_pictured)).count() >= 2;
    let page = Page { widest, labelled };
    let mut lines: Vec<Line> = Vec::new();
    for row in rows {
        let line = text.get(row.clone()).unwrap_or_default();
        let (mark, bullet) = if is_pictured(line) && !pictured { (0, Bullet::None) } else { bullet(line) };
        let sign = line.trim_start().chars().next().filter(|_| bullet != Bullet::None).map(kind_of);
        let joined = lines.last_mut().filter(|_| row.start > 0).filter(|last| {
            let before = text.get(last.words.clone()).unwrap_or_default();
            let latest = before.rsplit('\n').next().unwrap_or_default();
            let bold = last.words.start == 0 && is_bold(flat, &last.words);
            !bold && !page.parts(latest, line, bullet, flat.is_break(row.start - 1))
        });
        match joined {
            Some(last) => last.words.end = row.end,
            None => {
                let after_lead = lines.last().is_some_and(|last| {
                    last.bullet && is_short(line) || ends_open(text.get(last.words.clone()).unwrap_or_default())
                });
                let from = if bullet == Bullet::None { row.start } else { row.start + mark };
                lines.push(Line {
                    sign,
                    words: from..row.end,
                    bullet: bullet != Bullet::None || after_lead && is_short(line),
                });
            }
        }
    }
    for line in &mut lines {
        line.words = trimmed(text, &line.words);
    }
    lines.retain(|line| !line.words.is_empty());
    lines
}

/// A range without the white space at its ends.
pub(super) fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    let words = text.get(range.clone()).unwrap_or_default();
    let unseen =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}');
    let start = range.start + (words.len() - words.trim_start_matches(unseen).len());
    let end = range.end.min(range.start + words.trim_end_matches(unseen).len());
    start..end.max(start)
}

fn rows(text: &str) -> Vec<Range<usize>> {
    let mut from = 0;
    let mut rows = Vec::new();
    for (at, _) in text.match_indices('\n') {
        rows.push(from..at);
        from = at + 1;
    }
    rows.push(from..text.len());
    rows
}

fn width(line: &str) -> usize {
    line.chars().count()
}

fn is_short(line: &str) -> bool {
    line.len() < 200
}

/// All digits are of one kind, and all pictures.
fn kind_of(sign: char) -> char {
    match sign {
        '0'..='9' | '(' => '1',
        _ if BULLETS.contains(&sign) || DASHES.contains(&sign) => sign,
        _ => '😊',
    }
}

/// Whether a line begins with a picture that is no known bullet.
fn is_pictured(line: &str) -> bool {
    line.trim_start().chars().next().is_some_and(|sign| kind_of(sign) == '😊' && super::sentence::is_emoji(sign))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bullet {
    None,
    Dash,
    Sign,
}

/// How many bytes of a line are its bullet, and which kind it is.
fn bullet(line: &str) -> (usize, Bullet) {
    let blank = line.len() - line.trim_start().len();
    let rest = line.trim_start();
    let Some(sign) = rest.chars().next() else { return (0, Bullet::None) };
    let after = rest.get(sign.len_utf8()..).unwrap_or_default();
    // A variation selector belongs to the emoji before it.
    let spaced = after.trim_start_matches('\u{fe0f}').starts_with([' ', '\t', '\u{a0}']);
    if BULLETS.contains(&sign) && (spaced || sign == '•') {
        let kept = if TELLING.contains(&sign) { 0 } else { blank + sign.len_utf8() };
        return (kept, Bullet::Sign);
    }
    // "1️⃣ …": a digit in a frame.
    let framed = after.trim_start_matches('\u{fe0f}');
    if sign.is_ascii_digit() && framed.starts_with('\u{20e3}') {
        return (blank + line.trim_start().len() - framed.len() + '\u{20e3}'.len_utf8(), Bullet::Sign);
    }
    if super::sentence::is_emoji(sign) && spaced && !TELLING.contains(&sign) {
        return (blank + sign.len_utf8(), Bullet::Sign);
    }
    if DASHES.contains(&sign) && spaced {
        return (blank + sign.len_utf8(), Bullet::Dash);
    }
    let number = rest.trim_start_matches('(');
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=2).contains(&digits) && number.get(digits..).is_some_and(|rest| rest.starts_with(") ")) {
        return (blank + (rest.len() - number.len()) + digits + 1, Bullet::Sign);
    }
    (0, Bullet::None)
}

/// What the lines of a paragraph have in common.
struct Page {
    widest: usize,
    labelled: bool,
}

impl Page {
    /// Whether the line end between two lines parts what they say.
    fn parts(&self, before: &str, line: &str, bullet: Bullet, meant: bool) -> bool {
        let (before, line) = (before.trim_end(), line.trim_start());
        let first = line.chars().find(|c| c.is_alphanumeric());
        let ended = before.ends_with(['.', ':', '!', '?', ';', '。']);
        match bullet {
            Bullet::Sign => return true,
            Bullet::Dash if ended || width(before) < NARROW => return true,
            _ => {}
        }
        if first.is_none_or(char::is_lowercase) {
            return meant && ended;
        }
        let word = line.split_whitespace().next().map_or(0, width);
        let last = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        if !ended && DANGLING.contains(last.to_lowercase().as_str()) || before.ends_with(',') {
            return false;
        }
        meant
            || self.widest > WIDE
            || self.widest < NARROW
            || width(before) + 1 + word <= self.widest
            || label(line).is_some() && (ended || self.labelled)
    }
}

/// Whether all words of a range are bold.
fn is_bold(flat: &Flat, words: &Range<usize>) -> bool {
    let text = flat.slice(words).trim();
    // Four bytes for a colon or an emoji beside the bold words.
    let bold = |words: &Range<usize>| flat.slice(words).trim().len() + 4 >= text.len();
    flat.elements_in(words).any(|element| element.strong && bold(&element.words))
}

/// The label of a "Label: value" line, with its colon.
pub(super) fn label(line: &str) -> Option<&str> {
    let head = line.get(..line.len().min(LONGEST_LABEL)).or_else(|| {
        let end = (0..LONGEST_LABEL).rev().find(|at| line.is_char_boundary(*at))?;
        line.get(..end)
    })?;
    let colon = head.find(':')?;
    let (name, rest) = (line.get(..colon)?, line.get(colon + 1..)?);
    let starts = name.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| c.is_uppercase() || c.is_numeric());
    let words = name.split_whitespace().count();
    let spaced = rest.starts_with(char::is_whitespace) && !rest.trim().is_empty();
    let plain = !name.contains(['.', '?', '!', ';']) && name.chars().any(char::is_alphabetic);
    (starts && spaced && plain && (1..=7).contains(&words) && clause::shape(name) == Shape::Fragment)
        .then(|| line.get(..=colon).unwrap_or_default())
}

/// Whether words end in a way that what follows must complete.
pub(super) fn ends_open(text: &str) -> bool {
    text.trim_end().ends_with([':', '：'])
}

/// Whether a block introduces a paragraph after it.
pub(super) fn introduces(block: Option<&Block>) -> bool {
    block.is_some_and(|block| matches!(block.kind, Kind::Paragraph | Kind::Item) && ends_open(block.text()))
}

/// Whether a line stands over what follows: it is bold, or bare and short, and states nothing.
pub(super) fn is_heading(run: &Run) -> bool {
    let text = run.text().trim();
    let words = text.split_whitespace().count();
    if words == 0 || words > HEADING.0 || text.len() > HEADING.1 || text.ends_with(['.', '!', ',', ';']) {
        return false;
    }
    // What ends in a colon introduces what comes next, and not the rest of the section.
    let strong = is_bold(&run.flat, &run.words) && !ends_open(text);
    let question = text.ends_with('?');
    let states = clause::shape(text) != Shape::Fragment && words >= 4;
    if strong {
        return question || !states;
    }
    // Bare words state something where they hold a number ("500 mg twice daily"), and greet where they are few.
    let capital = text.chars().next().is_some_and(char::is_uppercase);
    let ended = text.ends_with([':', '?', '…', ')']) || text.contains(['.', ':', '!']);
    capital && !ended && !states && words <= 6 && !text.contains(|c: char| c.is_numeric())
}
