//! `GET /claim`: the page on which a claim is checked, with what the corpus holds.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::html::{Text, count, fill};
use crate::corpus::VersionFacts;
use crate::index::{Error, Snapshot};

const TEMPLATE: &str = include_str!("assets/home.html");
/// Publishers that are listed before the rest is counted.
const MOST_PUBLISHERS: usize = 14;

/// The page for a snapshot, or for none.
pub(super) fn page(snapshot: Result<&Snapshot, &Error>) -> String {
    match snapshot {
        Ok(snapshot) => {
            let facts: Vec<&VersionFacts> =
                snapshot.entries().filter(|entry| entry.passages() > 0).map(|entry| &entry.facts).collect();
            let publishers = options(facts.iter().filter_map(|facts| facts.publisher.as_deref()));
            let packs = options(facts.iter().filter_map(|facts| facts.pack.as_deref()));
            let values = [("publishers", publishers), ("packs", packs), ("corpus", corpus(snapshot, &facts))];
            fill(TEMPLATE, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
        }
        Err(Error::NoSnapshot(_)) => fill(TEMPLATE, &[("corpus", NO_INDEX)]),
        Err(error) => {
            tracing::error!(cause = %error, "the index cannot be opened");
            fill(TEMPLATE, &[("corpus", BROKEN)])
        }
    }
}

const NO_INDEX: &str = "<h2>There is no index yet</h2><p>Build one with <code>groundline index build</code>, then \
                        reload this page. Until then no claim can be checked.</p>";
const BROKEN: &str = "<h2>The index cannot be opened</h2><p>The server’s log says why. <code>groundline index \
                      verify</code> compares every byte of it.</p>";

fn options<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: BTreeSet<&str> = names.collect();
    let mut html = String::new();
    for name in names {
        // Writing to a string cannot fail, here and below.
        let _ = write!(html, "<option value=\"{0}\">{0}</option>", Text(name));
    }
    html
}

/// What the corpus holds: how much of whom, from when.
fn corpus(snapshot: &Snapshot, facts: &[&VersionFacts]) -> String {
    let manifest = snapshot.manifest();
    let mut publishers: BTreeMap<&str, (usize, Option<i16>, Option<i16>)> = BTreeMap::new();
    for facts in facts {
        let row = publishers.entry(facts.publisher.as_deref().unwrap_or("Publisher not stated")).or_default();
        row.0 += 1;
        if let Some(year) = facts.published.map(|published| published.year()) {
            row.1 = Some(row.1.map_or(year, |first| first.min(year)));
            row.2 = Some(row.2.map_or(year, |last| last.max(year)));
        }
    }
    let mut rows: Vec<_> = publishers.into_iter().collect();
    rows.sort_by(|a, b| b.1.0.cmp(&a.1.0).then_with(|| a.0.cmp(b.0)));
    let mut html = format!(
        "<h2>What can be asked here</h2><p>{} with {}. An answer shows what they say, word for word; whether a claim \
         is right remains your decision.</p><table><caption class=\"unseen\">Editions held, by \
         publisher</caption><thead><tr><th scope=\"col\">Publisher<th scope=\"col\">Editions<th \
         scope=\"col\">Years</thead><tbody>",
        count(manifest.versions, "guideline edition", "guideline editions"),
        count(manifest.passages, "passage", "passages"),
    );
    for (publisher, (editions, first, last)) in rows.iter().take(MOST_PUBLISHERS) {
        let _ = write!(html, "<tr><th scope=\"row\">{}<td>{editions}<td>{}", Text(publisher), years(*first, *last));
    }
    html.push_str("</tbody></table>");
    if let Some(more @ 1..) = rows.len().checked_sub(MOST_PUBLISHERS) {
        let _ = write!(html, "<p>and {}.</p>", count(more, "more publisher", "more publishers"));
    }
    let _ = write!(html, "<p class=\"quiet\">Snapshot <code>{}</code></p>", Text(&manifest.id.to_string()));
    html
}

fn years(first: Option<i16>, last: Option<i16>) -> String {
    match (first, last) {
        (Some(first), Some(last)) if first != last => format!("{first}–{last}"),
        (Some(year), _) => year.to_string(),
        _ => "–".to_owned(),
    }
}
