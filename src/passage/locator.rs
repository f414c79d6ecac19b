//! Where a passage stands, and the words that prove it.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::span::{Span, Text};

/// Code points of context kept on either side of a quotation (W3C Web Annotation, `TextQuoteSelector`).
const CONTEXT: usize = 32;

/// Words cut from a stored text, with where they were cut and what stands around them.
///
/// The only way to make one is [`Quote::cut`], so a quotation is verbatim by construction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    span: Span,
    text: String,
    prefix: String,
    suffix: String,
}

impl Quote {
    /// Cuts `span` out of `text`; `None` where it reaches past the end or is empty.
    pub fn cut(text: &Text, span: Span) -> Option<Quote> {
        if span.is_empty() {
            return None;
        }
        let words = text.slice(span)?.to_owned();
        let before = Span::new(span.start().saturating_sub(CONTEXT), span.start());
        let after = Span::new(span.end(), (span.end() + CONTEXT).min(text.len()));
        let (prefix, suffix) = (text.slice(before)?.to_owned(), text.slice(after)?.to_owned());
        Some(Quote { span, text: words, prefix, suffix })
    }

    /// Where it stands in the stored text.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The words.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Up to 32 code points before it.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Up to 32 code points after it.
    pub fn suffix(&self) -> &str {
        &self.suffix
    }
}

/// A page of the source, as it is counted and as it is printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRef {
    /// Position in the file, from 0.
    pub index: usize,
    /// Printed or declared label.
    pub label: Option<String>,
}

/// A text fragment (WICG, `#:~:text=`) that makes a browser open a page at these words.
///
/// Long quotations give their first and last words, as the specification advises.
pub fn text_fragment(words: &str) -> String {
    let all: Vec<&str> = words.split_whitespace().collect();
    if all.len() <= 12 {
        return format!(":~:text={}", encode(&all.join(" ")));
    }
    let (start, end) = (all[..6].join(" "), all[all.len() - 4..].join(" "));
    format!(":~:text={},{}", encode(&start), encode(&end))
}

/// Percent-encodes for a fragment; also the hyphen and comma, which the text directive gives a meaning.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_cut_with_its_surroundings() {
        let text = Text::from("One µg. Two mg. Three g.".to_owned());
        let quote = Quote::cut(&text, Span::new(8, 15)).expect("a quote");
        assert_eq!((quote.prefix(), quote.text(), quote.suffix()), ("One µg. ", "Two mg.", " Three g."));
        assert_eq!(Quote::cut(&text, Span::new(8, 99)), None);
        assert_eq!(Quote::cut(&text, Span::new(8, 8)), None);
    }

    #[test]
    fn fragments_are_percent_encoded() {
        assert_eq!(text_fragment("aged 40–75, low-dose"), ":~:text=aged%2040%E2%80%9375%2C%20low%2Ddose");
        let long = "a b c d e f g h i j k l m n";
        assert_eq!(text_fragment(long), ":~:text=a%20b%20c%20d%20e%20f,k%20l%20m%20n");
    }
}
