//! Which elements are the guideline, which are the web site around it, and which a reader of the page cannot see.
//!
//! When in doubt an element stays: a menu line in the index costs little, a lost recommendation costs trust. Names of
//! classes count only together with what the element holds (few characters, or mostly links). No site is known here.

use ego_tree::{NodeId, NodeRef, Tree};
use scraper::Node;
use scraper::node::Element;

use super::survey::Survey;

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is read.
    Keep,
    /// It belongs to the site and not to the text, or holds nothing to read.
    Drop,
    /// A reader of the page cannot see it.
    Hidden,
    /// A list of references without a heading that says so.
    References,
}

/// Percent of the page's text that marked main content must hold: what stands beside it could be advice.
const MAIN_PERCENT: usize = 85;

/// Where reading begins: the marked main content where it holds nearly all of the page, or the body.
pub(super) fn roots(tree: &Tree<Node>, survey: &Survey) -> Vec<NodeId> {
    let whole: usize = tree.root().children().map(|child| survey.size(child.id()).text).sum();
    let whole = whole.saturating_sub(survey.site);
    for candidates in [&survey.mains, &survey.articles, &survey.named] {
        let held: usize = candidates.iter().map(|id| survey.size(*id).text).sum();
        if held > 0 && held * 100 >= whole * MAIN_PERCENT {
            return candidates.clone();
        }
    }
    vec![tree.root().id()]
}

/// What becomes of an element; `page` is the number of characters on the page.
pub(super) fn verdict(node: NodeRef<'_, Node>, element: &Element, survey: &Survey, page: usize) -> Verdict {
    if is_never_text(element) && !is_telling_button(node, element) {
        return Verdict::Drop;
    }
    if is_hidden(node, element, survey) {
        return Verdict::Hidden;
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
            | "noscript"
            | "template"
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

fn is_hidden(node: NodeRef<'_, Node>, element: &Element, survey: &Survey) -> bool {
    if element.attr("hidden").is_some_and(|value| value != "until-found") || is_styled_away(element) {
        return !unfolds(element, survey);
    }
    if element.attr("aria-hidden") == Some("true") && survey.size(node.id()).text > 3 {
        // Spoken twins of a formula or sign: the one for the eye is the text, and stays.
        let twin = [node.prev_sibling(), node.next_sibling()]
            .into_iter()
            .flatten()
            .any(|near| near.value().as_element().is_some_and(is_for_screen_readers));
        return !twin && !unfolds(element, survey);
    }
    let painted = element.attr("style").is_some_and(|style| style.to_ascii_lowercase().contains("color"))
        || element.attr("color").is_some();
    painted && is_white(element) && on_white(node)
}

/// Panels that a click unfolds are text of the page although they start hidden.
fn unfolds(element: &Element, survey: &Survey) -> bool {
    let tells = |value: &str| {
        let value = value.to_ascii_lowercase();
        ["accordion", "collaps", "tab-pane", "tabpanel", "panel", "expand", "toggle"]
            .iter()
            .any(|word| value.contains(word))
    };
    element.attr("class").is_some_and(tells)
        || element.attr("role").is_some_and(tells)
        || element.attr("id").is_some_and(|id| survey.controlled.contains(id))
}

fn is_styled_away(element: &Element) -> bool {
    let Some(style) = element.attr("style") else { return false };
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    style.split(';').any(|rule| {
        let (name, value) = rule.split_once(':').unwrap_or((rule, ""));
        let value = value.trim_end_matches("!important");
        match name {
            "display" => value == "none",
            "visibility" => matches!(value, "hidden" | "collapse"),
            "font-size" => is_zero(value),
            "opacity" => is_zero(value),
            "left" | "top" | "text-indent" | "margin-left" => value.starts_with("-9") && value.len() >= 6,
            "clip" => value.starts_with("rect(0") || value.starts_with("rect(1px,1px"),
            _ => false,
        }
    })
}

/// `0`, `0px`, `0.0em`, but not `0.9em`.
fn is_zero(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    number.parse::<f32>().is_ok_and(|number| number.abs() < 0.02)
}

fn is_white(element: &Element) -> bool {
    let styled = element.attr("style").and_then(|style| rule(style, "color"));
    styled.is_some_and(|color| is_white_color(&color)) || element.attr("color").is_some_and(is_white_color)
}

/// Whether white text would stand on white: neither the element nor anything around it sets another background.
///
/// A class on the way may set one in the style sheet, which is not read; only the page's outer frame is trusted.
fn on_white(node: NodeRef<'_, Node>) -> bool {
    for around in std::iter::once(node).chain(node.ancestors()).take(24) {
        let Some(element) = around.value().as_element() else { continue };
        if matches!(element.name(), "body" | "html" | "main" | "article") {
            return element.attr("bgcolor").is_none_or(is_white_color);
        }
        let styled = element
            .attr("style")
            .and_then(|style| rule(style, "background").or_else(|| rule(style, "background-color")));
        let set = element.attr("bgcolor").map(str::to_owned).or(styled);
        if let Some(color) =
            set.filter(|color| !matches!(color.as_str(), "transparent" | "inherit" | "none" | "initial"))
        {
            return is_white_color(&color);
        }
        if matches!(element.name(), "th" | "td" | "tr" | "table" | "a" | "button") && element.attr("class").is_some() {
            return false;
        }
    }
    true
}

fn rule(style: &str, name: &str) -> Option<String> {
    style
        .split(';')
        .filter_map(|rule| rule.split_once(':'))
        .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().to_owned())
}

fn is_white_color(color: &str) -> bool {
    let color: String = color.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let color = color.trim_end_matches("!important");
    matches!(
        color,
        "white" | "#fff" | "#ffffff" | "ffffff" | "rgb(255,255,255)" | "rgba(255,255,255,1)" | "#fefefe" | "#fdfdfd"
    )
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

/// Classes of text that only screen readers get.
const SPOKEN: [&str; 6] =
    ["sr-only", "visually-hidden", "visuallyhidden", "screen-reader", "element-invisible", "offscreen"];
/// Classes that say by themselves that a small element is no text.
const PLAIN: [&str; 11] = [
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
    is(&SPOKEN) && text < 400 || is(&PLAIN) && (small || text < 100) || mostly_links && small && is(&MENUS)
}

fn is_for_screen_readers(element: &Element) -> bool {
    let class = element.attr("class").unwrap_or_default().to_ascii_lowercase();
    ["sr-only", "visually-hidden", "visuallyhidden", "screen-reader", "assistive"]
        .iter()
        .any(|name| class.contains(name))
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
