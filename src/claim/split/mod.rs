//! A response split into statements: exact substrings in the order of the text, each with the form in which it can stand
//! alone, and whether it is worth checking.
//!
//! `markdown` reads the response into blocks of visible words that know their places in it (`flat`), `lines` parts the
//! lines that Markdown would fold, `sentence` and `cut` part the statements of a block, `worth` says which of them are
//! claims, and `alone` and `pronoun` give each its stand-alone form. Everything is one pass or a bounded look around
//! it: time is linear in the text. The rules are for English; other languages are cut into sentences, and all of them
//! count as claims.
//!
//! Left out on purpose: sentences joined by "and" or "but" are not cut, however many verbs they have, as half of one
//! may say what the text does not; words are never rephrased; texts of images and code are not read.

mod alone;
mod clause;
mod cut;
mod flat;
mod html;
mod lines;
mod markdown;
mod pronoun;
mod sentence;
mod small_talk;
#[cfg(test)]
mod tests;
mod worth;

use std::ops::Range;

use crate::span::{Span, Text};
use alone::Over;
use markdown::{Block, Kind, Run};
use pronoun::Subject;
use worth::Around;

pub use worth::Worth;

/// Longest response, in code points.
pub const LONGEST_RESPONSE: usize = 200_000;
/// Most statements of one response.
pub const MOST_STATEMENTS: usize = 500;
/// How much of a paragraph around a statement is its context, in bytes to each side.
const AROUND: usize = 600;

/// Why a response cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is too long.
    #[error("the text has {0} characters, more than {LONGEST_RESPONSE}: send it in parts")]
    TooLong(usize),
    /// It holds too many statements.
    #[error("the text holds more than {MOST_STATEMENTS} statements: send it in parts")]
    TooMany,
}

/// One statement of a response.
///
/// Its words may hold patient data: its `Debug` form gives lengths alone, so they cannot be logged by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    span: Span,
    text: String,
    claim: String,
    worth: Worth,
    context: String,
}

impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Statement({:?}, {:?}, {} bytes)", self.span, self.worth, self.claim.len())
    }
}

impl Statement {
    /// Where it stands in the response, in code points.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Its words: the substring of the response at its span.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same, able to stand alone.
    pub fn claim(&self) -> &str {
        &self.claim
    }

    /// What it is.
    pub fn worth(&self) -> Worth {
        self.worth
    }

    /// Whether it can be checked.
    pub fn is_checkworthy(&self) -> bool {
        self.worth == Worth::Claim
    }

    /// Its heading and the paragraph that it stands in, cut where that is long.
    pub fn context(&self) -> &str {
        &self.context
    }
}

/// Splits a response into statements, in the order of the text and without overlap.
///
/// # Errors
/// [`Error`] where the text is longer than [`LONGEST_RESPONSE`] code points or holds more than [`MOST_STATEMENTS`].
pub fn split(text: &str) -> Result<Vec<Statement>, Error> {
    let whole = Text::from(text.to_owned());
    if whole.len() > LONGEST_RESPONSE {
        return Err(Error::TooLong(whole.len()));
    }
    let blocks = markdown::blocks(text);
    let mut splitter = Splitter { whole: &whole, leads: leading(&blocks), blocks: &blocks, found: Vec::new(), end: 0 };
    for at in 0..blocks.len() {
        splitter.block(at);
        if splitter.found.len() > MOST_STATEMENTS {
            return Err(Error::TooMany);
        }
    }
    Ok(splitter.found)
}

/// Which blocks stand over others.
fn leading(blocks: &[Block]) -> Vec<bool> {
    let mut leads = vec![false; blocks.len()];
    for lead in blocks.iter().filter_map(|block| block.lead) {
        if let Some(leads) = leads.get_mut(lead) {
            *leads = true;
        }
    }
    leads
}

struct Splitter<'t> {
    whole: &'t Text,
    blocks: &'t [Block],
    leads: Vec<bool>,
    found: Vec<Statement>,
    /// Byte at which the last statement ends: what Markdown tells twice is taken once.
    end: usize,
}

impl Splitter<'_> {
    fn block(&mut self, at: usize) {
        let Some(block) = self.blocks.get(at) else { return };
        match block.kind {
            Kind::Heading(_) => self.heading(block),
            Kind::TableHead | Kind::Row => self.row(at, block),
            Kind::Paragraph | Kind::Item => self.words(at, block),
        }
    }

    fn heading(&mut self, block: &Block) {
        let Some(run) = block.runs.first() else { return };
        let words = lines::trimmed(run.flat.text(), &run.words);
        let said = alone::clean(run.flat.slice(&words));
        if let Some(source) = run.flat.source_of(&words).filter(|_| said.chars().any(char::is_alphanumeric)) {
            let worth = if said.ends_with('?') { Worth::Question } else { Worth::Label };
            self.push(source, said, worth, String::new());
        }
    }

    /// A row from its first cell's first word to its last cell's last.
    fn row(&mut self, at: usize, block: &Block) {
        let cells = block.runs.iter().filter_map(|run| {
            let words = lines::trimmed(run.flat.text(), &run.words);
            run.flat.source_of(&words)
        });
        let sources: Vec<Range<usize>> = cells.collect();
        let (Some(first), Some(last)) = (sources.first(), sources.last()) else { return };
        let source = first.start..last.end.max(first.end);
        let heads = block.lead.and_then(|lead| self.blocks.get(lead)).filter(|heads| heads.kind == Kind::TableHead);
        let over = Over::of(self.blocks, at);
        let said = alone::row(heads, &block.runs, &over);
        let spoken = said.chars().any(char::is_alphanumeric);
        if spoken {
            // A row of one filled cell is a heading within the table.
            let worth = if block.kind == Kind::Row && sources.len() > 1 { Worth::Claim } else { Worth::Label };
            self.push(source, said, worth, self.context(block, None, ""));
        }
    }

    fn words(&mut self, at: usize, block: &Block) {
        let Some(run) = block.runs.first() else { return };
        let over = Over::of(self.blocks, at);
        let label = alone::label(run);
        let pieces = cut::pieces(run.flat.text(), &run.words, block.kind == Kind::Item);
        let count = pieces.len();
        let mut before: Option<Subject> = None;
        let mut question: Option<String> = None;
        for (number, piece) in pieces.into_iter().enumerate() {
            if self.found.len() > MOST_STATEMENTS {
                return;
            }
            let Some(source) = run.flat.source_of(&piece.words) else { continue };
            let said = alone::clean(run.flat.slice(&piece.words));
            if !said.chars().any(char::is_alphanumeric) {
                continue;
            }
            let sense = alone::clean(run.flat.slice(&piece.sense));
            let leads = self.leads.get(at).copied().unwrap_or(false) && number + 1 == count;
            let mut around = self.around(block, run, &piece.words, leads, &over);
            around.followed = block.kind == Kind::Paragraph && number + 1 == count && self.is_followed(at);
            let mut worth =
                worth::worth(&said, &Around { bold: piece.first && count > 1 && number == 0 && around.bold, ..around });
            let resolved = before.as_ref().and_then(|subject| pronoun::resolved(&sense, subject));
            let mut claim = match &resolved {
                Some(resolved) => resolved.clone(),
                None => over.with(&sense, label.as_deref().filter(|_| number > 0), number == 0),
            };
            // "Does it prevent seizures? No." is a statement, and "No." alone is none; where more follows, that says it
            // in full.
            if let Some(asked) = question.take() {
                let fragment = worth == Worth::Claim && clause::shape(&said) == clause::Shape::Fragment;
                if is_answer(&said) && number + 1 == count || fragment {
                    worth = Worth::Claim;
                    claim = format!("{asked} {said}");
                }
            }
            question = (worth == Worth::Question).then(|| said.clone());
            before = pronoun::subject(resolved.as_deref().unwrap_or(&sense)).filter(|_| worth == Worth::Claim);
            let context = self.context(block, Some(&piece.words), &claim);
            self.push(source, claim, worth, context);
        }
    }

    /// Whether something that is no heading follows a block.
    fn is_followed(&self, at: usize) -> bool {
        self.blocks.get(at + 1).is_some_and(|next| !matches!(next.kind, Kind::Heading(_)))
    }

    fn around<'b>(&self, block: &'b Block, run: &Run, words: &Range<usize>, leads: bool, over: &Over) -> Around<'b>
    where
        Self: 'b,
    {
        let text_of = |at: Option<usize>| at.and_then(|at| self.blocks.get(at)).map(Block::text);
        let length = words.len();
        let linked = run
            .flat
            .elements_in(words)
            .filter(|element| element.link)
            .map(|element| element.words.len())
            .sum::<usize>();
        Around {
            item: block.kind == Kind::Item,
            leads,
            titled: over.is_titled(),
            linked: linked * 10 >= length * 9,
            followed: false,
            bold: run.flat.elements_in(words).any(|element| element.strong && element.words.len() + 2 >= length),
            lead: text_of(block.lead),
            heading: text_of(block.heading),
        }
    }

    /// The heading and the introduction of a block, and its words around a statement.
    fn context(&self, block: &Block, words: Option<&Range<usize>>, claim: &str) -> String {
        let over = [block.heading, block.lead].into_iter().flatten().filter_map(|at| self.blocks.get(at));
        let mut parts: Vec<String> = over.map(|block| alone::clean(nearby(block.text(), &(0..0)))).collect();
        if let (Some(words), Some(run)) = (words, block.runs.first()) {
            let relative = words.start.saturating_sub(run.words.start)..words.end.saturating_sub(run.words.start);
            parts.push(alone::clean(nearby(run.text(), &relative)));
        }
        parts.dedup();
        parts.retain(|part| !part.is_empty() && part != claim);
        parts.join("\n")
    }

    fn push(&mut self, source: Range<usize>, claim: String, worth: Worth, context: String) {
        let start = source.start.max(self.end);
        if start >= source.end {
            return;
        }
        let Some(span) = self.whole.span_of(start..source.end) else { return };
        let text = self.whole.as_str().get(start..source.end).unwrap_or_default().to_owned();
        self.end = source.end;
        // What is left of words that Markdown tells twice may be marks alone.
        if !text.chars().any(char::is_alphanumeric) {
            return;
        }
        self.found.push(Statement { span, text, claim, worth, context });
    }
}

/// "Yes." and "No.", with a few words at most.
fn is_answer(said: &str) -> bool {
    let words = clause::words(said);
    let first = words.first().map(String::as_str).unwrap_or_default();
    words.len() <= 5
        && matches!(first, "yes" | "no" | "not" | "never" | "always" | "usually" | "generally" | "rarely" | "probably")
}

/// The text around a range, cut at characters.
fn nearby<'t>(text: &'t str, words: &Range<usize>) -> &'t str {
    let mut from = words.start.saturating_sub(AROUND).min(text.len());
    let mut to = words.end.saturating_add(AROUND).min(text.len());
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    while !text.is_char_boundary(to) {
        to += 1;
    }
    text.get(from..to).unwrap_or_default()
}
