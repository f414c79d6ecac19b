//! What of a message is looked at before the SDK reads it: that it is JSON, not too large, and not of so many values that
//! reading it would take many times its own size in memory.
//!
//! The SDK reads a message whole, and would refuse all of it for one half of a surrogate pair in one claim. Such a half is
//! replaced by [`NO_CHARACTER`], which no text has, so that the item that holds it is refused and no other.
//!
//! A message that is refused is answered by the JSON-RPC error that fits, with its id where that can be told: a client that
//! is told nothing would wait. Errors repeat nothing of the message.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::view::answer;

/// Largest message, in bytes: 100 claims with a paragraph each are a fifth of it.
pub(super) const LARGEST: usize = 1024 * 1024;
/// Most values of one message; a call of 100 claims, each with a patient, has a few thousand.
const MOST_VALUES: usize = 50_000;
/// A noncharacter (Unicode 16, section 23.7), in the place of half a surrogate pair.
const NO_CHARACTER: char = '\u{ffff}';
/// The same as JSON escapes it, in as many bytes as it replaces.
const ESCAPED: &[u8; 6] = b"\\uffff";
/// Longest id that is given back, in bytes.
const LONGEST_ID: usize = 200;

/// Why a message is not read; the numbers are JSON-RPC's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is not JSON in UTF-8.
    NotJson,
    /// It is JSON, but no message of the protocol.
    NotAMessage,
    /// It is too large, or has too many values.
    TooLarge,
    /// There is too much under way.
    Busy,
    /// It did not arrive in time.
    TooSlow,
}

impl Fault {
    fn code(self) -> i32 {
        match self {
            Fault::NotJson => -32700,
            Fault::NotAMessage | Fault::TooLarge => -32600,
            Fault::Busy | Fault::TooSlow => -32603,
        }
    }

    fn message(self) -> String {
        match self {
            Fault::NotJson => "The message is not JSON in UTF-8.".to_owned(),
            Fault::NotAMessage => "The message is no JSON-RPC 2.0 request of the Model Context Protocol.".to_owned(),
            Fault::TooLarge => {
                format!(
                    "The message is too large: at most {LARGEST} bytes and {MOST_VALUES} values. Send fewer claims."
                )
            }
            Fault::Busy => "Too many calls at once. Try again in a moment.".to_owned(),
            Fault::TooSlow => "The message did not arrive in time.".to_owned(),
        }
    }

    /// The answer to a message with this id; one that is not known is left out (MCP 2026-07-28, error responses).
    pub(super) fn answer(self, id: Option<Value>) -> Vec<u8> {
        let error = json!({"code": self.code(), "message": self.message()});
        let answer = match id {
            Some(id) => json!({"jsonrpc": "2.0", "id": id, "error": error}),
            None => json!({"jsonrpc": "2.0", "error": error}),
        };
        answer.to_string().into_bytes()
    }
}

/// Looks at a whole message, and gives it in a form that can be read: itself, or a copy without halves of surrogate pairs.
///
/// # Errors
/// [`Fault::NotJson`], [`Fault::NotAMessage`] where it is no object, [`Fault::TooLarge`].
pub(super) fn check(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Fault> {
    if bytes.len() > LARGEST {
        return Err(Fault::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::NotJson)?;
    serde_json::from_str::<IgnoredAny>(text).map_err(|_| Fault::NotJson)?;
    if !text.trim_start().starts_with('{') {
        return Err(Fault::NotAMessage);
    }
    if values(bytes) > MOST_VALUES {
        return Err(Fault::TooLarge);
    }
    let mut readable = Cow::Borrowed(bytes);
    for at in answer::half_pairs(bytes) {
        if let Some(half) = readable.to_mut().get_mut(at..at + ESCAPED.len()) {
            half.copy_from_slice(ESCAPED);
        }
    }
    Ok(readable)
}

/// Whether a value, or anything in it, is a text that was not one: see [`check`].
pub(super) fn holds_no_text(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(NO_CHARACTER),
        Value::Array(values) => values.iter().any(holds_no_text),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains(NO_CHARACTER) || holds_no_text(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// How many values JSON text has, at most: what stands between commas and brackets outside of strings.
fn values(json: &[u8]) -> usize {
    let (mut count, mut quoted, mut escaped) = (1, false, false);
    for byte in json {
        match (quoted, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => quoted = !quoted,
            (false, b',' | b'[' | b'{') => count += 1,
            _ => {}
        }
    }
    count
}

/// The id of a message that was checked and is refused all the same.
pub(super) fn id_of(bytes: &[u8]) -> Option<Value> {
    #[derive(Deserialize)]
    struct Head {
        id: Option<Value>,
    }
    // The library would also read the fields of an object from an array.
    bytes.trim_ascii_start().strip_prefix(b"{")?;
    id(serde_json::from_slice::<Head>(bytes).ok()?.id?)
}

/// The id of a message of which only its first and its last bytes are known; `None` where that is not certain.
///
/// Clients write a message's id beside its method, before the arguments or after them.
pub(super) fn id_of_ends(first: &[u8], last: &[u8]) -> Option<Value> {
    let last = String::from_utf8_lossy(last);
    let after = last.trim_end().strip_suffix('}').and_then(|text| Some(text.rsplit_once("\"id\":")?.1));
    if let Some(id) = after.and_then(|text| serde_json::from_str(text).ok()).and_then(id) {
        return Some(id);
    }
    let first = String::from_utf8_lossy(first);
    let before = first.split_once("\"params\"").map_or(&*first, |(before, _)| before);
    let (_, after) = before.split_once("\"id\":")?;
    id(serde_json::from_str(after.split_once(',')?.0).ok()?)
}

fn id(value: Value) -> Option<Value> {
    match &value {
        Value::Number(_) => Some(value),
        Value::String(text) if text.len() <= LONGEST_ID => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_take_too_much_memory_is_not_read() {
        let ping = br#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
        assert_eq!(check(ping).as_deref(), Ok(&ping[..]));
        let many = format!(r#"{{"id":1,"params":[{}0]}}"#, "0,".repeat(MOST_VALUES));
        assert_eq!(check(many.as_bytes()), Err(Fault::TooLarge));
        let deep = format!(r#"{{"id":{}"#, "[".repeat(100_000));
        assert_eq!(check(deep.as_bytes()), Err(Fault::NotJson));
        let long = format!(r#"{{"id":1,"params":"{}"}}"#, "x".repeat(LARGEST));
        assert_eq!(check(long.as_bytes()), Err(Fault::TooLarge));
        // Commas and brackets of a claim are no values.
        let text = format!(r#"{{"id":1,"params":"{}"}}"#, ",[{\\\"".repeat(MOST_VALUES));
        assert!(check(text.as_bytes()).is_ok());
        for text in [&b"\xff{}"[..], b"", b"{", b"nonsense", b"{} {}"] {
            assert_eq!(check(text), Err(Fault::NotJson));
        }
        assert_eq!(check(b"[]"), Err(Fault::NotAMessage));
    }

    #[test]
    fn half_a_surrogate_pair_becomes_no_character() {
        let message = br#"{"id":1,"params":["\ud83d\ude00",{"a":["x \ud800"]},{"\udfff":1}]}"#;
        let read = check(message).expect("a message");
        let value: Value = serde_json::from_slice(&read).expect("readable");
        let found: Vec<bool> = value["params"].as_array().expect("values").iter().map(holds_no_text).collect();
        assert_eq!(found, [false, true, true]);
    }

    #[test]
    fn a_refused_message_keeps_its_id() {
        assert_eq!(id_of(br#"{"id":"a","method":3}"#), Some(json!("a")));
        assert_eq!(id_of(br#"{"id":{"a":1}}"#), None);
        assert_eq!(id_of(b"[1]"), None);
        let first = br#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"arguments":{"id":8,"#;
        assert_eq!(id_of_ends(first, b"xxx\"}}"), Some(json!(7)));
        assert_eq!(
            id_of_ends(b"{\"method\":\"tools/call\",\"par", b"}},\"jsonrpc\":\"2.0\",\"id\":\"x1\"}\n"),
            Some(json!("x1"))
        );
        assert_eq!(
            id_of_ends(b"{\"params\":{\"id\":8,", b"\"id\":\"a1\"}}}\n"),
            None,
            "ids of claims are not the message's"
        );
    }

    #[test]
    fn a_refusal_repeats_nothing() {
        for fault in [Fault::NotJson, Fault::NotAMessage, Fault::TooLarge, Fault::Busy, Fault::TooSlow] {
            let answer: Value = serde_json::from_slice(&fault.answer(None)).expect("JSON");
            assert!(answer.get("id").is_none() && answer["error"]["code"].as_i64().is_some_and(|code| code < -32000));
        }
    }
}
