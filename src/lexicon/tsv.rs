//! Reads the lexicon's own files: tab-separated, one row a line, the header says which kind.

use super::row::{Fact, Place, Region, Relation, Row};

/// Header of `abbreviations.tsv`.
pub(super) const ABBREVIATIONS: &str = "short\tlong\tcontext\tuse\tsource";
/// Header of `drugs.tsv`.
pub(super) const DRUGS: &str = "name\trelation\ttarget\tregion\tsource";
/// Header of `lay.tsv`.
pub(super) const LAY: &str = "lay\tclinical\tcontext\tsource";
/// Header of `spelling.tsv`, which is folded into search terms and not read here.
pub(super) const SPELLING: &str = "british\tamerican\tsource";

/// Longest cell, in bytes.
const LONGEST_CELL: usize = 400;
/// Most values in one cell.
const MOST_VALUES: usize = 64;
/// Most words of a name; longer ones are definitions.
pub(super) const MOST_WORDS: usize = 12;

/// A file's rows, and what is wrong with the lines that gave none.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) rows: Vec<Row>,
    pub(super) faults: Vec<(usize, String)>,
}

/// Which of our files this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Abbreviations,
    Drugs,
    Lay,
}

impl Table {
    pub(super) fn of(header: &str) -> Result<Table, String> {
        match header.trim_start_matches('\u{feff}') {
            ABBREVIATIONS => Ok(Table::Abbreviations),
            DRUGS => Ok(Table::Drugs),
            LAY => Ok(Table::Lay),
            SPELLING => Err("spelling variants are built in and cannot be added to".to_owned()),
            _ => Err(format!(
                "the first line is none of the headers `{}`, `{}`, `{}` (with tabs between)",
                told(ABBREVIATIONS),
                told(DRUGS),
                told(LAY)
            )),
        }
    }

    /// Reads one line below the header.
    pub(super) fn row(self, line: &str, place: Place) -> Result<Row, String> {
        if let Some(long) = line.split('\t').find(|cell| cell.len() > LONGEST_CELL) {
            return Err(format!("a cell has {} bytes, more than {LONGEST_CELL}", long.len()));
        }
        match self {
            Table::Abbreviations => abbreviation(cells(line, ABBREVIATIONS)?, place),
            Table::Drugs => drug(cells(line, DRUGS)?, place),
            Table::Lay => lay(cells(line, LAY)?, place),
        }
    }
}

/// A header as a person reads it.
pub(super) fn told(header: &str) -> String {
    header.replace('\t', " ")
}

/// Reads a whole file that is text already.
pub(super) fn read(text: &str, file: usize) -> Parsed {
    let mut parsed = Parsed::default();
    let mut lines = text.lines();
    let table = match Table::of(lines.next().unwrap_or_default()) {
        Ok(table) => table,
        Err(reason) => {
            parsed.faults.push((1, reason));
            return parsed;
        }
    };
    for (at, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let place = Place { file, line: at + 2 };
        match table.row(line, place) {
            Ok(row) => parsed.rows.push(row),
            Err(reason) => parsed.faults.push((place.line, reason)),
        }
    }
    parsed
}

/// The cells of a line, as many as its header has.
pub(super) fn cells<'a, const N: usize>(line: &'a str, header: &str) -> Result<[&'a str; N], String> {
    let mut cells = line.split('\t');
    let found = std::array::from_fn(|_| cells.next());
    let columns = line.split('\t').count();
    let (true, found) = (columns == N, found.map(Option::unwrap_or_default)) else {
        return Err(format!("{columns} columns instead of the {N} of `{}`", told(header)));
    };
    Ok(found)
}

fn needed(cell: &str, column: &str) -> Result<Box<str>, String> {
    if cell.trim().is_empty() {
        return Err(format!("column `{column}` is empty"));
    }
    if cell.split_whitespace().nth(MOST_WORDS).is_some() {
        return Err(format!("column `{column}` has more than {MOST_WORDS} words"));
    }
    if !cell.chars().any(char::is_alphanumeric) {
        return Err(format!("column `{column}` has no letter or digit: {cell:?}"));
    }
    Ok(cell.into())
}

/// The values of a cell, which may be none.
fn values<'a>(cell: &'a str, column: &str) -> Result<impl Iterator<Item = &'a str>, String> {
    let count = if cell.is_empty() { 0 } else { cell.split('|').count() };
    if count > MOST_VALUES {
        return Err(format!("column `{column}` has {count} values, more than {MOST_VALUES}"));
    }
    if count > 0 && cell.split('|').any(|value| value.trim().is_empty()) {
        return Err(format!("column `{column}` has an empty value: {cell:?}"));
    }
    Ok(cell.split('|').take(count))
}

/// A cell of values, kept as it is.
fn joined(cell: &str, column: &str) -> Result<Box<str>, String> {
    values(cell, column).map(|_| cell.into())
}

fn abbreviation(cells: [&str; 5], place: Place) -> Result<Row, String> {
    let [short, long, context, usage, source] = cells;
    let common = match usage {
        "common" => true,
        "context" => false,
        // A single sense needs no rule; lint asks for one where there are several.
        "" if context.is_empty() => true,
        other => return Err(format!("`use` is {other:?}: common or context")),
    };
    let fact = Fact::Abbreviation { short: needed(short, "short")?, long: needed(long, "long")?, common };
    Ok(Row { place, fact, context: joined(context, "context")?, source: joined(source, "source")? })
}

fn drug(cells: [&str; 5], place: Place) -> Result<Row, String> {
    let [name, relation, target, region, source] = cells;
    let Some(relation) = Relation::named(relation) else {
        return Err(format!("`relation` is {relation:?}: brand_of, same_as, member_of or class_same_as"));
    };
    let one = |name: &str| {
        let all = || Region::ALL.map(Region::name).join(", ");
        Region::named(name).ok_or_else(|| format!("there is no region {name:?}: {}", all()))
    };
    let region = values(region, "region")?.map(one).collect::<Result<Vec<_>, _>>()?;
    let fact = Fact::Drug { name: needed(name, "name")?, relation, target: needed_combination(target)?, region };
    Ok(Row { place, fact, context: Box::default(), source: joined(source, "source")? })
}

/// A target may list the parts of a vaccine; each part is a name.
fn needed_combination(target: &str) -> Result<Box<str>, String> {
    for part in target.split(" + ") {
        needed(part, "target")?;
    }
    Ok(target.into())
}

fn lay(cells: [&str; 4], place: Place) -> Result<Row, String> {
    let [lay, clinical, context, source] = cells;
    let clinical = values(clinical, "clinical")?.map(|one| needed(one, "clinical")).collect::<Result<Vec<_>, _>>()?;
    if clinical.is_empty() {
        return Err("column `clinical` is empty".to_owned());
    }
    let fact = Fact::Lay { lay: needed(lay, "lay")?, clinical };
    Ok(Row { place, fact, context: joined(context, "context")?, source: joined(source, "source")? })
}
