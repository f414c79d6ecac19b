//! Whom a passage is about, where the document states it in a form that can be read without guessing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Youngest and oldest age in years, both included, `None` where open.
pub type Ages = (Option<u8>, Option<u8>);

/// People whom a statement covers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// In the document's words.
    pub words: Option<String>,
    /// Ages in years.
    pub age: Option<Ages>,
    /// `female` or `male`.
    pub sex: Option<String>,
    /// Conditions that the person must have.
    pub conditions: Vec<String>,
}

/// The population that a block's attributes state.
pub(super) fn read(attributes: Option<&BTreeMap<String, String>>) -> Option<Population> {
    let attributes = attributes?;
    let population = Population {
        words: attributes.get("population").cloned(),
        age: attributes.get("age").and_then(|text| ages(text)),
        sex: attributes.get("sex").map(|sex| sex.trim().to_lowercase()).filter(|sex| sex == "female" || sex == "male"),
        conditions: attributes
            .get("conditions")
            .map(|list| list.split(';').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect())
            .unwrap_or_default(),
    };
    (population != Population::default()).then_some(population)
}

/// Reads `40 to 70`, `65 or older`, `over 75`, `under 18`; `years` may follow.
fn ages(text: &str) -> Option<Ages> {
    let text = text.to_lowercase().replace(['–', '-'], " to ");
    let numbers: Vec<u8> = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match numbers.as_slice() {
        [low, high] if low <= high => Some((Some(*low), Some(*high))),
        [one] if says(&["or older", "and older", "at least", "≥", "or over", "and over"]) => Some((Some(*one), None)),
        [one] if says(&["over", "older than", "above", ">"]) => Some((one.checked_add(1), None)),
        [one] if says(&["or younger", "and younger", "up to", "≤"]) => Some((None, Some(*one))),
        [one] if says(&["under", "younger than", "below", "<"]) => Some((None, one.checked_sub(1))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_or_left_alone() {
        let cases: [(&str, Option<Ages>); 8] = [
            ("40 to 70", Some((Some(40), Some(70)))),
            ("45–75 years", Some((Some(45), Some(75)))),
            ("65 or older", Some((Some(65), None))),
            ("over 75", Some((Some(76), None))),
            ("under 18 years", Some((None, Some(17)))),
            ("75 or younger", Some((None, Some(75)))),
            ("70 to 40", None),
            ("adults", None),
        ];
        for (text, expected) in cases {
            assert_eq!(ages(text), expected, "{text}");
        }
    }
}
