//! What stands around an abbreviation, by which its sense is chosen.

use std::collections::BTreeSet;
use std::ops::{Bound, Range};

use super::row::Region;
use super::word::{self, Word, words};

/// Most words of the context that are read.
const MOST_WORDS: usize = 1_000;
/// Letters from which a context word also fits the beginning of a longer word.
const BEGINNING: usize = 4;

/// The words of a claim and of what was said around it.
pub(super) struct Surroundings<'a> {
    text: &'a str,
    context: &'a str,
    claim: &'a [Word],
    claim_stems: Vec<String>,
    around: Vec<Word>,
    around_stems: Vec<String>,
    around_words: BTreeSet<String>,
}

/// How many of a row's context words stand in the claim and around it, and which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fit {
    /// Whether the words themselves are written out nearby.
    pub(super) spelled_out: bool,
    /// In the claim.
    pub(super) claim: usize,
    /// Only around it.
    pub(super) around: usize,
    /// The context words.
    pub(super) words: Vec<String>,
}

impl Fit {
    pub(super) fn is_any(&self) -> bool {
        self.spelled_out || self.claim + self.around > 0
    }

    /// What decides between senses: written out, then the claim's own words, then those around.
    pub(super) fn rank(&self) -> (bool, usize, usize) {
        (self.spelled_out, self.claim, self.around)
    }
}

impl<'a> Surroundings<'a> {
    pub(super) fn of(text: &'a str, claim: &'a [Word], context: Option<&'a str>) -> Surroundings<'a> {
        let stems = |words: &[Word]| words.iter().map(|word| word::stem(&word.lower)).collect::<Vec<_>>();
        let context = context.unwrap_or_default();
        let mut around = words(context);
        around.truncate(MOST_WORDS);
        let (claim_stems, around_stems) = (stems(claim), stems(&around));
        let around_words = around.iter().map(|word| word.lower.clone()).chain(around_stems.iter().cloned()).collect();
        Surroundings { text, context, claim, claim_stems, around, around_stems, around_words }
    }

    /// How well a row's context fits, the words of its own surface aside; `long` is what the surface may be short for.
    pub(super) fn fit<'w>(
        &self,
        wanted: impl Iterator<Item = &'w str>,
        long: Option<&str>,
        surface: Range<usize>,
    ) -> Fit {
        let mut fit = Fit::default();
        for value in wanted {
            // A value of several words holds where each of them stands.
            let parts: Vec<String> = words(value).into_iter().map(|word| word.lower).collect();
            let stems: Vec<String> = parts.iter().map(|part| word::stem(part)).collect();
            let holds =
                |test: &dyn Fn(&str, &str) -> bool| parts.iter().zip(&stems).all(|(part, stem)| test(part, stem));
            let in_claim = |part: &str, stem: &str| self.in_claim(part, stem, &surface);
            if parts.is_empty() {
                continue;
            } else if holds(&in_claim) {
                fit.claim += 1;
            } else if holds(&|part, stem| in_claim(part, stem) || self.in_around(part, stem)) {
                fit.around += 1;
            } else {
                continue;
            }
            fit.words.push(value.to_string());
        }
        fit.spelled_out = long.is_some_and(|long| self.spells_out(long));
        fit
    }

    fn in_claim(&self, part: &str, stem: &str, surface: &Range<usize>) -> bool {
        let mut words = self.claim.iter().zip(&self.claim_stems).enumerate();
        words.any(|(at, (word, own))| !surface.contains(&at) && (begins(&word.lower, part) || own == stem))
    }

    fn in_around(&self, part: &str, stem: &str) -> bool {
        let first = self.around_words.range::<str, _>((Bound::Included(part), Bound::Unbounded)).next();
        first.is_some_and(|word| begins(word, part)) || self.around_words.contains(stem)
    }

    /// Whether words of two or more stand nearby, one after the other.
    fn spells_out(&self, long: &str) -> bool {
        let wanted: Vec<String> = words(long).into_iter().map(|word| word::stem(&word.lower)).collect();
        let within = |stems: &[String]| stems.windows(wanted.len()).any(|window| window == wanted);
        wanted.len() > 1 && (within(&self.claim_stems) || within(&self.around_stems))
    }

    /// The regions that the claim or its context names.
    pub(super) fn regions(&self) -> BTreeSet<Region> {
        let claim = self.claim.iter().filter_map(|word| self.text.get(word.range.clone()));
        let all = claim.chain(self.around.iter().filter_map(|word| self.context.get(word.range.clone())));
        let mut found = BTreeSet::new();
        for word in all {
            found.extend(Region::ALL.into_iter().filter(|region| region.words().contains(&word)));
        }
        found
    }
}

fn begins(word: &str, part: &str) -> bool {
    if part.len() < BEGINNING { word == part } else { word.starts_with(part) }
}
