//! What comes in: requests for evidence, as JSON.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::claim::{self, Claim, Patient};
use crate::corpus::{Status, Tier};
use crate::evidence::{Filters, Include, Options};

/// Most claims of one JSON call; NDJSON has no such bound.
pub const MOST_ITEMS: usize = 50;

/// Longest question that a response answers, in code points.
pub const LONGEST_QUESTION: usize = 4_000;

/// A claim with what was said around it.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemRequest {
    /// The caller's id; it comes back with the result.
    #[schema(example = "a1:c3", max_length = 200)]
    pub id: Option<String>,
    /// The claim, 1 to 4,000 characters.
    #[schema(
        example = "Women should be screened for breast cancer every year from 50.",
        min_length = 1,
        max_length = 4000,
        pattern = "\\S"
    )]
    pub claim: String,
    /// The question or the paragraph that it stands in.
    #[schema(max_length = 20000)]
    pub context: Option<String>,
    /// The person whom it is about. Compared with the people whom each passage is about: a mismatch is a flag.
    pub patient: Option<PatientRequest>,
}

/// The person whom a claim is about.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatientRequest {
    /// Age in years.
    #[schema(example = 66)]
    pub age: Option<u8>,
    /// Sex.
    #[schema(example = "male")]
    pub sex: Option<String>,
    /// Conditions and findings.
    #[serde(default)]
    pub conditions: Vec<String>,
}

/// What bounds an answer.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionsRequest {
    /// How many passages a claim.
    #[schema(minimum = 1, maximum = 100, default = 5)]
    pub k: Option<usize>,
    /// The day on which editions are judged.
    #[schema(value_type = Option<String>, format = Date, example = "2026-01-15")]
    pub as_of: Option<jiff::civil::Date>,
    /// Packs to search; all where empty.
    #[serde(default)]
    pub packs: Vec<String>,
    /// Bounds on documents.
    #[serde(default)]
    pub filters: FiltersRequest,
    /// What else to give.
    #[serde(default)]
    pub include: Vec<IncludeRequest>,
    /// Whether to say what the passages mean for the claim (hints, flags of the pair, disagreement); `true` where not given. A
    /// blind review does without.
    pub hints: Option<bool>,
}

/// Bounds on documents; an empty list bounds nothing.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FiltersRequest {
    /// Publishers, compared without regard to case.
    #[serde(default)]
    pub publisher: Vec<String>,
    /// Earliest year of publication.
    pub year_min: Option<i16>,
    /// Statuses on the day of the request.
    #[serde(default)]
    #[schema(value_type = Vec<StatusName>, example = json!(["current"]))]
    pub status: Vec<Status>,
    /// Jurisdictions.
    #[serde(default)]
    pub jurisdiction: Vec<String>,
    /// Tiers.
    #[serde(default)]
    #[schema(value_type = Vec<TierName>, example = json!(["primary"]))]
    pub tier: Vec<Tier>,
}

/// Names of currencies, for the API description; the values themselves are [`crate::corpus::Currency`].
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum CurrencyName {
    /// Compared with the publisher's page within the publisher's cadence.
    Confirmed,
    /// The publisher is preparing a new edition.
    UpdateInProgress,
    /// Changed by its publisher as evidence arrives.
    Living,
    /// Not in force yet.
    Draft,
    /// Withdrawn without a successor.
    Withdrawn,
    /// In dispute.
    LegallyContested,
    /// Never compared with the publisher's page, or too long ago.
    Unknown,
}

/// Names of statuses, for the API description; the values themselves are [`Status`].
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum StatusName {
    /// In force as far as the corpus knows.
    Current,
    /// Replaced by a newer edition.
    Superseded,
    /// Withdrawn without a successor.
    Retired,
}

/// Names of tiers, for the API description; the values themselves are [`Tier`].
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum TierName {
    /// The guideline's own text.
    Primary,
    /// Our own-words summary that cites it.
    Digest,
}

/// What can be given beside the passages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IncludeRequest {
    /// The stored text around each passage.
    Context,
    /// Passages that speak against the claim.
    Counter,
    /// What bodies say of which nothing is among the passages.
    Others,
    /// What was searched.
    Trace,
}

impl From<OptionsRequest> for Options {
    fn from(request: OptionsRequest) -> Options {
        let included = |what| request.include.contains(&what);
        Options {
            k: request.k.unwrap_or(Options::default().k),
            as_of: request.as_of,
            hints: request.hints.unwrap_or(true),
            include: Include {
                context: included(IncludeRequest::Context),
                counter: included(IncludeRequest::Counter),
                others: included(IncludeRequest::Others),
                trace: included(IncludeRequest::Trace),
            },
            packs: request.packs,
            filters: Filters {
                publisher: request.filters.publisher,
                year_min: request.filters.year_min,
                status: request.filters.status,
                jurisdiction: request.filters.jurisdiction,
                tier: request.filters.tier,
            },
        }
    }
}

impl ItemRequest {
    /// The claim that is asked about.
    ///
    /// # Errors
    /// [`claim::Error`] where it is empty or too long.
    pub fn to_claim(&self) -> Result<Claim, claim::Error> {
        let mut claim = Claim::new(&self.claim)?;
        if let Some(context) = &self.context {
            claim = claim.with_context(context)?;
        }
        Ok(match &self.patient {
            Some(patient) => claim.with_patient(Patient {
                age: patient.age,
                sex: patient.sex.clone(),
                conditions: patient.conditions.clone(),
            }),
            None => claim,
        })
    }
}

/// One line of an NDJSON stream: an item with its own options.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineRequest {
    /// The caller's id; it comes back with the result.
    #[schema(max_length = 200)]
    pub id: Option<String>,
    /// The claim, 1 to 4,000 characters.
    #[schema(min_length = 1, max_length = 4000, pattern = "\\S")]
    pub claim: String,
    /// The question or the paragraph that it stands in.
    #[schema(max_length = 20000)]
    pub context: Option<String>,
    /// The person whom it is about. Compared with the people whom each passage is about: a mismatch is a flag.
    pub patient: Option<PatientRequest>,
    /// How many passages.
    #[schema(minimum = 1, maximum = 100)]
    pub k: Option<usize>,
    /// The day on which editions are judged.
    #[schema(value_type = Option<String>, format = Date)]
    pub as_of: Option<jiff::civil::Date>,
    /// Packs to search.
    pub packs: Option<Vec<String>>,
    /// Bounds on documents.
    pub filters: Option<FiltersRequest>,
    /// What else to give.
    pub include: Option<Vec<IncludeRequest>>,
    /// Whether to say what the passages mean for the claim (hints, flags of the pair, disagreement); `true` where not given. A
    /// blind review does without.
    pub hints: Option<bool>,
}

/// A response to be split.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitRequest {
    /// The response, Markdown or plain text.
    #[schema(max_length = 200000)]
    pub text: String,
}

/// A response whose claims are checked.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// The response, Markdown or plain text.
    #[schema(max_length = 200000)]
    pub text: String,
    /// The question that it answers.
    #[schema(max_length = 4000)]
    pub context: Option<String>,
    /// The person whom it is about. Compared with the people whom each passage is about: a mismatch is a flag.
    pub patient: Option<PatientRequest>,
    /// Whether statements that are not worth checking are searched too.
    #[serde(default)]
    pub all: bool,
    /// How many passages a claim.
    #[schema(minimum = 1, maximum = 100, default = 5)]
    pub k: Option<usize>,
    /// The day on which editions are judged.
    #[schema(value_type = Option<String>, format = Date, example = "2026-01-15")]
    pub as_of: Option<jiff::civil::Date>,
    /// Packs to search; all where empty.
    #[serde(default)]
    pub packs: Vec<String>,
    /// Bounds on documents.
    #[serde(default)]
    pub filters: FiltersRequest,
    /// What else to give.
    #[serde(default)]
    pub include: Vec<IncludeRequest>,
    /// Whether to say what the passages mean for the claim (hints, flags of the pair, disagreement); `true` where not given. A
    /// blind review does without.
    pub hints: Option<bool>,
}

impl From<CheckRequest> for Options {
    fn from(request: CheckRequest) -> Options {
        let CheckRequest { k, as_of, packs, filters, include, hints, .. } = request;
        OptionsRequest { k, as_of, packs, filters, include, hints }.into()
    }
}

impl LineRequest {
    /// The item, and its options; what the line does not say is taken from `defaults`.
    pub fn split(self, defaults: &Options) -> (ItemRequest, Options) {
        let item = ItemRequest { id: self.id, claim: self.claim, context: self.context, patient: self.patient };
        let stated: Options = OptionsRequest {
            k: self.k,
            as_of: self.as_of,
            packs: self.packs.clone().unwrap_or_default(),
            filters: self.filters.clone().unwrap_or_default(),
            include: self.include.clone().unwrap_or_default(),
            hints: self.hints,
        }
        .into();
        let options = Options {
            k: self.k.unwrap_or(defaults.k),
            as_of: stated.as_of.or(defaults.as_of),
            packs: if self.packs.is_some() { stated.packs } else { defaults.packs.clone() },
            filters: if self.filters.is_some() { stated.filters } else { defaults.filters.clone() },
            include: if self.include.is_some() { stated.include } else { defaults.include },
            hints: self.hints.unwrap_or(defaults.hints),
        };
        (item, options)
    }
}
