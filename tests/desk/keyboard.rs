//! A reviewer's work by keyboard alone.

use serde_json::{Value, json};

use super::{CURRENT, FIRST, RESPONSE, Seat};
use crate::support::browser::{CONTROL, DELETE, DOWN, ENTER, ESCAPE, LEFT, RIGHT, SHIFT, TAB};

#[test]
fn a_response_is_judged_by_keyboard_alone() {
    let Some(seat) = Seat::taken("ada") else { return };
    let browser = &seat.browser;
    seat.open("");
    browser.until("return document.querySelector('#list:not([aria-busy])') !== null");
    browser.press("n");
    seat.focused("#text");
    // As a paste: the whole text at once.
    browser.script(&format!("document.execCommand('insertText', false, {})", json!(RESPONSE)));
    browser.chord(CONTROL, ENTER);
    browser.until("return location.pathname.startsWith('/desk/')");
    seat.at_desk();
    let review = browser.text("return location.pathname.slice('/desk/'.length)");
    seat.progress("0 of 2 claims");
    let first = seat.current();
    // The passage that is looked at is pinned, the verdict given, saved, and the next claim comes.
    browser.press("s");
    browser.press("1");
    browser.until("return document.querySelector('#verdict-supported').checked");
    seat.save();
    browser.until(&format!("return {CURRENT} !== '{first}'"));
    seat.at_desk();
    seat.progress("1 of 2");
    seat.saved();
    let kept = seat.verdicts(&review);
    assert_eq!((kept.len(), kept[0]["verdict"].clone()), (1, json!("supported")));
    let asked = json!({"claim": "quinsulfate 200 mg marsh fever", "k": 1}).to_string();
    let shown = seat.running.post("/v1/evidence", asked).json();
    let best = &shown["results"][0]["passages"][0];
    assert_eq!(kept[0]["evidence"][0]["passage"], best["id"]);
    assert_eq!(kept[0]["evidence"][0]["passage_sha256"], best["quote_sha256"]);
    // Nothing speaks about the other: the trail is kept.
    browser.press("4");
    seat.save();
    seat.progress("2 of 2");
    seat.saved();
    let kept = seat.verdicts(&review);
    assert_eq!(kept[1]["verdict"], json!("not_addressed"));
    assert!(!kept[1]["trail"]["searches"].as_array().expect("searches").is_empty());
    // Undone, it is a line of the log and not a deletion.
    browser.press("u");
    browser.until("return document.querySelector('#told:not([hidden])')?.textContent.startsWith('Undone: verdict')");
    seat.progress("1 of 2");
    seat.saved();
    assert_eq!(seat.verdicts(&review).last().expect("a line")["verdict"], Value::Null);
    seat.no_complaints();
}

#[test]
fn keys_move_among_claims_and_passages_and_open_what_they_say() {
    let Some((seat, _)) = Seat::started("ada") else { return };
    let browser = &seat.browser;
    let first = seat.current();
    browser.press("j");
    browser.until(&format!("return {CURRENT} !== '{first}'"));
    browser.press("k");
    browser.until(&format!("return {CURRENT} === '{first}'"));
    seat.at_desk();
    browser.press(DOWN);
    browser.until("return document.activeElement === document.querySelectorAll('article.passage')[1]");
    browser.press(ENTER);
    browser.until("return document.querySelector('.reader-body .on') !== null");
    browser.press(ESCAPE);
    browser.until("return document.querySelector('#reader').hidden");
    // The citation is copied, or shown where the browser does not allow that.
    browser.press("y");
    browser.until("return document.querySelector('.copying .cite') || document.querySelector('#said').textContent === 'Citation copied.'");
    // Other words, and words are text within a field.
    browser.press("/");
    seat.focused("#query");
    browser.press("1j2");
    assert!(browser.text("return document.querySelector('#query').value").contains("1j2"));
    assert_eq!(browser.script("return document.querySelector('#verdict-supported').checked"), json!(false));
    seat.no_complaints();
}

#[test]
fn claims_are_made_joined_cut_and_taken_out_by_keyboard_alone() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let browser = &seat.browser;
    let whole = seat.claims(&review);
    let undone = || {
        browser.press("u");
        seat.progress("0 of 2 claims");
        assert_eq!(seat.claims(&review), whole);
        seat.at_desk();
    };
    // From the claim's first word on: three words more.
    browser.press("n");
    browser.until("return !document.querySelector('#pick').hidden");
    for _ in 0..3 {
        browser.chord(SHIFT, RIGHT);
    }
    browser.press(ENTER);
    seat.progress("0 of 3 claims");
    assert!(seat.claims(&review).contains(&"Adults with marsh fever".to_owned()), "{:?}", seat.claims(&review));
    undone();
    browser.press("m");
    seat.progress("0 of 1 claim");
    assert_eq!(seat.claims(&review), [RESPONSE]);
    undone();
    browser.press("d");
    browser.until("return !document.querySelector('#pick').hidden");
    browser.press(RIGHT);
    browser.press(ENTER);
    seat.progress("0 of 3 claims");
    let cut = seat.claims(&review);
    assert_eq!(format!("{} {}", cut[0], cut[1]), FIRST);
    undone();
    browser.press(DELETE);
    seat.progress("0 of 1 claim");
    assert_eq!(seat.claims(&review), whole[1..]);
    undone();
    seat.no_complaints();
}

#[test]
fn a_claim_gets_other_words_by_keyboard_alone() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let browser = &seat.browser;
    let first = |wanted: &str| {
        let shorter =
            format!("return document.querySelector('.claim[aria-current]').ariaLabel.endsWith({})", json!(wanted));
        browser.until(&shorter);
        assert_eq!(seat.claims(&review)[0], wanted);
    };
    browser.press("r");
    browser.until("return !document.querySelector('#pick').hidden");
    for _ in 0..3 {
        browser.press(LEFT);
    }
    browser.press(ENTER);
    first("Adults with marsh fever should take quinsulfate 200 mg once daily");
    browser.press("u");
    first(FIRST);
    seat.no_complaints();
}

#[test]
fn a_fault_is_named_graded_and_explained_by_keyboard_alone() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let browser = &seat.browser;
    let first = seat.current();
    browser.press("c");
    browser.press("2");
    browser.press("e");
    seat.focused("#error-field");
    browser.press("dose");
    browser.until(
        "return document.querySelector('#error-list [aria-selected=true]')?.textContent.toLowerCase().includes('dose')",
    );
    browser.press(ENTER);
    seat.focused("#errors input");
    browser.press("2");
    browser.press("h");
    seat.focused("#extent");
    browser.press(DOWN);
    browser.press(TAB);
    seat.focused("#likelihood");
    browser.press(DOWN);
    browser.press(ESCAPE);
    browser.press("f");
    seat.focused("#feedback-what");
    browser.until("return document.querySelector('#feedback-what').value !== ''");
    assert!(seat.words("#assembled").starts_with("Assembled, not yet yours"));
    let drafted = browser.text("return document.querySelector('#feedback-why').value");
    assert!(drafted.contains("100 mg"), "the draft rests on the passage: {drafted}");
    browser.press("Checked by hand. ");
    browser.until("return document.querySelectorAll('.say .drafted').length === 2");
    // A draft that is right as it stands is kept by a press.
    let fix = browser.text("return document.querySelector('#feedback-fix').value");
    browser.script("document.querySelector('#keep-fix').focus()");
    browser.press(ENTER);
    seat.focused("#feedback-fix");
    assert_eq!(seat.count(".say .drafted"), 1);
    seat.save();
    browser.until(&format!("return {CURRENT} !== '{first}'"));
    seat.saved();
    let kept = &seat.verdicts(&review)[0];
    assert_eq!(kept["verdict"], json!("contradicted"));
    assert_eq!(kept["evidence"][0]["role"], json!("contradicts"));
    assert!(kept["errors"][0]["code"].as_str().is_some_and(|code| code.contains("DOSE")), "{kept}");
    assert_eq!(kept["errors"][0]["severity"], json!("major"));
    assert!(kept["harm"]["extent"].is_string() && kept["harm"]["likelihood"].is_string(), "{kept}");
    assert!(kept["feedback"]["what"].as_str().is_some_and(|what| what.contains("Checked by hand.")), "{kept}");
    assert_eq!(kept["feedback"]["why"], json!(""), "nobody edited it");
    assert_eq!(kept["feedback"]["fix"], json!(fix));
    seat.no_complaints();
}

#[test]
fn feedback_that_nobody_edited_is_not_kept() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let browser = &seat.browser;
    browser.press("c");
    browser.press("2");
    browser.press("f");
    browser.until("return document.querySelector('#feedback-what').value !== ''");
    seat.save();
    seat.progress("1 of 2");
    seat.saved();
    assert_eq!(seat.verdicts(&review)[0]["feedback"], Value::Null);
}
