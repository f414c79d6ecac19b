//! The response as it was given, with its claims marked and numbered.

use std::fmt::Write;

use super::drawn::{Mark, draw};
use super::escape;
use crate::export::{Judged, Outcome, sha256_hex};
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
    out.push_str("<h3>Answered</h3>\n<div class=\"response prose drawn\" dir=\"auto\">");
    draw(out, review.response.text.as_str(), &marks(number, judged));
    out.push_str("</div>\n");
}

/// The claims as the response shows them; what was taken out is not among them.
fn marks(number: usize, judged: &[Judged]) -> Vec<Mark> {
    let kept = judged.iter().filter(|one| !one.claim.removed);
    let mark = |one: &Judged| Mark {
        span: one.claim.start..one.claim.end,
        state: state(one),
        name: name(&one.claim.id),
        anchor: anchor(number, &one.claim.id),
    };
    kept.map(mark).collect()
}

/// What a person calls a claim: the number of its id, `16` of `c16`, as at the desk and in every export. Another
/// program's id can be anything: it is told by its digest.
pub(super) fn name(id: &str) -> String {
    let number = id.strip_prefix('c').filter(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    number.map_or_else(|| sha256_hex(id.as_bytes()).chars().take(8).collect(), str::to_owned)
}

/// Where a claim is told of, `r1c16`.
pub(super) fn anchor(review: usize, id: &str) -> String {
    format!("r{review}c{}", name(id))
}
