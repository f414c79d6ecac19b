//! Citations that a machine can follow: links, addresses, DOIs, numbers of PubMed.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Atom, Kind, Named};
use crate::language::pattern;

static LINK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"!?\[(?P<words>\[?[^\[\]\n]*\]?)\]\(\s*<?(?P<url>(?i:https?://|www\.|//)(?:[^\s<>()]|\([^\s<>()]*\))+)>?(?:\s+["'(][^"')\n]*["')])?\s*\)"#,
    )
});
static URL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)\b(?:https?://|www\.)(?:[^\s<>()\[\]"“”`|]|\([^\s<>()]*\))+"#));
static DOI: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)(?:\bdoi:?\s*)?\b(?P<doi>10\.\d{4,9}/(?:[^\s<>()\[\]"“”`|;]|\([^\s<>()]*\))+)"#));
static PMID: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\bPMID\s?:?\s*#?(?P<pmid>\d{4,9})\b|(?:\bPMCID\s?:?\s*)?\b(?P<pmc>PMC\d{4,9})\b"));
static PUBMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)(?P<pmid>\d{4,9})|/(?P<pmc>PMC\d{4,9})\b")
});
static NICE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)nice\.org\.uk/guidance/(?P<code>[a-z]{2,4}\d{1,4})\b"));

/// Longest address.
const LONGEST: usize = 2_000;

/// The addresses of a text. Those within others are found as well; the caller joins them.
pub(super) fn atoms(text: &str) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for found in LINK.captures_iter(text) {
        let (Some(whole), Some(url), Some(words)) = (found.get(0), found.name("url"), found.name("words")) else {
            continue;
        };
        // A picture is none.
        if !whole.as_str().starts_with('!') && url.len() <= LONGEST {
            let mut named = of_url(url.as_str());
            named.words = words.as_str().trim_matches(['[', ']']).to_owned();
            named.years = super::named::years(&named.words);
            atoms.push(Atom::new(whole.range(), Kind::Link, named));
        }
    }
    for found in URL.find_iter(text) {
        let range = trimmed(text, found.range());
        let url = text.get(range.clone()).unwrap_or_default();
        if url.len() <= LONGEST && url.contains('.') {
            let named = of_url(url);
            let kind = match (&named.doi, &named.pmid) {
                (Some(_), _) if url.contains("doi.org/") => Kind::Doi,
                (_, Some(_)) => Kind::Pmid,
                _ => Kind::Url,
            };
            atoms.push(Atom::new(range, kind, named));
        }
    }
    for found in DOI.captures_iter(text) {
        let (Some(whole), Some(doi)) = (found.get(0), found.name("doi")) else { continue };
        let range = trimmed(text, whole.range());
        let doi = text.get(doi.start()..range.end).unwrap_or_default();
        atoms.push(Atom::new(range, Kind::Doi, Named { doi: Some(doi.to_lowercase()), ..Named::default() }));
    }
    for found in PMID.captures_iter(text) {
        let number = found.name("pmid").or_else(|| found.name("pmc"));
        if let (Some(whole), Some(number)) = (found.get(0), number) {
            let named = Named { pmid: Some(number.as_str().to_uppercase()), ..Named::default() };
            atoms.push(Atom::new(whole.range(), Kind::Pmid, named));
        }
    }
    atoms
}

/// What an address names by itself.
pub(super) fn of_url(url: &str) -> Named {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let doi = DOI.captures(path).and_then(|found| found.name("doi")).map(|doi| {
        let doi = doi.as_str().trim_end_matches(['/', '.']).to_lowercase();
        // Publishers put the form of the page behind it.
        ["/full", "/pdf", "/abstract", "/epdf", "/fulltext"]
            .iter()
            .fold(doi, |doi, end| doi.strip_suffix(end).map(str::to_owned).unwrap_or(doi))
    });
    let pubmed = PUBMED.captures(url);
    let pmid = pubmed.and_then(|found| Some(found.name("pmid").or_else(|| found.name("pmc"))?.as_str().to_uppercase()));
    let code = NICE.captures(url).map(|found| found["code"].to_uppercase());
    Named { doi, pmid, code, url: Some(url.to_owned()), ..Named::default() }
}

/// A range without the marks that end a sentence or an emphasis.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let words = text.get(range.clone()).unwrap_or_default();
    let kept = words.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '\'', '"', '’', '”']);
    range.start..range.start + kept.len()
}
