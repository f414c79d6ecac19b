//! Shows a document as lines, for the readers' tests: `path/path | kind | text`.

use super::{Block, BlockKind, Document};

/// One line a block; what introduces an item or names a row stands in parentheses after the kind.
pub(super) fn outline(document: &Document) -> String {
    let mut lines = Vec::new();
    for (at, section) in document.sections.iter().enumerate() {
        let path = section.path.join("/");
        let continued = document.sections.get(at + 1).is_some_and(|next| next.path.starts_with(&section.path));
        if section.blocks.is_empty() && !continued {
            lines.push(format!("{path} | h |"));
        }
        for block in &section.blocks {
            let text = document.text.slice(block.span).unwrap_or("(outside the text)");
            lines.push(format!("{path} | {} | {text}{}", kind(document, block), attributes(block)));
        }
    }
    lines.join("\n")
}

fn kind(document: &Document, block: &Block) -> String {
    let (name, about) = match &block.kind {
        BlockKind::Paragraph => ("p".to_owned(), None),
        BlockKind::Boxed => ("box".to_owned(), None),
        BlockKind::ListItem { number: Some(number), intro } => (format!("li {number}"), *intro),
        BlockKind::ListItem { number: None, intro } => ("li".to_owned(), *intro),
        BlockKind::TableRow { caption } => ("row".to_owned(), *caption),
        BlockKind::Caption => ("caption".to_owned(), None),
        BlockKind::Footnote => ("note".to_owned(), None),
    };
    match about.and_then(|span| document.text.slice(span)) {
        Some(about) => format!("{name} ({about})"),
        None => name,
    }
}

fn attributes(block: &Block) -> String {
    block.attributes.iter().map(|(name, value)| format!(" [{name}: {value}]")).collect()
}
