//! `groundline corpus`: what is in the corpus, and whether it is in order.

use clap::Subcommand;
use serde_json::json;

use super::{Done, Failure, Where, listing, output};
use crate::ingest;

#[derive(Subcommand)]
pub(super) enum Corpus {
    /// List the versions with their status and how far it can be trusted
    List(listing::List),
    /// Fetch guidelines from their publishers, or look whether they have changed
    Fetch(super::fetch::Fetch),
    /// Check packs, sidecars, edges between editions and the form of digests
    Lint {
        #[command(flatten)]
        place: Where,
    },
}

impl Corpus {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        match self {
            Corpus::List(list) => list.run(json),
            Corpus::Fetch(fetch) => fetch.run(json),
            Corpus::Lint { place } => lint(place, json),
        }
    }
}

fn lint(place: &Where, json: bool) -> Result<Done, Failure> {
    let corpus = place.folders()?.open_corpus()?;
    let faults = ingest::lint(&corpus);
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
