//! A word of a claim in whose place the passage has another one, and a drug that the passage does not name.
//!
//! "High-dose azithromycin is the antibiotic of choice" has all but one of the words of what is said of amoxicillin. What the
//! one word changes is not known here: it is enough that such a passage is no support.

use crate::lexicon::{self, Lexicon};

use super::layout::{Kind, Layout};

/// The drugs of a claim, each by all its names.
#[derive(Clone, Default)]
pub(super) struct Drugs(Vec<Vec<Vec<u64>>>);

/// The words may be a patient's, so they are not shown.
impl std::fmt::Debug for Drugs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Drugs({})", self.0.len())
    }
}

/// Drugs of a claim that are looked at.
const MOST: usize = 12;
/// Share of a claim's names and numbers that a passage has at least, for one that is missing to be replaced.
const LEAST_SHARED: f32 = 0.8;
/// How well the neighbours of two words must fit for the one to stand in the other's place.
const FITS: f32 = 3.6;

impl Drugs {
    /// Reads a claim's drugs: what the lexicon knows as one, with brand and generic names and classes.
    pub(super) fn of(claim: &str) -> Drugs {
        let named = Lexicon::embedded().explain(claim, None).into_iter().filter_map(|one| {
            let is_drug = |kind: lexicon::Kind| matches!(kind, lexicon::Kind::Brand | lexicon::Kind::Class);
            let drug = one.considered.iter().any(|row| is_drug(row.kind));
            let names = one.considered.iter().map(|row| row.to.as_str()).chain([one.surface.as_str()]);
            drug.then(|| names.map(words).filter(|words| !words.is_empty()).collect())
        });
        Drugs(named.take(MOST).collect())
    }

    /// Whether a passage names none of a drug's names and classes.
    pub(super) fn are_missing_in(&self, passage: &Layout) -> bool {
        let has = |name: &Vec<u64>| name.iter().all(|word| passage.has(*word));
        self.0.iter().any(|names| !names.iter().any(has))
    }
}

/// The words of a name, as a layout has them.
fn words(name: &str) -> Vec<u64> {
    Layout::of_claim(name).places.iter().filter(|place| place.kind != Kind::Edge).map(|place| place.key).collect()
}

impl Layout {
    /// Whether the other text has, among the same neighbours, another word in place of one that it does not know.
    pub(super) fn has_replaced(&self, other: &Layout) -> bool {
        let tells = |kind: Kind| matches!(kind, Kind::Name | Kind::Mark);
        let missing = |(_, place): &(usize, &super::layout::Place)| tells(place.kind) && !other.has(place.key);
        let missing: Vec<usize> = self.places.iter().enumerate().filter(missing).map(|(at, _)| at).collect();
        if missing.is_empty() || self.shared(other) < LEAST_SHARED {
            return false;
        }
        missing.into_iter().any(|at| {
            let key = self.places[at].key;
            other.places.iter().enumerate().any(|(there, rival)| {
                tells(rival.kind) && !self.has(rival.key) && self.likeness(at, other, there, [key, rival.key]) >= FITS
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(claim: &str, passage: &str) -> bool {
        Layout::of_claim(claim).has_replaced(&Layout::of_passage(passage))
    }

    fn missing(claim: &str, passage: &str) -> bool {
        Drugs::of(claim).are_missing_in(&Layout::of_passage(passage))
    }

    #[test]
    fn one_word_in_the_place_of_another() {
        let otitis = "High-dose amoxicillin, 80 to 90 mg/kg/day, is the antibiotic of choice for acute otitis media in children.";
        assert!(replaced(
            "High-dose cefdinir, 80 to 90 mg/kg/day, is the antibiotic of choice for acute otitis media in children.",
            otitis
        ));
        assert!(!replaced(otitis, otitis));
        assert!(!replaced("Acute otitis media in children is treated with high-dose amoxicillin.", otitis));
        let hydration =
            "Give hydration to all people with acute pancreatitis; it helps most in the first 12 to 24 hours.";
        assert!(replaced(
            "Give hydration to all people with acute pancreatitis; it helps most in the last 12 to 24 hours.",
            hydration
        ));
    }

    #[test]
    fn a_drug_that_is_not_named() {
        let otitis = "High-dose amoxicillin is the antibiotic of choice for acute otitis media.";
        assert!(missing("Use azithromycin for otitis media.", "Amoxicillin is the drug of choice for otitis media."));
        assert!(!missing("Use Amoxil for otitis media.", otitis));
        assert!(!missing("Use amoxicillin for otitis media.", otitis));
        assert!(!missing("Use atorvastatin.", "Statins are recommended."));
        assert!(!missing("Otitis media is painful.", otitis));
    }
}
