//! What a passage means for a claim, detail by detail, and whether that is enough for a hint.
//!
//! One module for each kind of detail, all of one form: a reading of the claim, a reading of the passage, and a comparison
//! that names what differs and says why. Where a comparison is not sure that two details speak of the same thing it says
//! nothing. No index is known here: how likely a passage is about the claim at all comes in as an argument.
//!
//! - [`amounts`]: numbers with their units, each with its [`Role`]: a dose is never held against an age.
//! - [`people`]: whom each is about; a mismatch is a flag on the pair, never a filter.
//! - [`polarity`]: which way each points.
//! - [`source`]: whose advice and which grade a claim names.
//! - [`stance`]: what the words alone make likely.
//! - [`hint`]: all of it weighed into supports, contradicts, neutral, or silence.

pub mod amounts;
pub mod hint;
pub mod people;
pub mod polarity;
mod role;
pub mod source;
pub mod stance;

use std::collections::BTreeSet;

use crate::claim::Claim;
use crate::language;
use crate::passage::{Passage, PassageKind};
use amounts::Outcome;
use hint::{Hint, Signals};
use people::{About, People};
use polarity::{Pointing, Polarity};
use source::Source;
use stance::{Classifier, Judge, Opinion};

pub use role::Role;

/// Probability of being about a claim from which a passage's details are held against the claim's.
const ABOUT: f32 = 0.2;
/// The same for which way it points, which is read from fewer words.
const SURELY_ABOUT: f32 = 0.5;

/// A claim, read once for all passages.
pub struct Asked {
    text: String,
    terms: BTreeSet<String>,
    amounts: amounts::Reading,
    people: People,
    polarity: Polarity,
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
#[derive(Clone, Debug, Default)]
pub struct Appraisal {
    /// What differs, by kind.
    pub differences: Vec<Difference>,
    /// The hint, where the signals are enough for one.
    pub hint: Option<Hint>,
    /// The signals, in the order of [`hint::NAMES`].
    pub signals: Signals,
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
            source: Source::of_claim(text),
            words: stance::Reading::of_claim(text),
            text: text.to_owned(),
        }
    }

    /// What a passage means for it.
    pub fn appraise(&self, subject: &Subject<'_>) -> Appraisal {
        let passage = subject.passage;
        let headings: Vec<&str> = passage.path.iter().chain(&passage.lead).map(String::as_str).collect();
        let found = amounts::compare(&self.amounts, &amounts::Reading::of_passage(passage.text(), &headings));
        let mut differences: Vec<Difference> = found.iter().filter_map(of_amount).collect();
        differences.extend(self.people(subject));
        let pointing = self.pointing(passage);
        if pointing == Some(true) && subject.about >= SURELY_ABOUT && differences.is_empty() {
            differences.push(self.direction(passage));
        }
        differences.extend(self.source(subject));
        if subject.about < ABOUT {
            differences.clear();
        }
        let has = |kinds: &[Kind]| differences.iter().any(|one| kinds.contains(&one.kind));
        let one = |holds: bool| f32::from(u8::from(holds));
        let open = matches!(self.nearest(passage).map(|one| one.pointing), Some(Pointing::Open));
        let opinion = Classifier.opinion(&self.words, subject.title.unwrap_or_default(), passage.text());
        let [settles, against] = sides(&opinion);
        let signals = [
            log_odds(settles),
            log_odds(against),
            log_odds(subject.about),
            one(pointing == Some(true)),
            one(pointing == Some(false)),
            one(has(&[Kind::Quantity, Kind::Unit])),
            one(found.iter().any(|one| one.outcome == Outcome::Agrees)),
            one(has(&[Kind::Population])),
            one(passage.kind == PassageKind::Recommendation),
            one(open),
        ];
        let detail = has(&[Kind::Quantity, Kind::Unit, Kind::Population, Kind::Direction, Kind::Grade]);
        let hint = hint::hint(&signals, detail || pointing == Some(true));
        Appraisal { differences, hint, signals }
    }

    /// Where whom it is about is not whom the passage is about.
    fn people(&self, subject: &Subject<'_>) -> Vec<Difference> {
        let passage = subject.passage;
        if self.people.is_empty() {
            return Vec::new();
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
        found.into_iter().map(difference).collect()
    }

    /// The clause of a passage that is nearest to the claim; `None` where what it says and what is stated disagree.
    fn nearest(&self, passage: &Passage) -> Option<Polarity> {
        let direction = passage.grade.as_ref().and_then(|grade| grade.direction).or(passage.direction);
        Polarity::nearest(passage.text(), &self.terms).stated(direction)
    }

    /// Whether the passage points against the claim.
    fn pointing(&self, passage: &Passage) -> Option<bool> {
        self.polarity.opposes(&self.nearest(passage)?)
    }

    fn direction(&self, passage: &Passage) -> Difference {
        let named = |pointing: Pointing| match pointing {
            Pointing::Forward => "for",
            Pointing::Back => "against",
            Pointing::Open => "open",
        };
        let claim = named(self.polarity.pointing);
        // A word for its opposite, or what is preferred the other way round: both point the same way, and apart.
        let evidence = self.nearest(passage).map_or("the other way", |one| match named(one.pointing) {
            same if same == claim => "the opposite",
            other => other,
        });
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
