//! What bytes are, by the bytes themselves; what they should be, by sidecar, address and server.

use std::path::Path;

use super::Error;
use super::target::Target;
use crate::corpus::Format;

/// Bytes at the start of a file that are looked at.
pub(super) const HEAD: usize = 4 << 10;

/// Words in the title of a page that stands where a document should: what the page says is not what was asked for.
const ERROR_TITLES: &[&str] = &[
    "page not found",
    "not found",
    "404",
    "403 forbidden",
    "access denied",
    "access to this page has been denied",
    "just a moment",
    "attention required",
    "request rejected",
    "are you a robot",
    "service unavailable",
    "temporarily unavailable",
    "sign in",
    "log in",
];

/// The format that an address says: the ending of its path.
pub(super) fn of_address(target: &Target) -> Option<Format> {
    Format::of(Path::new(target.path()))
}

/// The format that a server says.
fn of_content_type(value: &str) -> Option<Format> {
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    Some(match kind.as_str() {
        "text/html" | "application/xhtml+xml" => Format::Html,
        "application/pdf" | "application/x-pdf" => Format::Pdf,
        "text/markdown" => Format::Markdown,
        "application/xml" | "text/xml" => Format::Xml,
        _ if kind.ends_with("+xml") => Format::Xml,
        _ => return None,
    })
}

/// What bytes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Html,
    Pdf,
    Xml,
    Text,
    Other(&'static str),
}

impl Look {
    fn name(self) -> &'static str {
        match self {
            Look::Html => "an HTML page",
            Look::Pdf => "a PDF",
            Look::Xml => "XML",
            Look::Text => "plain text",
            Look::Other(name) => name,
        }
    }

    fn is(self, format: Format) -> bool {
        matches!(
            (self, format),
            (Look::Html, Format::Html)
                | (Look::Pdf, Format::Pdf)
                | (Look::Xml, Format::Xml | Format::Html)
                | (Look::Text, Format::Plain | Format::Markdown)
        )
    }
}

fn look(head: &[u8]) -> Look {
    // A PDF's mark may stand within the first KiB (ISO 32000-1, Annex H).
    if head[..head.len().min(1_024)].windows(5).any(|window| window == b"%PDF-") {
        return Look::Pdf;
    }
    for (magic, name) in [
        (&b"PK\x03\x04"[..], "a ZIP archive (DOCX, EPUB, XLSX)"),
        (b"\x1f\x8b", "gzip"),
        (b"\xd0\xcf\x11\xe0", "an old Office file"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"\x7fELF", "a program"),
        (b"MZ", "a program"),
        (b"{\\rtf", "RTF"),
    ] {
        if head.starts_with(magic) {
            return Look::Other(name);
        }
    }
    if head.is_empty() {
        return Look::Other("nothing");
    }
    let utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    if head.contains(&0) && !utf16 {
        return Look::Other("binary");
    }
    let text = String::from_utf8_lossy(head).replace('\0', "").to_lowercase();
    let text = text.trim_start_matches(|c: char| c == '\u{feff}' || c == '\u{fffd}' || c.is_whitespace());
    let has = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    if text.starts_with('{') || text.starts_with('[') && text.contains("\":") {
        Look::Other("JSON")
    } else if has(&["<!doctype html", "<html", "<head", "<body"]) {
        Look::Html
    } else if text.starts_with("<?xml") || text.starts_with("<article") || text.starts_with("<!doctype") {
        Look::Xml
    } else if text.starts_with('<') {
        Look::Html
    } else {
        Look::Text
    }
}

/// The format of what came, or why it is not taken. `expected` is what the stored content or the address says.
pub(super) fn decide(expected: Option<Format>, content_type: Option<&str>, head: &[u8]) -> Result<Format, Error> {
    let look = look(head);
    let title = (look == Look::Html).then(|| error_title(head)).flatten();
    if let Some(title) = title {
        let expected = expected.map_or("a document".to_owned(), |format| format.to_string());
        return Err(Error::Type { expected, found: format!("a page called {title:?}") });
    }
    if let Some(expected) = expected {
        return if look.is(expected) { Ok(expected) } else { Err(Error::wrong_type(expected, look.name())) };
    }
    let said = content_type.and_then(of_content_type);
    if let Some(said) = said {
        return if look.is(said) { Ok(said) } else { Err(Error::wrong_type(said, look.name())) };
    }
    match look {
        Look::Html => Ok(Format::Html),
        Look::Pdf => Ok(Format::Pdf),
        Look::Xml => Ok(Format::Xml),
        Look::Text => Ok(Format::Plain),
        Look::Other(name) => Err(Error::Type { expected: "HTML, PDF, XML or text".to_owned(), found: name.to_owned() }),
    }
}

/// The title of a page that tells of an error rather than being a document.
fn error_title(head: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    // Lower case of ASCII alone keeps places in both texts the same.
    let lower = text.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title").unwrap_or(lower.len() - start);
    let title = lower[start..end].trim();
    let told = ERROR_TITLES.iter().any(|words| title.starts_with(words) || title.ends_with(words));
    told.then(|| text[start..end].trim().chars().take(80).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: Option<Format>, content_type: Option<&str>, head: &str, outcome: Result<Format, &str>) {
        let found = decide(expected, content_type, head.as_bytes()).map_err(|error| error.to_string());
        match outcome {
            Ok(format) => assert_eq!(found, Ok(format), "{head:?}"),
            Err(part) => assert!(found.as_ref().is_err_and(|error| error.contains(part)), "{head:?}: {found:?}"),
        }
    }

    #[test]
    fn bytes_must_be_what_was_expected() {
        check(Some(Format::Pdf), Some("application/pdf"), "%PDF-1.7\n", Ok(Format::Pdf));
        check(Some(Format::Pdf), Some("text/html"), "<!DOCTYPE html><p>Moved", Err("PDF was expected"));
        check(Some(Format::Pdf), Some("application/pdf"), "<html>", Err("an HTML page"));
        check(Some(Format::Html), Some("text/html"), "%PDF-1.7\n", Err("a PDF"));
        check(Some(Format::Html), None, "\u{feff}\n<!-- x --><!doctype HTML>", Ok(Format::Html));
        check(Some(Format::Html), None, "<?xml version=\"1.0\"?><html xmlns=\"x\">", Ok(Format::Html));
        check(Some(Format::Xml), None, "<?xml version=\"1.0\"?><article>", Ok(Format::Xml));
        check(Some(Format::Markdown), None, "# Title\n", Ok(Format::Markdown));
    }

    #[test]
    fn without_expectation_the_server_is_asked_and_checked() {
        check(None, Some("application/pdf; x=y"), "%PDF-1.4", Ok(Format::Pdf));
        check(None, Some("application/pdf"), "<html><p>Please log in", Err("PDF was expected"));
        check(None, Some("text/html; charset=utf-8"), "<!doctype html><title>Screening</title>", Ok(Format::Html));
        check(None, Some("application/octet-stream"), "%PDF-1.4", Ok(Format::Pdf));
        check(None, None, "PK\u{3}\u{4}", Err("ZIP"));
        check(None, None, "a\0b", Err("binary"));
        check(None, None, "", Err("nothing"));
        check(None, Some("application/json"), "{\"a\": 1}", Err("JSON"));
    }

    #[test]
    fn a_page_that_tells_of_an_error_is_no_document() {
        check(Some(Format::Html), None, "<html><title>Page Not Found | CDC</title>", Err("Page Not Found"));
        check(None, None, "<html><TITLE class=x> Just a moment... </TITLE>", Err("Just a moment"));
        check(None, None, "<html><title>Sign in", Err("Sign in"));
        check(None, None, "<html><title>What was not found in trials: a review</title>", Ok(Format::Html));
    }
}
