//! The encoder that computes a network: BERT through `rten`, in the process.
//!
//! A text is computed by itself and on one thread. By itself, because 8-bit activations are scaled by the largest of all
//! that are computed at once, so that a vector would depend on its neighbours and on padding; on one thread, because many
//! texts are computed side by side when an index is built, and dividing each among threads as well only costs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rten::{Dimension, Model as Network, ModelOptions, NodeId, RunOptions, ThreadPool, op_registry};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Model;
use crate::corpus::hex;
use crate::meaning::{Encoder, Error, WordPiece, cosine, normalise};

/// Raised when the same files give other vectors than before: another cut of passages, another way to compute.
const EDITION: u32 = 1;
/// Most pieces of a passage with what stands above it, marks included. A passage of a guideline is a recommendation, a
/// paragraph or a row, and its point stands early; attention costs the square of the length. With abstracts cut here the
/// model gives on SciFact's test split nDCG@10 0.699 by itself; longer cuts were not compared.
const MOST_OF_PASSAGE: usize = 256;
/// Pieces that are kept for what stands above a passage where both together are too long.
const MOST_ABOVE: usize = 64;
/// How far a cosine may be off.
const TOLERANCE: f32 = 0.01;

/// A network that is ready to encode.
pub struct DenseEncoder {
    model: &'static Model,
    network: Network,
    /// Its three inputs: pieces, which of them count, which text they are of.
    inputs: [NodeId; 3],
    output: NodeId,
    pieces: WordPiece,
    /// Marks around a text.
    begin: u32,
    end: u32,
    digest: String,
    /// Threads that compute, each in a pool of its own, as many as were ever needed at once.
    idle: Mutex<Vec<Arc<ThreadPool>>>,
}

impl fmt::Debug for DenseEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DenseEncoder").field("model", &self.model.name).finish_non_exhaustive()
    }
}

/// The part of `tokenizer.json` that is read; how texts are cut is BERT's way, as [`WordPiece`] does it.
#[derive(Deserialize)]
struct Tokenizer {
    model: Vocabulary,
}

#[derive(Deserialize)]
struct Vocabulary {
    #[serde(rename = "type")]
    kind: String,
    unk_token: String,
    vocab: BTreeMap<String, u32>,
}

impl DenseEncoder {
    /// Takes a model's two files, which must be those of the registry.
    ///
    /// # Errors
    /// [`Error::Model`] where a file is not in its form.
    pub(super) fn new(model: &'static Model, network: Vec<u8>, tokenizer: &[u8]) -> Result<DenseEncoder, Error> {
        let wrong = |reason: String| Error::Model { encoder: model.name.to_owned(), reason };
        let pieces = vocabulary(tokenizer).map_err(wrong)?;
        let mark = |name: &str| pieces.number(name).ok_or_else(|| wrong(format!("its vocabulary has no {name}")));
        let (begin, end) = (mark("[CLS]")?, mark("[SEP]")?);
        // Packed once, not at each inference: a quarter less time for some more memory.
        let network = options().prepack_weights(true).load(network).map_err(|error| wrong(error.to_string()))?;
        let node = |name: &str| network.node_id(name).map_err(|error| wrong(format!("{name}: {error}")));
        let inputs = [node("input_ids")?, node("attention_mask")?, node("token_type_ids")?];
        let output = node("last_hidden_state")?;
        let size = network.node_info(output).and_then(|info| info.shape()).and_then(|shape| shape.last().cloned());
        if let Some(Dimension::Fixed(found)) = size
            && found != model.dimensions
        {
            return Err(wrong(format!("it gives {found} components instead of {}", model.dimensions)));
        }
        let digest = Sha256::new()
            .chain_update(format!("{EDITION} {} {}\n", model.network.sha256, model.tokenizer.sha256))
            .chain_update(format!("{} {MOST_OF_PASSAGE} {MOST_ABOVE}\n", model.most_pieces))
            .chain_update(model.query_prefix)
            .finalize();
        let (digest, idle) = (hex(&digest), Mutex::default());
        Ok(DenseEncoder { model, network, inputs, output, pieces, begin, end, digest, idle })
    }

    /// Compares what it computes with what it should.
    ///
    /// # Errors
    /// [`Error::SelfTest`] where a cosine is off.
    pub fn self_test(&self) -> Result<(), Error> {
        for expected in self.model.fixture {
            let found = cosine(&self.query(expected.query)?, &self.passage(&[], expected.passage)?);
            // Said this way round, a cosine that is no number is wrong too.
            let near = (found - expected.cosine).abs() <= TOLERANCE;
            if !near {
                let reason = format!("the cosine of two texts is {found:.3} instead of {:.3}", expected.cosine);
                return Err(Error::SelfTest { encoder: self.model.name.to_owned(), reason });
            }
        }
        Ok(())
    }

    /// The pieces of a text, at most `limit`.
    fn cut(&self, texts: &[&str], limit: usize) -> Vec<u32> {
        let mut found = Vec::new();
        self.pieces.each(texts, |piece| found.push(piece));
        found.truncate(limit);
        found
    }

    /// The pieces of a passage below what stands above it.
    pub(super) fn of_passage(&self, context: &[&str], text: &str) -> Vec<u32> {
        let room = MOST_OF_PASSAGE.min(self.model.most_pieces) - 2;
        let own = self.cut(&[text], room);
        let left = (room - own.len()).max(MOST_ABOVE);
        let above = context.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        let above: Vec<Vec<u32>> = above.map(|text| self.cut(&[text, stop(text)], left)).collect();
        let mut found = chosen(above, left);
        found.extend(own);
        found.truncate(room);
        found
    }

    /// The vector of pieces.
    fn encode(&self, pieces: &[u32]) -> Result<Vec<f32>, Error> {
        let failed = |reason: String| Error::Encoding { encoder: self.model.name.to_owned(), reason };
        let marked = std::iter::once(self.begin).chain(pieces.iter().copied()).chain([self.end]);
        let ids =
            marked.map(i32::try_from).collect::<Result<Vec<i32>, _>>().map_err(|error| failed(error.to_string()))?;
        let row = |values: Vec<i32>| NdTensor::from_data([1, values.len()], values);
        let (mask, kinds) = (row(vec![1; ids.len()]), row(vec![0; ids.len()]));
        let [first, second, third] = self.inputs;
        let inputs = vec![(first, row(ids).into()), (second, mask.into()), (third, kinds.into())];
        let pool = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let pool = pool.unwrap_or_else(|| Arc::new(ThreadPool::with_num_threads(1)));
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&pool)));
        let outcome = self.network.run(inputs, &[self.output], Some(options));
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(pool);
        let output = outcome.map_err(|error| failed(error.to_string()))?.into_iter().next();
        let output = output.ok_or_else(|| failed("the network gave nothing".to_owned()))?;
        let states: NdTensorView<'_, f32, 3> =
            output.as_view().try_into().map_err(|_| failed("the network gave no vectors".to_owned()))?;
        let [texts, positions, dimensions] = states.shape();
        if texts != 1 || positions == 0 || dimensions != self.model.dimensions {
            return Err(failed(format!("the network gave {texts} × {positions} × {dimensions} numbers")));
        }
        let mut vector = states.slice((0, 0)).to_vec();
        if !vector.iter().all(|component| component.is_finite()) {
            return Err(failed("the network gave what is no number".to_owned()));
        }
        normalise(&mut vector);
        Ok(vector)
    }
}

/// The operators of the models that are known, and no others: what is not named here is not in the program.
fn options() -> ModelOptions {
    ModelOptions::with_ops(op_registry!(
        Add,
        Cast,
        Concat,
        DequantizeLinear,
        Div,
        DynamicQuantizeLinear,
        Erf,
        Gather,
        MatMul,
        MatMulInteger,
        Mul,
        Pow,
        ReduceMean,
        Reshape,
        Shape,
        Slice,
        Softmax,
        Sqrt,
        Sub,
        Transpose,
        Unsqueeze
    ))
}

fn vocabulary(tokenizer: &[u8]) -> Result<WordPiece, String> {
    let unreadable = |error: serde_json::Error| format!("its vocabulary is unreadable: {error}");
    let Tokenizer { model } = serde_json::from_slice(tokenizer).map_err(unreadable)?;
    if model.kind != "WordPiece" {
        return Err(format!("its vocabulary is of kind {:.40} and not WordPiece", model.kind));
    }
    let mut pieces: Vec<(u32, String)> = model.vocab.into_iter().map(|(piece, number)| (number, piece)).collect();
    pieces.sort_unstable();
    if (0..).zip(&pieces).any(|(at, (number, _))| at != *number) {
        return Err("the pieces of its vocabulary are not numbered from 0 upwards".to_owned());
    }
    let pieces =
        WordPiece::of(pieces.into_iter().map(|(_, piece)| Cow::Owned(piece))).map_err(|error| error.to_string())?;
    let unknown = pieces.number(&model.unk_token).ok_or_else(|| format!("it has no {:.40}", model.unk_token))?;
    Ok(pieces.giving_unknown(unknown))
}

/// What ends a title or heading, so that it does not run into the text.
fn stop(text: &str) -> &'static str {
    if text.ends_with(['.', ':', ';', '?', '!']) { "" } else { "." }
}

/// As much of what stands above a passage as there is room for, in its order. The outermost names the subject and the
/// innermost the case, so those come first, then the others from within; the last one that fits is cut.
fn chosen(mut above: Vec<Vec<u32>>, mut room: usize) -> Vec<u32> {
    let outermost = (!above.is_empty()).then_some(0);
    for at in outermost.into_iter().chain((1..above.len()).rev()) {
        if let Some(pieces) = above.get_mut(at) {
            pieces.truncate(room);
            room -= pieces.len();
        }
    }
    above.concat()
}

impl Encoder for DenseEncoder {
    fn name(&self) -> &str {
        self.model.name
    }

    fn digest(&self) -> &str {
        &self.digest
    }

    fn dimensions(&self) -> usize {
        self.model.dimensions
    }

    fn is_costly(&self) -> bool {
        true
    }

    fn passage(&self, context: &[&str], text: &str) -> Result<Vec<f32>, Error> {
        self.encode(&self.of_passage(context, text))
    }

    fn query(&self, text: &str) -> Result<Vec<f32>, Error> {
        self.encode(&self.cut(&[self.model.query_prefix, text], self.model.most_pieces - 2))
    }
}
