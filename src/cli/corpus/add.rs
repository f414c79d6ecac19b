//! `groundline corpus add`: from a file on disk to a version of a pack.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::change::{By, failure};
use super::reading::{self, read_file};
use crate::cli::settings::child_reader;
use crate::cli::{Done, Failure, Where, output, usage};
use crate::corpus::edit::{self, Addition, Offer};
use crate::corpus::{DocumentId, PartialDate, VersionId};
use crate::ingest::Text;

#[derive(Args)]
pub(in crate::cli) struct Add {
    /// The file: .html, .pdf, .xml (JATS, SPL, PDQ), .md or .txt. A .toml beside it gives what the options do not
    file: PathBuf,
    /// The pack: its name, its folder, or a name for a new one [default: the candidate's pack, else `local`]
    #[arg(long, value_name = "DIR|NAME")]
    pack: Option<String>,
    /// The document, e.g. uspstf-aaa [default: from the file's name]
    #[arg(long)]
    id: Option<DocumentId>,
    /// The edition, e.g. 2019 [default: the year of publication, else from the file's name or its bytes]
    #[arg(long)]
    version: Option<String>,
    /// Title of this edition [default: the document's own]
    #[arg(long)]
    title: Option<String>,
    /// Who issued it
    #[arg(long)]
    publisher: Option<String>,
    /// Where it applies: an ISO 3166 code, EU or INT
    #[arg(long)]
    jurisdiction: Option<String>,
    /// Date of publication: 2019, 2019-12 or 2019-12-10
    #[arg(long, value_name = "DATE")]
    published: Option<PartialDate>,
    /// The publisher's page
    #[arg(long)]
    url: Option<String>,
    /// Licence of the text
    #[arg(long)]
    licence: Option<String>,
    /// How much of the text may be kept
    #[arg(long, value_name = "RULE")]
    text_storage: Option<Storage>,
    /// Whose words these are
    #[arg(long)]
    tier: Option<Tier>,
    /// The grade system, e.g. USPSTF
    #[arg(long, value_name = "NAME")]
    grade_system: Option<String>,
    /// An edition that this one replaces; may be given several times
    #[arg(long, value_name = "ID@V")]
    supersedes: Vec<VersionId>,
    /// A version that holds the same edition in other words, as a digest does; may be given several times
    #[arg(long, value_name = "ID@V")]
    same_edition: Vec<VersionId>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Where,
}

/// `text_storage` as a sidecar writes it.
#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Storage {
    Full,
    Quote,
    LinkOnly,
}

/// `tier` as a sidecar writes it.
#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Tier {
    Primary,
    Digest,
}

fn word(value: &impl ValueEnum) -> Option<String> {
    value.to_possible_value().map(|value| value.get_name().to_owned())
}

impl Add {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let shown = self.file.display();
        if !self.file.is_file() {
            return Err(usage(anyhow::anyhow!("there is no file {shown}")));
        }
        if std::fs::metadata(&self.file)?.len() == 0 {
            return Err(usage(anyhow::anyhow!("{shown} is empty: nothing was written")));
        }
        let text = read_file(&child_reader()?, &self.file, None).map_err(unread)?;
        let folders = self.place.folders()?;
        let corpus = folders.open_corpus_or_none()?;
        let root = folders.corpus.first().map_or(Path::new("corpus"), PathBuf::as_path);
        let offer = Offer {
            file: self.file.clone(),
            pack: edit::pack_folder(&corpus, root, self.pack.as_deref(), &self.file),
            keys: self.keys(),
            supersedes: self.supersedes.clone(),
            same_edition: self.same_edition.clone(),
            title: text.document.title.clone(),
            pages: text.document.pages.len(),
        };
        let added = edit::add(&corpus, &offer, &self.by.actor()?).map_err(failure)?;
        report(&added, &text, &self.place, json)
    }

    /// What was given, as sidecar keys in the order in which sidecars have them.
    fn keys(&self) -> Vec<(String, String)> {
        let keys = [
            ("id", self.id.as_ref().map(ToString::to_string)),
            ("version", self.version.clone()),
            ("title", self.title.clone()),
            ("publisher", self.publisher.clone()),
            ("jurisdiction", self.jurisdiction.clone()),
            ("published", self.published.map(|day| day.to_string())),
            ("url", self.url.clone()),
            ("licence", self.licence.clone()),
            ("text_storage", self.text_storage.as_ref().and_then(word)),
            ("tier", self.tier.as_ref().and_then(word)),
            ("grade_system", self.grade_system.clone()),
        ];
        keys.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
    }
}

/// A file that cannot be read is a wrong input, and nothing was written.
fn unread(error: Failure) -> Failure {
    match error {
        Failure::Failed(error) => Failure::Failed(error.context("nothing was written")),
        usage => usage,
    }
}

fn report(added: &Addition, text: &Text, place: &Where, json: bool) -> Result<Done, Failure> {
    added.done.repaired.iter().for_each(|line| output::talk(&format!("groundline: {line}")));
    let next = format!("groundline index build{}", place.told());
    if json {
        return output::json(&json!({
            "id": added.facts.id.document(), "version": added.facts.id.version(), "content": added.content,
            "sidecar": added.sidecar, "sha256": added.facts.sha256, "read": reading::as_json(text), "assumed": added.assumed,
            "missing": added.missing, "events": added.done.events, "next": next,
        }));
    }
    let mut out = format!("added {} to {}\n", added.facts.id, added.content.display());
    if let Some(title) = added.facts.title.as_ref().or(text.document.title.as_ref()) {
        out.push_str(&format!("title: {title}\n"));
    }
    out.push_str(&reading::told(text));
    added.assumed.iter().for_each(|line| out.push_str(&format!("assumed: {line}\n")));
    if !added.missing.is_empty() {
        let line = format!("missing in {}: {}\n", added.sidecar.display(), added.missing.join(", "));
        out.push_str(&line);
    }
    for event in added.done.events.iter().filter(|event| event.version != added.facts.id) {
        out.push_str(&format!("superseded: {}\n", event.version));
    }
    out.push_str(&format!("next: {next}\n"));
    output::text(&out)
}
