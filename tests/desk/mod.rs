//! The reviewer's desk in a real browser: every task of a reviewer by mouse alone and by keyboard alone, two reviewers, two
//! tabs, no network, and every page and state accessible.

mod everybody;
mod keyboard;
mod mouse;
mod original;
mod pages;
mod second;
mod trouble;

use serde_json::{Value, json};

use crate::support::Running;
use crate::support::browser::{Browser, CONTROL};

/// Two claims: one that the fixture corpus speaks about with other numbers, one that nothing speaks about.
const RESPONSE: &str = "Adults with marsh fever should take quinsulfate 200 mg once daily for 14 days. Zorblaxine cures \
                        gribbles in a fortnight.";
const FIRST: &str = "Adults with marsh fever should take quinsulfate 200 mg once daily for 14 days.";
/// The claim that is looked at.
const CURRENT: &str = "document.querySelector('.claim[aria-current]')?.dataset.claim";

/// A reviewer in a browser before a service of their own.
struct Seat {
    running: Running,
    browser: Browser,
}

impl Seat {
    /// Somebody has picked a profile; no page is open yet. `None` where there is no browser, which was said.
    fn taken(id: &str) -> Option<Seat> {
        let seat = Seat { running: Running::start(), browser: Browser::start()? };
        seat.profile(id);
        seat.sign_in(id);
        Some(seat)
    }

    /// Somebody sits before a review of [`RESPONSE`] that is theirs, and its first answer is there.
    fn started(id: &str) -> Option<(Seat, String)> {
        let seat = Seat::taken(id)?;
        let review = seat.review(id);
        seat.desk(&review);
        Some((seat, review))
    }

    fn profile(&self, id: &str) {
        let made = self.running.post("/v1/reviewers", json!({"id": id, "name": id, "role": "pharmacist"}).to_string());
        assert_eq!(made.status, 201, "{}", made.text());
    }

    /// Picks a profile in the browser.
    fn sign_in(&self, id: &str) {
        self.open("help");
        let pick = format!(
            "async () => (await fetch('/v1/session', {{method: 'POST', headers: {{'content-type': 'application/json'}}, \
             body: JSON.stringify({{reviewer: '{id}'}})}})).status"
        );
        assert_eq!(self.browser.awaited(&pick), json!(200));
    }

    /// What a reviewer's call answers, which must succeed.
    fn call(&self, id: &str, path: &str, body: &Value) -> Value {
        let cookie = format!("groundline_reviewer={id}");
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/json")];
        let answer = self.running.request("POST", path, &headers, body.to_string());
        assert!((200..300).contains(&answer.status), "{path}: {}", answer.text());
        answer.json()
    }

    /// A review of [`RESPONSE`] whose first reviewer this is.
    fn review(&self, id: &str) -> String {
        let made = self.call(id, "/v1/reviews", &json!({"text": RESPONSE, "split": true}));
        let review = made["id"].as_str().expect("an id").to_owned();
        self.assign(&review, id, id, "first");
        review
    }

    fn assign(&self, review: &str, by: &str, id: &str, task: &str) {
        let part = json!({"reviewer": id, "task": task, "blind": task == "second"});
        self.call(by, &format!("/v1/reviews/{review}/assignments"), &part);
    }

    fn open(&self, path: &str) {
        self.browser.open(&format!("http://{}/{path}", self.running.address));
    }

    /// Opens the desk; the first claim's answer is there when this returns.
    fn desk(&self, review: &str) {
        self.open(&format!("desk/{review}"));
        self.at_desk();
    }

    #[track_caller]
    fn at_desk(&self) {
        self.browser
            .until(&format!("return Boolean({CURRENT}) && document.querySelector('#desk:not([aria-busy])') !== null"));
        self.browser.until("return document.querySelector('article.passage:not(.bones), .trail') !== null");
        self.browser.until("return document.querySelector('#results[aria-busy]') === null");
    }

    fn current(&self) -> String {
        self.browser.text(&format!("return {CURRENT}"))
    }

    /// Waits until the line above the columns says so.
    #[track_caller]
    fn progress(&self, wanted: &str) {
        self.browser.until(&format!(
            "return document.querySelector('#progress-text').textContent.startsWith({})",
            json!(wanted)
        ));
    }

    /// Waits until everything is with the service.
    #[track_caller]
    fn saved(&self) {
        self.browser.until("return document.querySelector('#saved').textContent.startsWith('saved ')");
    }

    /// The words of the first element of this kind.
    fn words(&self, selector: &str) -> String {
        self.browser.text(&format!("return document.querySelector({})?.textContent", json!(selector)))
    }

    fn count(&self, selector: &str) -> u64 {
        let counted = self.browser.script(&format!("return document.querySelectorAll({}).length", json!(selector)));
        counted.as_u64().expect("a number")
    }

    #[track_caller]
    fn focused(&self, selector: &str) {
        self.browser.until(&format!("return document.activeElement.matches({})", json!(selector)));
    }

    /// Saves the verdict by keyboard.
    fn save(&self) {
        self.browser.chord(CONTROL, crate::support::browser::ENTER);
    }

    /// Verdicts that whoever is signed in may see.
    fn verdicts(&self, review: &str) -> Vec<Value> {
        self.shown(review)["verdicts"].as_array().cloned().unwrap_or_default()
    }

    /// The review as whoever is signed in may see it.
    fn shown(&self, review: &str) -> Value {
        self.browser.awaited(&format!("async () => (await fetch('/v1/reviews/{review}')).json()"))
    }

    /// Words of the claims that stand, in order.
    fn claims(&self, review: &str) -> Vec<String> {
        let shown = self.shown(review);
        let all = shown["claims"].as_array().into_iter().flatten();
        let mut standing: Vec<&Value> = all.filter(|claim| claim["removed"] == false).collect();
        standing.sort_by_key(|claim| claim["start"].as_u64());
        standing.iter().filter_map(|claim| claim["text"].as_str().map(str::to_owned)).collect()
    }

    #[track_caller]
    fn no_complaints(&self) {
        assert_eq!(self.browser.complaints(), Vec::<String>::new());
    }
}
