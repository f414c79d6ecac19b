//! Real guidelines, read from beside the project where they are; their absence is said.
//!
//! Quality is measured by `groundline eval`; the bounds here are far enough below the measured figures to catch a fault
//! and not a fluctuation.

use std::collections::BTreeSet;
use std::fs;

use groundline::corpus::{Corpus, Format, VersionFacts};
use groundline::document::{ChildReader, Limits, read};
use groundline::eval::reading::gold::{self, Split};
use groundline::eval::reading::{Figure, measure, summary};
use groundline::eval::{claims, retrieval};
use groundline::index::{Reading, Store};
use groundline::ingest;
use groundline::passage::{Passage, passages};
use groundline::revision;
use regex::{Captures, Regex};

use crate::claim_sets::guidelines_labels_exist;
use crate::support::{PROGRAM, fixture_corpus, folder, shared, store};

#[test]
fn every_real_guideline_is_read_and_most_claims_find_their_passage() {
    let (Some(guidelines), Some(gold)) = (shared("guidelines"), shared("guidelines/claims.tsv")) else { return };
    let folder = folder();
    let corpus = Corpus::open(&[guidelines]).expect("a corpus");
    assert!(corpus.faults.is_empty(), "{:?}", corpus.faults);
    assert_eq!(corpus.versions.len(), 60);
    let store = Store::new(folder.path());
    let child = ChildReader::new(PROGRAM);
    let outcome = ingest::build(&corpus, &store, 2, &|format, content| child.read(format, content), &mut |_, _, _| {});
    let snapshot = store.open(&outcome.expect("a snapshot").manifest.id).expect("intact");
    for entry in snapshot.entries() {
        match &entry.reading {
            Some(Reading::Read { pages, .. }) => {
                assert_eq!(Some(*pages).filter(|pages| *pages > 0), entry.facts.pages, "{}", entry.facts.id);
            }
            other => panic!("{}: {other:?}", entry.facts.id),
        }
        let document = snapshot.document(&entry.facts.id).expect("readable").expect("stored");
        assert!(document.text.len() > 1_000, "{}", entry.facts.id);
    }
    guidelines_labels_exist(&snapshot);
    let report = claims::measure(&snapshot, &claims::read(&gold).expect("claims")).expect("a report");
    assert!(report.missing.is_empty(), "{:?}", report.missing);
    assert!(report.recall(5) >= 0.78, "recall@5 is {:.3}", report.recall(5));
    assert!(report.recall(1) >= 0.45, "hit@1 is {:.3}", report.recall(1));
}

#[test]
fn ranking_on_scifact_is_not_below_plain_bm25() {
    let Some(dataset) = shared("data/scifact") else { return };
    let folder = folder();
    let report = retrieval::measure(&dataset, "test", &store(folder.path())).expect("a report");
    assert_eq!(report.queries, 300);
    assert!(report.ndcg_at_10() >= 0.68, "nDCG@10 is {:.4}", report.ndcg_at_10());
}

#[test]
fn pages_are_read_much_as_a_careful_reader_reads_them() {
    let gold = gold::read(&fixture_corpus().with_file_name("reading")).expect("gold of the right form");
    assert!(gold.len() >= 12, "{} documents", gold.len());
    let Some(guidelines) = shared("guidelines") else { return };
    let corpus = Corpus::open(&[guidelines]).expect("a corpus");
    let child = ChildReader::new(PROGRAM);
    let report = measure(&gold, &corpus, None, &|format, bytes| child.read(format, &mut &bytes[..]));
    assert!(report.skipped.is_empty(), "{:?}", report.skipped);
    for split in [Split::Dev, Split::Held] {
        let pages = report.pages(Some(split));
        for (figure, least) in [
            (Figure::Headings, 0.88),
            (Figure::Recall, 0.84),
            (Figure::Precision, 0.90),
            (Figure::Grade, 0.95),
            (Figure::Rows, 0.88),
            (Figure::Order, 0.96),
        ] {
            let share = summary(&pages, figure).tally.share().expect("something to measure");
            assert!(share >= least, "{figure:?} of {split:?}: {share:.3}");
        }
    }
}

/// Every number of an amount, each raised by three where `raised` says so of its place; how many were.
fn with_other_numbers(source: &str, raised: impl Fn(usize) -> bool) -> (String, usize) {
    let amount = Regex::new(r"\b([0-9]{1,3})( (?:mg|mL|kg|days|hours|months|years))\b").expect("a pattern");
    let (mut at, mut count) = (0, 0);
    let changed = amount.replace_all(source, |found: &Captures<'_>| {
        at += 1;
        if !raised(at) {
            return found[0].to_owned();
        }
        count += 1;
        format!("{}{}", found[1].parse::<u32>().expect("digits") + 3, &found[2])
    });
    (changed.into_owned(), count)
}

#[test]
fn every_changed_number_of_a_real_document_is_told() {
    let Some(guidelines) = shared("guidelines") else { return };
    for name in ["who-phc-children-ch9-emergencies", "who-phc-children-ch11-drug-dosages"] {
        let source = fs::read_to_string(guidelines.join(format!("{name}.html"))).expect("a document");
        let cut = |version: &str, source: &str| {
            let facts = VersionFacts::bare(format!("{name}@{version}").parse().expect("an id"));
            passages(&read(Format::Html, source.as_bytes(), &Limits::default()).expect("readable"), &facts)
        };
        let (changed, count) = with_other_numbers(&source, |at| at % 7 == 0);
        assert!(count >= 20, "{name}: {count}");
        let (old, new) = (cut("old", &source), cut("new", &changed));
        let known: BTreeSet<&str> = old.iter().map(Passage::text).collect();
        let revision = revision::compare(&old, &new);
        let told: BTreeSet<&str> = revision
            .changes
            .iter()
            .filter(|change| change.of_note)
            .filter_map(|change| change.new.map(Passage::text))
            .collect();
        let other: Vec<&str> = new.iter().map(Passage::text).filter(|text| !known.contains(text)).collect();
        assert!(other.len() >= 20, "{name}: {}", other.len());
        let missed: Vec<&&str> = other.iter().filter(|text| !told.contains(**text)).collect();
        assert!(missed.is_empty(), "{name}: {missed:#?}");
        let again = cut("again", &source);
        let alike = revision::compare(&old, &again);
        assert!(alike.changes.iter().all(|change| !change.of_note), "{name} differs from itself");
    }
}
