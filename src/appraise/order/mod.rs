//! What stands where: what a text puts first, and which detail it gives to which thing.
//!
//! Such claims have all words and numbers of the passage, so nothing that counts them finds a difference.

mod exchange;
mod layout;
mod rank;
mod replaced;

use super::{Difference, Kind};
use exchange::Exchange;
use layout::Layout;
use rank::{Ranks, Standing};
use replaced::Drugs;

/// The order of a claim, read once for all passages.
#[derive(Clone, Debug)]
pub struct Reading {
    ranks: Ranks,
    layout: Layout,
    drugs: Drugs,
}

/// What a passage has in another order than a claim.
#[derive(Clone, Debug)]
pub struct Order {
    standing: Option<Standing>,
    exchange: Option<Exchange>,
    /// Whether the passage has another word in the place of one of the claim's, or does not name a drug of it.
    replaced: bool,
}

impl Reading {
    /// Reads a claim; `principal` is the part of it that says what to do.
    pub fn of_claim(claim: &str, principal: &str) -> Reading {
        Reading { ranks: Ranks::of(principal), layout: Layout::of_claim(claim), drugs: Drugs::of(claim) }
    }

    /// Holds a passage against it.
    pub fn against(&self, passage: &str) -> Order {
        let layout = Layout::of_passage(passage);
        Order {
            standing: self.ranks.against(&Ranks::of(passage)),
            exchange: self.layout.exchanged(&layout),
            replaced: self.drugs.are_missing_in(&layout) || self.layout.has_replaced(&layout),
        }
    }
}

impl Order {
    /// Whether numbers have changed places, and so none of them agrees.
    pub fn has_other_numbers(&self) -> bool {
        self.exchange.as_ref().is_some_and(|one| one.numbers)
    }

    /// Whether anything stands against taking the passage for support.
    pub fn differs(&self) -> bool {
        self.standing.is_some() || self.exchange.is_some() || self.replaced
    }

    /// Whether the two point against each other, where their words alone say `opposes`.
    pub fn opposes(&self, opposes: Option<bool>) -> Option<bool> {
        let has_other_names = self.exchange.as_ref().is_some_and(|one| !one.numbers);
        match &self.standing {
            _ if has_other_names => Some(true),
            Some(Standing::Apart { .. }) => Some(true),
            // Two of one class may both be first.
            Some(Standing::Others) => opposes.filter(|opposes| *opposes),
            None => opposes,
        }
    }

    /// What is put first by the one and kept for later by the other.
    pub fn rank(&self) -> Option<Difference> {
        let Some(Standing::Apart { thing, first }) = &self.standing else { return None };
        let (claim, evidence) = if *first { ("first", "later") } else { ("later", "first") };
        let reason = format!("order differs: the claim puts \"{thing}\" {claim}, the passage {evidence}");
        Some(difference(Kind::Direction, format!("{thing} {claim}"), evidence.to_owned(), reason))
    }

    /// What has changed places.
    pub fn exchange(&self) -> Option<Difference> {
        let Exchange { claim, evidence, numbers, mutual } = self.exchange.as_ref()?;
        let reason = if *mutual {
            format!(
                "order differs: where the claim has \"{claim}\", the passage has \"{evidence}\", and the other way round"
            )
        } else {
            format!(
                "order differs: the passage says \"{claim}\" of something else, and of what the claim names it says \"{evidence}\""
            )
        };
        let kind = if *numbers { Kind::Quantity } else { Kind::Direction };
        Some(difference(kind, claim.clone(), evidence.clone(), reason))
    }
}

fn difference(kind: Kind, claim: String, evidence: String, reason: String) -> Difference {
    Difference { kind, field: Some("order".to_owned()), claim, evidence, reason }
}
