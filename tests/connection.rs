//! Connections that are slow, silent, malformed or too many: each ends soon, and none keeps others waiting.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::{Running, quick, until_closed};

/// Well above every timeout of [`quick`], well below [`NEVER`].
const SOON: Duration = Duration::from_secs(10);
/// A timeout that is not to be what ends a test.
const NEVER: Duration = Duration::from_secs(60);

/// Tries until something holds.
#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(5), "not in time: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn silent_and_half_sent_heads_are_closed() {
    let running = Running::with(quick(), 100);
    let started = Instant::now();
    let mut silent = running.connect();
    let mut half = running.connect();
    half.write_all(b"GET /healthz HTTP/1.1\r\nHost: localh").expect("sends");
    let mut idle = running.connect();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sends");
    assert_eq!(until_closed(&mut silent), "");
    assert_eq!(until_closed(&mut half), "");
    assert!(until_closed(&mut idle).starts_with("HTTP/1.1 200 "), "answered, then closed when nothing more came");
    assert!(started.elapsed() < SOON);
}

#[test]
fn a_head_that_trickles_is_closed() {
    let running = Running::with(quick(), 100);
    let mut stream = running.connect();
    let started = Instant::now();
    stream.write_all(b"GET /healthz HTTP/1.1\r\n").expect("sends");
    while started.elapsed() < SOON && stream.write_all(b"X-A: b\r\n").is_ok() {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(started.elapsed() < SOON);
}

#[test]
fn a_slow_body_is_answered_408() {
    let running = Running::with(quick(), 100);
    let answer = running.raw(
        "POST /v1/evidence HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
    );
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("urn:groundline:problem:too-slow"), "{answer}");
}

#[test]
fn normal_clients_do_not_notice_slow_ones() {
    let mut settings = quick();
    (settings.timeouts.first_byte, settings.timeouts.head) = (NEVER, NEVER);
    let running = Running::with(settings, 1_000);
    let slow: Vec<TcpStream> = (0..300)
        .map(|at| {
            let mut stream = running.connect();
            if at % 2 == 0 {
                stream.write_all(b"POST /v1/evidence HTTP/1.1\r\nHost: ").expect("sends");
            }
            stream
        })
        .collect();
    for _ in 0..10 {
        let started = Instant::now();
        assert_eq!(running.get("/healthz").status, 200);
        assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    }
    drop(slow);
}

#[test]
fn a_connection_too_many_is_told_so() {
    let mut settings = quick();
    settings.timeouts.first_byte = NEVER;
    let running = Running::with(settings, 2);
    let (_first, _second) = (running.connect(), running.connect());
    until("the third is told so", || {
        let answer = running.raw("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 1")
    });
}

#[test]
fn ambiguous_requests_get_one_answer_400_and_the_end() {
    let running = Running::with(quick(), 100);
    let smuggled = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let chunked = format!("0\r\n\r\n{smuggled}");
    for framing in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: identity\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5,5\r\n",
        "Content-Length : 5\r\n",
        "Content-Length: 5\n",
        "Content-Length:\r\n 5\r\n",
    ] {
        let request = format!(
            "POST /v1/evidence HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{framing}\r\n{chunked}"
        );
        let answer = running.raw(request);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{framing:?}: {answer:?}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{framing:?}: {answer:?}");
    }
    for head in
        ["GET /healthz HTTP/1.1\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "nonsense\r\n\r\n"]
    {
        let answer = running.raw(head);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{head:?}: {answer:?}");
    }
}

#[test]
fn requests_of_one_connection_are_answered_in_order() {
    let running = Running::with(quick(), 100);
    let one = "POST /v1/evidence HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"cla\r\nE\r\nim\":\"Rest mar\"\r\n1\r\n}\r\n0\r\n\r\n";
    let two = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answer = running.raw(format!("{one}{two}"));
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2, "{answer}");
}

#[test]
fn what_is_under_way_is_finished_before_stopping() {
    let mut settings = quick();
    (settings.timeouts.first_byte, settings.timeouts.body, settings.timeouts.stop) = (NEVER, NEVER, NEVER);
    let mut running = Running::with(settings, 100);
    let mut stream = running.connect();
    let mut idle = running.connect();
    let body = r#"{"claim":"Quinsulfate in marsh fever."}"#;
    let head = format!(
        "POST /v1/evidence HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("sends");
    until("the request is under way", || running.get("/metrics").text().contains("groundline_requests_in_flight 2\n"));
    let address = running.address;
    let stopping = std::thread::spawn(move || running.stop());
    until("no new connections", || TcpStream::connect(address).is_err());
    assert_eq!(idle.read(&mut [0]).expect("closed in order"), 0);
    stream.write_all(body.as_bytes()).expect("sends");
    assert!(until_closed(&mut stream).starts_with("HTTP/1.1 200 "));
    let started = Instant::now();
    stopping.join().expect("stops");
    assert!(started.elapsed() < SOON);
}

#[test]
fn clients_that_do_not_read_hold_neither_places_nor_the_service() {
    let mut settings = quick();
    settings.places.batches_at_work = 2;
    settings.timeouts.stop = NEVER;
    let mut running = Running::with(settings, 100);
    let items: Vec<_> =
        (0..50).map(|_| serde_json::json!({"claim": "marsh fever quinsulfate reed cough adults"})).collect();
    let body = serde_json::json!({"items": items, "k": 100}).to_string();
    let request = format!(
        "POST /v1/evidence HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let deaf: Vec<TcpStream> = (0..4)
        .map(|_| {
            let mut stream = running.connect();
            stream.write_all(request.as_bytes()).expect("sends");
            std::thread::sleep(Duration::from_millis(400));
            stream
        })
        .collect();
    assert_eq!(running.post("/v1/evidence", r#"{"claim":"marsh fever"}"#).status, 200);
    let started = Instant::now();
    running.stop();
    assert!(started.elapsed() < SOON, "stalled writes were ended: {:?}", started.elapsed());
    drop(deaf);
}
