//! A message of OpenAI's Responses API with `url_citation` annotations (`ResponseOutputMessage` of openai-python).
//!
//! One `output_text` a claim. OpenAI names no unit for `start_index` and `end_index`; these count code points of that text,
//! the end exclusive, so that Python's `text[start_index:end_index]` is the quotation, and each annotation says so (`unit`).

use serde_json::{Value, json};

use super::super::native::{EvidenceResponse, EvidenceView, ResultView};
use super::{Role, link, name, shown, words};

/// The message of an answer.
pub(super) fn message(answer: &EvidenceResponse) -> Value {
    let parts = answer.results.iter().enumerate().map(|(at, result)| part(answer, at, result));
    json!({
        "id": format!("msg_{}", answer.snapshot.id),
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": parts.collect::<Vec<_>>(),
    })
}

fn part(answer: &EvidenceResponse, at: usize, result: &ResultView) -> Value {
    let mut page = Page::default();
    if at == 0 {
        page.write(&format!("{}. {}\n\n", words::of_answer(answer), words::INTENDED_USE));
    }
    let claim = result.claim.as_deref().map(|claim| format!(" {claim}")).unwrap_or_default();
    page.write(&format!("Claim {}:{claim}\n{}\n", name(at, result), words::of_result(result)));
    for (number, (role, one)) in shown(result).enumerate() {
        page.passage(number + 1, role, one);
    }
    json!({"type": "output_text", "text": page.text, "annotations": page.annotations, "logprobs": []})
}

/// A text, its length in code points, and its annotations.
#[derive(Default)]
struct Page {
    text: String,
    length: usize,
    annotations: Vec<Value>,
}

impl Page {
    fn write(&mut self, text: &str) {
        self.text.push_str(text);
        self.length += text.chars().count();
    }

    fn passage(&mut self, number: usize, role: Role, one: &EvidenceView) {
        let mark = words::mark(one).map(|mark| format!("[{mark}] ")).unwrap_or_default();
        self.write(&format!("\n{number}. {mark}“"));
        let start = self.length;
        self.write(&one.passage.quote);
        self.annotations.push(json!({
            "type": "url_citation",
            "url": link(one),
            "title": words::title(one),
            "start_index": start,
            "end_index": self.length,
            "unit": "codepoint",
        }));
        self.write("”\n");
        for said in words::of_passage(role, one) {
            self.write(&format!("   {said}\n"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn every_annotation_cuts_its_quotation() {
        let answer = sample::answer();
        let message = message(&answer);
        let part = &message["content"][0];
        let text: Vec<char> = part["text"].as_str().expect("text").chars().collect();
        let annotations = part["annotations"].as_array().expect("annotations");
        assert_eq!(annotations.len(), 2);
        for (annotation, one) in annotations.iter().zip(&answer.results[0].passages) {
            let at = |key: &str| annotation[key].as_u64().and_then(|at| usize::try_from(at).ok()).expect("an index");
            let cut: String = text[at("start_index")..at("end_index")].iter().collect();
            assert_eq!(cut, one.passage.quote);
        }
    }

    #[test]
    fn an_old_edition_and_missing_evidence_are_said_in_the_text() {
        let message = message(&sample::answer());
        let text = |at: usize| message["content"][at]["text"].as_str().expect("text").to_owned();
        assert!(text(0).contains("2. [SUPERSEDED by uspstf-aaa@2019] “"), "{}", text(0));
        assert!(text(1).contains("No passage was found"));
        assert!(text(2).contains("was not checked"));
    }
}
