//! Balances the numbers that each page draws against those of the stored text, so that none is lost in silence.
//!
//! Two accounts are kept. Digits: what a second walk over the page counts must have come out of reading as glyphs.
//! Numbers: every number of the page's words must stand in the stored text of the page or of its neighbours (a sentence
//! that goes on overleaf is stored with its beginning), or have been left out on purpose and written down here. Says
//! nothing about order or place, and nothing about words without digits.

use std::collections::BTreeMap;

use super::digits::{Digits, Numbers, add_runs, runs, take};
use super::furniture::PageLines;
use super::tally::Tally;
use super::words::Word;
use crate::document::{BlockKind, Defect, DefectKind, Document};

/// What a page draws, and what of it was left out on purpose.
#[derive(Debug, Default)]
pub(super) struct PageAccount {
    /// Numbers of the page's words, in the order of drawing.
    drawn: Vec<Box<str>>,
    left_out: Numbers,
    /// Digits that the second walk counts and reading has not found.
    unread: usize,
    digits: usize,
}

impl PageAccount {
    /// Opens the account of a page with what it draws and what reading has found there.
    pub(super) fn new(tally: &Tally, read: &Digits) -> PageAccount {
        let unread = tally.digits.missing_from(read);
        // A code that the font does not explain may have been read as a digit, never the other way round.
        PageAccount { unread, digits: tally.digits.total(), ..PageAccount::default() }
    }

    /// Enters the page's words before any is taken out.
    pub(super) fn enter(&mut self, words: &[Word]) {
        self.drawn.extend(words.iter().flat_map(|word| runs(&word.text)));
    }

    /// Enters which of the words are left; the numbers of all others were left out on purpose. Returns how many.
    pub(super) fn enter_left(&mut self, words: &[Word]) -> usize {
        let mut kept = Numbers::new();
        words.iter().for_each(|word| add_runs(&mut kept, &word.text));
        self.left_out = Numbers::new();
        let dropped = self.drawn.iter().filter(|number| !take(&mut kept, number));
        let mut count = 0;
        for number in dropped {
            *self.left_out.entry(number.clone()).or_default() += 1;
            count += 1;
        }
        count
    }

    /// The numbers that were left out so far.
    pub(super) fn left_out_numbers(&self) -> String {
        let mut text = String::new();
        for (number, count) in &self.left_out {
            for _ in 0..*count {
                text.push_str(number);
                text.push(' ');
            }
        }
        text
    }
}

/// The accounts of all pages, and what was left out for being furniture.
#[derive(Debug, Default)]
pub(super) struct Account {
    pages: Vec<PageAccount>,
    texts: Vec<(usize, String)>,
    furniture: BTreeMap<&'static str, Furniture>,
}

#[derive(Debug, Default)]
struct Furniture {
    count: usize,
    pages: usize,
}

/// Numbers of a page that may be missing: beyond that the page cannot be trusted.
const MOST_LOST: usize = 0;
/// Digits of a page that the second walk may count and reading not find, for each thousand.
const UNREAD_PER_THOUSAND: usize = 5;
/// Lost numbers that a defect names.
const NAMED: usize = 8;

impl Account {
    pub(super) fn add(&mut self, page: PageAccount) {
        self.pages.push(page);
    }

    /// Counts what was left out on one page for being furniture of that kind.
    pub(super) fn furniture(&mut self, kind: &'static str, count: usize) {
        if count > 0 {
            let entry = self.furniture.entry(kind).or_default();
            entry.count += count;
            entry.pages += 1;
        }
    }

    /// Runs a step that may drop lines of pages, and enters what it dropped.
    pub(super) fn watch(
        &mut self,
        kind: &'static str,
        pages: &mut Vec<PageLines>,
        step: impl FnOnce(&mut Vec<PageLines>),
    ) {
        let texts =
            |page: &PageLines| -> Vec<String> { page.columns.iter().flatten().map(|line| line.text.clone()).collect() };
        let before: Vec<Vec<String>> = pages.iter().map(texts).collect();
        step(pages);
        for (index, before) in before.into_iter().enumerate() {
            let mut after = pages.get(index).map(texts).unwrap_or_default().into_iter().peekable();
            let mut dropped = 0;
            for line in before {
                // Lines keep their order, and may lose their leaders.
                if after.next_if(|kept| same_but_for_leaders(kept, &line)).is_none() {
                    dropped += 1;
                    self.left_out(Some(index), line);
                }
            }
            self.furniture(kind, dropped);
        }
    }

    /// Enters a text that was left out on purpose and that is not yet accounted for.
    pub(super) fn left_out(&mut self, page: Option<usize>, text: String) {
        if let Some(index) = page
            && let Some(page) = self.pages.get_mut(index)
        {
            add_runs(&mut page.left_out, &text);
            self.texts.push((index, text));
        }
    }

    /// Notes a text that never came to the words of a page.
    pub(super) fn unseen(&mut self, page: usize, text: String) {
        if !text.is_empty() {
            self.texts.push((page, text));
        }
    }

    /// Hands over all texts that were left out.
    pub(super) fn take_texts(&mut self) -> Vec<(usize, String)> {
        std::mem::take(&mut self.texts)
    }

    /// Balances the accounts against the stored text.
    pub(super) fn balance(mut self, document: &Document) -> Vec<Defect> {
        let mut defects = Vec::new();
        let mut left = stored(document, self.pages.len());
        let mut lost: Vec<Vec<Box<str>>> = Vec::with_capacity(self.pages.len());
        let mut drawn = Vec::with_capacity(self.pages.len());
        // What was left out of a list that began on the page before is found nearby, like what was stored.
        for (left, page) in left.iter_mut().zip(&mut self.pages) {
            let left_out = std::mem::take(&mut page.left_out);
            left_out.into_iter().for_each(|(number, count)| *left.entry(number).or_default() += count);
        }
        for (index, page) in self.pages.into_iter().enumerate() {
            let unread = page.unread * 1000 > page.digits * UNREAD_PER_THOUSAND;
            if unread {
                let detail = format!("{} of the {} digits drawn on the page were not read", page.unread, page.digits);
                defects.push(Defect { kind: DefectKind::LostText, page: Some(index), detail });
            }
            drawn.push(page.drawn.len());
            let mut missing = page.drawn;
            missing.retain(|number| !left.get_mut(index).is_some_and(|left| take(left, number)));
            lost.push(missing);
        }
        for (index, (lost, drawn)) in lost.into_iter().zip(drawn).enumerate() {
            let lost = found_nearby(lost, index, &mut left);
            if lost.len() > MOST_LOST {
                let detail = lost_numbers(&lost, drawn);
                defects.push(Defect { kind: DefectKind::LostText, page: Some(index), detail });
            }
        }
        defects.extend(furniture_defect(&self.furniture));
        defects
    }
}

fn lost_numbers(lost: &[Box<str>], drawn: usize) -> String {
    let named: Vec<&str> = lost.iter().take(NAMED).map(AsRef::as_ref).collect();
    let more = if lost.len() > NAMED { " …" } else { "" };
    format!("{} of the page's {drawn} numbers are not in its text: {}{more}", lost.len(), named.join(", "))
}

/// The numbers that neither a neighbouring page nor two of them together account for.
fn found_nearby(lost: Vec<Box<str>>, page: usize, left: &mut [Numbers]) -> Vec<Box<str>> {
    // A paragraph is stored with its first page, however many it runs over.
    let near = [page.checked_sub(1), page.checked_sub(2), page.checked_sub(3), page.checked_add(1)];
    let mut still: Vec<Box<str>> = Vec::new();
    for number in lost {
        if near.iter().flatten().any(|near| left.get_mut(*near).is_some_and(|left| take(left, &number))) {
            continue;
        }
        // A number that the file draws in two pieces is one in the text.
        let joined = still.last().map(|before| format!("{before}{number}"));
        if joined.is_some_and(|joined| left.get_mut(page).is_some_and(|left| take(left, &joined))) {
            still.pop();
            continue;
        }
        still.push(number);
    }
    still
}

/// The numbers of the stored text by page, printed numbers of list items included.
fn stored(document: &Document, pages: usize) -> Vec<Numbers> {
    let mut stored = vec![Numbers::new(); pages];
    let mut add = |point: usize, text: &str| {
        let page = document.page_at(point).map_or(0, |page| page.index);
        if let Some(numbers) = stored.get_mut(page) {
            add_runs(numbers, text);
        }
    };
    for section in &document.sections {
        if let Some(heading) = section.heading {
            add(heading.start(), document.text.slice_clamped(heading));
        }
        for block in &section.blocks {
            add(block.span.start(), document.text.slice_clamped(block.span));
            if let BlockKind::ListItem { number: Some(number), .. } = &block.kind {
                add(block.span.start(), number);
            }
        }
    }
    stored
}

fn same_but_for_leaders(a: &str, b: &str) -> bool {
    a == b || a.chars().filter(|c| c.is_alphanumeric()).eq(b.chars().filter(|c| c.is_alphanumeric()))
}

fn furniture_defect(furniture: &BTreeMap<&'static str, Furniture>) -> Option<Defect> {
    if furniture.is_empty() {
        return None;
    }
    let parts: Vec<String> =
        furniture.iter().map(|(kind, found)| format!("{} {kind} on {} pages", found.count, found.pages)).collect();
    let detail = format!("left out as furniture: {}", parts.join("; "));
    Some(Defect { kind: DefectKind::Furniture, page: None, detail })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Builder, Limits};

    fn word(text: &str) -> Word {
        Word {
            text: text.to_owned(),
            x0: 0.0,
            x1: 1.0,
            y: 0.0,
            size: 10.0,
            bold: false,
            tint: 0,
            spaced: true,
            marked: None,
        }
    }

    /// Pages of words, and the paragraphs that were stored for each.
    fn check(pages: &[(&str, &str)], expected: &[&str]) {
        let mut account = Account::default();
        let mut builder = Builder::new("test/1", &Limits::default());
        for (index, (drawn, stored)) in pages.iter().enumerate() {
            let words: Vec<Word> = drawn.split_whitespace().map(word).collect();
            let tally = Tally { digits: Digits::of(drawn), unknown: 0 };
            let mut page = PageAccount::new(&tally, &Digits::of(drawn));
            page.enter(&words);
            account.add(page);
            builder.page(index, None);
            builder.paragraph(stored);
        }
        let defects = account.balance(&builder.finish());
        assert_eq!(defects.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_number_that_is_not_stored_is_missed() {
        check(&[("take 250 mg twice", "take 250 mg twice")], &[]);
        check(&[("take 250 mg", "take mg")], &["page 1: 1 of the page's 1 numbers are not in its text: 250"]);
        check(&[("5 and 5 mg", "5 mg")], &["page 1: 1 of the page's 2 numbers are not in its text: 5"]);
    }

    #[test]
    fn a_sentence_that_goes_on_overleaf_is_stored_before() {
        check(&[("take 250", "take 250 mg or 500 mg"), ("mg or 500 mg", "more")], &[]);
    }

    #[test]
    fn a_number_drawn_in_pieces_is_one() {
        check(&[("in 20 19 or", "in 2019 or")], &[]);
        check(&[("in 20 19", "in 1920")], &["page 1: 2 of the page's 2 numbers are not in its text: 20, 19"]);
    }

    #[test]
    fn digits_that_reading_has_not_found_cost_trust() {
        let mut account = Account::default();
        account.add(PageAccount::new(&Tally { digits: Digits::of("120/80"), unknown: 0 }, &Digits::of("120/30")));
        let defects = account.balance(&Document::default());
        assert_eq!(defects.len(), 1);
        assert_eq!(defects[0].detail, "1 of the 5 digits drawn on the page were not read");
    }

    #[test]
    fn what_is_left_out_on_purpose_is_not_missed_and_told() {
        let mut page = PageAccount::new(&Tally::default(), &Digits::default());
        let words = [word("41"), word("take"), word("250")];
        page.enter(&words);
        assert_eq!(page.enter_left(&words[1..]), 1);
        let mut account = Account::default();
        account.add(page);
        account.furniture("line numbers", 1);
        account.left_out(Some(0), "250".to_owned());
        let defects = account.balance(&Document::default());
        assert_eq!(defects.len(), 1);
        assert_eq!(defects[0].detail, "left out as furniture: 1 line numbers on 1 pages");
    }
}
