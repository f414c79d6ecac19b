//! Joins glyphs to words, in the order in which the file draws them, and words to stretches of a line.
//!
//! Leaves out what nobody can see on the page: text without ink, text beside the page, text turned against the page's
//! main direction. Which stretch follows which is [`super::columns`]'s.

use std::collections::HashMap;

use super::content::{Drawn, Glyph, Rule};
use super::ink::{Seen, Tint};

/// A word on the page.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) x0: f64,
    pub(super) x1: f64,
    /// The baseline.
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) tint: Tint,
    /// A space was drawn before the word.
    pub(super) spaced: bool,
    /// Number of the marked content that the word belongs to.
    pub(super) marked: Option<i64>,
}

/// A page's words and ruling lines, upright.
#[derive(Debug, Default)]
pub(super) struct PageWords {
    pub(super) words: Vec<Word>,
    pub(super) rules: Vec<Rule>,
    pub(super) width: f64,
    pub(super) height: f64,
    /// Characters that were there but that a reader of the page cannot see.
    pub(super) hidden: usize,
    /// All text that did not become words: hidden, declared furniture, sideways.
    pub(super) left_out: String,
    /// Glyphs that the file declares to be running heads and feet.
    pub(super) declared: usize,
    /// Text turned against the page, which is not read.
    pub(super) sideways: String,
}

/// Words of a drawn page.
pub(super) fn words(mut drawn: Drawn) -> PageWords {
    set_upright(&mut drawn);
    let mut page = PageWords { rules: drawn.rules, width: drawn.width, height: drawn.height, ..PageWords::default() };
    let without_ink = drawn.glyphs.iter().filter(|glyph| glyph.seen == Seen::NoInk).count();
    // Under a scanned page all text is without ink, and then it is the page's text.
    let scanned = !drawn.pictures.is_empty() && without_ink * 10 > drawn.glyphs.len() * 9;
    let mut joining = Joining::default();
    for glyph in &drawn.glyphs {
        let beside = glyph.x1 < 0.0 || glyph.x0 > page.width || glyph.y < -1.0 || glyph.y > page.height;
        let unseen = glyph.seen == Seen::Hidden || (glyph.seen == Seen::NoInk && !scanned);
        if beside || glyph.size < 1.0 || unseen {
            page.hidden += glyph.text.chars().filter(|c| !c.is_whitespace()).count();
            page.left_out.push_str(&glyph.text);
            joining.end_word();
        } else if glyph.furniture || glyph.turned != 0 {
            page.left_out.push_str(&glyph.text);
            if glyph.furniture {
                page.declared += 1;
            } else {
                page.sideways.extend(glyph.text.chars().filter(|c| !c.is_whitespace()));
            }
            joining.end_word();
        } else {
            joining.add(glyph);
        }
    }
    joining.end_word();
    page.words = joining.words;
    drop_double_strikes(&mut page.words);
    page
}

/// Turns a page whose text runs up or down, such as a wide table on an upright page.
fn set_upright(drawn: &mut Drawn) {
    let count = |turned: u8| drawn.glyphs.iter().filter(|glyph| glyph.turned == turned && !glyph.furniture).count();
    let counts = [0, 1, 2, 3].map(count);
    let turned = if counts[1] > counts[3] { 1 } else { 3 };
    let turned_count = if turned == 1 { counts[1] } else { counts[3] };
    if turned_count <= (counts[0] + counts[2]) * 2 {
        return;
    }
    let (width, height) = (drawn.width, drawn.height);
    let turn = |x: f64, y: f64| if turned == 1 { (y, width - x) } else { (height - y, x) };
    for glyph in &mut drawn.glyphs {
        let (start, end) = (turn(glyph.x0, glyph.y), turn(glyph.x1, glyph.end_y));
        (glyph.x0, glyph.y, glyph.x1, glyph.end_y) = (start.0, start.1, end.0, end.1);
        glyph.turned = if glyph.turned == turned { 0 } else { 2 };
    }
    for rule in &mut drawn.rules {
        let (a, b) = (turn(rule.x0, rule.y0), turn(rule.x1, rule.y1));
        *rule = Rule { x0: a.0.min(b.0), x1: a.0.max(b.0), y0: a.1.min(b.1), y1: a.1.max(b.1) };
    }
    (drawn.width, drawn.height) = (height, width);
}

#[derive(Default)]
struct Joining {
    words: Vec<Word>,
    open: Option<Word>,
    spaced: bool,
}

impl Joining {
    fn add(&mut self, glyph: &Glyph) {
        if glyph.text.chars().all(char::is_whitespace) {
            self.end_word();
            self.spaced = true;
            return;
        }
        if self.open.as_ref().is_some_and(|word| !continues(word, glyph)) {
            self.end_word();
        }
        let text = glyph.text.trim();
        match &mut self.open {
            Some(word) => {
                word.text.push_str(text);
                word.x1 = word.x1.max(glyph.x1);
                word.bold &= glyph.bold;
            }
            None => {
                self.open = Some(Word {
                    text: text.to_owned(),
                    x0: glyph.x0,
                    x1: glyph.x1,
                    y: glyph.y,
                    size: glyph.size,
                    bold: glyph.bold,
                    tint: glyph.tint,
                    spaced: std::mem::take(&mut self.spaced),
                    marked: glyph.marked,
                });
            }
        }
        if glyph.text.ends_with(char::is_whitespace) {
            self.end_word();
            self.spaced = true;
        }
    }

    fn end_word(&mut self) {
        self.words.extend(self.open.take());
    }
}

/// Gap within a word, in parts of the type size; beyond it a new word begins.
const WORD_GAP: f64 = 0.13;

fn continues(word: &Word, glyph: &Glyph) -> bool {
    let gap = glyph.x0 - word.x1;
    let same_size = (glyph.size / word.size - 1.0).abs() < 0.12;
    same_size && (glyph.y - word.y).abs() < 0.1 * word.size && gap < WORD_GAP * word.size && gap > -0.4 * word.size
}

/// Drops words that are drawn twice to look bold.
fn drop_double_strikes(words: &mut Vec<Word>) {
    let cell = |word: &Word| ((word.x0 / 8.0).floor() as i64, (word.y / 8.0).floor() as i64);
    let mut kept: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    let mut struck = vec![false; words.len()];
    for (index, word) in words.iter().enumerate() {
        let (column, row) = cell(word);
        let around = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (column + dx, row + dy)));
        let mut near = around.filter_map(|cell| kept.get(&cell)).flatten().filter_map(|other| words.get(*other));
        if near.any(|other| is_struck_over(word, other)) {
            struck[index] = true;
        } else {
            kept.entry((column, row)).or_default().push(index);
        }
    }
    let mut struck = struck.into_iter();
    words.retain(|_| !struck.next().unwrap_or(false));
}

fn is_struck_over(word: &Word, other: &Word) -> bool {
    let near = 0.12 * word.size;
    word.text == other.text && (word.x0 - other.x0).abs() < near && (word.y - other.y).abs() < near
}

/// Words that stand together on one line without a wide gap.
#[derive(Clone, Debug, Default)]
pub(super) struct Stretch {
    pub(super) words: Vec<Word>,
    pub(super) x0: f64,
    pub(super) x1: f64,
    pub(super) y: f64,
    pub(super) size: f64,
    /// Number of the table that this stands for instead of words.
    pub(super) table: Option<usize>,
}

/// Gap between words of one stretch, in parts of the type size.
pub(super) const STRETCH_GAP: f64 = 1.0;

impl Stretch {
    fn new(word: Word) -> Stretch {
        Stretch { x0: word.x0, x1: word.x1, y: word.y, size: word.size, words: vec![word], table: None }
    }

    fn takes(&self, word: &Word) -> bool {
        let size = self.size.max(word.size);
        let gap = word.x0 - self.x1;
        (word.y - self.y).abs() < 0.5 * size && gap < STRETCH_GAP * size && gap > -0.5 * size
    }

    fn add(&mut self, word: Word) {
        // The largest type is the line's own; raised numbers are smaller.
        if word.size > self.size * 1.05 {
            (self.y, self.size) = (word.y, word.size);
        }
        self.x1 = self.x1.max(word.x1);
        self.words.push(word);
    }

    /// Characters of all words.
    pub(super) fn characters(&self) -> usize {
        // A table says nothing about the columns beside it.
        let table = if self.table.is_some() { 40 } else { 0 };
        table + self.words.iter().map(|word| word.text.chars().count() + 1).sum::<usize>()
    }
}

/// Joins words to stretches.
pub(super) fn stretches(words: Vec<Word>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for word in words {
        match stretches.last_mut() {
            Some(last) if last.takes(&word) => last.add(word),
            _ => stretches.push(Stretch::new(word)),
        }
    }
    stretches
}
