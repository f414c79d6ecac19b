//! What the elements of a PDQ cancer information summary (National Cancer Institute) are.

use roxmltree::Node;

use super::role::Role;

/// What an element is.
pub(super) fn role(node: Node<'_, '_>) -> Role {
    match node.tag_name().name() {
        "SummaryTitle" => Role::DocumentTitle,
        "SummarySection" => Role::Section,
        "Title" if node.parent_element().is_some_and(|parent| parent.tag_name().name() == "Table") => Role::Caption,
        "Title" => Role::Title,
        "Para" | "ProfessionalDisclaimer" => Role::Paragraph,
        "KeyPoint" | "QandASet" | "Callout" => Role::Boxed,
        "ItemizedList" => Role::List(None),
        "OrderedList" => Role::List(Some(numbering(node.attribute("Style")))),
        "ListTitle" => Role::Paragraph,
        "ListItem" => Role::Item,
        "Table" => Role::Figure,
        "TGroup" => Role::Table,
        "Caption" => Role::Caption,
        "Reference" => Role::Mark,
        "ReferenceSection" => Role::References,
        "Superscript" => Role::Raised,
        "Subscript" => Role::Lowered,
        "Strong" => Role::Bold,
        "SummaryMetaData"
        | "AltTitle"
        | "SectMetaData"
        | "PatientVersionOf"
        | "DateLastModified"
        | "DateFirstPublished"
        | "Comment"
        | "TypeOfSummaryChange" => Role::Skip,
        "Summary" | "CancerInformationSummary" => Role::Block,
        _ => Role::Inline,
    }
}

fn numbering(style: Option<&str>) -> char {
    match style {
        Some("LAlpha") => 'a',
        Some("UAlpha") => 'A',
        Some("LRoman") => 'i',
        Some("URoman") => 'I',
        _ => '1',
    }
}
