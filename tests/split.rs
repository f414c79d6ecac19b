//! A whole response: split and checked, over HTTP and on the command line, and measured against gold.

use std::path::Path;

use groundline::claim::{self, split::MOST_STATEMENTS};
use groundline::eval;
use groundline::span::{Span, Text};
use serde_json::{Value, json};

use crate::support::{Running, fixture_corpus, folder, run_in, snapshot_of, stderr, stdout};

const RESPONSE: &str = "# Marsh fever\n\nHello! Quinsulfate is given twice daily for 14 days.\n\nAdults should also get:\n\n- **rest** for 3 days [1]\n- no alcohol\n\nPlease consult your doctor.\n";

/// Every statement's words are the text at its offsets.
fn spans_fit(text: &str, claims: &Value) {
    let text = Text::from(text.to_owned());
    let claims = claims.as_array().expect("claims");
    assert!(!claims.is_empty());
    for (at, one) in claims.iter().enumerate() {
        let offset =
            |name: &str| one[name].as_u64().and_then(|offset| usize::try_from(offset).ok()).expect("an offset");
        assert_eq!(text.slice(Span::new(offset("start"), offset("end"))), one["text"].as_str(), "{one}");
        assert_eq!(one["id"], format!("c{}", at + 1));
        assert_eq!(one["unit"], "codepoint");
    }
}

#[test]
fn a_response_is_split_over_http() {
    let running = Running::start();
    let answer = running.post("/v1/claims/split", json!({ "text": RESPONSE }).to_string());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body.as_object().expect("an object").keys().collect::<Vec<_>>(), ["claims"]);
    spans_fit(RESPONSE, &body["claims"]);
    let worth: Vec<(bool, &str)> = body["claims"]
        .as_array()
        .expect("claims")
        .iter()
        .map(|one| (one["checkworthy"] == true, one["kind"].as_str().expect("a kind")))
        .collect();
    assert_eq!(
        worth,
        [
            (false, "label"),
            (false, "courtesy"),
            (true, "claim"),
            (false, "introduction"),
            (true, "claim"),
            (true, "claim"),
            (false, "referral"),
        ]
    );
    assert_eq!(body["claims"][4]["claim"], "Adults should also get: rest for 3 days");
    assert_eq!(body["claims"][4]["text"], "rest** for 3 days [1]");
}

#[test]
fn a_response_is_checked_over_http() {
    let running = Running::start();
    let answer = running.post("/v1/check", json!({ "text": RESPONSE, "k": 2 }).to_string());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["schema"], "evidence/1");
    assert!(body["snapshot"]["id"].is_string() && body["engine"]["ranker"].is_string());
    spans_fit(RESPONSE, &body["claims"]);
    let results = body["results"].as_array().expect("results");
    let ids: Vec<&str> = results.iter().map(|result| result["id"].as_str().expect("an id")).collect();
    assert_eq!(ids, ["c3", "c5", "c6"], "what is worth checking, in the order of the text");
    assert_eq!(results[1]["claim"], body["claims"][4]["claim"], "the stand-alone form is searched");
    assert_eq!(results[0]["passages"][0]["document"]["id"], "marsh-fever");
    assert!(results.iter().all(|result| result["passages"].as_array().is_some_and(|passages| passages.len() <= 2)));

    let all = running.post("/v1/check", json!({ "text": RESPONSE, "k": 1, "all": true }).to_string()).json();
    assert_eq!(all["results"].as_array().map(Vec::len), all["claims"].as_array().map(Vec::len));
    let none = running.post("/v1/check", json!({ "text": "Hello!" }).to_string()).json();
    assert_eq!(
        (none["claims"][0]["checkworthy"].as_bool(), none["results"].as_array().map(Vec::len)),
        (Some(false), Some(0))
    );
    let empty = running.post("/v1/check", json!({ "text": "" }).to_string()).json();
    assert_eq!((&empty["claims"], &empty["results"]), (&json!([]), &json!([])));
}

#[test]
fn a_statement_that_is_no_claim_by_its_length_never_fails_the_others() {
    let running = Running::start();
    let text = format!("Quinsulfate {}is given. Rest for 3 days.", "and more ".repeat(600));
    let body = running.post("/v1/check", json!({ "text": text, "k": 1 }).to_string()).json();
    let results = body["results"].as_array().expect("results");
    assert_eq!((results.len(), &results[0]["status"], &results[0]["coverage"]), (2, &json!("error"), &Value::Null));
    assert_eq!((&results[0]["id"], results[0]["error"]["status"].as_u64()), (&json!("c1"), Some(422)));
    assert_ne!(results[1]["status"], "error");
}

#[test]
fn limits_of_whole_responses_are_answered() {
    let running = Running::start();
    let many = "Take 5 mg. ".repeat(MOST_STATEMENTS + 1);
    let long = "ä".repeat(200_001);
    for path in ["/v1/claims/split", "/v1/check"] {
        for text in [&many, &long] {
            let answer = running.post(path, json!({ "text": text }).to_string());
            assert_eq!((answer.status, answer.pointer().as_str()), (422, "/text"), "{path}");
        }
        for body in [json!({}), json!({"text": 7}), json!({"text": "x", "colour": "red"}), json!(["x"])] {
            assert_eq!(running.post(path, body.to_string()).status, 422, "{path} {body}");
        }
        assert_eq!(running.post(path, json!({ "text": "x".repeat(5 << 20) }).to_string()).status, 413, "{path}");
        let lines = [("content-type", "application/x-ndjson")];
        assert_eq!(running.request("POST", path, &lines, "{\"text\":\"x\"}").status, 415, "{path}");
        assert_eq!(running.post(&format!("{path}?view=native"), json!({"text": "x"}).to_string()).status, 422);
    }
    let fits = "Take 5 mg. ".repeat(200);
    let answer = running.post("/v1/check", json!({ "text": fits, "k": 100 }).to_string());
    assert_eq!((answer.status, answer.pointer().as_str()), (422, "/k"));
    let answer = running.post("/v1/check", json!({ "text": "x", "k": 0 }).to_string());
    assert_eq!((answer.status, answer.pointer().as_str()), (422, "/k"));
    let answer = running.post("/v1/check", json!({ "text": "x", "packs": ["none"] }).to_string());
    assert_eq!((answer.status, answer.pointer().as_str()), (422, "/packs/0"));
    let answer = running.post("/v1/check", json!({ "text": "x", "context": "y".repeat(4_001) }).to_string());
    assert_eq!((answer.status, answer.pointer().as_str()), (422, "/context"));
}

#[test]
fn the_description_states_the_limits() {
    let running = Running::start();
    let api = running.get("/openapi.json").json();
    for path in ["/v1/claims/split", "/v1/check"] {
        let post = &api["paths"][path]["post"];
        let told = post["description"].as_str().expect("a description");
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("200,000 characters") && told.contains("500") && told.contains("4 MiB"), "{told}");
        assert!(post["responses"]["413"].is_object() && post["responses"]["422"].is_object(), "{path}");
    }
    assert_eq!(
        api["components"]["schemas"]["SplitRequest"]["properties"]["text"]["maxLength"],
        claim::split::LONGEST_RESPONSE
    );
}

#[test]
fn the_command_line_splits_as_the_service_does() {
    let folder = folder();
    std::fs::write(folder.path().join("r.md"), RESPONSE).expect("a file");
    let printed = run_in(folder.path(), &["split", "r.md", "--json"]);
    let printed: Value = serde_json::from_str(&stdout(&printed)).expect("JSON");
    let served = Running::start().post("/v1/claims/split", json!({ "text": RESPONSE }).to_string()).json();
    assert_eq!(printed, served);
    let page = stdout(&run_in(folder.path(), &["split", "r.md"]));
    assert!(
        page.contains("c2 · ") && page.contains("courtesy") && page.contains("7 statements, 3 worth checking"),
        "{page}"
    );
    let piped = crate::support::piped(folder.path(), &["split", "-", "--json"], RESPONSE.as_bytes());
    assert_eq!(serde_json::from_str::<Value>(&stdout(&piped)).expect("JSON"), served);

    std::fs::write(folder.path().join("bad.md"), b"\xff\xfe").expect("a file");
    std::fs::write(folder.path().join("many.md"), "Take 5 mg. ".repeat(MOST_STATEMENTS + 1)).expect("a file");
    for (file, why) in [("none.md", "cannot be read"), ("bad.md", "not text in UTF-8"), ("many.md", "500 statements")] {
        let output = run_in(folder.path(), &["split", file]);
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert!(stderr(&output).contains(why) && !stderr(&output).contains("5 mg"), "{}", stderr(&output));
    }
}

#[test]
fn the_command_line_checks_a_response() {
    let folder = folder();
    snapshot_of(&fixture_corpus(), &folder.path().join("index"), 1);
    std::fs::write(folder.path().join("r.md"), RESPONSE).expect("a file");
    let output = run_in(folder.path(), &["check", "--file", "r.md", "-k", "2", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let body: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    spans_fit(RESPONSE, &body["claims"]);
    let ids: Vec<&Value> = body["results"].as_array().expect("results").iter().map(|result| &result["id"]).collect();
    assert_eq!(ids, ["c3", "c5", "c6"]);
    let piped =
        crate::support::piped(folder.path(), &["check", "--file", "-", "-k", "1", "--all"], RESPONSE.as_bytes());
    let page = stdout(&piped);
    assert!(page.contains("7 claims, 0 other statements not searched"), "{page}");
    assert!(page.contains("c5 (") && page.contains("Adults should also get: rest for 3 days"), "{page}");
    let both = run_in(folder.path(), &["check", "a claim", "--file", "r.md"]);
    assert_eq!(both.status.code(), Some(2));
}

/// The gold is measured by half, and what is reported of it are figures: its texts are nowhere in here.
#[test]
fn claims_of_the_gold_responses_are_found() {
    let gold = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/claims/responses");
    let responses = eval::split::read(&gold).expect("gold that fits its texts");
    let reports = eval::split::measure(&responses).expect("measured");
    assert!(responses.len() >= 20, "{}", responses.len());
    for (half, report) in &reports {
        let (found, taken) = (report.found.value().expect("claims"), report.taken.value().expect("others"));
        eprintln!(
            "{half}: claims found {found:.3} of {}, others taken {taken:.3} of {}",
            report.found.of(),
            report.taken.of()
        );
        assert_eq!(report.displaced, 0);
        assert!(found >= 0.95 && taken <= 0.10, "{half}: {found:.3} {taken:.3}");
    }
}
