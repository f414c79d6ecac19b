//! The one test binary: what crosses stages. Tests of a single stage stand beside it in `src/`.
#![expect(clippy::expect_used, reason = "helpers fail the test that calls them")]

/// Tokens, sessions and quotas.
mod access;
/// What passages mean for a claim.
mod appraisal;
/// Who imports whom.
mod architecture;
/// The reader child.
mod child;
/// Citations that responses give: found, and led to their editions.
mod citations;
/// Labels of claims, and what is measured with them.
mod claim_sets;
/// The command line as a process.
mod cli;
/// Slow, silent, malformed and too many connections.
mod connection;
/// The reviewer's desk in a real browser.
mod desk;
/// An editor's day.
mod editing;
/// Which edition speaks.
mod editions;
/// An editor's day over HTTP.
mod editors_http;
/// From a claim to its evidence.
mod evidence;
/// Fetching from a publisher that misbehaves.
mod fetch;
/// Spellings of addresses that lead elsewhere.
mod fetch_addresses;
/// What evaluation harnesses rely on.
mod harness;
/// Files made to break a reader.
mod hostile;
/// The HTTP API: what is answered and what is refused.
mod http;
/// Looking words up, and an institution's own.
mod lexicon;
/// The tools of the Model Context Protocol, over standard input and output and over HTTP.
mod mcp;
/// Vectors in a snapshot.
mod meaning;
/// Statements changed in one known way.
mod metamorphic;
/// Installing a model, and vectors that are kept.
mod models;
/// The PDF behind an edition, as it was indexed.
mod original;
/// Claim text stays out of logs, metrics and problems.
mod privacy;
/// Publishing a snapshot.
mod publish;
/// Every quotation is what the stored text says, where it says it.
mod quotations;
/// Real guidelines, where they are.
mod real_documents;
/// Building again after a change.
mod rebuild;
/// Reviews: from a pasted response to an artifact that replays.
mod review;
/// Claims as people type them.
mod rough;
/// Snapshots that come and go: diff, rollback, pins, pruning, and a service that goes on answering.
mod snapshots;
/// Whole responses: split and checked.
mod split;
/// Whether a text supports a claim: the figures as a user sees them, and on a public set.
mod stance;
/// The starter corpus as a new user meets it.
mod starter;
/// NDJSON streams.
mod stream;
/// What tests share.
mod support;
/// The pages in a real browser.
mod ui;
