// What stands beside the verdict, as tabs: rubric and guide, whose code comes with their first use, and the keys.

import { byId, el, say } from "./dom.js";
import { emit, on } from "./desk-state.js";
import { ACTIONS, changed, keyCaps, keyOf, pressed, remap, reset, setSingleKeys, singleKeys } from "./keymap.js";

const TABS = ["verdict", "rubric", "guide", "keys"];

/** The rubric and the guide, once asked for. @type {Promise<typeof import("./desk-rubric.js")> | null} */
let rubric = null;

/** Shows a pane of the right column. @param {string} name  @param {boolean} [focus] */
export function pane(name, focus = false) {
  for (const one of TABS) {
    const tab = byId(`tab-${one}`);
    tab.setAttribute("aria-selected", String(one === name));
    tab.tabIndex = one === name ? 0 : -1;
    byId(`pane-${one}`).hidden = one !== name;
  }
  if (focus) byId(`tab-${name}`).focus();
  if (name !== "rubric" && name !== "guide") return;
  rubric ??= import("./desk-rubric.js");
  rubric.then((one) => one.start(), () => {
    rubric = null;
    byId(`pane-${name}`).textContent = "The service does not answer; open this again later.";
  });
}

export const paneNow = () => TABS.find((name) => !byId(`pane-${name}`).hidden) ?? "verdict";

/** Shows a pane, or the verdict again where it is shown already. @param {string} name */
export function togglePane(name) {
  const open = paneNow() !== name;
  pane(open ? name : "verdict");
  column("verdict");
  say(open ? `${byId(`tab-${name}`).textContent} shown.` : "Verdict shown.");
  return true;
}

// Columns as tabs on narrow screens

/** @param {string} name `response`, `evidence` or `verdict` */
export function column(name) {
  byId("desk").dataset.column = name;
  for (const button of byId("columns").querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.column === name));
}

// The keys

/** @type {string | null} the action whose next key is waited for */
let waiting = null;

function drawKeys() {
  const groups = [...new Set(ACTIONS.map((one) => one.group))];
  const row = (action) => {
    const wait = waiting === action.id;
    const key = el("button.key", { type: "button", "data-action": action.id, "aria-label": wait ? `Press the new key for ${action.label}` : `${action.label}: ${keyCaps(keyOf(action.id)).join(" ")}. Change` }, wait ? "press a key" : keyCaps(keyOf(action.id)).flatMap((cap) => [el("kbd", null, cap), " "]));
    return el("li", null, key, el("span", null, action.label));
  };
  const single = el("input", { type: "checkbox", id: "single", checked: singleKeys() });
  single.addEventListener("change", () => setSingleKeys(single.checked));
  const again = el("button.plain", { type: "button" }, "All keys as they come");
  again.addEventListener("click", () => reset());
  byId("pane-keys").replaceChildren(
    el("label.tick", null, single, "Use single keys"),
    ...groups.flatMap((group) => [el("h3", null, group), el("ul.keys-list", { role: "list" }, ACTIONS.filter((one) => one.group === group).map(row))]),
    el("p.row", null, again),
    el("p.hint", null, "Choose a key to change it. Keys act outside text fields; Esc leaves a field. While an error’s grade is asked for, 1 to 3 are its grades."),
  );
  for (const node of document.querySelectorAll(".caps[data-action]")) {
    const caps = keyCaps(keyOf(node instanceof HTMLElement ? node.dataset.action ?? "" : "")).map((cap) => el("kbd", null, cap));
    node.replaceChildren(...(singleKeys() || caps.length > 1 ? caps : []));
  }
}

const keyButton = (id) => /** @type {HTMLElement | null} */ (byId("pane-keys").querySelector(`[data-action="${id}"]`));

function waitForKey(event) {
  if (!waiting) return;
  if (["Shift", "Control", "Alt", "Meta", "Tab"].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  const id = waiting;
  waiting = null;
  const other = event.key === "Escape" ? null : remap(id, pressed(event));
  drawKeys();
  keyButton(id)?.focus();
  say(event.key === "Escape" ? "The key stays." : `Changed.${other ? ` ${other.label} has the old one.` : ""}`);
}

/** Begins to show the panes. */
export function start() {
  for (const name of TABS) byId(`tab-${name}`).addEventListener("click", () => pane(name));
  byId("side-tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    pane(TABS[(TABS.indexOf(paneNow()) + step + TABS.length) % TABS.length], true);
  });
  byId("columns").addEventListener("click", (event) => {
    const name = event.target instanceof Element ? event.target.closest("button")?.dataset.column : null;
    if (name) column(name);
  });
  byId("pane-keys").addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button.key") : null;
    const id = button instanceof HTMLElement ? button.dataset.action : null;
    if (!id) return;
    waiting = waiting === id ? null : id;
    drawKeys();
    keyButton(id)?.focus();
  });
  addEventListener("keydown", waitForKey, true);
  changed(() => (drawKeys(), emit("keys")));
  on("review", () => rubric?.then((one) => one.drawRubric()));
  drawKeys();
}
