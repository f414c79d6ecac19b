//! Samples of lm-eval (`--log_samples`): JSON lines, one for each document and filter.
//!
//! `resps` is what the model wrote, `filtered_resps` what a filter took from it; the first is judged. A document stands
//! there once a filter, with the same answer: it is taken in once. A task that compares likelihoods has no text to judge.

use std::collections::BTreeSet;

use serde_json::value::RawValue;

use super::collect::{Collector, Part, Reason, Sample};
use super::json::{self, Fields, Items};
use super::{Error, chat, text};

/// Fields that are not repeated in the metadata: read, or of the harness alone.
const READ: [&str; 5] = ["resps", "arguments", "filtered_resps", "filter", "prompt_hash"];

/// Reads a file of samples.
pub(super) fn read(name: &str, bytes: &[u8], collector: &mut Collector) -> Result<(), Error> {
    let task = task(name);
    // What was taken in: documents and their answers.
    let mut known: BTreeSet<(String, String)> = BTreeSet::new();
    for (number, line) in text::lines(bytes) {
        let clean = line.map(json::without_nan);
        let fields = clean.as_ref().map_err(Clone::clone).and_then(|line| json::sample::<Fields<'_>>(line));
        let texts = fields.as_ref().map_err(Clone::clone).and_then(responses);
        let (fields, texts) = match (fields, texts) {
            (Ok(fields), Ok(texts)) => (fields, texts),
            (Err(reason), _) | (_, Err(reason)) => {
                if collector.take(|| format!("line {number}"), Err(reason)) {
                    continue;
                }
                break;
            }
        };
        let document = fields.get("doc_id").and_then(json::scalar).unwrap_or_default();
        for (repeat, text) in texts.into_iter().enumerate() {
            if !known.insert((document.clone(), text.clone())) {
                continue;
            }
            if !collector.take(|| format!("line {number}"), Ok(sample(&fields, text, repeat, task))) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The task, from `samples_TASK_DATE.jsonl`.
fn task(name: &str) -> Option<&str> {
    name.strip_prefix("samples_")?.rsplit_once('_').map(|(task, _)| task)
}

fn sample<'a>(fields: &Fields<'a>, text: String, repeat: usize, task: Option<&str>) -> Sample<'a> {
    let kept = fields.0.iter().filter(|(name, _)| !READ.contains(&&**name));
    let mut metadata: Vec<(String, Part<'a>)> = kept.map(|(name, raw)| (name.to_string(), Part::Raw(raw))).collect();
    metadata.push(("repeat".to_owned(), Part::Number(repeat as u64)));
    metadata.extend(task.map(|task| ("task".to_owned(), Part::Text(task.to_owned()))));
    Sample {
        text,
        prompt: fields.get("arguments").and_then(prompt),
        id: fields.get("doc_id").and_then(json::scalar),
        metadata,
        ..Sample::default()
    }
}

/// The model's texts: `[["a","b"]]` holds two answers to one request, `["a"]` one.
fn responses(fields: &Fields<'_>) -> Result<Vec<String>, Reason> {
    let raw = fields.get("resps").ok_or("the sample has no `resps`")?;
    let mut texts = Vec::new();
    for request in json::sample::<Items<'_>>(raw.get())?.0 {
        if request.get().starts_with('[') {
            for answer in json::sample::<Items<'_>>(request.get())?.0 {
                texts.push(written(answer)?);
            }
        } else {
            texts.push(written(request)?);
        }
    }
    if texts.is_empty() { Err("the sample has no response".into()) } else { Ok(texts) }
}

fn written(answer: &RawValue) -> Result<String, Reason> {
    match answer.get().as_bytes().first() {
        Some(b'"') => json::scalar(answer).ok_or_else(|| "the response is not text".into()),
        Some(b'[') => Err("the sample compares likelihoods and has no text to judge".into()),
        _ => Err("the response is not text".into()),
    }
}

/// What was asked: the first argument of the first request, `{"gen_args_0":{"arg_0":…}}` or, in older files, `[["…",{}]]`.
/// A conversation that was made into text as JSON is shown as one.
fn prompt(arguments: &RawValue) -> Option<String> {
    let first = if arguments.get().starts_with('{') {
        let requests: Fields<'_> = serde_json::from_str(arguments.get()).ok()?;
        let (_, request) = requests.0.first()?;
        serde_json::from_str::<Fields<'_>>(request.get()).ok()?.get("arg_0")?
    } else {
        let requests: Items<'_> = serde_json::from_str(arguments.get()).ok()?;
        *serde_json::from_str::<Items<'_>>(requests.0.first()?.get()).ok()?.0.first()?
    };
    match json::scalar(first) {
        Some(text) => Some(messages(&text).unwrap_or(text)),
        // JSON in a list of one text: `["[{\"role\":…}]"]`.
        None => {
            let only = json::scalar(serde_json::from_str::<Items<'_>>(first.get()).ok()?.0.first()?)?;
            Some(messages(&only).unwrap_or(only))
        }
    }
}

/// The messages in a text that is a JSON list of them.
pub(super) fn messages(text: &str) -> Option<String> {
    if !text.trim_start().starts_with('[') {
        return None;
    }
    chat::prompt(&chat::turns(&serde_json::from_str(text).ok()?))
}
