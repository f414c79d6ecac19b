//! `GET /v1/documents/{id}/original`: the PDF that was indexed, for the browser's own viewer.
//!
//! What is sent has the SHA-256 that the snapshot holds for the version, so the page that is shown is the page that was
//! quoted, never another edition's. Parts of a file are not sent: each would have to be compared as a part of the whole.

use std::path::PathBuf;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::body::Budget;
use super::documents::{day, find};
use super::editors::LARGEST_DOCUMENT;
use super::problem::{Kind, Problem};
use super::query::Parameters;
use super::{Service, reply};
use crate::corpus::{Lost, VersionId, content};
use crate::index::{Entry, NoOriginal};

/// The viewer of the browser and nothing else: the file can load nothing, send nothing and be framed by nobody.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; object-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The original: the PDF of which the version was read, as its publisher set it.
///
/// A version has one where its licence lets its whole text be shown and the file is a PDF; `original_url` of the document
/// and of its passages says so. The bytes are those that were indexed: a file that was changed or taken away since is not
/// found (404, with the reason). `#page=` in the address opens it at a page. Sent whole, at most 64 MiB; the `ETag` is the
/// file's SHA-256.
#[utoipa::path(
    get,
    path = "/v1/documents/{id}/original",
    tag = "corpus",
    params(
        ("id" = String, Path, description = "A version, or a document, for the edition in force on the day", example = "uspstf-breast-screening@2024"),
        ("as_of" = Option<String>, Query, format = Date, description = "The day on which editions are judged", example = "2026-01-15"),
    ),
    responses((
        status = 200,
        description = "The file",
        body = Vec<u8>,
        content_type = "application/pdf",
        headers(("ETag" = String, description = "SHA-256 of the file"))
    ))
)]
pub(super) async fn show(
    State(service): State<Service>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let day = day(&Parameters::read(request.uri(), &["as_of"])?)?;
    let id = id.map(|Path(id)| id).unwrap_or_default();
    let place = service.gate.admit()?;
    let snapshot = service.snapshot().await?;
    let headers = request.headers().clone();
    // Not among the searches: a slow disk would hold a core.
    let answered = tokio::task::spawn_blocking(move || {
        let _place = place;
        let entry = find(&snapshot, &id, day)?;
        let folders = service.editors.as_ref().map_or_else(Default::default, |editors| editors.folders());
        file_of(entry, folders, &headers, &service.answers)
    });
    answered.await.map_err(Problem::internal)?
}

fn file_of(entry: &Entry, folders: &[PathBuf], asked: &HeaderMap, room: &Budget) -> Result<Response, Problem> {
    let original = entry.original().map_err(withheld)?;
    // Room for the largest is taken before anything is read; what the file does not need of it is given back.
    let share = room.take(LARGEST_DOCUMENT)?;
    let bytes = content(folders, original.file, original.sha256, LARGEST_DOCUMENT as u64).map_err(lost)?;
    let tag = format!("\"{}\"", original.sha256);
    let mut response = if reply::has(asked, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/pdf")], reply::held(bytes, share)).into_response()
    };
    let value = |text: &str| HeaderValue::from_str(text).map_err(Problem::internal);
    let headers = response.headers_mut();
    headers.insert(header::ETAG, value(&tag)?);
    headers.insert(header::CONTENT_DISPOSITION, value(&shown_as(&entry.facts.id))?);
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    Ok(response)
}

/// Shown, and saved under the version's own name: letters, digits, dots, hyphens and underscores.
fn shown_as(id: &VersionId) -> String {
    format!("inline; filename=\"{}-{}.pdf\"", id.document(), id.version())
}

fn withheld(why: NoOriginal) -> Problem {
    let detail = match why {
        NoOriginal::Licence => {
            "The licence of this version keeps its text out of what is shown whole. Its `url` is the publisher's page."
        }
        NoOriginal::NotRead => "No file of this version was indexed, so there is none to show.",
        NoOriginal::NotPdf => "This version was not read of a PDF. Its text is shown by the reader, /r/{id}.",
    };
    Problem::new(Kind::NotFound, detail)
}

fn lost(why: Lost) -> Problem {
    let detail = match why {
        Lost::NoFolder => {
            "The corpus that the index was built from is not on this machine, so there is no file to show."
        }
        Lost::Missing => "The file that was indexed is not in the corpus folders of this service any more.",
        Lost::Outside => "The file is a link that leads out of the corpus folder, and such links are not followed.",
        Lost::Unreadable(_) => "The file that was indexed cannot be read. The server's log says why.",
        Lost::TooLarge => "The file in the corpus is larger than 64 MiB, and so not the one that was indexed.",
        Lost::Changed => {
            "The file in the corpus is not the one that was indexed: it has been changed or replaced since. After the next \
             `groundline index build` it can be shown again."
        }
    };
    Problem::new(Kind::NotFound, detail).because(why)
}
