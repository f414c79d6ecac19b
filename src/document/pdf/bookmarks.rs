//! Reads the bookmarks that a file offers for finding one's way: title, level, and the place where each leads.
//!
//! Bookmarks that lead out of the file, or that start something, keep their title and lead nowhere.

use std::collections::{HashMap, HashSet};

use pdf_extract::{Dictionary, Document, Object, ObjectId};

use super::file::{PageSource, as_dictionary, number, resolve};

/// One entry of the file's own outline.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bookmark {
    pub(super) title: String,
    /// 1 for the outermost.
    pub(super) level: u8,
    /// Index of the page it leads to.
    pub(super) page: Option<usize>,
    /// Height on that page, in the file's own coordinates, where it is given.
    pub(super) top: Option<f64>,
}

/// Bookmarks that are read.
const MOST: usize = 5_000;
/// Bookmarks within bookmarks.
const DEEPEST: u8 = 16;
/// Nodes of the tree of named places that are visited.
const MOST_NODES: usize = 20_000;

/// All bookmarks in order.
pub(super) fn bookmarks(document: &Document, pages: &[PageSource]) -> Vec<Bookmark> {
    let outlines = document.catalog().ok().and_then(|catalog| as_dictionary(document, catalog.get(b"Outlines").ok()?));
    let Some(outlines) = outlines else { return Vec::new() };
    let mut by_object = HashMap::new();
    for (index, page) in pages.iter().enumerate() {
        by_object.extend(page.id.map(|id| (id, index)));
    }
    let mut walk = Walk { document, pages: by_object, names: None, seen: HashSet::new(), found: Vec::new() };
    walk.siblings(outlines, 1);
    walk.found
}

struct Walk<'a> {
    document: &'a Document,
    pages: HashMap<ObjectId, usize>,
    /// Places by their names; read when the first is asked for.
    names: Option<HashMap<Vec<u8>, &'a Object>>,
    seen: HashSet<ObjectId>,
    found: Vec<Bookmark>,
}

impl<'a> Walk<'a> {
    fn siblings(&mut self, parent: &'a Dictionary, level: u8) {
        let mut next = parent.get(b"First").ok();
        while let Some(Object::Reference(id)) = next {
            if self.found.len() >= MOST || !self.seen.insert(*id) {
                return;
            }
            let Some(item) = next.and_then(|item| as_dictionary(self.document, item)) else { return };
            self.add(item, level);
            if level < DEEPEST {
                self.siblings(item, level + 1);
            }
            next = item.get(b"Next").ok();
        }
    }

    fn add(&mut self, item: &'a Dictionary, level: u8) {
        let title = resolve(self.document, item.get(b"Title").ok());
        let title = title.and_then(|title| pdf_extract::decode_text_string(title).ok()).unwrap_or_default();
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() {
            return;
        }
        let action = item.get(b"A").ok().and_then(|action| as_dictionary(self.document, action));
        let goes = |action: &&Dictionary| action.get(b"S").and_then(Object::as_name).is_ok_and(|kind| kind == b"GoTo");
        let target = item.get(b"Dest").ok().or_else(|| action.filter(goes)?.get(b"D").ok());
        let (page, top) = target.and_then(|target| self.place(target)).unzip();
        self.found.push(Bookmark { title, level, page, top: top.flatten() });
    }

    /// The page that a target names, and the height on it.
    fn place(&mut self, target: &'a Object) -> Option<(usize, Option<f64>)> {
        let mut target = resolve(self.document, Some(target))?;
        if let Object::String(name, _) | Object::Name(name) = target {
            target = self.named(name)?;
        }
        if let Object::Dictionary(dictionary) = target {
            target = resolve(self.document, dictionary.get(b"D").ok())?;
        }
        let array = target.as_array().ok()?;
        let page = match array.first()? {
            Object::Reference(id) => *self.pages.get(id)?,
            Object::Integer(index) => usize::try_from(*index).ok().filter(|index| *index < self.pages.len())?,
            _ => return None,
        };
        let top = match resolve(self.document, array.get(1))?.as_name().ok()? {
            b"XYZ" => array.get(3),
            b"FitH" | b"FitBH" => array.get(2),
            _ => None,
        };
        Some((page, resolve(self.document, top).and_then(number)))
    }

    fn named(&mut self, name: &[u8]) -> Option<&'a Object> {
        if self.names.is_none() {
            self.names = Some(names(self.document));
        }
        self.names.as_ref()?.get(name).copied()
    }
}

/// Places by name, from the tree of names and from the older dictionary.
fn names(document: &Document) -> HashMap<Vec<u8>, &Object> {
    let mut found = HashMap::new();
    let Ok(catalog) = document.catalog() else { return found };
    if let Some(old) = catalog.get(b"Dests").ok().and_then(|dests| as_dictionary(document, dests)) {
        for (name, target) in old.iter() {
            found.extend(resolve(document, Some(target)).map(|target| (name.clone(), target)));
        }
    }
    let tree = catalog.get(b"Names").ok().and_then(|names| as_dictionary(document, names)?.get(b"Dests").ok());
    let mut open: Vec<&Object> = tree.into_iter().collect();
    let mut visited = 0;
    while let Some(node) = open.pop().and_then(|node| as_dictionary(document, node)) {
        visited += 1;
        if visited > MOST_NODES {
            break;
        }
        if let Some(Object::Array(kids)) = resolve(document, node.get(b"Kids").ok()) {
            open.extend(kids.iter().take(MOST_NODES.saturating_sub(open.len())));
        }
        let Some(Object::Array(pairs)) = resolve(document, node.get(b"Names").ok()) else { continue };
        for pair in pairs.chunks_exact(2) {
            let [Object::String(name, _), target] = pair else { continue };
            found.extend(resolve(document, Some(target)).map(|target| (name.clone(), target)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(id: ObjectId) -> PageSource {
        let (dictionary, resources) = (Dictionary::new(), Dictionary::new());
        PageSource { id: Some(id), dictionary, resources, view: [0.0; 4], quarter_turns: 0, missing: false }
    }

    fn item(title: &str, entries: &[(&str, Object)]) -> Object {
        let mut item = Dictionary::from_iter([("Title", Object::string_literal(title))]);
        entries.iter().for_each(|(key, value)| item.set(*key, value.clone()));
        Object::Dictionary(item)
    }

    fn refer(number: u32) -> Object {
        Object::Reference((number, 0))
    }

    fn check(items: &[(u32, Object)], expected: &[(&str, u8, Option<usize>)]) {
        let mut document = Document::new();
        items.iter().for_each(|(number, item)| {
            document.objects.insert((*number, 0), item.clone());
        });
        let outlines = Object::Dictionary(Dictionary::from_iter([("First", refer(10))]));
        let named = Dictionary::from_iter([("there", Object::Array(vec![refer(2), Object::Name(b"Fit".to_vec())]))]);
        let catalog = Dictionary::from_iter([("Outlines", outlines), ("Dests", Object::Dictionary(named))]);
        let catalog = document.add_object(catalog);
        document.trailer.set("Root", Object::Reference(catalog));
        let found = bookmarks(&document, &[page((1, 0)), page((2, 0))]);
        let found: Vec<_> = found.iter().map(|mark| (mark.title.as_str(), mark.level, mark.page)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn bookmarks_have_levels_and_pages() {
        let here = |page: u32| Object::Array(vec![refer(page), Object::Name(b"Fit".to_vec())]);
        let action =
            Dictionary::from_iter([("S", Object::Name(b"GoTo".to_vec())), ("D", Object::string_literal("there"))]);
        check(
            &[
                (10, item("Scope", &[("Dest", here(1)), ("First", refer(11)), ("Next", refer(12))])),
                (11, item("Doses", &[("A", Object::Dictionary(action))])),
                (12, item(" Outside  the file ", &[("Dest", here(99))])),
            ],
            &[("Scope", 1, Some(0)), ("Doses", 2, Some(1)), ("Outside the file", 1, None)],
        );
    }

    #[test]
    fn a_bookmark_that_is_its_own_successor_ends_the_list() {
        check(&[(10, item("Again", &[("Next", refer(10)), ("First", refer(10))]))], &[("Again", 1, None)]);
    }
}
