//! `groundline serve`: the reviewer page and the HTTP API.

use clap::Args;

use super::{Done, Failure, Where};

#[derive(Args)]
pub(super) struct Serve {
    /// Address to listen on [default: 127.0.0.1:8787]
    #[arg(long, value_name = "HOST:PORT")]
    listen: Option<String>,
    #[command(flatten)]
    place: Where,
}

impl Serve {
    pub(super) fn run(&self) -> Result<Done, Failure> {
        let _ = (&self.listen, &self.place);
        Ok(Done::Fully)
    }
}

/// The OpenAPI document, as JSON.
pub(super) fn openapi() -> Result<String, Failure> {
    Ok(String::new())
}
