//! What may become of a claim's span: it is cut, joined or resized, and always lies within the response and holds words.
//!
//! Pure: nothing is kept here. White space at the ends of a span is left off, so that a hasty selection and a careful one
//! make the same claim.

use crate::span::{Span, Text};

/// Why a span cannot be a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It ends before it starts.
    #[error("the span ends at {end}, before it starts at {start}")]
    Backwards {
        /// First code point.
        start: usize,
        /// One past the last.
        end: usize,
    },
    /// It reaches past the end of the response.
    #[error("the span ends at {end}, and the response has {length} characters")]
    Outside {
        /// One past the last code point.
        end: usize,
        /// Length of the response in code points.
        length: usize,
    },
    /// There is nothing in it but white space.
    #[error("the span from {start} to {end} holds no words")]
    Blank {
        /// First code point.
        start: usize,
        /// One past the last.
        end: usize,
    },
    /// A cut lies at or beyond an end of the claim.
    #[error("a cut at {at} does not lie within the claim, {start} to {end}")]
    NoCut {
        /// The cut.
        at: usize,
        /// First code point of the claim.
        start: usize,
        /// One past its last.
        end: usize,
    },
    /// Fewer than two claims are to be joined.
    #[error("it takes two claims to join")]
    Alone,
}

/// The span `start..end` without white space at its ends.
///
/// # Errors
/// [`Error`] where it does not lie in the text or holds no words.
pub fn span(text: &Text, start: usize, end: usize) -> Result<Span, Error> {
    if end < start {
        return Err(Error::Backwards { start, end });
    }
    let words = text.slice(Span::new(start, end)).ok_or(Error::Outside { end, length: text.len() })?;
    let before = words.chars().take_while(|c| c.is_whitespace()).count();
    let after = words.chars().rev().take_while(|c| c.is_whitespace()).count();
    if before + after >= end - start {
        return Err(Error::Blank { start, end });
    }
    Ok(Span::new(start + before, end - after))
}

/// The parts of a claim between cuts, in the order of the text. Cuts are code points of the response, in any order.
///
/// # Errors
/// [`Error`] where a cut does not lie within the claim, or a part would hold no words.
pub fn cut(text: &Text, whole: Span, at: &[usize]) -> Result<Vec<Span>, Error> {
    let (start, end) = (whole.start(), whole.end());
    if let Some(&at) = at.iter().find(|at| **at <= start || **at >= end) {
        return Err(Error::NoCut { at, start, end });
    }
    if at.is_empty() {
        return Err(Error::NoCut { at: start, start, end });
    }
    let mut bounds: Vec<usize> = [start, end].into_iter().chain(at.iter().copied()).collect();
    bounds.sort_unstable();
    bounds.dedup();
    bounds.iter().zip(bounds.iter().skip(1)).map(|(from, to)| span(text, *from, *to)).collect()
}

/// The span from the first of the given ones to the last, with all that stands between.
///
/// # Errors
/// [`Error::Alone`] for fewer than two, else as [`span`].
pub fn join(text: &Text, parts: &[Span]) -> Result<Span, Error> {
    let whole = match parts {
        [] | [_] => return Err(Error::Alone),
        [first, rest @ ..] => rest.iter().fold(*first, |whole, part| whole.cover(*part)),
    };
    span(text, whole.start(), whole.end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(words: &str) -> Text {
        Text::from(words.to_owned())
    }

    #[test]
    fn ends_are_trimmed() {
        let text = text("a  ≥ 140 mm Hg\u{a0}\n b");
        assert_eq!(
            span(&text, 1, 17).map(|span| text.slice(span).map(str::to_owned)),
            Ok(Some("≥ 140 mm Hg".to_owned()))
        );
        assert_eq!(span(&text, 1, 3), Err(Error::Blank { start: 1, end: 3 }));
        assert_eq!(span(&text, 1, 1), Err(Error::Blank { start: 1, end: 1 }));
        assert_eq!(span(&text, 4, 2), Err(Error::Backwards { start: 4, end: 2 }));
        assert_eq!(span(&text, 4, 99), Err(Error::Outside { end: 99, length: 18 }));
        assert!(span(&text, usize::MAX, usize::MAX).is_err());
    }

    #[test]
    fn cuts_part_a_claim_in_order() {
        let text = text("one two three");
        let whole = Span::new(0, 13);
        assert_eq!(cut(&text, whole, &[8, 4, 8]), Ok(vec![Span::new(0, 3), Span::new(4, 7), Span::new(8, 13)]));
        assert_eq!(cut(&text, whole, &[0]), Err(Error::NoCut { at: 0, start: 0, end: 13 }));
        assert_eq!(cut(&text, whole, &[13]), Err(Error::NoCut { at: 13, start: 0, end: 13 }));
        assert_eq!(cut(&text, whole, &[3, 4]), Err(Error::Blank { start: 3, end: 4 }));
        assert!(cut(&text, whole, &[]).is_err());
    }

    #[test]
    fn joined_claims_reach_from_the_first_to_the_last() {
        let text = text("one two three");
        assert_eq!(join(&text, &[Span::new(8, 13), Span::new(0, 3)]), Ok(Span::new(0, 13)));
        assert_eq!(join(&text, &[Span::new(0, 3)]), Err(Error::Alone));
    }

    proptest! {
        #[test]
        fn whatever_comes_of_an_edit_lies_in_the_text_and_holds_words(
            words in "[ a≥\u{1f600}\n]{0,40}", start in 0usize..50, end in 0usize..50, at in prop::collection::vec(0usize..50, 0..4),
        ) {
            let text = text(&words);
            let Ok(whole) = span(&text, start, end) else { return Ok(()) };
            prop_assert!(start <= whole.start() && whole.end() <= end && whole.end() <= text.len());
            let held = text.slice(whole).unwrap_or_default();
            prop_assert!(!held.is_empty() && held.trim() == held);
            if let Ok(parts) = cut(&text, whole, &at) {
                prop_assert!(parts.len() >= 2);
                prop_assert!(parts.windows(2).all(|two| two[0].end() <= two[1].start()));
                prop_assert!(parts.iter().all(|part| whole.contains(*part) && !part.is_empty()));
                // What is cut and joined again is what it was.
                prop_assert_eq!(join(&text, &parts), Ok(whole));
            }
        }
    }
}
