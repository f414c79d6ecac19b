//! Whether a value fits a JSON Schema, as far as the schemas of our tools go.

use serde_json::Value;

/// What of a value does not fit a schema, as far as our schemas go; what this does not know is a fault of the test.
pub(super) fn fits(schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    compare(schema, schema, value, "", &mut faults);
    faults
}

fn compare(whole: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    for (keyword, asked) in schema.as_object().expect("a schema is an object") {
        let holds = match keyword.as_str() {
            "$ref" => {
                let part = asked.as_str().and_then(|part| whole.pointer(part.trim_start_matches('#'))).expect("a part");
                compare(whole, part, value, at, faults);
                true
            }
            "type" => match asked {
                Value::Array(names) => names.iter().any(|name| is(name, value)),
                name => is(name, value),
            },
            "required" => asked.as_array().is_some_and(|names| {
                !value.is_object() || names.iter().all(|name| value.get(name.as_str().expect("a name")).is_some())
            }),
            "properties" => {
                for (name, part) in asked.as_object().expect("properties") {
                    if let Some(field) = value.get(name) {
                        compare(whole, part, field, &format!("{at}/{name}"), faults);
                    }
                }
                true
            }
            "additionalProperties" => match asked {
                Value::Bool(false) => value
                    .as_object()
                    .is_none_or(|fields| fields.keys().all(|name| schema["properties"].get(name).is_some())),
                part => {
                    for (name, field) in value.as_object().into_iter().flatten() {
                        if schema.get("properties").is_none_or(|named| named.get(name).is_none()) {
                            compare(whole, part, field, &format!("{at}/{name}"), faults);
                        }
                    }
                    true
                }
            },
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    compare(whole, asked, item, &format!("{at}/{index}"), faults);
                }
                true
            }
            "oneOf" | "anyOf" => asked.as_array().is_some_and(|parts| {
                parts.iter().any(|part| {
                    let mut none = Vec::new();
                    compare(whole, part, value, at, &mut none);
                    none.is_empty()
                })
            }),
            "allOf" => {
                asked.as_array().into_iter().flatten().for_each(|part| compare(whole, part, value, at, faults));
                true
            }
            "enum" => asked.as_array().is_some_and(|values| values.contains(value)),
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= asked.as_u64().expect("a number")),
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= asked.as_u64().expect("a number")),
            "minLength" => {
                value.as_str().is_none_or(|text| text.chars().count() as u64 >= asked.as_u64().expect("a number"))
            }
            "maxLength" => {
                value.as_str().is_none_or(|text| text.chars().count() as u64 <= asked.as_u64().expect("a number"))
            }
            "minimum" => value.as_f64().is_none_or(|number| number >= asked.as_f64().expect("a number")),
            "maximum" => value.as_f64().is_none_or(|number| number <= asked.as_f64().expect("a number")),
            // Of a text's form the service itself judges.
            "format" | "pattern" | "description" | "default" | "$defs" | "propertyNames" => true,
            other => panic!("the test does not know {other}"),
        };
        if !holds {
            faults.push(format!("{keyword} at {at}"));
        }
    }
}

fn is(name: &Value, value: &Value) -> bool {
    match name.as_str().expect("a type's name") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => panic!("the test does not know the type {other}"),
    }
}
