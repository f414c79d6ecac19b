//! The words and phrases that say whom a text is about, lay and clinical, with what each says.
//!
//! A table and no rule: what stands beside a phrase, and whether that makes it a person or a topic, is `super::mention`'s.
//! A phrase is written in any number ("woman", "women"); an abbreviation that is also a word ("ED", "PAD") counts in
//! capitals only.

mod illness;
mod life;
mod organ;
mod place;
mod risk;
mod symptom;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::field::{Field, Kinds};
use super::token::{Token, tokens};

/// What a phrase needs around it to be said of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing: it names the person ("smokers", "pregnant", "dialysis patients").
    Person,
    /// A frame: somebody has it ("with diabetes", "in pregnancy"), nobody is screened for it.
    Condition,
    /// A frame in time: it has happened ("after a heart attack", "history of stroke").
    Event,
    /// Somebody right after it: "healthy adults", "healthy 30-year-old".
    Adjective,
    /// A drug, which says something of who takes it ("on rituximab") and nothing where it is what the text is on.
    Taken,
    /// It is taken out of the text, because it names nobody ("pregnancy test", "baby aspirin").
    Nothing,
}

/// What a phrase says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sense {
    /// The kinds of a field.
    Kinds(Field, Kinds),
    /// Kinds of risk, and what the risk is of, in words.
    Risk(Kinds, &'static str),
    /// A stage of life, as years that everybody would call so and years that some would.
    Stage((f64, f64), (f64, f64)),
    /// Nothing.
    None,
}

/// One entry of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) form: Form,
    pub(super) sense: Sense,
}

/// A row of the table: its phrases are parted by semicolons.
type Row = (Form, Sense, &'static str);

const fn kinds(field: Field, kinds: Kinds) -> Sense {
    Sense::Kinds(field, kinds)
}

/// Every table.
const TABLES: [&[Row]; 7] = [
    life::STAGES,
    life::SEX,
    organ::ORGANS,
    illness::HEART_AND_LUNG,
    place::DEFENCE_AND_PLACE,
    risk::RISKS,
    symptom::SYMPTOMS,
];

/// Abbreviations that are also words, or that mean other things in small letters.
const AMBIGUOUS: &[&str] = &[
    "acs", "aids", "cad", "ccd", "chd", "chf", "cva", "dm", "ed", "er", "gp", "hd", "hf", "icu", "ihd", "lada", "mi",
    "msm", "pad", "pci", "preg", "stemi", "tia", "ttc",
];

/// Entries by their words; the longest first.
pub(super) struct Vocabulary {
    by_first: HashMap<String, Vec<(Vec<Part>, Entry)>>,
}

struct Part {
    word: String,
    capitals: bool,
}

pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::build);

impl Vocabulary {
    fn build() -> Vocabulary {
        let mut by_first: HashMap<String, Vec<(Vec<Part>, Entry)>> = HashMap::new();
        let rows = TABLES.into_iter().flatten();
        for (form, sense, phrases) in rows {
            for phrase in phrases.split(';').map(str::trim) {
                let lower = phrase.to_ascii_lowercase();
                let cut = tokens(phrase, &lower);
                let part = |token: &Token<'_>| Part {
                    word: token.word.to_owned(),
                    capitals: token.capitals && AMBIGUOUS.contains(&token.word),
                };
                let parts: Vec<Part> = cut.iter().map(part).collect();
                let Some(first) = parts.first() else { continue };
                let entries = by_first.entry(first.word.clone()).or_default();
                entries.push((parts, Entry { form: *form, sense: *sense }));
            }
        }
        for entries in by_first.values_mut() {
            entries.sort_by_key(|(parts, _)| std::cmp::Reverse(parts.len()));
        }
        Vocabulary { by_first }
    }

    /// The entries of the longest phrase that begins at a token, and how many tokens it has.
    pub(super) fn at(&self, tokens: &[Token<'_>]) -> Option<(usize, Vec<Entry>)> {
        let entries = self.by_first.get(tokens.first()?.word)?;
        let sentence = tokens.first()?.sentence;
        let fits = |parts: &[Part]| {
            parts.len() <= tokens.len()
                && parts.iter().zip(tokens).all(|(part, token)| {
                    token.word == part.word && (token.capitals || !part.capitals) && token.sentence == sentence
                })
        };
        let longest = entries.iter().find(|(parts, _)| fits(parts))?.0.len();
        let found = entries.iter().filter(|(parts, _)| parts.len() == longest && fits(parts)).map(|(_, entry)| *entry);
        Some((longest, found.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::field::risk as risk_bands;
    use super::*;

    #[test]
    fn the_longest_phrase_is_found_in_any_number_and_capitals_are_kept() {
        let found = |text: &str| {
            let lower = text.to_ascii_lowercase();
            VOCABULARY.at(&tokens(text, &lower)).map(|(length, entries)| (length, entries.len()))
        };
        assert_eq!(found("Gestational diabetes is"), Some((2, 1)));
        assert_eq!(found("kidney transplants are"), Some((2, 2)));
        assert_eq!(found("pad of paper"), None);
        assert_eq!(found("PAD and"), Some((1, 1)));
        assert_eq!(found("Pregnant"), Some((1, 1)));
    }

    #[test]
    fn every_phrase_says_kinds_of_its_field() {
        for (_, sense, phrases) in TABLES.into_iter().flatten() {
            assert!(!phrases.is_empty());
            match sense {
                Sense::Kinds(field, kinds) => {
                    let all = field.everybody();
                    assert!(*kinds != 0 && kinds & !all == 0 && *kinds != all, "{phrases:?}");
                }
                Sense::Stage(core, wide) => {
                    assert!(wide.0 <= core.0 && core.0 < core.1 && core.1 <= wide.1, "{phrases:?}");
                }
                Sense::Risk(kinds, object) => {
                    assert!(*kinds & risk_bands::LOW == 0 && !object.is_empty(), "{phrases:?}");
                }
                Sense::None => {}
            }
        }
    }
}
