//! Which units belong together: by label, by error code, by pair of raters, by week, and against a gold set.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use jiff::tz::TimeZone;

use super::table::Table;
use super::{Agreement, Confusion, Group, Report, Unit, agreement, confusion, interval};

/// The parts that agreement is told for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// None.
    #[default]
    All,
    /// Each label against the rest.
    Label,
    /// Each error code that somebody marked: marked or not.
    Error,
    /// Each pair of raters that share a unit.
    Pair,
    /// Each ISO week (ISO 8601, UTC) in which a unit was judged last.
    Week,
}

impl FromStr for By {
    type Err = ();

    fn from_str(name: &str) -> Result<By, ()> {
        match name {
            "all" => Ok(By::All),
            "label" => Ok(By::Label),
            "error" => Ok(By::Error),
            "pair" => Ok(By::Pair),
            "week" => Ok(By::Week),
            _ => Err(()),
        }
    }
}

/// What is asked of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The parts.
    pub by: By,
    /// The rater whose labels are the gold set; then each other rater is compared with that one alone.
    pub gold: Option<String>,
    /// The labels that could be given, in order; see [`super::measure`].
    pub scale: Vec<String>,
}

/// Whoever is compared with the gold set. Sorts before [`GOLD`], so that rows are the reviewer's.
const REVIEWER: &str = "1";
/// The gold set.
const GOLD: &str = "2";

/// A part: its name, its units and their labels.
struct Part {
    name: String,
    units: Vec<Unit>,
    scale: Vec<String>,
    /// Rows and columns, where the part is of two people.
    pair: Option<(String, String)>,
}

/// Measures agreement over all units and in the parts asked for.
///
/// Against a gold set the units of all reviewers are put together; a gold label then counts once for each reviewer, so the
/// whole has intervals with a single reviewer alone, and parts by pair have them always.
pub fn report(units: &[Unit], question: &Question) -> Report {
    let (compared, sampled) = match &question.gold {
        Some(gold) => (against(units, gold), others(units, gold).len() < 2),
        None => (units.to_vec(), true),
    };
    let parts = parts(units, &compared, question);
    let whole = Table::new(&compared, &question.scale);
    let tables: Vec<Table> = parts.iter().map(|part| Table::new(&part.units, &part.scale)).collect();
    let draws = interval::draws(whole.labelled() + tables.iter().map(Table::labelled).sum::<u64>());
    let drawn = |sampled: bool| sampled.then_some(draws);
    let groups = parts.into_iter().zip(&tables).map(|(part, table)| {
        let measured = agreement(table, drawn(sampled || part.pair.is_some()));
        group(part, table, measured)
    });
    let groups = groups.collect();
    let (first, second) = match &question.gold {
        Some(gold) => ("reviewer", gold.as_str()),
        None => ("first", "second"),
    };
    let mut report =
        Report { agreement: agreement(&whole, drawn(sampled)), confusion: confusion(&whole, first, second), groups };
    if question.gold.is_none() {
        name_two(&mut report.confusion, &whole);
    }
    report
}

fn group(part: Part, table: &Table, agreement: Agreement) -> Group {
    let confusion = part.pair.map(|(first, second)| confusion(table, &first, &second));
    Group { name: part.name, agreement, confusion }
}

/// With two raters the rows and columns are theirs.
fn name_two(confusion: &mut Confusion, table: &Table) {
    if let [(first, second)] = table.pairs.as_slice()
        && table.raters == 2
    {
        confusion.first.clone_from(first);
        confusion.second.clone_from(second);
    }
}

fn parts(units: &[Unit], compared: &[Unit], question: &Question) -> Vec<Part> {
    match question.by {
        By::All => Vec::new(),
        By::Label => by_label(compared, &question.scale),
        By::Error => by_error(compared),
        By::Week => by_week(compared, &question.scale),
        By::Pair => by_pair(units, question),
    }
}

/// Raters other than `gold` who judged a unit that `gold` judged.
fn others(units: &[Unit], gold: &str) -> BTreeSet<String> {
    let shared = units.iter().filter(|unit| unit.labels.contains_key(gold));
    shared.flat_map(|unit| unit.labels.keys()).filter(|rater| *rater != gold).cloned().collect()
}

/// Each reviewer's label beside the gold one.
fn against(units: &[Unit], gold: &str) -> Vec<Unit> {
    let mut compared = Vec::new();
    for unit in units {
        for rater in unit.labels.keys().filter(|rater| *rater != gold) {
            compared.extend(two(unit, rater, gold, REVIEWER, GOLD));
        }
    }
    compared
}

/// The unit with the labels of two raters alone, under other names; `None` where either gave none.
fn two(unit: &Unit, first: &str, second: &str, first_as: &str, second_as: &str) -> Option<Unit> {
    let both = [(first, first_as), (second, second_as)];
    let mut labels = BTreeMap::new();
    for (rater, name) in both {
        labels.insert(name.to_owned(), unit.labels.get(rater)?.clone());
    }
    let marked = |(rater, name): &(&str, &str)| Some(((*name).to_owned(), unit.errors.get(*rater)?.clone()));
    Some(Unit { name: unit.name.clone(), at: unit.at, labels, errors: both.iter().filter_map(marked).collect() })
}

fn by_pair(units: &[Unit], question: &Question) -> Vec<Part> {
    let pairs: Vec<(String, String)> = match &question.gold {
        Some(gold) => others(units, gold).into_iter().map(|rater| (rater, gold.clone())).collect(),
        None => Table::new(units, &[]).pairs,
    };
    let part = |(first, second): (String, String)| Part {
        name: format!("{first} · {second}"),
        units: units.iter().filter_map(|unit| two(unit, &first, &second, REVIEWER, GOLD)).collect(),
        scale: question.scale.clone(),
        pair: Some((first, second)),
    };
    pairs.into_iter().map(part).collect()
}

fn by_week(units: &[Unit], scale: &[String]) -> Vec<Part> {
    let mut weeks: BTreeMap<String, Vec<Unit>> = BTreeMap::new();
    for unit in units {
        weeks.entry(week(unit)).or_default().push(unit.clone());
    }
    weeks.into_iter().map(|(name, units)| Part { name, units, scale: scale.to_vec(), pair: None }).collect()
}

fn week(unit: &Unit) -> String {
    let week = unit.at.to_zoned(TimeZone::UTC).date().iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

fn by_label(units: &[Unit], scale: &[String]) -> Vec<Part> {
    let given: BTreeSet<&String> = units.iter().flat_map(|unit| unit.labels.values()).collect();
    // In the order of the scale, without labels that nobody gave: there is nothing to agree on.
    let known = scale.iter().filter(|label| given.contains(label));
    let besides = given.iter().copied().filter(|label| !scale.contains(label));
    known
        .chain(besides)
        .map(|label| one_against_the_rest(units, label, |unit, rater| unit.labels.get(rater) == Some(label)))
        .collect()
}

fn by_error(units: &[Unit]) -> Vec<Part> {
    let codes: BTreeSet<&String> = units.iter().flat_map(|unit| unit.errors.values().flatten()).collect();
    let marked =
        |unit: &Unit, rater: &str, code: &String| unit.errors.get(rater).is_some_and(|codes| codes.contains(code));
    codes.into_iter().map(|code| one_against_the_rest(units, code, |unit, rater| marked(unit, rater, code))).collect()
}

/// The same units with two labels: whether `holds` for what a rater said.
fn one_against_the_rest(units: &[Unit], name: &str, holds: impl Fn(&Unit, &str) -> bool) -> Part {
    let [yes, no] = ["yes", "no"].map(str::to_owned);
    let relabelled = units.iter().map(|unit| {
        let label = |rater: &String| if holds(unit, rater) { yes.clone() } else { no.clone() };
        Unit {
            name: unit.name.clone(),
            at: unit.at,
            labels: unit.labels.keys().map(|rater| (rater.clone(), label(rater))).collect(),
            errors: BTreeMap::new(),
        }
    });
    Part { name: name.to_owned(), units: relabelled.collect(), scale: vec![yes.clone(), no.clone()], pair: None }
}
