//! Claims as people type them: errors, questions, capitals, paragraphs, marks that were pasted along.

use std::path::Path;

use groundline::claim::{Claim, LONGEST};
use groundline::evidence::{self, Evidence, Options};
use groundline::index::Snapshot;
use groundline::retrieve::{Origin, Reason, Search};

use crate::support::{folder, snapshot_of};

/// Words that make a document long enough to be published.
const FILL: &str = "Fever of the marsh is an invented illness, and these guidelines exist to be read by tests alone. People \
                    with marsh fever rest in a dry room, drink enough, and are seen again after a week by the same nurse.";

/// A corpus in which the words of these tests stand, and one word beside each that it must not be taken for.
fn corpus(folder: &Path) -> Snapshot {
    let pack = folder.join("corpus");
    std::fs::create_dir_all(&pack).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(pack.join(name), text).expect("written");
    let documents = [
        ("pressure", "Adults with hypertension should be treated.\n\nKeep the pressure below 130/80 mm Hg."),
        ("blockers", "A beta-blocker lowers mortality.\n\nBetablocker therapy is continued.\n\nHealthcare is free."),
        (
            "tumours",
            "Screening for tumors of the esophagus is not recommended.\n\nStatins lower cholesterol.\n\nHypertension raises mortality.",
        ),
        ("drugs", "Hydralazine is given by mouth.\n\nAspirin 75 mg is taken daily.\n\nThe patient is symptomatic."),
    ];
    for (name, text) in documents {
        write(&format!("{name}-2024.md"), &format!("# {name}\n\n{text}\n\n## About\n\n{FILL}\n"));
        let facts = format!("id = \"{name}\"\nversion = \"2024\"\ntitle = \"{name}\"\n");
        write(&format!("{name}-2024.toml"), &facts);
    }
    let snapshot = snapshot_of(&pack, &folder.join("index"), 1).1;
    assert!(
        snapshot.lists().is_some_and(|lists| lists.passages() >= 10),
        "the corpus was not read: {:?}",
        snapshot.entries().collect::<Vec<_>>()
    );
    snapshot
}

fn ask(snapshot: &Snapshot, claim: &str) -> Evidence {
    let options = Options { k: 3, ..Options::default() };
    evidence::gather(snapshot, &Claim::new(claim).expect("a claim"), &options).expect("an answer")
}

/// What the words of a claim are taken for by other means than the lexicon: `from>to origin`.
fn taken(snapshot: &Snapshot, claim: &str) -> Vec<String> {
    let search = Search::of(snapshot, &Claim::new(claim).expect("a claim")).expect("a search");
    let slips = search.alternatives().filter(|other| !matches!(other.origin, Origin::Lexicon(_)));
    slips.map(|other| format!("{}>{} {}", other.surface, other.words, other.origin.name())).collect()
}

/// Asks, and looks whether the first passage holds some words.
fn check_first(snapshot: &Snapshot, claim: &str, expected: &str) {
    let answer = ask(snapshot, claim);
    let first = answer.passages.first().map(|ranked| ranked.found.passage.text());
    assert!(first.is_some_and(|text| text.contains(expected)), "{claim:?} finds {first:?} first");
}

#[test]
fn typing_errors_are_corrected_and_named() {
    let folder = folder();
    let snapshot = corpus(folder.path());
    let check = |claim: &str, expected: &[&str]| assert_eq!(taken(&snapshot, claim), expected, "{claim:?}");
    check("hypertenion", &["hypertenion>hypertension correction"]);
    check("asprin daily", &["asprin>aspirin correction"]);
    check("Hypertesnino in ADULTS", &["Hypertesnino>hypertension correction"]);
    check("TREAT HYPERTENION IN ADULTS", &["HYPERTENION>hypertension correction"]);
    check("hypertenion-related mortality", &[]);
    check("hypertenion-treated adults", &["hypertenion-treated>hypertension treated correction"]);
    check("hypertensionmortality", &["hypertensionmortality>hypertension mortality parted"]);
    let answer = ask(&snapshot, "asprin daily");
    let why = &answer.passages.first().expect("a passage").why;
    let (from, to) = ("asprin".to_owned(), "aspirin".to_owned());
    assert!(why.contains(&Reason::Expansion { from, to, by: Origin::Correction }), "{why:?}");
}

#[test]
fn what_may_be_meant_is_not_corrected() {
    let folder = folder();
    let snapshot = corpus(folder.path());
    for claim in [
        // A drug that the corpus does not have is not taken for the one it has.
        "hydroxyzine by mouth",
        // An opposite, a denial, an acronym, a number, a short word, an English word.
        "asymptomatic patient",
        "the patient shouldn't take it",
        "patients dont take it",
        "ESPIRIN trial",
        "b12x and 75mgs",
        "astin",
        "helmets",
    ] {
        assert!(taken(&snapshot, claim).is_empty(), "{claim:?}: {:?}", taken(&snapshot, claim));
    }
}

#[test]
fn joined_and_parted_words_meet() {
    let folder = folder();
    let snapshot = corpus(folder.path());
    assert_eq!(taken(&snapshot, "beta blocker therapy"), ["beta blocker>betablocker joined"]);
    assert_eq!(taken(&snapshot, "health care"), ["health care>healthcare joined"]);
    check_first(&snapshot, "health care", "Healthcare");
    check_first(&snapshot, "betablocker mortality", "beta-blocker");
}

#[test]
fn rough_claims_find_what_tidy_ones_do() {
    let folder = folder();
    let snapshot = corpus(folder.path());
    for claim in [
        "aspirin",
        "Should I take aspirin every day?",
        "SHOULD I TAKE ASPIRIN EVERY DAY",
        "take 75mg aspirin",
        "I was told:take **aspirin**.[1]Is that so?",
        "<p>Take&nbsp;75&nbsp;mg <b>aspirin</b></p>",
    ] {
        check_first(&snapshot, claim, "Aspirin 75 mg");
    }
    check_first(&snapshot, "Screening for oesophageal tumours of the oesophagus", "esophagus");
    check_first(&snapshot, "BP &lt; 130/80 mmHg", "130/80");
}

#[test]
fn a_paragraph_is_bounded_and_its_rarest_words_count() {
    let folder = folder();
    let snapshot = corpus(folder.path());
    let filler = "Unheard gossip of neighbourz wanders quietlly around crooked chimneyz while nobody listens. ";
    let mut claim = filler.repeat(LONGEST / filler.len());
    let tail = "Statins lower cholesterol.";
    claim.truncate(LONGEST - tail.len());
    claim.push_str(tail);
    let search = Search::of(&snapshot, &Claim::new(&claim).expect("a claim")).expect("a search");
    assert!(search.asked.len() <= 64, "{} terms", search.asked.len());
    check_first(&snapshot, &claim, "Statins lower cholesterol");
    // As many unknown words as fit: few of them are looked up.
    let words = (0..500).map(|at| format!("qz{}xv", ["ab", "cd", "ef", "gh", "jk"][at % 5].repeat(at / 100 + 1)));
    let claim: String = words.collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect();
    assert!(taken(&snapshot, &claim).len() <= 16);
}
