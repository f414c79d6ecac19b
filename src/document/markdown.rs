//! Reads Markdown.

use super::{Builder, Document, Error, Limits, Reader};

/// The Markdown reader.
pub(super) struct Markdown;

impl Reader for Markdown {
    fn name(&self) -> &'static str {
        "markdown/1"
    }

    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
        let mut builder = Builder::new(self.name(), limits);
        builder.paragraph(&String::from_utf8_lossy(bytes));
        Ok(builder.finish())
    }
}
