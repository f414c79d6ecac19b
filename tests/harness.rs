//! What evaluation harnesses rely on: the same answer twice, requests that may be sent again, changes, verdict-free
//! judgements, and files of any size.

use std::path::Path;
use std::time::{Duration, Instant};

use groundline::http::{self, Settings};
use serde_json::{Value, json};

use crate::support::{Answer, Running, copy, fixture_corpus, folder, piped, run_in, snapshot_of, stderr, stdout};

fn keyed(running: &Running, path: &str, key: &str, body: &str) -> Answer {
    running.request("POST", path, &[("content-type", "application/json"), ("idempotency-key", key)], body)
}

/// An answer without the times that searches took.
fn timeless(mut value: Value) -> Value {
    let one = |result: &mut Value| {
        result.as_object_mut().expect("an object").remove("took_ms");
    };
    match value["results"].as_array_mut() {
        Some(results) => results.iter_mut().for_each(one),
        None => one(&mut value),
    }
    value
}

#[test]
fn a_request_that_is_sent_again_gets_the_same_bytes() {
    let running = Running::start();
    let body = r#"{"claim":"Quinsulfate in marsh fever.","k":2}"#;
    for (path, body) in
        [("/v1/evidence", body), ("/v1/check", r#"{"text":"Quinsulfate is given for 14 days in marsh fever."}"#)]
    {
        let first = keyed(&running, path, "\"k-1\"", body);
        assert_eq!((first.status, first.header("idempotency-replayed")), (200, ""), "{}", first.text());
        let again = keyed(&running, path, "k-1", body);
        assert_eq!((again.status, again.header("idempotency-replayed")), (200, "true"));
        assert_eq!((again.header("content-type"), &again.body), (first.header("content-type"), &first.body));
        let other = keyed(&running, path, "k-1", &body.replace("marsh", "marshy"));
        assert_eq!((other.status, other.json()["type"].clone()), (422, json!("urn:groundline:problem:key-reused")));
        assert_eq!(keyed(&running, path, "k-2", body).header("idempotency-replayed"), "");
    }
    // What failed is not kept: the same key may carry the request that was meant.
    assert_eq!(keyed(&running, "/v1/evidence", "k-3", r#"{"claim":""}"#).status, 422);
    assert_eq!(keyed(&running, "/v1/evidence", "k-3", body).status, 200);
    assert_eq!(keyed(&running, "/v1/evidence", "", body).status, 400);
    let headers = [("content-type", "application/x-ndjson"), ("idempotency-key", "k-4")];
    assert_eq!(running.request("POST", "/v1/evidence", &headers, "{\"claim\":\"x\"}\n").status, 400);
}

#[test]
fn the_same_key_twice_at_once_is_searched_once() {
    let running = Running::with(Settings { cores: 1, ..Settings::default() }, 100);
    let items: Vec<Value> = (0..50).map(|at| json!({"claim": format!("marsh fever smear {at}")})).collect();
    let body = json!({ "items": items, "k": 20 }).to_string();
    std::thread::scope(|threads| {
        let asked: Vec<_> = (0..4).map(|_| threads.spawn(|| keyed(&running, "/v1/evidence", "same", &body))).collect();
        let answers: Vec<Answer> = asked.into_iter().map(|one| one.join().expect("an answer")).collect();
        let fresh = answers.iter().filter(|one| one.status == 200 && one.header("idempotency-replayed").is_empty());
        assert_eq!(fresh.count(), 1, "{:?}", answers.iter().map(|one| one.status).collect::<Vec<_>>());
        for answer in answers.iter().filter(|one| one.status != 200) {
            assert_eq!((answer.status, answer.header("retry-after")), (409, "1"));
        }
    });
}

#[test]
fn five_hundred_requests_twice_on_one_thread_and_on_many() {
    let words =
        ["quinsulfate", "marsh fever", "reed cough", "14 days", "pregnancy", "not recommended", "smear", "children"];
    let claims: Vec<String> = (0..500)
        .map(|at| {
            let (a, b, c) = (words[at % 8], words[(at / 8) % 8], words[(at / 64) % 8]);
            json!({"id": at.to_string(), "claim": format!("{a} {b} {c}"), "k": 1 + at % 7, "include": ["trace", "counter"]}).to_string()
        })
        .collect();
    let running = Running::with(Settings { cores: 4, ..Settings::default() }, 100);
    let ask = |claim: &String| {
        let answer = running.post("/v1/evidence", claim);
        assert_eq!(answer.status, 200, "{}", answer.text());
        timeless(answer.json()).to_string()
    };
    let alone: Vec<String> = claims.iter().map(ask).collect();
    let together: Vec<String> = std::thread::scope(|threads| {
        let parts: Vec<_> =
            claims.chunks(63).map(|part| threads.spawn(move || part.iter().map(ask).collect::<Vec<_>>())).collect();
        parts.into_iter().flat_map(|part| part.join().expect("answers")).collect()
    });
    assert!(alone == together, "the same requests differ");
    let stream = |part: &[String]| {
        let headers = [("content-type", "application/x-ndjson")];
        running.request("POST", "/v1/evidence", &headers, part.join("\n")).lines()
    };
    let lines: Vec<Value> = claims.chunks(50).flat_map(stream).collect();
    assert_eq!(lines.len(), 500);
    for (line, one) in lines.into_iter().zip(&alone) {
        let one: Value = serde_json::from_str(one).expect("JSON");
        let line = timeless(line);
        for (field, value) in one["results"][0].as_object().expect("an object") {
            assert_eq!(&line[field], value, "{field}");
        }
    }
}

#[test]
fn a_poisoned_line_of_a_stream_harms_no_neighbour() {
    let running = Running::start();
    let good = r#"{"claim":"Quinsulfate in marsh fever.","k":1}"#;
    let mut body = Vec::new();
    let large = format!(r#"{{"claim":"{}"}}"#, "x".repeat(1 << 20));
    let poisons: [&[u8]; 6] = [
        b"{\"claim\":\"\xff\xfe\"}",
        large.as_bytes(),
        b"null",
        b"{\"claim\":null}",
        b"{\"claim\":\"\\ud800\"}",
        b"\x00",
    ];
    for poison in poisons {
        for line in [good.as_bytes(), poison] {
            body.extend(line);
            body.push(b'\n');
        }
    }
    let headers = [("content-type", "application/x-ndjson")];
    let lines = running.request("POST", "/v1/evidence", &headers, body).lines();
    assert_eq!(lines.len(), 12);
    let expected = timeless(lines[0].clone());
    for (at, line) in lines.into_iter().enumerate() {
        if at % 2 == 0 {
            assert_eq!(timeless(line), expected, "{at}");
        } else {
            assert_eq!((&line["status"], &line["coverage"]), (&json!("error"), &Value::Null), "{at}");
        }
    }
}

#[test]
fn half_a_surrogate_pair_is_its_own_items_error() {
    let running = Running::start();
    let good = r#"{"id":"a","claim":"Quinsulfate in marsh fever."}"#;
    let bad = r#"{"id":"b","claim":"secret \ud800"}"#;
    let post = |form: &str, body: String| {
        running.request("POST", "/v1/evidence", &[("content-type", form)], body.into_bytes())
    };
    let alone = post("application/json", format!(r#"{{"items":[{good}],"k":1}}"#)).json();
    let answer = post("application/json", format!(r#"{{"items":[{good},{bad},{good}],"k":1}}"#));
    assert_eq!(answer.status, 200);
    let results = timeless(answer.json())["results"].clone();
    let expected = &timeless(alone)["results"][0];
    assert_eq!((&results[0], &results[2]), (expected, expected));
    let lines = post("application/x-ndjson", format!("{good}\n{bad}\n{good}\n")).lines();
    for failed in [&results[1], &lines[1]] {
        assert_eq!((&failed["status"], &failed["id"], &failed["claim"]), (&json!("error"), &json!("b"), &Value::Null));
        assert_eq!(failed["error"]["status"], 422);
        let detail = failed["error"]["detail"].to_string();
        assert!(detail.contains("surrogate") && !detail.contains("secret"), "{detail}");
    }
    assert_eq!((&lines[0]["status"], &lines[2]["status"]), (&json!("ok"), &json!("ok")));
}

#[test]
fn what_changed_is_told_from_snapshot_to_snapshot() {
    let place = folder();
    let (corpus, index) = (place.path().join("corpus"), place.path().join("index"));
    copy(&fixture_corpus(), &corpus);
    std::fs::remove_file(corpus.join("marsh-fever-2024.md")).expect("removed");
    std::fs::remove_file(corpus.join("marsh-fever-2024.toml")).expect("removed");
    let (_, first) = snapshot_of(&corpus, &index, 1);
    let first = first.manifest().id.to_string();
    let settings = Settings { follow: Duration::from_millis(50), ..Settings::default() };
    let running = Running::over(&index, settings, 10);
    let whole = running.get("/v1/changes");
    let kinds = |answer: &Value| -> Vec<(String, String)> {
        let changes = answer["changes"].as_array().expect("changes").iter();
        changes
            .map(|one| {
                (one["kind"].as_str().unwrap_or("").to_owned(), one["version"].as_str().unwrap_or("").to_owned())
            })
            .collect()
    };
    assert!(kinds(&whole.json()).iter().all(|(kind, _)| kind == "added"), "{}", whole.text());
    assert!(running.get(&format!("/v1/changes?since={first}")).json()["changes"].as_array().is_some_and(Vec::is_empty));
    copy(&fixture_corpus(), &corpus);
    std::fs::remove_file(corpus.join("fen-rash-2010.html")).expect("removed");
    std::fs::remove_file(corpus.join("fen-rash-2010.toml")).expect("removed");
    let file = corpus.join("reed-cough-digest-2023.md");
    let text = std::fs::read_to_string(&file).expect("readable").replace("cough", "coughing");
    std::fs::write(&file, text).expect("written");
    let (_, second) = snapshot_of(&corpus, &index, 1);
    let second = second.manifest().id.to_string();
    let started = Instant::now();
    while running.get("/readyz").json()["snapshot"] != second {
        assert!(started.elapsed() < Duration::from_secs(20), "the new snapshot is not taken up");
        std::thread::sleep(Duration::from_millis(50));
    }
    let since = running.get(&format!("/v1/changes?since={first}"));
    let told = kinds(&since.json());
    for (kind, version) in [("added", "marsh-fever@2024"), ("removed", "fen-rash@2010"), ("changed", "reed-cough@2023")]
    {
        assert!(told.contains(&(kind.to_owned(), version.to_owned())), "{kind} {version} is not in {told:?}");
    }
    assert_eq!(since.json()["complete"], true);
    let tag = since.header("etag").to_owned();
    assert!(tag.starts_with('"'), "{tag}");
    let path = format!("/v1/changes?since={first}");
    assert_eq!(running.request("GET", &path, &[("if-none-match", &tag)], "").status, 304);
    assert_ne!(running.get("/v1/changes").header("etag"), whole.header("etag"));
    for (since, status) in
        [("0000000000000000", 404), ("yesterday", 422), ("2020-01-01", 200), ("2020-01-01T00:00:00Z", 200)]
    {
        assert_eq!(running.get(&format!("/v1/changes?since={since}")).status, status, "{since}");
    }
    let all = kinds(&running.get("/v1/changes?since=2020-01-01").json());
    assert!(all.len() > told.len(), "the first build counts too: {all:?}");
}

#[test]
fn promptfoo_is_told_what_guidelines_say_and_no_more() {
    let running = Running::start();
    let judge = |query: &str, output: &str| {
        let body = json!({"output": output, "context": {"prompt": "How is marsh fever treated?", "vars": {"a": 1}}});
        let answer = running.post(&format!("/v1/integrations/promptfoo{query}"), body.to_string());
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    };
    let good = judge("", "Quinsulfate 100 mg once daily for 7 days is recommended in adults with marsh fever.");
    assert_eq!((good["pass"].clone(), good["score"].clone()), (json!(true), json!(1.0)), "{good}");
    assert!(good["reason"].as_str().is_some_and(|reason| reason.contains("does not say that the output is right")));
    for silent in ["Zebra stripes are 14 cm wide in winter.", "Hello!", ""] {
        for query in ["", "?policy=addressed"] {
            let judged = judge(query, silent);
            assert_eq!(
                (judged["pass"].clone(), judged["score"].clone()),
                (json!(false), json!(0.0)),
                "{silent}: {judged}"
            );
        }
    }
    for (query, body, status) in [
        ("?policy=right", r#"{"output":"x"}"#, 422),
        ("?k=0", r#"{"output":"x"}"#, 422),
        ("?k=x", r#"{"output":"x"}"#, 422),
        ("?colour=red", r#"{"output":"x"}"#, 422),
        ("", r#"{"output":{"a":1}}"#, 422),
        ("", r#"{"context":{}}"#, 422),
        ("", "{", 400),
        ("", "[]", 422),
    ] {
        let answer = running.post(&format!("/v1/integrations/promptfoo{query}"), body);
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (status, "application/problem+json"),
            "{query} {body}"
        );
    }
    let long = "Quinsulfate 100 mg once daily is recommended in marsh fever. ".repeat(400);
    let started = Instant::now();
    let judged = judge("?k=100", &long);
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    let components = judged["componentResults"].as_array().expect("components").len();
    assert!(components >= 300, "{components}");
}

#[test]
fn the_description_of_the_api_changes_only_on_purpose() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openapi.json");
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let now = http::openapi::document();
    let lines = |text: &str| text.trim_end().lines().map(str::to_owned).collect::<Vec<_>>();
    let (kept, now) = (lines(&kept), lines(now));
    let first = kept.iter().zip(&now).take_while(|(a, b)| a == b).count();
    assert!(
        kept == now,
        "the API description differs from tests/openapi.json from line {} on:\n  kept {:?}\n  now  {:?}\nwhere that is \
         wanted: groundline openapi > tests/openapi.json",
        first + 1,
        kept.get(first),
        now.get(first)
    );
}

#[test]
fn the_page_of_the_api_is_one_file_without_a_script() {
    let running = Running::start();
    let page = running.get("/docs");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("script") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(running.request("GET", "/docs", &[("if-none-match", page.header("etag"))], "").status, 304);
    assert_eq!(running.get("/docs/style.css").status, 200);
    let api = running.get("/openapi.json");
    assert_eq!(running.request("GET", "/openapi.json", &[("if-none-match", api.header("etag"))], "").status, 304);
}

/// A folder with an index of the fixture corpus, and arguments that name both.
fn prepared() -> (tempfile::TempDir, Vec<String>) {
    let place = folder();
    snapshot_of(&fixture_corpus(), &place.path().join("index"), 2);
    (place, ["check", "--index", "index", "-k", "2", "--jsonl"].map(str::to_owned).to_vec())
}

fn check(place: &Path, base: &[String], more: &[&str]) -> std::process::Output {
    run_in(place, &base.iter().map(String::as_str).chain(more.iter().copied()).collect::<Vec<_>>())
}

#[test]
fn a_file_of_claims_is_answered_in_order_on_every_core() {
    let (place, base) = prepared();
    let mut text = String::new();
    for at in 0..700 {
        match at % 7 {
            3 => text.push('\n'),
            4 => text.push_str("not json\n"),
            _ => text.push_str(&format!("{{\"id\":\"{at}\",\"claim\":\"marsh fever {at}\"}}\n")),
        }
    }
    std::fs::write(place.path().join("claims.jsonl"), &text).expect("written");
    let done = check(place.path(), &base, &["claims.jsonl"]);
    assert_eq!(done.status.code(), Some(3), "{}", stderr(&done));
    let lines: Vec<Value> = stdout(&done).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 600);
    let ids: Vec<u32> = lines.iter().filter_map(|line| line["id"].as_str()?.parse().ok()).collect();
    assert_eq!(ids.len(), 500);
    assert!(ids.is_sorted(), "out of order");
    assert_eq!(stderr(&done).lines().filter(|line| line.contains("not JSON")).count(), 100);
    let again = piped(place.path(), &base.iter().map(String::as_str).chain(["-"]).collect::<Vec<_>>(), text.as_bytes());
    let same =
        |text: String| text.lines().map(|line| timeless(serde_json::from_str(line).expect("JSON"))).collect::<Vec<_>>();
    assert!(same(stdout(&again)) == same(stdout(&done)), "a second run differs");
}

#[test]
fn a_run_that_was_cut_off_goes_on() {
    let (place, base) = prepared();
    let line = |at: usize| match at {
        5 => "{\"id\":\"bad\",\"claim\":null}".to_owned(),
        9 => "nothing".to_owned(),
        at => format!("{{\"id\":\"{at}\",\"claim\":\"marsh fever {at}\"}}"),
    };
    let text: String = (0..40).map(|at| line(at) + "\n").collect();
    std::fs::write(place.path().join("claims.jsonl"), &text).expect("written");
    let out = place.path().join("out.jsonl");
    let read = || std::fs::read_to_string(&out).expect("readable");
    let run = || check(place.path(), &base, &["claims.jsonl", "--resume", "out.jsonl"]);
    let whole = run();
    assert_eq!(whole.status.code(), Some(3), "{}", stderr(&whole));
    assert!(stdout(&whole).is_empty());
    let expected = read();
    let values =
        |text: &str| text.lines().map(|line| timeless(serde_json::from_str(line).expect("JSON"))).collect::<Vec<_>>();
    assert_eq!(values(&expected).len(), 40);
    for cut in [0, 1, expected.len() / 3, expected.len() / 2, expected.len() - 1, expected.len()] {
        std::fs::write(&out, &expected.as_bytes()[..cut]).expect("written");
        let again = run();
        assert_eq!(again.status.code(), Some(3), "{cut}: {}", stderr(&again));
        assert!(values(&read()) == values(&expected), "{cut}");
        let untouched = expected[..cut].rfind('\n').map_or(0, |end| end + 1);
        assert_eq!(&read()[..untouched], &expected[..untouched], "what was there stays as it is");
    }
    let other = expected.replacen("\"id\":\"3\"", "\"id\":\"4\"", 1);
    for (wrong, words) in [
        (other, "answers another claim"),
        (format!("{expected}{expected}"), "more answers than"),
        ("something else\n".to_owned(), "is no answer"),
        (expected.replacen("\"snapshot\":{\"id\":\"", "\"snapshot\":{\"id\":\"0", 1), "another snapshot"),
    ] {
        std::fs::write(&out, &wrong).expect("written");
        let refused = run();
        assert_eq!(refused.status.code(), Some(2), "{words}");
        assert!(stderr(&refused).contains(words), "{}", stderr(&refused));
        assert_eq!(read(), wrong, "and nothing is changed");
    }
}

#[test]
fn rows_for_spreadsheets_are_whole() {
    let (place, base) = prepared();
    let text = "{\"id\":\"a,1\",\"claim\":\"marsh \\\"fever\\\"\"}\n{\"claim\":7}\n";
    std::fs::write(place.path().join("claims.jsonl"), text).expect("written");
    let done = check(place.path(), &base, &["claims.jsonl", "--csv"]);
    let out = stdout(&done);
    assert!(out.starts_with("id,claim,status,coverage,"), "{out}");
    assert!(out.contains("\"a,1\",\"marsh \"\"fever\"\"\",ok,"), "{out}");
    assert!(out.contains(",,error,,false,"), "{out}");
}
