//! Reads Html.

use super::{Builder, Document, Error, Limits, Reader};

/// The Html reader.
pub(super) struct Html;

impl Reader for Html {
    fn name(&self) -> &'static str {
        "html/1"
    }

    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
        let mut builder = Builder::new(self.name(), limits);
        builder.paragraph(&String::from_utf8_lossy(bytes));
        Ok(builder.finish())
    }
}
