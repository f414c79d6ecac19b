//! Populations: flags where a claim and a passage are about different people, and none where they are not.
//!
//! The pairs of tests/claims/pairs were written by hand, blind to the reader that they measure. `dev` rows may be looked at
//! when a rule is made; `report` rows are counted alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use groundline::appraise::people::{About, Mismatch, People, mismatches};
use groundline::claim::{Claim, Patient};
use groundline::corpus::VersionId;
use groundline::index::Snapshot;
use groundline::passage::{Passage, PassageId};

use crate::support::{folder, shared, snapshot_of};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn lines(path: PathBuf) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// One labelled pair.
struct Pair {
    id: String,
    split: String,
    field: String,
    passage: PassageId,
    claim: Claim,
    expected: String,
}

fn pairs() -> Vec<Pair> {
    let rows = lines(project().join("tests/claims/pairs/population.tsv"));
    rows.into_iter()
        .map(|row| {
            let [id, split, field, passage, claim, patient, expected, _] = row.try_into().expect("eight columns");
            let claim = Claim::new(&claim).expect("a claim");
            let claim = if patient == "-" { claim } else { claim.with_patient(person(&patient)) };
            Pair { id, split, field, passage: passage.parse().expect("a passage id"), claim, expected }
        })
        .collect()
}

fn person(json: &str) -> Patient {
    let read: serde_json::Value = serde_json::from_str(json).expect("a JSON object");
    let conditions = read["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
    Patient {
        age: read["age"].as_u64().map(|age| u8::try_from(age).expect("an age")),
        sex: read["sex"].as_str().map(str::to_owned),
        conditions: conditions.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect(),
    }
}

/// What documents say of their own scope, read once a version.
struct Scopes<'a> {
    snapshot: &'a Snapshot,
    /// The text of the section "Scope" of each.
    known: BTreeMap<VersionId, Vec<String>>,
}

impl Scopes<'_> {
    fn of(&mut self, version: &VersionId) -> Vec<String> {
        let snapshot = self.snapshot;
        let read = || {
            let passages = snapshot.passages(version).expect("readable");
            let section = passages.iter().filter(|passage| passage.path.last().is_some_and(|last| last == "Scope"));
            section.map(|passage| passage.text().to_owned()).collect()
        };
        self.known.entry(version.clone()).or_insert_with(read).clone()
    }
}

fn flags(snapshot: &Snapshot, scopes: &mut Scopes<'_>, claim: &Claim, passage: &Passage) -> Vec<Mismatch> {
    let version = passage.id.version();
    let limits = scopes.of(version);
    let limits: Vec<&str> = limits.iter().map(String::as_str).collect();
    let facts = snapshot.entry(version).map(|entry| &entry.facts);
    let about = About {
        text: passage.text(),
        path: &passage.path,
        lead: passage.lead.as_deref(),
        population: passage.population.as_ref(),
        exclusions: &passage.exclusions,
        scope: facts.and_then(|facts| facts.population.as_deref()),
        limits: &limits,
        title: facts.and_then(|facts| facts.title.as_deref()),
    };
    mismatches(&People::of_claim(claim), &People::of_passage(&about))
}

/// Rows and flagged rows, by split, expectation and field.
type Counts = BTreeMap<(String, String, String), [usize; 2]>;

#[expect(clippy::print_stdout, reason = "rows of `dev` may be read")]
fn count(snapshot: &Snapshot) -> Counts {
    let mut scopes = Scopes { snapshot, known: BTreeMap::new() };
    let mut counts = Counts::new();
    for pair in pairs() {
        let passage = snapshot.passage(&pair.passage).expect("readable");
        let passage = passage.unwrap_or_else(|| panic!("{} is not held", pair.passage));
        let found = flags(snapshot, &mut scopes, &pair.claim, &passage);
        let flagged = !found.is_empty();
        if pair.split == "dev" && flagged != (pair.expected == "mismatch") {
            let told: Vec<String> =
                found.iter().map(|one| format!("{} / {}", one.claim.text, one.evidence.text)).collect();
            println!("{} {} {}: {told:?}", pair.id, pair.expected, pair.field);
        }
        for field in [pair.field.as_str(), "all"] {
            let counts = counts.entry((pair.split.clone(), pair.expected.clone(), field.to_owned())).or_default();
            counts[0] += 1;
            counts[1] += usize::from(flagged);
        }
    }
    counts
}

/// Of `report`, in parts of a thousand. The aims are 950 flagged and 50 false. False flags keep the aim (6 of 196 on the day that this
/// was written). Flagged mismatches do not reach theirs: 159 of 185, most of them missed in risk in words, lactation, renal and
/// hepatic function; today's figure stands here, so that no loss goes unseen.
const FLAGGED: usize = 859;
const FALSE: usize = 50;

#[test]
fn people_who_differ_are_flagged_and_others_are_not() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&project().join("corpus/starter"), folder.path(), 2);
    let counts = count(&snapshot);
    for ((split, expected, field), [rows, flagged]) in &counts {
        println!("{split:<6} {expected:<8} {field:<16} {flagged:>4} of {rows:>4} flagged");
    }
    let of = |split: &str, expected: &str| {
        counts.get(&(split.to_owned(), expected.to_owned(), "all".to_owned())).copied().unwrap_or_default()
    };
    let [rows, flagged] = of("report", "mismatch");
    let [others, wrong] = [of("report", "match"), of("report", "unknown")]
        .into_iter()
        .fold([0, 0], |all, one| [all[0] + one[0], all[1] + one[1]]);
    assert!(rows >= 150 && others >= 150, "{rows} and {others} rows");
    assert!(flagged * 1_000 >= rows * FLAGGED, "{flagged} of {rows} mismatches are flagged");
    assert!(wrong * 1_000 <= others * FALSE, "{wrong} of {others} other pairs are flagged");
}

/// Claims of the tuning half with the passages that settle them: pairs, and flagged pairs.
fn settled(snapshot: &Snapshot, file: &str) -> [usize; 2] {
    let mut scopes = Scopes { snapshot, known: BTreeMap::new() };
    let mut counts = [0, 0];
    for row in lines(project().join("tests/claims").join(file)) {
        if row[3] != "tune" || row[2] == "-" {
            continue;
        }
        let claim = Claim::new(&row[1]).expect("a claim");
        let settling = row[2].split('|').filter_map(|one| one.strip_suffix(":2"));
        for id in settling {
            let id: PassageId = id.parse().expect("a passage id");
            // A label that better reading made stale is counted by `eval claims`.
            let Some(passage) = snapshot.passage(&id).expect("readable") else { continue };
            counts[0] += 1;
            counts[1] += usize::from(!flags(snapshot, &mut scopes, &claim, &passage).is_empty());
        }
    }
    counts
}

/// A settling passage may speak of other people than the claim, where that is what the claim gets wrong: not all of these flags
/// are false, so the bound is wider than that of the pairs.
#[expect(clippy::print_stdout, reason = "the figure is what the test is for")]
fn check_settled(snapshot: &Snapshot, file: &str, least: usize) {
    let [pairs, flagged] = settled(snapshot, file);
    println!("{file}: {flagged} of {pairs} pairs of a claim and a passage that settles it are flagged");
    assert!(pairs >= least, "{pairs} pairs");
    assert!(flagged * 100 <= pairs * 6, "{flagged} of {pairs}");
}

#[test]
fn passages_that_settle_a_claim_are_seldom_flagged() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&project().join("corpus/starter"), folder.path(), 2);
    check_settled(&snapshot, "starter-gold.tsv", 200);
}

/// Claims with one wrong detail and the first passages found for each: flags by label. Odd claims may be read when a rule is made.
#[test]
fn neighbours_are_seldom_flagged_where_they_settle_a_claim() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&project().join("corpus/starter"), folder.path(), 2);
    let mut scopes = Scopes { snapshot: &snapshot, known: BTreeMap::new() };
    let mut counts: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for row in lines(project().join("tests/claims/neighbours/labels.tsv")) {
        let [name, claim, passage, label] = [&row[0], &row[1], &row[2], &row[3]];
        let id: PassageId = passage.parse().expect("a passage id");
        let Some(passage) = snapshot.passage(&id).expect("readable") else { continue };
        let found = flags(&snapshot, &mut scopes, &Claim::new(claim).expect("a claim"), &passage);
        let [rows, flagged] = counts.entry(label.clone()).or_default();
        *rows += 1;
        *flagged += usize::from(!found.is_empty());
        let odd = name.ends_with(['1', '3', '5', '7', '9']);
        if odd && !found.is_empty() {
            let told: Vec<String> =
                found.iter().map(|one| format!("{} / {}", one.claim.text, one.evidence.text)).collect();
            println!("{name} {label} {id}: {told:?}");
        }
    }
    for (label, [rows, flagged]) in &counts {
        println!("neighbours, {label}: {flagged} of {rows} flagged");
    }
    let [rows, flagged] = counts.get("supports").copied().unwrap_or_default();
    assert!(rows >= 80 && flagged * 100 <= rows * 5, "{flagged} of {rows}");
}

#[test]
fn passages_of_real_guidelines_that_settle_a_claim_are_seldom_flagged() {
    let Some(guidelines) = shared("guidelines") else { return };
    let folder = folder();
    let (_, snapshot) = snapshot_of(&guidelines, folder.path(), 2);
    check_settled(&snapshot, "guidelines-gold.tsv", 80);
}
