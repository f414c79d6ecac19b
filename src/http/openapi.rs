//! The API described by itself: OpenAPI 3.1, generated from the code's types and the handlers' own notes.
//!
//! What holds for every call (the problems that any of them may answer) is added here once.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use utoipa::openapi::path::{HttpMethod, Operation, PathItem};
use utoipa::openapi::{Content, HeaderBuilder, ObjectBuilder, Ref, RefOr, ResponseBuilder, Schema, Type};
use utoipa::{Modify, OpenApi};

use super::problem::{FieldFault, Kind, ProblemBody};
use super::{check, claims, documents, evidence, health, passages, revision};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Groundline",
        description = "Ranked, located, verbatim guideline passages for each claim.\n\n\
            Decision support for evaluating model answers, not for patient care.\n\n\
            Offsets count Unicode code points. Errors are RFC 9457 problem objects from a closed set of types; each \
            names the fields concerned. Unknown fields and query parameters are errors.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    tags(
        (name = "evidence", description = "Claims to passages"),
        (name = "corpus", description = "What may be quoted"),
        (name = "service", description = "Health and counters"),
    ),
    paths(
        evidence::gather,
        claims::split,
        check::check,
        passages::show,
        documents::list,
        documents::show,
        revision::show,
        documents::snapshots,
        health::alive,
        health::ready,
        health::metrics,
        describe,
    ),
    components(schemas(ProblemBody, FieldFault, crate::view::request::CurrencyName)),
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
pub(super) async fn describe() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], document())
}

/// Adds to each call the problems that it may answer.
struct Problems;

impl Modify for Problems {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut api.paths.paths {
            for (method, operation) in operations(item) {
                add_problems(path, &method, operation);
            }
        }
        if let Some(components) = &mut api.components
            && let Some(RefOr::T(Schema::Object(result))) = components.schemas.get_mut("ResultView")
        {
            result.properties.insert("error".to_owned(), Ref::from_schema_name("Problem").into());
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let get = item.get.as_mut().map(|operation| (HttpMethod::Get, operation));
    let post = item.post.as_mut().map(|operation| (HttpMethod::Post, operation));
    get.into_iter().chain(post)
}

fn add_problems(path: &str, method: &HttpMethod, operation: &mut Operation) {
    let mut kinds = vec![Kind::BadRequest, Kind::Misdirected, Kind::Internal];
    if path.starts_with("/v1/") {
        kinds.extend([Kind::Invalid, Kind::Busy, Kind::NotReady]);
    }
    if path == "/readyz" {
        kinds.push(Kind::NotReady);
    }
    if path.contains('{') {
        kinds.push(Kind::NotFound);
    }
    if *method == HttpMethod::Post {
        kinds.extend([Kind::NotJson, Kind::CrossSite, Kind::TooSlow, Kind::TooLarge, Kind::UnsupportedMediaType]);
    } else if path.starts_with("/v1/documents") || path.starts_with("/v1/passages") {
        let not_modified = ResponseBuilder::new().description("The caller's copy (`If-None-Match`) is still good");
        operation.responses.responses.insert("304".to_owned(), not_modified.build().into());
    }
    kinds.sort_by_key(|kind| (kind.status(), *kind));
    for same_status in kinds.chunk_by(|a, b| a.status() == b.status()) {
        let Some(first) = same_status.first() else { continue };
        let names: Vec<String> = same_status
            .iter()
            .map(|kind| format!("{} (`urn:groundline:problem:{}`)", kind.title(), kind.name()))
            .collect();
        let mut response = ResponseBuilder::new()
            .description(names.join("; "))
            .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))));
        if first.status().as_u16() == 503 {
            let seconds = ObjectBuilder::new().schema_type(Type::Integer).build();
            let header = HeaderBuilder::new().schema(Some(seconds)).description(Some("Seconds to wait")).build();
            response = response.header("Retry-After", header);
        }
        operation.responses.responses.insert(first.status().as_str().to_owned(), response.build().into());
    }
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
        for status in ["200", "400", "403", "408", "413", "415", "421", "422", "500", "503"] {
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
