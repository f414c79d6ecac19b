//! Texts as vectors: an encoder gives each text a direction, and texts that mean much the same lie close together.
//!
//! What is ranked by meaning is compared by the cosine of two vectors. An [`Encoder`] makes them: [`StaticEncoder`] from a
//! table that is part of the program, others from a model that an operator installs. A [`Matrix`] holds those of many
//! passages and finds the nearest to one exactly, without an index structure that could miss some.

mod fixture;
mod kept;
mod matrix;
mod safetensors;
mod table;
mod wordpiece;

use std::fmt;

pub use kept::{KeptQueries, QueryVector};
pub use matrix::{Matrix, Probe};
pub use table::StaticEncoder;
pub(crate) use table::VOCABULARY;
pub use wordpiece::{MOST_PIECES, WordPiece};

/// Makes vectors of texts. Equal texts give equal vectors in every thread; those of the embedded table on every machine
/// too, those of a network as far as machines add fractions in the same order.
pub trait Encoder: Send + Sync + fmt::Debug {
    /// Its name: lower-case letters, digits, `-` and `.`; a file of a snapshot is called by it.
    fn name(&self) -> &str;

    /// SHA-256, in hexadecimal, of everything that decides its vectors: two encoders of one digest give the same.
    fn digest(&self) -> &str;

    /// Number of components of each vector.
    fn dimensions(&self) -> usize;

    /// Whether a vector takes so long to make that it is worth keeping and worth a thread of its own.
    fn is_costly(&self) -> bool {
        false
    }

    /// The vector of a passage: of length one, or all zeros where the encoder knows none of its words.
    ///
    /// `context` is what stands above the passage, the outermost first: the document's title, the headings, the sentence
    /// that introduces it.
    ///
    /// # Errors
    /// [`Error::Encoding`] where the encoder fails.
    fn passage(&self, context: &[&str], text: &str) -> Result<Vec<f32>, Error>;

    /// The vector of what is asked, to be compared with those of passages; of length one, or all zeros.
    ///
    /// # Errors
    /// [`Error::Encoding`] where the encoder fails.
    fn query(&self, text: &str) -> Result<Vec<f32>, Error>;
}

/// Why there are no vectors.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The table of static vectors is not in its form.
    #[error("the table of static vectors cannot be used: {0}")]
    Table(String),
    /// The files of a model are not in their form.
    #[error("{encoder} cannot be used: {reason}")]
    Model {
        /// Name of the encoder.
        encoder: String,
        /// What is wrong.
        reason: String,
    },
    /// The vectors of passages are not in their form.
    #[error("the vectors cannot be used: {0}")]
    Matrix(String),
    /// The encoder computes something else than it did when it was made.
    #[error("{encoder} vectors are not what they should be ({reason}): this program was damaged or built wrongly")]
    SelfTest {
        /// Name of the encoder.
        encoder: String,
        /// What differs.
        reason: String,
    },
    /// A text could not be encoded.
    #[error("{encoder} could not encode a text: {reason}")]
    Encoding {
        /// Name of the encoder.
        encoder: String,
        /// Why.
        reason: String,
    },
}

/// The cosine of two vectors of length one, or of any vectors their inner product.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Brings a vector to length one; one without a direction becomes all zeros.
pub fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|component| f64::from(*component).powi(2)).sum::<f64>().sqrt();
    let usable = length.is_finite() && length > f64::from(f32::MIN_POSITIVE);
    let factor = if usable { (1.0 / length) as f32 } else { 0.0 };
    for component in vector {
        *component = if usable { *component * factor } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_is_brought_to_length_one() {
        let check = |vector: &[f32], expected: &[f32]| {
            let mut found = vector.to_vec();
            normalise(&mut found);
            assert_eq!(found, expected, "{vector:?}");
        };
        check(&[3.0, 4.0], &[0.6, 0.8]);
        check(&[0.0, -2.0], &[0.0, -1.0]);
        check(&[0.0, 0.0], &[0.0, 0.0]);
        check(&[f32::NAN, 1.0], &[0.0, 0.0]);
        check(&[f32::INFINITY, 1.0], &[0.0, 0.0]);
        check(&[], &[]);
        assert_eq!(cosine(&[0.6, 0.8], &[1.0, 0.0]), 0.6);
    }
}
