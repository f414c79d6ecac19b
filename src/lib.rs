//! Groundline: from guideline documents to evidence for a claim.

pub mod claim;
pub mod corpus;
pub mod document;
pub mod http;
pub mod index;
pub mod ingest;
pub mod language;
pub mod passage;
pub mod quantity;
pub mod span;
