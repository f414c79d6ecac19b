//! The pages in a real browser: by keyboard, with hostile documents, in every state, for everybody.

use std::path::Path;

use groundline::http::Settings;
use serde_json::{Value, json};

use crate::support::browser::{self, Browser, DOWN, ENTER, ESCAPE, UP};
use crate::support::{Running, folder, snapshot_of};

const MARSH: &str = "Quinsulfate 200 mg once daily for 14 days in adults with marsh fever";
const ANSWERED: &str = "return document.querySelector('#outcome h2') && \
                        document.querySelector('#outcome h2').textContent !== 'Searching…' && \
                        !document.querySelector('.evidence').ariaBusy";

/// A browser at the claim page of a service.
fn at_home(running: &Running) -> Option<Browser> {
    let browser = Browser::start()?;
    browser.open(&format!("http://{}/claim", running.address));
    browser.until("return document.activeElement.id === 'claim'");
    Some(browser)
}

fn ask(browser: &Browser, claim: &str) {
    browser.press(claim);
    browser.press(ENTER);
    browser.until(ANSWERED);
}

fn outcome(browser: &Browser) -> String {
    browser.text("return document.querySelector('#outcome h2').textContent")
}

fn focused(browser: &Browser) -> String {
    browser.text("return document.activeElement.id")
}

#[track_caller]
fn no_complaints(browser: &Browser) {
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// The API's answer, without the page.
fn passages(running: &Running, claim: &str) -> Vec<Value> {
    let body = json!({"claim": claim, "k": 5, "include": ["trace"]}).to_string();
    running.post("/v1/evidence", body).json()["results"][0]["passages"].as_array().expect("passages").clone()
}

#[test]
fn a_claim_is_answered_by_keyboard_alone() {
    let running = Running::start();
    let Some(browser) = at_home(&running) else { return };
    ask(&browser, MARSH);
    assert_eq!(outcome(&browser), "This corpus addresses the claim");
    assert!(browser.text("return document.querySelector('#outcome').textContent").contains("ms · snapshot"));
    assert!(browser.text("return document.getElementById('said').textContent").contains("passages"));
    assert_eq!(focused(&browser), "passage-1", "the answer is read next");
    // An old edition stands under its replacement, so ranks need not follow one another on the page.
    let shown =
        |at: usize| browser.text(&format!("return document.querySelectorAll('#results article.passage')[{at}].id"));
    browser.press("j");
    assert_eq!(focused(&browser), shown(1));
    browser.press(DOWN);
    assert_eq!(focused(&browser), shown(2));
    browser.press(UP);
    browser.press("k");
    browser.press("k");
    assert_eq!(focused(&browser), "passage-1");
    browser.press("?");
    browser.until("return !document.getElementById('keys').hidden");
    browser.press(ESCAPE);
    browser.until("return document.getElementById('keys').hidden");
    browser.press("/");
    assert_eq!(focused(&browser), "claim");
    browser.press("j?c/");
    let typed = browser.text("return document.getElementById('claim').value");
    assert!(typed.ends_with("j?c/"), "keys are text within the field: {typed}");
    assert_eq!(browser.script("return document.getElementById('keys').hidden"), json!(true));
    browser.press(ESCAPE);
    assert_eq!(focused(&browser), "passage-1");
    browser.press("c");
    let copied = "return document.querySelector('.copy').textContent === 'Copied' || \
                  document.querySelector('.cite.shown') !== null";
    browser.until(copied);
    browser.press(ENTER);
    browser.until("return location.pathname.startsWith('/r/')");
    browser.press(ESCAPE);
    browser.until("return location.pathname === '/claim'");
    assert_eq!(browser.script("return location.search + location.hash"), json!(""));
    assert_eq!(browser.script("return localStorage.length + sessionStorage.length"), json!(0));
    no_complaints(&browser);
}

#[test]
fn quotations_are_shown_verbatim_and_old_ones_under_what_replaced_them() {
    let running = Running::start();
    let Some(browser) = at_home(&running) else { return };
    ask(&browser, MARSH);
    let shown = browser.script(
        "return Object.fromEntries([...document.querySelectorAll('article.passage')].map((one) => \
         [one.dataset.id, one.querySelector('.quote').textContent]))",
    );
    let expected = passages(&running, MARSH);
    assert!(expected.len() >= 3);
    for passage in &expected {
        let id = passage["id"].as_str().expect("an id");
        assert_eq!(shown[id], passage["quote"], "{id}");
    }
    let marked = browser.text("return document.querySelector('.quote b').textContent");
    assert!(MARSH.to_lowercase().contains(&marked.to_lowercase()), "{marked}");
    let above = "const old = document.querySelector('article.old'); \
                 return old.closest('.older').closest('li').querySelector('article').dataset.id";
    assert!(browser.text(above).starts_with("marsh-fever@2024#"));
    let flag = browser.text("return document.querySelector('article.old .flag').textContent");
    assert_eq!(flag, "Superseded by marsh-fever@2024, above.");
    let struck = "return getComputedStyle(document.querySelector('article.old .quote')).textDecorationLine";
    assert_eq!(browser.text(struck), "line-through");
    browser.script("document.querySelector('article.old .flag a').click()");
    browser.until("return document.activeElement.dataset.id?.startsWith('marsh-fever@2024#')");
    no_complaints(&browser);
}

#[test]
fn nothing_found_and_everything_wrong_have_words() {
    let mut running = Running::start();
    let Some(browser) = at_home(&running) else { return };
    ask(&browser, "zxqv blorptang wuffle");
    assert_eq!(outcome(&browser), "The claim lies outside this corpus");
    let trail = browser.text("return document.querySelector('.trail').textContent");
    assert!(trail.contains("editions were searched") && trail.contains("blorptang"), "{trail}");
    assert_eq!(focused(&browser), "claim", "the claim is what to change");

    browser.script("document.getElementById('k').value = 500; document.getElementById('form').requestSubmit()");
    browser.until("return document.querySelector('#outcome h2').textContent === 'The request is not valid'");
    let detail = browser.text("return document.querySelector('#outcome').textContent");
    assert!(detail.contains("1 to 100"), "{detail}");
    let refused = browser.complaints();
    assert!(refused.iter().all(|line| line.contains("422")), "{refused:?}");

    browser.script("document.getElementById('k').value = 5; document.getElementById('claim').value = 'é'.repeat(4001)");
    browser.script("document.getElementById('form').requestSubmit()");
    browser.until("return document.getElementById('claim').getAttribute('aria-invalid') === 'true'");
    assert!(browser.text("return document.getElementById('hint').textContent").starts_with("4001 characters"));

    browser.script("document.getElementById('claim').value = 'marsh fever'");
    running.stop();
    browser.script("document.getElementById('form').requestSubmit()");
    browser.until("return document.querySelector('#outcome h2').textContent === 'No answer'");
    assert_eq!(browser.text("return document.getElementById('claim').value"), "marsh fever");
}

#[test]
fn a_late_answer_never_replaces_a_newer_one() {
    let running = Running::start();
    let Some(browser) = at_home(&running) else { return };
    // The first answer comes late, and its request cannot be called back.
    browser.script(
        "const real = window.fetch; let first = true; window.fetch = async (url, options) => { \
         const answer = await real(url, {...options, signal: undefined}); \
         if (first) { first = false; await new Promise((done) => setTimeout(done, 1200)); window.late = true; } \
         return answer; }",
    );
    browser.press("zxqv blorptang wuffle");
    browser.press(ENTER);
    browser.until("return document.querySelector('.bones') !== null");
    browser.script("document.getElementById('claim').value = ''");
    ask(&browser, MARSH);
    browser.until("return window.late");
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert_eq!(outcome(&browser), "This corpus addresses the claim");
    no_complaints(&browser);
}

#[test]
fn the_reader_opens_at_the_passage() {
    let running = Running::start();
    let Some(browser) = Browser::start() else { return };
    let open = |path: &str| browser.open(&format!("http://{}{path}", running.address));
    let passage = passages(&running, MARSH).into_iter().find(|one| one["document"]["version"] == "2019");
    let passage = passage.expect("a passage of the old edition");
    open(passage["links"]["reader"].as_str().expect("a link"));
    browser.until("return document.querySelector('.p.on') !== null");
    assert_eq!(browser.script("return document.querySelector('.p.on').textContent"), passage["quote"]);
    let seen = "const box = document.querySelector('.p.on').getBoundingClientRect(); \
                return box.top >= 0 && box.bottom <= innerHeight";
    assert_eq!(browser.script(seen), json!(true));
    let banner = browser.text("return document.querySelector('.edition').textContent");
    assert!(banner.starts_with("Superseded by the 2024 edition"), "{banner}");
    assert_eq!(browser.text("return document.querySelector('.edition a').pathname"), "/r/marsh-fever@2024");
    let first = browser.text("return location.hash");
    browser.press("j");
    browser.until(&format!("return location.hash !== '{first}' && document.querySelector('.p.on') !== null"));

    open("/r/marsh-fever@2024#p-0000000000");
    browser.until("return !document.getElementById('missing').hidden");
    open("/r/closed-book@2022");
    let text = browser.text("return document.querySelector('.prose').textContent");
    assert!(text.contains("licence of this edition") && !text.contains("900 mg"), "{text}");
    open("/r/fen-rash@2010");
    let banner = browser.text("return document.querySelector('.edition').textContent");
    assert!(banner.starts_with("Retired."), "{banner}");
    no_complaints(&browser);
    open("/r/nothing@2020");
    assert_eq!(browser.text("return document.querySelector('h1').textContent"), "No such edition here");
}

#[test]
fn hostile_documents_stay_text() {
    let index = folder();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hostile");
    snapshot_of(&corpus, index.path(), 1);
    let running = Running::over(index.path(), Settings::default(), 100);
    let Some(browser) = at_home(&running) else { return };
    let claim = "Swamp itch is treated with cool compresses for 3 days, body";
    ask(&browser, claim);
    let expected = passages(&running, claim);
    let quotes = browser.script("return [...document.querySelectorAll('.quote')].map((one) => one.textContent)");
    assert_eq!(quotes.as_array().map(Vec::len), Some(expected.len()));
    for (quote, passage) in quotes.as_array().into_iter().flatten().zip(&expected) {
        assert_eq!(*quote, passage["quote"]);
    }
    assert!(quotes.to_string().contains("<script>"), "the payload is shown: {quotes}");
    // The ground lies under one whole sentence although wide characters stand before it.
    let marked = browser.text("return document.querySelector('mark')?.textContent");
    let spans = expected.iter().filter_map(|passage| {
        let quote: Vec<char> = passage["quote"].as_str()?.chars().collect();
        let span = &passage["rationale"][0];
        let (start, end) = (span["start"].as_u64()? as usize, span["end"].as_u64()? as usize);
        (end - start < quote.len()).then(|| quote[start..end].iter().collect::<String>())
    });
    assert_eq!(Some(marked), spans.into_iter().next());
    let link = browser.text("return document.querySelector('article a[target]').href");
    assert!(link.starts_with("https://example.org/"), "{link}");
    browser.press(ENTER);
    browser.until("return location.pathname.startsWith('/r/')");
    browser.until("return document.querySelector('.p.on') !== null");
    let title = browser.text("return document.querySelector('h1').textContent");
    assert!(title.contains("<script>"), "{title}");
    let strangers =
        "return document.querySelectorAll('main script, main img, main iframe, main svg, main style').length";
    assert_eq!(browser.script(strangers), json!(0));
    assert_eq!(browser.script("return typeof window.pwned"), json!("undefined"));
    // Whatever else a page may try, its own address is all that was asked.
    let own = format!("http://{}/", running.address);
    let others: Vec<String> = browser.requests().into_iter().filter(|url| !url.starts_with(&own)).collect();
    assert!(others.iter().all(|url| url.starts_with("data:") || url.starts_with("chrome")), "{others:?}");
    no_complaints(&browser);
}

#[test]
fn pages_fit_narrow_windows() {
    let running = Running::start();
    let Some(browser) = at_home(&running) else { return };
    for width in [320, 640, 3440] {
        browser.width(width);
        browser.open(&format!("http://{}/claim", running.address));
        ask(&browser, MARSH);
        let fits = "return document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(browser.script(fits), json!(true), "the claim page at {width}");
        browser.open(&format!("http://{}/r/marsh-fever@2024", running.address));
        assert_eq!(browser.script(fits), json!(true), "the reader at {width}");
    }
}

#[test]
fn pages_are_accessible() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/axe-core/axe.min.js");
    let Ok(axe) = std::fs::read_to_string(path) else {
        browser::missing("axe-core is not installed (tests/run installs it)");
        return;
    };
    let running = Running::start();
    let Some(browser) = at_home(&running) else { return };
    for dark in [false, true] {
        browser.dark(dark);
        let check = |what: &str| {
            let found = browser.violations(&axe);
            assert!(found.is_empty(), "{what}, dark: {dark}\n{}", found.join("\n"));
        };
        let home = || {
            browser.open(&format!("http://{}/claim", running.address));
            browser.until("return document.activeElement.id === 'claim'");
        };
        home();
        check("empty");
        ask(&browser, MARSH);
        browser.press("?");
        browser.script("document.getElementById('filters').open = true");
        check("results");
        home();
        ask(&browser, "zxqv blorptang wuffle");
        check("nothing found");
        for path in ["/r/marsh-fever@2019", "/r/reed-cough-digest@2023#rec-1", "/r/closed-book@2022", "/r/none@1"] {
            browser.open(&format!("http://{}{path}", running.address));
            check(path);
        }
    }
}

#[test]
fn pages_and_files_are_tagged_and_guarded() {
    let running = Running::start();
    for path in [
        "/",
        "/claim",
        "/help",
        "/r/marsh-fever@2024",
        "/assets/home.js",
        "/assets/base.css",
        "/assets/icon.svg",
        "/favicon.ico",
    ] {
        let answer = running.get(path);
        assert_eq!(answer.status, 200, "{path}");
        let again = running.request("GET", path, &[("if-none-match", answer.header("etag"))], "");
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
    }
    for page in ["/", "/claim", "/desk/r-000000000000", "/help", "/r/marsh-fever@2024", "/r/none@1", "/r/nonsense"] {
        let answer = running.get(page);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert!(
            answer.text().contains("Decision support for evaluating model answers, not for patient care."),
            "{page}"
        );
        assert!(!answer.text().contains("<script>") && !answer.text().contains("style="), "{page}");
    }
    assert_eq!(running.get("/r/none@1").status, 404);
    assert_eq!(running.get("/assets/nothing.js").status, 404);
    assert_eq!(running.get("/assets/..%2Fmod.rs").status, 404);
}
