//! Whether an encoder still computes what it did when it was made: some texts, and the cosine of each two of them.
//!
//! The file is written together with the table. Checked whenever the program loads the encoder: a table that was cut short, or a build that computes otherwise, would
//! rank wrongly and say nothing.

use serde::Deserialize;

use super::{Encoder, Error, cosine};

/// How far a cosine may be off.
const TOLERANCE: f32 = 0.01;

/// Texts with the cosines of their vectors.
#[derive(Debug, Deserialize)]
pub(super) struct Fixture {
    /// Weight of what stands above a passage, beside 1 for its own words.
    pub(super) context_weight: f32,
    texts: Vec<Text>,
    /// Row by row, in the order of the texts.
    cosines: Vec<Vec<f32>>,
}

#[derive(Debug, Deserialize)]
struct Text {
    side: Side,
    /// What stands above a passage; empty for nothing.
    context: String,
    text: String,
    /// The first components of its vector.
    #[cfg(test)]
    first: Vec<f32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Side {
    Query,
    Passage,
}

impl Fixture {
    /// Reads a fixture.
    pub(super) fn parse(text: &str) -> Result<Fixture, Error> {
        serde_json::from_str(text).map_err(|error| Error::Table(format!("its fixture is unreadable: {error}")))
    }

    /// The vectors that an encoder gives today.
    fn vectors(&self, encoder: &dyn Encoder) -> Result<Vec<Vec<f32>>, Error> {
        let vector = |one: &Text| match one.side {
            Side::Query => encoder.query(&one.text),
            Side::Passage if one.context.is_empty() => encoder.passage(&[], &one.text),
            Side::Passage => encoder.passage(&[&one.context], &one.text),
        };
        self.texts.iter().map(vector).collect()
    }

    /// Compares an encoder with the fixture.
    pub(super) fn check(&self, encoder: &dyn Encoder) -> Result<(), Error> {
        let wrong = |reason: String| Error::SelfTest { encoder: encoder.name().to_owned(), reason };
        let vectors = self.vectors(encoder)?;
        let whole = self.cosines.len() == vectors.len() && vectors.len() > 1;
        if !whole || self.cosines.iter().any(|row| row.len() != vectors.len()) {
            return Err(wrong("the fixture has not a cosine for each two texts".to_owned()));
        }
        for (a, (vector, row)) in vectors.iter().zip(&self.cosines).enumerate() {
            for (b, (other, expected)) in vectors.iter().zip(row).enumerate() {
                let found = cosine(vector, other);
                // Said this way round, a cosine that is no number is wrong too.
                let near = (found - expected).abs() <= TOLERANCE;
                if !near {
                    let reason = format!("the cosine of texts {a} and {b} is {found:.4} instead of {expected:.4}");
                    return Err(wrong(reason));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::StaticEncoder;
    use super::*;

    const FIXTURE: &str = include_str!("../../models/static/fixture.json");

    #[test]
    fn the_embedded_table_computes_what_its_makers_did() {
        let encoder = StaticEncoder::embedded().expect("the table");
        let fixture = Fixture::parse(FIXTURE).expect("a fixture");
        let vectors = fixture.vectors(encoder.as_ref()).expect("vectors");
        for (one, vector) in fixture.texts.iter().zip(&vectors) {
            assert!(one.first.len() >= 8, "{one:?}");
            for (found, expected) in vector.iter().zip(&one.first) {
                assert!((found - expected).abs() < 2e-5, "{found} {expected}: {one:?}");
            }
        }
        for (vector, row) in vectors.iter().zip(&fixture.cosines) {
            for (other, expected) in vectors.iter().zip(row) {
                assert!((cosine(vector, other) - expected).abs() < 1e-4);
            }
        }
        assert!(fixture.texts.iter().any(|one| one.side == Side::Query));
        assert!(fixture.texts.iter().any(|one| one.side == Side::Passage && !one.context.is_empty()));
    }

    #[test]
    fn an_encoder_that_computes_otherwise_is_refused() {
        let encoder = StaticEncoder::embedded().expect("the table");
        let check = |change: &dyn Fn(&mut serde_json::Value), expected: &str| {
            let mut fixture: serde_json::Value = serde_json::from_str(FIXTURE).expect("JSON");
            change(&mut fixture);
            let fixture = Fixture::parse(&fixture.to_string()).expect("a fixture");
            let error = fixture.check(encoder.as_ref()).expect_err("refused").to_string();
            assert!(
                error.contains(expected) && error.contains("static vectors are not what they should be"),
                "{error}"
            );
        };
        check(&|fixture| fixture["cosines"][0][1] = 0.987.into(), "the cosine of texts 0 and 1 is");
        check(&|fixture| fixture["texts"][2]["text"] = "rash".into(), "and 2 is");
        check(&|fixture| fixture["cosines"][1] = serde_json::json!([1.0]), "not a cosine for each two texts");
        check(&|fixture| fixture["cosines"] = serde_json::json!([]), "not a cosine for each two texts");
        assert!(Fixture::parse("{}").expect_err("no fixture").to_string().contains("its fixture is unreadable"));
    }
}
