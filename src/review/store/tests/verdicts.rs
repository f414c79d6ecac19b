//! The log of verdicts: what it takes, and what comes second.

use std::thread;

use super::*;

#[test]
fn a_verdict_is_kept_as_it_was_given() {
    let desk = desk();
    let review = desk.review().id;
    let new = NewVerdict {
        errors: vec![ErrorMark { code: "WRONG_THRESHOLD".to_owned(), severity: Severity::Major }],
        harm: Some(Harm { extent: "moderate".to_owned(), likelihood: "low".to_owned() }),
        feedback: Some(Feedback { what: "Wrong.".into(), why: "“45”".into(), fix: "Say 45.".into() }),
        seconds: 48,
        blind: true,
        needs_adjudication: true,
        ..contradicted()
    };
    let given = desk.give(&review, "c1", "ben", new.clone());
    assert_eq!(given.id, crate::review::digest::verdict_id(&given));
    assert_eq!((given.reviewer.id.as_str(), given.reviewer.role.as_str()), ("ben", "pharmacist"));
    assert_eq!((given.task, given.taxonomy.as_str(), given.trail.as_ref()), (Task::First, "groundline/1", None));
    assert_eq!((&given.errors, &given.harm, &given.feedback), (&new.errors, &new.harm, &new.feedback));
    let whole = desk.store.review(&review).expect("the review");
    assert_eq!(whole.verdicts, std::slice::from_ref(&given));
    // What leaves as JSON and comes back is the same record, with the same id.
    let json = serde_json::to_string(&given).expect("JSON");
    assert_eq!(serde_json::from_str::<VerdictRecord>(&json).expect("a record"), given);
}

#[test]
fn each_verdict_names_the_one_that_it_replaces() {
    let desk = desk();
    let review = desk.review().id;
    let first = desk.give(&review, "c1", "ann", contradicted());
    let stale = |result: Result<VerdictRecord, Error>| match result {
        Err(Error::Stale { current }) => current.map(|one| one.id),
        other => panic!("not stale: {other:?}"),
    };
    assert_eq!(stale(desk.add_verdict(&review, "c1", "ann", &supported())), Some(first.id.clone()));
    let second = desk.give(&review, "c1", "ann", after(&first, supported()));
    assert_eq!(second.previous, Some(first.id.clone()));
    assert_eq!(stale(desk.add_verdict(&review, "c1", "ann", &after(&first, supported()))), Some(second.id.clone()));
    // Another's verdict, or one on another claim, is no predecessor.
    assert_eq!(stale(desk.add_verdict(&review, "c1", "ben", &after(&second, supported()))), None);
    assert_eq!(stale(desk.add_verdict(&review, "c2", "ann", &after(&second, supported()))), None);
    let taken_back = NewVerdict { verdict: None, evidence: Vec::new(), ..after(&second, supported()) };
    let third = desk.give(&review, "c1", "ann", taken_back.clone());
    assert_eq!(desk.latest_verdict(&review, "c1", "ann").expect("a verdict"), Some(third.clone()));
    desk.give(&review, "c1", "ann", after(&third, contradicted()));
    let nothing = NewVerdict { previous: None, ..taken_back };
    assert_eq!(field(desk.add_verdict(&review, "c2", "ann", &nothing)).1, "there is no verdict to take back");
    assert_eq!(desk.store.review(&review).expect("the review").verdicts.len(), 4);
}

#[test]
fn each_verdict_has_its_grounds() {
    let desk = desk();
    let review = desk.review().id;
    let refused = |new: NewVerdict| field(desk.add_verdict(&review, "c1", "ann", &new));
    for verdict in [Verdict::Supported, Verdict::Contradicted, Verdict::Partly, Verdict::Outdated] {
        let bare = NewVerdict { verdict: Some(verdict), evidence: Vec::new(), ..contradicted() };
        assert_eq!(refused(bare).1, format!("`{}` rests on a passage: pin one", verdict.name()));
    }
    assert_eq!(refused(NewVerdict { trail: None, ..not_addressed("a") }).0, "/searches");
    assert_eq!(refused(not_addressed(" ")).0, "/searches");
    assert_eq!(refused(not_addressed(&"x".repeat(4001))).0, "/searches/0");
    let given = desk.give(&review, "c1", "ann", not_addressed("statin dose"));
    assert_eq!(given.trail.as_ref().map(|trail| trail.searches[0].as_str()), Some("statin dose"));
    assert_eq!(desk.store.review(&review).expect("the review").verdicts, [given]);
}

#[test]
fn what_is_unknown_or_too_large_is_refused_with_its_place() {
    let desk = desk();
    let review = desk.review().id;
    let refused = |change: fn(&mut NewVerdict)| {
        let mut new = contradicted();
        change(&mut new);
        field(desk.add_verdict(&review, "c1", "ann", &new)).0
    };
    let mark = |code: &str| ErrorMark { code: code.to_owned(), severity: Severity::Minor };
    assert_eq!(refused(|one| one.snapshot = " ".to_owned()), "/snapshot");
    assert_eq!(refused(|one| one.evidence[0].passage = "body-x".to_owned()), "/evidence/0/passage");
    assert_eq!(refused(|one| one.evidence[0].passage = "body x@1#a".to_owned()), "/evidence/0/passage");
    assert_eq!(refused(|one| one.evidence[0].passage_sha256.make_ascii_uppercase()), "/evidence/0/passage_sha256");
    assert_eq!(refused(|one| one.evidence.push(one.evidence[0].clone())), "/evidence/1/passage");
    assert_eq!(refused(|one| one.evidence = (0..21).map(|at| pin(&format!("a@1#{at}"))).collect()), "/evidence");
    assert_eq!(
        refused(|one| one.harm = Some(Harm { extent: "huge".to_owned(), likelihood: "low".to_owned() })),
        "/harm/extent"
    );
    assert_eq!(
        refused(|one| one.harm = Some(Harm { extent: "mild".to_owned(), likelihood: "50 %".to_owned() })),
        "/harm/likelihood"
    );
    assert_eq!(
        refused(|one| one.feedback = Some(Feedback { fix: "x".repeat(8001).into(), ..Feedback::default() })),
        "/feedback/fix"
    );
    assert_eq!(refused(|one| one.seconds = u32::MAX), "/seconds");
    let errors = |errors: Vec<ErrorMark>| {
        field(desk.add_verdict(&review, "c1", "ann", &NewVerdict { errors, ..contradicted() })).0
    };
    assert_eq!(errors(vec![mark("NEGATED"), mark("TYPO")]), "/errors/1/code");
    assert_eq!(errors(vec![mark("NEGATED"), mark("NEGATED")]), "/errors/1/code");
    assert!(matches!(
        desk.add_verdict(&review, "c9", "ann", &contradicted()),
        Err(Error::Missing { what: "claim", .. })
    ));
    assert!(matches!(
        desk.add_verdict(&review, "c1", "zoe", &contradicted()),
        Err(Error::Missing { what: "reviewer", .. })
    ));
    desk.remove_claim(&review, "c1").expect("a claim");
    assert_eq!(field(desk.add_verdict(&review, "c1", "ann", &contradicted())).0, "");
    assert!(desk.store.review(&review).expect("the review").verdicts.is_empty());
}

#[test]
fn blank_feedback_is_no_feedback() {
    let desk = desk();
    let review = desk.review().id;
    let given = desk.give(
        &review,
        "c1",
        "ann",
        NewVerdict { feedback: Some(Feedback { what: " ".into(), ..Feedback::default() }), ..contradicted() },
    );
    assert_eq!((given.feedback, given.feedback_sha256), (None, None));
}

#[test]
fn the_answer_on_the_screen_is_kept_once_with_its_digest() {
    let desk = desk();
    let review = desk.review().id;
    let shown = NewEvidence {
        snapshot: json!({"id": "snap-1"}),
        engine: json!({"version": "1"}),
        request: json!({"claim": "Screen adults.", "k": 5}),
        result: json!({"status": "ok", "took_ms": 3.1, "coverage": "addressed", "passages": [{"id": "body-x@2021#rec-1"}]}),
    };
    let first = desk.give(&review, "c1", "ann", NewVerdict { shown: vec![shown.clone()], ..contradicted() });
    desk.give(&review, "c1", "ann", after(&first, NewVerdict { shown: vec![shown.clone()], ..supported() }));
    let kept = desk.evidence(&review).expect("evidence");
    assert_eq!(kept.len(), 1);
    let bytes = r#"{"status":"ok","coverage":"addressed","passages":[{"id":"body-x@2021#rec-1"}]}"#;
    assert_eq!(
        (serde_json::to_string(&kept[0].result).expect("JSON").as_str(), &kept[0].sha256),
        (bytes, &sha256(bytes))
    );
    assert_eq!((&kept[0].request, kept[0].claim.as_str()), (&shown.request, "c1"));
    let trail = trail_of(
        vec!["a".to_owned()],
        &[
            &json!({"coverage": "addressed", "trace": {"documents_considered": 412}, "passages": [{"id": "o"}, {"id": "p"}]}),
            &json!({"coverage": "not_addressed", "trace": {"documents_considered": 7}, "passages": [{"id": "p"}], "counter": [{"id": "q"}]}),
        ],
    );
    assert_eq!(
        (trail.documents_considered, trail.coverage.as_deref(), trail.passages),
        (412, Some("not_addressed"), ["o", "p", "q"].map(str::to_owned).into())
    );
}

#[test]
fn the_log_cannot_be_changed_through_the_database() {
    let desk = desk();
    let review = desk.review().id;
    desk.give(&review, "c1", "ann", not_addressed("statin dose"));
    for sql in [
        "UPDATE verdicts SET record = replace(record, 'not_addressed', 'supported')",
        "DELETE FROM verdicts",
        "UPDATE verdict_texts SET searches = '[]'",
        "DELETE FROM verdict_texts",
        "DELETE FROM reviews",
        "UPDATE reviews SET sha256 = ''",
    ] {
        let refused = desk.raw().execute(sql, []).expect_err("a refusal").to_string();
        assert!(
            refused.contains("append-only") || refused.contains("erased") || refused.contains("digest"),
            "{sql}: {refused}"
        );
    }
    // Nor by a replacement, which deletes unseen where triggers do not recurse.
    let replaced = desk.write(|one| {
        Ok(one.execute("INSERT OR REPLACE INTO verdicts (seq, id, record) SELECT seq, id, record FROM verdicts", [])?)
    });
    assert!(replaced.expect_err("a refusal").to_string().contains("append-only"));
    assert!(desk.verify().expect("an account").is_whole());
}

#[test]
fn of_two_verdicts_at_once_one_is_kept() {
    let desk = desk();
    let review = desk.review().id;
    let mut last: Option<VerdictRecord> = None;
    for _ in 0..20 {
        let previous = last.as_ref().map(|one| one.id.clone());
        let race = |new: NewVerdict| {
            let (store, review, previous) = (desk.store.clone(), review.clone(), previous.clone());
            thread::spawn(move || store.add_verdict(&review, "c1", "ann", &NewVerdict { previous, ..new }))
        };
        let runs = [race(supported()), race(contradicted())];
        let (won, lost): (Vec<_>, Vec<_>) =
            runs.map(|run| run.join().expect("a thread")).into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, 1));
        let kept = won.into_iter().next().and_then(Result::ok).expect("a verdict");
        match lost.into_iter().next() {
            Some(Err(Error::Stale { current: Some(current) })) => assert_eq!(current.id, kept.id),
            other => panic!("not stale: {other:?}"),
        }
        last = Some(kept);
    }
    assert_eq!(desk.store.review(&review).expect("the review").verdicts.len(), 20);
    assert!(desk.verify().expect("an account").is_whole());
}
