//! Verdicts as rubric items in the shape of HealthBench (Arora and others 2025, arXiv 2505.08775): JSON lines with `prompt_id`,
//! `prompt`, `rubrics[{criterion, points, tags}]`, `ideal_completions_data` and `example_tags`.
//!
//! An item asks one thing, can be read without the answer that it came from, and names the passage that it rests on. What
//! a guideline in force says is worth points, what it contradicts costs them. A claim that nothing addresses
//! gives no item, because no passage could settle it; neither does one that reviewers differ about. Erased reviews are left
//! out. Points stay between -10 and 10, as HealthBench has them; how many is drawn from harm and severity (`cost`).

use serde_json::{Value, json};

use super::{Bundle, Judged, Lookup, Shown, severity};
use crate::review::record::{PinRole, Review, Severity, Verdict, VerdictRecord};

/// Points of a statement that a guideline supports.
const WORTH: i64 = 5;

/// The reviews that give an item, one a line.
pub fn lines(bundle: &Bundle) -> String {
    let lookup = Lookup::new(bundle);
    let mut out = String::new();
    for review in bundle.reviews.iter().filter(|review| review.erased_at.is_none()) {
        let judged = Judged::of(review);
        let rubrics: Vec<Value> =
            judged.iter().filter(|one| !one.claim.removed).flat_map(|one| items(one, &lookup)).collect();
        if rubrics.is_empty() {
            continue;
        }
        let line = json!({
            "prompt_id": review.id, "prompt": prompt(review), "rubrics": rubrics, "ideal_completions_data": null,
            "example_tags": [format!("taxonomy:{}", super::Words(&bundle.taxonomy).id().unwrap_or("unknown")), "source:groundline"],
        });
        out.push_str(&line.to_string());
        out.push('\n');
    }
    out
}

/// The messages that led to the response: as they were imported, else the prompt as one message of the user.
fn prompt(review: &Review) -> Vec<Value> {
    let kept = ["prompt", "messages"].iter().find_map(|name| messages(review.response.metadata.get(*name)?));
    kept.unwrap_or_else(|| {
        let text = review.response.prompt.iter().filter(|text| !text.is_blank());
        text.map(|text| json!({ "role": "user", "content": text.as_str() })).collect()
    })
}

/// The value, where it is a list of messages that each have a role and a text.
fn messages(value: &Value) -> Option<Vec<Value>> {
    let list = value.as_array().filter(|list| !list.is_empty())?;
    list.iter()
        .map(|message| {
            let (role, content) = (message.get("role")?.as_str()?, message.get("content")?.as_str()?);
            Some(json!({ "role": role, "content": content }))
        })
        .collect()
}

/// What a pinned passage makes of a claim.
fn items(judged: &Judged, lookup: &Lookup) -> Vec<Value> {
    let Some((verdict, record)) = judged.decided() else { return Vec::new() };
    let claim = sentence(judged.claim.claim.as_str());
    let mut items = Vec::new();
    for pin in record.evidence.iter().filter(|pin| pin.role != PinRole::Context) {
        let Some(shown) = lookup.pinned(record, pin) else { continue };
        let tags = tags(verdict, record, &pin.passage);
        let source = source(&shown);
        let mut item = |criterion: String, points: i64| {
            items.push(json!({ "criterion": criterion, "points": points, "tags": tags }));
        };
        match (verdict, pin.role) {
            (Verdict::Supported, PinRole::Supports) => item(format!("States that {claim} ({source})"), WORTH),
            (Verdict::Contradicted, PinRole::Contradicts) => {
                item(
                    format!("States that {claim} The guideline says otherwise: {} ({source})", quoted(&shown)),
                    -cost(record),
                );
            }
            (Verdict::Outdated, _) if shown.not_in_force().is_some() => {
                let by = shown.superseded_by().map(|by| format!(" It was replaced by {by}.")).unwrap_or_default();
                item(
                    format!(
                        "Presents as current that {claim} This was guidance of an edition no longer in force.{by} ({source})"
                    ),
                    -cost(record),
                );
            }
            // In a claim that is partly so, and in what replaced old guidance, the passage itself is what can be asked for.
            (Verdict::Partly | Verdict::Outdated, _) if shown.not_in_force().is_none() => {
                item(format!("Agrees with the guideline, which says: {} ({source})", quoted(&shown)), WORTH);
            }
            _ => {}
        }
    }
    items
}

/// How many points an error costs, 1 to 10: the worst of what the reviewer said of severity and extent of harm.
fn cost(record: &VerdictRecord) -> i64 {
    let severity = record.errors.iter().map(|error| error.severity).max().map_or(5, |severity| match severity {
        Severity::Minor => 3,
        Severity::Major => 6,
        Severity::Critical => 10,
    });
    let harm = record.harm.as_ref().map_or(0, |harm| match harm.extent.as_str() {
        "death" | "severe" => 10,
        "moderate" => 7,
        "mild" => 4,
        _ => 0,
    });
    severity.max(harm)
}

fn tags(verdict: Verdict, record: &VerdictRecord, passage: &str) -> Vec<String> {
    let mut tags = vec!["level:example".to_owned(), "axis:accuracy".to_owned(), format!("verdict:{}", verdict.name())];
    tags.extend(record.errors.iter().map(|error| format!("error:{}:{}", error.code, severity(error.severity))));
    tags.push(format!("passage:{passage}"));
    tags.push(format!("claim:{}:{}", record.review, record.claim));
    tags
}

/// The claim on one line, ended by a full stop.
fn sentence(claim: &str) -> String {
    let mut line = claim.split_whitespace().collect::<Vec<_>>().join(" ");
    if !line.ends_with(['.', '!', '?']) {
        line.push('.');
    }
    line
}

fn quoted(shown: &Shown) -> String {
    format!("“{}”", shown.quote())
}

fn source(shown: &Shown) -> String {
    let citation = shown.citation().map_or_else(|| shown.version_id(), str::to_owned);
    let parts = std::iter::once(citation.trim_end_matches('.').to_owned()).chain(shown.grade_words());
    parts.chain(std::iter::once(shown.id().to_owned())).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::bundle;

    #[test]
    fn items_are_grounded_and_signed() {
        let text = lines(&bundle());
        assert_eq!(text.lines().count(), 1);
        let line: Value = serde_json::from_str(&text).unwrap();
        let items: Vec<(i64, &str, &str)> = line["rubrics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| {
                let tag = |at: usize| item["tags"][at].as_str().unwrap();
                (item["points"].as_i64().unwrap(), tag(2), &item["criterion"].as_str().unwrap()[..12])
            })
            .collect();
        assert_eq!(
            items,
            [
                (-7, "verdict:contradicted", "States that "),
                (-6, "verdict:outdated", "Presents as "),
                (5, "verdict:outdated", "Agrees with "),
                (5, "verdict:supported", "States that "),
            ]
        );
        assert!(text.contains("It was replaced by uspstf-aspirin@2022."));
        assert!(!text.contains("not_addressed"));
    }

    #[test]
    fn messages_of_the_import_are_kept() {
        let mut review = bundle().reviews.remove(0);
        assert_eq!(prompt(&review)[0]["role"], "user");
        let list = json!([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Aspirin?"}]);
        review.response.metadata.insert("prompt".into(), list.clone());
        assert_eq!(Value::from(prompt(&review)), list);
        review.response.metadata.insert("prompt".into(), json!([{"role": 3}]));
        assert_eq!(prompt(&review).len(), 1, "what is no message is not passed on");
    }
}
