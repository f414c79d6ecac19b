// Single keys for the pages around the desk: outside text fields only, and only while people want them.

import { byId, say } from "./dom.js";

const STORED = "groundline.single-keys";

/** Whether single-letter keys are wanted in this browser. */
export function singleKeys() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} on */
export function setSingleKeys(on) {
  try {
    if (on) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, "off");
  } catch {
    // Without storage the choice holds for this page.
  }
}

/** Whether a key press belongs to a field that takes text or has keys of its own. @param {EventTarget | null} target */
export const inField = (target) => target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;

/** @typedef {{label: string, key?: string, run: () => unknown}} Command */

/** Where one can go from any page. @type {Command[]} */
const EVERYWHERE = [
  { label: "Go to the inbox", run: () => location.assign("/") },
  { label: "Check a claim", run: () => location.assign("/claim") },
  { label: "Help", run: () => location.assign("/help") },
  { label: "Choose who is reviewing", run: () => byId("who").click() },
];

/**
 * Offers a page's commands by name with Ctrl+K, and with Ctrl+P as on the desk where the page is not one to print.
 * Commands that come and go are given by a function, which is asked each time.
 * @param {Command[] | (() => Command[])} commands  @param {boolean} [printed]
 */
export function offer(commands, printed = false) {
  const wanted = printed ? /^k$/i : /^[pk]$/i;
  document.addEventListener("keydown", async (event) => {
    if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || !wanted.test(event.key)) return;
    event.preventDefault();
    const { palette } = await import("./palette.js");
    const offered = typeof commands === "function" ? commands() : commands;
    palette([...offered, ...EVERYWHERE].map((command) => ({ ...command, run: () => void command.run() })));
  });
}

/**
 * Listens for keys. `keys` maps a key to what it does; each returns `false` where it did nothing. `escape` runs in fields too.
 * @param {Record<string, () => unknown>} keys  @param {() => unknown} [escape]
 */
export function hotkeys(keys, escape) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") return void (escape?.() && event.preventDefault());
    if (inField(event.target)) return;
    const wanted = event.key.length > 1 || singleKeys();
    const action = wanted && Object.hasOwn(keys, event.key) && keys[event.key];
    if (action && action() !== false) event.preventDefault();
  });
  const tick = /** @type {HTMLInputElement | null} */ (byId("single"));
  if (!tick) return;
  tick.checked = singleKeys();
  tick.addEventListener("change", () => setSingleKeys(tick.checked));
}

/** Brings the list of keys into view and back. */
export function showKeys() {
  const list = byId("keys");
  list.scrollIntoView({ block: "nearest" });
  list.focus({ preventScroll: true });
  say("List of keys.");
}
