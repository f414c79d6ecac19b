//! What goes wrong where people work: two tabs on one review, a connection that is gone, a service that is.

use serde_json::json;

use super::{CURRENT, Seat};
use crate::support::browser::ESCAPE;

/// Writes feedback for the claim in hand and leaves the field.
fn write(seat: &Seat, words: &str) {
    seat.browser.press("f");
    seat.focused("#feedback-what");
    seat.browser.press(words);
    seat.browser.press(ESCAPE);
}

/// Keeps a tab from reading the review anew when it comes to the front, as two windows side by side do.
fn stay(seat: &Seat) {
    seat.browser
        .script("document.addEventListener('visibilitychange', (event) => event.stopImmediatePropagation(), true)");
}

fn feedback(seat: &Seat) -> String {
    seat.browser.text("return document.querySelector('#feedback-what').value")
}

#[test]
fn two_tabs_on_one_claim_lose_neither_draft() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    stay(&seat);
    let claim = seat.current();
    let first = seat.browser.tab();
    seat.desk(&review);
    stay(&seat);
    assert_eq!(seat.current(), claim);
    write(&seat, "From the second tab.");
    seat.saved();
    let second = seat.browser.switch(&first);
    write(&seat, "From the first tab.");
    seat.browser.until("return document.querySelector('.quarrel') !== null");
    assert!(seat.words(".quarrel").contains("From the second tab."), "{}", seat.words(".quarrel"));
    assert_eq!(feedback(&seat), "From the first tab.");
    seat.browser.click_words(".quarrel button", "Keep what is here");
    seat.browser.until("return document.querySelector('.quarrel') === null");
    seat.saved();
    assert_eq!(seat.shown(&review)["drafts"][&claim]["body"]["feedback"]["what"], json!("From the first tab."));
    // The other tab now has the older words: it is asked as well, and takes them.
    seat.browser.switch(&second);
    write(&seat, "More. ");
    seat.browser.click_words(".quarrel button", "Take the other");
    seat.browser.until("return document.querySelector('#feedback-what').value === 'From the first tab.'");
}

#[test]
fn two_verdicts_of_one_person_on_one_claim_are_both_in_the_log() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    stay(&seat);
    let claim = seat.current();
    let first = seat.browser.tab();
    seat.desk(&review);
    seat.browser.press("s2");
    seat.save();
    seat.progress("1 of 2");
    seat.saved();
    seat.browser.switch(&first);
    seat.browser.press("s3");
    seat.save();
    seat.browser.until(&format!("return {CURRENT} !== '{claim}'"));
    seat.browser.press("k");
    seat.browser.until("return document.querySelector('.quarrel') !== null");
    assert!(seat.words(".quarrel").contains("contradicted"), "{}", seat.words(".quarrel"));
    seat.browser.click_words(".quarrel button", "Keep what is here");
    seat.browser.until("return document.querySelector('.quarrel') === null");
    seat.saved();
    let said: Vec<_> = seat.verdicts(&review).into_iter().map(|one| one["verdict"].clone()).collect();
    assert_eq!(said, [json!("contradicted"), json!("partly")]);
}

#[test]
fn without_a_connection_nothing_typed_is_lost() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let first = seat.current();
    seat.browser.offline(true);
    write(&seat, "Typed without a connection.");
    seat.browser.until("return document.querySelector('#saved').textContent.includes('kept on this machine')");
    assert_eq!(seat.browser.text("return document.querySelector('#saved').dataset.state"), "offline");
    // A verdict too is given, shown, and waits.
    seat.browser.press("s1");
    seat.save();
    seat.progress("1 of 2");
    assert_eq!(seat.count(&format!(".claim.is-supported[data-claim={first}]")), 1);
    seat.browser.offline(false);
    // The page is left before it was sent; the next visit sends it.
    seat.desk(&review);
    seat.saved();
    seat.progress("1 of 2");
    let kept = seat.verdicts(&review);
    assert_eq!((kept.len(), kept[0]["verdict"].clone()), (1, json!("supported")));
    assert_eq!(kept[0]["feedback"]["what"], json!("Typed without a connection."));
    let left = "return Object.keys(localStorage).filter((name) => name.includes('unsent')).length";
    assert_eq!(seat.browser.script(left), json!(0), "what was sent does not stay on the machine");
}

#[test]
fn what_waits_is_sent_when_the_connection_is_back() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    seat.browser.offline(true);
    write(&seat, "Typed meanwhile.");
    seat.browser.until("return document.querySelector('#saved').dataset.state === 'offline'");
    seat.browser.offline(false);
    seat.saved();
    let claim = seat.current();
    assert_eq!(seat.shown(&review)["drafts"][&claim]["body"]["feedback"]["what"], json!("Typed meanwhile."));
}

#[test]
fn a_service_that_is_gone_is_said_and_loses_nothing() {
    let Some((mut seat, _)) = Seat::started("ada") else { return };
    seat.running.stop();
    write(&seat, "Typed while the service was down.");
    seat.browser.until("return document.querySelector('#saved').dataset.state === 'offline'");
    assert_eq!(feedback(&seat), "Typed while the service was down.");
    let kept = seat.browser.text("return JSON.stringify({...localStorage})");
    assert!(kept.contains("Typed while the service was down."), "{kept}");
    // Another claim: its evidence cannot come, which is said with what to do.
    seat.browser.script(
        "document.querySelector('#query').value = 'never asked before'; document.querySelector('#ask').requestSubmit()",
    );
    seat.browser.until("return document.querySelector('#outcome').textContent.includes('No connection')");
    assert!(seat.count("#results .again") == 1);
}
