//! LangChain's `Document`s (`langchain_core.documents.Document`): `page_content`, flat `metadata`, `id`, `type`.
//!
//! Metadata holds strings, numbers and booleans alone, because vector stores take nothing else; what is unknown is left
//! out. A result without passages is a document of kind `statement` that says so, with `evidence` false: an empty list would
//! read as "nothing to object".

use serde_json::{Map, Value, json};

use super::super::native::{EvidenceResponse, EvidenceView, ResultView};
use super::{Role, link, name, shown, words};

/// The documents of an answer.
pub(super) fn documents(answer: &EvidenceResponse) -> Value {
    let mut documents = Vec::new();
    for (at, result) in answer.results.iter().enumerate() {
        let of_result = of_result(answer, at, result);
        let before = documents.len();
        documents.extend(shown(result).map(|(role, one)| document(&of_result, role, one)));
        if documents.len() == before {
            documents.push(statement(&of_result, at, result));
        }
    }
    Value::Array(documents)
}

fn of_result(answer: &EvidenceResponse, at: usize, result: &ResultView) -> Map<String, Value> {
    let mut flat = Map::new();
    flat.insert("claim_id".to_owned(), name(at, result).into());
    put(&mut flat, "claim", result.claim.clone());
    flat.insert("result_status".to_owned(), result.status.into());
    put(&mut flat, "coverage", result.coverage);
    flat.insert("conflict".to_owned(), result.conflict.into());
    flat.insert("snapshot".to_owned(), answer.snapshot.id.clone().into());
    flat.insert("engine".to_owned(), answer.engine.config_sha256.clone().into());
    flat
}

fn document(of_result: &Map<String, Value>, role: Role, one: &EvidenceView) -> Value {
    let passage = &one.passage;
    let document = &passage.document;
    let mut flat = of_result.clone();
    flat.insert("kind".to_owned(), role.name().into());
    flat.insert("evidence".to_owned(), true.into());
    flat.insert("passage_id".to_owned(), passage.id.clone().into());
    flat.insert("rank".to_owned(), one.rank.into());
    flat.insert("score".to_owned(), one.score.into());
    flat.insert("quote_sha256".to_owned(), passage.quote_sha256.clone().into());
    flat.insert("source".to_owned(), link(one).into());
    flat.insert("reader".to_owned(), passage.links.reader.clone().into());
    flat.insert("title".to_owned(), words::title(one).into());
    flat.insert("citation".to_owned(), passage.citation.clone().into());
    flat.insert("document_id".to_owned(), document.id.clone().into());
    flat.insert("version".to_owned(), document.version.clone().into());
    put(&mut flat, "publisher", document.publisher.clone());
    put(&mut flat, "year", document.year);
    put(&mut flat, "jurisdiction", document.jurisdiction.clone());
    flat.insert("document_status".to_owned(), document.status.into());
    put(&mut flat, "superseded_by", document.superseded_by.clone());
    put(&mut flat, "currency", document.currency);
    flat.insert("tier".to_owned(), document.tier.into());
    put(&mut flat, "section", Some(passage.locator.section.join(" > ")).filter(|path| !path.is_empty()));
    put(&mut flat, "page", passage.locator.page.as_ref().map(|page| page.index));
    put(&mut flat, "grade", passage.grade.as_ref().map(|grade| grade.verbatim.clone()));
    put(&mut flat, "grade_system", passage.grade.as_ref().and_then(|grade| grade.system.clone()));
    put(&mut flat, "direction", passage.direction);
    put(&mut flat, "hint_stance", one.hint.as_ref().map(|hint| hint.stance));
    put(&mut flat, "hint_confidence", one.hint.as_ref().map(|hint| hint.confidence));
    let flags: Vec<&str> = one.flags.iter().map(|flag| flag.kind).collect();
    put(&mut flat, "flags", Some(flags.join(" ")).filter(|flags| !flags.is_empty()));
    flat.insert("remarks".to_owned(), words::of_passage(role, one).join("\n").into());
    json!({"id": passage.id, "page_content": passage.quote, "metadata": flat, "type": "Document"})
}

fn statement(of_result: &Map<String, Value>, at: usize, result: &ResultView) -> Value {
    let mut flat = of_result.clone();
    flat.insert("kind".to_owned(), "statement".into());
    flat.insert("evidence".to_owned(), false.into());
    let id = format!("groundline:{}:{}", result.status, at + 1);
    json!({"id": id, "page_content": words::of_result(result), "metadata": flat, "type": "Document"})
}

/// Adds what is known.
fn put<T: Into<Value>>(flat: &mut Map<String, Value>, key: &str, value: Option<T>) {
    if let Some(value) = value {
        flat.insert(key.to_owned(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn metadata_is_flat_and_says_what_is_not_current() {
        let documents = documents(&sample::answer());
        for document in documents.as_array().expect("documents") {
            let metadata = document["metadata"].as_object().expect("metadata");
            let flat = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
            assert!(metadata.values().all(flat), "{metadata:?}");
            assert!(metadata.contains_key("result_status"));
        }
        assert_eq!(documents[1]["metadata"]["document_status"], "superseded");
        assert_eq!(documents[1]["metadata"]["superseded_by"], "uspstf-aaa@2019");
        assert!(documents[1]["metadata"]["remarks"].as_str().expect("remarks").starts_with("SUPERSEDED"));
    }

    #[test]
    fn no_result_is_an_empty_list() {
        let documents = documents(&sample::answer());
        let kinds: Vec<&Value> =
            documents.as_array().expect("documents").iter().map(|one| &one["metadata"]["kind"]).collect();
        assert_eq!(kinds, ["passage", "passage", "statement", "statement"]);
        assert!(documents[2]["page_content"].as_str().expect("text").contains("neither support nor contradiction"));
        assert_eq!(documents[3]["metadata"].get("coverage"), None);
    }
}
