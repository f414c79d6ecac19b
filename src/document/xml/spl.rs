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
        "section" => section(node),
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

/// A section; where it has no title, its code says what it is about.
fn section(node: Node<'_, '_>) -> Role {
    let is = |name: &'static str| move |child: &Node<'_, '_>| child.tag_name().name() == name;
    let title = node.children().filter(is("title")).flat_map(|title| title.descendants());
    if title.filter_map(|inner| inner.text()).any(|text| text.contains(char::is_alphanumeric)) {
        return Role::Section;
    }
    let code = node.children().find(is("code")).and_then(|code| code.attribute("code"));
    code.and_then(name_of).map_or(Role::Section, Role::Coded)
}

/// The name of a section by its LOINC code, as the format's own list of section headings has it.
fn name_of(code: &str) -> Option<&'static str> {
    let known = SECTIONS.iter().find(|(known, _)| *known == code);
    known.map(|(_, name)| *name)
}

const SECTIONS: [(&str, &str); 40] = [
    (BOXED_WARNING, "Boxed warning"),
    ("43683-2", "Recent major changes"),
    ("34067-9", "Indications and usage"),
    ("34068-7", "Dosage and administration"),
    ("43678-2", "Dosage forms and strengths"),
    ("34070-3", "Contraindications"),
    ("43685-7", "Warnings and precautions"),
    ("34071-1", "Warnings"),
    ("42232-9", "Precautions"),
    ("34072-9", "General precautions"),
    ("34084-4", "Adverse reactions"),
    ("34073-7", "Drug interactions"),
    ("34074-5", "Drug and laboratory test interactions"),
    ("43684-0", "Use in specific populations"),
    ("42228-7", "Pregnancy"),
    ("77290-5", "Lactation"),
    ("34080-2", "Nursing mothers"),
    ("77291-3", "Females and males of reproductive potential"),
    ("34079-4", "Labor and delivery"),
    ("34081-0", "Pediatric use"),
    ("34082-8", "Geriatric use"),
    ("42227-9", "Drug abuse and dependence"),
    ("34085-1", "Controlled substance"),
    ("34086-9", "Abuse"),
    ("34087-7", "Dependence"),
    ("34088-5", "Overdosage"),
    ("34089-3", "Description"),
    ("34090-1", "Clinical pharmacology"),
    ("43679-0", "Mechanism of action"),
    ("43681-6", "Pharmacodynamics"),
    ("43682-4", "Pharmacokinetics"),
    ("43680-8", "Nonclinical toxicology"),
    ("34083-6", "Carcinogenesis, mutagenesis, impairment of fertility"),
    ("34092-7", "Clinical studies"),
    ("34093-5", "References"),
    ("34069-5", "How supplied"),
    ("44425-7", "Storage and handling"),
    ("34076-0", "Information for patients"),
    ("42231-1", "Medication guide"),
    ("51945-4", "Package label: principal display panel"),
];

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
