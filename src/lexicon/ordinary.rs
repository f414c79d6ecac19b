//! Ordinary words and units: an abbreviation or a brand spelled like one counts only as printed ("all" is not "ALL").

use std::sync::OnceLock;

use super::hash::Map;

/// The words, one a line, in lower case.
const WORDS: &str = include_str!("../../lexicon/ordinary.txt");

/// Whether a word, in lower case, is an ordinary one.
pub(super) fn is_ordinary(word: &str) -> bool {
    static SET: OnceLock<Map<&str, ()>> = OnceLock::new();
    SET.get_or_init(|| WORDS.lines().filter(|line| !line.starts_with('#')).map(|word| (word, ())).collect())
        .contains_key(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_knows_its_words() {
        let words: Vec<&str> = WORDS.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(words.is_sorted() && words.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(words.iter().all(|word| *word == word.to_lowercase().trim()), "lower case, one a line");
        for word in ["all", "or", "it", "aid", "fast", "mg", "us", "prep"] {
            assert!(is_ordinary(word), "{word}");
        }
        for word in ["mi", "copd", "uti", "nsaid", "hiv", "bp"] {
            assert!(!is_ordinary(word), "{word}");
        }
    }
}
