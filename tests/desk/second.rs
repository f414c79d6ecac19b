//! Two reviewers: the second is blind until decided, a third person settles what differs, and the whole is taken away.

use serde_json::{Value, json};

use super::{CURRENT, Seat};
use crate::support::browser::{CONTROL, ENTER, ESCAPE, TAB};

/// A verdict on a claim over the API, resting on the best passage that it has.
fn decide(seat: &Seat, review: &str, id: &str, claim: &Value, verdict: &str) {
    let request = json!({"claim": claim["claim"], "k": 3});
    let answer = seat.running.post("/v1/evidence", request.to_string()).json();
    let passage = &answer["results"][0]["passages"][0];
    let role = if verdict == "contradicted" { "contradicts" } else { "supports" };
    let pin = json!([{"passage": passage["id"], "passage_sha256": passage["quote_sha256"], "role": role}]);
    let evidence = if verdict == "not_addressed" { json!([]) } else { pin };
    let path = format!("/v1/reviews/{review}/claims/{}/verdicts", claim["id"].as_str().expect("an id"));
    let body = json!({"verdict": verdict, "evidence": evidence, "seconds": 20, "request": request});
    seat.call(id, &path, &body);
}

/// A review that two have judged, the first claim differently, and that a third is to settle in the browser.
pub(super) fn disputed() -> Option<(Seat, String)> {
    let seat = Seat::taken("carol")?;
    seat.profile("ada");
    seat.profile("bob");
    let review = seat.review("ada");
    seat.assign(&review, "ada", "bob", "second");
    seat.assign(&review, "ada", "carol", "adjudicate");
    let claims = seat.shown(&review)["claims"].clone();
    for (id, verdicts) in [("ada", ["contradicted", "not_addressed"]), ("bob", ["supported", "not_addressed"])] {
        for (claim, verdict) in claims.as_array().expect("claims").iter().zip(verdicts) {
            decide(&seat, &review, id, claim, verdict);
        }
        seat.call(id, &format!("/v1/reviews/{review}/submit"), &json!({}));
    }
    Some((seat, review))
}

/// Verdicts of the adjudicator, newest last.
fn decisions(seat: &Seat, review: &str) -> Vec<Value> {
    seat.verdicts(review).into_iter().filter(|one| one["task"] == "adjudicate").collect()
}

#[test]
fn a_second_review_is_blind_until_decided() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let browser = &seat.browser;
    browser.press("s");
    browser.press("1");
    seat.save();
    seat.progress("1 of 2");
    seat.saved();
    // Asked for in the inbox, by keyboard.
    seat.profile("bob");
    seat.open("");
    browser.until("return document.querySelector('#list:not([aria-busy]) a.resume') !== null");
    browser.press("j");
    seat.focused("a.resume");
    browser.press("a");
    seat.focused(".inset select");
    for place in ["select", "[type=checkbox]", "[type=submit]"] {
        browser.press(TAB);
        seat.focused(&format!(".inset {place}"));
    }
    browser.press(ENTER);
    browser.until(
        "return [...document.querySelectorAll('#list [data-act]')].some((one) => one.textContent === 'Adjudicate')",
    );
    seat.sign_in("bob");
    seat.desk(&review);
    seat.progress("0 of 2 claims");
    assert_eq!(seat.verdicts(&review), Vec::<Value>::new());
    assert_eq!(seat.count(".claim.is-supported"), 0);
    let flags =
        || browser.script("return [...document.querySelectorAll('.flag')].map((one) => one.textContent)").to_string();
    assert_eq!((seat.count(".veil"), seat.count("article.passage .hinted"), seat.count(".flag.differs")), (1, 0, 0));
    assert!(flags().contains("Superseded"), "an old edition is never shown as if in force: {}", flags());
    // Decided, the claim shows what was hidden.
    let first = seat.current();
    browser.press("s");
    browser.press("2");
    seat.save();
    browser.until(&format!("return {CURRENT} !== '{first}'"));
    seat.saved();
    browser.press("k");
    browser.until(&format!("return {CURRENT} === '{first}'"));
    browser.until("return document.querySelectorAll('.flag.differs').length > 0");
    assert_eq!(seat.count(".veil"), 0);
    let mine = seat.verdicts(&review);
    assert_eq!((mine.len(), mine[0]["blind"].clone()), (1, json!(true)), "the other's stay unseen: {mine:?}");
    seat.no_complaints();
}

#[test]
fn what_differs_is_settled_by_keyboard_alone() {
    let Some((seat, review)) = disputed() else { return };
    let browser = &seat.browser;
    seat.open(&format!("adjudicate/{review}"));
    browser.until("return document.querySelector('.case form') !== null");
    assert_eq!((seat.count(".case"), seat.count(".same-list li")), (1, 1), "one differs, one does not");
    browser.press("j");
    browser.until("return document.querySelector('.case.at') !== null");
    browser.press("b");
    browser.until("return document.querySelector('.case [data-verdict=supported]').ariaPressed === 'true'");
    browser.press("x");
    browser.press("3");
    browser.press("f");
    seat.focused(".case textarea");
    browser.press("Both are right in part.");
    browser.chord(CONTROL, ENTER);
    browser.until("return document.querySelector('.case .decided') !== null");
    let kept = decisions(&seat, &review);
    assert_eq!((kept.len(), kept[0]["verdict"].clone()), (1, json!("partly")));
    // Both pinned the same passage, for opposite things.
    assert_eq!(kept[0]["evidence"].as_array().map(Vec::len), Some(1), "{}", kept[0]);
    assert_eq!(kept[0]["evidence"][0]["role"], json!("context"));
    assert_eq!(kept[0]["feedback"]["what"], json!("Both are right in part."));
    browser.press("u");
    browser.until("return document.querySelector('.case .decided') === null");
    assert_eq!(decisions(&seat, &review).last().expect("a line")["verdict"], Value::Null);
    seat.no_complaints();
}

#[test]
fn what_differs_is_settled_by_mouse_alone() {
    let Some((seat, review)) = disputed() else { return };
    // Whoever settles may see both, and is not told otherwise.
    seat.open(&format!("export/{review}"));
    seat.browser.until("return document.querySelector('#lede').textContent === '2 of 2 claims decided by ada, bob.'");
    seat.open(&format!("adjudicate/{review}"));
    seat.browser.click(".case [data-take='0']");
    seat.browser.click(".case form button[type=submit]");
    seat.browser.until("return document.querySelector('.case .decided') !== null");
    assert_eq!(decisions(&seat, &review)[0]["verdict"], json!("contradicted"));
    seat.browser.click(".case [data-do=back]");
    seat.browser.until("return document.querySelector('.case .decided') === null");
    seat.no_complaints();
}

#[test]
fn nobody_sees_the_others_before_all_have_submitted() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    seat.profile("bob");
    seat.assign(&review, "ada", "bob", "second");
    seat.open(&format!("adjudicate/{review}"));
    seat.browser.until("return document.querySelector('.waiting h2')?.textContent === 'Not yet'");
    assert_eq!(seat.count(".case"), 0);
}

#[test]
fn every_format_is_taken_away() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    for (claim, verdict) in
        seat.shown(&review)["claims"].as_array().expect("claims").iter().zip(["contradicted", "not_addressed"])
    {
        decide(&seat, &review, "ada", claim, verdict);
    }
    let browser = &seat.browser;
    let folder = crate::support::folder();
    browser.downloads(folder.path());
    seat.open(&format!("export/{review}"));
    browser.until("return document.querySelector('[data-size=ris]').textContent.trim() !== ''");
    let sizes = browser.script(
        "return [...document.querySelectorAll('[data-size]')].map((one) => [one.dataset.size, one.textContent])",
    );
    assert_eq!(sizes.as_array().map(Vec::len), Some(14), "{sizes}");
    let fetched = browser.awaited(
        "async () => { const found = {}; for (const link of document.querySelectorAll('a[data-format]')) { \
         const answer = await fetch(link.href); found[link.dataset.format] = [answer.status, (await answer.arrayBuffer()).byteLength]; } \
         return found; }",
    );
    for (format, answer) in fetched.as_object().expect("formats") {
        assert_eq!(answer[0], json!(200), "{format}");
        // Nothing of an Inspect log came in: the list of what goes back to one is empty, and a list.
        assert!(answer[1].as_u64() > Some(if format == "inspect" { 1 } else { 30 }), "{format}: {answer}");
    }
    browser.chord(CONTROL, "k");
    browser.until("return document.querySelector('.palette:not([hidden])') !== null");
    let offered = seat.words(".palette-list");
    assert!(offered.contains("Download Table"), "{offered}");
    assert!(!offered.contains("Inspect"), "what was pasted came out of no log: {offered}");
    browser.press(ESCAPE);
    browser.until("return document.querySelector('.palette').hidden");
    // The key and the mouse fetch files that are what they say.
    browser.press("d");
    let arrived = |ending: &str| {
        let started = std::time::Instant::now();
        loop {
            let files = std::fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.path());
            if let Some(file) = files.into_iter().find(|file| file.extension().is_some_and(|known| known == ending)) {
                return std::fs::read(file).expect("a file");
            }
            assert!(started.elapsed().as_secs() < 15, "no .{ending} came");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    };
    assert!(arrived("zip").starts_with(b"PK"));
    browser.click("a[data-format=csv]");
    assert!(String::from_utf8_lossy(&arrived("csv")).contains("quinsulfate"));
    seat.no_complaints();
}
