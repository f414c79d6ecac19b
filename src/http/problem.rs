//! What is said when a request cannot be answered: RFC 9457 problem objects from a closed set.
//!
//! Every problem has two texts: `detail` for the caller, `internal` for the log. Neither repeats what the caller sent
//! beyond field names, because claims may hold health data (contract, section 6). Rendering waits for
//! [`super::guard`], which knows the request's id.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The kinds of problems. A new one is a change of the outside contract: introduce it thoughtfully.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The body is not JSON, or not text.
    NotJson,
    /// The request line or the headers cannot be understood.
    BadRequest,
    /// Nobody is known to ask, and somebody must be.
    SignIn,
    /// A browser sent it from another site.
    CrossSite,
    /// Who asks is known, and may not.
    Scope,
    /// Nothing has this address.
    NotFound,
    /// The address exists, the method does not fit.
    MethodNotAllowed,
    /// The body took too long to arrive.
    TooSlow,
    /// The same request is being answered already.
    InFlight,
    /// Somebody else, or another tab, came first.
    Conflict,
    /// What is there does not allow it.
    Refused,
    /// It was to be made in another state than the present one.
    Stale,
    /// It is hidden until one has decided for oneself.
    NotYet,
    /// The body is larger than this call takes.
    TooLarge,
    /// The body's declared type is not one that this call takes.
    UnsupportedMediaType,
    /// The `Host` header names a machine that this service is not.
    Misdirected,
    /// Readable, but a field is missing, unknown or out of its range.
    Invalid,
    /// An idempotency key came again with another request.
    KeyReused,
    /// More requests than one caller may send.
    TooMany,
    /// More work than can be done now.
    Busy,
    /// No snapshot is active yet.
    NotReady,
    /// A fault of ours.
    Internal,
}

impl Kind {
    /// All kinds, for the API description.
    pub const ALL: [Kind; 22] = [
        Kind::NotJson,
        Kind::BadRequest,
        Kind::SignIn,
        Kind::CrossSite,
        Kind::Scope,
        Kind::NotFound,
        Kind::MethodNotAllowed,
        Kind::TooSlow,
        Kind::InFlight,
        Kind::Conflict,
        Kind::Refused,
        Kind::Stale,
        Kind::NotYet,
        Kind::TooLarge,
        Kind::UnsupportedMediaType,
        Kind::Misdirected,
        Kind::Invalid,
        Kind::KeyReused,
        Kind::TooMany,
        Kind::Busy,
        Kind::NotReady,
        Kind::Internal,
    ];

    /// Its name in `type`, after `urn:groundline:problem:`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::NotJson => "not-json",
            Kind::BadRequest => "bad-request",
            Kind::SignIn => "sign-in",
            Kind::CrossSite => "cross-site",
            Kind::Scope => "scope",
            Kind::NotFound => "not-found",
            Kind::MethodNotAllowed => "method-not-allowed",
            Kind::TooSlow => "too-slow",
            Kind::InFlight => "in-flight",
            Kind::Conflict => "conflict",
            Kind::Refused => "refused",
            Kind::Stale => "stale",
            Kind::NotYet => "not-yet",
            Kind::TooLarge => "too-large",
            Kind::UnsupportedMediaType => "unsupported-media-type",
            Kind::Misdirected => "misdirected",
            Kind::Invalid => "invalid",
            Kind::KeyReused => "key-reused",
            Kind::TooMany => "too-many",
            Kind::Busy => "busy",
            Kind::NotReady => "not-ready",
            Kind::Internal => "internal",
        }
    }

    /// What it means, in one line; the same for every occurrence.
    pub fn title(self) -> &'static str {
        match self {
            Kind::NotJson => "The body is not JSON",
            Kind::BadRequest => "The request cannot be understood",
            Kind::SignIn => "Nobody is signed in",
            Kind::CrossSite => "Requests from other sites are refused",
            Kind::Scope => "The token does not allow this",
            Kind::NotFound => "Not found",
            Kind::MethodNotAllowed => "The method is not allowed here",
            Kind::TooSlow => "The request took too long to arrive",
            Kind::InFlight => "The same request is being answered",
            Kind::Conflict => "It has changed meanwhile",
            Kind::Refused => "What is there does not allow this",
            Kind::Stale => "It is in another state now",
            Kind::NotYet => "Not to be seen yet",
            Kind::TooLarge => "The body is too large",
            Kind::UnsupportedMediaType => "The body's type is not supported",
            Kind::Misdirected => "The request is meant for another host",
            Kind::Invalid => "The request is not valid",
            Kind::KeyReused => "The idempotency key belongs to another request",
            Kind::TooMany => "Too many requests",
            Kind::Busy => "The service is busy",
            Kind::NotReady => "No snapshot is active",
            Kind::Internal => "Internal error",
        }
    }

    /// The HTTP status it is answered with.
    pub fn status(self) -> StatusCode {
        match self {
            Kind::NotJson | Kind::BadRequest => StatusCode::BAD_REQUEST,
            Kind::SignIn => StatusCode::UNAUTHORIZED,
            Kind::CrossSite | Kind::Scope | Kind::NotYet => StatusCode::FORBIDDEN,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Kind::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Kind::InFlight | Kind::Conflict | Kind::Refused => StatusCode::CONFLICT,
            Kind::Stale => StatusCode::PRECONDITION_FAILED,
            Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Kind::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Kind::Invalid | Kind::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Kind::Busy | Kind::NotReady => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// One field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldFault {
    /// JSON Pointer to the field in the request's body; for a query or path parameter, `/` and its name.
    #[schema(example = "/items/0/claim")]
    pub pointer: String,
    /// What is wrong and what would be right.
    #[schema(example = "is empty: write one checkable statement")]
    pub detail: String,
}

/// A problem as it is sent (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:groundline:problem:` and the kind.
    #[serde(rename = "type")]
    #[schema(example = "urn:groundline:problem:invalid")]
    pub kind: String,
    /// The kind in words.
    #[schema(example = "The request is not valid")]
    pub title: String,
    /// The HTTP status; for an item of a batch, the one it would have had alone.
    #[schema(example = 422)]
    pub status: u16,
    /// What happened this time, and what to do.
    #[schema(example = "1 field is not valid")]
    pub detail: String,
    /// The occurrence: `urn:groundline:request:` and the id that the log has too, or `#/items/3` within a batch.
    #[schema(example = "urn:groundline:request:5f0c2a91-0000002a")]
    pub instance: String,
    /// The fields concerned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldFault>,
    /// What is kept now, where something else was saved in between; what is in the way (409, 412).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub current: Option<Value>,
}

/// A problem on its way to becoming a response.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    detail: String,
    internal: Option<String>,
    fields: Vec<FieldFault>,
    retry_after: Option<u32>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Boxed, for it is rare and large.
    current: Option<Box<Value>>,
}

impl Problem {
    /// A problem with its public text.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Problem {
        let retry_after = matches!(kind, Kind::Busy | Kind::NotReady | Kind::InFlight).then_some(1);
        Problem {
            kind,
            detail: detail.into(),
            internal: None,
            fields: Vec::new(),
            retry_after,
            headers: Vec::new(),
            current: None,
        }
    }

    /// Says when to come back, in seconds.
    pub fn retry_after(mut self, seconds: u32) -> Problem {
        self.retry_after = Some(seconds);
        self
    }

    /// Adds what is kept now.
    pub fn with_current(mut self, current: Value) -> Problem {
        self.current = Some(Box::new(current));
        self
    }

    /// Adds a header to the response.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Problem {
        self.headers.push((name, value));
        self
    }

    /// A field that is not valid.
    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Problem {
        Problem::fields(vec![FieldFault { pointer: pointer.into(), detail: detail.into() }])
    }

    /// Fields that are not valid.
    pub fn fields(fields: Vec<FieldFault>) -> Problem {
        let detail = match fields.as_slice() {
            // A fault of the whole body has an empty pointer.
            [one] => format!("{} {}", one.pointer, one.detail).trim_start().to_owned(),
            many => format!("{} fields are not valid", many.len()),
        };
        Problem { fields, ..Problem::new(Kind::Invalid, detail) }
    }

    /// A fault of ours: the caller learns that it happened, the log learns what it was.
    pub fn internal(cause: impl std::fmt::Display) -> Problem {
        Problem::new(Kind::Internal, "The request failed. Its id stands in the server's log.").because(cause)
    }

    /// Adds a text for the log.
    pub fn because(mut self, cause: impl std::fmt::Display) -> Problem {
        self.internal = Some(cause.to_string());
        self
    }

    /// The kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The text for the log.
    pub fn cause(&self) -> Option<&str> {
        self.internal.as_deref()
    }

    /// The object as it is sent, for this occurrence.
    pub fn body(&self, instance: impl Into<String>) -> ProblemBody {
        ProblemBody {
            kind: format!("urn:groundline:problem:{}", self.kind.name()),
            title: self.kind.title().to_owned(),
            status: self.kind.status().as_u16(),
            detail: self.detail.clone(),
            instance: instance.into(),
            errors: self.fields.clone(),
            current: self.current.as_deref().cloned(),
        }
    }

    /// The finished response of the request with this id.
    pub(super) fn render(&self, request_id: &str) -> Response {
        let body = self.body(format!("urn:groundline:request:{request_id}"));
        let json = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (self.kind.status(), json).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        headers.extend(self.headers.iter().cloned());
        response
    }
}

impl IntoResponse for Problem {
    /// Only the status; the guard finds the problem among the extensions and renders it with the request's id.
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_kind_has_its_own_name() {
        let names: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), Kind::ALL.len());
    }

    #[test]
    fn internal_causes_stay_inside() {
        let sent = serde_json::to_string(&Problem::internal("disk on fire").body("x")).expect("serialises");
        assert!(!sent.contains("fire"), "{sent}");
    }

    #[test]
    fn busy_says_when_to_come_back() {
        let response = Problem::new(Kind::Busy, "later").render("1");
        assert_eq!(response.headers().get(header::RETRY_AFTER), Some(&HeaderValue::from_static("1")));
    }
}
