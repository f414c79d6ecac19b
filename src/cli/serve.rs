//! `groundline serve`: the reviewer page and the HTTP API, until ctrl-c or SIGTERM.

use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use serde_json::json;

use super::settings::{File, KeepGaps, Lexicons};
use super::{Done, Failure, Where, output, usage};
use crate::http::{self, Service, Settings};
use crate::ui;

/// Where the service listens unless told otherwise: this machine alone.
const LISTEN: &str = "127.0.0.1:8787";
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
    #[command(flatten)]
    keep_gaps: KeepGaps,
    #[command(flatten)]
    lexicons: Lexicons,
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
        let folders = self.place.folders()?;
        let store = Arc::new(folders.answering()?.asked_with(self.lexicons.open()?.0));
        let snapshot = folders.snapshot(&store)?;
        let settings = Settings {
            hosts: self.hosts.clone(),
            origins: self.origins.clone(),
            keep_gaps: self.keep_gaps.wanted()?,
            ..Settings::default()
        };
        let timeouts = settings.timeouts;
        let pages = ui::router(Arc::clone(&store));
        let service = Service::new(store, settings);
        let host = listen.rsplit_once(':').map_or(listen.as_str(), |(host, _)| host);
        let router = service.router(address, host, pages);
        let id = snapshot.manifest().id.to_string();
        drop(snapshot);
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
}

/// What a panic says may quote a claim, so the log has its place in the code and nothing else.
fn say_only_where_it_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(location, "a thread panicked");
    }));
}

/// The OpenAPI document, as JSON.
pub(super) fn openapi() -> Result<String, Failure> {
    Ok(format!("{}\n", http::openapi::document()))
}
