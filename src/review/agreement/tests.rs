use std::collections::BTreeSet;

use serde::Deserialize;

use super::*;

/// Units of rows: a label a rater, `None` where there is none. Raters are `r1`, `r2`, …
fn units(rows: &[Vec<Option<&str>>]) -> Vec<Unit> {
    let unit = |(at, row): (usize, &Vec<Option<&str>>)| Unit {
        name: format!("u{at:03}"),
        at: "2026-11-22T10:00:00Z".parse().expect("a time"),
        labels: row
            .iter()
            .enumerate()
            .filter_map(|(rater, label)| Some((format!("r{}", rater + 1), (*label)?.to_owned())))
            .collect(),
        errors: BTreeMap::new(),
    };
    rows.iter().enumerate().map(unit).collect()
}

/// Units of a table of counts, first × second.
fn of_counts(labels: &[&'static str], counts: &[&[usize]]) -> Vec<Unit> {
    let mut rows = Vec::new();
    for (first, row) in labels.iter().zip(counts) {
        for (second, count) in labels.iter().zip(*row) {
            rows.extend(std::iter::repeat_n(vec![Some(*first), Some(*second)], *count));
        }
    }
    units(&rows)
}

fn close(found: Option<f64>, expected: Option<f64>, within: f64, what: &str) {
    let same = match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() <= within,
        (found, expected) => found == expected,
    };
    assert!(same, "{what}: {found:?}, expected {expected:?}");
}

/// Checks percent, kappa, alpha and AC1 against figures that were printed with as many digits as `within` says.
fn check(units: &[Unit], scale: &[&str], expected: [Option<f64>; 4], within: f64) {
    let scale: Vec<String> = scale.iter().map(|label| (*label).to_owned()).collect();
    let found = measure(units, &scale);
    let found = [found.percent, found.cohen_kappa, found.krippendorff_alpha, found.gwet_ac1];
    let names = ["percent", "kappa", "alpha", "AC1"];
    for ((name, found), expected) in names.into_iter().zip(found).zip(expected) {
        close(found, expected, within, name);
    }
}

/// Krippendorff 2011, section C: four observers, twelve units, nominal; the same table is `cac.raw4raters` of Gwet's irrCAC,
/// which prints percent agreement and AC1 for it.
const TWELVE_UNITS: [[u8; 4]; 12] = [
    [1, 1, 0, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [0, 5, 5, 5],
    [0, 0, 1, 1],
    [0, 0, 3, 0],
];

fn twelve_units() -> Vec<Unit> {
    const NAMES: [Option<&str>; 6] = [None, Some("1"), Some("2"), Some("3"), Some("4"), Some("5")];
    let rows: Vec<Vec<Option<&str>>> =
        TWELVE_UNITS.iter().map(|row| row.iter().map(|label| NAMES[usize::from(*label)]).collect()).collect();
    units(&rows)
}

#[test]
fn published_examples_come_out_as_printed() {
    let found = measure(&twelve_units(), &[]);
    close(found.krippendorff_alpha, Some(0.743), 0.0005, "Krippendorff 2011");
    close(found.percent, Some(0.818_181_8), 5e-8, "irrCAC, percent");
    close(found.gwet_ac1, Some(0.775_44), 5e-6, "irrCAC, AC1");
    assert_eq!((found.units, found.raters), (11, 4));
    // irrCAC's `cont3x3abstractors` (Gwet 2014): two abstractors, three diagnoses, 100 women.
    let abstractors = of_counts(&["ectopic", "aiu", "niu"], &[&[13, 0, 0], &[0, 20, 7], &[0, 4, 56]]);
    check(&abstractors, &[], [Some(0.89), Some(0.796_409_4), Some(0.797_258_5), Some(0.849_330_5)], 5e-8);
    // The table of Cohen 1960: 200 cases, three diagnoses, kappa 0.492.
    let cohen = of_counts(&["a", "b", "c"], &[&[88, 10, 2], &[14, 40, 6], &[18, 10, 12]]);
    close(measure(&cohen, &[]).cohen_kappa, Some(0.492), 0.0005, "Cohen 1960");
    // The paradox that AC1 answers (Gwet 2008): nearly all agree on one label, and kappa is below 0.
    let paradox = measure(&of_counts(&["+", "-"], &[&[118, 5], &[2, 0]]), &[]);
    close(paradox.percent, Some(0.944), 1e-9, "percent");
    assert!(paradox.cohen_kappa.is_some_and(|kappa| kappa < 0.0) && paradox.gwet_ac1.is_some_and(|ac1| ac1 > 0.94));
}

/// irrCAC's `distrib.6raters`: fifteen patients, six psychiatrists (Fleiss 1971, in part).
#[test]
fn six_raters_of_fleiss() {
    const COUNTS: [[usize; 5]; 15] = [
        [0, 0, 0, 6, 0],
        [0, 3, 0, 0, 3],
        [0, 1, 4, 0, 1],
        [0, 0, 0, 0, 6],
        [0, 3, 0, 3, 0],
        [2, 0, 4, 0, 0],
        [0, 0, 4, 0, 2],
        [2, 0, 3, 1, 0],
        [2, 0, 0, 4, 0],
        [0, 0, 0, 0, 6],
        [1, 0, 0, 5, 0],
        [1, 1, 0, 4, 0],
        [0, 3, 3, 0, 0],
        [1, 0, 0, 5, 0],
        [0, 2, 0, 3, 1],
    ];
    let labels = ["depression", "personality", "schizophrenia", "neurosis", "other"];
    let row = |counts: &[usize; 5]| -> Vec<Option<&str>> {
        labels.iter().zip(counts).flat_map(|(label, count)| std::iter::repeat_n(Some(*label), *count)).collect()
    };
    let rows: Vec<Vec<Option<&str>>> = COUNTS.iter().map(row).collect();
    let found = measure(&units(&rows), &[]);
    close(found.percent, Some(0.551_111_1), 5e-8, "percent");
    close(found.gwet_ac1, Some(0.444_800_7), 5e-8, "AC1");
    close(found.krippendorff_alpha, Some(0.420_438_4), 5e-8, "alpha");
}

#[derive(Deserialize)]
struct Reference {
    name: String,
    labels: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
    figures: Figures<f64>,
    ci95: Option<Figures<[f64; 2]>>,
}

#[derive(Deserialize)]
struct Figures<T> {
    percent: Option<T>,
    cohen_kappa: Option<T>,
    krippendorff_alpha: Option<T>,
    gwet_ac1: Option<T>,
}

#[test]
fn figures_are_those_of_the_public_libraries() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/review/agreement.json");
    let tables: Vec<Reference> =
        serde_json::from_str(&std::fs::read_to_string(file).expect("the reference")).expect("its shape");
    assert!(tables.len() >= 10 && tables.iter().filter(|table| table.ci95.is_some()).count() >= 2);
    for table in &tables {
        let rows: Vec<Vec<Option<&str>>> =
            table.rows.iter().map(|row| row.iter().map(Option::as_deref).collect()).collect();
        let found = measure(&units(&rows), &table.labels);
        let what = |measure: &str| format!("{}: {measure}", table.name);
        let figures = &table.figures;
        close(found.percent, figures.percent, 1e-9, &what("percent"));
        close(found.cohen_kappa, figures.cohen_kappa, 1e-9, &what("kappa"));
        close(found.krippendorff_alpha, figures.krippendorff_alpha, 1e-9, &what("alpha"));
        close(found.gwet_ac1, figures.gwet_ac1, 1e-9, &what("AC1"));
        let Some(expected) = &table.ci95 else { continue };
        let intervals = [
            (found.ci95.percent, expected.percent),
            (found.ci95.cohen_kappa, expected.cohen_kappa),
            (found.ci95.krippendorff_alpha, expected.krippendorff_alpha),
            (found.ci95.gwet_ac1, expected.gwet_ac1),
        ];
        for (found, expected) in intervals {
            for edge in 0..2 {
                close(found.map(|ci| ci[edge]), expected.map(|ci| ci[edge]), 1e-9, &what("interval"));
            }
        }
    }
}

#[test]
fn what_is_not_defined_is_absent_and_says_why() {
    let reasons = |units: &[Unit], scale: &[&str]| {
        let scale: Vec<String> = scale.iter().map(|label| (*label).to_owned()).collect();
        let found = measure(units, &scale);
        assert_eq!(found.ci95, Intervals::default());
        let name = |name: &str| found.undefined.get(name).copied();
        [name("percent"), name("cohen_kappa"), name("krippendorff_alpha"), name("gwet_ac1")]
    };
    let same = |why| [Some(why); 4];
    assert_eq!(reasons(&[], &["a", "b"]), same(Undefined::NoUnits));
    assert_eq!(reasons(&units(&[vec![None, None]]), &[]), same(Undefined::NoUnits));
    // Two raters who never judged the same unit.
    let apart = units(&[vec![Some("a"), None], vec![None, Some("a")]]);
    assert_eq!(reasons(&apart, &[]), same(Undefined::NothingShared));
    let one_label = units(&vec![vec![Some("a"), Some("a")]; 30]);
    let one = Some(Undefined::OneLabel);
    assert_eq!(reasons(&one_label, &[]), [None, one, one, one]);
    // With a scale of two, that nobody used the other label is agreement beyond chance for AC1; for kappa it is nothing.
    assert_eq!(reasons(&one_label, &["a", "b"]), [None, one, one, None]);
    let found = measure(&one_label, &["a".to_owned(), "b".to_owned()]);
    assert_eq!((found.percent, found.gwet_ac1, found.cohen_kappa), (Some(1.0), Some(1.0), None));
    let told: BTreeSet<&str> =
        [Undefined::NoUnits, Undefined::NothingShared, Undefined::OneLabel].map(Undefined::reason).into();
    assert_eq!(told.len(), 3);
}

#[test]
fn kappa_of_several_raters_is_the_mean_of_the_pairs_that_have_one() {
    // r1 and r2 say one label alone, so their kappa is not defined; r3 differs from both alike.
    let found = measure(&units(&[vec![Some("a"), Some("a"), Some("b")], vec![Some("a"), Some("a"), Some("a")]]), &[]);
    assert_eq!((found.cohen_kappa, found.kappa_pairs), (Some(0.0), 2));
}

#[test]
fn the_order_of_units_does_not_matter() {
    let mut turned = twelve_units();
    turned.reverse();
    assert_eq!(measure(&twelve_units(), &[]), measure(&turned, &[]));
    assert!(measure(&turned, &[]).ci95.krippendorff_alpha.is_some_and(|[low, high]| low < 0.743 && 0.743 < high));
}

/// Six claims, three raters, codes, over two years' end; `r9` is the gold set.
fn judged() -> Vec<Unit> {
    let rows = [
        ("c1", "2025-12-28T23:00:00Z", [("r1", "supported"), ("r2", "supported"), ("r9", "supported")]),
        ("c2", "2025-12-29T01:00:00Z", [("r1", "partly"), ("r2", "supported"), ("r9", "partly")]),
        ("c3", "2026-01-01T10:00:00Z", [("r1", "contradicted"), ("r2", "contradicted"), ("r9", "contradicted")]),
        ("c4", "2026-01-05T10:00:00Z", [("r1", "supported"), ("r2", "partly"), ("r9", "partly")]),
    ];
    let mut units: Vec<Unit> = rows
        .iter()
        .map(|(name, at, labels)| Unit {
            name: (*name).to_owned(),
            at: at.parse().expect("a time"),
            labels: labels.iter().map(|(rater, label)| ((*rater).to_owned(), (*label).to_owned())).collect(),
            errors: BTreeMap::new(),
        })
        .collect();
    for (unit, rater, code) in
        [(1, "r1", "WRONG_DOSE"), (1, "r9", "WRONG_DOSE"), (3, "r2", "WRONG_DOSE"), (3, "r9", "OUTDATED")]
    {
        units[unit].errors.entry(rater.to_owned()).or_default().insert(code.to_owned());
    }
    units[2].labels.remove("r2");
    units
}

fn asked(by: &str, gold: Option<&str>) -> Report {
    let scale = ["supported", "contradicted", "partly", "not_addressed", "outdated"].map(str::to_owned).to_vec();
    report(&judged(), &Question { by: by.parse().expect("a part"), gold: gold.map(str::to_owned), scale })
}

fn names(report: &Report) -> Vec<(&str, u64, Option<f64>)> {
    report.groups.iter().map(|group| (group.name.as_str(), group.agreement.units, group.agreement.percent)).collect()
}

#[test]
fn agreement_is_told_by_part() {
    assert!("nonsense".parse::<By>().is_err());
    let half = Some(0.5);
    assert_eq!(names(&asked("all", None)), []);
    let pairs = asked("pair", None);
    assert_eq!(
        names(&pairs),
        [("r1 · r2", 3, Some(1.0 / 3.0)), ("r1 · r9", 4, Some(0.75)), ("r2 · r9", 3, Some(2.0 / 3.0))]
    );
    let confusion = pairs.groups[1].confusion.as_ref().expect("two people");
    assert_eq!((confusion.first.as_str(), confusion.second.as_str()), ("r1", "r9"));
    assert_eq!(confusion.rows, [[1, 0, 1, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0; 5], [0; 5]]);
    // The ISO week of 29 December 2025 is the first of 2026.
    let weeks = asked("week", None);
    assert_eq!(
        names(&weeks).iter().map(|week| (week.0, week.1)).collect::<Vec<_>>(),
        [("2025-W52", 1), ("2026-W01", 2), ("2026-W02", 1)]
    );
    let codes = asked("error", None);
    assert_eq!(codes.groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["OUTDATED", "WRONG_DOSE"]);
    // Of c2 the three say yes, no, yes: a third agrees; of c4 no, yes, no; the others agree in full.
    close(codes.groups[1].agreement.percent, Some((1.0 + 1.0 / 3.0 + 1.0 + 1.0 / 3.0) / 4.0), 1e-12, "code");
    let labels = asked("label", None);
    assert_eq!(
        labels.groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(),
        ["supported", "contradicted", "partly"]
    );
    close(labels.groups[1].agreement.percent, Some(1.0), 1e-12, "contradicted against the rest");
    assert_eq!(asked("pair", Some("r9")).groups.len(), 2);
    let gold = asked("all", Some("r9"));
    assert_eq!((gold.confusion.first.as_str(), gold.confusion.second.as_str()), ("reviewer", "r9"));
    // Seven labels of two reviewers beside gold ones, five of them right.
    assert_eq!((gold.agreement.units, gold.agreement.percent), (7, Some(5.0 / 7.0)));
    assert_eq!(gold.confusion.rows[0], [2, 0, 2, 0, 0]);
    assert!(half < gold.agreement.percent);
}

#[test]
fn a_gold_set_pooled_over_reviewers_has_no_interval() {
    let mut many = Vec::new();
    for unit in judged().into_iter().cycle().take(40) {
        many.push(Unit { name: format!("{}-{}", unit.name, many.len()), ..unit });
    }
    let of = |by: By| report(&many, &Question { by, gold: Some("r9".to_owned()), scale: Vec::new() });
    assert_eq!(of(By::All).agreement.ci95, Intervals::default());
    assert!(of(By::Pair).groups.iter().all(|group| group.agreement.ci95.percent.is_some()));
    for unit in &mut many {
        unit.labels.remove("r2");
    }
    let alone = report(&many, &Question { by: By::All, gold: Some("r9".to_owned()), scale: Vec::new() });
    assert!(alone.agreement.ci95.percent.is_some());
}

#[test]
fn calibration_names_what_differs() {
    let scale = ["supported", "contradicted", "partly", "not_addressed"].map(str::to_owned);
    let found = calibration(&judged(), "r9", "r2", &scale);
    assert_eq!((found.units, found.missing, found.right, found.accuracy), (3, 1, 2, Some(2.0 / 3.0)));
    let difference = Difference { unit: "c2".to_owned(), gold: "partly".to_owned(), given: "supported".to_owned() };
    assert_eq!(found.differing, [difference]);
    let figures = |label: &str| found.labels.iter().find(|figures| figures.label == label).expect("a label").clone();
    let supported = figures("supported");
    assert_eq!((supported.gold, supported.given, supported.right), (1, 2, 1));
    assert_eq!((supported.precision, supported.recall), (Some(0.5), Some(1.0)));
    assert_eq!((figures("partly").precision, figures("partly").recall), (Some(1.0), Some(0.5)));
    assert_eq!((figures("not_addressed").precision, figures("not_addressed").recall), (None, None));
    assert_eq!((found.confusion.first.as_str(), found.confusion.second.as_str()), ("r2", "r9"));
    let nobody = calibration(&judged(), "r9", "r5", &scale);
    assert_eq!((nobody.units, nobody.missing, nobody.accuracy), (0, 4, None));
    assert_eq!(nobody.agreement.undefined.get("percent"), Some(&Undefined::NoUnits));
}

#[test]
fn a_report_is_flat_json_without_nan() {
    let json = serde_json::to_value(asked("pair", None)).expect("JSON");
    assert_eq!(json["units"], 4);
    assert_eq!(json["groups"][0]["name"], "r1 · r2");
    assert!(json["groups"][0]["cohen_kappa"].is_number() && json["ci95"]["percent"].is_null());
    let empty = serde_json::to_value(report(&[], &Question::default())).expect("JSON");
    assert_eq!(empty["undefined"]["gwet_ac1"], "no_units");
    assert!(empty["percent"].is_null());
}
