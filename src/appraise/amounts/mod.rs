//! Whether the numbers of a claim agree with those of a passage.
//!
//! [`Reading`] is a text's amounts, each with its role, its subject and the words around it; [`compare`] holds those of a
//! claim against those of a passage. A number of the claim is flagged only where the passage has a counterpart (same role,
//! same kind of unit, same subject, same surroundings) and none of its counterparts agrees.

mod compare;
mod context;
mod counterpart;
mod reading;
mod subject;
#[cfg(test)]
mod tests;
mod use_of;

use std::fmt;

use super::Role;

pub use compare::{apart, compare, doubt};
pub use reading::Reading;
pub use subject::Subject;

/// How one number of a claim stands to its counterpart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They say the same, or the claim's lies within the passage's.
    Agrees,
    /// They differ: the flag `quantity_mismatch`.
    QuantityMismatch,
    /// The number is the same and the unit another: the flag `unit_mismatch`.
    UnitMismatch,
}

/// One number of a claim with its counterpart in a passage.
///
/// Its words may hold patient data: its `Debug` form gives their lengths alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Finding {
    /// How they stand to each other.
    pub outcome: Outcome,
    /// What the number is for; the flag's `field`.
    pub role: Role,
    /// The claim's words.
    pub claim: String,
    /// The passage's words.
    pub evidence: String,
    /// Whether the two bound one number from two sides, as a rule and its exception do.
    pub two_sides: bool,
}

/// A number that probably differs. Too little is sure of it for a flag of its own; other signals may make it enough.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// What differs.
    pub finding: Finding,
    /// How near the surroundings of the two numbers are, 0 to 1.
    pub nearness: f32,
}

impl Finding {
    /// Whether it is to be flagged.
    pub fn is_flag(&self) -> bool {
        self.outcome != Outcome::Agrees
    }

    /// What was found, in one line: `target differs: claim < 140 mmHg; passage < 130 mmHg`.
    pub fn reason(&self) -> String {
        let Finding { role, claim, evidence, .. } = self;
        match self.outcome {
            Outcome::Agrees => format!("{role} agrees: claim {claim}; passage {evidence}"),
            Outcome::QuantityMismatch => format!("{role} differs: claim {claim}; passage {evidence}"),
            Outcome::UnitMismatch => format!("unit of the {role} differs: claim {claim}; passage {evidence}"),
        }
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (claim, evidence) = (self.claim.len(), self.evidence.len());
        write!(f, "Finding({:?}, {:?}, claim of {claim} bytes, evidence of {evidence})", self.outcome, self.role)
    }
}
