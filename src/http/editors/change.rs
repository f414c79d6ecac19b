//! Changes of what editions' records say: replaced, withdrawn, checked, spoken about.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::asked::{Asked, LONGEST_REMARK, PARAMETERS, remark, version};
use super::tagged;
use crate::corpus::edit::{self, Plan};
use crate::corpus::{Notice, NoticeKind};
use crate::http::body::{self, LARGEST_BODY};
use crate::http::problem::Problem;
use crate::http::query::Parameters;
use crate::http::{Service, evidence};
use crate::view::editing::{ChangedView, CheckedRequest, NoticeRequest, RetireRequest, SupersedeRequest};

/// Most versions of one call.
const MOST_VERSIONS: usize = 500;

/// Who asks, and the JSON body.
async fn read<T: DeserializeOwned>(service: &Service, request: Request) -> Result<(Asked, T), Problem> {
    let (parts, given) = request.into_parts();
    let parameters = Parameters::read(&parts.uri, &PARAMETERS)?;
    body::json_only(&parts.headers)?;
    let asked = Asked::of(service, &parts, &parameters).await?;
    let received = body::read(&parts, given, LARGEST_BODY, service.settings.timeouts.body, &service.budget).await?;
    Ok((asked, evidence::object("", body::parse::<Value>(received.bytes())?)?))
}

/// Answers what was planned or made.
async fn answer(
    service: &Service,
    asked: Asked,
    plan: impl FnOnce(&crate::corpus::Corpus, &Asked) -> Result<Plan, edit::Error> + Send + 'static,
) -> Result<Response, Problem> {
    let view: ChangedView = service.edit(move |editors| asked.change(editors, |corpus| plan(corpus, &asked))).await?;
    tagged(service, StatusCode::OK, &view.tag, &view)
}

/// Says that an edition replaces another, on both sidecars where they are held.
#[utoipa::path(
    post,
    path = "/v1/corpus/supersede",
    tag = "editors",
    params(
        ("dry_run" = Option<bool>, Query, description = "Show the change and write nothing"),
        ("by" = Option<String>, Query, max_length = 200, description = "Who makes it, where the service wants no token and no profile is picked", example = "anna"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the state in which it is to be made"),
    ),
    request_body(content = SupersedeRequest, example = json!({"old": "uspstf-aaa@2014", "new": "uspstf-aaa@2019"})),
    responses((status = 200, description = "The change", body = ChangedView, headers(("ETag" = String, description = "The state of the corpus"))))
)]
pub(in super::super) async fn supersede(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (asked, SupersedeRequest { old, new, note }) = read(&service, request).await?;
    let (old, new) = (version("/old", &old)?, version("/new", &new)?);
    let note = note.map(|note| remark("/note", &note, LONGEST_REMARK)).transpose()?;
    answer(&service, asked, move |corpus, _| Plan::supersede(corpus, &old, &new, note.as_deref())).await
}

/// Says that an edition was withdrawn without a successor.
#[utoipa::path(
    post,
    path = "/v1/corpus/retire",
    tag = "editors",
    params(
        ("dry_run" = Option<bool>, Query, description = "Show the change and write nothing"),
        ("by" = Option<String>, Query, max_length = 200, description = "Who makes it, where the service wants no token and no profile is picked", example = "anna"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the state in which it is to be made"),
    ),
    request_body(content = RetireRequest, example = json!({"version": "uspstf-aaa@2014", "reason": "withdrawn by the publisher"})),
    responses((status = 200, description = "The change", body = ChangedView, headers(("ETag" = String, description = "The state of the corpus"))))
)]
pub(in super::super) async fn retire(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (asked, RetireRequest { version: id, reason }) = read(&service, request).await?;
    let id = version("/version", &id)?;
    let reason = reason.map(|reason| remark("/reason", &reason, LONGEST_REMARK)).transpose()?;
    answer(&service, asked, move |corpus, _| Plan::retire(corpus, &id, reason.as_deref())).await
}

/// Says that editions were compared with their publishers' pages today (UTC): all of them or none.
#[utoipa::path(
    post,
    path = "/v1/corpus/checked",
    tag = "editors",
    params(
        ("dry_run" = Option<bool>, Query, description = "Show the change and write nothing"),
        ("by" = Option<String>, Query, max_length = 200, description = "Who makes it, where the service wants no token and no profile is picked", example = "anna"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the state in which it is to be made"),
    ),
    request_body(content = CheckedRequest, example = json!({"versions": ["uspstf-aaa@2019"]})),
    responses((status = 200, description = "The change", body = ChangedView, headers(("ETag" = String, description = "The state of the corpus"))))
)]
pub(in super::super) async fn checked(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (asked, CheckedRequest { versions }) = read(&service, request).await?;
    if versions.is_empty() || versions.len() > MOST_VERSIONS {
        return Err(Problem::field("/versions", format!("is not valid: expected 1 to {MOST_VERSIONS} versions")));
    }
    let ids = versions.iter().enumerate().map(|(at, id)| version(&format!("/versions/{at}"), id));
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    answer(&service, asked, move |corpus, asked| {
        Plan::checked(corpus, &ids, asked.actor.at.to_zoned(jiff::tz::TimeZone::UTC).date())
    })
    .await
}

/// Says what a publisher, or an authority above it, says about an edition.
#[utoipa::path(
    post,
    path = "/v1/corpus/notices",
    tag = "editors",
    params(
        ("dry_run" = Option<bool>, Query, description = "Show the change and write nothing"),
        ("by" = Option<String>, Query, max_length = 200, description = "Who makes it, where the service wants no token and no profile is picked", example = "anna"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the state in which it is to be made"),
    ),
    request_body(content = NoticeRequest, example = json!({"version": "uspstf-aaa@2019", "kind": "update_in_progress", "since": "2026-01-31"})),
    responses((status = 200, description = "The change", body = ChangedView, headers(("ETag" = String, description = "The state of the corpus"))))
)]
pub(in super::super) async fn notice(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (asked, NoticeRequest { version: id, kind, since, until, source }) = read(&service, request).await?;
    let id = version("/version", &id)?;
    let kinds = [NoticeKind::UpdateInProgress, NoticeKind::Living, NoticeKind::Draft, NoticeKind::LegallyContested];
    let kind = kinds.into_iter().find(|one| edit::notice_kind(*one) == kind).ok_or_else(|| {
        let known = kinds.map(edit::notice_kind).join(", ");
        Problem::field("/kind", format!("is not valid: expected one of {known}"))
    })?;
    let day = |pointer: &str, text: Option<String>| {
        let wrong = |_| Problem::field(pointer, "is not valid: expected a day such as 2026-01-31");
        text.map(|text| text.parse::<jiff::civil::Date>().map_err(wrong)).transpose()
    };
    let (since, until) = (day("/since", since)?, day("/until", until)?);
    let source = source.map(|source| remark("/source", &source, LONGEST_REMARK)).transpose()?;
    answer(&service, asked, move |corpus, _| Plan::notice(corpus, &id, &Notice { kind, since, until, source })).await
}
