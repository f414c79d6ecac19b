//! The response as it was given, with its claims marked and numbered.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::escape;
use crate::export::{Judged, Outcome};
use crate::review::record::Review;

/// The sign of a verdict: five shapes, so that colour is never the only difference.
pub(super) fn sign(verdict: &str) -> &'static str {
    match verdict {
        "supported" => "✓",
        "contradicted" => "✕",
        "partly" => "◐",
        "not_addressed" => "○",
        "outdated" => "↺",
        "differ" => "≠",
        _ => "·",
    }
}

/// The class of a claim by what became of it: a verdict's name, `differ` or `undecided`.
pub(super) fn state(judged: &Judged) -> &'static str {
    match judged.outcome() {
        Outcome::Decided(record) => record.verdict.map_or("undecided", |verdict| verdict.name()),
        Outcome::Differ => "differ",
        Outcome::Undecided => "undecided",
    }
}

/// The prompt, where known, and the response with its claims marked.
pub(super) fn write(out: &mut String, review: &Review, number: usize, judged: &[Judged]) {
    if let Some(prompt) = review.response.prompt.as_ref().filter(|prompt| !prompt.is_blank()) {
        let _ = write!(
            out,
            "<div class=\"prompt\"><h3>Asked</h3>\n<p dir=\"auto\" class=\"prose\">{}</p></div>\n",
            escape(prompt.as_str())
        );
    }
    out.push_str("<h3>Answered</h3>\n<div class=\"response prose\" dir=\"auto\">");
    marked(out, review.response.text.as_str(), number, judged);
    out.push_str("</div>\n");
}

/// The text cut at every border of a claim, so that claims that overlap need no marks that overlap.
fn marked(out: &mut String, text: &str, number: usize, judged: &[Judged]) {
    let letters: Vec<char> = text.chars().collect();
    let mut starts: BTreeMap<usize, Vec<usize>> = BTreeMap::from([(0, Vec::new()), (letters.len(), Vec::new())]);
    let mut ends: BTreeMap<usize, Vec<(usize, &str)>> = BTreeMap::new();
    for (at, one) in judged.iter().filter(|one| !one.claim.removed).enumerate() {
        let (start, end) = (one.claim.start.min(letters.len()), one.claim.end.min(letters.len()));
        if start < end {
            starts.entry(start).or_default().push(at);
            starts.entry(end).or_default();
            ends.entry(end).or_default().push((at, state(one)));
        }
    }
    let states: Vec<&str> = judged.iter().filter(|one| !one.claim.removed).map(state).collect();
    let mut open: BTreeSet<usize> = BTreeSet::new();
    let borders: Vec<usize> = starts.keys().copied().collect();
    for (start, end) in borders.iter().zip(borders.iter().skip(1)) {
        open.extend(starts.get(start).into_iter().flatten());
        let piece: String = letters.get(*start..*end).into_iter().flatten().collect();
        match open.first().and_then(|at| states.get(*at)) {
            Some(state) => {
                let _ = write!(out, "<mark class=\"v-{state}\">{}</mark>", escape(&piece));
            }
            None => out.push_str(&escape(&piece)),
        }
        for (at, state) in ends.get(end).into_iter().flatten() {
            open.remove(at);
            let claim = at + 1;
            let _ = write!(
                out,
                "<a class=\"at v-{state}\" href=\"#r{number}c{claim}\" aria-label=\"Claim {claim}\">{claim}<span \
                 aria-hidden=\"true\">{}</span></a>",
                sign(state)
            );
        }
    }
}
