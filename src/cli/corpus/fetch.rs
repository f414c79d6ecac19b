//! `groundline corpus fetch`: guidelines from their publishers, within what licence and manners allow.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::change::By;
use crate::cli::settings::Folders;
use crate::cli::{Done, Failure, output, usage};
use crate::corpus::history::Actor;
use crate::corpus::{Format, VersionId};
use crate::document::ChildReader;
use crate::fetch::{self, Error, Outcome, Planned, Policy, Selection, SelectionError, Step, Told};

#[derive(Args)]
pub(in crate::cli) struct Fetch {
    /// Versions or documents [default: all that are due]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Only the versions of this pack; may be given several times
    #[arg(long, value_name = "NAME")]
    pack: Vec<String>,
    /// Say what would be fetched, and why the rest would not; ask nobody
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    by: By,
    /// A pack or a folder of packs; may be given several times [default: corpus]
    #[arg(long, value_name = "DIR")]
    corpus: Vec<PathBuf>,
}

impl Fetch {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let corpus = Folders::of(&self.corpus, None)?.open_corpus()?;
        let policy = Policy::strict();
        let now = Timestamp::now();
        let today = now.to_zoned(TimeZone::UTC).date();
        let selection = Selection { ids: self.ids.clone(), packs: self.pack.clone() };
        let planned = fetch::plan(&corpus, &selection, &policy, today).map_err(|error: SelectionError| usage(error))?;
        if self.dry_run {
            return foretell(&planned, json);
        }
        let actor = Actor { at: now, ..self.by.actor()? };
        let program = std::env::current_exe().context("the program's own path is unknown")?;
        let reader = ChildReader::new(program);
        let not_due = planned.iter().filter(|planned| matches!(planned.step, Step::NotDue(_))).count();
        let bar = Bar::new(planned.len() - not_due);
        let addresses: Vec<(VersionId, Option<String>)> = planned.iter().map(address).collect();
        let outcomes =
            fetch::run(planned, policy, &actor, &|format, path| text_of(&reader, format, path), &mut |told| {
                bar.told(told);
            });
        bar.bar.finish_and_clear();
        let url_of = |id: &VersionId| addresses.iter().find(|(of, _)| of == id).and_then(|(_, url)| url.clone());
        if json {
            let rows: Vec<Value> = outcomes.iter().map(|(id, outcome)| row(id, outcome, url_of(id))).collect();
            output::json(&json!({"documents": rows, "not_due": not_due}))?;
        } else {
            let lines: String = outcomes.iter().map(|(id, outcome)| format!("{}\n", line(id, outcome))).collect();
            if !lines.is_empty() {
                output::text(&lines)?;
            }
            output::talk(&summary(&outcomes, not_due));
        }
        let rejected = outcomes.iter().any(|(_, outcome)| matches!(outcome, Outcome::Not(_)));
        Ok(if rejected { Done::WithRejects } else { Done::Fully })
    }
}

/// A progress bar on a terminal; nothing in a pipe.
struct Bar {
    bar: ProgressBar,
}

impl Bar {
    fn new(documents: usize) -> Bar {
        let bar = ProgressBar::with_draw_target(Some(documents as u64), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("fetching {bar:32} {pos}/{len} {spinner} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Bar { bar }
    }

    fn told(&self, told: Told<'_>) {
        match told {
            Told::Asking(id) => self.bar.set_message(id.to_string()),
            Told::Done(..) => self.bar.inc(1),
        }
    }
}

/// The text of a content file, read as a stranger's bytes are: in a confined process.
fn text_of(reader: &ChildReader, format: Format, path: &Path) -> Option<String> {
    let mut file = std::fs::File::open(path).ok()?;
    let document = reader.read(format, &mut file).ok()?;
    Some(document.text.as_str().to_owned())
}

fn address(planned: &Planned<'_>) -> (VersionId, Option<String>) {
    let asked = match &planned.step {
        Step::Fetch(job) | Step::Check(job) => Some(job.url().to_owned()),
        Step::Refused(_) | Step::NotDue(_) => planned.version.facts.url.clone(),
    };
    (planned.version.facts.id.clone(), asked)
}

/// What would be done, without asking anybody.
fn foretell(planned: &[Planned<'_>], json: bool) -> Result<Done, Failure> {
    let told = planned.iter().map(|planned| {
        let (id, url) = address(planned);
        let (result, reason) = match &planned.step {
            Step::Fetch(_) => ("would_fetch", None),
            Step::Check(_) => ("would_check", None),
            Step::Refused(error) => ("refused", Some(error.to_string())),
            Step::NotDue(reason) => ("not_due", Some(reason.clone())),
        };
        (id, result, reason, url)
    });
    let told: Vec<_> = told.collect();
    if json {
        let rows: Vec<Value> = told
            .iter()
            .map(|(id, result, reason, url)| json!({"id": id, "result": result, "reason": reason, "url": url}))
            .collect();
        output::json(&json!({"documents": rows, "dry_run": true}))?;
    } else {
        let rows = told.iter().map(|(id, result, reason, url)| {
            let what = reason.as_deref().or(url.as_deref()).unwrap_or_default();
            format!("{:<44} {:<12} {what}\n", id.to_string(), result.replace('_', " "))
        });
        output::text(&rows.collect::<String>())?;
    }
    let refused = told.iter().any(|(_, result, ..)| *result == "refused");
    Ok(if refused { Done::WithRejects } else { Done::Fully })
}

/// The word for an outcome.
fn result(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Fetched { .. } => "fetched",
        Outcome::Unchanged { .. } => "unchanged",
        Outcome::Candidate { .. } => "candidate",
        Outcome::Not(error) if error.is_refusal() => "refused",
        Outcome::Not(_) => "failed",
    }
}

fn row(id: &VersionId, outcome: &Outcome, url: Option<String>) -> Value {
    let (path, sha256, bytes) = match outcome {
        Outcome::Fetched { path, sha256, bytes } => (Some(path), Some(sha256), Some(bytes)),
        Outcome::Candidate { path, sha256, .. } => (Some(path), Some(sha256), None),
        Outcome::Unchanged { .. } | Outcome::Not(_) => (None, None, None),
    };
    let come_back_at = match outcome {
        Outcome::Not(Error::ComeBack { at, .. }) => Some(at),
        _ => None,
    };
    json!({
        "id": id, "result": result(outcome), "reason": reason(id, outcome), "url": url,
        "path": path, "sha256": sha256, "bytes": bytes, "come_back_at": come_back_at,
    })
}

fn reason(id: &VersionId, outcome: &Outcome) -> Option<String> {
    Some(match outcome {
        Outcome::Fetched { .. } => return None,
        Outcome::Unchanged { how } => (*how).to_owned(),
        Outcome::Candidate { path, waiting, .. } => {
            let state = if *waiting { "still waits for an editor" } else { "differs from what is stored" };
            let path = path.display();
            format!(
                "{path} {state}: compare it with {id} (`groundline corpus diff`), then take it in (`groundline corpus add`) or delete it"
            )
        }
        Outcome::Not(error) => error.to_string(),
    })
}

fn line(id: &VersionId, outcome: &Outcome) -> String {
    let what = match outcome {
        Outcome::Fetched { path, bytes, .. } => format!("{} ({bytes} bytes)", path.display()),
        other => reason(id, other).unwrap_or_default(),
    };
    format!("{:<44} {:<10} {what}", id.to_string(), result(outcome))
}

fn summary(outcomes: &[(VersionId, Outcome)], not_due: usize) -> String {
    let count = |word: &str| outcomes.iter().filter(|(_, outcome)| result(outcome) == word).count();
    let words = ["fetched", "unchanged", "candidate", "refused", "failed"];
    let counts: Vec<String> = words.iter().map(|word| format!("{} {word}", count(word))).collect();
    format!("{}, {not_due} not due", counts.join(", "))
}
