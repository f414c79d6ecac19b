//! `groundline corpus list`: the versions with their status and how far it can be trusted.

use clap::Args;
use jiff::civil::Date;
use serde_json::json;

use crate::cli::output::{self, Style};
use crate::cli::{Done, Failure, Where};
use crate::corpus::{Catalogue, Day, Standing, VersionFacts, confirmed_until};
use crate::view;

/// Which versions to list; several values of one filter are alternatives.
#[derive(Args)]
pub(in crate::cli) struct List {
    /// Only documents or versions whose id, title or topics hold this word
    words: Vec<String>,
    /// Only this status
    #[arg(long, value_name = "STATUS", value_parser = ["current", "superseded", "retired"])]
    status: Vec<String>,
    /// Only this currency
    #[arg(long, value_name = "CURRENCY", value_parser = ["confirmed", "update_in_progress", "living", "draft", "withdrawn", "legally_contested", "unknown"])]
    currency: Vec<String>,
    /// Only this publisher
    #[arg(long, value_name = "NAME")]
    publisher: Vec<String>,
    /// Only this jurisdiction
    #[arg(long, value_name = "CODE")]
    jurisdiction: Vec<String>,
    /// Only this pack
    #[arg(long, value_name = "PACK")]
    pack: Vec<String>,
    /// Only this tier
    #[arg(long, value_name = "TIER", value_parser = ["primary", "digest"])]
    tier: Vec<String>,
    /// Only versions whose last check no longer counts on this day, or by its end
    #[arg(long, value_name = "DATE")]
    due_by: Option<Date>,
    /// The day on which editions are judged
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    #[command(flatten)]
    place: Where,
}

impl List {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let corpus = self.place.folders()?.open_corpus()?;
        for fault in &corpus.faults {
            output::talk(&format!("groundline: {fault}"));
        }
        let catalogue = corpus.catalogue();
        let day = Day::from(self.as_of);
        let rows: Vec<(&VersionFacts, Standing)> = catalogue
            .versions()
            .map(|facts| (facts, catalogue.standing(&facts.id, day)))
            .filter(|(facts, standing)| self.admits(facts, standing))
            .collect();
        if json {
            let all: Vec<_> = rows.iter().map(|(facts, standing)| row(&catalogue, facts, standing)).collect();
            return output::json(&json!({"documents": all}));
        }
        let width = rows.iter().map(|(facts, _)| facts.id.to_string().len()).max().unwrap_or_default();
        let style = Style::of_stdout();
        let mut out = String::new();
        for (facts, standing) in &rows {
            let status = view::status(standing.status);
            let told = match (&standing.successor, standing.currency.map(view::currency)) {
                (Some(by), _) => format!("{status} by {by}"),
                (None, Some("confirmed")) => style.quiet(&format!("{status}, confirmed{}", until(facts))),
                (None, Some("unknown")) => style.warn(&format!("{status}, currency unknown{}", checked(facts))),
                (None, Some("withdrawn")) => status.to_owned(),
                (None, Some(currency)) => format!("{status}, {}", currency.replace('_', " ")),
                (None, None) => status.to_owned(),
            };
            out.push_str(&format!("{:<width$}  {told}\n", facts.id.to_string()));
        }
        if rows.is_empty() {
            output::talk("groundline: no version of this corpus is like that");
        }
        output::text(&out)
    }

    fn admits(&self, facts: &VersionFacts, standing: &Standing) -> bool {
        let one_of = |wanted: &[String], value: Option<&str>| {
            wanted.is_empty() || value.is_some_and(|value| wanted.iter().any(|one| one.eq_ignore_ascii_case(value)))
        };
        let named = |word: &String| {
            let word = word.to_lowercase();
            let texts = [Some(facts.id.to_string()), facts.title.clone()];
            texts
                .into_iter()
                .flatten()
                .chain(facts.topics.iter().cloned())
                .any(|text| text.to_lowercase().contains(&word))
        };
        standing.in_force
            && self.words.iter().all(named)
            && one_of(&self.status, Some(view::status(standing.status)))
            && one_of(&self.currency, standing.currency.map(view::currency))
            && one_of(&self.publisher, facts.publisher.as_deref())
            && one_of(&self.jurisdiction, facts.jurisdiction.as_deref())
            && one_of(&self.pack, facts.pack.as_deref())
            && one_of(&self.tier, Some(view::tier(facts.tier)))
            && self.due_by.is_none_or(|day| {
                standing.currency.is_some() && confirmed_until(facts).is_none_or(|until| until <= day)
            })
    }
}

fn until(facts: &VersionFacts) -> String {
    confirmed_until(facts).map(|day| format!(" until {day}")).unwrap_or_default()
}

fn checked(facts: &VersionFacts) -> String {
    facts.last_checked.map_or_else(|| ", never checked".to_owned(), |day| format!(", last checked {day}"))
}

fn row(catalogue: &Catalogue, facts: &VersionFacts, standing: &Standing) -> serde_json::Value {
    let same: Vec<String> = catalogue.same_edition(&facts.id).map(ToString::to_string).collect();
    let predecessors: Vec<String> = catalogue.predecessors(&facts.id).into_iter().map(ToString::to_string).collect();
    json!({
        "id": facts.id.document(), "version": facts.id.version(), "title": facts.title, "publisher": facts.publisher,
        "jurisdiction": facts.jurisdiction, "published": facts.published, "status": view::status(standing.status),
        "currency": standing.currency.map(view::currency), "supersedes": predecessors,
        "superseded_by": standing.successor, "same_edition": same, "tier": view::tier(facts.tier), "pack": facts.pack,
        "licence": facts.licence, "text_storage": view::text_storage(facts.text_storage), "url": facts.url,
        "last_checked": facts.last_checked, "confirmed_until": confirmed_until(facts),
    })
}
