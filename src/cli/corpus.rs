//! `groundline corpus`: what is in the corpus, and whether it is in order.

use clap::Subcommand;
use serde_json::json;

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
    /// Count the claims that found nothing
    Gaps(super::gaps::Gaps),
}

impl Corpus {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        match self {
            Corpus::List { place } => list(place, json),
            Corpus::Lint { place } => lint(place, json),
            Corpus::Gaps(gaps) => gaps.run(json),
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
