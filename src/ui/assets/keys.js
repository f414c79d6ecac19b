// The keyboard: single keys outside text fields only, and only while the reader of the page wants them.

import { byId, field, say } from "./dom.js";

const STORED = "groundline.single-keys";

/** Whether a key press belongs to a field that takes text or has keys of its own. */
function inField(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

const panel = () => byId("keys");

export function togglePanel(open = panel().hidden) {
  panel().hidden = !open;
  byId("keys-toggle").setAttribute("aria-expanded", String(open));
  say(open ? "Key list opened." : "Key list closed.");
}

function stored() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}

function store(on) {
  try {
    if (on) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, "off");
  } catch {
    // Without storage the choice holds for this page.
  }
}

/** `actions` has `claim`, `leave`, `move(step)`, `open`, `copy`; each returns whether it did something. */
export function listen(actions) {
  const single = field("single");
  single.checked = stored();
  single.addEventListener("change", () => store(single.checked));
  byId("keys-toggle").addEventListener("click", () => togglePanel());
  const keys = {
    "/": actions.claim,
    j: () => actions.move(1),
    k: () => actions.move(-1),
    c: actions.copy,
    "?": () => (togglePanel(), true),
  };
  const others = { ArrowDown: keys.j, ArrowUp: keys.k };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") return escape(actions);
    if (inField(event.target)) return;
    const enter = event.key === "Enter" && !(/** @type {Element} */ (event.target).closest("a, button, summary")) && actions.open;
    const action = enter || others[event.key] || (single.checked && keys[event.key]);
    if (action && action()) event.preventDefault();
  });
}

function escape(actions) {
  if (!panel().hidden) togglePanel(false);
  else actions.leave();
}
