//! People's verdicts on a model's response: what they say, how they are kept, and how far reviewers agree.
//!
//! A [`record::Review`] holds a response, its claims and what people decided of them. [`store::Store`] keeps reviews in one
//! file: verdicts as a log that is never changed, claims that keep their span once they are judged, drafts with versions,
//! blind double review, and erasure that takes every text out of the file. [`taxonomy::Taxonomy`] is what a reviewer can
//! say, in files that a team can edit; [`feedback::draft`] puts a first draft for a model's team together. [`edit`] says
//! what may become of a span, [`digest`] how a verdict's id is computed.
//!
//! Responses come in through [`import`] and become reviews in [`incoming`]; [`agreement`] measures how far people decided
//! the same.
//!
//! A person gives a verdict. Nothing here makes one of a hint, a score or an agreement.

pub mod agreement;
pub mod digest;
pub mod edit;
pub mod feedback;
pub mod import;
pub mod incoming;
mod rated;
pub mod record;
pub mod store;
pub mod taxonomy;

pub use rated::{ADJUDICATED, units};
