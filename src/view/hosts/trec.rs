//! A TREC run: `qid Q0 docid rank score tag` a line, as trec_eval and ir_measures read it.
//!
//! They sort by score and not by rank, and ties by document id, so scores are lowered by the least step that single
//! precision keeps where the order of the answer needs it. A result without passages gets a line whose document no judgement
//! names, `groundline:none/…`: a query that is missing from a run is left out of its mean, and finding nothing would cost
//! nothing. The tag says what the line's other fields cannot; nothing in it has white space.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::super::native::{EvidenceResponse, EvidenceView, ResultView};
use super::name;

/// The run of an answer.
pub(super) fn run(answer: &EvidenceResponse) -> String {
    let mut run = String::new();
    let mut used = BTreeSet::new();
    for (at, result) in answer.results.iter().enumerate() {
        let query = unique(&token(&name(at, result)), &mut used);
        let tag = tag(answer, result);
        if result.passages.is_empty() {
            let none = format!("groundline:none/{}", result.status);
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(run, "{query} Q0 {none} 1 0.0000 {tag}");
        }
        let mut last = None;
        for (rank, one) in result.passages.iter().enumerate() {
            let score = below(one.score, &mut last);
            let id = token(&one.passage.id);
            let _ = writeln!(run, "{query} Q0 {id} {} {score} {tag}{}", rank + 1, standing(one));
        }
    }
    run
}

/// A score with four decimals that is lower than the last one.
fn below(score: f64, last: &mut Option<i64>) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a cast from a float saturates, and scores are small")]
    let own = (score * 10_000.0).round() as i64;
    let lower = last.map_or(own, |last| own.min(last.saturating_sub(1)));
    *last = Some(lower);
    let sign = if lower < 0 { "-" } else { "" };
    format!("{sign}{}.{:04}", lower.unsigned_abs() / 10_000, lower.unsigned_abs() % 10_000)
}

/// The run's name with what came out for the claim.
fn tag(answer: &EvidenceResponse, result: &ResultView) -> String {
    let coverage = result.coverage.unwrap_or("null");
    let conflict = if result.conflict { "/conflict" } else { "" };
    token(&format!(
        "groundline-{}/{}/status={}/coverage={coverage}{conflict}",
        answer.engine.ranker, answer.snapshot.id, result.status
    ))
}

fn standing(one: &EvidenceView) -> String {
    let document = &one.passage.document;
    match (document.status, &document.superseded_by) {
        ("superseded", Some(by)) => token(&format!("/superseded_by={by}")),
        ("current", _) => String::new(),
        (status, _) => format!("/{status}"),
    }
}

/// A text as one field: white space and control characters percent-encoded, and the percent sign with them.
fn token(text: &str) -> String {
    let mut token = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_whitespace() || letter.is_control() || letter == '%' {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(token, "%{byte:02X}");
            }
        } else {
            token.push(letter);
        }
    }
    token
}

/// The name, or the name with a number where another result has it already.
fn unique(name: &str, used: &mut BTreeSet<String>) -> String {
    let mut own = name.to_owned();
    let mut number = 2;
    while !used.insert(own.clone()) {
        own = format!("{name}~{number}");
        number += 1;
    }
    own
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn every_claim_has_lines_of_six_fields() {
        let mut answer = sample::answer();
        answer.results[0].id = Some("a 1\t%".to_owned());
        let run = run(&answer);
        for line in run.lines() {
            assert_eq!(line.split(' ').count(), 6, "{line}");
        }
        let queries: BTreeSet<&str> = run.lines().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(queries, BTreeSet::from(["a%201%09%25", "c2", "q3"]));
        assert!(run.contains("c2 Q0 groundline:none/no_evidence 1 0.0000 "), "{run}");
        assert!(run.contains("coverage=out_of_scope"), "{run}");
        assert!(run.contains("/superseded_by=uspstf-aaa@2019"), "{run}");
    }

    #[test]
    fn scores_fall_in_the_order_of_the_answer() {
        let mut last = None;
        let scores = [12.5, 12.5, 13.0, 1.0, 0.0, -0.00004, -2.5].map(|score| below(score, &mut last));
        assert_eq!(scores, ["12.5000", "12.4999", "12.4998", "1.0000", "0.0000", "-0.0001", "-2.5000"]);
        let single: Vec<f32> = scores.iter().map(|score| score.parse().expect("a number")).collect();
        assert!(single.windows(2).all(|pair| pair[0] > pair[1]), "{single:?}");
    }

    #[test]
    fn two_results_of_one_name_stay_apart() {
        let mut used = BTreeSet::new();
        let names = ["a", "a", "a~2", "a"].map(|name| unique(name, &mut used));
        assert_eq!(names, ["a", "a~2", "a~2~2", "a~3"]);
    }
}
