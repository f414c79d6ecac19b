//! The number words: below twenty, and the tens. Whatever reads numbers reads these.

/// Each word with its value, the smallest first.
pub(super) const NUMERALS: &[(&str, f64)] = &[
    ("zero", 0.0),
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("thirteen", 13.0),
    ("fourteen", 14.0),
    ("fifteen", 15.0),
    ("sixteen", 16.0),
    ("seventeen", 17.0),
    ("eighteen", 18.0),
    ("nineteen", 19.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("seventy", 70.0),
    ("eighty", 80.0),
    ("ninety", 90.0),
];

/// The value of a number word in lower case: `seven`, `forty`. `forty-two` is two of them.
pub fn number_word(word: &str) -> Option<f64> {
    NUMERALS.iter().find(|(numeral, _)| *numeral == word).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_its_value_once() {
        assert!(NUMERALS.is_sorted_by(|one, next| one.1 < next.1));
        for (word, value) in
            [("zero", Some(0.0)), ("nineteen", Some(19.0)), ("ninety", Some(90.0)), ("hundred", None), ("", None)]
        {
            assert_eq!(number_word(word), value, "{word}");
        }
    }
}
