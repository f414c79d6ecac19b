//! Sections to passages: the unit that is retrieved and cited.
//!
//! A passage is a recommendation, a paragraph, a list or a table row, at most about 250 words, never across a section.
//! Its quotation is cut from the stored text and from nowhere else, so a made-up one cannot be expressed. Whether it
//! *agrees* with a claim is not asked here: only what the document itself says counts.

mod cut;
mod direction;
mod grade;
mod group;
mod id;
mod imperative;
mod locator;
mod population;
mod recommendation;
mod report;
mod scope;
mod units;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::corpus::{VersionFacts, VersionId};
use crate::document::{BlockKind, DefectKind, Document, Section};
use crate::span::Span;
use recommendation::Setting;

pub use direction::Modality;
pub use grade::{Direction, Grade};
pub use group::Groups;
pub use id::{PassageId, PassageIdError};
pub use locator::{PageRef, Quote, text_fragment};
pub use population::{Ages, Population};

/// What a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassageKind {
    /// It recommends.
    Recommendation,
    /// Running text.
    Paragraph,
    /// A list, or some of its items.
    List,
    /// One row of a table, led by its column heads.
    TableRow,
    /// A caption or a note.
    Note,
}

/// A quotable piece of one version, with everything that locates and qualifies it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Its id.
    pub id: PassageId,
    /// What it is.
    pub kind: PassageKind,
    /// Its words, exactly as in the stored text.
    pub quote: Quote,
    /// Headings above it, the outermost first.
    pub path: Vec<String>,
    /// What it needs to be read with and does not itself contain: a list's introduction, a table's caption.
    pub lead: Option<String>,
    /// Where it stands in paged sources.
    pub page: Option<PageRef>,
    /// Fragment identifier in the source page.
    pub anchor: Option<String>,
    /// Grade as printed, where one is.
    pub grade: Option<Grade>,
    /// Which way it recommends.
    pub direction: Option<Direction>,
    /// How binding its verb is.
    #[serde(default)]
    pub modality: Option<Modality>,
    /// Whom it is about, where the document says so in a form that can be read safely.
    pub population: Option<Population>,
    /// Whom it does not cover: what it says itself, and what the document's scope says of all of it. Verbatim.
    #[serde(default)]
    pub exclusions: Vec<String>,
    /// Where in the original a digest's statement stands, in words.
    pub place: Option<String>,
    /// Whether the page it stands on could not be read in full.
    pub low_trust: bool,
}

/// Cuts a document into passages, in reading order.
///
/// Two passages with the same words under the same headings are one: a page that repeats itself gives no second id.
pub fn passages(document: &Document, facts: &VersionFacts) -> Vec<Passage> {
    let costly = document.defects.iter().filter(|defect| defect.kind.costs_trust());
    let doubtful: BTreeSet<usize> = costly.filter_map(|defect| defect.page).chain(rebuilt(document)).collect();
    let known = Known {
        document,
        facts,
        doubtful,
        scales: grade::Scales::of(facts.grade_system.as_deref(), document.text.as_str()),
        exclusions: scope::exclusions(document),
    };
    let mut seen = BTreeMap::new();
    let mut found = Vec::new();
    for section in &document.sections {
        for piece in cut::pieces(document, section, facts.publisher.as_deref()) {
            let Some(passage) = passage(&known, section, &piece, &mut seen) else { continue };
            found.push(passage);
        }
    }
    found
}

/// All pages of a file that had to be rebuilt: what is missing may have stood on any of them.
fn rebuilt(document: &Document) -> impl Iterator<Item = usize> {
    let rebuilt = document.defects.iter().any(|defect| defect.kind == DefectKind::Repaired);
    document.pages.iter().map(|page| page.index).filter(move |_| rebuilt)
}

/// What is known of a document once, for all of its passages.
struct Known<'a> {
    document: &'a Document,
    facts: &'a VersionFacts,
    /// Pages that could not be read in full.
    doubtful: BTreeSet<usize>,
    scales: grade::Scales,
    /// Whom the document leaves out.
    exclusions: Vec<String>,
}

/// A whole text as one passage, whatever its length: for measuring ranking on sets that come in units of their own.
pub fn passage_of_whole(document: &Document, version: &VersionId) -> Option<Passage> {
    let quote = Quote::cut(&document.text, Span::new(0, document.text.len()))?;
    Some(Passage {
        id: PassageId { version: version.clone(), part: "p-whole".to_owned() },
        kind: PassageKind::Paragraph,
        quote,
        path: Vec::new(),
        lead: None,
        page: None,
        anchor: None,
        grade: None,
        direction: None,
        modality: None,
        population: None,
        exclusions: Vec::new(),
        place: None,
        low_trust: false,
    })
}

fn passage(
    known: &Known<'_>,
    section: &Section,
    piece: &cut::Piece<'_>,
    seen: &mut BTreeMap<String, String>,
) -> Option<Passage> {
    let Known { document, facts, .. } = known;
    let quote = Quote::cut(&document.text, piece.span)?;
    let attributes = piece.first().map(|block| &block.attributes);
    let stated = |name: &str| attributes.and_then(|attributes| attributes.get(name)).map(String::as_str);
    let lead =
        piece.lead.filter(|lead| !piece.span.contains(*lead)).map(|lead| document.text.slice_clamped(lead).to_owned());
    let introduced = lead.as_deref().unwrap_or_default();
    let part = id::part(section, piece, quote.text(), introduced, stated("direction").is_some(), seen)?;
    let setting = Setting { path: &section.path, lead: lead.as_deref(), publisher: facts.publisher.as_deref() };
    let recommends = piece.advice || stated("direction").and_then(Direction::named).is_some();
    let read = || grade::read(quote.text(), &section.path, &known.scales, stated("grade"), stated("certainty"));
    let grade = recommends.then(read).flatten().map(|grade| grade::dated(grade, facts.published));
    let stated_direction = stated("direction").and_then(Direction::named);
    let worded = recommends.then(|| worded(piece, quote.text(), &setting)).flatten();
    let direction = stated_direction.or_else(|| agreed(grade.as_ref().and_then(|grade| grade.direction), worded));
    let page =
        document.page_at(piece.span.start()).map(|page| PageRef { index: page.index, label: page.label.clone() });
    let last = document.page_at(piece.span.end().saturating_sub(1)).map_or(0, |page| page.index);
    let anchor = piece.first().and_then(|block| block.anchor.clone()).or_else(|| section.anchor.clone());
    Some(Passage {
        id: PassageId { version: facts.id.clone(), part },
        kind: kind(piece, recommends),
        path: section.path.clone(),
        low_trust: page
            .as_ref()
            .is_some_and(|page| known.doubtful.range(page.index..=last.max(page.index)).next().is_some()),
        page,
        anchor,
        direction,
        modality: direction::modality(quote.text(), direction),
        grade: grade.map(|grade| Grade { direction: grade.direction.or(direction), ..grade }),
        population: population::read(attributes)
            .or_else(|| recommends.then(|| population::in_words(quote.text())).flatten()),
        exclusions: if recommends { exclusions(known, quote.text()) } else { Vec::new() },
        place: stated("locator").map(str::to_owned),
        lead,
        quote,
    })
}

/// The direction of a statement's words.
fn worded(piece: &cut::Piece<'_>, text: &str, setting: &Setting<'_>) -> Option<Direction> {
    match piece.first().map(|block| &block.kind) {
        Some(BlockKind::TableRow { .. }) => direction::of_row(text, setting),
        _ => direction::of(text, setting),
    }
}

/// The grade's direction and the words', where they do not speak against each other.
fn agreed(grade: Option<Direction>, words: Option<Direction>) -> Option<Direction> {
    match (grade, words) {
        (Some(Direction::For), Some(Direction::Against)) | (Some(Direction::Against), Some(Direction::For)) => None,
        (grade, words) => grade.or(words),
    }
}

/// Whom a statement does not cover: what it says itself, then what the document says of all its statements.
fn exclusions(known: &Known<'_>, text: &str) -> Vec<String> {
    scope::own(text).chain(known.exclusions.iter().cloned()).collect()
}

fn kind(piece: &cut::Piece<'_>, recommends: bool) -> PassageKind {
    if recommends {
        return PassageKind::Recommendation;
    }
    match piece.first().map(|block| &block.kind) {
        Some(BlockKind::ListItem { .. }) => PassageKind::List,
        Some(BlockKind::TableRow { .. }) => PassageKind::TableRow,
        Some(BlockKind::Caption | BlockKind::Footnote) => PassageKind::Note,
        _ => PassageKind::Paragraph,
    }
}

impl Passage {
    /// The span of its quotation in the stored text.
    pub fn span(&self) -> Span {
        self.quote.span()
    }

    /// Its quotation's words.
    pub fn text(&self) -> &str {
        self.quote.text()
    }
}

#[cfg(test)]
mod tests;
