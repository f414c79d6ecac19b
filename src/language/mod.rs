//! Words as clinical text uses them: sentences and search terms.
//!
//! Used from both sides of the index, so a claim and a passage are cut in the same way. Meaning beyond the word
//! (synonyms, brand names) is not here yet.

mod sentence;
mod term;

use regex::Regex;

pub use sentence::sentences;
pub use term::{Term, Wanted, is_stop_word, terms};

/// Compiles a pattern that is part of the program.
#[expect(clippy::expect_used, reason = "the pattern is a constant; a test of its module compiles each one")]
pub(crate) fn pattern(constant: &str) -> Regex {
    Regex::new(constant).expect("a constant pattern is well formed")
}
