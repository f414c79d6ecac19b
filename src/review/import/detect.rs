//! What kind of file it is, by its name and by what it begins with.
//!
//! Content decides before the name where it is unmistakable: a log that was renamed to `.txt` is still a log.

use super::archive::{Archive, MAGIC};
use super::json::Fields;
use super::{Error, Format, json, table, text};

/// Finds the format, or says that none fits.
pub(super) fn format(name: &str, bytes: &[u8]) -> Result<Format, Error> {
    if bytes.starts_with(MAGIC) {
        return zipped(bytes);
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let json = matches!(start.first(), Some(b'{' | b'[')).then(|| of_json(bytes)).flatten();
    if let Some(Some(found)) = json {
        return Ok(found);
    }
    match ending.as_str() {
        // Broken JSON is told as such by the reader; it is no prose.
        "json" | "jsonl" | "ndjson" => Ok(Format::Chat),
        "csv" | "tsv" => Ok(Format::Csv),
        "md" | "markdown" => Ok(Format::Markdown),
        "txt" | "text" => Ok(Format::Text),
        // JSON that we do not know is not a response to be read by a person.
        _ if json.is_some() => Err(Error::Unknown),
        _ => prose(bytes),
    }
}

fn zipped(bytes: &[u8]) -> Result<Format, Error> {
    let names = Archive::open(bytes)?.names();
    let has = |name: &str| names.iter().any(|entry| entry == name);
    if has("header.json") || has("_journal/start.json") {
        Ok(Format::Inspect)
    } else if has("manifest.json") && has("responses.jsonl") {
        Ok(Format::Artifact)
    } else {
        Err(Error::Unknown)
    }
}

/// The format of JSON or JSON lines, by the fields of its first object. `None` where it is no JSON, `Some(None)` where it is
/// JSON of no format.
fn of_json(bytes: &[u8]) -> Option<Option<Format>> {
    if let Ok(decoded) = text::decoded(bytes) {
        let whole = json::without_nan(&decoded);
        if let Ok(fields) = serde_json::from_str::<Fields<'_>>(&whole) {
            return Some(of_object(&fields));
        }
        if let Ok(items) = serde_json::from_str::<json::Items<'_>>(&whole) {
            let first = items.0.first().and_then(|raw| serde_json::from_str::<Fields<'_>>(raw.get()).ok());
            return Some(first.and_then(|fields| of_object(&fields)));
        }
    }
    let line = text::lines(bytes).find_map(|(_, line)| line.ok()).map(json::without_nan)?;
    serde_json::from_str::<Fields<'_>>(&line).ok().map(|fields| of_object(&fields))
}

fn of_object(fields: &Fields<'_>) -> Option<Format> {
    let has = |name: &str| fields.has(name);
    let any = |names: &[&str]| names.iter().any(|name| has(name));
    if has("eval") && any(&["samples", "plan", "status"]) {
        Some(Format::Inspect)
    } else if has("results") && any(&["evalId", "config", "promptfooVersion"]) {
        Some(Format::Promptfoo)
    } else if has("doc_id") && any(&["resps", "filtered_resps"]) {
        Some(Format::LmEval)
    } else if any(&["rubrics", "ideal_completions_data"]) && has("prompt") {
        Some(Format::HealthBench)
    } else if has("review") && has("response") && has("assignments") {
        Some(Format::Artifact)
    } else if any(&["messages", "choices", "output", "role", "content"])
        || table::names_a_response(fields.0.iter().map(|(name, _)| &**name))
    {
        Some(Format::Chat)
    } else {
        None
    }
}

/// Text whose name says nothing: a table where its first line names a column that we know beside another.
fn prose(bytes: &[u8]) -> Result<Format, Error> {
    let text = text::decoded(bytes).map_err(|_| Error::Unknown)?;
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if table::is_header(first) {
        return Ok(Format::Csv);
    }
    let marked = |line: &str| {
        line.starts_with("# ") || line.starts_with("## ") || line.starts_with("- ") || line.starts_with("* ")
    };
    Ok(if text.lines().take(200).any(marked) { Format::Markdown } else { Format::Text })
}
