//! Citations as people write them, and links that open at the words.

use std::fmt::Write;

use crate::corpus::{Tier, VersionFacts};
use crate::index::Entry;
use crate::passage::{PageRef, Passage, PassageId, text_fragment};

/// `US Preventive Services Task Force. Title, 2019.`; a digest says whose words it holds.
pub fn citation(facts: &VersionFacts, passage: &Passage) -> String {
    let mut line = String::new();
    if let Some(publisher) = &facts.publisher {
        // Writing to a string cannot fail, here and below.
        let _ = write!(line, "{}. ", publisher.trim_end_matches('.'));
    }
    line.push_str(facts.title.as_deref().unwrap_or(facts.id.document().as_str()).trim_end_matches('.'));
    if let Some(published) = facts.published {
        let _ = write!(line, ", {}", published.year());
    }
    if let Some(place) = passage.place.as_deref() {
        let _ = write!(line, ", {place}");
    } else if let Some(page) = &passage.page {
        let _ = write!(line, ", p. {}", page.label.clone().unwrap_or_else(|| (page.index + 1).to_string()));
    }
    line.push('.');
    if facts.tier == Tier::Digest {
        line.push_str(" Summarised by Groundline; not the guideline's own words.");
    }
    line
}

/// Where Groundline's own reader shows the passage.
pub fn reader_link(id: &PassageId) -> String {
    format!("/r/{}#{}", id.version(), id.part())
}

/// Where the PDF that was indexed is sent, opened at a page; `None` where the version has none that may be shown.
///
/// `page=` counts the file's pages from 1, whatever is printed on them (Adobe's open parameters for PDF files; RFC 8118,
/// section 3).
pub fn original_url(entry: &Entry, page: Option<&PageRef>) -> Option<String> {
    entry.original().ok()?;
    let page = page.map(|page| format!("#page={}", page.index + 1)).unwrap_or_default();
    Some(format!("/v1/documents/{}/original{page}", entry.facts.id))
}

/// The publisher's page, opened at the passage where its words can be found there.
///
/// A digest's words stand nowhere else, so its link opens the page alone; a PDF opens at its page.
pub fn source_link(facts: &VersionFacts, passage: &Passage) -> Option<String> {
    let url = facts.url.as_deref()?.split('#').next()?;
    if facts.tier == Tier::Digest {
        return Some(url.to_owned());
    }
    if let Some(page) = &passage.page {
        let pdf = url.to_ascii_lowercase().ends_with(".pdf");
        return Some(if pdf { format!("{url}#page={}", page.index + 1) } else { url.to_owned() });
    }
    // A table row's words are joined from its cells and a list's from its items: their first line stands there as it is.
    let words = passage.text().split(['\n', '|']).next().unwrap_or_default();
    let anchor = passage.anchor.as_deref().unwrap_or_default();
    Some(format!("{url}#{anchor}{}", text_fragment(words.trim())))
}
