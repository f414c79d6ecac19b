//! The PDF behind an edition, opened at the passage's page in the browser's own viewer: from the reader and from the desk.

use groundline::http::Settings;
use serde_json::{Value, json};

use super::Seat;
use crate::original::{CLAIM, service};
use crate::support::browser::{Browser, ENTER, ESCAPE};
use crate::support::folder;

const LINK: &str = "document.getElementById('original')";

/// Waits for the link, and gives its words and its address.
#[track_caller]
fn link(seat: &Seat) -> (String, String) {
    seat.browser.until(&format!("return Boolean({LINK})"));
    let words = seat.browser.text(&format!("return {LINK}.textContent"));
    (words, seat.browser.text(&format!("return {LINK}.getAttribute('href')")))
}

/// A tab has opened in which the browser's viewer shows the second page; it is closed again.
#[track_caller]
fn shown_at_page_two(seat: &Seat) {
    let before = seat.browser.opened();
    let viewer = "return document.contentType === 'application/pdf' && location.pathname.endsWith('/original')";
    seat.browser.until(viewer);
    assert_eq!(seat.browser.text("return location.hash"), "#page=2");
    seat.browser.close(&before);
}

/// A PDF names no icon, so the browser asks for one where there is none; of nothing else it complains.
#[track_caller]
fn no_complaints(seat: &Seat) {
    let mut complaints = seat.browser.complaints();
    complaints.retain(|line| !line.contains("/favicon.ico"));
    assert_eq!(complaints, Vec::<String>::new());
}

#[test]
fn the_original_opens_at_its_page_from_the_reader_and_from_the_desk() {
    let place = folder();
    let Some(browser) = Browser::start() else { return };
    let seat = Seat { running: service(place.path(), Settings::default()), browser };
    let answer = seat.running.post("/v1/evidence", json!({"claim": CLAIM, "k": 1}).to_string()).json();
    let reader = answer["results"][0]["passages"][0]["links"]["reader"].as_str().expect("a link").to_owned();

    // The reader: at the marked passage, by key, and from the head where no passage is marked.
    seat.open(reader.trim_start_matches('/'));
    let (words, address) = link(&seat);
    assert_eq!(words, "Original PDF, page 2\u{a0}↗");
    assert!(address.ends_with("/original#page=2"), "{address}");
    let asked = format!(
        "async () => {{ const answer = await fetch('{address}'); \
         return [answer.status, answer.headers.get('content-type'), (await answer.arrayBuffer()).byteLength > 500]; }}"
    );
    assert_eq!(seat.browser.awaited(&asked), json!([200, "application/pdf", true]));
    seat.browser.press("O");
    shown_at_page_two(&seat);
    let whole = "return document.getElementById('whole').getAttribute('href')";
    assert_eq!(seat.browser.text(whole), "/v1/documents/board-dropsy@2026/original");
    no_complaints(&seat);

    // An edition that has none shows no way to one.
    seat.open("r/page@2026");
    assert_eq!(seat.count("#whole"), 0);
    seat.browser.press("j");
    seat.browser.until("return Boolean(document.getElementById('copy'))");
    assert_eq!(seat.count("#original"), 0);

    // The desk: from a card by its key, and from the reader in place.
    seat.profile("ada");
    seat.sign_in("ada");
    let review = seat.call("ada", "/v1/reviews", &json!({"text": CLAIM, "split": true}));
    let review = review["id"].as_str().expect("an id").to_owned();
    seat.assign(&review, "ada", "ada", "first");
    seat.desk(&review);
    let first = "return document.querySelector('article.passage').dataset.id";
    assert_eq!(Value::from(seat.browser.text(first)), answer["results"][0]["passages"][0]["id"]);
    seat.browser.press("O");
    shown_at_page_two(&seat);
    seat.browser.press(ENTER);
    let (words, address) = link(&seat);
    assert_eq!(words, "Original PDF, page 2\u{a0}↗");
    assert!(address.ends_with("/original#page=2"), "{address}");
    seat.browser.click("#original");
    shown_at_page_two(&seat);
    seat.browser.press(ESCAPE);
    seat.browser.until("return document.getElementById('reader').hidden");
    assert_eq!(seat.count("#original"), 0);
    no_complaints(&seat);
}
