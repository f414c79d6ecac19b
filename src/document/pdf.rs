//! Reads Pdf.

use super::{Builder, Document, Error, Limits, Reader};

/// The Pdf reader.
pub(super) struct Pdf;

impl Reader for Pdf {
    fn name(&self) -> &'static str {
        "pdf/1"
    }

    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
        let mut builder = Builder::new(self.name(), limits);
        builder.paragraph(&String::from_utf8_lossy(bytes));
        Ok(builder.finish())
    }
}
