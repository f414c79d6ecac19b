//! `groundline eval reading`: how well documents are read.
//!
//! What is printed of pages of the split `held` is figures and nothing else, with `--details` too.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde_json::{Map, Value, json};

use super::eval::failure;
use super::settings::Folders;
use super::{Done, Failure, output};
use crate::document::{Basis, ChildReader};
use crate::eval::reading::gold::{self, Split};
use crate::eval::reading::{self as measured, Figure, PageScore, Report, Summary, summary};

/// Figures of the table by document, with their heads.
const BY_DOCUMENT: [(Figure, &str); 8] = [
    (Figure::Headings, "headings"),
    (Figure::Recall, "recall"),
    (Figure::Precision, "precis."),
    (Figure::Direction, "direct."),
    (Figure::Grade, "grade"),
    (Figure::Rows, "rows"),
    (Figure::Order, "order"),
    (Figure::Words, "words"),
];

#[derive(Args)]
pub(super) struct Reading {
    /// Folder of gold, one TOML file a document
    #[arg(long, value_name = "DIR")]
    gold: PathBuf,
    /// A pack or a folder of packs that holds the documents; may be given several times [default: corpus]
    #[arg(long, value_name = "DIR", num_args = 1..)]
    corpus: Vec<PathBuf>,
    /// Which pages
    #[arg(long, value_parser = ["dev", "held", "all"], default_value = "all")]
    split: String,
    /// Read PDF by its layout alone, as if no file were tagged
    #[arg(long)]
    by_layout: bool,
    /// Show every miss, a line each; never of held pages
    #[arg(long)]
    details: bool,
}

impl Reading {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let gold = gold::read(&self.gold).map_err(failure)?;
        let corpus = Folders::of(&self.corpus, None)?.open_corpus()?;
        for fault in &corpus.faults {
            output::talk(&format!("groundline: {fault}"));
        }
        let child = ChildReader::new(std::env::current_exe().context("the program's own path is unknown")?)
            .by(if self.by_layout { Basis::Layout } else { Basis::Tags });
        let split = Split::named(&self.split);
        let report = measured::measure(&gold, &corpus, split, &|format, bytes| child.read(format, &mut &bytes[..]));
        for trouble in &report.skipped {
            output::talk(&format!("groundline: {} is skipped: {}", trouble.document, trouble.reason));
        }
        for trouble in &report.unread {
            output::talk(&format!("groundline: {} counts as missed: {}", trouble.document, trouble.reason));
        }
        if json {
            output::json(&self.as_json(&report))?;
        } else {
            output::text(&self.as_text(&report))?;
        }
        Ok(if report.skipped.is_empty() { Done::Fully } else { Done::WithRejects })
    }

    /// The splits that were asked for, and both together where both were.
    fn columns(&self) -> Vec<(&'static str, Option<Split>)> {
        match Split::named(&self.split) {
            Some(split) => vec![(split.name(), Some(split))],
            None => vec![("dev", Some(Split::Dev)), ("held", Some(Split::Held)), ("all", None)],
        }
    }

    fn as_json(&self, report: &Report) -> Value {
        let trouble = |all: &[measured::Trouble]| -> Vec<Value> {
            all.iter().map(|one| json!({"document": one.document, "reason": one.reason})).collect()
        };
        let splits: Map<String, Value> =
            self.columns().into_iter().map(|(name, split)| (name.to_owned(), figures(&report.pages(split)))).collect();
        let documents: Map<String, Value> = report
            .documents
            .iter()
            .map(|document| (document.document.clone(), figures(&document.pages.iter().collect::<Vec<_>>())))
            .collect();
        let mut whole = json!({
            "documents": report.documents.len(), "pages": report.pages(None).len(), "skipped": trouble(&report.skipped),
            "unread": trouble(&report.unread), "by_split": splits, "by_document": documents,
        });
        if let (true, Some(whole)) = (self.details, whole.as_object_mut()) {
            whole.insert("misses".to_owned(), misses(report).collect());
        }
        whole
    }

    fn as_text(&self, report: &Report) -> String {
        let mut out = String::new();
        if self.details {
            for miss in misses(report) {
                // Writing to a string cannot fail, here and below.
                let _ = writeln!(out, "{miss}");
            }
            out.push('\n');
        }
        let columns: Vec<(&str, Vec<&PageScore>)> =
            self.columns().into_iter().map(|(name, split)| (name, report.pages(split))).collect();
        let _ = write!(out, "{} documents, {} skipped\n{:<26}", report.documents.len(), report.skipped.len(), "");
        for (name, pages) in &columns {
            let _ = write!(out, "{:<30}", format!("{name}, {} pages", pages.len()));
        }
        trim_end(&mut out);
        for figure in Figure::ALL {
            let _ = write!(out, "{:<26}", figure.name());
            for (_, pages) in &columns {
                let _ = write!(out, "{:<30}", told(summary(pages, figure)));
            }
            trim_end(&mut out);
        }
        let _ = write!(out, "\n{:<50} pages", "");
        for (_, head) in BY_DOCUMENT {
            let _ = write!(out, " {head:>8}");
        }
        out.push('\n');
        for document in &report.documents {
            let pages: Vec<&PageScore> = document.pages.iter().collect();
            let _ = write!(out, "{:<50} {:>5}", document.document, pages.len());
            for (figure, _) in BY_DOCUMENT {
                let share = summary(&pages, figure).tally.share();
                let _ = write!(out, " {:>8}", share.map_or("–".to_owned(), |share| format!("{share:.3}")));
            }
            trim_end(&mut out);
        }
        out
    }
}

/// Ends a line without the spaces that filled its last column.
fn trim_end(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}

fn told(summary: Summary) -> String {
    let (low, high) = summary.interval;
    match summary.tally.share() {
        Some(share) => format!("{share:.3} ({low:.3}–{high:.3}) n={}", summary.tally.n),
        None => "–".to_owned(),
    }
}

fn figures(pages: &[&PageScore]) -> Value {
    let mut all = Map::new();
    all.insert("pages".to_owned(), json!(pages.len()));
    for figure in Figure::ALL {
        let Summary { tally, interval } = summary(pages, figure);
        let value = json!({"value": tally.share(), "n": tally.n, "ci95": tally.share().map(|_| interval)});
        all.insert(figure.name().to_owned(), value);
    }
    Value::Object(all)
}

fn misses(report: &Report) -> impl Iterator<Item = &str> {
    let pages = report.documents.iter().flat_map(|document| &document.pages);
    pages.filter(|page| page.split == Split::Dev).flat_map(|page| &page.misses).map(String::as_str)
}
