//! `groundline lexicon explain`: what stands for a term, and why.

use std::fmt::Write as _;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::output::Style;
use crate::cli::settings::Lexicons;
use crate::cli::{Done, Failure, output, usage};
use crate::lexicon::{Considered, Explained, Lexicon, Reason, Row};

/// Longest term, in characters, as for a claim.
const LONGEST: usize = 4_000;

#[derive(Args)]
pub(in crate::cli) struct Explain {
    /// A word, an abbreviation, or a whole claim
    #[arg(value_name = "TERM", required = true)]
    terms: Vec<String>,
    /// What was said around it
    #[arg(long, value_name = "TEXT")]
    context: Option<String>,
    #[command(flatten)]
    lexicons: Lexicons,
}

impl Explain {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        for text in self.terms.iter().chain(&self.context) {
            if text.trim().is_empty() {
                return Err(usage(anyhow::anyhow!("the term or its context is empty")));
            }
            if text.chars().nth(LONGEST).is_some() {
                return Err(usage(anyhow::anyhow!("the term or its context has more than {LONGEST} characters")));
            }
        }
        let (lexicon, rejected) = self.lexicons.open()?;
        let explained = |term: &String| lexicon.explain(term, self.context.as_deref());
        if json {
            let all: Vec<Value> = self
                .terms
                .iter()
                .map(|term| {
                    let found: Vec<Value> = explained(term).iter().map(|one| as_json(&lexicon, one)).collect();
                    json!({"term": term, "found": found})
                })
                .collect();
            output::json(&json!({"terms": all, "rows": lexicon.rows().len(), "extra_sha256": lexicon.extra_sha256()}))?;
        } else {
            let style = Style::of_stdout();
            let mut out = String::new();
            for term in &self.terms {
                let found = explained(term);
                if found.is_empty() {
                    output::talk(&format!("groundline: the lexicon has no row for {term:?}"));
                }
                found.iter().for_each(|one| tell(&mut out, &lexicon, one, style));
            }
            if !out.is_empty() {
                output::text(&out)?;
            }
        }
        Ok(if rejected == 0 { Done::Fully } else { Done::WithRejects })
    }
}

fn as_json(lexicon: &Lexicon, one: &Explained) -> Value {
    let rows: Vec<Value> = one
        .considered
        .iter()
        .map(|row| {
            json!({
                "to": row.to, "kind": row.kind, "taken": row.reason.is_taken(),
                "weight": row.reason.is_taken().then_some((f64::from(row.weight) * 100.0).round() / 100.0),
                "reason": why(lexicon.row(row.place), &row.reason),
                "file": lexicon.file_of(row.place), "line": row.place.line,
            })
        })
        .collect();
    json!({"surface": one.surface, "start": one.from.start, "end": one.from.end, "rows": rows})
}

fn tell(out: &mut String, lexicon: &Lexicon, one: &Explained, style: Style) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}", style.strong(&one.surface));
    for row in &one.considered {
        let place = format!("{}:{}", lexicon.file_of(row.place).display(), row.place.line);
        let why = why(lexicon.row(row.place), &row.reason);
        let line = if row.reason.is_taken() {
            format!("  + {} ({}, {:.2}): {why}  {}", row.to, kind(row), row.weight, style.quiet(&place))
        } else {
            style.quiet(&format!("  - {} ({}): {why}  {place}", row.to, kind(row)))
        };
        out.push_str(&line);
        out.push('\n');
    }
}

fn kind(row: &Considered) -> String {
    format!("{:?}", row.kind).to_lowercase()
}

/// A reason in words.
fn why(row: Option<&Row>, reason: &Reason) -> String {
    let context = || row.map(|row| row.context().collect::<Vec<_>>().join(", ")).unwrap_or_default();
    match reason {
        Reason::Always => "it holds everywhere".to_owned(),
        Reason::OneSense => "it has no other sense".to_owned(),
        Reason::SpelledOut => "these words stand nearby".to_owned(),
        Reason::Context(words) => format!("{} nearby", words.join(", ")),
        Reason::Usual => "the usual sense; nothing nearby speaks for another".to_owned(),
        Reason::Region(region) => format!("sold so in {}, which is named nearby", region.name()),
        Reason::InEveryProduct => "every product of this name holds it".to_owned(),
        Reason::WrongCase => {
            format!("counts only as printed: {}", row.map(|row| row.name().to_owned()).unwrap_or_default())
        }
        Reason::NoContext => format!("none of its context words stands nearby: {}", context()),
        Reason::OtherFits => "another sense or product fits better".to_owned(),
        Reason::Ambiguous if context().is_empty() => "one of several, and nothing nearby chooses".to_owned(),
        Reason::Ambiguous => format!("one of several, and nothing nearby chooses; its context words: {}", context()),
        Reason::Within(longer) => format!("part of {longer:?}, which was taken"),
        Reason::Repeats => "the claim or another row gives the same words".to_owned(),
        Reason::Surplus => "weightier ones were taken".to_owned(),
    }
}
