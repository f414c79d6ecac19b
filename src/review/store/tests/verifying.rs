//! Damage that is found.

use super::*;

/// What is said once somebody has changed the file past the triggers.
fn check(sql: &str, expected: &[&str]) {
    let desk = desk();
    let review = desk.review().id;
    let first = desk.give(&review, "c1", "ann", not_addressed("statin dose"));
    let feedback = Some(Feedback { what: "Wrong.".into(), ..Feedback::default() });
    let shown =
        NewEvidence { snapshot: json!({}), engine: json!({}), request: json!({}), result: json!({"status": "ok"}) };
    let second =
        desk.give(&review, "c1", "ann", after(&first, NewVerdict { feedback, shown: vec![shown], ..contradicted() }));
    let third = desk.give(&review, "c2", "ann", supported());
    assert_eq!(desk.verify().expect("an account"), Verified { reviews: 1, claims: 3, verdicts: 3, faults: Vec::new() });
    let raw = desk.raw();
    raw.pragma_update(None, "foreign_keys", false).expect("a setting");
    let triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger'";
    let names: Vec<String> = raw
        .prepare(triggers)
        .expect("a query")
        .query_map([], |row| row.get(0))
        .expect("names")
        .collect::<Result<_, _>>()
        .expect("names");
    for name in names {
        raw.execute_batch(&format!("DROP TRIGGER {name}")).expect("no trigger");
    }
    raw.execute_batch(sql).expect("a change");
    let faults = desk.verify().expect("an account").faults;
    let named = |text: &str| {
        text.replace(&review, "R").replace(&first.id, "FIRST").replace(&second.id, "SECOND").replace(&third.id, "THIRD")
    };
    assert_eq!(faults.iter().map(|fault| named(fault)).collect::<Vec<_>>(), expected, "{sql}");
}

#[test]
fn nothing_is_wrong_with_what_was_not_changed() {
    check("SELECT 1", &[]);
}

#[test]
fn a_changed_verdict_is_found() {
    check(
        "UPDATE verdicts SET record = replace(record, '\"verdict\":\"supported\"', '\"verdict\":\"contradicted\"')",
        &["verdict THIRD: it is not what its id was computed from"],
    );
    check(
        "UPDATE verdicts SET record = '{' WHERE 0; UPDATE verdicts SET id = 'x' WHERE seq = 3",
        &["verdict x: it is not what its id was computed from"],
    );
}

#[test]
fn a_missing_verdict_is_found_wherever_it_stood() {
    let gap = "verdicts 1 to 1 of the log are missing";
    let rests = "a row of verdict_texts belongs to nothing";
    let follows = "a row of verdicts belongs to nothing";
    check(
        "DELETE FROM verdicts WHERE seq = 1",
        &[rests, follows, gap, "verdict SECOND: it does not follow the verdict that it names"],
    );
    check("DELETE FROM verdicts WHERE seq = 3", &["verdicts 3 to 3 of the log are missing"]);
}

#[test]
fn changed_texts_are_found() {
    check(
        "UPDATE verdict_texts SET feedback = replace(feedback, 'Wrong', 'Right')",
        &["verdict SECOND: its feedback is not the one that was given"],
    );
    check("UPDATE verdict_texts SET feedback = NULL", &["verdict SECOND: its feedback is not the one that was given"]);
    check(
        "UPDATE verdict_texts SET searches = '[\"other\"]' WHERE searches IS NOT NULL",
        &["verdict FIRST: its searches are not those that it was given on"],
    );
    check("UPDATE verdict_texts SET searches = NULL", &["verdict FIRST: its searches are missing"]);
    check(
        "UPDATE claims SET text = 'Other words' WHERE id = 'c3'",
        &["review R, claim c3: its words are not those of its span"],
    );
    check(
        "UPDATE claims SET \"end\" = 70 WHERE id = 'c3'",
        &["review R, claim c3: its words are not those of its span"],
    );
    let words = ["c1", "c2", "c3"].map(|claim| format!("review R, claim {claim}: its words are not those of its span"));
    let response = "review R: the response is not the one that was kept";
    check("UPDATE reviews SET text = 'short'", &[response, &words[0], &words[1], &words[2]]);
    check("UPDATE evidence SET result = '{}'", &["review R: evidence 1 is not what was answered"]);
}
