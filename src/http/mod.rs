//! The HTTP API: one way in, with limits on everything that a caller can make large, slow or frequent.
//!
//! Reading order: [`listener`] (connections), [`framing`] (bytes), [`guard`] (every request), [`entry`] (who may ask, and
//! how often: [`limits`]), [`work`] (how much at once, in [`turns`]), [`replay`] (a request that comes twice), then a file
//! an endpoint group. What is answered is decided elsewhere: [`crate::evidence`] gathers and
//! [`crate::view`] gives the shapes. Pages and MCP come in as routers of their own and get the same guard.

pub mod body;
mod changes;
mod check;
mod citations;
mod claims;
mod docs;
mod documents;
pub mod editors;
mod entry;
mod envelope;
mod evidence;
mod framing;
pub mod guard;
mod health;
pub mod limits;
pub mod listener;
pub mod metrics;
pub mod openapi;
mod original;
mod passages;
pub mod problem;
mod promptfoo;
mod query;
mod replay;
mod reply;
pub mod reviews;
mod revision;
mod session;
mod stream;
mod turns;
pub mod work;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};

use crate::access::Access;
use crate::index::{self, Recorder, Snapshot, Store};

pub use body::Budget;
pub use editors::Editors;
pub use guard::Callers;
pub use listener::{Error as ListenError, Timeouts, bind, connections_that_fit, serve, stop_signal};
pub use metrics::Metrics;
pub use problem::{Kind, Problem};
pub use work::{Gate, Places};

use changes::Changes;
use entry::Entry;
use guard::{Guard, RequestIds};
use limits::Limits;
use replay::Replays;
pub use reviews::Desk;

/// What an operator can choose.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long clients may take.
    pub timeouts: Timeouts,
    /// Searches that run at once.
    pub cores: usize,
    /// Calls that are admitted; more are answered 503.
    pub places: Places,
    /// Memory for all request bodies together, in bytes.
    pub body_memory: usize,
    /// Memory for all large answers that are on their way together, in bytes.
    pub answer_memory: usize,
    /// Names by which the service may be called beside its own.
    pub hosts: Vec<String>,
    /// Origins whose pages may post here, as `https://host`.
    pub origins: Vec<String>,
    /// How often the index folder is asked which snapshot is active.
    pub follow: Duration,
    /// Whether the text of claims that find nothing is kept: see [`Recorder`].
    pub keep_gaps: bool,
    /// Whose tokens are taken, and whether one is wanted.
    pub access: Arc<Access>,
    /// Requests a minute that one caller may send; 0 for no limit.
    pub requests_a_minute: u32,
    /// Memory for answers that are kept for a request that comes twice, in bytes.
    pub replay_memory: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Settings {
            timeouts: Timeouts::default(),
            cores,
            places: Places { calls: 32 * cores, batches: 16 * cores, batches_at_work: 2 * cores, streams: 32 },
            body_memory: 128 * 1024 * 1024,
            answer_memory: 256 * 1024 * 1024,
            hosts: Vec::new(),
            origins: Vec::new(),
            follow: Duration::from_secs(2),
            keep_gaps: false,
            access: Arc::default(),
            // A thousand a second: what a program in a loop on the same machine reaches, and people never do.
            requests_a_minute: 60_000,
            replay_memory: 64 * 1024 * 1024,
        }
    }
}

/// What a claim is answered from: one snapshot from beginning to end, and where it is counted if it finds nothing.
#[derive(Clone, Debug)]
struct Source {
    snapshot: Arc<Snapshot>,
    gaps: Arc<Recorder>,
}

/// What the handlers share.
#[derive(Clone, Debug)]
pub struct Service {
    store: Arc<Store>,
    settings: Arc<Settings>,
    gate: Gate,
    budget: Budget,
    answers: Budget,
    metrics: Arc<Metrics>,
    gaps: Arc<Recorder>,
    replays: Arc<Replays>,
    changes: Arc<Changes>,
    desk: Option<Desk>,
    editors: Option<Arc<Editors>>,
}

impl Service {
    /// A service over an index folder, which need not hold a snapshot yet.
    pub fn new(store: Arc<Store>, settings: Settings) -> Service {
        Service {
            gaps: Arc::new(Recorder::start(store.root(), settings.keep_gaps)),
            store,
            gate: Gate::new(settings.cores, settings.places),
            budget: Budget::new(settings.body_memory),
            answers: Budget::new(settings.answer_memory),
            metrics: Arc::default(),
            replays: Arc::new(Replays::new(settings.replay_memory)),
            changes: Arc::default(),
            desk: None,
            editors: None,
            settings: Arc::new(settings),
        }
    }

    /// The same with reviews.
    pub fn with_desk(self, desk: Desk) -> Service {
        Service { desk: Some(desk), ..self }
    }

    /// The same with a corpus that editors change.
    pub fn with_editors(self, editors: Editors) -> Service {
        Service { editors: Some(Arc::new(editors)), ..self }
    }

    /// What searches are counted in that find nothing, for other surfaces in the same process.
    pub fn gaps(&self) -> &Arc<Recorder> {
        &self.gaps
    }

    /// The gate, for other surfaces in the same process that search.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// All routes, with `others` (pages, MCP; without a fallback of their own) under the same guard.
    ///
    /// `address` is the one that is listened on, `host` how the operator wrote it.
    pub fn router(&self, address: SocketAddr, host: &str, others: Router) -> Router {
        let guard = Arc::new(Guard {
            callers: Callers::new(address.ip(), host, &self.settings.hosts, &self.settings.origins),
            metrics: Arc::clone(&self.metrics),
            ids: RequestIds::default(),
            entry: Entry {
                access: Arc::clone(&self.settings.access),
                limits: Limits::a_minute(self.settings.requests_a_minute),
            },
        });
        // Answers that cost a search are kept for a request that comes twice.
        let replayed = || axum::middleware::from_fn_with_state(self.clone(), replay::replay);
        Router::new()
            .route("/healthz", get(health::alive))
            .route("/readyz", get(health::ready))
            .route("/metrics", get(health::metrics))
            .route("/openapi.json", get(openapi::describe))
            .route("/docs", get(docs::page))
            .route("/docs/style.css", get(docs::style))
            .route(session::PAGE, get(session::page))
            .route("/v1/session", get(session::show).post(session::begin).delete(session::end))
            .route("/v1/evidence", post(evidence::gather).layer(replayed()))
            .route("/v1/claims/split", post(claims::split))
            .route("/v1/check", post(check::check).layer(replayed()))
            .route("/v1/citations/check", post(citations::check))
            .route("/v1/integrations/promptfoo", post(promptfoo::judge))
            .route("/v1/changes", get(changes::list))
            .route("/v1/passages/{id}", get(passages::show))
            .route("/v1/documents", get(documents::list))
            .route("/v1/documents/{id}", get(documents::show))
            .route("/v1/documents/{id}/original", get(original::show))
            .route("/v1/documents/{id}/diff", get(revision::show))
            .route("/v1/snapshots", get(documents::snapshots))
            .merge(reviews::routes())
            .merge(editors::routes())
            .with_state(self.clone())
            .merge(others)
            .fallback(async || {
                Problem::new(Kind::NotFound, "Nothing has this address. The API is described at /openapi.json.")
            })
            .method_not_allowed_fallback(async || {
                Problem::new(
                    Kind::MethodNotAllowed,
                    "This address exists, but not for this method. The Allow header names those that fit.",
                )
            })
            .layer(axum::middleware::from_fn_with_state(guard, guard::guard))
    }

    /// Follows the index folder's pointer for ever, so that a snapshot that another process activates is used soon.
    ///
    /// One that cannot be opened is said once; the one in use stays.
    pub async fn follow_active(&self) {
        let mut said = String::new();
        loop {
            tokio::time::sleep(self.settings.follow).await;
            let store = Arc::clone(&self.store);
            let reloaded = tokio::task::spawn_blocking(move || store.reload().map(drop)).await;
            let problem = match reloaded {
                Ok(Ok(())) => String::new(),
                Ok(Err(error)) => error.to_string(),
                Err(error) => error.to_string(),
            };
            if !problem.is_empty() && problem != said {
                tracing::warn!(problem, "the active snapshot cannot be opened; the one in use stays");
            }
            said = problem;
        }
    }

    /// What claims are answered from; a request takes it at its start and keeps it.
    async fn source(&self) -> Result<Source, Problem> {
        Ok(Source { snapshot: self.snapshot().await?, gaps: Arc::clone(&self.gaps) })
    }

    /// The snapshot that a request is answered from; a request takes one at its start and keeps it.
    async fn snapshot(&self) -> Result<Arc<Snapshot>, Problem> {
        if let Some(snapshot) = self.store.in_use() {
            return Ok(snapshot);
        }
        // The first call opens and verifies files.
        let store = Arc::clone(&self.store);
        let active = tokio::task::spawn_blocking(move || store.active()).await.map_err(Problem::internal)?;
        active.map_err(|error| {
            let detail = match &error {
                index::Error::NoSnapshot(_) => "There is no index yet. Build one with `groundline index build`.",
                _ => "The index cannot be opened. The server's log says why.",
            };
            Problem::new(Kind::NotReady, detail).because(error)
        })
    }
}
