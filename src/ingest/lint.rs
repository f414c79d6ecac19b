//! The rules that a digest must keep before it is published.
//!
//! A digest is our own words about somebody else's guideline, so each statement must say how it is graded, whom it is
//! about and where in the original it stands, and each sidecar where and when the facts were verified.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::ReadContent;
use crate::corpus::{Corpus, Fault, Tier, Version};
use crate::document::{Block, BlockKind, Document};
use crate::passage::Direction;

/// Most sentences of one statement.
const MOST_SENTENCES: usize = 3;

/// Sites whose pages are written by a machine on demand: what stands there proves nothing.
const NO_SOURCES: [&str; 8] = [
    "droracle.ai",
    "orris.care",
    "youtubesummary.com",
    "chatgpt.com",
    "openai.com",
    "claude.ai",
    "perplexity.ai",
    "openevidence.com",
];

/// Everything that is wrong with a corpus: packs, sidecars, edges, and the form of digests. `read` is how a build reads.
pub fn lint(corpus: &Corpus, read: &ReadContent<'_>) -> Vec<Fault> {
    let mut faults = corpus.faults.clone();
    for version in corpus.versions.iter().filter(|version| version.facts.tier == Tier::Digest) {
        faults.extend(sidecar_faults(version));
        faults.extend(digest_faults(version, read));
    }
    faults.sort();
    faults
}

fn fault(path: &Path, message: impl Into<String>) -> Fault {
    Fault { path: path.to_owned(), line: None, message: message.into() }
}

fn sidecar_faults(version: &Version) -> Vec<Fault> {
    let facts = &version.facts;
    let path = version.sidecar.clone().unwrap_or_else(|| PathBuf::from(facts.id.to_string()));
    let missing = [
        ("title", facts.title.is_none()),
        ("publisher", facts.publisher.is_none()),
        ("published", facts.published.is_none()),
        ("url", facts.url.is_none()),
        ("last_checked", facts.last_checked.is_none()),
        ("grade_system", facts.grade_system.is_none()),
        ("sources", facts.sources.is_empty()),
    ];
    let mut faults: Vec<Fault> = missing
        .into_iter()
        .filter(|(_, missing)| *missing)
        .map(|(key, _)| fault(&path, format!("a digest needs `{key}`")))
        .collect();
    let sites: BTreeSet<&str> = facts.sources.iter().map(|source| site(source)).collect();
    let unfit = |site: &&&str| NO_SOURCES.iter().any(|no| *site == no || site.ends_with(&format!(".{no}")));
    faults.extend(sites.iter().filter(unfit).map(|site| fault(&path, format!("`sources`: {site} proves nothing"))));
    let publisher = facts.url.as_deref().map(site);
    if sites.len() == 1 && !publisher.is_some_and(|publisher| sites.contains(publisher)) {
        let message = "`sources` names one site that is not the publisher's: a second, independent one is needed";
        faults.push(fault(&path, message));
    }
    faults
}

/// The site of an address: its host without `www.`, and the repository where the host holds many.
fn site(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let end = match host {
        "github.com" => rest.match_indices(['/', '?', '#']).nth(2).map_or(rest.len(), |(at, _)| at),
        _ => host.len(),
    };
    rest.get(..end).unwrap_or(host)
}

fn digest_faults(version: &Version, read: &ReadContent<'_>) -> Vec<Fault> {
    let path = version.content.clone().unwrap_or_default();
    let document = match version.open() {
        Ok(Some((format, mut file))) => read(format, &mut file).map_err(|error| error.to_string()),
        Ok(None) => return Vec::new(),
        Err(error) => Err(error.to_string()),
    };
    let document = match document {
        Ok(document) => document,
        Err(reason) => return vec![fault(&path, reason)],
    };
    let source = std::fs::read_to_string(&path).unwrap_or_default();
    let mut faults = Vec::new();
    let mut expected = 1usize;
    for section in &document.sections {
        let recommends = section.path.iter().any(|heading| heading == "Recommendations");
        for block in &section.blocks {
            let text = document.text.slice_clamped(block.span);
            let line = line_of(&source, text);
            let mut say = |message: String| faults.push(Fault { path: path.clone(), line, message });
            if recommends {
                recommendation_faults(block, &mut expected, &mut say);
            } else if section.path.iter().any(|heading| heading == "Facts") && !block.attributes.contains_key("locator")
            {
                say("a fact needs a `Locator`".to_owned());
            }
            if !block.attributes.is_empty() && crate::language::sentences(text).len() > MOST_SENTENCES {
                say(format!("a statement has at most {MOST_SENTENCES} sentences"));
            }
        }
    }
    if !has_section(&document, "Recommendations") && !has_section(&document, "Facts") {
        faults.push(fault(&path, "a digest has a section \"Recommendations\" or \"Facts\""));
    }
    faults
}

fn has_section(document: &Document, name: &str) -> bool {
    document.sections.iter().any(|section| section.path.last().is_some_and(|heading| heading == name))
}

fn recommendation_faults(block: &Block, expected: &mut usize, say: &mut dyn FnMut(String)) {
    let BlockKind::ListItem { number: Some(number), .. } = &block.kind else {
        return say("a recommendation is a numbered item".to_owned());
    };
    if number.parse() != Ok(*expected) {
        say(format!("this recommendation is number {number}, and {expected} was expected"));
    }
    *expected = number.parse().unwrap_or(*expected) + 1;
    for needed in ["grade", "direction", "population", "locator"] {
        if !block.attributes.contains_key(needed) {
            say(format!("recommendation {number} needs `{}{}`", needed[..1].to_uppercase(), &needed[1..]));
        }
    }
    if let Some(direction) = block.attributes.get("direction").filter(|direction| Direction::named(direction).is_none())
    {
        say(format!("`Direction: {direction}` is none of for, against, either, insufficient"));
    }
}

/// The line of a source on which a statement begins.
fn line_of(source: &str, statement: &str) -> Option<usize> {
    let start: String = statement.chars().take(24).collect();
    let at = source.find(start.as_str())?;
    source.get(..at).map(|before| before.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_a_host_or_a_repository() {
        for (url, expected) in [
            ("https://www.cdc.gov/mmwr/x.htm?a=b", "cdc.gov"),
            ("https://github.com/one/two/blob/main/x.md", "github.com/one/two"),
            ("https://github.com/one/two", "github.com/one/two"),
            ("https://who.int", "who.int"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(site(url), expected, "{url}");
        }
    }
}
