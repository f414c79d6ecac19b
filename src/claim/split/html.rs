//! Remnants of HTML in a response: which tags end a line, and what stands between the tags of a raw block.

use std::ops::Range;

/// Tags that end a line.
const LINE_TAGS: &[&str] = &[
    "br",
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "thead",
    "tbody",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "blockquote",
    "section",
    "article",
    "details",
    "summary",
    "dl",
    "dt",
    "dd",
    "center",
    "pre",
];
/// Tags whose content nobody sees.
const UNSEEN: &[&str] = &["script", "style", "head", "template"];
/// Longest tag, in bytes: a `<` without its `>` within these is text.
const LONGEST_TAG: usize = 500;

/// Whether a tag ends the line that it stands in.
pub(super) fn breaks_line(tag: &str) -> bool {
    LINE_TAGS.contains(&name(tag).as_str())
}

/// The name of a tag, in lower case.
fn name(tag: &str) -> String {
    let tag = tag.trim_start_matches('<').trim_start_matches('/');
    tag.chars().take_while(char::is_ascii_alphanumeric).take(12).collect::<String>().to_ascii_lowercase()
}

/// Byte ranges of the texts between the tags of a raw block; tags within a line stay in them.
pub(super) fn texts(block: &str) -> Vec<Range<usize>> {
    let (mut found, mut from, mut at) = (Vec::new(), 0, 0);
    while let Some(open) = block.get(at..).and_then(|rest| rest.find('<')).map(|open| at + open) {
        let Some((end, ends_text)) = tag_at(block, open) else {
            at = open + 1;
            continue;
        };
        if ends_text {
            found.push(from..open);
            from = end;
        }
        at = end;
    }
    found.push(from..block.len());
    found.retain(|range| block.get(range.clone()).is_some_and(|text| !text.trim().is_empty()));
    found
}

/// Byte ranges of what stands between all tags of a text, those within a line too.
pub(super) fn gaps(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut from, mut at) = (Vec::new(), 0, 0);
    while let Some(open) = text.get(at..).and_then(|rest| rest.find('<')).map(|open| at + open) {
        match tag_at(text, open) {
            Some((end, _)) => {
                found.push(from..open);
                (from, at) = (end, end);
            }
            None => at = open + 1,
        }
    }
    found.push(from..text.len());
    found.retain(|range| !range.is_empty());
    found
}

/// Where the tag or comment that begins at `open` ends, and whether it parts what stands before it from what follows.
fn tag_at(block: &str, open: usize) -> Option<(usize, bool)> {
    let rest = block.get(open..)?;
    if rest.starts_with("<!--") {
        return Some((rest.find("-->").map_or(block.len(), |end| open + end + 3), true));
    }
    if !rest.starts_with("</") && !rest.get(1..2).is_some_and(|c| c.starts_with(|c: char| c.is_ascii_alphabetic())) {
        return None;
    }
    let length = rest.bytes().take(LONGEST_TAG).position(|byte| byte == b'>')? + 1;
    let name = name(rest);
    if UNSEEN.contains(&name.as_str()) && !rest.starts_with("</") {
        let close = rest.find(&format!("</{name}")).unwrap_or(rest.len());
        let after = rest.get(close..).and_then(|rest| rest.find('>')).map_or(rest.len(), |end| close + end + 1);
        return Some((open + after, true));
    }
    Some((open + length, LINE_TAGS.contains(&name.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_tags_is_found() {
        let block = "<div><p>Take 5 <b>mg</b>.</p><!-- no --><style>x{}</style>\n<td>If a < b</td></div>";
        let found: Vec<&str> = texts(block).into_iter().map(|range| &block[range]).collect();
        assert_eq!(found, ["Take 5 <b>mg</b>.", "\n<td>If a < b</td>"]);
        let inner: Vec<&str> =
            gaps("Take <b>5 mg</b>, if a < b").into_iter().map(|range| &"Take <b>5 mg</b>, if a < b"[range]).collect();
        assert_eq!(inner, ["Take ", "5 mg", ", if a < b"]);
        assert!(breaks_line("<BR/>") && breaks_line("</p >") && !breaks_line("<b>"));
    }

    #[test]
    fn an_endless_tag_is_text() {
        assert_eq!(texts(&"<a ".repeat(50_000)).len(), 1);
        assert_eq!(texts(&"<script>".repeat(20_000)).len(), 0);
    }
}
