//! From what is kept of people's decisions to what statistics of agreement take in.

use std::collections::{BTreeMap, BTreeSet};

use super::{agreement, record, store};

/// The rater that stands for what adjudicators decided; no reviewer has this id.
pub const ADJUDICATED: &str = "adjudicated";

/// What reviewers decided of each claim, as [`agreement`] takes it: of those who were asked, what they have submitted. Where
/// `gold` is [`ADJUDICATED`], what adjudicators decided stands beside it as one more rater.
pub fn units(judged: Vec<store::Unit>, gold: Option<&str>) -> Vec<agreement::Unit> {
    let unit = |one: store::Unit| {
        let told: Vec<&store::Label> = one.labels.iter().filter(|label| label.submitted).collect();
        let code = |mark: &record::ErrorMark| mark.code.clone();
        let codes = |label: &&store::Label| {
            let codes: BTreeSet<String> = label.errors.iter().map(code).collect();
            (label.reviewer.id.clone(), codes)
        };
        let verdict = |label: &&store::Label| (label.reviewer.id.clone(), label.verdict.name().to_owned());
        let mut labels: BTreeMap<String, String> = told.iter().map(verdict).collect();
        if let Some(decided) = one.gold.filter(|_| gold == Some(ADJUDICATED)) {
            labels.insert(ADJUDICATED.to_owned(), decided.name().to_owned());
        }
        agreement::Unit {
            name: format!("{}/{}", one.review, one.claim),
            at: told.iter().map(|label| label.at).max().unwrap_or(one.at),
            labels,
            errors: told.iter().map(codes).collect(),
        }
    };
    judged.into_iter().map(unit).filter(|unit| !unit.labels.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::record::{ErrorMark, Reviewer, Severity, Task, Verdict};
    use super::*;

    fn label(reviewer: &str, verdict: Verdict, submitted: bool) -> store::Label {
        store::Label {
            reviewer: Reviewer { id: reviewer.to_owned(), role: "nurse".to_owned() },
            verdict,
            at: "2026-01-02T00:00:00Z".parse().expect("a time"),
            errors: vec![ErrorMark { code: "OUTDATED".to_owned(), severity: Severity::Minor }],
            seconds: 1,
            blind: true,
            task: Task::First,
            submitted,
        }
    }

    #[test]
    fn what_is_not_submitted_does_not_count_and_what_was_adjudicated_only_as_gold() {
        let at = "2026-01-01T00:00:00Z".parse().expect("a time");
        let unit = |labels| store::Unit {
            review: "r-1".to_owned(),
            claim: "c1".to_owned(),
            at,
            labels,
            gold: Some(Verdict::Partly),
        };
        let judged =
            || vec![unit(vec![label("ann", Verdict::Supported, true), label("ben", Verdict::Outdated, false)])];
        let rated = units(judged(), None).remove(0);
        assert_eq!((rated.name.as_str(), rated.at.to_string().as_str()), ("r-1/c1", "2026-01-02T00:00:00Z"));
        assert_eq!(rated.labels, BTreeMap::from([("ann".to_owned(), "supported".to_owned())]));
        assert_eq!(rated.errors, BTreeMap::from([("ann".to_owned(), BTreeSet::from(["OUTDATED".to_owned()]))]));
        let against = units(judged(), Some(ADJUDICATED)).remove(0);
        assert_eq!(against.labels.get(ADJUDICATED).map(String::as_str), Some("partly"));
        assert_eq!(against.labels.len(), 2);
        assert_eq!(units(vec![unit(Vec::new())], None), Vec::new());
    }
}
