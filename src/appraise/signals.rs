//! What is measured of a claim beside a passage, as numbers: what the hint is fitted to.
//!
//! None of these settles anything alone. Sure comparisons (a number that differs, a direction that is turned round) stand beside
//! unsure ones (words that deny what the claim allows), and the fit says what each is worth.

use super::cues::{BENEFIT, Cues, DEMAND, DENY, FIRST, HARM, LIMITED, NEEDLESS, ONLY, PERMIT, SECOND, UNIVERSAL};
use super::polarity::{Contrast, Nearest, Pointing, Polarity};

/// Names of the signals, in order.
pub const NAMES: [&str; COUNT] = [
    "settles",
    "against",
    "about",
    "share",
    "shared_by_all",
    "opposed",
    "accords",
    "turned",
    "turned_advice",
    "turned_near",
    "straight_near",
    "opposites",
    "swapped",
    "advice_differs",
    "limits_differ",
    "one_prefers",
    "claim_back",
    "passage_back",
    "claimed_denied",
    "denied_claimed",
    "needless_needed",
    "needed_needless",
    "first_second",
    "first_first",
    "universal_limited",
    "only_more",
    "permitted_denied",
    "benefit_harm",
    "claim_only",
    "claim_universal",
    "claim_permits",
    "claim_benefit",
    "claim_denies",
    "claim_needless",
    "passage_denies",
    "passage_second",
    "passage_harm",
    "amount_differs",
    "amount_doubtful",
    "amount_doubted",
    "amount_agrees",
    "people_differ",
    "recommends",
    "left_open",
];
/// How many there are.
pub const COUNT: usize = 44;

/// What was found of one pair, in the order of [`NAMES`]: log-odds that the words settle the claim, that they speak
/// against it if they do, and that the passage is about just what it says; shares from 0 to 1; then mostly 1 or 0 each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signals(pub [f32; COUNT]);

impl Default for Signals {
    /// Of a pair of which nothing is known.
    fn default() -> Signals {
        Signals([0.0; COUNT])
    }
}

/// What the signals are made of.
pub(super) struct Found<'a> {
    /// How likely the words settle the claim, and speak against it if they do: log-odds.
    pub(super) words: [f32; 2],
    /// How likely the passage is about the claim: log-odds.
    pub(super) about: f32,
    /// The claim's pointing, and the passage's.
    pub(super) polarity: (&'a Polarity, &'a Polarity),
    /// The passage's nearest clause.
    pub(super) nearest: &'a Nearest<'a>,
    /// Whether they surely point against each other, or surely do not.
    pub(super) opposes: Option<bool>,
    /// What the claim's words do, those of the nearest clause, and those of the whole passage.
    pub(super) cues: [Cues; 3],
    /// Whether a number differs.
    pub(super) amount_differs: bool,
    /// How near the words around a number are that probably differs, where there is one.
    pub(super) amount_doubtful: Option<f32>,
    /// Whether a number agrees.
    pub(super) amount_agrees: bool,
    /// Whether the people differ.
    pub(super) people_differ: bool,
    /// Whether the passage is a recommendation.
    pub(super) recommends: bool,
    /// Whether it leaves the matter open.
    pub(super) left_open: bool,
}

/// By which words a passage contrasts with a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contrasting {
    /// The passage denies what the claim allows, asks for or praises.
    Denied,
    /// The claim puts first what the passage puts second.
    Second,
    /// The claim says that something is not needed.
    Needed,
    /// The passage says so.
    Needless,
    /// The claim says it of all.
    Limited,
}

impl Found<'_> {
    /// The signals, in the order of [`NAMES`].
    pub(super) fn signals(&self) -> Signals {
        let one = |holds: bool| f32::from(u8::from(holds));
        let (claim, passage) = self.polarity;
        let [asked, clause, all] = self.cues;
        let contrast = claim.contrast(passage);
        let Contrast { turned, opposites, swapped, both_advise, limits_differ, one_prefers } = contrast;
        let share = self.nearest.share;
        let has = |cues: Cues, one: Cues| cues.has(&[one]);
        Signals([
            self.words[0],
            self.words[1],
            self.about,
            share,
            self.nearest.shared_by_all,
            one(self.opposes == Some(true)),
            one(self.opposes == Some(false)),
            one(turned),
            one(turned && both_advise),
            if turned { share } else { 0.0 },
            if turned { 0.0 } else { share },
            opposites.min(2) as f32,
            one(swapped),
            one(claim.advises != passage.advises),
            one(limits_differ),
            one(one_prefers),
            one(claim.pointing == Pointing::Back),
            one(passage.pointing == Pointing::Back),
            one(self.contrasts(Contrasting::Denied)),
            one(has(asked, DENY) && !has(all, DENY)),
            one(self.contrasts(Contrasting::Needed)),
            one(self.contrasts(Contrasting::Needless)),
            one(self.contrasts(Contrasting::Second)),
            one(has(asked, FIRST) && has(clause, FIRST)),
            one(self.contrasts(Contrasting::Limited)),
            one(has(asked, ONLY) && !has(all, ONLY)),
            one(has(asked, PERMIT) && has(all, DENY) && !has(asked, DENY)),
            one(has(asked, BENEFIT) && has(clause, HARM)),
            one(has(asked, ONLY)),
            one(has(asked, UNIVERSAL)),
            one(has(asked, PERMIT)),
            one(has(asked, BENEFIT)),
            one(has(asked, DENY)),
            one(has(asked, NEEDLESS)),
            one(has(clause, DENY)),
            one(has(clause, SECOND)),
            one(has(clause, HARM)),
            one(self.amount_differs),
            self.amount_doubtful.unwrap_or(0.0),
            one(self.amount_doubtful.is_some()),
            one(self.amount_agrees),
            one(self.people_differ),
            one(self.recommends),
            one(self.left_open),
        ])
    }

    /// Whether the words contrast in this way.
    pub(super) fn contrasts(&self, how: Contrasting) -> bool {
        let [asked, clause, all] = self.cues;
        let has = |cues: Cues, one: Cues| cues.has(&[one]);
        match how {
            Contrasting::Denied => {
                asked.has(&[PERMIT, BENEFIT, DEMAND]) && has(clause, DENY) && !asked.has(&[DENY, NEEDLESS])
            }
            Contrasting::Second => has(asked, FIRST) && has(all, SECOND) && !has(asked, SECOND),
            Contrasting::Needed => has(asked, NEEDLESS) && !has(all, NEEDLESS),
            Contrasting::Needless => has(clause, NEEDLESS) && !has(asked, NEEDLESS),
            Contrasting::Limited => has(asked, UNIVERSAL) && has(all, LIMITED) && !has(asked, LIMITED),
        }
    }
}
