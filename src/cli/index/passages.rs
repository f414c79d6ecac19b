//! `groundline index passages`: every passage of a snapshot, one a line, for work outside the program.

use std::io::Write;

use serde_json::json;

use super::super::{Done, Failure, Where};
use crate::corpus::Day;

/// Write every passage of a snapshot, one a line, in the order of their ids
#[derive(clap::Args)]
pub(in crate::cli) struct Passages {
    /// The snapshot [default: the active one]
    id: Option<String>,
    #[command(flatten)]
    place: Where,
}

impl Passages {
    pub(in crate::cli) fn run(&self, as_json: bool) -> Result<Done, Failure> {
        let store = self.place.folders()?.store();
        let id = self.id.as_deref().map_or_else(|| store.active_id().map_err(Failure::from), super::parse)?;
        let snapshot = store.open(&id)?;
        let today = Day::from(None);
        let mut out = std::io::stdout().lock();
        for entry in snapshot.entries() {
            let mut passages = snapshot.passages(&entry.facts.id)?;
            passages.sort_by(|a, b| a.id.cmp(&b.id));
            let stated = snapshot.catalogue().standing(&entry.facts.id, today).status;
            for passage in &passages {
                let (title, path) = (entry.facts.title.as_deref(), &passage.path);
                let line = if as_json {
                    json!({
                        "id": passage.id.to_string(), "kind": passage.kind, "title": title, "path": path,
                        "lead": passage.lead, "text": passage.text(),
                        "status": stated, "file": entry.facts.file, "page": passage.page.as_ref().map(|page| &page.label),
                    })
                    .to_string()
                } else {
                    format!("{}\t{}", passage.id, passage.text().replace(['\n', '\t'], " "))
                };
                writeln!(out, "{line}").map_err(anyhow::Error::from)?;
            }
        }
        Ok(Done::Fully)
    }
}
