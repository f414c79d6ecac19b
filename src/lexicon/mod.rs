//! The clinical lexicon: abbreviations, drug names and lay words, each joined to what guidelines write instead.
//!
//! Rows are files in `lexicon/` (form and sources: `lexicon/README.md`), compiled in; an institution adds files of its own
//! ([`Import`]). [`Lexicon::expand`] reads a claim and says which other words stand for its own. It prefers silence: where
//! nothing tells which sense is meant, it gives none. An expansion is never expanded again, save that a brand stands for
//! its generic, that substance's other names and its class.
//!
//! # Weights
//!
//! A weight says how much of a literal word's worth a passage may earn by holding the expansion instead: 1 would be as good
//! as the word itself, and none is 1.
//!
//! | from → to | weight |
//! |---|---|
//! | another name of the same substance; brand → generic | 0.9 |
//! | brand → another name of its generic | 0.85 |
//! | abbreviation → its words, where one sense exists or the surroundings chose it | 0.8 |
//! | another name of the same class; rows of an institution's file | 0.8 |
//! | abbreviation → its words, where its usual sense is taken; what all products of a brand share | 0.7 |
//! | lay → clinical: first, second, third, fourth equivalent | 0.7, 0.6, 0.5, 0.4 |
//! | words → their abbreviation; ambiguous abbreviation | 0.5; 0.3 |
//! | brand of a combination → one of its ingredients | 0.4 |
//! | drug → class; brand → class | 0.35; 0.3 |
//! | clinical → lay | 0.35 |
//! | generic → brand | 0.3 |

mod context;
mod hash;
mod import;
mod judge;
mod link;
pub mod lint;
mod matcher;
mod obo;
mod ordinary;
mod row;
mod solr;
mod spelling;
mod tsv;
mod word;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::language::{self, is_stop_word};
use judge::Judged;
use link::Links;

pub use import::{Error, Form, Import, LARGEST};
pub use judge::Reason;
pub use row::{Fact, Place, Region, Relation, Row};

/// Most expansions of one claim; the weightiest stay.
pub const MOST_EXPANSIONS: usize = 24;
/// Most expansions of one stretch of a claim.
pub const MOST_OF_A_SURFACE: usize = 4;

/// The project's own files, with the names under which they are told.
pub(crate) const FILES: [(&str, &str); 3] = [
    ("lexicon/abbreviations.tsv", include_str!("../../lexicon/abbreviations.tsv")),
    ("lexicon/drugs.tsv", include_str!("../../lexicon/drugs.tsv")),
    ("lexicon/lay.tsv", include_str!("../../lexicon/lay.tsv")),
];

/// What joins a stretch of a claim to other words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An abbreviation and its words, either way.
    Abbreviation,
    /// A brand and its generic name, either way.
    Brand,
    /// Two names of one thing.
    Synonym,
    /// A drug's class.
    Class,
    /// A lay word and a clinical one, either way.
    Lay,
}

/// Other words that stand for a stretch of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Expansion {
    /// Bytes of the claim that it stands for.
    pub from: Range<usize>,
    /// Those bytes.
    pub surface: String,
    /// The other words, as a person would write them.
    pub to: String,
    /// Their search terms, without stop words; never empty.
    pub terms: Vec<String>,
    /// What joins the two.
    pub kind: Kind,
    /// How much of a literal word's worth it may earn, above 0 and below 1; see the module's table.
    pub weight: f32,
}

/// A stretch of a text that the lexicon knows, with every row that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Bytes of the text.
    pub from: Range<usize>,
    /// Those bytes.
    pub surface: String,
    /// The rows, those that were taken first.
    pub considered: Vec<Considered>,
}

/// One row that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Considered {
    /// Where the row stands.
    pub place: Place,
    /// What joins the two sides.
    pub kind: Kind,
    /// The other words.
    pub to: String,
    /// What it weighs.
    pub weight: f32,
    /// Why it was taken or left.
    pub reason: Reason,
}

/// Rows, ready to be looked up.
#[derive(Debug)]
pub struct Lexicon {
    files: Vec<PathBuf>,
    /// Rows of an institution's files.
    added: Vec<Row>,
    /// All rows; read when they are first needed, or by [`Lexicon::prepare`], as are the links.
    rows: OnceLock<Vec<Row>>,
    links: OnceLock<Links>,
    extra_sha256: Option<String>,
}

impl Lexicon {
    /// The project's own rows.
    pub fn embedded() -> Arc<Lexicon> {
        static EMBEDDED: OnceLock<Arc<Lexicon>> = OnceLock::new();
        Arc::clone(EMBEDDED.get_or_init(|| Arc::new(Lexicon::with(Vec::new()))))
    }

    /// The project's own rows and those of an institution's files.
    pub fn with(extra: Vec<Import>) -> Lexicon {
        let extra_sha256 = digest(&extra);
        let mut files: Vec<PathBuf> = FILES.iter().map(|(name, _)| PathBuf::from(name)).collect();
        let mut added = Vec::new();
        for import in extra {
            let file = files.len();
            files.push(import.path);
            added.extend(import.rows.into_iter().map(|row| row.in_file(file)));
        }
        Lexicon { files, added, rows: OnceLock::new(), links: OnceLock::new(), extra_sha256 }
    }

    /// Makes ready what the first claim would otherwise wait for: some tens of milliseconds, well spent on another thread.
    pub fn prepare(&self) {
        self.links();
    }

    fn links(&self) -> &Links {
        self.links.get_or_init(|| Links::of(self.rows()))
    }

    /// Digest of the files beside the project's own, which change answers; nothing where there are none.
    pub fn extra_sha256(&self) -> Option<&str> {
        self.extra_sha256.as_deref()
    }

    /// The rows.
    pub fn rows(&self) -> &[Row] {
        self.rows.get_or_init(|| {
            // A faulty row of ours would be a failed test of this module.
            let own = FILES.into_iter().enumerate().flat_map(|(file, (_, text))| tsv::read(text, file).rows);
            own.chain(self.added.iter().cloned()).collect()
        })
    }

    /// The row at a place.
    pub fn row(&self, place: Place) -> Option<&Row> {
        let rows = self.rows();
        rows.binary_search_by_key(&place, |row| row.place).ok().and_then(|at| rows.get(at))
    }

    /// Name of the file in which a row stands.
    pub fn file_of(&self, place: Place) -> &std::path::Path {
        self.files.get(place.file).map_or(std::path::Path::new(""), PathBuf::as_path)
    }

    /// Other words for stretches of `text`, in its order; `context` is what was said around it and helps to choose senses.
    pub fn expand(&self, text: &str, context: Option<&str>) -> Vec<Expansion> {
        let judged = self.judge(text, context, false);
        let mut found = Vec::new();
        for one in &judged {
            for verdict in one.verdicts.iter().filter(|verdict| verdict.reason.is_taken()) {
                let link = self.links().link(verdict.link);
                let surface = text.get(one.from.clone()).unwrap_or_default();
                let terms = terms(&link.to);
                let again = |before: &Expansion| before.surface.eq_ignore_ascii_case(surface) && before.to == *link.to;
                if terms.is_empty() || found.iter().any(again) {
                    continue;
                }
                found.push(Expansion {
                    from: one.from.clone(),
                    surface: surface.to_owned(),
                    to: link.to.to_string(),
                    terms,
                    kind: link.kind,
                    weight: verdict.weight,
                });
            }
        }
        if found.len() > MOST_EXPANSIONS {
            found.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.from.start.cmp(&b.from.start)));
            found.truncate(MOST_EXPANSIONS);
        }
        found.sort_by(|a, b| a.from.start.cmp(&b.from.start).then(b.weight.total_cmp(&a.weight)));
        found
    }

    /// Every row that `text` touches, and why each was taken or left.
    pub fn explain(&self, text: &str, context: Option<&str>) -> Vec<Explained> {
        let judged = self.judge(text, context, true);
        let told = |one: Judged| {
            let considered = one.verdicts.into_iter().map(|verdict| {
                let link = self.links().link(verdict.link);
                let place = self.rows()[link.row as usize].place;
                let (kind, to) = (link.kind, link.to.to_string());
                Considered { place, kind, to, weight: verdict.weight, reason: verdict.reason }
            });
            let surface = text.get(one.from.clone()).unwrap_or_default().to_owned();
            Explained { considered: considered.collect(), surface, from: one.from }
        };
        judged.into_iter().map(told).collect()
    }

    fn judge(&self, text: &str, context: Option<&str>, all: bool) -> Vec<Judged> {
        judge::judge(self.rows(), self.links(), text, context, all)
    }
}

/// Search terms of other words, without stop words and each once.
fn terms(words: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for term in language::terms(words) {
        if !is_stop_word(&term.text) && !found.contains(&term.text) {
            found.push(term.text);
        }
    }
    found
}

fn digest(extra: &[Import]) -> Option<String> {
    if extra.is_empty() {
        return None;
    }
    let mut hasher = Sha256::new();
    for import in extra {
        hasher.update(format!("{}\n", import.sha256));
    }
    Some(crate::corpus::hex(&hasher.finalize()))
}

#[cfg(test)]
mod tests;
