//! Verdicts as W3C web annotations (Web Annotation Data Model, 23 February 2017) in JSON-LD.
//!
//! An annotation a verdict: its target is the claim's span of the response, its bodies say what was decided, what is wrong,
//! the feedback, and lead to the pinned passages. Positions of a `TextPositionSelector` are counted in code points, as the
//! model demands and as we count. A passage's selectors refer to the text of the edition as it is stored here, so that its
//! source is that edition; the publisher's page stands beside it as `via`.

use serde_json::{Map, Value, json};

use super::{Bundle, INTENDED_USE, Judged, Lookup, Shown, Words, role, severity, urn};
use crate::review::record::{Pin, Review, ReviewClaim, VerdictRecord};

/// Code points of the response before and after a claim that go into its selector.
const AROUND: usize = 32;

/// The verdicts that count, as an annotation collection with one page. Erased reviews are left out.
pub fn collection(bundle: &Bundle) -> Value {
    let lookup = Lookup::new(bundle);
    let mut items = Vec::new();
    for review in bundle.reviews.iter().filter(|review| review.erased_at.is_none()) {
        let letters: Vec<char> = review.response.text.as_str().chars().collect();
        for judged in Judged::of(review).iter().filter(|judged| !judged.claim.removed) {
            let around = Around { review, letters: &letters };
            items.extend(
                judged.verdicts.iter().map(|verdict| annotation(bundle, &lookup, &around, judged.claim, verdict)),
            );
        }
    }
    let label = format!("Verdicts on model answers. {INTENDED_USE}");
    let id = urn(&["annotations", &bundle.made_at.to_string()]);
    json!({
        "@context": ["http://www.w3.org/ns/anno.jsonld", terms()],
        "id": id, "type": "AnnotationCollection", "label": label, "created": bundle.made_at.to_string(),
        "generator": generator(bundle), "total": items.len(),
        "first": { "id": format!("{id}:1"), "type": "AnnotationPage", "startIndex": 0, "items": items },
    })
}

/// Our own terms beside those of the model, and one of the model that its published context leaves out.
fn terms() -> Value {
    let mut terms = Map::new();
    terms.insert("assessing".to_owned(), "http://www.w3.org/ns/oa#assessing".into());
    for name in ["role", "snapshot", "sha256", "grade", "edition", "verdictSha256", "pin"] {
        terms.insert(name.to_owned(), format!("urn:x-groundline:term:{name}").into());
    }
    Value::Object(terms)
}

fn generator(bundle: &Bundle) -> Value {
    let version = &bundle.program.version;
    json!({ "id": urn(&["program", "groundline", version]), "type": "Software", "name": format!("Groundline {version}") })
}

struct Around<'a> {
    review: &'a Review,
    letters: &'a [char],
}

impl Around<'_> {
    fn words(&self, start: usize, end: usize) -> String {
        self.letters.get(start.min(self.letters.len())..end.min(self.letters.len())).into_iter().flatten().collect()
    }

    fn target(&self, claim: &ReviewClaim) -> Value {
        json!({
            "type": "SpecificResource",
            "source": {
                "id": urn(&["review", &self.review.id, "response"]), "type": "Text", "format": "text/plain",
                "sha256": self.review.response.sha256,
            },
            "selector": [
                {
                    "type": "TextQuoteSelector", "exact": claim.text.as_str(),
                    "prefix": self.words(claim.start.saturating_sub(AROUND), claim.start),
                    "suffix": self.words(claim.end, claim.end.saturating_add(AROUND)),
                },
                { "type": "TextPositionSelector", "start": claim.start, "end": claim.end },
            ],
        })
    }
}

fn annotation(
    bundle: &Bundle,
    lookup: &Lookup,
    around: &Around,
    claim: &ReviewClaim,
    verdict: &VerdictRecord,
) -> Value {
    let words = Words(&bundle.taxonomy);
    let name = verdict.verdict.map_or("", |one| one.name());
    let text = |purpose: &str, value: &str| json!({ "type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": value });
    let mut bodies = vec![text("classifying", name)];
    for error in &verdict.errors {
        bodies.push(text("tagging", &format!("{}:{}", error.code, severity(error.severity))));
    }
    if let Some(feedback) = &verdict.feedback {
        let parts = [&feedback.what, &feedback.why, &feedback.fix];
        bodies.extend(parts.iter().filter(|part| !part.is_blank()).map(|part| text("commenting", part.as_str())));
    }
    bodies.extend(verdict.evidence.iter().map(|pin| passage(pin, lookup.pinned(verdict, pin))));
    json!({
        "id": urn(&["verdict", &verdict.id]), "type": "Annotation", "motivation": "assessing",
        "label": words.verdict(name), "created": verdict.at.to_string(),
        "creator": { "id": urn(&["reviewer", &verdict.reviewer.id]), "type": "Person", "nickname": verdict.reviewer.id },
        "generator": generator(bundle), "snapshot": verdict.snapshot, "verdictSha256": verdict.id,
        "body": bodies, "target": around.target(claim),
    })
}

fn passage(pin: &Pin, shown: Option<Shown>) -> Value {
    let mut body = json!({ "type": "SpecificResource", "purpose": "linking", "pin": pin.passage, "role": role(pin.role), "sha256": pin.passage_sha256 });
    let Some(map) = body.as_object_mut() else { return body };
    let Some(shown) = shown else {
        map.insert("source".to_owned(), urn(&["passage", &pin.passage]).into());
        return body;
    };
    map.insert("source".to_owned(), source(&shown));
    map.insert("selector".to_owned(), selectors(&shown));
    if let Some(grade) = shown.grade_words() {
        map.insert("grade".to_owned(), grade.into());
    }
    body
}

fn source(shown: &Shown) -> Value {
    let edition = shown.version_id();
    let mut source = Map::new();
    source.insert("id".to_owned(), urn(&["edition", &edition]).into());
    source.insert("type".to_owned(), "Text".into());
    source.insert("edition".to_owned(), edition.into());
    // A link that is none would not resolve to a thing of the web.
    if let Some(url) = shown.document_url().filter(|url| url.starts_with("https://") || url.starts_with("http://")) {
        source.insert("via".to_owned(), url.into());
    }
    Value::Object(source)
}

fn selectors(shown: &Shown) -> Value {
    let mut quote = json!({ "type": "TextQuoteSelector", "exact": shown.quote() });
    let stored = shown.selector("TextQuoteSelector");
    if let (Some(stored), Some(map)) = (stored, quote.as_object_mut()) {
        for name in ["exact", "prefix", "suffix"] {
            if let Some(Value::String(text)) = stored.get(name) {
                map.insert(name.to_owned(), text.as_str().into());
            }
        }
    }
    let place = shown.selector("TextPositionSelector").and_then(|one| {
        Some(json!({ "type": "TextPositionSelector", "start": one.get("start")?.as_u64()?, "end": one.get("end")?.as_u64()? }))
    });
    std::iter::once(quote).chain(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::bundle;

    #[test]
    fn selectors_find_the_claim_in_the_response() {
        let bundle = bundle();
        let response: Vec<char> = bundle.reviews[0].response.text.as_str().chars().collect();
        let collection = collection(&bundle);
        let items = collection["first"]["items"].as_array().unwrap();
        assert_eq!((items.len(), &collection["total"]), (9, &json!(9)));
        for item in items {
            let [quote, place] = item["target"]["selector"].as_array().unwrap().as_slice() else { panic!() };
            let (start, end) = (place["start"].as_u64().unwrap() as usize, place["end"].as_u64().unwrap() as usize);
            assert_eq!(quote["exact"], response[start..end].iter().collect::<String>());
            assert!(response[..start].iter().collect::<String>().ends_with(quote["prefix"].as_str().unwrap()));
            assert!(response[end..].iter().collect::<String>().starts_with(quote["suffix"].as_str().unwrap()));
        }
    }

    #[test]
    fn a_passage_that_is_not_at_hand_is_named_and_not_quoted() {
        let pin = Pin {
            passage: "a@1#p-1".into(),
            passage_sha256: "00".into(),
            role: crate::review::record::PinRole::Context,
        };
        let body = passage(&pin, None);
        assert_eq!((&body["source"], body.get("selector")), (&json!("urn:x-groundline:passage:a@1%23p-1"), None));
    }
}
