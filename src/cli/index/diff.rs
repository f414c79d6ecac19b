//! `groundline index diff`: which passages differ between two snapshots.

use std::fmt::Write;

use clap::Args;
use serde_json::{Value, json};

use super::parse;
use crate::cli::output::{self, Style};
use crate::cli::{Done, Failure, Where, usage};
use crate::index::{Difference, DocumentDifference, Moved, SnapshotId, Store, difference};
use crate::passage::Passage;

/// Code points of a passage that are shown to a person.
const SHOWN: usize = 160;

#[derive(Args)]
pub(in crate::cli) struct Diff {
    /// The snapshot to compare with [default: the active one's parent]
    before: Option<String>,
    /// The snapshot that is compared [default: the active one]
    after: Option<String>,
    #[command(flatten)]
    place: Where,
}

impl Diff {
    pub(in crate::cli) fn run(&self, json: bool) -> Result<Done, Failure> {
        let store = self.place.folders()?.store();
        let (before, after) = self.both(&store)?;
        let found = difference(&store.open_to_compare(&before)?, &store.open_to_compare(&after)?)?;
        if json {
            return output::json(&answer(&before, &after, &found));
        }
        output::text(&page(&before, &after, &found, Style::of_stdout()))
    }

    fn both(&self, store: &Store) -> Result<(SnapshotId, SnapshotId), Failure> {
        let after = match &self.after {
            Some(id) => parse(id)?,
            None => store.active_id()?,
        };
        let before = match &self.before {
            Some(id) => parse(id)?,
            None => store.manifest(&after)?.parent.ok_or_else(|| {
                usage(anyhow::anyhow!("snapshot {after} has no parent: name the snapshot to compare with"))
            })?,
        };
        Ok((before, after))
    }
}

/// Numbers of passages that appeared, vanished, changed and moved.
fn counts(documents: &[DocumentDifference]) -> [usize; 4] {
    documents.iter().fold([0; 4], |sum, one| {
        let [appeared, vanished, changed, moved] = sum;
        [
            appeared + one.appeared.len(),
            vanished + one.vanished.len(),
            changed + one.changed.len(),
            moved + one.moved.len(),
        ]
    })
}

fn named(documents: &[DocumentDifference]) -> Value {
    let [appeared, vanished, changed, moved] = counts(documents);
    json!({"appeared": appeared, "vanished": vanished, "changed": changed, "moved": moved})
}

fn answer(before: &SnapshotId, after: &SnapshotId, found: &Difference) -> Value {
    let one = |document: &DocumentDifference| {
        let changed = document.changed.iter().map(
            |(old, new)| json!({"id": new.id, "before": brief(old), "after": brief(new), "differs": differs(old, new)}),
        );
        let moved = document
            .moved
            .iter()
            .map(|Moved { before, after }| json!({"before": brief(before), "after": brief(after)}));
        json!({
            "id": document.id, "document": presence(document), "facts_changed": document.facts,
            "counts": named(std::slice::from_ref(document)),
            "appeared": document.appeared.iter().map(brief).collect::<Vec<_>>(),
            "vanished": document.vanished.iter().map(brief).collect::<Vec<_>>(),
            "changed": changed.collect::<Vec<_>>(), "moved": moved.collect::<Vec<_>>(),
        })
    };
    json!({
        "before": before, "after": after, "counts": named(&found.documents),
        "documents_changed": found.documents.len(), "documents_unchanged": found.unchanged,
        "documents": found.documents.iter().map(one).collect::<Vec<_>>(),
    })
}

fn brief(passage: &Passage) -> Value {
    json!({
        "id": passage.id, "quote": passage.text(), "section": passage.path,
        "page": passage.page.as_ref().map(|page| page.index + 1),
        "grade": passage.grade.as_ref().map(|grade| grade.verbatim.clone()),
    })
}

/// Whether the document itself is in both snapshots.
fn presence(document: &DocumentDifference) -> &'static str {
    match (document.before, document.after) {
        (false, _) => "appeared",
        (_, false) => "vanished",
        _ => "in both",
    }
}

/// What of a passage differs, by name.
fn differs(old: &Passage, new: &Passage) -> Vec<&'static str> {
    let parts = [
        ("words", old.text() != new.text()),
        ("grade", old.grade != new.grade),
        ("direction", old.direction != new.direction || old.modality != new.modality),
        ("population", old.population != new.population || old.exclusions != new.exclusions),
        ("introduction", old.lead != new.lead),
        ("kind", old.kind != new.kind),
        ("trust", old.low_trust != new.low_trust),
    ];
    parts.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

fn page(before: &SnapshotId, after: &SnapshotId, found: &Difference, style: Style) -> String {
    let [appeared, vanished, changed, moved] = counts(&found.documents);
    let title = format!("{before} to {after}");
    let mut out = format!(
        "{}\n{appeared} passages appeared, {vanished} vanished, {changed} changed, {moved} moved; \
         {} documents differ, {} do not\n",
        style.strong(&title),
        found.documents.len(),
        found.unchanged
    );
    for document in &found.documents {
        let facts = if document.facts { "  (what is known of it differs)" } else { "" };
        let whole = if document.before && document.after { "" } else { presence(document) };
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(out, "\n{}  {whole}{facts}", style.strong(&document.id.to_string()));
        for passage in &document.appeared {
            line(&mut out, "+", passage, "");
        }
        for passage in &document.vanished {
            line(&mut out, "-", passage, "");
        }
        for (old, new) in &document.changed {
            line(&mut out, "-", old, "");
            line(&mut out, "+", new, &format!("  (changed: {})", differs(old, new).join(", ")));
        }
        for Moved { before, after } in &document.moved {
            line(&mut out, ">", after, &format!("  (moved from {})", place(before)));
        }
    }
    out
}

fn line(out: &mut String, mark: &str, passage: &Passage, told: &str) {
    let words: Vec<&str> = passage.text().split_whitespace().collect();
    let words = words.join(" ");
    let more = if words.chars().count() > SHOWN { "…" } else { "" };
    let words: String = words.chars().take(SHOWN).collect();
    let _ = writeln!(out, "  {mark} {:<24} {words}{more}{told}", passage.id.part());
}

fn place(passage: &Passage) -> String {
    let heading = passage.path.last().map(String::as_str).unwrap_or("the beginning");
    match &passage.page {
        Some(page) => format!("{heading}, p. {}", page.label.clone().unwrap_or_else(|| (page.index + 1).to_string())),
        None => heading.to_owned(),
    }
}
