//! Two details of a claim that have changed places: the doses of two drugs, the first drug and its substitute, the ages of two
//! groups.
//!
//! Every word and number of such a claim stands in the passage, and so whatever counts words finds it supported. What gives it
//! away are the neighbours: where the claim has the one detail the passage has, among the same words, the other, and the
//! other way round. Words of one list may stand in any order, and a phrase that moves takes its neighbours along.

use std::fmt;

use super::layout::{Kind, Layout};

/// What has changed places with what.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Exchange {
    /// The claim's words for the one.
    pub claim: String,
    /// What the passage has in its place.
    pub evidence: String,
    /// Whether they are numbers.
    pub numbers: bool,
    /// Whether each stands in the other's place; else the claim's is, in the passage, said of something else.
    pub mutual: bool,
}

/// The words may be a patient's: lengths alone are shown.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exchange({} bytes, {} bytes, {})", self.claim.len(), self.evidence.len(), self.numbers)
    }
}

/// Share of a claim's names and numbers that a passage has at least, for the neighbours of its numbers to be comparable, and
/// those of its words.
const LEAST_SHARED: [f32; 2] = [0.7, 0.9];
/// How well the other's place must fit, and how much better than one's own: for numbers, which say nothing of what they are of,
/// and for words, of which two may stand in any order in other words for the same.
const FITS: [f32; 2] = [1.2, 2.4];
const BETTER: [f32; 2] = [0.6, 1.2];
/// What a list's order does say something beside: what joins, and how a drug is given ("oral nifedipine or intravenous hydralazine").
const PARTS: &[&str] = &[
    "with",
    "than",
    "to",
    "for",
    "in",
    "not",
    "but",
    "because",
    "oral",
    "intravenous",
    "inhaled",
    "subcutaneous",
    "topical",
    "intramuscular",
    "nasal",
    "rectal",
    "vaginal",
    "transdermal",
];

impl Layout {
    /// The two details of this claim that have changed places beside a passage, where there are two.
    pub(super) fn exchanged(&self, other: &Layout) -> Option<Exchange> {
        let movable = |place: &&super::layout::Place| matches!(place.kind, Kind::Number | Kind::Name);
        if self.places.iter().filter(movable).count() < 2 {
            return None;
        }
        let shared = self.shared(other);
        if shared < LEAST_SHARED[0] {
            return None;
        }
        self.turned(other, shared >= LEAST_SHARED[1]).or_else(|| self.borrowed(other))
    }

    /// Two details of which each stands where the other text has the other.
    fn turned(&self, other: &Layout, words: bool) -> Option<Exchange> {
        let moves = self.moves(other, words);
        let is_free = |one: &Move, two: &Move| {
            two.from == one.to
                && two.to == one.from
                && !self.is_list(one.at, two.at)
                && !other.is_list(one.found, two.found)
        };
        let one = moves.iter().find(|one| moves.iter().any(|two| is_free(one, two)))?;
        self.exchange(other, [one.at, one.found], true)
    }

    /// A number right behind a name, which the other text has behind another name alone, in the same unit.
    fn borrowed(&self, other: &Layout) -> Option<Exchange> {
        let known = other.given();
        let is_borrowed = |one: &Given| {
            let mut own = known.iter().filter(|two| two.name == one.name && two.unit == one.unit).peekable();
            let elsewhere = known.iter().any(|two| two.name != one.name && two.is_as_much_as(one));
            elsewhere && own.peek().is_some() && own.all(|two| !two.is_as_much_as(one))
        };
        let one = self.given().into_iter().find(is_borrowed)?;
        let two = known.iter().find(|two| two.name == one.name && two.unit == one.unit)?;
        self.exchange(other, [one.at, two.at], false)
    }

    /// Numbers that stand right behind a name, with their units.
    fn given(&self) -> Vec<Given> {
        let mut found = Vec::new();
        let telling: Vec<usize> = (0..self.places.len()).filter(|at| self.places[*at].kind != Kind::Small).collect();
        for three in telling.windows(3) {
            let [name, number, unit] = [three[0], three[1], three[2]].map(|at| &self.places[at]);
            if (name.kind, number.kind, unit.kind) == (Kind::Name, Kind::Number, Kind::Mark) {
                found.push(Given { name: name.key, number: number.key, unit: unit.key, at: three[1] });
            }
        }
        found
    }

    fn exchange(&self, other: &Layout, [at, found]: [usize; 2], mutual: bool) -> Option<Exchange> {
        let (here, there) = (self.places.get(at)?, other.places.get(found)?);
        Some(Exchange {
            claim: self.text.get(here.start..here.end)?.to_owned(),
            evidence: other.text.get(there.start..there.end)?.to_owned(),
            numbers: here.kind == Kind::Number,
            mutual,
        })
    }

    /// Numbers that stand where the other text has another one, and words too if these are asked for.
    fn moves(&self, other: &Layout, words: bool) -> Vec<Move> {
        let mut found = Vec::new();
        for (at, place) in self.places.iter().enumerate() {
            let may_move = place.kind == Kind::Number || (words && place.kind == Kind::Name);
            if !may_move || !other.has(place.key) {
                continue;
            }
            let own = other.best(place.key, |there| self.likeness(at, other, there, [place.key, place.key]));
            let Some((own, _)) = own else { continue };
            let row = usize::from(place.kind == Kind::Name);
            for (there, rival) in other.places.iter().enumerate() {
                if rival.kind != place.kind || rival.key == place.key || !self.has(rival.key) {
                    continue;
                }
                let likeness = self.likeness(at, other, there, [place.key, rival.key]);
                if likeness >= FITS[row] && likeness >= own + BETTER[row] {
                    found.push(Move { from: place.key, to: rival.key, at, found: there });
                }
            }
        }
        found
    }

    /// The best of what is measured at each place of a word.
    fn best(&self, key: u64, measure: impl Fn(usize) -> f32) -> Option<(f32, usize)> {
        let at = self.places.iter().enumerate().filter(|(_, place)| place.key == key).map(|(at, _)| at);
        at.map(|at| (measure(at), at)).max_by(|one, two| one.0.total_cmp(&two.0))
    }

    /// Whether two places are members of one list, whose order says nothing: "sertraline, paroxetine or fluoxetine".
    fn is_list(&self, one: usize, two: usize) -> bool {
        let (first, last) = (one.min(two), one.max(two));
        let (Some(first), Some(last)) = (self.places.get(first), self.places.get(last)) else { return false };
        let between = self.text.get(first.end..last.start).unwrap_or_default();
        if first.kind == Kind::Number || between.contains([';', '.', ':', '(']) {
            return false;
        }
        let between = between.replace(" and ", ",").replace(" or ", ",").replace(['/', '-', '–'], ",");
        let items: Vec<&str> = between.split(',').map(str::trim).collect();
        let short = |item: &&str| {
            item.split_whitespace().count() <= 3
                && !item.contains(|c: char| c.is_ascii_digit())
                && !item.split_whitespace().any(|word| PARTS.contains(&word))
        };
        items.len() > 1 && items.iter().all(short)
    }
}

/// A number right behind what it is of.
struct Given {
    name: u64,
    number: u64,
    unit: u64,
    /// Where the number stands.
    at: usize,
}

impl Given {
    fn is_as_much_as(&self, other: &Given) -> bool {
        self.number == other.number && self.unit == other.unit
    }
}

/// A detail that stands where the other text has another one.
struct Move {
    from: u64,
    to: u64,
    /// Where it stands.
    at: usize,
    /// Where the other text has the other.
    found: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(claim: &str, passage: &str, expected: Option<(&str, &str)>) {
        let found = Layout::of_claim(claim).exchanged(&Layout::of_passage(passage));
        let found = found.as_ref().map(|one| (one.claim.as_str(), one.evidence.as_str()));
        assert_eq!(found, expected, "{claim} | {passage}");
    }

    #[test]
    fn what_has_changed_places_is_found() {
        let carvedilol = "Carvedilol for portal hypertension starts at 6.25 mg per day and is raised to 12.5 mg per day after 2 to 3 days.";
        check(
            "Carvedilol for portal hypertension starts at 12.5 mg per day and is raised to 6.25 mg per day after 2 to 3 days.",
            carvedilol,
            Some(("12.5", "6.25")),
        );
        check(carvedilol, carvedilol, None);
        check(
            "Carvedilol is started at 12.5 mg daily and raised to 6.25 mg in portal hypertension.",
            carvedilol,
            Some(("12.5", "6.25")),
        );
        check("Carvedilol is started at 6.25 mg daily and raised to 12.5 mg in portal hypertension.", carvedilol, None);
        let croup = "In mild croup, give oral dexamethasone 0.15 mg/kg as a single dose, or prednisolone 1 mg/kg twice a day for 3 days.";
        check(
            "In mild croup, give oral prednisolone 0.15 mg/kg as a single dose, or dexamethasone 1 mg/kg twice a day for 3 days.",
            croup,
            Some(("prednisolone", "dexamethasone")),
        );
        check(
            "Mild croup: oral dexamethasone 0.15 mg/kg once, or prednisolone 1 mg/kg twice a day for 3 days.",
            croup,
            None,
        );
        let ascites = "Treat grade 2 ascites first with sodium restriction and diuretics: spironolactone with or without furosemide.";
        check(
            "Treat grade 2 ascites first with sodium restriction and diuretics: furosemide with or without spironolactone.",
            ascites,
            Some(("furosemide", "spironolactone")),
        );
    }

    #[test]
    fn lists_and_phrases_that_move_are_the_same() {
        let list = "Do not use risperidone, divalproex, tiagabine, ketamine or hydrocortisone as monotherapy for stress disorder.";
        let routes =
            "For severe hypertension give intravenous hydralazine or labetalol, or oral nifedipine, within 30 minutes.";
        let turned =
            "For severe hypertension give intravenous nifedipine or labetalol, or oral hydralazine, within 30 minutes.";
        check(turned, routes, Some(("nifedipine", "hydralazine")));
        check(
            "Do not use hydrocortisone, divalproex, tiagabine, ketamine or risperidone as monotherapy for stress disorder.",
            list,
            None,
        );
        let moved = "In adults with septic shock, aim for a mean arterial pressure of 65 mmHg within 3 hours.";
        check("Aim for a mean arterial pressure of 65 mmHg in adults with septic shock within 3 hours.", moved, None);
        check("Within 3 hours, aim for a mean arterial pressure of 65 mmHg in adults with septic shock.", moved, None);
    }
}
