//! Reviews as a whole: made, listed, shown as far as the one who asks may see them, erased.

use axum::extract::{Path, Request, State};
use axum::response::Response;

use super::asking::Asking;
use super::{created, fresh, read};
use crate::claim::Statement;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Parameters;
use crate::http::{Service, claims, reply};
use crate::review::record::{ClaimOrigin, Origin, Private, Review};
use crate::review::store::{Error, NewClaim, NewReview, Page, State as Stage};
use crate::review::taxonomy::Taxonomy;
use crate::view::review::{DraftView, ErasedView, ReviewRequest, ReviewView, ReviewsView, SummaryView};

/// Reviews of one page of a list, unless fewer are asked for.
const PAGE: usize = 50;
/// Most reviews of one page of a list.
const LARGEST_PAGE: usize = 200;

/// What a reviewer can say, and what it means.
///
/// The verdicts, the error codes, severities, harms, the rubric of the whole answer, and the guide: versioned files that a
/// team can word as it works.
#[utoipa::path(get, path = "/v1/taxonomy", tag = "reviews", responses((status = 200, description = "The taxonomy", body = Taxonomy)))]
pub(in super::super) async fn taxonomy(State(service): State<Service>) -> Result<Response, Problem> {
    reply::json(reply::json_bytes(&*service.desk()?.taxonomy)?, &service.answers)
}

/// The reviews, newest first.
#[utoipa::path(
    get,
    path = "/v1/reviews",
    tag = "reviews",
    params(
        ("limit" = Option<usize>, Query, minimum = 1, maximum = 200, description = "How many; 50 where not given"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("state" = Option<String>, Query, description = "`open`, `done` or `erased`", example = "open"),
    ),
    responses((status = 200, description = "The reviews", body = ReviewsView))
)]
pub(in super::super) async fn list(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let page = page(&Parameters::read(request.uri(), &["limit", "after", "state"])?)?;
    let asking = Asking::of(&request.into_parts().0);
    let found = service.desk()?.run(move |store, _| Ok(store.reviews(&page, asking.id(store)?.as_deref())?));
    let (reviews, next) = found.await?;
    fresh(&service, &ReviewsView { reviews: reviews.into_iter().map(SummaryView::of).collect(), next })
}

fn page(parameters: &Parameters) -> Result<Page, Problem> {
    let limit = match parameters.one("limit")? {
        None => PAGE,
        Some(text) => {
            let limit = text.parse().ok().filter(|limit| (1..=LARGEST_PAGE).contains(limit));
            limit.ok_or_else(|| Problem::field("/limit", format!("is not valid: expected 1 to {LARGEST_PAGE}")))?
        }
    };
    let state = match parameters.one("state")? {
        None => None,
        Some("open") => Some(Stage::Open),
        Some("done") => Some(Stage::Done),
        Some("erased") => Some(Stage::Erased),
        Some(_) => return Err(Problem::field("/state", "is not valid: expected open, done or erased")),
    };
    Ok(Page { limit, after: parameters.one("after")?.map(str::to_owned), state })
}

/// Keeps a response to judge.
///
/// Nothing that is pasted elsewhere is kept; this is. Claims are suggested as `/v1/claims/split` finds them, unless `split`
/// is false. Limits: 200,000 characters, 500 claims, a body of 4 MiB.
#[utoipa::path(
    post,
    path = "/v1/reviews",
    tag = "reviews",
    request_body(content = ReviewRequest, example = json!({"text": "Screening mammography starts at 50.", "model": "model-a"})),
    responses((status = 201, description = "The review", body = Review))
)]
pub(in super::super) async fn create(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (parts, asked): (_, ReviewRequest) = read(&service, request).await?;
    let asking = Asking::of(&parts);
    let made = service.desk()?.run(move |store, _| {
        asking.somebody(store)?;
        let origin = Origin { kind: "paste".to_owned(), name: None, id: None };
        let suggested = if asked.split.unwrap_or(true) { claims::statements(&asked.text)? } else { Vec::new() };
        let new = NewReview {
            title: asked.title.map(Private),
            prompt: asked.prompt.map(Private),
            model: asked.model,
            source: origin,
            metadata: asked.metadata,
            claims: suggested.iter().map(suggestion).collect(),
            text: Private(asked.text),
        };
        Ok(store.create(&new)?)
    });
    created(&service, &made.await?)
}

/// A statement that was found, as a claim to judge.
pub(super) fn suggestion(statement: &Statement) -> NewClaim {
    NewClaim {
        start: statement.span().start(),
        end: statement.span().end(),
        claim: Some(Private(statement.claim().to_owned())),
        context: Some(Private(statement.context().to_owned())),
        origin: ClaimOrigin::Suggested,
        checkworthy: statement.is_checkworthy(),
    }
}

/// A review as the one who asks may see it.
///
/// What others decided is left out until the one who asks has submitted; one who has no part in it sees verdicts when all who
/// were asked have submitted.
#[utoipa::path(
    get,
    path = "/v1/reviews/{id}",
    tag = "reviews",
    params(("id" = String, Path, description = "The review", example = "r-3f9a1c04be77")),
    responses((status = 200, description = "The review", body = ReviewView))
)]
pub(in super::super) async fn show(
    State(service): State<Service>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    Parameters::read(request.uri(), &[])?;
    let asking = Asking::of(&request.into_parts().0);
    let shown = service.desk()?.run(move |store, _| Ok(store.visible_to(&id, asking.id(store)?.as_deref())?));
    fresh(&service, &ReviewView::of(shown.await?))
}

/// Erases a review's texts; its hashes and verdicts stay.
#[utoipa::path(
    delete,
    path = "/v1/reviews/{id}",
    tag = "reviews",
    params(
        ("id" = String, Path, description = "The review", example = "r-3f9a1c04be77"),
        ("confirm" = String, Query, description = "The same id again"),
    ),
    responses((status = 200, description = "Its texts are gone", body = ErasedView))
)]
pub(in super::super) async fn erase(
    State(service): State<Service>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let parameters = Parameters::read(request.uri(), &["confirm"])?;
    if parameters.one("confirm")? != Some(id.as_str()) {
        return Err(Problem::field("/confirm", "is not the review's id: what is erased does not come back"));
    }
    let erased = service.asked_by(Asking::of(&request.into_parts().0), move |store, _| store.erase(&id));
    fresh(&service, &ErasedView { erased_at: erased.await?.to_string() })
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::Field { pointer, detail } => Problem::field(pointer, detail),
            Error::Missing { what, .. } => Problem::new(Kind::NotFound, format!("There is no such {what}.")),
            Error::Erased(_) => Problem::new(Kind::Conflict, "The texts of this review were erased."),
            Error::Hidden => {
                Problem::new(Kind::NotYet, "Others' verdicts are shown once you have submitted your own review.")
            }
            Error::Stale { current } => {
                let detail = "You have given another verdict on this claim meanwhile; it comes with this.";
                Problem::new(Kind::Conflict, detail).with_current(serde_json::to_value(current).unwrap_or_default())
            }
            Error::StaleDraft { current, version } => {
                let detail = "This form was saved somewhere else meanwhile; what is kept comes with this.";
                let body = current.map(DraftView::of);
                let current = serde_json::json!({"version": version, "body": body.as_ref().map(|one| &one.body), "at": body.as_ref().map(|one| &one.at)});
                Problem::new(Kind::Conflict, detail).with_current(current)
            }
            other => Problem::internal(other),
        }
    }
}
