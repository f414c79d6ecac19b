//! What reads and ranks: part of every answer, and of every snapshot's name.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Error, FORMAT};
use crate::corpus::hex;
use crate::document;
use crate::lexicon::Lexicon;
use crate::meaning::Encoder;

/// How passages are ranked; each ranker needs what the one before it needs, and an encoder more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ranker {
    /// By words and numbers.
    Lexical,
    /// By those and by the vectors of the embedded table.
    Static,
    /// By those and by the vectors of an installed model.
    Hybrid,
}

impl Ranker {
    /// All of them.
    pub const ALL: [Ranker; 3] = [Ranker::Lexical, Ranker::Static, Ranker::Hybrid];

    /// Its name on the command line and in answers.
    pub fn name(self) -> &'static str {
        match self {
            Ranker::Lexical => "lexical",
            Ranker::Static => "static",
            Ranker::Hybrid => "hybrid",
        }
    }

    /// Number of encoders that it ranks with.
    fn encoders(self) -> usize {
        match self {
            Ranker::Lexical => 0,
            Ranker::Static => 1,
            Ranker::Hybrid => 2,
        }
    }
}

impl fmt::Display for Ranker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Ranker {
    type Err = String;

    fn from_str(name: &str) -> Result<Ranker, String> {
        let found = Ranker::ALL.into_iter().find(|ranker| ranker.name() == name);
        found.ok_or_else(|| format!("{name:?} is no ranker: lexical, static or hybrid"))
    }
}

/// Which encoder made the vectors of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncoderRecord {
    /// Its name.
    pub name: String,
    /// SHA-256 of everything that decides its vectors.
    pub sha256: String,
    /// Number of components of each vector.
    pub dimensions: usize,
}

impl EncoderRecord {
    /// What there is to say of an encoder.
    pub fn of(encoder: &dyn Encoder) -> EncoderRecord {
        let (name, sha256) = (encoder.name().to_owned(), encoder.digest().to_owned());
        EncoderRecord { name, sha256, dimensions: encoder.dimensions() }
    }
}

/// What reads and ranks: part of every answer, so that the same answer can be had again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// The program's version.
    pub version: String,
    /// How passages are ranked.
    pub ranker: Ranker,
    /// SHA-256 over everything that decides how documents are read, cut and indexed, and how claims are answered.
    pub config_sha256: String,
    /// The encoders whose vectors the ranker uses, the embedded one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub encoders: Vec<EncoderRecord>,
}

impl Engine {
    /// The engine with an institution's own lexicon beside ours: it reads the same snapshots and answers otherwise.
    pub fn with_lexicon(mut self, lexicon: &Lexicon) -> Engine {
        if let Some(extra) = lexicon.extra_sha256() {
            let mut hasher = Sha256::new();
            hasher.update(format!("{}\nlexicon {extra}\n", self.config_sha256));
            self.config_sha256 = hex(&hasher.finalize());
        }
        self
    }

    /// The engine of this program with a ranker and its encoders.
    pub fn of(ranker: Ranker, encoders: Vec<EncoderRecord>) -> Engine {
        let mut hasher = Sha256::new();
        hasher.update(format!("format {FORMAT}\nranker {ranker}\n"));
        for EncoderRecord { name, sha256, dimensions } in &encoders {
            hasher.update(format!("encoder {name} {sha256} {dimensions}\n"));
        }
        for reader in document::reader_names() {
            hasher.update(format!("reader {reader}\n"));
        }
        hasher.update(format!("reading {}\n", env!("GROUNDLINE_READING_FINGERPRINT")));
        let config_sha256 = hex(&hasher.finalize());
        Engine { version: env!("CARGO_PKG_VERSION").to_owned(), ranker, config_sha256, encoders }
    }

    /// Whether this program reads and ranks in the same way, where it has the same encoders.
    pub(super) fn is_of_this_program(&self) -> bool {
        self.config_sha256 == Engine::of(self.ranker, self.encoders.clone()).config_sha256
    }
}

/// How the snapshots of a store are built and asked.
#[derive(Clone, Debug)]
pub struct Ranking {
    asked: Option<Ranker>,
    encoders: Vec<Arc<dyn Encoder>>,
}

impl Ranking {
    /// A ranker, or `None` for whatever a snapshot was built for; and the encoders that there are, the embedded one first.
    pub fn new(asked: Option<Ranker>, encoders: Vec<Arc<dyn Encoder>>) -> Ranking {
        Ranking { asked, encoders }
    }

    /// By words and numbers; the vectors of a snapshot that has some are left alone.
    pub fn lexical() -> Ranking {
        Ranking::new(Some(Ranker::Lexical), Vec::new())
    }

    /// The ranker that was asked for; `None` for whatever a snapshot was built for.
    pub fn asked(&self) -> Option<Ranker> {
        self.asked
    }

    /// The ranker for a snapshot that was built for `built`.
    pub(super) fn ranker(&self, built: Ranker) -> Ranker {
        self.asked.unwrap_or(built)
    }

    /// The encoders of a ranker.
    pub(super) fn encoders(&self, ranker: Ranker) -> Result<&[Arc<dyn Encoder>], Error> {
        self.encoders.get(..ranker.encoders()).ok_or(Error::NoEncoder(ranker))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(name: &str, sha256: &str) -> EncoderRecord {
        EncoderRecord { name: name.to_owned(), sha256: sha256.to_owned(), dimensions: 256 }
    }

    #[test]
    fn engines_differ_by_ranker_and_by_encoder() {
        let engines = [
            Engine::of(Ranker::Lexical, Vec::new()),
            Engine::of(Ranker::Static, vec![record("static", "a")]),
            Engine::of(Ranker::Static, vec![record("static", "b")]),
            Engine::of(Ranker::Hybrid, vec![record("static", "a"), record("dense", "c")]),
        ];
        for (at, engine) in engines.iter().enumerate() {
            assert!(engine.is_of_this_program());
            assert_eq!(Engine::of(engine.ranker, engine.encoders.clone()), *engine);
            for other in &engines[..at] {
                assert_ne!(engine.config_sha256, other.config_sha256, "{engine:?} {other:?}");
            }
        }
        let mut other = engines[1].clone();
        other.encoders[0].sha256 = "c".to_owned();
        assert!(!other.is_of_this_program());
    }

    #[test]
    fn rankers_are_named() {
        for ranker in Ranker::ALL {
            assert_eq!(ranker.name().parse(), Ok(ranker));
            assert_eq!(serde_json::to_value(ranker).expect("JSON"), ranker.name());
        }
        assert!("magic".parse::<Ranker>().expect_err("no ranker").contains("lexical, static or hybrid"));
    }

    #[test]
    fn a_ranker_without_its_encoders_says_what_to_do() {
        let ranking = Ranking::new(None, Vec::new());
        assert_eq!(ranking.ranker(Ranker::Static), Ranker::Static);
        assert!(ranking.encoders(Ranker::Lexical).is_ok_and(<[_]>::is_empty));
        let error = ranking.encoders(Ranker::Hybrid).expect_err("no model").to_string();
        assert!(error.contains("groundline models install bge-small-en-v1.5"), "{error}");
        assert_eq!(Ranking::lexical().ranker(Ranker::Hybrid), Ranker::Lexical);
    }
}
