//! `/v1/reviews…`: responses, their claims and what people decide of them (contract, section 6).
//!
//! Reading order: [`asking`] (who), [`reviewers`], [`whole`] (reviews as a whole), [`claims`], [`verdicts`], [`adjudication`],
//! [`files`] (import and export), [`figures`] (agreement, impact). What may be kept and what may be seen is decided by
//! [`crate::review`]; here it is read from bodies and given its outside shape. The database is touched on threads of its
//! own, a few at a time.

pub(super) mod adjudication;
pub(super) mod asking;
pub(super) mod claims;
pub(super) mod figures;
pub(super) mod files;
pub(super) mod reviewers;
pub(super) mod verdicts;
pub(super) mod whole;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post, put};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::Semaphore;

use super::body::{self, LARGEST_BATCH};
use super::problem::{Kind, Problem};
use super::{Service, evidence, reply};
use crate::review::store::{Error, Store};
use crate::review::taxonomy::Taxonomy;
use asking::Asking;

/// Calls that use the database at once; SQLite has one writer, and readers are quick.
const AT_ONCE: usize = 8;

/// The reviews of this service.
#[derive(Clone, Debug)]
pub struct Desk {
    store: Store,
    taxonomy: Arc<Taxonomy>,
    places: Arc<Semaphore>,
}

impl Desk {
    /// A desk over a store.
    pub fn new(store: Store) -> Desk {
        Desk { taxonomy: Arc::clone(store.taxonomy()), store, places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Runs `work` off the runtime's threads.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store, &Taxonomy) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(Problem::internal)?;
        let desk = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work(&desk.store, &desk.taxonomy)
        });
        done.await.map_err(Problem::internal)?
    }
}

impl Service {
    /// The reviews, where this service keeps any.
    pub(super) fn desk(&self) -> Result<&Desk, Problem> {
        let none = || Problem::new(Kind::NotFound, "This service keeps no reviews.");
        self.desk.as_ref().ok_or_else(none)
    }

    /// Does in the store what somebody asked for; where nobody in particular asks, it is refused.
    async fn asked_by<T: Send + 'static>(
        &self,
        asking: Asking,
        work: impl FnOnce(&Store, &str) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        self.desk()?.run(move |store, _| Ok(work(store, &asking.somebody(store)?)?)).await
    }
}

/// The routes of this group.
pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/v1/reviewers", get(reviewers::reviewers).post(reviewers::add_reviewer))
        .route("/v1/taxonomy", get(whole::taxonomy))
        .route("/v1/reviews", get(whole::list).post(whole::create))
        .route("/v1/reviews/import", post(files::import))
        .route("/v1/reviews/{id}", get(whole::show).delete(whole::erase))
        .route("/v1/reviews/{id}/claims", post(claims::add))
        .route("/v1/reviews/{id}/claims/merge", post(claims::merge))
        .route("/v1/reviews/{id}/claims/{claim}", axum::routing::patch(claims::change).delete(claims::remove))
        .route("/v1/reviews/{id}/claims/{claim}/restore", post(claims::restore))
        .route("/v1/reviews/{id}/claims/{claim}/split", post(claims::cut))
        .route("/v1/reviews/{id}/claims/{claim}/draft", put(verdicts::save_draft).delete(verdicts::drop_draft))
        .route("/v1/reviews/{id}/claims/{claim}/verdicts", post(verdicts::decide))
        .route("/v1/reviews/{id}/assessments", post(verdicts::assess))
        .route("/v1/reviews/{id}/assignments", post(adjudication::assign))
        .route("/v1/reviews/{id}/submit", post(adjudication::submit))
        .route("/v1/reviews/{id}/adjudication", get(adjudication::show))
        .route("/v1/reviews/{id}/export", get(files::export))
        .route("/v1/feedback/draft", post(verdicts::draft_feedback))
        .route("/v1/agreement", get(figures::agreement))
        .route("/v1/impact", get(figures::impact))
}

/// A JSON body, with what stood around it.
async fn read<T: DeserializeOwned>(service: &Service, request: Request) -> Result<(Parts, T), Problem> {
    let (parts, body) = request.into_parts();
    body::json_only(&parts.headers)?;
    let received = body::read(&parts, body, LARGEST_BATCH, service.settings.timeouts.body, &service.budget).await?;
    let value = evidence::object("", body::parse::<Value>(received.bytes())?)?;
    Ok((parts, value))
}

/// An answer that is never kept by a browser: it holds people's texts.
fn fresh(service: &Service, answer: &impl serde::Serialize) -> Result<Response, Problem> {
    let mut response = reply::json(reply::json_bytes(answer)?, &service.answers)?;
    response.headers_mut().insert(axum::http::header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The same for something that was made.
fn created(service: &Service, answer: &impl serde::Serialize) -> Result<Response, Problem> {
    let mut response = fresh(service, answer)?;
    *response.status_mut() = axum::http::StatusCode::CREATED;
    Ok(response)
}
