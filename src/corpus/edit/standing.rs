//! Changes of what an edition's record says: replaced, withdrawn, checked, spoken about.

use jiff::civil::Date;

use super::{Action, Actor, Corpus, Done, Error, Open, Plan, Version, VersionId, detail, find, notice_kind};
use crate::corpus::{Catalogue, Notice, Status};

/// What came of `supersede`.
#[derive(Clone, Debug, PartialEq)]
pub struct Superseded {
    /// What was written.
    pub done: Done,
    /// What an editor should know: an edition that is only named, an edge that was there.
    pub notes: Vec<String>,
}

/// Records that `new` replaces `old`: [`Plan::supersede`], made.
///
/// # Errors
/// As [`Plan::supersede`] and [`Plan::make`].
pub fn supersede(
    corpus: &Corpus,
    old: &VersionId,
    new: &VersionId,
    note: Option<&str>,
    actor: &Actor,
) -> Result<Superseded, Error> {
    let plan = Plan::supersede(corpus, old, new, note)?;
    let notes = plan.notes().to_vec();
    Ok(Superseded { done: plan.make(actor)?, notes })
}

/// Records that an edition was withdrawn: [`Plan::retire`], made.
///
/// # Errors
/// As [`Plan::retire`] and [`Plan::make`].
pub fn retire(corpus: &Corpus, id: &VersionId, reason: Option<&str>, actor: &Actor) -> Result<Done, Error> {
    Plan::retire(corpus, id, reason)?.make(actor)
}

/// Records that editions were compared with their publishers' pages on `day`: [`Plan::checked`], made.
///
/// # Errors
/// As [`Plan::checked`] and [`Plan::make`].
pub fn checked(corpus: &Corpus, ids: &[VersionId], day: Date, actor: &Actor) -> Result<Done, Error> {
    Plan::checked(corpus, ids, day)?.make(actor)
}

/// Records what the publisher, or an authority above it, says about an edition: [`Plan::notice`], made.
///
/// # Errors
/// As [`Plan::notice`] and [`Plan::make`].
pub fn notice(corpus: &Corpus, id: &VersionId, notice: &Notice, actor: &Actor) -> Result<Done, Error> {
    Plan::notice(corpus, id, notice)?.make(actor)
}

impl Plan {
    /// Records that `new` replaces `old`, on both sidecars where they are held.
    ///
    /// # Errors
    /// [`Error::Refused`] for `new` = `old`, a circle, and an `old` that another edition replaces already which `new` does not
    /// replace; [`Error::Unknown`] for ids of which the corpus knows neither edition nor document.
    pub fn supersede(corpus: &Corpus, old: &VersionId, new: &VersionId, note: Option<&str>) -> Result<Plan, Error> {
        let mut notes = Vec::new();
        let held = known(corpus, old, new, &mut notes)?;
        may_supersede(&corpus.catalogue(), old, new)?;
        let mut changes = Vec::new();
        let told = |role: &str, other: &VersionId| {
            detail([(role, Some(other.to_string())), ("note", note.map(str::to_owned))])
        };
        if let Some(version) = held.1 {
            let mut open = Open::of(version)?;
            open.text.add_edition("supersedes", old);
            changes.extend(open.change(Action::Supersede, told("supersedes", old))?);
        }
        if let Some(version) = held.0 {
            let mut open = Open::of(version)?;
            if open.text.has("superseded_by") && version.facts.superseded_by.as_ref() != Some(new) {
                let by = version.facts.superseded_by.as_ref().map(ToString::to_string).unwrap_or_default();
                notes.push(format!("{old} still names {by}, which {new} replaces too"));
            }
            open.text.set_missing("superseded_by", new.to_string());
            open.text.set("status", "superseded");
            changes.extend(open.change(Action::Supersede, told("superseded_by", new))?);
        }
        if changes.is_empty() {
            notes.push(format!("that {new} supersedes {old} is recorded already; nothing was written"));
        }
        Ok(Plan::of(changes, notes))
    }

    /// Records that an edition was withdrawn without a successor.
    ///
    /// # Errors
    /// [`Error::Refused`] where it is retired already or another edition replaces it; [`Error::Unknown`].
    pub fn retire(corpus: &Corpus, id: &VersionId, reason: Option<&str>) -> Result<Plan, Error> {
        let version = find(corpus, id)?;
        let standing = corpus.catalogue().standing(id, None);
        if let Some(successor) = standing.successor {
            let message = format!("{successor} supersedes {id}: a replaced edition needs no retiring");
            return Err(Error::Refused(message));
        }
        if standing.status == Status::Retired {
            return Err(Error::Refused(format!("{id} is retired already")));
        }
        let mut open = Open::of(version)?;
        open.text.set("status", "retired");
        let change = open.change(Action::Retire, detail([("reason", reason.map(str::to_owned))]))?;
        Ok(Plan::of(change.into_iter().collect(), Vec::new()))
    }

    /// Records that editions were compared with their publishers' pages on `day`: all of them or none.
    ///
    /// # Errors
    /// [`Error::Refused`] where a record says a later day; [`Error::Unknown`].
    pub fn checked(corpus: &Corpus, ids: &[VersionId], day: Date) -> Result<Plan, Error> {
        let mut changes = Vec::new();
        let mut ids = ids.to_vec();
        ids.sort();
        ids.dedup();
        for id in &ids {
            let version = find(corpus, id)?;
            if let Some(later) = version.facts.last_checked.filter(|last| *last > day) {
                return Err(Error::Refused(format!(
                    "{id} says that it was last checked on {later}, which is after {day}"
                )));
            }
            let mut open = Open::of(version)?;
            open.text.set("last_checked", day.to_string());
            let told = detail([("url", version.facts.url.clone()), ("day", Some(day.to_string()))]);
            match open.change(Action::Check, told.clone())? {
                Some(change) => changes.push(change),
                // Checked twice in a day: nothing changes in the sidecar, and the log says that somebody looked again.
                None => changes.push(looked_again(version, told)?),
            }
        }
        Ok(Plan::of(changes, Vec::new()))
    }

    /// Records what the publisher, or an authority above it, says about an edition.
    ///
    /// # Errors
    /// [`Error::Refused`] where the same is recorded or the days are in the wrong order; [`Error::Unknown`].
    pub fn notice(corpus: &Corpus, id: &VersionId, notice: &Notice) -> Result<Plan, Error> {
        let version = find(corpus, id)?;
        if version.facts.notices.contains(notice) {
            return Err(Error::Refused(format!("{id} has this notice already")));
        }
        if let (Some(since), Some(until)) = (notice.since, notice.until)
            && until < since
        {
            return Err(Error::Refused(format!("the notice would end on {until}, before it begins on {since}")));
        }
        let mut open = Open::of(version)?;
        open.text.add_notice(notice);
        let told = detail([
            ("kind", Some(notice_kind(notice.kind).to_owned())),
            ("since", notice.since.map(|day| day.to_string())),
            ("until", notice.until.map(|day| day.to_string())),
            ("source", notice.source.clone()),
        ]);
        let change = open.change(Action::Notice, told)?;
        Ok(Plan::of(change.into_iter().collect(), Vec::new()))
    }
}

/// Both versions where they are held. One that is only named must be an edition of a document that the corpus knows.
fn known<'a>(
    corpus: &'a Corpus,
    old: &VersionId,
    new: &VersionId,
    notes: &mut Vec<String>,
) -> Result<(Option<&'a Version>, Option<&'a Version>), Error> {
    let held = (find(corpus, old).ok(), find(corpus, new).ok());
    for (id, version, other) in [(old, held.0, held.1), (new, held.1, held.0)] {
        if version.is_some() {
            continue;
        }
        let named = |one: &Version| {
            one.facts.id.document() == id.document()
                || one.facts.supersedes.contains(id)
                || one.facts.superseded_by.as_ref() == Some(id)
        };
        if other.is_none() || !corpus.versions.iter().any(named) {
            return Err(Error::unknown(corpus, &id.to_string()));
        }
        notes.push(format!("{id} is not in the corpus: the edge is recorded on the other edition alone"));
    }
    Ok(held)
}

/// Whether an edge may be added.
pub(super) fn may_supersede(catalogue: &Catalogue, old: &VersionId, new: &VersionId) -> Result<(), Error> {
    if old == new {
        return Err(Error::Refused(format!("{old} cannot supersede itself")));
    }
    if catalogue.descendants(new, None).contains(old) {
        let message =
            format!("{old} supersedes {new} already, directly or through others: the edge would close a circle");
        return Err(Error::Refused(message));
    }
    let others = catalogue.descendants(old, None);
    if others.contains(new) {
        return Ok(());
    }
    match others.iter().find(|other| !catalogue.descendants(other, None).contains(new)) {
        Some(other) => Err(Error::Refused(format!(
            "{other} supersedes {old} already: say first that {new} supersedes {other}, if it replaces that too"
        ))),
        None => Ok(()),
    }
}

fn looked_again(
    version: &Version,
    detail: serde_json::Map<String, serde_json::Value>,
) -> Result<(std::path::PathBuf, super::Change), Error> {
    let open = Open::of(version)?;
    let after = super::Bytes::Nothing { sha256: open.before.clone() };
    let sidecar = super::Replacement { name: open.name, before: open.before, after };
    let content = super::untouched_content(version)?;
    let version = version.facts.id.clone();
    Ok((open.folder, super::Change { action: Action::Check, version, detail, sidecar: Some(sidecar), content }))
}
