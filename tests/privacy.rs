//! Claims may hold health data: their text is nowhere but in the answer to who sent it.

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::support::Running;

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
