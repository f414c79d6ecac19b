//! How well documents are read, measured against what a careful reader found on their pages.
//!
//! [`gold`] is what was found by eye, one file a document. A page's text, headings, passages and table rows are taken
//! from the [`Document`] as every other part of the program gets it, and compared as words (NFKC, lower case, parted at
//! everything that is neither letter nor digit; `≥ ≤ < > %` count). What each figure counts is told at [`Figure`].
//!
//! Pages of the split `held` are counted like the others, but nothing of them is ever told but figures.

mod figure;
pub mod gold;
mod page;
mod row;
mod score;
mod words;

use std::io::Read as _;
use std::path::Path;

use super::bootstrap_share;
use crate::corpus::{Corpus, Format, Version};
use crate::document::{self, Document};
use crate::passage::passages;

pub use figure::{Figure, Figures, Tally};
use gold::{GoldDocument, Split};

/// How one document's bytes are read: in a child process in the program, in place in tests.
pub type ReadBytes<'a> = dyn Fn(Format, &[u8]) -> Result<Document, document::Error> + 'a;

/// One page's figures.
#[derive(Clone, Debug)]
pub struct PageScore {
    /// Whether it may be looked at.
    pub split: Split,
    /// What was counted.
    pub figures: Figures,
    /// What was missed, a line each; of a held page always empty.
    pub misses: Vec<String>,
}

/// One document's figures.
#[derive(Clone, Debug)]
pub struct DocumentScore {
    /// The content file's stem.
    pub document: String,
    /// Its pages, in the gold's order.
    pub pages: Vec<PageScore>,
}

/// A document of the gold that was not measured, or was found empty.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// The content file's stem.
    pub document: String,
    /// What is the matter.
    pub reason: String,
}

/// The figures of one run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Documents that were measured, in the gold's order.
    pub documents: Vec<DocumentScore>,
    /// Documents that are not there, or are not the ones that were looked at.
    pub skipped: Vec<Trouble>,
    /// Documents that were measured, but that the reader refused or in which a page was not found: all that stands
    /// there counts as missed.
    pub unread: Vec<Trouble>,
}

/// A figure over some pages.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// Counts over all pages.
    pub tally: Tally,
    /// 95 % bootstrap interval, pages drawn whole.
    pub interval: (f64, f64),
}

impl Report {
    /// The pages of a split, or of both.
    pub fn pages(&self, split: Option<Split>) -> Vec<&PageScore> {
        let pages = self.documents.iter().flat_map(|document| &document.pages);
        pages.filter(|page| split.is_none_or(|split| split == page.split)).collect()
    }
}

/// One figure over pages: summed counts, and their interval.
pub fn summary(pages: &[&PageScore], figure: Figure) -> Summary {
    let total: Figures = pages.iter().map(|page| &page.figures).sum();
    let counts = pages.iter().map(|page| page.figures.get(figure)).map(|tally| (tally.hit, tally.of));
    Summary { tally: total.get(figure), interval: bootstrap_share(&counts.collect::<Vec<_>>()) }
}

/// Reads each document of the gold from the corpus and compares its pages of a split, or of both.
pub fn measure(gold: &[GoldDocument], corpus: &Corpus, split: Option<Split>, read: &ReadBytes<'_>) -> Report {
    let mut report = Report::default();
    for wanted in gold {
        match content(corpus, wanted) {
            Ok((version, format, bytes)) => compare(wanted, version, read(format, &bytes), split, &mut report),
            Err(reason) => report.skipped.push(Trouble { document: wanted.document.clone(), reason }),
        }
    }
    report
}

/// The bytes that were looked at, or why there are none.
fn content<'a>(corpus: &'a Corpus, gold: &GoldDocument) -> Result<(&'a Version, Format, Vec<u8>), String> {
    let is_its = |version: &&Version| {
        let stem = version.content.as_deref().and_then(Path::file_stem);
        stem.is_some_and(|stem| stem.to_str() == Some(gold.document.as_str()))
    };
    let version = corpus.versions.iter().find(is_its).ok_or("it is not in the corpus")?;
    if let Some(reason) = &version.rejected {
        return Err(reason.clone());
    }
    if version.facts.sha256.as_deref() != Some(gold.sha256.to_lowercase().as_str()) {
        return Err("it is not the file that was looked at: its sha256 is another".to_owned());
    }
    let unreadable = |error| format!("the file cannot be read: {error}");
    let (format, mut file) = version.open().map_err(unreadable)?.ok_or("its licence keeps its text out")?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    Ok((version, format, bytes))
}

fn compare(
    gold: &GoldDocument,
    version: &Version,
    read: Result<Document, document::Error>,
    split: Option<Split>,
    report: &mut Report,
) {
    let mut trouble = |reason: String| report.unread.push(Trouble { document: gold.document.clone(), reason });
    let document = read.unwrap_or_else(|error| {
        trouble(error.to_string());
        Document::default()
    });
    let passages = passages(&document, &version.facts);
    let mut pages = Vec::new();
    for page in gold.pages.iter().filter(|page| split.is_none_or(|split| split == page.split)) {
        let found = page::find(&document, &passages, page).unwrap_or_else(|| {
            trouble(if page.split == Split::Held {
                "a held page was not found".to_owned()
            } else {
                format!("{page} was not found")
            });
            page::Found::default()
        });
        let mut figures = Figures::default();
        let mut misses = score::score(page, &found, &mut figures);
        for miss in &mut misses {
            *miss = format!("{} {page} {miss}", gold.document);
        }
        if page.split == Split::Held {
            misses.clear();
        }
        pages.push(PageScore { split: page.split, figures, misses });
    }
    if !pages.is_empty() {
        report.documents.push(DocumentScore { document: gold.document.clone(), pages });
    }
}
