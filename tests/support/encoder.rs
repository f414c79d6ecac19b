//! An encoder for tests: words are hashed to components, so that texts that share words lie close together.

use std::hash::Hasher;
use std::sync::Arc;

use groundline::meaning::{Encoder, Error, normalise};

/// Hashes words; each `edition` in another way.
#[derive(Debug)]
pub(crate) struct Hashing {
    name: String,
    digest: String,
    dimensions: usize,
    edition: u64,
    costly: bool,
}

impl Hashing {
    pub(crate) fn shared(name: &str, dimensions: usize, edition: u64) -> Arc<dyn Encoder> {
        let digest = format!("{edition:064x}");
        Arc::new(Hashing { name: name.to_owned(), digest, dimensions, edition, costly: false })
    }

    /// One that stands for an installed model.
    pub(crate) fn costly(name: &str, dimensions: usize) -> Arc<dyn Encoder> {
        let digest = format!("{:064x}", 1);
        Arc::new(Hashing { name: name.to_owned(), digest, dimensions, edition: 1, costly: true })
    }
}

impl Encoder for Hashing {
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
        self.costly
    }

    fn passage(&self, context: &[&str], text: &str) -> Result<Vec<f32>, Error> {
        self.query(&format!("{text} {}", context.join(" ")))
    }

    fn query(&self, text: &str) -> Result<Vec<f32>, Error> {
        let mut vector = vec![0.0; self.dimensions];
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            // The standard hasher with its fixed keys.
            let mut hasher = std::hash::DefaultHasher::new();
            hasher.write_u64(self.edition);
            hasher.write(word.to_lowercase().as_bytes());
            let hash = hasher.finish();
            let at = usize::try_from(hash % self.dimensions as u64).expect("a component");
            vector[at] += if hash >> 63 == 0 { 1.0 } else { -1.0 };
        }
        normalise(&mut vector);
        Ok(vector)
    }
}
