//! `groundline corpus`: what is in the corpus, whether it is in order, and how editors keep it current.

mod add;
mod change;
mod diff;
mod history;
mod reading;
mod show;

use clap::Subcommand;
use serde_json::json;

use super::settings::child_reader;
use super::{Done, Failure, Where, output};
use crate::ingest;
use crate::view;

#[derive(Subcommand)]
pub(super) enum Corpus {
    /// List the versions with their status
    List {
        #[command(flatten)]
        place: Where,
    },
    /// Check packs, sidecars, edges between editions and the form of digests
    Lint {
        #[command(flatten)]
        place: Where,
    },
    /// Show everything that is known of a document and its editions
    Show(show::Show),
    /// Add a file to a pack: it is read, copied, recorded and logged
    Add(Box<add::Add>),
    /// Record that one edition replaces another
    Supersede(change::Supersede),
    /// Record that an edition was withdrawn without a successor
    Retire(change::Retire),
    /// Record that you compared editions with their publishers' pages today
    Checked(change::Checked),
    /// Record what a publisher says about an edition: a draft, an update under way, a dispute
    Notice(change::AddNotice),
    /// Compare two versions recommendation by recommendation; either may be a file that is not added yet
    Diff(diff::Diff),
    /// Show who changed what, or verify the logs
    History(history::History),
}

impl Corpus {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        match self {
            Corpus::List { place } => list(place, json),
            Corpus::Lint { place } => lint(place, json),
            Corpus::Show(show) => show.run(json),
            Corpus::Add(add) => add.run(json),
            Corpus::Supersede(supersede) => supersede.run(json),
            Corpus::Retire(retire) => retire.run(json),
            Corpus::Checked(checked) => checked.run(json),
            Corpus::Notice(notice) => notice.run(json),
            Corpus::Diff(diff) => diff.run(json),
            Corpus::History(history) => history.run(json),
        }
    }
}

fn list(place: &Where, json: bool) -> Result<Done, Failure> {
    let corpus = place.folders()?.open_corpus()?;
    for fault in &corpus.faults {
        output::talk(&format!("groundline: {fault}"));
    }
    let catalogue = corpus.catalogue();
    let mut rows = Vec::new();
    for facts in catalogue.versions() {
        let standing = catalogue.standing(&facts.id, None);
        rows.push((facts, view::status(standing.status), standing.successor));
    }
    if json {
        let all: Vec<_> = rows
            .iter()
            .map(|(facts, status, successor)| {
                json!({
                    "id": facts.id.document(), "version": facts.id.version(), "title": facts.title, "publisher": facts.publisher,
                    "published": facts.published, "status": status, "superseded_by": successor, "tier": view::tier(facts.tier),
                    "pack": facts.pack, "licence": facts.licence, "url": facts.url, "last_checked": facts.last_checked,
                })
            })
            .collect();
        return output::json(&json!({"documents": all}));
    }
    let mut out = String::new();
    for (facts, status, successor) in &rows {
        let by = successor.as_ref().map(|id| format!(" by {id}")).unwrap_or_default();
        out.push_str(&format!("{:<52} {}{by}\n", facts.id.to_string(), status));
    }
    output::text(&out)
}

fn lint(place: &Where, json: bool) -> Result<Done, Failure> {
    let corpus = place.folders()?.open_corpus()?;
    let child = child_reader()?;
    let faults = ingest::lint(&corpus, &|format, content| child.read(format, content));
    if json {
        let all: Vec<_> = faults
            .iter()
            .map(|fault| json!({"path": fault.path, "line": fault.line, "message": fault.message}))
            .collect();
        output::json(&json!({"versions": corpus.versions.len(), "faults": all}))?;
    } else {
        for fault in &faults {
            output::text(&fault.to_string())?;
        }
        output::talk(&format!("{} versions, {} faults", corpus.versions.len(), faults.len()));
    }
    Ok(if faults.is_empty() { Done::Fully } else { Done::WithRejects })
}
