//! A real browser, spoken to in plain WebDriver: Chromium through Debian's `chromedriver`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Keys beyond characters.
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const ESCAPE: &str = "\u{e00c}";
pub(crate) const DOWN: &str = "\u{e015}";
pub(crate) const UP: &str = "\u{e013}";

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
