// The claim page: takes a claim, posts it, shows what came back. The claim is in the text area and in the one request;
// it is never put into an address and never stored.

import { byId, count, field, say } from "./dom.js";
import { listen } from "./keys.js";
import { answer, skeleton, trouble } from "./outcome.js";
import "./shell.js";

const LONGEST = 4000;
const PATIENCE = 120; // milliseconds before an empty frame takes the place of the last answer

const claim = field("claim");
const form = byId("form");
const hint = byId("hint");
const region = byId("evidence");
const usual = [...hint.childNodes];
let request = null; // the newest request; what an older one brings is dropped
let passages = [];
let at = -1;

/** @param {{head: any[], body: any[], said?: string}} shown */
function show({ head, body, said }) {
  byId("outcome").replaceChildren(...head.filter(Boolean));
  byId("results").replaceChildren(...body);
  passages = [...byId("results").querySelectorAll("article.passage")];
  at = -1;
  if (said) say(said);
}

// Filters

const value = (id) => field(id).value.trim();
const k = () => Math.trunc(Number(value("k"))) || 5;

/** The filters in words, for the folded line and the trail. */
function filterWords() {
  const chosen = (id) => value(id) && /** @type {HTMLSelectElement} */ (document.getElementById(id)).selectedOptions[0].textContent;
  const words = [chosen("publisher"), chosen("status")?.toLowerCase(), chosen("pack") && `pack ${chosen("pack")}`, value("as_of") && `as of ${value("as_of")}`, !field("hints").checked && "blind: no hints"];
  return words.filter(Boolean);
}

function body() {
  const only = (id) => (value(id) ? [value(id)] : []);
  return {
    claim: claim.value,
    k: k(),
    as_of: value("as_of") || undefined,
    packs: only("pack"),
    filters: { publisher: only("publisher"), status: only("status") },
    include: ["trace", "counter", "others"],
    hints: field("hints").checked,
  };
}

function filtersChanged() {
  const words = [...filterWords(), k() === 5 ? null : count(k(), "passage")].filter(Boolean);
  byId("active").textContent = words.length ? `· ${words.join(" · ")}` : "";
  byId("filters").classList.toggle("used", words.length > 0);
  if (request && claim.value.trim()) search();
}

// The claim

/** Says what is wrong with the claim before anything is sent; `true` where nothing is. */
function check(sending) {
  const length = [...claim.value].length;
  const long = length > LONGEST;
  const empty = sending && !claim.value.trim();
  claim.toggleAttribute("aria-invalid", false);
  if (long || empty) claim.setAttribute("aria-invalid", "true");
  hint.classList.toggle("wrong", long || empty);
  if (long) hint.textContent = `${length} characters; a claim may have ${LONGEST}. It is one statement: paste a sentence or two of the answer.`;
  else if (empty) hint.textContent = "Write a statement or a few key words first.";
  else if (length > LONGEST * 0.9) hint.textContent = `${LONGEST - length} characters left.`;
  else if (hint.firstChild !== usual[0]) hint.replaceChildren(...usual);
  if (sending && (long || empty)) say(hint.textContent);
  return !(long || empty);
}

// The search

async function search() {
  request?.abort();
  if (!check(true)) return claim.focus();
  const mine = (request = new AbortController());
  const asked = claim.value;
  const waiting = setTimeout(() => show(skeleton(k())), PATIENCE);
  region.setAttribute("aria-busy", "true");
  let shown;
  try {
    shown = await ask(mine.signal);
  } catch (error) {
    if (error.name !== "AbortError") console.error(error);
    shown = error.name === "AbortError" ? null : broken();
  }
  clearTimeout(waiting);
  if (request !== mine || !shown) return;
  region.removeAttribute("aria-busy");
  show(shown);
  // The answer is read next, unless somebody went on writing.
  if (!passages.length || document.activeElement !== claim || claim.value !== asked) return;
  select(0, false);
  if (passages[0].getBoundingClientRect().top > innerHeight * 0.6) region.scrollIntoView();
}

async function ask(signal) {
  const filters = filterWords();
  let response, text;
  try {
    response = await fetch("/v1/evidence", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body()),
      credentials: "same-origin",
      signal,
    });
    text = await response.text();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return unreachable();
  }
  let json = null;
  try {
    json = JSON.parse(text);
  } catch {
    return trouble("The answer cannot be read", `The service answered with status ${response.status} and no JSON.`, [], true);
  }
  if (!response.ok) return refused(json, response.status);
  const result = json.results?.[0];
  if (!result || result.status === "error") return refused(result?.error ?? {}, response.status);
  return answer(result, json.snapshot, filters);
}

function refused(problem, status) {
  const faults = (problem.errors ?? []).map((fault) => `${fault.pointer.replace(/^\//, "") || "request"} ${fault.detail}`);
  const several = faults.length > 1 ? faults : [];
  return trouble(problem.title ?? "The claim could not be checked", problem.detail ?? `The service answered with status ${status}.`, several, true);
}

function broken() {
  return trouble("The answer cannot be shown", "This page met something in the answer that it does not understand. Reload it; if that does not help, groundline check gives the same answer.", [], true);
}

function unreachable() {
  const text = navigator.onLine
    ? "The service at this address does not answer. It may have been stopped; your claim is still in its field."
    : "This computer is offline. Your claim is still in its field.";
  return trouble(navigator.onLine ? "No answer" : "Offline", text, [], true);
}

// Moving among passages

function select(to, scroll = true) {
  at = Math.min(Math.max(to, 0), passages.length - 1);
  passages.forEach((passage, index) => passage.classList.toggle("at", index === at));
  passages[at].focus({ preventScroll: true });
  if (scroll) passages[at].scrollIntoView({ block: "nearest" });
  return true;
}

const current = () => passages[Math.max(at, 0)];

async function copy(passage) {
  const cite = passage.querySelector(".cite");
  const button = passage.querySelector(".copy");
  try {
    await navigator.clipboard.writeText(cite.textContent);
    button.textContent = "Copied";
    say("Citation copied.");
    setTimeout(() => (button.textContent = "Copy citation"), 2000);
  } catch {
    cite.classList.add("shown");
    getSelection().selectAllChildren(cite);
    say("The citation is shown and selected: copy it from there.");
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
form.addEventListener("reset", () => {
  const kept = claim.value;
  setTimeout(() => {
    claim.value = kept;
    filtersChanged();
  });
});
claim.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  search();
});
claim.addEventListener("input", () => check(false));
byId("filters").addEventListener("change", filtersChanged);
byId("results").addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const passage = target.closest("article.passage");
  if (target.closest(".copy")) copy(passage);
  else if (target.closest(".again")) search();
});
byId("results").addEventListener("focusin", (event) => {
  const index = passages.indexOf(/** @type {Element} */ (event.target).closest("article.passage"));
  if (index < 0) return;
  at = index;
  passages.forEach((passage, one) => passage.classList.toggle("at", one === at));
});
addEventListener("hashchange", () => {
  const index = passages.findIndex((passage) => `#${passage.id}` === location.hash);
  if (index >= 0) select(index);
});
listen({
  claim: () => (claim.focus(), claim.select(), true),
  leave: () => {
    if (document.activeElement === claim) passages.length ? select(at) : claim.blur();
  },
  move: (step) => passages.length > 0 && select(at + step),
  open: () => passages.length > 0 && at >= 0 && (location.assign(current().querySelector(".open").href), true),
  copy: () => passages.length > 0 && (copy(current()), true),
});
