//! `GET /r/{document}@{version}`: the whole stored text of one edition, each passage at an address of its own.

use std::fmt::Write;

use axum::http::StatusCode;

use super::Page;
use super::html::{self, Text, fill, link};
use crate::corpus::VersionId;
use crate::index::{Error, Snapshot};
use crate::view::document::DocumentView;
use crate::view::reader::{BlockView, Held, NoteView, ReaderView, RunView, SectionView};

const TEMPLATE: &str = include_str!("assets/reader.html");

/// The page of the edition with this id, or one that says that there is none.
pub(super) fn page(snapshot: &Snapshot, version: &str) -> Result<Page, Error> {
    let view = match version.parse::<VersionId>() {
        Ok(id) => ReaderView::of(snapshot, &id)?,
        Err(_) => None,
    };
    let Some(view) = view else { return Ok(unknown()) };
    let document = &view.document;
    let title = document.title.as_deref().unwrap_or(&document.id);
    let sections = sections(&view, title);
    let depths = depths(sections);
    let values = [
        ("title", Text(title).to_string()),
        ("facts", facts(document)),
        ("edition", edition(&view)),
        (
            "notice",
            view.notice
                .map(|notice| format!("<p class=\"notice\">{}</p>", Text(&notice.replace('\'', "’"))))
                .unwrap_or_default(),
        ),
        ("source", source(&view)),
        ("outline", outline(sections, &depths)),
        ("text", text(&view, sections, &depths)),
    ];
    Ok(Page::ok(fill(TEMPLATE, &values.each_ref().map(|(name, value)| (*name, value.as_str())))))
}

/// The page that says that there is no such edition.
pub(super) fn unknown() -> Page {
    let text = "This corpus holds no edition with this name. A name is a document and its edition, as in \
                uspstf-aaa@2019; it may have been left out of the corpus since the link was made.";
    Page { status: StatusCode::NOT_FOUND, html: html::notice("No such edition here", text) }
}

/// The sections to show; a first heading that only repeats the title is left to the title.
fn sections<'a>(view: &'a ReaderView, title: &str) -> &'a [SectionView] {
    let Held::Whole { sections } = &view.text else { return &[] };
    match sections.split_first() {
        Some((first, rest))
            if first.blocks.is_empty()
                && first.heading.as_deref().is_some_and(|heading| heading.eq_ignore_ascii_case(title)) =>
        {
            rest
        }
        _ => sections,
    }
}

/// Publisher, year and the like on one line.
fn facts(document: &DocumentView) -> String {
    let year = document.published.clone();
    let parts = [&document.publisher, &year, &document.jurisdiction].into_iter().flatten();
    let parts: Vec<String> = parts.map(|part| Text(part).to_string()).collect();
    parts.join(" <span aria-hidden=\"true\">·</span> ")
}

/// Whether this is the edition to go by.
fn edition(view: &ReaderView) -> String {
    let document = &view.document;
    let checked = document.last_checked.as_deref();
    let checked = checked.map(|day| format!(" The record was last checked on {}.", Text(day))).unwrap_or_default();
    let (class, mut text) = match document.status {
        "superseded" => ("old", superseded(view)),
        "retired" => ("old", "<strong>Retired.</strong> Withdrawn without a successor.".to_owned()),
        _ => ("now", format!("<strong>Current edition</strong>, {}.{checked}", Text(&document.version))),
    };
    if let Some(caution) = &document.caution {
        // Writing to a string cannot fail, here and below.
        let _ = write!(text, " <span class=\"caution\">{}.</span>", Text(&html::sentence(caution)));
    }
    let earlier: Vec<String> = document.supersedes.iter().map(|id| edition_link(id, id)).collect();
    if !earlier.is_empty() {
        let _ = write!(text, " It replaces {}.", earlier.join(", "));
    }
    let same: Vec<String> = document.same_edition.iter().map(|id| edition_link(id, id)).collect();
    if !same.is_empty() {
        let _ = write!(text, " The same edition in other words: {}.", same.join(", "));
    }
    format!("<p class=\"edition {class}\">{text}</p>")
}

fn superseded(view: &ReaderView) -> String {
    match (&view.successor, &view.document.superseded_by) {
        (Some(new), _) => {
            let id = format!("{}@{}", new.id, new.version);
            let title = new.title.as_deref().unwrap_or(&id);
            format!("<strong>Superseded</strong> by the {} edition: {}.", Text(&new.version), edition_link(&id, title))
        }
        (None, Some(id)) => format!("<strong>Superseded</strong> by {}, which this corpus does not hold.", Text(id)),
        (None, None) => "<strong>Superseded</strong> by an edition that this corpus does not name.".to_owned(),
    }
}

fn edition_link(id: &str, words: &str) -> String {
    format!("<a href=\"/r/{}\">{}</a>", Text(id), Text(words))
}

/// The publisher's page, the PDF that was indexed, and the licence.
fn source(view: &ReaderView) -> String {
    let document = &view.document;
    let url = document.url.as_deref().map(|url| link(url, "Publisher’s page"));
    let original = view
        .original
        .as_deref()
        .map(|url| format!("<a href=\"{}\" target=\"_blank\" id=\"whole\">Original PDF\u{a0}↗</a>", Text(url)));
    let licence = document.licence.as_deref().map(|licence| format!("Licence of this text: {}", Text(licence)));
    let id = format!("<code>{}@{}</code>", Text(&document.id), Text(&document.version));
    let parts: Vec<String> = [url, original, licence, Some(id)].into_iter().flatten().collect();
    parts.join(" <span aria-hidden=\"true\">·</span> ")
}

/// How deep each section stands below the page's title, without the gaps that documents leave: a heading is never two
/// levels below the one before it.
fn depths(sections: &[SectionView]) -> Vec<usize> {
    let mut above: Vec<usize> = Vec::new();
    let depth = |section: &SectionView| {
        above.retain(|level| *level < section.level);
        above.push(section.level);
        above.len()
    };
    sections.iter().map(depth).collect()
}

fn outline(sections: &[SectionView], depths: &[usize]) -> String {
    let mut html = String::new();
    for (at, (section, depth)) in sections.iter().zip(depths).enumerate() {
        if let Some(heading) = &section.heading {
            let level = depth.min(&4);
            let _ = write!(html, "<li class=\"l{level}\"><a href=\"#s-{at}\">{}</a>", Text(heading));
        }
    }
    html
}

fn text(view: &ReaderView, sections: &[SectionView], depths: &[usize]) -> String {
    let original = || {
        let page = view.document.url.as_deref().map(|url| link(url, "the publisher’s page"));
        page.map_or("from its publisher".to_owned(), |page| format!("on {page}"))
    };
    match &view.text {
        Held::Whole { .. } => {
            let mut html = String::new();
            for (at, (one, depth)) in sections.iter().zip(depths).enumerate() {
                section(&mut html, at, one, *depth);
            }
            html
        }
        Held::Withheld => format!(
            "<p class=\"absent\">The licence of this edition does not let its whole text be shown here. Read it {}.</p>",
            original()
        ),
        Held::NotStored => {
            format!(
                "<p class=\"absent\">This corpus knows of this edition but stores no text of it. Read it {}.</p>",
                original()
            )
        }
        Held::Rejected { reason } => format!(
            "<p class=\"absent\">The stored file could not be read: {}. Read the edition {}.</p>",
            Text(reason.trim_end_matches('.')),
            original()
        ),
    }
}

fn section(html: &mut String, at: usize, section: &SectionView, depth: usize) {
    html.push_str("<section>");
    if let Some(heading) = &section.heading {
        let level = (depth + 1).min(6);
        let _ = write!(html, "<h{level} id=\"s-{at}\">{}{}</h{level}>", page_mark(&section.page), Text(heading));
    }
    let mut listed = false;
    for one in &section.blocks {
        let item = one.kind == "list_item";
        if item != listed {
            html.push_str(if item { "<ul role=\"list\">" } else { "</ul>" });
            listed = item;
        }
        block(html, one);
    }
    html.push_str(if listed { "</ul></section>" } else { "</section>" });
}

fn block(html: &mut String, block: &BlockView) {
    let tag = if block.kind == "list_item" { "li" } else { "p" };
    let _ = write!(html, "<{tag} class=\"{}\">", block.kind);
    if tag == "li" {
        let mark = block.number.as_ref().map_or("–".to_owned(), |number| format!("{}.", Text(number)));
        let _ = write!(html, "<span class=\"n\">{mark}</span> ");
    }
    for one in &block.runs {
        run(html, one);
    }
    if let Some(one) = &block.note {
        let _ = write!(html, "<span class=\"note\">{}</span>", note(one));
    }
    let _ = write!(html, "</{tag}>");
}

fn run(html: &mut String, run: &RunView) {
    html.push_str(&page_mark(&run.page));
    let Some(part) = &run.passage else {
        let _ = write!(html, "{}", Text(&run.text));
        return;
    };
    let part = Text(part);
    if run.opens {
        let _ = write!(html, "<span class=\"p\" id=\"{part}\" data-p=\"{part}\">{}</span>", Text(&run.text));
    } else {
        let _ = write!(html, "<span class=\"p\" data-p=\"{part}\">{}</span>", Text(&run.text));
    }
}

fn page_mark(label: &Option<String>) -> String {
    let Some(label) = label else { return String::new() };
    let label = Text(label);
    format!("<span class=\"page\" role=\"doc-pagebreak\" aria-label=\"page {label}\">p.\u{a0}{label}</span>")
}

fn note(note: &NoteView) -> String {
    let grade = note.grade.as_ref().map(|grade| {
        let system = grade.system.as_deref().filter(|system| !grade.verbatim.contains(system));
        let system = system.map(|system| format!("{} ", Text(system))).unwrap_or_default();
        format!("<strong>{system}{}</strong>", Text(&grade.verbatim))
    });
    let against = note.direction.filter(|direction| *direction == "against").map(|_| "recommends against".to_owned());
    let population = note.population.as_deref().map(|words| Text(words).to_string());
    let place = note.place.as_deref().map(|place| Text(place).to_string());
    let parts: Vec<String> = [grade, against, population, place].into_iter().flatten().collect();
    parts.join(" <span aria-hidden=\"true\">·</span> ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_leave_no_gaps() {
        let section = |level| SectionView { heading: None, level, page: None, blocks: Vec::new() };
        let found = |levels: &[usize]| depths(&levels.iter().copied().map(section).collect::<Vec<_>>());
        assert_eq!(found(&[2, 3, 2, 4]), [1, 2, 1, 2]);
        assert_eq!(found(&[3, 2, 1, 2]), [1, 1, 1, 2]);
    }
}
