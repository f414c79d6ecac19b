//! A real browser, spoken to in plain WebDriver: Chromium through Debian's `chromedriver`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Keys beyond characters.
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const ESCAPE: &str = "\u{e00c}";
pub(crate) const DOWN: &str = "\u{e015}";
pub(crate) const UP: &str = "\u{e013}";
pub(crate) const LEFT: &str = "\u{e012}";
pub(crate) const RIGHT: &str = "\u{e014}";
pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const DELETE: &str = "\u{e017}";
/// Keys that are held down.
pub(crate) const CONTROL: &str = "\u{e009}";
pub(crate) const SHIFT: &str = "\u{e008}";

/// One browser at a time: they are large, and tests beside them measure time.
static ALONE: Mutex<()> = Mutex::new(());

/// A browser with one window.
pub(crate) struct Browser {
    driver: Child,
    session: String,
    agent: ureq::Agent,
    _alone: MutexGuard<'static, ()>,
}

impl Browser {
    /// A browser, or `None` where none is installed, which is said; where `CI` is set, that fails.
    pub(crate) fn start() -> Option<Browser> {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let Ok(mut driver) = command.spawn() else {
            missing("chromedriver is not installed");
            return None;
        };
        let lines = BufReader::new(driver.stdout.take().expect("its output")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            line.rsplit_once("started successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned())
        });
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        let session = format!("http://127.0.0.1:{}/session", port.expect("chromedriver says its port"));
        let mut browser = Browser { driver, session, agent, _alone: alone };
        let arguments =
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900"];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }}});
        let opened = browser.call("", wanted);
        browser.session = format!("{}/{}", browser.session, opened["sessionId"].as_str().expect("a session"));
        Some(browser)
    }

    fn call(&self, path: &str, body: Value) -> Value {
        let mut answer = self.agent.post(format!("{}{path}", self.session)).send_json(body).expect("chromedriver");
        let json: Value = answer.body_mut().with_config().limit(100 << 20).read_json().expect("JSON");
        assert!(answer.status().is_success(), "{path}: {}", json["value"]["message"]);
        json["value"].clone()
    }

    pub(crate) fn open(&self, url: &str) {
        self.call("/url", json!({ "url": url }));
    }

    /// What a script returns; it runs as if typed into the console.
    #[track_caller]
    pub(crate) fn script(&self, script: &str) -> Value {
        self.call("/execute/sync", json!({"script": script, "args": []}))
    }

    /// What a script resolves to.
    pub(crate) fn awaited(&self, script: &str) -> Value {
        let script = format!("const done = arguments[0]; ({script})().then(done, (error) => done(String(error)));");
        self.call("/execute/async", json!({"script": script, "args": []}))
    }

    #[track_caller]
    pub(crate) fn text(&self, script: &str) -> String {
        self.script(script).as_str().unwrap_or_default().to_owned()
    }

    /// Presses keys wherever the focus is.
    pub(crate) fn press(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|key| {
            let key = key.to_string();
            [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})]
        });
        let strokes: Vec<Value> = strokes.collect();
        self.call("/actions", json!({"actions": [{"type": "key", "id": "keyboard", "actions": strokes}]}));
    }

    /// Presses a key while another is held down.
    pub(crate) fn chord(&self, held: &str, key: &str) {
        let actions = json!([
            {"type": "keyDown", "value": held}, {"type": "keyDown", "value": key},
            {"type": "keyUp", "value": key}, {"type": "keyUp", "value": held},
        ]);
        self.call("/actions", json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}));
    }

    /// Presses the mouse's first button in the middle of an element, which must be what lies there.
    #[track_caller]
    pub(crate) fn click(&self, selector: &str) {
        self.click_one(&format!("document.querySelector({})", json!(selector)));
    }

    /// Presses the mouse's first button on the element of this kind whose words begin so.
    #[track_caller]
    pub(crate) fn click_words(&self, selector: &str, words: &str) {
        let (selector, words) = (json!(selector), json!(words));
        let begins = format!("(one) => one.textContent.trim().startsWith({words})");
        self.click_one(&format!("[...document.querySelectorAll({selector})].find({begins})"));
    }

    #[track_caller]
    fn click_one(&self, element: &str) {
        // What is there and not yet drawn cannot be pressed yet.
        self.until(&format!("return Boolean({element}?.getClientRects().length)"));
        let place = self.script(&format!(
            "const one = {element}; one.scrollIntoView({{block: 'center'}}); const box = one.getClientRects()[0]; \
             const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]; \
             const there = document.elementFromPoint(x, y); return one.contains(there) ? [x, y] : there?.outerHTML.slice(0, 200)"
        ));
        let at = |index: usize| place[index].as_f64().unwrap_or_else(|| panic!("{element} lies under {place}"));
        self.drag((at(0), at(1)), (at(0), at(1)));
    }

    /// Moves to a place, presses, moves to another and lets go; in CSS pixels of the window.
    pub(crate) fn drag(&self, from: (f64, f64), to: (f64, f64)) {
        let go = |(x, y): (f64, f64)| json!({"type": "pointerMove", "duration": 20, "x": x.round(), "y": y.round()});
        let actions =
            json!([go(from), {"type": "pointerDown", "button": 0}, go(to), {"type": "pointerUp", "button": 0}]);
        self.call(
            "/actions",
            json!({"actions": [
                {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions},
            ]}),
        );
    }

    /// The element that a selector names, as the driver knows it.
    fn element(&self, selector: &str) -> String {
        let found = self.call("/element", json!({"using": "css selector", "value": selector}));
        let id = found.as_object().and_then(|known| known.values().next()?.as_str().map(str::to_owned));
        id.unwrap_or_else(|| panic!("no {selector}"))
    }

    /// Chooses an option of a list, as a mouse does: the list itself is drawn by the system, where no page sees a pointer.
    pub(crate) fn pick(&self, list: &str, value: &str) {
        let option = self.element(&format!("{list} option[value='{value}']"));
        self.call(&format!("/element/{option}/click"), json!({}));
    }

    /// Gives a file to a field, as the system's own dialogue does.
    pub(crate) fn give_file(&self, selector: &str, file: &Path) {
        let field = self.element(selector);
        self.call(&format!("/element/{field}/value"), json!({"text": file.display().to_string()}));
    }

    /// Opens another tab and goes to it; the tab that was left.
    pub(crate) fn tab(&self) -> String {
        let before = self.fetch("/window").as_str().expect("a window").to_owned();
        let opened = self.call("/window/new", json!({"type": "tab"}));
        self.switch(opened["handle"].as_str().expect("a window"));
        before
    }

    /// Goes to a tab; the one that was left.
    pub(crate) fn switch(&self, tab: &str) -> String {
        let before = self.fetch("/window").as_str().expect("a window").to_owned();
        self.call("/window", json!({ "handle": tab }));
        before
    }

    /// Goes to the tab that the page opens; the one that was left. No other tab may be open.
    #[track_caller]
    pub(crate) fn opened(&self) -> String {
        let here = self.fetch("/window");
        let started = Instant::now();
        loop {
            let tabs = self.fetch("/window/handles");
            if let Some(new) = tabs.as_array().into_iter().flatten().find(|tab| **tab != here) {
                return self.switch(new.as_str().expect("a window"));
            }
            assert!(started.elapsed() < Duration::from_secs(15), "no tab was opened");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Closes the tab and goes back to another.
    pub(crate) fn close(&self, back: &str) {
        self.agent.delete(format!("{}/window", self.session)).call().expect("chromedriver");
        self.call("/window", json!({ "handle": back }));
    }

    /// Takes the network away, or gives it back.
    pub(crate) fn offline(&self, offline: bool) {
        let rate = if offline { 0 } else { -1 };
        self.tools("Network.enable", json!({}));
        let network = json!({"offline": offline, "latency": 0, "downloadThroughput": rate, "uploadThroughput": rate});
        self.tools("Network.emulateNetworkConditions", network);
    }

    /// Lets what is downloaded go to a folder.
    pub(crate) fn downloads(&self, folder: &Path) {
        let wanted = json!({"behavior": "allow", "downloadPath": folder.display().to_string()});
        self.tools("Browser.setDownloadBehavior", wanted);
    }

    fn fetch(&self, path: &str) -> Value {
        let mut answer = self.agent.get(format!("{}{path}", self.session)).call().expect("chromedriver");
        let json: Value = answer.body_mut().read_json().expect("JSON");
        json["value"].clone()
    }

    /// Waits until a script returns something true.
    #[track_caller]
    pub(crate) fn until(&self, script: &str) {
        let started = Instant::now();
        while !truthy(&self.script(script)) {
            assert!(started.elapsed() < Duration::from_secs(15), "never came true: {script}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Switches to dark colours, or back to light.
    pub(crate) fn dark(&self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.tools("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Gives the window another width in CSS pixels.
    pub(crate) fn width(&self, width: u32) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.tools("Emulation.setDeviceMetricsOverride", size);
    }

    fn tools(&self, command: &str, parameters: Value) {
        self.call("/goog/cdp/execute", json!({"cmd": command, "params": parameters}));
    }

    /// What the console was told since the last look, of errors and violations.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let entries = self.call("/se/log", json!({"type": "browser"}));
        let severe = entries.as_array().into_iter().flatten().filter(|entry| entry["level"] != "INFO");
        severe.map(|entry| entry["message"].to_string()).collect()
    }

    /// Addresses that pages asked for since the last look.
    pub(crate) fn requests(&self) -> Vec<String> {
        let entries = self.call("/se/log", json!({"type": "performance"}));
        let events = entries.as_array().into_iter().flatten().filter_map(|entry| {
            let event: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let event = &event["message"];
            (event["method"] == "Network.requestWillBeSent")
                .then(|| event["params"]["request"]["url"].as_str().map(str::to_owned))?
        });
        events.collect()
    }

    /// Fails where anybody but a service was asked.
    #[track_caller]
    pub(crate) fn asked_only(&self, own: &str) {
        let others: Vec<String> =
            self.requests().into_iter().filter(|url| !url.starts_with(own) && !url.starts_with("data:")).collect();
        assert!(others.is_empty(), "{others:?}");
    }

    /// What axe-core finds on the page, a line a violation.
    pub(crate) fn violations(&self, axe: &str) -> Vec<String> {
        self.script(axe);
        let found = self.awaited(
            "async () => (await axe.run()).violations.flatMap((rule) => rule.nodes.map((node) => \
             `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))",
        );
        found.as_array().unwrap_or_else(|| panic!("axe failed: {found}")).iter().map(ToString::to_string).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closes the browser; without it the driver would leave one behind.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn truthy(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false)) && value != 0 && value != ""
}

/// Says that something needed is not there; where `CI` is set, that fails.
#[expect(clippy::print_stdout, reason = "a test that was skipped says so where the runner shows it")]
pub(crate) fn missing(what: &str) {
    println!("skipped: {what}");
    assert!(std::env::var_os("CI").is_none(), "{what}");
}
