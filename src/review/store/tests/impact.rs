//! Verdicts to look at again.

use super::*;

/// A snapshot in which every passage is as it was pinned, but for what the name of its document says.
struct Now;

impl InUse for Now {
    fn standing(&self, version: &str) -> Standing {
        match version {
            "old@1" => Standing::Superseded(Some("old@2".to_owned())),
            "lost@1" => Standing::Superseded(None),
            "retired@1" => Standing::Retired,
            "gone@1" => Standing::Gone,
            _ => Standing::InForce,
        }
    }

    fn passage_sha256(&self, passage: &str) -> Option<String> {
        match passage {
            "body@1#gone" => None,
            "body@1#changed" => Some(sha256("other words")),
            same => Some(sha256(same)),
        }
    }

    fn replacement(&self, passage: &str, by: &str, claim: &str) -> Option<ReplacingPassage> {
        assert_eq!((passage, by), ("old@1#a", "old@2"));
        claim
            .starts_with("Screen")
            .then(|| ReplacingPassage { passage: format!("{by}#b"), reader: format!("/r/{by}#b") })
    }
}

fn resting_on(passages: &[&str]) -> NewVerdict {
    NewVerdict { evidence: passages.iter().map(|passage| pin(passage)).collect(), ..supported() }
}

fn told(desk: &Desk) -> Vec<String> {
    let rows = desk.impact(&Now).expect("rows");
    let line = |row: Impact| {
        format!("{} {} {:?} {}", row.claim, row.passage, row.reason, row.superseded_by.unwrap_or_default())
    };
    rows.into_iter().map(line).collect()
}

#[test]
fn each_way_in_which_guidance_changes_is_told() {
    let desk = desk();
    let review = desk.review().id;
    desk.give(&review, "c1", "ann", resting_on(&["body@1#a", "old@1#a", "lost@1#a"]));
    desk.give(&review, "c2", "ann", resting_on(&["retired@1#a", "gone@1#a"]));
    desk.give(&review, "c3", "ann", resting_on(&["body@1#gone", "body@1#changed"]));
    assert_eq!(
        told(&desk),
        [
            "c3 body@1#gone Gone ",
            "c3 body@1#changed Changed ",
            "c2 retired@1#a Retired ",
            "c2 gone@1#a Gone ",
            "c1 old@1#a Superseded old@2",
            "c1 lost@1#a Superseded ",
        ]
    );
    let row = desk.impact(&Now).expect("rows").remove(4);
    let json = serde_json::to_value(&row).expect("JSON");
    assert_eq!(json["replacement"], json!({"passage": "old@2#b", "reader": "/r/old@2#b"}));
    assert_eq!(
        (json["reason"].as_str(), json["reviewer"].as_str(), json["at"].as_str()),
        (Some("superseded"), Some("ann"), Some("2026-01-01T00:00:04Z"))
    );
}

#[test]
fn verdicts_that_no_longer_count_are_left_out() {
    let desk = desk();
    let review = desk.review().id;
    let first = desk.give(&review, "c1", "ann", resting_on(&["old@1#a"]));
    desk.give(&review, "c2", "ann", resting_on(&["old@1#a"]));
    let third = desk.give(&review, "c3", "ann", resting_on(&["old@1#a"]));
    assert_eq!(told(&desk).len(), 3);
    desk.give(&review, "c1", "ann", after(&first, resting_on(&["body@1#a"])));
    desk.remove_claim(&review, "c2").expect("a claim");
    desk.give(&review, "c3", "ann", NewVerdict { verdict: None, evidence: Vec::new(), ..after(&third, supported()) });
    assert_eq!(told(&desk), Vec::<String>::new());
    let other = desk.review().id;
    desk.give(&other, "c1", "ann", resting_on(&["gone@1#a"]));
    assert_eq!(told(&desk).len(), 1);
    desk.erase(&other).expect("a time");
    assert_eq!(told(&desk), Vec::<String>::new());
}

#[test]
fn what_the_reviewer_knew_is_no_news() {
    let desk = desk();
    let review = desk.review().id;
    let outdated = NewVerdict { verdict: Some(Verdict::Outdated), ..resting_on(&["old@1#a"]) };
    desk.give(&review, "c1", "ann", outdated);
    let shown = |status: &str| NewEvidence {
        snapshot: json!({"id": "snap-1"}),
        engine: json!({}),
        request: json!({}),
        result: json!({"passages": [{"id": "old@1#a", "document": {"status": status}}]}),
    };
    desk.give(&review, "c2", "ann", NewVerdict { shown: vec![shown("superseded")], ..resting_on(&["old@1#a"]) });
    desk.give(&review, "c3", "ann", NewVerdict { shown: vec![shown("current")], ..resting_on(&["old@1#a"]) });
    assert_eq!(told(&desk), ["c3 old@1#a Superseded old@2"]);
}
