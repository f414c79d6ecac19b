//! British spelling as American, so that a row written once is found in both.

use std::sync::OnceLock;

use super::hash::Map;

/// The pairs; `crate::language` folds search terms by the same file.
pub(super) const PAIRS: &str = include_str!("../../lexicon/spelling.tsv");

/// The American spelling of a British word, in lower case; plurals of what is listed too.
pub(super) fn american(word: &str) -> Option<&'static str> {
    static MAP: OnceLock<Map<&str, &str>> = OnceLock::new();
    let map = MAP.get_or_init(|| {
        let mut cells = PAIRS.lines().skip(1).map(|line| line.split('\t'));
        let pair = |mut cells: std::str::Split<'static, char>| Some((cells.next()?, cells.next()?));
        std::iter::from_fn(|| cells.next()).filter_map(pair).collect()
    });
    map.get(word).or_else(|| map.get(word.strip_suffix('s')?)).copied()
}
