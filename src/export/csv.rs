//! Verdicts as a table: one row a claim and reviewer (RFC 4180, UTF-8, lines ending in CR LF).
//!
//! Every cell stands in quotation marks. A cell that a spreadsheet would read as a formula, because it starts with `=`, `+`,
//! `-`, `@`, one of their full-width forms, a tab or a line break, gets an apostrophe in front, as OWASP advises (CSV
//! Injection); a reader that needs the exact text takes it off again or reads the artifact. Several values in one cell are
//! parted by ` | `. A claim that nobody has judged has one row without a reviewer, so that none is lost.

use super::{Bundle, Judged, Lookup, Shown};
use crate::review::record::{Feedback, Pin, Task, VerdictRecord};

/// The columns, in their order.
pub const COLUMNS: [&str; 36] = [
    "review",
    "model",
    "source_kind",
    "source_name",
    "source_id",
    "response_sha256",
    "claim",
    "start",
    "end",
    "unit",
    "claim_text",
    "claim_alone",
    "claim_sha256",
    "removed",
    "reviewer",
    "role",
    "task",
    "verdict",
    "at",
    "snapshot",
    "passages",
    "roles",
    "quotations",
    "citations",
    "errors",
    "harm_extent",
    "harm_likelihood",
    "what",
    "why",
    "fix",
    "seconds",
    "blind",
    "needs_adjudication",
    "taxonomy",
    "verdict_id",
    "previous",
];

/// The table, with a row of names.
pub fn table(bundle: &Bundle) -> String {
    let lookup = Lookup::new(bundle);
    let mut out = String::new();
    line(&mut out, COLUMNS.map(str::to_owned).as_slice());
    for judged in bundle.reviews.iter().flat_map(Judged::of) {
        let rows = judged.verdicts.iter().map(|verdict| Some(*verdict));
        let none = judged.verdicts.is_empty().then_some(None);
        for verdict in rows.chain(none) {
            let mut cells = claim_cells(&judged);
            cells.extend(verdict.map_or_else(no_verdict, |verdict| verdict_cells(verdict, &lookup)));
            line(&mut out, &cells);
        }
    }
    out
}

fn claim_cells(judged: &Judged) -> Vec<String> {
    let (review, claim) = (judged.review, judged.claim);
    let source = &review.response.source;
    let known = |value: &Option<String>| value.clone().unwrap_or_default();
    vec![
        review.id.clone(),
        known(&review.response.model),
        source.kind.clone(),
        known(&source.name),
        known(&source.id),
        review.response.sha256.clone(),
        claim.id.clone(),
        claim.start.to_string(),
        claim.end.to_string(),
        claim.unit.clone(),
        claim.text.as_str().to_owned(),
        claim.claim.as_str().to_owned(),
        claim.sha256.clone(),
        claim.removed.to_string(),
    ]
}

fn no_verdict() -> Vec<String> {
    vec![String::new(); COLUMNS.len() - 14]
}

fn verdict_cells(verdict: &VerdictRecord, lookup: &Lookup) -> Vec<String> {
    let pins = |tell: &dyn Fn(&Pin) -> String| joined(verdict.evidence.iter().map(tell));
    let shown =
        |tell: fn(&Shown) -> String| pins(&|pin| lookup.pinned(verdict, pin).as_ref().map(tell).unwrap_or_default());
    let feedback = verdict.feedback.clone().unwrap_or_default();
    let Feedback { what, why, fix } = feedback;
    let task = match verdict.task {
        Task::First => "first",
        Task::Second => "second",
        Task::Adjudicate => "adjudicate",
    };
    let harm = verdict.harm.as_ref();
    vec![
        verdict.reviewer.id.clone(),
        verdict.reviewer.role.clone(),
        task.to_owned(),
        verdict.verdict.map_or("", |one| one.name()).to_owned(),
        verdict.at.to_string(),
        verdict.snapshot.clone(),
        pins(&|pin| pin.passage.clone()),
        pins(&|pin| super::role(pin.role).to_owned()),
        shown(|one| one.quote().to_owned()),
        shown(|one| one.citation().unwrap_or_default().to_owned()),
        joined(verdict.errors.iter().map(|one| format!("{}:{}", one.code, super::severity(one.severity)))),
        harm.map(|harm| harm.extent.clone()).unwrap_or_default(),
        harm.map(|harm| harm.likelihood.clone()).unwrap_or_default(),
        what.0,
        why.0,
        fix.0,
        verdict.seconds.to_string(),
        verdict.blind.to_string(),
        verdict.needs_adjudication.to_string(),
        verdict.taxonomy.clone(),
        verdict.id.clone(),
        verdict.previous.clone().unwrap_or_default(),
    ]
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(" | ")
}

fn line(out: &mut String, cells: &[String]) {
    for (at, text) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        cell(out, text);
    }
    out.push_str("\r\n");
}

/// Whether a spreadsheet would read a cell as a formula. A number is none.
pub fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']) && text.parse::<f64>().is_err()
}

fn cell(out: &mut String, text: &str) {
    out.push('"');
    if is_formula(text) {
        out.push('\'');
    }
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\"\""),
            // Readers stop at a null, or drop it and join what it parted.
            '\0' => out.push('\u{FFFD}'),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::bundle;

    fn written(text: &str) -> String {
        let mut out = String::new();
        cell(&mut out, text);
        out
    }

    #[test]
    fn formulas_are_disarmed_and_quotation_marks_doubled() {
        assert_eq!(written("=1+1"), "\"'=1+1\"");
        assert_eq!(written("=HYPERLINK(\"http://x\",\"y\")"), "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
        for text in ["+1+1", "-a", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＠x"] {
            assert!(written(text).starts_with("\"'"), "{text}");
        }
        for text in ["", "-1", "1 = 1", "a-b", "'=1", " =1"] {
            assert_eq!(written(text), format!("\"{text}\""));
        }
        assert_eq!(written("a\0b"), "\"a\u{FFFD}b\"");
    }

    /// The cells of a table, read as RFC 4180 says.
    fn read(table: &str) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let mut rest = table;
        while !rest.is_empty() {
            let mut row = Vec::new();
            loop {
                rest = rest.strip_prefix('"').unwrap();
                let mut text = String::new();
                loop {
                    let (before, after) = rest.split_once('"').unwrap();
                    text.push_str(before);
                    match after.strip_prefix('"') {
                        Some(after) => (text, rest) = (text + "\"", after),
                        None => break rest = after,
                    }
                }
                row.push(text);
                match rest.strip_prefix(',') {
                    Some(after) => rest = after,
                    None => break rest = rest.strip_prefix("\r\n").unwrap(),
                }
            }
            rows.push(row);
        }
        rows
    }

    #[test]
    fn there_is_a_row_for_each_claim_and_reviewer() {
        let bundle = bundle();
        let rows = read(&table(&bundle));
        assert_eq!(rows[0], COLUMNS);
        assert!(rows.iter().all(|row| row.len() == COLUMNS.len()));
        let told: Vec<[&str; 3]> =
            rows[1..].iter().map(|row| [row[6].as_str(), row[14].as_str(), row[17].as_str()]).collect();
        assert_eq!(
            told,
            [
                ["c1", "r7", "contradicted"],
                ["c1", "r9", "partly"],
                ["c1", "lead", "contradicted"],
                ["c2", "r7", "outdated"],
                ["c2", "r9", "outdated"],
                ["c3", "r7", "supported"],
                ["c3", "r9", "partly"],
                ["c4", "r7", "not_addressed"],
                ["c5", "", ""],
                ["c6", "r7", "supported"],
                ["c1", "r7", "supported"],
            ]
        );
        let last = &rows[10];
        assert_eq!(last[10], "'=Doses <5 mg & \"more\" are fine.");
        assert_eq!(last[22], bundle.evidence[4].result["passages"][0]["quote"]);
    }
}
