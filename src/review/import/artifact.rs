//! Our own artifact, for judging its responses anew: the zip with its claims, or `responses.jsonl` alone.
//!
//! Verdicts stay behind; bringing whole reviews back, each digest checked, is the artifact's own reader.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::archive::{Archive, MAGIC};
use super::collect::{Collector, Part, Reason, Sample};
use super::json::Fields;
use super::{Error, ImportedClaim, json, limits, text};
use crate::review::record::Private;
use crate::span::{Span, Text};

#[derive(Deserialize)]
struct ResponseLine<'a> {
    review: String,
    title: Option<String>,
    #[serde(borrow)]
    response: Judged<'a>,
}

#[derive(Deserialize)]
struct Judged<'a> {
    text: String,
    sha256: Option<String>,
    prompt: Option<String>,
    model: Option<String>,
    #[serde(borrow, default)]
    metadata: Fields<'a>,
}

#[derive(Deserialize)]
struct ClaimLine {
    review: String,
    start: usize,
    end: usize,
    text: String,
    claim: String,
    #[serde(default)]
    context: String,
    checkworthy: bool,
    #[serde(default)]
    removed: bool,
}

/// Reads an artifact or its responses.
pub(super) fn read(bytes: &[u8], collector: &mut Collector) -> Result<(), Error> {
    if !bytes.starts_with(MAGIC) {
        responses(bytes, &mut BTreeMap::new(), collector);
        return Ok(());
    }
    let mut archive = Archive::open(bytes)?;
    let missing = Error::Shape { format: "artifact", expected: "an archive with `responses.jsonl`" };
    let lines = archive.entry("responses.jsonl")?.ok_or(missing)?;
    let mut claims = claims(&archive.entry("claims.jsonl")?.unwrap_or_default());
    responses(&lines, &mut claims, collector);
    Ok(())
}

/// Claims that were not taken out, by review.
fn claims(bytes: &[u8]) -> BTreeMap<String, Vec<ClaimLine>> {
    let mut of_review: BTreeMap<String, Vec<ClaimLine>> = BTreeMap::new();
    let all = text::lines(bytes).filter_map(|(_, line)| serde_json::from_str::<ClaimLine>(line.ok()?).ok());
    for claim in all.filter(|claim| !claim.removed) {
        let of_this = of_review.entry(claim.review.clone()).or_default();
        if of_this.len() < limits::CLAIMS {
            of_this.push(claim);
        }
    }
    of_review
}

fn responses(bytes: &[u8], claims: &mut BTreeMap<String, Vec<ClaimLine>>, collector: &mut Collector) {
    for (number, line) in text::lines(bytes) {
        if !collector.take(|| format!("line {number}"), line.and_then(|line| sample(line, claims))) {
            break;
        }
    }
}

fn sample<'a>(line: &'a str, claims: &mut BTreeMap<String, Vec<ClaimLine>>) -> Result<Sample<'a>, Reason> {
    let ResponseLine { review, title, response } = json::sample(line)?;
    if response.text.is_empty() && response.sha256.is_some() {
        return Err("the text was erased".into());
    }
    let text = Text::from(response.text);
    let found = claims.remove(&review).unwrap_or_default();
    let placed: Vec<ImportedClaim> = found.into_iter().filter_map(|claim| placed(claim, &text)).collect();
    Ok(Sample {
        title,
        text: text.into(),
        prompt: response.prompt,
        model: response.model,
        id: Some(review),
        metadata: response.metadata.0.into_iter().map(|(name, raw)| (name.into_owned(), Part::Raw(raw))).collect(),
        claims: placed,
    })
}

/// The claim, where its words are those of its span.
fn placed(claim: ClaimLine, text: &Text) -> Option<ImportedClaim> {
    let words = text.slice(Span::new(claim.start, claim.end))?;
    (claim.start < claim.end && words == claim.text).then_some(ImportedClaim {
        start: claim.start,
        end: claim.end,
        text: Private(claim.text),
        claim: Private(claim.claim),
        context: Private(claim.context),
        checkworthy: claim.checkworthy,
    })
}
