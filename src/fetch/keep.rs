//! What a fetch leaves in a pack: content beside its sidecar, a candidate edition, the day of a check; each an event of
//! the pack's log.
//!
//! Nothing here replaces content. What differs from it becomes a candidate, in a folder that no build reads.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::Error;
use super::plan::Job;
use super::state::own_folder;
use crate::corpus::edit::SidecarText;
use crate::corpus::history::{self, Action, Actor, Bytes, Change, Replacement};
use crate::corpus::{Format, Notice, NoticeKind, VersionId, sha256_of};

/// Folder of changed files in a pack; builds do not read it.
pub const CANDIDATES: &str = "candidates";

/// Keys of a sidecar that speak of the old bytes and would be untrue of a candidate.
const OF_THE_OLD_BYTES: &[&str] = &[
    "published",
    "reviewed",
    "status",
    "supersedes",
    "superseded_by",
    "same_edition",
    "last_checked",
    "pages",
    "notices",
];

/// New content: what it is and where it came from.
pub(super) struct Content<'a> {
    pub(super) path: &'a Path,
    pub(super) sha256: &'a str,
    pub(super) format: Format,
    /// The address that gave it, redirects followed.
    pub(super) from: &'a str,
}

/// Puts first content beside its sidecar and says so in the sidecar. Returns the content's path.
pub(super) fn first(job: &Job, content: &Content<'_>, actor: &Actor) -> Result<PathBuf, Error> {
    let name = format!("{}.{}", job.stem, content.format.name());
    let today = day(actor);
    let sidecar = amended(job, &[("sha256", content.sha256), ("retrieved_at", &today), ("last_checked", &today)])?;
    let placed = Replacement { name: name.clone(), before: None, after: copy(content) };
    log(job, actor, Action::Fetch, &job.id, came_from(content), sidecar, Some(placed))?;
    Ok(job.folder.join(name))
}

/// Says in the sidecar that its content was compared with the publisher's today; nothing is written twice a day.
pub(super) fn checked(job: &Job, sha256: &str, detail: Map<String, Value>, actor: &Actor) -> Result<(), Error> {
    let today = day(actor);
    let text = parse(&job.sidecar, &read(&job.sidecar)?)?;
    let mut keys = vec![("last_checked", today.as_str())];
    // A run that was ended between content and sidecar left these out.
    keys.extend([("sha256", sha256), ("retrieved_at", &today)].into_iter().filter(|(key, _)| !text.has(key)));
    if let Some(sidecar) = amended(job, &keys)? {
        log(job, actor, Action::Check, &job.id, detail, Some(sidecar), None)?;
    }
    Ok(())
}

/// Lays a changed file aside, with a sidecar that calls it a draft. Returns its path, and whether it lay there already.
pub(super) fn candidate(job: &Job, content: &Content<'_>, actor: &Actor) -> Result<(PathBuf, bool), Error> {
    let version: String = content.sha256.chars().take(12).collect();
    if let Some(path) = waiting(job, content.sha256) {
        return Ok((path, true));
    }
    own_folder(&job.folder.join(CANDIDATES))?;
    let id = VersionId::new(job.id.document().clone(), &version).map_err(|error| Error::Record(error.to_string()))?;
    let stem = format!("{CANDIDATES}/{}-{version}", job.stem);
    let content_name = format!("{stem}.{}", content.format.name());
    let text = candidate_sidecar(job, &id, content, actor)?;
    let sidecar = Replacement { name: format!("{stem}.toml"), before: None, after: Bytes::Of(text.into_bytes()) };
    let placed = Replacement { name: content_name.clone(), before: None, after: copy(content) };
    let mut detail = came_from(content);
    detail.insert("of".to_owned(), json!(job.id.to_string()));
    log(job, actor, Action::Candidate, &id, detail, Some(sidecar), Some(placed))?;
    Ok((job.folder.join(content_name), false))
}

/// The candidate with these bytes, where one waits for an editor.
pub(super) fn waiting(job: &Job, sha256: &str) -> Option<PathBuf> {
    let version: String = sha256.chars().take(12).collect();
    let stem = format!("{}-{version}", job.stem);
    let names = [Format::Html, Format::Pdf, Format::Xml, Format::Markdown, Format::Plain].map(Format::name);
    let paths = names.map(|ending| job.folder.join(CANDIDATES).join(format!("{stem}.{ending}")));
    paths.into_iter().find(|path| path.is_file() && sha256_of(path).is_ok_and(|actual| actual == sha256))
}

fn copy(content: &Content<'_>) -> Bytes {
    Bytes::CopyOf { path: content.path.to_owned(), sha256: content.sha256.to_owned() }
}

fn came_from(content: &Content<'_>) -> Map<String, Value> {
    Map::from_iter([("from".to_owned(), json!(content.from))])
}

/// The actor's day, UTC.
fn date(actor: &Actor) -> Date {
    actor.at.to_zoned(TimeZone::UTC).date()
}

fn day(actor: &Actor) -> String {
    date(actor).to_string()
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(Error::at(path))
}

fn parse(path: &Path, source: &str) -> Result<SidecarText, Error> {
    SidecarText::open(source).map_err(|error| Error::Record(format!("{}: {error}", path.display())))
}

/// The sidecar with some keys set, comments and order kept; `None` where it says all that already.
fn amended(job: &Job, keys: &[(&str, &str)]) -> Result<Option<Replacement>, Error> {
    let before = sha256_of(&job.sidecar).map_err(Error::at(&job.sidecar))?;
    let source = read(&job.sidecar)?;
    let mut text = parse(&job.sidecar, &source)?;
    for (key, new) in keys {
        text.set(key, *new);
    }
    let text = text.text();
    let name = job.sidecar.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((text != source).then(|| Replacement { name, before: Some(before), after: Bytes::Of(text.into_bytes()) }))
}

/// The old sidecar, less what is true of the old bytes alone, with what is known of the new.
fn candidate_sidecar(job: &Job, id: &VersionId, content: &Content<'_>, actor: &Actor) -> Result<String, Error> {
    let mut text = parse(&job.sidecar, &read(&job.sidecar)?)?;
    OF_THE_OLD_BYTES.iter().for_each(|key| text.remove(key));
    let today = day(actor);
    text.set("id", id.document().as_str());
    for (key, new) in [("version", id.version()), ("sha256", content.sha256), ("retrieved_at", &today)] {
        text.set(key, new);
    }
    let source = Some(content.from.to_owned());
    text.add_notice(&Notice { kind: NoticeKind::Draft, since: Some(date(actor)), until: None, source });
    Ok(text.text())
}

fn log(
    job: &Job,
    actor: &Actor,
    action: Action,
    version: &VersionId,
    detail: Map<String, Value>,
    sidecar: Option<Replacement>,
    content: Option<Replacement>,
) -> Result<(), Error> {
    let change = Change { action, version: version.clone(), detail, sidecar, content };
    history::append(&job.folder, actor, vec![change]).map(|_| ()).map_err(|error| Error::Record(error.to_string()))
}
