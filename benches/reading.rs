//! Reads PDF files with this project's reader or with pdf-extract, for `benches/reading.py` to compare.
//!
//! `reading groundline FILE...` writes one line of JSON for each file: its pages, each with the text that is stored for
//! it, and what was left out on purpose. `reading pdf-extract FILE...` writes the characters that pdf-extract found.

use std::io::{Error, Write};
use std::panic::catch_unwind;

use groundline::corpus::Format;
use groundline::document::{Basis, Document, Limits, reader};

fn main() -> Result<(), Error> {
    // `cargo bench` adds an argument of its own.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let with = arguments.next().unwrap_or_default();
    std::panic::set_hook(Box::new(|_| {}));
    let mut out = std::io::stdout().lock();
    for path in arguments {
        let line = match with.as_str() {
            "groundline" => ours(&path)?,
            "pdf-extract" => theirs(&path),
            _ => return Err(Error::other("say `groundline` or `pdf-extract`, then the files")),
        };
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn ours(path: &str) -> Result<serde_json::Value, Error> {
    let bytes = std::fs::read(path)?;
    Ok(match reader(Format::Pdf, Basis::Tags).read(&bytes, &Limits::default()) {
        Ok(document) => pages(&document),
        Err(error) => serde_json::json!({ "error": error.to_string() }),
    })
}

/// The stored text by pages, printed numbers of list items included.
fn pages(document: &Document) -> serde_json::Value {
    let mut texts = vec![String::new(); document.pages.len()];
    let mut add = |point: usize, text: &str| {
        let page = document.page_at(point).map_or(0, |page| page.index);
        if let Some(found) = texts.get_mut(page) {
            found.push_str(text);
            found.push('\n');
        }
    };
    for section in &document.sections {
        if let Some(heading) = section.heading {
            add(heading.start(), document.text.slice_clamped(heading));
        }
        for block in &section.blocks {
            if let groundline::document::BlockKind::ListItem { number: Some(number), .. } = &block.kind {
                add(block.span.start(), number);
            }
            add(block.span.start(), document.text.slice_clamped(block.span));
        }
    }
    let mut left_out = vec![String::new(); texts.len()];
    for (page, text) in &document.left_out {
        if let Some(found) = left_out.get_mut(*page) {
            found.push_str(text);
            found.push('\n');
        }
    }
    let doubted = document.defects.iter().filter(|defect| defect.kind.costs_trust()).filter_map(|defect| defect.page);
    let doubted: std::collections::BTreeSet<usize> = doubted.collect();
    serde_json::json!({ "pages": texts, "left_out": left_out, "doubted": doubted })
}

fn theirs(path: &str) -> serde_json::Value {
    let path = path.to_owned();
    match catch_unwind(move || pdf_extract::extract_text(path)) {
        Ok(Ok(text)) => serde_json::json!({ "characters": text.chars().count() }),
        Ok(Err(error)) => serde_json::json!({ "error": error.to_string() }),
        Err(_) => serde_json::json!({ "error": "it panicked" }),
    }
}
