//! Documents and snapshots, as the API lists them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::corpus::{Currency, Day, Notice, Standing, VersionFacts, confirmed_until};
use crate::index::{Entry, Manifest, Reading, Snapshot};

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
    /// How far that can be trusted on the day: `confirmed`, `update_in_progress`, `living`, `draft`, `withdrawn`,
    /// `legally_contested` or `unknown`; `null` for a superseded edition.
    #[schema(example = "confirmed")]
    pub currency: Option<&'static str>,
    /// The currency in words, where it calls for a second look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caution: Option<String>,
    /// Editions that it replaces.
    pub supersedes: Vec<String>,
    /// The edition that replaces it.
    pub superseded_by: Option<String>,
    /// Versions that hold the same edition: the guideline's own words, or a summary of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub same_edition: Vec<String>,
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
    /// The last day on which that comparison counts, by the publisher's cadence.
    pub confirmed_until: Option<String>,
    /// What the publisher, or an authority above it, says about the edition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<NoticeView>,
    /// Whom the document is about.
    pub population: Option<String>,
}

/// A dated observation about an edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoticeView {
    /// `update_in_progress`, `living`, `draft` or `legally_contested`.
    #[schema(example = "living")]
    pub kind: &'static str,
    /// The first day on which it held.
    pub since: Option<String>,
    /// The last day on which it held.
    pub until: Option<String>,
    /// The page that says so.
    pub source: Option<String>,
}

impl From<&Notice> for NoticeView {
    fn from(notice: &Notice) -> NoticeView {
        NoticeView {
            kind: super::notice(notice.kind),
            since: notice.since.map(|day| day.to_string()),
            until: notice.until.map(|day| day.to_string()),
            source: notice.source.clone(),
        }
    }
}

impl DocumentView {
    /// The outside form of a version, judged on `day`.
    pub fn of(snapshot: &Snapshot, facts: &VersionFacts, day: impl Into<Day>) -> DocumentView {
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
            currency: standing.currency.map(super::currency),
            caution: standing.currency.and_then(|currency| caution(facts, currency)),
            supersedes: snapshot.catalogue().predecessors(&facts.id).into_iter().map(ToString::to_string).collect(),
            superseded_by: standing.successor.as_ref().map(ToString::to_string),
            same_edition: snapshot.catalogue().same_edition(&facts.id).map(ToString::to_string).collect(),
            licence: facts.licence.clone(),
            tier: super::tier(facts.tier),
            text_storage: super::text_storage(facts.text_storage),
            url: facts.url.clone(),
            pack: facts.pack.clone(),
            last_checked: facts.last_checked.map(|date| date.to_string()),
            confirmed_until: confirmed_until(facts).map(|date| date.to_string()),
            notices: facts.notices.iter().map(NoticeView::from).collect(),
            population: facts.population.clone(),
        }
    }
}

/// A currency in words, where it calls for a second look.
pub fn caution(facts: &VersionFacts, currency: Currency) -> Option<String> {
    Some(match (currency, facts.last_checked) {
        (Currency::Confirmed | Currency::Withdrawn, _) => return None,
        (Currency::UpdateInProgress, _) => "the publisher is preparing a new edition".to_owned(),
        (Currency::Draft, _) => "a draft, not in force".to_owned(),
        (Currency::LegallyContested, _) => "contested before a court or between authorities".to_owned(),
        (Currency::Living, Some(day)) => {
            format!("a living guideline, last compared with the publisher's page on {day}")
        }
        (Currency::Living, None) => "a living guideline".to_owned(),
        (Currency::Unknown, Some(day)) => {
            format!("currency unknown: last compared with the publisher's page on {day}")
        }
        (Currency::Unknown, None) => "currency unknown: never compared with the publisher's page".to_owned(),
    })
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
