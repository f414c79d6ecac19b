//! Claims that are made, cut, joined, taken out and put back.

use proptest::prelude::*;

use super::*;
use crate::review::record::ReviewClaim;
use crate::span::{Span, Text};

fn live(desk: &Desk, review: &str) -> Vec<ReviewClaim> {
    desk.store.review(review).expect("the review").claims.into_iter().filter(|claim| !claim.removed).collect()
}

fn spans(desk: &Desk, review: &str) -> Vec<(String, usize, usize)> {
    live(desk, review).into_iter().map(|claim| (claim.id, claim.start, claim.end)).collect()
}

fn at(start: usize, end: usize) -> NewSpan {
    NewSpan { start, end, ..NewSpan::default() }
}

#[test]
fn a_selection_becomes_a_claim_with_its_exact_words() {
    let desk = desk();
    let review = desk.review().id;
    let claim = desk.add_claim(&review, &at(28, 41)).expect("a claim");
    assert_eq!((claim.id.as_str(), claim.start, claim.end), ("c4", 29, 40));
    assert_eq!((claim.text.as_str(), claim.claim.as_str()), ("Treat above", "Treat above"));
    assert_eq!((claim.sha256, claim.origin, claim.checkworthy), (sha256("Treat above"), ClaimOrigin::Hand, true));
    // In the order of the response.
    let order: Vec<String> = spans(&desk, &review).into_iter().map(|(id, ..)| id).collect();
    assert_eq!(order, ["c1", "c4", "c2", "c3"]);
    assert_eq!(field(desk.add_claim(&review, &at(29, 40))).1, "these words are claim `c4` already");
    assert_eq!(field(desk.add_claim(&review, &at(70, 82))).0, "/end");
    let long = NewSpan { claim: Some("x".repeat(4001).into()), ..at(0, 6) };
    assert_eq!(field(desk.add_claim(&review, &long)).0, "/claim");
}

#[test]
fn an_edit_changes_a_claim_that_nobody_has_judged() {
    let desk = desk();
    let review = desk.review().id;
    let worded = ClaimEdit { claim: Some("Adults are screened from 45 years.".into()), ..ClaimEdit::default() };
    let edited = desk.edit_claim(&review, "c1", &worded).expect("a claim");
    assert_eq!((edited.id.as_str(), edited.claim.as_str()), ("c1", "Adults are screened from 45 years."));
    assert_eq!(edited.context.as_str(), "Advice for adults");
    // A moved span stands for itself until other words are given.
    let moved = desk.edit_claim(&review, "c1", &ClaimEdit { end: Some(13), ..ClaimEdit::default() }).expect("a claim");
    assert_eq!(
        (moved.id.as_str(), moved.text.as_str(), moved.claim.as_str()),
        ("c1", "Screen adults", "Screen adults")
    );
    assert_eq!(moved.sha256, sha256("Screen adults"));
    let onto = ClaimEdit { start: Some(29), end: Some(60), ..ClaimEdit::default() };
    assert_eq!(field(desk.edit_claim(&review, "c1", &onto)).0, "/start");
}

#[test]
fn a_judged_claim_never_changes() {
    let desk = desk();
    let review = desk.review().id;
    desk.give(&review, "c1", "ann", contradicted());
    let before = live(&desk, &review).remove(0);
    assert_eq!(desk.edit_claim(&review, "c1", &ClaimEdit::default()).expect("a claim"), before);
    for edit in [
        ClaimEdit { end: Some(13), ..ClaimEdit::default() },
        ClaimEdit { claim: Some("Other words.".into()), ..ClaimEdit::default() },
    ] {
        let review = desk.review().id;
        desk.give(&review, "c1", "ann", contradicted());
        let new = desk.edit_claim(&review, "c1", &edit).expect("a claim");
        assert_eq!(new.id, "c4");
        let whole = desk.store.review(&review).expect("the review");
        let old = whole.claims.last().expect("a claim");
        assert_eq!((old.id.as_str(), old.removed, old.start, old.end), ("c1", true, 0, 28));
        assert_eq!(whole.verdicts[0].claim, "c1");
        assert_eq!(field(desk.edit_claim(&review, "c1", &edit)).1, "claim `c1` has been taken out; put it back first");
    }
    let raw = desk.raw();
    let refused = raw.execute("UPDATE claims SET \"end\" = 5 WHERE id = 'c1'", []).expect_err("a refusal");
    assert!(refused.to_string().contains("keeps its span"), "{refused}");
    assert!(raw.execute("DELETE FROM claims", []).is_err());
}

#[test]
fn claims_are_taken_out_and_put_back() {
    let desk = desk();
    let review = desk.review().id;
    assert!(desk.remove_claim(&review, "c2").expect("a claim").removed);
    assert!(desk.remove_claim(&review, "c2").expect("a claim").removed);
    assert_eq!(live(&desk, &review).len(), 2);
    let anew = desk.add_claim(&review, &at(29, 60)).expect("a claim");
    assert_eq!(field(desk.restore_claim(&review, "c2")).1, "these words are claim `c4` already");
    desk.remove_claim(&review, &anew.id).expect("a claim");
    assert!(!desk.restore_claim(&review, "c2").expect("a claim").removed);
    assert!(matches!(desk.remove_claim(&review, "c9"), Err(Error::Missing { what: "claim", .. })));
}

#[test]
fn claims_are_cut_and_joined() {
    let desk = desk();
    let review = desk.review().id;
    let parts = desk.split_claim(&review, "c2", &[50, 40]).expect("claims");
    let words: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(words, ["Treat above", "140 mm Hg", "– always."]);
    assert!(parts.iter().all(|part| part.context.as_str() == "Advice for adults"));
    assert_eq!(field(desk.split_claim(&review, "c1", &[28])).0, "/at");
    let whole = desk.merge_claims(&review, &["c6".to_owned(), "c4".to_owned()]).expect("a claim");
    assert_eq!((whole.start, whole.end), (29, 60));
    // What stands between was not named and stays.
    assert_eq!(spans(&desk, &review).len(), 4);
    assert_eq!(field(desk.merge_claims(&review, &["c1".to_owned()])).0, "/claims");
    assert_eq!(field(desk.merge_claims(&review, &["c1".to_owned(), "c1".to_owned()])).0, "/claims");
    // A refused act leaves nothing behind.
    let before = spans(&desk, &review);
    assert!(desk.merge_claims(&review, &["c1".to_owned(), "c9".to_owned()]).is_err());
    assert_eq!(spans(&desk, &review), before);
}

#[test]
fn a_review_has_at_most_500_claims() {
    let desk = desk();
    let text = "word ".repeat(501);
    let claim = |at: usize| NewClaim {
        start: at * 5,
        end: at * 5 + 4,
        claim: None,
        context: None,
        origin: ClaimOrigin::Suggested,
        checkworthy: true,
    };
    let new = NewReview { text: text.into(), claims: (0..500).map(claim).collect(), ..NewReview::default() };
    let review = desk.create(&new).expect("a review").id;
    assert_eq!(
        field(desk.add_claim(&review, &at(2500, 2504))).1,
        "the review has 500 claims, and no more than 500 are kept"
    );
    desk.remove_claim(&review, "c1").expect("a claim");
    desk.add_claim(&review, &at(2500, 2504)).expect("a claim");
    assert!(desk.restore_claim(&review, "c1").is_err());
}

#[derive(Clone, Debug)]
enum Act {
    Add(usize, usize),
    Edit(usize, usize, usize),
    Remove(usize),
    Restore(usize),
    Split(usize, usize),
    Merge(usize, usize),
    Judge(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let (id, point) = (1usize..9, 0usize..90);
    prop_oneof![
        (point.clone(), point.clone()).prop_map(|(a, b)| Act::Add(a, b)),
        (id.clone(), point.clone(), point.clone()).prop_map(|(id, a, b)| Act::Edit(id, a, b)),
        id.clone().prop_map(Act::Remove),
        id.clone().prop_map(Act::Restore),
        (id.clone(), point).prop_map(|(id, at)| Act::Split(id, at)),
        (id.clone(), id.clone()).prop_map(|(a, b)| Act::Merge(a, b)),
        id.prop_map(Act::Judge),
    ]
}

fn run(desk: &Desk, review: &str, act: &Act) {
    let id = |number: &usize| format!("c{number}");
    // Refusals are part of it: what is asked for is random.
    match act {
        Act::Add(start, end) => drop(desk.add_claim(review, &at(*start, *end))),
        Act::Edit(one, start, end) => {
            let edit = ClaimEdit { start: Some(*start), end: Some(*end), ..ClaimEdit::default() };
            drop(desk.edit_claim(review, &id(one), &edit));
        }
        Act::Remove(one) => drop(desk.remove_claim(review, &id(one))),
        Act::Restore(one) => drop(desk.restore_claim(review, &id(one))),
        Act::Split(one, at) => drop(desk.split_claim(review, &id(one), &[*at])),
        Act::Merge(one, other) => drop(desk.merge_claims(review, &[id(one), id(other)])),
        Act::Judge(one) => drop(desk.add_verdict(review, &id(one), "ann", &supported())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn after_any_edits_claims_lie_in_the_text_and_in_order(acts in prop::collection::vec(act(), 1..24)) {
        let desk = desk();
        let review = desk.review().id;
        let text = Text::from(TEXT.to_owned());
        for act in &acts {
            run(&desk, &review, act);
        }
        let whole = desk.store.review(&review).expect("the review");
        for claim in &whole.claims {
            let cut = text.slice(Span::new(claim.start, claim.end));
            prop_assert_eq!(cut, Some(claim.text.as_str()));
            prop_assert!(!claim.text.is_blank() && claim.text.as_str().trim() == claim.text.as_str());
        }
        let live: Vec<(usize, usize)> =
            whole.claims.iter().filter(|claim| !claim.removed).map(|claim| (claim.start, claim.end)).collect();
        prop_assert!(live.windows(2).all(|two| two[0] < two[1]), "out of order, or twice: {live:?}");
        prop_assert!(whole.claims.is_sorted_by_key(|claim| claim.removed));
        let verified = desk.verify().expect("an account");
        prop_assert!(verified.is_whole(), "{:?}", verified.faults);
    }
}
