//! Figures over all reviews: how far people agree, and which verdicts rest on guidance that has been replaced.

use axum::extract::{Request, State};
use axum::response::Response;

use super::fresh;
use crate::http::Service;
use crate::http::problem::Problem;
use crate::http::query::Parameters;
use crate::review;
use crate::review::agreement::{self, By, Question, Report, Unit};
use crate::review::record::Verdict;
use crate::view::impact::SnapshotInUse;
use crate::view::review::ImpactView;

/// The labels that could be given, in the order of the keys.
fn scale() -> Vec<String> {
    Verdict::ALL.iter().map(|verdict| verdict.name().to_owned()).collect()
}

/// How far they agree, label by label.
pub(super) fn of_units(units: &[Unit]) -> Report {
    agreement::report(units, &Question { by: By::Label, gold: None, scale: scale() })
}

/// How far people agree, over all reviews that they have submitted.
///
/// Percent agreement, Cohen's kappa, Krippendorff's alpha and Gwet's AC1 with bootstrap intervals and a confusion matrix;
/// what is not defined is absent, with the reason. With `gold` each reviewer is compared with that one.
#[utoipa::path(
    get,
    path = "/v1/agreement",
    tag = "reviews",
    params(
        ("by" = Option<String>, Query, description = "Parts: `all` (none), `label`, `error`, `pair` or `week`", example = "pair"),
        ("gold" = Option<String>, Query, description = "The reviewer whose verdicts are the gold set; `adjudicated` for what adjudicators decided", example = "adjudicated"),
    ),
    responses((status = 200, description = "The figures", body = Report))
)]
pub(in super::super) async fn agreement(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let parameters = Parameters::read(request.uri(), &["by", "gold"])?;
    let by = match parameters.one("by")? {
        None => By::All,
        Some(name) => name
            .parse()
            .map_err(|()| Problem::field("/by", "is not valid: expected all, label, error, pair or week"))?,
    };
    let question = Question { by, gold: parameters.one("gold")?.map(str::to_owned), scale: scale() };
    let report = service.desk()?.run(move |store, _| {
        let units = review::units(store.agreement_units()?, question.gold.as_deref());
        Ok(agreement::report(&units, &question))
    });
    fresh(&service, &report.await?)
}

/// Verdicts to look at again: an edition that they rest on was replaced or withdrawn, its words changed, or it is gone.
#[utoipa::path(get, path = "/v1/impact", tag = "reviews", responses((status = 200, description = "The verdicts", body = ImpactView)))]
pub(in super::super) async fn impact(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    Parameters::read(request.uri(), &[])?;
    let snapshot = service.snapshot().await?;
    let found =
        service.desk()?.run(move |store, _| Ok(ImpactView { verdicts: store.impact(&SnapshotInUse(&snapshot))? }));
    fresh(&service, &found.await?)
}
