//! Reads a page block by block as the file's structure orders it, where the page bears the structure out.
//!
//! The tags are not believed, and the page is read by its layout alone, where they know too little of its words, where a
//! block follows one that stands below it, or where blocks lie over each other. Words that no tag knows are read where
//! they stand.

use std::collections::BTreeMap;

use pdf_extract::ObjectId;

use super::columns::{columns, rows};
use super::grid::Grid;
use super::lines::{Line, lines};
use super::role::Role;
use super::structure::Structure;
use super::words::{Word, stretches};

/// What the file's structure says of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// The block, by its place in the document.
    pub(super) element: usize,
    pub(super) role: Role,
    /// The page is read in the order of its tags.
    pub(super) trusted: bool,
}

impl Tag {
    /// A block whose lines belong together, whatever they look like.
    pub(super) fn holds_together(&self) -> bool {
        self.trusted && self.role != Role::Layout
    }
}

/// Lines that are read one after the other.
type Column = Vec<Line>;

/// The page's blocks, each a column, in the order of the tags; `None` where the tags do not fit the page.
pub(super) fn tagged_columns(
    words: &[Word],
    tables: &[Grid],
    page: ObjectId,
    structure: &Structure,
) -> Option<Vec<Column>> {
    let mut blocks: BTreeMap<usize, Block> = BTreeMap::new();
    let (mut loose, mut known, mut all) = (Vec::new(), 0, 0);
    for word in words {
        let characters = word.text.chars().count();
        all += characters;
        match word.marked.and_then(|marked| structure.block((page, marked))) {
            Some((element, role)) => {
                known += characters;
                blocks.entry(element).or_insert_with(|| Block::new(element, role)).add(word);
            }
            None => loose.push(word.clone()),
        }
    }
    let mut blocks: Vec<Block> = blocks.into_values().collect();
    if blocks.is_empty() || known * 20 < all * 17 || !fits(&blocks) {
        return None;
    }
    put_in_order(&mut blocks);
    let mut stand_ins = Vec::new();
    for (index, table) in tables.iter().enumerate() {
        let block = Block::of_table(index, table);
        match table.tagged.and_then(|(number, _)| structure.tables.get(number)) {
            Some(tagged) => {
                let at = blocks.iter().position(|other| other.element > tagged.element).unwrap_or(blocks.len());
                // A table that floats is tagged where it is anchored, not where it stands.
                let after_lower = at.checked_sub(1).and_then(|before| blocks.get(before));
                if after_lower.is_some_and(|before| block.stands_before(before)) {
                    stand_ins.push(block);
                } else {
                    blocks.insert(at, Block { element: tagged.element, ..block });
                }
            }
            None => stand_ins.push(block),
        }
    }
    for block in loose_blocks(loose).into_iter().chain(stand_ins) {
        let at = blocks.iter().position(|other| block.stands_before(other)).unwrap_or(blocks.len());
        blocks.insert(at, block);
    }
    Some(blocks.into_iter().flat_map(Block::columns).collect())
}

/// Words of one block on one page.
#[derive(Debug)]
struct Block {
    element: usize,
    role: Option<Role>,
    words: Vec<Word>,
    /// Number of the table that this stands for.
    table: Option<usize>,
    /// Left, bottom, right and top.
    bounds: [f64; 4],
}

impl Block {
    fn new(element: usize, role: Role) -> Block {
        let empty = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        Block { element, role: Some(role), words: Vec::new(), table: None, bounds: empty }
    }

    fn of_table(index: usize, table: &Grid) -> Block {
        let left = table.lefts.first().copied().unwrap_or_default();
        let bounds = [left, table.top, table.right, table.top];
        Block { element: usize::MAX, role: None, words: Vec::new(), table: Some(index), bounds }
    }

    fn add(&mut self, word: &Word) {
        let [left, bottom, right, top] = &mut self.bounds;
        *left = left.min(word.x0);
        *bottom = bottom.min(word.y);
        *right = right.max(word.x1);
        *top = top.max(word.y + 0.7 * word.size);
        self.words.push(word.clone());
    }

    fn stands_before(&self, other: &Block) -> bool {
        let ([left, _, right, top], [other_left, _, other_right, other_top]) = (self.bounds, other.bounds);
        other_top <= top && left < other_right && other_left < right
    }

    /// The block's lines: as they are drawn from column to column, or as they are laid out.
    fn columns(self) -> Vec<Column> {
        if let Some(index) = self.table {
            let [left, _, right, top] = self.bounds;
            let stand_in =
                Line { x0: left, x1: right, y: top - 8.0, size: 10.0, tables: vec![index], ..Line::default() };
            return vec![vec![stand_in]];
        }
        let tag = self.role.map(|role| Tag { element: self.element, role, trusted: true });
        let mut found: Vec<Column> = match tag.filter(Tag::holds_together) {
            Some(_) => {
                let parts = segments(self.words).into_iter();
                vec![parts.flat_map(|part| rows(stretches(part)).iter().flat_map(lines).collect::<Vec<_>>()).collect()]
            }
            None => {
                columns(stretches(self.words)).iter().map(|column| column.iter().flat_map(lines).collect()).collect()
            }
        };
        found.iter_mut().flatten().for_each(|line| line.tag = tag);
        found
    }
}

/// Parts of a block in the order in which they are drawn, a new one where the text goes on at the top of a column.
fn segments(words: Vec<Word>) -> Vec<Vec<Word>> {
    let mut parts: Vec<Vec<Word>> = Vec::new();
    let mut lowest = f64::INFINITY;
    for word in words {
        let moved_up = word.y > lowest + 2.5 * word.size;
        match parts.last_mut() {
            Some(part) if !moved_up => part.push(word.clone()),
            _ => {
                lowest = f64::INFINITY;
                parts.push(vec![word.clone()]);
            }
        }
        lowest = lowest.min(word.y);
    }
    parts
}

/// Whether blocks follow each other down the page, and stand clear of each other, but for a few.
fn fits(blocks: &[Block]) -> bool {
    let (mut pairs, mut wrong) = (0, 0);
    for pair in blocks.windows(2) {
        let [before, after] = pair else { continue };
        let ([left, bottom, right, top], [other_left, other_bottom, other_right, other_top]) =
            (before.bounds, after.bounds);
        let beside = right.min(other_right) - left.max(other_left) < 0.3 * (right - left).min(other_right - other_left);
        if beside || after.role == Some(Role::Footnote) || before.role == Some(Role::Footnote) {
            continue;
        }
        pairs += 1;
        let follows = other_top <= bottom + 0.5 * (top - bottom) && other_bottom < bottom + 1.0;
        wrong += usize::from(!follows && other_bottom > top - 0.5 * (top - bottom));
    }
    wrong * 8 <= pairs
}

/// Rounds in which neighbours are put in order.
const MOST_ROUNDS: usize = 40;

/// Puts neighbours of one column in order where the second stands wholly above the first.
///
/// Some programs number what was put in late as if it came first.
fn put_in_order(blocks: &mut [Block]) {
    for _ in 0..MOST_ROUNDS {
        let mut changed = false;
        for at in 1..blocks.len() {
            let (Some(before), Some(after)) = (blocks.get(at - 1), blocks.get(at)) else { continue };
            let ([left, _, right, top], [other_left, other_bottom, other_right, _]) = (before.bounds, after.bounds);
            let shared = right.min(other_right) - left.max(other_left);
            let column = shared > 0.5 * (right - left).max(other_right - other_left);
            let notes = [before.role, after.role].contains(&Some(Role::Footnote));
            if column && !notes && other_bottom > top {
                blocks.swap(at - 1, at);
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// Words that no tag knows, in blocks of neighbouring lines.
fn loose_blocks(words: Vec<Word>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for column in columns(stretches(words)) {
        for row in column {
            let open = blocks.last_mut().filter(|block| {
                let near = block.bounds[1] - row.y;
                (0.0..2.0 * row.size).contains(&near) && row.x0() < block.bounds[2] && block.bounds[0] < row.x1()
            });
            let words = row.stretches.into_iter().flat_map(|stretch| stretch.words);
            match open {
                Some(block) => words.for_each(|word| block.add(&word)),
                None => {
                    let mut block = Block { role: None, ..Block::new(usize::MAX, Role::Layout) };
                    words.for_each(|word| block.add(&word));
                    blocks.push(block);
                }
            }
        }
    }
    blocks
}
