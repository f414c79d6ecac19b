//! Which elements are the guideline, which are the web site around it, and which are neither.
//!
//! When in doubt an element stays: a menu line in the index costs little, a lost recommendation costs trust. Names of
//! classes count only together with what the element holds (few characters, or mostly links). No site is known here.

use std::collections::HashMap;

use ego_tree::{NodeId, NodeRef, Tree};
use scraper::Node;
use scraper::node::Element;

use super::hidden::{self, Cause};
use super::survey::Survey;

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is read.
    Keep,
    /// It belongs to the site and not to the text, or holds nothing to read.
    Drop,
    /// A reader of the page cannot see it.
    Hidden(Cause),
    /// A list of references without a heading that says so.
    References,
}

/// Percent of the page's text that marked main content must hold: what stands beside it could be advice.
const MAIN_PERCENT: usize = 85;

/// Where reading begins: the marked main content where it holds nearly all of the page, or the body.
///
/// Of several marked parts it is what holds them all: the headings between recommendations stand in none of them.
pub(super) fn root(tree: &Tree<Node>, survey: &Survey) -> NodeId {
    let whole: usize = tree.root().children().map(|child| survey.size(child.id()).text).sum();
    let whole = whole.saturating_sub(survey.site);
    for candidates in [&survey.mains, &survey.articles, &survey.named] {
        let held: usize = candidates.iter().map(|id| survey.size(*id).text).sum();
        if held > 0 && held * 100 >= whole * MAIN_PERCENT {
            return around_all(tree, candidates);
        }
    }
    tree.root().id()
}

/// The innermost element around all of the given ones.
fn around_all(tree: &Tree<Node>, parts: &[NodeId]) -> NodeId {
    let Some(first) = parts.first().and_then(|id| tree.get(*id)) else { return tree.root().id() };
    let chain: Vec<NodeId> = std::iter::once(first).chain(first.ancestors()).map(|node| node.id()).collect();
    let places: HashMap<NodeId, usize> = chain.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    let meets = |id: &NodeId| {
        let part = tree.get(*id)?;
        std::iter::once(part).chain(part.ancestors()).find_map(|node| places.get(&node.id()).copied())
    };
    let place = parts.iter().filter_map(meets).max().unwrap_or(0);
    chain.get(place).copied().unwrap_or(tree.root().id())
}

/// What becomes of an element; `page` is the number of characters on the page.
pub(super) fn verdict(node: NodeRef<'_, Node>, element: &Element, survey: &Survey, page: usize) -> Verdict {
    if let Some(cause) = hidden::cause(node, element, survey) {
        return Verdict::Hidden(cause);
    }
    if is_never_text(element) && !is_telling_button(node, element) {
        return Verdict::Drop;
    }
    let name = element.name();
    if !matches!(name, "html" | "body" | "main" | "article" | "h1") && is_site(node, element, survey, page) {
        return Verdict::Drop;
    }
    if is_reference_list(element) {
        return Verdict::References;
    }
    Verdict::Keep
}

fn is_never_text(element: &Element) -> bool {
    matches!(
        element.name(),
        "script"
            | "style"
            | "head"
            | "iframe"
            | "object"
            | "embed"
            | "applet"
            | "svg"
            | "canvas"
            | "audio"
            | "video"
            | "map"
            | "input"
            | "select"
            | "textarea"
            | "button"
            | "option"
            | "optgroup"
            | "datalist"
            | "progress"
            | "meter"
            | "dialog"
            | "rp"
            | "rt"
            | "noframes"
            | "noembed"
            | "link"
            | "meta"
            | "title"
    )
}

/// Buttons that bear a heading, or the name of what they unfold.
fn is_telling_button(node: NodeRef<'_, Node>, element: &Element) -> bool {
    element.name() == "button"
        && (element.attr("aria-expanded").is_some()
            || element.attr("aria-controls").is_some()
            || is_within(node, &["h1", "h2", "h3", "h4", "h5", "h6"]))
}

/// Elements of the site around the text.
fn is_site(node: NodeRef<'_, Node>, element: &Element, survey: &Survey, page: usize) -> bool {
    let size = survey.size(node.id());
    let mostly_links = size.linked * 2 > size.text;
    let small = size.text * 5 <= page.max(1) && size.text < 6000;
    // What the markup itself sets apart from the text needs less proof than what only a class does.
    let apart = size.text < 200 || size.text * 3 <= page;
    match element.name() {
        "nav" | "menu" => return apart || mostly_links,
        "header" => return !size.titled && apart && !is_within(node, &["main", "article", "section"]),
        "footer" => return apart && !is_within(node, &["main", "article", "section", "blockquote"]),
        "aside" => return mostly_links,
        _ => {}
    }
    match element.attr("role") {
        Some("navigation" | "menu" | "menubar" | "toolbar" | "search") => return small || mostly_links,
        Some("banner" | "contentinfo" | "dialog" | "alertdialog") => return !size.titled && small,
        _ => {}
    }
    let names = [element.attr("class"), element.attr("id")];
    let names = names.into_iter().flatten().flat_map(str::split_ascii_whitespace);
    names.take(24).any(|name| names_site(&name.to_ascii_lowercase(), size.text, mostly_links, small))
}

/// Classes that say by themselves that a small element is no text.
const PLAIN: [&str; 13] = [
    "material-icons",
    "material-symbols",
    "breadcrumb",
    "skip-link",
    "skiplink",
    "skip-nav",
    "skip-to",
    "skipnav",
    "cookie",
    "consent-banner",
    "social-",
    "share-",
    "addthis",
];
/// Classes that say so of an element that is mostly links.
const MENUS: [&str; 14] = [
    "nav",
    "menu",
    "toc",
    "table-of-contents",
    "sidebar",
    "side-bar",
    "footer",
    "pagination",
    "pager",
    "related",
    "tabs",
    "topnav",
    "site-nav",
    "sharing",
];

/// Whether the name of a class says that the element is no text; the larger the element, the plainer it must be said.
fn names_site(name: &str, text: usize, mostly_links: bool, small: bool) -> bool {
    let is = |words: &[&str]| words.iter().any(|word| name == *word || name.starts_with(word) && text < 600);
    is(&PLAIN) && (small || text < 100) || mostly_links && small && is(&MENUS)
}

fn is_within(node: NodeRef<'_, Node>, names: &[&str]) -> bool {
    node.ancestors()
        .take(64)
        .any(|above| above.value().as_element().is_some_and(|element| names.contains(&element.name())))
}

/// Lists that the markup calls references.
fn is_reference_list(element: &Element) -> bool {
    if element.attr("role") == Some("doc-bibliography") {
        return true;
    }
    if !matches!(element.name(), "ol" | "ul" | "div" | "section" | "dl") {
        return false;
    }
    let class = element.attr("class").unwrap_or_default();
    class.split_ascii_whitespace().any(|name| {
        let name = name.to_ascii_lowercase();
        matches!(
            name.as_str(),
            "references"
                | "reference-list"
                | "reflist"
                | "ref-list"
                | "reflink-list"
                | "bibliography"
                | "citation-list"
        )
    })
}
