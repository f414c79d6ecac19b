//! Who judges, when they are done, and where they differ.

use axum::extract::{Path, Request, State};
use axum::response::Response;

use super::asking::Asking;
use super::figures;
use super::{created, fresh, read};
use crate::http::Service;
use crate::http::problem::Problem;
use crate::http::query::Parameters;
use crate::review::agreement::Unit;
use crate::review::record::{Assignment, VerdictRecord};
use crate::review::store::{Adjudication, NewAssignment, SideBySide};
use crate::view::review::{AdjudicationView, AssignmentRequest};

/// Asks somebody to judge.
#[utoipa::path(
    post,
    path = "/v1/reviews/{id}/assignments",
    tag = "reviews",
    params(("id" = String, Path, description = "The review")),
    request_body(content = AssignmentRequest, example = json!({"reviewer": "r8", "task": "second"})),
    responses((status = 201, description = "Their part", body = Assignment))
)]
pub(in super::super) async fn assign(
    State(service): State<Service>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, AssignmentRequest { reviewer, task, blind }) = read(&service, request).await?;
    let made = service
        .asked_by(Asking::of(&parts), move |store, _| store.assign(&id, &NewAssignment { reviewer, task, blind }));
    created(&service, &made.await?)
}

/// Says that one is done; from then on others' verdicts are shown.
#[utoipa::path(
    post,
    path = "/v1/reviews/{id}/submit",
    tag = "reviews",
    params(("id" = String, Path, description = "The review")),
    responses((status = 200, description = "One's own part", body = Assignment))
)]
pub(in super::super) async fn submit(
    State(service): State<Service>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let done = service.asked_by(Asking::of(&request.into_parts().0), move |store, by| store.submit(&id, by));
    fresh(&service, &done.await?)
}

/// Reviews side by side, those claims first on which they differ.
#[utoipa::path(
    get,
    path = "/v1/reviews/{id}/adjudication",
    tag = "reviews",
    params(("id" = String, Path, description = "The review")),
    responses((status = 200, description = "Side by side", body = AdjudicationView))
)]
pub(in super::super) async fn show(
    State(service): State<Service>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    Parameters::read(request.uri(), &[])?;
    let asking = Asking::of(&request.into_parts().0);
    let shown = service.desk()?.run(move |store, _| {
        let found = store.adjudication(&id, asking.id(store)?.as_deref())?;
        let units = units_of(&id, &found);
        Ok(AdjudicationView::of(id, found, figures::of_units(&units)))
    });
    fresh(&service, &shown.await?)
}

/// What the reviewers said of each claim; the adjudicator is none of them.
fn units_of(id: &str, found: &Adjudication) -> Vec<Unit> {
    let unit = |side: &SideBySide| {
        let said = side.verdicts.iter().filter_map(|one| Some((one.reviewer.id.clone(), one.verdict?, one)));
        let codes = |one: &VerdictRecord| one.errors.iter().map(|mark| mark.code.clone()).collect();
        Unit {
            name: format!("{id}/{}", side.claim.id),
            at: side.verdicts.iter().map(|one| one.at).max().unwrap_or_default(),
            labels: said.clone().map(|(who, verdict, _)| (who, verdict.name().to_owned())).collect(),
            errors: said.map(|(who, _, one)| (who, codes(one))).collect(),
        }
    };
    found.claims.iter().filter(|side| !side.verdicts.is_empty()).map(unit).collect()
}
