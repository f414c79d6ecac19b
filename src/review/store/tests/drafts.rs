//! Drafts with versions: two tabs.

use std::thread;

use super::*;

fn version(result: Result<Saved, Error>) -> u64 {
    result.expect("a draft").version
}

/// The version and form that are kept, where a save was refused.
fn refused(result: Result<Saved, Error>) -> (u64, Option<Value>) {
    match result {
        Err(Error::StaleDraft { current, version }) => (version, current.map(|draft| draft.body)),
        other => panic!("not stale: {other:?}"),
    }
}

#[test]
fn a_tab_that_is_behind_saves_over_nothing() {
    let desk = desk();
    let review = desk.review().id;
    let save = |version, body: &Value| desk.save_draft(&review, "c1", "ann", version, body);
    assert_eq!(version(save(0, &json!({"what": "one"}))), 1);
    assert_eq!(version(save(1, &json!({"what": "two"}))), 2);
    assert_eq!(refused(save(1, &json!({"what": "other tab"}))), (2, Some(json!({"what": "two"}))));
    assert_eq!(refused(save(0, &json!({}))), (2, Some(json!({"what": "two"}))));
    assert_eq!(refused(save(9, &json!({}))).0, 2);
    let seen = desk.visible_to(&review, Some("ann")).expect("a review");
    assert_eq!(seen.drafts.get("c1").map(|draft| (draft.version, &draft.body)), Some((2, &json!({"what": "two"}))));
    assert!(desk.visible_to(&review, Some("ben")).expect("a review").drafts.is_empty());
    assert!(desk.visible_to(&review, None).expect("a review").drafts.is_empty());
}

#[test]
fn a_draft_that_was_thrown_away_does_not_come_back_from_an_old_tab() {
    let desk = desk();
    let review = desk.review().id;
    let save = |version, body: &Value| desk.save_draft(&review, "c1", "ann", version, body);
    desk.delete_draft(&review, "c1", "ann").expect("nothing");
    assert_eq!(version(save(0, &json!(1))), 1);
    desk.delete_draft(&review, "c1", "ann").expect("nothing");
    assert_eq!(refused(save(1, &json!("late"))), (2, None));
    assert!(desk.visible_to(&review, Some("ann")).expect("a review").drafts.is_empty());
    assert_eq!(version(save(0, &json!("anew"))), 3);
    // The old tab's number does not fit by chance.
    assert_eq!(refused(save(1, &json!("late"))), (3, Some(json!("anew"))));
}

#[test]
fn drafts_are_bounded_and_belong_to_something() {
    let desk = desk();
    let review = desk.review().id;
    let large = json!("x".repeat(LARGEST_DRAFT - 2));
    assert_eq!(version(desk.save_draft(&review, "c1", "ann", 0, &large)), 1);
    assert_eq!(field(desk.save_draft(&review, "c1", "ann", 1, &json!("x".repeat(LARGEST_DRAFT - 1)))).0, "/body");
    for (review, claim, reviewer) in
        [("r-0", "c1", "ann"), (review.as_str(), "c9", "ann"), (review.as_str(), "c1", "zoe")]
    {
        let saved = desk.save_draft(review, claim, reviewer, 0, &json!({}));
        assert!(matches!(saved, Err(Error::Missing { .. })), "{saved:?}");
    }
}

#[test]
fn of_two_tabs_that_save_at_once_one_is_told() {
    let desk = desk();
    let review = desk.review().id;
    for round in 0..20 {
        let save = |tab: u8| {
            let (store, review) = (desk.store.clone(), review.clone());
            thread::spawn(move || {
                store.save_draft(&review, "c1", "ann", round, &json!({"tab": tab})).map(|saved| (tab, saved))
            })
        };
        let saved = [save(1), save(2)].map(|run| run.join().expect("a thread"));
        let kept: Vec<u8> = saved.iter().filter_map(|one| Some(one.as_ref().ok()?.0)).collect();
        assert_eq!(kept.len(), 1);
        let told = saved.into_iter().find_map(Result::err).map(Err).expect("a refusal");
        assert_eq!(refused(told), (round + 1, Some(json!({"tab": kept[0]}))));
    }
}
