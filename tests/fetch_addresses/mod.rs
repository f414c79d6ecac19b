//! More than 250 spellings of addresses that lead elsewhere, and names that change what they lead to: nothing is reached.

mod spellings;

use std::fs;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use groundline::corpus::Corpus;
use groundline::corpus::history::Actor;
use groundline::fetch::{self, Limits, Lookup, Outcome, Policy, Selection};

use self::spellings::spellings;
use crate::support::publisher::{Publisher, reply};
use crate::support::{command, folder, stderr, stdout};

/// Leads every name to one address, and counts how often it was asked.
#[derive(Debug)]
struct Everywhere(SocketAddr, AtomicUsize);

impl Lookup for Everywhere {
    fn addresses(&self, _: &str, _: u16, _: Duration) -> io::Result<Vec<SocketAddr>> {
        self.1.fetch_add(1, Ordering::SeqCst);
        Ok(vec![self.0])
    }
}

fn quick() -> Limits {
    let zero = Duration::ZERO;
    Limits {
        tries: 1,
        pause: zero,
        longest_pause: zero,
        backoff: zero,
        wall: Duration::from_secs(5),
        ..Limits::default()
    }
}

/// A pack with one sidecar an address.
fn pack(folder: &Path, urls: &[String]) {
    fs::write(folder.join("pack.toml"), "name = \"p\"\n").expect("written");
    for (at, url) in urls.iter().enumerate() {
        let url = toml_text(url);
        let text = format!("id = \"d{at}\"\nversion = \"1\"\nlicence = \"x\"\nurl = {url}\n");
        fs::write(folder.join(format!("d{at}.toml")), text).expect("written");
    }
}

fn toml_text(text: &str) -> String {
    let escaped = text.chars().map(|c| format!("\\U{:08X}", u32::from(c)));
    format!("\"{}\"", escaped.collect::<String>())
}

fn fetch_all(folder: &Path, policy: Policy) -> Vec<Outcome> {
    let corpus = Corpus::open(&[folder.to_owned()]).expect("a corpus");
    let day = "2026-03-01".parse().expect("a day");
    let actor = Actor { by: "an editor".to_owned(), at: "2026-03-01T12:00:00Z".parse().expect("a moment") };
    let planned = fetch::plan(&corpus, &Selection::default(), &policy, day).expect("a plan");
    let outcomes = fetch::run(planned, policy, &actor, &|_, _| None, &mut |_| {});
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

fn all_refused(outcomes: &[Outcome], expected: usize) {
    assert_eq!(outcomes.len(), expected);
    for outcome in outcomes {
        assert!(matches!(outcome, Outcome::Not(error) if error.is_refusal()), "{outcome:?}");
    }
}

#[test]
fn odd_spellings_in_a_sidecar_reach_nobody() {
    let canary = Publisher::canary();
    let port = canary.address.port().to_string();
    // Were one of them asked for, it would lead to the canary.
    let urls = spellings("http", &port);
    assert!(urls.len() >= 250, "{}", urls.len());
    let place = folder();
    pack(place.path(), &urls);
    let names = Arc::new(Everywhere(canary.address, AtomicUsize::new(0)));
    let policy = Policy::for_test_server(canary.address.port(), Some(canary.address), names.clone(), quick());
    all_refused(&fetch_all(place.path(), policy.clone()), urls.len());
    assert_eq!((canary.connections(), names.1.load(Ordering::SeqCst)), (0, 0));
    // The canary sings: a plain spelling does reach it.
    let plain = folder();
    pack(plain.path(), &[format!("http://www.cdc.gov:{port}/canary.txt")]);
    assert!(matches!(fetch_all(plain.path(), policy)[0], Outcome::Fetched { .. }));
    assert!(canary.connections() > 0);
}

#[test]
fn odd_spellings_are_refused_by_the_strict_policy_before_a_name_is_looked_up() {
    let urls: Vec<String> = spellings("https", "443")
        .into_iter()
        .chain(spellings("http", "80"))
        .chain(["http://www.cdc.gov/".to_owned()])
        .collect();
    assert!(urls.len() >= 500, "{}", urls.len());
    let place = folder();
    pack(place.path(), &urls);
    let names = Arc::new(Everywhere("127.0.0.1:443".parse().expect("an address"), AtomicUsize::new(0)));
    all_refused(&fetch_all(place.path(), Policy::strict().looked_up_by(names.clone())), urls.len());
    assert_eq!(names.1.load(Ordering::SeqCst), 0);
}

#[test]
fn odd_spellings_in_a_redirect_are_not_followed() {
    let port_of = |address: SocketAddr| address.port().to_string();
    // What a header cannot carry, and what is a path of the same host when it stands in a redirect, is left out.
    let usable = |url: &str| {
        !url.is_empty()
            && url.bytes().all(|byte| byte >= b' ' && byte != 0x7f)
            && url.contains(['/', ':', '\\'])
            && url.trim() == url
    };
    let server = Publisher::start(move |request| {
        let Some(at) = request.path.strip_prefix("/r").and_then(|at| at.parse::<usize>().ok()) else {
            return reply(if request.path == "/robots.txt" { 404 } else { 200 }, &[], b"reached");
        };
        let port = request.header("host").rsplit(':').next().unwrap_or_default().to_owned();
        let targets: Vec<String> = spellings("http", &port).into_iter().filter(|url| usable(url)).collect();
        reply(302, &[("location", &targets[at])], b"")
    });
    let port = port_of(server.address);
    let count = spellings("http", &port).iter().filter(|url| usable(url)).count();
    assert!(count >= 250, "{count}");
    let place = folder();
    let urls: Vec<String> = (0..count).map(|at| format!("http://www.cdc.gov:{port}/r{at}")).collect();
    pack(place.path(), &urls);
    let names = Arc::new(Everywhere(server.address, AtomicUsize::new(0)));
    let policy = Policy::for_test_server(server.address.port(), Some(server.address), names, quick());
    let outcomes = fetch_all(place.path(), policy);
    assert_eq!(outcomes.len(), count);
    for outcome in &outcomes {
        assert!(matches!(outcome, Outcome::Not(_)), "{outcome:?}");
    }
    let asked: Vec<String> = server.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(asked.len(), count);
    assert!(asked.iter().all(|path| path.starts_with("/r")), "{asked:?}");
}

#[test]
fn names_that_lead_inwards_are_refused_at_the_connection() {
    let canary = Publisher::canary();
    for address in [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "100.64.1.1",
        "169.254.169.254",
        "172.20.0.1",
        "192.168.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "224.0.0.251",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:1::1",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "2001:db8::1",
    ] {
        let ip: IpAddr = address.parse().expect("an address");
        let names = Arc::new(Everywhere(SocketAddr::new(ip, 443), AtomicUsize::new(0)));
        let place = folder();
        pack(place.path(), &["https://www.cdc.gov/g.pdf".to_owned()]);
        let outcomes = fetch_all(place.path(), Policy::strict().looked_up_by(names));
        let told = match &outcomes[0] {
            Outcome::Not(error) if error.is_refusal() => error.to_string(),
            other => panic!("{address}: {other:?}"),
        };
        assert!(told.contains(&format!("www.cdc.gov leads to {ip}, which is ")), "{told}");
    }
    // A name that leads to this very machine and to the canary's port is no better.
    let names = Arc::new(Everywhere(canary.address, AtomicUsize::new(0)));
    let place = folder();
    pack(place.path(), &["https://www.cdc.gov/g.pdf".to_owned()]);
    all_refused(&fetch_all(place.path(), Policy::strict().looked_up_by(names)), 1);
    assert_eq!(canary.connections(), 0);
}

/// A name that leads to the server when it is first asked, and elsewhere ever after.
#[derive(Debug)]
struct Rebinding {
    first: SocketAddr,
    then: SocketAddr,
    asked: AtomicUsize,
}

impl Lookup for Rebinding {
    fn addresses(&self, _: &str, _: u16, _: Duration) -> io::Result<Vec<SocketAddr>> {
        Ok(vec![if self.asked.fetch_add(1, Ordering::SeqCst) == 0 { self.first } else { self.then }])
    }
}

#[test]
fn a_name_that_changes_its_address_is_refused_and_each_connection_looked_up_once() {
    let server = Publisher::start(|_| reply(404, &[], b""));
    let canary = Publisher::canary();
    let names = Arc::new(Rebinding { first: server.address, then: canary.address, asked: AtomicUsize::new(0) });
    let policy = Policy::for_test_server(server.address.port(), Some(server.address), names.clone(), quick());
    let place = folder();
    pack(place.path(), &[format!("http://www.cdc.gov:{}/g.pdf", server.address.port())]);
    all_refused(&fetch_all(place.path(), policy), 1);
    // Once for robots.txt, which was let through, and once for the document, which was not.
    assert_eq!(names.asked.load(Ordering::SeqCst), 2);
    assert_eq!((server.connections(), canary.connections()), (1, 0));
}

#[test]
fn the_program_reaches_no_loopback_whatever_it_is_told() {
    let canary = Publisher::canary();
    let port = canary.address.port();
    let place = folder();
    let urls = [
        format!("http://127.0.0.1:{port}/g.pdf"),
        format!("https://127.0.0.1:{port}/g.pdf"),
        format!("https://localhost:{port}/g.pdf"),
        "https://localhost/g.pdf".to_owned(),
        format!("https://[::1]:{port}/g.pdf"),
        format!("https://2130706433:{port}/g.pdf"),
    ];
    pack(place.path(), &urls);
    let hosts = "name = \"p\"\nhosts = [\"localhost\", \"127.0.0.1\"]\n";
    fs::write(place.path().join("pack.toml"), hosts).expect("written");
    let corpus = place.path().to_str().expect("a path");
    let mut command = command(place.path(), &["corpus", "fetch", "--by", "an editor", "--json", "--corpus", corpus]);
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env(name, format!("http://127.0.0.1:{port}"));
    }
    let output = command.output().expect("the program starts");
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let answer: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let documents = answer["documents"].as_array().expect("rows");
    assert_eq!(documents.len(), urls.len());
    for row in documents {
        assert_eq!(row["result"], "refused", "{row}");
        assert!(row["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{row}");
    }
    assert_eq!(canary.connections(), 0);
}

#[test]
fn a_dry_run_says_what_would_be_done_and_asks_nobody() {
    let place = folder();
    let urls = ["https://www.cdc.gov/g.pdf".to_owned(), "https://127.0.0.1/g.pdf".to_owned()];
    pack(place.path(), &urls);
    let corpus = place.path().to_str().expect("a path");
    let run = |arguments: &[&str]| {
        let all = [&["corpus", "fetch", "--corpus", corpus], arguments].concat();
        let output = command(place.path(), &all).output().expect("the program starts");
        (output.status.code(), stdout(&output), stderr(&output))
    };
    let (code, out, err) = run(&["--dry-run"]);
    assert_eq!(code, Some(3), "{err}");
    assert!(out.contains("would fetch") && out.contains("its host is a number"), "{out}");
    let (code, out, _) = run(&["--dry-run", "--json", "d0@1"]);
    assert_eq!(code, Some(0));
    let answer: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(answer["documents"][0]["result"], "would_fetch");
    assert_eq!(answer["documents"].as_array().map(Vec::len), Some(1));
    let (code, _, err) = run(&["--dry-run", "d9"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("no version or document \"d9\""), "{err}");
    let (code, _, err) = run(&["--dry-run", "--pack", "q"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("no pack \"q\" in this corpus; it holds p"), "{err}");
    assert!(!place.path().join(".fetch").exists());
}
