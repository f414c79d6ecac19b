//! Verdicts as edits of scores, to be written back into the log of Inspect that the responses came from.
//!
//! A list of `{sample_id, epoch, score, provenance, metadata}`. Inspect's own `edit_score` applies them, with `provenance` as
//! its `ProvenanceData`. A response has a score once all of its check-worthy claims are decided: `I` where one is
//! contradicted or outdated, else `P` where one is partly so, else `C`. Claims that nothing addresses speak neither for nor against:
//! where there are no others, or reviewers still differ, there is no edit and the sample stays as it was.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Bundle, INTENDED_USE, Judged, Outcome, severity};
use crate::review::record::{Review, Verdict, VerdictRecord};

/// Name of the score.
const SCORE: &str = "groundline";

/// The edits for the reviews that came from a log of Inspect and are decided. Erased reviews are left out.
pub fn edits(bundle: &Bundle) -> Value {
    let from_inspect = |review: &&Review| review.response.source.kind == "inspect" && review.erased_at.is_none();
    bundle.reviews.iter().filter(from_inspect).filter_map(|review| edit(bundle, review)).collect()
}

fn edit(bundle: &Bundle, review: &Review) -> Option<Value> {
    let metadata = &review.response.metadata;
    let sample = metadata.get("sample_id").cloned().or_else(|| review.response.source.id.clone().map(Value::from))?;
    let judged = Judged::of(review);
    let decided = decided(&judged)?;
    let value = value(decided.iter().map(|(_, verdict, _)| *verdict))?;
    let authors: BTreeSet<&str> = decided.iter().map(|(.., record)| record.reviewer.id.as_str()).collect();
    let lines = decided.iter().map(|(judged, verdict, _)| format!("{}: {}", judged.claim.id, verdict.name()));
    let claims: Vec<Value> = decided.iter().map(|(judged, verdict, record)| told(judged, *verdict, record)).collect();
    Some(json!({
        "sample_id": sample, "epoch": metadata.get("epoch").and_then(Value::as_u64),
        "score": { "name": SCORE, "value": value, "explanation": lines.collect::<Vec<_>>().join("; ") },
        "provenance": {
            "author": Vec::from_iter(authors).join(", "),
            "reason": format!("Claims of the response were judged against clinical guidelines. {INTENDED_USE}"),
            "timestamp": bundle.made_at.to_string(),
        },
        "metadata": { "review": review.id, "response_sha256": review.response.sha256, "claims": claims },
    }))
}

type Decided<'a, 'b> = (&'b Judged<'a>, Verdict, &'a VerdictRecord);

/// The decisions, where there is one for each claim that is worth checking.
fn decided<'a, 'b>(judged: &'b [Judged<'a>]) -> Option<Vec<Decided<'a, 'b>>> {
    let mut decided = Vec::new();
    for one in judged.iter().filter(|one| !one.claim.removed) {
        match one.outcome() {
            Outcome::Decided(record) => decided.push((one, record.verdict?, record)),
            Outcome::Undecided if !one.claim.checkworthy => {}
            Outcome::Undecided | Outcome::Differ => return None,
        }
    }
    Some(decided)
}

fn value(verdicts: impl Iterator<Item = Verdict>) -> Option<&'static str> {
    let letter = |verdict| match verdict {
        Verdict::Contradicted | Verdict::Outdated => Some("I"),
        Verdict::Partly => Some("P"),
        Verdict::Supported => Some("C"),
        Verdict::NotAddressed => None,
    };
    let letters: Vec<&str> = verdicts.filter_map(letter).collect();
    ["I", "P", "C"].into_iter().find(|one| letters.contains(one))
}

fn told(judged: &Judged, verdict: Verdict, record: &VerdictRecord) -> Value {
    let errors: Vec<Value> =
        record.errors.iter().map(|error| json!({ "code": error.code, "severity": severity(error.severity) })).collect();
    let passages: Vec<&str> = record.evidence.iter().map(|pin| pin.passage.as_str()).collect();
    json!({
        "claim": judged.claim.id, "start": judged.claim.start, "end": judged.claim.end, "unit": judged.claim.unit,
        "verdict": verdict.name(), "errors": errors, "passages": passages, "snapshot": record.snapshot, "verdict_id": record.id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::bundle;

    /// The bundle with the claims kept that are named.
    fn with(claims: &[&str]) -> Bundle {
        let mut bundle = bundle();
        bundle.reviews[0].claims.retain(|claim| claims.contains(&claim.id.as_str()));
        bundle
    }

    #[test]
    fn nothing_is_scored_before_it_is_decided() {
        assert_eq!(edits(&bundle()), json!([]), "c3 is in dispute, c5 undecided");
        assert_eq!(edits(&with(&["c4"])), json!([]), "nothing addresses it");
        let mut bundle = with(&["c1", "c4"]);
        bundle.reviews[0].response.source.kind = "paste".into();
        assert_eq!(edits(&bundle), json!([]));
    }

    #[test]
    fn the_worst_verdict_makes_the_score() {
        let edits = edits(&with(&["c1", "c4", "c6"]));
        assert_eq!(edits[0]["score"]["value"], "I");
        assert_eq!(edits[0]["score"]["explanation"], "c1: contradicted; c4: not_addressed; c6: supported");
        assert_eq!((&edits[0]["sample_id"], &edits[0]["epoch"]), (&json!("aspirin-1"), &json!(1)));
        assert_eq!(edits[0]["provenance"]["author"], "lead, r7");
        use Verdict::*;
        for (verdicts, score) in [
            (&[Supported, Partly][..], Some("P")),
            (&[Supported, NotAddressed], Some("C")),
            (&[Outdated, Supported], Some("I")),
            (&[NotAddressed], None),
            (&[], None),
        ] {
            assert_eq!(value(verdicts.iter().copied()), score);
        }
    }
}
