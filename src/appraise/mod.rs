//! What a passage means for a claim, detail by detail, and whether that is enough for a hint.
//!
//! One module for each kind of detail, all of one form: a reading of the claim, a reading of the passage, and a comparison
//! that names what differs and says why. Where a comparison is not sure that two details speak of the same thing it says
//! nothing. No index is known here: how likely a passage is about the claim at all comes in as an argument.
//!
//! - [`amounts`]: numbers with their units, each with its [`Role`]: a dose is never held against an age.
//! - [`people`]: whom each is about; a mismatch is a flag on the pair, never a filter.
//! - [`polarity`]: which way each points.
//! - [`order`]: what each puts first, and which detail each gives to which thing.
//! - [`source`]: whose advice and which grade a claim names.
//! - [`stance`]: what the words alone make likely.
//! - `cues`: what single words do: allow, ask for, deny, rank, limit.
//! - `signals`: all of it as numbers, for the fit.
//! - [`company`]: what a passage is beside the others found for the claim.
//! - [`hint`]: all of it weighed into supports, contradicts, neutral, or silence.

pub mod amounts;
pub mod company;
mod cues;
pub mod disagreement;
pub mod hint;
pub mod order;
pub mod people;
pub mod polarity;
mod role;
mod signals;
pub mod source;
pub mod stance;

use std::collections::BTreeSet;

use crate::claim::Claim;
use crate::language;
use crate::passage::{Passage, PassageId, PassageKind};
use amounts::Outcome;
use company::Company;
use cues::{Cues, DENY};
use hint::{Hint, Signals};
use people::{About, People, Pointed};
use polarity::{Pointing, Polarity};
use signals::Contrasting;
use source::Source;
use stance::{Classifier, Judge, Opinion};

pub use role::Role;

/// Probability of being about a claim from which a passage's details are held against the claim's.
const ABOUT: f32 = 0.2;
/// How near the words around two numbers are from which a suspicion names them.
const NEAR: f32 = 0.3;
/// What a contrast of words says of the claim, and of the passage; the first that holds is told.
const CONTRASTS: &[(Contrasting, &str, &str)] = &[
    (Contrasting::Denied, "is for it", "denies it"),
    (Contrasting::Second, "puts it first", "does not"),
    (Contrasting::Needed, "says that it is not needed", "does not say so"),
    (Contrasting::Needless, "does not say that it is not needed", "does"),
    (Contrasting::Limited, "says it without a limit", "sets one"),
];

/// A claim, read once for all passages.
pub struct Asked {
    text: String,
    terms: BTreeSet<String>,
    amounts: amounts::Reading,
    people: People,
    polarity: Polarity,
    order: order::Reading,
    cues: Cues,
    source: Source,
    words: stance::Reading,
}

/// A passage with what its document says of it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The passage.
    pub passage: &'a Passage,
    /// Title of its document.
    pub title: Option<&'a str>,
    /// Whom the document is about.
    pub scope: Option<&'a str>,
    /// Who publishes it.
    pub publisher: Option<&'a str>,
    /// Where it is in force.
    pub jurisdiction: Option<&'a str>,
    /// How likely it is about just what the claim says, 0 to 1.
    pub about: f32,
}

/// What kind of detail differs; contract's names of flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A number.
    Quantity,
    /// The unit of a number.
    Unit,
    /// Whom it is about.
    Population,
    /// Which way it points.
    Direction,
    /// The grade.
    Grade,
    /// The country.
    Jurisdiction,
}

impl Kind {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Quantity => "quantity_mismatch",
            Kind::Unit => "unit_mismatch",
            Kind::Population => "population_mismatch",
            Kind::Direction => "direction_mismatch",
            Kind::Grade => "grade_mismatch",
            Kind::Jurisdiction => "jurisdiction",
        }
    }
}

/// One detail in which a passage differs from a claim. Its words may be a patient's: its `Debug` form gives the kind alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Difference {
    /// What kind of detail.
    pub kind: Kind,
    /// Which detail: a role of numbers, a field of people.
    pub field: Option<String>,
    /// The claim's words.
    pub claim: String,
    /// The passage's words.
    pub evidence: String,
    /// What differs, in plain words.
    pub reason: String,
}

impl std::fmt::Debug for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Difference({:?}, {:?})", self.kind, self.field)
    }
}

/// What a passage means for a claim.
///
/// A difference is told where a comparison is sure of it, or where all signals together make a contradiction likely and one
/// detail can be named that goes with it.
#[derive(Clone, Debug, Default)]
pub struct Appraisal {
    /// What differs, by kind.
    pub differences: Vec<Difference>,
    /// The hint, where the signals are enough for one.
    pub hint: Option<Hint>,
    /// Probabilities that it supports the claim, contradicts it, or does not settle it.
    pub chances: [f32; 3],
    /// The signals, in the order of [`hint::NAMES`].
    pub signals: Signals,
}

/// What was found of a claim and one passage, before the passages beside it are known.
#[derive(Clone, Debug)]
pub struct Held {
    id: PassageId,
    /// What a comparison is sure of.
    differences: Vec<Difference>,
    /// Two details that have changed places, however likely the words make it that the passage supports the claim.
    exchange: Option<Difference>,
    /// What would be told if a contradiction were suspected.
    suspicion: Option<Difference>,
    /// Whether the two surely point against each other.
    opposed: bool,
    /// How likely the passage is about the claim, 0 to 1.
    about: f32,
    /// The signals of the pair alone, in the order of [`hint::NAMES`].
    pub signals: Signals,
}

impl Held {
    /// What the passage means for the claim in the company of others found for it.
    pub fn appraise(self, company: &Company) -> Appraisal {
        let chances = hint::together(&company.measures(&self.id, &self.signals));
        let suspected = hint::suspects(chances);
        let mut differences = self.differences;
        if self.about < ABOUT && !suspected {
            differences.clear();
        }
        if !hint::tells(chances) {
            differences.retain(|one| !matches!(one.kind, Kind::Quantity | Kind::Unit));
        }
        differences.extend(self.exchange.filter(|_| self.about >= ABOUT || suspected));
        if suspected && differences.is_empty() {
            differences.extend(self.suspicion.filter(|one| one.kind != Kind::Direction || hint::turns(chances)));
        }
        let told = |one: &Difference| one.kind != Kind::Jurisdiction;
        let hint = hint::hint(chances, differences.iter().any(told) || self.opposed);
        Appraisal { differences, hint, chances, signals: self.signals }
    }
}

impl Asked {
    /// Reads a claim.
    pub fn of(claim: &Claim) -> Asked {
        let text = claim.text();
        let principal = polarity::principal(text);
        Asked {
            terms: language::terms(principal).into_iter().map(|term| term.text).collect(),
            amounts: amounts::Reading::of_claim(claim),
            people: People::of_claim(claim),
            polarity: Polarity::of(principal),
            order: order::Reading::of_claim(text, principal),
            cues: Cues::of(text),
            source: Source::of_claim(text),
            words: stance::Reading::of_claim(text),
            text: text.to_owned(),
        }
    }

    /// What a passage that was found alone means for it.
    pub fn appraise(&self, subject: &Subject<'_>) -> Appraisal {
        let held = self.hold(subject);
        let company = Company::of([(&held.id, &held.signals)].into_iter());
        held.appraise(&company)
    }

    /// Holds a passage against it.
    pub fn hold(&self, subject: &Subject<'_>) -> Held {
        let passage = subject.passage;
        let headings: Vec<&str> = passage.path.iter().chain(&passage.lead).map(String::as_str).collect();
        let numbers = amounts::Reading::of_passage(passage.text(), &headings);
        let nearest = Polarity::nearest(passage.text(), &self.terms);
        let direction = passage.grade.as_ref().and_then(|grade| grade.direction).or(passage.direction);
        let stated = nearest.polarity.clone().stated(direction);
        let pointing = stated.as_ref().unwrap_or(&nearest.polarity);
        let (people, one_rule) = self.people(subject, pointing);
        let opposes = stated.as_ref().filter(|_| !one_rule).and_then(|stated| self.polarity.opposes(stated));
        let order = self.order.against(passage.text());
        let opposes = order.opposes(opposes);
        let pointing = if one_rule { &self.polarity } else { pointing };
        let mut found = amounts::compare(&self.amounts, &numbers);
        found.retain(|one| !(one_rule && one.two_sides));
        let doubt = amounts::doubt(&self.amounts, &numbers).filter(|doubt| !(one_rule && doubt.finding.two_sides));
        let mut differences: Vec<Difference> = found.iter().filter_map(of_amount).collect();
        differences.extend(people);
        differences.extend(self.source(subject));
        differences.extend(order.rank());
        let has = |kinds: &[Kind]| differences.iter().any(|one| kinds.contains(&one.kind));
        let said = |text| if one_rule { Cues::of(text).without(DENY) } else { Cues::of(text) };
        let opinion = Classifier.opinion(&self.words, subject.title.unwrap_or_default(), passage.text());
        let seen = signals::Found {
            words: sides(&opinion).map(log_odds),
            about: log_odds(subject.about),
            polarity: (&self.polarity, pointing),
            nearest: &nearest,
            opposes,
            cues: [self.cues, said(nearest.clause), said(passage.text())],
            amount_differs: order.has_other_numbers() || has(&[Kind::Quantity, Kind::Unit]),
            amount_doubtful: doubt.as_ref().map(|doubt| doubt.nearness),
            amount_agrees: !order.has_other_numbers()
                && found.iter().any(|one| one.outcome == Outcome::Agrees && one.role != Role::Frequency),
            people_differ: has(&[Kind::Population]),
            recommends: passage.kind == PassageKind::Recommendation,
            left_open: stated.as_ref().is_some_and(|one| one.pointing == Pointing::Open),
        };
        Held {
            id: passage.id.clone(),
            exchange: order.exchange(),
            suspicion: self.suspicion(&seen, doubt.as_ref()),
            opposed: opposes == Some(true) || order.differs(),
            about: subject.about,
            signals: seen.signals(),
            differences,
        }
    }

    /// What a passage that probably contradicts the claim says otherwise, as far as one detail can be named.
    fn suspicion(&self, seen: &signals::Found<'_>, doubt: Option<&amounts::Doubt>) -> Option<Difference> {
        let near = doubt.filter(|doubt| doubt.nearness >= NEAR);
        if let Some(difference) = near.and_then(|doubt| of_amount(&doubt.finding)) {
            return Some(difference);
        }
        let (claim, passage) = seen.polarity;
        if claim.contrast(passage).turned {
            return Some(self.direction(passage));
        }
        let told = CONTRASTS.iter().find(|(how, ..)| seen.contrasts(*how));
        told.map(|(_, claim, evidence)| {
            let reason = format!("direction differs: the claim {claim}, the passage {evidence}");
            let (claim, evidence) = ((*claim).to_owned(), (*evidence).to_owned());
            Difference { kind: Kind::Direction, field: Some("direction".to_owned()), claim, evidence, reason }
        })
    }

    /// Where whom it is about is not whom the passage is about, which points as given, and whether the two are one rule
    /// said of some and of the rest.
    fn people(&self, subject: &Subject<'_>, pointing: &Polarity) -> (Vec<Difference>, bool) {
        let passage = subject.passage;
        if self.people.is_empty() {
            return (Vec::new(), false);
        }
        let about = About {
            text: passage.text(),
            path: &passage.path,
            lead: passage.lead.as_deref(),
            population: passage.population.as_ref(),
            exclusions: &passage.exclusions,
            scope: subject.scope,
            limits: &[],
            title: subject.title,
        };
        let found = people::mismatches(&self.people, &People::of_passage(&about));
        let difference = |one: people::Mismatch| Difference {
            kind: Kind::Population,
            field: Some(one.field.name().to_owned()),
            reason: one.reason(),
            claim: one.claim.text,
            evidence: one.evidence.text,
        };
        let pointed = |text, polarity: &Polarity| Pointed { text, against: polarity.pointing == Pointing::Back };
        let (claim, evidence) = (pointed(&self.text, &self.polarity), pointed(passage.text(), pointing));
        let (same, other): (Vec<_>, Vec<_>) = found.into_iter().partition(|one| one.is_one_rule(claim, evidence));
        (other.into_iter().map(difference).collect(), !same.is_empty())
    }

    fn direction(&self, passage: &Polarity) -> Difference {
        let named = |pointing: Pointing| match pointing {
            Pointing::Forward => "for",
            Pointing::Back => "against",
            Pointing::Open => "open",
        };
        let claim = named(self.polarity.pointing);
        // A word for its opposite, or what is preferred the other way round: both point the same way, and apart.
        let evidence = match named(passage.pointing) {
            same if same == claim => "the opposite",
            other => other,
        };
        let reason = format!("direction differs: the claim points {claim}, the passage {evidence}");
        let (claim, evidence) = (claim.to_owned(), evidence.to_owned());
        Difference { kind: Kind::Direction, field: Some("direction".to_owned()), claim, evidence, reason }
    }

    fn source(&self, subject: &Subject<'_>) -> Vec<Difference> {
        let grade = subject.passage.grade.as_ref();
        let found = self.source.differences(&self.text, subject.publisher, subject.jurisdiction, grade);
        let difference = |one: source::Difference| {
            let (kind, field) = match one.kind {
                source::Kind::Jurisdiction => (Kind::Jurisdiction, "jurisdiction"),
                source::Kind::Grade => (Kind::Grade, "grade"),
            };
            let reason = format!("{field} differs: the claim says \"{}\", the passage is {}", one.claim, one.evidence);
            Difference { kind, field: Some(field.to_owned()), claim: one.claim, evidence: one.evidence, reason }
        };
        found.into_iter().map(difference).collect()
    }
}

fn of_amount(found: &amounts::Finding) -> Option<Difference> {
    let kind = match found.outcome {
        Outcome::Agrees => return None,
        Outcome::QuantityMismatch => Kind::Quantity,
        Outcome::UnitMismatch => Kind::Unit,
    };
    let (field, reason) = (Some(found.role.name().to_owned()), found.reason());
    Some(Difference { kind, field, claim: found.claim.clone(), evidence: found.evidence.clone(), reason })
}

/// How likely the words settle the claim at all, and how likely they speak against it if they do.
fn sides(opinion: &Opinion) -> [f32; 2] {
    let settles = opinion.supports + opinion.contradicts;
    let against = if settles > 0.0 { opinion.contradicts / settles } else { 0.5 };
    [settles as f32, against as f32]
}

/// Log-odds of a probability, within what a fit can bear.
fn log_odds(probability: f32) -> f32 {
    let bounded = probability.clamp(0.002, 0.998);
    (bounded / (1.0 - bounded)).ln()
}
