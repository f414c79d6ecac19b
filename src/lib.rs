//! Groundline: from guideline documents to evidence for a claim.

pub mod claim;
pub mod cli;
pub mod corpus;
pub mod document;
pub mod eval;
pub mod evidence;
pub mod http;
pub mod index;
pub mod ingest;
pub mod language;
pub mod passage;
pub mod quantity;
pub mod retrieve;
pub mod span;
pub mod ui;
pub mod view;
