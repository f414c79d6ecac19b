//! `groundline lexicon`: whether lexicon files are in order, and what the lexicon makes of a term.

mod explain;
mod lint;

use clap::Subcommand;

use super::{Done, Failure};

#[derive(Subcommand)]
pub(super) enum Lexicon {
    /// Check lexicon files: form, repetitions, senses that nothing chooses, brands that contradict each other
    Lint(lint::Lint),
    /// Show what stands for a term: which rows match, which sense is chosen and why, which are not and why
    Explain(explain::Explain),
}

impl Lexicon {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        match self {
            Lexicon::Lint(lint) => lint.run(json),
            Lexicon::Explain(explain) => explain.run(json),
        }
    }
}
