//! Reviews as tasks of Label Studio, with the labelling interface that shows them.
//!
//! One task a review. What people decided are its `annotations`, one a reviewer; the spans that `split` suggested are a
//! `prediction` with the label `claim`, which is no verdict. Label Studio counts offsets as JavaScript does, in UTF-16
//! code units; ours are code points, so that they differ after the first letter beyond the basic plane (an emoji).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Bundle, Judged, Words, severity};
use crate::review::record::{ClaimOrigin, Review, ReviewClaim, Verdict, VerdictRecord};

/// Label of a span that is suggested and not judged.
const SUGGESTED: &str = "claim";

/// The tasks, as the JSON that Label Studio imports. Erased reviews are left out.
pub fn tasks(bundle: &Bundle) -> Value {
    bundle.reviews.iter().filter(|review| review.erased_at.is_none()).map(|review| task(bundle, review)).collect()
}

fn task(bundle: &Bundle, review: &Review) -> Value {
    let offsets = Offsets::of(review.response.text.as_str());
    let judged = Judged::of(review);
    let mut by_person: BTreeMap<&str, Vec<(&ReviewClaim, &VerdictRecord)>> = BTreeMap::new();
    for one in judged.iter().filter(|one| !one.claim.removed) {
        for verdict in &one.verdicts {
            by_person.entry(&verdict.reviewer.id).or_default().push((one.claim, verdict));
        }
    }
    let annotations: Vec<Value> =
        by_person.into_iter().map(|(person, verdicts)| annotation(&offsets, person, &verdicts)).collect();
    let suggested = review.claims.iter().filter(|claim| claim.origin == ClaimOrigin::Suggested && !claim.removed);
    let spans: Vec<Value> =
        suggested.map(|claim| region(&offsets, claim, "verdict", "labels", json!([SUGGESTED]))).collect();
    let prompt = review.response.prompt.as_ref().map(|prompt| prompt.as_str()).unwrap_or_default();
    json!({
        "data": {
            "text": review.response.text.as_str(), "prompt": prompt, "model": review.response.model,
            "review": review.id, "sha256": review.response.sha256,
        },
        "meta": { "program": format!("groundline/{}", bundle.program.version), "intended_use": super::INTENDED_USE },
        "annotations": annotations,
        "predictions": if spans.is_empty() { json!([]) } else {
            json!([{ "model_version": format!("groundline-split/{}", bundle.program.version), "result": spans }])
        },
    })
}

fn annotation(offsets: &Offsets, person: &str, verdicts: &[(&ReviewClaim, &VerdictRecord)]) -> Value {
    let result: Vec<Value> = verdicts.iter().flat_map(|(claim, verdict)| regions(offsets, claim, verdict)).collect();
    let seconds: f64 = verdicts.iter().map(|(_, verdict)| f64::from(verdict.seconds)).sum();
    let last = verdicts.iter().map(|(_, verdict)| verdict.at).max().map(|at| at.to_string());
    json!({ "result": result, "lead_time": seconds, "created_at": last, "ground_truth": false, "reviewer": person })
}

/// A verdict as regions of one id: the span with its label, and what belongs to it.
fn regions(offsets: &Offsets, claim: &ReviewClaim, verdict: &VerdictRecord) -> Vec<Value> {
    let name = verdict.verdict.map_or(SUGGESTED, |one| one.name());
    let mut regions = vec![region(offsets, claim, "verdict", "labels", json!([name]))];
    if !verdict.errors.is_empty() {
        let paths: Value = verdict.errors.iter().map(|one| json!([one.code, severity(one.severity)])).collect();
        regions.push(region(offsets, claim, "errors", "taxonomy", paths));
    }
    if let Some(harm) = &verdict.harm {
        regions.push(region(offsets, claim, "harm_extent", "choices", json!([harm.extent])));
        regions.push(region(offsets, claim, "harm_likelihood", "choices", json!([harm.likelihood])));
    }
    let feedback = verdict.feedback.iter().flat_map(|one| [("what", &one.what), ("why", &one.why), ("fix", &one.fix)]);
    for (name, text) in feedback.filter(|(_, text)| !text.is_blank()) {
        regions.push(region(offsets, claim, name, "textarea", json!([text.as_str()])));
    }
    if !verdict.evidence.is_empty() {
        let pins: Vec<&str> = verdict.evidence.iter().map(|pin| pin.passage.as_str()).collect();
        regions.push(region(offsets, claim, "passages", "textarea", json!(pins)));
    }
    regions
}

fn region(offsets: &Offsets, claim: &ReviewClaim, from: &str, kind: &str, value: Value) -> Value {
    let mut region = json!({
        "id": claim.id, "from_name": from, "to_name": "text", "type": kind,
        "value": { "start": offsets.utf16(claim.start), "end": offsets.utf16(claim.end) },
    });
    if let Some(map) = region.get_mut("value").and_then(Value::as_object_mut) {
        // Of the text of a region, `textarea` would take the place; the others repeat it for people who read the JSON.
        if kind != "textarea" {
            map.insert("text".to_owned(), claim.text.as_str().into());
        }
        map.insert(if kind == "textarea" { "text" } else { kind }.to_owned(), value);
    }
    region
}

/// From code points to UTF-16 code units.
struct Offsets(Vec<usize>);

impl Offsets {
    fn of(text: &str) -> Offsets {
        let mut at = 0;
        let mut offsets: Vec<usize> = text
            .chars()
            .map(|letter| {
                let start = at;
                at += letter.len_utf16();
                start
            })
            .collect();
        offsets.push(at);
        Offsets(offsets)
    }

    fn utf16(&self, code_point: usize) -> usize {
        self.0.get(code_point).or(self.0.last()).copied().unwrap_or_default()
    }
}

/// The labelling interface for the tasks, with the error codes of the bundle's taxonomy.
pub fn interface(bundle: &Bundle) -> String {
    let words = Words(&bundle.taxonomy);
    let mut out = String::from("<View>\n  <Header value=\"Prompt\"/>\n  <Text name=\"prompt\" value=\"$prompt\"/>\n");
    out.push_str("  <Header value=\"Response\"/>\n  <Labels name=\"verdict\" toName=\"text\">\n");
    // Hues that colour-blind readers tell apart (Okabe and Ito 2008).
    let colours = ["#0072b2", "#d55e00", "#e69f00", "#7a7a7a", "#cc79a7"];
    for (verdict, colour) in Verdict::ALL.into_iter().zip(colours) {
        push(&mut out, &format!("    <Label value=\"{}\" background=\"{colour}\"/>\n", verdict.name()));
    }
    push(&mut out, &format!("    <Label value=\"{SUGGESTED}\" background=\"#bbbbbb\"/>\n  </Labels>\n"));
    out.push_str("  <Text name=\"text\" value=\"$text\" granularity=\"symbol\"/>\n");
    out.push_str("  <Taxonomy name=\"errors\" toName=\"text\" perRegion=\"true\">\n");
    for code in words.error_codes() {
        push(&mut out, &format!("    <Choice value=\"{}\">", attribute(code)));
        for severity in ["minor", "major", "critical"] {
            push(&mut out, &format!("<Choice value=\"{severity}\"/>"));
        }
        out.push_str("</Choice>\n");
    }
    out.push_str("  </Taxonomy>\n");
    for (name, choices) in [
        ("harm_extent", &["none", "mild", "moderate", "severe", "death"][..]),
        ("harm_likelihood", &["low", "medium", "high"][..]),
    ] {
        push(&mut out, &format!("  <Choices name=\"{name}\" toName=\"text\" perRegion=\"true\" choice=\"single\">"));
        choices.iter().for_each(|choice| push(&mut out, &format!("<Choice value=\"{choice}\"/>")));
        out.push_str("</Choices>\n");
    }
    for name in ["what", "why", "fix", "passages"] {
        push(
            &mut out,
            &format!("  <TextArea name=\"{name}\" toName=\"text\" perRegion=\"true\" editable=\"true\"/>\n"),
        );
    }
    out.push_str("</View>\n");
    out
}

fn push(out: &mut String, text: &str) {
    out.push_str(text);
}

fn attribute(text: &str) -> String {
    super::report::escape(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::bundle;

    #[test]
    fn offsets_are_counted_in_utf16() {
        let offsets = Offsets::of("a😀é𝒜b");
        assert_eq!((0..7).map(|at| offsets.utf16(at)).collect::<Vec<_>>(), [0, 1, 3, 4, 6, 7, 7]);
    }

    #[test]
    fn regions_cut_their_text_from_the_response() {
        let bundle = bundle();
        let units: Vec<u16> = bundle.reviews[0].response.text.as_str().encode_utf16().collect();
        let tasks = tasks(&bundle);
        assert_eq!(tasks.as_array().unwrap().len(), 1, "the erased review is left out");
        let mut seen = 0;
        for list in ["annotations", "predictions"] {
            for region in tasks[0][list].as_array().unwrap().iter().flat_map(|one| one["result"].as_array().unwrap()) {
                let value = &region["value"];
                let at = |name: &str| value[name].as_u64().unwrap() as usize;
                if region["type"] != "textarea" {
                    assert_eq!(value["text"], String::from_utf16(&units[at("start")..at("end")]).unwrap());
                    seen += 1;
                }
            }
        }
        assert!(seen > 12, "{seen}");
    }

    #[test]
    fn no_hint_is_among_the_predictions() {
        let tasks = tasks(&bundle());
        let regions = tasks[0]["predictions"][0]["result"].as_array().unwrap();
        assert!(regions.iter().all(|region| region["value"]["labels"] == json!([SUGGESTED])));
    }
}
