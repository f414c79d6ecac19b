//! Groundline: from guideline documents to evidence for a claim.

pub mod corpus;
pub mod document;
pub mod language;
pub mod passage;
pub mod span;
