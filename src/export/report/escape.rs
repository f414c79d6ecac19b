//! Text as HTML text: the one way from a stranger's words into the page.

use std::fmt::Write;

/// The text for an element or a quoted attribute of HTML or XML.
///
/// Beside the five characters of markup, control characters and those that turn the direction of writing (Unicode
/// Standard Annex 9) are taken out and named, `⟦U+202E⟧`: on paper that is signed, words must stand in the order that they
/// are read in.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(letter),
            '\r' => {}
            _ if letter.is_control()
                || matches!(letter, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}') =>
            {
                let _ = write!(out, "⟦U+{:04X}⟧", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out
}

/// The address for an `href`, where it is one of the web; anything else is no link.
pub(crate) fn href(url: &str) -> Option<String> {
    let web = ["https://", "http://"].iter().any(|scheme| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && url.len() > scheme.len()
    });
    (web && !url.chars().any(|letter| letter.is_control() || letter.is_whitespace())).then(|| escape(url))
}

/// The host of an address, for people to see where a link leads.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default().trim_start_matches("www.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        assert_eq!(escape("<a href=\"x\" id='y'>&"), "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;");
        assert_eq!(
            escape("a\u{0}\u{7f}\u{9b}\u{202E}\u{2066}b\r\n\tc"),
            "a⟦U+0000⟧⟦U+007F⟧⟦U+009B⟧⟦U+202E⟧⟦U+2066⟧b\n\tc"
        );
        assert_eq!(escape("é 𝒜 👩‍⚕️ ≥ “q”"), "é 𝒜 👩‍⚕️ ≥ “q”");
    }

    #[test]
    fn only_the_web_is_linked() {
        for url in [
            "javascript:alert(1)",
            "JAVASCRIPT:x",
            "data:text/html,x",
            " https://e.org",
            "https://e.org/\nx",
            "https://",
            "//e.org",
            "é",
        ] {
            assert_eq!(href(url), None, "{url}");
        }
        assert_eq!(href("https://e.org/?a=1&b=\"").as_deref(), Some("https://e.org/?a=1&amp;b=&quot;"));
    }

    #[test]
    fn the_host_is_the_one_that_is_reached() {
        assert_eq!(host("https://www.e.org/a#b"), "e.org");
        assert_eq!(host("https://good.org@evil.org/"), "evil.org");
        assert_eq!(host("https://evil.org\\@good.org/"), "evil.org");
    }
}
