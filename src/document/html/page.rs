//! The page as a whole: what must be mended in its source before parsing, and what its title is.

use std::borrow::Cow;

use ego_tree::Tree;
use scraper::Node;

use super::super::flow::{Kind, Piece};

/// Elements whose content an HTML parser takes for plain text up to their end tag.
const RAW: [&str; 9] = ["title", "script", "style", "textarea", "iframe", "noscript", "xmp", "noembed", "noframes"];
/// Words beyond which a heading is no title.
const LONGEST_TITLE: usize = 45;
/// Bytes beyond which a tag loses its attributes.
const LONGEST_TAG: usize = 1 << 16;
/// Elements within each other beyond which further ones are left out.
const DEEPEST: usize = 400;

/// Elements that the source pass counts: all that nest and do not end by themselves.
const NESTING: [&str; 31] = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "big",
    "blockquote",
    "center",
    "code",
    "div",
    "em",
    "fieldset",
    "font",
    "form",
    "i",
    "label",
    "main",
    "nobr",
    "nav",
    "ol",
    "q",
    "s",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "u",
];
/// What of them parts paragraphs.
const PARTING: [&str; 11] =
    ["address", "article", "aside", "blockquote", "center", "div", "fieldset", "main", "ol", "section", "table"];

/// Source that an HTML parser reads as its author meant it, in time that grows with its length.
///
/// In XHTML `<title/>` is a whole element; to an HTML parser it opens one that swallows the rest of the page. And since
/// the parser looks through all open elements at every tag, elements nested deeper than any page nests them are left
/// out, as are the attributes of a tag that is longer than any tag.
pub(super) fn prepare(text: &str) -> Cow<'_, str> {
    let mut pass = Pass { text, out: String::new(), copied: 0, open: 0, dropped: 0 };
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('<')) {
        at = pass.tag(at + found).max(at + found + 1);
    }
    if pass.copied == 0 {
        return Cow::Borrowed(text);
    }
    pass.out.push_str(text.get(pass.copied..).unwrap_or_default());
    Cow::Owned(pass.out)
}

/// The pass over the source; what is replaced goes to `out` together with all before it.
struct Pass<'a> {
    text: &'a str,
    out: String,
    copied: usize,
    /// Elements open, and start tags that were left out.
    open: usize,
    dropped: usize,
}

impl Pass<'_> {
    /// Takes in the tag that begins here and says where to go on.
    fn tag(&mut self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        if rest.starts_with("<!--") {
            return rest.find("-->").map_or(self.text.len(), |end| at + end + 3);
        }
        let closing = rest.starts_with("</");
        let name = tag_name(rest.get(1 + usize::from(closing)..).unwrap_or_default());
        if name.is_empty() {
            return at + 1;
        }
        let end = at + tag_end(rest);
        if !closing && let Some(raw) = RAW.into_iter().find(|raw| raw.eq_ignore_ascii_case(name)) {
            return self.raw(at, end, raw);
        }
        let nesting = NESTING.into_iter().find(|known| known.eq_ignore_ascii_case(name));
        match (nesting, closing) {
            (Some(_), true) if self.dropped > 0 => {
                self.dropped -= 1;
                self.replace(at, end, "");
            }
            (Some(_), true) => self.open = self.open.saturating_sub(1),
            (Some(known), false) if self.open >= DEEPEST => {
                self.dropped += 1;
                self.replace(at, end, if PARTING.contains(&known) { "<br><br>" } else { "" });
            }
            (nesting, _) => {
                self.open += usize::from(nesting.is_some());
                if end - at > LONGEST_TAG {
                    self.replace(at, end, &format!("<{name}>"));
                }
            }
        }
        end
    }

    /// An element whose content is no markup: closed where it closes itself, and else passed over.
    fn raw(&mut self, at: usize, end: usize, name: &str) -> usize {
        let inside = self.text.get(at..end).unwrap_or_default();
        if let Some(start) = inside.strip_suffix("/>") {
            self.replace(at, end, &format!("{start}></{name}>"));
            return end;
        }
        let rest = self.text.as_bytes().get(end..).unwrap_or_default();
        let close = format!("</{name}");
        let found = rest.windows(close.len()).position(|window| window.eq_ignore_ascii_case(close.as_bytes()));
        found.map_or(self.text.len(), |found| end + found)
    }

    fn replace(&mut self, from: usize, to: usize, with: &str) {
        self.out.push_str(self.text.get(self.copied..from).unwrap_or_default());
        self.out.push_str(with);
        self.copied = to;
    }
}

fn tag_name(rest: &str) -> &str {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    rest.get(..end).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())).unwrap_or_default()
}

/// Length of the tag at the start, quoted values passed over.
fn tag_end(rest: &str) -> usize {
    let (mut quote, mut before) = (None, 0);
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            // A quote begins a value only after an equals sign.
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    rest.len()
}

/// The page's title: its only top heading, or what `<title>` says, or the first heading.
pub(super) fn title(tree: &Tree<Node>, pieces: &[Piece]) -> Option<String> {
    let short = |piece: &&Piece| piece.run.text.split_whitespace().count() <= LONGEST_TITLE;
    let mut tops = pieces.iter().filter(|piece| piece.kind == Kind::Heading(1)).filter(short);
    if let (Some(top), None) = (tops.next(), tops.next()) {
        return Some(top.run.text.clone());
    }
    let declared = declared_title(tree).filter(|title| !is_file_name(title));
    let first = || pieces.iter().filter(short).find(|piece| matches!(piece.kind, Kind::Heading(_)));
    declared.or_else(|| first().map(|piece| piece.run.text.clone()))
}

fn declared_title(tree: &Tree<Node>) -> Option<String> {
    let node = tree.nodes().find(|node| node.value().as_element().is_some_and(|element| element.name() == "title"))?;
    let text: String = node.children().filter_map(|child| child.value().as_text().map(|text| &**text)).collect();
    Some(text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}

/// `PB_Primary_care_Ch9`, `untitled-1.htm`: the name of a file, not of a guideline.
fn is_file_name(title: &str) -> bool {
    !title.contains(' ') && (title.contains(['_', '.']) || title.chars().any(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn self_closed_titles_and_scripts_are_closed() {
        assert_eq!(
            prepare("<title/><p>a</p><script src='x' />b"),
            "<title></title><p>a</p><script src='x' ></script>b"
        );
        assert_eq!(prepare("<title>x</title><br/>"), "<title>x</title><br/>");
        assert_eq!(prepare("<script>'<title/>'</script>"), "<script>'<title/>'</script>");
    }

    #[test]
    fn what_nests_too_deep_is_left_out_with_its_end() {
        let page = format!("{}x{}y", "<div>".repeat(DEEPEST + 2), "</div>".repeat(DEEPEST + 2));
        let expected = format!("{}<br><br><br><br>x{}y", "<div>".repeat(DEEPEST), "</div>".repeat(DEEPEST));
        assert_eq!(prepare(&page), expected);
    }

    #[test]
    fn a_tag_without_end_loses_its_attributes() {
        let page = format!("<p title=\"{}>\">x", "y".repeat(LONGEST_TAG));
        assert_eq!(prepare(&page), "<p>x");
    }

    #[test]
    fn names_of_files_are_no_titles() {
        assert!(is_file_name("PB_Primary_care_Ch9"));
        assert!(!is_file_name("Hypertension"));
        assert!(!is_file_name("Guideline 2.0 for adults"));
    }
}
