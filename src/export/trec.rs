//! Runs and judgements in the formats of the Text REtrieval Conference, for `trec_eval` and its kin.
//!
//! A topic is a claim, `review:claim`. The run is what the claim's verdict was given on, the latest search where there is
//! none yet. Judgements are the reviewers': 2 for a passage that someone pinned as supporting or contradicting, 1 for one
//! pinned as context, 0 for one that was shown and not pinned. Claims without a verdict have no judgements, because
//! nobody has looked at their passages.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Bundle, Judged, Lookup, Shown};
use crate::review::record::{EvidenceRecord, PinRole};

/// The run: lines `topic Q0 passage rank score tag`.
///
/// Evaluation programs order by score alone, and an answer may put the replacement of an old edition above it against
/// the scores. Where a score is not below the one before it, it is written as 0.0001 less, so that the order that was
/// shown is the order that is evaluated.
pub fn run(bundle: &Bundle) -> String {
    let lookup = Lookup::new(bundle);
    let mut out = String::new();
    for judged in bundle.reviews.iter().flat_map(Judged::of) {
        let Some(record) = record(&judged, &lookup) else { continue };
        let mut last = f64::INFINITY;
        for (at, shown) in Shown::ranked(&record.result).enumerate() {
            let score = shown.score().unwrap_or_default();
            last = if score < last { score } else { last - 0.0001 };
            let (topic, passage) = (topic(&judged), word(shown.id()));
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(out, "{topic} Q0 {passage} {} {last:.4} {}", at + 1, tag(record));
        }
    }
    out
}

/// The judgements: lines `topic 0 passage relevance`, in the order of topics and passages.
pub fn qrels(bundle: &Bundle) -> String {
    let lookup = Lookup::new(bundle);
    let mut out = String::new();
    for judged in bundle.reviews.iter().flat_map(Judged::of).filter(|judged| !judged.verdicts.is_empty()) {
        let mut relevance: BTreeMap<&str, u8> = BTreeMap::new();
        for verdict in &judged.verdicts {
            let shown = lookup.of_verdict(verdict).into_iter().flat_map(|record| Shown::all(&record.result));
            for one in shown {
                relevance.entry(one.id()).or_default();
            }
            for pin in &verdict.evidence {
                let worth = if pin.role == PinRole::Context { 1 } else { 2 };
                let known = relevance.entry(&pin.passage).or_default();
                *known = (*known).max(worth);
            }
        }
        for (passage, worth) in relevance {
            let _ = writeln!(out, "{} 0 {} {worth}", topic(&judged), word(passage));
        }
    }
    out
}

fn record<'a>(judged: &Judged<'a>, lookup: &Lookup<'a>) -> Option<&'a EvidenceRecord> {
    let given_on = judged.verdicts.first().and_then(|verdict| lookup.of_verdict(verdict));
    given_on.or_else(|| lookup.of_claim(&judged.review.id, &judged.claim.id).last().copied())
}

fn topic(judged: &Judged) -> String {
    word(&format!("{}:{}", judged.review.id, judged.claim.id))
}

fn tag(record: &EvidenceRecord) -> String {
    let text = |name: &str| record.engine.get(name).and_then(serde_json::Value::as_str).unwrap_or("unknown");
    word(&format!("groundline-{}-{}", text("version"), text("ranker")))
}

/// The text as one word: columns are parted by white space.
fn word(text: &str) -> String {
    let kept: String =
        text.chars().map(|letter| if letter.is_whitespace() || letter.is_control() { '_' } else { letter }).collect();
    if kept.is_empty() { "-".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::bundle;

    #[test]
    fn scores_fall_with_the_rank() {
        let mut bundle = bundle();
        bundle.evidence[0].result["passages"][1]["score"] = 99.0.into();
        let text = run(&bundle);
        let mut last: Option<(&str, usize, f64)> = None;
        for line in text.lines() {
            let columns: Vec<&str> = line.split(' ').collect();
            assert_eq!((columns.len(), columns[1]), (6, "Q0"), "{line}");
            let (rank, score) = (columns[3].parse().unwrap(), columns[4].parse().unwrap());
            match last {
                Some((topic, before, above)) if topic == columns[0] => {
                    assert!(rank == before + 1 && score < above, "{line}");
                }
                _ => assert_eq!(rank, 1),
            }
            last = Some((columns[0], rank, score));
        }
        assert!(text.starts_with("r-3f9a1c04be77:c1 Q0 uspstf-aspirin@2022#rec-2 1 "));
    }

    #[test]
    fn pins_are_relevant_and_what_was_shown_beside_them_is_not() {
        let text = qrels(&bundle());
        let of = |passage: &str| -> Vec<&str> {
            text.lines()
                .filter(|line| line.contains(passage) && line.starts_with("r-3f9a1c04be77:c1 "))
                .filter_map(|line| line.split(' ').nth(3))
                .collect()
        };
        assert_eq!(of("uspstf-aspirin@2022#rec-2"), ["2"]);
        assert_eq!(of("uspstf-aspirin@2022#rec-1"), ["1"], "pinned as context by one of the two");
        assert!(text.lines().any(|line| line.ends_with(" 0")));
        assert!(!text.contains(":c5 "), "nobody has judged it");
        assert!(text.lines().all(|line| line.split(' ').count() == 4));
    }

    #[test]
    fn columns_cannot_be_forged() {
        assert_eq!(word("a b\nc\u{0}\u{a0}d"), "a_b_c__d");
        assert_eq!(word(""), "-");
    }
}
