//! Reads XML of three kinds: JATS articles, structured product labels and PDQ cancer information summaries.
//!
//! Each dialect says what its elements are ([`Role`]); one walk turns any of them into pieces. Other XML is refused by
//! the name of its root: text without known structure would be cited from the wrong places. DTDs are not fetched;
//! entities that HTML knows are understood without them.

mod entities;
mod jats;
mod pdq;
mod role;
mod spl;
mod table;
mod walk;

use roxmltree::{Node, ParsingOptions};

use super::{Builder, DefectKind, Document, Error, Limits, Reader, charset, flow};
use crate::corpus::Format;
use role::Role;

/// Nodes beyond which a file is refused; the parser keeps all of them in memory.
const MOST_NODES: u32 = 20_000_000;

/// Reads XML.
pub(super) struct Xml;

impl Reader for Xml {
    fn name(&self) -> &'static str {
        "xml/2"
    }

    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
        if bytes.trim_ascii_start().starts_with(b"%PDF-") {
            return Err(wrong("it begins as a PDF file does".to_owned()));
        }
        let mut builder = Builder::new(self.name(), limits);
        let text = charset::decode(bytes, charset::declared(bytes)).report(&mut builder);
        let text = text.trim_start();
        let expanded = entities::expanded_length(text);
        if expanded > limits.bytes {
            return Err(Error::TooLarge {
                what: "the text of its entities in bytes".to_owned(),
                found: expanded,
                limit: limits.bytes,
            });
        }
        let repaired;
        let tree = match parse(text) {
            Err(roxmltree::Error::UnknownEntityReference(..)) => {
                repaired = entities::spelled_out(text);
                parse(&repaired)
            }
            other => other,
        };
        let tree = tree.map_err(|error| Error::Damaged { format: Format::Xml, reason: error.to_string() })?;
        let root = tree.root_element();
        let dialect = dialect(root)?;
        let walked = walk::walk(root, dialect, limits);
        if let Some(title) = &walked.title {
            builder.title(title);
        }
        if walked.references > 0 {
            let detail = format!("{} marked reference lists were left out", walked.references);
            builder.defect(DefectKind::References, None, detail);
        }
        flow::write(walked.pieces, &mut builder);
        Ok(builder.finish())
    }
}

/// What the elements of a dialect are.
type Dialect = fn(Node<'_, '_>) -> Role;

fn dialect(root: Node<'_, '_>) -> Result<Dialect, Error> {
    match (root.tag_name().name(), root.tag_name().namespace()) {
        ("article" | "book" | "book-part", _) => Ok(jats::role),
        ("pmc-articleset" | "OAI-PMH", _) => Ok(jats::role),
        ("document", Some("urn:hl7-org:v3")) => Ok(spl::role),
        ("Summary" | "CancerInformationSummary", _) => Ok(pdq::role),
        (name, _) => Err(wrong(format!("its root is <{name}>, which is no known kind of guideline or label"))),
    }
}

fn wrong(reason: String) -> Error {
    Error::WrongFormat { expected: Format::Xml, reason }
}

fn parse(text: &str) -> Result<roxmltree::Document<'_>, roxmltree::Error> {
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    roxmltree::Document::parse_with_options(text, options)
}

#[cfg(test)]
mod tests;
