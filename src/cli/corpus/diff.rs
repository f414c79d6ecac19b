//! `groundline corpus diff`: what a new version says otherwise than the old one.

use std::fmt::Write as _;
use std::path::Path;

use clap::Args;

use super::reading::{read_file, read_version};
use crate::cli::settings::child_reader;
use crate::cli::{Done, Failure, Where, output, usage};
use crate::corpus::{Corpus, Format, Version, VersionFacts, VersionId, edit};
use crate::ingest::Text;
use crate::passage::{Grade, Passage, PassageKind};
use crate::revision::{self, Change, Counts, Difference, Fate, Op, Piece, Revision, StatementKind};
use crate::view;
use crate::view::revision::DiffView;

#[derive(Args)]
pub(in crate::cli) struct Diff {
    /// The old version: document@version, or the path of a file
    old: String,
    /// The new version: document@version, or the path of a file
    new: String,
    /// Show unchanged statements too, and running text in which no number changed
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    place: Where,
}

impl Diff {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let corpus = self.place.folders()?.open_corpus_or_none()?;
        // A file without a sidecar is read as another edition of what it is compared with: its grades are that system's.
        let (known_old, known_new) = (held(&corpus, &self.old), held(&corpus, &self.new));
        let facts = |version: Option<&Version>| version.map(|version| version.facts.clone());
        let old = side(&corpus, &self.old, facts(known_new).as_ref())?;
        let new = side(&corpus, &self.new, facts(known_old).as_ref())?;
        let revision = revision::compare(&old.passages, &new.passages);
        if json {
            return output::json(&DiffView::of(&old.facts, &new.facts, &revision));
        }
        output::text(&told(&old, &new, &revision, self.all))
    }
}

/// The version of the corpus with this name.
fn held<'a>(corpus: &'a Corpus, named: &str) -> Option<&'a Version> {
    edit::find(corpus, &named.parse::<VersionId>().ok()?).ok()
}

/// A version of the corpus, or a file as it would be read.
fn side(corpus: &Corpus, named: &str, other: Option<&VersionFacts>) -> Result<Text, Failure> {
    let child = child_reader()?;
    if let Some(version) = held(corpus, named) {
        return read_version(&child, version);
    }
    let path = Path::new(named);
    if path.is_file() {
        if Format::of(path).is_none() {
            return Err(usage(anyhow::anyhow!("{named}: files that are read end in .html .pdf .xml .md or .txt")));
        }
        return read_file(&child, path, other);
    }
    Err(usage(edit::Error::unknown(corpus, named)))
}

fn told(old: &Text, new: &Text, revision: &Revision<'_>, all: bool) -> String {
    let style = output::Style::of_stdout();
    let mut out = String::new();
    let title = |text: &Text| text.facts.title.clone().or(text.document.title.clone()).unwrap_or_default();
    for (sign, text) in [("-", old), ("+", new)] {
        let published = text.facts.published.map(|day| format!(", {day}")).unwrap_or_default();
        let line = format!("{sign} {}  {}{published}", text.facts.id, title(text));
        let _ = writeln!(out, "{}", style.strong(&line));
    }
    for kind in StatementKind::ALL {
        let counts = revision.counts(kind);
        if counts.old + counts.new > 0 {
            let _ = writeln!(out, "\n{}", style.strong(&summary(kind, counts)));
            let of_kind = || revision.changes.iter().filter(|one| one.kind == kind);
            of_kind().filter(|one| all || one.of_note).for_each(|change| out.push_str(&told_change(change)));
            let words_alone = of_kind().filter(|one| !one.of_note && one.fate != Fate::Unchanged).count();
            if words_alone > 0 && !all {
                let _ = writeln!(out, "\n{}", style.quiet(&unlisted(words_alone)));
            }
        }
    }
    if revision.changes.is_empty() {
        out.push_str("\nNeither version has a text that can be cited: there is nothing to compare.\n");
    }
    if revision.cut_short {
        out.push_str("\nThere are more statements than are compared; the last are left out.\n");
    }
    out
}

fn summary(kind: StatementKind, counts: Counts) -> String {
    let name = match kind {
        StatementKind::Recommendation => "recommendations",
        StatementKind::Fact => "facts",
        StatementKind::TableRow => "table rows",
        StatementKind::Passage => "other passages",
    };
    format!(
        "{} → {} {name}: {} changed, {} added, {} removed, {} unchanged",
        counts.old, counts.new, counts.changed, counts.added, counts.removed, counts.unchanged
    )
}

fn unlisted(count: usize) -> String {
    let (passages, differ) = if count == 1 { ("passage", "differs") } else { ("passages", "differ") };
    format!("{count} more {passages} {differ}, in no number: --all shows them")
}

/// Where a row or a passage stands: it has no number by which to find it.
fn place(passage: &Passage) -> Option<String> {
    let table = passage.lead.as_deref().filter(|_| passage.kind == PassageKind::TableRow);
    let place: Vec<&str> = passage.path.last().map(String::as_str).into_iter().chain(table).collect();
    (!place.is_empty()).then(|| format!("§ {}", place.join(" · ")))
}

fn told_change(change: &Change<'_>) -> String {
    let style = output::Style::of_stdout();
    let part = |passage: Option<&Passage>| passage.map(|one| one.id.part().to_owned());
    let name = match (part(change.old), part(change.new)) {
        (Some(old), Some(new)) if old == new => old,
        (Some(old), Some(new)) => format!("{old} → {new}"),
        (old, new) => old.or(new).unwrap_or_default(),
    };
    let (sign, fate) = match change.fate {
        Fate::Added => ("+", "added"),
        Fate::Removed => ("-", "removed"),
        Fate::Changed => ("~", "changed"),
        Fate::Unchanged => ("=", "unchanged"),
    };
    let mut out = format!("\n{sign} {}  {fate}\n", style.strong(&name));
    if let StatementKind::TableRow | StatementKind::Passage = change.kind
        && let Some(place) = change.new.or(change.old).and_then(place)
    {
        out.push_str(&output::wrapped(&place, "    "));
    }
    for difference in &change.differences {
        out.push_str(&told_difference(difference));
    }
    let statement = change.new.or(change.old).filter(|_| change.differences.is_empty());
    if let Some(statement) = statement {
        let grade = statement.grade.as_ref().map(|grade| format!("grade {}", grade.verbatim));
        let marks: Vec<String> =
            [grade, statement.direction.map(|way| view::direction(way).to_owned())].into_iter().flatten().collect();
        if !marks.is_empty() {
            let _ = writeln!(out, "    {}", style.quiet(&marks.join(", ")));
        }
        out.push_str(&output::wrapped(statement.text(), "    "));
    }
    if let Some(near) = &change.nearest {
        let _ = writeln!(out, "    {}", style.quiet(&format!("nearest in the other version: {}", near.id)));
    }
    out
}

fn told_difference(difference: &Difference) -> String {
    let style = output::Style::of_stdout();
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
    let (name, told) = match difference {
        Difference::Direction { old, new } => {
            let way = |way: &Option<_>| or_none(way.map(|way| view::direction(way).to_owned()));
            ("direction", style.warn(&format!("{} → {}", way(old), way(new))))
        }
        Difference::Grade { old, new } => {
            let grade = |grade: &Option<Box<Grade>>| {
                let certainty = |grade: &Grade| {
                    // Some systems print it within the grade.
                    let apart =
                        grade.certainty.as_ref().filter(|certainty| !grade.verbatim.contains(certainty.as_str()));
                    apart.map(|certainty| format!(" ({certainty} certainty)")).unwrap_or_default()
                };
                or_none(grade.as_ref().map(|grade| format!("{}{}", grade.verbatim, certainty(grade))))
            };
            ("grade", style.warn(&format!("{} → {}", grade(old), grade(new))))
        }
        Difference::Number(change) => ("number", style.warn(&change.says)),
        Difference::Population { old, new } => {
            let pair = format!("{} → {}", or_none(old.clone()), or_none(new.clone()));
            ("for", output::wrapped(&pair, "              ").trim().to_owned())
        }
        Difference::Wording(pieces) => ("wording", output::wrapped(&row(pieces), "              ").trim().to_owned()),
    };
    format!("    {name:<9} {told}\n")
}

/// The words in one row: `[-gone-]` and `{+come+}`, as word diffs are written.
fn row(pieces: &[Piece]) -> String {
    let marked = |piece: &Piece| {
        let text = piece.text.trim_start();
        let space = &piece.text[..piece.text.len() - text.len()];
        match piece.op {
            Op::Equal => piece.text.clone(),
            Op::Removed => format!("{space}[-{text}-]"),
            Op::Added => format!("{space}{{+{text}+}}"),
        }
    };
    pieces.iter().map(marked).collect()
}
