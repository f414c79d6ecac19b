// Error codes: type a few letters, choose, say how bad. The codes and their meanings come from the taxonomy.

import { byId, el, say } from "./dom.js";
import { body, change, desk, locked, on } from "./desk-state.js";

/** @type {any[]} */
let shown = [];
let at = 0;

const field = () => /** @type {HTMLInputElement} */ (byId("error-field"));
const list = () => byId("error-list");

/** @param {string} wish */
function matching(wish) {
  const wanted = wish.trim().toLowerCase();
  const taken = new Set(desk.current ? body(desk.current).errors.map((one) => one.code) : []);
  const rank = (one) => {
    const [label, code, meaning] = [one.label.toLowerCase(), one.code.toLowerCase().replaceAll("_", " "), one.meaning.toLowerCase()];
    if (!wanted || label.startsWith(wanted) || code.startsWith(wanted)) return 0;
    if (label.split(/\s+/).some((word) => word.startsWith(wanted)) || code.includes(wanted)) return 1;
    return meaning.includes(wanted) ? 2 : -1;
  };
  const rows = (desk.taxonomy?.errors ?? []).filter((one) => !taken.has(one.code)).map((one) => ({ one, score: rank(one) }));
  return rows.filter((row) => row.score >= 0).sort((row, other) => row.score - other.score).map((row) => row.one);
}

function open() {
  if (locked()) return;
  shown = matching(field().value);
  const option = (one, index) => el("li", { role: "option", id: `error-option-${index}`, "aria-selected": "false" }, el("span", null, one.label), el("span.meaning", null, one.meaning));
  list().replaceChildren(...(shown.length ? shown.map(option) : [el("li.none", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, "No code has this name.")]));
  list().hidden = false;
  field().setAttribute("aria-expanded", "true");
  fit();
  select(0);
}

/** Opens to the side with more room, as high as there is room. */
function fit() {
  const own = field().getBoundingClientRect();
  const frame = (field().closest(".fields") ?? document.body).getBoundingClientRect();
  const below = Math.min(frame.bottom, innerHeight) - own.bottom;
  const above = own.top - Math.max(frame.top, 0);
  const up = below < 200 && above > below;
  list().classList.toggle("up", up);
  list().style.maxHeight = `${Math.max(Math.min((up ? above : below) - 8, 288), 120)}px`;
}

function close() {
  list().hidden = true;
  field().setAttribute("aria-expanded", "false");
  field().removeAttribute("aria-activedescendant");
}

/** @param {number} index */
function select(index) {
  list().children[at]?.setAttribute("aria-selected", "false");
  at = Math.min(Math.max(index, 0), Math.max(shown.length - 1, 0));
  const item = list().children[at];
  if (!shown.length) return field().removeAttribute("aria-activedescendant");
  item.setAttribute("aria-selected", "true");
  item.scrollIntoView({ block: "nearest" });
  field().setAttribute("aria-activedescendant", item.id);
}

/** @param {any} one */
function add(one) {
  const id = desk.current;
  if (!id || !one) return;
  field().value = "";
  close();
  change(id, one.label, (mine) => void (mine.errors = [...mine.errors, { code: one.code, severity: null }]));
  say(`${one.label}. How bad? 1 minor, 2 major, 3 critical.`);
  /** @type {HTMLElement | null} */ (byId("errors").querySelector(`[data-code="${one.code}"] input`))?.focus();
}

/** @param {KeyboardEvent} event */
function keydown(event) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    if (list().hidden) open();
    else select(at + step);
  } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !list().hidden) add(shown[at]);
  else if (event.key === "Escape" && !list().hidden) close();
  else if (event.key === "Escape") field().blur();
  else if (event.key === "Backspace" && !field().value && desk.current && body(desk.current).errors.length) drop(body(desk.current).errors.at(-1).code);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** @param {string} code */
function drop(code) {
  const id = desk.current;
  if (id) change(id, "error code", (mine) => void (mine.errors = mine.errors.filter((one) => one.code !== code)));
}

/** @param {string} code  @param {string} severity */
function grade(code, severity) {
  const id = desk.current;
  if (!id) return;
  change(id, "severity", (mine) => void (mine.errors = mine.errors.map((one) => (one.code === code ? { ...one, severity } : one))));
}

/** One chosen code with its three grades. @param {{code: string, severity: string | null}} mark */
function row(mark) {
  const known = desk.taxonomy?.errors?.find((one) => one.code === mark.code);
  const grades = (desk.taxonomy?.severities ?? []).map((one) => {
    const input = el("input", { type: "radio", name: `severity-${mark.code}`, value: one.name, checked: mark.severity === one.name, disabled: Boolean(locked()) });
    return el("label", { title: one.meaning }, input, el("span", null, one.label));
  });
  const off = el("button.off", { type: "button", "data-drop": mark.code, "aria-label": `Take ${known?.label ?? mark.code} away`, disabled: Boolean(locked()) }, "×");
  return el("li", { "data-code": mark.code }, el("span.code", { title: known?.meaning }, known?.label ?? mark.code), off, el("span.severities.segments", { role: "radiogroup", "aria-label": `How bad: ${known?.label ?? mark.code}` }, grades));
}

let drawn = "";

function draw() {
  const marks = desk.current ? body(desk.current).errors : [];
  const now = JSON.stringify([desk.current, marks, locked()]);
  if (now === drawn) return;
  drawn = now;
  const focused = document.activeElement instanceof HTMLInputElement ? document.activeElement : null;
  const [name, value] = [focused?.name, focused?.value];
  byId("errors").replaceChildren(...marks.map(row));
  const again = name?.startsWith("severity-") && [...byId("errors").querySelectorAll("input")].find((one) => one.name === name && one.value === value);
  if (again) again.focus();
}

/** Goes to the field of error codes. */
export function focusErrors() {
  if (locked() || !desk.current) return false;
  field().focus();
  open();
  return true;
}

/** Begins to listen. */
export function start() {
  field().addEventListener("input", open);
  field().addEventListener("keydown", keydown);
  field().addEventListener("click", open);
  field().addEventListener("blur", close);
  list().addEventListener("pointerdown", (event) => event.preventDefault());
  list().addEventListener("click", (event) => {
    const item = event.target instanceof Element ? event.target.closest("li") : null;
    if (item) add(shown[[...list().children].indexOf(item)]);
  });
  byId("errors").addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement) grade(event.target.name.slice("severity-".length), event.target.value);
  });
  byId("errors").addEventListener("click", (event) => {
    const code = event.target instanceof HTMLElement ? event.target.dataset.drop : null;
    if (code) drop(code);
  });
  byId("errors").addEventListener("keydown", (event) => {
    const severity = desk.taxonomy?.severities?.[Number(event.key) - 1];
    const code = event.target instanceof Element ? event.target.closest("li")?.dataset.code : null;
    if (!code || event.ctrlKey || event.metaKey || event.altKey) return;
    if (severity) {
      grade(code, severity.name);
      say(`${severity.label}.`);
      document.activeElement instanceof HTMLElement && document.activeElement.blur();
    } else if (event.key === "Escape") document.activeElement instanceof HTMLElement && document.activeElement.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  for (const name of ["current", "review"]) on(name, draw);
  on("draft", (id) => id === desk.current && draw());
  on("verdict", (id) => id === desk.current && draw());
}
