//! Logs of Inspect (inspect_ai): `.eval`, a zip of one JSON file a sample, and `.json`, one file for all.
//!
//! A sample is one id in one epoch. Newer logs may hold a sample in pieces (`samples/ID_epoch_N/sample.json` with its
//! attachments beside it); both forms are read, and one log may mix them. Long texts may be attachments, which are put back.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::archive::{Archive, MAGIC};
use super::collect::{Collector, Part, Reason, Sample};
use super::json::{self, Fields, Items};
use super::{Error, chat, limits, text};

/// What is told of the whole run.
#[derive(Default, Deserialize)]
struct Run {
    model: Option<String>,
    task: Option<String>,
    eval_id: Option<String>,
    run_id: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    eval: Run,
}

#[derive(Deserialize)]
struct Log<'a> {
    eval: Run,
    #[serde(borrow, default)]
    samples: Option<Items<'a>>,
}

#[derive(Deserialize)]
struct LoggedSample<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    epoch: u64,
    uuid: Option<String>,
    #[serde(borrow)]
    input: Option<&'a RawValue>,
    #[serde(borrow)]
    target: Option<&'a RawValue>,
    #[serde(borrow)]
    messages: Option<&'a RawValue>,
    output: Option<Output<'a>>,
    #[serde(borrow)]
    scores: Option<&'a RawValue>,
    #[serde(borrow)]
    metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    attachments: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Output<'a> {
    model: Option<String>,
    #[serde(borrow)]
    choices: Option<Items<'a>>,
    completion: Option<String>,
}

/// Texts that stand elsewhere in the log, by the name that refers to them.
type Attachments = BTreeMap<String, String>;

/// Reads a log of either form.
pub(super) fn read(bytes: &[u8], collector: &mut Collector) -> Result<(), Error> {
    if bytes.starts_with(MAGIC) { zipped(bytes, collector) } else { plain(bytes, collector) }
}

fn plain(bytes: &[u8], collector: &mut Collector) -> Result<(), Error> {
    let decoded = text::decoded(bytes)?;
    let clean = json::without_nan(&decoded);
    let log: Log<'_> = json::whole(&clean, "inspect", "an object with `eval` and `samples`")?;
    for (at, raw) in log.samples.unwrap_or_default().0.iter().enumerate() {
        let place = || place(&json::sample(raw.get()), at);
        if !collector.take(place, taken(raw.get(), &log.eval, Attachments::new)) {
            break;
        }
    }
    Ok(())
}

/// `sample ID, epoch N` where it says so, else its number.
fn place(fields: &Result<Fields<'_>, Reason>, at: usize) -> String {
    let told = |name: &str| fields.as_ref().ok().and_then(|fields| fields.get(name)).and_then(json::scalar);
    match (told("id"), told("epoch")) {
        // An id may be anything; a number in place of one that is long or odd.
        (Some(id), Some(epoch)) if is_short(&id) => format!("sample {id}, epoch {epoch}"),
        _ => format!("sample {}", at + 1),
    }
}

fn is_short(id: &str) -> bool {
    id.len() <= 60 && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'))
}

fn zipped(bytes: &[u8], collector: &mut Collector) -> Result<(), Error> {
    let mut archive = Archive::open(bytes)?;
    let names = archive.names();
    let run = run(&mut archive)?;
    let samples: Vec<&String> = names.iter().filter(|name| is_sample(name)).collect();
    for (at, name) in samples.into_iter().enumerate() {
        let entry = archive.entry(name);
        // What is left of the whole archive's bounds decides for the samples that follow, too.
        let unpacked = match entry {
            Ok(Some(unpacked)) => Ok(unpacked),
            Ok(None) => continue,
            Err(error) => Err(Reason::from(error.to_string())),
        };
        let sample_text =
            unpacked.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "the sample is not UTF-8".into()));
        let clean = sample_text.as_deref().map(json::without_nan).map_err(Clone::clone);
        let pieces = name.strip_suffix("/sample.json");
        // Read before the sample is, because both need the archive.
        let beside = match pieces.filter(|_| clean.as_ref().is_ok_and(|text| text.contains(REFERENCE))) {
            Some(folder) => pieced_attachments(&mut archive, &names, folder),
            None => Attachments::new(),
        };
        let metadata = pieces.and_then(|folder| archive.entry(&format!("{folder}/metadata.json")).ok().flatten());
        let metadata = metadata.and_then(|bytes| RawValue::from_string(String::from_utf8(bytes).ok()?).ok());
        let sample = clean.as_ref().map_err(Clone::clone).and_then(|text| taken(text, &run, || beside));
        let sample = sample.map(|mut sample| {
            sample.metadata.extend(metadata.as_deref().map(|raw| ("sample_metadata".to_owned(), Part::Raw(raw))));
            sample
        });
        let told = || place(&clean.as_ref().map_err(Clone::clone).and_then(|text| json::sample(text)), at);
        if !collector.take(told, sample) {
            break;
        }
    }
    Ok(())
}

/// What the header says; an unfinished log has only its beginning.
fn run(archive: &mut Archive<'_>) -> Result<Run, Error> {
    for name in ["header.json", "_journal/start.json"] {
        if let Some(bytes) = archive.entry(name)? {
            let decoded = text::decoded(&bytes)?;
            let header: Header = json::whole(&json::without_nan(&decoded), "inspect", "a header with `eval`")?;
            return Ok(header.eval);
        }
    }
    Err(Error::Shape { format: "inspect", expected: "an archive with `header.json`" })
}

/// `samples/ID_epoch_N.json`, or `samples/ID_epoch_N/sample.json`.
fn is_sample(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("samples/") else { return false };
    let Some(stem) = rest.strip_suffix("/sample.json").or_else(|| rest.strip_suffix(".json")) else { return false };
    let epoch = stem.rsplit_once("_epoch_").map(|(_, epoch)| epoch);
    epoch.is_some_and(|epoch| !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The attachments of a sample in pieces: arrays of texts, each file named after the number of its first.
fn pieced_attachments(archive: &mut Archive<'_>, names: &[String], folder: &str) -> Attachments {
    let prefix = format!("{folder}/attachments/");
    let mut found = Attachments::new();
    for name in names.iter().filter(|name| name.starts_with(&prefix)) {
        let first = name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(".json")?.parse::<usize>().ok());
        let entry = archive.entry(name).ok().flatten().and_then(|bytes| String::from_utf8(bytes).ok());
        let (Some(first), Some(entry)) = (first, entry) else { continue };
        let Ok(items) = serde_json::from_str::<Items<'_>>(&entry) else { continue };
        for (at, raw) in items.0.iter().enumerate() {
            found.extend(json::scalar(raw).map(|text| (first.saturating_add(at).to_string(), text)));
        }
    }
    found
}

/// One sample. `beside` gives the attachments that are not in the sample itself.
fn taken<'a>(sample_text: &'a str, run: &Run, beside: impl FnOnce() -> Attachments) -> Result<Sample<'a>, Reason> {
    let logged: LoggedSample<'a> = json::sample(sample_text)?;
    let attachments = if sample_text.contains(REFERENCE) {
        let own = logged.attachments.and_then(|raw| serde_json::from_str(raw.get()).ok());
        own.filter(|own: &Attachments| !own.is_empty()).unwrap_or_else(beside)
    } else {
        Attachments::new()
    };
    let response = response(&logged).ok_or(match logged.error {
        Some(error) if error.get() != "null" => "the sample ended in an error, without a response",
        _ => "the sample has no response",
    })?;
    let prompt = logged.input.and_then(prompt).map(|prompt| resolved(&prompt, &attachments)).transpose()?;
    let output_model = logged.output.as_ref().and_then(|output| output.model.clone());
    let mut metadata =
        vec![("sample_id".to_owned(), Part::Raw(logged.id)), ("epoch".to_owned(), Part::Number(logged.epoch))];
    let told = [("uuid", &logged.uuid), ("task", &run.task), ("eval_id", &run.eval_id), ("run_id", &run.run_id)];
    metadata.extend(told.into_iter().filter_map(|(name, told)| Some((name.to_owned(), Part::Text(told.clone()?)))));
    let besides = [
        ("target", logged.target),
        ("scores", logged.scores),
        ("sample_metadata", logged.metadata),
        ("error", logged.error),
    ];
    metadata.extend(
        besides
            .into_iter()
            .filter_map(|(name, raw)| Some((name.to_owned(), Part::Raw(raw.filter(|raw| !is_empty(raw))?)))),
    );
    Ok(Sample {
        text: resolved(&response, &attachments)?,
        prompt,
        model: output_model.filter(|model| !model.is_empty()).or_else(|| run.model.clone()),
        id: json::scalar(logged.id),
        metadata,
        ..Sample::default()
    })
}

fn is_empty(raw: &RawValue) -> bool {
    matches!(raw.get(), "null" | "{}" | "[]" | "\"\"")
}

/// The model's answer: the first choice's text, the completion, or the last assistant turn that has text.
fn response(logged: &LoggedSample<'_>) -> Option<String> {
    let first = logged.output.as_ref().and_then(|output| output.choices.as_ref()?.0.first().copied());
    let choice = || {
        let choice: Fields<'_> = serde_json::from_str(first?.get()).ok()?;
        let message: Fields<'_> = serde_json::from_str(choice.get("message")?.get()).ok()?;
        chat::content(message.get("content")?)
    };
    let completion = || logged.output.as_ref().and_then(|output| output.completion.clone());
    let last = || chat::last_answer(&serde_json::from_str(logged.messages?.get()).ok()?);
    let filled = |text: &String| !text.trim().is_empty();
    choice().filter(filled).or_else(|| completion().filter(filled)).or_else(last)
}

fn prompt(raw: &RawValue) -> Option<String> {
    if raw.get().starts_with('"') {
        return json::scalar(raw);
    }
    chat::prompt(&chat::turns(&serde_json::from_str(raw.get()).ok()?))
}

/// How a text refers to an attachment; a name of digits and letters follows.
const REFERENCE: &str = "attachment://";

/// The text with its attachments put back. One that is not there leaves the sample unreadable: a reviewer would judge less
/// than the model said.
fn resolved(text: &str, attachments: &Attachments) -> Result<String, Reason> {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(REFERENCE) {
        let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
        let (name, following) = after.split_at(end);
        let attached = attachments.get(name).ok_or("an attachment of the sample is missing")?;
        whole.push_str(before);
        whole.push_str(attached);
        if whole.len() > 4 * limits::TEXT_CHARACTERS {
            return Err("the sample is too long with its attachments".into());
        }
        rest = following;
    }
    whole.push_str(rest);
    Ok(whole)
}
