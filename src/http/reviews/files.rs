//! Files in and out: responses of other tools become reviews, reviews become what other tools read.

use std::collections::BTreeMap;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use jiff::Timestamp;

use super::asking::Asking;
use super::fresh;
use crate::export::{Bundle, Format as Form, Program, render};
use crate::http::problem::Problem;
use crate::http::query::Parameters;
use crate::http::{Service, body, reply};
use crate::review::import::{self, Format, limits};
use crate::review::incoming::new_review;
use crate::review::record::Review;
use crate::review::store::Store;
use crate::view::hosts::Rendered;
use crate::view::review::{ImportedReview, ImportedView, RejectedView};

/// A report is a document of its own: its styles stand in it, and it can do nothing.
const REPORT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
);

/// Makes reviews of a file's responses.
///
/// The body is the file itself. Formats: plain text, Markdown, chat messages, CSV and TSV, Inspect logs (`.eval`, `.json`),
/// lm-eval samples, promptfoo results, HealthBench lines, and our own artifact; `auto` finds out. A sample that cannot be
/// read is named under `rejected`, with its place and why; the others come in. Limit: 64 MiB.
#[utoipa::path(
    post,
    path = "/v1/reviews/import",
    tag = "reviews",
    params(
        ("name" = Option<String>, Query, description = "The file's name; its ending helps to tell the format", example = "answers.csv"),
        ("format" = Option<String>, Query, description = "`auto`, `text`, `markdown`, `chat`, `csv`, `inspect`, `lm-eval`, `promptfoo`, `healthbench` or `artifact`", example = "auto"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, description = "What became of it", body = ImportedView))
)]
pub(in super::super) async fn import(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (parts, given) = request.into_parts();
    let parameters = Parameters::read(&parts.uri, &["name", "format"])?;
    let name: String = parameters.one("name")?.unwrap_or_default().chars().take(200).collect();
    let format: Format = match parameters.one("format")? {
        None => Format::Auto,
        Some(name) => name.parse().map_err(|()| {
            let known = Format::NAMES.map(|(_, name)| name).join(", ");
            Problem::field("/format", format!("is not valid: expected one of {known}"))
        })?,
    };
    let time = service.settings.timeouts.body;
    let received = body::read(&parts, given, limits::FILE_BYTES, time, &service.budget).await?;
    let asking = Asking::of(&parts);
    let kept = service.desk()?.run(move |store, _| {
        asking.somebody(store)?;
        let read = import::read(&name, received.bytes(), format);
        let read = read.map_err(|error| Problem::field("", format!("cannot be read: {error}")))?;
        let mut view =
            ImportedView { format: read.format.name().to_owned(), imported: Vec::new(), rejected: Vec::new() };
        for (at, response) in read.responses.into_iter().enumerate() {
            match store.create(&new_review(response, true)) {
                Ok(review) => view.imported.push(ImportedReview {
                    claims: review.claims.len(),
                    id: review.id,
                    title: review.title,
                }),
                Err(crate::review::store::Error::Field { detail, .. }) => {
                    view.rejected.push(RejectedView { at: format!("response {}", at + 1), reason: detail });
                }
                Err(error) => return Err(error.into()),
            }
        }
        view.rejected.extend(read.rejected.into_iter().map(|one| RejectedView { at: one.at, reason: one.reason }));
        Ok(view)
    });
    fresh(&service, &kept.await?)
}

/// A review in a form that others read.
///
/// `artifact` is everything, to be kept and replayed (`groundline review replay`); `html` the report. What is hidden from the
/// one who asks is left out, as it is from the review itself.
#[utoipa::path(
    get,
    path = "/v1/reviews/{id}/export",
    tag = "reviews",
    params(
        ("id" = String, Path, description = "The review", example = "r-3f9a1c04be77"),
        ("format" = String, Query, description = "`artifact`, `csv`, `html`, `webannotation`, `labelstudio`, `labelstudio-config`, `healthbench`, `trec-run`, `trec-qrels`, `inspect`, `prov`, `csl`, `bibtex` or `ris`", example = "artifact"),
    ),
    responses((status = 200, description = "The file, in the media type of its format", content(
        (Vec<u8> = "application/zip"),
        (String = "text/csv"),
        (String = "text/html"),
        (serde_json::Value = "application/ld+json"),
        (serde_json::Value = "application/json"),
        (String = "application/xml"),
        (String = "application/jsonl"),
        (String = "text/plain"),
        (Vec<serde_json::Value> = "application/vnd.citationstyles.csl+json"),
        (String = "application/x-bibtex"),
        (String = "application/x-research-info-systems"),
    )))
)]
pub(in super::super) async fn export(
    State(service): State<Service>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let parameters = Parameters::read(&parts.uri, &["format"])?;
    let name = parameters.one("format")?.unwrap_or("artifact");
    let form = Form::named(name).ok_or_else(|| {
        let known = Form::ALL.map(Form::name).join(", ");
        Problem::field("/format", format!("is not valid: expected one of {known}"))
    })?;
    let asking = Asking::of(&parts);
    let review = id.clone();
    let bytes = service.desk()?.run(move |store, _| {
        let seen = store.visible_to(&review, asking.id(store)?.as_deref())?;
        let bundle = bundle(store, vec![seen.review])?;
        render(&bundle, form).map_err(Problem::internal)
    });
    let mut response =
        reply::rendered(Rendered { content_type: form.content_type(), bytes: bytes.await? }, &service.answers)?;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if form == Form::Html {
        headers.insert(header::CONTENT_SECURITY_POLICY, REPORT_POLICY);
    } else {
        // The id is a review's of this service: letters, digits and a hyphen.
        let file = format!("attachment; filename=\"{id}.{}\"", form.ending());
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&file).map_err(Problem::internal)?);
    }
    Ok(response)
}

/// Reviews with the evidence that their verdicts were given on.
fn bundle(store: &Store, reviews: Vec<Review>) -> Result<Bundle, Problem> {
    let mut evidence = Vec::new();
    for review in &reviews {
        evidence.extend(store.evidence(&review.id)?);
    }
    let people = store.reviewers()?.into_iter().map(|one| (one.id, one.name));
    let bundle = Bundle {
        reviews,
        evidence,
        taxonomy: serde_json::to_value(&**store.taxonomy()).map_err(Problem::internal)?,
        made_at: Timestamp::now(),
        program: Program { version: env!("CARGO_PKG_VERSION").to_owned() },
        people: BTreeMap::new(),
    };
    Ok(bundle.named(people))
}
