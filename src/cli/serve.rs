//! `groundline serve`: the reviewer page and the HTTP API, until ctrl-c or SIGTERM.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::mcp::Gated;
use super::review::Kept;
use super::settings::{File, KeepGaps, Lexicons, child_reader};
use super::{Done, Failure, Where, output, token, usage};
use crate::access::{Access, State};
use crate::claim::Claim;
use crate::evidence::{self, Options};
use crate::http::{self, Desk, Editors, Service, Settings};
use crate::index::Snapshot;
use crate::ingest::SharedRead;
use crate::mcp::{self, Bounds, Server};
use crate::ui;
use crate::view::hosts::tools::{self, Flavour};

/// Where the service listens unless told otherwise: this machine alone.
const LISTEN: &str = "127.0.0.1:8787";
/// Calls of MCP clients at once.
const MCP_CALLS: usize = 64;
/// Connections at once, where the system allows as many files.
const CONNECTIONS: usize = 8_192;

#[derive(Args)]
pub(super) struct Serve {
    /// Address to listen on; port 0 takes a free one [default: 127.0.0.1:8787]
    #[arg(long, value_name = "HOST:PORT", env = "GROUNDLINE_LISTEN", hide_env_values = true)]
    listen: Option<String>,
    /// A further name by which the service is called, as behind a proxy; may be given several times
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// A further site whose pages may post here (https://host); may be given several times
    #[arg(long = "origin", value_name = "ORIGIN")]
    origins: Vec<String>,
    /// Let everybody in, also where the address can be reached from other machines and there are no tokens
    #[arg(long)]
    open: bool,
    /// Requests a minute that one caller may send (by token, else by address); 0 for no limit
    #[arg(long, value_name = "N", default_value_t = Settings::default().requests_a_minute)]
    requests_a_minute: u32,
    #[command(flatten)]
    data: token::Data,
    #[command(flatten)]
    keep_gaps: KeepGaps,
    #[command(flatten)]
    lexicons: Lexicons,
    /// A folder with your own taxonomy, rubric or guide (TOML) [default: the program's own]
    #[arg(long, value_name = "DIR", env = "GROUNDLINE_TAXONOMY", hide_env_values = true)]
    taxonomy: Option<PathBuf>,
    #[command(flatten)]
    place: Where,
}

impl Serve {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        say_only_where_it_panics();
        let listen = match &self.listen {
            Some(listen) => listen.clone(),
            None => File::read()?.listen.unwrap_or_else(|| LISTEN.to_owned()),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.context("threads cannot be started")?;
        // Before the index, which may take a while to build: a port in use is said at once.
        let listener = runtime.block_on(http::bind(&listen)).map_err(|error| match error {
            http::ListenError::Address { .. } => usage(error),
            other => Failure::Failed(other.into()),
        })?;
        let address = listener.local_addr().context("the listener has no address")?;
        let access = self.access(address)?;
        let folders = self.place.folders()?;
        let store = Arc::new(folders.answering()?.asked_with(self.lexicons.open()?.0));
        let snapshot = folders.snapshot(&store)?;
        let settings = Settings {
            hosts: self.hosts.clone(),
            origins: self.origins.clone(),
            keep_gaps: self.keep_gaps.wanted()?,
            access: Arc::new(access),
            requests_a_minute: self.requests_a_minute,
            ..Settings::default()
        };
        let timeouts = settings.timeouts;
        let reviews = Kept::at(&self.data.folder()?, self.taxonomy.as_deref())?;
        let pages = ui::router(Arc::clone(&store));
        let child = child_reader()?;
        let read: SharedRead = Arc::new(move |format, content| child.read(format, content));
        let editors = Editors::new(folders.corpus, read, address.ip().is_loopback());
        let service = Service::new(Arc::clone(&store), settings).with_desk(Desk::new(reviews)).with_editors(editors);
        let gated = Arc::new(Gated(service.gate().clone()));
        let tools = Server::new(store, Arc::clone(service.gaps()), gated, Some(&format!("http://{address}")));
        let pages = pages.merge(mcp::router(tools, Bounds { body: timeouts.body, calls: MCP_CALLS }));
        let host = listen.rsplit_once(':').map_or(listen.as_str(), |(host, _)| host);
        let router = service.router(address, host, pages);
        let id = snapshot.manifest().id.to_string();
        warm(&snapshot);
        if !address.ip().is_loopback() {
            output::talk("groundline: put a proxy with TLS in front: tokens and claims travel as they are");
        }
        if json {
            output::json(&json!({"listening": format!("http://{address}"), "snapshot": id}))?;
        }
        output::talk(&format!("Groundline answers at http://{address} from snapshot {id}. Stop it with ctrl-c."));
        runtime.block_on(async {
            tokio::spawn(async move { service.follow_active().await });
            let connections = http::connections_that_fit(CONNECTIONS);
            http::serve(listener, router, timeouts, connections, http::stop_signal()).await;
        });
        Ok(Done::Fully)
    }

    /// Who is let in. What other machines can reach wants a token, unless the operator says otherwise.
    fn access(&self, address: SocketAddr) -> Result<Access, Failure> {
        let tokens = self.data.tokens()?;
        let there = tokens.list()?;
        let now = Timestamp::now();
        if !address.ip().is_loopback() && there.is_empty() && !self.open {
            return Err(usage(anyhow::anyhow!(
                "{address} can be reached from other machines, and there are no tokens, so anybody there could read and \
                 write. Make one with `groundline token create --scope read`, or listen on 127.0.0.1, or say --open"
            )));
        }
        if !there.is_empty() && there.iter().all(|record| record.state(now) != State::Valid) {
            output::talk("groundline: every token has expired or is revoked: nobody can come in until you make one");
        }
        Ok(Access::by(tokens, !there.is_empty()))
    }
}

/// Asks once before anybody is let in, so that the first to ask does not wait for the patterns that are compiled when they are
/// first used: on a busy machine that was two seconds.
fn warm(snapshot: &Snapshot) {
    let claim = Claim::new("Adults over 65 with diabetes should not take more than 75 mg of aspirin every day.");
    if let Ok(claim) = claim
        && let Err(error) = evidence::gather(snapshot, &claim, &Options::default())
    {
        tracing::warn!(%error, "the first question of the service's own failed");
    }
}

/// What a panic says may quote a claim, so the log has its place in the code and nothing else.
pub(super) fn say_only_where_it_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(location, "a thread panicked");
    }));
}

/// The OpenAPI document, or the tools that are made of it, as JSON.
pub(super) fn openapi(tools: Option<&str>) -> Result<String, Failure> {
    let Some(host) = tools else { return Ok(format!("{}\n", http::openapi::document())) };
    let document = serde_json::from_str(http::openapi::document())?;
    let flavour = Flavour::named(host).ok_or_else(|| usage(anyhow::anyhow!("there are no tools for {host:?}")))?;
    Ok(format!("{}\n", serde_json::to_string_pretty(&tools::tools(&document, flavour)?)?))
}
