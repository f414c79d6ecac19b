//! What a passage is among the others that were found for the same claim.
//!
//! A passage that shares most of a claim's words and differs in a number contradicts it where nothing found is nearer to the claim,
//! and is mostly another step, drug or group of the same guideline where something is. So each is measured beside the first
//! few passages in force, and [`super::hint`] weighs that with what the pair alone says.

use super::hint::margins;
use super::signals::{NAMES as SIGNALS, Signals};
use crate::passage::PassageId;

/// Passages in force that are the company of all, best first.
pub const FIRST: usize = 5;

/// Names of the measures, in order.
pub const NAMES: [&str; COUNT] = [
    "supports",
    "contradicts",
    "about",
    "about_beside",
    "share_beside",
    "about_in_document",
    "supports_beside",
    "contradicts_beside",
    "another_agrees",
    "another_differs",
    "first",
    "among_first",
    "amount_doubtful",
    "amount_agrees",
    "people_differ",
    "turned_near",
    "turned_beside",
    "contradicts_first",
];
/// How many there are.
pub const COUNT: usize = 18;

/// What a pair says alone and what the passage is beside the others, in the order of [`NAMES`]: log-odds, and differences of these
/// to the highest among the others; then mostly 1 or 0 each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures(pub [f32; COUNT]);

/// The first passages in force that were found for a claim, each held against it.
#[derive(Clone, Debug, Default)]
pub struct Company {
    first: Vec<Member>,
}

#[derive(Clone, Debug)]
struct Member {
    id: PassageId,
    about: f32,
    share: f32,
    margins: [f32; 2],
    agrees: bool,
    differs: bool,
}

/// What stands for the log-odds of a passage that is not there.
const NONE: f32 = -6.0;
/// How far two log-odds may lie apart to tell more than that they do.
const FAR: f32 = 6.0;

impl Company {
    /// The company that passages make, best first; those after [`FIRST`] do not count.
    pub fn of<'a>(first: impl Iterator<Item = (&'a PassageId, &'a Signals)>) -> Company {
        let member = |(id, signals): (&PassageId, &Signals)| Member {
            id: id.clone(),
            about: signal(signals, "about"),
            share: signal(signals, "share"),
            margins: margins(signals),
            agrees: signal(signals, "amount_agrees") > 0.0,
            differs: signal(signals, "amount_differs") > 0.0,
        };
        Company { first: first.take(FIRST).map(member).collect() }
    }

    /// What a passage is in this company, which it may be of itself.
    pub fn measures(&self, id: &PassageId, signals: &Signals) -> Measures {
        let others = || self.first.iter().filter(|one| one.id != *id);
        let most = |of: &dyn Fn(&Member) -> f32, none: f32| others().map(of).fold(none, f32::max);
        let beside = |own: f32, of: &dyn Fn(&Member) -> f32| (own - most(of, NONE)).clamp(-FAR, FAR);
        let own = |name: &str| signal(signals, name);
        let flag = |holds: bool| f32::from(u8::from(holds));
        let [supports, contradicts] = margins(signals);
        let same = others().filter(|one| one.id.version().document() == id.version().document());
        let in_document = same.map(|one| own("about") - one.about).fold(0.0, f32::min);
        let about_beside = beside(own("about"), &|one| one.about);
        let place = self.first.iter().position(|one| one.id == *id);
        let first = flag(place == Some(0));
        Measures([
            supports,
            contradicts,
            own("about"),
            about_beside,
            own("share") - most(&|one| one.share, 0.0),
            in_document,
            beside(supports, &|one| one.margins[0]),
            beside(contradicts, &|one| one.margins[1]),
            flag(others().any(|one| one.agrees)),
            flag(others().any(|one| one.differs)),
            first,
            flag(place.is_some()),
            own("amount_doubtful"),
            own("amount_agrees"),
            own("people_differ"),
            own("turned_near"),
            own("turned_near") * about_beside.min(0.0),
            contradicts * first,
        ])
    }
}

fn signal(signals: &Signals, name: &str) -> f32 {
    let at = SIGNALS.iter().position(|one| *one == name);
    at.and_then(|at| signals.0.get(at)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(about: f32, agrees: f32) -> Signals {
        Signals(SIGNALS.map(|name| match name {
            "about" => about,
            "amount_agrees" => agrees,
            _ => 0.0,
        }))
    }

    #[test]
    fn a_passage_is_measured_beside_the_others_and_not_beside_itself() {
        let ids: Vec<PassageId> =
            ["one@2020#rec-1", "one@2020#rec-2", "two@2021#rec-1"].map(|id| id.parse().unwrap()).into();
        let signals = [of(2.0, 1.0), of(0.5, 0.0), of(1.0, 0.0)];
        let company = Company::of(ids.iter().zip(&signals));
        let measured = |at: usize, name: &str| {
            let Measures(all) = company.measures(&ids[at], &signals[at]);
            all[NAMES.iter().position(|one| *one == name).unwrap()]
        };
        assert_eq!((measured(0, "about_beside"), measured(1, "about_beside")), (1.0, -1.5));
        assert_eq!((measured(0, "about_in_document"), measured(1, "about_in_document")), (0.0, -1.5));
        assert_eq!(measured(2, "about_in_document"), 0.0, "no other of its document");
        assert_eq!((measured(0, "another_agrees"), measured(1, "another_agrees")), (0.0, 1.0));
        assert_eq!((measured(0, "first"), measured(2, "first"), measured(2, "among_first")), (1.0, 0.0, 1.0));
        let stranger: PassageId = "three@2022#rec-1".parse().unwrap();
        let Measures(all) = company.measures(&stranger, &of(0.0, 0.0));
        assert_eq!(all[NAMES.iter().position(|one| *one == "among_first").unwrap()], 0.0);
    }
}
