//! A reviewer's work by mouse alone; words are typed, for there is no other way.

use serde_json::json;

use super::{CURRENT, FIRST, RESPONSE, Seat};

/// Presses where some words of the response begin, and lets go where they end.
fn select(seat: &Seat, words: &str) {
    let found = seat.browser.script(&format!(
        "const words = {}; const walker = document.createTreeWalker(document.querySelector('#response-text'), 4); \
         const nodes = []; let text = ''; \
         while (walker.nextNode()) {{ nodes.push([walker.currentNode, text.length]); text += walker.currentNode.data; }} \
         const from = text.indexOf(words); \
         const place = (unit, ending) => {{ const [node, start] = nodes.findLast(([, at]) => ending ? at < unit : at <= unit); \
           const range = document.createRange(); range.setStart(node, unit - start - (ending ? 1 : 0)); \
           range.setEnd(node, unit - start + (ending ? 0 : 1)); const box = range.getBoundingClientRect(); \
           return [ending ? box.right - 1 : box.left + 1, box.top + box.height / 2]; }}; \
         return [...place(from, false), ...place(from + words.length, true)]",
        json!(words)
    ));
    let at = |index: usize| found[index].as_f64().unwrap_or_else(|| panic!("{words:?} is not on the page: {found}"));
    seat.browser.drag((at(0), at(1)), (at(2), at(3)));
    seat.browser.until("return !document.querySelector('#pick').hidden");
}

/// Takes the last thing back, through the list of commands.
fn undo(seat: &Seat) {
    seat.browser.click("#commands");
    seat.browser.click_words(".palette-list li", "Undo");
}

#[test]
fn a_response_is_judged_by_mouse_alone() {
    let Some(seat) = Seat::taken("ada") else { return };
    let browser = &seat.browser;
    seat.open("");
    browser.until("return document.querySelector('#list:not([aria-busy])') !== null");
    browser.click("#text");
    browser.script(&format!("document.execCommand('insertText', false, {})", json!(RESPONSE)));
    browser.click("#start");
    browser.until("return location.pathname.startsWith('/desk/')");
    seat.at_desk();
    let review = browser.text("return location.pathname.slice('/desk/'.length)");
    let first = seat.current();
    // What one is about to press stays where it was seen.
    let place = || {
        browser.script("return ['#error-field', '.shell-nav'].map((one) => { const box = document.querySelector(one).getBoundingClientRect(); return [box.x, box.y]; })")
    };
    let before = place();
    browser.click("article.passage .pin[data-role=contradicts]");
    browser.click("label.v-contradicted");
    browser.until(
        "return document.querySelector('#pins select') && document.querySelector('#verdict-contradicted').checked",
    );
    seat.saved();
    assert_eq!(place(), before);
    assert!(seat.words("#missing").starts_with("No error code"), "{}", seat.words("#missing"));
    browser.click("#error-field");
    browser.click_words("#error-list li", "Wrong dose");
    // What is missing is said, and nothing is sent.
    browser.click("#save");
    assert!(seat.words("#missing").contains("how bad"), "{}", seat.words("#missing"));
    browser.click("#errors .segments label:nth-child(3)");
    browser.pick("#extent", "mild");
    browser.pick("#likelihood", "low");
    browser.click("#assemble");
    browser.until("return document.querySelector('#feedback-fix').value !== ''");
    browser.click("#feedback-fix");
    browser.press("By hand. ");
    browser.click("#adjudicate");
    browser.click("#save");
    browser.until(&format!("return {CURRENT} !== '{first}'"));
    seat.saved();
    let kept = &seat.verdicts(&review)[0];
    assert_eq!(kept["errors"], json!([{"code": "WRONG_DOSE", "severity": "critical"}]));
    assert_eq!(kept["harm"], json!({"extent": "mild", "likelihood": "low"}));
    assert_eq!(kept["evidence"][0]["role"], json!("contradicts"));
    assert_eq!(kept["needs_adjudication"], json!(true));
    assert!(kept["feedback"]["fix"].as_str().is_some_and(|fix| fix.contains("By hand.")), "{kept}");
    // Nothing speaks about the other; then the whole is submitted.
    seat.at_desk();
    browser.click("label.v-not_addressed");
    browser.click("#save");
    seat.progress("2 of 2");
    seat.saved();
    browser.click("#submit");
    browser.click("#submit-sure");
    browser.until("return document.querySelector('#banner').textContent.startsWith('Submitted')");
    // The artifact is one press away, and the inbox leads back to what is done.
    let link = "return document.querySelector('#to-export:not([hidden])')?.pathname";
    assert_eq!(browser.text(link), format!("/export/{review}"));
    seat.open("");
    browser.until(&format!("return document.querySelector('#list .none a[href=\"/desk/{review}\"]') !== null"));
    seat.desk(&review);
    browser.click(".choice.v-supported");
    undo(&seat);
    browser.until("return document.querySelector('#told:not([hidden])')?.textContent === 'Undone: supported.'");
    seat.no_complaints();
}

#[test]
fn selected_words_become_a_claim_by_mouse_alone() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let whole = seat.claims(&review);
    select(&seat, "quinsulfate 200 mg once daily");
    seat.browser.click_words("#pick button", "New claim");
    seat.progress("0 of 3 claims");
    assert!(seat.claims(&review).contains(&"quinsulfate 200 mg once daily".to_owned()));
    // Its evidence stands beside it, as for one that was suggested.
    seat.at_desk();
    assert_eq!(seat.browser.text("return document.querySelector('#query').value"), "quinsulfate 200 mg once daily");
    assert!(seat.count("article.passage") > 0);
    undo(&seat);
    seat.progress("0 of 2 claims");
    assert_eq!(seat.claims(&review), whole);
    seat.no_complaints();
}

#[test]
fn claims_are_joined_cut_resized_and_taken_out_by_mouse_alone() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let whole = seat.claims(&review);
    let undone = || {
        undo(&seat);
        seat.progress("0 of 2 claims");
        seat.browser.until(&format!(
            "return document.querySelector('.claim[aria-current]')?.ariaLabel.endsWith({})",
            json!(FIRST)
        ));
        assert_eq!(seat.claims(&review), whole);
        seat.at_desk();
    };
    select(&seat, "Adults with marsh fever");
    seat.browser.click_words("#pick button", "This claim");
    seat.browser
        .until("return document.querySelector('.claim[aria-current]').ariaLabel.endsWith('Adults with marsh fever')");
    assert_eq!(seat.claims(&review)[0], "Adults with marsh fever");
    undone();
    select(&seat, "once daily for 14 days.");
    seat.browser.click_words("#pick button", "Cut here");
    seat.progress("0 of 3 claims");
    assert_eq!(seat.claims(&review)[1], "once daily for 14 days.");
    undone();
    select(&seat, "14 days. Zorblaxine");
    seat.browser.click_words("#pick button", "Join 2");
    seat.progress("0 of 1 claim");
    assert_eq!(seat.claims(&review), [RESPONSE]);
    undone();
    seat.browser.click("[data-run=join]");
    seat.progress("0 of 1 claim");
    undone();
    seat.browser.click("[data-run=remove]");
    seat.progress("0 of 1 claim");
    assert_eq!(seat.claims(&review), whole[1..]);
    undone();
    seat.no_complaints();
}

#[test]
fn a_passage_says_what_to_mind_and_opens_where_it_stands() {
    let Some((seat, _)) = Seat::started("ada") else { return };
    let browser = &seat.browser;
    let flags =
        browser.script("return [...document.querySelectorAll('.flag')].map((one) => one.textContent)").to_string();
    assert!(flags.contains("the claim says 200 mg, the passage 100 mg"), "{flags}");
    assert!(flags.contains("Superseded by marsh-fever@2024"), "{flags}");
    browser.click("article.passage .copy");
    browser.until("return document.querySelectorAll('.copying:not([hidden]) button').length === 7");
    for (format, sign) in [("BibTeX", "@"), ("RIS", "TY  -"), ("CSL-JSON", "["), ("Link to the passage", "http")] {
        browser.script("document.querySelectorAll('.copying .cite').forEach((one) => one.remove()); window.given = ''; \
                        Object.defineProperty(navigator, 'clipboard', {configurable: true, value: {writeText: async (text) => { window.given = text; }}})");
        browser.click_words(".copying:not([hidden]) button", format);
        browser.until(&format!("return window.given.startsWith({})", json!(sign)));
    }
    let quote = seat.words("article.passage .quote");
    browser.click("article.passage a.open");
    browser.until("return document.querySelector('.reader-body .on') !== null");
    assert_eq!(seat.words(".reader-body .on"), quote);
    browser.click("#reader-close");
    browser.until("return document.querySelector('#reader').hidden");
    // Another claim closes the reader too.
    browser.click("article.passage a.open");
    browser.until("return document.querySelector('.reader-body .on') !== null");
    browser.click(".claim:not([aria-current]).is-open");
    browser.until("return document.querySelector('#reader').hidden");
    browser.click("#tab-guide");
    browser.until("return document.querySelector('#pane-guide').textContent.length > 200");
    seat.no_complaints();
}
