//! Two versions compared, as the API and `corpus diff --json` give it.

use serde::Serialize;
use utoipa::ToSchema;

use super::passage::{DIGEST_NOTICE, GradeView};
use crate::corpus::{Tier, VersionFacts};
use crate::passage::{Grade, Passage, PassageKind};
use crate::revision::{Change, Counts, Difference, Fate, Piece, Revision, StatementKind};

/// One of the two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EditionView {
    /// The document.
    #[schema(example = "uspstf-breast-screening")]
    pub id: String,
    /// The edition.
    #[schema(example = "2016")]
    pub version: String,
    /// Title of this edition.
    pub title: Option<String>,
    /// Who issued it.
    pub publisher: Option<String>,
    /// Date of publication, as exactly as it is known.
    pub published: Option<String>,
    /// `primary` for the guideline's own words, `digest` for a summary in ours.
    #[schema(example = "digest")]
    pub tier: &'static str,
    /// The publisher's page.
    pub url: Option<String>,
    /// Said where the words are not the guideline's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<&'static str>,
}

impl From<&VersionFacts> for EditionView {
    fn from(facts: &VersionFacts) -> EditionView {
        EditionView {
            id: facts.id.document().to_string(),
            version: facts.id.version().to_owned(),
            title: facts.title.clone(),
            publisher: facts.publisher.clone(),
            published: facts.published.map(|published| published.to_string()),
            tier: super::tier(facts.tier),
            url: facts.url.clone(),
            notice: (facts.tier == Tier::Digest).then_some(DIGEST_NOTICE),
        }
    }
}

/// A statement of one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EditionStatementView {
    /// Its passage.
    #[schema(example = "uspstf-breast-screening@2016#rec-1")]
    pub id: String,
    /// Its words.
    pub quote: String,
    /// Headings above it, the outermost first.
    pub section: Vec<String>,
    /// The title of the table of a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Where in the original a digest's statement stands, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Grade as printed.
    pub grade: Option<GradeView>,
    /// `for`, `against`, `either` or `insufficient`.
    pub direction: Option<&'static str>,
}

impl From<&Passage> for EditionStatementView {
    fn from(passage: &Passage) -> EditionStatementView {
        EditionStatementView {
            id: passage.id.to_string(),
            quote: passage.text().to_owned(),
            section: passage.path.clone(),
            table: passage.lead.clone().filter(|_| passage.kind == PassageKind::TableRow),
            place: passage.place.clone(),
            grade: passage.grade.as_ref().map(GradeView::from),
            direction: passage.direction.map(super::direction),
        }
    }
}

/// One way in which the two forms of a statement differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DifferenceView {
    /// The words. All pieces but the removed ones are the new wording.
    Wording {
        /// The words, old and new in one row.
        pieces: Vec<Piece>,
    },
    /// The printed grade.
    Grade {
        /// As the old version prints it.
        old: Option<Box<GradeView>>,
        /// As the new version prints it.
        new: Option<Box<GradeView>>,
    },
    /// A number.
    Number {
        /// As the old version prints it, with its unit.
        old: Option<String>,
        /// As the new version prints it.
        new: Option<String>,
        /// The change in one line.
        #[schema(example = "50 years → 40 years")]
        says: String,
    },
    /// Which way it points.
    Direction {
        /// In the old version.
        old: Option<&'static str>,
        /// In the new version.
        new: Option<&'static str>,
    },
    /// Whom it is about.
    Population {
        /// In the old version's words.
        old: Option<String>,
        /// In the new version's words.
        new: Option<String>,
    },
}

impl From<&Difference> for DifferenceView {
    fn from(difference: &Difference) -> DifferenceView {
        match difference {
            Difference::Wording(pieces) => DifferenceView::Wording { pieces: pieces.clone() },
            Difference::Grade { old, new } => {
                let grade = |grade: Option<&Grade>| grade.map(|grade| Box::new(GradeView::from(grade)));
                DifferenceView::Grade { old: grade(old.as_deref()), new: grade(new.as_deref()) }
            }
            Difference::Number(change) => {
                DifferenceView::Number { old: change.old.clone(), new: change.new.clone(), says: change.says.clone() }
            }
            Difference::Direction { old, new } => {
                DifferenceView::Direction { old: old.map(super::direction), new: new.map(super::direction) }
            }
            Difference::Population { old, new } => DifferenceView::Population { old: old.clone(), new: new.clone() },
        }
    }
}

/// The statement of the other version that is most like one without a counterpart.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NearestView {
    /// Its passage.
    pub id: String,
    /// How alike they are, of 1.
    pub likeness: f64,
}

/// One statement of either version or of both.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StatementChangeView {
    /// `recommendation`, `fact`, `table_row` or `passage` (running text, a list, a note).
    pub kind: &'static str,
    /// `added`, `removed`, `changed` or `unchanged`.
    pub fate: &'static str,
    /// Its form in the old version.
    pub old: Option<EditionStatementView>,
    /// Its form in the new version.
    pub new: Option<EditionStatementView>,
    /// How alike the two forms are, of 1: by words, place and printed number.
    pub likeness: Option<f64>,
    /// How they differ.
    pub differences: Vec<DifferenceView>,
    /// For a statement without a counterpart, the most like one: into it, or out of it, it may have been joined or split.
    pub nearest: Option<NearestView>,
}

impl From<&Change<'_>> for StatementChangeView {
    fn from(change: &Change<'_>) -> StatementChangeView {
        StatementChangeView {
            kind: statement_kind(change.kind),
            fate: fate(change.fate),
            old: change.old.map(EditionStatementView::from),
            new: change.new.map(EditionStatementView::from),
            likeness: change.likeness.map(rounded),
            differences: change.differences.iter().map(DifferenceView::from).collect(),
            nearest: change
                .nearest
                .as_ref()
                .map(|near| NearestView { id: near.id.to_string(), likeness: rounded(near.likeness) }),
        }
    }
}

/// Two versions compared, statement by statement.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DiffView {
    /// The old version.
    pub from: EditionView,
    /// The new version.
    pub to: EditionView,
    /// How many recommendations had which fate.
    pub recommendations: Counts,
    /// How many facts of digests had which fate.
    pub facts: Counts,
    /// How many rows of tables had which fate, those that recommend aside.
    pub table_rows: Counts,
    /// How many other passages had which fate.
    pub passages: Counts,
    /// Every recommendation and fact once; table rows that changed, came or went; other passages in which a number changed,
    /// came or went. Kind by kind in the new version's order, a removed one after what stood before it.
    pub changes: Vec<StatementChangeView>,
    /// Whether a version has more statements than are compared.
    pub cut_short: bool,
}

impl DiffView {
    /// The outside form of a comparison.
    pub fn of(from: &VersionFacts, to: &VersionFacts, revision: &Revision<'_>) -> DiffView {
        DiffView {
            from: EditionView::from(from),
            to: EditionView::from(to),
            recommendations: revision.counts(StatementKind::Recommendation),
            facts: revision.counts(StatementKind::Fact),
            table_rows: revision.counts(StatementKind::TableRow),
            passages: revision.counts(StatementKind::Passage),
            changes: revision.changes.iter().filter(listed).map(StatementChangeView::from).collect(),
            cut_short: revision.cut_short,
        }
    }
}

/// Whether a statement is listed: of a long document's text only what an editor has to look at.
fn listed(change: &&Change<'_>) -> bool {
    matches!(change.kind, StatementKind::Recommendation | StatementKind::Fact) || change.of_note
}

fn statement_kind(kind: StatementKind) -> &'static str {
    match kind {
        StatementKind::Recommendation => "recommendation",
        StatementKind::Fact => "fact",
        StatementKind::TableRow => "table_row",
        StatementKind::Passage => "passage",
    }
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Added => "added",
        Fate::Removed => "removed",
        Fate::Changed => "changed",
        Fate::Unchanged => "unchanged",
    }
}

/// Four decimals, as scores have.
fn rounded(figure: f64) -> f64 {
    (figure * 10_000.0).round() / 10_000.0
}
