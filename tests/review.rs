//! Reviews over HTTP and on the command line: from a pasted response to an artifact that replays, and what each person sees.

use serde_json::{Value, json};

use crate::support::{Running, folder, run_in, snapshot_of};

const RESPONSE: &str = "Hello! Adults with marsh fever should take quinsulfate 200 mg once daily for 14 days. \
                        Zorblaxine cures gribbles in a fortnight.";

/// Somebody at a service.
struct Person<'a> {
    running: &'a Running,
    cookie: String,
}

impl<'a> Person<'a> {
    /// Makes a profile and picks it.
    fn new(running: &'a Running, id: &str) -> Person<'a> {
        let made = running.post("/v1/reviewers", json!({"id": id, "name": id, "role": "pharmacist"}).to_string());
        assert_eq!(made.status, 201, "{}", made.text());
        let picked = running.post("/v1/session", json!({"reviewer": id}).to_string());
        assert_eq!(picked.status, 200, "{}", picked.text());
        assert_eq!(picked.json()["reviewer"]["id"], id);
        let cookie = picked.header("set-cookie").split(';').next().expect("a cookie").to_owned();
        Person { running, cookie }
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let headers = [("content-type", "application/json"), ("cookie", self.cookie.as_str())];
        let body = if method == "GET" || method == "DELETE" { String::new() } else { body.to_string() };
        let answer = self.running.request(method, path, &headers, body);
        let json = if answer.text().is_empty() { Value::Null } else { answer.json() };
        (answer.status, json)
    }

    #[track_caller]
    fn gets(&self, path: &str) -> Value {
        let (status, json) = self.send("GET", path, &Value::Null);
        assert_eq!(status, 200, "{path}: {json}");
        json
    }

    #[track_caller]
    fn posts(&self, path: &str, body: &Value) -> Value {
        let (status, json) = self.send("POST", path, body);
        assert!((200..300).contains(&status), "{path}: {status} {json}");
        json
    }

    /// The first passage in force for a claim, pinned.
    fn pin(&self, claim: &str, role: &str) -> Value {
        let answer = self.posts("/v1/evidence", &json!({"claim": claim, "k": 3}));
        let passage = &answer["results"][0]["passages"][0];
        json!({"passage": passage["id"], "passage_sha256": passage["quote_sha256"], "role": role})
    }

    /// Decides a claim of a review in favour of what its first passage says.
    fn supports(&self, review: &str, claim: &Value) -> (u16, Value) {
        let words = claim["claim"].as_str().expect("a claim");
        let body = json!({
            "verdict": "supported", "previous": null, "evidence": [self.pin(words, "supports")], "seconds": 31,
            "request": {"claim": words, "k": 3},
        });
        self.send("POST", &format!("/v1/reviews/{review}/claims/{}/verdicts", claim["id"].as_str().expect("id")), &body)
    }
}

/// The claims of a review that are worth checking.
fn worth(review: &Value) -> Vec<Value> {
    let claims = review["claims"].as_array().expect("claims").iter();
    claims.filter(|claim| claim["checkworthy"] == true && claim["removed"] == false).cloned().collect()
}

#[test]
fn a_pasted_response_becomes_verdicts_that_replay() {
    let running = Running::start();
    let ada = Person::new(&running, "ada");
    let review = ada.posts("/v1/reviews", &json!({"text": RESPONSE, "model": "model-a"}));
    let id = review["id"].as_str().expect("an id").to_owned();
    let claims = worth(&review);
    assert_eq!(claims.len(), 2, "{claims:?}");
    for claim in &claims {
        let (start, end) = (claim["start"].as_u64().expect("start"), claim["end"].as_u64().expect("end"));
        let cut: String = RESPONSE.chars().skip(start as usize).take((end - start) as usize).collect();
        assert_eq!(claim["text"], cut.as_str());
    }
    let (status, verdict) = ada.supports(&id, &claims[0]);
    assert_eq!(status, 201, "{verdict}");
    assert_eq!(verdict["reviewer"], json!({"id": "ada", "role": "pharmacist"}));
    // "Not addressed" keeps what was searched.
    let path = format!("/v1/reviews/{id}/claims/{}/verdicts", claims[1]["id"].as_str().expect("an id"));
    let silent = ada.posts(&path, &json!({"verdict": "not_addressed", "searches": ["zorblaxine", "gribbles"]}));
    assert_eq!(silent["trail"]["searches"], json!(["zorblaxine", "gribbles"]));
    assert!(silent["trail"]["documents_considered"].as_u64() > Some(0), "{silent}");
    // What was read before one's own words is kept beside them, and each is replayed.
    let read = |words: &str| json!({"claim": words, "k": 3, "include": ["trace"]});
    let again = json!({"verdict": "not_addressed", "previous": silent["id"], "request": read("zorblaxine"),
        "earlier": [read(claims[1]["claim"].as_str().expect("words")), read("screening")], "searches": ["zorblaxine"]});
    let again = ada.posts(&path, &again);
    assert!(again["trail"]["passages"].as_array().is_some_and(|shown| !shown.is_empty()), "{again}");
    let many = json!({"verdict": "not_addressed", "previous": again["id"], "earlier": vec![read("screening"); 9]});
    assert_eq!(ada.send("POST", &path, &many).0, 422);
    // What everybody would call an artifact is read again and replayed by the command line.
    let zip = running.request("GET", &format!("/v1/reviews/{id}/export?format=artifact"), &[], "");
    assert_eq!((zip.status, zip.header("content-type")), (200, "application/zip"));
    let place = folder();
    std::fs::write(place.path().join("review.zip"), &zip.body).expect("written");
    let index = running.index.display().to_string();
    let replay = |index: &str| run_in(place.path(), &["review", "replay", "review.zip", "--index", index, "--json"]);
    let done = replay(&index);
    let told: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!((told["identical"].clone(), told["searches"].clone()), (json!(true), json!(5)), "{told}");
    assert!(done.status.success());
    // Another index does not hold the snapshot: said, never taken for the same.
    let other = folder();
    let corpus = folder();
    std::fs::write(corpus.path().join("rest.md"), "# Rest\n\nBed rest helps nobody.\n").expect("written");
    snapshot_of(corpus.path(), other.path(), 1);
    let done = replay(&other.path().display().to_string());
    let told: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!((done.status.code(), told["identical"].clone()), (Some(1), json!(false)), "{told}");
    assert!(!told["snapshots_unavailable"].as_array().expect("a list").is_empty());
}

#[test]
fn a_verdict_needs_an_author_a_passage_and_the_last_word() {
    let running = Running::start();
    let nobody = running.post("/v1/reviews", json!({"text": RESPONSE}).to_string());
    assert_eq!((nobody.status, nobody.json()["title"].clone()), (401, json!("Nobody is signed in")));
    assert!(nobody.json()["detail"].to_string().contains("/v1/session"), "{}", nobody.text());
    let ada = Person::new(&running, "ada");
    let review = ada.posts("/v1/reviews", &json!({"text": RESPONSE}));
    let (id, claims) = (review["id"].as_str().expect("an id").to_owned(), worth(&review));
    let path = format!("/v1/reviews/{id}/claims/{}/verdicts", claims[0]["id"].as_str().expect("an id"));
    let (status, problem) = ada.send("POST", &path, &json!({"verdict": "supported"}));
    assert_eq!((status, problem["errors"][0]["pointer"].clone()), (422, json!("/evidence")), "{problem}");
    let mut pin = ada.pin("quinsulfate 200 mg once daily", "supports");
    pin["passage_sha256"] = json!("00".repeat(32));
    let (status, problem) = ada.send("POST", &path, &json!({"verdict": "supported", "evidence": [pin]}));
    assert_eq!((status, problem["errors"][0]["pointer"].clone()), (422, json!("/evidence/0/passage_sha256")));
    assert!(problem["detail"].to_string().contains("`quote_sha256`"), "{problem}");
    let (_, first) = ada.supports(&id, &claims[0]);
    // Another tab that has not seen it.
    let (status, stale) = ada.supports(&id, &claims[0]);
    assert_eq!((status, stale["current"]["id"].clone()), (409, first["id"].clone()), "{stale}");
    let taken_back = ada.posts(&path, &json!({"verdict": null, "previous": first["id"]}));
    assert_eq!((taken_back["previous"].clone(), taken_back["verdict"].clone()), (first["id"].clone(), Value::Null));
    let seen = ada.gets(&format!("/v1/reviews/{id}"));
    assert_eq!(seen["verdicts"].as_array().map(Vec::len), Some(2), "the log keeps both");
    // Drafts: two tabs.
    let draft = format!("/v1/reviews/{id}/claims/{}/draft", claims[1]["id"].as_str().expect("an id"));
    let (status, saved) = ada.send("PUT", &draft, &json!({"version": 0, "body": {"verdict": "partly"}}));
    assert_eq!((status, saved["version"].clone()), (200, json!(1)), "{saved}");
    let (status, stale) = ada.send("PUT", &draft, &json!({"version": 0, "body": {"verdict": "supported"}}));
    assert_eq!((status, stale["current"]["body"].clone()), (409, json!({"verdict": "partly"})), "{stale}");
    assert_eq!(ada.send("DELETE", &draft, &Value::Null).0, 204);
}

#[test]
fn two_people_judge_without_sight_of_each_other() {
    let running = Running::start();
    let (ada, bob) = (Person::new(&running, "ada"), Person::new(&running, "bob"));
    let review = ada.posts("/v1/reviews", &json!({"text": RESPONSE}));
    let (id, claims) = (review["id"].as_str().expect("an id").to_owned(), worth(&review));
    ada.posts(&format!("/v1/reviews/{id}/assignments"), &json!({"reviewer": "ada", "task": "first"}));
    let second = ada.posts(&format!("/v1/reviews/{id}/assignments"), &json!({"reviewer": "bob", "task": "second"}));
    assert_eq!(second["blind"], json!(true), "a second review is blind unless said otherwise");
    assert_eq!(ada.supports(&id, &claims[0]).0, 201);
    assert_eq!(bob.gets(&format!("/v1/reviews/{id}"))["verdicts"], json!([]));
    let export = |person: &Person<'_>| {
        let path = format!("/v1/reviews/{id}/export?format=csv");
        let answer = person.running.request("GET", &path, &[("cookie", person.cookie.as_str())], "");
        answer.text().to_owned()
    };
    assert!(!export(&bob).contains("supported"), "an export shows no more than the page");
    let (status, problem) = bob.send("GET", &format!("/v1/reviews/{id}/adjudication"), &Value::Null);
    assert_eq!((status, problem["title"].clone()), (403, json!("Not to be seen yet")));
    let path = format!("/v1/reviews/{id}/claims/{}/verdicts", claims[0]["id"].as_str().expect("an id"));
    let pin = bob.pin("quinsulfate 200 mg once daily", "contradicts");
    bob.posts(
        &path,
        &json!({
            "verdict": "contradicted", "evidence": [pin], "blind": true,
            "errors": [{"code": "WRONG_DOSE", "severity": "critical"}],
            "feedback": {"what": "The dose is wrong.", "why": "", "fix": ""},
        }),
    );
    for person in [&ada, &bob] {
        person.posts(&format!("/v1/reviews/{id}/submit"), &json!({}));
    }
    let side = ada.gets(&format!("/v1/reviews/{id}/adjudication"));
    assert_eq!((side["claims"][0]["agree"].clone(), side["agreement"]["percent"].clone()), (json!(false), json!(0.0)));
    assert_eq!(side["claims"][0]["verdicts"].as_array().map(Vec::len), Some(2));
    let figures = ada.gets("/v1/agreement?by=pair");
    assert_eq!((figures["units"].clone(), figures["groups"][0]["name"].clone()), (json!(1), json!("ada · bob")));
    assert!(export(&ada).contains("WRONG_DOSE"));
}

#[test]
fn every_form_of_export_is_given_and_erasing_takes_the_texts() {
    let running = Running::start();
    let ada = Person::new(&running, "ada");
    let review = ada.posts("/v1/reviews", &json!({"text": RESPONSE}));
    let (id, claims) = (review["id"].as_str().expect("an id").to_owned(), worth(&review));
    assert_eq!(ada.supports(&id, &claims[0]).0, 201);
    for form in [
        "artifact",
        "csv",
        "html",
        "webannotation",
        "labelstudio",
        "healthbench",
        "trec-run",
        "trec-qrels",
        "csl",
        "bibtex",
        "ris",
    ] {
        let answer = running.request("GET", &format!("/v1/reviews/{id}/export?format={form}"), &[], "");
        assert_eq!(answer.status, 200, "{form}");
        assert!(!answer.body.is_empty(), "{form}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let report = running.request("GET", &format!("/v1/reviews/{id}/export?format=html"), &[], "");
    assert!(report.text().contains("quinsulfate 200 mg once daily") && !report.text().contains("<script"));
    assert!(report.header("content-security-policy").contains("sandbox"));
    assert_eq!(running.request("GET", &format!("/v1/reviews/{id}/export?format=pdf"), &[], "").status, 422);
    assert_eq!(ada.send("DELETE", &format!("/v1/reviews/{id}"), &Value::Null).0, 422, "it wants the id again");
    assert_eq!(ada.send("DELETE", &format!("/v1/reviews/{id}?confirm={id}"), &Value::Null).0, 200);
    let seen = ada.gets(&format!("/v1/reviews/{id}")).to_string();
    assert!(!seen.contains("quinsulfate") && seen.contains("supported"), "{seen}");
    let stale = ada.supports(&id, &claims[0]);
    assert_eq!(stale.0, 409, "{}", stale.1);
}

#[test]
fn claims_are_cut_joined_and_taken_out() {
    let running = Running::start();
    let ada = Person::new(&running, "ada");
    let review = ada.posts("/v1/reviews", &json!({"text": "Bed rest helps. Rest is best.", "split": false}));
    let base = format!("/v1/reviews/{}", review["id"].as_str().expect("an id"));
    assert_eq!(review["claims"], json!([]));
    let whole = ada.posts(&format!("{base}/claims"), &json!({"start": 0, "end": 29}));
    let parts = ada.posts(&format!("{base}/claims/{}/split", whole["id"].as_str().expect("id")), &json!({"at": [15]}));
    let texts: Vec<&str> =
        parts["claims"].as_array().expect("parts").iter().filter_map(|one| one["text"].as_str()).collect();
    assert_eq!(texts, ["Bed rest helps.", "Rest is best."]);
    let ids: Vec<Value> = parts["claims"].as_array().expect("parts").iter().map(|one| one["id"].clone()).collect();
    let joined = ada.posts(&format!("{base}/claims/merge"), &json!({"claims": ids}));
    assert_eq!(joined["text"], "Bed rest helps. Rest is best.");
    let path = format!("{base}/claims/{}", joined["id"].as_str().expect("an id"));
    assert_eq!(ada.send("PATCH", &path, &json!({"end": 15})).1["text"], "Bed rest helps.");
    assert_eq!(ada.send("DELETE", &path, &Value::Null).1["removed"], json!(true));
    assert_eq!(ada.posts(&format!("{path}/restore"), &json!({}))["removed"], json!(false));
    let (status, problem) = ada.send("POST", &format!("{base}/claims"), &json!({"start": 5, "end": 999}));
    assert_eq!(status, 422, "{problem}");
}

#[test]
fn files_of_other_tools_come_in_and_what_is_broken_is_named() {
    let place = folder();
    let write = |name: &str, text: &str| std::fs::write(place.path().join(name), text).expect("written");
    write("answers.csv", "id,prompt,response\n1,Dose?,Quinsulfate 200 mg once daily.\n2,Dose?,\n");
    write(
        "chat.json",
        r#"[{"role":"user","content":"Dose?"},{"role":"assistant","content":"Take 200 mg once daily."}]"#,
    );
    write("broken.json", "{");
    let files = ["review", "import", "answers.csv", "chat.json", "broken.json", "--data", "kept", "--json"];
    let done = run_in(place.path(), &files);
    let told: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!(told["imported"].as_array().map(Vec::len), Some(2), "{told}");
    assert_eq!(done.status.code(), Some(3), "done, but some were rejected");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.contains("broken.json") && said.contains("answers.csv"), "{said}");
    let list = run_in(place.path(), &["review", "list", "--data", "kept", "--json"]);
    let list: Value = serde_json::from_slice(&list.stdout).expect("JSON");
    assert_eq!(list["reviews"].as_array().map(Vec::len), Some(2));
    let whole = run_in(place.path(), &["review", "verify", "--data", "kept"]);
    assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stderr));
    let csv = run_in(place.path(), &["review", "export", "--format", "csv", "--data", "kept"]);
    assert!(csv.status.success(), "{}", String::from_utf8_lossy(&csv.stderr));
    assert!(String::from_utf8_lossy(&csv.stdout).lines().next().is_some_and(|head| head.contains("verdict")));
}
