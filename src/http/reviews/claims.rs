//! Claims of a review: made of a span, changed, cut, joined, taken out and put back.
//!
//! Claims belong to the review, not to one reviewer: everybody judges the same ones. One that has a verdict never changes
//! its span; an edit makes a new one and takes the old one out.

use axum::extract::{Path, Request, State};
use axum::response::Response;

use super::asking::Asking;
use super::{created, fresh, read};
use crate::http::Service;
use crate::http::problem::Problem;
use crate::review::record::{Private, ReviewClaim};
use crate::review::store::{ClaimEdit, NewSpan};
use crate::view::review::{ClaimChange, ClaimRequest, CutRequest, MergeRequest, ReviewClaimsView};

/// Makes a claim of a span of the response.
#[utoipa::path(
    post,
    path = "/v1/reviews/{id}/claims",
    tag = "reviews",
    params(("id" = String, Path, description = "The review", example = "r-3f9a1c04be77")),
    request_body(content = ClaimRequest, example = json!({"start": 0, "end": 42})),
    responses((status = 201, description = "The claim", body = ReviewClaim))
)]
pub(in super::super) async fn add(
    State(service): State<Service>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, ClaimRequest { start, end, claim, context }) = read(&service, request).await?;
    let span = NewSpan { start, end, claim: claim.map(Private), context: context.map(Private) };
    let made = service.asked_by(Asking::of(&parts), move |store, _| store.add_claim(&id, &span));
    created(&service, &made.await?)
}

/// Changes a claim's span or its stand-alone form; a claim that has a verdict gives way to a new one.
#[utoipa::path(
    patch,
    path = "/v1/reviews/{id}/claims/{claim}",
    tag = "reviews",
    params(("id" = String, Path, description = "The review"), ("claim" = String, Path, description = "The claim", example = "c3")),
    request_body(content = ClaimChange, example = json!({"end": 57})),
    responses((status = 200, description = "The claim as it is now", body = ReviewClaim))
)]
pub(in super::super) async fn change(
    State(service): State<Service>,
    Path((id, name)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, ClaimChange { start, end, claim, context }) = read(&service, request).await?;
    let edit = ClaimEdit { start, end, claim: claim.map(Private), context: context.map(Private) };
    let made = service.asked_by(Asking::of(&parts), move |store, _| store.edit_claim(&id, &name, &edit));
    fresh(&service, &made.await?)
}

/// Takes a claim out; its verdicts stay.
#[utoipa::path(
    delete,
    path = "/v1/reviews/{id}/claims/{claim}",
    tag = "reviews",
    params(("id" = String, Path, description = "The review"), ("claim" = String, Path, description = "The claim", example = "c3")),
    responses((status = 200, description = "The claim, `removed`", body = ReviewClaim))
)]
pub(in super::super) async fn remove(
    State(service): State<Service>,
    Path((id, name)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let made = service.asked_by(Asking::of(&request.into_parts().0), move |store, _| store.remove_claim(&id, &name));
    fresh(&service, &made.await?)
}

/// Puts a claim back that was taken out.
#[utoipa::path(
    post,
    path = "/v1/reviews/{id}/claims/{claim}/restore",
    tag = "reviews",
    params(("id" = String, Path, description = "The review"), ("claim" = String, Path, description = "The claim", example = "c3")),
    responses((status = 200, description = "The claim", body = ReviewClaim))
)]
pub(in super::super) async fn restore(
    State(service): State<Service>,
    Path((id, name)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let made = service.asked_by(Asking::of(&request.into_parts().0), move |store, _| store.restore_claim(&id, &name));
    fresh(&service, &made.await?)
}

/// Cuts a claim into parts.
#[utoipa::path(
    post,
    path = "/v1/reviews/{id}/claims/{claim}/split",
    tag = "reviews",
    params(("id" = String, Path, description = "The review"), ("claim" = String, Path, description = "The claim", example = "c3")),
    request_body(content = CutRequest, example = json!({"at": [57]})),
    responses((status = 200, description = "The parts", body = ReviewClaimsView))
)]
pub(in super::super) async fn cut(
    State(service): State<Service>,
    Path((id, name)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, CutRequest { at }) = read(&service, request).await?;
    let made = service.asked_by(Asking::of(&parts), move |store, _| store.split_claim(&id, &name, &at));
    fresh(&service, &ReviewClaimsView { claims: made.await? })
}

/// Makes one claim of several: from the first one's start to the last one's end.
#[utoipa::path(
    post,
    path = "/v1/reviews/{id}/claims/merge",
    tag = "reviews",
    params(("id" = String, Path, description = "The review")),
    request_body(content = MergeRequest, example = json!({"claims": ["c1", "c2"]})),
    responses((status = 200, description = "The one claim", body = ReviewClaim))
)]
pub(in super::super) async fn merge(
    State(service): State<Service>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, MergeRequest { claims }) = read(&service, request).await?;
    let made = service.asked_by(Asking::of(&parts), move |store, _| store.merge_claims(&id, &claims));
    fresh(&service, &made.await?)
}
