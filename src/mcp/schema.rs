//! JSON Schemas of what the tools take and give, made from the types that HTTP describes itself with.
//!
//! So an outside shape is written down once. Schemas of answers keep their parts apart (`$defs`); those of arguments are
//! one piece without `null`s, because hosts hand them to models whose schema readers know little more than types.

use std::collections::BTreeMap;
use std::sync::Arc;

use rmcp::model::JsonObject;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// Where an OpenAPI document keeps its parts, and where a JSON Schema does.
const COMPONENTS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/$defs/";

/// The schema of an answer: an object whose parts stand under `$defs`.
pub(super) fn of_answer<T: ToSchema>() -> Arc<JsonObject> {
    let mut parts = parts_of::<T>();
    let mut whole = object(T::schema());
    plain(&mut whole);
    let mut definitions = Map::new();
    for (name, part) in &mut parts {
        plain(part);
        definitions.insert(name.clone(), part.take());
    }
    let mut fields = match whole {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    if !definitions.is_empty() {
        fields.insert("$defs".to_owned(), Value::Object(definitions));
    }
    Arc::new(fields)
}

/// The schema of arguments: an object in one piece.
pub(super) fn of_arguments<T: ToSchema>() -> JsonObject {
    let parts = parts_of::<T>();
    let mut whole = object(T::schema());
    inline(&mut whole, &parts, 0);
    match whole {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn parts_of<T: ToSchema>() -> BTreeMap<String, Value> {
    let mut parts = Vec::new();
    T::schemas(&mut parts);
    parts.into_iter().map(|(name, schema)| (name, object(schema))).collect()
}

fn object(schema: RefOr<Schema>) -> Value {
    // A schema is plain data: it always has a JSON form.
    serde_json::to_value(schema).unwrap_or_default()
}

/// Puts the references of an OpenAPI document right for a schema that stands alone, and takes out what is OpenAPI's own.
fn plain(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if fields.get("example").is_some_and(|_| fields.contains_key("type")) {
                fields.shift_remove("example");
            }
            if let Some(Value::String(reference)) = fields.get_mut("$ref")
                && let Some(name) = reference.strip_prefix(COMPONENTS)
            {
                *reference = format!("{DEFINITIONS}{name}");
            }
            fields.values_mut().for_each(plain);
        }
        Value::Array(items) => items.iter_mut().for_each(plain),
        _ => {}
    }
}

/// Deepest nesting of arguments; a type that holds itself ends here instead of never.
const DEEPEST: usize = 8;

/// Puts each part where it is referred to, and leaves out that a field may be `null`: it may be left out.
fn inline(value: &mut Value, parts: &BTreeMap<String, Value>, depth: usize) {
    if depth > DEEPEST {
        *value = json!({});
        return;
    }
    let part = value.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix(COMPONENTS));
    if let Some(part) = part.and_then(|name| parts.get(name)) {
        *value = with_fields_of(part.clone(), value);
    }
    if let Some(one) = the_one_that_is_not_null(value) {
        *value = with_fields_of(one, value);
        return inline(value, parts, depth + 1);
    }
    if let Some(fields) = value.as_object_mut() {
        fields.shift_remove("example");
        if let Some(Value::Array(types)) = fields.get("type") {
            let named = types.iter().find(|name| **name != "null").cloned();
            fields.insert("type".to_owned(), named.unwrap_or_default());
        }
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|field| inline(field, parts, depth + 1)),
        Value::Array(items) => items.iter_mut().for_each(|item| inline(item, parts, depth + 1)),
        _ => {}
    }
}

/// Of a choice between `null` and one other schema, the other.
fn the_one_that_is_not_null(value: &Value) -> Option<Value> {
    let choices = ["oneOf", "anyOf"].into_iter().find_map(|name| value.get(name)?.as_array())?;
    let mut others = choices.iter().filter(|choice| choice.get("type").is_none_or(|name| *name != "null"));
    let one = others.next()?;
    others.next().is_none().then(|| one.clone())
}

/// `schema` with the description that stood where it was referred to, which says more than its own.
fn with_fields_of(schema: Value, place: &Value) -> Value {
    let mut schema = schema;
    if let (Some(description), Some(fields)) = (place.get("description"), schema.as_object_mut()) {
        fields.insert("description".to_owned(), description.clone());
    }
    schema
}
