//! What a passage means for a claim, detail by detail: what can be read of both and compared without an opinion.
//!
//! One module for each kind of detail, all of one form: a reading of the claim, a reading of the passage, and a comparison
//! that names what differs and says why. Where a comparison is not sure that two details speak of the same thing it says
//! nothing; nothing here is a verdict, and no index is known.
//!
//! - [`amounts`]: numbers with their units, each with its [`Role`]: a dose is never held against an age.

pub mod amounts;
mod role;

pub use role::Role;
