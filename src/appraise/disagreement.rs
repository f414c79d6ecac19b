//! Whether two passages of different guidelines say different things about one claim.
//!
//! A comparison of its own, as a passage is not a claim: what the claim asks must be what both of them answer, of people who can
//! be the same, and then a number of one role, a direction, a first choice or a limit must differ. Each passage's sentence that
//! is nearest to the claim is held, as a claim is, against the other passage, both ways; beside that stand how each of the two
//! means the claim itself, and how near ranking finds the one to the other. [`Measures`] are these as numbers, and a logistic
//! model over them (`disagreement.json`, fitted by `training/stance/conflicts.sh`) says from when they are told. Most
//! pairs that differ speak of another drug, step, dose or people, so most of the time nothing is told.
//!
//! No index is known here: how near a passage is to a text comes in as [`Near`].

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::cues::{Cues, DENY, FIRST};
use super::hint::{self, Signals, alone};
use super::people::{self, About, People};
use super::polarity::{Pointing, Polarity};
use super::{Appraisal, Asked, Role, Subject, amounts};
use crate::claim::Claim;
use crate::language;
use crate::passage::Population;

/// Names of the measures, in order.
pub const NAMES: [&str; COUNT] = [
    "split",
    "against",
    "claim_number_differs",
    "number_agrees",
    "number_between",
    "number_apart",
    "number_apart_asked",
    "one_open",
    "opposed",
    "claim_between",
    "people_differ",
    "people_of_claim",
    "people_beyond",
    "both_first",
    "denied",
    "both_recommend",
    "covered_by_one",
    "words_shared",
    "about_of_one",
    "near",
    "near_rarest",
];
/// How many there are.
pub const COUNT: usize = 21;

/// What is measured of a claim and two passages, the same whichever stands first: probabilities as log-odds, shares from 0 to
/// 1, the rest mostly 1 or 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures(pub [f32; COUNT]);

/// How near a passage is to a text, as ranking measures it: each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Near {
    /// How likely it is about just what the text says.
    pub about: f32,
    /// How many of its two rarest words do.
    pub rarest: f32,
}

/// A passage, read to be held against another one about the same claim.
pub struct Side<'a> {
    subject: Subject<'a>,
    near: Near,
    chances: [f32; 3],
    signals: Signals,
    /// Its sentence nearest to the claim, read as a claim is.
    statement: Asked,
    numbers: amounts::Reading,
    people: People,
    polarity: Polarity,
    /// Terms of that sentence, and of the whole passage.
    terms: BTreeSet<String>,
    all: BTreeSet<String>,
    /// Terms that say whom it is stated for.
    stated_for: BTreeSet<String>,
    cues: Cues,
}

/// What two passages say otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// How likely they disagree, 0 to 1.
    pub likelihood: f32,
    /// What was measured.
    pub measures: Measures,
    /// What differs, in plain words.
    pub reason: String,
    /// Whether that is a detail of which two guidelines may well say different things: a target, a dose, an interval, a direction.
    /// Other ages, counts and first choices were mostly those of another step or another group.
    pub named: bool,
}

/// The share of words for its people, unknown to the claim and to the other passage, above which a passage is of other people.
const MOST_BEYOND: f32 = 0.5;

/// `disagreement.json`.
#[derive(Debug, Deserialize)]
struct Model {
    measures: Vec<String>,
    weights: Vec<f32>,
    intercept: f32,
    /// Likelihood from which a disagreement is told.
    told: f32,
    /// Likelihood from which the other side is worth showing.
    suspected: f32,
}

static MODEL: LazyLock<Option<Model>> = LazyLock::new(|| {
    let model: Option<Model> = serde_json::from_str(include_str!("disagreement.json")).ok();
    model.filter(|model| model.measures == NAMES && model.weights.len() == COUNT)
});

impl Measures {
    /// How likely the two disagree, 0 to 1; 0 where the model does not fit the program, which a test keeps from happening.
    pub fn likelihood(&self) -> f32 {
        let Some(model) = MODEL.as_ref() else { return 0.0 };
        let margin = model.weights.iter().zip(&self.0).map(|(weight, value)| weight * value).sum::<f32>();
        1.0 / (1.0 + (-(margin + model.intercept)).exp())
    }
}

impl Disagreement {
    /// Whether it is sure enough to be told.
    pub fn is_told(&self) -> bool {
        self.may_be_told() && MODEL.as_ref().is_some_and(|model| self.likelihood >= model.told)
    }

    /// Whether it could be told if it were likely enough: what differs has a name, and the people are not too far apart.
    pub fn may_be_told(&self) -> bool {
        let at = NAMES.iter().position(|name| *name == "people_beyond");
        let beyond = at.and_then(|at| self.measures.0.get(at)).copied().unwrap_or(1.0);
        self.named && beyond <= MOST_BEYOND
    }

    /// Whether it is likely enough for the other side to be worth a look.
    pub fn is_suspected(&self) -> bool {
        MODEL.as_ref().is_some_and(|model| self.likelihood >= model.suspected)
    }
}

impl<'a> Side<'a> {
    /// Reads a passage that was appraised for the claim; `None` where it has no sentence that could be a claim.
    pub fn of(asked: &Asked, subject: Subject<'a>, near: Near, appraisal: &Appraisal) -> Option<Side<'a>> {
        let passage = subject.passage;
        let text = passage.text();
        let sentence = nearest_sentence(text, &asked.terms);
        let statement = Asked::of(&Claim::new(sentence).ok()?);
        let about = About {
            text: sentence,
            path: &passage.path,
            lead: passage.lead.as_deref(),
            population: passage.population.as_ref(),
            exclusions: &passage.exclusions,
            scope: subject.scope,
            limits: &[],
            title: subject.title,
        };
        let headings: Vec<&str> = passage.path.iter().chain(&passage.lead).map(String::as_str).collect();
        let direction = passage.grade.as_ref().and_then(|grade| grade.direction).or(passage.direction);
        let polarity = Polarity::nearest(text, &asked.terms).polarity;
        Some(Side {
            subject,
            near,
            chances: alone(&appraisal.signals),
            signals: appraisal.signals,
            numbers: amounts::Reading::of_passage(sentence, &headings),
            people: People::of_passage(&about),
            polarity: polarity.clone().stated(direction).unwrap_or(polarity),
            terms: terms(sentence),
            all: terms(text).into_iter().chain(subject.title.into_iter().flat_map(terms)).collect(),
            stated_for: passage.population.as_ref().map(stated_for).unwrap_or_default(),
            cues: Cues::of(sentence),
            statement,
        })
    }

    /// The sentence that is held against the other passage.
    pub fn sentence(&self) -> &str {
        &self.statement.text
    }

    fn signal(&self, name: &str) -> f32 {
        signal(&self.signals, name)
    }

    /// The share of the words that say whom it is stated for of which neither the claim nor the other passage knows: advice for
    /// the heart attack is none for the bleeding ulcer, with whatever number.
    fn beyond(&self, asked: &Asked, other: &Side<'_>) -> f32 {
        let foreign = |term: &&String| {
            !asked.terms.contains(*term) && !other.all.contains(*term) && !other.stated_for.contains(*term)
        };
        self.stated_for.iter().filter(foreign).count() as f32 / self.stated_for.len().max(1) as f32
    }
}

/// Whether a first look finds anything in which two passages could disagree; what it passes over is not measured.
pub fn worth_a_look(one: &Side<'_>, other: &Side<'_>) -> bool {
    let contrast = one.polarity.contrast(&other.polarity);
    split(one, other) >= 0.1
        || contrast.turned
        || contrast.swapped
        || one_open(one, other)
        || one.cues.has(&[DENY]) != other.cues.has(&[DENY])
        || (one.cues.has(&[FIRST]) && other.cues.has(&[FIRST]))
        || amounts::doubt(&one.numbers, &other.numbers).is_some()
        || amounts::doubt(&other.numbers, &one.numbers).is_some()
}

/// What two passages say otherwise about the claim, and how likely they do; `near` is the second passage beside the first one's
/// sentence, and the first beside the second's.
pub fn compare(asked: &Asked, one: &Side<'_>, other: &Side<'_>, near: [Near; 2]) -> Disagreement {
    let about = one.subject.about.min(other.subject.about);
    let found = Found {
        forth: one.statement.appraise(&Subject { about, ..other.subject }),
        back: other.statement.appraise(&Subject { about, ..one.subject }),
        sure: amounts::compare(&one.numbers, &other.numbers),
        apart: nearer(amounts::apart(&one.numbers, &other.numbers), amounts::apart(&other.numbers, &one.numbers)),
        doubt: nearer(amounts::doubt(&one.numbers, &other.numbers), amounts::doubt(&other.numbers, &one.numbers)),
        near,
    };
    let measures = found.measures(asked, one, other);
    let (named, reason) = found.reason(one, other);
    Disagreement { likelihood: measures.likelihood(), reason, named, measures }
}

/// What was found of two sides.
struct Found {
    forth: Appraisal,
    back: Appraisal,
    sure: Vec<amounts::Finding>,
    apart: Option<amounts::Doubt>,
    doubt: Option<amounts::Doubt>,
    near: [Near; 2],
}

impl Found {
    /// The measures, in the order of [`NAMES`].
    fn measures(&self, asked: &Asked, one: &Side<'_>, other: &Side<'_>) -> Measures {
        let flag = |holds: bool| f32::from(u8::from(holds));
        let (forth, back) = (alone(&self.forth.signals), alone(&self.back.signals));
        let mutual = |name: &str| signal(&self.forth.signals, name).max(signal(&self.back.signals, name));
        let of_claim = |name: &str| one.signal(name).max(other.signal(name));
        let differs = mutual("amount_differs").max(flag(self.sure.iter().any(amounts::Finding::is_flag)));
        let nearness = |doubt: &Option<amounts::Doubt>| doubt.as_ref().map_or(0.0, |doubt| doubt.nearness);
        let doubtful = differs.max(mutual("amount_doubtful")).max(nearness(&self.doubt));
        let agrees = [one, other].map(|side| side.signal("amount_agrees") > 0.0);
        let claim_differs = of_claim("amount_differs").max(of_claim("amount_doubtful"));
        let between = agrees[0] != agrees[1] && claim_differs > 0.0;
        let apart_asked = self
            .apart
            .as_ref()
            .filter(|doubt| asked.amounts.amounts().any(|(role, ..)| role == doubt.finding.role))
            .map_or(0.0, |doubt| doubt.nearness);
        let covered = [(one, other), (other, one)].map(|(one, other)| covered(one, other));
        let (least, most) = (covered[0].min(covered[1]), covered[0].max(covered[1]));
        let shared =
            one.terms.intersection(&other.terms).count() as f32 / one.terms.len().min(other.terms.len()).max(1) as f32;
        let towards = [one, other].map(|side| asked.polarity.opposes(&side.polarity));
        let claim_between = matches!(towards, [Some(one), Some(other)] if one != other);
        let apart = |a: &People, b: &People| !people::mismatches(a, b).is_empty();
        let beyond = one.beyond(asked, other).max(other.beyond(asked, one));
        let first = |cues: Cues| cues.has(&[FIRST]);
        let least_near = |of: fn(&Near) -> f32| of(&self.near[0]).min(of(&self.near[1]));
        Measures([
            log_odds(split(one, other)),
            log_odds((forth[1] + back[1]) / 2.0),
            claim_differs,
            flag(self.sure.iter().any(|one| !one.is_flag()) || agree(&self.forth, &self.back)),
            if between { doubtful } else { 0.0 },
            nearness(&self.apart),
            apart_asked,
            if one_open(one, other) { least } else { 0.0 },
            if one.polarity.opposes(&other.polarity) == Some(true) { least } else { 0.0 },
            flag(claim_between),
            flag(apart(&one.people, &other.people) || apart(&other.people, &one.people)),
            flag(apart(&asked.people, &one.people) || apart(&asked.people, &other.people)),
            beyond,
            flag(first(asked.cues) && first(one.cues) && first(other.cues)),
            mutual("claimed_denied").max(mutual("denied_claimed")).max(mutual("permitted_denied")),
            one.signal("recommends").min(other.signal("recommends")),
            most,
            shared,
            log_odds(one.near.about.max(other.near.about)),
            log_odds(least_near(|near| near.about)),
            least_near(|near| near.rarest),
        ])
    }

    /// What differs, in the words of the two sides where a number does, and whether it is worth telling.
    fn reason(&self, one: &Side<'_>, other: &Side<'_>) -> (bool, String) {
        let sure = self.sure.iter().find(|finding| finding.is_flag());
        let number = sure.or(self.apart.as_ref().or(self.doubt.as_ref()).map(|doubt| &doubt.finding));
        if let Some(amounts::Finding { role, claim, evidence, .. }) = number {
            return (is_rule(*role), format!("{role} differs: \"{claim}\" and \"{evidence}\""));
        }
        if one_open(one, other) {
            return (false, "one of them leaves open what the other recommends".to_owned());
        }
        let contrast = one.polarity.contrast(&other.polarity);
        if contrast.swapped || (one.cues.has(&[FIRST]) && other.cues.has(&[FIRST])) {
            return (false, "they put different things first".to_owned());
        }
        if contrast.turned || one.cues.has(&[DENY]) != other.cues.has(&[DENY]) {
            return (true, "direction differs: one is for what the other is against".to_owned());
        }
        (false, "they say different things about the claim".to_owned())
    }
}

/// Whether numbers of this role are mostly a rule of the guideline, and not the mark of a group or a step.
fn is_rule(role: Role) -> bool {
    matches!(
        role,
        Role::Target | Role::Dose | Role::Ceiling | Role::Interval | Role::Duration | Role::DiagnosticThreshold
    )
}

/// Terms of the people that a passage is stated for, and of their conditions.
fn stated_for(population: &Population) -> BTreeSet<String> {
    population.words.iter().chain(&population.conditions).flat_map(|words| terms(words)).collect()
}

/// How likely the claim is right by the one and wrong by the other.
fn split(one: &Side<'_>, other: &Side<'_>) -> f32 {
    (one.chances[0] * other.chances[1]).max(one.chances[1] * other.chances[0])
}

fn one_open(one: &Side<'_>, other: &Side<'_>) -> bool {
    (one.polarity.pointing == Pointing::Open) != (other.polarity.pointing == Pointing::Open)
}

fn agree(forth: &Appraisal, back: &Appraisal) -> bool {
    signal(&forth.signals, "amount_agrees").min(signal(&back.signals, "amount_agrees")) > 0.0
}

/// How much of one side's sentence the other passage has, by words and by meaning, 0 to 1.
fn covered(one: &Side<'_>, other: &Side<'_>) -> f32 {
    let found = super::stance::signals(&one.statement.words, "", other.subject.passage.text());
    found.and_then(|signals| signals.get("soft_all")).unwrap_or_default() as f32
}

fn signal(signals: &Signals, name: &str) -> f32 {
    let at = hint::NAMES.iter().position(|one| *one == name);
    at.and_then(|at| signals.0.get(at)).copied().unwrap_or_default()
}

fn nearer(one: Option<amounts::Doubt>, other: Option<amounts::Doubt>) -> Option<amounts::Doubt> {
    one.into_iter().chain(other).max_by(|one, other| one.nearness.total_cmp(&other.nearness))
}

fn terms(text: &str) -> BTreeSet<String> {
    language::terms(text).into_iter().map(|term| term.text).collect()
}

/// The sentence that shares most terms with the claim; the first of equals.
fn nearest_sentence<'t>(text: &'t str, claim: &BTreeSet<String>) -> &'t str {
    let mut best = (0, "");
    for sentence in language::sentences(text).into_iter().filter_map(|range| text.get(range)) {
        let shared = terms(sentence).intersection(claim).count();
        if best.1.is_empty() || shared > best.0 {
            best = (shared, sentence.trim());
        }
    }
    best.1
}

/// Log-odds of a probability, within what a fit can bear.
fn log_odds(probability: f32) -> f32 {
    let bounded = probability.clamp(0.01, 0.99);
    (bounded / (1.0 - bounded)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_fits_the_program() {
        let model = MODEL.as_ref().expect("a model of these measures");
        assert!(model.suspected <= model.told && model.told < 1.0 && model.suspected > 0.0);
    }
}
