//! HTML out of text: escaping, templates, and the plain page that says one thing.
//!
//! Documents are hostile. Text gets into a page only as [`Text`], links only through [`link`].

use std::fmt::{self, Display, Formatter, Write};

const NOTICE: &str = include_str!("assets/notice.html");
/// What every template names: what stands in each page's head, and the header that each shows.
const SHARED: [(&str, &str); 2] =
    [("head", include_str!("assets/head.html").trim_ascii_end()), ("shell", include_str!("assets/shell.html"))];

/// Text as an element's content or a quoted attribute's value.
pub(super) struct Text<'a>(pub(super) &'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for part in self.0.split_inclusive(['&', '<', '>', '"', '\'', '\0']) {
            let mut chars = part.chars();
            let escaped = match chars.next_back() {
                Some('&') => "&amp;",
                Some('<') => "&lt;",
                Some('>') => "&gt;",
                Some('"') => "&quot;",
                Some('\'') => "&#39;",
                Some('\0') => "\u{fffd}",
                _ => {
                    f.write_str(part)?;
                    continue;
                }
            };
            f.write_str(chars.as_str())?;
            f.write_str(escaped)?;
        }
        Ok(())
    }
}

/// A phrase as the start of a sentence, with the apostrophes of print.
pub(super) fn sentence(phrase: &str) -> String {
    let mut chars = phrase.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", chars.as_str()).replace('\'', "’")
}

/// A template with its `{{names}}` filled; values are HTML already and are not looked through again. `{{head}}` and
/// `{{shell}}` are the same on every page.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut page = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        page.push_str(before);
        let Some((name, after)) = after.split_once("}}") else { break };
        let given = values.iter().chain(&SHARED).find(|(known, _)| *known == name);
        page.push_str(given.map_or("", |(_, value)| value));
        rest = after;
    }
    page.push_str(rest);
    page
}

/// A link to another site, or the words alone where the address is none that a browser should open.
pub(super) fn link(url: &str, words: &str) -> String {
    let lower = url.trim().to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        let (url, words) = (Text(url.trim()), Text(words));
        format!("<a href=\"{url}\" target=\"_blank\" rel=\"noopener noreferrer\">{words}\u{a0}↗</a>")
    } else {
        Text(words).to_string()
    }
}

/// `n thing` or `n things`, with thin spaces in large numbers.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digits.len() > 4 {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    // Writing to a string cannot fail.
    let _ = write!(text, " {}", if n == 1 { one } else { many });
    text
}

/// A page that says one thing, and where to go from there.
pub(super) fn notice(title: &str, text: &str) -> String {
    fill(NOTICE, &[("title", &Text(title).to_string()), ("text", &Text(text).to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_place() {
        let hostile = "</p><script>alert('x' & \"y\")</script>é\0";
        let escaped = "&lt;/p&gt;&lt;script&gt;alert(&#39;x&#39; &amp; &quot;y&quot;)&lt;/script&gt;é\u{fffd}";
        assert_eq!(Text(hostile).to_string(), escaped);
        assert_eq!(Text("").to_string(), "");
    }

    #[test]
    fn values_are_not_templates() {
        assert_eq!(fill("a {{x}} b {{y}} {{z}}.", &[("x", "{{y}}"), ("y", "2")]), "a {{y}} b 2 .");
        assert!(fill("{{shell}}", &[]).contains("not for patient care."));
    }

    #[test]
    fn only_pages_are_linked() {
        assert!(
            link("https://a.example/?b=1&c=\"", "a").starts_with("<a href=\"https://a.example/?b=1&amp;c=&quot;\"")
        );
        assert_eq!(link("javascript:alert(1)", "<a>"), "&lt;a&gt;");
    }

    #[test]
    fn counts_read_well() {
        assert_eq!(count(1, "passage", "passages"), "1 passage");
        assert_eq!(count(4200, "passage", "passages"), "4200 passages");
        assert_eq!(count(1_234_567, "passage", "passages"), "1\u{202f}234\u{202f}567 passages");
    }
}
