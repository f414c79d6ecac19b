//! W3C Web Annotations (Web Annotation Data Model, 2017) as one `AnnotationPage` in JSON-LD.
//!
//! An annotation a passage: its bodies are the claim and, apart from it, what a machine and a reader should know; its target
//! is the stored text, named by a URN, with the selectors of the passage. Where the words are the publisher's own, the
//! publisher's page is a second target with the quotation alone, as positions count in the stored text only. A passage
//! with a hint is `assessing` besides `linking`. A claim without passages annotates the snapshot that was searched.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::native::{EvidenceResponse, EvidenceView, ResultView};
use super::super::passage::SelectorView;
use super::{Role, name, shown, words};
use crate::corpus::hex;

/// The page of an answer.
pub(super) fn page(answer: &EvidenceResponse) -> Value {
    let mut items = Vec::new();
    for (at, result) in answer.results.iter().enumerate() {
        let before = items.len();
        items.extend(shown(result).map(|(role, one)| of_passage(answer, at, result, role, one)));
        if items.len() == before {
            items.push(of_nothing(answer, at, result));
        }
    }
    let ids: Vec<&str> = items.iter().filter_map(|item: &Value| item.get("id")?.as_str()).collect();
    json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": urn("answer", &[&answer.snapshot.id, &ids.join(" ")]),
        "type": "AnnotationPage",
        "items": items,
    })
}

fn of_passage(answer: &EvidenceResponse, at: usize, result: &ResultView, role: Role, one: &EvidenceView) -> Value {
    let mut bodies = vec![claim(at, result), text(&words::of_result(result), "commenting")];
    bodies.push(text(&words::of_passage(role, one).join("\n"), "commenting"));
    bodies.extend(words::hint(one).map(|hint| text(&hint, "assessing")));
    let motivation = if one.hint.is_some() { json!(["linking", "assessing"]) } else { json!("linking") };
    let id = urn("annotation", &[&answer.snapshot.id, &at.to_string(), role.name(), &one.passage.id]);
    annotation(answer, &id, motivation, &bodies, targets(one))
}

fn of_nothing(answer: &EvidenceResponse, at: usize, result: &ResultView) -> Value {
    let bodies = [claim(at, result), text(&words::of_result(result), "assessing")];
    let id = urn("annotation", &[&answer.snapshot.id, &at.to_string(), result.status]);
    let target = json!(format!("urn:groundline:snapshot:{}", answer.snapshot.id));
    annotation(answer, &id, json!("assessing"), &bodies, target)
}

fn annotation(answer: &EvidenceResponse, id: &str, motivation: Value, bodies: &[Value], target: Value) -> Value {
    json!({
        "id": id,
        "type": "Annotation",
        "motivation": motivation,
        "generator": {
            "id": format!("urn:groundline:engine:{}", answer.engine.config_sha256),
            "type": "Software",
            "name": words::of_answer(answer),
        },
        "body": bodies,
        "target": target,
    })
}

/// The claim, by the caller's words or, where it could not be read, by its name.
fn claim(at: usize, result: &ResultView) -> Value {
    let name = name(at, result);
    let said = result.claim.as_ref().map_or_else(|| format!("Claim {name}"), |claim| format!("Claim {name}: {claim}"));
    text(&said, "linking")
}

fn text(text: &str, purpose: &str) -> Value {
    json!({"type": "TextualBody", "value": text, "format": "text/plain", "purpose": purpose})
}

fn targets(one: &EvidenceView) -> Value {
    let document = &one.passage.document;
    let selectors: Vec<Value> = one.passage.locator.selectors.iter().map(selector).collect();
    let quotes: Vec<&Value> = selectors.iter().filter(|one| one["type"] == "TextQuoteSelector").collect();
    let stored = json!({
        "type": "SpecificResource",
        "source": {"id": format!("urn:groundline:version:{}@{}", document.id, document.version), "type": "Text"},
        "selector": selectors,
    });
    match &document.url {
        Some(url) if document.tier == "primary" => {
            json!([stored, {"type": "SpecificResource", "source": url, "selector": quotes}])
        }
        _ => stored,
    }
}

/// A selector without what the model has no word for: its positions count code points anyway.
fn selector(one: &SelectorView) -> Value {
    match one {
        SelectorView::TextQuoteSelector { exact, prefix, suffix } => {
            json!({"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix})
        }
        SelectorView::TextPositionSelector { start, end, .. } => {
            json!({"type": "TextPositionSelector", "start": start, "end": end})
        }
    }
}

/// A name that equal parts always get.
fn urn(kind: &str, parts: &[&str]) -> String {
    let digest = hex(&Sha256::digest(parts.join("\n").as_bytes()));
    format!("urn:groundline:{kind}:{}", digest.get(..32).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn passages_are_linked_and_hints_are_not_verdicts() {
        let page = page(&sample::answer());
        let first = &page["items"][0];
        assert_eq!(first["motivation"], json!(["linking", "assessing"]));
        assert_eq!(first["target"][0]["selector"][1]["type"], "TextPositionSelector");
        assert_eq!(first["target"][0]["selector"][1].get("unit"), None);
        assert_eq!(
            first["target"][1]["selector"].as_array().map(Vec::len),
            Some(1),
            "no positions on the publisher's page"
        );
        let values: Vec<&str> =
            first["body"].as_array().expect("bodies").iter().filter_map(|body| body["value"].as_str()).collect();
        assert!(values.iter().any(|value| value.starts_with("Machine hint, not a verdict")), "{values:?}");
        let second = &page["items"][1];
        assert_eq!(second["motivation"], "linking");
        assert!(second["body"][2]["value"].as_str().expect("text").starts_with("SUPERSEDED by"));
        assert!(second["target"].is_object(), "a digest's words stand nowhere else");
    }

    #[test]
    fn a_claim_without_passages_annotates_the_snapshot() {
        let page = page(&sample::answer());
        let nothing = &page["items"][2];
        assert_eq!(nothing["target"], "urn:groundline:snapshot:5n4p");
        assert!(nothing["body"][1]["value"].as_str().expect("text").contains("No passage was found"));
        let ids: std::collections::BTreeSet<&str> =
            page["items"].as_array().expect("items").iter().filter_map(|item| item["id"].as_str()).collect();
        assert_eq!(ids.len(), 4);
    }
}
