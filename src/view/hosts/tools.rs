//! Definitions of tools for a model, made from the API's own description so that they cannot drift from it.
//!
//! References are put in their places, as a tool's schema stands alone; examples in OpenAPI's form become JSON Schema's.
//! The description is an argument: this module knows no surface.

use serde_json::{Map, Value, json};

/// Whose tool definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// `function` tools of OpenAI's Responses API.
    OpenAi,
    /// `function` tools of OpenAI's Chat Completions, which most harnesses take.
    OpenAiChat,
    /// Tools of Anthropic's Messages API.
    Anthropic,
}

impl Flavour {
    /// The flavour of this name: `openai`, `openai-chat` or `anthropic`.
    pub fn named(name: &str) -> Option<Flavour> {
        match name {
            "openai" => Some(Flavour::OpenAi),
            "openai-chat" => Some(Flavour::OpenAiChat),
            "anthropic" => Some(Flavour::Anthropic),
            _ => None,
        }
    }
}

/// Why there are no definitions.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The description lacks what a tool is made from.
    #[error("the API description has no {0}")]
    Missing(String),
    /// A schema refers to itself, or refers deeper than is followed.
    #[error("the schema {0} refers to itself or too deep")]
    TooDeep(String),
    /// A reference leads out of the description.
    #[error("the reference {0:?} leads nowhere")]
    Dangling(String),
}

/// Deepest nesting of a schema, references followed.
const DEEPEST: usize = 64;

/// What a tool is made from: its name, the call that answers it, the schema of the call's body, what it does.
struct Plan {
    name: &'static str,
    path: &'static str,
    /// A named schema, where the call takes several forms; else the body's own.
    schema: Option<&'static str>,
    description: &'static str,
}

/// A tool a call that a model may want. Their descriptions are constants: nothing of a document or a request is in them.
const PLANS: &[Plan] = &[
    Plan {
        name: "search",
        path: "/v1/evidence",
        schema: Some("LineRequest"),
        description: "Finds passages of clinical guidelines for one claim or a few key words: verbatim, ranked, each with its \
            document, grade and status, superseded editions marked. No passage, or coverage not_addressed, means that nothing \
            was found, not that the claim is right or wrong.",
    },
    Plan {
        name: "check_claims",
        path: "/v1/evidence",
        schema: Some("BatchRequest"),
        description: "Finds passages of clinical guidelines for each of many claims in one call. Results come in the order of \
            the items, under their ids, each with status and coverage of its own. A hint is a machine's reading of one \
            passage, never a verdict.",
    },
    Plan {
        name: "citations_check",
        path: "/v1/citations/check",
        schema: None,
        description: "Finds the citations that a text gives (guidelines by body and year, links, DOIs, PMIDs) and says of each \
            whether the document is held here, whether it is current or superseded by what, and whether a passage of it speaks of \
            the statement. Unknown means not held here, never made up.",
    },
];

/// The tools, from the API's description (OpenAPI 3.1).
///
/// # Errors
/// [`Error`] where the description has not what a tool needs.
pub fn tools(api: &Value, flavour: Flavour) -> Result<Value, Error> {
    PLANS
        .iter()
        .map(|plan| Ok(definition(plan, parameters(api, plan)?, flavour)))
        .collect::<Result<Vec<_>, _>>()
        .map(Value::Array)
}

fn definition(plan: &Plan, parameters: Value, flavour: Flavour) -> Value {
    let Plan { name, description, .. } = plan;
    match flavour {
        Flavour::OpenAi => json!({
            "type": "function", "name": name, "description": description, "parameters": parameters, "strict": false,
        }),
        Flavour::OpenAiChat => json!({
            "type": "function",
            "function": {"name": name, "description": description, "parameters": parameters, "strict": false},
        }),
        Flavour::Anthropic => json!({"name": name, "description": description, "input_schema": parameters}),
    }
}

/// The schema of a call's body, without references.
fn parameters(api: &Value, plan: &Plan) -> Result<Value, Error> {
    let missing = || Error::Missing(format!("POST {} with a JSON body", plan.path));
    let call = api
        .get("paths")
        .and_then(|paths| paths.get(plan.path))
        .and_then(|item| item.get("post"))
        .ok_or_else(missing)?;
    let body = call.pointer("/requestBody/content/application~1json/schema").ok_or_else(missing)?;
    let schema = match plan.schema {
        Some(name) => api
            .pointer(&format!("/components/schemas/{name}"))
            .ok_or_else(|| Error::Missing(format!("schema {name}")))?,
        None => body,
    };
    let mut schema = resolved(api, schema, plan.name, 0)?;
    // Hosts take an object with properties and nothing else.
    if let Some(object) = schema.as_object_mut() {
        object.remove("title");
        object.entry("type").or_insert_with(|| json!("object"));
    }
    Ok(schema)
}

/// A schema with what its references lead to in their places.
fn resolved(api: &Value, schema: &Value, tool: &str, depth: usize) -> Result<Value, Error> {
    if depth > DEEPEST {
        return Err(Error::TooDeep(tool.to_owned()));
    }
    match schema {
        Value::Array(items) => items.iter().map(|one| resolved(api, one, tool, depth + 1)).collect(),
        Value::Object(object) => resolved_object(api, object, tool, depth),
        other => Ok(other.clone()),
    }
}

fn resolved_object(api: &Value, object: &Map<String, Value>, tool: &str, depth: usize) -> Result<Value, Error> {
    let mut whole = Map::new();
    if let Some(Value::String(reference)) = object.get("$ref") {
        let target = reference.strip_prefix('#').and_then(|pointer| api.pointer(pointer));
        let target = target.ok_or_else(|| Error::Dangling(reference.clone()))?;
        if let Value::Object(target) = resolved(api, target, tool, depth + 1)? {
            whole = target;
        }
    }
    for (key, value) in object {
        match key.as_str() {
            "$ref" => {}
            // Data, however it looks.
            "examples" | "default" | "enum" | "const" => {
                whole.insert(key.clone(), value.clone());
            }
            // A property may have this name; an example that is OpenAPI's stands beside what says what is allowed.
            "example" if ["type", "$ref", "oneOf", "enum"].iter().any(|key| object.contains_key(*key)) => {
                whole.insert("examples".to_owned(), json!([value]));
            }
            _ => {
                whole.insert(key.clone(), resolved(api, value, tool, depth + 1)?);
            }
        }
    }
    Ok(Value::Object(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api() -> Value {
        let body = |name: &str| {
            json!({"post": {"requestBody": {"content": {"application/json": {"schema":
                {"$ref": format!("#/components/schemas/{name}")}}}}}})
        };
        json!({
            "paths": {"/v1/evidence": body("EvidenceRequest"), "/v1/citations/check": body("CitationsRequest")},
            "components": {"schemas": {
                "EvidenceRequest": {"oneOf": [{"$ref": "#/components/schemas/LineRequest"}]},
                "LineRequest": {"type": "object", "required": ["claim"], "properties": {
                    "claim": {"type": "string", "example": "Aspirin."},
                    "patient": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Patient"}]},
                    "example": {"type": "string"},
                }},
                "BatchRequest": {"type": "object", "properties": {"items": {"type": "array",
                    "items": {"$ref": "#/components/schemas/LineRequest", "description": "one"}}}},
                "CitationsRequest": {"type": "object", "properties": {"text": {"type": "string"}}},
                "Patient": {"type": "object", "properties": {"age": {"type": "integer", "enum": [{"$ref": "x"}]}}},
            }},
        })
    }

    #[test]
    fn definitions_stand_alone() {
        let all = tools(&api(), Flavour::Anthropic).expect("tools");
        let names: Vec<&Value> = all.as_array().expect("an array").iter().map(|tool| &tool["name"]).collect();
        assert_eq!(names, ["search", "check_claims", "citations_check"]);
        let search = &all[0]["input_schema"]["properties"];
        assert_eq!(search["claim"], json!({"type": "string", "examples": ["Aspirin."]}));
        assert_eq!(search["patient"]["oneOf"][1]["properties"]["age"]["type"], "integer");
        assert_eq!(
            search["patient"]["oneOf"][1]["properties"]["age"]["enum"],
            json!([{"$ref": "x"}]),
            "data is left alone"
        );
        assert_eq!(search["example"], json!({"type": "string"}), "a property of this name is a property");
        let item = &all[1]["input_schema"]["properties"]["items"]["items"];
        assert_eq!((&item["description"], &item["required"]), (&json!("one"), &json!(["claim"])));
    }

    #[test]
    fn each_host_has_its_form() {
        let tool = |flavour| tools(&api(), flavour).expect("tools")[2].clone();
        assert_eq!(tool(Flavour::OpenAi)["parameters"], tool(Flavour::Anthropic)["input_schema"]);
        assert_eq!(tool(Flavour::OpenAiChat)["function"]["parameters"], tool(Flavour::Anthropic)["input_schema"]);
        assert_eq!(tool(Flavour::OpenAi)["type"], "function");
        assert_eq!(Flavour::named("openai"), Some(Flavour::OpenAi));
        assert_eq!(Flavour::named("other"), None);
    }

    #[test]
    fn a_description_that_is_not_whole_is_refused() {
        let mut lacking = api();
        lacking["paths"].as_object_mut().expect("paths").remove("/v1/citations/check");
        assert!(matches!(tools(&lacking, Flavour::OpenAi), Err(Error::Missing(_))));
        let mut circular = api();
        circular["components"]["schemas"]["Patient"]["properties"]["self"] =
            json!({"$ref": "#/components/schemas/Patient"});
        assert_eq!(tools(&circular, Flavour::OpenAi), Err(Error::TooDeep("search".to_owned())));
        let mut dangling = api();
        dangling["components"]["schemas"]["LineRequest"]["properties"]["x"] = json!({"$ref": "#/nowhere"});
        assert_eq!(tools(&dangling, Flavour::OpenAi), Err(Error::Dangling("#/nowhere".to_owned())));
    }
}
