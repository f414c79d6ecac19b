//! A whole edition as a page shows it: sections, blocks and page marks, and which words belong to which passage.
//!
//! Plain data and no markup. Text that may not be shown in full never gets in here: [`Held::Withheld`] has none.

use serde::Serialize;

use super::citation::original_url;
use super::document::DocumentView;
use super::passage::{DIGEST_NOTICE, GradeView};
use crate::corpus::{TextStorage, Tier, VersionFacts, VersionId};
use crate::document::{Block, BlockKind, Document, Page, Section};
use crate::index::{Entry, Error, Reading, Snapshot};
use crate::passage::{Grade, Passage, PassageKind};
use crate::span::Span;

/// A whole edition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReaderView {
    /// What is known of it.
    pub document: DocumentView,
    /// Said with every edition that is not the guideline's own words.
    pub notice: Option<&'static str>,
    /// The edition that replaces it, where the corpus holds that.
    pub successor: Option<DocumentView>,
    /// Where its PDF is, where it has one that may be shown.
    pub original: Option<String>,
    /// Its text, or why there is none.
    pub text: Held,
}

/// The text of an edition, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Held {
    /// The whole text.
    Whole {
        /// Sections in reading order.
        sections: Vec<SectionView>,
    },
    /// The licence does not let the whole text be shown.
    Withheld,
    /// The corpus holds no text.
    NotStored,
    /// The file could not be read.
    Rejected {
        /// Why.
        reason: String,
    },
}

/// A run of blocks under one heading.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SectionView {
    /// The section's own heading; `None` before the first.
    pub heading: Option<String>,
    /// How deep the heading stands, from 1.
    pub level: usize,
    /// The page that begins at the heading.
    pub page: Option<String>,
    /// Blocks in reading order.
    pub blocks: Vec<BlockView>,
}

/// A paragraph, list item or table row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BlockView {
    /// `paragraph`, `boxed`, `list_item`, `table_row`, `caption` or `footnote`.
    pub kind: &'static str,
    /// Printed number of a list item.
    pub number: Option<String>,
    /// Its words, parted where passages and pages begin.
    pub runs: Vec<RunView>,
    /// What qualifies the recommendation that begins here.
    pub note: Option<NoteView>,
}

/// Words that belong to one passage and one page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunView {
    /// The words.
    pub text: String,
    /// The passage's part of its id, e.g. `rec-1`.
    pub passage: Option<String>,
    /// Whether the passage begins here.
    pub opens: bool,
    /// The page that begins here.
    pub page: Option<String>,
}

/// What qualifies a recommendation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoteView {
    /// Grade as printed.
    pub grade: Option<GradeView>,
    /// Which way it recommends.
    pub direction: Option<&'static str>,
    /// Whom it is about, in the document's words.
    pub population: Option<String>,
    /// Where in the original a digest's statement stands.
    pub place: Option<String>,
}

impl ReaderView {
    /// The edition with this id as the snapshot has it; `None` where it has none.
    ///
    /// # Errors
    /// [`Error`] where the stored text cannot be read.
    pub fn of(snapshot: &Snapshot, id: &VersionId) -> Result<Option<ReaderView>, Error> {
        let Some(entry) = snapshot.entry(id) else { return Ok(None) };
        let standing = snapshot.catalogue().standing(id, None);
        let successor = standing.successor.as_ref().and_then(|successor| snapshot.entry(successor));
        Ok(Some(ReaderView {
            document: DocumentView::with(snapshot, &entry.facts, &standing),
            notice: (entry.facts.tier == Tier::Digest).then_some(DIGEST_NOTICE),
            successor: successor.map(|entry| DocumentView::of(snapshot, &entry.facts, None)),
            original: original_url(entry, None),
            text: held(snapshot, entry)?,
        }))
    }
}

fn held(snapshot: &Snapshot, entry: &Entry) -> Result<Held, Error> {
    let VersionFacts { id, text_storage, .. } = &entry.facts;
    if *text_storage != TextStorage::Full {
        return Ok(Held::Withheld);
    }
    if let Some(Reading::Rejected { reason, .. }) = &entry.reading {
        return Ok(Held::Rejected { reason: reason.clone() });
    }
    let Some(document) = snapshot.document(id)? else { return Ok(Held::NotStored) };
    let passages = snapshot.passages(id)?;
    let mut cutter = Cutter { document: &document, passages: &passages, pages: &document.pages };
    Ok(Held::Whole { sections: document.sections.iter().filter_map(|section| cutter.section(section)).collect() })
}

/// Walks a document once from its start; pages are taken off the front as they are passed.
struct Cutter<'a> {
    document: &'a Document,
    passages: &'a [Passage],
    pages: &'a [Page],
}

impl Cutter<'_> {
    fn section(&mut self, section: &Section) -> Option<SectionView> {
        if section.heading.is_none() && section.blocks.is_empty() {
            return None;
        }
        let page = section.heading.and_then(|heading| self.page_at(heading.start()));
        Some(SectionView {
            heading: section.heading.map(|heading| self.document.text.slice_clamped(heading).to_owned()),
            level: section.path.len().max(1),
            page,
            blocks: section.blocks.iter().map(|block| self.block(block)).collect(),
        })
    }

    fn block(&mut self, block: &Block) -> BlockView {
        let within = overlapping(self.passages, block.span);
        let mut seams: Vec<usize> = within.iter().flat_map(|one| [one.span().start(), one.span().end()]).collect();
        seams.extend(self.pages.iter().map(|page| page.start).take_while(|start| *start < block.span.end()));
        seams.extend([block.span.start(), block.span.end()]);
        seams.retain(|seam| (block.span.start()..=block.span.end()).contains(seam));
        seams.sort_unstable();
        seams.dedup();
        let runs = seams.windows(2).filter_map(|ends| self.run(within, Span::new(*ends.first()?, *ends.get(1)?)));
        let runs = runs.collect();
        let opening = within.iter().find(|one| block.span.contains(Span::new(one.span().start(), one.span().start())));
        let (kind, number) = kind(&block.kind);
        BlockView { kind, number, runs, note: opening.and_then(note) }
    }

    fn run(&mut self, within: &[Passage], span: Span) -> Option<RunView> {
        let passage = within.iter().find(|passage| passage.span().contains(span));
        Some(RunView {
            text: self.document.text.slice(span)?.to_owned(),
            passage: passage.map(|passage| passage.id.part().to_owned()),
            opens: passage.is_some_and(|passage| passage.span().start() == span.start()),
            page: self.page_at(span.start()),
        })
    }

    /// The pages that begin at or before a place and have not been marked yet.
    fn page_at(&mut self, point: usize) -> Option<String> {
        let begun = self.pages.partition_point(|page| page.start <= point);
        let (begun, rest) = self.pages.split_at(begun);
        self.pages = rest;
        begun.last().map(|page| page.label.clone().unwrap_or_else(|| (page.index + 1).to_string()))
    }
}

/// Passages that share words with a range; they stand in reading order and do not overlap.
fn overlapping(passages: &[Passage], span: Span) -> &[Passage] {
    let from = passages.partition_point(|passage| passage.span().end() <= span.start());
    let rest = passages.get(from..).unwrap_or_default();
    rest.get(..rest.partition_point(|passage| passage.span().start() < span.end())).unwrap_or_default()
}

fn kind(kind: &BlockKind) -> (&'static str, Option<String>) {
    match kind {
        BlockKind::Paragraph => ("paragraph", None),
        BlockKind::Boxed => ("boxed", None),
        BlockKind::ListItem { number, .. } => ("list_item", number.clone()),
        BlockKind::TableRow { .. } => ("table_row", None),
        BlockKind::Caption => ("caption", None),
        BlockKind::Footnote => ("footnote", None),
    }
}

fn note(passage: &Passage) -> Option<NoteView> {
    let population = passage.population.as_ref().and_then(|population| population.words.clone());
    let recommends = passage.kind == PassageKind::Recommendation;
    // A grade that stands among the words needs no saying again; a bare letter is no word.
    let said = |grade: &&Grade| grade.verbatim.chars().count() > 3 && passage.text().contains(&grade.verbatim);
    let note = NoteView {
        grade: passage.grade.as_ref().filter(|grade| !said(grade)).map(GradeView::from),
        direction: passage.direction.filter(|_| recommends).map(super::direction),
        population,
        place: passage.place.clone(),
    };
    (note.grade.is_some() || note.population.is_some() || note.place.is_some()).then_some(note)
}
