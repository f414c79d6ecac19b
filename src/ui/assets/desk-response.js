// The left column: the response with its claims, which one is looked at, and moving among them.

import { byId, el } from "./dom.js";
import { asked, claim, desk, emit, firstAsked, on, verdictOf } from "./desk-state.js";
import { headOf, piecesOf, pieceOf, render, rerender, unitOf } from "./desk-text.js";
import { VERDICTS, verdictLabel } from "./verdict.js";

const place = () => byId("response-text");
const STATES = new Map(VERDICTS.map((one) => [one.name, `is-${one.name.replace("_", "-")}`]));

/** Paints a claim by its state. Where claims overlap, the one looked at shows, then the shortest. @param {string | null} id */
export function paint(id) {
  if (!id) return;
  for (const piece of piecesOf(id)) {
    const owner = piece.claims.includes(desk.current ?? "") ? desk.current : shortest(piece.claims);
    const one = claim(owner);
    if (!one) continue;
    const pieces = piecesOf(one.id);
    const verdict = verdictOf(one.id);
    const look = verdict ? STATES.get(verdict) : one.checkworthy ? "is-open" : "is-aside";
    const kept = piece.node.classList.contains("strong") ? " strong" : piece.node.classList.contains("md") ? " md" : "";
    piece.node.className = `claim ${look}${kept}${one.id === desk.current ? " at" : ""}${pieces.at(-1) === piece ? " last" : ""}`;
    piece.node.dataset.claim = one.id;
    handle(piece.node, one, verdict, headOf(one.id) === piece);
  }
}

/** A claim's first piece is what keyboards and screen readers take hold of. */
function handle(node, one, verdict, first) {
  const names = ["role", "tabindex", "aria-label", "aria-current"];
  if (!first) return names.forEach((name) => node.removeAttribute(name));
  const here = one.id === desk.current;
  const state = verdict ? verdictLabel(verdict).toLowerCase() : one.checkworthy ? "undecided" : "set aside";
  node.setAttribute("role", "button");
  node.setAttribute("tabindex", here || (!desk.current && firstAsked()?.id === one.id) ? "0" : "-1");
  node.setAttribute("aria-label", `Claim, ${state}: ${one.text}`);
  if (here) node.setAttribute("aria-current", "true");
  else node.removeAttribute("aria-current");
}

const length = (id) => {
  const one = claim(id);
  return one ? one.end - one.start : Infinity;
};
const shortest = (ids) => ids.reduce((best, id) => (length(id) < length(best) ? id : best));

/** What was drawn last, to see which lines a change touches. @type {Map<string, string>} */
let drawn = new Map();
let drawnText = "";

/** Draws the text once, then only the lines whose claims changed. */
function draw() {
  const text = desk.review.response.text;
  const now = new Map(desk.claims.map((one) => [one.id, `${one.start} ${one.end}`]));
  if (text !== drawnText || !place().childNodes.length) {
    render(text, place(), desk.claims);
    desk.claims.forEach((one) => paint(one.id));
  } else {
    const changed = [...now].filter(([id, span]) => drawn.get(id) !== span).map(([, span]) => span);
    const gone = [...drawn].filter(([id, span]) => now.get(id) !== span).map(([, span]) => span);
    for (const span of [...changed, ...gone]) {
      const [start, end] = span.split(" ").map((point) => unitOf(Number(point)));
      rerender(desk.claims, start, end);
      const near = desk.claims.filter((one) => unitOf(one.start) < end + 2000 && start - 2000 < unitOf(one.end));
      near.forEach((one) => paint(one.id));
    }
  }
  drawn = now;
  drawnText = text;
  progress();
}

/** How far the review is, in the title bar. */
export function progress() {
  const all = asked();
  const done = all.filter((one) => verdictOf(one.id)).length;
  byId("progress-text").textContent = `${done} of ${all.length} ${all.length === 1 ? "claim" : "claims"}`;
  const bar = /** @type {HTMLProgressElement} */ (byId("progress"));
  bar.max = Math.max(all.length, 1);
  bar.value = done;
  byId("submit").classList.toggle("ready", all.length > 0 && done === all.length);
}

/** Makes a claim the one looked at. @param {string | null} id  @param {{focus?: boolean, scroll?: boolean}} [how] */
export function look(id, { focus = false, scroll = true } = {}) {
  const before = desk.current;
  if (id === before) {
    if (focus) focusClaim();
    return;
  }
  desk.current = id;
  paint(before);
  paint(id);
  if (scroll) headOf(id)?.node.scrollIntoView({ block: "nearest" });
  if (focus) focusClaim();
  emit("current", id);
}

/** The focus onto the claim that is looked at. */
export function focusClaim() {
  headOf(desk.current)?.node.focus({ preventScroll: true });
}

/** The next claim in this direction, by place in the text. @param {number} step  @param {(id: string) => boolean} [wanted] */
export function neighbour(step, wanted = () => true) {
  const all = asked();
  const at = all.findIndex((one) => one.id === desk.current);
  if (at < 0) return (step > 0 ? all : all.toReversed()).find((one) => wanted(one.id))?.id ?? null;
  for (let index = at + step; index >= 0 && index < all.length; index += step) if (wanted(all[index].id)) return all[index].id;
  return null;
}

/** The next undecided claim after this one, then from the top; `null` where all are decided. */
export function nextOpen() {
  const open = (id) => !verdictOf(id) && id !== desk.current;
  const after = neighbour(1, open);
  return after ?? asked().find((one) => open(one.id))?.id ?? null;
}

function click(event) {
  if (!(event.target instanceof Element) || !getSelection()?.isCollapsed) return;
  const node = event.target.closest(".claim");
  const piece = node && pieceOf(node);
  if (!piece) return;
  // Clicking again where claims overlap goes to the next one beneath.
  const at = piece.claims.indexOf(desk.current ?? "");
  const next = at >= 0 ? piece.claims[(at + 1) % piece.claims.length] : shortest(piece.claims);
  look(next, { focus: true, scroll: false });
}

/** While a pointer is down no claim takes the focus: Chromium would begin no selection inside what does. @param {PointerEvent} event */
function press(event) {
  const node = event.target instanceof Element ? event.target.closest(".claim[tabindex]") : null;
  if (!(node instanceof HTMLElement)) return;
  node.removeAttribute("tabindex");
  const back = () => {
    removeEventListener("pointerup", back);
    removeEventListener("pointercancel", back);
    paint(node.dataset.claim ?? null);
  };
  addEventListener("pointerup", back);
  addEventListener("pointercancel", back);
}

/** The question that the response answers, folded above it. */
function heading() {
  const { response } = desk.review;
  const known = [response.model, response.source?.name].filter(Boolean).join(" · ");
  const asked = response.prompt ? el("details.prompt", null, el("summary", null, "The question"), el("p", null, response.prompt)) : null;
  byId("response-about").replaceChildren(...[known ? el("span", null, known) : null, asked].filter((part) => part !== null));
}

/** Begins to show the response. */
export function start() {
  on("claims", draw);
  on("review", heading);
  on("verdict", (id) => {
    paint(id);
    progress();
  });
  place().addEventListener("click", click);
  place().addEventListener("pointerdown", press);
}
