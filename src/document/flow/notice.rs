//! What publishers say about a page itself on every page: who runs the site, how the page was made, when it was checked,
//! whom to write to. It is no part of the guideline and would be quoted for nothing.
//!
//! Only sentences that whole families of public sites share are known here, by how they begin.

use super::super::inline::Links;
use super::{Kind, Piece};

/// How notices begin, in lower case.
const NOTICES: [&str; 18] = [
    "persons using assistive technology might not be able to fully access",
    "all mmwr html versions of articles are electronic conversions",
    "disclaimer all mmwr html versions of articles are electronic conversions",
    "**questions or messages regarding errors in formatting",
    "questions or messages regarding errors in formatting",
    "morbidity and mortality weekly report centers for disease control and prevention 1600 clifton r",
    "page converted:",
    "this page last reviewed",
    "this page last updated",
    "page last reviewed:",
    "page last updated:",
    "skip directly to",
    "to receive email updates about this page",
    // The banner of sites of the United States government.
    "an official website of the united states government",
    "official websites use .gov",
    "a .gov website belongs to an official government organization",
    "secure .gov websites use https",
    "a lock ( ) or https:// means you've safely connected",
];
/// Bytes beyond which a piece is more than a notice.
const LONGEST: usize = 900;

/// Whether a piece is about the page and not about its subject.
pub(super) fn is_notice(piece: &Piece) -> bool {
    let text = piece.run.text.trim();
    if text.len() > LONGEST || matches!(piece.kind, Kind::Table(_) | Kind::Caption | Kind::Opening | Kind::Closing(_)) {
        return false;
    }
    let start = text.split_whitespace().take(20).collect::<Vec<_>>().join(" ").to_lowercase().replace('’', "'");
    NOTICES.iter().any(|notice| start.starts_with(notice))
        || start == "department of health and human services"
        || piece.run.links != Links::Part && is_download(&start)
        || is_code(text)
}

/// `PDF [3M]`, `Article PDF`: a link to the same text in another file.
fn is_download(text: &str) -> bool {
    text.len() <= 24 && text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "pdf")
}

/// A rule of a style sheet that a program took for text.
fn is_code(text: &str) -> bool {
    text.starts_with(['.', '#', '@'])
        && text.ends_with('}')
        && text.split_once('{').is_some_and(|(_, rules)| rules.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::super::super::inline::Run;
    use super::*;

    #[test]
    fn notices_are_told_from_advice() {
        for (text, links, expected) in [
            ("Page converted: 1/1/2001", Links::Part, true),
            ("This page last reviewed 5/2/01", Links::Part, true),
            ("An official website of the  United States government", Links::Part, true),
            ("A lock ( ) or https:// means you’ve safely connected to the site.", Links::Part, true),
            (".metric-embed.mt-2 > div { display: flex; }", Links::Part, true),
            ("Department of Health and Human Services", Links::Part, true),
            ("PDF [214K]", Links::All, true),
            ("PDF [214K]", Links::Part, false),
            ("Department of Health and Human Services rules apply.", Links::Part, false),
            ("Review the page of the chart last.", Links::Part, false),
            ("#2 {the dose}", Links::Part, false),
            ("", Links::Part, false),
        ] {
            let piece = Piece::new(Kind::Paragraph, Run { text: text.to_owned(), links, ..Run::default() });
            assert_eq!(is_notice(&piece), expected, "{text}");
        }
    }
}
