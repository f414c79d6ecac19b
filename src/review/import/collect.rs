//! Where every format puts its samples: counted, bounded, and with the reason where one is left out.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::{Format, Imported, ImportedClaim, NewResponse, Rejected, limits};
use crate::review::record::{Origin, Private};

/// Why one sample is left out; repeats nothing of it.
pub(super) type Reason = Cow<'static, str>;

/// Something that the file says besides.
pub(super) enum Part<'a> {
    /// JSON as it stands in the file.
    Raw(&'a RawValue),
    Text(String),
    Number(u64),
}

/// One sample, as a format gives it.
#[derive(Default)]
pub(super) struct Sample<'a> {
    pub(super) title: Option<String>,
    pub(super) text: String,
    pub(super) prompt: Option<String>,
    pub(super) model: Option<String>,
    pub(super) id: Option<String>,
    pub(super) metadata: Vec<(String, Part<'a>)>,
    pub(super) claims: Vec<ImportedClaim>,
}

/// What has been taken in so far.
pub(super) struct Collector {
    format: Format,
    name: Option<String>,
    responses: Vec<NewResponse>,
    rejected: Vec<Rejected>,
    /// What metadata may still weigh.
    metadata: usize,
}

impl Collector {
    pub(super) fn new(name: &str, format: Format) -> Collector {
        Collector {
            format,
            name: Some(line(name)).filter(|name| !name.is_empty()),
            responses: Vec::new(),
            rejected: Vec::new(),
            metadata: limits::METADATA_IN_ALL,
        }
    }

    /// Takes a sample in, or says why not. `false` once no more are wanted.
    pub(super) fn take(&mut self, at: impl FnOnce() -> String, sample: Result<Sample<'_>, Reason>) -> bool {
        if self.responses.len() + self.rejected.len() >= limits::SAMPLES {
            let reason = format!("only the first {} samples of a file are read", limits::SAMPLES);
            self.rejected.push(Rejected { at: at(), reason });
            return false;
        }
        match sample.and_then(|sample| self.response(sample)) {
            Ok(response) => self.responses.push(response),
            Err(reason) => self.rejected.push(Rejected { at: at(), reason: reason.into_owned() }),
        }
        true
    }

    pub(super) fn finish(self) -> Imported {
        Imported { format: self.format, responses: self.responses, rejected: self.rejected }
    }

    fn response(&mut self, sample: Sample<'_>) -> Result<NewResponse, Reason> {
        if sample.text.trim().is_empty() {
            return Err("the response is empty".into());
        }
        if sample.text.contains('\0') {
            return Err("the response holds a NUL character".into());
        }
        check_length(&sample.text, "the response")?;
        let (mut metadata, mut left_out) = self.metadata(sample.metadata);
        let fits = |prompt: &String| check_length(prompt, "the prompt").is_ok();
        let (prompt, too_long) = match sample.prompt.filter(|prompt| !prompt.trim().is_empty()) {
            Some(prompt) if fits(&prompt) => (Some(prompt), false),
            Some(_) => (None, true),
            None => (None, false),
        };
        left_out.extend(too_long.then(|| Value::from("prompt")));
        if !left_out.is_empty() {
            metadata.insert("left_out".to_owned(), Value::Array(left_out));
        }
        let title = sample.title.as_deref().or(prompt.as_deref()).map(first_words);
        let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| first_words(&sample.text));
        let short = |text: Option<String>| text.map(|text| line(&text)).filter(|text| !text.is_empty());
        Ok(NewResponse {
            title: title.into(),
            text: sample.text.into(),
            prompt: prompt.map(Private),
            model: short(sample.model),
            origin: Origin { kind: self.format.name().to_owned(), name: self.name.clone(), id: short(sample.id) },
            metadata,
            claims: sample.claims,
        })
    }

    /// The metadata that fits, and the names of what does not.
    fn metadata(&mut self, parts: Vec<(String, Part<'_>)>) -> (BTreeMap<String, Value>, Vec<Value>) {
        let (mut kept, mut left_out) = (BTreeMap::new(), Vec::new());
        let mut own = limits::METADATA.min(self.metadata);
        for (name, part) in parts {
            let name = line(&name);
            let cost = name.len() + weight(&part);
            match (cost <= own).then(|| value(part)).flatten() {
                Some(Value::Null) => {}
                Some(value) => {
                    own -= cost;
                    self.metadata -= cost;
                    kept.insert(name, value);
                }
                None => left_out.push(Value::from(name)),
            }
        }
        // Names are bounded too: a row may have any number of columns.
        left_out.truncate(20);
        (kept, left_out)
    }
}

/// What a part costs in memory, roughly: its bytes, and as much as a parsed value takes for each that it may hold.
fn weight(part: &Part<'_>) -> usize {
    match part {
        Part::Number(_) => 64,
        Part::Text(text) => 64 + text.len(),
        Part::Raw(raw) => {
            let values = raw.get().bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
            raw.get().len() + 64 * (values + 1)
        }
    }
}

/// `None` for JSON that is nested too deep.
fn value(part: Part<'_>) -> Option<Value> {
    match part {
        Part::Number(number) => Some(Value::from(number)),
        Part::Text(text) => Some(Value::from(text)),
        Part::Raw(raw) => super::json::value(raw),
    }
}

fn check_length(text: &str, what: &str) -> Result<(), Reason> {
    // Bytes first: a code point has four at most.
    if text.len() > 4 * limits::TEXT_CHARACTERS || text.chars().count() > limits::TEXT_CHARACTERS {
        return Err(format!("{what} has more than {} characters", limits::TEXT_CHARACTERS).into());
    }
    Ok(())
}

/// One line of at most [`limits::LINE_CHARACTERS`], without control characters.
fn line(text: &str) -> String {
    let kept = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    kept.take(limits::LINE_CHARACTERS).collect::<String>().trim().to_owned()
}

/// The first words of a text, whole, for a title: about eighty characters of its first line that has any.
fn first_words(text: &str) -> String {
    const LONGEST: usize = 80;
    let bare = |line: &str| {
        line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '*' | '>' | '-' | '_')).to_owned()
    };
    let start: String = text.chars().take(4000).collect();
    let first = start.lines().map(bare).find(|line| !line.is_empty()).unwrap_or_default();
    let mut title = String::new();
    let mut length = 0;
    for word in first.split_whitespace() {
        let word_length = word.chars().count();
        if length + word_length + 1 > LONGEST {
            let cut: String = if title.is_empty() { word.chars().take(LONGEST - 1).collect() } else { title };
            return format!("{}…", line(&cut));
        }
        title.push_str(if title.is_empty() { "" } else { " " });
        title.push_str(word);
        length += word_length + 1;
    }
    line(&title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_first_words_without_marks() {
        for (text, expected) in [
            ("\n\n# **Aspirin**\n\nNo longer.", "Aspirin"),
            ("- one\ttwo\u{7}", "one two"),
            ("", ""),
            (&"long ".repeat(40), "long long long long long long long long long long long long long long long long…"),
        ] {
            assert_eq!(first_words(text), expected);
        }
        assert_eq!(first_words(&"x".repeat(500)).chars().count(), 80);
    }
}
