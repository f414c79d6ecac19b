//! The one test binary: what crosses stages. Tests of a single stage stand beside it in `src/`.

/// Who imports whom.
mod architecture;
/// The command line as a process.
mod cli;
/// From a claim to its evidence.
mod evidence;
/// What tests share.
mod support;
