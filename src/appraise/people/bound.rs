//! Numbers with what bounds them: "40 to 75", "65 or older", "at least 20", "< 30".

use super::token::Token;

/// A number or a range with its bounds, and the tokens that it was read from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bound {
    /// Lower end, where one is stated.
    pub(super) low: Option<f64>,
    /// Upper end, where one is stated.
    pub(super) high: Option<f64>,
    /// Whether the lower end is itself left out ("over 65").
    pub(super) above: bool,
    /// Whether the upper end is itself left out ("under 18").
    pub(super) below: bool,
    /// How the bound is said.
    pub(super) said: Said,
    /// First token.
    pub(super) from: usize,
    /// The token after the last.
    pub(super) to: usize,
    /// The last number's token.
    pub(super) number: usize,
    /// The unit that follows the last number, as years, and that of the first number where it differs.
    pub(super) units: (Option<f64>, Option<f64>),
}

/// How a bound is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A number alone.
    Point,
    /// Two numbers.
    Range,
    /// With a sign or a word before or after it.
    Compared,
    /// "older", "younger": of age and of nothing else.
    Aged,
}

/// Years in one unit of age.
pub(super) fn years(word: &str) -> Option<f64> {
    Some(match word {
        "year" | "yr" | "y" | "yo" => 1.0,
        "month" | "mo" | "mth" => 1.0 / 12.0,
        "week" | "wk" => 7.0 / 365.25,
        "day" => 1.0 / 365.25,
        _ => return None,
    })
}

/// Reads what stands at a number's token.
pub(super) fn bound(tokens: &[Token<'_>], at: usize) -> Option<Bound> {
    let first = tokens.get(at)?;
    let value = first.number?;
    let unit_at = |at: usize| tokens.get(at).and_then(|token| years(token.word));
    let mut read = Bound {
        low: Some(value),
        high: Some(value),
        above: false,
        below: false,
        said: Said::Point,
        from: at,
        to: at + 1,
        number: at,
        units: (unit_at(at + 1), None),
    };
    range(tokens, &mut read, at, first.sentence);
    if read.said == Said::Point {
        before(tokens, &mut read);
    }
    if read.said == Said::Point {
        after(tokens, &mut read);
    }
    Some(read)
}

/// "40 to 75", "45–75", "between 40 and 75", "6 months through 17 years", "11 or 12".
fn range(tokens: &[Token<'_>], read: &mut Bound, at: usize, sentence: usize) {
    let mut next = at + 1;
    if read.units.0.is_some() {
        next += 1;
        // "6 months of age through 17 years"
        if word_at(tokens, next).is_some_and(|word| word == "of") && word_at(tokens, next + 1) == Some("age") {
            next += 2;
        }
    }
    if tokens.get(next).is_some_and(|token| token.is(&["%", "percent"])) {
        next += 1;
    }
    let joined = tokens.get(next).is_some_and(|token| token.joined && token.is_number());
    let between = at > 0 && tokens.get(at - 1).is_some_and(|token| token.is(&["between"]))
        || at > 2 && tokens.get(at - 1).is_some_and(|token| token.is(&["of"])) && near(tokens, at, "between", 4);
    let to = tokens
        .get(next)
        .is_some_and(|token| token.is(&["to", "through", "until", "thru", "or", "<"]) || between && token.is(&["and"]));
    // "5 % to less than 10 %"
    let below = match (word_at(tokens, next + 1), word_at(tokens, next + 2)) {
        (Some("less"), Some("than")) => 2,
        (Some("<" | "under" | "below"), _) => 1,
        _ => 0,
    };
    let other = if joined {
        next
    } else if to {
        next + 1 + below
    } else {
        return;
    };
    let Some(last) = tokens.get(other).filter(|token| token.sentence == sentence) else { return };
    let Some(high) = last.number.filter(|high| *high > read.low.unwrap_or(0.0) || read.units.0.is_some()) else {
        return;
    };
    let unit = tokens.get(other + 1).and_then(|token| years(token.word));
    // "11 or 12 years", not "1 or 200".
    if word_at(tokens, next) == Some("or") && high - read.low.unwrap_or(0.0) > 2.0 {
        return;
    }
    read.high = Some(high);
    read.below = word_at(tokens, next) == Some("<") || !joined && below > 0;
    read.said = Said::Range;
    read.units = (unit, read.units.0.filter(|_| unit.is_some()));
    read.number = other;
    read.to = other + 1;
}

/// Whether a word stands among the last `reach` tokens before `at`.
fn near(tokens: &[Token<'_>], at: usize, word: &str, reach: usize) -> bool {
    tokens.get(at.saturating_sub(reach)..at).unwrap_or_default().iter().any(|token| token.word == word)
}

fn word_at<'a>(tokens: &[Token<'a>], at: usize) -> Option<&'a str> {
    tokens.get(at).map(|token| token.word)
}

/// A sign or words before the number.
fn before(tokens: &[Token<'_>], read: &mut Bound) {
    let word = |back: usize| read.from.checked_sub(back).and_then(|at| word_at(tokens, at)).unwrap_or_default();
    let (one, two, three) = (word(1), word(2), word(3));
    use Side::{Above, AtLeast, AtMost, Below};
    let (side, length, said) = match (three, two, one) {
        (_, _, "≥" | "⩾" | ">=") => (AtLeast, 1, Said::Compared),
        (_, _, ">") => (Above, 1, Said::Compared),
        (_, _, "≤" | "⩽" | "<=") => (AtMost, 1, Said::Compared),
        (_, _, "<") => (Below, 1, Said::Compared),
        (_, "older", "than") => (Above, 2, Said::Aged),
        (_, "younger", "than") => (Below, 2, Said::Aged),
        ("no" | "not", "more" | "greater" | "higher", "than") => (AtMost, 3, Said::Compared),
        ("no" | "not", "less" | "lower" | "fewer", "than") => (AtLeast, 3, Said::Compared),
        (_, "more" | "greater" | "higher", "than") => (Above, 2, Said::Compared),
        (_, "less" | "lower" | "fewer", "than") => (Below, 2, Said::Compared),
        (_, "at", "least") => (AtLeast, 2, Said::Compared),
        (_, "at", "most") => (AtMost, 2, Said::Compared),
        (_, "up", "to") => (AtMost, 2, Said::Compared),
        (_, _, "over" | "above" | "past" | "beyond" | "exceeding") => (Above, 1, Said::Compared),
        (_, _, "under" | "below") => (Below, 1, Said::Compared),
        _ => return,
    };
    read.from -= length;
    read.said = said;
    side.apply(read);
}

/// A sign or words after the number and its unit.
fn after(tokens: &[Token<'_>], read: &mut Bound) {
    let mut at = read.number + 1;
    for _ in 0..6 {
        match word_at(tokens, at) {
            Some("of" | "age" | "old" | "ml" | "min" | "/" | "%" | "percent" | "m2" | "1.73" | "m" | "per") => at += 1,
            Some(word) if years(word).is_some() => at += 1,
            _ => break,
        }
    }
    let (one, two) = (word_at(tokens, at).unwrap_or_default(), word_at(tokens, at + 1).unwrap_or_default());
    let (side, length, said) = match (one, two) {
        ("+", _) => (Side::AtLeast, 1, Said::Compared),
        ("or" | "and", "older") => (Side::AtLeast, 2, Said::Aged),
        ("or" | "and", "younger") => (Side::AtMost, 2, Said::Aged),
        ("or" | "and", "over" | "above" | "up" | "higher" | "more" | "greater" | "beyond") => {
            (Side::AtLeast, 2, Said::Compared)
        }
        ("or" | "and", "under" | "below" | "less" | "lower") => (Side::AtMost, 2, Said::Compared),
        _ => return,
    };
    read.to = at + length;
    read.said = said;
    side.apply(read);
}

enum Side {
    AtLeast,
    Above,
    AtMost,
    Below,
}

impl Side {
    fn apply(self, read: &mut Bound) {
        match self {
            Side::AtLeast => read.high = None,
            Side::Above => (read.high, read.above) = (None, true),
            Side::AtMost => read.low = None,
            Side::Below => (read.low, read.below) = (None, true),
        }
    }
}

impl Bound {
    /// The interval that is meant, half-open, where a printed number stands for all values up to the next `step`.
    pub(super) fn ends(&self, step: f64) -> (Option<f64>, Option<f64>) {
        let low = self.low.map(|low| if self.above { low + step } else { low });
        let high = self.high.map(|high| if self.below { high } else { high + step });
        (low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    fn ends(text: &str) -> Option<(Option<f64>, Option<f64>)> {
        let lower = text.to_ascii_lowercase();
        let cut = tokens(text, &lower);
        let at = cut.iter().position(Token::is_number)?;
        bound(&cut, at).map(|bound| bound.ends(1.0))
    }

    #[test]
    fn bounds_in_signs_and_words() {
        for (text, low, high) in [
            ("40 to 75 years", Some(40.0), Some(76.0)),
            ("between 40 and 75", Some(40.0), Some(76.0)),
            ("45–75", Some(45.0), Some(76.0)),
            ("65 or older", Some(65.0), None),
            ("65 years of age and older", Some(65.0), None),
            ("over 65", Some(66.0), None),
            ("under 18", None, Some(18.0)),
            ("no more than 30", None, Some(31.0)),
            ("at least 20", Some(20.0), None),
            ("≥65", Some(65.0), None),
            ("65+", Some(65.0), None),
            ("30 mL/min/1.73 m2 or higher", Some(30.0), None),
            ("11 or 12 years", Some(11.0), Some(13.0)),
            ("25", Some(25.0), Some(26.0)),
        ] {
            assert_eq!(ends(text), Some((low, high)), "{text}");
        }
    }
}
