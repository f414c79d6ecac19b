//! The starter corpus as a new user meets it: its claims find their guideline, and what it does not hold it does not claim
//! to hold. Figures as last measured stand in docs/measurements.md.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use groundline::claim::Claim;
use groundline::corpus::Status;
use groundline::evidence::{self, Coverage, Evidence, Filters, Flag, Options};
use groundline::index::Snapshot;
use groundline::retrieve::Search;

use crate::support::{folder, snapshot_of};

fn starter() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/starter")
}

/// A claim, the documents that settle it (none for what the starter does not hold), and its split.
struct Labelled {
    claim: String,
    documents: BTreeSet<String>,
    split: String,
}

fn claims() -> Vec<Labelled> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/claims/starter.tsv");
    let text = std::fs::read_to_string(path).expect("the claims");
    let rows = text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|row| Labelled {
        claim: row[1].to_owned(),
        documents: row[2].split('|').filter(|name| *name != "-").map(str::to_owned).collect(),
        split: row[3].to_owned(),
    })
    .collect()
}

fn ask(snapshot: &Snapshot, claim: &str, k: usize) -> Evidence {
    let options = Options { k, ..Options::default() };
    evidence::gather(snapshot, &Claim::new(claim).expect("a claim"), &options).expect("an answer")
}

#[test]
fn claims_find_their_guideline_and_absence_is_not_agreement() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&starter(), folder.path(), 2);
    // Answerable claims, those whose guideline is first, and among the first five; by split.
    let mut found: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let (mut absent, mut addressed) = (0, Vec::new());
    for Labelled { claim, documents, split } in claims() {
        let answer = ask(&snapshot, &claim, 5);
        let ids = answer.passages.iter().map(|ranked| ranked.found.passage.id.version().document().as_str());
        let at = ids.take(5).position(|id| documents.contains(id));
        if documents.is_empty() {
            absent += 1;
            if answer.coverage == Coverage::Addressed {
                addressed.push(claim);
            }
        } else {
            let counts = found.entry(split).or_default();
            counts[0] += 1;
            counts[1] += usize::from(at == Some(0));
            counts[2] += usize::from(at.is_some());
        }
    }
    for (split, [all, first, five]) in &found {
        println!("{split}: {first} of {all} first, {five} among the first five");
        assert!(first * 100 >= all * 85, "{split}: {first} of {all} first");
        assert!(five * 100 >= all * 95, "{split}: {five} of {all} among the first five");
    }
    println!("{} of {absent} claims without an answer count as addressed", addressed.len());
    assert!(addressed.len() * 10 <= absent, "{addressed:#?}");
}

#[test]
fn no_superseded_statement_of_any_edition_stands_above_its_successor() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&starter(), folder.path(), 2);
    let old: Vec<_> = snapshot
        .entries()
        .filter(|entry| snapshot.catalogue().standing(&entry.facts.id, None).status == Status::Superseded)
        .map(|entry| entry.facts.id.clone())
        .collect();
    assert!(old.len() >= 15, "{old:?}");
    let mut asked = 0;
    for id in &old {
        let newer = snapshot.catalogue().descendants(id, None);
        assert!(!newer.is_empty(), "{id} is superseded by nothing that is held");
        for passage in snapshot.passages(id).expect("readable") {
            asked += 1;
            for k in [1, 5] {
                check_order(&snapshot, passage.text(), k);
            }
        }
    }
    println!("{asked} passages of {} superseded editions asked", old.len());
}

/// Asks, and looks whether every old passage is flagged and stands below what replaced it.
fn check_order(snapshot: &Snapshot, claim: &str, k: usize) {
    let claim: String = claim.chars().take(4_000).collect();
    let answer = ask(snapshot, &claim, k);
    let versions: Vec<_> = answer.passages.iter().map(|ranked| ranked.found.passage.id.version()).collect();
    for (at, ranked) in answer.passages.iter().enumerate() {
        let standing = &ranked.standing;
        if standing.status != Status::Superseded {
            continue;
        }
        let id = &ranked.found.passage.id;
        assert!(
            ranked.flags.iter().any(|flag| matches!(flag, Flag::Superseded(Some(_)))),
            "{id} is not flagged: {claim}"
        );
        let newer = snapshot.catalogue().descendants(id.version(), None);
        assert!(
            !versions[at..].iter().any(|below| newer.contains(*below)),
            "what replaced {id} stands below it: {claim}"
        );
        let above = versions[..at].iter().any(|above| newer.contains(*above));
        assert!(above || ranked.replacement.is_some(), "nothing says what replaced {id}: {claim}");
    }
}

/// A filter that leaves out nothing of what is shown leaves the order alone: what it leaves out must not be what the rest was
/// measured by.
#[test]
fn a_filter_that_excludes_nothing_shown_changes_no_order() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&starter(), folder.path(), 2);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/claims/starter-gold.tsv");
    let text = std::fs::read_to_string(path).expect("the gold set");
    let filters = Filters { status: vec![Status::Current], ..Filters::default() };
    let (mut compared, mut changed) = (0, Vec::new());
    for claim in text.lines().skip(1).filter_map(|line| line.split('\t').nth(1)) {
        let plain = ask(&snapshot, claim, 10);
        if plain.passages.iter().any(|ranked| ranked.standing.status != Status::Current) {
            continue;
        }
        let options = Options { k: 10, filters: filters.clone(), ..Options::default() };
        let bounded = evidence::gather(&snapshot, &Claim::new(claim).expect("a claim"), &options).expect("an answer");
        let shown = |answer: &Evidence| -> Vec<_> {
            answer.passages.iter().map(|ranked| ranked.found.passage.id.clone()).collect()
        };
        compared += 1;
        if shown(&plain) != shown(&bounded) {
            changed.push(claim.to_owned());
        }
    }
    println!("{compared} claims compared");
    assert!(compared >= 100, "{compared} claims show guidelines in force alone");
    assert!(changed.is_empty(), "{} of {compared}: {changed:#?}", changed.len());
}

/// Claims of the dev half of `carried.tsv` that find a passage of their gold set first: bare, and with the words above them.
#[test]
fn what_an_answer_is_about_is_carried_to_its_claims() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&starter(), folder.path(), 2);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/claims/carried.tsv");
    let text = std::fs::read_to_string(path).expect("the claims");
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let first = |context: bool| {
        let finds = |row: &&Vec<&str>| {
            let claim = Claim::new(row[3]).expect("a claim");
            let claim = if context { claim.with_context(row[2]).expect("a context") } else { claim };
            let answer = evidence::gather(&snapshot, &claim, &Options::default()).expect("an answer");
            let best = answer.passages.first().map(|ranked| ranked.found.passage.id.to_string()).unwrap_or_default();
            row[4].split('|').any(|gold| gold.rsplit_once(':').is_some_and(|(id, _)| id == best))
        };
        rows.iter().filter(|row| row[1] == "dev").filter(finds).count()
    };
    let (bare, carried) = (first(false), first(true));
    println!("dev: {bare} first without their topic, {carried} with it carried");
    assert!(bare < carried, "{bare} without, {carried} with");
    // A claim that says what it is about takes nothing from what stands around it.
    let asked = |claim: Claim| Search::of(&snapshot, &claim).expect("a search").asked;
    let gout = || Claim::new("Allopurinol should be started at 100 mg daily in gout.").expect("a claim");
    assert_eq!(asked(gout().with_context("Asthma").expect("a context")), asked(gout()));
    let start = || Claim::new("Start at 100 mg daily.").expect("a claim");
    assert_ne!(asked(start().with_context("Asthma").expect("a context")), asked(start()));
}

/// Claims on which current guidelines of two bodies disagree: the claim, the one, the other.
fn disagreements() -> Vec<[String; 3]> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/claims/disagreements.tsv");
    let text = std::fs::read_to_string(path).expect("the disagreements");
    let rows = text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    rows.map(|row| [row[0].clone(), row[1].clone(), row[2].clone()]).collect()
}

#[test]
fn where_current_guidelines_disagree_both_are_held_and_found() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&starter(), folder.path(), 2);
    let rows = disagreements();
    assert!(rows.len() >= 10, "{} pairs", rows.len());
    let mut alone = Vec::new();
    for [claim, one, other] in &rows {
        let publishers: Vec<_> = [one, other]
            .map(|id| {
                let id = id.parse().expect("an id");
                let entry = snapshot.entry(&id).unwrap_or_else(|| panic!("{id} is not held"));
                assert_eq!(snapshot.catalogue().standing(&id, None).status, Status::Current, "{id}");
                entry.facts.publisher.clone().expect("a publisher")
            })
            .to_vec();
        assert_ne!(publishers[0], publishers[1], "{claim}");
        let answer = ask(&snapshot, claim, 10);
        let held = |id: &str| answer.passages.iter().any(|one| one.found.passage.id.version().to_string() == id);
        if !held(one) || !held(other) {
            alone.push(claim);
        }
    }
    println!("both sides among the first ten for {} of {}", rows.len() - alone.len(), rows.len());
    assert!(alone.len() * 3 <= rows.len(), "{alone:#?}");
}
