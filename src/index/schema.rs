//! The fields of the full-text index.
//!
//! One flat field holds everything a passage can be found by (title, headings, introduction, words); title and headings
//! stand again in weaker fields of their own. That form ranked best on public sets: equal fields and plain text alone are
//! both worse. Quantities have a field of exact tokens. Text arrives as terms of [`crate::language::terms`], so nothing
//! here tokenises.

use tantivy::TantivyDocument;
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token};

use super::Error;
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
    /// The passage itself, as JSON.
    pub record: Field,
}

impl Fields {
    /// The schema and its handles.
    pub(super) fn schema() -> (Schema, Fields) {
        let indexing = TextFieldIndexing::default().set_index_option(IndexRecordOption::WithFreqs);
        let text = || TextOptions::default().set_indexing_options(indexing.clone());
        let mut schema = Schema::builder();
        let fields = Fields {
            id: schema.add_text_field("id", STRING),
            version: schema.add_text_field("version", STRING),
            flat: schema.add_text_field("flat", text()),
            title: schema.add_text_field("title", text()),
            heading: schema.add_text_field("heading", text()),
            quantity: schema.add_text_field("quantity", text()),
            record: schema.add_bytes_field("record", STORED),
        };
        (schema.build(), fields)
    }

    /// The index entry of a passage of a document with this title.
    pub(super) fn entry(&self, passage: &Passage, title: &str) -> Result<TantivyDocument, Error> {
        let lead = passage.lead.as_deref().unwrap_or_default();
        let population =
            passage.population.as_ref().and_then(|population| population.words.as_deref()).unwrap_or_default();
        let headings = passage.path.join("\n");
        let heading = format!("{headings}\n{lead}");
        let body = format!("{}\n{population}", passage.text());
        let mut entry = TantivyDocument::default();
        entry.add_text(self.id, passage.id.to_string());
        entry.add_text(self.version, passage.id.version().to_string());
        entry.add_pre_tokenized_text(self.flat, tokenized(&format!("{title}\n{heading}\n{body}")));
        entry.add_pre_tokenized_text(self.title, tokenized(title));
        entry.add_pre_tokenized_text(self.heading, tokenized(&heading));
        entry.add_pre_tokenized_text(self.quantity, exact(&quantity::tokens(&format!("{lead}\n{body}"))));
        entry.add_bytes(self.record, &serde_json::to_vec(passage)?);
        Ok(entry)
    }
}

fn tokenized(text: &str) -> PreTokenizedString {
    let tokens = language::terms(text)
        .into_iter()
        .map(|term| Token {
            offset_from: term.range.start,
            offset_to: term.range.end,
            position: term.position,
            text: term.text,
            position_length: 1,
        })
        .collect();
    PreTokenizedString { text: String::new(), tokens }
}

fn exact(tokens: &[String]) -> PreTokenizedString {
    let tokens = tokens
        .iter()
        .enumerate()
        .map(|(position, text)| Token { position, text: text.clone(), ..Token::default() })
        .collect();
    PreTokenizedString { text: String::new(), tokens }
}
