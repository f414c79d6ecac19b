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
    asset!("base.css", STYLE),
    asset!("home.css", STYLE),
    asset!("reader.css", STYLE),
    asset!("home.js", SCRIPT),
    asset!("dom.js", SCRIPT),
    asset!("text.js", SCRIPT),
    asset!("passage.js", SCRIPT),
    asset!("outcome.js", SCRIPT),
    asset!("keys.js", SCRIPT),
    asset!("reader.js", SCRIPT),
    asset!("icon.svg", "image/svg+xml"),
];

/// The file with this name.
pub(super) fn named(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_together_is_light() {
        let templates = [include_str!("assets/home.html"), include_str!("assets/reader.html")];
        let total: usize =
            ASSETS.iter().map(|asset| asset.bytes.len()).sum::<usize>() + templates.map(str::len).iter().sum::<usize>();
        assert!(total < 60_000, "{total} bytes");
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
