//! The encoder that is part of the program: a table of one vector a piece of a word, and no network.
//!
//! A text's vector is the sum of its pieces' rows, brought to length one; how much a piece counts is in its scale. What
//! stands above a passage is summed by itself and joined to the passage's own vector with a weight. Where the table has
//! rows of their own for queries, those are used for what is asked. How the table is made, from what, and what it must not
//! be used for is in `models/static/CARD.md`.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use super::fixture::Fixture;
use super::safetensors::Header;
use super::wordpiece::WordPiece;
use super::{Encoder, Error, normalise};

/// Name of the encoder.
const NAME: &str = "static";
/// The embedded table and its vocabulary.
const FILE: &[u8] = include_bytes!("../../models/static/vectors.safetensors");
pub(crate) const VOCABULARY: &str = include_str!("../../models/static/vocabulary.txt");
/// What the embedded table gave when it was made, and the weight that context has with it.
const FIXTURE: &str = include_str!("../../models/static/fixture.json");

/// A table of vectors, one a piece.
pub struct StaticEncoder {
    pieces: WordPiece,
    file: Cow<'static, [u8]>,
    dimensions: usize,
    passage: Rows,
    /// `None` where queries use the passages' rows.
    query: Option<Rows>,
    /// Weight of what stands above a passage, beside 1 for its own words.
    context_weight: f32,
    vocabulary_sha256: [u8; 32],
    digest: OnceLock<String>,
}

/// Rows of the table.
#[derive(Debug)]
struct Rows {
    /// Where the components of all rows lie in the file.
    place: Range<usize>,
    /// What the components of each row are to be multiplied by.
    scales: Vec<f32>,
}

impl std::fmt::Debug for StaticEncoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (pieces, dimensions) = (self.pieces.len(), self.dimensions);
        f.debug_struct("StaticEncoder")
            .field("pieces", &pieces)
            .field("dimensions", &dimensions)
            .finish_non_exhaustive()
    }
}

impl StaticEncoder {
    /// The table that is part of the program; read on the first call, and only given out if it computes what it should.
    ///
    /// # Errors
    /// [`Error::Table`] or [`Error::SelfTest`] where the program was damaged or built wrongly.
    pub fn embedded() -> Result<Arc<StaticEncoder>, Error> {
        static EMBEDDED: OnceLock<Result<Arc<StaticEncoder>, Error>> = OnceLock::new();
        let read = || {
            let fixture = Fixture::parse(FIXTURE)?;
            let encoder = StaticEncoder::new(FILE, VOCABULARY, fixture.context_weight)?;
            fixture.check(&encoder)?;
            Ok(Arc::new(encoder))
        };
        EMBEDDED.get_or_init(read).clone()
    }

    /// Reads a table (safetensors: `passage.rows` I8 of pieces × dimensions, `passage.scale` F32 of pieces, the same of
    /// `query` where queries have their own) and its vocabulary, one piece a line; what stands above a passage counts
    /// `context_weight` beside 1 for its own words.
    ///
    /// # Errors
    /// [`Error::Table`] where either is not in its form, or they do not belong together.
    pub fn new(
        file: impl Into<Cow<'static, [u8]>>,
        vocabulary: &'static str,
        context_weight: f32,
    ) -> Result<StaticEncoder, Error> {
        let file = file.into();
        let pieces = WordPiece::parse(vocabulary)?;
        let header = Header::of(&file)?;
        if !context_weight.is_finite() || context_weight < 0.0 {
            return Err(Error::Table(format!("the weight of what stands above a passage is {context_weight}")));
        }
        let (dimensions, passage) = Rows::of(&header, &file, "passage", pieces.len())?;
        let query = header.has("query.rows").then(|| Rows::of(&header, &file, "query", pieces.len())).transpose()?;
        if query.as_ref().is_some_and(|(others, _)| *others != dimensions) {
            return Err(Error::Table("rows of queries and of passages differ in dimensions".to_owned()));
        }
        let vocabulary_sha256 = Sha256::digest(vocabulary).into();
        let (query, digest) = (query.map(|(_, rows)| rows), OnceLock::new());
        Ok(StaticEncoder { pieces, file, dimensions, passage, query, context_weight, vocabulary_sha256, digest })
    }

    /// The sum of the rows of some parts of a word, not brought to length one: its length tells how much the word weighs
    /// (rare words more), its direction what it means. All zeros where no part is known.
    pub fn word(&self, parts: &[&str]) -> Vec<f32> {
        self.added(&self.passage, parts)
    }

    /// The sum of some texts' rows, of length one.
    fn sum(&self, rows: &Rows, texts: &[&str]) -> Vec<f32> {
        let mut sum = self.added(rows, texts);
        normalise(&mut sum);
        sum
    }

    /// The sum of some texts' rows.
    fn added(&self, rows: &Rows, texts: &[&str]) -> Vec<f32> {
        let mut sum = vec![0.0; self.dimensions];
        let all = self.file.get(rows.place.clone()).unwrap_or_default();
        self.pieces.each(texts, |piece| {
            let Ok(piece) = usize::try_from(piece) else { return };
            let begin = piece * self.dimensions;
            let row = all.get(begin..begin + self.dimensions).unwrap_or_default();
            let scale = rows.scales.get(piece).copied().unwrap_or_default();
            for (sum, component) in sum.iter_mut().zip(row) {
                *sum += f32::from(component.cast_signed()) * scale;
            }
        });
        sum
    }
}

impl Rows {
    fn of(header: &Header, file: &[u8], name: &str, pieces: usize) -> Result<(usize, Rows), Error> {
        let ((count, dimensions), place) = header.bytes(&format!("{name}.rows"))?;
        let scales = header.floats(file, &format!("{name}.scale"))?;
        if count != pieces || scales.len() != pieces || dimensions == 0 {
            let found = format!("{count} rows of {dimensions} dimensions and {} scales", scales.len());
            return Err(Error::Table(format!("{name} has {found} for a vocabulary of {pieces} pieces")));
        }
        if let Some(row) = scales.iter().position(|scale| !scale.is_finite()) {
            return Err(Error::Table(format!("the scale of row {row} of {name} is no number")));
        }
        Ok((dimensions, Rows { place, scales }))
    }
}

impl Encoder for StaticEncoder {
    fn name(&self) -> &str {
        NAME
    }

    fn digest(&self) -> &str {
        self.digest.get_or_init(|| {
            let digest = Sha256::new()
                .chain_update(&self.file)
                .chain_update(self.vocabulary_sha256)
                .chain_update(self.context_weight.to_le_bytes())
                .finalize();
            digest.iter().map(|byte| format!("{byte:02x}")).collect()
        })
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn passage(&self, context: &[&str], text: &str) -> Result<Vec<f32>, Error> {
        let mut vector = self.sum(&self.passage, &[text]);
        if self.context_weight > 0.0 {
            // Joined by full stops, as when the table was fitted.
            let joined: Vec<&str> = context.iter().flat_map(|text| [".", *text]).skip(1).collect();
            let above = self.sum(&self.passage, &joined);
            for (component, above) in vector.iter_mut().zip(above) {
                *component += self.context_weight * above;
            }
            normalise(&mut vector);
        }
        Ok(vector)
    }

    fn query(&self, text: &str) -> Result<Vec<f32>, Error> {
        Ok(self.sum(self.query.as_ref().unwrap_or(&self.passage), &[text]))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{cosine, safetensors};
    use super::*;

    const VOCABULARY: &str = "aspirin\nbleed\n##ing\nthe";
    const ROWS: [u8; 8] = [100, 0, 0, 100, 0, 50, 1, 1];
    const SCALES: [f32; 4] = [0.01, 0.01, 0.02, 0.0];

    fn bytes(scales: &[f32]) -> Vec<u8> {
        scales.iter().flat_map(|scale| scale.to_le_bytes()).collect()
    }

    fn encoder(weight: f32, more: &[(&str, &str, &[usize], &[u8])]) -> Result<StaticEncoder, Error> {
        let scales = bytes(&SCALES);
        let mut tensors =
            vec![("passage.rows", "I8", &[4, 2][..], &ROWS[..]), ("passage.scale", "F32", &[4][..], &scales[..])];
        tensors.extend_from_slice(more);
        StaticEncoder::new(safetensors::file(&tensors), VOCABULARY, weight)
    }

    #[track_caller]
    fn near(found: &[f32], expected: [f32; 2]) {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?} {expected:?}");
    }

    #[test]
    fn a_text_is_the_sum_of_its_pieces() {
        let encoder = encoder(0.0, &[]).expect("an encoder");
        let check = |text: &str, expected: [f32; 2]| near(&encoder.query(text).expect("a vector"), expected);
        check("Aspirin", [1.0, 0.0]);
        check("the aspirin", [1.0, 0.0]);
        check("bleeding", [0.0, 1.0]);
        check("aspirin bleed", [0.5f32.sqrt(), 0.5f32.sqrt()]);
        check("aspirin aspirin bleeding", [0.5f32.sqrt(), 0.5f32.sqrt()]);
        check("unheard of", [0.0, 0.0]);
        check("", [0.0, 0.0]);
    }

    #[test]
    fn a_word_keeps_its_length() {
        let encoder = encoder(0.0, &[]).expect("an encoder");
        near(&encoder.word(&["aspirin"]), [1.0, 0.0]);
        near(&encoder.word(&["bleeding", "bleed"]), [0.0, 3.0]);
        near(&encoder.word(&["unheard"]), [0.0, 0.0]);
    }

    #[test]
    fn what_stands_above_is_joined_with_its_weight() {
        let of = |weight: f32, context: &[&str], text: &str| {
            encoder(weight, &[]).expect("an encoder").passage(context, text).expect("a vector")
        };
        near(&of(0.0, &["bleed"], "aspirin"), [1.0, 0.0]);
        near(&of(0.75, &["bleed"], "aspirin"), [0.8, 0.6]);
        near(&of(0.75, &["bleed", "bleeding", "the"], "aspirin aspirin"), [0.8, 0.6]);
        near(&of(0.75, &[], "aspirin"), [1.0, 0.0]);
        near(&of(0.75, &["bleed"], ""), [0.0, 1.0]);
        near(&of(0.75, &[], ""), [0.0, 0.0]);
    }

    #[test]
    fn queries_may_have_rows_of_their_own() {
        let scales = bytes(&[1.0; 4]);
        let own: [(&str, &str, &[usize], &[u8]); 2] =
            [("query.rows", "I8", &[4, 2], &[0, 1, 1, 0, 0, 0, 0, 0]), ("query.scale", "F32", &[4], &scales)];
        let encoder = encoder(0.0, &own).expect("an encoder");
        let (query, passage) = (encoder.query("aspirin").expect("a vector"), encoder.passage(&[], "bleed"));
        near(&query, [0.0, 1.0]);
        assert_eq!(cosine(&query, &passage.expect("a vector")), 1.0);
    }

    #[test]
    fn the_digest_tells_tables_and_vocabularies_apart() {
        let scales = bytes(&SCALES);
        let of = |weight: f32, vocabulary: &'static str| {
            let tensors =
                [("passage.rows", "I8", &[4, 2][..], &ROWS[..]), ("passage.scale", "F32", &[4][..], &scales[..])];
            let file = safetensors::file(&tensors);
            StaticEncoder::new(file, vocabulary, weight).expect("an encoder").digest().to_owned()
        };
        let digest = of(0.0, VOCABULARY);
        assert!(digest.len() == 64 && digest == of(0.0, VOCABULARY), "{digest}");
        assert_ne!(digest, of(0.5, VOCABULARY));
        assert_ne!(digest, of(0.0, "aspirin\nbleed\n##er\nthe"));
    }

    #[test]
    fn a_table_that_does_not_fit_is_refused() {
        let check = |result: Result<StaticEncoder, Error>, expected: &str| {
            let error = result.expect_err("refused").to_string();
            assert!(error.contains(expected), "{error}");
        };
        for weight in [f32::NAN, -1.0, f32::INFINITY] {
            check(encoder(weight, &[]), "the weight of what stands above a passage is");
        }
        let scales = bytes(&[1.0; 4]);
        check(
            encoder(0.0, &[("query.rows", "I8", &[4, 1], &[0; 4]), ("query.scale", "F32", &[4], &scales)]),
            "rows of queries and of passages differ",
        );
        check(encoder(0.0, &[("query.rows", "I8", &[4, 2], &[0; 8])]), "tensor query.scale is missing");
        let wrong = bytes(&[1.0, f32::NAN, 1.0, 1.0]);
        check(
            encoder(0.0, &[("query.rows", "I8", &[4, 2], &[0; 8]), ("query.scale", "F32", &[4], &wrong)]),
            "the scale of row 1 of query is no number",
        );
        let file = safetensors::file(&[("passage.rows", "I8", &[4, 2], &ROWS)]);
        check(StaticEncoder::new(file, VOCABULARY, 0.0), "tensor passage.scale is missing");
        let scales = bytes(&SCALES);
        let tensors = [("passage.rows", "I8", &[4, 2][..], &ROWS[..]), ("passage.scale", "F32", &[4][..], &scales[..])];
        let file = safetensors::file(&tensors);
        check(
            StaticEncoder::new(file, "aspirin\nbleed", 0.0),
            "4 rows of 2 dimensions and 4 scales for a vocabulary of 2",
        );
        check(StaticEncoder::new(Vec::new(), VOCABULARY, 0.0), "ends within its header");
    }
}
