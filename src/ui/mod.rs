//! The pages: one to check a claim, one to read a whole edition, and the files that both load.
//!
//! Pages are plain HTML filled on the server with escaped text; scripts and styles are files of our own, so the strictest
//! content policy fits. A claim never reaches this module: the page posts it to the API.

mod assets;
mod home;
mod html;
mod reader;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use crate::corpus::hex;
use crate::index::{self, Store};

/// Scripts cannot be written into the page, by nobody: not inline, not from elsewhere, not through the DOM.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
);

/// The pages as a router of their own, for the service that guards and serves them.
pub fn router(store: Arc<Store>) -> Router {
    Router::new()
        .route("/", get(home_page))
        .route("/r/{version}", get(reader_page))
        .route("/assets/{name}", get(asset))
        .with_state(store)
}

/// A page that is ready to be sent.
struct Page {
    status: StatusCode,
    html: String,
}

impl Page {
    fn ok(html: String) -> Page {
        Page { status: StatusCode::OK, html }
    }
}

async fn home_page(State(store): State<Arc<Store>>, headers: HeaderMap) -> Response {
    page(&headers, move || Ok(Page::ok(home::page(store.active().as_deref())))).await
}

async fn reader_page(State(store): State<Arc<Store>>, Path(version): Path<String>, headers: HeaderMap) -> Response {
    page(&headers, move || reader::page(&*store.active()?, &version)).await
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match assets::named(&name) {
        Some(asset) => tagged(&headers, StatusCode::OK, asset.kind, asset.bytes.into()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Makes a page off the runtime's own threads: opening a snapshot and reading a document touch the disk.
async fn page(headers: &HeaderMap, make: impl FnOnce() -> Result<Page, index::Error> + Send + 'static) -> Response {
    let made = tokio::task::spawn_blocking(make).await;
    let made = match made {
        Ok(Ok(page)) => page,
        Ok(Err(error)) => fault(&error),
        Err(panic) => fault(&panic),
    };
    let mut response = tagged(headers, made.status, "text/html; charset=utf-8", made.html.into_bytes().into());
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response
}

fn fault(error: &dyn std::fmt::Display) -> Page {
    tracing::error!(cause = %error, "a page could not be made");
    let text = "The index could not be read. The server’s log says why; the claim page says whether there is an index.";
    Page { status: StatusCode::SERVICE_UNAVAILABLE, html: html::notice("This page cannot be shown now", text) }
}

/// An answer with a strong tag over its bytes: 304 where the browser has them already.
fn tagged(request: &HeaderMap, status: StatusCode, kind: &'static str, bytes: axum::body::Bytes) -> Response {
    let digest = hex(&Sha256::digest(&bytes));
    let tag = format!("\"{}\"", digest.get(..20).unwrap_or_default());
    let given = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let known = given.flat_map(|value| value.split(',')).any(|one| one.trim().trim_start_matches("W/") == tag);
    let mut response = if known && status == StatusCode::OK {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (status, [(header::CONTENT_TYPE, HeaderValue::from_static(kind))], bytes).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
