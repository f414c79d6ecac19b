//! `groundline lexicon lint`: whether lexicon files are in order.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use serde_json::json;

use crate::cli::settings::import;
use crate::cli::{Done, Failure, output, usage};
use crate::corpus::Fault;
use crate::lexicon::{Form, LARGEST, lint};

#[derive(Args)]
pub(in crate::cli) struct Lint {
    /// The files: tables (.tsv), OBO (.obo) or Solr synonyms (.txt) [default: the built-in tables]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Lint {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let mut faults: Vec<Fault> = Vec::new();
        let mut rows = 0;
        let mut take = |report: lint::Report| {
            rows += report.rows;
            faults.extend(report.faults);
        };
        if self.files.is_empty() {
            lint::built_in().for_each(&mut take);
        }
        for path in &self.files {
            take(one(path)?);
        }
        if json {
            let all: Vec<_> = faults
                .iter()
                .map(|fault| json!({"path": fault.path, "line": fault.line, "message": fault.message}))
                .collect();
            output::json(&json!({"rows": rows, "faults": all}))?;
        } else {
            let told: String = faults.iter().map(|fault| format!("{fault}\n")).collect();
            if !told.is_empty() {
                output::text(&told)?;
            }
            output::talk(&format!("{rows} rows, {} faults", faults.len()));
        }
        Ok(if faults.is_empty() { Done::Fully } else { Done::WithRejects })
    }
}

fn one(path: &Path) -> Result<lint::Report, Failure> {
    match Form::of(path).map_err(usage)? {
        Form::Table => Ok(lint::table(path, &text(path)?)),
        Form::Obo | Form::Solr => {
            let import = import(path)?;
            Ok(lint::Report { rows: import.rows.len(), faults: import.faults })
        }
    }
}

/// The text of a table, bounded.
fn text(path: &Path) -> Result<String, Failure> {
    let reason = || format!("{} cannot be read", path.display());
    let file = std::fs::File::open(path).with_context(reason).map_err(Failure::Usage)?;
    let mut text = String::new();
    file.take(LARGEST + 1).read_to_string(&mut text).with_context(reason).map_err(Failure::Usage)?;
    if text.len() as u64 > LARGEST {
        return Err(usage(anyhow::anyhow!("{} is larger than {} MiB", path.display(), LARGEST >> 20)));
    }
    Ok(text)
}
