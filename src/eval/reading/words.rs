//! How words are compared: what a careful reader would call the same word is the same word.
//!
//! Words are compared after NFKC and in lower case, and part at everything that is neither letter nor digit: typographic
//! quotes and dashes part words as their ASCII forms do. A decimal point within a number stays, and `≥ ≤ < > %` are words
//! of their own, because a bound that is lost changes what a guideline says.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

/// Signs that are words of their own.
const SIGNS: [char; 5] = ['≥', '≤', '<', '>', '%'];

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = without_marks(text).chars().filter_map(plain).nfkc().flat_map(char::to_lowercase).collect();
    let mut found = Vec::new();
    let mut word = String::new();
    for (at, &c) in chars.iter().enumerate() {
        let digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
        if c.is_alphanumeric() || (c == '.' && digit(at.checked_sub(1)) && digit(Some(at + 1))) {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
        if SIGNS.contains(&c) {
            found.push(c.to_string());
        }
    }
    if !word.is_empty() {
        found.push(word);
    }
    found
}

/// Letters before a raised number from which on it is the mark of a note: "imprecision¹" has one, "1.73 m²" has none.
const MARKED_LETTERS: usize = 3;

/// A text without the raised numbers that mark notes, which the gold leaves out. Powers and units keep theirs.
fn without_marks(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        let raised = matches!(c, '⁰'..='⁹' | '¹' | '²' | '³');
        let letters = kept.chars().rev().take(MARKED_LETTERS).filter(|c| c.is_alphabetic()).count();
        let after_number = kept.ends_with(|c: char| c.is_ascii_digit());
        let unit = after_number || kept.ends_with(char::is_alphabetic) && letters < MARKED_LETTERS;
        if !raised || unit {
            kept.push(if raised { digit(c) } else { c });
        }
    }
    kept
}

/// The digit that a raised one stands for.
fn digit(raised: char) -> char {
    raised.nfkc().next().unwrap_or(raised)
}

/// Letters that only look like an apostrophe part words as it does; a soft hyphen is no part of a word.
fn plain(c: char) -> Option<char> {
    match c {
        '\u{ad}' => None,
        '\u{2bb}'..='\u{2bd}' => Some('\''),
        other => Some(other),
    }
}

/// Where `needle` stands in a row in `text`, at or after `from`. No words stand nowhere.
pub(super) fn position(text: &[String], needle: &[String], from: usize) -> Option<usize> {
    let rest = text.get(from..).filter(|_| !needle.is_empty())?;
    rest.windows(needle.len()).position(|window| window == needle).map(|at| from + at)
}

/// How many of the words of `wanted` stand in `text`, each counted as often as it stands there.
pub(super) fn common(wanted: &[String], text: &[String]) -> usize {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for word in text {
        *left.entry(word).or_default() += 1;
    }
    let mut take = |word: &String| match left.get_mut(word.as_str()) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    wanted.iter().filter(|word| take(word)).count()
}

/// Which of the words of `wanted` belong to a longest common subsequence with `text`.
///
/// Hirschberg's division, so that memory grows with the page and not with its square. Words of the text that are not
/// wanted cannot be in any common subsequence and are dropped first.
pub(super) fn in_order(wanted: &[String], text: &[String]) -> Vec<bool> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut a = Vec::with_capacity(wanted.len());
    for word in wanted {
        let next = numbers.len();
        a.push(*numbers.entry(word).or_insert(next));
    }
    let b: Vec<usize> = text.iter().filter_map(|word| numbers.get(word.as_str()).copied()).collect();
    let mut taken = vec![false; a.len()];
    divide(&a, &b, &mut taken);
    taken
}

fn divide(a: &[usize], b: &[usize], taken: &mut [bool]) {
    if b.is_empty() {
        return;
    }
    if let ([only], [taken]) = (a, &mut *taken) {
        *taken = b.contains(only);
        return;
    }
    if a.is_empty() {
        return;
    }
    let (upper, lower) = a.split_at(a.len() / 2);
    let before = lengths(upper.iter(), b.iter(), b.len());
    let after = lengths(lower.iter().rev(), b.iter().rev(), b.len());
    let sums = before.iter().zip(after.iter().rev()).map(|(before, after)| before + after);
    // Of equal cuts the last, so that of two blocks in the wrong order the second is the one out of place.
    let cut = sums.enumerate().max_by_key(|(_, sum)| *sum).map_or(0, |(at, _)| at);
    let (left, right) = b.split_at(cut.min(b.len()));
    let (first, second) = taken.split_at_mut(upper.len());
    divide(upper, left, first);
    divide(lower, right, second);
}

/// Length of the longest common subsequence of `a` with each beginning of `b`.
fn lengths<'a>(
    a: impl Iterator<Item = &'a usize>,
    b: impl Iterator<Item = &'a usize> + Clone,
    size: usize,
) -> Vec<usize> {
    let mut row = vec![0; size + 1];
    for x in a {
        let (mut diagonal, mut left) = (0, 0);
        for (y, above) in b.clone().zip(row.iter_mut().skip(1)) {
            let best = if x == y { diagonal + 1 } else { left.max(*above) };
            diagonal = std::mem::replace(above, best);
            left = best;
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(words(text).join(" "), expected, "{text}");
    }

    #[test]
    fn marks_of_notes_are_no_words_and_powers_are() {
        assert_eq!(
            words("imprecision¹ at 1.73 m² and 10⁹/L (5.7%²)"),
            words("imprecision at 1.73 m2 and 109/L (5.7%)")
        );
    }

    #[test]
    fn what_is_one_word() {
        check("WHO suggests: “low-dose” aspirin.", "who suggests low dose aspirin");
        check("SBP ≥140 mm Hg, <0.5% (1.Scope)", "sbp ≥ 140 mm hg < 0.5 % 1 scope");
        check("4.1.2 Éﬁne x² pa\u{ad}tient don\u{2019}t don\u{2bc}t", "4.1.2 éfine x2 patient don t don t");
        check("–…", "");
    }

    #[test]
    fn rows_of_words() {
        let text = words("a b c a b d");
        assert_eq!(position(&text, &words("a b"), 0), Some(0));
        assert_eq!(position(&text, &words("a b"), 1), Some(3));
        assert_eq!(position(&text, &words("b a"), 0), None);
        assert_eq!(position(&text, &[], 0), None);
        assert_eq!(position(&text, &words("d"), 9), None);
        assert_eq!(common(&words("a a a d x"), &text), 3);
    }

    fn check_order(wanted: &str, text: &str, expected: &str) {
        let flags = in_order(&words(wanted), &words(text));
        let shown: String = flags.iter().map(|taken| if *taken { '1' } else { '0' }).collect();
        assert_eq!(shown, expected, "{wanted} in {text}");
    }

    #[test]
    fn the_longest_common_subsequence() {
        check_order("a b c d", "a x b y c z d", "1111");
        check_order("a b c d", "c d a b", "1100");
        check_order("a b c d e", "d e a b c", "11100");
        check_order("a b", "", "00");
        check_order("", "a b", "");
        check_order("a a a", "a x a", "110");
    }

    proptest::proptest! {
        /// Against the definition, written out plainly.
        #[test]
        fn as_long_as_the_plain_table_says(a in "[abc ]{0,24}", b in "[abc ]{0,24}") {
            let (a, b) = (words(&a.replace("", " ")), words(&b.replace("", " ")));
            let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
            for i in 0..a.len() {
                for j in 0..b.len() {
                    table[i + 1][j + 1] =
                        if a[i] == b[j] { table[i][j] + 1 } else { table[i][j + 1].max(table[i + 1][j]) };
                }
            }
            let taken = in_order(&a, &b);
            proptest::prop_assert_eq!(taken.iter().filter(|taken| **taken).count(), table[a.len()][b.len()]);
            // What is taken is indeed a subsequence.
            let mut rest = b.iter();
            for word in a.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(word, _)| word) {
                proptest::prop_assert!(rest.any(|other| other == word));
            }
        }
    }
}
