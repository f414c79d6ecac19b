//! What ranking asks of every passage before any of them is read.

use crate::passage::{Groups, Passage, PassageKind};

/// What a passage is, in a few numbers that fit a machine word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits {
    /// What it is.
    pub kind: PassageKind,
    /// Whom it is for and nobody else.
    pub groups: Groups,
    /// Its words, at most 65,535.
    pub words: u16,
    /// Its numbers with units, at most 65,535.
    pub quantities: u16,
}

/// Kinds by their code; a code is kept for good.
const KINDS: [PassageKind; 5] =
    [PassageKind::Recommendation, PassageKind::Paragraph, PassageKind::List, PassageKind::TableRow, PassageKind::Note];

impl Traits {
    /// The traits of a passage of a document with this title.
    pub(super) fn of(passage: &Passage, title: &str, population: &str, quantities: usize) -> Traits {
        let least = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        Traits {
            kind: passage.kind,
            groups: Groups::of_passage(title, population),
            words: least(passage.text().split_whitespace().count()),
            quantities: least(quantities),
        }
    }

    pub(super) fn packed(self) -> u64 {
        let kind = KINDS.iter().position(|kind| *kind == self.kind).unwrap_or(1) as u64;
        let groups = u64::from(self.groups.pregnancy) | u64::from(self.groups.childhood) << 1;
        kind | groups << 8 | u64::from(self.words) << 16 | u64::from(self.quantities) << 32
    }

    pub(super) fn unpacked(packed: u64) -> Traits {
        let bits = |from: u32| (packed >> from) as u16;
        let kind = KINDS.get(usize::from(bits(0) & 0xff)).copied().unwrap_or(PassageKind::Paragraph);
        let groups = Groups { pregnancy: packed >> 8 & 1 == 1, childhood: packed >> 9 & 1 == 1 };
        Traits { kind, groups, words: bits(16), quantities: bits(32) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traits_come_back_as_they_were_packed() {
        for kind in KINDS {
            for (pregnancy, childhood) in [(false, false), (true, false), (false, true), (true, true)] {
                for (words, quantities) in [(0, 0), (250, 3), (u16::MAX, u16::MAX)] {
                    let traits = Traits { kind, groups: Groups { pregnancy, childhood }, words, quantities };
                    assert_eq!(Traits::unpacked(traits.packed()), traits);
                }
            }
        }
    }
}
