//! Tables: a row is a sample, and columns are found by their names, whatever their case.

use csv::{ByteRecord, ReaderBuilder};

use super::collect::{Collector, Part, Reason, Sample};
use super::json::{self, Fields};
use super::{Error, chat, text};

/// Names of the response's column, the surest first.
const RESPONSE: [&str; 8] =
    ["response", "answer", "output", "completion", "model_response", "model_answer", "model_output", "text"];
/// Names of the prompt's column.
const PROMPT: [&str; 5] = ["prompt", "question", "query", "input", "instruction"];
/// Names of the model's column.
const MODEL: [&str; 2] = ["model", "model_name"];
/// Names of the id's column.
const ID: [&str; 3] = ["id", "sample_id", "uuid"];
/// Names of the title's column.
const TITLE: [&str; 1] = ["title"];

/// Whether one of the names is a response's.
pub(super) fn names_a_response<'a>(mut names: impl Iterator<Item = &'a str>) -> bool {
    names.any(|name| RESPONSE.contains(&plain(name).as_str()))
}

/// Whether a line is a header that we know: two columns or more, one of them the response's.
pub(super) fn is_header(line: &str) -> bool {
    let delimiter = char::from(delimiter("", line));
    let names: Vec<&str> = line.split(delimiter).collect();
    names.len() > 1 && names.iter().all(|name| name.chars().count() <= 40) && names_a_response(names.into_iter())
}

fn plain(name: &str) -> String {
    let name: String = name.trim_matches(|c: char| c.is_whitespace() || c == '"').chars().take(60).collect();
    name.to_lowercase().replace([' ', '-'], "_")
}

/// The delimiter: a tab by the file's name, else what the header has most of. Semicolons are what spreadsheets write where
/// the comma is the decimal mark.
fn delimiter(name: &str, header: &str) -> u8 {
    if name.to_ascii_lowercase().ends_with(".tsv") {
        return b'\t';
    }
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    // The last of equals wins.
    [b';', b'\t', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// Where each column stands.
struct Columns {
    names: Vec<String>,
    response: usize,
    prompt: Option<usize>,
    model: Option<usize>,
    id: Option<usize>,
    title: Option<usize>,
}

impl Columns {
    fn of(header: &ByteRecord) -> Option<Columns> {
        let names: Vec<String> = header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let plain: Vec<String> = names.iter().map(|name| plain(name)).collect();
        let find = |wanted: &[&str]| wanted.iter().find_map(|wanted| plain.iter().position(|name| name == wanted));
        Some(Columns {
            response: find(&RESPONSE)?,
            prompt: find(&PROMPT),
            model: find(&MODEL),
            id: find(&ID),
            title: find(&TITLE),
            names,
        })
    }

    fn sample<'a>(&self, row: &ByteRecord) -> Result<Sample<'a>, Reason> {
        if row.len() != self.names.len() {
            return Err(format!("the row has {} columns, the header {}", row.len(), self.names.len()).into());
        }
        let cells: Vec<&str> = row
            .iter()
            .map(std::str::from_utf8)
            .collect::<Result<_, _>>()
            .map_err(|_| Reason::from("the row is not UTF-8"))?;
        let cell = |at: Option<usize>| {
            at.and_then(|at| cells.get(at)).filter(|cell| !cell.trim().is_empty()).map(|cell| (*cell).to_owned())
        };
        let read = [Some(self.response), self.prompt, self.model, self.id, self.title];
        let besides = self.names.iter().enumerate().filter(|(at, name)| !read.contains(&Some(*at)) && !name.is_empty());
        let metadata = besides.filter_map(|(at, name)| Some((name.clone(), Part::Text(cell(Some(at))?))));
        Ok(Sample {
            text: cell(Some(self.response)).unwrap_or_default(),
            prompt: cell(self.prompt),
            model: cell(self.model),
            id: cell(self.id),
            title: cell(self.title),
            metadata: metadata.collect(),
            ..Sample::default()
        })
    }
}

/// Reads a table with a header.
pub(super) fn read(name: &str, bytes: &[u8], collector: &mut Collector) -> Result<(), Error> {
    // UTF-16 is what spreadsheets call Unicode text; in UTF-8 a broken row is left to itself.
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let decoded = if utf16 { Some(text::decoded(bytes)?) } else { None };
    let bytes = decoded.as_deref().map_or(bytes, str::as_bytes);
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let delimiter = delimiter(name, &String::from_utf8_lossy(first));
    let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
    let shape = Error::Shape {
        format: "csv",
        expected: "a header with a column `response`, `answer`, `output`, `completion` or `text`",
    };
    let columns = reader.byte_headers().ok().and_then(Columns::of).ok_or(shape)?;
    let mut row = ByteRecord::new();
    while let Ok(true) = reader.read_byte_record(&mut row) {
        let line = row.position().map_or(0, |place| line_of(bytes, place));
        if !collector.take(|| format!("line {line}"), columns.sample(&row)) {
            break;
        }
    }
    Ok(())
}

/// The line where a row begins. The reader tells the place before the line ends that it has yet to skip: the second half of
/// a `\r\n`, and blank lines.
fn line_of(bytes: &[u8], place: &csv::Position) -> u64 {
    let rest = usize::try_from(place.byte()).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
    let skipped = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n');
    place.line() + skipped.count() as u64
}

/// An object whose fields are named as columns are.
pub(super) fn of_fields<'a>(fields: &Fields<'a>) -> Result<Sample<'a>, Reason> {
    let find = |wanted: &[&str]| {
        let named =
            |wanted: &str| fields.0.iter().position(|(name, value)| plain(name) == wanted && value.get() != "null");
        wanted.iter().find_map(|wanted| named(wanted))
    };
    let value = |at: Option<usize>| at.and_then(|at| fields.0.get(at)).map(|(_, raw)| *raw);
    let scalar = |at: Option<usize>| value(at).and_then(json::scalar);
    let (response, asked, model, id, title) = (find(&RESPONSE), find(&PROMPT), find(&MODEL), find(&ID), find(&TITLE));
    let Some(text) = value(response).and_then(chat::content) else {
        return Err(
            "no assistant turn, and no field `response`, `answer`, `output`, `completion` or `text` with text".into()
        );
    };
    let messages =
        || value(asked).and_then(|raw| serde_json::from_str(raw.get()).ok()).map(|items| chat::turns(&items));
    let read = [response, asked, model, id, title];
    let besides = fields.0.iter().enumerate().filter(|(at, _)| !read.contains(&Some(*at)));
    Ok(Sample {
        text,
        prompt: scalar(asked).or_else(|| messages().and_then(|turns| chat::prompt(&turns))),
        model: scalar(model),
        id: scalar(id),
        title: scalar(title),
        metadata: besides.map(|(_, (name, raw))| (name.to_string(), Part::Raw(raw))).collect(),
        ..Sample::default()
    })
}
