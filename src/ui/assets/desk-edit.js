// Claims by hand: made of a selection, joined, cut, resized, taken out. The search for selected words starts at once.

import { api, words } from "./api.js";
import { byId, el, field, say, tell } from "./dom.js";
import { caps } from "./desk-card.js";
import { asked, claim, desk, emit, locked, remember } from "./desk-state.js";
import { bodyOf, LONGEST, search } from "./desk-search.js";
import { focusClaim, look } from "./desk-response.js";
import { contextOf, pointOf, unitAt, unitOf, whole } from "./desk-text.js";
import { whyLocked } from "./desk-verdict.js";
import { choose as chooseWords, choosing, listen as listenForWords, placeBar, stop as stopChoosing } from "./desk-words.js";

const path = (rest = "") => `/v1/reviews/${encodeURIComponent(desk.review.id)}/claims${rest}`;
const bar = () => byId("pick");

/** The selected part of the response, in units, without white space at its ends; `null` where there is none. */
function selected() {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const place = byId("response-text");
  if (!place.contains(range.startContainer) || !place.contains(range.endContainer)) return null;
  const [start, end] = [unitAt(range.startContainer, range.startOffset), unitAt(range.endContainer, range.endOffset)];
  return start === null || end === null ? null : trimmed(start, end);
}

function trimmed(start, end) {
  const text = whole().slice(start, end);
  const lead = text.length - text.trimStart().length;
  const span = { start: start + lead, end: start + text.trimEnd().length };
  return span.start < span.end ? span : null;
}

/** The words of a span without the marks of Markdown. */
const plain = ({ start, end }) => whole().slice(start, end).replace(/^\s*(?:#{1,6}|[-*+•]|\d{1,3}[.)])\s+/, "").replaceAll("**", "").replace(/\s+/g, " ").trim();

/** Starts the search for a selection, so that its evidence is there when it becomes a claim. */
function foresee(span) {
  const text = plain(span);
  if (text && [...text].length <= LONGEST) search(bodyOf(text, contextOf(span.start, span.end), Boolean(desk.review.you?.blind)));
}

// Every edit: ask the service, take what it says, remember how to go back

/** @param {any[]} changed claims as the service has them now */
function merge(changed) {
  const known = new Map(desk.review.claims.map((one) => [one.id, one]));
  for (const one of changed) known.set(one.id, one);
  desk.review.claims = [...known.values()];
  desk.claims = desk.review.claims.filter((one) => !one.removed).sort((one, other) => one.start - other.start || one.end - other.end);
  if (!claim(desk.current)) desk.current = null;
  emit("claims");
}

async function attempt(run) {
  if (locked()) return say(whyLocked());
  try {
    await run();
    byId("edit-trouble").textContent = "";
  } catch (error) {
    byId("edit-trouble").textContent = `The claim could not be changed. ${words(error)}`;
    say(byId("edit-trouble").textContent);
  }
}

const remove = (id) => api("DELETE", path(`/${encodeURIComponent(id)}`));
const restore = (id) => api("POST", path(`/${encodeURIComponent(id)}/restore`), {});

/** Undoes an edit that made some claims and took others out. */
async function back(made, gone, current) {
  const changed = [];
  for (const id of made) changed.push({ ...desk.review.claims.find((one) => one.id === id), ...(await remove(id)) });
  for (const id of gone) changed.push({ ...desk.review.claims.find((one) => one.id === id), ...(await restore(id)) });
  merge(changed);
  look(current, { focus: true });
}

/** Makes a claim of a span. @param {{start: number, end: number} | null} span units */
export function make(span = selected()) {
  if (!span) return false;
  const before = desk.current;
  attempt(async () => {
    const body = { start: pointOf(span.start), end: pointOf(span.end), claim: plain(span), context: contextOf(span.start, span.end) };
    foresee(span);
    const made = await api("POST", path(), body);
    leave();
    merge([made]);
    look(made.id, { focus: true });
    remember("new claim", () => back([made.id], [], before));
    say("New claim.");
  });
  return true;
}

/** Gives the current claim another span. */
function resizeTo(span) {
  const one = claim();
  if (!one || !span) return;
  const old = { ...one };
  attempt(async () => {
    const body = { start: pointOf(span.start), end: pointOf(span.end), claim: plain(span), context: contextOf(span.start, span.end) };
    const now = await api("PATCH", path(`/${encodeURIComponent(one.id)}`), body);
    leave();
    merge(now.id === old.id ? [now] : [now, { ...old, removed: true }]);
    look(now.id, { focus: true });
    remember("other words", async () => {
      if (now.id !== old.id) return back([now.id], [old.id], old.id);
      merge([await api("PATCH", path(`/${encodeURIComponent(old.id)}`), { start: old.start, end: old.end, claim: old.claim, context: old.context })]);
      look(old.id, { focus: true });
    });
  });
}

/** Cuts the current claim at these units. @param {number[]} at */
function cutAt(at) {
  const one = claim();
  if (!one || !at.length) return;
  attempt(async () => {
    const { claims } = await api("POST", path(`/${encodeURIComponent(one.id)}/split`), { at: at.map(pointOf) });
    leave();
    merge([...claims, { ...one, removed: true }]);
    look(claims[0].id, { focus: true });
    remember("cut", () => back(claims.map((part) => part.id), [one.id], one.id));
    say(`Cut into ${claims.length} claims.`);
  });
}

/** Joins claims into one. @param {string[]} ids */
function joinAll(ids) {
  if (ids.length < 2) return;
  attempt(async () => {
    const made = await api("POST", path("/merge"), { claims: ids });
    leave();
    const gone = desk.review.claims.filter((one) => ids.includes(one.id) && one.id !== made.id).map((one) => ({ ...one, removed: true }));
    merge([...gone, made]);
    look(made.id, { focus: true });
    remember("join", () => back([made.id], ids, ids[0]));
    say(`Joined ${ids.length} claims.`);
  });
}

export function join() {
  const all = asked();
  const at = all.findIndex((one) => one.id === desk.current);
  if (at < 0 || !all[at + 1]) return say("There is no next claim to join with."), true;
  joinAll([all[at].id, all[at + 1].id]);
  return true;
}

/** Takes the current claim out. */
export function takeOut() {
  const one = claim();
  if (!one) return false;
  attempt(async () => {
    const all = asked();
    const at = all.findIndex((known) => known.id === one.id);
    const next = all[at + 1]?.id ?? all[at - 1]?.id ?? null;
    await remove(one.id);
    merge([{ ...one, removed: true }]);
    look(next, { focus: true });
    remember("take out", () => back([], [one.id], one.id));
    tell("The claim is taken out. u brings it back.");
  });
  return true;
}

/** Keeps the words of the search field as the claim's own. */
export function keepWords() {
  const one = claim();
  const text = field("query").value.trim();
  if (!one || !text) return;
  attempt(async () => {
    const now = await api("PATCH", path(`/${encodeURIComponent(one.id)}`), { claim: text });
    merge(now.id === one.id ? [now] : [now, { ...one, removed: true }]);
    look(now.id);
    emit("current", now.id);
    say("The claim is worded so from now on.");
  });
}

// The bar at the selection

function barButton(text, run, action) {
  const node = el("button", { type: "button" }, text, action ? caps(action) : null);
  node.addEventListener("pointerdown", (event) => event.preventDefault());
  node.addEventListener("click", run);
  return node;
}

/** Offers what can be made of a selection. */
function offer() {
  const span = selected();
  if (choosing()) return;
  if (!span || locked()) return void (bar().hidden = true);
  foresee(span);
  const [start, end] = [pointOf(span.start), pointOf(span.end)];
  const one = claim();
  const touched = asked().filter((known) => known.start < end && start < known.end);
  const inside = one && [start, end].filter((point) => point > one.start && point < one.end);
  const parts = [barButton("New claim", () => make(span), "new")];
  if (one && touched.includes(one)) parts.push(barButton("This claim’s words", () => resizeTo(span)));
  if (one && inside?.length && start >= one.start && end <= one.end) parts.push(barButton("Cut here", () => cutAt(inside.map(unitOf))));
  if (touched.length > 1) parts.push(barButton(`Join ${touched.length}`, () => joinAll(touched.map((known) => known.id))));
  bar().replaceChildren(...parts);
  placeBar(span);
}

/** Begins to choose words by keyboard. @param {string} kind `new`, `resize` or `cut` */
export function choose(kind) {
  if (locked()) return say(whyLocked()), true;
  if (kind === "new" && selected()) return make();
  const finish = { new: make, resize: resizeTo, cut: (span) => cutAt([span.start]) }[kind];
  return finish ? chooseWords(kind, finish, foresee) : false;
}

/** Ends choosing; the selection goes. @param {boolean} [focus] */
export function leave(focus = false) {
  const was = stopChoosing() || !bar().hidden;
  bar().hidden = true;
  if (was) getSelection()?.removeAllRanges();
  if (was && focus) focusClaim();
  return was;
}

/** Begins to listen. */
export function start() {
  listenForWords(() => leave(true));
  const place = byId("response-text");
  place.addEventListener("pointerup", () => setTimeout(offer));
  place.addEventListener("keyup", (event) => event.shiftKey && offer());
  document.addEventListener("selectionchange", () => {
    if (choosing() || bar().hidden) return;
    if (!selected()) bar().hidden = true;
  });
  byId("response").addEventListener("scroll", () => choosing() || (bar().hidden = true), { passive: true });
  byId("keep-words").addEventListener("click", keepWords);
  const run = { join, cut: () => choose("cut"), resize: () => choose("resize"), remove: takeOut, new: () => choose("new") };
  byId("claim-tools").addEventListener("click", (event) => {
    const name = event.target instanceof Element ? event.target.closest("button")?.dataset.run : null;
    if (name && run[name]) run[name]();
  });
}
