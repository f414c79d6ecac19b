//! Tokens, sessions and quotas over a real socket, and the commands that make them.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::Arc;

use groundline::access::{Access, Lifetime, Scope, Scopes, Tokens};
use groundline::http::Settings;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::{Running, command, folder, run_in, stderr, stdout};

const CLAIM: &str = r#"{"claim":"Quinsulfate in marsh fever.","k":1}"#;

fn guarded(tokens: &Tokens) -> Running {
    let settings = Settings { access: Arc::new(Access::by(tokens.clone(), true)), ..Settings::default() };
    Running::with(settings, 100)
}

fn made(tokens: &Tokens, scope: Scope) -> (String, String) {
    let made = tokens.create(Scopes::of([scope]), Some("a test"), Lifetime::Hours(1), Timestamp::now());
    let (secret, record) = made.expect("made");
    (secret.shown().to_owned(), record.id)
}

fn post(running: &Running, path: &str, headers: &[(&str, &str)], body: &str) -> crate::support::Answer {
    running.request("POST", path, &[headers, &[("content-type", "application/json")]].concat(), body)
}

#[test]
fn where_tokens_are_wanted_nobody_gets_in_without() {
    let data = folder();
    let tokens = Tokens::of(data.path());
    let running = guarded(&tokens);
    let (token, id) = made(&tokens, Scope::Read);
    let bearer = format!("Bearer {token}");
    for path in ["/v1/documents", "/v1/snapshots", "/v1/changes", "/metrics", "/openapi.json", "/docs", "/r/x@1"] {
        let answer = running.get(path);
        assert_eq!(answer.status, 401, "{path}");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"groundline\"");
        assert_eq!(answer.json()["title"], "Nobody is signed in");
        let detail = answer.json()["detail"].to_string();
        assert!(["Authorization: Bearer", "/signin", "/v1/session"].iter().all(|way| detail.contains(way)), "{detail}");
    }
    for path in ["/healthz", "/readyz", "/assets/base.css", "/signin", "/v1/session"] {
        assert_eq!(running.get(path).status, 200, "{path}");
    }
    assert_eq!(post(&running, "/v1/evidence", &[], CLAIM).status, 401);
    let wrong = post(&running, "/v1/evidence", &[("authorization", "Bearer gl_wrong")], CLAIM);
    assert_eq!((wrong.status, wrong.header("www-authenticate").contains("invalid_token")), (401, true));
    let right = post(&running, "/v1/evidence", &[("authorization", &bearer)], CLAIM);
    assert_eq!(right.status, 200, "{}", right.text());
    let narrow = running.request("GET", "/v1/reviews", &[("authorization", &bearer)], "");
    assert_eq!((narrow.status, narrow.json()["type"].clone()), (403, json!("urn:groundline:problem:scope")));
    assert!(narrow.header("www-authenticate").contains("scope=\"review\""), "{}", narrow.header("www-authenticate"));
    tokens.revoke(&id, Timestamp::now()).expect("revoked");
    assert_eq!(post(&running, "/v1/evidence", &[("authorization", &bearer)], CLAIM).status, 401, "at once");
}

#[test]
fn a_browser_gets_a_cookie_that_no_script_can_read() {
    let data = folder();
    let tokens = Tokens::of(data.path());
    let running = guarded(&tokens);
    let (token, id) = made(&tokens, Scope::Review);
    let begun = post(&running, "/v1/session", &[], &json!({ "token": token }).to_string());
    assert_eq!(begun.status, 200, "{}", begun.text());
    assert_eq!((begun.json()["token"].clone(), begun.json()["mode"].clone()), (json!(id), json!("token")));
    let cookie = begun.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains("Secure"),
        "{cookie}"
    );
    assert!(!cookie.contains(&token) && !begun.text().contains(&token), "the token itself stays out");
    let pair = cookie.split(';').next().expect("a pair");
    let asked = post(&running, "/v1/evidence", &[("cookie", pair)], CLAIM);
    assert_eq!(asked.status, 200, "{}", asked.text());
    let foreign = [("cookie", pair), ("origin", "https://evil.example")];
    assert_eq!(post(&running, "/v1/evidence", &foreign, CLAIM).status, 403, "another site's page cannot use it");
    let shown = running.request("GET", "/v1/session", &[("cookie", pair)], "").json();
    assert_eq!((shown["scopes"].clone(), shown["name"].clone()), (json!(["review"]), json!("a test")));
    let ended = running.request("DELETE", "/v1/session", &[("cookie", pair)], "");
    assert_eq!((ended.status, ended.header("set-cookie").contains("Max-Age=0")), (204, true));
    assert_eq!(post(&running, "/v1/evidence", &[("cookie", pair)], CLAIM).status, 401);
    let secure =
        post(&running, "/v1/session", &[("x-forwarded-proto", "https")], &json!({ "token": token }).to_string());
    assert!(secure.header("set-cookie").contains("; Secure"));
    for body in ["{}", "{\"token\":7}", "{\"token\":\"gl_no\"}", "x", "{\"token\":\"gl_no\",\"next\":\"/\"}"] {
        let answer = post(&running, "/v1/session", &[], body);
        assert!(matches!(answer.status, 400 | 401 | 422) && answer.header("set-cookie").is_empty(), "{body}");
    }
}

#[test]
fn a_person_signs_in_without_a_script() {
    let data = folder();
    let tokens = Tokens::of(data.path());
    let running = guarded(&tokens);
    let (token, _) = made(&tokens, Scope::Read);
    let raw = |head: &str| running.raw(format!("{head}\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    let page = raw("GET /?q=1 HTTP/1.1\r\nAccept: text/html");
    assert!(page.starts_with("HTTP/1.1 303") && page.contains("location: /signin?next=/%3Fq%3D1"), "{page}");
    let form = |next: &str| {
        let body = format!("token={token}&next={next}");
        running.raw(format!(
            "POST /v1/session HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
             Connection: close\r\nHost: localhost\r\n\r\n{body}",
            body.len()
        ))
    };
    let answer = form("%2Fdocs");
    assert!(answer.starts_with("HTTP/1.1 303") && answer.contains("location: /docs\r\n"), "{answer}");
    assert!(answer.contains("set-cookie: groundline_session="), "{answer}");
    assert!(form("%2F%2Fevil.example").contains("location: /\r\n"), "nobody is sent elsewhere");
}

#[test]
fn who_asks_too_often_is_told_when_to_come_back() {
    let running = Running::with(Settings { requests_a_minute: 3, ..Settings::default() }, 100);
    for left in [2, 1, 0] {
        let answer = running.get("/v1/snapshots");
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), "\"requests\";q=3;w=60");
        assert!(
            answer.header("ratelimit").starts_with(&format!("\"requests\";r={left};t=")),
            "{}",
            answer.header("ratelimit")
        );
    }
    let refused = running.get("/v1/snapshots");
    assert_eq!((refused.status, refused.header("content-type")), (429, "application/problem+json"));
    let wait: u32 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=20).contains(&wait), "{wait}");
    assert_eq!(refused.json()["type"], "urn:groundline:problem:too-many");
    assert_eq!(running.get("/healthz").status, 200, "whoever looks whether it lives is not counted");
}

/// Six batches of twenty are 120 searches on one core. Taking turns, thirty single claims of another caller wait for about
/// as many of them; standing in one line they would wait for all.
#[test]
fn a_greedy_caller_waits_for_itself() {
    let data = folder();
    let tokens = Tokens::of(data.path());
    let mut settings = Settings { cores: 1, access: Arc::new(Access::by(tokens.clone(), true)), ..Settings::default() };
    settings.places.batches_at_work = 8;
    let running = Running::with(settings, 200);
    let (greedy, _) = made(&tokens, Scope::Read);
    let (single, _) = made(&tokens, Scope::Read);
    let (greedy, single) = (format!("Bearer {greedy}"), format!("Bearer {single}"));
    let batch = json!({ "items": vec![json!({"claim": "Quinsulfate in marsh fever."}); 20], "k": 1 }).to_string();
    std::thread::scope(|threads| {
        let busy: Vec<_> = (0..6)
            .map(|_| threads.spawn(|| post(&running, "/v1/evidence", &[("authorization", &greedy)], &batch).status))
            .collect();
        for _ in 0..30 {
            assert_eq!(post(&running, "/v1/evidence", &[("authorization", &single)], CLAIM).status, 200);
        }
        assert!(busy.iter().any(|one| !one.is_finished()), "the single claims waited for the batches");
        for one in busy {
            assert_eq!(one.join().expect("an answer"), 200);
        }
    });
}

#[test]
fn tokens_are_made_listed_and_revoked_on_the_command_line() {
    let place = folder();
    let token = |arguments: &[&str]| run_in(place.path(), &[&["token"], arguments, &["--data", "kept"]].concat());
    let made = token(&["create", "--scope", "read", "--scope", "review", "--name", "ci", "--expires", "8w"]);
    assert!(made.status.success(), "{}", stderr(&made));
    let secret = stdout(&made).trim().to_owned();
    assert!(secret.starts_with("gl_") && secret.len() == 67 && !stderr(&made).contains(&secret), "{}", stderr(&made));
    let listed = stdout(&token(&["list", "--json"]));
    assert!(!listed.contains(&secret), "a token is shown once");
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    let record = &listed["tokens"][0];
    assert_eq!(
        (&record["scopes"], &record["state"], &record["name"]),
        (&json!(["read", "review"]), &json!("valid"), &json!("ci"))
    );
    let id = record["id"].as_str().expect("an id").to_owned();
    assert!(token(&["revoke", &id]).status.success());
    assert!(stdout(&token(&["list"])).contains("revoked"));
    for wrong in [
        &["revoke", "nothing"][..],
        &["create", "--scope", "root"],
        &["create"],
        &["create", "--scope", "read", "--expires", "soon"],
    ] {
        assert_eq!(token(wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn an_address_that_others_reach_wants_tokens() {
    let place = folder();
    let corpus = crate::support::fixture_corpus();
    let corpus = corpus.to_str().expect("text");
    let serve = ["serve", "--corpus", corpus, "--listen", "0.0.0.0:0", "--data", "kept", "--json"];
    let refused = run_in(place.path(), &serve);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    for words in ["no tokens", "groundline token create", "--open"] {
        assert!(stderr(&refused).contains(words), "{}", stderr(&refused));
    }
    let starts = |arguments: &[&str]| {
        let mut child = command(place.path(), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        // It says where it listens on several lines of JSON; the first shows that it does.
        let mut line = String::new();
        let read = BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line);
        let started = read.is_ok_and(|read| read > 0);
        child.kill().expect("ends");
        child.wait().expect("ended");
        started
    };
    assert!(starts(&[&serve[..], &["--open"]].concat()));
    assert!(run_in(place.path(), &["token", "create", "--scope", "read", "--data", "kept"]).status.success());
    assert!(starts(&serve));
}
