// Choosing words of the response by keyboard: a span that grows, shrinks and moves word by word, for claims made by hand.

import { byId, el, say } from "./dom.js";
import { claim } from "./desk-state.js";
import { rangeOf, unitOf, whole, wordSpans } from "./desk-text.js";

/** @typedef {{start: number, end: number}} Span units of the text */
/** @typedef {{kind: string, from: number, to: number, low: number, high: number, finish: (span: Span) => unknown, seen: (span: Span) => void}} Mode */

/** @type {Mode | null} */
let mode = null;
/** @type {Span[]} */
let words = [];

const HELP = {
  new: "← → move · Shift + ← → more or fewer words · ↑ ↓ lines · Enter makes the claim · Esc",
  resize: "← → last word · Shift + ← → first word · Enter · Esc",
  cut: "← → where the second part begins · Enter cuts · Esc",
};

export const choosing = () => mode !== null;

/** Ends choosing; whether there was any. */
export function stop() {
  const was = mode !== null;
  mode = null;
  return was;
}

/** The small bar beneath the end of a span, within the column. @param {Span} span */
export function placeBar(span) {
  const bar = byId("pick");
  const column = byId("response").getBoundingClientRect();
  const boxes = rangeOf(span.start, span.end)?.getClientRects();
  const last = boxes?.[boxes.length - 1];
  if (!last) return;
  bar.hidden = false;
  bar.style.maxWidth = `${column.width - 16}px`;
  const own = bar.getBoundingClientRect();
  const left = Math.min(Math.max(last.right - own.width, column.left + 8), column.right - own.width - 8);
  const below = last.bottom + 6 + own.height < innerHeight - 8;
  bar.style.left = `${left}px`;
  bar.style.top = `${below ? last.bottom + 6 : last.top - own.height - 6}px`;
}

/**
 * Begins to choose. `finish` gets the span; `seen` hears of every change.
 * @param {string} kind `new`, `resize` or `cut`  @param {(span: Span) => unknown} finish  @param {(span: Span) => void} seen
 */
export function choose(kind, finish, seen) {
  const one = claim();
  if (kind !== "new" && !one) return false;
  words = wordSpans();
  if (!words.length) return false;
  const first = Math.max(one ? words.findIndex((word) => word.end > unitOf(one.start)) : 0, 0);
  const last = one ? Math.max(words.findLastIndex((word) => word.start < unitOf(one.end)), first) : first;
  if (kind === "cut" && first === last) return say("One word cannot be cut."), true;
  const middle = first + Math.ceil((last - first) / 2);
  const cut = kind === "cut";
  mode = { kind, finish, seen, from: cut ? middle : first, to: kind === "new" ? first : last, low: cut ? first + 1 : 0, high: cut ? last : words.length - 1 };
  byId("pick").replaceChildren(el("p", null, HELP[kind]));
  mark();
  return true;
}

/** Shows and says the words that are chosen. */
function mark() {
  if (!mode) return;
  const span = { start: words[mode.from].start, end: words[mode.to].end };
  const range = rangeOf(span.start, span.end);
  if (!range) return;
  getSelection()?.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  range.endContainer.parentElement?.scrollIntoView({ block: "nearest" });
  placeBar(span);
  mode.seen(span);
  say(`${mode.kind === "cut" ? "Second part: " : ""}${whole().slice(span.start, span.end)}`);
}

/** The word a line above or below. @param {number} at  @param {number} step */
function line(at, step) {
  const here = rangeOf(words[at].start, words[at].end)?.getBoundingClientRect();
  if (!here) return at;
  for (let index = at + step; index >= 0 && index < words.length; index += step) {
    const box = rangeOf(words[index].start, words[index].end)?.getBoundingClientRect();
    if (box && (step > 0 ? box.top > here.top + 4 && box.right >= here.left : box.top < here.top - 4 && box.left <= here.right)) return index;
  }
  return at;
}

/** Moves what is chosen by words or lines. @param {number} step  @param {number} lines  @param {boolean} shift */
function move(step, lines, shift) {
  if (!mode) return;
  const { low, high } = mode;
  const within = (index) => Math.min(Math.max(index, low), high);
  if (mode.kind === "cut") mode.from = within(mode.from + step);
  else if (mode.kind === "resize" && shift) mode.from = Math.min(within(mode.from + step), mode.to);
  else if (mode.kind === "resize") mode.to = Math.max(within(mode.to + step), mode.from);
  else {
    const to = within(lines ? line(mode.to, lines) : mode.to + step);
    mode.to = shift ? Math.max(to, mode.from) : to;
    if (!shift) mode.from = mode.to;
  }
  mark();
}

/** Listens for keys, before anything else does, while words are chosen. @param {() => void} leave */
export function listen(leave) {
  addEventListener("keydown", (event) => {
    if (!mode) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const lines = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    if (step || lines) move(step, lines, event.shiftKey);
    else if (event.key === "Enter") {
      const { finish, from, to } = mode;
      mode = null;
      finish({ start: words[from].start, end: words[to].end });
    } else if (event.key === "Escape") leave();
    else if (event.key.length > 1 && event.key !== "Tab") return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}
