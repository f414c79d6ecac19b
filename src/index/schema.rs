//! The fields of the full-text index.
//!
//! One flat field holds everything a passage can be found by (title, headings, introduction, words); title and headings
//! stand again in weaker fields of their own. That form ranked best on public sets: equal fields and plain text alone are
//! both worse. Quantities have a field of exact tokens, and words as they are written one in which typing errors are looked
//! up. Text arrives as terms of [`crate::language::terms`], one a line,
//! so all that is left to do here is to part the lines.

use std::collections::HashSet;

use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};
use tantivy::{Index, TantivyDocument};

use super::{Error, Traits};
use crate::language;
use crate::passage::Passage;
use crate::quantity;

/// Handles of the fields.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The passage's id, one exact token.
    pub id: Field,
    /// The version's id, one exact token, for filters.
    pub version: Field,
    /// Title, headings, introduction and words together.
    pub flat: Field,
    /// The document's title.
    pub title: Field,
    /// The headings above the passage and what introduces it.
    pub heading: Field,
    /// Exact tokens of numbers with units.
    pub quantity: Field,
    /// Words as they are written, each once a version, at its first passage: what typing errors are corrected to.
    pub spelling: Field,
    /// What ranking asks of every passage, packed: see [`super::Traits`].
    pub traits: Field,
    /// The passage itself, as JSON.
    pub record: Field,
}

impl Fields {
    /// The schema and its handles.
    pub(super) fn schema() -> (Schema, Fields) {
        let indexing = TextFieldIndexing::default().set_tokenizer(TERMS).set_index_option(IndexRecordOption::WithFreqs);
        let text = || TextOptions::default().set_indexing_options(indexing.clone());
        let listed = TextFieldIndexing::default().set_tokenizer(TERMS).set_index_option(IndexRecordOption::Basic);
        let listed = TextOptions::default().set_indexing_options(listed.set_fieldnorms(false));
        let mut schema = Schema::builder();
        let fields = Fields {
            id: schema.add_text_field("id", STRING),
            version: schema.add_text_field("version", STRING),
            flat: schema.add_text_field("flat", text()),
            title: schema.add_text_field("title", text()),
            heading: schema.add_text_field("heading", text()),
            quantity: schema.add_text_field("quantity", text()),
            spelling: schema.add_text_field("spelling", listed),
            traits: schema.add_u64_field(TRAITS, FAST),
            record: schema.add_bytes_field("record", STORED),
        };
        (schema.build(), fields)
    }

    /// The index entry of a passage of a document with this title, whose terms are given too; adds to the words of its
    /// version.
    pub(super) fn entry(
        &self,
        passage: &Passage,
        title: &str,
        terms: &Terms,
        words: &mut Words,
    ) -> Result<TantivyDocument, Error> {
        let lead = passage.lead.as_deref().unwrap_or_default();
        let population =
            passage.population.as_ref().and_then(|population| population.words.as_deref()).unwrap_or_default();
        let heading = Terms::with(&format!("{}\n{lead}", passage.path.join("\n")), words);
        let body = format!("{}\n{population}", passage.text());
        // No term reaches over the end of a line, so the terms of a whole are those of its lines.
        let flat = [&terms.0, &heading.0, &Terms::with(&body, words).0].map(String::as_str).concat();
        let mut entry = TantivyDocument::default();
        entry.add_text(self.id, passage.id.to_string());
        entry.add_text(self.version, passage.id.version().to_string());
        entry.add_text(self.flat, flat);
        entry.add_text(self.title, &terms.0);
        entry.add_text(self.heading, heading.0);
        let quantities = quantity::tokens(&format!("{lead}\n{body}"));
        entry.add_u64(self.traits, Traits::of(passage, title, population, quantities.len()).packed());
        entry.add_text(self.quantity, quantities.join("\n"));
        entry.add_bytes(self.record, &serde_json::to_vec(passage)?);
        Ok(entry)
    }
}

/// Name of the field of packed traits.
pub(super) const TRAITS: &str = "traits";
/// Name of the tokenizer that parts terms.
const TERMS: &str = "terms";

/// Lets an index part what [`Terms`] joined; needed for writing alone.
pub(super) fn register(index: &Index) {
    index.tokenizers().register(TERMS, TextAnalyzer::from(Lines::default()));
}

/// The terms of a text, each ended by the end of a line.
pub(super) struct Terms(String);

impl Terms {
    /// Those of a text; adds its words to others.
    pub(super) fn with(text: &str, words: &mut Words) -> Terms {
        let mut lines = String::with_capacity(text.len());
        language::each_term(text, |word, term| {
            lines.push_str(term);
            lines.push('\n');
            words.add(word);
        });
        Terms(lines)
    }
}

/// The words of a version as they are written: letters alone, long enough to be mistyped and still be known.
#[derive(Default)]
pub(super) struct Words(HashSet<String>);

/// Fewest and most letters of a word that a typing error is corrected to.
const LETTERS: std::ops::RangeInclusive<usize> = 4..=30;

impl Words {
    fn add(&mut self, word: &str) {
        let fits = LETTERS.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase());
        if fits && !self.0.contains(word) {
            self.0.insert(word.to_owned());
        }
    }

    /// In the order of the alphabet, each ended by the end of a line.
    pub(super) fn lines(self) -> String {
        let mut words: Vec<String> = self.0.into_iter().collect();
        words.sort_unstable();
        words.iter().flat_map(|word| [word.as_str(), "\n"]).collect()
    }
}

/// Gives each line that holds something as a token.
#[derive(Clone, Default)]
struct Lines {
    token: Token,
}

struct Rest<'a> {
    text: &'a str,
    token: &'a mut Token,
}

impl Tokenizer for Lines {
    type TokenStream<'a> = Rest<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Rest<'a> {
        self.token.reset();
        Rest { text, token: &mut self.token }
    }
}

impl TokenStream for Rest<'_> {
    fn advance(&mut self) -> bool {
        while !self.text.is_empty() {
            let (line, rest) = self.text.split_once('\n').unwrap_or((self.text, ""));
            self.text = rest;
            if !line.is_empty() {
                self.token.text.clear();
                self.token.text.push_str(line);
                self.token.position = self.token.position.wrapping_add(1);
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parts: &[&str], expected: &[&str]) {
        let joined: String = parts.iter().map(|part| Terms::with(part, &mut Words::default()).0).collect();
        assert_eq!(joined, Terms::with(&parts.join("\n"), &mut Words::default()).0, "{parts:?}");
        let mut lines = Lines::default();
        let mut stream = lines.token_stream(&joined);
        let mut found = Vec::new();
        while stream.advance() {
            found.push(stream.token().text.clone());
        }
        assert_eq!(found, expected, "{parts:?}");
    }

    #[test]
    fn the_terms_of_a_whole_are_those_of_its_lines() {
        check(&[], &[]);
        check(&["", "", ""], &[]);
        check(&["Screening", "", "adults"], &["screen", "adult"]);
        check(&["IL", "6 and 7", "5 mg"], &["il", "6", "and", "7", "5", "mg"]);
        check(&["self-", "-care", "1,", "000"], &["self", "care", "1", "000"]);
    }
}
