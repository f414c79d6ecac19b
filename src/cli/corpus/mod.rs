//! `groundline corpus`: what is in the corpus, whether it is in order, and how editors keep it current.

mod add;
mod change;
mod diff;
mod fetch;
mod gaps;
mod history;
mod list;
mod reading;
mod show;

use clap::Subcommand;
use serde_json::json;

use super::settings::child_reader;
use super::{Done, Failure, Where, output};
use crate::ingest;

#[derive(Subcommand)]
pub(super) enum Corpus {
    /// List the versions with their status and how far it can be trusted
    List(list::List),
    /// Fetch guidelines from their publishers, or look whether they have changed
    Fetch(fetch::Fetch),
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
    /// Count the claims that found nothing
    Gaps(gaps::Gaps),
}

impl Corpus {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        match self {
            Corpus::List(list) => list.run(json),
            Corpus::Fetch(fetch) => fetch.run(json),
            Corpus::Lint { place } => lint(place, json),
            Corpus::Show(show) => show.run(json),
            Corpus::Add(add) => add.run(json),
            Corpus::Supersede(supersede) => supersede.run(json),
            Corpus::Retire(retire) => retire.run(json),
            Corpus::Checked(checked) => checked.run(json),
            Corpus::Notice(notice) => notice.run(json),
            Corpus::Diff(diff) => diff.run(json),
            Corpus::History(history) => history.run(json),
            Corpus::Gaps(gaps) => gaps.run(json),
        }
    }
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
