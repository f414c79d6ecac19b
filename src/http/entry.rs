//! The door: who is asking, whether they may, and whether they ask too often.
//!
//! A request brings a token (`Authorization: Bearer`) or, from a browser, the cookie of a session that began with one.
//! Where no token is wanted everybody may do everything, and callers are told apart by their addresses. What a caller
//! may do is decided by path and method, here alone; handlers find an [`Identity`] among the request's extensions.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;

use super::limits::{Caller, Limits, Taken};
use super::problem::{Kind, Problem};
use super::session;
use crate::access::{Access, Identity, Scope};

/// The address that a connection comes from; the listener adds it to each request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// The door.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) access: Arc<Access>,
    pub(super) limits: Limits,
}

/// Someone who was let in.
pub(super) struct Visitor {
    pub(super) caller: Caller,
    pub(super) taken: Option<Taken>,
}

/// Why someone was not.
pub(super) struct Refused {
    /// Boxed, for it is large and seldom there.
    pub(super) response: Box<Response>,
    pub(super) taken: Option<Taken>,
}

impl Entry {
    /// Looks at a request; where its caller is known, adds who it is.
    pub(super) fn admit(&self, request: &mut Request) -> Result<Visitor, Refused> {
        let path = request.uri().path().to_owned();
        let presented = presented(request.headers());
        let known = match self.known(&presented) {
            Ok(known) => known,
            Err(problem) => return Err(Refused { response: Box::new(problem.into_response()), taken: None }),
        };
        let peer = request.extensions().get::<Peer>().map_or(Caller::Nobody, |Peer(address)| Caller::at(*address));
        let caller = known.as_ref().map_or(peer, |identity| Caller::Token(identity.token.as_str().into()));
        let taken = if is_probe(&path) { None } else { self.limits.take(&caller, Instant::now()) };
        let refused = |problem: Problem| Refused { response: Box::new(problem.into_response()), taken };
        if let Some(wait) = taken.map(|taken| taken.retry).filter(|wait| *wait > 0) {
            let detail = format!("More requests than the quota of this caller allows. Try again in {wait} s.");
            return Err(refused(Problem::new(Kind::TooMany, detail).retry_after(wait)));
        }
        match self.may(request, known.as_ref(), &presented, &path) {
            Ok(()) => {}
            Err(_) if wants_page(request, &path) && known.is_none() => {
                let response = Redirect::to(&session::page_address(request.uri())).into_response();
                return Err(Refused { response: Box::new(response), taken });
            }
            Err(problem) => return Err(refused(problem)),
        }
        if let Some(identity) = known {
            request.extensions_mut().insert(identity);
        }
        request.extensions_mut().insert(caller.clone());
        Ok(Visitor { caller, taken })
    }

    /// Whose token or session a request brings.
    fn known(&self, presented: &Presented) -> Result<Option<Identity>, Problem> {
        let now = Timestamp::now();
        let found = match presented {
            Presented::Token(token) => self.access.identify(token, now),
            Presented::Session(secret) => self.access.of_session(secret, now),
            Presented::Nothing | Presented::Other => Ok(None),
        };
        found.map_err(Problem::internal)
    }

    fn may(
        &self,
        request: &Request,
        known: Option<&Identity>,
        presented: &Presented,
        path: &str,
    ) -> Result<(), Problem> {
        let Some(scope) = scope_of(request.method(), path) else { return Ok(()) };
        match known {
            Some(identity) if identity.scopes.allow(scope) => Ok(()),
            Some(_) => Err(forbidden(scope)),
            None if self.access.wanted().map_err(Problem::internal)? => Err(nobody(presented)),
            None => Ok(()),
        }
    }
}

/// What a request brings to show who it is from.
enum Presented {
    Nothing,
    Token(String),
    Session(String),
    /// An `Authorization` of another kind.
    Other,
}

/// A token goes before a cookie: a program that sends one means it.
fn presented(headers: &HeaderMap) -> Presented {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
        });
        return token.map_or(Presented::Other, Presented::Token);
    }
    session::secret(headers).map_or(Presented::Nothing, Presented::Session)
}

fn nobody(presented: &Presented) -> Problem {
    let detail = match presented {
        Presented::Nothing => {
            "This service wants a token: send it as `Authorization: Bearer gl_…`. Browsers sign in at `/signin`, programs that \
             keep cookies with `POST /v1/session` and `{\"token\":\"gl_…\"}`. `groundline token create` makes one."
        }
        Presented::Session(_) => {
            "The session is over. Sign in again with a token, at `/signin` or with `POST /v1/session`."
        }
        Presented::Token(_) => "The token is unknown, expired or revoked.",
        Presented::Other => "The Authorization header is not of the form `Bearer gl_…`.",
    };
    let challenge = match presented {
        Presented::Token(_) => "Bearer realm=\"groundline\", error=\"invalid_token\"",
        _ => "Bearer realm=\"groundline\"",
    };
    Problem::new(Kind::SignIn, detail).with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
}

fn forbidden(scope: Scope) -> Problem {
    let challenge = format!("Bearer realm=\"groundline\", error=\"insufficient_scope\", scope=\"{scope}\"");
    let problem = Problem::new(Kind::Scope, format!("This needs a token with the scope `{scope}`."));
    match HeaderValue::from_str(&challenge) {
        Ok(value) => problem.with_header(header::WWW_AUTHENTICATE, value),
        Err(_) => problem,
    }
}

/// What a call needs; `None` where everybody may make it: probes, signing in, and the files that pages are drawn with.
fn scope_of(method: &Method, path: &str) -> Option<Scope> {
    let below = |place: &str| path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let looks = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if is_probe(path) || below("/v1/session") || path == session::PAGE || below("/assets") {
        return None;
    }
    // What people pasted, and what they thought of it: looking at it needs as much as writing it.
    let reviews = ["/v1/reviews", "/v1/reviewers", "/v1/agreement", "/v1/impact", "/v1/feedback"];
    let pages = ["/desk", "/adjudicate", "/export"];
    if reviews.into_iter().chain(pages).any(below) {
        return Some(Scope::Review);
    }
    if below("/v1/jobs") || ((below("/v1/corpus") || below("/v1/snapshots")) && !looks) {
        return Some(Scope::Edit);
    }
    Some(Scope::Read)
}

fn is_probe(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz")
}

/// A person at the address bar, who is better shown where to sign in than a problem object.
fn wants_page(request: &Request, path: &str) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let navigates = request.headers().get(HeaderName::from_static("sec-fetch-mode"));
    request.method() == Method::GET
        && !path.starts_with("/v1/")
        && accepts.contains("text/html")
        && navigates.is_none_or(|mode| mode == "navigate")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Lifetime, Scopes, Tokens};
    use axum::body::Body;

    fn door(folder: &std::path::Path, always: bool) -> Entry {
        Entry { access: Arc::new(Access::by(Tokens::of(folder), always)), limits: Limits::a_minute(0) }
    }

    fn status(entry: &Entry, method: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).expect("a request");
        entry.admit(&mut request).map_or_else(|refused| refused.response.status().as_u16(), |_| 200)
    }

    #[test]
    fn each_scope_opens_its_calls_and_no_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let entry = door(folder.path(), true);
        let bearer = |scope| {
            let made =
                Tokens::of(folder.path()).create(Scopes::of([scope]), None, Lifetime::Hours(1), Timestamp::now());
            format!("Bearer {}", made.expect("made").0.shown())
        };
        let [read, review, edit, admin] = Scope::ALL.map(bearer);
        for (method, path, allowed) in [
            ("POST", "/v1/evidence", [true, true, true, true]),
            ("POST", "/mcp", [true, true, true, true]),
            ("GET", "/metrics", [true, true, true, true]),
            ("GET", "/v1/reviews", [false, true, false, true]),
            ("GET", "/v1/reviews/x/export", [false, true, false, true]),
            ("GET", "/v1/agreement", [false, true, false, true]),
            ("GET", "/desk/x", [false, true, false, true]),
            ("POST", "/v1/corpus/documents", [false, false, true, true]),
            ("GET", "/v1/corpus/documents", [true, true, true, true]),
            ("GET", "/v1/documents/a@1/original", [true, true, true, true]),
            ("POST", "/v1/corpus/builds", [false, false, true, true]),
            ("POST", "/v1/snapshots/x/activate", [false, false, true, true]),
            ("GET", "/v1/snapshots", [true, true, true, true]),
            ("GET", "/v1/jobs/7", [false, false, true, true]),
            ("GET", "/v1/reviewsx", [true, true, true, true]),
        ] {
            for (token, allowed) in [&read, &review, &edit, &admin].into_iter().zip(allowed) {
                let expected = if allowed { 200 } else { 403 };
                assert_eq!(status(&entry, method, path, &[("authorization", token)]), expected, "{method} {path}");
            }
            assert_eq!(status(&entry, method, path, &[]), 401, "{path}");
            for wrong in ["Bearer gl_no", "Bearer", "Basic eA==", "", "gl_x", "Bearer \u{e4}"] {
                assert_eq!(status(&entry, method, path, &[("authorization", wrong)]), 401, "{wrong}");
            }
            assert_eq!(status(&entry, method, path, &[("cookie", "groundline_session=no")]), 401, "{path}");
        }
        for path in ["/healthz", "/readyz", "/v1/session", "/signin", "/assets/base.css"] {
            assert_eq!(status(&entry, "GET", path, &[]), 200, "{path}");
        }
        assert_eq!(status(&entry, "GET", "/", &[("accept", "text/html")]), 303, "a person is shown where to sign in");
        assert_eq!(status(&entry, "GET", "/", &[("accept", "text/html"), ("sec-fetch-mode", "cors")]), 401);
        assert_eq!(status(&entry, "GET", "/v1/documents", &[("accept", "text/html")]), 401);
    }

    #[test]
    fn without_tokens_the_door_is_open_and_addresses_are_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let entry = Entry { limits: Limits::a_minute(1), ..door(folder.path(), false) };
        let ask = |path: &str, last: u8| {
            let mut request = Request::post(path).body(Body::empty()).expect("a request");
            request.extensions_mut().insert(Peer(IpAddr::from([192, 0, 2, last])));
            entry.admit(&mut request).map_or_else(|refused| refused.response.status().as_u16(), |_| 200)
        };
        assert_eq!([ask("/v1/evidence", 1), ask("/v1/evidence", 1), ask("/v1/evidence", 2)], [200, 429, 200]);
        assert_eq!(ask("/healthz", 1), 200, "probes are not counted");
    }
}
