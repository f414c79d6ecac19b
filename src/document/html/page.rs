//! The page as a whole: what must be mended in its source before parsing, and what its title is.

use std::borrow::Cow;

use ego_tree::Tree;
use scraper::Node;

use super::super::flow::{Kind, Piece};

/// Elements whose content an HTML parser takes for plain text up to their end tag.
const RAW: [&str; 9] = ["title", "script", "style", "textarea", "iframe", "noscript", "xmp", "noembed", "noframes"];
/// Words beyond which a heading is no title.
const LONGEST_TITLE: usize = 45;
/// Characters within which a tag must end.
const LONGEST_TAG: usize = 4096;

/// Source that an HTML parser reads as its author meant it.
///
/// In XHTML `<title/>` is a whole element; to an HTML parser it opens one that swallows the rest of the page.
pub(super) fn prepare(text: &str, _depth: usize) -> Cow<'_, str> {
    let mut mended = String::new();
    let mut copied = 0;
    for (at, _) in text.match_indices('<') {
        let Some((end, name)) = self_closed_raw(text, at).filter(|_| at >= copied) else { continue };
        mended.push_str(text.get(copied..end - 2).unwrap_or_default());
        mended.push_str("></");
        mended.push_str(name);
        mended.push('>');
        copied = end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    mended.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(mended)
}

/// Where a self-closed raw-text tag that begins here ends.
fn self_closed_raw(text: &str, at: usize) -> Option<(usize, &'static str)> {
    let bytes = text.as_bytes().get(at + 1..)?;
    let name = RAW.into_iter().find(|name| {
        let found = bytes.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()));
        found && bytes.get(name.len()).is_some_and(|next| matches!(next, b'/' | b' ' | b'\n' | b'\t' | b'\r'))
    })?;
    let end = bytes.iter().take(LONGEST_TAG).position(|byte| *byte == b'>')?;
    (bytes.get(end.checked_sub(1)?) == Some(&b'/')).then_some((at + 1 + end + 1, name))
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
            prepare("<title/><p>a</p><script src='x' />b", 9),
            "<title></title><p>a</p><script src='x' ></script>b"
        );
        assert_eq!(prepare("<title>x</title><br/>", 9), "<title>x</title><br/>");
    }

    #[test]
    fn names_of_files_are_no_titles() {
        assert!(is_file_name("PB_Primary_care_Ch9"));
        assert!(!is_file_name("Hypertension"));
        assert!(!is_file_name("Guideline 2.0 for adults"));
    }
}
