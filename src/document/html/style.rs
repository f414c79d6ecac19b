//! What the style sheets within a page say about being seen.
//!
//! A small part of CSS: selectors made of an element's name, identifier and classes, and the few properties that make
//! text disappear. Whatever else a sheet says counts in one way only: where a selector that is not understood shows
//! something, it is taken to be shown, because a lost recommendation costs more than a kept menu. Sheets of other files,
//! of other media (print, narrow screens) and of scripts are not read.

use std::collections::HashMap;

use scraper::node::Element;

use super::look::Look;

/// Bytes of style sheets that are read; what comes after is not applied.
const MOST_BYTES: usize = 512 << 10;
/// Selectors that are kept.
const MOST_SELECTORS: usize = 8_000;
/// Selectors that are kept under one name.
const MOST_ALIKE: usize = 48;
/// Classes of an element that are looked up.
const MOST_CLASSES: usize = 24;

/// The rules of a page that decide what is seen, by the most telling name in their selector.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    rules: HashMap<String, Vec<Rule>>,
    bytes: usize,
    selectors: usize,
}

/// One selector with what it sets.
#[derive(Debug)]
struct Rule {
    selector: Selector,
    look: Look,
    /// Important rules before others, then identifiers, classes and names, then the later one.
    weight: (bool, usize, usize),
}

/// An element's name, identifier and classes; `loose` where the sheet asked for more than these.
#[derive(Debug, Default, PartialEq, Eq)]
struct Selector {
    name: Option<String>,
    id: Option<String>,
    classes: Vec<String>,
    loose: bool,
}

impl Sheet {
    /// Takes in the text of a `<style>` element.
    pub(super) fn add(&mut self, css: &str, media: Option<&str>) {
        if !media.is_none_or(is_screen) {
            return;
        }
        let css = without_comments(css.get(..floor(css, MOST_BYTES - self.bytes)).unwrap_or_default());
        self.bytes += css.len().min(MOST_BYTES - self.bytes);
        let mut rest = css.as_str();
        while let Some(at) = rest.find(['{', '}', ';']) {
            let (prelude, after) = (rest.get(..at).unwrap_or_default().trim(), rest.get(at + 1..).unwrap_or_default());
            rest = match rest.as_bytes().get(at) {
                Some(b'{') if prelude.starts_with('@') => {
                    let medium = prelude.strip_prefix("@media").map(str::trim);
                    if medium.is_some_and(is_screen) { after } else { after_block(after) }
                }
                Some(b'{') => {
                    let end = after.find('}').unwrap_or(after.len());
                    self.rule(prelude, after.get(..end).unwrap_or_default());
                    after.get(end + 1..).unwrap_or_default()
                }
                _ => after,
            };
        }
    }

    fn rule(&mut self, selectors: &str, declarations: &str) {
        let (plain, important) = Look::of(declarations);
        for source in selectors.split(',') {
            let Some(selector) = Selector::of(source) else { continue };
            for (look, is_important) in [(plain, false), (important, true)] {
                self.keep(&selector, look, is_important);
            }
        }
    }

    fn keep(&mut self, selector: &Selector, look: Look, is_important: bool) {
        // A selector that is only half understood may show, but it may not hide.
        let look = if selector.loose { look.shown_only() } else { look };
        let Some(key) = selector.key() else { return };
        if look == Look::default() || self.selectors >= MOST_SELECTORS {
            return;
        }
        self.selectors += 1;
        let weight = (is_important, selector.weight(), self.selectors);
        let alike = self.rules.entry(key).or_default();
        if let Some(known) = alike.iter_mut().find(|rule| rule.selector == *selector && rule.weight.0 == is_important) {
            known.look = known.look.under(look);
            known.weight = weight;
        } else if alike.len() < MOST_ALIKE {
            alike.push(Rule { selector: selector.clone(), look, weight });
        }
    }

    /// How an element looks, as far as the page itself says so.
    pub(super) fn look(&self, element: &Element) -> Look {
        let inline = element.attr("style").map(Look::of);
        let (plain, important) = inline.unwrap_or_default();
        if self.rules.is_empty() {
            return plain.under(important);
        }
        let mut found: Vec<&Rule> = Vec::new();
        let mut gather = |key: &str| {
            if let Some(rules) = self.rules.get(key) {
                found.extend(rules.iter().filter(|rule| rule.selector.matches(element)));
            }
        };
        gather(element.name());
        if let Some(id) = element.attr("id") {
            gather(&format!("#{id}"));
        }
        for class in element.attr("class").unwrap_or_default().split_ascii_whitespace().take(MOST_CLASSES) {
            gather(&format!(".{class}"));
        }
        found.sort_by_key(|rule| rule.weight);
        let (strong, weak): (Vec<&Rule>, Vec<&Rule>) = found.into_iter().partition(|rule| rule.weight.0);
        let look = weak.iter().fold(Look::default(), |look, rule| look.under(rule.look)).under(plain);
        let look = strong.iter().fold(look, |look, rule| look.under(rule.look)).under(important);
        // Where a half-understood selector shows the element in some state, that state may be the one on the screen.
        let shows = weak.iter().chain(&strong).filter(|rule| rule.selector.loose);
        shows.fold(look, |look, rule| look.under(rule.look))
    }
}

impl Clone for Selector {
    fn clone(&self) -> Selector {
        let Selector { name, id, classes, loose } = self;
        Selector { name: name.clone(), id: id.clone(), classes: classes.clone(), loose: *loose }
    }
}

impl Selector {
    /// Reads `p`, `.x`, `#x`, `p.x.y`; of anything longer the last part, which names the element itself.
    fn of(source: &str) -> Option<Selector> {
        let source = source.trim();
        if source.is_empty() || source.len() > 300 || source.contains(['@', '"', '(']) {
            return None;
        }
        let last = source.rsplit([' ', '>', '+', '~', '\n', '\t']).next().unwrap_or(source);
        let plain = last.split([':', '[']).next().unwrap_or(last);
        let mut selector = Selector { loose: plain.len() != source.len(), ..Selector::default() };
        let mut part_start = 0;
        let ends = plain.char_indices().filter(|(at, c)| *at > 0 && matches!(c, '.' | '#')).map(|(at, _)| at);
        for end in ends.chain([plain.len()]) {
            let part = plain.get(part_start..end).unwrap_or_default();
            part_start = end;
            match part.split_at_checked(1)? {
                (".", class) => selector.classes.push(class.to_owned()),
                ("#", id) => selector.id = Some(id.to_owned()),
                ("*", "") => {}
                _ => selector.name = Some(part.to_ascii_lowercase()),
            }
        }
        Some(selector)
    }

    /// The name under which the rule is looked up.
    fn key(&self) -> Option<String> {
        let id = self.id.as_ref().map(|id| format!("#{id}"));
        id.or_else(|| self.classes.first().map(|class| format!(".{class}"))).or_else(|| self.name.clone())
    }

    fn weight(&self) -> usize {
        usize::from(self.id.is_some()) * 100 + self.classes.len().min(9) * 10 + usize::from(self.name.is_some())
    }

    fn matches(&self, element: &Element) -> bool {
        let class = element.attr("class").unwrap_or_default();
        let has = |wanted: &String| class.split_ascii_whitespace().take(MOST_CLASSES).any(|name| name == wanted);
        self.name.as_ref().is_none_or(|name| name == element.name())
            && self.id.as_ref().is_none_or(|id| element.attr("id") == Some(id))
            && self.classes.iter().all(has)
    }
}

/// Whether a list of media means every screen.
fn is_screen(media: &str) -> bool {
    media.is_empty() || media.split(',').any(|one| matches!(one.trim(), "screen" | "all" | "only screen"))
}

/// What follows the block that is open.
fn after_block(css: &str) -> &str {
    let mut depth = 1_usize;
    for (at, byte) in css.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return css.get(at + 1..).unwrap_or_default();
        }
    }
    ""
}

fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        out.push(' ');
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.replace("<!--", " ").replace("-->", " ")
}

/// The last character boundary at or before a place.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the only element of a page is hidden by its style.
    fn check(css: &str, element: &str, hidden: bool) {
        let mut sheet = Sheet::default();
        sheet.add(css, None);
        let page = scraper::Html::parse_fragment(element);
        let element = page.root_element().descendants().find_map(|node| {
            node.value().as_element().filter(|element| element.name() != "html").map(|element| sheet.look(element))
        });
        assert_eq!(element.is_some_and(|look| look.is_hidden()), hidden, "{css}");
    }

    #[test]
    fn simple_selectors_hide() {
        check(".x{display:none}", "<p class='a x'>", true);
        check("#x , #y { visibility : hidden }", "<p id=y>", true);
        check("aside{display:none}", "<aside>", true);
        check("p.x.y{opacity:0}", "<p class='y x'>", true);
        check("p.x{opacity:0}", "<div class=x>", false);
        check("/* .x{} */ .x{font-size:0px;}", "<p class=x>", true);
        check("<!-- .x{display:none} -->", "<p class=x>", true);
    }

    #[test]
    fn later_and_weightier_rules_win() {
        check(".x{display:none} .x{display:block}", "<p class=x>", false);
        check("p.x{display:block} .x{display:none}", "<p class=x>", false);
        check(".x{display:none!important} #y{display:block}", "<p id=y class=x>", true);
        check(".x{display:none}", "<p class=x style='display:block'>", false);
        check(".x{display:none !important}", "<p class=x style='display:block'>", true);
    }

    #[test]
    fn what_is_not_understood_may_show_but_never_hide() {
        check(".menu .x{display:none}", "<p class=x>", false);
        check(".x:hover{display:none}", "<p class=x>", false);
        check(".x{display:none} .open > .x{display:block}", "<p class=x>", false);
        check(".x{display:none} .x:target{display:block}", "<p class=x>", false);
        check(".x{display:none} .x.open{display:block}", "<p class=x>", true);
        check(":not(.x){display:none}", "<p>", false);
    }

    #[test]
    fn only_rules_for_screens_count() {
        check("@media print{.x{display:none}}", "<p class=x>", false);
        check("@media (max-width:600px){.x{display:none} .y{}} .z{}", "<p class=x>", false);
        check("@media screen{.x{display:none}}", "<p class=x>", true);
        check("@import url(a.css); .x{display:none}", "<p class=x>", true);
        let mut sheet = Sheet::default();
        sheet.add(".x{display:none}", Some("print"));
        assert!(sheet.rules.is_empty());
    }

    #[test]
    fn large_and_broken_sheets_are_bounded() {
        let mut sheet = Sheet::default();
        let many: String = (0..100_000).map(|at| format!(".x.c{at}{{display:none}} p{{opacity:{at}}}")).collect();
        sheet.add(&many, None);
        sheet.add(&many, None);
        assert!(sheet.selectors <= MOST_SELECTORS && sheet.bytes <= MOST_BYTES);
        assert!(sheet.rules.values().all(|alike| alike.len() <= MOST_ALIKE));
        for broken in ["{", "}}}", "@media {", ".x{display", "..x{}", "#{display:none}", "é{display:none", "@"] {
            check(broken, "<p class=x>", false);
        }
        check(&"@media screen{".repeat(10_000), "<p class=x>", false);
    }
}
