//! Rows to records: how each value stands in the file, and what is told where it cannot be read.

use jiff::Timestamp;
use rusqlite::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Error;

/// A count or an offset as SQLite keeps it.
pub(super) fn integer(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A count or an offset from the file; a negative one, which we never write, reads as 0.
pub(super) fn count(row: &Row<'_>, column: &str) -> Result<usize, rusqlite::Error> {
    Ok(usize::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}

/// A moment from its milliseconds.
pub(super) fn moment(milliseconds: i64) -> Result<Timestamp, Error> {
    Timestamp::from_millisecond(milliseconds)
        .map_err(|_| Error::Damaged { at: "a time".to_owned(), why: format!("{milliseconds} ms is no time") })
}

/// A moment that may be absent.
pub(super) fn moment_of(milliseconds: Option<i64>) -> Result<Option<Timestamp>, Error> {
    milliseconds.map(moment).transpose()
}

/// A value of one of our enums by its name.
pub(super) fn word<T: DeserializeOwned>(at: &str, name: &str) -> Result<T, Error> {
    serde_json::from_value(Value::from(name))
        .map_err(|_| Error::Damaged { at: at.to_owned(), why: "it holds an unknown name".to_owned() })
}

/// The name of a value of one of our enums.
pub(super) fn name<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => name,
        _ => String::new(),
    }
}

/// JSON from the file. Its words may be a patient's: what is wrong with it is told without them.
pub(super) fn json<T: DeserializeOwned>(at: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Damaged {
        at: at.to_owned(),
        why: format!("what should be JSON is not, at line {} column {}", error.line(), error.column()),
    })
}

/// JSON for the file.
pub(super) fn text<T: Serialize>(at: &str, value: &T) -> Result<String, Error> {
    serde_json::to_string(value)
        .map_err(|_| Error::field(at, "this cannot be written as JSON: keys must be texts, numbers finite"))
}

/// Refuses a text that is longer than `most` code points.
pub(super) fn at_most(pointer: &str, text: &str, most: usize) -> Result<(), Error> {
    // A code point has at least one byte: most texts need not be counted.
    if text.len() > most && text.chars().count() > most {
        let long = text.chars().count();
        return Err(Error::field(pointer, format!("the text has {long} characters, more than {most}")));
    }
    Ok(())
}
