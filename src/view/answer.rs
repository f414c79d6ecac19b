//! One item of a request, read and answered: the same for every surface, so that a claim gets the same answer, the same
//! limits and the same words about a wrong field whichever way it came in.
//!
//! Texts about faults name fields and what was expected, never the value that was sent: claims may hold health data. What
//! a whole call may hold, how it is admitted and how it is written out stay with the surfaces.

use std::fmt::Write as _;
use std::time::Instant;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use serde_path_to_error::{Path, Segment};

use super::native::ResultView;
use super::request::ItemRequest;
use crate::claim;
use crate::evidence::{self, Options};
use crate::index::{self, Recorder, Snapshot};

/// Longest id that a caller may give an item, in code points.
pub const LONGEST_ID: usize = 200;

/// What is wrong with a text that has one half of a surrogate pair (`"\ud800"`): JSON can write it, and it is no character.
pub const NO_CHARACTER: &str = "holds one half of a surrogate pair such as \\ud800, which is no character";

/// Why an item, or the options of a call, have no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A field is missing, unknown or out of its range.
    #[error("{pointer} {detail}")]
    Field {
        /// JSON Pointer (RFC 6901) to the field in the request.
        pointer: String,
        /// What is wrong and what would be right.
        detail: String,
    },
    /// The snapshot could not be read.
    #[error(transparent)]
    Index(#[from] index::Error),
}

impl Error {
    /// A field that is not valid.
    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Error {
        Error::Field { pointer: pointer.into(), detail: detail.into() }
    }

    /// An option that `evidence` refuses, as the field at `base` that asked for it.
    pub fn of_options(base: &str, options: &Options, error: evidence::Error) -> Error {
        match error {
            evidence::Error::K(_) => {
                Error::field(format!("{base}/k"), format!("is not valid: expected 1 to {}", evidence::MOST_PASSAGES))
            }
            evidence::Error::UnknownPack { name, known } => {
                let at = options.packs.iter().position(|pack| *pack == name).unwrap_or_default();
                let detail = format!("is no pack of this snapshot, which holds {known}");
                Error::field(format!("{base}/packs/{at}"), detail)
            }
            evidence::Error::Index(error) => Error::Index(error),
        }
    }

    /// The RFC 9457 problem object of an item that failed, as it stands in a result; `instance` is `#/items/3`.
    ///
    /// The cause of a fault of ours is not in it: the log has that.
    pub fn object(&self, instance: &str) -> Value {
        match self {
            Error::Field { pointer, detail } => json!({
                "type": "urn:groundline:problem:invalid",
                "title": "The request is not valid",
                "status": 422,
                "detail": format!("{pointer} {detail}"),
                "instance": instance,
                "errors": [{"pointer": pointer, "detail": detail}],
            }),
            Error::Index(_) => internal(instance),
        }
    }
}

/// The RFC 9457 problem object of an item that failed by a fault of ours.
pub fn internal(instance: &str) -> Value {
    json!({
        "type": "urn:groundline:problem:internal",
        "title": "Internal error",
        "status": 500,
        "detail": "The item failed. The log says why.",
        "instance": instance,
    })
}

/// Reads an object that stands at `base` in the request.
///
/// # Errors
/// [`Error::Field`] for the first field that is wrong; where the value is no object, for the value.
pub fn read<T: DeserializeOwned>(base: &str, value: Value) -> Result<T, Error> {
    let object = |value: &Value| value.is_object();
    if !object(&value) {
        return Err(Error::field(base, "is not valid: expected an object"));
    }
    // The library would also take the fields of these as an array.
    for name in ["patient", "filters"] {
        if value.get(name).is_some_and(Value::is_array) {
            return Err(Error::field(format!("{base}/{name}"), "is not valid: expected an object"));
        }
    }
    serde_path_to_error::deserialize(value).map_err(|error| fault(base, error.path(), error.inner()))
}

/// What is wrong with the field at `path` below `base`, from the parser's message, without what was sent.
pub fn fault(base: &str, path: &Path, error: &serde_json::Error) -> Error {
    let pointer = pointer(base, path);
    let mut message = error.to_string();
    // Of the parser's own making, and only where it read text; found anywhere else it is the caller's words.
    if let Some(short) = message.strip_suffix(&format!(" at line {} column {}", error.line(), error.column())) {
        message.truncate(short.len());
    }
    let detail = match pointer.rsplit('/').next() {
        Some("as_of") if !message.starts_with("unknown field") => {
            "is not valid: expected a day such as 2026-01-15".to_owned()
        }
        _ => expectation(&message),
    };
    Error::Field { pointer, detail }
}

/// Gathers the evidence of one item that stands at `base` in the request, and counts how its search ended.
///
/// # Errors
/// [`Error::Field`] where a field or an option is not valid, [`Error::Index`] where the snapshot cannot be read.
pub fn answer(
    snapshot: &Snapshot,
    gaps: &Recorder,
    base: &str,
    item: &ItemRequest,
    options: &Options,
) -> Result<ResultView, Error> {
    if item.id.as_ref().is_some_and(|id| id.chars().count() > LONGEST_ID) {
        return Err(Error::field(format!("{base}/id"), format!("is longer than {LONGEST_ID} characters")));
    }
    let claim = item.to_claim().map_err(|error| {
        let name = if matches!(error, claim::Error::ContextTooLong(_)) { "context" } else { "claim" };
        Error::field(format!("{base}/{name}"), error.to_string())
    })?;
    let started = Instant::now();
    let evidence =
        evidence::gather(snapshot, &claim, options).map_err(|error| Error::of_options(base, options, error))?;
    gaps.record(&snapshot.manifest().id, claim.text(), super::ending(&evidence));
    let took_ms = started.elapsed().as_secs_f64() * 1000.0;
    Ok(ResultView::of(snapshot, item.id.clone(), claim.text(), &evidence, took_ms))
}

/// What of an item can be given back when it fails.
#[derive(Clone, Default)]
pub struct Named {
    /// Its id.
    pub id: Option<String>,
    /// Its claim.
    pub claim: Option<String>,
}

impl Named {
    /// An item by its id, with its claim where it is short enough to be given back.
    pub fn new(id: String, claim: Option<String>) -> Named {
        Named { id: Some(id), claim: claim.filter(|claim| claim.chars().count() <= claim::LONGEST) }
    }

    /// The id and the claim of an item as it was sent, each where it is a text that is not too long.
    pub fn of(item: &Value) -> Named {
        let text = |name: &str, longest: usize| {
            let text = item.get(name).and_then(Value::as_str)?;
            (text.chars().count() <= longest).then(|| text.to_owned())
        };
        Named { id: text("id", LONGEST_ID), claim: text("claim", claim::LONGEST) }
    }

    /// Its result where `problem` is what went wrong, an RFC 9457 object.
    pub fn failed(self, problem: Value) -> ResultView {
        ResultView::failed(self.id, self.claim, problem)
    }
}

/// Where JSON text holds the escape of one half of a surrogate pair without the other, as byte offsets of its backslash.
///
/// The grammar of JSON allows it (RFC 8259, section 8.2), and no string can hold it.
pub fn half_pairs(json: &[u8]) -> Vec<usize> {
    let unit = |at: usize| {
        let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(byte) = json.get(at) {
        at += match (byte, unit(at)) {
            (b'\\', Some(0xd800..=0xdbff)) if matches!(unit(at + 6), Some(0xdc00..=0xdfff)) => 12,
            (b'\\', Some(0xd800..=0xdfff)) => {
                found.push(at);
                6
            }
            // The backslash and what it escapes: "\\ud800" is a backslash and five letters.
            (b'\\', _) => 2,
            _ => 1,
        };
    }
    found
}

/// A JSON Pointer (RFC 6901) to `path` below `base`.
fn pointer(base: &str, path: &Path) -> String {
    let mut pointer = base.to_owned();
    for segment in path {
        let _ = match segment {
            Segment::Seq { index } => write!(pointer, "/{index}"),
            Segment::Map { key } => write!(pointer, "/{}", escaped(key)),
            Segment::Enum { .. } | Segment::Unknown => Ok(()),
        };
    }
    pointer
}

/// A field's name within a JSON Pointer; a name no field of ours has could be anything, so it is cut.
pub fn escaped(key: &str) -> String {
    key.chars().take(64).collect::<String>().replace('~', "~0").replace('/', "~1")
}

/// What was expected, from serde's message, without what was found: that may be a claim's text.
///
/// What was found stands before the last "expected"; of messages that are not built so, nothing is repeated.
fn expectation(message: &str) -> String {
    if message.starts_with("missing field `") || message.starts_with("duplicate field `") {
        return message.to_owned();
    }
    let built = ["unknown field `", "unknown variant `", "invalid type: ", "invalid value: ", "invalid length "];
    let built = built.iter().any(|start| message.starts_with(start)) && !message.ends_with(", there are no fields");
    let expected = message.rsplit_once(", expected ").filter(|_| built).map(|(_, expected)| expected);
    match expected {
        Some(expected) if message.starts_with("unknown field `") => {
            format!("is no field of this object; expected {expected}")
        }
        Some(expected) if expected.starts_with("struct ") => "is not valid: expected an object".to_owned(),
        Some(expected) => format!("is not valid: expected {expected}"),
        None => "is not valid".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(value: Value) -> (String, String) {
        match read::<ItemRequest>("/items/3", value) {
            Err(Error::Field { pointer, detail }) => (pointer, detail),
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("read"),
        }
    }

    #[test]
    fn each_fault_names_its_field_and_repeats_nothing_else() {
        for (value, pointer) in [
            (json!({"claim": 1}), "/items/3/claim"),
            (json!({}), "/items/3"),
            (json!("HIV positive"), "/items/3"),
            (json!(["HIV positive"]), "/items/3"),
            (json!({"claim": {"a": "HIV positive"}}), "/items/3/claim"),
            (json!({"claim": "x", "patient": [66, "HIV positive", []]}), "/items/3/patient"),
            (json!({"claim": "x", "patient": {"age": "HIV positive"}}), "/items/3/patient/age"),
            (json!({"claim": "x", "a/b~c": 1}), "/items/3/a~1b~0c"),
            (json!({"claim": ["x, expected HIV positive"]}), "/items/3/claim"),
        ] {
            let (found, detail) = fault(value);
            assert_eq!(found, pointer, "{detail}");
            assert!(!detail.contains("HIV") && !detail.is_empty(), "{detail}");
        }
    }

    #[test]
    fn halves_of_surrogate_pairs_are_found() {
        for (text, expected) in [
            (r#"{"a":"x"}"#, &[][..]),
            (r#""\ud83d\ude00""#, &[]),
            (r#""\ud800""#, &[1]),
            (r#""\uD800\ud800\udc00\udfff""#, &[1, 19]),
            (r#""\\ud800""#, &[]),
            (r#""\\\ud800""#, &[3]),
            (r#""\ud8""#, &[]),
            (r#""\u+d80\"#, &[]),
        ] {
            assert_eq!(half_pairs(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_problem_has_its_field_and_no_cause() {
        let object = Error::field("/items/0/claim", "is empty").object("#/items/0");
        assert_eq!(object["errors"][0]["pointer"], "/items/0/claim");
        assert_eq!((&object["status"], &object["instance"]), (&json!(422), &json!("#/items/0")));
        assert_eq!(internal("#/items/1")["status"], 500);
    }
}
