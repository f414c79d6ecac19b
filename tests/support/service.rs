//! A running service over a small corpus, and the plainest ways to talk to it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use groundline::http::{self, Editors, Service, Settings, Timeouts};
use groundline::index::Store;
use serde_json::Value;
use tokio::sync::oneshot;

use super::{fixture_corpus, folder, snapshot_of, store};

/// An index of the fixture corpus; all tests that run at the same time share one.
pub(crate) struct Indexed(tempfile::TempDir);

static SHARED: Mutex<Weak<Indexed>> = Mutex::new(Weak::new());

impl Indexed {
    pub(crate) fn shared() -> Arc<Indexed> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(indexed) = shared.upgrade() {
            return indexed;
        }
        let folder = folder();
        snapshot_of(&fixture_corpus(), folder.path(), 2);
        let indexed = Arc::new(Indexed(folder));
        *shared = Arc::downgrade(&indexed);
        indexed
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

/// A service on a port that the system picked; stopped when dropped.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) service: Service,
    /// The index folder.
    pub(crate) index: std::path::PathBuf,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    _indexed: Option<Arc<Indexed>>,
    _kept: tempfile::TempDir,
}

/// Settings whose timeouts a test can wait for, and within which its own threads may pause a little.
pub(crate) fn quick() -> Settings {
    let short = Duration::from_millis(500);
    let timeouts =
        Timeouts { first_byte: short, head: short, body: short, rest: 2 * short, write: short, stop: 10 * short };
    Settings { timeouts, ..Settings::default() }
}

impl Running {
    /// A service over the fixture corpus with ordinary settings.
    pub(crate) fn start() -> Running {
        Running::with(Settings::default(), 100)
    }

    pub(crate) fn with(settings: Settings, connections: usize) -> Running {
        let indexed = Indexed::shared();
        let mut running = Running::over(indexed.path(), settings, connections);
        running._indexed = Some(indexed);
        running
    }

    /// A service over any index folder.
    pub(crate) fn over(index: &Path, settings: Settings, connections: usize) -> Running {
        Running::of(store(index), settings, connections)
    }

    /// A service over any store.
    pub(crate) fn of(store: Store, settings: Settings, connections: usize) -> Running {
        Running::start_with(store, settings, connections, None)
    }

    /// A service over an index folder, whose editors change a corpus.
    pub(crate) fn editing(index: &Path, settings: Settings, editors: Editors) -> Running {
        Running::start_with(store(index), settings, 100, Some(editors))
    }

    fn start_with(store: Store, settings: Settings, connections: usize, editors: Option<Editors>) -> Running {
        let timeouts = settings.timeouts;
        let index = store.root().to_owned();
        let store = Arc::new(store);
        let pages = groundline::ui::router(Arc::clone(&store));
        // Its own folder, gone with the service.
        let kept = folder();
        let reviews = groundline::review::store::Store::open(&kept.path().join("reviews.sqlite"));
        let desk = http::Desk::new(reviews.expect("a store of reviews"));
        let service = Service::new(store, settings).with_desk(desk);
        let service = match editors {
            Some(editors) => service.with_editors(editors),
            None => service,
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let (listening, listens) = std::sync::mpsc::channel();
        let serving = service.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.expect("a runtime").block_on(async move {
                let listener = http::bind("127.0.0.1:0").await.expect("a free port");
                let address = listener.local_addr().expect("an address");
                listening.send(address).expect("the test waits");
                let router = serving.router(address, "127.0.0.1", pages);
                tokio::spawn(async move { serving.follow_active().await });
                let stopped = async { drop(stopped.await) };
                http::serve(listener, router, timeouts, connections, stopped).await;
            });
        });
        let address = listens.recv().expect("the service listens");
        Running { address, service, index, stop: Some(stop), thread: Some(thread), _indexed: None, _kept: kept }
    }

    /// Asks the service to stop, and waits until it has.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the service stops in order");
        }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[], "")
    }

    pub(crate) fn post(&self, path: &str, body: impl AsRef<[u8]>) -> Answer {
        self.request("POST", path, &[("content-type", "application/json")], body)
    }

    pub(crate) fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Answer {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(20)))
            .build()
            .into();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.as_ref();
        let mut response = if body.is_empty() && method != "POST" {
            agent.run(request.body(()).expect("a request")).expect("an answer")
        } else {
            agent.run(request.body(body).expect("a request")).expect("an answer")
        };
        let body = response.body_mut().with_config().limit(100 << 20).read_to_vec().expect("a body");
        Answer { status: response.status().as_u16(), headers: response.headers().clone(), body }
    }

    /// A bare connection whose reads end after some seconds.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream
    }

    /// Sends bytes as they are, and gives everything that comes back until the service closes.
    pub(crate) fn raw(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes.as_ref()).expect("sends");
        until_closed(&mut stream)
    }
}

/// Everything that still comes until the service closes.
pub(crate) fn until_closed(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
        Err(error) => panic!("not closed: {error}; so far {:?}", String::from_utf8_lossy(&answer)),
    }
    String::from_utf8_lossy(&answer).into_owned()
}

impl Drop for Running {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.stop();
        }
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body's lines, each as JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// The pointer of the one field that a problem names.
    #[track_caller]
    pub(crate) fn pointer(&self) -> String {
        let problem = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json", "{problem}");
        let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("no errors in {problem}"));
        assert_eq!(errors.len(), 1, "{problem}");
        errors[0]["pointer"].as_str().expect("a pointer").to_owned()
    }
}
