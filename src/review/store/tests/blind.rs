//! Who sees what: blind reviews, submission, adjudication.

use super::*;

/// Whose verdicts and assessments somebody sees.
fn sees(desk: &Desk, review: &str, reviewer: Option<&str>) -> String {
    let seen = desk.visible_to(review, reviewer).expect("a review").review;
    let mut who: Vec<String> = seen.verdicts.into_iter().map(|one| one.reviewer.id).collect();
    who.extend(seen.assessments.into_iter().map(|one| format!("{}'s rubric", one.reviewer.id)));
    who.sort();
    who.join(" ")
}

/// Ann and Ben have each judged the first claim, and Ann the whole answer.
fn judged() -> (Desk, String) {
    let desk = desk();
    let review = desk.review().id;
    desk.give(&review, "c1", "ann", contradicted());
    desk.give(&review, "c1", "ben", supported());
    let new = NewAssessment { ratings: [("accuracy".to_owned(), Some(3))].into(), note: None };
    desk.add_assessment(&review, "ann", &new).expect("an assessment");
    (desk, review)
}

#[test]
fn where_nobody_was_asked_everybody_sees_all() {
    let (desk, review) = judged();
    for who in [Some("ann"), Some("eva"), None] {
        assert_eq!(sees(&desk, &review, who), "ann ann's rubric ben");
    }
}

#[test]
fn a_reviewer_sees_the_others_once_they_have_submitted() {
    let (desk, review) = judged();
    desk.assign(&review, "ann", Task::First);
    desk.assign(&review, "ben", Task::Second);
    desk.assign(&review, "eva", Task::Adjudicate);
    let all = "ann ann's rubric ben";
    let seen = || ["ann", "ben", "eva"].map(|who| sees(&desk, &review, Some(who)));
    assert_eq!(seen(), ["ann ann's rubric", "ben", ""]);
    assert_eq!(sees(&desk, &review, None), "");
    assert!(matches!(desk.adjudication(&review, Some("ben")), Err(Error::Hidden)));
    desk.submit(&review, "ann").expect("an assignment");
    assert_eq!(seen(), [all, "ben", ""]);
    assert!(matches!(desk.adjudication(&review, Some("eva")), Err(Error::Hidden)));
    desk.submit(&review, "ben").expect("an assignment");
    assert_eq!(seen(), [all, all, all]);
    // Somebody who was not asked waits for everybody.
    assert_eq!(sees(&desk, &review, None), "");
    desk.submit(&review, "eva").expect("an assignment");
    assert_eq!(sees(&desk, &review, None), all);
}

#[test]
fn nobody_adjudicates_what_they_may_not_see() {
    let (desk, review) = judged();
    desk.assign(&review, "ann", Task::First);
    desk.assign(&review, "ben", Task::Second);
    desk.assign(&review, "eva", Task::Adjudicate);
    let decide = |who: &str| {
        let new = NewVerdict { task: Some(Task::Adjudicate), ..contradicted() };
        desk.add_verdict(&review, "c2", who, &new)
    };
    assert!(matches!(decide("ben"), Err(Error::Hidden)));
    assert!(matches!(decide("eva"), Err(Error::Hidden)));
    let second = NewVerdict { task: Some(Task::Second), ..contradicted() };
    assert_eq!(field(desk.add_verdict(&review, "c2", "ann", &second)).0, "/task");
    for who in ["ann", "ben"] {
        desk.submit(&review, who).expect("an assignment");
    }
    assert_eq!(decide("eva").expect("a verdict").task, Task::Adjudicate);
}

#[test]
fn reviews_stand_side_by_side_with_the_decision() {
    let (desk, review) = judged();
    desk.give(&review, "c2", "ann", supported());
    let asking = NewVerdict { needs_adjudication: true, ..supported() };
    desk.give(&review, "c3", "ben", asking);
    let taken = desk.give(&review, "c2", "ben", contradicted());
    desk.give(
        &review,
        "c2",
        "ben",
        NewVerdict { verdict: None, evidence: Vec::new(), ..after(&taken, contradicted()) },
    );
    desk.assign(&review, "eva", Task::Adjudicate);
    let decision = desk.give(&review, "c1", "eva", contradicted());
    let found = desk.adjudication(&review, Some("eva")).expect("side by side");
    let told: Vec<(&str, usize, bool, bool)> = found
        .claims
        .iter()
        .map(|one| (one.claim.id.as_str(), one.verdicts.len(), one.agree, one.decision.is_some()))
        .collect();
    assert_eq!(told, [("c1", 2, false, true), ("c3", 1, true, false), ("c2", 1, true, false)]);
    assert_eq!(found.claims[0].decision, Some(decision));
}

#[test]
fn parts_are_given_once_and_submitted_once() {
    let desk = desk();
    let review = desk.review().id;
    let assign = |who: &str, task, blind| {
        let new = NewAssignment { reviewer: who.to_owned(), task, blind };
        desk.store.assign(&review, &new)
    };
    let first = assign("ann", Task::First, None).expect("an assignment");
    assert!(!first.blind);
    assert_eq!(assign("ann", Task::First, None).expect("an assignment"), first);
    assert!(assign("ann", Task::First, Some(true)).expect("an assignment").blind);
    assert_eq!(field(assign("ann", Task::Second, None)).1, "`ann` has the first review already");
    assert!(assign("ben", Task::Second, None).expect("an assignment").blind);
    assert!(matches!(assign("zoe", Task::Second, None), Err(Error::Missing { .. })));
    let done = desk.submit(&review, "ann").expect("an assignment");
    assert!(done.submitted_at.is_some());
    assert_eq!(desk.submit(&review, "ann").expect("an assignment"), done);
    // Asked again after that, nothing is taken back.
    assert_eq!(assign("ann", Task::First, Some(false)).expect("an assignment"), done);
    // One person may review and, in a small team, adjudicate: first the one, then the other.
    assign("ben", Task::Adjudicate, None).expect("an assignment");
    let part = || desk.visible_to(&review, Some("ben")).expect("a review").you.map(|part| part.task);
    assert_eq!(part(), Some(Task::Second));
    desk.submit(&review, "ben").expect("an assignment");
    assert_eq!(part(), Some(Task::Adjudicate));
}

#[test]
fn who_judged_without_being_asked_can_submit() {
    let (desk, review) = judged();
    assert!(matches!(desk.submit(&review, "eva"), Err(Error::Missing { .. })));
    assert_eq!(desk.submit(&review, "ann").expect("an assignment").task, Task::First);
    assert_eq!(desk.submit(&review, "ben").expect("an assignment").task, Task::Second);
}

#[test]
fn agreement_counts_verdicts_as_they_were_submitted() {
    let (desk, review) = judged();
    desk.assign(&review, "ann", Task::First);
    desk.assign(&review, "ben", Task::Second);
    let labels = || {
        let units = desk.agreement_units().expect("units");
        let label = |label: &Label| format!("{} {} {}", label.reviewer.id, label.verdict.name(), label.submitted);
        units.iter().flat_map(|unit| &unit.labels).map(label).collect::<Vec<_>>()
    };
    assert_eq!(labels(), ["ann contradicted false", "ben supported false"]);
    desk.submit(&review, "ann").expect("an assignment");
    // With Ben's verdict in sight, Ann changes hers.
    let before = desk.latest_verdict(&review, "c1", "ann").expect("a verdict").expect("a verdict");
    desk.give(&review, "c1", "ann", after(&before, supported()));
    desk.submit(&review, "ben").expect("an assignment");
    assert_eq!(labels(), ["ann contradicted true", "ben supported true"]);
    desk.assign(&review, "eva", Task::Adjudicate);
    desk.give(&review, "c1", "eva", NewVerdict { verdict: Some(Verdict::Partly), ..contradicted() });
    let units = desk.agreement_units().expect("units");
    assert_eq!((units.len(), units[0].gold, units[0].labels.len()), (1, Some(Verdict::Partly), 2));
    desk.remove_claim(&review, "c1").expect("a claim");
    assert!(desk.agreement_units().expect("units").is_empty());
}
