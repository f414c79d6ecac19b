//! Every quotation of every passage is what the stored text says, where it says it.
//!
//! Checked on the outside form that hosts get, over every passage of the fixtures, of the starter corpus and, where they
//! are, of the real documents.

use std::path::Path;

use groundline::corpus::{Corpus, hex};
use groundline::document::{ChildReader, Document};
use groundline::index::{Snapshot, Store};
use groundline::ingest;
use groundline::view::passage::{PassageView, SelectorView};
use sha2::{Digest, Sha256};

use crate::support::{PROGRAM, fixture_corpus, folder, shared};

#[test]
fn in_the_fixtures() {
    check(&fixture_corpus(), 10);
}

#[test]
fn in_the_starter_corpus() {
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"), 100);
}

#[test]
fn in_the_real_documents() {
    let Some(guidelines) = shared("guidelines") else { return };
    check(&guidelines, 10_000);
}

/// Checks every passage of a corpus, of which there are at least so many.
#[expect(clippy::print_stdout, reason = "the figures are for the reader of the test's output")]
fn check(corpus: &Path, at_least: usize) {
    let folder = folder();
    let corpus = Corpus::open(&[corpus.to_owned()]).expect("a corpus");
    let store = Store::new(folder.path());
    let child = ChildReader::new(PROGRAM);
    let outcome = ingest::build(&corpus, &store, 2, &|format, content| child.read(format, content), &mut |_, _, _| {});
    let snapshot = store.open(&outcome.expect("a snapshot").manifest.id).expect("intact");
    let (mut passages, mut ambiguous) = (0, 0);
    for entry in snapshot.entries() {
        let id = &entry.facts.id;
        let Some(document) = snapshot.document(id).expect("readable") else { continue };
        let found = snapshot.passages(id).expect("passages");
        assert_eq!(found.len(), entry.passages(), "{id}: every passage that was counted is there");
        let text = Numbered::new(&document);
        let mut end = 0;
        for passage in &found {
            let standing = snapshot.catalogue().standing(id, None);
            ambiguous += usize::from(text.check(&PassageView::of(&snapshot, passage, &standing)) > 1);
            // Passages are cut from the text one after the other: a code point stands in one of them at most.
            let span = passage.span();
            assert!(span.start() >= end, "{}: overlaps the passage before it", passage.id);
            end = span.end();
            within_a_section(&document, &snapshot, passage);
        }
        passages += found.len();
    }
    println!("{passages} passages; {ambiguous} whose words and context stand in the text more than once");
    assert!(passages >= at_least, "{passages} passages");
    // A guideline repeats its recommendations in its summary, with the same words around them.
    assert!(ambiguous * 50 <= passages, "{ambiguous} of {passages} passages need their position to be found");
}

/// A passage lies within one section, and bears that section's headings.
fn within_a_section(document: &Document, snapshot: &Snapshot, passage: &groundline::passage::Passage) {
    let section = document.sections.iter().find(|section| {
        let first = section.blocks.first().map(|block| block.span.start());
        let last = section.blocks.last().map(|block| block.span.end());
        first.is_some_and(|first| first <= passage.span().start())
            && last.is_some_and(|last| passage.span().end() <= last)
    });
    let section = section.unwrap_or_else(|| panic!("{}: in no section of {}", passage.id, snapshot.manifest().id));
    assert_eq!(section.path, passage.path, "{}", passage.id);
}

/// A stored text as bytes and as code points, so that offsets are counted here and not by the code under test.
struct Numbered<'a> {
    document: &'a Document,
    text: &'a str,
    /// Byte offset of each code point, and of the end.
    offsets: Vec<usize>,
}

impl Numbered<'_> {
    fn new(document: &Document) -> Numbered<'_> {
        let text = document.text.as_str();
        let offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        Numbered { document, text, offsets }
    }

    fn slice(&self, start: usize, end: usize) -> &str {
        &self.text[self.offsets[start]..self.offsets[end]]
    }

    /// Checks one passage; how often its words with their context stand in the text.
    fn check(&self, passage: &PassageView) -> usize {
        let id = &passage.id;
        let [
            SelectorView::TextQuoteSelector { exact, prefix, suffix },
            SelectorView::TextPositionSelector { start, end, unit: "codepoint" },
        ] = passage.locator.selectors.as_slice()
        else {
            panic!("{id}: {:?}", passage.locator.selectors)
        };
        assert!(!exact.trim().is_empty(), "{id}: says nothing");
        assert_eq!(self.slice(*start, *end), passage.quote, "{id}: the words at the position");
        assert_eq!(*exact, passage.quote, "{id}: the words of the selector");
        assert_eq!(passage.quote_sha256, hex(&Sha256::digest(self.slice(*start, *end).as_bytes())), "{id}");
        let last = self.offsets.len() - 1;
        assert_eq!(*prefix, self.slice(start.saturating_sub(32), *start), "{id}: what stands before");
        assert_eq!(*suffix, self.slice(*end, (end + 32).min(last)), "{id}: what stands after");
        self.check_page(passage, *start);
        // A host that knows the words alone searches for them; where they stand more than once the position decides.
        let searched = format!("{prefix}{exact}{suffix}");
        let from = self.offsets[start.saturating_sub(32)];
        let places = self.places(&searched);
        assert!(places.contains(&from), "{id}: not found by its selector");
        places.len()
    }

    /// Every byte offset at which the words stand; two places may overlap where a text repeats itself.
    fn places(&self, words: &str) -> Vec<usize> {
        let step = words.chars().next().map_or(1, char::len_utf8);
        let next = |from: usize| self.text.get(from..)?.find(words).map(|at| from + at);
        std::iter::successors(next(0), |at| next(at + step)).collect()
    }

    /// The page is the one on which the first code point stands.
    fn check_page(&self, passage: &PassageView, start: usize) {
        let pages = &self.document.pages;
        let ends = pages.iter().skip(1).map(|page| page.start).chain([usize::MAX]);
        let expected = pages.iter().zip(ends).find(|(page, end)| page.start <= start && start < *end);
        let expected = expected.map(|(page, _)| (page.index, page.label.clone()));
        let found = passage.locator.page.as_ref().map(|page| (page.index, page.label.clone()));
        assert_eq!(found, expected, "{}: the page", passage.id);
    }
}
