//! Words as clinical text uses them: sentences and search terms.
//!
//! Used from both sides of the index, so a claim and a passage are cut in the same way. Meaning beyond the word
//! (synonyms, brand names) is the lexicon's.

mod sentence;
mod spelling;
mod stem;
mod term;
mod unmarked;

use regex::Regex;

pub use sentence::sentences;
pub use stem::english as english_stem;
pub use term::{Term, Wanted, asked_terms, each_term, folded, is_asking_word, is_stop_word, terms};
pub use unmarked::{is_all_capitals, unmarked};

/// Compiles a pattern that is part of the program. Where a word ends is judged by ASCII letters: with all of Unicode's, one
/// "≥" in a passage would send each search down the engine's slowest road.
#[expect(clippy::expect_used, reason = "the pattern is a constant; a test of its module compiles each one")]
pub(crate) fn pattern(constant: &str) -> Regex {
    Regex::new(&constant.replace(r"\b", r"(?-u:\b)")).expect("a constant pattern is well formed")
}
