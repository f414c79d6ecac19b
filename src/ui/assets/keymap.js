// The keys of the desk: what each does, which it is on this machine, and whether single keys are wanted at all.

const OFF = "groundline.single-keys";
const MAP = "groundline.keys";

/**
 * One thing that a key does. `always`: not a single character, so it also works where single keys are switched off.
 * @typedef {{id: string, label: string, group: string, key: string, always?: boolean}} Action
 */

/** @type {Action[]} */
export const ACTIONS = [
  { id: "next", label: "next claim", group: "Claims", key: "j" },
  { id: "prev", label: "previous claim", group: "Claims", key: "k" },
  { id: "undecided", label: "next undecided claim", group: "Claims", key: "J" },
  { id: "new", label: "new claim from the selection, or by choosing words", group: "Claims", key: "n" },
  { id: "join", label: "join with the next claim", group: "Claims", key: "m" },
  { id: "cut", label: "cut the claim in two", group: "Claims", key: "d" },
  { id: "resize", label: "choose the claim’s first and last word", group: "Claims", key: "r" },
  { id: "remove", label: "take the claim out", group: "Claims", key: "Delete", always: true },
  { id: "down", label: "next passage", group: "Evidence", key: "ArrowDown", always: true },
  { id: "up", label: "previous passage", group: "Evidence", key: "ArrowUp", always: true },
  { id: "open", label: "open the reader at the passage", group: "Evidence", key: "Enter", always: true },
  { id: "original", label: "open the original PDF at the passage’s page", group: "Evidence", key: "O" },
  { id: "supports", label: "the passage supports the claim", group: "Evidence", key: "s" },
  { id: "contradicts", label: "the passage contradicts the claim", group: "Evidence", key: "c" },
  { id: "context", label: "the passage is context", group: "Evidence", key: "b" },
  { id: "conflict", label: "both sides, next to each other", group: "Evidence", key: "x" },
  { id: "superseded", label: "show or hide superseded passages", group: "Evidence", key: "g" },
  { id: "query", label: "other words to search with", group: "Evidence", key: "/" },
  { id: "copy", label: "copy the passage’s citation", group: "Evidence", key: "y" },
  { id: "v1", label: "supported", group: "Verdict", key: "1" },
  { id: "v2", label: "contradicted", group: "Verdict", key: "2" },
  { id: "v3", label: "partly", group: "Verdict", key: "3" },
  { id: "v4", label: "not addressed", group: "Verdict", key: "4" },
  { id: "v5", label: "outdated", group: "Verdict", key: "5" },
  { id: "errors", label: "error codes; then 1 to 3 for how bad", group: "Verdict", key: "e" },
  { id: "harm", label: "harm: extent and likelihood", group: "Verdict", key: "h" },
  { id: "feedback", label: "feedback: what, why, fix", group: "Verdict", key: "f" },
  { id: "adjudicate", label: "send to adjudication", group: "Verdict", key: "q" },
  { id: "undo", label: "undo (the log of verdicts is kept)", group: "Verdict", key: "u" },
  { id: "save", label: "save, then the next undecided claim", group: "Verdict", key: "Ctrl+Enter", always: true },
  { id: "help", label: "this list of keys", group: "Desk", key: "?" },
  { id: "palette", label: "command palette (Ctrl+K too)", group: "Desk", key: "Ctrl+p", always: true },
];

/** @type {Set<() => void>} */
const listeners = new Set();

function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Without storage a choice holds for this page. */
function write(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Private windows may refuse.
  }
  for (const listener of listeners) listener();
}

/** @returns {Record<string, string>} */
function stored() {
  try {
    const given = JSON.parse(read(MAP) ?? "{}");
    return Object.fromEntries(Object.entries(given).filter(([id, key]) => ACTIONS.some((one) => one.id === id) && typeof key === "string"));
  } catch {
    return {};
  }
}

let map = stored();
let single = read(OFF) !== "off";

/** The key of an action, remapped or as it comes. @param {string} id */
export const keyOf = (id) => map[id] ?? ACTIONS.find((one) => one.id === id)?.key ?? "";

/** Whether keys without Ctrl act. */
export const singleKeys = () => single;

/** @param {boolean} on */
export function setSingleKeys(on) {
  single = on;
  write(OFF, on ? null : "off");
}

/** Gives an action another key; whoever had that key gets this action's old one. @param {string} id  @param {string} key */
export function remap(id, key) {
  const other = ACTIONS.find((one) => one.id !== id && keyOf(one.id) === key);
  const old = keyOf(id);
  map = { ...map, [id]: key, ...(other ? { [other.id]: old } : {}) };
  map = Object.fromEntries(Object.entries(map).filter(([one, given]) => ACTIONS.find((action) => action.id === one)?.key !== given));
  write(MAP, Object.keys(map).length ? JSON.stringify(map) : null);
  return other ?? null;
}

/** All keys as they come. */
export function reset() {
  map = {};
  write(MAP, null);
}

/** Calls back whenever a key or the switch changes, in this tab or another. @param {() => void} listener */
export function changed(listener) {
  listeners.add(listener);
}

addEventListener("storage", (event) => {
  if (event.key !== MAP && event.key !== OFF) return;
  map = stored();
  single = read(OFF) !== "off";
  for (const listener of listeners) listener();
});

/** The name of a pressed key: `j`, `J`, `Enter`, `Ctrl+Enter`. The Mac's command key counts as Ctrl. @param {KeyboardEvent} event */
export function pressed(event) {
  const shown = event.key.length === 1 && (event.ctrlKey || event.metaKey) ? event.key.toLowerCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${shown}`;
}

/** The action of a pressed key, where it may act now. @param {string} key  @returns {string | null} */
export function actionOf(key) {
  const found = ACTIONS.find((one) => keyOf(one.id) === key) ?? (key === "Ctrl+k" ? ACTIONS.find((one) => one.id === "palette") : null);
  if (!found) return null;
  return single || found.always || /^(Ctrl|Alt)\+/.test(key) ? found.id : null;
}

const SHOWN = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Delete: "Del", " ": "Space" };

/** A key as keyboards print it: `Ctrl+Enter` as `Ctrl` and `Enter`. @param {string} key  @returns {string[]} */
export const keyCaps = (key) => (key === "+" ? [key] : key.split("+").map((part) => SHOWN[part] ?? (part.length === 1 && key.startsWith("Ctrl") ? part.toUpperCase() : part)));
