//! Everybody who has a profile.

use axum::extract::{Request, State};
use axum::response::Response;

use super::{created, fresh, read};
use crate::http::Service;
use crate::http::problem::Problem;
use crate::review::store::NewReviewer;
use crate::view::review::{ReviewerRequest, ReviewerView, ReviewersView};

/// Everybody who has a profile.
#[utoipa::path(get, path = "/v1/reviewers", tag = "reviews", responses((status = 200, description = "The profiles", body = ReviewersView)))]
pub(in super::super) async fn reviewers(State(service): State<Service>) -> Result<Response, Problem> {
    let all = service.desk()?.run(|store, _| Ok(store.reviewers()?)).await?;
    fresh(&service, &ReviewersView { reviewers: all.into_iter().map(ReviewerView::of).collect() })
}

/// Makes a profile.
#[utoipa::path(
    post,
    path = "/v1/reviewers",
    tag = "reviews",
    request_body(content = ReviewerRequest, example = json!({"name": "Seventh reviewer", "role": "pharmacist"})),
    responses((status = 201, description = "The profile", body = ReviewerView))
)]
pub(in super::super) async fn add_reviewer(
    State(service): State<Service>,
    request: Request,
) -> Result<Response, Problem> {
    let (_, ReviewerRequest { id, name, role }) = read(&service, request).await?;
    let made = service.desk()?.run(move |store, _| Ok(store.add_reviewer(&NewReviewer { id, name, role })?)).await?;
    created(&service, &ReviewerView::of(made))
}
