//! A file becomes a version of a pack.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::attach;
use super::standing::may_supersede;
use super::{
    Action, Actor, Bytes, Change, Corpus, Done, Error, Open, Plan, Replacement, SidecarText, Version, VersionId,
    check_sidecar, detail, find,
};
use crate::corpus::{Catalogue, DocumentId, Fault, VersionFacts, sha256_of};

/// Folder within a pack where fetched files wait for an editor.
pub(super) const CANDIDATES: &str = "candidates";

/// A file that an editor offers, with what is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offer {
    /// The file, which a reader has read.
    pub file: PathBuf,
    /// The pack's folder.
    pub pack: PathBuf,
    /// Sidecar keys as an editor gave them, in the order in which they are to stand; they win over everything else.
    pub keys: Vec<(String, String)>,
    /// Editions that this one replaces.
    pub supersedes: Vec<VersionId>,
    /// Versions that hold the same edition in other words.
    pub same_edition: Vec<VersionId>,
    /// The title that the document itself carries.
    pub title: Option<String>,
    /// Number of pages; 0 for formats without pages.
    pub pages: usize,
}

/// A version that was added.
#[derive(Clone, Debug, PartialEq)]
pub struct Addition {
    /// What is recorded of it.
    pub facts: VersionFacts,
    /// Its content file.
    pub content: PathBuf,
    /// Its sidecar.
    pub sidecar: PathBuf,
    /// What nobody said and the file's name, the document or the day told.
    pub assumed: Vec<String>,
    /// Keys that an answer is poorer without.
    pub missing: Vec<&'static str>,
    /// What was written.
    pub done: Done,
}

/// A version that is about to be added; nothing is written until [`Adding::make`].
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing is written until it is made"]
pub struct Adding {
    /// What will be recorded of it.
    pub facts: VersionFacts,
    /// Its content file.
    pub content: PathBuf,
    /// Its sidecar.
    pub sidecar: PathBuf,
    /// What nobody said and the file's name, the document or the day told.
    pub assumed: Vec<String>,
    /// Keys that an answer is poorer without.
    pub missing: Vec<&'static str>,
    /// The changes.
    pub plan: Plan,
    /// The folder of a pack that may have to be made first.
    pub(super) new_pack: Option<PathBuf>,
    /// The file that waits no longer once it is a version.
    pub(super) candidate: Option<PathBuf>,
}

/// Adds a file that was read: [`Adding::plan`], made.
///
/// # Errors
/// As [`Adding::plan`] and [`Adding::make`].
pub fn add(corpus: &Corpus, offer: &Offer, actor: &Actor) -> Result<Addition, Error> {
    Adding::plan(corpus, offer, actor.at)?.make(actor)
}

impl Adding {
    /// Plans how a file that was read becomes a version at this time: content, sidecar and the edges to the editions that
    /// it replaces, all of it or nothing.
    ///
    /// # Errors
    /// [`Error::Refused`] where the bytes or the version are in the corpus already, [`Error::Faults`] where the sidecar would
    /// be rejected.
    pub fn plan(corpus: &Corpus, offer: &Offer, at: Timestamp) -> Result<Adding, Error> {
        plan(corpus, offer, at)
    }

    /// Writes it.
    ///
    /// # Errors
    /// [`Error::History`] or [`Error::Io`]; then no version was added.
    pub fn make(self, actor: &Actor) -> Result<Addition, Error> {
        if let Some(folder) = &self.new_pack {
            make_pack(folder)?;
        }
        let Adding { facts, content, sidecar, assumed, missing, plan, candidate, .. } = self;
        let done = plan.make(actor)?;
        if let Some(candidate) = candidate {
            // That it stays behind does no harm.
            let _ = fs::remove_file(&candidate);
            let _ = fs::remove_file(candidate.with_extension("toml"));
        }
        Ok(Addition { facts, content, sidecar, assumed, missing, done })
    }
}

fn plan(corpus: &Corpus, offer: &Offer, at: Timestamp) -> Result<Adding, Error> {
    let sha256 = sha256_of(&offer.file).map_err(Error::io(&offer.file))?;
    let held = |sha: Option<&str>| sha.is_some_and(|sha| sha.eq_ignore_ascii_case(&sha256));
    if let Some(same) = corpus.versions.iter().find(|one| one.content.is_some() && held(one.facts.sha256.as_deref())) {
        let message = format!("these bytes are in the corpus already, as {}", same.facts.id);
        return Err(Error::Refused(message));
    }
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let mut assumed = Vec::new();
    if let Some(waiting) = awaiting(corpus, offer) {
        return attach::attach(corpus, waiting, offer, &sha256, at);
    }
    let (mut text, id) = record(offer, &sha256, &mut assumed)?;
    if let Some(there) = corpus.versions.iter().find(|one| one.facts.id == id) {
        let place = there.sidecar.as_ref().or(there.content.as_ref()).map(|path| path.display().to_string());
        let message = format!(
            "{id} is in the corpus already ({}): name another edition (`version`) or another document (`id`)",
            place.unwrap_or_default()
        );
        return Err(Error::Refused(message));
    }
    text.set_missing("retrieved_at", day.as_str());
    of_file(&mut text, offer, &sha256, &day);
    let stem = format!("{}-{}", id.document(), id.version());
    let names = (format!("{stem}.{}", ending(offer)), format!("{stem}.toml"));
    let facts = checked(&offer.pack.join(&names.1), &text.text(), &stem, &sha256)?;
    refuse_shared_stem(&offer.pack, &stem)?;
    let mut changes = vec![(offer.pack.clone(), addition(offer, &facts, &names, &text, &sha256))];
    changes.extend(edges(corpus, &facts)?);
    Ok(Adding {
        missing: missing(&facts),
        facts,
        content: offer.pack.join(&names.0),
        sidecar: offer.pack.join(&names.1),
        assumed,
        plan: Plan::of(changes, Vec::new()),
        new_pack: Some(offer.pack.clone()),
        candidate: (offer.file.parent() == Some(&offer.pack.join(CANDIDATES))).then(|| offer.file.clone()),
    })
}

/// The version whose sidecar points to this file's original and has waited for it: the one that the editor names, or the
/// one with the address that the editor gives.
fn awaiting<'a>(corpus: &'a Corpus, offer: &Offer) -> Option<&'a Version> {
    let given = |key: &str| offer.keys.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let named = |one: &Version| {
        given("id") == Some(one.facts.id.document().as_str())
            && given("version").is_none_or(|version| version == one.facts.id.version())
    };
    let addressed = |one: &Version| {
        let url = given("url");
        given("id").is_none()
            && url.is_some()
            && (url == one.facts.url.as_deref() || url == one.facts.fetch_url.as_deref())
    };
    let empty = |one: &&Version| one.content.is_none() && one.sidecar.is_some() && (named(one) || addressed(one));
    let mut found = corpus.versions.iter().filter(empty);
    // Where several wait, nobody can tell which one is meant.
    found.next().filter(|_| found.next().is_none())
}

/// What a file tells of itself, and the edges that the editor gave.
pub(super) fn of_file(text: &mut SidecarText, offer: &Offer, sha256: &str, day: &str) {
    for old in &offer.supersedes {
        text.add_edition("supersedes", old);
    }
    for same in &offer.same_edition {
        text.add_edition("same_edition", same);
    }
    text.set("sha256", sha256);
    text.set("last_checked", day);
    if offer.pages > 0 {
        text.set("pages", i64::try_from(offer.pages).unwrap_or(i64::MAX));
    }
}

pub(super) fn ending(offer: &Offer) -> String {
    offer.file.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

/// The sidecar's text with what was given, found beside the file, and assumed; and the version that it names.
fn record(offer: &Offer, sha256: &str, assumed: &mut Vec<String>) -> Result<(SidecarText, VersionId), Error> {
    let beside = offer.file.with_extension("toml");
    let base = if beside.is_file() { fs::read_to_string(&beside).map_err(Error::io(&beside))? } else { String::new() };
    let mut text = SidecarText::open(&base).map_err(|reason| Error::Sidecar { path: beside, reason })?;
    if offer.file.parent().and_then(Path::file_name).is_some_and(|name| name == CANDIDATES) {
        // It waited as a draft; an editor who takes it in says that it is none.
        text.remove("notices");
    }
    let given = |key: &str| offer.keys.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
    let stem = offer.file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let known = |key: &str, text: &SidecarText| given(key).or_else(|| text.get(key).map(str::to_owned));
    let (stem, year) = match stem.rsplit_once('-') {
        Some((before, year)) if year.len() == 4 && is_year(year) && !before.is_empty() => {
            (before.to_owned(), Some(year.to_owned()))
        }
        _ => (stem, None),
    };
    let id = known("id", &text).map_or_else(
        || {
            let id =
                DocumentId::from_stem(&stem).map_err(|error| Error::Refused(format!("name it by `id`: {error}")))?;
            assumed.push(format!("id \"{id}\", from the file's name"));
            Ok(id)
        },
        |id| id.parse().map_err(|error: crate::corpus::IdError| Error::Refused(error.to_string())),
    )?;
    let published = known("published", &text);
    let version = known("version", &text).unwrap_or_else(|| {
        let of_day = published.as_deref().and_then(|day| day.get(..4)).filter(|year| is_year(year));
        let (version, from) = match (of_day, year) {
            (Some(year), _) => (year.to_owned(), "the date of publication"),
            (None, Some(year)) => (year, "the file's name"),
            (None, None) => (sha256.chars().take(12).collect(), "its bytes"),
        };
        assumed.push(format!("version \"{version}\", from {from}"));
        version
    });
    let id = VersionId::new(id, &version).map_err(|error| Error::Refused(error.to_string()))?;
    // In the order in which the pack's sidecars are read; keys that are there keep their place.
    text.set("id", id.document().as_str());
    text.set("version", id.version());
    if let Some(title) = offer.title.as_ref().filter(|_| known("title", &text).is_none()) {
        assumed.push(format!("title \"{title}\", from the document"));
        text.set("title", title.as_str());
    }
    for (key, value) in offer.keys.iter().filter(|(key, _)| key != "id" && key != "version") {
        text.set(key, value.as_str());
    }
    Ok((text, id))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) && matches!(text.parse(), Ok(1900..2200))
}

/// The record as the corpus reader will read it.
fn checked(path: &Path, source: &str, stem: &str, sha256: &str) -> Result<VersionFacts, Error> {
    let mut faults: Vec<Fault> = Vec::new();
    let facts = check_sidecar(path, source, stem, Some(sha256), &mut faults);
    match facts {
        Some(facts) if faults.is_empty() => Ok(facts),
        _ => Err(Error::Faults(faults)),
    }
}

/// A second content file of the same stem would be refused by the reader, whatever its ending.
fn refuse_shared_stem(pack: &Path, stem: &str) -> Result<(), Error> {
    for format in ["html", "htm", "pdf", "xml", "md", "txt", "toml"] {
        let path = pack.join(format!("{stem}.{format}"));
        if path.exists() {
            return Err(Error::Refused(format!("{} is there already: move it or name another `id`", path.display())));
        }
    }
    Ok(())
}

fn addition(offer: &Offer, facts: &VersionFacts, names: &(String, String), text: &SidecarText, sha256: &str) -> Change {
    let copy = Bytes::CopyOf { path: offer.file.clone(), sha256: sha256.to_owned() };
    let from = offer.file.file_name().map(|name| name.to_string_lossy().into_owned());
    Change {
        action: Action::Add,
        version: facts.id.clone(),
        detail: detail([("from", from), ("url", facts.url.clone())]),
        sidecar: Some(Replacement { name: names.1.clone(), before: None, after: Bytes::Of(text.text().into_bytes()) }),
        content: Some(Replacement { name: names.0.clone(), before: None, after: copy }),
    }
}

/// The other end of each edge that the new version states.
pub(super) fn edges(corpus: &Corpus, facts: &VersionFacts) -> Result<Vec<(PathBuf, Change)>, Error> {
    let mut changes = Vec::new();
    let catalogue = Catalogue::new(corpus.versions.iter().map(|version| version.facts.clone()));
    for old in &facts.supersedes {
        may_supersede(&catalogue, old, &facts.id)?;
        let version = match find(corpus, old) {
            Ok(version) => version,
            // An edition that the corpus does not hold is named only; a document that it does not know is a slip.
            Err(_) if old.document() == facts.id.document() => continue,
            Err(error) => return Err(error),
        };
        let mut open = Open::of(version)?;
        open.text.set_missing("superseded_by", facts.id.to_string());
        open.text.set("status", "superseded");
        changes.extend(open.change(Action::Supersede, detail([("superseded_by", Some(facts.id.to_string()))]))?);
    }
    Ok(changes)
}

/// A new pack's folder gets a `pack.toml`, without which the reader of a folder of packs would not see it.
fn make_pack(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(Error::io(folder))?;
    let path = folder.join("pack.toml");
    if path.exists() {
        return Ok(());
    }
    let name =
        folder.canonicalize().ok().and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()));
    let mut text = SidecarText::open("").map_err(Error::Refused)?;
    text.set("name", name.unwrap_or_else(|| "local".to_owned()));
    fs::write(&path, text.text()).map_err(Error::io(&path))
}

/// What an answer is poorer without.
pub(super) fn missing(facts: &VersionFacts) -> Vec<&'static str> {
    let keys = [
        ("title", facts.title.is_none()),
        ("publisher", facts.publisher.is_none()),
        ("jurisdiction", facts.jurisdiction.is_none()),
        ("published", facts.published.is_none()),
        ("url", facts.url.is_none()),
        ("licence", facts.licence.is_none()),
        ("grade_system", facts.grade_system.is_none()),
    ];
    keys.into_iter().filter(|(_, missing)| *missing).map(|(key, _)| key).collect()
}
