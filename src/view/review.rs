//! What comes in and goes out around reviews (contract, section 6); the records themselves are [`crate::review::record`]'s.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::review::agreement::Report;
use crate::review::record::{
    Assignment, ErrorMark, Feedback, Harm, Origin, Pin, Private, Review, ReviewClaim, Task, Verdict, VerdictRecord,
};
use crate::review::store::{Adjudication, Draft, Impact, Profile, SideBySide, State, Summary, Visible};

/// A person who judges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReviewerView {
    /// Short id.
    #[schema(example = "r7")]
    pub id: String,
    /// What they are called.
    pub name: String,
    /// `physician`, `pharmacist`, `nurse`, `editor` or what the team calls it.
    #[schema(example = "pharmacist")]
    pub role: String,
    /// Since when.
    pub created_at: String,
}

impl ReviewerView {
    /// A profile as it leaves the program.
    pub fn of(profile: Profile) -> ReviewerView {
        let created_at = profile.created_at.to_string();
        ReviewerView { id: profile.id, name: profile.name, role: profile.role, created_at }
    }
}

/// Everybody who has a profile.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReviewersView {
    /// In the order of their names.
    pub reviewers: Vec<ReviewerView>,
}

/// A new profile.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewerRequest {
    /// Short id, made of the name where not given.
    #[schema(example = "r7", pattern = "^[a-z0-9-]{1,40}$")]
    pub id: Option<String>,
    /// What they are called.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// What they are.
    #[schema(example = "pharmacist", min_length = 1, max_length = 60)]
    pub role: String,
}

/// A response to judge.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewRequest {
    /// The response.
    #[schema(min_length = 1, max_length = 200_000)]
    pub text: String,
    /// A line to know it by.
    #[schema(max_length = 300)]
    pub title: Option<String>,
    /// What the model was asked.
    #[schema(max_length = 200_000)]
    pub prompt: Option<String>,
    /// The model.
    #[schema(max_length = 200)]
    pub model: Option<String>,
    /// What else is known of it.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub metadata: BTreeMap<String, Value>,
    /// Whether claims are suggested; `true` where not given.
    pub split: Option<bool>,
}

/// What came in with a file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportedView {
    /// The format that it was read as.
    #[schema(example = "inspect")]
    pub format: String,
    /// The reviews that were made.
    pub imported: Vec<ImportedReview>,
    /// What could not be read, and why.
    pub rejected: Vec<RejectedView>,
}

/// A review that was made of a file's sample.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportedReview {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Private,
    /// How many claims it has.
    pub claims: usize,
}

/// A sample that could not be read.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RejectedView {
    /// Where in the file.
    #[schema(example = "line 3")]
    pub at: String,
    /// Why.
    pub reason: String,
}

/// A review in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SummaryView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Private,
    /// When it was made.
    pub created_at: String,
    /// When somebody last changed it.
    pub changed_at: String,
    /// Claims that are worth checking and not taken out.
    pub claims: usize,
    /// Those of them that the reviewer who asks has decided; anybody, where nobody is signed in.
    pub decided: usize,
    /// Who judges it.
    pub reviewers: Vec<String>,
    /// Claims for which somebody asks for a third opinion.
    pub needs_adjudication: usize,
    /// Whether its texts were erased.
    pub erased: bool,
    /// Where it came from.
    pub source: Origin,
}

impl SummaryView {
    /// A line of the list as it leaves the program.
    pub fn of(one: Summary) -> SummaryView {
        SummaryView {
            id: one.id,
            title: one.title,
            created_at: one.created_at.to_string(),
            changed_at: one.changed_at.to_string(),
            claims: one.claims,
            decided: one.decided,
            reviewers: one.reviewers,
            needs_adjudication: one.needs_adjudication,
            erased: one.state == State::Erased,
            source: one.source,
        }
    }
}

/// Reviews, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReviewsView {
    /// This page of them.
    pub reviews: Vec<SummaryView>,
    /// `after` for the next page; `null` on the last.
    pub next: Option<String>,
}

/// A review as the one who asks may see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReviewView {
    /// The review; what is hidden from this reviewer is left out.
    #[serde(flatten)]
    pub review: Review,
    /// When somebody last changed it.
    pub changed_at: String,
    /// The part of the reviewer who asks; `null` where they have none.
    pub you: Option<YouView>,
    /// What they have begun and not decided, by claim.
    pub drafts: BTreeMap<String, DraftView>,
}

impl ReviewView {
    /// A review as somebody may see it.
    pub fn of(seen: Visible) -> ReviewView {
        let you = seen.you.map(|part| YouView {
            id: part.reviewer,
            task: part.task,
            blind: part.blind,
            submitted_at: part.submitted_at.map(|at| at.to_string()),
        });
        let drafts = seen.drafts.into_iter().map(|(claim, draft)| (claim, DraftView::of(draft))).collect();
        ReviewView { review: seen.review, changed_at: seen.changed_at.to_string(), you, drafts }
    }
}

/// The part of the reviewer who asks.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct YouView {
    /// Who they are.
    pub id: String,
    /// What they were asked to do.
    pub task: Task,
    /// Whether hints stay hidden until they have decided.
    pub blind: bool,
    /// When they said that they were done.
    pub submitted_at: Option<String>,
}

/// A form that was begun.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DraftView {
    /// Rises with each save; a save names the one that it is based on.
    pub version: u64,
    /// The form, as the page keeps it.
    #[schema(value_type = Object)]
    pub body: Value,
    /// When it was saved.
    pub at: String,
}

impl DraftView {
    /// A form as it leaves the program.
    pub fn of(draft: Draft) -> DraftView {
        DraftView { version: draft.version, body: draft.body, at: draft.at.to_string() }
    }
}

/// Saves a form.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftRequest {
    /// The version that this one is based on; 0 for the first.
    pub version: u64,
    /// Any JSON of at most 32 KiB.
    #[schema(value_type = Object)]
    pub body: Value,
}

/// A form that was saved.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SavedView {
    /// Its version now.
    pub version: u64,
    /// When.
    pub at: String,
}

/// A span of the response that becomes a claim.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimRequest {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The form that can stand alone; the words themselves where not given.
    #[schema(max_length = 4000)]
    pub claim: Option<String>,
    /// What stands around it.
    #[schema(max_length = 20_000)]
    pub context: Option<String>,
}

/// What changes of a claim.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimChange {
    /// First code point.
    pub start: Option<usize>,
    /// One past the last.
    pub end: Option<usize>,
    /// The form that can stand alone.
    #[schema(max_length = 4000)]
    pub claim: Option<String>,
    /// What stands around it.
    #[schema(max_length = 20_000)]
    pub context: Option<String>,
}

/// Where a claim is cut.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CutRequest {
    /// Code points of the response, within the claim.
    #[schema(min_items = 1, max_items = 20)]
    pub at: Vec<usize>,
}

/// Claims that become one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeRequest {
    /// Their ids.
    #[schema(min_items = 2, max_items = 20)]
    pub claims: Vec<String>,
}

/// Claims of a review.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReviewClaimsView {
    /// In the order of the response.
    pub claims: Vec<ReviewClaim>,
}

/// A decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerdictRequest {
    /// What was decided; `null` takes the last one back.
    pub verdict: Option<Verdict>,
    /// The reviewer's last verdict on the claim, which this one replaces.
    pub previous: Option<String>,
    /// The passages that it rests on.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub evidence: Vec<Pin>,
    /// What is wrong with the claim.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub errors: Vec<ErrorMark>,
    /// What it could do to a patient.
    pub harm: Option<Harm>,
    /// For the model's team.
    pub feedback: Option<Feedback>,
    /// How long the claim was looked at.
    #[serde(default)]
    pub seconds: u32,
    /// Whether hints were hidden.
    #[serde(default)]
    pub blind: bool,
    /// Whether a third opinion is wanted.
    #[serde(default)]
    pub needs_adjudication: bool,
    /// As what the reviewer decides; their part in the review where not given.
    pub task: Option<Task>,
    /// The search that was on the screen: a body of `POST /v1/evidence` with one claim.
    #[schema(value_type = Option<Object>)]
    pub request: Option<Value>,
    /// Searches that were read before it, of the same shape, oldest first: each is run again and kept beside it.
    #[serde(default)]
    #[schema(max_items = 8, value_type = Vec<Object>)]
    pub earlier: Vec<Value>,
    /// Everything that was searched for this claim, as it was sent.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub searches: Vec<String>,
}

/// Answers to the rubric.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessmentRequest {
    /// Ratings by item; `null` for "does not apply".
    pub ratings: BTreeMap<String, Option<u8>>,
    /// A remark.
    #[schema(max_length = 8000)]
    pub note: Option<String>,
}

/// Asks somebody to judge.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentRequest {
    /// Who.
    pub reviewer: String,
    /// What for.
    pub task: Task,
    /// Whether hints are hidden; `true` for a second review where not given.
    pub blind: Option<bool>,
}

/// Two or more reviews side by side.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdjudicationView {
    /// The review.
    pub review: String,
    /// Who was asked.
    pub assignments: Vec<Assignment>,
    /// Each claim with the latest verdict of each reviewer; those that differ first.
    pub claims: Vec<SideBySideView>,
    /// How far they agree.
    pub agreement: Report,
}

impl AdjudicationView {
    /// Reviews side by side, with how far they agree.
    pub fn of(review: String, found: Adjudication, agreement: Report) -> AdjudicationView {
        let side = |side: SideBySide| {
            let SideBySide { claim, verdicts, decision, agree } = side;
            SideBySideView { claim, verdicts, decision, agree }
        };
        let claims = found.claims.into_iter().map(side).collect();
        AdjudicationView { review, assignments: found.assignments, claims, agreement }
    }
}

/// One claim with what each reviewer decided of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SideBySideView {
    /// The claim.
    pub claim: ReviewClaim,
    /// Each reviewer's latest verdict.
    pub verdicts: Vec<VerdictRecord>,
    /// The adjudicator's.
    pub decision: Option<VerdictRecord>,
    /// Whether all reviewers decided the same.
    pub agree: bool,
}

/// That a review's texts are gone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ErasedView {
    /// Since when.
    pub erased_at: String,
}

/// Verdicts to look at again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImpactView {
    /// The newest first.
    pub verdicts: Vec<Impact>,
}
