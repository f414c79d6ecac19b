//! `groundline corpus supersede`, `retire`, `checked`, `notice`: what an editor records about editions.

use clap::Args;
use jiff::civil::Date;
use serde_json::json;

use crate::cli::settings::editor;
use crate::cli::{Done, Failure, Where, output, usage};
use crate::corpus::history::{self, Actor};
use crate::corpus::{Notice, NoticeKind, VersionId, edit};

/// Who acts.
#[derive(Args)]
pub(in crate::cli) struct By {
    /// Who makes the change [default: GROUNDLINE_EDITOR, `editor` in groundline.toml, or the system's user name]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

impl By {
    pub(super) fn actor(&self) -> Result<Actor, Failure> {
        Ok(Actor { by: editor(self.by.as_deref())?, at: jiff::Timestamp::now() })
    }
}

/// An editing error as the command line has it: what is wrong with the input is usage, what the disk did is failure.
pub(super) fn failure(error: edit::Error) -> Failure {
    match error {
        edit::Error::Unknown { .. } | edit::Error::Refused(_) | edit::Error::Faults(_) => usage(error),
        other => Failure::Failed(other.into()),
    }
}

/// Says what was written.
pub(super) fn report(done: &history::Done, notes: &[String], json: bool) -> Result<Done, Failure> {
    done.repaired.iter().for_each(|line| output::talk(&format!("groundline: {line}")));
    if json {
        return output::json(&json!({"events": done.events, "notes": notes, "repaired": done.repaired}));
    }
    let mut out: String = done.events.iter().map(|event| format!("{}\n", super::history::told(event))).collect();
    notes.iter().for_each(|note| out.push_str(&format!("note: {note}\n")));
    if !done.events.is_empty() {
        out.push_str("next: groundline index build\n");
    }
    output::text(&out)
}

#[derive(Args)]
pub(in crate::cli) struct Supersede {
    /// The edition that is replaced, as document@version
    old: VersionId,
    /// The edition that replaces it
    new: VersionId,
    /// A remark for the history
    #[arg(long)]
    note: Option<String>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Where,
}

impl Supersede {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let corpus = self.place.folders()?.open_corpus()?;
        let made = edit::supersede(&corpus, &self.old, &self.new, self.note.as_deref(), &self.by.actor()?);
        let made = made.map_err(failure)?;
        report(&made.done, &made.notes, json)
    }
}

#[derive(Args)]
pub(in crate::cli) struct Retire {
    /// The edition that was withdrawn, as document@version
    id: VersionId,
    /// Why
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Where,
}

impl Retire {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let corpus = self.place.folders()?.open_corpus()?;
        let done = edit::retire(&corpus, &self.id, self.reason.as_deref(), &self.by.actor()?).map_err(failure)?;
        report(&done, &[], json)
    }
}

#[derive(Args)]
pub(in crate::cli) struct Checked {
    /// Editions that you compared with their publishers' pages today, as document@version
    #[arg(required = true)]
    ids: Vec<VersionId>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Where,
}

impl Checked {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let corpus = self.place.folders()?.open_corpus()?;
        let actor = self.by.actor()?;
        let today = actor.at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let done = edit::checked(&corpus, &self.ids, today, &actor).map_err(failure)?;
        report(&done, &[], json)
    }
}

#[derive(Args)]
pub(in crate::cli) struct AddNotice {
    /// The edition, as document@version
    id: VersionId,
    /// What its publisher, or an authority above it, says about it
    #[arg(value_parser = kind)]
    kind: NoticeKind,
    /// The first day on which it holds, e.g. 2026-01-31
    #[arg(long, value_name = "DAY")]
    since: Option<Date>,
    /// The last day on which it holds
    #[arg(long, value_name = "DAY")]
    until: Option<Date>,
    /// The page that says so
    #[arg(long, value_name = "URL")]
    source: Option<String>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Where,
}

fn kind(name: &str) -> Result<NoticeKind, String> {
    let kinds = [NoticeKind::UpdateInProgress, NoticeKind::Living, NoticeKind::Draft, NoticeKind::LegallyContested];
    let found = kinds.into_iter().find(|kind| edit::notice_kind(*kind) == name);
    found.ok_or_else(|| format!("expected {}", kinds.map(edit::notice_kind).join(", ")))
}

impl AddNotice {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let corpus = self.place.folders()?.open_corpus()?;
        let notice = Notice { kind: self.kind, since: self.since, until: self.until, source: self.source.clone() };
        let done = edit::notice(&corpus, &self.id, &notice, &self.by.actor()?).map_err(failure)?;
        report(&done, &[], json)
    }
}
