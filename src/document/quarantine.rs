//! What a reader has read and still must not be published: next to no text, text on few pages, or a part of the whole.
//!
//! Whether the text makes sense is for people; this asks only whether there is enough of it to be a document.

use std::collections::BTreeSet;

use super::{DefectKind, Document, Error, Limits, too_large};
use crate::span::Span;

/// Legible characters below which a document is taken for unreadable rather than short.
const FEWEST_CHARACTERS: usize = 200;
/// Legible characters below which a page is taken for one without text: a page number, a stamp, a stray label.
const FEWEST_ON_A_PAGE: usize = 20;

/// Refuses a document that nobody could cite safely.
pub(super) fn check(document: &Document, limits: &Limits) -> Result<(), Error> {
    whole(document, limits)?;
    let characters = legible(document.text.as_str());
    if characters < FEWEST_CHARACTERS {
        return Err(Error::Empty(format!("{characters} characters were found, fewer than {FEWEST_CHARACTERS}")));
    }
    let (without, pages) = pages_without_text(document);
    if without * 2 > pages {
        return Err(Error::Empty(format!("{without} of {pages} pages have no text")));
    }
    Ok(())
}

fn whole(document: &Document, limits: &Limits) -> Result<(), Error> {
    // A single page that was cut off is a defect of that page; a text that was cut off lacks whole chapters.
    let cut_off = |kind, page: Option<usize>| kind == DefectKind::Truncated && page.is_none();
    if let Some(defect) = document.defects.iter().find(|defect| cut_off(defect.kind, defect.page)) {
        return Err(Error::TooLong(defect.detail.clone()));
    }
    let (pages, bytes) = (document.pages.len(), document.text.as_str().len());
    if pages > limits.pages {
        return Err(too_large("the number of pages", pages, limits.pages));
    }
    if bytes > limits.text_bytes {
        return Err(too_large("the text's size in bytes", bytes, limits.text_bytes));
    }
    Ok(())
}

/// Characters that a person could read: no space, and neither the mark for an unknown character nor a private one.
fn legible(text: &str) -> usize {
    let private = |c: char| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{fffd}' && !private(*c)).count()
}

/// How many pages have no text, of how many there are.
///
/// A page within a reference list was read and left out, so it counts as one with text.
fn pages_without_text(document: &Document) -> (usize, usize) {
    let on = |kinds: &[DefectKind]| -> BTreeSet<usize> {
        document.defects.iter().filter(|defect| kinds.contains(&defect.kind)).filter_map(|defect| defect.page).collect()
    };
    let mut without = on(&[DefectKind::EmptyPage, DefectKind::FailedPage]);
    let lists = on(&[DefectKind::References]);
    let mut all: BTreeSet<usize> = without.clone();
    let ends = document.pages.iter().skip(1).map(|page| page.start).chain([document.text.len()]);
    let mut in_list = false;
    for (page, end) in document.pages.iter().zip(ends) {
        all.insert(page.index);
        let text = document.text.slice_clamped(Span::new(page.start, end));
        in_list = lists.contains(&page.index) || in_list && text.is_empty() && !without.contains(&page.index);
        if !in_list && legible(text) < FEWEST_ON_A_PAGE {
            without.insert(page.index);
        }
    }
    (without.len(), all.len())
}

#[cfg(test)]
mod tests {
    use super::super::Builder;
    use super::*;

    fn builder() -> Builder {
        Builder::new("test/1", &Limits::default())
    }

    fn refusal(document: &Document) -> String {
        check(document, &Limits::default()).map_or_else(|error| error.to_string(), |()| String::new())
    }

    /// `pages` are texts, one a page; `expected` is the refusal, empty for none.
    fn check_pages(pages: &[&str], expected: &str) {
        let mut b = builder();
        for (index, text) in pages.iter().enumerate() {
            b.page(index, None);
            b.paragraph(text);
        }
        assert_eq!(refusal(&b.finish()), expected, "{pages:?}");
    }

    #[test]
    fn two_hundred_legible_characters_are_a_document() {
        let too_few = "no usable text: 199 characters were found, fewer than 200";
        for (text, expected) in [
            ("a".repeat(200), ""),
            ("a".repeat(199), too_few),
            (format!("{}{}", "a ".repeat(199), " \n"), too_few),
            (format!("{}{}", "a".repeat(199), "\u{fffd}".repeat(50)), too_few),
            (format!("{}{}", "a".repeat(199), "\u{f0b7}".repeat(50)), too_few),
        ] {
            let mut b = builder();
            b.paragraph(&text);
            assert_eq!(refusal(&b.finish()), expected, "{text}");
        }
    }

    #[test]
    fn text_on_half_of_the_pages_is_enough() {
        let full = "word ".repeat(60);
        let (full, bare) = (full.as_str(), "p 3");
        check_pages(&[full, full], "");
        check_pages(&[full, ""], "");
        check_pages(&[full, "", bare], "no usable text: 2 of 3 pages have no text");
        check_pages(&[full, bare, full, bare], "");
        check_pages(&[full, bare, full, bare, bare], "no usable text: 3 of 5 pages have no text");
    }

    #[test]
    fn twenty_legible_characters_are_a_page_with_text() {
        let full = "word ".repeat(60);
        for (page, with_text) in [
            ("a".repeat(20), true),
            ("a".repeat(19), false),
            ("a ".repeat(19), false),
            ("\u{fffd}".repeat(40), false),
            (String::new(), false),
        ] {
            let expected = if with_text { "" } else { "no usable text: 2 of 3 pages have no text" };
            check_pages(&[&full, &page, &page], expected);
        }
    }

    #[test]
    fn a_page_that_the_reader_gave_up_has_no_text() {
        let mut b = builder();
        for index in 0..3 {
            b.page(index, None);
            b.paragraph(&"word ".repeat(60));
        }
        b.defect(DefectKind::FailedPage, Some(1), "broken");
        b.defect(DefectKind::EmptyPage, Some(1), "blank");
        assert_eq!(refusal(&b.finish()), "");
        let mut b = builder();
        b.page(0, None);
        b.paragraph(&"word ".repeat(60));
        b.defect(DefectKind::FailedPage, Some(1), "missing from the file");
        b.defect(DefectKind::FailedPage, Some(2), "missing from the file");
        assert_eq!(refusal(&b.finish()), "no usable text: 2 of 3 pages have no text");
    }

    #[test]
    fn pages_of_references_are_no_pages_without_text() {
        let mut b = builder();
        b.page(0, None);
        b.heading(1, "Advice");
        b.paragraph(&"word ".repeat(60));
        b.page(1, None);
        b.heading(1, "References");
        for index in 2..5 {
            b.paragraph("Smith 2001");
            b.page(index, None);
        }
        b.paragraph("Jones 1999");
        let mut document = b.finish();
        assert_eq!(refusal(&document), "");
        // A blank page is none of the list's, and ends it.
        document.defects.push(crate::document::Defect {
            kind: DefectKind::EmptyPage,
            page: Some(2),
            detail: "the page is blank".to_owned(),
        });
        assert_eq!(refusal(&document), "no usable text: 3 of 5 pages have no text");
    }

    #[test]
    fn a_part_is_not_published_for_the_whole() {
        let words = "word ".repeat(60);
        for (limits, expected) in [
            (Limits { characters: 400, ..Limits::default() }, "the document is too long to be kept whole"),
            (Limits { blocks: 1, ..Limits::default() }, "the document is too long to be kept whole"),
            (Limits { pages: 1, ..Limits::default() }, "the number of pages is 2, more than the limit of 1"),
            (Limits { text_bytes: 599, ..Limits::default() }, "the text's size in bytes is 600"),
            (Limits { characters: 600, text_bytes: 600, pages: 2, blocks: 2, ..Limits::default() }, ""),
        ] {
            let mut b = Builder::new("test/1", &limits);
            for index in 0..2 {
                b.page(index, None);
                b.paragraph(&words);
            }
            let outcome = check(&b.finish(), &limits).map_or_else(|error| error.to_string(), |()| String::new());
            assert!(
                outcome.starts_with(expected) && outcome.is_empty() == expected.is_empty(),
                "{limits:?}: {outcome}"
            );
        }
    }
}
