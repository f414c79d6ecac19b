//! Finds names in a sequence of words: a tree over words as written, another over their stems.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::word::{self, Word};

/// Number of a distinct word.
type Symbol = u32;
/// Number of a place in the tree.
type Node = u32;

/// Root of names that are compared as written.
const WRITTEN: Node = 0;
/// Root of names that are compared by stems.
const STEMMED: Node = 1;
/// A word that stands in no name.
const NONE: Symbol = Symbol::MAX;

/// A multiplicative hash of two small numbers; keys are made here, never by a stranger.
#[derive(Default)]
struct Pairs(u64);

impl Hasher for Pairs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26);
    }
}

/// How a name is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// As written, case aside: abbreviations and brands.
    Writing,
    /// By the stems of its words.
    Stems,
}

/// Names, each leading to the numbers of links.
#[derive(Debug, Default)]
pub(super) struct Names {
    written: HashMap<Box<str>, Symbol>,
    stems: HashMap<Box<str>, Symbol>,
    /// Stem of a word as written, so that a word is stemmed once; only while the tree grows.
    known: HashMap<Box<str>, Symbol>,
    next: HashMap<u64, Node, BuildHasherDefault<Pairs>>,
    ends: Vec<Vec<u32>>,
}

/// A stretch of words that is a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// First word.
    pub(super) from: usize,
    /// Word after the last.
    pub(super) to: usize,
    /// Where the tree ends.
    node: Node,
    /// Whether an `s` was taken off the last word as written.
    pub(super) plural: bool,
}

/// The words of a text, with what the tree calls them.
struct Read {
    words: Vec<Symbols>,
    /// For a word that a hyphen joins to the next: the two as one.
    joined: Vec<Option<Symbols>>,
    /// Whether a name may go on from a word to the next.
    goes_on: Vec<bool>,
}

#[derive(Clone, Copy)]
struct Symbols {
    written: Symbol,
    singular: Symbol,
    stem: Symbol,
}

impl Names {
    /// Adds a name that leads to a link.
    pub(super) fn add(&mut self, name: &str, by: By, link: u32) {
        if self.ends.is_empty() {
            self.ends.resize_with(2, Vec::new);
        }
        let words = word::words(name);
        self.add_words(words.iter().map(|word| word.lower.as_str()), by, link);
        // "mini-stroke" is also written "ministroke".
        let hyphens: Vec<bool> = words.windows(2).map(|pair| word::hyphenated(name, &pair[0], &pair[1])).collect();
        if hyphens.contains(&true) {
            let mut merged: Vec<String> = Vec::new();
            for (at, word) in words.iter().enumerate() {
                match merged.last_mut() {
                    Some(last) if at > 0 && hyphens[at - 1] => last.push_str(&word.lower),
                    _ => merged.push(word.lower.clone()),
                }
            }
            self.add_words(merged.iter().map(String::as_str), by, link);
        }
    }

    fn add_words<'a>(&mut self, words: impl Iterator<Item = &'a str>, by: By, link: u32) {
        let mut node = if by == By::Writing { WRITTEN } else { STEMMED };
        let root = node;
        for word in words {
            let symbol = self.symbol(word, by);
            let next = self.ends.len() as Node;
            node = *self.next.entry(step(node, symbol)).or_insert(next);
            if node == next {
                self.ends.push(Vec::new());
            }
        }
        if node != root && self.ends[node as usize].last() != Some(&link) {
            self.ends[node as usize].push(link);
        }
    }

    fn symbol(&mut self, word: &str, by: By) -> Symbol {
        if by == By::Writing {
            return intern(&mut self.written, word);
        }
        if let Some(symbol) = self.known.get(word) {
            return *symbol;
        }
        let symbol = intern(&mut self.stems, &word::stem(word));
        self.known.insert(word.into(), symbol);
        symbol
    }

    /// Frees what was needed only to add names.
    pub(super) fn seal(&mut self) {
        self.known = HashMap::new();
    }

    /// Links at the end of a match.
    pub(super) fn links(&self, found: Match) -> &[u32] {
        self.ends.get(found.node as usize).map_or(&[], Vec::as_slice)
    }

    /// Every name that stands in a text, also those within others.
    pub(super) fn find(&self, text: &str, words: &[Word]) -> Vec<Match> {
        if self.ends.is_empty() {
            return Vec::new();
        }
        let read = self.read(text, words);
        let mut found = Vec::new();
        for from in 0..words.len() {
            self.walk(&read, By::Writing, WRITTEN, (from, from), &mut found);
            self.walk(&read, By::Stems, STEMMED, (from, from), &mut found);
        }
        found
    }

    fn read(&self, text: &str, words: &[Word]) -> Read {
        let mut read = Read { words: Vec::new(), joined: Vec::new(), goes_on: Vec::new() };
        for (at, word) in words.iter().enumerate() {
            read.words.push(self.symbols(&word.lower));
            let next = words.get(at + 1);
            read.goes_on.push(next.is_some_and(|next| word::adjoin(text, word, next)));
            let hyphen = next.filter(|next| word::hyphenated(text, word, next));
            read.joined.push(hyphen.map(|next| self.symbols(&format!("{}{}", word.lower, next.lower))));
        }
        read
    }

    fn symbols(&self, word: &str) -> Symbols {
        if word.is_empty() {
            return Symbols { written: NONE, singular: NONE, stem: NONE };
        }
        let look = |map: &HashMap<Box<str>, Symbol>, word: &str| map.get(word).copied().unwrap_or(NONE);
        let singular = word.strip_suffix('s').filter(|singular| singular.len() > 1);
        Symbols {
            written: look(&self.written, word),
            singular: singular.map_or(NONE, |singular| look(&self.written, singular)),
            stem: look(&self.stems, &word::stem(word)),
        }
    }

    /// Follows the tree from word `at`; `from` is where the name began. As deep as the longest name, at most two ways a word.
    fn walk(&self, read: &Read, by: By, node: Node, (from, at): (usize, usize), found: &mut Vec<Match>) {
        let Some(word) = read.words.get(at) else { return };
        let joined = read.joined[at].as_ref().map(|symbols| (symbols, at + 2));
        for (symbols, to) in [Some((word, at + 1)), joined].into_iter().flatten() {
            let symbol = if by == By::Writing { symbols.written } else { symbols.stem };
            if let Some(&node) = self.next.get(&step(node, symbol)) {
                if !self.ends[node as usize].is_empty() {
                    found.push(Match { from, to, node, plural: false });
                }
                if read.goes_on[to - 1] {
                    self.walk(read, by, node, (from, to), found);
                }
            } else if by == By::Writing
                && let Some(&node) = self.next.get(&step(node, symbols.singular))
                && !self.ends[node as usize].is_empty()
            {
                found.push(Match { from, to, node, plural: true });
            }
        }
    }
}

fn step(node: Node, symbol: Symbol) -> u64 {
    u64::from(node) << 32 | u64::from(symbol)
}

fn intern(map: &mut HashMap<Box<str>, Symbol>, word: &str) -> Symbol {
    if let Some(symbol) = map.get(word) {
        return *symbol;
    }
    let symbol = map.len() as Symbol;
    map.insert(word.into(), symbol);
    symbol
}
