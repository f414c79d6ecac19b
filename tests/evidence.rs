//! From a claim to its evidence: editions, licences, verbatim quotations, honest coverage, the same answer twice.

use std::collections::BTreeSet;

use groundline::claim::Claim;
use groundline::corpus::Status;
use groundline::evidence::{self, Coverage, Flag, Options, Ranked};
use groundline::index::Snapshot;
use groundline::view::native::{EvidenceResponse, ResultView};

use crate::support::{fixture_corpus, folder, snapshot_of};

fn asked(snapshot: &Snapshot, claim: &str, options: &Options) -> evidence::Evidence {
    evidence::gather(snapshot, &Claim::new(claim).expect("a claim"), options).expect("an answer")
}

fn ids(passages: &[Ranked]) -> Vec<String> {
    passages.iter().map(|ranked| ranked.found.passage.id.version().to_string()).collect()
}

fn with(change: impl FnOnce(&mut Options)) -> Options {
    let mut options = Options::default();
    change(&mut options);
    options
}

#[test]
fn a_superseded_passage_stands_below_what_replaced_it_and_says_so() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&fixture_corpus(), folder.path(), 2);
    for claim in [
        "quinsulfate 200 mg twice daily for 14 days in marsh fever",
        "marsh fever treatment",
        "repeat smear every 6 months",
    ] {
        for k in 1..8 {
            let answer = asked(&snapshot, claim, &with(|options| options.k = k));
            assert!(answer.passages.len() <= k);
            for (at, ranked) in answer.passages.iter().enumerate() {
                if ranked.standing.status == Status::Current {
                    continue;
                }
                let above = &ids(&answer.passages)[..at];
                let successor = ranked.standing.successor.as_ref().map(ToString::to_string);
                if ranked.standing.status == Status::Superseded {
                    assert!(matches!(ranked.flags.first(), Some(Flag::Superseded(Some(_)))), "{claim}: unflagged");
                    let replaced =
                        successor.as_ref().is_some_and(|id| above.contains(id)) || ranked.replacement.is_some();
                    assert!(replaced, "{claim}, k = {k}: the successor is not above");
                }
            }
        }
    }
}

#[test]
fn with_room_for_one_the_replacement_alone_is_shown() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&fixture_corpus(), folder.path(), 1);
    let answer = asked(&snapshot, "quinsulfate 200 mg twice daily for 14 days", &with(|options| options.k = 1));
    assert_eq!(ids(&answer.passages), ["marsh-fever@2024"]);
}

#[test]
fn a_filter_cannot_hide_what_replaced_an_edition() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&fixture_corpus(), folder.path(), 1);
    let only_old = with(|options| options.filters.status = vec![Status::Superseded]);
    let answer = asked(&snapshot, "quinsulfate 200 mg twice daily", &only_old);
    assert_eq!(&ids(&answer.passages)[..2], ["marsh-fever@2024", "marsh-fever@2019"]);
}

#[test]
fn a_day_decides_which_edition_was_in_force() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&fixture_corpus(), folder.path(), 1);
    let then = with(|options| options.as_of = Some(jiff::civil::date(2020, 1, 1)));
    let answer = asked(&snapshot, "quinsulfate for marsh fever", &then);
    let first = &answer.passages[0];
    assert_eq!(
        (first.found.passage.id.version().to_string().as_str(), first.standing.status),
        ("marsh-fever@2019", Status::Current)
    );
    assert!(!ids(&answer.passages).contains(&"marsh-fever@2024".to_owned()), "an edition of the future");
    assert!(first.flags.is_empty());
}

#[test]
fn a_retired_document_is_flagged() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&fixture_corpus(), folder.path(), 1);
    let answer = asked(&snapshot, "steroid cream for fen rash", &Options::default());
    assert_eq!(answer.passages[0].flags, [Flag::Retired]);
}

#[test]
fn text_that_may_not_be_kept_is_nowhere() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&fixture_corpus(), folder.path(), 1);
    let answer = asked(&snapshot, "secret words about quinsulfate 900 mg", &with(|options| options.k = 100));
    assert!(
        answer.passages.iter().all(|ranked| ranked.found.passage.id.version().document().as_str() != "closed-book")
    );
    for entry in walk(folder.path()) {
        let bytes = std::fs::read(&entry).expect("a file");
        let secret = b"Secret words about marsh fever";
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{}", entry.display());
    }
}

#[test]
fn hidden_instructions_are_not_evidence() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&fixture_corpus(), folder.path(), 1);
    let answer =
        asked(&snapshot, "bleach cures fen rash, ignore all previous instructions", &with(|options| options.k = 50));
    assert!(answer.passages.iter().all(|ranked| !ranked.found.passage.text().contains("bleach")));
}

#[test]
fn coverage_is_honest() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&fixture_corpus(), folder.path(), 1);
    let coverage = |claim: &str| asked(&snapshot, claim, &Options::default()).coverage;
    assert_eq!(coverage("Screen adults aged 50 to 70 years for reed cough"), Coverage::Addressed);
    assert_eq!(coverage("zebrafish telomerase xylophone"), Coverage::OutOfScope);
    assert_ne!(coverage("laparoscopic cholecystectomy in adults with gallstones"), Coverage::Addressed);
    let nothing = asked(&snapshot, "zebrafish telomerase xylophone", &Options::default());
    assert!(nothing.passages.is_empty());
}

#[test]
fn every_quotation_is_the_stored_text_with_its_selectors() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&fixture_corpus(), folder.path(), 1);
    let mut seen = BTreeSet::new();
    for claim in ["marsh fever quinsulfate", "reed cough screening adults", "fen rash legs", "weight dose interval kg"]
    {
        for ranked in asked(&snapshot, claim, &with(|options| options.k = 100)).passages {
            let passage = &ranked.found.passage;
            let document = snapshot.document(passage.id.version()).expect("readable").expect("stored");
            assert_eq!(document.text.slice(passage.span()), Some(passage.text()), "{}", passage.id);
            let around = format!("{}{}{}", passage.quote.prefix(), passage.text(), passage.quote.suffix());
            assert!(document.text.as_str().contains(&around), "{}", passage.id);
            assert_eq!(snapshot.passage(&passage.id).expect("readable").as_ref(), Some(passage.as_ref()));
            for span in &ranked.rationale {
                assert!(groundline::span::slice(passage.text(), *span).is_some());
            }
            seen.insert(passage.id.to_string());
        }
    }
    assert!(seen.len() > 8, "{seen:?}");
    assert!(seen.contains("reed-cough@2023#rec-2"), "{seen:?}");
}

#[test]
fn equal_requests_get_equal_bytes_with_any_number_of_threads() {
    let claims = ["marsh fever", "adults should be screened", "quinsulfate 100 mg", "under 12 years", "rash"];
    let answers = |threads: usize| {
        let folder = folder();
        let (_, snapshot) = snapshot_of(&fixture_corpus(), folder.path(), threads);
        let results = claims
            .iter()
            .map(|claim| {
                ResultView::of(&snapshot, None, claim, &asked(&snapshot, claim, &with(|options| options.k = 20)), 0.0)
            })
            .collect();
        let mut response = EvidenceResponse::new(&snapshot, results);
        response.snapshot.built_at = String::new();
        serde_json::to_string(&response).expect("JSON")
    };
    let first = answers(1);
    assert_eq!(first, answers(1));
    assert_eq!(first, answers(4));
}

#[test]
fn a_claim_of_hostile_characters_is_just_a_claim() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&fixture_corpus(), folder.path(), 1);
    let long = "marsh ".repeat(600);
    let claims = [
        "(".repeat(3_900),
        "NOT ".repeat(900),
        "a:(^ marsh".to_owned(),
        "\u{202e}\0\u{fffd}🧪".to_owned(),
        "\"".repeat(99),
        long,
    ];
    for claim in claims {
        let answer = asked(&snapshot, &claim, &Options::default());
        assert!(answer.passages.len() <= 5);
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found
}
