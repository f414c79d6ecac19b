//! What a passage means for a claim.
//!
//! Knows no index: it is given a claim and a passage, and says what can be read off the two. [`stance`] gives the
//! probabilities that the one supports or contradicts the other; whether a hint is spoken is decided by the caller.

pub mod stance;
