//! The HTTP API over a real socket: what is answered, and what is refused in which form.

use serde_json::{Value, json};

use crate::support::{Running, quick};

fn without_times(mut answer: Value) -> Value {
    let results = answer["results"].as_array_mut().expect("results");
    for result in results {
        result.as_object_mut().expect("an object").remove("took_ms").expect("took_ms");
    }
    answer
}

#[test]
fn one_claim_gets_ranked_located_verbatim_passages() {
    let running = Running::start();
    let answer =
        running.post("/v1/evidence", r#"{"claim":"Quinsulfate twice daily for 14 days in marsh fever.","k":3}"#);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    let body = answer.json();
    assert_eq!(body["schema"], "evidence/1");
    assert!(body["snapshot"]["id"].is_string());
    assert_eq!(body["engine"]["ranker"], "static");
    let result = &body["results"][0];
    assert_eq!((result["status"].as_str(), result["conflict"].as_bool()), (Some("ok"), Some(false)));
    assert!(result["took_ms"].is_number());
    let first = &result["passages"][0];
    assert_eq!(first["rank"], 1);
    assert_eq!(first["document"]["id"], "marsh-fever");
    assert_eq!(first["document"]["version"], "2024", "the edition in force stands above the one it replaced");
    assert!(first["quote"].as_str().is_some_and(|quote| quote.contains("quinsulfate")));
}

#[test]
fn one_bad_item_never_fails_a_batch() {
    let running = Running::start();
    let long = "x".repeat(1 << 20);
    let items = json!([
        {"id": "good", "claim": "Quinsulfate in marsh fever."},
        {"id": "empty", "claim": " "},
        {"id": "long", "claim": long},
        {"id": "null", "claim": null},
        {"id": "number", "claim": 7},
        {"id": "none"},
        {"id": "unknown", "claim": "Rest.", "colour": "red"},
        {"id": "age", "claim": "Rest.", "patient": {"age": 400}},
        {"id": "array", "claim": "Rest.", "patient": [66]},
        {"id": "x".repeat(201), "claim": "Rest."},
        null,
        "Quinsulfate in marsh fever.",
        ["Quinsulfate in marsh fever."],
        {"id": "last", "claim": "Breath test for reed cough"},
    ]);
    let answer = running.post("/v1/evidence", json!({ "items": items }).to_string());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let results = body["results"].as_array().expect("results");
    assert_eq!(results.len(), 14);
    let pointers = [
        (1, "/items/1/claim"),
        (2, "/items/2/claim"),
        (3, "/items/3/claim"),
        (4, "/items/4/claim"),
        (5, "/items/5"),
        (6, "/items/6/colour"),
        (7, "/items/7/patient/age"),
        (8, "/items/8/patient"),
        (9, "/items/9/id"),
        (10, "/items/10"),
        (11, "/items/11"),
        (12, "/items/12"),
    ];
    for (at, pointer) in pointers {
        let result = &results[at];
        assert_eq!(result["status"], "error", "{at}");
        assert!(result["coverage"].is_null() && result["passages"].as_array().is_some_and(Vec::is_empty), "{at}");
        assert_eq!(result["error"]["errors"][0]["pointer"], pointer, "{at}");
        assert_eq!(result["error"]["status"], 422, "{at}");
        assert_eq!(result["error"]["instance"], format!("#/items/{at}"));
    }
    assert_eq!(results[1]["id"], "empty");
    for (at, id) in [(0, "good"), (13, "last")] {
        assert_eq!((&results[at]["id"], &results[at]["status"]), (&json!(id), &json!("ok")), "{}", results[at]);
    }
    assert!(answer.body.len() < 100_000, "the long claim is not sent back");
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let running = Running::start();
    let request =
        json!({"items": [{"claim": "marsh fever quinsulfate"}, {"claim": ""}, {"claim": "reed cough"}], "k": 10});
    let once = without_times(running.post("/v1/evidence", request.to_string()).json());
    for _ in 0..5 {
        assert_eq!(without_times(running.post("/v1/evidence", request.to_string()).json()), once);
    }
}

#[test]
fn a_fault_of_the_call_names_its_field() {
    let running = Running::start();
    let items = |count: usize| json!({"items": vec![json!({"claim": "Rest."}); count]});
    for (request, pointer) in [
        (json!({"claim": "Rest.", "k": 0}), "/k"),
        (json!({"claim": "Rest.", "k": 10_000}), "/k"),
        (json!({"claim": "Rest.", "k": -1}), "/k"),
        (json!({"claim": "Rest.", "k": "5"}), "/k"),
        (json!({"claim": "Rest.", "packs": ["fixture", "nowhere"]}), "/packs/1"),
        (json!({"claim": "Rest.", "as_of": "2026-02-30"}), "/as_of"),
        (json!({"claim": "Rest.", "as_of": "yesterday"}), "/as_of"),
        (json!({"claim": "Rest.", "filters": {"status": ["old"]}}), "/filters/status/0"),
        (json!({"claim": "Rest.", "filters": []}), "/filters"),
        (json!({"claim": "Rest.", "filters": {"years": 1}}), "/filters/years"),
        (json!({"claim": "Rest.", "include": ["everything"]}), "/include/0"),
        (json!({"claim": "Rest.", "query": "x"}), "/query"),
        (json!({"claim": ""}), "/claim"),
        (json!({"claim": "ä".repeat(4_001)}), "/claim"),
        (json!({"claim": "Rest.", "context": "x".repeat(20_001)}), "/context"),
        (json!({"claim": null}), "/claim"),
        (json!({"claim": ["Rest."]}), "/claim"),
        (json!({}), ""),
        (json!([]), ""),
        (json!("Rest."), ""),
        (json!({"claim": "Rest.", "items": []}), "/claim"),
        (json!({"items": {}}), "/items"),
        (items(0), "/items"),
        (items(51), "/items"),
        (json!({"items": [{"claim": "Rest."}], "k": 0}), "/k"),
        (json!({"items": [{"claim": "Rest."}], "packs": ["nowhere"]}), "/packs/0"),
    ] {
        let answer = running.post("/v1/evidence", request.to_string());
        assert_eq!((answer.status, answer.pointer().as_str()), (422, pointer), "{}", answer.text());
    }
    for (path, pointer) in [
        ("/v1/evidence?view=braille", "/view"),
        ("/v1/evidence?views=native", "/views"),
        ("/v1/documents?limit=0", "/limit"),
        ("/v1/documents?limit=x", "/limit"),
        ("/v1/documents?status=old", "/status"),
        ("/v1/documents?page=2", "/page"),
        ("/v1/documents?after=x", "/after"),
        ("/v1/documents/marsh-fever?as_of=2021", "/as_of"),
        ("/v1/snapshots?x=1", "/x"),
    ] {
        let post = path.starts_with("/v1/evidence");
        let answer = if post { running.post(path, r#"{"claim":"Rest."}"#) } else { running.get(path) };
        assert_eq!((answer.status, answer.pointer().as_str()), (422, pointer), "{path}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_in_plain_words() {
    let running = Running::start();
    let post = |kind: &str, body: &[u8]| running.request("POST", "/v1/evidence", &[("content-type", kind)], body);
    for (kind, body, status) in [
        ("application/json", &b"{"[..], 400),
        ("application/json", b"", 400),
        ("application/json", b"{\"claim\":\"\xff\"}", 400),
        ("text/plain", b"{\"claim\":\"Rest.\"}", 415),
        ("application/json; charset=latin1", b"{\"claim\":\"Rest.\"}", 415),
        ("application/json", &[b'['; 100_000], 400),
    ] {
        let answer = post(kind, body);
        assert_eq!(answer.status, status, "{kind} {}", answer.text());
        let problem = answer.json();
        for key in ["type", "title", "status", "detail", "instance"] {
            assert!(problem.get(key).is_some(), "{key}");
        }
    }
    let zipped = [("content-type", "application/json"), ("content-encoding", "gzip")];
    assert_eq!(running.request("POST", "/v1/evidence", &zipped, "x").status, 415);
    let one = json!({"claim": "Rest.", "context": "x".repeat(300 << 10)}).to_string();
    assert_eq!(running.post("/v1/evidence", one).status, 413);
    let many = json!({"items": [{"claim": "x".repeat(5 << 20)}]}).to_string();
    let answer = running.post("/v1/evidence", many);
    assert_eq!((answer.status, answer.json()["type"].as_str()), (413, Some("urn:groundline:problem:too-large")));
}

#[test]
fn passages_and_documents_have_addresses() {
    let running = Running::start();
    let found = running.post("/v1/evidence", r#"{"claim":"Breath test every 2 years for reed cough","k":1}"#).json();
    let id = found["results"][0]["passages"][0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/v1/passages/{}", id.replace('#', "%23").replace('@', "%40"));
    let answer = running.get(&path);
    assert_eq!((answer.status, answer.json()["id"].as_str()), (200, Some(id.as_str())));
    let tag = answer.header("etag").to_owned();
    let again = running.request("GET", &path, &[("if-none-match", &tag)], "");
    assert_eq!((again.status, again.body.len()), (304, 0));
    for unknown in ["/v1/passages/reed-cough@2023", "/v1/passages/x", "/v1/passages/%FF", "/v1/documents/none"] {
        assert_eq!(running.get(unknown).status, 404, "{unknown}");
    }
    let version = |path: &str| running.get(path).json()["version"].clone();
    assert_eq!(version("/v1/documents/marsh-fever"), "2024");
    assert_eq!(version("/v1/documents/marsh-fever?as_of=2024-05-19"), "2019");
    assert_eq!(version("/v1/documents/marsh-fever%402019"), "2019");
    assert_eq!(running.get("/v1/documents/marsh-fever?as_of=2010-01-01").status, 404);
    assert_eq!(running.get("/v1/snapshots").json()["snapshots"][0]["active"], true);
}

#[test]
fn the_list_of_documents_comes_in_pages() {
    let running = Running::start();
    let mut path = "/v1/documents?limit=1".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = running.get(&path).json();
        for document in page["documents"].as_array().expect("documents") {
            seen.push(format!("{}@{}", document["id"].as_str().expect("id"), document["version"].as_str().expect("v")));
        }
        let Some(next) = page["next"].as_str() else { break };
        path = next.to_owned();
    }
    assert_eq!(seen, ["closed-book@2022", "fen-rash@2010", "marsh-fever@2019", "marsh-fever@2024", "reed-cough@2023"]);
    let count = |path: &str| running.get(path).json()["documents"].as_array().expect("documents").len();
    assert_eq!(count("/v1/documents?status=superseded"), 1);
    assert_eq!(count("/v1/documents?publisher=board%20of%20INVENTED%20advice"), 1);
    assert_eq!(count("/v1/documents?year_min=2020&jurisdiction=US"), 1);
    assert_eq!(count("/v1/documents?as_of=2016-01-01"), 1);
}

#[test]
fn every_answer_is_protected_and_has_an_id() {
    let running = Running::start();
    for answer in [running.get("/healthz"), running.get("/nowhere"), running.post("/v1/evidence", "{")] {
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!answer.header("x-request-id").is_empty());
    }
    let answer = running.post("/v1/evidence", "{");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.json()["instance"],
        format!("urn:groundline:request:{}", answer.header("x-request-id")),
        "the problem and the log name the same request"
    );
}

#[test]
fn unknown_addresses_and_methods_are_problems() {
    let running = Running::start();
    assert_eq!(running.get("/v1/nothing").json()["type"], "urn:groundline:problem:not-found");
    let answer = running.get("/v1/evidence");
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    assert_eq!(answer.json()["type"], "urn:groundline:problem:method-not-allowed");
    let answer = running.request("DELETE", "/v1/documents", &[], "");
    assert_eq!((answer.status, answer.header("allow")), (405, "GET,HEAD"));
    let head = running.request("HEAD", "/v1/documents", &[], "");
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn other_sites_and_other_names_are_refused() {
    let running = Running::start();
    let post = |name: &str, value: &str| {
        let headers = [("content-type", "application/json"), (name, value)];
        running.request("POST", "/v1/evidence", &headers, r#"{"claim":"Rest."}"#).status
    };
    assert_eq!(post("origin", "https://evil.example"), 403);
    assert_eq!(post("origin", "null"), 403);
    assert_eq!(post("sec-fetch-site", "cross-site"), 403);
    assert_eq!(post("origin", &format!("http://{}", running.address)), 200);
    let rebound = running.raw("GET /v1/documents HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert!(rebound.starts_with("HTTP/1.1 421 ") && rebound.contains("misdirected"), "{rebound}");
}

#[test]
fn a_service_without_a_snapshot_lives_but_is_not_ready() {
    let folder = tempfile::tempdir().expect("a folder");
    let running = Running::over(folder.path(), quick(), 100);
    assert_eq!(running.get("/healthz").status, 200);
    for answer in
        [running.get("/readyz"), running.get("/v1/documents"), running.post("/v1/evidence", r#"{"claim":"Rest."}"#)]
    {
        assert_eq!((answer.status, answer.json()["type"].as_str()), (503, Some("urn:groundline:problem:not-ready")));
    }
    assert_eq!(Running::start().get("/readyz").status, 200);
}

#[test]
fn a_full_queue_is_answered_at_once_with_when_to_come_back() {
    let mut settings = quick();
    settings.places.calls = 1;
    let running = Running::with(settings, 100);
    let taken = running.service.gate().admit().expect("a place");
    let answer = running.post("/v1/evidence", r#"{"claim":"Rest."}"#);
    assert_eq!((answer.status, answer.header("retry-after")), (503, "1"));
    drop(taken);
    assert_eq!(running.post("/v1/evidence", r#"{"claim":"Rest."}"#).status, 200);
}

#[test]
fn the_description_names_every_route() {
    let running = Running::start();
    let api = running.get("/openapi.json").json();
    let paths: Vec<&str> = api["paths"].as_object().expect("paths").keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "/healthz",
            "/metrics",
            "/openapi.json",
            "/readyz",
            "/v1/agreement",
            "/v1/changes",
            "/v1/check",
            "/v1/citations/check",
            "/v1/claims/split",
            "/v1/corpus",
            "/v1/corpus/builds",
            "/v1/corpus/checked",
            "/v1/corpus/documents",
            "/v1/corpus/gaps",
            "/v1/corpus/history",
            "/v1/corpus/lint",
            "/v1/corpus/notices",
            "/v1/corpus/retire",
            "/v1/corpus/supersede",
            "/v1/documents",
            "/v1/documents/{id}",
            "/v1/documents/{id}/diff",
            "/v1/documents/{id}/original",
            "/v1/evidence",
            "/v1/feedback/draft",
            "/v1/impact",
            "/v1/integrations/promptfoo",
            "/v1/jobs",
            "/v1/jobs/{id}",
            "/v1/passages/{id}",
            "/v1/reviewers",
            "/v1/reviews",
            "/v1/reviews/import",
            "/v1/reviews/{id}",
            "/v1/reviews/{id}/adjudication",
            "/v1/reviews/{id}/assessments",
            "/v1/reviews/{id}/assignments",
            "/v1/reviews/{id}/claims",
            "/v1/reviews/{id}/claims/merge",
            "/v1/reviews/{id}/claims/{claim}",
            "/v1/reviews/{id}/claims/{claim}/draft",
            "/v1/reviews/{id}/claims/{claim}/restore",
            "/v1/reviews/{id}/claims/{claim}/split",
            "/v1/reviews/{id}/claims/{claim}/verdicts",
            "/v1/reviews/{id}/export",
            "/v1/reviews/{id}/submit",
            "/v1/session",
            "/v1/snapshots",
            "/v1/snapshots/rollback",
            "/v1/snapshots/{id}/activate",
            "/v1/taxonomy",
        ]
    );
    for path in paths {
        let answer = running.get(&path.replace("{id}", "none").replace("{claim}", "none"));
        // An unknown id is said to be one by its route; "nothing has this address" would be the router.
        assert!(!answer.text().contains("Nothing has this address"), "{path}");
    }
}
