//! Small hand-made files, each showing one difficulty.

#[path = "trust_tests.rs"]
mod trust;

use pdf_extract::{Dictionary, EncryptionState, EncryptionVersion, Object, ObjectId, Permissions, Stream};

use super::*;
use crate::document::{BlockKind, DefectKind};

/// A file in the making: lines of text at places on pages.
struct Paper {
    pages: Vec<String>,
    catalog: Dictionary,
    page_extras: Dictionary,
    info: Dictionary,
}

fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

impl Paper {
    fn new() -> Paper {
        let empty = Dictionary::new;
        Paper { pages: Vec::new(), catalog: empty(), page_extras: empty(), info: empty() }
    }

    fn page(mut self) -> Paper {
        self.pages.push(String::new());
        self
    }

    fn draw(mut self, instructions: &str) -> Paper {
        if let Some(page) = self.pages.last_mut() {
            page.push_str(instructions);
            page.push('\n');
        }
        self
    }

    /// A line in a font: F is Courier, each letter of which is 0.6 of the size wide; B is bold.
    fn set(self, font: &str, size: f64, x: f64, y: f64, text: &str) -> Paper {
        let escaped = text.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        self.draw(&format!("BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET"))
    }

    fn line(self, x: f64, y: f64, text: &str) -> Paper {
        self.set("F", 10.0, x, y, text)
    }

    /// Lines one under the other.
    fn lines(mut self, x: f64, y: f64, lines: &[&str]) -> Paper {
        for (index, line) in lines.iter().enumerate() {
            self = self.line(x, y - 12.0 * index as f64, line);
        }
        self
    }

    fn build(self) -> pdf_extract::Document {
        let mut file = pdf_extract::Document::with_version("1.5");
        let font = |base: &str| {
            let entries = [("Type", "Font"), ("Subtype", "Type1"), ("BaseFont", base), ("Encoding", "WinAnsiEncoding")];
            Object::Dictionary(Dictionary::from_iter(entries.map(|(key, value)| (key, name(value)))))
        };
        let fonts = Dictionary::from_iter([("F", font("Courier")), ("B", font("Courier-Bold"))]);
        let resources = Dictionary::from_iter([("Font", Object::Dictionary(fonts))]);
        let tree = file.new_object_id();
        let mut kids = Vec::new();
        for content in &self.pages {
            let content = file.add_object(Stream::new(Dictionary::new(), content.clone().into_bytes()));
            let mut page = Dictionary::from_iter([
                ("Type", name("Page")),
                ("Parent", Object::Reference(tree)),
                ("Contents", Object::Reference(content)),
                ("Resources", Object::Dictionary(resources.clone())),
                ("MediaBox", Object::Array([0, 0, 600, 800].map(Object::Integer).to_vec())),
            ]);
            page.extend(&self.page_extras);
            kids.push(Object::Reference(file.add_object(page)));
        }
        let pages = Dictionary::from_iter([
            ("Type", name("Pages")),
            ("Count", Object::Integer(kids.len() as i64)),
            ("Kids", Object::Array(kids)),
        ]);
        file.objects.insert(tree, Object::Dictionary(pages));
        let mut catalog = Dictionary::from_iter([("Type", name("Catalog")), ("Pages", Object::Reference(tree))]);
        catalog.extend(&self.catalog);
        let catalog: ObjectId = file.add_object(catalog);
        file.trailer.set("Root", Object::Reference(catalog));
        let info = file.add_object(self.info);
        file.trailer.set("Info", Object::Reference(info));
        file
    }

    fn read(self) -> Document {
        read(&bytes(self.build())).expect("a readable file")
    }
}

fn bytes(mut file: pdf_extract::Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).expect("writing to memory does not fail");
    bytes
}

fn read(bytes: &[u8]) -> Result<Document, Error> {
    Pdf { by_tags: true }.read(bytes, &Limits::default())
}

/// Headings with their level as "#", and blocks with the first letter of their kind.
fn outline(document: &Document) -> Vec<String> {
    let mut found = Vec::new();
    let text = |span| document.text.slice(span).unwrap_or_default().to_owned();
    for section in &document.sections {
        found.extend(section.heading.map(|heading| format!("{} {}", "#".repeat(section.path.len()), text(heading))));
        for block in &section.blocks {
            let kind = match &block.kind {
                BlockKind::ListItem { number, intro } => {
                    format!("L{}{}", number.as_deref().unwrap_or("-"), if intro.is_some() { "^" } else { "" })
                }
                other => format!("{other:?}").chars().take(1).collect(),
            };
            found.push(format!("{kind} {}", text(block.span)));
        }
    }
    found
}

fn check(paper: Paper, expected: &[&str]) {
    assert_eq!(outline(&paper.read()), expected);
}

#[test]
fn two_columns_are_read_one_after_the_other() {
    let paper = Paper::new()
        .page()
        .set("B", 16.0, 60.0, 700.0, "A wide title over both of the columns here")
        .lines(
            60.0,
            660.0,
            &["The left column tells", "of things that are in", "the left and goes on", "with its last words in"],
        )
        .lines(
            330.0,
            660.0,
            &["the right column that", "ends what the left has", "begun. A new sentence", "closes the whole page."],
        );
    let text = "P The left column tells of things that are in the left and goes on with its last words in the right column \
                that ends what the left has begun. A new sentence closes the whole page.";
    check(paper, &["# A wide title over both of the columns here", text]);
}

#[test]
fn hyphens_at_line_ends_are_undone_and_others_kept() {
    let paper = Paper::new().page().lines(
        60.0,
        700.0,
        &[
            "People with high blood pres-",
            "sure may take a daily low-",
            "dose tablet, as the blood",
            "pressure falls by it soon.",
        ],
    );
    check(
        paper,
        &[
            "P People with high blood pressure may take a daily low-dose tablet, as the blood pressure falls by it soon.",
        ],
    );
}

#[test]
fn running_heads_and_page_numbers_go_and_sentences_go_on_overleaf() {
    let mut paper = Paper::new();
    for page in 1..=3 {
        paper = paper
            .page()
            .line(60.0, 770.0, "Guideline on something")
            .lines(
                60.0,
                600.0,
                &["words of a long sentence that", "goes on from page to page and", "does not end before all these"],
            )
            .line(300.0, 30.0, &page.to_string());
    }
    let document = paper.page().line(60.0, 700.0, "last page.").read();
    let page = "words of a long sentence that goes on from page to page and does not end before all these";
    assert_eq!(document.text.as_str(), format!("{page} {page} {page} last page."));
    assert_eq!(document.page_at(2).map(|page| page.index), Some(0));
    assert_eq!(document.pages.len(), 4);
}

#[test]
fn line_numbers_in_the_margin_go() {
    let mut paper = Paper::new().page();
    for line in 0..8 {
        let y = 700.0 - 20.0 * f64::from(line);
        paper = paper.line(30.0, y, &(line + 41).to_string()).line(80.0, y, "the draft has words and 5 numbers");
    }
    let text = paper.read().text.as_str().to_owned();
    assert!(text.starts_with("the draft has words and 5 numbers the draft"), "{text}");
    assert!(!text.contains("42"));
}

#[test]
fn list_items_lose_their_bullets_and_know_their_introduction() {
    let paper = Paper::new()
        .page()
        .line(60.0, 700.0, "Before treatment, check all of the following points:")
        .line(80.0, 685.0, "\\225")
        .line(100.0, 685.0, "kidney function in every person who is")
        .line(100.0, 673.0, "older than 65 years")
        .line(80.0, 661.0, "\\225")
        .line(100.0, 661.0, "blood pressure")
        .line(60.0, 630.0, "1. First step of the treatment that follows.")
        .line(60.0, 618.0, "2. Second step.");
    // The escape is undone: it is the file's own way to write a bullet.
    let mut paper = paper;
    paper.pages.iter_mut().for_each(|page| *page = page.replace("\\\\225", "\\225"));
    check(
        paper,
        &[
            "P Before treatment, check all of the following points:",
            "L-^ kidney function in every person who is older than 65 years",
            "L-^ blood pressure",
            "L1^ First step of the treatment that follows.",
            "L2^ Second step.",
        ],
    );
}

#[test]
fn headings_have_levels_by_size_and_number() {
    let body =
        ["Text that is long enough to be the body of the whole", "document, and that ends with a full stop here."];
    let paper = Paper::new()
        .page()
        .set("B", 18.0, 60.0, 740.0, "1 Scope")
        .lines(60.0, 700.0, &body)
        .set("B", 13.0, 60.0, 650.0, "1.1 Audience")
        .lines(60.0, 630.0, &body)
        .set("B", 10.0, 60.0, 590.0, "Note on doses")
        .lines(60.0, 575.0, &body);
    let text = "P Text that is long enough to be the body of the whole document, and that ends with a full stop here.";
    check(paper, &["# 1 Scope", text, "## 1.1 Audience", text, "### Note on doses", text]);
}

#[test]
fn a_ruled_table_is_read_by_its_cells() {
    let mut paper = Paper::new().page();
    for y in [700, 680, 640, 620] {
        paper = paper.draw(&format!("50 {y} m 450 {y} l S"));
    }
    for x in [50, 200, 450] {
        paper = paper.draw(&format!("{x} 620 m {x} 700 l S"));
    }
    let paper = paper
        .set("B", 10.0, 60.0, 686.0, "Drug")
        .set("B", 10.0, 210.0, 686.0, "Dose")
        .line(60.0, 666.0, "ceftriaxone")
        .line(210.0, 666.0, "250 mg by injection into the")
        .line(210.0, 652.0, "muscle, once")
        .line(60.0, 626.0, "azithromycin")
        .line(210.0, 626.0, "1 g");
    check(
        paper,
        &["T Drug: ceftriaxone | Dose: 250 mg by injection into the muscle, once", "T Drug: azithromycin | Dose: 1 g"],
    );
}

#[test]
fn text_that_nobody_sees_is_left_out_and_counted() {
    let paper = Paper::new()
        .page()
        .line(60.0, 700.0, "What a reader of the page can see is kept.")
        .draw("3 Tr")
        .line(60.0, 680.0, "hidden");
    let document = paper.read();
    assert_eq!(document.text.as_str(), "What a reader of the page can see is kept.");
    assert!(document.defects.iter().any(|defect| defect.kind == DefectKind::HiddenText));
}

#[test]
fn text_in_nested_drawings_stands_where_it_is_placed() {
    let mut file = Paper::new().page().line(60.0, 700.0, "Above.").draw("q 1 0 0 1 60 500 cm /X Do Q").build();
    let entries = [("Type", name("XObject")), ("Subtype", name("Form"))];
    let form = Stream::new(Dictionary::from_iter(entries), b"BT /F 10 Tf 0 180 Td (Inside.) Tj ET".to_vec());
    let form = Object::Reference(file.add_object(form));
    for object in file.objects.values_mut() {
        if let Object::Dictionary(page) = object
            && let Ok(Object::Dictionary(resources)) = page.get_mut(b"Resources")
        {
            resources.set("XObject", Object::Dictionary(Dictionary::from_iter([("X", form.clone())])));
        }
    }
    assert_eq!(read(&bytes(file)).expect("a readable file").text.as_str(), "Above.\n\nInside.");
}

#[test]
fn page_labels_and_empty_pages() {
    let range = |entries: &[(&str, Object)]| {
        Object::Dictionary(Dictionary::from_iter(entries.iter().map(|(key, value)| (*key, value.clone()))))
    };
    let numbers = vec![
        Object::Integer(0),
        range(&[("S", name("r"))]),
        Object::Integer(2),
        range(&[("S", name("D")), ("St", Object::Integer(7)), ("P", Object::string_literal("A-"))]),
    ];
    let mut paper = Paper::new().page().line(60.0, 700.0, "one").page().page().line(60.0, 700.0, "three");
    paper.catalog.set("PageLabels", range(&[("Nums", Object::Array(numbers))]));
    paper.info.set("Title", Object::string_literal("Guideline on tests"));
    let document = paper.read();
    let labels: Vec<_> = document.pages.iter().map(|page| page.label.as_deref().unwrap_or_default()).collect();
    assert_eq!(labels, ["i", "ii", "A-7"]);
    assert_eq!(document.title.as_deref(), Some("Guideline on tests"));
    assert_eq!(
        document.defects.iter().map(|defect| (defect.kind, defect.page)).collect::<Vec<_>>(),
        [(DefectKind::EmptyPage, Some(1))]
    );
}

#[test]
fn files_that_cannot_be_read_say_why() {
    assert!(matches!(read(b"<html>not found</html>"), Err(Error::WrongFormat { .. })));
    assert!(matches!(read(b"%PDF-1.4\nnothing more"), Err(Error::Damaged { .. })));
    assert!(matches!(read(&bytes(Paper::new().build())), Err(Error::Damaged { .. })));
    let three = bytes(Paper::new().page().page().page().build());
    let limits = Limits { pages: 2, ..Limits::default() };
    assert!(matches!(Pdf { by_tags: true }.read(&three, &limits), Err(Error::TooLarge { limit: 2, .. })));
}

#[test]
fn a_page_that_is_its_own_parent_is_read() {
    let mut file = Paper::new().page().line(60.0, 700.0, "still here").build();
    let page = file.get_pages().get(&1).copied().expect("a page");
    if let Ok(Object::Dictionary(dictionary)) = file.get_object_mut(page) {
        dictionary.set("Parent", Object::Reference(page));
        dictionary.set("Kids", Object::Array(vec![]));
        dictionary.remove(b"Kids");
    }
    assert_eq!(read(&bytes(file)).expect("a readable file").text.as_str(), "still here");
}

#[test]
fn passwords_are_needed_unless_they_are_empty() {
    let protect = |user: &str| {
        let mut file = Paper::new().page().line(60.0, 700.0, "protected text").build();
        let id = Object::string_literal("0123456789abcdef");
        file.trailer.set("ID", Object::Array(vec![id.clone(), id]));
        let version = EncryptionVersion::V2 {
            document: &file,
            owner_password: "owner",
            user_password: user,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).expect("a key");
        file.encrypt(&state).expect("an encrypted file");
        bytes(file)
    };
    assert!(matches!(read(&protect("secret")), Err(Error::Encrypted)));
    assert_eq!(read(&protect("")).expect("a readable file").text.as_str(), "protected text");
}

/// Kind, page and words of each defect.
fn defects(document: &Document) -> Vec<(DefectKind, Option<usize>, &str)> {
    document.defects.iter().map(|defect| (defect.kind, defect.page, defect.detail.as_str())).collect()
}

#[test]
fn damaged_instructions_cost_trust_in_their_page() {
    let document =
        Paper::new().page().line(60.0, 700.0, "Before.").draw("(open ] >> Tj").line(60.0, 680.0, "After.").read();
    assert_eq!(document.text.as_str(), "Before.");
    let reason = "the page's content is damaged; text after the damage is missing";
    assert_eq!(defects(&document), [(DefectKind::UnknownGlyphs, Some(0), reason)]);
}

#[test]
fn a_page_that_the_file_lacks_keeps_its_place() {
    let mut file = Paper::new().page().line(60.0, 700.0, "one").page().page().line(60.0, 700.0, "three").build();
    let gone = file.get_pages().get(&2).copied().expect("a page");
    file.objects.remove(&gone);
    let document = read(&bytes(file)).expect("a readable file");
    assert_eq!(document.pages.iter().map(|page| page.index).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(defects(&document), [(DefectKind::FailedPage, Some(1), "the page is missing from the file")]);
}

#[test]
fn much_sideways_text_costs_trust_unless_it_is_a_stamp() {
    let turned = |paper: Paper, text: &str| paper.draw(&format!("BT /F 8 Tf 0 1 -1 0 580 100 Tm ({text}) Tj ET"));
    let body =
        ["The text of the page stands upright and is longer", "than what stands in the margin beside it, by far."];
    let mut paper = Paper::new();
    for page in 0..4 {
        paper = turned(paper.page().lines(60.0, 500.0, &body), "Downloaded from a library on 1 May 2021 by a reader");
        if page == 1 {
            paper = turned(paper, "Do not give this to anyone.");
        }
    }
    let document = paper.read();
    let reason = "63 characters of sideways text were not read";
    assert_eq!(defects(&document), [(DefectKind::UnknownGlyphs, Some(1), reason)]);
}
