//! Files to a taxonomy: what each may hold, and what is wrong with one, by line.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::{
    Error, ErrorCode, HarmAxes, Item, LARGEST, MOST_FILES, Named, OWN, Point, Rubric, Section, Taxonomy, VerdictMeaning,
};
use crate::corpus::Fault;
use crate::review::record::{Severity, Verdict};

/// One file, read and not yet looked at.
pub(super) struct Source {
    path: PathBuf,
    text: String,
}

/// What a file is; its other keys are read by kind.
#[derive(Deserialize)]
struct Kind {
    kind: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TaxonomyFile {
    #[serde(rename = "kind")]
    _kind: String,
    id: Spanned<String>,
    #[serde(default)]
    verdicts: Vec<VerdictRow>,
    #[serde(default)]
    severities: Vec<NamedRow>,
    harm: HarmRows,
    #[serde(default)]
    errors: Vec<ErrorRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerdictRow {
    name: Spanned<String>,
    label: Spanned<String>,
    key: Spanned<String>,
    meaning: Spanned<String>,
    needs: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedRow {
    name: Spanned<String>,
    label: Spanned<String>,
    meaning: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HarmRows {
    #[serde(default)]
    extent: Vec<NamedRow>,
    #[serde(default)]
    likelihood: Vec<NamedRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ErrorRow {
    code: Spanned<String>,
    label: Spanned<String>,
    meaning: Spanned<String>,
    group: Spanned<String>,
    example: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RubricFile {
    #[serde(rename = "kind")]
    _kind: String,
    id: Spanned<String>,
    #[serde(default)]
    items: Vec<ItemRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemRow {
    id: Spanned<String>,
    label: Spanned<String>,
    question: Spanned<String>,
    scale: Spanned<Vec<Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GuideFile {
    #[serde(rename = "kind")]
    _kind: String,
    #[serde(default)]
    sections: Vec<SectionRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionRow {
    title: Spanned<String>,
    text: Spanned<String>,
}

/// The program's own files.
pub(super) fn own() -> Vec<Source> {
    OWN.iter().map(|(path, text)| Source { path: PathBuf::from(path), text: (*text).to_owned() }).collect()
}

/// The files of a folder, the program's own in place of what it lacks.
pub(super) fn folder(folder: &Path) -> Result<Taxonomy, Error> {
    let unreadable = |source| Error::Unreadable { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        return Err(Error::Nothing(folder.to_owned()));
    }
    if paths.len() > MOST_FILES {
        let message = format!("the folder holds {} .toml files, more than {MOST_FILES}", paths.len());
        return Err(Error::Wrong(vec![Fault { path: folder.to_owned(), line: None, message }]));
    }
    let sources = paths.into_iter().map(source).collect::<Result<Vec<_>, _>>()?;
    assemble(&sources)
}

fn source(path: PathBuf) -> Result<Source, Error> {
    let unreadable = |source| Error::Unreadable { path: path.clone(), source };
    let mut bytes = Vec::new();
    fs::File::open(&path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    let wrong = |message: String| Error::Wrong(vec![Fault { path: path.clone(), line: None, message }]);
    if bytes.len() as u64 > LARGEST {
        return Err(wrong(format!("the file has more than {LARGEST} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong("the file is not UTF-8".to_owned()))?;
    Ok(Source { path, text })
}

/// Reads the files, and tells all faults of all of them at once.
pub(super) fn assemble(sources: &[Source]) -> Result<Taxonomy, Error> {
    let mut found = Found::default();
    let mut faults = Vec::new();
    for source in sources {
        let mut checker = Checker { source, faults: &mut faults };
        found.take(source, &mut checker);
    }
    if !faults.is_empty() {
        faults.sort();
        return Err(Error::Wrong(faults));
    }
    if found.is_whole() {
        return found.whole(sources);
    }
    // What the folder lacks is taken from the program's own files.
    let mut own = Found::default();
    for source in &own_sources_lacking(&found) {
        own.take(source, &mut Checker { source, faults: &mut faults });
    }
    found.fill(own).whole(sources)
}

fn own_sources_lacking(found: &Found) -> Vec<Source> {
    let lacking = [found.taxonomy.is_none(), found.rubric.is_none(), found.guide.is_none()];
    own().into_iter().zip(lacking).filter_map(|(source, lacking)| lacking.then_some(source)).collect()
}

#[derive(Default)]
struct Found {
    taxonomy: Option<TaxonomyFile>,
    rubric: Option<RubricFile>,
    guide: Option<GuideFile>,
}

impl Found {
    fn is_whole(&self) -> bool {
        self.taxonomy.is_some() && self.rubric.is_some() && self.guide.is_some()
    }

    fn fill(self, own: Found) -> Found {
        Found {
            taxonomy: self.taxonomy.or(own.taxonomy),
            rubric: self.rubric.or(own.rubric),
            guide: self.guide.or(own.guide),
        }
    }

    fn take(&mut self, source: &Source, checker: &mut Checker<'_>) {
        let kind = match toml::from_str::<Kind>(&source.text) {
            Ok(kind) => kind.kind,
            Err(error) => return checker.refuse(&error),
        };
        let Some(kind) = kind else {
            return checker.add(0, "there is no `kind`: say kind = \"taxonomy\", \"rubric\" or \"guide\"");
        };
        let twice = match kind.get_ref().as_str() {
            "taxonomy" => self.taxonomy.is_some(),
            "rubric" => self.rubric.is_some(),
            "guide" => self.guide.is_some(),
            other => {
                return checker.at(&kind, format!("`{other}` is no kind: taxonomy, rubric or guide"));
            }
        };
        if twice {
            return checker.at(&kind, format!("another file is a {} already", kind.get_ref()));
        }
        match kind.get_ref().as_str() {
            "taxonomy" => self.taxonomy = checker.parse().inspect(|file| checker.taxonomy(file)),
            "rubric" => self.rubric = checker.parse().inspect(|file| checker.rubric(file)),
            _ => self.guide = checker.parse().inspect(|file| checker.guide(file)),
        }
    }

    fn whole(self, sources: &[Source]) -> Result<Taxonomy, Error> {
        let (Some(taxonomy), Some(rubric), Some(guide)) = (self.taxonomy, self.rubric, self.guide) else {
            let path = sources.first().map(|source| source.path.clone()).unwrap_or_default();
            let message = "a taxonomy, a rubric or a guide is missing".to_owned();
            return Err(Error::Wrong(vec![Fault { path, line: None, message }]));
        };
        Ok(Taxonomy {
            id: taxonomy.id.into_inner(),
            verdicts: taxonomy.verdicts.into_iter().filter_map(verdict).collect(),
            errors: taxonomy.errors.into_iter().map(error).collect(),
            severities: taxonomy.severities.into_iter().map(named).collect(),
            harm: HarmAxes {
                extent: taxonomy.harm.extent.into_iter().map(named).collect(),
                likelihood: taxonomy.harm.likelihood.into_iter().map(named).collect(),
            },
            rubric: Rubric { id: rubric.id.into_inner(), items: rubric.items.into_iter().map(item).collect() },
            guide: guide.sections.into_iter().map(section).collect(),
        })
    }
}

fn verdict(row: VerdictRow) -> Option<VerdictMeaning> {
    Some(VerdictMeaning {
        name: verdict_named(row.name.get_ref())?,
        label: plain(row.label),
        key: row.key.into_inner(),
        meaning: plain(row.meaning),
        needs: row.needs.map(plain),
    })
}

fn verdict_named(name: &str) -> Option<Verdict> {
    Verdict::ALL.into_iter().find(|one| one.name() == name)
}

fn error(row: ErrorRow) -> ErrorCode {
    ErrorCode {
        code: row.code.into_inner(),
        label: plain(row.label),
        meaning: plain(row.meaning),
        group: plain(row.group),
        example: row.example.map(plain),
    }
}

fn named(row: NamedRow) -> Named {
    Named { name: row.name.into_inner(), label: plain(row.label), meaning: row.meaning.map(plain) }
}

fn item(row: ItemRow) -> Item {
    let labels = row.scale.into_inner().into_iter().map(plain);
    Item {
        id: row.id.into_inner(),
        label: plain(row.label),
        question: plain(row.question),
        scale: (1..=u8::MAX).zip(labels).map(|(value, label)| Point { value, label }).collect(),
    }
}

fn section(row: SectionRow) -> Section {
    Section { title: plain(row.title), text: plain(row.text) }
}

fn plain(text: Spanned<String>) -> String {
    text.into_inner().trim().to_owned()
}

/// Finds what is wrong in one file.
struct Checker<'a> {
    source: &'a Source,
    faults: &'a mut Vec<Fault>,
}

impl Checker<'_> {
    fn parse<T: for<'de> Deserialize<'de>>(&mut self) -> Option<T> {
        toml::from_str(&self.source.text).map_err(|error| self.refuse(&error)).ok()
    }

    fn refuse(&mut self, error: &toml::de::Error) {
        let at = error.span().map_or(0, |span| span.start);
        self.add(at, error.message().to_owned());
    }

    /// A fault at a byte of the file.
    fn add(&mut self, byte: usize, message: impl Into<String>) {
        let before = self.source.text.as_bytes().iter().take(byte);
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        self.faults.push(Fault { path: self.source.path.clone(), line: Some(line), message: message.into() });
    }

    fn at<T>(&mut self, place: &Spanned<T>, message: impl Into<String>) {
        self.add(place.span().start, message);
    }

    fn taxonomy(&mut self, file: &TaxonomyFile) {
        self.id(&file.id);
        self.once("verdict", file.verdicts.iter().map(|row| &row.name));
        self.once("key", file.verdicts.iter().map(|row| &row.key));
        for row in &file.verdicts {
            self.sentence(&row.label, 60);
            self.sentence(&row.meaning, 400);
            row.needs.iter().for_each(|needs| self.sentence(needs, 400));
            if verdict_named(row.name.get_ref()).is_none() {
                self.at(&row.name, format!("`{}` is none of the five verdicts", row.name.get_ref()));
            }
            if row.key.get_ref().chars().count() != 1 {
                self.at(&row.key, "a key is one character");
            }
        }
        let verdicts = Verdict::ALL.map(Verdict::name);
        self.all("verdict", &verdicts, file.verdicts.iter().map(|row| &row.name), &file.id);
        self.named("severity", &file.severities);
        let severities = Severity::ALL.map(Severity::name);
        for row in &file.severities {
            if !severities.contains(&row.name.get_ref().as_str()) {
                self.at(&row.name, format!("`{}` is no severity: minor, major or critical", row.name.get_ref()));
            }
        }
        self.all("severity", &severities, file.severities.iter().map(|row| &row.name), &file.id);
        self.harm(file);
        self.errors(file);
    }

    fn harm(&mut self, file: &TaxonomyFile) {
        for (axis, rows) in [("harm.extent", &file.harm.extent), ("harm.likelihood", &file.harm.likelihood)] {
            self.named(axis, rows);
            if rows.len() < 2 {
                self.at(&file.id, format!("`{axis}` has fewer than two rows"));
            }
        }
    }

    fn errors(&mut self, file: &TaxonomyFile) {
        self.once("code", file.errors.iter().map(|row| &row.code));
        if file.errors.is_empty() {
            self.at(&file.id, "there are no error codes");
        }
        for row in &file.errors {
            let code = row.code.get_ref();
            let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            if !code.starts_with(|c: char| c.is_ascii_uppercase()) || !code.chars().all(upper) || code.len() > 40 {
                self.at(&row.code, format!("`{code}` is no code: A to Z, 0 to 9 and _, at most 40"));
            }
            self.sentence(&row.label, 60);
            self.sentence(&row.meaning, 400);
            self.sentence(&row.group, 40);
            row.example.iter().for_each(|example| self.sentence(example, 400));
        }
    }

    fn rubric(&mut self, file: &RubricFile) {
        self.id(&file.id);
        self.once("item", file.items.iter().map(|row| &row.id));
        if file.items.is_empty() || file.items.len() > 40 {
            self.at(&file.id, "a rubric has 1 to 40 items");
        }
        for row in &file.items {
            self.name(&row.id);
            self.sentence(&row.label, 60);
            self.sentence(&row.question, 400);
            if !(2..=10).contains(&row.scale.get_ref().len()) {
                self.at(&row.scale, "a scale has 2 to 10 points");
            }
            row.scale.get_ref().iter().for_each(|point| self.sentence(point, 200));
        }
    }

    fn guide(&mut self, file: &GuideFile) {
        if file.sections.is_empty() || file.sections.len() > 40 {
            self.add(0, "a guide has 1 to 40 sections");
        }
        for row in &file.sections {
            self.sentence(&row.title, 120);
            self.sentence(&row.text, 8000);
        }
    }

    fn named(&mut self, what: &str, rows: &[NamedRow]) {
        self.once(what, rows.iter().map(|row| &row.name));
        for row in rows {
            self.name(&row.name);
            self.sentence(&row.label, 120);
            row.meaning.iter().for_each(|meaning| self.sentence(meaning, 400));
        }
    }

    fn id(&mut self, id: &Spanned<String>) {
        let good = id.get_ref().split_once('/').is_some_and(|(name, version)| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
            !name.is_empty() && !version.is_empty() && (name.to_owned() + version).chars().all(plain)
        });
        if !good || id.get_ref().len() > 80 {
            self.at(id, format!("`{}` is no id: name/version, of a to z, 0 to 9, - and .", id.get_ref()));
        }
    }

    fn name(&mut self, name: &Spanned<String>) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        if name.get_ref().is_empty() || name.get_ref().len() > 40 || !name.get_ref().chars().all(plain) {
            self.at(name, format!("`{}` is no name: a to z, 0 to 9, _ and -, at most 40", name.get_ref()));
        }
    }

    fn sentence(&mut self, text: &Spanned<String>, most: usize) {
        if text.get_ref().trim().is_empty() {
            self.at(text, "the text is empty");
        } else if text.get_ref().chars().count() > most {
            self.at(text, format!("the text has more than {most} characters"));
        }
    }

    fn once<'r>(&mut self, what: &str, names: impl Iterator<Item = &'r Spanned<String>>) {
        let mut seen = BTreeSet::new();
        for name in names {
            if !seen.insert(name.get_ref().as_str()) {
                self.at(name, format!("{what} `{}` stands here twice", name.get_ref()));
            }
        }
    }

    fn all<'r>(
        &mut self,
        what: &str,
        must: &[&str],
        names: impl Iterator<Item = &'r Spanned<String>>,
        place: &Spanned<String>,
    ) {
        let have: BTreeSet<&str> = names.map(|name| name.get_ref().as_str()).collect();
        for name in must.iter().filter(|name| !have.contains(*name)) {
            self.at(place, format!("{what} `{name}` is missing"));
        }
    }
}
