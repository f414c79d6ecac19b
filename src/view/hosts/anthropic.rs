//! `search_result` content blocks of Anthropic's Messages API (`SearchResultBlockParam` of anthropic-sdk-python).
//!
//! An array of content blocks: a text block a claim, which says what came out for it, then a `search_result` a passage. The
//! first text block of a `search_result` is the quotation alone, so that what a model cites (`cited_text`) is the guideline's
//! own words; what must be known besides stands in a second block, and what is not current in the title too.

use serde_json::{Value, json};

use super::super::native::{EvidenceResponse, EvidenceView};
use super::{Role, link, name, shown, words};

/// The blocks of an answer.
pub(super) fn blocks(answer: &EvidenceResponse) -> Value {
    let mut blocks = vec![text(&format!("{}. {}", words::of_answer(answer), words::INTENDED_USE))];
    for (at, result) in answer.results.iter().enumerate() {
        let claim = result.claim.as_deref().map(|claim| format!(" {claim}")).unwrap_or_default();
        blocks.push(text(&format!("Claim {}:{claim}\n{}", name(at, result), words::of_result(result))));
        blocks.extend(shown(result).map(|(role, one)| block(role, one)));
    }
    Value::Array(blocks)
}

fn block(role: Role, one: &EvidenceView) -> Value {
    json!({
        "type": "search_result",
        "source": link(one),
        "title": words::title(one),
        "content": [text(&one.passage.quote), text(&words::of_passage(role, one).join("\n"))],
        "citations": {"enabled": true},
    })
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_quotation_stands_alone_and_an_old_edition_is_marked() {
        let blocks = blocks(&sample::answer());
        let old = &blocks[3];
        assert_eq!(old["type"], "search_result");
        assert_eq!(old["content"][0]["text"], sample::OLD_QUOTE);
        assert!(old["title"].as_str().expect("a title").ends_with("[SUPERSEDED by uspstf-aaa@2019]"), "{old}");
        assert!(old["content"][1]["text"].as_str().expect("text").starts_with("SUPERSEDED by uspstf-aaa@2019: not"));
        assert!(
            blocks[2]["content"][1]["text"].as_str().expect("text").contains("Machine hint, not a verdict: supports")
        );
    }

    #[test]
    fn nothing_found_and_not_checked_are_said() {
        let blocks = blocks(&sample::answer());
        let texts: Vec<&str> =
            blocks.as_array().expect("blocks").iter().filter_map(|one| one["text"].as_str()).collect();
        assert_eq!(texts.len(), 4, "one for the answer, one a claim");
        assert!(texts[2].contains("coverage: out_of_scope") && texts[2].contains("neither support nor contradiction"));
        assert!(texts[3].contains("Status: error") && texts[3].contains("the claim is empty"));
    }
}
