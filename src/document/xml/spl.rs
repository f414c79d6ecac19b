//! What the elements of a structured product label (HL7 SPL, the markup of drug labels) are.
//!
//! Product data (ingredients, packages, marketing acts) are no text and are left out; the highlights, which the label
//! states a second time in short, are kept as boxes.

use roxmltree::Node;

use super::role::Role;

/// The code of the boxed warning.
const BOXED_WARNING: &str = "34066-1";

/// What an element is.
pub(super) fn role(node: Node<'_, '_>) -> Role {
    let parent = node.parent_element().map_or("", |parent| parent.tag_name().name());
    match node.tag_name().name() {
        "title" if parent == "document" => Role::DocumentTitle,
        "title" => Role::Title,
        "section" => Role::Section,
        "component" | "structuredBody" | "document" | "highlight" => Role::Block,
        "excerpt" => Role::Boxed,
        "text" if is_boxed_warning(node) => Role::Boxed,
        "text" => Role::Block,
        "paragraph" => Role::Paragraph,
        "list" => {
            Role::List((node.attribute("listType") == Some("ordered")).then(|| numbering(node.attribute("styleCode"))))
        }
        "item" => Role::Item,
        "caption" if parent == "item" => Role::Label,
        "caption" => Role::Caption,
        "table" => Role::Table,
        "footnote" => Role::Note,
        "footnoteRef" => Role::Mark,
        "sup" => Role::Raised,
        "sub" => Role::Lowered,
        "br" => Role::Break,
        "content" if is_bold(node) => Role::Bold,
        "content" | "linkHtml" => Role::Inline,
        "tfoot" | "thead" | "tbody" | "tr" | "td" | "th" => Role::Block,
        _ => Role::Skip,
    }
}

fn is_bold(node: Node<'_, '_>) -> bool {
    node.attribute("styleCode").is_some_and(|style| style.to_ascii_lowercase().contains("bold"))
}

fn is_boxed_warning(text: Node<'_, '_>) -> bool {
    let code = |node: Node<'_, '_>| node.tag_name().name() == "code" && node.attribute("code") == Some(BOXED_WARNING);
    text.parent_element().is_some_and(|section| section.children().any(code))
}

fn numbering(style: Option<&str>) -> char {
    match style {
        Some("LittleAlpha") => 'a',
        Some("BigAlpha") => 'A',
        Some("LittleRoman") => 'i',
        Some("BigRoman") => 'I',
        _ => '1',
    }
}
