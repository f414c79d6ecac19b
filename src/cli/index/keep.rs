//! `groundline index rollback`, `history`, `pin`, `unpin` and `prune`: which snapshots stay, and which one is used.

use clap::Args;
use serde_json::json;

use super::parse;
use crate::cli::output;
use crate::cli::{Done, Failure, Where, usage};
use crate::index::Needed;

/// Snapshots that are kept unless told otherwise, beside those that are needed.
const KEPT: usize = 3;
/// Longest note on a pin, in code points.
const LONGEST_NOTE: usize = 500;

#[derive(Args)]
pub(in crate::cli) struct Rollback {
    #[command(flatten)]
    place: Where,
}

impl Rollback {
    pub(in crate::cli) fn run(&self, json: bool) -> Result<Done, Failure> {
        let store = self.place.folders()?.store();
        let from = store.active_id()?;
        let id = store.rollback(None)?;
        if json {
            return output::json(&json!({"active": id, "before": from}));
        }
        output::text(&format!("{id} is active again, in place of {from}"))
    }
}

#[derive(Args)]
pub(in crate::cli) struct History {
    #[command(flatten)]
    place: Where,
}

impl History {
    pub(in crate::cli) fn run(&self, json: bool) -> Result<Done, Failure> {
        let store = self.place.folders()?.store();
        let mut history = store.history()?;
        history.reverse();
        if json {
            let back = store.rollback_target()?;
            return output::json(&json!({"activations": history, "rollback_target": back}));
        }
        let lines: Vec<String> = history
            .iter()
            .map(|one| {
                let before = one.before.as_ref().map(|id| format!(", before it {id}")).unwrap_or_default();
                let by =
                    one.editor.as_ref().map_or_else(|| one.by.clone(), |name| format!("{name} (account {})", one.by));
                format!("{}  {}  {:<8}  by {by}{before}\n", one.at, one.snapshot, one.act.name())
            })
            .collect();
        if lines.is_empty() {
            output::talk("groundline: no activation is on record yet");
        }
        output::text(&lines.concat())
    }
}

#[derive(Args)]
pub(in crate::cli) struct Pin {
    /// The snapshot
    id: String,
    /// What for
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    place: Where,
}

impl Pin {
    pub(in crate::cli) fn run(&self, json: bool) -> Result<Done, Failure> {
        let note = self.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
        if note.is_some_and(|note| note.chars().count() > LONGEST_NOTE || note.chars().any(char::is_control)) {
            return Err(usage(anyhow::anyhow!("the note is longer than {LONGEST_NOTE} characters, or not one line")));
        }
        let pin = self.place.folders()?.store().pin(&parse(&self.id)?, note.map(str::to_owned))?;
        if json {
            return output::json(&json!({"snapshot": self.id, "pin": pin}));
        }
        output::text(&format!("{} is pinned and will not be pruned", self.id))
    }
}

#[derive(Args)]
pub(in crate::cli) struct Unpin {
    /// The snapshot
    id: String,
    #[command(flatten)]
    place: Where,
}

impl Unpin {
    pub(in crate::cli) fn run(&self, json: bool) -> Result<Done, Failure> {
        let store = self.place.folders()?.store();
        if !store.unpin(&parse(&self.id)?)? {
            return Err(Failure::Failed(anyhow::anyhow!(
                "{} has no pin in {}: `groundline index list` shows those that have",
                self.id,
                store.root().display()
            )));
        }
        if json {
            return output::json(&json!({"snapshot": self.id, "pin": null}));
        }
        output::text(&format!("{} is no longer pinned", self.id))
    }
}

#[derive(Args)]
pub(in crate::cli) struct Prune {
    /// How many of the newest snapshots to keep, beside the active one, the one before it, pinned ones and open ones
    #[arg(long, value_name = "N", default_value_t = KEPT)]
    keep: usize,
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    place: Where,
}

impl Prune {
    pub(in crate::cli) fn run(&self, json: bool) -> Result<Done, Failure> {
        let pruned = self.place.folders()?.store().prune(self.keep, self.dry_run)?;
        if json {
            let kept = pruned.kept.iter().map(|(id, why)| json!({"id": id, "why": name(*why)}));
            return output::json(&json!({
                "dry_run": self.dry_run, "removed": pruned.removed, "left_behind": pruned.leftovers,
                "bytes_freed": pruned.bytes, "kept": kept.collect::<Vec<_>>(),
            }));
        }
        let verb = if self.dry_run { "would be removed" } else { "removed" };
        let mut out = String::new();
        for id in &pruned.removed {
            out.push_str(&format!("{id}  {verb}\n"));
        }
        for folder in &pruned.leftovers {
            out.push_str(&format!("{folder}  of no use any more, {verb}\n"));
        }
        for (id, why) in &pruned.kept {
            out.push_str(&format!("{id}  kept: {}\n", why.reason()));
        }
        let count = pruned.removed.len();
        out.push_str(&format!("{count} snapshots {verb}, {} bytes freed\n", pruned.bytes));
        output::text(&out)
    }
}

fn name(why: Needed) -> &'static str {
    match why {
        Needed::Active => "active",
        Needed::RollbackTarget => "rollback_target",
        Needed::Pinned => "pinned",
        Needed::Open => "open",
        Needed::Recent => "recent",
    }
}
