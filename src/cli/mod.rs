//! The command line (contract, section 3): one `match` over the commands.
//!
//! Data goes to standard output, talk to standard error. Exit codes: 0 done, 1 failed, 2 usage, 3 done but some inputs
//! were rejected.

mod check;
mod claims;
mod conflicts;
mod corpus;
mod eval;
mod hints;
mod index;
mod lexicon;
mod lines;
mod mcp;
mod models;
mod output;
mod reading;
mod resume;
mod retrieval;
mod review;
mod runs;
mod serve;
mod settings;
mod split;
mod stance;
mod statements;
mod table;
mod token;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, Parser, Subcommand};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::document;
use crate::index::Ranker;
use crate::meaning::Encoder;
use settings::Folders;

/// Guideline passages for claims in a model's answer: ranked, located, verbatim.
///
/// Decision support for evaluating model answers, not for patient care.
#[derive(Parser)]
#[command(name = "groundline", version, max_term_width = 100)]
struct Cli {
    /// Print JSON instead of text
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the reviewer page and the HTTP API
    Serve(serve::Serve),
    /// Find evidence for claims, here on the terminal
    Check(check::Check),
    /// Split a response into statements, with their offsets
    Split(split::Split),
    /// Look at the corpus and check it
    #[command(subcommand)]
    Corpus(corpus::Corpus),
    /// Build, compare, activate, keep and remove snapshots
    #[command(subcommand)]
    Index(index::Index),
    /// Look up abbreviations, drug names and lay words, and check lexicon files
    #[command(subcommand)]
    Lexicon(lexicon::Lexicon),
    /// Install, list and verify the models that may be put beside the program
    #[command(subcommand)]
    Models(models::Models),
    /// Make, list and revoke the tokens of a service
    #[command(subcommand)]
    Token(token::Token),
    /// Import, export, replay and measure reviews
    #[command(subcommand)]
    Review(review::Review),
    /// Offer the tools of the Model Context Protocol on standard input and output
    Mcp(mcp::Mcp),
    /// Measure how good the answers are
    #[command(subcommand)]
    Eval(eval::Eval),
    /// Print the OpenAPI document of the HTTP API
    Openapi {
        /// Print the tools that a model is offered instead: openai, openai-chat or anthropic
        #[arg(long, value_name = "HOST", value_parser = ["openai", "openai-chat", "anthropic"])]
        tools: Option<String>,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
    /// Read one document from standard input (used by the program itself)
    #[command(name = "read-document", hide = true)]
    ReadDocument {
        /// html, pdf, xml, md or txt
        format: String,
        /// The process with which reading ends
        parent: Option<u32>,
        /// Leave a PDF's structure tree unread
        #[arg(long)]
        by_layout: bool,
    },
}

/// How a command ended.
pub(crate) enum Done {
    /// All of it.
    Fully,
    /// Done, but some inputs were rejected; each was named.
    WithRejects,
}

/// Why a command failed.
pub(crate) enum Failure {
    /// The command line or an input is wrong: exit code 2.
    Usage(anyhow::Error),
    /// Everything else: exit code 1.
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure::Failed(error.into())
    }
}

/// Makes an error one of usage.
pub(crate) fn usage(error: impl Into<anyhow::Error>) -> Failure {
    Failure::Usage(error.into())
}

/// What several commands take.
#[derive(Args, Clone)]
pub(crate) struct Where {
    /// A pack or a folder of packs; may be given several times [default: corpus]
    #[arg(long, value_name = "DIR")]
    corpus: Vec<std::path::PathBuf>,
    /// The index folder, made by `index build` where it is not there; reviews and tokens lie elsewhere (--data of `serve` and
    /// `review`) [default: index]
    #[arg(long, value_name = "DIR")]
    index: Option<std::path::PathBuf>,
    #[command(flatten)]
    ranking: Ranking,
}

/// How passages are ranked. What is not there is an error, never silently something else.
#[derive(Args, Clone)]
pub(crate) struct Ranking {
    /// How to rank: by words, also by the embedded vectors, also by an installed model [default: as the index was built;
    /// static where it is built]
    #[arg(long, value_parser = ranker(), env = "GROUNDLINE_RANKER", hide_env_values = true)]
    ranker: Option<Ranker>,
    #[command(flatten)]
    models: models::Place,
}

fn ranker() -> impl TypedValueParser<Value = Ranker> {
    PossibleValuesParser::new(Ranker::ALL.map(Ranker::name)).try_map(|name| name.parse::<Ranker>())
}

impl Ranking {
    /// The ranker that was named here or in the settings; `None` for whatever the index was built for.
    fn wanted(&self) -> Result<Option<Ranker>, Failure> {
        match self.ranker {
            Some(ranker) => Ok(Some(ranker)),
            None => Ok(settings::File::read()?.ranker),
        }
    }

    /// The encoders of a ranker.
    fn encoders(&self, ranker: Ranker) -> Result<Vec<std::sync::Arc<dyn Encoder>>, Failure> {
        settings::encoders(ranker, self.models.models.as_deref())
    }
}

impl Where {
    fn folders(&self) -> Result<Folders, Failure> {
        let models = self.ranking.models.models.clone();
        Ok(Folders::of(&self.corpus, self.index.as_deref())?.ranked(self.ranking.wanted()?).with_models(models))
    }

    /// The same places for another command of ours, as it would be typed.
    fn told(&self) -> String {
        let quoted = |path: &std::path::Path| {
            let path = path.display().to_string();
            if path.contains([' ', '\'']) { format!("'{}'", path.replace('\'', "'\\''")) } else { path }
        };
        let corpus = self.corpus.iter().map(|folder| format!(" --corpus {}", quoted(folder)));
        corpus.chain(self.index.as_deref().map(|folder| format!(" --index {}", quoted(folder)))).collect()
    }
}

/// Runs the program's command line.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Command::ReadDocument { format, parent, by_layout } = &cli.command {
        let basis = if *by_layout { document::Basis::Layout } else { document::Basis::Tags };
        return read_document(format, basis, *parent);
    }
    start_log(matches!(cli.command, Command::Serve(_)));
    match run(&cli) {
        Ok(Done::Fully) => ExitCode::SUCCESS,
        Ok(Done::WithRejects) => ExitCode::from(3),
        Err(Failure::Usage(error)) => fail(&error, 2),
        Err(Failure::Failed(error)) if closed_pipe(&error) => ExitCode::SUCCESS,
        Err(Failure::Failed(error)) => fail(&error, 1),
    }
}

fn run(cli: &Cli) -> Result<Done, Failure> {
    match &cli.command {
        Command::Serve(serve) => serve.run(cli.json),
        Command::Check(check) => check.run(cli.json),
        Command::Split(split) => split.run(cli.json),
        Command::Corpus(corpus) => corpus.run(cli.json),
        Command::Index(index) => index.run(cli.json),
        Command::Lexicon(lexicon) => lexicon.run(cli.json),
        Command::Models(models) => models.run(cli.json),
        Command::Token(token) => token.run(cli.json),
        Command::Review(review) => review.run(cli.json),
        Command::Mcp(mcp) => mcp.run(),
        Command::Eval(eval) => eval.run(cli.json),
        Command::Openapi { tools } => output::text(&serve::openapi(tools.as_deref())?),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "groundline", &mut script);
            output::text(&String::from_utf8_lossy(&script))
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            output::text(&String::from_utf8_lossy(&page))
        }
        Command::ReadDocument { .. } => Ok(Done::Fully),
    }
}

fn fail(error: &anyhow::Error, code: u8) -> ExitCode {
    output::talk(&format!("groundline: {}", told(error)));
    ExitCode::from(code)
}

/// An error with its causes; one that already tells its cause does not tell it twice.
fn told(error: &anyhow::Error) -> String {
    let mut line = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !line.contains(&cause) {
            line = format!("{line}: {cause}");
        }
    }
    line
}

/// Whoever read our output has had enough ("| head"): that is no failure.
fn closed_pipe(error: &anyhow::Error) -> bool {
    let io =
        |cause: &(dyn std::error::Error + 'static)| cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    error.chain().filter_map(io).any(|kind| kind == std::io::ErrorKind::BrokenPipe)
}

fn read_document(format: &str, basis: document::Basis, parent: Option<u32>) -> ExitCode {
    let Some(format) = crate::corpus::Format::named(format) else { return ExitCode::from(2) };
    match document::serve_child(format, basis, parent) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Logs to standard error: text on a terminal, JSON elsewhere. `GROUNDLINE_LOG` sets what is logged.
fn start_log(serving: bool) {
    let mcp_events = crate::mcp::may_be_logged;
    let default = if serving { "info" } else { "warn" };
    let filter = EnvFilter::try_from_env("GROUNDLINE_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines = if std::io::stderr().is_terminal() { log.boxed() } else { log.json().boxed() };
    let registry = tracing_subscriber::registry().with(filter).with(lines.with_filter(filter_fn(mcp_events)));
    // A second start (in tests) leaves the first log as it is.
    let _ = registry.try_init();
}
