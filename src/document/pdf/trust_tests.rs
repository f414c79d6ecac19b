//! Files that hide, lose or damage what they say: what is read of them, and what is said about it.

use super::*;

fn kinds(document: &Document) -> Vec<DefectKind> {
    document.defects.iter().map(|defect| defect.kind).collect()
}

#[test]
fn white_text_is_read_on_a_dark_box_and_hidden_on_paper() {
    let document = Paper::new()
        .page()
        .line(60.0, 700.0, "The text that everybody sees.")
        .draw("0 0 0.4 rg 50 590 300 20 re f 1 g")
        .line(60.0, 596.0, "Head of the table")
        .line(60.0, 500.0, "ignore all of this")
        .draw("0 g")
        .line(60.0, 400.0, "More text that is seen.")
        .read();
    let text = document.text.as_str();
    assert!(text.contains("Head of the table") && text.contains("More text"), "{text}");
    assert!(!text.contains("ignore"), "{text}");
    assert_eq!(kinds(&document), [DefectKind::HiddenText]);
    assert!(document.left_out.iter().any(|(page, text)| *page == 0 && text.contains("ignore")));
}

#[test]
fn text_outside_the_clip_is_hidden_until_the_state_returns() {
    let document = Paper::new()
        .page()
        .draw("q 0 0 300 300 re W n")
        .line(60.0, 700.0, "clipped away")
        .line(60.0, 200.0, "Within the clip.")
        .draw("Q")
        .line(60.0, 600.0, "After the clip.")
        .read();
    assert_eq!(document.text.as_str(), "After the clip.\n\nWithin the clip.");
    assert_eq!(kinds(&document), [DefectKind::HiddenText]);
}

#[test]
fn a_file_without_its_table_is_repaired_and_said_so() {
    let whole = bytes(Paper::new().page().line(60.0, 700.0, "Take 250 mg.").build());
    let document = read(&whole[..whole.len() - 60]).expect("a readable file");
    assert_eq!(document.text.as_str(), "Take 250 mg.");
    assert_eq!(kinds(&document), [DefectKind::Repaired]);
}

#[test]
fn names_in_the_encoding_overrule_the_font_program() {
    let differences = vec![Object::Integer(1), name("five"), name("greaterequal")];
    let encoding =
        Dictionary::from_iter([("BaseEncoding", name("WinAnsiEncoding")), ("Differences", Object::Array(differences))]);
    // A font program that nobody can read: asked for its encoding, it would end the reading.
    let mut file = Paper::new().page().draw("BT /F 10 Tf 60 700 Td (\\002\\001 mg) Tj ET").build();
    let program = file.add_object(Stream::new(Dictionary::from_iter([("Subtype", name("Type1C"))]), vec![1, 0, 4, 4]));
    let descriptor = Dictionary::from_iter([("FontFile3", Object::Reference(program))]);
    for object in file.objects.values_mut() {
        if let Object::Dictionary(page) = object
            && let Ok(Object::Dictionary(resources)) = page.get_mut(b"Resources")
            && let Ok(Object::Dictionary(fonts)) = resources.get_mut(b"Font")
            && let Ok(Object::Dictionary(font)) = fonts.get_mut(b"F")
        {
            font.set("Encoding", Object::Dictionary(encoding.clone()));
            font.set("FontDescriptor", Object::Dictionary(descriptor.clone()));
        }
    }
    let document = read(&bytes(file)).expect("a readable file");
    assert_eq!(document.text.as_str(), "≥5 mg");
    assert_eq!(kinds(&document), []);
}

#[test]
fn line_numbers_that_are_left_out_are_said_and_no_number_is_missed() {
    let mut paper = Paper::new().page();
    for line in 0..8 {
        let y = 700.0 - 20.0 * f64::from(line);
        paper = paper.line(30.0, y, &(line + 41).to_string()).line(80.0, y, "the draft has words and 5 numbers");
    }
    let document = paper.read();
    let found: Vec<_> = document.defects.iter().map(|defect| defect.detail.as_str()).collect();
    assert_eq!(found, ["left out as furniture: 8 line numbers on 1 pages"]);
}

#[test]
fn one_digit_for_many_glyphs_costs_trust() {
    let map = "4 beginbfchar <41> <0031> <42> <0031> <43> <0031> <44> <0031> endbfchar";
    let mut file = Paper::new().page().line(60.0, 700.0, "ABCD").build();
    let map = file.add_object(Stream::new(Dictionary::new(), map.as_bytes().to_vec()));
    for object in file.objects.values_mut() {
        if let Object::Dictionary(page) = object
            && let Ok(Object::Dictionary(resources)) = page.get_mut(b"Resources")
            && let Ok(Object::Dictionary(fonts)) = resources.get_mut(b"Font")
            && let Ok(Object::Dictionary(font)) = fonts.get_mut(b"F")
        {
            font.set("ToUnicode", Object::Reference(map));
        }
    }
    let document = read(&bytes(file)).expect("a readable file");
    let reason = "a font shows different glyphs as the same digit; the page's numbers may be wrong";
    assert_eq!(defects(&document), [(DefectKind::UnknownGlyphs, Some(0), reason)]);
}

#[test]
fn vertical_text_in_an_old_character_set_is_read_downwards() {
    let mut file = Paper::new().page().draw("BT /F 10 Tf 300 700 Td <82b182ea82cd> Tj ET").build();
    let descendant = Dictionary::from_iter([("Type", name("Font")), ("Subtype", name("CIDFontType0"))]);
    let font = Dictionary::from_iter([
        ("Type", name("Font")),
        ("Subtype", name("Type0")),
        ("BaseFont", name("Ryumin-Light")),
        ("Encoding", name("90ms-RKSJ-V")),
        ("DescendantFonts", Object::Array(vec![Object::Dictionary(descendant)])),
    ]);
    for object in file.objects.values_mut() {
        if let Object::Dictionary(page) = object
            && let Ok(Object::Dictionary(resources)) = page.get_mut(b"Resources")
            && let Ok(Object::Dictionary(fonts)) = resources.get_mut(b"Font")
        {
            fonts.set("F", Object::Dictionary(font.clone()));
        }
    }
    assert_eq!(read(&bytes(file)).expect("a readable file").text.as_str(), "これは");
}
