//! A client that writes lines and reads lines: hostile, hasty, called off, and before a full queue; and what is logged of it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use groundline::mcp::{self, Place, Searches, Server, Soon};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::{CLAIM, called, served, server, text_of};

/// A client that writes lines and reads lines.
pub(super) struct Lines {
    write: tokio::io::WriteHalf<tokio::io::DuplexStream>,
    read: BufReader<tokio::io::ReadHalf<tokio::io::DuplexStream>>,
    ended: tokio::task::JoinHandle<Result<(), mcp::Error>>,
}

impl Lines {
    pub(super) async fn begun(server: Server) -> Lines {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let (read, write) = tokio::io::split(theirs);
        let ended = tokio::spawn(mcp::talk(server, read, write));
        let (read, write) = tokio::io::split(ours);
        let mut lines = Lines { write, read: BufReader::new(read), ended };
        let hello =
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
        lines
            .write(&json!({"jsonrpc": "2.0", "id": "hello", "method": "initialize", "params": hello}).to_string())
            .await;
        assert_eq!(lines.next().await["id"], "hello");
        lines.write(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).await;
        lines
    }

    pub(super) async fn write(&mut self, line: &str) {
        self.write.write_all(line.as_bytes()).await.expect("written");
        self.write.write_all(b"\n").await.expect("written");
    }

    async fn call(&mut self, id: usize, name: &str, arguments: Value) {
        let params = json!({"name": name, "arguments": arguments});
        self.write(&json!({"method": "tools/call", "params": params, "jsonrpc": "2.0", "id": id}).to_string()).await;
    }

    pub(super) async fn next(&mut self) -> Value {
        let mut line = String::new();
        let read = tokio::time::timeout(Duration::from_secs(20), self.read.read_line(&mut line));
        read.await.expect("an answer in time").expect("a line");
        serde_json::from_str(&line).expect("JSON")
    }
}

#[tokio::test]
async fn every_line_of_a_hostile_client_is_answered() {
    let mut lines = Lines::begun(server()).await;
    for (line, code, id) in [
        ("nonsense".to_owned(), -32700, Value::Null),
        ("{\"jsonrpc\":\"2.0\",\"id\":1,".to_owned(), -32700, Value::Null),
        ("[".repeat(50_000), -32700, Value::Null),
        ("[1]".to_owned(), -32600, Value::Null),
        (r#"{"jsonrpc":"2.0","id":5,"params":{}}"#.to_owned(), -32600, json!(5)),
        (
            format!(
                r#"{{"method":"tools/call","params":{{"name":"{}"}},"jsonrpc":"2.0","id":6}}"#,
                "x".repeat(3_000_000)
            ),
            -32600,
            json!(6),
        ),
        (r#"{"jsonrpc":"2.0","id":7,"method":"no/such"}"#.to_owned(), -32601, json!(7)),
        (r#"{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"rm"}}"#.to_owned(), -32602, json!(8)),
    ] {
        let short: String = line.chars().take(40).collect();
        lines.write(&line).await;
        let answer = lines.next().await;
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(code), &id), "{short}: {answer}");
    }
    // What needs no answer gets none, and the service goes on.
    for line in [
        "",
        "   ",
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/secret"}"#,
    ] {
        lines.write(line).await;
    }
    lines.call(9, "search", json!({"query": CLAIM})).await;
    assert_eq!(lines.next().await["id"], 9);
}

#[tokio::test]
async fn what_was_asked_is_answered_before_the_end() {
    let mut lines = Lines::begun(server()).await;
    // More than are admitted at once, none of them waited for: the client's pipe fills up instead.
    let (mut write, read) = (lines.write, &mut lines.read);
    let asks = tokio::spawn(async move {
        for id in 0..300 {
            let params = json!({"name": "search", "arguments": {"query": CLAIM}});
            let line = json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params});
            write.write_all(format!("{line}\n").as_bytes()).await.expect("written");
        }
        write.shutdown().await.expect("closed");
    });
    let (mut text, mut answered) = (String::new(), BTreeSet::new());
    while read.read_line(&mut text).await.expect("a line") > 0 {
        let answer: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(answer["result"]["isError"], false, "{answer}");
        answered.insert(answer["id"].as_u64());
        text.clear();
    }
    asks.await.expect("asked");
    assert_eq!(answered.len(), 300);
    lines.ended.await.expect("no panic").expect("an orderly end");
}

/// Searches that wait until they are let go, and are counted.
#[derive(Clone, Default)]
struct Stuck {
    open: Arc<tokio::sync::Notify>,
    begun: Arc<AtomicUsize>,
}

impl Searches for Stuck {
    fn admit(&self, _: bool) -> Soon<'_, Result<Box<dyn Place>, mcp::Error>> {
        let place: Box<dyn Place> = Box::new(self.clone());
        Box::pin(async { Ok(place) })
    }
}

impl Place for Stuck {
    fn run(&self, job: Box<dyn FnOnce() + Send>) -> Soon<'_, Result<(), mcp::Error>> {
        Box::pin(async {
            self.begun.fetch_add(1, Ordering::SeqCst);
            self.open.notified().await;
            job();
            Ok(())
        })
    }
}

#[tokio::test]
async fn a_call_that_is_called_off_stops() {
    let stuck = Stuck::default();
    let mut lines = Lines::begun(served(Arc::new(stuck.clone()))).await;
    lines.call(1, "check_claims", json!({"items": vec![json!({"claim": CLAIM}); 50]})).await;
    while stuck.begun.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    lines.write(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#).await;
    lines.write(r#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#).await;
    assert_eq!(lines.next().await["id"], 2);
    for _ in 0..60 {
        stuck.open.notify_one();
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(stuck.begun.load(Ordering::SeqCst), 1, "no further claim was searched");
}

/// A queue that is full.
struct Full;

impl Searches for Full {
    fn admit(&self, _: bool) -> Soon<'_, Result<Box<dyn Place>, mcp::Error>> {
        Box::pin(async { Err(mcp::Error::Busy) })
    }
}

#[tokio::test]
async fn a_full_queue_is_said_to_be_full() {
    let mut lines = Lines::begun(served(Arc::new(Full))).await;
    lines.call(1, "search", json!({"query": CLAIM})).await;
    let answer = lines.next().await;
    assert_eq!(answer["result"]["isError"], true);
    assert_eq!(text_of(&answer["result"]), "The queue of searches is full. Try again in a moment.");
}

/// Keeps all that the filter lets through.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>, Arc<AtomicUsize>);

impl tracing::Subscriber for Log {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        self.1.fetch_add(1, Ordering::SeqCst);
        mcp::may_be_logged(metadata)
    }
    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        self.0.lock().expect("a log").push_str(&format!("{:?}\n", span.values()));
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        self.0.lock().expect("a log").push_str(&format!("{event:?}\n"));
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test]
async fn nothing_of_a_call_is_logged_even_on_the_finest_level() {
    let log = Log::default();
    let kept = tracing::subscriber::set_default(log.clone());
    called("search", json!({"query": "zanzibarine fever"})).await;
    called(
        "check_claims",
        json!({"items": [{"claim": "zanzibarine", "patient": {"sex": "zanzibarine"}}, {"claim": 1, "zanzibarine": 2}]}),
    )
    .await;
    let mut lines = Lines::begun(server()).await;
    lines.write("zanzibarine {").await;
    lines.next().await;
    lines.write(r#"{"jsonrpc":"2.0","id":1,"method":"notifications/zanzibarine"}"#).await;
    lines.next().await;
    lines.call(2, "search", json!({"query": "zanzibarine"})).await;
    lines.next().await;
    drop(kept);
    assert!(log.1.load(Ordering::SeqCst) > 0, "the log was asked");
    let text = log.0.lock().expect("a log").clone();
    assert!(!text.contains("zanzibarine"), "{text}");
}
