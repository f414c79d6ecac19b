//! Sections to passages: the unit that is retrieved and cited.
//!
//! A passage is a recommendation, a paragraph, a list or a table row, at most about 250 words, never across a section.
//! Its quotation is cut from the stored text and from nowhere else, so a made-up one cannot be expressed. Whether it
//! *agrees* with a claim is not asked here: only what the document itself says counts.

mod cut;
mod grade;
mod locator;
mod population;
mod recommendation;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::corpus::{IdError, VersionFacts, VersionId, hex};
use crate::document::{Block, BlockKind, DefectKind, Document, Section};
use crate::span::Span;

pub use grade::{Direction, Grade};
pub use locator::{PageRef, Quote, text_fragment};
pub use population::{Ages, Population};

/// A passage of one version: `uspstf-aaa@2019#rec-1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PassageId {
    version: VersionId,
    part: String,
}

impl PassageId {
    /// The version that the passage stands in.
    pub fn version(&self) -> &VersionId {
        &self.version
    }

    /// The part after `#`: `rec-1` for a numbered recommendation, otherwise `p-` and a digest of heading path and text.
    pub fn part(&self) -> &str {
        &self.part
    }
}

/// Why a string names no passage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassageIdError {
    /// The part before `#` is no version.
    #[error(transparent)]
    Version(#[from] IdError),
    /// There is no proper part after `#`.
    #[error("{0:?} is no passage id: write document@version#part")]
    Part(String),
}

impl FromStr for PassageId {
    type Err = PassageIdError;

    fn from_str(text: &str) -> Result<PassageId, PassageIdError> {
        let fault = || PassageIdError::Part(text.chars().take(200).collect());
        let (version, part) = text.split_once('#').ok_or_else(fault)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if part.is_empty() || part.len() > 80 || !part.chars().all(allowed) {
            return Err(fault());
        }
        Ok(PassageId { version: version.parse()?, part: part.to_owned() })
    }
}

impl TryFrom<String> for PassageId {
    type Error = PassageIdError;

    fn try_from(text: String) -> Result<PassageId, PassageIdError> {
        text.parse()
    }
}

impl From<PassageId> for String {
    fn from(id: PassageId) -> String {
        id.to_string()
    }
}

impl fmt::Display for PassageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.version, self.part)
    }
}

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
    /// Whom it is about, where the document says so in a form that can be read safely.
    pub population: Option<Population>,
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
    let mut seen = BTreeMap::new();
    let mut found = Vec::new();
    for section in &document.sections {
        for piece in cut::pieces(document, section) {
            let Some(passage) = passage(document, facts, section, &piece, &doubtful, &mut seen) else { continue };
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
        population: None,
        place: None,
        low_trust: false,
    })
}

fn passage(
    document: &Document,
    facts: &VersionFacts,
    section: &Section,
    piece: &cut::Piece<'_>,
    doubtful: &BTreeSet<usize>,
    seen: &mut BTreeMap<String, String>,
) -> Option<Passage> {
    let quote = Quote::cut(&document.text, piece.span)?;
    let attributes = piece.first().map(|block| &block.attributes);
    let stated = |name: &str| attributes.and_then(|attributes| attributes.get(name)).map(String::as_str);
    let lead =
        piece.lead.filter(|lead| !piece.span.contains(*lead)).map(|lead| document.text.slice_clamped(lead).to_owned());
    let introduced = lead.as_deref().unwrap_or_default();
    let part = part(section, piece, quote.text(), introduced, stated("direction").is_some(), seen)?;
    let grade =
        grade::read(quote.text(), &section.path, facts.grade_system.as_deref(), stated("grade"), stated("certainty"))
            .map(|grade| grade::dated(grade, facts.published));
    let direction = stated("direction")
        .and_then(Direction::named)
        .or_else(|| grade.as_ref().and_then(|grade| grade.direction))
        .or_else(|| recommendation::direction(quote.text()));
    let kind =
        kind(piece, quote.text(), direction.is_some() && attributes.is_some_and(|a| !a.is_empty()), grade.is_some());
    let recommends = kind == PassageKind::Recommendation;
    let page =
        document.page_at(piece.span.start()).map(|page| PageRef { index: page.index, label: page.label.clone() });
    let last = document.page_at(piece.span.end().saturating_sub(1)).map_or(0, |page| page.index);
    let anchor = piece.first().and_then(|block| block.anchor.clone()).or_else(|| section.anchor.clone());
    Some(Passage {
        id: PassageId { version: facts.id.clone(), part },
        kind,
        path: section.path.clone(),
        lead,
        low_trust: page.as_ref().is_some_and(|page| doubtful.range(page.index..=last.max(page.index)).next().is_some()),
        page,
        anchor,
        direction: if recommends { direction } else { None },
        grade: grade.map(|grade| Grade { direction: grade.direction.or(direction), ..grade }).filter(|_| recommends),
        population: population::read(attributes),
        place: stated("locator").map(str::to_owned),
        quote,
    })
}

fn kind(piece: &cut::Piece<'_>, text: &str, stated: bool, graded: bool) -> PassageKind {
    let first = piece.first().map(|block| &block.kind);
    if stated || recommendation::recommends(text, graded, matches!(first, Some(BlockKind::Boxed))) {
        return PassageKind::Recommendation;
    }
    match first {
        Some(BlockKind::ListItem { .. }) => PassageKind::List,
        Some(BlockKind::TableRow { .. }) => PassageKind::TableRow,
        Some(BlockKind::Caption | BlockKind::Footnote) => PassageKind::Note,
        _ => PassageKind::Paragraph,
    }
}

/// The id's last part: the printed number of a recommendation where it is the first with it, a digest otherwise.
///
/// `None` for the same words under the same headings with the same introduction: that is one passage. An equal row of
/// another table, or an equal item of another list, is a passage of its own.
fn part(
    section: &Section,
    piece: &cut::Piece<'_>,
    text: &str,
    lead: &str,
    stated: bool,
    seen: &mut BTreeMap<String, String>,
) -> Option<String> {
    let number = match piece.first() {
        Some(Block { kind: BlockKind::ListItem { number: Some(number), .. }, .. }) if stated => Some(number.clone()),
        _ => recommendation::printed_number(text, section.path.last().map(String::as_str)),
    };
    let numbered = number.map(|number| format!("rec-{number}")).filter(|part| !seen.contains_key(part));
    let part = match numbered {
        Some(part) => part,
        None => {
            let plain = digest(section, text, "")?;
            match seen.get(&plain) {
                Some(other) if other == lead => return None,
                Some(_) => digest(section, text, lead).filter(|part| !seen.contains_key(part))?,
                None => plain,
            }
        }
    };
    seen.insert(part.clone(), lead.to_owned());
    Some(part)
}

/// `p-` and ten hexadecimal digits over headings, words and, where needed to tell two apart, the introduction.
fn digest(section: &Section, text: &str, lead: &str) -> Option<String> {
    let mut hasher = Sha256::new();
    for heading in &section.path {
        hasher.update(heading.as_bytes());
        hasher.update(b"\n");
    }
    hasher.update([0]);
    hasher.update(text.as_bytes());
    if !lead.is_empty() {
        hasher.update([0]);
        hasher.update(lead.as_bytes());
    }
    Some(format!("p-{}", hex(&hasher.finalize()).get(..10)?))
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
