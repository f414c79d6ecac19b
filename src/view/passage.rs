//! A passage with everything that locates and qualifies it.

use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::citation::{citation, reader_link, source_link};
use super::document::DocumentView;
use crate::corpus::{Standing, Tier, VersionFacts, hex};
use crate::index::Snapshot;
use crate::passage::{Grade, Modality, Passage, PassageKind, Population};

/// Where a passage stands.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LocatorView {
    /// Headings above it, the outermost first.
    pub section: Vec<String>,
    /// The page, where the source has pages.
    pub page: Option<PageView>,
    /// Where in the original a digest's statement stands, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// W3C Web Annotation selectors over the stored text.
    pub selectors: Vec<SelectorView>,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PageView {
    /// Position in the file, from 0.
    pub index: usize,
    /// Printed or declared label.
    pub label: Option<String>,
}

/// A W3C Web Annotation selector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "type")]
pub enum SelectorView {
    /// The words and what stands around them.
    TextQuoteSelector {
        /// The words.
        exact: String,
        /// Up to 32 code points before.
        prefix: String,
        /// Up to 32 code points after.
        suffix: String,
    },
    /// Code points in the stored text.
    TextPositionSelector {
        /// First code point.
        start: usize,
        /// One past the last.
        end: usize,
        /// Always `codepoint`.
        unit: &'static str,
    },
}

/// A grade as printed, with its system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GradeView {
    /// The grade system, e.g. `USPSTF`; grades of different systems have no common scale.
    pub system: Option<String>,
    /// Which edition of the system, where its letters changed their meaning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_version: Option<String>,
    /// The code in that system.
    pub code: String,
    /// `for`, `against`, `either` or `insufficient`.
    pub direction: Option<&'static str>,
    /// Strength in the system's words.
    pub strength: Option<String>,
    /// Certainty or level of evidence in the system's words.
    pub certainty: Option<String>,
    /// The printed words.
    pub verbatim: String,
}

impl From<&Grade> for GradeView {
    fn from(grade: &Grade) -> GradeView {
        GradeView {
            system: grade.system.clone(),
            system_version: grade.system_version.clone(),
            code: grade.code.clone(),
            direction: grade.direction.map(super::direction),
            strength: grade.strength.clone(),
            certainty: grade.certainty.clone(),
            verbatim: grade.verbatim.clone(),
        }
    }
}

/// Whom a passage is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PopulationView {
    /// In the document's words.
    pub words: Option<String>,
    /// Youngest and oldest age in years, each `null` where open.
    pub age: Option<[Option<u8>; 2]>,
    /// `female` or `male`.
    pub sex: Option<String>,
    /// Conditions that the person must have.
    pub conditions: Vec<String>,
}

impl From<&Population> for PopulationView {
    fn from(population: &Population) -> PopulationView {
        PopulationView {
            words: population.words.clone(),
            age: population.age.map(|(low, high)| [low, high]),
            sex: population.sex.clone(),
            conditions: population.conditions.clone(),
        }
    }
}

/// Links to a passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinksView {
    /// Groundline's reader, at the passage.
    pub reader: String,
    /// The publisher's page, at the passage where that is possible.
    pub source: Option<String>,
}

/// A passage with everything that locates and qualifies it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PassageView {
    /// Its id.
    #[schema(example = "uspstf-breast-screening@2024#rec-1")]
    pub id: String,
    /// `recommendation`, `paragraph`, `list`, `table_row` or `note`.
    pub kind: &'static str,
    /// Its words, exactly as in the stored text.
    pub quote: String,
    /// SHA-256 of the quotation's UTF-8 bytes, in hexadecimal.
    pub quote_sha256: String,
    /// What it needs to be read with and does not itself contain: a list's introduction, a table's caption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// Said with every passage that is not the guideline's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<&'static str>,
    /// The version it stands in.
    pub document: DocumentView,
    /// Where it stands.
    pub locator: LocatorView,
    /// Grade as printed.
    pub grade: Option<GradeView>,
    /// Which way it recommends, printed grade or not.
    pub direction: Option<&'static str>,
    /// How binding its verb is: `must`, `should`, `may`, `should_not` or `must_not`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modality: Option<&'static str>,
    /// Whom it is about.
    pub population: Option<PopulationView>,
    /// Whom it does not cover, verbatim: its own words, then the document's statement of scope.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<String>,
    /// Links to it.
    pub links: LinksView,
    /// A citation.
    pub citation: String,
}

/// Said with every digest.
pub const DIGEST_NOTICE: &str = "Summary in Groundline's words; the guideline's own text is on the publisher's page.";

impl PassageView {
    /// The outside form of a passage whose version stands so.
    pub fn of(snapshot: &Snapshot, passage: &Passage, standing: &Standing) -> PassageView {
        let bare = VersionFacts::bare(passage.id.version().clone());
        let facts = snapshot.entry(passage.id.version()).map_or(&bare, |entry| &entry.facts);
        PassageView {
            id: passage.id.to_string(),
            kind: kind(passage.kind),
            quote: passage.text().to_owned(),
            quote_sha256: hex(&Sha256::digest(passage.text().as_bytes())),
            lead: passage.lead.clone(),
            notice: (facts.tier == Tier::Digest).then_some(DIGEST_NOTICE),
            document: DocumentView::with(snapshot, facts, standing),
            locator: LocatorView::of(passage),
            grade: passage.grade.as_ref().map(GradeView::from),
            direction: passage.direction.map(super::direction),
            modality: passage.modality.map(Modality::name),
            population: passage.population.as_ref().map(PopulationView::from),
            exclusions: passage.exclusions.clone(),
            links: LinksView { reader: reader_link(&passage.id), source: source_link(facts, passage) },
            citation: citation(facts, passage),
        }
    }
}

impl LocatorView {
    /// Where a passage stands.
    pub fn of(passage: &Passage) -> LocatorView {
        let span = passage.span();
        LocatorView {
            section: passage.path.clone(),
            page: passage.page.as_ref().map(|page| PageView { index: page.index, label: page.label.clone() }),
            place: passage.place.clone(),
            selectors: vec![
                SelectorView::TextQuoteSelector {
                    exact: passage.text().to_owned(),
                    prefix: passage.quote.prefix().to_owned(),
                    suffix: passage.quote.suffix().to_owned(),
                },
                SelectorView::TextPositionSelector { start: span.start(), end: span.end(), unit: "codepoint" },
            ],
        }
    }
}

fn kind(kind: PassageKind) -> &'static str {
    match kind {
        PassageKind::Recommendation => "recommendation",
        PassageKind::Paragraph => "paragraph",
        PassageKind::List => "list",
        PassageKind::TableRow => "table_row",
        PassageKind::Note => "note",
    }
}
