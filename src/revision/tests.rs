use std::path::Path;

use super::*;
use crate::corpus::{Corpus, Format, VersionFacts, VersionId};
use crate::document::{Limits, read};
use crate::passage::passages;

fn cut(id: &str, format: Format, source: &str) -> Vec<Passage> {
    let facts = VersionFacts::bare(id.parse::<VersionId>().expect("an id"));
    passages(&read(format, source.as_bytes(), &Limits::default()).expect("a document"), &facts)
}

/// A digest with these statements, each a line and its attributes.
fn digest(id: &str, statements: &[(&str, &str)]) -> Vec<Passage> {
    let scope = "This summary is about people in primary care. ".repeat(6);
    let mut source = format!("# Title\n\n## Scope\n\n{scope}\n\n## Recommendations\n\n");
    for (nth, (text, attributes)) in statements.iter().enumerate() {
        source.push_str(&format!("{}. {text}\n", nth + 1));
        for attribute in attributes.split(';').filter(|attribute| !attribute.is_empty()) {
            source.push_str(&format!("   - {attribute}\n"));
        }
        source.push('\n');
    }
    cut(id, Format::Markdown, &source)
}

/// One line a change: its fate, the parts of both ids, and the kinds of its differences.
fn told(revision: &Revision<'_>) -> Vec<String> {
    let part = |passage: Option<&Passage>| passage.map_or("-".to_owned(), |passage| passage.id.part().to_owned());
    let name = |difference: &Difference| match difference {
        Difference::Wording(_) => "wording".to_owned(),
        Difference::Grade { old, new } => {
            let code = |grade: &Option<Box<Grade>>| {
                let certainty = |grade: &Grade| grade.certainty.as_ref().map(|certainty| format!(" ({certainty})"));
                let told = |grade: &Grade| format!("{}{}", grade.code, certainty(grade).unwrap_or_default());
                grade.as_deref().map_or("none".to_owned(), told)
            };
            format!("grade {} → {}", code(old), code(new))
        }
        Difference::Number(change) => change.says.clone(),
        Difference::Direction { old, new } => format!("{old:?} → {new:?}"),
        Difference::Population { .. } => "population".to_owned(),
    };
    // The paragraph above them is the same in both.
    let changes = revision.changes.iter().filter(|change| change.kind != StatementKind::Passage);
    changes
        .map(|change| {
            let differences: Vec<String> = change.differences.iter().map(name).collect();
            format!("{:?} {} {} {}", change.fate, part(change.old), part(change.new), differences.join(", "))
                .trim()
                .to_owned()
        })
        .collect()
}

const FOR: &str = "Grade: B;Direction: for;Locator: row 1";
const AGAINST: &str = "Grade: D;Direction: against;Locator: row 1";

fn check(old: &[(&str, &str)], new: &[(&str, &str)], expected: &[&str]) {
    let (old, new) = (digest("g@1", old), digest("g@2", new));
    assert_eq!(told(&compare(&old, &new)), expected);
}

#[test]
fn each_kind_of_change_is_told() {
    let statins = "Offer a statin to adults aged 40 to 75 years at high cardiovascular risk.";
    let lower = "Offer a statin to adults aged 35 to 75 years at high cardiovascular risk.";
    check(&[(statins, FOR)], &[(statins, FOR)], &["Unchanged rec-1 rec-1"]);
    check(&[(statins, FOR)], &[(lower, FOR)], &["Changed rec-1 rec-1 40 years → 35 years, wording"]);
    check(&[(statins, FOR)], &[(statins, AGAINST)], &["Changed rec-1 rec-1 Some(For) → Some(Against), grade B → D"]);
    let people = "Grade: B;Direction: for;Population: adults at risk;Locator: row 1";
    check(&[(statins, FOR)], &[(statins, people)], &["Changed rec-1 rec-1 population"]);
    check(&[(statins, FOR)], &[], &["Removed rec-1 -"]);
    check(&[], &[(statins, FOR)], &["Added - rec-1"]);
}

#[test]
fn an_inserted_recommendation_shifts_no_pair() {
    let old = [
        ("Screen adults for depression.", FOR),
        ("Screen pregnant persons for depression.", FOR),
        ("Do not screen children for high blood pressure.", AGAINST),
    ];
    let new = [
        ("Ask every adult about tobacco use.", FOR),
        ("Screen adults for depression.", FOR),
        ("Screen pregnant and postpartum persons for depression.", FOR),
        ("Do not screen children for high blood pressure.", AGAINST),
    ];
    let expected = ["Added - rec-1", "Unchanged rec-1 rec-2", "Changed rec-2 rec-3 wording", "Unchanged rec-3 rec-4"];
    check(&old, &new, &expected);
}

#[test]
fn statements_on_other_topics_are_no_pair() {
    check(
        &[("Screen adults for hepatitis C virus infection once.", FOR)],
        &[("Counsel parents about sun protection of young children.", FOR)],
        &["Removed rec-1 -", "Added - rec-1"],
    );
}

#[test]
fn what_was_joined_with_another_names_it() {
    let old = [
        ("Screen women aged 50 to 74 years with mammography every 2 years.", FOR),
        ("Offer mammography screening every 2 years to women aged 40 to 49 years who want it.", FOR),
    ];
    let new = [("Screen women aged 40 to 74 years with mammography every 2 years.", FOR)];
    let (old, new) = (digest("g@1", &old), digest("g@2", &new));
    let revision = compare(&old, &new);
    assert_eq!(revision.changes[1].fate, Fate::Removed);
    assert_eq!(revision.changes[1].nearest.as_ref().map(|near| near.id.to_string()).as_deref(), Some("g@2#rec-1"));
}

#[test]
fn nothing_to_compare_and_very_much_both_end() {
    assert!(compare(&[], &[]).changes.is_empty());
    let many: Vec<String> =
        (0..1500).map(|nth| format!("Offer drug number{nth} to adults with disease kind{} daily.", nth % 40)).collect();
    let statements: Vec<(&str, &str)> = many.iter().map(|text| (text.as_str(), FOR)).collect();
    let (old, new) = (digest("g@1", &statements), digest("g@2", &statements));
    let counts = compare(&old, &new).counts(StatementKind::Recommendation);
    assert_eq!(counts, Counts { old: 1500, new: 1500, unchanged: 1500, ..Counts::default() });
}

/// The passages of a version of the starter corpus.
fn starter(id: &str) -> Vec<Passage> {
    let corpus = Corpus::open(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/starter")]).expect("the corpus");
    let version = corpus.versions.iter().find(|version| version.facts.id.to_string() == id).expect("the version");
    let content = std::fs::read(version.content.as_ref().expect("content")).expect("a file");
    passages(&read(Format::Markdown, &content, &Limits::default()).expect("a document"), &version.facts)
}

fn check_starter(old: &str, new: &str, expected: &[&str]) {
    let (old, new) = (starter(old), starter(new));
    let revision = compare(&old, &new);
    let recommendations = Revision {
        changes: revision.changes.into_iter().filter(|change| change.kind == StatementKind::Recommendation).collect(),
        cut_short: false,
    };
    assert_eq!(told(&recommendations), expected);
}

#[test]
fn breast_screening_2016_and_2024() {
    check_starter(
        "uspstf-breast-screening@2016",
        "uspstf-breast-screening@2024",
        &[
            "Changed rec-1 rec-1 grade B → B (moderate), 50 years → 40 years, population, wording",
            "Removed rec-2 -",
            "Unchanged rec-3 rec-2",
            "Removed rec-4 -",
            "Changed rec-5 rec-3 wording",
        ],
    );
}

#[test]
fn aspirin_2016_and_2022() {
    check_starter(
        "uspstf-aspirin@2016",
        "uspstf-aspirin@2022",
        &[
            "Changed rec-1 rec-1 Some(For) → Some(Either), grade B (moderate) → C (moderate), 50 years → 40 years, at least 10 years is gone, \
             at least 10 years is gone, population, wording",
            "Changed rec-2 rec-2 Some(Either) → Some(Against), grade C → D (moderate), 60 to 69 years → ≥ 60 years, 10-year is gone, \
             ≥ 10% is gone, at least 10 years is gone, at least 10 years is gone, population, wording",
            "Removed rec-3 -",
            "Removed rec-4 -",
        ],
    );
}

#[test]
fn pneumococcal_2023_and_2025() {
    check_starter(
        "acip-pneumococcal-adults@2023",
        "acip-pneumococcal-adults@2025",
        &[
            "Changed rec-1 rec-1 ≥ 65 years → ≥ 50 years, population, wording",
            "Changed rec-2 rec-2 64 years → 49 years, population, wording",
            "Added - rec-3",
        ],
    );
}

/// What an editor has to look at of two Markdown texts, one line a change.
fn noted(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (cut("g@1", Format::Markdown, old), cut("g@2", Format::Markdown, new));
    let revision = compare(&old, &new);
    let noted = |change: &&Change<'_>| change.of_note;
    let told = |change: &Change<'_>| {
        let says = |difference: &Difference| match difference {
            Difference::Number(change) => Some(change.says.clone()),
            _ => None,
        };
        let numbers: Vec<String> = change.differences.iter().filter_map(says).collect();
        format!("{:?} {:?} {}", change.kind, change.fate, numbers.join(", ")).trim().to_owned()
    };
    revision.changes.iter().filter(noted).map(told).collect()
}

/// A document with a dose table and a paragraph around it.
fn dosed(rows: &[&str], text: &str) -> String {
    let about = "Reed fever is common where people walk through wet reeds in the early summer of the year.";
    let rows: String = rows.iter().map(|row| format!("| {row} |\n")).collect();
    format!(
        "# Reed fever\n\n## Treatment\n\n{about}\n\nTable 1. Doses of what is given by mouth\n\n\
         | Medicine | First dose | Highest dose |\n|---|---|---|\n{rows}\n## Course\n\n{text}\n"
    )
}

#[test]
fn a_changed_dose_of_a_table_is_seen() {
    let old = dosed(&["Reedamol | 5 mg | 40 mg", "Sedgeine | 10 mg | 40 mg", "Rushol | 1 mg | 2 mg"], "Rest.");
    let new = dosed(&["Rushol | 1 mg | 2 mg", "Reedamol | 10 mg | 5 mg", "Sedgeine | 10 mg | 40 mg"], "Rest.");
    assert_eq!(noted(&old, &new), ["TableRow Changed First dose: 5 mg → 10 mg, Highest dose: 40 mg → 5 mg"]);
    assert_eq!(noted(&old, &old), [""; 0]);
}

#[test]
fn a_row_of_another_medicine_is_no_change_of_this_one() {
    let old = dosed(&["Reedamol | 5 mg | 40 mg", "Rushol | 1 mg | 2 mg"], "Rest.");
    let new = dosed(&["Sedgeine | 5 mg | 40 mg", "Rushol | 1 mg | 2 mg"], "Rest.");
    assert_eq!(noted(&old, &new), ["TableRow Removed", "TableRow Added"]);
}

#[test]
fn rows_of_weights_are_told_apart_by_their_weight() {
    let old = dosed(&["5 to 9 kg | 1 tablet | 2 tablets", "10 to 19 kg | 2 tablets | 4 tablets"], "Rest.");
    let new = dosed(
        &[
            "5 to 9 kg | ½ tablet | 2 tablets",
            "10 to 19 kg | 3 tablets | 4 tablets",
            "20 to 29 kg | 4 tablets | 6 tablets",
        ],
        "Rest.",
    );
    let expected = [
        "TableRow Changed First dose: 1 tablet is gone",
        "TableRow Changed First dose: 2 tablets → 3 tablets",
        "TableRow Added",
    ];
    assert_eq!(noted(&old, &new), expected);
}

#[test]
fn running_text_is_seen_where_a_number_changed() {
    let rows = ["Reedamol | 5 mg | 40 mg"];
    let course = "The fever lasts for about 7 days in most people, and those who walk barefoot have it for longer than others do.";
    let check =
        |new: &str, expected: &[&str]| assert_eq!(noted(&dosed(&rows, course), &dosed(&rows, new)), expected, "{new}");
    check(&course.replace("7 days", "10 days"), &["Passage Changed 7 days → 10 days"]);
    check(&course.replace("longer than", "a longer time than"), &[]);
    check(&course.replace("about 7 days", "one or two weeks"), &["Passage Changed 7 days → two weeks"]);
    check("Nothing is known of its course.", &["Passage Removed"]);
}

#[test]
fn a_sentence_in_the_next_passage_is_no_change_of_its_numbers() {
    let places = [
        "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Kelp", "Larch",
        "Maple", "Nettle", "Oak", "Pine", "Quince", "Rowan", "Sorrel", "Teasel",
    ];
    let sentence = |nth: usize| {
        let place = places[nth];
        format!("In {place} village the fever was seen in {} people who had walked through {place} fen.", 40 + nth)
    };
    let text = |count: usize, first: &str| {
        let all: Vec<String> = (0..count).map(sentence).collect();
        dosed(&["Reedamol | 5 mg | 40 mg"], &format!("{first} {}", all.join(" ")))
    };
    let long = "It was first described by a physician who lived by the river and wrote down whatever he saw there, \
                day by day, for as long as he could still hold a pen, and then told it to his daughter, who kept on writing.";
    assert_eq!(noted(&text(20, ""), &text(20, long)), [""; 0]);
    let changed = text(20, long).replace("seen in 49 people", "seen in 94 people");
    assert_eq!(noted(&text(20, ""), &changed), ["Passage Changed 49 people → 94 people"]);
}

#[test]
fn rows_that_are_all_alike_are_paired_where_they_stand() {
    let row = "Reedamol | yes | no";
    let rows = vec![row; 700];
    let captions = |rows: &[&str]| {
        let tables: Vec<String> =
            rows.iter().enumerate().map(|(nth, row)| dosed(&[row], &format!("Table {nth}."))).collect();
        tables.join("\n")
    };
    assert_eq!(noted(&captions(&rows), &captions(&rows)), [""; 0]);
}
