//! Results of promptfoo (`--output FILE.json`): each test of each prompt and provider is a sample.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::collect::{Collector, Part, Reason, Sample};
use super::json::{self, Fields, Items};
use super::{Error, lm_eval, text};

#[derive(Deserialize)]
struct File<'a> {
    #[serde(rename = "evalId")]
    eval_id: Option<String>,
    #[serde(borrow)]
    results: Results<'a>,
}

#[derive(Deserialize)]
struct Results<'a> {
    #[serde(borrow)]
    results: Items<'a>,
}

/// Reads a file of results.
pub(super) fn read(bytes: &[u8], collector: &mut Collector) -> Result<(), Error> {
    let decoded = text::decoded(bytes)?;
    let file: File<'_> = json::whole(&decoded, "promptfoo", "an object with `results.results`")?;
    for (at, raw) in file.results.results.0.iter().enumerate() {
        if !collector.take(|| format!("result {}", at + 1), sample(raw, file.eval_id.as_deref())) {
            break;
        }
    }
    Ok(())
}

fn sample<'a>(raw: &'a RawValue, eval_id: Option<&str>) -> Result<Sample<'a>, Reason> {
    // Kept under the names that promptfoo gives them.
    const KEPT: [&str; 8] = ["testIdx", "promptIdx", "promptId", "vars", "success", "score", "namedScores", "metadata"];
    let fields: Fields<'a> = json::sample(raw.get())?;
    let part =
        |name: &str| fields.get(name).and_then(|raw| json::sample::<Fields<'a>>(raw.get()).ok()).unwrap_or_default();
    let (provider, prompt, grading) = (part("provider"), part("prompt"), part("gradingResult"));
    let output = part("response").get("output").ok_or(match fields.get("error") {
        Some(_) => "the provider failed and gave no output",
        None => "the result has no output",
    })?;
    let asked = prompt.get("raw").and_then(json::scalar);
    let mut metadata: Vec<(String, Part<'a>)> =
        KEPT.iter().filter_map(|name| Some(((*name).to_owned(), Part::Raw(fields.get(name)?)))).collect();
    metadata.extend(grading.get("reason").map(|reason| ("reason".to_owned(), Part::Raw(reason))));
    metadata.extend(provider.get("label").map(|label| ("provider_label".to_owned(), Part::Raw(label))));
    metadata.extend(eval_id.map(|id| ("evalId".to_owned(), Part::Text(id.to_owned()))));
    Ok(Sample {
        // A provider may answer with JSON; then its text is that JSON.
        text: json::scalar(output).unwrap_or_else(|| output.get().to_owned()),
        prompt: asked.map(|text| lm_eval::messages(&text).unwrap_or(text)),
        model: provider.get("id").and_then(json::scalar).or_else(|| fields.get("provider").and_then(json::scalar)),
        id: fields.get("id").and_then(json::scalar),
        metadata,
        ..Sample::default()
    })
}
