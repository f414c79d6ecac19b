//! What a reviewer decides of a claim: drafts that save themselves, verdicts with the passages they rest on, the rubric.
//!
//! A verdict is kept together with the answer it was given on. The service searches again for it, so that what is kept is
//! what the snapshot says and not what a page sent.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::asking::Asking;
use super::{created, fresh, read};
use crate::corpus::hex;
use crate::evidence::Options;
use crate::http::evidence::{answer, fault, object};
use crate::http::problem::{Kind, Problem};
use crate::http::{Service, Source, body};
use crate::index::Snapshot;
use crate::passage::PassageId;
use crate::review::feedback::{self, Basis};
use crate::review::record::{Assessment, Feedback, Pin, Private, ReviewClaim, Verdict, VerdictRecord};
use crate::review::store::{NewAssessment, NewEvidence, NewVerdict, trail_of};
use crate::view::native::EvidenceResponse;
use crate::view::request::LineRequest;
use crate::view::review::{AssessmentRequest, DraftRequest, SavedView, VerdictRequest};

/// Most searches that are kept beside the last one of a verdict.
const MOST_EARLIER: usize = 8;

/// Saves a form that was begun.
///
/// It names the version that it is based on; where another tab saved in between, nothing is overwritten and the answer (409)
/// has the version that is kept under `current`.
#[utoipa::path(
    put,
    path = "/v1/reviews/{id}/claims/{claim}/draft",
    tag = "reviews",
    params(("id" = String, Path, description = "The review"), ("claim" = String, Path, description = "The claim", example = "c3")),
    request_body(content = DraftRequest, example = json!({"version": 0, "body": {"verdict": "partly"}})),
    responses((status = 200, description = "It is kept", body = SavedView))
)]
pub(in super::super) async fn save_draft(
    State(service): State<Service>,
    Path((id, claim)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, DraftRequest { version, body }) = read(&service, request).await?;
    let saved =
        service.asked_by(Asking::of(&parts), move |store, by| store.save_draft(&id, &claim, by, version, &body));
    let saved = saved.await?;
    fresh(&service, &SavedView { version: saved.version, at: saved.at.to_string() })
}

/// Forgets a form that was begun.
#[utoipa::path(
    delete,
    path = "/v1/reviews/{id}/claims/{claim}/draft",
    tag = "reviews",
    params(("id" = String, Path, description = "The review"), ("claim" = String, Path, description = "The claim", example = "c3")),
    responses((status = 204, description = "There is none now"))
)]
pub(in super::super) async fn drop_draft(
    State(service): State<Service>,
    Path((id, claim)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let dropped =
        service.asked_by(Asking::of(&request.into_parts().0), move |store, by| store.delete_draft(&id, &claim, by));
    dropped.await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Decides a claim.
///
/// A verdict other than `not_addressed` pins at least one passage, whose words are compared with the snapshot; `not_addressed`
/// keeps what was searched. `previous` is one's last verdict on the claim: where that is not so, as with two tabs, nothing is
/// written and the answer (409) has it under `current`. `verdict` `null` takes the last one back. Nothing is ever changed:
/// each decision is a new line.
#[utoipa::path(
    post,
    path = "/v1/reviews/{id}/claims/{claim}/verdicts",
    tag = "reviews",
    params(("id" = String, Path, description = "The review"), ("claim" = String, Path, description = "The claim", example = "c3")),
    request_body(content = VerdictRequest, example = json!({"verdict": "not_addressed", "previous": null, "seconds": 41, "searches": ["Screening starts at 40."]})),
    responses((status = 201, description = "It is kept", body = VerdictRecord))
)]
pub(in super::super) async fn decide(
    State(service): State<Service>,
    Path((id, name)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, asked): (_, VerdictRequest) = read(&service, request).await?;
    let asking = Asking::of(&parts);
    let desk = service.desk()?;
    let (reviewer, claim) = {
        let (id, name) = (id.clone(), name.clone());
        desk.run(move |store, _| {
            let reviewer = asking.somebody(store)?;
            let claim = store.review(&id)?.claims.into_iter().find(|claim| claim.id == name);
            let missing = || Problem::new(Kind::NotFound, "There is no such claim.");
            Ok((reviewer, claim.ok_or_else(missing)?))
        })
        .await?
    };
    let from = service.source().await?;
    let place = service.gate.admit()?;
    let shown = {
        let (from, pins) = (from.clone(), asked.evidence.clone());
        let (earlier, request) = (asked.earlier.clone(), asked.request.clone());
        let withdrawn = asked.verdict.is_none();
        place
            .run(move || {
                fitting(&from.snapshot, &pins)?;
                if withdrawn { Ok(Vec::new()) } else { read_for(&from, &claim, earlier, request) }
            })
            .await??
    };
    // Before the verdict: a snapshot that a verdict names is never pruned.
    pin(&service, Arc::clone(&from.snapshot)).await?;
    let new = new_verdict(from.snapshot.manifest().id.to_string(), asked, shown);
    let made = desk.run(move |store, _| Ok(store.add_verdict(&id, &name, &reviewer, &new)?));
    created(&service, &made.await?)
}

fn new_verdict(snapshot: String, asked: VerdictRequest, shown: Vec<NewEvidence>) -> NewVerdict {
    let results: Vec<&Value> = shown.iter().map(|one| &one.result).collect();
    let trail = match (shown.last(), asked.verdict) {
        (Some(last), Some(Verdict::NotAddressed)) => Some(trail_of(searches(last, asked.searches), &results)),
        _ => None,
    };
    NewVerdict {
        verdict: asked.verdict,
        previous: asked.previous,
        task: asked.task,
        snapshot,
        evidence: asked.evidence,
        trail,
        errors: asked.errors,
        harm: asked.harm,
        feedback: asked.feedback,
        seconds: asked.seconds,
        blind: asked.blind,
        needs_adjudication: asked.needs_adjudication,
        shown,
    }
}

/// Everything that was searched; the claim at least.
fn searches(shown: &NewEvidence, mut searches: Vec<String>) -> Vec<String> {
    if searches.is_empty() {
        searches.extend(shown.request.get("claim").and_then(Value::as_str).map(str::to_owned));
    }
    searches
}

/// Whether every pin is a passage of this snapshot with these words.
fn fitting(snapshot: &Snapshot, pins: &[Pin]) -> Result<(), Problem> {
    for (at, pin) in pins.iter().enumerate() {
        let wrong = |field: &str, detail: &str| Err(Problem::field(format!("/evidence/{at}/{field}"), detail));
        let id: Option<PassageId> = pin.passage.parse().ok();
        let found = match &id {
            Some(id) => snapshot.passage(id).map_err(Problem::internal)?,
            None => None,
        };
        let Some(passage) = found else {
            return wrong("passage", "is no passage of the snapshot in use");
        };
        if hex(&Sha256::digest(passage.text().as_bytes())) != pin.passage_sha256 {
            return wrong(
                "passage_sha256",
                "is not the digest of the passage's words: send the `quote_sha256` that the passage came with, and look at it again",
            );
        }
    }
    Ok(())
}

/// The answers that were read for a verdict, in their order: those of earlier searches, then the one on the screen.
fn read_for(
    from: &Source,
    claim: &ReviewClaim,
    earlier: Vec<Value>,
    last: Option<Value>,
) -> Result<Vec<NewEvidence>, Problem> {
    if earlier.len() > MOST_EARLIER {
        return Err(Problem::field("/earlier", format!("has more than {MOST_EARLIER} searches")));
    }
    let before =
        earlier.into_iter().enumerate().map(|(at, one)| search(from, claim, &format!("/earlier/{at}"), Some(one)));
    before.chain([search(from, claim, "/request", last)]).collect()
}

/// Searches as the reviewer did, and keeps the answer; the trail of the search is always part of it.
fn search(from: &Source, claim: &ReviewClaim, field: &str, request: Option<Value>) -> Result<NewEvidence, Problem> {
    let mut request = request.unwrap_or_else(|| {
        let context = (!claim.context.is_blank()).then(|| claim.context.as_str());
        json!({"claim": claim.claim.as_str(), "context": context})
    });
    if let Some(fields) = request.as_object_mut() {
        let include = fields.entry("include").or_insert_with(|| json!([]));
        if let Some(list) = include.as_array_mut()
            && !list.iter().any(|one| one == "trace")
        {
            list.push(json!("trace"));
        }
    }
    let line: LineRequest = object(field, request.clone())?;
    let (item, options) = line.split(&Options::default());
    options.check(&from.snapshot).map_err(|error| fault(field, &options, error))?;
    let result = answer(from, field, &item, &options)?;
    let kept = |value: serde_json::Result<Value>| value.map_err(Problem::internal);
    let answered = EvidenceResponse::new(&from.snapshot, Vec::new());
    let mut snapshot = kept(serde_json::to_value(&answered.snapshot))?;
    if let Some(fields) = snapshot.as_object_mut() {
        fields.shift_remove("built_at");
    }
    let (engine, result) = (kept(serde_json::to_value(&answered.engine))?, kept(serde_json::to_value(&result))?);
    Ok(NewEvidence { snapshot, engine, request, result })
}

/// Keeps the snapshot from being pruned, once.
async fn pin(service: &Service, snapshot: Arc<Snapshot>) -> Result<(), Problem> {
    let store = Arc::clone(&service.store);
    let done = tokio::task::spawn_blocking(move || {
        let id = &snapshot.manifest().id;
        if store.pins()?.contains_key(id) {
            return Ok(());
        }
        store.pin(id, Some("verdicts rest on it".to_owned())).map(drop)
    });
    done.await.map_err(Problem::internal)?.map_err(Problem::internal)
}

/// Answers the rubric for the whole response.
#[utoipa::path(
    post,
    path = "/v1/reviews/{id}/assessments",
    tag = "reviews",
    params(("id" = String, Path, description = "The review")),
    request_body(content = AssessmentRequest, example = json!({"ratings": {"accuracy": 2}})),
    responses((status = 201, description = "It is kept", body = Assessment))
)]
pub(in super::super) async fn assess(
    State(service): State<Service>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, AssessmentRequest { ratings, note }) = read(&service, request).await?;
    let made = service.asked_by(Asking::of(&parts), move |store, reviewer| {
        store.add_assessment(&id, reviewer, &NewAssessment { ratings, note: note.map(Private) })
    });
    created(&service, &made.await?)
}

/// A first draft of feedback, from the verdict, the flags and the citation; nothing is kept.
#[utoipa::path(
    post,
    path = "/v1/feedback/draft",
    tag = "reviews",
    request_body(content = Basis, example = json!({"verdict": "contradicted", "claim": "Screening starts at 40."})),
    responses((status = 200, description = "The draft", body = Feedback))
)]
pub(in super::super) async fn draft_feedback(
    State(service): State<Service>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, given) = request.into_parts();
    body::json_only(&parts.headers)?;
    let received =
        body::read(&parts, given, body::LARGEST_BODY, service.settings.timeouts.body, &service.budget).await?;
    let basis: Basis = object("", body::parse::<Value>(received.bytes())?)?;
    fresh(&service, &feedback::draft(&basis, &service.desk()?.taxonomy))
}
