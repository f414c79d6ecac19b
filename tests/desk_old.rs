//! The reviewer's desk in a real browser: from paste to artifact by keyboard alone, two tabs, the blind second review, and every
//! page accessible.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::Running;
use crate::support::browser::{self, Browser, DOWN, ENTER, ESCAPE};

const RESPONSE: &str = "Adults with marsh fever should take quinsulfate 200 mg once daily for 14 days. Zorblaxine cures \
                        gribbles in a fortnight.";
/// A key that is held down, in WebDriver's code points.
const CONTROL: &str = "\u{e009}";
const CURRENT: &str = "document.querySelector('.claim[aria-current]')?.dataset.claim";

/// A browser in which somebody has picked a profile.
fn signed_in(running: &Running, id: &str) -> Option<Browser> {
    let made = running.post("/v1/reviewers", json!({"id": id, "name": id, "role": "pharmacist"}).to_string());
    assert_eq!(made.status, 201, "{}", made.text());
    let browser = Browser::start()?;
    sign_in(&browser, running, id);
    Some(browser)
}

fn sign_in(browser: &Browser, running: &Running, id: &str) {
    browser.open(&format!("http://{}/help", running.address));
    let pick = format!(
        "async () => (await fetch('/v1/session', {{method: 'POST', headers: {{'content-type': 'application/json'}}, \
         body: JSON.stringify({{reviewer: '{id}'}})}})).status"
    );
    assert_eq!(browser.awaited(&pick), json!(200));
}

/// Pastes the response in the inbox and starts; the desk has its first answer when this returns.
fn start(browser: &Browser, running: &Running) -> String {
    browser.open(&format!("http://{}/", running.address));
    browser.until("return document.querySelector('#list:not([aria-busy])') !== null");
    browser.press("n");
    browser.until("return document.activeElement.id === 'text'");
    let paste = format!("document.execCommand('insertText', false, {})", json!(RESPONSE));
    browser.script(&paste);
    browser.chord(CONTROL, ENTER);
    browser.until("return location.pathname.startsWith('/desk/')");
    at_desk(browser);
    browser.text("return location.pathname.slice('/desk/'.length)")
}

fn at_desk(browser: &Browser) {
    browser.until(&format!("return Boolean({CURRENT}) && document.querySelector('article.passage, .trail') !== null"));
    browser.until("return document.querySelector('#results[aria-busy]') === null");
}

fn verdicts(browser: &Browser, id: &str) -> Vec<Value> {
    let ask = format!("async () => (await (await fetch('/v1/reviews/{id}')).json()).verdicts");
    browser.awaited(&ask).as_array().cloned().unwrap_or_default()
}

#[test]
fn a_response_is_judged_by_keyboard_alone() {
    let running = Running::start();
    let Some(browser) = signed_in(&running, "ada") else { return };
    let id = start(&browser, &running);
    assert_eq!(browser.text("return document.querySelector('#progress-text').textContent"), "0 of 2 claims");
    let first = browser.text(&format!("return {CURRENT}"));
    // The passage that is looked at is pinned, the verdict given, saved, and the next claim comes.
    browser.press("s");
    browser.press("1");
    browser.until("return document.querySelector('#verdict-supported').checked");
    browser.chord(CONTROL, ENTER);
    browser.until(&format!("return {CURRENT} !== '{first}'"));
    at_desk(&browser);
    let kept = verdicts(&browser, &id);
    assert_eq!((kept.len(), kept[0]["verdict"].clone()), (1, json!("supported")));
    let shown =
        running.post("/v1/evidence", json!({"claim": "quinsulfate 200 mg marsh fever", "k": 1}).to_string()).json();
    let best = &shown["results"][0]["passages"][0];
    assert_eq!(kept[0]["evidence"][0]["passage"], best["id"]);
    assert_eq!(kept[0]["evidence"][0]["passage_sha256"], best["quote_sha256"]);
    // Nothing speaks about the other: the trail is kept.
    browser.press("4");
    browser.chord(CONTROL, ENTER);
    browser.until("return document.querySelector('#progress-text').textContent.startsWith('2 of 2')");
    let kept = verdicts(&browser, &id);
    assert_eq!(kept[1]["verdict"], json!("not_addressed"));
    assert!(!kept[1]["trail"]["searches"].as_array().expect("searches").is_empty());
    // Undone, it is a line of the log and not a deletion.
    browser.press("u");
    browser.until("return document.querySelector('#progress-text').textContent.startsWith('1 of 2')");
    assert_eq!(verdicts(&browser, &id).last().expect("a line")["verdict"], Value::Null);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn keys_move_among_claims_and_passages_and_open_what_they_say() {
    let running = Running::start();
    let Some(browser) = signed_in(&running, "ada") else { return };
    start(&browser, &running);
    let first = browser.text(&format!("return {CURRENT}"));
    browser.press("j");
    browser.until(&format!("return {CURRENT} !== '{first}'"));
    browser.press("k");
    browser.until(&format!("return {CURRENT} === '{first}'"));
    at_desk(&browser);
    browser.press(DOWN);
    browser.until("return document.activeElement === document.querySelectorAll('article.passage')[1]");
    browser.press(ENTER);
    browser.until("return document.querySelector('.reader-body .on') !== null");
    browser.press(ESCAPE);
    browser.until("return document.querySelector('#reader').hidden");
    browser.chord(CONTROL, "k");
    browser.until("return !document.querySelector('.palette').hidden");
    browser.press(ESCAPE);
    browser.until("return document.querySelector('.palette').hidden");
    // Other words, and words are text within a field.
    browser.press("/");
    browser.until("return document.activeElement.id === 'query'");
    browser.press("1j2");
    assert!(browser.text("return document.querySelector('#query').value").contains("1j2"));
    assert_eq!(browser.script("return document.querySelector('#verdict-supported').checked"), json!(false));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn a_blind_second_review_shows_no_hints_and_no_verdicts_of_others() {
    let running = Running::start();
    let Some(browser) = signed_in(&running, "ada") else { return };
    let id = start(&browser, &running);
    browser.press("s");
    browser.press("1");
    browser.chord(CONTROL, ENTER);
    browser.until("return document.querySelector('#progress-text').textContent.startsWith('1 of 2')");
    let made = running.post("/v1/reviewers", json!({"id": "bob", "name": "bob", "role": "nurse"}).to_string());
    assert_eq!(made.status, 201);
    let assign = format!(
        "async () => (await fetch('/v1/reviews/{id}/assignments', {{method: 'POST', headers: {{'content-type': \
         'application/json'}}, body: JSON.stringify({{reviewer: 'bob', task: 'second'}})}})).status"
    );
    assert_eq!(browser.awaited(&assign), json!(201));
    sign_in(&browser, &running, "bob");
    browser.open(&format!("http://{}/desk/{id}", running.address));
    at_desk(&browser);
    assert_eq!(browser.text("return document.querySelector('#progress-text').textContent"), "0 of 2 claims");
    assert_eq!(browser.script("return document.querySelectorAll('.claim.is-supported').length"), json!(0));
    assert_eq!(browser.script("return document.querySelectorAll('article.passage .hint').length"), json!(0));
    assert_eq!(verdicts(&browser, &id), Vec::<Value>::new());
}

#[test]
fn every_page_of_the_desk_is_accessible_and_asks_nobody_else() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/axe-core/axe.min.js");
    let Ok(axe) = std::fs::read_to_string(path) else {
        browser::missing("axe-core is not installed (tests/run installs it)");
        return;
    };
    let running = Running::start();
    let Some(browser) = signed_in(&running, "ada") else { return };
    let id = start(&browser, &running);
    browser.press("s");
    browser.press("2");
    browser.press("e");
    browser.until("return document.activeElement.id === 'error-field'");
    browser.press(ESCAPE);
    for dark in [false, true] {
        browser.dark(dark);
        for page in
            [format!("desk/{id}"), String::new(), format!("export/{id}"), "help".to_owned(), format!("adjudicate/{id}")]
        {
            browser.open(&format!("http://{}/{page}", running.address));
            if page.starts_with("desk") {
                at_desk(&browser);
            } else {
                browser.until("return document.querySelector('main h1, main h2') !== null");
            }
            let found = browser.violations(&axe);
            assert!(found.is_empty(), "/{page}, dark: {dark}\n{}", found.join("\n"));
        }
    }
    let own = format!("http://{}/", running.address);
    let asked = browser.requests();
    let others: Vec<&String> = asked.iter().filter(|url| !url.starts_with(&own) && !url.starts_with("data:")).collect();
    assert!(others.is_empty(), "{others:?}");
}
