//! Every page and every state of it, light and dark, as axe-core sees them; and nobody else is asked for anything.

use std::path::Path;

use super::Seat;
use crate::support::browser::{self, CONTROL, ENTER, ESCAPE};

/// What axe-core needs to run, or `None` where it is not installed, which is said.
fn axe() -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/axe-core/axe.min.js");
    let read = std::fs::read_to_string(path);
    if read.is_err() {
        browser::missing("axe-core is not installed (tests/run installs it)");
    }
    read.ok()
}

/// A state's name, and how the browser is brought into it.
type State<'a> = (&'a str, &'a dyn Fn(&Seat));

/// Brings the browser into states one after another, in light and in dark colours, and looks at each.
fn look(seat: &Seat, states: &[State<'_>]) {
    let Some(axe) = axe() else { return };
    for dark in [false, true] {
        seat.browser.dark(dark);
        for (name, bring) in states {
            bring(seat);
            let found = seat.browser.violations(&axe);
            assert!(found.is_empty(), "{name}, dark: {dark}\n{}", found.join("\n"));
        }
    }
    seat.browser.asked_only(&format!("http://{}/", seat.running.address));
}

#[test]
fn what_is_not_accessible_is_seen() {
    let Some(axe) = axe() else { return };
    let Some(seat) = Seat::taken("ada") else { return };
    seat.browser.script("document.querySelector('main').append(document.createElement('button'))");
    let found = seat.browser.violations(&axe);
    assert!(found.len() == 1 && found[0].contains("button-name"), "{found:?}");
}

/// Opens a page and waits for something on it.
fn page(seat: &Seat, path: &str, sign: &str) {
    seat.open(path);
    seat.browser.until(&format!("return document.querySelector(`{sign}`) !== null"));
}

#[test]
fn the_desk_is_accessible_in_every_state() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let desk = |seat: &Seat| seat.desk(&review);
    let judged = |seat: &Seat| {
        seat.desk(&review);
        seat.browser.press("c2e");
        seat.focused("#error-field");
    };
    let pane = |name: &'static str| {
        move |seat: &Seat| {
            seat.browser.press(ESCAPE);
            seat.browser.press(ESCAPE);
            seat.browser.click(&format!("#tab-{name}"));
            seat.browser.until(&format!("return document.querySelector('#pane-{name}').textContent.length > 100"));
        }
    };
    let sides = |seat: &Seat| {
        seat.desk(&review);
        seat.browser.press("x");
        seat.browser.until("return document.querySelector('.sides') !== null");
    };
    let reading = |seat: &Seat| {
        seat.desk(&review);
        seat.browser.click("article.passage a.open");
        seat.browser.until("return document.querySelector('.reader-body .on') !== null");
    };
    let copying = |seat: &Seat| {
        seat.desk(&review);
        seat.browser.click("article.passage .copy");
        seat.browser.until("return document.querySelectorAll('.copying:not([hidden]) button').length > 3");
    };
    let palette = |seat: &Seat| {
        seat.desk(&review);
        seat.browser.chord(CONTROL, "k");
        seat.browser.until("return document.querySelector('.palette:not([hidden])') !== null");
    };
    let profile = |seat: &Seat| {
        seat.desk(&review);
        seat.browser.click("#who");
        seat.browser.until("return document.querySelector('#who-panel:not([hidden]) h2') !== null");
    };
    look(
        &seat,
        &[
            ("desk", &desk),
            ("desk: codes open", &judged),
            ("desk: rubric", &pane("rubric")),
            ("desk: guide", &pane("guide")),
            ("desk: keys", &pane("keys")),
            ("desk: both sides", &sides),
            ("desk: reader", &reading),
            ("desk: copying", &copying),
            ("desk: commands", &palette),
            ("desk: profile", &profile),
        ],
    );
}

#[test]
fn the_desk_is_accessible_to_whoever_comes() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    for id in ["bob", "carol"] {
        seat.profile(id);
    }
    seat.assign(&review, "ada", "bob", "second");
    let done = seat.review("ada");
    seat.call("ada", &format!("/v1/reviews/{done}/submit"), &serde_json::json!({}));
    let seen = |id: &'static str, review: String, sign: &'static str| {
        move |seat: &Seat| {
            seat.sign_in(id);
            seat.desk(&review);
            seat.browser.until(&format!("return document.querySelector('{sign}') !== null"));
        }
    };
    let silence = |seat: &Seat| {
        seat.browser.press("j");
        seat.browser.until("return document.querySelector('#results .trail') !== null");
    };
    let nobody = |seat: &Seat| {
        seat.open("help");
        seat.browser.awaited("async () => (await fetch('/v1/session', {method: 'DELETE'})).status");
        seat.desk(&review);
    };
    look(
        &seat,
        &[
            ("blind", &seen("bob", review.clone(), ".veil")),
            ("blind: nothing found", &silence),
            ("not a reviewer", &seen("carol", review.clone(), "#banner:not([hidden]) button")),
            ("submitted", &seen("ada", done, "#banner:not([hidden]) a")),
            ("nobody", &nobody),
        ],
    );
}

#[test]
fn settling_is_accessible() {
    let Some((seat, review)) = super::second::disputed() else { return };
    let open = |seat: &Seat| page(seat, &format!("adjudicate/{review}"), ".case form, .case .decided");
    let decided = |seat: &Seat| {
        if seat.count(".case .decided") == 0 {
            seat.browser.click(".case [data-take='0']");
            seat.browser.click(".case form button[type=submit]");
            seat.browser.until("return document.querySelector('.case .decided') !== null");
        }
    };
    let agreement = |seat: &Seat| page(seat, &format!("export/{review}"), "#figures table");
    look(&seat, &[("two sides", &open), ("decided", &decided), ("agreement", &agreement)]);
}

/// Settles a quarrel that an earlier state left: until then nothing of the claim is sent, so nobody would notice the network.
fn settle(seat: &Seat) {
    const QUARREL: &str = "document.querySelector('.quarrel')";
    seat.browser
        .until(&format!("return {QUARREL} !== null || document.querySelector('#saved').dataset.state === 'saved'"));
    if seat.browser.script(&format!("return {QUARREL} !== null")) == serde_json::json!(true) {
        seat.browser.click(".quarrel button");
        seat.saved();
    }
}

#[test]
fn a_quarrel_and_a_lost_connection_are_accessible() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let claim = seat.current();
    let quarrel = |seat: &Seat| {
        seat.desk(&review);
        let path = format!("/v1/reviews/{review}/claims/{claim}/draft");
        let other = format!(
            "async () => {{ const known = (await (await fetch('/v1/reviews/{review}')).json()).drafts?.{claim}?.version ?? 0; \
             return (await fetch('{path}', {{method: 'PUT', headers: {{'content-type': 'application/json'}}, body: \
             JSON.stringify({{version: known, body: {{verdict: 'partly', feedback: {{what: 'Of another tab ' + known, why: '', fix: ''}}}}}})}})).status; }}"
        );
        assert_eq!(seat.browser.awaited(&other), serde_json::json!(200));
        seat.browser.press("f");
        seat.browser.press("Of this tab.");
        seat.browser.until("return document.querySelector('.quarrel') !== null");
    };
    let offline = |seat: &Seat| {
        seat.desk(&review);
        settle(seat);
        seat.browser.offline(true);
        seat.browser.press("f");
        seat.browser.press("Kept.");
        seat.browser.until("return document.querySelector('#saved').dataset.state === 'offline'");
    };
    let again = |seat: &Seat| {
        seat.browser.offline(false);
        seat.saved();
    };
    let unread = |seat: &Seat| {
        page(seat, "", "#list a.resume");
        seat.browser.offline(true);
        seat.browser.click(".tabs [data-state=all]");
        seat.browser.until("return document.querySelector('#list .again') !== null");
    };
    let unanswered = |seat: &Seat| {
        seat.browser.offline(false);
        seat.desk(&review);
        seat.browser.offline(true);
        seat.browser.press("/");
        seat.browser.press("never asked before");
        seat.browser.press(ENTER);
        seat.browser.until("return document.querySelector('#results .again') !== null");
    };
    look(
        &seat,
        &[
            ("quarrel", &quarrel),
            ("offline", &offline),
            ("again", &again),
            ("inbox: not read", &unread),
            ("desk: not answered", &unanswered),
            ("connected again", &again),
        ],
    );
}

#[test]
fn the_pages_around_the_desk_are_accessible() {
    let Some((seat, review)) = Seat::started("ada") else { return };
    let opened = |path: String, sign: &'static str| move |seat: &Seat| page(seat, &path, sign);
    let finding = |seat: &Seat| {
        page(seat, "r/marsh-fever@2019", "#here:not([hidden]), .prose");
        seat.browser.press("/");
        seat.browser.press("quinsulfate");
        seat.browser.until("return document.querySelector('#found').textContent.includes(' of ')");
    };
    let erasing = |seat: &Seat| {
        page(seat, "", "#list a.resume");
        seat.browser.click("#list [data-act=erase]");
        seat.focused(".phrase");
    };
    let assigning = |seat: &Seat| {
        page(seat, "", "#list a.resume");
        seat.browser.click("#list [data-act=assign]");
        seat.browser.until("return document.querySelector('.inset button') !== null");
    };
    let refused = |seat: &Seat| {
        page(seat, "", "#list a.resume");
        seat.browser.click("#start");
        seat.browser.until("return document.querySelector('#text[aria-invalid=true]') !== null");
    };
    look(
        &seat,
        &[
            ("inbox", &opened(String::new(), "#list a.resume")),
            ("inbox: erase?", &erasing),
            ("inbox: whom to ask", &assigning),
            ("inbox: nothing pasted", &refused),
            ("adjudicate: not yet", &opened(format!("adjudicate/{review}"), ".waiting, .part")),
            ("export", &opened(format!("export/{review}"), "[data-size=ris]")),
            ("help", &opened("help".to_owned(), "#error-list dt")),
            ("reader: finding", &finding),
            ("docs", &opened("docs".to_owned(), "#problems")),
            ("sign in", &opened("signin".to_owned(), "#token")),
            ("no such review", &opened("desk/r-000000000000".to_owned(), ".absent")),
            ("no such review to export", &opened("export/r-000000000000".to_owned(), ".warn")),
            ("no such review to settle", &opened("adjudicate/r-000000000000".to_owned(), ".waiting")),
        ],
    );
}

#[test]
fn empty_pages_are_accessible() {
    let Some(seat) = Seat::taken("ada") else { return };
    let tab = |name: &'static str| {
        move |seat: &Seat| {
            page(seat, "", "#list:not([aria-busy])");
            seat.browser.click(&format!(".tabs [data-state={name}]"));
            seat.browser.until(
                "return document.querySelector('#list:not([aria-busy]) .none, #list:not([aria-busy]) p') !== null",
            );
        }
    };
    look(
        &seat,
        &[
            ("inbox: none open", &tab("open")),
            ("inbox: none done", &tab("done")),
            ("inbox: none erased", &tab("erased")),
            ("inbox: none to recheck", &tab("recheck")),
        ],
    );
}
