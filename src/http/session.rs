//! Who is asking, and signing in from a browser: on this machine alone a profile is picked, elsewhere a token is given once.
//!
//! A picked profile is a name, not a proof: it keeps two people's verdicts apart on a machine that they share.
//!
//! `POST /v1/session` takes `{"token":"gl_…"}`, or the form of the page at `/signin`, which needs no script. The cookie is
//! `HttpOnly` and `SameSite=Strict`, and `Secure` where the browser came by https (a proxy says so in
//! `X-Forwarded-Proto`; one who lies there only keeps their own cookie from plain connections).

use axum::Json;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Service;
use super::body::{self, Budget};
use super::problem::{Kind, Problem};
use super::query::Parameters;
use super::reviews::{self, asking::Asking};
use crate::access::Identity;
use crate::view::INTENDED_USE;
use crate::view::review::ReviewerView;

/// The page where people sign in.
pub(super) const PAGE: &str = "/signin";
/// The cookie's name.
const COOKIE: &str = "groundline_session";
/// Largest body: a token and an address.
const LARGEST: usize = 4 * 1024;
/// Seconds after which a browser forgets the cookie: a week, as the session itself.
const LASTS: u32 = 7 * 24 * 3600;
/// Seconds after which a browser forgets a picked profile: it is picked once.
const A_YEAR: u32 = 365 * 24 * 3600;

/// The page may post its form here and do nothing else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// A token to begin a session with, or the profile of the one who asks; at least one of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInRequest {
    /// The token, as `groundline token create` showed it.
    #[schema(example = "gl_0123…", max_length = 200)]
    token: Option<String>,
    /// The profile, where the service wants no token.
    #[schema(example = "r7", max_length = 40)]
    reviewer: Option<String>,
}

/// Whose session it is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionView {
    /// The person; `null` where nobody is signed in, and where this service keeps no reviews.
    reviewer: Option<ReviewerView>,
    /// The id of the token that it began with; `null` where nobody is signed in.
    token: Option<String>,
    /// The name of that token.
    name: Option<String>,
    /// What it allows: `read`, `review`, `edit`, `admin`.
    #[schema(example = json!(["review"]))]
    scopes: Vec<&'static str>,
    /// Whether this service wants a token: `token`, or `loopback` where it does not.
    #[schema(example = "token")]
    mode: &'static str,
    /// What this service is for.
    intended_use: &'static str,
}

impl SessionView {
    async fn of(identity: Option<&Identity>, reviewer: Asking, service: &Service) -> Result<SessionView, Problem> {
        let wanted = service.settings.access.wanted().map_err(Problem::internal)?;
        Ok(SessionView {
            reviewer: match service.desk() {
                Ok(desk) => desk.run(move |store, _| reviewer.profile(store)).await?.map(ReviewerView::of),
                Err(_) => None,
            },
            token: identity.map(|identity| identity.token.clone()),
            name: identity.and_then(|identity| identity.name.clone()),
            scopes: identity.map(|identity| identity.scopes.names()).unwrap_or_default(),
            mode: if wanted { "token" } else { "loopback" },
            intended_use: INTENDED_USE,
        })
    }
}

/// Who is asking, as far as a token or a session says.
#[utoipa::path(get, path = "/v1/session", tag = "service", responses((status = 200, description = "Who it is", body = SessionView)))]
pub(super) async fn show(State(service): State<Service>, request: Request) -> Result<Json<SessionView>, Problem> {
    Parameters::read(request.uri(), &[])?;
    let (parts, _) = request.into_parts();
    Ok(Json(SessionView::of(parts.extensions.get::<Identity>(), Asking::of(&parts), &service).await?))
}

/// Begins a session with a token: the answer sets a cookie that no script can read.
///
/// A form (`application/x-www-form-urlencoded` with `token` and `next`) is answered with a redirection.
#[utoipa::path(
    post,
    path = "/v1/session",
    tag = "service",
    request_body(content = SignInRequest, example = json!({"token": "gl_…"})),
    responses(
        (status = 200, description = "Signed in", body = SessionView, headers(("Set-Cookie" = String, description = "The session"))),
        (status = 303, description = "The answer to a form: to where the person wanted to go"),
    )
)]
pub(super) async fn begin(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (parts, received) = request.into_parts();
    Parameters::read(&parts.uri, &[])?;
    let is_form = is_form(&parts.headers);
    if !is_form {
        body::json_only(&parts.headers)?;
    }
    let budget: &Budget = &service.budget;
    let received = body::read(&parts, received, LARGEST, service.settings.timeouts.body, budget).await?;
    let (token, next) = if is_form {
        form(received.bytes())?
    } else {
        match body::parse::<SignInRequest>(received.bytes())? {
            SignInRequest { token: Some(token), reviewer: None } => (token, None),
            SignInRequest { token: None, reviewer: Some(profile) } => return picked(&service, &parts, profile).await,
            _ => return Err(Problem::field("", "has to name either a token or a reviewer")),
        }
    };
    let begun = service.settings.access.begin(token.trim(), Timestamp::now()).map_err(Problem::internal)?;
    let Some((secret, identity)) = begun else {
        if is_form {
            return Ok(sign_in_page(
                StatusCode::UNAUTHORIZED,
                next.as_deref(),
                Some("The token is unknown, expired or revoked."),
            ));
        }
        let challenge = HeaderValue::from_static("Bearer realm=\"groundline\", error=\"invalid_token\"");
        let problem = Problem::new(Kind::SignIn, "The token is unknown, expired or revoked.");
        return Err(problem.with_header(header::WWW_AUTHENTICATE, challenge));
    };
    let mut response = match next {
        Some(next) if is_form => Redirect::to(&next).into_response(),
        _ if is_form => Redirect::to("/").into_response(),
        _ => {
            let asking = Asking::with(&identity);
            Json(SessionView::of(Some(&identity), asking, &service).await?).into_response()
        }
    };
    add_cookie(&mut response, &parts.headers, COOKIE, secret.shown(), LASTS)?;
    Ok(response)
}

/// Keeps a picked profile in the browser. Where tokens are wanted, the token says who it is.
async fn picked(service: &Service, parts: &Parts, id: String) -> Result<Response, Problem> {
    if service.settings.access.wanted().map_err(Problem::internal)? {
        return Err(Problem::field("/reviewer", "is not picked here: the token says who you are"));
    }
    let asking = Asking::named(&id);
    let known = {
        let asking = asking.clone();
        service.desk()?.run(move |store, _| asking.profile(store)).await?
    };
    let profile = known.ok_or_else(|| Problem::field("/reviewer", "names no profile of this service"))?;
    let mut response = Json(SessionView::of(None, asking, service).await?).into_response();
    add_cookie(&mut response, &parts.headers, reviews::asking::COOKIE, &profile.id, A_YEAR)?;
    Ok(response)
}

/// Ends the session whose cookie the request brings.
#[utoipa::path(delete, path = "/v1/session", tag = "service", responses((status = 204, description = "Signed out")))]
pub(super) async fn end(State(service): State<Service>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(secret) = secret(&headers) {
        service.settings.access.end(&secret);
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    add_cookie(&mut response, &headers, COOKIE, "", 0)?;
    add_cookie(&mut response, &headers, reviews::asking::COOKIE, "", 0)?;
    Ok(response)
}

/// The page with the form.
pub(super) async fn page(request: Request) -> Response {
    let next = Parameters::read(request.uri(), &["next"]).ok();
    let next = next.as_ref().and_then(|parameters| parameters.one("next").ok().flatten());
    sign_in_page(StatusCode::OK, next, None)
}

/// Where a person is sent who must sign in first.
pub(super) fn page_address(wanted: &Uri) -> String {
    let wanted = wanted.path_and_query().map_or("/", |path| path.as_str());
    let mut query = String::new();
    for byte in wanted.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            query.push(char::from(byte));
        } else {
            query.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{PAGE}?next={query}")
}

/// The session's secret among a request's cookies.
pub(super) fn secret(headers: &HeaderMap) -> Option<String> {
    let given = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = given.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, secret)| secret.to_owned())
}

fn add_cookie(
    response: &mut Response,
    request: &HeaderMap,
    name: &str,
    value: &str,
    lasts: u32,
) -> Result<(), Problem> {
    let https = request.get("x-forwarded-proto").is_some_and(|scheme| scheme.as_bytes().eq_ignore_ascii_case(b"https"));
    let secure = if https { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={lasts}{secure}");
    let mut value = HeaderValue::from_str(&cookie).map_err(Problem::internal)?;
    value.set_sensitive(true);
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(())
}

fn is_form(headers: &HeaderMap) -> bool {
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    declared.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The token of a form, and where its sender wanted to go.
fn form(bytes: &[u8]) -> Result<(String, Option<String>), Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::field("", "the form is not UTF-8"))?;
    // A form's body is written as a query is.
    let uri: Uri = format!("/?{text}").parse().map_err(|_| Problem::field("", "the form cannot be read"))?;
    let fields = Parameters::read(&uri, &["token", "next"])?;
    let token = fields.one("token")?.ok_or_else(|| Problem::field("/token", "is missing"))?.to_owned();
    // What stands for bytes that are no text.
    if token.contains('\u{fffd}') {
        return Err(Problem::field("/token", "is not UTF-8"));
    }
    Ok((token, fields.one("next")?.filter(|next| is_ours(next)).map(str::to_owned)))
}

/// An address of this service: a browser must take it for no other site's.
fn is_ours(next: &str) -> bool {
    next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

fn sign_in_page(status: StatusCode, next: Option<&str>, fault: Option<&str>) -> Response {
    let next = super::docs::escaped(next.filter(|next| is_ours(next)).unwrap_or("/"));
    let fault = fault.map(|fault| format!("<p role=\"alert\">{fault}</p>")).unwrap_or_default();
    let html = include_str!("signin.html").replace("{{fault}}", &fault).replace("{{next}}", &next);
    let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for ours in ["/", "/desk/7?claim=c1", "/r/uspstf-aaa@2019"] {
            assert!(is_ours(ours), "{ours}");
        }
        for other in ["", "//evil.example", "/\\evil.example", "https://evil.example", "evil", "/a b", "/a\nb", "/ä"] {
            assert!(!is_ours(other), "{other:?}");
        }
        assert_eq!(page_address(&Uri::from_static("/desk/7?claim=c1")), "/signin?next=/desk/7%3Fclaim%3Dc1");
    }

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let (token, next) = form(b"token=gl_abc+&next=%2Fdesk%2F7").expect("a form");
        assert_eq!((token.as_str(), next.as_deref()), ("gl_abc ", Some("/desk/7")));
        assert_eq!(form(b"token=x&next=%2F%2Fevil.example").expect("a form").1, None);
        for wrong in [&b"next=/"[..], b"token=a&token=b", b"token=a&colour=red", b"token=%ff", b"\xff"] {
            assert!(form(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; groundline_sessions=no"));
        headers.append(header::COOKIE, HeaderValue::from_static("c=d;groundline_session=abc"));
        assert_eq!(secret(&headers).as_deref(), Some("abc"));
    }
}
