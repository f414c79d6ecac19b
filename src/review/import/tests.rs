use std::fs;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Files that the tools themselves wrote, and what each is called there (`tests/fixtures/review/README.md`).
const FILES: [(&str, &str, Format); 17] = [
    ("inspect.eval", "logs/guideline.eval", Format::Inspect),
    ("inspect-chunked.eval", "guideline.eval", Format::Inspect),
    ("inspect.json", "guideline.json", Format::Inspect),
    ("lm-eval.jsonl", "samples_guideline_answers_2026-11-22T20-10-15.990070.jsonl", Format::LmEval),
    ("lm-eval-choice.jsonl", "samples_guideline_choice_2026-11-22T20-10-15.990070.jsonl", Format::LmEval),
    ("promptfoo.json", "results.json", Format::Promptfoo),
    ("healthbench.jsonl", "healthbench.jsonl", Format::HealthBench),
    ("chat-openai.json", "chat-openai.json", Format::Chat),
    ("chat-openai-responses.json", "response.json", Format::Chat),
    ("chat-anthropic.json", "C:\\logs\\chat.json", Format::Chat),
    ("chat.jsonl", "chat.jsonl", Format::Chat),
    ("table.csv", "table.csv", Format::Csv),
    ("table.tsv", "table.tsv", Format::Csv),
    ("answer.md", "answer.md", Format::Markdown),
    ("responses.jsonl", "responses.jsonl", Format::Artifact),
    ("artifact.zip", "review.zip", Format::Artifact),
    ("answer.txt", "answer.txt", Format::Text),
];

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/review/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read(path).expect("a fixture")
}

/// Reads a fixture under the name that its tool gave it, with the format found out.
fn imported(name: &str) -> Imported {
    let (_, called, _) = FILES.iter().find(|(file, _, _)| *file == name).expect("a listed fixture");
    read(called, &file(name), Format::Auto).expect("a readable fixture")
}

fn texts(imported: &Imported) -> Vec<&str> {
    imported.responses.iter().map(|response| response.text.as_str()).collect()
}

fn prompts(imported: &Imported) -> Vec<&str> {
    imported.responses.iter().map(|response| response.prompt.as_ref().map_or("", Private::as_str)).collect()
}

fn rejected(imported: &Imported) -> Vec<(&str, &str)> {
    imported.rejected.iter().map(|rejected| (rejected.at.as_str(), rejected.reason.as_str())).collect()
}

fn from_text(text: &str, format: Format) -> Imported {
    read("file", text.as_bytes(), format).expect("a readable text")
}

#[test]
fn the_format_is_found_by_name_and_content() {
    for (name, called, format) in FILES {
        assert_eq!(imported(name).format, format, "{name}");
        // What was asked for by name gives the same as what was found out.
        assert_eq!(read(called, &file(name), format).expect("a fixture"), imported(name), "{name}");
    }
    for (text, format) in [
        ("question,answer\nWhy?,Because.\n", Format::Csv),
        ("answer;question\nJa;Warum\n", Format::Csv),
        ("# Title\n\nText.", Format::Markdown),
        ("Adults, aged 18, answer questions.", Format::Text),
        ("[1] A text that begins with a bracket.", Format::Text),
        ("{not json at all}", Format::Text),
    ] {
        assert_eq!(from_text(text, Format::Auto).format, format, "{text}");
    }
    assert_eq!(read("file", b"{\"a\":1}", Format::Auto), Err(Error::Unknown));
    assert_eq!(read("file.json", b"{\"a\":", Format::Auto), Err(Error::NotJson { line: 1, column: 5 }));
    // A log that was renamed is still a log.
    assert_eq!(read("log.txt", &file("inspect.eval"), Format::Auto).expect("a log").format, Format::Inspect);
    assert!(Format::NAMES.iter().all(|(format, name)| name.parse() == Ok(*format) && format.name() == *name));
}

#[test]
fn inspect_logs_of_three_forms_say_the_same() {
    let plain = imported("inspect.json");
    assert_eq!((plain.responses.len(), plain.rejected.len()), (6, 0));
    for name in ["inspect.eval", "inspect-chunked.eval"] {
        let zipped = imported(name);
        assert_eq!((zipped.responses.len(), zipped.rejected.len()), (6, 0), "{name}");
        let told = |imported: &Imported| {
            let mut all: Vec<(Value, Value, String, String, Value)> = imported
                .responses
                .iter()
                .map(|one| {
                    let prompt = one.prompt.clone().map(|prompt| prompt.0).unwrap_or_default();
                    let topic = one.metadata.get("sample_metadata").cloned().unwrap_or_default();
                    (
                        one.metadata["sample_id"].clone(),
                        one.metadata["epoch"].clone(),
                        prompt,
                        one.text.0.clone(),
                        topic,
                    )
                })
                .collect();
            all.sort_by_key(|one| (one.0.to_string(), one.1.to_string()));
            all
        };
        assert_eq!(told(&zipped), told(&plain), "{name}");
    }
    let hypertension = imported("inspect.eval");
    let one = hypertension.responses.iter().find(|one| one.origin.id.as_deref() == Some("2")).expect("sample 2");
    assert_eq!(
        one.prompt.as_ref().map(Private::as_str),
        Some("System: Answer for a clinician.\n\nUser: Who should be screened for hypertension?")
    );
    assert!(one.text.as_str().ends_with("≥ 130/80 mm Hg."));
    assert_eq!(one.model.as_deref(), Some("mockllm/model"));
    assert_eq!(one.origin.name.as_deref(), Some("guideline.eval"));
    // What writing scores back needs: the id with its type, the epoch, the run.
    assert_eq!((&one.metadata["sample_id"], &one.metadata["epoch"]), (&json!(2), &json!(1)));
    assert!(one.metadata["uuid"].is_string() && one.metadata["eval_id"].is_string());
    assert_eq!(one.metadata["task"], "guideline_answers");
    assert_eq!(one.metadata["scores"]["includes"]["value"], "C");
}

#[test]
fn inspect_samples_that_are_odd() {
    let log = |samples: &str| {
        format!(r#"{{"version":2,"status":"error","eval":{{"model":"m","task":"t"}},"samples":[{samples}]}}"#)
    };
    let read = |samples: &str| from_text(&log(samples), Format::Auto);
    let found = read(
        r#"{"id":"a","epoch":1,"input":"q","target":"","messages":[],"error":{"message":"secret"}},
           {"id":"b","epoch":1,"input":"q","output":{"choices":[],"completion":""},"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"Said before a tool was called."}]},
           {"id":"c","epoch":2,"input":"q","output":{"choices":[{"message":{"role":"assistant","content":[{"type":"reasoning","reasoning":"hidden"},{"type":"text","text":"Shown."}]}}]},"scores":{"s":{"value":NaN}}},
           {"id":"d","epoch":1,"input":"q","output":{"completion":"attachment://0123456789abcdef0123456789abcdef"},"attachments":{"0123456789abcdef0123456789abcdef":"Put back."}},
           {"id":"e","epoch":1,"input":"q","output":{"completion":"attachment://ffff"}},
           {"id":"Mrs Smith, 61","epoch":1,"input":"q"},
           7"#,
    );
    assert_eq!(texts(&found), ["Said before a tool was called.", "Shown.", "Put back."]);
    assert_eq!(found.responses[1].metadata["scores"]["s"]["value"], Value::Null);
    assert_eq!(found.responses[0].model.as_deref(), Some("m"));
    let expected = [
        ("sample a, epoch 1", "the sample ended in an error, without a response"),
        ("sample e, epoch 1", "an attachment of the sample is missing"),
        ("sample 6", "the sample has no response"),
        ("sample 7", "the sample has another shape"),
    ];
    assert_eq!(rejected(&found), expected);
    assert_eq!(read("").responses, []);
}

#[test]
fn lm_eval_answers_come_in_once_and_likelihoods_do_not() {
    let found = imported("lm-eval.jsonl");
    // Two filters and two repeats; only the third document was answered in two ways.
    assert_eq!(found.responses.len(), 4);
    assert_eq!(found.responses[0].text.as_str(), " Men aged 65 to 75 who have ever smoked.");
    assert_eq!(prompts(&found)[1], "Q: May I start aspirin at 62?\nA:");
    let third: Vec<_> = found.responses.iter().filter(|one| one.origin.id.as_deref() == Some("2")).collect();
    assert_eq!(third.len(), 2);
    assert_eq!((&third[0].metadata["repeat"], &third[1].metadata["repeat"]), (&json!(0), &json!(1)));
    assert_eq!(
        (&third[0].metadata["task"], &third[0].metadata["target"]),
        (&json!("guideline_answers"), &json!("Adults from 18."))
    );
    let choice = imported("lm-eval-choice.jsonl");
    assert_eq!(choice.responses, []);
    assert_eq!(rejected(&choice)[2], ("line 3", "the sample compares likelihoods and has no text to judge"));
    let older = r#"{"doc_id":0,"doc":{},"arguments":[["[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"Q\"}]",{}]],"resps":["A"]}"#;
    assert_eq!(prompts(&from_text(older, Format::Auto)), ["System: S\n\nUser: Q"]);
}

#[test]
fn promptfoo_results_come_in_and_errors_are_named() {
    let found = imported("promptfoo.json");
    assert_eq!(found.responses.len(), 4);
    assert_eq!(
        rejected(&found).iter().map(|(_, reason)| *reason).collect::<Vec<_>>(),
        ["the provider failed and gave no output"; 2]
    );
    let chat = found.responses.iter().find(|one| one.metadata["promptIdx"] == 1 && one.metadata["testIdx"] == 0);
    let chat = chat.expect("the first test of the second prompt");
    assert_eq!(
        chat.prompt.as_ref().map(Private::as_str),
        Some("System: Answer for a clinician.\n\nUser: Who should be screened for an abdominal aortic aneurysm?")
    );
    assert_eq!(chat.model.as_deref(), Some("exec:node answer.js"));
    assert_eq!((&chat.metadata["success"], &chat.metadata["metadata"]["topic"]), (&json!(true), &json!("aneurysm")));
    assert!(chat.origin.id.is_some() && chat.metadata["evalId"].is_string());
}

#[test]
fn healthbench_keeps_what_a_rubric_needs() {
    let found = imported("healthbench.jsonl");
    assert_eq!(found.responses.len(), 3);
    assert_eq!(rejected(&found), [("line 3", "the line has neither a completion nor an ideal one")]);
    let ideal = &found.responses[0];
    assert_eq!(ideal.metadata["completion_source"], "ideal");
    assert_eq!(ideal.metadata["rubrics"][0]["points"], 7);
    assert_eq!(ideal.metadata["prompt"][0]["role"], "user");
    assert_eq!(ideal.origin.id.as_deref(), Some("5f0c0a52-0001-4000-8000-000000000001"));
    assert!(!ideal.metadata.contains_key("canary"));
    assert_eq!(texts(&found)[2], "Take 81 mg a day.");
    assert_eq!(prompts(&found)[1], "User: Is aspirin good for my heart?\n\nAssistant: How old are you?\n\nUser: 62.");
}

#[test]
fn the_last_assistant_turn_is_the_response() {
    let lines = imported("chat.jsonl");
    assert_eq!(texts(&lines), ["Second answer.", "It is a plain object.", "Bare list."]);
    assert_eq!(prompts(&lines), ["User: One?\n\nAssistant: First answer.\n\nUser: Two?", "What is it?", "Bare?"]);
    assert_eq!(lines.responses[0].metadata["topic"], "x");
    assert_eq!(lines.responses[1].metadata["grade"], 3);
    assert_eq!(rejected(&lines).iter().map(|(at, _)| *at).collect::<Vec<_>>(), ["line 2", "line 4"]);
    let anthropic = imported("chat-anthropic.json");
    assert_eq!(texts(&anthropic), ["No: it is no longer started\n\nfor primary prevention at 60 or older."]);
    assert_eq!(prompts(&anthropic), ["System: Answer for a clinician.\n\nUser: May I start aspirin at 62?"]);
    assert_eq!(anthropic.responses[0].origin.name.as_deref(), Some("chat.json"));
    let openai = imported("chat-openai.json");
    assert_eq!(
        (texts(&openai)[0], openai.responses[0].model.as_deref()),
        ("Screen adults aged 18 years or older for hypertension.", Some("gpt-x"))
    );
    let responses = imported("chat-openai-responses.json");
    assert_eq!(
        (texts(&responses)[0], prompts(&responses)[0]),
        ("Adults aged 18 years or older.", "Who should be screened for hypertension?")
    );
    let list = from_text(r#"[{"messages":[{"role":"assistant","content":"A"}]},{"messages":[]},null]"#, Format::Chat);
    assert_eq!((texts(&list), list.rejected.len()), (vec!["A"], 2));
}

#[test]
fn tables_are_read_by_the_names_of_their_columns() {
    let found = imported("table.csv");
    assert_eq!(texts(&found), ["Adults aged 18,\nor older: \"all\"", "≥ 140 mm Hg"]);
    assert_eq!(prompts(&found), ["Who, when?", "Ümlaut?"]);
    assert_eq!(found.responses[0].metadata, BTreeMap::from([("topic".to_owned(), json!("bp"))]));
    assert_eq!(
        (found.responses[1].model.as_deref(), found.responses[1].origin.id.as_deref()),
        (Some("model-b"), Some("10"))
    );
    assert_eq!(
        rejected(&found),
        [("line 4", "the response is empty"), ("line 5", "the row has 6 columns, the header 5")]
    );
    assert_eq!(texts(&imported("table.tsv")), ["No aspirin at 62."]);
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("answer\tid\n≥ 18\t1\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(texts(&read("excel.txt", &utf16, Format::Csv).expect("UTF-16")), ["≥ 18"]);
    let broken = read("a.csv", b"answer,id\n\xff,1\nfine,2\n", Format::Csv).expect("a table");
    assert_eq!((texts(&broken), rejected(&broken)), (vec!["fine"], vec![("line 2", "the row is not UTF-8")]));
    assert!(matches!(read("a.csv", b"a,b\n1,2\n", Format::Csv), Err(Error::Shape { .. })));
}

#[test]
fn texts_come_in_whole() {
    let markdown = imported("answer.md");
    assert_eq!(markdown.responses[0].title.as_str(), "Hypertension");
    assert!(markdown.responses[0].text.as_str().starts_with("# Hypertension\n\nAdults"));
    assert_eq!(from_text("\u{feff}one\r\ntwo", Format::Text).responses[0].text.as_str(), "one\ntwo");
    assert_eq!(read("a", b"\xff\xff", Format::Text), Err(Error::NotText));
    assert_eq!(read("a", b"a\0b", Format::Auto), Err(Error::Unknown));
    assert_eq!(read("a", b" \n", Format::Auto), Err(Error::Empty));
}

#[test]
fn our_own_artifact_gives_its_responses_and_claims() {
    for name in ["responses.jsonl", "artifact.zip"] {
        let found = imported(name);
        assert_eq!(texts(&found), ["Adults aged ≥ 18 years should be screened. So should children."], "{name}");
        assert_eq!(rejected(&found), [("line 2", "the text was erased")]);
        assert_eq!(found.responses[0].origin.id.as_deref(), Some("r-3f9a1c04be77"));
        assert_eq!(found.responses[0].metadata["topic"], "bp");
    }
    let claims = &imported("artifact.zip").responses[0].claims;
    // One that was taken out and one whose words are not those of its span stay behind.
    assert_eq!(claims.len(), 1);
    assert_eq!(
        (claims[0].start, claims[0].end, claims[0].text.as_str()),
        (0, 42, "Adults aged ≥ 18 years should be screened.")
    );
}

#[test]
fn bounds_hold_and_say_so() {
    let long = "x".repeat(limits::TEXT_CHARACTERS + 1);
    let found = from_text(&long, Format::Text);
    assert_eq!(rejected(&found), [("line 1", "the response has more than 200000 characters")]);
    let line =
        json!({"response": "Short.", "prompt": long, "notes": "n".repeat(limits::METADATA), "kept": 1}).to_string();
    let found = from_text(&line, Format::Chat);
    assert_eq!(found.responses[0].prompt, None);
    assert_eq!(
        found.responses[0].metadata,
        BTreeMap::from([("kept".to_owned(), json!(1)), ("left_out".to_owned(), json!(["notes", "prompt"]))])
    );
    let deep = format!(r#"{{"response":"A","deep":{}{}}}"#, "[".repeat(90_000), "]".repeat(90_000));
    assert_eq!(from_text(&deep, Format::Chat).responses[0].metadata["left_out"], json!(["deep"]));
    let many = "{\"response\":\"A\"}\n".repeat(limits::SAMPLES + 5);
    let found = from_text(&many, Format::Chat);
    assert_eq!(found.responses.len(), limits::SAMPLES);
    assert_eq!(rejected(&found), [("line 20001", "only the first 20000 samples of a file are read")]);
    let list = format!("[{}]", vec![r#"{"response":"A"}"#; limits::SAMPLES + 5].join(","));
    assert_eq!(from_text(&list, Format::Chat).rejected.len(), 1);
    let too_large = vec![b'a'; limits::FILE_BYTES + 1];
    assert_eq!(
        read("a", &too_large, Format::Text),
        Err(Error::TooLarge { bytes: limits::FILE_BYTES + 1, limit: limits::FILE_BYTES })
    );
}

/// A zip of one deflated entry.
fn zipped(name: &str, content: &[u8]) -> Vec<u8> {
    use std::io::{Cursor, Write};
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    writer.start_file("header.json", options).expect("an entry");
    writer.write_all(br#"{"eval":{"model":"m"}}"#).expect("written");
    writer.start_file(name, options).expect("an entry");
    writer.write_all(content).expect("written");
    writer.finish().expect("a zip").into_inner()
}

#[test]
fn archives_cannot_unpack_to_more_than_they_may() {
    let sample = br#"{"id":1,"epoch":1,"output":{"completion":"Deflated."}}"#;
    assert_eq!(
        texts(&read("a.eval", &zipped("samples/1_epoch_1.json", sample), Format::Auto).expect("a log")),
        ["Deflated."]
    );
    let bomb = zipped("samples/1_epoch_1.json", &vec![b' '; 8 << 20]);
    assert!(bomb.len() < 20_000);
    let found = read("a.eval", &bomb, Format::Auto).expect("a log");
    assert_eq!(rejected(&found), [("sample 1", "the archive cannot be read: an entry unpacks to too much")]);
    // Claims to be small and is not.
    let mut liar = zipped("samples/1_epoch_1.json", sample);
    let size = u32::try_from(sample.len()).expect("small").to_le_bytes();
    let places: Vec<usize> = liar.windows(4).enumerate().filter(|(_, four)| *four == size).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        liar[at] -= 7;
    }
    let found = read("a.eval", &liar, Format::Auto);
    assert!(found.is_err() || found.is_ok_and(|found| found.responses.is_empty() && found.rejected.len() == 1));
    let entries = b"PK\x01\x02".repeat(limits::ENTRIES + 1);
    assert_eq!(
        read("a.eval", &[b"PK\x03\x04".as_slice(), &entries].concat(), Format::Inspect),
        Err(Error::Archive("it has too many entries"))
    );
    // Of a zip that is neither a log nor an artifact nothing is guessed.
    let mut other = zipped("samples/1_epoch_1.json", sample);
    while let Some(at) = other.windows(11).position(|part| part == b"header.json") {
        other[at] = b'x';
    }
    assert_eq!(read("a.eval", &other, Format::Auto), Err(Error::Unknown));
}

#[test]
fn a_changed_byte_in_a_compressed_sample_is_one_damaged_sample() {
    let mut bytes = file("inspect.eval");
    let at = bytes.windows(20).position(|part| part == b"samples/2_epoch_1.js").expect("the entry") + 200;
    bytes[at] ^= 0x55;
    let found = read("a.eval", &bytes, Format::Auto).expect("the rest of the log");
    assert_eq!((found.responses.len(), found.rejected.len()), (5, 1));
}

#[test]
fn nothing_private_is_shown() {
    for (name, _, _) in FILES {
        let shown = format!("{:?}", imported(name));
        for word in ["aneurysm", "aspirin", "Hypertension", "headache", "screened"] {
            assert!(!shown.contains(word), "{name} shows {word}: {shown}");
        }
    }
}

/// Reads bytes as every format; nothing may panic or take long.
fn survive(name: &str, bytes: &[u8]) {
    for (format, _) in Format::NAMES {
        let before = Instant::now();
        let _ = read(name, bytes, format);
        // A second, and room for a busy machine.
        assert!(before.elapsed() < Duration::from_secs(5), "{name} as {format:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_files_never_panic(which in 0..FILES.len(), flips in prop::collection::vec((any::<prop::sample::Index>(), 1..=255_u8), 0..8), cut in any::<prop::sample::Index>(), whole in any::<bool>()) {
        let (name, called, _) = FILES[which];
        let mut bytes = file(name);
        for (at, mask) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= mask;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        survive(called, &bytes);
    }

    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), start in prop::sample::select(vec!["", "PK\u{3}\u{4}", "{\"", "[", "answer,id\n", "\u{feff}", "{\"doc_id\":0,\"resps\":[["])) {
        let all = [start.as_bytes(), &bytes].concat();
        survive("file.json", &all);
    }

    #[test]
    fn any_json_never_panics(text in "[\\[\\]{}:,\"a-c0-9 \\\\n]{0,120}") {
        survive("file.jsonl", text.as_bytes());
    }
}
