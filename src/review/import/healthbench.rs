//! HealthBench's JSON lines: a conversation, its rubrics, and completions to judge.
//!
//! A line may hold a `completion`, several `completions`, or only the physicians' ideal one. The conversation and the
//! rubrics are metadata as they stand (`prompt`, `rubrics`), so that a rubric can be written out again.

use serde_json::value::RawValue;

use super::collect::{Collector, Part, Reason, Sample};
use super::json::{self, Fields, Items};
use super::{Error, chat, text};

/// Fields that are read, or that say nothing of the sample.
const READ: [&str; 7] =
    ["prompt", "completion", "completions", "response", "ideal_completions_data", "canary", "model"];

/// Reads a file of conversations.
pub(super) fn read(bytes: &[u8], collector: &mut Collector) -> Result<(), Error> {
    for (number, line) in text::lines(bytes) {
        let clean = line.map(json::without_nan);
        let fields = clean.as_ref().map_err(Clone::clone).and_then(|line| json::sample::<Fields<'_>>(line));
        let texts = fields.as_ref().map_err(Clone::clone).and_then(completions);
        let samples: Vec<Result<Sample<'_>, Reason>> = match (&fields, texts) {
            (Ok(fields), Ok(texts)) => {
                texts.into_iter().enumerate().map(|(at, told)| Ok(sample(fields, at, told))).collect()
            }
            (Err(reason), _) => vec![Err(reason.clone())],
            (_, Err(reason)) => vec![Err(reason)],
        };
        for sample in samples {
            if !collector.take(|| format!("line {number}"), sample) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// A completion: where it comes from, and its text.
type Completion = (&'static str, String);

fn completions(fields: &Fields<'_>) -> Result<Vec<Completion>, Reason> {
    let one = ["completion", "response"].iter().find_map(|name| fields.get(name).and_then(text_of));
    let mut found: Vec<Completion> = one.map(|text| ("model", text)).into_iter().collect();
    let several = fields.get("completions").and_then(|raw| serde_json::from_str::<Items<'_>>(raw.get()).ok());
    found.extend(several.unwrap_or_default().0.iter().filter_map(|raw| Some(("model", text_of(raw)?))));
    if found.is_empty() {
        let ideal: Option<Fields<'_>> =
            fields.get("ideal_completions_data").and_then(|raw| serde_json::from_str(raw.get()).ok());
        found.extend(ideal.and_then(|ideal| Some(("ideal", text_of(ideal.get("ideal_completion")?)?))));
    }
    if found.is_empty() { Err("the line has neither a completion nor an ideal one".into()) } else { Ok(found) }
}

/// A text, the text of a message, or that of the first field named like one.
fn text_of(raw: &RawValue) -> Option<String> {
    chat::content(raw).or_else(|| {
        let fields: Fields<'_> = serde_json::from_str(raw.get()).ok()?;
        ["completion", "content", "text"].iter().find_map(|name| fields.get(name).and_then(chat::content))
    })
}

fn sample<'a>(fields: &Fields<'a>, at: usize, (source, text): Completion) -> Sample<'a> {
    let prompt = fields.get("prompt");
    let turns = prompt.and_then(|raw| serde_json::from_str(raw.get()).ok()).map(|items| chat::turns(&items));
    let kept = fields.0.iter().filter(|(name, _)| !READ.contains(&&**name));
    let mut metadata: Vec<(String, Part<'a>)> = kept.map(|(name, raw)| (name.to_string(), Part::Raw(raw))).collect();
    metadata.extend(prompt.map(|raw| ("prompt".to_owned(), Part::Raw(raw))));
    metadata.push(("completion_source".to_owned(), Part::Text(source.to_owned())));
    metadata.push(("completion_index".to_owned(), Part::Number(at as u64)));
    Sample {
        text,
        prompt: turns.as_deref().and_then(chat::prompt).or_else(|| prompt.and_then(json::scalar)),
        model: fields.get("model").and_then(json::scalar),
        id: fields.get("prompt_id").and_then(json::scalar),
        metadata,
        ..Sample::default()
    }
}
