//! The files that the pages load, held in the program.

/// One file.
pub(super) struct Asset {
    /// Its name below `/assets/`.
    name: &'static str,
    /// Its content type.
    pub(super) kind: &'static str,
    /// Its bytes.
    pub(super) bytes: &'static [u8],
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

macro_rules! asset {
    ($name:literal, $kind:expr) => {
        Asset { name: $name, kind: $kind, bytes: include_bytes!(concat!("assets/", $name)) }
    };
}

/// Every file; nothing else can be asked for.
const ASSETS: &[Asset] = &[
    asset!("adjudicate-case.js", SCRIPT),
    asset!("adjudicate.css", STYLE),
    asset!("adjudicate.js", SCRIPT),
    asset!("agreement.css", STYLE),
    asset!("agreement.js", SCRIPT),
    asset!("api.js", SCRIPT),
    asset!("base.css", STYLE),
    asset!("desk-card.js", SCRIPT),
    asset!("desk-cards.css", STYLE),
    asset!("desk-cite.js", SCRIPT),
    asset!("desk-edit.js", SCRIPT),
    asset!("desk-errors.js", SCRIPT),
    asset!("desk-evidence.js", SCRIPT),
    asset!("desk-panes.js", SCRIPT),
    asset!("desk-reader.css", STYLE),
    asset!("desk-reader.js", SCRIPT),
    asset!("desk-response.js", SCRIPT),
    asset!("desk-rests.js", SCRIPT),
    asset!("desk-rubric.js", SCRIPT),
    asset!("desk-search.js", SCRIPT),
    asset!("desk-state.js", SCRIPT),
    asset!("desk-sync.js", SCRIPT),
    asset!("desk-text.js", SCRIPT),
    asset!("desk-time.js", SCRIPT),
    asset!("desk-verdict.js", SCRIPT),
    asset!("desk-words.js", SCRIPT),
    asset!("desk.css", STYLE),
    asset!("desk.js", SCRIPT),
    asset!("dom.js", SCRIPT),
    asset!("export.css", STYLE),
    asset!("export.js", SCRIPT),
    asset!("formats.js", SCRIPT),
    asset!("help.css", STYLE),
    asset!("help.js", SCRIPT),
    asset!("home.css", STYLE),
    asset!("home.js", SCRIPT),
    asset!("hotkeys.js", SCRIPT),
    asset!("icon.svg", "image/svg+xml"),
    asset!("inbox-list.js", SCRIPT),
    asset!("inbox-recheck.js", SCRIPT),
    asset!("inbox.css", STYLE),
    asset!("inbox.js", SCRIPT),
    asset!("keymap.js", SCRIPT),
    asset!("keys.js", SCRIPT),
    asset!("original.js", SCRIPT),
    asset!("outcome.js", SCRIPT),
    asset!("palette.css", STYLE),
    asset!("palette.js", SCRIPT),
    asset!("passage.js", SCRIPT),
    asset!("pin.js", SCRIPT),
    asset!("reader-find.js", SCRIPT),
    asset!("reader-passage.js", SCRIPT),
    asset!("reader.css", STYLE),
    asset!("reader.js", SCRIPT),
    asset!("shell.css", STYLE),
    asset!("shell.js", SCRIPT),
    asset!("text.js", SCRIPT),
    asset!("verdict.js", SCRIPT),
    asset!("when.js", SCRIPT),
];

/// The file with this name.
pub(super) fn named(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::ui::html::fill;

    /// What a page loads before it shows anything: what its HTML names, and what those scripts import.
    fn loaded(html: &str) -> BTreeSet<&'static str> {
        reached(named_after(html, "/assets/"), &["from \"./", "import \"./"])
    }

    /// The same with what its scripts load when it is first needed.
    fn loaded_at_last(html: &str) -> BTreeSet<&'static str> {
        reached(named_after(html, "/assets/"), &["\"./", "\"/assets/"])
    }

    fn reached(mut open: Vec<String>, imports: &[&str]) -> BTreeSet<&'static str> {
        let mut found = BTreeSet::new();
        while let Some(name) = open.pop() {
            let asset = named(&name).unwrap_or_else(|| panic!("there is no {name}"));
            if found.insert(asset.name) && asset.kind == SCRIPT {
                let text = std::str::from_utf8(asset.bytes).expect("text");
                open.extend(imports.iter().flat_map(|import| named_after(text, import)));
            }
        }
        found
    }

    /// Names of files that stand behind `before`.
    fn named_after(text: &str, before: &str) -> Vec<String> {
        let name = |rest: &str| rest.split(['"', '\'', ')', ' ']).next().unwrap_or_default().to_owned();
        text.match_indices(before).map(|(at, _)| name(&text[at + before.len()..])).collect()
    }

    /// A page and all that it loads before it shows anything, uncompressed, is 200 KB at most.
    #[test]
    fn every_page_is_light_and_every_file_is_loaded() {
        let mut used = BTreeSet::new();
        for (page, html) in [
            ("inbox", include_str!("assets/inbox.html")),
            ("desk", include_str!("assets/desk.html")),
            ("adjudicate", include_str!("assets/adjudicate.html")),
            ("export", include_str!("assets/export.html")),
            ("help", include_str!("assets/help.html")),
            ("claim", include_str!("assets/home.html")),
            ("reader", include_str!("assets/reader.html")),
            ("notice", include_str!("assets/notice.html")),
        ] {
            let html = &fill(html, &[]);
            let files = loaded(html);
            let size = |name: &&str| named(name).map_or(0, |asset| asset.bytes.len());
            let total: usize = html.len() + files.iter().map(size).sum::<usize>();
            assert!(total <= 200_000, "{page}: {total} bytes");
            used.extend(loaded_at_last(html));
        }
        let unused: Vec<&str> = ASSETS.iter().map(|asset| asset.name).filter(|name| !used.contains(name)).collect();
        assert!(unused.is_empty(), "no page loads {unused:?}");
    }

    #[test]
    fn every_file_says_what_it_is_for() {
        for asset in ASSETS {
            let text = std::str::from_utf8(asset.bytes).expect("text");
            let commented = text.starts_with("/*") || text.starts_with("//") || text.starts_with("<!--");
            assert!(commented, "{} opens without a comment", asset.name);
        }
    }
}
