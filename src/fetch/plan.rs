//! Which versions are fetched, which are looked at again, and which are not touched, with the reason.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::state::Place;
use super::target::{Hosts, Target};
use super::{Error, Policy, kind};
use crate::corpus::{Corpus, Format, Status, TextStorage, Tier, Version, VersionId, confirmed_until};

/// Which versions a person asked for; all that are due where nothing is named.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Versions (`uspstf-aaa@2019`) or documents (`uspstf-aaa`: all of its versions).
    pub ids: Vec<String>,
    /// Packs.
    pub packs: Vec<String>,
}

/// One version, and what is to be done with it.
#[derive(Debug)]
pub struct Planned<'a> {
    /// The version.
    pub version: &'a Version,
    /// What is to be done.
    pub step: Step,
}

/// What is to be done with a version.
#[derive(Debug)]
pub enum Step {
    /// Its content is fetched for the first time.
    Fetch(Box<Job>),
    /// Its content is compared with what the publisher has now.
    Check(Box<Job>),
    /// It was asked for and is not fetched.
    Refused(Error),
    /// Nobody asked for it by name, and there is nothing to do.
    NotDue(String),
}

/// What fetching one version takes.
#[derive(Clone, Debug)]
pub struct Job {
    pub(super) id: VersionId,
    pub(super) target: Target,
    pub(super) hosts: Hosts,
    pub(super) folder: PathBuf,
    pub(super) sidecar: PathBuf,
    pub(super) stem: String,
    /// The stored content, with its format and digest.
    pub(super) content: Option<(PathBuf, Format, String)>,
    /// The digest that the sidecar declares.
    pub(super) declared: Option<String>,
    pub(super) expected: Option<Format>,
}

impl Job {
    /// The address that is asked.
    pub fn url(&self) -> &str {
        self.target.as_str()
    }
}

/// A name that selects nothing.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// No version has this id.
    #[error("there is no version or document {0:?} in this corpus")]
    Version(String),
    /// No pack has this name.
    #[error("there is no pack {name:?} in this corpus; it holds {known}")]
    Pack {
        /// The name.
        name: String,
        /// The names that there are.
        known: String,
    },
}

/// What a fetch would do on a day.
///
/// # Errors
/// [`SelectionError`] where a name selects nothing.
pub fn plan<'a>(
    corpus: &'a Corpus,
    selection: &Selection,
    policy: &Policy,
    today: Date,
) -> Result<Vec<Planned<'a>>, SelectionError> {
    let is = |version: &Version, id: &str| {
        let own = &version.facts.id;
        own.to_string() == id || own.document().as_str() == id
    };
    if let Some(unknown) = selection.ids.iter().find(|id| !corpus.versions.iter().any(|version| is(version, id))) {
        return Err(SelectionError::Version(unknown.clone()));
    }
    let known: Vec<&str> = corpus.packs.iter().filter_map(|pack| pack.name.as_deref()).collect();
    if let Some(unknown) = selection.packs.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(SelectionError::Pack { name: unknown.clone(), known: known.join(", ") });
    }
    let catalogue = corpus.catalogue();
    let mut planned = Vec::new();
    for version in &corpus.versions {
        let named = selection.ids.iter().any(|id| is(version, id));
        let in_pack = version.facts.pack.as_ref().is_some_and(|pack| selection.packs.contains(pack));
        let all = selection.ids.is_empty() && selection.packs.is_empty();
        if !named && !in_pack && !all {
            continue;
        }
        let old = catalogue.standing(&version.facts.id, None).status != Status::Current;
        planned.push(Planned { version, step: step(corpus, version, named, old, policy, today) });
    }
    Ok(planned)
}

fn step(corpus: &Corpus, version: &Version, named: bool, old: bool, policy: &Policy, today: Date) -> Step {
    let facts = &version.facts;
    if let Some(reason) = by_nature(version) {
        // Whoever named it hears that it is refused; in a run over all it is simply none of ours.
        return if named { Step::Refused(Error::NotAllowed(reason)) } else { Step::NotDue(reason) };
    }
    let job = match job(corpus, version, policy) {
        Ok(job) => Box::new(job),
        Err(error) => return Step::Refused(error),
    };
    if job.content.is_none() {
        return Step::Fetch(job);
    }
    let fetched = facts.retrieved_at.is_some() || Place::new(&job.folder, &job.stem).exists();
    if named {
        return Step::Check(job);
    }
    match confirmed_until(facts) {
        _ if !fetched => Step::NotDue("its content was not fetched; name it to compare it with its `url`".to_owned()),
        _ if old => Step::NotDue("it is no longer in force".to_owned()),
        Some(until) if today <= until => Step::NotDue(format!("checked {}", last(facts.last_checked, until))),
        _ => Step::Check(job),
    }
}

fn last(checked: Option<Date>, until: Date) -> String {
    checked.map_or(String::new(), |day| format!("on {day}, which counts until {until}"))
}

/// Why a version is never fetched, whatever its licence.
fn by_nature(version: &Version) -> Option<String> {
    let facts = &version.facts;
    if facts.tier == Tier::Digest {
        Some("a digest is our own words: there is nothing to fetch".to_owned())
    } else if facts.text_storage == TextStorage::LinkOnly {
        Some("text_storage = \"link_only\": its licence keeps its text out".to_owned())
    } else if facts.url.is_none() && version.rejected.is_none() {
        Some("its sidecar has no `url`".to_owned())
    } else {
        None
    }
}

fn job(corpus: &Corpus, version: &Version, policy: &Policy) -> Result<Job, Error> {
    let facts = &version.facts;
    if let Some(reason) = &version.rejected {
        return Err(Error::NotAllowed(format!("{reason}: see `groundline corpus lint`")));
    }
    if facts.licence.is_none() {
        let reason = "no licence is recorded: say in the sidecar's `licence` under which terms its text may be kept";
        return Err(Error::NotAllowed(reason.to_owned()));
    }
    let sidecar = version.sidecar.clone().ok_or_else(|| Error::NotAllowed("it has no sidecar".to_owned()))?;
    let page = Target::new(facts.url.as_deref().unwrap_or_default(), policy)?;
    let target = facts.fetch_url.as_deref().map(|url| Target::new(url, policy)).transpose()?;
    let folder = sidecar.parent().unwrap_or(Path::new(".")).to_owned();
    let listed = corpus.packs.iter().find(|pack| pack.folder == folder).map(|pack| pack.hosts.as_slice());
    let hosts = Hosts::new(&page, listed.unwrap_or_default())?;
    let target = target.unwrap_or(page);
    hosts.check(&target)?;
    let content = match (&version.content, version.format, &facts.sha256) {
        (Some(path), Some(format), Some(sha256)) => Some((path.clone(), format, sha256.clone())),
        _ => None,
    };
    let stem = sidecar.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let expected = content.as_ref().map(|(_, format, _)| *format).or_else(|| kind::of_address(&target));
    let declared = if content.is_none() { facts.sha256.clone() } else { None };
    Ok(Job { id: facts.id.clone(), target, hosts, folder, sidecar, stem, content, declared, expected })
}
