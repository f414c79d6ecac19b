//! An editor's day over HTTP: a document is added, built, replaces an edition and is what answers; and what is refused.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use groundline::access::{Access, Lifetime, Scope, Scopes, Tokens};
use groundline::http::{Editors, Settings};
use groundline::ingest::SharedRead;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::editing::{old_edition, written_pdf};
use crate::support::{Answer, Running, folder, read_here, run_in, snapshot_of, stdout};

const PDF: &str = "application/pdf";
const DIGEST: &str = "# Zebrapox: summary\n\n## Scope\n\nAdults with zebrapox, an invented disease. Children are looked \
    after elsewhere, and nothing here is about them or about people who have only met somebody with it.\n\n\
    ## Recommendations\n\n1. Do not treat adults with zebrapox with mustard wraps.\n   - Grade: D\n   \
    - Direction: against\n   - Population: adults with zebrapox\n   - Locator: page 1\n";

/// A service over the one old edition of `editing`, in a folder.
fn service(place: &Path, settings: Settings, read: SharedRead, anonymous: bool) -> Running {
    old_edition(place);
    let (corpus, index) = (place.join("corpus"), place.join("index"));
    snapshot_of(&corpus, &index, 1);
    Running::editing(&index, settings, Editors::new(vec![corpus], read, anonymous))
}

fn ordinary(place: &Path) -> Running {
    service(place, Settings::default(), Arc::new(read_here), true)
}

/// An answer that must have this status; none of its bytes tell where the corpus lies.
#[track_caller]
fn expect(place: &Path, answer: Answer, status: u16) -> Answer {
    assert_eq!(answer.status, status, "{}", answer.text());
    let folder = place.display().to_string();
    assert!(!answer.text().contains(&folder), "a folder is told: {}", answer.text());
    answer
}

fn send(running: &Running, query: &str, kind: &str, body: &[u8]) -> Answer {
    running.request("POST", &format!("/v1/corpus/documents?{query}"), &[("content-type", kind)], body)
}

/// The events of a job, from after `seen`, each with its id, name and data.
fn follow(running: &Running, job: &str, seen: Option<usize>) -> (u16, Vec<(usize, String, Value)>) {
    let seen = seen.map(|seen| seen.to_string());
    let mut headers = vec![("accept", "text/event-stream")];
    headers.extend(seen.as_deref().map(|seen| ("last-event-id", seen)));
    let answer = running.request("GET", job, &headers, "");
    if answer.status == 200 {
        assert_eq!(answer.header("content-type"), "text/event-stream");
    }
    let frames = answer.text().split_terminator("\n\n").filter(|frame| !frame.starts_with(':'));
    let event = |frame: &str| {
        let part = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)).expect("a part").to_owned();
        let data = serde_json::from_str(&part("data: ")).expect("JSON");
        (part("id: ").parse().expect("a number"), part("event: "), data)
    };
    (answer.status, frames.map(event).collect())
}

/// Builds, follows the events to the end, and gives the last one's data.
#[track_caller]
fn build(running: &Running) -> (String, Value) {
    let begun = running.post("/v1/corpus/builds?by=anna", "");
    assert_eq!(begun.status, 202, "{}", begun.text());
    let job = begun.header("location").to_owned();
    let (_, events) = follow(running, &job, None);
    let (_, name, last) = events.last().expect("events");
    assert_eq!(name, "done", "{last}");
    (job, last.clone())
}

fn evidence(running: &Running, claim: &str) -> Value {
    running.post("/v1/evidence", json!({"claim": claim, "k": 5}).to_string()).json()
}

#[test]
fn an_editors_whole_day() {
    let place = folder();
    let running = ordinary(place.path());
    let ok = |answer: Answer| expect(place.path(), answer, 200);
    let morning = ok(running.get("/v1/corpus"));
    let tag = morning.header("etag").to_owned();
    assert_eq!(morning.json()["packs"][0]["name"], "mine");
    assert_eq!(morning.json()["versions"], 1);
    let same = running.request("GET", "/v1/corpus", &[("if-none-match", tag.as_str())], "");
    assert_eq!(same.status, 304);

    // A PDF is looked at first, then added.
    let query =
        "name=Zebra%20guide.pdf&pack=mine&id=zebrapox&version=2020&publisher=Board&url=https://z.example/&by=anna";
    let shown = ok(send(&running, &format!("{query}&dry_run=true"), PDF, &written_pdf())).json();
    assert_eq!(
        (shown["dry_run"].clone(), shown["planned"][0]["content"].clone()),
        (json!(true), json!("mine/zebrapox-2020.pdf"))
    );
    assert!(
        shown["planned"][0]["becomes"].as_str().is_some_and(|toml| toml.contains("publisher = \"Board\"")),
        "{shown}"
    );
    assert_eq!(ok(running.get("/v1/corpus")).header("etag"), tag, "a dry run writes nothing");
    let added = expect(place.path(), send(&running, query, PDF, &written_pdf()), 201);
    assert_ne!(added.header("etag"), tag);
    let added = added.json();
    assert_eq!((added["version"].clone(), added["events"][0]["by"].clone()), (json!("zebrapox@2020"), json!("anna")));
    assert!(
        added["read"]["passages"].as_u64() > Some(0) && added["missing"].to_string().contains("licence"),
        "{added}"
    );
    // Its digest, beside it.
    let query =
        "name=z-digest.md&pack=mine&version=2020&tier=digest&same_edition=zebrapox@2020&grade_system=USPSTF&by=anna";
    let digest = expect(place.path(), send(&running, query, "text/markdown", DIGEST.as_bytes()), 201).json();
    assert_eq!(digest["version"], "z-digest@2020");
    let faults = ok(running.get("/v1/corpus/lint")).json();
    assert!(faults["faults"].to_string().contains("mine/z-digest-2020.toml"), "{faults}");

    // A build, followed to its end; evidence comes from it at once.
    let before = evidence(&running, "Adults with dropsy should be weighed every week at home.");
    let (job, built) = build(&running);
    let after = evidence(&running, "Adults with dropsy should be weighed every week at home.");
    assert_eq!(after["snapshot"]["id"], built["result"]["snapshot"]["id"]);
    assert_ne!(after["snapshot"]["id"], before["snapshot"]["id"]);
    let first = &after["results"][0]["passages"][0]["document"];
    assert_eq!((first["id"].clone(), first["version"].clone()), (json!("zebrapox"), json!("2020")), "{after}");
    assert_eq!(ok(running.get("/v1/corpus")).json()["corpus_sha256"], built["result"]["snapshot"]["corpus_sha256"]);
    let (_, events) = follow(&running, &job, None);
    let ids: Vec<usize> = events.iter().map(|event| event.0).collect();
    assert_eq!(ids, (1..=events.len()).collect::<Vec<_>>());
    let reading = |event: &(usize, String, Value)| event.2["stage"] == "publishing" && event.2["done"] == 3;
    assert!(events.iter().any(reading), "{events:?}");
    assert_eq!(follow(&running, &job, Some(events.len() - 1)).1, events[events.len() - 1..]);
    assert_eq!(follow(&running, &job, Some(events.len())).0, 204);
    assert_eq!(ok(running.get(&job)).json()["state"], "done");

    // The old edition goes out of force: shown first, made in the state that was seen.
    let old = json!({"old": "zebrapox@2010", "new": "zebrapox@2020", "note": "the 2020 update"}).to_string();
    let shown = ok(running.post("/v1/corpus/supersede?dry_run=true", &old));
    assert!(
        shown.json()["planned"][1]["becomes"].as_str().is_some_and(|toml| toml.contains("status = \"superseded\""))
    );
    let headers = [("content-type", "application/json"), ("if-match", shown.header("etag"))];
    let made = ok(running.request("POST", "/v1/corpus/supersede?by=bo", &headers, &old));
    assert_eq!(made.json()["events"].as_array().map(Vec::len), Some(2));
    assert_eq!(made.json()["next"]["impact"], "/v1/impact");
    let stale = expect(place.path(), running.request("POST", "/v1/corpus/supersede?by=bo", &headers, &old), 412);
    assert_eq!(
        (stale.json()["type"].clone(), stale.header("etag")),
        (json!("urn:groundline:problem:stale"), made.header("etag"))
    );
    let (_, built) = build(&running);
    let answer = evidence(&running, "Zebrapox is treated with mustard wraps for 7 days.");
    let passages = answer["results"][0]["passages"].as_array().expect("passages");
    let old = passages.iter().find(|passage| passage["document"]["version"] == "2010").expect("the old edition");
    assert_eq!(old["document"]["superseded_by"], "zebrapox@2020");
    assert!(old["flags"].to_string().contains("superseded"), "{old}");
    let changes = ok(running.get(built["result"]["changes"].as_str().expect("an address"))).json();
    assert!(changes["changes"].to_string().contains("\"superseded\""), "{changes}");

    // What remains of the day: compared, spoken about, withdrawn.
    ok(running.post("/v1/corpus/checked?by=anna", r#"{"versions":["zebrapox@2020","zebrapox@2010"]}"#));
    ok(running
        .post("/v1/corpus/notices?by=anna", r#"{"version":"zebrapox@2020","kind":"living","since":"2026-01-31"}"#));
    ok(running.post("/v1/corpus/retire?by=anna", r#"{"version":"z-digest@2020","reason":"withdrawn"}"#));
    let history = ok(running.get("/v1/corpus/history")).json();
    let actions: Vec<&str> =
        history["events"].as_array().expect("events").iter().filter_map(|event| event["action"].as_str()).collect();
    assert_eq!((history["sound"].clone(), history["next"].clone()), (json!(true), Value::Null));
    assert_eq!(actions, ["add", "add", "supersede", "supersede", "check", "check", "notice", "retire"]);
    let page = ok(running.get("/v1/corpus/history?id=zebrapox&limit=4")).json();
    let next = ok(running.get(page["next"].as_str().expect("a next page"))).json();
    assert_eq!((page["events"].as_array().map(Vec::len), next["events"].as_array().map(Vec::len)), (Some(4), Some(2)));
    assert_eq!(next["events"][1]["action"], "notice");
    let verified = run_in(place.path(), &["corpus", "history", "--verify"]);
    assert!(verified.status.success(), "the command line sees the same log: {}", stdout(&verified));

    // And back.
    let last = running.get("/v1/snapshots").json();
    let back = ok(running.post("/v1/snapshots/rollback?by=anna", "")).json();
    assert_eq!(evidence(&running, "zebrapox")["snapshot"]["id"], back["active"]);
    let forth = format!("/v1/snapshots/{}/activate?by=anna", back["before"].as_str().expect("a snapshot"));
    assert_eq!(ok(running.post(&forth, "")).json()["active"], back["before"]);
    assert_eq!(running.get("/v1/snapshots").json(), last);
    let recorded = run_in(place.path(), &["index", "history", "--json"]);
    let recorded: Value = serde_json::from_slice(&recorded.stdout).expect("JSON");
    let asked: Vec<(&str, &str)> = recorded["activations"].as_array().expect("activations")[..3]
        .iter()
        .filter_map(|one| Some((one["act"].as_str()?, one["editor"].as_str()?)))
        .collect();
    assert_eq!(asked, [("activate", "anna"), ("rollback", "anna"), ("build", "anna")]);
    assert!(stdout(&run_in(place.path(), &["index", "history"])).contains("by anna (account "));
    assert_eq!(ok(running.get("/v1/jobs")).json()["jobs"].as_array().map(Vec::len), Some(2));
    let gaps = ok(running.get("/v1/corpus/gaps"));
    assert!(gaps.json()["total"]["asked"].is_number() && !gaps.text().contains("mustard"));
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_written() {
    let place = folder();
    let running = ordinary(place.path());
    let tag = running.get("/v1/corpus").header("etag").to_owned();
    let text = format!("# Mumps\n\n{}", "Adults with mumps should rest for 5 days and drink enough. ".repeat(8));
    let add = |query: &str, kind: &str, body: &[u8]| send(&running, &format!("{query}&by=anna"), kind, body);
    let markdown = |query: &str| add(query, "text/markdown", text.as_bytes());
    let json = |path: &str, body: &str| running.post(path, body);
    for (answer, status, pointer) in [
        (markdown("name=..%2F..%2Fevil.md"), 422, "/name"),
        (markdown("name=mumps.exe"), 422, "/name"),
        (markdown("name=mumps.md&id=..%2F..%2Fevil"), 422, "/id"),
        (markdown("name=mumps.md&version=..%2Fx"), 422, "/version"),
        (markdown("name=mumps.md&pack=..%2F..%2Fevil"), 422, "/pack"),
        (markdown("name=mumps.md&pack=%2Ftmp%2Fevil"), 422, "/pack"),
        (markdown("name=mumps.md&tier=best"), 422, "/tier"),
        (markdown("name=mumps.md&url=javascript:x"), 422, "/url"),
        (markdown("name=mumps.md&published=soon"), 422, "/published"),
        (markdown("name=mumps.md&colour=red"), 422, "/colour"),
        (markdown("name=mumps.md&supersedes=x"), 422, "/supersedes"),
        (add("name=mumps.pdf", PDF, b"%PDF-1.7\nnothing more"), 422, ""),
        (add("name=mumps.txt", "application/octet-stream", b"word"), 422, ""),
        (add("name=mumps.md", "text/markdown", b""), 422, ""),
        (json("/v1/corpus/retire?by=anna", r#"{"version":"../../x@1"}"#), 422, "/version"),
        (json("/v1/corpus/supersede?by=anna", r#"{"old":"zebrapox","new":"zebrapox@2020"}"#), 422, "/old"),
        (json("/v1/corpus/retire?by=anna", r#"{"version":"zebrapox@2010","reason":"a\u001b[2Jb"}"#), 422, "/reason"),
        (json("/v1/corpus/checked?by=anna", r#"{"versions":[]}"#), 422, "/versions"),
        (json("/v1/corpus/notices?by=anna", r#"{"version":"zebrapox@2010","kind":"gossip"}"#), 422, "/kind"),
        (json("/v1/corpus/retire?dry_run=perhaps", r#"{"version":"zebrapox@2010"}"#), 422, "/dry_run"),
        (json("/v1/corpus/retire?by=", r#"{"version":"zebrapox@2010"}"#), 422, "/by"),
    ] {
        let answer = expect(place.path(), answer, status);
        assert_eq!(answer.pointer(), pointer, "{}", answer.text());
    }
    for (answer, status, told) in [
        (add("name=mumps.md", "text/plain", text.as_bytes()), 415, "octet-stream"),
        (add("name=mumps.md", "multipart/form-data; boundary=x", b"--x"), 415, "octet-stream"),
        (json("/v1/corpus/retire?by=anna", r#"{"version":"nothing@1"}"#), 404, "nothing@1"),
        (json("/v1/corpus/retire?by=anna", r#"{"version":"zebrapox@1999"}"#), 404, "there is zebrapox@2010"),
        (json("/v1/corpus/supersede?by=anna", r#"{"old":"zebrapox@2010","new":"zebrapox@2010"}"#), 409, "itself"),
        (json("/v1/corpus/retire", r#"{"version":"zebrapox@2010"}"#), 401, "who you are"),
        (json("/v1/corpus/retire?by=anna", "{"), 400, "JSON"),
        (running.get("/v1/jobs/b-0-1"), 404, "job"),
        (running.get("/v1/jobs/%FF"), 404, "job"),
        (running.get("/v1/corpus/history?id=nothing@1"), 404, "nothing@1"),
        (json("/v1/snapshots/..%2F..%2Fx/activate?by=anna", ""), 404, "snapshot"),
        (json("/v1/snapshots/0123456789abcdef/activate?by=anna", ""), 404, "snapshot"),
        (json("/v1/snapshots/rollback?by=anna", ""), 409, "before"),
        (markdown("name=zebrapox-2010.md&pack=mine"), 409, "in the corpus already (mine/zebrapox-2010.toml)"),
    ] {
        let answer = expect(place.path(), answer, status);
        assert!(answer.text().contains(told), "{told}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    // More than a document may have: said before it is sent.
    let head = "POST /v1/corpus/documents?name=x.pdf&by=a HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/pdf\r\n\
                Content-Length: 67108865\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
    assert!(running.raw(head).starts_with("HTTP/1.1 413"));
    assert_eq!(running.get("/v1/corpus").header("etag"), tag, "nothing was written");
    let packs: Vec<_> = std::fs::read_dir(place.path().join("corpus")).expect("a folder").collect();
    assert_eq!(packs.len(), 1, "{packs:?}");
}

#[test]
fn another_sites_page_changes_nothing() {
    let place = folder();
    let running = ordinary(place.path());
    let tag = running.get("/v1/corpus").header("etag").to_owned();
    for path in [
        "/v1/corpus/documents?name=x.md&by=a",
        "/v1/corpus/supersede?by=a",
        "/v1/corpus/retire?by=a",
        "/v1/corpus/builds?by=a",
        "/v1/snapshots/rollback?by=a",
    ] {
        for header in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
            for kind in ["application/json", "text/plain", "application/octet-stream"] {
                let answer = running.request("POST", path, &[("content-type", kind), header], "{}");
                assert_eq!(
                    (answer.status, answer.json()["type"].clone()),
                    (403, json!("urn:groundline:problem:cross-site"))
                );
            }
        }
    }
    let named = running.raw(
        "POST /v1/corpus/builds?by=a HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    );
    assert!(named.starts_with("HTTP/1.1 421"), "{named}");
    assert_eq!(running.get("/v1/corpus").header("etag"), tag);
    assert_eq!(running.get("/v1/jobs").json(), json!({"jobs": []}));
}

#[test]
fn a_token_says_who_and_what() {
    let place = folder();
    let tokens = Tokens::of(place.path().join("data"));
    let settings = Settings { access: Arc::new(Access::by(tokens.clone(), true)), ..Settings::default() };
    let running = service(place.path(), settings, Arc::new(read_here), false);
    let bearer = |scope: Scope, name: &str| {
        let made = tokens.create(Scopes::of([scope]), Some(name), Lifetime::Hours(1), Timestamp::now());
        format!("Bearer {}", made.expect("made").0.shown())
    };
    let (read, edit) = (bearer(Scope::Read, "harness"), bearer(Scope::Edit, "Anna, desk 3"));
    let ask = |method: &str, path: &str, token: &str, body: &str| {
        let headers = [("content-type", "application/json"), ("authorization", token)];
        running.request(method, path, &headers, body)
    };
    let body = r#"{"versions":["zebrapox@2010"]}"#;
    assert_eq!(ask("GET", "/v1/corpus", &read, "").status, 200);
    assert_eq!(ask("POST", "/v1/corpus/checked", &read, body).status, 403);
    assert_eq!(ask("POST", "/v1/corpus/builds", &read, "").status, 403);
    assert_eq!(ask("GET", "/v1/jobs", &read, "").status, 403);
    assert_eq!(ask("POST", "/v1/corpus/checked?by=bo", &edit, body).pointer(), "/by");
    let made = ask("POST", "/v1/corpus/checked", &edit, body);
    assert_eq!((made.status, made.json()["events"][0]["by"].clone()), (200, json!("Anna, desk 3")), "{}", made.text());
    assert_eq!(running.post("/v1/corpus/checked?by=bo", body).status, 401);
}

#[test]
fn a_service_that_others_reach_wants_a_token_of_whoever_changes_it() {
    let place = folder();
    let running = service(place.path(), Settings::default(), Arc::new(read_here), false);
    assert_eq!(running.get("/v1/corpus").status, 200);
    for path in ["/v1/corpus/checked?by=bo", "/v1/corpus/checked?dry_run=true", "/v1/corpus/builds?by=bo"] {
        let answer = running.post(path, r#"{"versions":["zebrapox@2010"]}"#);
        assert_eq!((answer.status, answer.header("www-authenticate").is_empty()), (401, false), "{path}");
    }
    let other = Running::start();
    assert_eq!(other.get("/v1/corpus").status, 404, "a service without a corpus says so");
}

/// A reader that waits until it is told to go on.
#[derive(Default)]
struct Held {
    open: Mutex<bool>,
    opened: Condvar,
    asked: AtomicBool,
}

impl Held {
    fn reader(self: &Arc<Held>) -> SharedRead {
        let held = Arc::clone(self);
        Arc::new(move |format, content| {
            held.asked.store(true, Ordering::SeqCst);
            let open = held.open.lock().unwrap_or_else(PoisonError::into_inner);
            drop(held.opened.wait_while(open, |open| !*open));
            read_here(format, content)
        })
    }

    fn release(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.opened.notify_all();
    }

    fn wait(&self) {
        let started = Instant::now();
        while !self.asked.load(Ordering::SeqCst) {
            assert!(started.elapsed() < Duration::from_secs(20), "nothing is read");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn one_build_at_a_time_and_a_client_that_leaves_disturbs_nobody() {
    let place = folder();
    let held = Arc::new(Held::default());
    let running = service(place.path(), Settings::default(), held.reader(), true);
    let begun = running.post("/v1/corpus/builds?by=anna&fresh=true", "");
    assert_eq!(begun.status, 202, "{}", begun.text());
    let job = begun.header("location").to_owned();
    held.wait();
    let second = running.post("/v1/corpus/builds?by=bo", "");
    assert_eq!((second.status, second.header("location")), (409, job.as_str()), "{}", second.text());
    assert_eq!(second.json()["current"]["by"], "anna");
    assert_eq!(running.post("/v1/snapshots/rollback?by=bo", "").status, 503);
    // Somebody listens, hears that it has begun, and goes.
    let mut listener = running.connect();
    let head = format!("GET {job} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
    listener.write_all(head.as_bytes()).expect("sends");
    let mut heard = String::new();
    while !heard.contains("\"stage\":\"reading\"") {
        let mut piece = [0; 1024];
        let read = listener.read(&mut piece).expect("an event at once");
        assert!(read > 0, "the stream ended: {heard}");
        heard.push_str(&String::from_utf8_lossy(&piece[..read]));
    }
    drop(listener);
    // Claims are answered and records changed meanwhile.
    assert_eq!(evidence(&running, "mustard wraps")["results"][0]["status"], "ok");
    assert_eq!(running.post("/v1/corpus/checked?by=bo", r#"{"versions":["zebrapox@2010"]}"#).status, 200);
    held.release();
    let (_, events) = follow(&running, &job, None);
    assert_eq!(events.last().map(|event| event.1.as_str()), Some("done"), "{events:?}");
    assert_eq!(running.post("/v1/corpus/builds?by=bo", "").status, 202, "the next one may begin");
}

#[test]
fn a_broken_document_is_one_rejected_document() {
    let place = folder();
    let running = ordinary(place.path());
    let pack = place.path().join("corpus/mine");
    std::fs::write(pack.join("broken-2020.pdf"), "%PDF-1.7\nnothing more").expect("written");
    std::fs::write(pack.join("broken-2020.toml"), "id = \"broken\"\nversion = \"2020\"\n").expect("written");
    std::fs::write(pack.join("bad-2020.toml"), "id = \"bad\"\nversion = \"2020\"\ntier = \"best\"\n").expect("written");
    let (_, built) = build(&running);
    let rejected = built["result"]["rejected"].as_array().expect("a list");
    let named: Vec<&str> = rejected.iter().filter_map(|one| one["version"].as_str()).collect();
    assert_eq!(named, ["bad@2020", "broken@2020"], "{built}");
    assert!(rejected.iter().all(|one| one["reason"].as_str().is_some_and(|reason| !reason.is_empty())));
    assert_eq!(evidence(&running, "mustard wraps")["snapshot"]["id"], built["result"]["snapshot"]["id"]);
    let faults = running.get("/v1/corpus").json();
    assert!(faults["faults"].to_string().contains("mine/bad-2020.toml"), "{faults}");
}

#[test]
fn a_build_that_fails_leaves_the_old_snapshot() {
    let place = folder();
    let read: SharedRead = Arc::new(|_, _| std::panic::panic_any("a fault that the test wants"));
    let running = service(place.path(), Settings::default(), read, true);
    let before = evidence(&running, "mustard wraps");
    let begun = running.post("/v1/corpus/builds?by=anna&fresh=true", "");
    let (_, events) = follow(&running, begun.header("location"), None);
    let (_, name, last) = events.last().expect("events");
    assert_eq!((name.as_str(), last["state"].clone()), ("failed", json!("failed")), "{last}");
    assert!(last["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{last}");
    assert_eq!(evidence(&running, "mustard wraps")["snapshot"]["id"], before["snapshot"]["id"]);
    // The same snapshot is there already: nothing has to be read for it.
    assert_eq!(build(&running).1["result"]["reused"], json!(true));
}

#[test]
fn two_editors_with_the_same_state_cannot_both_write() {
    let place = folder();
    let running = ordinary(place.path());
    let tag = running.get("/v1/corpus").header("etag").to_owned();
    let body = r#"{"versions":["zebrapox@2010"]}"#;
    let statuses = std::thread::scope(|threads| {
        let sent = ["anna", "bo", "cy", "di"].map(|by| {
            let (running, tag) = (&running, tag.as_str());
            threads.spawn(move || {
                let headers = [("content-type", "application/json"), ("if-match", tag)];
                running.request("POST", &format!("/v1/corpus/checked?by={by}"), &headers, body).status
            })
        });
        sent.map(|one| one.join().expect("an answer"))
    });
    let count = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
    assert_eq!((count(200), count(412)), (1, 3), "{statuses:?}");
    assert_eq!(running.get("/v1/corpus/history").json()["events"].as_array().map(Vec::len), Some(1));
}
