//! Standard output for data, standard error for talk.

use std::io::{IsTerminal, Write};

use serde::Serialize;

use super::{Done, Failure};

/// Columns of prose.
const WIDTH: usize = 96;

/// A line of talk for a person.
#[expect(clippy::print_stderr, reason = "standard error is where a command talks")]
pub(super) fn talk(line: &str) {
    eprintln!("{line}");
}

/// Prints data that is text.
pub(super) fn text(data: &str) -> Result<Done, Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(data.as_bytes())?;
    if !data.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(Done::Fully)
}

/// Prints one JSON value.
pub(super) fn json(value: &impl Serialize) -> Result<Done, Failure> {
    text(&serde_json::to_string_pretty(value)?)
}

/// Styles of terminal text; plain where the output is no terminal or `NO_COLOR` is set.
#[derive(Clone, Copy)]
pub(super) struct Style {
    on: bool,
}

impl Style {
    /// The style for standard output.
    pub(super) fn of_stdout() -> Style {
        Style { on: std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() }
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Stands out.
    pub(super) fn strong(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// Stands back.
    pub(super) fn quiet(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// Warns.
    pub(super) fn warn(self, text: &str) -> String {
        self.wrap("33", text)
    }
}

/// Breaks a text into lines between words, each with an indent.
pub(super) fn wrapped(text: &str, indent: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.split("\n\n") {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + word.chars().count() + 1 > WIDTH - indent.len() {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines.iter().map(|line| format!("{indent}{line}\n")).collect()
}
