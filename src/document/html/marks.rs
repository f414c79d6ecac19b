//! What single elements mean for the text in them: bold, heading by class, reference mark, item number.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::Node;
use scraper::node::Element;

/// Characters beyond which raised text is no mark or exponent.
const LONGEST_RAISED: usize = 40;
/// Nodes looked at in a raised element.
const MOST_RAISED_NODES: usize = 48;

/// What a class says of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A heading of a level.
    Heading(u8),
    /// Title of a table or figure.
    Caption,
    /// Footnote.
    Note,
    /// A box.
    Box,
}

/// Whether text before, in and after the element belongs to different blocks.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// Whether an element sets its text bold.
pub(super) fn is_bold(element: &Element) -> bool {
    if matches!(element.name(), "b" | "strong" | "summary" | "th" | "legend") {
        return true;
    }
    // The name of what a button unfolds leads it as a heading does.
    if element.name() == "button" && (element.attr("aria-expanded").or(element.attr("aria-controls")).is_some()) {
        return true;
    }
    let class = element.attr("class").is_some_and(|class| {
        class.split_ascii_whitespace().any(|name| {
            let name = name.to_ascii_lowercase();
            name.contains("bold") && !name.contains("semibold-off") && !name.contains("nobold")
        })
    });
    class || element.attr("style").is_some_and(styles_bold)
}

fn styles_bold(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    let Some((_, value)) = style.split_once("font-weight") else { return false };
    let value = value.trim_start_matches([':', ' ']);
    ["bold", "600", "700", "800", "900"].iter().any(|bold| value.starts_with(bold))
}

/// What the role or the classes of a block say it is.
pub(super) fn named(element: &Element) -> Option<Named> {
    if matches!(element.attr("role"), Some("doc-footnote" | "doc-endnotes")) {
        return Some(Named::Note);
    }
    let class = element.attr("class")?.to_ascii_lowercase();
    class.split_ascii_whitespace().take(12).find_map(named_by)
}

fn named_by(name: &str) -> Option<Named> {
    let notes =
        ["tablenote", "table-note", "table-notes", "tablenotes", "tblwrap-foot", "table-wrap-foot", "table-foot"];
    if name.contains("footnote") || notes.contains(&name) {
        return Some(Named::Note);
    }
    if matches!(name, "caption" | "table-title" | "tabletitle" | "table-caption" | "figure-title" | "figure-caption") {
        return Some(Named::Caption);
    }
    if let Some(rank) = rank(name) {
        return Some(rank);
    }
    if name.starts_with("boxed-text") {
        return Some(Named::Box);
    }
    let boxed = name.split(['-', '_']).any(|part| {
        matches!(part, "box" | "callout" | "keypoint" | "keypoints" | "recommendation" | "alert" | "well" | "infobox")
    });
    let control = ["search", "check", "combo", "text", "list", "light", "flex", "shadow", "sizing", "select"];
    (boxed && !control.iter().any(|word| name.contains(word))).then_some(Named::Box)
}

/// `h2`, `head-B`, `Heading3`, `MsoHeading1`, `heading_2-caps`; `head-T` titles a table.
fn rank(name: &str) -> Option<Named> {
    let rest = ["msoheading", "heading", "head", "hd", "h"].iter().find_map(|stem| name.strip_prefix(stem))?;
    let rest = rest.trim_start_matches(['-', '_']);
    let mut chars = rest.chars();
    let first = chars.next()?;
    let ends = |next: Option<char>| next.is_none_or(|c| c.is_ascii_digit() || matches!(c, '-' | '_'));
    let lettered = name.starts_with("head") && name.contains(['-', '_']);
    match first {
        '1'..='6' if chars.next().is_none_or(|c| matches!(c, '-' | '_')) => Some(Named::Heading(first as u8 - b'0')),
        'a'..='f' if lettered && ends(chars.next()) => Some(Named::Heading(first as u8 - b'a' + 1)),
        't' if lettered && ends(chars.next()) => Some(Named::Caption),
        _ => None,
    }
}

/// Whether an element raises its text, or lowers it; `None` where it does neither.
pub(super) fn raised(node: NodeRef<'_, Node>, element: &Element) -> Option<bool> {
    match element.name() {
        "sup" => return Some(true),
        "sub" => return Some(false),
        "span" | "font" | "small" | "em" | "i" => {}
        _ => return None,
    }
    let class = element.attr("class").unwrap_or_default();
    let named = class.split_ascii_whitespace().take(12).find_map(|name| {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "sup" | "super" => Some(true),
            "sub" => Some(false),
            // Programs that lay out books put their own words before: `table-superscript`.
            _ if name.contains("superscript") => Some(true),
            _ if name.contains("subscript") => Some(false),
            _ if name.starts_with("charoverride") && is_letter_at_the_end(node) => Some(true),
            _ => None,
        }
    });
    named.or_else(|| {
        let style = element.attr("style")?.to_ascii_lowercase();
        let (_, value) = style.split_once("vertical-align")?;
        let value = value.trim_start_matches([':', ' ']);
        if value.starts_with("super") {
            Some(true)
        } else if value.starts_with("sub") {
            Some(false)
        } else {
            None
        }
    })
}

/// A single letter in a span of its own at the end of a word: `10 years<span>a</span>`.
///
/// Programs that lay out books call such a mark by a number that only their style sheet knows.
fn is_letter_at_the_end(node: NodeRef<'_, Node>) -> bool {
    let letter = short_text(node).is_some_and(|(text, _)| text.len() == 1 && matches!(text.as_bytes(), [b'a'..=b'h']));
    let before =
        node.prev_sibling().and_then(|before| before.descendants().filter_map(|node| node.value().as_text()).last());
    let glued = before.is_some_and(|text| {
        // The letter of HbA1c is set small by some.
        text.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '%')) && !text.ends_with("A1")
    });
    let after = node.next_sibling().is_none_or(|after| {
        let text = after.descendants().find_map(|node| node.value().as_text());
        text.is_some_and(|text| !text.starts_with(|c: char| c.is_alphanumeric()))
    });
    letter && glued && after
}

/// The size that a `<font>` sets: 1 to 7, where 3 is usual and `+1` is one more than that.
pub(super) fn font_size(element: &Element) -> Option<u8> {
    let size = element.attr("size").filter(|_| element.name() == "font")?.trim();
    let number: i32 = size.parse().ok()?;
    let number = if size.starts_with(['+', '-']) { number.saturating_add(3) } else { number };
    u8::try_from(number.clamp(1, 7)).ok()
}

/// Spans that style sheets set apart from what follows: the number of a recommendation, the label of a table.
pub(super) fn stands_apart(element: &Element) -> bool {
    let class = element.attr("class").unwrap_or_default();
    element.name() == "span"
        && class.split_ascii_whitespace().take(12).any(|name| {
            let name = name.to_ascii_lowercase();
            let last = name.rsplit(['-', '_']).next().unwrap_or_default();
            matches!(last, "label" | "title" | "number" | "num" | "heading" | "caption" | "grade" | "badge")
        })
}

/// Text of a raised or lowered element and whether a link to the page is in it; `None` where it is too much.
pub(super) fn short_text(node: NodeRef<'_, Node>) -> Option<(String, bool)> {
    let (mut text, mut linked, mut seen) = (String::new(), false, 0);
    for edge in node.traverse() {
        let Edge::Open(inner) = edge else { continue };
        seen += 1;
        if let Some(found) = inner.value().as_text() {
            text.push_str(found);
        }
        let element = inner.value().as_element();
        linked |= element
            .is_some_and(|element| element.name() == "a" && element.attr("href").is_some_and(|to| to.contains('#')));
        let block = element.is_some_and(|element| is_block(element.name()) || element.name() == "br");
        if seen > MOST_RAISED_NODES || text.len() > LONGEST_RAISED || block {
            return None;
        }
    }
    Some((text, linked))
}

/// Whether the markup itself calls a link a way to a reference or note, be it on this page or another.
pub(super) fn is_note_link(element: &Element) -> bool {
    let class = element.attr("class").unwrap_or_default();
    matches!(element.attr("role"), Some("doc-noteref" | "doc-biblioref"))
        || class.split_ascii_whitespace().take(12).any(|name| {
            matches!(
                name.to_ascii_lowercase().as_str(),
                "bibr" | "xref-bibr" | "xref-fn" | "footnote-ref" | "footnote-link" | "fnref" | "noteref" | "citation"
            )
        })
}

/// A link whose text is only a number or sign, to a place that is called a reference or note.
pub(super) fn is_reference_link(node: NodeRef<'_, Node>, element: &Element) -> bool {
    let Some((text, _)) = short_text(node) else { return false };
    let text = text.trim().trim_matches(['[', ']', '(', ')']);
    let number = !text.is_empty()
        && text.len() <= 12
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '-' | '–' | ' '));
    let sign = !text.is_empty() && text.chars().all(|c| matches!(c, '*' | '†' | '‡' | '§' | '¶' | '#'));
    let target = element.attr("href").unwrap_or_default().trim_start_matches('#').to_ascii_lowercase();
    let stems =
        ["ref", "bib", "cit", "cr", "b", "r", "en", "fn", "foot", "note", "_edn", "_ftn", "_ref", "_bib", "cite", "c"];
    let named = stems
        .iter()
        .any(|stem| target.strip_prefix(stem).is_some_and(|rest| rest.contains(|c: char| c.is_ascii_digit())));
    sign || number
        && (named || is_note_link(element) || target.chars().all(|c| c.is_ascii_digit()) && !target.is_empty())
}

/// A link that leads back to where the reader came from.
pub(super) fn is_way_back(node: NodeRef<'_, Node>) -> bool {
    let Some((text, _)) = short_text(node) else { return false };
    let text = text.trim().to_lowercase();
    ["return to top", "return to your place", "back to top", "top of page"].iter().any(|way| text.starts_with(way))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_that_rank_headings() {
        let cases = [
            ("head-b", Some(Named::Heading(2))),
            ("head-c2-caps", Some(Named::Heading(3))),
            ("head-t2", Some(Named::Caption)),
            ("msoheading1", Some(Named::Heading(1))),
            ("heading_3", Some(Named::Heading(3))),
            ("h4", Some(Named::Heading(4))),
            ("header", None),
            ("h-100", None),
            ("head", None),
            ("headache", None),
            ("important-box", Some(Named::Box)),
            ("search-box", None),
        ];
        for (name, expected) in cases {
            assert_eq!(named_by(name), expected, "{name}");
        }
    }
}
