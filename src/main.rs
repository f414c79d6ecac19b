//! The program: starts the log, calls the command line, turns its result into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    groundline::cli::main()
}
