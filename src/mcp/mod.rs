//! MCP: the tools `search`, `fetch` and `check_claims` for hosts that speak the Model Context Protocol, over standard input
//! and output ([`stdio()`]) and over Streamable HTTP ([`router`]).
//!
//! Reading order: `tools` (what is listed), `call` (what is answered), `text` (the same in words), `wire` (what is
//! let in), then a file a transport. The protocol itself, with its versions and its handshake, is the official SDK's. What
//! is answered is decided elsewhere, as for HTTP: [`crate::evidence`] gathers and [`crate::view`] gives the shapes.
//!
//! Nothing of a call is logged. The SDK would log whole messages on its finer levels: [`may_be_logged`] is the filter that
//! every log of a program with this module needs.

mod call;
mod schema;
mod stdio;
mod streamable;
mod text;
mod threads;
mod tools;
mod wire;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ErrorData, Implementation, ListToolsResult, PaginatedRequestParams,
    ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};

use crate::index::{self, Recorder, Snapshot, Store};

pub use stdio::{stdio, talk};
pub use streamable::{Bounds, router};
pub use threads::threads;
pub use tools::{MOST_ITEMS, MOST_PASSAGES};

use tools::{INSTRUCTIONS, Name};

/// Why nothing is answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// More work than can be done now.
    #[error("The queue of searches is full. Try again in a moment.")]
    Busy,
    /// A fault of ours.
    #[error("The call failed. The log says why.")]
    Failed,
    /// No snapshot is active yet.
    #[error("There is no index yet. Build one with `groundline index build`.")]
    NoIndex,
    /// The client did not begin as the protocol says; what it sent is not repeated.
    #[error("the client did not begin with `initialize`")]
    Handshake,
}

/// A future as an object; what [`Searches`] and [`Place`] answer with.
pub type Soon<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where searches are counted, bounded and run: the service's gate, or [`threads`] of this process.
pub trait Searches: Send + Sync + 'static {
    /// Admits a call; `many` says that it may have many claims, which has its own queue.
    ///
    /// # Errors
    /// [`Error::Busy`] where the queue is full.
    fn admit(&self, many: bool) -> Soon<'_, Result<Box<dyn Place>, Error>>;
}

/// The place of a call that was admitted; free again when it is dropped.
pub trait Place: Send + Sync {
    /// Runs one piece of work when a core is free, and answers when it has ended.
    ///
    /// # Errors
    /// [`Error::Failed`] where it could not be run.
    fn run(&self, job: Box<dyn FnOnce() + Send>) -> Soon<'_, Result<(), Error>>;
}

/// The tools over an index; a clone is the same server.
#[derive(Clone)]
pub struct Server(Arc<Parts>);

struct Parts {
    store: Arc<Store>,
    gaps: Arc<Recorder>,
    searches: Arc<dyn Searches>,
    /// What stands before a path of the reader, as `http://127.0.0.1:8787`; empty where nobody serves it.
    address: String,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.0.address).finish_non_exhaustive()
    }
}

impl Server {
    /// Tools that answer from a store's snapshot in use, count in `gaps` what finds nothing, and search in `searches`.
    ///
    /// `address` is where the reader is served, as `http://127.0.0.1:8787`, or `None`: links to it are then paths.
    pub fn new(store: Arc<Store>, gaps: Arc<Recorder>, searches: Arc<dyn Searches>, address: Option<&str>) -> Server {
        let address = address.unwrap_or_default().trim_end_matches('/').to_owned();
        Server(Arc::new(Parts { store, gaps, searches, address }))
    }

    /// The snapshot that a call is answered from; a call takes one at its start and keeps it.
    async fn snapshot(&self) -> Result<Arc<Snapshot>, Error> {
        if let Some(snapshot) = self.0.store.in_use() {
            return Ok(snapshot);
        }
        // The first call opens and verifies files.
        let store = Arc::clone(&self.0.store);
        let active = tokio::task::spawn_blocking(move || store.active()).await.map_err(|_| Error::Failed)?;
        active.map_err(|error| match error {
            index::Error::NoSnapshot(_) => Error::NoIndex,
            error => {
                tracing::error!(%error, "the index cannot be opened");
                Error::Failed
            }
        })
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let name = Implementation::new("groundline", env!("CARGO_PKG_VERSION")).with_title("Groundline");
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(name)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::list().to_vec()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let unknown = "There is no such tool. This server has search, fetch and check_claims.";
        let name = Name::of(&request.name).ok_or_else(|| ErrorData::invalid_params(unknown, None))?;
        let answer = call::call(self, name, request.arguments.unwrap_or_default());
        tokio::select! {
            // The searches that have not begun are left out; nobody reads the answer.
            () = context.ct.cancelled() => Err(ErrorData::internal_error("The call was cancelled.", None)),
            answer = answer => Ok(answer.into()),
        }
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        tools::list().iter().find(|tool| tool.name == name).cloned()
    }
}

/// Whether an event may be logged whatever the operator set: the SDK's own events hold whole messages, and with them
/// claims, on every level but the highest.
pub fn may_be_logged(metadata: &tracing::Metadata<'_>) -> bool {
    !metadata.target().starts_with("rmcp") || *metadata.level() <= tracing::Level::ERROR
}
