//! What a reader child writes and its parent reads: a mark, one line of facts, the text as it is, the rest as JSON.
//!
//! The text is most of an answer, so it is neither escaped nor held twice; the whole is bounded, because a child may be
//! in a stranger's hands.

use std::io::{BufRead, BufReader, Read, Write};

use serde::{Deserialize, Serialize};

use super::{Confinement, Document, Error};
use crate::span::Text;

/// Bytes that a child may answer with. The longest real document needs 2.5 MiB.
pub(super) const LONGEST: u64 = 12 << 20;

/// Ends the line before the answer: what a library printed there must not be taken for it.
const MARK: &[u8] = b"\x1edocument\n";

/// The answer's first line.
#[derive(Serialize, Deserialize)]
struct Facts {
    confinement: Confinement,
    /// Bytes of text that follow the line.
    text: usize,
}

/// Why an answer cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is longer than the bound.
    TooLong,
    /// It is not an answer.
    Broken(String),
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Fault {
        Fault::Broken(error.to_string())
    }
}

/// A child's answer: how it was confined, and what it read.
pub(super) type Answer = (Confinement, Result<Document, Error>);

/// Writes an answer.
pub(super) fn write(out: &mut dyn Write, (confinement, mut outcome): Answer) -> std::io::Result<()> {
    let text = outcome.as_mut().map(|document| std::mem::take(&mut document.text)).unwrap_or_default();
    out.write_all(MARK)?;
    serde_json::to_writer(&mut *out, &Facts { confinement, text: text.as_str().len() })?;
    out.write_all(b"\n")?;
    out.write_all(text.as_str().as_bytes())?;
    serde_json::to_writer(&mut *out, &outcome)?;
    out.flush()
}

/// Reads an answer, no more than [`LONGEST`] bytes of it.
pub(super) fn read(input: impl Read) -> Result<Answer, Fault> {
    let mut input = BufReader::new(input.take(LONGEST));
    let answer = parse(&mut input);
    match answer {
        Err(_) if input.get_ref().limit() == 0 => Err(Fault::TooLong),
        answer => answer,
    }
}

fn parse(input: &mut impl BufRead) -> Result<Answer, Fault> {
    let broken = |error: serde_json::Error| Fault::Broken(error.to_string());
    let mut line = Vec::new();
    while !line.ends_with(MARK) {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Err(Fault::Broken("it has no answer".to_owned()));
        }
    }
    line.clear();
    input.read_until(b'\n', &mut line)?;
    let facts: Facts = serde_json::from_slice(&line).map_err(broken)?;
    if facts.text as u64 > LONGEST {
        return Err(Fault::TooLong);
    }
    let mut text = Vec::with_capacity(facts.text);
    input.take(facts.text as u64).read_to_end(&mut text)?;
    if text.len() < facts.text {
        return Err(Fault::Broken("its text is cut off".to_owned()));
    }
    let text = String::from_utf8(text).map_err(|error| Fault::Broken(error.to_string()))?;
    let mut outcome: Result<Document, Error> = serde_json::from_reader(input).map_err(broken)?;
    if let Ok(document) = &mut outcome {
        document.text = Text::from(text);
    }
    Ok((facts.confinement, outcome))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Format;
    use crate::document::{self, Limits};

    fn written(answer: Answer) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, answer).expect("written");
        bytes
    }

    #[test]
    fn an_answer_comes_back_as_it_was_given() {
        let source = format!("# Advice\n\n≥ 140 mm Hg \u{1e}document\n\n{}\n", "Take the tablet daily. ".repeat(20));
        let document = document::read(Format::Markdown, source.as_bytes(), &Limits::default()).expect("readable");
        let confinement = Confinement { landlock: Some(4), ..Confinement::default() };
        let (found, outcome) = read(written((confinement, Ok(document.clone()))).as_slice()).expect("an answer");
        assert_eq!((found, outcome.expect("a document")), (confinement, document));
        let (_, outcome) = read(written((confinement, Err(Error::Encrypted))).as_slice()).expect("an answer");
        assert_eq!(outcome.expect_err("refused").to_string(), Error::Encrypted.to_string());
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        let whole =
            written((Confinement::default(), Ok(Document { text: "abc".to_owned().into(), ..Document::default() })));
        let endless = |start: &[u8]| [start, &vec![b'x'; LONGEST as usize]].concat();
        let facts = |text: u64| {
            format!("\x1edocument\n{{\"confinement\":{{\"landlock\":null,\"system_calls\":false,\"dies_with_parent\":false}},\"text\":{text}}}\nabc").into_bytes()
        };
        for (bytes, too_long) in [
            (Vec::new(), false),
            (b"Unicode mismatch\n".to_vec(), false),
            (whole[..whole.len() - 1].to_vec(), false),
            ([whole.as_slice(), b"{}"].concat(), false),
            (facts(4), false),
            (facts(u64::MAX), true),
            (endless(b""), true),
            (endless(b"\x1edocument\n"), true),
            (endless(&whole[..whole.len() - 1]), false),
        ] {
            let fault = read(bytes.as_slice()).expect_err("no answer");
            assert_eq!(fault == Fault::TooLong, too_long, "{fault:?}");
        }
    }
}
