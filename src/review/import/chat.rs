//! Chat messages, as OpenAI's and Anthropic's interfaces take and give them, and plain objects with a prompt and a response.
//!
//! A file is one conversation (an object or a bare list of messages), a list of conversations, or one a line. The last
//! assistant turn that has text is the response; what stands before it is the prompt.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::collect::{Collector, Part, Reason, Sample};
use super::json::{self, Fields, Items};
use super::{Error, table, text};

/// One turn.
pub(super) struct Turn {
    role: String,
    text: String,
}

/// Reads a file of conversations.
pub(super) fn read(bytes: &[u8], collector: &mut Collector) -> Result<(), Error> {
    let decoded = text::decoded(bytes);
    let clean = decoded.as_deref().map(json::without_nan);
    if let Ok(whole) = &clean {
        if let Ok(items) = serde_json::from_str::<Items<'_>>(whole) {
            many(&items, collector);
            return Ok(());
        }
        let one = serde_json::from_str::<Fields<'_>>(whole);
        match one {
            Ok(fields) => {
                collector.take(|| "sample 1".to_owned(), of_object(&fields));
                return Ok(());
            }
            // A single broken object is a broken file; several lines may be one conversation each.
            Err(error) if whole.trim().lines().count() < 2 || !one_a_line(whole) => {
                return Err(Error::NotJson { line: error.line(), column: error.column() });
            }
            Err(_) => {}
        }
    }
    for (number, line) in text::lines(bytes) {
        let clean = line.map(json::without_nan);
        let sample = clean.as_ref().map_err(Clone::clone).and_then(|line| of_line(line));
        if !collector.take(|| format!("line {number}"), sample) {
            break;
        }
    }
    Ok(())
}

/// Whether at least one line is JSON by itself.
fn one_a_line(text: &str) -> bool {
    text.lines().map(str::trim).take(1000).any(|line| {
        matches!(line.as_bytes().first(), Some(b'{' | b'[')) && serde_json::from_str::<&RawValue>(line).is_ok()
    })
}

/// A bare list of messages is one conversation; any other list holds one a sample.
fn many(items: &Items<'_>, collector: &mut Collector) {
    let is_message =
        |raw: &&RawValue| serde_json::from_str::<Fields<'_>>(raw.get()).is_ok_and(|fields| fields.has("role"));
    if items.0.first().is_some_and(is_message) {
        collector.take(|| "sample 1".to_owned(), conversation(turns(items), Sample::default()));
        return;
    }
    for (at, item) in items.0.iter().enumerate() {
        if !collector.take(|| format!("sample {}", at + 1), of_line(item.get())) {
            break;
        }
    }
}

fn of_line(line: &str) -> Result<Sample<'_>, Reason> {
    if line.starts_with('[') {
        return conversation(turns(&json::sample(line)?), Sample::default());
    }
    of_object(&json::sample(line)?)
}

fn of_object<'a>(fields: &Fields<'a>) -> Result<Sample<'a>, Reason> {
    const READ: [&str; 8] = ["messages", "choices", "output", "content", "role", "model", "id", "system"];
    let mut turns = Vec::new();
    turns.extend(fields.get("system").and_then(content).map(|text| Turn { role: "system".to_owned(), text }));
    for name in ["messages", "input"] {
        turns.extend(
            fields
                .get(name)
                .and_then(|raw| serde_json::from_str::<Items<'_>>(raw.get()).ok())
                .iter()
                .flat_map(self::turns),
        );
    }
    let asked = turns.len();
    turns.extend(answered(fields));
    if turns.is_empty() || !turns.iter().any(Turn::answers) {
        return table::of_fields(fields);
    }
    // What the model gave beside its messages is the answer, whatever the request ended with.
    let ended = turns.len() > asked;
    let read = |name: &str| READ.contains(&name) || name == "input" && asked > 0;
    let kept = fields.0.iter().filter(|(name, _)| !read(name));
    let sample = Sample {
        model: fields.get("model").and_then(json::scalar),
        id: fields.get("id").and_then(json::scalar),
        metadata: kept.map(|(name, raw)| (name.to_string(), Part::Raw(raw))).collect(),
        ..Sample::default()
    };
    if ended { conversation(turns, sample) } else { conversation(turns.into_iter().take(asked).collect(), sample) }
}

/// What an answer of an interface holds: `choices` (OpenAI chat), `output` (OpenAI responses), or `role` and `content`
/// (Anthropic).
fn answered(fields: &Fields<'_>) -> Vec<Turn> {
    if let Some(choices) = fields.get("choices").and_then(|raw| serde_json::from_str::<Items<'_>>(raw.get()).ok()) {
        let first = choices.0.first().and_then(|raw| serde_json::from_str::<Fields<'_>>(raw.get()).ok());
        return first.and_then(|choice| turn(choice.get("message")?)).into_iter().collect();
    }
    if let Some(output) = fields.get("output").and_then(|raw| serde_json::from_str::<Items<'_>>(raw.get()).ok()) {
        return turns(&output);
    }
    match (fields.get("role").and_then(json::scalar), fields.get("content").and_then(content)) {
        (Some(role), Some(text)) => vec![Turn { role, text }],
        _ => Vec::new(),
    }
}

impl Turn {
    fn answers(&self) -> bool {
        matches!(self.role.as_str(), "assistant" | "model") && !self.text.trim().is_empty()
    }
}

/// The messages that have a role and text; pictures, calls of tools and the like have none.
pub(super) fn turns(items: &Items<'_>) -> Vec<Turn> {
    items.0.iter().filter_map(|raw| turn(raw)).collect()
}

fn turn(raw: &RawValue) -> Option<Turn> {
    let fields: Fields<'_> = serde_json::from_str(raw.get()).ok()?;
    Some(Turn { role: fields.get("role").and_then(json::scalar)?, text: fields.get("content").and_then(content)? })
}

/// A message's text: a string, or its text parts one after the other. Reasoning, pictures and calls are no part of it.
pub(super) fn content(raw: &RawValue) -> Option<String> {
    if raw.get().starts_with('"') {
        return json::scalar(raw);
    }
    let items: Items<'_> = serde_json::from_str(raw.get()).ok()?;
    let texts: Vec<String> = items.0.iter().filter_map(|part| text_part(part)).collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

fn text_part(raw: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct TextPart<'a> {
        #[serde(borrow, rename = "type")]
        kind: Option<Cow<'a, str>>,
        text: Option<String>,
    }
    if raw.get().starts_with('"') {
        return json::scalar(raw);
    }
    let part: TextPart<'_> = serde_json::from_str(raw.get()).ok()?;
    let is_text = part.kind.is_none_or(|kind| matches!(&*kind, "text" | "output_text" | "input_text"));
    part.text.filter(|_| is_text)
}

/// The last turn that answers, and what stands before it.
fn conversation<'a>(mut turns: Vec<Turn>, sample: Sample<'a>) -> Result<Sample<'a>, Reason> {
    let Some(last) = turns.iter().rposition(Turn::answers) else {
        return Err("no assistant turn with text".into());
    };
    turns.truncate(last + 1);
    let text = turns.pop().map(|turn| turn.text).unwrap_or_default();
    Ok(Sample { text, prompt: prompt(&turns), ..sample })
}

/// The text of the last assistant turn that has any.
pub(super) fn last_answer(items: &Items<'_>) -> Option<String> {
    turns(items).into_iter().rfind(Turn::answers).map(|turn| turn.text)
}

/// Messages as one text: a single one of the user as it is, several each after its role's name.
pub(super) fn prompt(turns: &[Turn]) -> Option<String> {
    match turns {
        [] => None,
        [only] if only.role == "user" => Some(only.text.clone()),
        _ => {
            let named: Vec<String> =
                turns.iter().map(|turn| format!("{}: {}", role_name(&turn.role), turn.text.trim())).collect();
            Some(named.join("\n\n"))
        }
    }
}

fn role_name(role: &str) -> String {
    let known = match role {
        "system" | "developer" => "System",
        "user" | "human" => "User",
        "assistant" | "model" => "Assistant",
        "tool" | "function" => "Tool",
        other => other,
    };
    known.chars().take(40).collect()
}
