//! Guidelines that disagree about a claim, and guidelines that only seem to: pairs that a person wrote, planted ones among them.
//!
//! A planted passage is a document of its own here, by an invented body, beside the starter corpus.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use groundline::claim::Claim;
use groundline::evidence::{self, Evidence, Include, Options};
use groundline::index::Snapshot;
use groundline::passage::PassageId;

use crate::support::{copy, folder, snapshot_of};

/// One side: a passage's id, or the text of a planted one.
struct Side {
    document: String,
    passage: Option<String>,
}

struct Row {
    split: String,
    cause: String,
    claim: String,
    sides: [Side; 2],
    planted: bool,
    conflict: bool,
}

fn starter() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/starter")
}

/// The rows, and the planted documents written into a folder.
fn rows(corpus: &Path) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/claims/pairs/conflicts.tsv");
    let text = std::fs::read_to_string(path).expect("the pairs");
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let sides =
            [(cells[4], cells[5]), (cells[5], cells[4])].map(|(side, beside)| match side.strip_prefix("text:") {
                None => {
                    Side { document: side.split('@').next().unwrap_or(side).to_owned(), passage: Some(side.to_owned()) }
                }
                Some(rest) => {
                    let parts: Vec<&str> = rest.split('|').collect();
                    let document = format!("planted-{}", cells[0]);
                    plant(corpus, &document, parts[0], &title(beside), parts[1], parts[2]);
                    Side { document, passage: None }
                }
            });
        Row {
            split: cells[1].to_owned(),
            cause: cells[2].to_owned(),
            claim: cells[3].to_owned(),
            planted: sides.iter().any(|side| side.passage.is_none()),
            sides,
            conflict: cells[6] == "conflict",
        }
    };
    text.lines().skip(1).map(row).collect()
}

/// Title of the document of a passage of the starter: what is said again is said on the same topic.
fn title(passage: &str) -> String {
    let file = passage.split('#').next().unwrap_or(passage).replace('@', "-");
    let text = std::fs::read_to_string(starter().join(format!("{file}.md"))).expect("a digest");
    text.lines().next().unwrap_or_default().trim_start_matches("# ").to_owned()
}

fn plant(corpus: &Path, name: &str, text: &str, title: &str, by: &str, place: &str) {
    let (by, place) = (by.trim_start_matches("by:"), place.trim_start_matches("in:"));
    let page = format!(
        "# {title}\n\n## Recommendations\n\n{text}\n\n## About\n\nThis summary was written for a test. It is the advice of an \
         invented body of experts, which says with or without a change what another body says, and nobody should follow it. \
         Its name among its kind is {name}.\n"
    );
    let facts = format!(
        "id = \"{name}\"\nversion = \"2025\"\ntitle = \"{}\"\npublisher = \"{by}\"\njurisdiction = \"{place}\"\n\
         published = \"2025-01-01\"\n",
        title.replace('"', "'")
    );
    std::fs::write(corpus.join(format!("{name}.md")), page).expect("written");
    std::fs::write(corpus.join(format!("{name}.toml")), facts).expect("written");
}

/// The passage of a side; of a planted document its first, which is what was planted.
fn passage(snapshot: &Snapshot, side: &Side) -> PassageId {
    if let Some(id) = &side.passage {
        return id.parse().expect("a passage's id");
    }
    let version = format!("{}@2025", side.document).parse().expect("a version's id");
    let first = snapshot
        .passages(&version)
        .expect("passages")
        .into_iter()
        .find(|one| one.path.last().is_some_and(|heading| heading == "Recommendations"));
    first.expect("the planted passage").id
}

/// For each class: pairs, and how many a disagreement is told of.
type Table = BTreeMap<(bool, bool, String, String), [usize; 2]>;

fn sum(table: &Table, conflict: bool) -> [usize; 2] {
    let rows = table.iter().filter(|(class, _)| class.0 == conflict);
    rows.fold([0, 0], |[pairs, told], (_, row)| [pairs + row[0], told + row[1]])
}

#[test]
fn pairs_that_disagree_are_told_apart() {
    let folder = folder();
    let corpus = folder.path().join("corpus");
    copy(&starter(), &corpus);
    let rows = rows(&corpus);
    let (_, snapshot) = snapshot_of(&corpus, &folder.path().join("index"), 2);
    let mut table = Table::new();
    for row in &rows {
        let ids = row.sides.each_ref().map(|side| passage(&snapshot, side));
        let claim = Claim::new(&row.claim).expect("a claim");
        let found = evidence::disagreement(&snapshot, &claim, [&ids[0], &ids[1]]).expect("an answer");
        let counts = table.entry((row.conflict, row.planted, row.split.clone(), row.cause.clone())).or_default();
        counts[0] += 1;
        counts[1] += usize::from(found.is_some_and(|found| found.is_told()));
    }
    let mut page = String::new();
    for ((conflict, planted, split, cause), [pairs, told]) in &table {
        let kind = if *conflict { "conflict" } else { "none" };
        let made = if *planted { "planted" } else { "of the corpus" };
        let _ = writeln!(page, "{kind:8} {made:13} {split:6} {cause:12} {told:3} of {pairs:3} told");
    }
    println!("{page}");
    let conflicts = sum(&table, true);
    let others = sum(&table, false);
    println!("conflicts told {conflicts:?}, others told {others:?}");
    assert!(conflicts[0] >= 150 && others[0] >= 150);
    assert!(others[1] * 100 <= 3 * others[0], "{others:?} pairs that do not disagree are told");
    assert!(conflicts[1] >= TOLD, "{conflicts:?} pairs that disagree are told");
}

/// Pairs that disagree of which at least so many are told.
const TOLD: usize = 12;

fn gathered(snapshot: &Snapshot, row: &Row, wider: bool) -> Evidence {
    let include = Include { counter: wider, others: wider, ..Include::default() };
    let options = Options { include, ..Options::default() };
    evidence::gather(snapshot, &Claim::new(&row.claim).expect("a claim"), &options).expect("an answer")
}

/// Whether both documents of a row are given.
fn both(answer: &Evidence, row: &Row) -> bool {
    let given = answer.passages.iter().chain(&answer.counter).chain(&answer.others);
    let given: Vec<String> = given.map(|one| one.found.passage.id.version().document().to_string()).collect();
    row.sides.iter().all(|side| given.contains(&side.document))
}

#[test]
fn what_is_told_of_a_claim_is_given_with_both_sides() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&starter(), folder.path(), 2);
    let scratch = folder.path().join("planted");
    std::fs::create_dir_all(&scratch).expect("a folder");
    // By whether the two disagree: rows, disagreements told of these documents, of any; both given, and with `counter` and `others`.
    let mut table: BTreeMap<(bool, String), [usize; 5]> = BTreeMap::new();
    for row in rows(&scratch).iter().filter(|row| !row.planted) {
        let answer = gathered(&snapshot, row, false);
        let wider = gathered(&snapshot, row, true);
        let documents = |id: &PassageId| id.version().document().to_string();
        let these = wider.conflicts.iter().any(|conflict| {
            let told = conflict.passages.each_ref().map(documents);
            row.sides.iter().all(|side| told.contains(&side.document))
        });
        let counts = table.entry((row.conflict, row.split.clone())).or_default();
        let seen = [true, these, !wider.conflicts.is_empty(), both(&answer, row), both(&wider, row)];
        for (count, seen) in counts.iter_mut().zip(seen) {
            *count += usize::from(seen);
        }
        let given: Vec<&PassageId> =
            wider.passages.iter().chain(&wider.counter).chain(&wider.others).map(|one| &one.found.passage.id).collect();
        assert!(wider.conflicts.iter().flat_map(|one| &one.passages).all(|id| given.contains(&id)), "{}", row.claim);
    }
    for ((conflict, split), counts) in &table {
        println!(
            "{conflict} {split}: [rows, told of these, told of any, both given, with counter and others] {counts:?}"
        );
    }
    let given: usize = table.iter().filter(|(class, _)| class.0).map(|(_, counts)| counts[4]).sum();
    assert!(given >= 55, "both sides of {given} disagreements are given");
}
