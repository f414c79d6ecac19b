//! What editors see of a corpus: packs, logs, faults, gaps.
//!
//! No path of the machine leaves: a file is told by its pack and its name in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::corpus::edit::Logged;
use crate::corpus::history::{Event, Report};
use crate::corpus::{Corpus, Fault, Pack};
use crate::index::{Counts, Gaps};

/// A pack as it lies on the disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PackView {
    /// Its name; `null` for a folder of bare files.
    #[schema(example = "us-public")]
    pub name: Option<String>,
    /// A line for people.
    pub title: Option<String>,
    /// The licence terms in short.
    pub licence: Option<String>,
    /// Documents.
    pub documents: usize,
    /// Versions of them.
    pub versions: usize,
    /// Versions with a content file; the others are links alone.
    pub with_content: usize,
    /// Versions whose sidecar is at fault: they are not served.
    pub rejected: usize,
}

impl PackView {
    fn of(corpus: &Corpus, pack: &Pack) -> PackView {
        let own = |path: &Option<std::path::PathBuf>| path.as_deref().and_then(Path::parent) == Some(&*pack.folder);
        let versions: Vec<_> =
            corpus.versions.iter().filter(|version| own(&version.sidecar) || own(&version.content)).collect();
        PackView {
            name: pack.name.clone(),
            title: pack.title.clone(),
            licence: pack.licence.clone(),
            documents: versions.iter().map(|version| version.facts.id.document()).collect::<BTreeSet<_>>().len(),
            versions: versions.len(),
            with_content: versions.iter().filter(|version| version.content.is_some()).count(),
            rejected: versions.iter().filter(|version| version.rejected.is_some()).count(),
        }
    }
}

/// Something wrong with one file of a corpus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FaultView {
    /// The pack and the file in it.
    #[schema(example = "local/guide-2026.toml")]
    pub file: String,
    /// Line in it, from 1.
    pub line: Option<usize>,
    /// What is wrong and what would be right.
    #[schema(example = "`tier`: must be one of \"primary\", \"digest\"")]
    pub message: String,
}

impl FaultView {
    /// The outside form of faults.
    pub fn all(corpus: &Corpus, faults: &[Fault]) -> Vec<FaultView> {
        let one = |fault: &Fault| FaultView {
            file: place(corpus, &fault.path),
            line: fault.line,
            message: without_folders(corpus, &fault.message),
        };
        faults.iter().map(one).collect()
    }
}

/// The corpus as it lies on the disk, which may be ahead of the snapshot that answers.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CorpusView {
    /// The state of content, sidecars and logs: the `ETag`, for `If-Match`.
    #[schema(example = "0123456789abcdef0123456789abcdef")]
    pub tag: String,
    /// Digest of what a build would read; a snapshot that was built from it has the same (`/v1/snapshots`).
    pub corpus_sha256: String,
    /// The packs.
    pub packs: Vec<PackView>,
    /// Versions in all.
    pub versions: usize,
    /// What is wrong with sidecars and edges.
    pub faults: Vec<FaultView>,
}

impl CorpusView {
    /// The outside form of a corpus in the state of this tag.
    pub fn of(corpus: &Corpus, tag: &str) -> CorpusView {
        CorpusView {
            tag: tag.to_owned(),
            corpus_sha256: corpus.digest(),
            packs: corpus.packs.iter().map(|pack| PackView::of(corpus, pack)).collect(),
            versions: corpus.versions.len(),
            faults: FaultView::all(corpus, &corpus.faults),
        }
    }
}

/// What `lint` finds: faults of sidecars and edges, and of the form of digests.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LintView {
    /// Versions that were looked at.
    pub versions: usize,
    /// What is wrong.
    pub faults: Vec<FaultView>,
}

/// A line of a pack's log.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EventView {
    /// The pack whose log has it.
    #[schema(example = "local")]
    pub pack: Option<String>,
    /// Its number in that log, from 1.
    pub seq: u64,
    /// When, UTC.
    #[schema(example = "2026-01-15T09:30:00Z")]
    pub at: String,
    /// Who.
    #[schema(example = "anna")]
    pub by: String,
    /// `add`, `supersede`, `retire`, `check`, `fetch`, `candidate`, `notice` or `amend`.
    #[schema(example = "supersede")]
    pub action: &'static str,
    /// To which version.
    #[schema(example = "uspstf-aaa@2014")]
    pub version: String,
    /// More about it: the other edition, a reason, a file's name.
    #[schema(value_type = Object)]
    pub detail: Map<String, Value>,
    /// The sidecar's name within the pack.
    pub sidecar: Option<String>,
    /// The sidecar's SHA-256 before it.
    pub sidecar_before: Option<String>,
    /// The sidecar's SHA-256 after it.
    pub sidecar_after: Option<String>,
    /// The content's name within the pack.
    pub content: Option<String>,
    /// The content's SHA-256 after it.
    pub content_sha256: Option<String>,
    /// SHA-256 of the line before it in the log: the chain.
    pub prev: String,
}

impl EventView {
    /// The outside form of an event of a pack.
    pub fn of(pack: Option<&Pack>, event: &Event) -> EventView {
        EventView {
            pack: pack.and_then(|pack| pack.name.clone()),
            seq: event.seq,
            at: event.at.to_string(),
            by: event.by.clone(),
            action: event.action.name(),
            version: event.version.to_string(),
            detail: event.detail.clone(),
            sidecar: event.sidecar.clone(),
            sidecar_before: event.sidecar_sha256.before.clone(),
            sidecar_after: event.sidecar_sha256.after.clone(),
            content: event.content.clone(),
            content_sha256: event.content_sha256.clone(),
            prev: event.prev.clone(),
        }
    }
}

/// Whether a pack's log is whole, and what was found where it is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LogView {
    /// The pack.
    #[schema(example = "local")]
    pub pack: Option<String>,
    /// Whether the log is whole and agrees with the files.
    pub sound: bool,
    /// Events that count.
    pub events: usize,
    /// What was done to the log: lines changed, removed, inserted, moved or cut off.
    pub damage: Vec<String>,
    /// Files that are not what the log says they became.
    pub outside: Vec<String>,
    /// What a crash left; the next change in the pack puts it in order.
    pub unfinished: Vec<String>,
}

impl LogView {
    /// The outside form of what was found.
    pub fn of(pack: &Pack, report: Report) -> LogView {
        LogView {
            pack: pack.name.clone(),
            sound: report.is_sound(),
            events: report.events,
            damage: report.damage,
            outside: report.outside,
            unfinished: report.unfinished,
        }
    }
}

/// Who changed what, and whether the logs are whole.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HistoryView {
    /// Whether every log is whole and agrees with the files.
    pub sound: bool,
    /// Each pack's log. One that is damaged gives no events.
    pub logs: Vec<LogView>,
    /// The events, the oldest first.
    pub events: Vec<EventView>,
    /// Address of the next page; `null` on the last.
    #[schema(example = "/v1/corpus/history?limit=100&after=100")]
    pub next: Option<String>,
}

impl HistoryView {
    /// A page of events with the state of the logs.
    pub fn of(logs: Vec<LogView>, page: &[Logged<'_>], next: Option<String>) -> HistoryView {
        let events = page.iter().map(|one| EventView::of(Some(one.pack), &one.event)).collect();
        HistoryView { sound: logs.iter().all(|log| log.sound), logs, events, next }
    }
}

/// Claims of a day that were asked of a snapshot, and how many of them found nothing. Never their texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GapView {
    /// The day, UTC; `null` in the sum.
    #[schema(example = "2026-01-15")]
    pub day: Option<String>,
    /// The snapshot; `null` in the sum.
    pub snapshot: Option<String>,
    /// Claims that were answered.
    pub asked: u64,
    /// Passages shared words with the claim and no more.
    pub not_addressed: u64,
    /// There was no passage to show.
    pub no_evidence: u64,
    /// None of the claim's topic words occurs in the corpus.
    pub out_of_scope: u64,
}

impl GapView {
    fn of(day: Option<String>, snapshot: Option<String>, counts: &Counts) -> GapView {
        let Counts { asked, not_addressed, no_evidence, out_of_scope } = *counts;
        GapView { day, snapshot, asked, not_addressed, no_evidence, out_of_scope }
    }
}

/// How many claims found nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GapsView {
    /// Over all days.
    pub total: GapView,
    /// By day and snapshot, the oldest first.
    pub days: Vec<GapView>,
}

impl GapsView {
    /// The counts of what was recorded; the texts, where they were kept, stay with the operator.
    pub fn of(gaps: &Gaps) -> GapsView {
        let mut total = Counts::default();
        gaps.counts.values().for_each(|counts| total.add(counts));
        let day = |((day, snapshot), counts): (&(jiff::civil::Date, crate::index::SnapshotId), &Counts)| {
            GapView::of(Some(day.to_string()), Some(snapshot.to_string()), counts)
        };
        GapsView { total: GapView::of(None, None, &total), days: gaps.counts.iter().map(day).collect() }
    }
}

/// A file by its pack and its name in it.
pub fn place(corpus: &Corpus, path: &Path) -> String {
    let inside = corpus.packs.iter().find_map(|pack| Some((pack, path.strip_prefix(&pack.folder).ok()?)));
    let parts =
        |path: &Path| path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    match inside {
        Some((pack, rest)) => match &pack.name {
            Some(name) => format!("{name}/{}", parts(rest)),
            None => parts(rest),
        },
        // A pack that is about to be made: its folder's name and the file's.
        None => {
            let names: Vec<_> = path.components().rev().take(2).collect();
            names.into_iter().rev().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
        }
    }
}

/// A sentence with the packs' names in the place of their folders.
pub fn without_folders(corpus: &Corpus, text: &str) -> String {
    let mut folders: BTreeMap<String, String> = BTreeMap::new();
    for pack in &corpus.packs {
        let name = pack.name.as_ref().map(|name| format!("{name}/")).unwrap_or_default();
        folders.insert(format!("{}/", pack.folder.display()), name);
    }
    // The longest first: one folder may lie in another.
    folders.iter().rev().fold(text.to_owned(), |text, (folder, name)| text.replace(folder, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_folder_of_the_machine_is_told() {
        let pack = |name: Option<&str>, folder: &str| Pack {
            name: name.map(str::to_owned),
            folder: folder.into(),
            ..Pack::default()
        };
        let corpus =
            Corpus { packs: vec![pack(Some("mine"), "/srv/c/mine"), pack(None, "/srv/bare")], ..Corpus::default() };
        for (path, expected) in
            [("/srv/c/mine/a/b.toml", "mine/a/b.toml"), ("/srv/bare/x.md", "x.md"), ("/srv/c/new/x.md", "new/x.md")]
        {
            assert_eq!(place(&corpus, Path::new(path)), expected);
        }
        let told = without_folders(&corpus, "d@1 is already in /srv/c/mine/d.toml, and /srv/bare/d.md");
        assert_eq!(told, "d@1 is already in mine/d.toml, and d.md");
    }
}
