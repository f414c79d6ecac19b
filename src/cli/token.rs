//! `groundline token`: makes, lists and revokes the tokens of a service.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::json;

use super::output::{self, Style};
use super::settings::data_folder;
use super::{Done, Failure, usage};
use crate::access::{Error, Lifetime, Record, Scope, Scopes, Tokens};

/// Where tokens lie.
#[derive(Args, Clone)]
pub(super) struct Data {
    /// The folder of reviews and tokens, for `serve`, `review` and `token` alike; corpus and index lie elsewhere (--corpus,
    /// --index) [default: groundline in the user's data folder]
    #[arg(long, value_name = "DIR", env = "GROUNDLINE_DATA", hide_env_values = true)]
    data: Option<PathBuf>,
}

impl Data {
    /// The tokens of the folder that was named, or of the settled one.
    pub(super) fn tokens(&self) -> Result<Tokens, Failure> {
        Ok(Tokens::of(self.folder()?))
    }

    /// The folder itself.
    pub(super) fn folder(&self) -> Result<PathBuf, Failure> {
        data_folder(self.data.as_deref())
    }
}

#[derive(Subcommand)]
pub(super) enum Token {
    /// Make a token; it is shown this once
    Create(Create),
    /// Show the tokens: ids, scopes and times, never a token
    List(List),
    /// End a token at once, in running services too
    Revoke(Revoke),
}

#[derive(Args)]
pub(super) struct Create {
    /// What it allows: read, review, edit or admin; may be given several times
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    scopes: Vec<Scope>,
    /// What to call it in lists
    #[arg(long)]
    name: Option<String>,
    /// How long it lives: 12h, 90d, 8w or never
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = lifetime)]
    expires: Lifetime,
    #[command(flatten)]
    place: Data,
}

#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Data,
}

#[derive(Args)]
pub(super) struct Revoke {
    /// The token's id, as `token list` shows it
    id: String,
    #[command(flatten)]
    place: Data,
}

fn lifetime(text: &str) -> Result<Lifetime, String> {
    text.parse().map_err(|error: Error| error.to_string())
}

impl Token {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        match self {
            Token::Create(create) => create.run(json),
            Token::List(list) => list.run(json),
            Token::Revoke(revoke) => revoke.run(json),
        }
    }
}

impl Create {
    fn run(&self, json: bool) -> Result<Done, Failure> {
        let tokens = self.place.tokens()?;
        let scopes = Scopes::of(self.scopes.iter().copied());
        let made = tokens.create(scopes, self.name.as_deref(), self.expires, Timestamp::now()).map_err(told)?;
        let (secret, record) = made;
        if json {
            let mut value = shown(&record);
            value["secret"] = secret.shown().into();
            return output::json(&value);
        }
        let end = record.expires_at.map_or_else(|| "does not expire".to_owned(), |end| format!("expires {end}"));
        output::talk(&format!(
            "Token {} ({}) {end}. It is shown this once; the program keeps only its digest, in {}.",
            record.id,
            record.scopes,
            tokens.path().display()
        ));
        output::text(secret.shown())
    }
}

impl List {
    fn run(&self, json: bool) -> Result<Done, Failure> {
        let records = self.place.tokens()?.list()?;
        if json {
            return output::json(&json!({"tokens": records.iter().map(shown).collect::<Vec<_>>()}));
        }
        if records.is_empty() {
            output::talk("There are no tokens.");
            return Ok(Done::Fully);
        }
        let (style, now) = (Style::of_stdout(), Timestamp::now());
        let line = |record: &Record| {
            let end = record.expires_at.map_or_else(|| "never".to_owned(), |end| end.strftime("%Y-%m-%d").to_string());
            format!(
                "{}  {:7}  {:12}  until {:10}  {}",
                style.strong(&record.id),
                record.state(now).name(),
                record.scopes.to_string(),
                end,
                record.name.as_deref().unwrap_or_default()
            )
        };
        output::text(&records.iter().map(line).collect::<Vec<_>>().join("\n"))
    }
}

impl Revoke {
    fn run(&self, json: bool) -> Result<Done, Failure> {
        let record = self.place.tokens()?.revoke(&self.id, Timestamp::now()).map_err(told)?;
        if json {
            return output::json(&shown(&record));
        }
        output::talk(&format!("Token {} is revoked.", record.id));
        Ok(Done::Fully)
    }
}

/// What an operator asked for wrongly is a fault of usage.
fn told(error: Error) -> Failure {
    match error {
        Error::Unknown(_) | Error::Name(_) | Error::Lifetime(_) => usage(error),
        other => Failure::Failed(other.into()),
    }
}

/// A record without its digest.
fn shown(record: &Record) -> serde_json::Value {
    json!({
        "id": record.id,
        "name": record.name,
        "scopes": record.scopes.names(),
        "state": record.state(Timestamp::now()).name(),
        "created_at": record.created_at.to_string(),
        "expires_at": record.expires_at.map(|at| at.to_string()),
        "revoked_at": record.revoked_at.map(|at| at.to_string()),
    })
}
