//! `groundline corpus history`: who changed what, and whether the log is whole.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::change::failure;
use crate::cli::{Done, Failure, Where, output};
use crate::corpus::history::{self, Event, Report};
use crate::corpus::{Corpus, edit};

#[derive(Args)]
pub(in crate::cli) struct History {
    /// A document or one of its versions; all where none is named
    id: Option<String>,
    /// Check the logs: every line against its chain, and the files against their last events
    #[arg(long, conflicts_with = "id")]
    verify: bool,
    #[command(flatten)]
    place: Where,
}

impl History {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let corpus = self.place.folders()?.open_corpus()?;
        if self.verify {
            return verify(&corpus, json);
        }
        let events = events(&corpus, self.id.as_deref())?;
        if events.is_empty()
            && let Some(id) = &self.id
        {
            edit::find_all(&corpus, id).map_err(failure)?;
            output::talk(&format!("groundline: nothing was recorded about {id} yet"));
        }
        if json {
            return output::json(&json!({"events": events}));
        }
        output::text(&events.iter().map(|event| format!("{}\n", told(event))).collect::<String>())
    }
}

/// The folders of all packs.
fn folders(corpus: &Corpus) -> Vec<PathBuf> {
    corpus.packs.iter().map(|pack| pack.folder.clone()).collect()
}

/// What the logs of all packs say about an id, or about everything, in the order of time.
pub(super) fn events(corpus: &Corpus, id: Option<&str>) -> Result<Vec<Event>, Failure> {
    let logged = edit::events(corpus, id).map_err(failure)?;
    Ok(logged.into_iter().map(|one| one.event).collect())
}

/// One event in one line.
pub(super) fn told(event: &Event) -> String {
    let detail: Vec<String> = event
        .detail
        .iter()
        .map(|(key, value)| match value {
            Value::String(text) => format!("{key}: {text}"),
            other => format!("{key}: {other}"),
        })
        .collect();
    let detail = if detail.is_empty() { String::new() } else { format!("  ({})", detail.join("; ")) };
    format!("{}  {:<9} {}  by {}{detail}", event.at, event.action.name(), event.version, event.by)
}

fn verify(corpus: &Corpus, json: bool) -> Result<Done, Failure> {
    let mut reports: Vec<(PathBuf, Report)> = Vec::new();
    for folder in folders(corpus) {
        let report = history::verify(&folder)?;
        reports.push((folder, report));
    }
    let sound = reports.iter().all(|(_, report)| report.is_sound());
    if json {
        let all: Vec<Value> = reports
            .iter()
            .map(|(folder, report)| json!({"pack": folder, "sound": report.is_sound(), "report": report}))
            .collect();
        output::json(&json!({"sound": sound, "packs": all}))?;
    } else {
        let mut out = String::new();
        for (folder, report) in &reports {
            let state = if report.is_sound() { "sound" } else { "NOT sound" };
            out.push_str(&format!("{}: {} events, {state}\n", folder.display(), report.events));
            for (name, findings) in
                [("damage", &report.damage), ("outside", &report.outside), ("unfinished", &report.unfinished)]
            {
                findings.iter().for_each(|finding| out.push_str(&format!("  {name}: {finding}\n")));
            }
        }
        output::text(&out)?;
    }
    if sound {
        return Ok(Done::Fully);
    }
    let bad = reports.iter().filter(|(_, report)| !report.is_sound()).count();
    Err(Failure::Failed(anyhow::anyhow!("of {} histories, {bad} are not sound", reports.len())))
}
