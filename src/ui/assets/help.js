// Help: fills in the taxonomy in use and the keys as they are on this machine, and lets people change the keys.

import { api, words } from "./api.js";
import { byId, el, say } from "./dom.js";
import { FORMATS } from "./formats.js";
import { offer } from "./hotkeys.js";
import { ACTIONS, changed, keyCaps, keyOf, pressed, remap, reset, setSingleKeys, singleKeys } from "./keymap.js";
import "./shell.js";
import { chip, VERDICTS } from "./verdict.js";

const text = byId("text");
const print = (words) => words.replaceAll("'", "’");

// The taxonomy

/** A term and what it means. @param {string} id  @param {(Node | string | null)[]} name  @param {string} meaning  @param {string | Element} [also] */
function term(id, name, meaning, also) {
  return el("div", { id }, el("dt", null, ...name.filter((part) => part !== null)), el("dd", null, print(meaning), also ? el("span.also", null, also) : null));
}

function taxonomy(given) {
  byId("guide-text").replaceChildren(...given.guide.flatMap((section) => [el("h3", null, section.title), el("p", null, print(section.text))]));
  const key = (name) => VERDICTS.find((verdict) => verdict.name === name)?.key;
  byId("verdict-list").replaceChildren(...given.verdicts.map((verdict) => term(verdict.name, [key(verdict.name) ? el("kbd", null, keyOf(`v${key(verdict.name)}`)) : null, chip(verdict.name)], verdict.meaning, verdict.needs && print(verdict.needs))));
  byId("taxonomy-id").textContent = `Version: ${given.id}.`;
  byId("error-list").replaceChildren(...grouped(given.errors).flatMap(([group, errors]) => [el("h3", null, group.charAt(0).toUpperCase() + group.slice(1)), el("dl.terms", null, errors.map(error))]));
  byId("severity-list").replaceChildren(...given.severities.map((one) => term(`severity-${one.name}`, [one.label], one.meaning ?? "")));
  const axis = (title, values) => el("p", null, el("strong", null, `${title}: `), values.map((one) => print(one.label).toLowerCase().replace(/:.*$/, "")).join(", "), ".");
  const long = [...given.harm.extent, ...given.harm.likelihood].filter((one) => one.label.includes(":"));
  byId("harm-list").replaceChildren(axis("How bad", given.harm.extent), axis("How likely", given.harm.likelihood), ...(long.length ? [el("dl.terms", null, long.map(harm))] : []));
  byId("rubric-list").replaceChildren(el("dl.terms", null, given.rubric.items.map(item)));
}

/** @param {{code: string, label: string, meaning: string, example?: string}} one */
const error = (one) => term(one.code, [one.label, el("code", null, one.code)], one.meaning, one.example && print(one.example));

/** @param {{name: string, label: string, meaning?: string}} one */
function harm(one) {
  const [label, ...rest] = one.label.split(":");
  const meaning = print(rest.join(":").trim());
  return term(`harm-${one.name}`, [label], `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}${/[.!?]$/.test(meaning) ? "" : "."}`);
}

function item(one) {
  const scale = el("ol.scale", { role: "list" }, one.scale.map((point) => el("li", null, print(point.label))));
  return term(one.id, [one.label], one.question, scale);
}

/** @param {{group: string}[]} errors  @returns {[string, any[]][]} */
function grouped(errors) {
  const groups = new Map();
  for (const one of errors) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return [...groups];
}

// Keys

/** @type {string | null} */
let listening = null;

function keys() {
  const groups = [...new Set(ACTIONS.map((action) => action.group))];
  const caps = (action) => {
    const key = keyOf(action.id);
    const mine = key !== action.key;
    if (listening === action.id) return el("button.cap.listening", { type: "button", "data-action": action.id, "aria-label": `press a key… for: ${action.label}` }, "press a key…");
    const name = `${keyCaps(key).join(" ")}: ${action.label}${mine ? `, changed from ${keyCaps(action.key).join(" ")}` : ""}`;
    return el(`button.cap${mine ? ".mine" : ""}`, { type: "button", "data-action": action.id, "aria-label": `${name}. Change` }, keyCaps(key).flatMap((cap, at) => [at ? " " : null, el("kbd", null, cap)]));
  };
  const row = (action) => el("li", null, caps(action), el("span", null, action.label));
  const group = (name) => el("div", null, el("h3", null, name), el("ul", { role: "list" }, ACTIONS.filter((action) => action.group === name).map(row)));
  byId("key-list").replaceChildren(el("div.keytable", null, groups.map(group)));
  /** @type {HTMLInputElement} */ (byId("single")).checked = singleKeys();
}

/** Draws the keys anew and keeps the focus on one of them. @param {string | null} action  @param {string} [note] */
function redraw(action, note = "") {
  keys();
  byId("key-note").textContent = note;
  if (action) /** @type {HTMLElement | null} */ (document.querySelector(`[data-action="${action}"]`))?.focus();
}

const label = (id) => ACTIONS.find((action) => action.id === id)?.label ?? id;

byId("key-list").addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
  if (!button) return;
  listening = button.getAttribute("data-action");
  redraw(listening, "Press the new key. Esc keeps the old one.");
});
byId("key-list").addEventListener("focusout", (event) => {
  if (listening && event.relatedTarget) {
    listening = null;
    redraw(null);
  }
});
document.addEventListener(
  "keydown",
  (event) => {
    if (!listening || ["Shift", "Control", "Alt", "Meta", "Tab", "Dead", "CapsLock"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const action = listening;
    listening = null;
    if (event.key === "Escape") return redraw(action, "Nothing changed.");
    const key = pressed(event);
    const other = remap(action, key);
    const swapped = other && other.id !== action ? ` “${other.label}” took the old key.` : "";
    redraw(action, `${keyCaps(key).join(" ")} now does “${label(action)}”.${swapped}`);
  },
  true,
);
byId("single").addEventListener("change", (event) => {
  const on = event.target instanceof HTMLInputElement && event.target.checked;
  setSingleKeys(on);
  say(on ? "Single-letter keys are on." : "Single-letter keys are off.");
});
byId("reset").addEventListener("click", () => {
  reset();
  redraw(null, "All keys are as they come.");
});
changed(() => !listening && keys());

// Formats, and the place that the address names

function formats() {
  const rows = [
    { label: "Artifact", kind: "zip", use: "Everything, with checksums. “groundline review replay” runs its searches again and compares." },
    { label: "Report", kind: "HTML", use: "One self-contained page, to print and to send." },
    ...FORMATS,
  ];
  byId("format-list").replaceChildren(...rows.map((format) => el("div", null, el("dt", null, format.label), el("dd", null, `${format.use} (${format.kind})`))));
}

/** Goes to the place in the address: it may have been filled in after the browser looked for it. */
function arrive() {
  const name = decodeURIComponent(location.hash.slice(1));
  if (name) location.replace(`#${encodeURIComponent(name)}`);
}

async function start() {
  formats();
  keys();
  try {
    taxonomy(await api("GET", "/v1/taxonomy"));
  } catch (error) {
    byId("verdict-list").replaceChildren(el("p.wrong", null, `The taxonomy cannot be read. ${words(error)}`));
  }
  text.removeAttribute("aria-busy");
  arrive();
}

offer([...document.querySelectorAll(".contents a")].map((link) => ({ label: `Help: ${link.textContent}`, run: () => /** @type {HTMLElement} */ (link).click() })), true);
start();
