//! What the elements of JATS, the markup of journal articles and of many guidelines, are.

use roxmltree::Node;

use super::role::Role;

/// What an element is.
pub(super) fn role(node: Node<'_, '_>) -> Role {
    match node.tag_name().name() {
        "article-title" | "book-title" if is_in(node, &["title-group", "book-title-group"]) => Role::DocumentTitle,
        "abstract" | "sec" | "app" | "glossary" | "ack" | "sub-article" | "book-part" | "response" => Role::Section,
        "title" if is_in(node, &["ref-list"]) => Role::Skip,
        "title" | "subtitle" => Role::Title,
        "label" => Role::Label,
        "p" | "attrib" | "verse-line" | "speaker" | "preformat" => Role::Paragraph,
        "boxed-text" | "disp-quote" | "statement" => Role::Boxed,
        "list" => Role::List(numbering(node.attribute("list-type"))),
        "def-list" => Role::List(None),
        "list-item" | "def" => Role::Item,
        "term" => Role::Term,
        "table-wrap" | "fig" | "fig-group" | "table-wrap-group" | "chem-struct-wrap" => Role::Figure,
        "caption" => Role::Caption,
        "table" => Role::Table,
        "fn" | "table-wrap-foot" => Role::Note,
        "xref" => mark(node.attribute("ref-type")),
        "sup" => Role::Raised,
        "sub" => Role::Lowered,
        "bold" | "b" => Role::Bold,
        "break" => Role::Break,
        "ref-list" => Role::References,
        name if is_front_matter(name) => Role::Skip,
        "front" | "body" | "back" | "article-meta" | "title-group" | "app-group" | "fn-group" | "disp-formula"
        | "record" => Role::Block,
        _ => Role::Inline,
    }
}

/// Who wrote an article, where and with whose money, and what cannot be shown as text.
fn is_front_matter(name: &str) -> bool {
    matches!(
        name,
        "journal-meta"
            | "article-id"
            | "article-categories"
            | "contrib-group"
            | "aff"
            | "author-notes"
            | "pub-date"
            | "volume"
            | "issue"
            | "issue-id"
            | "fpage"
            | "lpage"
            | "elocation-id"
            | "history"
            | "permissions"
            | "self-uri"
            | "kwd-group"
            | "funding-group"
            | "counts"
            | "custom-meta-group"
            | "related-article"
            | "related-object"
            | "trans-abstract"
            | "trans-title-group"
            | "trans-title"
            | "alt-title"
            | "fn-type"
            | "product"
            | "bio"
            | "graphic"
            | "inline-graphic"
            | "media"
            | "tex-math"
            | "alt-text"
            | "long-desc"
            | "supplementary-material"
            | "object-id"
            | "book-meta"
            | "processing-meta"
            | "header"
            | "pub-history"
            | "article-version"
            | "floats-index"
            | "conference"
            | "copyright-statement"
            | "license"
    )
}

fn mark(kind: Option<&str>) -> Role {
    match kind {
        Some("bibr" | "fn" | "table-fn" | "aff" | "author-notes" | "corresp") => Role::Mark,
        _ => Role::Inline,
    }
}

fn numbering(kind: Option<&str>) -> Option<char> {
    match kind? {
        "order" | "ordered" => Some('1'),
        "alpha-lower" => Some('a'),
        "alpha-upper" => Some('A'),
        "roman-lower" => Some('i'),
        "roman-upper" => Some('I'),
        _ => None,
    }
}

fn is_in(node: Node<'_, '_>, names: &[&str]) -> bool {
    node.parent_element().is_some_and(|parent| names.contains(&parent.tag_name().name()))
}
