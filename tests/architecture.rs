//! Who imports whom: data flows one way, and this table says which.
//!
//! A workspace would let the compiler keep it; one crate compiles and links faster, so a test does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module with what it may import of ours. A module imports only from rows above its own.
const TABLE: &[(&str, &[&str])] = &[
    ("span", &[]),
    ("access", &[]),
    ("corpus", &[]),
    ("meaning", &[]),
    ("fetch", &["corpus"]),
    ("models", &["corpus", "meaning", "fetch"]),
    ("quantity", &["span"]),
    ("language", &["span", "quantity"]),
    // `corpus` for what a fault is.
    ("lexicon", &["span", "corpus", "language"]),
    ("document", &["span", "corpus"]),
    ("passage", &["span", "corpus", "document", "language", "quantity"]),
    // `document` and `corpus` for its tests, which compare real texts.
    ("revision", &["corpus", "document", "passage", "language", "quantity"]),
    // `lexicon` because an open snapshot names the engine that answers from it, and an institution's rows are part of that.
    ("index", &["corpus", "document", "passage", "language", "lexicon", "quantity", "meaning"]),
    ("ingest", &["corpus", "document", "passage", "index", "language", "meaning"]),
    ("claim", &["span", "language"]),
    ("retrieve", &["span", "claim", "corpus", "passage", "index", "language", "lexicon", "quantity", "meaning"]),
    ("appraise", &["span", "claim", "corpus", "passage", "language", "lexicon", "quantity", "meaning"]),
    ("evidence", &["span", "claim", "corpus", "passage", "index", "language", "retrieve", "appraise", "meaning"]),
    // Above `evidence` in the flow, and ignorant of it: what has become of an edition is asked of the caller.
    ("review", &["span", "claim", "corpus"]),
    (
        "eval",
        &[
            "span", "document", "claim", "corpus", "passage", "index", "lexicon", "retrieve", "appraise", "evidence",
            "meaning",
        ],
    ),
    // `document` for the reader page: its shape is made here, so that pages get plain data and no more than the API.
    (
        "view",
        &[
            "span", "claim", "corpus", "document", "passage", "index", "retrieve", "appraise", "evidence", "revision",
            "review", "meaning",
        ],
    ),
    // `meaning` for the vectors that an artifact keeps.
    ("export", &["span", "review", "view", "meaning"]),
    ("mcp", &["passage", "index", "evidence", "view"]),
    ("ui", &["corpus", "passage", "index", "claim", "evidence", "view"]),
    (
        "http",
        &[
            "access", "corpus", "passage", "index", "ingest", "claim", "evidence", "revision", "review", "view",
            "export",
        ],
    ),
    (
        "cli",
        &[
            "access", "corpus", "document", "passage", "index", "ingest", "claim", "evidence", "revision", "view",
            "eval", "review", "export", "http", "mcp", "ui", "fetch", "lexicon", "meaning", "models", "appraise",
        ],
    ),
];

#[test]
fn modules_import_one_way() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        TABLE.iter().map(|(module, imports)| (*module, imports.iter().copied().collect())).collect();
    let mut wrong = Vec::new();
    for file in sources() {
        let module = module_of(&file);
        if module == "lib" || module == "main" {
            continue;
        }
        let Some(may) = allowed.get(module.as_str()) else {
            wrong.push(format!("{}: module `{module}` has no row in the table", file.display()));
            continue;
        };
        for (line, import) in imports(&file) {
            if import != module && !may.contains(import.as_str()) {
                wrong.push(format!("{}:{line}: `{module}` may not import `{import}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_table_itself_points_upwards() {
    for (at, (module, imports)) in TABLE.iter().enumerate() {
        let above: BTreeSet<&str> = TABLE[..at].iter().map(|(name, _)| *name).collect();
        for import in *imports {
            assert!(above.contains(import), "`{module}` imports `{import}`, which does not stand above it");
        }
    }
}

#[test]
fn the_program_knows_the_strict_policy_alone() {
    let loose: Vec<PathBuf> = sources()
        .into_iter()
        .filter(|file| !file.ends_with("fetch/policy.rs"))
        .filter(|file| fs::read_to_string(file).expect("a readable source").contains("for_test_server"))
        .collect();
    assert!(loose.is_empty(), "only tests may reach a local server: {loose:?}");
}

/// The description of the API names shapes by their types: of two with one name it keeps one, and describes the other falsely.
#[test]
fn described_types_have_names_of_their_own() {
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    for file in sources() {
        let text = fs::read_to_string(&file).expect("a readable source");
        for (at, _) in text.match_indices("ToSchema)]") {
            let declared = text[at..].lines().find_map(|line| {
                let mut words = line.split_whitespace().skip_while(|word| !["struct", "enum"].contains(word));
                words.nth(1).map(|name| name.trim_end_matches([';', '{', '(']).to_owned())
            });
            let name = declared.unwrap_or_else(|| panic!("{}: what is described?", file.display()));
            if let Some(other) = seen.insert(name.clone(), file.clone()) {
                panic!("`{name}` is described in {} and in {}", other.display(), file.display());
            }
        }
    }
    assert!(seen.len() > 50, "types are found: {}", seen.len());
}

#[test]
fn every_file_says_what_it_is_for() {
    for file in sources() {
        let text = fs::read_to_string(&file).expect("a readable source");
        let documented = text.starts_with("//!") || file.ends_with("tests.rs");
        assert!(documented, "{} does not open with //!", file.display());
    }
}

#[test]
fn every_test_file_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let main = fs::read_to_string(root.join("main.rs")).expect("tests/main.rs");
    for entry in fs::read_dir(&root).expect("tests/") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if path.extension().is_some_and(|ending| ending == "rs") && name != "main" {
            assert!(main.contains(&format!("mod {name};")), "tests/{name}.rs is not listed in tests/main.rs");
        }
    }
}

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("src/") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// The top module of a file: `src/document/pdf/mod.rs` and `src/evidence.rs` give `document` and `evidence`.
fn module_of(file: &Path) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let relative = file.strip_prefix(source).expect("a file below src/");
    let first = relative.components().next().expect("a component").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Every `crate::x` outside comments, with its line.
fn imports(file: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(file).expect("a readable source");
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for (at, _) in code.match_indices("crate::") {
            let rest = &code[at + "crate::".len()..];
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !name.is_empty() {
                found.push((number + 1, name));
            }
        }
    }
    found
}
