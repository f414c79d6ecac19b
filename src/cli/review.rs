//! `groundline review`: reviews in and out, replayed and measured, without the pages.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::output;
use super::{Done, Failure, Where, token, usage};
use crate::evidence::{self, Options};
use crate::export::artifact;
use crate::export::replay::{self, ReplayError};
use crate::export::{Bundle, Format as Form, Program, render};
use crate::index::{Snapshot, Store as Index};
use crate::meaning::KeptQueries;
use crate::review::agreement::{self, By, Question, Report};
use crate::review::import::{self, Format, limits};
use crate::review::incoming::new_review;
use crate::review::record::Verdict;
use crate::review::store::{Page, Store};
use crate::review::taxonomy::Taxonomy;
use crate::view::impact::SnapshotInUse;
use crate::view::native::ResultView;
use crate::view::request::LineRequest;

/// Name of the file of reviews in the data folder.
const FILE: &str = "reviews.sqlite";
/// Reviews of one page when all are wanted.
const PAGE: usize = 200;

/// Where reviews lie, and the words of their verdicts.
#[derive(Args, Clone)]
pub(super) struct Kept {
    #[command(flatten)]
    data: token::Data,
    /// A folder with your own taxonomy, rubric or guide (TOML) [default: the program's own]
    #[arg(long, value_name = "DIR", env = "GROUNDLINE_TAXONOMY", hide_env_values = true)]
    taxonomy: Option<PathBuf>,
}

impl Kept {
    /// The reviews.
    pub(super) fn store(&self) -> Result<Store, Failure> {
        Kept::at(&self.data.folder()?, self.taxonomy.as_deref())
    }

    /// The file that they lie in.
    fn file(&self) -> Result<PathBuf, Failure> {
        Ok(self.data.folder()?.join(FILE))
    }

    /// The reviews of a data folder.
    pub(super) fn at(data: &Path, taxonomy: Option<&Path>) -> Result<Store, Failure> {
        let taxonomy = match taxonomy {
            Some(folder) => Arc::new(Taxonomy::read(folder).map_err(usage)?),
            None => Taxonomy::embedded(),
        };
        std::fs::create_dir_all(data).with_context(|| format!("{} cannot be made", data.display()))?;
        let store = Store::open_with(&data.join(FILE), taxonomy, Arc::new(crate::review::store::SystemClock))?;
        store.notes().iter().for_each(|note| output::talk(&format!("groundline: {note}")));
        Ok(store)
    }
}

#[derive(Subcommand)]
pub(super) enum Review {
    /// List the reviews, newest first
    List(List),
    /// Make reviews of the responses in files
    Import(Import),
    /// Write reviews as an artifact, a report, or in a form that other tools read
    Export(Export),
    /// Run every search of an artifact again on the same snapshot and compare
    Replay(Replay),
    /// Tell how far reviewers agree
    Agreement(Agreement),
    /// List verdicts that rest on guidance that has been replaced since
    Impact(Impact),
    /// Compute the ids of all verdicts again and look for damage
    Verify(Verify),
    /// Erase a review's texts; hashes and verdicts stay
    Erase(Erase),
}

#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    kept: Kept,
}

#[derive(Args)]
pub(super) struct Import {
    /// Text, Markdown, chat JSON, CSV, Inspect, lm-eval, promptfoo, HealthBench files, or our artifact
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The format; found out from the file where not given
    #[arg(long, default_value = "auto")]
    format: String,
    /// Suggest no claims
    #[arg(long)]
    no_split: bool,
    #[command(flatten)]
    kept: Kept,
}

#[derive(Args)]
pub(super) struct Export {
    /// Ids of reviews; all where none is given
    reviews: Vec<String>,
    /// artifact, csv, html, webannotation, labelstudio, labelstudio-config, healthbench, trec-run, trec-qrels, inspect, prov, csl, bibtex or ris
    #[arg(long, default_value = "artifact", value_parser = form)]
    format: Form,
    /// The file to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    kept: Kept,
}

fn form(name: &str) -> Result<Form, String> {
    Form::named(name).ok_or_else(|| format!("expected one of {}", Form::ALL.map(Form::name).join(", ")))
}

#[derive(Args)]
pub(super) struct Replay {
    /// The artifact
    artifact: PathBuf,
    #[command(flatten)]
    place: Where,
}

#[derive(Args)]
pub(super) struct Agreement {
    /// Parts: all (none), label, error, pair or week
    #[arg(long, default_value = "all")]
    by: String,
    /// The reviewer whose verdicts are the gold set; `adjudicated` for what adjudicators decided
    #[arg(long, value_name = "REVIEWER")]
    gold: Option<String>,
    #[command(flatten)]
    kept: Kept,
}

#[derive(Args)]
pub(super) struct Impact {
    #[command(flatten)]
    kept: Kept,
    #[command(flatten)]
    place: Where,
}

#[derive(Args)]
pub(super) struct Verify {
    #[command(flatten)]
    kept: Kept,
}

#[derive(Args)]
pub(super) struct Erase {
    /// The review
    id: String,
    /// The same id again: what is erased does not come back
    #[arg(long, value_name = "ID", required = true)]
    confirm: String,
    #[command(flatten)]
    kept: Kept,
}

impl Review {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        match self {
            Review::List(list) => list.run(json),
            Review::Import(import) => import.run(json),
            Review::Export(export) => export.run(),
            Review::Replay(replay) => replay.run(json),
            Review::Agreement(agreement) => agreement.run(json),
            Review::Impact(impact) => impact.run(json),
            Review::Verify(verify) => verify.run(json),
            Review::Erase(erase) => erase.run(json),
        }
    }
}

/// Every review's line of the list, newest first.
fn all(store: &Store) -> Result<Vec<crate::review::store::Summary>, Failure> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let (reviews, next) = store.reviews(&Page { limit: PAGE, after, state: None }, None)?;
        found.extend(reviews);
        match next {
            Some(next) => after = Some(next),
            None => return Ok(found),
        }
    }
}

impl List {
    fn run(&self, json: bool) -> Result<Done, Failure> {
        let all = all(&self.kept.store()?)?;
        let views: Vec<_> = all.into_iter().map(crate::view::review::SummaryView::of).collect();
        if json {
            return output::json(&json!({ "reviews": views }));
        }
        let line = |one: &crate::view::review::SummaryView| {
            let day = one.created_at.get(..10).unwrap_or_default();
            let title = if one.erased { "(erased)" } else { one.title.as_str() };
            format!("{}  {day}  {:>3} of {:<3}  {}\n", one.id, one.decided, one.claims, title.replace('\n', " "))
        };
        output::text(&views.iter().map(line).collect::<String>())
    }
}

impl Import {
    fn run(&self, json: bool) -> Result<Done, Failure> {
        let format: Format = self.format.parse().map_err(|()| {
            usage(anyhow::anyhow!(
                "there is no format {:?}: {}",
                self.format,
                Format::NAMES.map(|(_, name)| name).join(", ")
            ))
        })?;
        let store = self.kept.store()?;
        let mut told = Vec::new();
        let mut rejects = false;
        for path in &self.files {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let read = read_file(path).and_then(|bytes| Ok(import::read(&name, &bytes, format)?));
            let read = match read {
                Ok(read) => read,
                Err(error) => {
                    output::talk(&format!("groundline: {}: {error:#}", path.display()));
                    rejects = true;
                    continue;
                }
            };
            for one in &read.rejected {
                output::talk(&format!("groundline: {}: {}: {}", path.display(), one.at, one.reason));
            }
            rejects |= !read.rejected.is_empty();
            for (at, response) in read.responses.into_iter().enumerate() {
                match store.create(&new_review(response, !self.no_split)) {
                    Ok(review) => told.push(json!({
                        "file": path.display().to_string(), "id": review.id, "claims": review.claims.len(),
                    })),
                    Err(error) => {
                        output::talk(&format!("groundline: {}: response {}: {error}", path.display(), at + 1));
                        rejects = true;
                    }
                }
            }
        }
        if json {
            output::json(&json!({ "imported": told }))?;
        } else {
            let line = |one: &Value| {
                let text = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                let claims = one.get("claims").and_then(Value::as_u64).unwrap_or_default();
                format!("{}  {claims} claims  {}\n", text("id"), text("file"))
            };
            output::text(&told.iter().map(line).collect::<String>())?;
        }
        Ok(if rejects { Done::WithRejects } else { Done::Fully })
    }
}

/// A file that is not larger than what is read at all.
fn read_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let size = std::fs::metadata(path)?.len();
    anyhow::ensure!(size <= limits::FILE_BYTES as u64, "it has {size} bytes; at most {} are read", limits::FILE_BYTES);
    Ok(std::fs::read(path)?)
}

impl Export {
    fn run(&self) -> Result<Done, Failure> {
        let store = self.kept.store()?;
        let ids = match self.reviews.as_slice() {
            [] => all(&store)?.into_iter().rev().map(|one| one.id).collect(),
            named => named.to_vec(),
        };
        let (mut reviews, mut evidence) = (Vec::new(), Vec::new());
        for id in &ids {
            reviews.push(store.review(id)?);
            evidence.extend(store.evidence(id)?);
        }
        let taxonomy = serde_json::to_value(&**store.taxonomy())?;
        let program = Program { version: env!("CARGO_PKG_VERSION").to_owned() };
        let bundle =
            Bundle { reviews, evidence, taxonomy, made_at: Timestamp::now(), program, people: BTreeMap::new() };
        let bundle = bundle.named(store.reviewers()?.into_iter().map(|one| (one.id, one.name)));
        let bytes = render(&bundle, self.format)?;
        match &self.out {
            Some(path) => {
                std::fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
            }
            None => {
                let mut out = std::io::stdout().lock();
                out.write_all(&bytes)?;
                out.flush()?;
            }
        }
        Ok(Done::Fully)
    }
}

impl Replay {
    fn run(&self, json: bool) -> Result<Done, Failure> {
        let bytes = read_file(&self.artifact).with_context(|| format!("{} cannot be read", self.artifact.display()))?;
        let artifact = artifact::read(&bytes).with_context(|| self.artifact.display().to_string())?;
        let index = self.place.folders()?.replaying(KeptQueries::new(replay::query_vectors(&artifact)))?;
        let mut open: BTreeMap<String, Option<Snapshot>> = BTreeMap::new();
        let replay = replay::compare(&artifact, |request, id| {
            let held = open.entry(id.to_owned()).or_insert_with(|| opened(&index, id));
            let snapshot = held.as_ref().ok_or_else(|| ReplayError::SnapshotUnavailable(id.to_owned()))?;
            again(snapshot, request).map_err(|error| ReplayError::Failed(error.to_string()))
        });
        if json {
            output::json(&replay)?
        } else {
            output::text(&format!("{replay}\n"))?
        };
        if replay.identical {
            return Ok(Done::Fully);
        }
        Err(Failure::Failed(anyhow::anyhow!("the replay is not identical")))
    }
}

fn opened(index: &Index, id: &str) -> Option<Snapshot> {
    index.open(&id.parse().ok()?).ok()
}

/// The answer to a request on a snapshot, as artifacts keep it; nothing is counted.
fn again(snapshot: &Snapshot, request: &Value) -> anyhow::Result<Value> {
    let line: LineRequest = serde_json::from_value(request.clone()).context("the request cannot be read")?;
    let (item, options) = line.split(&Options::default());
    let claim = item.to_claim()?;
    let evidence = evidence::gather(snapshot, &claim, &options)?;
    Ok(serde_json::to_value(ResultView::of(snapshot, item.id, claim.text(), &evidence, 0.0))?)
}

impl Agreement {
    fn run(&self, json: bool) -> Result<Done, Failure> {
        let by: By = self
            .by
            .parse()
            .map_err(|()| usage(anyhow::anyhow!("--by is all, label, error, pair or week, not {:?}", self.by)))?;
        let units = crate::review::units(self.kept.store()?.agreement_units()?, self.gold.as_deref());
        let scale = Verdict::ALL.iter().map(|verdict| verdict.name().to_owned()).collect();
        let report = agreement::report(&units, &Question { by, gold: self.gold.clone(), scale });
        if json { output::json(&report) } else { output::text(&page(&report)) }
    }
}

fn page(report: &Report) -> String {
    let figure = |value: Option<f64>| value.map_or_else(|| "     –".to_owned(), |value| format!("{value:6.3}"));
    let line = |name: &str, one: &agreement::Agreement| {
        let Agreements { percent, kappa, alpha, ac1 } = Agreements::of(one);
        format!(
            "{name:<24} {:>5}  {}  {}  {}  {}\n",
            one.units,
            figure(percent),
            figure(kappa),
            figure(alpha),
            figure(ac1)
        )
    };
    let head = format!("{:<24} {:>5}  {:>6}  {:>6}  {:>6}  {:>6}\n", "", "units", "share", "kappa", "alpha", "AC1");
    let groups = report.groups.iter().map(|group| line(&group.name, &group.agreement));
    let mut page = head + &line("all", &report.agreement) + &groups.collect::<String>();
    for (name, why) in &report.agreement.undefined {
        page.push_str(&format!("{name} is not defined: {}\n", why.reason()));
    }
    page
}

/// The four measures of one line.
struct Agreements {
    percent: Option<f64>,
    kappa: Option<f64>,
    alpha: Option<f64>,
    ac1: Option<f64>,
}

impl Agreements {
    fn of(one: &agreement::Agreement) -> Agreements {
        Agreements { percent: one.percent, kappa: one.cohen_kappa, alpha: one.krippendorff_alpha, ac1: one.gwet_ac1 }
    }
}

impl Impact {
    fn run(&self, json: bool) -> Result<Done, Failure> {
        let folders = self.place.folders()?;
        let snapshot = folders.snapshot(&folders.answering()?)?;
        let found = self.kept.store()?.impact(&SnapshotInUse(&snapshot))?;
        if found.is_empty() {
            let file = self.kept.file()?;
            output::talk(&format!("groundline: no verdict in {} rests on what has changed since", file.display()));
        }
        if json {
            return output::json(&json!({ "verdicts": found }));
        }
        if found.is_empty() {
            return Ok(Done::Fully);
        }
        let line = |one: &crate::review::store::Impact| {
            let by = one.superseded_by.as_ref().map(|by| format!(", replaced by {by}")).unwrap_or_default();
            format!("{} {}  {}  {}{by}\n", one.review, one.claim, one.reviewer, one.passage)
        };
        output::text(&found.iter().map(line).collect::<String>())
    }
}

impl Verify {
    fn run(&self, json: bool) -> Result<Done, Failure> {
        let found = self.kept.store()?.verify()?;
        for fault in &found.faults {
            output::talk(&format!("groundline: {fault}"));
        }
        let (reviews, claims) = (found.reviews, found.claims);
        if json {
            output::json(&json!({"reviews": reviews, "claims": claims, "faults": found.faults}))?;
        } else {
            output::text(&format!("{reviews} reviews with {claims} claims, {} faults\n", found.faults.len()))?;
        }
        if found.is_whole() {
            Ok(Done::Fully)
        } else {
            Err(Failure::Failed(anyhow::anyhow!("the reviews are damaged")))
        }
    }
}

impl Erase {
    fn run(&self, json: bool) -> Result<Done, Failure> {
        if self.confirm != self.id {
            return Err(usage(anyhow::anyhow!("--confirm is not {}: what is erased does not come back", self.id)));
        }
        let at = self.kept.store()?.erase(&self.id)?;
        if json { output::json(&json!({"erased_at": at})) } else { output::text(&format!("erased {}\n", self.id)) }
    }
}
