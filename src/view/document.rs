//! Documents and snapshots, as the API lists them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::corpus::{Standing, VersionFacts};
use crate::index::{Entry, Manifest, Reading, Snapshot};
use jiff::civil::Date;

/// One version of a document.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DocumentView {
    /// The document.
    #[schema(example = "uspstf-breast-screening")]
    pub id: String,
    /// The edition.
    #[schema(example = "2024")]
    pub version: String,
    /// Title of this edition.
    pub title: Option<String>,
    /// Who issued it.
    pub publisher: Option<String>,
    /// Year of publication.
    pub year: Option<i16>,
    /// Date of publication, as exactly as it is known.
    pub published: Option<String>,
    /// Where it applies.
    pub jurisdiction: Option<String>,
    /// `current`, `superseded` or `retired`, on the day of the request.
    #[schema(example = "current")]
    pub status: &'static str,
    /// Editions that it replaces.
    pub supersedes: Vec<String>,
    /// The edition that replaces it.
    pub superseded_by: Option<String>,
    /// Licence of the stored text.
    pub licence: Option<String>,
    /// `primary` for the guideline's own words, `digest` for a summary in ours.
    #[schema(example = "primary")]
    pub tier: &'static str,
    /// How much text may be kept: `full`, `quote` or `link_only`.
    pub text_storage: &'static str,
    /// The publisher's page.
    pub url: Option<String>,
    /// The pack that holds it.
    pub pack: Option<String>,
    /// Day on which somebody last compared the record with the publisher's page.
    pub last_checked: Option<String>,
    /// Whom the document is about.
    pub population: Option<String>,
}

impl DocumentView {
    /// The outside form of a version, judged on `day`.
    pub fn of(snapshot: &Snapshot, facts: &VersionFacts, day: Option<Date>) -> DocumentView {
        let standing = snapshot.catalogue().standing(&facts.id, day);
        DocumentView::with(snapshot, facts, &standing)
    }

    /// The same where the standing is known already.
    pub fn with(snapshot: &Snapshot, facts: &VersionFacts, standing: &Standing) -> DocumentView {
        let entry_title = || match snapshot.entry(&facts.id).and_then(|entry| entry.reading.as_ref()) {
            Some(Reading::Read { title, .. }) => title.clone(),
            _ => None,
        };
        DocumentView {
            id: facts.id.document().to_string(),
            version: facts.id.version().to_owned(),
            title: facts.title.clone().or_else(entry_title),
            publisher: facts.publisher.clone(),
            year: facts.published.map(|published| published.year()),
            published: facts.published.map(|published| published.to_string()),
            jurisdiction: facts.jurisdiction.clone(),
            status: super::status(standing.status),
            supersedes: snapshot.catalogue().predecessors(&facts.id).into_iter().map(ToString::to_string).collect(),
            superseded_by: standing.successor.as_ref().map(ToString::to_string),
            licence: facts.licence.clone(),
            tier: super::tier(facts.tier),
            text_storage: super::text_storage(facts.text_storage),
            url: facts.url.clone(),
            pack: facts.pack.clone(),
            last_checked: facts.last_checked.map(|date| date.to_string()),
            population: facts.population.clone(),
        }
    }
}

/// How the reading of a version went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReadingView {
    /// `read`, `rejected`, or `not_stored` for a source without stored text.
    #[schema(example = "read")]
    pub outcome: &'static str,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// Number of pages, where the format has pages.
    pub pages: usize,
    /// Number of passages.
    pub passages: usize,
    /// Number of passages that recommend.
    pub recommendations: usize,
    /// What could not be read or was left out.
    pub defects: Vec<String>,
}

impl From<&Entry> for ReadingView {
    fn from(entry: &Entry) -> ReadingView {
        let empty = ReadingView {
            outcome: "not_stored",
            reason: None,
            pages: 0,
            passages: 0,
            recommendations: 0,
            defects: Vec::new(),
        };
        match &entry.reading {
            None => empty,
            Some(Reading::Rejected { reason, .. }) => {
                ReadingView { outcome: "rejected", reason: Some(reason.clone()), ..empty }
            }
            Some(Reading::Read { pages, passages, recommendations, defects, .. }) => ReadingView {
                outcome: "read",
                pages: *pages,
                passages: *passages,
                recommendations: *recommendations,
                defects: defects.iter().map(ToString::to_string).collect(),
                ..empty
            },
        }
    }
}

/// A snapshot in the list of snapshots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SnapshotSummary {
    /// Its id.
    pub id: String,
    /// Digest of the corpus it was built from.
    pub corpus_sha256: String,
    /// When it was built.
    pub built_at: String,
    /// Versions with text.
    pub versions: usize,
    /// Passages.
    pub passages: usize,
    /// Whether it is the one in use.
    pub active: bool,
}

impl SnapshotSummary {
    /// The outside form of a manifest.
    pub fn of(manifest: &Manifest, active: bool) -> SnapshotSummary {
        SnapshotSummary {
            id: manifest.id.to_string(),
            corpus_sha256: manifest.corpus_sha256.clone(),
            built_at: manifest.built_at.clone(),
            versions: manifest.versions,
            passages: manifest.passages,
            active,
        }
    }
}
