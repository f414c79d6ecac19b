//! What one answer of a publisher's server comes to: no document, another type, cut short, slow, too long, closed by robots.txt.

use std::io::Write;
use std::time::Duration;

use groundline::fetch::Outcome;

use super::{Desk, PAGE, PDF, check, check_outcome, unless_robots};
use crate::support::publisher::{Reply, Request, at_once, reply};

#[test]
fn answers_that_are_no_document_are_told_apart() {
    check("/g.pdf", |_| reply(403, &[], b"no"), "failed", "corpus add FILE --url");
    check("/g.pdf", |_| reply(401, &[], b"no"), "failed", "corpus add FILE --url");
    check("/g.pdf", |_| reply(404, &[], b"no"), "failed", "404: the page is gone");
    check("/g.pdf", |_| reply(410, &[], b"no"), "failed", "410: the page is gone");
    check("/g.pdf", |_| reply(500, &[], b"no"), "failed", "500");
    check("/g.pdf", |_| reply(206, &[], PDF), "failed", "another part");
    check("/g.pdf", |_| reply(304, &[], b""), "failed", "304");
    check("/g.pdf", |_| reply(429, &[], b""), "failed", "429: busy");
    check("/g.pdf", |_| reply(503, &[("retry-after", "7200")], b""), "failed", "come back at 2");
    check(
        "/g.pdf",
        |_| reply(429, &[("retry-after", "Fri, 31 Dec 2100 00:00:00 GMT")], b""),
        "failed",
        "come back at 2",
    );
    check("/g.pdf", |_| at_once(""), "failed", "www.publisher.org");
    check("/g.pdf", |_| at_once("no HTTP at all\r\n\r\n"), "failed", "www.publisher.org");
    check(
        "/g.pdf",
        |_| at_once(format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(100_000))),
        "failed",
        "www.publisher.org",
    );
}

#[test]
fn bytes_of_another_type_are_refused() {
    check(
        "/g.pdf",
        |_| reply(200, &[("content-type", "application/pdf")], PAGE),
        "refused",
        "PDF was expected, but the bytes are an HTML page",
    );
    check("/g.html", |_| reply(200, &[("content-type", "text/html")], PDF), "refused", "HTML was expected");
    check("/g", |_| reply(200, &[("content-type", "application/pdf")], PAGE), "refused", "PDF was expected");
    check("/g", |_| reply(200, &[], b"PK\x03\x04zip"), "refused", "ZIP");
    check("/g", |_| reply(200, &[], b""), "refused", "nothing");
    check("/g.html", |_| reply(200, &[], b"<html><title>Access Denied</title>"), "refused", "Access Denied");
}

#[test]
fn truncated_bodies_are_refused() {
    check(
        "/g.pdf",
        |_| at_once([b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n", PDF].concat()),
        "failed",
        "truncated: 23 of 999",
    );
    check(
        "/g.pdf",
        |_| at_once([b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n", PDF].concat()),
        "failed",
        "truncated",
    );
    check("/g.pdf", |_| at_once("HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\nhalf of it"), "failed", "truncated");
}

#[test]
fn slow_servers_are_left() {
    let long = Duration::from_secs(4);
    check("/g.pdf", move |_| vec![(b"HTTP/1.1 200 OK\r\n".to_vec(), long)], "failed", "not complete after");
    let drip = |_: &Request| {
        let mut pieces = vec![(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n%PDF-".to_vec(), Duration::ZERO)];
        pieces.extend((0..40).map(|_| (b"x".to_vec(), Duration::from_millis(100))));
        pieces
    };
    check("/g.pdf", drip, "failed", "not complete after");
    let headers =
        |_: &Request| (0..40).map(|n| (format!("x{n}: y\r\n").into_bytes(), Duration::from_millis(100))).collect();
    let drip_headers = move |request: &Request| {
        let mut pieces: Reply = vec![(b"HTTP/1.1 200 OK\r\n".to_vec(), Duration::ZERO)];
        pieces.extend::<Reply>(headers(request));
        pieces
    };
    check("/g.pdf", drip_headers, "failed", "not complete after");
}

#[test]
fn no_more_is_read_than_is_kept() {
    let declared = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n%PDF-";
    check("/g.pdf", |_| at_once(declared.to_vec()), "refused", "larger than");
    let endless = |_: &Request| {
        let mut pieces = vec![(b"HTTP/1.1 200 OK\r\n\r\n%PDF-".to_vec(), Duration::ZERO)];
        pieces.extend((0..100).map(|_| (vec![b'x'; 4 << 10], Duration::ZERO)));
        pieces
    };
    check("/g.pdf", endless, "refused", "larger than");
    let bomb = || {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![b' '; 8 << 20]).expect("compressed");
        encoder.finish().expect("compressed")
    };
    let bomb = bomb();
    assert!(bomb.len() < 16 << 10, "small on the way");
    let answer = move |_: &Request| reply(200, &[("content-encoding", "gzip")], &bomb);
    check("/g.pdf", answer, "refused", "larger than");
    check("/g.pdf", |_| reply(200, &[("content-encoding", "br")], PDF), "refused", "content encoding \"br\"");
    check("/g.pdf", |_| reply(200, &[("content-encoding", "gzip, gzip")], PDF), "refused", "content encoding");
}

#[test]
fn gzip_that_was_not_asked_for_is_read_all_the_same() {
    let desk = Desk::new("/g.pdf", "", |request| {
        unless_robots(request, || {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(PDF).expect("compressed");
            reply(200, &[("content-encoding", "gzip")], &encoder.finish().expect("compressed"))
        })
    });
    let outcome = desk.fetch();
    assert!(matches!(outcome, Outcome::Fetched { .. }), "{outcome:?}");
    assert_eq!(desk.read("a.pdf"), PDF);
}

#[test]
fn robots_are_asked_first_and_obeyed() {
    let with = |status: u16, robots: &'static [u8]| {
        move |request: &Request| match request.path.as_str() {
            "/robots.txt" => reply(status, &[], robots),
            _ => reply(200, &[], PDF),
        }
    };
    let check = |status: u16, robots: &'static [u8], reason: Option<&str>| {
        let desk = Desk::new("/g.pdf", "", with(status, robots));
        match reason {
            Some(reason) => {
                check_outcome(&desk, if reason.contains("forbids") { "refused" } else { "failed" }, reason);
                assert_eq!(desk.publisher.requests().len(), 0, "it was asked for all the same");
            }
            None => assert!(matches!(desk.fetch(), Outcome::Fetched { .. })),
        }
    };
    check(200, b"User-agent: *\nDisallow: /*.pdf$\n", Some("forbids fetching /g.pdf"));
    check(200, b"User-agent: *\nDisallow: /\nUser-agent: groundline\nAllow: /\n", None);
    check(404, b"User-agent: *\nDisallow: /\n", None);
    check(403, b"", None);
    check(500, b"", Some("cannot be had"));
    check(429, b"", Some("cannot be had"));
}

#[test]
fn passing_faults_are_tried_again() {
    let check = |first: fn() -> Reply, tries: usize| {
        let desk = Desk::new("/g.pdf", "", move |request| {
            unless_robots(request, || if request.before + 1 < tries { first() } else { reply(200, &[], PDF) })
        });
        let outcome = desk.fetch();
        assert!(matches!(outcome, Outcome::Fetched { .. }), "{outcome:?}");
        assert_eq!(desk.publisher.requests().len(), tries);
        assert_eq!(desk.read("a.pdf"), PDF);
    };
    check(|| reply(429, &[("retry-after", "0")], b""), 2);
    check(|| reply(429, &[], b""), 3);
    check(|| reply(503, &[("retry-after", "1")], b""), 2);
    check(|| reply(502, &[], b""), 4);
    check(|| at_once(""), 2);
    check(|| at_once("HTTP/1.1 200 OK\r\ncontent-length: 23\r\n\r\n%PDF"), 2);
}
