//! Labels of claims: the files are well formed and name passages that exist, and figures are what a person would count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use groundline::corpus::Status;
use groundline::eval::claims::{self, Changed, File, Gold, GoldClaim, Grade, Split};
use groundline::eval::figures::Figure;
use groundline::index::Snapshot;
use groundline::passage::PassageId;
use serde_json::Value;

use crate::support::{folder, run_in, snapshot_of, stderr, stdout};

/// Words that make a document long enough to be published.
const FILL: &str = "Fever of the marsh is an invented illness, and these guidelines exist to be read by tests alone. People \
                    with marsh fever rest in a dry room, drink enough, and are seen again after a week by the same nurse.";
const RULE: &str = "Adults with marsh fever are given quinsulfate 200 mg twice a day for 7 days after the first fit.";
const OTHER: &str =
    "Children with reed cough sleep upright and take honey before the night, from the age of two years.";

/// Three documents; two of them print the same rule.
fn corpus(folder: &Path) -> PathBuf {
    let corpus = folder.join("corpus");
    fs::create_dir_all(&corpus).expect("a folder");
    for (id, text) in [("marsh-a", RULE), ("marsh-b", RULE), ("reed", OTHER)] {
        let facts = format!("id = \"{id}\"\nversion = \"2020\"\ntitle = \"Care {id}\"\npublisher = \"{id}\"\n");
        fs::write(corpus.join(format!("{id}.toml")), facts).expect("written");
        let text = format!("# Care {id}\n\n## Advice\n\n{text}\n\n## About {id}\n\n{FILL} This is said by {id}.\n");
        fs::write(corpus.join(format!("{id}.md")), text).expect("written");
    }
    corpus
}

/// The id of the passage of a document that has these words.
fn id_of(snapshot: &Snapshot, document: &str, words: &str) -> PassageId {
    let version = format!("{document}@2020").parse().expect("an id");
    let passages = snapshot.passages(&version).expect("readable");
    let found = passages.into_iter().find(|passage| passage.text().contains(words));
    found.unwrap_or_else(|| panic!("{document} does not say {words}")).id
}

fn claim(id: &str, text: &str, gold: &[(PassageId, Grade)]) -> GoldClaim {
    let gold = Gold::Passages(gold.iter().cloned().collect());
    GoldClaim { id: id.to_owned(), of: None, claim: text.to_owned(), split: Some(Split::Tune), gold }
}

const LAY: &str = "Grown-ups with marsh fever get quinsulfate for a week.";

#[test]
fn a_folded_twin_is_found_and_a_stale_label_is_named() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&corpus(folder.path()), &folder.path().join("index"), 2);
    let [a, b] = ["marsh-a", "marsh-b"].map(|document| id_of(&snapshot, document, "quinsulfate"));
    let gone: PassageId = "marsh-a@2020#p-ffffffffff".parse().expect("an id");
    let claims = [
        claim("a", LAY, &[(a.clone(), Grade::Settles)]),
        claim("b", LAY, &[(b.clone(), Grade::Settles)]),
        claim("both", LAY, &[(a.clone(), Grade::Settles), (b, Grade::Settles), (gone.clone(), Grade::Helps)]),
        claim("gone", LAY, &[(a, Grade::Helps), (gone.clone(), Grade::Settles)]),
        claim("none", RULE, &[]),
        claim("nowhere", "Tulip bulbs are planted in autumn.", &[]),
        claim("long", &"word ".repeat(2_000), &[]),
    ];
    let report = claims::measure(&snapshot, &claims).expect("a report");
    let rows: BTreeMap<&str, _> = report.rows.iter().map(|row| (row.id.as_str(), row)).collect();
    // One of the two is shown and the other folded into it: each is first.
    for id in ["a", "b", "both"] {
        assert_eq!(rows[id].rank, Some(1), "{id}: {:?}", rows[id]);
        assert_eq!(rows[id].figures[&Figure::Ndcg10], 1.0, "{id}");
    }
    let stale: Vec<(&str, &PassageId)> = report.stale.iter().map(|one| (one.claim.as_str(), &one.passage)).collect();
    assert_eq!(stale, [("both", &gone), ("gone", &gone)]);
    let left_out: Vec<(&str, &str)> =
        report.left_out.iter().map(|one| (one.id.as_str(), one.reason.as_str())).collect();
    assert_eq!(left_out[0], ("gone", "the snapshot holds none of the passages that would be a hit"));
    assert_eq!(left_out[1].0, "long");
    assert!(left_out[1].1.contains("more than 4000") && left_out.len() == 2, "{left_out:?}");
    assert_eq!(rows["none"].figures[&Figure::Addressed], 1.0);
    assert_eq!(rows["nowhere"].figures[&Figure::Addressed], 0.0);
    assert!(!rows["none"].figures.contains_key(&Figure::Hit1) && !rows["a"].figures.contains_key(&Figure::Addressed));
    assert_eq!((report.recall(1), report.mean(Figure::Addressed)), (1.0, 0.5));
}

#[test]
fn a_folded_twin_counts_by_its_own_file() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&corpus(folder.path()), &folder.path().join("index"), 2);
    let gold = folder.path().join("claims.tsv");
    let row = |id: &str, file: &str| format!("{id}\t{LAY}\t{file}\tAdvice\t{RULE}\tSUPPORT\n");
    let header = "id\tclaim\tfile\tlocation\tsupporting_text\tstance\n";
    let rows = [row("a", "marsh-a.md"), row("b", "marsh-b.md"), row("reed", "reed.md"), row("none", "none.md")];
    fs::write(&gold, format!("{header}{}", rows.concat())).expect("written");
    let report = claims::measure(&snapshot, &claims::read(&gold).expect("claims")).expect("a report");
    let ranks: Vec<Option<usize>> = report.rows.iter().map(|row| row.rank).collect();
    assert_eq!(ranks, [Some(1), Some(1), None, None]);
    assert_eq!(report.missing, ["none"]);
}

/// Runs `eval claims` in a folder over its corpus.
fn eval(folder: &Path, arguments: &[&str], code: i32) -> (String, String) {
    let all = [&["eval", "claims", "--corpus", "corpus"], arguments].concat();
    let output = run_in(folder, &all);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
    (stdout(&output), stderr(&output))
}

#[test]
fn a_run_is_saved_and_compared_on_the_command_line() {
    let folder = folder();
    let path = folder.path();
    let (_, snapshot) = snapshot_of(&corpus(path), &path.join("index"), 2);
    let gold = id_of(&snapshot, "marsh-a", "quinsulfate");
    let write = |name: &str, text: &str| fs::write(path.join(name), text).expect("written");
    let header = "id\tclaim\tgold\tsplit\n";
    write(
        "gold.tsv",
        &format!("{header}c1\t{LAY}\t{gold}:2\ttune\nc2\tTulips are red.\t-\treport\nc3\t{RULE}\t{gold}:2\treport\n"),
    );
    let (json, _) = eval(path, &["--claims", "gold.tsv", "--save", "run.jsonl", "--json"], 0);
    let found: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (&found["n"], &found["hit@1"], &found["hit@1_n"], &found["ndcg@10"]),
        (&3.into(), &1.0.into(), &2.into(), &1.0.into())
    );
    assert_eq!(
        (&found["addressed"], &found["addressed_n"], &found["ranker"]),
        (&0.0.into(), &1.into(), &"static".into())
    );
    // The same again, with a claim reworded, one gone, and one new.
    write(
        "gold.tsv",
        &format!("{header}c1\t{LAY}\t{gold}:2\ttune\nc2\tTulips are blue.\t-\treport\nc4\t{RULE}\t{gold}:2\treport\n"),
    );
    let (text, talk) = eval(path, &["--claims", "gold.tsv", "--against", "run.jsonl"], 0);
    assert!(talk.contains("1: in this run alone: c4"), "{talk}");
    assert!(talk.contains("1: in the saved run alone: c3"), "{talk}");
    assert!(talk.contains("not compared: c2"), "{talk}");
    assert!(text.contains("static), 1 compared\n") && text.contains("+0.0000  +0.0000 to +0.0000  1.0000"), "{text}");
    let (text, _) = eval(path, &["--claims", "gold.tsv", "--split", "tune", "--each"], 0);
    assert!(text.starts_with(&format!("c1         1  {gold}")) && text.contains("claims        1, static\n"), "{text}");
    // A label that names nothing is told, and the exit status says so.
    write("gold.tsv", &format!("{header}c1\t{LAY}\t{gold}:2|marsh-a@2020#rec-9:1\ttune\n"));
    let (text, talk) = eval(path, &["--claims", "gold.tsv"], 3);
    assert!(talk.contains("claim c1: this snapshot has no passage marsh-a@2020#rec-9 (stale label)"), "{talk}");
    assert!(text.contains("stale labels  1\n"), "{text}");
    for (arguments, message) in [
        (&["--claims", "gold.tsv", "--split", "dev"][..], "\"dev\" is no split"),
        (&["--claims", "gold.tsv", "--split", "report"], "gold.tsv holds nothing to measure"),
        (&["--claims", "gold.tsv", "--set", "typo"], "--set and --plain go with changed claims"),
        (&["--claims", "gold.tsv", "--against", "gold.tsv"], "gold.tsv:1: no line that --save writes"),
    ] {
        let (_, talk) = eval(path, arguments, 2);
        assert!(talk.contains(message), "{talk}");
    }
}

#[test]
fn changed_claims_stand_beside_their_plain_ones() {
    let folder = folder();
    let path = folder.path();
    let (_, snapshot) = snapshot_of(&corpus(path), &path.join("index"), 2);
    let gold = id_of(&snapshot, "marsh-a", "quinsulfate");
    let write = |name: &str, text: &str| fs::write(path.join(name), text).expect("written");
    write("plain.tsv", &format!("id\tclaim\tgold\tsplit\nc1\t{LAY}\t{gold}:2\ttune\nc2\t{RULE}\t{gold}:2\treport\n"));
    write(
        "changed.tsv",
        &format!(
            "id\tset\tof\tclaim\nr1\ttypo\tc1\tGorwn-ups with marsh fever get quinsulfate.\nr2\ttypo\tg7\tElsewhere.\n\
             r3\tlay\tc1\tWatery eyes need tissues.\nr4\tlay\tc2\t{RULE}\n"
        ),
    );
    let (json, talk) = eval(path, &["--claims", "changed.tsv", "--plain", "plain.tsv", "--json"], 0);
    assert!(talk.contains("typo: 1 left out, as their plain claims are in no --plain file"), "{talk}");
    let found: Value = serde_json::from_str(&json).expect("JSON");
    let (typo, lay) = (&found["sets"][0], &found["sets"][1]);
    assert_eq!((&typo["set"], &typo["n"], &typo["elsewhere"]), (&"typo".into(), &1.into(), &1.into()));
    assert_eq!(typo["figures"]["hit@1"]["difference"], 0.0);
    let hit = &lay["figures"]["hit@1"];
    assert_eq!((&hit["plain"], &hit["changed"], &hit["difference"]), (&1.0.into(), &0.5.into(), &(-0.5).into()));
    assert_eq!((&hit["p"], &lay["plain"]["hit@1"]), (&1.0.into(), &1.0.into()));
    let arguments = ["--claims", "changed.tsv", "--plain", "plain.tsv", "--set", "lay", "--split", "report", "--each"];
    let (text, _) = eval(path, &arguments, 0);
    assert!(text.starts_with("static\n\nlay: 1 changed forms of 1 claims\nr4       c2         1   1\n"), "{text}");
    for (arguments, message) in [
        (&["--claims", "changed.tsv"][..], "name the file of the plain ones with --plain"),
        (&["--claims", "changed.tsv", "--plain", "plain.tsv", "--set", "x"], "no set \"x\"; it has typo, lay"),
        (&["--claims", "changed.tsv", "--plain", "plain.tsv", "--plain", "plain.tsv"], "\"c1\" stands in another file"),
        (&["--claims", "changed.tsv", "--plain", "changed.tsv"], ":1: changed claims"),
    ] {
        let (_, talk) = eval(path, arguments, 2);
        assert!(talk.contains(message), "{talk}");
    }
}

/// A file of labels.
fn labels(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/claims").join(name);
    assert!(path.exists(), "tests/claims/{name} is missing");
    path
}

/// Faults of labels that are there: passages that do not exist or are not in force.
fn faults(snapshot: &Snapshot, claims: &[GoldClaim], current: bool) -> Vec<String> {
    let mut faults = Vec::new();
    for claim in claims {
        let Gold::Passages(gold) = &claim.gold else { continue };
        for id in gold.keys() {
            if snapshot.passage(id).expect("readable").is_none() {
                faults.push(format!("{}: {id} does not exist", claim.id));
            } else if current && snapshot.catalogue().standing(id.version(), None).status != Status::Current {
                faults.push(format!("{}: {id} is not in force", claim.id));
            }
        }
    }
    faults
}

#[test]
fn the_starters_labels_name_passages_in_force() {
    let path = labels("starter-gold.tsv");
    let claims = claims::read(&path).expect("labels of the right form");
    let folder = folder();
    let starter = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/starter");
    let (_, snapshot) = snapshot_of(&starter, folder.path(), 2);
    let faults = faults(&snapshot, &claims, true);
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The same of the real guidelines, whose snapshot another test has made.
pub(crate) fn guidelines_labels_exist(snapshot: &Snapshot) {
    let path = labels("guidelines-gold.tsv");
    let faults = faults(snapshot, &claims::read(&path).expect("labels of the right form"), false);
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn labels_that_name_nothing_or_the_past_are_faults() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&crate::support::fixture_corpus(), folder.path(), 2);
    let old = "marsh-fever@2019".parse().expect("an id");
    let old = snapshot.passages(&old).expect("readable")[0].id.clone();
    let claims =
        [claim("c", LAY, &[(old, Grade::Settles), ("marsh-fever@2024#no".parse().expect("an id"), Grade::Helps)])];
    assert_eq!(faults(&snapshot, &claims, true).len(), 2);
    assert_eq!(faults(&snapshot, &claims, false), ["c: marsh-fever@2024#no does not exist"]);
}

/// The sets of changed claims that there are.
const SETS: [&str; 6] = ["paraphrase", "typo", "brand", "abbreviation", "lay", "spelling"];

/// Faults of changed claims beside their plain ones.
fn changed_faults(changed: &[Changed], plain: &[GoldClaim]) -> Vec<String> {
    let known: BTreeMap<&str, &GoldClaim> = plain.iter().map(|claim| (claim.id.as_str(), claim)).collect();
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for one in changed {
        let Changed { id, set, of, claim } = one;
        if !SETS.contains(&set.as_str()) {
            faults.push(format!("{id}: there is no set {set}"));
        }
        match known.get(of.as_str()) {
            None => faults.push(format!("{id}: there is no claim {of}")),
            Some(plain) if !plain.is_answered() => faults.push(format!("{id}: {of} has no answer")),
            Some(plain) if plain.claim == *claim => faults.push(format!("{id}: nothing is changed")),
            Some(_) => {}
        }
        if !seen.insert((set, claim)) {
            faults.push(format!("{id}: its words stand in {set} twice"));
        }
    }
    faults
}

#[test]
fn every_changed_claim_differs_from_a_plain_one_that_is_answered() {
    let rows = |rows: &[[&str; 4]]| -> Vec<Changed> {
        let one = |[id, set, of, claim]: &[&str; 4]| {
            let [id, set, of, claim] = [id, set, of, claim].map(|part| (*part).to_owned());
            Changed { id, set, of, claim }
        };
        rows.iter().map(one).collect()
    };
    let gold = ("a@1#b".parse().expect("an id"), Grade::Settles);
    let plain = [claim("c1", "Rest.", &[gold]), claim("c2", "Run.", &[])];
    let bad = rows(&[
        ["r1", "typo", "c1", "Rset."],
        ["r2", "typo", "c1", "Rest."],
        ["r3", "haiku", "c1", "Res."],
        ["r4", "typo", "c9", "Ret."],
        ["r5", "typo", "c2", "Rn."],
        ["r6", "typo", "c1", "Rset."],
    ]);
    let expected = [
        "r2: nothing is changed",
        "r3: there is no set haiku",
        "r4: there is no claim c9",
        "r5: c2 has no answer",
        "r6: its words stand in typo twice",
    ];
    assert_eq!(changed_faults(&bad, &plain), expected);

    let [starter, guidelines, changed] = ["starter-gold.tsv", "guidelines-gold.tsv", "robustness.tsv"].map(labels);
    let mut plain = claims::read(&starter).expect("labels of the right form");
    plain.extend(claims::read(&guidelines).expect("labels of the right form"));
    let ids: BTreeSet<&str> = plain.iter().map(|claim| claim.id.as_str()).collect();
    assert_eq!(ids.len(), plain.len(), "an id stands in both files");
    assert!(plain.len() >= 300, "{} claims", plain.len());
    let File::Changed(changed) = claims::open(&changed).expect("of the right form") else {
        panic!("no changed claims")
    };
    assert_eq!(changed_faults(&changed, &plain), Vec::<String>::new());
    for set in SETS {
        let number = changed.iter().filter(|one| one.set == set).count();
        assert!(number >= 100, "{set} has {number} claims");
    }
}

#[test]
fn both_halves_of_the_labels_are_of_like_size() {
    for path in ["starter-gold.tsv", "guidelines-gold.tsv"].map(labels) {
        let claims = claims::read(&path).expect("labels of the right form");
        let tune = claims.iter().filter(|claim| claim.split == Some(Split::Tune)).count();
        let report = claims.iter().filter(|claim| claim.split == Some(Split::Report)).count();
        assert!(tune > 0 && report > 0 && tune + report == claims.len(), "{}: {tune}, {report}", path.display());
        assert!(tune.abs_diff(report) * 2 <= claims.len(), "{}: {tune}, {report}", path.display());
    }
}
