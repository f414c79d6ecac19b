//! Streams of claims: each line answered at once, in order, whatever the lines around it are.

use std::io::{BufRead, BufReader, Write};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Running, quick, until_closed};

const HEAD: &str = "POST /v1/evidence HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";

fn stream(running: &Running, body: impl AsRef<[u8]>) -> Vec<Value> {
    let answer = running.request("POST", "/v1/evidence", &[("content-type", "application/x-ndjson")], body);
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-ndjson"), "{}", answer.text());
    answer.lines()
}

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

#[test]
fn each_line_is_answered_in_order_and_a_bad_one_is_one_error() {
    let mut body = Vec::new();
    body.extend(b"{\"id\":\"0\",\"claim\":\"marsh fever\",\"k\":1}\n\n");
    body.extend(b"not json\n");
    body.extend(b"{\"id\":\"2\",\"claim\":\"\xff\"}\n");
    body.extend(format!("{{\"id\":\"3\",\"claim\":\"{}\"}}\n", "x".repeat(70_000)).bytes());
    body.extend(b"{\"id\":\"4\",\"claim\":\"marsh fever\",\"k\":0}\r\n");
    body.extend(b"{\"id\":\"5\",\"claim\":\"marsh fever\",\"packs\":[\"nowhere\"]}\n");
    body.extend(b"[]\n");
    body.extend(b"{\"id\":\"7\",\"claim\":\"reed cough\",\"include\":[\"trace\"]}");
    let lines = stream(&Running::start(), body);
    assert_eq!(lines.len(), 8);
    for (at, status) in [(0, "ok"), (7, "ok")] {
        assert_eq!(lines[at]["status"], status, "{}", lines[at]);
        assert_eq!(lines[at]["id"], at.to_string());
    }
    for (at, status) in [(1, 400), (2, 400), (3, 413), (4, 422), (5, 422), (6, 422)] {
        assert_eq!(lines[at]["status"], "error", "{}", lines[at]);
        assert!(lines[at]["coverage"].is_null());
        assert_eq!(lines[at]["error"]["status"], status, "{}", lines[at]);
        assert_eq!(lines[at]["error"]["instance"], format!("#/lines/{at}"));
    }
    assert_eq!(lines[4]["error"]["errors"][0]["pointer"], "/k");
    assert_eq!(lines[0]["passages"].as_array().map(Vec::len), Some(1));
    assert!(lines[7]["trace"].is_object());
    for line in &lines {
        assert_eq!(line["schema"], "evidence/1");
        assert!(line["snapshot"]["id"].is_string() && line["engine"]["version"].is_string());
    }
}

#[test]
fn a_result_is_sent_before_the_next_line_is() {
    let running = Running::start();
    let mut out = running.connect();
    out.write_all(HEAD.as_bytes()).expect("sends");
    let mut back = BufReader::new(out.try_clone().expect("a second handle"));
    for at in 0..3 {
        let line = json!({"id": at.to_string(), "claim": "marsh fever"}).to_string();
        out.write_all(chunk(&format!("{line}\n")).as_bytes()).expect("sends");
        let mut text = String::new();
        while !text.starts_with('{') {
            text.clear();
            assert!(back.read_line(&mut text).expect("an answer in time") > 0, "closed");
        }
        assert!(text.contains(&format!("\"id\":\"{at}\"")), "{text}");
    }
    out.write_all(b"0\r\n\r\n").expect("sends");
}

#[test]
fn there_is_no_bound_on_lines_and_some_clients_send_all_before_they_read() {
    let running = Running::start();
    let mut out = running.connect();
    let count = 5_000;
    out.write_all(HEAD.replace("Host", "Connection: close\r\nHost").as_bytes()).expect("sends");
    for at in 0..count {
        let line = json!({"id": at.to_string(), "claim": "quinsulfate in marsh fever", "k": 1}).to_string();
        out.write_all(chunk(&format!("{line}\n")).as_bytes()).expect("sends");
    }
    out.write_all(b"0\r\n\r\n").expect("sends");
    let answer = until_closed(&mut out);
    assert_eq!(answer.matches("\"schema\":\"evidence/1\"").count(), count);
    assert!(answer.ends_with("0\r\n\r\n"), "the stream ends in order");
}

#[test]
fn a_line_that_trickles_and_a_client_that_falls_silent_are_ended() {
    let running = Running::with(quick(), 100);
    for start in ["{\"claim\":", "{\"claim\":\"marsh fever\"}\n", ""] {
        let mut out = running.connect();
        out.write_all(HEAD.as_bytes()).expect("sends");
        if !start.is_empty() {
            out.write_all(chunk(start).as_bytes()).expect("sends");
        }
        let answer = until_closed(&mut out);
        assert!(answer.contains("urn:groundline:problem:too-slow"), "{start:?}: {answer}");
    }
    let mut out = running.connect();
    out.write_all(HEAD.as_bytes()).expect("sends");
    let mut sent = 0;
    while sent < 100 && out.write_all(chunk("x").as_bytes()).is_ok() {
        std::thread::sleep(Duration::from_millis(20));
        sent += 1;
    }
    assert!(sent < 100, "a begun line has a deadline of its own");
}

#[test]
fn too_many_streams_are_refused_and_single_claims_still_answered() {
    let mut settings = quick();
    settings.places.streams = 1;
    let running = Running::with(settings, 100);
    let _taken = running.service.gate().admit_stream().expect("a place");
    let answer = running.request("POST", "/v1/evidence", &[("content-type", "application/x-ndjson")], "{}\n");
    assert_eq!((answer.status, answer.header("retry-after")), (503, "1"));
    assert_eq!(running.post("/v1/evidence", r#"{"claim":"marsh fever"}"#).status, 200);
}
