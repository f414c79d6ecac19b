//! Finds what is wrong with lexicon files: form, repetitions, senses that nothing chooses, brands that contradict each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::ordinary::is_ordinary;
use super::row::{Fact, Place, Region, Relation, Row};
use super::tsv::{self, SPELLING, Table};
use super::word::{key, stem, words};
use crate::corpus::Fault;
use crate::language::is_stop_word;

/// The sources that rows may name.
const SOURCES: &str = include_str!("../../lexicon/sources.tsv");
/// Longest abbreviation, in characters.
const LONGEST_SHORT: usize = 24;
/// Most clinical equivalents of one lay word.
const MOST_EQUIVALENTS: usize = 4;

/// Keys of the sources that rows may name.
pub fn source_keys() -> impl Iterator<Item = &'static str> {
    SOURCES.lines().skip(1).filter_map(|line| line.split('\t').next())
}

/// One table of the lexicon with its faults.
#[derive(Debug, Default)]
pub struct Report {
    /// Number of rows that were read.
    pub rows: usize,
    /// What is wrong, by line.
    pub faults: Vec<Fault>,
}

/// Checks the project's own tables.
pub fn built_in() -> impl Iterator<Item = Report> {
    let spelling = ("lexicon/spelling.tsv", super::spelling::PAIRS);
    super::FILES.into_iter().chain([spelling]).map(|(name, text)| table(Path::new(name), text))
}

/// Checks one table: abbreviations, drugs, lay words or spelling; the header says which.
pub fn table(path: &Path, text: &str) -> Report {
    let mut found = Finder::default();
    form(text, &mut found);
    let header = text.lines().next().unwrap_or_default();
    let rows = if header == SPELLING { spelling(text, &mut found) } else { facts(text, &mut found) };
    let mut faults: Vec<Fault> = found
        .faults
        .into_iter()
        .map(|(line, message)| Fault { path: path.to_owned(), line: Some(line), message })
        .collect();
    faults.sort();
    faults.dedup();
    Report { rows, faults }
}

#[derive(Default)]
struct Finder {
    faults: Vec<(usize, String)>,
}

impl Finder {
    fn add(&mut self, line: usize, message: impl Into<String>) {
        self.faults.push((line, message.into()));
    }
}

fn facts(text: &str, found: &mut Finder) -> usize {
    let parsed = tsv::read(text, 0);
    let Ok(table) = Table::of(text.lines().next().unwrap_or_default()) else {
        found.faults.extend(parsed.faults);
        return 0;
    };
    found.faults.extend(parsed.faults);
    let keys: BTreeSet<&str> = source_keys().collect();
    for row in &parsed.rows {
        sources(row, &keys, found);
        same_after_stemming(row, found);
    }
    match table {
        Table::Abbreviations => abbreviations(&parsed.rows, found),
        Table::Drugs => drugs(&parsed.rows, found),
        Table::Lay => lay(&parsed.rows, found),
    }
    parsed.rows.len()
}

/// The form of lines, whatever they say.
fn form(text: &str, found: &mut Finder) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut before = String::new();
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let number = at + 1;
        let Some(line) = line.strip_suffix('\n') else {
            found.add(number, "the last line has no line end");
            continue;
        };
        if line.is_empty() {
            found.add(number, "the line is empty");
            continue;
        }
        if line.ends_with('\r') {
            found.add(number, "the line ends in a carriage return");
        }
        if line.split('\t').any(|cell| cell.trim() != cell || cell.contains("  ")) {
            found.add(number, "a cell begins or ends with a blank, or holds two in a row");
        }
        if let Some(c) =
            line.chars().find(|c| (c.is_control() && *c != '\t') || matches!(c, '\u{2014}' | '"' | '\u{a0}'))
        {
            found.add(number, format!("the character {c:?} does not belong here"));
        }
        if number == 1 {
            continue;
        }
        if let Some(first) = seen.insert(line, number) {
            found.add(number, format!("repeats line {first}"));
        }
        let first = line.split('\t').next().unwrap_or_default().to_lowercase();
        if first < before {
            found.add(
                number,
                format!("{first:?} stands after {before:?}: rows are sorted by their first column, case aside"),
            );
        }
        before = first;
    }
}

fn sources(row: &Row, keys: &BTreeSet<&str>, found: &mut Finder) {
    if row.source.is_empty() {
        found.add(row.place.line, "`source` is empty");
    }
    for key in row.sources().filter(|key| !keys.contains(key)) {
        found.add(row.place.line, format!("there is no source {key:?} in lexicon/sources.tsv"));
    }
    let mut seen = BTreeSet::new();
    for word in row.context().filter(|word| !seen.insert(*word)) {
        found.add(row.place.line, format!("context word {word:?} is given twice"));
    }
    for word in row.context().filter(|word| is_stop_word(word)) {
        found.add(row.place.line, format!("context word {word:?} carries no topic"));
    }
    let name: Vec<String> = words(row.name()).into_iter().map(|word| word.lower).collect();
    for word in row.context().filter(|word| name.contains(&word.to_lowercase())) {
        found.add(row.place.line, format!("context word {word:?} is the name itself, which never counts"));
    }
}

fn stems(name: &str) -> Vec<String> {
    words(name).iter().map(|word| stem(&word.lower)).collect()
}

fn keys(name: &str) -> Vec<String> {
    words(name).iter().map(|word| key(&word.lower).into_owned()).collect()
}

fn same_after_stemming(row: &Row, found: &mut Finder) {
    let name = stems(row.name());
    let others: Vec<&str> = match &row.fact {
        Fact::Abbreviation { long, .. } => vec![long],
        Fact::Drug { target, .. } => vec![target],
        Fact::Lay { clinical, .. } => clinical.iter().map(|one| &**one).collect(),
        Fact::Same { .. } | Fact::OneWay { .. } => Vec::new(),
    };
    for other in others.into_iter().filter(|other| stems(other) == name) {
        found.add(
            row.place.line,
            format!("{other:?} is the same as {:?} after stemming: the row says nothing", row.name()),
        );
    }
    // An abbreviation or a brand counts as printed, whatever it is in lower case.
    let printed = matches!(row.fact, Fact::Abbreviation { .. } | Fact::Drug { relation: Relation::BrandOf, .. });
    if !printed && super::terms(row.name()).is_empty() {
        found.add(row.place.line, format!("{:?} is nothing but stop words", row.name()));
    }
}

fn abbreviations(rows: &[Row], found: &mut Finder) {
    let mut groups: BTreeMap<&str, Vec<(&Row, &str, bool)>> = BTreeMap::new();
    for row in rows {
        if let Fact::Abbreviation { short, long, common } = &row.fact {
            groups.entry(short).or_default().push((row, long, *common));
        }
    }
    for (short, senses) in groups {
        let one = senses.len() == 1;
        let mut seen: HashMap<Vec<String>, usize> = HashMap::new();
        let mut usual: Option<usize> = None;
        for (row, long, common) in senses {
            let line = row.place.line;
            if let Some(first) = seen.insert(keys(long), line) {
                found.add(line, format!("{short:?} has this sense in line {first} already"));
            }
            if row.context.is_empty() && !common {
                found.add(
                    line,
                    format!("`use` is context, and no context word is given: {short:?} would never be taken"),
                );
            }
            if common && let Some(first) = usual.replace(line) {
                found.add(line, format!("{short:?} has its usual sense in line {first} already: one may be `common`"));
            }
            // "PrEP" and "kg" differ from the word, or are it; "PEA" at the head of a list may be a vegetable.
            let capitals = !short.chars().any(char::is_lowercase);
            if row.context.is_empty() && capitals && is_ordinary(&short.to_lowercase()) {
                let which = if one { "the word" } else { "the ambiguous word" };
                found.add(line, format!("{short:?} is an ordinary word in lower case: give context words for {which}"));
            }
            if short.chars().count() > LONGEST_SHORT {
                found.add(line, format!("{short:?} is no abbreviation: more than {LONGEST_SHORT} characters"));
            }
        }
    }
}

/// A brand's row, what it holds and where it is sold.
type Product<'a> = (&'a Row, &'a str, &'a [Region]);

fn drugs(rows: &[Row], found: &mut Finder) {
    let mut brands: BTreeMap<String, Vec<Product<'_>>> = BTreeMap::new();
    let mut classes: BTreeMap<&str, Vec<(&str, Place)>> = BTreeMap::new();
    let mut pairs: HashMap<(&'static str, String, String), usize> = HashMap::new();
    for row in rows {
        let Fact::Drug { name, relation, target, region } = &row.fact else { continue };
        let mut ends = [name.to_lowercase(), target.to_lowercase()];
        if matches!(relation, Relation::SameAs | Relation::ClassSameAs) {
            ends.sort();
        }
        let [a, b] = ends;
        if let Some(first) = pairs.insert((relation.name(), a, b), row.place.line) {
            found.add(
                row.place.line,
                format!("line {first} says that {name:?} is {} {target:?} already", relation.name()),
            );
        }
        match relation {
            Relation::BrandOf => brands.entry(name.to_lowercase()).or_default().push((row, target, region)),
            Relation::MemberOf => classes.entry(name).or_default().push((target, row.place)),
            Relation::SameAs | Relation::ClassSameAs => {}
        }
    }
    for row in rows {
        let Fact::Drug { relation, target, .. } = &row.fact else { continue };
        if brands.contains_key(&target.to_lowercase()) {
            found.add(
                row.place.line,
                format!("{target:?} is {} of another row, and itself a brand: name the generic", relation.name()),
            );
        }
    }
    for products in brands.values() {
        contradictions(products, found);
    }
    cycles(&classes, found);
}

/// Products of one brand that are sold in the same place and have no ingredient in common.
fn contradictions(products: &[Product<'_>], found: &mut Finder) {
    for (at, (row, target, region)) in products.iter().enumerate() {
        for (other, other_target, other_region) in &products[..at] {
            let shared = target.split(" + ").any(|part| other_target.split(" + ").any(|other| other == part));
            let meet =
                region.is_empty() || other_region.is_empty() || region.iter().any(|one| other_region.contains(one));
            // Rows that name the very same regions list what is sold there under one name; a claim then gets neither.
            let listed = !region.is_empty() && region == other_region;
            if !shared && meet && !listed {
                let (line, first) = (row.place.line, other.place.line);
                found.add(line, format!("{:?} is {other_target:?} in line {first}, in the same region", row.name()));
            }
        }
    }
}

/// Classes that contain themselves by way of others.
fn cycles(classes: &BTreeMap<&str, Vec<(&str, Place)>>, found: &mut Finder) {
    for (name, own) in classes {
        for (class, place) in own {
            let mut open = vec![*class];
            let mut seen = BTreeSet::new();
            while let Some(at) = open.pop() {
                if at == *name {
                    found.add(
                        place.line,
                        format!("{name:?} is a member of {class:?}, which is, by way of others, a member of {name:?}"),
                    );
                    break;
                }
                if seen.insert(at) {
                    open.extend(classes.get(at).into_iter().flatten().map(|(class, _)| *class));
                }
            }
        }
    }
}

fn lay(rows: &[Row], found: &mut Finder) {
    let mut seen: HashMap<Vec<String>, (usize, bool)> = HashMap::new();
    for row in rows {
        let Fact::Lay { lay, clinical } = &row.fact else { continue };
        let line = row.place.line;
        if clinical.len() > MOST_EQUIVALENTS {
            found.add(line, format!("{} equivalents; the most usual {MOST_EQUIVALENTS} are used", clinical.len()));
        }
        let mut own = BTreeSet::new();
        for one in clinical.iter().filter(|one| !own.insert(keys(one))) {
            found.add(line, format!("{one:?} is given twice"));
        }
        let bare = row.context.is_empty();
        if let Some((first, other_bare)) = seen.insert(keys(lay), (line, bare))
            && (bare || other_bare)
        {
            found.add(line, format!("{lay:?} stands in line {first} already: join the rows, or give both a context"));
        }
    }
}

fn spelling(text: &str, found: &mut Finder) -> usize {
    let keys: BTreeSet<&str> = source_keys().collect();
    let mut pairs: HashMap<String, (String, usize)> = HashMap::new();
    let mut rows = 0;
    for (at, line) in text.lines().enumerate().skip(1) {
        let number = at + 1;
        let [british, american, source] = match tsv::cells::<3>(line, SPELLING) {
            Ok(cells) => cells,
            Err(reason) => {
                found.add(number, reason);
                continue;
            }
        };
        rows += 1;
        for word in [british, american] {
            if word.is_empty() || !word.chars().all(char::is_lowercase) {
                found.add(number, format!("{word:?} is not one word in lower case"));
            }
        }
        if british == american {
            found.add(number, format!("{british:?} is spelled alike in both columns"));
        }
        for key in source.split('|').filter(|key| !keys.contains(key)) {
            found.add(number, format!("there is no source {key:?} in lexicon/sources.tsv"));
        }
        if let Some((_, first)) = pairs.insert(british.to_string(), (american.to_string(), number)) {
            found.add(number, format!("{british:?} stands in line {first} already"));
        }
    }
    for (british, (american, line)) in &pairs {
        if let Some((_, other)) = pairs.get(american) {
            found.add(*line, format!("{british:?} becomes {american:?}, which line {other} changes again"));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let report = table(Path::new("t.tsv"), text);
        let told: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), expected.len(), "{text:?}: {told:#?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.starts_with(expected), "{told:?} instead of {expected:?}");
        }
    }

    fn lay(rows: &str, expected: &[&str]) {
        check(&format!("lay\tclinical\tcontext\tsource\n{rows}"), expected);
    }

    fn drugs(rows: &str, expected: &[&str]) {
        check(&format!("name\trelation\ttarget\tregion\tsource\n{rows}"), expected);
    }

    fn short(rows: &str, expected: &[&str]) {
        check(&format!("short\tlong\tcontext\tuse\tsource\n{rows}"), expected);
    }

    #[test]
    fn form_is_checked() {
        check("lay\tclinical\n", &["t.tsv:1: the first line is none of the headers"]);
        check("", &["t.tsv:1: the first line is none of the headers"]);
        lay("womb\tuterus\t\tgeneral\n", &[]);
        lay("womb\tuterus\t\tgeneral", &["t.tsv:2: the last line has no line end"]);
        lay("womb\tuterus \t\tgeneral\n", &["t.tsv:2: a cell begins or ends with a blank"]);
        lay("womb\tuterus\t\tgeneral\n\n", &["t.tsv:3: the line is empty"]);
        lay("womb\t\"uterus\"\t\tgeneral\n", &["t.tsv:2: the character '\"' does not belong here"]);
    }

    #[test]
    fn rows_are_checked() {
        lay("womb\tuterus\tgeneral\n", &["t.tsv:2: 3 columns instead of the 4 of `lay clinical context source`"]);
        lay("womb\t\t\tgeneral\n", &["t.tsv:2: column `clinical` is empty"]);
        lay("womb\tuterus||x\t\tgeneral\n", &["t.tsv:2: column `clinical` has an empty value"]);
        lay("womb\tuterus\t\tsomebody\n", &["t.tsv:2: there is no source \"somebody\""]);
        lay("womb\tuterus\t\t\n", &["t.tsv:2: `source` is empty"]);
        lay("wombs\twomb\t\tgeneral\n", &["t.tsv:2: \"womb\" is the same as \"wombs\" after stemming"]);
        lay("the\tuterus\t\tgeneral\n", &["t.tsv:2: \"the\" is nothing but stop words"]);
        lay(
            "womb\tuterus\tpain|pain|the\tgeneral\n",
            &["t.tsv:2: context word \"pain\" is given twice", "t.tsv:2: context word \"the\" carries"],
        );
        lay(
            "cold\tcommon cold\t\tgeneral\ncold\tlow temperature\tair\tgeneral\n",
            &["t.tsv:3: \"cold\" stands in line 2 already"],
        );
        lay("womb\tuterus\t\tgeneral\nbelly\tabdomen\t\tgeneral\n", &["t.tsv:3: \"belly\" stands after \"womb\""]);
        lay(
            "womb\tuterus\t\tgeneral\nwomb\tuterus\t\tgeneral\n",
            &["t.tsv:3: \"womb\" stands in line 2", "t.tsv:3: repeats line 2"],
        );
    }

    #[test]
    fn ambiguous_abbreviations_need_what_chooses() {
        short("COPD\tchronic obstructive pulmonary disease\t\tcommon\tadam\n", &[]);
        short("RA\trheumatoid arthritis\t\tcontext\tadam\n", &["t.tsv:2: `use` is context, and no context word"]);
        short(
            "RA\trheumatoid arthritis\tjoint\tsometimes\tadam\n",
            &["t.tsv:2: `use` is \"sometimes\": common or context"],
        );
        short(
            "MS\tmitral stenosis\tvalve\tcommon\tadam\nMS\tmultiple sclerosis\tlesion\tcommon\tadam\n",
            &["t.tsv:3: \"MS\" has its usual sense in line 2 already"],
        );
        short(
            "MS\tmitral valve\tvalve\tcontext\tadam\nMS\tmitral valves\tmurmur\tcontext\tadam\n",
            &["t.tsv:3: \"MS\" has this sense in line 2 already"],
        );
        short("ALL\tacute lymphoblastic leukemia\t\tcommon\tadam\n", &["t.tsv:2: \"ALL\" is an ordinary word"]);
    }

    #[test]
    fn brands_do_not_contradict_each_other() {
        drugs("Advil\tbrand_of\tibuprofen\tUS\tgeneral\n", &[]);
        drugs("Advil\tbrand_of\tibuprofen\tXX\tgeneral\n", &["t.tsv:2: there is no region \"XX\""]);
        drugs("Advil\tis\tibuprofen\t\tgeneral\n", &["t.tsv:2: `relation` is \"is\""]);
        drugs("Benadryl\tbrand_of\tacrivastine\tUK\tgeneral\nBenadryl\tbrand_of\tdiphenhydramine\tUS\tgeneral\n", &[]);
        drugs(
            "Benadryl\tbrand_of\tacrivastine\tUK\tgeneral\nBenadryl\tbrand_of\tdiphenhydramine\t\tgeneral\n",
            &["t.tsv:3: \"Benadryl\" is \"acrivastine\" in line 2, in the same region"],
        );
        drugs(
            "Advil\tbrand_of\tMotrin\tUS\tgeneral\nMotrin\tbrand_of\tibuprofen\tUS\tgeneral\n",
            &["t.tsv:2: \"Motrin\" is brand_of of another row, and itself a brand"],
        );
        drugs(
            "a1\tmember_of\tb1\t\tgeneral\nb1\tmember_of\ta1\t\tgeneral\n",
            &["t.tsv:2: \"a1\" is a member of \"b1\"", "t.tsv:3: \"b1\" is a member of \"a1\""],
        );
        drugs(
            "a1\tsame_as\tb1\t\tgeneral\nb1\tsame_as\ta1\t\tgeneral\n",
            &["t.tsv:3: line 2 says that \"b1\" is same_as \"a1\" already"],
        );
    }

    #[test]
    fn products_of_one_brand_may_be_listed() {
        drugs("Unisom\tbrand_of\tdiphenhydramine\tUS\tgeneral\nUnisom\tbrand_of\tdoxylamine\tUS\tgeneral\n", &[]);
    }

    #[test]
    fn spelling_is_a_table_of_pairs() {
        let spelling = |rows: &str, expected: &[&str]| check(&format!("british\tamerican\tsource\n{rows}"), expected);
        spelling("anaemia\tanemia\tgeneral\n", &[]);
        spelling(
            "anaemia\tanaemia\tgeneral\n",
            &["t.tsv:2: \"anaemia\" becomes", "t.tsv:2: \"anaemia\" is spelled alike"],
        );
        spelling(
            "Anaemia\tiron anemia\tgeneral\n",
            &["t.tsv:2: \"Anaemia\" is not one word", "t.tsv:2: \"iron anemia\" is not one word"],
        );
        spelling("anaemia\tanemia\n", &["t.tsv:2: 2 columns instead of the 3"]);
    }
}
