//! Numbers of recommendations: the same said otherwise is not flagged, another value, bound, unit or role is.

use std::collections::BTreeMap;

use groundline::appraise::amounts::{Finding, Outcome, Reading, compare};
use groundline::claim::Claim;

use super::corpus::{HALVES, Statement, draw, statements};
use super::numbers_patterns as patterns;

/// What was asked of one class of changes, by half: pairs, and those that came out right.
#[derive(Default)]
struct Class {
    pairs: [usize; 2],
    right: [usize; 2],
}

/// Changed statements counted by class; failures of the first half are kept to be printed.
#[derive(Default)]
struct Tally {
    classes: BTreeMap<&'static str, Class>,
    failures: Vec<String>,
}

impl Tally {
    fn count(&mut self, class: &'static str, statement: &Statement, changed: &str, right: bool, findings: &[Finding]) {
        let half = statement.half();
        let counts = self.classes.entry(class).or_default();
        counts.pairs[half] += 1;
        counts.right[half] += usize::from(right);
        if !right && half == 0 {
            let reasons: Vec<String> = findings.iter().map(Finding::reason).collect();
            self.failures.push(format!(
                "{class}: {}\n   claim   {changed}\n   passage {}\n   {reasons:?}",
                statement.document, statement.text
            ));
        }
    }

    /// The share that came out right, over both halves and in each.
    fn share(&self, class: &str) -> (f64, [f64; 2]) {
        let class = &self.classes[class];
        let share = |right: usize, pairs: usize| right as f64 / pairs.max(1) as f64;
        let halves = [0, 1].map(|half| share(class.right[half], class.pairs[half]));
        (share(class.right.iter().sum(), class.pairs.iter().sum()), halves)
    }

    #[expect(clippy::print_stdout, reason = "figures are told by the test that measures them")]
    fn print(&self) {
        for failure in &self.failures {
            println!("{failure}");
        }
        for (name, class) in &self.classes {
            let halves = [0, 1].map(|half| format!("{} {} of {}", HALVES[half], class.right[half], class.pairs[half]));
            println!("{name}: right in {}", halves.join(", "));
        }
    }
}

fn findings(claim: &str, statement: &Statement) -> Vec<Finding> {
    let claim = Reading::of_claim(&Claim::new(claim).expect("a claim"));
    compare(&claim, &Reading::of_passage(&statement.text, &[&statement.title]))
}

fn flagged(findings: &[Finding]) -> bool {
    findings.iter().any(Finding::is_flag)
}

fn agreements(findings: &[Finding]) -> usize {
    findings.iter().filter(|finding| finding.outcome == Outcome::Agrees).count()
}

#[test]
fn numbers_that_differ_are_flagged_and_the_same_said_otherwise_is_not() {
    let mut tally = Tally::default();
    for statement in statements() {
        unchanged(&mut tally, &statement);
        otherwise_said(&mut tally, &statement);
        changed(&mut tally, &statement);
        intruders(&mut tally, &statement);
    }
    tally.print();
    let pairs: usize = tally.classes.values().flat_map(|class| class.pairs).sum();
    println!("{pairs} pairs");
    assert!(pairs >= 1_000);
    for (class, least) in [
        ("unchanged", 0.99),
        ("equal, other unit", 0.99),
        ("equal, other words", 0.99),
        ("number of another role added", 0.99),
        ("other value", 0.98),
        ("other bound", 0.98),
        ("other unit", 0.98),
        ("two numbers exchanged", 0.98),
        ("ten times", 1.0),
        ("a thousand times by unit", 1.0),
    ] {
        let (all, halves) = tally.share(class);
        assert!(all >= least, "{class}: {all:.4}, by half {halves:?}");
    }
}

/// What a passage says itself is never flagged.
fn unchanged(tally: &mut Tally, statement: &Statement) {
    if statement.text.bytes().any(|byte| byte.is_ascii_digit()) {
        let found = findings(&statement.text, statement);
        tally.count("unchanged", statement, &statement.text, !flagged(&found), &found);
    }
}

/// One amount in another unit or in other words: no flag, and as many agreements as before.
fn otherwise_said(tally: &mut Tally, statement: &Statement) {
    let before = agreements(&findings(&statement.text, statement));
    let mut check = |class: &'static str, text: String| {
        let found = findings(&text, statement);
        let right = !flagged(&found) && agreements(&found) >= before;
        tally.count(class, statement, &text, right, &found);
    };
    for (at, site) in patterns::sites(&statement.text).iter().enumerate() {
        if let Some(text) = patterns::in_other_unit(&statement.text, site, at as u64) {
            check("equal, other unit", text);
        }
    }
    for text in patterns::respelled(&statement.text) {
        check("equal, other words", text);
    }
}

/// One number, bound or unit changed: flagged.
fn changed(tally: &mut Tally, statement: &Statement) {
    let text = &statement.text;
    let sites = patterns::sites(text);
    let mut check = |class: &'static str, text: String| {
        let found = findings(&text, statement);
        tally.count(class, statement, &text, flagged(&found), &found);
    };
    for (at, site) in sites.iter().enumerate() {
        let salt = at as u64 * 31;
        if let Some(text) = patterns::with_value(text, site, salt) {
            check("other value", text);
        }
        if let Some(text) = patterns::tenfold(text, site, salt + 1) {
            check("ten times", text);
        }
        if let Some(changed) = patterns::with_unit(text, site, salt + 2) {
            check(
                if patterns::is_mass(&text[site.unit.clone()]) { "a thousand times by unit" } else { "other unit" },
                changed,
            );
        }
    }
    for changed in patterns::with_bound(text) {
        check("other bound", changed);
    }
    // Two numbers of different units exchanged: each now stands in the other's role.
    for pair in sites.windows(2) {
        let (one, other) = (&pair[0], &pair[1]);
        let simple = |site: &patterns::Site| site.high.is_none() && site.over.is_none();
        let (first, second) = (&text[one.low.clone()], &text[other.low.clone()]);
        if simple(one) && simple(other) && text[one.unit.clone()] != text[other.unit.clone()] && first != second {
            let exchanged = patterns::replaced(&patterns::replaced(text, &other.low, first), &one.low, second);
            check("two numbers exchanged", exchanged);
        }
    }
}

/// A number of a role that the passage says nothing of, added to the claim: no flag.
fn intruders(tally: &mut Tally, statement: &Statement) {
    let fitting: Vec<&str> = patterns::INTRUDERS
        .iter()
        .filter(|(_, held)| !patterns::cached(held).is_match(&statement.text))
        .map(|(sentence, _)| *sentence)
        .collect();
    if patterns::sites(&statement.text).is_empty() || fitting.is_empty() {
        return;
    }
    let sentence = fitting[draw(&statement.text, 5, fitting.len())];
    let text = format!("{} {sentence}", statement.text);
    let found = findings(&text, statement);
    tally.count("number of another role added", statement, &text, !flagged(&found), &found);
    // The same within the sentence, where its words stand around both numbers.
    let inner =
        format!("{}, and {}{}", statement.text.trim_end_matches('.'), sentence[..1].to_lowercase(), &sentence[1..]);
    let found = findings(&inner, statement);
    tally.count("number of another role added", statement, &inner, !flagged(&found), &found);
}
