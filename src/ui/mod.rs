//! The pages: the inbox, the desk and what stands around it, one to check a claim, one to read a whole edition, and the
//! files that all of them load.
//!
//! Pages are plain HTML; what is not the same for everybody is filled on the server with escaped text, or asked of the API
//! by the page. Scripts and styles are files of our own, so the strictest content policy fits. No claim and no response ever
//! reaches this module.

mod assets;
mod desk;
mod home;
mod html;
mod reader;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::corpus::hex;
use crate::index::{self, Store};

/// Scripts cannot be written into the page, by nobody: not inline, not from elsewhere, not through the DOM.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
);

/// Editions whose pages are made at once: each may take a core and several times its text in memory.
const AT_ONCE: usize = 8;

/// What the pages share.
#[derive(Clone)]
struct Pages {
    store: Arc<Store>,
    places: Arc<Semaphore>,
}

/// The pages as a router of their own, for the service that guards and serves them.
pub fn router(store: Arc<Store>) -> Router {
    Router::new()
        .route("/", get(async |headers: HeaderMap| sent(&headers, Page::still(desk::INBOX))))
        .route("/desk/{review}", get(async |headers: HeaderMap| sent(&headers, Page::still(desk::DESK))))
        .route("/adjudicate/{review}", get(async |headers: HeaderMap| sent(&headers, Page::still(desk::ADJUDICATE))))
        .route("/export/{review}", get(async |headers: HeaderMap| sent(&headers, Page::still(desk::EXPORT))))
        .route("/help", get(async |headers: HeaderMap| sent(&headers, Page::still(desk::HELP))))
        .route("/claim", get(home_page))
        .route("/r/{version}", get(reader_page))
        .route("/assets/{name}", get(asset))
        // What browsers ask for where a page names no icon, as the report does.
        .route("/favicon.ico", get(|headers| asset(Ok(Path("icon.svg".to_owned())), headers)))
        .with_state(Pages { store, places: Arc::new(Semaphore::new(AT_ONCE)) })
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

    /// A page that is the same for everybody.
    fn still(html: &'static str) -> Page {
        Page { status: StatusCode::OK, html: html::fill(html, &[]) }
    }
}

async fn home_page(State(pages): State<Pages>, headers: HeaderMap) -> Response {
    page(&headers, move || Ok(Page::ok(home::page(pages.store.active().as_deref())))).await
}

async fn reader_page(
    State(pages): State<Pages>,
    version: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    // An address that is no text names no edition either.
    let Ok(Path(version)) = version else { return sent(&headers, reader::unknown()) };
    let Ok(place) = Arc::clone(&pages.places).try_acquire_owned() else {
        let text = "Too many editions are being opened at once. Reload this page in a moment.";
        let html = html::notice("This page cannot be shown now", text);
        let mut response = sent(&headers, Page { status: StatusCode::SERVICE_UNAVAILABLE, html });
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        return response;
    };
    page(&headers, move || {
        // Held until the page is made, even where the browser has gone away in the meantime.
        let _place = place;
        reader::page(&*pages.store.active()?, &version)
    })
    .await
}

async fn asset(name: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Response {
    match name.ok().and_then(|Path(name)| assets::named(&name)) {
        Some(asset) => tagged(&headers, StatusCode::OK, asset.kind, asset.bytes.into()),
        None => (StatusCode::NOT_FOUND, "No file of the pages has this name.\n").into_response(),
    }
}

/// Makes a page off the runtime's own threads: opening a snapshot and reading a document touch the disk.
async fn page(headers: &HeaderMap, make: impl FnOnce() -> Result<Page, index::Error> + Send + 'static) -> Response {
    let made = tokio::task::spawn_blocking(make).await;
    let made = match made {
        Ok(Ok(page)) => page,
        Ok(Err(error)) => fault(&error),
        // What a panic says may quote a document; where it happened is in the panic hook's line.
        Err(_) => fault(&"making it panicked"),
    };
    sent(headers, made)
}

fn sent(headers: &HeaderMap, made: Page) -> Response {
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt;
    use hyper::service::Service;
    use hyper_util::service::TowerToHyperService;

    async fn text(response: Response) -> String {
        let bytes = response.into_body().collect().await.expect("a body").to_bytes();
        String::from_utf8(bytes.to_vec()).expect("UTF-8")
    }

    fn store() -> Arc<Store> {
        Arc::new(Store::new("/nonexistent/index"))
    }

    #[tokio::test]
    async fn more_pages_than_places_are_told_when_to_come_back() {
        let pages = Pages { store: store(), places: Arc::new(Semaphore::new(0)) };
        let response = reader_page(State(pages), Ok(Path("a@1".to_owned())), HeaderMap::new()).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers().get(header::RETRY_AFTER), Some(&HeaderValue::from_static("1")));
        assert_eq!(response.headers().get(header::CONTENT_SECURITY_POLICY), Some(&POLICY));
        assert!(text(response).await.contains("Reload this page in a moment."));
    }

    #[tokio::test]
    async fn addresses_that_are_no_text_are_not_found() {
        let service = TowerToHyperService::new(router(store()));
        for (path, words) in [
            ("/r/%ff", "No such edition here"),
            ("/assets/%ff", "No file of the pages has this name."),
            ("/assets/nothing.js", "No file of the pages has this name."),
        ] {
            let request = Request::get(path).body(Body::empty()).expect("a request");
            let response = service.call(request).await.expect("an answer");
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert!(text(response).await.contains(words), "{path}");
        }
    }
}
