//! Reviews that are made, listed and read.

use std::collections::BTreeMap;

use super::*;

#[test]
fn what_is_kept_is_what_was_given() {
    let desk = desk();
    let new = NewReview {
        text: TEXT.into(),
        title: Some(" A  title ".into()),
        prompt: Some("Whom do we screen?".into()),
        model: Some("model-1".to_owned()),
        source: Origin { kind: "csv".to_owned(), name: Some("a.csv".to_owned()), id: Some("7".to_owned()) },
        metadata: BTreeMap::from([("z".to_owned(), json!(1.5)), ("a".to_owned(), json!([null, "b"]))]),
        claims: Vec::new(),
    };
    let made = desk.create(&new).expect("a review");
    assert!(made.id.starts_with("r-") && made.id.len() == 14, "{}", made.id);
    assert_eq!(made.title.as_str(), "A title");
    assert_eq!(made.response.sha256, sha256(TEXT));
    assert_eq!((&made.response.source, &made.response.metadata), (&new.source, &new.metadata));
    assert_eq!(desk.store.review(&made.id).expect("the review"), made);
    assert!(matches!(desk.store.review("r-000000000000"), Err(Error::Missing { what: "review", .. })));
}

#[test]
fn a_review_without_a_title_is_known_by_its_first_words() {
    let title = |text: &str| {
        let new = NewReview { text: text.into(), ..NewReview::default() };
        desk().create(&new).expect("a review").title.0
    };
    assert_eq!(title("\n## Screening\n\nAdults."), "Screening");
    assert_eq!(
        title("*Clostridioides* **difficile** and HLA-B\\*5801, CYP2C19*2"),
        "Clostridioides difficile and HLA-B*5801, CYP2C19*2"
    );
    assert_eq!(title(&"word ".repeat(40)), format!("{}…", ["word"; 16].join(" ")));
    assert_eq!(title(&"x".repeat(100)), format!("{}…", "x".repeat(80)));
}

#[test]
fn what_cannot_be_judged_is_refused_with_its_place() {
    let desk = desk();
    let refused = |new: NewReview| field(desk.create(&new));
    let text = |text: &str| NewReview { text: text.into(), ..NewReview::default() };
    assert_eq!(refused(text(" \n")).0, "/text");
    assert_eq!(refused(text(&"é".repeat(200_001))).1, "the text has 200001 characters, more than 200000");
    assert!(desk.create(&text(&"é".repeat(200_000))).is_ok());
    let claim = |start, end| NewClaim {
        start,
        end,
        claim: None,
        context: None,
        origin: ClaimOrigin::Imported,
        checkworthy: true,
    };
    let with = |claims| NewReview { claims, ..text(TEXT) };
    assert_eq!(refused(with(vec![claim(0, 6), claim(80, 99)])).0, "/claims/1/end");
    assert_eq!(refused(with(vec![claim(0, 6), claim(0, 6)])).1, "these words are claim `c1` already");
    assert_eq!(refused(with((0..501).map(|at| claim(at, at + 1)).collect())).0, "/claims");
    // Nothing of a refused review is kept.
    assert_eq!(desk.reviews(&Page::default(), None).expect("reviews").0.len(), 1);
}

#[test]
fn reviews_are_listed_newest_first_in_pages() {
    let desk = desk();
    let ids: Vec<String> = (0..5).map(|_| desk.review().id).collect();
    let page = |after: Option<&String>| {
        let page = Page { limit: 2, after: after.cloned(), state: None };
        let (reviews, next) = desk.reviews(&page, None).expect("a page");
        (reviews.into_iter().map(|one| one.id).collect::<Vec<_>>(), next)
    };
    assert_eq!(page(None), (vec![ids[4].clone(), ids[3].clone()], Some(ids[3].clone())));
    assert_eq!(page(Some(&ids[3])), (vec![ids[2].clone(), ids[1].clone()], Some(ids[1].clone())));
    assert_eq!(page(Some(&ids[1])), (vec![ids[0].clone()], None));
    let wrong = Page { after: Some("r-1".to_owned()), ..Page::default() };
    assert_eq!(field(desk.reviews(&wrong, None)).0, "/after");
}

#[test]
fn a_list_tells_how_far_each_review_has_come() {
    let desk = desk();
    let review = desk.review().id;
    let listed = |reviewer: Option<&str>| {
        let (mut reviews, _) = desk.reviews(&Page::default(), reviewer).expect("a page");
        reviews.remove(0)
    };
    let mut asking = contradicted();
    asking.needs_adjudication = true;
    desk.give(&review, "c1", "ann", asking);
    desk.give(&review, "c2", "ben", supported());
    let seen = listed(Some("ann"));
    assert_eq!((seen.claims, seen.decided, seen.needs_adjudication, seen.state), (3, 1, 1, State::Open));
    assert_eq!(seen.reviewers, ["ann", "ben"]);
    assert_eq!(listed(None).decided, 2);
    // Ben was asked to judge blind: that Ann asks for help is not shown to him.
    desk.assign(&review, "ben", Task::Second);
    assert_eq!(listed(Some("ben")).needs_adjudication, 0);
    desk.submit(&review, "ben").expect("an assignment");
    assert_eq!((listed(Some("ben")).needs_adjudication, listed(Some("ben")).state), (1, State::Done));
    let other = desk.review().id;
    for claim in ["c1", "c2", "c3"] {
        desk.give(&other, claim, "ann", supported());
    }
    assert_eq!(listed(None).state, State::Done);
    desk.add_claim(&other, &NewSpan { start: 0, end: 6, ..NewSpan::default() }).expect("a claim");
    assert_eq!(listed(None).state, State::Open);
    let of = |state| {
        let page = Page { state: Some(state), ..Page::default() };
        desk.reviews(&page, None).expect("a page").0.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!((of(State::Open), of(State::Done), of(State::Erased)), (vec![other], vec![review], vec![]));
}

#[test]
fn texts_are_never_part_of_a_debug_form() {
    let desk = desk();
    let review = desk.review();
    let mut verdict = not_addressed("secret words");
    verdict.feedback = Some(Feedback { what: "secret".into(), ..Feedback::default() });
    verdict.shown = vec![NewEvidence {
        snapshot: json!({}),
        engine: json!({}),
        request: json!({"claim": "secret"}),
        result: json!({}),
    }];
    let told =
        format!("{review:?} {verdict:?} {:?}", Draft { version: 1, body: json!("secret"), at: review.created_at });
    assert!(!told.contains("secret") && !told.contains("adults from"), "{told}");
}

#[test]
fn assessments_are_kept_beside_each_other() {
    let desk = desk();
    let review = desk.review().id;
    let add = |ratings: &[(&str, Option<u8>)], note: &str| {
        let ratings = ratings.iter().map(|(item, rating)| ((*item).to_owned(), *rating)).collect();
        desk.add_assessment(&review, "ann", &NewAssessment { ratings, note: Some(note.into()) })
    };
    let first = add(&[("accuracy", Some(2)), ("safety", None)], " ").expect("an assessment");
    assert_eq!((first.rubric.as_str(), first.note.as_ref()), ("groundline-answer/1", None));
    let second = add(&[("accuracy", Some(5))], "Better.").expect("an assessment");
    assert_eq!(desk.store.review(&review).expect("the review").assessments, [first, second]);
    assert_eq!(field(add(&[("style/x", Some(1))], "")).0, "/ratings/style~1x");
    assert_eq!(field(add(&[("accuracy", Some(6))], "")).1, "a rating is 1 to 5, or null");
    assert_eq!(field(add(&[("accuracy", Some(0))], "")).0, "/ratings/accuracy");
    assert_eq!(field(add(&[("accuracy", None)], "")).0, "/ratings");
    assert_eq!(field(add(&[], &"x".repeat(8001))).0, "/note");
}
