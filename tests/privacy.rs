//! Claims may hold health data: their text is nowhere but in the answer to who sent it.

use std::io::Write;
use std::sync::{Arc, Mutex};

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use groundline::http::Settings;
use serde_json::json;

use crate::support::{Running, command, fixture_corpus, folder, run_in, snapshot_of};

/// The log of this whole test binary; only the canary is looked for.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn claim_text_is_in_no_log_metric_or_problem() {
    const CANARY: &str = "canaryzq";
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let running = Running::start();
    let text = format!("{CANARY} has marsh fever");
    let lines = [("content-type", "application/x-ndjson")];
    let mut problems = Vec::new();
    for body in [
        json!({"claim": text, "k": 0}),
        json!({"claim": [text]}),
        json!({"claim": {"a": text}}),
        json!({"claim": "x", "k": text}),
        json!({"claim": "x", "as_of": text}),
        json!({"claim": "x", "packs": [text]}),
        json!({"claim": "x", "filters": {"status": [text]}}),
        json!({"claim": "x", "include": [text]}),
        json!({"claim": "x", "patient": {"age": text}}),
        json!([text]),
        json!(text),
    ] {
        problems.push(running.post("/v1/evidence", body.to_string()));
        problems.push(running.post("/v1/evidence", body.to_string().trim_end_matches('}')));
    }
    for path in ["/v1/claims/split", "/v1/check"] {
        let endless = "Take 5 mg. ".repeat(600);
        for body in [
            json!({"text": [text]}),
            json!({"text": text, "colour": text}),
            json!({"text": format!("{text}. {endless}")}),
            json!([text]),
        ] {
            problems.push(running.post(path, body.to_string()));
        }
        assert_eq!(running.post(path, json!({"text": format!("{text}. Rest.")}).to_string()).status, 200);
    }
    problems.push(running.post("/v1/check", json!({"text": text, "k": 0}).to_string()));
    problems.push(running.post("/v1/check", json!({"text": text, "context": text.repeat(300)}).to_string()));
    problems.push(running.get(&format!("/{CANARY}")));
    problems.push(running.get(&format!("/v1/passages/{CANARY}@1%23x")));
    problems.push(running.get(&format!("/v1/documents/{CANARY}?as_of={CANARY}")));
    problems.push(running.request("POST", &format!("/v1/evidence?view={CANARY}"), &lines, text.as_bytes()));
    for problem in problems {
        assert!((400..500).contains(&problem.status), "{}", problem.text());
        assert!(!problem.text().contains(CANARY), "{}", problem.text());
    }
    assert_eq!(running.post("/v1/evidence", json!({"claim": text, "context": text}).to_string()).status, 200);
    assert_eq!(running.request("POST", "/v1/evidence", &lines, json!({"claim": text}).to_string()).status, 200);
    assert!(!running.get("/metrics").text().contains(CANARY));
    let log = String::from_utf8_lossy(&log.0.lock().expect("a log")).into_owned();
    assert!(log.contains("request answered") && log.contains("route=\"/v1/evidence\""), "{log}");
    let found: Vec<&str> = log.lines().filter(|line| line.contains(CANARY)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// A word that no corpus holds.
const STORED: &str = "canaryqx";

/// The files below a folder in which the word stands.
fn holding(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if String::from_utf8_lossy(&std::fs::read(&path).expect("a file")).contains(STORED) {
                found.push(path.strip_prefix(folder).expect("below").display().to_string());
            }
        }
    }
    found
}

/// Asks a service in every way that claims come in, with claims that find nothing.
fn ask(index: &Path, keep_gaps: bool) {
    let mut running = Running::over(index, Settings { keep_gaps, ..Settings::default() }, 10);
    let claim = json!({"claim": format!("{STORED} zzxq"), "context": STORED, "patient": {"conditions": [STORED]}});
    let lines = [("content-type", "application/x-ndjson")];
    for answer in [
        running.post("/v1/evidence", claim.to_string()),
        running.post("/v1/evidence", json!({"items": [claim, claim]}).to_string()),
        running.request("POST", "/v1/evidence", &lines, claim.to_string()),
    ] {
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(answer.text().contains("out_of_scope"), "{}", answer.text());
    }
    running.stop();
}

#[test]
fn nothing_of_a_claim_is_stored_unless_the_operator_says_so() {
    let folder = folder();
    let index = folder.path().join("index");
    snapshot_of(&fixture_corpus(), &index, 2);
    ask(&index, false);
    let claim = format!("{STORED} zzxq");
    assert_eq!(run_in(folder.path(), &["check", &claim]).status.code(), Some(0));
    assert_eq!(holding(folder.path()), Vec::<String>::new());
    let gaps = run_in(folder.path(), &["corpus", "gaps", "--json"]);
    let gaps: serde_json::Value = serde_json::from_slice(&gaps.stdout).expect("JSON");
    assert_eq!(gaps["total"], json!({"asked": 5, "not_addressed": 0, "no_evidence": 0, "out_of_scope": 5}));
    assert_eq!(gaps["claims"], json!([]));
}

#[test]
fn with_the_operators_word_the_claim_alone_is_stored_for_its_owner() {
    let folder = folder();
    let index = folder.path().join("index");
    snapshot_of(&fixture_corpus(), &index, 2);
    ask(&index, true);
    assert_eq!(run_in(folder.path(), &["check", "--keep-gaps", &format!("{STORED}  ZZXQ")]).status.code(), Some(0));
    std::fs::write(folder.path().join("groundline.toml"), "keep_gaps = true\n").expect("written");
    assert_eq!(run_in(folder.path(), &["check", STORED, "quinsulfate for marsh fever"]).status.code(), Some(0));
    assert_eq!(holding(folder.path()), ["index/gap-claims.jsonl"]);
    let kept = index.join("gap-claims.jsonl");
    assert_eq!(std::fs::metadata(&kept).expect("a file").permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&kept).expect("readable");
    assert!(!text.contains("context") && !text.contains("conditions") && !text.contains("quinsulfate"), "{text}");
    let told = command(folder.path(), &["corpus", "gaps"]).output().expect("it runs");
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains(&format!("    5  {STORED} zzxq")) && told.contains(&format!("    1  {STORED}\n")), "{told}");
    let since = run_in(folder.path(), &["corpus", "gaps", "--since", "2999-01-01", "--json"]);
    assert!(String::from_utf8_lossy(&since.stdout).contains("\"asked\": 0"));
}
