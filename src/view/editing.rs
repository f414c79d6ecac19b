//! What editors ask of a corpus, and what becomes of it: changes planned and made.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::corpus::{EventView, place};
use crate::corpus::edit::{Adding, Addition, Plan};
use crate::corpus::history::{Bytes, Change, Done, Event};
use crate::corpus::{Corpus, Pack};

/// Says that an edition replaces another.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupersedeRequest {
    /// The edition that is replaced, as document@version.
    #[schema(example = "uspstf-aaa@2014", max_length = 241)]
    pub old: String,
    /// The edition that replaces it.
    #[schema(example = "uspstf-aaa@2019", max_length = 241)]
    pub new: String,
    /// A remark for the log.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// Says that an edition was withdrawn without a successor.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetireRequest {
    /// The edition, as document@version.
    #[schema(example = "uspstf-aaa@2014", max_length = 241)]
    pub version: String,
    /// Why.
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
}

/// Says that editions were compared with their publishers' pages today.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckedRequest {
    /// The editions, as document@version.
    #[schema(example = json!(["uspstf-aaa@2019"]), min_items = 1, max_items = 500)]
    pub versions: Vec<String>,
}

/// Says what a publisher, or an authority above it, says about an edition.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeRequest {
    /// The edition, as document@version.
    #[schema(example = "uspstf-aaa@2019", max_length = 241)]
    pub version: String,
    /// `update_in_progress`, `living`, `draft` or `legally_contested`.
    #[schema(example = "update_in_progress")]
    pub kind: String,
    /// The first day on which it holds.
    #[schema(format = Date, example = "2026-01-31")]
    pub since: Option<String>,
    /// The last day on which it holds.
    #[schema(format = Date)]
    pub until: Option<String>,
    /// The page that says so.
    #[schema(max_length = 2000)]
    pub source: Option<String>,
}

/// A step of a change, as a dry run shows it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PlannedView {
    /// What would be logged: `add`, `supersede`, `retire`, `check` or `notice`.
    #[schema(example = "supersede")]
    pub action: &'static str,
    /// To which version.
    #[schema(example = "uspstf-aaa@2014")]
    pub version: String,
    /// More about it.
    #[schema(value_type = Object)]
    pub detail: Map<String, Value>,
    /// The sidecar: the pack and the file in it.
    #[schema(example = "local/uspstf-aaa-2014.toml")]
    pub sidecar: Option<String>,
    /// What the sidecar would say; `null` where it stays as it is.
    pub becomes: Option<String>,
    /// The content file, where one would be written.
    pub content: Option<String>,
}

impl PlannedView {
    fn of(corpus: &Corpus, folder: &Path, change: &Change) -> PlannedView {
        let becomes = change.sidecar.as_ref().and_then(|sidecar| match &sidecar.after {
            Bytes::Of(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        });
        let content = change.content.as_ref().filter(|content| !matches!(content.after, Bytes::Nothing { .. }));
        PlannedView {
            action: change.action.name(),
            version: change.version.to_string(),
            detail: change.detail.clone(),
            sidecar: change.sidecar.as_ref().map(|sidecar| place(corpus, &folder.join(&sidecar.name))),
            becomes,
            content: content.map(|content| place(corpus, &folder.join(&content.name))),
        }
    }
}

/// Where to go from a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NextView {
    /// `POST` here makes a snapshot of it; until then answers do not know of it.
    #[schema(example = "/v1/corpus/builds")]
    pub build: &'static str,
    /// After a build: the verdicts that rest on what was replaced.
    #[schema(example = "/v1/impact")]
    pub impact: &'static str,
    /// After a build: what changed.
    #[schema(example = "/v1/changes")]
    pub changes: &'static str,
}

/// The ways on, which are always the same.
pub const NEXT: NextView = NextView { build: "/v1/corpus/builds", impact: "/v1/impact", changes: "/v1/changes" };

/// A change that was made, or that would be.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChangedView {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// The steps, in a dry run.
    pub planned: Vec<PlannedView>,
    /// What was logged.
    pub events: Vec<EventView>,
    /// What an editor should know: an edition that is only named, an edge that was there.
    pub notes: Vec<String>,
    /// What an earlier crash had left and was put in order first.
    pub repaired: Vec<String>,
    /// The state of the corpus now: the `ETag`.
    pub tag: String,
    /// Where to go from here.
    pub next: NextView,
}

impl ChangedView {
    /// What would be done.
    pub fn planned(corpus: &Corpus, tag: &str, plan: &Plan) -> ChangedView {
        ChangedView {
            dry_run: true,
            planned: plan.changes().iter().map(|(folder, change)| PlannedView::of(corpus, folder, change)).collect(),
            events: Vec::new(),
            notes: plan.notes().to_vec(),
            repaired: Vec::new(),
            tag: tag.to_owned(),
            next: NEXT,
        }
    }

    /// What was done to `corpus`, as it is now.
    pub fn made(corpus: &Corpus, tag: &str, done: &Done, notes: Vec<String>) -> ChangedView {
        ChangedView {
            dry_run: false,
            planned: Vec::new(),
            events: done.events.iter().map(|event| EventView::of(pack_of(corpus, event), event)).collect(),
            notes,
            repaired: done.repaired.clone(),
            tag: tag.to_owned(),
            next: NEXT,
        }
    }
}

/// How a document reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReadView {
    /// The title that it carries itself.
    pub title: Option<String>,
    /// Pages; 0 for formats without.
    pub pages: usize,
    /// Characters of its text.
    pub characters: usize,
    /// Passages.
    pub passages: usize,
    /// Passages that recommend.
    pub recommendations: usize,
    /// What could not be read or was left out.
    pub defects: Vec<String>,
}

/// A document that was added, or would be.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AddedView {
    /// The version.
    #[schema(example = "board-dropsy@2026")]
    pub version: String,
    /// Its content file: the pack and the file in it.
    #[schema(example = "local/board-dropsy-2026.pdf")]
    pub content: String,
    /// Its sidecar.
    #[schema(example = "local/board-dropsy-2026.toml")]
    pub sidecar: String,
    /// SHA-256 of the content.
    pub sha256: Option<String>,
    /// How it reads.
    pub read: ReadView,
    /// What nobody said and the file's name, the document or the day told.
    pub assumed: Vec<String>,
    /// Keys that an answer is poorer without.
    pub missing: Vec<&'static str>,
    /// The change.
    #[serde(flatten)]
    pub change: ChangedView,
}

impl AddedView {
    /// What would be added.
    pub fn planned(corpus: &Corpus, tag: &str, adding: &Adding, read: ReadView) -> AddedView {
        AddedView {
            version: adding.facts.id.to_string(),
            content: place(corpus, &adding.content),
            sidecar: place(corpus, &adding.sidecar),
            sha256: adding.facts.sha256.clone(),
            read,
            assumed: adding.assumed.clone(),
            missing: adding.missing.clone(),
            change: ChangedView::planned(corpus, tag, &adding.plan),
        }
    }

    /// What was added to `corpus`, as it is now.
    pub fn made(corpus: &Corpus, tag: &str, added: Addition, read: ReadView) -> AddedView {
        AddedView {
            version: added.facts.id.to_string(),
            content: place(corpus, &added.content),
            sidecar: place(corpus, &added.sidecar),
            sha256: added.facts.sha256,
            read,
            assumed: added.assumed,
            missing: added.missing,
            change: ChangedView::made(corpus, tag, &added.done, Vec::new()),
        }
    }
}

/// The pack that holds the version of an event.
fn pack_of<'a>(corpus: &'a Corpus, event: &Event) -> Option<&'a Pack> {
    let version = corpus.versions.iter().find(|version| version.facts.id == event.version)?;
    let folder = version.sidecar.as_deref().or(version.content.as_deref())?.parent()?;
    corpus.packs.iter().find(|pack| pack.folder == folder)
}
