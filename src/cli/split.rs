//! `groundline split`: the statements of a response, on the terminal.

use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;

use super::output::{self, Style};
use super::{Done, Failure, usage};
use crate::claim::{self, Statement};
use crate::view::claims::{ClaimsView, name};

/// Largest file, in bytes: what the longest response can take, in the widest characters.
const LARGEST: u64 = 4 * claim::split::LONGEST_RESPONSE as u64;

#[derive(Args)]
pub(super) struct Split {
    /// The response, Markdown or plain text; `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Split {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let statements = read(&self.file)?.1;
        if json {
            return output::json(&ClaimsView::of(&statements));
        }
        output::text(&page(&statements, Style::of_stdout()))
    }
}

/// Reads a response and splits it.
pub(super) fn read(path: &Path) -> Result<(String, Vec<Statement>), Failure> {
    let name = if path.as_os_str() == "-" { "standard input".to_owned() } else { path.display().to_string() };
    let mut bytes = Vec::new();
    let input: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        let file = std::fs::File::open(path).with_context(|| format!("{name} cannot be read"));
        Box::new(file.map_err(Failure::Usage)?)
    };
    let read = input.take(LARGEST + 1).read_to_end(&mut bytes).with_context(|| format!("{name} cannot be read"));
    read.map_err(Failure::Usage)?;
    if bytes.len() as u64 > LARGEST {
        return Err(usage(anyhow!("{name} has more than {LARGEST} bytes: send it in parts")));
    }
    let text = String::from_utf8(bytes).map_err(|_| usage(anyhow!("{name} is not text in UTF-8")))?;
    let statements = claim::split(&text).map_err(|error| usage(anyhow!("{name}: {error}")))?;
    Ok((text, statements))
}

/// The statements for a person; those that are no claims stand back.
fn page(statements: &[Statement], style: Style) -> String {
    let mut out = String::new();
    for (at, statement) in statements.iter().enumerate() {
        let span = statement.span();
        let worth = statement.worth();
        let kind = if statement.is_checkworthy() { String::new() } else { format!(" · {}", worth.name()) };
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(out, "{}", style.quiet(&format!("{} · {}–{}{kind}", name(at), span.start(), span.end())));
        let words = output::wrapped(statement.text(), "    ");
        out.push_str(&if statement.is_checkworthy() { words } else { style.quiet(&words) });
        if statement.is_checkworthy() && statement.claim() != statement.text() {
            out.push_str(&style.quiet(&output::wrapped(&format!("= {}", statement.claim()), "    ")));
        }
    }
    let claims = statements.iter().filter(|statement| statement.is_checkworthy()).count();
    let _ = writeln!(out, "{}", style.quiet(&format!("{} statements, {claims} worth checking", statements.len())));
    out
}
