//! Vectors of questions that were kept when they were first asked, in the place of the encoder that made them: what it takes to
//! search again where that encoder is not installed, and to the same numbers on another processor.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Encoder, Error};

/// The vector of one question, and which encoder made it of which text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueryVector {
    /// Name of the encoder.
    pub encoder: String,
    /// The encoder's digest: two encoders of one digest give the same vectors.
    pub encoder_sha256: String,
    /// SHA-256, in hexadecimal, of the text that it was made of.
    pub text_sha256: String,
    /// Its components.
    pub vector: Vec<f32>,
}

impl QueryVector {
    /// What an encoder made of a text.
    pub fn of(encoder: &dyn Encoder, text: &str, vector: Vec<f32>) -> QueryVector {
        let (name, digest) = (encoder.name().to_owned(), encoder.digest().to_owned());
        QueryVector { encoder: name, encoder_sha256: digest, text_sha256: digest_of(text), vector }
    }
}

/// An encoder's answers of another day; it makes no new ones.
#[derive(Debug)]
pub struct KeptQueries {
    name: String,
    digest: String,
    dimensions: usize,
    vectors: BTreeMap<String, Vec<f32>>,
}

impl KeptQueries {
    /// Takes the place of the encoder of the first of these vectors; those of other encoders and of other lengths are left out.
    /// `None` where there is no vector.
    pub fn new(kept: impl IntoIterator<Item = QueryVector>) -> Option<KeptQueries> {
        let mut kept = kept.into_iter();
        let first = kept.next()?;
        let (name, digest, dimensions) = (first.encoder, first.encoder_sha256, first.vector.len());
        let mut vectors = BTreeMap::from([(first.text_sha256, first.vector)]);
        let same = kept.filter(|one| one.encoder_sha256 == digest && one.vector.len() == dimensions);
        vectors.extend(same.map(|one| (one.text_sha256, one.vector)));
        Some(KeptQueries { name, digest, dimensions, vectors })
    }

    fn nothing(&self, reason: &str) -> Error {
        Error::Encoding { encoder: self.name.clone(), reason: reason.to_owned() }
    }
}

impl Encoder for KeptQueries {
    fn name(&self) -> &str {
        &self.name
    }

    fn digest(&self) -> &str {
        &self.digest
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn is_costly(&self) -> bool {
        true
    }

    fn passage(&self, _: &[&str], _: &str) -> Result<Vec<f32>, Error> {
        Err(self.nothing("only vectors of questions were kept"))
    }

    fn query(&self, text: &str) -> Result<Vec<f32>, Error> {
        self.vectors.get(&digest_of(text)).cloned().ok_or_else(|| self.nothing("no vector was kept for this claim"))
    }
}

fn digest_of(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str, encoder: &str, vector: &[f32]) -> QueryVector {
        let (encoder_sha256, text_sha256) = (encoder.repeat(2), digest_of(text));
        QueryVector { encoder: encoder.to_owned(), encoder_sha256, text_sha256, vector: vector.to_vec() }
    }

    #[test]
    fn answers_are_those_of_the_first_encoder_and_of_nothing_else() {
        let all = [kept("a", "m", &[0.1, 1.0e-9]), kept("b", "n", &[1.0, 0.0]), kept("c", "m", &[1.0])];
        let there = KeptQueries::new(all).expect("vectors");
        assert_eq!((there.name(), there.digest(), there.dimensions()), ("m", "mm", 2));
        assert_eq!(there.query("a"), Ok(vec![0.1, 1.0e-9]));
        assert!(there.query("b").is_err() && there.query("c").is_err() && there.passage(&[], "a").is_err());
        assert!(KeptQueries::new([]).is_none());
    }

    #[test]
    fn components_pass_through_json_unchanged() {
        let numbers: Vec<f32> = (1..2_000_u16).map(|at| (f32::from(at) * 0.917).sin() / 7.0).collect();
        let one = kept("a", "m", &numbers);
        let text = serde_json::to_string(&serde_json::to_value(&one).expect("JSON")).expect("JSON");
        assert_eq!(serde_json::from_str::<QueryVector>(&text).expect("the same"), one);
    }
}
