//! Finds names in a sequence of words: a tree over words as written, another over what their inflections share.

use super::hash::Map;
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

/// How a name is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum By {
    /// As written, case aside: abbreviations and brands.
    Writing,
    /// By what the inflections of its words share.
    Inflection,
}

/// Names, each leading to the numbers of links.
#[derive(Debug, Default)]
pub(super) struct Names {
    written: Map<Box<str>, Symbol>,
    stems: Map<Box<str>, Symbol>,
    /// Where names that were added end; only while the tree grows.
    known: [Map<Box<str>, Vec<Node>>; 2],
    next: Map<u64, Node>,
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
        if !self.known[by as usize].contains_key(name) {
            let ends = self.grow(name, by);
            self.known[by as usize].insert(name.into(), ends);
        }
        for node in self.known[by as usize].get(name).into_iter().flatten() {
            self.ends[*node as usize].push(link);
        }
    }

    /// Grows the tree by a name; where it ends, once for each way to write it.
    fn grow(&mut self, name: &str, by: By) -> Vec<Node> {
        if self.ends.is_empty() {
            self.ends.resize_with(2, Vec::new);
        }
        let words = word::words(name);
        let mut ends: Vec<Node> = self.path(words.iter().map(|word| word.lower.as_str()), by).into_iter().collect();
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
            ends.extend(self.path(merged.iter().map(String::as_str), by));
        }
        ends
    }

    fn path<'a>(&mut self, words: impl Iterator<Item = &'a str>, by: By) -> Option<Node> {
        let root = if by == By::Writing { WRITTEN } else { STEMMED };
        let mut node = root;
        for word in words {
            let symbol = match by {
                By::Writing => intern(&mut self.written, word),
                By::Inflection => intern(&mut self.stems, &word::key(word)),
            };
            let next = self.ends.len() as Node;
            node = *self.next.entry(step(node, symbol)).or_insert(next);
            if node == next {
                self.ends.push(Vec::new());
            }
        }
        (node != root).then_some(node)
    }

    /// Makes room for about so many names.
    pub(super) fn reserve(&mut self, names: usize) {
        self.next.reserve(names);
        self.ends.reserve(names);
        self.stems.reserve(names / 4);
        self.written.reserve(names / 8);
        self.known.iter_mut().for_each(|known| known.reserve(names / 2));
    }

    /// Frees what was needed only to add names.
    pub(super) fn seal(&mut self) {
        self.known = Default::default();
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
            self.walk(&read, By::Inflection, STEMMED, (from, from), &mut found);
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
            read.joined.push(hyphen.map(|next| self.joined(&word.lower, &next.lower)));
        }
        read
    }

    fn symbols(&self, word: &str) -> Symbols {
        if word.is_empty() {
            return Symbols { written: NONE, singular: NONE, stem: NONE };
        }
        let look = |map: &Map<Box<str>, Symbol>, word: &str| map.get(word).copied().unwrap_or(NONE);
        let singular = word.strip_suffix('s').filter(|singular| singular.len() > 1);
        Symbols {
            written: look(&self.written, word),
            singular: singular.map_or(NONE, |singular| look(&self.written, singular)),
            stem: look(&self.stems, &word::key(word)),
        }
    }

    /// Two words that a hyphen joins, as one: "GLP-1" is "GLP1", and "to-a" is not "TOA".
    fn joined(&self, left: &str, right: &str) -> Symbols {
        let symbols = self.symbols(&format!("{left}{right}"));
        let code = left.chars().chain(right.chars()).any(|c| c.is_ascii_digit());
        if code { symbols } else { Symbols { written: NONE, singular: NONE, ..symbols } }
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

fn intern(map: &mut Map<Box<str>, Symbol>, word: &str) -> Symbol {
    if let Some(symbol) = map.get(word) {
        return *symbol;
    }
    let symbol = map.len() as Symbol;
    map.insert(word.into(), symbol);
    symbol
}
