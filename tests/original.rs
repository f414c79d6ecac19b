//! `GET /v1/documents/{id}/original`: the PDF that was indexed, byte for byte, or the reason why there is none.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;

use groundline::access::{Access, Lifetime, Scope, Scopes, Tokens};
use groundline::http::{Editors, Settings};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::pdf::{lines, pdf_of};
use crate::support::{Answer, Running, folder, read_here, snapshot_of};

const ORIGINAL: &str = "/v1/documents/board-dropsy@2026/original";
pub(crate) const CLAIM: &str = "Adults with dropsy should be weighed at home every week.";

/// Two pages, the second of which is about weighing.
fn guide() -> Vec<u8> {
    let first = [
        "Care of adults with dropsy",
        "",
        "Clinicians should treat adults with dropsy with rest and a low intake of salt. The board found",
        "seven trials with nine hundred adults, of whom most rested for at least ten days in the first month.",
        "Dropsy is an invented disease, and the trials were invented with it for the sake of this page.",
    ];
    let second = [
        "Weighing at home",
        "",
        "Adults with dropsy should be weighed at home every week, and a gain of 2 kg within 3 days should be",
        "told to the clinic on the same day. Scales are lent by the clinic to everybody who has none at home,",
        "and whoever cannot stand is weighed in a chair by the nurse who visits the house on Mondays.",
    ];
    pdf_of(&[lines(&first), lines(&second)])
}

/// One page that says nothing of it.
fn leaflet() -> Vec<u8> {
    pdf_of(&[lines(&[
        "Visiting hours",
        "",
        "Visitors may come to the ward between two and six in the afternoon, at most three of them at a time.",
        "Children come with somebody who is grown up, and nobody who coughs comes before the cough has gone.",
    ])])
}

/// A corpus of one pack: a PDF, others that a licence or a faulty sidecar keeps out, a page of HTML, a file that is no PDF.
pub(crate) fn corpus(place: &Path) -> std::path::PathBuf {
    let pack = place.join("corpus/board");
    fs::create_dir_all(&pack).expect("a folder");
    let write = |name: &str, content: &[u8]| fs::write(pack.join(name), content).expect("written");
    write("pack.toml", b"name = \"board\"\n");
    let sidecar = |id: &str, more: &str| format!("id = \"{id}\"\nversion = \"2026\"\ntitle = \"Guide: {id}\"\n{more}");
    for (stem, file, more) in [
        ("board-dropsy", guide(), "url = \"https://board.example/dropsy.pdf\"\n"),
        ("closed", leaflet(), "text_storage = \"link_only\"\nurl = \"https://board.example/closed\"\n"),
        ("quoted", leaflet(), "text_storage = \"quote\"\n"),
        ("faulty", leaflet(), "colour = \"red\"\n"),
    ] {
        write(&format!("{stem}-2026.pdf"), &file);
        write(&format!("{stem}-2026.toml"), sidecar(stem, more).as_bytes());
    }
    let page = format!("<h1>Salt</h1><p>{}</p>", "Cooks should weigh the salt of every meal on the ward. ".repeat(6));
    write("page-2026.html", page.as_bytes());
    write("page-2026.toml", sidecar("page", "").as_bytes());
    write("broken-2026.pdf", b"%PDF-1.4\nand nothing that a reader could read");
    write("broken-2026.toml", sidecar("broken", "").as_bytes());
    place.join("corpus")
}

/// A service over that corpus, which is on this machine.
pub(crate) fn service(place: &Path, settings: Settings) -> Running {
    let (corpus, index) = (corpus(place), place.join("index"));
    snapshot_of(&corpus, &index, 1);
    Running::editing(&index, settings, Editors::new(vec![corpus], Arc::new(read_here), true))
}

/// The answer is that there is none, and why; never where the corpus lies.
#[track_caller]
fn none(place: &Path, answer: &Answer, why: &str) {
    let told = answer.json();
    assert_eq!(answer.status, 404, "{told}");
    assert_eq!(told["type"], "urn:groundline:problem:not-found");
    assert!(told["detail"].as_str().is_some_and(|detail| detail.contains(why)), "{told}");
    assert!(!answer.text().contains(&place.display().to_string()), "{told}");
}

/// The one passage about weighing.
fn weighing(running: &Running) -> Value {
    let answer = running.post("/v1/evidence", json!({"claim": CLAIM, "k": 1}).to_string()).json();
    let passage = answer["results"][0]["passages"][0].clone();
    assert!(passage["quote"].as_str().is_some_and(|quote| quote.contains("weighed at home every week")), "{answer}");
    passage
}

#[test]
fn the_original_is_what_was_indexed_byte_for_byte() {
    let place = folder();
    let running = service(place.path(), Settings::default());
    let answer = running.get(ORIGINAL);
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/pdf"));
    assert!(answer.body == guide(), "the bytes are the file's");
    let tag = format!("\"{}\"", groundline::corpus::hex(&Sha256::digest(guide())));
    assert_eq!(answer.header("etag"), tag);
    assert_eq!(answer.header("content-length"), guide().len().to_string());
    assert_eq!(answer.header("content-disposition"), "inline; filename=\"board-dropsy-2026.pdf\"");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("script") && !policy.contains("unsafe") && !policy.contains("sandbox"), "{policy}");

    let again = running.request("GET", ORIGINAL, &[("if-none-match", tag.as_str())], "");
    assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, tag.as_str()));
    let head = running.request("HEAD", ORIGINAL, &[], "");
    assert_eq!((head.status, head.body.len(), head.header("etag")), (200, 0, tag.as_str()));
    // A part is not sent: the whole is, and viewers are told so beforehand.
    let part = running.request("GET", ORIGINAL, &[("range", "bytes=0-9")], "");
    assert_eq!((part.status, part.header("accept-ranges"), part.header("content-range")), (200, "none", ""));
    assert!(part.body == guide());

    let newest = running.get("/v1/documents/board-dropsy/original");
    assert!(newest.status == 200 && newest.body == guide(), "a document's edition in force");
    assert_eq!(running.get("/v1/documents/board-dropsy/original?as_of=soon").status, 422);
    assert_eq!(running.get(&format!("{ORIGINAL}?page=2")).status, 422, "the page is the fragment's business");
}

#[test]
fn documents_and_passages_name_it_and_evidence_does_not_change() {
    let place = folder();
    let running = service(place.path(), Settings::default());
    let passage = weighing(&running);
    assert_eq!(passage["locator"]["page"]["index"], 1, "{passage}");
    assert_eq!(passage["original_url"], Value::Null, "evidence stays as it is");
    let id = passage["id"].as_str().expect("an id").replace('#', "%23");
    let shown = running.get(&format!("/v1/passages/{id}")).json();
    assert_eq!(shown["original_url"], format!("{ORIGINAL}#page=2"));
    let documents = ["board-dropsy@2026", "closed@2026", "quoted@2026", "faulty@2026", "page@2026", "broken@2026"];
    let told = || documents.map(|id| running.get(&format!("/v1/documents/{id}")).json());
    let before = told();
    assert_eq!(before[0]["original_url"], ORIGINAL);
    for other in &before[1..] {
        assert_eq!(other.get("original_url"), None, "{other}");
    }
    fs::remove_file(place.path().join("corpus/board/board-dropsy-2026.pdf")).expect("removed");
    assert_eq!(running.get(ORIGINAL).status, 404);
    assert_eq!(told(), before, "what is told follows from the snapshot, not from the disk");
}

#[test]
fn where_there_is_none_the_reason_is_told() {
    let place = folder();
    let running = service(place.path(), Settings::default());
    let get = |id: &str| running.get(&format!("/v1/documents/{id}/original"));
    none(place.path(), &get("nobody@2026"), "No version of this snapshot has this id");
    none(place.path(), &get("..%2Fboard-dropsy@2026"), "No document of this snapshot has this id");
    none(place.path(), &get("page@2026"), "not read of a PDF");
    none(place.path(), &get("closed@2026"), "licence");
    none(place.path(), &get("quoted@2026"), "licence");
    // What its sidecar says is not to be believed, so nothing of it is shown; the other is no PDF at all.
    none(place.path(), &get("faulty@2026"), "No file of this version was indexed");
    none(place.path(), &get("broken@2026"), "No file of this version was indexed");

    let file = place.path().join("corpus/board/board-dropsy-2026.pdf");
    fs::write(&file, pdf_of(&[lines(&["Another edition under the same name."])])).expect("written");
    none(place.path(), &get("board-dropsy@2026"), "not the one that was indexed");
    let secret = place.path().join("elsewhere.pdf");
    fs::write(&secret, guide()).expect("written");
    fs::remove_file(&file).expect("removed");
    none(place.path(), &get("board-dropsy@2026"), "not in the corpus folders");
    symlink(&secret, &file).expect("a link");
    none(place.path(), &get("board-dropsy@2026"), "leads out of the corpus folder");
    fs::remove_file(&file).expect("removed");
    fs::rename(&secret, &file).expect("moved");
    assert_eq!(get("board-dropsy@2026").status, 200, "put back, it is found again");
    fs::remove_dir_all(place.path().join("corpus")).expect("removed");
    none(place.path(), &get("board-dropsy@2026"), "not on this machine");

    let without = Running::over(&place.path().join("index"), Settings::default(), 100);
    none(place.path(), &without.get(ORIGINAL), "not on this machine");
}

#[test]
fn whoever_may_read_may_see_it_and_nobody_else() {
    let place = folder();
    let tokens = Tokens::of(place.path().join("data"));
    let settings = Settings { access: Arc::new(Access::by(tokens.clone(), true)), ..Settings::default() };
    let running = service(place.path(), settings);
    let made = tokens.create(Scopes::of([Scope::Read]), Some("a test"), Lifetime::Hours(1), Timestamp::now());
    let bearer = format!("Bearer {}", made.expect("made").0.shown());
    assert_eq!(running.request("GET", ORIGINAL, &[("authorization", bearer.as_str())], "").status, 200);
    let refused = running.get(ORIGINAL);
    assert_eq!((refused.status, refused.header("content-disposition")), (401, ""));
}

#[test]
fn large_originals_take_turns_at_the_memory() {
    let place = folder();
    // Room for one file of the largest size at a time, and little more: what one took is there for the next.
    let settings = Settings { answer_memory: 65 << 20, ..Settings::default() };
    let running = service(place.path(), settings);
    for _ in 0..3 {
        assert_eq!(running.get(ORIGINAL).status, 200);
    }
    let settings = Settings { answer_memory: 1 << 20, ..Settings::default() };
    let corpus = place.path().join("corpus");
    let editors = Editors::new(vec![corpus], Arc::new(read_here), true);
    let small = Running::editing(&place.path().join("index"), settings, editors);
    assert_eq!(small.get(ORIGINAL).status, 503, "no room is no answer");
}
