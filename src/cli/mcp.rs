//! `groundline mcp`: the tools over standard input and output; and the service's gate as the place where the same tools search
//! over HTTP.

use std::sync::Arc;

use anyhow::Context;
use clap::Args;

use super::serve::say_only_where_it_panics;
use super::settings::Lexicons;
use super::{Done, Failure, Where};
use crate::http::work::Admitted;
use crate::http::{Gate, Kind, Problem};
use crate::index::Recorder;
use crate::mcp::{self, Error, Place, Searches, Server, Soon};

#[derive(Args)]
pub(super) struct Mcp {
    #[command(flatten)]
    lexicons: Lexicons,
    #[command(flatten)]
    place: Where,
}

impl Mcp {
    pub(super) fn run(&self) -> Result<Done, Failure> {
        say_only_where_it_panics();
        let folders = self.place.folders()?;
        let store = Arc::new(folders.answering()?.asked_with(self.lexicons.open()?.0));
        drop(folders.snapshot(&store)?);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.context("threads cannot be started")?;
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let gaps = Arc::new(Recorder::start(store.root(), false));
        let server = Server::new(store, gaps, mcp::threads(cores), None);
        runtime.block_on(mcp::stdio(server))?;
        // A read of standard input that never ends must not keep the program.
        runtime.shutdown_background();
        Ok(Done::Fully)
    }
}

/// The service's gate, for calls over HTTP: they are counted and bounded with all others.
pub(super) struct Gated(pub(super) Gate);

struct Held(Admitted);

fn refused(problem: Problem) -> Error {
    if problem.kind() == Kind::Busy {
        return Error::Busy;
    }
    if let Some(cause) = problem.cause() {
        tracing::error!(cause, "a tool call found no place");
    }
    Error::Failed
}

impl Searches for Gated {
    fn admit(&self, many: bool) -> Soon<'_, Result<Box<dyn Place>, Error>> {
        Box::pin(async move {
            let place = if many { self.0.admit_batch().await } else { self.0.admit() };
            let place = place.map_err(refused)?;
            Ok(Box::new(Held(place)) as Box<dyn Place>)
        })
    }
}

impl Place for Held {
    fn run(&self, job: Box<dyn FnOnce() + Send>) -> Soon<'_, Result<(), Error>> {
        Box::pin(async move { self.0.run(job).await.map_err(refused) })
    }
}
