//! The citations that responses give: how many are found, and whether they lead to the right edition of the starter corpus.
//! The responses of `tests/claims/citations.jsonl` are written for this; rules were made with those of `development`, and
//! those of `report` are for the figures alone (docs/measurements.md).

use std::collections::BTreeMap;
use std::path::Path;

use groundline::evidence::citations::{self, Checked, Known, Remark, Says};
use groundline::index::Snapshot;
use groundline::view::citations::CitationsResponse;
use serde::Deserialize;

use crate::support::{folder, snapshot_of};

#[derive(Deserialize)]
struct Response {
    id: String,
    split: String,
    text: String,
    citations: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    text: String,
    known: String,
    /// The versions that it must lead to.
    documents: Vec<String>,
    status: Option<String>,
}

/// What was counted for one split.
#[derive(Debug, Default)]
struct Counts {
    expected: usize,
    found: usize,
    right: usize,
    known: usize,
    documents: usize,
    status: usize,
    /// Citations said to be one document that they are not.
    wrong: usize,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn responses() -> Vec<Response> {
    let text = std::fs::read_to_string(root().join("tests/claims/citations.jsonl")).expect("the responses");
    text.lines().map(|line| serde_json::from_str(line).expect("a response")).collect()
}

fn check(snapshot: &Snapshot, text: &str) -> Vec<Checked> {
    citations::citations(snapshot, text, None).expect("an answer").checked
}

/// Whether two pieces of a text are the same but for their edges.
fn overlap(text: &str, expected: &str, found: &Checked) -> bool {
    let from = text.split(expected).next().map_or(0, |before| before.chars().count());
    let to = from + expected.chars().count();
    let (start, end) = (found.cited.span.start(), found.cited.span.end());
    let both = end.min(to).saturating_sub(start.max(from));
    both * 2 > (end - start).max(to - from)
}

#[test]
fn citations_lead_to_their_edition() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&root().join("corpus/starter"), folder.path(), 2);
    let mut splits: BTreeMap<String, Counts> = BTreeMap::new();
    for response in responses() {
        let counts = splits.entry(response.split.clone()).or_default();
        let found = check(&snapshot, &response.text);
        counts.expected += response.citations.len();
        counts.found += found.len();
        let mut extra: Vec<&Checked> = found.iter().collect();
        for expected in &response.citations {
            let Some(at) = extra.iter().position(|one| overlap(&response.text, &expected.text, one)) else {
                println!("{}: not found: {}", response.id, expected.text);
                continue;
            };
            compare(&response.id, expected, extra.remove(at), counts);
        }
        for one in extra {
            println!("{}: none: {:?}", response.id, one.cited.text);
        }
    }
    for (split, counts) in &splits {
        println!("{split}: {counts:?}");
        assert!(counts.right * 100 >= counts.expected * 90, "{split}: recall");
        assert!(counts.right * 100 >= counts.found * 90, "{split}: precision");
        assert!(counts.documents * 100 >= counts.expected * 80, "{split}: linking");
        assert!(counts.wrong * 100 <= counts.expected * 5, "{split}: led to the wrong document");
    }
}

#[expect(clippy::print_stdout, reason = "what was missed is for the reader of the test's output")]
fn compare(id: &str, expected: &Expected, one: &Checked, counts: &mut Counts) {
    counts.right += 1;
    counts.known += usize::from(one.known.name() == expected.known);
    let documents: Vec<String> = one.documents.iter().map(|linked| linked.id.to_string()).collect();
    let status = one.status.map(groundline::view::status);
    counts.documents += usize::from(documents == expected.documents && one.known.name() == expected.known);
    counts.status += usize::from(status == expected.status.as_deref());
    counts.wrong += usize::from(one.known == Known::Known && documents != expected.documents);
    if documents != expected.documents || status != expected.status.as_deref() || one.known.name() != expected.known {
        println!(
            "{id}: {:?}: {} by {:?} {documents:?} {status:?}, not {} {:?}",
            one.cited.text,
            one.known.name(),
            one.by,
            expected.known,
            expected.documents
        );
    }
}

#[test]
fn what_a_cited_document_says_is_read_in_that_document() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&root().join("corpus/starter"), folder.path(), 2);
    let text = "Men aged 55 to 69 should make an individual decision about PSA screening (USPSTF, 2018). Adults should eat \
         fish twice on Sundays (USPSTF, 2018 prostate cancer screening recommendation).";
    let found = check(&snapshot, text);
    let says: Vec<Says> = found.iter().map(|one| one.says).collect();
    assert_eq!(says.first(), Some(&Says::Addressed));
    assert!(
        found[0]
            .passage
            .as_ref()
            .is_some_and(|ranked| { ranked.found.passage.id.version().to_string() == "uspstf-prostate@2018" })
    );
    assert_ne!(says.get(1), Some(&Says::Addressed), "nothing of that is said there");
    let old = check(&snapshot, "Adults should aim below 130/80 mm Hg (2017 ACC/AHA hypertension guideline).");
    assert_eq!(old[0].superseded_by.as_ref().map(ToString::to_string).as_deref(), Some("aha-acc-hypertension@2025"));
    let other = check(&snapshot, "The 2024 ADA Standards of Care say so.");
    assert_eq!((other[0].known, other[0].remarks.as_slice()), (Known::Unknown, &[Remark::OtherEdition][..]));
    assert_eq!(other[0].says, Says::NotChecked, "another edition is not read in its place");
}

#[test]
fn the_same_text_gets_the_same_answer_and_nobody_is_called_a_liar() {
    let folder = folder();
    let (_, snapshot) = snapshot_of(&root().join("corpus/starter"), folder.path(), 2);
    for response in responses() {
        let answer = || {
            let all = citations::citations(&snapshot, &response.text, None).expect("an answer");
            serde_json::to_string(&CitationsResponse::of(&snapshot, &all, None)).expect("JSON")
        };
        let one = answer();
        assert_eq!(one, answer(), "{}", response.id);
        assert!(!one.contains("fabricat") && !one.contains("verdict"), "{one}");
        let whole: serde_json::Value = serde_json::from_str(&one).expect("JSON");
        for citation in whole["citations"].as_array().expect("citations") {
            let at = |key: &str| usize::try_from(citation[key].as_u64().expect("a place")).expect("a place");
            let cut: String = response.text.chars().skip(at("start")).take(at("end") - at("start")).collect();
            assert_eq!(citation["text"], cut);
            assert_eq!(
                citation["passage"].is_null(),
                citation["says"] == "not_checked" || citation["coverage"] == "not_addressed"
            );
        }
    }
}
