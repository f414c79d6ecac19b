//! Whom a document says that it leaves out: found once, inherited by each of its recommendations.
//!
//! Verbatim and short. A limit that one recommendation states of itself stays with that recommendation.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{BlockKind, Document};
use crate::language::{pattern, sentences};

static SCOPE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:this|these|the|our) (?:\w+ ){0,3}(?:guidelines?|guidance|guide|recommendations|recommendation statement|statements|document|field guide|standards|protocol)\b[^.;]{0,80}?\b(?:(?:do|does|is|are) not (?:\w+ )?(?:apply|cover|address|include|pertain|intended (?:for|to)|provide (?:\w+ )?(?:guidance|recommendations)|applicable)|excludes?)\b|\b(?:guidelines?|guidance|recommendations|document)\b[^.;]{0,60}\b(?:appl(?:y|ies)|covers?|addresses|(?:is|are) (?:intended )?for|provides? (?:\w+ )?(?:guidance|recommendations)|includes? recommendations)\b[^.;]{0,200}\b(?:excluding|except for|outside of|other than)\b)",
    )
});
/// What every scope statement holds: a cheap look before the costly one.
static HINT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i-u:not |exclud|except for|outside of|other than)"));
/// "This recommendation does not apply to …", said within a statement.
static OWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\bthis (?:recommendation|advice|statement) (?:does not apply|is not (?:applicable|intended))|^\W*(?:exceptions?|exclusions?)\s*(?::|are|is))",
    )
});
/// A document that leaves a topic, a licence or a method out says nothing of people.
static NOT_OF_PEOPLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:endorsement|liability|warrant|copyright|licen[cs]e|opinion of|cost-effectiveness|replace|substitute|legal|views of|mention of|meta-analys|databases?|studies|search|references?|literature)\b",
    )
});

/// Under the heading "Scope" the document need not name itself: "Does not apply to …", "Not for …".
static UNDER_SCOPE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:not (?:for|about)|(?:it )?(?:does|do) not (?:apply|cover|address|include)|excluded (?:is|are)|excludes)\b",
    )
});

/// A concession leads to what the document does say.
static CONCESSION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:although|though|while|whereas|even though)\b"));

/// Most exclusions that a recommendation inherits.
const MOST: usize = 5;
/// Characters above which a sentence is no scope statement.
const LONGEST: usize = 400;

/// The sentences with which a document says whom it does not cover.
pub(super) fn exclusions(document: &Document) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let blocks = document.sections.iter().flat_map(|section| section.blocks.iter().map(move |block| (section, block)));
    for (section, block) in blocks {
        if found.len() == MOST {
            break;
        }
        if matches!(block.kind, BlockKind::TableRow { .. } | BlockKind::Caption) || !block.attributes.is_empty() {
            continue;
        }
        let text = document.text.slice_clamped(block.span);
        let headed = section.path.last().is_some_and(|heading| heading.trim().eq_ignore_ascii_case("scope"));
        if !HINT.is_match(text) || !(headed || SCOPE.is_match(text)) {
            continue;
        }
        for one in sentences(text).into_iter().filter_map(|range| text.get(range)) {
            let limits = SCOPE.is_match(one) || (headed && UNDER_SCOPE.is_match(one));
            let scope = limits && !NOT_OF_PEOPLE.is_match(one) && !CONCESSION.is_match(one);
            let fits = scope && one.chars().count() <= LONGEST;
            if fits && found.len() < MOST && !found.iter().any(|other| other == one) {
                found.push(one.to_owned());
            }
        }
    }
    found
}

/// The sentences of a statement that say whom it does not cover.
pub(super) fn own(text: &str) -> impl Iterator<Item = String> {
    let said = sentences(text).into_iter().filter_map(|range| text.get(range));
    said.filter(|one| OWN.is_match(one) && one.chars().count() <= LONGEST).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Builder, Limits};

    fn found(text: &str) -> Vec<String> {
        let mut builder = Builder::new("test/1", &Limits::default());
        builder.paragraph(text);
        exclusions(&builder.finish())
    }

    #[test]
    fn scope_statements_are_found_verbatim() {
        let scope = "This guideline does not apply to patients with cancer-related pain.";
        assert_eq!(found(&format!("Pain is common. {scope} It is long.")), [scope]);
        let scope =
            "The recommendations apply to adults with pain, excluding sickle cell disease and end-of-life care.";
        assert_eq!(found(scope), [scope]);
    }

    #[test]
    fn under_its_heading_a_scope_need_not_name_the_document() {
        let text = "People with a cervix. Not for people with a compromised immune system. Replaced in 2025.";
        let under = |heading: &str| {
            let mut builder = Builder::new("test/1", &Limits::default());
            builder.heading(2, heading);
            builder.paragraph(text);
            exclusions(&builder.finish())
        };
        assert_eq!(under("Scope"), ["Not for people with a compromised immune system."]);
        assert!(under("Facts").is_empty());
    }

    #[test]
    fn other_exclusions_are_no_scope() {
        for text in [
            "This report does not include studies from before 1990.",
            "The mention of products in this document does not imply endorsement.",
            "Pregnant women were excluded.",
            "This drug does not apply pressure.",
            "Although this guideline does not address diet, a plan for treatment must include it.",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_statement_states_its_own() {
        let text = "Screen all adults. This recommendation does not apply to people with symptoms.";
        let own: Vec<String> = own(text).collect();
        assert_eq!(own, ["This recommendation does not apply to people with symptoms."]);
    }
}
