//! `groundline corpus show`: everything that is known of a document and its editions.

use std::fmt::Write as _;

use clap::Args;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::change::failure;
use super::reading::{self as read, read_version};
use crate::cli::settings::child_reader;
use crate::cli::{Done, Failure, Where, output};
use crate::corpus::{Catalogue, Corpus, Version, confirmed_until, currency, edit, history};
use crate::document::ChildReader;
use crate::ingest::Text;
use crate::view;

#[derive(Args)]
pub(in crate::cli) struct Show {
    /// A document, or one of its versions as document@version
    id: String,
    #[command(flatten)]
    place: Where,
}

impl Show {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let corpus = self.place.folders()?.open_corpus()?;
        let versions = edit::find_all(&corpus, &self.id).map_err(failure)?;
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let catalogue = corpus.catalogue();
        let child = child_reader()?;
        if json {
            let all: Vec<Value> = versions
                .iter()
                .map(|version| as_json(&corpus, &catalogue, version, today, &child))
                .collect::<Result<_, _>>()?;
            return output::json(&json!({"versions": all}));
        }
        let mut out = String::new();
        for version in versions {
            out.push_str(&told(&corpus, &catalogue, version, today, &child)?);
        }
        output::text(&out)
    }
}

/// How a version reads, or why it does not: either way the rest is shown.
fn reading(child: &ChildReader, version: &Version) -> Result<Text, String> {
    read_version(child, version).map_err(|failure| match failure {
        Failure::Usage(error) | Failure::Failed(error) => super::super::told(&error),
    })
}

fn as_json(
    corpus: &Corpus,
    catalogue: &Catalogue,
    version: &Version,
    today: Date,
    child: &ChildReader,
) -> Result<Value, Failure> {
    let facts = &version.facts;
    let standing = catalogue.standing(&facts.id, None);
    let events = super::history::events(corpus, Some(&facts.id.to_string()))?;
    let read = match reading(child, version) {
        Ok(text) => read::as_json(&text),
        Err(reason) => json!({"reason": reason}),
    };
    Ok(json!({
        "id": facts.id.document(), "version": facts.id.version(), "status": view::status(standing.status),
        "superseded_by": standing.successor, "supersedes": catalogue.predecessors(&facts.id),
        "currency": currency(facts, standing.status, today).map(view::currency),
        "confirmed_until": confirmed_until(facts), "sidecar": version.sidecar, "content": version.content,
        "faults": version.rejected, "facts": facts, "read": read, "history": events,
    }))
}

fn told(
    corpus: &Corpus,
    catalogue: &Catalogue,
    version: &Version,
    today: Date,
    child: &ChildReader,
) -> Result<String, Failure> {
    let style = output::Style::of_stdout();
    let facts = &version.facts;
    let standing = catalogue.standing(&facts.id, None);
    let mut out = format!("{}\n", style.strong(&facts.id.to_string()));
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "  {name:<13} {value}");
        }
    };
    line("title", facts.title.clone());
    line("publisher", facts.publisher.clone());
    line("jurisdiction", facts.jurisdiction.clone());
    line("published", facts.published.map(|day| day.to_string()));
    line("reviewed", facts.reviewed.map(|day| day.to_string()));
    line("url", facts.url.clone());
    line("licence", facts.licence.clone());
    line("text storage", Some(view::text_storage(facts.text_storage).to_owned()));
    line("tier", Some(view::tier(facts.tier).to_owned()));
    line("grade system", facts.grade_system.clone());
    line("population", facts.population.clone());
    line("topics", (!facts.topics.is_empty()).then(|| facts.topics.join(", ")));
    line("status", Some(view::status(standing.status).to_owned()));
    line("chain", chain(catalogue, version));
    let until = confirmed_until(facts).map(|day| format!(" (the last check counts until {day})"));
    let checked = facts.last_checked.map(|day| day.to_string());
    line("last checked", Some(checked.unwrap_or_else(|| "never".to_owned())));
    line(
        "currency",
        currency(facts, standing.status, today)
            .map(|currency| format!("{}{}", view::currency(currency), until.unwrap_or_default())),
    );
    for notice in &facts.notices {
        let days = [("since", notice.since), ("until", notice.until)];
        let days: String = days.iter().filter_map(|(word, day)| Some(format!(" {word} {}", (*day)?))).collect();
        let source = notice.source.as_ref().map(|source| format!(", {source}")).unwrap_or_default();
        line("notice", Some(format!("{}{days}{source}", edit::notice_kind(notice.kind))));
    }
    line("sidecar", version.sidecar.as_ref().map(|path| path.display().to_string()));
    line("content", version.content.as_ref().map(|path| path.display().to_string()));
    line("sha256", facts.sha256.clone());
    line("retrieved at", facts.retrieved_at.clone());
    match reading(child, version) {
        Ok(text) => read::told(&text).lines().for_each(|line| out.push_str(&format!("  {line}\n"))),
        Err(reason) => out.push_str(&format!("  not read: {reason}\n")),
    }
    let events: Vec<history::Event> = super::history::events(corpus, Some(&facts.id.to_string()))?;
    for event in &events {
        let _ = writeln!(out, "  {}", style.quiet(&super::history::told(event)));
    }
    out.push('\n');
    Ok(out)
}

/// The editions before and after this one, the oldest first, as far as the edges tell.
fn chain(catalogue: &Catalogue, version: &Version) -> Option<String> {
    let id = &version.facts.id;
    let mut before = Vec::new();
    let mut at = id.clone();
    while let Some(old) = catalogue.predecessors(&at).into_iter().next_back() {
        if before.contains(old) || old == id {
            break;
        }
        at = old.clone();
        before.push(at.clone());
    }
    before.reverse();
    let mut after = Vec::new();
    let descendants = catalogue.descendants(id, None);
    let mut later: Vec<_> = descendants.iter().collect();
    // Those that more editions replace came earlier.
    later.sort_by_key(|one| std::cmp::Reverse(catalogue.descendants(one, None).len()));
    after.extend(later.into_iter().cloned());
    if before.is_empty() && after.is_empty() {
        return None;
    }
    let all = before.iter().chain([id]).chain(&after);
    Some(all.map(|one| if one == id { format!("[{one}]") } else { one.to_string() }).collect::<Vec<_>>().join(" → "))
}
