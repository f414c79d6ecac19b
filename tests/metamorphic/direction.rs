//! Which way a statement points: recommendations turned round by a pattern, and pairs that a person wrote.

use std::collections::{BTreeMap, BTreeSet};

use groundline::appraise::polarity::{Polarity, principal};
use groundline::language;
use regex::Regex;

use super::corpus::{HALVES, Statement, statements};

/// What is expected of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Expected {
    Same,
    Opposite,
}

/// A form of words and what turns it round; each is used once a statement, at its first place.
const TURNS: &[(&str, &str, &str)] = &[
    ("should", r"\bshould (be|have|receive|get|take|use|undergo)\b", "should not $1"),
    ("should not", r"\bshould not (be|have|receive|get|take|use|undergo)\b", "should $1"),
    ("is recommended", r"\b(is|are) (recommended|suggested|advised|preferred|indicated)\b", "$1 not $2"),
    ("is not recommended", r"\b(is|are) not (recommended|suggested|advised|indicated)\b", "$1 $2"),
    ("do not", r"^Do not (\w)", "$1"),
    (
        "imperative",
        r"^(Offer|Give|Use|Screen|Start|Treat|Test|Measure|Refer|Prescribe|Add|Vaccinate|Repeat|Perform|Choose|Monitor) (\w)",
        "Do not $1 $2",
    ),
    ("avoid", r"^Avoid (\w)", "Use $1"),
    ("may", r"\bmay be (used|given|offered|considered)\b", "should not be $1"),
    ("against", r"\brecommends? against\b", "recommends"),
];
/// Words that say the same in a stronger, weaker or other form.
const SAME: &[(&str, &str, &str)] = &[
    ("must", r"\bshould (be|have|receive|get|take|use|undergo)\b", "must $1"),
    (
        "clinicians",
        r"^(Offer|Give|Use|Screen|Start|Treat|Test|Measure|Refer|Prescribe|Add|Vaccinate|Repeat|Perform|Choose|Monitor) (\w)",
        "Clinicians should $1 $2",
    ),
    ("never", r"^Do not (\w)", "Never $1"),
    ("shouldn't", r"\bshould not (be|have|receive|get|take|use|undergo)\b", "shouldn't $1"),
    ("discouraged", r"\bis not recommended\b", "is discouraged"),
];

/// Whether a passage was found to point against a claim.
fn opposed(claim: &str, passage: &str) -> Option<bool> {
    let claim = principal(claim);
    let terms: BTreeSet<String> = language::terms(claim).into_iter().map(|term| term.text).collect();
    Polarity::of(claim).opposes(&Polarity::nearest(passage, &terms).polarity)
}

/// A statement's first sentence, which is what it recommends.
fn first(statement: &Statement) -> &str {
    let text = statement.text.as_str();
    language::sentences(text).into_iter().next().and_then(|range| text.get(range)).unwrap_or(text).trim()
}

/// For each class: pairs, those read right, and those read the wrong way round.
type Table = BTreeMap<(usize, Expected, &'static str), [usize; 3]>;

fn count(table: &mut Table, key: (usize, Expected, &'static str), found: Option<bool>) -> bool {
    let row = table.entry(key).or_default();
    row[0] += 1;
    let right = found.map(|opposed| opposed == (key.1 == Expected::Opposite));
    row[1] += usize::from(right == Some(true));
    row[2] += usize::from(right == Some(false));
    right == Some(false)
}

#[test]
fn a_statement_turned_round_points_the_other_way() {
    let changes = |list: &'static [(&str, &str, &str)], expected: Expected| {
        list.iter().map(move |(name, form, to)| (expected, *name, Regex::new(form).expect("a pattern"), *to))
    };
    let changes: Vec<_> = changes(TURNS, Expected::Opposite).chain(changes(SAME, Expected::Same)).collect();
    let mut table = Table::new();
    for statement in statements() {
        let text = first(&statement);
        count(&mut table, (statement.half(), Expected::Same, "unchanged"), opposed(text, text));
        for (expected, name, form, to) in &changes {
            if !form.is_match(text) {
                continue;
            }
            let changed = form.replace(text, *to);
            let wrong = count(&mut table, (statement.half(), *expected, name), opposed(&changed, text));
            if wrong && statement.half() == 0 {
                println!("{name}: {changed}");
            }
        }
    }
    let mut all = BTreeMap::<Expected, [usize; 3]>::new();
    for ((half, expected, name), [pairs, right, wrong]) in &table {
        println!(
            "{:7} {expected:?} {name:18} {pairs:4} pairs, {right:4} right, {wrong:3} the wrong way round",
            HALVES[*half]
        );
        let row = all.entry(*expected).or_default();
        *row = [row[0] + pairs, row[1] + right, row[2] + wrong];
    }
    let [pairs, right, wrong] = all[&Expected::Opposite];
    println!("turned round: {right} of {pairs} seen, {wrong} taken for the same");
    assert!(pairs >= 500, "{pairs} pairs");
    // What is not read is silence; what is read the wrong way round can hurt.
    assert!(wrong * 100 <= 3 * pairs, "{wrong} of {pairs} turned statements are taken for the same");
    let [pairs, _, wrong] = all[&Expected::Same];
    assert!(wrong * 100 <= 3 * pairs, "{wrong} of {pairs} equal statements are taken for opposite");
}
