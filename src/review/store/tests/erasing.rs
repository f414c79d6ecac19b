//! Texts that are gone from the file, and what stays.

use std::collections::BTreeMap;
use std::fs;

use super::*;

/// A word that stands in one field of a review and nowhere else.
const WORDS: [&str; 17] = [
    "qresponse",
    "qtitle",
    "qprompt",
    "qmetakey",
    "qmetavalue",
    "qfile",
    "qsample",
    "qclaim",
    "qcontext",
    "qwhat",
    "qwhy",
    "qfix",
    "qsearch",
    "qdraft",
    "qnote",
    "qrequest",
    "qresult",
];

/// A review with every word of [`WORDS`] in it, judged, rewritten and edited.
fn full(desk: &Desk) -> String {
    let claim = NewClaim {
        start: 0,
        end: 13,
        claim: Some("qclaim stands alone.".into()),
        context: Some("qcontext".into()),
        origin: ClaimOrigin::Suggested,
        checkworthy: true,
    };
    let new = NewReview {
        text: format!("qresponse one. {}", "qresponse again and again. ".repeat(600)).into(),
        title: Some("qtitle".into()),
        prompt: Some("qprompt".into()),
        model: Some("model-1".to_owned()),
        source: Origin { kind: "csv".to_owned(), name: Some("qfile.csv".to_owned()), id: Some("qsample".to_owned()) },
        metadata: BTreeMap::from([("qmetakey".to_owned(), json!({"deep": ["qmetavalue"]}))]),
        claims: vec![claim],
    };
    let review = desk.create(&new).expect("a review").id;
    for at in 1..40 {
        let span = NewSpan {
            start: at * 27,
            end: at * 27 + 20,
            claim: Some(format!("qclaim {at} {}", "and more ".repeat(20)).into()),
            context: None,
        };
        let claim = desk.add_claim(&review, &span).expect("a claim").id;
        for version in 0..3 {
            let body = json!({"what": "qdraft ".repeat(20 * (version + 1))});
            desk.save_draft(&review, &claim, "ann", version as u64, &body).expect("a draft");
        }
        if at % 3 == 0 {
            desk.delete_draft(&review, &claim, "ann").expect("nothing");
        }
    }
    let searched = desk.give(&review, "c1", "ann", not_addressed("qsearch"));
    let shown = NewEvidence {
        snapshot: json!({"id": "snap-1", "corpus_sha256": "ab"}),
        engine: json!({"version": "1"}),
        request: json!({"claim": "qrequest", "context": "qrequest", "patient": {"conditions": ["qrequest"]}, "k": 5, "packs": ["starter"]}),
        result: json!({
            "id": "qresult", "claim": "qresult", "status": "ok", "coverage": "addressed", "conflict": false, "trace": {"queries": ["qresult"]},
            "passages": [{"id": "body-x@2021#rec-1", "rank": 1, "score": 2.5, "quote_sha256": "cd", "quote": "qresult",
                "document": {"id": "body-x", "version": "2021", "status": "current", "superseded_by": null, "title": "qresult"},
                "flags": [{"kind": "quantity_mismatch", "claim": "qresult"}], "why": [{"kind": "term", "text": "qresult"}]}],
            "counter": []
        }),
    };
    let feedback = Feedback { what: "qwhat".into(), why: "qwhy ".repeat(900).into(), fix: "qfix".into() };
    desk.give(
        &review,
        "c1",
        "ann",
        after(&searched, NewVerdict { feedback: Some(feedback), shown: vec![shown], ..contradicted() }),
    );
    let rated =
        NewAssessment { ratings: BTreeMap::from([("accuracy".to_owned(), Some(2))]), note: Some("qnote".into()) };
    desk.add_assessment(&review, "ann", &rated).expect("an assessment");
    review
}

/// The words that stand in any file of the folder.
fn left(desk: &Desk) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(desk.folder.path()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let bytes = fs::read(&path).expect("a file");
        let holds = |word: &&&str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
        found.extend(WORDS.iter().filter(holds).map(|word| format!("{word} in {}", path.display())));
    }
    found
}

#[test]
fn every_text_is_gone_from_the_files_bytes_and_the_log_still_holds() {
    let desk = desk();
    let other = desk.review();
    desk.give(&other.id, "c1", "ann", not_addressed("other words"));
    let review = full(&desk);
    let later = desk.review();
    let before = desk.store.review(&review).expect("the review");
    let held = left(&desk);
    assert!(WORDS.iter().all(|word| held.iter().any(|one| one.starts_with(word))), "{held:?}");
    let at = desk.erase(&review).expect("a time");
    assert_eq!(left(&desk), Vec::<String>::new());
    let wal = desk.folder.path().join("reviews.db-wal");
    assert!(fs::metadata(wal).is_ok_and(|facts| facts.len() < 10_000));

    let after = desk.store.review(&review).expect("the review");
    assert_eq!(after.erased_at, Some(at));
    assert_eq!((after.response.text.as_str(), after.title.as_str(), &after.response.prompt), ("", "", &None));
    assert_eq!((after.response.sha256, after.response.model), (before.response.sha256, before.response.model));
    assert_eq!(after.response.source, Origin { kind: "csv".to_owned(), ..Origin::default() });
    let hashes = |review: &[crate::review::record::ReviewClaim]| {
        review.iter().map(|one| (one.start, one.end, one.sha256.clone())).collect::<Vec<_>>()
    };
    assert_eq!(hashes(&after.claims), hashes(&before.claims));
    let told = |all: &[VerdictRecord]| {
        all.iter()
            .map(|one| (one.id.clone(), one.verdict, one.evidence.clone(), one.feedback_sha256.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&after.verdicts), told(&before.verdicts));
    // Anybody who has the record can still compute its id.
    assert!(after.verdicts.iter().all(|one| crate::review::digest::verdict_id(one) == one.id));
    assert_eq!(
        (after.assessments[0].ratings.clone(), after.assessments[0].note.as_ref()),
        (before.assessments[0].ratings.clone(), None)
    );

    let kept = desk.evidence(&review).expect("evidence");
    assert_eq!(kept[0].request, json!({"k": 5, "packs": ["starter"]}));
    assert_eq!(
        kept[0].result["passages"][0],
        json!({"id": "body-x@2021#rec-1", "rank": 1, "score": 2.5, "quote_sha256": "cd",
        "document": {"id": "body-x", "version": "2021", "status": "current", "superseded_by": null}})
    );
    let verified = desk.verify().expect("an account");
    assert!(verified.is_whole(), "{:?}", verified.faults);
    // The others are as they were.
    assert_eq!(desk.store.review(&later.id).expect("a review"), later);
    let told = desk.store.review(&other.id).expect("a review").verdicts.remove(0).trail.expect("a trail");
    assert_eq!(told.searches, ["other words".into()]);
}

#[test]
fn an_erased_review_stays_as_it_is() {
    let desk = desk();
    let review = full(&desk);
    let at = desk.erase(&review).expect("a time");
    assert_eq!(desk.erase(&review).expect("a time"), at);
    let refused = [
        desk.add_verdict(&review, "c1", "ben", &contradicted()).map(drop),
        desk.add_claim(&review, &NewSpan { start: 0, end: 4, ..NewSpan::default() }).map(drop),
        desk.restore_claim(&review, "c1").map(drop),
        desk.save_draft(&review, "c1", "ann", 0, &json!({})).map(drop),
        desk.submit(&review, "ann").map(drop),
        desk.add_assessment(
            &review,
            "ann",
            &NewAssessment { note: Some("more".into()), ratings: [("safety".to_owned(), Some(1))].into() },
        )
        .map(drop),
    ];
    assert!(refused.iter().all(|one| matches!(one, Err(Error::Erased(_)))), "{refused:?}");
    desk.delete_draft(&review, "c1", "ann").expect("nothing");
    let (listed, _) = desk.reviews(&Page { state: Some(State::Erased), ..Page::default() }, None).expect("a page");
    assert_eq!((listed.len(), listed[0].title.as_str()), (1, ""));
    assert!(matches!(desk.erase("r-0"), Err(Error::Missing { .. })));
    assert!(desk.raw().execute("UPDATE reviews SET erased_at = NULL", []).is_err());
}

#[test]
fn what_another_program_kept_from_being_cleared_is_cleared_when_the_file_is_opened_again() {
    let desk = desk();
    let review = full(&desk);
    // Dies between the erasure and the clearing: the chore is on the disk.
    desk.write(|one| erase::forget(one, &review, START)).expect("an erasure");
    assert!(!left(&desk).is_empty());
    Store::open(&desk.path()).expect("the store");
    assert_eq!(left(&desk), Vec::<String>::new());
    let chores: i64 = desk.raw().query_row("SELECT count(*) FROM chores", [], |row| row.get(0)).expect("a number");
    assert_eq!(chores, 0);
}
