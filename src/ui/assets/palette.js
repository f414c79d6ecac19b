// The command palette: every command by its name, with its key beside it. Ctrl+P or Ctrl+K opens it, Esc goes back.

import { el, say } from "./dom.js";
import { keyCaps } from "./keymap.js";

/** Its styles come with it: nobody sees it without them. */
await new Promise((done) => {
  const link = el("link", { rel: "stylesheet", href: "/assets/palette.css" });
  link.addEventListener("load", done);
  link.addEventListener("error", done);
  document.head.append(link);
});

/** Most commands that are listed at once; typing brings up the rest. */
const MOST = 60;

/** @typedef {{label: string, key?: string, group?: string, run: () => void}} Command */

/** @type {{root: HTMLElement, input: HTMLInputElement, list: HTMLElement} | null} */
let parts = null;
/** @type {Command[]} */
let all = [];
/** @type {Command[]} */
let shown = [];
let at = 0;
/** @type {Element | null} */
let before = null;

/** Whether the letters of the wish come in this order, and how early and how close together. @param {string} label  @param {string} wish */
function rank(label, wish) {
  const text = label.toLowerCase();
  const whole = text.indexOf(wish);
  if (whole >= 0) return whole === 0 || text[whole - 1] === " " ? whole : 100 + whole;
  let from = 0;
  for (const letter of wish.replace(/\s/g, "")) {
    from = text.indexOf(letter, from) + 1;
    if (!from) return -1;
  }
  return 1000 + from;
}

function build() {
  const input = el("input.palette-input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", "aria-label": "Command", autocomplete: "off", spellcheck: "false", placeholder: "What do you want to do?" });
  const list = el("ul.palette-list", { id: "palette-list", role: "listbox", "aria-label": "Commands" });
  const root = el("section.palette", { role: "dialog", "aria-label": "Commands", hidden: true }, input, list);
  document.body.append(root);
  input.addEventListener("input", () => filter(input.value));
  input.addEventListener("keydown", keydown);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target instanceof Element ? event.target.closest("li") : null;
    const index = item ? [...list.children].indexOf(item) : -1;
    if (index >= 0) choose(index);
  });
  root.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node) || !root.contains(event.relatedTarget)) close(false);
  });
  return { root, input, list };
}

/** @param {KeyboardEvent} event */
function keydown(event) {
  event.stopPropagation();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) select(Math.min(Math.max(at + step, 0), shown.length - 1));
  else if (event.key === "Enter") choose(at);
  else if (event.key === "Escape" || ((event.ctrlKey || event.metaKey) && /^[pk]$/i.test(event.key))) close(true);
  else return;
  event.preventDefault();
}

/** @param {string} wish */
function filter(wish) {
  const wanted = wish.trim().toLowerCase();
  const ranked = all.map((command, order) => ({ command, order, score: wanted ? rank(command.label, wanted) : order })).filter((one) => one.score >= 0);
  shown = ranked.sort((one, other) => one.score - other.score || one.order - other.order).slice(0, MOST).map((one) => one.command);
  if (!parts) return;
  const item = (command, index) => {
    const caps = command.key ? keyCaps(command.key).map((cap) => el("kbd", null, cap)) : [];
    return el("li", { role: "option", id: `palette-${index}`, "aria-selected": "false" }, el("span", null, command.label), command.group ? el("span.palette-group", null, command.group) : null, el("span.palette-keys", { "aria-hidden": "true" }, caps));
  };
  parts.list.replaceChildren(...(shown.length ? shown.map(item) : [el("li.none", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, "No command has this name.")]));
  select(0);
}

/** @param {number} index */
function select(index) {
  if (!parts || !shown.length) return parts?.input.removeAttribute("aria-activedescendant");
  parts.list.children[at]?.setAttribute("aria-selected", "false");
  at = index;
  const item = parts.list.children[at];
  item.setAttribute("aria-selected", "true");
  item.scrollIntoView({ block: "nearest" });
  parts.input.setAttribute("aria-activedescendant", item.id);
}

/** @param {number} index */
function choose(index) {
  const command = shown[index];
  if (!command) return;
  close(true);
  command.run();
}

/** @param {boolean} back whether the focus goes back to where it was */
function close(back) {
  if (!parts || parts.root.hidden) return;
  parts.root.hidden = true;
  if (back && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
}

/** Opens the palette with these commands, or closes it where it is open. @param {Command[]} commands */
export function palette(commands) {
  parts ??= build();
  if (!parts.root.hidden) return close(true);
  before = document.activeElement;
  all = commands;
  parts.root.hidden = false;
  parts.input.value = "";
  at = 0;
  filter("");
  parts.input.focus();
  say("Commands. Type to choose.");
}
