//! Small tables, a line a row.

use super::*;

/// Cells are parted by `|`; `^3` after a cell spans rows, `>2` columns, `!` at its start makes it a head, `*` bold.
fn cell(source: &str) -> Cell {
    let (source, rows) = split_number(source.trim(), '^');
    let (source, columns) = split_number(source, '>');
    let (head, strong) = (source.starts_with('!'), source.starts_with('*'));
    let text = source.trim_start_matches(['!', '*']).to_owned();
    let lead = strong.then(|| text.clone());
    Cell { text, rows, columns, head, strong, lead, style: String::new() }
}

fn split_number(source: &str, sign: char) -> (&str, usize) {
    match source.rsplit_once(sign) {
        Some((rest, number)) => (rest, number.parse().unwrap_or(1)),
        None => (source, 1),
    }
}

fn check(source: &str, expected: &str) {
    let rows = source.lines().map(|line| line.split('|').map(cell).collect()).collect();
    let written = write(None, rows, 0, Vec::new());
    let mut lines: Vec<String> = written.caption.map(|caption| format!("caption {caption}")).into_iter().collect();
    lines.extend(written.lines);
    lines.extend(written.notes.into_iter().map(|note| format!("note {note}")));
    assert_eq!(lines.join("\n"), expected, "{source}");
}

#[test]
fn each_line_carries_the_heads() {
    check("!Drug|!Dose\na|5 mg\nb|5 mg", "Drug: a | Dose: 5 mg\nDrug: b | Dose: 5 mg");
    check("*Drug|*Dose\na|5 mg", "Drug: a | Dose: 5 mg");
}

#[test]
fn equal_neighbours_are_both_written() {
    check("!kg|!10|!20\naspirin|2|2", "kg: aspirin | 10: 2 | 20: 2");
    check("a|2|2\nb|3|4", "a | 2 | 2\nb | 3 | 4");
}

#[test]
fn a_row_without_a_first_cell_goes_on_about_the_one_above() {
    check(
        "!Drug|!Dose\naspirin|5\n|10\nother|1",
        "Drug: aspirin | Dose: 5\nDrug: aspirin | Dose: 10\nDrug: other | Dose: 1",
    );
}

#[test]
fn rows_that_leave_the_first_column_empty_lead_the_others() {
    check("|drug|placebo\n|N=7|N=9\nrash|1|2", "rash | drug N=7: 1 | placebo N=9: 2");
}

#[test]
fn spans_reach_over_rows_and_columns() {
    check(
        "!eGFR^2|!Dose>2\n!Start|!Max\n60|5|20\n30>1|wide>2",
        "eGFR: 60 | Dose Start: 5 | Dose Max: 20\neGFR: 30 | Dose Start / Dose Max: wide",
    );
    check("!A|!B\nx^2|1\n2", "A: x | B: 1\nA: x | B: 2");
    check("a|b\nc^0|all>999999\nd", "a | b\nc | all\nc | d");
}

#[test]
fn a_remark_between_rows_names_none_of_them() {
    check(
        "!Drug|!Dose\nAdrenaline (see epinephrine)>2\naspirin|5\nother|1",
        "Adrenaline (see epinephrine)\nDrug: aspirin | Dose: 5\nDrug: other | Dose: 1",
    );
    check(
        "!Drug|!Dose\naspirin|5\nNote: not in children>2\nother|1",
        "Drug: aspirin | Dose: 5\naspirin | Note: not in children\nDrug: other | Dose: 1",
    );
}

#[test]
fn a_row_without_a_name_in_bold_goes_on_about_the_one_above() {
    check(
        "!Drug|!Dose\n*aspirin|5\njoint pain|10\n*other|1",
        "Drug: aspirin | Dose: 5\nDrug: aspirin | Drug: joint pain | Dose: 10\nDrug: other | Dose: 1",
    );
}

#[test]
fn a_head_over_many_columns_is_said_once() {
    check(
        "!Drug^2|!Dose by weight>4\n!5|!10|!20|!30\nx|1|2|3|4",
        "Drug: x | Dose by weight 5: 1 | 10: 2 | 20: 3 | 30: 4",
    );
}

#[test]
fn a_head_that_is_repeated_is_written_once() {
    check("Drug|Dose\na|5\nDrug|Dose\nb|1", "Drug: a | Dose: 5\nDrug: b | Dose: 1");
}

#[test]
fn a_label_between_rows_is_repeated_in_them() {
    check(
        "!Who|!n\n*Sex>2\nMale|1\nFemale|2\n*Age>2\nold|3",
        "Sex | Who: Male | n: 1\nSex | Who: Female | n: 2\nAge | Who: old | n: 3",
    );
}

#[test]
fn a_label_of_the_first_rows_is_no_title_of_all() {
    check(
        "*Infants>3\n1 month|14|hours\n*Children>3\n1 year|11|hours\n2 years|10|hours",
        "Infants | 1 month | 14 | hours\nChildren | 1 year | 11 | hours\nChildren | 2 years | 10 | hours",
    );
}

#[test]
fn first_and_last_rows_over_all_columns_are_caption_and_notes() {
    check(
        "TABLE 1. Doses>2\n*Drug|*Dose\na|5\nNote: adults only.>2",
        "caption TABLE 1. Doses\nDrug: a | Dose: 5\nnote Note: adults only.",
    );
}

#[test]
fn a_long_row_is_divided_and_each_part_says_what_it_is_about() {
    let long = "word ".repeat(150);
    let rows = vec![vec![cell("flu"), cell(&long), cell(&long)]];
    let written = write(None, rows, 0, Vec::new());
    assert_eq!(written.lines.len(), 2);
    assert!(written.lines.iter().all(|line| line.starts_with("flu | word")));
}
