//! Who made what from what: the records of a bundle as PROV-O (W3C Recommendation, 30 April 2013) in JSON-LD 1.1.
//!
//! Texts stay out: entities are named by their ids and told by their digests, so that the provenance can be kept after an
//! erasure. Searches and judgements are activities; people and programs are agents, the judged model among them.

use serde_json::{Map, Value, json};

use super::{Bundle, Lookup, sha256_hex, urn};
use crate::review::record::{EvidenceRecord, Review, Task, VerdictRecord};

/// The provenance of the bundle: one JSON-LD document with all that is needed inside, and no context to be fetched.
pub fn document(bundle: &Bundle) -> Value {
    let mut graph = Graph::default();
    let program = urn(&["program", "groundline", &bundle.program.version]);
    graph.add(json!({
        "id": program, "type": ["prov:SoftwareAgent"], "label": "Groundline", "version": bundle.program.version,
    }));
    let lookup = Lookup::new(bundle);
    for review in &bundle.reviews {
        graph.review(review);
        for verdict in &review.verdicts {
            graph.verdict(verdict, &lookup);
        }
        for (at, one) in review.assessments.iter().enumerate() {
            graph.person(&one.reviewer.id, &one.reviewer.role);
            graph.add(json!({
                "id": urn(&["review", &review.id, "assessment", &(at + 1).to_string()]),
                "type": ["prov:Entity", "Assessment"], "rubric": one.rubric, "generatedAtTime": one.at.to_string(),
                "wasAttributedTo": person(&one.reviewer.id), "wasDerivedFrom": [response(&review.id)],
            }));
        }
    }
    for record in &bundle.evidence {
        graph.search(record);
    }
    let reviews: Vec<String> = bundle.reviews.iter().map(|review| response(&review.id)).collect();
    graph.add(json!({
        "id": urn(&["export", &sha256_hex(reviews.join(" ").as_bytes())]), "type": ["prov:Activity", "Export"],
        "endedAtTime": bundle.made_at.to_string(), "wasAssociatedWith": [program], "used": reviews,
    }));
    json!({ "@context": context(), "@graph": graph.nodes })
}

fn context() -> Value {
    let mut context = Map::new();
    for (name, iri) in [
        ("prov", "http://www.w3.org/ns/prov#"),
        ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
        ("xsd", "http://www.w3.org/2001/XMLSchema#"),
        ("@vocab", "urn:x-groundline:term:"),
        ("id", "@id"),
        ("type", "@type"),
        ("label", "rdfs:label"),
    ] {
        context.insert(name.to_owned(), iri.into());
    }
    for link in ["used", "wasGeneratedBy", "wasDerivedFrom", "wasAttributedTo", "wasAssociatedWith", "wasRevisionOf"] {
        context.insert(link.to_owned(), json!({ "@id": format!("prov:{link}"), "@type": "@id" }));
    }
    for time in ["generatedAtTime", "endedAtTime", "invalidatedAtTime"] {
        context.insert(time.to_owned(), json!({ "@id": format!("prov:{time}"), "@type": "xsd:dateTime" }));
    }
    Value::Object(context)
}

fn person(id: &str) -> String {
    urn(&["reviewer", id])
}

fn response(review: &str) -> String {
    urn(&["review", review, "response"])
}

fn claim(review: &str, id: &str) -> String {
    urn(&["review", review, "claim", id])
}

fn passage(id: &str, digest: &str) -> String {
    urn(&["passage", id, digest])
}

fn search(record: &EvidenceRecord) -> String {
    urn(&["review", &record.review, "search", &record.claim, &record.sha256])
}

/// The nodes, each once.
#[derive(Default)]
struct Graph {
    nodes: Vec<Value>,
    known: std::collections::BTreeSet<String>,
}

impl Graph {
    fn add(&mut self, node: Value) {
        let id = node.get("id").and_then(Value::as_str).unwrap_or_default();
        if self.known.insert(id.to_owned()) {
            self.nodes.push(node);
        }
    }

    fn review(&mut self, review: &Review) {
        let mut node = json!({
            "id": response(&review.id), "type": ["prov:Entity", "Response"], "sha256": review.response.sha256,
            "source": review.response.source.kind,
        });
        if let Some(model) = &review.response.model {
            let agent = urn(&["model", model]);
            self.add(json!({ "id": agent, "type": ["prov:SoftwareAgent", "Model"], "label": model }));
            set(&mut node, "wasAttributedTo", agent.into());
        }
        if let Some(erased) = review.erased_at {
            set(&mut node, "invalidatedAtTime", erased.to_string().into());
        }
        self.add(node);
        for one in &review.claims {
            self.add(json!({
                "id": claim(&review.id, &one.id), "type": ["prov:Entity", "Claim"], "sha256": one.sha256,
                "start": one.start, "end": one.end, "unit": one.unit, "wasDerivedFrom": [response(&review.id)],
            }));
        }
    }

    fn person(&mut self, id: &str, role: &str) {
        self.add(json!({ "id": person(id), "type": ["prov:Person"], "label": id, "role": role }));
    }

    fn verdict(&mut self, verdict: &VerdictRecord, lookup: &Lookup) {
        self.person(&verdict.reviewer.id, &verdict.reviewer.role);
        let (id, act) = (urn(&["verdict", &verdict.id]), urn(&["judgement", &verdict.id]));
        let mut used = vec![Value::from(claim(&verdict.review, &verdict.claim))];
        for pin in &verdict.evidence {
            let entity = passage(&pin.passage, &pin.passage_sha256);
            self.add(json!({
                "id": entity, "type": ["prov:Entity", "Passage"], "label": pin.passage, "sha256": pin.passage_sha256,
            }));
            used.push(entity.into());
        }
        used.extend(lookup.of_verdict(verdict).map(|record| Value::from(format!("{}:result", search(record)))));
        let kind = if verdict.task == Task::Adjudicate { "Adjudication" } else { "Judgement" };
        self.add(json!({
            "id": act, "type": ["prov:Activity", kind], "endedAtTime": verdict.at.to_string(),
            "wasAssociatedWith": [person(&verdict.reviewer.id)], "used": used, "blind": verdict.blind,
        }));
        let mut node = json!({
            "id": id, "type": ["prov:Entity", "Verdict"], "sha256": verdict.id,
            "verdict": verdict.verdict.map_or("taken_back", |one| one.name()), "generatedAtTime": verdict.at.to_string(),
            "wasGeneratedBy": act, "wasAttributedTo": person(&verdict.reviewer.id),
        });
        if let Some(previous) = &verdict.previous {
            set(&mut node, "wasRevisionOf", urn(&["verdict", previous]).into());
        }
        self.add(node);
    }

    fn search(&mut self, record: &EvidenceRecord) {
        let snapshot = urn(&["snapshot", record.snapshot_id()]);
        let text = |pointer: &str| record.engine.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let engine = urn(&["engine", text("/version"), text("/ranker"), text("/config_sha256")]);
        self.add(json!({
            "id": snapshot, "type": ["prov:Entity", "Snapshot"], "label": record.snapshot_id(),
            "corpus_sha256": record.snapshot.get("corpus_sha256"),
        }));
        self.add(json!({
            "id": engine, "type": ["prov:SoftwareAgent", "Engine"], "version": text("/version"), "ranker": text("/ranker"),
            "config_sha256": text("/config_sha256"),
        }));
        let act = search(record);
        self.add(json!({
            "id": act, "type": ["prov:Activity", "Search"], "wasAssociatedWith": [engine],
            "used": [claim(&record.review, &record.claim), snapshot],
        }));
        self.add(json!({
            "id": format!("{act}:result"), "type": ["prov:Entity", "Evidence"], "sha256": record.sha256,
            "wasGeneratedBy": act,
        }));
    }
}

fn set(node: &mut Value, name: &str, value: Value) {
    if let Some(node) = node.as_object_mut() {
        node.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::bundle;

    fn nodes(document: &Value, kind: &str) -> Vec<Value> {
        let nodes = document["@graph"].as_array().unwrap().iter();
        nodes.filter(|node| node["type"].as_array().unwrap().contains(&json!(kind))).cloned().collect()
    }

    #[test]
    fn every_link_leads_to_a_node() {
        let bundle = bundle();
        let document = document(&bundle);
        let graph = document["@graph"].as_array().unwrap();
        let ids: Vec<&Value> = graph.iter().map(|node| &node["id"]).collect();
        let links =
            ["used", "wasGeneratedBy", "wasDerivedFrom", "wasAttributedTo", "wasAssociatedWith", "wasRevisionOf"];
        let mut seen = 0;
        for node in graph {
            for link in links.iter().filter_map(|link| node.get(link)) {
                for target in link.as_array().map_or_else(|| vec![link], |list| list.iter().collect()) {
                    assert!(ids.contains(&target), "{target} of {}", node["id"]);
                    seen += 1;
                }
            }
        }
        assert!(seen > 40, "{seen}");
        assert_eq!(nodes(&document, "Verdict").len(), 13);
        assert_eq!(nodes(&document, "Adjudication").len(), 1);
        assert_eq!(nodes(&document, "prov:Person").len(), 3);
    }

    #[test]
    fn no_text_of_a_review_is_in_it() {
        let bundle = bundle();
        let text = document(&bundle).to_string();
        for review in &bundle.reviews {
            for claim in review.claims.iter().filter(|claim| !claim.text.is_blank()) {
                assert!(!text.contains(claim.text.as_str()));
            }
        }
    }
}
