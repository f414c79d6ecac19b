//! Ranges of text, counted in Unicode code points.
//!
//! Every offset that leaves Groundline counts code points (contract: `"unit":"codepoint"`), because hosts slice text in
//! bytes, UTF-16 units or code points and only one of them can be the agreed one. Rust slices bytes; this module is the
//! only place that converts. It knows nothing of documents or claims.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A half-open range of code points, `start..end`, within one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// Makes the span `start..end`; an end before the start makes an empty span at `start`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end: end.max(start) }
    }

    /// First code point of the range.
    pub fn start(self) -> usize {
        self.start
    }

    /// One past the last code point of the range.
    pub fn end(self) -> usize {
        self.end
    }

    /// Number of code points covered.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the range covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies within this range.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest range that covers both.
    pub fn cover(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same range, counted from `origin` instead of from the text's start.
    ///
    /// Saturates at zero for a range that begins before `origin`.
    pub fn relative_to(self, origin: usize) -> Span {
        Span { start: self.start.saturating_sub(origin), end: self.end.saturating_sub(origin) }
    }

    /// The same range, moved right by `distance`.
    pub fn shifted(self, distance: usize) -> Span {
        Span { start: self.start + distance, end: self.end + distance }
    }
}

/// Code points between two remembered byte offsets of a [`Text`].
const STRIDE: usize = 128;

/// A text that can be cut by [`Span`] without walking it from its start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Text {
    string: String,
    /// Byte offset of every `STRIDE`th code point.
    marks: Vec<usize>,
    length: usize,
}

impl From<String> for Text {
    fn from(string: String) -> Text {
        let mut marks = Vec::with_capacity(string.len() / STRIDE + 1);
        let mut length = 0;
        for (byte, _) in string.char_indices() {
            if length % STRIDE == 0 {
                marks.push(byte);
            }
            length += 1;
        }
        Text { string, marks, length }
    }
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.string
    }
}

impl Text {
    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.string
    }

    /// Length in code points.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The text within `span`, or `None` where the span reaches past the end.
    pub fn slice(&self, span: Span) -> Option<&str> {
        let from = self.byte_at(span.start)?;
        let to = self.byte_at(span.end)?;
        self.string.get(from..to)
    }

    /// The text within `span`, cut off at the end of the text.
    pub fn slice_clamped(&self, span: Span) -> &str {
        let end = span.end.min(self.length);
        self.slice(Span::new(span.start.min(end), end)).unwrap_or_default()
    }

    /// The span of a byte range, or `None` where the range splits a character or reaches past the end.
    pub fn span_of(&self, bytes: Range<usize>) -> Option<Span> {
        if bytes.start > bytes.end {
            return None;
        }
        Some(Span::new(self.point_at(bytes.start)?, self.point_at(bytes.end)?))
    }

    fn byte_at(&self, point: usize) -> Option<usize> {
        if point == self.length {
            return Some(self.string.len());
        }
        let mark = *self.marks.get(point / STRIDE)?;
        let rest = self.string.get(mark..)?;
        rest.char_indices().nth(point % STRIDE).map(|(byte, _)| mark + byte)
    }

    fn point_at(&self, byte: usize) -> Option<usize> {
        if !self.string.is_char_boundary(byte) {
            return None;
        }
        let index = self.marks.partition_point(|mark| *mark <= byte).checked_sub(1);
        let Some(index) = index else { return Some(0) };
        let counted = self.string.get(self.marks[index]..byte)?.chars().count();
        Some(index * STRIDE + counted)
    }
}

/// The span of a byte range of a short text, or `None` where the range splits a character.
pub fn span_of(text: &str, bytes: Range<usize>) -> Option<Span> {
    let before = text.get(..bytes.start)?.chars().count();
    let within = text.get(bytes)?.chars().count();
    Some(Span::new(before, before + within))
}

/// The part of a short text within `span`, or `None` where the span reaches past the end.
pub fn slice(text: &str, span: Span) -> Option<&str> {
    let mut offsets = text.char_indices().map(|(byte, _)| byte).chain([text.len()]);
    let from = offsets.nth(span.start)?;
    let to = match span.len() {
        0 => from,
        more => offsets.nth(more - 1)?,
    };
    text.get(from..to)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slices_count_code_points_and_not_bytes() {
        let text = Text::from("≥ 140 mm Hg – a µg is not a mg".to_owned());
        assert_eq!(text.slice(Span::new(0, 5)), Some("≥ 140"));
        assert_eq!(text.slice(Span::new(14, 15)), Some("a"));
        assert_eq!(text.slice(Span::new(0, 500)), None);
        assert_eq!(text.slice_clamped(Span::new(28, 500)), "mg");
    }

    proptest! {
        #[test]
        fn byte_ranges_and_spans_are_inverse(string in "\\PC{0,400}", a in 0usize..400, b in 0usize..400) {
            let text = Text::from(string.clone());
            let (a, b) = (a.min(b).min(text.len()), a.max(b).min(text.len()));
            let span = Span::new(a, b);
            let cut = text.slice(span).map(str::to_owned);
            let expected: String = string.chars().skip(a).take(b - a).collect();
            prop_assert_eq!(cut.as_deref(), Some(expected.as_str()));
            prop_assert_eq!(slice(&string, span), Some(expected.as_str()));
            let from: usize = string.chars().take(a).map(char::len_utf8).sum();
            let bytes = from..from + expected.len();
            prop_assert_eq!(text.span_of(bytes.clone()), Some(span));
            prop_assert_eq!(span_of(&string, bytes), Some(span));
        }
    }
}
