//! The trail of a search as it leaves the program: what was looked for, and what made each score.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::evidence::Trace;
use crate::meaning::QueryVector;

/// The trail of a search.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TraceView {
    /// The terms that were looked for, a line a search.
    pub queries: Vec<String>,
    /// Number of versions that were searched.
    pub documents_considered: usize,
    /// What each feature of the ranking model adds to the score of each passage, in the order of the passages.
    pub ranking: Vec<RankingView>,
    /// The claim's vectors that took an installed model to make (ranker `hybrid`), so that the search can be run again where that
    /// is not installed; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vectors: Vec<QueryVectorView>,
}

/// A claim's vector by one encoder.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct QueryVectorView {
    /// Name of the encoder.
    pub encoder: String,
    /// SHA-256 of what decides the encoder's vectors.
    pub encoder_sha256: String,
    /// SHA-256 of the text that the vector was made of.
    pub text_sha256: String,
    /// Its components: numbers of 32 bits, written so that they are read back as they were.
    pub vector: Vec<f32>,
}

impl From<&QueryVector> for QueryVectorView {
    fn from(kept: &QueryVector) -> QueryVectorView {
        let QueryVector { encoder, encoder_sha256, text_sha256, vector } = kept.clone();
        QueryVectorView { encoder, encoder_sha256, text_sha256, vector }
    }
}

/// Why one passage has its score.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RankingView {
    /// The passage.
    pub passage: String,
    /// Features by name, with what each adds; rounded to 4 decimals.
    pub features: BTreeMap<&'static str, f64>,
}

impl From<&Trace> for TraceView {
    fn from(trace: &Trace) -> TraceView {
        let rounded = |(name, part): &(&'static str, f32)| (*name, (f64::from(*part) * 10_000.0).round() / 10_000.0);
        let ranking = trace
            .ranking
            .iter()
            .map(|(id, parts)| RankingView { passage: id.to_string(), features: parts.iter().map(rounded).collect() });
        TraceView {
            queries: trace.queries.clone(),
            documents_considered: trace.documents_considered,
            ranking: ranking.collect(),
            vectors: trace.vectors.iter().map(QueryVectorView::from).collect(),
        }
    }
}
