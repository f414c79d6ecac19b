//! Reads web pages: today's, and those of 2001 with layout tables, fonts and line breaks for paragraphs.
//!
//! The page is parsed as a browser parses it, measured once ([`survey`]), and walked once ([`walk`]) from its main
//! content; what comes out are pieces in reading order, which [`super::flow`] turns into sections. Of style sheets only those
//! within the page are read, and only for what they hide ([`style`], [`hidden`]); scripts never run, and nothing is
//! fetched: text that only exists after either is not seen.

mod content;
mod hidden;
mod look;
mod marks;
mod page;
mod style;
mod survey;
mod table;
mod walk;

use scraper::Html as Page;

use super::{Builder, DefectKind, Document, Error, Limits, Reader, charset, flow};
use crate::corpus::Format;

/// Reads HTML.
pub(super) struct Html;

impl Reader for Html {
    fn name(&self) -> &'static str {
        "html/2"
    }

    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
        if bytes.trim_ascii_start().starts_with(b"%PDF-") {
            return Err(Error::WrongFormat {
                expected: Format::Html,
                reason: "it begins as a PDF file does".to_owned(),
            });
        }
        let mut builder = Builder::new(self.name(), limits);
        let text = charset::decode(bytes, charset::declared(bytes)).report(&mut builder);
        let page = Page::parse_document(&page::prepare(&text));
        let survey = survey::Survey::of(&page.tree);
        let walked = walk::walk(&page.tree, &survey, limits);
        if let Some(title) = page::title(&page.tree, &walked.pieces) {
            builder.title(&title);
        }
        if let Some(account) = walked.hidden.account() {
            builder.defect(DefectKind::HiddenText, None, account);
        }
        if walked.references > 0 {
            let detail = format!("{} marked reference lists were left out", walked.references);
            builder.defect(DefectKind::References, None, detail);
        }
        flow::write(walked.pieces, &mut builder);
        Ok(builder.finish())
    }
}

#[cfg(test)]
mod publishers;
#[cfg(test)]
mod tests;
