//! The pages around the desk: import, the reader, keys, commands, colours, erasing.

use std::path::Path;

use serde_json::json;

use super::{CURRENT, RESPONSE, Seat};
use crate::support::browser::{CONTROL, DELETE, ENTER, ESCAPE, SHIFT, TAB};

fn inbox(seat: &Seat) {
    seat.open("");
    seat.browser.until("return document.querySelector('#list:not([aria-busy])') !== null");
}

#[test]
fn files_are_imported() {
    let Some(seat) = Seat::taken("ada") else { return };
    let browser = &seat.browser;
    inbox(&seat);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/review");
    browser.give_file("#files", &fixtures.join("chat.jsonl"));
    browser.until("return document.querySelector('#imported a') !== null");
    let listed = seat.count("#imported a");
    assert!(listed > 0 && seat.words("#imported h2").contains("chat"), "{}", seat.words("#imported"));
    browser.until(&format!("return document.querySelectorAll('#list a.resume').length === {listed}"));
    // Dropped on the page; what cannot be read is said, and says why.
    let drop = |name: &str, text: &str| {
        browser.script(&format!(
            "const data = new DataTransfer(); data.items.add(new File([{}], {})); \
             document.dispatchEvent(new DragEvent('drop', {{dataTransfer: data, bubbles: true, cancelable: true}}))",
            json!(text),
            json!(name)
        ));
        browser.until(&format!("return document.querySelector('#imported h2')?.textContent.includes({})", json!(name)));
        browser.until("return document.querySelector('#imported .dismiss') !== null");
    };
    drop("answer.txt", RESPONSE);
    assert!(seat.words("#imported h2").starts_with("1 review from answer.txt"), "{}", seat.words("#imported"));
    drop("broken.json", "{\"messages\": 3}");
    assert_eq!(seat.count("#imported .warn"), 1);
    browser.click("#imported .dismiss");
    browser.until("return document.querySelector('#imported').hidden");
    browser.click_words("#list a.resume", "Adults with marsh fever");
    seat.at_desk();
    seat.progress("0 of 2 claims");
}

#[test]
fn the_reader_finds_words_and_goes_to_sections() {
    let Some(seat) = Seat::taken("ada") else { return };
    let browser = &seat.browser;
    seat.open("r/marsh-fever@2024");
    browser.press("/");
    seat.focused("#find");
    browser.press("quinsulfate");
    browser.until("return document.querySelector('#found').textContent === '1 of 2'");
    assert_eq!(browser.script("return CSS.highlights.get('found').size"), json!(2));
    browser.press(ENTER);
    browser.until("return document.querySelector('#found').textContent === '2 of 2'");
    browser.chord(SHIFT, ENTER);
    browser.until("return document.querySelector('#found').textContent === '1 of 2'");
    browser.press(ESCAPE);
    browser.until("return document.querySelector('#find').value === ''");
    browser.click("#find");
    browser.press("zorblaxine");
    browser.until("return document.querySelector('#found').textContent === 'Not in this edition'");
    browser.click_words("#outline a", "Doses by weight");
    browser.until("return document.querySelector('.prose :target')?.textContent.includes('Doses by weight')");
    seat.no_complaints();
}

#[test]
fn keys_are_changed_by_mouse_and_hold_at_once() {
    let Some((seat, _)) = Seat::started("ada") else { return };
    let browser = &seat.browser;
    let first = seat.current();
    browser.click("#show-keys");
    browser.click("button.key[data-action=next]");
    browser.press("z");
    browser
        .until("return document.querySelector('button.key[data-action=next]').textContent.toLowerCase().includes('z')");
    browser.click("#response-title");
    browser.press("j");
    assert_eq!(seat.current(), first, "the old key does nothing");
    browser.press("z");
    browser.until(&format!("return {CURRENT} !== '{first}'"));
    // Another page shows it and takes it back.
    seat.open("help#keys");
    browser.until("return document.querySelector('.cap[data-action=next].mine') !== null");
    browser.click("#reset");
    browser.until("return document.querySelector('.cap[data-action=next].mine') === null");
    seat.no_complaints();
}

#[test]
fn keys_are_changed_and_switched_off_by_keyboard_alone() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let browser = &seat.browser;
    seat.open("help#keys");
    browser.until("return document.querySelector('#text:not([aria-busy])') !== null");
    for place in ["#single", "#reset", "#key-list button"] {
        browser.press(TAB);
        seat.focused(place);
    }
    let action = browser.text("return document.activeElement.dataset.action");
    assert_eq!(action, "next");
    browser.press(ENTER);
    browser.press("z");
    browser.until("return document.querySelector('#key-note').textContent.startsWith('Z now does') || document.querySelector('#key-note').textContent.startsWith('z now does')");
    seat.desk(&review);
    let first = seat.current();
    browser.press("z");
    browser.until(&format!("return {CURRENT} !== '{first}'"));
    // Without single keys a letter is only a letter, and chords go on working.
    seat.open("help#keys");
    browser.until("return document.querySelector('#text:not([aria-busy])') !== null");
    browser.press(TAB);
    seat.focused("#single");
    browser.press(" ");
    seat.desk(&review);
    let before = seat.current();
    browser.press("z1");
    assert_eq!(seat.current(), before);
    assert_eq!(browser.script("return document.querySelector('#verdicts input:checked')"), json!(null));
    browser.chord(CONTROL, "k");
    browser.until("return document.querySelector('.palette:not([hidden])') !== null");
    browser.press(ESCAPE);
    seat.no_complaints();
}

#[test]
fn every_command_has_a_name() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let browser = &seat.browser;
    browser.chord(CONTROL, "k");
    seat.focused(".palette-input");
    browser.press("not addr");
    browser.until(
        "return document.querySelector('.palette-list [aria-selected=true]').textContent.startsWith('Not addressed')",
    );
    browser.press(ENTER);
    browser.until("return document.querySelector('#verdict-not_addressed').checked");
    browser.click("#commands");
    browser.press("no command is called so");
    browser.until("return document.querySelector('.palette-list').textContent === 'No command has this name.'");
    browser.press(ESCAPE);
    browser.until("return document.querySelector('.palette').hidden");
    browser.click("#commands");
    browser.click_words(".palette-list li", "Export");
    browser.until(&format!("return location.pathname === '/export/{review}'"));
    seat.no_complaints();
}

#[test]
fn colours_follow_the_system() {
    let Some((seat, _)) = Seat::started("ada") else { return };
    let ground = || {
        seat.browser.text("return getComputedStyle(document.documentElement).backgroundColor + getComputedStyle(document.body).backgroundColor")
    };
    let light = ground();
    seat.browser.dark(true);
    assert_ne!(ground(), light);
    seat.browser.dark(false);
    assert_eq!(ground(), light);
}

#[test]
fn a_review_is_erased_after_a_question() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let browser = &seat.browser;
    browser.press("f");
    seat.focused("#feedback-what");
    browser.press("A note that goes too.");
    seat.saved();
    inbox(&seat);
    browser.press("j");
    seat.focused("a.resume");
    browser.press(DELETE);
    seat.focused(".phrase");
    assert_eq!(browser.script("return document.querySelector('.danger').disabled"), json!(true));
    browser.press("erase");
    browser.press(ENTER);
    browser
        .until("return document.querySelector('#list:not([aria-busy]) .none h3')?.textContent === 'No open reviews'");
    let erased = seat.shown(&review);
    assert!(erased["erased_at"].is_string(), "{erased}");
    assert!(
        !erased.to_string().contains("quinsulfate") && !erased.to_string().contains("A note that goes too"),
        "{erased}"
    );
    browser.click(".tabs [data-state=erased]");
    browser.until("return document.querySelector('#list').textContent.includes('Erased review')");
    seat.open(&format!("desk/{review}"));
    browser.until("return document.querySelector('#banner').textContent.includes('were erased')");
    // By mouse, and not without the word.
    let other = seat.review("ada");
    inbox(&seat);
    browser.click("#list [data-act=erase]");
    browser.click(".inset .cancel");
    assert!(seat.shown(&other)["erased_at"].is_null());
    browser.click("#list [data-act=erase]");
    browser.press("erase");
    browser.click(".danger");
    browser
        .until("return document.querySelector('#list:not([aria-busy]) .none h3')?.textContent === 'No open reviews'");
    assert!(seat.shown(&other)["erased_at"].is_string());
    seat.no_complaints();
}

#[test]
fn a_table_is_drawn_as_one_and_keeps_every_character() {
    let text = "Doses:\n\n| Fever | **Dose** |\n|---|---:|\n| marsh fever | quinsulfate 200 mg once daily |\n| fen rash\\|itch | none | \n|\n\nZorblaxine cures gribbles.";
    let Some(seat) = Seat::taken("ada") else { return };
    let review = seat.call("ada", "/v1/reviews", &json!({"text": text, "split": true}));
    let id = review["id"].as_str().expect("an id");
    seat.assign(id, "ada", "ada", "first");
    seat.desk(id);
    let browser = &seat.browser;
    let shown = "return [...document.querySelectorAll('.table [role=row]')].map((row) => [...row.children].map((cell) => \
                 [...cell.childNodes].filter((part) => part.nodeType === 3 || !part.classList.contains('md')).map((part) => part.textContent).join('')))";
    assert_eq!(
        browser.script(shown),
        json!([["Fever", "Dose"], ["marsh fever", "quinsulfate 200 mg once daily"], ["fen rash\\|itch", "none"], [""]])
    );
    assert_eq!(seat.count(".table [role=columnheader]"), 2);
    assert_eq!(seat.count(".table .block:not([role])"), 1, "the rule is no row");
    // Each character is there, in its order: what is selected has the offsets of the response.
    let whole = browser.text("return document.querySelector('#response-text').textContent");
    assert_eq!(whole, text.replace('\n', ""));
    let row = review["claims"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|one| one["text"].as_str().is_some_and(|it| it.contains("200 mg")));
    let row = row.expect("a claim of the table");
    let pieces = format!(
        "return [...document.querySelectorAll('.claim[data-claim={}]')].map((one) => one.textContent).join('')",
        row["id"].as_str().expect("an id")
    );
    assert_eq!(browser.text(&pieces), row["text"].as_str().expect("words"));
    seat.no_complaints();
}
