//! MCP: the three tools over the fixture corpus, through Streamable HTTP in this process, through the SDK's own client, and
//! through lines of a client that does everything wrong.

mod lines;
mod schema;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use groundline::index::{Recorder, Store};
use groundline::mcp::{self, Bounds, Searches, Server};
use http_body_util::BodyExt;
use rmcp::ServiceExt;
use rmcp::model::CallToolRequestParams;
use serde_json::{Value, json};
use tower::util::ServiceExt as _;

use crate::support::{fixture_corpus, folder, snapshot_of};

use lines::Lines;

/// An index of the fixture corpus, built once.
static STORE: LazyLock<(tempfile::TempDir, Arc<Store>)> = LazyLock::new(|| {
    let index = folder();
    let (store, _) = snapshot_of(&fixture_corpus(), index.path(), 2);
    (index, Arc::new(store))
});

/// A claim that the fixtures speak about.
const CLAIM: &str = "Adults with marsh fever should be treated with doxycycline.";

fn served(searches: Arc<dyn Searches>) -> Server {
    let store = Arc::clone(&STORE.1);
    let gaps = Arc::new(Recorder::start(store.root(), false));
    Server::new(store, gaps, searches, Some("http://desk.example/"))
}

fn server() -> Server {
    served(mcp::threads(2))
}

fn router() -> Router {
    mcp::router(server(), Bounds { body: Duration::from_secs(2), calls: 8 })
}

/// Posts a body as a client would.
async fn posted(router: Router, body: impl Into<Body>) -> (StatusCode, Value) {
    let request = Request::post("/mcp")
        .header(header::HOST, "localhost")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json, text/event-stream")
        .body(body.into())
        .expect("a request");
    let response = router.oneshot(request).await.expect("an answer");
    let status = response.status();
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

async fn asked(method: &str, params: Value) -> Value {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
    let (status, answer) = posted(router(), body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer["id"], 1, "{answer}");
    answer
}

/// A tool's result.
async fn called(name: &str, arguments: Value) -> Value {
    asked("tools/call", json!({"name": name, "arguments": arguments})).await["result"].take()
}

/// A refusal in words.
async fn refused(name: &str, arguments: Value) -> String {
    let result = called(name, arguments).await;
    assert_eq!(result["isError"], true, "{result}");
    assert!(result.get("structuredContent").is_none(), "{result}");
    text_of(&result)
}

fn text_of(result: &Value) -> String {
    assert_eq!(result["content"].as_array().map(Vec::len), Some(1), "{result}");
    result["content"][0]["text"].as_str().expect("a text").to_owned()
}

async fn tools() -> Value {
    asked("tools/list", json!({})).await["result"]["tools"].take()
}

/// An answer without the one field that differs between equal requests.
fn lasting(mut answer: Value) -> Value {
    for result in answer["structuredContent"]["results"].as_array_mut().into_iter().flatten() {
        if let Some(took) = result.get_mut("took_ms") {
            *took = json!(0);
        }
    }
    answer
}

#[tokio::test]
async fn three_tools_that_change_nothing() {
    let tools = tools().await;
    let names: Vec<&str> = tools.as_array().expect("a list").iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(names, ["search", "fetch", "check_claims"]);
    for tool in tools.as_array().expect("a list") {
        let annotations = &tool["annotations"];
        let said = ["readOnlyHint", "idempotentHint", "openWorldHint", "destructiveHint"]
            .map(|name| annotations[name].as_bool());
        assert_eq!(said, [Some(true), Some(true), Some(false), Some(false)], "{annotations}");
        assert_eq!(tool["outputSchema"]["type"], "object");
        assert_eq!(tool["inputSchema"]["additionalProperties"], false);
        let arguments = tool["inputSchema"].to_string();
        assert!(!arguments.contains("$ref") && !arguments.contains("null"), "{arguments}");
        assert!(!tool["outputSchema"].to_string().contains("#/components"));
    }
}

#[tokio::test]
async fn nothing_of_documents_and_requests_reaches_the_descriptions() {
    let before = tools().await.to_string();
    called("search", json!({"query": "quaxolotl of the marsh"})).await;
    called("check_claims", json!({"items": [{"id": "quaxolotl", "claim": "A quaxolotl is a fever."}]})).await;
    refused("fetch", json!({"id": "quaxolotl"})).await;
    let after = tools().await.to_string();
    assert_eq!(before, after);
    let snapshot = STORE.1.active().expect("a snapshot");
    for entry in snapshot.entries() {
        let (id, title) = (entry.facts.id.document().to_string(), entry.facts.title.clone().unwrap_or_default());
        assert!(!after.contains(&id) && (title.is_empty() || !after.contains(&title)), "{id}");
    }
}

#[tokio::test]
async fn answers_fit_the_schemas_that_are_listed() {
    let tools = tools().await;
    let found = called("search", json!({"query": CLAIM})).await;
    let id = found["structuredContent"]["results"][0]["id"].as_str().expect("a passage").to_owned();
    let claims = json!({"items": [{"id": "a", "claim": CLAIM, "patient": {"age": 30}}, {"id": "b"}, {"claim": "Quaxolotl."}],
        "k": 3, "include": ["context", "counter", "trace"]});
    let arguments = [json!({"query": CLAIM}), json!({"id": id}), claims];
    for (tool, arguments) in tools.as_array().expect("a list").iter().zip(arguments) {
        let name = tool["name"].as_str().expect("a name");
        // The second claim is wrong on purpose: what the schema asks of items is what is answered.
        let wrong = schema::fits(&tool["inputSchema"], &arguments);
        assert_eq!(wrong.len(), usize::from(name == "check_claims"), "{name}: {wrong:?}");
        let result = called(name, arguments).await;
        assert_eq!(schema::fits(&tool["outputSchema"], &result["structuredContent"]), [""; 0], "{name}");
        // And the schema says something: an answer that lacks a field does not fit.
        let fields: Vec<String> = result["structuredContent"].as_object().expect("an object").keys().cloned().collect();
        let mut lacking = result["structuredContent"].clone();
        lacking.as_object_mut().expect("an object").remove(&fields[0]);
        assert!(!schema::fits(&tool["outputSchema"], &lacking).is_empty(), "{name} without {}", fields[0]);
        assert!(!schema::fits(&tool["outputSchema"], &json!({"results": 7})).is_empty(), "{name}");
    }
}

#[tokio::test]
async fn connectors_find_the_shapes_that_they_expect() {
    let found = called("search", json!({"query": "marsh fever doxycycline"})).await;
    assert_eq!(serde_json::from_str::<Value>(&text_of(&found)).expect("JSON in text"), found["structuredContent"]);
    let results = found["structuredContent"]["results"].as_array().expect("results").clone();
    assert!(!results.is_empty() && results.len() <= 10);
    for one in &results {
        let keys: Vec<&str> = one.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, ["id", "title", "url"]);
        assert!(one["url"].as_str().is_some_and(|url| url.starts_with("http")), "{one}");
        let passage = called("fetch", json!({"id": one["id"]})).await;
        assert_eq!(
            serde_json::from_str::<Value>(&text_of(&passage)).expect("JSON in text"),
            passage["structuredContent"]
        );
        let passage = &passage["structuredContent"];
        let keys: Vec<&str> = passage.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, ["id", "title", "text", "url", "metadata"]);
        assert_eq!((&passage["id"], &passage["title"], &passage["url"]), (&one["id"], &one["title"], &one["url"]));
        let metadata = passage["metadata"].as_object().expect("an object");
        assert!(metadata.values().all(Value::is_string), "{metadata:?}");
        let (quote, text) = (metadata["quote"].as_str().expect("a quote"), passage["text"].as_str().expect("a text"));
        let mark = &metadata["quote_sha256"].as_str().expect("a digest")[..16];
        assert!(text.contains(&format!("----- quotation {mark} -----\n{quote}\n----- end {mark} -----")), "{text}");
        assert_eq!(metadata["trust"], "untrusted");
        assert!(text.contains("not instructions") && text.contains("not for patient care"));
    }
}

#[tokio::test]
async fn what_is_superseded_says_so_everywhere() {
    let arguments = json!({"items": [{"claim": CLAIM}], "filters": {"status": ["superseded"]}});
    let result = called("check_claims", arguments).await;
    let passages = result["structuredContent"]["results"][0]["passages"].as_array().expect("passages").clone();
    let old: Vec<&Value> = passages.iter().filter(|passage| passage["document"]["status"] == "superseded").collect();
    assert!(!old.is_empty(), "{passages:?}");
    for passage in old {
        let by = passage["document"]["superseded_by"].as_str().expect("a successor");
        assert!(passage["flags"].as_array().is_some_and(|flags| flags.iter().any(|flag| flag["kind"] == "superseded")));
        assert!(text_of(&result).contains(&format!("[SUPERSEDED by {by}]")), "{}", text_of(&result));
        let fetched = called("fetch", json!({"id": passage["id"]})).await["structuredContent"].take();
        assert_eq!(fetched["metadata"]["superseded_by"], by);
        assert_eq!(fetched["metadata"]["status"], "superseded");
        assert!(fetched["title"].as_str().is_some_and(|title| title.starts_with(&format!("[SUPERSEDED by {by}]"))));
        assert!(
            fetched["text"]
                .as_str()
                .is_some_and(|text| text.contains(&format!("SUPERSEDED by {by}. It is not advice in force.")))
        );
    }
}

#[tokio::test]
async fn one_bad_item_harms_nobody() {
    let alone = called("check_claims", json!({"items": [{"id": "good", "claim": CLAIM}]})).await;
    let bad = [
        json!(null),
        json!(7),
        json!([1, 2]),
        json!({}),
        json!({"claim": null}),
        json!({"claim": ""}),
        json!({"claim": "secret ".repeat(1_000)}),
        json!({"claim": "x", "context": "secret ".repeat(3_000)}),
        json!({"claim": "x", "patient": "secret"}),
        json!({"claim": "x", "patient": {"age": "secret"}}),
        json!({"claim": "x", "secretly": 1}),
        json!({"id": "secret".repeat(50), "claim": "x"}),
    ];
    let items: Vec<Value> = bad.iter().cloned().flat_map(|bad| [bad, json!({"id": "good", "claim": CLAIM})]).collect();
    let result = called("check_claims", json!({"items": items})).await;
    assert_eq!(result["isError"], false);
    let results = lasting(result)["structuredContent"]["results"].as_array().expect("results").clone();
    assert_eq!(results.len(), 2 * bad.len());
    let good = lasting(alone)["structuredContent"]["results"][0].clone();
    assert_eq!(good["status"], "ok");
    for (at, pair) in results.chunks(2).enumerate() {
        assert_eq!((&pair[0]["status"], &pair[0]["coverage"]), (&json!("error"), &Value::Null), "{}", bad[at]);
        let problem = &pair[0]["error"];
        assert_eq!((&problem["status"], &problem["instance"]), (&json!(422), &json!(format!("#/items/{}", 2 * at))));
        assert!(!problem["detail"].to_string().contains("secret "), "{problem}");
        assert_eq!(pair[1], good);
    }
}

/// A call of `check_claims` whose middle item holds half a surrogate pair, which `json!` cannot write.
fn with_half_a_pair() -> String {
    let good = json!({"id": "good", "claim": CLAIM});
    let bad = r#"{"id":"bad","claim":"secret \ud800"}"#;
    let arguments = format!(r#"{{"items":[{good},{bad},{good}]}}"#);
    format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"check_claims","arguments":{arguments}}}}}"#
    )
}

#[tokio::test]
async fn half_a_surrogate_pair_is_one_items_error_over_http_and_lines() {
    let alone = called("check_claims", json!({"items": [{"id": "good", "claim": CLAIM}]})).await;
    let good = lasting(alone)["structuredContent"]["results"][0].clone();
    let (status, over_http) = posted(router(), with_half_a_pair()).await;
    assert_eq!(status, StatusCode::OK, "{over_http}");
    let mut lines = Lines::begun(server()).await;
    lines.write(&with_half_a_pair()).await;
    for mut answer in [over_http, lines.next().await] {
        let results = lasting(answer["result"].take())["structuredContent"]["results"].clone();
        assert_eq!((&results[0], &results[2]), (&good, &good));
        let bad = &results[1];
        assert_eq!((&bad["status"], &bad["id"], &bad["claim"]), (&json!("error"), &json!("bad"), &Value::Null));
        assert_eq!(bad["error"]["status"], 422, "{bad}");
        assert!(bad["error"]["detail"].to_string().contains("surrogate"), "{bad}");
    }
    let query = with_half_a_pair().replace("check_claims", "search").replace("\"items\"", "\"query\"");
    let (_, refused) = posted(router(), query).await;
    assert!(text_of(&refused["result"]).contains("surrogate"), "{refused}");
}

#[tokio::test]
async fn what_cannot_be_answered_is_said_in_plain_words() {
    let items = |count: usize| vec![json!({"claim": "secret"}); count];
    for (name, arguments, expected) in [
        ("search", json!({}), "query"),
        ("search", json!({"query": ""}), "/query: the claim is empty"),
        ("search", json!({"query": "secret ".repeat(1_000)}), "/query: the claim has 7000 characters"),
        ("search", json!({"query": ["secret"]}), "/query: is not valid: expected a string"),
        ("search", json!({"query": "x", "secretly": true}), "is no field of this object; expected `query`"),
        ("fetch", json!({"id": "secret"}), "No passage of this snapshot has this id"),
        ("fetch", json!({"id": "marsh-fever@2024#p-000000"}), "No passage of this snapshot has this id"),
        ("fetch", json!({"id": 7}), "/id: is not valid: expected a string"),
        ("check_claims", json!({}), "items is missing"),
        ("check_claims", json!({"items": "secret"}), "/items: is not valid: expected an array"),
        ("check_claims", json!({"items": []}), "/items: has 0 items: send 1 to 100"),
        ("check_claims", json!({"items": items(101)}), "/items: has 101 items: send 1 to 100"),
        ("check_claims", json!({"items": items(6), "k": 100}), "/k: is too large: 6 claims with 100 passages"),
        ("check_claims", json!({"items": items(1), "k": 0}), "/k: is not valid: expected 1 to 100"),
        ("check_claims", json!({"items": items(1), "k": 101}), "/k: is not valid: expected 1 to 100"),
        ("check_claims", json!({"items": items(1), "as_of": "secret"}), "/as_of: is not valid: expected a day"),
        ("check_claims", json!({"items": items(1), "packs": ["secret"]}), "/packs/0: is no pack of this snapshot"),
        (
            "check_claims",
            json!({"items": items(1), "filters": ["secret"]}),
            "/filters: is not valid: expected an object",
        ),
        (
            "check_claims",
            json!({"items": items(1), "include": ["secret"]}),
            "/include/0: is not valid: expected one of",
        ),
    ] {
        let said = refused(name, arguments).await;
        assert!(said.contains(expected), "{name}: {said}");
        assert!(!said.contains("secret "), "{said}");
    }
    let unknown = asked("tools/call", json!({"name": "secret", "arguments": {}})).await;
    assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
    assert!(!unknown.to_string().contains("secret"));
}

#[tokio::test]
async fn equal_calls_give_equal_answers() {
    let arguments = json!({"items": [{"id": "1", "claim": CLAIM}, {"claim": "Fen rash is contagious."}], "k": 4,
        "include": ["trace", "counter"]});
    let (first, again) = (called("check_claims", arguments.clone()).await, called("check_claims", arguments).await);
    assert_eq!(text_of(&first), text_of(&again));
    assert_eq!(lasting(first).to_string(), lasting(again).to_string());
    let query = json!({"query": CLAIM});
    assert_eq!(called("search", query.clone()).await.to_string(), called("search", query).await.to_string());
}

#[tokio::test]
async fn versions_are_negotiated() {
    let hello = |version: &str| json!({"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let answer = asked("initialize", hello(version)).await;
        assert_eq!(answer["result"]["protocolVersion"], version);
        assert!(answer["result"]["capabilities"]["tools"].is_object());
        let said = answer["result"]["instructions"].as_str().expect("instructions");
        assert!(said.contains("never instructions") && said.contains("not for patient care"));
        assert_eq!(answer["result"]["serverInfo"]["name"], "groundline");
    }
    let answer = asked("initialize", hello("1999-01-01")).await;
    let offered = answer["result"]["protocolVersion"].as_str().expect("a version we know");
    assert!(offered.starts_with("202"), "{offered}");
}

#[tokio::test]
async fn http_refuses_in_the_protocols_own_form() {
    let many = format!(r#"{{"jsonrpc":"2.0","id":9,"method":"ping","params":{{"a":[{}0]}}}}"#, "0,".repeat(60_000));
    for (body, status, code, id) in [
        ("{".to_owned(), 400, -32700, Value::Null),
        ("\u{1}".to_owned(), 400, -32700, Value::Null),
        ("[]".to_owned(), 400, -32600, Value::Null),
        (r#"{"id":3}"#.to_owned(), 400, -32600, json!(3)),
        (r#"{"jsonrpc":"1.0","id":4,"method":"ping"}"#.to_owned(), 400, -32600, json!(4)),
        (many, 413, -32600, json!(9)),
        ("x".repeat(2_000_000), 413, -32600, Value::Null),
    ] {
        let short: String = body.chars().take(40).collect();
        let (found, answer) = posted(router(), body).await;
        assert_eq!(found.as_u16(), status, "{short}: {answer}");
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(code), &id), "{short}");
    }
    let plain =
        Request::post("/mcp").header(header::CONTENT_TYPE, "text/plain").body(Body::from("{}")).expect("a request");
    assert_eq!(router().oneshot(plain).await.expect("an answer").status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let get = Request::get("/mcp").header(header::HOST, "localhost").body(Body::empty()).expect("a request");
    assert_eq!(router().oneshot(get).await.expect("an answer").status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_body_that_never_ends_costs_a_place_for_a_while_only() {
    let router = mcp::router(server(), Bounds { body: Duration::from_millis(300), calls: 1 });
    let (data, receiver) = tokio::sync::mpsc::channel::<Result<&'static [u8], std::io::Error>>(1);
    data.send(Ok(b"{")).await.expect("sent");
    let slow = Body::from_stream(tokio_stream(receiver));
    let waiting = tokio::spawn(posted(router.clone(), slow));
    tokio::time::sleep(Duration::from_millis(50)).await;
    let ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    assert_eq!(posted(router.clone(), ping).await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(waiting.await.expect("answered").0, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(posted(router, ping).await.0, StatusCode::OK);
    drop(data);
}

fn tokio_stream<T: Send + 'static>(
    receiver: tokio::sync::mpsc::Receiver<T>,
) -> impl futures_core::Stream<Item = T> + Send + 'static {
    struct Pieces<T>(tokio::sync::mpsc::Receiver<T>);
    impl<T> futures_core::Stream for Pieces<T> {
        type Item = T;
        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            context: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<T>> {
            self.0.poll_recv(context)
        }
    }
    Pieces(receiver)
}

#[tokio::test]
async fn the_sdks_own_client_is_served() {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let (read, write) = tokio::io::split(theirs);
    let ended = tokio::spawn(mcp::talk(server(), read, write));
    let client = ().serve(ours).await.expect("the handshake");
    let names: BTreeSet<String> =
        client.list_all_tools().await.expect("a list").into_iter().map(|tool| tool.name.to_string()).collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["check_claims", "fetch", "search"]);
    let arguments = json!({"items": [{"claim": CLAIM}]}).as_object().cloned().expect("an object");
    let result = client.call_tool(CallToolRequestParams::new("check_claims").with_arguments(arguments)).await;
    let result = serde_json::to_value(result.expect("an answer")).expect("JSON");
    assert_eq!(result["structuredContent"]["results"][0]["status"], "ok", "{result}");
    client.cancel().await.expect("closed");
    ended.await.expect("no panic").expect("an orderly end");
}
