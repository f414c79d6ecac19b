//! The API described by itself: OpenAPI 3.1, generated from the code's types and the handlers' own notes.
//!
//! What holds for every call (the problems that any of them may answer) is added here once.

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::Response;
use utoipa::openapi::path::{HttpMethod, Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, HeaderBuilder, ObjectBuilder, Ref, RefOr, ResponseBuilder, Schema, Type};
use utoipa::{Modify, OpenApi};

use super::problem::{FieldFault, Kind, Problem, ProblemBody};
use super::{
    changes, check, citations, claims, documents, editors, evidence, health, original, passages, promptfoo, reply,
    reviews, revision, session,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Groundline",
        description = "Ranked, located, verbatim guideline passages for each claim.\n\n\
            Decision support for evaluating model answers, not for patient care.\n\n\
            Offsets count Unicode code points. Errors are RFC 9457 problem objects from a closed set of types; each \
            names the fields concerned. Unknown fields and query parameters are errors.\n\n\
            Where the service has tokens, send one as `Authorization: Bearer gl_…`. Each caller may send a number of \
            requests a minute, which the `RateLimit` headers tell; more are answered 429 with `Retry-After`. A request \
            that is sent again with its `Idempotency-Key` gets the same bytes.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    tags(
        (name = "evidence", description = "Claims to passages"),
        (name = "reviews", description = "Responses, their claims, and what people decide of them"),
        (name = "corpus", description = "What may be quoted"),
        (name = "editors", description = "Changing what may be quoted: added, replaced, withdrawn, built"),
        (name = "integrations", description = "In the shapes of other tools"),
        (name = "service", description = "Sessions, health and counters"),
    ),
    paths(
        evidence::gather,
        claims::split,
        check::check,
        citations::check,
        passages::show,
        documents::list,
        documents::show,
        original::show,
        revision::show,
        documents::snapshots,
        changes::list,
        editors::look::corpus,
        editors::look::history,
        editors::look::lint,
        editors::look::gaps,
        editors::add::add,
        editors::change::supersede,
        editors::change::retire,
        editors::change::checked,
        editors::change::notice,
        editors::build::begin,
        editors::jobs::list,
        editors::jobs::show,
        editors::activate::activate,
        editors::activate::rollback,
        promptfoo::judge,
        session::show,
        session::begin,
        session::end,
        reviews::reviewers::reviewers,
        reviews::reviewers::add_reviewer,
        reviews::whole::taxonomy,
        reviews::whole::list,
        reviews::whole::create,
        reviews::files::import,
        reviews::whole::show,
        reviews::whole::erase,
        reviews::claims::add,
        reviews::claims::merge,
        reviews::claims::change,
        reviews::claims::remove,
        reviews::claims::restore,
        reviews::claims::cut,
        reviews::verdicts::save_draft,
        reviews::verdicts::drop_draft,
        reviews::verdicts::decide,
        reviews::verdicts::assess,
        reviews::adjudication::assign,
        reviews::adjudication::submit,
        reviews::adjudication::show,
        reviews::files::export,
        reviews::verdicts::draft_feedback,
        reviews::figures::agreement,
        reviews::figures::impact,
        health::alive,
        health::ready,
        health::metrics,
        describe,
    ),
    components(schemas(ProblemBody, FieldFault, promptfoo::Policy, crate::view::request::CurrencyName)),
    modifiers(&Problems),
)]
struct Api;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| Api::openapi().to_pretty_json().unwrap_or_default());

/// The OpenAPI document, as JSON.
pub fn document() -> &'static str {
    &DOCUMENT
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "service", responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub(super) async fn describe(headers: HeaderMap) -> Result<Response, Problem> {
    reply::json_tagged(&headers, document().as_bytes().to_vec())
}

/// Adds to each call the problems that it may answer.
struct Problems;

impl Modify for Problems {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut api.paths.paths {
            for (method, operation) in operations(item) {
                operation.operation_id = Some(operation_id(path, &method));
                add_problems(path, &method, operation);
            }
        }
        if let Some(components) = &mut api.components
            && let Some(RefOr::T(Schema::Object(result))) = components.schemas.get_mut("ResultView")
        {
            result.properties.insert("error".to_owned(), Ref::from_schema_name("Problem").into());
        }
        // Empty first: a service that nobody but its own machine reaches wants no token.
        let token = SecurityRequirement::new("token", Vec::<String>::new());
        api.security = Some(vec![SecurityRequirement::default(), token]);
        if let Some(components) = &mut api.components {
            let bearer = HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some("A token of `groundline token create`, where the service wants one"));
            components.add_security_scheme("token", SecurityScheme::Http(bearer.build()));
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let get = item.get.as_mut().map(|operation| (HttpMethod::Get, operation));
    let post = item.post.as_mut().map(|operation| (HttpMethod::Post, operation));
    let put = item.put.as_mut().map(|operation| (HttpMethod::Put, operation));
    let patch = item.patch.as_mut().map(|operation| (HttpMethod::Patch, operation));
    let delete = item.delete.as_mut().map(|operation| (HttpMethod::Delete, operation));
    get.into_iter().chain(post).chain(put).chain(patch).chain(delete)
}

/// A name that no other call has, for programs that make clients out of the description.
fn operation_id(path: &str, method: &HttpMethod) -> String {
    let method = match method {
        HttpMethod::Get => "get",
        HttpMethod::Put => "put",
        HttpMethod::Patch => "patch",
        HttpMethod::Delete => "delete",
        _ => "post",
    };
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

/// Calls whose answers are kept for a request that comes twice.
const REPLAYED: [&str; 2] = ["/v1/evidence", "/v1/check"];
/// Calls whose answers have a tag.
const TAGGED: [&str; 6] =
    ["/v1/documents", "/v1/passages", "/v1/snapshots", "/v1/changes", "/v1/corpus/lint", "/openapi.json"];

/// Paths of what people decide.
const DESK: [&str; 6] = ["/v1/reviews", "/v1/reviewers", "/v1/taxonomy", "/v1/feedback", "/v1/agreement", "/v1/impact"];

/// Paths of what editors do.
const EDITORS: [&str; 3] = ["/v1/corpus", "/v1/jobs", "/v1/snapshots/"];

/// The problems that a call may answer.
fn kinds_of(path: &str, method: &HttpMethod) -> Vec<Kind> {
    let mut kinds = vec![Kind::BadRequest, Kind::Misdirected, Kind::Internal];
    let probe = matches!(path, "/healthz" | "/readyz");
    if !probe {
        kinds.push(Kind::TooMany);
    }
    if !probe && path != "/v1/session" {
        kinds.push(Kind::SignIn);
    }
    if path.starts_with("/v1/") && path != "/v1/session" {
        kinds.extend([Kind::Invalid, Kind::Busy, Kind::NotReady]);
    }
    if path == "/readyz" {
        kinds.push(Kind::NotReady);
    }
    if path.contains('{') || path == "/v1/changes" {
        kinds.push(Kind::NotFound);
    }
    if REPLAYED.contains(&path) {
        kinds.extend([Kind::InFlight, Kind::KeyReused]);
    }
    if DESK.iter().any(|desk| path.starts_with(desk)) {
        kinds.extend([Kind::Scope, Kind::NotFound]);
        if *method != HttpMethod::Get {
            kinds.push(Kind::Conflict);
        }
        if path.ends_with("/adjudication") || path.ends_with("/verdicts") {
            kinds.push(Kind::NotYet);
        }
    }
    if EDITORS.iter().any(|place| path.starts_with(place)) {
        kinds.push(Kind::NotFound);
        if path.starts_with("/v1/jobs") || *method != HttpMethod::Get {
            kinds.push(Kind::Scope);
        }
        if *method != HttpMethod::Get || !path.starts_with("/v1/jobs") {
            kinds.push(Kind::Refused);
        }
        if *method != HttpMethod::Get && path.starts_with("/v1/corpus") {
            kinds.extend([Kind::Conflict, Kind::Stale]);
        }
    }
    match method {
        HttpMethod::Post | HttpMethod::Put | HttpMethod::Patch => {
            let reading = [Kind::NotJson, Kind::TooSlow, Kind::TooLarge, Kind::UnsupportedMediaType];
            kinds.extend(reading.into_iter().chain([Kind::CrossSite, Kind::Invalid, Kind::Busy]));
        }
        HttpMethod::Delete => kinds.push(Kind::CrossSite),
        _ if path == "/v1/session" => kinds.push(Kind::Invalid),
        _ => {}
    }
    if path == "/v1/session" && *method == HttpMethod::Post {
        kinds.push(Kind::SignIn);
    }
    kinds.sort_by_key(|kind| (kind.status(), *kind));
    kinds.dedup();
    kinds
}

fn add_problems(path: &str, method: &HttpMethod, operation: &mut Operation) {
    if REPLAYED.contains(&path) {
        operation.parameters.get_or_insert_default().push(idempotency_key().into());
    }
    if *method == HttpMethod::Get && (path == "/v1/corpus" || TAGGED.iter().any(|tagged| path.starts_with(tagged))) {
        let not_modified = ResponseBuilder::new().description("The caller's copy (`If-None-Match`) is still good");
        operation.responses.responses.insert("304".to_owned(), not_modified.build().into());
    }
    for same_status in kinds_of(path, method).chunk_by(|a, b| a.status() == b.status()) {
        let Some(first) = same_status.first() else { continue };
        let names: Vec<String> = same_status
            .iter()
            .map(|kind| format!("{} (`urn:groundline:problem:{}`)", kind.title(), kind.name()))
            .collect();
        let mut response = ResponseBuilder::new()
            .description(names.join("; "))
            .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))));
        if matches!(first.status().as_u16(), 409 | 429 | 503) {
            response = response.header("Retry-After", described(Type::Integer, "Seconds to wait"));
        }
        if first.status().as_u16() == 401 {
            response = response.header("WWW-Authenticate", described(Type::String, "`Bearer`, and what was wrong"));
        }
        operation.responses.responses.insert(first.status().as_str().to_owned(), response.build().into());
    }
    if !matches!(path, "/healthz" | "/readyz") {
        for response in operation.responses.responses.values_mut() {
            let RefOr::T(response) = response else { continue };
            let policy = described(Type::String, "The quota and its window in seconds: `\"requests\";q=60000;w=60`");
            let left =
                described(Type::String, "What is left, and the seconds until it is whole: `\"requests\";r=59999;t=1`");
            response.headers.insert("RateLimit-Policy".to_owned(), policy.into());
            response.headers.insert("RateLimit".to_owned(), left.into());
        }
    }
}

fn described(kind: Type, words: &str) -> utoipa::openapi::Header {
    let schema = ObjectBuilder::new().schema_type(kind).build();
    HeaderBuilder::new().schema(Some(schema)).description(Some(words)).build()
}

fn idempotency_key() -> Parameter {
    let schema = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .description(Some(
            "A key of the caller's own: the same request with the same key gets the same bytes for a day, as long as the \
             snapshot is the same, with `Idempotency-Replayed: true`",
        ))
        .schema(Some(schema.pattern(Some("^[!-~]+$")).build()))
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn the_description_is_whole() {
        let api: Value = serde_json::from_str(document()).expect("JSON");
        assert!(api["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")), "{}", api["openapi"]);
        let mut missing = Vec::new();
        references(&api, &mut |reference| {
            let pointer = reference.trim_start_matches('#');
            if api.pointer(pointer).is_none() {
                missing.push(reference.to_owned());
            }
        });
        assert!(missing.is_empty(), "{missing:?}");
        let post = &api["paths"]["/v1/evidence"]["post"];
        for status in ["200", "400", "401", "403", "408", "409", "413", "415", "421", "422", "429", "500", "503"] {
            assert!(post["responses"][status].is_object(), "{status}");
        }
        assert!(post["requestBody"]["content"]["application/x-ndjson"].is_object());
    }

    fn references(value: &Value, found: &mut dyn FnMut(&str)) {
        match value {
            Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                    found(reference);
                }
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
}
