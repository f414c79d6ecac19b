//! Reads Plain.

use super::{Builder, Document, Error, Limits, Reader};

/// The Plain reader.
pub(super) struct Plain;

impl Reader for Plain {
    fn name(&self) -> &'static str {
        "plain/1"
    }

    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
        let mut builder = Builder::new(self.name(), limits);
        builder.paragraph(&String::from_utf8_lossy(bytes));
        Ok(builder.finish())
    }
}
