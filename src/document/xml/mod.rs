//! Reads Xml.

use super::{Builder, Document, Error, Limits, Reader};

/// The Xml reader.
pub(super) struct Xml;

impl Reader for Xml {
    fn name(&self) -> &'static str {
        "xml/1"
    }

    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
        let mut builder = Builder::new(self.name(), limits);
        builder.paragraph(&String::from_utf8_lossy(bytes));
        Ok(builder.finish())
    }
}
