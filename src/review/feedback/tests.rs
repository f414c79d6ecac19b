use serde_json::{Value, json};

use super::*;
use crate::review::record::Severity;

/// A passage in force, as an answer has it.
fn passage() -> Value {
    json!({
        "id": "body-x@2021#rec-1",
        "quote": "Screen adults aged 45 to 75 years.",
        "quote_sha256": "00",
        "document": {"id": "body-x", "version": "2021", "title": "X", "publisher": "Body", "year": 2021, "status": "current",
            "superseded_by": null, "tier": "primary", "url": "https://body.example/x"},
        "locator": {"section": ["A"], "page": {"index": 2, "label": "3"}, "selectors": []},
        "grade": {"system": "BODY", "code": "B", "verbatim": "B"},
        "links": {"reader": "/r/body-x@2021#rec-1", "source": "https://body.example/x#:~:text=Screen"}
    })
}

fn old() -> Value {
    let mut old = passage();
    old["document"]["version"] = json!("2016");
    old["document"]["year"] = json!(2016);
    old["document"]["status"] = json!("superseded");
    old["document"]["superseded_by"] = json!("body-x@2021");
    old["quote"] = json!("Screen adults aged 50 to 75 years.");
    old
}

fn age() -> Value {
    json!({"kind": "quantity_mismatch", "field": "age", "claim": "50", "evidence": "45 to 75 years", "message": "age differs"})
}

/// What a draft says, given what is known beside the claim "Screen from age 50."
fn check(verdict: &str, errors: &[(&str, &str)], rest: Value, what: &str, why: &str, fix: &str) {
    let errors: Vec<Value> =
        errors.iter().map(|(code, severity)| json!({"code": code, "severity": severity})).collect();
    let mut body = json!({"verdict": verdict, "errors": errors, "claim": "Screen from age 50."});
    for (key, value) in rest.as_object().expect("an object") {
        body[key] = value.clone();
    }
    let basis: Basis = serde_json::from_value(body).expect("a basis");
    let drafted = draft(&basis, &Taxonomy::embedded());
    let told = [drafted.what.as_str(), drafted.why.as_str(), drafted.fix.as_str()];
    assert_eq!(told, [what, why, fix]);
}

const NEW: &str =
    "Body (2021), p. 3, BODY grade B: “Screen adults aged 45 to 75 years.” https://body.example/x#:~:text=Screen";
const OLD: &str =
    "Body (2016), p. 3, BODY grade B: “Screen adults aged 50 to 75 years.” https://body.example/x#:~:text=Screen";

#[test]
fn nothing_is_said_where_nothing_is_known() {
    check("supported", &[], json!({}), "", "", "");
    check("contradicted", &[], json!({}), "“Screen from age 50” is contradicted.", "", "");
    check("partly", &[], json!({}), "“Screen from age 50” is only in part right.", "", "");
    check("contradicted", &[], json!({"claim": " \n"}), "The claim is contradicted.", "", "");
    check(
        "contradicted",
        &[],
        json!({"passage": {}}),
        "“Screen from age 50” is contradicted.",
        "",
        "Say what the passage says.",
    );
}

#[test]
fn a_supported_claim_has_its_reason_alone() {
    check("supported", &[], json!({"passage": passage()}), "", NEW, "");
    // What differs by the machine's reading is not told against the reviewer's verdict.
    check("supported", &[], json!({"passage": passage(), "flags": [age()]}), "", NEW, "");
    check(
        "supported",
        &[("OMISSION_MINOR", "minor")],
        json!({}),
        "Error: minor omission (minor).",
        "",
        "Add what was left out.",
    );
}

#[test]
fn a_contradicted_claim_is_set_against_the_passage() {
    let opening = "“Screen from age 50” is contradicted by Body (2021).";
    check("contradicted", &[], json!({"passage": passage()}), opening, NEW, "Say what the passage says.");
    let what = format!(
        "{opening} The claim says “50”, the passage “45 to 75 years” (age). Errors: wrong threshold (major); said too widely (minor)."
    );
    let marks = [("OVERGENERALISED", "minor"), ("WRONG_THRESHOLD", "major")];
    let fix = "Instead of “50” say “45 to 75 years”. Say under which conditions it holds.";
    check("contradicted", &marks, json!({"passage": passage(), "flags": [age()]}), &what, NEW, fix);
}

#[test]
fn a_detail_is_a_remedy_only_where_the_reviewer_marked_the_error() {
    let what = "“Screen from age 50” is only in part what Body (2021) says. The claim says “50”, the passage “45 to 75 years” (age).";
    check("partly", &[], json!({"passage": passage(), "flags": [age()]}), what, NEW, "Say what the passage says.");
    let what = format!("{what} Error: wrong country (minor).");
    let marks = [("WRONG_JURISDICTION", "minor")];
    check("partly", &marks, json!({"passage": passage(), "flags": [age()]}), &what, NEW, "Say whose guidance it is.");
}

#[test]
fn a_bound_from_the_other_side_is_no_remedy() {
    let of = |kind: &str, claim: &str, evidence: &str| {
        let flag: Flag = serde_json::from_value(
            json!({"kind": kind, "field": "diagnostic_threshold", "claim": claim, "evidence": evidence}),
        )
        .expect("a flag");
        let mark = |code: &str| serde_json::from_value(json!({"code": code, "severity": "major"})).expect("a mark");
        flag.remedy(&[mark("WRONG_UNIT"), mark("WRONG_THRESHOLD")])
    };
    assert_eq!(of("unit_mismatch", "15,000 cells/mL or higher", "15,000 cells/µL or lower"), None);
    assert_eq!(of("quantity_mismatch", "above 140", "no more than 130"), None);
    let unit = of("unit_mismatch", "1 g", "1 mg").expect("a remedy");
    assert_eq!(unit, "Put right the unit of “1 g”: the passage has “1 mg”.");
    assert!(of("quantity_mismatch", "above 140", "130 or higher").is_some_and(|fix| fix.starts_with("Instead of")));
}

#[test]
fn every_kind_of_difference_is_a_sentence() {
    let flag = |kind: &str, field: &str, claim: &str, evidence: &str, expected: &str| {
        let flags = json!([{"kind": kind, "field": field, "claim": claim, "evidence": evidence}]);
        let what =
            format!("“Screen from age 50” is contradicted.{}{expected}", if expected.is_empty() { "" } else { " " });
        check("contradicted", &[], json!({"flags": flags}), &what, "", "");
    };
    flag("unit_mismatch", "dose", "5 mg", "5 mmol", "The claim says “5 mg”, the passage “5 mmol” (dose).");
    flag(
        "population_mismatch",
        "risk_band",
        "all",
        "high risk",
        "The claim says “all”, the passage “high risk” (risk band).",
    );
    flag("direction_mismatch", "direction", "for", "against", "The claim points one way, the passage the other.");
    flag("direction_mismatch", "order", "aspirin first", "later", "The claim puts “aspirin first”, the passage later.");
    flag("jurisdiction", "jurisdiction", "UK", "US", "The claim names “UK”, the passage is US.");
    flag("grade_mismatch", "grade", "grade A", "grade B", "The claim says “grade A”, the passage is grade B.");
    flag("injection_suspected", "", "a", "b", "");
    flag("quantity_mismatch", "age", "", "45", "");
    flag("quantity_mismatch", "age", &"5".repeat(200), "45", "");
}

#[test]
fn not_addressed_never_means_false() {
    let why = "What was searched is listed with the verdict. This does not say that the claim is false.";
    let what = "Nothing that was searched addresses “Screen from age 50”.";
    let fix = "Name a source that says so, or leave it out.";
    check("not_addressed", &[], json!({}), what, why, fix);
    // A passage that was pinned beside it is no reason for it.
    check("not_addressed", &[], json!({"passage": passage(), "flags": [age()]}), what, why, fix);
}

#[test]
fn an_outdated_claim_names_what_replaced_its_edition() {
    let replacement = json!({"document": passage()["document"]});
    let what = "“Screen from age 50” follows Body (2016), which has been replaced by Body (2021).";
    let why = format!("{OLD} This edition has been replaced by Body (2021).");
    let fix = "Follow the edition in force: Body (2021), https://body.example/x";
    check("outdated", &[], json!({"passage": old(), "replacement": replacement}), what, &why, fix);
    check(
        "outdated",
        &[],
        json!({"passage": old(), "replacement": passage()}),
        what,
        &format!("{why} {NEW}"),
        &format!("{fix}#:~:text=Screen"),
    );
    let marks = [("OUTDATED", "major")];
    let marked = format!("{what} Error: outdated (major).");
    check("outdated", &marks, json!({"passage": old(), "replacement": replacement}), &marked, &why, fix);
}

#[test]
fn an_edition_that_is_not_named_is_not_guessed() {
    let mut unnamed = old();
    unnamed["document"]["superseded_by"] = Value::Null;
    let what = "“Screen from age 50” follows Body (2016), which has been replaced.";
    check(
        "outdated",
        &[],
        json!({"passage": unnamed}),
        what,
        &format!("{OLD} This edition has been replaced."),
        "Follow guidance that is in force.",
    );
    let what = "“Screen from age 50” follows Body (2016), which has been replaced by body-x@2021.";
    check(
        "outdated",
        &[],
        json!({"passage": old()}),
        what,
        &format!("{OLD} This edition has been replaced by body-x@2021."),
        "Follow guidance that is in force.",
    );
    check("outdated", &[], json!({}), "“Screen from age 50” is out of date.", "", "Follow the edition in force.");
    check(
        "outdated",
        &[],
        json!({"passage": passage()}),
        "“Screen from age 50” is out of date.",
        NEW,
        "Say what the passage says.",
    );
    let mut retired = old();
    retired["document"]["status"] = json!("retired");
    let what = "“Screen from age 50” follows Body (2016), which has been withdrawn.";
    check(
        "outdated",
        &[],
        json!({"passage": retired}),
        what,
        &format!("{OLD} This edition has been withdrawn."),
        "Follow guidance that is in force.",
    );
}

#[test]
fn a_summary_is_called_one() {
    let mut digest = passage();
    digest["document"]["tier"] = json!("digest");
    digest["locator"] = json!({"page": null, "place": "Table 2"});
    digest["grade"] = Value::Null;
    digest["links"]["source"] = Value::Null;
    let why =
        "Body (2021), Table 2, in Groundline's summary: “Screen adults aged 45 to 75 years.” https://body.example/x";
    check("supported", &[], json!({"passage": digest}), "", why, "");
}

#[test]
fn sources_are_named_by_what_is_known() {
    let named = |document: Value, expected: &str| {
        check("supported", &[], json!({"passage": {"quote": "Q.", "document": document}}), "", expected, "");
    };
    named(json!({"title": "Title", "id": "x", "version": "3"}), "Title (3): “Q.”");
    named(json!({"id": "x"}), "x: “Q.”");
    named(json!({}), "“Q.”");
    named(json!({"publisher": " ", "title": "Title", "year": 2020}), "Title (2020): “Q.”");
    named(json!({"publisher": "Body", "url": "javascript:alert(1)"}), "Body: “Q.”");
    named(json!({"publisher": "Bo\u{202e}dy\nhouse"}), "Body house: “Q.”");
}

#[test]
fn long_texts_are_shortened_and_a_quotation_is_whole_or_absent() {
    let basis = |claim: String, quote: String| Basis {
        verdict: Verdict::Contradicted,
        errors: Vec::new(),
        claim: claim.into(),
        passage: Some(Passage { quote, ..Passage::default() }),
        replacement: None,
        flags: vec![
            Flag {
                kind: "quantity_mismatch".to_owned(),
                claim: Some("1".to_owned()),
                evidence: Some("2".to_owned()),
                ..Flag::default()
            };
            50
        ],
    };
    let drafted = draft(&basis("word ".repeat(500), "q".repeat(4001)), &Taxonomy::embedded());
    assert!(
        drafted.what.as_str().starts_with("“word word") && drafted.what.as_str().contains("word…” is contradicted.")
    );
    assert!(drafted.what.as_str().chars().count() < 600);
    assert_eq!(drafted.why.as_str(), "");
    let whole = draft(&basis("c".to_owned(), "q".repeat(4000)), &Taxonomy::embedded());
    assert_eq!(whole.why.as_str().chars().count(), 4002);
}

#[test]
fn codes_of_a_team_are_told_by_their_labels_and_unknown_ones_not_at_all() {
    let mut taxonomy = (*Taxonomy::embedded()).clone();
    taxonomy.errors[0].code = "HOUSE_RULE".to_owned();
    taxonomy.errors[0].label = "ICU rule".to_owned();
    let mark = |code: &str| ErrorMark { code: code.to_owned(), severity: Severity::Major };
    let basis = Basis {
        verdict: Verdict::Partly,
        errors: vec![mark("HOUSE_RULE"), mark("NOWHERE")],
        claim: Private::default(),
        passage: None,
        replacement: None,
        flags: Vec::new(),
    };
    let drafted = draft(&basis, &taxonomy);
    assert_eq!(drafted.what.as_str(), "The claim is only in part right. Error: ICU rule (major).");
    assert_eq!(drafted.fix.as_str(), "");
}

#[test]
fn every_code_of_ours_has_something_to_do() {
    for error in &Taxonomy::embedded().errors {
        let basis = Basis {
            verdict: Verdict::Partly,
            errors: vec![ErrorMark { code: error.code.clone(), severity: Severity::Minor }],
            claim: Private::default(),
            passage: serde_json::from_value(passage()).expect("a passage"),
            replacement: None,
            flags: Vec::new(),
        };
        let drafted = draft(&basis, &Taxonomy::embedded());
        assert!(drafted.what.as_str().contains(&lower(&error.label)), "{}", error.code);
        assert_ne!(drafted.fix.as_str(), "", "{} has no remedy", error.code);
    }
}
