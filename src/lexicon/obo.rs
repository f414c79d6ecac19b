//! Reads OBO ontologies: each term's name and its exact synonyms.
//!
//! A synonym marked `layperson` is a lay word for the name, one marked `abbreviation` its abbreviation, any other exact one
//! the same thing. Broad, narrow and related synonyms do not mean the same and are left out, as are obsolete terms.

use std::io::BufRead;

use super::import::{Error, Line, Lines, MOST_NAMES, Sink, name};
use super::row::{Fact, Place, Row};

/// What a synonym is to the term's name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Plain,
    Lay,
    Abbreviation,
}

/// The term that is being read.
#[derive(Default)]
struct Term {
    name: Option<Box<str>>,
    synonyms: Vec<(usize, Box<str>, Mark)>,
    obsolete: bool,
    too_many: bool,
}

pub(super) fn read(lines: &mut Lines<'_, impl BufRead>, sink: &mut Sink<'_>) -> Result<(), Error> {
    let mut open: Option<Term> = None;
    let mut terms = 0usize;
    while let Some(Line { number, text }) = lines.next()? {
        let text = match text {
            Ok(text) => text.trim(),
            Err(reason) => {
                sink.fault(number, reason);
                continue;
            }
        };
        if text.starts_with('[') {
            close(open.take(), sink)?;
            if text == "[Term]" {
                open = Some(Term::default());
                terms += 1;
            }
        } else if let Some(term) = &mut open
            && let Err(reason) = term.take(number, text)
        {
            sink.fault(number, reason);
        }
    }
    close(open, sink)?;
    if terms == 0 {
        sink.fault(1, "no [Term] in this file: is it OBO?".to_owned());
    }
    Ok(())
}

impl Term {
    fn take(&mut self, line: usize, text: &str) -> Result<(), String> {
        if let Some(value) = text.strip_prefix("name:") {
            self.name = Some(name(value)?);
        } else if text.starts_with("is_obsolete:") && text.ends_with("true") {
            self.obsolete = true;
        } else if let Some(value) = text.strip_prefix("synonym:") {
            if self.synonyms.len() >= MOST_NAMES {
                let first = !std::mem::replace(&mut self.too_many, true);
                return if first { Err(format!("more than {MOST_NAMES} synonyms of one term")) } else { Ok(()) };
            }
            if let Some((synonym, mark)) = synonym(value.trim())? {
                self.synonyms.push((line, synonym, mark));
            }
        }
        Ok(())
    }
}

/// An exact synonym, or nothing for one that is not exact: `"text" SCOPE TYPE [sources]`.
fn synonym(value: &str) -> Result<Option<(Box<str>, Mark)>, String> {
    let Some(quoted) = value.strip_prefix('"') else { return Err("a synonym is not in quotes".to_owned()) };
    let mut text = String::new();
    let mut chars = quoted.char_indices();
    let rest = loop {
        match chars.next() {
            None => return Err("a synonym's quotes are not closed".to_owned()),
            Some((at, '"')) => break &quoted[at + 1..],
            Some((_, '\\')) => text.extend(chars.next().map(|(_, c)| c)),
            Some((_, c)) => text.push(c),
        }
    };
    let marks = rest.split('[').next().unwrap_or_default();
    let mut words = marks.split_whitespace();
    if words.next() != Some("EXACT") {
        return Ok(None);
    }
    let mark = match words.next().map(str::to_lowercase).as_deref() {
        Some(kind) if kind.contains("layperson") => Mark::Lay,
        Some(kind) if kind.contains("abbreviation") || kind.contains("acronym") => Mark::Abbreviation,
        _ => Mark::Plain,
    };
    Ok(Some((name(&text)?, mark)))
}

fn close(term: Option<Term>, sink: &mut Sink<'_>) -> Result<(), Error> {
    let Some(Term { name: Some(name), synonyms, obsolete: false, .. }) = term else { return Ok(()) };
    for (line, synonym, mark) in synonyms.into_iter().filter(|(_, synonym, _)| !synonym.eq_ignore_ascii_case(&name)) {
        let fact = match mark {
            Mark::Plain => Fact::Same { names: vec![name.clone(), synonym] },
            Mark::Lay => Fact::Lay { lay: synonym, clinical: vec![name.clone()] },
            Mark::Abbreviation => Fact::Abbreviation { short: synonym, long: name.clone(), common: true },
        };
        sink.push(Row { place: Place { file: 0, line }, fact, context: Box::default(), source: Box::default() })?;
    }
    Ok(())
}
