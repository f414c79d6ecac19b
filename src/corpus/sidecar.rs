//! The sidecar: what an editor wrote about one version, checked in one pass.
//!
//! Two forms, literal then checked: the TOML as written, then [`VersionFacts`]. A fault does not stop the reading of
//! the next key, so an editor sees all faults at once, each with its line.

use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue};

use super::currency::{Cadence, Notice, NoticeKind};
use super::{DocumentId, Fault, Format, PartialDate, Status, TextStorage, Tier, VersionId};

/// What is known of one version. Everything unknown is `None`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionFacts {
    /// Document and edition.
    pub id: VersionId,
    /// Name of the pack that holds it; `None` for a bare folder.
    pub pack: Option<String>,
    /// Title of this edition.
    pub title: Option<String>,
    /// Who issued it.
    pub publisher: Option<String>,
    /// Where it applies: an ISO 3166 code, `EU`, or `INT`.
    pub jurisdiction: Option<String>,
    /// Date of publication, as exactly as it is known.
    pub published: Option<PartialDate>,
    /// Date of the publisher's last review.
    pub reviewed: Option<PartialDate>,
    /// The publisher's page.
    pub url: Option<String>,
    /// The file to fetch, where `url` is a page that leads to it.
    pub fetch_url: Option<String>,
    /// Licence of the stored text.
    pub licence: Option<String>,
    /// How much text may be kept.
    pub text_storage: TextStorage,
    /// Whose words these are.
    pub tier: Tier,
    /// Topics, for browsing.
    pub topics: Vec<String>,
    /// Whom the document is about.
    pub population: Option<String>,
    /// Editions that this one replaces.
    pub supersedes: Vec<VersionId>,
    /// The edition that replaces this one.
    pub superseded_by: Option<VersionId>,
    /// The status as an editor wrote it; the status that is served follows from the edges, see [`super::Catalogue`].
    pub declared_status: Option<Status>,
    /// Day on which somebody last compared this record with the publisher's page.
    pub last_checked: Option<Date>,
    /// How long such a comparison counts; [`Cadence::default`] where not said.
    pub cadence: Option<Cadence>,
    /// What the publisher, or an authority above it, says about this edition.
    pub notices: Vec<Notice>,
    /// Versions that hold the same edition in other words or another format: a digest and the guideline itself.
    pub same_edition: Vec<VersionId>,
    /// The grade system, e.g. `USPSTF`.
    pub grade_system: Option<String>,
    /// Pages where the facts of a digest were verified.
    pub sources: Vec<String>,
    /// Name of the content file, without its folder.
    pub file: Option<String>,
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: Option<String>,
    /// Day on which the content was fetched.
    pub retrieved_at: Option<String>,
    /// Number of pages.
    pub pages: Option<usize>,
}

impl VersionFacts {
    /// A version of which only the id is known.
    pub fn bare(id: VersionId) -> VersionFacts {
        VersionFacts {
            id,
            pack: None,
            title: None,
            publisher: None,
            jurisdiction: None,
            published: None,
            reviewed: None,
            url: None,
            fetch_url: None,
            licence: None,
            text_storage: TextStorage::default(),
            tier: Tier::default(),
            topics: Vec::new(),
            population: None,
            supersedes: Vec::new(),
            superseded_by: None,
            declared_status: None,
            last_checked: None,
            cadence: None,
            notices: Vec::new(),
            same_edition: Vec::new(),
            grade_system: None,
            sources: Vec::new(),
            file: None,
            sha256: None,
            retrieved_at: None,
            pages: None,
        }
    }
}

/// One version on disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// What is known of it.
    pub facts: VersionFacts,
    /// The content file; `None` for a source that is fetched rather than stored.
    pub content: Option<PathBuf>,
    /// The content's format.
    pub format: Option<Format>,
    /// The sidecar, where there is one.
    pub sidecar: Option<PathBuf>,
    /// SHA-256 over sidecar and content: what this version contributes to the corpus digest.
    pub digest: String,
    /// Why its text must not be read; the version still counts for what replaced what.
    pub rejected: Option<String>,
}

impl Version {
    /// The content, opened; `None` for a source that is fetched rather than stored, or whose licence keeps its text out.
    ///
    /// # Errors
    /// Whatever the system says when the file cannot be opened.
    pub fn open(&self) -> std::io::Result<Option<(Format, File)>> {
        if self.facts.text_storage == TextStorage::LinkOnly {
            return Ok(None);
        }
        match (&self.content, self.format) {
            (Some(path), Some(format)) => File::open(path).map(|file| Some((format, file))),
            _ => Ok(None),
        }
    }
}

/// A sidecar's table, with the faults found so far.
struct Record<'a> {
    path: &'a Path,
    source: &'a str,
    table: DeTable<'a>,
    faults: &'a mut Vec<Fault>,
}

impl Record<'_> {
    fn fault_at(&mut self, byte: usize, message: impl Into<String>) {
        let line = self.source.get(..byte).map(|before| before.matches('\n').count() + 1);
        self.faults.push(Fault { path: self.path.to_owned(), line, message: message.into() });
    }

    /// Takes `key` out and converts it; a wrong value is a fault and counts as absent.
    fn take<T>(&mut self, key: &str, expected: &str, convert: impl Fn(&DeValue<'_>) -> Result<T, String>) -> Option<T> {
        let (_, value) = self.table.remove_entry(key)?;
        match convert(value.get_ref()) {
            Ok(converted) => Some(converted),
            Err(reason) => {
                let reason = if reason.is_empty() { format!("expected {expected}") } else { reason };
                self.fault_at(value.span().start, format!("`{key}`: {reason}"));
                None
            }
        }
    }

    fn text(&mut self, key: &str) -> Option<String> {
        self.take(key, "a text in quotation marks", |value| {
            let text = value.as_str().ok_or(String::new())?.trim();
            if text.is_empty() {
                Err("is empty; leave the key out where nothing is known".to_owned())
            } else {
                Ok(text.to_owned())
            }
        })
    }

    fn address(&mut self, key: &str) -> Option<String> {
        self.take(key, "an https:// address", |value| {
            let url = value.as_str().ok_or(String::new())?;
            if url.starts_with("https://") || url.starts_with("http://") {
                Ok(url.to_owned())
            } else {
                Err(String::new())
            }
        })
    }

    fn texts(&mut self, key: &str) -> Vec<String> {
        let texts = self.take(key, "a list of texts", |value| {
            let items = value.as_array().ok_or(String::new())?;
            items.iter().map(|item| item.get_ref().as_str().map(str::to_owned).ok_or(String::new())).collect()
        });
        texts.unwrap_or_default()
    }

    /// A list of versions, or one; a wrong item is a fault and the others still count.
    fn editions(&mut self, key: &str) -> Vec<VersionId> {
        let Some((_, value)) = self.table.remove_entry(key) else { return Vec::new() };
        let items: Vec<_> = match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| (item.span().start, edge(item.get_ref()))).collect(),
            one => vec![(value.span().start, edge(one))],
        };
        let mut found = Vec::new();
        for (at, item) in items {
            match item {
                Ok(id) => found.push(id),
                Err(reason) => {
                    let expected = "expected a list of versions such as [\"uspstf-aaa@2014\"]";
                    self.fault_at(at, format!("`{key}`: {}", if reason.is_empty() { expected } else { &reason }));
                }
            }
        }
        found
    }

    /// The tables `[[notices]]`; a wrong one is a fault and the others still count.
    fn notices(&mut self) -> Vec<Notice> {
        let Some((_, value)) = self.table.remove_entry("notices") else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.fault_at(value.span().start, "`notices`: expected tables [[notices]] with kind, since and source");
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in items.iter() {
            match notice(item.get_ref()) {
                Ok(notice) => found.push(notice),
                Err(reason) => self.fault_at(item.span().start, format!("`notices`: {reason}")),
            }
        }
        found
    }

    fn parsed<T: std::str::FromStr<Err: ToString>>(&mut self, key: &str, expected: &str) -> Option<T> {
        self.take(key, expected, |value| scalar(value).ok_or(String::new())?.parse().map_err(|e: T::Err| e.to_string()))
    }

    fn one_of<T: Copy>(&mut self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let names = choices.iter().map(|(name, _)| format!("{name:?}")).collect::<Vec<_>>().join(", ");
        self.take(key, "", |value| {
            let name = value.as_str().unwrap_or_default();
            let found = choices.iter().find(|(choice, _)| *choice == name).map(|(_, chosen)| *chosen);
            found.ok_or_else(|| format!("must be one of {names}"))
        })
    }
}

/// One table of `notices`.
fn notice(value: &DeValue<'_>) -> Result<Notice, String> {
    let kinds = [
        ("update_in_progress", NoticeKind::UpdateInProgress),
        ("living", NoticeKind::Living),
        ("draft", NoticeKind::Draft),
        ("legally_contested", NoticeKind::LegallyContested),
    ];
    let DeValue::Table(table) = value else { return Err("expected a table with kind, since and source".to_owned()) };
    if let Some(unknown) =
        table.keys().find(|key| !["kind", "since", "until", "source"].contains(&key.get_ref().as_ref()))
    {
        return Err(format!("unknown key `{}`", unknown.get_ref()));
    }
    let text = |key: &str| table.get(key).map(|value| scalar(value.get_ref()).unwrap_or_default());
    let day = |key: &str| {
        let day =
            text(key).map(|day| day.parse::<Date>().map_err(|_| format!("`{key}` is a day such as \"2026-01-31\"")));
        day.transpose()
    };
    let name = text("kind").unwrap_or_default();
    let Some((_, kind)) = kinds.iter().find(|(choice, _)| *choice == name) else {
        let names = kinds.map(|(name, _)| format!("{name:?}")).join(", ");
        return Err(format!("`kind` must be one of {names}"));
    };
    Ok(Notice { kind: *kind, since: day("since")?, until: day("until")?, source: text("source") })
}

/// A text, or a date or number written without quotation marks.
fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.trim().to_owned()),
        DeValue::Datetime(date) => Some(date.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        _ => None,
    }
}

/// Checks a sidecar as written. `stem` is the file's stem and `content_sha256` the digest of its content, which stand in
/// for a missing `id` and `version`. Faults are appended; the result is `None` only where no id can be had. A caller must
/// not serve the text of a version with faults: its licence, tier or edges may be among them.
pub(super) fn check(
    path: &Path,
    source: &str,
    stem: &str,
    content_sha256: Option<&str>,
    faults: &mut Vec<Fault>,
) -> Option<VersionFacts> {
    // What can be read beside a syntax error is read: an edge that is lost would bring an old edition back into force.
    let (table, errors) = DeTable::parse_recoverable(source);
    for error in errors {
        let line = error.span().and_then(|span| source.get(..span.start)).map(|text| text.matches('\n').count() + 1);
        faults.push(Fault { path: path.to_owned(), line, message: format!("not TOML: {}", error.message()) });
    }
    let mut record = Record { path, source, table: table.into_inner(), faults };
    let document: Option<DocumentId> = match record.table.contains_key("id") {
        true => record.parsed("id", "a document id such as \"uspstf-aaa\""),
        false => match DocumentId::from_stem(stem) {
            Ok(id) => Some(id),
            Err(error) => {
                record.fault_at(0, format!("`id` is missing and the file's name does not serve: {error}"));
                None
            }
        },
    };
    let version = record.take("version", "a text such as \"2019\"", |value| scalar(value).ok_or(String::new()));
    let version = version.or_else(|| content_sha256.map(|digest| digest.chars().take(12).collect()));
    if version.is_none() {
        record.fault_at(0, "`version` is missing and there is no content to name the version by");
    }
    let id = match (document, version) {
        (Some(document), Some(version)) => match VersionId::new(document, &version) {
            Ok(id) => Some(id),
            Err(error) => {
                record.fault_at(0, format!("`version`: {error}"));
                None
            }
        },
        _ => None,
    };
    let facts = rest(&mut record, id, content_sha256);
    for (key, value) in std::mem::take(&mut record.table) {
        let known = if key.get_ref() == "pack" { "; the pack is the folder's" } else { "" };
        record.fault_at(key.span().start.min(value.span().start), format!("unknown key `{}`{known}", key.get_ref()));
    }
    facts
}

fn rest(record: &mut Record<'_>, id: Option<VersionId>, content_sha256: Option<&str>) -> Option<VersionFacts> {
    let placeholder = id.clone().or_else(|| "unnamed@0".parse().ok())?;
    let date = "a date such as \"2019-12-10\"";
    let edition = "a version such as \"uspstf-aaa@2019\"";
    let mut facts = VersionFacts {
        title: record.text("title"),
        publisher: record.text("publisher"),
        jurisdiction: record.text("jurisdiction"),
        published: record.parsed("published", date),
        reviewed: record.parsed("reviewed", date),
        url: record.address("url"),
        fetch_url: record.address("fetch_url"),
        licence: record.text("licence"),
        text_storage: record
            .one_of(
                "text_storage",
                &[("full", TextStorage::Full), ("quote", TextStorage::Quote), ("link_only", TextStorage::LinkOnly)],
            )
            .unwrap_or_default(),
        tier: record.one_of("tier", &[("primary", Tier::Primary), ("digest", Tier::Digest)]).unwrap_or_default(),
        topics: record.texts("topics"),
        population: record.text("population"),
        superseded_by: record.parsed("superseded_by", edition),
        declared_status: record.one_of(
            "status",
            &[("current", Status::Current), ("superseded", Status::Superseded), ("retired", Status::Retired)],
        ),
        last_checked: record.parsed("last_checked", "a day such as \"2026-01-31\""),
        cadence: record.parsed("cadence", "a duration such as \"P1Y\""),
        grade_system: record.text("grade_system"),
        sources: record.texts("sources"),
        retrieved_at: record.take("retrieved_at", date, |value| scalar(value).ok_or(String::new())),
        pages: record.parsed("pages", "a number of pages"),
        ..VersionFacts::bare(placeholder)
    };
    facts.supersedes = record.editions("supersedes");
    facts.same_edition = record.editions("same_edition");
    facts.notices = record.notices();
    if let Some(declared) = record.text("sha256") {
        let line_of = record.source.find("sha256").unwrap_or_default();
        if content_sha256.is_some_and(|actual| !actual.eq_ignore_ascii_case(&declared)) {
            record.fault_at(line_of, "`sha256` differs from the content's: the file was changed after it was recorded");
        }
        facts.sha256 = Some(declared);
    }
    facts.sha256 = content_sha256.map(str::to_owned).or(facts.sha256);
    id.map(|_| facts)
}

fn edge(value: &DeValue<'_>) -> Result<VersionId, String> {
    value.as_str().ok_or(String::new())?.parse().map_err(|error: super::IdError| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_source(source: &str) -> (Option<VersionFacts>, Vec<String>) {
        let mut faults = Vec::new();
        let facts = check(Path::new("x.toml"), source, "x", Some("0123456789abcdef"), &mut faults);
        (facts, faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn an_empty_sidecar_is_named_by_stem_and_content() {
        let (facts, faults) = check_source("");
        assert_eq!(facts.map(|facts| facts.id.to_string()), Some("x@0123456789ab".to_owned()));
        assert!(faults.is_empty());
    }

    #[test]
    fn every_fault_is_reported_at_once_with_its_line() {
        let source = "id = \"a b\"\nversion = 2019\npublished = \"yesterday\"\n\ntier = \"best\"\ncolour = \"red\"\ntopics = [1]\n";
        let (facts, faults) = check_source(source);
        assert_eq!(facts, None);
        let lines: Vec<&str> = faults.iter().filter_map(|fault| fault.split(": ").next()).collect();
        assert_eq!(lines, ["x.toml:1", "x.toml:3", "x.toml:5", "x.toml:7", "x.toml:6"], "{faults:#?}");
    }

    #[test]
    fn dates_may_stand_without_quotation_marks() {
        let (facts, faults) = check_source("published = 2019-12-10\nlast_checked = 2026-01-02");
        assert!(faults.is_empty(), "{faults:?}");
        let facts = facts.expect("facts");
        assert_eq!(facts.published.map(|date| date.to_string()).as_deref(), Some("2019-12-10"));
        assert_eq!(facts.last_checked.map(|date| date.to_string()).as_deref(), Some("2026-01-02"));
    }

    #[test]
    fn what_tells_the_currency_is_read() {
        let (facts, faults) = check_source(
            "cadence = \"P3M\"\nsame_edition = [\"y@1\"]\n[[notices]]\nkind = \"living\"\nsource = \"https://x.org\"\n\
             [[notices]]\nkind = \"draft\"\nsince = 2026-01-31\n",
        );
        assert!(faults.is_empty(), "{faults:?}");
        let facts = facts.expect("facts");
        assert_eq!(facts.cadence.map(|cadence| cadence.to_string()).as_deref(), Some("P3M"));
        assert_eq!((facts.same_edition.len(), facts.notices.len()), (1, 2));
        let (_, faults) = check_source(
            "cadence = \"often\"\n[[notices]]\nkind = \"gossip\"\n[[notices]]\nkind = \"draft\"\nby = 1\n",
        );
        assert_eq!(faults.len(), 3, "{faults:?}");
    }

    #[test]
    fn a_changed_file_is_refused() {
        let (_, faults) = check_source("sha256 = \"ffff\"");
        assert!(faults[0].contains("sha256"), "{faults:?}");
    }

    #[test]
    fn broken_toml_names_each_line() {
        let (_, faults) = check_source("id = \nversion = = 3\n");
        assert!(faults.len() >= 2, "{faults:?}");
    }

    #[test]
    fn edges_survive_the_faults_beside_them() {
        let (facts, faults) = check_source(
            "version = \"2\"\nsupersedes = [\"x@1\", \"nonsense\"]\ntext_storage = \"link-only\"\nbroken = \n",
        );
        let edges: Vec<String> = facts.expect("facts").supersedes.iter().map(ToString::to_string).collect();
        assert_eq!(edges, ["x@1"]);
        assert_eq!(faults.len(), 4, "{faults:?}");
    }
}
