//! JSON of strangers: borrowed rather than built, bounded in depth, and read although numbers are missing.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::Value;
use serde_json::value::RawValue;

use super::collect::Reason;
use super::{Error, limits};

/// Reads `text` as `T`.
pub(super) fn whole<'a, T: Deserialize<'a>>(
    text: &'a str,
    format: &'static str,
    expected: &'static str,
) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Error::Shape { format, expected },
        _ => Error::NotJson { line: error.line(), column: error.column() },
    })
}

/// Reads one sample as `T`; the reason tells where it breaks, not what stands there.
pub(super) fn sample<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Reason> {
    serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => "the sample has another shape".into(),
        serde_json::error::Category::Eof => "the JSON ends too early".into(),
        _ => format!("not JSON (column {})", error.column()).into(),
    })
}

/// The value, or `None` where it is nested deeper than [`limits::DEPTH`].
pub(super) fn value(raw: &RawValue) -> Option<Value> {
    (depth(raw.get()) <= limits::DEPTH).then(|| serde_json::from_str(raw.get()).ok()).flatten()
}

/// A string, a number or a truth value as text; `None` for anything else.
pub(super) fn scalar(raw: &RawValue) -> Option<String> {
    match raw.get().as_bytes().first()? {
        b'"' => serde_json::from_str(raw.get()).ok(),
        b'{' | b'[' | b'n' => None,
        _ => Some(raw.get().to_owned()),
    }
}

/// How deep arrays and objects stand within each other. `text` is JSON.
fn depth(text: &str) -> usize {
    let (mut now, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                now += 1;
                deepest = deepest.max(now);
            }
            b']' | b'}' if !quoted => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Python writes NaN and infinities as bare words, which are no JSON: each becomes `null`.
pub(super) fn without_nan(text: &str) -> Cow<'_, str> {
    const WORDS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];
    if !WORDS.iter().any(|word| text.contains(word)) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let (mut quoted, mut escaped, mut kept, mut at) = (false, false, 0, 0);
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        let bare = (!quoted)
            .then(|| WORDS.iter().find(|word| bytes.get(at..).is_some_and(|rest| rest.starts_with(word.as_bytes()))));
        if let Some(Some(word)) = bare {
            clean.push_str(text.get(kept..at).unwrap_or_default());
            clean.push_str("null");
            at += word.len();
            kept = at;
            continue;
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
        at += 1;
    }
    clean.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(clean)
}

/// An array whose elements are read one by one later; past [`limits::SAMPLES`] only their number is kept.
#[derive(Default)]
pub(super) struct Items<'a>(pub(super) Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Items<'a>, D::Error> {
        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

struct Elements<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for Elements<'a> {
    type Value = Items<'a>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Items<'a>, A::Error> {
        let mut items = Vec::new();
        // One more than is wanted, so that whoever takes them sees that there are too many.
        while items.len() <= limits::SAMPLES {
            match elements.next_element()? {
                Some(item) => items.push(item),
                None => return Ok(Items(items)),
            }
        }
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Items(items))
    }
}

/// An object as its fields, in order; at most a hundred are kept.
#[derive(Default)]
pub(super) struct Fields<'a>(pub(super) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// The first field of that name, unless it is `null`.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| *value).filter(|value| value.get() != "null")
    }

    /// Whether there is such a field.
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields<'a>, D::Error> {
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

struct Entries<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for Entries<'a> {
    type Value = Fields<'a>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Fields<'a>, A::Error> {
        let mut fields = Vec::new();
        while fields.len() < 100 {
            match entries.next_key_seed(Name(PhantomData))? {
                Some(name) => fields.push((name, entries.next_value()?)),
                None => return Ok(Fields(fields)),
            }
        }
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Fields(fields))
    }
}

/// A key, borrowed where it has no escapes.
struct Name<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> DeserializeSeed<'de> for Name<'a> {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'a, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Name<'a> {
    type Value = Cow<'a, str>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a key")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_words_become_null_and_quoted_ones_stay() {
        for (text, expected) in [
            (r#"{"a":NaN,"b":[-Infinity,Infinity]}"#, r#"{"a":null,"b":[null,null]}"#),
            (r#"{"NaN":"\"NaN, Infinity"}"#, r#"{"NaN":"\"NaN, Infinity"}"#),
            (r#"{"é":NaN}"#, r#"{"é":null}"#),
            ("[1]", "[1]"),
        ] {
            assert_eq!(without_nan(text), expected);
        }
    }

    #[test]
    fn what_is_nested_too_deep_has_no_value() {
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        let value_of = |text: String| value(&RawValue::from_string(text).expect("JSON"));
        assert!(value_of(nested(limits::DEPTH)).is_some());
        assert!(value_of(nested(limits::DEPTH + 1)).is_none());
        assert!(value_of(nested(100_000)).is_none());
        assert!(value_of(r#""[[[[\"{{{{""#.to_owned()).is_some());
    }
}
