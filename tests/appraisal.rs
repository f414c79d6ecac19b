//! From a claim to what its passages mean: details that differ are flagged, and a request that wants no hints gets none.

use std::fs;
use std::path::{Path, PathBuf};

use groundline::appraise::Kind;
use groundline::claim::{Claim, Patient};
use groundline::evidence::{self, Evidence, Options};
use groundline::index::Snapshot;

use crate::support::{folder, snapshot_of};

/// Words that make a document long enough to be published.
const FILL: &str = "Fever of the marsh is an invented illness, and these guidelines exist to be read by tests alone. People \
                    with marsh fever rest in a dry room, drink enough, and are seen again after a week by the same nurse.";

/// A corpus of documents: id, jurisdiction, and what they recommend.
fn corpus(folder: &Path, documents: &[(&str, &str, &str)]) -> PathBuf {
    let corpus = folder.join("corpus");
    fs::create_dir_all(&corpus).expect("a folder");
    for (id, place, text) in documents {
        let facts = format!(
            "id = \"{id}\"\nversion = \"2020\"\npublished = \"2020-05-01\"\ntitle = \"Care of marsh fever, {id}\"\n\
             publisher = \"College {id}\"\njurisdiction = \"{place}\"\n"
        );
        fs::write(corpus.join(format!("{id}.toml")), facts).expect("written");
        let text =
            format!("# Care of marsh fever\n\n## Recommendations\n\n{text}\n\n## About\n\n{FILL} So says {id}.\n");
        fs::write(corpus.join(format!("{id}.md")), text).expect("written");
    }
    corpus
}

fn ask(snapshot: &Snapshot, claim: &Claim, options: &Options) -> Evidence {
    evidence::gather(snapshot, claim, options).expect("an answer")
}

/// Kinds of what differs in the passage of a document.
fn differing(evidence: &Evidence, document: &str) -> Vec<Kind> {
    let all = evidence.passages.iter().chain(&evidence.counter);
    let of = all.filter(|one| one.found.passage.id.to_string().starts_with(document));
    of.flat_map(|one| one.appraisal.differences.iter().map(|difference| difference.kind)).collect()
}

const DOSE: &str = "Adults with marsh fever should take quinsulfate 200 mg twice a day for 7 days after the first fit.";
const OTHER_DOSE: &str =
    "Adults with marsh fever should take quinsulfate 500 mg twice a day for 7 days after the first fit.";

#[test]
fn a_number_that_differs_is_flagged_and_the_other_side_can_be_asked_for() {
    let folder = folder();
    let documents = [("marsh-a", "US", DOSE), ("marsh-b", "GB", OTHER_DOSE)];
    let (_, snapshot) = snapshot_of(&corpus(folder.path(), &documents), &folder.path().join("index"), 2);
    let claim =
        Claim::new("Adults with marsh fever should take quinsulfate 200 mg twice a day for 7 days.").expect("a claim");
    let answer = ask(&snapshot, &claim, &Options { k: 5, ..Options::default() });
    assert_eq!(differing(&answer, "marsh-a@"), []);
    assert_eq!(differing(&answer, "marsh-b@"), [Kind::Quantity]);
    let include = evidence::Include { counter: true, ..evidence::Include::default() };
    let one = ask(&snapshot, &claim, &Options { k: 1, include, ..Options::default() });
    let sides =
        one.passages.iter().chain(&one.counter).map(|one| one.found.passage.id.version().document().to_string());
    let sides: std::collections::BTreeSet<String> = sides.collect();
    assert_eq!(sides.into_iter().collect::<Vec<_>>(), ["marsh-a", "marsh-b"]);
}

#[test]
fn guidelines_that_agree_are_no_disagreement() {
    let folder = folder();
    let same = "Give adults who have marsh fever quinsulfate 0.2 g two times a day for one week after the first fit.";
    let documents = [("marsh-a", "US", DOSE), ("marsh-b", "GB", same)];
    let (_, snapshot) = snapshot_of(&corpus(folder.path(), &documents), &folder.path().join("index"), 2);
    let claim =
        Claim::new("Adults with marsh fever should take quinsulfate 200 mg twice a day for 7 days.").expect("a claim");
    let include = evidence::Include { counter: true, ..evidence::Include::default() };
    let answer = ask(&snapshot, &claim, &Options { include, ..Options::default() });
    assert_eq!(answer.conflicts, []);
    assert_eq!([differing(&answer, "marsh-a@"), differing(&answer, "marsh-b@")], [[], []]);
}

#[test]
fn what_other_bodies_say_can_be_asked_for() {
    let folder = folder();
    let same = "Give adults who have marsh fever quinsulfate 0.2 g two times a day for one week after the first fit.";
    let documents = [("marsh-a", "US", DOSE), ("marsh-b", "GB", same), ("marsh-c", "CA", OTHER_DOSE)];
    let (_, snapshot) = snapshot_of(&corpus(folder.path(), &documents), &folder.path().join("index"), 2);
    let claim =
        Claim::new("Adults with marsh fever should take quinsulfate 200 mg twice a day for 7 days.").expect("a claim");
    let answer = |others: bool, hints: bool| {
        let include = evidence::Include { others, ..evidence::Include::default() };
        ask(&snapshot, &claim, &Options { k: 1, include, hints, ..Options::default() })
    };
    assert!(answer(false, true).others.is_empty());
    for hints in [true, false] {
        let one = answer(true, hints);
        let all = one.passages.iter().chain(&one.others);
        let mut documents: Vec<String> = all.map(|one| one.found.passage.id.version().document().to_string()).collect();
        documents.sort();
        assert_eq!(documents, ["marsh-a", "marsh-b", "marsh-c"], "each body once");
        let told = one.others.iter().any(|one| !one.appraisal.differences.is_empty());
        assert_eq!(told, hints, "another dose is flagged there too");
    }
}

#[test]
fn a_patient_outside_of_the_advice_is_flagged_and_nothing_is_left_out() {
    let folder = folder();
    let documents = [("marsh-a", "US", DOSE)];
    let (_, snapshot) = snapshot_of(&corpus(folder.path(), &documents), &folder.path().join("index"), 1);
    let text = "Quinsulfate 200 mg twice a day treats marsh fever after the first fit.";
    let claim = Claim::new(text).expect("a claim");
    let child = Patient { age: Some(6), sex: None, conditions: Vec::new() };
    let adult = Patient { age: Some(40), ..child.clone() };
    let all = ask(&snapshot, &claim, &Options::default());
    for (patient, expected) in [(adult, vec![]), (child, vec![Kind::Population])] {
        let answer = ask(&snapshot, &claim.clone().with_patient(patient), &Options::default());
        assert_eq!(answer.passages.len(), all.passages.len());
        let first = &answer.passages[0].appraisal.differences;
        assert_eq!(first.iter().map(|one| one.kind).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn only_if_and_not_below_are_one_rule() {
    let folder = folder();
    let against = "Quinsulfate should not be started for marsh fever at an eGFR below 45 mL/min/1.73 m2.";
    let other = "Quinsulfate should be started for marsh fever at an eGFR below 45 mL/min/1.73 m2.";
    let documents = [("marsh-a", "US", against), ("marsh-b", "GB", other)];
    let (_, snapshot) = snapshot_of(&corpus(folder.path(), &documents), &folder.path().join("index"), 2);
    let flagged = |text: &str| {
        let answer = ask(&snapshot, &Claim::new(text).expect("a claim"), &Options { k: 5, ..Options::default() });
        ["marsh-a@", "marsh-b@"].map(|document| differing(&answer, document).contains(&Kind::Population))
    };
    let only = "In marsh fever quinsulfate can be started only if the eGFR is above 45 mL/min/1.73 m2.";
    assert_eq!(flagged(only), [false, true]);
    let answer = ask(&snapshot, &Claim::new(only).expect("a claim"), &Options { k: 5, ..Options::default() });
    assert_eq!(differing(&answer, "marsh-a@"), []);
    let above = "In marsh fever quinsulfate can be started if the eGFR is above 45 mL/min/1.73 m2.";
    assert_eq!(flagged(above), [true, true]);
    let too = "In marsh fever quinsulfate can be started not only if the eGFR is above 45 mL/min/1.73 m2.";
    assert_eq!(flagged(too), [true, true]);
}

#[test]
fn a_blind_review_is_told_nothing() {
    let folder = folder();
    let documents = [("marsh-a", "US", DOSE), ("marsh-b", "GB", OTHER_DOSE)];
    let (_, snapshot) = snapshot_of(&corpus(folder.path(), &documents), &folder.path().join("index"), 2);
    let claim = Claim::new("Adults with marsh fever should take quinsulfate 900 mg twice a day.").expect("a claim");
    let told = ask(&snapshot, &claim, &Options::default());
    let include = evidence::Include { counter: true, ..evidence::Include::default() };
    let blind = ask(&snapshot, &claim, &Options { hints: false, include, ..Options::default() });
    assert!(told.passages.iter().any(|one| !one.appraisal.differences.is_empty()));
    assert!(blind.passages.iter().all(|one| one.appraisal.differences.is_empty() && one.appraisal.hint.is_none()));
    assert!(blind.conflicts.is_empty() && blind.counter.is_empty());
    let ids =
        |evidence: &Evidence| evidence.passages.iter().map(|one| one.found.passage.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&told), ids(&blind), "hints change no rank");
}
