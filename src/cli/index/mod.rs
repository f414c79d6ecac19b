//! `groundline index`: build, list, show, compare, verify, activate, keep and remove snapshots.

mod diff;
mod keep;
mod passages;

use clap::Subcommand;
use serde_json::json;

use super::output::{self, Style};
use super::{Done, Failure, Where, settings, usage};
use crate::document::DefectKind;
use crate::index::{Reading, SnapshotId, Store};
use crate::view::document::{DocumentView, ReadingView, SnapshotSummary};

#[derive(Subcommand)]
pub(super) enum Index {
    /// Read the corpus into a snapshot and make it active
    Build {
        /// Read every document again, whatever an earlier snapshot has of it
        #[arg(long)]
        fresh: bool,
        #[command(flatten)]
        place: Where,
    },
    /// List the snapshots
    List {
        #[command(flatten)]
        place: Where,
    },
    /// Show what a snapshot holds and how its documents were read
    Show {
        /// The snapshot [default: the active one]
        id: Option<String>,
        #[command(flatten)]
        place: Where,
    },
    /// Write every passage of a snapshot, one a line, in the order of their ids
    Passages(passages::Passages),
    /// Compare every byte of a snapshot with its manifest
    Verify {
        /// The snapshot [default: all]
        id: Option<String>,
        #[command(flatten)]
        place: Where,
    },
    /// Say which passages appeared, vanished, changed and moved between two snapshots
    Diff(diff::Diff),
    /// Make a snapshot the active one
    Activate {
        /// The snapshot
        id: String,
        #[command(flatten)]
        place: Where,
    },
    /// Go back to the snapshot that was active before
    Rollback(keep::Rollback),
    /// Say which snapshot was active when, and who made it so
    History(keep::History),
    /// Keep a snapshot from being pruned
    Pin(keep::Pin),
    /// Let a snapshot be pruned again
    Unpin(keep::Unpin),
    /// Remove old snapshots, and what builds that were killed left behind
    Prune(keep::Prune),
}

impl Index {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        match self {
            Index::Build { fresh, place } => build(place, *fresh, json),
            Index::List { place } => list(&place.folders()?.store(), json),
            Index::Show { id, place } => show(&place.folders()?.store(), id.as_deref(), json),
            Index::Verify { id, place } => verify(&place.folders()?.store(), id.as_deref(), json),
            Index::Passages(passages) => passages.run(json),
            Index::Diff(diff) => diff.run(json),
            Index::Rollback(rollback) => rollback.run(json),
            Index::History(history) => history.run(json),
            Index::Pin(pin) => pin.run(json),
            Index::Unpin(unpin) => unpin.run(json),
            Index::Prune(prune) => prune.run(json),
            Index::Activate { id, place } => {
                let store = place.folders()?.store();
                store.activate(&parse(id)?, None)?;
                if json { output::json(&json!({"active": id})) } else { output::text(&format!("{id} is active")) }
            }
        }
    }
}

fn parse(id: &str) -> Result<SnapshotId, Failure> {
    id.parse().map_err(|reason: String| usage(anyhow::anyhow!(reason)))
}

fn build(place: &Where, fresh: bool, json: bool) -> Result<Done, Failure> {
    let folders = place.folders()?;
    let corpus = folders.open_corpus()?;
    for fault in &corpus.faults {
        output::talk(&format!("groundline: {fault}"));
    }
    let store = folders.building()?;
    let settings::Built { outcome, confinement } = settings::build(&corpus, &store, fresh)?;
    let mut rejected = Vec::new();
    let mut partly = Vec::new();
    for entry in &outcome.entries {
        match &entry.reading {
            Some(Reading::Rejected { reason, .. }) => rejected.push((entry.facts.id.to_string(), reason.clone())),
            Some(Reading::Read { defects, .. }) => {
                // What was left out on purpose is in `index show`; here it would drown what was lost.
                let lost: Vec<String> =
                    defects.iter().filter(|d| d.kind != DefectKind::Furniture).map(ToString::to_string).collect();
                if lost.is_empty() {
                    continue;
                }
                let first: Vec<&str> = lost.iter().take(3).map(String::as_str).collect();
                let more = lost.len().saturating_sub(3);
                let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
                partly.push((entry.facts.id.to_string(), format!("{}{rest}", first.join("; "))));
            }
            _ => {}
        }
    }
    for (id, reason) in &rejected {
        output::talk(&format!("groundline: {id} was rejected: {reason}"));
    }
    for (id, defects) in &partly {
        output::talk(&format!("groundline: {id} was read with defects: {defects}"));
    }
    let summary = SnapshotSummary::of(&outcome.manifest, true);
    let faults: Vec<String> = corpus.faults.iter().map(ToString::to_string).collect();
    if json {
        let named = |list: &[(String, String)]| {
            list.iter().map(|(id, why)| json!({"id": id, "reason": why})).collect::<Vec<_>>()
        };
        output::json(&json!({
            "snapshot": summary, "reused": outcome.reused, "documents_read": outcome.read,
            "documents_kept": outcome.kept, "faults": faults,
            "rejected": named(&rejected), "defects": named(&partly), "confinement": confinement,
        }))?;
    } else {
        let verb = if outcome.reused { "is up to date" } else { "was built" };
        let how = if outcome.reused {
            String::new()
        } else {
            format!(" ({} read, {} unchanged and kept)", outcome.read, outcome.kept)
        };
        let line = format!(
            "snapshot {} {verb}: {} documents{how}, {} passages",
            summary.id, summary.versions, summary.passages
        );
        output::text(&line)?;
    }
    Ok(if rejected.is_empty() && faults.is_empty() { Done::Fully } else { Done::WithRejects })
}

fn list(store: &Store, json: bool) -> Result<Done, Failure> {
    let active = store.active_id().ok();
    let listed = store.list()?;
    let pins = store.pins()?;
    if json {
        let all: Vec<_> = listed
            .iter()
            .map(|one| {
                let mut told = match &one.manifest {
                    Ok(manifest) => json!(SnapshotSummary::of(manifest, active.as_ref() == Some(&one.id))),
                    Err(error) => json!({"id": one.id, "error": error.to_string()}),
                };
                told["pin"] = json!(pins.get(&one.id));
                told
            })
            .collect();
        let back = store.rollback_target().ok().flatten();
        return output::json(&json!({"snapshots": all, "rollback_target": back}));
    }
    let mut out = String::new();
    for one in &listed {
        let mark = if active.as_ref() == Some(&one.id) { "*" } else { " " };
        let pin = pins.get(&one.id).map(|pin| match &pin.note {
            Some(note) => format!("  pinned: {note}"),
            None => "  pinned".to_owned(),
        });
        let pin = pin.unwrap_or_default();
        out.push_str(&match &one.manifest {
            Ok(m) => {
                let (id, built, versions, passages) = (&one.id, &m.built_at, m.versions, m.passages);
                format!("{mark} {id}  {built}  {versions:>5} documents  {passages:>7} passages{pin}\n")
            }
            Err(error) => format!("{mark} {}  {error}{pin}\n", one.id),
        });
    }
    if listed.is_empty() {
        output::talk("groundline: there is no snapshot yet: run `groundline index build`");
    }
    output::text(&out)
}

fn show(store: &Store, id: Option<&str>, json: bool) -> Result<Done, Failure> {
    let id = id.map_or_else(|| store.active_id().map_err(Failure::from), parse)?;
    let snapshot = store.open(&id)?;
    let manifest = snapshot.manifest();
    if json {
        let documents: Vec<_> = snapshot
            .entries()
            .map(|entry| json!({"document": DocumentView::of(&snapshot, &entry.facts, None), "reading": ReadingView::from(entry)}))
            .collect();
        let active = store.active_id().ok().as_ref() == Some(&id);
        return output::json(&json!({
            "snapshot": SnapshotSummary::of(manifest, active), "engine": manifest.engine, "parent": manifest.parent, "documents": documents,
        }));
    }
    let style = Style::of_stdout();
    let mut out = format!(
        "{}\nbuilt {} by groundline {} ({})\n{} documents, {} passages\n\n",
        style.strong(&format!("snapshot {id}")),
        manifest.built_at,
        manifest.engine.version,
        manifest.engine.ranker,
        manifest.versions,
        manifest.passages
    );
    for entry in snapshot.entries() {
        let reading = ReadingView::from(entry);
        let document = DocumentView::of(&snapshot, &entry.facts, None);
        let told = match reading.outcome {
            "read" => format!("{:>5} passages, {:>4} recommendations", reading.passages, reading.recommendations),
            "rejected" => style.warn(&format!("rejected: {}", reading.reason.clone().unwrap_or_default())),
            _ => "link only".to_owned(),
        };
        out.push_str(&format!("{:<52} {:<10} {told}\n", entry.facts.id.to_string(), document.status));
        for defect in &reading.defects {
            out.push_str(&style.quiet(&format!("    {defect}\n")));
        }
    }
    output::text(&out)
}

fn verify(store: &Store, id: Option<&str>, json: bool) -> Result<Done, Failure> {
    let ids = match id {
        Some(id) => vec![parse(id)?],
        None => store.list()?.into_iter().map(|one| one.id).collect(),
    };
    let mut checked = Vec::new();
    for id in ids {
        let differences = store.verify(&id).unwrap_or_else(|error| vec![error.to_string()]);
        checked.push((id, differences));
    }
    let damaged = checked.iter().filter(|(_, differences)| !differences.is_empty()).count();
    if json {
        let all: Vec<_> = checked
            .iter()
            .map(|(id, found)| json!({"id": id, "intact": found.is_empty(), "differences": found}))
            .collect();
        output::json(&json!({"snapshots": all}))?;
    } else {
        let mut out = String::new();
        for (id, differences) in &checked {
            out.push_str(&format!("{id}  {}\n", if differences.is_empty() { "intact" } else { "damaged" }));
            out.extend(differences.iter().map(|difference| format!("    {difference}\n")));
        }
        output::text(&out)?;
    }
    if damaged > 0 {
        return Err(Failure::Failed(anyhow::anyhow!(
            "{damaged} of {} snapshots are damaged: run `groundline index build`",
            checked.len()
        )));
    }
    Ok(Done::Fully)
}
