//! An answer as tests of every view need it: an edition in force above the one it replaced, a claim without evidence, and
//! one that could not be checked.

use super::super::document::DocumentView;
use super::super::native::{
    EngineView, EvidenceResponse, EvidenceView, FlagView, HintView, ResultView, SCHEMA, SnapshotView,
};
use super::super::passage::{GradeView, LinksView, LocatorView, PageView, PassageView, SelectorView};

/// The old edition's words.
pub(super) const OLD_QUOTE: &str = "Screen once, ≥65 years.";

/// The answer.
pub(super) fn answer() -> EvidenceResponse {
    let nothing = ResultView {
        claim: Some("Vinyl records cure gout.".to_owned()),
        status: "no_evidence",
        coverage: Some("out_of_scope"),
        ..ResultView::failed(None, None, serde_json::Value::Null)
    };
    let nothing = ResultView { error: None, ..nothing };
    let problem = serde_json::json!({"title": "Invalid", "detail": "the claim is empty"});
    EvidenceResponse {
        schema: SCHEMA,
        snapshot: SnapshotView {
            id: "5n4p".to_owned(),
            corpus_sha256: "c0".repeat(32),
            built_at: "2026-11-01T00:00:00Z".to_owned(),
        },
        engine: EngineView { version: "0.1.0".to_owned(), ranker: "static", config_sha256: "e0".repeat(32) },
        results: vec![found(), nothing, ResultView::failed(Some("q3".to_owned()), None, problem)],
    }
}

fn found() -> ResultView {
    let mut new = evidence("2019", "Screen men of 65 to 75 once – “ever smoked”.", 1, 7.25);
    new.passage.document.published = Some("2019-12-10".to_owned());
    new.hint = Some(HintView { stance: "supports", confidence: 0.93 });
    new.flags = vec![FlagView {
        kind: "population_mismatch",
        message: "age: over 40, 65 to 75".to_owned(),
        ..FlagView::default()
    }];
    let mut old = evidence("2014", OLD_QUOTE, 2, 7.25);
    old.passage.document.status = "superseded";
    old.passage.document.superseded_by = Some("uspstf-aaa@2019".to_owned());
    old.passage.document.tier = "digest";
    old.passage.notice = Some(super::super::passage::DIGEST_NOTICE);
    old.passage.links.source = None;
    old.flags = vec![FlagView {
        kind: "superseded",
        message: "superseded by uspstf-aaa@2019".to_owned(),
        ..FlagView::default()
    }];
    ResultView {
        claim: Some("Men over 40 should be screened for aneurysm 🩺.".to_owned()),
        status: "ok",
        coverage: Some("addressed"),
        took_ms: 3.1,
        passages: vec![new, old],
        error: None,
        ..ResultView::failed(Some("q1".to_owned()), None, serde_json::Value::Null)
    }
}

fn evidence(version: &str, quote: &str, rank: usize, score: f64) -> EvidenceView {
    EvidenceView {
        passage: passage(version, quote),
        rank,
        score,
        rationale: Vec::new(),
        hint: None,
        flags: Vec::new(),
        why: Vec::new(),
        replacement: None,
        duplicates: Vec::new(),
        context: None,
    }
}

fn passage(version: &str, quote: &str) -> PassageView {
    PassageView {
        id: format!("uspstf-aaa@{version}#rec-1"),
        kind: "recommendation",
        quote: quote.to_owned(),
        quote_sha256: "ab".repeat(32),
        lead: None,
        notice: None,
        document: document(version),
        locator: LocatorView {
            section: vec!["Recommendation Summary".to_owned()],
            page: Some(PageView { index: 3, label: Some("iv".to_owned()) }),
            place: None,
            selectors: vec![
                SelectorView::TextQuoteSelector {
                    exact: quote.to_owned(),
                    prefix: "A ".to_owned(),
                    suffix: " Z".to_owned(),
                },
                SelectorView::TextPositionSelector { start: 2, end: 2 + quote.chars().count(), unit: "codepoint" },
            ],
        },
        grade: Some(GradeView {
            system: Some("USPSTF".to_owned()),
            system_version: None,
            code: "B".to_owned(),
            direction: Some("for"),
            strength: None,
            certainty: None,
            verbatim: "B recommendation".to_owned(),
        }),
        direction: Some("for"),
        modality: None,
        population: None,
        exclusions: Vec::new(),
        links: LinksView {
            reader: format!("/r/uspstf-aaa@{version}#rec-1"),
            source: Some(format!("https://example.org/aaa/{version}#:~:text=Screen")),
        },
        citation: format!("US Preventive Services Task Force. Screening, {version}."),
    }
}

fn document(version: &str) -> DocumentView {
    DocumentView {
        id: "uspstf-aaa".to_owned(),
        version: version.to_owned(),
        title: Some("Abdominal Aortic Aneurysm: Screening".to_owned()),
        publisher: Some("US Preventive Services Task Force".to_owned()),
        year: version.parse().ok(),
        published: Some(version.to_owned()),
        jurisdiction: Some("US".to_owned()),
        status: "current",
        currency: Some("confirmed"),
        caution: None,
        supersedes: Vec::new(),
        superseded_by: None,
        same_edition: Vec::new(),
        licence: None,
        tier: "primary",
        text_storage: "full",
        url: Some(format!("https://example.org/aaa/{version}")),
        pack: Some("starter".to_owned()),
        last_checked: None,
        confirmed_until: None,
        notices: Vec::new(),
        population: None,
    }
}

/// The answer of the sample in every view, as [`super::render`] gives it.
#[test]
fn every_view_renders_the_same_bytes_twice() {
    use super::{View, render};
    for view in View::ALL {
        let one = render(view, &answer()).expect("bytes");
        assert_eq!(one, render(view, &answer()).expect("bytes"), "{}", view.name());
        assert_eq!(View::named(view.name()), Some(view));
        let text = String::from_utf8(one.bytes).expect("UTF-8");
        assert!(text.to_lowercase().contains("superseded"), "{}: {text}", view.name());
        assert!(text.contains("out_of_scope") || text.contains(r"out\_of\_scope"), "{}: {text}", view.name());
        assert!(!text.replace("not a verdict", "").contains("verdict"), "{}", view.name());
    }
    assert_eq!(View::named("OpenAI"), None);
}
