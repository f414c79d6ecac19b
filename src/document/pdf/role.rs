//! What a block of a tagged file is, by its standard role and by the name that its author's style gave it.
//!
//! Programs for layout map every style to "P" unless somebody cared; the style's name ("Heading_2", "Table_Caption") then
//! still tells what the standard role does not.

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A heading, with its level where the file gives one.
    Heading(Option<u8>),
    Text,
    Item,
    Caption,
    Footnote,
    /// A line of a table of contents.
    Contents,
    /// Text in a figure, or a table that does not stand as it is tagged: read as it is laid out.
    Layout,
}

/// The role of an element that is a block of its own; `None` where its content belongs to the block around it.
///
/// `alone`: there is no block around it.
pub(super) fn role(standard: &[u8], name: &[u8], alone: bool) -> Option<Role> {
    Some(match standard {
        b"H" => Role::Heading(None),
        b"Title" => Role::Heading(Some(1)),
        [b'H', level @ b'1'..=b'6'] => Role::Heading(Some(level - b'0')),
        b"P" => named(&String::from_utf8_lossy(name).to_lowercase()),
        b"LI" => Role::Item,
        b"Caption" => Role::Caption,
        b"Note" | b"FENote" => Role::Footnote,
        b"TOC" | b"TOCI" => Role::Contents,
        b"Figure" => Role::Layout,
        b"BlockQuote" | b"Code" | b"Index" | b"Aside" => Role::Text,
        // Content that no paragraph holds.
        _ if alone => Role::Text,
        b"Sect" | b"Div" | b"Art" | b"Part" | b"NonStruct" | b"L" => Role::Text,
        _ => return None,
    })
}

/// What a paragraph is by the name of its style, in lower case.
fn named(style: &str) -> Role {
    let has = |part: &str| style.contains(part);
    if has("caption") || has("title") && (has("figure") || has("table") || has("box")) {
        return Role::Caption;
    }
    if has("footnote") {
        return Role::Footnote;
    }
    let of_a_part = has("table") || has("row") || has("column") || has("running") || has("box") || has("subhead");
    if has("head") && !of_a_part {
        return Role::Heading(level(style));
    }
    Role::Text
}

/// The level in a style's name: its last number that can be one, or a letter that leads it ("b_header").
fn level(style: &str) -> Option<u8> {
    let mut numbers = style.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse::<u8>().ok());
    let number = numbers.rfind(|number| (1..=6).contains(number));
    number.or_else(|| match style.as_bytes() {
        [letter @ b'a'..=b'f', b'_', ..] => Some(letter - b'a' + 1),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: Role) {
        assert_eq!(role(b"P", name.as_bytes(), false), Some(expected), "{name}");
    }

    #[test]
    fn the_names_of_styles_tell_what_paragraphs_are() {
        check("headings_12pt_2", Role::Heading(Some(2)));
        check("heading_1_NO_number", Role::Heading(Some(1)));
        check("D_HEADER", Role::Heading(Some(4)));
        check("CHAPTER_HEADINGS", Role::Heading(None));
        check("Table_column_heading", Role::Text);
        check("running_head", Role::Text);
        check("Figure_Title_style", Role::Caption);
        check("Table__Footnote", Role::Footnote);
        check("BODY_10pt", Role::Text);
    }

    #[test]
    fn inline_elements_belong_to_the_block_around_them() {
        assert_eq!(role(b"Span", b"Span", false), None);
        assert_eq!(role(b"Link", b"Link", true), Some(Role::Text));
        assert_eq!(role(b"H3", b"H3", false), Some(Role::Heading(Some(3))));
    }
}
