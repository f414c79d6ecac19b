//! Digests of review records: the canonical JSON that they are computed over, and the id of a verdict.
//!
//! Canonical is what RFC 8785 (JSON Canonicalization Scheme) calls so, for the records that we keep: no white space, keys in
//! order, strings escaped as little as JSON allows, whole numbers alone. Anyone can compute an id again from an exported
//! verdict, also after its texts were erased: the id is computed over their digests.
//!
//! A digest shows that a record was not changed by accident or in passing. It is no signature: whoever may write the whole
//! file may compute every digest anew.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::record::{Feedback, Private, VerdictRecord};
use crate::corpus::hex;

/// What stands before a digest that has taken the place of texts.
const MARK: &str = "sha256:";

/// SHA-256 of a text's UTF-8 bytes, in hexadecimal.
pub fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// A value as canonical JSON. Numbers stand as `serde_json` writes them, so values with fractions are not fit for digests
/// that others compute.
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// SHA-256 of the feedback's canonical JSON, in hexadecimal.
pub fn feedback_sha256(feedback: &Feedback) -> String {
    let text = |field: &Private| Value::from(field.as_str());
    let value =
        serde_json::json!({"fix": text(&feedback.fix), "what": text(&feedback.what), "why": text(&feedback.why)});
    sha256(&canonical(&value))
}

/// What takes the place of the searches of a trail in the id, and in the trail itself once they are erased: nothing for
/// none, else one text, `sha256:` and the digest of their canonical list. Such a text stands for itself.
pub fn searches_digest(searches: &[Private]) -> Vec<Private> {
    match searches {
        [] => Vec::new(),
        [one] if is_digest(one.as_str()) => vec![one.clone()],
        many => {
            let list = Value::Array(many.iter().map(|one| Value::from(one.as_str())).collect());
            vec![Private(format!("{MARK}{}", sha256(&canonical(&list))))]
        }
    }
}

/// The canonical JSON that a verdict's id is the SHA-256 of: without `id` and `feedback`, whose digest it has in
/// `feedback_sha256`, and with [`searches_digest`] in place of the searches.
pub fn verdict_body(verdict: &VerdictRecord) -> String {
    let mut told = verdict.clone();
    told.feedback = None;
    if let Some(trail) = &mut told.trail {
        trail.searches = searches_digest(&trail.searches);
    }
    let mut value = serde_json::to_value(&told).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.remove("id");
        object.remove("feedback");
    }
    canonical(&value)
}

/// The id that a verdict has by all else that it says.
pub fn verdict_id(verdict: &VerdictRecord) -> String {
    sha256(&verdict_body(verdict))
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix(MARK).is_some_and(|rest| {
        rest.len() == 64 && rest.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(object) => {
            let mut keys: Vec<&String> = object.keys().collect();
            // RFC 8785 orders by UTF-16 code units, which differs from the order of bytes beyond the basic plane.
            keys.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (at, key) in keys.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(object.get(key).unwrap_or(&Value::Null), out);
            }
            out.push('}');
        }
        plain => out.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::record::{Reviewer, Task, Trail, Verdict};
    use super::*;

    fn verdict() -> VerdictRecord {
        VerdictRecord {
            id: String::new(),
            review: "r-000000000001".to_owned(),
            claim: "c1".to_owned(),
            task: Task::First,
            verdict: Some(Verdict::NotAddressed),
            reviewer: Reviewer { id: "r7".to_owned(), role: "nurse".to_owned() },
            snapshot: "9f2c".to_owned(),
            at: "2026-01-02T03:04:05Z".parse().expect("a time"),
            previous: None,
            evidence: Vec::new(),
            trail: Some(Trail { searches: vec!["one".into(), "two".into()], ..Trail::default() }),
            errors: Vec::new(),
            harm: None,
            feedback: Some(Feedback { what: "w".into(), why: "y".into(), fix: "f".into() }),
            feedback_sha256: Some(sha256(r#"{"fix":"f","what":"w","why":"y"}"#)),
            seconds: 9,
            blind: false,
            needs_adjudication: false,
            taxonomy: "groundline/1".to_owned(),
        }
    }

    #[test]
    fn canonical_json_has_ordered_keys_and_no_white_space() {
        let value = json!({"b": [1, true, null], "a": {"z": "\u{1}\"\\/é", "A": ""}, "": 0});
        assert_eq!(canonical(&value), "{\"\":0,\"a\":{\"A\":\"\",\"z\":\"\\u0001\\\"\\\\/é\"},\"b\":[1,true,null]}");
    }

    #[test]
    fn keys_beyond_the_basic_plane_are_ordered_by_utf_16() {
        // The example of RFC 8785, 3.2.3: U+1F600 comes before U+FB33, as its first code unit is 0xD83D.
        assert_eq!(canonical(&json!({"\u{fb33}": 1, "\u{1f600}": 2})), "{\"\u{1f600}\":2,\"\u{fb33}\":1}");
    }

    #[test]
    fn an_id_is_over_exactly_these_bytes() {
        let searched = sha256(r#"["one","two"]"#);
        let feedback = sha256(r#"{"fix":"f","what":"w","why":"y"}"#);
        let expected = format!(
            concat!(
                r#"{{"at":"2026-01-02T03:04:05Z","blind":false,"claim":"c1","errors":[],"evidence":[],"#,
                r#""feedback_sha256":"{}","harm":null,"needs_adjudication":false,"previous":null,"#,
                r#""review":"r-000000000001","reviewer":{{"id":"r7","role":"nurse"}},"seconds":9,"snapshot":"9f2c","#,
                r#""task":"first","taxonomy":"groundline/1","trail":{{"coverage":null,"documents_considered":0,"#,
                r#""passages":[],"searches":["sha256:{}"]}},"verdict":"not_addressed"}}"#
            ),
            feedback, searched
        );
        assert_eq!(verdict_body(&verdict()), expected);
        assert_eq!(verdict_id(&verdict()), sha256(&expected));
    }

    #[test]
    fn erasing_the_texts_leaves_the_id() {
        let whole = verdict();
        let mut erased = whole.clone();
        erased.feedback = None;
        let trail = erased.trail.as_mut().expect("a trail");
        trail.searches = searches_digest(&trail.searches);
        assert!(trail.searches[0].as_str().starts_with("sha256:"));
        assert_eq!(verdict_id(&erased), verdict_id(&whole));
    }

    #[test]
    fn every_other_field_changes_the_id() {
        let whole = verdict_id(&verdict());
        let changes: [fn(&mut VerdictRecord); 9] = [
            |one| one.claim.push('0'),
            |one| one.verdict = None,
            |one| one.reviewer.role.push('x'),
            |one| one.seconds += 1,
            |one| one.blind = true,
            |one| one.previous = Some(String::new()),
            |one| one.feedback_sha256 = None,
            |one| one.trail = None,
            |one| one.trail.as_mut().expect("a trail").searches.reverse(),
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut other = verdict();
            change(&mut other);
            assert_ne!(verdict_id(&other), whole, "change {at}");
        }
    }
}
