//! `--csv`: a row a passage, for spreadsheets (RFC 4180); a claim without passages has one row. A cell that a spreadsheet would
//! read as a formula gets an apostrophe in front, as in the export of verdicts.

use super::check::Source;
use crate::export::csv::is_formula;
use crate::view::native::{EvidenceView, ResultView};

/// The names of the columns.
pub(super) const HEAD: &str = "id,claim,status,coverage,conflict,rank,passage,score,quote,document,version,title,publisher,\
                               year,document_status,superseded_by,grade,direction,hint,confidence,flags,source,snapshot,error\r\n";

/// The rows of one result.
pub(super) fn rows(from: &Source, result: ResultView) -> serde_json::Result<Vec<u8>> {
    let snapshot = from.snapshot.manifest().id.to_string();
    let error = result.error.as_ref().and_then(|error| error["detail"].as_str()).unwrap_or_default();
    let claim = [
        result.id.clone().unwrap_or_default(),
        result.claim.clone().unwrap_or_default(),
        result.status.to_owned(),
        result.coverage.unwrap_or_default().to_owned(),
        result.conflict.to_string(),
    ];
    let mut out = Vec::new();
    let mut write = |passage: Vec<String>| {
        let end = [snapshot.clone(), error.to_owned()];
        let cells = claim.iter().cloned().chain(passage).chain(end);
        let row: Vec<String> = cells.map(|text| cell(&text)).collect();
        out.extend(row.join(",").into_bytes());
        out.extend(b"\r\n");
    };
    if result.passages.is_empty() {
        write(vec![String::new(); PASSAGE_COLUMNS]);
    }
    result.passages.iter().for_each(|shown| write(passage(shown).to_vec()));
    Ok(out)
}

/// Columns that a passage fills.
const PASSAGE_COLUMNS: usize = 17;

fn passage(shown: &EvidenceView) -> [String; PASSAGE_COLUMNS] {
    let (passage, document) = (&shown.passage, &shown.passage.document);
    let flags: Vec<&str> = shown.flags.iter().map(|flag| flag.kind).collect();
    let grade = passage.grade.as_ref();
    [
        shown.rank.to_string(),
        passage.id.clone(),
        shown.score.to_string(),
        passage.quote.clone(),
        document.id.clone(),
        document.version.clone(),
        document.title.clone().unwrap_or_default(),
        document.publisher.clone().unwrap_or_default(),
        document.year.map(|year| year.to_string()).unwrap_or_default(),
        document.status.to_owned(),
        document.superseded_by.clone().unwrap_or_default(),
        grade.map(|grade| grade.verbatim.clone()).unwrap_or_default(),
        grade.and_then(|grade| grade.direction).unwrap_or_default().to_owned(),
        shown.hint.as_ref().map(|hint| hint.stance).unwrap_or_default().to_owned(),
        shown.hint.as_ref().map(|hint| hint.confidence.to_string()).unwrap_or_default(),
        flags.join(" "),
        passage.links.source.clone().unwrap_or_default(),
    ]
}

/// A cell, quoted where it must be.
fn cell(text: &str) -> String {
    let disarmed = if is_formula(text) { format!("'{text}") } else { text.to_owned() };
    if disarmed.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", disarmed.replace('"', "\"\"")) } else { disarmed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        for (text, quoted) in [
            ("a b", "a b"),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("a\nb", "\"a\nb\""),
            ("", ""),
            ("-0.5", "-0.5"),
        ] {
            assert_eq!(cell(text), quoted);
        }
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
        let columns = HEAD.trim_end().split(',').count();
        assert_eq!(columns, 5 + PASSAGE_COLUMNS + 2);
    }
}
