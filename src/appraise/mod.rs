//! What a passage means for a claim: where the two speak of the same thing and say it differently, and why that can be told.
//!
//! A claim and a passage are each read once; what was read is compared. It knows no index and ranks nothing, and what it
//! finds is a flag on the pair of the two, never a reason to leave a passage out.
//!
//! - [`people`]: whom the two are about.

pub mod people;
