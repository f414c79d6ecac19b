//! The head of the report: what was judged, by whom, on which snapshot, and what came out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use jiff::Timestamp;
use serde_json::Value;

use super::drawn::plain;
use super::response::{sign, state};
use super::{Paper, day, escape};
use crate::export::{Bundle, INTENDED_USE, Judged, severity};
use crate::review::record::{Review, Severity, VerdictRecord};

/// Order of the rows of the summary.
const STATES: [&str; 7] = ["supported", "contradicted", "partly", "not_addressed", "outdated", "differ", "undecided"];

/// The title of the page: of the one review, or of all.
pub(super) fn title(bundle: &Bundle) -> String {
    match bundle.reviews.as_slice() {
        [review] if !review.title.is_blank() => plain(review.title.as_str()),
        [_] => "A model answer held against clinical guidelines".to_owned(),
        reviews => format!("{} model answers held against clinical guidelines", reviews.len()),
    }
}

pub(super) fn write(out: &mut String, paper: &Paper, title: &str, reviews: &[(&Review, Vec<Judged>)]) {
    let _ = write!(
        out,
        "<header class=\"cover\">\n<p class=\"kicker\">Groundline <i>·</i> Review report</p>\n<h1 dir=\"auto\">{}</h1>\n\
         <p class=\"use\">{INTENDED_USE}</p>\n<dl class=\"facts\">\n",
        escape(title)
    );
    let verdicts: Vec<&VerdictRecord> =
        reviews.iter().flat_map(|(_, judged)| judged).flat_map(|one| one.verdicts.iter().copied()).collect();
    fact(out, "Model", models(paper.bundle));
    fact(out, "Source", sources(paper.bundle));
    fact(out, "Judged", span(&verdicts));
    fact(out, "Reviewers", people(paper, &verdicts));
    fact(out, "Snapshot", snapshots(paper, &verdicts));
    fact(out, "Taxonomy", paper.words.id().map(escape).unwrap_or_default());
    fact(out, "Report made", day(paper.bundle.made_at));
    out.push_str("</dl>\n</header>\n<section class=\"summary\">\n<h2>Summary</h2>\n");
    counted(out, paper, reviews);
    out.push_str("<div class=\"pair\">\n");
    let decided: Vec<&VerdictRecord> = reviews
        .iter()
        .flat_map(|(_, judged)| judged)
        .filter(|one| !one.claim.removed)
        .filter_map(|one| Some(one.decided()?.1))
        .collect();
    errors(out, paper, &decided);
    harm(out, paper, &decided);
    out.push_str("</div>\n</section>\n");
}

fn fact(out: &mut String, name: &str, value: String) {
    if !value.is_empty() {
        let _ = writeln!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    }
}

fn joined(parts: BTreeSet<String>) -> String {
    Vec::from_iter(parts).join(", ")
}

fn models(bundle: &Bundle) -> String {
    let models: BTreeSet<String> =
        bundle.reviews.iter().filter_map(|review| review.response.model.as_deref()).map(escape).collect();
    if models.is_empty() { "not stated".to_owned() } else { joined(models) }
}

fn sources(bundle: &Bundle) -> String {
    let source = |review: &Review| {
        let origin = &review.response.source;
        let parts = [Some(&origin.kind), origin.name.as_ref(), origin.id.as_ref()];
        escape(&parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" · "))
    };
    let all: BTreeSet<String> = bundle.reviews.iter().map(source).collect();
    if all.len() > 4 { format!("{} responses", bundle.reviews.len()) } else { joined(all) }
}

fn span(verdicts: &[&VerdictRecord]) -> String {
    let at = |pick: fn(std::vec::IntoIter<Timestamp>) -> Option<Timestamp>| {
        pick(verdicts.iter().map(|one| one.at).collect::<Vec<_>>().into_iter()).map(day)
    };
    match (at(Iterator::min), at(Iterator::max)) {
        (Some(first), Some(last)) if first == last => first,
        (Some(first), Some(last)) => format!("{first} to {last}"),
        _ => "not yet".to_owned(),
    }
}

fn people(paper: &Paper, verdicts: &[&VerdictRecord]) -> String {
    joined(
        verdicts
            .iter()
            .map(|one| format!("{} ({})", escape(paper.bundle.called(&one.reviewer.id)), escape(&one.reviewer.role)))
            .collect(),
    )
}

/// The snapshots that verdicts were given on, each with the digest of its corpus where evidence tells it.
fn snapshots(paper: &Paper, verdicts: &[&VerdictRecord]) -> String {
    let ids: BTreeSet<&str> = verdicts.iter().map(|one| one.snapshot.as_str()).collect();
    let told = |id: &str| {
        let record = paper.bundle.evidence.iter().find(|record| record.snapshot_id() == id)?;
        record.snapshot.get("corpus_sha256").and_then(Value::as_str)
    };
    let lines = ids.into_iter().map(|id| match told(id) {
        Some(digest) => format!("<code>{}</code> <span class=\"digest\">corpus {}</span>", escape(id), escape(digest)),
        None => format!("<code>{}</code>", escape(id)),
    });
    lines.collect::<Vec<_>>().join("<br>")
}

/// How many claims there are of each verdict, with a bar that says the same.
fn counted(out: &mut String, paper: &Paper, reviews: &[(&Review, Vec<Judged>)]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in reviews.iter().flat_map(|(_, judged)| judged).filter(|one| !one.claim.removed) {
        *counts.entry(state(one)).or_default() += 1;
    }
    let total: usize = counts.values().sum();
    if total == 0 {
        out.push_str("<p class=\"quiet\">No claims.</p>\n");
        return;
    }
    let _ = write!(
        out,
        "<table class=\"verdicts\">\n<caption>{total} {}</caption>\n",
        if total == 1 { "claim" } else { "claims" }
    );
    for (name, count) in STATES.into_iter().filter_map(|name| Some((name, *counts.get(name)?))) {
        let (label, meaning) = match name {
            "differ" => {
                ("Reviewers differ", Some("Reviewers came to different verdicts, and nobody has decided between them."))
            }
            "undecided" => ("Not judged", None),
            verdict => (paper.words.verdict(verdict), paper.words.verdict_meaning(verdict)),
        };
        let share = count * 100 / total;
        let _ = write!(
            out,
            "<tr class=\"v-{name}\"><th scope=\"row\"><span class=\"verdict\"><span aria-hidden=\"true\">{}</span> {}</span>",
            sign(name),
            escape(label)
        );
        if let Some(meaning) = meaning {
            let _ = write!(out, "<span class=\"meaning\">{}</span>", escape(meaning));
        }
        let _ = writeln!(
            out,
            "</th><td class=\"bar\"><span style=\"width:{share}%\"></span></td><td class=\"n\">{count}</td></tr>"
        );
    }
    out.push_str("</table>\n");
}

/// Errors by code and severity, in the order of the taxonomy; of the verdicts that count.
fn errors(out: &mut String, paper: &Paper, decided: &[&VerdictRecord]) {
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for error in decided.iter().flat_map(|one| &one.errors) {
        let row = counts.entry(&error.code).or_default();
        let [minor, major, critical] = row;
        *match error.severity {
            Severity::Minor => minor,
            Severity::Major => major,
            Severity::Critical => critical,
        } += 1;
    }
    if counts.is_empty() {
        return;
    }
    let head = [Severity::Minor, Severity::Major, Severity::Critical]
        .map(|one| format!("<th scope=\"col\">{}</th>", escape(paper.words.severity(severity(one)))));
    let _ = write!(
        out,
        "<table class=\"grid\">\n<caption>Errors</caption>\n<thead><tr><td></td>{}</tr></thead>\n<tbody>\n",
        head.concat()
    );
    let known: Vec<&str> = paper.words.error_codes().filter(|code| counts.contains_key(code)).collect();
    let strange: Vec<&str> = counts.keys().copied().filter(|code| !known.contains(code)).collect();
    for code in known.into_iter().chain(strange) {
        let cells = counts.get(code).copied().unwrap_or_default().map(cell);
        let _ = writeln!(out, "<tr><th scope=\"row\">{}</th>{}</tr>", escape(paper.words.error(code)), cells.concat());
    }
    out.push_str("</tbody></table>\n");
}

fn cell(count: usize) -> String {
    if count == 0 { "<td class=\"zero\">–</td>".to_owned() } else { format!("<td>{count}</td>") }
}

/// Possible harm of the claims by extent, with the highest likelihood that was given.
fn harm(out: &mut String, paper: &Paper, decided: &[&VerdictRecord]) {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for harm in decided.iter().filter_map(|one| one.harm.as_ref()) {
        *counts.entry((&harm.extent, &harm.likelihood)).or_default() += 1;
    }
    if counts.is_empty() {
        return;
    }
    let likelihoods = ["low", "medium", "high"];
    let head = likelihoods.map(|one| format!("<th scope=\"col\">{}</th>", escape(short(paper.words.likelihood(one)))));
    let _ = write!(
        out,
        "<table class=\"grid\">\n<caption>Possible harm, by likelihood</caption>\n<thead><tr><td></td>{}</tr></thead>\n<tbody>\n",
        head.concat()
    );
    for extent in ["none", "mild", "moderate", "severe", "death"] {
        let cells = likelihoods.map(|likelihood| counts.get(&(extent, likelihood)).copied().unwrap_or_default());
        if cells.iter().any(|count| *count > 0) {
            let _ = writeln!(
                out,
                "<tr><th scope=\"row\">{}</th>{}</tr>",
                escape(short(paper.words.extent(extent))),
                cells.map(cell).concat()
            );
        }
    }
    out.push_str("</tbody></table>\n");
}

/// The label up to its explanation: `Moderate` of `Moderate: needs treatment, and passes`.
fn short(label: &str) -> &str {
    label.split(": ").next().unwrap_or(label)
}
