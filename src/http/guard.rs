//! What holds for every request whatever its route: an id, a look at where it comes from, one line in the log, the
//! security headers, and problems in their one form.
//!
//! The log line has method, route template, status and time. It never has a path, a query or a body: ids are harmless,
//! but what people put into a URL by mistake is not.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;

use super::entry::{Entry, Refused, Visitor};
use super::metrics::Metrics;
use super::problem::{Kind, Problem};
use super::work;

/// Where the id of a request stands in its answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Scripts and styles of our own files only; nothing may frame us.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// Names by which this service may be called, and sites that may call it from a browser.
#[derive(Clone, Debug, Default)]
pub struct Callers {
    /// Host names, without ports; `None` for any.
    hosts: Option<Vec<String>>,
    /// Origins beside our own, as `https://host`.
    origins: Vec<String>,
}

impl Callers {
    /// For a service that listens on `address`, was told to listen on `host`, and is also known as `others`.
    ///
    /// On loopback the set of names is closed, so that a page elsewhere cannot point its own name at us and read what
    /// we answer. On other addresses it is closed where names were given.
    pub fn new(address: IpAddr, host: &str, others: &[String], origins: &[String]) -> Callers {
        let mut hosts: Vec<String> = others.iter().map(|name| name.to_ascii_lowercase()).collect();
        let closed = address.is_loopback() || !hosts.is_empty();
        hosts.extend(["127.0.0.1", "localhost", "[::1]"].map(str::to_owned));
        hosts.push(host.to_ascii_lowercase());
        hosts.push(if address.is_ipv6() { format!("[{address}]") } else { address.to_string() });
        Callers { hosts: closed.then_some(hosts), origins: origins.to_vec() }
    }

    fn check(&self, request: &Request) -> Result<(), Problem> {
        let host = host_of(request)?;
        if self.hosts.as_ref().is_some_and(|hosts| !hosts.iter().any(|own| own.eq_ignore_ascii_case(host.host()))) {
            let detail =
                "The Host header names a machine that this service is not. Use the address it was started with.";
            return Err(Problem::new(Kind::Misdirected, detail));
        }
        if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
            return Ok(());
        }
        let headers = request.headers();
        if self.same_site(headers) && self.same_origin(headers, &host) {
            return Ok(());
        }
        Err(Problem::new(
            Kind::CrossSite,
            "A page of another site sent this. Use this service's own pages, or no browser.",
        ))
    }

    /// What the browser itself says; `none` is a person at the address bar. Programs say nothing.
    fn same_site(&self, headers: &HeaderMap) -> bool {
        let said = headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes);
        matches!(said, None | Some(b"same-origin" | b"none")) || (said.is_some() && self.listed(headers))
    }

    fn same_origin(&self, headers: &HeaderMap, host: &Authority) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else { return true };
        let text = origin.to_str().unwrap_or_default();
        let own = match text.split_once("://") {
            Some(("http", rest)) => same_authority(rest, host, 80),
            Some(("https", rest)) => same_authority(rest, host, 443),
            _ => false,
        };
        own || self.listed(headers)
    }

    fn listed(&self, headers: &HeaderMap) -> bool {
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        origin.is_some_and(|origin| self.origins.iter().any(|own| own.eq_ignore_ascii_case(origin)))
    }
}

fn same_authority(text: &str, host: &Authority, default_port: u16) -> bool {
    let Ok(origin) = text.parse::<Authority>() else { return false };
    let port = |authority: &Authority| authority.port_u16().unwrap_or(default_port);
    !text.contains('@') && origin.host().eq_ignore_ascii_case(host.host()) && port(&origin) == port(host)
}

/// The one host that a request names.
fn host_of(request: &Request) -> Result<Authority, Problem> {
    let bad = |detail: &str| Problem::new(Kind::BadRequest, detail);
    let mut named = request.headers().get_all(header::HOST).iter();
    let host = named.next().ok_or_else(|| bad("The Host header is missing."))?;
    if named.next().is_some() {
        return Err(bad("There is more than one Host header."));
    }
    let host = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
    let host = host.filter(|host| !host.as_str().contains('@')).ok_or_else(|| bad("The Host header names no host."))?;
    match request.uri().authority() {
        Some(target) if !target.as_str().eq_ignore_ascii_case(host.as_str()) => {
            Err(bad("The request line and the Host header name different hosts."))
        }
        _ => Ok(host),
    }
}

/// Gives each request an id that no other request of this or an earlier run had.
#[derive(Debug)]
pub(super) struct RequestIds {
    run: u32,
    next: AtomicU32,
}

impl Default for RequestIds {
    fn default() -> RequestIds {
        // Random by way of the standard library's hash keys: an id needs to differ, not to be secret.
        let [_, _, _, _, run @ ..] = RandomState::new().hash_one("run").to_be_bytes();
        RequestIds { run: u32::from_be_bytes(run), next: AtomicU32::new(0) }
    }
}

impl RequestIds {
    fn next(&self) -> String {
        format!("{:08x}-{:08x}", self.run, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// What the guard needs.
#[derive(Debug)]
pub(super) struct Guard {
    pub(super) callers: Callers,
    pub(super) metrics: Arc<Metrics>,
    pub(super) ids: RequestIds,
    pub(super) entry: Entry,
}

/// Wraps every route.
pub(super) async fn guard(State(guard): State<Arc<Guard>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let _in_flight = guard.metrics.begin();
    let id = guard.ids.next();
    let method = method_name(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let admitted = match guard.callers.check(&request) {
        Ok(()) => guard.entry.admit(&mut request),
        Err(problem) => {
            Err(Refused { response: Box::new(axum::response::IntoResponse::into_response(problem)), taken: None })
        }
    };
    let (mut response, taken) = match admitted {
        Ok(Visitor { caller, taken }) => (work::on_behalf_of(caller, next.run(request)).await, taken),
        Err(Refused { response, taken }) => (*response, taken),
    };
    let problem = response.extensions_mut().remove::<Problem>();
    if let Some(problem) = &problem {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = problem.render(&id);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    protect(method, &id, response.headers_mut());
    if let Some(taken) = taken {
        taken.tell(response.headers_mut());
    }
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let status = response.status().as_u16();
    guard.metrics.count(method, route, status, started.elapsed());
    log(method, route, status, started, &id, problem.as_ref());
    response
}

fn log(method: &str, route: &str, status: u16, started: Instant, id: &str, problem: Option<&Problem>) {
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let kind = problem.map(|problem| problem.kind().name());
    let cause = problem.and_then(Problem::cause);
    if status == 500 {
        tracing::error!(method, route, status, ms, id, problem = kind, cause, "request failed");
    } else {
        tracing::info!(method, route, status, ms, id, problem = kind, cause, "request answered");
    }
}

/// The headers that every answer has; a route's own choice of caching stays.
fn protect(method: &str, id: &str, headers: &mut HeaderMap) {
    let mut default = |name: HeaderName, value: HeaderValue| {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    };
    default(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    default(header::CACHE_CONTROL, HeaderValue::from_static(if method == "GET" { "no-cache" } else { "no-store" }));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

/// The method for logs and labels; made-up ones are one.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn answer(callers: &Callers, headers: &[(&str, &str)]) -> Option<Kind> {
        let mut request = Request::post("/v1/evidence");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        callers.check(&request.body(Body::empty()).expect("a request")).err().map(|problem| problem.kind())
    }

    #[test]
    fn on_loopback_only_loopback_names_are_answered() {
        let callers = Callers::new(IpAddr::from([127, 0, 0, 1]), "127.0.0.1", &[], &[]);
        for host in ["127.0.0.1", "127.0.0.1:8787", "localhost:1", "LOCALHOST", "[::1]:8787"] {
            assert_eq!(answer(&callers, &[("host", host)]), None, "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example", "localhost.", "127.0.0.2"] {
            assert_eq!(answer(&callers, &[("host", host)]), Some(Kind::Misdirected), "{host}");
        }
        for hosts in [&[][..], &[("host", "")], &[("host", "a@localhost")], &[("host", "localhost"), ("host", "x")]] {
            assert_eq!(answer(&callers, hosts), Some(Kind::BadRequest), "{hosts:?}");
        }
    }

    #[test]
    fn pages_of_other_sites_cannot_post() {
        let callers = Callers::new(IpAddr::from([0, 0, 0, 0]), "0.0.0.0", &[], &["https://desk.example".to_owned()]);
        let post = |headers: &[(&'static str, &'static str)]| {
            answer(&callers, &[&[("host", "guide.example")], headers].concat())
        };
        assert_eq!(post(&[]), None);
        assert_eq!(post(&[("origin", "https://guide.example")]), None);
        assert_eq!(post(&[("origin", "https://guide.example"), ("sec-fetch-site", "same-origin")]), None);
        assert_eq!(post(&[("origin", "https://desk.example"), ("sec-fetch-site", "cross-site")]), None);
        for origin in [
            "null",
            "",
            "https://evil.example",
            "https://guide.example.evil.example",
            "https://guide.example:444",
            "https://a@guide.example",
            "ftp://guide.example",
        ] {
            assert_eq!(post(&[("origin", origin)]), Some(Kind::CrossSite), "{origin}");
        }
        for site in ["cross-site", "same-site", "x"] {
            assert_eq!(post(&[("sec-fetch-site", site)]), Some(Kind::CrossSite), "{site}");
        }
    }
}
