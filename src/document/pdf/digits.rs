//! Counts digits and numbers, so that two accounts of a page can be compared.

use std::collections::HashMap;

/// How often each digit occurs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Digits([usize; 10]);

impl Digits {
    /// The digits of a text.
    pub(super) fn of(text: &str) -> Digits {
        let mut digits = Digits::default();
        digits.add_text(text);
        digits
    }

    pub(super) fn add_text(&mut self, text: &str) {
        for digit in text.bytes().filter(u8::is_ascii_digit) {
            self.add(digit - b'0');
        }
    }

    pub(super) fn add(&mut self, digit: u8) {
        if let Some(count) = self.0.get_mut(usize::from(digit)) {
            *count += 1;
        }
    }

    /// All digits.
    pub(super) fn total(&self) -> usize {
        self.0.iter().sum()
    }

    /// Digits of this account that the other lacks.
    pub(super) fn missing_from(&self, other: &Digits) -> usize {
        self.0.iter().zip(other.0).map(|(here, there)| here.saturating_sub(there)).sum()
    }
}

/// Numbers, each with how often it occurs: runs of digits, raised ones apart from others.
pub(super) type Numbers = HashMap<Box<str>, usize>;

/// The runs of digits in a text.
pub(super) fn runs(text: &str) -> Vec<Box<str>> {
    let mut found: Vec<Box<str>> = Vec::new();
    let (mut open, mut raised) = (String::new(), false);
    for c in text.chars().chain([' ']) {
        let digit = c.to_digit(10).map(|digit| (digit, false)).or_else(|| raised_digit(c).map(|digit| (digit, true)));
        if !open.is_empty() && digit.is_none_or(|(_, is_raised)| is_raised != raised) {
            found.push(std::mem::take(&mut open).into());
        }
        if let Some((digit, is_raised)) = digit {
            raised = is_raised;
            open.extend(char::from_digit(digit, 10));
        }
    }
    found
}

fn raised_digit(c: char) -> Option<u32> {
    match c {
        '⁰' => Some(0),
        '¹' => Some(1),
        '²' => Some(2),
        '³' => Some(3),
        '⁴'..='⁹' => Some(c as u32 - '⁴' as u32 + 4),
        '₀'..='₉' => Some(c as u32 - '₀' as u32),
        _ => None,
    }
}

/// Takes one out of the numbers, if it is there.
pub(super) fn take(numbers: &mut Numbers, number: &str) -> bool {
    match numbers.get_mut(number) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

/// Adds the numbers of a text.
pub(super) fn add_runs(numbers: &mut Numbers, text: &str) {
    for run in runs(text) {
        *numbers.entry(run).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_at_everything_that_is_no_digit() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(runs(text).iter().map(AsRef::as_ref).collect::<Vec<&str>>(), expected, "{text}");
        };
        check("140/90 mmHg", &["140", "90"]);
        check("10⁹/L, CO₂", &["10", "9", "2"]);
        check("0.5 to 1,000", &["0", "5", "1", "000"]);
        check("", &[]);
    }

    #[test]
    fn what_one_account_has_and_the_other_lacks() {
        assert_eq!(Digits::of("2505").missing_from(&Digits::of("250")), 1);
        assert_eq!(Digits::of("250").missing_from(&Digits::of("0 5 2 9")), 0);
        assert_eq!(Digits::of("250 mg").total(), 3);
    }
}
