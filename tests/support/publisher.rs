//! A publisher's server that answers as a test tells it, badly where it must.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// One request as the server saw it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    /// Headers by their names in lower case.
    pub(crate) headers: HashMap<String, String>,
    /// How often this path was asked for before.
    pub(crate) before: usize,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// Bytes to write, each followed by a pause; then the connection is closed.
pub(crate) type Reply = Vec<(Vec<u8>, Duration)>;

/// A reply at once.
pub(crate) fn at_once(bytes: impl Into<Vec<u8>>) -> Reply {
    vec![(bytes.into(), Duration::ZERO)]
}

/// A whole reply with a status line, headers and a body whose length is told.
pub(crate) fn reply(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let mut bytes =
        format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    for (name, value) in headers {
        bytes.extend(format!("{name}: {value}\r\n").bytes());
    }
    bytes.extend(b"\r\n");
    bytes.extend(body);
    at_once(bytes)
}

type Answer = dyn Fn(&Request) -> Reply + Send + Sync;

/// A server on a port that the system picked; stopped when dropped.
pub(crate) struct Publisher {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Publisher {
    /// A server that answers by a function; robots.txt is absent unless the function gives one.
    pub(crate) fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Publisher {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (requests, connections) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let stop = Arc::new(AtomicBool::new(false));
        let answer: Arc<Answer> = Arc::new(answer);
        let thread = {
            let (requests, connections, stop) = (requests.clone(), connections.clone(), stop.clone());
            std::thread::spawn(move || {
                for stream in listener.incoming() {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    let Ok(stream) = stream else { continue };
                    connections.fetch_add(1, Ordering::SeqCst);
                    let (requests, answer) = (requests.clone(), answer.clone());
                    std::thread::spawn(move || serve(stream, &requests, &*answer));
                }
            })
        };
        Publisher { address, requests, connections, stop, thread: Some(thread) }
    }

    /// A server that must never hear from anybody.
    pub(crate) fn canary() -> Publisher {
        Publisher::start(|_| reply(200, &[], b"reached"))
    }

    /// Every request so far, robots.txt left out.
    pub(crate) fn requests(&self) -> Vec<Request> {
        let all = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter(|request| request.path != "/robots.txt").cloned().collect()
    }

    /// How often robots.txt was asked for.
    pub(crate) fn robots_requests(&self) -> usize {
        let all = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter(|request| request.path == "/robots.txt").count()
    }

    /// Connections so far, whether anything was said or not.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn serve(mut stream: TcpStream, requests: &Mutex<Vec<Request>>, answer: &Answer) {
    let Some(request) = read(&stream, requests) else { return };
    for (bytes, pause) in answer(&request) {
        if stream.write_all(&bytes).is_err() {
            return;
        }
        std::thread::sleep(pause);
    }
}

fn read(stream: &TcpStream, requests: &Mutex<Vec<Request>>) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines();
    let path = lines.next()?.ok()?.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    for line in lines {
        let line = line.ok()?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut all = requests.lock().unwrap_or_else(PoisonError::into_inner);
    let before = all.iter().filter(|request| request.path == path).count();
    let request = Request { path, headers, before };
    all.push(request.clone());
    Some(request)
}
