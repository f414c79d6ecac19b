//! Groundline finds, for a claim in a model's answer, the passages of clinical guidelines that settle it: ranked, located,
//! verbatim, with grade, year, publisher and status. It supports people who evaluate answers; it decides nothing, and it
//! is not for patient care.
//!
//! # The flow
//!
//! ```text
//!  editors                                                                                  reviewers, harnesses
//!
//!  corpus ──► document ──► passage ──► index ──► retrieve ──► appraise ──► evidence ──► view ──► http · ui · cli
//!  folders    one file     what can    a         claim to     what they    editions     the      one way in each
//!  of files   as text      be cited    snapshot  passages     mean for it  judged       shapes
//!  └────────────── ingest ───────────────┘       └─────────── claim ────────────┘
//! ```
//!
//! Data flows one way; `tests/architecture.rs` holds the table of who may import whom.
//!
//! # Words
//!
//! A **document** is one guideline; a **version** one published edition of it (`uspstf-aspirin@2022`); a **passage** the
//! unit that is found and cited (`uspstf-aspirin@2022#rec-1`). A **claim** is one checkable statement; its **evidence**
//! the ranked passages. A **snapshot** is an immutable index, named by the corpus and the engine that made it. **Tier**
//! tells the guideline's own words (`primary`) from our summary of them (`digest`). A machine gives at most a *hint*, a
//! person a *verdict*; nothing turns one into the other.
//!
//! # Where to read
//!
//! In this order: [`ingest`], the editors' path on one screen; [`evidence`], the reviewers' path on one screen; then
//!
//! - What is quoted? [`corpus`] reads packs and sidecars, and [`corpus::Catalogue`] says which edition is in force
//!   and [`corpus::Currency`] how far that can be trusted. Editors change it through [`corpus::edit`], from
//!   the command line or over HTTP ([`http::editors`]); each change is a line of the pack's chained log
//!   ([`corpus::history`]).
//! - How does it get here, and is it still the publisher's latest? [`fetch`], within what the licence allows; its
//!   [`fetch::Policy`] says what may be reached.
//! - Here are a stranger's bytes, what do they say? [`document`]: one reader a format, in a child process that can reach
//!   neither files nor network ([`document::ChildReader`], [`document::Confinement`]), all speaking to the
//!   [`document::Builder`], which keeps every offset. A page of a tagged PDF is read by its tags where they fit it, by
//!   its layout otherwise; its numbers are accounted for, and where the account does not balance, its passages say so.
//! - Here is a text, what can be cited? [`passage`]: recommendations with grade, direction, modality, population and
//!   exclusions, paragraphs, lists, table rows. A [`passage::Quote`] is cut from the stored text and from nowhere else.
//! - Here is a model's response, what in it can be checked? [`claim::split()`]: statements with their offsets, each in a form that
//!   can stand alone.
//! - Where are passages kept? [`index`]: the [`index::Store`] publishes snapshots so that a crash leaves old or new, and
//!   takes over from the last one what has not changed; the [`index::Snapshot`] answers queries.
//! - Here is a claim, which passages speak about it? [`retrieve`]: first every passage cheaply, then the best few hundred by
//!   what is measured of them; with the reasons why.
//! - What does a passage mean for a claim? [`appraise`] holds their numbers, their people, their directions and their order
//!   against each other, flags what differs, and gives a hint where that is enough for one, also beside the other passages found.
//! - What does the new edition say otherwise? [`revision`] pairs the statements of two versions and compares them.
//! - What leaves the program? [`view`]; how does one ask? [`http`], [`ui`] (the pages) and [`cli`]; who may? [`access`].
//! - What did people decide? [`review`]: the response, its claims, and an append-only log of verdicts, each bound to a snapshot
//!   and the words of a passage; who may see what; how far people agree. What leaves the desk is written by [`export`], and
//!   [`export::replay`] says whether the same snapshot still answers the same.
//! - Who may come in? [`access`]: nobody needs to on one's own machine; elsewhere tokens with scopes.
//! - How does a model's host ask? [`mcp`]: three tools, read-only, over standard input and output or HTTP.
//! - How good is it? [`eval`]: pages and responses against hand-read gold sets, ranking on public sets, the right passage for a claim.
//! - What may be installed beside the program, to rank better? [`models`]: files by their digests, and the network that
//!   [`models::DenseEncoder`] computes.
//! - A claim says "water pill", a guideline "diuretic": [`lexicon`] joins the two.
//!
//! Below all of these stand [`span`] (ranges in code points), [`quantity`] (numbers with units), [`language`]
//! (sentences and search terms) and [`meaning`] (texts as vectors, and the passages that lie nearest to one).
//!
//! # One claim's walk
//!
//! `POST /v1/evidence` reaches [`http`], which bounds it, takes the snapshot in use and keeps it to the end. The text
//! becomes a [`claim::Claim`], which cannot be logged. [`evidence::gather`] settles which versions may answer (filters, the
//! day of `as_of`). A [`retrieve::Search`] reads the claim: its terms, slips put right, what the lexicon says may stand for
//! them, what it is about where only its context says so, its numbers, its vectors (claim text never reaches a query
//! parser). [`retrieve::search`] weighs every passage by words and by meaning, measures the best few hundred and ranks them by a learned model, which the trace explains. What says
//! the same is folded, and then editions are judged:
//! what replaced an old edition is put above it, and the old one is flagged; the guideline's own words stand above a
//! summary of them. [`appraise::Asked`] holds the claim's numbers, people, direction and order against each passage's: what differs
//! is flagged, and a hint is given where all of it, weighed with what the passage is beside the others found
//! ([`appraise::company`]), is enough for one; where the other side is asked for, passages of different bodies are held against each
//! other too ([`appraise::disagreement`]). [`view::native`] gives the answer its outside shape.
//!
//! # What is deliberately absent
//!
//! No function turns a hint into a verdict, and no score is an opinion: a hint is drawn from what was compared, and is absent
//! where that is not enough. No request's text is logged, and outside saved reviews none is kept on disk unless the operator says so
//! (`--keep-gaps`); answers to requests with an `Idempotency-Key` stay in memory for a day at most.
//! Nothing is fetched from the network unless somebody asks for it (`corpus fetch`, `models install`).

pub mod access;
pub mod appraise;
pub mod claim;
pub mod cli;
pub mod corpus;
pub mod document;
pub mod eval;
pub mod evidence;
pub mod export;
pub mod fetch;
pub mod http;
pub mod index;
pub mod ingest;
pub mod language;
pub mod lexicon;
pub mod mcp;
pub mod meaning;
pub mod models;
pub mod passage;
pub mod quantity;
pub mod retrieve;
pub mod review;
pub mod revision;
pub mod span;
pub mod ui;
pub mod view;
